"""Who looked at what of a member: nothing is left out, and the member reads the newest first."""

from bot.coaching.cohort import Look
from bot.coaching.ids import EnrolmentId, UserId
from storage import looks
from storage.database import Tx
from storage.looks import StaffLook
from tests.storage.course import DAY, NOW

INES, OMAR = UserId(90), UserId(91)


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
    assert [one.what for one in looks.of(tx, me, 9)] == [Look.EXPORT, Look.MEMBER]


def test_the_same_look_a_moment_later_is_not_another(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    looks.add(tx, [me], INES, Look.CHECKIN, NOW)
    looks.add_unless_since(tx, [me, other], INES, Look.CHECKIN, NOW, NOW + DAY)
    assert [one.at for one in looks.of(tx, me, 9)] == [NOW]
    assert [one.at for one in looks.of(tx, other, 9)] == [NOW + DAY]
    for by, what, since in (
        (OMAR, Look.CHECKIN, NOW),
        (INES, Look.MEMBER, NOW),
        (INES, Look.CHECKIN, NOW + DAY),
    ):
        before = len(looks.of(tx, me, 99))
        looks.add_unless_since(tx, [me], by, what, since, NOW + 2 * DAY)
        assert len(looks.of(tx, me, 99)) == before + 1
