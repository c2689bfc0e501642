"""The next step and the text that tells it.

A rule or an occasion is one line of a table here, in the order in which they win; their words, cool-downs, and the
rules whose place an occasion may take are data (`prompts/next_action.toml`, `prompts/nudges.toml`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Protocol

from bot.coaching import snapshot as topics
from bot.coaching.course_plan import CourseWeek, MemberStep, step_words
from bot.coaching.focus import Connection, Focus, keeps_low
from bot.coaching.footprint import Item
from bot.coaching.goals import Goal, plan_parts
from bot.coaching.limits import MOST_BUTTONS, Because, Between, Minutes
from bot.coaching.momentum import ENOUGH_WEEKS
from bot.coaching.network import ADVICE_FROM, ADVICE_UNTIL, THANKED_WITHIN, Alert, Category, Contact, Space
from bot.coaching.nudges import (
    ASKS_AFTER,
    LONGEST_COOLDOWN,
    STOPS_AFTER,
    TEXT_LIMIT,
    Family,
    Situation,
    choose_text,
    filled,
)
from bot.coaching.opportunities import Opportunity
from bot.coaching.snapshot import Facts, MemberSnapshot, Subject, Topic, reference
from bot.coaching.texts import plain
from bot.coaching.weeks import DAY_NAMES, monday_of

Cooldown = Annotated[int, Between(0, LONGEST_COOLDOWN)]
Done = Annotated[tuple[str, ...], Between(1, MOST_BUTTONS)]
NEW_ACCOUNT_GOALS = frozenset({"connect", "visible"})
"""Goal types for which a new account is in the way (method, rule A18)."""

COURSE_STEP = "A00"
"""The rule of the course plan's steps, whose place no occasion takes."""
COMES_FIRST = frozenset({"A01", "A02"})
"""The rules that may come before it; it is then a line under their text."""
BEFORE_THE_COURSE = 3
"""Days until its last day within which an opportunity comes before the course's step."""
COURSE_TEXT_LIMIT = 165
"""Most characters of a step, or of another way to it, that a note has room for."""
LINE_ROOM = 55
"""Characters that such a text leaves at least: enough for the shortest line."""
LEAST_TOLD = 20
"""Fewest characters of a step that are worth telling in the line."""

GOAL = frozenset({"goal", "plan", "todo", "did", "target", "rate", "span"})
FIELD = frozenset({"field"})
_ON = frozenset({"on"})


@dataclass(frozen=True, slots=True)
class When:
    """When a rule or an occasion applies, and what follows from that beside its words.

    Attributes:
        shows: the facts that *Why this?* names, beside where the term and the goal stand.
        about: what its step is about, if it is about something.
        day: the day that {on} names, if it is not one of what the step is about.
        fills: placeholders that then always have a value, beside those of every step and of what it is about.
    """

    id: str
    matches: Callable[[Facts], bool]
    shows: tuple[str, ...] = ()
    about: Topic | None = None
    fills: frozenset[str] = frozenset()
    day: Callable[[MemberSnapshot], date | None] | None = None

    @property
    def gives(self) -> frozenset[str]:
        """The placeholders that always have a value when it applies, beside those of every step."""
        return self.fills if self.about is None else self.fills | self.about.fills


def _begun(facts: Facts) -> bool:
    """Return whether a note may lead elsewhere than to the goal: the first one after it was set is for the goal."""
    return not (facts.has_goal and (facts.first_note or facts.goal_new))


def _quiet(facts: Facts) -> int:
    """Return the weeks of quiet beyond the goal's rhythm: every second week of a goal for two weeks is free."""
    return facts.idle_weeks - (facts.every_weeks - 1)


def _course_first(facts: Facts) -> bool:
    """Return whether the course's step may speak: nothing closes within days, and nobody waits for thanks."""
    closing = facts.deadline_days is not None and facts.deadline_days <= BEFORE_THE_COURSE
    thanks = facts.unthanked_days is not None and facts.unthanked_days <= THANKED_WITHIN
    return facts.steps_due > 0 and not closing and not thanks


