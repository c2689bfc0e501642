"""Who asks, and in which course: every service starts here, so that nothing is read before the policy allows it."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.coaching.cohort import Audience, Caller, Cohort, Enrolment, Membership, Notice, authorize, require_audience
from bot.coaching.errors import ChooseCourse, CourseOver, NoCourse, NotJoined, NotYourCard, NudgeGone, ServerOnly
from bot.coaching.ids import CohortId
from bot.coaching.nudges import NudgeKey, NudgeKind
from storage import cohort as cohorts
from storage import members, nudges
from storage.cohort import Lock
from storage.database import Database, Tx
from storage.members import Enrolled
from storage.nudges import Nudge

TOUCH_AGAIN_AFTER = timedelta(minutes=1)
"""How long a member counts as just seen, so that a run of taps writes once."""
P = ParamSpec("P")
T = TypeVar("T")


class _WithDatabase(Protocol):
    database: Database


S = TypeVar("S", bound=_WithDatabase)


def for_member(
    work: Callable[Concatenate[S, Tx, Membership, P], T],
) -> Callable[Concatenate[S, Caller, P], Coroutine[Any, Any, T]]:
    """Make a method what a member does: it runs as `as_member` says; the last positional argument is the moment."""

    @wraps(work)
    async def run(service: S, caller: Caller, *args: P.args, **options: P.kwargs) -> T:
        return await as_member(
            service.database, caller, _moment(args), lambda tx, member: work(service, tx, member, *args, **options)
        )

    return run


def for_recipient(
    work: Callable[Concatenate[S, Tx, Membership, Nudge, P], T],
) -> Callable[Concatenate[S, Caller, NudgeKey, P], Coroutine[Any, Any, T]]:
    """Make a method what a button under a nudge does: it runs as `as_recipient` says.

    The method gets the nudge the button acts on: under a reminder, that of the week it reminds of.
    """

    @wraps(work)
    async def run(service: S, caller: Caller, key: NudgeKey, *args: P.args, **options: P.kwargs) -> T:
        return await as_recipient(
            service.database,
            caller,
            key,
            _moment(args),
            lambda tx, member, nudge: work(service, tx, member, _weekly(tx, nudge), *args, **options),
        )

    return run


def _moment(args: Sequence[object]) -> datetime:
    now = args[-1]
    if not isinstance(now, datetime):
        message = f"the last argument is a {type(now).__name__}, not the moment"
        raise TypeError(message)
    return now


async def as_member(
    database: Database,
    caller: Caller,
    now: datetime,
    work: Callable[[Tx, Membership], T],
    *,
    without: Collection[Notice] = (),
) -> T:
    """Run `work` in one transaction for a member of the course meant, and mention once what is new to them.

    In a server that is its open course; in the DM the only course, the one whose nudge was answered, or the one
    chosen before.

    Args:
        database: Where it runs.
        caller: Who asks.
        now: When.
        work: What to do with their membership.
        without: Notices not to mention, because the answer itself says so.

    Raises:
        Refusal: NoCourse, NotJoined, NotJoinedAnywhere, ChooseCourse, CourseOver, or what `work` raises.
    """

    def whole(tx: Tx) -> tuple[T, Sequence[Notice]]:
        member, notices = current_membership(tx, caller, now)
        return work(tx, member), notices

    answer, notices = await database.transact(whole)
    caller.mention([notice for notice in notices if notice not in without])
    return answer


async def as_reader(
    database: Database,
    caller: Caller,
    now: datetime,
    work: Callable[[Tx, Sequence[Membership]], T],
    *,
    without: Collection[Notice] = (),
) -> T:
    """Run `work` as `as_member` does, for the open course and after it the closed ones that are not erased yet.

    What came of a course stays readable, also for members of closed courses alone.
    """

    def whole(tx: Tx) -> tuple[T, Sequence[Notice]]:
        require_audience(caller, Audience.MEMBER)
        closed = [
            Membership(place.cohort, place.enrolment)
            for place in members.closed_enrolments(tx, caller.user_id, caller.guild_id)
        ]
        try:
            member, notices = current_membership(tx, caller, now)
        except (CourseOver, NotJoined):
            if not closed:
                raise
            return work(tx, closed), ()
        return work(tx, [member, *closed]), notices

    answer, notices = await database.transact(whole)
    caller.mention([notice for notice in notices if notice not in without])
    return answer


async def as_recipient(
    database: Database,
    caller: Caller,
    key: NudgeKey,
    now: datetime,
    work: Callable[[Tx, Membership, Nudge], T],
    *,
    reading: bool = False,
) -> T:
    """Run `work` in one transaction for the recipient of a nudge, in the course it is from.

    Raises:
        Refusal: NudgeGone, NotYourCard, CourseOver unless it is for `reading` alone, or what `work` raises.
    """

    def whole(tx: Tx) -> tuple[T, Sequence[Notice]]:
        require_audience(caller, Audience.MEMBER)
        if key.to.user_id != caller.user_id:
            raise NotYourCard
        nudge = nudges.get(tx, key)
        if nudge is None:
            raise NudgeGone
        place = members.enrolled(tx, key.to.cohort_id, caller.user_id, lock=True)
        cohort = cohorts.get(tx, key.to.cohort_id) if place is None else place.cohort
        if cohort is not None and cohort.closed_at is not None and not reading:
            raise CourseOver(cohort.name)
        if place is not None:
            _remember_course(tx, caller, place)
        member, notices = _admitted(tx, caller, place, cohort, now)
        return work(tx, member, nudge), notices

    answer, notices = await database.transact(whole)
    caller.mention(notices)
    return answer


def current_membership(tx: Tx, caller: Caller, now: datetime) -> tuple[Membership, Sequence[Notice]]:
    """Return the caller's membership, locked for this transaction, and what to mention beside the answer."""
    require_audience(caller, Audience.MEMBER)
    places = members.open_enrolments(tx, caller.user_id, caller.guild_id, lock=True)
    place = next(iter(places), None) if caller.guild_id is not None else _meant_in_dm(tx, caller, places)
    cohort = None if place is None else place.cohort
    if place is None:
        if caller.guild_id is not None:
            cohort = cohorts.open_in(tx, caller.guild_id)
        if cohort is None:
            _refuse_if_over(tx, caller)
    return _admitted(tx, caller, place, cohort, now)


