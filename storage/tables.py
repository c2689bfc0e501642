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
    and_,
    false,
    literal_column,
)

from bot.coaching.bios import AiReport, Outcome
from bot.coaching.cohort import Look, SharedItem
from bot.coaching.footprint import Answer
from bot.coaching.network import AlertKind, Category, SpaceKind, Stage
from bot.coaching.nudges import NudgeKind, NudgeState
from bot.coaching.opportunities import OpportunityKind, OpportunityState


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
    `ai_reviewer`: an instructor lets members send bios to the AI reviewer. `register`: instructors see the register,
    members by name; null: the question was not answered yet. `retention_days`: how long what members gave is kept after
    the course has closed. `next_snapshot_at`: when the class is counted next. `reference_key`: what makes pseudonyms in
    exports. `erased_at` and `erased_members`: when and for how many its members' data was erased after the retention
    days. `retention_at`: when it is next looked at whether it is to be closed or something of it has been kept long
    enough; null: at once. `student_role_id`: the role of everybody who takes the course, to know how many have not
    joined. `student_number`: members are asked for their student number or login.
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
    ai_reviewer: Named[bool] = Column(Boolean(), nullable=False, server_default=false())
    register: Named[bool | None] = Column(Boolean())
    retention_days: Named[int] = Column(Integer(), nullable=False, server_default="60")
    next_snapshot_at: Named[datetime | None] = Column(UtcDateTime())
    reference_key: Named[str | None] = Column(String(64))
    erased_at: Named[datetime | None] = Column(UtcDateTime())
    erased_members: Named[int | None]
    retention_at: Named[datetime | None] = Column(UtcDateTime())
    student_role_id: Named[int | None] = Column(BigInteger())
    student_number: Named[bool] = Column(Boolean(), nullable=False, server_default=false())


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
    `asked_contact_at`: since when they wait for an instructor to get in touch. `greeted_at`: when one last did.
    `section_role_id`: the role of the course's section that they are in. `register_from`: the Monday of the first week
    that their row in the register shows. `register_visible_at`: from when on instructors see the row; null: not yet.
    `inbox_only`: instructors' messages come to the inbox alone. `student_number`: as they wrote it, with `number_key`
    to compare it by; `number_claimed`: the key of one they gave that is somebody else's already. `number_asked`: they
    have been asked for it.
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
    asked_contact_at: Named[datetime | None] = Column(UtcDateTime())
    greeted_at: Named[datetime | None] = Column(UtcDateTime())
    section_role_id: Named[int | None] = Column(BigInteger())
    register_from: Named[date | None] = Column(Date())
    register_visible_at: Named[datetime | None] = Column(UtcDateTime())
    inbox_only: Named[bool] = Column(Boolean(), nullable=False, server_default=false())
    student_number: Named[str | None] = Column(String(40))
    number_key: Named[str | None] = Column(String(120))
    number_claimed: Named[str | None] = Column(String(120))
    number_asked: Named[bool] = Column(Boolean(), nullable=False, server_default=false())


