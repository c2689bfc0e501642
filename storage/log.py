"""Logged actions in the database."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Row, bindparam, case, delete, func, insert, select, update

from bot.coaching.ids import ActionId, ContactId, EnrolmentId, GoalId, NudgeId
from bot.coaching.log import COUNTED_WEEKS, Action, ActionDraft, KindCount, Outcome
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER, RowValues

_action = tables.action
_a, _g = _action.c, tables.goal.c
_columns = (_a.id, _a.kind, _a.happened_on, _a.logged_at, _a.note, _a.minutes, _a.outcome, _a.contact_id)
_ADD = insert(_action).returning(*_columns)
_LAST = select(*_columns).where(_a.enrolment_id == MEMBER).order_by(_a.logged_at.desc(), _a.id.desc()).limit(1)
_ONE = select(*_columns).where(_a.enrolment_id == MEMBER, _a.id == bindparam("action"))
_weeks_ago = case(
    *((_a.logged_at > bindparam(f"week_{back}"), back) for back in range(COUNTED_WEEKS - 1)), else_=COUNTED_WEEKS - 1
).label("weeks_ago")
COUNTS = (
    select(
        _a.kind,
        _weeks_ago,
        func.count().label("entries"),
        func.coalesce(func.sum(_a.minutes), 0).label("minutes"),
    )
    .where(_a.enrolment_id == MEMBER, _a.logged_at > bindparam(f"week_{COUNTED_WEEKS - 1}"))
    .group_by(_a.kind, "weeks_ago")
)
COUNTS_OF_GOALS = (
    select(_g.id, _a.kind, func.count().label("entries"))
    .select_from(tables.goal)
    .join(_action, (_a.enrolment_id == _g.enrolment_id) & (_a.happened_on >= _g.starts_on))
    .where(_g.enrolment_id == MEMBER, _g.ended_at.is_(None))
    .group_by(_g.id, _a.kind)
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
    values = {
        "enrolment_id": enrolment_id,
        "nudge_id": nudge_id,
        "kind": draft.kind,
        "happened_on": on,
        "note": draft.note,
        "minutes": draft.minutes,
        "outcome": draft.outcome,
        "contact_id": draft.contact,
        "logged_at": now,
    }
    return _action_of(tx.execute(_ADD, values).one())


def weeks_before(now: datetime) -> dict[str, datetime]:
    """Return the parameters of `COUNTS` beside the member: after which moment each week begins."""
    return {f"week_{back}": now - timedelta(weeks=back + 1) for back in range(COUNTED_WEEKS)}


def count_of(row: RowValues) -> KindCount:
    """Return the count that a row of `COUNTS` holds."""
    return KindCount(row["kind"], row["weeks_ago"], row["entries"], row["minutes"])


def counts(tx: Tx, enrolment_id: EnrolmentId, now: datetime) -> list[KindCount]:
    """Return how often the member logged each kind in each of the last four weeks."""
    rows = tx.execute(COUNTS, {"member": enrolment_id, **weeks_before(now)}).mappings()
    return [count_of(row) for row in rows]


def by_goal(rows: Iterable[RowValues]) -> Mapping[GoalId, Mapping[str, int]]:
    """Return what rows of `COUNTS_OF_GOALS` hold: how often each kind was logged since a goal began."""
    found: dict[GoalId, dict[str, int]] = {}
    for row in rows:
        found.setdefault(GoalId(row["id"]), {})[row["kind"]] = row["entries"]
    return found


def counts_of_goals(tx: Tx, enrolment_id: EnrolmentId) -> Mapping[GoalId, Mapping[str, int]]:
    """Return how often the member logged each kind since each of their goals that have not ended began."""
    return by_goal(tx.execute(COUNTS_OF_GOALS, {"member": enrolment_id}).mappings())


def logged_for(tx: Tx, nudge_id: NudgeId) -> bool:
    """Return whether *Done* was logged for this nudge."""
    return tx.scalar(select(_a.id).where(_a.nudge_id == nudge_id)) is not None


def get(tx: Tx, enrolment_id: EnrolmentId, action_id: ActionId | None = None) -> Action | None:
    """Return one of the member's own actions, the last one they logged when none is named; None if there is none."""
    values = {"member": enrolment_id}
    found = tx.execute(_LAST, values) if action_id is None else tx.execute(_ONE, {**values, "action": action_id})
    row = found.first()
    return None if row is None else _action_of(row)


def change(tx: Tx, action_id: ActionId, draft: ActionDraft) -> Action:
    """Change an action, which is there; `draft.kind` is set."""
    row = tx.execute(
        update(_action)
        .where(_a.id == action_id)
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


def remove(tx: Tx, enrolment_id: EnrolmentId, action_id: ActionId) -> Action | None:
    """Remove one of the member's own actions and return it; None if they have no such action."""
    statement = delete(_action).where(_a.id == action_id, _a.enrolment_id == enrolment_id)
    row = tx.execute(statement.returning(*_columns)).first()
    return None if row is None else _action_of(row)
