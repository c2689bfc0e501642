"""Cards about bios: the check, and AI notes beside it. What is given to the check is shown, never stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.coaching.bios import BIO_LIMIT, AiOutcome, BioPlace, Critique, Unit
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.ai_notes import AiState
from bot.services.bios import LARGEST_LIMIT, SMALLEST_LIMIT, BioChange, BioCheck, BioStart
from cogs.cards import ai_notes, shapes
from cogs.cards.checked import findings, support_first, support_line, words
from cogs.cards.shapes import BLUE, TEXT_LIMIT, Button, Field, button, card, cut, day_text
from prompts.bios import Rubric
from storage.bios import Checked

REWRITE, MY_WORDS = "rewrite", "words"
WISHES = {REWRITE: "Notes and a rewrite", MY_WORDS: "Notes alone; I keep my own words"}
FILE_NAME = "bio-suggestion.txt"
FENCE = "```"
KEPT = "-# I keep the day, the place and what was noticed, never the text."
SHOWN_GONE = 3
QUESTIONS_AGAIN = 2
"""Questions on a second check within the hour; *More questions* has all of them."""
RULES_SHOWN = 3
"""Most rules in a line of the history."""
UNITS = {
    Unit.CHARACTERS: "characters",
    Unit.GRAPHEMES: "letters and signs",
    Unit.SHORTENED: "letters and signs, as the place counts them",
    Unit.WORDS: "words",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A review, what the AI reviewer answered, and whether it was asked for a suggested text."""

    check: BioCheck
    answer: Critique
    rewrite: bool


def form(place: BioPlace, ai: AiState, owner: UserId, *, all_the_same: bool = False) -> discord.ui.Modal:
    """Return the form for a bio; for those who agreed to AI notes, with the choice to keep their own words.

    `all_the_same`: the card that shows where help is was seen, and is not shown again.
    """
    hint = "Checked, not kept. Leave out what is secret."
    fields = [Field("text", "Your bio", BIO_LIMIT, long=True, hint=hint)]
    if place.limit is None:
        hint = f"A number from {SMALLEST_LIMIT} to {LARGEST_LIMIT}."
        fields.append(Field("limit", "How long may it be there?", 4, hint=hint, example="300"))
    if ai is AiState.AGREED and not all_the_same:
        fields.append(Field("ai", "What would you like from the AI?", WISHES, open=True))
    args = (place.id, *["all"] * all_the_same)
    return shapes.form(cut(f"Bio: {place.label}", 45), "bios.send", owner, fields, *args, filled={"ai": REWRITE})


# The check


def reviewed(value: BioCheck, rubric: Rubric, owner: UserId) -> discord.ui.LayoutView:
    """Show the check; for a bio that says plainly that its writer is in distress, only where help is."""
    if value.review.support_first:
        label, place = "Check the bio all the same", value.review.place.id
        return support_first(value.support, value.help_lines, label, "bios.all_the_same", owner, place)
    return card(*_check(value, rubric), _ways(value, owner))


def on_the_way(value: BioCheck, rubric: Rubric, owner: UserId) -> discord.ui.LayoutView:
    """Show the check while the AI is being asked."""
    return card(*_check(value, rubric), ai_notes.ON_THE_WAY, _ways(value, owner))


def with_notes(asked: Asked, rubric: Rubric, owner: UserId) -> tuple[discord.ui.LayoutView, discord.File | None]:
    """Show the check with AI notes, or with one sentence that says why there are none.

    A rewrite for a long place comes as a file; so do notes and rewrite when they would not fit into a message.
    """
    check, ways = _check(asked.check, rubric), _ways(asked.check, owner)
    if asked.answer.outcome is not AiOutcome.OK:
        return card(*check, ai_notes.WHY_NOT[asked.answer.outcome], ways), None
    notes, beside = next(
        (notes, beside) for notes, beside in _layouts(asked) if sum(map(len, [*check, *notes])) <= TEXT_LIMIT
    )
    file = None if beside is None else ai_notes.as_file(beside, FILE_NAME)
    return card(*check, *notes, ai_notes.report_menu(owner), ways), file


def questions(value: BioStart, rubric: Rubric) -> discord.ui.LayoutView:
    """Show all the questions that only a person can answer."""
    return card("\n".join(["**Ask yourself**", *_questions(value.strict, value.low_profile, rubric)]))