enrolment = Table(
    "enrolment",
    metadata,
    EnrolmentColumns,
    UniqueConstraint("cohort_id", "user_id"),
    # Two members cannot hold one student number, whatever races; those without one have null.
    UniqueConstraint("cohort_id", "number_key"),
    sqlite_autoincrement=True,
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
    """Days on which a member wanted no notes; `ends_on` is the first day after them."""

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    starts_on = Column(Date(), primary_key=True)
    ends_on = Column(Date(), nullable=False)


pause = Table("pause", metadata, PauseColumns, sqlite_with_rowid=False)


class FocusColumns(TypedColumns):
    """A member's focus; `track` null means the course's."""

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    field_one = Column(String(40), nullable=False)
    field_two: Named[str | None] = Column(String(40))
    purpose: Named[str | None] = Column(String(140))
    connection: Named[str | None] = Column(String(16))
    updated_at = Column(UtcDateTime(), nullable=False)
    track: Named[str | None] = Column(String(40))
    season: Named[str | None] = Column(String(16))
    new_accounts: Named[bool] = Column(Boolean(), nullable=False, server_default=false())


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


class ChecklistHistoryColumns(TypedColumns):
    """Every day on which a member answered an item, and the day's last answer; never what they found."""

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    item_id = Column(String(40), primary_key=True)
    answered_on = Column(Date(), primary_key=True)
    answer = Column(String(16), nullable=False)


checklist_history = Table(
    "checklist_history", metadata, ChecklistHistoryColumns, _one_of("answer", Answer), sqlite_with_rowid=False
)


class GoalColumns(TypedColumns):
    """A goal; `ended_at` null means that it runs, in one of the two places for goals (`slot`), or rests (`paused_on`).

    `ending`, `reflection` and `benefit` are what its member said when it ended.
    """

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
    slot: Named[int] = Column(Integer(), nullable=False, server_default="1")
    outcome: Named[str | None] = Column(String(140))
    obstacle: Named[str | None] = Column(String(16))
    obstacle_plan: Named[str | None] = Column(String(140))
    tiny: Named[str | None] = Column(String(80))
    box_minutes: Named[int | None]
    paused_on: Named[date | None] = Column(Date())
    paused_days: Named[int] = Column(Integer(), nullable=False, server_default="0")
    ending: Named[str | None] = Column(String(16))
    reflection: Named[str | None] = Column(String(200))
    benefit: Named[str | None] = Column(String(16))


goal = Table("goal", metadata, GoalColumns, CheckConstraint("slot IN (1, 2)", name="slot"), sqlite_autoincrement=True)
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
    """A goal conversation that has not come to its end; one per member."""

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    beginning = Column(String(16), nullable=False)
    template: Named[str | None] = Column(String(40))
    type: Named[str | None] = Column(String(40))
    title: Named[str | None] = Column(String(100))
    outcome: Named[str | None] = Column(String(140))
    target: Named[int | None]
    weeks: Named[int | None]
    obstacle: Named[str | None] = Column(String(16))
    if_then: Named[str | None] = Column(String(140))
    obstacle_plan: Named[str | None] = Column(String(140))
    tiny: Named[str | None] = Column(String(80))
    box_minutes: Named[int | None]
    ends: Named[int | None] = Column(BigInteger())
    ending: Named[str | None] = Column(String(16))
    updated_at = Column(UtcDateTime(), nullable=False)


goal_draft = Table("goal_draft", metadata, GoalDraftColumns, sqlite_with_rowid=False)


class NudgeColumns(TypedColumns):
    """The ledger: one row for each message that fell due. Message text is not kept.

    `rule`, `occasion` and `subject`: what chose the words and what they are about. `text`: the id of the text, set
    before the first request, so that every attempt says the same. `facts`: the counts that the rule looked at, as JSON,
    for *Why this?*.
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
    occasion: Named[str | None] = Column(String(40))
    subject: Named[str | None] = Column(String(40))
    text: Named[str | None] = Column(String(48))
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
    sqlite_autoincrement=True,
)
Index(None, nudge.c.user_id)
is_open = nudge.c.state.in_([literal_column("'owed'"), literal_column("'claimed'")])
"""What every statement that looks for open rows says, word for word: only then is the index of open rows used."""
Index("ix_nudge_open", nudge.c.not_before, sqlite_where=is_open, postgresql_where=is_open)


class InstructorMessageColumns(TypedColumns):
    """A short text from an instructor to several members; its ledger rows name it as `message:` and its number.

    `sent_on` null: a draft whose preview is on the instructor's screen. `by_name`: the instructor's display name, which
    members read. `people`: to how many it went.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), nullable=False)
    by_user_id = Column(BigInteger(), nullable=False)
    by_name = Column(String(40), nullable=False)
    text = Column(String(400), nullable=False)
    people: Named[int]
    sent_on: Named[date | None] = Column(Date())
    created_at = Column(UtcDateTime(), nullable=False)


instructor_message = Table(
    "instructor_message",
    metadata,
    InstructorMessageColumns,
    # One sending a day for each instructor, whatever races.
    UniqueConstraint("cohort_id", "by_user_id", "sent_on"),
    sqlite_autoincrement=True,
)
Index(None, instructor_message.c.by_user_id)


class ContactColumns(TypedColumns):
    """Somebody in a member's network, under a nickname; the stage follows from what was logged with them.

    `based_after`: the last action when the stage was set by hand; what was logged up to it counts no more.
    """

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    nickname = Column(String(24), nullable=False)
    category = Column(String(16), nullable=False)
    place: Named[str | None] = Column(String(8))
    shares: Named[str | None] = Column(String(60))
    base_stage = Column(String(16), nullable=False)
    based_on = Column(Date(), nullable=False)
    based_after = Column(BigInteger(), nullable=False, server_default="0")
    rested: Named[bool] = Column(Boolean(), nullable=False, server_default=false())


contact = Table(
    "contact",
    metadata,
    ContactColumns,
    _one_of("category", Category),
    _one_of("base_stage", Stage),
    UniqueConstraint("enrolment_id", "nickname"),
    sqlite_autoincrement=True,
)


