"""The ledger: every message that falls due is one row, and only these functions move it.

owed → claimed → sent | held | skipped. A claim carries a runner and a lease; a claim whose lease ran out may be taken
over. Settling is allowed to the runner that holds the claim; settling a row that is gone or taken over does nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)

from bot.coaching.ids import ChannelId, CohortId, MessageId, NudgeId, UserId
from bot.coaching.messages import REGISTER_ON
from bot.coaching.nudges import CLOSED, EVERYBODY, NudgeKey, NudgeKind, NudgeState, Reason, Recipient
from bot.coaching.register import VISIBLE_AFTER
from bot.coaching.weeks import Due
from storage import tables
from storage.database import Tx
from storage.statements import insert_or
from storage.tables import DigestColumns, EnrolmentColumns

_nudge = tables.nudge
_enrolment = tables.enrolment
_account = tables.account
_A_TERM = 26
"""How many weekly nudges are looked back at."""
_NAMED_AT_ONCE = 500
"""How many rows one statement names: databases limit how many values it may have."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A row of the ledger; `subject` is what the text is about, if it is about something: an item, a contact."""

    id: NudgeId
    key: NudgeKey
    due_at: datetime
    state: NudgeState
    first_attempt_at: datetime | None
    rule: str | None
    occasion: str | None
    subject: str | None
    text: str | None
    facts: str | None
    settled_at: datetime | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class About:
    """What chose a nudge's words, what they are about, and the id of the text.

    `facts`: the counts that were looked at, as JSON.
    """

    rule: str | None = None
    occasion: str | None = None
    subject: str | None = None
    text: str | None = None
    facts: str | None = None


_columns = (
    _nudge.c.id,
    _nudge.c.cohort_id,
    _nudge.c.user_id,
    _nudge.c.channel_id,
    _nudge.c.kind,
    _nudge.c.period,
    _nudge.c.due_at,
    _nudge.c.state,
    _nudge.c.first_attempt_at,
    _nudge.c.rule,
    _nudge.c.occasion,
    _nudge.c.subject,
    _nudge.c.text,
    _nudge.c.facts,
    _nudge.c.settled_at,
    _nudge.c.reason,
)


_of_period = and_(
    _nudge.c.cohort_id == bindparam("to_cohort"),
    _nudge.c.kind == bindparam("of_kind"),
    _nudge.c.period == bindparam("of_period"),
)
_has_key = and_(_nudge.c.user_id == bindparam("to_user"), _of_period)
_of_channel = and_(_nudge.c.channel_id == bindparam("to_channel"), _of_period)
_ONE = select(*_columns).where(_has_key)
_POST = select(*_columns).where(_of_channel)


def _named(key: NudgeKey) -> dict[str, Any]:
    """Return the parameters of `_has_key`, or of `_of_channel`."""
    to = key.to
    named = {"to_cohort": to.cohort_id, "of_kind": key.kind, "of_period": key.period}
    return named | ({"to_user": to.user_id} if to.channel_id is None else {"to_channel": to.channel_id})


def _nudge_of(row: RowMapping) -> Nudge:
    return Nudge(
        NudgeId(row["id"]),
        NudgeKey(_recipient_of(row), NudgeKind(row["kind"]), row["period"]),
        row["due_at"],
        NudgeState(row["state"]),
        row["first_attempt_at"],
        row["rule"],
        row["occasion"],
        row["subject"],
        row["text"],
        row["facts"],
        row["settled_at"],
        row["reason"] and Reason(row["reason"]),
    )


def _recipient_of(row: RowMapping) -> Recipient:
    channel_id = row["channel_id"]
    if channel_id is not None:
        return Recipient(CohortId(row["cohort_id"]), EVERYBODY, ChannelId(channel_id))
    return Recipient(CohortId(row["cohort_id"]), UserId(row["user_id"]))


# Plan


