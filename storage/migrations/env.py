"""Run by Alembic inside the transaction that `storage.schema` opened.

A new revision is drafted against an up-to-date database, then read and corrected by hand:

    with open_database(url).engine.begin() as connection:
        command.revision(migration_config(connection), "a sentence", autogenerate=True, rev_id="1002")

Revisions only go up; the way back is a backup.
"""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import UtcDateTime, metadata


def _rendered(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    # A revision stays what it was when tables.py moves on.
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_rendered,
    # SQLite changes a table by copying it.
    render_as_batch=True,
)
context.run_migrations()
