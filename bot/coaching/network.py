"""The network: people under nicknames, the stage each relation has reached, spaces, and alerts.

What a member logged with somebody decides the stage; nothing of it is kept twice, so an entry that is undone or changed
changes the stage with it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
"""A network of more people than this is not looked after one by one (our judgement); it also bounds every list."""
MOST_SPACES = 20
MOST_ALERTS = 20
SPACE_LIMIT = 40
RHYTHM_LIMIT = 40
ALERT_WORD_LIMIT = 40
TRY_AGAIN_AFTER = timedelta(days=7)
"""An answer may take a week; a second try before that is not one (method, section 3)."""
TRY_AGAIN_UNTIL = timedelta(days=28)
"""After four weeks a second try would be out of the blue (our judgement)."""
MOST_TRIES = 2
THANKED_WITHIN = 7
"""Days in which a note still says thank you (method, rule A02)."""
REPORTED_FROM = 14
"""Days after which a thank-you can say what came of the advice (our judgement)."""
ADVICE_FROM, ADVICE_UNTIL = 21, 56
"""Days after which advice is reported back on (method, rule A10), and until when that makes sense (our judgement)."""
ALERT_ASKED_AFTER = timedelta(days=28)
"""How long an alert is on before a note asks whether it is worth its noise (our judgement)."""

INTERVIEW, THANK = "interview", "thank"
ANSWERED_KINDS = frozenset({"talk", "chat", INTERVIEW})
"""Kinds that cannot be logged unless the other side took part."""
TRIES = frozenset({"reply", "ask", "invite", "follow_up"})
"""Kinds after which an answer may come."""
ANSWERS = frozenset({Outcome.REPLY, Outcome.ADVICE, Outcome.MEETING, Outcome.OPENING})
"""Outcomes that cannot be without an answer."""
RECEIVED = frozenset({Outcome.IDEA, Outcome.RESOURCE, Outcome.ADVICE, Outcome.OPENING})
"""Outcomes in which the other side gave something."""

_ENDINGS = (
    "com|org|net|edu|gov|io|dev|me|info|eu|uk|de|fr|es|it|nl|ch|at|us|ca|au|in|br|co"
    "|social|app|xyz|site|page|link|online|blog|gg|tv|ai|ly|pl|se|no|dk|fi|be|ie|pt|cz"
)
_PRIVATE = re.compile(
    r"\S+@\S+"  # an e-mail address, or a handle that others can follow to the person
    r"|(?:https?:|www\.)"
    rf"|\b[\w-]+\.(?:{_ENDINGS})\b"
    r"|\b[\w-]+\.[a-z]{2,}/\w"
    r"|@\w{2,}"
    r"|\w://|#\d{4}\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d(?:[\W_]*\d){6,}")
"""As many digits as a telephone number has, however they are parted."""
_DAY_AND_MONTH = r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|[12]\d|3[01])"
_YEARS = re.compile(
    rf"\b{_DAY_AND_MONTH}[./-](?:19|20)\d\d\b"
    rf"|\b(?:19|20)\d\d[./-]{_DAY_AND_MONTH}\b"
    r"|\b(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d))?\b"
)
"""Dates, and years from and to, which have as many digits as a telephone number."""


class Category(StrEnum):
    """What somebody is to the member; breadth is how many of these are filled, never how many people there are."""

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


_ORDER = tuple(Stage)


class Where(StrEnum):
    """Whether somebody is near enough to meet in person."""

    LOCAL = "local"
    REMOTE = "remote"


class SpaceKind(StrEnum):
    """What a place where the field talks is."""

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
    """A stage as the content files describe it; `touch_days` None: it does not cool."""

    means: StepText
    next: StepText
    touch_days: Annotated[int, Between(7, 365)] | None


@dataclass(frozen=True, slots=True)
class Starter:
    """The beginning of a message, with blanks to fill; `when` says what it is for."""

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
    """What the content files say about categories, stages and first messages."""

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
        """Return whether the other side took part."""
        return self.kind in ANSWERED_KINDS or self.outcome in ANSWERS


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A contact as written, before it is kept."""

    nickname: str
    category: Category
    stage: Stage = Stage.SPOTTED
    where: Where | None = None
    shares: str | None = None


