from bot.coaching.cohort import SharedItem
from bot.coaching.ids import EnrolmentId
from storage import shares
from storage.database import Tx
from tests.storage.course import DAY, NOW


def test_a_new_member_shares_nothing(tx: Tx, me: EnrolmentId) -> None:
    assert shares.of(tx, me) == {}


def test_each_thing_is_shared_with_the_moment_it_began(tx: Tx, me: EnrolmentId) -> None:
    shares.share(tx, me, SharedItem.GOAL, NOW)
    shares.share(tx, me, SharedItem.REFLECTION, NOW + DAY)
    assert shares.of(tx, me) == {SharedItem.GOAL: NOW, SharedItem.REFLECTION: NOW + DAY}


def test_sharing_again_keeps_the_first_date_and_sharing_after_a_stop_begins_anew(tx: Tx, me: EnrolmentId) -> None:
    shares.share(tx, me, SharedItem.GOAL, NOW)
    shares.share(tx, me, SharedItem.GOAL, NOW + DAY)
    assert shares.of(tx, me) == {SharedItem.GOAL: NOW}
    shares.unshare(tx, me, SharedItem.GOAL)
    shares.unshare(tx, me, SharedItem.GOAL)
    assert shares.of(tx, me) == {}
    shares.share(tx, me, SharedItem.GOAL, NOW + DAY)
    assert shares.of(tx, me) == {SharedItem.GOAL: NOW + DAY}
