"""What instructors see of a class, what members share, who looked, and how long anything is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# SQLite numbers rows by itself only for INTEGER keys.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("cohort", sa.Column("participation_row", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("cohort", sa.Column("retention_days", sa.Integer(), server_default="60", nullable=False))
    op.add_column("cohort", sa.Column("turn_at", TIME))
    op.add_column("cohort", sa.Column("counted_lost", sa.Integer(), server_default="0", nullable=False))
    op.add_column("cohort", sa.Column("reference_key", sa.String(length=64)))
    op.add_column("cohort", sa.Column("erased_at", TIME))
    op.add_column("cohort", sa.Column("erased_members", sa.Integer()))

    op.add_column("enrolment", sa.Column("greeted_at", TIME))
    op.add_column("enrolment", sa.Column("section_role_id", sa.BigInteger()))
    op.add_column("enrolment", sa.Column("counted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("enrolment", sa.Column("counted_section_id", sa.BigInteger()))
    op.add_column("enrolment", sa.Column("counted_as", sa.Text()))
    op.add_column("enrolment", sa.Column("row_told", sa.Boolean(), server_default=sa.false(), nullable=False))

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
        "cohort_week",
        sa.Column("cohort_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("section_role_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_week_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "section_role_id", "week", name=op.f("pk_cohort_week")),
        sqlite_with_rowid=False,
    )
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
        "staff_look",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("by_user_id", sa.BigInteger()),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("looked_at", TIME, nullable=False),
        sa.CheckConstraint("what IN ('member', 'checkin', 'export', 'named_export')", name=op.f("ck_staff_look_what")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_staff_look_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_look")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_look_enrolment_id"), "staff_look", ["enrolment_id"])
    op.create_index(op.f("ix_staff_look_by_user_id"), "staff_look", ["by_user_id"])