def record_activity(tx: Tx, caller: Caller, place: Enrolled, now: datetime) -> tuple[Enrolment, list[Notice]]:
    """Record that a member is here, in which section, and where their DM is; once a minute is enough.

    Returns:
        Their enrolment as it is now, and what to mention to them once. In a closed course nothing changes but the DM.
    """
    cohort, enrolment, account = place.cohort, place.enrolment, place.account
    if caller.dm_channel_id is not None and account.dm_channel_id is None:
        members.set_dm_channel(tx, caller.user_id, caller.dm_channel_id, now)
    if cohort.closed_at is not None:
        return enrolment, []
    notices = _take_notices(tx, place)
    if enrolment.returning or enrolment.touched_at is None or now - enrolment.touched_at > TOUCH_AGAIN_AFTER:
        members.touch(tx, enrolment, None if caller.guild_id is None else caller.role_ids, now)
        if place.message_waits:
            notices.append(Notice.MESSAGE_WAITS)
    if enrolment.returning:
        enrolment = replace(enrolment, next_nudge=None, unplanned=True)
    return replace(enrolment, touched_at=now, backed_off=False, set_aside_at=None), notices


def _take_notices(tx: Tx, place: Enrolled) -> list[Notice]:
    """Return what a member is told or asked once, and remember that they now are."""
    notices: list[Notice] = []
    enrolment, account = place.enrolment, place.account
    unmentioned = account.dm_closed_at is not None and not account.dm_closed_told
    if unmentioned and members.take_closed_notice(tx, enrolment.user_id):
        notices.append(Notice.DMS_CLOSED)
    if place.cohort.student_number and not enrolment.number_asked:
        members.set_number_asked(tx, enrolment.id)
        notices.append(Notice.STUDENT_NUMBER)
    return notices


def find_open_course(tx: Tx, caller: Caller, *audiences: Audience, lock: Lock | None = None) -> Cohort | None:
    """Return the server's open course for staff of one of the audiences; None when there is none yet."""
    cohort = None if caller.guild_id is None else cohorts.open_in(tx, caller.guild_id, lock)
    authorize(caller, *audiences, cohort=cohort)
    return cohort


