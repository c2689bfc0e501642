"""The end of a course and the weekly digest, as the server and its people see them."""

from datetime import UTC, datetime, timedelta

from bot.demo.simulator import take_role
from tests.cogs.classroom import Classroom

MONDAY = datetime(2026, 9, 14, 6, 0, tzinfo=UTC)
"""The first Monday with a week behind it, 8:00 in Berlin."""
STOPPED = "No more digests of this course come to you. While it runs, `/cohort digest` brings them back."
CLOSING = datetime(2026, 12, 4, 11, 0, tzinfo=UTC)


async def closed(course: Classroom) -> None:
    """Let the course be closed on a Friday in December, and its parcels go out."""
    await course.until(CLOSING)
    await course.manager.press(await course.manager.run("cohort close"), "Close the course")
    await course.later(minutes=1)


# The digest


async def test_instructor_gets_the_digest_on_mondays_and_stops_it_in_the_dm(course: Classroom) -> None:
    shown = await course.instructor.run("cohort digest")
    assert shown.private
    assert "The next one falls due Monday 14 September, 08:00." in shown.text
    assert "I check who still has the instructor role; without it, none comes any more." in shown.text
    assert "Here is this week’s:\n>>> **Digital careers**" in shown.text
    assert "Not for grading." in shown.text
    shown = await course.instructor.press(shown, "Send it to me weekly")
    assert "You get it each Monday morning" in shown.text
    await course.restart()
    await course.until(MONDAY)
    digest = course.instructor.inbox[-1]
    assert digest.text.startswith("**Digital careers**: week 2 of 15 begins.")
    assert digest.text.endswith("-# Not for grading.")
    assert digest.labels == ["Stop these"]
    stopped = await course.instructor.in_dm.press(digest, "Stop these")
    assert stopped.text == STOPPED
    await course.later(days=7)
    assert course.rows("SELECT count(*) FROM nudge") == [(1,)]


async def test_the_button_under_an_old_digest_answers_kindly_after_the_course(course: Classroom) -> None:
    await course.instructor.press(await course.instructor.run("cohort digest"), "Send it to me weekly")
    await course.until(MONDAY)
    digest = course.instructor.inbox[-1]
    await closed(course)
    for _ in range(2):
        assert (await course.instructor.in_dm.press(digest, "Stop these")).text == STOPPED
    assert course.rows("SELECT * FROM digest") == []
    await course.until(datetime(2027, 2, 3, 11, 0, tzinfo=UTC))
    assert course.rows("SELECT erased_at IS NOT NULL FROM cohort") == [(1,)]
    assert (await course.instructor.in_dm.press(digest, "Stop these")).text == STOPPED


async def test_a_digest_goes_to_nobody_who_lost_the_role_meanwhile(course: Classroom) -> None:
    await course.instructor.press(await course.instructor.run("cohort digest"), "Send it to me weekly")
    take_role(course.env, course.guild, course.instructor.member, course.instructor_role)
    await course.until(MONDAY)
    assert course.instructor.inbox == []
    assert course.rows("SELECT kind, state, reason FROM nudge") == [("digest", "skipped", "not_staff")]
    assert course.rows("SELECT * FROM digest") == []


# Closing


async def test_closing_asks_first_then_hands_out_parcels_that_open_months_later(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    await course.until(CLOSING)
    before = course.stored()
    shown = await course.manager.run("cohort close")
    assert shown.private
    assert "Kept until Tuesday 2 February 2027" in shown.text
    assert course.stored() == before
    await course.restart()
    shown = await course.manager.press(shown, "Close the course")
    assert "Digital careers is closed" in shown.text
    await course.later(minutes=1)
    note = ann.inbox[-1]
    assert "Your parcel is ready" in note.text
    assert note.labels == ["My parcel"]
    await course.later(days=50)
    parcel = await ann.in_dm.press(note, "My parcel")
    assert parcel.private
    assert "my-data.md" in parcel.text


async def test_pressing_close_on_an_old_card_closes_nothing_else(course: Classroom) -> None:
    old = await course.manager.run("cohort close")
    await course.manager.press(await course.manager.run("cohort close"), "Close the course")
    await course.open_course()
    before = course.stored()
    assert "is closed already" in (await course.manager.press(old, "Close the course")).text
    assert course.stored() == before


async def test_after_the_course_inbox_and_history_stay_and_old_buttons_are_kind(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    note = await course.weekly_note(ann)
    await closed(course)
    for person in (ann, ann.in_dm):
        assert "your parcel: sent" in (await person.run("nudge history")).text
        inbox = await person.run("nudge inbox")
        assert "Your parcel is ready" in inbox.text
        assert inbox.labels == ["My parcel"]
        assert "“Digital careers” has come to its end" in (await person.run("me")).text
    for label in note.labels:
        assert "“Digital careers” has come to its end" in (await ann.in_dm.press(note, label)).text


async def test_status_tells_until_when_it_is_kept_and_then_what_was_erased(course: Classroom) -> None:
    await course.member("ann")
    assert "Weekly digest**: on for nobody yet." in (await course.instructor.run("cohort status")).text
    await closed(course)
    for person in (course.manager, course.instructor):
        shown = await person.run("cohort status")
        assert "what its members gave is kept until Tuesday 2 February 2027, then erased." in shown.text
    await course.until(datetime(2027, 1, 27, 12, 0, tzinfo=UTC))  # the last word
    await course.until(datetime(2027, 2, 3, 11, 0, tzinfo=UTC))
    shown = await course.instructor.run("cohort status")
    assert "The data of 1 member of **Digital careers** was erased on Wednesday 3 February 2027." in shown.text


async def test_after_the_erasure_the_parcel_button_says_that_nothing_is_kept(course: Classroom) -> None:
    ann = await course.member("ann")
    await closed(course)
    note = ann.inbox[-1]
    await course.until(datetime(2027, 1, 27, 12, 0, tzinfo=UTC))  # the last word
    await course.until(datetime(2027, 2, 3, 11, 0, tzinfo=UTC) + timedelta(days=1))
    assert "I keep nothing about you" in (await ann.in_dm.press(note, "My parcel")).text
