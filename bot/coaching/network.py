"""The network: people under nicknames, the stage of each relation, spaces, and alerts.

The stage follows from what a member logged with somebody and is never stored, so undoing an entry undoes its effect
on the stage.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated
from unicodedata import category, normalize

from bot.coaching.errors import NicknameOnly
from bot.coaching.goals import Direction
from bot.coaching.ids import AlertId, ContactId, SpaceId
from bot.coaching.limits import Between, StepText
from bot.coaching.log import Outcome
from bot.coaching.texts import checked_text, optional_text

NICKNAME_LIMIT = 24
SHARES_LIMIT = 60
STARTER_LIMIT = 600
KIND_LIMIT = 60
MOST_CONTACTS = 60
"""Nobody looks after more people one by one (our judgement); it also bounds every list."""
MOST_SPACES = 20
MOST_ALERTS = 20
SPACE_LIMIT = 40
RHYTHM_LIMIT = 40
ALERT_WORD_LIMIT = 40
TRY_AGAIN_AFTER = timedelta(days=7)
"""An answer may take a week; a second try before that does not count (method, section 3)."""
TRY_AGAIN_UNTIL = timedelta(days=28)
"""After four weeks a second try would come out of the blue (our judgement)."""
MOST_TRIES = 2
THANKED_WITHIN = 7
"""Days in which a thank-you is still prompt (method, rule A02)."""
REPORTED_FROM = 14
"""Days after which a thank-you can say what came of the advice (our judgement)."""
ADVICE_FROM, ADVICE_UNTIL = 21, 56
"""Days between which to report back on advice: the first by method, rule A10, the last by our judgement."""
ALERT_ASKED_AFTER = timedelta(days=28)
"""How long an alert runs before a note asks whether it is worth its noise (our judgement)."""

INTERVIEW, THANK = "interview", "thank"
ANSWERED_KINDS = frozenset({"talk", "chat", INTERVIEW})
"""Kinds in which the other side takes part."""
TRIES = frozenset({"reply", "ask", "invite", "follow_up"})
"""Kinds that may get an answer."""
ANSWERS = frozenset({Outcome.REPLY, Outcome.ADVICE, Outcome.MEETING, Outcome.OPENING})
"""Outcomes that imply an answer."""
RECEIVED = frozenset({Outcome.IDEA, Outcome.RESOURCE, Outcome.ADVICE, Outcome.OPENING})
"""Outcomes in which the other side gave something."""

_ENDINGS = (
    "com|org|net|edu|gov|io|dev|me|info|eu|uk|de|fr|es|it|nl|ch|at|us|ca|au|in|br|co"
    "|social|app|xyz|site|page|link|online|blog|gg|tv|ai|ly|pl|se|no|dk|fi|be|ie|pt|cz"
)
_PRIVATE = re.compile(
    r"\S+@\S+"  # an e-mail address, or a handle that others can follow to the person
    r"|(?:https?:|www\.)"
    rf"|\b(?!(?:asp|vb|ado|ml)\.net\b)[\w-]+\.(?:{_ENDINGS})\b"  # names of software end like addresses
    r"|\b[\w-]+\.[a-z]{2,}/\w"
    r"|@\w{2,}"
    r"|\w://|#\d{4}\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}/\d{1,2}\b|\b\d{1,2}:\d\d\b")
"""A day of a month, or a time of day."""
_DIGITS = re.compile(r"\d(?:[\W_]*\d){6,}")
"""As many digits as a telephone number has, however they are separated."""
_DAY_AND_MONTH = r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|[12]\d|3[01])"
_YEARS = re.compile(
    rf"\b{_DAY_AND_MONTH}[./-](?:19|20)\d\d\b"
    rf"|\b(?:19|20)\d\d[./-]{_DAY_AND_MONTH}\b"
    r"|\b(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d))?\b"
)
"""Dates and ranges of years, which have as many digits as a telephone number."""


class Category(StrEnum):
    """What somebody is to the member; breadth counts categories, never people."""

    PEER = "peer"
    NEAR_PEER = "near_peer"
    PRACTITIONER = "practitioner"
    EXPERT = "expert"
    MENTOR = "mentor"
    ALUM = "alum"
    RECRUITER = "recruiter"
    CONNECTOR = "connector"
    EDUCATOR = "educator"


class Stage(StrEnum):
    """How far a relation has come, lowest first (method, section 3)."""

    SPOTTED = "spotted"
    NOTICED = "noticed"
    CONVERSED = "conversed"
    MET = "met"
    MUTUAL = "mutual"
    ADVOCATE = "advocate"


class Where(StrEnum):
    """Whether somebody is near enough to meet in person."""

    LOCAL = "local"
    REMOTE = "remote"


class SpaceKind(StrEnum):
    """What a space is."""

    CHAT = "chat"
    COMMUNITY = "community"
    EVENT = "event"
    IN_PERSON = "in_person"


class AlertKind(StrEnum):
    """What an alert looks for."""

    JOB = "job"
    INTERNSHIP = "internship"
    EVENT = "event"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage in the words of the content files; without `touch_days` it does not cool."""

    means: StepText
    next: StepText
    touch_days: Annotated[int, Between(7, 365)] | None


