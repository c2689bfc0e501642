"""The member's side of the nudges: settings, history, and the buttons under each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Caller, Cohort, Enrolment, Notice, Seat
from bot.coaching.errors import (
    AlreadyDone,
    AlreadyReminded,
    BadNumber,
    DayGone,
    NoDayLeft,
    NoGoal,
    NothingToLog,
    NudgeGone,
    NudgesAlreadyOver,
    OldCard,
    OpportunityMoved,
    UnknownContact,
    UnknownOpportunity,
)
from bot.coaching.focus import Focus
from bot.coaching.footprint import Answer
from bot.coaching.goals import Goal, Obstacle, ObstacleWords, in_focus
from bot.coaching.ids import AlertId, ContactId, OpportunityId
from bot.coaching.log import ActionDraft
from bot.coaching.momentum import Pause
from bot.coaching.network import Starter
from bot.coaching.next_action import Occasion, Rule
from bot.coaching.nudges import REMINDER_DAYS, Button, NudgeKey, NudgeKind, NudgeState, Recipient
from bot.coaching.opportunities import Move, Opportunity, turn
from bot.coaching.weeks import QUIETS, Quiet, Wish, checked_hour, local_day, moment, monday_of
from bot.coaching.zones import checked_zone
from bot.services.footprint import FootprintService, ItemView
from bot.services.log import Logged, LogService
from bot.services.opportunities import keep_move
from bot.services.planning import Planning
from bot.services.seats import member_seat, nudge_seat, reading_seats
from bot.services.steps import reason
from bot.services.texts import retold
from prompts import Content
from storage import focus as focuses
from storage import goals, log, members, network, nudges, pauses
from storage import opportunities as openings
from storage.database import Database, Tx
from storage.nudges import About, Nudge

HISTORY_ROWS = 12
PERSON, OPENING, ALERT = "person", "opening", "alert"
"""What the subject of a nudge begins with when it is not a checklist item."""
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
    """Why a nudge said what it said: the rule's id, the reason, and the facts that were looked at, by name.

    `occasion` and `occasion_because`: what took the place of the rule's text, None when nothing did; `because` is ""
    then, if the rule's own step was not told.
    """

    rule: str
    because: str | None
    facts: Mapping[str, object]
    occasion: str | None = None
    occasion_because: str | None = None


@dataclass(frozen=True, slots=True)
class Smaller:
    """A version of a nudge's step that takes about five minutes; `logs`: *Done* has something to log for it."""

    key: NudgeKey
    text: str
    own: bool
    logs: bool


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What got in the way, in the content's words, and the goal whose plan may answer it; None without a goal."""

    key: NudgeKey
    obstacle: Obstacle
    words: ObstacleWords
    goal: Goal | None


