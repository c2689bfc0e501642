"""Cards about the posts in the course's channel: what comes on Monday, on or off, and why one did not go out."""

from collections.abc import Sequence

import discord

from bot.coaching import gone
from bot.coaching.cohort import Cohort
from bot.coaching.ids import UserId
from bot.coaching.nudges import NudgeState
from bot.coaching.texts import plain
from bot.services.announcements import Announcements
from cogs.cards.nudges import REASONS
from cogs.cards.shapes import BLUE, GREEN, button, card, moment_text

HOW = "On Monday at 9:00 I post the week's step in {channel}, once: no pings, no counts, nothing in breaks."


def announcements(value: Announcements, missing: Sequence[str] | None, owner: UserId) -> discord.ui.LayoutView:
    """Show whether weeks are announced, the next post as it will read, and what became of the last one."""
    cohort, week = value.cohort, value.week
    if cohort.channel_id is None:
        return card(
            "## Announcements\nName the channel that your class reads: `/cohort setup` with `channel`. Then I can post "
            "each week's step there on Monday morning.",
            [button("Back to the plan", "course_plan.show", owner, 0)],
        )
    on = "On." if cohort.announce else "Off."
    return card(
        f"## Announcements\n**{on}** {HOW.format(channel=f'<#{cohort.channel_id}>')}",
        trouble(cohort, missing),
        _next(value),
        [
            button("Switch off", "announcements.switch", owner, "off")
            if cohort.announce
            else button("Announce on Mondays", "announcements.switch", owner, "on", style=GREEN),
            _skip(value, owner) if cohort.announce and week is not None else None,
            button("Post this week now", "announcements.now", owner, style=BLUE) if value.may_post else None,
            button("Back to the plan", "course_plan.show", owner, 0),
        ],
        f"-# {_last(value)}" if value.last is not None else None,
    )


def _next(value: Announcements) -> str:
    if value.week is None or value.at is None:
        return "No step is ahead in the plan, so there is nothing to post."
    when = moment_text(value.at, value.cohort.zone)
    number = value.cohort.week_number(value.week.week)
    lead = f"**Next, {when}**" if value.week.announced else f"**Week {number} is skipped: nothing is posted {when}**"
    quoted = "\n".join(f"> {line}" for line in value.text.splitlines())
    return f"{lead}\n{quoted}"


def _skip(value: Announcements, owner: UserId) -> discord.ui.Button[discord.ui.LayoutView] | None:
    week = value.week
    if week is None:
        return None
    if week.announced:
        return button("Skip this week", "announcements.skip", owner, week.id, "on")
    return button("Announce it after all", "announcements.skip", owner, week.id, "off")


def _last(value: Announcements) -> str:
    last = value.last
    if last is None:
        return ""
    when = moment_text(last.due_at, value.cohort.zone)
    match last.state:
        case NudgeState.SENT:
            return f"The post of {when} is out."
        case NudgeState.HELD | NudgeState.SKIPPED:
            return f"The post of {when} did not go out: {REASONS[last.reason] if last.reason else 'I do not know why'}."
        case _:
            return f"The post of {when} is on its way."


def trouble(cohort: Cohort, missing: Sequence[str] | None) -> str | None:
    """Say what the bot lacks to post in the course's channel, or that the channel is gone; None if all is well."""
    if missing is None:
        return gone.CHANNEL
    if not missing:
        return None
    need = "this permission" if len(missing) == 1 else "these permissions"
    return (
        f"**I cannot post in <#{cohort.channel_id}> yet.** I need {need} there: {', '.join(missing)}. Channel settings "
        f"→ Permissions → add me with that, or name another channel in `/cohort setup`. ({plain(cohort.name)})"
    )
