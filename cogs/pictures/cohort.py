"""The picture of a class: its weeks by how much was done, and its sections side by side; no rows of members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.small_groups import Band, percent_words
from bot.coaching.texts import unbroken

ALTERNATIVE_LIMIT = 1024
"""Most characters of the description of a picture: Discord's limit."""
ACT_WORDS: Mapping[str, str] = {"many": "4 or more", "few": "2 or 3", "one": "1", "none": "nothing"}
"""What a band of activity is called, the busiest first."""
MOST_WEEKS = 30


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A week: the shares of the class by band of activity, which add up to 100; None when it has no figures."""

    week: date
    shares: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class SectionBar:
    """A section, and the share of it that was active in the last week; None when that is not shown."""

    name: str
    active: Band | None


@dataclass(frozen=True, slots=True)
class ClassPicture:
    """All that the picture of a class shows, in rounded shares."""

    course: str
    when: str
    weeks: Sequence[WeekBar]
    sections: Sequence[SectionBar]
    active: Band | None


def week_bars(weeks: Mapping[date, Mapping[str, Band]], first: date, last: date) -> list[WeekBar]:
    """Return a bar for each Monday from `first` to `last`, thirty at most, the newest ones; missing weeks are empty."""
    mondays = [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
    return [WeekBar(monday, shares(weeks.get(monday, {}))) for monday in mondays[-MOST_WEEKS:]]


def shares(acts: Mapping[str, Band]) -> Mapping[str, int] | None:
    """Return the bands of activity as shares that add up to 100, in fives; None when too many are not shown.

    What is not shown is told apart no further: it joins the band beside it.
    """
    if "none" not in acts:
        return None
    # As the share of those who were active stands in words: the rest of the bar is split among them.
    active = acts["none"].rest
    busy = [name for name in ACT_WORDS if name != "none"]
    middles = {name: (acts[name].low + acts[name].high) / 2 for name in busy if name in acts}
    unknown = [name for name in busy if name not in acts]
    rest = max(0.0, (active.low + active.high) / 2 - sum(middles.values()))
    middles |= {name: rest / len(unknown) for name in unknown}
    total = sum(middles.values())
    parts = {name: round(middles[name] / total * active.percent / 5) * 5 if total else 0 for name in busy}
    largest = max(parts, key=lambda name: parts[name])
    parts[largest] += active.percent - sum(parts.values())
    return {name: parts.get(name, 100 - active.percent) for name in ACT_WORDS}


def class_png(value: ClassPicture) -> bytes:
    """Return the picture of a class as PNG, 1600 pixels wide; any thread may ask."""
    from cogs.pictures import canvas, class_layout  # noqa: PLC0415 - Pillow is not needed to start

    ruler = canvas.Ruler()
    return canvas.png(class_layout.layout(value, ruler), ruler)


def in_words(value: ClassPicture) -> str:
    """Return in words what the picture shows, in at most 1024 characters: the oldest weeks give way first."""
    for most in range(len(value.weeks), -1, -1):
        text = _in_words(value, most)
        if len(text) <= ALTERNATIVE_LIMIT:
            return text
    return _in_words(value, 0)[:ALTERNATIVE_LIMIT]


def _in_words(value: ClassPicture, most: int) -> str:
    shown = value.weeks[len(value.weeks) - most :]
    weeks = "; ".join(f"to {_day(one.week)}: {_week_words(one)}" for one in shown)
    sections = ", ".join(f"{one.name} {percent_words(one.active)}" for one in value.sections)
    parts = [
        f"{value.course}, {value.when}.",
        f"Active in the last full week: {percent_words(value.active)}.",
        f"What was done in the seven days, as shares of the class: {weeks}." if weeks else "No weeks yet.",
        f"Active by section: {sections}." if sections else "",
    ]
    return unbroken(" ".join(part for part in parts if part))


def _week_words(one: WeekBar) -> str:
    if one.shares is None:
        return "no figures"
    return ", ".join(f"{words} {one.shares[name]} %" for name, words in ACT_WORDS.items())


def _day(monday: date) -> str:
    day = monday - timedelta(days=1)
    return f"{day.day} {day:%B}"
