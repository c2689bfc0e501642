"""The member's side of the nudges: settings, history, and the buttons under each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Caller, Cohort, Enrolment, Seat
from bot.coaching.errors import (
    AlreadyDone,
    AlreadyReminded,
    BadNumber,
    DayGone,
    NothingToLog,
    NudgesAlreadyOver,
    OldCard,
)
from bot.coaching.footprint import Answer
from bot.coaching.log import ActionDraft
from bot.coaching.nudges import REMINDER_DAYS, Button, NudgeKey, NudgeKind, NudgeState, Recipient
from bot.coaching.weeks import QUIETS, Quiet, Wish, checked_hour, checked_zone, local_day, moment, monday_of
from bot.services.footprint import FootprintService, ItemView
from bot.services.log import Logged, LogService
from bot.services.planning import Planning
from bot.services.seats import member_seat, nudge_seat
from bot.services.texts import retold
from prompts import Content
from storage import log, members, nudges
from storage.database import Database, Tx
from storage.nudges import Nudge

HISTORY_ROWS = 12
PAUSE_WEEKS = (1, 2, 4, 6)
"""The pauses on offer (method, section 4: 1 to 6 weeks, with an end date)."""
RHYTHMS = (1, 2, 4)
"""Weeks between notes on offer."""
INBOX_DAYS = timedelta(days=28)
INBOX_NOTES = 3
GOAL_KIND = "goal"
"""What a rule says when *Done* logs the goal's own first kind."""


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
    """Why a nudge said what it said: the rule's id and reason, and the counts it looked at by name."""

    rule: str
    because: str | None
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reminder:
    """The one reminder a member picked: its moment, and the zone it is read in."""

    at: datetime
    zone: str


