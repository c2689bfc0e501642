"""The ledger: every message that falls due is one row, and only these functions move it.

owed → claimed → sent | held | skipped. A claim carries a runner and a lease; a claim whose lease ran out may be taken
over. Settling is allowed to the runner that holds the claim; settling a row that is gone or taken over does nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, func, or_, select, update

from bot.coaching.cohort import Enrolment
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, MessageId, NudgeId, UserId
from bot.coaching.nudges import NudgeKey, NudgeKind, NudgeState, Reason, Recipient
from bot.coaching.weeks import Calendar, Due, Wish
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_nudge = tables.nudge
_enrolment = tables.enrolment
_account = tables.account


@dataclass(frozen=True, slots=True)
class Nudge:
    """A row of the ledger; `subject` is the checklist item that the text speaks of, if it does."""

    id: NudgeId
    key: NudgeKey
    due_at: datetime
    state: NudgeState
    first_attempt_at: datetime | None
    rule: str | None
    subject: str | None
    settled_at: datetime | None
    reason: Reason | None


_columns = (
    _nudge.c.id,
    _nudge.c.cohort_id,
    _nudge.c.user_id,
    _nudge.c.kind,
    _nudge.c.period,
    _nudge.c.due_at,
    _nudge.c.state,
    _nudge.c.first_attempt_at,
    _nudge.c.rule,
    _nudge.c.subject,
    _nudge.c.settled_at,
    _nudge.c.reason,
)


def _nudge_of(row: RowMapping) -> Nudge:
    return Nudge(
        NudgeId(row["id"]),
        NudgeKey(Recipient(CohortId(row["cohort_id"]), UserId(row["user_id"])), NudgeKind(row["kind"]), row["period"]),
        row["due_at"],
        NudgeState(row["state"]),
        row["first_attempt_at"],
        row["rule"],
        row["subject"],
        row["settled_at"],
        row["reason"] and Reason(row["reason"]),
    )


# Plan


@dataclass(frozen=True, slots=True)
class DueEnrolment:
    """An enrolment whose next nudge has fallen due, and its course's term."""

    enrolment: Enrolment
    term: Calendar


_schedule_columns = (
    _enrolment.c.id,
    _enrolment.c.cohort_id,
    _enrolment.c.user_id,
    _enrolment.c.joined_at,
    _enrolment.c.active_at,
    _enrolment.c.nudge_day,
    _enrolment.c.nudge_hour,
    _enrolment.c.zone,
    _enrolment.c.nudges_on,
    _enrolment.c.pause_until,
    _enrolment.c.next_nudge_at,
    _enrolment.c.next_nudge_week,
    tables.cohort.c.starts_on,
    tables.cohort.c.ends_on,
)


def _enrolment_of(row: RowMapping) -> Enrolment:
    return Enrolment(
        EnrolmentId(row["id"]),
        CohortId(row["cohort_id"]),
        UserId(row["user_id"]),
        row["joined_at"],
        row["active_at"],
        Wish(row["nudge_day"], row["nudge_hour"], row["zone"]),
        row["nudges_on"],
        row["pause_until"],
        None if row["next_nudge_at"] is None else Due(row["next_nudge_week"], row["next_nudge_at"]),
    )


def due(tx: Tx, now: datetime, limit: int) -> list[DueEnrolment]:
    """Return up to `limit` enrolments whose next nudge is due, longest due first, locked against other planners."""
    rows = tx.execute(
        select(*_schedule_columns)
        .join(tables.cohort, tables.cohort.c.id == _enrolment.c.cohort_id)
        .where(_enrolment.c.next_nudge_at <= now, tables.cohort.c.closed_at.is_(None))
        .order_by(_enrolment.c.next_nudge_at)
        .limit(limit)
        .with_for_update(of=_enrolment, skip_locked=True)
    ).mappings()
    return [DueEnrolment(_enrolment_of(row), Calendar(row["starts_on"], row["ends_on"])) for row in rows]


def owe(tx: Tx, key: NudgeKey, due_at: datetime) -> bool:
    """Insert an owed row; False if there is one with this key, whatever its state."""
    statement = insert_or(tx, _nudge).values(
        cohort_id=key.to.cohort_id,
        user_id=key.to.user_id,
        kind=key.kind,
        period=key.period,
        due_at=due_at,
        not_before=due_at,
        state=NudgeState.OWED,
        attempts=0,
    )
    return tx.execute(statement.on_conflict_do_nothing().returning(_nudge.c.id)).first() is not None


