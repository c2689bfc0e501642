"""The course and the people in it: what it is, and who may do what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.coaching.errors import (
    InstructorOnly,
    InstructorRoleMissing,
    ManagerOnly,
    NoCourse,
    NotJoined,
    NotJoinedAnywhere,
    ServerOnly,
    TermEndsBeforeStart,
    TermTooLong,
)
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.weeks import USUAL_QUIET, Break, Calendar, Due, Quiet, Wish, local_day, term_week

NAME_LIMIT = 60
SUPPORT_LIMIT = 120
MAX_TERM_DAYS = 366


class Audience(StrEnum):
    """Whom a command or component is for; each declares exactly one."""

    ANYONE = "anyone"
    MEMBER = "member"
    INSTRUCTOR = "instructor"
    MANAGER = "manager"
    STAFF = "manager or instructor"


class SharedItem(StrEnum):
    """What a member may let their instructors see; the wish to be greeted is a request to be contacted instead."""

    GOAL = "goal"
    REFLECTION = "reflection"


class Access(StrEnum):
    """How an instructor came to see something about one member."""

    MEMBER = "member"
    CHECKIN = "checkin"
    REGISTER = "register"
    EXPORT = "export"
    NAMED_EXPORT = "named_export"
    HAND_INS = "hand_ins"
    GRADEBOOK = "gradebook"
    PORTFOLIO = "portfolio"


class Notice(StrEnum):
    """Something to mention once, whatever was asked for."""

    DMS_CLOSED = "dms_closed"
    MESSAGE_WAITS = "message_waits"
    STUDENT_NUMBER = "student_number"


def _say_nothing(_: Sequence[Notice]) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as Discord vouches for it.

    Attributes:
        audience: Whom the command or component was declared for.
        meant: The course of the nudge whose button was pressed, if it was a button of a nudge.
        mention: Is handed what to say once beside the answer, after the transaction.
    """

    user_id: UserId
    audience: Audience
    guild_id: GuildId | None
    role_ids: frozenset[int]
    manages_guild: bool
    dm_channel_id: ChannelId | None
    meant: CohortId | None = None
    mention: Callable[[Sequence[Notice]], None] = field(default=_say_nothing, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cohort:
    """A course in one server for one term.

    Attributes:
        zone: The IANA zone whose calendar days the course counts in.
        ai_reviewer: Members may send bios and messages to the AI reviewer.
        register: Instructors see members by name in the register; None: not decided yet.
        retention_days: How long members' data is kept after the course has closed.
        erased_members: How many members' data was erased at `erased_at`.
        student_role_id: The role of everybody who takes the course.
        student_number: Members are asked for their student number or login.
        steps_count: Weekly steps count toward the course; None: not decided yet.
        otherwise: What whoever does not join does instead.
        channel_id: The course's channel.
        announce: The week's step is announced in that channel on Mondays.
    """

    id: CohortId
    guild_id: GuildId
    name: str
    zone: str
    starts_on: date
    ends_on: date
    instructor_role_id: int
    nudge_day: int
    nudge_hour: int
    track: str | None
    expected_size: int | None
    support_contact: str | None
    breaks: tuple[Break, ...] = ()
    away_since: datetime | None = None
    ai_reviewer: bool = False
    register: bool | None = None
    retention_days: int = 60
    closed_at: datetime | None = None
    erased_at: datetime | None = None
    erased_members: int | None = None
    student_role_id: int | None = None
    student_number: bool = False
    steps_count: bool | None = None
    otherwise: str | None = None
    channel_id: ChannelId | None = None
    announce: bool = False

    @property
    def term(self) -> Calendar:
        """Return the days that may have nudges."""
        return Calendar(self.starts_on, self.ends_on, self.breaks)

    def week_number(self, day: date) -> int:
        """Return the number of the term's week that holds `day`: 1 for the first, 0 or less before it."""
        return term_week(self.starts_on, day)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One member in one cohort, with their nudge settings.

    Attributes:
        active_at: When they last did something for their network.
        every_weeks: A nudge comes every so many weeks.
        touched_at: When they last pressed a button or ran a command.
        backed_off: The next nudge comes later than `every_weeks`, because the last ones went unanswered.
        set_aside_at: Since when they are no longer in the server.
        unplanned: The next round has yet to plan the next nudge.
        register_visible_at: From when on instructors see their row in the register; None: not yet.
        inbox_only: Instructors' messages come to the inbox alone.
        number_asked: They have been asked for their student number.
    """

    id: EnrolmentId
    cohort_id: CohortId
    user_id: UserId
    joined_at: datetime
    active_at: datetime
    wish: Wish
    nudges_on: bool
    pause_until: date | None
    next_nudge: Due | None
    every_weeks: int = 1
    quiet: Quiet = USUAL_QUIET
    discreet: bool = False
    touched_at: datetime | None = None
    backed_off: bool = False
    set_aside_at: datetime | None = None
    unplanned: bool = False
    register_visible_at: datetime | None = None
    inbox_only: bool = False
    number_asked: bool = False

    @property
    def returning(self) -> bool:
        """Whether their next tap plans their next nudge anew: they had left, or had stopped answering."""
        return self.backed_off or self.set_aside_at is not None


@dataclass(frozen=True, slots=True)
class Membership:
    """A member's course and their enrolment in it."""

    cohort: Cohort
    enrolment: Enrolment

    @property
    def id(self) -> EnrolmentId:
        """The id of the enrolment, under which everything of a member is stored."""
        return self.enrolment.id

    def today(self, now: datetime) -> date:
        """Return the day at `now` on the member's calendar."""
        return local_day(now, self.enrolment.wish.zone)


def checked_term(starts_on: date, ends_on: date) -> tuple[date, date]:
    """Return both days of a term if it is one; raises TermEndsBeforeStart or TermTooLong."""
    if ends_on <= starts_on:
        raise TermEndsBeforeStart(starts_on, ends_on)
    if (ends_on - starts_on).days > MAX_TERM_DAYS:
        raise TermTooLong
    return starts_on, ends_on


def require_audience(caller: Caller, *audiences: Audience) -> None:
    """Raise RuntimeError when a command reaches a service made for another audience: a mistake in the code."""
    if caller.audience not in audiences:
        message = f"declared for {caller.audience}, used for {' or '.join(audiences)}"
        raise RuntimeError(message)


def authorize(
    caller: Caller, *audiences: Audience, cohort: Cohort | None, enrolment: Enrolment | None = None
) -> Membership | None:
    """Decide whether a caller may do what was declared for one of `audiences`; the only policy there is.

    Args:
        caller: Who asks.
        audiences: Whom the service is made for; the caller's declared audience has to be among them.
        cohort: The course of the server, or in a DM that of the enrolment; None without any.
        enrolment: The caller's own in that course.

    Returns:
        Their membership; None for somebody who may do it without being a member.

    Raises:
        Refusal: The sentence that says what to do instead.
    """
    require_audience(caller, *audiences)
    teaches = cohort is not None and cohort.instructor_role_id in caller.role_ids
    match caller.audience:
        case Audience.MEMBER if enrolment is None:
            raise NotJoinedAnywhere if caller.guild_id is None else NoCourse if cohort is None else NotJoined
        case Audience.MANAGER | Audience.INSTRUCTOR | Audience.STAFF if caller.guild_id is None:
            raise ServerOnly
        case Audience.MANAGER if not caller.manages_guild:
            raise ManagerOnly
        case Audience.INSTRUCTOR if cohort is None:
            raise NoCourse
        case Audience.INSTRUCTOR if cohort is not None and not teaches:
            raise InstructorRoleMissing(cohort.instructor_role_id) if caller.manages_guild else InstructorOnly()
        case Audience.STAFF if not (teaches or caller.manages_guild):
            raise InstructorOnly
        case _:
            return Membership(cohort, enrolment) if cohort is not None and enrolment is not None else None
