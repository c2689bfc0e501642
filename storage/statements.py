"""The one statement that both databases know but spell in their own dialects."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Tx


def insert_or(tx: Tx, table: Table) -> sqlite.Insert:
    """Return an INSERT that can say ON CONFLICT, in the dialect of the transaction's database."""
    if tx.dialect.name == "postgresql":
        # The two classes share the methods used here; one static type keeps the stores readable.
        return postgresql.insert(table)  # pyright: ignore[reportReturnType]
    return sqlite.insert(table)
