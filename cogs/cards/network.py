"""Cards about a member's network: people, spaces, alerts, the map, and the first words of a message."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import discord

from bot.coaching.goals import Kind
from bot.coaching.ids import ContactId, UserId
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, ActionDraft
from bot.coaching.network import (
    ALERT_WORD_LIMIT,
    NICKNAME_LIMIT,
    RHYTHM_LIMIT,
    SHARES_LIMIT,
    SPACE_LIMIT,
    Alert,
    AlertKind,
    Contact,
    NetworkWords,
    Space,
    SpaceKind,
    Stage,
    StageWords,
    Starter,
    Where,
)
from bot.coaching.texts import plain
from bot.services.network import Breadth, ContactChoices, Need, Network, Part, Person, Thing
from cogs.cards.log import DIRECTIONS, OUTCOMES, STAGES
from cogs.cards.shapes import BLUE, button, card, choice, cut, day_text, line, modal, option, section, select

PAGE = 10
"""Most people, spaces or alerts on a page."""
MEANS_SHOWN = 100
"""Most characters of what a stage means, in a list of ten."""
NAMES_SHOWN = 120
"""Most characters of the names of spaces or of alerts where they stand beside something else."""
WHERES = {Where.LOCAL: "Near enough to meet", Where.REMOTE: "Far away"}
LACKING = {
    Where.LOCAL: "Everybody whose place you noted is far away. Somebody near can be met in person.",
    Where.REMOTE: "Everybody whose place you noted is near. Somebody far away hears other news.",
}
SPACES = {
    SpaceKind.CHAT: "Chat or channel",
    SpaceKind.COMMUNITY: "Community or forum",
    SpaceKind.EVENT: "Event that comes back",
    SpaceKind.IN_PERSON: "Meeting in person",
}
ALERTS = {
    AlertKind.JOB: "Jobs",
    AlertKind.INTERNSHIP: "Internships",
    AlertKind.EVENT: "Events",
    AlertKind.PEOPLE: "People",
}
PARTS = {Part.PERSON: "A person", Part.SPACE: "A space", Part.ALERT: "An alert"}
STARTERS = {
    "reply": "Words to reply",
    "first_question": "Words for a first question",
    "twenty_minutes": "Words to ask for 20 minutes",
    "thank": "Words to thank",
    "report_back": "Words to report back",
    "reconnect": "Words to get in touch again",
    "referral": "Words to ask for a referral",
}
WAITS = {
    Need.THANK: "You met on {day}. A thank-you of three lines would be kind.",
    Need.REPORT: "They advised you on {day}. Telling them what you tried closes the circle.",
    Need.SECOND_TRY: "No answer to your try of {day} yet, which is common. A second one is fine, and so is rest.",
    Need.QUIET: "A sign of life would be good now: something useful to them, no reply needed.",
}
MARKS = {3: "three", 4: "four"}
ADDED = "Kept, and seen by you alone."
CHANGED = "Changed."
GOAL_FIRST = (
    "A goal first makes this easier: it says whom to look for and why, and takes about four minutes. "
    "You can add people all the same."
)

_T = TypeVar("_T")


def person_form(words: NetworkWords, owner: UserId) -> discord.ui.Modal:
    """Return the modal for a new person."""
    return modal("Somebody in your network", "network.person_save", owner, _labels(words, None, Stage.SPOTTED))


def edit_form(value: Person, words: NetworkWords, owner: UserId) -> discord.ui.Modal:
    """Return the modal for a person, filled with what is kept; it carries the stage that it shows."""
    contact, stage = value.contact, value.relation.stage
    labels = _labels(words, contact, stage)
    return modal("Who they are to you", "network.edit_save", owner, labels, contact.id, stage.value)


def _labels(words: NetworkWords, contact: Contact | None, stage: Stage) -> list[discord.ui.Label[Any]]:
    return [
        line(
            "A nickname",
            "nickname",
            limit=NICKNAME_LIMIT,
            default=contact and contact.nickname,
            hint="One that you alone understand. No full name, address, number or link.",
            example="night-shift Ana",
        ),
        choice(
            "What are they to you?",
            "category",
            {one.value: label for one, label in words.categories.items()},
            chosen=contact and contact.category,
        ),
        choice(
            "Where do you stand?",
            "stage",
            {one.value: _stage(one, words.stages[one]) for one in Stage},
            chosen=stage,
            hint="It moves up by itself when you log something with them. Here you may also move it down."
            if contact
            else "It moves up by itself when you log something with them.",
        ),
        choice(
            "Near or far?",
            "where",
            {one.value: label for one, label in WHERES.items()},
            chosen=contact and contact.where,
            required=False,
        ),
        line(
            "What do you share?",
            "shares",
            limit=SHARES_LIMIT,
            default=contact and contact.shares,
            example="Both care about early reading",
            required=False,
        ),
    ]


def space_form(owner: UserId) -> discord.ui.Modal:
    """Return the modal for a space."""
    return modal(
        "Where your field talks",
        "network.space_save",
        owner,
        [
            line("Its name", "name", limit=SPACE_LIMIT, example="Journal club of the ward"),
            choice("What is it?", "kind", {one.value: label for one, label in SPACES.items()}),
            line(
                "How often does it come round?",
                "rhythm",
                limit=RHYTHM_LIMIT,
                example="First Thursday of the month",
                required=False,
            ),
        ],
    )


def alert_form(field: str | None, owner: UserId) -> discord.ui.Modal:
    """Return the modal for an alert, filled with the member's field."""
    return modal(
        "A search that comes to you",
        "network.alert_save",
        owner,
        [
            choice("What for?", "kind", {one.value: label for one, label in ALERTS.items()}),
            line("Field", "field", limit=ALERT_WORD_LIMIT, default=field, example="community nursing"),
            line("Role", "role", limit=ALERT_WORD_LIMIT, example="working student", required=False),
            line("Place", "place", limit=ALERT_WORD_LIMIT, example="Leipzig", required=False),
        ],
    )


