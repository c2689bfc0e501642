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
from cogs.cards.shapes import BLUE, GREY, button, card, choice, day_text, full_day, line, modal, option, select

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


def form(one: Opportunity | None, owner: UserId) -> discord.ui.Modal:
    """Return the modal for an opportunity, filled with what is kept if there is one."""
    labels = [
        line(
            "What is it?",
            "title",
            limit=TITLE_LIMIT,
            default=one and one.title,
            hint="Enough for you to know it again. It stays between you and the coach.",
            example="Summer placement, the clinic by the river",
        ),
        choice(
            "What would it be?",
            "kind",
            {kind.value: text for kind, text in KINDS.items()},
            chosen=one.kind if one else None,
        ),
        choice(
            "How did you hear of it?",
            "source",
            {source.value: text for source, text in SOURCES.items()},
            chosen=one.source if one else None,
            required=False,
        ),
        line(
            "Last day to send it, if there is one",
            "due",
            limit=DATE_LIMIT,
            default=one and one.due_on and full_day(one.due_on),
            required=False,
            hint="As you would write it: 30 October, Friday, in 10 days.",
            example="30 October",
        ),
    ]
    if one is None:
        return modal("An opportunity", "opportunity.add_save", owner, labels)
    return modal("An opportunity", "opportunity.edit_save", owner, labels, one.id)


def listed(value: OpportunityList, owner: UserId) -> discord.ui.LayoutView:
    """Return what is open by its last day, then what closed lately, with a menu to open one of each."""
    adding = button("Add an opportunity", "opportunity.add", owner, style=BLUE)
    if not value.open and not value.closed:
        return _nothing_kept(value, owner, adding)
    blocks: list[str | discord.ui.Item[Any]] = []
    if value.open:
        blocks += [_rows(value.open, OPEN_SHOWN, value.today), _menu("Open one", "open", value.open, value, owner)]
    else:
        blocks.append("Nothing is open at the moment.")
    if value.closed:
        rows = _rows(value.closed, CLOSED_SHOWN, value.today)
        blocks.append(f"**Closed in the last four weeks**\n{rows}")
        blocks.append(_menu("Look at one that is closed", "closed", value.closed, value, owner))
    return card("## Your opportunities", *blocks, [adding])


def _nothing_kept(value: OpportunityList, owner: UserId, adding: discord.ui.Button[Any]) -> discord.ui.LayoutView:
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
    """Return an opportunity just kept, and what is next."""
    return _card("**Kept.** It stays in sight until you say what became of it.", value, owner)


def changed(value: OpportunityView, owner: UserId) -> discord.ui.LayoutView:
    """Return an opportunity just changed."""
    return _card("**Changed.**", value, owner)


def one(value: OpportunityView, owner: UserId) -> discord.ui.LayoutView:
    """Return an opportunity: where it stands, what is next, and what may be said about it."""
    return _card(None, value, owner)


def moved(value: Moved, move: Move, owner: UserId) -> discord.ui.LayoutView:
    """Return an opportunity after a move, with what that put into the log; or as it stands, if it did not fit."""
    if not value.changed:
        return _card(UNCHANGED, value.view, owner)
    if value.logged is None:
        return _card(ANSWERS[move], value.view, owner)
    return _card(f"{ANSWERS[move]}\n**In your log**: {value.logged.kind.label}.", value.view, owner, value.logged)


def forget(value: OpportunityView, owner: UserId) -> discord.ui.LayoutView:
    """Return the question before an opportunity is forgotten."""
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
    """Return the answer once an opportunity is forgotten."""
    return card("Forgotten.", [button("All opportunities", "opportunity.list", owner)])


def _card(
    lead: str | None, value: OpportunityView, owner: UserId, logged: Logged | None = None
) -> discord.ui.LayoutView:
    kept, today = value.opportunity, value.today
    source = f" · {SOURCES[kept.source]}" if kept.source else ""
    facts = [f"**Where it stands**: {_state(kept, today)}."]
    if kept.due_on is not None and kept.state in OPEN:
        facts.append(f"**Last day**: {last_day(kept.due_on, today)}.")
    if kept.followed_on is not None:
        facts.append(f"**Followed up**: {_day(kept.followed_on, today)}.")
    if kept.thanked_on is not None:
        facts.append(f"**Thanked**: {_day(kept.thanked_on, today)}.")
    moves = [_move_button(kept, move, owner) for move in next_moves(kept)]
    words = [] if value.words is None else [button("Words for it", "opportunity.words", owner, kept.id)]
    ways = [
        button("Edit", "opportunity.edit", owner, kept.id),
        button("Forget", "opportunity.forget", owner, kept.id),
        button("All opportunities", "opportunity.list", owner),
    ]
    if logged is not None:
        ways.append(button("Take out of my log", "log.undo", owner, logged.action.id))
    return card(
        *([lead] if lead else []),
        "\n".join([f"## {plain(kept.title)}", f"-# {KINDS[kept.kind]}{source}", *facts]),
        _next(kept, today),
        moves[:ROW],
        *([[*moves[ROW:], *words]] if moves[ROW:] or words else []),
        ways,
    )


def _move_button(kept: Opportunity, move: Move, owner: UserId) -> discord.ui.Button[Any]:
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
    placeholder: str, name: str, kept: Sequence[Opportunity], value: OpportunityList, owner: UserId
) -> discord.ui.Item[Any]:
    options = [option(one.title, str(one.id), description=_where(one, value.today)) for one in kept[:MENU]]
    return select(placeholder, "opportunity.open", owner, options, name)


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
    return day_text(day) if day.year == today.year else full_day(day)
