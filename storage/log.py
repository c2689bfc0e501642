"""Logged actions in the database."""

from datetime import date, datetime

from sqlalchemy import Row, delete, insert, select, update

from bot.coaching.ids import ActionId, ContactId, EnrolmentId, NudgeId
from bot.coaching.log import Action, ActionDraft, Outcome
from storage import tables
from storage.database import Tx

_action = tables.action
_columns = (
    _action.c.id,
    _action.c.kind,
    _action.c.happened_on,
    _action.c.logged_at,
    _action.c.note,
    _action.c.minutes,
    _action.c.outcome,
    _action.c.contact_id,
)


def _action_of(row: Row[int, str, date, datetime, str | None, int | None, str | None, int | None]) -> Action:
    outcome = None if row[6] is None else Outcome(row[6])
    contact = row[7]
    with_ = None if contact is None else ContactId(contact)
    return Action(ActionId(row[0]), row[1], row[2], row[3], row[4], row[5], outcome, with_)


def add(
    tx: Tx, enrolment_id: EnrolmentId, draft: ActionDraft, on: date, now: datetime, nudge_id: NudgeId | None = None
) -> Action:
    """Keep an action done on the day `on`; `draft.kind` is set. The nudge it answers, if any, has none yet."""
    row = tx.execute(
        insert(_action)
        .values(
            enrolment_id=enrolment_id,
            nudge_id=nudge_id,
            kind=draft.kind,
            happened_on=on,
            note=draft.note,
            minutes=draft.minutes,
            outcome=draft.outcome,
            contact_id=draft.contact,
            logged_at=now,
        )
        .returning(*_columns)
    ).one()
    return _action_of(row)


def since(tx: Tx, enrolment_id: EnrolmentId, at: datetime) -> list[Action]:
    """Return the member's actions logged later than `at`, oldest first."""
    a = _action.c
    rows = tx.execute(
        select(*_columns).where(a.enrolment_id == enrolment_id, a.logged_at > at).order_by(a.logged_at, a.id)
    )
    return [_action_of(row) for row in rows]


def logged_for(tx: Tx, nudge_id: NudgeId) -> bool:
    """Return whether *Done* was logged for this nudge."""
    return tx.scalar(select(_action.c.id).where(_action.c.nudge_id == nudge_id)) is not None


def get(tx: Tx, enrolment_id: EnrolmentId, action_id: ActionId | None = None) -> Action | None:
    """Return one of the member's own actions, the last one they logged when none is named; None if there is none."""
    a = _action.c
    statement = select(*_columns).where(a.enrolment_id == enrolment_id)
    if action_id is not None:
        statement = statement.where(a.id == action_id)
    row = tx.execute(statement.order_by(a.logged_at.desc(), a.id.desc()).limit(1)).first()
    return None if row is None else _action_of(row)


def change(tx: Tx, action_id: ActionId, draft: ActionDraft) -> Action:
    """Change an action, which is there; `draft.kind` is set."""
    row = tx.execute(
        update(_action)
        .where(_action.c.id == action_id)
        .values(
            kind=draft.kind,
            note=draft.note,
            minutes=draft.minutes,
            outcome=draft.outcome,
            contact_id=draft.contact,
        )
        .returning(*_columns)
    ).one()
    return _action_of(row)


def days(tx: Tx, enrolment_id: EnrolmentId, since: date) -> list[date]:
    """Return the days from `since` on, on which the member did something they logged."""
    a = _action.c
    return list(
        tx.scalars(select(a.happened_on).where(a.enrolment_id == enrolment_id, a.happened_on >= since).distinct())
    )


def remove(tx: Tx, enrolment_id: EnrolmentId, action_id: ActionId) -> str | None:
    """Remove one of the member's own actions and return its kind; None if they have no such action."""
    statement = delete(_action).where(_action.c.id == action_id, _action.c.enrolment_id == enrolment_id)
    return tx.scalar(statement.returning(_action.c.kind))