@dataclass(frozen=True)
class Contact:
    """Somebody in a member's network, and what was logged with them since `based_on`, oldest first.

    `base`: the stage as the member last said it, on `based_on`. `rested`: the member lets it rest.
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
    def standing(self) -> "Standing":
        """Where the relation stands, by the events logged since the member last said so themselves.

        A reply makes it *conversed*, a talk in person or on a call *met*, help both ways *mutual*, an opening
        *advocate* (method, section 3). Nothing here moves a stage down: that is for the member.
        """
        now = Standing(self.base, self.based_on)
        gave = received = False
        for touch in self.touches:
            # Thanks are no help, and what somebody posts for all is none of theirs to the member.
            gave = gave or (touch.direction is Direction.GIVE and touch.kind != THANK)
            received = received or (touch.outcome in RECEIVED and touch.direction is not Direction.LISTEN)
            now = _after(now, touch, both=gave and received)
        return now


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a relation stands: what follows from what was logged.

    `moved_on`: when the stage last rose. `last_on`: the last contact. `tries` went unanswered since the last answer,
    the last of them on `tried_on`. `met_on`: a meeting not thanked for yet. `advised_on`: advice not reported back on.
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
    """A standing search that the member set up somewhere; `asked_on`: when they last said that it is worth keeping."""

    id: AlertId
    kind: AlertKind
    field: str
    role: str | None
    place: str | None
    on_since: date
    asked_on: date | None

    @property
    def query(self) -> str:
        """Return the words to search for, ready to paste: role, field and place (trace 2.15)."""
        return " ".join(f'"{word}"' if " " in word else word for word in (self.role, self.field, self.place) if word)


def checked_contact(draft: ContactDraft) -> ContactDraft:
    """Return the draft with clean texts; raises NicknameOnly, TextMissing or TextTooLong."""
    return ContactDraft(
        checked_nickname(draft.nickname),
        draft.category,
        draft.stage,
        draft.where,
        _nothing_private(optional_text("What you share", draft.shares, SHARES_LIMIT)),
    )


def checked_nickname(text: str) -> str:
    """Return a nickname that gives nobody away: no address, number, link or handle; raises NicknameOnly."""
    nickname = checked_text("The nickname", text, NICKNAME_LIMIT)
    _nothing_private(nickname)
    return nickname


def _bare(text: str) -> str:
    """Return what a reader sees, in the plainest letters: wide, circled and split spellings read the same."""
    plainest = normalize("NFKC", text).replace("。", ".")
    return "".join(one for one in plainest if category(one) not in {"Cf", "Mn", "Me"})


def _nothing_private(text: str | None) -> str | None:
    bare = _bare(text or "")
    if _PRIVATE.search(bare) or not all(_YEARS.fullmatch(found[0]) for found in _DIGITS.finditer(bare)):
        raise NicknameOnly
    return text


def _after(now: Standing, touch: Touch, *, both: bool) -> Standing:
    reached = _reached(touch, now.stage, both=both)
    rose = _ORDER.index(reached) > _ORDER.index(now.stage)
    contact = touch.answered or touch.direction is not Direction.LISTEN
    tries, tried_on = _tries(now, touch)
    thanked = touch.kind == THANK
    met_on = touch.on if touch.kind == INTERVIEW or touch.outcome is Outcome.MEETING else now.met_on
    advised_on = _advised(now.advised_on, touch)
    return Standing(
        reached if rose else now.stage,
        touch.on if rose else now.moved_on,
        touch.on if contact else now.last_on,
        tries,
        tried_on,
        None if thanked else met_on,
        advised_on,
    )


def _advised(advised_on: date | None, touch: Touch) -> date | None:
    """Return since when advice waits to be reported back on; thanks within two weeks are for the talk itself."""
    age = None if advised_on is None else (touch.on - advised_on).days
    if touch.kind == THANK and age is not None and age >= REPORTED_FROM:
        return None
    if touch.outcome is Outcome.ADVICE and (age is None or age > ADVICE_UNTIL):
        return touch.on
    return advised_on


def _reached(touch: Touch, stage: Stage, *, both: bool) -> Stage:
    if touch.outcome is Outcome.OPENING:
        return Stage.ADVOCATE
    known = touch.answered or _ORDER.index(stage) >= _ORDER.index(Stage.CONVERSED)
    if both and known:
        return Stage.MUTUAL
    if touch.kind == INTERVIEW or touch.outcome is Outcome.MEETING:
        return Stage.MET
    if touch.answered:
        return Stage.CONVERSED
    return Stage.SPOTTED if touch.direction is Direction.LISTEN else Stage.NOTICED


def _tries(now: Standing, touch: Touch) -> tuple[int, date | None]:
    if touch.answered:
        return 0, None
    if touch.kind not in TRIES or (now.tried_on is not None and touch.on - now.tried_on < TRY_AGAIN_AFTER):
        return now.tries, now.tried_on
    return now.tries + 1, touch.on


def resting(contact: Contact, today: date) -> bool:
    """Return whether a contact is left in peace: the member said so, or two tries, a week apart, stayed unanswered."""
    now = contact.standing
    waited = now.tried_on is not None and today - now.tried_on >= TRY_AGAIN_AFTER
    return contact.rested or (now.tries >= MOST_TRIES and waited)


def touch_due(contact: Contact, stages: Mapping[Stage, StageWords]) -> date | None:
    """Return the day from which a sign of life would be good, counted from the last contact; None: no need."""
    now = contact.standing
    days = stages[now.stage].touch_days
    return None if days is None else (now.last_on or contact.based_on) + timedelta(days=days)


def cold(contacts: Sequence[Contact], stages: Mapping[Stage, StageWords], today: date) -> list[Contact]:
    """Return the contacts past their touch date that are not resting, longest due first."""
    due = [
        (day, one.id, one)
        for one in contacts
        if not resting(one, today)
        and not _open_try(one, today)
        and (day := touch_due(one, stages)) is not None
        and day <= today
    ]
    return [one for _, _, one in sorted(due, key=lambda found: found[:2])]


def _open_try(contact: Contact, today: date) -> bool:
    """Return whether a try has had no answer, and still may have one."""
    now = contact.standing
    return now.tries > 0 and now.tried_on is not None and today - now.tried_on <= TRY_AGAIN_UNTIL


def unanswered(contacts: Sequence[Contact], today: date) -> list[Contact]:
    """Return the contacts of whom one try has waited for an answer for one to four weeks, longest first."""
    waiting = [
        (now.tried_on, one.id, one)
        for one in contacts
        if not resting(one, today)
        and (now := one.standing).tries == 1
        and now.tried_on is not None
        and TRY_AGAIN_AFTER <= today - now.tried_on <= TRY_AGAIN_UNTIL
    ]
    return [one for _, _, one in sorted(waiting, key=lambda found: found[:2])]


def to_thank(contacts: Sequence[Contact], today: date) -> list[Contact]:
    """Return the contacts met in the last seven days and not thanked yet, longest ago first."""
    return _between(contacts, lambda now: now.met_on, 0, THANKED_WITHIN, today)


def to_report_back(contacts: Sequence[Contact], today: date) -> list[Contact]:
    """Return the contacts whose advice is three to eight weeks old and not reported back on, longest ago first."""
    return _between(contacts, lambda now: now.advised_on, ADVICE_FROM, ADVICE_UNTIL, today)


def _between(
    contacts: Sequence[Contact], day_of: Callable[[Standing], date | None], first: int, last: int, today: date
) -> list[Contact]:
    """Return the contacts not resting whose day lies `first` to `last` days back, longest ago first."""
    dated = [
        (day, one.id, one)
        for one in contacts
        if not resting(one, today) and (day := day_of(one.standing)) is not None and first <= (today - day).days <= last
    ]
    return [one for _, _, one in sorted(dated, key=lambda found: found[:2])]


def filled(contacts: Sequence[Contact]) -> frozenset[Category]:
    """Return the categories that somebody fills."""
    return frozenset(one.category for one in contacts)


def to_ask(alerts: Sequence[Alert], today: date) -> list[Alert]:
    """Return the alerts that have been on for four weeks since they were last said to be worth it, longest first."""
    due = [one for one in alerts if today - (one.asked_on or one.on_since) >= ALERT_ASKED_AFTER]
    return sorted(due, key=lambda one: (one.asked_on or one.on_since, one.id))