class SpaceColumns(TypedColumns):
    """A place where a member's field talks."""

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    name = Column(String(40), nullable=False)
    kind = Column(String(16), nullable=False)
    rhythm: Named[str | None] = Column(String(40))


space = Table("space", metadata, SpaceColumns, _one_of("kind", SpaceKind), sqlite_autoincrement=True)
Index(None, space.c.enrolment_id)


class AlertColumns(TypedColumns):
    """A standing search; `asked_on`: when the member last said that it is worth keeping."""

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    kind = Column(String(16), nullable=False)
    field = Column(String(40), nullable=False)
    role: Named[str | None] = Column(String(40))
    place: Named[str | None] = Column(String(40))
    on_since = Column(Date(), nullable=False)
    asked_on: Named[date | None] = Column(Date())


alert = Table("alert", metadata, AlertColumns, _one_of("kind", AlertKind), sqlite_autoincrement=True)
Index(None, alert.c.enrolment_id)


class OpportunityColumns(TypedColumns):
    """An opening that a member keeps in sight; `state_on`: since when it is in its state."""

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    title = Column(String(60), nullable=False)
    kind = Column(String(16), nullable=False)
    source: Named[str | None] = Column(String(16))
    due_on: Named[date | None] = Column(Date())
    state = Column(String(16), nullable=False)
    state_on = Column(Date(), nullable=False)
    sent_on: Named[date | None] = Column(Date())
    followed_on: Named[date | None] = Column(Date())
    thanked_on: Named[date | None] = Column(Date())


opportunity = Table(
    "opportunity",
    metadata,
    OpportunityColumns,
    _one_of("kind", OpportunityKind),
    _one_of("state", OpportunityState),
    sqlite_autoincrement=True,
)
Index(None, opportunity.c.enrolment_id)


