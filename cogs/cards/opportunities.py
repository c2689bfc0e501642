"""Cards about a member's opportunities."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import discord

from bot.coaching.ids import UserId
from bot.coaching.opportunities import (
    FOLLOW_UP_FROM,
    FOLLOW_UP_UNTIL,
    OPEN,
    TITLE_LIMIT,
    UNSENT,
    Move,
    Opportunity,
    OpportunityKind,
    OpportunityState,
    Source,
    next_moves,
    waited_from,
)
from bot.coaching.texts import plain
from bot.services.log import Logged
from bot.services.opportunities import Moved, OpportunityList, OpportunityView
from cogs.cards import shapes
from cogs.cards.shapes import BLUE, GREY, Button, Field, button, card, dated_text, day_text, facts, option, select
from cogs.cards.week import completed

ROW = 5
"""Most buttons in a row."""
OPEN_SHOWN, CLOSED_SHOWN = 10, 4
"""How many of a list are shown in full; the menus under it hold the rest."""
MENU = 25
DATE_LIMIT = 40
KINDS = {
    OpportunityKind.JOB: "Job",
    OpportunityKind.INTERNSHIP: "Internship or placement",
    OpportunityKind.EVENT: "Event",
    OpportunityKind.PROJECT: "Project",
    OpportunityKind.OTHER: "Something else",
}
SOURCES = {
    Source.WORD_OF_MOUTH: "Somebody mentioned it",
    Source.CONTACT: "A person in my network",
    Source.ALERT: "One of my alerts",
    Source.POSTING: "A posting or a board",
    Source.EVENT: "At an event",
}
STATES = {
    OpportunityState.SPOTTED: "spotted on {}",
    OpportunityState.PREPARING: "in preparation since {}",
    OpportunityState.SENT: "sent on {}, no answer yet",
    OpportunityState.YES: "a yes, noted on {}",
    OpportunityState.NO: "a no, noted on {}",
    OpportunityState.SILENCE: "no answer, noted on {}",
    OpportunityState.PASSED_ON: "handed to somebody on {}",
    OpportunityState.DROPPED: "let go on {}",
}
NEXT = {
    OpportunityState.SPOTTED: "Next: read what they ask for, and think of one person who may know more about it.",
    OpportunityState.PREPARING: "Next: a version that is good enough, read by one person you trust. Then send it.",
    OpportunityState.YES: "Who helped? Thank them while it is fresh; they will be glad to hear it.",
    OpportunityState.NO: "If you like, thank them and ask for one line of advice. Doors opened this way stay open.",
    OpportunityState.SILENCE: "Nothing more to do here. If an answer comes late, say so below.",
    OpportunityState.PASSED_ON: "It suits somebody else better, and they heard of it through you.",
    OpportunityState.DROPPED: "There is room now for what suits you better.",
}
MOVES = {
    Move.PREPARING: "I am preparing it",
    Move.SENT: "Sent",
    Move.FOLLOWED_UP: "Followed up",
    Move.YES: "They said yes",
    Move.NO: "They said no",
    Move.SILENCE: "No answer came",
    Move.THANKED: "Thanked them",
    Move.PASSED_ON: "Passed it on",
    Move.DROP: "Let it go",
    Move.REOPEN: "Take it up again",
    Move.WAIT: "Still waiting",
}
NOT_SENT = "Not sent yet"
NEXT_MOVES = {
    OpportunityState.SPOTTED: Move.PREPARING,
    OpportunityState.PREPARING: Move.SENT,
    OpportunityState.YES: Move.THANKED,
    OpportunityState.NO: Move.THANKED,
}
ANSWERS = {
    Move.PREPARING: "Noted: you are preparing it.",
    Move.SENT: "Sent. Asking is the part you control, and you did it.",
    Move.FOLLOWED_UP: "Noted: you followed up. One friendly line is enough.",
    Move.YES: "That is real news. Well done.",
    Move.NO: "Not this time. You asked, and that is the part you control.",
    Move.SILENCE: "Noted. Silence is common, and it says little about you.",
    Move.THANKED: "Noted: you thanked them. That is remembered.",
    Move.PASSED_ON: "Passed on. Thinking of somebody else is what makes a network.",
    Move.DROP: "Let go. That is a decision too, and a fine one.",
    Move.REOPEN: "It is open again.",
    Move.WAIT: "Noted: you are still waiting.",
}
UNCHANGED = "That was said before, so nothing was changed. This is how it stands:"


def form(opportunity: Opportunity | None, owner: UserId) -> discord.ui.Modal:
    """Return the form for an opportunity, filled with what is kept if there is one."""
    fields = [
        Field(
            "title", "What is it?", TITLE_LIMIT,
            hint="Enough for you to know it again. It stays between you and the coach.",
            example="Summer placement, the clinic by the river",
        ),
        Field("kind", "What would it be?", KINDS, open=True),
        Field("source", "How did you hear of it?", SOURCES, optional=True, open=True),
        Field(
            "due", "Last day to send it, if there is one", DATE_LIMIT, optional=True,
            hint="As you would write it: 30 October, Friday, in 10 days.", example="30 October",
        ),
    ]  # fmt: skip
    if opportunity is None:
        return shapes.form("An opportunity", "opportunity.add_save", owner, fields)
    filled = {
        "title": opportunity.title,
        "kind": opportunity.kind,
        "source": opportunity.source,
        "due": opportunity.due_on and dated_text(opportunity.due_on),
    }
    return shapes.form("An opportunity", "opportunity.edit_save", owner, fields, opportunity.id, filled=filled)


def listed(value: OpportunityList, owner: UserId) -> discord.ui.LayoutView:
    """List what is open by its last day, then what closed lately, with a menu for each to open one."""
    adding = button("Add an opportunity", "opportunity.add", owner, style=BLUE)
    if not value.open and not value.closed:
        return _nothing_kept(value, owner, adding)
    closed = _rows(value.closed, CLOSED_SHOWN, value.today)
    return card(
        "## Your opportunities",
        _rows(value.open, OPEN_SHOWN, value.today) if value.open else "Nothing is open at the moment.",
        _menu("Open one", "open", value.open, value.today, owner),
        closed and f"**Closed in the last four weeks**\n{closed}",
        _menu("Look at one that is closed", "closed", value.closed, value.today, owner),
        [adding],
    )


def _nothing_kept(value: OpportunityList, owner: UserId, adding: Button) -> discord.ui.LayoutView:
    if value.has_goal:
        return card(
            "## Your opportunities\nNothing is kept here yet. When a job, an event or a project catches your eye, keep "
            "it here with its last day.",
            [adding],
        )
    adding.style = GREY
    return card(
        "## Your opportunities\nNothing is kept here yet. A goal first makes this easier: it says what you are looking "
        "for. If something has caught your eye already, keep it now.",
        [button("Set a goal", "goal.new", owner, "-", "keep", style=BLUE), adding],
    )


def added(value: OpportunityView, owner: UserId) -> discord.ui.LayoutView:
    """Show an opportunity that was just added."""
    return detail(value, owner, "**Kept.** It stays in sight until you say what became of it.")


def changed(value: OpportunityView, owner: UserId) -> discord.ui.LayoutView:
    """Show an opportunity that was just edited."""
    return detail(value, owner, "**Changed.**")


def moved(value: Moved, move: Move, owner: UserId) -> discord.ui.LayoutView:
    """Show an opportunity after a move, with what it put into the log; or unchanged, if the move did not fit."""
    if not value.changed:
        return detail(value.view, owner, UNCHANGED)
    if value.logged is None:
        return detail(value.view, owner, ANSWERS[move])
    return detail(value.view, owner, f"{ANSWERS[move]}\n**In your log**: {value.logged.kind.label}.", value.logged)


def detail(
    value: OpportunityView, owner: UserId, lead: str | None = None, logged: Logged | None = None
) -> discord.ui.LayoutView:
    """Show an opportunity: its state, what is next, and the moves that fit.

    Args:
        lead: What has just happened to it.
        logged: What that put into the log, to be taken out again if it was not so.
    """
    kept, today = value.opportunity, value.today
    source = f" · {SOURCES[kept.source]}" if kept.source else ""
    lines = facts(
        ("Where it stands", f"{_state(kept, today)}."),
        ("Last day", f"{last_day(kept.due_on, today)}." if kept.due_on and kept.state in OPEN else None),
        ("Followed up", kept.followed_on and f"{_day(kept.followed_on, today)}."),
        ("Thanked", kept.thanked_on and f"{_day(kept.thanked_on, today)}."),
    )
    moves = [_move_button(kept, move, owner) for move in next_moves(kept)]
    also, not_counted = completed(logged and logged.completes, owner)
    return card(
        lead,
        also,
        not_counted,
        f"## {plain(kept.title)}\n-# {KINDS[kept.kind]}{source}\n{lines}",
        _next(kept, today),
        moves[:ROW],
        [*moves[ROW:], value.words and button("Words for it", "opportunity.words", owner, kept.id)],
        [
            button("Edit", "opportunity.edit", owner, kept.id),
            button("Forget", "opportunity.forget", owner, kept.id),
            button("All opportunities", "opportunity.list", owner),
            logged and button("Take out of my log", "log.undo", owner, logged.action.id),
        ],
    )


def forget(value: OpportunityView, owner: UserId) -> discord.ui.LayoutView:
    """Ask once before an opportunity is forgotten."""
    number = value.opportunity.id
    return card(
        f"Forget **{plain(value.opportunity.title)}**? It is then gone for good. What you logged on the way stays in "
        "your log; its title never stood there.",
        [
            button("Forget it", "opportunity.forget_now", owner, number),
            button("Keep it", "opportunity.open", owner, number, style=BLUE),
        ],
    )


def forgotten(owner: UserId) -> discord.ui.LayoutView:
    """Confirm that an opportunity is forgotten."""
    return card("Forgotten.", [button("All opportunities", "opportunity.list", owner)])


def _move_button(kept: Opportunity, move: Move, owner: UserId) -> Button:
    label = NOT_SENT if move is Move.REOPEN and kept.state is OpportunityState.SENT else MOVES[move]
    style = BLUE if NEXT_MOVES.get(kept.state) is move else GREY
    return button(label, "opportunity.move", owner, kept.id, move.value, style=style)


def _next(kept: Opportunity, today: date) -> str:
    if kept.state is OpportunityState.SENT:
        return _waiting(kept, today)
    if kept.thanked_on is not None and kept.state in {OpportunityState.YES, OpportunityState.NO}:
        return "All is said here."
    if kept.state in UNSENT and kept.due_on is not None and kept.due_on < today:
        return "Its last day has passed. Ask whether a late one is still welcome, or let it go; both are fine."
    return NEXT[kept.state]


def _waiting(kept: Opportunity, today: date) -> str:
    sent = waited_from(kept, kept.sent_on or kept.state_on)
    if kept.followed_on is not None or today - sent > FOLLOW_UP_UNTIL:
        return "An answer may still come. If none does, that is common and says little about you; leave it in peace."
    if today - sent >= FOLLOW_UP_FROM:
        return "Next: ten days are a polite gap;  one short friendly line is welcome now."
    return f"Next: wait. Without an answer by {_day(sent + FOLLOW_UP_FROM, today)}, one short friendly line is polite."


def _rows(kept: Sequence[Opportunity], most: int, today: date) -> str:
    rows = [f"**{plain(one.title)}** · {KINDS[one.kind]}\n-# {_where(one, today)}" for one in kept[:most]]
    if len(kept) > most:
        rows.append(f"-# and {len(kept) - most} more, in the menu below")
    return "\n".join(rows)


def _menu(
    placeholder: str, name: str, kept: Sequence[Opportunity], today: date, owner: UserId
) -> discord.ui.Item[Any] | None:
    options = [option(one.title, str(one.id), description=_where(one, today)) for one in kept[:MENU]]
    return select(placeholder, "opportunity.open", owner, options, name) if options else None


def _where(kept: Opportunity, today: date) -> str:
    due = f" · last day {last_day(kept.due_on, today)}" if kept.state in UNSENT and kept.due_on is not None else ""
    return f"{_state(kept, today)}{due}"


def _state(kept: Opportunity, today: date) -> str:
    return STATES[kept.state].format(_day(kept.state_on, today))


def last_day(day: date, today: date) -> str:
    """Return a last day in words, with how far it is from `today`."""
    days = (day - today).days
    if days < 0:
        return f"{_day(day, today)}, which has passed"
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"{_day(day, today)}, {when}"


def _day(day: date, today: date) -> str:
    return day_text(day) if day.year == today.year else dated_text(day)
