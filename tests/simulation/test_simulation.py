"""What the rules promise over a whole term: sixty members, sixteen weeks, the real services and one database."""

import asyncio
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.coaching.ids import UserId
from bot.coaching.next_action import OCCASIONS, RULES
from bot.coaching.nudges import TEXT_LIMIT, NudgeKind, NudgeState, Reason
from bot.coaching.weeks import Wish, local_day, quiet
from bot.services.messenger import NudgeMessage, Problem
from prompts import load_content
from tests.services.course import JITTER, TERM_END, TERM_START, WEEK
from tests.services.fakes import Message
from tests.simulation.personas import PERSONAS
from tests.simulation.report import repeats, report, told, waited
from tests.simulation.world import AFTERWARDS, BREAKS, EXAMS, HOLIDAY, Attempt, Participant, Term, World, berlin, opened

SEED = 2027
VARIANTS = 2
MOST_REPEATS = 0.10
"""Of the delivered notes, the share that may tell the step of the rule that the note before told."""
STARVED = 6
"""Notes with nothing new that one member is told while a rule could speak and does not."""
A_WHILE = berlin(TERM_START, 0) + timedelta(days=12)
"""Until when a few live twice, to be compared."""


def lived(template: Path, folder: Path, personas: Iterable[str], variants: int, until: datetime) -> Term:
    """Let a class live through a term, or its beginning, on a database of its own."""
    with opened(Path(shutil.copy(template, folder / "coach.db"))) as database:
        world = World(database, load_content(), SEED)
        for variant, persona in product(range(variants), personas):
            world.add(persona, variant, PERSONAS[persona])
        return asyncio.run(world.live(until))


