"""What a nudge says: the one place where a row of the ledger becomes words, for the DM, the inbox and the preview."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.closing import kept_until
from bot.coaching.cohort import Cohort, Seat
from bot.coaching.messages import (
    ANSWER,
    INBOX_ONLY,
    REGISTER_ON,
    SEEN,
    message_words,
    register_notice,
)
from bot.coaching.nudges import (
    LAST,
    Button,
    Lateness,
    NudgeKey,
    NudgeKind,
    can_be_told,
    lateness,
    rendered,
)
from bot.coaching.register import VISIBLE_AFTER
from bot.coaching.texts import plain
from bot.coaching.weeks import DAY_NAMES, local_day
from bot.services.digest import digest_text
from bot.services.facts import Picture, picture
from bot.services.steps import Step, looked_at, next_step, step_for, text_values
from prompts import Content
from storage import messages
from storage.database import Tx
from storage.nudges import About, Nudge

WHY = Button("why", "Why this?")
OPEN_NOTE = Button("open_note", "Show it")
OPEN_PARCEL = Button("parcel", "My parcel")
STOP_DIGEST = Button("digest_stop", "Stop these")
GONE = "This message is no longer there: whoever wrote it has left, or it was kept long enough."
_NOTHING = About()


@dataclass(frozen=True, slots=True)
class Words:
    """What a nudge says, and what is kept about it."""

    text: str
    buttons: tuple[Button, ...]
    about: About = _NOTHING


def compose(tx: Tx, place: Seat | Cohort, nudge: Nudge, content: Content, now: datetime) -> Words:
    """Return the words to send a nudge with, and a last line that says so if it is late.

    `place`: the seat of the member it is for, or the course whose instructor it is for.
    """
    if isinstance(place, Cohort):
        words, zone = _digest(tx, place, nudge, content), place.zone
    else:
        words, zone = retold(tx, place, nudge, content, now), place.enrolment.wish.zone
    # A parcel has no day on which it is wanted most, and a message says itself when it was written.
    if nudge.key.kind in {NudgeKind.PARCEL, NudgeKind.MESSAGE} or lateness(nudge.due_at, now) is Lateness.ON_TIME:
        return words
    due = nudge.due_at.astimezone(ZoneInfo(zone))
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
        case NudgeKind.PARCEL:
            return _parcel(seat, nudge.key, content, now)
        case NudgeKind.DIGEST:
            return _digest(tx, seat.cohort, nudge, content)
        case NudgeKind.MESSAGE:
            return _message(tx, seat, nudge, now)


def discreet(words: Words, key: NudgeKey, content: Content) -> Words:
    """Return the same nudge without its words: the DM says that it is there, and a button shows it."""
    text = rendered(content.situations["discreet"], key, {"n": f"<@{key.to.user_id}>"})
    return replace(words, text=text, buttons=(OPEN_NOTE,))


def _hello(seat: Seat, key: NudgeKey, content: Content) -> Words:
    wish = seat.enrolment.wish
    values = {"n": f"<@{key.to.user_id}>", "day": DAY_NAMES[wish.day], "time": f"{wish.hour:02d}:00"}
    situation = content.situations["hello"]
    return Words(rendered(situation, key, values), (*situation.buttons, WHY))


def _parcel(seat: Seat, key: NudgeKey, content: Content, now: datetime) -> Words:
    # One that goes out too late is kept for another day.
    until = max(kept_until(seat.cohort, seat.enrolment), local_day(now, seat.cohort.zone))
    values = {
        "n": f"<@{key.to.user_id}>",
        "course": plain(seat.cohort.name),
        "until": f"{DAY_NAMES[until.weekday()]} {until.day} {until:%B %Y}",
    }
    situation = content.situations["parcel_last" if key.period == LAST else "parcel"]
    return Words(rendered(situation, key, values), (OPEN_PARCEL,))


def _message(tx: Tx, seat: Seat, nudge: Nudge, now: datetime) -> Words:
    about, zone = About(subject=nudge.subject), seat.enrolment.wish.zone
    if nudge.subject == REGISTER_ON:
        begins = local_day((nudge.settled_at or now) + VISIBLE_AFTER, zone)
        return Words(register_notice(f"<@{nudge.key.to.user_id}>", seat.cohort.name, begins), (SEEN,), about)
    found = messages.named(tx, nudge.subject)
    if found is None:
        return Words(GONE, (), about)
    at = nudge.due_at.astimezone(ZoneInfo(zone))
    # Held back by quiet hours or an outage, "tomorrow" would be read wrongly.
    waited = lateness(nudge.due_at, now) is not Lateness.ON_TIME
    written = f", written {DAY_NAMES[at.weekday()]} {at.day} {at:%B}, {at:%H:%M}" if waited else ""
    text = message_words(found.by_name, seat.cohort.name, found.people, found.text, written)
    return Words(text, (ANSWER, INBOX_ONLY), about)


def _digest(tx: Tx, cohort: Cohort, nudge: Nudge, content: Content) -> Words:
    return Words(digest_text(tx, cohort, date.fromisoformat(nudge.key.period), content), (STOP_DIGEST,))


def _reminder(tx: Tx, seat: Seat, nudge: Nudge, content: Content, now: datetime) -> Words:
    seen = picture(tx, seat, content, now)
    step, _ = _step(seen, nudge, content)
    text = rendered(content.situations["reminder"], nudge.key, text_values(seen, step))
    # A reminder has the buttons of the step it reminds of; it is itself the other day.
    offered = content.situations[step.buttons_of].buttons
    return Words(text, (*(one for one in offered if one.id != "another_day"), WHY), _about(step))


def _weekly(tx: Tx, seat: Seat, nudge: Nudge, content: Content, now: datetime) -> Words:
    seen = _on_its_day(picture(tx, seat, content, now), nudge, now)
    step, values = _step(seen, nudge, content)
    text = rendered(content.situations[step.situation], nudge.key, values)
    buttons = content.situations[step.buttons_of].buttons
    return Words(text, (*buttons, WHY), replace(_about(step), facts=json.dumps(looked_at(seen.facts))))


def _on_its_day(seen: Picture, nudge: Nudge, now: datetime) -> Picture:
    """Return the picture with what depends on the day of the note: a pause that is over, exam weeks ahead."""
    enrolment = seen.seat.enrolment
    # For a preview the day is still ahead.
    day = local_day(max(now, nudge.due_at), enrolment.wish.zone)
    over = enrolment.pause_until is not None and enrolment.pause_until <= day
    exams = seen.seat.cohort.term.exams_within_a_week(local_day(nudge.due_at, enrolment.wish.zone))
    # After exams that end the term nothing comes, so nothing is announced to come.
    ahead = exams is not None and exams.last < seen.seat.cohort.ends_on
    return replace(seen, facts=replace(seen.facts, pause_over=over, exams_ahead=ahead))


def _step(seen: Picture, nudge: Nudge, content: Content) -> tuple[Step, dict[str, str]]:
    """Return what a nudge speaks of, and what its text is filled with."""
    rule = content.rules.get(nudge.rule or "")
    if rule is not None:
        step = step_for(seen, content, rule, content.occasions.get(nudge.occasion or ""), nudge.subject)
        values = _values(seen, step, nudge)
        if can_be_told(content.situations[step.situation], values):
            return step, values
    step = next_step(seen, content)
    return step, _values(seen, step, nudge)


def _values(seen: Picture, step: Step, nudge: Nudge) -> dict[str, str]:
    values = text_values(seen, step)
    exams = seen.seat.cohort.term.exams_within_a_week(local_day(nudge.due_at, seen.seat.enrolment.wish.zone))
    if exams is not None:
        back = exams.last + timedelta(days=1)
        values["until"] = f"{DAY_NAMES[back.weekday()]} {back.day} {back:%B}"
    return values


def _about(step: Step) -> About:
    return About(step.rule.id, None if step.occasion is None else step.occasion.id, step.reference)
