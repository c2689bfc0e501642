"""Cards about the weekly nudge: settings, history, and what its buttons answer."""

from collections.abc import Sequence
from datetime import date

import discord

from bot.coaching.ids import UserId
from bot.coaching.nudges import Lateness, NudgeKey, NudgeKind, NudgeState, Reason, lateness
from bot.coaching.weeks import DAY_NAMES, FIRST_HOUR, LAST_HOUR
from bot.services.nudges import PAUSE_WEEKS, NudgeHistory, NudgeSettings, Reminder
from cogs.cards.shapes import GREEN, button, card, day_text, hour_text, moment_text, option, select, times
from storage.nudges import Nudge

OPEN_DMS = (
    "To open them: press your course's server name, then *Privacy Settings*, then switch on *Direct Messages*. "
    "Notes held meanwhile stay listed in `/nudge history`."
)
KINDS = {NudgeKind.HELLO: "Hello", NudgeKind.WEEKLY: "Weekly note", NudgeKind.REMINDER: "Reminder"}
REASONS = {
    Reason.DMS_CLOSED: "held: your direct messages were closed to me",
    Reason.UNREACHABLE: "held: Discord could not reach you",
    Reason.TOO_LATE: "skipped: more than a day late, so no longer useful",
    Reason.TURNED_OFF: "skipped: you had turned notes off",
    Reason.PAUSED: "skipped: you were on a pause",
    Reason.TERM_OVER: "skipped: the term was over",
}


def settings(value: NudgeSettings, owner: UserId) -> discord.ui.LayoutView:
    """Return the one card for day, hour, zone, pause, and off or on."""
    wish, enrolment = value.enrolment.wish, value.enrolment
    days = [option(name, str(day), default=day == wish.day) for day, name in enumerate(DAY_NAMES)]
    hours = [option(hour_text(hour), str(hour), default=hour == wish.hour) for hour in range(FIRST_HOUR, LAST_HOUR + 1)]
    paused = enrolment.pause_until is not None and enrolment.pause_until > value.today
    switch = (
        button("Turn notes off", "nudge.off", owner)
        if enrolment.nudges_on
        else button("Turn notes on", "nudge.on", owner, style=GREEN)
    )
    ways = [switch]
    if paused:
        ways.append(button("End the pause", "nudge.pause_set", owner, 0, style=GREEN))
    elif enrolment.nudges_on:
        ways.append(button("Pause", "nudge.pause_menu", owner))
    closed = f"\n**Your direct messages are closed to me.** {OPEN_DMS}" if value.dm_closed else ""
    return card(
        f"## Your weekly note\n{_plan(value)}{closed}",
        select("Day", "nudge.day", owner, days),
        select("Hour", "nudge.hour", owner, hours),
        f"Time zone: **{wish.zone}**. To change it, run `/nudge settings` with `zone:`.",
        ways,
    )


def pause_menu(owner: UserId) -> discord.ui.LayoutView:
    """Return the pauses on offer."""
    return card(
        "How long a pause would suit you? Nothing is sent meanwhile, nothing piles up, and it counts against nothing.",
        [button(times(weeks, "week", "weeks"), "nudge.pause_set", owner, weeks) for weeks in PAUSE_WEEKS],
    )


def day_picker(days: Sequence[date], key: NudgeKey) -> discord.ui.LayoutView:
    """Return the days that *Another day* offers."""
    return card(
        "Which day suits you better? You get one short reminder that day.",
        select(
            "Pick a day",
            "nudge.remind",
            key.to.user_id,
            [option(day_text(day), day.isoformat()) for day in days],
            *key.parts,
        ),
    )


def reminder(value: Reminder) -> discord.ui.LayoutView:
    """Return what was agreed on *Another day*."""
    return card(f"Agreed: one reminder on {moment_text(value.at, value.zone)}. Doing it earlier is fine too.")


def history(value: NudgeHistory) -> discord.ui.LayoutView:
    """Return the last rows of the ledger in plain words."""
    if not value.rows:
        return card(
            "## Your notes so far\nNothing has fallen due yet. `/nudge settings` says when the first one comes."
        )
    rows = "\n".join(f"• {KINDS[row.key.kind]}, {_story(row, value.zone)}" for row in value.rows)
    held = any(row.reason is Reason.DMS_CLOSED for row in value.rows)
    return card(f"## Your notes so far\n{rows}", *([f"-# {OPEN_DMS}"] if held else []))


def _story(row: Nudge, zone: str) -> str:
    due = f"due {moment_text(row.due_at, zone)}"
    match row.state:
        case NudgeState.SENT:
            sent = row.settled_at or row.due_at
            late = " (late)" if lateness(row.due_at, sent) is not Lateness.ON_TIME else ""
            return f"{due}: sent {moment_text(sent, zone)}{late}"
        case NudgeState.HELD | NudgeState.SKIPPED:
            return f"{due}: {REASONS[row.reason or Reason.UNREACHABLE]}"
        case _:
            return f"{due}: on its way"


def _plan(value: NudgeSettings) -> str:
    enrolment = value.enrolment
    if not enrolment.nudges_on:
        return "Notes are off. Your goal, checklist and log stay as they are, and every command still works."
    if enrolment.next_nudge is None:
        return "There are no more notes this term."
    until = enrolment.pause_until
    pause = f"On a pause until {day_text(until)}. " if until is not None and until > value.today else ""
    return f"{pause}The next one comes {moment_text(enrolment.next_nudge.at, enrolment.wish.zone)}."
