"""/message in a course server: the check at once, ways to begin, AI notes in the same message, and nothing kept."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from bot import app
from bot.coaching.bios import AiNote, AiOutcome, Criterion, Critique, Subject, Usage, Verdict
from bot.config import LlmConfig
from tests.cogs.classroom import Classroom, Person, Screen
from tests.services.fakes import FakeCritic

HOST = "models.example"
MESSAGE = "Dear Ms Okaforquux, your quokka talk helped me. My CV is attached, and I wait in {my situation}."
ADVICE = "Say what the tapirgauge measured."
GOOD = Critique(AiOutcome.OK, (AiNote(Criterion.EASY, Verdict.IMPROVE, "I wait", ADVICE),), None, Usage(300, 120), 900)
MARKS = ("quokka", "okaforquux", "tapir")
IN_DISTRESS = "Dear Ms Okaforquux, I want to kill myself."
CHECK = """## Message check
**18 of 120** words
**A blank is still here.**
> {my situation}
Fill it or take it out.
**This speaks of an attachment.**
> CV is attached
Leave the file for later: offer it once they answer.
**There is no question mark in it.**
End with one question they can answer quickly. A thank-you needs none.
**Ask yourself**
1. What shows that this is meant for this person?
2. Could they answer in two minutes?
3. Are you asking for time and experience, or for a job?
-# Need to talk to someone? Free help lines by country: https://findahelpline.com
-# I keep nothing of your message."""

Hire: TypeAlias = Callable[..., Awaitable[FakeCritic]]


@pytest.fixture
def hire(course: Classroom, monkeypatch: pytest.MonkeyPatch) -> Hire:
    """Start the bot again with an AI reviewer that says what is given, switched on."""

    async def hired(*answers: Critique) -> FakeCritic:
        critic = _Critic(*(answers or (GOOD,)))

        def opened(*_: object) -> FakeCritic:
            return critic

        monkeypatch.setattr(app, "open_critic", opened)
        course.config = replace(course.config, llm=LlmConfig("a-model", None, f"https://{HOST}/v1"))
        await course.restart()
        await course.instructor.press(await course.instructor.run("cohort status"), "Switch AI notes on")
        return critic

    return hired


class _Critic(FakeCritic):
    async def aclose(self) -> None:
        pass


async def check(person: Person, text: str = MESSAGE) -> Screen:
    return await person.send(await person.run("message check"), text=text)


