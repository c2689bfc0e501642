"""AI notes on bios and messages: the notice, the choice, and reports. No command of its own."""

from collections.abc import Sequence

from bot.coaching.bios import AiReport
from bot.coaching.cohort import Audience
from bot.coaching.errors import OldCard
from bot.coaching.ids import UserId
from bot.coaching.weeks import Clock
from bot.services.ai_notes import AiNotes, AiState
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import ai_notes as cards
from cogs.cards import bios as bio_cards
from cogs.cards import message_check as message_cards
from cogs.routes import Card, Click, Form, Route
from prompts.bios import Rubric


class AiNotesChoice(RoutedCog):
    """The member's choice about AI notes, asked before the first form and changed from every card with notes."""

    def __init__(self, notes: AiNotes, rubric: Rubric, clock: Clock) -> None:
        self._notes = notes
        self._rubric = rubric
        self._clock = clock
        self.routes = {
            "ai_notes.notice": Route(Audience.MEMBER, self._notice),
            "ai_notes.offline": Route(Audience.MEMBER, self._offline),
            "ai_notes.with_ai": Route(Audience.MEMBER, self._with_ai),
            "ai_notes.report": Route(Audience.MEMBER, self._report),
        }

    async def _notice(self, click: Click) -> None:
        offer = await self._notes.offer(click.caller, self._clock())
        off = offer.state is AiState.OFF
        shown = cards.switched_off() if off else cards.notice(offer, click.owner)
        await replies.show_new(click.interaction, shown)

    async def _offline(self, click: Click) -> Card | Form:
        return await self._decide(click, click.args, agree=False)

    async def _with_ai(self, click: Click) -> Card | Form:
        offer = await self._notes.offer(click.caller, self._clock())
        noticed, *then = click.args or ("",)
        if offer.state is AiState.OFF:
            return cards.switched_off()
        if noticed != cards.mark(offer):  # who gets the text has changed since the notice was shown
            self._form(then, offer.state, click.owner)
            return cards.notice(offer, click.owner, *then)
        return await self._decide(click, then, agree=True)

    async def _decide(self, click: Click, then: Sequence[str], *, agree: bool) -> Card | Form:
        self._form(then, AiState.OFF, click.owner)  # an old card decides nothing
        state = await self._notes.decide(click.caller, self._clock(), agree=agree)
        return self._form(then, state, click.owner) or cards.decided(agree=agree)

    async def _report(self, click: Click) -> None:
        await self._notes.report(click.caller, click.chosen(AiReport), self._clock())
        await replies.show_new(click.interaction, cards.reported())

    def _form(self, then: Sequence[str], state: AiState, owner: UserId) -> Form | None:
        """Return the form that follows the choice, None if none does; raises OldCard for one that is not there."""
        match then:
            case []:
                return None
            case ["message"]:
                return message_cards.form(state, owner)
            case ["bio", place] if place in self._rubric.places:
                return bio_cards.form(self._rubric.places[place], state, owner)
            case _:
                raise OldCard
