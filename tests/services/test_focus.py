"""The member's focus, and the checklist item that having one answers."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.coaching.errors import NotJoined, OldCard, Refusal, TextMissing, TextTooLong, TooManyFields
from bot.coaching.focus import Connection, Focus, FocusDraft, Season
from bot.coaching.footprint import Answer, Answered
from bot.services.cohort import DefaultsChange
from bot.services.focus import FEATURE
from bot.services.nudges import SettingsChange
from tests.services.course import START, TERM_START, WEEK, Course, at, manager, member

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


async def test_a_focus_is_kept_with_every_choice_and_a_new_one_takes_its_place(course: Course) -> None:
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


async def test_the_members_own_track_is_named_before_the_courses(course: Course) -> None:
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
async def test_a_refused_focus_leaves_the_earlier_one(
    course: Course, refusal: type[Refusal], draft: FocusDraft
) -> None:
    await course.focus.save(member(10), WHOLE, START)
    before = await course.everything()
    with pytest.raises(refusal):
        await course.focus.save(member(10), draft, START + WEEK)
    assert await course.everything() == before


async def test_a_focus_belongs_to_a_member(course: Course) -> None:
    focus = course.focus
    before = await course.everything()
    for attempt in (
        focus.get(member(12), START),
        focus.save(member(12), WHOLE, START),
        focus.set_new_accounts(member(12), START, new=True),
    ):
        with pytest.raises(NotJoined):
            await attempt
    assert await course.everything() == before


async def test_one_members_focus_says_nothing_about_another(course: Course) -> None:
    await course.join(11, channel=False)
    await course.focus.save(member(10), WHOLE, START)
    assert await course.focus.get(member(11), START) is None
    assert (await course.footprint.item(member(11), INTENT, START)).given is None
    await course.focus.save(member(11), FocusDraft("Law"), START)
    assert (await course.focus.save(member(10), WHOLE, START)).focus.fields == ("Nursing", "public health")


async def test_no_log_line_holds_what_a_member_wants_to_be_found_for(
    course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await course.focus.save(member(10), WHOLE, START)
        with pytest.raises(TooManyFields):
            await course.focus.save(member(10), FocusDraft("Nursing, b, c", "a mentor"), START)
    assert "Nursing" not in caplog.text
    assert "mentor" not in caplog.text


# New accounts


async def test_that_accounts_are_new_is_remembered_until_it_is_taken_back(course: Course) -> None:
    await course.set_focus(10)
    for new in (True, True, False, False):
        saved = await course.focus.set_new_accounts(member(10), START, new=new)
        assert saved.focus.new_accounts is new
        assert saved.answered is None
        assert await course.focus.get(member(10), START) == saved.focus


async def test_a_focus_that_is_changed_keeps_what_was_said_of_the_accounts(course: Course) -> None:
    await course.focus.save(member(10), WHOLE, START)
    kept = await course.focus.set_new_accounts(member(10), START, new=True)
    assert kept.track == course.content.checklist.tracks["health"]
    assert (await course.focus.save(member(10), FocusDraft("Law"), START)).focus == Focus(("Law",), new_accounts=True)


async def test_without_a_focus_there_is_nowhere_to_note_new_accounts(course: Course) -> None:
    before = await course.everything()
    with pytest.raises(OldCard):
        await course.focus.set_new_accounts(member(10), START, new=True)
    assert await course.everything() == before


# The checklist


async def test_saving_a_focus_answers_the_checklist_item_about_it_once(course: Course) -> None:
    item = course.content.checklist.item(INTENT)
    assert item.answered_by == FEATURE
    assert (await course.focus.save(member(10), WHOLE, START)).answered == item
    assert await given(course) == Answered(Answer.FIXED, TERM_START)
    assert (await course.focus.save(member(10), FocusDraft("Law"), START + WEEK)).answered is None
    assert await given(course, 7) == Answered(Answer.FIXED, TERM_START)


async def test_of_saves_that_race_one_answers_the_item(either_course: Course) -> None:
    await either_course.join(10, channel=False)
    saved = await asyncio.gather(*(either_course.focus.save(member(10), WHOLE, START) for _ in range(4)))
    assert sum(one.answered is not None for one in saved) == 1
    assert await given(either_course) == Answered(Answer.FIXED, TERM_START)


@pytest.mark.parametrize("answer", Answer)
async def test_what_the_member_answered_before_stays_unless_they_put_it_off(course: Course, answer: Answer) -> None:
    await course.footprint.answer(member(10), INTENT, answer, START)
    later = answer is Answer.LATER
    assert ((await course.focus.save(member(10), WHOLE, START + DAY)).answered is not None) is later
    found = Answered(Answer.FIXED, TERM_START + DAY) if later else Answered(answer, TERM_START)
    assert await given(course, 1) == found


async def test_the_item_is_answered_today_on_the_members_own_calendar(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Kiritimati"), START)
    await course.focus.save(member(10), WHOLE, at(TERM_START, 23))
    assert await given(course) == Answered(Answer.FIXED, TERM_START + DAY)


async def test_a_low_profile_leaves_out_what_makes_somebody_easier_to_find(course: Course) -> None:
    checklist = course.content.checklist
    await course.set_focus(10, season="low_profile")
    shown = await course.footprint.show(member(10), START)
    ids = {item.id for item in shown.checklist.items}
    assert ids == {item.id for item in checklist.items} - checklist.findable
    assert not {item.id for item in shown.next} & checklist.findable
    assert shown.left_out == len(checklist.findable) > 0
    assert INTENT in ids


async def test_what_a_low_profile_left_out_comes_back_with_another_season_and_its_answers(course: Course) -> None:
    await course.footprint.answer(member(10), "present.bio", Answer.FINE, START)
    await course.set_focus(10, season="low_profile")
    await course.set_focus(10, season="searching")
    shown = await course.footprint.show(member(10), START)
    assert shown.checklist == course.content.checklist
    assert shown.left_out == 0
    assert shown.answers["present.bio"] == Answered(Answer.FINE, TERM_START)
