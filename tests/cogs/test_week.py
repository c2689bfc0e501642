"""/week and the cards that it leads to, as a member sees them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.coaching.course_plan import PlanWeek
from bot.coaching.ids import GuildId
from storage import cohort as cohorts
from storage import course_plan
from storage.database import Tx
from tests.cogs.classroom import Classroom, Person, Screen
from tests.services.course import PLAN

MONDAY = date(2026, 9, 7)


async def use_plan(room: Classroom, *plan: PlanWeek) -> list[int]:
    """Give the course a plan, one week after the other from the first; return the ids of its weeks."""

    def work(tx: Tx) -> list[int]:
        cohort = cohorts.open_in(tx, GuildId(room.guild.id))
        assert cohort is not None
        weeks = [(MONDAY + timedelta(weeks=number), one) for number, one in enumerate(plan or PLAN)]
        course_plan.replace_weeks(tx, cohort.id, weeks, cohort.term)
        return [one.id for one in course_plan.weeks(tx, cohort.id)]

    return await room.database.transact(work)


@pytest.fixture
async def ann(course: Classroom) -> Person:
    person = await course.member()
    await use_plan(course)
    return person


def states(room: Classroom) -> list[tuple[str, str | None]]:
    return room.rows("SELECT state, line FROM week_step ORDER BY week_id")


async def test_what_is_due_is_answered_at_one_glance(course: Classroom, ann: Person) -> None:
    shown = await ann.run("week")
    assert shown.text.startswith(
        "## Week 1: Search your name\n**Search your name as a stranger would**\nDue Friday 11 September, about 10 min."
    )
    assert shown.labels == ["Done", "Not this week"]
    done = await ann.press(shown, "Done")
    assert done.text.startswith("Week 1’s step is done. Thank you.\nNext: week 2, Ask, from Monday 14 September.")
    assert (await ann.run("week")).text.startswith("## Week 1: Search your name\n✓ Done")
    assert (await ann.press(done, "Take it back")).labels == ["Done", "Not this week"]
    assert states(course) == []


async def test_earlier_steps_stay_open_and_can_be_left_out(course: Classroom, ann: Person) -> None:
    await course.later(weeks=2)
    shown = await ann.in_dm.run("week")
    assert shown.text.startswith("## Week 3: One line")
    assert "• Week 2: Ask\n• Week 1: Search your name" in shown.text
    first = await ann.in_dm.pick(shown, list(shown.menus[0].options)[1])
    assert "It stays open until the term ends." in first.text
    assert first.labels == ["Done", "Not this week", "This week"]
    left = await ann.in_dm.press(first, "Not this week")
    assert left.text.startswith("Week 1’s step is skipped.")
    assert states(course) == [("declined", None)]
    assert (await ann.in_dm.press(left, "Take that back")).labels == ["Done", "Not this week", "This week"]


async def test_a_line_is_handed_in_and_refused_when_it_points_at_somebody(course: Classroom, ann: Person) -> None:
    await course.later(weeks=2)
    form = await ann.press(await ann.run("week"), "Hand in one line")
    refused = await ann.send(form, line="Ask kim@school.edu")
    assert "an address, a number, a handle or a link" in refused.text
    again = await ann.press(refused, "Open it again")
    done = await ann.send(again, line="I have three namesakes")
    assert "Your line is with your instructors:\n> I have three namesakes" in done.text
    changed = await ann.send(await ann.press(done, "Change my line"), line="I have *four*")
    assert "> I have \\*four\\*" in changed.text
    assert states(course) == [("done", "I have *four*")]
    back = await ann.press(changed, "Take it back")
    assert back.text.startswith("Your line is deleted, and your instructors can no longer read it.\n## Week 3")
    assert states(course) == []


async def test_a_line_can_still_be_taken_back_once_the_term_is_over(course: Classroom, ann: Person) -> None:
    await course.later(weeks=2)
    await ann.send(await ann.press(await ann.run("week"), "Hand in one line"), line="I have three namesakes")
    await course.until(datetime(2026, 12, 21, 12, tzinfo=UTC))
    over = await ann.run("week")
    assert over.text == "## The term is over\nNo more weekly steps come."
    (menu,) = over.menus
    shown = await ann.pick(over, next(iter(menu.options)))
    assert "Change my line" not in shown.labels
    back = await ann.press(shown, "Take my line back")
    assert "The step stays done, because the term is over." in back.text
    assert states(course) == [("done", None)]


async def test_logging_completes_a_step_and_need_not_count(course: Classroom, ann: Person) -> None:
    await course.later(weeks=1)
    shown = await ann.run("week")
    assert shown.labels[:3] == ["Done: log it", "Done another way", "Not this week"]
    logged = await ann.press(shown, "Done: log it")
    assert "This also completes week 2’s step; it counts in class statistics, without your name." in logged.text
    assert states(course) == [("done", None)]
    assert (await ann.press(logged, "Do not count it")).text.startswith("Week 2’s step is skipped.")
    assert states(course) == [("declined", None)]
    # The card of the entry is still there, with its buttons.
    assert (await ann.press(logged, "Undo")).text == "Removed from your log."
    assert states(course) == [("declined", None)]


async def test_undoing_the_entry_opens_the_step_again(course: Classroom, ann: Person) -> None:
    await course.later(weeks=1)
    logged = await ann.press(await ann.run("week"), "Done: log it")
    undone = await ann.press(logged, "Undo")
    assert undone.text == "Removed from your log. Week 2’s step is open again; `/week` has it."
    assert states(course) == []


async def test_an_item_completes_a_step(course: Classroom, ann: Person) -> None:
    await course.later(weeks=3)
    item = await ann.press(await ann.run("week"), "Open the item")
    answered = await ann.press(item, "Checked, fine")
    assert "This also completes week 4’s step" in answered.text


async def test_the_post_in_the_channel_opens_its_week_in_private(course: Classroom, ann: Person) -> None:
    await course.later(weeks=1)
    course_id = course.rows("SELECT id FROM cohort")[0][0]

    async def press(person: Person) -> Screen:
        post = await course.crafted(f"pln1:nudge.this_week:0:{course_id}:announcement:{MONDAY.isoformat()}")
        return await person.press(post, "Press")

    shown = await press(ann)
    assert shown.private
    assert shown.text.startswith("## Week 1: Search your name")
    course_id += 1  # of another course in this server
    assert (await press(ann)).text == "That step is not in the course plan any more. `/week` shows what is there."
    course_id -= 1
    stranger = course.person("zoe")
    assert "`/start`" in (await press(stranger)).text


async def test_a_course_without_a_plan_and_a_week_without_a_step_say_so(course: Classroom) -> None:
    ann = await course.member()
    assert "This course has no weekly steps." in (await ann.run("week")).text
    await use_plan(course, PLAN[0])
    await course.later(weeks=1)
    assert (await ann.run("week")).text.startswith("## No more weekly steps")


async def test_the_weekly_note_leads_to_the_step_it_tells(course: Classroom, ann: Person) -> None:
    note = await course.weekly_note(ann)
    assert "**Next:** Answer one person in the course's channel (15 min)" in note.text
    assert note.labels == ["This week", "Another day", "Why this?"]
    shown = await ann.in_dm.press(note, "This week")
    assert shown.text.startswith(
        "## Week 2: Ask\n**Answer one person in the course's channel**\nDue Friday 18 September"
    )
    assert "Another way, same ✓: On paper" in shown.text
    why = await ann.in_dm.press(note, "Why this?")
    assert "It is your course's step" in why.text
    assert "• 1 course step that no later note can tell in time" in why.text
    assert len((await ann.in_dm.press(note, "Another day")).menus[0].options) == 4
    await course.later(days=4)
    assert "No day is left before it is due" in (await ann.in_dm.press(note, "Another day")).text


async def test_the_overview_begins_with_this_weeks_step(ann: Person) -> None:
    shown = await ann.run("me")
    assert shown.text.startswith(
        "## Tuesday 8 September\n**This week’s step**: Search your name as a stranger would\n"
        "-# Search your name · due Friday 11 September, about 10 min\n**Next**: "
    )
    assert shown.labels[0] == "This week"
    done = await ann.press(await ann.press(shown, "This week"), "Done")
    assert done.text.startswith("Week 1’s step is done.")
    assert (await ann.run("me")).text.startswith(
        "## Tuesday 8 September\n✓ **This week’s step** is done: Search your name."
    )
