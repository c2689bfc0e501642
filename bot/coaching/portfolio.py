"""The portfolio: one page about a term, made of what a member chose to keep, in the words it had then.

What was taken from elsewhere (lines, reflections, results) appears on the page only once the member has said that it
names and shows nobody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.coaching.bios import BIO_LIMIT
from bot.coaching.course_plan import LearningOutcome
from bot.coaching.goals import Benefit
from bot.coaching.ids import PortfolioEntryId
from bot.coaching.momentum import WEEK
from bot.coaching.network import Category
from bot.coaching.opportunities import OpportunityKind
from bot.coaching.texts import checked_text, folded, optional_text
from bot.coaching.weeks import first_monday, monday_of

WORDS_LIMIT = 400
"""Most characters of an entry that is not a bio."""
MOST_OFFERED = 25
"""How many entries of a kind may be ticked: as many as one of Discord's menus holds."""
START_WEEKS = 2
"""Full weeks after which the map of a network is kept to compare with."""


class PortfolioKind(StrEnum):
    """What an entry of a portfolio is."""

    LINE = "line"
    REFLECTION = "reflection"
    RESULT = "result"
    OUTCOME = "outcome"
    BIO_BEFORE = "bio_before"
    BIO_AFTER = "bio_after"


TICKED = (PortfolioKind.LINE, PortfolioKind.REFLECTION, PortfolioKind.RESULT)
"""Kinds that are taken from elsewhere by ticking them."""
BIOS = (PortfolioKind.BIO_BEFORE, PortfolioKind.BIO_AFTER)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a member chose.

    Attributes:
        source: What it was taken from, such as "week:12" or "outcome:connect".
        names_nobody: The member said that it names and shows nobody else; until then it is not on the page.
    """

    id: PortfolioEntryId
    kind: PortfolioKind
    source: str
    text: str
    names_nobody: bool
    added_on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be ticked.

    Attributes:
        asks: Whether the member is asked if it names somebody; not where the words are ours alone.
    """

    kind: PortfolioKind
    source: str
    text: str
    asks: bool = True


@dataclass(frozen=True, slots=True)
class NetworkStart:
    """The kinds of people in a network after a member's first two weeks."""

    on: date
    kinds: frozenset[Category]


class NextStep(StrEnum):
    """What to do next about a portfolio."""

    ANSWER = "answer"
    CHOOSE = "choose"
    SENTENCES = "sentences"
    BIO = "bio"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A member's portfolio, and what else may go into it.

    Attributes:
        term: The first and the last day of the course.
        headings: What entries stand under on the page, by their source.
        start: None until two full weeks are over.
        start_comes: The day on which it is kept, while that is ahead.
        nicknames: The people in the network, to hint at one in a text.
        closed: The course is over: the page is readable and changes no more.
    """

    course: str
    term: tuple[date, date]
    today: date
    entries: tuple[Entry, ...] = ()
    offers: tuple[Offer, ...] = ()
    outcomes: tuple[LearningOutcome, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict[str, str])
    start: NetworkStart | None = None
    start_comes: date | None = None
    now: frozenset[Category] = frozenset()
    nicknames: tuple[str, ...] = ()
    shared_at: datetime | None = None
    zone: str = "UTC"
    closed: bool = False

    @property
    def waiting(self) -> list[Entry]:
        """Return the entries that nobody has said of whether they name somebody."""
        return [entry for entry in self.entries if not entry.names_nobody]

    def of(self, *kinds: PortfolioKind) -> list[Entry]:
        """Return the entries of some kinds."""
        return [entry for entry in self.entries if entry.kind in kinds]

    def offered(self, kind: PortfolioKind) -> list[Offer]:
        """Return what of a kind may be ticked, the newest that fit into a menu."""
        return [offer for offer in self.offers if offer.kind is kind][-MOST_OFFERED:]

    def entry(self, entry_id: PortfolioEntryId) -> Entry | None:
        """Return an entry by its number."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def names_in(self, text: str) -> list[str]:
        """Return the nicknames of the member's network that a text holds."""
        words = _words(text)
        return [name for name in self.nicknames if _words(name) in words]

    @property
    def empty(self) -> bool:
        """Whether the page would show nothing."""
        return not (self.now or self.start or any(entry.names_nobody for entry in self.entries))

    @property
    def next(self) -> NextStep:
        """Return what to do next: answer what waits, then choose, write, add a bio, look at the page."""
        if self.waiting:
            return NextStep.ANSWER
        if self.offers and not self.of(*TICKED):
            return NextStep.CHOOSE
        if self.outcomes and not self.of(PortfolioKind.OUTCOME):
            return NextStep.SENTENCES
        return NextStep.PREVIEW if self.of(*BIOS) else NextStep.BIO


