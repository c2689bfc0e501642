"""What a nudge says: the one place where a row of the ledger becomes words, for the DM, the inbox and the preview."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.coaching.closing import kept_until
from bot.coaching.cohort import Cohort, Membership
from bot.coaching.course_plan import MemberStep
from bot.coaching.messages import ANSWER, INBOX_ONLY, REGISTER_ON, SEEN, message_words, register_notice
from bot.coaching.next_action import COURSE_STEP, Step, course_line, day_words, next_note, step_for
from bot.coaching.nudges import (
    LAST,
    Button,
    Lateness,
    NudgeKey,
    NudgeKind,
    choose_text,
    filled,
    lateness,
    placeholders,
    rendered,
)
from bot.coaching.register import VISIBLE_AFTER
from bot.coaching.snapshot import MemberSnapshot
from bot.coaching.texts import plain
from bot.coaching.weeks import DAY_NAMES, local_day
from bot.services.announcements import is_announced, post_text
from bot.services.digest import digest_text
from prompts import Content
from storage import course_plan, messages, snapshot
from storage.database import Tx
from storage.nudges import About, Nudge

WHY = Button("why", "Why this?")
REVIEW = Button("review_goal", "Review my goal")
OPEN_NOTE = Button("open_note", "Show it")
OPEN_PARCEL = Button("parcel", "My parcel")
THIS_WEEK = Button("this_week", "This week")
STOP_DIGEST = Button("digest_stop", "Stop these")
GONE = "This message is no longer there: whoever wrote it has left, or it was kept long enough."
_NOTHING = About()


@dataclass(frozen=True, slots=True)
class MessageText:
    """What a nudge says, its buttons, and what the ledger keeps about it."""

    text: str
    buttons: tuple[Button, ...]
    about: About = _NOTHING


def compose(tx: Tx, place: Membership | Cohort, nudge: Nudge, content: Content, now: datetime) -> MessageText:
    """Return what to send to a member, or to an instructor of a course, with a last line that says so if it is late."""
    if isinstance(place, Cohort):
        posted = nudge.key.kind is NudgeKind.ANNOUNCEMENT
        message = _announcement(tx, place, nudge) if posted else _digest(tx, place, nudge, content)
        zone = place.zone
    else:
        message, zone = note_text(tx, place, nudge, content, now), place.enrolment.wish.zone
    # A parcel has no day on which it is wanted most, and a message says itself when it was written.
    if nudge.key.kind in {NudgeKind.PARCEL, NudgeKind.MESSAGE} or lateness(nudge.due_at, now) is Lateness.ON_TIME:
        return message
    due = nudge.due_at.astimezone(ZoneInfo(zone))
    late = {"day": DAY_NAMES[due.weekday()], "time": f"{due:%H:%M}"}
    return replace(message, text=f"{message.text}\n{rendered(content.situations['late'], nudge.key, late)}")


def note_text(tx: Tx, seat: Membership, nudge: Nudge, content: Content, now: datetime) -> MessageText:
    """Return what a nudge says. What an earlier attempt spoke of is spoken of again, while it can be."""
    match nudge.key.kind:
        case NudgeKind.HELLO:
            return _hello(seat, nudge.key, content)
        case NudgeKind.REMINDER | NudgeKind.WEEKLY:
            return _about_a_step(tx, seat, nudge, content, now)
        case NudgeKind.PARCEL:
            return _parcel(seat, nudge.key, content, now)
        case NudgeKind.DIGEST:
            return _digest(tx, seat.cohort, nudge, content)
        case NudgeKind.MESSAGE:
            return _message(tx, seat, nudge, now)
        case NudgeKind.ANNOUNCEMENT:
            return _announcement(tx, seat.cohort, nudge)


def discreet(message: MessageText, key: NudgeKey, content: Content) -> MessageText:
    """Return the same nudge without its words: the DM says that it is there, and a button shows it."""
    text = rendered(content.situations["discreet"], key, {"n": f"<@{key.to.user_id}>"})
    return replace(message, text=text, buttons=(OPEN_NOTE,))


def _hello(seat: Membership, key: NudgeKey, content: Content) -> MessageText:
    wish = seat.enrolment.wish
    values = {"n": f"<@{key.to.user_id}>", "day": DAY_NAMES[wish.day], "time": f"{wish.hour:02d}:00"}
    situation = content.situations["hello"]
    return MessageText(rendered(situation, key, values), (*situation.buttons, WHY))


def _parcel(seat: Membership, key: NudgeKey, content: Content, now: datetime) -> MessageText:
    # One that goes out too late is kept for another day.
    until = max(kept_until(seat.cohort, seat.enrolment), local_day(now, seat.cohort.zone))
    values = {"n": f"<@{key.to.user_id}>", "course": plain(seat.cohort.name), "until": _day(until)}
    situation = content.situations["parcel_last" if key.period == LAST else "parcel"]
    return MessageText(rendered(situation, key, values), (OPEN_PARCEL,))


def _message(tx: Tx, seat: Membership, nudge: Nudge, now: datetime) -> MessageText:
    about, zone = About(subject=nudge.subject), seat.enrolment.wish.zone
    if nudge.subject == REGISTER_ON:
        begins = local_day((nudge.settled_at or now) + VISIBLE_AFTER, zone)
        return MessageText(register_notice(f"<@{nudge.key.to.user_id}>", seat.cohort.name, begins), (SEEN,), about)
    found = messages.named(tx, nudge.subject)
    if found is None:
        return MessageText(GONE, (), about)
    at = nudge.due_at.astimezone(ZoneInfo(zone))
    # Held back by quiet hours or an outage, "tomorrow" would be read wrongly.
    waited = lateness(nudge.due_at, now) is not Lateness.ON_TIME
    written = f", written {DAY_NAMES[at.weekday()]} {at.day} {at:%B}, {at:%H:%M}" if waited else ""
    text = message_words(found.by_name, seat.cohort.name, found.people, found.text, written)
    return MessageText(text, (ANSWER, INBOX_ONLY), about)


def _announcement(tx: Tx, cohort: Cohort, nudge: Nudge) -> MessageText:
    monday = date.fromisoformat(nudge.key.period)
    week = next((one for one in course_plan.weeks(tx, cohort.id) if one.week == monday and is_announced(one)), None)
    return MessageText(GONE if week is None else post_text(cohort, week), (THIS_WEEK,))


def _digest(tx: Tx, cohort: Cohort, nudge: Nudge, content: Content) -> MessageText:
    return MessageText(digest_text(tx, cohort, date.fromisoformat(nudge.key.period), content), (STOP_DIGEST,))


def _about_a_step(tx: Tx, seat: Membership, nudge: Nudge, content: Content, now: datetime) -> MessageText:
    reminds, zone = nudge.key.kind is NudgeKind.REMINDER, seat.enrolment.wish.zone
    member = snapshot.load(tx, seat, content, now, None if reminds else nudge.due_at)
    step, text_id = _step(member, nudge, content)
    about = About(step.rule.id, step.occasion and step.occasion.id, step.reference, text_id)
    # An occasion that tells the rule's step has the rule's buttons.
    buttons = content.situations[step.rule.situation if step.speaker is step.rule else step.situation].buttons
    if reminds:
        # A reminder has the buttons of the step it reminds of; it is itself the other day.
        buttons = tuple(one for one in buttons if one.id != "another_day")
        values = {**step.values, "on": day_words(local_day(nudge.due_at, zone))}
        situation = content.situations["reminder"]
        text_id = nudge.text if nudge.text in situation.texts else None
        if text_id is None or not placeholders(situation.texts[text_id]) <= values.keys():
            text_id = choose_text(situation, values, str(nudge.key)) or "reminder.1"
        return MessageText(filled(situation.texts[text_id], values), (*buttons, WHY), replace(about, text=text_id))
    if member.facts.goal_over and member.facts.review_asked and "review_goal" not in {one.id for one in buttons}:
        # Asked for once; from then on it is a button, in the place of the pause.
        buttons = tuple(REVIEW if one.id == "pause" else one for one in buttons)
    if step.rule.id == COURSE_STEP and member.facts.goal_over:
        buttons = (*buttons, REVIEW)
    text = filled(content.situations[step.situation].texts[text_id], step.values)
    if line := course_line(member, step, text):
        text = f"{text}\n{line}"
    if isinstance(step.subject, MemberStep) and step.subject.week.due_on <= local_day(nudge.due_at, zone):
        buttons = tuple(one for one in buttons if one.id != "another_day")  # none is left
    about = replace(about, facts=json.dumps(member.facts.by_name()))
    return MessageText(text, (*buttons, WHY), about)


def _step(member: MemberSnapshot, nudge: Nudge, content: Content) -> tuple[Step, str]:
    """Return what a nudge speaks of, and the id of its text: those of an earlier attempt while they can be told."""
    rule = content.rules.get(nudge.rule or "")
    if rule is not None:
        step = step_for(member, rule, content.occasions.get(nudge.occasion or ""), nudge.subject)
        situation = content.situations[step.situation]
        text = situation.texts.get(nudge.text or "")
        if text is not None and nudge.text is not None and placeholders(text) <= step.values.keys():
            return step, nudge.text
        text_id = choose_text(situation, step.values, str(nudge.key), step.reference, member.sent_texts)
        if text_id is not None:
            return step, text_id
    return next_note(member, content, str(nudge.key))


def _day(day: date) -> str:
    return f"{day_words(day)} {day.year}"
