"""A member's days ahead, for their calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from typing import Any

from bot.coaching.goals import in_focus
from bot.coaching.ids import EnrolmentId
from bot.coaching.network import resting, touch_due
from bot.coaching.opportunities import OPEN
from prompts import Content
from storage import goals, network, opportunities, settings
from storage.database import Database, Tx

INSTALLATION = "installation"
FIRST_SEQUENCE = datetime(2026, 1, 1, tzinfo=UTC)
"""Revisions of an entry are counted in seconds from here, which stay below 2^31 for 68 years."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A day on which a member may want to do something; `key` identifies it in later exports too."""

    key: str
    on: date
    title: str
    note: str


def follow_ups(tx: Tx, enrolment_id: EnrolmentId, content: Content, today: date) -> list[FollowUp]:
    """Return what a member may want to do from `today` on: open deadlines, people to write to, a goal's review.

    What is overdue is on `today`; deadlines that have passed are left out.
    """
    days = [
        FollowUp(
            f"opportunity-{opportunity.id}",
            opportunity.due_on,
            f"Due: {opportunity.title}",
            "An opportunity you keep in sight.",
        )
        for opportunity in opportunities.kept(tx, enrolment_id, today)
        if opportunity.state in OPEN and opportunity.due_on is not None and opportunity.due_on >= today
    ]
    for person in network.contacts(tx, enrolment_id, content.vocabulary):
        due = None if resting(person, today) else touch_due(person, content.network.stages)
        if due is not None:
            title = f"A word to {person.nickname}"
            days.append(FollowUp(f"person-{person.id}", max(due, today), title, "Time to say hello again."))
    goal = in_focus(goals.running(tx, enrolment_id))
    if goal is not None:
        title, last = f"Look back at your goal: {goal.title}", goal.last_day if goal.ends_with_term else goal.ends_on
        days.append(FollowUp(f"goal-{goal.id}", max(last, today), title, "Keep it, deepen it, change or stop."))
    return sorted(days, key=lambda day: (day.on, day.key))


async def calendar_of(database: Database, days: Sequence[FollowUp], now: datetime) -> str | None:
    """Return the days as `as_calendar` does, with ids of this installation; None without a day."""
    if not days:
        return None  # a calendar without an entry is no iCalendar file
    installation = await database.read(lambda tx: settings.get(tx, INSTALLATION))
    if installation is None:
        installation = await database.transact(lambda tx: settings.keep(tx, INSTALLATION, token_hex(8)))
    return as_calendar(days, installation, now)


def as_calendar(days: Sequence[FollowUp], installation: str, now: datetime) -> str:
    """Return an iCalendar file of whole days (RFC 5545).

    A calendar that takes a later file has each entry once, as that file says it.

    Args:
        installation: The name of this installation: ids are unique among all, because rows are counted in each from 1.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - not needed to start

    # Its methods are typed for any value.
    calendar: Any = Calendar()
    calendar.add("prodid", "-//PLN Coach//follow-ups//EN")
    calendar.add("version", "2.0")
    for day in days:
        event: Any = Event()
        event.add("uid", f"{day.key}@{installation}.pln-coach")
        event.add("dtstamp", now)
        event.add("last-modified", now)
        event.add("sequence", max(0, int((now - FIRST_SEQUENCE).total_seconds())))
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.title)
        event.add("description", day.note)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical().decode()
