"""Accounts and enrolments in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, or_, select, update

from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.nudges import NudgeKind, NudgeState
from bot.coaching.weeks import Calendar, Due, Quiet, Wish
from storage import cohort as cohorts
from storage import sections, tables
from storage.database import Tx
from storage.statements import insert_or

_account = tables.account
_enrolment = tables.enrolment


@dataclass(frozen=True, slots=True)
class Account:
    """What belongs to an account in all courses.

    Attributes:
        dm_closed_at: since when its direct messages are closed to us.
        dm_closed_told: that was mentioned.
        chosen_cohort_id: the course that it means in the DM.
    """

    dm_channel_id: ChannelId | None = None
    dm_closed_at: datetime | None = None
    dm_closed_told: bool = False
    chosen_cohort_id: CohortId | None = None


_a = _account.c
_ACCOUNT_COLUMNS = tuple(_a[field.name] for field in fields(Account))
_ACCOUNT = select(*_ACCOUNT_COLUMNS).where(_a.user_id == bindparam("user"))


def account(tx: Tx, user_id: UserId) -> Account:
    """Return what is known of an account: nothing for an unknown one."""
    row = tx.execute(_ACCOUNT, {"user": user_id}).first()
    return Account() if row is None else Account(*row)


def add_account(tx: Tx, user_id: UserId) -> None:
    """Insert the account unless it is there, and lock its row until the transaction ends."""
    new = insert_or(tx, _account).values(user_id=user_id)
    # An update that changes nothing locks the row: an erasure of the account waits, or this waits for it.
    kept = {"dm_closed_told": _account.c.dm_closed_told}
    tx.execute(new.on_conflict_do_update(index_elements=[_account.c.user_id], set_=kept))


def set_dm_channel(tx: Tx, user_id: UserId, channel_id: ChannelId, now: datetime) -> None:
    """Remember an account's DM channel, if none is known yet."""
    tx.execute(
        update(_account)
        .where(_account.c.user_id == user_id, _account.c.dm_channel_id.is_(None))
        .values(dm_channel_id=channel_id, dm_opened_at=now)
    )


def try_dm_channels(tx: Tx, user_ids: Sequence[UserId], tried_before: datetime, now: datetime) -> list[UserId]:
    """Record, before the requests, that these accounts' DM channels are about to be opened; return whose to open.

    Leaves out accounts another process is trying now, or has tried since `tried_before`.
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
    """Record since when an account's DMs are closed to us, to be mentioned once; None: they are open."""
    tx.execute(update(_account).where(_account.c.user_id == user_id).values(dm_closed_at=at, dm_closed_told=False))


def take_closed_notice(tx: Tx, user_id: UserId) -> bool:
    """Return whether closed DMs are still to be mentioned to an account, and record that they now are."""
    a = _account.c
    told = tx.execute(
        update(_account)
        .where(a.user_id == user_id, a.dm_closed_at.is_not(None), a.dm_closed_told.is_(False))
        .values(dm_closed_told=True)
        .returning(a.user_id)
    )
    return told.first() is not None


def set_chosen_cohort(tx: Tx, user_id: UserId, cohort_id: CohortId) -> None:
    """Record which course an account means in the DM."""
    tx.execute(update(_account).where(_account.c.user_id == user_id).values(chosen_cohort_id=cohort_id))


_columns = (
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
    _enrolment.c.every_weeks,
    _enrolment.c.quiet_start,
    _enrolment.c.quiet_end,
    _enrolment.c.discreet,
    _enrolment.c.touched_at,
    _enrolment.c.backed_off,
    _enrolment.c.set_aside_at,
    _enrolment.c.register_visible_at,
    _enrolment.c.inbox_only,
    _enrolment.c.number_asked,
)


