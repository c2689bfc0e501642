"""What the packaged content files promise."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from importlib import resources
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.focus import Connection, Focus, Season
from bot.coaching.network import Stage
from bot.coaching.next_action import NEW_ACCOUNT_GOALS, OCCASIONS, RULES, Occasion, Rule, options
from bot.coaching.nudges import Family, placeholders
from bot.coaching.snapshot import Facts
from prompts import load_content
from prompts.next_action import GUARANTEED, given_by
from prompts.nudges import BUTTONS, UNPROMPTED

PLATFORMS = (
    "linkedin|twitter|facebook|instagram|tiktok|github|gitlab|youtube|reddit|discord|google|whatsapp|snapchat|bluesky|"
    "mastodon|threads|pinterest|telegram|slack|xing|microsoft|apple|behance|medium"
)

SUGGEST_NOTHING = {
    "hello": "says that there is nothing to do now",
    "late": "is a line under another text",
    "discreet": "tells nothing on purpose",
    "exam_weeks": "is for weeks without steps",
    "backoff_ask": "asks about the notes, not about a step",
    "backoff_stop": "is the last one",
    "obstacle_again": "asks about the plan for the obstacle",
    "parcel": "is the end of the course",
    "parcel_last": "is the end of the course",
}
"""The situations without a step, and why."""
WITHOUT_BUTTONS = {
    "late": "is a line under another text",
    "reminder": "has the buttons of its step",
    "discreet": "has the one that shows it",
    "parcel": "has the one that shows what is in it",
    "parcel_last": "has the one that shows what is in it",
    "goal_new": "has those of the rule whose step it tells",
    "return": "has those of the rule whose step it tells",
    "momentum": "has those of the rule whose step it tells",
}
OTHER_LABELS = {
    "done": "says what was done where there was a question",
    "new_goal": "opens the same form for the first goal and for another one",
    "smaller": "is named by its minutes where the step itself is a choice",
    "weekly": "is a choice among rhythms when asked, and the way back after the last note",
}
"""The buttons that say the same in other words, and why."""
NOT_DONE_AT_ONCE = {
    "A06": "asks to choose first; *Done* stands under the five-minute version",
    "A07": "asks what got in the way first; *Done* stands under the answer",
}
"""The rules with something to log whose own note has no *Done*, and why."""
OF_A_GOAL = frozenset({"goal", "plan", "did", "target", "progress"})

NOT_READ = ("sources", "verbs", "banned_phrases", "activities", "rubric", "message_rubric", "crisis")
"""The fields without words for members, and those that test_bio_rubric.py and test_message_check.py look at."""

CONTENT = load_content()
NUDGES = tuple(text for situation in CONTENT.situations.values() for text in situation.texts.values())


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value of the content."""
    if isinstance(value, str):
        if not isinstance(value, StrEnum):
            yield value
    elif isinstance(value, Mapping):
        yield from texts(tuple(cast("Mapping[str, object]", value).values()))
    elif isinstance(value, tuple | frozenset):
        yield from (text for part in cast("tuple[object, ...]", value) for text in texts(part))
    elif is_dataclass(value):
        yield from texts(tuple(getattr(value, field.name) for field in fields(value) if field.name not in NOT_READ))


def speakers() -> Iterator[Rule | Occasion]:
    """Yield whatever may speak in a nudge."""
    yield from CONTENT.rules.values()
    yield from CONTENT.occasions.values()


def situation_of(speaker: Rule | Occasion) -> str:
    return speaker.situation if isinstance(speaker, Rule) else speaker.id


def certain(speaker: Rule | Occasion) -> frozenset[str]:
    return GUARANTEED[speaker.id] if isinstance(speaker, Rule) else given_by(speaker)


def grade(text: str) -> float:
    """Return the school grade that a text asks of its reader: Flesch-Kincaid with syllables counted by vowels."""
    words = re.findall(r"[A-Za-z’']+", re.sub(r"[*`/{}_]", " ", text))
    sentences = [part for part in re.split(r"[.?:;…\n]+", text) if re.search("[A-Za-z]", part)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


# The packaged words


def test_the_quick_start_takes_under_an_hour() -> None:
    checklist = CONTENT.checklist
    assert len(checklist.quick_start) == 5
    assert sum(checklist.item(item_id).minutes for item_id in checklist.quick_start) < 60


def test_no_text_uses_a_banned_phrase_or_shouts() -> None:
    phrases = "|".join(re.escape(phrase) for phrase in CONTENT.banned_phrases)
    banned = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)
    assert [text for text in texts(CONTENT) if banned.search(text) or "!" in text] == []