def _words(text: str) -> str:
    """Return the words of a text with a space around each, to find one text in another."""
    letters = (letter if letter.isalnum() else " " for letter in folded(text))
    return f" {' '.join(''.join(letters).split())} "


def start_comes(joined_on: date, term_starts: date) -> date:
    """Return the Monday after a member's second full week in the course, when the map of their network is kept."""
    since = max(joined_on, first_monday(term_starts))
    return monday_of(since + timedelta(days=6)) + START_WEEKS * WEEK


def joined_until(monday: date, term_starts: date) -> date | None:
    """Return the last day of joining of those whose second full week is over on a Monday; None: nobody's is."""
    if monday < first_monday(term_starts) + START_WEEKS * WEEK:
        return None
    return monday - START_WEEKS * WEEK


def checked_entry(kind: PortfolioKind, text: str) -> str:
    """Return a text that may be kept; a bio keeps its lines. Raises TextMissing or TextTooLong."""
    if kind not in BIOS:
        return checked_text("Your text", text, WORDS_LIMIT)
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    whole = "\n".join(lines)
    checked_text("Your bio", whole, BIO_LIMIT)
    return "\n".join(optional_text("Your bio", line, BIO_LIMIT) or "" for line in lines)


def goal_result(title: str, did: int, wanted: int, benefit: Benefit | None) -> str:
    """Return what came of a goal in words."""
    brought = f" It brought {BENEFITS[benefit]} most of all." if benefit else ""
    return f"Goal: {title.rstrip('.')}. {did} done, {wanted} planned.{brought}"


BENEFITS = {
    Benefit.LEARNING: "something learned",
    Benefit.NETWORKING: "people to know",
    Benefit.VISIBILITY: "eyes on my work",
    Benefit.REPUTATION: "somebody who relies on what I give",
}
OPENINGS = {
    OpportunityKind.JOB: "A job came to a yes.",
    OpportunityKind.INTERNSHIP: "An internship came to a yes.",
    OpportunityKind.EVENT: "An event came to a yes.",
    OpportunityKind.PROJECT: "A project came to a yes.",
    OpportunityKind.OTHER: "An opening came to a yes.",
}


# The page


@dataclass(frozen=True, slots=True)
class PageSection:
    """A part of the page: texts, each maybe under a heading of its own."""

    title: str
    items: tuple[tuple[str | None, str], ...]


def sections(value: Portfolio) -> list[PageSection]:
    """Return the parts of the page that hold something, without what still waits for an answer."""
    shown = [entry for entry in value.entries if entry.names_nobody]
    headings = value.headings
    bios = {PortfolioKind.BIO_BEFORE: "Before", PortfolioKind.BIO_AFTER: "Now"}
    parts = [
        PageSection("What I take along", _items(shown, PortfolioKind.OUTCOME, headings)),
        PageSection("What came of it", _items(shown, PortfolioKind.RESULT, headings)),
        PageSection("Week by week", _items(shown, PortfolioKind.LINE, headings)),
        PageSection("Looking back", _items(shown, PortfolioKind.REFLECTION, headings)),
        PageSection(
            "How I introduce myself",
            tuple((bios[kind], one.text) for kind in BIOS for one in shown if one.kind is kind),
        ),
    ]
    return [part for part in parts if part.items]


def _items(
    shown: Sequence[Entry], kind: PortfolioKind, headings: Mapping[str, str]
) -> tuple[tuple[str | None, str], ...]:
    """Return the entries of a kind with their headings, in the order of those."""
    order = {source: number for number, source in enumerate(headings)}
    of_kind = sorted((one for one in shown if one.kind is kind), key=lambda one: order.get(one.source, len(order)))
    return tuple((headings.get(one.source), one.text) for one in of_kind)
