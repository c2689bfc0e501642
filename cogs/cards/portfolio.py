"""Cards of the portfolio: what is in it and what is next, ticking, sentences, bios, the page, and sharing it."""

import discord

from bot.coaching.bios import BIO_LIMIT
from bot.coaching.course_plan import LearningOutcome
from bot.coaching.ids import UserId
from bot.coaching.portfolio import (
    BIOS,
    TICKED,
    WORDS_LIMIT,
    Entry,
    NextStep,
    Portfolio,
    PortfolioKind,
    sections,
)
from bot.coaching.portfolio_page import MAP_TITLE, kinds_words
from bot.coaching.texts import plain
from bot.coaching.weeks import local_day
from cogs.cards import shapes
from cogs.cards.shapes import (
    BLUE,
    GREEN,
    RED,
    Block,
    Button,
    Field,
    button,
    card,
    cut,
    day_text,
    option,
    section,
    times,
)

HTML_FILE, MARKDOWN_FILE = "portfolio.html", "portfolio.md"
SHORTEST = 60
ENTRY_SHOWN = 1500
PREVIEW_ROOM = 3000
"""Characters of the page that a card shows; the file has all of it."""
KINDS = {
    PortfolioKind.LINE: ("line", "lines"),
    PortfolioKind.REFLECTION: ("reflection", "reflections"),
    PortfolioKind.RESULT: ("result", "results"),
    PortfolioKind.OUTCOME: ("sentence", "sentences"),
    PortfolioKind.BIO_BEFORE: ("bio from before", "bios from before"),
    PortfolioKind.BIO_AFTER: ("bio of now", "bios of now"),
}
BIO_LABELS = {PortfolioKind.BIO_BEFORE: "Before", PortfolioKind.BIO_AFTER: "Now"}
STEPS = {
    NextStep.ANSWER: ("Look at them", "portfolio.ask"),
    NextStep.CHOOSE: ("Choose", "portfolio.choose"),
    NextStep.SENTENCES: ("Sentences", "portfolio.sentences"),
    NextStep.BIO: ("Bio", "portfolio.bio"),
    NextStep.PREVIEW: ("Preview", "portfolio.preview"),
}
NEXT = {
    NextStep.CHOOSE: "tick what belongs in it.",
    NextStep.SENTENCES: "say in a sentence what you take along.",
    NextStep.BIO: "put in how you introduce yourself, before and now.",
    NextStep.PREVIEW: "look at the page, then download or share it.",
}
NOTHING_TO_TICK = (
    "Nothing to tick yet. Lines you hand in with `/week`, reflections from `/goal review`, goals you worked on and "
    "opportunities that came to a yes show up here."
)
CAN_BE_SAVED = "They can save a copy; taking back ends viewing here."


