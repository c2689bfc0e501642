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


# What a low profile leaves out

LOW = Focus(("nursing",), season=Season.LOW_PROFILE)
SOME = st.sets(st.sampled_from(IDS))


@given(SOME)
def test_what_is_left_out_is_gone_everywhere_and_the_rest_keeps_its_order(left_out: Collection[str]) -> None:
    seen = CHECKLIST.without(left_out)
    assert [item.id for item in seen.items] == [item_id for item_id in IDS if item_id not in left_out]
    assert list(seen.quick_start) == [item_id for item_id in CHECKLIST.quick_start if item_id not in left_out]
    assert seen.tracks == CHECKLIST.tracks
    for item_id in left_out:
        with pytest.raises(UnknownItem):
            seen.item(item_id)


@given(SOME)
def test_a_section_is_shown_as_long_as_it_holds_an_item(left_out: Collection[str]) -> None:
    seen = CHECKLIST.without(left_out)
    held = {item.section for item in seen.items}
    assert [section.id for section in seen.sections] == [one.id for one in CHECKLIST.sections if one.id in held]
    assert all(part.total > 0 for part in progress(seen, {}))


@given(SOME, ANSWERS)
def test_an_answer_to_what_is_left_out_asks_for_nothing_more(left_out: Collection[str], answers: Answers) -> None:
    seen = CHECKLIST.without(left_out)
    asked = [*next_items(seen, answers), *rechecks_due(seen, answers, TODAY)]
    assert not {item.id for item in asked} & set(left_out)
    assert quick_open(seen, answers) == sum(item.id in seen.quick_start for item in next_items(seen, answers))
    assert sum(part.answered for part in progress(seen, answers)) == sum(
        answered(answers, item.id) for item in seen.items
    )


@given(SOME, st.none() | st.sampled_from(list(CHECKLIST.tracks)))
def test_a_low_profile_sees_nothing_that_makes_it_easier_to_find(findable: Collection[str], track: str | None) -> None:
    whole = replace(CHECKLIST, findable=frozenset(findable))
    seen = whole.for_member(LOW, track)
    assert seen == whole.for_track(track).without(findable)
    assert not {item.id for item in seen.items} & set(findable)


@pytest.mark.parametrize("focus", [None, *(Focus(("nursing",), season=one) for one in (None, *Season))])
def test_everybody_else_sees_the_whole_checklist(focus: Focus | None) -> None:
    keeps_low = focus is not None and focus.season is Season.LOW_PROFILE
    assert ([item.id for item in CHECKLIST.for_member(focus, None).items] == IDS) != keeps_low


def test_a_low_profile_is_not_sent_to_search_for_itself_or_to_present_itself() -> None:
    ids = {item.id for item in CHECKLIST.for_member(LOW, "computing").items}
    assert "see.search-name" not in ids
    assert not any(item_id.startswith("present.") for item_id in ids)


def test_a_members_own_track_sharpens_their_checklist_and_the_courses_that_of_the_others() -> None:
    own = Focus(("nursing",), track="health")
    health, computing = CHECKLIST.for_track("health"), CHECKLIST.for_track("computing")
    assert CHECKLIST.for_member(own, "computing") == health
    assert CHECKLIST.for_member(own, None) == health
    assert CHECKLIST.for_member(None, "computing") == computing
    assert CHECKLIST.for_member(Focus(("nursing",)), "computing") == computing


def test_an_unknown_item_is_refused_by_name() -> None:
    with pytest.raises(UnknownItem, match="see\\.nothing"):
        CHECKLIST.item("see.nothing")