def contacted_form(value: ContactChoices, draft: ActionDraft, owner: UserId) -> discord.ui.Modal:
    """Return the modal for something done with a person, filled with what was said of it already."""
    return modal(
        "What did you do?",
        "network.did_save",
        owner,
        [
            choice("What was it?", "kind", {kind.id: kind.label for kind in value.kinds}),
            choice(
                "What came of it?",
                "outcome",
                {one.value: label for one, label in OUTCOMES.items()},
                chosen=draft.outcome,
                required=False,
            ),
            line("One line worth keeping", "note", limit=NOTE_LIMIT, default=draft.note, required=False, long=True),
            line(
                "Minutes",
                "minutes",
                limit=len(str(MOST_MINUTES)),
                default=None if draft.minutes is None else str(draft.minutes),
                required=False,
            ),
        ],
        value.person.contact.id,
    )


def people(value: Network, page: int, owner: UserId) -> discord.ui.LayoutView:
    """Return a page of the network's people by what is next, with the spaces and alerts beside them."""
    if not value.people:
        return _nobody(value, owner)
    shown, page, last = _page(value.people, page)
    options = [option(one.contact.nickname, str(one.contact.id), description=one.category) for one in shown]
    return card(
        f"## Your network{_of_pages(page, last)}\nWho comes next stands first.",
        "\n".join(_row(one) for one in shown),
        select("Open a person", "network.person", owner, options),
        *_pager("network.list", page, last, owner),
        _beside(value.spaces, value.alerts),
        [
            button("Add a person", "network.add", owner, Part.PERSON.value, style=BLUE),
            button("Spaces", "network.spaces", owner, 0),
            button("Alerts", "network.alerts", owner, 0),
            button("Map", "network.map", owner),
            button("Follow-ups", "network.followups", owner),
        ],
    )


