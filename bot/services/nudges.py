"""Settings, history, inbox and preview of a member's nudges, and why each came."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Caller, Cohort, Enrolment, Membership, Notice
from bot.coaching.errors import BadNumber, NudgeGone, NudgesAlreadyOver, OldCard
from bot.coaching.focus import Focus
from bot.coaching.momentum import Pause
from bot.coaching.next_action import Occasion, Rule, reason
from bot.coaching.nudges import Button, NudgeKey, NudgeKind, NudgeState, Recipient
from bot.coaching.weeks import QUIETS, Quiet, Wish, checked_hour, local_day, monday_of
from bot.coaching.zones import checked_zone
from bot.services.membership import as_member, as_reader, as_recipient, for_member, for_recipient
from bot.services.planning import Planning
from bot.services.texts import note_text
from prompts import Content
from storage import focus as focuses
from storage import members, nudges, pauses
from storage.database import Database, Tx
from storage.nudges import Nudge

HISTORY_ROWS = 12
PAUSE_WEEKS = (1, 2, 4, 6)
"""The pauses on offer (method, section 4: 1 to 6 weeks, with an end date)."""
RHYTHMS = (1, 2, 4)
"""Weeks between notes on offer."""
INBOX_DAYS = timedelta(days=28)
INBOX_NOTES = 3


@dataclass(frozen=True, slots=True)
class NudgeSettings:
    """When a member gets nudges, whether the term is over, and whether the last DM was refused."""

    cohort: Cohort
    enrolment: Enrolment
    today: date
    over: bool
    dm_closed: bool


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """A change on the settings card; None keeps a value. `pause_weeks` 0 ends a pause."""

    day: int | None = None
    hour: int | None = None
    zone: str | None = None
    on: bool | None = None
    pause_weeks: int | None = None
    every_weeks: int | None = None
    quiet: Quiet | None = None
    discreet: bool | None = None
    skip_next: bool = False
    inbox_only: bool | None = None


@dataclass(frozen=True, slots=True)
class NudgeHistory:
    """The last rows of a member's ledger, newest first."""

    rows: Sequence[Nudge]
    zone: str


