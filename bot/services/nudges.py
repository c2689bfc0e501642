"""The member's side of the nudges: settings, history, and the buttons under each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Caller, Cohort, Enrolment, Seat
from bot.coaching.errors import AlreadyDone, AlreadyReminded, BadNumber, DayGone, NothingToLog, NudgesAlreadyOver
from bot.coaching.footprint import Answer
from bot.coaching.log import ActionDraft
from bot.coaching.next_action import Rule
from bot.coaching.nudges import REMINDER_DAYS, NudgeKey, NudgeKind, Recipient, planned
from bot.coaching.weeks import Wish, checked_hour, checked_zone, local_day, moment
from bot.services.footprint import FootprintService, ItemView
from bot.services.log import Logged, LogService
from bot.services.planning import owe_what_fell_due
from bot.services.seats import member_seat, nudge_seat
from storage import log, members, nudges
from storage.database import Database, Tx
from storage.nudges import Nudge

HISTORY_ROWS = 12
PAUSE_WEEKS = (1, 2, 4, 6)
"""The pauses on offer (method, section 4: 1 to 6 weeks, with an end date)."""
GOAL_KIND = "goal"
"""What a rule says when *Done* logs the goal's own first kind."""


@dataclass(frozen=True, slots=True)
class NudgeSettings:
    """When a member gets nudges, and whether the last DM was refused."""

    cohort: Cohort
    enrolment: Enrolment
    today: date
    dm_closed: bool


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """A change on the settings card; None keeps a value. `pause_weeks` 0 ends a pause."""

    day: int | None = None
    hour: int | None = None
    zone: str | None = None
    on: bool | None = None
    pause_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class NudgeHistory:
    """The last rows of a member's ledger, newest first."""

    rows: Sequence[Nudge]
    zone: str


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
        rules: Mapping[str, Rule],
        log_service: LogService,
        footprint: FootprintService,
        jitter_limit: int,
    ) -> None:
        self._database = database
        self._rules = rules
        self._log = log_service
        self._footprint = footprint
        self._jitter_limit = jitter_limit

    async def settings(self, caller: Caller, now: datetime) -> NudgeSettings:
        """Return the caller's settings."""
        return await self._database.transact(lambda tx: _settings(tx, member_seat(tx, caller, now), now))

    async def change(self, caller: Caller, change: SettingsChange, now: datetime) -> NudgeSettings:
        """Change the caller's settings and plan the next nudge anew, in a week later than any that had one.

        What fell due before the change stays owed. Raises QuietHour, UnknownZone, BadNumber or NudgesAlreadyOver.
        """
        hour = None if change.hour is None else checked_hour(change.hour)
        zone = None if change.zone is None else checked_zone(change.zone)
        if change.pause_weeks is not None and not 0 <= change.pause_weeks <= max(PAUSE_WEEKS):
            raise BadNumber("The number of weeks to pause", 1, max(PAUSE_WEEKS))

        def work(tx: Tx) -> NudgeSettings:
            seat = member_seat(tx, caller, now)
            return self._changed(tx, seat, replace(change, hour=hour, zone=zone), now)

        return await self._database.transact(work)

    async def history(self, caller: Caller, now: datetime) -> NudgeHistory:
        """Return what the ledger says of the caller's last nudges."""

        def work(tx: Tx) -> NudgeHistory:
            seat = member_seat(tx, caller, now)
            rows = nudges.history(tx, Recipient(seat.cohort.id, caller.user_id), HISTORY_ROWS)
            return NudgeHistory(rows, seat.enrolment.wish.zone)

        return await self._database.transact(work)

    async def done(self, caller: Caller, key: NudgeKey, now: datetime) -> Logged:
        """Log the kind that the nudge's rule names, today, once per nudge.

        Raises AlreadyDone, NothingToLog, NudgeGone or NotYourCard.
        """

        def work(tx: Tx) -> Logged:
            seat, nudge = _weekly_of(tx, caller, key, now)
            rule = self._rules.get(nudge.rule or "")
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
        if local_day(now, seat.cohort.zone) > seat.cohort.ends_on:
            raise NudgesAlreadyOver
        wish = Wish(
            old.wish.day if change.day is None else change.day,
            old.wish.hour if change.hour is None else change.hour,
            change.zone or old.wish.zone,
        )
        on = old.nudges_on if change.on is None else change.on
        pause_until = old.pause_until
        if change.pause_weeks is not None:
            today = local_day(now, wish.zone)
            pause_until = today + timedelta(weeks=change.pause_weeks) if change.pause_weeks else None
        term, limit = seat.cohort.term, self._jitter_limit
        # What fell due under the old settings is owed by them; only then do the new ones count.
        owe_what_fell_due(tx, [(old, term)], now, limit)
        last_week = nudges.last_weeks(tx, seat.cohort.id, old.user_id).get(old.user_id)
        members.set_nudges(tx, old.id, wish, on=on, pause_until=pause_until)
        changed = replace(old, wish=wish, nudges_on=on, pause_until=pause_until)
        due = planned(changed, term, after=now, last_week=last_week, jitter_limit=limit)
        members.set_next_nudge(tx, old.id, due)
        return _settings(tx, Seat(seat.cohort, replace(changed, next_nudge=due)), now)


def _settings(tx: Tx, seat: Seat, now: datetime) -> NudgeSettings:
    closed = members.account(tx, seat.enrolment.user_id).dm_closed_at is not None
    return NudgeSettings(seat.cohort, seat.enrolment, local_day(now, seat.enrolment.wish.zone), closed)


def _next_days(seat: Seat, now: datetime) -> tuple[date, ...]:
    today = local_day(now, seat.enrolment.wish.zone)
    return tuple(today + timedelta(days=ahead) for ahead in range(1, REMINDER_DAYS + 1))


def _weekly_of(tx: Tx, caller: Caller, key: NudgeKey, now: datetime) -> tuple[Seat, Nudge]:
    """Return the seat and the weekly nudge of a button: a reminder's buttons act on the week it reminds of."""
    seat, nudge = nudge_seat(tx, caller, key, now)
    if key.kind is NudgeKind.REMINDER:
        nudge = nudges.get(tx, replace(key, kind=NudgeKind.WEEKLY)) or nudge
    return seat, nudge
