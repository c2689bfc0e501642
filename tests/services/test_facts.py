"""What the rules and the texts may know of a member at one moment."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.coaching.cohort import Audience
from bot.coaching.footprint import Answer
from bot.coaching.goals import Beginning
from bot.coaching.ids import AlertId, ContactId, OpportunityId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import AlertKind, Category, ContactDraft, Stage
from bot.coaching.next_action import Facts
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind
from bot.coaching.weeks import BreakKind
from bot.services.cohort import BreakRequest, DefaultsChange
from bot.services.facts import Picture
from bot.services.network import AlertDraft
from bot.services.nudges import SettingsChange
from bot.services.steps import text_values
from storage import network
from tests.services.course import DUE, GOAL, START, WEEK, Course, counted_statements, manager, member

DAY = timedelta(days=1)


async def seen(course: Course, now: datetime, user_id: int = 10) -> Picture:
    return (await course.me.me(member(user_id), now)).seen


async def facts(course: Course, now: datetime) -> Facts:
    return (await seen(course, now)).facts


async def logged(course: Course, kind: str, at: datetime) -> None:
    await course.log.log(member(10), ActionDraft(kind), at)


async def known(course: Course, nickname: str, stage: Stage = Stage.SPOTTED, at: datetime = START) -> ContactId:
    """Let the member keep somebody in their network."""
    draft = ContactDraft(nickname, Category.PEER, stage)
    return (await course.network.add_person(member(10), draft, at)).contact.id


async def did(course: Course, kind: str, contact: ContactId, at: datetime, outcome: Outcome | None = None) -> None:
    """Let the member log something with somebody."""
    await course.log.log(member(10), ActionDraft(kind, outcome=outcome, contact=contact), at)


async def opening(course: Course, due: datetime | None = None) -> OpportunityId:
    """Let the member keep an opportunity."""
    draft = OpportunityDraft("A job", OpportunityKind.JOB, None, due and due.date())
    return (await course.opportunities.add(member(10), draft, START)).opportunity.id


async def taught_not(course: Course, first: str, last: str) -> None:
    """Mark a break of the course."""
    staff = replace(manager(), audience=Audience.STAFF)
    await course.cohorts.add_break(staff, BreakRequest(BreakKind.BREAK, first, last), course.clock())


async def test_the_seven_days_end_now_and_begin_a_week_ago(course: Course) -> None:
    await course.join(10, channel=False)
    await logged(course, "note", START)
    await logged(course, "reply", START + DAY)
    assert (await seen(course, START + WEEK - timedelta(seconds=1))).did == 2
    assert (await seen(course, START + WEEK)).did == 1
    assert (await seen(course, START + WEEK + DAY)).did == 0


async def test_a_monday_nudge_counts_the_week_before_it(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(10), item, Answer.FINE, START)
    await course.set_goal(10)
    course.clock.set(DUE)
    await course.rounds().round()
    await logged(course, "reply", DUE + 4 * DAY)
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    text = course.messenger.received(member(10).user_id)[-1].text
    assert "1 of 2" in text
    assert "in the last seven days" in text


async def test_with_a_goal_only_its_own_kinds_count(course: Course) -> None:
    await course.join(10, channel=False)
    await course.set_goal(10)
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


async def test_a_picture_takes_as_many_statements_however_much_was_logged(course: Course) -> None:
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
    await sqlite_course.set_focus(10)
    me = await sqlite_course.me.me(member(10), START)
    assert text_values(me.seen, me.step)["item"] == me.step.action
    assert text_values(me.seen, me.step)["field"] == "nursing"


# Quiet weeks


async def test_weeks_of_a_pause_are_no_quiet_weeks(course: Course) -> None:
    await course.join(10, channel=False)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=2), START + WEEK)
    weeks = {now: (await facts(course, START + now * WEEK)).idle_weeks for now in (1, 2, 3, 4, 5)}
    assert weeks == {1: 0, 2: 0, 3: 0, 4: 1, 5: 2}


async def test_after_a_pause_that_was_ended_early_quiet_weeks_count_from_that_day(course: Course) -> None:
    await course.join(10, channel=False)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=4), START)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=0), START + 2 * WEEK)
    weeks = {now: (await facts(course, START + now * WEEK)).idle_weeks for now in (2, 3, 5)}
    assert weeks == {2: 0, 3: 1, 5: 3}


async def test_a_pause_that_was_ended_the_day_it_began_excuses_nothing(course: Course) -> None:
    await course.join(10, channel=False)
    for weeks in (4, 0):
        await course.nudges.change(member(10), SettingsChange(pause_weeks=weeks), START + 2 * WEEK)
    assert (await facts(course, START + 3 * WEEK)).idle_weeks == 3


async def test_what_is_done_in_a_pause_is_done_and_quiet_weeks_count_from_its_end(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=2), START)
    await logged(course, "reply", START + WEEK)
    assert (await facts(course, START + 3 * WEEK)).idle_weeks == 1
    await logged(course, "reply", START + 3 * WEEK)
    assert (await facts(course, START + 3 * WEEK)).idle_weeks == 0


async def test_weeks_of_a_break_are_no_quiet_weeks(course: Course) -> None:
    await course.join(10, channel=False)
    await taught_not(course, "2027-02-22", "2027-03-07")
    weeks = {now: (await facts(course, START + now * WEEK)).idle_weeks for now in (1, 2, 3, 4, 5)}
    assert weeks == {1: 1, 2: 1, 3: 1, 4: 2, 5: 3}


# The time box


async def test_weeks_over_the_time_box_are_counted_back_from_now_until_one_was_within_it(course: Course) -> None:
    await course.join(10, channel=False)
    await course.set_goal(10, replace(GOAL, box_minutes=30))
    now = START + 4 * WEEK
    for back, minutes in ((3, 50), (2, 30), (1, 20), (1, 20), (0, 31)):
        await course.log.log(member(10), ActionDraft("note", minutes=minutes), now - back * WEEK - DAY)
    await logged(course, "note", now - DAY)
    assert (await facts(course, now)).over_box_weeks == 2
    await course.log.log(member(10), ActionDraft("note", minutes=1), now - 2 * WEEK - DAY)
    assert (await facts(course, now)).over_box_weeks == 4
    assert (await facts(course, now + WEEK)).over_box_weeks == 0
    await course.goals.pause(member(10), None, now)
    assert (await facts(course, now)).over_box_weeks == 0


async def test_without_a_time_box_nothing_is_over_it(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    await sqlite_course.set_goal(10)
    await sqlite_course.log.log(member(10), ActionDraft("note", minutes=600), START)
    assert (await facts(sqlite_course, START)).over_box_weeks == 0


# The goal


async def test_what_counted_is_counted_since_the_goal_began_also_when_that_is_long_ago(course: Course) -> None:
    await course.join(10, channel=False)
    await logged(course, "reply", START)
    course.clock.set(START + DAY)
    await course.set_goal(10, replace(GOAL, weeks=8))
    for week in (0, 3, 7):
        await logged(course, "reply", START + DAY + week * WEEK)
        await logged(course, "profile", START + DAY + week * WEEK)
    late = await facts(course, START + DAY + 8 * WEEK - timedelta(hours=12))
    assert (late.goal_did, late.goal_wanted, late.did, late.goal_over) == (3, 16, 1, False)
    assert (late.outward_4w, (await facts(course, START + DAY + 8 * WEEK)).goal_over) == (2, True)


async def test_a_goal_that_rests_is_neither_over_nor_counted_and_what_was_logged_stays(course: Course) -> None:
    await course.join(10, channel=False)
    await course.set_goal(10)
    await logged(course, "reply", START)
    await course.goals.pause(member(10), None, START + DAY)
    resting = await facts(course, START + 10 * WEEK)
    assert (resting.has_goal, resting.goal_paused, resting.goal_over, resting.goal_type) == (False, True, False, None)
    assert (resting.goal_did, resting.goal_wanted, resting.target) == (0, 0, 0)
    assert (await facts(course, START + DAY)).did == 1


async def test_what_counted_before_a_goal_rested_still_counts_when_it_goes_on(course: Course) -> None:
    await course.join(10, channel=False)
    goal = (await course.set_goal(10)).goal
    await logged(course, "reply", START)
    await course.goals.pause(member(10), goal.id, START + WEEK)
    await course.goals.go_on(member(10), goal.id, START + 3 * WEEK)
    await logged(course, "reply", START + 3 * WEEK)
    assert (await facts(course, START + 3 * WEEK)).goal_did == 2


async def test_of_two_goals_the_facts_are_those_of_the_older_one_that_runs(course: Course) -> None:
    await course.join(10, channel=False)
    older = (await course.set_goal(10)).goal
    course.clock.set(START + DAY)
    await course.set_goal(10, replace(GOAL, type="learn", target=3, weeks=4), Beginning.BESIDE)
    await logged(course, "note", START + DAY)
    both = await facts(course, START + DAY)
    assert (both.goal_type, both.target, both.did, both.goal_did) == ("connect", 2, 0, 0)
    await course.goals.pause(member(10), older.id, START + DAY)
    one = await facts(course, START + DAY)
    assert (one.goal_type, one.target, one.did, one.goal_did, one.goal_paused) == ("learn", 3, 1, 1, False)


# The network


async def test_how_long_no_conversation_has_led_further_counts_from_the_last_that_began(course: Course) -> None:
    await course.join(10, channel=False)
    await known(course, "Read")
    assert (await facts(course, START + 4 * WEEK)).stage_weeks is None
    ana, ben = [await known(course, name, Stage.CONVERSED) for name in ("Ana", "Ben")]
    cleo = await known(course, "Cleo")
    await did(course, "talk", cleo, START + WEEK)
    assert (await facts(course, START + 4 * WEEK)).stage_weeks == 3
    await did(course, "talk", ana, START + 4 * WEEK)  # the stage stays
    assert (await facts(course, START + 5 * WEEK)).stage_weeks == 4
    await did(course, "interview", ana, START + 5 * WEEK)  # one conversation less
    await course.network.rest(member(10), cleo, START + 5 * WEEK, rested=True)
    assert (await facts(course, START + 5 * WEEK)).stage_weeks == 5
    await course.network.rest(member(10), ben, START + 5 * WEEK, rested=True)
    assert (await facts(course, START + 5 * WEEK)).stage_weeks is None


async def test_those_who_rest_are_in_the_network_and_nothing_waits_for_them(course: Course) -> None:
    await course.join(10, channel=False)
    stages = (Stage.CONVERSED, Stage.CONVERSED, Stage.MET, Stage.ADVOCATE)
    people = [await known(course, f"Peer {number}", stage) for number, stage in enumerate(stages)]
    await did(course, "interview", people[0], START, Outcome.ADVICE)
    now = START + 30 * DAY
    awake = await facts(course, now)
    assert (awake.contacts, awake.categories, awake.conversed, awake.met) == (4, 1, 1, 3)
    assert (awake.cold, awake.advice_days) == (1, 30)
    for one in people:
        await course.network.rest(member(10), one, now, rested=True)
    resting = await facts(course, now)
    assert (resting.contacts, resting.categories, resting.conversed, resting.met) == (4, 1, 0, 0)
    assert (resting.cold, resting.advice_days) == (0, None)


async def test_thanks_wait_for_a_week_also_when_older_ones_were_never_said(course: Course) -> None:
    await course.join(10, channel=False)
    ana, ben, cleo = [await known(course, name) for name in ("Ana", "Ben", "Cleo")]
    await did(course, "interview", ana, START)
    await did(course, "interview", ben, START + 20 * DAY)
    await did(course, "reply", cleo, START + 22 * DAY, Outcome.MEETING)
    days = {now: (await facts(course, START + now * DAY)).unthanked_days for now in (7, 8, 19, 20, 22, 27, 28, 29, 30)}
    assert days == {7: 7, 8: None, 19: None, 20: 0, 22: 2, 27: 7, 28: 6, 29: 7, 30: None}
    await did(course, "thank", ben, START + 22 * DAY)
    assert (await facts(course, START + 22 * DAY)).unthanked_days == 0


async def test_advice_waits_from_three_weeks_to_eight_also_beside_older_advice(course: Course) -> None:
    await course.join(10, channel=False)
    ana, ben = [await known(course, name) for name in ("Ana", "Ben")]
    await did(course, "ask", ana, START, Outcome.ADVICE)
    await did(course, "ask", ben, START + 30 * DAY, Outcome.ADVICE)
    days = {now: (await facts(course, START + now * DAY)).advice_days for now in (20, 21, 51, 56, 57, 86, 87)}
    assert days == {20: None, 21: 21, 51: 51, 56: 56, 57: 27, 86: 56, 87: None}
    await did(course, "thank", ben, START + 57 * DAY)
    assert (await facts(course, START + 57 * DAY)).advice_days is None


async def test_one_try_waits_from_a_week_on_until_there_is_an_answer_or_a_second_one(course: Course) -> None:
    await course.join(10, channel=False)
    ana, ben = [await known(course, name) for name in ("Ana", "Ben")]
    await did(course, "reply", ana, START)
    await did(course, "ask", ben, START + 2 * DAY)
    days = {now: (await facts(course, START + now * DAY)).unanswered_days for now in (6, 7, 9)}
    assert days == {6: None, 7: 7, 9: 9}
    await did(course, "follow_up", ana, START + 9 * DAY)
    assert (await facts(course, START + 9 * DAY)).unanswered_days == 7
    await did(course, "talk", ben, START + 9 * DAY)
    assert (await facts(course, START + 9 * DAY)).unanswered_days is None


async def test_an_alert_is_asked_about_after_four_weeks_and_again_four_weeks_after_it_was_kept(course: Course) -> None:
    await course.join(10, channel=False)
    for number, field in enumerate(("nursing", "teaching")):
        await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, field), START + number * DAY)
    first = (await seen(course, START)).alerts[0]
    days = {now: (await facts(course, START + now * DAY)).alert_days for now in (27, 28, 40)}
    assert days == {27: None, 28: 28, 40: 40}
    mine = (await seen(course, START)).seat.enrolment.id
    on = (START + 28 * DAY).date()
    await course.database.transact(lambda tx: network.keep_alert(tx, mine, AlertId(first.id), on))
    days = {now: (await facts(course, START + now * DAY)).alert_days for now in (28, 29, 56)}
    assert days == {28: None, 29: 28, 56: 55}
    await course.network.forget(member(10), "teaching", START)
    days = {now: (await facts(course, START + now * DAY)).alert_days for now in (55, 56)}
    assert days == {55: None, 56: 28}


# Opportunities


async def test_a_last_day_counts_from_a_week_before_it_until_it_is_over_or_sent(course: Course) -> None:
    await course.join(10, channel=False)
    later, sooner = await opening(course, START + 20 * DAY), await opening(course, START + 10 * DAY)
    days = {now: (await facts(course, START + now * DAY)).deadline_days for now in (2, 3, 10, 11, 13, 20, 21)}
    assert days == {2: None, 3: 7, 10: 0, 11: None, 13: 7, 20: 0, 21: None}
    await course.opportunities.tell(member(10), sooner, Move.SENT, START + 5 * DAY)
    await course.opportunities.tell(member(10), later, Move.DROP, START + 5 * DAY)
    assert [(await facts(course, START + now * DAY)).deadline_days for now in (5, 10, 13, 20)] == [None] * 4


async def test_what_was_sent_waits_from_ten_days_to_three_weeks_and_once_followed_up_no_more(course: Course) -> None:
    await course.join(10, channel=False)
    first, second = await opening(course), await opening(course)
    await course.opportunities.tell(member(10), first, Move.SENT, START)
    await course.opportunities.tell(member(10), second, Move.SENT, START + 5 * DAY)
    days = {now: (await facts(course, START + now * DAY)).sent_days for now in (9, 10, 21, 22, 26, 27)}
    assert days == {9: None, 10: 10, 21: 21, 22: 17, 26: 21, 27: None}
    await course.opportunities.tell(member(10), first, Move.FOLLOWED_UP, START + 16 * DAY)
    assert (await facts(course, START + 16 * DAY)).sent_days == 11
    await course.opportunities.tell(member(10), second, Move.NO, START + 16 * DAY)
    assert (await facts(course, START + 16 * DAY)).sent_days is None


@pytest.mark.parametrize(("answer", "known_as"), [(Move.YES, (True, False)), (Move.NO, (False, True))])
async def test_an_answer_is_news_for_a_week_and_until_thanks_were_said(
    course: Course, answer: Move, known_as: tuple[bool, bool]
) -> None:
    await course.join(10, channel=False)
    number = await opening(course)
    await course.opportunities.tell(member(10), number, Move.SENT, START)

    async def news(day: int) -> tuple[bool, bool]:
        now = await facts(course, START + day * DAY)
        return now.won, now.lost

    assert await news(1) == (False, False)
    await course.opportunities.tell(member(10), number, answer, START + DAY)
    assert [await news(day) for day in (1, 7, 8)] == [known_as, known_as, (False, False)]
    await course.opportunities.tell(member(10), number, Move.THANKED, START + 2 * DAY)
    assert await news(2) == (False, False)


# What came before


async def test_the_next_note_is_the_first_until_one_was_delivered(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE + 2 * DAY)  # too late: it is skipped
    await course.rounds().round()
    assert (await facts(course, course.clock())).first_note
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["skipped", "sent"]
    assert not (await facts(course, course.clock())).first_note


async def one_note(course: Course) -> None:
    """Let a member get their first note and see it."""
    await course.join(10)
    await course.set_goal(10)
    course.clock.set(DUE)
    await course.rounds().round()


async def without_notes(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(on=False), DUE + DAY)
    await course.nudges.change(member(10), SettingsChange(on=True), DUE + 4 * WEEK - DAY)


async def paused(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(pause_weeks=3), DUE + DAY)


async def paused_and_back(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(pause_weeks=6), DUE + DAY)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=0), DUE + 4 * WEEK - DAY)


async def on_a_break(course: Course) -> None:
    await taught_not(course, "2027-02-20", "2027-03-13")


async def monthly(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(every_weeks=4), DUE + DAY)


async def logging(course: Course) -> None:
    await without_notes(course)
    await logged(course, "reply", DUE + 2 * WEEK)


async def answering_items(course: Course) -> None:
    await without_notes(course)
    await course.footprint.answer(member(10), "see.search-name", Answer.FINE, DUE + 2 * WEEK)


async def logging_again(course: Course) -> None:
    await without_notes(course)
    await logged(course, "reply", DUE + 4 * WEEK - DAY)


@pytest.mark.parametrize(
    ("meanwhile", "weeks"),
    [
        (without_notes, 3),
        (logging_again, 3),
        (paused, 0),
        (paused_and_back, 0),
        (on_a_break, 0),
        (monthly, 0),
        (logging, 0),
        (answering_items, 0),
    ],
    ids=lambda one: one.__name__ if callable(one) else None,
)
async def test_somebody_is_back_when_more_weeks_than_their_rhythm_had_no_note_and_they_did_nothing_meanwhile(
    course: Course, meanwhile: Callable[[Course], Awaitable[None]], weeks: int
) -> None:
    await one_note(course)
    await meanwhile(course)
    assert (await facts(course, DUE + 4 * WEEK)).away_weeks == weeks


async def test_somebody_whose_pause_still_lasts_is_not_back(sqlite_course: Course) -> None:
    await one_note(sqlite_course)
    await sqlite_course.nudges.change(member(10), SettingsChange(pause_weeks=6), DUE + DAY)
    assert (await facts(sqlite_course, DUE + 5 * WEEK)).away_weeks == 0


async def test_nobody_is_back_before_a_first_note_or_while_notes_come(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    assert (await facts(course, START + 4 * WEEK)).away_weeks == 0
    for week in range(4):
        course.clock.set(DUE + week * WEEK)
        await course.rounds().round()
        assert (await facts(course, course.clock() + WEEK)).away_weeks == 0


# A low profile


async def test_for_a_low_profile_nothing_that_makes_them_findable_is_open_or_due(course: Course) -> None:
    await course.join(10, channel=False)
    await course.set_focus(10)
    for item in ("see.search-name", "protect.audience"):
        await course.footprint.answer(member(10), item, Answer.FINE, START)
    later = START + 90 * DAY
    usual = await facts(course, later)
    assert (usual.low_profile, usual.quick_open, usual.rechecks_due) == (False, 3, 2)
    await course.set_focus(10, season="low_profile")
    quiet = await facts(course, later)
    assert (quiet.low_profile, quiet.quick_open, quiet.rechecks_due) == (True, 2, 1)


async def test_new_accounts_are_known_until_they_are_said_to_be_new_no_more(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    await course.set_focus(10)
    known_as: list[bool] = []
    for new in (True, False):
        await course.focus.set_new_accounts(member(10), START, new=new)
        known_as.append((await facts(course, START)).new_accounts)
    assert known_as == [True, False]
