"""The next step: which rule and occasion fit a member, and the item, person, opening or alert that it is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TypeAlias

from bot.coaching import network, opportunities
from bot.coaching.focus import Connection
from bot.coaching.footprint import Item, next_items, rechecks_due
from bot.coaching.momentum import ENOUGH_WEEKS
from bot.coaching.network import Alert, Contact, standing
from bot.coaching.next_action import Facts, Occasion, Rule, choose, occasion_for
from bot.coaching.opportunities import Opportunity, OpportunityState
from bot.coaching.texts import plain
from bot.services.facts import Picture
from prompts import Content

Subject: TypeAlias = Item | Contact | Opportunity | Alert


@dataclass(frozen=True, slots=True)
class Step:
    """The next step: the rule that picked it, the occasion that takes its place if any, and what it is about.

    `tiny`: the goal's own five-minute version. `connection`: what a connection means to the member.
    """

    rule: Rule
    occasion: Occasion | None
    subject: Subject | None = None
    tiny: str | None = None
    connection: Connection | None = None

    @property
    def speaker(self) -> Rule | Occasion:
        """Return whose step it is: the occasion's if it has one of its own, else the rule's."""
        return self.rule if self.occasion is None or self.occasion.tells_rule else self.occasion

    @property
    def situation(self) -> str:
        """Return the situation whose texts tell it."""
        return self.rule.situation if self.occasion is None else self.occasion.id

    @property
    def buttons_of(self) -> str:
        """Return the situation whose buttons act on it."""
        return self.rule.situation if self.occasion is None or self.occasion.tells_rule else self.occasion.id

    @property
    def action(self) -> str:
        """Return what to do, in words; empty when the occasion asks for nothing."""
        if isinstance(self.subject, Item):
            return self.subject.title
        if isinstance(self.speaker, Rule) and self.speaker.tiny and self.tiny:
            return self.tiny
        return self.speaker.action or ""

    @property
    def because(self) -> str:
        """Return why this step, in words that fit what a connection means to the member."""
        return reason(self.speaker, self.connection)

    @property
    def minutes(self) -> int:
        """Return about how many minutes it takes."""
        return self.subject.minutes if isinstance(self.subject, Item) else self.speaker.minutes

    @property
    def smaller(self) -> str | None:
        """Return the version of about five minutes: the goal's own where the step is the goal's."""
        own = self.tiny if "goal" in self.speaker.done else None
        return own or self.speaker.smaller

    @property
    def reference(self) -> str | None:
        """Return what it is about as a row of the ledger keeps it."""
        match self.subject:
            case Item(id=item_id):
                return item_id
            case Contact(id=number):
                return f"person:{number}"
            case Opportunity(id=number):
                return f"opening:{number}"
            case Alert(id=number):
                return f"alert:{number}"
            case _:
                return None


def reason(speaker: Rule | Occasion, connection: Connection | None) -> str:
    """Return why a step is worth doing, to somebody to whom a connection means this."""
    if isinstance(speaker, Rule) and connection is not None:
        return speaker.because_for.get(connection, speaker.because)
    return speaker.because


# What each step is about, the first one first; a step that is not named here is about nothing in particular.
_ABOUT: Mapping[str, Callable[[Picture, Content], Sequence[Subject]]] = {
    "A01": lambda seen, _: opportunities.due_soon(seen.openings, seen.today),
    "A02": lambda seen, _: network.to_thank(seen.contacts, seen.today),
    "A04": lambda seen, _: next_items(seen.checklist, seen.answers),
    "A09": lambda seen, _: opportunities.to_follow(seen.openings, seen.today),
    "A10": lambda seen, _: network.to_report_back(seen.contacts, seen.today),
    "A17": lambda seen, content: network.cold(seen.contacts, content.network.stages, seen.today),
    "A19": lambda seen, _: rechecks_due(seen.checklist, seen.answers, seen.today),
    "opportunity_won": lambda seen, _: opportunities.answered(seen.openings, OpportunityState.YES, seen.today),
    "opportunity_lost": lambda seen, _: opportunities.answered(seen.openings, OpportunityState.NO, seen.today),
    "no_reply": lambda seen, _: network.unanswered(seen.contacts, seen.today),
    "alert_payoff": lambda seen, _: network.to_ask(seen.alerts, seen.today),
}


def next_step(seen: Picture, content: Content) -> Step:
    """Return the next step for a member: the first rule that matches, the occasion it meets, and what it is about."""
    rule = choose(seen.facts, content.rules)
    return step_for(seen, content, rule, occasion_for(seen.facts, rule, content.occasions))


def step_for(
    seen: Picture, content: Content, rule: Rule, occasion: Occasion | None = None, reference: str | None = None
) -> Step:
    """Return the step of a rule and an occasion; `reference`: what it was about before, for a retry to speak of."""
    step = Step(rule, occasion, None, seen.goal and seen.goal.tiny, seen.focus and seen.focus.connection)
    if reference is not None:
        return replace(step, subject=_referred(seen, reference))
    about = _ABOUT.get(step.speaker.id)
    found = about(seen, content) if about else ()
    return replace(step, subject=found[0] if found else None)


def _referred(seen: Picture, reference: str) -> Subject | None:
    kept: Mapping[str, Subject] = {
        **{item.id: item for item in seen.checklist.items},
        **{f"person:{one.id}": one for one in seen.contacts},
        **{f"opening:{one.id}": one for one in seen.openings},
        **{f"alert:{one.id}": one for one in seen.alerts},
    }
    return kept.get(reference)


def looked_at(facts: Facts) -> dict[str, object]:
    """Return what the rules looked at, by name, for *Why this?*: not which notes came before."""
    return {name: value for name, value in asdict(facts).items() if not name.startswith("recent_")}


def text_values(seen: Picture, step: Step) -> dict[str, str]:
    """Return what a text may be filled with: a placeholder whose fact is missing has no entry."""
    values = {
        # Discord shows the reader's own name for a mention, so no name has to be kept or fetched.
        "n": f"<@{seen.seat.enrolment.user_id}>",
        "act": plain(step.action) if step.action == step.tiny else step.action,
        "mins": str(step.minutes),
        "why": step.because,
    }
    if seen.momentum.weeks >= ENOUGH_WEEKS:
        values |= {"active": str(seen.momentum.active), "weeks": str(seen.momentum.weeks)}
    if seen.focus:
        values["field"] = plain(seen.focus.fields_text)
    if seen.goal:
        values |= {
            "goal": plain(seen.goal.title),
            "plan": plain(seen.goal.if_then),
            "did": str(seen.did),
            "target": str(seen.goal.target),
        }
        if seen.did:
            values["progress"] = str(seen.did)
    return values | _values_of(seen, step)


def _values_of(seen: Picture, step: Step) -> dict[str, str]:
    values: dict[str, str] = {}
    match step.subject:
        case Item(title=title):
            values["item"] = title
        case Contact(nickname=nickname):
            values["who"] = plain(nickname)
        case Opportunity(title=title):
            values["opening"] = plain(title)
        case Alert() as alert:
            values["alert"] = plain(alert.query)
        case _:
            pass
    if step.speaker.id == "bio_stale":
        return values | {"days": str(seen.facts.bio_days or 0)}
    day = _day_of(seen, step)
    return values if day is None else values | {"days": str(abs((seen.today - day).days))}


def _day_of(seen: Picture, step: Step) -> date | None:
    """Return the day that {days} is counted from or to, which depends on what is said about it."""
    match step.subject:
        case Item(id=item_id) if item_id in seen.answers:
            return seen.answers[item_id].on
        case Contact() as contact:
            now = standing(contact)
            days = {"A02": now.met_on, "A10": now.advised_on, "no_reply": now.tried_on}
            return days.get(step.speaker.id, now.last_on or contact.based_on)
        case Opportunity() as opening:
            return opening.due_on if step.speaker.id == "A01" else opening.sent_on
        case Alert() as alert:
            return alert.asked_on or alert.on_since
        case _:
            return None
