"""Cards about bios: the review, what an AI reviewer adds to it, and who may be that reviewer. Shown, never kept."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import discord

from bot.coaching.bios import BIO_LIMIT, BioRule, Criterion, Critique, Finding, Note, Outcome, Place, Unit, Verdict
from bot.coaching.class_statistics import THRESHOLD, Withheld
from bot.coaching.ids import UserId
from bot.coaching.texts import optional_text, plain
from bot.services.bios import LARGEST_LIMIT, NOTICE, SMALLEST_LIMIT, AiState, AiUsage, BioCheck, BioStart
from cogs.cards.shapes import BLUE, GREY, TEXT_LIMIT, Block, button, card, choice, cut, day_text, line, modal
from prompts.bios import Rubric, Strength
from storage.bios import Checked

MY_WORDS = "words"
FILE_NAME = "bio-suggestion.txt"
FENCE = "```"
WORD_LIMIT = 40
"""Most characters of the bio's words inside a sentence of ours; the quote below it has them all."""
SENTENCE_LIMIT = 240
NEXT_EDIT_LIMIT = 600
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
RULES = {
    "B01": "too long",
    "B02": "room for a fact",
    "B03": "your role",
    "B04": "your field",
    "B05": "several topics",
    "B06": "what you did",
    "B07": "claims",
    "B08": "no invitation",
    "B09": "contact data",
    "B10": "people who trusted you",
    "B11": "hashtags",
    "B12": "emoji",
    "B13": "shouting",
    "B14": "a short link",
    "B15": "“I” and from outside",
    "B16": "a harsh word",
    "B17": "need first",
    "B18": "a list",
    "B19": "a long sentence",
    "B20": "a blank left",
    "B21": "superlatives",
    "B22": "commands to a program",
    "B23": "unusual letters",
    "B24": "asking for followers",
}
"""What the rules that speak are about, for the history."""
NO_ANSWER = "The AI reviewer didn't answer; this is the offline review."
FAILED_CHECKS = "The AI's notes failed our checks, so they aren't shown."
WHY_NOT = {
    Outcome.BUSY: NO_ANSWER,
    Outcome.QUOTA: NO_ANSWER,
    Outcome.UNREACHABLE: NO_ANSWER,
    Outcome.TIMEOUT: NO_ANSWER,
    Outcome.CONFIG: NO_ANSWER,
    Outcome.REFUSED: "The AI reviewer declined this text.",
    Outcome.TRUNCATED: FAILED_CHECKS,
    Outcome.BAD_OUTPUT: FAILED_CHECKS,
    Outcome.RESTING: "The AI reviewer is taking a rest after trouble; this is the offline review.",
    Outcome.SPENT: "Today's AI reviews are used up, and there are new ones tomorrow; this is the offline review.",
}
"""Why there are no notes; what is for the instructor to mend stands on their own card."""
CHECK_FACTS = "AI suggestion: check every fact."
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this computer, which tell a member nothing."""
HEADING = f"### AI notes\n-# {CHECK_FACTS}"
USAGE = {
    "answered": (Outcome.OK,),
    "no answer in time": (Outcome.BUSY, Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.RESTING),
    "declined a text": (Outcome.REFUSED,),
    "answered with what failed our checks": (Outcome.TRUNCATED, Outcome.BAD_OUTPUT),
    "no quota left, or wrongly set up": (Outcome.QUOTA, Outcome.CONFIG),
}
TROUBLE = {
    Outcome.QUOTA: "**Its account has no money or quota left**, so members get the review by rules alone. Whoever runs "
    "me can mend that with the provider.",
    Outcome.CONFIG: "**Its server refuses how I am set up**, so members get the review by rules alone. Whoever runs me "
    "may look at `LLM_MODEL`, `OPENAI_API_KEY` and `OPENAI_BASE_URL`.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A review, what the AI reviewer answered, and whether it was asked for a suggested text."""

    check: BioCheck
    answer: Critique
    rewrite: bool


def form(place: Place, ai: AiState, owner: UserId) -> discord.ui.Modal:
    """Return the modal for a bio; for those who agreed to the AI reviewer, with the choice to keep their own words."""
    limit = line(
        "How long may it be there?",
        "limit",
        limit=4,
        hint=f"A number from {SMALLEST_LIMIT} to {LARGEST_LIMIT}.",
        example="300",
    )
    wish = choice(
        "What would you like from the AI reviewer?",
        "ai",
        {"rewrite": "Notes and a rewrite", MY_WORDS: "Notes alone; I keep my own words"},
        chosen="rewrite",
    )
    text = line(
        "Your bio", "text", limit=BIO_LIMIT, long=True, hint="Looked at and not kept. Leave out what is secret."
    )
    labels = [text, *([limit] if place.limit is None else []), *([wish] if ai is AiState.AGREED else [])]
    return modal(cut(f"Bio: {place.label}", 45), "bios.send", owner, labels, place.id)


# The AI reviewer: who it is, and whether


def mark(host: str | None) -> str:
    """Return what stands for a host and a notice on a button, so that an old one agrees to nothing new."""
    return hashlib.sha256(f"{host} {NOTICE}".encode()).hexdigest()[:8]


