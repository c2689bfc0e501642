"""Every table, typed, with what each column is for: the data inventory.

Times are UTC; calendar days are days on the person's own calendar. The migrations build the same tables; a test
compares the two.

`/privacy stored`, the member's export and the table in docs/privacy.md are generated from the `info` of tables and
columns (storage/inventory.py), and erasure walks the same tables. In these words "you" is the member, or whoever's
account it is. A column that says neither why nor who sees it is as its table; one without a label only identifies a row
or links it to another.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
    UniqueConstraint,
    and_,
    false,
    literal_column,
    true,
)

from bot.coaching.bios import AiOutcome, AiReport
from bot.coaching.cohort import Access, SharedItem
from bot.coaching.course_plan import DoneBy, StepState
from bot.coaching.data_export import HOW_MUCH, YOU
from bot.coaching.footprint import Answer
from bot.coaching.network import AlertKind, Category, SpaceKind, Stage
from bot.coaching.nudges import NudgeKind, NudgeState
from bot.coaching.opportunities import OpportunityKind, OpportunityState
from bot.coaching.portfolio import PortfolioKind


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; refuses naive ones, and gives aware ones back on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a stored time has to carry its zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only for INTEGER keys; PostgreSQL gets 64 bits.
RowId = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_NOBODY = "nobody"
_STAFF = "instructors"
_OWN = "own"
"""How long: until the member deletes it, or the course's retention days have passed."""
_WITH_COURSE = "with the course"


def _kept(title: str, why: str, seen_by: str = YOU, until: str = _OWN, **more: str) -> dict[str, str]:
    """Say what a table holds, why, who sees it and how long it is kept.

    Args:
        title: Heading of its rows in the export.
        why: Continues "kept …".
        seen_by: Who reads it.
        until: How long it is kept.
        more: `since`: the column with the moment a row was made, where erasing again has to tell old rows from new
            ones. `by_title`, `by_why`, `by_seen_by`: the same for the instructor whose number is in `by_user_id`.
    """
    return {"title": title, "why": why, "seen_by": seen_by, "until": until, **more}


def _column(label: str, *how: Any, form: str = "", **more: Any) -> Column[Any]:
    """Column with its line of the inventory: `label`, and its own `why` or `seen_by` where they are not the table's.

    Args:
        label: What it holds, as the export names it.
        how: Type, unless the annotation says it, and constraints.
        form: "code" for one of several words of ours, "json", or "id" for a 64-bit number that is not called `…_id`.
        more: `why`, `seen_by`, and what Column takes.
    """
    info = {"label": label, "form": form} | {name: more.pop(name) for name in ("why", "seen_by") if name in more}
    return Column(*how, info=info, **more)


# What holds for several columns of one table.
_PRESENCE = {
    "why": "to know who takes part and is still here",
    "seen_by": "you; instructors through the register and counts of the class",
}
_SETTING = {"why": "to send one note a week when it suits you", "seen_by": YOU}
_GREETING = {"why": "to answer a wish to be greeted", "seen_by": "you and your instructors"}
_ROW = {"why": "to show your row no sooner than you know of it"}
_NUMBER = {
    "why": "to match the course's own list; a second claim of one number is shown as two claims",
    "seen_by": "you and your instructors",
}
_FOR_EXPORT = {"why": "pseudonyms in exports; to show that retention was kept", "seen_by": _NOBODY}


def _refers_to(target: str, label: str = "", *, primary_key: bool = False) -> Column[int]:
    """Column of a row that is deleted with the row it refers to."""
    key = ForeignKey(target, ondelete="CASCADE")
    info = {"label": label} if label else {}
    if primary_key:
        return Column(BigInteger(), key, primary_key=True, autoincrement=False, info=info)
    return Column(BigInteger(), key, nullable=False, info=info)


def _enrolment_id(*, primary_key: bool = False) -> Column[int]:
    return _refers_to("enrolment.id", primary_key=primary_key)


