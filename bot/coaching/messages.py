"""Instructors' messages, and the bot's own word to every member: what is accepted, how it reads, who gets a DM."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zlib import crc32

from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.errors import NamesSomebody
from bot.coaching.ids import EnrolmentId
from bot.coaching.nudges import Button, Reason
from bot.coaching.texts import checked_text, plain
from bot.coaching.weeks import DAY_NAMES, local_day

TEXT_LIMIT = 400
NAME_LIMIT = 40
REGISTER_ON = "register_on"
"""The subject of the notice that the course switched its register on."""
KEPT_AFTER = timedelta(days=30)
"""How long a message is kept after its last row in the ledger was settled."""
DRAFT = "Hello! I am curious how your networking goes. If a word from me would help with anything, just answer here."
"""What the form offers to begin with. It suits every list, so it never says that something is missing."""
ANSWER = Button("answer", "Answer")
INBOX_ONLY = Button("inbox_only", "Only in my inbox from now on")
SEEN = Button("seen", "What they will see")

_MENTION = re.compile(r"@(?:everyone|here)\b|<@[!&]?\d+>", re.IGNORECASE)
_LINK = re.compile(r"(https?://[^\s<]+)")


def checked_message(written: str | None) -> str:
    """Return an instructor's text, ready to be stored; raises TextMissing, TextTooLong or NamesSomebody."""
    text = checked_text("The message", written, TEXT_LIMIT)
    if _MENTION.search(text):
        raise NamesSomebody
    return text


def message_words(by_name: str, course: str, people: int, text: str, written: str = "") -> str:
    """Return a message as a member reads it; `written` says when, if that was a while ago."""
    to = f"{people} {'person' if people == 1 else 'people'}"
    return f"From {plain(by_name)}, instructor of {plain(course)}, to {to}{written}\n\n{with_links(text)}"


def with_links(text: str) -> str:
    """Return a text as it was written, with its links in full.

    None hides behind other words, and nothing in one is escaped, which would break it.
    """
    return "".join(part if _LINK.fullmatch(part) else plain(part) for part in _LINK.split(text))


def register_notice(member: str, course: str, begins: date) -> str:
    """Return what every member reads when a course switches its register on, and when it `begins` for them."""
    day = f"{DAY_NAMES[begins.weekday()]} {begins.day} {begins:%B}"
    return (
        f"{member}, what your instructors see of you changes. From {day} on, whoever has the instructor role of "
        f"{plain(course)} sees by name who takes part: the week you joined; whether you have a focus, a goal and a "
        "plan; how many checklist items that everybody has are answered; in which weeks you were active; whether you "
        "are away, and whether notes reach you. Never what you wrote, unless you share it.\n"
        "`/privacy seen` shows it as they see it, and who looked. You may leave at any time: `/privacy delete` takes "
        "out all I keep of you."
    )


def inbox_reason(
    cohort: Cohort, enrolment: Enrolment, now: datetime, *, dm_closed: bool, by_instructor: bool
) -> Reason | None:
    """Return why a message goes to a member's inbox and not out as a DM; None if a DM is welcome.

    `by_instructor`: an instructor's message, which a member may want in the inbox alone, unlike the bot's own word.
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
        (any(one.first <= today <= one.last for one in cohort.breaks), Reason.BREAK),
    )
    return next((reason for holds, reason in reasons if holds), None)


def fingerprint(recipients: Sequence[EnrolmentId]) -> str:
    """Return what a preview's *Send* carries, so that it reaches only the people whose names were shown."""
    return f"{crc32(','.join(map(str, sorted(recipients))).encode()):08x}"
