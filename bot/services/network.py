"""The member's network: people under nicknames, the spaces where their field talks, and their alerts."""

from collections.abc import Mapping, Sequence
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
    Space,
    SpaceKind,
    Stage,
    StageWords,
    Standing,
    Starter,
    Where,
    checked_contact,
    cold,
    filled,
    resting,
    touch_due,
    unanswered,
)
from bot.coaching.texts import checked_text, optional_text
from bot.coaching.weeks import local_day, term_week
from bot.services.membership import as_member, enrolment_typing
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


_STARTER_FOR: Mapping[Need, str] = {
    Need.THANK: "thank",
    Need.REPORT: "report_back",
    Need.SECOND_TRY: "reconnect",
    Need.QUIET: "reconnect",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the network, and all that follows today: the stage with its words, what it waits for, what to write.

    `touch_on`: from when a sign of life would be good, None when there is no need. `since`: the day `need` counts from.
    """

    contact: Contact
    standing: Standing
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
        """Return whether nothing is kept yet."""
        return not (self.people or self.spaces or self.alerts)


@dataclass(frozen=True, slots=True)
class Breadth:
    """The map: which kinds of people are filled, and what stands beside them.

    `lacking`: near or far, when everybody who was placed is the other. `suggested`: an open category worth filling.
    `week`: of the term.
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
        """Return how many categories are enough by this week, None while there is time."""
        return max((kinds for week, kinds in MARKS if self.week >= week), default=None)

    @property
    def empty(self) -> bool:
        """Return whether nothing is kept yet."""
        return not (self.filled or self.spaces or self.alerts)


@dataclass(frozen=True, slots=True)
class ContactChoices:
    """Somebody, and the kinds of action that can be done with a person."""

    person: Person
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class SpaceDraft:
    """A space as written, before it is kept."""

    name: str
    kind: SpaceKind
    rhythm: str | None = None


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """An alert as written, before it is kept."""

    kind: AlertKind
    field: str
    role: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of a network that can be forgotten, under the name its member knows it by."""

    part: Part
    id: int
    name: str

    @property
    def reference(self) -> str:
        """Return what names it in a menu or button."""
        return f"{self.part}:{self.id}"


class NetworkService:
    """What `/network` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    @property
    def words(self) -> NetworkWords:
        """Return what the content says of categories, stages and first messages."""
        return self._content.network

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of action that can be done with a person, in the order of the content."""
        return tuple(kind for kind in self._content.vocabulary.kinds.values() if kind.direction in _TO_SOMEBODY)

    async def start(self, caller: Caller, part: Part, now: datetime) -> str | None:
        """Return the caller's first field, which the form for an alert begins with.

        Raises NetworkFull when there is no room for one more, before anything was typed.
        """

        def work(tx: Tx, seat: Membership) -> str | None:
            self._check_room(tx, seat.enrolment.id, part)
            focus = focuses.get(tx, seat.enrolment.id)
            return focus.fields[0] if focus else None

        return await as_member(self._database, caller, now, work)

    async def add_person(self, caller: Caller, draft: ContactDraft, now: datetime) -> Person:
        """Keep a person; raises NicknameOnly, TextMissing, TextTooLong, NicknameTaken or NetworkFull."""
        checked = checked_contact(draft)

        def work(tx: Tx, seat: Membership) -> Person:
            self._check_room(tx, seat.enrolment.id, Part.PERSON)
            self._check_free(tx, seat.enrolment.id, checked.nickname, None)
            contact_id = networks.add_contact(tx, seat.enrolment.id, checked, _today(seat, now))
            members.set_active(tx, seat.enrolment.id, now)
            return self._person(tx, seat, contact_id, now)

        return await as_member(self._database, caller, now, work)

    async def add_space(self, caller: Caller, draft: SpaceDraft, now: datetime) -> Space:
        """Keep a space, in place of an earlier one of the same name; raises TextMissing, TextTooLong or NetworkFull."""
        name = checked_text("The name", draft.name, SPACE_LIMIT)
        rhythm = optional_text("The rhythm", draft.rhythm, RHYTHM_LIMIT)

        def work(tx: Tx, seat: Membership) -> Space:
            mine = seat.enrolment.id
            for space in networks.spaces(tx, mine):
                if _same(space.name, name):
                    networks.remove_space(tx, mine, space.id)
            self._check_room(tx, mine, Part.SPACE)
            networks.add_space(tx, mine, name, draft.kind, rhythm)
            members.set_active(tx, mine, now)
            return next(space for space in networks.spaces(tx, mine) if space.name == name)

        return await as_member(self._database, caller, now, work)

    async def add_alert(self, caller: Caller, draft: AlertDraft, now: datetime) -> Alert:
        """Keep an alert, on since today; the same one again is the one that is kept already.

        Raises TextMissing, TextTooLong or NetworkFull.
        """
        field = checked_text("The field", draft.field, ALERT_WORD_LIMIT)
        role = optional_text("The role", draft.role, ALERT_WORD_LIMIT)
        place = optional_text("The place", draft.place, ALERT_WORD_LIMIT)

        def work(tx: Tx, seat: Membership) -> Alert:
            mine = seat.enrolment.id
            alert = Alert(AlertId(0), draft.kind, field, role, place, _today(seat, now), None)
            for kept in networks.alerts(tx, mine):
                if kept.kind is alert.kind and _same(kept.query, alert.query):
                    return kept
            self._check_room(tx, mine, Part.ALERT)
            members.set_active(tx, mine, now)
            return replace(alert, id=networks.add_alert(tx, mine, alert))

        return await as_member(self._database, caller, now, work)

    async def show(self, caller: Caller, now: datetime) -> Network:
        """Return the caller's network: people by what is next, those who rest last."""

        def work(tx: Tx, seat: Membership) -> Network:
            mine = seat.enrolment.id
            people = sorted(self._people(tx, seat, now), key=_by_what_is_next)
            spaces, alerts = networks.spaces(tx, mine), networks.alerts(tx, mine)
            return Network(tuple(people), tuple(spaces), tuple(alerts), bool(goals.running(tx, mine)))

        return await as_member(self._database, caller, now, work)

    async def person(self, caller: Caller, contact_id: ContactId, now: datetime) -> Person:
        """Return one of the caller's own people; raises UnknownContact."""
        return await as_member(self._database, caller, now, lambda tx, seat: self._person(tx, seat, contact_id, now))

    async def find(self, caller: Caller, nickname: str, now: datetime) -> Person:
        """Return the caller's person of that nickname, however it is capitalised; raises UnknownContact."""

        def work(tx: Tx, seat: Membership) -> Person:
            for contact_id, name in networks.names(tx, seat.enrolment.id):
                if _same(name, nickname):
                    return self._person(tx, seat, contact_id, now)
            raise UnknownContact

        return await as_member(self._database, caller, now, work)

    async def alert(self, caller: Caller, alert_id: AlertId, now: datetime) -> Alert:
        """Return one of the caller's own alerts; raises OldCard when it is gone."""

        def work(tx: Tx, seat: Membership) -> Alert:
            kept = networks.alerts(tx, seat.enrolment.id)
            found = [alert for alert in kept if alert.id == alert_id]
            if not found:
                raise OldCard
            return found[0]

        return await as_member(self._database, caller, now, work)

    async def choices(self, caller: Caller, contact_id: ContactId, now: datetime) -> ContactChoices:
        """Return what may have been done with one of the caller's own people; raises UnknownContact."""
        return ContactChoices(await self.person(caller, contact_id, now), self.kinds)

    async def change(
        self, caller: Caller, contact_id: ContactId, draft: ContactDraft, shown: Stage, now: datetime
    ) -> Person:
        """Change who somebody is, and the stage if it is another than the one `shown` when they began to write.

        What was logged before no longer counts toward a stage that is said by hand, so it may go down too. Raises
        UnknownContact, NicknameOnly, TextMissing, TextTooLong or NicknameTaken.
        """
        checked = checked_contact(draft)

        def work(tx: Tx, seat: Membership) -> Person:
            self._person(tx, seat, contact_id, now)
            self._check_free(tx, seat.enrolment.id, checked.nickname, contact_id)
            networks.change_contact(tx, contact_id, checked)
            if checked.stage is not shown:
                self._set_stage(tx, seat, contact_id, checked.stage, now)
            members.set_active(tx, seat.enrolment.id, now)
            return self._person(tx, seat, contact_id, now)

        return await as_member(self._database, caller, now, work)

    async def rest(self, caller: Caller, contact_id: ContactId, now: datetime, *, rested: bool) -> Person:
        """Let one of the caller's own people rest, or wake them; raises UnknownContact."""

        def work(tx: Tx, seat: Membership) -> Person:
            person = self._person(tx, seat, contact_id, now)
            networks.set_rested(tx, contact_id, rested=rested)
            if not rested and resting(replace(person.contact, rested=False), person.today):
                # Tries that stayed unanswered would put them back to rest at once.
                self._set_stage(tx, seat, contact_id, person.standing.stage, now)
            return self._person(tx, seat, contact_id, now)

        return await as_member(self._database, caller, now, work)

    async def follow_ups(self, caller: Caller, now: datetime) -> list[Person]:
        """Return who waits for a word from the caller, the most pressing first, eight at most; nobody who rests."""

        def work(tx: Tx, seat: Membership) -> list[Person]:
            people = self._people(tx, seat, now)
            return sorted((one for one in people if one.need), key=_by_need)[:MOST_FOLLOW_UPS]

        return await as_member(self._database, caller, now, work)

    async def breadth(self, caller: Caller, now: datetime) -> Breadth:
        """Return the caller's map: categories filled or open, never how many people there are."""

        def work(tx: Tx, seat: Membership) -> Breadth:
            mine = seat.enrolment.id
            people = networks.contacts(tx, mine, self._content.vocabulary)
            taken = filled(people)
            open_ones = [one for one in self._who(tx, seat) if one not in taken]
            return Breadth(
                self._content.network.categories,
                taken,
                tuple(networks.spaces(tx, mine)),
                tuple(networks.alerts(tx, mine)),
                _lacking(people),
                open_ones[0] if open_ones else None,
                term_week(seat.cohort.starts_on, _today(seat, now)),
                bool(goals.running(tx, mine)),
            )

        return await as_member(self._database, caller, now, work)

    async def starter(self, caller: Caller, starter_id: str, contact_id: ContactId, now: datetime) -> Starter:
        """Return the beginning of a message to one of the caller's own people; raises UnknownContact or OldCard.

        A referral is refused to those who have not come to the stage for it.
        """
        person = await self.person(caller, contact_id, now)
        starter = self._content.network.starters.get(starter_id)
        if starter is None or (starter_id == REFERRAL and REFERRAL not in _STARTERS[person.standing.stage]):
            raise OldCard
        return starter

    async def thing(self, caller: Caller, what: str, now: datetime) -> Thing:
        """Return what of the caller's own network a reference or a name means; raises UnknownContact."""
        return await as_member(
            self._database, caller, now, lambda tx, seat: _meant(_things(tx, seat.enrolment.id), what)
        )

    async def forget(self, caller: Caller, reference: str, now: datetime) -> Thing:
        """Forget something of the caller's own network; what was logged stays, nameless. Raises UnknownContact."""

        def work(tx: Tx, seat: Membership) -> Thing:
            mine = seat.enrolment.id
            thing = _meant(_things(tx, mine), reference)
            match thing.part:
                case Part.PERSON:
                    networks.remove_contact(tx, mine, ContactId(thing.id))
                case Part.SPACE:
                    networks.remove_space(tx, mine, SpaceId(thing.id))
                case Part.ALERT:
                    networks.remove_alert(tx, mine, AlertId(thing.id))
            return thing

        return await as_member(self._database, caller, now, work)

    async def things(self, caller: Caller, typed: str, *parts: Part) -> list[Thing]:
        """Return what of the caller's own network holds what was typed, of some parts or of all, 25 at most.

        Leaves no trace; none to somebody without a seat.
        """

        def work(tx: Tx) -> list[Thing]:
            mine = enrolment_typing(tx, caller)
            return [] if mine is None else _things(tx, mine.id)

        wanted = _spelling(typed)
        found = [
            thing
            for thing in await self._database.read(work)
            if wanted in _spelling(thing.name) and thing.part in (parts or tuple(Part))
        ]
        return found[:SUGGESTIONS]

    def _check_room(self, tx: Tx, enrolment_id: EnrolmentId, part: Part) -> None:
        match part:
            case Part.PERSON:
                kept, most, what = len(networks.names(tx, enrolment_id)), MOST_CONTACTS, "people"
            case Part.SPACE:
                kept, most, what = len(networks.spaces(tx, enrolment_id)), MOST_SPACES, "spaces"
            case Part.ALERT:
                kept, most, what = len(networks.alerts(tx, enrolment_id)), MOST_ALERTS, "alerts"
        if kept >= most:
            raise NetworkFull(what, most)

    def _check_free(self, tx: Tx, enrolment_id: EnrolmentId, nickname: str, own: ContactId | None) -> None:
        for contact_id, taken in networks.names(tx, enrolment_id):
            if contact_id != own and _same(taken, nickname):
                raise NicknameTaken(taken)

    def _people(self, tx: Tx, seat: Membership, now: datetime) -> list[Person]:
        contacts = networks.contacts(tx, seat.enrolment.id, self._content.vocabulary)
        return [person_of(one, self._content.network, _today(seat, now)) for one in contacts]

    def _person(self, tx: Tx, seat: Membership, contact_id: ContactId, now: datetime) -> Person:
        found = networks.contact(tx, seat.enrolment.id, contact_id, self._content.vocabulary)
        if found is None:
            raise UnknownContact
        return person_of(found, self._content.network, _today(seat, now))

    def _set_stage(self, tx: Tx, seat: Membership, contact_id: ContactId, stage: Stage, now: datetime) -> None:
        networks.set_stage(tx, contact_id, stage, _today(seat, now))

    def _who(self, tx: Tx, seat: Membership) -> Sequence[Category]:
        """Return whom the member's track looks for first."""
        track = track_of(focuses.get(tx, seat.enrolment.id), seat.cohort.track)
        template = self._content.vocabulary.templates.get(track or "")
        return [Category(one) for one in template.who] if template else USUAL_WHO


def person_of(contact: Contact, words: NetworkWords, today: date) -> Person:
    """Return all that follows today from a contact and what was logged with them."""
    now = contact.standing
    need, since = _need(contact, now, words, today)
    wanted = [*([_STARTER_FOR[need]] if need else []), *_STARTERS[now.stage]]
    return Person(
        contact,
        now,
        words.categories[contact.category],
        words.stages[now.stage],
        resting(contact, today),
        touch_due(contact, words.stages),
        need,
        since,
        tuple(words.starters[one] for one in dict.fromkeys(wanted)),
        today,
    )


def _need(contact: Contact, now: Standing, words: NetworkWords, today: date) -> tuple[Need | None, date | None]:
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
    """Return a place in the list: who waits, then who is next to hear, then who need not be, then who rests."""
    name = _spelling(person.contact.nickname)
    if person.resting:
        return 3, person.today, name
    if person.need:
        return 0, person.since or person.today, name
    return (2, person.today, name) if person.touch_on is None else (1, person.touch_on, name)


def _lacking(people: Sequence[Contact]) -> Where | None:
    placed = {one.where for one in people if one.where}
    return next((one for one in Where if one not in placed), None) if placed else None


def _things(tx: Tx, enrolment_id: EnrolmentId) -> list[Thing]:
    return [
        *(Thing(Part.PERSON, number, name) for number, name in networks.names(tx, enrolment_id)),
        *(Thing(Part.SPACE, one.id, one.name) for one in networks.spaces(tx, enrolment_id)),
        *(Thing(Part.ALERT, one.id, one.query) for one in networks.alerts(tx, enrolment_id)),
    ]


def _meant(things: Sequence[Thing], what: str) -> Thing:
    """Return the thing that a reference names, else the first of that name; raises UnknownContact."""
    for thing in things:
        if thing.reference == what:
            return thing
    for thing in things:
        if _same(thing.name, what):
            return thing
    raise UnknownContact


def _today(seat: Membership, now: datetime) -> date:
    return local_day(now, seat.enrolment.wish.zone)


def _spelling(text: str) -> str:
    return " ".join(text.split()).casefold()


def _same(one: str, other: str) -> bool:
    return _spelling(one) == _spelling(other)
