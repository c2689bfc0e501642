"""Who was erased and when, kept apart from the database, so that a restored backup brings nobody back.

One line for each erasure: a keyed hash of the account's number, and the moment. Without the key nobody can tell from
the file who was erased; with it, whoever stands in a database can be looked up. The first line tells whether the key is
the one that the file was written with.
"""

import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.coaching.ids import UserId

_TITLE = "pln-coach-erasures-1"
_OWNER_ONLY = 0o600
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
            key = self._key() or self._new_key()
            if self.path.exists():
                self._lines(key)
            self._append(f"{_hash(key, str(user_id))} {at.astimezone(UTC).isoformat()}\n", _title(key))
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
                message = f"{self.path} is there, and its key is not: {self.key_path} has to stand beside it"
                raise ErasureRecordError(message)
            moments = _moments(self._lines(key))
        except OSError as error:
            message = f"{self.path} cannot be read ({error.strerror})"
            raise ErasureRecordError(message) from error
        hashed = {user_id: _hash(key, str(user_id)) for user_id in user_ids} if moments else {}
        return {user_id: moments[made] for user_id, made in hashed.items() if made in moments}

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

    def _append(self, line: str, title: str) -> None:
        kept = self.path.read_bytes() if self.path.exists() else b""
        if b"\n" not in kept:
            _write(self.path, f"{title}\n{line}".encode(), os.O_TRUNC)
        else:
            # What a crash left without its end keeps a line of its own.
            _write(self.path, (b"" if kept.endswith(b"\n") else b"\n") + line.encode(), os.O_APPEND)


def _write(path: Path, text: bytes, how: int) -> None:
    """Write in one piece, and wait until the disk has it and its name."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | how, _OWNER_ONLY)
    try:
        os.write(opened, text)
        os.fsync(opened)
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
