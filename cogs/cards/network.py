"""Cards about a member's network: people, spaces, alerts, the map, and the first words of a message."""

from collections.abc import Iterable, Sequence

import discord

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
from cogs.cards.log import OUTCOMES, STAGES, kind_option
from cogs.cards.shapes import (
    BLUE,
    Button,
    Field,
    button,
    card,
    copyable,
    cut,
    day_text,
    facts,
    form,
    option,
    page_of,
    section,
    select,
)

PAGE = 10
"""Most people, spaces or alerts on a page."""
MEANS_SHOWN = 100
"""Most characters of what a stage means, in a list of ten."""
NAMES_SHOWN = 120
"""Most characters of the names of spaces or of alerts where they stand beside something else."""
WHERES = {Where.LOCAL: "Near enough to meet", Where.REMOTE: "Far away"}
LACKING = {
    Where.LOCAL: "All of them are far away. Somebody near can be met in person.",
    Where.REMOTE: "All of them are near. Somebody far away hears other news.",
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
    Need.THANK: "You met on {day}. Thank them in three lines.",
    Need.REPORT: "They advised you on {day}. Tell them what you tried.",
    Need.SECOND_TRY: "No answer since {day} yet, which is common. Try once more, or let it rest.",
    Need.QUIET: "It has been a while. Send something useful to them; no reply needed.",
}
MARKS = {3: "three", 4: "four"}
ADDED = "Kept, and seen by you alone."
CHANGED = "Changed."
GOAL_FIRST = (
    "A goal first makes this easier: it says whom to look for and why, and takes about four minutes. "
    "You can add people all the same."
)


def person_form(words: NetworkWords, owner: UserId) -> discord.ui.Modal:
    """Return the form for a new person."""
    hint = "It moves up by itself when you log something with them."
    fields = _person_fields(words, hint)
    return form("Somebody in your network", "network.person_save", owner, fields, filled={"stage": Stage.SPOTTED})


def edit_form(value: Person, words: NetworkWords, owner: UserId) -> discord.ui.Modal:
    """Return the form for a person, filled with what is kept; its custom id carries the stage that it shows."""
    contact, stage = value.contact, value.relation.stage
    hint = "It moves up by itself when you log something with them. Here you may also move it down."
    filled = {
        "nickname": contact.nickname,
        "category": contact.category,
        "stage": stage,
        "where": contact.where,
        "shares": contact.shares,
    }
    fields = _person_fields(words, hint)
    return form("Who they are to you", "network.edit_save", owner, fields, contact.id, stage.value, filled=filled)


def _person_fields(words: NetworkWords, stage_hint: str) -> list[Field]:
    stages = {one: _stage(one, words.stages[one]) for one in Stage}
    return [
        Field(
            "nickname", "A nickname", NICKNAME_LIMIT, example="night-shift Ana",
            hint="One that you alone understand. No full name, address, number or link.",
        ),
        Field("category", "What are they to you?", words.categories),
        Field("stage", "Where do you stand?", stages, hint=stage_hint),
        Field("where", "Near or far?", WHERES, optional=True, open=True),
        Field("shares", "What do you share?", SHARES_LIMIT, optional=True, example="Both care about early reading"),
    ]  # fmt: skip


def space_form(owner: UserId) -> discord.ui.Modal:
    """Return the form for a space."""
    often, example = "How often does it come round?", "First Thursday of the month"
    fields = [
        Field("name", "Its name", SPACE_LIMIT, example="Journal club of the ward"),
        Field("kind", "What is it?", SPACES, open=True),
        Field("rhythm", often, RHYTHM_LIMIT, optional=True, example=example),
    ]
    return form("Where your field talks", "network.space_save", owner, fields)


def alert_form(field: str | None, owner: UserId) -> discord.ui.Modal:
    """Return the form for an alert, filled with the member's field."""
    fields = [
        Field("kind", "What for?", ALERTS, open=True),
        Field("field", "Field", ALERT_WORD_LIMIT, example="community nursing"),
        Field("role", "Role", ALERT_WORD_LIMIT, optional=True, example="working student"),
        Field("place", "Place", ALERT_WORD_LIMIT, optional=True, example="Leipzig"),
    ]
    return form("A search that comes to you", "network.alert_save", owner, fields, filled={"field": field})