def test_no_text_names_a_platform() -> None:
    named = re.compile(rf"\b(?:{PLATFORMS})\b", re.IGNORECASE)
    assert [text for text in texts(CONTENT) if named.search(text)] == []


def test_nudges_read_at_the_level_of_school_grade_four_and_the_rest_below_seven() -> None:
    for part, most in ((NUDGES, 4), (CONTENT.checklist, 6), (CONTENT.vocabulary, 7), (CONTENT.network, 6)):
        grades = [grade(text) for text in texts(part) if len(text.split()) > 2]
        assert sum(grades) / len(grades) < most


def test_the_adapted_checklist_credits_its_source() -> None:
    head = (resources.files("prompts") / "checklist.toml").read_text(encoding="utf-8")[:400]
    assert "Lissy93/personal-security-checklist" in head
    assert "CC BY 4.0" in head


def test_every_track_has_a_starter_goal_that_names_its_stance() -> None:
    templates = CONTENT.vocabulary.templates
    assert set(templates) == set(CONTENT.checklist.tracks)
    for track_id, track in CONTENT.checklist.tracks.items():
        assert templates[track_id].rule.startswith(f"{track.stance.capitalize()}: ")


def test_a_low_profile_leaves_out_what_makes_somebody_findable() -> None:
    checklist = CONTENT.checklist
    seen = checklist.for_member(Focus(("nursing",), season=Season.LOW_PROFILE), None)
    left_out = {item.id for item in checklist.items} - {item.id for item in seen.items}
    assert left_out == {"see.search-name"} | {item.id for item in checklist.items if item.section == "present"}
    assert seen.quick_start == ("see.intent", "protect.signin", "respect.separate")


def test_strict_tracks_ask_more_of_confidentiality_and_rules() -> None:
    for track in CONTENT.checklist.tracks.values():
        assert track.overrides
        if track.stance == "strict":
            assert {"respect.confidential", "respect.rules"} <= track.overrides.keys()


def test_a_relation_cools_more_slowly_the_further_it_has_come() -> None:
    touches = [stage.touch_days for stage in CONTENT.network.stages.values()]
    assert touches[0] is None
    later = [days for days in touches[1:] if days is not None]
    assert len(later) == len(Stage) - 1
    assert later == sorted(later)


def test_every_first_message_has_blanks_and_asks_for_no_job() -> None:
    for starter in CONTENT.network.starters.values():
        blanks = re.findall(r"\{([^{}]+)\}", starter.text)
        assert blanks, starter.id
        assert starter.text.count("{") == starter.text.count("}") == len(blanks)
        assert "job" not in starter.text.casefold()


# Nudges


def test_every_situation_belongs_to_one_rule_or_occasion_or_comes_unprompted() -> None:
    spoken = [situation_of(speaker) for speaker in speakers()]
    assert sorted([*spoken, *UNPROMPTED]) == sorted(CONTENT.situations)


def test_one_adviser_reads_all_texts_in_an_hour() -> None:
    assert sum(len(situation.texts) for situation in CONTENT.situations.values()) <= 155


def test_what_fits_everybody_fills_a_term_of_16_weeks() -> None:
    everybody = [CONTENT.rules[one].situation for one in ("A32", "A33", "A34", "A35")]
    assert sum(len(CONTENT.situations[one].texts) for one in everybody) >= 16
    assert all(CONTENT.situations[one].family is Family.PEOPLE for one in everybody)


def test_a_situation_with_a_step_says_what_it_leads_toward() -> None:
    without = {one.id for one in CONTENT.situations.values() if one.family is None}
    tells = {one.id for one in CONTENT.occasions.values() if one.tells_rule}
    assert without == SUGGEST_NOTHING.keys() | tells | {"reminder", "pause_end", "week_step"}


def _with_a_goal_that_rests(facts: Facts, rests: bool) -> Facts:
    """Return the facts with a goal that rests in the place of one that runs."""
    return replace(facts, has_goal=False, goal_over=False, goal_paused=True) if rests else facts


