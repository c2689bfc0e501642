"""What a member may know and take along: what is kept of them, what instructors see, what they share, their export.

Each of these is for anyone, whatever server or course it is asked in, because what somebody gave stays theirs when the
course has closed, when they left, and in the bot's direct messages. That is safe for one reason, which holds for every
method here: nothing is read but the rows of the caller's own account, whose number Discord vouches for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Access, Audience, Caller, Cohort, SharedItem, require_audience
from bot.coaching.course_plan import StepState
from bot.coaching.data_export import (
    CourseData,
    DataExport,
    DataKind,
    Labels,
    VisibleToStaff,
    as_json,
    as_markdown,
)
from bot.coaching.errors import OldCard
from bot.coaching.footprint import musts_of_all
from bot.coaching.ids import CohortId, EnrolmentId
from bot.coaching.nudges import Recipient
from bot.coaching.register import RegisterRow, is_visible, row_words
from bot.coaching.weeks import DAY_NAMES, local_day
from bot.services.followups import FollowUp, calendar_of, follow_ups
from prompts import Content
from storage import (
    access_log,
    course_plan,
    feedback,
    inventory,
    members,
    messages,
    portfolio,
    register,
    shares,
    student_numbers,
)
from storage import goals as goal_store
from storage.access_log import AccessLogEntry
from storage.database import Database, Tx
from storage.inventory import Place
from storage.messages import InstructorMessage

ENTRIES_SHOWN = 15
"""How many entries of the access log a card shows; the export has every one."""
ENTRIES_READ = 500
"""How many of the newest are read for them."""
MESSAGES_SHOWN = 3
NOTHING_SEEN = "Nothing about you by name: this course is closed, and instructors see nothing of it any more."
COUNTS_ONLY = "Nothing about you by name, apart from what you share or hand in: this course has no register."
ROW_SEEN = "This row, word for word, and what you share:"
ACCESS_WORDS = {
    Access.MEMBER: "what they may see of one member",
    Access.CHECKIN: "the list of whom to greet",
    Access.REGISTER: "the register",
    Access.EXPORT: "the register as a file, without names",
    Access.NAMED_EXPORT: "the register as a file, with names",
    Access.HAND_INS: "lines handed in",
    Access.GRADEBOOK: "weekly steps, for a gradebook file",
    Access.PORTFOLIO: "the portfolio they share",
}
"""What an instructor saw, as the export calls it."""


@dataclass(frozen=True, slots=True)
class Mine:
    """Where the caller is or was a member, and which of these places a card is about."""

    place: Place
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows of each kind are kept of the caller: in one course (`mine` None: in none), and of the account."""

    mine: Mine | None
    here: tuple[tuple[DataKind, int], ...]
    account: tuple[tuple[DataKind, int], ...]

    @property
    def known(self) -> bool:
        """Whether anything is kept."""
        return self.mine is not None or any(count for _, count in self.account)


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the caller shares in a course, and since when.

    Attributes:
        greeting_since: When they asked an instructor to greet them.
        has_goal: There is a goal to see; `has_reflection` likewise.
        portfolio_since: When they shared the copy of their portfolio.
    """

    mine: Mine
    shared: Mapping[SharedItem, datetime]
    greeting_since: datetime | None
    has_goal: bool
    has_reflection: bool
    portfolio_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenByStaff:
    """What instructors can see of the caller in a course by name, and who looked.

    Attributes:
        row: The caller's row in the register, None if the course has none.
        visible: Instructors see it already.
        accesses: The newest first, each with how often it was that day.
        more_accesses: There are older ones.
        messages: What instructors wrote to them and to others, the newest first.
        number: Their student number, if they gave it.
        lines: The weeks, by number, for which they handed in a line.
    """

    sharing: Sharing
    row: RegisterRow | None
    visible: bool
    accesses: tuple[tuple[AccessLogEntry, int], ...]
    more_accesses: bool
    messages: tuple[InstructorMessage, ...] = ()
    number: str | None = None
    lines: tuple[int, ...] = ()


class RightsService:
    """What `/privacy` shows and exports."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def stored(self, caller: Caller, chosen: EnrolmentId | None) -> Stored:
        """Return what is kept of the caller; `chosen` None: in the course that is meant here. Raises OldCard."""

        def work(tx: Tx) -> Stored:
            mine = _mine(tx, caller, chosen)
            here = () if mine is None else tuple(inventory.counts_in(tx, mine.place))
            return Stored(mine, here, tuple(inventory.counts_of_account(tx, caller.user_id)))

        return await self._database.read(work)

    async def seen(
        self, caller: Caller, chosen: EnrolmentId | None, now: datetime, *, course: CohortId | None = None
    ) -> SeenByStaff | None:
        """Return what instructors can see of the caller, and who looked; None without a course. Raises OldCard.

        With neither `chosen` nor a `course`: in the course that is meant here.
        """

        def work(tx: Tx) -> SeenByStaff | None:
            here = None if course is None else members.find(tx, course, caller.user_id)
            mine = _mine(tx, caller, chosen if here is None else here.id)
            if mine is None:
                return None
            to = Recipient(mine.place.cohort.id, caller.user_id)
            entries = access_log.of(tx, mine.place.enrolment.id, ENTRIES_READ + 1)
            days = by_day(entries[:ENTRIES_READ], mine.place.enrolment.wish.zone)
            row = self._row(tx, mine.place, now)
            return SeenByStaff(
                _sharing(tx, mine),
                row,
                visible=row is not None and is_visible(row, now),
                accesses=tuple(days[:ENTRIES_SHOWN]),
                more_accesses=len(entries) > ENTRIES_READ or len(days) > ENTRIES_SHOWN,
                messages=tuple(messages.received(tx, to)[:MESSAGES_SHOWN]),
                number=student_numbers.get(tx, mine.place.enrolment.id),
                lines=_lines(tx, mine.place),
            )

        return await self._database.read(work)

    async def sharing(self, caller: Caller, chosen: EnrolmentId | None) -> Sharing | None:
        """Return what the caller shares; None without a course. Raises OldCard."""

        def work(tx: Tx) -> Sharing | None:
            mine = _mine(tx, caller, chosen)
            return None if mine is None else _sharing(tx, mine)

        return await self._database.read(work)

    async def share(
        self, caller: Caller, enrolment_id: EnrolmentId, item: SharedItem, now: datetime, *, on: bool
    ) -> Sharing:
        """Let the instructors of one of the caller's courses see something, or no longer; harmless when repeated.

        Raises OldCard for a place that is not the caller's, or to begin sharing in a course that has closed.
        """

        def work(tx: Tx) -> Sharing:
            mine = _to_change(tx, caller, enrolment_id, on=on)
            if on:
                shares.share(tx, enrolment_id, item, now)
            else:
                shares.unshare(tx, enrolment_id, item)
            return _sharing(tx, mine)

        return await self._database.transact(work)

    async def greet_me(self, caller: Caller, enrolment_id: EnrolmentId, now: datetime, *, on: bool) -> Sharing:
        """Ask the instructors of one of the caller's courses to get in touch, or take that back; as `share` does.

        It is the same wish as the one in `/feedback`.
        """

        def work(tx: Tx) -> Sharing:
            mine = _to_change(tx, caller, enrolment_id, on=on)
            if on:
                feedback.ask_contact(tx, enrolment_id, now)
            else:
                feedback.greeted(tx, mine.place.cohort.id, enrolment_id)
            return _sharing(tx, mine)

        return await self._database.transact(work)

    async def take_portfolio_back(self, caller: Caller, enrolment_id: EnrolmentId) -> Sharing:
        """End sharing the portfolio in one of the caller's courses; harmless when repeated. Raises OldCard."""

        def work(tx: Tx) -> Sharing:
            mine = _to_change(tx, caller, enrolment_id, on=False)
            portfolio.take_back(tx, enrolment_id)
            return _sharing(tx, mine)

        return await self._database.transact(work)

    async def zone(self, caller: Caller) -> str:
        """Return the time zone of the caller's notes in the course that is meant here; UTC without a course."""

        def work(tx: Tx) -> str:
            mine = _mine(tx, caller, None)
            return "UTC" if mine is None else mine.place.enrolment.wish.zone

        return await self._database.read(work)

    async def export(self, caller: Caller, now: datetime) -> DataExport | None:
        """Return all that is kept of the caller, in all courses; None when nothing is."""
        require_audience(caller, Audience.ANYONE)

        def work(tx: Tx) -> tuple[str, str, list[FollowUp]] | None:
            places = inventory.places(tx, caller.user_id)
            account = inventory.rows_of_account(tx, caller.user_id)
            if not places and not any(rows for _, rows in account):
                return None
            courses = [self._course(tx, place, now) for place in places]
            days = [
                day
                for place in places
                for day in follow_ups(tx, place.enrolment.id, self._content, local_day(now, place.enrolment.wish.zone))
            ]
            return as_markdown(now, account, courses, self._labels()), as_json(now, account, courses), days

        made = await self._database.read(work)
        if made is None:
            return None
        markdown, json, days = made
        return DataExport(markdown, json, await calendar_of(self._database, days, now), len(days))

    def _course(self, tx: Tx, place: Place, now: datetime) -> CourseData:
        cohort = place.cohort
        return CourseData(
            cohort.name,
            f"{cohort.starts_on} to {cohort.ends_on}",
            place.enrolment.wish.zone,
            cohort.closed_at is not None,
            _visible(cohort, self._row(tx, place, now), now),
            inventory.rows_in(tx, place),
        )

    def _row(self, tx: Tx, place: Place, now: datetime) -> RegisterRow | None:
        """Return the row that instructors see of a member, or will; None where the course has no register."""
        cohort = place.cohort
        if not cohort.register or cohort.closed_at is not None:
            return None
        musts = musts_of_all(self._content.checklist, cohort.track)
        return next(iter(register.rows(tx, cohort, musts, now, [place.enrolment.id], hidden_too=True)), None)

    def _labels(self) -> Labels:
        """Words for ids of the content, by table and column."""
        content, vocabulary = self._content, self._content.vocabulary
        items = {item.id: item.title for item in content.checklist.items}
        types = {goal_type.id: goal_type.label for goal_type in vocabulary.types.values()}
        obstacles = {str(obstacle): words.label for obstacle, words in vocabulary.obstacles.items()}
        hours = {str(hour): f"{hour:02d}:00" for hour in range(25)}
        accesses = {str(access): words for access, words in ACCESS_WORDS.items()}
        return {
            ("enrolment", "nudge_day"): {str(day): name for day, name in enumerate(DAY_NAMES)},
            **{("enrolment", hour): hours for hour in ("nudge_hour", "quiet_start", "quiet_end")},
            ("nudge", "rule"): {rule.id: rule.situation.replace("_", " ") for rule in content.rules.values()},
            **dict.fromkeys(
                [("nudge", "subject"), ("checklist_answer", "item_id"), ("checklist_history", "item_id")], items
            ),
            **dict.fromkeys([("access_log", "what"), ("register_access", "what")], accesses),
            **dict.fromkeys([("goal", "type"), ("goal_draft", "type")], types),
            **dict.fromkeys([("goal", "obstacle"), ("goal_draft", "obstacle")], obstacles),
            ("action", "kind"): {kind.id: kind.label for kind in vocabulary.kinds.values()},
            ("contact", "category"): {str(category): label for category, label in content.network.categories.items()},
        }