@dataclass(frozen=True, slots=True)
class FirstWords:
    """A message to begin with, and whom it is for if the nudge is about somebody."""

    starter: Starter
    nickname: str | None


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
            words = retold(tx, seat, nudges.imagined(key, at), self._content, now)
            return Preview(due.at if due else None, seat.enrolment, words.text)

        return await self._database.transact(work)

    async def inbox(self, caller: Caller, now: datetime) -> list[Note]:
        """Return the nudges of the last four weeks that could not be delivered, newest first, three at most.

        Before them the parcels of courses that have closed, whatever became of their messages.
        """

        def work(tx: Tx) -> list[Note]:
            seats = reading_seats(tx, caller, now)
            caller.told(Notice.DMS_CLOSED)
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
            seat, nudge = _weekly_of(tx, caller, key, now)
            facts: dict[str, object] = json.loads(nudge.facts) if nudge.facts else {}
            rule = self._content.rules.get(nudge.rule or "")
            if rule is None:
                return Why("", None, facts)
            focus = focuses.get(tx, seat.enrolment.id)
            return why_of(rule, self._content.occasions.get(nudge.occasion or ""), focus, facts)

        return await self._database.transact(work)

    def _note(self, tx: Tx, seat: Seat, nudge: Nudge, now: datetime) -> Note:
        words = retold(tx, seat, nudge, self._content, now)
        about = words.about
        if (about.rule, about.occasion, about.subject) != (nudge.rule, nudge.occasion, nudge.subject):
            nudges.set_about(tx, nudge.id, about)  # what its buttons act on is what is shown now
        # Of a course that has closed only the parcel can be opened.
        works = seat.cohort.closed_at is None or nudge.key.kind is NudgeKind.PARCEL
        return Note(nudge, words.text, words.buttons if works else (), seat.enrolment.wish.zone)

    async def done(self, caller: Caller, key: NudgeKey, now: datetime) -> Logged:
        """Log the kind that the nudge's rule names, today, once per nudge.

        Raises AlreadyDone, NothingToLog, NudgeGone or NotYourCard.
        """

        def work(tx: Tx) -> Logged:
            seat, nudge = _weekly_of(tx, caller, key, now)
            speaker = self._speaker(nudge)
            if speaker is None or not speaker.done:
                raise NothingToLog
            if log.logged_for(tx, nudge.id):
                raise AlreadyDone
            kind = None if speaker.done[0] == GOAL_KIND else speaker.done[0]
            draft = ActionDraft(kind, contact=_contact(tx, seat, nudge))
            _settle_opening(tx, seat, nudge, speaker.id, now)
            logged = self._log.add(tx, seat, draft, now, nudge.id)
            others = [self._content.vocabulary.kind(other) for other in speaker.done[1:]]
            return replace(logged, others=tuple(others)) if others else logged

        return await self._database.transact(work)

    async def smaller(self, caller: Caller, key: NudgeKey, now: datetime) -> Smaller:
        """Return the version of a nudge's step that takes about five minutes; raises NothingToLog without one."""

        def work(tx: Tx) -> Smaller:
            seat, nudge = _weekly_of(tx, caller, key, now)
            speaker = self._speaker(nudge)
            if speaker is None:
                raise NothingToLog
            goal = in_focus(goals.running(tx, seat.enrolment.id))
            wants_own = isinstance(speaker, Rule) and (speaker.tiny or GOAL_KIND in speaker.done)
            own = goal.tiny if goal is not None and wants_own else None
            text = own or speaker.smaller
            if text is None:
                raise NothingToLog
            # A small step toward a goal counts for it; of anything else it is not yet what *Done* would log.
            return Smaller(nudge.key, text, own is not None, speaker.done[:1] == (GOAL_KIND,))

        return await self._database.transact(work)

    async def hindrance(self, caller: Caller, key: NudgeKey, obstacle: Obstacle, now: datetime) -> Hindrance:
        """Return what answers an obstacle; raises NudgeGone or NotYourCard."""

        def work(tx: Tx) -> Hindrance:
            seat, nudge = _weekly_of(tx, caller, key, now)
            goal = in_focus(goals.running(tx, seat.enrolment.id))
            return Hindrance(nudge.key, obstacle, self._content.vocabulary.obstacles[obstacle], goal)

        return await self._database.transact(work)

    async def answer_hindrance(self, caller: Caller, obstacle: Obstacle, now: datetime) -> Goal:
        """Make what answers an obstacle the second plan of the caller's goal; raises NoGoal."""
        words = self._content.vocabulary.obstacles[obstacle]

        def work(tx: Tx) -> Goal:
            seat = member_seat(tx, caller, now)
            goal = in_focus(goals.running(tx, seat.enrolment.id))
            if goal is None:
                raise NoGoal
            goals.set_obstacle(tx, goal.id, obstacle, words.plan)
            members.set_active(tx, seat.enrolment.id, now)
            return replace(goal, obstacle=obstacle, obstacle_plan=words.plan)

        return await self._database.transact(work)

    async def first_words(self, caller: Caller, key: NudgeKey, now: datetime) -> FirstWords:
        """Return the message to begin a nudge's step with; raises NothingToLog when it has none."""

        def work(tx: Tx) -> FirstWords:
            seat, nudge = _weekly_of(tx, caller, key, now)
            speaker = self._speaker(nudge)
            if speaker is None or speaker.starter is None:
                raise NothingToLog
            wanted = _contact(tx, seat, nudge)
            people = network.contacts(tx, seat.enrolment.id, self._content.vocabulary) if wanted else []
            nickname = next((one.nickname for one in people if one.id == wanted), None)
            return FirstWords(self._content.network.starters[speaker.starter], nickname)

        return await self._database.transact(work)

    async def rest_contact(self, caller: Caller, key: NudgeKey, now: datetime) -> str:
        """Let the person a nudge is about rest, and return their nickname; raises UnknownContact when they are gone."""

        def work(tx: Tx) -> str:
            seat, nudge = _weekly_of(tx, caller, key, now)
            contact = _contact(tx, seat, nudge)
            if contact is None:
                raise UnknownContact
            network.set_rested(tx, contact, rested=True)
            people = network.contacts(tx, seat.enrolment.id, self._content.vocabulary)
            return next(one.nickname for one in people if one.id == contact)

        return await self._database.transact(work)

    async def let_go(self, caller: Caller, key: NudgeKey, now: datetime) -> Opportunity:
        """Drop the opportunity a nudge is about, if it is still open; raises UnknownOpportunity when it is gone."""

        def work(tx: Tx) -> Opportunity:
            seat, nudge = _weekly_of(tx, caller, key, now)
            opening = _opening(tx, seat, nudge)
            if opening is None:
                raise UnknownOpportunity
            if (follows := turn(opening, Move.DROP)) is not None:
                keep_move(tx, opening, Move.DROP, follows, local_day(now, seat.enrolment.wish.zone))
                members.set_active(tx, seat.enrolment.id, now)
            return opening

        return await self._database.transact(work)

    async def answer_alert(self, caller: Caller, key: NudgeKey, now: datetime, *, keep: bool) -> None:
        """Keep the alert a nudge asks about, or take it out; harmless when it is gone."""

        def work(tx: Tx) -> None:
            seat, nudge = _weekly_of(tx, caller, key, now)
            kind, _, number = (nudge.subject or "").partition(":")
            if kind != ALERT:
                raise NothingToLog
            if keep:
                network.keep_alert(
                    tx, seat.enrolment.id, AlertId(int(number)), local_day(now, seat.enrolment.wish.zone)
                )
            else:
                network.remove_alert(tx, seat.enrolment.id, AlertId(int(number)))
            members.set_active(tx, seat.enrolment.id, now)

        await self._database.transact(work)

    def _speaker(self, nudge: Nudge) -> Rule | Occasion | None:
        """Return whose step a nudge speaks of: the occasion's if it has one of its own, else the rule's."""
        occasion = self._content.occasions.get(nudge.occasion or "")
        if occasion is not None and not occasion.tells_rule:
            return occasion
        return self._content.rules.get(nudge.rule or "")

    async def item(self, caller: Caller, key: NudgeKey, answer: Answer | None, now: datetime) -> ItemView:
        """Return the checklist item a nudge is about, having kept `answer` to it if one is given.

        Raises NothingToLog when the nudge is not about an item, NudgeGone or NotYourCard.
        """

        def work(tx: Tx) -> ItemView:
            seat, nudge = _weekly_of(tx, caller, key, now)
            if nudge.subject is None or ":" in nudge.subject:
                raise NothingToLog
            return self._footprint.give(tx, seat, nudge.subject, answer, now)

        return await self._database.transact(work)

    async def days(self, caller: Caller, key: NudgeKey, now: datetime) -> tuple[date, ...]:
        """Return the days of the next six that *Another day* offers; raises NoDayLeft in a break."""

        def work(tx: Tx) -> tuple[date, ...]:
            seat, _ = nudge_seat(tx, caller, key, now)
            return _next_days(seat, now)

        return await self._database.transact(work)

    async def remind(self, caller: Caller, key: NudgeKey, day: date, now: datetime) -> Reminder:
        """Owe one reminder of this nudge's week on `day`, at the hour the member likes; picking again moves it.

        Raises DayGone, NoDayLeft, AlreadyDone, AlreadyReminded, NudgeGone or NotYourCard.
        """

        def work(tx: Tx) -> Reminder:
            seat, nudge = _weekly_of(tx, caller, key, now)
            if day not in _next_days(seat, now):
                raise DayGone
            if log.logged_for(tx, nudge.id):
                raise AlreadyDone
            at = moment(day, seat.enrolment.wish.hour, seat.enrolment.wish.zone)
            about = About(nudge.rule, nudge.occasion, nudge.subject)
            if not nudges.move_reminder(tx, replace(nudge.key, kind=NudgeKind.REMINDER), at, about):
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


