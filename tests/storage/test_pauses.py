"""Pauses: kept when they are over, never two on one day."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.ids import EnrolmentId
from bot.coaching.momentum import Pause
from storage import pauses
from storage.database import Database, Tx
from tests.storage.course import DAY, ME, TODAY, enrol

WEEK = timedelta(weeks=1)


def test_a_pause_that_is_over_is_still_known_and_the_first_one_comes_first(tx: Tx, me: EnrolmentId) -> None:
    early, late = Pause(TODAY, TODAY + WEEK), Pause(TODAY + 3 * WEEK, TODAY + 4 * WEEK)
    assert pauses.all_of(tx, me) == []
    for one in (early, late):
        pauses.add(tx, me, one)
    assert pauses.all_of(tx, me) == [early, late]


def test_a_pause_ended_early_ends_that_day(tx: Tx, me: EnrolmentId) -> None:
    pauses.add(tx, me, Pause(TODAY, TODAY + 2 * WEEK))
    pauses.end(tx, me, TODAY + 3 * DAY)
    assert pauses.all_of(tx, me) == [Pause(TODAY, TODAY + 3 * DAY)]


def test_a_pause_ended_on_the_day_it_began_has_not_been(tx: Tx, me: EnrolmentId) -> None:
    pauses.add(tx, me, Pause(TODAY, TODAY + WEEK))
    pauses.end(tx, me, TODAY)
    assert pauses.all_of(tx, me) == []


def test_ending_changes_no_pause_that_is_over(tx: Tx, me: EnrolmentId) -> None:
    over = Pause(TODAY, TODAY + WEEK)
    pauses.add(tx, me, over)
    for on in (TODAY + WEEK, TODAY + 5 * WEEK):
        pauses.end(tx, me, on)
    assert pauses.all_of(tx, me) == [over]


def test_a_new_pause_ends_the_one_that_lasts(tx: Tx, me: EnrolmentId) -> None:
    pauses.add(tx, me, Pause(TODAY, TODAY + 4 * WEEK))
    pauses.add(tx, me, Pause(TODAY + WEEK, TODAY + 2 * WEEK))
    assert pauses.all_of(tx, me) == [Pause(TODAY, TODAY + WEEK), Pause(TODAY + WEEK, TODAY + 2 * WEEK)]


def test_a_pause_chosen_again_the_same_day_takes_the_place_of_the_first(tx: Tx, me: EnrolmentId) -> None:
    for weeks in (4, 1):
        pauses.add(tx, me, Pause(TODAY, TODAY + weeks * WEEK))
    assert pauses.all_of(tx, me) == [Pause(TODAY, TODAY + WEEK)]


def test_whatever_is_begun_and_ended_no_day_is_in_two_pauses(database: Database) -> None:
    days = st.integers(0, 20)
    # A day and a length; no length: whatever lasts ends that day. Days go back too, as when a member changes zones.
    changes = st.lists(st.tuples(days, st.none() | st.integers(1, 20)), max_size=8)

    @settings(max_examples=50)
    @given(changes)
    def holds(given_changes: list[tuple[int, int | None]]) -> None:
        with database.engine.connect() as tx, tx.begin() as transaction:
            me = enrol(tx, ME)
            for day, length in given_changes:
                on = TODAY + day * DAY
                if length is None:
                    pauses.end(tx, me, on)
                else:
                    pauses.add(tx, me, Pause(on, on + length * DAY))
            kept = pauses.all_of(tx, me)
            assert all(one.since < one.until for one in kept)
            assert all(one.until <= following.since for one, following in pairwise(kept))
            transaction.rollback()

    holds()
