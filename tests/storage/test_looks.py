"""Who looked at what of a member: nothing is left out, and the member reads the newest first."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.coaching.cohort import Look
from bot.coaching.ids import EnrolmentId, UserId
from storage import looks, register, tables
from storage.database import Tx
from storage.looks import StaffLook
from tests.storage.course import DAY, NOW, open_course

INES, OMAR = UserId(90), UserId(91)
HOUR = timedelta(hours=1)


def test_a_member_reads_who_looked_at_what_newest_first(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    looks.add(tx, [me, other], INES, Look.EXPORT, NOW)
    looks.add(tx, [me], OMAR, Look.MEMBER, NOW + DAY)
    looks.add(tx, [], OMAR, Look.CHECKIN, NOW + DAY)
    assert looks.of(tx, me, 9) == [StaffLook(OMAR, Look.MEMBER, NOW + DAY), StaffLook(INES, Look.EXPORT, NOW)]
    assert looks.of(tx, me, 1) == [StaffLook(OMAR, Look.MEMBER, NOW + DAY)]
    assert looks.of(tx, other, 9) == [StaffLook(INES, Look.EXPORT, NOW)]


def test_two_looks_at_one_moment_are_two(tx: Tx, me: EnrolmentId) -> None:
    looks.add(tx, [me], INES, Look.MEMBER, NOW)
    looks.add(tx, [me], INES, Look.EXPORT, NOW)
    assert {one.what for one in looks.of(tx, me, 9)} == {Look.EXPORT, Look.MEMBER}


def test_the_same_look_within_the_hour_is_not_another(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    looks.add(tx, [me], INES, Look.CHECKIN, NOW)
    looks.add_once_an_hour(tx, [me, other], INES, Look.CHECKIN, NOW + HOUR)
    assert [one.at for one in looks.of(tx, me, 9)] == [NOW]
    assert [one.at for one in looks.of(tx, other, 9)] == [NOW + HOUR]
    for by, what, at in ((OMAR, Look.CHECKIN, NOW), (INES, Look.MEMBER, NOW), (INES, Look.CHECKIN, NOW + 2 * HOUR)):
        before = len(looks.of(tx, me, 99))
        looks.add_once_an_hour(tx, [me], by, what, at)
        assert len(looks.of(tx, me, 99)) == before + 1


def test_a_look_at_the_register_is_one_row_an_hour_that_every_visible_member_reads(
    tx: Tx, me: EnrolmentId, other: EnrolmentId
) -> None:
    cohort_id = open_course(tx)
    register.show_at_once(tx, me, NOW.date(), NOW)
    for minutes in (0, 10, 50):
        looks.add_at_register(tx, cohort_id, INES, Look.REGISTER, NOW + timedelta(minutes=minutes))
    assert looks.of(tx, me, 9) == [StaffLook(INES, Look.REGISTER, NOW + timedelta(minutes=50))]
    assert looks.of(tx, other, 9) == [], "whose row is not visible was not seen"
    register.show_at_once(tx, other, NOW.date(), NOW + HOUR)
    looks.add_at_register(tx, cohort_id, INES, Look.REGISTER, NOW + HOUR)
    looks.add_at_register(tx, cohort_id, OMAR, Look.NAMED_EXPORT, NOW + HOUR)
    assert {(one.by, one.what) for one in looks.of(tx, other, 9)} == {
        (INES, Look.REGISTER),
        (OMAR, Look.NAMED_EXPORT),
    }
    assert len(looks.of(tx, me, 9)) == 3
    assert tx.scalar(select(func.count()).select_from(tables.register_look)) == 3