def owe_weeks(tx: Tx, weeks: Sequence[tuple[Recipient, Due]]) -> None:
    """Insert an owed row for each week that has none, in one statement."""
    if weeks:
        rows = [
            {
                "cohort_id": to.cohort_id,
                "user_id": to.user_id,
                "kind": NudgeKind.WEEKLY,
                "period": due.week.isoformat(),
                "due_at": due.at,
                "not_before": due.at,
                "state": NudgeState.OWED,
                "attempts": 0,
            }
            for to, due in weeks
        ]
        tx.execute(insert_or(tx, _nudge).on_conflict_do_nothing(), rows)


def set_schedules(tx: Tx, schedules: Sequence[tuple[EnrolmentId, Due | None]]) -> None:
    """Set the next nudge of many enrolments, in one statement."""
    if schedules:
        tx.execute(
            update(_enrolment)
            .where(_enrolment.c.id == bindparam("enrolment"))
            .values(next_nudge_at=bindparam("at"), next_nudge_week=bindparam("week")),
            [{"enrolment": id_, "at": due and due.at, "week": due and due.week} for id_, due in schedules],
        )


def last_weeks(tx: Tx, cohort_id: CohortId, user_id: UserId | None = None) -> dict[UserId, date]:
    """Return the last week that has a weekly row, by member, for one member or the whole cohort."""
    n = _nudge.c
    statement = (
        select(n.user_id, n.period).where(n.cohort_id == cohort_id, n.kind == NudgeKind.WEEKLY).order_by(n.period)
    )
    rows = tx.execute(statement if user_id is None else statement.where(n.user_id == user_id))
    # Periods are ISO dates, so the last one written is the latest week.
    return {UserId(row.user_id): date.fromisoformat(row.period) for row in rows}


def enrolments(tx: Tx, cohort_id: CohortId) -> list[Enrolment]:
    """Return a cohort's enrolments, locked until the transaction ends."""
    rows = tx.execute(
        select(*_schedule_columns)
        .join(tables.cohort, tables.cohort.c.id == _enrolment.c.cohort_id)
        .where(_enrolment.c.cohort_id == cohort_id)
        .with_for_update(of=_enrolment)
    ).mappings()
    return [_enrolment_of(row) for row in rows]


# Open


def waiting_for_channel(tx: Tx, now: datetime, tried_before: datetime, limit: int) -> list[UserId]:
    """Return up to `limit` accounts that are owed something but have no known DM channel, longest waiting first.

    Those tried in vain come after the others, and only if the last try was before `tried_before`.
    """
    n, a = _nudge.c, _account.c
    rows = tx.scalars(
        select(a.user_id)
        .join(_nudge, n.user_id == a.user_id)
        .where(
            n.state == NudgeState.OWED,
            n.not_before <= now,
            a.dm_channel_id.is_(None),
            or_(a.dm_opened_at.is_(None), a.dm_opened_at < tried_before),
        )
        .group_by(a.user_id, a.dm_opened_at)
        .order_by(a.dm_opened_at.asc().nulls_first(), func.min(n.due_at), func.min(n.id))
        .limit(limit)
    )
    return [UserId(row) for row in rows]


# Claim


@dataclass(frozen=True, slots=True)
class Claim:
    """A row this runner may send, and the DM channel to send it to."""

    nudge_id: NudgeId
    channel_id: ChannelId


def claim(tx: Tx, due_by: datetime, runner: str, lease_until: datetime, limit: int) -> list[Claim]:
    """Claim up to `limit` rows: owed ones whose time had come, and claims whose lease had run out, by `due_by`."""
    n, a = _nudge.c, _account.c
    rows = tx.execute(
        select(n.id, a.dm_channel_id)
        .join(_account, a.user_id == n.user_id)
        .where(
            n.not_before <= due_by,
            or_(n.state == NudgeState.OWED, and_(n.state == NudgeState.CLAIMED, n.lease_until <= due_by)),
            a.dm_channel_id.is_not(None),
        )
        .order_by(n.not_before, n.id)
        .limit(limit)
        .with_for_update(of=_nudge, skip_locked=True)
    ).all()
    tx.execute(
        update(_nudge)
        .where(n.id.in_([row.id for row in rows]))
        .values(state=NudgeState.CLAIMED, runner=runner, lease_until=lease_until)
    )
    return [Claim(NudgeId(row.id), ChannelId(row.dm_channel_id)) for row in rows]


def claimed(tx: Tx, nudge_id: NudgeId, runner: str, now: datetime) -> Nudge | None:
    """Return the row if this runner still holds a claim on it whose lease has not run out."""
    n = _nudge.c
    row = (
        tx.execute(
            select(*_columns)
            .where(n.id == nudge_id, n.state == NudgeState.CLAIMED, n.runner == runner, n.lease_until > now)
            .with_for_update()
        )
        .mappings()
        .first()
    )
    return None if row is None else _nudge_of(row)


