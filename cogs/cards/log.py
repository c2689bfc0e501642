"""Cards about the log."""

import discord

from bot.coaching.goals import Direction, Kind
from bot.coaching.ids import UserId
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, Balance, Outcome, Reciprocity
from bot.coaching.network import Stage
from bot.coaching.texts import plain
from bot.services.log import Editing, LogChoices, Logged, With
from cogs.cards.shapes import BLUE, button, card, choice, cut, day_text, line, modal, option, select

BUTTON_LIMIT = 80
ROW = 5
"""Most buttons in a row."""
MOST_PEOPLE = 25
FOLLOW = "follow"
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
BALANCES = {
    Balance.LISTENING: "Mostly listening in the last four weeks.",
    Balance.WITH_PEOPLE: "Mostly with people in the last four weeks.",
    Balance.TO_EVERYONE: "Mostly to everyone in the last four weeks; a word with somebody would round it off.",
    Balance.MIXED: "Both with people and to everyone in the last four weeks.",
}
RECIPROCITIES = {
    Reciprocity.EVEN: "Giving and asking are in balance.",
    Reciprocity.MORE_GIVEN: "You gave more than you asked for; asking is fine too.",
    Reciprocity.MORE_ASKED: "You asked more than you gave; when something useful comes your way, pass it on.",
}
STAGES = {
    Stage.SPOTTED: "spotted",
    Stage.NOTICED: "they may know your name",
    Stage.CONVERSED: "you talk",
    Stage.MET: "you have met",
    Stage.MUTUAL: "you help each other",
    Stage.ADVOCATE: "they speak for you",
}


def choices(value: LogChoices, owner: UserId) -> discord.ui.LayoutView:
    """Return one button for each of the goal's own kinds, and a select for the rest."""
    lead = "Your goal's own steps first; the rest is below." if value.has_goal else "Pick what comes closest."
    first, rest = value.own[:ROW], (*value.own[ROW:], *value.rest)
    own = [button(cut(kind.label, BUTTON_LIMIT), "log.kind", owner, kind.id, style=BLUE) for kind in first]
    edit = [[button("Edit the last entry", "log.edit", owner)]] if value.has_last else []
    return card(
        f"## What did you do?\n{lead} One tap is enough; `/log` with `note` keeps a line beside it.",
        own,
        select("More kinds", "log.kind", owner, [_kind_option(kind) for kind in rest]),
        *edit,
        "-# Somebody wrote to you? An answer first, even a short one; then the log. Questions come before comments, "
        "comments before thanks.",
    )


def logged(value: Logged, owner: UserId) -> discord.ui.LayoutView:
    """Return what was logged, what it did for the week, and what may be added: what came of it, a line, a person."""
    action = value.action
    details = [f"{action.minutes} min" if action.minutes else "", OUTCOMES[action.outcome] if action.outcome else ""]
    extra = " · ".join(part for part in details if part)
    note = f"\n> {plain(action.note)}" if action.note else ""
    with_ = f", with {plain(value.contact.nickname)}" if value.contact else ""
    blocks = [
        f"**Logged** for {day_text(action.on)}: {value.kind.label}{with_}{f' ({extra})' if extra else ''}.{note}",
        _week(value),
    ]
    others = [
        button(cut(f"Change to: {kind.label}", BUTTON_LIMIT), "log.set", owner, action.id, kind.id)
        for kind in value.others
    ]
    came = [option(text, one.value, default=one is action.outcome) for one, text in OUTCOMES.items()]
    return card(
        *blocks,
        *([others[:4]] if others else []),
        select("What came of it? Nothing yet is a normal answer", "log.outcome", owner, came, action.id),
        [
            button("Add a line or edit", "log.edit", owner, action.id),
            button("Undo", "log.undo", owner, action.id),
            button("My overview", "me.show", owner),
        ],
    )


def undone(*, of_opening: bool = False) -> discord.ui.LayoutView:
    """Return what *Undo* says; `of_opening`: it may have been about an opportunity, which has not moved back."""
    also = " If it was about an opportunity, that stays where it is; `/opportunity update` moves it." * of_opening
    return card(f"Removed from your log.{also}")


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


def edit_form(value: Editing, owner: UserId) -> discord.ui.Modal:
    """Return the modal for an entry, filled with what it says."""
    action = value.action
    people = {str(one.id): one.nickname for one in value.people}
    chosen = str(action.contact) if action.contact is not None else None
    if chosen in people:  # what is chosen is offered whatever else has to be left out
        people = {chosen: people[chosen], **people}
    with_ = choice("With whom?", "contact", dict(list(people.items())[:MOST_PEOPLE]), chosen=chosen, required=False)
    return modal(
        "Edit this entry",
        "log.edited",
        owner,
        [
            choice("What was it?", "kind", {kind.id: kind.label for kind in value.kinds}, chosen=action.kind),
            line(
                "What was worth keeping?",
                "note",
                limit=NOTE_LIMIT,
                default=action.note,
                required=False,
                long=True,
                hint="If you followed somebody: why this person?",
            ),
            line(
                f"Minutes (1 to {MOST_MINUTES})",
                "minutes",
                limit=3,
                default=str(action.minutes) if action.minutes else None,
                required=False,
            ),
            choice(
                "What came of it?",
                "outcome",
                {one.value: text for one, text in OUTCOMES.items()},
                chosen=action.outcome,
                required=False,
            ),
            *([with_] if people else []),
        ],
        action.id,
    )


def balance_words(turned: Balance | None, returned: Reciprocity | None) -> str:
    """Return whom the last four weeks were turned to, in words; empty while there is too little to tell."""
    parts = [BALANCES[turned]] if turned else []
    parts += [RECIPROCITIES[returned]] if returned else []
    return " ".join(parts)


def _week(value: Logged) -> str:
    words = balance_words(value.balance, value.reciprocity)
    small = "".join(f"\n-# {part}" for part in (_standing(value.contact), _reason(value), words) if part)
    if value.goal is None:
        return f"This makes it an active week. A goal gives it a direction: `/goal new`.{small}"
    count = f"Last seven days: {value.did} of {value.goal.target}."
    kept = "" if value.counted else " This one is kept in your log; it is not one of your goal's own steps."
    return f"{count}{kept}{small}"


def _reason(value: Logged) -> str:
    """Return the question why this person was followed: a network is chosen, not collected (trace 2.9)."""
    asks = value.action.kind == FOLLOW and value.action.note is None
    return "Why this person? *Add a line or edit* keeps the reason." if asks else ""


def _standing(contact: With | None) -> str:
    return f"{plain(contact.nickname)}: {STAGES[contact.stage]}." if contact else ""


def _kind_option(kind: Kind) -> discord.SelectOption:
    return option(kind.label, kind.id, description=DIRECTIONS[kind.direction])
