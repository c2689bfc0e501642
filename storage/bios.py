"""Bio checks, consent to the AI reviewer, and its budget in the database: never a word of a bio, a note or a rewrite.

The budget is kept by reserving before a call and settling after it, each with one statement for each scope. Scopes are
taken in one order everywhere, days first and the bot before its servers and members, so that no two wait for each
other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from bot.coaching.bios import AiOutcome, AiReport, Critique
from bot.coaching.ids import CohortId, EnrolmentId, GuildId
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

FREED_AFTER = timedelta(minutes=5)
"""After this a reservation is nobody's: its process died, because no call lasts that long."""
BUDGET_KEPT = timedelta(days=7)

_BOT = "bot"
_check = tables.bio_check
_consent = tables.ai_consent
_budget = tables.ai_budget
_call = tables.ai_call
_report = tables.ai_report


# What was checked


@dataclass(frozen=True, slots=True)
class Checked:
    """A bio was checked: the day, the id of its place, and the ids of the rules that found something."""

    on: date
    place: str
    rules: tuple[str, ...]


def add_check(tx: Tx, enrolment_id: EnrolmentId, checked: Checked) -> None:
    """Record that a bio was checked."""
    rules = ",".join(checked.rules)
    tx.execute(
        insert(_check).values(enrolment_id=enrolment_id, place=checked.place, checked_on=checked.on, rules=rules)
    )


def checks(tx: Tx, enrolment_id: EnrolmentId, limit: int) -> list[Checked]:
    """Return the member's last checks, the newest first."""
    c = _check.c
    rows = tx.execute(
        select(c.checked_on, c.place, c.rules).where(c.enrolment_id == enrolment_id).order_by(c.id.desc()).limit(limit)
    )
    return [Checked(row.checked_on, row.place, tuple(row.rules.split(",") if row.rules else ())) for row in rows]


# Consent


@dataclass(frozen=True, slots=True)
class Consent:
    """A member's answer to a version of the notice that names a host; `agreed_at` None is a no."""

    host: str
    notice: int
    agreed_at: datetime | None


def consent(tx: Tx, enrolment_id: EnrolmentId) -> Consent | None:
    """Return the member's last answer, to whichever host and notice it was."""
    c = _consent.c
    row = tx.execute(select(c.host, c.notice, c.agreed_at).where(c.enrolment_id == enrolment_id)).first()
    return None if row is None else Consent(row.host, row.notice, row.agreed_at)


def set_consent(tx: Tx, enrolment_id: EnrolmentId, given: Consent) -> None:
    """Keep an answer in place of any earlier one."""
    values = {"host": given.host, "notice": given.notice, "agreed_at": given.agreed_at}
    statement = insert_or(tx, _consent).values(enrolment_id=enrolment_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["enrolment_id"], set_=values))


# Budget


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be used on one day, UTC's: calls of a member, tokens of a server, tokens of the bot."""

    member_calls: int
    guild_tokens: int
    bot_tokens: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call to make for a member: the most tokens it may use, at least 1, the model, and the version of its prompt."""

    enrolment_id: EnrolmentId
    guild_id: GuildId
    tokens: int
    model: str
    prompt_version: str


@dataclass(frozen=True, slots=True)
class Reservation:
    """Budget set aside for a call until it is settled or five minutes have passed."""

    id: int
    enrolment_id: EnrolmentId
    guild_id: GuildId
    day: date


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call is held to have used."""

    calls: int
    tokens: int


def reserve(tx: Tx, call: Call, caps: Caps, now: datetime) -> Reservation | None:
    """Set budget aside for a call; None when one of the three caps leaves no room, and then nothing is set aside."""
    day = now.astimezone(UTC).date()
    _free(tx, now - FREED_AFTER)
    _forget_before(tx, day - BUDGET_KEPT)
    wanted = (
        (_BOT, call.tokens, caps.bot_tokens),
        (_of_guild(call.guild_id), call.tokens, caps.guild_tokens),
        (scope_of_member(call.enrolment_id), 1, caps.member_calls),
    )
    with tx.begin_nested() as step:
        if not all(_set_aside(tx, scope, day, amount, cap) for scope, amount, cap in wanted):
            step.rollback()
            return None
    number = tx.execute(
        insert(_call)
        .values(
            enrolment_id=call.enrolment_id,
            day=day,
            reserved_at=now,
            reserved=call.tokens,
            model=call.model,
            prompt_version=call.prompt_version,
        )
        .returning(_call.c.id)
    ).scalar_one()
    return Reservation(number, call.enrolment_id, call.guild_id, day)


def settle(tx: Tx, reservation: Reservation, answer: Critique, charge: Charge) -> bool:
    """Keep what became of a call, and charge it in place of what was set aside; False if it was settled before.

    One that was freed meanwhile is charged all the same. For a member who was erased meanwhile there is nothing left to
    settle: what was set aside for them counts until the day is over, because it may have been used.
    """
    c = _call.c
    reserved = tx.execute(
        update(_call)
        .where(c.id == reservation.id, c.outcome.is_(None))
        .values(
            outcome=answer.outcome,
            prompt_tokens=answer.usage.prompt,
            completion_tokens=answer.usage.completion,
            milliseconds=answer.milliseconds,
        )
        .returning(c.reserved)
    ).scalar_one_or_none()
    if reserved is None:
        return False
    for scope, freed, spent in (
        (_BOT, reserved, charge.tokens),
        (_of_guild(reservation.guild_id), reserved, charge.tokens),
        (scope_of_member(reservation.enrolment_id), min(reserved, 1), charge.calls),
    ):
        _move(tx, scope, reservation.day, freed, spent)
    return True