def _enrolment_of(values: Sequence[Any]) -> Enrolment:
    """Return the enrolment that the values of `_columns` make."""
    number, cohort, user, joined, active, day, hour, zone, on, pause, at, week, weeks, start, end, *rest = values
    discreet, touched, backed_off, set_aside, register_visible, inbox_only, number_asked = rest
    due = None if at is None or week is None else Due(week, at)
    return Enrolment(
        EnrolmentId(number),
        CohortId(cohort),
        UserId(user),
        joined,
        active,
        Wish(day, hour, zone),
        on,
        pause,
        due,
        weeks,
        Quiet(start, end),
        discreet,
        touched,
        backed_off,
        set_aside,
        unplanned=at is not None and week is None,
        register_visible_at=register_visible,
        inbox_only=inbox_only,
        number_asked=number_asked,
    )


@dataclass(frozen=True, slots=True)
class DueEnrolment:
    """An enrolment whose next nudge is due or must be planned again, with what planning needs to know.

    `last_week` is the last week that has a row; `unanswered` how many nudges went out since they last touched anything;
    `anew_from` since when the next nudge is to be planned anew, None when there is no need.
    """

    enrolment: Enrolment
    term: Calendar
    last_week: date | None
    unanswered: int
    anew_from: datetime | None = None


_n, _c, _e = tables.nudge.c, tables.cohort.c, _enrolment.c
_weekly = select(_n.id).where(_n.cohort_id == _e.cohort_id, _n.user_id == _e.user_id, _n.kind == NudgeKind.WEEKLY)
_PLANNING = select(
    *_columns,
    _c.starts_on,
    _c.ends_on,
    _c.breaks,
    _weekly.with_only_columns(func.max(_n.period)).scalar_subquery().label("last_week"),
    _weekly.where(_n.state == NudgeState.SENT, or_(_e.touched_at.is_(None), _n.settled_at > _e.touched_at))
    .with_only_columns(func.count())
    .scalar_subquery()
    .label("unanswered"),
).join(tables.cohort, _c.id == _e.cohort_id)


def due(tx: Tx, now: datetime, limit: int) -> list[DueEnrolment]:
    """Lock up to `limit` enrolments to plan, longest due first, skipping those another planner has locked."""
    c, e = tables.cohort.c, _enrolment.c
    is_due = _PLANNING.where(e.next_nudge_at <= now, c.closed_at.is_(None), c.away_since.is_(None))
    return _to_plan(tx, is_due.order_by(e.next_nudge_at).limit(limit), skip_locked=True)


def all_to_plan(tx: Tx, cohort_id: CohortId) -> list[DueEnrolment]:
    """Return a cohort's enrolments with what planning needs, locked until the transaction ends."""
    e = _enrolment.c
    return _to_plan(tx, _PLANNING.where(e.cohort_id == cohort_id).order_by(e.id))


def fallen_due(tx: Tx, cohort_id: CohortId, now: datetime) -> list[DueEnrolment]:
    """Return a cohort's enrolments whose next nudge has fallen due by `now`, locked until the transaction ends."""
    e = _enrolment.c
    return _to_plan(tx, _PLANNING.where(e.cohort_id == cohort_id, e.next_nudge_at <= now).order_by(e.id))


def one_to_plan(tx: Tx, enrolment_id: EnrolmentId) -> DueEnrolment:
    """Return an enrolment with what planning needs, locked until the transaction ends."""
    (planned,) = _to_plan(tx, _PLANNING.where(_enrolment.c.id == enrolment_id))
    return planned


def _to_plan(tx: Tx, statement: Select[*tuple[Any, ...]], *, skip_locked: bool = False) -> list[DueEnrolment]:
    locked = statement.with_for_update(key_share=True, of=_enrolment, skip_locked=skip_locked)
    return [_due_of(row) for row in tx.execute(locked)]


