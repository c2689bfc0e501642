"""Everything the rules and the texts may know of one member at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching import network, opportunities
from bot.coaching.cohort import Enrolment, Seat
from bot.coaching.focus import Focus, keeps_low
from bot.coaching.footprint import Answers, Checklist, quick_open, rechecks_due
from bot.coaching.goals import Direction, Goal, Vocabulary, in_focus
from bot.coaching.log import Action, Directions, counted, directions, over_box
from bot.coaching.momentum import LAST_WEEKS, Momentum, Pause, TermWeek, momentum, term_weeks
from bot.coaching.network import Alert, Contact, Stage, standing
from bot.coaching.next_action import LONGEST_COOLDOWN, Facts
from bot.coaching.nudges import Recipient
from bot.coaching.opportunities import Opportunity, OpportunityState
from bot.coaching.weeks import local_day, moment, term_week
from prompts import Content
from storage import bios, goals, log, nudges, pauses
from storage import focus as focuses
from storage import footprint as answers_store
from storage import network as networks
from storage import opportunities as openings
from storage.database import Tx
from storage.nudges import Delivered

WEEK = timedelta(days=7)
FOUR_WEEKS = 4 * WEEK
LOOKED_BACK = 2 * LAST_WEEKS * WEEK
"""How far the days of doing something are looked back at: breaks and pauses may stretch eight weeks that count."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One member at one moment: what they have, what they logged, and the facts the rules see.

    `goal`: the one that notes and counts speak of; `goals`: all that have not ended. `week`: the last seven days of the
    log. `turned`: whom four weeks of it were turned to. `weeks`: what each week of the term was.
    """

    seat: Seat
    today: date
    focus: Focus | None
    goal: Goal | None
    goals: Sequence[Goal]
    checklist: Checklist
    answers: Answers
    week: Sequence[Action]
    did: int
    turned: Directions
    momentum: Momentum
    weeks: Sequence[TermWeek]
    contacts: Sequence[Contact]
    openings: Sequence[Opportunity]
    alerts: Sequence[Alert]
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What the database has of a member, before anything is concluded."""

    seat: Seat
    now: datetime
    today: date
    focus: Focus | None
    goals: Sequence[Goal]
    checklist: Checklist
    answers: Answers
    actions: Sequence[Action]
    active_days: Sequence[date]
    pauses: Sequence[Pause]
    contacts: Sequence[Contact]
    openings: Sequence[Opportunity]
    alerts: Sequence[Alert]
    delivered: Sequence[Delivered]
    bio_checked: date | None

    @property
    def goal(self) -> Goal | None:
        return in_focus(self.goals)


def picture(tx: Tx, seat: Seat, content: Content, now: datetime) -> Picture:
    """Load what is known of a member and derive the facts; "the last seven days" end at `now`.

    The number of statements is the same however much there is.
    """
    return _concluded(_load(tx, seat, content, now), content)


def _load(tx: Tx, seat: Seat, content: Content, now: datetime) -> _Loaded:
    enrolment = seat.enrolment
    member = enrolment.id
    today = local_day(now, enrolment.wish.zone)
    focus = focuses.get(tx, member)
    running = goals.running(tx, member)
    goal = in_focus(running)
    began = now if goal is None else moment(goal.starts_on, 0, enrolment.wish.zone)
    since = min(today - LOOKED_BACK, seat.cohort.starts_on)
    done_on = {*log.days(tx, member, since), *answers_store.days(tx, member, since)}
    return _Loaded(
        seat,
        now,
        today,
        focus,
        running,
        content.checklist.for_member(focus, seat.cohort.track),
        answers_store.answers(tx, member),
        log.since(tx, member, min(now - FOUR_WEEKS, began)),
        sorted(done_on),
        pauses.all_of(tx, member),
        networks.contacts(tx, member, content.vocabulary),
        openings.kept(tx, member, today - opportunities.NEWS),
        networks.alerts(tx, member),
        nudges.delivered(tx, Recipient(seat.cohort.id, enrolment.user_id), LONGEST_COOLDOWN),
        next((one.on for one in bios.checks(tx, member, 1)), None),
    )