def _layouts(asked: Asked) -> Iterator[tuple[list[str], str | None]]:
    """Yield ways to split the AI's answer between card and file, the handiest first; the last always fits."""
    rewrite = asked.answer.rewrite
    notes = [ai_notes.HEADING, *map(ai_notes.note, asked.answer.notes)]
    if rewrite is None:
        yield [*notes, *(["No rewrite passed our checks this time."] if asked.rewrite else [])], None
    else:
        lead = f"**A rewrite**, {_length(asked)}"
        # In a block of code it is copied with one tap, unless its own marks would end the block.
        if not asked.check.review.place.roomy and FENCE not in rewrite.text:
            yield [*notes, f"{lead}:\n{FENCE}\n{rewrite.text}\n{FENCE}"], None
        yield [*notes, f"{lead}, is in the file below."], rewrite.text
    yield ai_notes.IN_THE_FILE, _all_in_words(asked)


def _check(value: BioCheck, rubric: Rubric) -> list[str]:
    review = value.review
    count = f"**{review.length} of {review.limit}** {UNITS[review.place.unit]}"
    lead = f" · Lists show first: “{words(review.lead)} …”" if review.lead else ""
    questions = _questions(value.strict, value.low_profile, rubric)[: None if value.change is None else QUESTIONS_AGAIN]
    return [
        f"## Bio check: {review.place.label}\n{_changed(value.change, review.length)}{count}{lead}",
        *findings(review.findings, rubric.rules),
        "\n".join(["**Ask yourself**", *questions]),
        f"{support_line(value.support, value.help_lines)}\n{KEPT}",
    ]


def _changed(change: BioChange | None, length: int) -> str:
    if change is None or (not change.gone and change.length_before == length):
        return ""
    gone = [plain(name) for name in change.gone[:SHOWN_GONE]]
    if not gone:
        return f"{change.length_before} before, now "
    return f"Gone: {', '.join(gone)}. "


def _questions(strict: bool, low_profile: bool, rubric: Rubric) -> list[str]:
    """Return the questions in the member's order: privacy of others first in strict professions."""
    third = "Q3_low_profile" if low_profile else "Q3"
    order = ("Q4", "Q1", "Q2", third, "Q5") if strict else ("Q1", "Q2", third, "Q4", "Q5")
    return [f"{number}. {rubric.questions[question]}" for number, question in enumerate(order, 1)]


def _ways(value: BioCheck, owner: UserId) -> list[Button | None]:
    place = value.review.place.id
    return [
        button("Check another version", "bios.again", owner, place, style=BLUE),
        None if value.change is None else button("More questions", "bios.more", owner),
        button("Keep this bio in my portfolio", "portfolio.keep_bio", owner, "check"),
        None if value.ai is AiState.OFF else button("AI notes", "ai_notes.notice", owner),
    ]


def _length(asked: Asked) -> str:
    review, rewrite = asked.check.review, asked.answer.rewrite
    return f"{rewrite.length if rewrite else 0} of {review.limit} {UNITS[review.place.unit]}"


def _all_in_words(asked: Asked) -> str:
    """Return notes and rewrite as plain text."""
    rewrite = asked.answer.rewrite
    suggested = f"\nA rewrite, {_length(asked)}:\n\n{rewrite.text}\n" if rewrite else ""
    return ai_notes.in_words(asked.answer.notes) + suggested


# What was checked


def history(checks: Sequence[Checked], rubric: Rubric, start: BioStart, owner: UserId) -> discord.ui.LayoutView:
    """List when which bio was checked, and what was noticed."""
    ai = ai_notes.CHOICES.get(start.ai)
    return card(
        "## Your bio checks\n-# The newest first. The check kept none of the texts.",
        "\n".join(_row(one, rubric) for one in checks) or "None yet. `/bio check` looks at the few lines about you.",
        ai and f"**AI notes**: {ai}.",
        [button("AI notes", "ai_notes.notice", owner) if ai else None],
    )


def _row(checked: Checked, rubric: Rubric) -> str:
    place = rubric.places.get(checked.place)
    names = [rubric.rules[rule].name for rule in checked.rules if rule in rubric.rules]
    noticed = [name.format(what="contact data") for name in names]
    more = [f"{len(noticed) - RULES_SHOWN} more"] if len(noticed) > RULES_SHOWN else []
    said = ", ".join([*noticed[:RULES_SHOWN], *more]) or "nothing to mend"
    return f"{day_text(checked.on)} · {place.label if place else 'another place'}: {said}"