def notice(start: BioStart, place_id: str | None, owner: UserId) -> discord.ui.LayoutView:
    """Return who would get the text, what is taken out of it first, and two ways that are equally fine."""
    host, here = plain(start.host or ""), ", a program on the computer that I run on" if start.host in HERE else ""
    where = () if place_id is None else (place_id,)
    return card(
        "## Who may look at your bio?\nTwo ways, both fine. You can change your mind at any time.",
        "**Offline review**: my own rules look at it at once, and the text goes nowhere.\n"
        "**With the AI reviewer**: the same review, then notes by a language model and, if you like, a rewrite.",
        f"For the AI reviewer the text goes to **{host}**{here}. E-mail addresses, links, @handles and long "
        "numbers are taken out first; a plain site name such as example.org stays. Nothing is sent beside it: not your "
        "Discord name, the server, your goals or the people in your network. I keep neither the text nor the notes; "
        "what is kept there follows their own terms.",
        "-# It is optional. Your instructors see neither the text nor the notes nor what you choose, and none of it is "
        "graded.",
        [
            button("Offline review", "bios.offline", owner, *where, style=GREY),
            button("With the AI reviewer", "bios.with_ai", owner, mark(start.host), *where, style=GREY),
        ],
    )


def decided(*, agree: bool) -> discord.ui.LayoutView:
    """Return the answer to a choice that no form follows."""
    now = (
        "From now on the AI reviewer looks at a bio after my own rules do."
        if agree
        else "From now on my own rules alone look at a bio, and the text goes nowhere."
    )
    return card(f"{now} `/bio check` begins one, and `/bio history` lets you change this again.")


def switched_off() -> discord.ui.LayoutView:
    """Return what the way to the AI reviewer says while the course has none."""
    return card(
        "The AI reviewer is off in this course at present, so no text goes anywhere. `/bio check` works without."
    )


# The review


def reviewed(value: BioCheck, rubric: Rubric, owner: UserId) -> discord.ui.LayoutView:
    """Return the offline review; of a text that speaks of somebody in need, whom to turn to and nothing else."""
    if value.review.distress:
        return _in_need(value.support)
    return card(*_review(value, rubric), _ways(value, owner))


def on_the_way(value: BioCheck, rubric: Rubric, owner: UserId) -> discord.ui.LayoutView:
    """Return the offline review while the AI reviewer is being asked."""
    return card(*_review(value, rubric), "-# AI notes are on their way; they will stand here.", _ways(value, owner))


def with_notes(asked: Asked, rubric: Rubric, owner: UserId) -> tuple[discord.ui.LayoutView, discord.File | None]:
    """Return the offline review with what the AI reviewer said, or with one sentence why it said nothing.

    A rewrite for a long place comes as a file; so does all of it when the card would hold more than a message can.
    """
    review, ways = _review(asked.check, rubric), _ways(asked.check, owner)
    if asked.answer.outcome is not Outcome.OK:
        return card(*review, WHY_NOT[asked.answer.outcome], ways), None
    said, beside = next((said, beside) for said, beside in _layouts(asked) if _fits([*review, *said]))
    return card(*review, *said, ways), None if beside is None else _file(beside)


def _layouts(asked: Asked) -> Iterator[tuple[list[str], str | None]]:
    """Yield what of the answer stands on the card and what in a file beside it, the handiest first; the last fits."""
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


def _review(value: BioCheck, rubric: Rubric) -> list[str]:
    """Return the review, which ends with its one question; the next edit is what mends the first finding."""
    review = value.review
    lead = f"## Bio check: {review.place.label}\n{review.length} of {review.limit} {UNITS[review.place.unit]}."
    kept = "-# The day, the place and what was noticed are kept, the text is not."
    found = [
        _finding(one, rubric.rules[one.rule], first=one.rule in review.red, with_fix=number > 0)
        for number, one in enumerate(review.shown)
    ]
    return [
        f"{lead}\n{kept}",
        *([] if review.english else [f"-# {rubric.rules['B00'].message} {rubric.rules['B00'].fix}"]),
        *found,
        *_what_works(value, rubric),
        *([f"**Next edit**: {cut(_words(review.next_edit), NEXT_EDIT_LIMIT)}"] if review.next_edit else []),
    ]


def _what_works(value: BioCheck, rubric: Rubric) -> list[str]:
    if value.review.strength is None:
        return []
    strength, words = value.review.strength
    return [_with_quote(f"**What works**: {rubric.strengths[Strength(strength)]}", words)]


def _finding(one: Finding, rule: BioRule, *, first: bool, with_fix: bool) -> str:
    kind = "To mend first" if first else "A question" if rule.asks else CRITERIA[rule.criterion]
    said = _with_quote(f"**{kind}**: {_filled(rule.message, one)}", one.quote)
    return f"{said}\n{_filled(rule.fix, one)}" if with_fix else said


def _filled(text: str, one: Finding) -> str:
    values = {name: cut(_words(value), WORD_LIMIT) for name, value in one.values.items()}
    return cut(text.format_map(values), SENTENCE_LIMIT)