def spaces(value: Network, page: int, owner: UserId) -> discord.ui.LayoutView:
    """Return a page of the spaces, each with its kind and rhythm, and a way to forget one."""
    ways = [
        button("Add a space", "network.add", owner, Part.SPACE.value, style=BLUE),
        button("People", "network.list", owner, 0),
    ]
    if not value.spaces:
        return card("## Spaces\nNone yet. A space is where your field talks: a chat, a forum, an evening.", ways)
    shown, page, last = _page(value.spaces, page)
    options = [option(one.name, Thing(Part.SPACE, one.id, one.name).reference) for one in shown]
    return card(
        f"## Spaces{_of_pages(page, last)}\n" + "\n".join(_space(one) for one in shown),
        select("Forget a space", "network.forget", owner, options),
        *_pager("network.spaces", page, last, owner),
        ways,
    )


def alerts(value: Network, page: int, owner: UserId) -> discord.ui.LayoutView:
    """Return a page of the alerts, and a way to open one."""
    ways = [
        button("Add an alert", "network.add", owner, Part.ALERT.value, style=BLUE),
        button("People", "network.list", owner, 0),
    ]
    if not value.alerts:
        return card(
            "## Alerts\nNone yet. An alert is a search that brings openings to you while you do other things.", ways
        )
    shown, page, last = _page(value.alerts, page)
    rows = [f"**{ALERTS[one.kind]}**: {plain(one.query)}\n-# on since {day_text(one.on_since)}" for one in shown]
    options = [option(one.query, str(one.id), description=ALERTS[one.kind]) for one in shown]
    return card(
        f"## Alerts{_of_pages(page, last)}\n" + "\n".join(rows),
        select("Open an alert", "network.alert", owner, options),
        *_pager("network.alerts", page, last, owner),
        ways,
    )


def person(value: Person, owner: UserId, *, lead: str | None = None) -> discord.ui.LayoutView:
    """Return one person: where the relation stands, what may come next, and the words to begin with."""
    contact, now = value.contact, value.relation
    facts = [f"**{STAGES[now.stage].capitalize()}.** {value.words.means}."]
    if contact.shares:
        facts.append(f"**You share**: {plain(contact.shares)}")
    if now.last_on:
        facts.append(f"**Last contact**: {day_text(now.last_on)}")
    where = f" · {WHERES[contact.where].lower()}" if contact.where else ""
    resting = (
        button("Wake", "network.wake", owner, contact.id)
        if value.resting
        else button("Let rest", "network.rest", owner, contact.id)
    )
    starters = [button(STARTERS[one.id], "network.words", owner, contact.id, one.id) for one in value.starters]
    return card(
        *([lead] if lead else []),
        f"-# {value.category}{where}\n## {plain(contact.nickname)}\n" + "\n".join(facts),
        _next(value),
        *([] if value.resting else [starters]),
        [
            button("Contacted", "network.contacted", owner, contact.id, style=BLUE),
            button("Edit", "network.edit", owner, contact.id),
            resting,
            button("Forget", "network.forget", owner, Part.PERSON.value, contact.id),
            button("All people", "network.list", owner, 0),
        ],
    )


def kinds(value: ContactChoices, owner: UserId) -> discord.ui.LayoutView:
    """Return what may have been done with a person, to log in one tap."""
    contact = value.person.contact
    return card(
        f"## What did you do with {plain(contact.nickname)}?\nOne tap keeps it in your log; then you may say what came "
        "of it.",
        select("Pick what comes closest", "network.did", owner, [_kind(kind) for kind in value.kinds], contact.id),
        [button("Back", "network.person", owner, contact.id)],
    )


def moved(value: Person, owner: UserId) -> discord.ui.LayoutView:
    """Return what is said when something logged moved a relation on."""
    return card(
        f"A step further with {plain(value.contact.nickname)}.\n"
        f"**{STAGES[value.relation.stage].capitalize()}.** {value.words.means}.",
        _next(value),
        [button("Open", "network.person", owner, value.contact.id)],
    )


