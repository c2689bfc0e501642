"""Bio checks, consent, and the budget of the AI reviewer: granted exactly as far as it goes, whoever races for it."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from bot.coaching.bios import AiOutcome, Critique, Usage
from bot.coaching.ids import EnrolmentId, GuildId, UserId
from storage import bios, tables
from storage.bios import BUDGET_KEPT, FREED_AFTER, Call, Caps, Charge, Checked, Consent, Reservation
from storage.database import Database, Tx, open_database
from tests.storage.course import DAY, ME, NOW, TODAY, enrol, open_course

AMPLE = Caps(1000, 10**9, 10**9)
TOKENS = 100
DONE = Critique(AiOutcome.OK, usage=Usage(30, 12), milliseconds=900)
USED = Charge(1, 42)
LATER = NOW + FREED_AFTER + timedelta(seconds=1)


def call(member: EnrolmentId, tokens: int = TOKENS, guild_id: int = 1) -> Call:
    return Call(member, GuildId(guild_id), tokens, "model-x", "7")


def reserved(tx: Tx, member: EnrolmentId, caps: Caps = AMPLE, at: datetime = NOW, guild_id: int = 1) -> Reservation:
    found = bios.reserve(tx, call(member, guild_id=guild_id), caps, at)
    assert found is not None
    return found


def budget(tx: Tx, on: date = TODAY) -> dict[str, tuple[int, int]]:
    """Return what is spent and what is reserved, by scope."""
    b = tables.ai_budget.c
    return {row.scope: (row.spent, row.reserved) for row in tx.execute(select(tables.ai_budget).where(b.day == on))}


def calls(tx: Tx) -> int:
    return tx.scalar(select(func.count()).select_from(tables.ai_call)) or 0


# What was checked


def test_checks_are_read_back_newest_first_and_no_more_than_asked_for(
    tx: Tx, me: EnrolmentId, other: EnrolmentId
) -> None:
    made = [Checked(TODAY + number * DAY, "x", ("B01", "B09")[:number]) for number in range(3)]
    for one in made:
        bios.add_check(tx, me, one)
    bios.add_check(tx, other, Checked(TODAY, "github", ("B22",)))
    assert bios.checks(tx, me, 2) == made[:0:-1]
    assert bios.checks(tx, me, 9) == made[::-1]


def test_all_rules_of_the_rubric_fit_beside_one_check(tx: Tx, me: EnrolmentId) -> None:
    every = Checked(TODAY, "linkedin_headline", tuple(f"B{number:02d}" for number in range(50)))
    bios.add_check(tx, me, every)
    assert bios.checks(tx, me, 1) == [every]


# Consent


def test_the_last_answer_to_the_notice_counts(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    assert bios.consent(tx, me) is None
    for given_ in (Consent("one.example", 1, NOW), Consent("two.example", 2, None), Consent("two.example", 2, NOW)):
        bios.set_consent(tx, me, given_)
        assert bios.consent(tx, me) == given_
    assert bios.consent(tx, other) is None


# Budget


def test_a_call_is_set_aside_in_all_three_scopes_and_settled_in_all_three(tx: Tx, me: EnrolmentId) -> None:
    one = reserved(tx, me)
    assert budget(tx) == {"bot": (0, TOKENS), "guild:1": (0, TOKENS), f"member:{me}": (0, 1)}
    assert bios.settle(tx, one, DONE, USED)
    assert budget(tx) == {"bot": (42, 0), "guild:1": (42, 0), f"member:{me}": (1, 0)}


def test_what_became_of_a_call_is_kept_with_it_and_not_a_word_more(tx: Tx, me: EnrolmentId) -> None:
    one = reserved(tx, me)
    bios.settle(tx, one, DONE, USED)
    row = dict(tx.execute(select(tables.ai_call)).mappings().one())
    assert row == {
        "id": one.id,
        "enrolment_id": me,
        "day": TODAY,
        "reserved_at": NOW,
        "reserved": TOKENS,
        "outcome": "ok",
        "prompt_tokens": 30,
        "completion_tokens": 12,
        "milliseconds": 900,
        "model": "model-x",
        "prompt_version": "7",
    }


def test_settling_again_changes_nothing(tx: Tx, me: EnrolmentId) -> None:
    one = reserved(tx, me)
    bios.settle(tx, one, DONE, USED)
    before = budget(tx), tx.execute(select(tables.ai_call)).all()
    assert not bios.settle(tx, one, Critique(AiOutcome.TIMEOUT), Charge(1, 99))
    assert (budget(tx), tx.execute(select(tables.ai_call)).all()) == before


def test_a_call_that_cost_nothing_gives_everything_back(tx: Tx, me: EnrolmentId) -> None:
    bios.settle(tx, reserved(tx, me), Critique(AiOutcome.RESTING), Charge(0, 0))
    assert set(budget(tx).values()) == {(0, 0)}


@pytest.mark.parametrize(
    "caps",
    [Caps(2, 10**9, 10**9), Caps(1000, 2 * TOKENS, 10**9), Caps(1000, 10**9, 2 * TOKENS)],
    ids=["member", "server", "bot"],
)
def test_whichever_cap_is_reached_the_call_is_refused_and_nothing_is_set_aside(
    tx: Tx, me: EnrolmentId, caps: Caps
) -> None:
    bios.settle(tx, reserved(tx, me, caps), Critique(AiOutcome.OK), Charge(1, TOKENS))
    reserved(tx, me, caps)
    before = budget(tx), calls(tx)
    assert bios.reserve(tx, call(me), caps, NOW) is None
    assert (budget(tx), calls(tx)) == before


@pytest.mark.parametrize(
    "caps", [Caps(0, 10**9, 10**9), Caps(9, TOKENS - 1, 10**9), Caps(9, 10**9, TOKENS - 1)], ids=str
)
def test_a_cap_below_one_call_lets_not_even_the_first_of_a_day_through(tx: Tx, me: EnrolmentId, caps: Caps) -> None:
    assert bios.reserve(tx, call(me), caps, NOW) is None
    assert (budget(tx), calls(tx)) == ({}, 0)


def test_what_was_really_used_makes_room_for_the_next(tx: Tx, me: EnrolmentId) -> None:
    caps = Caps(9, TOKENS + 42, 10**9)
    one = reserved(tx, me, caps)
    assert bios.reserve(tx, call(me), caps, NOW) is None
    bios.settle(tx, one, DONE, USED)
    reserved(tx, me, caps)


def test_a_call_that_used_more_than_was_set_aside_is_charged_in_full(tx: Tx, me: EnrolmentId) -> None:
    caps = Caps(9, 3 * TOKENS, 10**9)
    bios.settle(tx, reserved(tx, me, caps), DONE, Charge(1, 250))
    assert budget(tx)["guild:1"] == (250, 0)
    assert bios.reserve(tx, call(me), caps, NOW) is None


def test_one_servers_calls_leave_another_servers_cap_alone_and_share_the_bots(tx: Tx, me: EnrolmentId) -> None:
    there = enrol(tx, ME, 2)
    caps = Caps(9, TOKENS, 2 * TOKENS)
    reserved(tx, me, caps)
    reserved(tx, there, caps, guild_id=2)
    third = enrol(tx, ME, 3)
    assert bios.reserve(tx, call(third, guild_id=3), caps, NOW) is None


def test_the_caps_are_fresh_every_day_at_midnight_of_utc(tx: Tx, me: EnrolmentId) -> None:
    caps = Caps(1, 10**9, 10**9)
    evening = datetime(2027, 3, 3, 23, 59, 59, tzinfo=UTC)
    one = reserved(tx, me, caps, evening)
    assert bios.reserve(tx, call(me), caps, evening) is None
    reserved(tx, me, caps, evening + timedelta(seconds=1))
    bios.settle(tx, one, DONE, USED)
    member = f"member:{me}"
    assert (budget(tx)[member], budget(tx, TODAY + DAY)[member]) == ((1, 0), (0, 1))


def test_what_nobody_settled_is_free_again_after_five_minutes_and_not_before(tx: Tx, me: EnrolmentId) -> None:
    caps = Caps(1, TOKENS, TOKENS)
    reserved(tx, me, caps)
    assert bios.reserve(tx, call(me), caps, NOW + FREED_AFTER) is None
    reserved(tx, me, caps, LATER)
    assert budget(tx) == {"bot": (0, TOKENS), "guild:1": (0, TOKENS), f"member:{me}": (0, 1)}


def test_it_is_freed_once(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    reserved(tx, me)
    for minutes in range(3):
        reserved(tx, other, at=LATER + timedelta(minutes=minutes))
    assert budget(tx) == {
        "bot": (0, 3 * TOKENS),
        "guild:1": (0, 3 * TOKENS),
        f"member:{me}": (0, 0),
        f"member:{other}": (0, 3),
    }


def test_what_is_free_again_is_so_in_its_own_server_and_on_its_own_day(tx: Tx, me: EnrolmentId) -> None:
    there = enrol(tx, ME, 2)
    reserved(tx, there, guild_id=2)
    reserved(tx, me, at=LATER + DAY)
    assert set(budget(tx).values()) == {(0, 0)}
    assert budget(tx, TODAY + DAY) == {"bot": (0, TOKENS), "guild:1": (0, TOKENS), f"member:{me}": (0, 1)}


def test_a_call_that_ends_after_it_was_freed_is_charged_all_the_same(
    tx: Tx, me: EnrolmentId, other: EnrolmentId
) -> None:
    one = reserved(tx, me)
    reserved(tx, other, at=LATER)
    assert bios.settle(tx, one, DONE, USED)
    assert budget(tx) == {
        "bot": (42, TOKENS),
        "guild:1": (42, TOKENS),
        f"member:{me}": (1, 0),
        f"member:{other}": (0, 1),
    }


def test_a_settled_call_is_never_freed(tx: Tx, me: EnrolmentId) -> None:
    bios.settle(tx, reserved(tx, me), DONE, USED)
    reserved(tx, me, at=LATER)
    assert budget(tx)["bot"] == (42, TOKENS)


def test_whoever_was_erased_meanwhile_has_no_call_to_settle_and_their_budget_counts_for_the_day(
    tx: Tx, me: EnrolmentId
) -> None:
    one = reserved(tx, me)
    tx.execute(delete(tables.account).where(tables.account.c.user_id == ME))
    before = budget(tx)
    assert not bios.settle(tx, one, DONE, USED)
    assert (budget(tx), calls(tx)) == (before, 0)


def test_what_days_used_is_kept_for_a_week(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    bios.settle(tx, reserved(tx, me), DONE, USED)
    reserved(tx, other, at=NOW + BUDGET_KEPT)
    assert budget(tx) != {}
    reserved(tx, other, at=NOW + BUDGET_KEPT + DAY)
    assert budget(tx) == {}
    assert f"member:{me}" not in set(tx.scalars(select(tables.ai_budget.c.scope)))


# A script of things that happen, with the budget worked out beside it in plain numbers.
_STEPS = st.lists(
    st.tuples(st.sampled_from(("reserve", "settle", "die")), st.integers(0, 2), st.integers(0, 150)), max_size=25
)


def test_whatever_happens_no_cap_is_ever_passed_by_what_is_set_aside_and_what_was_used(database: Database) -> None:
    caps = Caps(4, 5 * 150, 6 * 150)

    @settings(max_examples=25)
    @given(_STEPS)
    def holds(steps: list[tuple[str, int, int]]) -> None:
        with database.engine.connect() as tx, tx.begin() as transaction:
            members = [enrol(tx, UserId(10 + number), 1 + number % 2) for number in range(3)]
            in_hand: list[Reservation] = []
            used = 0
            now = NOW
            for what, who, tokens in steps:
                if what == "reserve":
                    made = bios.reserve(tx, call(members[who], 150, 1 + who % 2), caps, now)
                    in_hand += [made] if made else []
                elif what == "settle" and in_hand:
                    bios.settle(tx, in_hand.pop(who % len(in_hand)), DONE, Charge(1, tokens))
                    used += tokens
                elif what == "die" and in_hand:
                    # The process that had them in hand is gone; the next one finds them after five minutes.
                    in_hand.clear()
                    now += FREED_AFTER + timedelta(seconds=1)
                    bios.reserve(tx, call(members[who], 10**9, 1 + who % 2), caps, now)
                kept = budget(tx)
                assert kept.get("bot", (0, 0)) == (used, 150 * len(in_hand))
                for scope, cap in (("bot", 900), ("guild:1", 750), ("guild:2", 750)):
                    assert sum(kept.get(scope, (0, 0))) <= cap
                assert all(sum(kept.get(f"member:{one}", (0, 0))) <= 4 for one in members)
            transaction.rollback()

    holds()


# Racing


@pytest.fixture
def racing(database_url: str) -> Iterator[list[Database]]:
    """The same database opened by several processes, as far as it can tell: each has threads of its own."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(open_database(database_url))) for _ in range(5)]