class NudgeService:
    """What `/nudge` and the buttons of a nudge do."""

    def __init__(
        self,
        database: Database,
        content: Content,
        log_service: LogService,
        footprint: FootprintService,
        planning: Planning,
    ) -> None:
        self._database = database
        self._content = content
        self._log = log_service
        self._footprint = footprint
        self._planning = planning

    async def settings(self, caller: Caller, now: datetime) -> NudgeSettings:
        """Return the caller's settings."""

        def work(tx: Tx) -> NudgeSettings:
            seat = member_seat(tx, caller, now)
            caller.notices.clear()  # the card says it
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
            caller.notices.clear()  # the card says it
            return self._changed(tx, seat, replace(change, zone=zone), now)

        return await self._database.transact(work)

    async def history(self, caller: Caller, now: datetime) -> NudgeHistory:
        """Return what the ledger says of the caller's last nudges."""

        def work(tx: Tx) -> NudgeHistory:
            seat = member_seat(tx, caller, now)
            rows = nudges.history(tx, Recipient(seat.cohort.id, caller.user_id), HISTORY_ROWS)
            caller.notices.clear()  # the list says it
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
            words = retold(tx, seat, nudges.imagined(key, at), self._content, now)
            return Preview(due.at if due else None, seat.enrolment, words.text)

        return await self._database.transact(work)

    async def inbox(self, caller: Caller, now: datetime) -> list[Note]:
        """Return the nudges of the last four weeks that could not be delivered, newest first, three at most."""

        def work(tx: Tx) -> list[Note]:
            seat = member_seat(tx, caller, now)
            rows = nudges.history(tx, Recipient(seat.cohort.id, caller.user_id), HISTORY_ROWS)
            caller.notices.clear()  # the list says it
            held = [row for row in rows if row.state is NudgeState.HELD and row.due_at > now - INBOX_DAYS]
            return [self._note(tx, seat, row, now) for row in held[:INBOX_NOTES]]

        return await self._database.transact(work)

    async def note(self, caller: Caller, key: NudgeKey, now: datetime) -> Note:
        """Return the words of a nudge that was sent without them; raises NudgeGone or NotYourCard."""

        def work(tx: Tx) -> Note:
            seat, nudge = nudge_seat(tx, caller, key, now)
            return self._note(tx, seat, nudge, now)

        return await self._database.transact(work)

    async def why(self, caller: Caller, key: NudgeKey, now: datetime) -> Why:
        """Return the rule that chose a nudge and what it looked at; raises NudgeGone or NotYourCard."""

        def work(tx: Tx) -> Why:
            _, nudge = nudge_seat(tx, caller, key, now)
            rule = self._content.rules.get(nudge.rule or "")
            facts: dict[str, int] = json.loads(nudge.facts) if nudge.facts else {}
            return Why(nudge.rule or "", rule.because if rule else None, facts)

        return await self._database.transact(work)

    def _note(self, tx: Tx, seat: Seat, nudge: Nudge, now: datetime) -> Note:
        words = retold(tx, seat, nudge, self._content, now)
        if words.rule != nudge.rule:  # what its buttons act on is what is shown now
            nudges.set_words(tx, nudge.id, words.rule, words.subject, words.facts)
        return Note(nudge, words.text, words.buttons, seat.enrolment.wish.zone)

    async def done(self, caller: Caller, key: NudgeKey, now: datetime) -> Logged:
        """Log the kind that the nudge's rule names, today, once per nudge.

        Raises AlreadyDone, NothingToLog, NudgeGone or NotYourCard.
        """

        def work(tx: Tx) -> Logged:
            seat, nudge = _weekly_of(tx, caller, key, now)
            rule = self._content.rules.get(nudge.rule or "")
            if rule is None or rule.done is None:
                raise NothingToLog
            if log.logged_for(tx, nudge.id):
                raise AlreadyDone
            kind = None if rule.done == GOAL_KIND else rule.done
            return self._log.add(tx, seat, ActionDraft(kind), now, nudge.id)

        return await self._database.transact(work)

    async def item(self, caller: Caller, key: NudgeKey, answer: Answer | None, now: datetime) -> ItemView:
        """Return the checklist item a nudge is about, having kept `answer` to it if one is given.

        Raises NothingToLog when the nudge is not about an item, NudgeGone or NotYourCard.
        """

        def work(tx: Tx) -> ItemView:
            seat, nudge = _weekly_of(tx, caller, key, now)
            if nudge.subject is None:
                raise NothingToLog
            return self._footprint.give(tx, seat, nudge.subject, answer, now)

        return await self._database.transact(work)

    async def days(self, caller: Caller, key: NudgeKey, now: datetime) -> tuple[date, ...]:
        """Return the six days after today that *Another day* offers."""

        def work(tx: Tx) -> tuple[date, ...]:
            seat, _ = nudge_seat(tx, caller, key, now)
            return _next_days(seat, now)

        return await self._database.transact(work)

    async def remind(self, caller: Caller, key: NudgeKey, day: date, now: datetime) -> Reminder:
        """Owe one reminder of this nudge's week on `day`, at the hour the member likes; picking again moves it.

        Raises DayGone, AlreadyReminded, NudgeGone or NotYourCard.
        """

        def work(tx: Tx) -> Reminder:
            seat, nudge = _weekly_of(tx, caller, key, now)
            if day not in _next_days(seat, now):
                raise DayGone
            at = moment(day, seat.enrolment.wish.hour, seat.enrolment.wish.zone)
            if not nudges.move_reminder(tx, replace(nudge.key, kind=NudgeKind.REMINDER), at, nudge.rule, nudge.subject):
                raise AlreadyReminded
            return Reminder(at, seat.enrolment.wish.zone)

        return await self._database.transact(work)

    def _changed(self, tx: Tx, seat: Seat, change: SettingsChange, now: datetime) -> NudgeSettings:
        old = seat.enrolment
        if _over(seat, now):
            raise NudgesAlreadyOver
        changed = _with(old, change, now)
        # What fell due under the old settings is owed by them; only then do the new ones count.
        place = members.one_to_plan(tx, old.id)
        self._planning.plan_anew(tx, [place], now)
        members.set_nudges(tx, changed)
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
    )


def _settings(tx: Tx, seat: Seat, now: datetime) -> NudgeSettings:
    closed = members.account(tx, seat.enrolment.user_id).dm_closed_at is not None
    today = local_day(now, seat.enrolment.wish.zone)
    return NudgeSettings(seat.cohort, seat.enrolment, today, _over(seat, now), closed)


def _over(seat: Seat, now: datetime) -> bool:
    return local_day(now, seat.cohort.zone) > seat.cohort.ends_on


def _next_days(seat: Seat, now: datetime) -> tuple[date, ...]:
    today = local_day(now, seat.enrolment.wish.zone)
    return tuple(today + timedelta(days=ahead) for ahead in range(1, REMINDER_DAYS + 1))


def _weekly_of(tx: Tx, caller: Caller, key: NudgeKey, now: datetime) -> tuple[Seat, Nudge]:
    """Return the seat and the weekly nudge of a button: a reminder's buttons act on the week it reminds of."""
    seat, nudge = nudge_seat(tx, caller, key, now)
    if key.kind is NudgeKind.REMINDER:
        nudge = nudges.get(tx, replace(key, kind=NudgeKind.WEEKLY)) or nudge
    return seat, nudge