@dataclass(frozen=True, slots=True)
class Starter:
    """The beginning of a message, with blanks to fill, and the occasion it is for."""

    id: str
    when: str
    text: Annotated[str, Between(1, STARTER_LIMIT)]


@dataclass(frozen=True, slots=True)
class KindWords:
    """Somebody of a category as a note speaks of them, where to find them, and a question to ask them.

    `in_field`: the same for members with a focus; it names {field}.
    """

    who: Annotated[str, Between(1, KIND_LIMIT)]
    in_field: Annotated[str, Between(1, KIND_LIMIT)]
    where: Annotated[str, Between(1, KIND_LIMIT)]
    ask: Annotated[str, Between(1, KIND_LIMIT)]


@dataclass(frozen=True, slots=True)
class NetworkWords:
    """Categories, stages and first messages in the words of the content files."""

    categories: Mapping[Category, str]
    kinds: Mapping[Category, KindWords]
    stages: Mapping[Stage, StageWords]
    starters: Mapping[str, Starter]


@dataclass(frozen=True, slots=True)
class Touch:
    """Something logged with a contact."""

    kind: str
    direction: Direction
    outcome: Outcome | None
    on: date

    @property
    def answered(self) -> bool:
        """Whether the other side took part."""
        return self.kind in ANSWERED_KINDS or self.outcome in ANSWERS


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A contact as typed, before it is stored."""

    nickname: str
    category: Category
    stage: Stage = Stage.SPOTTED
    where: Where | None = None
    shares: str | None = None


@dataclass(frozen=True)
class Contact:
    """Somebody in a member's network.

    Attributes:
        base: the stage that the member stated on `based_on`.
        rested: the member lets the contact rest.
        touches: what was logged since `based_on`, oldest first.
    """

    id: ContactId
    nickname: str
    category: Category
    base: Stage
    based_on: date
    where: Where | None
    shares: str | None
    rested: bool
    touches: tuple[Touch, ...] = ()

    @cached_property
    def relation(self) -> "Relation":
        """Derive the relation from its base and what was logged since.

        A reply makes it *conversed*, a talk in person or on a call *met*, help both ways *mutual*, an opening
        *advocate* (method, section 3). It never falls back by itself: only the member lowers a stage.
        """
        relation = Relation(self.base, self.based_on)
        gave = received = False
        for touch in self.touches:
            # Thanks are no help, and what somebody posts for all is not given to the member.
            gave = gave or (touch.direction is Direction.GIVE and touch.kind != THANK)
            received = received or (touch.outcome in RECEIVED and touch.direction is not Direction.LISTEN)
            relation = _after(relation, touch, both=gave and received)
        return relation


@dataclass(frozen=True, slots=True)
class Relation:
    """What follows from the log about a contact.

    Attributes:
        moved_on: when the stage last rose.
        last_on: the last contact.
        tries: unanswered tries since the last answer, the latest on `tried_on`.
        met_on: a meeting that was not thanked for yet.
        advised_on: advice that was not reported back on yet.
    """

    stage: Stage
    moved_on: date
    last_on: date | None = None
    tries: int = 0
    tried_on: date | None = None
    met_on: date | None = None
    advised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Space:
    """A place where the member's field talks, online or in person."""

    id: SpaceId
    name: str
    kind: SpaceKind
    rhythm: str | None