@dataclass(frozen=True, slots=True)
class Note:
    """A nudge with its words as they read now, and its working buttons."""

    nudge: Nudge
    text: str
    buttons: tuple[Button, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The next weekly nudge as it would read today; `at` None when none is planned."""

    at: datetime | None
    enrolment: Enrolment
    text: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a nudge said what it said.

    Attributes:
        rule: The rule's id; "" without a rule.
        because: the rule's reason; "" when an occasion told a step of its own, None without a rule.
        facts: what was looked at, by name.
        occasion, occasion_because: what took the place of the rule's text, None when nothing did.
    """

    rule: str
    because: str | None
    facts: Mapping[str, object]
    occasion: str | None = None
    occasion_because: str | None = None


class NudgeService:
    """What `/nudge` does."""

    def __init__(self, database: Database, content: Content, planning: Planning) -> None:
        self.database = database
        self._content = content
        self._planning = planning

    async def settings(self, caller: Caller, now: datetime) -> NudgeSettings:
        """Return the caller's settings."""
        return await as_member(
            self.database, caller, now, lambda tx, member: _settings(tx, member, now), without={Notice.DMS_CLOSED}
        )

    async def change(self, caller: Caller, change: SettingsChange, now: datetime) -> NudgeSettings:
        """Change the caller's settings and plan the next nudge anew; what has fallen due stays owed.

        Raises QuietHour, UnknownZone, BadNumber, OldCard or NudgesAlreadyOver.
        """
        zone = None if change.zone is None else checked_zone(change.zone)
        if change.pause_weeks is not None and not 0 <= change.pause_weeks <= max(PAUSE_WEEKS):
            raise BadNumber("The number of weeks to pause", 1, max(PAUSE_WEEKS))
        if change.every_weeks not in {None, *RHYTHMS} or change.quiet not in {None, *QUIETS}:
            raise OldCard
        change = replace(change, zone=zone)
        return await as_member(
            self.database,
            caller,
            now,
            lambda tx, member: self._changed(tx, member, change, now),
            without={Notice.DMS_CLOSED},
        )

    async def history(self, caller: Caller, now: datetime) -> NudgeHistory:
        """Return the caller's last nudges."""

        def work(tx: Tx, places: Sequence[Membership]) -> NudgeHistory:
            return NudgeHistory(nudges.history(tx, _to(places[0]), HISTORY_ROWS), places[0].enrolment.wish.zone)

        return await as_reader(self.database, caller, now, work, without={Notice.DMS_CLOSED})

    @for_member
    def preview(self, tx: Tx, member: Membership, now: datetime) -> Preview:
        """Return the caller's next weekly nudge as it would read today, and when it comes."""
        due = None if _over(member, now) else member.enrolment.next_nudge
        at = due.at if due else now
        week = due.week if due else monday_of(member.today(now))
        key = NudgeKey(_to(member), NudgeKind.WEEKLY, week.isoformat())
        words = note_text(tx, member, nudges.imagined(key, at), self._content, now)
        return Preview(due.at if due else None, member.enrolment, words.text)

    async def inbox(self, caller: Caller, now: datetime) -> list[Note]:
        """Return held nudges of the last four weeks, newest first, three at most, after parcels of closed courses."""

        def work(tx: Tx, places: Sequence[Membership]) -> list[Note]:
            parcels: list[tuple[Membership, Nudge]] = []
            held: list[tuple[Membership, Nudge]] = []
            for member in places:
                rows = nudges.history(tx, _to(member), HISTORY_ROWS)
                parcels += [(member, row) for row in rows if row.key.kind is NudgeKind.PARCEL][:1]
                if member is places[0]:
                    held = [(member, row) for row in rows if _waits(row, now)]
            return [self._note(tx, member, row, now) for member, row in [*parcels, *held][:INBOX_NOTES]]

        return await as_reader(self.database, caller, now, work, without={Notice.DMS_CLOSED, Notice.MESSAGE_WAITS})

    async def note(self, caller: Caller, key: NudgeKey, now: datetime) -> Note:
        """Return the words of a discreet nudge; raises NudgeGone or NotYourCard."""

        def work(tx: Tx, member: Membership, nudge: Nudge) -> Note:
            if nudge.key.kind is NudgeKind.DIGEST:  # for instructors only
                raise NudgeGone
            return self._note(tx, member, nudge, now)

        return await as_recipient(self.database, caller, key, now, work, reading=True)

    @for_recipient
    def why(self, tx: Tx, member: Membership, nudge: Nudge, _now: datetime) -> Why:
        """Return the rule that chose a nudge and what it looked at; raises NudgeGone or NotYourCard."""
        facts: dict[str, object] = json.loads(nudge.facts) if nudge.facts else {}
        rule = self._content.rules.get(nudge.rule or "")
        if rule is None:
            return Why("", None, facts)
        focus = focuses.get(tx, member.id)
        return why_of(rule, self._content.occasions.get(nudge.occasion or ""), focus, facts)

    def _note(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> Note:
        words = note_text(tx, member, nudge, self._content, now)
        about = words.about
        if (about.rule, about.occasion, about.subject) != (nudge.rule, nudge.occasion, nudge.subject):
            nudges.set_about(tx, nudge.id, about)  # its buttons act on what is shown now
        # In a closed course only the parcel's button works.
        works = member.cohort.closed_at is None or nudge.key.kind is NudgeKind.PARCEL
        return Note(nudge, words.text, words.buttons if works else (), member.enrolment.wish.zone)

    def _changed(self, tx: Tx, member: Membership, change: SettingsChange, now: datetime) -> NudgeSettings:
        old = member.enrolment
        if _over(member, now):
            raise NudgesAlreadyOver
        changed = _with(old, change, now)
        # First owe what fell due under the old settings.
        place = members.one_to_plan(tx, old.id)
        self._planning.plan_anew(tx, [place], now)
        members.set_nudges(tx, changed)
        _keep_pause(tx, changed, change, now)
        place = members.one_to_plan(tx, old.id)
        if change.skip_next and place.enrolment.next_nudge is not None:
            place = replace(place, last_week=place.enrolment.next_nudge.week)
        self._planning.plan_anew(tx, [place], now)
        return _settings(tx, replace(member, enrolment=members.one_to_plan(tx, old.id).enrolment), now)


def _with(old: Enrolment, change: SettingsChange, now: datetime) -> Enrolment:
    """Apply a change; raises QuietHour when the hour lies in the quiet hours."""
    quiet = old.quiet if change.quiet is None else change.quiet
    wish = Wish(
        old.wish.day if change.day is None else change.day,
        checked_hour(old.wish.hour if change.hour is None else change.hour, quiet),
        change.zone or old.wish.zone,
    )
    pause_until = old.pause_until
    if change.pause_weeks is not None:
        today = local_day(now, wish.zone)
        pause_until = today + timedelta(weeks=change.pause_weeks) if change.pause_weeks else None
    return replace(
        old,
        wish=wish,
        quiet=quiet,
        nudges_on=old.nudges_on if change.on is None else change.on,
        pause_until=pause_until,
        every_weeks=change.every_weeks or old.every_weeks,
        discreet=old.discreet if change.discreet is None else change.discreet,
        inbox_only=old.inbox_only if change.inbox_only is None else change.inbox_only,
    )


def _keep_pause(tx: Tx, changed: Enrolment, change: SettingsChange, now: datetime) -> None:
    """Store the days of a pause, so that they do not count as quiet weeks later."""
    if change.pause_weeks is None:
        return
    today = local_day(now, changed.wish.zone)
    if changed.pause_until is None:
        pauses.end(tx, changed.id, today)
    else:
        pauses.add(tx, changed.id, Pause(today, changed.pause_until))


def _settings(tx: Tx, member: Membership, now: datetime) -> NudgeSettings:
    closed = members.account(tx, member.enrolment.user_id).dm_closed_at is not None
    today = member.today(now)
    return NudgeSettings(member.cohort, member.enrolment, today, _over(member, now), closed)


def _over(member: Membership, now: datetime) -> bool:
    return local_day(now, member.cohort.zone) > member.cohort.ends_on


def _to(member: Membership) -> Recipient:
    return Recipient(member.cohort.id, member.enrolment.user_id)


def _waits(row: Nudge, now: datetime) -> bool:
    """Return whether a row waits in the inbox."""
    is_note = row.key.kind not in {NudgeKind.PARCEL, NudgeKind.DIGEST}
    return is_note and row.state is NudgeState.HELD and row.due_at > now - INBOX_DAYS


def why_of(rule: Rule, occasion: Occasion | None, focus: Focus | None, facts: Mapping[str, object]) -> Why:
    """Return why a step was chosen, in words that fit what a connection means to the member now."""
    because = reason(rule, focus.connection if focus else None)
    if occasion is None:
        return Why(rule.id, because, facts)
    return Why(rule.id, because if occasion.tells_rule else "", facts, occasion.id, occasion.because)