async def race(racing: list[Database], tries: list[Call], caps: Caps, at: datetime = NOW) -> list[Reservation]:
    """Let all of them try at once; return what was granted."""
    turns = [
        racing[number % len(racing)].transact(lambda tx, one=one: bios.reserve(tx, one, caps, at))
        for number, one in enumerate(tries)
    ]
    return [one for one in await asyncio.gather(*turns) if one is not None]


async def test_of_sixty_that_race_for_twenty_calls_exactly_twenty_get_one(racing: list[Database]) -> None:
    people = await racing[0].transact(lambda tx: [enrol(tx, UserId(10 + number)) for number in range(60)])
    for caps in (Caps(5, 20 * TOKENS, 10**9), Caps(5, 10**9, 20 * TOKENS)):
        granted = await race(racing, [call(one) for one in people], caps)
        assert len(granted) == 20
        kept = await racing[0].read(budget)
        assert (kept["bot"], kept["guild:1"]) == ((0, 20 * TOKENS), (0, 20 * TOKENS))
        assert sum(reserved for scope, (_, reserved) in kept.items() if scope.startswith("member:")) == 20
        for one in granted:
            await racing[1].transact(lambda tx, one=one: bios.settle(tx, one, DONE, Charge(0, 0)))


async def test_of_sixty_tries_of_one_member_at_once_five_get_through(racing: list[Database]) -> None:
    member = await racing[0].transact(lambda tx: enrol(tx, ME))
    granted = await race(racing, [call(member)] * 60, Caps(5, 10**9, 10**9))
    assert len(granted) == len({one.id for one in granted}) == 5


