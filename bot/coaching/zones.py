"""Time zones as people name them: by city, country, abbreviation or offset. The names are IANA's."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bot.coaching.errors import UnknownZone
from bot.coaching.texts import folded

ALSO_KNOWN_AS = {
    "Europe/London": "gmt bst uk united kingdom great england scotland wales edinburgh manchester oxford cambridge",
    "Europe/Berlin": "cet cest mez mesz munich münchen hamburg frankfurt cologne köln deutschland",
    "Europe/Paris": "cet cest lyon marseille toulouse",
    "America/New_York": "est edt et usa boston washington philadelphia atlanta miami",
    "America/Chicago": "cst cdt ct usa houston dallas austin minneapolis",
    "America/Denver": "mst mdt mt usa salt lake city",
    "America/Phoenix": "mst usa arizona",
    "America/Los_Angeles": "pst pdt pt usa san francisco seattle san diego portland california",
    "America/Sao_Paulo": "brt brasil rio de janeiro brasilia",
    "Africa/Lagos": "wat abuja",
    "Africa/Johannesburg": "sast cape town durban pretoria",
    "Asia/Kolkata": "ist mumbai delhi new bangalore bengaluru chennai hyderabad pune",
    "Asia/Singapore": "sgt",
    "Asia/Tokyo": "jst osaka kyoto",
    "Australia/Sydney": "aest aedt canberra",
    "Pacific/Auckland": "nzst nzdt wellington",
    "Africa/Cairo": "eet eest",
    "Africa/Nairobi": "eat",
    "America/Anchorage": "akst akdt usa",
    "America/Argentina/Buenos_Aires": "art",
    "America/Halifax": "ast adt",
    "America/St_Johns": "nst ndt",
    "America/Toronto": "est edt et ottawa montreal",
    "America/Vancouver": "pst pdt pt",
    "America/Edmonton": "mst mdt mt calgary",
    "America/Winnipeg": "cst cdt ct",
    "America/Mexico_City": "cst",
    "Asia/Bangkok": "ict",
    "Asia/Dubai": "gst uae abu dhabi",
    "Asia/Hong_Kong": "hkt",
    "Asia/Jakarta": "wib",
    "Asia/Jerusalem": "ist idt tel aviv",
    "Asia/Karachi": "pkt islamabad lahore",
    "Asia/Manila": "pht",
    "Asia/Seoul": "kst",
    "Asia/Shanghai": "cst beijing shenzhen guangzhou",
    "Australia/Adelaide": "acst acdt",
    "Australia/Brisbane": "aest",
    "Australia/Melbourne": "aest aedt",
    "Australia/Perth": "awst",
    "Europe/Athens": "eet eest",
    "Europe/Amsterdam": "cet cest holland",
    "Europe/Brussels": "cet cest",
    "Europe/Dublin": "ist gmt",
    "Europe/Helsinki": "eet eest",
    "Europe/Istanbul": "trt turkey ankara",
    "Europe/Kyiv": "eet eest kiev",
    "Europe/Lisbon": "wet west lisboa porto",
    "Europe/Madrid": "cet cest barcelona",
    "Europe/Moscow": "msk st petersburg",
    "Europe/Prague": "cet cest czech",
    "Europe/Rome": "cet cest milan roma",
    "Europe/Stockholm": "cet cest",
    "Europe/Vienna": "cet cest wien",
    "Europe/Warsaw": "cet cest",
    "Europe/Zurich": "cet cest geneva bern",
    "Pacific/Honolulu": "hst usa hawaii",
}
"""What people also call the zones that most of them live in, beside what IANA says; well-known zones come first."""
SUGGESTED: Sequence[str] = tuple(ALSO_KNOWN_AS)[:16]
"""What is offered before anything is typed."""
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\u2212-])\s*(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA names a person may choose: places and UTC, no aliases such as `Etc/GMT+5`."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


def checked_zone(text: str) -> str:
    """Return the IANA name for `text`, a name or what only one zone is known by; raises UnknownZone."""
    wanted = text.strip().replace(" ", "_").casefold()
    for name in zone_names():
        if name.casefold() == wanted:
            return name
    found = _known_by(_words(text))
    for choice in ([name for name in found if name in ALSO_KNOWN_AS], found):
        if len(choice) == 1:
            return choice[0]
    raise UnknownZone(text)


def find_zones(typed: str, now: datetime) -> list[str]:
    """Return the zones that what was typed may mean, well-known ones first; suggestions for nothing.

    Words are whole words where any zone has them, else beginnings of words: India is not Indiana. An offset finds the
    well-known zones that have it now.
    """
    offset = _OFFSET.fullmatch(typed.strip())
    if offset is not None:
        sign, hours, minutes = offset.groups()
        wanted = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (1 if sign == "+" else -1)
        return [name for name in ALSO_KNOWN_AS if now.astimezone(ZoneInfo(name)).utcoffset() == wanted]
    words = _words(typed)
    return _known_by(words) if words else list(SUGGESTED)


def _known_by(words: Sequence[str]) -> list[str]:
    index = _index()
    found = [name for name, known in index.items() if known.issuperset(words)] if words else []
    if not found and words:
        *whole, last = words
        begun = {word for known in index.values() for word in known if word.startswith(last)}
        found = [name for name, known in index.items() if known.issuperset(whole) and known & begun]
    rank = {name: place for place, name in enumerate(ALSO_KNOWN_AS)}
    return sorted(found, key=lambda name: (rank.get(name, len(rank)), name))


@cache
def _index() -> dict[str, frozenset[str]]:
    """Return the words by which each zone is known: its name, its countries, and what else people call it."""
    known = {name: {*_words(name), *_words(ALSO_KNOWN_AS.get(name, ""))} for name in zone_names()}
    countries = dict(_rows("iso3166.tab"))
    for code, _, name, *_ in _rows("zone.tab"):
        if name in known:
            known[name].update(_words(countries[code]))
    return {name: frozenset(words) for name, words in known.items()}


def _rows(table: str) -> list[list[str]]:
    text = files("tzdata").joinpath("zoneinfo", table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def _words(text: str) -> list[str]:
    """Return the words of a text without case and accents."""
    return re.findall(r"[^\W_]+", folded(text))
