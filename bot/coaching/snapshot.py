"""One member at one moment: what they have, what a step can be about, and the facts that the rules look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from bot.coaching import footprint, network, opportunities
from bot.coaching.cohort import Membership
from bot.coaching.course_plan import MemberStep, last_chances
from bot.coaching.focus import Focus, Season, keeps_low, track_of
from bot.coaching.footprint import Answers, Checklist, Item
from bot.coaching.goals import Goal, Vocabulary, in_focus
from bot.coaching.ids import GoalId
from bot.coaching.log import Directions, KindCount, counted, directions, listening_weeks, over_box, times
from bot.coaching.momentum import Momentum, Pause, TermWeek, momentum, term_weeks
from bot.coaching.network import Alert, Category, Contact, KindWords, Space, Stage, StageWords
from bot.coaching.nudges import LONGEST_COOLDOWN, Delivered, Family, Lateness, SentTexts, lateness
from bot.coaching.opportunities import Move, Opportunity, OpportunityState
from bot.coaching.weeks import local_day, moment, monday_of, next_nudge

WEEK = timedelta(days=7)
Subject: TypeAlias = Item | Contact | Opportunity | Alert | Space | Category | MemberStep
SubjectT = TypeVar("SubjectT", bound="Subject")
NAMED_AGAIN_AFTER = 3
"""The same person is named in every third note at most."""
_NOT_MET = frozenset({Stage.SPOTTED, Stage.NOTICED, Stage.CONVERSED})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may look at. Counts are of the member's own log; "did" covers the seven days before the nudge.

    None is a fact that is missing. Days are days since then, except `deadline_days`: until then. `goal_paused`:
    there is a goal, and it rests. `idle_weeks`: full weeks without doing anything, breaks and pauses left out.
    `goal_did`: what counted since the goal began. `bio_days`: since a bio was last checked, if the focus has
    changed after that. `lapsed_days`: since the last day of something that was not sent. `searching`: openings are
    what they are here for. `review_asked`: a note has asked for the review of the goal. `goal_ends`: its weeks end
    after the course's last note. `goal_new`: no note has come since the goal was set. `obstacle_due`: its weeks are
    half over, and its plan for the obstacle was not asked about again. `spaces`, `open_kinds`: places of their
    field, and kinds of people without anybody. `to_greet`, `to_invite`, `to_give`: people whom a first word, an
    invitation or something useful would suit. `steps_due`: steps of the course plan that no later note can tell before
    they are due. `recent_rules` and `recent_occasions`: those of the last nudges that
    were delivered, newest first; a rule whose step was not told, because an occasion spoke of its own, is "".
    `recent_family`: of the last note with a step.
    """

    term_week: int
    first_note: bool = False
    away_weeks: int = 0
    has_focus: bool = False
    low_profile: bool = False
    new_accounts: bool = False
    has_goal: bool = False
    goal_paused: bool = False
    goal_over: bool = False
    review_asked: bool = False
    goal_new: bool = False
    obstacle_due: bool = False
    every_weeks: int = 1
    goal_ends: bool = False
    goal_type: str | None = None
    goal_did: int = 0
    goal_wanted: int = 0
    target: int = 0
    did: int = 0
    idle_weeks: int = 0
    active_weeks: int = 0
    momentum_weeks: int = 0
    over_box_weeks: int = 0
    quick_open: int = 0
    rechecks_due: int = 0
    outward_4w: int = 0
    at_4w: int = 0
    ask_4w: int = 0
    give_4w: int = 0
    listen_only_weeks: int = 0
    contacts: int = 0
    categories: int = 0
    conversed: int = 0
    met: int = 0
    stage_weeks: int | None = None
    cold: int = 0
    unthanked_days: int | None = None
    advice_days: int | None = None
    unanswered_days: int | None = None
    alert_days: int | None = None
    bio_days: int | None = None
    deadline_days: int | None = None
    sent_days: int | None = None
    lapsed_days: int | None = None
    to_prepare: int = 0
    openings: int = 0
    searching: bool = False
    spaces: int = 0
    open_kinds: int = 0
    to_greet: int = 0
    to_invite: int = 0
    to_give: int = 0
    won: bool = False
    lost: bool = False
    pause_over: bool = False
    exams_ahead: bool = False
    unanswered_notes: int = 0
    steps_due: int = 0
    recent_rules: tuple[str, ...] = ()
    recent_occasions: tuple[str | None, ...] = ()
    recent_family: Family | None = None

    def by_name(self) -> dict[str, object]:
        """Return the facts for *Why this?*, without which nudges came before."""
        return {name: value for name, value in asdict(self).items() if not name.startswith("recent_")}