@dataclass(frozen=True, slots=True)
class Alert:
    """A saved search that the member set up somewhere; on `asked_on` they last said that it is worth keeping."""

    id: AlertId
    kind: AlertKind
    field: str
    role: str | None
    place: str | None
    on_since: date
    asked_on: date | None

    @property
    def query(self) -> str:
        """The words to search for, ready to paste: role, field and place (trace 2.15)."""
        return " ".join(f'"{word}"' if " " in word else word for word in (self.role, self.field, self.place) if word)


def checked_contact(draft: ContactDraft) -> ContactDraft:
    """Return the draft with clean texts that identify nobody: no address, number, link or handle.

    Raises:
        NicknameOnly, TextMissing, TextTooLong: the form has to be corrected.
    """
    nickname = checked_text("The nickname", draft.nickname, NICKNAME_LIMIT)
    shares = optional_text("What you share", draft.shares, SHARES_LIMIT)
    if any(map(points_at_somebody, (nickname, shares or ""))):
        raise NicknameOnly
    return replace(draft, nickname=nickname, shares=shares)


def points_at_somebody(text: str) -> bool:
    """Return whether a text holds an address, a telephone number, a link or a handle."""
    # As a reader sees it: wide, circled and split letters count as the plain ones.
    plain = normalize("NFKC", text).replace("。", ".")
    plain = "".join(letter for letter in plain if category(letter) not in {"Cf", "Mn", "Me"})
    numbers = _DIGITS.finditer(_CLOCK.sub("", plain))
    return bool(_PRIVATE.search(plain)) or not all(_YEARS.fullmatch(digits[0]) for digits in numbers)


def _after(relation: Relation, touch: Touch, *, both: bool) -> Relation:
    """Return a relation after one more entry; `both`: help has gone both ways."""
    stage, tries, tried_on, advised_on = _stage(relation, touch, both=both), 0, None, relation.advised_on
    if not touch.answered:
        early = relation.tried_on is not None and touch.on - relation.tried_on < TRY_AGAIN_AFTER
        is_try = touch.kind in TRIES and not early
        tries, tried_on = (relation.tries + 1, touch.on) if is_try else (relation.tries, relation.tried_on)
    met = touch.kind == INTERVIEW or touch.outcome is Outcome.MEETING
    met_on = None if touch.kind == THANK else touch.on if met else relation.met_on
    age = None if advised_on is None else (touch.on - advised_on).days
    if touch.kind == THANK and age is not None and age >= REPORTED_FROM:
        advised_on = None  # earlier thanks are for the talk itself
    elif touch.outcome is Outcome.ADVICE and (age is None or age > ADVICE_UNTIL):
        advised_on = touch.on
    contact = touch.answered or touch.direction is not Direction.LISTEN
    return Relation(
        stage,
        relation.moved_on if stage is relation.stage else touch.on,
        touch.on if contact else relation.last_on,
        tries,
        tried_on,
        met_on,
        advised_on,
    )


