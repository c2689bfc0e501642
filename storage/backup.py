"""One SQLite file out of a database in use, and such a file in the place of a database.

A plain copy of the file is neither: the newest rows are in the `-wal` beside it, and a `-wal` that is left beside
another file is replayed into it.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from storage.database import DatabaseError
from storage.schema import check_known

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; each belongs to that very file."""


def copy_database(source: Path, target: Path) -> None:
    """Write a whole copy of a database, also of one in use, to a new file that its owner alone may read.

    The copy is checked before it gets its name. Raises DatabaseError, and leaves no file then.
    """
    partial = target.with_name(f"{target.name}.part")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with (
            # Not made if it is not there.
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as database,
            closing(sqlite3.connect(partial)) as copy,
        ):
            database.backup(copy)
            # Without a log of writes the copy is one file, and stays so when it is opened.
            copy.execute("PRAGMA journal_mode=DELETE")
            _check(copy)
        partial.replace(target)
    except OSError as error:
        raise DatabaseError(f"{target} cannot be written ({error.strerror})") from error
    except sqlite3.Error as error:
        raise DatabaseError(f"{source} cannot be read as a database, or {target} not written ({error})") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def restore_database(backup: Path, target: Path) -> None:
    """Put a copy of a backup in the place of a database that nobody uses.

    Raises DatabaseError, and changes nothing then. If the process dies at the worst moment, the old database is left
    without its last writes; restoring again mends that.
    """
    ready = target.with_name(f"{target.name}.restoring")
    copy_database(backup, ready)
    try:
        # First: what is left of the old database's log would be replayed into the new one.
        for suffix in _BESIDE:
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        ready.replace(target)
    except OSError as error:
        raise DatabaseError(f"{target} cannot be replaced ({error.strerror})") from error
    finally:
        with suppress(OSError):
            ready.unlink(missing_ok=True)


def _check(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise DatabaseError("the database is damaged; take an older backup")
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        raise DatabaseError("that file holds no database of PLN Coach")
    check_known({row[0] for row in database.execute("SELECT version_num FROM alembic_version")})