@dataclass(frozen=True)
class MemberSnapshot:
    """One member at one moment.

    Attributes:
        today: the day on the member's calendar.
        goals: all that have not ended.
        checklist: as this member sees it.
        log: how often each kind was logged in each of the last four weeks.
        since_goal: how often each kind was logged since a goal began.
        active_days: when they logged or answered something, as far back as momentum looks.
        notes: the weekly nudges of the term that they could read, the newest first.
        vocabulary, stages, kinds: the words of the course.
        note_due: when the nudge that it is for falls due; None: for no nudge.
        steps: the steps of the course plan, without weeks that are switched off.
    """

    seat: Membership
    now: datetime
    today: date
    focus: Focus | None
    goals: Sequence[Goal]
    checklist: Checklist
    answers: Answers
    log: Sequence[KindCount]
    since_goal: Mapping[GoalId, Mapping[str, int]]
    active_days: Sequence[date]
    pauses: Sequence[Pause]
    contacts: Sequence[Contact]
    openings: Sequence[Opportunity]
    alerts: Sequence[Alert]
    notes: Sequence[Delivered]
    bio_checked: date | None
    vocabulary: Vocabulary
    stages: Mapping[Stage, StageWords]
    kinds: Mapping[Category, KindWords] = field(default_factory=dict[Category, KindWords])
    spaces: Sequence[Space] = ()
    note_due: datetime | None = None
    steps: Sequence[MemberStep] = ()

    @cached_property
    def delivered(self) -> Sequence[Delivered]:
        """The weekly nudges that arrived, the newest first."""
        return [one for one in self.notes if not one.held]

    @property
    def _own_notes(self) -> Sequence[Delivered]:
        """The weekly nudges that told a step of the coaching's own: no cool-down passes while the course speaks."""
        return [one for one in self.delivered if not (one.subject or "").startswith("week:")]

    @cached_property
    def sent_texts(self) -> SentTexts:
        """When each text was last sent about each subject."""
        return {(one.text, one.subject): one.at for one in reversed(self.notes) if one.text}

    @cached_property
    def people(self) -> Sequence[Contact]:
        """The people whom a note may name: nobody at rest, and nobody whom one of the last two notes named."""
        lately = {one.subject for one in self.delivered[: NAMED_AGAIN_AFTER - 1]}
        return [one for one in self.contacts if not network.resting(one, self.today) and reference(one) not in lately]

    @property
    def open_kinds(self) -> Sequence[Category]:
        """The kinds of people without anybody."""
        return [one for one in Category if one not in network.filled(self.contacts)]

    def by_turns(self, subjects: Sequence[SubjectT]) -> Sequence[SubjectT]:
        """Put subjects in order: those that no note was about first, then by when one last was."""
        last = {one.subject: one.at for one in reversed(self.notes)}
        return sorted(subjects, key=lambda one: last[reference(one)].timestamp() if reference(one) in last else 0)

    @property
    def goal(self) -> Goal | None:
        """The goal that nudges and counts speak of."""
        return in_focus(self.goals)

    @property
    def entries(self) -> int:
        """How much was logged in the last seven days."""
        return sum(times(self.log, 1).values())

    @property
    def did(self) -> int:
        """How much of that counts toward the goal."""
        return counted(times(self.log, self.goal.every_weeks if self.goal else 1), self.goal, self.vocabulary)

    @property
    def turned(self) -> Directions:
        """Whom four weeks of the log were turned to."""
        return directions(times(self.log), self.vocabulary)

    @cached_property
    def momentum(self) -> Momentum:
        """The active weeks of the last eight that count."""
        return momentum(self.active_days, self._joined, self.today, self.seat.cohort.term, self.pauses)

    @property
    def weeks(self) -> tuple[TermWeek, ...]:
        """What each week of the term was."""
        return term_weeks(self.active_days, self._joined, self.today, self.seat.cohort.term, self.pauses)

    def _first_days(self, topic: "Topic") -> int | None:
        """Return how many days it is since or until the day that counts for the first that a step could be about."""
        first = next(iter(topic.candidates(self)), None)
        day = None if first is None else topic.day(self, first)
        return None if day is None else abs((self.today - day).days)

    @cached_property
    def facts(self) -> Facts:
        """What the rules look at."""
        goal, today, turned = self.goal, self.today, self.turned
        awake = [one.relation for one in self.contacts if not network.resting(one, today)]
        talks = [one.moved_on for one in awake if one.stage is Stage.CONVERSED]
        return Facts(
            term_week=self.seat.cohort.week_number(today),
            first_note=not self.delivered,
            away_weeks=self._away_weeks(),
            has_focus=self.focus is not None,
            low_profile=keeps_low(self.focus),
            new_accounts=self.focus is not None and self.focus.new_accounts,
            has_goal=goal is not None,
            goal_paused=goal is None and bool(self.goals),
            goal_over=goal is not None and goal.over(today),
            review_asked=goal is not None and self._review_asked(goal),
            goal_new=goal is not None and self._goal_new(goal),
            obstacle_due=goal is not None and self._obstacle_due(goal),
            every_weeks=goal.every_weeks if goal else 1,
            goal_ends=goal is not None and not goal.over(today) and self._last_note(),
            goal_type=goal and goal.type,
            goal_did=counted(self.since_goal.get(goal.id, {}), goal, self.vocabulary) if goal else 0,
            goal_wanted=goal.wanted if goal else 0,
            target=goal.target if goal else 0,
            did=self.did,
            idle_weeks=self._taught_weeks_since(self.seat.enrolment.active_at) // WEEK,
            active_weeks=self.momentum.active,
            momentum_weeks=self.momentum.weeks,
            over_box_weeks=over_box(self.log, goal and goal.box_minutes),
            quick_open=footprint.quick_open(self.checklist, self.answers),
            rechecks_due=len(RECHECKS.candidates(self)),
            outward_4w=turned.outward,
            at_4w=turned.at,
            ask_4w=turned.ask,
            give_4w=turned.give,
            listen_only_weeks=listening_weeks(self.log, self.vocabulary),
            contacts=len(self.contacts),
            categories=len(network.filled(self.contacts)),
            conversed=len(talks),
            met=sum(one.stage not in _NOT_MET for one in awake),
            stage_weeks=(today - max(talks)).days // 7 if talks else None,
            cold=len(COLD.candidates(self)),
            unthanked_days=self._first_days(TO_THANK),
            advice_days=self._first_days(TO_REPORT_BACK),
            unanswered_days=self._first_days(UNANSWERED),
            alert_days=self._first_days(TO_ASK),
            bio_days=self._bio_days(),
            deadline_days=self._first_days(DUE_SOON),
            sent_days=self._first_days(TO_FOLLOW_UP),
            lapsed_days=self._first_days(LAPSED),
            to_prepare=len(TO_PREPARE.candidates(self)),
            openings=sum(one.state in opportunities.OPEN for one in self.openings),
            searching=(goal is not None and goal.type == "opportunity")
            or (self.focus is not None and self.focus.season is Season.SEARCHING),
            spaces=len(self.spaces),
            open_kinds=len(self.open_kinds),
            to_greet=len(TO_GREET.candidates(self)),
            to_invite=len(TO_INVITE.candidates(self)),
            to_give=len(TO_GIVE.candidates(self)),
            won=bool(WON.candidates(self)),
            lost=bool(LOST.candidates(self)),
            pause_over=self._pause_over(),
            exams_ahead=self.exams_over_on is not None,
            unanswered_notes=self._unanswered_notes(),
            steps_due=len(self.last_chances),
            recent_rules=tuple(one.rule for one in self._own_notes[:LONGEST_COOLDOWN]),
            recent_occasions=tuple(one.occasion for one in self._own_notes[:LONGEST_COOLDOWN]),
            recent_family=next((one.family for one in self.delivered if one.family), None),
        )

    @property
    def _zone(self) -> str:
        return self.seat.enrolment.wish.zone

    @property
    def _joined(self) -> date:
        return local_day(self.seat.enrolment.joined_at, self._zone)

    def _last_note(self) -> bool:
        """Return whether no weekly note comes after this one."""
        wish, every = self.seat.enrolment.wish, self.seat.enrolment.every_weeks
        if self.note_due is None:
            return False
        week = monday_of(local_day(self.note_due, wish.zone))
        term = self.seat.cohort.term
        return next_nudge(wish, 0, after=self.note_due, last_week=week, term=term, gap_weeks=every) is None

    @cached_property
    def last_chances(self) -> Sequence[MemberStep]:
        """The open steps of the course plan that this note is the last to tell in time, the first due first."""
        if self.note_due is None or lateness(self.note_due, self.now) is Lateness.TOO_LATE:
            return ()
        enrolment = self.seat.enrolment
        wish, due = enrolment.wish, enrolment.next_nudge
        if due is None or due.at <= self.note_due:
            # Not planned yet, as for a preview, or not until they do something: as if they answered.
            week, every = monday_of(local_day(self.note_due, wish.zone)), enrolment.every_weeks
            term = self.seat.cohort.term
            due = next_nudge(wish, 0, after=self.note_due, last_week=week, term=term, gap_weeks=every)
        return last_chances(self.steps, self.note_day, due and local_day(due.at, wish.zone))

    @property
    def note_day(self) -> date:
        """The day on which the nudge that it is for comes; today without one."""
        # For a preview the day of the nudge is still ahead.
        return self.today if self.note_due is None else local_day(max(self.now, self.note_due), self._zone)

    def _review_asked(self, goal: Goal) -> bool:
        # A note of the course's step has the button for it, in no other note's place.
        asks = [one for one in self.notes if one.rule in {"A00", "A08"} or one.occasion == "goal_achieved"]
        return any(local_day(one.at, self._zone) >= goal.ends_on for one in asks)

    def _goal_new(self, goal: Goal) -> bool:
        """Return whether no note has come since the goal was set."""
        days = [(local_day(one.at, self._zone), one.occasion) for one in self.notes]
        # A note of the very day led to it, or came before it was set.
        return not any(day > goal.starts_on or (day == goal.starts_on and told == "goal_new") for day, told in days)

    def _obstacle_due(self, goal: Goal) -> bool:
        """Return whether to ask about the plan for the obstacle again: once, from the middle of the goal's weeks on."""
        if goal.obstacle_plan is None or goal.over(self.today) or goal.week(self.today) <= goal.weeks // 2:
            return False
        asked = (local_day(one.at, self._zone) for one in self.notes if one.occasion == "obstacle_again")
        return not any(day >= goal.starts_on for day in asked)

    def _taught_weeks_since(self, at: datetime) -> timedelta:
        """Return the time since `at`, or since a pause that ended later, without the course's breaks."""
        ends = [one.until for one in self.pauses]
        # A pause that lasts counts from its end on, so that its own days are none of quiet.
        if self.seat.enrolment.pause_until:
            ends.append(self.seat.enrolment.pause_until)
        since = max([at, *(moment(day, 0, self._zone) for day in ends)])
        return self.seat.cohort.term.taught(min(since, self.now), self.now)

    def _away_weeks(self) -> int:
        """Return how many weeks more than their rhythm no note came, while they were away; 0 unless they are back."""
        if not self.delivered or self._unanswered_notes():
            return 0
        last = self.delivered[0].at
        a_week_ago = local_day(self.now - WEEK, self._zone)
        if any(local_day(last, self._zone) < day <= a_week_ago for day in self.active_days):
            return 0
        # A note comes up to its jitter early or late: the half week keeps that from counting.
        weeks = (self._taught_weeks_since(last) + WEEK / 2) // WEEK
        return max(0, weeks - self.seat.enrolment.every_weeks)

    def _unanswered_notes(self) -> int:
        touched = self.seat.enrolment.touched_at
        return sum(touched is None or one.at > touched for one in self.delivered)

    def _bio_days(self) -> int | None:
        """Return how long ago a bio was checked, if that was for another focus: the words to be found by changed."""
        checked, changed = self.bio_checked, self.focus and self.focus.changed_at
        if checked is None or changed is None or local_day(changed, self._zone) <= checked:
            return None
        return (self.today - checked).days

    def _pause_over(self) -> bool:
        """Return whether a pause that was not spoken of yet is over when the nudge comes."""
        until = self.seat.enrolment.pause_until
        if self.note_due is None or until is None:
            return False
        return until <= self.note_day

    @property
    def exams_over_on(self) -> date | None:
        """The day after exam weeks that begin in the week after the nudge; None if the term ends with them."""
        if self.note_due is None:
            return None
        exams = self.seat.cohort.term.exams_within_a_week(local_day(self.note_due, self._zone))
        return exams.last + timedelta(days=1) if exams and exams.last < self.seat.cohort.ends_on else None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that a step can be about.

    Attributes:
        kind: what it is.
        candidates: the ones that the step fits, the first one first.
        day: the day of one of them that {on} names.
        dated: each of the candidates has that day.
        done: what *Done* does to an opportunity.
    """

    kind: type[Subject]
    candidates: Callable[[MemberSnapshot], Sequence[Subject]]
    day: Callable[[MemberSnapshot, Any], date | None]
    dated: bool = True
    done: Move | None = None

    @property
    def fills(self) -> frozenset[str]:
        """The placeholders that have a value when there is a candidate."""
        extra = {"where", "ask"} if self.kind is Category else set[str]()
        return frozenset({PLACEHOLDERS[self.kind], *extra} | ({"on"} if self.dated else set[str]()))


PLACEHOLDERS: Mapping[type[Subject], str] = {
    Item: "item",
    Contact: "who",
    Opportunity: "opening",
    Alert: "alert",
    Space: "space",
    Category: "kind",
    MemberStep: "step",
}
"""What a text calls each kind of subject."""
_REFERENCES: Mapping[type[Subject], str] = {Contact: "person", Opportunity: "opening", Alert: "alert", Space: "space"}


def reference(subject: Subject) -> str:
    """Return how a row of the ledger keeps what a step is about."""
    match subject:
        case Item(id=item):
            return item
        case Category():
            return f"kind:{subject.value}"
        case MemberStep(week=week):
            return f"week:{week.id}"
        case _:
            return f"{_REFERENCES[type(subject)]}:{subject.id}"


def _answered_on(member: MemberSnapshot, item: Item) -> date | None:
    return member.answers[item.id].on if item.id in member.answers else None


def _news(state: OpportunityState) -> Topic:
    return Topic(
        Opportunity,
        lambda m: opportunities.answered(m.openings, state, m.today),
        lambda _, one: one.sent_on,
        dated=False,
        done=Move.THANKED,
    )


def _past(one: Opportunity, today: date) -> bool:
    return one.due_on is not None and one.due_on < today


def _no_day(_: MemberSnapshot, __: Subject) -> date | None:
    return None


def _last(_: MemberSnapshot, one: Contact) -> date:
    return one.relation.last_on or one.based_on


def _kinds(member: MemberSnapshot, open_ones: Sequence[Category]) -> Sequence[Category]:
    """Put kinds of people in order: those that no note spoke of first, and among them those of the member's track."""
    template = member.vocabulary.templates.get(track_of(member.focus, member.seat.cohort.track) or "")
    of_track = [Category(one) for one in template.who] if template else []
    return member.by_turns(sorted(open_ones, key=lambda one: one not in of_track))


