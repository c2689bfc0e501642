"""Cards about AI notes: who would get a text, the choice, the notes themselves, and what was wrong with them."""

import hashlib
from collections.abc import Sequence
from io import BytesIO

import discord

from bot.coaching.bios import AiNote, AiOutcome, AiReport, Criterion, Critique, Verdict
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.ai_notes import NOTICE, AiOffer, AiState, AiUsage
from cogs.cards.checked import words
from cogs.cards.shapes import Block, button, card, option, select, times

CRITERIA = {
    Criterion.CLEAR: "Clear",
    Criterion.CREDIBLE: "Credible",
    Criterion.CONNECTABLE: "Easy to talk to",
    Criterion.CAREFUL: "Careful",
    Criterion.READABLE: "Easy to read",
    Criterion.PERSONAL: "Meant for this person",
    Criterion.ASK: "What you ask for",
    Criterion.EASY: "Easy to answer",
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
"""Why there are no notes; what an instructor has to mend is on their own card."""
CHOICES = {
    AiState.UNDECIDED: "you have not decided yet",
    AiState.AGREED: "you agreed to them",
    AiState.DECLINED: "you do without",
}
REPORTS = {
    AiReport.WRONG: "Wrong about my text",
    AiReport.UNKIND: "Unkind",
    AiReport.HARMFUL: "Harmful advice",
}
ON_THE_WAY = "-# AI notes are on their way; they will be here."
CHECK_FACTS = "AI suggestion: check every fact."
HEADING = f"### AI notes\n-# {CHECK_FACTS}"
IN_THE_FILE = [HEADING, "They are in the file below."]
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this computer, which tell a member nothing."""
FILE_NAME = "ai-notes.txt"
REPORTED = {AiReport.WRONG: "wrong", AiReport.UNKIND: "unkind", AiReport.HARMFUL: "harmful"}
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


def mark(offer: AiOffer) -> str:
    """Return a short hash of a host and a notice for a button, so that an old one agrees to nothing new."""
    return hashlib.sha256(f"{offer.host} {offer.host_note} {NOTICE}".encode()).hexdigest()[:8]


def notice(offer: AiOffer, owner: UserId, *then: str) -> discord.ui.LayoutView:
    """Return who would get a text, what is taken out of it first, and two ways that are equally fine.

    `then`: the form that follows, "message" or "bio" with its place; none when the choice is all that is asked.
    """
    host, here = plain(offer.host or ""), ", a program on the computer that I run on" if offer.host in HERE else ""
    runs = f" ({plain(offer.host_note)})" if offer.host_note else ""
    return card(
        "## AI notes on your bios and messages?\nThe checks work without them. You can change your mind at any time.",
        f"With AI notes the text goes to **{host}**{here}{runs}. E-mail addresses, phone numbers, streets, links, "
        "@handles and long numbers are taken out first, and the name that a message greets; other names are not. "
        "Nothing goes with it: not your Discord name, the server, your goals or the people in your network.",
        "A message is about somebody else: take out names first.",
        "I keep neither text nor notes; what is kept there follows their own terms. Your instructors see neither the "
        "text nor the notes nor what you choose.",
        [
            button("Without AI", "ai_notes.offline", owner, *then),
            button("With AI notes", "ai_notes.with_ai", owner, mark(offer), *then),
        ],
    )


def decided(*, agree: bool) -> discord.ui.LayoutView:
    """Return the answer to a choice that no form follows."""
    now = "From now on you get AI notes beside a check." if agree else "From now on your texts go nowhere."
    return card(f"{now} `/bio check` and `/message check` begin one, and `/bio history` lets you change this again.")


def switched_off() -> discord.ui.LayoutView:
    """Return what the way to AI notes says while the course has none."""
    return card("AI notes are off in this course at present, so no text goes anywhere. The checks work without.")


def reported() -> discord.ui.LayoutView:
    """Return the thanks for a report of AI notes."""
    return card("Thank you. Your instructors see that somebody reported notes, not who, and not a word of the text.")


def report_menu(owner: UserId) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    """Return the menu to say what is wrong with notes."""
    return select(
        "Report these notes", "ai_notes.report", owner, [option(name, kind) for kind, name in REPORTS.items()]
    )


def notes(answer: Critique, owner: UserId, room: int) -> tuple[list[Block], discord.File | None]:
    """Return an answer's notes, or one sentence that says why there are none; in a file where they need more room."""
    if answer.outcome is not AiOutcome.OK:
        return [WHY_NOT[answer.outcome]], None
    shown, file = [HEADING, *map(note, answer.notes)], None
    if sum(map(len, shown)) > room:
        shown, file = IN_THE_FILE, as_file(in_words(answer.notes), FILE_NAME)
    return [*shown, report_menu(owner)], file


def note(value: AiNote) -> str:
    """Return one note with its quote."""
    quote = f"> {words(value.quote)}\n" if value.quote else ""
    return f"**{CRITERIA[value.criterion]}**: {VERDICTS[value.verdict]}\n{quote}{words(value.advice)}"


def in_words(shown: Sequence[AiNote]) -> str:
    """Return notes as a text without marks."""
    paragraphs = [CHECK_FACTS]
    for value in shown:
        quote = f"“{value.quote}”\n" if value.quote else ""
        paragraphs.append(f"{CRITERIA[value.criterion]}: {VERDICTS[value.verdict]}\n{quote}{value.advice}")
    return "\n\n".join(paragraphs) + "\n"


def as_file(text: str, name: str) -> discord.File:
    """Return a text as a file beside a card."""
    return discord.File(BytesIO(text.encode(errors="replace")), name)


# For those who teach


def for_staff(usage: AiUsage, owner: UserId) -> list[Block]:
    """Return how AI notes are doing in a course, with the switch."""
    if not usage.configured:
        return ["**AI notes**: none are set up. `/bio check` and `/message check` work without them."]
    if not usage.on:
        off = "**AI notes**: off. Switched on, members are asked one by one whether they want them."
        return [off, [button("Switch AI notes on", "cohort.reviewer", owner, "on")]]
    counts = {what: sum(usage.calls.get(one, 0) for one in outcomes) for what, outcomes in USAGE.items()}
    # All of them, whatever came of calls: a line that appears with the first would tell of one person's.
    lines = [f"• {what}: {'fewer than 5' if count < 5 else count}" for what, count in counts.items()]
    trouble = [words for outcome, words in TROUBLE.items() if outcome is usage.trouble]
    reports = [f"{REPORTED[kind]} {times(count, 'time', 'times')}" for kind, count in usage.reports.items() if count]
    told = [f"**Members reported notes**: {', '.join(reports)}. You may switch them off."] if reports else []
    return [
        "\n".join(["**AI notes**: on, for those who agree. In the last seven days:", *lines, *trouble, *told]),
        [button("Switch AI notes off", "cohort.reviewer", owner, "off")],
    ]
