"""A member's network in the database: people under nicknames, spaces, and alerts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from unicodedata import normalize

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.coaching.goals import Vocabulary
from bot.coaching.ids import AlertId, ContactId, EnrolmentId, SpaceId
from bot.coaching.log import Outcome
from bot.coaching.network import (
    Alert,
    AlertKind,
    Category,
    Contact,
    ContactDraft,
    Space,
    SpaceKind,
    Stage,
    Touch,
    Where,
)
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER, Combined, RowValues

_contact = tables.contact
_space = tables.space
_alert = tables.alert
_action = tables.action
_c, _a, _al, _s = _contact.c, _action.c, _alert.c, _space.c
CONTACTS = (
    select(_c.id, _c.nickname, _c.category, _c.base_stage, _c.based_on, _c.place, _c.shares, _c.rested)
    .where(_c.enrolment_id == MEMBER)
    .order_by(_c.id)
)
TOUCHES = (
    select(_a.contact_id, _a.kind, _a.outcome, _a.happened_on)
    .join(_contact, _c.id == _a.contact_id)
    .where(_a.enrolment_id == MEMBER, tables.with_contact, _a.id > _c.based_after)
    .order_by(_a.logged_at, _a.id)
)
_NETWORK = Combined(contacts=CONTACTS, touches=TOUCHES)
_which = _c.id == bindparam("contact")
_ONE = Combined(contacts=CONTACTS.where(_which), touches=TOUCHES.where(_which))
_NAMES = select(_c.id, _c.nickname).where(_c.enrolment_id == MEMBER).order_by(_c.id)
_HAS = select(_c.id).where(_c.enrolment_id == MEMBER, _which)
ALERTS = (
    select(_al.id, _al.kind, _al.field, _al.role, _al.place, _al.on_since, _al.asked_on)
    .where(_al.enrolment_id == MEMBER)
    .order_by(_al.on_since, _al.id)
)


SPACES = select(_s.id, _s.name, _s.kind, _s.rhythm).where(_s.enrolment_id == MEMBER).order_by(_s.id)


def _by_name(name: str) -> str:
    """Sort key for names: the same on every database, accented letters beside plain ones."""
    return normalize("NFKD", name.casefold())


def contacts_of(rows: Sequence[RowValues], touches: Sequence[RowValues], vocabulary: Vocabulary) -> list[Contact]:
    """Return the contacts that rows of `CONTACTS` and `TOUCHES` hold, by nickname."""
    logged: dict[int, list[Touch]] = defaultdict(list)
    for row in touches:
        if row["kind"] in vocabulary.kinds:
            outcome = row["outcome"] and Outcome(row["outcome"])
            direction = vocabulary.kinds[row["kind"]].direction
            logged[row["contact_id"]].append(Touch(row["kind"], direction, outcome, row["happened_on"]))
    found = [
        Contact(
            ContactId(row["id"]),
            row["nickname"],
            Category(row["category"]),
            Stage(row["base_stage"]),
            row["based_on"],
            row["place"] and Where(row["place"]),
            row["shares"],
            row["rested"],
            tuple(logged[row["id"]]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: _by_name(one.nickname))


def contacts(tx: Tx, enrolment_id: EnrolmentId, vocabulary: Vocabulary) -> list[Contact]:
    """Return the member's contacts by nickname, each with what was logged since its stage was last set by hand."""
    rows = _NETWORK.read(tx, {"member": enrolment_id})
    return contacts_of(rows["contacts"], rows["touches"], vocabulary)


def contact(tx: Tx, enrolment_id: EnrolmentId, contact_id: ContactId, vocabulary: Vocabulary) -> Contact | None:
    """Return one of the member's own contacts, as `contacts` does; None if there is none."""
    rows = _ONE.read(tx, {"member": enrolment_id, "contact": contact_id})
    return next(iter(contacts_of(rows["contacts"], rows["touches"], vocabulary)), None)


def names(tx: Tx, enrolment_id: EnrolmentId) -> list[tuple[ContactId, str]]:
    """Return the member's contacts by nickname, without what was logged with them."""
    rows = tx.execute(_NAMES, {"member": enrolment_id})
    return sorted(((ContactId(row[0]), row[1]) for row in rows), key=lambda one: _by_name(one[1]))


def has_contact(tx: Tx, enrolment_id: EnrolmentId, contact_id: ContactId) -> bool:
    """Return whether a contact is the member's own."""
    return tx.scalar(_HAS, {"member": enrolment_id, "contact": contact_id}) is not None


