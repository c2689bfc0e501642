"""The weekly turn: figures are taken once, on Monday morning, and from then on nothing of them changes."""

import asyncio
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot.coaching.figures import WHOLE_CLASS, Figures, Week
from bot.coaching.ids import GuildId, UserId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.nudges import NudgeKind
from bot.coaching.small_groups import BATCH, Band
from bot.services.digest import owe_digests
from bot.services.turns import Turns, next_turn
from storage import cohort as cohorts
from storage import figures, tables
from storage.database import Tx
from tests.services.course import DUE, TERM_START, WEEK, ZONE, Course, at, counted_statements, member, teacher
from tests.services.fakes import Answer

FIRST_TURN = at(TERM_START + timedelta(days=7), 8)
A, B = 901, 902
FAR_ZONES = ("Pacific/Kiritimati", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Pacific/Honolulu")


async def kept(course: Course, section: int = WHOLE_CLASS) -> list[Week]:
    def work(tx: Tx) -> list[Week]:
        cohort = cohorts.open_in(tx, course.guild_id)
        assert cohort is not None
        return figures.weeks(tx, cohort.id, section)

    return await course.database.read(work)


async def turned(course: Course, when: datetime) -> None:
    course.clock.set(when)
    await course.rounds().round()


async def change(course: Course, statement: object) -> None:
    await course.database.transact(lambda tx: tx.execute(statement))  # type: ignore[call-overload]


def test_a_turn_is_on_the_next_monday_at_eight_of_the_courses_wall_clock() -> None:
    assert next_turn(at(TERM_START, 7, 59), ZONE) == at(TERM_START, 8)
    assert next_turn(at(TERM_START, 8), ZONE) == FIRST_TURN
    # The clocks go forward in the night to Sunday 28 March.
    assert next_turn(at(TERM_START + timedelta(days=41), 12), ZONE) == at(TERM_START + timedelta(days=42), 8)


async def test_figures_are_taken_on_monday_morning_and_count_what_the_week_before_brought(course: Course) -> None:
    people = range(100, 120)
    await course.join(*people, channel=False)
    for number in people[:12]:
        await course.set_goal(number)
    for number in people[:8]:
        await course.log.log(member(number), ActionDraft("talk", outcome=Outcome.ADVICE), course.clock())
    await turned(course, FIRST_TURN - timedelta(minutes=1))
    assert await kept(course) == []
    await turned(course, FIRST_TURN)
    (week,) = await kept(course)
    assert (week.week, week.figures.counted) == (TERM_START + WEEK, 20)
    assert week.figures.shares["goal"] == week.figures.shares["plan"] == Band(10, 15, 20)
    assert week.figures.shares["active"] == week.figures.shares["exchange"] == Band(5, 9, 20)
    assert week.figures.shares["met"] == Band(0, 4, 20)
    assert week.figures.kinds["connect"] == Band(10, 15, 20)


async def test_nothing_that_happens_until_the_next_turn_changes_what_is_kept(course: Course) -> None:
    await course.join(*range(100, 112), channel=False)
    await turned(course, FIRST_TURN)
    before = await kept(course)
    for number in range(100, 112):
        await course.set_goal(number)
    await turned(course, FIRST_TURN + timedelta(days=6))
    assert await kept(course) == before
    await turned(course, FIRST_TURN + WEEK)
    assert len(await kept(course)) == 2


async def test_turns_missed_while_nothing_ran_are_skipped_and_the_running_week_has_its_figures(course: Course) -> None:
    await course.join(*range(100, 112), channel=False)
    await turned(course, FIRST_TURN)
    await turned(course, FIRST_TURN + 3 * WEEK + timedelta(days=2))
    assert [one.week for one in await kept(course)] == [TERM_START + WEEK, TERM_START + 4 * WEEK]
    await turned(course, FIRST_TURN + 4 * WEEK)
    assert [one.week for one in await kept(course)][-1] == TERM_START + 5 * WEEK


@pytest.mark.parametrize("seed", range(3))
async def test_every_week_has_its_figures_and_its_digest_once_however_the_zone_changes(
    sqlite_course: Course, seed: int
) -> None:
    course, chance = sqlite_course, Random(seed)
    await course.digests.ask(teacher(), course.clock())
    taken, turns = TERM_START, Turns(course.content, (owe_digests,))
    while taken < TERM_START + 6 * WEEK:
        taken += WEEK
        # From the evening before the first zone's Monday to the morning after the last one's.
        hours = [at(taken, 0, zone="UTC") + timedelta(hours=hour) for hour in range(-30, 40)]
        changes = {hour: chance.choice(FAR_ZONES) for hour in chance.sample(hours, chance.randrange(4))}
        for hour in hours:
            course.clock.set(hour)
            if hour in changes:
                await course.open(time_zone=changes[hour])
            for due in await course.database.read(lambda tx, now=hour: turns.due(tx, now)):
                await course.database.transact(lambda tx, due=due, now=hour: turns.take(tx, due, now))
    mondays = [TERM_START + week * WEEK for week in range(1, 7)]
    assert [one.week for one in await kept(course)] == mondays
    assert [row.period for row in await course.rows(kind=NudgeKind.DIGEST)] == [one.isoformat() for one in mondays]


async def test_several_processes_take_a_turn_once(course: Course) -> None:
    await course.join(*range(100, 112), channel=False)
    ran: list[int] = []
    turns = Turns(course.content, [lambda _tx, cohort, _now: ran.append(cohort.id)])
    (due,) = await course.database.read(lambda tx: turns.due(tx, FIRST_TURN))
    await asyncio.gather(
        *(course.database.transact(lambda tx: turns.take(tx, due, FIRST_TURN)) for _ in range(4)),
    )
    assert len(ran) == 1
    assert len(await kept(course)) == 1


@pytest.mark.parametrize("column", ["closed_at", "away_since"])
async def test_a_course_that_is_closed_or_without_the_bot_takes_no_turn(course: Course, column: str) -> None:
    await course.join(*range(100, 112), channel=False)
    await change(course, tables.cohort.update().values({column: course.clock()}))
    assert await course.database.read(lambda tx: Turns(course.content).due(tx, FIRST_TURN)) == []


async def test_a_course_from_before_turns_gets_its_first_one_on_the_next_monday(course: Course) -> None:
    await course.join(*range(100, 112), channel=False)
    await change(course, tables.cohort.update().values(turn_at=None))
    await turned(course, FIRST_TURN - timedelta(days=2))
    assert await kept(course) == []
    await turned(course, FIRST_TURN)
    assert len(await kept(course)) == 1


async def test_a_turn_takes_as_many_statements_for_fifty_members_as_for_twelve(course: Course) -> None:
    counts: list[int] = []
    turns = Turns(course.content)
    for week, people in enumerate((range(100, 112), range(200, 250))):
        await course.join(*people, channel=False)
        now = FIRST_TURN + week * WEEK
        (due,) = await course.database.read(lambda tx, now=now: turns.due(tx, now))
        with counted_statements(course.database) as seen:
            await course.database.transact(lambda tx, due=due, now=now: turns.take(tx, due, now))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


async def test_a_member_is_counted_in_the_first_section_whose_role_they_have(course: Course) -> None:
    cohort = await course.open()
    await course.database.transact(lambda tx: figures.set_sections(tx, cohort.id, [B, A]))
    await course.join(*range(100, 124), channel=False)
    for number in range(100, 124):
        course.messenger.has_roles[UserId(number)] = frozenset({7, A, B} if number < 112 else {B})
    for minute in range(12):
        await turned(course, FIRST_TURN + timedelta(hours=2, minutes=minute))
    # Looked up a week after they joined; shown by section from the Monday on that follows the one on which they moved.
    await turned(course, FIRST_TURN + WEEK)
    await turned(course, FIRST_TURN + 2 * WEEK)
    assert [(await kept(course, role))[-1].figures.counted for role in (A, B)] == [12, 12]


async def test_what_became_of_a_weeks_notes_is_told_of_people_and_a_missed_note_outweighs_those_that_arrived(
    course: Course,
) -> None:
    people = range(100, 124)
    await course.join(*people)
    for number in people[:12]:
        course.messenger.always["send", UserId(number)] = Answer.CLOSED
    for number in people[18:]:
        await change(course, tables.nudge.delete().where(tables.nudge.c.user_id == number))
        await change(
            course,
            tables.enrolment.update()
            .where(tables.enrolment.c.user_id == number)
            .values(nudges_on=False, next_nudge_at=None),
        )
    for minute in range(10):
        await turned(course, DUE + timedelta(minutes=minute))
    found: dict[int, set[str]] = {}
    for row in await course.rows():
        found.setdefault(row.user_id, set()).add(row.state)
    assert found == {number: {"sent", "held"} if number < 112 else {"sent"} for number in people[:18]}
    await turned(course, FIRST_TURN)
    (week,) = await kept(course)
    assert week.figures.delivery == {"sent": Band(5, 9, 24), "held": Band(10, 14, 24), "none": Band(5, 9, 24)}


async def test_of_fewer_than_ten_people_nothing_is_kept_of_their_notes(course: Course) -> None:
    await course.join(*range(100, 109))
    await turned(course, DUE)
    await turned(course, FIRST_TURN)
    (week,) = await kept(course)
    assert week.figures == Figures(9)


async def test_a_week_kept_before_a_figure_was_thought_of_is_read_without_it(course: Course) -> None:
    cohort = await course.open()
    old = '{"shares":{"goal":[0,4,12]},"acts":{},"kinds":{},"obstacles":{},"checklist":{},"sent":10,"held":0}'
    row = {"cohort_id": cohort.id, "section_role_id": 0, "week": TERM_START, "counted": 12, "figures": old}
    await change(course, tables.cohort_week.insert().values(row))
    (week,) = await kept(course)
    assert week.figures == Figures(12, {"goal": Band(0, 4, 12)})


async def test_another_servers_members_count_nowhere_else(course: Course) -> None:
    other = Course(course.database, course.content, GuildId(701))
    await other.open(name="Elsewhere")
    await course.join(*range(100, 112), channel=False)
    for number in range(300, 330):
        caller = member(number, guild_id=other.guild_id, audience="anyone")
        await other.members.join(caller, None, course.clock())
    await turned(course, FIRST_TURN)
    assert [one.figures.counted for one in await kept(course)] == [12]
    assert [one.figures.counted for one in await kept(other)] == [30]


async def counted(course: Course) -> set[int]:
    e = tables.enrolment.c
    return set(await course.database.read(lambda tx: tx.scalars(select(e.user_id).where(e.counted.is_(True))).all()))


async def erase(course: Course, user_id: int) -> None:
    """Erase a member as the members' rights do: the course remembers that somebody counted is gone."""
    e, c = tables.enrolment.c, tables.cohort.c

    def work(tx: Tx) -> None:
        row = tx.execute(select(e.cohort_id, e.counted).where(e.user_id == user_id)).one()
        tx.execute(
            tables.cohort.update().where(c.id == row.cohort_id).values(counted_lost=c.counted_lost + int(row.counted))
        )
        tx.execute(tables.account.delete().where(tables.account.c.user_id == user_id))

    await course.database.transact(work)


async def test_who_waits_because_of_an_erasure_is_not_counted_again_before_five_are_gone(course: Course) -> None:
    await course.join(*range(100, 120), channel=False)
    await turned(course, FIRST_TURN)
    first = await counted(course)
    assert len(first) == 20
    await erase(course, 100)
    await turned(course, FIRST_TURN + WEEK)
    without = await counted(course)
    assert len(without) == 15
    await course.join(*range(200, 206), channel=False)
    for week in (2, 3):
        await turned(course, FIRST_TURN + week * WEEK)
        assert await counted(course) == without
    for user_id in sorted(without)[:4]:
        await erase(course, user_id)
    await turned(course, FIRST_TURN + 4 * WEEK)
    last = await counted(course)
    assert len(first - last) >= BATCH
    assert set(range(200, 206)) <= last


async def test_a_small_class_shows_nothing_more_after_an_erasure_rather_than_a_class_without_one(
    course: Course,
) -> None:
    await course.join(*range(100, 111), channel=False)
    await turned(course, FIRST_TURN)
    assert (await kept(course))[-1].figures.shares
    await erase(course, 100)
    for week in (1, 2, 3):
        await turned(course, FIRST_TURN + week * WEEK)
        assert not (await kept(course))[-1].figures.shares


@pytest.mark.parametrize("seed", range(3))
async def test_however_people_join_leave_and_are_erased_no_fewer_than_five_come_or_go_at_once(
    course: Course, seed: int
) -> None:
    chance = Random(seed)
    users = iter(range(100, 400))
    here = [next(users) for _ in range(14)]
    await course.join(*here, channel=False)
    await turned(course, FIRST_TURN)
    before, weeks = await counted(course), (await kept(course))[-1]
    assert weeks.figures.counted == 14
    for week in range(1, 8):
        new = [next(users) for _ in range(chance.randrange(5))]
        if new:
            await course.join(*new, channel=False)
        here += new
        for _ in range(chance.randrange(3)):
            await erase(course, here.pop(chance.randrange(len(here))))
        if chance.random() < 0.6:
            course.messenger.left.add(UserId(chance.choice(here)))
            left = [int(one) for one in course.messenger.left]
            statement = tables.enrolment.update().where(tables.enrolment.c.user_id.in_(left))
            await change(course, statement.values(set_aside_at=course.clock()))
        await turned(course, FIRST_TURN + week * WEEK)
        now = await counted(course)
        # Also when there were weeks in between in which the class was too small.
        if (await kept(course))[-1].figures.shares:
            assert len(now - before) == 0 or len(now - before) >= BATCH
            assert len(before - now) == 0 or len(before - now) >= BATCH
            assert (await kept(course))[-1].figures.counted == len(now)
            before = now


async def leave(course: Course, *users: int) -> None:
    e = tables.enrolment.c
    await change(course, tables.enrolment.update().where(e.user_id.in_(users)).values(set_aside_at=course.clock()))


async def test_who_is_counted_changes_in_every_other_week_at_most(course: Course) -> None:
    await course.join(*range(100, 112), channel=False)
    sizes: list[int] = []
    for week in range(5):
        await turned(course, FIRST_TURN + week * WEEK)
        sizes.append((await kept(course))[-1].figures.counted)
        await course.join(*range(200 + 10 * week, 205 + 10 * week), channel=False)
    assert sizes == [12, 17, 17, 27, 27]


async def test_an_erasure_right_after_others_came_leaves_a_week_out_rather_than_showing_a_third_class(
    course: Course,
) -> None:
    await course.join(*range(100, 120), channel=False)
    await turned(course, FIRST_TURN)
    await course.join(*range(200, 205), channel=False)
    await turned(course, FIRST_TURN + WEEK)
    await erase(course, 100)
    await turned(course, FIRST_TURN + 2 * WEEK)
    assert len(await kept(course)) == 2
    await turned(course, FIRST_TURN + 3 * WEEK)
    assert [one.figures.counted for one in await kept(course)] == [20, 25, 20]


async def test_a_class_that_was_too_small_for_a_week_is_shown_again_when_five_others_are_counted(
    course: Course,
) -> None:
    await course.join(*range(100, 114), channel=False)
    await turned(course, FIRST_TURN)
    first = await counted(course)
    await leave(course, *range(100, 105))
    await turned(course, FIRST_TURN + WEEK)
    assert not (await kept(course))[-1].figures.shares
    # Four are back and one is new: beside the first week, that would tell of the new one and of who is not back.
    await change(course, tables.enrolment.update().where(tables.enrolment.c.user_id > 100).values(set_aside_at=None))
    await course.join(200, channel=False)
    await turned(course, FIRST_TURN + 2 * WEEK)
    assert await counted(course) == first
    assert (await kept(course))[-1].figures.shares
