"""Who is asking, and where they sit: every service starts here, so nothing is read before the policy said yes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coaching.cohort import Audience, Caller, Cohort, Enrolment, Notice, Seat, admit
from bot.coaching.errors import ChooseCourse, CourseOver, NoCourse, NotJoined, NotYourCard, NudgeGone, ServerOnly
from bot.coaching.ids import CohortId
from bot.coaching.nudges import NudgeKey
from storage import cohort as cohorts
from storage import members, nudges, sections
from storage.cohort import Lock
from storage.database import Tx
from storage.members import Enrolled

TOUCH_AGAIN_AFTER = timedelta(minutes=1)


def member_seat(tx: Tx, caller: Caller, now: datetime) -> Seat:
    """Return the caller's seat, locked for this transaction.

    In a server it is the one in the server's open course; in the DM the only one, the one whose nudge was answered, or
    the one chosen before. Raises NoCourse, NotJoined, NotJoinedAnywhere, ChooseCourse or CourseOver.
    """
    declared(caller, Audience.MEMBER)
    places = members.open_enrolments(tx, caller.user_id, caller.guild_id, lock=True)
    place = next(iter(places), None) if caller.guild_id is not None else _meant_in_dm(tx, caller, places)
    if place is not None:
        return _taken(tx, caller, place, now)
    cohort = None if caller.guild_id is None else cohorts.open_in(tx, caller.guild_id)
    if cohort is None:
        _say_if_over(tx, caller)
    raise _refusal(caller, cohort)


def reading_seats(tx: Tx, caller: Caller, now: datetime) -> list[Seat]:
    """Return the caller's seat and, after it, those in courses that closed and are not erased yet; raises as above.

    Who is in no open course any more has the latter alone: what came of the course stays readable.
    """
    declared(caller, Audience.MEMBER)
    closed = members.closed_enrolments(tx, caller.user_id, caller.guild_id)
    seats = [Seat(one.cohort, one.enrolment) for one in closed]
    try:
        return [member_seat(tx, caller, now), *seats]
    except (CourseOver, NotJoined):
        if not seats:
            raise
        return seats


def nudge_seat(
    tx: Tx, caller: Caller, key: NudgeKey, now: datetime, *, reading: bool = False
) -> tuple[Seat, nudges.Nudge]:
    """Return the caller's seat in the course that a nudge of theirs is from, and the nudge.

    Raises NudgeGone, NotYourCard when it is somebody else's, or CourseOver unless it is for `reading` alone.
    """
    declared(caller, Audience.MEMBER)
    if key.to.user_id != caller.user_id:
        raise NotYourCard
    nudge = nudges.get(tx, key)
    if nudge is None:
        raise NudgeGone
    place = members.enrolled(tx, key.to.cohort_id, caller.user_id, lock=True)
    cohort = cohorts.get(tx, key.to.cohort_id) if place is None else place.cohort
    if cohort is not None and cohort.closed_at is not None and not reading:
        raise CourseOver(cohort.name)
    if place is None:
        raise _refusal(caller, cohort)
    _remember_course(tx, caller, place)
    return _taken(tx, caller, place, now), nudge


def staff_cohort(tx: Tx, caller: Caller, *audiences: Audience, lock: Lock | None = None) -> Cohort | None:
    """Return the server's open course for a caller of one of the staff audiences, None when there is none yet."""
    declared(caller, *audiences)
    cohort = None if caller.guild_id is None else cohorts.open_in(tx, caller.guild_id, lock)
    admit(caller, cohort, None)
    return cohort


def staff_course(tx: Tx, caller: Caller, *audiences: Audience) -> Cohort | None:
    """Return the server's open course for a caller of one of the staff audiences, else the one that closed last."""
    declared(caller, *audiences)
    cohort = None
    if caller.guild_id is not None:
        cohort = cohorts.open_in(tx, caller.guild_id) or cohorts.last_closed(tx, caller.guild_id)
    admit(caller, cohort, None)
    return cohort


def course_here(tx: Tx, caller: Caller, lock: Lock | None = None) -> Cohort:
    """Return the server's open course for anyone; raises NoCourse, or ServerOnly in a DM."""
    declared(caller, Audience.ANYONE)
    if caller.guild_id is None:
        raise ServerOnly
    cohort = cohorts.open_in(tx, caller.guild_id, lock)
    if cohort is None:
        raise NoCourse
    return cohort


