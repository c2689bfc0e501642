"""A first message, checked before it is sent and not kept; and AI notes, for those who agreed to them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.bios import BIO_LIMIT, MESSAGE, MOST_WORDS, BioReview, Critique, CritiqueRequest, Subject
from bot.coaching.cohort import Caller, Membership
from bot.coaching.errors import OldCard, TextMissing, TextTooLong
from bot.coaching.network import Starter
from bot.coaching.texts import optional_text
from bot.services.ai_notes import AiNotes, AiState
from bot.services.membership import as_member, for_member
from prompts import Content
from storage import members
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """What the offline check says, with what its card needs of the member.

    Attributes:
        sent: the AI may be asked for this message too, with `critique`.
        support: who helps students in distress at the institution.
    """

    review: BioReview
    ai: AiState
    sent: bool
    support: str | None
    help_lines: str


class MessageCheckService:
    """What `/message` does."""

    def __init__(self, database: Database, content: Content, ai: AiNotes) -> None:
        self.database = database
        self._content = content
        self._ai = ai

    @for_member
    def starters(self, tx: Tx, member: Membership, now: datetime) -> Mapping[str, Starter]:
        """Return the beginnings of messages on offer."""
        return self._content.network.starters

    async def check(self, caller: Caller, text: str, now: datetime, *, all_the_same: bool = False) -> MessageCheck:
        """Check a message; nothing of it is stored.

        When the text says plainly that its writer is in distress, nothing may be sent, and nothing anywhere tells of
        it; `all_the_same` checks such a text like any other, but never sends it. Raises TextMissing or TextTooLong.
        """
        reviewed = self._reviewed(_message(text))

        def work(tx: Tx, member: Membership) -> tuple[AiState, str | None]:
            if not reviewed.support_first:
                members.set_active(tx, member.id, now)
            return self._ai.state(tx, member), member.cohort.support_contact

        ai, support = await as_member(self.database, caller, now, work)
        sent = ai is AiState.AGREED and not reviewed.support_first and not all_the_same
        shown = replace(reviewed, support_first=False) if all_the_same else reviewed
        return MessageCheck(shown, ai, sent, support, self._content.crisis.help_lines)

    async def critique(self, caller: Caller, text: str, now: datetime) -> Critique:
        """Return AI notes on a message that `check` said may be sent, never a rewrite: the voice has to be theirs."""
        text = _message(text)
        if self._reviewed(text).support_first:
            raise OldCard
        request = CritiqueRequest(text, MESSAGE, MOST_WORDS, rewrite=False, subject=Subject.MESSAGE)
        return await self._ai.notes(caller, request, now)

    def _reviewed(self, text: str) -> BioReview:
        from bot.critique.message_checks import review_message  # noqa: PLC0415 - as in BioService

        content = self._content
        return review_message(text, content.message_rubric, content.network.starters, content.rubric, content.crisis)


def _message(text: str) -> str:
    text = text.strip()
    if len(text) > BIO_LIMIT:
        raise TextTooLong("Your message", len(text), BIO_LIMIT)
    if optional_text("Your message", text, BIO_LIMIT) is None:
        raise TextMissing("Your message")
    return text