def _due_of(row: Row[*tuple[Any, ...]]) -> DueEnrolment:
    return DueEnrolment(
        _enrolment_of(row[: len(_columns)]),
        Calendar(row.starts_on, row.ends_on, cohorts.breaks_of(row.breaks)),
        None if row.last_week is None else date.fromisoformat(row.last_week),
        row.unanswered,
        row.next_nudge_at if row.next_nudge_week is None else None,
    )


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member's place in a course, with what is known of their account.

    Attributes:
        message_waits: a message has come to wait in their inbox since they last touched something.
    """

    cohort: Cohort
    enrolment: Enrolment
    account: Account
    message_waits: bool


_n = tables.nudge.c
_MESSAGE_WAITS = exists().where(
    _n.cohort_id == _e.cohort_id,
    _n.user_id == _e.user_id,
    _n.kind == NudgeKind.MESSAGE,
    _n.state == NudgeState.HELD,
    _n.settled_at > _e.touched_at,
)
_ENROLLED = (
    select(*cohorts.COLUMNS, *_columns, *_ACCOUNT_COLUMNS, _MESSAGE_WAITS)
    .join_from(_enrolment, tables.cohort, _c.id == _e.cohort_id)
    .join(_account, _a.user_id == _e.user_id)
    .where(_e.user_id == bindparam("user"))
    .order_by(_e.joined_at, _e.id)
)
_ENROLLED_IN = _ENROLLED.where(_c.id == bindparam("cohort"))
_OPEN = _ENROLLED.where(_c.closed_at.is_(None))
_OPEN_IN = _OPEN.where(_c.guild_id == bindparam("guild"))
_LOCKED = {one: one.with_for_update(key_share=True, of=_enrolment) for one in (_ENROLLED_IN, _OPEN, _OPEN_IN)}
_ENDS = (len(cohorts.COLUMNS), len(cohorts.COLUMNS) + len(_columns))


def _enrolled_of(row: Row[*tuple[Any, ...]]) -> Enrolled:
    first, second = _ENDS
    account = Account(*row[second:-1])
    return Enrolled(cohorts.cohort_of(row[:first]), _enrolment_of(row[first:second]), account, row[-1])


def open_enrolments(tx: Tx, user_id: UserId, guild_id: GuildId | None, *, lock: bool) -> list[Enrolled]:
    """Return an account's places in open courses, in the order of joining; with a server, only the one there.

    With `lock`, held until the transaction ends: a member's writes take turns.
    """
    statement = _OPEN if guild_id is None else _OPEN_IN
    rows = tx.execute(_LOCKED[statement] if lock else statement, {"user": user_id, "guild": guild_id})
    return [_enrolled_of(row) for row in rows]


def enrolled(tx: Tx, cohort_id: CohortId, user_id: UserId, *, lock: bool = False) -> Enrolled | None:
    """Return a member's place in a course, open or closed; with `lock`, held until the transaction ends."""
    row = tx.execute(_LOCKED[_ENROLLED_IN] if lock else _ENROLLED_IN, {"cohort": cohort_id, "user": user_id}).first()
    return None if row is None else _enrolled_of(row)


def find(tx: Tx, cohort_id: CohortId, user_id: UserId, *, lock: bool = False) -> Enrolment | None:
    """Return a member's enrolment; with `lock`, held until the transaction ends: a member's writes take turns."""
    found = enrolled(tx, cohort_id, user_id, lock=lock)
    return None if found is None else found.enrolment


def open_cohorts(tx: Tx, user_id: UserId) -> list[Cohort]:
    """Return the open cohorts an account is enrolled in, in the order of joining."""
    return [one.cohort for one in open_enrolments(tx, user_id, None, lock=False)]


def closed_enrolments(tx: Tx, user_id: UserId, guild_id: GuildId | None = None) -> list[Enrolled]:
    """Return an account's places in closed courses, the last closed first; with a server, only the ones there."""
    closed = _ENROLLED.where(_c.closed_at.is_not(None)).order_by(None).order_by(_c.closed_at.desc(), _c.id.desc())
    statement = closed if guild_id is None else closed.where(_c.guild_id == guild_id)
    return [_enrolled_of(row) for row in tx.execute(statement, {"user": user_id})]


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
        seen_at=now,
        touched_at=now,
    )
    return tx.execute(statement.on_conflict_do_nothing().returning(_enrolment.c.id)).first() is not None


_SET_ACTIVE = update(_enrolment).where(_e.id == bindparam("member")).values(active_at=bindparam("now"))
_TOUCH = update(_enrolment).where(_e.id == bindparam("member")).values(touched_at=bindparam("now"))
_TOUCH_IN_SERVER = _TOUCH.values(section_role_id=sections.FIRST_OF_ROLES)