class FeedbackColumns(TypedColumns):
    """A question or comment to the instructors; `enrolment_id` null means that nobody signed it, and nobody is kept.

    `week`: the Monday of the week, so that no moment gives its author away.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), nullable=False)
    enrolment_id: Named[int | None] = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"))
    text = Column(String(1000), nullable=False)
    week = Column(Date(), nullable=False)
    read_at: Named[datetime | None] = Column(UtcDateTime())


feedback = Table("feedback", metadata, FeedbackColumns, sqlite_autoincrement=True)
Index(None, feedback.c.cohort_id)
Index(None, feedback.c.enrolment_id)


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
    contact_id: Named[int | None] = Column(BigInteger(), ForeignKey("contact.id", ondelete="SET NULL"))


action = Table("action", metadata, ActionColumns, sqlite_autoincrement=True)
Index(None, action.c.enrolment_id, action.c.logged_at)
with_contact = action.c.contact_id.is_not(None)
Index(None, action.c.contact_id, sqlite_where=with_contact, postgresql_where=with_contact)


class BioCheckColumns(TypedColumns):
    """That a member had a bio looked at: where it stands, the day, and the rules that spoke; never a word of it."""

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    place = Column(String(40), nullable=False)
    checked_on = Column(Date(), nullable=False)
    rules = Column(String(200), nullable=False)


bio_check = Table("bio_check", metadata, BioCheckColumns, sqlite_autoincrement=True)
Index(None, bio_check.c.enrolment_id)


class AiConsentColumns(TypedColumns):
    """What a member answered to the notice about the AI reviewer; `agreed_at` null means no.

    It holds for that host and that version of the notice alone.
    """

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    host = Column(String(255), nullable=False)
    notice: Named[int]
    agreed_at: Named[datetime | None] = Column(UtcDateTime())


ai_consent = Table("ai_consent", metadata, AiConsentColumns, sqlite_with_rowid=False)


class AiBudgetColumns(TypedColumns):
    """What was spent of a day's caps and what is reserved; `day` is UTC's, one for everybody.

    `scope`: "bot", "guild:" with its number, or "member:" with that of the enrolment. Members count calls, the others
    tokens. Kept for a week, so that nothing of somebody who was erased stays.
    """

    scope = Column(String(64), primary_key=True)
    day = Column(Date(), primary_key=True)
    spent = Column(BigInteger(), nullable=False)
    reserved = Column(BigInteger(), nullable=False)


ai_budget = Table("ai_budget", metadata, AiBudgetColumns, sqlite_with_rowid=False)
Index(None, ai_budget.c.day)


class AiCallColumns(TypedColumns):
    """A call to the AI reviewer; never a word of what was sent or answered. `day`: UTC's, as the budget's.

    `outcome` null: it is not settled yet, and `reserved` tokens are set aside for it, 0 once they were freed.
    """

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    day = Column(Date(), nullable=False)
    reserved_at = Column(UtcDateTime(), nullable=False)
    reserved = Column(BigInteger(), nullable=False)
    outcome: Named[str | None] = Column(String(16))
    prompt_tokens: Named[int | None]
    completion_tokens: Named[int | None]
    milliseconds: Named[int | None]
    model = Column(String(100), nullable=False)
    prompt_version = Column(String(40), nullable=False)


ai_call = Table("ai_call", metadata, AiCallColumns, _one_of("outcome", Outcome), sqlite_autoincrement=True)
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

    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    week = Column(Date(), primary_key=True)
    kind = Column(String(16), primary_key=True)
    reports: Named[int]


ai_report = Table("ai_report", metadata, AiReportColumns, _one_of("kind", AiReport), sqlite_with_rowid=False)


class CohortSectionColumns(TypedColumns):
    """A section of a course: the role that its members have."""

    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    role_id = Column(BigInteger(), primary_key=True, autoincrement=False)


cohort_section = Table("cohort_section", metadata, CohortSectionColumns, sqlite_with_rowid=False)


class ClassSnapshotColumns(TypedColumns):
    """What a class came to on a Monday, as exact counts of people; what of it is published, the rule says on reading.

    `section_role_id` 0: the whole class. `members`: everybody enrolled then; `joined` and `left`: since the snapshot
    before. `counts`: people by fact, as JSON.
    """

    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    section_role_id = Column(BigInteger(), primary_key=True, autoincrement=False)
    week = Column(Date(), primary_key=True)
    members: Named[int]
    joined: Named[int]
    left: Named[int]
    counts: Named[dict[str, int]] = Column(JSON(), nullable=False)


class_snapshot = Table("class_snapshot", metadata, ClassSnapshotColumns, sqlite_with_rowid=False)


class ShareColumns(TypedColumns):
    """Something of their own that a member lets their instructors see, and since when."""

    enrolment_id = Column(
        BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    item = Column(String(16), primary_key=True)
    shared_at = Column(UtcDateTime(), nullable=False)


share = Table("share", metadata, ShareColumns, _one_of("item", SharedItem), sqlite_with_rowid=False)


class StaffLookColumns(TypedColumns):
    """That an instructor saw something about one member, for that member; `by_user_id` null: erased since."""

    id = Column(RowId, primary_key=True)
    enrolment_id = Column(BigInteger(), ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False)
    by_user_id: Named[int | None] = Column(BigInteger())
    what = Column(String(16), nullable=False)
    looked_at = Column(UtcDateTime(), nullable=False)


staff_look = Table("staff_look", metadata, StaffLookColumns, _one_of("what", Look), sqlite_autoincrement=True)
Index(None, staff_look.c.enrolment_id)
Index(None, staff_look.c.by_user_id)


class RegisterLookColumns(TypedColumns):
    """That an instructor saw the register, or took it along: one row an hour, whatever the size of the class.

    `hour`: the hour of the look; `looked_at`: its last moment. Every member whose row was visible then can read it.
    `by_user_id` null: erased since.
    """

    id = Column(RowId, primary_key=True)
    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), nullable=False)
    by_user_id: Named[int | None] = Column(BigInteger())
    what = Column(String(16), nullable=False)
    hour = Column(UtcDateTime(), nullable=False)
    looked_at = Column(UtcDateTime(), nullable=False)


register_look = Table(
    "register_look",
    metadata,
    RegisterLookColumns,
    UniqueConstraint("cohort_id", "by_user_id", "what", "hour"),
    _one_of("what", Look),
    sqlite_autoincrement=True,
)
Index(None, register_look.c.by_user_id)


class DigestColumns(TypedColumns):
    """An instructor who asked for the weekly digest of a course."""

    cohort_id = Column(BigInteger(), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    user_id = Column(
        BigInteger(), ForeignKey("account.user_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    asked_at = Column(UtcDateTime(), nullable=False)


digest = Table("digest", metadata, DigestColumns, sqlite_with_rowid=False)
Index(None, digest.c.user_id)


class SettingColumns(TypedColumns):
    """What the bot remembers about itself, such as the hash of the commands it last registered."""

    key = Column(String(40), primary_key=True)
    value = Column(Text(), nullable=False)


setting = Table("setting", metadata, SettingColumns, sqlite_with_rowid=False)
