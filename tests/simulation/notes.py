"""What the notes of a simulated term say: counted, checked against what their members had, and a few of them to read.

Each note is read back with the template of its text, and every fact in it is looked up in raw rows, as they were when
it was sent: not by the code that chose and filled it.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.coaching.course_plan import step_words
from bot.coaching.nudges import Family, NudgeKind
from bot.coaching.plain import plain
from bot.coaching.weeks import DAY_NAMES
from bot.services.messenger import NudgeMessage, Problem
from prompts import Content, load_content
from storage import tables
from storage.database import Database, Tx, open_database
from storage.schema import migrate
from tests.services.course import TERM_END
from tests.simulation.personas import PERSONAS
from tests.simulation.world import AFTERWARDS, EXAMS, Watched, World, opened

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
READ = 25
"""How many notes are shown to be read."""
TOWARD_PEOPLE = frozenset({Family.PEOPLE, Family.OPENINGS})
Row: TypeAlias = Mapping[Any, Any]
_OF_MEMBER = (
    *("focus", "goal", "action", "contact", "space", "opportunity", "alert", "checklist_answer", "bio_check"),
    "week_step",
)
_LINES = re.compile(r"\n(?:This note was meant for|(?:This week|Next week|Week \d+)’s step: |A course step)")
"""How the lines under a note's text begin."""


@dataclass(frozen=True)
class Note:
    """A weekly note as it was sent, and every row that its member had at that moment.

    Attributes:
        before: the notes sent to them earlier, the newest first.
    """

    persona: str
    at: datetime
    today: date
    words: str
    buttons: tuple[str, ...]
    row: Row
    rows: Mapping[str, Sequence[Row]]
    before: Sequence["Note"] = field(repr=False)
    content: Content = field(repr=False)

    @property
    def text(self) -> str:
        """The id of its text."""
        return self.row["text"] or ""

    @property
    def situation(self) -> str:
        return self.text.partition(".")[0]

    @property
    def family(self) -> Family | None:
        """The family of the step; that of the rule where an occasion told the rule's step."""
        occasion = self.content.occasions.get(self.row["occasion"] or "")
        told = self.content.rules[self.row["rule"]].situation if occasion and occasion.tells_rule else self.situation
        return self.content.situations[told].family

    @property
    def goal(self) -> Row | None:
        running = [one for one in self.rows["goal"] if one["ended_at"] is None and one["paused_on"] is None]
        return min(running, key=lambda one: one["id"], default=None)

    @property
    def focus(self) -> Row | None:
        return next(iter(self.rows["focus"]), None)

    @property
    def low_profile(self) -> bool:
        return self.focus is not None and self.focus["season"] == "low_profile"

    @property
    def details(self) -> set[str]:
        """What is known of the member that a note could name."""
        focus, goal = self.focus or {}, self.goal
        found: set[str | None] = {focus.get(name) for name in ("field_one", "field_two", "purpose")}
        found |= {goal["if_then"]} if goal else set()
        found |= {one["nickname"] for one in self.rows["contact"] if not one["rested"]}
        found |= {one["name"] for one in self.rows["space"]}
        found |= {one["title"] for one in self.rows["opportunity"]} | {one["field"] for one in self.rows["alert"]}
        return {plain(one) for one in found if one}


class _Recorder(Watched):
    """Discord, and what each member had when a weekly note was sent to them."""

    def __init__(self, world: World, database: Database, seed: int) -> None:
        super().__init__(world.course.clock, seed, world.students)
        self._world, self._database = world, database
        self.notes: dict[str, Note] = {}

    async def send(self, channel_id: Any, message: NudgeMessage, nonce: str) -> Any:
        key = message.key
        if key.kind is NudgeKind.WEEKLY and str(key) not in self.notes:
            student = self._world.students[key.to.user_id]
            row, rows = await self._database.read(lambda tx: _rows(tx, key.to.user_id, key.period))
            mine = [one for one in self.notes.values() if one.row["user_id"] == key.to.user_id]
            now = self._world.course.clock()
            self.notes[str(key)] = Note(
                student.persona,
                now,
                now.astimezone(ZoneInfo(student.place.wish.zone)).date(),
                message.text,
                tuple(one.id for one in message.buttons),
                row,
                rows,
                mine[::-1],
                self._world.course.content,
            )
        result = await super().send(channel_id, message, nonce)
        if isinstance(result, Problem) and result is Problem.CLOSED:
            self.notes.pop(str(key), None)
        return result


