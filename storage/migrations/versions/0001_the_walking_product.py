"""The walking product: cohorts, accounts, enrolments, the ledger of nudges, and what a member keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite numbers rows by itself only for INTEGER keys.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("instructor_role_id", sa.BigInteger(), nullable=False),
        sa.Column("nudge_day", sa.Integer(), nullable=False),
        sa.Column("nudge_hour", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=40)),
        sa.Column("expected_size", sa.Integer()),
        sa.Column("support_contact", sa.String(length=120)),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("closed_at", TIME),
        sa.Column("breaks", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("away_since", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
    )
    op.create_index(
        op.f("uq_cohort_open_guild"),
        "cohort",
        ["guild_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dm_channel_id", sa.BigInteger()),
        sa.Column("dm_opened_at", TIME),
        sa.Column("dm_closed_at", TIME),
        sa.Column("dm_closed_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("chosen_cohort_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["chosen_cohort_id"], ["cohort.id"], name=op.f("fk_account_chosen_cohort_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_account")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_account_dm_opened_at"), "account", ["dm_opened_at"])
    op.create_table(
        "enrolment",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", TIME, nullable=False),
        sa.Column("active_at", TIME, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("nudge_day", sa.Integer(), nullable=False),
        sa.Column("nudge_hour", sa.Integer(), nullable=False),
        sa.Column("nudges_on", sa.Boolean(), nullable=False),
        sa.Column("pause_until", sa.Date()),
        sa.Column("next_nudge_at", TIME),
        sa.Column("next_nudge_week", sa.Date()),
        sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False),
        sa.Column("quiet_start", sa.Integer(), server_default="21", nullable=False),
        sa.Column("quiet_end", sa.Integer(), server_default="8", nullable=False),
        sa.Column("discreet", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("touched_at", TIME),
        sa.Column("backed_off", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seen_at", TIME),
        sa.Column("set_aside_at", TIME),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_enrolment_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.user_id"], name=op.f("fk_enrolment_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("cohort_id", "user_id", name=op.f("uq_enrolment_cohort_id_user_id")),
    )
    op.create_index(
        op.f("ix_enrolment_next_nudge_at"),
        "enrolment",
        ["next_nudge_at"],
        sqlite_where=sa.text("next_nudge_at IS NOT NULL"),
        postgresql_where=sa.text("next_nudge_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_enrolment_seen_at"), "enrolment", ["seen_at"])
    op.create_index(op.f("ix_enrolment_user_id"), "enrolment", ["user_id"])
    op.create_table(
        "nudge",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("runner", sa.String(length=40)),
        sa.Column("lease_until", TIME),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", TIME),
        sa.Column("rule", sa.String(length=16)),
        sa.Column("subject", sa.String(length=40)),
        sa.Column("facts", sa.Text()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("settled_at", TIME),
        sa.Column("reason", sa.String(length=16)),
        sa.CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name=op.f("ck_nudge_lease")),
        sa.CheckConstraint("(state IN ('held', 'skipped')) = (reason IS NOT NULL)", name=op.f("ck_nudge_reason")),
        sa.CheckConstraint("kind IN ('hello', 'weekly', 'reminder')", name=op.f("ck_nudge_kind")),
        sa.CheckConstraint("state IN ('owed', 'claimed', 'sent', 'held', 'skipped')", name=op.f("ck_nudge_state")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_nudge_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name=op.f("fk_nudge_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint(
            "cohort_id", "user_id", "kind", "period", name=op.f("uq_nudge_cohort_id_user_id_kind_period")
        ),
    )
    op.create_index(
        op.f("ix_nudge_open"),
        "nudge",
        ["not_before"],
        sqlite_where=sa.text("state IN ('owed', 'claimed')"),
        postgresql_where=sa.text("state IN ('owed', 'claimed')"),
    )
    op.create_index(op.f("ix_nudge_user_id"), "nudge", ["user_id"])
    op.create_table(
        "action",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("nudge_id", sa.BigInteger()),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("outcome", sa.String(length=16)),
        sa.Column("logged_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_action_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["nudge_id"], ["nudge.id"], name=op.f("fk_action_nudge_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("nudge_id", name=op.f("uq_action_nudge_id")),
    )
    op.create_index(op.f("ix_action_enrolment_id_logged_at"), "action", ["enrolment_id", "logged_at"])
    op.create_table(
        "checklist_answer",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('fine', 'fixed', 'later', 'not_for_me')", name=op.f("ck_checklist_answer_answer")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_checklist_answer_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "item_id", name=op.f("pk_checklist_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "focus",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("field_one", sa.String(length=40), nullable=False),
        sa.Column("field_two", sa.String(length=40)),
        sa.Column("purpose", sa.String(length=140)),
        sa.Column("connection", sa.String(length=16)),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_focus_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_focus")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "goal",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("if_then", sa.String(length=140), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("ended_at", TIME),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_goal_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(
        op.f("uq_goal_running"),
        "goal",
        ["enrolment_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