def space_added(value: Space, owner: UserId) -> discord.ui.LayoutView:
    """Return a space as it is kept."""
    return card(
        f"Kept: {_space(value)}",
        "Reading along for a week is a good way in; then one question.",
        [
            button("All spaces", "network.spaces", owner, 0),
            button("Add another", "network.add", owner, Part.SPACE.value),
        ],
    )


def alert(value: Alert, owner: UserId) -> discord.ui.LayoutView:
    """Return an alert with its search, ready to paste."""
    return card(
        f"## {ALERTS[value.kind]}\nPaste this into whatever searches you use, and let it tell you what is new:",
        _to_copy(value.query),
        f"-# On since {day_text(value.on_since)}. Every four weeks I ask once whether it is worth its noise.",
        [
            button("All alerts", "network.alerts", owner, 0),
            button("Add another", "network.add", owner, Part.ALERT.value),
            button("Forget", "network.forget", owner, Part.ALERT.value, value.id),
        ],
    )


def follow_ups(waiting: Sequence[Person], owner: UserId) -> discord.ui.LayoutView:
    """Return who waits for a word, each with the step that suits."""
    if not waiting:
        return card(
            "## Follow-ups\nNobody waits for a word from you right now. If you feel like it, the map shows which kinds "
            "of people are still open.",
            [button("Map", "network.map", owner), button("People", "network.list", owner, 0)],
        )
    rows = [
        section(
            f"**{plain(one.contact.nickname)}**\n{_next(one)}", button("Open", "network.person", owner, one.contact.id)
        )
        for one in waiting
    ]
    return card(
        "## Follow-ups\nOne of these is plenty for a day; any of them may wait.",
        *rows,
        [button("All people", "network.list", owner, 0)],
    )


def breadth(value: Breadth, owner: UserId) -> discord.ui.LayoutView:
    """Return the map: kinds of people filled or open, spaces and alerts beside them; never a count of people."""
    if value.empty and not value.has_goal:
        return _goal_first("Your map", owner)
    places = [f"{'✓' if one in value.filled else '○'} {label}" for one, label in value.categories.items()]
    hints = [_mark(value)]
    if value.lacking:
        hints.append(LACKING[value.lacking])
    if value.suggested:
        hints.append(f"A good next one: **{value.categories[value.suggested]}**. One person is enough to fill it.")
    return card(
        "## Your map\nDifferent people hear different news.\n\n**People**\n" + "\n".join(places),
        _beside(value.spaces, value.alerts),
        "\n".join(hints),
        [
            *(button(f"Add {PARTS[one].lower()}", "network.add", owner, one.value) for one in Part),
            button("All people", "network.list", owner, 0),
        ],
    )


def starter(value: Starter, owner: UserId, contact: ContactId | None = None) -> discord.ui.LayoutView:
    """Return the beginning of a message to copy, its blanks shown, and when to use it; `contact`: whom it is for."""
    back = [] if contact is None else [button("Back", "network.person", owner, contact)]
    return card(
        f"**When**: {value.when}",
        _to_copy(value.text),
        "-# Fill in what stands in {braces}, and change whatever does not sound like you.",
        [button("Log something", "log.show", owner), *back],
    )


def ask_forget(value: Thing, owner: UserId) -> discord.ui.LayoutView:
    """Return the one question before something is forgotten, and what stays."""
    stays = {
        Part.PERSON: "The nickname and what you noted go. What you logged with them stays, without the nickname.",
        Part.SPACE: "What you logged stays as it is.",
        Part.ALERT: "What you logged stays as it is; the search itself is switched off where you set it up.",
    }
    back = {Part.PERSON: "network.list", Part.SPACE: "network.spaces", Part.ALERT: "network.alerts"}
    return card(
        f"Forget **{plain(value.name)}**? {stays[value.part]}",
        [
            button("Keep", back[value.part], owner, 0, style=BLUE),
            button("Forget", "network.forgotten", owner, value.part.value, value.id),
        ],
    )


def forgotten(value: Thing, owner: UserId) -> discord.ui.LayoutView:
    """Return what is said once something is forgotten."""
    return card(f"**{plain(value.name)}** is forgotten.", [button("My network", "network.list", owner, 0)])