# First match wins. Source: method section 4; A24 and later: issue "4 of 7"; A00: issue "5 of 7". Ids are kept with
# nudges: none is ever used again. A rule about a goal asks for one that runs, so that no text speaks of a missing
# one; one that asks to be seen leaves a low profile in peace. The last four fit everybody, and none is bookkeeping: so
# there is always a step, and always one that is no bookkeeping.
RULES: Sequence[When] = (
    When(COURSE_STEP, _course_first, ("steps_due",), topics.LAST_CHANCES, frozenset({"theme", "number", "course"})),
    When("A01", lambda f: f.deadline_days is not None, ("deadline_days",), topics.DUE_SOON, frozenset({"closes"})),
    When(
        "A02",
        lambda f: f.unthanked_days is not None and f.unthanked_days <= THANKED_WITHIN,
        ("unthanked_days",),
        topics.TO_THANK,
    ),
    When("A31", lambda f: f.lapsed_days is not None, ("lapsed_days",), topics.LAPSED),
    When("A03", lambda f: not f.has_focus),
    When(
        "A04",
        lambda f: f.quick_open > 0 and (f.term_week <= 3 or not f.has_goal) and _begun(f),
        ("quick_open",),
        topics.OPEN_ITEMS,
    ),
    When("A05", lambda f: not f.has_goal and not f.goal_paused),
    When("A06", lambda f: f.has_goal and _quiet(f) >= 3, ("idle_weeks",), fills=GOAL),
    When("A07", lambda f: f.has_goal and _quiet(f) == 2, ("idle_weeks",), fills=GOAL),
    When("A08", lambda f: f.has_goal and f.goal_over and not f.review_asked, ("goal_over", "goal_did"), fills=GOAL),
    When("A09", lambda f: f.sent_days is not None, ("sent_days",), topics.TO_FOLLOW_UP),
    When(
        "A10",
        lambda f: f.advice_days is not None and ADVICE_FROM <= f.advice_days <= ADVICE_UNTIL,
        ("advice_days",),
        topics.TO_REPORT_BACK,
    ),
    When("A11", lambda f: f.has_goal and f.did >= f.target, fills=GOAL | {"progress"}),
    When(
        "A16",
        lambda f: f.to_invite > 0 and f.conversed >= 3 and f.met == 0 and (f.stage_weeks or 0) >= 4,
        ("conversed", "met", "stage_weeks"),
        topics.TO_INVITE,
    ),
    When("A12", lambda f: f.over_box_weeks >= 2, ("over_box_weeks",)),
    When("A26", lambda f: f.to_invite > 0 and _begun(f), ("conversed",), topics.TO_INVITE),
    When("A13", lambda f: f.outward_4w >= 5 and f.at_4w / f.outward_4w > 0.6, ("outward_4w", "at_4w")),
    When(
        "A14",
        lambda f: f.ask_4w >= 2 and f.ask_4w > f.give_4w and not f.low_profile,
        ("outward_4w", "ask_4w", "give_4w"),
    ),
    When(
        "A15",
        lambda f: f.has_focus and not f.low_profile and f.listen_only_weeks >= 3,
        ("listen_only_weeks",),
        fills=FIELD,
    ),
    When("A25", lambda f: f.spaces > 0 and not f.low_profile and _begun(f), ("spaces",), topics.SPACES),
    When("A29", lambda f: f.to_prepare > 0 and _begun(f), ("openings",), topics.TO_PREPARE),
    When("A28", lambda f: f.to_greet > 0 and _begun(f), ("to_greet",), topics.TO_GREET),
    When("A17", lambda f: f.cold > 0, ("cold",), topics.COLD),
    When("A27", lambda f: f.to_give > 0 and _begun(f), ("to_give",), topics.TO_GIVE),
    When("A30", lambda f: f.searching and not f.openings and _begun(f)),
    When(
        "A18",
        lambda f: f.new_accounts and not f.low_profile and f.has_goal and f.goal_type in NEW_ACCOUNT_GOALS,
        ("new_accounts",),
        fills=GOAL,
    ),
    When(
        "A24",
        lambda f: f.has_focus and f.open_kinds > 0 and _begun(f),
        ("categories",),
        topics.OPEN_KINDS,
        FIELD,
    ),
    When("A19", lambda f: f.rechecks_due > 0, ("rechecks_due",), topics.RECHECKS),
    When(
        "A20",
        lambda f: (
            f.term_week >= 5
            and f.categories < 3
            and f.open_kinds > 0
            and not f.first_note
            and (f.has_goal or f.goal_paused)
        ),
        ("categories",),
        topics.OPEN_KINDS,
    ),
    When("A21", lambda f: f.has_goal and _quiet(f) == 1, ("idle_weeks",), fills=GOAL),
    When("A22", lambda f: f.term_week > 0 and f.term_week % 8 == 0 and f.outward_4w > 0),
    When("A23", lambda f: f.has_goal, fills=GOAL),
    When("A32", lambda _: True, ("categories",), topics.ANY_KIND),
    When("A33", lambda _: True),
    When("A34", lambda _: True),
    When("A35", lambda _: True),
)

