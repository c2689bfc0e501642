"""What the cards about bios say, and that they fit with the most they can ever hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import discord
import pytest

from bot.coaching.bios import (
    MESSAGE_LIMIT,
    NAME_LIMIT,
    PLACE_NAME_LIMIT,
    AiReport,
    BioReview,
    BioRule,
    Criterion,
    Critique,
    Finding,
    Note,
    Outcome,
    Rewrite,
    Unit,
    Verdict,
)
from bot.coaching.cohort import SUPPORT_LIMIT
from bot.coaching.ids import UserId
from bot.critique.checks import QUOTE_LIMIT
from bot.critique.guard import LONGEST_ADVICE
from bot.critique.guard import QUOTE_LIMIT as LINE_LIMIT
from bot.services.bios import HISTORY, AiState, AiUsage, BioChange, BioCheck, BioStart
from cogs.cards import bios, course
from cogs.cards.shapes import text_of
from prompts import Content
from prompts.bios import RULE_IDS, Rubric
from storage.bios import Checked
from tests.cogs.cards.test_limits import STATUS
from tests.cogs.limits import form_breaches, view_breaches

OWNER = UserId(10**19 + 7)
LONG_HOST = "a" * 255
LONG_ID = "i" * 40
DAY = date(2026, 9, 30)
"""A Wednesday in September: no day is longer in words."""


def words(length: int) -> str:
    """Return a text of that length that grows most when it is made plain."""
    return ("*_" * length)[:length]


def label(length: int) -> str:
    return ("Wide words " * length)[: length - 1] + "x"


@pytest.fixture(scope="session")
def rubric(content: Content) -> Rubric:
    return longest_rubric(content)


def longest_rubric(content: Content) -> Rubric:
    """The longest that a course's own words may be."""
    place = replace(
        content.rubric.places["mastodon"], id=LONG_ID, label=label(PLACE_NAME_LIMIT), limit=None, unit=Unit.SHORTENED
    )
    text = label(MESSAGE_LIMIT)
    rules = {rule_id: BioRule(rule_id, label(NAME_LIMIT), text, text) for rule_id in RULE_IDS}
    return replace(
        content.rubric, places={LONG_ID: place}, rules=rules, questions=dict.fromkeys(content.rubric.questions, text)
    )


@pytest.fixture(scope="session")
def check(rubric: Rubric) -> BioCheck:
    return longest_check(rubric)


def longest_check(rubric: Rubric) -> BioCheck:
    """The longest check that there can be."""
    findings = tuple(Finding(rule_id, words(QUOTE_LIMIT - n)) for rule_id in RULE_IDS for n in range(3))
    review = BioReview(rubric.places[LONG_ID], 5000, 5000, words(270), findings)
    support = words(SUPPORT_LIMIT)
    gone = tuple(label(NAME_LIMIT) for _ in RULE_IDS)
    return BioCheck(review, AiState.AGREED, True, support, label(200), True, True, BioChange(gone, 5000))


def critique(advice: int = LONGEST_ADVICE, rewrite: str | None = "New", quote: int = LINE_LIMIT) -> Critique:
    notes = tuple(Note(one, Verdict.MISSING, words(quote), words(advice)) for one in Criterion)
    return Critique(Outcome.OK, notes, None if rewrite is None else Rewrite(rewrite, 5000))


def plain_check(content: Content, *findings: Finding, place: str = "x", **changes: Any) -> BioCheck:
    review = BioReview(content.rubric.places[place], 160, 80, "", findings)
    made = BioCheck(review, AiState.OFF, False, None, "https://help.example", strict=False, low_profile=False)
    return replace(made, **changes)


def texts(view: discord.ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]


def written(file: discord.File | None) -> str:
    assert file is not None
    return file.fp.read().decode()


# Limits


def views(rubric: Rubric, check: BioCheck) -> Iterator[tuple[str, discord.ui.LayoutView]]:
    start = BioStart(AiState.UNDECIDED, LONG_HOST, label(200), None, strict=True, low_profile=True)
    yield "notice", bios.notice(start, LONG_ID, OWNER)
    yield "notice without a place", bios.notice(start, None, OWNER)
    yield "agreed", bios.decided(agree=True)
    yield "declined", bios.decided(agree=False)
    yield "switched off", bios.switched_off()
    yield "review", bios.reviewed(check, rubric, OWNER)
    yield "on the way", bios.on_the_way(check, rubric, OWNER)
    yield "help first", bios.reviewed(replace(check, review=replace(check.review, support_first=True)), rubric, OWNER)
    yield "questions", bios.questions(start, rubric)
    yield "reported", bios.reported()
    for outcome in Outcome:
        yield outcome.value, bios.with_notes(bios.Asked(check, Critique(outcome), True), rubric, OWNER)[0]
    for name, answer in {
        "notes": critique(rewrite=None),
        "notes and a rewrite": critique(rewrite=words(5000)),
        "short notes and a long rewrite": critique(8, words(3000), 8),
    }.items():
        yield name, bios.with_notes(bios.Asked(check, answer, True), rubric, OWNER)[0]
    rows = [Checked(DAY, LONG_ID, RULE_IDS)] * HISTORY
    yield "history", bios.history(rows, rubric, start, OWNER)
    yield "no history", bios.history([], rubric, start, OWNER)
    for name, usage in {
        "off": AiUsage(True, False, {}, None, {}),
        "none": AiUsage(False, False, {}, None, {}),
        "on": AiUsage(True, True, dict.fromkeys(Outcome, 10_000), Outcome.CONFIG, dict.fromkeys(AiReport, 1000)),
    }.items():
        yield f"status, {name}", course.status(STATUS, *bios.for_staff(usage, OWNER))


