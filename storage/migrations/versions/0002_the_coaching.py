"""The coaching: more to a focus, goals as conversations, network, opportunities, feedback, pauses."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# SQLite numbers rows by itself only for INTEGER keys.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
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
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
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
            "category IN ('peer', 'near_peer', 'practitioner', 'expert', 'mentor', 'alum', 'recruiter', 'connector', "
            "'educator')",
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
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("read_at", TIME),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_feedback_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_feedback_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_cohort_id"), "feedback", ["cohort_id"])
    op.create_index(op.f("ix_feedback_enrolment_id"), "feedback", ["enrolment_id"])

    op.create_table(
        "goal_draft",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("beginning", sa.String(length=16), nullable=False),
        sa.Column("template", sa.String(length=40)),
        sa.Column("type", sa.String(length=40)),
        sa.Column("title", sa.String(length=100)),
        sa.Column("outcome", sa.String(length=140)),
        sa.Column("target", sa.Integer()),
        sa.Column("weeks", sa.Integer()),
        sa.Column("obstacle", sa.String(length=16)),
        sa.Column("if_then", sa.String(length=140)),
        sa.Column("obstacle_plan", sa.String(length=140)),
        sa.Column("tiny", sa.String(length=80)),
        sa.Column("box_minutes", sa.Integer()),
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

    with op.batch_alter_table("action", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("contact_id", sa.BigInteger()))
        batch.create_index(
            op.f("ix_action_contact_id"),
            ["contact_id"],
            sqlite_where=sa.text("contact_id IS NOT NULL"),
            postgresql_where=sa.text("contact_id IS NOT NULL"),
        )
        batch.create_foreign_key(op.f("fk_action_contact_id"), "contact", ["contact_id"], ["id"], ondelete="SET NULL")

    op.add_column("enrolment", sa.Column("asked_contact_at", TIME))

    op.add_column("focus", sa.Column("track", sa.String(length=40)))
    op.add_column("focus", sa.Column("season", sa.String(length=16)))
    op.add_column("focus", sa.Column("new_accounts", sa.Boolean(), server_default=sa.false(), nullable=False))

    op.add_column("goal", sa.Column("slot", sa.Integer(), server_default="1", nullable=False))
    op.add_column("goal", sa.Column("outcome", sa.String(length=140)))
    op.add_column("goal", sa.Column("obstacle", sa.String(length=16)))
    op.add_column("goal", sa.Column("obstacle_plan", sa.String(length=140)))
    op.add_column("goal", sa.Column("tiny", sa.String(length=80)))
    op.add_column("goal", sa.Column("box_minutes", sa.Integer()))
    op.add_column("goal", sa.Column("paused_on", sa.Date()))
    op.add_column("goal", sa.Column("paused_days", sa.Integer(), server_default="0", nullable=False))
    op.add_column("goal", sa.Column("ending", sa.String(length=16)))
    op.add_column("goal", sa.Column("reflection", sa.String(length=200)))
    op.add_column("goal", sa.Column("benefit", sa.String(length=16)))
    with op.batch_alter_table("goal") as batch:
        batch.create_check_constraint(op.f("ck_goal_slot"), "slot IN (1, 2)")
    op.drop_index(op.f("uq_goal_running"), "goal")
    op.create_index(
        op.f("uq_goal_running_slot"),
        "goal",
        ["enrolment_id", "slot"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.add_column("nudge", sa.Column("occasion", sa.String(length=40)))

    # What was answered so far begins the history.
    op.execute(
        "INSERT INTO checklist_history (enrolment_id, item_id, answered_on, answer) "
        "SELECT enrolment_id, item_id, answered_on, answer FROM checklist_answer"
    )
    op.execute("UPDATE goal SET ending = 'replaced' WHERE ended_at IS NOT NULL")
    # When a pause began was not kept; it lasts, so it counts from today on.
    op.execute(
        "INSERT INTO pause (enrolment_id, starts_on, ends_on) "
        "SELECT id, CURRENT_DATE, pause_until FROM enrolment WHERE pause_until > CURRENT_DATE"
    )
    # An occasion stood where a step has the id of its rule.
    op.execute(
        "UPDATE nudge SET occasion = rule, rule = NULL "
        "WHERE rule IN ('pause_end', 'exam_weeks', 'backoff_ask', 'backoff_stop')"
    )