def home(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Show what is in the portfolio so far, and the one next step."""
    if value.closed:
        return card(
            f"## Your portfolio\n{plain(value.course)} is over, so it changes no more. You can still take it along.",
            [button("Download", "portfolio.download", owner, style=BLUE)],
        )
    step = value.next
    steps = [one for one in STEPS if _offers(value, one)]
    return card(
        "## Your portfolio\nOne page about your term, made of what you choose. You alone see it until you share it.",
        f"**In it**: {_contents(value)}.",
        f"**Next**: {_next(value)}",
        [
            button(label, route, owner, style=BLUE if one is step else shapes.GREY)
            for one in steps
            for label, route in [STEPS[one]]
        ],
        [button("Reword or take out", "portfolio.change", owner)] if value.entries else None,
        f"-# {_shared(value)}" if value.shared_at else None,
    )


def _offers(value: Portfolio, step: NextStep) -> bool:
    if step is NextStep.ANSWER:
        return bool(value.waiting)
    return step is not NextStep.SENTENCES or bool(value.outcomes)


def _contents(value: Portfolio) -> str:
    counts = {kind: sum(entry.kind is kind for entry in value.entries) for kind in PortfolioKind}
    named = [times(count, *KINDS[kind]) for kind, count in counts.items() if count]
    return ", ".join([*named, "the kinds of people in your network"] if value.now or value.start else named) or (
        "nothing yet"
    )


def _next(value: Portfolio) -> str:
    if value.next is NextStep.ANSWER:
        texts = times(len(value.waiting), "text", "texts")
        return f"one question about {texts}: does it name anybody else? Until you answer, it stays off the page."
    return NEXT[value.next]


def _shared(value: Portfolio) -> str:
    if value.shared_at is None:
        return "Not shared."
    day = day_text(local_day(value.shared_at, value.zone))
    return f"Your instructors can open it as it was on {day}; later changes are not in their copy."


# What is ticked


def choose(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Show what may be ticked, in a menu for each kind."""
    menus = [_menu(value, kind, owner) for kind in TICKED if value.offered(kind)]
    if not menus:
        return card(f"## Choose\n{NOTHING_TO_TICK}", [_home(owner)])
    waiting = times(len(value.waiting), "text waits", "texts wait")
    return card(
        "## Choose\nTick what belongs on your page. An opportunity shows its kind alone, unless you tick its title.",
        *menus,
        f"{waiting} for one answer of yours: does it name or show anybody else?" if value.waiting else None,
        [button("Go on", "portfolio.ask", owner, style=BLUE)],
    )


def _menu(value: Portfolio, kind: PortfolioKind, owner: UserId) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    held = {entry.source for entry in value.of(kind)}
    options = [
        option(offer.text, offer.source, description=value.headings.get(offer.source), default=offer.source in held)
        for offer in value.offered(kind)
    ]
    return shapes.select(KINDS[kind][1].capitalize(), "portfolio.tick", owner, options, kind, several=True)


def ask(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Ask of the first text that waits whether it names or shows anybody else; without one, show the first card."""
    if not value.waiting:
        return home(value, owner)
    entry, more = value.waiting[0], len(value.waiting) - 1
    names = [f"“{plain(name)}”" for name in value.names_in(entry.text)]
    hint = f"In your network somebody goes by {' and '.join(names[:2])}." if names else ""
    left = f"{times(more, 'text', 'texts')} after this." if more else ""
    return card(
        f"## Does this name or show anybody else?\n{_quoted(entry.text)}",
        f"-# {' '.join(part for part in (hint, left) if part)}" if hint or left else None,
        [
            button("No, nobody", "portfolio.nobody", owner, entry.id, style=GREEN),
            button("Yes: reword it", "portfolio.reword", owner, entry.id),
            button("Yes: leave it out", "portfolio.leave_out", owner, entry.id),
            button("Later", "portfolio.home", owner),
        ],
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {plain(line)}" for line in text.splitlines())


# Reword and take out


def change(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Show everything in the portfolio, to open one of them."""
    groups = [
        ("Lines", (PortfolioKind.LINE,)),
        ("Reflections", (PortfolioKind.REFLECTION,)),
        ("Results", (PortfolioKind.RESULT,)),
        ("Sentences and bios", (PortfolioKind.OUTCOME, *BIOS)),
    ]
    menus = [
        shapes.select(label, "portfolio.entry", owner, [_entry_option(value, entry) for entry in entries], kinds[0])
        for label, kinds in groups
        if (entries := value.of(*kinds))
    ]
    return card("## Reword or take out\nWhich one?" if menus else "Nothing is in it.", *menus, [_home(owner)])


def _entry_option(value: Portfolio, entry: Entry) -> discord.SelectOption:
    about = BIO_LABELS.get(entry.kind) or value.headings.get(entry.source)
    return option(" ".join(entry.text.split()), str(entry.id), description=about)


def entry(one: Entry, owner: UserId) -> discord.ui.LayoutView:
    """Show an entry, to reword it or take it out."""
    return card(
        _quoted(cut(one.text, ENTRY_SHOWN)),
        [
            button("Reword", "portfolio.reword", owner, one.id, style=BLUE),
            button("Take it out", "portfolio.remove", owner, one.id, style=RED),
            button("Back", "portfolio.change", owner),
        ],
    )


def reword_form(one: Entry, owner: UserId) -> discord.ui.Modal:
    """Return the form with an entry's text."""
    limit = BIO_LIMIT if one.kind in BIOS else WORDS_LIMIT
    fields = [Field("text", "In words that name nobody else", limit, long=True)]
    return shapes.form("Reword", "portfolio.reworded", owner, fields, one.id, filled={"text": one.text})


# Sentences and bios


def sentences(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Show what the course is about, with the sentences there are."""
    held = {entry.source: entry.text for entry in value.of(PortfolioKind.OUTCOME)}
    rows: list[Block] = []
    for outcome in value.outcomes:
        text = held.get(f"outcome:{outcome.id}")
        said = f"> {plain(cut(text, 200))}" if text else outcome.question
        label, style = ("Change", shapes.GREY) if text else ("Write", BLUE)
        made = button(label, "portfolio.write", owner, outcome.id, style=style)
        rows.append(section(f"**{outcome.title}**\n{said}", made))
    return card(
        "## What you take along\nOne sentence each is plenty; leave out what does not fit.", *rows, [_home(owner)]
    )


def sentence_form(value: Portfolio, outcome: LearningOutcome, owner: UserId) -> discord.ui.Modal:
    """Return the form for a sentence about an outcome."""
    text = next((one.text for one in value.entries if one.source == f"outcome:{outcome.id}"), None)
    hint = cut(outcome.question, 100)
    fields = [Field("text", "Your sentence; name nobody else", WORDS_LIMIT, long=True, hint=hint)]
    return shapes.form(cut(outcome.title, 45), "portfolio.written", owner, fields, outcome.id, filled={"text": text})


def bio(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Show the bios in the portfolio."""
    texts = {entry.kind: entry.text for entry in value.of(*BIOS)}
    rows = [
        section(
            f"**{BIO_LABELS[kind]}**\n{_quoted(cut(texts[kind], 800)) if kind in texts else 'None yet.'}",
            button("Change" if kind in texts else "Paste it", "portfolio.bio_form", owner, kind),
        )
        for kind in BIOS
    ]
    return card(
        "## How you introduce yourself\nA bio from the beginning beside one of now shows how far you came. I keep what "
        "you put in here, and nothing else that you have checked.",
        *rows,
        [_home(owner)],
    )


def bio_form(
    value: Portfolio | None, kind: PortfolioKind | None, owner: UserId, *, beside: bool = False
) -> discord.ui.Modal:
    """Return the form for a bio to keep; `kind`: as which; `beside`: the card it was asked from stays."""
    hint = "Paste it: the check did not keep it." if beside else "Kept in your portfolio until you take it out."
    held = {entry.kind: entry.text for entry in value.of(*BIOS)} if value else {}
    fields = [
        Field("text", "Your bio", BIO_LIMIT, long=True, hint=hint),
        Field("kind", "It is from", {BIOS[0]: "Before the course", BIOS[1]: "Now"}, open=True),
    ]
    args = ["check"] * beside
    filled = {"kind": kind, "text": held.get(kind) if kind else None}
    return shapes.form("A bio for my portfolio", "portfolio.bio_kept", owner, fields, *args, filled=filled)


def bio_kept(kind: PortfolioKind, owner: UserId) -> discord.ui.LayoutView:
    """Say that a bio is kept; beside the card of its check."""
    when = "from before" if kind is PortfolioKind.BIO_BEFORE else "of now"
    return card(
        f"It is in your portfolio as the bio {when}. `/portfolio` changes it or takes it out.",
        [button("My portfolio", "portfolio.home", owner)],
    )


# The page


def preview(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Show the page as it would be downloaded or shared."""
    if value.empty:
        return card("## Preview\nThe page shows nothing yet. Choose something first.", [_home(owner)])
    waiting = times(len(value.waiting), "text is", "texts are")
    return card(
        "## Preview",
        _page(value),
        f"-# {waiting} not on it: say first whether somebody else is named." if value.waiting else None,
        f"-# {_shared(value)}" if value.shared_at else None,
        [
            button("Download", "portfolio.download", owner, style=BLUE),
            button("Share again" if value.shared_at else "Share with my instructors", "portfolio.share", owner),
            button("Take it back", "portfolio.take_back", owner) if value.shared_at else None,
            button("Back", "portfolio.home", owner),
        ],
    )


def _page(value: Portfolio) -> str:
    """Return the page in words; where it is long, each text shortened so that every part is in sight."""
    whole = _lines(value, BIO_LIMIT)
    if len(whole) <= PREVIEW_ROOM:
        return whole
    texts = sum(len(part.items) for part in sections(value))
    shortened = _lines(value, max(SHORTEST, PREVIEW_ROOM // (2 * texts)))
    return f"{cut(shortened, PREVIEW_ROOM)}\n-# Shortened here; the download has all of it."


def _lines(value: Portfolio, limit: int) -> str:
    lines = [f"**{MAP_TITLE}**"]
    if value.start is not None:
        lines.append(f"After two weeks: {kinds_words(value.start.kinds)}")
    lines.append(f"Now: {kinds_words(value.now)}")
    if value.start is None and value.start_comes is not None:
        lines.append(f"-# From {day_text(value.start_comes)} on the page also shows how it was after two weeks.")
    for part in sections(value):
        lines.append(f"**{part.title}**")
        for heading, text in part.items:
            lines += [f"*{plain(heading)}*"] if heading else []
            lines.append(_quoted(cut(text, limit)))
    return "\n".join(lines)


def downloaded(owner: UserId) -> discord.ui.LayoutView:
    """Show the files to take along."""
    return card(
        "## Your portfolio as files\nSave them now: Discord takes this message away before long.",
        "To open in a browser, print or send:",
        discord.ui.File(f"attachment://{HTML_FILE}"),
        "For a website or notes of your own:",
        discord.ui.File(f"attachment://{MARKDOWN_FILE}"),
        [_home(owner)],
    )


def share(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Ask before instructors may read the page."""
    replaces = (
        f"It takes the place of the copy of {day_text(local_day(value.shared_at, value.zone))}."
        if (value.shared_at)
        else "They see nothing of it now."
    )
    return card(
        f"## Share this page?\nThe instructors of {plain(value.course)} can then read it as it is now, beside your "
        f"name. Later changes are not in it. {replaces}",
        f"{CAN_BE_SAVED} Each time somebody opens it, `/privacy seen` tells you.",
        [
            button("Share it", "portfolio.shared", owner, style=GREEN),
            button("Back", "portfolio.preview", owner),
        ],
    )


def shared(value: Portfolio, owner: UserId) -> discord.ui.LayoutView:
    """Say that the page is shared, or is not any more."""
    if value.shared_at is None:
        return card(
            "## Taken back\nYour instructors cannot open your portfolio here any more. A copy that somebody saved "
            "stays with them.",
            [_home(owner)],
        )
    return card(
        f"## Shared\n{_shared(value)}\n{CAN_BE_SAVED}",
        [button("Take it back", "portfolio.take_back", owner), _home(owner)],
    )


def opened(who: UserId, day: str) -> discord.ui.LayoutView:
    """Show an instructor the file of a portfolio."""
    return card(
        f"## Portfolio of <@{who}>\nAs it was on {day}. To open in a browser:",
        discord.ui.File(f"attachment://{HTML_FILE}"),
        "-# This look is recorded, and they find it under `/privacy seen`. Delete the file when you have read it.",
    )


def _home(owner: UserId) -> Button:
    return button("My portfolio", "portfolio.home", owner)