def _concluded(known: _Loaded, content: Content) -> Picture:
    seat, now, goal, vocabulary = known.seat, known.now, known.goal, content.vocabulary
    week = [action for action in known.actions if action.at > now - WEEK]
    recent = [action for action in known.actions if action.at > now - FOUR_WEEKS]
    turned = directions((action.kind for action in recent), vocabulary)
    joined = local_day(seat.enrolment.joined_at, seat.enrolment.wish.zone)
    calendar = (known.active_days, joined, known.today, seat.cohort.term, known.pauses)
    pace = momentum(*calendar)
    did = counted(week, goal, vocabulary)
    facts = Facts(
        term_week=term_week(seat.cohort.starts_on, known.today),
        first_note=not known.delivered,
        away_weeks=_away_weeks(known),
        has_focus=known.focus is not None,
        low_profile=keeps_low(known.focus),
        new_accounts=known.focus is not None and known.focus.new_accounts,
        has_goal=goal is not None,
        goal_paused=goal is None and bool(known.goals),
        goal_over=goal is not None and goal.over(known.today),
        goal_type=goal and goal.type,
        goal_did=_counted_since_it_began(known, vocabulary),
        goal_wanted=goal.target * goal.weeks if goal else 0,
        target=goal.target if goal else 0,
        did=did,
        idle_weeks=_idle_weeks(known),
        active_weeks=pace.active,
        momentum_weeks=pace.weeks,
        over_box_weeks=over_box(recent, goal and goal.box_minutes, [now - back * WEEK for back in range(4)]),
        quick_open=quick_open(known.checklist, known.answers),
        rechecks_due=len(rechecks_due(known.checklist, known.answers, known.today)),
        outward_4w=turned.outward,
        at_4w=turned.at,
        ask_4w=turned.ask,
        give_4w=turned.give,
        listen_only_weeks=_listen_only_weeks(recent, vocabulary, now),
        recent_rules=tuple(_told(one, content) for one in known.delivered),
        recent_occasions=tuple(one.occasion for one in known.delivered),
        unanswered_notes=_unanswered_notes(known),
        bio_days=_bio_days(known),
    )
    return Picture(
        seat,
        known.today,
        known.focus,
        goal,
        known.goals,
        known.checklist,
        known.answers,
        week,
        did,
        turned,
        pace,
        term_weeks(*calendar),
        known.contacts,
        known.openings,
        known.alerts,
        _with_openings(_with_network(facts, known, content), known),
    )


def _bio_days(known: _Loaded) -> int | None:
    """Return how long ago a bio was last checked, if that was for another focus: the words to be found by changed."""
    checked, changed = known.bio_checked, known.focus and known.focus.changed_at
    if checked is None or changed is None or local_day(changed, known.seat.enrolment.wish.zone) <= checked:
        return None
    return (known.today - checked).days


def _told(one: Delivered, content: Content) -> str:
    """Return the rule whose step a nudge told; "" when an occasion spoke of something else in its place."""
    occasion = content.occasions.get(one.occasion or "")
    return one.rule if occasion is None or occasion.tells_rule else ""


