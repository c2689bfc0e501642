"""Who was erased and when, kept apart from the database, so that a restored backup brings nobody back.

One line for each erasure: a keyed hash of the account's number, and the moment. Without the key nobody can tell from
the file who was erased; with it, whoever stands in a database can be looked up. The first line tells whether the key is
the one that the file was written with.
"""

import hmac
import os
import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.coaching.ids import UserId

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where one process runs alone
    fcntl = None

_TITLE = "pln-coach-erasures-1"
_OWNER_ONLY = 0o600
_TURN = threading.Lock()
KEY_BYTES = 32


class ErasureRecordError(Exception):
    """The record cannot be used; the message is a sentence for whoever runs the bot."""


@dataclass(frozen=True, slots=True)
class ErasureRecord:
    """The file at `path`; its key is `key`, or stands in the file beside it, made when it is first needed."""

    path: Path
    key: str | None = field(default=None, repr=False)

    @property
    def key_path(self) -> Path:
        """Return where the key stands that was not given."""
        return self.path.with_name(f"{self.path.name}.key")

    def note(self, user_id: UserId, at: datetime) -> None:
        """Keep that an account is erased; it is on the disk when this returns. Raises ErasureRecordError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _alone(self.path):
                kept = self._kept()
                key = self._key()
                if key is None and b"\n" in kept:
                    raise self._without_key()
                key = key or self._new_key()
                if kept:
                    self._lines(key)
                self._append(kept, f"{_hash(key, str(user_id))} {at.astimezone(UTC).isoformat()}\n", _title(key))
        except OSError as error:
            message = f"{self.path} cannot be written ({error.strerror})"
            raise ErasureRecordError(message) from error

    def last(self, user_ids: list[UserId]) -> dict[UserId, datetime]:
        """Return when those of some accounts were last erased that ever were. Raises ErasureRecordError."""
        try:
            if not self.path.exists():
                return {}
            key = self._key()
            if key is None:
                raise self._without_key()
            moments = _moments(self._lines(key))
        except OSError as error:
            message = f"{self.path} cannot be read ({error.strerror})"
            raise ErasureRecordError(message) from error
        hashed = {user_id: _hash(key, str(user_id)) for user_id in user_ids} if moments else {}
        return {user_id: moments[made] for user_id, made in hashed.items() if made in moments}

    def _without_key(self) -> ErasureRecordError:
        return ErasureRecordError(f"{self.path} is there, and its key is not: {self.key_path} has to stand beside it")

    def _kept(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""

    def _lines(self, key: bytes) -> list[str]:
        """Return what the file holds below its title; raises ErasureRecordError when that was made with another key."""
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        # A title that a crash cut short was never followed by anything.
        if len(lines) > 1 and lines[0] != _title(key):
            message = f"{self.path} was written with another key; give it the one that it had"
            raise ErasureRecordError(message)
        return lines[1:]

    def _key(self) -> bytes | None:
        if self.key is not None:
            return self.key.encode()
        # One that a crash left empty is none: nothing was written with it.
        return self.key_path.read_bytes().strip() or None if self.key_path.exists() else None

    def _new_key(self) -> bytes:
        made = secrets.token_hex(KEY_BYTES).encode()
        self.key_path.unlink(missing_ok=True)
        _write(self.key_path, made + b"\n", os.O_EXCL)
        return made

    def _append(self, kept: bytes, line: str, title: str) -> None:
        if b"\n" not in kept:
            _write(self.path, f"{title}\n{line}".encode(), os.O_TRUNC)
        else:
            # What a crash left without its end keeps a line of its own.
            _write(self.path, (b"" if kept.endswith(b"\n") else b"\n") + line.encode(), os.O_APPEND)


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Let one at a time write, of all threads and processes that share the folder."""
    with _TURN:
        opened = os.open(path.with_name(f"{path.name}.lock"), os.O_WRONLY | os.O_CREAT, _OWNER_ONLY)
        try:
            if fcntl is not None:
                fcntl.flock(opened, fcntl.LOCK_EX)
            yield
        finally:
            os.close(opened)


def _write(path: Path, text: bytes, how: int) -> None:
    """Write all of it, and wait until the disk has it and its name; raises OSError, and leaves nothing of it then."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | how, _OWNER_ONLY)
    try:
        before = os.fstat(opened).st_size
        try:
            rest = text
            while rest:
                rest = rest[os.write(opened, rest) :]
            os.fsync(opened)
        except OSError:
            os.ftruncate(opened, before)
            raise
    finally:
        os.close(opened)
    # Not every system lets a folder be opened.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _title(key: bytes) -> str:
    return f"{_TITLE} {_hash(key, _TITLE)}"


def _moments(lines: list[str]) -> dict[str, datetime]:
    """Return the last moment of each hash; a line that a crash cut short says nothing, as nothing was erased then."""
    found: dict[str, datetime] = {}
    for line in lines:
        made, _, moment = line.partition(" ")
        with suppress(ValueError):
            at = datetime.fromisoformat(moment)
            if at.tzinfo is not None:
                found[made] = max(at, found.get(made, at))
    return found