def _rows(tx: Tx, user_id: int, period: str) -> tuple[Row, Mapping[str, Sequence[Row]]]:
    n, e = tables.nudge.c, tables.enrolment.c
    row = tx.execute(select(tables.nudge).where(n.user_id == user_id, n.period == period, n.kind == "weekly"))
    enrolment = tx.execute(select(tables.enrolment).where(e.user_id == user_id)).mappings().one()
    found: dict[str, Sequence[Row]] = {"enrolment": [enrolment]}
    for name in _OF_MEMBER:
        table = tables.metadata.tables[name]
        found[name] = list(tx.execute(select(table).where(table.c.enrolment_id == enrolment["id"])).mappings())
    found["course_week"] = list(tx.execute(select(tables.course_week)).mappings())
    return row.mappings().one(), found


def term_of_notes(
    folder: Path, seed: int, variants: int = 2, personas: Sequence[str] = (), *, plan: bool = False
) -> list[Note]:
    """Let a class live through a term, and return the weekly notes that arrived, in the order of sending.

    Args:
        plan: the course has the ready course plan.
    """
    file = folder / f"notes-{seed}-{plan}.db"
    fresh = open_database(f"sqlite:///{file}")
    migrate(fresh.engine)
    fresh.close()
    with opened(file) as database:
        world = World(database, load_content(), seed, plan=plan)
        recorder = _Recorder(world, database, seed)
        world.course.messenger = world._watched = recorder  # pyright: ignore[reportPrivateUsage]
        for variant, persona in product(range(variants), personas or tuple(PERSONAS)):
            world.add(persona, variant, PERSONAS[persona])
        asyncio.run(world.live(AFTERWARDS))
    arrived = {str(one.key) for one in recorder.messages}
    return [note for key, note in recorder.notes.items() if key in arrived]


# What is true


def wrong_facts(note: Note) -> list[str]:
    """Return what a note says that its member's rows do not bear out."""
    said = _read_back(note)
    if said is None:
        return [] if "open_note" in note.buttons else ["it cannot be read with its own template"]
    found = [name for name, value in said.items() if name in _TRUE and not _TRUE[name](note, value)]
    if note.situation in _CLAIMS and not _CLAIMS[note.situation](note):
        found.append(f"what {note.situation} says")
    return found


def _read_back(note: Note) -> dict[str, str] | None:
    """Return the values that fill a note's template and its action's, by placeholder."""
    template = note.content.situations[note.situation].texts[note.text].strip()
    words = _LINES.split(note.words)[0]
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{'closes .*?' if name == 'closes' else '.*?'})"

    pattern = re.sub(r"\\{(\w+)\\}", group, re.escape(template))
    match = re.fullmatch(pattern, words, re.DOTALL)
    if match is None:
        return None
    said = dict(match.groupdict())
    teller = note.content.occasions.get(note.row["occasion"] or "")
    action = (teller.action if teller and not teller.tells_rule else note.content.rules[note.row["rule"]].action) or ""
    if "act" in said and (
        inner := re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*?)", re.escape(action)), said["act"])
    ):
        said |= {name: value for name, value in inner.groupdict().items() if name != "todo" and value}
    return said


def _person(note: Note) -> Row | None:
    number = (note.row["subject"] or "").removeprefix("person:")
    return next((one for one in note.rows["contact"] if str(one["id"]) == number), None)


def _opening(note: Note) -> Row | None:
    number = (note.row["subject"] or "").removeprefix("opening:")
    return next((one for one in note.rows["opportunity"] if str(one["id"]) == number), None)


def _with(note: Note, person: Row | None) -> list[Row]:
    """Return what was logged with somebody, oldest first."""
    mine = [one for one in note.rows["action"] if person and one["contact_id"] == person["id"]]
    return sorted(mine, key=lambda one: (one["logged_at"], one["id"]))


_ANSWERED = frozenset({"talk", "chat", "interview"})
_TRIES = frozenset({"reply", "ask", "invite", "follow_up"})


def _answers(action: Row) -> bool:
    return action["kind"] in _ANSWERED or action["outcome"] in {"reply", "advice", "meeting", "opening"}


def _may_be_named(note: Note, nickname: str) -> bool:
    """A person of theirs, not at rest, not twice silent, and not named in the two notes before."""
    person = _person(note)
    if person is None or plain(person["nickname"]) != nickname or person["rested"]:
        return False
    tries = 0
    for action in _with(note, person):
        tries = 0 if _answers(action) else tries + (action["kind"] in _TRIES)
    # Two tries within a week are one; a second one may be of this week.
    days = {one["happened_on"] for one in _with(note, person) if one["kind"] in _TRIES and not _answers(one)}
    silent = tries >= 2 and len(days) >= 2 and max(days) - min(days) >= WEEK and note.today - max(days) >= WEEK
    return not silent and note.row["subject"] not in {one.row["subject"] for one in note.before[:2]}


