"""The portfolio: what a member chooses, writes and shares, and what instructors open of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Access, Audience, Caller, Cohort, Membership
from bot.coaching.errors import EntryGone, NothingToShare, OldCard, PortfolioNotShared
from bot.coaching.goals import Benefit
from bot.coaching.ids import PortfolioEntryId, UserId
from bot.coaching.opportunities import OpportunityKind
from bot.coaching.portfolio import (
    OPENINGS,
    Entry,
    Offer,
    Portfolio,
    PortfolioKind,
    checked_entry,
    goal_result,
    joined_until,
    start_comes,
)
from bot.coaching.portfolio_page import as_html, as_markdown
from bot.coaching.weeks import local_day, moment, monday_of
from bot.services.membership import as_reader, for_member, open_course
from prompts import Content
from storage import access_log, members, portfolio
from storage.database import Database, Tx
from storage.portfolio import Material, SharedPage
from storage.statements import RowValues


@dataclass(frozen=True, slots=True)
class PortfolioFiles:
    """The page to take along."""

    html: str
    markdown: str


class PortfolioService:
    """What `/portfolio` does, and what the button in `/cohort member` opens."""

    def __init__(self, database: Database, content: Content) -> None:
        self.database = database
        self._content = content

    async def show(self, caller: Caller, now: datetime) -> Portfolio:
        """Return the caller's portfolio, that of a closed course where they are in no open one."""
        return await as_reader(self.database, caller, now, lambda tx, places: self._load(tx, places[0], now))

    async def files(self, caller: Caller, now: datetime) -> PortfolioFiles:
        """Return the page as files; raises NothingToShare while there is nothing on it."""

        def work(tx: Tx, places: Sequence[Membership]) -> PortfolioFiles:
            value = self._load(tx, places[0], now)
            if value.empty:
                raise NothingToShare
            return PortfolioFiles(as_html(value), as_markdown(value))

        return await as_reader(self.database, caller, now, work)

    @for_member
    def choose(
        self, tx: Tx, member: Membership, kind: PortfolioKind, sources: Sequence[str], now: datetime
    ) -> Portfolio:
        """Take in what of a kind was ticked, and take out what was offered and is not ticked any more.

        What is in already stays in its own words.
        """
        value = self._load(tx, member, now)
        # An opening with its title replaces the same without.
        wished = [one for one in sources if one.replace("opening:", "title:") not in sources or "opening:" not in one]
        offered = {offer.source: offer for offer in value.offered(kind)}
        held = {entry.source: entry for entry in value.of(kind)}
        portfolio.remove(
            tx, member.id, [entry.id for source, entry in held.items() if source in offered and source not in wished]
        )
        for source in wished:
            if source in offered and source not in held:
                offer = offered[source]
                portfolio.put(tx, member.id, _entry(kind, source, offer.text, value.today, names_nobody=not offer.asks))
        return self._load(tx, member, now)

    @for_member
    def names_nobody(self, tx: Tx, member: Membership, entry_id: PortfolioEntryId, now: datetime) -> Portfolio:
        """Record that an entry names and shows nobody else; raises EntryGone."""
        if not portfolio.confirm(tx, member.id, entry_id):
            raise EntryGone
        return self._load(tx, member, now)

    @for_member
    def reword(self, tx: Tx, member: Membership, entry_id: PortfolioEntryId, text: str, now: datetime) -> Portfolio:
        """Give an entry other words, which name nobody; raises EntryGone, TextMissing or TextTooLong."""
        entry = self._load(tx, member, now).entry(entry_id)
        if entry is None or not portfolio.confirm(tx, member.id, entry_id, checked_entry(entry.kind, text)):
            raise EntryGone
        return self._load(tx, member, now)

    @for_member
    def remove(self, tx: Tx, member: Membership, entry_id: PortfolioEntryId, now: datetime) -> Portfolio:
        """Take an entry out; harmless when it is gone."""
        portfolio.remove(tx, member.id, [entry_id])
        return self._load(tx, member, now)

    @for_member
    def write(self, tx: Tx, member: Membership, outcome_id: str, text: str, now: datetime) -> Portfolio:
        """Keep a sentence about an outcome in place of an earlier one; raises OldCard, TextMissing or TextTooLong."""
        if outcome_id not in {outcome.id for outcome in self._content.outcomes}:
            raise OldCard
        kind, source = PortfolioKind.OUTCOME, f"outcome:{outcome_id}"
        portfolio.put(tx, member.id, _entry(kind, source, checked_entry(kind, text), member.today(now)))
        return self._load(tx, member, now)

    @for_member
    def keep_bio(self, tx: Tx, member: Membership, kind: PortfolioKind, text: str, now: datetime) -> Portfolio:
        """Keep a bio as the one before or the one now, in place of an earlier one; raises TextMissing, TextTooLong."""
        portfolio.put(tx, member.id, _entry(kind, "bio", checked_entry(kind, text), member.today(now)))
        return self._load(tx, member, now)

    @for_member
    def share(self, tx: Tx, member: Membership, now: datetime) -> Portfolio:
        """Let instructors read the page as it is now, in place of an earlier copy; raises NothingToShare."""
        value = self._load(tx, member, now)
        if value.empty:
            raise NothingToShare
        portfolio.share(tx, member.id, as_html(value), now)
        return self._load(tx, member, now)

    @for_member
    def take_back(self, tx: Tx, member: Membership, now: datetime) -> Portfolio:
        """End sharing; harmless when nothing is shared."""
        portfolio.take_back(tx, member.id)
        return self._load(tx, member, now)

    async def read(self, caller: Caller, user_id: UserId, now: datetime) -> tuple[Cohort, SharedPage]:
        """Return the page that a member shares with the caller, and record the look.

        Raises PortfolioNotShared, NoCourse or InstructorOnly.
        """

        def work(tx: Tx) -> tuple[Cohort, SharedPage]:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            enrolment = members.find(tx, cohort.id, user_id)
            shared = enrolment and portfolio.shared_page(tx, enrolment.id)
            if enrolment is None or shared is None:
                raise PortfolioNotShared
            access_log.add(tx, [enrolment.id], caller.user_id, Access.PORTFOLIO, now)
            return cohort, shared

        return await self.database.transact(work)

    def _load(self, tx: Tx, member: Membership, now: datetime) -> Portfolio:
        cohort, found = member.cohort, portfolio.material(tx, member.cohort.id, member.id)
        comes = start_comes(local_day(member.enrolment.joined_at, cohort.zone), cohort.starts_on)
        return Portfolio(
            course=cohort.name,
            term=(cohort.starts_on, cohort.ends_on),
            today=member.today(now),
            entries=found.entries,
            offers=tuple(self._offers(found)),
            outcomes=tuple(self._content.outcomes),
            headings=self._headings(cohort, found),
            start=found.start,
            start_comes=comes if found.start is None and comes >= member.today(now) else None,
            now=found.now,
            nicknames=found.nicknames,
            shared_at=found.shared_at,
            zone=member.enrolment.wish.zone,
            closed=cohort.closed_at is not None,
        )

    def _headings(self, cohort: Cohort, found: Material) -> dict[str, str]:
        weeks = {f"week:{row['id']}": f"Week {cohort.week_number(row['week'])}: {row['theme']}" for row in found.weeks}
        return weeks | {f"outcome:{outcome.id}": outcome.title for outcome in self._content.outcomes}

    def _offers(self, found: Material) -> Iterator[Offer]:
        for row in found.weeks:
            if row["line"]:
                yield Offer(PortfolioKind.LINE, f"week:{row['id']}", row["line"])
        for row in found.goals:
            if row["reflection"]:
                yield Offer(PortfolioKind.REFLECTION, f"goal:{row['id']}", row["reflection"])
        for row in found.goals:
            did = self._counted(found, row)
            if did or row["benefit"]:
                wanted = row["target"] * max(1, row["weeks"] // row["every_weeks"])
                benefit = row["benefit"] and Benefit(row["benefit"])
                yield Offer(PortfolioKind.RESULT, f"goal:{row['id']}", goal_result(row["title"], did, wanted, benefit))
        for row in found.openings:
            words = OPENINGS[OpportunityKind(row["kind"])]
            yield Offer(PortfolioKind.RESULT, f"opening:{row['id']}", words, asks=False)
            titled = f"{words.rstrip('.')}: {row['title']}."
            yield Offer(PortfolioKind.RESULT, f"title:{row['id']}", titled)

    def _counted(self, found: Material, goal: RowValues) -> int:
        goal_type = self._content.vocabulary.types.get(goal["type"])
        kinds = goal_type.counted_actions if goal_type else ()
        return sum(count for kind, count in found.counts.get(goal["id"], {}).items() if kind in kinds)


def _entry(kind: PortfolioKind, source: str, text: str, day: date, *, names_nobody: bool = True) -> Entry:
    return Entry(PortfolioEntryId(0), kind, source, text, names_nobody, day)


def keep_network_starts(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Keep the first map of the network of members whose second full week is over; done each Monday."""
    monday = monday_of(local_day(now, cohort.zone))
    last = joined_until(monday, cohort.starts_on)
    if last is not None:
        portfolio.keep_starts(tx, cohort.id, moment(last + timedelta(days=1), 0, cohort.zone), monday)
