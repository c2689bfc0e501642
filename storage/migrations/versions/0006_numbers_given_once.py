"""Numbers of what goes with a member are given once: SQLite gave them again to the next who came.

And a course remembers for how many erased members nobody is counted anew yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("cohort", sa.Column("lost_held", sa.Integer(), server_default="0", nullable=False))
    if op.get_bind().dialect.name != "sqlite":
        return  # sequences never go back
    for table in ("enrolment", "nudge", "goal", "feedback"):
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
