"""Time zones to choose from while typing."""

from datetime import datetime

from discord import app_commands

from bot.coaching.zones import find_zones

CHOICES = 25


def zone_choices(typed: str, now: datetime) -> list[app_commands.Choice[str]]:
    """Return up to 25 zones that what was typed may mean; well-known ones for nothing."""
    return [app_commands.Choice(name=name.replace("_", " "), value=name) for name in find_zones(typed, now)[:CHOICES]]
