"""All that the rules and the texts look at of one member, in one statement."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, union

from bot.coaching.cohort import Membership
from bot.coaching.course_plan import StepState
from bot.coaching.momentum import LAST_WEEKS, Pause
from bot.coaching.nudges import Delivered, NudgeState
from bot.coaching.opportunities import NEWS
from bot.coaching.snapshot import MemberSnapshot
from bot.coaching.weeks import local_day
from prompts import Content
from storage import tables
from storage.course_plan import STEPS, step_of
from storage.database import Tx
from storage.focus import FOCUS, focus_of
from storage.footprint import ANSWERS, answer_of
from storage.goals import RUNNING, goal_of
from storage.log import COUNTS, COUNTS_OF_GOALS, by_goal, count_of, weeks_before
from storage.network import ALERTS, CONTACTS, SPACES, TOUCHES, alert_of, contacts_of, spaces_of
from storage.nudges import DELIVERED
from storage.opportunities import KEPT, opportunity_of
from storage.pauses import PAUSES
from storage.statements import MEMBER, Combined, RowValues

_LOOKED_BACK = timedelta(weeks=2 * LAST_WEEKS)
"""How far active days are looked back at: breaks and pauses may stretch eight weeks that count."""
_a, _h, _b = tables.action.c, tables.checklist_history.c, tables.bio_check.c
_s = tables.week_step.c
_ACTIVE_DAYS = union(
    select(_a.happened_on.label("day")).where(_a.enrolment_id == MEMBER, _a.happened_on >= bindparam("active_since")),
    select(_h.answered_on).where(_h.enrolment_id == MEMBER, _h.answered_on >= bindparam("active_since")),
    select(_s.done_on).where(
        _s.enrolment_id == MEMBER, _s.state == StepState.DONE, _s.done_on >= bindparam("active_since")
    ),
)
_BIO_CHECK = select(_b.checked_on).where(_b.enrolment_id == MEMBER).order_by(_b.id.desc()).limit(1)
_SNAPSHOT = Combined(
    focus=FOCUS,
    goals=RUNNING,
    answers=ANSWERS,
    log=COUNTS,
    since_goal=COUNTS_OF_GOALS,
    active_days=_ACTIVE_DAYS,
    pauses=PAUSES,
    contacts=CONTACTS,
    touches=TOUCHES,
    openings=KEPT,
    alerts=ALERTS,
    spaces=SPACES,
    delivered=DELIVERED,
    bio=_BIO_CHECK,
    steps=STEPS,
)


def load(tx: Tx, seat: Membership, content: Content, now: datetime, note_due: datetime | None = None) -> MemberSnapshot:
    """Return what is known of a member at `now`, for the nudge that falls due at `note_due` if it is for one."""
    enrolment, cohort = seat.enrolment, seat.cohort
    today = local_day(now, enrolment.wish.zone)
    values = {
        "member": enrolment.id,
        "cohort": cohort.id,
        "user": enrolment.user_id,
        "active_since": min(today - _LOOKED_BACK, cohort.starts_on),
        "closed_since": today - NEWS,
        **weeks_before(now),
    }
    rows = _SNAPSHOT.read(tx, values)
    focus = next(map(focus_of, rows["focus"]), None)
    return MemberSnapshot(
        seat=seat,
        now=now,
        today=today,
        focus=focus,
        goals=[goal_of(row) for row in rows["goals"]],
        checklist=content.checklist.for_member(focus, cohort.track),
        answers={row["item_id"]: answer_of(row) for row in rows["answers"]},
        log=[count_of(row) for row in rows["log"]],
        since_goal=by_goal(rows["since_goal"]),
        active_days=sorted(row["day"] for row in rows["active_days"]),
        pauses=[Pause(row["starts_on"], row["ends_on"]) for row in rows["pauses"]],
        contacts=contacts_of(rows["contacts"], rows["touches"], content.vocabulary),
        openings=[opportunity_of(row) for row in rows["openings"]],
        alerts=[alert_of(row) for row in rows["alerts"]],
        spaces=spaces_of(rows["spaces"]),
        notes=[_delivered(row, content) for row in rows["delivered"]],
        bio_checked=next((row["checked_on"] for row in rows["bio"]), None),
        vocabulary=content.vocabulary,
        stages=content.network.stages,
        kinds=content.network.kinds,
        note_due=note_due,
        steps=[step_of(row) for row in rows["steps"]],
    )


def _delivered(row: RowValues, content: Content) -> Delivered:
    rule, occasion = content.rules.get(row["rule"] or ""), content.occasions.get(row["occasion"] or "")
    own_step = occasion is not None and not occasion.tells_rule
    situation = occasion.id if occasion is not None and own_step else rule and rule.situation
    return Delivered(
        # What an occasion with a step of its own told was not the rule's step.
        "" if own_step else row["rule"] or "",
        row["occasion"],
        row["settled_at"],
        row["text"],
        row["subject"],
        content.situations[situation].family if situation else None,
        row["state"] == NudgeState.HELD,
    )
