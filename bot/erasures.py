"""Who was erased and when, kept apart from the database, so that a restored backup brings nobody back.

Each erasure appends a line: the moment, and a keyed hash (HMAC) of the account number. Without the key nobody can tell
from the file who was erased; with it, everybody in a database can be looked up.
"""

import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.coaching.ids import UserId

_OWNER_ONLY = 0o600


class ErasureRecordError(Exception):
    """The record cannot be used; the message is a sentence for whoever runs the bot."""


@dataclass(frozen=True, slots=True)
class ErasureRecord:
    """The file at `path`; `key` None: the key is in a file beside it, made when it is first needed."""

    path: Path
    key: str | None = field(default=None, repr=False)

    @property
    def key_path(self) -> Path:
        """Default path of the key file."""
        return self.path.with_name(f"{self.path.name}.key")

    def note(self, user_id: UserId, at: datetime) -> None:
        """Note that an account is erased; it is on the disk when this returns. Raises ErasureRecordError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.key is None and not self.path.exists():
                _make_key(self.key_path)
            # The line break comes first: what a crash left of a line before is not continued. The hash comes last: what
            # a crash leaves of this one is nobody's.
            line = f"\n{at.astimezone(UTC).isoformat()} {_hash(self._key(), user_id)}\n".encode()
            file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
            try:
                # One write, because lines of several processes must not mix.
                if os.write(file, line) < len(line):
                    message = f"{self.path} cannot be written (the disk is full)"
                    raise ErasureRecordError(message)
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            message = f"{self.path} cannot be written ({error.strerror})"
            raise ErasureRecordError(message) from error

    def last(self, user_ids: list[UserId]) -> dict[UserId, datetime]:
        """Return when those of some accounts were last erased that ever were. Raises ErasureRecordError."""
        try:
            if not self.path.exists():
                return {}
            key = self._key()
            moments = _moments(self.path.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            message = f"{self.path} cannot be read ({error.strerror})"
            raise ErasureRecordError(message) from error
        hashes = {user_id: _hash(key, user_id) for user_id in user_ids} if moments else {}
        return {user_id: moments[hashed] for user_id, hashed in hashes.items() if hashed in moments}

    def _key(self) -> bytes:
        if self.key is not None:
            return self.key.encode()
        key = self.key_path.read_bytes().strip() if self.key_path.exists() else b""
        if not key:
            message = f"{self.path} is there, and its key is not: {self.key_path} has to be beside it"
            raise ErasureRecordError(message)
        return key


def _make_key(path: Path) -> None:
    """Make a key file, unless there is one: it appears whole or not at all, however many processes make it."""
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    file = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(file, "w") as opened:
            opened.write(f"{secrets.token_hex(32)}\n")
            opened.flush()
            os.fsync(file)
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()


def _hash(key: bytes, user_id: UserId) -> str:
    return hmac.new(key, str(user_id).encode(), "sha256").hexdigest()


def _moments(text: str) -> dict[str, datetime]:
    """Return the last moment of each hash; a line that a crash cut short says nothing, as nothing was erased then."""
    moments: dict[str, datetime] = {}
    for line in text.splitlines():
        moment, _, hashed = line.partition(" ")
        with suppress(ValueError):
            at = datetime.fromisoformat(moment)
            if at.tzinfo is not None:
                moments[hashed] = max(at, moments.get(hashed, at))
    return moments
