"""Content files: TOML, held to the fields of the dataclass that it becomes.

The fields are the keys. One with a default, or that may be None, may be left out; its annotation says how much fits
(`bot/coaching/limits.py`). What depends on other entries or files is checked by the reader of each file.
"""

import re
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, partial
from importlib import resources
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from bot.coaching.limits import LABEL_LIMIT, MOST_OPTIONS, Between

_ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_T = TypeVar("_T")


class ContentError(Exception):
    """A content file that cannot be used; the message names the file, the entry and what is wrong with it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.places: list[str] = []

    def __str__(self) -> str:
        """Name the places from the file inwards, then the problem."""
        return f"{', '.join(self.places)}: {self.args[0]}" if self.places else self.args[0]


@contextmanager
def inside(place: str) -> Generator[None]:
    """Add the place to what is refused in here."""
    try:
        yield
    except ContentError as error:
        error.places.insert(0, place)
        raise


def read_file(name: str, folder: Path | None, kind: type[_T]) -> _T:
    """Read the content file in `folder`, or the packaged one, as a dataclass; raises ContentError."""
    own = folder / name if folder is not None else None
    with inside(name):
        try:
            source = own if own is not None and own.exists() else resources.files("prompts") / name
            written = source.read_bytes()
        except OSError as error:
            raise ContentError(f"the file cannot be read ({error.strerror})") from None
        return _record(kind, read_toml(written))


def read_toml(written: bytes) -> dict[str, object]:
    """Read a TOML file; raises ContentError with the line."""
    try:
        return tomllib.loads(written.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ContentError("the file is not saved as UTF-8") from None
    # RecursionError: a list in a list in a list …; ValueError: also a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise ContentError(f"this is not TOML: {error}") from None


def read_table(kind: type[_T], table: object) -> _T:
    """Read one table as a dataclass; raises ContentError."""
    return _record(kind, _table("it", table))


def known(what: str, name: str, names: Collection[str]) -> str:
    """Return `name` if it is one of `names`; else refuse it with the nearest of them."""
    if name in names:
        return name
    close = get_close_matches(name, names, 1)
    hint = f'; did you mean "{close[0]}"?' if close else f"; there are {', '.join(names) or 'none'}"
    raise ContentError(f'there is no {what} "{name}"{hint if close or len(names) <= MOST_OPTIONS else ""}')


def complete(what: str, entries: Mapping[str, _T], ids: Collection[str]) -> dict[str, _T]:
    """Return the entries of these ids, in their order; refuse a missing one."""
    for missing in [one for one in ids if one not in entries]:
        raise ContentError(f'{what} "{missing}" is missing; what is already saved may name it, so it stays')
    return {one: entries[one] for one in ids}


def exactly(what: str, entries: Mapping[str, _T], ids: Collection[str]) -> dict[str, _T]:
    """Return the entries in the order of `ids`; refuse a missing one, and one of another id."""
    for entry_id in entries:
        known(what, entry_id, ids)
    return complete(what, entries, ids)


def check_count(what: str, entries: Collection[object], least: int = 1, most: int = MOST_OPTIONS) -> None:
    """Refuse fewer or more entries than these."""
    if not least <= len(entries) <= most:
        raise ContentError(f"{what} must have {least} to {most} entries, not {len(entries)}")


def check_placeholders(text: str, names: Collection[str]) -> None:
    """Refuse a text with other placeholders than `names`, or one that says how a value is formatted."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ContentError(f"the braces in {shown(text)} cannot be read ({error})") from None
    for _, name, spec, conversion in parts:
        if name is not None:
            known("placeholder", name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else ""), names)


