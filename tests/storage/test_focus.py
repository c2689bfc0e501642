"""The focus: one a member, kept as they said it."""

from dataclasses import replace

import pytest

from bot.coaching.focus import Connection, Focus, Season
from bot.coaching.ids import EnrolmentId
from storage import focus
from storage.database import Tx
from tests.storage.course import DAY, NOW

SHORT = Focus(("nursing",))
WHOLE = Focus(
    ("nursing", "public health"), "To be asked about wards", Connection.ADVICE, "nursing", Season.SEARCHING, True
)


@pytest.mark.parametrize("said", [SHORT, WHOLE])
def test_a_focus_is_kept_as_it_was_said(tx: Tx, me: EnrolmentId, said: Focus) -> None:
    assert focus.get(tx, me) is None
    focus.put(tx, me, said, NOW)
    assert focus.get(tx, me) == said


def test_a_focus_said_anew_keeps_nothing_of_the_one_before(tx: Tx, me: EnrolmentId) -> None:
    focus.put(tx, me, WHOLE, NOW)
    focus.put(tx, me, SHORT, NOW + DAY)
    assert focus.get(tx, me) == SHORT


@pytest.mark.parametrize("new", [True, False])
def test_whether_accounts_are_new_is_remembered_and_nothing_else_changed(tx: Tx, me: EnrolmentId, new: bool) -> None:
    focus.put(tx, me, replace(WHOLE, new_accounts=not new), NOW)
    changed = focus.set_new_accounts(tx, me, NOW + DAY, new=new)
    assert changed == focus.get(tx, me) == replace(WHOLE, new_accounts=new)


def test_accounts_are_not_new_to_somebody_without_a_focus(tx: Tx, me: EnrolmentId) -> None:
    assert focus.set_new_accounts(tx, me, NOW, new=True) is None
    assert focus.get(tx, me) is None
