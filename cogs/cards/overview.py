"""What instructors see of a class: the weekly overview, its picture, and the week ahead; nothing about one person."""

from collections.abc import Iterator, Mapping, Sequence

import discord

from bot.coaching.figures import GROWS, Week, comparable, delivery_words, most_named
from bot.coaching.small_groups import FEWEST, Band, percent_words, trend_words
from bot.coaching.texts import plain
from bot.services.overview import ClassChart, Labels, Overview, Preview
from cogs.cards.course import BREAK_WORDS
from cogs.cards.shapes import card, cut, day_text, moment_text
from cogs.pictures.cohort import ALTERNATIVE_LIMIT, ClassPicture, SectionBar, week_bars

NOT_GRADING = "-# Not for grading."
PICTURE_NAME = "the-class.png"
SHARE_WORDS = {
    "focus": "focus set",
    "goal": "goal running",
    "plan": "if-then plan",
    "exchange": "two-way exchange this term",
    "met": "met somebody this term",
}
AHEAD_WORDS = {
    "none": "the next one comes later, by their rhythm or a break",
    "paused": "paused by themselves",
    "off": "notes turned off",
    "backed_off": "rarer by themselves, because the last ones went unanswered",
}
LINE_LIMIT = 40
NAME_LIMIT = 30
"""Of a section's role: ten of them stand in the words of the picture."""
MOST_KINDS, MOST_ACTIVITIES, MOST_CHECKS = 6, 4, 10
"""What is shown at most, so that a card holds it all whatever the course's own content says."""


def overview(value: Overview, joined: str = "") -> discord.ui.LayoutView:
    """Return how the class or a section does: one sentence first, then where it stands, and what to do about it.

    `joined`: how many of the class have joined, in words.
    """
    head = f"## {plain(value.cohort.name)}, {week_text(value)}" + f"\n{joined}" * bool(joined)
    if value.section is not None:
        head += f"\n<@&{value.section}>"
    if not value.weeks:
        return card(head, _no_figures(value), NOT_GRADING)
    now, before = value.weeks[-1], _before(value.weeks)
    if now.figures.counted < FEWEST:
        return card(head, _too_few(now, value), NOT_GRADING)
    blocks = [
        f"{head}\n**{sentence(value)}**",
        _standing(now, before, value.section),
        _checklist(now, value.labels),
        _mix(now, value.labels),
        _obstacles(now, value),
        _notes(now) if value.section is None else "",
        _foot(value),
    ]
    return card(*(block for block in blocks if block))


def chart(text: str) -> discord.ui.LayoutView:
    """Return the card that holds the class's picture, described in words for whoever cannot look at it."""
    picture = discord.MediaGalleryItem(f"attachment://{PICTURE_NAME}", description=cut(text, ALTERNATIVE_LIMIT))
    return card(discord.ui.MediaGallery(picture), NOT_GRADING)


def picture(value: ClassChart, names: Mapping[int, str]) -> ClassPicture:
    """Return what the class's picture shows; `names`: what the roles of the sections are called."""
    seen = value.overview
    acts = {one.week: one.figures.acts for one in seen.weeks}
    weeks = week_bars(acts, seen.weeks[0].week, seen.weeks[-1].week) if seen.weeks else []
    sections = [
        SectionBar(cut(names.get(one.role, f"Section {number}"), NAME_LIMIT), one.active)
        for number, one in enumerate(value.sections, 1)
    ]
    active = seen.weeks[-1].figures.shares.get("active") if seen.weeks else None
    return ClassPicture(seen.cohort.name, _capital(week_text(seen)), weeks, sections, active)


def preview(value: Preview) -> discord.ui.LayoutView:
    """Return what the next seven days will send, and how a note reads."""
    first, lines = _ahead(value.week)
    breaks = [f"{BREAK_WORDS[one.kind]} {day_text(one.first)} to {day_text(one.last)}" for one in value.breaks]
    off = f"\nNo notes on these days: {', '.join(breaks)}." if breaks else ""
    buttons = " · ".join(f"[{one.label}]" for one in value.sample.buttons)
    text = value.sample.text.replace("<@0>", "Sam")
    return card(
        f"## {plain(value.cohort.name)}: the next seven days\n**{first}**{off}",
        *lines,
        "**How one reads**, to somebody invented who has just joined:\n>>> " + text,
        f"-# Below it: {buttons}\n-# Shares are of Monday morning; every member’s own note follows what they do until "
        "then. Not for grading.",
    )


def _ahead(week: Week | None) -> tuple[str, list[str]]:
    """Return in shares what the week sends: as it stood at the turn, since live counts could be subtracted."""
    if week is None or "planned" not in week.figures.ahead:
        return f"How many get a note is told from {FEWEST} counted people on, once a week.", []
    ahead = week.figures.ahead
    first = f"A note is planned for {percent_words(ahead['planned'])} of the class."
    others = [f"• {AHEAD_WORDS[what]}: {percent_words(band)}" for what, band in ahead.items() if what != "planned"]
    return first, ["\n".join(others)] if others else []


def week_text(value: Overview) -> str:
    """Return where in the term the class is."""
    return f"week {value.week} of {value.of_weeks}" if 1 <= value.week <= value.of_weeks else "outside the term"


