"""`backup` and `restore`: all that is remembered as one file, made beside the running bot, and put back."""

import os
import shlex
import shutil
import subprocess
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import Config, StartupError
from bot.opening import erasure_record, open_configured
from storage.backup import copy_database, restore_database
from storage.database import Database, DatabaseError
from storage.runners import alone
from storage.schema import check_known

_DATED = "pln-coach-"
_MOMENT = "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z"
"""What a dated backup is called: its moment in UTC, so that names sort by age."""
_PORTABLE = ("--no-owner", "--no-privileges")


def back_up(config: Config, file: Path) -> str:
    """Write a backup that its owner alone may read; returns a sentence. Raises StartupError, without a file left."""
    file = file.absolute()
    if file.exists():
        raise StartupError(f"{file} exists already, and a backup replaces nothing; name a new file.")
    with closing(open_configured(config)) as database:
        if database.file:
            try:
                copy_database(database.file, file)
            except DatabaseError as error:
                raise StartupError(f"No backup was made: {error}.") from error
        else:
            _dump(database, file)
        return f"Backed up {database.name} to {file}."


def back_up_and_keep(config: Config, folder: Path, keep: int, now: datetime) -> str:
    """Write a dated backup into a folder, then delete the oldest of such files but for `keep`; returns a sentence.

    Nothing else in the folder is touched, and nothing is deleted unless the new backup is there, which always stays.
    Raises StartupError.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        raise StartupError(f"There is no folder {folder}; make it first, for the bot's account alone.")
    new = folder / _dated(now)
    said = back_up(config, new)
    # Not sorted in with the others: a clock that was ahead once would have it deleted at once, each night.
    others = sorted(set(folder.glob(f"{_DATED}{_MOMENT}")) - {new})
    spare = others[: max(0, len(others) - keep + 1)]
    # What a killed backup left holds people too; a younger one may still be written.
    spare += [part for part in folder.glob(f"{_DATED}{_MOMENT}.part") if part.name < _dated(now - timedelta(days=1))]
    for old in spare:
        try:
            old.unlink()
        except OSError as error:
            raise StartupError(f"{said} But {old} cannot be deleted ({error.strerror}); delete it yourself.") from error
    return said


def _dated(now: datetime) -> str:
    return f"{_DATED}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def restore(config: Config, file: Path) -> str:
    """Put a backup in the place of the database that no process may be using; returns a sentence.

    Raises StartupError; the database is as it was then. The record of erasures stays as it is: the next start erases
    again whoever comes back with the backup.
    """
    file = file.absolute()
    if not file.is_file():
        raise StartupError(f"There is no file {file}.")
    with closing(open_configured(config, existing=False)) as database:
        try:
            with alone(database.engine):
                if database.file:
                    restore_database(file, database.file)
                else:
                    _undump(database, file)
        except DatabaseError as error:
            raise StartupError(f"Nothing was restored: {error}.") from error
        erasures = erasure_record(config, database).path
        return f"Restored {file} into {database.name}. The next start erases again whoever {erasures} names."


def _dump(database: Database, file: Path) -> None:
    # Only a whole backup gets its name: half of one, left by a power cut, would count among those that are kept.
    partial = file.with_name(f"{file.name}.part")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _run(database, "pg_dump", "--format=custom", *_PORTABLE, f"--file={partial}")
        partial.replace(file)
    except OSError as error:
        raise StartupError(f"{file} cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _undump(database: Database, file: Path) -> None:
    rows = _run(None, "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)).splitlines()
    start = next((at for at, line in enumerate(rows) if line.startswith("COPY ")), None)
    if start is None:
        raise DatabaseError("that file holds no database of PLN Coach")
    check_known(rows[start + 1 : rows.index("\\.", start)])
    _run(database, "pg_restore", "--clean", "--if-exists", *_PORTABLE, "--single-transaction", str(file))


def _run(database: Database | None, program: str, *options: str) -> str:
    """Run one of PostgreSQL's own programs on a database, and return what it prints; raises StartupError."""
    address, password = database.server() if database else ("", "")
    line = [program, *options, *([f"--dbname={address}"] if address else [])]
    found = shutil.which(program)
    if found is None:
        raise StartupError(
            f"{program} is not installed here; it is part of PostgreSQL's client programs. Install it, or run this "
            f"where it is: {shlex.join(line)}"
        )
    # The password is not for the list of processes, which everybody on the machine can read.
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run([found, *line[1:]], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise StartupError(f"{program} failed: {said[0]}")
    return done.stdout
