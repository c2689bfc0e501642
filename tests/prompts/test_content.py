"""What the packaged content files promise."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.focus import Connection, Focus, Season
from bot.coaching.goals import PLAN_LIMIT, TITLE_LIMIT, Obstacle, plan_hints
from bot.coaching.network import Category, Stage
from bot.coaching.next_action import NEW_ACCOUNT_GOALS, OCCASIONS, RULES, Occasion, Rule, choose, occasion_for
from bot.coaching.nudges import TEXT_LIMIT, placeholders
from bot.coaching.snapshot import Facts
from prompts import BUTTONS, GUARANTEED, LONGEST, UNPROMPTED, Content, given_by, load_content

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
    "first_week": "has those of the rule whose step it tells",
    "return": "has those of the rule whose step it tells",
    "momentum": "has those of the rule whose step it tells",
}
OTHER_LABELS = {
    "new_goal": "opens the same form for the first goal and for another one",
    "smaller": "is named by its minutes where the step itself is a choice",
    "weekly": "is a choice among rhythms when asked, and the way back after the last note",
}
"""The buttons that say the same in other words, and why."""
MET_OFTEN = (
    "on_track",
    "target_met",
    "slipped_1",
    "checklist_first",
    "talk_with",
    "lurker",
    "contact_cold",
    "map_gap",
    "quality",
    "first_week",
    "return",
)
NOT_DONE_AT_ONCE = {
    "A06": "asks to choose first; *Done* stands under the five-minute version",
    "A07": "asks what got in the way first; *Done* stands under the answer",
}
"""The rules with something to log whose own note has no *Done*, and why."""
OF_A_GOAL = frozenset({"goal", "plan", "did", "target", "progress"})

CONTENT = load_content()


def packaged(name: str) -> str:
    return (resources.files("prompts") / name).read_text(encoding="utf-8")


def checklist_texts(content: Content) -> Iterator[str]:
    for section in content.checklist.sections:
        yield section.title
    for item in content.checklist.items:
        yield from (item.title, item.why, item.done_when, *item.steps)
    for track in content.checklist.tracks.values():
        yield track.label
        yield from (override.extra_step for override in track.overrides.values() if override.extra_step)


def goal_texts(content: Content) -> Iterator[str]:
    for goal_type in content.vocabulary.types.values():
        yield from (goal_type.label, goal_type.benefit, goal_type.verb, goal_type.unit, goal_type.outcome_evidence)
    for kind in content.vocabulary.kinds.values():
        yield kind.label
    for template in content.vocabulary.templates.values():
        yield from (template.label, template.focus, template.goal, template.if_then, template.rule, *template.spaces)
        yield from (template.obstacle, template.obstacle_plan, template.ties)
    for obstacle in content.vocabulary.obstacles.values():
        yield from (obstacle.label, obstacle.plan)


def network_texts(content: Content) -> Iterator[str]:
    yield from content.network.categories.values()
    for stage in content.network.stages.values():
        yield from (stage.means, stage.next)
    for starter in content.network.starters.values():
        yield from (starter.when, starter.text)


def nudge_texts(content: Content) -> Iterator[str]:
    for speaker in speakers(content):
        yield speaker.because
        yield from (text for text in (speaker.action, speaker.smaller) if text)
    for rule in content.rules.values():
        yield from rule.because_for.values()
    for situation in content.situations.values():
        yield from situation.texts
        yield from (button.label for button in situation.buttons)


def every_text(content: Content) -> Iterator[str]:
    yield from checklist_texts(content)
    yield from goal_texts(content)
    yield from network_texts(content)
    yield from nudge_texts(content)


def speakers(content: Content) -> Iterator[Rule | Occasion]:
    """Yield whatever may speak in a weekly note."""
    yield from content.rules.values()
    yield from content.occasions.values()


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


def test_the_packaged_files_load_and_load_the_same_twice() -> None:
    assert load_content() == CONTENT


def test_the_checklist_has_thirty_items_in_six_sections_and_a_quick_start_of_under_an_hour() -> None:
    checklist = CONTENT.checklist
    assert (len(checklist.items), len(checklist.sections)) == (30, 6)
    assert len(checklist.quick_start) == 5
    assert sum(checklist.item(item_id).minutes for item_id in checklist.quick_start) < 60


def test_no_text_uses_a_banned_phrase() -> None:
    phrases = "|".join(re.escape(phrase) for phrase in CONTENT.banned_phrases)
    banned = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)
    assert [text for text in every_text(CONTENT) if banned.search(text)] == []


def test_no_text_shouts() -> None:
    assert [text for text in every_text(CONTENT) if "!" in text] == []


def test_no_text_names_a_platform() -> None:
    named = re.compile(rf"\b(?:{PLATFORMS})\b", re.IGNORECASE)
    assert [text for text in every_text(CONTENT) if named.search(text)] == []


def test_the_notes_are_easier_to_read_than_a_childrens_book_and_the_rest_asks_for_little_more() -> None:
    def mean(texts: Iterator[str]) -> float:
        grades = [grade(text) for text in texts if len(text.split()) > 2]
        return sum(grades) / len(grades)

    told = (text for situation in CONTENT.situations.values() for text in situation.texts)
    assert mean(told) < 4
    assert mean(checklist_texts(CONTENT)) < 6
    assert mean(goal_texts(CONTENT)) < 7
    assert mean(network_texts(CONTENT)) < 6


def test_every_command_that_a_text_names_stands_in_backticks_and_nothing_else_does() -> None:
    named: set[str] = set()
    for text in every_text(CONTENT):
        quoted = re.findall(r"`([^`]*)`", text)
        named.update(quoted)
        assert not re.search(r"(?<!\w)/[a-z]", re.sub(r"`[^`]*`", "", text)), text
    assert named
    # That each exists is checked against the bot itself, in test_house.py.
    assert all(re.fullmatch(r"/[a-z ]+", name) for name in named)


def test_the_adapted_checklist_credits_its_source() -> None:
    head = packaged("checklist.toml")[:400]
    assert "Lissy93/personal-security-checklist" in head
    assert "CC BY 4.0" in head


def test_every_track_has_a_starter_goal_and_the_strict_ones_say_so() -> None:
    templates = CONTENT.vocabulary.templates
    assert set(templates) == set(CONTENT.checklist.tracks)
    for track_id, track in CONTENT.checklist.tracks.items():
        assert templates[track_id].rule.startswith(f"{track.stance.capitalize()}: ")


def test_every_starter_goal_is_one_that_a_member_could_write() -> None:
    vocabulary = CONTENT.vocabulary
    for template in vocabulary.templates.values():
        assert len(template.goal) <= TITLE_LIMIT
        assert 1 <= template.target <= vocabulary.types[template.type].max_per_week
        assert template.who
        assert set(template.who) <= set(Category)
        for plan in (template.if_then, template.obstacle_plan):
            assert len(plan) <= PLAN_LIMIT
            assert plan_hints(plan, vocabulary.verbs) == ()


def test_every_obstacle_has_a_plan_that_needs_no_hint_and_is_said_by_the_member() -> None:
    assert list(CONTENT.vocabulary.obstacles) == list(Obstacle)
    for obstacle, words in CONTENT.vocabulary.obstacles.items():
        assert len(words.plan) <= PLAN_LIMIT
        assert plan_hints(words.plan, CONTENT.vocabulary.verbs) == ()
        assert obstacle is Obstacle.OTHER or re.search(r"\b(?:I|me|My)\b", words.label)


def test_the_step_that_a_goal_type_is_about_can_be_said_in_a_plan() -> None:
    assert {"reply", "ask", "answer", "thank", "send", "share", "introduce", "apply"} <= CONTENT.vocabulary.verbs
    assert not {"be", "feel", "hope", "think", "want", "network"} & CONTENT.vocabulary.verbs


def test_a_low_profile_leaves_out_the_search_for_the_name_and_what_presents_and_nothing_else() -> None:
    checklist = CONTENT.checklist
    seen = checklist.for_member(Focus(("nursing",), season=Season.LOW_PROFILE), None)
    left_out = {item.id for item in checklist.items} - {item.id for item in seen.items}
    assert left_out == {"see.search-name"} | {item.id for item in checklist.items if item.section == "present"}
    assert seen.quick_start == ("see.intent", "protect.signin", "respect.separate")


def test_the_focus_answers_the_one_item_that_asks_for_it() -> None:
    assert [(item.id, item.answered_by) for item in CONTENT.checklist.items if item.answered_by] == [
        ("see.intent", "focus")
    ]


def test_every_strict_track_asks_more_of_what_is_confidential_and_of_the_rules() -> None:
    for track in CONTENT.checklist.tracks.values():
        assert track.overrides
        if track.stance == "strict":
            assert {"respect.confidential", "respect.rules"} <= track.overrides.keys()


def test_every_category_and_every_stage_has_its_words_in_the_order_of_the_code() -> None:
    assert list(CONTENT.network.categories) == list(Category)
    assert list(CONTENT.network.stages) == list(Stage)


def test_a_relation_cools_more_slowly_the_further_it_has_come() -> None:
    touches = [stage.touch_days for stage in CONTENT.network.stages.values()]
    assert touches[0] is None
    later = [days for days in touches[1:] if days is not None]
    assert len(later) == len(Stage) - 1
    assert later == sorted(later)


def test_every_first_message_leaves_blanks_that_are_closed_and_asks_for_no_job() -> None:
    for starter in CONTENT.network.starters.values():
        blanks = re.findall(r"\{([^{}]+)\}", starter.text)
        assert blanks, starter.id
        assert starter.text.count("{") == starter.text.count("}") == len(blanks)
        assert "job" not in starter.text.casefold()


def test_a_first_message_that_asks_for_something_makes_a_no_easy() -> None:
    for starter_id in ("twenty_minutes", "referral"):
        assert re.search(r"no need to answer|If not, that is fine", CONTENT.network.starters[starter_id].text)


def test_every_item_says_where_it_comes_from() -> None:
    assert all(item.sources for item in CONTENT.checklist.items)


# Nudges


def test_every_rule_and_every_occasion_has_its_words_and_no_words_are_left_over() -> None:
    assert [one.id for one in RULES] == list(CONTENT.rules)
    assert [one.id for one in OCCASIONS] == list(CONTENT.occasions)
    spoken = {situation_of(speaker) for speaker in speakers(CONTENT)}
    assert spoken | set(UNPROMPTED) == set(CONTENT.situations)
    assert spoken.isdisjoint(UNPROMPTED)


def test_every_rule_has_a_situation_of_its_own() -> None:
    assert len({rule.situation for rule in CONTENT.rules.values()}) == len(RULES)


def test_what_is_met_most_often_is_said_in_more_than_one_way() -> None:
    for situation in MET_OFTEN:
        assert len(CONTENT.situations[situation].texts) > 1, situation
    assert len(CONTENT.situations["on_track"].texts) > 2


def test_a_filled_text_has_at_most_600_characters() -> None:
    for situation in CONTENT.situations.values():
        for text in situation.texts:
            assert len(text.format_map(LONGEST)) <= TEXT_LIMIT


def test_the_longest_values_are_as_long_as_anything_in_the_content() -> None:
    reasons = [speaker.because for speaker in speakers(CONTENT)]
    reasons += [text for rule in CONTENT.rules.values() for text in rule.because_for.values()]
    assert max(len(speaker.action or "") for speaker in speakers(CONTENT)) <= len(LONGEST["act"])
    assert max(map(len, reasons)) <= len(LONGEST["why"])
    assert max(len(item.title) for item in CONTENT.checklist.items) <= len(LONGEST["item"])


def test_every_text_can_be_sent() -> None:
    # Beyond what is certain a member may have a goal and a focus, unless the rule asks for their absence.
    never = {"A03": {"field"}, "A05": OF_A_GOAL}
    for speaker in speakers(CONTENT):
        possible = certain(speaker) | (OF_A_GOAL | {"field"}) - frozenset(never.get(speaker.id, ()))
        for text in CONTENT.situations[situation_of(speaker)].texts:
            assert placeholders(text) <= possible, text


def test_a_text_that_goes_beyond_what_is_certain_speaks_of_a_goal_or_a_focus_that_may_be_there() -> None:
    beyond = {
        situation_of(speaker): names
        for speaker in speakers(CONTENT)
        for text in CONTENT.situations[situation_of(speaker)].texts
        if (names := placeholders(text) - certain(speaker))
    }
    assert beyond == {"no_goal": {"field"}, "on_track": {"progress"}}


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
    ),
    st.booleans(),
)
NO_PERSON = {"unthanked_days": None, "advice_days": None, "cold": 0, "unanswered_days": None}
NO_OPENING = {"deadline_days": None, "sent_days": None, "won": False, "lost": False}
NO_ITEM = {"quick_open": 0, "rechecks_due": 0}
MISSING: Mapping[str, Mapping[str, object]] = {
    "goal": {"has_goal": False, "goal_over": False},
    "field": {"has_focus": False},
    "item": NO_ITEM,
    "who": NO_PERSON,
    "opening": NO_OPENING,
    "days": {**NO_PERSON, **NO_OPENING, **NO_ITEM, "alert_days": None},
    "until": {"exams_ahead": False},
}
"""How the facts look when a placeholder has no value."""


@pytest.mark.parametrize("name", MISSING)
@settings(max_examples=250)
@given(facts=FACTS)
def test_nothing_that_speaks_is_certain_of_a_fact_that_is_missing(name: str, facts: Facts) -> None:
    bare: Facts = replace(facts, **MISSING[name])  # pyright: ignore[reportArgumentType]
    for rule_id in [one.id for one in RULES if one.matches(bare)]:
        assert name not in GUARANTEED[rule_id], rule_id
        for occasion in [CONTENT.occasions[one.id] for one in OCCASIONS if one.matches(bare)]:
            assert rule_id not in occasion.places or name not in given_by(occasion), occasion.id


@given(FACTS)
def test_a_deadline_gives_way_to_a_pause_exams_and_the_question_about_the_notes_alone(facts: Facts) -> None:
    near = replace(facts, deadline_days=3)
    rule = choose(near, CONTENT.rules)
    occasion = occasion_for(near, rule, CONTENT.occasions)
    assert rule.id == "A01"
    assert occasion is None or occasion.id in {"pause_end", "exam_weeks", "backoff_ask", "backoff_stop"}


@given(FACTS, st.booleans())
def test_a_thank_you_that_is_due_gives_way_to_no_news_of_an_opening(facts: Facts, won: bool) -> None:
    due = replace(facts, deadline_days=None, unthanked_days=1, won=won, lost=not won)
    occasion = occasion_for(due, choose(due, CONTENT.rules), CONTENT.occasions)
    assert occasion is None or occasion.id in {"pause_end", "exam_weeks", "backoff_ask", "backoff_stop"}


def test_an_occasion_that_tells_a_rules_step_leaves_those_about_a_person_or_an_opening_in_peace() -> None:
    # The step of a rule about a person or an opening says nothing without their name.
    for occasion in CONTENT.occasions.values():
        if occasion.tells_rule:
            for place in occasion.places:
                assert not {"who", "opening"} & GUARANTEED[place], (occasion.id, place)


def test_what_has_no_trigger_of_its_own_rests_after_it_was_said() -> None:
    own_trigger = {"pause_end", "exam_weeks", "backoff_ask", "backoff_stop"}
    for occasion in CONTENT.occasions.values():
        assert (occasion.cooldown_nudges == 0) == (occasion.id in own_trigger), occasion.id


def test_every_occasion_can_take_some_rules_place() -> None:
    anything = Facts(
        term_week=6,
        has_focus=True,
        first_note=True,
        away_weeks=2,
        goal_over=True,
        did=9,
        target=3,
        active_weeks=8,
        momentum_weeks=8,
        unanswered_days=8,
        alert_days=30,
        bio_days=30,
        won=True,
        lost=True,
        pause_over=True,
        exams_ahead=True,
    )
    for number, when in enumerate(OCCASIONS):
        occasion_id = when.id
        unanswered = {"backoff_stop": 6, "backoff_ask": 2}.get(occasion_id, 0)
        facts = replace(anything, unanswered_notes=unanswered)
        assert when.matches(facts), occasion_id
        # Those before it in the list have been said lately, or are switched off here.
        others = {earlier: CONTENT.occasions[earlier] for earlier in (one.id for one in OCCASIONS[:number])}
        silent = {earlier: replace(one, places=frozenset[str]()) for earlier, one in others.items()}
        taken = [
            rule.id
            for rule in CONTENT.rules.values()
            if (one := occasion_for(facts, rule, {**CONTENT.occasions, **silent})) and one.id == occasion_id
        ]
        assert set(taken) == CONTENT.occasions[occasion_id].places


def test_every_text_that_suggests_a_step_names_it_with_its_minutes() -> None:
    asks_nothing = {one.id for one in CONTENT.occasions.values() if not one.tells_rule and one.action is None}
    assert asks_nothing | {"hello", "late", "discreet", "parcel", "parcel_last"} == SUGGEST_NOTHING.keys()
    for situation in CONTENT.situations.values():
        if situation.id not in SUGGEST_NOTHING:
            for text in situation.texts:
                assert placeholders(text) & {"act", "item"}, text
                assert "mins" in placeholders(text), text


def test_a_count_of_seven_days_is_never_called_this_week() -> None:
    counting = [text for text in nudge_texts(CONTENT) if "{did}" in text or "{progress}" in text]
    assert counting
    assert all("in the last seven days" in text and "this week" not in text for text in counting)


def test_a_text_that_may_count_nothing_does_not_praise() -> None:
    praise = re.compile(r"\b(?:good|great|well done|nice|congratulations|already)\b", re.IGNORECASE)
    for situation in CONTENT.situations.values():
        if situation.id not in {"target_met", "above_target"}:
            assert not [text for text in situation.texts if "{did}" in text and praise.search(text)]


def test_a_nudge_has_one_to_four_buttons_that_each_do_something() -> None:
    for situation in CONTENT.situations.values():
        ids = [button.id for button in situation.buttons]
        assert (situation.id not in WITHOUT_BUTTONS) <= len(ids) <= 4
        assert len(set(ids)) == len(ids)
        assert set(ids) <= set(BUTTONS)


def test_done_stands_under_a_nudge_exactly_when_there_is_something_to_log() -> None:
    for speaker in speakers(CONTENT):
        offered = {button.id for button in CONTENT.situations[situation_of(speaker)].buttons}
        wanted = bool(speaker.done) and speaker.id not in NOT_DONE_AT_ONCE
        assert ("done" in offered) == wanted, speaker.id


def test_a_first_message_that_a_step_has_is_offered_under_it() -> None:
    for speaker in speakers(CONTENT):
        offered = {button.id for button in CONTENT.situations[situation_of(speaker)].buttons}
        assert ("words" in offered) == (speaker.starter is not None), speaker.id


def test_every_note_with_a_step_has_a_way_out_or_says_that_nothing_more_is_needed() -> None:
    ways_out = {"another_day", "pause", "two_more_weeks"}
    for situation in CONTENT.situations.values():
        if situation.id in WITHOUT_BUTTONS or situation.id in SUGGEST_NOTHING:
            continue
        free = all(re.search("If you like|`/nudge settings`", text) for text in situation.texts)
        assert free or ways_out & {button.id for button in situation.buttons}, situation.id


def test_what_done_logs_is_what_the_step_asks_for() -> None:
    first = {rule.id: rule.done[0] for rule in CONTENT.rules.values() if rule.done}
    assert first == {
        "A01": "apply",
        "A02": "thank",
        "A06": "goal",
        "A07": "goal",
        "A09": "follow_up",
        "A10": "thank",
        "A12": "alert",
        "A13": "reply",
        "A14": "credit",
        "A15": "ask",
        "A16": "invite",
        "A17": "credit",
        "A18": "reply",
        "A20": "follow",
        "A21": "goal",
        "A22": "note",
        "A23": "goal",
    }


def test_every_button_stands_under_some_note() -> None:
    assert {button.id for one in CONTENT.situations.values() for button in one.buttons} == set(BUTTONS)


def test_a_smaller_step_fits_in_five_minutes_so_it_stands_under_longer_ones() -> None:
    for speaker in speakers(CONTENT):
        offered = {button.id for button in CONTENT.situations[situation_of(speaker)].buttons}
        if "smaller" in offered:
            assert speaker.minutes > 5 or speaker.id == "A06", speaker.id


def test_what_a_connection_means_changes_the_reason_for_steps_toward_people() -> None:
    meant = {rule.id for rule in CONTENT.rules.values() if rule.because_for}
    assert meant >= {"A13", "A15", "A16", "A17", "A20"}
    for rule_id in meant:
        rule = CONTENT.rules[rule_id]
        assert rule.because_for.keys() == set(Connection)
        assert len({rule.because, *rule.because_for.values()}) == 1 + len(Connection)


def test_the_same_button_says_the_same_thing_wherever_it_means_the_same() -> None:
    labels: dict[str, set[str]] = {}
    for situation in CONTENT.situations.values():
        for button in situation.buttons:
            labels.setdefault(button.id, set()).add(button.label)
    assert {button for button, names in labels.items() if len(names) > 1} == OTHER_LABELS.keys()


def test_a_reason_goes_on_after_a_colon_and_the_text_ends_its_sentence() -> None:
    reasons = [speaker.because for speaker in speakers(CONTENT)]
    reasons += [text for rule in CONTENT.rules.values() for text in rule.because_for.values()]
    for reason in reasons:
        assert reason[0].islower(), reason
        assert reason[-1].isalpha(), reason
    telling = [text for text in nudge_texts(CONTENT) if "{why}" in text]
    assert telling
    assert all("Why this: {why}." in text for text in telling)


def test_a_step_is_a_sentence_without_its_full_stop_that_begins_with_what_to_do() -> None:
    for speaker in speakers(CONTENT):
        for step in (speaker.action, speaker.smaller):
            assert step is None or (step[0].isupper() and re.search(r"[\w`]$", step)), step


def test_a_goal_that_was_reached_is_not_counted_by_its_last_seven_days() -> None:
    for text in CONTENT.situations["goal_achieved"].texts:
        assert not {"did", "progress"} & placeholders(text)


def test_nobody_is_told_of_a_map_that_may_be_empty() -> None:
    for text in CONTENT.situations["map_gap"].texts:
        assert not re.search(r"\byour (?:map|network) is\b|\bstrong\b", text, re.IGNORECASE)


def test_after_two_quiet_weeks_the_note_asks_what_got_in_the_way() -> None:
    slipped = CONTENT.situations["slipped_2"]
    assert [button.id.partition("_")[0] for button in slipped.buttons] == 4 * ["obstacle"]
    assert all("What got in the way" in text for text in slipped.texts)


def test_what_is_sent_in_place_of_a_note_says_nothing_of_it() -> None:
    for text in CONTENT.situations["discreet"].texts:
        assert placeholders(text) == {"n"}


def test_the_hello_says_when_the_note_comes_and_how_to_change_that() -> None:
    for text in CONTENT.situations["hello"].texts:
        assert {"day", "time"} <= placeholders(text)
        assert "`/nudge settings`" in text
        assert "private" in text
        assert "graded" in text


def test_a_text_has_no_line_that_begins_or_ends_with_a_space() -> None:
    for text in every_text(CONTENT):
        assert [line.strip() for line in text.split("\n")] == text.split("\n")
