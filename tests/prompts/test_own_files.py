"""The course's own content files: what takes the place of what, and how a broken file is refused."""

import re
import string
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from prompts import BUTTONS, FILES, LONGEST, ContentError, load_content

CONTENT = load_content()


def packaged(name: str) -> str:
    return (resources.files("prompts") / name).read_text(encoding="utf-8")


def broken(folder: Path, name: str, old: str, new: str) -> str:
    """Change one place of a packaged file, put it in the course's folder, and return the sentence that refuses it."""
    text = packaged(name)
    assert re.search(old, text, re.MULTILINE | re.DOTALL), f"{old} is not in {name}"
    (folder / name).write_text(re.sub(old, lambda _: new, text, count=1, flags=re.MULTILINE | re.DOTALL), "utf-8")
    with pytest.raises(ContentError) as refused:
        load_content(folder)
    return str(refused.value)


def test_a_file_in_the_courses_folder_takes_the_place_of_the_packaged_one_and_the_others_stay(tmp_path: Path) -> None:
    own = packaged("goals.toml").replace('label = "Teaching and education"', 'label = "Teaching at our school"')
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
A01 = 'next_action.toml, rule "A01"'
A03 = 'next_action.toml, rule "A03"'
A16 = 'next_action.toml, rule "A16"'
PAUSE_END = 'next_action.toml, occasion "pause_end"'
FIRST_WEEK = 'next_action.toml, occasion "first_week"'
HELLO = 'nudges.toml, situation "hello"'
NO_FOCUS = 'nudges.toml, situation "no_focus"'
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
ALWAYS = "{n}, {act}, {mins}, {why}, {active}, {weeks}"
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
            r'done = \["reply"\]',
            'done = ["reply2"]',
            'next_action.toml, rule "A13": there is no action "reply2"; did you mean "reply"?',
        ),
        (
            "next_action.toml",
            'id = "A03"',
            'id = "B99"',
            f'next_action.toml: there is no rule "B99"; there are {RULE_IDS}',
        ),
        ("next_action.toml", 'id = "A04"', 'id = "A03"', 'next_action.toml: rules has "A03" 2 times'),
        ("next_action.toml", r'\[\[rules\]\]\nid = "A23".*?(?=# What)', "", 'next_action.toml: rule "A23" is missing'),
        (
            "next_action.toml",
            "cooldown_nudges = 3",
            "cooldown_nudges = -3",
            f"{A03}: cooldown_nudges must be a whole number from 0 to 8, not -3",
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
            f"{NO_GOAL}: rule A05 needs one text with no other placeholders than {ALWAYS}",
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
            f'{ON_TRACK}: the button "item_fine" has no item for rule A23',
        ),
        # Plans, obstacles and verbs
        (
            "goals.toml",
            'obstacle_plan = ".*?$',
            'obstacle_plan = "If I get to it, then I will reply"',
            (
                f"{HEALTH_GOAL}: obstacle_plan must name a moment that can be noticed, such as a day or an event, "
                'not "If I get to it, then I will reply"'
            ),
        ),
        (
            "goals.toml",
            'if_then = ".*?$',
            'if_then = "If it is Monday, then I will network"',
            (
                f'{HEALTH_GOAL}: if_then must have one of the verbs after "I will", '
                'not "If it is Monday, then I will network"'
            ),
        ),
        (
            "goals.toml",
            '"accept", ',
            '"accept", "Be kind", ',
            'goals.toml: a verb is one word out of a-z, not "Be kind"',
        ),
        ("goals.toml", '"accept", ', '"accept", "accept", ', 'goals.toml: verbs has "accept" 2 times'),
        ("goals.toml", r"^verbs = .*?^\]", "", "goals.toml: verbs is missing"),
        (
            "goals.toml",
            'obstacle = ".*?$',
            f'obstacle = "{121 * "o"}"',
            over(f"{HEALTH_GOAL}: obstacle", 120, 121 * "o"),
        ),
        ("goals.toml", 'ties = ".*?$', "", f"{HEALTH_GOAL}: ties is missing"),
        (
            "goals.toml",
            'who = \\["near_peer"',
            'who = ["near_pear"',
            f'{HEALTH_GOAL}: there is no category "near_pear"; did you mean "near_peer"?',
        ),
        ("goals.toml", "who = .*?$", "who = []", f"{HEALTH_GOAL}: who must have 1 to 100 entries, not 0"),
        (
            "goals.toml",
            r"\[obstacles.nerves\]",
            "[obstacles.nerve]",
            'goals.toml: there is no obstacle "nerve"; did you mean "nerves"?',
        ),
        ("goals.toml", r"\[obstacles.other\].*", "", 'goals.toml: obstacle "other" is missing'),
        (
            "goals.toml",
            'plan = "If it is Wednesday.*?$',
            'plan = "Five minutes will do"',
            'goals.toml, obstacle "time": plan must read "If …, then I will …", not "Five minutes will do"',
        ),
        # What a low profile leaves out, and what answers an item
        (
            "checklist.toml",
            r"(?<=^findable = \[)",
            '"see.name", ',
            'checklist.toml: there is no item "see.name"; did you mean "see.search-name"?',
        ),
        (
            "checklist.toml",
            'answered_by = "focus"',
            'answered_by = "goals"',
            f'{INTENT}: there is no feature "goals"; there are focus',
        ),
        # The network
        (
            "network.toml",
            r'    \{ id = "peer".*?$',
            "",
            'network.toml: category "peer" is missing',
        ),
        (
            "network.toml",
            'id = "peer"',
            'id = "pear"',
            'network.toml: there is no category "pear"; did you mean "peer"?',
        ),
        (
            "network.toml",
            "touch_days = 14",
            "touch_days = 6",
            'network.toml, stage "noticed": touch_days must be a whole number from 7 to 365, not 6',
        ),
        (
            "network.toml",
            "touch_days = 14",
            "touch_days = 366",
            'network.toml, stage "noticed": touch_days must be a whole number from 7 to 365, not 366',
        ),
        (
            "network.toml",
            r'\[\[stages\]\]\nid = "advocate".*?(?=# The beg)',
            "",
            'network.toml: stage "advocate" is missing',
        ),
        (
            "network.toml",
            'text = "I tried.*?$',
            f'text = "{601 * "t"}"',
            over('network.toml, starter "reply": text', 600, 601 * "t"),
        ),
        (
            "network.toml",
            'when = "A reply.*?$',
            f'when = "{81 * "w"}"',
            over('network.toml, starter "reply": when', 80, 81 * "w"),
        ),
        (
            "network.toml",
            'id = "referral"',
            'id = "favour"',
            'network.toml: starter "referral" is missing; cards offer it, so it stays',
        ),
        # What a rule has beside its step
        (
            "next_action.toml",
            r'done = \["apply"\]',
            'done = "apply"',
            f'{A01}: done must be a list of texts, not "apply"',
        ),
        ("next_action.toml", r'done = \["apply"\]', "done = []", f"{A01}: done must have 1 to 4 entries, not 0"),
        (
            "next_action.toml",
            'smaller = "Write its.*?$',
            f'smaller = "{81 * "s"}"',
            over(f"{A01}: smaller", 80, 81 * "s"),
        ),
        (
            "next_action.toml",
            'starter = "thank"',
            'starter = "thanks"',
            'next_action.toml, rule "A02": there is no starter "thanks"; did you mean "thank"?',
        ),
        (
            "next_action.toml",
            "tiny = true",
            'tiny = "yes"',
            'next_action.toml, rule "A07": tiny must be true or false, not "yes"',
        ),
        (
            "next_action.toml",
            r"\[rules.because_for\]\nnews",
            "[rules.because_for]\nnewz",
            f'{A16}: there is no connection "newz"; did you mean "news"?',
        ),
        (
            "next_action.toml",
            "(?<=because_for]\nnews = ).*?$",
            f'"{121 * "b"}"',
            over(f"{A16}, because_for: news", 120, 121 * "b"),
        ),
        (
            "next_action.toml",
            "cooldown_nudges = 0",
            "cooldown_nudges = 0\nbecause_for = 5",
            f"{A01}: because_for must be a table, not 5",
        ),
        # Occasions
        (
            "next_action.toml",
            'id = "pause_end"',
            'id = "pause_ends"',
            'next_action.toml: there is no occasion "pause_ends"; did you mean "pause_end"?',
        ),
        (
            "next_action.toml",
            r'\[\[occasions\]\]\nid = "momentum".*',
            "",
            'next_action.toml: occasion "momentum" is missing',
        ),
        (
            "nudges.toml",
            r"\[situations.momentum\]",
            "[situations.streak]",
            'next_action.toml, occasion "momentum": there is no situation "momentum"',
        ),
        ("next_action.toml", 'when = "a pause.*?$', "", f"{PAUSE_END}: when is missing"),
        (
            "next_action.toml",
            r'places = \["A08"\]',
            'places = ["A8"]',
            'next_action.toml, occasion "goal_achieved": there is no rule "A8"; did you mean "A18"?',
        ),
        (
            "next_action.toml",
            r'places = \["A08"\]',
            "places = []",
            'next_action.toml, occasion "goal_achieved": places must have 1 to 100 entries, not 0',
        ),
        (
            "next_action.toml",
            "tells_rule = true",
            'tells_rule = true\naction = "Look"',
            f"{FIRST_WEEK}: it tells the rule's own step, so it has no action either",
        ),
        (
            "next_action.toml",
            "tells_rule = true",
            'tells_rule = true\nstarter = "reply"',
            f"{FIRST_WEEK}: it tells the rule's own step, so it has no starter either",
        ),
        (
            "next_action.toml",
            'action = "Look with.*?$',
            "",
            f"{PAUSE_END}: it has no action, so it has no minutes either",
        ),
        (
            "next_action.toml",
            'minutes = 2(?=\nbecause = "your pause)',
            "",
            f"{PAUSE_END}: minutes is missing",
        ),
        (
            "nudges.toml",
            r"(?<=\[situations.first_week\]\n)(texts = .*?^\]\n)buttons = \[\]",
            'texts = ["{n}: {act} ({mins} min)"]',
            (
                'nudges.toml, situation "first_week": it has the buttons of the rule whose step it tells, '
                "so it says buttons = []"
            ),
        ),
        (
            "nudges.toml",
            texts_of("exam_weeks"),
            'texts = ["{n}: {act}"]\n',
            (
                'nudges.toml, situation "exam_weeks": the occasion needs one text with no other placeholders than '
                "{n}, {until}, {active}, {weeks}"
            ),
        ),
        (
            "nudges.toml",
            texts_of("return"),
            'texts = ["{n}: {goal}"]\n',
            f'nudges.toml, situation "return": the occasion needs one text with no other placeholders than {ALWAYS}',
        ),
        (
            "nudges.toml",
            texts_of("thank"),
            'texts = ["{n}: {act}"]\n',
            'nudges.toml, situation "thank": every text names {who}, because rule A02 is about one',
        ),
        (
            "nudges.toml",
            texts_of("opportunity_won"),
            'texts = ["{n}: {act}"]\n',
            'nudges.toml, situation "opportunity_won": every text names {opening}, because the occasion is about one',
        ),
        # Buttons that could not do what they say
        *(
            ("nudges.toml", FOCUS_BUTTON, f'{{ id = "{button}", label = "x" }}', f"{NO_FOCUS}: the button {lack}")
            for button, lack in {
                "smaller": '"smaller" has no smaller version for rule A03',
                "words": '"words" has no first message for rule A03',
                "open_item": '"open_item" has no item for rule A03',
                "item_not_for_me": '"item_not_for_me" has no item for rule A03',
                "rest_contact": '"rest_contact" has no person for rule A03',
                "let_go": '"let_go" has no opening for rule A03',
                "alert_keep": '"alert_keep" has no alert for rule A03',
                "alert_remove": '"alert_remove" has no alert for rule A03',
                "review_goal": '"review_goal" has no goal for rule A03',
                "obstacle_words": '"obstacle_words" has no goal for rule A03',
            }.items()
        ),
        (
            "nudges.toml",
            r'(?<=\[situations.pause_end\]\n)(texts = .*?buttons = \[\n)    \{ id = "go_on"',
            'texts = ["{n}: {act} ({mins} min)"]\nbuttons = [\n    { id = "done"',
            'nudges.toml, situation "pause_end": the button "done" has nothing to log for the occasion',
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
            (
                'label = "x"\nfocus = "f"\ngoal = "g"\ntype = "learn"\ntarget = 1\nweeks = 6\nspaces = ["s"]\n'
                'who = ["peer"]\nrule = "r"\nobstacle = "o"\nties = "t"\n{more}'
            ),
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
    plan = "If it is Monday, then I will reply"
    body = body.replace("{more}", f'if_then = "{plan}"\nobstacle_plan = "{plan}"')
    more = "\n".join(f"[{what}s.{entry_id}]\n{body.replace('{id}', entry_id)}\n" for entry_id in ids)
    (tmp_path / name).write_text(f"{packaged(name)}\n{more}", encoding="utf-8")
    with pytest.raises(ContentError, match=rf"^{re.escape(name)}: {what}s must have 1 to {most} entries, not \d\d$"):
        load_content(tmp_path)


def test_an_action_that_stands_for_the_goals_own_may_stand_beside_others(tmp_path: Path) -> None:
    own = packaged("next_action.toml").replace('done = ["goal"]', 'done = ["goal", "note"]')
    (tmp_path / "next_action.toml").write_text(own, encoding="utf-8")
    assert load_content(tmp_path).rules["A23"].done == ("goal", "note")


def test_an_occasion_in_any_place_may_take_every_rules_place() -> None:
    assert CONTENT.occasions["pause_end"].places == CONTENT.rules.keys()


def test_an_occasion_knows_of_the_goal_when_all_its_places_do(tmp_path: Path) -> None:
    narrower = packaged("next_action.toml").replace('places = ["A08"]', 'places = ["A08", "A22"]')
    (tmp_path / "next_action.toml").write_text(narrower, encoding="utf-8")
    with pytest.raises(ContentError, match=r"^nudges\.toml, situation \"goal_achieved\": the occasion needs one text"):
        load_content(tmp_path)


def test_a_course_may_add_first_messages_of_its_own_and_name_them_in_a_rule(tmp_path: Path) -> None:
    more = '\n[[starters]]\nid = "placement"\nwhen = "To a placement mentor"\ntext = "Dear {name}"\n'
    (tmp_path / "network.toml").write_text(packaged("network.toml") + more, encoding="utf-8")
    rules = packaged("next_action.toml").replace('starter = "reply"', 'starter = "placement"', 1)
    (tmp_path / "next_action.toml").write_text(rules, encoding="utf-8")
    content = load_content(tmp_path)
    assert content.rules["A13"].starter == "placement"
    assert content.network.starters["placement"].text == "Dear {name}"
