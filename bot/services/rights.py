"""What a member may know and take along: what is kept of them, what instructors see, what they share, their parcel.

Each of these is for anyone, whatever server or course it is asked in, because what somebody gave stays theirs when the
course has closed, when they left, and in the bot's direct messages. That is safe for one reason, which holds for every
method here: nothing is read but the rows of the caller's own account, whose number Discord vouches for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.cohort import Audience, Caller, Cohort, Look, SharedItem
from bot.coaching.errors import OldCard
from bot.coaching.footprint import musts_of_all
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from bot.coaching.nudges import Recipient
from bot.coaching.parcel import CourseParcel, KeptKind, Labels, Parcel, Seen, as_json, as_markdown
from bot.coaching.register import RegisterRow, is_visible, row_words
from bot.coaching.weeks import DAY_NAMES, local_day
from bot.services.followups import as_calendar, follow_ups
from bot.services.seats import declared
from prompts import Content
from storage import feedback, looks, members, messages, register, shares, stored, student_numbers
from storage import goals as goal_store
from storage.database import Database, Tx
from storage.looks import StaffLook
from storage.messages import InstructorMessage
from storage.stored import Place

LOOKS_SHOWN = 15
"""How many entries about looks of instructors a card shows; the parcel has every look."""
MESSAGES_SHOWN = 3
LOOKS_READ = 500
"""How many looks are read for them, the newest ones."""
NOTHING_SEEN = "Nothing about you by name: this course is closed, and instructors see nothing of it any more."
COUNTS_ONLY = "Nothing about you by name, apart from what you share: this course has no register."
LOOKS = {
    Look.MEMBER: "what they may see of one member",
    Look.CHECKIN: "the list of whom to greet",
    Look.REGISTER: "the register",
    Look.EXPORT: "the register as a file, without names",
    Look.NAMED_EXPORT: "the register as a file, with names",
}
"""What a look was at, as the parcel calls it."""
LOOK_TABLES = ("staff_look", "register_look")
ROW_SEEN = "This row, word for word, and what you share:"


@dataclass(frozen=True, slots=True)
class Mine:
    """Where the caller is or was a member, and which of these places a card is about."""

    place: Place
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows of each kind are kept of the caller, in one course and beside all courses; `mine` None: no course.

    `known`: anything at all is kept.
    """

    mine: Mine | None
    here: tuple[tuple[KeptKind, int], ...]
    account: tuple[tuple[KeptKind, int], ...]

    @property
    def known(self) -> bool:
        """Return whether anything is kept."""
        return self.mine is not None or any(count for _, count in self.account)


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the caller shares in a course, and since when; `has_goal` and `has_reflection`: there is something to see.

    `greeting_since`: since when they wait for an instructor to greet them.
    """

    mine: Mine
    shared: Mapping[SharedItem, datetime]
    greeting_since: datetime | None
    has_goal: bool
    has_reflection: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """That an instructor saw the same of a member so many times on a day, the last time at `at`; `by` None: erased."""

    by: UserId | None
    what: Look
    at: datetime
    count: int = 1


@dataclass(frozen=True, slots=True)
class SeenByStaff:
    """What instructors can see of the caller in a course by name, and who looked.

    Attributes:
        row: The caller's row in the register, None if the course has none.
        visible: Instructors see it already.
        looks: The newest first; `more_looks`: there are older ones.
        messages: What instructors wrote to them and to others, the newest first.
        number: Their student number, if they gave it.
    """

    sharing: Sharing
    row: RegisterRow | None
    visible: bool
    looks: tuple[Looked, ...]
    more_looks: bool
    messages: tuple[InstructorMessage, ...] = ()
    number: str | None = None


class RightsService:
    """What `/privacy` shows and takes along."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def stored(self, caller: Caller, chosen: EnrolmentId | None) -> Stored:
        """Return what is kept of the caller; `chosen` None: in the course that is meant here. Raises OldCard."""

        def work(tx: Tx) -> Stored:
            mine = _mine(tx, caller, chosen)
            here = () if mine is None else tuple(stored.counts_in(tx, mine.place))
            return Stored(mine, here, tuple(stored.counts_of_account(tx, caller.user_id)))

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
            found = looks.of(tx, mine.place.enrolment.id, LOOKS_READ + 1)
            days = by_day(found[:LOOKS_READ], mine.place.enrolment.wish.zone)
            more = len(found) > LOOKS_READ or len(days) > LOOKS_SHOWN
            row = self._row(tx, mine.place, now)
            visible = row is not None and is_visible(row, now)
            got = tuple(messages.received(tx, to)[:MESSAGES_SHOWN])
            number = student_numbers.get(tx, mine.place.enrolment.id)
            return SeenByStaff(_sharing(tx, mine), row, visible, tuple(days[:LOOKS_SHOWN]), more, got, number)

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

    async def zone(self, caller: Caller) -> str:
        """Return the time zone of the caller's notes in the course that is meant here; UTC without a course."""

        def work(tx: Tx) -> str:
            mine = _mine(tx, caller, None)
            return "UTC" if mine is None else mine.place.enrolment.wish.zone

        return await self._database.read(work)

    async def parcel(self, caller: Caller, now: datetime) -> Parcel | None:
        """Return all that is kept of the caller, in all courses; None when nothing is."""
        declared(caller, Audience.ANYONE)

        def work(tx: Tx) -> Parcel | None:
            places = stored.places(tx, caller.user_id)
            account = stored.kept_of_account(tx, caller.user_id)
            if not places and not any(one.rows for one in account):
                return None
            courses = [self._course(tx, one, now) for one in places]
            days = [
                found
                for one in places
                for found in follow_ups(tx, one.enrolment.id, self._content, local_day(now, one.enrolment.wish.zone))
            ]
            return Parcel(
                as_markdown(now, account, courses, self._labels()),
                as_json(now, account, courses),
                as_calendar(days, now),
            )

        return await self._database.read(work)

    def _course(self, tx: Tx, place: Place, now: datetime) -> CourseParcel:
        cohort = place.cohort
        return CourseParcel(
            cohort.name,
            f"{cohort.starts_on} to {cohort.ends_on}",
            place.enrolment.wish.zone,
            cohort.closed_at is not None,
            _seen(cohort, self._row(tx, place, now), now),
            tuple(stored.kept_in(tx, place)),
        )

    def _row(self, tx: Tx, place: Place, now: datetime) -> RegisterRow | None:
        """Return the row that instructors see of a member, or will; None where the course has no register."""
        cohort = place.cohort
        if not cohort.register or cohort.closed_at is not None:
            return None
        musts = musts_of_all(self._content.checklist, cohort.track)
        return next(iter(register.rows(tx, cohort, musts, now, [place.enrolment.id], hidden_too=True)), None)

    def _labels(self) -> Labels:
        """Return the words for ids, by table and column."""
        items = {item.id: item.title for item in self._content.checklist.items}
        types = {one.id: one.label for one in self._content.vocabulary.types.values()}
        obstacles = {str(one): words.label for one, words in self._content.vocabulary.obstacles.items()}
        hours = {str(hour): f"{hour:02d}:00" for hour in range(25)}
        return {
            ("enrolment", "nudge_day"): {str(day): name for day, name in enumerate(DAY_NAMES)},
            **{("enrolment", hour): hours for hour in ("nudge_hour", "quiet_start", "quiet_end")},
            ("nudge", "rule"): {one.id: one.situation.replace("_", " ") for one in self._content.rules.values()},
            ("nudge", "subject"): items,
            **{(table, "what"): {str(look): words for look, words in LOOKS.items()} for table in LOOK_TABLES},
            ("checklist_answer", "item_id"): items,
            ("checklist_history", "item_id"): items,
            ("action", "kind"): {one.id: one.label for one in self._content.vocabulary.kinds.values()},
            ("contact", "category"): {str(one): label for one, label in self._content.network.categories.items()},
            **{(table, "type"): types for table in ("goal", "goal_draft")},
            **{(table, "obstacle"): obstacles for table in ("goal", "goal_draft")},
        }


