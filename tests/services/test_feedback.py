"""Feedback: who is kept with it, what instructors read, and who asked to be contacted."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from bot.coaching.errors import (
    AskedAlready,
    OldCard,
    TextMissing,
    TooMuchFeedback,
)
from bot.coaching.ids import CohortId, FeedbackId, GuildId
from bot.coaching.texts import plain
from bot.services.feedback import (
    MOST_UNSIGNED,
    MOST_WAITING,
    PAGE,
    PAGE_ROOM,
    TEXT_LIMIT,
    UNSIGNED_WITHIN,
    FeedbackPage,
    FeedbackService,
    How,
)
from prompts import Content
from storage import tables
from tests.services.course import START, TERM_START, Course, at, member, teacher

DAY = timedelta(days=1)
TEXT = "Could we look at one first message together?"


def service(course: Course) -> FeedbackService:
    return FeedbackService(course.database)


async def tell(course: Course, user_id: int, how: How, text: str | None = TEXT, days: float = 0) -> None:
    await service(course).tell(member(user_id), how, text, START + days * DAY)


async def read(course: Course, before: FeedbackId | None = None, days: float = 0) -> FeedbackPage:
    return await service(course).page(teacher(), before, START + days * DAY)


async def columns(course: Course) -> list[dict[str, Any]]:
    """Return the rows of feedback by column."""
    return await course.database.read(lambda tx: [dict(row) for row in tx.execute(select(tables.feedback)).mappings()])


# What is kept


async def test_unsigned_text_stores_neither_author_nor_moment(course: Course) -> None:
    await course.join(10, 11, channel=False)
    await tell(course, 10, How.UNSIGNED, "  Too   fast\nfor me ", days=2.3)
    cohort = (await course.key(10)).to.cohort_id
    (row,) = await columns(course)
    assert {name: value for name, value in row.items() if name != "id"} == {
        "cohort_id": cohort,
        "enrolment_id": None,
        "text": "Too fast for me",
        "week": TERM_START,
        "read_at": None,
    }


async def test_unsigned_text_changes_nothing_else_but_the_last_tap(course: Course) -> None:
    await course.join(10, 11, channel=False)
    now = START + 2 * DAY
    await service(course).course(member(10), now)
    before = await course.everything()
    await service(course).tell(member(10), How.UNSIGNED, TEXT, now)
    after = await course.everything()
    assert len(after.pop("feedback")) == 1
    assert before.pop("feedback") == []
    assert after == before


async def test_unsigned_texts_of_two_members_look_the_same(course: Course) -> None:
    await course.join(10, zone="Pacific/Kiritimati", channel=False)
    await course.join(11, zone="Pacific/Pago_Pago", channel=False)
    # Sunday evening in the course: Monday for one of them, Sunday morning for the other.
    late = at(TERM_START + 6 * DAY, 22)
    for user_id in (10, 11):
        await service(course).tell(member(user_id), How.UNSIGNED, TEXT, late)
    first, second = await columns(course)
    first.pop("id")
    second.pop("id")
    assert first == second
    assert first["week"] == TERM_START


@pytest.mark.parametrize("how", [How.UNSIGNED, How.SIGNED])
@pytest.mark.parametrize("text", [None, "", " \n \u200b "])
async def test_feedback_without_words_is_refused(course: Course, how: How, text: str | None) -> None:
    await course.join(10, channel=False)
    before = await course.everything()
    with pytest.raises(TextMissing):
        await tell(course, 10, how, text, days=1)
    assert await course.everything() == before


async def test_feedback_goes_to_the_members_own_course(course: Course, content: Content) -> None:
    other = Course(course.database, content, GuildId(701))
    await other.open(name="Elsewhere")
    await course.join(10, channel=False)
    await other.join(10, channel=False)
    await tell(course, 10, How.CONTACT)
    elsewhere = await service(course).page(teacher(GuildId(701)), None, START)
    assert (elsewhere.texts, elsewhere.waiting) == ((), ())
    assert elsewhere.cohort.name == "Elsewhere"
    here = await read(course)
    assert ([one.text for one in here.texts], [one.user_id for one in here.waiting]) == ([TEXT], [10])


# Getting in touch


async def test_request_for_contact_needs_no_words(course: Course) -> None:
    await course.join(10, channel=False)
    await tell(course, 10, How.CONTACT, "  ", days=1)
    page = await read(course, days=2)
    assert [(one.user_id, one.since) for one in page.waiting] == [(10, TERM_START + DAY)]
    assert page.texts == ()


async def test_words_sent_with_a_request_for_contact_are_signed(course: Course) -> None:
    await course.join(10, channel=False)
    await tell(course, 10, How.CONTACT)
    assert [(one.text, one.author) for one in (await read(course)).texts] == [(TEXT, 10)]


async def test_second_request_is_refused_while_the_first_is_open(course: Course) -> None:
    await course.join(10, channel=False)
    await tell(course, 10, How.CONTACT, None)
    before = await course.everything()
    with pytest.raises(AskedAlready):
        await tell(course, 10, How.CONTACT, TEXT, days=1)
    assert await course.everything() == before


async def test_request_is_withdrawn_once_and_may_be_made_again(course: Course) -> None:
    await course.join(10, 11, channel=False)
    await tell(course, 10, How.CONTACT)
    await tell(course, 11, How.CONTACT, None)
    taken = [await service(course).take_back(member(10), START) for _ in range(2)]
    assert taken == [True, False]
    page = await read(course)
    assert [one.user_id for one in page.waiting] == [11]
    assert len(page.texts) == 1
    await tell(course, 10, How.CONTACT, None, days=3)
    assert [(one.user_id, one.since) for one in (await read(course)).waiting] == [
        (11, TERM_START),
        (10, TERM_START + 3 * DAY),
    ]


async def test_greeted_member_leaves_the_list_and_nothing_else_changes(course: Course) -> None:
    await course.join(10, 11, channel=False)
    never_asked = await course.everything()
    for user_id in (10, 11):
        await tell(course, user_id, How.CONTACT, None)
    first, second = (await read(course)).waiting
    page = await service(course).greet(teacher(), first.enrolment_id, START)
    assert page.waiting == (second,)
    again = await service(course).greet(teacher(), first.enrolment_id, START)
    assert again.waiting == (second,)
    await service(course).greet(teacher(), second.enrolment_id, START)
    after = await course.everything()
    touched = [name for name in after if after[name] != never_asked[name]]
    assert touched == ["enrolment", "access_log"]
    assert not await service(course).take_back(member(10), START)


async def test_list_shows_who_waited_longest_and_that_there_are_more(course: Course) -> None:
    users = range(10, 10 + MOST_WAITING + 1)
    await course.join(*users, channel=False)
    for days, user_id in enumerate(reversed(users)):
        await tell(course, user_id, How.CONTACT, None, days=days)
    page = await read(course, days=20)
    assert [one.user_id for one in page.waiting] == [*reversed(users)][:MOST_WAITING]
    assert page.more_waiting
    page = await service(course).greet(teacher(), page.waiting[0].enrolment_id, START)
    assert (len(page.waiting), page.more_waiting) == (MOST_WAITING, False)


# Reading


async def test_shown_texts_count_as_read_from_then_on(course: Course) -> None:
    await course.join(10, channel=False)
    await tell(course, 10, How.UNSIGNED, "one")
    assert [(one.text, one.read) for one in (await read(course)).texts] == [("one", False)]
    await tell(course, 10, How.UNSIGNED, "two")
    assert [(one.text, one.read) for one in (await read(course, days=1)).texts] == [("two", False), ("one", True)]
    read_at = [row["read_at"] for row in sorted(await columns(course), key=lambda row: row["id"])]
    assert read_at == [START, START + DAY]


async def test_texts_on_later_pages_stay_unread(course: Course) -> None:
    await course.join(10, channel=False)
    for number in range(2 * PAGE + 1):
        await tell(course, 10, How.UNSIGNED, f"text {number}")
    first = await read(course)
    assert [one.text for one in first.texts] == [f"text {number}" for number in range(10, 5, -1)]
    assert sum(row["read_at"] is None for row in await columns(course)) == PAGE + 1
    assert first.older is not None
    second = await read(course, first.older)
    assert [one.text for one in second.texts] == [f"text {number}" for number in range(5, 0, -1)]
    assert (first.newest, second.newest) == (True, False)
    last = await read(course, second.older)
    assert ([one.text for one in last.texts], last.older) == (["text 0"], None)


async def test_long_texts_make_shorter_pages_and_are_never_cut(course: Course) -> None:
    await course.join(10, channel=False)
    lengths = [1000, 1000, 3, 999, 500, 500, 500, 500, 500, 1, 1, 1, 1, 1, 1, 1000, 1000]
    written = [f"{number:02d}" + ("*" if number % 2 else "a") * length for number, length in enumerate(lengths)]
    written = [text[:TEXT_LIMIT] for text in written]
    for text in written:
        await tell(course, 10, How.UNSIGNED, text)
    seen: list[str] = []
    page = await read(course)
    while True:
        texts = [one.text for one in page.texts]
        assert 1 <= len(texts) <= PAGE
        assert len(texts) == 1 or sum(len(plain(text)) for text in texts) <= PAGE_ROOM
        seen += texts
        if page.older is None:
            break
        page = await read(course, page.older)
    assert seen == written[::-1]


async def test_waiting_members_are_on_the_first_page_alone(course: Course) -> None:
    await course.join(10, channel=False)
    await tell(course, 10, How.CONTACT, None)
    for number in range(PAGE + 1):
        await tell(course, 10, How.UNSIGNED, f"text {number}")
    first = await read(course)
    assert len(first.waiting) == 1
    assert (await read(course, first.older)).waiting == ()


async def test_form_opened_in_another_course_is_refused(course: Course) -> None:
    await course.join(10, channel=False)
    before = await course.everything()
    with pytest.raises(OldCard):
        await course.feedback.tell(member(10), How.SIGNED, "for Beta", START, course=CohortId(77))
    assert await course.everything() == before


async def test_one_account_cannot_flood_unsigned_feedback(course: Course) -> None:
    await course.join(10, 11, channel=False)
    for number in range(MOST_UNSIGNED):
        await course.feedback.tell(member(10), How.UNSIGNED, f"text {number}", START)
    with pytest.raises(TooMuchFeedback):
        await course.feedback.tell(member(10), How.UNSIGNED, "one more", START)
    await course.feedback.tell(member(10), How.SIGNED, "with my name", START)
    await course.feedback.tell(member(11), How.UNSIGNED, "from somebody else", START)
    await course.feedback.tell(member(10), How.UNSIGNED, "an hour later", START + UNSIGNED_WITHIN)


async def test_postgresql_does_not_link_unsigned_text_to_its_author(either_course: Course) -> None:
    course = either_course
    if course.database.engine.dialect.name != "postgresql":
        return  # SQLite notes no transactions on its rows
    await course.join(10, 11, 12, channel=False)
    await course.feedback.tell(member(11), How.UNSIGNED, "who wrote this", START + timedelta(hours=2))
    same = "SELECT e.user_id FROM feedback f JOIN enrolment e ON f.xmin IN (e.xmin, e.xmax)"
    assert await course.database.read(lambda tx: tx.execute(sql(same)).all()) == []