def _at_stage(member: MemberSnapshot, *stages: Stage, quiet_days: int = 0) -> Sequence[Contact]:
    """Return the people at these stages who owe no answer, those longest out of touch first."""
    fitting = [
        one
        for one in member.people
        if one.relation.stage in stages
        and one.relation.tries == 0
        and (member.today - _last(member, one)).days >= quiet_days
    ]
    return member.by_turns(sorted(fitting, key=lambda one: (_last(member, one), one.id)))


LAST_CHANCES = Topic(MemberStep, lambda m: m.last_chances, lambda _, one: one.week.due_on)
OPEN_ITEMS = Topic(Item, lambda m: footprint.next_items(m.checklist, m.answers), _answered_on, dated=False)
RECHECKS = Topic(Item, lambda m: footprint.rechecks_due(m.checklist, m.answers, m.today), _answered_on)
TO_THANK = Topic(Contact, lambda m: network.to_thank(m.people, m.today), lambda _, one: one.relation.met_on)
TO_REPORT_BACK = Topic(
    Contact, lambda m: network.to_report_back(m.people, m.today), lambda _, one: one.relation.advised_on
)
UNANSWERED = Topic(Contact, lambda m: network.unanswered(m.people, m.today), lambda _, one: one.relation.tried_on)
COLD = Topic(Contact, lambda m: network.cold(m.people, m.stages, m.today), _last)
TO_GREET = Topic(Contact, lambda m: _at_stage(m, Stage.SPOTTED, Stage.NOTICED), _last, dated=False)
TO_INVITE = Topic(
    Contact,
    # Somebody from the same course is met anyway.
    lambda m: [one for one in _at_stage(m, Stage.CONVERSED) if one.category is not Category.PEER],
    _last,
)
TO_GIVE = Topic(
    Contact, lambda m: _at_stage(m, Stage.CONVERSED, Stage.MET, Stage.MUTUAL, Stage.ADVOCATE, quiet_days=14), _last
)
DUE_SOON = Topic(
    Opportunity, lambda m: opportunities.due_soon(m.openings, m.today), lambda _, one: one.due_on, done=Move.SENT
)
LAPSED = Topic(
    Opportunity, lambda m: opportunities.lapsed(m.openings, m.today), lambda _, one: one.due_on, done=Move.SENT
)
TO_PREPARE = Topic(
    Opportunity,
    lambda m: m.by_turns([one for one in m.openings if one.state in opportunities.UNSENT and not _past(one, m.today)]),
    lambda _, one: one.due_on,
    dated=False,
)
TO_FOLLOW_UP = Topic(
    Opportunity,
    lambda m: opportunities.to_follow(m.openings, m.today),
    lambda _, one: one.sent_on,
    done=Move.FOLLOWED_UP,
)
WON, LOST = _news(OpportunityState.YES), _news(OpportunityState.NO)
TO_ASK = Topic(Alert, lambda m: network.to_ask(m.alerts, m.today), lambda _, one: one.asked_on or one.on_since)
SPACES = Topic(Space, lambda m: m.by_turns(m.spaces), _no_day, dated=False)
OPEN_KINDS = Topic(Category, lambda m: _kinds(m, m.open_kinds), _no_day, dated=False)
ANY_KIND = Topic(Category, lambda m: _kinds(m, tuple(Category)), _no_day, dated=False)