def _with_network(facts: Facts, known: _Loaded, content: Content) -> Facts:
    today = known.today
    stages = content.network.stages
    awake = [one for one in known.contacts if not network.resting(one, today)]
    standings = [standing(one) for one in awake]
    reached = [list(Stage).index(now.stage) for now in standings]
    met_from = list(Stage).index(Stage.MET)
    return replace(
        facts,
        contacts=len(known.contacts),
        categories=len(network.filled(known.contacts)),
        conversed=sum(now.stage is Stage.CONVERSED for now in standings),
        met=sum(stage >= met_from for stage in reached),
        stage_weeks=min(
            ((today - now.moved_on).days // 7 for now in standings if now.stage is Stage.CONVERSED), default=None
        ),
        cold=len(network.cold(known.contacts, stages, today)),
        unthanked_days=_days_since(
            min_day([standing(one).met_on for one in network.to_thank(known.contacts, today)]), today
        ),
        advice_days=_days_since(
            min_day([standing(one).advised_on for one in network.to_report_back(known.contacts, today)]), today
        ),
        unanswered_days=_days_since(
            min_day([standing(one).tried_on for one in network.unanswered(known.contacts, today)]), today
        ),
        alert_days=_days_since(
            min_day([one.asked_on or one.on_since for one in network.to_ask(known.alerts, today)]), today
        ),
    )


def _with_openings(facts: Facts, known: _Loaded) -> Facts:
    kept, today = known.openings, known.today
    soon = min_day([one.due_on for one in opportunities.due_soon(kept, today)])
    return replace(
        facts,
        deadline_days=None if soon is None else (soon - today).days,
        sent_days=_days_since(min_day([one.sent_on for one in opportunities.to_follow(kept, today)]), today),
        won=bool(opportunities.answered(kept, OpportunityState.YES, today)),
        lost=bool(opportunities.answered(kept, OpportunityState.NO, today)),
    )


def min_day(days: Sequence[date | None]) -> date | None:
    """Return the earliest of the days that there are."""
    return min((day for day in days if day is not None), default=None)


def _days_since(day: date | None, today: date) -> int | None:
    return None if day is None else (today - day).days


def _idle_weeks(known: _Loaded) -> int:
    """Return the full weeks since anything was done, from the end of a pause if that came after it, less breaks."""
    enrolment = known.seat.enrolment
    since = max([enrolment.active_at, *_pauses_over(known, enrolment)])
    return known.seat.cohort.term.taught(min(since, known.now), known.now) // WEEK


def _pauses_over(known: _Loaded, enrolment: Enrolment) -> list[datetime]:
    zone = enrolment.wish.zone
    until = [one.until for one in known.pauses]
    # A pause that lasts counts from its end on, so that its own days are none of quiet.
    return [moment(day, 0, zone) for day in ([*until, enrolment.pause_until] if enrolment.pause_until else until)]


def _away_weeks(known: _Loaded) -> int:
    """Return how many weeks more than their rhythm no note came, while they were away; 0 unless they are back."""
    enrolment, delivered = known.seat.enrolment, known.delivered
    if not delivered or _unanswered_notes(known):
        return 0
    last, zone = delivered[0].at, enrolment.wish.zone
    if any(local_day(last, zone) < day <= local_day(known.now - WEEK, zone) for day in known.active_days):
        return 0
    since = min(max([last, *_pauses_over(known, enrolment)]), known.now)
    # A note comes up to its jitter early or late: the half week keeps that from counting.
    weeks = (known.seat.cohort.term.taught(since, known.now) + WEEK / 2) // WEEK
    return max(0, weeks - enrolment.every_weeks)


def _unanswered_notes(known: _Loaded) -> int:
    touched = known.seat.enrolment.touched_at
    return sum(touched is None or one.at > touched for one in known.delivered)


def _counted_since_it_began(known: _Loaded, vocabulary: Vocabulary) -> int:
    goal = known.goal
    if goal is None:
        return 0
    return counted([action for action in known.actions if action.on >= goal.starts_on], goal, vocabulary)


def _listen_only_weeks(actions: Sequence[Action], vocabulary: Vocabulary, now: datetime) -> int:
    """Return how many of the last weeks in a row had actions, all of them listening; four at most."""
    weeks = 0
    for back in range(4):
        end = now - back * WEEK
        kinds = [action.kind for action in actions if end - WEEK < action.at <= end]
        if not kinds or any(
            vocabulary.kinds[kind].direction is not Direction.LISTEN for kind in kinds if kind in vocabulary.kinds
        ):
            return weeks
        weeks += 1
    return weeks
