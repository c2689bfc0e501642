"""Cards about the log."""

import discord

from bot.coaching.goals import Direction, Kind
from bot.coaching.ids import UserId
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, Balance, Outcome, Reciprocity
from bot.coaching.network import Stage
from bot.coaching.texts import plain
from bot.services.log import Editing, LogChoices, Logged, Undone
from cogs.cards.shapes import BLUE, Field, button, card, cut, day_text, form, option, select
from cogs.cards.week import completed

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
    """Offer one button for each of the goal's own kinds, and a menu with the rest."""
    first, rest = value.own[:ROW], (*value.own[ROW:], *value.rest)
    return card(
        "## What did you do?\nOne tap is enough.",
        [button(cut(kind.label, BUTTON_LIMIT), "log.kind", owner, kind.id, style=BLUE) for kind in first],
        select("More kinds", "log.kind", owner, [kind_option(kind) for kind in rest]),
        [button("Change the last entry", "log.edit", owner)] if value.has_last else None,
        "-# Somebody wrote to you? Answer first, even in one line. Questions come before comments, comments before "
        "thanks.",
    )


def logged(value: Logged, owner: UserId) -> discord.ui.LayoutView:
    """Show what was logged, then ask one thing: with whom, or what came of it when that is known."""
    action = value.action
    details = [f"{action.minutes} min" if action.minutes else "", OUTCOMES[action.outcome] if action.outcome else ""]
    extra = " · ".join(part for part in details if part)
    note = f"\n> {plain(action.note)}" if action.note else ""
    person = f", with {plain(value.contact.nickname)}" if value.contact else ""
    came = [option(text, one.value, default=one is action.outcome) for one, text in OUTCOMES.items()]
    people = [option(name, str(contact)) for contact, name in value.people]
    also, not_counted = completed(value.completes, owner)
    return card(
        f"**Logged** for {day_text(action.on)}: {value.kind.label}{person}{f' ({extra})' if extra else ''}.{note}",
        _week(value),
        also,
        not_counted,
        select("With whom?", "log.contact", owner, people, action.id)
        if people
        else select("What came of it? Nothing yet is a normal answer", "log.outcome", owner, came, action.id),
        [
            button("Change", "log.edit", owner, action.id),
            button("Undo", "log.undo", owner, action.id),
            button("My overview", "me.show", owner),
        ],
    )


def undone(value: Undone) -> discord.ui.LayoutView:
    """Confirm *Undo*, and say what it did to a weekly step, and not to an opportunity."""
    step = f" Week {value.step.number}’s step is open again; `/week` has it." if value.step else ""
    also = " If it was about an opportunity, that stays where it is; `/opportunity update` moves it." * value.of_opening
    return card(f"Removed from your log.{step}{also}")


def line_form(owner: UserId) -> discord.ui.Modal:
    """Return the form for one line of reflection."""
    example = "The question about night shifts; she answered at length"
    note = Field("note", "What was worth keeping?", NOTE_LIMIT, long=True, example=example)
    return form("One line for your log", "log.line_save", owner, [note])


def edit_form(value: Editing, owner: UserId) -> discord.ui.Modal:
    """Return the form for an entry, filled with what it says."""
    action = value.action
    people = {str(one.id): one.nickname for one in value.people}
    chosen = str(action.contact)
    if chosen in people:  # what is chosen is offered whatever else has to be left out
        people = {chosen: people[chosen], **people}
    why = "If you followed somebody: why this person?"
    fields = [
        Field("kind", "What was it?", {kind.id: kind.label for kind in value.kinds}),
        Field("note", "What was worth keeping?", NOTE_LIMIT, optional=True, long=True, hint=why),
        Field("minutes", f"Minutes (1 to {MOST_MINUTES})", len(str(MOST_MINUTES)), optional=True),
        Field("outcome", "What came of it?", OUTCOMES, optional=True, open=True),
    ]
    if people:
        fields.append(Field("contact", "With whom?", dict(list(people.items())[:MOST_PEOPLE]), optional=True))
    filled = {
        "kind": action.kind,
        "note": action.note,
        "minutes": action.minutes,
        "outcome": action.outcome,
        "contact": action.contact,
    }
    return form("Change this entry", "log.edited", owner, fields, action.id, filled=filled)


def balance_words(balance: Balance | None, reciprocity: Reciprocity | None) -> str:
    """Say whom the last four weeks were turned to; empty while there is too little to tell."""
    parts = (balance and BALANCES[balance], reciprocity and RECIPROCITIES[reciprocity])
    return " ".join(part for part in parts if part)


def _week(value: Logged) -> str:
    contact, action = value.contact, value.action
    lines = ["It makes this an active week."]
    if value.goal is None:
        lines = ["It makes this an active week. A goal gives it a direction: `/goal new`."]
    elif value.counted:
        done = f"{value.did} of {value.goal.target} for your goal."
        if value.did > value.goal.target:
            done = f"{value.did} for your goal, more than the {value.goal.target} you planned."
        lines = [f"{value.goal.span.capitalize()}: {done}"]
    if contact is not None:
        lines.append(f"-# {plain(contact.nickname)}: {STAGES[contact.stage]}.")
    if action.kind == FOLLOW and action.note is None:  # a network is chosen, not collected (trace 2.9)
        lines.append("-# Why this person? *Change* keeps the reason.")
    return "\n".join(lines)


def kind_option(kind: Kind) -> discord.SelectOption:
    """Return the option for a kind of action, with its direction beside it."""
    return option(kind.label, kind.id, description=DIRECTIONS[kind.direction])
