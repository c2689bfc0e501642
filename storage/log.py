"""Logged actions in the database."""

from datetime import date, datetime

from sqlalchemy import Row, delete, insert, select, update

from bot.coaching.ids import ActionId, EnrolmentId, NudgeId
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
)


def _action_of(row: Row[int, str, date, datetime, str | None, int | None, str | None]) -> Action:
    outcome = None if row[6] is None else Outcome(row[6])
    return Action(ActionId(row[0]), row[1], row[2], row[3], row[4], row[5], outcome)


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


def set_kind(tx: Tx, enrolment_id: EnrolmentId, action_id: ActionId, kind: str) -> Action | None:
    """Change the kind of one of the member's own actions; None if they have no such action."""
    row = tx.execute(
        update(_action)
        .where(_action.c.id == action_id, _action.c.enrolment_id == enrolment_id)
        .values(kind=kind)
        .returning(*_columns)
    ).first()
    return None if row is None else _action_of(row)


def remove(tx: Tx, enrolment_id: EnrolmentId, action_id: ActionId) -> bool:
    """Remove one of the member's own actions; False if they have no such action."""
    statement = delete(_action).where(_action.c.id == action_id, _action.c.enrolment_id == enrolment_id)
    return tx.execute(statement.returning(_action.c.id)).first() is not None