def _cohort_id(label: str = "", *, primary_key: bool = False) -> Column[int]:
    return _refers_to("cohort.id", label, primary_key=primary_key)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class CohortColumns(TypedColumns):
    """A course in one server for one term."""

    id = Column(RowId, primary_key=True)
    guild_id: Named[int] = _column("server", BigInteger())
    name: Named[str] = _column("name", String(60))
    zone: Named[str] = _column("time zone", String(64))
    starts_on: Named[date] = _column("first day", Date())
    ends_on: Named[date] = _column("last day", Date())
    breaks: Named[Any] = _column(
        "breaks as [kind, first day, last day]", JSON(), nullable=False, server_default="[]", form="json"
    )
    nudge_day: Named[int] = _column("day of notes")
    nudge_hour: Named[int] = _column("hour of notes")
    track: Named[str | None] = _column("profession", String(40), form="code")
    instructor_role_id: Named[int] = _column("role of instructors", BigInteger())
    student_role_id: Named[int | None] = _column("role of everybody who takes the course", BigInteger())
    expected_size: Named[int | None] = _column("how many are expected to join")
    support_contact: Named[str | None] = _column("who helps in distress", String(120))
    ai_reviewer: Named[bool] = _column("members may send bios and messages to the AI reviewer", server_default=false())
    register: Named[bool | None] = _column("has a register; empty until somebody decides")
    student_number: Named[bool] = _column("members are asked for their student number or login", server_default=false())
    steps_count: Named[bool | None] = _column("weekly steps count toward the course; empty until somebody decides")
    otherwise: Named[str | None] = _column("what whoever does not join does instead", String(200))
    channel_id: Named[int | None] = _column("channel of the course", BigInteger())
    announce: Named[bool] = _column("the week is announced in the channel on Mondays", server_default=false())
    next_announcement_at: Named[datetime | None] = _column("week announced next", UtcDateTime())
    retention_days: Named[int] = _column("days that members' data is kept after the course closed", server_default="60")
    created_at: Named[datetime] = _column("set up", UtcDateTime())
    closed_at: Named[datetime | None] = _column("closed", UtcDateTime())
    away_since: Named[datetime | None] = _column("bot not in the server since", UtcDateTime())
    next_snapshot_at: Named[datetime | None] = _column("class counted next", UtcDateTime())
    retention_at: Named[datetime | None] = _column(
        "closing and retention looked at next; empty: at once", UtcDateTime()
    )
    reference_key: Named[str | None] = _column("key for pseudonyms in exports", String(64), **_FOR_EXPORT)
    erased_at: Named[datetime | None] = _column("members' data erased", UtcDateTime(), **_FOR_EXPORT)
    erased_members: Named[int | None] = _column("how many members that was", **_FOR_EXPORT)


cohort = Table(
    "cohort",
    metadata,
    CohortColumns,
    info=_kept("The course", "to run it", "instructors and managers; its name, members", "stays"),
)
# One open course per server, whatever races: the database says so.
Index(
    "uq_cohort_open_guild",
    cohort.c.guild_id,
    unique=True,
    sqlite_where=cohort.c.closed_at.is_(None),
    postgresql_where=cohort.c.closed_at.is_(None),
)


class AccountColumns(TypedColumns):
    """What belongs to a Discord account whatever course it is in."""

    user_id: Named[int] = _column("account number at Discord", BigInteger(), primary_key=True, autoincrement=False)
    dm_channel_id: Named[int | None] = _column("number of our message channel", BigInteger())
    dm_opened_at: Named[datetime | None] = _column("channel opened, or tried to open", UtcDateTime())
    dm_closed_at: Named[datetime | None] = _column("your messages closed to me since", UtcDateTime())
    dm_closed_told: Named[bool] = _column("told you so", server_default=false())
    chosen_cohort_id: Named[int | None] = _column(
        "course meant in messages", BigInteger(), ForeignKey("cohort.id", ondelete="SET NULL")
    )


account = Table(
    "account",
    metadata,
    AccountColumns,
    sqlite_with_rowid=False,
    info=_kept(
        "Your account with me",
        "to reach you by direct message, and to know which course you mean there",
        YOU,
        "until your last course or digest goes",
    ),
)
Index(None, account.c.dm_opened_at)


class EnrolmentColumns(TypedColumns):
    """One member in one cohort; `next_nudge_at` null means that none is planned."""

    id = Column(RowId, primary_key=True)
    cohort_id = _cohort_id()
    user_id = _refers_to("account.user_id")
    joined_at: Named[datetime] = _column("joined", UtcDateTime(), **_PRESENCE)
    active_at: Named[datetime] = _column("last did something for your network", UtcDateTime(), **_PRESENCE)
    touched_at: Named[datetime | None] = _column("last used me", UtcDateTime(), **_PRESENCE)
    seen_at: Named[datetime | None] = _column(
        "last looked up whether you are in the server", UtcDateTime(), **_PRESENCE
    )
    set_aside_at: Named[datetime | None] = _column("not in the server since", UtcDateTime(), **_PRESENCE)
    section_role_id: Named[int | None] = _column("role of your section at Discord", BigInteger(), **_PRESENCE)
    zone: Named[str] = _column("time zone", String(64), **_SETTING)
    nudge_day: Named[int] = _column("day of the note", **_SETTING)
    nudge_hour: Named[int] = _column("hour of the note", **_SETTING)
    nudges_on: Named[bool] = _column("notes on", **_SETTING)
    every_weeks: Named[int] = _column("weeks between notes", server_default="1", **_SETTING)
    quiet_start: Named[int] = _column("quiet from", server_default="21", **_SETTING)
    quiet_end: Named[int] = _column("quiet until", server_default="8", **_SETTING)
    discreet: Named[bool] = _column("discreet notes", server_default=false(), **_SETTING)
    inbox_only: Named[bool] = _column(
        "messages from instructors in the inbox alone", server_default=false(), **_SETTING
    )
    pause_until: Named[date | None] = _column("paused until", Date(), **_SETTING)
    next_nudge_at: Named[datetime | None] = _column("next note", UtcDateTime(), **_SETTING)
    next_nudge_week: Named[date | None] = _column("week of the next note", Date(), **_SETTING)
    backed_off: Named[bool] = _column(
        "notes grew rare because they went unanswered", server_default=false(), **_SETTING
    )
    asked_contact_at: Named[datetime | None] = _column("asked to be greeted", UtcDateTime(), **_GREETING)
    greeted_at: Named[datetime | None] = _column("last greeted", UtcDateTime(), **_GREETING)
    register_from: Named[date | None] = _column("first week of your row in the register", Date(), **_ROW)
    register_visible_at: Named[datetime | None] = _column("row shown to instructors from", UtcDateTime(), **_ROW)
    student_number: Named[str | None] = _column("student number or login", String(40), **_NUMBER)
    number_key: Named[str | None] = _column("the same, to compare it by", String(120), **_NUMBER)
    number_claimed: Named[str | None] = _column("a number you gave that somebody else has", String(120), **_NUMBER)
    number_asked: Named[bool] = _column("asked for your student number", server_default=false(), **_NUMBER)


