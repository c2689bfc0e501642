"""The member's network: people under nicknames, the spaces where their field talks, and their alerts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.coaching.cohort import Caller, Membership
from bot.coaching.errors import NetworkFull, NicknameTaken, OldCard, UnknownContact
from bot.coaching.focus import track_of
from bot.coaching.goals import Direction, Kind
from bot.coaching.ids import AlertId, ContactId, EnrolmentId, SpaceId
from bot.coaching.network import (
    ADVICE_FROM,
    ADVICE_UNTIL,
    ALERT_WORD_LIMIT,
    MOST_ALERTS,
    MOST_CONTACTS,
    MOST_SPACES,
    RHYTHM_LIMIT,
    SPACE_LIMIT,
    Alert,
    AlertKind,
    Category,
    Contact,
    ContactDraft,
    NetworkWords,
    Relation,
    Space,
    SpaceKind,
    Stage,
    StageWords,
    Starter,
    Where,
    checked_contact,
    cold,
    filled,
    resting,
    touch_due,
    unanswered,
)
from bot.coaching.texts import checked_text, folded, optional_text
from bot.services.membership import enrolment_typing, for_member
from prompts import Content
from storage import focus as focuses
from storage import goals, members
from storage import network as networks
from storage.database import Database, Tx

SUGGESTIONS = 25
"""Most names that are offered while one types."""
MOST_FOLLOW_UPS = 8
"""More than this at a time reads like a debt (our judgement)."""
THANKED_UNTIL = timedelta(days=28)
"""How long a thank-you is suggested; after that it would surprise more than please (our judgement)."""
MARKS = ((5, 3), (10, 4))
"""How many kinds of people make a map broad enough, by week of the term (method, section 3; our judgement)."""
USUAL_WHO = (Category.NEAR_PEER, Category.PRACTITIONER, Category.ALUM)
"""Whom to look for first where no track says it: each is a short step from a course (our judgement)."""
REFERRAL = "referral"
_TO_SOMEBODY = frozenset({Direction.WITH, Direction.GIVE, Direction.ASK})
_STARTERS: Mapping[Stage, tuple[str, ...]] = {
    Stage.SPOTTED: ("reply", "first_question"),
    Stage.NOTICED: ("reply", "first_question"),
    Stage.CONVERSED: ("twenty_minutes", "reconnect"),
    Stage.MET: ("reconnect", "report_back"),
    Stage.MUTUAL: ("reconnect", REFERRAL),
    Stage.ADVOCATE: ("report_back", REFERRAL),
}
"""The first messages that fit a stage; a referral is asked for from `mutual` on, never earlier (trace 3.14)."""


class Part(StrEnum):
    """What a network is made of: people, spaces, tools (method, E18)."""

    PERSON = "person"
    SPACE = "space"
    ALERT = "alert"


class Need(StrEnum):
    """What a relation waits for, the most pressing first."""

    THANK = "thank"
    REPORT = "report"
    SECOND_TRY = "second_try"
    QUIET = "quiet"


_ROOM: Mapping[Part, tuple[Callable[[Tx, EnrolmentId], Sequence[object]], int, str]] = {
    Part.PERSON: (networks.names, MOST_CONTACTS, "people"),
    Part.SPACE: (networks.spaces, MOST_SPACES, "spaces"),
    Part.ALERT: (networks.alerts, MOST_ALERTS, "alerts"),
}
_STARTER_FOR: Mapping[Need, str] = {
    Need.THANK: "thank",
    Need.REPORT: "report_back",
    Need.SECOND_TRY: "reconnect",
    Need.QUIET: "reconnect",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the network, and what their stage and the log mean today.

    Attributes:
        touch_on: From when a sign of life would be good; None when there is no need.
        since: The day that `need` counts from.
        starters: First messages that fit now.
    """

    contact: Contact
    relation: Relation
    category: str
    words: StageWords
    resting: bool
    touch_on: date | None
    need: Need | None
    since: date | None
    starters: tuple[Starter, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Network:
    """All of a member's network: people by what is next, then spaces and alerts."""

    people: tuple[Person, ...]
    spaces: tuple[Space, ...]
    alerts: tuple[Alert, ...]
    has_goal: bool

    @property
    def empty(self) -> bool:
        """Whether there is nothing yet."""
        return not (self.people or self.spaces or self.alerts)


@dataclass(frozen=True, slots=True)
class Breadth:
    """The map of a network: which kinds of people it has, with its spaces and alerts.

    Attributes:
        lacking: Near or far, when everybody who was placed is the other.
        suggested: An open category worth filling.
        week: The week of the term.
    """

    categories: Mapping[Category, str]
    filled: frozenset[Category]
    spaces: tuple[Space, ...]
    alerts: tuple[Alert, ...]
    lacking: Where | None
    suggested: Category | None
    week: int
    has_goal: bool

    @property
    def mark(self) -> int | None:
        """How many categories are enough by this week; None while there is time."""
        return max((kinds for week, kinds in MARKS if self.week >= week), default=None)

    @property
    def empty(self) -> bool:
        """Whether there is nothing yet."""
        return not (self.filled or self.spaces or self.alerts)


@dataclass(frozen=True, slots=True)
class ContactChoices:
    """Somebody, and the kinds of action that can be done with a person."""

    person: Person
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class SpaceDraft:
    """A space as written."""

    name: str
    kind: SpaceKind
    rhythm: str | None = None


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """An alert as written."""

    kind: AlertKind
    field: str
    role: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """An entry of a network: a person, a space or an alert, by its name."""

    part: Part
    id: int
    name: str

    @property
    def reference(self) -> str:
        """How menus and buttons refer to it."""
        return f"{self.part}:{self.id}"


class NetworkService:
    """What `/network` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self.database = database
        self._content = content

    @property
    def words(self) -> NetworkWords:
        """Return what the content says of categories, stages and first messages."""
        return self._content.network

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of action that can be done with a person, in the order of the content."""
        return tuple(kind for kind in self._content.vocabulary.kinds.values() if kind.direction in _TO_SOMEBODY)

    @for_member
    def start(self, tx: Tx, member: Membership, part: Part, now: datetime) -> str | None:
        """Return the caller's first field, which the form for an alert begins with.

        Raises NetworkFull when there is no room for one more, before anything was typed.
        """
        self._check_room(tx, member.id, part)
        focus = focuses.get(tx, member.id)
        return focus.fields[0] if focus else None

    @for_member
    def add_person(self, tx: Tx, member: Membership, draft: ContactDraft, now: datetime) -> Person:
        """Store a person; raises NicknameOnly, TextMissing, TextTooLong, NicknameTaken or NetworkFull."""
        checked = checked_contact(draft)
        self._check_room(tx, member.id, Part.PERSON)
        self._check_free(tx, member.id, checked.nickname, None)
        contact_id = networks.add_contact(tx, member.id, checked, member.today(now))
        members.set_active(tx, member.id, now)
        return self._person(tx, member, contact_id, now)

    @for_member
    def add_space(self, tx: Tx, member: Membership, draft: SpaceDraft, now: datetime) -> Space:
        """Store a space in place of one of that name; raises TextMissing, TextTooLong or NetworkFull."""
        name = checked_text("The name", draft.name, SPACE_LIMIT)
        rhythm = optional_text("The rhythm", draft.rhythm, RHYTHM_LIMIT)
        for space in networks.spaces(tx, member.id):
            if _same(space.name, name):
                networks.remove_space(tx, member.id, space.id)
        self._check_room(tx, member.id, Part.SPACE)
        networks.add_space(tx, member.id, name, draft.kind, rhythm)
        members.set_active(tx, member.id, now)
        return next(space for space in networks.spaces(tx, member.id) if space.name == name)

    @for_member
    def add_alert(self, tx: Tx, member: Membership, draft: AlertDraft, now: datetime) -> Alert:
        """Store an alert, on since today, unless the member has it; raises TextMissing, TextTooLong or NetworkFull."""
        field = checked_text("The field", draft.field, ALERT_WORD_LIMIT)
        role = optional_text("The role", draft.role, ALERT_WORD_LIMIT)
        place = optional_text("The place", draft.place, ALERT_WORD_LIMIT)
        alert = Alert(AlertId(0), draft.kind, field, role, place, member.today(now), None)
        for known in networks.alerts(tx, member.id):
            if known.kind is alert.kind and _same(known.query, alert.query):
                return known
        self._check_room(tx, member.id, Part.ALERT)
        members.set_active(tx, member.id, now)
        return replace(alert, id=networks.add_alert(tx, member.id, alert))

    @for_member
    def show(self, tx: Tx, member: Membership, now: datetime) -> Network:
        """Return the caller's network: people by what is next, those who rest last."""
        people = sorted(self._people(tx, member, now), key=_by_what_is_next)
        spaces, alerts = networks.spaces(tx, member.id), networks.alerts(tx, member.id)
        return Network(tuple(people), tuple(spaces), tuple(alerts), bool(goals.running(tx, member.id)))

    @for_member
    def person(self, tx: Tx, member: Membership, contact_id: ContactId, now: datetime) -> Person:
        """Return one of the caller's own people; raises UnknownContact."""
        return self._person(tx, member, contact_id, now)

    @for_member
    def find(self, tx: Tx, member: Membership, nickname: str, now: datetime) -> Person:
        """Return the caller's person of a nickname, ignoring case; raises UnknownContact."""
        for contact_id, name in networks.names(tx, member.id):
            if _same(name, nickname):
                return self._person(tx, member, contact_id, now)
        raise UnknownContact

    @for_member
    def alert(self, tx: Tx, member: Membership, alert_id: AlertId, now: datetime) -> Alert:
        """Return one of the caller's own alerts; raises OldCard when it is gone."""
        for alert in networks.alerts(tx, member.id):
            if alert.id == alert_id:
                return alert
        raise OldCard

    async def choices(self, caller: Caller, contact_id: ContactId, now: datetime) -> ContactChoices:
        """Return a person of the caller's and what can be logged with them; raises UnknownContact."""
        return ContactChoices(await self.person(caller, contact_id, now), self.kinds)

    @for_member
    def change(
        self, tx: Tx, member: Membership, contact_id: ContactId, draft: ContactDraft, shown: Stage, now: datetime
    ) -> Person:
        """Change a person, and their stage if it differs from the one `shown` in the form.

        Earlier actions do not count toward a stage set by hand, so it may go down too. Raises UnknownContact,
        NicknameOnly, TextMissing, TextTooLong or NicknameTaken.
        """
        checked = checked_contact(draft)
        self._person(tx, member, contact_id, now)
        self._check_free(tx, member.id, checked.nickname, contact_id)
        networks.change_contact(tx, contact_id, checked)
        if checked.stage is not shown:
            networks.set_stage(tx, contact_id, checked.stage, member.today(now))
        members.set_active(tx, member.id, now)
        return self._person(tx, member, contact_id, now)

    @for_member
    def rest(self, tx: Tx, member: Membership, contact_id: ContactId, now: datetime, *, rested: bool) -> Person:
        """Let one of the caller's own people rest, or wake them; raises UnknownContact."""
        person = self._person(tx, member, contact_id, now)
        networks.set_rested(tx, contact_id, rested=rested)
        if not rested and resting(replace(person.contact, rested=False), person.today):
            # Earlier unanswered tries would put them back to rest at once.
            networks.set_stage(tx, contact_id, person.relation.stage, person.today)
        return self._person(tx, member, contact_id, now)

    @for_member
    def follow_ups(self, tx: Tx, member: Membership, now: datetime) -> list[Person]:
        """Return who waits for a word from the caller, most pressing first, eight at most, without those who rest."""
        waiting = [person for person in self._people(tx, member, now) if person.need]
        return sorted(waiting, key=_by_need)[:MOST_FOLLOW_UPS]

    @for_member
    def breadth(self, tx: Tx, member: Membership, now: datetime) -> Breadth:
        """Return the caller's map: which categories are filled, never by how many people."""
        people = networks.contacts(tx, member.id, self._content.vocabulary)
        track = track_of(focuses.get(tx, member.id), member.cohort.track)
        template = self._content.vocabulary.templates.get(track or "")
        who_first = [Category(name) for name in template.who] if template else USUAL_WHO
        full = filled(people)
        placed = {person.where for person in people if person.where}
        return Breadth(
            self._content.network.categories,
            full,
            tuple(networks.spaces(tx, member.id)),
            tuple(networks.alerts(tx, member.id)),
            next((where for where in Where if where not in placed), None) if placed else None,
            next((category for category in who_first if category not in full), None),
            member.cohort.week_number(member.today(now)),
            bool(goals.running(tx, member.id)),
        )

    async def starter(self, caller: Caller, starter_id: str, contact_id: ContactId, now: datetime) -> Starter:
        """Return the beginning of a message to a person of the caller's; raises UnknownContact or OldCard.

        Asking for a referral is on offer only from the stage that allows it.
        """
        person = await self.person(caller, contact_id, now)
        starter = self._content.network.starters.get(starter_id)
        if starter is None or (starter_id == REFERRAL and REFERRAL not in _STARTERS[person.relation.stage]):
            raise OldCard
        return starter

    @for_member
    def thing(self, tx: Tx, member: Membership, what: str, _now: datetime) -> Thing:
        """Return the entry of the caller's network that a reference or a name means; raises UnknownContact."""
        return _meant(_things(tx, member.id), what)

    @for_member
    def forget(self, tx: Tx, member: Membership, reference: str, now: datetime) -> Thing:
        """Remove an entry of the caller's network; actions logged with it stay, nameless. Raises UnknownContact."""
        thing = _meant(_things(tx, member.id), reference)
        match thing.part:
            case Part.PERSON:
                networks.remove_contact(tx, member.id, ContactId(thing.id))
            case Part.SPACE:
                networks.remove_space(tx, member.id, SpaceId(thing.id))
            case Part.ALERT:
                networks.remove_alert(tx, member.id, AlertId(thing.id))
        return thing

    async def things(self, caller: Caller, typed: str, *parts: Part) -> list[Thing]:
        """Suggest entries of the caller's network whose name contains what was typed, 25 at most."""

        def work(tx: Tx) -> list[Thing]:
            enrolment = enrolment_typing(tx, caller)
            return [] if enrolment is None else _things(tx, enrolment.id)

        wanted = folded(typed)
        matching = [thing for thing in await self.database.read(work) if wanted in folded(thing.name)]
        return [thing for thing in matching if thing.part in (parts or tuple(Part))][:SUGGESTIONS]

    def _check_room(self, tx: Tx, enrolment_id: EnrolmentId, part: Part) -> None:
        entries, most, what = _ROOM[part]
        if len(entries(tx, enrolment_id)) >= most:
            raise NetworkFull(what, most)

    def _check_free(self, tx: Tx, enrolment_id: EnrolmentId, nickname: str, own: ContactId | None) -> None:
        for contact_id, known in networks.names(tx, enrolment_id):
            if contact_id != own and _same(known, nickname):
                raise NicknameTaken(known)

    def _people(self, tx: Tx, member: Membership, now: datetime) -> list[Person]:
        contacts = networks.contacts(tx, member.id, self._content.vocabulary)
        return [person_of(contact, self._content.network, member.today(now)) for contact in contacts]

    def _person(self, tx: Tx, member: Membership, contact_id: ContactId, now: datetime) -> Person:
        contact = networks.contact(tx, member.id, contact_id, self._content.vocabulary)
        if contact is None:
            raise UnknownContact
        return person_of(contact, self._content.network, member.today(now))


def person_of(contact: Contact, words: NetworkWords, today: date) -> Person:
    """Return what a contact and the actions logged with them mean today."""
    now = contact.relation
    need, since = _need(contact, now, words, today)
    starters = (*((_STARTER_FOR[need],) if need else ()), *_STARTERS[now.stage])
    return Person(
        contact,
        now,
        words.categories[contact.category],
        words.stages[now.stage],
        resting(contact, today),
        touch_due(contact, words.stages),
        need,
        since,
        tuple(words.starters[starter] for starter in dict.fromkeys(starters)),
        today,
    )


def _need(contact: Contact, now: Relation, words: NetworkWords, today: date) -> tuple[Need | None, date | None]:
    """Return what somebody who is not resting waits for, and since when."""
    if resting(contact, today):
        return None, None
    if now.met_on is not None and today - now.met_on <= THANKED_UNTIL:
        return Need.THANK, now.met_on
    if now.advised_on is not None and ADVICE_FROM <= (today - now.advised_on).days <= ADVICE_UNTIL:
        return Need.REPORT, now.advised_on
    if unanswered([contact], today):
        return Need.SECOND_TRY, now.tried_on
    if cold([contact], words.stages, today):
        return Need.QUIET, touch_due(contact, words.stages)
    return None, None


def _by_need(person: Person) -> tuple[int, date, int]:
    return list(Need).index(person.need or Need.QUIET), person.since or person.today, person.contact.id


def _by_what_is_next(person: Person) -> tuple[int, date, str]:
    """Sort key: who waits, then who should hear next, then who need not hear, then who rests."""
    name = folded(person.contact.nickname)
    if person.resting:
        return 3, person.today, name
    if person.need:
        return 0, person.since or person.today, name
    return (2, person.today, name) if person.touch_on is None else (1, person.touch_on, name)


def _things(tx: Tx, enrolment_id: EnrolmentId) -> list[Thing]:
    return [
        *(Thing(Part.PERSON, number, name) for number, name in networks.names(tx, enrolment_id)),
        *(Thing(Part.SPACE, space.id, space.name) for space in networks.spaces(tx, enrolment_id)),
        *(Thing(Part.ALERT, alert.id, alert.query) for alert in networks.alerts(tx, enrolment_id)),
    ]


def _meant(things: Sequence[Thing], what: str) -> Thing:
    """Return the entry of a reference, else the first of that name; raises UnknownContact."""
    named = [thing for thing in things if _same(thing.name, what)]
    for thing in (*(thing for thing in things if thing.reference == what), *named):
        return thing
    raise UnknownContact


def _same(text: str, other: str) -> bool:
    return folded(text) == folded(other)