def set_active(tx: Tx, enrolment_id: EnrolmentId, now: datetime) -> None:
    """Record that the member did something for their network just now."""
    tx.execute(_SET_ACTIVE, {"member": enrolment_id, "now": now})


def set_nudges(tx: Tx, changed: Enrolment) -> None:
    """Change when and how a member wants nudges, whether at all, and until when they pause."""
    tx.execute(
        update(_enrolment)
        .where(_enrolment.c.id == changed.id)
        .values(
            nudge_day=changed.wish.day,
            nudge_hour=changed.wish.hour,
            zone=changed.wish.zone,
            nudges_on=changed.nudges_on,
            pause_until=changed.pause_until,
            every_weeks=changed.every_weeks,
            quiet_start=changed.quiet.start,
            quiet_end=changed.quiet.end,
            discreet=changed.discreet,
            inbox_only=changed.inbox_only,
        )
    )


def touch(tx: Tx, enrolment: Enrolment, roles: Collection[int] | None, now: datetime) -> None:
    """Record that the member is here; plan again for one who was set aside or whose nudges had become rare.

    Args:
        tx: The transaction.
        enrolment: Whose.
        roles: The member's roles in the server, which say their section; None in a direct message.
        now: The moment.
    """
    if roles is None:
        tx.execute(_TOUCH, {"member": enrolment.id, "now": now})
    else:
        known = {"cohort": enrolment.cohort_id, "roles": sorted(roles)}
        tx.execute(_TOUCH_IN_SERVER, {"member": enrolment.id, "now": now, **known})
    if enrolment.backed_off or enrolment.set_aside_at is not None:
        # Due now, in no week yet: the next round plans it.
        anew = {"backed_off": False, "set_aside_at": None, "next_nudge_at": now, "next_nudge_week": None}
        tx.execute(update(_enrolment).where(_e.id == enrolment.id).values(anew))


