"""A member's opportunities in the database."""

from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, or_, select, update

from bot.coaching.ids import EnrolmentId, OpportunityId
from bot.coaching.opportunities import (
    OPEN,
    Opportunity,
    OpportunityDraft,
    OpportunityKind,
    OpportunityState,
    Source,
)
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER, RowValues

_opportunity = tables.opportunity
_o = _opportunity.c
_columns = tuple(_o[field.name] for field in fields(Opportunity))
_is_open = _o.state.in_([literal_column(f"'{state}'") for state in sorted(OPEN)])
KEPT = (
    select(*_columns)
    .where(_o.enrolment_id == MEMBER, or_(_is_open, _o.state_on >= bindparam("closed_since")))
    .order_by(_o.id)
)
_ONE = select(*_columns).where(_o.id == bindparam("opportunity"), _o.enrolment_id == MEMBER)


def opportunity_of(row: RowValues) -> Opportunity:
    """Return the opportunity that a row of `KEPT` holds."""
    values = dict(row)
    values["kind"] = OpportunityKind(row["kind"])
    values["source"] = row["source"] and Source(row["source"])
    values["state"] = OpportunityState(row["state"])
    return Opportunity(**values)


def kept(tx: Tx, enrolment_id: EnrolmentId, since: date) -> list[Opportunity]:
    """Return the member's open opportunities, and any closed on `since` or later, newest last."""
    rows = tx.execute(KEPT, {"member": enrolment_id, "closed_since": since}).mappings()
    return [opportunity_of(row) for row in rows]


def get(tx: Tx, enrolment_id: EnrolmentId, opportunity_id: OpportunityId) -> Opportunity | None:
    """Return one of the member's own opportunities."""
    row = tx.execute(_ONE, {"member": enrolment_id, "opportunity": opportunity_id}).mappings().first()
    return None if row is None else opportunity_of(row)


def add(tx: Tx, enrolment_id: EnrolmentId, draft: OpportunityDraft, on: date) -> OpportunityId:
    """Keep an opportunity that was spotted on a day."""
    made = insert(_opportunity).values(
        enrolment_id=enrolment_id,
        title=draft.title,
        kind=draft.kind,
        source=draft.source,
        due_on=draft.due_on,
        state=OpportunityState.SPOTTED,
        state_on=on,
    )
    return OpportunityId(tx.execute(made.returning(_opportunity.c.id)).one().id)


def change(tx: Tx, opportunity_id: OpportunityId, draft: OpportunityDraft) -> None:
    """Change what an opportunity is."""
    tx.execute(
        update(_opportunity)
        .where(_opportunity.c.id == opportunity_id)
        .values(title=draft.title, kind=draft.kind, source=draft.source, due_on=draft.due_on)
    )


def set_state(tx: Tx, opportunity_id: OpportunityId, state: OpportunityState, on: date) -> None:
    """Set an opportunity's state and the day it changed; if it was sent, that is the day it was sent."""
    values: dict[str, Any] = {"state": state, "state_on": on}
    if state is OpportunityState.SENT:
        # Thanks for the answer to come are still to come.
        values |= {"sent_on": on, "followed_on": None, "thanked_on": None}
    tx.execute(update(_opportunity).where(_opportunity.c.id == opportunity_id).values(values))


def set_followed(tx: Tx, opportunity_id: OpportunityId, on: date) -> None:
    """Record that an opportunity was followed up."""
    tx.execute(update(_opportunity).where(_opportunity.c.id == opportunity_id).values(followed_on=on))


def set_thanked(tx: Tx, opportunity_id: OpportunityId, on: date) -> None:
    """Record that the people who helped with an opportunity were thanked."""
    tx.execute(update(_opportunity).where(_opportunity.c.id == opportunity_id).values(thanked_on=on))


def remove(tx: Tx, opportunity_id: OpportunityId) -> None:
    """Forget an opportunity."""
    tx.execute(_opportunity.delete().where(_opportunity.c.id == opportunity_id))