enrolment = Table(
    "enrolment",
    metadata,
    EnrolmentColumns,
    UniqueConstraint("cohort_id", "user_id"),
    # Two members cannot hold one student number, whatever races; those without one have null.
    UniqueConstraint("cohort_id", "number_key"),
    sqlite_autoincrement=True,
    info=_kept(
        "Your place in the course",
        "to know when and how you want your notes, and whether you are here",
        "you; instructors see what `/privacy seen` shows",
        since="joined_at",
    ),
)
Index(None, enrolment.c.user_id)
Index(None, enrolment.c.seen_at)
# All that a tick looks at: the due query costs the same in a small class and among a million enrolments.
Index(
    None,
    enrolment.c.next_nudge_at,
    sqlite_where=enrolment.c.next_nudge_at.is_not(None),
    postgresql_where=enrolment.c.next_nudge_at.is_not(None),
)


class PauseColumns(TypedColumns):
    """Days on which a member wanted no notes."""

    enrolment_id = _enrolment_id(primary_key=True)
    starts_on: Named[date] = _column("from", Date(), primary_key=True)
    ends_on: Named[date] = _column("until, the first day after it", Date())


pause = Table(
    "pause",
    metadata,
    PauseColumns,
    sqlite_with_rowid=False,
    info=_kept(
        "Pauses",
        "so that a pause does not count as silence",
        "you; instructors see that you are away, if the course has a register",
    ),
)


class FocusColumns(TypedColumns):
    """A member's focus."""

    enrolment_id = _enrolment_id(primary_key=True)
    field_one: Named[str] = _column("field", String(40))
    field_two: Named[str | None] = _column("second field", String(40))
    purpose: Named[str | None] = _column("what for", String(140))
    connection: Named[str | None] = _column("what a connection is to you", String(16), form="code")
    track: Named[str | None] = _column("profession, if not the course's", String(40), form="code")
    season: Named[str | None] = _column("season", String(16), form="code")
    new_accounts: Named[bool] = _column("new accounts", server_default=false())
    updated_at: Named[datetime] = _column("changed", UtcDateTime())


focus = Table(
    "focus",
    metadata,
    FocusColumns,
    sqlite_with_rowid=False,
    info=_kept("Your focus", "to fit examples and the checklist to you", HOW_MUCH),
)


class ChecklistAnswerColumns(TypedColumns):
    """A member's last answer to a checklist item, and the day; never what they found."""

    enrolment_id = _enrolment_id(primary_key=True)
    item_id: Named[str] = _column("item", String(40), primary_key=True)
    answer: Named[str] = _column("answer", String(16), form="code")
    answered_on: Named[date] = _column("day", Date())


checklist_answer = Table(
    "checklist_answer",
    metadata,
    ChecklistAnswerColumns,
    _one_of("answer", Answer),
    sqlite_with_rowid=False,
    info=_kept("Checklist answers", "to show what is open; never what you found", HOW_MUCH),
)


class ChecklistHistoryColumns(TypedColumns):
    """Every day on which a member answered an item, and the day's last answer; never what they found."""

    enrolment_id = _enrolment_id(primary_key=True)
    item_id: Named[str] = _column("item", String(40), primary_key=True)
    answered_on: Named[date] = _column("day", Date(), primary_key=True)
    answer: Named[str] = _column("answer", String(16), form="code")


checklist_history = Table(
    "checklist_history",
    metadata,
    ChecklistHistoryColumns,
    _one_of("answer", Answer),
    sqlite_with_rowid=False,
    info=_kept(
        "Days of checklist answers", "to see what changed since the last look, and which weeks were active", HOW_MUCH
    ),
)


class GoalColumns(TypedColumns):
    """A goal; `ended_at` null means that it runs, in one of the two slots, or rests (`paused_on`)."""

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    title: Named[str] = _column("goal", String(100))
    type: Named[str] = _column("type", String(40), form="code")
    target: Named[int] = _column("how often")
    every_weeks: Named[int] = _column("in how many weeks", server_default="1")
    weeks: Named[int] = _column("weeks")
    starts_on: Named[date] = _column("from", Date())
    outcome: Named[str | None] = _column("best result", String(140))
    obstacle: Named[str | None] = _column("obstacle", String(16), form="code")
    if_then: Named[str] = _column("plan", String(140))
    obstacle_plan: Named[str | None] = _column("plan for the obstacle", String(140))
    tiny: Named[str | None] = _column("five-minute version", String(80))
    box_minutes: Named[int | None] = _column("minutes a week")
    paused_on: Named[date | None] = _column("resting since", Date())
    paused_days: Named[int] = _column("days rested before", server_default="0")
    ended_at: Named[datetime | None] = _column("ended", UtcDateTime())
    ending: Named[str | None] = _column("how it ended", String(16), form="code")
    reflection: Named[str | None] = _column("reflection", String(200))
    benefit: Named[str | None] = _column("what it brought", String(16), form="code")
    created_at: Named[datetime] = _column("set", UtcDateTime())
    slot: Named[int] = _column("first or second goal", server_default="1")


