from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.cohort import Enrolment
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from bot.coaching.nudges import (
    LATE_AFTER,
    TOO_LATE_AFTER,
    Lateness,
    NudgeKey,
    NudgeKind,
    Recipient,
    Situation,
    choose_text,
    filled,
    gap_after,
    lateness,
    nonce,
    placeholders,
    planned,
    rendered,
)
from bot.coaching.weeks import Break, BreakKind, Calendar, Wish

DUE = datetime(2027, 3, 1, 15, tzinfo=UTC)


def key(number: int) -> NudgeKey:
    """Return the key of some account's nudge."""
    return NudgeKey(Recipient(CohortId(1), UserId(number)), NudgeKind.WEEKLY, "2027-03-01")


NUDGE_KEYS = st.builds(
    NudgeKey,
    st.builds(Recipient, st.integers(1, 2**63 - 1).map(CohortId), st.integers(1, 2**63 - 1).map(UserId)),
    st.sampled_from(NudgeKind),
    st.dates().map(date.isoformat),
)
GREETING = Situation(
    "greeting", {"greeting.1": "Hi {n}.", "greeting.2": "Hi {n}, {field}?", "greeting.3": "Hi {n}: {goal}"}, ()
)


# How late


@pytest.mark.parametrize(
    ("late", "word"),
    [
        (timedelta(hours=-1), Lateness.ON_TIME),
        (timedelta(0), Lateness.ON_TIME),
        (LATE_AFTER, Lateness.ON_TIME),
        (LATE_AFTER + timedelta(seconds=1), Lateness.LATE),
        (TOO_LATE_AFTER, Lateness.LATE),
        (TOO_LATE_AFTER + timedelta(seconds=1), Lateness.TOO_LATE),
    ],
)
def test_a_nudge_is_late_after_an_hour_and_too_late_after_a_day(late: timedelta, word: Lateness) -> None:
    assert lateness(DUE, DUE + late) is word


@given(NUDGE_KEYS, NUDGE_KEYS)
def test_a_nonce_fits_discord_and_belongs_to_one_nudge(one: NudgeKey, other: NudgeKey) -> None:
    assert len(nonce(one)) <= 25
    assert (nonce(one) == nonce(other)) == (one == other)


# When it is planned

MEMBER = Enrolment(
    id=EnrolmentId(1),
    cohort_id=CohortId(1),
    user_id=UserId(5),
    joined_at=DUE,
    active_at=DUE,
    wish=Wish(0, 16, "Europe/Berlin"),
    nudges_on=True,
    pause_until=None,
    next_nudge=None,
)
TERM = Calendar(date(2027, 2, 15), date(2027, 6, 4))


def member(*, nudges_on: bool = True, pause_until: date | None = None) -> Enrolment:
    return Enrolment(
        MEMBER.id, MEMBER.cohort_id, MEMBER.user_id, DUE, DUE, MEMBER.wish, nudges_on, pause_until, next_nudge=None
    )


