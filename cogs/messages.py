"""*Write to them*: an instructor's short text to the members on a list, one message to each."""

from bot.coaching.cohort import Audience
from bot.coaching.ids import InstructorMessageId
from bot.coaching.weeks import Clock
from bot.services.messages import MemberList, MessageService, SentMessage
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import messages as cards
from cogs.routes import Card, Click, Form, Route


class Messages(RoutedCog):
    """What instructors write to members. No command: it begins at a list of names."""

    def __init__(self, messages: MessageService, clock: Clock) -> None:
        self._messages = messages
        self._clock = clock
        self.routes = {
            "messages.write": Route(Audience.INSTRUCTOR, self._write),
            "messages.preview": Route(Audience.INSTRUCTOR, self._preview),
            "again.messages.preview": Route(Audience.INSTRUCTOR, self._write),
            "messages.send": Route(Audience.INSTRUCTOR, self._send),
        }

    async def _write(self, click: Click) -> Form:
        draft = InstructorMessageId(click.number(2)) if len(click.args) > 2 else None
        text = await self._messages.begin(click.caller, _list(click), draft, self._clock())
        return cards.form(_list(click), text, click.owner)

    async def _preview(self, click: Click) -> None:
        await self._messages.begin(click.caller, _list(click), None, self._clock())  # for its refusals
        name = click.interaction.user.display_name
        value = await self._messages.preview(click.caller, _list(click), click.field("text"), name, self._clock())
        await replies.show_new(click.interaction, cards.preview(value, click.owner))

    async def _send(self, click: Click) -> Card:
        draft, seen = InstructorMessageId(click.number(2)), click.arg(str, 3)
        value = await self._messages.send(click.caller, draft, _list(click), seen, self._clock())
        return cards.sent(value) if isinstance(value, SentMessage) else cards.preview(value, click.owner)


def _list(click: Click) -> MemberList:
    return MemberList(click.arg(str), None if click.arg(str, 1) == cards.NO_SECTION else click.number(1))
