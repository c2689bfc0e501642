"""Nudges: kinds, states, lateness, the nonce, and how a text is chosen and filled."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TypeAlias
from zlib import crc32

from bot.coaching.cohort import Enrolment
from bot.coaching.ids import ChannelId, CohortId, UserId
from bot.coaching.weeks import Calendar, Due, jitter_minutes, moment, next_nudge

TEXT_LIMIT = 600
"""Most characters of a filled nudge (method, section 4)."""
LATE_AFTER = timedelta(hours=1)
"""From here on a nudge says that it is late."""
TOO_LATE_AFTER = timedelta(hours=24)
"""From here on a nudge is skipped: stale advice is worse than none (method, section 4)."""
LONGEST_COOLDOWN = 8
"""Most delivered nudges that a rule or occasion may ask to wait, and so all that are looked back at."""
ASKS_AFTER = 2
"""After so many unanswered nudges in a row, one asks what would help (method, section 4)."""
STOPS_AFTER = 6
"""After so many unanswered nudges in a row, the last one goes out."""
DETAILS = frozenset({"field", "purpose", "who", "space", "opening", "alert", "plan", "hurdle"})
"""Placeholders that hold something of the member's own; a text with one is chosen before a text without."""
REMINDER_DAYS = 6
"""How many days *Another day* offers."""
JOINED, CLOSED, LAST = "joined", "closed", "last"
"""The periods of what comes once in a course: the hello, the parcel, and the note before the parcel is erased."""


class NudgeKind(StrEnum):
    """What a row of the ledger is for."""

    HELLO = "hello"
    WEEKLY = "weekly"
    REMINDER = "reminder"
    DIGEST = "digest"
    PARCEL = "parcel"
    MESSAGE = "message"
    ANNOUNCEMENT = "announcement"


NOTES = (NudgeKind.HELLO, NudgeKind.WEEKLY, NudgeKind.REMINDER)
"""What members get in the term, apart from instructors' digests and what comes when a course has closed."""


class NudgeState(StrEnum):
    """Where a nudge stands: owed → claimed → sent | held | skipped."""

    OWED = "owed"
    CLAIMED = "claimed"
    SENT = "sent"
    HELD = "held"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """Why a nudge was held or skipped; the cards put each into words."""

    DMS_CLOSED = "dms_closed"
    UNREACHABLE = "unreachable"
    TOO_LATE = "too_late"
    TURNED_OFF = "turned_off"
    PAUSED = "paused"
    TERM_OVER = "term_over"
    BREAK = "break"
    DONE = "done"
    LEFT = "left"
    BOT_AWAY = "bot_away"
    BLOCKED = "blocked"
    NOT_STAFF = "not_staff"
    BACKED_OFF = "backed_off"
    INBOX_ONLY = "inbox_only"
    WITHDRAWN = "withdrawn"
    NO_PERMISSION = "no_permission"


