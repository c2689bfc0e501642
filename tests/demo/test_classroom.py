import asyncio
import re
from dataclasses import dataclass

import pytest

from bot.demo.classroom import open_classroom
from bot.demo.simulator import direct_messages


async def test_a_week_that_failed_goes_on_to_where_it_was_going(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_classroom() as classroom:
        amara = classroom.viewers[0].actor
        before = len(direct_messages(amara))
        real = classroom.course.app.delivery.round
        failures = iter([None, None, RuntimeError("the disk is full")])

        async def failing() -> None:
            await real()
            if error := next(failures, None):
                raise error

        monkeypatch.setattr(classroom.course.app.delivery, "round", failing)
        with pytest.raises(RuntimeError, match="the disk is full"):
            await classroom.advance()

        assert str(await classroom.advance()) == "2026-10-27"
        assert str(await classroom.advance()) == "2026-11-03"
        assert len(direct_messages(amara)) == before + 2


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
class Looked:
    """What there is to see of the class as the page opens with it, by role."""

    answers: dict[tuple[str, str], str]
    notes: dict[str, str]


async def look() -> Looked:
    """Let everybody run every command in the course channel, and read the last note they got."""
    async with open_classroom() as classroom:
        notes = {one.role: [note.content for note in direct_messages(one.actor)][-1:] for one in classroom.viewers}
        answers: dict[tuple[str, str], str] = {}
        for viewer in classroom.viewers:
            for command in COMMANDS:
                shown = (await viewer.actor.slash(classroom.course.channel, command)).response
                answers[viewer.role, command] = str(shown and shown.components)
    return Looked(answers, {role: last[0] for role, last in notes.items() if last})


@pytest.fixture(scope="module")
def looked() -> Looked:
    """What there is to see; the class takes seconds to open, so that all the tests look at one."""
    return asyncio.run(look())


@pytest.mark.parametrize(
    ("role", "command", "words"),
    [
        ("member", "goal show", ["Week 6 of 8", "If I feel nervous before I send it"]),
        ("member", "network list", ["You talk.", "You have met.", "They may know your name.", "Resting."]),
        ("member", "network list", ["Evening chat for new nurses", '"summer placement" "community nursing" Bristol']),
        ("member", "network followups", ["You met on Saturday 17 October", "No answer to your try of Tuesday 6"]),
        ("member", "opportunity list", ["last day Sunday 25 October, in 5 days", "sent on Friday 9 October"]),
        ("member", "opportunity list", ["a no, noted on", "handed to somebody on"]),
        ("member, goal is over", "goal review", ["Its weeks are over."]),
        ("member, searching", "opportunity list", ["sent on Thursday 8 October, no answer yet"]),
        ("member, on a pause", "goal show", ["It rests since Friday 16 October"]),
        ("member, low profile", "footprint", ["that would make you easier to find are left out"]),
        ("instructor", "cohort feedback", ["asked you to get in touch", "Greeted", "not signed", "signed by"]),
        ("instructor", "cohort overview", ["of 28 did something last week", "28 of 29 joined."]),
        ("instructor", "cohort overview", ["**Most named in the way**", "Five minutes: ", "People active"]),
        ("instructor", "cohort register", ["**28 people**", "Amara Osei", "Page 1 of 3."]),
        ("instructor", "cohort checkin", ["asked you to get in touch", "weeks of the course"]),
        ("instructor", "cohort status", ["due notes less than a minute ago"]),
        ("instructor", "cohort digest", ["did something last week", "Might welcome a hello"]),
        ("member", "privacy seen", ["Focus, goal, plan: **yes, yes, yes**", "Nobody has looked so far."]),
        ("instructor", "cohort preview", ["Notes planned: ", "Sam"]),
    ],
)
def test_there_is_something_to_look_at(looked: Looked, role: str, command: str, words: list[str]) -> None:
    text = looked.answers[role, command]

    assert [word for word in words if word not in text] == []


def test_register_of_the_class_has_a_spread(looked: Looked) -> None:
    text = looked.answers["instructor", "cohort register"]
    for words in ("this week ✓", "nothing yet", "no goal yet", "goal, plan", "away", "notes cannot reach them"):
        assert words in text
    assert len(set(re.findall(r"active \d of \d", text))) >= 3
    assert len(set(re.findall(r"checklist \d of 9", text))) >= 4


def test_the_last_notes_speak_of_different_things(looked: Looked) -> None:
    last = looked.notes

    assert "Summer placement, the clinic by the river" in last["member"]
    assert "What got in the way" in last["member, quiet lately"]
    assert "you reached what you had set out to do" in last["member, goal is over"]
    assert "Answer four short questions" in last["member, no goal yet"]
    assert "Graduate role, the bridge office" in last["member, searching"]


def test_the_class_shows_what_became_of_every_note(looked: Looked) -> None:
    told = {role: text for (role, command), text in looked.answers.items() if command == "nudge history"}

    assert told["member"].count(": sent") == 7
    assert "held: your direct messages were closed to me" in told["member, closed messages"]
    assert "Monday 19 October" in told["member, quiet lately"]
    assert "Monday 19 October" not in told["member, on a pause"]
    assert "You have not joined the course yet" in told["newcomer"]
