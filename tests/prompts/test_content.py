"""What the content files promise, and how a broken one is refused."""

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from itertools import product
from pathlib import Path

import pytest

from bot.coaching.goals import PLAN_LIMIT, TITLE_LIMIT, is_if_then
from bot.coaching.next_action import RULES, Facts
from bot.coaching.nudges import TEXT_LIMIT, placeholders
from prompts import BUTTONS, FILES, GUARANTEED, LONGEST, UNPROMPTED, Content, ContentError, load_content

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
}
"""The situations without a step, and why."""
WITHOUT_BUTTONS = {
    "late": "is a line under another text",
    "reminder": "has the buttons of its step",
    "discreet": "has the one that shows it",
}
OTHER_LABELS = {
    "new_goal": "opens the same form for the first goal, another one, and the next one",
    "weekly": "is a choice among rhythms when asked, and the way back after the last note",
}
"""The buttons that say the same in other words, and why."""

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
        yield from (template.label, template.goal, template.if_then, template.rule, *template.spaces)


def nudge_texts(content: Content) -> Iterator[str]:
    for rule in content.rules.values():
        yield from (rule.action, rule.because)
    for situation in content.situations.values():
        yield from situation.texts
        yield from (button.label for button in situation.buttons)


def every_text(content: Content) -> Iterator[str]:
    yield from checklist_texts(content)
    yield from goal_texts(content)
    yield from nudge_texts(content)


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


def test_the_checklist_and_the_goals_name_no_platform() -> None:
    named = re.compile(rf"\b(?:{PLATFORMS})\b", re.IGNORECASE)
    assert [text for text in (*checklist_texts(CONTENT), *goal_texts(CONTENT)) if named.search(text)] == []


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
    for template in CONTENT.vocabulary.templates.values():
        assert len(template.goal) <= TITLE_LIMIT
        assert len(template.if_then) <= PLAN_LIMIT
        assert is_if_then(template.if_then)
        assert 1 <= template.target <= CONTENT.vocabulary.types[template.type].max_per_week


def test_every_item_says_where_it_comes_from() -> None:
    assert all(item.sources for item in CONTENT.checklist.items)


# Nudges


def test_every_rule_has_its_words_and_no_words_are_left_over() -> None:
    assert [rule_id for rule_id, _ in RULES] == list(CONTENT.rules)
    chosen = {rule.situation for rule in CONTENT.rules.values()}
    assert chosen | set(UNPROMPTED) == set(CONTENT.situations)


def test_a_filled_text_has_at_most_600_characters() -> None:
    for situation in CONTENT.situations.values():
        for text in situation.texts:
            assert len(text.format_map(LONGEST)) <= TEXT_LIMIT


def test_the_longest_values_are_as_long_as_anything_in_the_content() -> None:
    rules = CONTENT.rules.values()
    assert max(len(rule.action) for rule in rules) <= len(LONGEST["act"])
    assert max(len(rule.because) for rule in rules) <= len(LONGEST["why"])
    assert max(len(item.title) for item in CONTENT.checklist.items) <= len(LONGEST["item"])


def test_a_text_uses_the_facts_its_rule_guarantees_and_beyond_them_at_most_a_field() -> None:
    for rule in CONTENT.rules.values():
        extra = {"field"} if rule.id == "A05" else set[str]()
        for text in CONTENT.situations[rule.situation].texts:
            assert placeholders(text) <= GUARANTEED[rule.id] | extra


def test_a_rule_asks_for_every_fact_it_guarantees() -> None:
    bare = Facts(
        term_week=1,
        has_focus=False,
        has_goal=False,
        goal_over=True,
        target=1,
        did=1,
        idle_weeks=0,
        quick_open=0,
        rechecks_due=0,
        outward_4w=9,
        at_4w=9,
        ask_4w=9,
        give_4w=0,
        listen_only_weeks=9,
        recent_rules=(),
    )
    for rule_id, matches in RULES:
        for idle, week in product(range(6), range(9)):
            facts = replace(bare, idle_weeks=idle, term_week=week)
            if "goal" in GUARANTEED[rule_id]:
                assert not matches(replace(facts, has_focus=True, quick_open=1, rechecks_due=1))
            if "field" in GUARANTEED[rule_id]:
                assert not matches(replace(facts, has_goal=True, quick_open=1, rechecks_due=1))
            if "item" in GUARANTEED[rule_id]:
                assert not matches(replace(facts, has_goal=True, has_focus=True))


