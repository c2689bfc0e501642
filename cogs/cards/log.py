"""Cards about the log."""

import discord

from bot.coaching.goals import Direction, Kind
from bot.coaching.ids import UserId
from bot.coaching.log import NOTE_LIMIT, Outcome
from bot.coaching.texts import plain
from bot.services.log import LogChoices, Logged
from cogs.cards.shapes import BLUE, button, card, cut, day_text, line, modal, option, select

BUTTON_LIMIT = 80
ROW = 5
"""Most buttons in a row."""
OUTCOMES = {
    Outcome.IDEA: "An idea",
    Outcome.RESOURCE: "A resource",
    Outcome.ADVICE: "Advice",
    Outcome.REPLY: "A reply",
    Outcome.MEETING: "A meeting",
    Outcome.OPENING: "An opening",
    Outcome.NOTHING_YET: "Nothing yet",
}
DIRECTIONS = {
    Direction.LISTEN: "listening",
    Direction.WITH: "with someone",
    Direction.GIVE: "giving",
    Direction.AT: "to everyone",
    Direction.ASK: "asking",
}


def choices(value: LogChoices, owner: UserId) -> discord.ui.LayoutView:
    """Return one button for each of the goal's own kinds, and a select for the rest."""
    lead = "Your goal's own steps first; the rest is below." if value.has_goal else "Pick what comes closest."
    first, rest = value.own[:ROW], (*value.own[ROW:], *value.rest)
    own = [button(cut(kind.label, BUTTON_LIMIT), "log.kind", owner, kind.id, style=BLUE) for kind in first]
    return card(
        f"## What did you do?\n{lead} One tap is enough; `/log` with `note` keeps a line beside it.",
        own,
        select("More kinds", "log.kind", owner, [_kind_option(kind) for kind in rest]),
    )


def logged(value: Logged, owner: UserId) -> discord.ui.LayoutView:
    """Return what was logged and what it did for the week, with *Undo* and the other kinds it may have been."""
    action = value.action
    details = [f"{action.minutes} min" if action.minutes else "", OUTCOMES[action.outcome] if action.outcome else ""]
    extra = " · ".join(part for part in details if part)
    note = f"\n> {plain(action.note)}" if action.note else ""
    blocks = [
        f"**Logged** for {day_text(action.on)}: {value.kind.label}{f' ({extra})' if extra else ''}.{note}",
        _week(value),
    ]
    others = [
        button(cut(f"Change to: {kind.label}", BUTTON_LIMIT), "log.set", owner, action.id, kind.id)
        for kind in value.others
    ]
    ways = [button("Undo", "log.undo", owner, action.id), button("My overview", "me.show", owner)]
    return card(*blocks, *([others[:4]] if others else []), ways)


def undone() -> discord.ui.LayoutView:
    """Return what *Undo* says."""
    return card("Removed from your log.")


def line_form(owner: UserId) -> discord.ui.Modal:
    """Return the modal for one line of reflection."""
    return modal(
        "One line for your log",
        "log.line_save",
        owner,
        [
            line(
                "What was worth keeping?",
                "note",
                limit=NOTE_LIMIT,
                long=True,
                example="The question about night shifts; she answered at length",
            )
        ],
    )


def _week(value: Logged) -> str:
    if value.goal is None:
        return "This makes it an active week. A goal gives it a direction: `/goal new`."
    count = f"Last seven days: {value.did} of {value.goal.target}."
    return count if value.counted else f"{count} This one is kept in your log; it is not one of your goal's own steps."


def _kind_option(kind: Kind) -> discord.SelectOption:
    return option(kind.label, kind.id, description=DIRECTIONS[kind.direction])
