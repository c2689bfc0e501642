"""What the bot remembers about itself."""

from sqlalchemy import delete, select

from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_setting = tables.setting


def get(tx: Tx, key: str) -> str | None:
    """Return the value of `key`."""
    return tx.scalar(select(_setting.c.value).where(_setting.c.key == key))


def put(tx: Tx, key: str, value: str) -> None:
    """Keep a value under `key` in place of any earlier one."""
    statement = insert_or(tx, _setting).values(key=key, value=value)
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def keep(tx: Tx, key: str, value: str) -> str:
    """Keep a value under `key` unless it has one; return the one that it has now."""
    tx.execute(insert_or(tx, _setting).values(key=key, value=value).on_conflict_do_nothing())
    return get(tx, key) or value


def remove(tx: Tx, key: str) -> None:
    """Delete `key`, if it is set."""
    tx.execute(delete(_setting).where(_setting.c.key == key))