def by_day(found: Sequence[StaffLook], zone: str) -> list[Looked]:
    """Return looks, the newest first, with those of one instructor at the same thing on one day as one.

    Of those who were erased nobody knows whether they were the same.
    """
    days: dict[tuple[object, ...], Looked] = {}
    for number, one in enumerate(found):
        key = (number,) if one.by is None else (local_day(one.at, zone), one.by, one.what)
        known = days.get(key)
        days[key] = Looked(one.by, one.what, one.at) if known is None else replace(known, count=known.count + 1)
    return list(days.values())


def _mine(tx: Tx, caller: Caller, chosen: EnrolmentId | None) -> Mine | None:
    """Return the caller's places and which of them is meant: the chosen one, this server's, or the newest open one."""
    declared(caller, Audience.ANYONE)
    places = tuple(stored.places(tx, caller.user_id))
    if chosen is not None:
        meant = [one for one in places if one.enrolment.id == chosen]
        if not meant:
            raise OldCard
        return Mine(meant[0], places)
    here = [one for one in places if _is_meant(one, caller, members.account(tx, caller.user_id).chosen_cohort_id)]
    return Mine([*here, *places][0], places) if places else None


def _is_meant(place: Place, caller: Caller, chosen_cohort_id: int | None) -> bool:
    if caller.guild_id is not None:
        return place.cohort.guild_id == caller.guild_id
    return place.cohort.id == chosen_cohort_id


def _to_change(tx: Tx, caller: Caller, enrolment_id: EnrolmentId, *, on: bool) -> Mine:
    mine = _mine(tx, caller, enrolment_id)
    if mine is None or (on and mine.place.cohort.closed_at is not None):
        raise OldCard
    # Taken once more to hold it: a member's writes take turns.
    members.find(tx, mine.place.cohort.id, caller.user_id, lock=True)
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
    )


def row_later(row: RegisterRow, zone: str) -> str:
    """Return that a member's row is not shown yet, and when it will be."""
    when = "seven days after I have told you" if row.visible_at is None else f"from {_day(row.visible_at, zone)} on"
    return (
        "Nothing about you by name at the moment, apart from what you share. This course has switched its register on, "
        f"and your row is shown {when}. It reads:"
    )


def _day(at: datetime, zone: str) -> str:
    day = local_day(at, zone)
    return f"{day.day} {day:%B %Y}"


def _seen(cohort: Cohort, row: RegisterRow | None, now: datetime) -> Seen:
    if cohort.closed_at is not None:
        return Seen(NOTHING_SEEN)
    if row is None:
        return Seen(COUNTS_ONLY)
    return Seen(ROW_SEEN if is_visible(row, now) else row_later(row, cohort.zone), row_words(row))
