"""What the buttons under a nudge do, beside those that change the settings."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.coaching.cohort import Membership
from bot.coaching.errors import (
    AlreadyDone,
    AlreadyReminded,
    DayGone,
    NoDayLeft,
    NoGoal,
    NothingToLog,
    OpportunityMoved,
    UnknownContact,
    UnknownOpportunity,
)
from bot.coaching.footprint import Answer
from bot.coaching.goals import Goal, Obstacle, ObstacleWords, in_focus
from bot.coaching.ids import AlertId, ContactId, OpportunityId, WeekId
from bot.coaching.log import ActionDraft
from bot.coaching.network import Contact, Starter
from bot.coaching.next_action import WHEN, Occasion, Rule, speaker
from bot.coaching.nudges import REMINDER_DAYS, NudgeKey, NudgeKind
from bot.coaching.opportunities import Move, Opportunity, transition
from bot.coaching.weeks import moment
from bot.services.footprint import FootprintService, ItemView
from bot.services.log import Logged, LogService
from bot.services.membership import for_member, for_recipient
from bot.services.opportunities import keep_move
from prompts import Content
from storage import course_plan, goals, log, members, network, nudges
from storage import opportunities as openings
from storage.database import Database, Tx
from storage.nudges import About, Nudge

T = TypeVar("T")
OWN_GOAL = "goal"
"""What a rule says when *Done* logs the goal's own first kind."""


@dataclass(frozen=True, slots=True)
class Smaller:
    """A version of a nudge's step that takes about five minutes.

    Attributes:
        own: It is the goal's.
        logs: *Done* has something to log for it.
    """

    key: NudgeKey
    text: str
    own: bool
    logs: bool


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What got in the way, in the content's words, and the goal whose plan may answer it."""

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


