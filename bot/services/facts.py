"""Everything the rules and the texts may know of one member at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Seat
from bot.coaching.focus import Focus
from bot.coaching.footprint import Answers, Checklist, Item, next_items, quick_open, rechecks_due
from bot.coaching.goals import Direction, Goal, Vocabulary
from bot.coaching.log import Action, counted
from bot.coaching.next_action import LONGEST_COOLDOWN, Facts, Rule, choose
from bot.coaching.nudges import Recipient
from bot.coaching.texts import plain
from bot.coaching.weeks import local_day, moment, term_week
from prompts import Content
from storage import focus as focuses
from storage import footprint as answers_store
from storage import goals, log, nudges
from storage.database import Tx

WEEK = timedelta(days=7)
FOUR_WEEKS = 4 * WEEK


@dataclass(frozen=True, slots=True)
class Picture:
    """One member at one moment: what they have, what they logged in four weeks, and the facts the rules see."""

    seat: Seat
    today: date
    focus: Focus | None
    goal: Goal | None
    checklist: Checklist
    answers: Answers
    week: Sequence[Action]
    did: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Step:
    """The next step: the rule that picked it, and the checklist item it is about, if any."""

    rule: Rule
    item: Item | None

    @property
    def minutes(self) -> int:
        """Return about how many minutes it takes."""
        return self.rule.minutes if self.item is None else self.item.minutes

    @property
    def action(self) -> str:
        """Return what to do, in words."""
        return self.rule.action if self.item is None else self.item.title


def picture(tx: Tx, seat: Seat, content: Content, now: datetime) -> Picture:
    """Load what is known of a member, in five statements, and derive the facts; "the last seven days" end at `now`."""
    enrolment = seat.enrolment
    focus = focuses.get(tx, enrolment.id)
    goal = goals.running(tx, enrolment.id)
    answers = answers_store.answers(tx, enrolment.id)
    actions = log.since(tx, enrolment.id, now - FOUR_WEEKS)
    recent = nudges.recent_rules(tx, Recipient(seat.cohort.id, enrolment.user_id), LONGEST_COOLDOWN)
    checklist = content.checklist.for_track(seat.cohort.track)
    today = local_day(now, enrolment.wish.zone)
    week = [action for action in actions if action.at > now - WEEK]
    did = counted(week, goal, content.vocabulary)
    directions = [
        content.vocabulary.kinds[action.kind].direction for action in actions if action.kind in content.vocabulary.kinds
    ]
    facts = Facts(
        term_week=term_week(seat.cohort.starts_on, today),
        has_focus=focus is not None,
        has_goal=goal is not None,
        goal_over=goal is not None and goal.over(today),
        target=goal.target if goal else 0,
        did=did,
        idle_weeks=seat.cohort.term.taught(_counted_from(seat, recent, now), now) // WEEK,
        quick_open=quick_open(checklist, answers),
        rechecks_due=len(rechecks_due(checklist, answers, today)),
        outward_4w=sum(direction is not Direction.LISTEN for direction in directions),
        at_4w=directions.count(Direction.AT),
        ask_4w=directions.count(Direction.ASK),
        give_4w=directions.count(Direction.GIVE),
        listen_only_weeks=_listen_only_weeks(actions, content.vocabulary, now),
        recent_rules=tuple(rule for rule, _ in recent),
    )
    return Picture(seat, today, focus, goal, checklist, answers, week, did, facts)


def _counted_from(seat: Seat, recent: Sequence[tuple[str, datetime]], now: datetime) -> datetime:
    """Return since when quiet weeks count: the last thing logged or set, or the end of a pause after it."""
    enrolment = seat.enrolment
    moments = [enrolment.active_at, *(at for rule, at in recent if rule == "pause_end")]
    if enrolment.pause_until is not None:
        moments.append(moment(enrolment.pause_until, 0, enrolment.wish.zone))
    return min(max(moments), now)


def next_step(seen: Picture, rules: Mapping[str, Rule]) -> Step:
    """Return the next step for a member: the first rule that matches, and its item."""
    return step_for(seen, choose(seen.facts, rules))


def step_for(seen: Picture, rule: Rule, subject: str | None = None) -> Step:
    """Return the step of a rule; `subject` is the item it was about before, so that a retry speaks of the same one."""
    if subject is not None:
        return Step(rule, next((item for item in seen.checklist.items if item.id == subject), None))
    match rule.id:
        case "A04":
            items: Sequence[Item] = next_items(seen.checklist, seen.answers)
        case "A19":
            items = rechecks_due(seen.checklist, seen.answers, seen.today)
        case _:
            items = ()
    return Step(rule, items[0] if items else None)


def text_values(seen: Picture, step: Step) -> dict[str, str]:
    """Return what a text may be filled with: a placeholder whose fact is missing has no entry."""
    values = {
        # Discord shows the reader's own name for a mention, so no name has to be kept or fetched.
        "n": f"<@{seen.seat.enrolment.user_id}>",
        "act": step.action,
        "mins": str(step.minutes),
        "why": step.rule.because,
    }
    if seen.focus:
        values["field"] = plain(seen.focus.fields_text)
    if seen.goal:
        values |= {
            "goal": plain(seen.goal.title),
            "plan": plain(seen.goal.if_then),
            "did": str(seen.did),
            "target": str(seen.goal.target),
        }
    if step.item:
        values["item"] = step.item.title
        given = seen.answers.get(step.item.id)
        if given:
            values["days"] = str((seen.today - given.on).days)
    return values


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