goal = Table(
    "goal",
    metadata,
    GoalColumns,
    CheckConstraint("slot IN (1, 2)", name="slot"),
    sqlite_autoincrement=True,
    info=_kept(
        "Goals",
        "to plan, count toward it and look back",
        "you; instructors see that you have one, and read it if you share it",
    ),
)
Index(None, goal.c.enrolment_id)
# Two running goals per member at most, whatever races.
Index(
    "uq_goal_running_slot",
    goal.c.enrolment_id,
    goal.c.slot,
    unique=True,
    sqlite_where=goal.c.ended_at.is_(None),
    postgresql_where=goal.c.ended_at.is_(None),
)


class GoalDraftColumns(TypedColumns):
    """A goal that a member has begun to write; one per member."""

    enrolment_id = _enrolment_id(primary_key=True)
    title: Named[str | None] = _column("goal", String(100))
    type: Named[str | None] = _column("type", String(40), form="code")
    template: Named[str | None] = _column("example it started from", String(40), form="code")
    target: Named[int | None] = _column("how often")
    every_weeks: Named[int] = _column("in how many weeks", server_default="1")
    weeks: Named[int | None] = _column("weeks")
    outcome: Named[str | None] = _column("best result", String(140))
    obstacle: Named[str | None] = _column("obstacle", String(16), form="code")
    if_then: Named[str | None] = _column("plan", String(140))
    obstacle_plan: Named[str | None] = _column("plan for the obstacle", String(140))
    tiny: Named[str | None] = _column("five-minute version", String(80))
    box_minutes: Named[int | None] = _column("minutes a week")
    beginning: Named[str] = _column("beside another goal or in its place", String(16), form="code")
    ends: Named[int | None] = _column("goal it takes the place of", BigInteger(), form="id")
    ending: Named[str | None] = _column("how that one ends", String(16), form="code")
    updated_at: Named[datetime] = _column("changed", UtcDateTime())


goal_draft = Table(
    "goal_draft",
    metadata,
    GoalDraftColumns,
    sqlite_with_rowid=False,
    info=_kept("A goal you have begun to write", "so that nothing is lost when you are interrupted"),
)


class NudgeColumns(TypedColumns):
    """The ledger: one row for each message that fell due, never its text.

    It goes to an account, or, as an announcement, to the course's channel.
    """

    cohort_id = _cohort_id()
    user_id: Named[int | None] = Column(BigInteger(), ForeignKey("account.user_id", ondelete="CASCADE"))
    channel_id: Named[int | None] = Column(BigInteger())
    id: Named[int] = _column("number", RowId, primary_key=True)
    due_at: Named[datetime] = _column("due", UtcDateTime())
    kind: Named[str] = _column("kind", String(16), form="code")
    period: Named[str] = _column("of", String(16), form="code")
    state: Named[str] = _column("state", String(16), form="code")
    reason: Named[str | None] = _column("reason", String(16), form="code")
    settled_at: Named[datetime | None] = _column("settled", UtcDateTime())
    rule: Named[str | None] = _column("rule", String(16), form="code")
    occasion: Named[str | None] = _column("occasion", String(40), form="code")
    subject: Named[str | None] = _column("about", String(40), form="code")
    # Set before the first request, so that every attempt says the same.
    text: Named[str | None] = _column("which text", String(48), form="code")
    facts: Named[str | None] = _column("what the rule looked at", Text(), form="json")
    message_id: Named[int | None] = _column("message number at Discord", BigInteger())
    not_before: Named[datetime] = _column("not before", UtcDateTime())
    attempts: Named[int] = _column("attempts")
    first_attempt_at: Named[datetime | None] = _column("first attempt", UtcDateTime())
    runner: Named[str | None] = _column("sent by process", String(40))
    lease_until: Named[datetime | None] = _column("claimed until", UtcDateTime())


nudge = Table(
    "nudge",
    metadata,
    NudgeColumns,
    CheckConstraint("(user_id IS NULL) <> (channel_id IS NULL)", name="recipient"),
    _one_of("kind", NudgeKind),
    _one_of("state", NudgeState),
    CheckConstraint("(state IN ('held', 'skipped')) = (reason IS NOT NULL)", name="reason"),
    CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name="lease"),
    sqlite_autoincrement=True,
    info=_kept(
        "Notes to you",
        "so that each arrives once, or you can read why not; never its text",
        "you; instructors see whether they reach you",
        since="due_at",
    ),
)
Index(None, nudge.c.user_id)
# One row for each recipient, kind and period, whatever races.
to_account, to_channel = nudge.c.user_id.is_not(None), nudge.c.channel_id.is_not(None)
Index(
    "uq_nudge_account",
    nudge.c.cohort_id,
    nudge.c.user_id,
    nudge.c.kind,
    nudge.c.period,
    unique=True,
    sqlite_where=to_account,
    postgresql_where=to_account,
)
Index(
    "uq_nudge_channel",
    nudge.c.cohort_id,
    nudge.c.channel_id,
    nudge.c.kind,
    nudge.c.period,
    unique=True,
    sqlite_where=to_channel,
    postgresql_where=to_channel,
)
is_open = nudge.c.state.in_([literal_column("'owed'"), literal_column("'claimed'")])
"""What every statement that looks for open rows says, word for word: only then is the index of open rows used."""
Index("ix_nudge_open", nudge.c.not_before, sqlite_where=is_open, postgresql_where=is_open)