def _with_quote(lead: str, quote: str) -> str:
    shown = _words(quote)
    return f"{lead}\n> {shown}" if shown else lead


def _words(text: str) -> str:
    """Return words of the bio as they may stand on a card: on one line, as written, and nothing that turns the rest."""
    return plain(optional_text("The quote", text, len(text)) or "")


def _in_need(support: str | None) -> discord.ui.LayoutView:
    whom = (
        f"Your course names somebody to turn to: **{plain(support)}**."
        if support
        else "Somebody you trust is a good beginning, and most universities have people whose work it is to listen."
    )
    return card(
        "## Before the bio\nSome of these words sound as if things are very hard for you just now. I may have misread "
        "them; then please leave this aside.",
        f"You need not carry it alone. {whom} If you may be in danger, please call the emergency number where you are.",
        "-# I kept nothing of it, nothing was sent anywhere, and nobody is told.",
    )


def _ways(value: BioCheck, owner: UserId) -> list[discord.ui.Button[discord.ui.LayoutView]]:
    again = button("Check another version", "bios.again", owner, value.review.place.id, style=BLUE)
    change = [] if value.ai is AiState.OFF else [button("AI reviewer", "bios.notice", owner)]
    return [again, *change]


# What the AI reviewer said


def _note(note: Note) -> str:
    return (
        f"{_with_quote(f'**{CRITERIA[note.criterion]}**: {VERDICTS[note.verdict]}', note.quote)}\n{_words(note.advice)}"
    )


def _length(asked: Asked) -> str:
    review, rewrite = asked.check.review, asked.answer.rewrite
    return f"{rewrite.length if rewrite else 0} of {review.limit} {UNITS[review.place.unit]}"


def _fits(texts: Sequence[str]) -> bool:
    return sum(map(len, texts)) <= TEXT_LIMIT


def _file(text: str) -> discord.File:
    return discord.File(BytesIO(text.encode(errors="replace")), FILE_NAME)


def _all_in_words(asked: Asked) -> str:
    """Return notes and rewrite as a text without marks."""
    notes = [
        "\n".join(
            [
                f"{CRITERIA[note.criterion]}: {VERDICTS[note.verdict]}",
                *([f"“{note.quote}”"] if note.quote else []),
                note.advice,
            ]
        )
        for note in asked.answer.notes
    ]
    rewrite = asked.answer.rewrite
    suggested = [f"A rewrite, {_length(asked)}:\n\n{rewrite.text}"] if rewrite else []
    return "\n\n".join([CHECK_FACTS, *notes, *suggested]) + "\n"


# What was checked


def history(found: Sequence[Checked], rubric: Rubric, start: BioStart, owner: UserId) -> discord.ui.LayoutView:
    """Return when which bio was checked, and what was noticed then."""
    rows = [_row(one, rubric) for one in found]
    ai: list[Block] = []
    if start.ai is not AiState.OFF:
        states = {AiState.AGREED: "you agreed to it", AiState.DECLINED: "you do without it"}
        ai = [
            f"**AI reviewer**: {states.get(start.ai, 'you have not decided yet')}.",
            [button("AI reviewer", "bios.notice", owner)],
        ]
    return card(
        "## Your bio checks\n-# The newest first. The texts were never kept.",
        "\n".join(rows) if rows else "None yet. `/bio check` looks at the few lines about you, wherever they stand.",
        *ai,
    )


def _row(one: Checked, rubric: Rubric) -> str:
    place = rubric.places.get(one.place)
    noticed = [RULES[rule] for rule in one.rules if rule in RULES]
    more = [f"{len(noticed) - RULES_SHOWN} more"] if len(noticed) > RULES_SHOWN else []
    said = ", ".join([*noticed[:RULES_SHOWN], *more]) or "nothing to mend"
    return f"{day_text(one.on)} · {place.label if place else 'another place'}: {said}"


# For those who teach


def for_staff(usage: AiUsage, owner: UserId) -> list[Block]:
    """Return how the AI reviewer stands in a course, with the switch; counts as they may be shown."""
    if not usage.configured:
        return ["**AI reviewer of bios**: none is set up. `/bio check` works without one, by rules."]
    if not usage.on:
        off = "**AI reviewer of bios**: off. Switched on, members are asked one by one whether they want it."
        return [
            off,
            [button("Switch the AI reviewer on", "cohort.reviewer", owner, "on")],
        ]
    counts = {what: sum(usage.calls.get(one, 0) for one in outcomes) for what, outcomes in USAGE.items()}
    # All of them, whatever came of calls: a line that appears with the first would tell of one person's.
    lines = [f"• {what}: {count if count >= THRESHOLD else Withheld.FEW}" for what, count in counts.items()]
    trouble = [words for outcome, words in TROUBLE.items() if outcome is usage.trouble]
    return [
        "\n".join(
            [
                "**AI reviewer of bios**: on, for those who agree to it. In the last seven days:",
                *lines,
                *trouble,
            ]
        ),
        [button("Switch the AI reviewer off", "cohort.reviewer", owner, "off")],
    ]