def shown(value: object) -> str:
    """Return a value as a sentence can show it."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if not isinstance(value, str):
        return str(value).lower()
    line = " ".join(value.split())
    return f'"{line if len(line) <= LABEL_LIMIT else line[:LABEL_LIMIT] + "…"}"'


# From TOML to a dataclass, by the types of its fields

_hints = cache(partial(get_type_hints, include_extras=True))


def _record(kind: Any, table: Mapping[str, object], entry_id: str = "") -> Any:
    hints = _hints(kind)
    for key in table:
        known("key", key, [name for name in hints if name != "id"])
    values: dict[str, Any] = {"id": entry_id} if "id" in hints else {}
    for field in fields(kind):
        if field.name in table:
            values[field.name] = _value(hints[field.name], field.name, table[field.name])
        elif NoneType in get_args(hints[field.name]):
            values[field.name] = None
        elif field.name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise ContentError(f"{field.name} is missing")
    return kind(**values)


def _value(hint: Any, key: str, value: object) -> Any:
    if NoneType in get_args(hint):
        hint = get_args(hint)[0]
    hint, bounds = get_args(hint) if get_origin(hint) is Annotated else (hint, None)
    kind = get_origin(hint) or hint
    if kind in _READERS:
        return _READERS[kind](hint, bounds, key, value)
    if issubclass(kind, StrEnum):
        what = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()
        return kind(known(what, _text(str, None, key, value), list(kind)))
    with inside(key):
        return _record(kind, _table(key, value))


def _text(_: Any, bounds: Between | None, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _misfit(key, "a text", value)
    text, limit = value.strip(), bounds.high if bounds else LABEL_LIMIT
    if not text:
        raise ContentError(f"{key} must not be empty")
    if len(text) > limit:
        raise ContentError(f"{key} may have {limit} characters, and {shown(text)} has {len(text)}")
    return text


def _number(_: Any, bounds: Between, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not bounds.low <= value <= bounds.high:
        raise _misfit(key, f"a whole number from {bounds.low} to {bounds.high}", value)
    return value


def _flag(_: Any, __: None, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _misfit(key, "true or false", value)
    return value


def _list(hint: Any, bounds: Between | None, key: str, value: object) -> Any:
    kind, many = get_args(hint)[0], get_origin(hint)
    if is_dataclass(kind) and "id" in _hints(kind):
        return many(_entries(kind, bounds, key, value).values())
    if not isinstance(value, list):
        raise _misfit(key, "a list", value)
    check_count(key, cast("list[object]", value), *(bounds or (1, 100)))
    if is_dataclass(kind):
        return many(_numbered(kind, key, cast("list[object]", value)))
    kept = [_value(kind, f"every entry of {key}", entry) for entry in cast("list[object]", value)]
    for entry, count in Counter(kept).items():
        if count > 1 and isinstance(entry, str):
            raise ContentError(f'{key} has "{entry}" {count} times')
    return many(kept)


def _numbered(kind: Any, key: str, entries: Sequence[object]) -> Generator[Any]:
    for place, entry in enumerate(entries, 1):
        with inside(f"{_noun(key)} {place}"):
            yield _record(kind, _table("it", entry))


def _by_id(hint: Any, bounds: Between | None, key: str, value: object) -> dict[Any, Any]:
    """Make a mapping; where an enumeration has the ids, none may be missing unless there are bounds."""
    ids, kind = get_args(hint)
    entries = _entries(kind, bounds, key, value)
    if not issubclass(ids, StrEnum):
        return entries
    what = ids.__name__.lower()
    for entry_id in entries:
        known(what, entry_id, list(ids))
    return {
        ids(entry_id): entries[entry_id] for entry_id in (entries if bounds else complete(what, entries, list(ids)))
    }


def _entries(kind: Any, bounds: Between | None, key: str, value: object) -> dict[str, Any]:
    """Make an entry of each value in a table, by its key, or of each table in a list, by its `id`."""
    listed: list[tuple[str, object]] = []
    if isinstance(value, list):
        for place, entry in enumerate(cast("list[object]", value), 1):
            with inside(f"{_noun(key)} {place}"):
                table = dict(_table("it", entry))
                listed.append((_text(str, None, "id", table.pop("id", None)), table))
    else:
        listed.extend(_table(key, value).items())
    check_count(key, listed, *(bounds or (1, MOST_OPTIONS)))
    entries: dict[str, Any] = {}
    for entry_id, entry in listed:
        place = f'{_noun(key)} "{entry_id}"'
        if entry_id in entries:
            raise ContentError(f"{place} is there twice")
        with inside(place):
            if not _ID.fullmatch(entry_id):
                raise ContentError('an id has 1 to 40 characters out of letters, digits, ".", "_" and "-"')
            entries[entry_id] = (
                _record(kind, _table("it", entry), entry_id) if is_dataclass(kind) else _value(kind, "it", entry)
            )
    return entries


def _table(key: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _misfit(key, "a table", value)
    return cast("dict[str, object]", value)


def _misfit(key: str, needed: str, value: object) -> ContentError:
    return ContentError(f"{key} is missing" if value is None else f"{key} must be {needed}, not {shown(value)}")


def _noun(key: str) -> str:
    """Return what one entry under a key is called: "goal_types" holds each goal type."""
    singular = f"{key.removesuffix('ies')}y" if key.endswith("ies") else key.removesuffix("s")
    return singular.replace("_", " ")


_READERS: Mapping[Any, Callable[[Any, Any, str, object], Any]] = {
    str: _text,
    int: _number,
    bool: _flag,
    tuple: _list,
    frozenset: _list,
    Mapping: _by_id,
}