@given(st.datetimes(datetime(2027, 1, 1), datetime(2027, 7, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the strategy adds the zone
def test_nothing_is_planned_for_a_member_who_turned_nudges_off(after: datetime) -> None:
    assert planned(member(nudges_on=False), TERM, after=after, last_week=None, jitter_limit=20) is None


@given(st.dates(date(2027, 1, 1), date(2027, 7, 1)), st.dates(date(2027, 1, 1), date(2027, 7, 1)))
def test_nothing_is_planned_before_a_pause_ends(today: date, pause_until: date) -> None:
    after = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    due = planned(member(pause_until=pause_until), TERM, after=after, last_week=None, jitter_limit=20)
    without = planned(member(), TERM, after=after, last_week=None, jitter_limit=20)
    if due is not None:
        assert due.at.astimezone(ZoneInfo(MEMBER.wish.zone)).date() >= pause_until
        assert without is not None
        assert without.at <= due.at
    elif without is not None:
        assert pause_until > TERM.ends_on - timedelta(days=7)


def test_a_pause_that_ends_on_the_members_own_day_does_not_cost_that_weeks_nudge() -> None:
    due = planned(member(pause_until=date(2027, 3, 8)), TERM, after=DUE, last_week=None, jitter_limit=0)
    assert due is not None
    assert due.at == datetime(2027, 3, 8, 15, tzinfo=UTC)


# What it says


def test_a_text_is_filled_with_what_is_known() -> None:
    assert rendered(Situation("s", {"s.1": "\nHi {n}.\n"}, ()), key(1), {"n": "<@5>", "goal": "x"}) == "Hi <@5>."


def test_what_a_member_wrote_is_never_read_as_a_placeholder() -> None:
    text = filled("{n}: {plan}", {"n": "you", "plan": "If {n} {}, then {0.__class__}"})
    assert text == "you: If {n} {}, then {0.__class__}"


@given(NUDGE_KEYS, st.sets(st.sampled_from(["field", "goal"])))
def test_a_text_that_needs_a_missing_fact_is_left_out(nudge: NudgeKey, known: set[str]) -> None:
    text = rendered(GREETING, nudge, {"n": "you", **{name: name.upper() for name in known}})
    assert ("FIELD" in text) <= ("field" in known)
    assert ("GOAL" in text) <= ("goal" in known)


@given(NUDGE_KEYS)
def test_a_text_with_a_detail_of_their_own_comes_before_a_general_one(nudge: NudgeKey) -> None:
    assert choose_text(GREETING, {"n": "you", "goal": "x", "field": "y"}, str(nudge)) == "greeting.2"


def test_a_text_never_sent_comes_first_then_the_one_sent_longest_ago() -> None:
    values = {"n": "you", "field": "x", "goal": "y"}
    sent: dict[tuple[str, str | None], datetime] = {}
    order: list[str | None] = []
    for week in range(6):
        text = choose_text(GREETING, values, "key", None, sent)
        assert text is not None
        order.append(text)
        sent[text, None] = DUE + timedelta(weeks=week)
    assert set(order[:3]) == set(GREETING.texts)
    assert order[3:] == order[:3]


def test_a_text_may_come_again_about_somebody_else() -> None:
    situation = Situation("s", {"s.1": "{n}: {who}"}, ())
    sent: dict[tuple[str, str | None], datetime] = {("s.1", "person:1"): DUE}
    assert choose_text(situation, {"n": "you", "who": "Kim"}, "key", "person:2", sent) == "s.1"


def test_of_several_new_texts_a_hash_of_the_nudge_decides() -> None:
    several = Situation("s", {f"s.{number}": "{n}" for number in range(4)}, ())
    chosen = [choose_text(several, {"n": "you"}, str(key(number))) for number in range(60)]
    assert set(chosen) == set(several.texts)
    assert chosen[:3] == ["s.0", "s.3", "s.3"]  # the same in every process


def test_when_no_text_fits_that_is_said() -> None:
    needy = Situation("needy", {"needy.1": "{goal}", "needy.2": "{field}"}, ())
    assert choose_text(needy, {"n": "x"}, "key") is None
    with pytest.raises(ValueError, match="needy"):
        rendered(needy, key(1), {"n": "x"})


def test_placeholders_are_found_and_doubled_braces_are_not() -> None:
    assert placeholders("{n}, {{goal}} and {field}") == {"n", "field"}
    assert placeholders("nothing") == frozenset()


def test_unanswered_nudges_grow_rarer_and_then_stop() -> None:
    gaps = [gap_after(unanswered, 1, (7, 7, 14, 14, 28, 28)) for unanswered in range(9)]
    assert gaps == [1, 1, 1, 2, 2, 4, 4, None, None]


def test_a_rhythm_is_kept_until_the_back_off_is_slower() -> None:
    gaps = [gap_after(unanswered, 2, (7, 7, 14, 14, 28, 28)) for unanswered in range(8)]
    assert gaps == [2, 2, 2, 2, 2, 4, 4, None]


def test_a_break_has_no_nudge_and_the_next_comes_after_it() -> None:
    monday = date(2027, 3, 8)
    around = replace(TERM, breaks=(Break(BreakKind.BREAK, monday, monday + timedelta(days=13)),))
    due = planned(member(), around, after=datetime(2027, 3, 2, tzinfo=UTC), last_week=date(2027, 3, 1), jitter_limit=0)
    assert due is not None
    assert due.week == date(2027, 3, 22)


def test_somebody_who_left_the_server_has_no_nudge_planned() -> None:
    gone = replace(member(), set_aside_at=DUE)
    assert planned(gone, TERM, after=DUE, last_week=None, jitter_limit=0) is None