def _next_days(seat: Seat, now: datetime) -> tuple[date, ...]:
    """Return the next six days, less those on which the course has no notes; raises NoDayLeft when none is left."""
    today = local_day(now, seat.enrolment.wish.zone)
    ahead = [today + timedelta(days=days) for days in range(1, REMINDER_DAYS + 1)]
    days = tuple(day for day in ahead if seat.cohort.term.has(day))
    if not days:
        raise NoDayLeft
    return days


def _to(seat: Seat) -> Recipient:
    return Recipient(seat.cohort.id, seat.enrolment.user_id)


def _waits(row: Nudge, now: datetime) -> bool:
    """Return whether a row waits in the inbox."""
    noted = row.key.kind not in {NudgeKind.PARCEL, NudgeKind.DIGEST}
    return noted and row.state is NudgeState.HELD and row.due_at > now - INBOX_DAYS


def _newest_parcel(rows: Sequence[Nudge]) -> list[Nudge]:
    return [row for row in rows if row.key.kind is NudgeKind.PARCEL][:1]


def _weekly_of(tx: Tx, caller: Caller, key: NudgeKey, now: datetime) -> tuple[Seat, Nudge]:
    """Return the seat and the weekly nudge of a button: a reminder's buttons act on the week it reminds of."""
    seat, nudge = nudge_seat(tx, caller, key, now)
    if key.kind is NudgeKind.REMINDER:
        weekly = nudges.get(tx, replace(key, kind=NudgeKind.WEEKLY)) or nudge
        # What the reminder spoke of, if that is another thing by now: its buttons are about what it said.
        if nudge.rule is not None:
            weekly = replace(weekly, rule=nudge.rule, occasion=nudge.occasion, subject=nudge.subject)
        nudge = weekly
    return seat, nudge