def enrolment_typing(tx: Tx, caller: Caller) -> Enrolment | None:
    """Return the enrolment of a member who is typing a command, None when there is none to see.

    Suggestions come with every letter, so nothing is touched, locked or refused: the command itself does that.
    """
    declared(caller, Audience.MEMBER)
    places = members.open_enrolments(tx, caller.user_id, caller.guild_id, lock=False)
    if len(places) > 1:
        places = [one for one in places if one.cohort.id == one.account.chosen_cohort_id]
    return places[0].enrolment if places else None


def _refusal(caller: Caller, cohort: Cohort | None) -> NoCourse:
    """Raise what the policy says to a caller without a seat; it has an answer for every member."""
    admit(caller, cohort, None)
    return NoCourse()  # pragma: no cover - admit refuses a member without a seat


def _taken(tx: Tx, caller: Caller, place: Enrolled, now: datetime) -> Seat:
    cohort, enrolment, account = place.cohort, place.enrolment, place.account
    admit(caller, cohort, enrolment)
    if caller.dm_channel_id is not None and account.dm_channel_id is None:
        members.set_dm_channel(tx, caller.user_id, caller.dm_channel_id, now)
    if cohort.closed_at is not None:
        return Seat(cohort, enrolment)  # nothing is planned there any more, and how it stood at the end is kept
    _mention_once(tx, caller, place, now)
    if _worth_a_touch(enrolment, now):
        members.touch(tx, enrolment, now)
        if caller.guild_id is not None:
            sections.note_of_member(tx, cohort.id, enrolment.id, caller.role_ids)
    touched = replace(enrolment, touched_at=now, backed_off=False, set_aside_at=None)
    return Seat(cohort, replace(touched, next_nudge=None, unplanned=True) if _plans_anew(enrolment) else touched)


def _mention_once(tx: Tx, caller: Caller, place: Enrolled, now: datetime) -> None:
    """Have said beside the answer what a member is told or asked once."""
    cohort, enrolment, account = place.cohort, place.enrolment, place.account
    if place.message_waits and _worth_a_touch(enrolment, now):
        caller.to_tell(Notice.MESSAGE_WAITS)
    untold = account.dm_closed_at is not None and not account.dm_closed_told
    if untold and members.take_closed_notice(tx, caller.user_id):
        caller.to_tell(Notice.DMS_CLOSED)
    if cohort.student_number and not enrolment.number_asked:
        members.set_number_asked(tx, enrolment.id)
        caller.to_tell(Notice.STUDENT_NUMBER)


def _worth_a_touch(enrolment: Enrolment, now: datetime) -> bool:
    """Return whether a touch changes anything; more often than once a minute it does not."""
    rare = enrolment.touched_at is None or now - enrolment.touched_at > TOUCH_AGAIN_AFTER
    return rare or _plans_anew(enrolment)


def _plans_anew(enrolment: Enrolment) -> bool:
    """Return whether a touch changes when the next nudge comes: they are back, or answer again."""
    return enrolment.backed_off or enrolment.set_aside_at is not None


def _meant_in_dm(tx: Tx, caller: Caller, places: Sequence[Enrolled]) -> Enrolled | None:
    """Return the only place, the one whose nudge was answered, or the one chosen before; None without any."""
    if caller.meant is not None and caller.meant not in {one.cohort.id for one in places}:
        # Nothing of another course may change by a note of one that is over.
        _say_if_over(tx, caller, caller.meant)
        raise NudgeGone
    if len(places) <= 1:
        return places[0] if places else None
    for place in places:
        if place.cohort.id == (caller.meant or place.account.chosen_cohort_id):
            _remember_course(tx, caller, place)
            return place
    raise ChooseCourse([(one.cohort.id, one.cohort.name) for one in places])


def _say_if_over(tx: Tx, caller: Caller, cohort_id: CohortId | None = None) -> None:
    """Raise CourseOver if the caller was in a course here that has closed; with an id, in that one."""
    for place in members.closed_enrolments(tx, caller.user_id, caller.guild_id):
        if cohort_id in {None, place.cohort.id}:
            raise CourseOver(place.cohort.name)


def _remember_course(tx: Tx, caller: Caller, place: Enrolled) -> None:
    """Let the course whose nudge was answered be the one meant in the DM, so that what follows stays in it."""
    answered = caller.guild_id is None and caller.meant == place.cohort.id and place.cohort.closed_at is None
    if answered and place.account.chosen_cohort_id != caller.meant:
        members.set_chosen_cohort(tx, caller.user_id, place.cohort.id)


def declared(caller: Caller, *audiences: Audience) -> None:
    """Fail loudly when a command reaches a service that is meant for another audience: a mistake in the code."""
    if caller.audience not in audiences:
        message = f"declared for {caller.audience}, used for {' or '.join(audiences)}"
        raise RuntimeError(message)
