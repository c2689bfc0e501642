"""What the rules and the texts may know of a member at one moment."""

from datetime import datetime, timedelta

import pytest

from bot.coaching.footprint import Answer
from bot.coaching.log import ActionDraft
from bot.services.cohort import DefaultsChange
from bot.services.facts import Picture, text_values
from tests.services.course import DUE, GOAL, START, WEEK, Course, counted_statements, manager, member

DAY = timedelta(days=1)


async def seen(course: Course, now: datetime, user_id: int = 10) -> Picture:
    return (await course.me.me(member(user_id), now)).seen


async def logged(course: Course, kind: str, at: datetime) -> None:
    await course.log.log(member(10), ActionDraft(kind), at)


async def test_the_seven_days_end_now_and_begin_a_week_ago(course: Course) -> None:
    await course.join(10, channel=False)
    await logged(course, "note", START)
    await logged(course, "reply", START + DAY)
    assert (await seen(course, START + WEEK - timedelta(seconds=1))).did == 2
    assert (await seen(course, START + WEEK)).did == 1
    assert (await seen(course, START + WEEK + DAY)).did == 0


async def test_a_monday_nudge_counts_the_week_before_it(course: Course) -> None:
    await course.join(10)
    await course.focus.save(member(10), "nursing", None, None, START)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(10), item, Answer.FINE, START)
    await course.goals.save(member(10), GOAL, START, replace=False)
    await logged(course, "reply", DUE + 4 * DAY)
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    text = course.messenger.received(member(10).user_id)[-1].text
    assert "1 of 2" in text
    assert "in the last seven days" in text


async def test_with_a_goal_only_its_own_kinds_count(course: Course) -> None:
    await course.join(10, channel=False)
    await course.goals.save(member(10), GOAL, START, replace=False)
    for kind in ("reply", "chat", "note", "profile"):
        await logged(course, kind, START)
    assert (await seen(course, START)).did == 2


@pytest.mark.parametrize(("after", "weeks"), [(WEEK - DAY, 0), (WEEK, 1), (2 * WEEK, 2), (4 * WEEK, 4)])
async def test_idle_weeks_are_full_weeks_since_the_member_last_did_something(
    sqlite_course: Course, after: timedelta, weeks: int
) -> None:
    await sqlite_course.join(10, channel=False)
    assert (await seen(sqlite_course, START + after)).facts.idle_weeks == weeks
    await logged(sqlite_course, "note", START + after)
    assert (await seen(sqlite_course, START + after)).facts.idle_weeks == 0


async def test_looking_is_not_doing(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    later = START + 2 * WEEK
    await sqlite_course.footprint.show(member(10), later)
    await sqlite_course.log.choices(member(10), later)
    await sqlite_course.nudges.history(member(10), later)
    assert (await seen(sqlite_course, later)).facts.idle_weeks == 2


async def test_listening_weeks_are_counted_back_from_now_until_one_was_more_or_none(course: Course) -> None:
    await course.join(10, channel=False)
    now = START + 4 * WEEK
    assert (await seen(course, now)).facts.listen_only_weeks == 0
    for back in (3, 2, 1):
        await logged(course, "note", now - back * WEEK + DAY)
    assert (await seen(course, now)).facts.listen_only_weeks == 3
    await logged(course, "reply", now - 2 * WEEK + 2 * DAY)
    assert (await seen(course, now)).facts.listen_only_weeks == 1
    assert (await seen(course, now + WEEK)).facts.listen_only_weeks == 0


async def test_directions_are_counted_over_four_weeks(course: Course) -> None:
    await course.join(10, channel=False)
    for kind in ("post_work", "share_link", "invite", "follow_up", "apply", "credit", "reply", "note"):
        await logged(course, kind, START)
    facts = (await seen(course, START + 4 * WEEK - DAY)).facts
    assert (facts.outward_4w, facts.at_4w, facts.ask_4w, facts.give_4w) == (7, 2, 3, 1)
    assert (await seen(course, START + 4 * WEEK)).facts.outward_4w == 0


async def test_rules_that_were_delivered_are_remembered_and_those_that_were_not_are_not(course: Course) -> None:
    await course.join(10)
    for week in range(3):
        # The second one is skipped: the bot was away.
        course.clock.set(DUE + week * WEEK + (2 * DAY if week == 1 else timedelta()))
        await course.rounds().round()
    facts = (await seen(course, course.clock())).facts
    rows = await course.weekly(10)
    assert [row.state for row in rows] == ["sent", "skipped", "sent"]
    assert facts.recent_rules == (rows[2].rule, rows[0].rule)


async def test_a_track_decides_what_is_due_again(course: Course) -> None:
    await course.join(10, channel=False)
    tracks = course.content.checklist.tracks
    months = {item.id: item.recheck_months for item in course.content.checklist.items}
    track, item, sooner = next(
        (name, item, change.recheck_months)
        for name, track in tracks.items()
        for item, change in track.overrides.items()
        if change.recheck_months and change.recheck_months < months[item]
    )
    await course.footprint.answer(member(10), item, Answer.FINE, START)
    later = START + timedelta(days=30 * sooner)
    assert (await seen(course, later)).facts.rechecks_due == 0
    await course.cohorts.adjust(manager(), DefaultsChange(track=track), START)
    assert (await seen(course, later)).facts.rechecks_due == 1
    assert (await seen(course, later - DAY)).facts.rechecks_due == 0


async def test_quick_start_items_are_open_until_they_are_answered(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    quick = sqlite_course.content.checklist.quick_start
    assert (await seen(sqlite_course, START)).facts.quick_open == len(quick)
    await sqlite_course.footprint.answer(member(10), quick[0], Answer.NOT_FOR_ME, START)
    await sqlite_course.footprint.answer(member(10), quick[1], Answer.LATER, START)
    assert (await seen(sqlite_course, START)).facts.quick_open == len(quick) - 1


async def test_the_week_of_the_term_turns_on_the_members_own_monday(sqlite_course: Course) -> None:
    await sqlite_course.join(10, zone="Pacific/Kiritimati", channel=False)
    await sqlite_course.join(11, zone="Pacific/Pago_Pago", channel=False)
    sunday_noon = START + 6 * DAY + timedelta(hours=4)
    assert (await seen(sqlite_course, sunday_noon, 10)).facts.term_week == 2
    assert (await seen(sqlite_course, sunday_noon, 11)).facts.term_week == 1


async def test_a_picture_takes_five_statements_however_much_was_logged(course: Course) -> None:
    await course.join(10, channel=False)
    counts: list[int] = []
    for _ in range(2):
        with counted_statements(course.database) as statements:
            await seen(course, START)
        counts.append(len(statements))
        for _ in range(5):
            await logged(course, "note", START)
    assert counts[0] == counts[1]


async def test_a_text_is_offered_only_the_facts_that_there_are(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    me = await sqlite_course.me.me(member(10), START)
    assert set(text_values(me.seen, me.step)) == {"n", "act", "mins", "why"}
    await sqlite_course.focus.save(member(10), "nursing", None, None, START)
    me = await sqlite_course.me.me(member(10), START)
    assert text_values(me.seen, me.step)["item"] == me.step.action
    assert text_values(me.seen, me.step)["field"] == "nursing"