FACTS = st.builds(
    _with_a_goal_that_rests,
    st.builds(
        Facts,
        term_week=st.integers(-2, 12),
        away_weeks=st.integers(0, 4),
        goal_type=st.sampled_from(["learn", *sorted(NEW_ACCOUNT_GOALS)]),
        idle_weeks=st.integers(0, 3),
        stage_weeks=st.none() | st.integers(2, 6),
        conversed=st.integers(1, 5),
        met=st.integers(0, 1),
        unanswered_notes=st.integers(0, 7),
        recent_rules=st.lists(st.sampled_from(list(CONTENT.rules)), max_size=8).map(tuple),
        recent_occasions=st.lists(st.sampled_from([None, *CONTENT.occasions]), max_size=8).map(tuple),
        **{name: st.integers(0, 9) for name in ("did", "target", "goal_did", "goal_wanted", "outward_4w")},
        **{name: st.integers(0, 9) for name in ("at_4w", "ask_4w", "active_weeks", "momentum_weeks")},
        **{name: st.integers(0, 4) for name in ("over_box_weeks", "listen_only_weeks", "categories")},
        **{name: st.integers(0, 2) for name in ("quick_open", "rechecks_due", "cold")},
        **{name: st.booleans() for name in ("has_focus", "low_profile", "new_accounts", "has_goal", "goal_over")},
        **{name: st.booleans() for name in ("first_note", "won", "lost", "pause_over", "exams_ahead")},
        **{
            name: st.none() | st.integers(0, 60)
            for name in ("unthanked_days", "advice_days", "unanswered_days", "alert_days", "deadline_days", "sent_days")
        },
        **{
            name: st.integers(0, 2)
            for name in ("to_prepare", "spaces", "open_kinds", "to_greet", "to_invite", "to_give")
        },
    ),
    st.booleans(),
)
NO_PERSON = {
    **dict.fromkeys(("unthanked_days", "advice_days", "unanswered_days")),
    **dict.fromkeys(("cold", "to_greet", "to_invite", "to_give"), 0),
}
NO_OPENING = {
    "deadline_days": None,
    "sent_days": None,
    "lapsed_days": None,
    "to_prepare": 0,
    "won": False,
    "lost": False,
}
NO_ITEM = {"quick_open": 0, "rechecks_due": 0}
MISSING: Mapping[str, Mapping[str, object]] = {
    "goal": {"has_goal": False, "goal_over": False},
    "field": {"has_focus": False},
    "item": NO_ITEM,
    "who": NO_PERSON,
    "opening": NO_OPENING,
    "on": {**NO_PERSON, **NO_OPENING, **NO_ITEM, "alert_days": None, "bio_days": None, "exams_ahead": False}
    | {"pause_over": False},
    "space": {"spaces": 0},
}
"""How the facts look when a placeholder has no value."""


@pytest.mark.parametrize("name", MISSING)
@given(facts=FACTS)
def test_nothing_that_speaks_is_certain_of_a_fact_that_is_missing(name: str, facts: Facts) -> None:
    bare: Facts = replace(facts, **MISSING[name])  # pyright: ignore[reportArgumentType]
    for rule_id in [one.id for one in RULES if one.matches(bare)]:
        assert name not in GUARANTEED[rule_id], rule_id
        for occasion in [CONTENT.occasions[one.id] for one in OCCASIONS if one.matches(bare)]:
            assert rule_id not in occasion.places or name not in given_by(occasion), occasion.id


@given(FACTS)
def test_a_deadline_gives_way_only_to_a_pause_exams_and_the_back_off(facts: Facts) -> None:
    near = replace(facts, deadline_days=3)
    rule, occasion, _ = next(options(near, CONTENT))
    assert rule.id == "A01"
    assert occasion is None or occasion.id in {"pause_end", "exam_weeks", "backoff_ask", "backoff_stop"}


@given(FACTS, st.booleans())
def test_a_thank_you_that_is_due_gives_way_to_no_news_of_an_opening(facts: Facts, won: bool) -> None:
    due = replace(facts, deadline_days=None, unthanked_days=1, won=won, lost=not won)
    _, occasion, _ = next(options(due, CONTENT))
    assert occasion is None or occasion.id in {"pause_end", "exam_weeks", "backoff_ask", "backoff_stop"}


def test_an_occasion_that_tells_a_rules_step_never_hides_a_person_or_an_opening() -> None:
    # The step of a rule about a person or an opening says nothing without their name.
    for occasion in CONTENT.occasions.values():
        if occasion.tells_rule:
            for place in occasion.places:
                assert not {"who", "opening"} & GUARANTEED[place], (occasion.id, place)


def test_what_has_no_trigger_of_its_own_rests_after_it_was_said() -> None:
    own_trigger = {"pause_end", "exam_weeks", "backoff_ask", "backoff_stop"}
    for occasion in CONTENT.occasions.values():
        assert (occasion.cooldown_nudges == 0) == (occasion.id in own_trigger), occasion.id


def test_every_text_that_suggests_a_step_names_it_with_its_minutes() -> None:
    asks_nothing = {one.id for one in CONTENT.occasions.values() if not one.tells_rule and one.action is None}
    assert asks_nothing | {"hello", "late", "discreet", "parcel", "parcel_last"} == SUGGEST_NOTHING.keys()
    for situation in CONTENT.situations.values():
        if situation.id not in SUGGEST_NOTHING:
            for text in situation.texts.values():
                assert placeholders(text) & {"act", "item"}, text
                assert "mins" in placeholders(text), text


