"""A message is checked and not kept, and the AI reads those of whoever agreed, from the same budget as bios."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.coaching.bios import BIO_LIMIT, MOST_WORDS, AiNote, AiOutcome, Criterion, Critique, Subject, Verdict
from bot.coaching.errors import NotJoined, OldCard, TextMissing, TextTooLong
from bot.services.ai_notes import AiNotes, AiState
from bot.services.critic import Reviewer
from bot.services.message_check import MessageCheckService
from storage import tables
from storage.bios import Caps
from tests.services.course import START, Course, counted_statements, member
from tests.services.fakes import FakeCritic
from tests.services.test_ai_notes import staff

MESSAGE = "Dear Ms Okafor, your talk on triage helped me. Could you say how you began?"
IN_DISTRESS = "Dear Ms Okafor, I want to kill myself."
GOOD = Critique(AiOutcome.OK, (AiNote(Criterion.EASY, Verdict.STRONG, "", "One question is quick to answer."),))
LATER = START + timedelta(hours=3)


async def checks_of(course: Course, critic: FakeCritic | None = None) -> MessageCheckService:
    """Return what the members 10 and 11 of a course use; with a critic, both have agreed to its notes."""
    versions = {Subject.BIO: "bio/7", Subject.MESSAGE: "message/3"}
    reviewer = critic and Reviewer(critic, "models.example", "m", versions, 1000, Caps(2, 10**6, 10**6))
    notes = AiNotes(course.database, reviewer)
    await course.join(10, 11, channel=False)
    if critic is not None:
        await notes.set_reviewer(staff(), on=True)
        for user_id in (10, 11):
            await notes.decide(member(user_id), START, agree=True)
    return MessageCheckService(course.database, course.content, notes)


async def active_at(course: Course) -> object:
    e = tables.enrolment.c
    return await course.database.read(lambda tx: tx.scalar(select(e.active_at).order_by(e.id).limit(1)))


async def test_a_check_needs_no_ai_and_counts_as_something_done(sqlite_course: Course) -> None:
    checks = await checks_of(sqlite_course)
    value = await checks.check(member(10), f"  {MESSAGE}\n", LATER)
    assert (value.review.findings, value.review.length, value.review.limit) == ((), 15, MOST_WORDS)
    assert (value.ai, value.sent, value.support) == (AiState.OFF, False, None)
    assert await active_at(sqlite_course) == LATER
    with pytest.raises(OldCard):
        await checks.critique(member(10), MESSAGE, LATER)


async def test_words_of_distress_leave_no_trace_and_go_nowhere(sqlite_course: Course) -> None:
    critic = FakeCritic(GOOD)
    checks = await checks_of(sqlite_course, critic)
    before = await active_at(sqlite_course)
    first = await checks.check(member(10), IN_DISTRESS, LATER)
    again = await checks.check(member(10), IN_DISTRESS, LATER, all_the_same=True)
    assert (first.review.support_first, again.review.support_first) == (True, False)
    assert (first.sent, again.sent) == (False, False)
    with pytest.raises(OldCard):
        await checks.critique(member(10), IN_DISTRESS, LATER)
    assert (await active_at(sqlite_course), critic.requests) == (before, [])
    assert not (await checks.check(member(10), MESSAGE, LATER, all_the_same=True)).sent


async def test_notes_ask_for_no_rewrite_are_remembered_and_paid_from_the_members_budget(course: Course) -> None:
    critic = FakeCritic(GOOD)
    checks = await checks_of(course, critic)
    assert (await checks.check(member(10), MESSAGE, LATER)).sent
    for text in (MESSAGE, MESSAGE, MESSAGE + " Thank you."):
        assert await checks.critique(member(10), text, LATER) == GOOD
    assert (await checks.critique(member(10), MESSAGE + " Yours, Kim", LATER)).outcome is AiOutcome.SPENT
    assert [(one.subject, one.rewrite, one.limit) for one in critic.requests] == [(Subject.MESSAGE, False, 120)] * 2
    calls = await course.database.read(lambda tx: tx.scalars(select(tables.ai_call.c.prompt_version)).all())
    assert calls == ["message/3", "message/3"]


async def test_a_text_that_is_none_is_refused(sqlite_course: Course) -> None:
    checks = await checks_of(sqlite_course)
    for text, refusal in ((" \n", TextMissing), ("a" * (BIO_LIMIT + 1), TextTooLong)):
        with pytest.raises(refusal):
            await checks.check(member(10), text, LATER)
    for use in (checks.check(member(99), MESSAGE, LATER), checks.starters(member(99), LATER)):
        with pytest.raises(NotJoined):
            await use


async def test_a_check_takes_few_statements(sqlite_course: Course) -> None:
    checks = await checks_of(sqlite_course)
    with counted_statements(sqlite_course.database) as statements:
        await checks.check(member(10), MESSAGE, LATER)
    assert len(statements) <= 6, statements
