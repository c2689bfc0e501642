"""The ledger also takes the instructors' weekly digests, and what members take along when a course closes."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("nudge") as batch:
        batch.drop_constraint(op.f("ck_nudge_kind"), type_="check")
        batch.create_check_constraint(
            op.f("ck_nudge_kind"), "kind IN ('hello', 'weekly', 'reminder', 'digest', 'parcel')"
        )
