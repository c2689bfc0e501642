"""The member's side of the nudges: settings, history, inbox, preview, and why each came."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Caller, Cohort, Enrolment, Notice, Seat
from bot.coaching.errors import BadNumber, NudgeGone, NudgesAlreadyOver, OldCard
from bot.coaching.focus import Focus
from bot.coaching.momentum import Pause
from bot.coaching.next_action import Occasion, Rule, reason
from bot.coaching.nudges import Button, NudgeKey, NudgeKind, NudgeState, Recipient
from bot.coaching.weeks import QUIETS, Quiet, Wish, checked_hour, local_day, monday_of
from bot.coaching.zones import checked_zone
from bot.services.note_buttons import weekly_of
from bot.services.planning import Planning
from bot.services.seats import member_seat, nudge_seat, reading_seats
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
        rule: its id; "" without a rule.
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
        self._database = database
        self._content = content
        self._planning = planning

    async def settings(self, caller: Caller, now: datetime) -> NudgeSettings:
        """Return the caller's settings."""

        def work(tx: Tx) -> NudgeSettings:
            seat = member_seat(tx, caller, now)
            caller.told(Notice.DMS_CLOSED)
            return _settings(tx, seat, now)

        return await self._database.transact(work)

    async def change(self, caller: Caller, change: SettingsChange, now: datetime) -> NudgeSettings:
        """Change the caller's settings and plan the next nudge anew, in a week later than any that had one.

        What fell due before the change stays owed. Raises QuietHour, UnknownZone, BadNumber, OldCard or
        NudgesAlreadyOver.
        """
        zone = None if change.zone is None else checked_zone(change.zone)
        if change.pause_weeks is not None and not 0 <= change.pause_weeks <= max(PAUSE_WEEKS):
            raise BadNumber("The number of weeks to pause", 1, max(PAUSE_WEEKS))
        if change.every_weeks is not None and change.every_weeks not in RHYTHMS:
            raise OldCard
        if change.quiet is not None and change.quiet not in QUIETS:
            raise OldCard

        def work(tx: Tx) -> NudgeSettings:
            seat = member_seat(tx, caller, now)
            caller.told(Notice.DMS_CLOSED)
            return self._changed(tx, seat, replace(change, zone=zone), now)

        return await self._database.transact(work)

    async def history(self, caller: Caller, now: datetime) -> NudgeHistory:
        """Return what the ledger says of the caller's last nudges."""

        def work(tx: Tx) -> NudgeHistory:
            seat = reading_seats(tx, caller, now)[0]
            rows = nudges.history(tx, Recipient(seat.cohort.id, caller.user_id), HISTORY_ROWS)
            caller.told(Notice.DMS_CLOSED)
            return NudgeHistory(rows, seat.enrolment.wish.zone)

        return await self._database.transact(work)

    async def preview(self, caller: Caller, now: datetime) -> Preview:
        """Return the caller's next weekly nudge as it would read today, and when it comes."""

        def work(tx: Tx) -> Preview:
            seat = member_seat(tx, caller, now)
            due = None if _over(seat, now) else seat.enrolment.next_nudge
            at = due.at if due else now
            week = due.week if due else monday_of(local_day(now, seat.enrolment.wish.zone))
            key = NudgeKey(Recipient(seat.cohort.id, caller.user_id), NudgeKind.WEEKLY, week.isoformat())
            words = note_text(tx, seat, nudges.imagined(key, at), self._content, now)
            return Preview(due.at if due else None, seat.enrolment, words.text)

        return await self._database.transact(work)

    async def inbox(self, caller: Caller, now: datetime) -> list[Note]:
        """Return the nudges of the last four weeks that could not be delivered, newest first, three at most.

        Before them the parcels of courses that have closed, whatever became of their messages.
        """

        def work(tx: Tx) -> list[Note]:
            seats = reading_seats(tx, caller, now)
            caller.told(Notice.DMS_CLOSED)
            caller.told(Notice.MESSAGE_WAITS)
            kept = [(seat, nudges.history(tx, _to(seat), HISTORY_ROWS)) for seat in seats]
            parcels = [(seat, row) for seat, rows in kept for row in _newest_parcel(rows)]
            held = [(seats[0], row) for row in kept[0][1] if _waits(row, now)]
            return [self._note(tx, seat, row, now) for seat, row in [*parcels, *held][:INBOX_NOTES]]

        return await self._database.transact(work)

    async def note(self, caller: Caller, key: NudgeKey, now: datetime) -> Note:
        """Return the words of a nudge that was sent without them; raises NudgeGone or NotYourCard."""

        def work(tx: Tx) -> Note:
            seat, nudge = nudge_seat(tx, caller, key, now, reading=True)
            if nudge.key.kind is NudgeKind.DIGEST:  # for instructors, wherever it is read
                raise NudgeGone
            return self._note(tx, seat, nudge, now)

        return await self._database.transact(work)

    async def why(self, caller: Caller, key: NudgeKey, now: datetime) -> Why:
        """Return the rule that chose a nudge and what it looked at; raises NudgeGone or NotYourCard."""

        def work(tx: Tx) -> Why:
            seat, nudge = weekly_of(tx, caller, key, now)
            facts: dict[str, object] = json.loads(nudge.facts) if nudge.facts else {}
            rule = self._content.rules.get(nudge.rule or "")
            if rule is None:
                return Why("", None, facts)
            focus = focuses.get(tx, seat.enrolment.id)
            return why_of(rule, self._content.occasions.get(nudge.occasion or ""), focus, facts)

        return await self._database.transact(work)

    def _note(self, tx: Tx, seat: Seat, nudge: Nudge, now: datetime) -> Note:
        words = note_text(tx, seat, nudge, self._content, now)
        about = words.about
        if (about.rule, about.occasion, about.subject) != (nudge.rule, nudge.occasion, nudge.subject):
            nudges.set_about(tx, nudge.id, about)  # what its buttons act on is what is shown now
        # Of a course that has closed only the parcel can be opened.
        works = seat.cohort.closed_at is None or nudge.key.kind is NudgeKind.PARCEL
        return Note(nudge, words.text, words.buttons if works else (), seat.enrolment.wish.zone)

    def _changed(self, tx: Tx, seat: Seat, change: SettingsChange, now: datetime) -> NudgeSettings:
        old = seat.enrolment
        if _over(seat, now):
            raise NudgesAlreadyOver
        changed = _with(old, change, now)
        # What fell due under the old settings is owed by them; only then do the new ones count.
        place = members.one_to_plan(tx, old.id)
        self._planning.plan_anew(tx, [place], now)
        members.set_nudges(tx, changed)
        _keep_pause(tx, changed, change, now)
        place = members.one_to_plan(tx, old.id)
        if change.skip_next and place.enrolment.next_nudge is not None:
            place = replace(place, last_week=place.enrolment.next_nudge.week)
        self._planning.plan_anew(tx, [place], now)
        return _settings(tx, replace(seat, enrolment=members.one_to_plan(tx, old.id).enrolment), now)