def forms(rubric: Rubric) -> Iterator[tuple[str, discord.ui.Modal]]:
    for ai in AiState:
        yield f"bio, {ai}", bios.form(rubric.places[LONG_ID], ai, OWNER)
    yield "bio all the same", bios.form(rubric.places[LONG_ID], AiState.AGREED, OWNER, all_the_same=True)


async def test_a_card_with_the_most_it_can_hold_fits_into_a_message(rubric: Rubric, check: BioCheck) -> None:
    tried = list(views(rubric, check))
    assert [(name, breach) for name, view in tried for breach in view_breaches(view)] == []
    assert all(view.is_finished() for _, view in tried), "discord.py would keep it"


@pytest.mark.parametrize("ai", list(AiState))
async def test_a_form_with_the_most_it_can_hold_fits_into_a_modal(rubric: Rubric, ai: AiState) -> None:
    form = bios.form(rubric.places[LONG_ID], ai, OWNER)
    made: dict[str, Any] = form.to_dict()
    assert form_breaches(made) == []
    assert len(made["components"]) == (3 if ai is AiState.AGREED else 2)
    assert form.is_finished(), "discord.py would keep it"


def test_what_no_message_can_hold_comes_as_a_file_and_nothing_is_lost(rubric: Rubric, check: BioCheck) -> None:
    answer = critique(rewrite=words(2600))
    view, file = bios.with_notes(bios.Asked(check, answer, True), rubric, OWNER)
    assert texts(view)[-1] == "They are in the file below."
    told = written(file)
    assert told.startswith(
        f"{bios.CHECK_FACTS}\n\nClear: not there yet\n“{words(LINE_LIMIT)}”\n{words(LONGEST_ADVICE)}\n"
    )
    assert told.count(f"\n{words(LONGEST_ADVICE)}\n") == len(Criterion)
    assert told.endswith(f"A rewrite, 5000 of 5000 {bios.UNITS[Unit.SHORTENED]}:\n\n{words(2600)}\n")


def test_a_rewrite_that_makes_the_card_too_long_is_the_first_to_go_into_a_file(content: Content) -> None:
    asked = bios.Asked(plain_check(content), critique(rewrite="n" * 2600, advice=120, quote=20), True)
    view, file = bios.with_notes(asked, content.rubric, OWNER)
    assert view_breaches(view) == []
    assert texts(view)[-1] == "**A rewrite**, 5000 of 160 characters, is in the file below."
    assert sum("not there yet" in text for text in texts(view)) == len(Criterion)
    assert written(file) == "n" * 2600


def test_notes_and_a_rewrite_that_fit_need_no_file(content: Content) -> None:
    asked = bios.Asked(plain_check(content), critique(rewrite="A new bio", advice=120), True)
    view, file = bios.with_notes(asked, content.rubric, OWNER)
    assert file is None
    assert texts(view)[-1] == "**A rewrite**, 5000 of 160 characters:\n```\nA new bio\n```"


@pytest.mark.parametrize("rewrite", ["```", "a ``` b", "````", "a\n```\nb"])
def test_a_rewrite_that_would_break_out_of_its_block_is_in_a_file_as_it_is(content: Content, rewrite: str) -> None:
    view, file = bios.with_notes(bios.Asked(plain_check(content), critique(8, rewrite, 8), True), content.rubric, OWNER)
    assert not any("```" in text for text in texts(view))
    assert written(file) == rewrite


# Words


def test_every_outcome_and_every_verdict_has_its_words() -> None:
    assert set(bios.WHY_NOT) == set(Outcome) - {Outcome.OK}
    assert set(bios.VERDICTS) == set(Verdict)
    assert set(bios.CRITERIA) == set(Criterion)
    assert set(bios.UNITS) == set(Unit)
    assert set(bios.REPORTS) == set(bios.REPORTED) == set(AiReport)


