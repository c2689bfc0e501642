"""The text that tells a language model how to look at a bio: read from its file, with its version and its hash."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import resources
from typing import cast

from bot.coaching.bios import Criterion
from prompts import ContentError

FILE = "bio_critique.md"
LOCK = "bio_critique.lock"
_FENCE = "+++"
_KEYS = {"id": str, "version": int, "criteria": list, "max_completion_tokens": int}
MOST_TOKENS = 16_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is told, without placeholders: the same text for everybody.

    `hash`: of the whole file, so that everything that may change an answer changes it.
    """

    id: str
    version: int
    hash: str
    text: str = field(repr=False)
    max_completion_tokens: int


def load_prompt() -> Prompt:
    """Return the packaged prompt; raises ContentError. A course cannot bring its own: the checks know this one."""
    return read_prompt((resources.files("prompts") / FILE).read_text("utf-8"))


def load_lock() -> Mapping[int, str]:
    """Return the hash of each version there ever was; raises ContentError."""
    return read_lock((resources.files("prompts") / LOCK).read_text("utf-8"))


def read_prompt(source: str) -> Prompt:
    """Return the prompt in the text of a file: settings between two lines of `+++`, then what the model is told.

    Raises ContentError for a setting that is missing, unknown or of another kind, for criteria that are not ours in our
    order, and if the model would be told nothing.
    """
    before, _, rest = source.partition(f"{_FENCE}\n")
    settings, fence, text = rest.partition(f"\n{_FENCE}\n")
    if before or not fence:
        raise ContentError(f"{FILE}: it must begin with settings between two lines of {_FENCE}")
    try:
        known = _checked(tomllib.loads(settings))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{FILE}: the settings are not TOML: {error}") from None
    if not text.strip():
        raise ContentError(f"{FILE}: there is no text below the settings")
    return Prompt(
        id=cast("str", known["id"]),
        version=cast("int", known["version"]),
        hash=sha256(source.encode()).hexdigest(),
        text=text.strip(),
        max_completion_tokens=cast("int", known["max_completion_tokens"]),
    )


def read_lock(source: str) -> Mapping[int, str]:
    """Return version and hash from lines of both; raises ContentError for any other line and for a version twice."""
    lock: dict[int, str] = {}
    for line in source.splitlines():
        version, _, digest = line.partition(" ")
        if not version.isdecimal() or len(digest) != 64 or int(version) in lock:
            raise ContentError(f'{LOCK}: "{line}" is not a new version and its hash')
        lock[int(version)] = digest
    return lock


def _checked(settings: Mapping[str, object]) -> Mapping[str, object]:
    if settings.keys() != _KEYS.keys():
        raise ContentError(f"{FILE}: the settings must be {', '.join(_KEYS)}")
    for key, kind in _KEYS.items():
        if type(settings[key]) is not kind:
            raise ContentError(f"{FILE}: {key} is of the wrong kind")
    if settings["criteria"] != [str(one) for one in Criterion]:
        raise ContentError(f"{FILE}: criteria must be {', '.join(Criterion)}, in this order")
    if not 1 <= cast("int", settings["max_completion_tokens"]) <= MOST_TOKENS:
        raise ContentError(f"{FILE}: max_completion_tokens must be from 1 to {MOST_TOKENS}")
    return settings