# First match wins among those whose place may be taken. `unanswered_notes` counts as the back-off does: two in a row
# ask what would help, six are the last (method, section 4).
OCCASIONS: Sequence[When] = (
    When("pause_end", lambda f: f.pause_over, ("pause_over",), None, _ON, lambda m: m.seat.enrolment.pause_until),
    When("exam_weeks", lambda f: f.exams_ahead, ("exams_ahead",), None, _ON, lambda m: m.exams_over_on),
    When("backoff_stop", lambda f: f.unanswered_notes >= STOPS_AFTER, ("unanswered_notes",)),
    When("backoff_ask", lambda f: f.unanswered_notes == ASKS_AFTER, ("unanswered_notes",)),
    When("opportunity_won", lambda f: f.won, ("won",), topics.WON),
    When("opportunity_lost", lambda f: f.lost, ("lost",), topics.LOST),
    When("goal_ends", lambda f: f.goal_ends, ("goal_did",), None, GOAL | _ON, lambda m: m.seat.cohort.ends_on),
    When("goal_new", lambda f: f.has_goal and f.goal_new, ("goal_new",)),
    When("return", lambda f: f.away_weeks >= 2, ("away_weeks",)),
    When("obstacle_again", lambda f: f.obstacle_due, ("obstacle_due",), None, frozenset({"hurdle"})),
    When("goal_achieved", lambda f: f.goal_over and not f.review_asked and f.goal_did >= f.goal_wanted, ("goal_did",)),
    When("no_reply", lambda f: f.unanswered_days is not None, ("unanswered_days",), topics.UNANSWERED),
    When("alert_payoff", lambda f: f.alert_days is not None, ("alert_days",), topics.TO_ASK),
    When(
        "bio_stale",
        lambda f: f.has_focus and f.bio_days is not None,
        ("bio_days",),
        fills=FIELD | _ON,
        day=lambda m: m.bio_checked,
    ),
    When(
        "momentum",
        lambda f: f.did > 0 and f.momentum_weeks >= 4 and f.active_weeks * 8 >= f.momentum_weeks * 5,
        ("active_weeks",),
        fills=frozenset({"active", "weeks"}),
    ),
)
WHEN: Mapping[str, When] = {one.id: one for one in (*RULES, *OCCASIONS)}


@dataclass(frozen=True, slots=True)
class Rule:
    """The words of a rule as the content file gives them.

    Attributes:
        done: the kinds that *Done* may log, the first in one tap; "goal" stands for the goal's own kinds.
        smaller: a version of about five minutes.
        starter: the message to begin with.
        tiny: the goal's own five-minute version, if it has one, takes the place of the action.
        because_for: another reason for those to whom a connection is something in particular.
        cooldown_nudges: not again for this many delivered nudges.
    """

    id: str
    situation: str
    action: str
    minutes: Minutes
    because: Because
    cooldown_nudges: Cooldown
    done: Done = ()
    smaller: str | None = None
    starter: str | None = None
    tiny: bool = False
    because_for: Annotated[Mapping[Connection, Because], Between(0, len(Connection))] = field(
        default_factory=dict[Connection, str]
    )


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that may take the place of a rule's text, as the content file gives it; its id is its situation's.

    Attributes:
        places: the rules whose place it may take.
        tells_rule: it tells the rule's step in words of its own; otherwise it has its own step, or asks for nothing.
    """

    id: str
    places: frozenset[str]
    because: Because
    cooldown_nudges: Cooldown
    tells_rule: bool = False
    action: str | None = None
    minutes: Minutes = 0
    done: Done = ()
    smaller: str | None = None
    starter: str | None = None
    when: Because = ""  # for the reader of the file: what is met when is code


class NoteWords(Protocol):
    """What the content files say about notes."""

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by id."""
        ...

    @property
    def occasions(self) -> Mapping[str, Occasion]:
        """The occasions by id."""
        ...

    @property
    def situations(self) -> Mapping[str, Situation]:
        """The situations by id."""
        ...


