"""Every table, as of the first version that people run: the revisions before it were squashed into this one."""

import sqlalchemy as sa
from alembic import op

revision = "1001"
down_revision = None

# SQLite numbers rows by itself only for INTEGER keys.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ai_budget",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day", name=op.f("pk_ai_budget")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ai_budget_day"), "ai_budget", ["day"])
    op.create_table(
        "cohort",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("breaks", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("nudge_day", sa.Integer(), nullable=False),
        sa.Column("nudge_hour", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=40)),
        sa.Column("instructor_role_id", sa.BigInteger(), nullable=False),
        sa.Column("student_role_id", sa.BigInteger()),
        sa.Column("expected_size", sa.Integer()),
        sa.Column("support_contact", sa.String(length=120)),
        sa.Column("ai_reviewer", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("register", sa.Boolean()),
        sa.Column("student_number", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("retention_days", sa.Integer(), server_default="60", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("closed_at", TIME),
        sa.Column("away_since", TIME),
        sa.Column("next_snapshot_at", TIME),
        sa.Column("retention_at", TIME),
        sa.Column("reference_key", sa.String(length=64)),
        sa.Column("erased_at", TIME),
        sa.Column("erased_members", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
    )
    op.create_index(
        "uq_cohort_open_guild",
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
        "ai_report",
        sa.Column("cohort_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('wrong', 'unkind', 'harmful')", name=op.f("ck_ai_report_kind")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_ai_report_cohort_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cohort_id", "week", "kind", name=op.f("pk_ai_report")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "class_snapshot",
        sa.Column("cohort_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("section_role_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_class_snapshot_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "section_role_id", "week", name=op.f("pk_class_snapshot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cohort_section",
        sa.Column("cohort_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_section_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "role_id", name=op.f("pk_cohort_section")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "instructor_message",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("by_user_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date()),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_instructor_message_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructor_message")),
        sa.UniqueConstraint(
            "cohort_id", "by_user_id", "sent_on", name=op.f("uq_instructor_message_cohort_id_by_user_id_sent_on")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_instructor_message_by_user_id"), "instructor_message", ["by_user_id"])
    op.create_table(
        "register_access",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("hour", TIME, nullable=False),
        sa.Column("accessed_at", TIME, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("by_user_id", sa.BigInteger()),
        sa.CheckConstraint(
            "what IN ('member', 'checkin', 'register', 'export', 'named_export')", name=op.f("ck_register_access_what")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_register_access_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_access")),
        sa.UniqueConstraint(
            "cohort_id", "by_user_id", "what", "hour", name=op.f("uq_register_access_cohort_id_by_user_id_what_hour")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_register_access_by_user_id"), "register_access", ["by_user_id"])
    op.create_table(
        "digest",
        sa.Column("cohort_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_digest_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name=op.f("fk_digest_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cohort_id", "user_id", name=op.f("pk_digest")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_digest_user_id"), "digest", ["user_id"])
    op.create_table(
        "enrolment",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", TIME, nullable=False),
        sa.Column("active_at", TIME, nullable=False),
        sa.Column("touched_at", TIME),
        sa.Column("seen_at", TIME),
        sa.Column("set_aside_at", TIME),
        sa.Column("section_role_id", sa.BigInteger()),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("nudge_day", sa.Integer(), nullable=False),
        sa.Column("nudge_hour", sa.Integer(), nullable=False),
        sa.Column("nudges_on", sa.Boolean(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False),
        sa.Column("quiet_start", sa.Integer(), server_default="21", nullable=False),
        sa.Column("quiet_end", sa.Integer(), server_default="8", nullable=False),
        sa.Column("discreet", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("inbox_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("pause_until", sa.Date()),
        sa.Column("next_nudge_at", TIME),
        sa.Column("next_nudge_week", sa.Date()),
        sa.Column("backed_off", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked_contact_at", TIME),
        sa.Column("greeted_at", TIME),
        sa.Column("register_from", sa.Date()),
        sa.Column("register_visible_at", TIME),
        sa.Column("student_number", sa.String(length=40)),
        sa.Column("number_key", sa.String(length=120)),
        sa.Column("number_claimed", sa.String(length=120)),
        sa.Column("number_asked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_enrolment_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.user_id"], name=op.f("fk_enrolment_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("cohort_id", "number_key", name=op.f("uq_enrolment_cohort_id_number_key")),
        sa.UniqueConstraint("cohort_id", "user_id", name=op.f("uq_enrolment_cohort_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_enrolment_next_nudge_at"),
        "enrolment",
        ["next_nudge_at"],
        unique=False,
        sqlite_where=sa.text("next_nudge_at IS NOT NULL"),
        postgresql_where=sa.text("next_nudge_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_enrolment_seen_at"), "enrolment", ["seen_at"])
    op.create_index(op.f("ix_enrolment_user_id"), "enrolment", ["user_id"])
    op.create_table(
        "nudge",
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16)),
        sa.Column("settled_at", TIME),
        sa.Column("rule", sa.String(length=16)),
        sa.Column("occasion", sa.String(length=40)),
        sa.Column("subject", sa.String(length=40)),
        sa.Column("text", sa.String(length=48)),
        sa.Column("facts", sa.Text()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", TIME),
        sa.Column("runner", sa.String(length=40)),
        sa.Column("lease_until", TIME),
        sa.CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name=op.f("ck_nudge_lease")),
        sa.CheckConstraint("(state IN ('held', 'skipped')) = (reason IS NOT NULL)", name=op.f("ck_nudge_reason")),
        sa.CheckConstraint(
            "kind IN ('hello', 'weekly', 'reminder', 'digest', 'parcel', 'message')", name=op.f("ck_nudge_kind")
        ),
        sa.CheckConstraint("state IN ('owed', 'claimed', 'sent', 'held', 'skipped')", name=op.f("ck_nudge_state")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_nudge_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name=op.f("fk_nudge_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint(
            "cohort_id", "user_id", "kind", "period", name=op.f("uq_nudge_cohort_id_user_id_kind_period")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_nudge_open",
        "nudge",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("state IN ('owed', 'claimed')"),
        postgresql_where=sa.text("state IN ('owed', 'claimed')"),
    )
    op.create_index(op.f("ix_nudge_user_id"), "nudge", ["user_id"])
    op.create_table(
        "access_log",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("accessed_at", TIME, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("by_user_id", sa.BigInteger()),
        sa.CheckConstraint(
            "what IN ('member', 'checkin', 'register', 'export', 'named_export')", name=op.f("ck_access_log_what")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_access_log_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_access_log_by_user_id"), "access_log", ["by_user_id"])
    op.create_index(op.f("ix_access_log_enrolment_id"), "access_log", ["enrolment_id"])
    op.create_table(
        "ai_call",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reserved_at", TIME, nullable=False),
        sa.Column("outcome", sa.String(length=16)),
        sa.Column("milliseconds", sa.Integer()),
        sa.Column("prompt_tokens", sa.Integer()),
        sa.Column("completion_tokens", sa.Integer()),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("prompt_version", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('ok', 'busy', 'quota', 'unreachable', 'timeout', 'config', 'refused', 'truncated', 'bad_output', 'resting', 'spent')",
            name=op.f("ck_ai_call_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_ai_call_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_call")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ai_call_enrolment_id"), "ai_call", ["enrolment_id"])
    op.create_index(
        "ix_ai_call_open",
        "ai_call",
        ["reserved_at"],
        unique=False,
        sqlite_where=sa.text("outcome IS NULL AND reserved > 0"),
        postgresql_where=sa.text("outcome IS NULL AND reserved > 0"),
    )
    op.create_table(
        "ai_consent",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("agreed_at", TIME),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_ai_consent_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_ai_consent")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alert",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40)),
        sa.Column("place", sa.String(length=40)),
        sa.Column("on_since", sa.Date(), nullable=False),
        sa.Column("asked_on", sa.Date()),
        sa.CheckConstraint("kind IN ('job', 'internship', 'event', 'people')", name=op.f("ck_alert_kind")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_alert_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alert_enrolment_id"), "alert", ["enrolment_id"])
    op.create_table(
        "bio_check",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_bio_check_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bio_check")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bio_check_enrolment_id"), "bio_check", ["enrolment_id"])
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
        "checklist_history",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "answer IN ('fine', 'fixed', 'later', 'not_for_me')", name=op.f("ck_checklist_history_answer")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_checklist_history_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "item_id", "answered_on", name=op.f("pk_checklist_history")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact",
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("nickname", sa.String(length=24), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=8)),
        sa.Column("shares", sa.String(length=60)),
        sa.Column("base_stage", sa.String(length=16), nullable=False),
        sa.Column("based_on", sa.Date(), nullable=False),
        sa.Column("based_after", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rested", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "base_stage IN ('spotted', 'noticed', 'conversed', 'met', 'mutual', 'advocate')",
            name=op.f("ck_contact_base_stage"),
        ),
        sa.CheckConstraint(
            "category IN ('peer', 'near_peer', 'practitioner', 'expert', 'mentor', 'alum', 'recruiter', 'connector', 'educator')",
            name=op.f("ck_contact_category"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_contact_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("enrolment_id", "nickname", name=op.f("uq_contact_enrolment_id_nickname")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger()),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("read_at", TIME),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_feedback_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_feedback_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feedback_cohort_id"), "feedback", ["cohort_id"])
    op.create_index(op.f("ix_feedback_enrolment_id"), "feedback", ["enrolment_id"])
    op.create_table(
        "focus",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("field_one", sa.String(length=40), nullable=False),
        sa.Column("field_two", sa.String(length=40)),
        sa.Column("purpose", sa.String(length=140)),
        sa.Column("connection", sa.String(length=16)),
        sa.Column("track", sa.String(length=40)),
        sa.Column("season", sa.String(length=16)),
        sa.Column("new_accounts", sa.Boolean(), server_default=sa.false(), nullable=False),
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
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=140)),
        sa.Column("obstacle", sa.String(length=16)),
        sa.Column("if_then", sa.String(length=140), nullable=False),
        sa.Column("obstacle_plan", sa.String(length=140)),
        sa.Column("tiny", sa.String(length=80)),
        sa.Column("box_minutes", sa.Integer()),
        sa.Column("paused_on", sa.Date()),
        sa.Column("paused_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("ending", sa.String(length=16)),
        sa.Column("reflection", sa.String(length=200)),
        sa.Column("benefit", sa.String(length=16)),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("slot", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("slot IN (1, 2)", name=op.f("ck_goal_slot")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_goal_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_goal_enrolment_id"), "goal", ["enrolment_id"])
    op.create_index(
        "uq_goal_running_slot",
        "goal",
        ["enrolment_id", "slot"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "goal_draft",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=100)),
        sa.Column("type", sa.String(length=40)),
        sa.Column("template", sa.String(length=40)),
        sa.Column("target", sa.Integer()),
        sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False),
        sa.Column("weeks", sa.Integer()),
        sa.Column("outcome", sa.String(length=140)),
        sa.Column("obstacle", sa.String(length=16)),
        sa.Column("if_then", sa.String(length=140)),
        sa.Column("obstacle_plan", sa.String(length=140)),
        sa.Column("tiny", sa.String(length=80)),
        sa.Column("box_minutes", sa.Integer()),
        sa.Column("beginning", sa.String(length=16), nullable=False),
        sa.Column("ends", sa.BigInteger()),
        sa.Column("ending", sa.String(length=16)),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_goal_draft_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_goal_draft")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opportunity",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16)),
        sa.Column("due_on", sa.Date()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date()),
        sa.Column("followed_on", sa.Date()),
        sa.Column("thanked_on", sa.Date()),
        sa.CheckConstraint(
            "kind IN ('job', 'internship', 'event', 'project', 'other')", name=op.f("ck_opportunity_kind")
        ),
        sa.CheckConstraint(
            "state IN ('spotted', 'preparing', 'sent', 'yes', 'no', 'silence', 'passed_on', 'dropped')",
            name=op.f("ck_opportunity_state"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_opportunity_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_opportunity_enrolment_id"), "opportunity", ["enrolment_id"])
    op.create_table(
        "pause",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_pause_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "starts_on", name=op.f("pk_pause")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "share",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("shared_at", TIME, nullable=False),
        sa.CheckConstraint("item IN ('goal', 'reflection')", name=op.f("ck_share_item")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_share_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "item", name=op.f("pk_share")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "space",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rhythm", sa.String(length=40)),
        sa.CheckConstraint("kind IN ('chat', 'community', 'event', 'in_person')", name=op.f("ck_space_kind")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_space_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_space_enrolment_id"), "space", ["enrolment_id"])
    op.create_table(
        "action",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("outcome", sa.String(length=16)),
        sa.Column("contact_id", sa.BigInteger()),
        sa.Column("nudge_id", sa.BigInteger()),
        sa.Column("logged_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_action_contact_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_action_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["nudge_id"], ["nudge.id"], name=op.f("fk_action_nudge_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("nudge_id", name=op.f("uq_action_nudge_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_action_contact_id"),
        "action",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_action_enrolment_id_logged_at"), "action", ["enrolment_id", "logged_at"])
