"""What members tell their instructors: nobody is kept who did not sign, and who asked is greeted once."""

from typing import Any

from sqlalchemy import select

from bot.coaching.ids import CohortId, EnrolmentId, FeedbackId
from bot.coaching.weeks import monday_of
from storage import feedback, tables
from storage.database import Tx
from storage.feedback import AskedContact, Feedback
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, enrol, open_course

MONDAY = monday_of(TODAY)


def say(tx: Tx, text: str, author: EnrolmentId | None = None, guild_id: int = 1) -> None:
    feedback.add(tx, open_course(tx, guild_id), author, text, MONDAY)


def texts(tx: Tx, cohort_id: CohortId, before: FeedbackId | None = None) -> list[str]:
    return [one.text for one in feedback.read(tx, cohort_id, 2, before)]


def rows(tx: Tx) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.execute(select(tables.feedback).order_by(tables.feedback.c.id)).mappings()]


# Questions and comments


def test_what_is_not_signed_has_no_author_by_any_column(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    course = open_course(tx)
    say(tx, "More time, please")
    (row,) = rows(tx)
    said = {name: value for name, value in row.items() if name != "id"}
    assert said == {
        "cohort_id": course,
        "enrolment_id": None,
        "text": "More time, please",
        "week": MONDAY,
        "read_at": None,
    }
    assert [one.author for one in feedback.read(tx, course, 5)] == [None]


def test_what_is_signed_names_its_author(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    say(tx, "Who may I ask?", other)
    (one,) = feedback.read(tx, open_course(tx), 5)
    assert one == Feedback(one.id, "Who may I ask?", MONDAY, OTHER, read=False)


def test_the_newest_is_read_first_and_the_pages_follow_one_another(tx: Tx) -> None:
    course = open_course(tx)
    for number in range(5):
        say(tx, f"number {number}")
    pages: list[list[str]] = []
    before = None
    for _ in range(3):
        page = feedback.read(tx, course, 2, before)
        pages.append([one.text for one in page])
        before = page[-1].id
        say(tx, "meanwhile")
    assert pages == [["number 4", "number 3"], ["number 2", "number 1"], ["number 0"]]
    assert feedback.read(tx, course, 2, before) == []


def test_what_was_read_is_not_unread_and_what_was_not_is(tx: Tx) -> None:
    course = open_course(tx)
    for number in range(3):
        say(tx, f"number {number}")
    seen = feedback.read(tx, course, 2)
    feedback.mark_read(tx, course, [one.id for one in seen], NOW)
    assert feedback.unread(tx, course) == 1
    assert [one.read for one in feedback.read(tx, course, 5)] == [True, True, False]


def test_the_first_reading_is_the_one_remembered(tx: Tx) -> None:
    course = open_course(tx)
    say(tx, "Thank you")
    seen = [one.id for one in feedback.read(tx, course, 5)]
    for moment in (NOW, NOW + DAY):
        feedback.mark_read(tx, course, seen, moment)
    assert [row["read_at"] for row in rows(tx)] == [NOW]


def test_marking_nothing_marks_nothing(tx: Tx) -> None:
    say(tx, "Thank you")
    feedback.mark_read(tx, open_course(tx), [], NOW)
    assert feedback.unread(tx, open_course(tx)) == 1


def test_another_course_reads_and_marks_nothing_of_this_one(tx: Tx) -> None:
    ours, theirs = open_course(tx), open_course(tx, 2)
    say(tx, "ours")
    say(tx, "theirs", guild_id=2)
    assert (texts(tx, ours), texts(tx, theirs)) == (["ours"], ["theirs"])
    feedback.mark_read(tx, theirs, [one.id for one in feedback.read(tx, ours, 5)], NOW)
    assert (feedback.unread(tx, ours), feedback.unread(tx, theirs)) == (1, 1)


# Please get in touch


def test_asking_again_keeps_the_first_moment(tx: Tx, me: EnrolmentId) -> None:
    assert feedback.ask_contact(tx, me, NOW)
    assert not feedback.ask_contact(tx, me, NOW + DAY)
    assert feedback.asked_contact(tx, open_course(tx), 5) == [AskedContact(me, ME, NOW)]


def test_who_waits_longest_comes_first(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    feedback.ask_contact(tx, me, NOW)
    feedback.ask_contact(tx, other, NOW - DAY)
    course = open_course(tx)
    assert [one.user_id for one in feedback.asked_contact(tx, course, 5)] == [OTHER, ME]
    assert [one.user_id for one in feedback.asked_contact(tx, course, 1)] == [OTHER]


def test_who_was_greeted_waits_no_more_and_may_ask_again(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    course = open_course(tx)
    feedback.ask_contact(tx, me, NOW)
    feedback.ask_contact(tx, other, NOW)
    assert [feedback.greeted(tx, course, me) for _ in range(2)] == [True, False]
    assert [one.user_id for one in feedback.asked_contact(tx, course, 5)] == [OTHER]
    assert feedback.ask_contact(tx, me, NOW + DAY)
    assert [one.user_id for one in feedback.asked_contact(tx, course, 5)] == [OTHER, ME]


def test_nobody_waits_who_did_not_ask(tx: Tx, me: EnrolmentId) -> None:
    assert feedback.asked_contact(tx, open_course(tx), 5) == []
    assert not feedback.greeted(tx, open_course(tx), me)


def test_another_course_neither_sees_nor_greets_who_waits_here(tx: Tx, me: EnrolmentId) -> None:
    there, theirs = enrol(tx, ME, 2), open_course(tx, 2)
    feedback.ask_contact(tx, me, NOW)
    assert feedback.asked_contact(tx, theirs, 5) == []
    assert not feedback.greeted(tx, theirs, me)
    assert not feedback.greeted(tx, theirs, there)
    assert len(feedback.asked_contact(tx, open_course(tx), 5)) == 1