def speaker(rule: Rule | None, occasion: Occasion | None) -> Rule | Occasion | None:
    """Return whose step is told: the occasion's if it has one of its own, else the rule's."""
    return rule if occasion is None or occasion.tells_rule else occasion


def reason(teller: Rule | Occasion, connection: Connection | None) -> str:
    """Return why a step is worth doing, to somebody to whom a connection means this."""
    if isinstance(teller, Rule) and connection is not None:
        return teller.because_for.get(connection, teller.because)
    return teller.because


def options(facts: Facts, words: NoteWords) -> Iterator[tuple[Rule, Occasion | None, bool]]:
    """Yield every rule that matches, each after the occasions that may take its place, in the order in which they win.

    The third value says whether it may speak now: it is not cooling down, and it is not the second of two bookkeeping
    notes running. Those that may come first.
    """
    waiting: list[tuple[Rule, Occasion | None, bool]] = []
    for when in RULES:
        if when.matches(facts):
            rule = words.rules[when.id]
            cooling = rule.id in facts.recent_rules[: rule.cooldown_nudges]
            for occasion in (*occasions_met(facts, rule, words.occasions), None):
                if cooling or _second_bookkeeping(facts, rule, occasion, words):
                    waiting.append((rule, occasion, False))
                else:
                    yield rule, occasion, True
    yield from (one for one in waiting if not _second_bookkeeping(facts, *one[:2], words))


def occasions_met(facts: Facts, rule: Rule, occasions: Mapping[str, Occasion]) -> Iterator[Occasion]:
    """Yield the occasions that are met, may take this rule's place, and are not cooling down, in their order."""
    for when in OCCASIONS:
        occasion = occasions[when.id]
        cooling = when.id in facts.recent_occasions[: occasion.cooldown_nudges]
        if rule.id in occasion.places and not cooling and when.matches(facts):
            yield occasion


def _second_bookkeeping(facts: Facts, rule: Rule, occasion: Occasion | None, words: NoteWords) -> bool:
    if facts.recent_family is not Family.BOOKKEEPING:
        return False
    teller = speaker(rule, occasion)
    situation = teller.situation if isinstance(teller, Rule) else (teller or rule).id
    return words.situations[situation].family is Family.BOOKKEEPING


@dataclass(frozen=True, slots=True)
class Step:
    """The next step of a member.

    Attributes:
        rule: what chose it.
        occasion: what takes the place of the rule's text.
        speaker: whose step it is.
        subject: what it is about.
        action: what to do, as it is shown; "" when the occasion asks for nothing.
        because: why, in words that fit what a connection means to the member.
        values: what its texts are filled with.
    """

    rule: Rule
    occasion: Occasion | None
    speaker: Rule | Occasion
    subject: Subject | None
    action: str
    minutes: int
    because: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def situation(self) -> str:
        """The situation whose texts tell it."""
        return self.rule.situation if self.occasion is None else self.occasion.id

    @property
    def reference(self) -> str | None:
        """What it is about, as a row of the ledger keeps it."""
        return None if self.subject is None else reference(self.subject)