async def test_nobody_waits_for_each_other_while_freeing_reserving_and_settling(racing: list[Database]) -> None:
    people = await racing[0].transact(
        lambda tx: [enrol(tx, UserId(10 + number), 1 + number % 3) for number in range(30)]
    )
    tries = [call(one, guild_id=1 + number % 3) for number, one in enumerate(people)]
    left = await race(racing, tries, AMPLE)
    assert len(left) == 30

    async def settle(one: Reservation, database: Database) -> None:
        await database.transact(lambda tx: bios.settle(tx, one, DONE, USED))

    # Half of them end late, while others find what they left and make calls of their own, on the next day too.
    ends = [settle(one, racing[number % 5]) for number, one in enumerate(left[::2])]
    again, _, tomorrow = await asyncio.gather(
        race(racing, tries, AMPLE, LATER), asyncio.gather(*ends), race(racing, tries, AMPLE, LATER + DAY)
    )
    assert (len(again), len(tomorrow)) == (30, 30)
    # How many of today's were found to be left depends on the race; that none was lost or counted twice does not.
    kept = await racing[0].read(budget)
    assert kept["bot"][0] == 15 * 42
    assert kept["bot"] == tuple(map(sum, zip(*(kept[f"guild:{number}"] for number in (1, 2, 3)), strict=True)))
    assert kept["bot"][1] % TOKENS == 0
    members = [kept[f"member:{one}"] for one in people]
    assert sum(reserved for _, reserved in members) * TOKENS == kept["bot"][1]
    assert all(spent >= 0 <= reserved for spent, reserved in kept.values())


