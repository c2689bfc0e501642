"""The course plan, announcements in a channel, and the portfolio."""

from collections.abc import Generator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "1002"
down_revision = "1001"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
NUDGE_KINDS = "kind IN ('hello', 'weekly', 'reminder', 'digest', 'parcel', 'message', 'announcement')"
ACCESSES = "what IN ('member', 'checkin', 'register', 'export', 'named_export', 'hand_ins', 'gradebook', 'portfolio')"
RECIPIENT = "(user_id IS NULL) <> (channel_id IS NULL)"


def upgrade() -> None:
    op.add_column("cohort", sa.Column("steps_count", sa.Boolean()))
    op.add_column("cohort", sa.Column("otherwise", sa.String(length=200)))
    op.add_column("cohort", sa.Column("channel_id", sa.BigInteger()))
    op.add_column("cohort", sa.Column("announce", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("cohort", sa.Column("next_announcement_at", TIME))
    _change_ledger()
    for table in ("access_log", "register_access"):
        with _copied(table) as batch:
            batch.drop_constraint(f"ck_{table}_what")
            batch.create_check_constraint(op.f(f"ck_{table}_what"), ACCESSES)
    _create_plan()
    _create_portfolio()


def _change_ledger() -> None:
    with _copied("nudge") as batch:
        batch.alter_column("user_id", existing_type=sa.BigInteger(), nullable=True)
        batch.add_column(sa.Column("channel_id", sa.BigInteger()))
        batch.drop_constraint("uq_nudge_cohort_id_user_id_kind_period")
        batch.drop_constraint("ck_nudge_kind")
        batch.create_check_constraint(op.f("ck_nudge_kind"), NUDGE_KINDS)
        batch.create_check_constraint(op.f("ck_nudge_recipient"), RECIPIENT)
    for name, column in (("uq_nudge_account", "user_id"), ("uq_nudge_channel", "channel_id")):
        there = sa.text(f"{column} IS NOT NULL")
        columns = ["cohort_id", column, "kind", "period"]
        op.create_index(name, "nudge", columns, unique=True, sqlite_where=there, postgresql_where=there)


@contextmanager
def _copied(table: str) -> Generator[BatchOperations]:
    """Change a table, on SQLite by copying it; numbers it gave out once are not given out again."""
    connection = op.get_bind()
    sqlite, name = connection.dialect.name == "sqlite", {"name": table}
    given = "SELECT seq FROM sqlite_sequence WHERE name = :name"
    last = connection.execute(sa.text(given), name).scalar() if sqlite else None
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        yield batch
    if last is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), name)
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), name | {"seq": last}
        )


def _create_plan() -> None:
    op.create_table(
        "course_week",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=120), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.String(length=16), nullable=False),
        sa.Column("done_ref", sa.String(length=40)),
        sa.Column("another_way", sa.String(length=120)),
        sa.Column("switched_off", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("announced", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("done_by IN ('tick', 'line', 'item', 'action')", name=op.f("ck_course_week_done_by")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_course_week_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_week")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_course_week_cohort_id"), "course_week", ["cohort_id"])
    op.create_table(
        "week_step",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("line", sa.String(length=280)),
        sa.CheckConstraint("state IN ('done', 'declined')", name=op.f("ck_week_step_state")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_week_step_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["week_id"], ["course_week.id"], name=op.f("fk_week_step_week_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("enrolment_id", "week_id", name=op.f("pk_week_step")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_week_step_week_id"), "week_step", ["week_id"])


def _create_portfolio() -> None:
    op.create_table(
        "network_start",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_network_start_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_network_start")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "portfolio_entry",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("names_nobody", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('line', 'reflection', 'result', 'outcome', 'bio_before', 'bio_after')",
            name=op.f("ck_portfolio_entry_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_portfolio_entry_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_entry")),
        sa.UniqueConstraint("enrolment_id", "kind", "source", name=op.f("uq_portfolio_entry_enrolment_id_kind_source")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "portfolio_share",
        sa.Column("enrolment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shared_at", TIME, nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_portfolio_share_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_portfolio_share")),
        sqlite_with_rowid=False,
    )