def sentence(value: Overview) -> str:
    """Return the one sentence that says how the class does."""
    now, before = value.weeks[-1], _before(value.weeks)
    active = now.figures.shares.get("active")
    if active is None:
        return "How many were active cannot be shown this week without saying something about few people."
    moved = trend_words(before and before.figures.shares.get("active"), active)
    trend = {"up": ", more than the week before", "down": ", fewer than the week before"}.get(moved or "", "")
    same = ", about as many as the week before" if moved == "about the same" else trend
    return f"{_capital(percent_words(active))} did something for their network in the last full week{same}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _before(weeks: Sequence[Week]) -> Week | None:
    return comparable(weeks)


def _standing(now: Week, before: Week | None, section: int | None) -> str:
    lines = [
        f"• {words}: {percent_words(now.figures.shares.get(name))}{_moved(before, name, now)}"
        for name, words in SHARE_WORDS.items()
        if section is None or name not in GROWS
    ]
    return "\n".join(["**Where they stand**", *lines])


def _moved(before: Week | None, name: str, now: Week) -> str:
    moved = trend_words(before and before.figures.shares.get(name), now.figures.shares.get(name))
    return f", {moved}" if moved in {"up", "down"} else ""


def _checklist(now: Week, labels: Labels) -> str:
    """Return how much of the checklist is answered: what reads the same is one line, the most common the last."""
    said = [
        (cut(title, LINE_LIMIT), percent_words(now.figures.checklist.get(name)))
        for name, title in list(labels.checklist.items())[:MOST_CHECKS]
    ]
    folded = _folded(said)
    if not folded:
        return ""
    common, names = max(folded, key=lambda one: len(one[1]))
    if len(folded) == 1:
        return f"**Checklist answered**: {common} in each of its {len(names)} sections"
    lines = [f"• {_listed(those)}: {what}" for what, those in folded if what != common or len(those) == 1]
    rest = [f"• each of the other {len(names)}: {common}"] if len(names) > 1 else []
    return "\n".join(["**Checklist answered, by section**", *lines, *rest])


def _folded(said: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Return what is said of something, with all of which the same is said, in the order in which it is said first."""
    found: dict[str, list[str]] = {}
    for name, what in said:
        found.setdefault(what, []).append(name)
    return list(found.items())


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _kinds(found: Mapping[str, Band], words: Mapping[str, str]) -> Iterator[tuple[str, str, Band]]:
    """Yield the kinds that five people or more are of, most first, with what they are called."""
    for name, band in most_named(found):
        if name in words:
            yield name, cut(words[name], LINE_LIMIT), band


def _mix(now: Week, labels: Labels) -> str:
    if not now.figures.kinds:
        return ""
    lines = [f"• {title}: {percent_words(band)}" for _, title, band in _kinds(now.figures.kinds, labels.kinds)]
    return "\n".join(["**What the goals are about**", *lines[:MOST_KINDS], "• others, or no goal: the rest"])


def _obstacles(now: Week, value: Overview) -> str:
    lines: list[str] = []
    for number, (name, title, band) in enumerate(_kinds(now.figures.obstacles, value.labels.obstacles)):
        lines.append(f"• {title}: {percent_words(band)}")
        if number < MOST_ACTIVITIES:
            what = value.activities[name]
            lines.append(f"-# Five minutes of class: **{what.title}.** {what.text}")
    if value.section is not None:
        return (
            "-# Focus, exchanges, meetings, what the goals are about and what gets in their way are told of the whole "
            "class alone."
        )
    if not lines:
        return (
            "**What gets in the way of their goals**: not shown this week. Too few people name the same thing for it "
            "to be told without singling somebody out."
        )
    return "\n".join(["**What gets in the way of their goals**", *lines, "• others, or nothing named: the rest"])


def _notes(now: Week) -> str:
    told = delivery_words(now.figures)
    return f"**Notes in that week**: {told}." if told else ""


def _foot(value: Overview) -> str:
    now = value.weeks[-1]
    zone = value.cohort.zone
    of = f" of {value.cohort.expected_size} expected" if value.cohort.expected_size and value.section is None else ""
    return (
        f"**Active, the last weeks**: {_past(value.weeks)}\n"
        f"-# {now.figures.counted} people{of} are counted: who joins or leaves, from five at a time on, so that nobody "
        f"can be picked out. Taken on "
        f"{day_text(now.week)} at 8:00 for the seven days before; the next figures come "
        f"{moment_text(value.next_turn, zone)}. Shares are rounded, and stay as they were until they have changed "
        f"for five people.\n{NOT_GRADING}"
    )


def _past(weeks: Sequence[Week]) -> str:
    """Return the shares of the last weeks in a row, the oldest first; the same in all of them is said once."""
    said = [percent_words(one.figures.shares.get("active")).removeprefix("about ") for one in weeks]
    if len(said) > 1 and len(set(said)) == 1:
        return f"{said[0]} in each of the last {len(said)}"
    return " · ".join(said)


def _no_figures(value: Overview) -> str:
    return (
        f"**The first figures come {moment_text(value.next_turn, value.cohort.zone)}**, and then every Monday: once a "
        "week, so that nobody who joins or does something shows in them."
    )


def _too_few(now: Week, value: Overview) -> str:
    return (
        f"**Fewer than {FEWEST} people are counted just now.** Shares are shown from {FEWEST} on, so that they "
        f"say nothing about one person. The next figures come {moment_text(value.next_turn, value.cohort.zone)}."
    )