class CourseWeekColumns(TypedColumns):
    """A week of the course plan: its step, when that is due, and what counts as done.

    `week` is a Monday. `done_ref`: the checklist item or the kind of action, where one of those counts.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = _cohort_id()
    week: Named[date] = _column("Monday", Date())
    theme: Named[str] = _column("theme", String(60))
    step: Named[str] = _column("step", String(120))
    minutes: Named[int] = _column("minutes")
    due_on: Named[date] = _column("due", Date())
    done_by: Named[str] = _column("what counts as done", String(16), form="code")
    done_ref: Named[str | None] = _column("item or kind of action that counts", String(40), form="code")
    another_way: Named[str | None] = _column("another way", String(120))
    switched_off: Named[bool] = _column("switched off", server_default=false())
    announced: Named[bool] = _column("announced in the channel, if the course announces", server_default=true())


course_week = Table(
    "course_week",
    metadata,
    CourseWeekColumns,
    _one_of("done_by", DoneBy),
    sqlite_autoincrement=True,
    info=_kept("The course plan", "to tell members each week's step", "instructors and members", _WITH_COURSE),
)
Index(None, course_week.c.cohort_id)


class WeekStepColumns(TypedColumns):
    """What a member did about the step of a week: done, or set aside; a line is kept where they handed one in."""

    enrolment_id = _enrolment_id(primary_key=True)
    week_id = _refers_to("course_week.id", "week number", primary_key=True)
    state: Named[str] = _column(
        "done or not", String(16), form="code", seen_by="you; instructors see only whether it is done"
    )
    done_on: Named[date] = _column(
        "day", Date(), seen_by="you; instructors with a line you hand in, and by a gradebook's last day"
    )
    line: Named[str | None] = _column("line you handed in", String(280))


week_step = Table(
    "week_step",
    metadata,
    WeekStepColumns,
    _one_of("state", StepState),
    sqlite_with_rowid=False,
    info=_kept(
        "Weekly steps",
        "to show what is done, and your line",
        "you; instructors read a line you hand in, and see what is done if the course has a register",
    ),
)
Index(None, week_step.c.week_id)


class NetworkStartColumns(TypedColumns):
    """Which kinds of people were in a member's network at the end of their second week; nobody's name."""

    enrolment_id = _enrolment_id(primary_key=True)
    kept_on: Named[date] = _column("day", Date())
    kinds: Named[Any] = _column("kinds of people", JSON(), nullable=False, form="json")


network_start = Table(
    "network_start",
    metadata,
    NetworkStartColumns,
    sqlite_with_rowid=False,
    info=_kept("Your network after two weeks", "to show in your portfolio how it grew; kinds of people alone"),
)


class PortfolioEntryColumns(TypedColumns):
    """Something a member chose for their portfolio, in the words it had then.

    `source` names what it was taken from, such as "week:12"; `names_nobody`: they said that it names and shows no one.
    """

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    kind: Named[str] = _column("what", String(16), form="code")
    source: Named[str] = _column("taken from", String(48), form="code")
    text: Named[str] = _column("text", Text())
    names_nobody: Named[bool] = _column("you said that it names nobody else", server_default=false())
    added_on: Named[date] = _column("day", Date())


portfolio_entry = Table(
    "portfolio_entry",
    metadata,
    PortfolioEntryColumns,
    UniqueConstraint("enrolment_id", "kind", "source"),
    _one_of("kind", PortfolioKind),
    sqlite_autoincrement=True,
    info=_kept("Your portfolio", "because you chose to keep it there; also a bio, if you asked for it"),
)


class PortfolioShareColumns(TypedColumns):
    """The portfolio as a member shared it with their instructors: a copy that does not change."""

    enrolment_id = _enrolment_id(primary_key=True)
    shared_at: Named[datetime] = _column("since", UtcDateTime())
    page: Named[str] = _column("page", Text())


portfolio_share = Table(
    "portfolio_share",
    metadata,
    PortfolioShareColumns,
    sqlite_with_rowid=False,
    info=_kept(
        "The portfolio you share",
        "because you chose to",
        "you and your instructors",
        "until you take it back, and own; files instructors saved stay with them",
    ),
)


class InstructorMessageColumns(TypedColumns):
    """A short text from an instructor to several members; ledger rows name it as `message:` and its id."""

    id = Column(RowId, primary_key=True)
    cohort_id = _cohort_id()
    by_user_id: Named[int] = _column("instructor's account number", BigInteger())
    by_name: Named[str] = _column("from, by display name", String(40))
    text: Named[str] = _column("text", String(400))
    people: Named[int] = _column("to so many people")
    sent_on: Named[date | None] = _column("day; empty for a draft", Date())
    created_at: Named[datetime] = _column("written", UtcDateTime())


instructor_message = Table(
    "instructor_message",
    metadata,
    InstructorMessageColumns,
    # One sending a day for each instructor, whatever races.
    UniqueConstraint("cohort_id", "by_user_id", "sent_on"),
    sqlite_autoincrement=True,
    info=_kept(
        "Messages from your instructors",
        "so that you can read them in your inbox",
        "you, the instructor who wrote it, and everybody it went to",
        "until 30 days after the last of them arrived, or its author is erased; drafts a day",
        since="created_at",
        by_title="Messages you wrote to members, as an instructor",
        by_why="to deliver them",
        by_seen_by="you and everybody it went to",
    ),
)
Index(None, instructor_message.c.by_user_id)


class ContactColumns(TypedColumns):
    """Somebody in a member's network, under a nickname; the stage follows from what was logged with them."""

    enrolment_id = _enrolment_id()
    id: Named[int] = _column("number", RowId, primary_key=True)
    nickname: Named[str] = _column("nickname", String(24))
    category: Named[str] = _column("who they are to you", String(16), form="code")
    place: Named[str | None] = _column("near or far", String(8), form="code")
    shares: Named[str | None] = _column("what you share", String(60))
    base_stage: Named[str] = _column("stage as you set it", String(16), form="code")
    based_on: Named[date] = _column("set", Date())
    based_after: Named[int] = _column("counted from entry number", BigInteger(), server_default="0", form="id")
    rested: Named[bool] = _column("left in peace", server_default=false())


