"""Cards about a first message: ways to begin it, and its check. Shown, never stored."""

from collections.abc import Mapping

import discord

from bot.coaching.bios import BIO_LIMIT, Critique
from bot.coaching.ids import UserId
from bot.coaching.network import Starter
from bot.services.ai_notes import AiState
from bot.services.message_check import MessageCheck
from cogs.cards import ai_notes, shapes
from cogs.cards.checked import findings, support_first, support_line
from cogs.cards.shapes import BLUE, TEXT_LIMIT, Button, Field, button, card, copyable, option, select
from prompts.message_check import MessageRubric

WITH_AI, WITHOUT_AI = "with", "without"
WISHES = {WITH_AI: "Yes, with AI notes", WITHOUT_AI: "No, the check alone"}
NOT_KEPT = "Checked, not kept."
NAMES_FIRST = "This message is about somebody else: take out names first."
KEPT = "-# I keep nothing of your message."


def form(ai: AiState, owner: UserId, *, all_the_same: bool = False) -> discord.ui.Modal:
    """Return the form for a message; for those who agreed to AI notes, with the choice to do without this time.

    `all_the_same`: the card that shows where help is was seen, and is not shown again.
    """
    asks_ai = ai is AiState.AGREED and not all_the_same
    hint = f"{NAMES_FIRST} {NOT_KEPT}" if asks_ai else NOT_KEPT
    fields = [Field("text", "Your message", BIO_LIMIT, long=True, hint=hint)]
    if asks_ai:
        fields.append(Field("ai", "AI notes on this one?", WISHES))
    args = ["all"] * all_the_same
    return shapes.form("A first message", "message_check.send", owner, fields, *args, filled={"ai": WITH_AI})


def reviewed(value: MessageCheck, rubric: MessageRubric, owner: UserId) -> discord.ui.LayoutView:
    """Return the check; where a message says plainly that its writer is in distress, only where help is."""
    if value.review.support_first:
        label = "Check the message all the same"
        return support_first(value.support, value.help_lines, label, "message_check.all_the_same", owner)
    return card(*_check(value, rubric), _ways(value, owner))


def on_the_way(value: MessageCheck, rubric: MessageRubric, owner: UserId) -> discord.ui.LayoutView:
    """Return the check while the AI is being asked."""
    return card(*_check(value, rubric), ai_notes.ON_THE_WAY, _ways(value, owner))


def with_notes(
    value: MessageCheck, answer: Critique, rubric: MessageRubric, owner: UserId
) -> tuple[discord.ui.LayoutView, discord.File | None]:
    """Return the check with AI notes, or with one sentence that says why there are none."""
    check = _check(value, rubric)
    notes, file = ai_notes.notes(answer, owner, TEXT_LIMIT - sum(map(len, check)))
    return card(*check, *notes, _ways(value, owner)), file


def starters(beginnings: Mapping[str, Starter], owner: UserId) -> discord.ui.LayoutView:
    """Return the situations in which somebody may write."""
    options = [option(starter.when, starter.id) for starter in beginnings.values()]
    return card(
        "## Ways to begin\nWhat would you like to write? You get a few words to make your own.",
        select("Choose what fits", "message_check.starter", owner, options),
        [button("Check a message", "message_check.again", owner)],
    )


def starter(value: Starter, owner: UserId) -> discord.ui.LayoutView:
    """Return the beginning of a message to copy, its blanks shown."""
    return card(
        f"**{value.when}**",
        copyable(value.text),
        "-# Copy it to where you write, fill the {braces}, and change what does not sound like you. "
        "Then paste it here, before you send it.",
        [
            button("Check your message", "message_check.again", owner, style=BLUE),
            button("Other ways to begin", "message_check.starters", owner),
        ],
    )


def _check(value: MessageCheck, rubric: MessageRubric) -> list[str]:
    review = value.review
    questions = [f"{number}. {question}" for number, question in enumerate(rubric.questions.values(), 1)]
    return [
        f"## Message check\n**{review.length} of {review.limit}** words",
        *findings(review.findings, rubric.rules),
        "\n".join(["**Ask yourself**", *questions]),
        f"{support_line(value.support, value.help_lines)}\n{KEPT}",
    ]


def _ways(value: MessageCheck, owner: UserId) -> list[Button | None]:
    return [
        button("Check another version", "message_check.again", owner, style=BLUE),
        button("Ways to begin", "message_check.starters", owner),
        None if value.ai is AiState.OFF else button("AI notes", "ai_notes.notice", owner),
    ]