# How it went


def test_outcomes_are_counted_in_one_course_and_from_a_day_on(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    there = enrol(tx, ME, 2)
    for member, outcome, days, guild_id in (
        (me, AiOutcome.OK, 0, 1),
        (other, AiOutcome.OK, 1, 1),
        (me, AiOutcome.TIMEOUT, 1, 1),
        (me, AiOutcome.BUSY, -1, 1),
        (there, AiOutcome.CONFIG, 0, 2),
    ):
        one = reserved(tx, member, at=NOW + days * DAY, guild_id=guild_id)
        bios.settle(tx, one, Critique(outcome), Charge(0, 0))
    reserved(tx, me)
    assert bios.outcomes(tx, open_course(tx), TODAY) == {AiOutcome.OK: 2, AiOutcome.TIMEOUT: 1}
    assert bios.outcomes(tx, open_course(tx, 2), TODAY) == {AiOutcome.CONFIG: 1}


def test_the_latest_outcome_among_some_is_the_last_calls_that_had_one_of_them(tx: Tx, me: EnrolmentId) -> None:
    course = open_course(tx)
    among = (AiOutcome.OK, AiOutcome.QUOTA)
    assert bios.latest_of(tx, course, among, TODAY) is None
    for outcome, latest in (
        (AiOutcome.OK, AiOutcome.OK),
        (AiOutcome.QUOTA, AiOutcome.QUOTA),
        (AiOutcome.RESTING, AiOutcome.QUOTA),
        (AiOutcome.OK, AiOutcome.OK),
    ):
        bios.settle(tx, reserved(tx, me), Critique(outcome), Charge(0, 0))
        assert bios.latest_of(tx, course, among, TODAY) is latest
    assert bios.latest_of(tx, course, among, TODAY + DAY) is None
    assert bios.latest_of(tx, open_course(tx, 2), among, TODAY) is None
