from dataclasses import replace
from datetime import date

from bot.coaching.ids import EnrolmentId, UserId
from bot.services.participation import row_words
from storage.participation import Participation

ROW = Participation(
    EnrolmentId(1),
    UserId(2),
    date(2027, 3, 1),
    focus=True,
    goal=True,
    plan=False,
    must_answered=3,
    must_total=9,
    active_weeks_last4=2,
    active_weeks_total=5,
    paused=False,
    delivery_ok=True,
    left=False,
)


def test_a_row_says_that_something_is_there_and_how_much_never_what() -> None:
    assert dict(row_words(ROW)) == {
        "Joined in the week of": "1 March 2027",
        "Focus set": "yes",
        "Goal set": "yes",
        "Goal with a plan": "no",
        "Checklist items that everybody has, answered": "3 of 9",
        "Active weeks among the last 4": "2",
        "Active weeks so far": "5",
        "Paused": "no",
        "Notes can be delivered": "yes",
        "In the server": "yes",
    }


def test_somebody_who_left_is_marked() -> None:
    assert dict(row_words(replace(ROW, left=True)))["In the server"] == "no"