def why_of(rule: Rule, occasion: Occasion | None, focus: Focus | None, facts: Mapping[str, object]) -> Why:
    """Return why a step was chosen, in words that fit what a connection means to the member now."""
    because = reason(rule, focus.connection if focus else None)
    if occasion is None:
        return Why(rule.id, because, facts)
    return Why(rule.id, because if occasion.tells_rule else "", facts, occasion.id, occasion.because)


def _contact(tx: Tx, seat: Seat, nudge: Nudge) -> ContactId | None:
    """Return the person a nudge is about, if they are still in the member's network."""
    kind, _, number = (nudge.subject or "").partition(":")
    contact = ContactId(int(number)) if kind == PERSON else None
    return contact if contact is not None and network.has_contact(tx, seat.enrolment.id, contact) else None


def _opening(tx: Tx, seat: Seat, nudge: Nudge) -> Opportunity | None:
    """Return the opportunity a nudge is about, if it is still kept."""
    kind, _, number = (nudge.subject or "").partition(":")
    return openings.get(tx, seat.enrolment.id, OpportunityId(int(number))) if kind == OPENING else None


_MOVES = {"A01": Move.SENT, "A09": Move.FOLLOWED_UP}
"""What *Done* does to an opportunity, by who speaks of it; anything else thanks those who helped."""


def _settle_opening(tx: Tx, seat: Seat, nudge: Nudge, speaker: str, now: datetime) -> None:
    """Move the opportunity a nudge is about to where *Done* has brought it; raises OpportunityMoved if it cannot."""
    opening = _opening(tx, seat, nudge)
    if opening is None:
        return
    move = _MOVES.get(speaker, Move.THANKED)
    follows = turn(opening, move)
    if follows is None:  # its own card has moved it meanwhile
        raise OpportunityMoved
    keep_move(tx, opening, move, follows, local_day(now, seat.enrolment.wish.zone))
