"""Instructors' messages and the bot's own notices to all members: what is accepted, how it reads, who gets a DM."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zlib import crc32

from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.errors import NamesSomebody
from bot.coaching.ids import EnrolmentId
from bot.coaching.nudges import Button, Reason
from bot.coaching.texts import checked_text, plain
from bot.coaching.weeks import day_words, local_day

TEXT_LIMIT = 400
NAME_LIMIT = 40
REGISTER_ON = "register_on"
"""The notice that the course switched its register on."""
KEPT_AFTER = timedelta(days=30)
"""How long a message is stored after its last row in the ledger was settled."""
DRAFT = "Hello! I am curious how your networking goes. If a word from me would help with anything, just answer here."
"""What the form starts with. It suits every list, so it never says that something is missing."""
ANSWER = Button("answer", "Answer")
INBOX_ONLY = Button("inbox_only", "Only in my inbox from now on")
SEEN = Button("seen", "What they will see")

_MENTION = re.compile(r"@(?:everyone|here)\b|<@[!&]?\d+>", re.IGNORECASE)
_LINK = re.compile(r"(https?://[^\s<]+)")


def checked_message(typed: str | None) -> str:
    """Return an instructor's text, ready to store; raises TextMissing, TextTooLong or NamesSomebody."""
    text = checked_text("The message", typed, TEXT_LIMIT)
    if _MENTION.search(text):
        raise NamesSomebody
    return text


def message_words(by_name: str, course: str, people: int, text: str, written: str = "") -> str:
    """Return a message as a member reads it.

    Args:
        by_name: the instructor's name.
        people: how many members it goes to.
        written: when it was written, in words, if that was a while ago.
    """
    to = f"{people} {'person' if people == 1 else 'people'}"
    return f"From {plain(by_name)}, instructor of {plain(course)}, to {to}{written}\n\n{with_links(text)}"


def with_links(text: str) -> str:
    """Escape a text without breaking its links; no link can hide behind other words."""
    return "".join(part if _LINK.fullmatch(part) else plain(part) for part in _LINK.split(text))


def register_notice(member: str, course: str, begins: date) -> str:
    """Return what every member reads when a course switches its register on; `begins`: the first day of their row."""
    return (
        f"{member}, what your instructors see of you changes. From {day_words(begins)} on, whoever has the instructor "
        f"role of {plain(course)} sees by name who takes part: the week you joined; whether you have a focus, a goal "
        "and a plan; how many checklist items that everybody has are answered; in which weeks you were active, and "
        "whose weekly steps you have done; whether "
        "you are away, and whether notes reach you. Never what you wrote, unless you share it.\n"
        "`/privacy seen` shows it as they see it, and who looked. You may leave at any time: `/privacy delete` takes "
        "out all I keep of you."
    )


def inbox_reason(
    cohort: Cohort, enrolment: Enrolment, now: datetime, *, dm_closed: bool, by_instructor: bool
) -> Reason | None:
    """Return why a message goes only to a member's inbox; None if a DM may be sent.

    Args:
        by_instructor: an instructor's message, which a member may want in the inbox alone; the bot's own notices
            ignore that choice.
    """
    today = local_day(now, enrolment.wish.zone)
    reasons = (
        (not enrolment.nudges_on, Reason.TURNED_OFF),
        (enrolment.pause_until is not None and today < enrolment.pause_until, Reason.PAUSED),
        (enrolment.set_aside_at is not None, Reason.LEFT),
        (by_instructor and enrolment.inbox_only, Reason.INBOX_ONLY),
        (dm_closed, Reason.DMS_CLOSED),
        (enrolment.backed_off, Reason.BACKED_OFF),
        (cohort.away_since is not None, Reason.BOT_AWAY),
        (cohort.closed_at is not None or today > cohort.ends_on, Reason.TERM_OVER),
        (any(off.first <= today <= off.last for off in cohort.breaks), Reason.BREAK),
    )
    return next((reason for applies, reason in reasons if applies), None)


def fingerprint(recipients: Sequence[EnrolmentId]) -> str:
    """Return a checksum of a list of recipients, so that *Send* reaches only the people the preview showed."""
    return f"{crc32(','.join(map(str, sorted(recipients))).encode()):08x}"
