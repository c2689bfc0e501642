"""Time zones to choose from while typing."""

from discord import app_commands

from bot.coaching.weeks import zone_names

CHOICES = 25
SUGGESTED = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)


def zone_choices(typed: str) -> list[app_commands.Choice[str]]:
    """Return up to 25 zones that hold what was typed, cities that start with it first; well-known ones for nothing."""
    wanted = typed.strip().replace(" ", "_").casefold()
    if not wanted:
        found = list(SUGGESTED)
    else:
        matching = [name for name in zone_names() if wanted in name.casefold()]
        found = sorted(matching, key=lambda name: (not name.casefold().rpartition("/")[2].startswith(wanted), name))
    return [app_commands.Choice(name=name.replace("_", " "), value=name) for name in found[:CHOICES]]
