"""The course's own content files: what takes the place of what, and how a broken file is refused."""

import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from bot.coaching.course_plan import DoneBy
from prompts import FILES, ContentError, load_content
from prompts.nudges import BUTTONS

CONTENT = load_content()


def packaged(name: str) -> str:
    return (resources.files("prompts") / name).read_text(encoding="utf-8")


def refused(folder: Path, name: str, old: str, new: str) -> str:
    """Change one place of a packaged file, put it in the course's folder, and return the sentence that refuses it."""
    text = packaged(name)
    assert re.search(old, text, re.MULTILINE | re.DOTALL), f"{old} is not in {name}"
    (folder / name).write_text(re.sub(old, lambda _: new, text, count=1, flags=re.MULTILINE | re.DOTALL), "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(folder)
    return str(error.value)


def test_own_file_replaces_the_packaged_one(tmp_path: Path) -> None:
    own = packaged("goals.toml").replace('label = "Teaching and education"', 'label = "Teaching at our school"')
    (tmp_path / "goals.toml").write_text(own, encoding="utf-8")
    content = load_content(tmp_path)
    assert content.vocabulary.template("education").label == "Teaching at our school"
    assert replace(content, vocabulary=CONTENT.vocabulary) == CONTENT


def test_byte_order_marks_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(packaged(name).replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_content(tmp_path) == CONTENT


def test_missing_folder_or_unknown_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"^COURSE_CONTENT: there is no folder .*nowhere$"):
        load_content(tmp_path / "nowhere")
    (tmp_path / "checklists.toml").write_text("", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("anything", encoding="utf-8")
    with pytest.raises(ContentError, match=r"^COURSE_CONTENT: checklists\.toml is not a content file"):
        load_content(tmp_path)


def test_unreadable_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "goals.toml"
    for content, reason in (
        ('label = "Förderung"'.encode("latin-1"), r"the file is not saved as UTF-8$"),
        (b"# goals\n\nthis is no TOML\n", r"this is not TOML: .*line 3"),
    ):
        path.write_bytes(content)
        with pytest.raises(ContentError, match=rf"^goals\.toml: {reason}"):
            load_content(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ContentError, match=r"^goals\.toml: the file cannot be read \("):
        load_content(tmp_path)


CHECKLIST, GOALS, NETWORK, NUDGES, RULES = (
    "checklist.toml",
    "goals.toml",
    "network.toml",
    "nudges.toml",
    "next_action.toml",
)
INTENT = 'checklist.toml, item "see.intent"'
HEALTH = 'goals.toml, template "health"'
LEARN = 'goals.toml, goal type "learn"'
PAUSE_END = 'next_action.toml, occasion "pause_end"'
ON_TRACK = 'nudges.toml, situation "on_track"'
FIRST_TEXT = r'(?<=situations.on_track.texts\]\n1 = """\n)\{n\}'
QUICK_START = r"^quick_start = .*?$"
FOCUS_BUTTON = r'\{ id = "set_focus", label = "Set my focus" \}(?=,\n    \{ id = "another_day)'
KEPT = "is missing; what is already saved may name it, so it stays"
STEP_OF_ITS_OWN = "a step of its own needs action and minutes, and tells_rule = true leaves it out"
FIVE_BUTTONS = ", ".join(f'{{ id = "{button}", label = "x" }}' for button in BUTTONS[:5])


def texts_of(situation: str) -> str:
    return rf"(?<=situations.{situation}.texts\]\n).*?(?=^\[)"


MISFITS: list[tuple[str, str, str, str]] = [
    # Each kind of value
    (CHECKLIST, "minutes = 5", "minutes = 121", f"{INTENT}: minutes must be a whole number from 1 to 120, not 121"),
    (CHECKLIST, "minutes = 5", "minutes = true", f"{INTENT}: minutes must be a whole number from 1 to 120, not true"),
    (CHECKLIST, 'severity = "must"', "severity = [1]", f"{INTENT}: severity must be a text, not a list"),
    (CHECKLIST, 'title = "Write one.*?$', 'title = "  "', f"{INTENT}: title must not be empty"),
    (
        CHECKLIST,
        'why = ".*?$',
        f'why = "{201 * "w"}"',
        f'{INTENT}: why may have 200 characters, and "{80 * "w"}…" has 201',
    ),
    (CHECKLIST, QUICK_START, 'quick_start = "see"', 'checklist.toml: quick_start must be a list, not "see"'),
    (CHECKLIST, QUICK_START, "quick_start = [5]", "checklist.toml: every entry of quick_start must be a text, not 5"),
    (CHECKLIST, r"(?<=^steps = ).*?^\]", "[]", f"{INTENT}: steps must have 1 to 8 entries, not 0"),
    (CHECKLIST, r"^sections = .*?^\]", "sections = 5", "checklist.toml: sections must be a table, not 5"),
    (CHECKLIST, r"^sections = .*?^\]", "sections = [5]", "checklist.toml, section 1: it must be a table, not 5"),
    (RULES, "tiny = true", 'tiny = "yes"', 'next_action.toml, rule "A07": tiny must be true or false, not "yes"'),
    (
        CHECKLIST,
        "(?<=extra_step = ).*?$",
        "5",
        'checklist.toml, track "health", override "respect.confidential": extra_step must be a text, not 5',
    ),
    # Keys
    (CHECKLIST, "minutes = 5\n", "", f"{INTENT}: minutes is missing"),
    (CHECKLIST, "minutes = 5", "minuets = 5", f'{INTENT}: there is no key "minuets"; did you mean "minutes"?'),
    (CHECKLIST, 'id = "see.intent"\n', "", "checklist.toml, item 1: id is missing"),
    (CHECKLIST, QUICK_START, "", "checklist.toml: quick_start is missing"),
    # Ids
    (
        GOALS,
        r"^\[actions.note\]",
        f'[actions.{41 * "n"}]\nlabel = "x"\ndirection = "at"\nminutes = 1\n[actions.note]',
        f'goals.toml, action "{41 * "n"}": an id has 1 to 40 characters out of letters, digits, ".", "_" and "-"',
    ),
    (CHECKLIST, 'id = "see.search-name"', 'id = "see.intent"', 'checklist.toml: item "see.intent" is there twice'),
    (GOALS, r"\[actions.share_link\]", "[actions.link]", f'goals.toml: action "share_link" {KEPT}'),
    (GOALS, r"\[goal_types.learn\]", "[goal_types.read]", f'goals.toml: goal type "learn" {KEPT}'),
    (GOALS, r"\[obstacles.other\].*", "", f'goals.toml: obstacle "other" {KEPT}'),
    (NETWORK, 'id = "referral"', 'id = "favour"', f'network.toml: starter "referral" {KEPT}'),
    (NETWORK, "^peer =", "pear =", 'network.toml: there is no category "pear"; did you mean "peer"?'),
    (RULES, r'\[\[rules\]\]\nid = "A23".*?(?=# What)', "", f'next_action.toml: rule "A23" {KEPT}'),
    (
        RULES,
        'id = "pause_end"',
        'id = "pause_ends"',
        f'{RULES}: there is no occasion "pause_ends"; did you mean "pause_end"?',
    ),
    (
        RULES,
        r"\[rules.because_for\]\nnews",
        "[rules.because_for]\nnewz",
        'next_action.toml, rule "A16": there is no connection "newz"; did you mean "news"?',
    ),
    # What names something else
    (
        CHECKLIST,
        'severity = "must"',
        'severity = "mist"',
        f'{INTENT}: there is no severity "mist"; did you mean "must"?',
    ),
    (
        CHECKLIST,
        'stance = "strict"',
        'stance = "loose"',
        'checklist.toml, track "health": there is no stance "loose"; there are strict, standard, open',
    ),
    (
        CHECKLIST,
        'answered_by = "focus"',
        'answered_by = "goals"',
        f'{INTENT}: there is no feature "goals"; there are focus',
    ),
    (
        CHECKLIST,
        'section = "see"',
        'section = "seen"',
        f'{INTENT}: there is no section "seen"; did you mean "see"?',
    ),
    (
        CHECKLIST,
        r'(?<=^quick_start = \[)"see.intent"',
        '"see.intend"',
        'checklist.toml: there is no item "see.intend"; did you mean "see.intent"?',
    ),
    (
        CHECKLIST,
        'overrides."respect.rules"',
        'overrides."respect.rulez"',
        'checklist.toml, track "health": there is no item "respect.rulez"; did you mean "respect.rules"?',
    ),
    (
        CHECKLIST,
        r'(?<=id = "sustain", title = "Keep it going" \},\n)',
        '{ id = "new", title = "New" },\n',
        'checklist.toml: section "new" must have 1 to 25 entries, not 0',
    ),
    (GOALS, '"note", "follow"', '"note", "note"', f'{LEARN}: counted_actions has "note" 2 times'),
    (GOALS, '"note", "follow"', '"notes"', f'{LEARN}: there is no action "notes"; did you mean "note"?'),
    (
        GOALS,
        'type = "connect"',
        'type = "conect"',
        f'{HEALTH}: there is no goal type "conect"; did you mean "connect"?',
    ),
    (
        GOALS,
        'who = \\["near_peer"',
        'who = ["near_pear"',
        f'{HEALTH}: there is no category "near_pear"; did you mean "near_peer"?',
    ),
    (
        RULES,
        'situation = "no_focus"',
        'situation = "no_focs"',
        'next_action.toml, rule "A03": there is no situation "no_focs"; did you mean "no_focus"?',
    ),
    (
        RULES,
        'starter = "thank"',
        'starter = "thanks"',
        'next_action.toml, rule "A02": there is no starter "thanks"; did you mean "thank"?',
    ),
    (
        RULES,
        r'done = \["reply"\]',
        'done = ["repli"]',
        'next_action.toml, rule "A13": there is no action "repli"; did you mean "reply"?',
    ),
    (
        RULES,
        r'places = \["A08"\]',
        'places = ["A8"]',
        'next_action.toml, occasion "goal_achieved": there is no rule "A8"; did you mean "A28"?',
    ),
    (
        NUDGES,
        'id = "nudge_settings"',
        'id = "nudge_setings"',
        'nudges.toml, situation "hello": there is no button "nudge_setings"; did you mean "nudge_settings"?',
    ),
    (
        NUDGES,
        r"\[situations.hello\].*?(?=^Hi)",
        '[situations.hallo]\n[situations.hallo.texts]\n1 = """\n',
        'nudges.toml: there is no situation "hello"; did you mean "hallo"?',
    ),
    # Goals and plans
    (GOALS, "target = 1", "target = 6", f"{HEALTH}: target may be 5, as max_per_week of its goal type says"),
    (
        GOALS,
        "default_per_week = 2",
        "default_per_week = 6",
        f"{LEARN}: default_per_week may be 5, as max_per_week says",
    ),
    (
        GOALS,
        'if_then = ".*?$',
        'if_then = "On Tuesday I reply"',
        f'{HEALTH}: if_then must read "If …, then I will …", not "On Tuesday I reply"',
    ),
    (
        GOALS,
        'plan = "If it is Wednesday.*?$',
        'plan = "Five minutes will do"',
        'goals.toml, obstacle "time": plan must read "If …, then I will …", not "Five minutes will do"',
    ),
    # A step of an occasion
    (
        RULES,
        "tells_rule = true",
        'tells_rule = true\nstarter = "reply"',
        f'next_action.toml, occasion "goal_new": {STEP_OF_ITS_OWN}',
    ),
    (RULES, 'action = "Look with.*?$', "", f"{PAUSE_END}: {STEP_OF_ITS_OWN}"),
    # Texts that could not be filled, and buttons that could not do what they say
    (NUDGES, FIRST_TEXT, "{nn}", f'{ON_TRACK}: there is no placeholder "nn"; did you mean "n"?'),
    (NUDGES, FIRST_TEXT, "{}", f'{ON_TRACK}: there is no placeholder ""'),
    (NUDGES, FIRST_TEXT, "{act!r}", f'{ON_TRACK}: there is no placeholder "act!r"; did you mean "act"?'),
    (
        NUDGES,
        texts_of("no_goal"),
        '1 = "{n}: {field} {act} {mins}"\n',
        (
            'nudges.toml, situation "no_goal": rule A05 needs one text with no other placeholders than '
            "{n}, {act}, {mins}, {why}, {in_field}"
        ),
    ),
    (
        NUDGES,
        texts_of("hello"),
        '1 = "{n}: {act}"\n',
        'nudges.toml, situation "hello": it needs one text with no other placeholders than {n}, {day}, {time}',
    ),
    (
        NUDGES,
        texts_of("contact_cold"),
        '1 = "{n}: it is {on}"\n',
        'nudges.toml, situation "contact_cold": every text names {who}, because rule A17 is about one',
    ),
    (
        NUDGES,
        r"(?<=\[situations.goal_new\]\n)buttons = \[\]\n",
        "",
        (
            'nudges.toml, situation "goal_new": it has the buttons of the rule whose step it tells, '
            "so it says buttons = []"
        ),
    ),
    *(
        (
            NUDGES,
            FOCUS_BUTTON,
            f'{{ id = "{button}", label = "x" }}',
            f'nudges.toml, situation "no_focus": the button "{button}" needs {need}, which rule A03 does not have',
        )
        for button, need in (("done", "done"), ("smaller", "smaller"), ("words", "starter"), ("open_item", "item"))
    ),
    (
        NUDGES,
        r"(?<=^default_buttons = ).*?^\]",
        f"[{FIVE_BUTTONS}]",
        "nudges.toml: default_buttons must have 0 to 4 entries, not 5",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "sentence"), MISFITS)
def test_misfit_is_refused_with_file_entry_and_fault(
    tmp_path: Path, name: str, old: str, new: str, sentence: str
) -> None:
    assert refused(tmp_path, name, old, new) == sentence


def test_text_with_an_open_brace_or_too_long_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, NUDGES, FIRST_TEXT, "{n").startswith(
        f'{ON_TRACK}: the braces in "{{n, {{progress}} of {{target}}'
    )
    sentence = refused(tmp_path, NUDGES, FIRST_TEXT, 10 * "{plan} " + "{n}")
    assert sentence.startswith(f"{ON_TRACK}: filled, a text may have 600 characters, and ")


@pytest.mark.parametrize(
    ("name", "key", "most", "entry"),
    [
        (GOALS, "actions", 25, 'label = "x"\ndirection = "at"\nminutes = 1'),
        # The menu of tracks has an option of its own.
        (CHECKLIST, "tracks", 24, 'label = "x"\nstance = "open"\noverrides = {}'),
    ],
)
def test_more_entries_than_a_menu_holds_are_refused(tmp_path: Path, name: str, key: str, most: int, entry: str) -> None:
    more = "\n".join(f"[{key}.more{number}]\n{entry}\n" for number in range(most))
    (tmp_path / name).write_text(f"{packaged(name)}\n{more}", encoding="utf-8")
    with pytest.raises(ContentError, match=rf"^{re.escape(name)}: {key} must have 1 to {most} entries, not \d\d$"):
        load_content(tmp_path)


def test_occasion_in_any_place_may_replace_every_rule_but_the_courses() -> None:
    assert CONTENT.occasions["pause_end"].places == CONTENT.rules.keys() - {"A00"}


def test_occasion_knows_the_goal_only_if_all_its_places_do(tmp_path: Path) -> None:
    narrower = packaged(RULES).replace('places = ["A08"]', 'places = ["A08", "A22"]')
    (tmp_path / RULES).write_text(narrower, encoding="utf-8")
    with pytest.raises(ContentError, match=r"^nudges\.toml, situation \"goal_achieved\": the occasion needs one text"):
        load_content(tmp_path)


def test_course_may_add_first_messages_and_use_them_in_a_rule(tmp_path: Path) -> None:
    more = '\n[[starters]]\nid = "placement"\nwhen = "To a placement mentor"\ntext = "Dear {name}"\n'
    (tmp_path / NETWORK).write_text(packaged(NETWORK) + more, encoding="utf-8")
    rules = packaged(RULES).replace('starter = "reply"', 'starter = "placement"', 1)
    rules = rules.replace('done = ["goal"]', 'done = ["goal", "note"]')
    (tmp_path / RULES).write_text(rules, encoding="utf-8")
    content = load_content(tmp_path)
    assert content.rules["A13"].starter == "placement"
    assert content.network.starters["placement"].text == "Dear {name}"
    assert content.rules["A23"].done == ("goal", "note")


PLAN = "course_plan.toml"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            'counts = "see.search-name"',
            'counts = "see.serch-name"',
            r'week 1: there is no item "see.serch-name"; did you',
        ),
        ('counts = "reply"', "", "week 5: counts is missing: it names the action"),
        ('done_by = "line"', 'done_by = "line"\ncounts = "reply"', "week 10: counts goes with done_by"),
        ('due = "friday"', 'due = "fryday"', 'week 1: there is no due day "fryday"; did you mean "friday"'),
        ('theme = "A first exchange"', 'theme = "' + "x" * 61 + '"', "week 6: theme may have 60 characters"),
        ('id = "care"', 'id = "caring"', 'outcome "care" is missing'),
    ],
)
def test_fault_of_a_plan_is_named_with_its_week(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert re.search(rf"^course_plan\.toml[:,] {reason}", refused(tmp_path, PLAN, re.escape(old), new))


def test_ready_plan_goes_with_a_checklist_that_lacks_one_of_its_items(tmp_path: Path) -> None:
    own = packaged("checklist.toml").replace("see.search-name", "see.first-page")
    (tmp_path / "checklist.toml").write_text(own, encoding="utf-8")
    first, *others = load_content(tmp_path).plan
    assert (first.done_by, first.counts) == (DoneBy.TICK, None)
    assert others == list(CONTENT.plan[1:])
