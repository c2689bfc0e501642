"""AI notes and a rewrite that do not fit into a message come as a file; each outcome has its words."""

import discord
import pytest

from bot.coaching.bios import CRITERIA, AiOutcome, AiReport, Criterion, Subject, Unit, Verdict
from bot.critique.guard import LONGEST_ADVICE
from bot.critique.guard import QUOTE_LIMIT as LINE_LIMIT
from cogs.cards import ai_notes, bios
from tests.cogs.cards.screens import CHECK, CONTENT, OWNER, RUBRIC, critique, plain_check, words
from tests.cogs.limits import view_breaches


def texts(view: discord.ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]


def written(file: discord.File | None) -> str:
    assert file is not None
    return file.fp.read().decode()


def test_what_no_message_can_hold_comes_as_a_file_and_nothing_is_lost() -> None:
    answer = critique(rewrite=words(2600))
    view, file = bios.with_notes(bios.Asked(CHECK, answer, True), RUBRIC, OWNER)
    assert texts(view)[-1] == "They are in the file below."
    told = written(file)
    assert told.startswith(
        f"{ai_notes.CHECK_FACTS}\n\nClear: not there yet\n“{words(LINE_LIMIT)}”\n{words(LONGEST_ADVICE)}\n"
    )
    assert told.count(f"\n{words(LONGEST_ADVICE)}\n") == len(CRITERIA[Subject.BIO])
    assert told.endswith(f"A rewrite, 5000 of 5000 {bios.UNITS[Unit.SHORTENED]}:\n\n{words(2600)}\n")


def test_rewrite_is_the_first_to_go_into_a_file() -> None:
    asked = bios.Asked(plain_check(), critique(rewrite="n" * 2600, advice=120, quote=20), True)
    view, file = bios.with_notes(asked, CONTENT.rubric, OWNER)
    assert view_breaches(view) == []
    assert texts(view)[-1] == "**A rewrite**, 5000 of 160 characters, is in the file below."
    assert sum("not there yet" in text for text in texts(view)) == len(CRITERIA[Subject.BIO])
    assert written(file) == "n" * 2600


def test_notes_and_a_rewrite_that_fit_need_no_file() -> None:
    asked = bios.Asked(plain_check(), critique(rewrite="A new bio", advice=120), True)
    view, file = bios.with_notes(asked, CONTENT.rubric, OWNER)
    assert file is None
    assert texts(view)[-1] == "**A rewrite**, 5000 of 160 characters:\n```\nA new bio\n```"


@pytest.mark.parametrize("rewrite", ["```", "a ``` b", "````", "a\n```\nb"])
def test_a_rewrite_that_would_break_out_of_its_block_is_in_a_file_as_it_is(rewrite: str) -> None:
    view, file = bios.with_notes(bios.Asked(plain_check(), critique(8, rewrite, 8), True), CONTENT.rubric, OWNER)
    assert not any("```" in text for text in texts(view))
    assert written(file) == rewrite


def test_every_outcome_and_every_verdict_has_its_words() -> None:
    assert set(ai_notes.WHY_NOT) == set(AiOutcome) - {AiOutcome.OK}
    assert set(ai_notes.VERDICTS) == set(Verdict)
    assert set(ai_notes.CRITERIA) == set(Criterion)
    assert set(bios.UNITS) == set(Unit)
    assert set(ai_notes.REPORTS) == set(ai_notes.REPORTED) == set(AiReport)
    counted = [one for outcomes in ai_notes.USAGE.values() for one in outcomes]
    assert sorted(counted) == sorted(set(AiOutcome) - {AiOutcome.SPENT})  # of what was not asked there is no call
