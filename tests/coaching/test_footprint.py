from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import UnknownItem
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
COUNTING = (Answer.FINE, Answer.FIXED, Answer.NOT_FOR_ME)

ANSWERS = st.dictionaries(
    st.sampled_from(IDS),
    st.builds(Answered, st.sampled_from(Answer), st.dates(TODAY - timedelta(days=800), TODAY)),
)


def answering(given: Mapping[str, Answer], on: date = TODAY) -> Answers:
    return {item_id: Answered(answer, on) for item_id, answer in given.items()}


@pytest.mark.parametrize("answer", COUNTING)
def test_fine_fixed_and_not_for_me_all_count_as_answered(answer: Answer) -> None:
    assert answered(answering({"see.intent": answer}), "see.intent")


def test_later_and_no_answer_leave_an_item_open() -> None:
    assert not answered(answering({"see.intent": Answer.LATER}), "see.intent")
    assert not answered({}, "see.intent")


@given(ANSWERS)
def test_every_item_is_either_answered_or_among_the_next_once(answers: Answers) -> None:
    open_ids = [item.id for item in next_items(CHECKLIST, answers)]
    assert len(open_ids) == len(set(open_ids))
    assert set(open_ids) == {item_id for item_id in IDS if not answered(answers, item_id)}


@given(ANSWERS)
def test_the_sections_together_hold_every_item_and_what_is_open(answers: Answers) -> None:
    sections = progress(CHECKLIST, answers)
    assert [part.section for part in sections] == list(CHECKLIST.sections)
    assert all(0 <= part.answered <= part.total for part in sections)
    assert sum(part.total for part in sections) == len(IDS)
    assert sum(part.total - part.answered for part in sections) == len(next_items(CHECKLIST, answers))


@given(ANSWERS)
def test_quick_start_items_come_first_then_must_should_could_each_as_listed(answers: Answers) -> None:
    items = next_items(CHECKLIST, answers)
    quick = quick_open(CHECKLIST, answers)
    assert [item.id for item in items[:quick]] == [
        item_id for item_id in CHECKLIST.quick_start if not answered(answers, item_id)
    ]
    rank = {Severity.MUST: 0, Severity.SHOULD: 1, Severity.COULD: 2}
    order = [(rank[item.severity], IDS.index(item.id)) for item in items[quick:]]
    assert order == sorted(order)


@given(ANSWERS, st.sampled_from(IDS), st.sampled_from(COUNTING))
def test_answering_an_open_item_moves_its_section_by_one_and_no_other(
    answers: Answers, item_id: str, answer: Answer
) -> None:
    before, after = progress(CHECKLIST, answers), progress(CHECKLIST, {**answers, **answering({item_id: answer})})
    moved = {part.section.id for part, old in zip(after, before, strict=True) if part != old}
    assert moved == (set() if answered(answers, item_id) else {CHECKLIST.item(item_id).section})


def test_an_answer_to_an_item_that_is_gone_changes_nothing() -> None:
    gone = answering({"gone.item": Answer.FINE})
    assert progress(CHECKLIST, gone) == progress(CHECKLIST, {})
    assert rechecks_due(CHECKLIST, gone, TODAY + timedelta(days=9999)) == []


@pytest.mark.parametrize("answer", COUNTING)
def test_an_item_is_due_again_on_the_day_and_not_before(answer: Answer) -> None:
    item = CHECKLIST.item("see.search-name")
    assert item.recheck_months == 3
    answers = answering({item.id: answer})
    due = recheck_on(item, answers[item.id])
    assert due is not None
    assert due == TODAY + timedelta(days=90)
    assert rechecks_due(CHECKLIST, answers, due - timedelta(days=1)) == []
    assert rechecks_due(CHECKLIST, answers, due) == [item]


def test_an_item_for_once_is_never_due_again() -> None:
    item = CHECKLIST.item("protect.location")
    answers = answering({item.id: Answer.FINE})
    assert recheck_on(item, answers[item.id]) is None
    assert rechecks_due(CHECKLIST, answers, TODAY + timedelta(days=9999)) == []


def test_later_is_not_a_check_that_could_be_repeated() -> None:
    assert rechecks_due(CHECKLIST, answering({"see.intent": Answer.LATER}), TODAY + timedelta(days=9999)) == []


@given(ANSWERS)
def test_what_is_due_longest_comes_first_and_is_never_open_as_well(answers: Answers) -> None:
    due = rechecks_due(CHECKLIST, answers, TODAY)
    days = [recheck_on(item, answers[item.id]) for item in due]
    assert all(day is not None and day <= TODAY for day in days)
    assert days == sorted(day for day in days if day is not None)
    assert not {item.id for item in due} & {item.id for item in next_items(CHECKLIST, answers)}


@pytest.mark.parametrize("track", [None, "unknown"])
def test_without_a_known_track_the_checklist_stays_as_it_is(track: str | None) -> None:
    assert CHECKLIST.for_track(track) == CHECKLIST


@pytest.mark.parametrize("track", list(CHECKLIST.tracks))
def test_a_track_changes_the_items_it_names_and_keeps_them_all_in_order(track: str) -> None:
    seen = CHECKLIST.for_track(track)
    assert [item.id for item in seen.items] == IDS
    assert seen.quick_start == CHECKLIST.quick_start
    changed = {new.id for new, old in zip(seen.items, CHECKLIST.items, strict=True) if new != old}
    assert changed <= set(CHECKLIST.tracks[track].overrides)


def test_a_track_sharpens_an_item_and_adds_a_step_at_its_end() -> None:
    before, after = CHECKLIST.item("respect.rules"), CHECKLIST.for_track("health").item("respect.rules")
    assert (before.severity, after.severity) == (Severity.SHOULD, Severity.MUST)
    assert after.steps[:-1] == before.steps
    assert "placement" in after.steps[-1]
    assert (after.title, after.why, after.minutes) == (before.title, before.why, before.minutes)


def test_an_unknown_item_is_refused_by_name() -> None:
    with pytest.raises(UnknownItem, match="see\\.nothing"):
        CHECKLIST.item("see.nothing")
