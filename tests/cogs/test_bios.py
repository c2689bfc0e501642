"""/bio in a course server: the check at once, AI notes in the same message, and not a word of it kept."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import discord
import pytest

from bot import app
from bot.coaching.bios import AiNote, AiOutcome, Criterion, Critique, Rewrite, Subject, Usage, Verdict
from bot.config import LlmConfig
from bot.demo.simulator import InteractionResult
from bot.services.ai_notes import AiOffer, AiState
from cogs import replies
from cogs.cards.ai_notes import mark
from prompts.critique import load_prompts
from storage import tables
from tests.cogs.classroom import TEXT, Classroom, Person, Screen, parts
from tests.cogs.conftest import ExpectedErrors
from tests.cogs.limits import NEW_MESSAGE, message_breaches
from tests.critique.fake_openai import NOTES, REWRITE, FakeOpenAI
from tests.services.fakes import FakeCritic

HOST = "models.example"

# Words that stand nowhere else, so that they are found wherever they went.
BIO = "Quokkaology student who built a tide gauge in Zanzibartown. Ask me about my patients. Write: moa@kea.example"
ADVICE = "Say what the tapirgauge measured."
SUGGESTED = "Numbatology student, built a gauge."
GOOD = Critique(
    AiOutcome.OK,
    (
        AiNote(Criterion.CREDIBLE, Verdict.STRONG, "built a tide gauge", ADVICE),
        AiNote(Criterion.CONNECTABLE, Verdict.MISSING, "", "Add what people may ask you."),
        AiNote(Criterion.READABLE, Verdict.IMPROVE, "Write: moa@kea.example", "Split it."),
    ),
    Rewrite(SUGGESTED, len(SUGGESTED)),
    Usage(300, 120),
    900,
)
WORDS_ALONE = replace(GOOD, rewrite=None)
MARKS = ("quokka", "zanzibar", "moa@kea", "tide gauge", "tapir", "numbat")
IN_DISTRESS = "Quokkaology student. I want to kill myself."
KEEP = "Keep this bio in my portfolio"
PENDING = "AI notes are on their way"
OFFLINE = """## Bio check: X (Twitter)
**108 of 160** characters
**Everyone can read an e-mail address here.**
> moa@kea.example
Take it out; people can use the message button.
**Ask yourself**
1. Would a stranger know from the first line what you study or do?
2. Does it name one thing that you made, ran or learned?
3. Who should write to you, and about what?
4. Could anyone else be recognised: a patient, pupil, client, colleague?
5. Read it aloud: where do you stumble?
-# Need to talk to someone? Free help lines by country: https://findahelpline.com
-# I keep the day, the place and what was noticed, never the text."""
AGAIN = """## Bio check: X (Twitter)
**108 of 160** characters
**Everyone can read an e-mail address here.**
> moa@kea.example
Take it out; people can use the message button.
**Ask yourself**
1. Would a stranger know from the first line what you study or do?
2. Does it name one thing that you made, ran or learned?
-# Need to talk to someone? Free help lines by country: https://findahelpline.com
-# I keep the day, the place and what was noticed, never the text."""
"""The same bio a second time within the hour."""

LOADING = """
import json, os, sys
from bot.app import build
from bot.config import read_config
from prompts import load_content
from storage.database import open_database
app = build(read_config(os.environ, None), open_database(sys.argv[1]), load_content())
before = "openai" in sys.modules
app.bot._make_cogs()
print(json.dumps([before, "openai" in sys.modules]))
"""


class Critic(FakeCritic):
    """A fake AI reviewer as the composition root opens it."""

    closed = False

    async def aclose(self) -> None:
        self.closed = True


Hire: TypeAlias = Callable[..., Awaitable[Critic]]