contact = Table(
    "contact",
    metadata,
    ContactColumns,
    _one_of("category", Category),
    _one_of("base_stage", Stage),
    UniqueConstraint("enrolment_id", "nickname"),
    sqlite_autoincrement=True,
    info=_kept(
        "People in your network", "to remember whom to write to next; under nicknames, never a name or an address"
    ),
)


class SpaceColumns(TypedColumns):
    """A place where a member's field talks."""

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    name: Named[str] = _column("place", String(40))
    kind: Named[str] = _column("what it is", String(16), form="code")
    rhythm: Named[str | None] = _column("when", String(40))


space = Table(
    "space",
    metadata,
    SpaceColumns,
    _one_of("kind", SpaceKind),
    sqlite_autoincrement=True,
    info=_kept("Places where your field talks", "to bring you back to them"),
)
Index(None, space.c.enrolment_id)


class AlertColumns(TypedColumns):
    """A standing search."""

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    kind: Named[str] = _column("for", String(16), form="code")
    field: Named[str] = _column("field", String(40))
    role: Named[str | None] = _column("role", String(40))
    place: Named[str | None] = _column("place", String(40))
    on_since: Named[date] = _column("since", Date())
    asked_on: Named[date | None] = _column("last kept", Date())


alert = Table(
    "alert",
    metadata,
    AlertColumns,
    _one_of("kind", AlertKind),
    sqlite_autoincrement=True,
    info=_kept("Search words", "to ask you now and then whether they are worth keeping"),
)
Index(None, alert.c.enrolment_id)


class OpportunityColumns(TypedColumns):
    """An opening that a member keeps in sight."""

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    title: Named[str] = _column("opportunity", String(60))
    kind: Named[str] = _column("what it is", String(16), form="code")
    source: Named[str | None] = _column("heard of it by", String(16), form="code")
    due_on: Named[date | None] = _column("due", Date())
    state: Named[str] = _column("where it stands", String(16), form="code")
    state_on: Named[date] = _column("since", Date())
    sent_on: Named[date | None] = _column("sent", Date())
    followed_on: Named[date | None] = _column("asked after", Date())
    thanked_on: Named[date | None] = _column("thanked", Date())


opportunity = Table(
    "opportunity",
    metadata,
    OpportunityColumns,
    _one_of("kind", OpportunityKind),
    _one_of("state", OpportunityState),
    sqlite_autoincrement=True,
    info=_kept("Opportunities", "to remind you of deadlines and thanks"),
)
Index(None, opportunity.c.enrolment_id)


