"""The page of handed-in lines: its way there, names and none, and who finds the look."""

from datetime import date
from typing import Any

import pytest

from bot.coaching.course_plan import DoneBy, DueDay, PlanWeek, StepState
from bot.coaching.ids import GuildId, UserId
from storage import cohort as cohorts
from storage import course_plan, members
from storage.database import Tx
from tests.cogs.classroom import Classroom, Person
from tests.cogs.test_register import menu, pick

FIRST = date(2026, 9, 7)
"""The Monday of week 1, in which `NOON` is."""
WEEK = PlanWeek("Bio", "Put your bio together", 20, DueDay.FRIDAY, DoneBy.LINE)


async def plan(room: Classroom, *mondays: date) -> None:
    def work(tx: Tx) -> None:
        cohort = cohorts.open_in(tx, GuildId(room.guild.id))
        assert cohort is not None
        for monday in mondays:
            course_plan.put_week(tx, cohort.id, None, monday, WEEK, cohort.term)

    await room.database.transact(work)


async def does(room: Classroom, person: Person, week: int, line: str | None = None, **state: Any) -> None:
    """Let a member do the step of a week."""

    def work(tx: Tx) -> None:
        cohort = cohorts.open_in(tx, GuildId(room.guild.id))
        assert cohort is not None
        mine = members.find(tx, cohort.id, UserId(person.id))
        assert mine is not None
        week_id = course_plan.weeks(tx, cohort.id)[week - 1].id
        day = room.clock.now.date()
        course_plan.put_step(tx, mine.id, week_id, state.get("state", StepState.DONE), day, line)

    await room.database.transact(work)


@pytest.mark.parametrize("register", ["yes", "no"])
async def test_a_line_is_read_by_name_in_every_course_and_the_look_is_told(server: Classroom, register: str) -> None:
    await server.open_course(register=register)
    ann, ben = await server.member("ann"), await server.member("ben")
    overview = await server.instructor.run("cohort overview")
    assert "Hand-ins" not in overview.labels, "without a plan there are none"
    await plan(server, FIRST)
    await does(server, ann, 1, "I asked *Kim* about nights")
    await does(server, ben, 1)
    overview = await server.instructor.run("cohort overview")
    shown = await server.instructor.press(overview, "Hand-ins")
    assert shown.text.startswith("## Handed in: week 1, Bio\n**1 line** · Digital careers")
    assert "**ann**: I asked \\*Kim\\* about nights" in shown.text
    assert "ben" not in shown.text
    assert shown.private
    look = f"<@{server.instructor.id}> read lines that were handed in"
    assert look in (await ann.run("privacy seen")).text
    assert look not in (await ben.run("privacy seen")).text
    member = await server.instructor.run("cohort member", member=ann.member)
    assert "**Handed in**\n> Week 1: I asked \\*Kim\\* about nights" in member.text


async def test_names_hide_and_weeks_turn(server: Classroom) -> None:
    await server.open_course(register="yes")
    await plan(server, FIRST, date(2026, 9, 14))
    people = [await server.member(f"member{number:02d}") for number in range(14)]
    for person in people:
        await does(server, person, 1, f"line of {person.id}")
    await server.later(days=7)
    await does(server, people[0], 2, "of the second week")
    register = await server.instructor.run("cohort register")
    assert "Hand-ins" in register.labels
    shown = await server.instructor.press(register, "Hand-ins")
    assert "Hand-ins" not in (await server.instructor.press(register, "Hide names")).labels
    assert "of the second week" in shown.text
    weeks = next(one for one in shown.menus if "handins.week" in one.custom_id)
    assert list(weeks.options.values()) == ["Week 2: Bio", "Week 1: Bio"]
    shown = await server.instructor.pick(shown, list(weeks.options)[1])
    assert shown.labels == ["Next", "Hide names"]
    following = await server.instructor.press(shown, "Next")
    assert following.text.count("**member") == 2
    hidden = await server.instructor.press(shown, "Hide names")
    assert hidden.text.count("• line of") == 12
    assert "member" not in hidden.text
    assert "**member00**" in (await server.instructor.press(hidden, "Show names")).text


async def test_register_lists_whose_step_of_a_week_is_open(server: Classroom) -> None:
    await server.open_course(register="yes")
    await plan(server, FIRST)
    ann, ben = await server.member("ann"), await server.member("ben")
    await does(server, ann, 1)
    await does(server, ben, 1, state=StepState.DECLINED)
    shown = await server.instructor.run("cohort register")
    assert "**ann** · this week ✓ · " in shown.text
    assert "**ben** · nothing yet · " in shown.text
    assert "step1" in menu(shown, "register_filter").options
    shown = await pick(server.instructor, shown, "register_filter", "step1")
    assert shown.text.startswith("## Register: week 1’s step not done, active or not\n**1 of 2**")
    assert "**ben**" in shown.text
    preview = await server.instructor.send(await server.instructor.press(shown, "Write to them"))
    assert f"## To 1 person\n<@{ben.id}>" in preview.text
    overview = await server.instructor.run("cohort overview")
    assert "**This week's step**: 1 of 2 done, due Friday 11 September" in overview.text
    seen = await ben.run("privacy seen")
    assert "This week's step: **open**" in seen.text


async def test_export_brings_the_lines_by_name_or_pseudonym(server: Classroom) -> None:
    await server.open_course(register="no")
    await plan(server, FIRST)
    ann = await server.member("ann")
    await does(server, ann, 1, "=HYPERLINK(1), said Kim")

    async def lines(**options: str) -> str:
        shown = await server.instructor.run("cohort export", **options)
        assert shown.message is not None
        file = next(one for one in shown.message.attachments if one.filename == "hand_ins.csv")
        return (await file.read()).decode("utf-8-sig")

    named = await lines()
    assert named.splitlines()[0] == "week,theme,name,account,line,handed_in_on"
    assert named.splitlines()[1] == f'1,Bio,ann,id {ann.id},"\'=HYPERLINK(1), said Kim",2026-09-08'
    research = await lines(names="refs")
    assert "ann" not in research
    assert research.startswith("week,theme,member_ref,line,handed_in_on\r\n1,Bio,ref-")
