"""The member's checklist."""

from datetime import timedelta

import pytest

from bot.coaching.errors import UnknownItem
from bot.coaching.footprint import Answer
from bot.services.cohort import DefaultsChange
from tests.services.course import START, WEEK, Course, at, manager, member


async def test_answers_are_kept_with_the_day_on_the_members_own_calendar(course: Course) -> None:
    await course.join(10, zone="Pacific/Kiritimati", channel=False)
    night = at(START.date(), 23)
    view = await course.footprint.answer(member(10), "see.search-name", Answer.FIXED, night)
    assert view.given is not None
    assert (view.given.answer, view.given.on) == (Answer.FIXED, START.date() + timedelta(days=1))
    assert view.recheck_on == view.given.on + timedelta(days=90)


async def test_a_new_answer_takes_the_place_of_the_earlier_one(course: Course) -> None:
    await course.join(10, channel=False)
    for answer in (Answer.FINE, Answer.LATER, Answer.NOT_FOR_ME):
        await course.footprint.answer(member(10), "see.intent", answer, START)
    shown = await course.footprint.show(member(10), START)
    assert {item: given.answer for item, given in shown.answers.items()} == {"see.intent": Answer.NOT_FOR_ME}


async def test_later_is_kept_but_does_not_count_as_answered(course: Course) -> None:
    await course.join(10, channel=False)
    view = await course.footprint.answer(member(10), "see.intent", Answer.LATER, START)
    assert view.recheck_on is None
    shown = await course.footprint.show(member(10), START)
    assert sum(section.answered for section in shown.progress) == 0
    assert shown.next[0].id == "see.intent"
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, START)
    shown = await course.footprint.show(member(10), START)
    assert sum(section.answered for section in shown.progress) == 1
    assert shown.next[0].id == course.content.checklist.quick_start[1]


async def test_an_item_names_the_one_to_do_after_it_and_is_shown_without_being_answered(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    before = await sqlite_course.everything()
    view = await sqlite_course.footprint.item(member(10), "see.intent", START)
    assert (view.given, view.recheck_on, view.section_title) == (None, None, "See what others see")
    assert view.next is not None
    assert view.next.id == "see.search-name"
    assert await sqlite_course.everything() == before


async def test_an_unknown_item_is_refused_and_nothing_is_kept(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    before = await sqlite_course.everything()
    with pytest.raises(UnknownItem):
        await sqlite_course.footprint.answer(member(10), "see.nothing", Answer.FINE, START + WEEK)
    with pytest.raises(UnknownItem):
        await sqlite_course.footprint.item(member(10), "see.nothing", START)
    assert await sqlite_course.everything() == before


async def test_a_track_changes_items_and_what_was_answered_stays(course: Course) -> None:
    await course.join(10, channel=False)
    track = course.content.checklist.tracks["health"]
    item_id, override = next((one, change) for one, change in track.overrides.items() if change.recheck_months)
    await course.footprint.answer(member(10), item_id, Answer.FINE, START)
    await course.cohorts.adjust(manager(), DefaultsChange(track="health"), START)
    view = await course.footprint.item(member(10), item_id, START)
    assert view.item.recheck_months == override.recheck_months
    assert view.given is not None
    assert view.recheck_on == START.date() + timedelta(days=30 * view.item.recheck_months)


async def test_answering_counts_as_activity(course: Course) -> None:
    await course.join(10, channel=False)
    later = START + 3 * WEEK
    assert (await course.me.me(member(10), later)).seen.facts.idle_weeks == 3
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, later)
    assert (await course.me.me(member(10), later)).seen.facts.idle_weeks == 0
