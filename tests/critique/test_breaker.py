"""The breaker: when a model is left alone, for how long, and how it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.bios import Outcome
from bot.critique.breaker import LONGEST_REST, SHUT, UNUSABLE_REST, Breaker
from bot.critique.faults import FAULTS, Effect, Fault

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def end(breaker: Breaker, fault: Fault | None, now: datetime, retry_after: float | None = None) -> None:
    """Make a call that ends so."""
    call = breaker.enter(now)
    assert call is not None
    breaker.leave(call, fault, now, retry_after)


def broken(fault: Fault = Fault.SERVER_ERROR) -> Breaker:
    """Return a breaker that opened at NOW for a minute."""
    breaker = Breaker()
    for _ in range(3):
        end(breaker, fault, NOW)
    return breaker


def test_two_failures_change_nothing_and_the_third_gives_a_minute_of_rest() -> None:
    breaker = Breaker()
    for _ in range(2):
        end(breaker, Fault.SERVER_ERROR, NOW)
    assert breaker.rest(NOW) is None
    end(breaker, Fault.NO_ANSWER, NOW)
    rest = breaker.rest(NOW)
    assert rest is not None
    assert (rest.until, rest.outcome) == (NOW + timedelta(minutes=1), Outcome.TIMEOUT)
    assert breaker.enter(NOW + 59 * SECOND) is None


def test_failures_further_apart_than_two_minutes_are_no_outage() -> None:
    breaker = Breaker()
    for minutes in (0, 1, 2.1, 3.2, 4.3):
        end(breaker, Fault.NOT_REACHED, NOW + timedelta(minutes=minutes))
    assert breaker.rest(NOW + timedelta(minutes=4.3)) is None


def test_a_review_that_went_well_makes_earlier_failures_forgotten() -> None:
    breaker = Breaker()
    for fault in (Fault.SERVER_ERROR, Fault.SERVER_ERROR, None, Fault.SERVER_ERROR, Fault.SERVER_ERROR):
        end(breaker, fault, NOW)
    assert breaker.rest(NOW) is None


def test_after_a_rest_one_call_at_a_time_tries_it() -> None:
    breaker = broken()
    later = NOW + timedelta(minutes=1)
    probe = breaker.enter(later)
    assert probe is not None
    assert breaker.enter(later) is None
    breaker.leave(probe, None, later)
    assert breaker.enter(later) is not None
    assert breaker.enter(later) is not None


def test_a_probe_that_is_broken_off_gives_way_to_the_next() -> None:
    breaker = broken()
    later = NOW + timedelta(minutes=1)
    probe = breaker.enter(later)
    assert probe is not None
    breaker.give_up(probe)
    assert breaker.enter(later) == probe


def test_each_rest_in_a_row_is_twice_as_long_up_to_a_quarter_of_an_hour() -> None:
    breaker = broken()
    now, rests = NOW, list[timedelta]()
    for _ in range(7):
        rest = breaker.rest(now)
        assert rest is not None
        rests.append(rest.until - now)
        now = rest.until
        end(breaker, Fault.NOT_REACHED, now)
    assert [one // timedelta(minutes=1) for one in rests] == [1, 2, 4, 8, 15, 15, 15]
    assert max(rests) == LONGEST_REST


def test_when_it_works_again_the_next_rest_is_short_again() -> None:
    breaker = broken()
    now = NOW + timedelta(minutes=1)
    end(breaker, Fault.NO_ANSWER, now)
    now += timedelta(minutes=2)
    end(breaker, None, now)
    for _ in range(3):
        end(breaker, Fault.NO_ANSWER, now)
    rest = breaker.rest(now)
    assert rest is not None
    assert rest.until == now + timedelta(minutes=1)


@pytest.mark.parametrize("fault", [one for one, (_, effect) in FAULTS.items() if effect is Effect.SHUTS])
def test_what_somebody_has_to_mend_gives_an_hour_of_rest_at_once(fault: Fault) -> None:
    breaker = Breaker()
    end(breaker, fault, NOW)
    rest = breaker.rest(NOW)
    assert rest is not None
    assert (rest.until, rest.outcome) == (NOW + SHUT, FAULTS[fault][0])
    end(breaker, None, NOW + SHUT)
    assert breaker.rest(NOW + SHUT) is None


def test_five_unusable_answers_in_a_row_give_half_an_hour_and_a_good_one_between_starts_anew() -> None:
    breaker = Breaker()
    for fault in (*4 * [Fault.BAD_FORM], None, *4 * [Fault.FAILED_CHECKS]):
        end(breaker, fault, NOW)
    assert breaker.rest(NOW) is None
    end(breaker, Fault.BAD_FORM, NOW)
    rest = breaker.rest(NOW)
    assert rest is not None
    assert (rest.until, rest.outcome) == (NOW + UNUSABLE_REST, Outcome.BAD_OUTPUT)
    end(breaker, Fault.BAD_FORM, NOW + UNUSABLE_REST)
    assert breaker.rest(NOW + UNUSABLE_REST) is not None


@pytest.mark.parametrize("fault", [one for one, (_, effect) in FAULTS.items() if effect is Effect.NOTHING])
def test_what_says_nothing_about_the_other_side_opens_nothing(fault: Fault) -> None:
    breaker = Breaker()
    for _ in range(20):
        end(breaker, fault, NOW)
    assert breaker.rest(NOW) is None


def test_a_server_that_asks_to_wait_is_left_alone_for_that_long_but_an_hour_at_most() -> None:
    for said, waited in ((30, 30 * SECOND), (10**9, SHUT)):
        breaker = Breaker()
        end(breaker, Fault.RATE_LIMITED, NOW, said)
        rest = breaker.rest(NOW)
        assert rest is not None
        assert (rest.until, rest.outcome) == (NOW + waited, Outcome.BUSY)


def test_a_call_that_ends_late_does_not_shorten_the_rest_that_began_meanwhile() -> None:
    breaker = Breaker()
    late = breaker.enter(NOW)
    assert late is not None
    end(breaker, Fault.NOT_SET_UP, NOW)
    breaker.leave(late, Fault.RATE_LIMITED, NOW, 1)
    rest = breaker.rest(NOW)
    assert rest is not None
    assert (rest.until, rest.outcome) == (NOW + SHUT, Outcome.CONFIG)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "give up", *Fault]),
            st.integers(0, 4000),
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        )
    )
)
def test_whatever_happens_it_is_tried_again_within_the_hour(
    history: list[tuple[Fault | str | None, int, float | None]],
) -> None:
    breaker, now = Breaker(), NOW
    for ended, seconds, retry_after in history:
        now += seconds * SECOND
        call = breaker.enter(now)
        if call is None:
            continue
        if ended is None or isinstance(ended, Fault):
            breaker.leave(call, ended, now, retry_after)
        else:
            breaker.give_up(call)
    assert breaker.enter(now + SHUT) is not None
