"""Opportunities: kept, moved on, logged on the way, and nobody else's."""

from datetime import date, timedelta

import pytest

from bot.coaching.cohort import Notice
from bot.coaching.errors import (
    Refusal,
    TextMissing,
    TextTooLong,
    TooManyOpportunities,
    UnknownOpportunity,
)
from bot.coaching.ids import GuildId, OpportunityId
from bot.coaching.opportunities import (
    MOST_OPEN,
    MOVES,
    Move,
    Opportunity,
    OpportunityDraft,
    OpportunityKind,
    OpportunityState,
    Source,
    next_moves,
    transition,
)
from bot.services.nudges import SettingsChange
from bot.services.opportunities import LISTED, Moved
from storage import members
from storage import opportunities as openings
from tests.services.course import START, WEEK, Course, at, member

DAY = timedelta(days=1)
TODAY = START.date()
DRAFT = OpportunityDraft("Placement at the clinic", OpportunityKind.INTERNSHIP)


@pytest.fixture
async def course(sqlite_course: Course) -> Course:
    """A course with two members; what differs between the databases is tested with the store, and with races."""
    await sqlite_course.join(10, 11, channel=False)
    return sqlite_course


async def kept(course: Course, user_id: int = 10, draft: OpportunityDraft = DRAFT) -> OpportunityId:
    return (await course.opportunities.add(member(user_id), draft, START)).opportunity.id


async def told(course: Course, number: OpportunityId, *moves: Move) -> Moved:
    """Do moves one day after the other, from the day after the start on, and return the last one's answer."""
    answers = [
        await course.opportunities.tell(member(10), number, move, START + (n + 1) * DAY) for n, move in enumerate(moves)
    ]
    return answers[-1]


async def log_kinds(course: Course) -> list[str]:
    return [row[3] for row in (await course.everything())["action"]]


async def put(course: Course, number: OpportunityId, state: OpportunityState, on: date = TODAY) -> None:
    await course.database.transact(lambda tx: openings.set_state(tx, number, state, on))


def in_state(state: OpportunityState, *, followed: bool = False, thanked: bool = False) -> Opportunity:
    days = (TODAY if followed else None, TODAY if thanked else None)
    return Opportunity(OpportunityId(1), "A job", OpportunityKind.JOB, None, None, state, TODAY, TODAY, *days)


# The table


def test_repeated_move_does_nothing_more() -> None:
    for state in OpportunityState:
        for move, follows in MOVES[state].items():
            after = in_state(follows.state, followed=move is Move.FOLLOWED_UP, thanked=move is Move.THANKED)
            assert transition(after, move) is None, f"{state} {move}"


def test_every_state_has_a_way_on_and_is_reached() -> None:
    assert MOVES.keys() == set(OpportunityState)
    assert {move for moves in MOVES.values() for move in moves} == set(Move)
    reached = {follows.state for moves in MOVES.values() for follows in moves.values()}
    assert reached == set(OpportunityState) - {OpportunityState.SPOTTED}
    for state in OpportunityState:
        assert next_moves(in_state(state, followed=True, thanked=True)), state


# Keeping