def open_course(tx: Tx, caller: Caller, *audiences: Audience, lock: Lock | None = None) -> Cohort:
    """Return the server's open course for staff of one of the audiences; raises NoCourse."""
    cohort = find_open_course(tx, caller, *audiences, lock=lock)
    if cohort is None:
        raise NoCourse
    return cohort


def find_latest_course(tx: Tx, caller: Caller, *audiences: Audience) -> Cohort | None:
    """Return the server's open course for staff of one of the audiences, else the one that closed last."""
    cohort = None
    if caller.guild_id is not None:
        cohort = cohorts.open_in(tx, caller.guild_id) or cohorts.last_closed(tx, caller.guild_id)
    authorize(caller, *audiences, cohort=cohort)
    return cohort


def course_to_join(tx: Tx, caller: Caller, lock: Lock | None = None) -> Cohort:
    """Return the server's open course for anyone; raises NoCourse, or ServerOnly in a DM."""
    require_audience(caller, Audience.ANYONE)
    if caller.guild_id is None:
        raise ServerOnly
    cohort = cohorts.open_in(tx, caller.guild_id, lock)
    if cohort is None:
        raise NoCourse
    return cohort


def enrolment_typing(tx: Tx, caller: Caller) -> Enrolment | None:
    """Return the enrolment of a member who is typing a command, None when there is none to see.

    Suggestions come with every letter: nothing is recorded, locked or refused, the command itself does that.
    """
    require_audience(caller, Audience.MEMBER)
    places = members.open_enrolments(tx, caller.user_id, caller.guild_id, lock=False)
    if len(places) > 1:
        places = [place for place in places if place.cohort.id == place.account.chosen_cohort_id]
    return places[0].enrolment if places else None


def _admitted(
    tx: Tx, caller: Caller, place: Enrolled | None, cohort: Cohort | None, now: datetime
) -> tuple[Membership, Sequence[Notice]]:
    member = authorize(caller, Audience.MEMBER, cohort=cohort, enrolment=place and place.enrolment)
    if place is None or member is None:  # pragma: no cover - the policy refuses a member without an enrolment
        raise NoCourse
    enrolment, notices = record_activity(tx, caller, place, now)
    return replace(member, enrolment=enrolment), notices


def _meant_in_dm(tx: Tx, caller: Caller, places: Sequence[Enrolled]) -> Enrolled | None:
    """Return the only place, the one whose nudge was answered, or the one chosen before; None without any."""
    if caller.meant is not None and caller.meant not in {place.cohort.id for place in places}:
        # A nudge of a course that is over may change nothing in another one.
        _refuse_if_over(tx, caller, caller.meant)
        raise NudgeGone
    if len(places) <= 1:
        return places[0] if places else None
    for place in places:
        if place.cohort.id == (caller.meant or place.account.chosen_cohort_id):
            _remember_course(tx, caller, place)
            return place
    raise ChooseCourse([(place.cohort.id, place.cohort.name) for place in places])


def _refuse_if_over(tx: Tx, caller: Caller, cohort_id: CohortId | None = None) -> None:
    """Raise CourseOver if the caller was in a course here that has closed; with an id, in that one."""
    for place in members.closed_enrolments(tx, caller.user_id, caller.guild_id):
        if cohort_id in {None, place.cohort.id}:
            raise CourseOver(place.cohort.name)


def _remember_course(tx: Tx, caller: Caller, place: Enrolled) -> None:
    """Stay in the course whose nudge was answered for what follows in the DM."""
    answered = caller.guild_id is None and caller.meant == place.cohort.id and place.cohort.closed_at is None
    if answered and place.account.chosen_cohort_id != caller.meant:
        members.set_chosen_cohort(tx, caller.user_id, place.cohort.id)


def _weekly(tx: Tx, nudge: Nudge) -> Nudge:
    if nudge.key.kind is not NudgeKind.REMINDER:
        return nudge
    weekly = nudges.get(tx, replace(nudge.key, kind=NudgeKind.WEEKLY)) or nudge
    # What the reminder spoke of, should the week's note be about another thing: its buttons act on what it said.
    if nudge.rule is not None:
        weekly = replace(weekly, rule=nudge.rule, occasion=nudge.occasion, subject=nudge.subject)
    return weekly