def test_staff_read_counts_of_calls_from_five_and_what_was_reported() -> None:
    calls = {Outcome.OK: 7, Outcome.BUSY: 2, Outcome.TIMEOUT: 2}
    (text, _) = bios.for_staff(AiUsage(True, True, calls, None, {AiReport.UNKIND: 1, AiReport.WRONG: 0}), OWNER)
    assert "• answered: 7" in str(text)
    assert "• no answer in time: fewer than 5" in str(text)
    assert "**Members reported notes**: unkind 1 time. You may switch them off." in str(text)
    counted = [one for outcomes in bios.USAGE.values() for one in outcomes]
    assert sorted(counted) == sorted(set(Outcome) - {Outcome.SPENT})  # of what was not asked there is no call


def test_card_leads_with_the_count_then_findings_then_questions_then_support(content: Content) -> None:
    found = (Finding("B09", "a@b.example", {"what": "an e-mail address"}), Finding("B07", "guru"))
    shown = texts(bios.reviewed(plain_check(content, *found), content.rubric, OWNER))
    assert shown[0] == "## Bio check: X (Twitter)\n**80 of 160** characters"
    assert shown[1].startswith("**Everyone can read an e-mail address here.**\n> a@b.example\nTake it out;")
    assert shown[2] == "**Anyone can write this.**\n> guru\nWhich fact could replace it?"
    assert shown[3].startswith("**Ask yourself**\n1. Would a stranger know")
    assert shown[4].startswith("-# Need to talk to someone? Free help lines by country: https://help.example\n")


def test_nothing_to_mend_is_said_without_praise(content: Content) -> None:
    shown = texts(bios.reviewed(plain_check(content), content.rubric, OWNER))
    assert shown[1] == "Nothing here that a program can mend. The questions are yours to answer."


def test_three_points_are_shown_with_their_quotes_together_and_the_rest_counted(content: Content) -> None:
    found = [Finding("B25", "@here"), *(Finding("B07", f"guru {n}") for n in range(5)), Finding("B12", "x", {"n": "5"})]
    shown = texts(bios.reviewed(plain_check(content, *found, Finding("B02")), content.rubric, OWNER))
    assert shown[2] == "**Anyone can write this.**\n> guru 0\n> guru 1\nWhich fact could replace it?"
    assert shown[4] == "-# 1 more after these."


def test_the_same_words_are_not_quoted_for_two_rules(content: Content) -> None:
    found = (Finding("B09", "discord.gg/a", {"what": "an invite link"}), Finding("B25", "discord.gg/a"))
    shown = texts(bios.reviewed(plain_check(content, *found), content.rubric, OWNER))
    assert sum("discord.gg/a" in text for text in shown) == 1


def test_questions_follow_the_member(content: Content) -> None:
    strict = texts(bios.reviewed(plain_check(content, strict=True), content.rubric, OWNER))[2]
    assert strict.startswith("**Ask yourself**\n1. Could anyone else be recognised")
    low = texts(bios.reviewed(plain_check(content, low_profile=True), content.rubric, OWNER))[2]
    assert "3. What in here could somebody use to find you?" in low
    assert "Who should write to you" not in low


def test_a_second_check_says_what_changed_and_asks_two_questions(content: Content) -> None:
    value = plain_check(content, change=BioChange(("a phone number",), 171))
    shown = texts(bios.reviewed(value, content.rubric, OWNER))
    assert shown[0].endswith("\nGone: a phone number. **80 of 160** characters")
    assert shown[2].count("\n") == 2
    same = bios.reviewed(plain_check(content, change=BioChange((), 171)), content.rubric, OWNER)
    assert texts(same)[0].endswith("\n171 before, now **80 of 160** characters")


def test_help_comes_first_and_alone_where_somebody_says_they_want_to_die(content: Content) -> None:
    value = plain_check(content, support="Counselling, Mon–Fri 9–16")
    value = replace(value, review=replace(value.review, support_first=True))
    view = bios.reviewed(value, content.rubric, OWNER)
    assert text_of(view) == (
        "If life is hard right now, you need not carry it alone. Counselling, Mon–Fri 9–16. If you might hurt "
        "yourself, call your local emergency number now. Free help lines by country: https://help.example\n\n"
        "Nobody has been told, and your text was not kept.\n[Check the bio all the same]"
    )


def test_a_quote_is_one_line_without_marks_that_turn_or_vanish(content: Content) -> None:
    found = (Finding("B13", "WHY\n# \u202eNOT\u200f\n\n> now"),)
    assert "\n> WHY # NOT \\> now" in texts(bios.reviewed(plain_check(content, *found), content.rubric, OWNER))[1]


def test_history_names_what_was_noticed_even_of_a_place_that_is_gone(content: Content) -> None:
    rows = [Checked(DAY, "myspace", ("B01", "B99")), Checked(DAY, "x", ("B09", "B01", "B07", "B11", "B12"))]
    start = BioStart(AiState.OFF, None, None, None, strict=False, low_profile=False)
    shown = texts(bios.history(rows, content.rubric, start, OWNER))[-1]
    assert shown.splitlines() == [
        "Wednesday 30 September · another place: the length",
        "Wednesday 30 September · X (Twitter): contact data, the length, a claim anyone can make, 2 more",
    ]