def contacted_form(value: ContactChoices, draft: ActionDraft, owner: UserId) -> discord.ui.Modal:
    """Return the form for something done with a person, filled with what is known of it already."""
    fields = [
        Field("kind", "What was it?", {kind.id: kind.label for kind in value.kinds}),
        Field("outcome", "What came of it?", OUTCOMES, optional=True, open=True),
        Field("note", "One line worth keeping", NOTE_LIMIT, optional=True, long=True),
        Field("minutes", "Minutes", len(str(MOST_MINUTES)), optional=True),
    ]
    filled = {"outcome": draft.outcome, "note": draft.note, "minutes": draft.minutes}
    return form("What did you do?", "network.did_save", owner, fields, value.person.contact.id, filled=filled)


def people(value: Network, page: int, owner: UserId) -> discord.ui.LayoutView:
    """List a page of the network's people by what is next, with the spaces and alerts beside them."""
    if not value.people:
        return _nobody(value, owner)
    shown, page, last = page_of(value.people, page, PAGE)
    options = [option(one.contact.nickname, str(one.contact.id), description=one.category) for one in shown]
    return card(
        f"## Your network{_of_pages(page, last)}",
        "\n".join(_row(one) for one in shown),
        select("Open a person", "network.person", owner, options),
        _turns("network.list", page, last, owner),
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
    """List a page of the spaces, each with its kind and rhythm, and a way to forget one."""
    shown, page, last = page_of(value.spaces, page, PAGE)
    options = [option(one.name, Thing(Part.SPACE, one.id, one.name).reference) for one in shown]
    none = "None yet. A space is where your field talks: a chat, a forum, an evening."
    return card(
        f"## Spaces{_of_pages(page, last)}\n" + ("\n".join(_space(one) for one in shown) or none),
        select("Forget a space", "network.forget", owner, options) if options else None,
        _turns("network.spaces", page, last, owner),
        [
            button("Add a space", "network.add", owner, Part.SPACE.value, style=BLUE),
            button("People", "network.list", owner, 0),
        ],
    )


def alerts(value: Network, page: int, owner: UserId) -> discord.ui.LayoutView:
    """List a page of the alerts, and a way to open one."""
    shown, page, last = page_of(value.alerts, page, PAGE)
    rows = [f"**{ALERTS[one.kind]}**: {plain(one.query)}\n-# on since {day_text(one.on_since)}" for one in shown]
    options = [option(one.query, str(one.id), description=ALERTS[one.kind]) for one in shown]
    none = "None yet. An alert is a search that brings openings to you while you do other things."
    return card(
        f"## Alerts{_of_pages(page, last)}\n" + ("\n".join(rows) or none),
        select("Open an alert", "network.alert", owner, options) if options else None,
        _turns("network.alerts", page, last, owner),
        [
            button("Add an alert", "network.add", owner, Part.ALERT.value, style=BLUE),
            button("People", "network.list", owner, 0),
        ],
    )


def person(value: Person, owner: UserId, *, lead: str | None = None) -> discord.ui.LayoutView:
    """Show one person: the stage of the relation, what may come next, and words to begin with."""
    contact, now = value.contact, value.relation
    where = f" · {WHERES[contact.where].lower()}" if contact.where else ""
    lines = facts(
        ("You share", contact.shares and plain(contact.shares)),
        ("Last contact", now.last_on and day_text(now.last_on)),
    )
    rest = ("Wake", "network.wake") if value.resting else ("Let rest", "network.rest")
    return card(
        lead,
        f"-# {value.category}{where}\n## {plain(contact.nickname)}\n{_stage_line(value)}\n{lines}".rstrip(),
        _next(value),
        None
        if value.resting
        else [button(STARTERS[one.id], "network.words", owner, contact.id, one.id) for one in value.starters],
        [
            button("Contacted", "network.contacted", owner, contact.id, style=BLUE),
            button("Edit", "network.edit", owner, contact.id),
            button(*rest, owner, contact.id),
            button("Forget", "network.forget", owner, Part.PERSON.value, contact.id),
            button("All people", "network.list", owner, 0),
        ],
    )


def kinds(value: ContactChoices, owner: UserId) -> discord.ui.LayoutView:
    """Offer the kinds of action with a person, to log in one tap."""
    contact = value.person.contact
    return card(
        f"## What did you do with {plain(contact.nickname)}?\nOne tap keeps it in your log; then you may say what came "
        "of it.",
        select(
            "Pick what comes closest", "network.did", owner, [kind_option(kind) for kind in value.kinds], contact.id
        ),
        [button("Back", "network.person", owner, contact.id)],
    )


def moved(value: Person, owner: UserId) -> discord.ui.LayoutView:
    """Say that something logged moved a relation on."""
    return card(
        f"A step further with {plain(value.contact.nickname)}.\n{_stage_line(value)}",
        _next(value),
        [button("Open", "network.person", owner, value.contact.id)],
    )


def space_added(value: Space, owner: UserId) -> discord.ui.LayoutView:
    """Show a space that was added."""
    return card(
        f"Kept: {_space(value)}",
        "Reading along for a week is a good way in; then one question.",
        [
            button("All spaces", "network.spaces", owner, 0),
            button("Add another", "network.add", owner, Part.SPACE.value),
        ],
    )


def alert(value: Alert, owner: UserId) -> discord.ui.LayoutView:
    """Show an alert with its search, ready to paste."""
    return card(
        f"## {ALERTS[value.kind]}\nPaste this into whatever searches you use, and let it tell you what is new:",
        copyable(value.query),
        f"-# On since {day_text(value.on_since)}. Every four weeks I ask once whether it is worth its noise.",
        [
            button("All alerts", "network.alerts", owner, 0),
            button("Add another", "network.add", owner, Part.ALERT.value),
            button("Forget", "network.forget", owner, Part.ALERT.value, value.id),
        ],
    )


def follow_ups(waiting: Sequence[Person], owner: UserId) -> discord.ui.LayoutView:
    """List who waits for a message, each with the step that suits."""
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
    """Show the map: kinds of people filled or open, spaces and alerts beside them; never a count of people."""
    if value.empty and not value.has_goal:
        return _goal_first("Your map", owner)
    known = " · ".join(label for one, label in value.categories.items() if one in value.filled)
    still = " · ".join(label for one, label in value.categories.items() if one not in value.filled)
    hints = [_mark(value)]
    if value.lacking:
        hints.append(LACKING[value.lacking])
    if value.suggested:
        hints.append(f"A good next one: **{value.categories[value.suggested]}**.")
    return card(
        "## Your map\n" + facts(("✓ You know", known), ("○ Open", still)),
        "\n".join(hints),
        [
            *(button(f"Add {PARTS[one].lower()}", "network.add", owner, one.value) for one in Part),
            button("All people", "network.list", owner, 0),
        ],
        "\n".join(f"-# {line}" for line in _beside(value.spaces, value.alerts).splitlines()),
    )


def starter(value: Starter, owner: UserId, contact: ContactId | None = None) -> discord.ui.LayoutView:
    """Show the beginning of a message to copy with its blanks, and when to use it; `contact`: the recipient."""
    return card(
        f"**When**: {value.when}",
        copyable(value.text),
        "-# Fill in what stands in {braces}, and change whatever does not sound like you.",
        [
            button("Check your message", "message_check.again", owner),
            button("Log something", "log.show", owner),
            None if contact is None else button("Back", "network.person", owner, contact),
        ],
    )


def ask_forget(value: Thing, owner: UserId) -> discord.ui.LayoutView:
    """Ask once before something is forgotten, and say what stays."""
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
    """Confirm that something is forgotten."""
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


def _stage_line(value: Person) -> str:
    return f"**{STAGES[value.relation.stage].capitalize()}.** {value.words.means}."


def _row(value: Person) -> str:
    means = cut(_stage(value.relation.stage, value.words), MEANS_SHOWN)
    return f"**{plain(value.contact.nickname)}** · {value.category}\n-# {means}.{_when(value)}"


def _stage(stage: Stage, words: StageWords) -> str:
    return f"{STAGES[stage].capitalize()}. {words.means}"


def _when(value: Person) -> str:
    if value.resting:
        return " Resting."
    if value.need:
        return " A word from you is welcome now."
    return f" Say hello again from {day_text(value.touch_on)}." if value.touch_on else ""


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
        return "Different people hear different news. Three kinds by week 5 make a broad map."
    if len(value.filled) >= value.mark:
        return "Different people hear different news; yours is a broad map for now."
    return f"Different people hear different news. By now, {MARKS[value.mark]} kinds make a broad map."


def _beside(kept_spaces: Sequence[Space], kept_alerts: Sequence[Alert]) -> str:
    return facts(
        ("Spaces", _names(one.name for one in kept_spaces)), ("Alerts", _names(one.query for one in kept_alerts))
    )


def _names(names: Iterable[str]) -> str:
    return plain(cut(", ".join(names), NAMES_SHOWN)) or "none yet"


def _space(value: Space) -> str:
    rhythm = f" · {plain(value.rhythm)}" if value.rhythm else ""
    return f"**{plain(value.name)}** · {SPACES[value.kind]}{rhythm}"


def _of_pages(page: int, last: int) -> str:
    return f" (page {page + 1} of {last + 1})" if last else ""


def _turns(route: str, page: int, last: int, owner: UserId) -> list[Button | None]:
    return [
        button("Previous page", route, owner, page - 1) if page else None,
        button("Next page", route, owner, page + 1) if page < last else None,
    ]