def test_every_text_that_suggests_a_step_names_it_with_its_minutes() -> None:
    for situation in CONTENT.situations.values():
        if situation.id not in SUGGEST_NOTHING:
            for text in situation.texts:
                assert placeholders(text) & {"act", "item"}, text
                assert "mins" in placeholders(text), text


def test_a_count_of_seven_days_is_never_called_this_week() -> None:
    counting = [text for text in nudge_texts(CONTENT) if "{did}" in text]
    assert counting
    assert all("in the last seven days" in text and "this week" not in text for text in counting)


def test_a_text_that_may_count_nothing_does_not_praise() -> None:
    praise = re.compile(r"\b(?:good|great|well done|nice|congratulations|already)\b", re.IGNORECASE)
    for situation in CONTENT.situations.values():
        if situation.id != "target_met":
            assert not [text for text in situation.texts if "{did}" in text and praise.search(text)]


def test_a_nudge_has_one_to_four_buttons_that_each_do_something() -> None:
    for situation in CONTENT.situations.values():
        ids = [button.id for button in situation.buttons]
        assert (situation.id not in WITHOUT_BUTTONS) <= len(ids) <= 4
        assert len(set(ids)) == len(ids)
        assert set(ids) <= set(BUTTONS)


def test_done_stands_under_a_nudge_exactly_when_there_is_something_to_log() -> None:
    for rule in CONTENT.rules.values():
        offered = {button.id for button in CONTENT.situations[rule.situation].buttons}
        assert ("done" in offered) == (rule.done is not None), rule.id


def test_the_same_button_says_the_same_thing_wherever_it_means_the_same() -> None:
    labels: dict[str, set[str]] = {}
    for situation in CONTENT.situations.values():
        for button in situation.buttons:
            labels.setdefault(button.id, set()).add(button.label)
    assert {button for button, names in labels.items() if len(names) > 1} == OTHER_LABELS.keys()


def test_a_reason_goes_on_after_a_colon_and_the_text_ends_its_sentence() -> None:
    for rule in CONTENT.rules.values():
        assert rule.because[0].islower(), rule.because
        assert rule.because[-1].isalpha(), rule.because
    telling = [text for text in nudge_texts(CONTENT) if "{why}" in text]
    assert telling
    assert all("Why this: {why}." in text for text in telling)


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


# The course's own files


def broken(folder: Path, name: str, old: str, new: str) -> str:
    """Change one place of a packaged file, put it in the course's folder, and return the sentence that refuses it."""
    text = packaged(name)
    assert re.search(old, text, re.MULTILINE | re.DOTALL), f"{old} is not in {name}"
    (folder / name).write_text(re.sub(old, lambda _: new, text, count=1, flags=re.MULTILINE | re.DOTALL), "utf-8")
    with pytest.raises(ContentError) as refused:
        load_content(folder)
    return str(refused.value)


def test_a_file_in_the_courses_folder_takes_the_place_of_the_packaged_one_and_the_others_stay(tmp_path: Path) -> None:
    own = packaged("goals.toml").replace('label = "Teaching"', 'label = "Teaching at our school"')
    (tmp_path / "goals.toml").write_text(own, encoding="utf-8")
    content = load_content(tmp_path)
    assert content.vocabulary.template("education").label == "Teaching at our school"
    assert replace(content, vocabulary=CONTENT.vocabulary) == CONTENT


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    assert load_content(tmp_path) == CONTENT


@pytest.mark.parametrize("name", FILES)
def test_a_file_saved_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(packaged(name).replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_content(tmp_path) == CONTENT


def test_a_folder_that_does_not_exist_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"^COURSE_CONTENT: there is no folder .*nowhere$"):
        load_content(tmp_path / "nowhere")