async def test_opportunity_is_spotted_today_on_the_members_calendar(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Kiritimati"), START)
    draft = OpportunityDraft("  A   night shift ", OpportunityKind.JOB, Source.CONTACT, date(2027, 3, 1))
    view = await course.opportunities.add(member(10), draft, at(TODAY, 23))
    one = view.opportunity
    assert (one.title, one.kind, one.source, one.due_on) == (
        "A night shift",
        OpportunityKind.JOB,
        Source.CONTACT,
        date(2027, 3, 1),
    )
    assert (one.state, one.state_on) == (OpportunityState.SPOTTED, TODAY + DAY)
    assert view.today == TODAY + DAY
    assert await course.opportunities.get(member(10), one.id, at(TODAY, 23)) == view


@pytest.mark.parametrize(("refusal", "title"), [(TextMissing, "  \u200b "), (TextTooLong, "x" * 61)])
async def test_refused_title_changes_nothing(course: Course, refusal: type[Refusal], title: str) -> None:
    number = await kept(course)
    before = await course.everything()
    draft = OpportunityDraft(title, OpportunityKind.JOB)
    with pytest.raises(refusal):
        await course.opportunities.add(member(10), draft, START + WEEK)
    with pytest.raises(refusal):
        await course.opportunities.change(member(10), number, draft, START + WEEK)
    assert await course.everything() == before


async def test_change_keeps_state_and_days(course: Course) -> None:
    number = await kept(course)
    await told(course, number, Move.SENT, Move.FOLLOWED_UP)
    draft = OpportunityDraft("Ward nine", OpportunityKind.JOB, Source.ALERT, TODAY)
    one = (await course.opportunities.change(member(10), number, draft, START + 3 * DAY)).opportunity
    assert (one.title, one.kind, one.source, one.due_on) == ("Ward nine", OpportunityKind.JOB, Source.ALERT, TODAY)
    assert (one.state, one.sent_on, one.followed_on) == (OpportunityState.SENT, TODAY + DAY, TODAY + 2 * DAY)


async def test_open_opportunities_are_limited_to_a_menu(course: Course) -> None:
    numbers = [await kept(course) for _ in range(MOST_OPEN)]
    before = await course.everything()
    for refused in (
        course.opportunities.add(member(10), DRAFT, START),
        course.opportunities.check_room(member(10), START),
    ):
        with pytest.raises(TooManyOpportunities):
            await refused
    assert await course.everything() == before
    await kept(course, 11)
    await course.opportunities.tell(member(10), numbers[0], Move.DROP, START)
    await course.opportunities.check_room(member(10), START)
    await kept(course)


async def test_full_list_refuses_reopening_but_not_putting_back(course: Course) -> None:
    number = await kept(course)
    await told(course, number, Move.DROP)
    still_open, *_ = [await kept(course) for _ in range(MOST_OPEN)]
    before = await course.everything()
    with pytest.raises(TooManyOpportunities):
        await course.opportunities.tell(member(10), number, Move.REOPEN, START)
    assert await course.everything() == before
    answer = await told(course, still_open, Move.SENT, Move.REOPEN)
    assert (answer.changed, answer.view.opportunity.state) == (True, OpportunityState.PREPARING)


# The list


async def test_list_sorts_open_by_last_day_and_closed_newest_first(course: Course) -> None:
    plans = (
        ("no day, older", None),
        ("late", date(2027, 5, 1)),
        ("soon, older", date(2027, 3, 1)),
        ("soon, newer", date(2027, 3, 1)),
        ("no day, newer", None),
    )
    for title, due in plans:
        await kept(course, draft=OpportunityDraft(title, OpportunityKind.JOB, None, due))
    for number, day in ((await kept(course), 3), (await kept(course), 1), (await kept(course), 2)):
        await put(course, number, OpportunityState.DROPPED, TODAY + day * DAY)
    listed = await course.opportunities.show(member(10), START + 3 * DAY)
    assert [one.title for one in listed.open] == [
        "soon, older",
        "soon, newer",
        "late",
        "no day, older",
        "no day, newer",
    ]
    assert [(one.state_on - TODAY).days for one in listed.closed] == [3, 2, 1]


async def test_closed_opportunities_leave_the_list_and_open_ones_stay(course: Course) -> None:
    number = await kept(course)
    still = await kept(course)
    await told(course, number, Move.PASSED_ON)
    last = START + DAY + LISTED
    assert [one.id for one in (await course.opportunities.show(member(10), last)).closed] == [number]
    after = await course.opportunities.show(member(10), last + DAY)
    assert ([one.id for one in after.open], after.closed) == ([still], ())
    with pytest.raises(UnknownOpportunity):
        await course.opportunities.find(member(10), str(number), last + DAY)
    # Its own card still works, and brings it back.
    assert (await course.opportunities.tell(member(10), number, Move.REOPEN, last + DAY)).changed


async def test_opportunity_is_found_by_number_or_title(course: Course) -> None:
    numbers = [await kept(course, draft=OpportunityDraft(title, OpportunityKind.JOB)) for title in ("Ward nine", "1")]
    find = course.opportunities.find
    assert (await find(member(10), str(numbers[0]), START)).opportunity.id == numbers[0]
    assert (await find(member(10), " WARD nine ", START)).opportunity.id == numbers[0]
    for unknown in ("Ward", "", "999", "⁹"):
        with pytest.raises(UnknownOpportunity):
            await find(member(10), unknown, START)
    with pytest.raises(UnknownOpportunity):
        await find(member(11), "Ward nine", START)


# Moves


async def test_every_move_in_every_state_follows_the_table(course: Course) -> None:
    now = START + DAY
    await course.opportunities.get(member(10), await kept(course), now)  # so that no touch is due any more
    for state in OpportunityState:
        for move in Move:
            number = await kept(course)
            await put(course, number, state)
            before, kinds = await course.everything(), await log_kinds(course)
            answer = await course.opportunities.tell(member(10), number, move, now)
            follows = MOVES[state].get(move)
            assert answer.changed is (follows is not None), f"{state} {move}"
            if follows is None:
                assert answer.view.opportunity.state is state
                assert answer.logged is None
                assert await course.everything() == before, f"{state} {move}"
            else:
                assert answer.view.opportunity.state is follows.state
                assert await log_kinds(course) == kinds + [follows.logs] * (follows.logs is not None)
                assert (answer.logged and answer.logged.kind.id) == follows.logs
            await course.opportunities.forget(member(10), number, now)


async def test_opportunity_stores_the_day_of_each_step(course: Course) -> None:
    number = await kept(course)
    answer = await told(course, number, Move.PREPARING, Move.SENT, Move.FOLLOWED_UP, Move.YES, Move.THANKED)
    one = answer.view.opportunity
    assert (one.state, one.state_on) == (OpportunityState.YES, TODAY + 4 * DAY)
    assert (one.sent_on, one.followed_on, one.thanked_on) == (TODAY + 2 * DAY, TODAY + 3 * DAY, TODAY + 5 * DAY)
    assert await log_kinds(course) == ["apply", "follow_up", "thank"]


async def test_words_fit_the_message_that_may_come_next(course: Course) -> None:
    found: dict[tuple[Move, ...], str | None] = {}
    for moves in ((), (Move.SENT,), (Move.SENT, Move.FOLLOWED_UP), (Move.SENT, Move.YES), (Move.SENT, Move.NO)):
        number = await kept(course)
        for move in moves:
            await told(course, number, move)
        words = (await course.opportunities.get(member(10), number, START)).words
        found[moves] = words and words.id
        if len(moves) == 2 and words:
            await told(course, number, Move.THANKED)
            assert (await course.opportunities.get(member(10), number, START)).words is None
    assert list(found.values()) == [None, "follow_up", None, "thank", "advice"]


# Whose


async def test_nobody_reaches_another_members_opportunity(course: Course) -> None:
    number = await kept(course)
    await course.opportunities.show(member(11), START)
    before = await course.everything()
    acts = course.opportunities
    for stranger, which in ((11, number), (10, OpportunityId(999))):
        who = member(stranger)
        for attempt in (
            acts.get(who, which, START),
            acts.find(who, str(which), START),
            acts.change(who, which, DRAFT, START),
            acts.forget(who, which, START),
            *(acts.tell(who, which, move, START) for move in Move),
        ):
            with pytest.raises(UnknownOpportunity):
                await attempt
    assert await course.everything() == before
    assert (await acts.show(member(11), START)).open == ()


async def test_forgotten_opportunity_leaves_the_log_without_a_trace(course: Course) -> None:
    number = await kept(course)
    await told(course, number, Move.SENT, Move.YES, Move.THANKED)
    await course.opportunities.forget(member(10), number, START)
    found = await course.everything()
    assert found["opportunity"] == []
    assert await log_kinds(course) == ["apply", "thank"]
    assert DRAFT.title not in repr(found)
    with pytest.raises(UnknownOpportunity):
        await course.opportunities.forget(member(10), number, START)


# While one types


async def test_suggestions_are_own_with_open_ones_first(course: Course) -> None:
    closed = await kept(course)
    first = await kept(course, draft=OpportunityDraft("Later", OpportunityKind.JOB))
    soon = await kept(course, draft=OpportunityDraft("Soon", OpportunityKind.JOB, None, TODAY))
    await put(course, closed, OpportunityState.NO)
    await kept(course, 11)
    assert [one.id for one in await course.opportunities.titles(member(10), START)] == [soon, first, closed]
    assert await course.opportunities.titles(member(12), START) == ()
    assert await course.opportunities.titles(member(12, dm=True), START) == ()
    assert await course.opportunities.titles(member(10, guild_id=GuildId(999)), START) == ()


async def test_typing_records_nothing_and_uses_up_no_notice(course: Course) -> None:
    await kept(course)
    await course.database.transact(lambda tx: members.set_dm_closed(tx, member(10).user_id, START))
    before = await course.everything()
    notices: list[Notice] = []
    assert len(await course.opportunities.titles(member(10, notices=notices), START + WEEK)) == 1
    assert notices == []
    assert await course.everything() == before
    await course.opportunities.show(member(10, notices=notices), START + WEEK)
    assert notices == [Notice.DMS_CLOSED]
