"""Every table, typed. Times are UTC; calendar days are days on the person's own calendar.

The migrations build the same tables; a test compares the two.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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
    false,
    literal_column,
)

from bot.coaching.footprint import Answer
from bot.coaching.nudges import NudgeKind, NudgeState


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


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class CohortColumns(TypedColumns):
    """A course in one server for one term.

    `breaks`: a list of [kind, first day, last day]. `away_since`: since when the bot is not in the server.
    """

    id = Column(RowId, primary_key=True)
    guild_id = Column(BigInteger(), nullable=False)
    name = Column(String(60), nullable=False)
    zone = Column(String(64), nullable=False)
    starts_on = Column(Date(), nullable=False)
    ends_on = Column(Date(), nullable=False)
    instructor_role_id = Column(BigInteger(), nullable=False)
    nudge_day: Named[int]
    nudge_hour: Named[int]
    track: Named[str | None] = Column(String(40))
    expected_size: Named[int | None]
    support_contact: Named[str | None] = Column(String(120))
    created_at = Column(UtcDateTime(), nullable=False)
    closed_at: Named[datetime | None] = Column(UtcDateTime())
    breaks = Column(JSON(), nullable=False, server_default="[]")
    away_since: Named[datetime | None] = Column(UtcDateTime())


cohort = Table("cohort", metadata, CohortColumns)
# One open course per server, whatever races: the database says so.
Index(
    "uq_cohort_open_guild",
    cohort.c.guild_id,
    unique=True,
    sqlite_where=cohort.c.closed_at.is_(None),
    postgresql_where=cohort.c.closed_at.is_(None),
)


class AccountColumns(TypedColumns):
    """What belongs to a Discord account whatever course it is in: the DM channel, and the course meant in the DM.

    `dm_opened_at` is when the channel was opened or became known; without a channel, when that was last tried.
    """

    user_id = Column(BigInteger(), primary_key=True, autoincrement=False)
    dm_channel_id: Named[int | None] = Column(BigInteger())
    dm_opened_at: Named[datetime | None] = Column(UtcDateTime())
    dm_closed_at: Named[datetime | None] = Column(UtcDateTime())
    dm_closed_told: Named[bool] = Column(Boolean(), nullable=False, server_default=false())
    chosen_cohort_id: Named[int | None] = Column(BigInteger(), ForeignKey("cohort.id", ondelete="SET NULL"))


account = Table("account", metadata, AccountColumns, sqlite_with_rowid=False)
Index(None, account.c.dm_opened_at)


class EnrolmentColumns(TypedColumns):
    """One member in one cohort; `next_nudge_at` null means none is planned.

    `touched_at`: last button or command. `seen_at`: last looked whether they are still in the server.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), nullable=False)
    user_id = Column(BigInteger(), ForeignKey("account.user_id", ondelete="CASCADE"), nullable=False)
    joined_at = Column(UtcDateTime(), nullable=False)
    active_at = Column(UtcDateTime(), nullable=False)
    zone = Column(String(64), nullable=False)
    nudge_day: Named[int]
    nudge_hour: Named[int]
    nudges_on: Named[bool]
    pause_until: Named[date | None] = Column(Date())
    next_nudge_at: Named[datetime | None] = Column(UtcDateTime())
    next_nudge_week: Named[date | None] = Column(Date())
    every_weeks: Named[int] = Column(Integer(), nullable=False, server_default="1")
    quiet_start: Named[int] = Column(Integer(), nullable=False, server_default="21")
    quiet_end: Named[int] = Column(Integer(), nullable=False, server_default="8")
    discreet: Named[bool] = Column(Boolean(), nullable=False, server_default=false())
    touched_at: Named[datetime | None] = Column(UtcDateTime())
    backed_off: Named[bool] = Column(Boolean(), nullable=False, server_default=false())
    seen_at: Named[datetime | None] = Column(UtcDateTime())
    set_aside_at: Named[datetime | None] = Column(UtcDateTime())


enrolment = Table("enrolment", metadata, EnrolmentColumns, UniqueConstraint("cohort_id", "user_id"))
Index(None, enrolment.c.user_id)
Index(None, enrolment.c.seen_at)
# All that a tick looks at: the due query costs the same in a small class and among a million enrolments.
Index(
    None,
    enrolment.c.next_nudge_at,
    sqlite_where=enrolment.c.next_nudge_at.is_not(None),
    postgresql_where=enrolment.c.next_nudge_at.is_not(None),
)