class Family(StrEnum):
    """What the step of a note leads toward; the notes of a member never have two of BOOKKEEPING running."""

    PEOPLE = "people"
    OPENINGS = "openings"
    FOOTPRINT = "footprint"
    PLAN = "plan"
    BOOKKEEPING = "bookkeeping"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A weekly nudge that the member could read.

    Attributes:
        rule: "" if no rule's step was told, but an occasion's own.
        text: the id of its text.
        subject: what it was about, as the ledger keeps it.
        family: None for what asks for no step.
        held: it waits in the inbox; no direct message arrived.
    """

    rule: str
    occasion: str | None
    at: datetime
    text: str | None = None
    subject: str | None = None
    family: Family | None = None
    held: bool = False


class Lateness(StrEnum):
    """How a moment stands to the moment a nudge was due."""

    ON_TIME = "on_time"
    LATE = "late"
    TOO_LATE = "too_late"


EVERYBODY = UserId(0)
"""Stands for whoever reads a channel, in keys and as the owner of a post's button."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a row is for: an account, in one course; or everybody who reads the course's channel.

    Attributes:
        user_id: `EVERYBODY` for a channel.
    """

    cohort_id: CohortId
    user_id: UserId
    channel_id: ChannelId | None = None


@dataclass(frozen=True, slots=True)
class NudgeKey:
    """What makes a row unique, and by which its message is known again: in the nonce, and in its buttons.

    Not the row's number: after a restore from a backup numbers are given out again, to other rows. `period` is the
    week's Monday for weekly nudges, their reminders, digests, announcements and instructors' messages, "joined" for the
    hello, and for a parcel "closed", or "last" for the note before what it holds is erased. The bot's own word to every
    member has the second it was owed at, with an "n" before it, so that it takes no instructor's place.
    """

    to: Recipient
    kind: NudgeKind
    period: str

    def __str__(self) -> str:
        """Return the key as one word."""
        return ":".join((str(self.to.user_id), *self.parts))

    @property
    def parts(self) -> tuple[str, str, str]:
        """Return what a button says beside the account: cohort, kind and period."""
        return str(self.to.cohort_id), self.kind.value, self.period


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a nudge; `id` names what it does."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Situation:
    """The texts that a situation may use, by their ids, the buttons under them, and what its step leads toward."""

    id: str
    texts: Mapping[str, str]
    buttons: tuple[Button, ...]
    family: Family | None = None


def planned(
    enrolment: Enrolment,
    term: Calendar,
    *,
    after: datetime,
    last_week: date | None,
    jitter_limit: int,
    gap_weeks: int | None = None,
) -> Due | None:
    """Return the next weekly nudge after `after`; `gap_weeks` after `last_week` at least, or as the rhythm says.

    None when turned off, set aside, or past the term; none before a pause ends, and none in a break.
    """
    if not enrolment.nudges_on or enrolment.set_aside_at is not None:
        return None
    if enrolment.pause_until is not None:
        after = max(after, moment(enrolment.pause_until, 0, enrolment.wish.zone))
    jitter = jitter_minutes(enrolment.id, jitter_limit)
    gap = enrolment.every_weeks if gap_weeks is None else gap_weeks
    return next_nudge(enrolment.wish, jitter, after=after, last_week=last_week, term=term, gap_weeks=gap)


def gap_after(unanswered: int, every_weeks: int, backoff_days: Sequence[int]) -> int | None:
    """Return how many weeks lie between a nudge and the next, when `unanswered` in a row were; None: silence.

    The rhythm the member chose, or the back-off if that is longer (method, section 4: 7, 7, 14, 14, 28, 28 days, then
    silent until the member does something).
    """
    if unanswered > len(backoff_days):
        return None
    rest = backoff_days[unanswered - 1] // 7 if unanswered else 1
    return max(every_weeks, rest)


def lateness(due_at: datetime, now: datetime) -> Lateness:
    """Return how late `now` is for something due at `due_at`."""
    if now - due_at > TOO_LATE_AFTER:
        return Lateness.TOO_LATE
    return Lateness.LATE if now - due_at > LATE_AFTER else Lateness.ON_TIME


def nonce(key: NudgeKey) -> str:
    """Return the idempotency key of every attempt to send this nudge: a function of its key, 24 of 25 characters."""
    channel = "" if key.to.channel_id is None else f":{key.to.channel_id}"
    return blake2b(f"{key}{channel}".encode(), digest_size=12).hexdigest()


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


SentTexts: TypeAlias = Mapping[tuple[str, str | None], datetime]
"""When a member was last sent a text about a subject, by the text's id and the subject as the ledger keeps it."""


def choose_text(
    situation: Situation, values: Mapping[str, str], key: str, subject: str | None = None, sent: SentTexts | None = None
) -> str | None:
    """Choose the text that a nudge sends; None if none can be filled.

    One that was never sent about this subject comes first; among those the one sent least recently about anything, then
    one with a detail of the member's own, then by a hash of the nudge, so that every process chooses the same.
    """
    usable = [one for one, text in situation.texts.items() if placeholders(text) <= values.keys()]
    last: dict[str, datetime] = {}
    for (text_id, _), at in (sent or {}).items():
        last[text_id] = max(at, last.get(text_id, at))

    def rank(text_id: str) -> tuple[bool, float, bool, int]:
        at = last.get(text_id)
        general = not placeholders(situation.texts[text_id]) & DETAILS
        lot = crc32(f"{key}:{text_id}".encode())
        return (text_id, subject) in (sent or {}), at.timestamp() if at else 0, general, lot

    return min(usable, key=rank, default=None)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled; what a member wrote is never read as one."""
    return string.Formatter().vformat(text.strip(), (), values)


def rendered(situation: Situation, key: NudgeKey, values: Mapping[str, str]) -> str:
    """Return one of the situation's texts, filled: a function of row and values, so that a retry reads the same.

    Raises ValueError when no text can be filled, which the content tests rule out.
    """
    text_id = choose_text(situation, values, str(key))
    if text_id is None:
        message = f"situation {situation.id}: no text can be filled with {sorted(values)}"
        raise ValueError(message)
    return filled(situation.texts[text_id], values)