class NoteButtons:
    """What the buttons under a nudge do. All of them raise NudgeGone or NotYourCard."""

    def __init__(self, database: Database, content: Content, log: LogService, footprint: FootprintService) -> None:
        self.database = database
        self._content = content
        self._log = log
        self._footprint = footprint

    @for_recipient
    def done(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> Logged:
        """Log the kind that the nudge's rule names, once per nudge, and move the opportunity it is about.

        Raises AlreadyDone, NothingToLog, or OpportunityMoved when its own card has moved it already.
        """
        teller = self._speaker(nudge)
        if teller is None or not teller.done:
            raise NothingToLog
        if log.logged_for(tx, nudge.id):
            raise AlreadyDone
        contact = self._contact(tx, member, nudge)
        self._move_on(tx, member, nudge, now)
        kind = None if teller.done[0] == OWN_GOAL else teller.done[0]
        return self._log.add(tx, member, ActionDraft(kind, contact=contact and contact.id), now, nudge.id)

    @for_recipient
    def smaller(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> Smaller:
        """Return the version of a nudge's step that takes about five minutes; raises NothingToLog without one."""
        teller = self._speaker(nudge)
        if teller is None:
            raise NothingToLog
        goal = in_focus(goals.running(tx, member.id))
        wants_own = isinstance(teller, Rule) and (teller.tiny or OWN_GOAL in teller.done)
        own = goal.tiny if goal is not None and wants_own else None
        text = own or teller.smaller
        if text is None:
            raise NothingToLog
        # A small step toward a goal counts for it; anything else would not yet be what *Done* logs.
        return Smaller(nudge.key, text, own is not None, teller.done[:1] == (OWN_GOAL,))

    @for_recipient
    def hindrance(self, tx: Tx, member: Membership, nudge: Nudge, obstacle: Obstacle, now: datetime) -> Hindrance:
        """Return an answer to an obstacle."""
        goal = in_focus(goals.running(tx, member.id))
        return Hindrance(nudge.key, obstacle, self._content.vocabulary.obstacles[obstacle], goal)

    @for_member
    def answer_hindrance(self, tx: Tx, member: Membership, obstacle: Obstacle, now: datetime) -> Goal:
        """Make the answer to an obstacle the second plan of the caller's goal; raises NoGoal."""
        words = self._content.vocabulary.obstacles[obstacle]
        goal = in_focus(goals.running(tx, member.id))
        if goal is None:
            raise NoGoal
        goals.set_obstacle(tx, goal.id, obstacle, words.plan)
        members.set_active(tx, member.id, now)
        return replace(goal, obstacle=obstacle, obstacle_plan=words.plan)

    @for_recipient
    def first_words(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> FirstWords:
        """Return the message to begin a nudge's step with; raises NothingToLog when it has none."""
        teller = self._speaker(nudge)
        if teller is None or teller.starter is None:
            raise NothingToLog
        contact = self._contact(tx, member, nudge)
        return FirstWords(self._content.network.starters[teller.starter], contact and contact.nickname)

    @for_recipient
    def rest_contact(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> str:
        """Let the person a nudge is about rest, and return their nickname; raises UnknownContact."""
        contact = self._contact(tx, member, nudge)
        if contact is None:
            raise UnknownContact
        network.set_rested(tx, contact.id, rested=True)
        return contact.nickname

    @for_recipient
    def let_go(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> Opportunity:
        """Drop the opportunity a nudge is about, if it is still open; raises UnknownOpportunity."""
        opening = _opening(tx, member, nudge)
        if opening is None:
            raise UnknownOpportunity
        if (follows := transition(opening, Move.DROP)) is not None:
            keep_move(tx, opening, Move.DROP, follows, member.today(now))
            members.set_active(tx, member.id, now)
        return opening

    @for_recipient
    def answer_alert(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime, *, keep: bool) -> None:
        """Keep or remove the alert a nudge asks about, if it still exists; raises NothingToLog without one."""
        number = _numbered(nudge, "alert")
        if number is None:
            raise NothingToLog
        if keep:
            network.keep_alert(tx, member.id, AlertId(number), member.today(now))
        else:
            network.remove_alert(tx, member.id, AlertId(number))
        members.set_active(tx, member.id, now)

    @for_recipient
    def item(self, tx: Tx, member: Membership, nudge: Nudge, answer: Answer | None, now: datetime) -> ItemView:
        """Answer the checklist item a nudge is about, if `answer` is given, and return it; raises NothingToLog."""
        if nudge.subject is None or ":" in nudge.subject:
            raise NothingToLog
        return self._footprint.give(tx, member, nudge.subject, answer, now)

    @for_recipient
    def days(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> tuple[date, ...]:
        """Return the days that *Another day* offers; raises NoDayLeft in a break, or on a course step's last day."""
        return _next_days(tx, member, nudge, now)

    @for_recipient
    def remind(self, tx: Tx, member: Membership, nudge: Nudge, day: date, now: datetime) -> Reminder:
        """Owe one reminder of this nudge's week on `day`, at the member's hour; picking again moves it.

        Raises DayGone, NoDayLeft, AlreadyDone or AlreadyReminded.
        """
        if day not in _next_days(tx, member, nudge, now):
            raise DayGone
        if log.logged_for(tx, nudge.id):
            raise AlreadyDone
        at = moment(day, member.enrolment.wish.hour, member.enrolment.wish.zone)
        about = About(nudge.rule, nudge.occasion, nudge.subject)
        if not nudges.move_reminder(tx, replace(nudge.key, kind=NudgeKind.REMINDER), at, about):
            raise AlreadyReminded
        return Reminder(at, member.enrolment.wish.zone)

    def _speaker(self, nudge: Nudge) -> Rule | Occasion | None:
        occasion = self._content.occasions.get(nudge.occasion or "")
        return speaker(self._content.rules.get(nudge.rule or ""), occasion)

    def _contact(self, tx: Tx, member: Membership, nudge: Nudge) -> Contact | None:
        """Return the person a nudge is about, if they are still in the member's network."""
        number = _numbered(nudge, "person")
        if number is None:
            return None
        return network.contact(tx, member.id, ContactId(number), self._content.vocabulary)

    def _move_on(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> None:
        """Move the opportunity a nudge is about, as *Done* means it; raises OpportunityMoved."""
        opening, teller = _opening(tx, member, nudge), self._speaker(nudge)
        about = None if teller is None else WHEN[teller.id].about
        if opening is None or about is None or about.done is None:
            return
        follows = transition(opening, about.done)
        if follows is None:  # its own card has moved it meanwhile
            raise OpportunityMoved
        keep_move(tx, opening, about.done, follows, member.today(now))


def _numbered(nudge: Nudge, kind: str) -> int | None:
    """Return the id in a nudge's subject, if the subject is of this kind."""
    subject, _, number = (nudge.subject or "").partition(":")
    return int(number) if subject == kind else None


def _opening(tx: Tx, member: Membership, nudge: Nudge) -> Opportunity | None:
    """Return the opportunity a nudge is about, if it still exists."""
    number = _numbered(nudge, "opening")
    return None if number is None else openings.get(tx, member.id, OpportunityId(number))


def _next_days(tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> tuple[date, ...]:
    """Return the next six days, less those without notes or after a course step is due; raises NoDayLeft."""
    today, last = member.today(now), date.max
    number = _numbered(nudge, "week")
    if number is not None and (week := course_plan.get(tx, member.cohort.id, WeekId(number))) is not None:
        last = week.due_on
    ahead = [today + timedelta(days=days) for days in range(1, REMINDER_DAYS + 1)]
    days = tuple(day for day in ahead if day <= last and member.cohort.term.has(day))
    if not days:
        raise NoDayLeft
    return days