def test_a_file_that_would_never_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "checklists.toml").write_text("", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("anything", encoding="utf-8")
    with pytest.raises(ContentError, match=r"^COURSE_CONTENT: checklists\.toml is not a content file"):
        load_content(tmp_path)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "goals.toml").mkdir()
    with pytest.raises(ContentError, match=r"^goals\.toml: the file cannot be read \("):
        load_content(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "goals.toml").write_bytes('label = "Förderung"'.encode("latin-1"))
    with pytest.raises(ContentError, match=r"^goals\.toml: the file is not saved as UTF-8$"):
        load_content(tmp_path)


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "goals.toml").write_text("# goals\n\nthis is no TOML\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"^goals\.toml: this is not TOML: .*line 3"):
        load_content(tmp_path)


LONG_TITLE = "A title " * 11
INTENT = 'checklist.toml, item "see.intent"'
MINUTES = f"{INTENT}: minutes must be a whole number from 1 to 120, not"
HEALTH = 'checklist.toml, track "health"'
HEALTH_GOAL = 'goals.toml, template "health"'
LEARN = 'goals.toml, goal type "learn"'
A03 = 'next_action.toml, rule "A03"'
HELLO = 'nudges.toml, situation "hello"'
NO_GOAL = 'nudges.toml, situation "no_goal"'
ON_TRACK = 'nudges.toml, situation "on_track"'
SETTINGS = 'id = "nudge_settings"'
FIRST_TEXT = r'(?<=situations.on_track\]\ntexts = \[\n    """\n)\{n\}'
FIRST_BUTTONS = r"(?<=^default_buttons = ).*?^\]"
FOCUS_BUTTON = r'\{ id = "set_focus", label = "Set my focus" \}(?=,\n    \{ id = "another_day)'
QUICK_START = r"^quick_start = .*?$"
FIRST_QUICK = r'(?<=^quick_start = \[)"see.intent"'
STEPS = r"(?<=^steps = ).*?^\]"
ID_FORM = 'an id has 1 to 40 characters out of a-z, 0-9, ".", "_" and "-"'
KINDS = ", ".join(CONTENT.vocabulary.kinds)
RULE_IDS = ", ".join(CONTENT.rules)
PLACEHOLDERS = ", ".join(f"{{{name}}}" for name in LONGEST)
FIVE_BUTTONS = ", ".join(f'{{ id = "{button}", label = "x" }}' for button in BUTTONS[:5])


def over(what: str, limit: int, text: str) -> str:
    return f'{what} may have {limit} characters, and "{text[:80]}…" has {len(text)}'


def texts_of(situation: str) -> str:
    return rf"(?<=situations.{situation}\]\n).*?(?=^buttons)"


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        # Wrong types, missing and unknown keys
        ("checklist.toml", "minutes = 5", 'minutes = "five"', f'{MINUTES} "five"'),
        ("checklist.toml", "minutes = 5", "minutes = 0", f"{MINUTES} 0"),
        ("checklist.toml", "minutes = 5", "minutes = 121", f"{MINUTES} 121"),
        ("checklist.toml", "minutes = 5", "minutes = true", f"{MINUTES} true"),
        ("checklist.toml", "minutes = 5", "minutes = 5.5", f"{MINUTES} 5.5"),
        (
            "checklist.toml",
            "recheck_months = 6",
            "recheck_months = -1",
            f"{INTENT}: recheck_months must be a whole number from 0 to 24, not -1",
        ),
        ("checklist.toml", "minutes = 5\n", "", f"{INTENT}: minutes is missing"),
        ("checklist.toml", "minutes = 5", "minutes = 5\ncolour = 1", f'{INTENT}: the key "colour" is unknown'),
        ("checklist.toml", "^quick_start", "colour = 1\nquick_start", 'checklist.toml: the key "colour" is unknown'),
        ("checklist.toml", QUICK_START, "", "checklist.toml: quick_start is missing"),
        (
            "checklist.toml",
            QUICK_START,
            'quick_start = "see.intent"',
            'checklist.toml: quick_start must be a list of texts, not "see.intent"',
        ),
        (
            "checklist.toml",
            QUICK_START,
            "quick_start = [5]",
            "checklist.toml: every entry of quick_start must be a text, not 5",
        ),
        (
            "checklist.toml",
            "^sections = .*?^\\]",
            "sections = 5",
            "checklist.toml: sections must be a list of tables, not 5",
        ),
        ("checklist.toml", "^sections = .*?^\\]", "sections = [5]", "checklist.toml: section 1 must be a table, not 5"),
        ("checklist.toml", 'id = "see.intent"\n', "", "checklist.toml, item 1: id is missing"),
        (
            "checklist.toml",
            'severity = "must"',
            'severity = "mist"',
            f'{INTENT}: there is no severity "mist"; did you mean "must"?',
        ),
        ("checklist.toml", 'severity = "must"', "severity = [1]", f"{INTENT}: severity must be a text, not a list"),
        (
            "checklist.toml",
            'stance = "strict"',
            'stance = "loose"',
            f'{HEALTH}: there is no stance "loose"; there are strict, standard, open',
        ),
        (
            "goals.toml",
            'direction = "listen"',
            'direction = "up"',
            'goals.toml, action "note": there is no direction "up"; there are listen, with, give, at, ask',
        ),
        (
            "goals.toml",
            r"\[actions.note\]",
            "[actions]\nnote = 5\n[actions.memo]",
            'goals.toml: action "note" must be a table, not 5',
        ),
        # Limits
        (
            "checklist.toml",
            'title = "Write one.*?$',
            f'title = "{LONG_TITLE}"',
            over(f"{INTENT}: title", 80, LONG_TITLE.strip()),
        ),
        ("checklist.toml", 'title = "Write one.*?$', 'title = "  "', f"{INTENT}: title must not be empty"),
        ("checklist.toml", 'why = ".*?$', f'why = "{201 * "w"}"', over(f"{INTENT}: why", 200, 201 * "w")),
        ("checklist.toml", STEPS, f'["{151 * "s"}"]', over(f"{INTENT}: every entry of steps", 150, 151 * "s")),
        ("checklist.toml", STEPS, "[]", f"{INTENT}: steps must have 1 to 8 entries, not 0"),
        (
            "checklist.toml",
            "(?<=extra_step = ).*?$",
            f'"{151 * "s"}"',
            over(f'{HEALTH}, item "respect.confidential": extra_step', 150, 151 * "s"),
        ),
        (
            "checklist.toml",
            'label = "Health professions"',
            f'label = "{81 * "l"}"',
            over(f"{HEALTH}: label", 80, 81 * "l"),
        ),
        ("goals.toml", 'goal = "Have one.*?$', f'goal = "{101 * "g"}"', over(f"{HEALTH_GOAL}: goal", 100, 101 * "g")),
        (
            "goals.toml",
            'if_then = ".*?$',
            f'if_then = "If {138 * "i"}"',
            over(f"{HEALTH_GOAL}: if_then", 140, "If " + 138 * "i"),
        ),
        (
            "goals.toml",
            'if_then = ".*?$',
            'if_then = "On Tuesday I reply"',
            f'{HEALTH_GOAL}: if_then must read "If …, then I will …", not "On Tuesday I reply"',
        ),
        ("goals.toml", "target = 1", "target = 6", f"{HEALTH_GOAL}: target must be a whole number from 1 to 5, not 6"),
        ("goals.toml", "weeks = 6", "weeks = 9", f"{HEALTH_GOAL}: weeks must be a whole number from 4 to 8, not 9"),
        (
            "goals.toml",
            "default_per_week = 2",
            "default_per_week = 6",
            f"{LEARN}: default_per_week must be a whole number from 1 to 5, not 6",
        ),
        ("checklist.toml", r'id = "see", title', 'id = "See", title', f'checklist.toml, section "See": {ID_FORM}'),
        (
            "goals.toml",
            "^\\[actions.note\\]",
            f'[actions.{41 * "n"}]\nlabel = "x"\ndirection = "at"\nminutes = 1\n[actions.note]',
            f'goals.toml, action "{41 * "n"}": {ID_FORM}',
        ),
        # References and duplicates
        (
            "checklist.toml",
            'section = "see"',
            'section = "seen"',
            f'{INTENT}: there is no section "seen"; did you mean "see"?',
        ),
        (
            "checklist.toml",
            FIRST_QUICK,
            '"see.intend"',
            'checklist.toml: there is no item "see.intend"; did you mean "see.intent"?',
        ),
        (
            "checklist.toml",
            FIRST_QUICK,
            '"see.intent", "see.intent"',
            'checklist.toml: quick_start has "see.intent" 2 times',
        ),
        (
            "checklist.toml",
            'overrides."respect.rules"',
            'overrides."respect.rulez"',
            f'{HEALTH}: there is no item "respect.rulez"; did you mean "respect.rules"?',
        ),
        (
            "checklist.toml",
            'id = "see.search-name"',
            'id = "see.intent"',
            'checklist.toml: items has "see.intent" 2 times',
        ),
        (
            "checklist.toml",
            r'(?<=id = "sustain", title = "Keep it going" \},\n)',
            '{ id = "new", title = "New" },\n',
            'checklist.toml: section "new" must have 1 to 25 entries, not 0',
        ),
        ("goals.toml", '"note", "follow"', '"note", "qqq"', f'{LEARN}: there is no action "qqq"; there are {KINDS}'),
        ("goals.toml", '"note", "follow"', '"note", "note"', f'{LEARN}: counted_actions has "note" 2 times'),
        ("goals.toml", '"note", "follow"', "", f"{LEARN}: counted_actions must have 1 to 100 entries, not 0"),
        (
            "goals.toml",
            r"\[actions.note\]",
            "[actions.notes]",
            'goals.toml: there is no action "note"; did you mean "notes"?',
        ),
        (
            "goals.toml",
            'type = "connect"',
            'type = "conect"',
            f'{HEALTH_GOAL}: there is no goal type "conect"; did you mean "connect"?',
        ),
        (
            "goals.toml",
            r"\[actions.share_link\]",
            "[actions.link]",
            'goals.toml: action "share_link" is missing; goals and logs may name it, so it stays',
        ),
        (
            "goals.toml",
            r"\[goal_types.learn\]",
            "[goal_types.read]",
            'goals.toml: goal type "learn" is missing; goals and logs may name it, so it stays',
        ),
        (
            "next_action.toml",
            'situation = "no_focus"',
            'situation = "no_focs"',
            f'{A03}: there is no situation "no_focs"; did you mean "no_focus"?',
        ),
        (
            "next_action.toml",
            'done = "reply"',
            'done = "reply2"',
            'next_action.toml, rule "A13": there is no action "reply2"; did you mean "reply"?',
        ),
        (
            "next_action.toml",
            'id = "A03"',
            'id = "B99"',
            f'next_action.toml: there is no rule "B99"; there are {RULE_IDS}',
        ),
        ("next_action.toml", 'id = "A04"', 'id = "A03"', 'next_action.toml: rules has "A03" 2 times'),
        ("next_action.toml", r'\[\[rules\]\]\nid = "A23".*', "", 'next_action.toml: rule "A23" is missing'),
        (
            "next_action.toml",
            "cooldown_nudges = 1",
            "cooldown_nudges = -1",
            f"{A03}: cooldown_nudges must be a whole number from 0 to 4, not -1",
        ),
        # Nudges
        (
            "nudges.toml",
            FIRST_TEXT,
            "{name}",
            f"{ON_TRACK}: there is no placeholder {{name}}; there are {PLACEHOLDERS}",
        ),
        ("nudges.toml", FIRST_TEXT, "{}", f"{ON_TRACK}: there is no placeholder {{}}; there are {PLACEHOLDERS}"),
        ("nudges.toml", FIRST_TEXT, "{n!r}", f"{ON_TRACK}: there is no placeholder {{n}}; there are {PLACEHOLDERS}"),
        ("nudges.toml", "texts = \\[.*?^\\]", "texts = []", f"{HELLO}: texts must have 1 to 100 entries, not 0"),
        (
            "nudges.toml",
            texts_of("no_goal"),
            'texts = ["{n}: {field} {act} {mins}"]\n',
            f"{NO_GOAL}: rule A05 needs one text with no other placeholders than {{n}}, {{act}}, {{mins}}, {{why}}",
        ),
        (
            "nudges.toml",
            texts_of("hello"),
            'texts = ["{n}: {act}"]\n',
            f"{HELLO}: it needs one text with no other placeholders than {{n}}, {{day}}, {{time}}",
        ),
        (
            "nudges.toml",
            r"\[situations.hello\]",
            "[situations.hallo]",
            'nudges.toml: there is no situation "hello"; did you mean "hallo"?',
        ),
        (
            "nudges.toml",
            SETTINGS,
            'id = "nudge_setings"',
            f'{HELLO}: there is no button "nudge_setings"; did you mean "nudge_settings"?',
        ),
        ("nudges.toml", SETTINGS, 'id = "set_focus"', f'{HELLO}: buttons has "set_focus" 2 times'),
        (
            "nudges.toml",
            'label = "Change day or hour"',
            f'label = "{81 * "b"}"',
            over(f'{HELLO}, button "nudge_settings": label', 80, 81 * "b"),
        ),
        (
            "nudges.toml",
            FIRST_BUTTONS,
            f"[{FIVE_BUTTONS}]",
            "nudges.toml: default_buttons must have 0 to 4 entries, not 5",
        ),
        (
            "nudges.toml",
            FOCUS_BUTTON,
            '{ id = "done", label = "Done" }',
            'nudges.toml, situation "no_focus": the button "done" has nothing to log for rule A03',
        ),
        (
            "nudges.toml",
            texts_of("checklist_first"),
            'texts = ["{n}: {act}"]\n',
            'nudges.toml, situation "checklist_first": every text names {item}, because rule A04 is about one',
        ),
        (
            "nudges.toml",
            FIRST_BUTTONS,
            '[{ id = "item_fine", label = "Fine" }]',
            'nudges.toml, situation "talk_with": the button "item_fine" has no item for rule A13',
        ),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence_that_names_file_entry_and_fault(
    tmp_path: Path, name: str, old: str, new: str, sentence: str
) -> None:
    assert broken(tmp_path, name, old, new) == sentence


def test_a_brace_that_is_left_open_is_refused(tmp_path: Path) -> None:
    sentence = broken(tmp_path, "nudges.toml", FIRST_TEXT, "{n")
    assert sentence.startswith(f'{ON_TRACK}: the braces in "{{n, {{did}} of {{target}}')


def test_a_text_that_could_grow_too_long_is_refused_with_the_length_it_can_have(tmp_path: Path) -> None:
    sentence = broken(tmp_path, "nudges.toml", FIRST_TEXT, 10 * "{plan} " + "{n}")
    assert re.fullmatch(
        rf'{re.escape(ON_TRACK)}: filled, a text may have 600 characters, and "({{plan}} )+.*…" can have \d{{4}}',
        sentence,
    )


@pytest.mark.parametrize(("what", "most"), [("action", 25), ("template", 25), ("track", 24)])
def test_more_entries_than_a_menu_of_discord_holds_are_refused(tmp_path: Path, what: str, most: int) -> None:
    name, body = {
        "action": ("goals.toml", 'label = "x"\ndirection = "at"\nminutes = 1'),
        "template": (
            "goals.toml",
            'label = "x"\ngoal = "g"\ntype = "learn"\ntarget = 1\nweeks = 6\nspaces = ["s"]\nrule = "r"\n{more}',
        ),
        "track": ("checklist.toml", 'label = "x"\nstance = "open"\n[tracks.{id}.overrides]'),
    }[what]
    # As many as make one too many together with the packaged ones; the menu of tracks has an option of its own.
    packaged_ones = {
        "action": CONTENT.vocabulary.kinds,
        "template": CONTENT.vocabulary.templates,
        "track": CONTENT.checklist.tracks,
    }[what]
    ids = [f"more{letter}" for letter in string.ascii_lowercase[: most + 1 - len(packaged_ones)]]
    body = body.replace("{more}", 'if_then = "If a, then I will b"')
    more = "\n".join(f"[{what}s.{entry_id}]\n{body.replace('{id}', entry_id)}\n" for entry_id in ids)
    (tmp_path / name).write_text(f"{packaged(name)}\n{more}", encoding="utf-8")
    with pytest.raises(ContentError, match=rf"^{re.escape(name)}: {what}s must have 1 to {most} entries, not \d\d$"):
        load_content(tmp_path)
