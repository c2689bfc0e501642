"""Cards of the register: a page of it, a member's line and row, and its export as files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TypeAlias

import discord

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.register import LAST_WEEKS, Listing, RegisterFilter, RegisterRow, StepWeek, row_words, strip
from bot.coaching.texts import plain
from bot.services.exports import HAND_INS_FILE, REGISTER_FILE, WEEKS_FILE, Export, ExportWish
from bot.services.messages import MemberList
from bot.services.register import Register
from cogs.cards.messages import write_button
from cogs.cards.shapes import Block, Button, button, card, day_text, not_for_grading, option, page_of, select, times
from storage.register import Listed

PAGE = 12
SORTED_BY_NAME = 1_000
"""Most people whose names are asked for to sort them; a larger class is listed in the order of joining."""
EVERYBODY = Listing()
SHOWN = "-"
"""Stands in a custom id in place of a seed while names are shown."""
FILTERS = {
    RegisterFilter.EVERYBODY: "Everybody",
    RegisterFilter.NOTHING_YET: "Nothing at all this week",
    RegisterFilter.NO_GOAL: "No goal yet",
    RegisterFilter.QUIET: "Quiet for two weeks",
    RegisterFilter.UNREACHABLE: "Notes cannot reach them",
    RegisterFilter.STEP: "Week {week}’s step not done, active or not",
}
KEY = "-# Week by week: ✓ step done · ○ open · – does not count\n"
SAMPLE = "Sam · this week ✓ · goal, plan · checklist 4 of 9 · active 3 of 4 · ✓✓○✓"
"""A line of the register about nobody, as it is shown before joining."""
REGISTER_WORDS = {
    True: "**The register**, one line a member, by the names that Discord has now:",
    False: "**The register** for research: one line a member, under a pseudonym that is the same in every export:",
}
HAND_IN_WORDS = {
    True: "**Lines handed in**, by week and name:",
    False: "**Lines handed in** for research, under the same pseudonyms. A line may still name or show somebody:",
}
"""What the register's file is, with names or without."""
RECORDED = "-# This look is recorded, and everybody in the register finds it under `/privacy seen`."


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the register is shown; it travels in custom ids. `seed`: hides names and shuffles people."""

    listing: Listing = EVERYBODY
    section: int | None = None
    page: int = 0
    seed: str = SHOWN

    @property
    def hidden(self) -> bool:
        """Return whether names are hidden."""
        return self.seed != SHOWN

    @property
    def args(self) -> tuple[object, ...]:
        """Return the view as arguments of a custom id."""
        return self.listing, self.section or 0, self.page, self.seed


Names: TypeAlias = Mapping[UserId, str | None]


def in_order(value: Register, view: View, names: Names) -> list[Listed]:
    """Order the people of a view: by name, unnamed ones last; with names hidden, shuffled by the seed."""
    if view.hidden:
        return sorted(value.matching, key=lambda one: _shuffled(one.enrolment_id, view.seed))
    if not names:
        return value.matching
    return sorted(value.matching, key=lambda one: ((name := names.get(one.user_id)) is None, (name or "").casefold()))


def _shuffled(one: EnrolmentId, seed: str) -> bytes:
    return blake2b(f"{seed}:{one}".encode()).digest()


def of_page(people: Sequence[Listed], view: View) -> tuple[View, list[Listed]]:
    """Return the view and people of a page; the nearest page where the requested one no longer exists."""
    shown, page, _ = page_of(people, view.page, PAGE)
    return replace(view, page=page), list(shown)


def page(
    value: Register,
    view: View,
    rows: Sequence[RegisterRow],
    names: Names,
    roles: Mapping[int, str],
    owner: UserId,
) -> discord.ui.LayoutView:
    """Show a page of the register: a line a member, filters, sections, and the way to one of them."""
    total, matching = sum(not one.left for one in value.people), len(value.matching)
    everybody = view.listing.which is RegisterFilter.EVERYBODY
    left = f", and {len(value.people) - total} who left" if everybody and len(value.people) > total else ""
    lead = f"{times(total, 'person', 'people')}{left}" if everybody else f"{matching} of {total}"
    week = f"week {value.week}" if value.week > 0 else "before the term"
    numbers = _numbers(value, view) if view.hidden else {}
    shown = [line(row, f"**{_name(row, names, numbers)}**") for row in rows]
    filters = [option(_title(one), str(one), default=one == view.listing) for one in value.listings]
    people = [option(names.get(row.user_id) or f"Line {at}", str(row.user_id)) for at, row in enumerate(rows, 1)]
    named = bool(rows) and not view.hidden
    pages = max(1, -(-matching // PAGE))
    planned = any(one.which is RegisterFilter.STEP for one in value.listings)
    order = ", in the order of joining" if matching > SORTED_BY_NAME and not view.hidden else ""
    where = f"Page {view.page + 1} of {pages}{order}. " if pages > 1 else ""
    foot = KEY if any(row.steps and not row.left for row in rows) else ""
    foot += f"-# {where}{_coming(value)}\n" if where or value.coming else ""
    return card(
        f"## Register: {_title(view.listing).lower()}\n**{lead}** · {plain(value.cohort.name)}, {week}",
        select("Whom to list", "cohort.register_filter", owner, filters, *view.args),
        _sections(value, view, roles, owner),
        "\n".join(shown) or "Nobody.",
        select("Open a member", "cohort.register_open", owner, people, *view.args) if named else None,
        [
            _turn("Back", replace(view, page=view.page - 1), owner) if view.page else None,
            _turn("Next", replace(view, page=view.page + 1), owner) if view.page + 1 < pages else None,
            _turn("Show names", replace(view, page=0, seed=SHOWN), owner)
            if view.hidden
            else button("Hide names", "cohort.register_hide", owner, *view.args),
            write_button(MemberList(str(view.listing), view.section), owner) if named else None,
            button("Hand-ins", "handins.show", owner) if planned and not view.hidden else None,
        ],
        f"{foot}{RECORDED} {not_for_grading(value.cohort.steps_count)}",
    )


def _title(listing: Listing) -> str:
    return FILTERS[listing.which].format(week=listing.week)


def _turn(label: str, view: View, owner: UserId) -> Button:
    return button(label, "cohort.register_page", owner, *view.args)


def _name(row: RegisterRow, names: Names, numbers: Mapping[EnrolmentId, int]) -> str:
    if numbers:
        return f"Person {numbers[row.enrolment_id]}"
    name = names.get(row.user_id)
    return plain(name) if name else f"<@{row.user_id}>"


def _numbers(value: Register, view: View) -> dict[EnrolmentId, int]:
    """Number everybody while names are hidden; the number is the same under every filter."""
    order = sorted((one.enrolment_id for one in value.people), key=lambda one: _shuffled(one, view.seed))
    return {one: number for number, one in enumerate(order, 1)}


def _sections(value: Register, view: View, roles: Mapping[int, str], owner: UserId) -> Block:
    if not value.sections:
        return None
    options = [option("All sections", "0", default=view.section is None)]
    options += [
        option(roles.get(one, "A role that is gone"), str(one), default=one == view.section) for one in value.sections
    ]
    return select("Section", "cohort.register_section", owner, options, *view.args)


def _coming(value: Register) -> str:
    if not value.coming:
        return ""
    who = times(value.coming, "more row appears", "more rows appear")
    if value.coming_at is None:
        return f"{who} seven days after each member was told."
    return f"{who} by {day_text(value.coming_at.date())}, seven days after members were told."


def line(row: RegisterRow, name: str) -> str:
    """Return a member's line in the register."""
    if row.left:
        return f"{name} · left the server"
    active, of = row.active(LAST_WEEKS)
    parts = [
        name,
        _this_week(row),
        "goal, plan" if row.goal and row.plan else "goal" if row.goal else "no goal yet",
        f"checklist {row.answered} of {row.items}",
        f"active {active} of {of}" if of else "",
        "away" if row.away else "",
        "" if row.reachable else "notes cannot reach them",
        strip(row),
    ]
    return " · ".join(part for part in parts if part)


