"""Display names of members, read from Discord when they are shown and never kept."""

from collections.abc import Sequence

import discord

from bot.coaching.errors import NamesUnavailable
from bot.coaching.ids import UserId

AT_ONCE = 100
"""Most accounts that Discord looks up in one request."""


async def display_names(guild: discord.Guild | None, people: Sequence[UserId]) -> dict[UserId, str | None]:
    """Return each account's display name in a server, None for those who are not in it; raises NamesUnavailable.

    One request for a hundred accounts, over the gateway, which paces them itself; no privileged intent is needed.
    """
    if guild is None:
        raise NamesUnavailable
    names: dict[UserId, str | None] = {}
    for first in range(0, len(people), AT_ONCE):
        asked = people[first : first + AT_ONCE]
        try:
            found = await guild.query_members(user_ids=list(asked), limit=AT_ONCE, cache=False)
        except (TimeoutError, discord.DiscordException) as error:
            raise NamesUnavailable from error
        here = {member.id: member.display_name for member in found}
        names |= {one: here.get(one) for one in asked}
    return names
