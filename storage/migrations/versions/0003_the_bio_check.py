"""The bio check: that one took place, consent to the AI reviewer, its calls and its budget; no text."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

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
        "ai_call",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reserved_at", TIME, nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16)),
        sa.Column("prompt_tokens", sa.Integer()),
        sa.Column("completion_tokens", sa.Integer()),
        sa.Column("milliseconds", sa.Integer()),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("prompt_version", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('ok', 'busy', 'quota', 'unreachable', 'timeout', 'config', 'refused', 'truncated', "
            "'bad_output', 'resting', 'spent')",
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
        op.f("ix_ai_call_open"),
        "ai_call",
        ["reserved_at"],
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
        "bio_check",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_bio_check_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bio_check")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bio_check_enrolment_id"), "bio_check", ["enrolment_id"])

    op.add_column("cohort", sa.Column("ai_reviewer", sa.Boolean(), server_default=sa.false(), nullable=False))