@pytest.fixture(scope="module")
def term(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Term:
    """The term that all tests look at."""
    passed = lived(sqlite_template, tmp_path_factory.mktemp("term"), PERSONAS, VARIANTS, AFTERWARDS)
    print(report(passed))  # noqa: T201 - shown when a promise is broken, or with -s
    return passed


def day_of(message: Message, student: Participant) -> str:
    return local_day(message.at, student.place.wish.zone).isoformat()


def students(term: Term) -> dict[UserId, Participant]:
    return {student.user_id: student for student in term.students}


def notes(term: Term) -> list[Message]:
    """Return what was sent beside the hellos, which answer somebody who joins just then."""
    return [message for message in term.messages if message.key.kind is not NudgeKind.HELLO]


def delivered(term: Term) -> list[Attempt]:
    return [attempt for attempt in term.attempts if attempt.message.key.kind is not NudgeKind.HELLO]


# What is said


def test_every_rule_tells_its_step_to_somebody(term: Term) -> None:
    spoke = {note.tells for mine in told(term).values() for note in mine}
    # This course has no plan; and a date is always near when somebody has an opening, and comes before A29.
    assert [one.id for one in RULES if one.id not in spoke] == ["A00", "A29"]


def test_every_occasion_is_met_by_somebody(term: Term) -> None:
    met = {note.occasion for mine in told(term).values() for note in mine}
    assert [one.id for one in OCCASIONS if one.id not in met] == []


def test_no_rule_that_could_speak_waits_for_six_notes_that_tell_nothing_new(term: Term) -> None:
    longest = waited(told(term), term.content)
    starved = {rule_id: waits for rule_id, waits in longest.items() if waits >= STARVED}
    assert starved == {}


def test_fewer_than_one_note_in_ten_tells_the_step_of_the_rule_before(term: Term) -> None:
    mine = told(term)
    again = repeats(mine)
    share = again.total() / sum(map(len, mine.values()))
    assert share < MOST_REPEATS, f"{share:.1%}: {again.most_common()}"


def test_every_text_is_short_filled_and_kind(term: Term) -> None:
    banned = re.compile(
        "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in term.content.banned_phrases), re.IGNORECASE
    )
    for message in term.messages:
        assert 1 <= len(message.text) <= TEXT_LIMIT, message.text
        assert not re.search(r"[{}]|\bNone\b", message.text), message.text
        assert not banned.search(message.text), message.text


# When it is said


def test_nobody_gets_two_weekly_notes_for_a_week_or_two_reminders_of_one(term: Term) -> None:
    received = Counter((message.user_id, message.key.kind, message.key.period) for message in term.messages)
    assert [key for key, times in received.items() if times > 1] == []
    # Digests are for instructors, parcels for when the course has closed, and no instructor writes here.
    elsewhere = {NudgeKind.DIGEST, NudgeKind.PARCEL, NudgeKind.MESSAGE, NudgeKind.ANNOUNCEMENT}
    assert {kind for _, kind, _ in received} == set(NudgeKind) - elsewhere


def test_two_notes_on_one_day_are_a_note_and_a_reminder_that_was_asked_for(term: Term) -> None:
    who = students(term)
    days: dict[tuple[UserId, str], list[NudgeKind]] = defaultdict(list)
    for message in notes(term):
        days[message.user_id, day_of(message, who[message.user_id])].append(message.key.kind)
    assert [kinds for kinds in days.values() if kinds.count(NudgeKind.WEEKLY) > 1] == []


def test_nothing_goes_out_in_a_break(term: Term) -> None:
    who = students(term)
    days = [one.first for one in BREAKS] + [one.last for one in BREAKS]
    assert all(TERM_START < day < TERM_END for day in days)
    within = [
        (who[one.user_id].persona, one.key.kind, day)
        for one in notes(term)
        for day in [day_of(one, who[one.user_id])]
        if any(rest.first.isoformat() <= day <= rest.last.isoformat() for rest in BREAKS)
    ]
    assert within == []


def test_nothing_goes_out_in_a_pause(term: Term) -> None:
    paused = [student for student in term.students if student.pauses]
    assert len(paused) >= 2
    for student in paused:
        for message in notes(term):
            if message.user_id == student.user_id:
                day = local_day(message.at, student.place.wish.zone)
                assert not any(first < day < until for first, until in student.pauses)


def test_nothing_goes_out_in_quiet_hours(term: Term) -> None:
    for attempt in delivered(term):
        assert not quiet(attempt.at, attempt.enrolment.wish.zone, attempt.enrolment.quiet)


def test_nothing_goes_out_after_the_term_or_before_it(term: Term) -> None:
    who = students(term)
    days = {day_of(message, who[message.user_id]) for message in notes(term)}
    assert TERM_START.isoformat() <= min(days)
    assert max(days) <= TERM_END.isoformat()
    assert {entry.reason for entry in term.ledger} >= {Reason.TOO_LATE, Reason.DMS_CLOSED}


def test_the_wished_hour_stays_when_the_clocks_change(term: Term) -> None:
    who = students(term)
    late_march = berlin(HOLIDAY.last, 0)
    sides: set[tuple[str, bool]] = set()
    for entry in term.ledger:
        student = who[UserId(entry.user_id)]
        if entry.kind == NudgeKind.WEEKLY:
            zone = student.place.wish.zone
            local = entry.due_at.astimezone(ZoneInfo(zone))
            assert Wish(local.weekday(), local.hour, zone) in student.wishes
            assert local.minute <= JITTER
            sides.add((zone, entry.due_at > late_march))
    assert {zone for zone, after in sides if after} & {zone for zone, after in sides if not after} >= {
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
    }


def test_exam_weeks_are_announced_once_and_to_everybody_whose_note_comes_before_them(term: Term) -> None:
    for mine in told(term).values():
        announced = [note.at for note in mine if note.occasion == "exam_weeks"]
        before = [note.at for note in mine if WEEK > berlin(EXAMS.first, 0) - note.at > timedelta()]
        assert len(announced) <= 1
        assert announced or not before


# How it is sent


def test_everything_that_fell_due_is_settled_and_arrived_once_if_it_was_sent(term: Term) -> None:
    assert {entry.state for entry in term.ledger} == {NudgeState.SENT, NudgeState.HELD, NudgeState.SKIPPED}
    sent = Counter((entry.user_id, entry.kind, entry.period) for entry in term.ledger if entry.state == NudgeState.SENT)
    assert sent == Counter((one.user_id, one.key.kind, one.key.period) for one in term.messages)


def test_a_second_try_says_the_same_as_the_first(term: Term) -> None:
    tries: dict[str, list[NudgeMessage]] = defaultdict(list)
    for attempt in term.attempts:
        tries[str(attempt.message.key)].append(attempt.message)
    again = [messages for messages in tries.values() if len(messages) > 1]
    assert len(again) >= 5
    assert any(attempt.result is Problem.UNKNOWN for attempt in term.attempts)
    assert [messages for messages in again if messages.count(messages[0]) < len(messages)] == []


def test_the_same_seed_gives_the_same_messages(sqlite_template: Path, tmp_path: Path) -> None:
    few = ("steady", "ghost", "networker", "over_poster", "all_rounder", "traveller")
    first, second = (lived(sqlite_template, tmp_path, few, 1, A_WHILE) for _ in range(2))
    assert len(first.messages) > 2 * len(few)
    assert first.messages == second.messages
    assert first.ledger == second.ledger