def _stage(relation: Relation, touch: Touch, *, both: bool) -> Stage:
    """Return the stage after one more entry, never lower than before."""
    order = list(Stage).index
    conversed = touch.answered or order(relation.stage) >= order(Stage.CONVERSED)
    reached = (
        (touch.outcome is Outcome.OPENING, Stage.ADVOCATE),
        (both and conversed, Stage.MUTUAL),
        (touch.kind == INTERVIEW or touch.outcome is Outcome.MEETING, Stage.MET),
        (touch.answered, Stage.CONVERSED),
        (touch.direction is not Direction.LISTEN, Stage.NOTICED),
    )
    return max(relation.stage, next((stage for applies, stage in reached if applies), Stage.SPOTTED), key=order)


def resting(contact: Contact, today: date) -> bool:
    """Return whether a contact is left in peace: the member said so, or two tries a week apart stayed unanswered."""
    tries, tried_on = contact.relation.tries, contact.relation.tried_on
    return contact.rested or (tries >= MOST_TRIES and tried_on is not None and today - tried_on >= TRY_AGAIN_AFTER)


def touch_due(contact: Contact, stages: Mapping[Stage, StageWords]) -> date | None:
    """Return the day from which a sign of life would be good, counted from the last contact; None: no need."""
    days = stages[contact.relation.stage].touch_days
    return None if days is None else (contact.relation.last_on or contact.based_on) + timedelta(days=days)


def cold(contacts: Sequence[Contact], stages: Mapping[Stage, StageWords], today: date) -> list[Contact]:
    """Return the contacts past their touch date, without those whose last try may still be answered."""

    def due(contact: Contact) -> date | None:
        tried_on = contact.relation.tried_on if contact.relation.tries else None
        may_answer = tried_on is not None and today - tried_on <= TRY_AGAIN_UNTIL
        return None if may_answer else touch_due(contact, stages)

    return _by_day(contacts, due, today)


def unanswered(contacts: Sequence[Contact], today: date) -> list[Contact]:
    """Return the contacts whose only try has waited one to four weeks for an answer."""
    bounds = TRY_AGAIN_AFTER.days, TRY_AGAIN_UNTIL.days
    return _by_day(contacts, lambda who: who.relation.tried_on if who.relation.tries == 1 else None, today, *bounds)


def to_thank(contacts: Sequence[Contact], today: date) -> list[Contact]:
    """Return the contacts met in the last seven days and not thanked yet."""
    return _by_day(contacts, lambda who: who.relation.met_on, today, 0, THANKED_WITHIN)


def to_report_back(contacts: Sequence[Contact], today: date) -> list[Contact]:
    """Return the contacts whose advice is three to eight weeks old and not reported back on."""
    return _by_day(contacts, lambda who: who.relation.advised_on, today, ADVICE_FROM, ADVICE_UNTIL)


def _by_day(
    contacts: Sequence[Contact],
    day_of: Callable[[Contact], date | None],
    today: date,
    fewest: int = 0,
    most: int | None = None,
) -> list[Contact]:
    """Return the contacts, not resting, whose day lies `fewest` to `most` days back, longest ago first."""
    dated = [
        (day, contact.id, contact)
        for contact in contacts
        if not resting(contact, today)
        and (day := day_of(contact)) is not None
        and fewest <= (today - day).days
        and (most is None or (today - day).days <= most)
    ]
    return [contact for *_, contact in sorted(dated, key=lambda entry: entry[:2])]


def filled(contacts: Sequence[Contact]) -> frozenset[Category]:
    """Return the categories that at least one contact fills."""
    return frozenset(contact.category for contact in contacts)


def to_ask(alerts: Sequence[Alert], today: date) -> list[Alert]:
    """Return the alerts to ask about, four weeks after they began or were last said to be worth it, oldest first."""
    since = {alert.id: alert.asked_on or alert.on_since for alert in alerts}
    due = [alert for alert in alerts if today - since[alert.id] >= ALERT_ASKED_AFTER]
    return sorted(due, key=lambda alert: (since[alert.id], alert.id))