def _with(old: Enrolment, change: SettingsChange, now: datetime) -> Enrolment:
    """Return the enrolment with a change made to it; raises QuietHour when hour and quiet hours do not go together."""
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
    """Remember the days of a pause, and where it was ended by hand: they count as no quiet weeks later."""
    if change.pause_weeks is None:
        return
    today = local_day(now, changed.wish.zone)
    if changed.pause_until is None:
        pauses.end(tx, changed.id, today)
    else:
        pauses.add(tx, changed.id, Pause(today, changed.pause_until))


def _settings(tx: Tx, seat: Seat, now: datetime) -> NudgeSettings:
    closed = members.account(tx, seat.enrolment.user_id).dm_closed_at is not None
    today = local_day(now, seat.enrolment.wish.zone)
    return NudgeSettings(seat.cohort, seat.enrolment, today, _over(seat, now), closed)


def _over(seat: Seat, now: datetime) -> bool:
    return local_day(now, seat.cohort.zone) > seat.cohort.ends_on


def _to(seat: Seat) -> Recipient:
    return Recipient(seat.cohort.id, seat.enrolment.user_id)


def _waits(row: Nudge, now: datetime) -> bool:
    """Return whether a row waits in the inbox."""
    noted = row.key.kind not in {NudgeKind.PARCEL, NudgeKind.DIGEST}
    return noted and row.state is NudgeState.HELD and row.due_at > now - INBOX_DAYS


def _newest_parcel(rows: Sequence[Nudge]) -> list[Nudge]:
    return [row for row in rows if row.key.kind is NudgeKind.PARCEL][:1]


def why_of(rule: Rule, occasion: Occasion | None, focus: Focus | None, facts: Mapping[str, object]) -> Why:
    """Return why a step was chosen, in words that fit what a connection means to the member now."""
    because = reason(rule, focus.connection if focus else None)
    if occasion is None:
        return Why(rule.id, because, facts)
    return Why(rule.id, because if occasion.tells_rule else "", facts, occasion.id, occasion.because)