def set_number_asked(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """Record that a member has been asked for their student number, which happens once."""
    tx.execute(update(_enrolment).where(_enrolment.c.id == enrolment_id).values(number_asked=True))


@dataclass(frozen=True, slots=True)
class Reachable:
    """A member, and whether their account takes no direct messages from us."""

    enrolment: Enrolment
    dm_closed: bool


def reachable(tx: Tx, cohort_id: CohortId, ids: Collection[EnrolmentId] | None = None) -> list[Reachable]:
    """Return a cohort's members in the order of joining; with `ids`, the ones among these who are in the server."""
    a, e = _account.c, _enrolment.c
    statement = select(*_columns, a.dm_closed_at).join(_account, a.user_id == e.user_id).where(e.cohort_id == cohort_id)
    if ids is not None:
        statement = statement.where(e.id.in_(ids), e.set_aside_at.is_(None))
    rows = tx.execute(statement.order_by(e.id))
    return [Reachable(_enrolment_of(values), closed is not None) for *values, closed in rows]


def set_aside(tx: Tx, enrolment_id: EnrolmentId, now: datetime) -> None:
    """Plan nothing for a member who left the server, until they touch something again."""
    tx.execute(
        update(_enrolment)
        .where(_enrolment.c.id == enrolment_id)
        .values(set_aside_at=now, next_nudge_at=None, next_nudge_week=None)
    )


def end_pause(tx: Tx, cohort_id: CohortId, user_id: UserId) -> None:
    """Clear a pause that is over and has been mentioned."""
    tx.execute(
        update(_enrolment)
        .where(_enrolment.c.cohort_id == cohort_id, _enrolment.c.user_id == user_id)
        .values(pause_until=None)
    )


@dataclass(frozen=True, slots=True)
class PlaceToLookUp:
    """A member of a server whose being there is to be looked up."""

    enrolment_id: EnrolmentId
    cohort_id: CohortId
    guild_id: GuildId
    user_id: UserId


def to_look_up(tx: Tx, seen_before: datetime, now: datetime, limit: int) -> list[PlaceToLookUp]:
    """Return up to `limit` members not looked up since `seen_before`, and record that they now are."""
    c, e = tables.cohort.c, _enrolment.c
    rows = tx.execute(
        select(e.id, e.cohort_id, c.guild_id, e.user_id)
        .join(tables.cohort, c.id == e.cohort_id)
        .where(e.seen_at < seen_before, e.set_aside_at.is_(None), c.closed_at.is_(None), c.away_since.is_(None))
        .order_by(e.seen_at)
        .limit(limit)
        .with_for_update(key_share=True, of=_enrolment, skip_locked=True)
    ).all()
    tx.execute(update(_enrolment).where(e.id.in_([row.id for row in rows])).values(seen_at=now))
    return [
        PlaceToLookUp(EnrolmentId(row.id), CohortId(row.cohort_id), GuildId(row.guild_id), UserId(row.user_id))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class NudgePlan:
    """The next nudge of an enrolment, none if there is none, and whether it is later than the rhythm says."""

    enrolment_id: EnrolmentId
    due: Due | None
    backed_off: bool


def set_plans(tx: Tx, plans: Sequence[NudgePlan]) -> None:
    """Set when the next nudge of many enrolments is due, in one statement."""
    if plans:
        tx.execute(
            update(_enrolment)
            .where(_enrolment.c.id == bindparam("enrolment"))
            .values(next_nudge_at=bindparam("at"), next_nudge_week=bindparam("week"), backed_off=bindparam("rare")),
            [
                {
                    "enrolment": plan.enrolment_id,
                    "at": plan.due and plan.due.at,
                    "week": plan.due and plan.due.week,
                    "rare": plan.backed_off,
                }
                for plan in plans
            ],
        )


def planned(tx: Tx) -> list[tuple[EnrolmentId, Wish, Due]]:
    """Return every planned nudge with the wish it follows."""
    e = _enrolment.c
    rows = tx.execute(
        select(e.id, e.nudge_day, e.nudge_hour, e.zone, e.next_nudge_week, e.next_nudge_at)
        .where(e.next_nudge_at.is_not(None))
        .order_by(e.id)
    )
    return [
        (EnrolmentId(number), Wish(day, hour, zone), Due(week, at))
        for number, day, hour, zone, week, at in rows
        if week is not None and at is not None
    ]


def move_planned(tx: Tx, moves: Sequence[tuple[EnrolmentId, Due, datetime]]) -> None:
    """Move planned nudges to another moment of their week, unless they have been planned again meanwhile."""
    if moves:
        e = _enrolment.c
        tx.execute(
            update(_enrolment)
            .where(e.id == bindparam("enrolment"), e.next_nudge_at == bindparam("old"))
            .values(next_nudge_at=bindparam("new")),
            [{"enrolment": one, "old": due.at, "new": at} for one, due, at in moves],
        )


def count(tx: Tx, cohort_id: CohortId) -> int:
    """Return how many members a cohort has."""
    return tx.scalar(select(func.count()).where(_enrolment.c.cohort_id == cohort_id)) or 0


def plan_nothing(tx: Tx, cohort_id: CohortId) -> None:
    """Plan no nudge for anybody in a cohort, in one statement."""
    e = _enrolment.c
    tx.execute(
        update(_enrolment)
        .where(e.cohort_id == cohort_id, e.next_nudge_at.is_not(None))
        .values(next_nudge_at=None, next_nudge_week=None)
    )


def opened_between(tx: Tx, first: datetime, last: datetime) -> int:
    """Return how many DM channels were opened, tried in vain or became known in that time, over all processes."""
    opened = _account.c.dm_opened_at.between(first, last)
    return tx.scalar(select(func.count()).select_from(_account).where(opened)) or 0


def guilds_with_open_cohorts(tx: Tx) -> list[GuildId]:
    """Return the servers that have an open cohort."""
    return [
        GuildId(row) for row in tx.scalars(select(tables.cohort.c.guild_id).where(tables.cohort.c.closed_at.is_(None)))
    ]
