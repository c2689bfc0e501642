"""The member's checklist."""

from datetime import timedelta

import pytest

from bot.coaching.errors import UnknownItem
from bot.coaching.footprint import Answer, Answered
from bot.services.cohort import DefaultsChange
from bot.services.nudges import SettingsChange
from tests.services.course import START, WEEK, Course, at, manager, member

DAY = timedelta(days=1)


@pytest.fixture
async def course(sqlite_course: Course) -> Course:
    """A course with member 10 in it; what differs between the databases is tested with the store, and with races."""
    await sqlite_course.join(10, channel=False)
    return sqlite_course


async def test_answer_is_stored_with_the_members_own_day(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Kiritimati"), START)
    night = at(START.date(), 23)
    view = await course.footprint.answer(member(10), "see.search-name", Answer.FIXED, night)
    assert view.given is not None
    assert (view.given.answer, view.given.on) == (Answer.FIXED, START.date() + timedelta(days=1))
    assert view.recheck_on == view.given.on + timedelta(days=90)


async def test_no_second_look_is_promised_for_after_the_course(course: Course) -> None:
    view = await course.footprint.answer(member(10), "see.search-name", Answer.FIXED, START + timedelta(weeks=4))
    assert view.recheck_on is None


async def test_later_is_stored_but_does_not_count_as_answered(course: Course) -> None:
    view = await course.footprint.answer(member(10), "see.intent", Answer.LATER, START)
    assert view.recheck_on is None
    shown = await course.footprint.show(member(10), START)
    assert sum(section.answered for section in shown.progress) == 0
    assert shown.next[0].id == "see.intent"
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, START)
    shown = await course.footprint.show(member(10), START)
    assert sum(section.answered for section in shown.progress) == 1
    assert shown.next[0].id == course.content.checklist.quick_start[1]


async def test_item_names_the_next_one_and_showing_changes_nothing(course: Course) -> None:
    before = await course.everything()
    view = await course.footprint.item(member(10), "see.intent", START)
    assert (view.given, view.recheck_on, view.section_title) == (None, None, "See what others see")
    assert view.next is not None
    assert view.next.id == "see.search-name"
    assert await course.everything() == before


async def test_unknown_item_is_refused_and_changes_nothing(course: Course) -> None:
    before = await course.everything()
    with pytest.raises(UnknownItem):
        await course.footprint.answer(member(10), "see.nothing", Answer.FINE, START + WEEK)
    with pytest.raises(UnknownItem):
        await course.footprint.item(member(10), "see.nothing", START)
    assert await course.everything() == before


async def test_track_changes_items_and_answers_stay(course: Course) -> None:
    track = course.content.checklist.tracks["health"]
    item_id, override = next((one, change) for one, change in track.overrides.items() if change.recheck_months)
    await course.footprint.answer(member(10), item_id, Answer.FINE, START)
    await course.cohorts.adjust(manager(), DefaultsChange(track="health"), START)
    view = await course.footprint.item(member(10), item_id, START)
    assert view.item.recheck_months == override.recheck_months
    assert view.given is not None
    assert view.recheck_on == START.date() + timedelta(days=30 * view.item.recheck_months)


# What was answered before


async def test_item_shows_earlier_answers_one_a_day_newest_first(course: Course) -> None:
    for day, answers in enumerate([(Answer.LATER, Answer.FINE), (Answer.FIXED,), (Answer.FINE, Answer.NOT_FOR_ME)]):
        for answer in answers:
            await course.footprint.answer(member(10), "see.intent", answer, START + day * DAY)
    view = await course.footprint.item(member(10), "see.intent", START + WEEK)
    first = START.date()
    assert list(view.history) == [
        Answered(Answer.NOT_FOR_ME, first + 2 * DAY),
        Answered(Answer.FIXED, first + DAY),
        Answered(Answer.FINE, first),
    ]
    assert view.given == view.history[0]


# A second look


async def test_checklist_names_the_item_longest_due_for_a_recheck(course: Course) -> None:
    answer, show = course.footprint.answer, course.footprint.show
    await answer(member(10), "see.intent", Answer.FIXED, START)  # again after six months
    await answer(member(10), "see.search-name", Answer.FINE, START + DAY)  # again after three
    await answer(member(10), "protect.audience", Answer.FINE, START)
    await answer(member(10), "protect.location", Answer.FINE, START)  # once
    due = START + 90 * DAY
    assert (await show(member(10), due - DAY)).recheck is None
    again = (await show(member(10), due + 2 * DAY)).recheck
    assert again is not None
    assert again.id == "protect.audience"
    await answer(member(10), "protect.audience", Answer.FINE, due + 2 * DAY)
    again = (await show(member(10), due + 2 * DAY)).recheck
    assert again is not None
    assert again.id == "see.search-name"
    view = await answer(member(10), "see.search-name", Answer.LATER, due + 2 * DAY)
    assert [one.answer for one in view.history] == [Answer.LATER, Answer.FINE]
    assert (await show(member(10), due + 2 * DAY)).recheck is None


# A low profile


async def test_left_out_item_can_be_opened_and_answered(course: Course) -> None:
    await course.set_focus(10, season="low_profile")
    before = await course.footprint.show(member(10), START)
    opened = await course.footprint.item(member(10), "present.bio", START)
    assert (opened.item.id, opened.section_title, opened.given) == ("present.bio", "Present your work clearly", None)
    given = await course.footprint.answer(member(10), "present.bio", Answer.FINE, START)
    assert given.given == Answered(Answer.FINE, START.date())
    assert given.recheck_on == START.date() + 90 * DAY
    assert given.next is not None
    assert given.next.id not in course.content.checklist.findable
    low = await course.footprint.show(member(10), START)
    assert (low.progress, low.next) == (before.progress, before.next)
    assert (await course.footprint.show(member(10), START + 90 * DAY)).recheck is None
    await course.set_focus(10, season="building")
    found = await course.footprint.show(member(10), START)
    assert "present.bio" not in {item.id for item in found.next}
    again = (await course.footprint.show(member(10), START + 90 * DAY)).recheck
    assert again is not None
    assert again.id == "present.bio"


# Track and support


async def test_own_track_comes_before_the_courses(course: Course) -> None:
    await course.join(11, channel=False)
    await course.cohorts.adjust(manager(), DefaultsChange(track="health"), START)
    await course.set_focus(10, track="creative")
    await course.set_focus(11)
    own, of_course = [await course.footprint.show(member(one), START) for one in (10, 11)]
    assert own.track == course.content.checklist.tracks["creative"]
    assert of_course.track == course.content.checklist.tracks["health"]
    for user_id, track in ((10, "creative"), (11, "health")):
        override = course.content.checklist.tracks[track].overrides["respect.separate"]
        item = (await course.footprint.item(member(user_id), "respect.separate", START)).item
        assert item.severity is override.severity
        assert item.steps[-1] == override.extra_step


async def test_every_item_names_the_courses_contact(course: Course) -> None:
    assert (await course.footprint.item(member(10), "see.intent", START)).support is None
    contact = "Student support, room 12"
    await course.cohorts.adjust(manager(), DefaultsChange(support_contact=contact), START)
    assert (await course.footprint.item(member(10), "see.intent", START)).support == contact
    assert (await course.footprint.answer(member(10), "tidy.removal", Answer.LATER, START)).support == contact
    await course.cohorts.adjust(manager(), DefaultsChange(support_contact=""), START)
    assert (await course.footprint.item(member(10), "see.intent", START)).support == "", "none: help lines"
