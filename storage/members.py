"""Accounts and enrolments in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, update

from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.weeks import Due, Wish
from storage import cohort as cohorts
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_account = tables.account
_enrolment = tables.enrolment


@dataclass(frozen=True, slots=True)
class Account:
    """An account's DM channel as far as it is known, and the course it means in the DM."""

    dm_channel_id: ChannelId | None
    dm_closed_at: datetime | None
    chosen_cohort_id: CohortId | None


def account(tx: Tx, user_id: UserId) -> Account:
    """Return what is known of an account; an unknown one has nothing."""
    a = _account.c
    row = tx.execute(select(a.dm_channel_id, a.dm_closed_at, a.chosen_cohort_id).where(a.user_id == user_id)).first()
    if row is None:
        return Account(None, None, None)
    return Account(
        None if row.dm_channel_id is None else ChannelId(row.dm_channel_id),
        row.dm_closed_at,
        None if row.chosen_cohort_id is None else CohortId(row.chosen_cohort_id),
    )


def add_account(tx: Tx, user_id: UserId) -> None:
    """Make sure the account has a row; keeps what it has."""
    tx.execute(insert_or(tx, _account).values(user_id=user_id).on_conflict_do_nothing())


def set_dm_channel(tx: Tx, user_id: UserId, channel_id: ChannelId, now: datetime) -> None:
    """Remember an account's DM channel, if none is known yet."""
    tx.execute(
        update(_account)
        .where(_account.c.user_id == user_id, _account.c.dm_channel_id.is_(None))
        .values(dm_channel_id=channel_id, dm_opened_at=now)
    )


def try_dm_channels(tx: Tx, user_ids: Sequence[UserId], tried_before: datetime, now: datetime) -> list[UserId]:
    """Remember, before the requests, that the accounts' DM channels are about to be opened; return whose to open.

    Left out are those that another process tries just now, or has tried since `tried_before`.
    """
    a = _account.c
    mine = tx.scalars(
        update(_account)
        .where(
            a.user_id.in_(user_ids),
            a.dm_channel_id.is_(None),
            or_(a.dm_opened_at.is_(None), a.dm_opened_at < tried_before),
        )
        .values(dm_opened_at=now)
        .returning(a.user_id)
    ).all()
    return [user_id for user_id in user_ids if user_id in mine]


def set_dm_closed(tx: Tx, user_id: UserId, at: datetime | None) -> None:
    """Remember since when an account's DMs are closed to us; None: they are open."""
    tx.execute(update(_account).where(_account.c.user_id == user_id).values(dm_closed_at=at))


def set_chosen_cohort(tx: Tx, user_id: UserId, cohort_id: CohortId) -> None:
    """Remember which course an account means in the DM."""
    tx.execute(update(_account).where(_account.c.user_id == user_id).values(chosen_cohort_id=cohort_id))


def _select(tx: Tx, condition: ColumnElement[bool], *, lock: bool) -> Enrolment | None:
    e = _enrolment.c
    statement = select(
        e.id,
        e.cohort_id,
        e.user_id,
        e.joined_at,
        e.active_at,
        e.nudge_day,
        e.nudge_hour,
        e.zone,
        e.nudges_on,
        e.pause_until,
        e.next_nudge_at,
        e.next_nudge_week,
    ).where(condition)
    row = tx.execute(statement.with_for_update() if lock else statement).first()
    if row is None:
        return None
    return Enrolment(
        EnrolmentId(row.id),
        CohortId(row.cohort_id),
        UserId(row.user_id),
        row.joined_at,
        row.active_at,
        Wish(row.nudge_day, row.nudge_hour, row.zone),
        row.nudges_on,
        row.pause_until,
        None if row.next_nudge_at is None else Due(row.next_nudge_week, row.next_nudge_at),
    )


def find(tx: Tx, cohort_id: CohortId, user_id: UserId, *, lock: bool = False) -> Enrolment | None:
    """Return a member's enrolment; with `lock`, held until the transaction ends: a member's writes take turns."""
    return _select(tx, (_enrolment.c.cohort_id == cohort_id) & (_enrolment.c.user_id == user_id), lock=lock)


def open_cohorts(tx: Tx, user_id: UserId) -> list[Cohort]:
    """Return the open cohorts an account is enrolled in, in the order of joining."""
    c, e = tables.cohort.c, _enrolment.c
    ids = tx.scalars(
        select(c.id)
        .join(_enrolment, e.cohort_id == c.id)
        .where(e.user_id == user_id, c.closed_at.is_(None))
        .order_by(e.joined_at, e.id)
    ).all()
    return [cohort for cohort_id in ids if (cohort := cohorts.get(tx, CohortId(cohort_id)))]


def add(tx: Tx, cohort_id: CohortId, user_id: UserId, wish: Wish, now: datetime) -> bool:
    """Enrol an account; False if it is enrolled already, and then nothing changes."""
    statement = insert_or(tx, _enrolment).values(
        cohort_id=cohort_id,
        user_id=user_id,
        joined_at=now,
        active_at=now,
        zone=wish.zone,
        nudge_day=wish.day,
        nudge_hour=wish.hour,
        nudges_on=True,
    )
    return tx.execute(statement.on_conflict_do_nothing().returning(_enrolment.c.id)).first() is not None


def set_active(tx: Tx, enrolment_id: EnrolmentId, now: datetime) -> None:
    """Remember that the member did something for their network just now."""
    tx.execute(update(_enrolment).where(_enrolment.c.id == enrolment_id).values(active_at=now))


def set_nudges(tx: Tx, enrolment_id: EnrolmentId, wish: Wish, *, on: bool, pause_until: date | None) -> None:
    """Change when a member wants nudges, whether at all, and until when they pause."""
    tx.execute(
        update(_enrolment)
        .where(_enrolment.c.id == enrolment_id)
        .values(nudge_day=wish.day, nudge_hour=wish.hour, zone=wish.zone, nudges_on=on, pause_until=pause_until)
    )


def set_next_nudge(tx: Tx, enrolment_id: EnrolmentId, due: Due | None) -> None:
    """Set what the ticks look at: the next nudge, or none."""
    tx.execute(
        update(_enrolment)
        .where(_enrolment.c.id == enrolment_id)
        .values(next_nudge_at=due.at if due else None, next_nudge_week=due.week if due else None)
    )


def all_in(tx: Tx, cohort_id: CohortId) -> list[EnrolmentId]:
    """Return the enrolments of a cohort."""
    ids = tx.scalars(select(_enrolment.c.id).where(_enrolment.c.cohort_id == cohort_id).order_by(_enrolment.c.id))
    return [EnrolmentId(row) for row in ids]


def get(tx: Tx, enrolment_id: EnrolmentId, *, lock: bool = False) -> Enrolment | None:
    """Return an enrolment; with `lock`, held until the transaction ends."""
    return _select(tx, _enrolment.c.id == enrolment_id, lock=lock)


def opened_since(tx: Tx, since: datetime) -> int:
    """Return how many DM channels were opened, tried in vain or became known since `since`, over all processes."""
    return tx.scalar(select(func.count()).select_from(_account).where(_account.c.dm_opened_at >= since)) or 0


def guilds_with_open_cohorts(tx: Tx) -> list[GuildId]:
    """Return the servers that have an open cohort."""
    return [
        GuildId(row) for row in tx.scalars(select(tables.cohort.c.guild_id).where(tables.cohort.c.closed_at.is_(None)))
    ]