def next_note(member: MemberSnapshot, words: NoteWords, key: str = "") -> tuple[Step, str]:
    """Choose the next step and the id of the text that tells it.

    The first option with a text that this member never got about this subject. When there is none, the text sent least
    recently: with the packaged content that takes longer than a term.

    Args:
        member: the member as the note finds them.
        words: the course's words.
        key: the row of the ledger, as one word; it breaks ties.
    """
    sent = member.sent_texts
    again: list[tuple[float, Step, str]] = []
    for rule, occasion, free in options(member.facts, words):
        step = step_for(member, rule, occasion)
        text = choose_text(words.situations[step.situation], step.values, key, step.reference, sent)
        if text is None:
            continue
        last = sent.get((text, step.reference))
        if free and last is None:
            return step, text
        again.append((last.timestamp() if last else 0, step, text))
    _, step, text = min(again, key=lambda one: one[0])
    return step, text


def next_step(member: MemberSnapshot, words: NoteWords) -> Step:
    """Return the step that a note would tell now."""
    return next_note(member, words)[0]


def step_for(member: MemberSnapshot, rule: Rule, occasion: Occasion | None = None, before: str | None = None) -> Step:
    """Return the step of a rule and an occasion; `before`: the reference of what it was about, for a retry."""
    teller = speaker(rule, occasion) or rule
    topic = WHEN[teller.id].about
    if before is not None:
        kept = (*member.checklist.items, *member.contacts, *member.openings, *member.alerts, *member.spaces, *Category)
        kept += tuple(one for one in member.steps if one.open and member.today <= one.week.due_on)
        subject = next((one for one in kept if reference(one) == before), None)
    else:
        subject = next(iter(topic.candidates(member)), None) if topic else None
    match subject:
        case Item(minutes=minutes) | MemberStep(week=CourseWeek(minutes=minutes)):
            pass
        case _:
            minutes = teller.minutes
    because = reason(teller, member.focus and member.focus.connection)
    values = _values(member, subject)
    when = WHEN[teller.id]
    day = when.day(member) if when.day else topic.day(member, subject) if topic and subject else None
    if day:
        values["on"] = day_words(day)
    if isinstance(teller, Rule) and teller.tiny and member.goal and member.goal.tiny:
        action = plain(member.goal.tiny)
    else:
        # What a missing fact would fill is left as it stands: no text can be filled then either.
        action = filled(teller.action or "", {**dict.fromkeys(_NAMES, ""), **values})
    action = action[:1].upper() + action[1:]
    values |= {"act": action, "mins": str(minutes), "why": because}
    return Step(rule, occasion, teller, subject, action, minutes, because, values)


_NAMES = ("who", "opening", "alert", "space", "kind", "where", "ask", "item", "step", "todo", "in_field")
"""The placeholders that an action may have."""


def _values(member: MemberSnapshot, subject: Subject | None) -> dict[str, str]:
    """Return what texts and actions may be filled with: a placeholder whose fact is missing has no entry."""
    # Discord shows the reader's own name for a mention, so no name has to be kept or fetched.
    values = {"n": f"<@{member.seat.enrolment.user_id}>", "in_field": ""}
    if subject is not None:
        values |= _of_subject(member, subject)
    if member.momentum.weeks >= ENOUGH_WEEKS:
        values |= {"active": str(member.momentum.active), "weeks": str(member.momentum.weeks)}
    if focus := member.focus:
        values["field"] = _field(member, focus)
        values["in_field"] = f" in {values['field']}"
        if focus.purpose:
            values["purpose"] = plain(focus.purpose).rstrip(".")
    return values | _of_goal(member.goal, member.did) if member.goal else values


def _of_goal(goal: Goal, did: int) -> dict[str, str]:
    values = {"goal": plain(goal.title).rstrip("."), "plan": plain(goal.if_then), "rate": goal.rate, "span": goal.span}
    values |= {"did": str(did), "target": str(goal.target), "todo": "take the next small step of your plan"}
    if did:
        values["progress"] = str(did)
    if goal.obstacle_plan:
        values["hurdle"] = plain(goal.obstacle_plan)
    if parts := plan_parts(goal.if_then):
        values |= {"moment": plain(_to_you(parts[0])), "todo": plain(_to_you(parts[1]))}
    return values