class FocusColumns(TypedColumns):
    """A member's focus."""

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    field_one = Column(String(40), nullable=False)
    field_two: Named[str | None] = Column(String(40))
    purpose: Named[str | None] = Column(String(140))
    connection: Named[str | None] = Column(String(16))
    updated_at = Column(UtcDateTime(), nullable=False)


focus = Table("focus", metadata, FocusColumns, sqlite_with_rowid=False)


class ChecklistAnswerColumns(TypedColumns):
    """A member's last answer to a checklist item, and the day; never what they found."""

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    item_id = Column(String(40), primary_key=True)
    answer = Column(String(16), nullable=False)
    answered_on = Column(Date(), nullable=False)


checklist_answer = Table(
    "checklist_answer", metadata, ChecklistAnswerColumns, _one_of("answer", Answer), sqlite_with_rowid=False
)


class GoalColumns(TypedColumns):
    """A goal; `ended_at` null means it is the one that is running."""

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    type = Column(String(40), nullable=False)
    title = Column(String(100), nullable=False)
    target: Named[int]
    if_then = Column(String(140), nullable=False)
    weeks: Named[int]
    starts_on = Column(Date(), nullable=False)
    created_at = Column(UtcDateTime(), nullable=False)
    ended_at: Named[datetime | None] = Column(UtcDateTime())


goal = Table("goal", metadata, GoalColumns)
# One running goal per member, whatever races.
Index(
    "uq_goal_running",
    goal.c.enrolment_id,
    unique=True,
    sqlite_where=goal.c.ended_at.is_(None),
    postgresql_where=goal.c.ended_at.is_(None),
)


class NudgeColumns(TypedColumns):
    """The ledger: one row for each message that fell due. Message text is not kept.

    `facts`: the counts that the rule looked at, as JSON, for *Why this?*.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), nullable=False)
    user_id = Column(BigInteger(), ForeignKey("account.user_id", ondelete="CASCADE"), nullable=False)
    kind = Column(String(16), nullable=False)
    period = Column(String(16), nullable=False)
    due_at = Column(UtcDateTime(), nullable=False)
    not_before = Column(UtcDateTime(), nullable=False)
    state = Column(String(16), nullable=False)
    runner: Named[str | None] = Column(String(40))
    lease_until: Named[datetime | None] = Column(UtcDateTime())
    attempts: Named[int]
    first_attempt_at: Named[datetime | None] = Column(UtcDateTime())
    rule: Named[str | None] = Column(String(16))
    subject: Named[str | None] = Column(String(40))
    facts: Named[str | None] = Column(Text())
    message_id: Named[int | None] = Column(BigInteger())
    settled_at: Named[datetime | None] = Column(UtcDateTime())
    reason: Named[str | None] = Column(String(16))


nudge = Table(
    "nudge",
    metadata,
    NudgeColumns,
    UniqueConstraint("cohort_id", "user_id", "kind", "period"),
    _one_of("kind", NudgeKind),
    _one_of("state", NudgeState),
    CheckConstraint("(state IN ('held', 'skipped')) = (reason IS NOT NULL)", name="reason"),
    CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name="lease"),
)
Index(None, nudge.c.user_id)
is_open = nudge.c.state.in_([literal_column("'owed'"), literal_column("'claimed'")])
"""What every statement that looks for open rows says, word for word: only then is the index of open rows used."""
Index("ix_nudge_open", nudge.c.not_before, sqlite_where=is_open, postgresql_where=is_open)


class ActionColumns(TypedColumns):
    """A logged action. `nudge_id` is unique: *Done* logs once per nudge."""

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    nudge_id: Named[int | None] = Column(BigInteger(), ForeignKey("nudge.id", ondelete="SET NULL"), unique=True)
    kind = Column(String(40), nullable=False)
    happened_on = Column(Date(), nullable=False)
    note: Named[str | None] = Column(String(200))
    minutes: Named[int | None]
    outcome: Named[str | None] = Column(String(16))
    logged_at = Column(UtcDateTime(), nullable=False)


action = Table("action", metadata, ActionColumns)
Index(None, action.c.enrolment_id, action.c.logged_at)


class SettingColumns(TypedColumns):
    """What the bot remembers about itself, such as the hash of the commands it last registered."""

    key = Column(String(40), primary_key=True)
    value = Column(Text(), nullable=False)


setting = Table("setting", metadata, SettingColumns, sqlite_with_rowid=False)