def _did(note: Note) -> int:
    counted = note.content.vocabulary.types[note.goal["type"]].counted_actions if note.goal else ()
    return sum(one["kind"] in counted for one in note.rows["action"] if note.at - WEEK < one["logged_at"] <= note.at)


def _last_touch(note: Note) -> set[date | None]:
    person = _person(note)
    days = {one["happened_on"] for one in _with(note, person)}
    return {max(days)} if days else {person["based_on"]} if person else set()


def _touched(note: Note, *, kinds: frozenset[str] = frozenset(), outcome: str = "") -> set[date | None]:
    touches = _with(note, _person(note))
    return {one["happened_on"] for one in touches if one["kind"] in kinds or one["outcome"] == outcome}


def _of_opening(name: str) -> Callable[[Note], set[date | None]]:
    return lambda note: {(_opening(note) or {}).get(name)}


_DAYS: Mapping[str, Callable[[Note], set[date | None]]] = {
    "thank": lambda note: _touched(note, kinds=frozenset({"interview"}), outcome="meeting"),
    "close_loop": lambda note: _touched(note, outcome="advice"),
    "no_reply": lambda note: {max(_touched(note, kinds=_TRIES), key=str, default=None)},
    **dict.fromkeys(("contact_cold", "twenty_minutes", "convert", "pass_on", "first_word"), _last_touch),
    "opportunity_follow": _of_opening("sent_on"),
    "lapsed": _of_opening("due_on"),
    "alert_payoff": lambda note: {one["asked_on"] or one["on_since"] for one in note.rows["alert"]},
    "bio_stale": lambda note: {one["checked_on"] for one in note.rows["bio_check"]},
    "checklist_due": lambda note: {
        one["answered_on"] for one in note.rows["checklist_answer"] if one["item_id"] == note.row["subject"]
    },
    "pause_end": lambda note: {note.rows["enrolment"][0]["pause_until"]},
    "exam_weeks": lambda _: {EXAMS.last + DAY},
    "goal_ends": lambda _: {TERM_END},
    "week_step": lambda note: {step["due_on"]} if (step := _course_step(note)) else set(),
}
"""The days that {on} may name, by situation."""


def _course_step(note: Note) -> Row | None:
    number = (note.row["subject"] or "").removeprefix("week:")
    return next((one for one in note.rows["course_week"] if str(one["id"]) == number), None)


def _step_open(note: Note) -> bool:
    """The step of the note is of the course, not done and not left out, and its day is not past."""
    step = _course_step(note)
    touched = {one["week_id"] for one in note.rows["week_step"]}
    return step is not None and step["id"] not in touched and note.today <= step["due_on"]


def _words(day: date) -> str:
    return f"{DAY_NAMES[day.weekday()]} {day.day} {day:%B}"


def _closes(note: Note, said: str) -> bool:
    opening = _opening(note)
    if opening is None or opening["due_on"] is None:
        return False
    today = "today, " if opening["due_on"] == note.today else ""
    return (
        said == f"closes {today}{_words(opening['due_on'])}" and timedelta() <= opening["due_on"] - note.today <= WEEK
    )


def _active(note: Note) -> range:
    """Return how many active weeks there may be: those of the last eight, and with breaks between them some before."""
    days = {one["happened_on"] for one in note.rows["action"]}
    days |= {one["answered_on"] for one in note.rows["checklist_answer"]}
    days |= {one["done_on"] for one in note.rows["week_step"] if one["state"] == "done"}
    weeks = {day - day.weekday() * DAY for day in days if day <= note.today}
    this = note.today - note.today.weekday() * DAY
    return range(sum(week > this - 8 * WEEK for week in weeks), len(weeks) + 3)


def _fields(note: Note) -> set[str]:
    return {plain(note.focus[name]) for name in ("field_one", "field_two") if note.focus and note.focus[name]}


def _said_of_step(note: Note, said: str, column: str, low_profile: str) -> bool:
    step = _course_step(note) or {}
    return said == step_words(step.get(low_profile if note.low_profile else column) or step.get("step") or "")