def test_a_count_of_seven_days_is_never_called_this_week() -> None:
    counting = [text for text in NUDGES if "{did}" in text or "{progress}" in text]
    assert counting
    assert all("in the {span}" in text and "this week" not in text for text in counting)


def test_a_text_that_may_count_nothing_does_not_praise() -> None:
    praise = re.compile(r"\b(?:good|great|well done|nice|congratulations|already)\b", re.IGNORECASE)
    for situation in CONTENT.situations.values():
        if situation.id != "target_met":
            assert not [text for text in situation.texts.values() if "{did}" in text and praise.search(text)]


def test_a_discreet_nudge_names_the_member_and_nothing_else() -> None:
    assert all(placeholders(text) == {"n"} for text in CONTENT.situations["discreet"].texts.values())


def test_done_is_offered_exactly_where_there_is_something_to_log() -> None:
    for speaker in speakers():
        offered = {button.id for button in CONTENT.situations[situation_of(speaker)].buttons}
        wanted = bool(speaker.done) and speaker.id not in NOT_DONE_AT_ONCE
        assert ("done" in offered) == wanted, speaker.id


def test_every_nudge_with_a_step_offers_a_way_out_or_asks_no_more() -> None:
    ways_out = {"another_day", "pause", "two_more_weeks"}
    for situation in CONTENT.situations.values():
        if situation.id in WITHOUT_BUTTONS or situation.id in SUGGEST_NOTHING:
            continue
        free = all(re.search("if you like|`/nudge settings`", text) for text in situation.texts.values())
        assert free or ways_out & {button.id for button in situation.buttons}, situation.id


def test_every_button_stands_under_some_note() -> None:
    assert {button.id for one in CONTENT.situations.values() for button in one.buttons} == set(BUTTONS)


def test_a_smaller_step_is_offered_only_under_longer_ones() -> None:
    for speaker in speakers():
        offered = {button.id for button in CONTENT.situations[situation_of(speaker)].buttons}
        if "smaller" in offered:
            assert speaker.minutes > 5 or speaker.id == "A06", speaker.id


def test_what_a_connection_means_changes_the_reason_of_steps_toward_people() -> None:
    meant = {rule.id for rule in CONTENT.rules.values() if rule.because_for}
    assert meant >= {"A13", "A15", "A16", "A17", "A20"}
    for rule_id in meant:
        rule = CONTENT.rules[rule_id]
        assert rule.because_for.keys() == set(Connection)
        assert len({rule.because, *rule.because_for.values()}) == 1 + len(Connection)


def test_a_button_has_the_same_label_everywhere_but_in_four_cases() -> None:
    labels: dict[str, set[str]] = {}
    for situation in CONTENT.situations.values():
        for button in situation.buttons:
            labels.setdefault(button.id, set()).add(button.label)
    assert {button for button, names in labels.items() if len(names) > 1} == OTHER_LABELS.keys()


def test_a_reason_reads_on_after_why_this() -> None:
    reasons = [speaker.because for speaker in speakers()]
    reasons += [text for rule in CONTENT.rules.values() for text in rule.because_for.values()]
    for reason in reasons:
        assert reason[0].islower(), reason
        assert reason[-1].isalpha(), reason
    telling = [text for text in NUDGES if "{why}" in text]
    assert telling
    assert all("Why this: {why}." in text for text in telling)


def test_after_two_quiet_weeks_the_note_asks_what_got_in_the_way() -> None:
    slipped = CONTENT.situations["slipped_2"]
    assert [button.id.partition("_")[0] for button in slipped.buttons] == 4 * ["obstacle"]
    assert all("What got in the way" in text for text in slipped.texts.values())


def test_the_hello_says_when_the_note_comes_and_how_to_change_that() -> None:
    for text in CONTENT.situations["hello"].texts.values():
        assert {"day", "time"} <= placeholders(text)
        assert "`/nudge settings`" in text
        assert "private" in text
        assert "graded" in text


def test_every_step_of_the_ready_plan_has_another_way_and_names_no_platform() -> None:
    assert len(CONTENT.plan) == 10
    named = re.compile(
        r"\b(?:linkedin|twitter|instagram|facebook|tiktok|github|mastodon|bluesky|youtube|tweet)", re.IGNORECASE
    )
    for week in CONTENT.plan:
        assert week.another_way is not None
        for text in (week.theme, week.step, week.another_way):
            assert not named.search(text.casefold()), text
            assert "public" not in text, text
