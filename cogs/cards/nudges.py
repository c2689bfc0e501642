"""Cards about the weekly nudge: settings, history, and what its buttons answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import discord

from bot.coaching.ids import UserId
from bot.coaching.nudges import Lateness, NudgeKey, NudgeKind, NudgeState, Reason, lateness
from bot.coaching.weeks import DAY_NAMES, QUIETS, Quiet
from bot.services.nudges import PAUSE_WEEKS, Note, NudgeHistory, NudgeSettings, Preview, Reminder, Why
from cogs.cards.shapes import GREEN, button, card, day_text, hour_text, moment_text, option, select, times
from storage.nudges import Nudge

OPEN_DMS = (
    "To open them: press your course's server name, then *Privacy Settings*, then switch on *Direct Messages*. "
    "Notes held meanwhile wait in `/nudge inbox`."
)
KINDS = {NudgeKind.HELLO: "Hello", NudgeKind.WEEKLY: "Weekly note", NudgeKind.REMINDER: "Reminder"}
RHYTHM_WORDS = {1: "Every week", 2: "Every two weeks", 4: "Every four weeks"}
FACT_WORDS = {
    "term_week": "week {} of the term",
    "did": "{} of your goal's own steps logged in the seven days before",
    "target": "your target: {} a week",
    "idle_weeks": "{} quiet weeks in a row",
    "quick_open": "{} quick-start items of the checklist open",
    "rechecks_due": "{} items due for a second look",
    "outward_4w": "{} steps toward others in four weeks",
    "ask_4w": "{} times you asked for something in four weeks",
    "give_4w": "{} times you gave something in four weeks",
    "listen_only_weeks": "{} weeks of listening in a row",
}
REASONS = {
    Reason.DMS_CLOSED: "held: your direct messages were closed to me",
    Reason.UNREACHABLE: "held: Discord could not reach you",
    Reason.TOO_LATE: "skipped: more than a day late, so no longer useful",
    Reason.TURNED_OFF: "skipped: you had turned notes off",
    Reason.PAUSED: "skipped: you were on a pause",
    Reason.TERM_OVER: "skipped: the term was over",
    Reason.LEFT: "held: you were not in the server",
    Reason.BOT_AWAY: "skipped: I was not in the server",
    Reason.BLOCKED: "held: Discord had stopped all my direct messages",
}


def settings(value: NudgeSettings, owner: UserId) -> discord.ui.LayoutView:
    """Return the one card for day, hour, rhythm, quiet hours, zone, pause, discreet, and off or on."""
    one = value.enrolment
    wish, quiet = one.wish, one.quiet
    days = [option(name, str(day), default=day == wish.day) for day, name in enumerate(DAY_NAMES)]
    hours = [option(hour_text(hour), str(hour), default=hour == wish.hour) for hour in range(quiet.end, quiet.start)]
    rhythms = [option(text, str(weeks), default=weeks == one.every_weeks) for weeks, text in RHYTHM_WORDS.items()]
    quiets = [option(quiet_text(hours), f"{hours.start}-{hours.end}", default=hours == quiet) for hours in QUIETS]
    closed = f"\n**Your direct messages are closed to me.** {OPEN_DMS}" if value.dm_closed else ""
    return card(
        f"## Your weekly note\n{_plan(value)}{closed}",
        select("Day", "nudge.day", owner, days),
        select("Hour", "nudge.hour", owner, hours),
        select("Rhythm", "nudge.rhythm", owner, rhythms),
        select("Quiet hours", "nudge.quiet", owner, quiets),
        f"Time zone: **{wish.zone}**. To change it, run `/nudge settings` with `zone:`.",
        _ways(value, owner),
    )


def _ways(value: NudgeSettings, owner: UserId) -> list[discord.ui.Button[Any]]:
    one = value.enrolment
    if not one.nudges_on:
        return [button("Turn notes on", "nudge.on", owner, style=GREEN)]
    if one.pause_until is not None and one.pause_until > value.today:
        pausing = [button("End the pause", "nudge.pause_set", owner, 0, style=GREEN)]
    else:
        pausing = [button("Pause", "nudge.pause_menu", owner), button("Skip the next one", "nudge.skip", owner)]
    words = (
        button("Show the words in the DM", "nudge.open", owner)
        if one.discreet
        else button("Keep the DM discreet", "nudge.discreet", owner)
    )
    return [*pausing, words, button("Turn notes off", "nudge.off", owner)]


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


def note(value: Note) -> discord.ui.LayoutView:
    """Return a nudge with its words and its working buttons."""
    return card(*_note_blocks(value))


def inbox(notes: Sequence[Note]) -> discord.ui.LayoutView:
    """Return the nudges that could not be delivered, each with its buttons."""
    if not notes:
        return card("## Held for you\nNothing is held; every note of the last four weeks reached you.")
    blocks = [block for one in notes for block in (f"-# {_story(one.nudge, one.zone)}", *_note_blocks(one))]
    return card("## Held for you", *blocks, f"-# {OPEN_DMS}")


def _note_blocks(value: Note) -> list[str | list[discord.ui.Button[Any]]]:
    key = value.nudge.key
    buttons = [button(one.label, f"nudge.{one.id}", key.to.user_id, *key.parts) for one in value.buttons]
    return [value.text, buttons] if buttons else [value.text]


def preview(value: Preview) -> discord.ui.LayoutView:
    """Return the next nudge as it would read today."""
    one = value.enrolment
    when = f"comes {moment_text(value.at, one.wish.zone)}" if value.at else "is not planned; this is how it would read"
    lead = "The DM itself will say that a note is ready; a button shows it." if one.discreet else ""
    return card(f"## Your next note {when}\n-# It follows what you do until then. {lead}", value.text)


def why(value: Why) -> discord.ui.LayoutView:
    """Return the reason of a nudge: the rule, and what it looked at."""
    if value.because is None:
        return card("This one came for the occasion it names, not from a rule about what you logged.")
    facts = "\n".join(
        f"• {words.format(value.facts[name])}" for name, words in FACT_WORDS.items() if name in value.facts
    )
    return card(
        f"## Why this note\nRule {value.rule}, the first of the list that fitted: {value.because}.",
        f"What it looked at, all of it your own:\n{facts}",
        "-# Nobody else sees this, and no other member was looked at.",
    )


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


def quiet_text(hours: Quiet) -> str:
    """Return quiet hours in words."""
    if hours.end == 0:
        return "No quiet hours"
    return f"Quiet from {hour_text(hours.start)} to {hour_text(hours.end)}"


def closed_notice() -> discord.ui.LayoutView:
    """Return what is mentioned once after a direct message was refused."""
    return card(
        f"By the way: my last note could not reach you, because your direct messages are closed to me. {OPEN_DMS}"
    )
