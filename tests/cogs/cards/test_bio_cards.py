"""What the cards about bios say, and that they fit with the most they can ever hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import discord
import pytest

from bot.coaching.bios import (
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
from bot.critique.guard import LONGEST_ADVICE
from bot.critique.guard import QUOTE_LIMIT as LINE_LIMIT
from bot.critique.reading import QUOTE_LIMIT
from bot.critique.rubric import is_red
from bot.services.bios import HISTORY, AiState, AiUsage, BioCheck, BioStart
from cogs.cards import bios, course
from prompts import Content
from prompts.bios import MESSAGE_LIMIT, RULE_IDS, WORD_LIMIT, Rubric, Strength
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
    """The longest that a course's own words may be."""
    place = replace(
        content.rubric.places["mastodon"], id=LONG_ID, label=label(WORD_LIMIT), limit=None, unit=Unit.SHORTENED
    )
    text = label(MESSAGE_LIMIT - 6) + "{word}"
    many = "{word}" * (MESSAGE_LIMIT // 6)
    rules = {
        rule_id: BioRule(rule_id, Criterion.CONNECTABLE, many if number % 2 else text, many, red=True)
        for number, rule_id in enumerate(RULE_IDS)
    }
    rules["B00"] = replace(rules["B00"], message=label(MESSAGE_LIMIT), fix=label(MESSAGE_LIMIT))
    return replace(
        content.rubric,
        places={LONG_ID: place},
        rules=rules,
        strengths=dict.fromkeys(Strength, label(MESSAGE_LIMIT)),
    )


@pytest.fixture(scope="session")
def check(rubric: Rubric) -> BioCheck:
    """The longest review that there can be."""
    quote = words(QUOTE_LIMIT)
    findings = tuple(Finding(rule_id, quote, {"word": quote}) for rule_id in RULE_IDS[1:])
    edit = f"{label(MESSAGE_LIMIT)} {quote} {label(MESSAGE_LIMIT)}"
    review = BioReview(rubric.places[LONG_ID], 5000, 5000, findings, (Strength.FIRST_WORDS, quote), edit, english=False)
    return BioCheck(review, AiState.AGREED, sent=True, host=LONG_HOST, support=None)


def critique(advice: int = LONGEST_ADVICE, rewrite: str | None = "New", quote: int = LINE_LIMIT) -> Critique:
    notes = tuple(Note(one, Verdict.MISSING, words(quote), words(advice)) for one in Criterion)
    return Critique(Outcome.OK, notes, None if rewrite is None else Rewrite(rewrite, 5000))


def plain_check(content: Content, place: str = "x") -> BioCheck:
    review = BioReview(content.rubric.places[place], 160, 80, (), None, "Read it aloud once.", english=True)
    return BioCheck(review, AiState.AGREED, sent=True, host="models.example", support=None)


def texts(view: discord.ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]


def written(file: discord.File | None) -> str:
    assert file is not None
    return file.fp.read().decode()


# Limits


def views(rubric: Rubric, check: BioCheck) -> Iterator[tuple[str, discord.ui.LayoutView]]:
    start = BioStart(AiState.UNDECIDED, LONG_HOST, None)
    yield "notice", bios.notice(start, LONG_ID, OWNER)
    yield "notice without a place", bios.notice(start, None, OWNER)
    yield "agreed", bios.decided(agree=True)
    yield "declined", bios.decided(agree=False)
    yield "switched off", bios.switched_off()
    yield "review", bios.reviewed(check, rubric, OWNER)
    yield "on the way", bios.on_the_way(check, rubric, OWNER)
    in_need = replace(check, review=replace(check.review, distress=True), support=words(SUPPORT_LIMIT))
    yield "in need", bios.reviewed(in_need, rubric, OWNER)
    for outcome in Outcome:
        yield outcome.value, bios.with_notes(bios.Asked(check, Critique(outcome), True), rubric, OWNER)[0]
    for name, answer in {
        "notes": critique(rewrite=None),
        "notes and a rewrite": critique(rewrite=words(5000)),
        "short notes and a long rewrite": critique(8, words(3000), 8),
    }.items():
        yield name, bios.with_notes(bios.Asked(check, answer, True), rubric, OWNER)[0]
    longest = sorted(bios.RULES, key=lambda rule: -len(bios.RULES[rule]))
    rows = [Checked(DAY, LONG_ID, tuple(longest))] * HISTORY
    yield "history", bios.history(rows, rubric, start, OWNER)
    yield "no history", bios.history([], rubric, start, OWNER)
    for name, usage in {
        "off": AiUsage(True, False, {}, None),
        "none": AiUsage(False, False, {}, None),
        "on": AiUsage(True, True, dict.fromkeys(Outcome, 10_000), Outcome.CONFIG),
        "on without quota": AiUsage(True, True, dict.fromkeys(Outcome, 10_000), Outcome.QUOTA),
    }.items():
        yield f"status, {name}", course.status(STATUS, *bios.for_staff(usage, OWNER))


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


def test_every_outcome_every_rule_and_every_verdict_has_its_words() -> None:
    assert set(bios.WHY_NOT) == set(Outcome) - {Outcome.OK}
    assert set(bios.RULES) == set(RULE_IDS) - {"B00"}
    assert set(bios.VERDICTS) == set(Verdict)
    assert set(bios.CRITERIA) == set(Criterion)
    assert set(bios.UNITS) == set(Unit)


def test_every_outcome_of_a_call_is_counted_for_staff_once() -> None:
    counted = [one for outcomes in bios.USAGE.values() for one in outcomes]
    assert sorted(counted) == sorted(set(Outcome) - {Outcome.SPENT})  # of what was not asked there is no call


@pytest.mark.parametrize(("count", "words_"), [(1, "fewer than 5"), (4, "fewer than 5"), (7, "7")])
def test_staff_never_read_a_count_of_few(count: int, words_: str) -> None:
    blocks = bios.for_staff(AiUsage(True, True, {Outcome.OK: count}, None), OWNER)
    assert f"• answered: {words_}" in str(blocks[0])


def test_what_is_alike_is_counted_together() -> None:
    calls = {Outcome.BUSY: 2, Outcome.TIMEOUT: 2, Outcome.UNREACHABLE: 2, Outcome.RESTING: 2}
    blocks = bios.for_staff(AiUsage(True, True, calls, None), OWNER)
    assert "• no answer in time: 8" in str(blocks[0])


def finding(content: Content, *rules: str, strict: bool = False) -> list[str]:
    """Return the first words of each finding on a card, as a member of a strict profession or of another reads it."""
    found = tuple(
        Finding(rule, "", dict.fromkeys(("word", "what", "n", "limit", "over", "unit"), "9")) for rule in rules
    )
    value = plain_check(content)
    red = frozenset(rule for rule in rules if is_red(content.rubric.rules[rule], strict=strict))
    value = replace(value, review=replace(value.review, findings=found, red=red))
    return [text.partition("**: ")[0].strip("*") for text in texts(bios.reviewed(value, content.rubric, OWNER))[1:-1]]


def test_what_is_to_be_mended_first_says_so_and_a_question_is_no_fault(content: Content) -> None:
    assert finding(content, "B01", "B03", "B05") == ["To mend first", "A question", "Clear"]
    assert finding(content, "B16", "B20", "B22", "B09") == ["To mend first"] * 3


def test_people_who_trusted_somebody_come_first_in_strict_professions(content: Content) -> None:
    assert finding(content, "B10", "B01", strict=True) == ["To mend first", "To mend first"]
    assert finding(content, "B01", "B10") == ["To mend first", "Careful"]


def test_a_single_finding_says_its_edit_once_and_the_second_has_one_of_its_own(content: Content) -> None:
    value = plain_check(content)
    rules = content.rubric.rules
    found = (Finding("B08"), Finding("B18", "a / b / c / d"))
    edit = f"{rules['B08'].fix} {content.rubric.questions[Criterion.CONNECTABLE]}"
    shown = texts(
        bios.reviewed(
            replace(value, review=replace(value.review, findings=found, next_edit=edit)), content.rubric, OWNER
        )
    )
    assert shown[1:] == [
        f"**Easy to talk to**: {rules['B08'].message}",
        f"**Easy to read**: {rules['B18'].message}\n> a / b / c / d\n{rules['B18'].fix}",
        f"**Next edit**: {edit}",
    ]


def test_a_quote_is_one_line_without_marks_that_turn_or_vanish(content: Content) -> None:
    value = plain_check(content)
    found = (Finding("B13", "WHY\n# \u202eNOT\u200f\n\n> now"), Finding("B23", "\u200b\u200b"))
    view = bios.reviewed(replace(value, review=replace(value.review, findings=found)), content.rubric, OWNER)
    assert "\n> WHY # NOT \\> now" in texts(view)[1]
    assert "\n>" not in texts(view)[2]


def test_a_place_that_is_gone_from_the_content_is_still_in_the_history(content: Content) -> None:
    rows = [Checked(DAY, "myspace", ("B01", "B99"))]
    shown = bios.history(rows, content.rubric, BioStart(AiState.OFF, None, None), OWNER)
    assert texts(shown)[-1] == "Wednesday 30 September · another place: too long"


def test_of_many_findings_the_history_names_the_first_and_counts_the_rest(content: Content) -> None:
    rows = [Checked(DAY, "x", ("B09", "B01", "B03", "B04", "B05"))]
    shown = bios.history(rows, content.rubric, BioStart(AiState.OFF, None, None), OWNER)
    assert texts(shown)[-1].endswith(": contact data, too long, your role, 2 more")