def _field(member: MemberSnapshot, focus: Focus) -> str:
    """Return one of the fields; of two each has its turn."""
    return plain(focus.fields[len(member.notes) % len(focus.fields)])


def _of_subject(member: MemberSnapshot, subject: Subject) -> dict[str, str]:
    match subject:
        case Category():
            words, focus = member.kinds[subject], member.focus
            who = words.who if focus is None else filled(words.in_field, {"field": _field(member, focus)})
            return {"kind": who, "where": words.where, "ask": words.ask}
        case Opportunity(title=title, due_on=due_on):
            today = "today, " if due_on == member.today else ""
            closes = {} if due_on is None else {"closes": f"closes {today}{day_words(due_on)}"}
            return {"opening": plain(title), **closes}
        case MemberStep():
            return _of_course_step(member, subject)
        case Item(title=words):
            name = "item"
        case Contact(nickname=words):
            name = "who"
        case Alert(query=words):
            name = "alert"
        case Space(name=words):
            name = "space"
    return {name: words if name == "item" else plain(words)}


def _of_course_step(member: MemberSnapshot, subject: MemberStep) -> dict[str, str]:
    cohort, week = member.seat.cohort, subject.week
    ways = [week.step] if week.another_way is None else [week.step, week.another_way]
    if keeps_low(member.focus):
        ways.reverse()
    told = [_shortened(step_words(one), COURSE_TEXT_LIMIT) for one in ways]
    values = dict(zip(("step", "other"), told, strict=False))
    number = str(cohort.week_number(week.week))
    return {**values, "theme": plain(week.theme), "number": number, "course": plain(cohort.name)}


def course_line(member: MemberSnapshot, step: Step, text: str) -> str:
    """Return a line for under a note about the course steps that it is the last to tell and does not tell itself.

    It takes the room that the note's text leaves; "" when there is nothing to tell.
    """
    others = [one for one in member.last_chances if one != step.subject]
    if not others:
        return ""
    named, more = others[:2], len(others) - 2
    tail = f" {more} more: `/week`." if more > 0 else ""
    week = monday_of(member.note_day)
    heads = [_week_words(member, one, week) for one in named]
    days = [f", due {day_words(one.week.due_on)}." for one in named]
    room = TEXT_LIMIT - len(text) - len("\n") - len(tail) - len(" ") * (len(named) - 1)
    each = (room - sum(map(len, (*heads, *days)))) // len(named)
    told = [_of_course_step(member, one)["step"].rstrip(".") for one in named]
    if any(len(one) > each for one in told) and each < LEAST_TOLD:
        # Where the text leaves hardly any room, the day and the way to it are enough.
        many = f"{len(others)} course steps from" if more > -1 else "A course step is due"
        return f"{many} {day_words(named[0].week.due_on)}: `/week`"
    parts = zip(heads, told, days, strict=True)
    return " ".join(f"{head}{_shortened(one, each)}{day}" for head, one, day in parts) + tail


def _week_words(member: MemberSnapshot, step: MemberStep, week: date) -> str:
    """Say which week's step it is, seen from the week of that Monday."""
    ahead = (monday_of(step.week.due_on) - week).days // 7
    number = member.seat.cohort.week_number(step.week.week)
    return f"{ {0: 'This week', 1: 'Next week'}.get(ahead, f'Week {number}') }’s step: "


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: max(0, limit - 1)].rstrip()}…"


def day_words(day: date) -> str:
    """Return a day as a note names it: "Friday 30 October"."""
    return f"{DAY_NAMES[day.weekday()]} {day.day} {day:%B}"


_YOURS = {
    "i am": "you are", "i'm": "you're", "i’m": "you’re", "i was": "you were", "i": "you",
    "my": "your", "myself": "yourself", "me": "you", "mine": "yours",
}  # fmt: skip
_MINE = re.compile(rf"\b(?:{'|'.join(sorted(_YOURS, key=len, reverse=True))})\b", re.IGNORECASE)


def _to_you(text: str) -> str:
    """Turn the member's own words into words to them: "after my lab" becomes "after your lab"."""
    return _MINE.sub(lambda found: _YOURS[found[0].casefold()], text)