def _set_aside(tx: Tx, scope: str, day: date, amount: int, cap: int) -> bool:
    """Reserve in one statement, so that of any number that race no more get through than there is room for."""
    if amount > cap:
        return False  # the first of a day meets no row whose room it could be compared with
    b = _budget.c
    statement = insert_or(tx, _budget).values(scope=scope, day=day, spent=0, reserved=amount)
    granted = statement.on_conflict_do_update(
        index_elements=["scope", "day"],
        set_={"reserved": b.reserved + statement.excluded.reserved},
        where=b.spent + b.reserved + statement.excluded.reserved <= cap,
    )
    return tx.execute(granted.returning(b.reserved)).first() is not None


def _move(tx: Tx, scope: str, day: date, freed: int, spent: int) -> None:
    b = _budget.c
    tx.execute(
        update(_budget).where(b.scope == scope, b.day == day).values(reserved=b.reserved - freed, spent=b.spent + spent)
    )


def _free(tx: Tx, before: datetime) -> None:
    """Free reservations made before `before`, except those another transaction has locked."""
    c, e, g = _call.c, tables.enrolment.c, tables.cohort.c
    stale = tx.execute(
        select(c.id, c.day, c.reserved, c.enrolment_id, g.guild_id)
        .join(tables.enrolment, e.id == c.enrolment_id)
        .join(tables.cohort, g.id == e.cohort_id)
        .where(*tables.holds_budget, c.reserved_at < before)
        .with_for_update(key_share=True, of=_call, skip_locked=True)
    ).all()
    if not stale:
        return
    tx.execute(update(_call).where(c.id.in_([row.id for row in stale])).values(reserved=0))
    freed: Counter[tuple[date, int, str]] = Counter()
    for row in stale:
        freed[row.day, 0, _BOT] += row.reserved
        freed[row.day, 1, _of_guild(GuildId(row.guild_id))] += row.reserved
        freed[row.day, 2, scope_of_member(EnrolmentId(row.enrolment_id))] += 1
    for day, rank, scope in sorted(freed):
        _move(tx, scope, day, freed[day, rank, scope], 0)


def _forget_before(tx: Tx, day: date) -> None:
    tx.execute(delete(_budget).where(_budget.c.day < day))


def _of_guild(guild_id: GuildId) -> str:
    return f"guild:{guild_id}"


def scope_of_member(enrolment_id: EnrolmentId) -> str:
    """Return the scope of a member's own budget."""
    return f"member:{enrolment_id}"


# Reports


def add_report(tx: Tx, cohort_id: CohortId, kind: AiReport, week: date) -> None:
    """Count a report of AI notes in the week that begins on `week`."""
    c = _report.c
    statement = insert_or(tx, _report).values(cohort_id=cohort_id, week=week, kind=kind, reports=1)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["cohort_id", "week", "kind"], set_={"reports": c.reports + statement.excluded.reports}
        )
    )


def reports(tx: Tx, cohort_id: CohortId, since: date) -> Mapping[AiReport, int]:
    """Return how often AI notes of a course were reported from the week `since` on, by what was wrong with them."""
    c = _report.c
    rows = tx.execute(
        select(c.kind, func.sum(c.reports)).where(c.cohort_id == cohort_id, c.week >= since).group_by(c.kind)
    )
    found = {AiReport(kind): int(count) for kind, count in rows}
    return {kind: found.get(kind, 0) for kind in AiReport}


# How it went


def outcomes(tx: Tx, cohort_id: CohortId, since: date) -> Mapping[AiOutcome, int]:
    """Return how often each outcome came of a course's calls from the day `since` on, UTC's."""
    c = _call.c
    rows = tx.execute(
        select(c.outcome, func.count()).where(*_settled_in(cohort_id, since)).group_by(c.outcome).order_by(c.outcome)
    )
    return {AiOutcome(outcome): count for outcome, count in rows if outcome is not None}


def latest_of(tx: Tx, cohort_id: CohortId, among: Sequence[AiOutcome], since: date) -> AiOutcome | None:
    """Return which of some outcomes a course's calls had last, from the day `since` on; None when none of them."""
    c = _call.c
    found = tx.scalar(
        select(c.outcome).where(*_settled_in(cohort_id, since), c.outcome.in_(among)).order_by(c.id.desc()).limit(1)
    )
    return None if found is None else AiOutcome(found)


def _settled_in(cohort_id: CohortId, since: date) -> tuple[ColumnElement[bool], ...]:
    c, e = _call.c, tables.enrolment.c
    members = select(e.id).where(e.cohort_id == cohort_id)
    return (c.enrolment_id.in_(members), c.day >= since, c.outcome.is_not(None))
