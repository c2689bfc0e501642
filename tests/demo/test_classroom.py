import asyncio
import re
from dataclasses import dataclass

import pytest

from bot.demo.classroom import open_classroom
from bot.demo.simulator import direct_messages

COMMANDS = (
    "nudge history",
    "goal show",
    "goal review",
    "network list",
    "network followups",
    "opportunity list",
    "footprint",
    "cohort overview",
    "cohort register",
    "cohort preview",
    "cohort feedback",
    "cohort checkin",
    "cohort digest",
    "cohort status",
    "privacy seen",
)


@dataclass(frozen=True)
class Opened:
    """What can be seen of the class as the page opens with it, by role, and what its next two weeks bring."""

    answers: dict[tuple[str, str], str]
    notes: dict[str, list[str]]
    weeks: list[str]
    new_notes: int


async def open_and_look() -> Opened:
    """Let everybody run every command, then let two weeks pass, the first of which fails on its way."""
    async with open_classroom() as classroom:
        notes = {viewer.role: [note.content for note in direct_messages(viewer.actor)] for viewer in classroom.viewers}
        answers: dict[tuple[str, str], str] = {}
        for viewer in classroom.viewers:
            for command in COMMANDS:
                shown = (await viewer.actor.slash(classroom.course.channel, command)).response
                answers[viewer.role, command] = str(shown and shown.components)
        delivery = classroom.course.app.delivery
        real, failures = delivery.round, iter([None, None, RuntimeError("the disk is full")])

        async def failing() -> None:
            await real()
            if error := next(failures, None):
                raise error

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delivery, "round", failing)
            with pytest.raises(RuntimeError, match="the disk is full"):
                await classroom.advance()
        weeks = [str(await classroom.advance()) for _ in range(2)]
        after = len(direct_messages(classroom.viewers[0].actor))
    return Opened(answers, notes, weeks, after - len(notes["member"]))


@pytest.fixture(scope="module")
def opened() -> Opened:
    """The class opened once for all tests, because it takes seconds."""
    return asyncio.run(open_and_look())


def test_week_that_failed_is_finished_by_the_next_try(opened: Opened) -> None:
    assert opened.weeks == ["2026-10-27", "2026-11-03"]
    assert opened.new_notes == 2


@pytest.mark.parametrize(
    ("role", "command", "words"),
    [
        ("member", "goal show", ["Week 6 of 8", "If I feel nervous before I send it"]),
        ("member", "network list", ["You talk.", "You have met.", "They may know your name.", "Resting."]),
        ("member", "network list", ["Evening chat for new nurses", '"summer placement" "community nursing" Bristol']),
        ("member", "network followups", ["You met on Saturday 17 October", "No answer since Tuesday 6"]),
        ("member", "opportunity list", ["last day Sunday 25 October, in 5 days", "sent on Friday 9 October"]),
        ("member", "opportunity list", ["a no, noted on", "handed to somebody on"]),
        ("member, goal is over", "goal review", ["Its weeks are over."]),
        ("member, searching", "opportunity list", ["sent on Thursday 8 October, no answer yet"]),
        ("member, on a pause", "goal show", ["It rests since Friday 16 October"]),
        ("member, low profile", "footprint", ["that would make you easier to find are left out"]),
        ("instructor", "cohort feedback", ["asked you to get in touch", "Greeted", "not signed", "signed by"]),
        ("instructor", "cohort overview", ["of 28 did something last week", "28 of 29 joined."]),
        (
            "instructor",
            "cohort overview",
            ["**What gets in the way most**", "For five minutes of class: ", "People active"],
        ),
        ("instructor", "cohort register", ["**28 people**", "Amara Osei", "Page 1 of 3."]),
        ("instructor", "cohort checkin", ["asked you to get in touch", "weeks of the course"]),
        ("instructor", "cohort status", ["due notes less than a minute ago"]),
        ("instructor", "cohort digest", ["did something last week", "Might welcome a hello"]),
        ("member", "privacy seen", ["Focus, goal, plan: **yes, yes, yes**", "Nobody has looked so far."]),
        ("instructor", "cohort preview", ["Notes planned: ", "Sam"]),
    ],
)
def test_there_is_something_to_look_at(opened: Opened, role: str, command: str, words: list[str]) -> None:
    text = opened.answers[role, command]

    assert [word for word in words if word not in text] == []


def test_register_of_the_class_has_a_spread(opened: Opened) -> None:
    text = opened.answers["instructor", "cohort register"]
    for words in ("this week ✓", "nothing yet", "no goal yet", "goal, plan", "away", "notes cannot reach them"):
        assert words in text
    assert len(set(re.findall(r"active \d of \d", text))) >= 3
    assert len(set(re.findall(r"checklist \d of 9", text))) >= 4


def test_the_last_notes_speak_of_different_things(opened: Opened) -> None:
    last = {role: notes[-1] for role, notes in opened.notes.items() if notes}

    assert "Summer placement, the clinic by the river" in last["member"]
    assert "due Friday 23 October" in last["member, quiet lately"]
    assert any("Set one small goal" in note for note in opened.notes["member, no goal yet"])


def test_the_class_shows_what_became_of_every_note(opened: Opened) -> None:
    history = {role: text for (role, command), text in opened.answers.items() if command == "nudge history"}

    assert history["member"].count(": sent") == 7
    assert "held: your direct messages were closed to me" in history["member, closed messages"]
    assert "Monday 19 October" in history["member, quiet lately"]
    assert "Monday 19 October" not in history["member, on a pause"]
    assert "You have not joined the course yet" in history["newcomer"]