def _lines(tx: Tx, place: Place) -> tuple[int, ...]:
    steps = course_plan.steps(tx, place.cohort.id, place.enrolment.id)
    handed_in = [one for one in steps if one.state is StepState.DONE and one.line]
    return tuple(place.cohort.week_number(one.week.week) for one in handed_in)


def by_day(entries: Sequence[AccessLogEntry], zone: str) -> list[tuple[AccessLogEntry, int]]:
    """Group entries, the newest first, by day, instructor and what they saw; each with how many there were.

    Entries of erased instructors are not grouped: nobody knows whether they were the same one.
    """
    groups: dict[tuple[object, ...], list[AccessLogEntry]] = {}
    for number, entry in enumerate(entries):
        key = (number,) if entry.by is None else (local_day(entry.at, zone), entry.by, entry.what)
        groups.setdefault(key, []).append(entry)
    return [(group[0], len(group)) for group in groups.values()]


def _mine(tx: Tx, caller: Caller, chosen: EnrolmentId | None) -> Mine | None:
    """Return the caller's places and which of them is meant: the chosen one, this server's, or the newest open one."""
    require_audience(caller, Audience.ANYONE)
    places = tuple(inventory.places(tx, caller.user_id))
    if chosen is not None:
        for place in places:
            if place.enrolment.id == chosen:
                return Mine(place, places)
        raise OldCard
    if not places:
        return None
    if caller.guild_id is not None:
        here = [place for place in places if place.cohort.guild_id == caller.guild_id]
    else:
        in_messages = members.account(tx, caller.user_id).chosen_cohort_id
        here = [place for place in places if place.cohort.id == in_messages]
    return Mine([*here, *places][0], places)


