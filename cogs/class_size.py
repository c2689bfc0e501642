"""How many people take a course: asked of Discord where the course names a student role, else as it was typed."""

import aiohttp
import discord

from bot.coaching.cohort import Cohort


async def class_size(guild: discord.Guild | None, cohort: Cohort) -> int | None:
    """Return how many have the course's student role, or the expected size if Discord does not say; None without both.

    One request, without a privileged intent. A server may want *Manage Roles* for it, which the bot never asks for.
    """
    if guild is None or cohort.student_role_id is None:
        return cohort.expected_size
    try:
        counts = await guild.role_member_counts()
    except (discord.DiscordException, aiohttp.ClientError, OSError):
        return cohort.expected_size
    found = [count for role, count in counts.items() if role.id == cohort.student_role_id]
    return found[0] if found else cohort.expected_size
