"""The next step: the first rule that matches a member's facts and is not cooling down, and the occasion it may meet.

What a rule or an occasion is stands here in one line each, in the order in which they win; their words, cool-downs, and
the rules whose place an occasion may take are data (`prompts/next_action.toml`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from bot.coaching import snapshot as topics
from bot.coaching.focus import Connection
from bot.coaching.footprint import Item
from bot.coaching.limits import MOST_BUTTONS, Because, Between, Minutes
from bot.coaching.momentum import ENOUGH_WEEKS
from bot.coaching.network import ADVICE_FROM, ADVICE_UNTIL, THANKED_WITHIN, Alert, Contact
from bot.coaching.nudges import ASKS_AFTER, LONGEST_COOLDOWN, STOPS_AFTER
from bot.coaching.opportunities import Opportunity
from bot.coaching.snapshot import Facts, MemberSnapshot, Subject, Topic
from bot.coaching.texts import plain

Cooldown = Annotated[int, Between(0, LONGEST_COOLDOWN)]
Done = Annotated[tuple[str, ...], Between(1, MOST_BUTTONS)]
NEW_ACCOUNT_GOALS = frozenset({"connect", "visible"})
"""Goal types for which a new account is in the way (method, rule A18)."""

GOAL = frozenset({"goal", "plan", "did", "target"})
FIELD = frozenset({"field"})


@dataclass(frozen=True, slots=True)
class When:
    """When a rule or an occasion applies, and what follows from that beside its words.

    Attributes:
        shows: the facts that *Why this?* names, beside where the term and the goal stand.
        about: what its step is about, if it is about something.
        fills: placeholders that then always have a value, beside those of every step and of what it is about.
        days: what {days} is when the step is about nothing in particular.
    """

    id: str
    matches: Callable[[Facts], bool]
    shows: tuple[str, ...] = ()
    about: Topic | None = None
    fills: frozenset[str] = frozenset()
    days: Callable[[Facts], int] | None = None

    @property
    def gives(self) -> frozenset[str]:
        """The placeholders that always have a value when it applies, beside those of every step."""
        return self.fills if self.about is None else self.fills | self.about.fills


# First match wins. Source: method section 4. Ids are kept with nudges: none is ever used again. A rule about a goal
# asks for one that runs, so that no text speaks of a missing one; one that asks to be seen leaves a low profile in
# peace.
RULES: Sequence[When] = (
    When("A01", lambda f: f.deadline_days is not None, ("deadline_days",), topics.DUE_SOON),
    When(
        "A02",
        lambda f: f.unthanked_days is not None and f.unthanked_days <= THANKED_WITHIN,
        ("unthanked_days",),
        topics.TO_THANK,
    ),
    When("A03", lambda f: not f.has_focus),
    When(
        "A04", lambda f: f.quick_open > 0 and (f.term_week <= 3 or not f.has_goal), ("quick_open",), topics.OPEN_ITEMS
    ),
    When("A05", lambda f: not f.has_goal and not f.goal_paused),
    When("A06", lambda f: f.has_goal and f.idle_weeks >= 3, ("idle_weeks",), fills=GOAL),
    When("A07", lambda f: f.has_goal and f.idle_weeks == 2, ("idle_weeks",), fills=GOAL),
    When("A08", lambda f: f.has_goal and f.goal_over, ("goal_over", "goal_did"), fills=GOAL),
    When("A09", lambda f: f.sent_days is not None, ("sent_days",), topics.TO_FOLLOW_UP),
    When(
        "A10",
        lambda f: f.advice_days is not None and ADVICE_FROM <= f.advice_days <= ADVICE_UNTIL,
        ("advice_days",),
        topics.TO_REPORT_BACK,
    ),
    When("A11", lambda f: f.has_goal and f.did >= f.target, fills=GOAL),
    When(
        "A16",
        lambda f: f.conversed >= 3 and f.met == 0 and (f.stage_weeks or 0) >= 4,
        ("conversed", "met", "stage_weeks"),
    ),
    When("A12", lambda f: f.over_box_weeks >= 2, ("over_box_weeks",)),
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
    When("A17", lambda f: f.cold > 0, ("cold",), topics.COLD),
    When(
        "A18",
        lambda f: f.new_accounts and not f.low_profile and f.has_goal and f.goal_type in NEW_ACCOUNT_GOALS,
        ("new_accounts",),
        fills=GOAL,
    ),
    When("A19", lambda f: f.rechecks_due > 0, ("rechecks_due",), topics.RECHECKS),
    When("A20", lambda f: f.term_week >= 5 and f.categories < 3 and (f.has_goal or f.goal_paused), ("categories",)),
    When("A21", lambda f: f.has_goal and f.idle_weeks == 1, ("idle_weeks",), fills=GOAL),
    When("A22", lambda f: (f.term_week > 0 and f.term_week % 4 == 0) or not f.has_goal),
    When("A23", lambda f: f.has_goal, fills=GOAL),
)

# First match wins among those whose place may be taken. `unanswered_notes` counts as the back-off does: two in a row
# ask what would help, six are the last (method, section 4).
OCCASIONS: Sequence[When] = (
    When("pause_end", lambda f: f.pause_over, ("pause_over",)),
    When("exam_weeks", lambda f: f.exams_ahead, ("exams_ahead",), fills=frozenset({"until"})),
    When("backoff_stop", lambda f: f.unanswered_notes >= STOPS_AFTER, ("unanswered_notes",)),
    When("backoff_ask", lambda f: f.unanswered_notes == ASKS_AFTER, ("unanswered_notes",)),
    When("opportunity_won", lambda f: f.won, ("won",), topics.WON),
    When("opportunity_lost", lambda f: f.lost, ("lost",), topics.LOST),
    When("first_week", lambda f: f.first_note, ("first_note",)),
    When("return", lambda f: f.away_weeks >= 2, ("away_weeks",)),
    When("goal_achieved", lambda f: f.goal_over and f.goal_did >= f.goal_wanted, ("goal_did",)),
    When("above_target", lambda f: f.did > f.target),
    When("no_reply", lambda f: f.unanswered_days is not None, ("unanswered_days",), topics.UNANSWERED),
    When("alert_payoff", lambda f: f.alert_days is not None, ("alert_days",), topics.TO_ASK),
    When(
        "bio_stale",
        lambda f: f.has_focus and f.bio_days is not None,
        ("bio_days",),
        fills=FIELD | {"days"},
        days=lambda f: f.bio_days or 0,
    ),
    When(
        "momentum",
        lambda f: f.did > 0 and f.momentum_weeks >= 4 and f.active_weeks * 8 >= f.momentum_weeks * 5,
        ("active_weeks",),
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


def choose(facts: Facts, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule to nudge with: the first that matches and is not cooling down.

    When all that match are cooling down, the first that matches: there is always an answer, because A23 matches with a
    goal that runs, A22 with one that is paused, and A05 with none. The same facts always give the same rule.
    """
    matching = [rules[one.id] for one in RULES if one.matches(facts)]
    for rule in matching:
        if rule.id not in facts.recent_rules[: rule.cooldown_nudges]:
            return rule
    return matching[0]