def owe(tx: Tx, key: NudgeKey, due_at: datetime) -> bool:
    """Insert an owed row; False if there is one with this key, whatever its state."""
    statement = insert_or(tx, _nudge).values(
        cohort_id=key.to.cohort_id,
        user_id=key.to.user_id if key.to.channel_id is None else None,
        channel_id=key.to.channel_id,
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


def owe_digests(tx: Tx, cohort_id: CohortId, week: date, due_at: datetime) -> None:
    """Insert an owed digest of a week for each instructor who wants it and has none, in one statement."""
    d = tables.digest.c
    row = _row_of(d, NudgeKind.DIGEST, week.isoformat(), due_at) | {"state": literal(NudgeState.OWED)}
    _insert_found(tx, row, d.cohort_id == cohort_id)


def owe_parcels(
    tx: Tx, cohort_id: CohortId, period: str, today: date, now: datetime, *, settled_before: datetime | None = None
) -> None:
    """Insert a parcel for each member of a course who has none of that period, in one statement.

    Held at once for those who want no messages now or are gone: they find it in their inbox. `today`: in the course.
    `settled_before`: only for those whose first parcel was settled before that.
    """
    e, n = _enrolment.c, _nudge.c
    whose = e.cohort_id == cohort_id
    if settled_before is not None:
        first = exists().where(n.cohort_id == e.cohort_id, n.user_id == e.user_id, n.period == CLOSED)
        whose &= first.where(n.kind == NudgeKind.PARCEL, n.settled_at < settled_before)
    reason = case(
        (e.nudges_on.is_(False), literal(Reason.TURNED_OFF)),
        (e.pause_until > today, literal(Reason.PAUSED)),
        (e.set_aside_at.is_not(None), literal(Reason.LEFT)),
        else_=null(),
    )
    row = _row_of(e, NudgeKind.PARCEL, period, now) | {
        "state": case((reason.is_(None), literal(NudgeState.OWED)), else_=literal(NudgeState.HELD)),
        "reason": reason,
        "settled_at": case((reason.is_not(None), literal(now, tables.UtcDateTime())), else_=null()),
    }
    _insert_found(tx, row, whose)


def owe_messages(
    tx: Tx, cohort_id: CohortId, period: str, subject: str, to: Mapping[UserId, Reason | None], now: datetime
) -> int:
    """Insert a message for each account that has none of that period: held where a reason is given, else owed.

    Returns how many were inserted.
    """
    rows = [
        {
            "cohort_id": cohort_id,
            "user_id": user_id,
            "kind": NudgeKind.MESSAGE,
            "period": period,
            "subject": subject,
            "due_at": now,
            "not_before": now,
            "state": NudgeState.OWED if reason is None else NudgeState.HELD,
            "reason": reason,
            "settled_at": None if reason is None else now,
            "attempts": 0,
        }
        for user_id, reason in to.items()
    ]
    if not rows:
        return 0
    new = insert_or(tx, _nudge).on_conflict_do_nothing().returning(_nudge.c.id)
    inserted = len(tx.execute(new, rows).all())
    _show_in_register(tx, [(cohort_id, one) for one, reason in to.items() if reason is not None], subject, now)
    return inserted


def had_message(tx: Tx, cohort_id: CohortId, period: str) -> set[UserId]:
    """Return the accounts that have a message of that period."""
    n = _nudge.c
    found = select(n.user_id).where(n.cohort_id == cohort_id, n.kind == NudgeKind.MESSAGE, n.period == period)
    return {UserId(row) for row in tx.scalars(found) if row is not None}


def try_parcels_again(tx: Tx, cohort_id: CohortId, since: datetime, now: datetime) -> None:
    """Let a course's parcels that were never tried, and were to be before `since`, be tried from now on.

    When they fell due stays: what fell due before an outage may have been sent by a ledger that is lost.
    """
    n = _nudge.c
    untried = (tables.is_open, n.first_attempt_at.is_(None), n.not_before < since)
    tx.execute(
        update(_nudge).where(n.cohort_id == cohort_id, n.kind == NudgeKind.PARCEL, *untried).values(not_before=now)
    )


def _row_of(
    people: DigestColumns | EnrolmentColumns, kind: NudgeKind, period: str, due_at: datetime
) -> dict[str, ColumnElement[Any]]:
    """Return a row for each of some people, but for how it stands."""
    due = literal(due_at, tables.UtcDateTime())
    return {
        "cohort_id": people.cohort_id,
        "user_id": people.user_id,
        "kind": literal(kind),
        "period": literal(period),
        "due_at": due,
        "not_before": due,
        "attempts": literal(0),
    }


def _insert_found(tx: Tx, row: Mapping[str, ColumnElement[Any]], whose: ColumnElement[bool]) -> None:
    """Insert a row for each that is found, unless it has one with that key."""
    found = select(*row.values()).where(whose)
    tx.execute(insert_or(tx, _nudge).from_select([*row], found).on_conflict_do_nothing())


def skip_owed(tx: Tx, cohort_id: CohortId, reason: Reason, now: datetime) -> None:
    """Owed → skipped for all that a course still owes; → held for messages, which stay readable.

    Not what was tried: it may have arrived, and the next claim finds out.
    """
    n = _nudge.c
    state = case((n.kind == NudgeKind.MESSAGE, literal(NudgeState.HELD)), else_=literal(NudgeState.SKIPPED))
    tx.execute(
        update(_nudge)
        .where(n.cohort_id == cohort_id, n.state == NudgeState.OWED, n.first_attempt_at.is_(None))
        .values(state=state, reason=reason, settled_at=now)
    )


def withdraw(tx: Tx, cohort_id: CohortId, subject: str, now: datetime) -> None:
    """Owed → skipped for all messages of a course about something, but for what was tried."""
    n = _nudge.c
    of_subject = (n.cohort_id == cohort_id, n.kind == NudgeKind.MESSAGE, n.subject == subject)
    tx.execute(
        update(_nudge)
        .where(*of_subject, n.state == NudgeState.OWED, n.first_attempt_at.is_(None))
        .values(state=NudgeState.SKIPPED, reason=Reason.WITHDRAWN, settled_at=now)
    )


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
            tables.is_open,
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
    """A row this runner may send, and the channel to send it to."""

    nudge_id: NudgeId
    channel_id: ChannelId


def claim(tx: Tx, due_by: datetime, runner: str, lease_until: datetime, limit: int) -> list[Claim]:
    """Claim up to `limit` rows: owed ones whose time had come, and claims whose lease had run out, by `due_by`."""
    n, a = _nudge.c, _account.c
    channel = func.coalesce(n.channel_id, a.dm_channel_id).label("channel")
    rows = tx.execute(
        select(n.id, channel)
        .join(_account, a.user_id == n.user_id, isouter=True)
        .where(
            tables.is_open,
            n.not_before <= due_by,
            or_(n.state == NudgeState.OWED, and_(n.state == NudgeState.CLAIMED, n.lease_until <= due_by)),
            channel.is_not(None),
        )
        .order_by(n.not_before, n.id)
        .limit(limit)
        .with_for_update(key_share=True, of=_nudge, skip_locked=True)
    ).all()
    tx.execute(
        update(_nudge)
        .where(n.id.in_([row.id for row in rows]))
        .values(state=NudgeState.CLAIMED, runner=runner, lease_until=lease_until)
    )
    return [Claim(NudgeId(row.id), ChannelId(row.channel)) for row in rows]


_mine = (_nudge.c.id == bindparam("nudge")) & (_nudge.c.state == NudgeState.CLAIMED)
_mine &= _nudge.c.runner == bindparam("holder")
_CLAIMED = select(*_columns).where(_mine, _nudge.c.lease_until > bindparam("now")).with_for_update(key_share=True)
_IS_CLAIMED = select(_nudge.c.id).where(_mine)
_RECORD_ATTEMPT = (
    update(_nudge)
    .where(_nudge.c.id == bindparam("nudge"))
    .values(
        attempts=_nudge.c.attempts + 1,
        lease_until=bindparam("until"),
        not_before=bindparam("until"),
        first_attempt_at=func.coalesce(_nudge.c.first_attempt_at, bindparam("now", type_=tables.UtcDateTime())),
        **{field.name: bindparam(f"about_{field.name}") for field in fields(About)},
    )
)


def claimed(tx: Tx, nudge_id: NudgeId, runner: str, now: datetime) -> Nudge | None:
    """Return the row if this runner still holds a claim on it whose lease has not run out."""
    row = tx.execute(_CLAIMED, {"nudge": nudge_id, "holder": runner, "now": now}).mappings().first()
    return None if row is None else _nudge_of(row)


def is_claimed(tx: Tx, nudge_id: NudgeId, runner: str) -> bool:
    """Return whether the row is still there, and this runner's, whatever became of its lease."""
    return tx.scalar(_IS_CLAIMED, {"nudge": nudge_id, "holder": runner}) is not None


def record_attempt(tx: Tx, nudge_id: NudgeId, about: About, now: datetime, lease_until: datetime) -> None:
    """Remember, before the request, that it is about to be made, and what it speaks of; the lease starts anew.

    If it has to be made again, the row queues behind those that wait by then: slow failures hold nobody else up.
    """
    spoken = {f"about_{name}": value for name, value in asdict(about).items()}
    tx.execute(_RECORD_ATTEMPT, {"nudge": nudge_id, "until": lease_until, "now": now, **spoken})


def set_about(tx: Tx, nudge_id: NudgeId, about: About) -> None:
    """Remember what a nudge speaks of."""
    tx.execute(update(_nudge).where(_nudge.c.id == nudge_id).values(asdict(about)))


def reclaim(tx: Tx, live: Collection[str], now: datetime) -> int:
    """End the leases of runners that do not run any more: their rows are taken over at once. Return how many."""
    n = _nudge.c
    ended = tx.execute(
        update(_nudge)
        .where(tables.is_open, n.state == NudgeState.CLAIMED, n.runner.not_in(list(live)), n.lease_until > now)
        .values(lease_until=now, not_before=now)
        .returning(n.id)
    ).all()
    return len(ended)


# Settle


_SETTLE = update(_nudge).where(_mine).values(lease_until=None)


def _settle(tx: Tx, nudge_id: NudgeId, held_by: str, **values: Any) -> None:
    # What is set says which of a handful of statements this is: each is built once and found again.
    tx.execute(_SETTLE, {"nudge": nudge_id, "holder": held_by, **values})


def _settle_told(tx: Tx, settling: Update, now: datetime, **values: Any) -> None:
    """Settle rows as sent or held, and begin the seven days of those that tell of the register."""
    n = _nudge.c
    told = tx.execute(settling.returning(n.cohort_id, n.user_id, n.subject), {"settled_at": now, **values}).all()
    # Only members are told of the register, so these rows have an account.
    registers = [(CohortId(row.cohort_id), UserId(row.user_id or 0)) for row in told if row.subject == REGISTER_ON]
    _show_in_register(tx, registers, REGISTER_ON, now)


def _show_in_register(tx: Tx, people: Sequence[tuple[CohortId, UserId]], subject: str, now: datetime) -> None:
    e = _enrolment.c
    if subject == REGISTER_ON:
        for first in range(0, len(people), _NAMED_AT_ONCE):
            named = tuple_(e.cohort_id, e.user_id).in_(people[first : first + _NAMED_AT_ONCE])
            tx.execute(update(_enrolment).where(named).values(register_visible_at=now + VISIBLE_AFTER))


def settle_sent(tx: Tx, nudge_id: NudgeId, runner: str, message_id: MessageId, now: datetime) -> None:
    """Claimed → sent."""
    held = {"nudge": nudge_id, "holder": runner}
    _settle_told(tx, _SETTLE, now, **held, state=NudgeState.SENT, message_id=message_id)


def settle_held(tx: Tx, nudge_id: NudgeId, runner: str, reason: Reason, now: datetime) -> None:
    """Claimed → held: it could not be delivered, and stays readable."""
    held = {"nudge": nudge_id, "holder": runner}
    _settle_told(tx, _SETTLE, now, **held, state=NudgeState.HELD, reason=reason)


def settle_skipped(tx: Tx, nudge_id: NudgeId, runner: str, reason: Reason, now: datetime) -> None:
    """Claimed → skipped: it was no longer wanted or useful."""
    _settle(tx, nudge_id, runner, state=NudgeState.SKIPPED, reason=reason, settled_at=now)


def release(tx: Tx, nudge_id: NudgeId, runner: str, not_before: datetime) -> None:
    """Claimed → owed: no request was made; it may be claimed again from `not_before` on."""
    _settle(tx, nudge_id, runner, state=NudgeState.OWED, runner=None, not_before=not_before)


def hold_overdue(tx: Tx, due_before: datetime, now: datetime) -> None:
    """Owed → held for what has waited too long while Discord has stopped our DMs.

    Not what was tried: it may have arrived, and the next claim finds out.
    """
    n = _nudge.c
    held = (
        update(_nudge)
        .where(tables.is_open, n.state == NudgeState.OWED, n.first_attempt_at.is_(None), n.due_at < due_before)
        .values(state=NudgeState.HELD, reason=Reason.BLOCKED)
    )
    _settle_told(tx, held, now)


def hold_unreachable(tx: Tx, user_id: UserId, now: datetime) -> None:
    """Owed → held for all that an account is owed, because no DM channel with it can be opened."""
    held = (
        update(_nudge)
        .where(_nudge.c.user_id == user_id, _nudge.c.state == NudgeState.OWED)
        .values(state=NudgeState.HELD, reason=Reason.UNREACHABLE)
    )
    _settle_told(tx, held, now)


# Read and the member's own changes


def get(tx: Tx, key: NudgeKey) -> Nudge | None:
    """Return a row."""
    row = tx.execute(_ONE if key.to.channel_id is None else _POST, _named(key)).mappings().first()
    return None if row is None else _nudge_of(row)


def last_post(tx: Tx, cohort_id: CohortId) -> Nudge | None:
    """Return the last announcement of a course, whatever became of it."""
    n = _nudge.c
    posts = select(*_columns).where(n.cohort_id == cohort_id, n.channel_id.is_not(None))
    row = tx.execute(posts.order_by(n.due_at.desc(), n.id.desc()).limit(1)).mappings().first()
    return None if row is None else _nudge_of(row)


def owe_again(tx: Tx, key: NudgeKey, now: datetime) -> bool:
    """Held or skipped → owed: what kept it from going out may be mended; False if it is neither."""
    values = {"state": NudgeState.OWED, "reason": None, "settled_at": None, "due_at": now, "not_before": now}
    where = _of_channel if key.to.channel_id is not None else _has_key
    failed = _nudge.c.state.in_([NudgeState.HELD, NudgeState.SKIPPED])
    owed = update(_nudge).where(where, failed).values(values).returning(_nudge.c.id)
    return tx.execute(owed, _named(key)).first() is not None


def open_from(tx: Tx) -> list[datetime]:
    """Return from when on each row that is not settled may go out."""
    return list(tx.scalars(select(_nudge.c.not_before).where(tables.is_open)))


def imagined(key: NudgeKey, due_at: datetime) -> Nudge:
    """Return a row as it would be if it were owed; nothing is kept."""
    return Nudge(NudgeId(0), key, due_at, NudgeState.OWED, None, None, None, None, None, None, None, None)


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


DELIVERED = (
    select(_nudge.c.rule, _nudge.c.occasion, _nudge.c.settled_at, _nudge.c.text, _nudge.c.subject, _nudge.c.state)
    .where(
        _nudge.c.cohort_id == bindparam("cohort"),
        _nudge.c.user_id == bindparam("user"),
        _nudge.c.kind == NudgeKind.WEEKLY,
        _nudge.c.state.in_([NudgeState.SENT, NudgeState.HELD]),
        _nudge.c.settled_at.is_not(None),
    )
    .order_by(_nudge.c.period.desc())
    .limit(_A_TERM)
)
"""The weekly nudges that a member could read, the newest first, a whole term back: no text comes twice in one."""


def move_reminder(tx: Tx, key: NudgeKey, due_at: datetime, about: About) -> bool:
    """Owe the one reminder of a week on another day, moving it while it is still owed; False if it has gone out."""
    owe(tx, key, due_at)
    moved = tx.execute(
        update(_nudge)
        .where(_has_key, _nudge.c.state == NudgeState.OWED)
        .values(due_at=due_at, not_before=due_at, **asdict(about))
        .returning(_nudge.c.id),
        _named(key),
    )
    return moved.first() is not None
