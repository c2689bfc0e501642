"""What a nudge says: the one place where a row of the ledger becomes words, for the DM, the inbox and the preview."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.cohort import Seat
from bot.coaching.nudges import (
    ASKS_AFTER,
    STOPS_AFTER,
    Button,
    Lateness,
    NudgeKey,
    NudgeKind,
    can_be_told,
    lateness,
    rendered,
)
from bot.coaching.weeks import DAY_NAMES, local_day
from bot.services.facts import Picture, Step, next_step, picture, step_for, text_values
from prompts import Content
from storage import nudges
from storage.database import Tx
from storage.nudges import Nudge

WHY = Button("why", "Why this?")
OPEN_NOTE = Button("open_note", "Show it")
OCCASIONS = frozenset({"pause_end", "exam_weeks", "backoff_ask", "backoff_stop"})
"""What may take a week's place; where a step would have the id of its rule, a row has one of these."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a nudge says, and what is kept about it: the rule or occasion that chose it, its item, and the facts."""

    text: str
    buttons: tuple[Button, ...]
    rule: str | None = None
    subject: str | None = None
    facts: str | None = None


def compose(tx: Tx, seat: Seat, nudge: Nudge, content: Content, now: datetime) -> Words:
    """Return the words to send a nudge with, and a last line that says so if it is late."""
    words = retold(tx, seat, nudge, content, now)
    if lateness(nudge.due_at, now) is Lateness.ON_TIME:
        return words
    due = nudge.due_at.astimezone(ZoneInfo(seat.enrolment.wish.zone))
    late = {"day": DAY_NAMES[due.weekday()], "time": f"{due:%H:%M}"}
    return replace(words, text=f"{words.text}\n{rendered(content.situations['late'], nudge.key, late)}")


def retold(tx: Tx, seat: Seat, nudge: Nudge, content: Content, now: datetime) -> Words:
    """Return a nudge's words. What an earlier attempt spoke of is spoken of again, if it still can be told."""
    match nudge.key.kind:
        case NudgeKind.HELLO:
            return _hello(seat, nudge.key, content)
        case NudgeKind.REMINDER:
            return _reminder(tx, seat, nudge, content, now)
        case NudgeKind.WEEKLY:
            return _weekly(tx, seat, nudge, content, now)


def discreet(words: Words, key: NudgeKey, content: Content) -> Words:
    """Return the same nudge without its words: the DM says that it is there, and a button shows it."""
    text = rendered(content.situations["discreet"], key, {"n": f"<@{key.to.user_id}>"})
    return replace(words, text=text, buttons=(OPEN_NOTE,))


def _hello(seat: Seat, key: NudgeKey, content: Content) -> Words:
    wish = seat.enrolment.wish
    values = {"n": f"<@{key.to.user_id}>", "day": DAY_NAMES[wish.day], "time": f"{wish.hour:02d}:00"}
    situation = content.situations["hello"]
    return Words(rendered(situation, key, values), situation.buttons)


def _reminder(tx: Tx, seat: Seat, nudge: Nudge, content: Content, now: datetime) -> Words:
    seen = picture(tx, seat, content, now)
    step = _step(seen, nudge, content)
    text = rendered(content.situations["reminder"], nudge.key, text_values(seen, step))
    # A reminder has the buttons of the step it reminds of; it is itself the other day.
    offered = content.situations[step.rule.situation].buttons
    return Words(text, tuple(one for one in offered if one.id != "another_day"), step.rule.id, _subject(step))


def _weekly(tx: Tx, seat: Seat, nudge: Nudge, content: Content, now: datetime) -> Words:
    seen = picture(tx, seat, content, now)
    step = _step(seen, nudge, content)
    values = text_values(seen, step)
    exams = seat.cohort.term.exams_within_a_week(local_day(nudge.due_at, seat.enrolment.wish.zone))
    if exams is not None:
        back = exams.last + timedelta(days=1)
        values["until"] = f"{DAY_NAMES[back.weekday()]} {back.day} {back:%B}"
    occasion = nudge.rule or _occasion(tx, seat, nudge, now)
    if occasion in OCCASIONS and can_be_told(content.situations[occasion], values):
        situation = content.situations[occasion]
        return Words(rendered(situation, nudge.key, values), situation.buttons, occasion)
    situation = content.situations[step.rule.situation]
    facts = asdict(seen.facts)
    facts.pop("recent_rules")
    text = rendered(situation, nudge.key, values)
    return Words(text, (*situation.buttons, WHY), step.rule.id, _subject(step), json.dumps(facts))


def _occasion(tx: Tx, seat: Seat, nudge: Nudge, now: datetime) -> str | None:
    """Return what takes the week's place: the end of a pause, exam weeks ahead, or the question of the back-off."""
    enrolment = seat.enrolment
    # For a preview the day is still ahead.
    day = local_day(max(now, nudge.due_at), enrolment.wish.zone)
    if enrolment.pause_until is not None and enrolment.pause_until <= day:
        return "pause_end"
    if seat.cohort.term.exams_within_a_week(local_day(nudge.due_at, enrolment.wish.zone)):
        return "exam_weeks"
    unanswered = nudges.unanswered(tx, nudge.key.to, enrolment.touched_at)
    if unanswered >= STOPS_AFTER:
        return "backoff_stop"
    return "backoff_ask" if unanswered == ASKS_AFTER else None


def _step(seen: Picture, nudge: Nudge, content: Content) -> Step:
    rule = content.rules.get(nudge.rule or "")
    if rule is not None:
        step = step_for(seen, rule, nudge.subject)
        if can_be_told(content.situations[rule.situation], text_values(seen, step)):
            return step
    return next_step(seen, content.rules)


def _subject(step: Step) -> str | None:
    return None if step.item is None else step.item.id