def occasion_for(facts: Facts, rule: Rule, occasions: Mapping[str, Occasion]) -> Occasion | None:
    """Return the first occasion that is met, may take this rule's place, and is not cooling down."""
    for one in OCCASIONS:
        occasion = occasions[one.id]
        cooling = one.id in facts.recent_occasions[: occasion.cooldown_nudges]
        if rule.id in occasion.places and not cooling and one.matches(facts):
            return occasion
    return None


def speaker(rule: Rule | None, occasion: Occasion | None) -> Rule | Occasion | None:
    """Return whose step is told: the occasion's if it has one of its own, else the rule's."""
    return rule if occasion is None or occasion.tells_rule else occasion


def reason(teller: Rule | Occasion, connection: Connection | None) -> str:
    """Return why a step is worth doing, to somebody to whom a connection means this."""
    if isinstance(teller, Rule) and connection is not None:
        return teller.because_for.get(connection, teller.because)
    return teller.because


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
    """

    rule: Rule
    occasion: Occasion | None
    speaker: Rule | Occasion
    subject: Subject | None
    action: str
    minutes: int
    because: str

    @property
    def situation(self) -> str:
        """The situation whose texts tell it."""
        return self.rule.situation if self.occasion is None else self.occasion.id

    @property
    def reference(self) -> str | None:
        """What it is about, as a row of the ledger keeps it."""
        return None if self.subject is None else reference(self.subject)


def reference(subject: Subject) -> str:
    """Return how a row of the ledger keeps what a step is about."""
    kinds = {Contact: "person", Opportunity: "opening", Alert: "alert"}
    return subject.id if isinstance(subject, Item) else f"{kinds[type(subject)]}:{subject.id}"


def next_step(member: MemberSnapshot, rules: Mapping[str, Rule], occasions: Mapping[str, Occasion]) -> Step:
    """Return the step of the first rule that matches, or of the occasion that takes its place."""
    rule = choose(member.facts, rules)
    return step_for(member, rule, occasion_for(member.facts, rule, occasions))


def step_for(member: MemberSnapshot, rule: Rule, occasion: Occasion | None = None, before: str | None = None) -> Step:
    """Return the step of a rule and an occasion; `before`: the reference of what it was about, for a retry."""
    teller = speaker(rule, occasion) or rule
    topic = WHEN[teller.id].about
    if before is not None:
        kept = (*member.checklist.items, *member.contacts, *member.openings, *member.alerts)
        subject = next((one for one in kept if reference(one) == before), None)
    else:
        subject = next(iter(topic.candidates(member)), None) if topic else None
    action, minutes = teller.action or "", teller.minutes
    if isinstance(subject, Item):
        action, minutes = subject.title, subject.minutes
    elif isinstance(teller, Rule) and teller.tiny and member.goal and member.goal.tiny:
        action = plain(member.goal.tiny)
    because = reason(teller, member.focus and member.focus.connection)
    return Step(rule, occasion, teller, subject, action, minutes, because)


def text_values(member: MemberSnapshot, step: Step) -> dict[str, str]:
    """Return what a text may be filled with: a placeholder whose fact is missing has no entry."""
    values = {
        # Discord shows the reader's own name for a mention, so no name has to be kept or fetched.
        "n": f"<@{member.seat.enrolment.user_id}>",
        "act": step.action,
        "mins": str(step.minutes),
        "why": step.because,
        **_subject_values(step.subject),
    }
    if member.momentum.weeks >= ENOUGH_WEEKS:
        values |= {"active": str(member.momentum.active), "weeks": str(member.momentum.weeks)}
    if member.focus:
        values["field"] = plain(member.focus.fields_text)
    if goal := member.goal:
        did = str(member.did)
        values |= {"goal": plain(goal.title), "plan": plain(goal.if_then), "did": did, "target": str(goal.target)}
        if member.did:
            values["progress"] = did
    when = WHEN[step.speaker.id]
    days = when.days(member.facts) if when.days else member.days(when.about, step.subject) if when.about else None
    return values if days is None else values | {"days": str(days)}


def _subject_values(subject: Subject | None) -> dict[str, str]:
    match subject:
        case Item(title=title):
            words = title
        case Contact(nickname=nickname):
            words = plain(nickname)
        case Opportunity(title=title):
            words = plain(title)
        case Alert(query=query):
            words = plain(query)
        case None:
            return {}
    return {topics.PLACEHOLDERS[type(subject)]: words}