class FeedbackColumns(TypedColumns):
    """A question or comment to the instructors; `enrolment_id` null: unsigned, and nobody is kept.

    It has a week and no moment, because a moment could give its author away.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = _cohort_id()
    enrolment_id: Named[int | None] = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"))
    week: Named[date] = _column("Monday of the week", Date())
    text: Named[str] = _column("text", String(1000))
    read_at: Named[datetime | None] = _column("read", UtcDateTime())


feedback = Table(
    "feedback",
    metadata,
    FeedbackColumns,
    sqlite_autoincrement=True,
    info=_kept(
        "Words you signed",
        "to reach your instructors; what you sent without your name is kept without you",
        "you and your instructors",
        "own; without a name: with the course",
    ),
)
Index(None, feedback.c.cohort_id)
Index(None, feedback.c.enrolment_id)


class ActionColumns(TypedColumns):
    """A logged action. `nudge_id` is unique: *Done* logs once per nudge."""

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    happened_on: Named[date] = _column("day", Date())
    kind: Named[str] = _column("what", String(40), form="code")
    note: Named[str | None] = _column("note", String(200))
    minutes: Named[int | None] = _column("minutes")
    outcome: Named[str | None] = _column("what came of it", String(16), form="code")
    contact_id: Named[int | None] = _column(
        "with person number", BigInteger(), ForeignKey("contact.id", ondelete="SET NULL")
    )
    nudge_id: Named[int | None] = _column(
        "answers note number", BigInteger(), ForeignKey("nudge.id", ondelete="SET NULL"), unique=True
    )
    logged_at: Named[datetime] = _column("logged", UtcDateTime())


action = Table(
    "action",
    metadata,
    ActionColumns,
    sqlite_autoincrement=True,
    info=_kept("Log entries", "to count toward your goal and to pick the next step", HOW_MUCH),
)
Index(None, action.c.enrolment_id, action.c.logged_at)
with_contact = action.c.contact_id.is_not(None)
Index(None, action.c.contact_id, sqlite_where=with_contact, postgresql_where=with_contact)


class BioCheckColumns(TypedColumns):
    """That a member had a bio looked at: where it stands, the day, and the rules that spoke; never a word of it."""

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    checked_on: Named[date] = _column("day", Date())
    place: Named[str] = _column("place", String(40), form="code")
    rules: Named[str] = _column("what was noticed, by the rules' ids", String(200))


bio_check = Table(
    "bio_check",
    metadata,
    BioCheckColumns,
    sqlite_autoincrement=True,
    info=_kept("Bio checks", "to see what changed; never a word of the bio"),
)
Index(None, bio_check.c.enrolment_id)


class AiConsentColumns(TypedColumns):
    """A member's answer to the notice about the AI reviewer, for that host and that version of the notice."""

    enrolment_id = _enrolment_id(primary_key=True)
    host: Named[str] = _column("host", String(255))
    notice: Named[int] = _column("version of the notice")
    agreed_at: Named[datetime | None] = _column("agreed; empty for a no", UtcDateTime())


ai_consent = Table(
    "ai_consent",
    metadata,
    AiConsentColumns,
    sqlite_with_rowid=False,
    info=_kept("Your answer to the AI reviewer", "to ask you once, and to send nothing without your yes"),
)


class AiBudgetColumns(TypedColumns):
    """What was spent of a day's caps and what is reserved; `day` is UTC's, one for everybody.

    `scope`: "bot", "guild:" with its number, or "member:" with that of the enrolment. Members count calls, the others
    tokens. Kept for a week, so that nothing of somebody who was erased stays.
    """

    scope: Named[str] = _column("of", String(64), primary_key=True, form="code")
    day: Named[date] = _column("day", Date(), primary_key=True)
    spent: Named[int] = _column("calls", BigInteger())
    reserved: Named[int] = _column("calls under way", BigInteger())


ai_budget = Table(
    "ai_budget",
    metadata,
    AiBudgetColumns,
    sqlite_with_rowid=False,
    info=_kept("Your AI reviews of a day", "to keep to five reviews a day", YOU, "7 days"),
)
Index(None, ai_budget.c.day)


class AiCallColumns(TypedColumns):
    """A call to the AI reviewer; never a word of what was sent or answered. `day`: UTC's, as the budget's.

    `outcome` null: it is not settled yet, and `reserved` tokens are set aside for it, 0 once they were freed.
    """

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    day: Named[date] = _column("day", Date())
    reserved_at: Named[datetime] = _column("asked", UtcDateTime())
    outcome: Named[str | None] = _column("outcome", String(16), form="code")
    milliseconds: Named[int | None] = _column("milliseconds")
    prompt_tokens: Named[int | None] = _column("tokens sent")
    completion_tokens: Named[int | None] = _column("tokens back")
    reserved: Named[int] = _column("tokens set aside", BigInteger())
    model: Named[str] = _column("model", String(100))
    prompt_version: Named[str] = _column("version of the instructions", String(40), form="code")


ai_call = Table(
    "ai_call",
    metadata,
    AiCallColumns,
    _one_of("outcome", AiOutcome),
    sqlite_autoincrement=True,
    info=_kept(
        "Calls to the AI reviewer",
        "to keep to the day's limits; never a word of what was sent or answered",
        "you; instructors as counts of the class",
    ),
)
Index(None, ai_call.c.enrolment_id)
holds_budget = (ai_call.c.outcome.is_(None), ai_call.c.reserved > literal_column("0"))
"""What every statement that looks for open reservations says, word for word: only then is their index used."""
Index(
    "ix_ai_call_open",
    ai_call.c.reserved_at,
    sqlite_where=and_(*holds_budget),
    postgresql_where=and_(*holds_budget),
)


class AiReportColumns(TypedColumns):
    """How often AI notes were reported in a week of a course, by what was wrong with them; nobody's name."""

    cohort_id = _cohort_id(primary_key=True)
    week: Named[date] = _column("week", Date(), primary_key=True)
    kind: Named[str] = _column("what was wrong", String(16), primary_key=True, form="code")
    reports: Named[int] = _column("how many")


ai_report = Table(
    "ai_report",
    metadata,
    AiReportColumns,
    _one_of("kind", AiReport),
    sqlite_with_rowid=False,
    info=_kept(
        "AI notes called wrong, unkind or harmful",
        "to switch them off if need be",
        "instructors, as counts",
        _WITH_COURSE,
    ),
)


