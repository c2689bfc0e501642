"""The course and the people in it: what it is, and who may do what."""

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
    Refusal,
    ServerOnly,
    TermEndsBeforeStart,
    TermTooLong,
)
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.weeks import USUAL_QUIET, Break, Calendar, Due, Quiet, Wish

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
    """What a member may let their instructors see; a wish to be greeted is kept as the request to be contacted."""

    GOAL = "goal"
    REFLECTION = "reflection"


class Access(StrEnum):
    """How an instructor came to see something about one member."""

    MEMBER = "member"
    CHECKIN = "checkin"
    REGISTER = "register"
    EXPORT = "export"
    NAMED_EXPORT = "named_export"


class Notice(StrEnum):
    """Something to mention once, whatever was asked for."""

    DMS_CLOSED = "dms_closed"
    MESSAGE_WAITS = "message_waits"
    STUDENT_NUMBER = "student_number"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as Discord vouches for it, and for whom the thing they use was declared.

    `meant`: the course of the nudge whose button they pressed, if it was one. `notices`: what a service found worth
    saying beside its answer; filled by it, said once after the answer.
    """

    user_id: UserId
    audience: Audience
    guild_id: GuildId | None
    role_ids: frozenset[int]
    manages_guild: bool
    dm_channel_id: ChannelId | None
    meant: CohortId | None = None
    notices: list[Notice] = field(default_factory=list["Notice"], compare=False)

    def to_tell(self, notice: Notice) -> None:
        """Have something told beside the answer, once however often a transaction was run."""
        if notice not in self.notices:
            self.notices.append(notice)

    def told(self, notice: Notice) -> None:
        """Leave a notice out, because the answer itself says it."""
        self.notices[:] = [one for one in self.notices if one is not notice]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A course in one server for one term; days are calendar days in `zone`.

    `ai_reviewer`: its members may send bios to the AI reviewer. `register`: instructors see members by name in the
    register; None: not decided yet. `retention_days`: how long what members gave is kept after the course has closed.
    `erased_at` and `erased_members`: when it was erased, and of how many. `student_role_id`: the role of everybody who
    takes the course. `student_number`: members are asked for their student number or login.
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

    @property
    def term(self) -> Calendar:
        """Return the days that may have nudges."""
        return Calendar(self.starts_on, self.ends_on, self.breaks)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One member in one cohort, with their nudge settings.

    `every_weeks`: the rhythm. `touched_at`: when they last pressed a button or ran a command. `backed_off`: the next
    nudge is planned later than the rhythm says, because the last ones went unanswered. `set_aside_at`: since when they
    are gone from the server. `unplanned`: the next nudge is yet to be planned, by the next round.
    `register_visible_at`: from when on instructors see their row in the register, None: not yet. `inbox_only`:
    instructors' messages come to the inbox alone. `number_asked`: they have been asked for their student number.
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


@dataclass(frozen=True, slots=True)
class Seat:
    """A member's place: their course and their enrolment in it."""

    cohort: Cohort
    enrolment: Enrolment


def checked_term(starts_on: date, ends_on: date) -> tuple[date, date]:
    """Return the term's days; raises TermEndsBeforeStart or TermTooLong."""
    if ends_on <= starts_on:
        raise TermEndsBeforeStart(starts_on, ends_on)
    if (ends_on - starts_on).days > MAX_TERM_DAYS:
        raise TermTooLong
    return starts_on, ends_on


def admit(caller: Caller, cohort: Cohort | None, enrolment: Enrolment | None) -> None:
    """Raise the refusal that fits unless `caller` belongs to the audience declared; the whole policy stands here.

    `cohort` is the open course of the server (or of the enrolment, in a DM); `enrolment` the caller's own in it.
    """
    teaches = cohort is not None and cohort.instructor_role_id in caller.role_ids
    match caller.audience:
        case Audience.ANYONE:
            return
        case Audience.MEMBER if enrolment is None:
            raise NotJoinedAnywhere if caller.guild_id is None else NoCourse if cohort is None else NotJoined
        case Audience.MANAGER | Audience.INSTRUCTOR | Audience.STAFF if caller.guild_id is None:
            raise ServerOnly
        case Audience.MANAGER if not caller.manages_guild:
            raise ManagerOnly
        case Audience.INSTRUCTOR if not teaches:
            raise NoCourse if cohort is None else _without_role(caller, cohort)
        case Audience.STAFF if not (teaches or caller.manages_guild):
            raise InstructorOnly
        case _:
            return


def _without_role(caller: Caller, cohort: Cohort) -> Refusal:
    return InstructorOnly() if not caller.manages_guild else InstructorRoleMissing(cohort.instructor_role_id)