def _this_week(row: RegisterRow) -> str:
    """Say whether this week's step is done; in a week without one, whether they were active."""
    if row.this_step is StepWeek.DONE or (row.this_week and row.this_step is StepWeek.FREE):
        return "this week ✓"
    return "step open" if row.this_week else "nothing yet"


def row_text(row: RegisterRow) -> str:
    """Return a member's row as a list: the same to instructors and to the member."""
    return "\n".join(f"{label}: **{value}**" for label, value in row_words(row))


def export(value: Export, owner: UserId) -> discord.ui.LayoutView:
    """Show the card that the files of a course come with; it names each of them as an attachment."""
    course, wish = plain(value.cohort.name), value.wish
    files: list[Block] = []
    about = {
        REGISTER_FILE: REGISTER_WORDS,
        HAND_INS_FILE: HAND_IN_WORDS,
        WEEKS_FILE: dict.fromkeys((True, False), "**The class week by week**, in counts:"),
    }
    for one in value.files:
        files += [about[one.name][wish.names], discord.ui.File(f"attachment://{one.name}")]
    personal = any(one.name != WEEKS_FILE for one in value.files)
    others = [replace(wish, names=not wish.names)] if personal else []
    others.append(replace(wish, separator=";" if wish.separator == "," else ","))
    foot = "-# Counts of the class alone; of nobody by name."
    if personal:
        foot = (
            f"**Personal data of {course}, {value.day.day} {value.day:%B %Y}: delete when grades are final.**\n"
            "-# This export is recorded, and everybody whose row or line is in it finds it under `/privacy seen`."
        )
    return card(f"## Files of {course}", *files, [_other(one, wish, owner) for one in others], foot)


def _other(wish: ExportWish, now: ExportWish, owner: UserId) -> Button:
    """Return the button for the files in another form."""
    if wish.names != now.names:
        label = "Names instead" if wish.names else "Pseudonyms instead"
    else:
        label = "Commas instead" if wish.separator == "," else "Semicolons instead"
    who, cells = "names" if wish.names else "refs", "comma" if wish.separator == "," else "semicolon"
    return button(label, "cohort.export", owner, who, cells)
