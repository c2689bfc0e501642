"""What is kept of a member, in words: each kind with why it is kept and who sees it; and all of it to take along.

What `/privacy stored` says, what the parcel holds and what docs/privacy.md lists all follow from `KINDS`; tests compare
it with the tables.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias, cast
from zoneinfo import ZoneInfo

Value: TypeAlias = "str | int | float | bool | date | datetime | None"
Labels: TypeAlias = "Mapping[tuple[str, str], Mapping[str, str]]"

BUDGET_DAYS = 7
"""How many days the day's counts for the AI reviewer are kept."""


@dataclass(frozen=True, slots=True)
class KeptKind:
    """A kind of rows: its table, its name, why it is kept, and who sees it.

    `words`: what each column says, in the order in which it is read. `keys`: the columns that only hold rows together.
    """

    table: str
    title: str
    why: str
    seen_by: str
    words: Mapping[str, str]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind that are somebody's."""

    kind: KeptKind
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What instructors can see of a member just now, as label and value, and what that is; empty when nothing is."""

    lead: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CourseParcel:
    """All that is kept of a member in one course."""

    course: str
    term: str
    zone: str
    closed: bool
    seen: Seen
    kept: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A day on which a member may want to do something; `key` tells it from all others, also in a later parcel."""

    key: str
    on: date
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that is kept of a member, three times: to read, for a program, and the days ahead for a calendar."""

    markdown: str
    json: str
    ics: str


YOU = "you alone"
_OWN = ("id", "enrolment_id")


def _kind(table: str, title: str, why: str, seen_by: str, keys: tuple[str, ...] = _OWN, /, **words: str) -> KeptKind:
    return KeptKind(table, title, why, seen_by, MappingProxyType(words), keys)


KINDS: tuple[KeptKind, ...] = (
    _kind(
        "enrolment",
        "Your place in the course",
        "to know when and how you want your notes, and whether you are here",
        "you; instructors see what `/privacy seen` shows, and that you asked to be greeted",
        ("id", "cohort_id", "user_id"),
        joined_at="joined",
        active_at="last did something for your network",
        touched_at="last used me",
        zone="time zone",
        nudge_day="day of the note",
        nudge_hour="hour of the note",
        nudges_on="notes on",
        every_weeks="weeks between notes",
        quiet_start="quiet from",
        quiet_end="quiet until",
        discreet="discreet notes",
        pause_until="paused until",
        next_nudge_at="next note",
        next_nudge_week="week of the next note",
        backed_off="notes grew rare because they went unanswered",
        seen_at="last looked up whether you are in the server",
        set_aside_at="not in the server since",
        asked_contact_at="asked to be greeted",
        greeted_at="last greeted",
        section_role_id="role of your section, by its number at Discord",
        register_from="first week of your row in the register",
        register_visible_at="row shown to instructors from",
        inbox_only="messages from instructors in the inbox alone",
        student_number="student number or login",
        number_key="the same, to compare it by",
        number_claimed="a number you gave that somebody else has",
        number_asked="asked for your student number",
    ),
    _kind(
        "focus",
        "Your focus",
        "to fit examples and the checklist to you",
        YOU,
        field_one="field",
        field_two="second field",
        purpose="what for",
        connection="what a connection is to you",
        track="profession",
        season="season",
        new_accounts="new accounts",
        updated_at="changed",
    ),
    _kind(
        "checklist_answer",
        "Checklist answers",
        "to show what is open; never what you found",
        YOU,
        item_id="item",
        answer="answer",
        answered_on="day",
    ),
    _kind(
        "checklist_history",
        "Days of checklist answers",
        "to see what changed since the last look, and which weeks were active",
        YOU,
        item_id="item",
        answered_on="day",
        answer="answer",
    ),
    _kind(
        "goal",
        "Goals",
        "to plan, count toward it and look back",
        "you; instructors if you share it with `/privacy share`",
        title="goal",
        type="type",
        target="a week",
        weeks="weeks",
        starts_on="from",
        outcome="best result",
        obstacle="obstacle",
        if_then="plan",
        obstacle_plan="plan for the obstacle",
        tiny="five-minute version",
        box_minutes="minutes a week",
        paused_on="resting since",
        paused_days="days rested before",
        ended_at="ended",
        ending="how it ended",
        reflection="reflection",
        benefit="what it brought",
        created_at="set",
        slot="place",
    ),
    _kind(
        "goal_draft",
        "A goal you have begun to write",
        "so that nothing is lost when you are interrupted",
        YOU,
        title="goal",
        outcome="best result",
        type="type",
        template="example it started from",
        target="a week",
        weeks="weeks",
        obstacle="obstacle",
        if_then="plan",
        obstacle_plan="plan for the obstacle",
        tiny="five-minute version",
        box_minutes="minutes a week",
        beginning="beside another goal or in its place",
        ends="goal it takes the place of",
        ending="how that one ends",
        updated_at="changed",
    ),
    _kind(
        "action",
        "Log entries",
        "to count toward your goal and to pick the next step",
        YOU,
        happened_on="day",
        kind="what",
        note="note",
        minutes="minutes",
        outcome="what came of it",
        contact_id="with person number",
        nudge_id="answers note number",
        logged_at="logged",
    ),
    _kind(
        "contact",
        "People in your network",
        "to remember whom to write to next; under nicknames, never a name or an address",
        YOU,
        id="number",
        nickname="nickname",
        category="who they are to you",
        place="near or far",
        shares="what you share",
        base_stage="stage as you set it",
        based_on="set",
        based_after="counted from entry number",
        rested="left in peace",
    ),
    _kind(
        "space",
        "Places where your field talks",
        "to bring you back to them",
        YOU,
        name="place",
        kind="what it is",
        rhythm="when",
    ),
    _kind(
        "alert",
        "Alerts",
        "to ask you now and then whether they are worth keeping",
        YOU,
        kind="for",
        field="field",
        role="role",
        place="place",
        on_since="since",
        asked_on="last kept",
    ),
    _kind(
        "opportunity",
        "Opportunities",
        "to remind you of deadlines and thanks",
        YOU,
        title="opportunity",
        kind="what it is",
        source="heard of it by",
        due_on="due",
        state="where it stands",
        state_on="since",
        sent_on="sent",
        followed_on="asked after",
        thanked_on="thanked",
    ),
    _kind(
        "bio_check",
        "Bio checks",
        "to see what changed; never a word of the bio",
        YOU,
        checked_on="day",
        place="place",
        rules="what was noticed, by the rules' ids",
    ),
    _kind(
        "ai_consent",
        "Your answer to the AI reviewer",
        "to ask you once, and to send nothing without your yes",
        YOU,
        host="host",
        notice="version of the notice",
        agreed_at="agreed",
    ),
    _kind(
        "ai_call",
        "Calls to the AI reviewer",
        "to keep to the day's limits and to see whether it works; never a word of what was sent or answered",
        "you; instructors see counts for the class",
        day="day",
        reserved_at="asked",
        outcome="outcome",
        milliseconds="milliseconds",
        prompt_tokens="tokens sent",
        completion_tokens="tokens back",
        reserved="tokens set aside",
        model="model",
        prompt_version="version of the instructions",
    ),
    _kind(
        "ai_budget",
        "Your calls of a day",
        f"to keep to five reviews a day; gone after {BUDGET_DAYS} days",
        YOU,
        (),
        day="day",
        spent="calls",
        reserved="calls under way",
        scope="of",
    ),
    _kind(
        "nudge",
        "Notes to you",
        "so that each arrives once, and you can read why one did not; never its text",
        "you; instructors see counts for the class",
        ("cohort_id", "user_id"),
        id="number",
        due_at="due",
        kind="kind",
        period="of",
        state="state",
        reason="reason",
        settled_at="settled",
        rule="rule",
        occasion="occasion",
        subject="about",
        text="text",
        facts="what the rule looked at",
        message_id="message number at Discord",
        not_before="not before",
        attempts="attempts",
        first_attempt_at="first attempt",
        runner="sent by process",
        lease_until="claimed until",
    ),
    _kind(
        "pause",
        "Pauses",
        "so that a pause does not count as silence",
        "you; instructors see that you are away, if the course has a register",
        ("enrolment_id",),
        starts_on="from",
        ends_on="until",
    ),
    _kind(
        "feedback",
        "Words you signed",
        "to reach your instructors; what you sent without your name is kept without you, and cannot be listed here",
        "you and your instructors",
        ("id", "enrolment_id", "cohort_id"),
        week="week of",
        text="text",
        read_at="read",
    ),
    _kind(
        "instructor_message",
        "Messages from your instructors",
        "so that you can read them in your inbox; gone 30 days after the last of them arrived",
        "you, the instructor who wrote it, and everybody it went to",
        ("id", "cohort_id", "by_user_id"),
        created_at="written",
        by_name="from",
        text="text",
        people="to so many people",
        sent_on="day",
    ),
    _kind(
        "share",
        "What you share",
        "because you chose to",
        "you and your instructors",
        ("enrolment_id",),
        item="what",
        shared_at="since",
    ),
    _kind(
        "staff_look",
        "Looks of your instructors",
        "so that you can see who looked, and when",
        "you alone; `/privacy seen` lists them",
        looked_at="when",
        what="what",
        by_user_id="instructor's account number",
    ),
    _kind(
        "register_look",
        "Looks at the register with your row in it",
        "so that you can see who looked, and when; they are noted once for the class, and stay with it",
        "you and everybody else in the register; `/privacy seen` lists them",
        ("id", "cohort_id", "hour"),
        looked_at="when",
        what="what",
        by_user_id="instructor's account number",
    ),
)
"""Every kind of rows that a course keeps of a member, in the order in which they are read."""

ACCOUNT_KINDS: tuple[KeptKind, ...] = (
    _kind(
        "account",
        "Your account with me",
        "to reach you by direct message, and to know which course you mean there",
        YOU,
        (),
        user_id="account number at Discord",
        dm_channel_id="number of our message channel",
        dm_opened_at="channel known since",
        dm_closed_at="your messages closed to me since",
        dm_closed_told="told you so",
        chosen_cohort_id="course meant in messages",
    ),
    _kind(
        "digest",
        "Weekly digests you asked for as an instructor",
        "to send them",
        YOU,
        ("user_id",),
        cohort_id="course number",
        asked_at="asked",
    ),
    _kind(
        "instructor_message",
        "Messages you wrote to members, as an instructor",
        "to deliver them; gone 30 days after the last of them arrived, and at once with you",
        "you and everybody it went to",
        (),
        cohort_id="course number",
        id="number",
        by_user_id="your account number",
        created_at="written",
        by_name="your name on it",
        text="text",
        people="to so many people",
        sent_on="day; empty for a draft",
    ),
    _kind(
        "staff_look",
        "Looks of yours at members, as an instructor",
        "so that they can see who looked, and when; when you go, they stay without your name",
        "you and the member you looked at",
        (),
        looked_at="when",
        what="what",
    ),
    _kind(
        "register_look",
        "Looks of yours at the register, as an instructor",
        "so that its members can see it; when you go, they stay without your name",
        "you and the members in the register",
        (),
        looked_at="when",
        what="what",
    ),
)
"""The kinds of rows that belong to an account, whatever course it is in; of looks, what says nothing of the members."""
LOOKS_OF_STAFF = frozenset({"staff_look", "register_look"})
"""The tables of looks; when an instructor is erased, theirs stay without a name."""
_CHOSEN: Mapping[str, tuple[str, ...]] = {
    "focus": ("connection", "track", "season"),
    "checklist_answer": ("answer",),
    "checklist_history": ("answer",),
    "goal": ("type", "obstacle", "ending", "benefit"),
    "goal_draft": ("type", "template", "obstacle", "beginning", "ending"),
    "action": ("kind", "outcome"),
    "contact": ("category", "place", "base_stage"),
    "space": ("kind",),
    "alert": ("kind",),
    "opportunity": ("kind", "source", "state"),
    "bio_check": ("place",),
    "ai_call": ("outcome", "prompt_version"),
    "ai_budget": ("scope",),
    "nudge": ("kind", "period", "state", "reason", "rule", "occasion", "subject"),
    "share": ("item",),
    "staff_look": ("what",),
    "register_look": ("what",),
}
"""The columns that hold one of several values of ours, which read as words; of all others not a letter is changed."""
_IN_JSON: Mapping[str, tuple[str, ...]] = {
    "nudge": ("facts",),
}
"""The columns that hold several values, as JSON."""


def as_json(made_at: datetime, account: Sequence[Rows], courses: Sequence[CourseParcel]) -> str:
    """Return all of it for a program: every column of every row; moments in UTC, days as they were on the calendar."""
    whole = {
        "made_at": made_at.isoformat(),
        "account": _groups(account),
        "courses": [
            {
                "course": one.course,
                "term": one.term,
                "time_zone": one.zone,
                "closed": one.closed,
                "seen_by_instructors": {"what": one.seen.lead, **dict(one.seen.lines)},
                "kept": _groups(one.kept),
            }
            for one in courses
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=_in_json) + "\n"


def _groups(kept: Sequence[Rows]) -> dict[str, object]:
    return {
        one.kind.table: {
            "title": one.kind.title,
            "why": one.kind.why,
            "seen_by": one.kind.seen_by,
            "rows": [dict(zip(one.columns, row, strict=True)) for row in one.rows],
        }
        for one in kept
    }


def _in_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def as_markdown(made_at: datetime, account: Sequence[Rows], courses: Sequence[CourseParcel], labels: Labels) -> str:
    """Return all of it to read; `labels` are the words for ids, by table and column.

    Moments are in the member's zone: of each course in the one that is set there, elsewhere in that of the first.
    """
    zone = courses[0].zone if courses else "UTC"
    made = f"Made on {_said(made_at, zone).replace(' ', ' at ')}, {zone} time."
    lines = ["# What PLN Coach keeps about you", "", f"{made} The JSON file beside this one has every number too."]
    for one in courses:
        state = "closed" if one.closed else "open"
        lines += ["", f"## {_line(one.course)}", "", f"{one.term}, {state}. Times are {one.zone} time."]
        lines += ["", "### What your instructors can see of you", "", one.seen.lead]
        lines += ["", *(f"- {label}: {_line(value)}" for label, value in one.seen.lines)] if one.seen.lines else []
        for rows in one.kept:
            lines += _read(rows, one.zone, labels)
    lines += ["", "## Beside your courses", "", f"Times are {zone} time."]
    for rows in account:
        lines += _read(rows, zone, labels)
    return "\n".join(lines) + "\n"


def _read(rows: Rows, zone: str, labels: Labels) -> list[str]:
    if not rows.rows:
        return []
    kind = rows.kind
    lines = ["", f"### {kind.title} ({len(rows.rows)})", "", f"Why: {kind.why}. Who sees it: {kind.seen_by}.", ""]
    for row in rows.rows:
        values = dict(zip(rows.columns, row, strict=True))
        said = [
            f"{word}: {_in_words(kind.table, column, values[column], zone, labels)}"
            for column, word in kind.words.items()
            if values.get(column) is not None
        ]
        lines.append(f"- {'; '.join(said)}")
    return lines


def _in_words(table: str, column: str, value: Value, zone: str, labels: Labels) -> str:
    known = labels.get((table, column), {})
    if str(value) in known:
        return known[str(value)]
    if column in _IN_JSON.get(table, ()):
        with suppress(ValueError):  # whatever it is, the rest of the parcel is theirs
            return _several(json.loads(str(value)))
    said = _said(value, zone)
    return _as_word(said) if column in _CHOSEN.get(table, ()) else said


def _several(values: object) -> str:
    """Return what is in a JSON object or list, without what is no, none or nothing."""
    if isinstance(values, dict):
        pairs = [(_as_word(name), value) for name, value in cast("dict[str, object]", values).items() if value]
        return ", ".join(name if value is True else f"{name} {_several(value)}" for name, value in pairs) or "nothing"
    if isinstance(values, list):
        return ", ".join(_several(one) for one in cast("list[object]", values)) or "nothing"
    return _as_word(_line(str(values)))


def _as_word(code: str) -> str:
    return code.replace("_", " ")


def _said(value: Value, zone: str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case _:
            return _line(str(value))


def _line(text: str) -> str:
    """Return a text on one line, so that nothing in it looks like a line of the parcel's own."""
    return " ".join(text.split())


def in_files(name: str, ending: str, text: str, most_bytes: int) -> list[tuple[str, bytes]]:
    """Return a text as files of at most `most_bytes` each: one, or as many as it needs, cut between lines.

    A single line longer than that is cut where it has to be.
    """
    pieces: list[bytes] = [b""]
    for line in text.splitlines(keepends=True):
        encoded = line.encode()
        if len(pieces[-1]) + len(encoded) > most_bytes and pieces[-1]:
            pieces.append(b"")
        while len(encoded) > most_bytes:
            pieces[-1], encoded = encoded[:most_bytes], encoded[most_bytes:]
            pieces.append(b"")
        pieces[-1] += encoded
    if len(pieces) == 1:
        return [(f"{name}.{ending}", pieces[0])]
    return [(f"{name}-{number}-of-{len(pieces)}.{ending}", piece) for number, piece in enumerate(pieces, 1)]
