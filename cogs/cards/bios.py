"""Cards about bios: the check, AI notes beside it, and the consent to them. Shown, never stored."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import discord

from bot.coaching.bios import (
    BIO_LIMIT,
    AiNote,
    AiOutcome,
    AiReport,
    BioPlace,
    Criterion,
    Critique,
    Finding,
    Unit,
    Verdict,
)
from bot.coaching.ids import UserId
from bot.coaching.texts import optional_text, plain
from bot.services.bios import LARGEST_LIMIT, NOTICE, SMALLEST_LIMIT, AiState, AiUsage, BioChange, BioCheck, BioStart
from cogs.cards import shapes
from cogs.cards.shapes import BLUE, TEXT_LIMIT, Block, Button, Field, button, card, cut, day_text, option, select, times
from prompts.bios import Rubric
from storage.bios import Checked

REWRITE, MY_WORDS = "rewrite", "words"
WISHES = {REWRITE: "Notes and a rewrite", MY_WORDS: "Notes alone; I keep my own words"}
FILE_NAME = "bio-suggestion.txt"
FENCE = "```"
KEPT = "-# I keep the day, the place and what was noticed, never the text."
SHOWN_POINTS = 3
SHOWN_QUOTES = 2
SHOWN_GONE = 3
QUESTIONS_AGAIN = 2
"""Questions on a second check within the hour; *More questions* has all of them."""
RULES_SHOWN = 3
"""Most rules in a line of the history."""
UNITS = {
    Unit.CHARACTERS: "characters",
    Unit.GRAPHEMES: "letters and signs",
    Unit.SHORTENED: "letters and signs, as the place counts them",
}
CRITERIA = {
    Criterion.CLEAR: "Clear",
    Criterion.CREDIBLE: "Credible",
    Criterion.CONNECTABLE: "Easy to talk to",
    Criterion.CAREFUL: "Careful",
    Criterion.READABLE: "Easy to read",
}
VERDICTS = {
    Verdict.STRONG: "works well",
    Verdict.IMPROVE: "can be better",
    Verdict.MISSING: "not there yet",
}
NO_ANSWER = "The AI did not answer; the check above works without it."
FAILED_CHECKS = "The AI's notes failed our checks, so they are not shown."
WHY_NOT = {
    AiOutcome.BUSY: NO_ANSWER,
    AiOutcome.QUOTA: NO_ANSWER,
    AiOutcome.UNREACHABLE: NO_ANSWER,
    AiOutcome.TIMEOUT: NO_ANSWER,
    AiOutcome.CONFIG: NO_ANSWER,
    AiOutcome.REFUSED: "The AI declined this text.",
    AiOutcome.TRUNCATED: FAILED_CHECKS,
    AiOutcome.BAD_OUTPUT: FAILED_CHECKS,
    AiOutcome.RESTING: "The AI is resting after trouble; the check above works without it.",
    AiOutcome.SPENT: "Today's AI notes are used up; there are new ones tomorrow.",
}
"""Why there are no notes. What an instructor can mend is on the status card."""
CHOICES = {
    AiState.UNDECIDED: "you have not decided yet",
    AiState.AGREED: "you agreed to them",
    AiState.DECLINED: "you do without",
}
REPORTS = {
    AiReport.WRONG: "Wrong about my bio",
    AiReport.UNKIND: "Unkind",
    AiReport.HARMFUL: "Harmful advice",
}
REPORTED = {AiReport.WRONG: "wrong", AiReport.UNKIND: "unkind", AiReport.HARMFUL: "harmful"}
CHECK_FACTS = "AI suggestion: check every fact."
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this computer, which tell a member nothing."""
HEADING = f"### AI notes\n-# {CHECK_FACTS}"
USAGE = {
    "answered": (AiOutcome.OK,),
    "no answer in time": (AiOutcome.BUSY, AiOutcome.UNREACHABLE, AiOutcome.TIMEOUT, AiOutcome.RESTING),
    "declined a text": (AiOutcome.REFUSED,),
    "answered with what failed our checks": (AiOutcome.TRUNCATED, AiOutcome.BAD_OUTPUT),
    "no quota left, or wrongly set up": (AiOutcome.QUOTA, AiOutcome.CONFIG),
}
TROUBLE = {
    AiOutcome.QUOTA: "**Its account has no money or quota left**, so members get the check alone. Whoever runs "
    "me can mend that with the provider.",
    AiOutcome.CONFIG: "**Its server refuses how I am set up**, so members get the check alone. Whoever runs me "
    "may look at `LLM_MODEL`, `OPENAI_API_KEY` and `OPENAI_BASE_URL`.",
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
        fields.append(Field("ai", "What would you like from the AI?", WISHES))
    args = (place.id, *["all"] * all_the_same)
    return shapes.form(cut(f"Bio: {place.label}", 45), "bios.send", owner, fields, *args, filled={"ai": REWRITE})


# AI notes: who writes them, and whether


def mark(start: BioStart) -> str:
    """Return a short hash of host and notice for a button, so that an old button agrees to nothing new."""
    return hashlib.sha256(f"{start.host} {start.host_note} {NOTICE}".encode()).hexdigest()[:8]


def notice(start: BioStart, place_id: str | None, owner: UserId) -> discord.ui.LayoutView:
    """Say who would get the text and what is taken out of it first, with two buttons of equal weight."""
    host, here = plain(start.host or ""), ", a program on the computer that I run on" if start.host in HERE else ""
    runs = f" ({plain(start.host_note)})" if start.host_note else ""
    where = () if place_id is None else (place_id,)
    return card(
        "## AI notes on your bio?\nThe check works without them. You can change your mind at any time.",
        f"With AI notes the text goes to **{host}**{here}{runs}. E-mail addresses, phone numbers, streets, links, "
        "@handles and long numbers are taken out first; names are not. Nothing goes with it: not your Discord name, "
        "the server, your goals or the people in your network.",
        "I keep neither text nor notes; what is kept there follows their own terms. Your instructors see neither the "
        "text nor the notes nor what you choose.",
        [
            button("Without AI", "bios.offline", owner, *where),
            button("With AI notes", "bios.with_ai", owner, mark(start), *where),
        ],
    )


def decided(*, agree: bool) -> discord.ui.LayoutView:
    """Confirm a choice about AI notes when no form follows."""
    now = "From now on you get AI notes beside the check." if agree else "From now on your bios go nowhere."
    return card(f"{now} `/bio check` begins one, and `/bio history` lets you change this again.")


def switched_off() -> discord.ui.LayoutView:
    """Say that AI notes are off in the course."""
    return card("AI notes are off in this course at present, so no text goes anywhere. `/bio check` works without.")


def reported() -> discord.ui.LayoutView:
    """Thank for a report of AI notes."""
    return card("Thank you. Your instructors see that somebody reported notes, not who, and not a word of the text.")


# The check


def reviewed(value: BioCheck, rubric: Rubric, owner: UserId) -> discord.ui.LayoutView:
    """Show the check; for a bio that says plainly that its writer is in distress, only where help is."""
    if value.review.support_first:
        return _support_first(value, owner)
    return card(*_check(value, rubric), _ways(value, owner))


def on_the_way(value: BioCheck, rubric: Rubric, owner: UserId) -> discord.ui.LayoutView:
    """Show the check while the AI is being asked."""
    return card(*_check(value, rubric), "-# AI notes are on their way; they will be here.", _ways(value, owner))


def with_notes(asked: Asked, rubric: Rubric, owner: UserId) -> tuple[discord.ui.LayoutView, discord.File | None]:
    """Show the check with AI notes, or with one sentence that says why there are none.

    A rewrite for a long place comes as a file; so do notes and rewrite when they would not fit into a message.
    """
    check, ways = _check(asked.check, rubric), _ways(asked.check, owner)
    if asked.answer.outcome is not AiOutcome.OK:
        return card(*check, WHY_NOT[asked.answer.outcome], ways), None
    notes, beside = next(
        (notes, beside) for notes, beside in _layouts(asked) if sum(map(len, [*check, *notes])) <= TEXT_LIMIT
    )
    options = [option(label, kind) for kind, label in REPORTS.items()]
    report = select("Report these notes", "bios.report", owner, options)
    file = beside and discord.File(BytesIO(beside.encode(errors="replace")), FILE_NAME)
    return card(*check, *notes, report, ways), file or None


def questions(value: BioStart, rubric: Rubric) -> discord.ui.LayoutView:
    """Show all the questions that only a person can answer."""
    return card("\n".join(["**Ask yourself**", *_questions(value.strict, value.low_profile, rubric)]))


def _layouts(asked: Asked) -> Iterator[tuple[list[str], str | None]]:
    """Yield ways to split the AI's answer between card and file, the handiest first; the last always fits."""
    rewrite = asked.answer.rewrite
    notes = [HEADING, *map(_note, asked.answer.notes)]
    if rewrite is None:
        yield [*notes, *(["No rewrite passed our checks this time."] if asked.rewrite else [])], None
    else:
        lead = f"**A rewrite**, {_length(asked)}"
        # In a block of code it is copied with one tap, unless its own marks would end the block.
        if not asked.check.review.place.roomy and FENCE not in rewrite.text:
            yield [*notes, f"{lead}:\n{FENCE}\n{rewrite.text}\n{FENCE}"], None
        yield [*notes, f"{lead}, is in the file below."], rewrite.text
    yield [HEADING, "They are in the file below."], _all_in_words(asked)


def _check(value: BioCheck, rubric: Rubric) -> list[str]:
    review = value.review
    count = f"**{review.length} of {review.limit}** {UNITS[review.place.unit]}"
    lead = f" · Lists show first: “{_words(review.lead)} …”" if review.lead else ""
    points = list(_points(review.findings, rubric))
    more = len(points) - SHOWN_POINTS
    questions = _questions(value.strict, value.low_profile, rubric)[: None if value.change is None else QUESTIONS_AGAIN]
    contact = plain(value.support) if value.support else f"Free help lines by country: {value.help_lines}"
    return [
        f"## Bio check: {review.place.label}\n{_changed(value.change, review.length)}{count}{lead}",
        *(points[:SHOWN_POINTS] or ["Nothing here that a program can mend. The questions are yours to answer."]),
        *([f"-# {more} more after these."] if more > 0 else []),
        "\n".join(["**Ask yourself**", *questions]),
        f"-# Need to talk to someone? {contact}\n{KEPT}",
    ]


def _points(findings: Sequence[Finding], rubric: Rubric) -> Iterator[str]:
    """Yield each rule's finding with its first quotes; each kind of contact data by itself."""
    said: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if not any(finding.quote and finding.quote == other.quote for group in said.values() for other in group):
            said.setdefault((finding.rule, finding.values.get("what", "")), []).append(finding)
    for (rule_id, _), group in said.items():
        rule, first = rubric.rules[rule_id], group[0]
        # Of letters that cannot be seen there is nothing to show.
        quotes = [f"> {words}" for finding in group[:SHOWN_QUOTES] if (words := _words(finding.quote))]
        yield "\n".join([f"**{rule.message.format_map(first.values)}**", *quotes, rule.fix.format_map(first.values)])


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


def _words(text: str) -> str:
    """Return words of a bio for a card: on one line, as written, without marks that turn the direction of text."""
    return plain(optional_text("The quote", text, len(text)) or "")


def _support_first(value: BioCheck, owner: UserId) -> discord.ui.LayoutView:
    contact = f"{plain(value.support)}. " if value.support else ""
    return card(
        f"If life is hard right now, you need not carry it alone. {contact}If you might hurt yourself, call your local "
        f"emergency number now. Free help lines by country: {value.help_lines}\n\n"
        "Nobody has been told, and your text was not kept.",
        [button("Check the bio all the same", "bios.all_the_same", owner, value.review.place.id)],
    )


def _ways(value: BioCheck, owner: UserId) -> list[Button | None]:
    place = value.review.place.id
    return [
        button("Check another version", "bios.again", owner, place, style=BLUE),
        None if value.change is None else button("More questions", "bios.more", owner),
        None if value.ai is AiState.OFF else button("AI notes", "bios.notice", owner, place),
    ]


# What the AI said


def _note(note: AiNote) -> str:
    quote = f"> {_words(note.quote)}\n" if note.quote else ""
    return f"**{CRITERIA[note.criterion]}**: {VERDICTS[note.verdict]}\n{quote}{_words(note.advice)}"


def _length(asked: Asked) -> str:
    review, rewrite = asked.check.review, asked.answer.rewrite
    return f"{rewrite.length if rewrite else 0} of {review.limit} {UNITS[review.place.unit]}"


def _all_in_words(asked: Asked) -> str:
    """Return notes and rewrite as plain text."""
    paragraphs = [CHECK_FACTS]
    for note in asked.answer.notes:
        quote = f"“{note.quote}”\n" if note.quote else ""
        paragraphs.append(f"{CRITERIA[note.criterion]}: {VERDICTS[note.verdict]}\n{quote}{note.advice}")
    if asked.answer.rewrite:
        paragraphs.append(f"A rewrite, {_length(asked)}:\n\n{asked.answer.rewrite.text}")
    return "\n\n".join(paragraphs) + "\n"


# What was checked


def history(checks: Sequence[Checked], rubric: Rubric, start: BioStart, owner: UserId) -> discord.ui.LayoutView:
    """List when which bio was checked, and what was noticed."""
    ai = CHOICES.get(start.ai)
    return card(
        "## Your bio checks\n-# The newest first. The texts were never kept.",
        "\n".join(_row(one, rubric) for one in checks) or "None yet. `/bio check` looks at the few lines about you.",
        ai and f"**AI notes**: {ai}.",
        [button("AI notes", "bios.notice", owner) if ai else None],
    )


def _row(checked: Checked, rubric: Rubric) -> str:
    place = rubric.places.get(checked.place)
    names = [rubric.rules[rule].name for rule in checked.rules if rule in rubric.rules]
    noticed = [name.format(what="contact data") for name in names]
    more = [f"{len(noticed) - RULES_SHOWN} more"] if len(noticed) > RULES_SHOWN else []
    said = ", ".join([*noticed[:RULES_SHOWN], *more]) or "nothing to mend"
    return f"{day_text(checked.on)} · {place.label if place else 'another place'}: {said}"


# For those who teach


def for_staff(usage: AiUsage, owner: UserId) -> list[Block]:
    """Tell instructors how AI notes are doing, with the switch."""
    if not usage.configured:
        return ["**AI notes on bios**: none are set up. `/bio check` works without them."]
    if not usage.on:
        off = "**AI notes on bios**: off. Switched on, members are asked one by one whether they want them."
        return [off, [button("Switch AI notes on", "cohort.reviewer", owner, "on")]]
    counts = {what: sum(usage.calls.get(one, 0) for one in outcomes) for what, outcomes in USAGE.items()}
    # All of them, whatever came of calls: a line that appears with the first would tell of one person's.
    lines = [f"• {what}: {'fewer than 5' if count < 5 else count}" for what, count in counts.items()]
    trouble = [words for outcome, words in TROUBLE.items() if outcome is usage.trouble]
    reports = [f"{REPORTED[kind]} {times(count, 'time', 'times')}" for kind, count in usage.reports.items() if count]
    told = [f"**Members reported notes**: {', '.join(reports)}. You may switch them off."] if reports else []
    return [
        "\n".join(["**AI notes on bios**: on, for those who agree. In the last seven days:", *lines, *trouble, *told]),
        [button("Switch AI notes off", "cohort.reviewer", owner, "off")],
    ]