async def test_the_check_is_there_at_once_in_the_server_and_in_the_dm(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("message check")
    assert (form.text, form.form) == ("A first message\nYour message", {"text": ""})
    shown = await ann.send(form, text=MESSAGE)
    assert (shown.text, shown.private) == (CHECK, True)
    assert shown.labels == ["Check another version", "Ways to begin"]
    assert (await check(ann.in_dm)).text == CHECK
    again = await ann.send(await ann.press(shown, "Check another version"), text="Could you say how you began?")
    assert "Nothing here that a program can mend. The questions are yours to answer." in again.text


async def test_whoever_does_not_know_what_to_say_gets_words_by_situation(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("message begin")
    assert shown.text.startswith("## Ways to begin\n")
    starters = course.content.network.starters
    words = await ann.pick(shown, "twenty_minutes")
    assert f"```\n{starters['twenty_minutes'].text}\n```" in words.text
    assert (await ann.press(words, "Check your message")).form == {"text": ""}
    assert (await ann.press(await check(ann), "Ways to begin")).text == shown.text


async def test_somebody_who_has_not_joined_is_told_how(course: Classroom) -> None:
    zoe = course.person("zoe")
    for command in ("message check", "message begin"):
        assert (await zoe.run(command)).text.startswith("You have not joined the course yet.")


async def test_a_message_of_spaces_is_refused(course: Classroom) -> None:
    ann = await course.member()
    assert (await check(ann, " \n ")).text.startswith("Your message is empty.")


async def test_help_comes_first_and_the_check_is_there_all_the_same(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    critic = await hire()
    form = await ann.press(await ann.run("message check"), "With AI notes")
    shown = await ann.send(form, text=IN_DISTRESS)
    assert shown.text.startswith("If life is hard right now, you need not carry it alone. If you might hurt yourself")
    assert shown.text.endswith("Nobody has been told, and your text was not kept.")
    form = await ann.press(shown, "Check the message all the same")
    assert form.form == {"text": ""}
    assert (await ann.send(form, text=IN_DISTRESS)).text.startswith("## Message check\n")
    assert (critic.requests, course.rows("SELECT * FROM ai_call")) == ([], [])


async def test_the_notice_comes_before_the_first_form_and_names_messages(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    critic = await hire()
    shown = await ann.run("message check")
    for words in (f"the text goes to **{HOST}**.", "the name that a message greets", "take out names first"):
        assert words in shown.text
    form = await ann.press(shown, "Without AI")
    assert form.form == {"text": ""}
    assert (await ann.send(form, text=MESSAGE)).text == CHECK
    assert critic.requests == []


async def test_notes_come_in_the_same_message_and_never_a_rewrite(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    critic = await hire()
    form = await ann.press(await ann.run("message check"), "With AI notes")
    assert form.form == {"text": "", "ai": "with"}
    shown = await ann.send(form, text=MESSAGE, ai=["with"])
    assert shown.text == (
        f"{CHECK}\n### AI notes\n-# AI suggestion: check every fact.\n"
        f"**Easy to answer**: can be better\n> I wait\n{ADVICE}"
    )
    assert shown.labels == ["Check another version", "Ways to begin", "AI notes"]
    (request,) = critic.requests
    assert (request.text, request.subject, request.rewrite) == (MESSAGE, Subject.MESSAGE, False)
    thanks = await ann.pick(shown, "unkind")
    assert thanks.text.startswith("Thank you. Your instructors see that somebody reported notes, not who")
    asked = await ann.press(shown, "AI notes")
    assert (await ann.press(asked, "Without AI")).text.startswith("From now on your texts go nowhere.")


async def test_one_message_may_do_without_notes(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    critic = await hire()
    form = await ann.press(await ann.run("message check"), "With AI notes")
    assert (await ann.send(form, text=MESSAGE, ai=["without"])).text == CHECK
    assert critic.requests == []


async def test_whatever_goes_wrong_the_check_stays_and_one_sentence_says_why(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    await hire(Critique(AiOutcome.REFUSED))
    form = await ann.press(await ann.run("message check"), "With AI notes")
    assert (await ann.send(form, text=MESSAGE)).text == f"{CHECK}\nThe AI declined this text."


async def test_notes_that_need_more_room_come_in_a_file(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    long = tuple(replace(GOOD.notes[0], quote="_" * 160, advice=f"{number}" + "*" * 299) for number in range(5))
    await hire(replace(GOOD, notes=long))
    form = await ann.press(await ann.run("message check"), "With AI notes")
    shown = await ann.send(form, text=MESSAGE)
    assert "### AI notes\n-# AI suggestion: check every fact.\nThey are in the file below." in shown.text


async def test_nothing_of_it_is_in_the_database_or_a_log(
    course: Classroom, hire: Hire, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await course.member()
    with caplog.at_level(logging.DEBUG):
        await check(ann)
        await hire()
        form = await ann.press(await ann.run("message check"), "With AI notes")
        await ann.send(form, text=MESSAGE)
        await check(ann, IN_DISTRESS)
    logged = [one for one in caplog.records if not one.name.startswith(("simcord", "discord"))]
    ours = " ".join([*course.stored(), *(f"{one.getMessage()} {one.__dict__}" for one in logged)]).casefold()
    assert [word for word in MARKS if word in ours] == []
    assert course.rows("SELECT count(*) FROM bio_check") == [(0,)]