def _to_change(tx: Tx, caller: Caller, enrolment_id: EnrolmentId, *, on: bool) -> Mine:
    mine = _mine(tx, caller, enrolment_id)
    if mine is None or (on and mine.place.cohort.closed_at is not None):
        raise OldCard
    return mine


def _sharing(tx: Tx, mine: Mine) -> Sharing:
    one = mine.place.enrolment.id
    reflected = any(goal.reflection for goal in goal_store.ended(tx, one, 1, mine.place.enrolment.wish.zone))
    running = goal_store.running(tx, one)
    return Sharing(
        mine,
        shares.of(tx, one),
        feedback.asked_at(tx, one),
        bool(running),
        reflected or any(goal.reflection for goal in running),
        portfolio.shared_at(tx, one),
    )


def row_later(row: RegisterRow, zone: str) -> str:
    """Say that a member's row is not shown yet, and when it will be."""
    when = "seven days after I have told you"
    if row.visible_at is not None:
        day = local_day(row.visible_at, zone)
        when = f"from {day.day} {day:%B %Y} on"
    return (
        "Nothing about you by name at the moment, apart from what you share. This course has switched its register on, "
        f"and your row is shown {when}. It reads:"
    )


def _visible(cohort: Cohort, row: RegisterRow | None, now: datetime) -> VisibleToStaff:
    if cohort.closed_at is not None:
        return VisibleToStaff(NOTHING_SEEN)
    if row is None:
        return VisibleToStaff(COUNTS_ONLY)
    return VisibleToStaff(ROW_SEEN if is_visible(row, now) else row_later(row, cohort.zone), row_words(row))
