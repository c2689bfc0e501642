"""The member's focus, and the checklist item that having one answers."""

from datetime import timedelta

import pytest

from bot.coaching.errors import OldCard, Refusal, TextMissing, TextTooLong, TooManyFields
from bot.coaching.focus import Connection, Focus, FocusDraft, Season
from bot.coaching.footprint import Answer, Answered
from bot.services.cohort import DefaultsChange
from bot.services.focus import FEATURE
from tests.services.course import START, TERM_START, WEEK, Course, manager, member

DAY = timedelta(days=1)
INTENT = "see.intent"
WHOLE = FocusDraft("Nursing; public health", " to find a\nmentor ", "advice", "health", "searching")


async def given(course: Course, days: int = 0) -> Answered | None:
    """Return what member 10 has answered to the item that a focus answers."""
    return (await course.footprint.item(member(10), INTENT, START + days * DAY)).given


@pytest.fixture
async def course(sqlite_course: Course) -> Course:
    """A course with member 10 in it; what differs between the databases is tested with the store, and with races."""
    await sqlite_course.join(10, channel=False)
    return sqlite_course


# What is kept


async def test_focus_is_stored_whole_and_replaced_by_a_new_one(course: Course) -> None:
    assert await course.focus.get(member(10), START) is None
    saved = await course.focus.save(member(10), WHOLE, START)
    assert saved.focus == Focus(
        ("Nursing", "public health"), "to find a mentor", Connection.ADVICE, "health", Season.SEARCHING
    )
    assert await course.focus.get(member(10), START) == saved.focus
    later = await course.focus.save(member(10), FocusDraft("Law"), START + WEEK)
    assert later.focus == Focus(("Law",))
    assert await course.focus.get(member(10), START + WEEK) == later.focus
    assert (await course.me.me(member(10), START + WEEK)).snapshot.facts.idle_weeks == 0


async def test_own_track_comes_before_the_courses(course: Course) -> None:
    tracks = course.content.checklist.tracks
    assert (await course.set_focus(10)).track is None
    await course.cohorts.adjust(manager(), DefaultsChange(track="health"), START)
    assert (await course.set_focus(10)).track == tracks["health"]
    assert (await course.set_focus(10, track="creative")).track == tracks["creative"]
    assert (await course.set_focus(10, track=None)).track == tracks["health"]


@pytest.mark.parametrize(
    ("refusal", "draft"),
    [
        (TooManyFields, FocusDraft("a, b, c")),
        (TextMissing, FocusDraft(" , ")),
        (TextTooLong, FocusDraft("x" * 41)),
        (TextTooLong, FocusDraft("law", "x" * 141)),
        (OldCard, FocusDraft("law", track="astrology")),
    ],
)
async def test_refused_focus_changes_nothing(course: Course, refusal: type[Refusal], draft: FocusDraft) -> None:
    await course.focus.save(member(10), WHOLE, START)
    before = await course.everything()
    with pytest.raises(refusal):
        await course.focus.save(member(10), draft, START + WEEK)
    assert await course.everything() == before


async def test_focus_of_one_member_does_not_touch_another(course: Course) -> None:
    await course.join(11, channel=False)
    await course.focus.save(member(10), WHOLE, START)
    assert await course.focus.get(member(11), START) is None
    assert (await course.footprint.item(member(11), INTENT, START)).given is None
    await course.focus.save(member(11), FocusDraft("Law"), START)
    assert (await course.focus.save(member(10), WHOLE, START)).focus.fields == ("Nursing", "public health")


# New accounts


async def test_new_accounts_are_remembered_until_taken_back(course: Course) -> None:
    await course.set_focus(10)
    for new in (True, True, False, False):
        saved = await course.focus.set_new_accounts(member(10), START, new=new)
        assert saved.focus.new_accounts is new
        assert saved.answered is None
        assert await course.focus.get(member(10), START) == saved.focus


async def test_changed_focus_keeps_whether_accounts_are_new(course: Course) -> None:
    await course.focus.save(member(10), WHOLE, START)
    kept = await course.focus.set_new_accounts(member(10), START, new=True)
    assert kept.track == course.content.checklist.tracks["health"]
    assert (await course.focus.save(member(10), FocusDraft("Law"), START)).focus == Focus(("Law",), new_accounts=True)


# The checklist


async def test_saving_a_focus_answers_its_checklist_item_once(course: Course) -> None:
    item = course.content.checklist.item(INTENT)
    assert item.answered_by == FEATURE
    assert (await course.focus.save(member(10), WHOLE, START)).answered == item
    assert await given(course) == Answered(Answer.FIXED, TERM_START)
    assert (await course.focus.save(member(10), FocusDraft("Law"), START + WEEK)).answered is None
    assert await given(course, 7) == Answered(Answer.FIXED, TERM_START)


@pytest.mark.parametrize("answer", Answer)
async def test_earlier_answer_stays_unless_it_was_later(course: Course, answer: Answer) -> None:
    await course.footprint.answer(member(10), INTENT, answer, START)
    later = answer is Answer.LATER
    assert ((await course.focus.save(member(10), WHOLE, START + DAY)).answered is not None) is later
    found = Answered(Answer.FIXED, TERM_START + DAY) if later else Answered(answer, TERM_START)
    assert await given(course, 1) == found


async def test_low_profile_leaves_out_what_makes_one_findable(course: Course) -> None:
    checklist = course.content.checklist
    await course.set_focus(10, season="low_profile")
    shown = await course.footprint.show(member(10), START)
    ids = {item.id for item in shown.checklist.items}
    assert ids == {item.id for item in checklist.items} - checklist.findable
    assert not {item.id for item in shown.next} & checklist.findable
    assert shown.left_out == len(checklist.findable) > 0
    assert INTENT in ids
