"""The ledger also takes the instructors' weekly digests, and what members take along when a course closes."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("nudge") as batch:
        batch.drop_constraint(op.f("ck_nudge_kind"), type_="check")
        batch.create_check_constraint(
            op.f("ck_nudge_kind"), "kind IN ('hello', 'weekly', 'reminder', 'digest', 'parcel')"
        )
    op.add_column("cohort", sa.Column("retention_at", sa.DateTime(timezone=True)))

    # Nobody in a course that closed before was told of an end: its days count from now on.
    cohort = sa.table(
        "cohort", sa.column("id"), sa.column("closed_at", sa.DateTime(timezone=True)), sa.column("retention_days")
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(cohort).where(cohort.c.closed_at.is_not(None))).all():
        closed_at = row.closed_at if row.closed_at.tzinfo else row.closed_at.replace(tzinfo=UTC)
        since = max(0, (datetime.now(UTC) - closed_at).days)
        connection.execute(
            sa.update(cohort).where(cohort.c.id == row.id).values(retention_days=row.retention_days + since)
        )