def _nobody(value: Network, owner: UserId) -> discord.ui.LayoutView:
    if value.empty and not value.has_goal:
        return _goal_first("Your network", owner)
    return card(
        "## Your network\nNobody is in it yet. Begin with one person whose work you would like to understand.",
        _beside(value.spaces, value.alerts),
        [
            button("Add a person", "network.add", owner, Part.PERSON.value, style=BLUE),
            button("Spaces", "network.spaces", owner, 0),
            button("Alerts", "network.alerts", owner, 0),
            button("Map", "network.map", owner),
        ],
    )


def _goal_first(title: str, owner: UserId) -> discord.ui.LayoutView:
    return card(
        f"## {title}\n{GOAL_FIRST}",
        [
            button("Set a goal", "goal.new", owner, "-", "keep", style=BLUE),
            button("Add a person", "network.add", owner, Part.PERSON.value),
        ],
    )


def _row(value: Person) -> str:
    means = cut(_stage(value.relation.stage, value.words), MEANS_SHOWN)
    return f"**{plain(value.contact.nickname)}** · {value.category}\n-# {means}.{_when(value)}"


def _stage(stage: Stage, words: StageWords) -> str:
    return f"{STAGES[stage].capitalize()}. {words.means}"


def _when(value: Person) -> str:
    if value.resting:
        return " Resting."
    if value.need:
        return " A word from you would be good now."
    return f" A sign of life would be good from {day_text(value.touch_on)} on." if value.touch_on else ""


def _next(value: Person) -> str:
    if value.contact.rested:
        return "**Resting**: you let this rest. All of it stays, and nothing is suggested until you wake it."
    if value.resting:
        return (
            "**Resting**: two tries stayed unanswered, which is common and says little about you. Nothing is suggested "
            "until you wake it."
        )
    if value.need:
        return f"**Next**: {WAITS[value.need].format(day=day_text(value.since or value.today))}"
    return f"**Next**: {value.words.next}.{_when(value)}"


def _mark(value: Breadth) -> str:
    if value.mark is None:
        return "Three kinds of people by week 5 and four by week 10 make a broad map. There is time."
    if len(value.filled) >= value.mark:
        return "Your map is broad for this point of the term."
    return f"As a guide, {MARKS[value.mark]} kinds of people make a broad map at this point. More may come later."


def _beside(kept_spaces: Sequence[Space], kept_alerts: Sequence[Alert]) -> str:
    return (
        f"**Spaces**: {_names(one.name for one in kept_spaces)}\n**Alerts**: {_names(one.query for one in kept_alerts)}"
    )


def _names(names: Iterable[str]) -> str:
    return plain(cut(", ".join(names), NAMES_SHOWN)) or "none yet"


def _space(value: Space) -> str:
    rhythm = f" · {plain(value.rhythm)}" if value.rhythm else ""
    return f"**{plain(value.name)}** · {SPACES[value.kind]}{rhythm}"


def _kind(kind: Kind) -> discord.SelectOption:
    return option(kind.label, kind.id, description=DIRECTIONS[kind.direction])


def _to_copy(text: str) -> str:
    unfenced = text.replace("```", "'''")
    return f"```\n{unfenced}\n```"


def _page(rows: Sequence[_T], page: int) -> tuple[Sequence[_T], int, int]:
    """Return the rows of a page, its number and the last one's; a page that is gone is the nearest one."""
    last = (len(rows) - 1) // PAGE
    page = max(0, min(page, last))
    return rows[page * PAGE : (page + 1) * PAGE], page, last


def _of_pages(page: int, last: int) -> str:
    return f" (page {page + 1} of {last + 1})" if last else ""


def _pager(route: str, page: int, last: int, owner: UserId) -> list[list[discord.ui.Button[Any]]]:
    before = [button("Previous page", route, owner, page - 1)] if page else []
    after = [button("Next page", route, owner, page + 1)] if page < last else []
    return [[*before, *after]] if last else []
