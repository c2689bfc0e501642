"""The checklist: what counts as answered, what comes next, tracks, and what a low profile leaves out."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import UnknownItem
from bot.coaching.focus import Focus, Season
from bot.coaching.footprint import (
    Answer,
    Answered,
    Answers,
    Severity,
    answered,
    next_items,
    progress,
    quick_open,
    recheck_on,
    rechecks_due,
)
from prompts import load_content

CHECKLIST = load_content().checklist
IDS = [item.id for item in CHECKLIST.items]
TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
LOW = Focus(("nursing",), season=Season.LOW_PROFILE)

ANSWERS = st.dictionaries(
    st.sampled_from(IDS),
    st.builds(Answered, st.sampled_from(Answer), st.dates(TODAY - 800 * DAY, TODAY)),
)
SOME = st.sets(st.sampled_from(IDS))


def answering(given: Mapping[str, Answer]) -> Answers:
    return {item_id: Answered(answer, TODAY) for item_id, answer in given.items()}


def test_every_answer_but_later_counts() -> None:
    counting = {answer for answer in Answer if answered(answering({"see.intent": answer}), "see.intent")}
    assert counting == set(Answer) - {Answer.LATER}
    assert not answered({}, "see.intent")


@given(ANSWERS)
def test_open_items_come_once_quick_start_first_then_by_severity(answers: Answers) -> None:
    items, quick = next_items(CHECKLIST, answers), quick_open(CHECKLIST, answers)
    open_ids = [item_id for item_id in IDS if not answered(answers, item_id)]
    assert sorted(item.id for item in items) == sorted(open_ids)
    assert [item.id for item in items[:quick]] == [one for one in CHECKLIST.quick_start if one in open_ids]
    order = [(list(Severity).index(item.severity), IDS.index(item.id)) for item in items[quick:]]
    assert order == sorted(order)


@given(ANSWERS)
def test_sections_together_hold_every_item(answers: Answers) -> None:
    sections = progress(CHECKLIST, answers)
    assert [part.section for part in sections] == list(CHECKLIST.sections)
    assert sum(part.total for part in sections) == len(IDS)
    assert sum(part.total - part.answered for part in sections) == len(next_items(CHECKLIST, answers))


@given(ANSWERS, st.sampled_from(IDS))
def test_answer_moves_its_section_and_no_other(answers: Answers, item_id: str) -> None:
    before = progress(CHECKLIST, answers)
    after = progress(CHECKLIST, {**answers, **answering({item_id: Answer.FINE})})
    moved = {part.section.id for part, old in zip(after, before, strict=True) if part != old}
    assert moved == (set() if answered(answers, item_id) else {CHECKLIST.item(item_id).section})


def test_answer_to_a_removed_item_changes_nothing() -> None:
    answers = answering({"removed.item": Answer.FINE})
    assert progress(CHECKLIST, answers) == progress(CHECKLIST, {})
    assert rechecks_due(CHECKLIST, answers, TODAY + 9999 * DAY) == []


def test_item_is_due_again_on_its_day_if_it_has_one() -> None:
    item, once = CHECKLIST.item("see.search-name"), CHECKLIST.item("protect.location")
    for answer in set(Answer) - {Answer.LATER}:
        answers = answering({item.id: answer, once.id: answer})
        assert recheck_on(item, answers[item.id]) == TODAY + 90 * DAY
        assert rechecks_due(CHECKLIST, answers, TODAY + 89 * DAY) == []
        assert rechecks_due(CHECKLIST, answers, TODAY + 90 * DAY) == [item]
        assert recheck_on(once, answers[once.id]) is None
    assert rechecks_due(CHECKLIST, answering({item.id: Answer.LATER}), TODAY + 9999 * DAY) == []


@given(ANSWERS)
def test_longest_due_comes_first_and_is_never_open_as_well(answers: Answers) -> None:
    due = rechecks_due(CHECKLIST, answers, TODAY)
    days = [day for item in due if (day := recheck_on(item, answers[item.id])) and day <= TODAY]
    assert len(days) == len(due)
    assert days == sorted(days)
    assert not {item.id for item in due} & {item.id for item in next_items(CHECKLIST, answers)}


# Tracks


def test_unknown_track_changes_nothing() -> None:
    assert CHECKLIST.for_track(None) == CHECKLIST.for_track("unknown") == CHECKLIST


@pytest.mark.parametrize("track", list(CHECKLIST.tracks))
def test_track_changes_only_the_items_it_names(track: str) -> None:
    seen = CHECKLIST.for_track(track)
    assert [item.id for item in seen.items] == IDS
    assert seen.quick_start == CHECKLIST.quick_start
    changed = {new.id for new, old in zip(seen.items, CHECKLIST.items, strict=True) if new != old}
    assert changed <= set(CHECKLIST.tracks[track].overrides)


def test_track_sharpens_an_item_and_adds_a_step() -> None:
    before, after = CHECKLIST.item("respect.rules"), CHECKLIST.for_track("health").item("respect.rules")
    assert (before.severity, after.severity) == (Severity.SHOULD, Severity.MUST)
    assert after.steps[:-1] == before.steps
    assert "placement" in after.steps[-1]


def test_own_track_replaces_the_courses() -> None:
    own = Focus(("nursing",), track="health")
    health, computing = CHECKLIST.for_track("health"), CHECKLIST.for_track("computing")
    assert CHECKLIST.for_member(own, "computing") == CHECKLIST.for_member(own, None) == health
    assert CHECKLIST.for_member(None, "computing") == computing
    assert CHECKLIST.for_member(Focus(("nursing",)), "computing") == computing


# Items left out


@given(SOME, ANSWERS)
def test_items_left_out_are_asked_nowhere(left_out: Collection[str], answers: Answers) -> None:
    seen = CHECKLIST.without(left_out)
    assert [item.id for item in seen.items] == [item_id for item_id in IDS if item_id not in left_out]
    assert list(seen.quick_start) == [item_id for item_id in CHECKLIST.quick_start if item_id not in left_out]
    filled = {item.section for item in seen.items}
    assert [section.id for section in seen.sections] == [one.id for one in CHECKLIST.sections if one.id in filled]
    asked = [*next_items(seen, answers), *rechecks_due(seen, answers, TODAY)]
    assert not {item.id for item in asked} & set(left_out)
    assert quick_open(seen, answers) == sum(item.id in seen.quick_start for item in next_items(seen, answers))
    for item_id in left_out:
        with pytest.raises(UnknownItem, match=item_id):
            seen.item(item_id)


@given(SOME, st.none() | st.sampled_from(list(CHECKLIST.tracks)))
def test_low_profile_sees_no_item_that_makes_it_findable(findable: Collection[str], track: str | None) -> None:
    whole = replace(CHECKLIST, findable=frozenset(findable))
    assert whole.for_member(LOW, track) == whole.for_track(track).without(findable)


@pytest.mark.parametrize("season", [None, *Season])
def test_every_other_season_sees_the_whole_checklist(season: Season | None) -> None:
    seen = CHECKLIST.for_member(Focus(("nursing",), season=season), None)
    assert (seen == CHECKLIST) == (season is not Season.LOW_PROFILE)