@pytest.fixture
def hire(course: Classroom, monkeypatch: pytest.MonkeyPatch) -> Hire:
    """Start the bot again with an AI reviewer that says what is given, switched on unless told otherwise."""

    async def hired(*answers: Critique | Exception, host: str = HOST, on: bool = True) -> Critic:
        critic = Critic(*(answers or (GOOD,)))

        def opened(*_: object) -> Critic:
            return critic

        monkeypatch.setattr(app, "open_critic", opened)
        course.config = replace(course.config, llm=LlmConfig("a-model", None, f"https://{host}/v1"))
        await course.restart()
        if on:
            await switch(course, "on")
        return critic

    return hired


async def switch(course: Classroom, way: str) -> Screen:
    shown = await course.instructor.run("cohort status")
    return await course.instructor.press(shown, f"Switch AI notes {way}")


async def agreed(person: Person, place: str = "x") -> Screen:
    """Return the form of somebody who has just agreed."""
    return await person.press(await person.run("bio check", place=place), "With AI notes")


async def check(person: Person, text: str = BIO, place: str = "x", **fields: Any) -> Screen:
    return await person.send(await person.run("bio check", place=place), text=text, **fields)


async def sent(person: Person, form: Screen, text: str = BIO) -> InteractionResult:
    """Send the form of somebody who agreed, and return all that came of it."""
    assert form.result is not None
    return await person.member.submit_modal(form.result, {"text": text, "ai": ["rewrite"]})


def texts_of(body: Mapping[str, Any]) -> str:
    return "\n".join(one["content"] for one in parts(body["components"]) if one["type"] == TEXT)


def last_answer(course: Classroom) -> Any:
    """Return what was sent to Discord last."""
    made: Any = course.env.http_requests[-1].json
    return made["data"]


def last_kind(course: Classroom) -> int:
    """Return how Discord was answered last."""
    made: Any = course.env.http_requests[-1].json
    return made["type"]


def amended(course: Classroom) -> list[Any]:
    """Return what was put in the place of an answer."""
    return [one.json for one in course.env.http_requests if one.method == "PATCH" and one.path.endswith("@original")]


# The offline review


async def test_the_places_on_offer_are_those_of_the_content(course: Classroom) -> None:
    (group,) = [one for one in course.app.bot.tree.get_commands() if one.name == "bio"]
    sent_to_discord: Any = group.to_dict(course.app.bot.tree)
    (option,) = next(one for one in sent_to_discord["options"] if one["name"] == "check")["options"]
    places = course.content.rubric.places
    assert {one["value"]: one["name"] for one in option["choices"]} == {one.id: one.label for one in places.values()}
    assert option["required"]


async def test_the_check_is_there_at_once_and_private(course: Classroom) -> None:
    ann = await course.member()
    shown = await check(ann)
    assert shown.text == OFFLINE
    assert shown.private
    assert shown.labels == ["Check another version", KEEP]
    assert amended(course) == []


