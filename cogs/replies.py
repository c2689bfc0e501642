"""Every answer leaves here: private, without pings, once, and as a follow-up where Discord was acknowledged already."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import aiohttp
import discord
from discord import app_commands

from bot.coaching.cohort import Notice
from bot.coaching.errors import ChooseCourse, OldCard, Refusal, TooSlow
from bot.coaching.ids import UserId
from bot.coaching.weeks import Clock
from cogs.cards import course, failures, nudges, student_numbers
from cogs.checks import NOTICES
from cogs.routes import CUSTOM_ID_LIMIT, Card, Form, Route, again_id, form_id_of, modal_fields, modal_texts, sent_id
from storage.database import DatabaseUnavailable

_log = logging.getLogger(__name__)
UNKNOWN_INTERACTION = 10062
NOTICE_CARDS: Mapping[Notice, Callable[[UserId], discord.ui.LayoutView]] = {
    Notice.DMS_CLOSED: lambda _: nudges.closed_notice(),
    Notice.MESSAGE_WAITS: lambda _: nudges.message_waits(),
    Notice.STUDENT_NUMBER: student_numbers.question,
}
FILES_AT_ONCE = 3
REMEMBERED = timedelta(minutes=15)
ACKNOWLEDGE_AFTER = 2.2
"""Seconds after which an answer that is not there yet is announced: Discord takes the first word for three."""
UNREACHED = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What an answer that Discord does not take may raise."""


async def in_time(interaction: discord.Interaction, answering: Awaitable[None]) -> None:
    """Answer an interaction, and acknowledge it meanwhile if that takes longer than Discord waits.

    `answering` has to answer its own errors.
    """

    async def acknowledge() -> None:
        await asyncio.sleep(ACKNOWLEDGE_AFTER)
        try:
            await soon(interaction)
        except UNREACHED as error:
            _log.warning("could not acknowledge an interaction: %s", _short(error))

    async with asyncio.TaskGroup() as tasks:
        late = tasks.create_task(acknowledge())
        await answering
        late.cancel()


def _turn(interaction: discord.Interaction) -> asyncio.Lock:
    """Return what is held while an interaction is answered or acknowledged: Discord takes one first word."""
    return interaction.extras.setdefault("turn", asyncio.Lock())


@dataclass(frozen=True, slots=True)
class _Typed:
    form_id: str
    fields: Mapping[str, str]
    texts: Sequence[str]
    until: datetime


class FormMemory:
    """What was typed into forms that failed: each member's last one, in memory alone, for fifteen minutes."""

    def __init__(self, routes: Mapping[str, Route], clock: Clock) -> None:
        self._routes = routes
        self._clock = clock
        self._kept: dict[int, _Typed] = {}

    def keep(self, interaction: discord.Interaction) -> None:
        """Remember what was typed into the form that was sent."""
        self.forget_old()
        fields, texts = modal_fields(interaction), modal_texts(interaction)
        self._kept[interaction.user.id] = _Typed(sent_id(interaction), fields, texts, self._clock() + REMEMBERED)

    def forget_old(self) -> None:
        """Forget what has waited for fifteen minutes; every answer to anybody does it."""
        now = self._clock()
        self._kept = {who: typed for who, typed in self._kept.items() if now < typed.until}

    def arrived(self, interaction: discord.Interaction) -> None:
        """Forget what was typed into this form, because it has arrived now."""
        typed = self._kept.get(interaction.user.id)
        if typed is not None and typed.form_id == sent_id(interaction):
            self.forget(interaction.user.id)

    def reopens(self, form_id: str) -> str | None:
        """Return the custom id that opens a form again; None if nothing does."""
        again = again_id(form_id)
        known = again.split(":")[1] in self._routes
        return again if known and len(again) <= CUSTOM_ID_LIMIT else None

    def of(self, interaction: discord.Interaction) -> _Typed | None:
        """Return what the member had typed into the form that this button opens again."""
        typed = self._kept.get(interaction.user.id)
        wanted = form_id_of(sent_id(interaction))
        return typed if typed and typed.form_id == wanted and self._clock() < typed.until else None

    def forget(self, user_id: int) -> None:
        """Forget what a member had typed."""
        self._kept.pop(user_id, None)


async def reply(interaction: discord.Interaction, shown: Card | Form | None, memory: FormMemory) -> None:
    """Show what a route's handler returned; nothing if it has answered itself.

    A form that is opened again holds what was typed, or is followed by a word that this is gone.
    """
    memory.forget_old()
    again = form_id_of(sent_id(interaction)) is not None
    if isinstance(shown, discord.ui.Modal):
        typed = memory.of(interaction)
        await ask(interaction, _refilled(shown, typed.fields) if typed else shown)
        if again and typed is None:
            await interaction.followup.send(view=failures.forgotten(), ephemeral=True)
    elif shown is not None:
        await show(interaction, shown)
    if interaction.type is discord.InteractionType.modal_submit:
        memory.arrived(interaction)