class CohortSectionColumns(TypedColumns):
    """A section of a course: the role that its members have."""

    cohort_id = _cohort_id(primary_key=True)
    role_id: Named[int] = _column("role of the section at Discord", BigInteger(), primary_key=True, autoincrement=False)


cohort_section = Table(
    "cohort_section",
    metadata,
    CohortSectionColumns,
    sqlite_with_rowid=False,
    info=_kept("Roles that are sections", "to tell groups of the class apart", _STAFF, "stays"),
)


class ClassSnapshotColumns(TypedColumns):
    """Exact counts of people in a class on a Monday; class_statistics.py decides what may be shown of them."""

    cohort_id = _cohort_id(primary_key=True)
    section_role_id: Named[int] = _column(
        "section; 0 for the whole class", BigInteger(), primary_key=True, autoincrement=False
    )
    week: Named[date] = _column("Monday", Date(), primary_key=True)
    members: Named[int] = _column("members")
    joined: Named[int] = _column("joined since the last")
    left: Named[int] = _column("left since the last")
    counts: Named[dict[str, int]] = _column("people by fact", JSON(), nullable=False, form="json")


class_snapshot = Table(
    "class_snapshot",
    metadata,
    ClassSnapshotColumns,
    sqlite_with_rowid=False,
    info=_kept(
        "Counts of the class on a Monday",
        "for class statistics and trends",
        "instructors, by the rule below",
        _WITH_COURSE,
    ),
)


class ShareColumns(TypedColumns):
    """Something of their own that a member lets their instructors see."""

    enrolment_id = _enrolment_id(primary_key=True)
    item: Named[str] = _column("what", String(16), primary_key=True, form="code")
    shared_at: Named[datetime] = _column("since", UtcDateTime())


share = Table(
    "share",
    metadata,
    ShareColumns,
    _one_of("item", SharedItem),
    sqlite_with_rowid=False,
    info=_kept("What you share", "because you chose to", "you and your instructors", "until you stop, and own"),
)


class AccessLogColumns(TypedColumns):
    """That an instructor saw something about one member; `by_user_id` null: erased since."""

    id = Column(RowId, primary_key=True)
    enrolment_id = _enrolment_id()
    accessed_at: Named[datetime] = _column("when", UtcDateTime())
    what: Named[str] = _column("what", String(16), form="code")
    by_user_id: Named[int | None] = _column("instructor's account number", BigInteger())


access_log = Table(
    "access_log",
    metadata,
    AccessLogColumns,
    _one_of("what", Access),
    sqlite_autoincrement=True,
    info=_kept(
        "When instructors looked at you",
        "so that you can see who looked, and when",
        YOU,
        "with you; the instructor's number goes when the instructor is erased",
        since="accessed_at",
        by_title="When you looked at members, as an instructor",
        by_why="so that they can see who looked, and when",
        by_seen_by="you and the member you looked at",
    ),
)
Index(None, access_log.c.enrolment_id)
Index(None, access_log.c.by_user_id)


class RegisterAccessColumns(TypedColumns):
    """That an instructor saw the register, or took it along: one row an hour, whatever the size of the class.

    `hour`: the hour of the look; `accessed_at`: its last moment. Every member whose row was visible then can read it.
    `by_user_id` null: erased since.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = _cohort_id()
    hour = Column(UtcDateTime(), nullable=False)
    accessed_at: Named[datetime] = _column("when", UtcDateTime())
    what: Named[str] = _column("what", String(16), form="code")
    by_user_id: Named[int | None] = _column("instructor's account number", BigInteger())


register_access = Table(
    "register_access",
    metadata,
    RegisterAccessColumns,
    UniqueConstraint("cohort_id", "by_user_id", "what", "hour"),
    _one_of("what", Access),
    sqlite_autoincrement=True,
    info=_kept(
        "When instructors opened the register with your row in it",
        "so that you can see who looked; once an hour for the class",
        "you and everybody else in it",
        "with the course; the instructor's number goes when the instructor is erased",
        since="accessed_at",
        by_title="When you opened the register, as an instructor",
        by_why="so that its members can see it",
        by_seen_by="you and the members in the register",
    ),
)
Index(None, register_access.c.by_user_id)


class DigestColumns(TypedColumns):
    """An instructor who asked for the weekly digest of a course."""

    cohort_id = _cohort_id("course number", primary_key=True)
    user_id = _refers_to("account.user_id", "your account number", primary_key=True)
    asked_at: Named[datetime] = _column("asked", UtcDateTime())


digest = Table(
    "digest",
    metadata,
    DigestColumns,
    sqlite_with_rowid=False,
    info=_kept(
        "Weekly digests you asked for as an instructor", "to send them", YOU, "until you end it", since="asked_at"
    ),
)
Index(None, digest.c.user_id)


class SettingColumns(TypedColumns):
    """What the bot remembers about itself, such as the hash of the commands it last registered."""

    key: Named[str] = _column("name", String(40), primary_key=True)
    value: Named[str] = _column("value", Text())


setting = Table(
    "setting",
    metadata,
    SettingColumns,
    sqlite_with_rowid=False,
    info=_kept(
        "What the bot remembers of itself",
        "the hash of its commands, when it last ticked, a random name for calendar files",
        _NOBODY,
        "stays",
    ),
)