async def test_another_version_replaces_the_first_and_says_what_is_gone(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.press(await check(ann), "Check another version")
    assert form.text.startswith("Bio: X (Twitter)\n")
    shown = await ann.send(form, text="Nursing student. I ran a hand-washing workshop. Ask me about night shifts.")
    assert "\nGone: an e-mail address. **74 of 160** characters\n" in shown.text
    assert "Nothing here that a program can mend." in shown.text
    assert shown.labels == ["Check another version", "More questions", KEEP]
    assert (await ann.press(shown, "More questions")).text.count("?") == 5


@pytest.mark.parametrize("limit", ["19", "many"])
async def test_a_length_that_is_none_is_refused_and_the_bio_comes_back(course: Classroom, limit: str) -> None:
    ann = await course.member()
    shown = await check(ann, place="other", limit=limit)
    assert shown.text.startswith("The limit is a whole number from 20 to 5000.")
    assert course.rows("SELECT count(*) FROM bio_check") == [(0,)]
    assert (await ann.press(shown, "Open it again")).form == {"text": BIO, "limit": limit}


# Words that say somebody is in distress


async def test_help_comes_first_and_nothing_is_kept(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    form = await course.manager.press(await course.manager.run("cohort setup"), "Name a service")
    await course.manager.send(form, contact="Room 2.14 *always*")
    critic = await hire()
    shown = await ann.send(await agreed(ann), text=IN_DISTRESS)
    assert shown.text == (
        "If life is hard right now, you need not carry it alone. Room 2.14 \\*always\\*. If you might hurt yourself, "
        "call your local emergency number now. Free help lines by country: https://findahelpline.com\n\n"
        "Nobody has been told, and your text was not kept."
    )
    assert (shown.private, shown.labels) == (True, ["Check the bio all the same"])
    for table in ("bio_check", "ai_call", "ai_budget"):
        assert course.rows(f"SELECT * FROM {table}") == []
    form = await ann.press(shown, "Check the bio all the same")
    assert form.form == {"text": ""}
    assert (await ann.send(form, text=IN_DISTRESS)).text.startswith("## Bio check: X (Twitter)\n")
    assert (critic.requests, amended(course)) == ([], [])
    assert course.rows("SELECT count(*) FROM bio_check") == [(1,)]


# Who may be the reviewer


async def test_without_consent_nothing_is_sent_and_the_choice_is_remembered(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    critic = await hire()
    form = await ann.press(await ann.run("bio check", place="x"), "Without AI")
    assert form.form == {"text": ""}
    shown = await ann.send(form, text=BIO)
    assert shown.text == OFFLINE
    again = await ann.run("bio check", place="x")
    assert again.form == {"text": ""}
    assert (await ann.send(again, text=BIO)).text == AGAIN
    assert critic.requests == []


async def test_choice_can_be_changed_from_the_review_and_the_history(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    critic = await hire()
    shown = await ann.send(await agreed(ann), text=BIO)
    assert shown.labels == ["Check another version", KEEP, "AI notes"]
    asked = await ann.press(shown, "AI notes")
    assert asked.labels == ["Without AI", "With AI notes"]
    assert (await ann.press(asked, "Without AI")).text.startswith("From now on your texts go nowhere.")
    assert (await check(ann)).text == AGAIN
    listed = await ann.run("bio history")
    assert "**AI notes**: you do without." in listed.text
    asked = await ann.press(listed, "AI notes")
    assert (await ann.press(asked, "With AI notes")).text.startswith("From now on you get AI notes")
    assert "**AI notes**: you agreed to them." in (await ann.run("bio history")).text
    await check(ann)
    assert len(critic.requests) == 2, "what was in memory for an hour was forgotten with the no"


async def test_an_old_notice_agrees_to_nothing_new(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    await hire()
    old = await ann.run("bio check", place="x")
    await hire(host="another.example", on=False)
    shown = await ann.press(old, "With AI notes")
    assert "the text goes to **another.example**" in shown.text
    assert course.rows("SELECT * FROM ai_consent") == []
    form = await ann.press(shown, "With AI notes")
    assert form.text.startswith("Bio: X (Twitter)\n")
    assert course.rows("SELECT host FROM ai_consent") == [("another.example",)]


async def test_a_notice_from_before_it_was_switched_off_leads_to_no_consent(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    await hire()
    shown = await ann.run("bio check", place="x")
    await switch(course, "off")
    assert (await ann.press(shown, "With AI notes")).text.startswith("AI notes are off in this course")
    forged = await course.crafted(f"pln1:ai_notes.notice:{ann.id}")
    assert (await ann.press(forged, "Press")).text.startswith("AI notes are off in this course")
    assert course.rows("SELECT * FROM ai_consent") == []
    assert (await check(ann)).text == OFFLINE


async def test_review_stays_when_the_notice_comes_before_the_next(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    shown = await check(ann)
    await hire()
    asked = await ann.press(shown, "Check another version")
    assert asked.text.startswith("## AI notes on your bios and messages?")
    assert last_kind(course) == NEW_MESSAGE


async def test_the_mark_on_the_button_tells_hosts_apart_and_names_none() -> None:
    offer = AiOffer(AiState.UNDECIDED, HOST, None)
    assert len({mark(offer), mark(replace(offer, host="another.example")), mark(replace(offer, host_note="me"))}) == 3
    assert HOST not in mark(offer)


# Notes


async def test_notes_join_the_check_that_was_there_before_the_ai_answered(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    critic = await hire()
    form = await agreed(ann)
    seen: list[str] = []

    async def look() -> None:
        seen.append(texts_of(last_answer(course)))

    critic.meanwhile = look
    shown = await ann.send(form, text=BIO)
    assert seen == [f"{OFFLINE}\n-# {PENDING}; they will be here."]
    assert shown.text == (
        f"{OFFLINE}\n### AI notes\n-# AI suggestion: check every fact.\n"
        f"**Credible**: works well\n> built a tide gauge\n{ADVICE}\n"
        "**Easy to talk to**: not there yet\nAdd what people may ask you.\n"
        "**Easy to read**: can be better\n> Write: moa@kea.example\nSplit it.\n"
        f"**A rewrite**, 35 of 160 characters:\n```\n{SUGGESTED}\n```"
    )
    assert (shown.private, shown.beside) == (True, [])
    assert shown.labels == ["Check another version", KEEP, "AI notes"]
    assert [breach for body in amended(course) for breach in message_breaches(body["components"])] == []
    (request,) = critic.requests
    assert (request.text, request.place.id, request.limit, request.rewrite) == (BIO, "x", 160, True)


async def test_notes_may_be_reported_and_staff_see_that_they_were(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    await hire()
    shown = await ann.send(await agreed(ann), text=BIO)
    thanks = await ann.pick(shown, "unkind")
    assert thanks.text.startswith("Thank you. Your instructors see that somebody reported notes, not who")
    status = await course.instructor.run("cohort status")
    assert "**Members reported notes**: unkind 1 time. You may switch them off." in status.text


async def test_backticks_in_what_the_ai_says_break_out_of_nothing(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    note = AiNote(Criterion.CLEAR, Verdict.IMPROVE, "a `quote` @everyone", "Say ```it``` to <@1> in **words** [x](y).")
    await hire(replace(GOOD, notes=(note,), rewrite=Rewrite("`Numbat` ``student``", 20)))
    shown = await ann.send(await agreed(ann), text=BIO)
    assert (
        "> a \\`quote\\` @\u200beveryone\nSay \\`\\`\\`it\\`\\`\\` to \\<@\u200b1\\> in \\*\\*words\\*\\* \\[x\\](y)."
        in shown.text
    )
    assert shown.text.endswith("\n```\n`Numbat` ``student``\n```")
    assert shown.text.count("```") == 2


@pytest.mark.parametrize(("status", "code"), [(404, 10008), (401, 50027)])
@pytest.mark.parametrize("method", ["PATCH", "POST"])
async def test_notes_for_a_message_that_is_gone_are_dropped_without_a_fuss(
    course: Classroom, hire: Hire, caplog: pytest.LogCaptureFixture, method: str, status: int, code: int
) -> None:
    ann = await course.member()
    await hire()
    form = await agreed(ann, "linkedin_about")
    course.env.inject_error(method, "/webhooks/*", status=status, code=code)
    shown = await ann.send(form, text=BIO)
    assert shown.text.startswith("## Bio check: LinkedIn About")
    assert (PENDING in shown.text) == (method == "PATCH")
    assert shown.beside == []
    assert f"could not add to an answer: {status}" in caplog.text
    assert course.rows("SELECT outcome FROM ai_call") == [("ok",)]


async def test_reviewer_who_is_switched_off_meanwhile_is_not_asked(
    course: Classroom, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await course.member()
    critic = await hire()
    form = await agreed(ann)
    show = replies.show

    async def show_and_switch_off(interaction: discord.Interaction, card: discord.ui.LayoutView) -> None:
        await show(interaction, card)
        await course.database.transact(lambda tx: tx.execute(tables.cohort.update().values(ai_reviewer=False)))

    monkeypatch.setattr(replies, "show", show_and_switch_off)
    shown = await ann.send(form, text=BIO)
    assert shown.text == f"{OFFLINE}\nThe AI did not answer; the check above works without it."
    assert shown.beside[0].startswith("That card is from before an update")
    assert critic.requests == []


async def test_a_bug_in_the_ai_reviewer_leaves_nobody_waiting(
    course: Classroom, hire: Hire, expected_errors: ExpectedErrors
) -> None:
    expected_errors.append("failed")
    ann = await course.member()
    await hire(RuntimeError("tapir"))
    shown = await ann.send(await agreed(ann), text=BIO)
    assert shown.text == f"{OFFLINE}\nThe AI did not answer; the check above works without it."
    (apology,) = shown.beside
    assert apology.startswith("Sorry, that went wrong on my side.")


# Kept nowhere


async def test_no_word_of_it_is_in_the_database_in_a_log_or_on_a_button(
    course: Classroom, hire: Hire, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await course.member()
    with caplog.at_level(logging.DEBUG):
        await check(ann)
        await hire(GOOD, Critique(AiOutcome.REFUSED), replace(GOOD, rewrite=Rewrite(SUGGESTED + "```", 33)))
        form = await agreed(ann)
        for number in range(3):
            await ann.send(form, text=f"{BIO} {number}")
            form = await ann.run("bio check", place="x")
        await ann.send(form, text=IN_DISTRESS)
        await check(ann, place="other", limit="none")
        await ann.run("bio history")
        await course.instructor.run("cohort status")
    # What Discord is told of is in the simulation's own log.
    logged = [one for one in caplog.records if not one.name.startswith(("simcord", "discord"))]
    ours = " ".join([*course.stored(), *(f"{one.getMessage()} {one.__dict__}" for one in logged)]).casefold()
    told_discord = json.dumps([one.json for one in course.env.http_requests])
    ids = re.findall(r'"custom_id": "([^"]+)"', told_discord)
    assert ids
    assert [word for word in MARKS if word in ours] == []
    assert [word for word in MARKS if word in " ".join(ids).casefold()] == []
    assert course.rows("SELECT count(*) FROM bio_check") == [(4,)]


# For those who teach


async def test_staff_switch_it_on_and_off_on_the_status_card(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    await hire(on=False)
    shown = await course.instructor.run("cohort status")
    assert "**AI notes**: off." in shown.text
    shown = await course.instructor.press(shown, "Switch AI notes on")
    assert shown.text.startswith("## Delivery in Digital careers")
    assert "**AI notes**: on, for those who agree." in shown.text
    assert "• answered: fewer than 5\n• no answer in time: fewer than 5\n" in shown.text
    assert shown.text.endswith("Not for grading.")
    assert (await ann.run("bio check", place="x")).text.startswith("## AI notes on your bios and messages?")
    shown = await course.manager.press(await course.manager.run("cohort status"), "Switch AI notes off")
    assert "**AI notes**: off." in shown.text
    assert (await ann.run("bio check", place="x")).text.startswith("Bio: X (Twitter)")


# The real one


async def test_what_is_configured_is_asked_and_closed_in_the_end(course: Classroom) -> None:
    ann = await course.member()
    bio = "Nursing student in community health.\nI ran a workshop on hand washing. Write to moa@kea.example"
    async with FakeOpenAI().serving() as serving:
        llm = LlmConfig("a-model", "a-key", serving.base_url("says"))
        course.config = replace(course.config, llm=llm)
        await course.restart()
        await switch(course, "on")
        shown = await ann.send(await agreed(ann, "bluesky"), text=bio)
        await course.app.connections.aclose()
        (body,) = serving.bodies
    assert all(str(NOTES[one]["advice"]) in shown.text for one in ("clear", "credible", "connectable", "readable"))
    assert f"```\n{REWRITE}\n```" in shown.text
    assert "moa@kea" not in json.dumps(body)
    assert str(ann.id) not in json.dumps(body)
    ((outcome, tokens, model, version),) = course.rows(
        "SELECT outcome, prompt_tokens + completion_tokens, model, prompt_version FROM ai_call"
    )
    prompt = load_prompts()[Subject.BIO]
    assert (outcome, tokens, model, version) == ("ok", 900, "a-model", f"{prompt.id}/{prompt.version}")