def _refilled(made: discord.ui.Modal, typed: Mapping[str, str]) -> discord.ui.Modal:
    """Put what was typed and chosen before into a form, by its fields' ids; several choices are joined by commas."""
    for label in made.children:
        field = label.component if isinstance(label, discord.ui.Label) else label
        if isinstance(field, discord.ui.TextInput):
            field.default = typed.get(field.custom_id) or None
        elif isinstance(field, discord.ui.Select | discord.ui.RadioGroup):
            chosen = typed.get(field.custom_id, "").split(",")
            for one in field.options:
                one.default = one.value in chosen
    return made


async def show(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
    """Show a private card: in place when it was asked for from another private card, else as a new message."""
    async with _turn(interaction):
        if not interaction.response.is_done() and _on_private_card(interaction):
            await interaction.response.edit_message(view=card)
        else:
            await _send(interaction, card)
    await _mention_notices(interaction)


async def show_new(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
    """Show a private card as a new message, and leave the one it was asked from as it is."""
    async with _turn(interaction):
        await _send(interaction, card)
    await _mention_notices(interaction)


async def show_files(
    interaction: discord.Interaction, card: discord.ui.LayoutView, contents: Mapping[str, bytes]
) -> None:
    """Show a private card with files that it names, as a new message."""
    files = [discord.File(BytesIO(content), name) for name, content in contents.items()]
    async with _turn(interaction):
        if interaction.response.is_done():
            await interaction.followup.send(view=card, files=files, ephemeral=True)
        else:
            await interaction.response.send_message(view=card, files=files, ephemeral=True)
    await _mention_notices(interaction)


async def wait(interaction: discord.Interaction) -> None:
    """Say that the answer takes a moment; it comes as a new private message."""
    await soon(interaction, new=True)


async def soon(interaction: discord.Interaction, *, new: bool = False) -> None:
    """Acknowledge an answer that takes a moment: it comes in place of the card it was asked from, or as a new one."""
    async with _turn(interaction):
        if interaction.response.is_done():
            return
        if not new and _on_private_card(interaction):
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)


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
    """Post a card for everyone in the channel: only the course's invitation is. Raises TooSlow."""
    async with _turn(interaction):
        if interaction.response.is_done():
            raise TooSlow  # it was acknowledged in private, and no follow-up is public then
        await interaction.response.send_message(view=card)


async def ask(interaction: discord.Interaction, modal: discord.ui.Modal) -> None:
    """Open a modal; raises TooSlow, or OldCard when another modal was sent where a button should have been pressed."""
    if interaction.type is discord.InteractionType.modal_submit:
        raise OldCard
    async with _turn(interaction):
        if interaction.response.is_done():
            raise TooSlow
        await interaction.response.send_modal(modal)
    await _mention_notices(interaction)


async def fail(interaction: discord.Interaction, error: Exception, memory: FormMemory | None = None) -> None:
    """Answer anything that went wrong: a refusal with its sentence, the rest with an apology and a reference id.

    What was typed into a form is not lost: *Open it again* has it, and where that may not help it is given back as
    text. Never raises.

    Args:
        memory: where what was typed waits; None if no form can be opened again.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    typed, again = _typed(interaction, memory)
    match cause:
        case ChooseCourse():
            card = course.choose(cause.courses, interaction.user.id)
        case Refusal():
            sent = interaction.type is discord.InteractionType.modal_submit
            card = failures.refusal(str(cause), () if sent and again else typed, again)
        case DatabaseUnavailable():
            card = failures.busy(typed, again)  # the database logs its own outages, once
        case _:
            card = failures.apology(_logged(interaction, cause), typed, again)
    try:
        async with _turn(interaction):
            await _send(interaction, card)
    except UNREACHED as unanswered:
        # The interaction has expired, has had its answer after all, or Discord is away; there is nobody left to tell.
        _log.warning("could not answer an interaction: %s", _short(unanswered))


def _typed(interaction: discord.Interaction, memory: FormMemory | None) -> tuple[Sequence[str], str | None]:
    """Return what was typed into a form that failed, now or before, and the custom id that opens it again."""
    pressed = sent_id(interaction)
    if memory is None:
        return modal_texts(interaction), None
    if interaction.type is discord.InteractionType.modal_submit:
        memory.keep(interaction)
        return modal_texts(interaction), memory.reopens(pressed)
    before = memory.of(interaction)
    return (before.texts, pressed) if before else ((), None)


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
    elif isinstance(error, (aiohttp.ClientError, OSError, discord.DiscordServerError)):
        _log.warning("[%s] %s: Discord did not take the answer (%s)", reference, name, _short(error))
    else:
        _log.error("[%s] %s failed", reference, name, exc_info=error)
    return reference


def _short(error: Exception) -> str:
    return f"{error.status} (code {error.code})" if isinstance(error, discord.HTTPException) else type(error).__name__


def _on_private_card(interaction: discord.Interaction) -> bool:
    message = interaction.message
    return message is not None and message.flags.ephemeral and message.flags.components_v2