_TRUE: Mapping[str, Callable[[Note, str], bool]] = {
    "who": _may_be_named,
    "field": lambda note, said: said in _fields(note),
    "in_field": lambda note, said: said.removeprefix(" in ") in _fields(note),
    "purpose": lambda note, said: note.focus is not None and said == plain(note.focus["purpose"]).rstrip("."),
    "opening": lambda note, said: (opening := _opening(note)) is not None and said == plain(opening["title"]),
    "closes": _closes,
    "space": lambda note, said: said in {plain(one["name"]) for one in note.rows["space"]},
    "goal": lambda note, said: note.goal is not None and said == plain(note.goal["title"]).rstrip("."),
    "plan": lambda note, said: note.goal is not None and said == plain(note.goal["if_then"]),
    "target": lambda note, said: note.goal is not None and said == str(note.goal["target"]),
    "did": lambda note, said: said == str(_did(note)),
    "progress": lambda note, said: said == str(_did(note)) != "0",
    "on": lambda note, said: said in {_words(day) for day in _DAYS[note.situation](note) if day},
    "step": lambda note, said: _said_of_step(note, said, "step", "another_way"),
    "other": lambda note, said: _said_of_step(note, said, "another_way", "step"),
    "active": lambda note, said: int(said) in _active(note),
}
"""What a value in a note has to be."""


def _kinds(note: Note) -> set[str]:
    return {one["category"] for one in note.rows["contact"]}


def _open_kind(note: Note) -> bool:
    return note.row["subject"].removeprefix("kind:") not in _kinds(note)


def _logged(note: Note, weeks: int) -> list[str]:
    return [one["kind"] for one in note.rows["action"] if note.at - weeks * WEEK < one["logged_at"] <= note.at]


def _directed(note: Note, direction: str) -> int:
    kinds = note.content.vocabulary.kinds
    return sum(kinds[kind].direction == direction for kind in _logged(note, 4))


def _talked(note: Note) -> bool:
    """They answered, as far as rows say: something was logged that needs an answer, or the member said so."""
    person = _person(note)
    base = person["base_stage"] if person else "spotted"
    return base not in {"spotted", "noticed"} or any(map(_answers, _with(note, person)))


def _idle(note: Note) -> bool:
    return not _logged(note, 1)


_CLAIMS: Mapping[str, Callable[[Note], bool]] = {
    "week_step": _step_open,
    "no_focus": lambda note: note.focus is None,
    "no_goal": lambda note: note.goal is None,
    "ask_kind": _open_kind,
    "map_gap": lambda note: len(_kinds(note)) < 3 and _open_kind(note),
    "first_word": lambda note: not _talked(note),
    "twenty_minutes": _talked,
    "pass_on": _talked,
    "convert": _talked,
    "target_met": lambda note: note.goal is not None and _did(note) >= note.goal["target"],
    "slipped_1": _idle,
    "slipped_2": lambda note: not _logged(note, 2),
    "slipped_3": lambda note: not _logged(note, 3),
    "lurker": lambda note: {note.content.vocabulary.kinds[one].direction for one in _logged(note, 3)} == {"listen"},
    "give_first": lambda note: _directed(note, "ask") > max(1, _directed(note, "give")),
    "talk_with": lambda note: _directed(note, "at") >= 3,
    "earn_voice": lambda note: note.focus is not None and note.focus["new_accounts"],
    "find_opening": lambda note: not {"spotted", "preparing", "sent"} & {x["state"] for x in note.rows["opportunity"]},
    "who_knows": lambda note: (opening := _opening(note)) is not None and opening["state"] in {"spotted", "preparing"},
    "checklist_first": lambda note: (
        note.row["subject"] not in {one["item_id"] for one in note.rows["checklist_answer"] if one["answer"] != "later"}
    ),
    "goal_ends": lambda note: note.goal is not None and note.today > TERM_END - 2 * WEEK,
    "goal_review": lambda note: (
        note.goal is not None
        and note.today >= note.goal["starts_on"] + timedelta(weeks=note.goal["weeks"], days=note.goal["paused_days"])
    ),
}
"""What a situation's texts say without a placeholder."""


# What is counted


def _step_words(note: Note) -> str:
    """Return a note's words without the member's own plan."""
    return note.words.replace(plain(note.goal["if_then"]), "") if note.goal else note.words


