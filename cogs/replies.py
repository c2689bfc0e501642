"""Every answer leaves here: private, without pings, once, and as a follow-up where Discord was acknowledged already."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import discord
from discord import app_commands

from bot.coaching.cohort import Notice
from bot.coaching.errors import ChooseCourse, Refusal
from bot.coaching.ids import UserId
from cogs.cards import course, failures, nudges, student_numbers
from cogs.checks import NOTICES
from cogs.routes import modal_texts
from storage.database import DatabaseUnavailable

_log = logging.getLogger(__name__)
UNKNOWN_INTERACTION = 10062
NOTICE_CARDS: Mapping[Notice, Callable[[UserId], discord.ui.LayoutView]] = {
    Notice.DMS_CLOSED: lambda _: nudges.closed_notice(),
    Notice.MESSAGE_WAITS: lambda _: nudges.message_waits(),
    Notice.STUDENT_NUMBER: student_numbers.question,
}
FILES_AT_ONCE = 3


async def show(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
    """Show a private card: in place when it was asked for from another private card, else as a new message."""
    if not interaction.response.is_done() and _on_private_card(interaction):
        await interaction.response.edit_message(view=card)
    else:
        await _send(interaction, card)
    await _mention_notices(interaction)


async def show_new(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
    """Show a private card as a new message, and leave the one it was asked from as it is."""
    await _send(interaction, card)
    await _mention_notices(interaction)


async def show_files(
    interaction: discord.Interaction, card: discord.ui.LayoutView, contents: Mapping[str, bytes]
) -> None:
    """Show a private card with files that it names, as a new message."""
    files = [discord.File(BytesIO(content), name) for name, content in contents.items()]
    if interaction.response.is_done():
        await interaction.followup.send(view=card, files=files, ephemeral=True)
    else:
        await interaction.response.send_message(view=card, files=files, ephemeral=True)
    await _mention_notices(interaction)


async def wait(interaction: discord.Interaction) -> None:
    """Say that the answer takes a moment; it comes as a new private message."""
    await interaction.response.defer(ephemeral=True, thinking=True)


async def soon(interaction: discord.Interaction, *, new: bool = False) -> None:
    """Acknowledge an answer that takes a moment: it comes in place of the card it was asked from, or as a new one."""
    if not new and _on_private_card(interaction):
        await interaction.response.defer()
    else:
        await wait(interaction)


async def answer(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
    """Show the card that `soon` announced."""
    await interaction.edit_original_response(view=card)
    await _mention_notices(interaction)


async def attach(interaction: discord.Interaction, files: Sequence[tuple[str, bytes]]) -> None:
    """Send private files after the answer, a few at a time."""
    for start in range(0, len(files), FILES_AT_ONCE):
        some = [discord.File(BytesIO(text), name) for name, text in files[start : start + FILES_AT_ONCE]]
        await interaction.followup.send(files=some, ephemeral=True)


async def amend(
    interaction: discord.Interaction, card: discord.ui.LayoutView, file: discord.File | None = None
) -> None:
    """Put a card in the place of the one that was the answer, maybe minutes ago; a file follows as a new message.

    Does not raise when Discord takes neither any more, because the message is gone or its time is over: whoever asked
    has had an answer.
    """
    try:
        await interaction.edit_original_response(view=card)
        if file is not None:
            await interaction.followup.send(file=file, ephemeral=True)
    except discord.HTTPException as unanswered:
        _log.warning("could not add to an answer: %s (code %s)", unanswered.status, unanswered.code)


async def post(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
    """Post a card for everyone in the channel: only the course's invitation is."""
    await interaction.response.send_message(view=card)


async def ask(interaction: discord.Interaction, modal: discord.ui.Modal) -> None:
    """Open a modal."""
    await interaction.response.send_modal(modal)
    await _mention_notices(interaction)


async def fail(interaction: discord.Interaction, error: Exception) -> None:
    """Answer anything that went wrong: a refusal with its sentence, the rest with an apology and a reference id.

    What was typed into a modal is given back, so that nothing is lost. Never raises.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    typed = modal_texts(interaction)
    try:
        match cause:
            case ChooseCourse():
                await _send(interaction, course.choose(cause.courses, interaction.user.id))
            case Refusal():
                await _send(interaction, failures.refusal(str(cause), typed))
            case DatabaseUnavailable():
                reference = _logged(interaction, cause)
                await _send(interaction, failures.busy(reference, typed))
            case _:
                reference = _logged(interaction, cause)
                await _send(interaction, failures.apology(reference, typed))
    except discord.HTTPException as unanswered:
        # The interaction has expired or Discord is away; there is nobody left to tell.
        _log.warning("could not answer an interaction: %s (code %s)", unanswered.status, unanswered.code)


async def _send(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
    if interaction.response.is_done():
        await interaction.followup.send(view=card, ephemeral=True)
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def _mention_notices(interaction: discord.Interaction) -> None:
    """Say once, after the answer, what a service wants mentioned."""
    notices: list[Notice] = interaction.extras.get(NOTICES, [])
    while notices:
        card = NOTICE_CARDS[notices.pop()](UserId(interaction.user.id))
        await interaction.followup.send(view=card, ephemeral=True)


def _logged(interaction: discord.Interaction, error: Exception) -> str:
    """Log an error under a new reference id, without what was said, and return the id."""
    reference = secrets.token_hex(4)
    name = interaction.command.qualified_name if interaction.command else interaction.type.name
    if isinstance(error, discord.NotFound) and error.code == UNKNOWN_INTERACTION:
        _log.warning("[%s] %s: answered too late", reference, name)
    else:
        _log.error("[%s] %s failed", reference, name, exc_info=error)
    return reference


def _on_private_card(interaction: discord.Interaction) -> bool:
    message = interaction.message
    return message is not None and message.flags.ephemeral and message.flags.components_v2
