"""Who looked at what of a member: nothing is left out, and the member reads the newest first."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.coaching.cohort import Access
from bot.coaching.ids import EnrolmentId, UserId
from storage import access_log, register, tables
from storage.access_log import AccessLogEntry
from storage.database import Tx
from tests.storage.course import DAY, NOW, open_course

INES, OMAR = UserId(90), UserId(91)
HOUR = timedelta(hours=1)


def test_a_member_reads_who_looked_at_what_newest_first(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    access_log.add(tx, [me, other], INES, Access.EXPORT, NOW)
    access_log.add(tx, [me], OMAR, Access.MEMBER, NOW + DAY)
    access_log.add(tx, [], OMAR, Access.CHECKIN, NOW + DAY)
    assert access_log.of(tx, me, 9) == [
        AccessLogEntry(OMAR, Access.MEMBER, NOW + DAY),
        AccessLogEntry(INES, Access.EXPORT, NOW),
    ]
    assert access_log.of(tx, me, 1) == [AccessLogEntry(OMAR, Access.MEMBER, NOW + DAY)]
    assert access_log.of(tx, other, 9) == [AccessLogEntry(INES, Access.EXPORT, NOW)]


def test_two_looks_at_one_moment_are_two(tx: Tx, me: EnrolmentId) -> None:
    access_log.add(tx, [me], INES, Access.MEMBER, NOW)
    access_log.add(tx, [me], INES, Access.EXPORT, NOW)
    assert {one.what for one in access_log.of(tx, me, 9)} == {Access.EXPORT, Access.MEMBER}


def test_the_same_look_within_the_hour_is_not_another(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    access_log.add(tx, [me], INES, Access.CHECKIN, NOW)
    access_log.add_once_an_hour(tx, [me, other], INES, Access.CHECKIN, NOW + HOUR)
    assert [one.at for one in access_log.of(tx, me, 9)] == [NOW]
    assert [one.at for one in access_log.of(tx, other, 9)] == [NOW + HOUR]
    for by, what, at in (
        (OMAR, Access.CHECKIN, NOW),
        (INES, Access.MEMBER, NOW),
        (INES, Access.CHECKIN, NOW + 2 * HOUR),
    ):
        before = len(access_log.of(tx, me, 99))
        access_log.add_once_an_hour(tx, [me], by, what, at)
        assert len(access_log.of(tx, me, 99)) == before + 1


def test_a_look_at_the_register_is_one_row_an_hour_that_every_visible_member_reads(
    tx: Tx, me: EnrolmentId, other: EnrolmentId
) -> None:
    cohort_id = open_course(tx)
    register.show_at_once(tx, me, NOW.date(), NOW)
    for minutes in (0, 10, 50):
        access_log.add_at_register(tx, cohort_id, INES, Access.REGISTER, NOW + timedelta(minutes=minutes))
    assert access_log.of(tx, me, 9) == [AccessLogEntry(INES, Access.REGISTER, NOW + timedelta(minutes=50))]
    assert access_log.of(tx, other, 9) == [], "whose row is not visible was not seen"
    register.show_at_once(tx, other, NOW.date(), NOW + HOUR)
    access_log.add_at_register(tx, cohort_id, INES, Access.REGISTER, NOW + HOUR)
    access_log.add_at_register(tx, cohort_id, OMAR, Access.NAMED_EXPORT, NOW + HOUR)
    assert {(one.by, one.what) for one in access_log.of(tx, other, 9)} == {
        (INES, Access.REGISTER),
        (OMAR, Access.NAMED_EXPORT),
    }
    assert len(access_log.of(tx, me, 9)) == 3
    assert tx.scalar(select(func.count()).select_from(tables.register_access)) == 3