def counted(notes: Sequence[Note]) -> dict[str, Any]:
    """Count what the issue asks for; discreet notes show no words, and low profiles are counted apart.

    The shares are of the notes that the course's step does not take: where that leads is the course's choice.
    """
    open_notes = [note for note in notes if "open_note" not in note.buttons]
    others = [note for note in open_notes if note.situation != "week_step"]
    again = [note for note in open_notes if _step_words(note) in {_step_words(one) for one in note.before}]
    last_families = [next((one.family for one in note.before if one.family), None) for note in notes]
    running = [
        note
        for note, last in zip(notes, last_families, strict=True)
        if note.family is Family.BOOKKEEPING and last is Family.BOOKKEEPING
    ]
    told = {note.row["rule"] for note in notes}
    wrong = [f"{note.persona}, {note.today}, {note.text}: {fact}" for note in notes for fact in wrong_facts(note)]
    return {
        "notes": len(notes),
        "course_steps": sum(note.situation == "week_step" for note in notes),
        "course_lines": sum("’s step: " in note.words for note in notes),
        "repeats": len(again),
        "bookkeeping_running": len(running),
        "wrong_facts": wrong,
        "rules_never": [rule for rule in notes[0].content.rules if rule not in told],
        **_shares([note for note in others if not note.low_profile]),
        "low_profile": _shares([note for note in others if note.low_profile]),
    }


def _shares(notes: Sequence[Note]) -> dict[str, Any]:
    families = Counter(note.family for note in notes)
    known = [note for note in notes if note.details]
    personal = sum(any(one in note.words for one in note.details) for note in known)
    return {
        "toward_people": round(sum(families[one] for one in TOWARD_PEOPLE) / max(1, len(notes)), 3),
        "bookkeeping": round(families[Family.BOOKKEEPING] / max(1, len(notes)), 3),
        "personal": round(personal / max(1, len(known)), 3),
        "families": {str(one or "no step"): count for one, count in families.most_common()},
    }


# What is read


def some(notes: Sequence[Note], seed: int, count: int = READ) -> list[dict[str, Any]]:
    """Return some notes with the state behind each, at most one of a member in each round through them all."""
    by_member: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        if "open_note" not in note.buttons:
            by_member[note.row["user_id"]].append(note)
    rng = Random(seed)
    chosen = [rng.choice(by_member[member]) for member in rng.sample(sorted(by_member), min(count, len(by_member)))]
    return [
        {
            "persona": note.persona,
            "sent": _words(note.today),
            "text": note.text,
            "rule": note.row["rule"],
            "family": note.family and note.family.value,
            "state": _state(note),
            "note": note.words.replace(f"<@{note.row['user_id']}>", "Ann"),
            "buttons": list(note.buttons),
        }
        for note in chosen
    ]


def _state(note: Note) -> list[str]:
    """Return what a careers adviser has to know of somebody to judge their note."""
    focus, goal, cohort_week = note.focus, note.goal, (note.today - date(2027, 2, 15)).days // 7 + 1
    week = Counter(_logged(note, 1))
    lines = [f"week {cohort_week} of the term"]
    if focus:
        fields = " & ".join(one for one in (focus["field_one"], focus["field_two"]) if one)
        more = ", ".join(one for one in (focus["purpose"], focus["connection"], focus["season"]) if one)
        lines.append(f"focus: {fields}" + (f" ({more})" if more else ""))
    else:
        lines.append("no focus")
    if goal:
        ends = goal["starts_on"] + timedelta(weeks=goal["weeks"], days=goal["paused_days"])
        lines.append(f"goal ({goal['type']}): {goal['title']}, {goal['target']} a week, until {_words(ends - DAY)}")
        lines.append(f"plan: {goal['if_then']}")
    else:
        lines.append("no goal that runs")
    lines.append("last seven days: " + (", ".join(f"{count} {kind}" for kind, count in week.items()) or "nothing"))
    for person in note.rows["contact"][-4:]:
        last = [f"{one['kind']} {_words(one['happened_on'])}" for one in _with(note, person)][-2:]
        lines.append(f"person: {person['nickname']} ({person['category']}): {', '.join(last) or 'nothing logged'}")
    lines.extend(f"space: {one['name']}" for one in note.rows["space"])
    for one in note.rows["opportunity"]:
        due = f", last day {_words(one['due_on'])}" if one["due_on"] else ""
        lines.append(f"opening: {one['title']}, {one['state']}{due}")
    before = [one.text for one in note.before[:3]]
    lines.append(f"notes before: {', '.join(before) or 'none'}")
    return lines


def shown(notes: Sequence[dict[str, Any]]) -> str:
    """Return notes to be read by a person."""
    parts: list[str] = []
    for number, note in enumerate(notes, 1):
        state = "\n".join(f"    {line}" for line in note["state"])
        words = "\n".join(f"  > {line}" for line in note["note"].split("\n"))
        head = f"{number}. {note['sent']} · {note['text']} · {note['rule']} · {note['family'] or 'no step'}"
        parts.append(f"{head}\n{state}\n{words}\n  [{' | '.join(note['buttons'])}]")
    return "\n\n".join(parts)
