"""The picture of a class: how many were active week by week, and who has a goal, a plan, an exchange."""

from bot.coaching.class_statistics import Count
from bot.services.overview import Overview
from cogs.cards.overview import FACTS, week_text
from cogs.pictures import Bar, Chart, Panel

MOST_WEEKS = 16
"""Most weeks shown, the newest ones: a longer term would be an endless picture."""


def class_chart(value: Overview) -> Chart | None:
    """Return what the picture of a class shows; None while there is nothing to draw."""
    weeks = [_bar(f"{one.week.day} {one.week:%B}", one.active, one.whole) for one in value.weeks]
    facts = [_bar(FACTS[name], *counted) for name, counted in value.facts.items()]
    if all(
        count is None for count in (*(one.active for one in value.weeks), *(one for one, _ in value.facts.values()))
    ):
        return None
    text = week_text(value)
    active = Panel(
        "People active, week by week",
        "weeks from Monday",
        text="" if weeks else "No full week yet.",
        bars=weeks[-MOST_WEEKS:],
    )
    return Chart(value.cohort.name, text[0].upper() + text[1:], [active, Panel(bars=facts)])


def _bar(label: str, count: Count | None, whole: int) -> Bar:
    """Return the bar of a count of people; one that is withheld has no length either."""
    words = "not counted" if count is None else f"{count} of {whole}"
    return Bar(label, words, count if isinstance(count, int) else None, whole)
