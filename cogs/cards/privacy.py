"""Cards about what is kept of somebody: what and why, who sees it, what they share, their export, and the end of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import discord

from bot.coaching.closing import kept_until
from bot.coaching.cohort import Access, SharedItem
from bot.coaching.data_export import HOW_MUCH, YOU, DataKind
from bot.coaching.ids import UserId
from bot.coaching.messages import with_links
from bot.coaching.register import RegisterRow
from bot.coaching.texts import plain
from bot.coaching.weeks import local_day
from bot.services.erasure import Cleared, Erasable, Receipt
from bot.services.rights import COUNTS_ONLY, NOTHING_SEEN, Mine, SeenByStaff, Sharing, Stored, row_later
from cogs.cards.register import row_text
from cogs.cards.shapes import (
    BLUE,
    GREEN,
    RED,
    Block,
    button,
    card,
    cut,
    day_text,
    moment_text,
    not_for_grading,
    option,
    section,
    select,
    times,
)
from storage.access_log import AccessLogEntry
from storage.inventory import ACCOUNT_KINDS, MEMBER_KINDS, Place

OPTIONS = 25
"""How many entries a menu holds."""
COURSES_NAMED = 8
"""How many courses a card names before it counts the rest."""
ACCESS_WORDS = {
    Access.MEMBER: "looked at what they may see of you",
    Access.CHECKIN: "saw you on the list of whom to greet",
    Access.REGISTER: "saw your row in the register",
    Access.EXPORT: "took the register along as a file, without names",
    Access.NAMED_EXPORT: "took the register along as a file, with names",
    Access.HAND_INS: "read lines that were handed in",
    Access.GRADEBOOK: "marked your weekly steps in their gradebook file",
    Access.PORTFOLIO: "opened the portfolio you share",
}
ITEMS = {SharedItem.GOAL: "Your goal", SharedItem.REFLECTION: "What you last said looking back"}
ORDER = {kind.title: number for number, kind in enumerate((*MEMBER_KINDS, *ACCOUNT_KINDS))}
MESSAGE_CUT = 120
GREET = "greet"
PORTFOLIO = "portfolio"
SHARE_LABELS = {
    SharedItem.GOAL: "Share my goal",
    SharedItem.REFLECTION: "Share my reflection",
    GREET: "Please greet me",
}
STOP_LABELS = {
    SharedItem.GOAL: "Stop sharing my goal",
    SharedItem.REFLECTION: "Stop sharing my reflection",
    GREET: "No need to greet me",
}
CLASS_STATISTICS = (
    "Beside that they see counts of the class from each Monday. Of what no register shows, none is below five people "
    "or leaves fewer than five out."
)
_LEAD = (
    "Each line: how many, and what for. You alone read it, unless it says more. With a register, "
    "instructors see how much there is of some of it, never what."
)
NEVER = (
    "**Never kept**: text you had checked, what an AI said of it, what a checklist search "
    "found, the words of my notes to you, your name, and anybody else's name or address."
)
UNSIGNED = "What you sent your instructors without your name has no author anywhere, so it stays."


def unknown(owner: UserId) -> discord.ui.LayoutView:
    """Return the answer to somebody of whom nothing is kept."""
    return card(
        "## I keep nothing about you\nNo course, no notes, no account. If you were here before, it is all gone, but "
        "for a code that names nobody and keeps a backup from bringing you back.",
        "If direct messages of mine are still in your list, they stay in Discord until I delete them. Shall I?",
        [button("Delete my messages from you", "privacy.clear", owner)],
    )


def not_a_member(owner: UserId) -> discord.ui.LayoutView:
    """Return the answer to somebody who is a member of no course, and so has nothing that instructors could see."""
    return card(
        "You are a member of no course of mine, so no instructor sees anything of you here. `/start` in your course's "
        "server joins it.",
        [button("What is kept about me", "privacy.stored", owner)],
    )


def stored(value: Stored, owner: UserId) -> discord.ui.LayoutView:
    """Return what is kept, kind by kind: how many, why, who sees it; and how long."""
    blocks: list[Block] = []
    if value.mine is None:
        blocks.append("## What I keep about you\nYou are in no course of mine.")
    else:
        kept = [_kept(kind, count) for kind, count in value.here if count]
        none = [kind.title for kind, count in value.here if not count]
        blocks.append(f"## What I keep about you\n{_course(value.mine)}")
        blocks.append("\n".join([_LEAD, *kept]))
        blocks += [f"-# Nothing yet of: {', '.join(map(_small, none))}."] if none else []
    account = [_kept(kind, count) for kind, count in value.account if count]
    blocks += ["\n".join(["**Beside your courses**", *account])] if account else []
    blocks += [_how_long(value.mine), NEVER, *_switch(value.mine, "privacy.stored", owner), _ways(value.mine, owner)]
    return card(*blocks)


def _kept(kind: DataKind, count: int) -> str:
    you, _, others = kind.seen_by.partition("; ")
    seen = f"Seen by {kind.seen_by}" if you != YOU else others[:1].upper() + others[1:]
    seen = f". {seen}" if seen and kind.seen_by != HOW_MUCH else ""
    return f"• **{kind.title}** {count}: {kind.why}{seen}"


def _small(title: str) -> str:
    return title[0].lower() + title[1:]


def _how_long(mine: Mine | None) -> str:
    if mine is None:
        return "**How long**: until you delete it."
    cohort = mine.place.cohort
    if cohort.closed_at is None:
        return (
            f"**How long**: until you delete it, and {cohort.retention_days} days after the course has closed or you "
            "have left the server at the longest."
        )
    last = kept_until(cohort, mine.place.enrolment)
    return f"**How long**: until you delete it, and until {day_text(last)} {last.year} at the longest."


def seen(value: SeenByStaff, owner: UserId) -> discord.ui.LayoutView:
    """Return the very row that instructors see, what is shared with them, and who looked when."""
    sharing, place = value.sharing, value.sharing.mine.place
    blocks: list[Block] = [f"## What your instructors see of you\n{_course(sharing.mine)}"]
    if place.cohort.closed_at is not None:
        blocks.append(NOTHING_SEEN)
    else:
        blocks.append(COUNTS_ONLY if value.row is None else _row(value.row, value, place.cohort.zone))
        blocks += _number(value, owner) if place.cohort.student_number else []
        blocks += [_lines(value)] if value.lines else []
        blocks.append("\n".join(["**What you share**", *_shared(sharing)]))
        blocks.append(CLASS_STATISTICS)
    accesses = [_access(entry, count, place) for entry, count in value.accesses] or ["Nobody has looked so far."]
    more = ["-# Older ones are in `/privacy export`."] if value.more_accesses else []
    blocks.append("\n".join(["**Who looked**", *accesses, *more]))
    blocks += [_messages(value)] if value.messages else []
    blocks += [*_switch(sharing.mine, "privacy.seen", owner), f"-# {not_for_grading(place.cohort.steps_count)}"]
    blocks.append([_to("Change what I share", "privacy.share", sharing.mine, owner), *_to_stored(sharing.mine, owner)])
    return card(*blocks)


def _row(row: RegisterRow, value: SeenByStaff, zone: str) -> str:
    lead = "**This row, with your name**" if value.visible else row_later(row, zone)
    return f"{lead}\n{row_text(row)}"


def _number(value: SeenByStaff, owner: UserId) -> list[Block]:
    said, label = ("none given", "Give it") if value.number is None else (f"**{plain(value.number)}**", "Correct it")
    cohort = value.sharing.mine.place.cohort
    return [section(f"Student number or login: {said}", button(label, "number.write", owner, cohort.id))]


def _lines(value: SeenByStaff) -> str:
    weeks = f"week {value.lines[0]}" if len(value.lines) == 1 else f"weeks {', '.join(map(str, value.lines))}"
    return f"**What you handed in**: your line of {weeks}, with your name. `/week` changes it or takes it back."


def _messages(value: SeenByStaff) -> str:
    zone = value.sharing.mine.place.enrolment.wish.zone
    lines = [
        f"{moment_text(one.created_at, zone)}: {plain(one.by_name)}, to {times(one.people, 'person', 'people')}: "
        f"“{with_links(cut(one.text, MESSAGE_CUT))}”"
        for one in value.messages
    ]
    return "\n".join(["**What they wrote to you**, in full in `/privacy export`", *lines])


def _shared(value: Sharing) -> list[str]:
    zone = value.mine.place.enrolment.wish.zone
    lines = [f"{ITEMS[item]}, {_since(at, zone)}" for item, at in value.shared.items()]
    if value.portfolio_since is not None:
        lines.append(f"Your portfolio as it was then, {_since(value.portfolio_since, zone)}")
    if value.greeting_since is not None:
        lines.append(f"That you would like to be greeted, {_since(value.greeting_since, zone)}")
    return lines or ["Nothing."]


def _access(entry: AccessLogEntry, count: int, place: Place) -> str:
    who = "An instructor who has gone since" if entry.by is None else f"<@{entry.by}>"
    often = "" if count == 1 else f" ({count} times that day)"
    return f"{moment_text(entry.at, place.enrolment.wish.zone)}: {who} {ACCESS_WORDS[entry.what]}{often}"


def share(value: Sharing, owner: UserId) -> discord.ui.LayoutView:
    """Return what may be shared, each with its button and since when it is."""
    place = value.mine.place
    head = f"## What you share with your instructors\n{_course(value.mine)}"
    switch = _switch(value.mine, "privacy.share", owner)
    if place.cohort.closed_at is not None:
        return card(head, NOTHING_SEEN, *switch)
    there = {SharedItem.GOAL: value.has_goal, SharedItem.REFLECTION: value.has_reflection}
    nothing = {
        SharedItem.GOAL: "no goal of yours runs (`/goal new`)",
        SharedItem.REFLECTION: "you have not looked back yet (`/goal review`)",
    }
    items = [
        _item(value, ITEMS[item], item, value.shared.get(item), None if there[item] else nothing[item], owner)
        for item in SharedItem
    ]
    greeting = _item(value, "Please greet me", GREET, value.greeting_since, None, owner)
    return card(
        head,
        "Each is yours to share and to stop, at any time, and none is expected. It is not for grading.",
        *items,
        _portfolio(value, owner),
        greeting,
        "-# *Please greet me* is the same wish as *Please get in touch* in `/feedback`. It ends once they have.",
        *switch,
        [_to("What they see", "privacy.seen", value.mine, owner)],
    )


def _portfolio(value: Sharing, owner: UserId) -> Block:
    """Return the portfolio, which is shared where it can be looked at, and taken back here."""
    place = value.mine.place
    if value.portfolio_since is None:
        return "**Your portfolio**\nnot shared; `/portfolio` makes one and shares it"
    text = f"**Your portfolio**\nshared {_since(value.portfolio_since, place.enrolment.wish.zone)}, as it was then"
    return section(text, button("Take it back", "privacy.set", owner, place.enrolment.id, PORTFOLIO, "off"))


def _item(value: Sharing, label: str, code: str, since: datetime | None, nothing: str | None, owner: UserId) -> Block:
    """Return one thing with what may be done about it: what is not there can be stopped and not be begun."""
    place = value.mine.place
    done = "asked" if code == GREET else "shared"
    said = f"not {done}" if since is None else f"{done} {_since(since, place.enrolment.wish.zone)}"
    if nothing is not None:
        said += f"; {nothing}"
    text = f"**{label}**\n{said}"
    if since is not None:
        return section(text, button(STOP_LABELS[code], "privacy.set", owner, place.enrolment.id, code, "off"))
    if nothing is not None:
        return text
    return section(text, button(SHARE_LABELS[code], "privacy.set", owner, place.enrolment.id, code, "on", style=GREEN))


def exported(days: int, owner: UserId) -> discord.ui.LayoutView:
    """Return the words beside the files of an export; `days`: how many dates to come are in its calendar."""
    calendar = "• Nothing to put in a calendar yet"
    if days:
        calendar = f"• `follow-ups.ics` for your calendar, with {times(days, 'date', 'dates')} to come"
    return card(
        "## Your data\nAll I keep about you in all courses, with what your instructors saw and when:",
        f"• `my-data.md` to read\n• `my-data.json` for a program, every number of it\n{calendar}",
        "Only you can see this. Save the files now: Discord takes this message away before long.",
        [button("Delete everything", "privacy.delete", owner)],
    )


def delete(value: Erasable, owner: UserId) -> discord.ui.LayoutView:
    """Return what would go, and the buttons that make it go."""
    named = [f"**{plain(one)}**" for one in value.courses[:COURSES_NAMED]]
    if len(value.courses) > COURSES_NAMED:
        named.append(f"{len(value.courses) - COURSES_NAMED} more")
    where = f"from {_listed(named)}" if named else "though you are in no course"
    taught = (
        " What you looked at as an instructor stays noted with those members, without your name."
        if value.teaches
        else ""
    )
    return card(
        f"## Delete everything about you\nAt once, {where}: {times(value.rows, 'entry', 'entries')} in all. Your "
        f"place, goals, log, network, answers, and the notes that were still to come.{taught}",
        f"**It cannot be undone**, not by me and not by your instructors. {UNSIGNED}",
        [
            button("Export first", "privacy.export", owner, style=BLUE),
            button("Delete", "privacy.erase", owner, value.seal, style=RED),
            button("Delete, and my messages from you too", "privacy.erase_all", owner, value.seal, style=RED),
        ],
        "-# If you do nothing, nothing happens. To stop the weekly note alone, use `/nudge settings`.",
    )


def receipt(value: Receipt, owner: UserId, zone: str, *, messages: bool) -> discord.ui.LayoutView:
    """Return the receipt of an erasure; with `messages`, the direct messages go too, and are spoken of later.

    `zone`: where the member's times are told. What went is listed in the order of `/privacy stored`.
    """
    listed = sorted(value.rows, key=lambda row: ORDER.get(row[0], len(ORDER)))
    rows = (
        " · ".join(f"{title} {count}" for title, count in listed)
        or "nothing but your number beside what you saw as an instructor"
    )
    at = value.at.astimezone(ZoneInfo(zone))
    day = f"{day_text(at.date())} {at.year}, {at:%H:%M}, {zone} time"
    went = f"{times(value.count, 'entry', 'entries')} went: {rows}." if value.rows else f"What went: {rows}."
    noted = (
        "So that no backup brings you back, I noted in a place of its own a code for this account that nobody can read "
        "back, and today's date. Where whoever runs me makes backups, each is deleted after 14 days, unless they say "
        "otherwise."
    )
    blocks: list[Block] = [f"## Deleted\nReference **{value.reference}** · {day}", went, f"{UNSIGNED} {noted}"]
    if messages:
        blocks.append("Now I delete my direct messages to you. That takes a moment; I will say how many there were.")
    else:
        blocks.append([button("Delete my messages from you", "privacy.clear", owner)])
    return card(*blocks, "-# Keep the reference if you want to ask about this later. `/start` begins anew at any time.")


def clearing() -> discord.ui.LayoutView:
    """Return what is said while direct messages are being deleted."""
    return card("I am deleting my direct messages to you, one after the other. I will say how many there were.")


def cleared(value: Cleared) -> discord.ui.LayoutView:
    """Return how many direct messages were deleted, and what to do if it was not all of them."""
    said = f"I deleted {times(value.count, 'message', 'messages')} of mine to you."
    if value.all:
        return card(said if value.count else "There are no messages of mine to you.")
    return card(
        f"{said} Discord did not let me get at the rest just now. Run `/privacy delete` later and press *Delete my "
        "messages from you*, or close the conversation in Discord, which takes it out of your list."
    )


def _course(mine: Mine) -> str:
    cohort = mine.place.cohort
    return f"-# {plain(cohort.name)}{' (closed)' if cohort.closed_at is not None else ''}"


def _switch(mine: Mine | None, route: str, owner: UserId) -> list[Block]:
    """Return a menu of the courses, if there are several."""
    if mine is None or len(mine.places) < 2:
        return []
    return [
        select(
            "Another course",
            route,
            owner,
            [
                option(
                    cut(one.cohort.name, 80) + (" (closed)" if one.cohort.closed_at is not None else ""),
                    str(one.enrolment.id),
                    default=one.enrolment.id == mine.place.enrolment.id,
                )
                for one in _offered(mine)
            ],
        )
    ]


def _offered(mine: Mine) -> list[Place]:
    """Return the places that a menu holds, the one that is shown among them."""
    others = [one for one in mine.places if one.enrolment.id != mine.place.enrolment.id]
    kept = others[: OPTIONS - 1]
    return [one for one in mine.places if one in kept or one.enrolment.id == mine.place.enrolment.id]


def _ways(mine: Mine | None, owner: UserId) -> Sequence[discord.ui.Button[Any]]:
    ways = [button("Download my data", "privacy.export", owner), button("Delete everything", "privacy.delete", owner)]
    return ways if mine is None else [_to("What instructors see", "privacy.seen", mine, owner, style=BLUE), *ways]


def _to(label: str, route: str, mine: Mine, owner: UserId, style: discord.ButtonStyle = BLUE) -> discord.ui.Button[Any]:
    return button(label, route, owner, mine.place.enrolment.id, style=style)


def _to_stored(mine: Mine, owner: UserId) -> list[discord.ui.Button[Any]]:
    return [button("All that is kept", "privacy.stored", owner, mine.place.enrolment.id)]


def _since(at: datetime, zone: str) -> str:
    return f"since {day_text(local_day(at, zone))}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
