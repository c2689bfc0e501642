"""A page of the register: its lines, its order, and what is left out while names are hidden."""

from dataclasses import replace
from datetime import date

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.register import Listing, RegisterFilter, StepWeek
from bot.services.register import Register
from cogs.cards.register import PAGE, View, in_order, line, of_page, page
from cogs.cards.shapes import text_of
from storage.register import Listed
from tests.coaching.test_register import ROW
from tests.cogs.cards.screens import COHORT, LATE, OWNER
from tests.cogs.classroom import parts

PEOPLE = [Listed(EnrolmentId(n), UserId(100 + n), left=False, visible_at=LATE, matches=True) for n in range(1, 31)]
VALUE = Register(
    replace(COHORT, name="PLN 1"), 6, tuple(map(Listing, RegisterFilter)), Listing(), (), None, PEOPLE, 0, None
)
NAMES = {one.user_id: f"Name {number:02d}" for number, one in enumerate(reversed(PEOPLE))}


def text(value: Register, view: View, names: dict[UserId, str | None] | None = None) -> str:
    shown = NAMES if names is None else names
    view, people = of_page(in_order(value, view, shown), view)
    rows = [replace(ROW, enrolment_id=one.enrolment_id, user_id=one.user_id, left=one.left) for one in people]
    return text_of(page(value, view, rows, shown, {}, OWNER)).replace("\xa0", " ")


def test_line_says_what_is_there_in_words_and_counts() -> None:
    assert line(ROW, "**Ann**") == "**Ann** · nothing yet · goal · checklist 4 of 9 · active 3 of 4"
    done = replace(ROW, this_week=True, plan=True)
    assert line(done, "Ann") == "Ann · this week ✓ · goal, plan · checklist 4 of 9 · active 3 of 4"
    new = replace(ROW, goal=False, full_weeks=0, away=True, reachable=False)
    assert line(new, "Ann") == "Ann · nothing yet · no goal yet · checklist 4 of 9 · away · notes cannot reach them"
    assert line(replace(ROW, left=True), "Ann") == "Ann · left the server"


def test_line_shows_this_weeks_step_and_a_strip_of_weeks() -> None:
    planned = replace(ROW, plan=True, steps=(*[StepWeek.DONE] * 2, StepWeek.FREE, *[StepWeek.OPEN] * 2, StepWeek.OPEN))
    assert line(planned, "Ann") == "Ann · nothing yet · goal, plan · checklist 4 of 9 · active 3 of 4 · ✓✓–○○○"
    assert "Ann · step open · " in line(replace(planned, this_week=True), "Ann")
    done = replace(planned, steps=(*planned.steps[:5], StepWeek.DONE), this_week=True)
    assert "Ann · this week ✓ · " in line(done, "Ann")
    free = replace(planned, steps=(*planned.steps[:5], StepWeek.FREE), this_week=True)
    assert "Ann · this week ✓ · " in line(free, "Ann"), "a week without a step counts what was done in it"


def test_names_are_sorted_and_whoever_has_none_comes_last() -> None:
    first = text(VALUE, View())
    assert first.index("Name 00") < first.index("Name 01") < first.index("Name 11")
    assert "Name 12" not in first
    assert "Page 1 of 3." in first
    nameless: dict[UserId, str | None] = {**NAMES, UserId(130): None}
    assert "<@130>" in text(VALUE, View(page=2), nameless)
    assert in_order(VALUE, View(), {}) == PEOPLE, "without names in the order of joining"


def test_page_that_is_gone_is_the_last_one() -> None:
    view, people = of_page(PEOPLE, View(page=99))
    assert (view.page, len(people)) == (2, 30 - 2 * PAGE)
    assert of_page([], View(page=3)) == (View(), [])


def test_hidden_names_are_numbers_in_another_order_without_a_way_to_a_member() -> None:
    view = View(seed="a1b2c3")
    hidden = text(VALUE, view)
    assert "Name" not in hidden.replace("Names", "")
    assert "<@" not in hidden
    assert hidden.index("**Person 1**") < hidden.index("**Person 12**")
    shuffled = [one.enrolment_id for one in in_order(VALUE, view, {})]
    assert shuffled != sorted(shuffled)
    assert shuffled != [one.enrolment_id for one in in_order(VALUE, View(seed="ffffff"), {})]
    ids = [str(one.get("custom_id", "")) for one in parts(page(VALUE, view, [], {}, {}, OWNER).to_components())]
    assert not any("register_open" in one for one in ids)


def test_hidden_person_keeps_the_number_under_every_filter() -> None:
    view = View(seed="a1b2c3")
    fourth = in_order(VALUE, view, {})[3]
    few = replace(
        VALUE, listing=Listing(RegisterFilter.QUIET), people=[replace(one, matches=one == fourth) for one in PEOPLE]
    )
    assert "**Person 4**" in text(few, replace(view, listing=Listing(RegisterFilter.QUIET)))
    assert "**1 of 30**" in text(few, replace(view, listing=Listing(RegisterFilter.QUIET)))


def test_head_counts_who_is_here_and_who_left() -> None:
    gone = replace(VALUE, people=[replace(PEOPLE[0], left=True), *PEOPLE[1:]])
    assert "**29 people, and 1 who left** · PLN 1, week 6" in text(gone, View())
    coming = replace(VALUE, people=PEOPLE[:3], coming=1, coming_at=LATE)
    assert "1 more row appears by Wednesday 30 September, seven days after members were told." in text(coming, View())
    assert date(2026, 9, 30) == LATE.date()
    nobody = replace(
        VALUE, listing=Listing(RegisterFilter.NO_GOAL), people=[replace(one, matches=False) for one in PEOPLE]
    )
    assert "Nobody." in text(nobody, View(listing=Listing(RegisterFilter.NO_GOAL)))


def test_names_of_members_cannot_be_markup() -> None:
    assert "**\\*\\*Ann\\*\\***" in text(replace(VALUE, people=PEOPLE[:1]), View(), {UserId(101): "**Ann**"})
