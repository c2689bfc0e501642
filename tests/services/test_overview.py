"""What instructors are shown of a class: by its weekly figures, and the week ahead in rounded words."""

from datetime import timedelta

import pytest

from bot.coaching.errors import InstructorOnly, NoCourse, SectionTooSmall, TooManySections, UnknownSection
from bot.coaching.figures import Figures, Week
from bot.coaching.ids import GuildId
from bot.coaching.small_groups import Band
from bot.services.nudges import SettingsChange
from bot.services.overview import table
from tests.services.course import (
    GUILD,
    START,
    TERM_START,
    WEEK,
    Course,
    at,
    counted_statements,
    manager,
    member,
    teacher,
)

FIRST_TURN = at(TERM_START + timedelta(days=7), 8)


async def turned(course: Course, when: object) -> None:
    course.clock.set(when)  # type: ignore[arg-type]
    await course.rounds().round()


async def test_before_the_first_turn_there_are_no_weeks_and_the_next_one_is_named(course: Course) -> None:
    await course.join(10, channel=False)
    seen = await course.views.overview(teacher(), START)
    assert (seen.weeks, seen.next_turn) == ([], FIRST_TURN)
    assert (seen.week, seen.of_weeks) == (1, 16)


async def test_an_overview_has_the_last_twelve_weeks(course: Course) -> None:
    await course.join(*range(10, 22), channel=False)
    for week in range(14):
        await turned(course, FIRST_TURN + week * WEEK)
    seen = await course.views.overview(teacher(), course.clock())
    assert len(seen.weeks) == 12
    assert seen.weeks[-1].week == TERM_START + 14 * WEEK
    chart = await course.views.chart(teacher(), course.clock())
    assert len(chart.overview.weeks) == 14


async def test_an_overview_takes_as_many_statements_for_fifty_members_as_for_five(course: Course) -> None:
    counts: list[tuple[int, int, int]] = []
    for week, people in enumerate((range(10, 15), range(100, 150))):
        await course.join(*people, channel=False)
        await turned(course, FIRST_TURN + week * WEEK)
        found: list[int] = []
        for read in (course.views.overview, course.views.chart, course.views.preview):
            with counted_statements(course.database) as seen:
                await read(teacher(), course.clock())
            found.append(len(seen))
        counts.append((found[0], found[1], found[2]))
    assert counts[0] == counts[1]


async def test_sections_are_the_managers_to_choose_and_ten_at_most(course: Course) -> None:
    await course.views.set_sections(manager(), [5, 3, int(GUILD)])
    assert await course.views.sections(manager()) == [3, 5]
    with pytest.raises(TooManySections):
        await course.views.set_sections(manager(), range(100, 111))
    await course.views.set_sections(manager(), [])
    assert await course.views.sections(manager()) == []


async def test_a_section_that_is_unknown_or_has_no_figures_is_refused(course: Course) -> None:
    await course.views.set_sections(manager(), [3])
    with pytest.raises(UnknownSection):
        await course.views.overview(teacher(), START, 4)
    with pytest.raises(SectionTooSmall):
        await course.views.overview(teacher(), START, 3)


async def test_views_are_for_the_instructor_role_of_that_server(course: Course) -> None:
    for read in (course.views.overview, course.views.chart, course.views.preview):
        with pytest.raises(InstructorOnly):
            await read(teacher(role=999), START)
        with pytest.raises(NoCourse):
            await read(teacher(GuildId(999)), START)


async def test_a_preview_tells_the_week_as_it_stood_at_the_turn_and_shows_a_note_to_nobody(course: Course) -> None:
    await course.join(*range(10, 40), channel=False)
    for number in range(10, 17):
        await course.nudges.change(member(number), SettingsChange(on=False), course.clock())
    assert (await course.views.preview(teacher(), course.clock())).week is None
    course.clock.set(at(TERM_START + WEEK, 9))
    await course.rounds().round()
    seen = await course.views.preview(teacher(), course.clock())
    assert seen.week is not None
    ahead = seen.week.figures.ahead
    assert ahead["planned"].low <= 23 <= ahead["planned"].high
    assert ahead["off"].low <= 7 <= ahead["off"].high
    # What somebody changes meanwhile shows nowhere before the next turn.
    await course.nudges.change(member(20), SettingsChange(on=False), course.clock())
    assert (await course.views.preview(teacher(), course.clock())).week == seen.week
    assert "<@0>" in seen.sample.text
    assert seen.sample.buttons


def test_the_table_is_as_rounded_as_what_is_shown() -> None:
    found = Figures(
        34,
        {"active": Band(30, 34, 34), "goal": Band(0, 4, 34)},
        kinds={"meet": Band(10, 14, 30)},
        delivery={"sent": Band(29, 34, 34), "held": Band(0, 4, 34)},
    )
    names, (row,) = table([Week(TERM_START, found)])
    cells = dict(zip(names, row, strict=True))
    assert (cells["week"], cells["counted"]) == ("2027-02-15", "34")
    assert (cells["active_pct"], cells["goal_pct"], cells["goal_type_meet_pct"]) == ("over_90", "under_10", "40")
    assert (cells["focus_pct"], cells["suppressed_flag"]) == ("", 1)
    assert (cells["notes_sent_pct"], cells["notes_held_pct"], cells["notes_none_pct"]) == ("over_90", "under_10", "")


def test_the_table_does_not_tell_how_many_are_counted_while_single_ones_come_and_go() -> None:
    tables = [table([Week(TERM_START, Figures(size))])[1] for size in range(10)]
    assert tables == [tables[0]] * 10
    assert tables[0][0][1] == "under_10"