def record_attempt(
    tx: Tx, nudge: Nudge, now: datetime, lease_until: datetime, rule: str | None, subject: str | None
) -> None:
    """Remember, before the request, that it is about to be made and what it speaks of; the lease starts anew.

    If it has to be made again, the row queues behind those that wait by then: slow failures hold nobody else up.
    """
    tx.execute(
        update(_nudge)
        .where(_nudge.c.id == nudge.id)
        .values(
            attempts=_nudge.c.attempts + 1,
            lease_until=lease_until,
            not_before=lease_until,
            first_attempt_at=nudge.first_attempt_at or now,
            rule=rule,
            subject=subject,
        )
    )


# Settle


def _settle(tx: Tx, nudge_id: NudgeId, held_by: str, **values: Any) -> None:
    tx.execute(
        update(_nudge)
        .where(_nudge.c.id == nudge_id, _nudge.c.state == NudgeState.CLAIMED, _nudge.c.runner == held_by)
        .values(lease_until=None, **values)
    )


def settle_sent(tx: Tx, nudge_id: NudgeId, runner: str, message_id: MessageId, now: datetime) -> None:
    """Claimed → sent."""
    _settle(tx, nudge_id, runner, state=NudgeState.SENT, message_id=message_id, settled_at=now)


def settle_held(tx: Tx, nudge_id: NudgeId, runner: str, reason: Reason, now: datetime) -> None:
    """Claimed → held: it could not be delivered, and stays readable."""
    _settle(tx, nudge_id, runner, state=NudgeState.HELD, reason=reason, settled_at=now)


def settle_skipped(tx: Tx, nudge_id: NudgeId, runner: str, reason: Reason, now: datetime) -> None:
    """Claimed → skipped: it was no longer wanted or useful."""
    _settle(tx, nudge_id, runner, state=NudgeState.SKIPPED, reason=reason, settled_at=now)


def release(tx: Tx, nudge_id: NudgeId, runner: str, not_before: datetime) -> None:
    """Claimed → owed: no request was made; it may be claimed again from `not_before` on."""
    _settle(tx, nudge_id, runner, state=NudgeState.OWED, runner=None, not_before=not_before)


def hold_unreachable(tx: Tx, user_id: UserId, now: datetime) -> None:
    """Owed → held for all that an account is owed, because no DM channel with it can be opened."""
    tx.execute(
        update(_nudge)
        .where(_nudge.c.user_id == user_id, _nudge.c.state == NudgeState.OWED)
        .values(state=NudgeState.HELD, reason=Reason.UNREACHABLE, settled_at=now)
    )


# Read and the member's own changes


def get(tx: Tx, key: NudgeKey) -> Nudge | None:
    """Return a row."""
    row = tx.execute(select(*_columns).where(*_has(key))).mappings().first()
    return None if row is None else _nudge_of(row)


def history(tx: Tx, to: Recipient, limit: int) -> list[Nudge]:
    """Return the recipient's rows, newest first."""
    n = _nudge.c
    rows = tx.execute(
        select(*_columns)
        .where(n.cohort_id == to.cohort_id, n.user_id == to.user_id)
        .order_by(n.due_at.desc(), n.id.desc())
        .limit(limit)
    ).mappings()
    return [_nudge_of(row) for row in rows]


def recent_rules(tx: Tx, to: Recipient, limit: int) -> tuple[str, ...]:
    """Return the rules of the weekly nudges last delivered to the recipient, newest first."""
    n = _nudge.c
    rows = tx.scalars(
        select(n.rule)
        .where(
            n.cohort_id == to.cohort_id,
            n.user_id == to.user_id,
            n.kind == NudgeKind.WEEKLY,
            n.state == NudgeState.SENT,
            n.rule.is_not(None),
        )
        .order_by(n.period.desc())
        .limit(limit)
    )
    return tuple(rule for rule in rows if rule)


def move_reminder(tx: Tx, key: NudgeKey, due_at: datetime, rule: str | None, subject: str | None) -> bool:
    """Owe the one reminder of a week on another day, moving it while it is still owed; False if it has gone out."""
    owe(tx, key, due_at)
    moved = tx.execute(
        update(_nudge)
        .where(*_has(key), _nudge.c.state == NudgeState.OWED)
        .values(due_at=due_at, not_before=due_at, rule=rule, subject=subject)
        .returning(_nudge.c.id)
    )
    return moved.first() is not None


def _has(key: NudgeKey) -> tuple[ColumnElement[bool], ...]:
    n = _nudge.c
    return (
        n.cohort_id == key.to.cohort_id,
        n.user_id == key.to.user_id,
        n.kind == key.kind,
        n.period == key.period,
    )