def add_contact(tx: Tx, enrolment_id: EnrolmentId, draft: ContactDraft, on: date) -> ContactId:
    """Keep a contact; the member has none under this nickname, and room for one more."""
    made = insert(_contact).values(
        enrolment_id=enrolment_id,
        nickname=draft.nickname,
        category=draft.category,
        place=draft.where,
        shares=draft.shares,
        base_stage=draft.stage,
        based_on=on,
    )
    return ContactId(tx.execute(made.returning(_contact.c.id)).one().id)


def change_contact(tx: Tx, contact_id: ContactId, draft: ContactDraft) -> None:
    """Change who a contact is; the stage is changed by `set_stage`."""
    tx.execute(
        update(_contact)
        .where(_contact.c.id == contact_id)
        .values(nickname=draft.nickname, category=draft.category, place=draft.where, shares=draft.shares)
    )


def set_stage(tx: Tx, contact_id: ContactId, stage: Stage, on: date) -> None:
    """Set a stage by hand on a day: what was logged with them until now does not count toward it any more."""
    last = select(func.coalesce(func.max(_action.c.id), 0)).where(_action.c.contact_id == contact_id).scalar_subquery()
    changed = update(_contact).where(_contact.c.id == contact_id)
    tx.execute(changed.values(base_stage=stage, based_on=on, based_after=last))


def set_rested(tx: Tx, contact_id: ContactId, *, rested: bool) -> None:
    """Let a contact rest, or wake it."""
    tx.execute(update(_contact).where(_contact.c.id == contact_id).values(rested=rested))


def remove_contact(tx: Tx, enrolment_id: EnrolmentId, contact_id: ContactId) -> bool:
    """Forget one of the member's own contacts; what was logged stays, without a name. False if there is none."""
    c = _contact.c
    gone = delete(_contact).where(c.id == contact_id, c.enrolment_id == enrolment_id).returning(c.id)
    return tx.execute(gone).first() is not None


def spaces(tx: Tx, enrolment_id: EnrolmentId) -> list[Space]:
    """Return the places where the member's field talks, by name."""
    return spaces_of(tx.execute(SPACES, {"member": enrolment_id}).mappings().all())


def spaces_of(rows: Sequence[RowValues]) -> list[Space]:
    """Return the spaces that rows of `SPACES` hold, by name."""
    kept = [Space(SpaceId(row["id"]), row["name"], SpaceKind(row["kind"]), row["rhythm"]) for row in rows]
    return sorted(kept, key=lambda one: _by_name(one.name))


def add_space(tx: Tx, enrolment_id: EnrolmentId, name: str, kind: SpaceKind, rhythm: str | None) -> None:
    """Keep a space."""
    tx.execute(insert(_space).values(enrolment_id=enrolment_id, name=name, kind=kind, rhythm=rhythm))


def remove_space(tx: Tx, enrolment_id: EnrolmentId, space_id: SpaceId) -> bool:
    """Forget one of the member's own spaces; False if there is none."""
    s = _space.c
    gone = delete(_space).where(s.id == space_id, s.enrolment_id == enrolment_id).returning(s.id)
    return tx.execute(gone).first() is not None


def alerts(tx: Tx, enrolment_id: EnrolmentId) -> list[Alert]:
    """Return the member's alerts, the oldest first."""
    return [alert_of(row) for row in tx.execute(ALERTS, {"member": enrolment_id}).mappings()]


def alert_of(row: RowValues) -> Alert:
    """Return the alert that a row of `ALERTS` holds."""
    return Alert(
        AlertId(row["id"]),
        AlertKind(row["kind"]),
        row["field"],
        row["role"],
        row["place"],
        row["on_since"],
        row["asked_on"],
    )


def add_alert(tx: Tx, enrolment_id: EnrolmentId, alert: Alert) -> AlertId:
    """Keep an alert; return its number in place of the one it came with."""
    made = insert(_alert).values(
        enrolment_id=enrolment_id,
        kind=alert.kind,
        field=alert.field,
        role=alert.role,
        place=alert.place,
        on_since=alert.on_since,
        asked_on=alert.asked_on,
    )
    return AlertId(tx.execute(made.returning(_alert.c.id)).one().id)


def keep_alert(tx: Tx, enrolment_id: EnrolmentId, alert_id: AlertId, on: date) -> bool:
    """Record that one of the member's own alerts is worth keeping; False if there is none."""
    a = _alert.c
    kept = update(_alert).where(a.id == alert_id, a.enrolment_id == enrolment_id).values(asked_on=on).returning(a.id)
    return tx.execute(kept).first() is not None


def remove_alert(tx: Tx, enrolment_id: EnrolmentId, alert_id: AlertId) -> bool:
    """Forget one of the member's own alerts; False if there is none."""
    a = _alert.c
    gone = delete(_alert).where(a.id == alert_id, a.enrolment_id == enrolment_id).returning(a.id)
    return tx.execute(gone).first() is not None
