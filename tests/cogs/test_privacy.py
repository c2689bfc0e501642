import json
import logging
import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from tests.cogs.classroom import Classroom, Person, Screen
from tests.cogs.conftest import ExpectedErrors

UNKNOWN = "## I keep nothing about you"
EVERY = ("privacy stored", "privacy seen", "privacy share", "privacy export", "privacy delete")


async def deleted(person: Person, label: str = "Delete") -> Screen:
    return await person.press(await person.run("privacy delete"), label)


async def files(shown: Screen) -> dict[str, str]:
    assert shown.result is not None
    sent = [one for message in shown.result.followups for one in message.attachments]
    return {one.filename: (await one.read()).decode() for one in sent}


# What is kept


async def test_somebody_unknown_is_told_that_nothing_is_kept(course: Classroom) -> None:
    ann = course.person("ann")
    for here in (ann, ann.in_dm):
        for command in ("privacy stored", "privacy export", "privacy delete"):
            shown = await here.run(command)
            assert shown.text.startswith(UNKNOWN), command
            assert shown.private
        for command in ("privacy seen", "privacy share"):
            assert "You are a member of no course" in (await here.run(command)).text


async def test_what_is_kept_is_said_in_words_with_how_many_and_what_for(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    await ann.run("log", kind="reply", note="wrote back")
    shown = await ann.run("privacy stored")
    assert shown.text.startswith("## What I keep about you\n-# Digital careers\n")
    assert "**Goals** 1: to plan, count toward it and look back. Seen by you; instructors see" in shown.text
    assert "**Log entries** 1: to count toward your goal and to pick the next step\n" in shown.text
    assert "60 days after the course has closed" in shown.text
    assert "-# Nothing yet of: " in shown.text
    for table in ("checklist_answer", "access_log", "enrolment", "ai_budget"):
        assert table not in shown.text
    assert shown.labels == ["What instructors see", "Download my data", "Delete everything"]


async def test_looking_at_ones_rights_is_no_activity_and_changes_nothing(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await ann.run("privacy export")  # the first calendar file names the installation
    course.clock.now += timedelta(days=3)
    before = course.stored()
    for here in (ann, ann.in_dm):
        for command in EVERY:
            await here.run(command)
    assert course.stored() == before


async def test_a_member_of_two_courses_chooses_which_one_a_card_is_about(course: Classroom) -> None:
    ann = await course.member()
    ending = "UPDATE cohort SET closed_at = '2026-09-08 09:00:00.000000'"
    course.change(ending)
    await course.manager.run(
        "cohort setup",
        course_name="The next one",
        term_start="2026-09-07",
        term_end="2026-12-18",
        time_zone="Europe/Berlin",
        instructor_role=course.instructor_role,
        register="no",
    )
    old = await ann.run("privacy stored")
    assert "-# Digital careers (closed)" in old.text
    assert "and until Saturday 7 November 2026 at the longest" in old.text
    assert old.menus == []
    await ann.join()
    shown = await ann.in_dm.run("privacy stored")
    assert "-# The next one" in shown.text
    assert list(shown.menus[0].options.values()) == ["The next one", "Digital careers (closed)"]
    again = await ann.in_dm.pick(shown, list(shown.menus[0].options)[1])
    assert "-# Digital careers (closed)" in again.text
    seen = await ann.in_dm.press(again, "What instructors see")
    assert "instructors see nothing of it any more" in seen.text


async def test_a_card_about_somebody_elses_place_shows_nothing(course: Classroom) -> None:
    ann, ben = await course.member("ann", goal=True), await course.member("ben")
    ((hers,),) = course.rows(f"SELECT id FROM enrolment WHERE user_id = {ann.id}")
    before = course.stored()
    for route in ("stored", "seen", "share"):
        forged = await course.crafted(f"pln1:privacy.{route}:{ben.id}:{hers}")
        assert "from before an update" in (await ben.press(forged, "Press")).text
        picked = await course.crafted(f"pln1:privacy.{route}:{ben.id}", [str(hers)])
        assert "from before an update" in (await ben.pick(picked, str(hers))).text
    for code in ("goal", "greet"):
        forged = await course.crafted(f"pln1:privacy.set:{ben.id}:{hers}:{code}:on")
        assert "from before an update" in (await ben.press(forged, "Press")).text
    assert course.stored() == before


# What instructors see, and what is shared


async def test_without_a_register_instructors_see_nothing_by_name(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("privacy seen")
    assert "Nothing about you by name" in shown.text
    assert "**Who looked**\nNobody has looked so far." in shown.text
    assert "they see counts of the class from each Monday" in shown.text
    assert "-# Not for grading." in shown.text


async def test_the_row_is_shown_word_for_word_or_when_it_will_be(server: Classroom) -> None:
    await server.open_course(register="yes")
    ann = await server.member(focus=True, goal=True)
    row = (
        "Joined in the week of: **7 September 2026**\nActive this week: **yes**\nFocus, goal, plan: **yes, yes, yes**\n"
    )
    assert f"**This row, with your name**\n{row}" in (await ann.run("privacy seen")).text
    for switch in ("Switch the register off", "Switch the register on"):
        await server.manager.press(await server.manager.run("cohort setup"), switch)
    assert "your row is shown seven days after I have told you" in (await ann.run("privacy seen")).text
    await server.later(minutes=1)
    shown = await ann.run("privacy seen")
    assert "your row is shown from 15 September 2026 on. It reads:\n" in shown.text
    assert row in shown.text


async def test_who_looked_is_listed_with_what_and_the_last_time_of_a_day(course: Classroom) -> None:
    ann = await course.member()
    ((hers,),) = course.rows("SELECT id FROM enrolment")
    nora = course.instructor.id
    for by, what, at in (
        (nora, "member", "09-06 23"),
        ("NULL", "named_export", "09-07 23"),
        (nora, "member", "09-08 07"),
        (nora, "checkin", "09-08 08"),
        (nora, "member", "09-08 09"),
    ):
        course.change(
            "INSERT INTO access_log (enrolment_id, by_user_id, what, accessed_at) "
            f"VALUES ({hers}, {by}, '{what}', '2026-{at}:00:00.000000')"
        )
    shown = await ann.run("privacy seen")
    assert (
        f"**Who looked**\nTuesday 8 September, 11:00: <@{nora}> looked at what they may see of you (2 times that day)\n"
        f"Tuesday 8 September, 10:00: <@{nora}> saw you on the list of whom to greet\n"
        "Tuesday 8 September, 01:00: An instructor who has gone since took the register along as a file, with names\n"
        f"Monday 7 September, 01:00: <@{nora}> looked at what they may see of you\n"
    ) in shown.text


async def test_what_is_shared_is_dated_and_can_be_stopped(course: Classroom) -> None:
    ann = await course.member(goal=True)
    shown = await ann.run("privacy share")
    assert "**Your goal**\nnot shared\n" in shown.text
    assert "not shared; you have not looked back yet (`/goal review`)" in shown.text
    assert shown.labels == ["Share my goal", "Please greet me", "What they see"]
    shown = await ann.press(shown, "Share my goal")
    assert shown.labels == ["Stop sharing my goal", "Please greet me", "What they see"]
    assert "**Your goal**\nshared since Tuesday 8 September\n" in shown.text
    seen = await ann.press(shown, "What they see")
    assert "Your goal, since Tuesday 8 September" in seen.text
    shown = await ann.press(await ann.press(seen, "Change what I share"), "Stop sharing my goal")
    assert "**Your goal**\nnot shared\n" in shown.text
    assert course.rows("SELECT * FROM share") == []


async def test_what_is_not_there_is_not_offered_and_what_is_shared_without_it_can_be_stopped(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("privacy share")
    assert "**Your goal**\nnot shared; no goal of yours runs (`/goal new`)" in shown.text
    assert shown.labels == ["Please greet me", "What they see"]
    course.change("INSERT INTO share SELECT id, 'reflection', joined_at FROM enrolment")
    shown = await ann.run("privacy share")
    assert "shared since Tuesday 8 September; you have not looked back yet" in shown.text
    shown = await ann.press(shown, "Stop sharing my reflection")
    assert shown.labels == ["Please greet me", "What they see"]
    assert course.rows("SELECT * FROM share") == []


async def test_please_greet_me_is_the_wish_of_the_feedback_form(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await ann.run("privacy share"), "Please greet me")
    assert "**Please greet me**\nasked since Tuesday 8 September" in shown.text
    assert f"<@{ann.id}> · since Tuesday 8 September" in (await course.instructor.run("cohort feedback")).text
    again = await ann.send(await ann.run("feedback"), text="", how=["contact"])
    assert "Your instructors have your request already" in again.text
    await ann.press(shown, "No need to greet me")
    assert f"<@{ann.id}>" not in (await course.instructor.run("cohort feedback")).text


async def test_sharing_begins_in_no_course_that_has_closed_and_can_still_be_stopped(course: Classroom) -> None:
    ann = await course.member(goal=True)
    shown = await ann.press(await ann.run("privacy share"), "Share my goal")
    course.change("UPDATE cohort SET closed_at = '2026-09-08 09:00:00.000000'")
    again = await course.crafted(shown.id_of("Stop sharing my goal").removesuffix("off") + "on")
    assert "from before an update" in (await ann.press(again, "Press")).text
    assert "instructors see nothing of it any more" in (await ann.press(shown, "Stop sharing my goal")).text
    assert course.rows("SELECT * FROM share") == []


# The export


async def test_the_export_comes_as_private_files_with_everything(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    await ann.run("log", kind="reply", note="my very own note")
    for here in (ann, ann.in_dm):
        shown = await here.run("privacy export")
        assert shown.private
        assert shown.result is not None
        assert all(one.ephemeral for one in shown.result.followups)
        found = await files(shown)
        assert list(found) == ["my-data.md", "my-data.json", "follow-ups.ics"]
        assert "my very own note" in found["my-data.md"]
        kept = json.loads(found["my-data.json"])["courses"][0]["kept"]
        assert kept["action"]["rows"][0]["note"] == "my very own note"
        calendar: Any = icalendar.Calendar.from_ical(found["follow-ups.ics"])
        (event,) = calendar.walk("VEVENT")
        assert str(event["summary"]) == "Look back at your goal: Talk with two nurses"
        assert "`follow-ups.ics` for your calendar, with 1 date to come" in shown.text


# The end


async def test_deleting_says_first_from_where_and_that_it_is_for_good(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await ann.run("privacy export")  # the first calendar file names the installation
    before = course.stored()
    shown = await ann.run("privacy delete")
    assert shown.text.startswith("## Delete everything about you\nAt once, from **Digital careers**: ")
    assert "**It cannot be undone**" in shown.text
    assert shown.labels == ["Export first", "Delete", "Delete, and my messages from you too"]
    await ann.press(shown, "Export first")
    assert course.stored() == before


async def test_after_delete_no_row_names_the_member_and_a_receipt_says_what_went(course: Classroom) -> None:
    ann, ben = await course.member("ann", focus=True, goal=True), await course.member("ben", goal=True)
    await ann.run("log", kind="reply", note="unforgettable")
    shown = await deleted(ann)
    assert re.match(
        r"## Deleted\nReference \*\*[0-9A-F]{8}\*\* · Tuesday 8 September 2026, 12:00, Europe/Berlin time\n", shown.text
    )
    assert re.search(
        r"Your place in the course 1 · Your focus 1 · .*Goals 1 · .*Log entries 1 · .*Your account", shown.text
    )
    assert shown.private
    left = "\n".join(course.stored())
    assert str(ann.id) not in left
    assert "unforgettable" not in left
    assert str(ben.id) in left
    assert (await ann.run("privacy stored")).text.startswith(UNKNOWN)
    assert "You have not joined" in (await ann.run("me")).text


async def test_deleting_twice_is_answered_kindly_and_an_old_card_does_not_delete_a_new_place(
    course: Classroom,
) -> None:
    ann = await course.member()
    first, second = await ann.run("privacy delete"), await ann.run("privacy delete")
    old = await course.crafted(first.id_of("Delete"))
    await ann.press(first, "Delete")
    assert (await ann.press(second, "Delete")).text.startswith(UNKNOWN)
    course.clock.now += timedelta(minutes=5)
    await ann.join()
    before = course.stored()
    assert "so nothing was deleted" in (await ann.press(old, "Press")).text
    assert course.stored() == before


async def test_nobody_can_press_somebody_elses_delete(course: Classroom) -> None:
    ann, ben = await course.member("ann"), await course.member("ben")
    card = await course.crafted((await ann.run("privacy delete")).id_of("Delete"))
    assert "belongs to someone else" in (await ben.press(card, "Press")).text
    assert len(course.rows("SELECT * FROM enrolment")) == 2


async def test_whoever_left_the_server_deletes_in_the_direct_messages(course: Classroom) -> None:
    ann = await course.member()
    course.change("UPDATE enrolment SET set_aside_at = '2026-09-08 09:00:00.000000'")
    assert (await deleted(ann.in_dm)).text.startswith("## Deleted")
    assert course.rows("SELECT * FROM enrolment") == []


async def test_the_messages_go_too_when_asked_and_only_the_bots_own(course: Classroom) -> None:
    ann, ben = await course.member("ann"), await course.member("ben")
    await course.rounds.round()
    await course.weekly_note(ann)
    assert len(ann.inbox) == 2
    shown = await deleted(ann, "Delete, and my messages from you too")
    assert shown.text.startswith("## Deleted")
    assert shown.beside == ["I deleted 2 messages of mine to you."]
    assert ann.inbox == []
    assert len(ben.inbox) == 2


async def test_the_messages_can_go_later_when_nothing_else_is_known(course: Classroom) -> None:
    ann = await course.member()
    await course.rounds.round()
    shown = await deleted(ann)
    assert len(ann.inbox) == 1
    answer = await ann.press(shown, "Delete my messages from you")
    assert answer.beside == ["I deleted 1 message of mine to you."]
    assert ann.inbox == []
    again = await ann.press(await ann.run("privacy delete"), "Delete my messages from you")
    assert again.beside == ["There are no messages of mine to you."]


async def test_messages_that_discord_does_not_give_up_are_spoken_of(course: Classroom) -> None:
    ann = await course.member()
    await course.rounds.round()
    course.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50001)
    shown = await deleted(ann, "Delete, and my messages from you too")
    assert "I deleted 0 messages of mine to you. Discord did not let me" in shown.beside[0]


async def test_where_an_erasure_cannot_be_noted_nothing_is_deleted(
    course: Classroom, expected_errors: ExpectedErrors
) -> None:
    ann = await course.member()
    course.app.erasures.path.mkdir()
    before = course.stored()
    assert (await deleted(ann)).text.startswith("Nothing was deleted: I could not note it")
    assert course.stored() == before
    expected_errors.append("nobody was erased, because it could not be noted")


async def test_after_an_erasure_the_next_start_and_joining_anew_work(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await deleted(ann)
    course.clock.now += timedelta(hours=1)
    await course.restart()
    await ann.join()
    assert (await ann.run("privacy stored")).text.startswith("## What I keep about you")


# The log


async def test_nothing_that_somebody_wrote_and_no_account_stands_in_the_log(
    course: Classroom, caplog: pytest.LogCaptureFixture, expected_errors: ExpectedErrors
) -> None:
    caplog.set_level(logging.DEBUG)
    for noisy in ("discord", "simcord", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    ann = await course.member(focus=True)
    await ann.set_goal(
        title="Reply to people who study Zebrafish", if_then="If it is Friday, then I will reply to Zebrafish."
    )
    await ann.run("log", kind="reply", note="Zebrafish note")
    caplog.clear()
    for command in EVERY:
        await ann.run(command)
    shown = await ann.run("privacy share")
    await ann.press(shown, "Please greet me")
    course.app.erasures.path.mkdir()
    await deleted(ann)
    expected_errors.append("nobody was erased, because it could not be noted")
    course.app.erasures.path.rmdir()
    await deleted(ann, "Delete, and my messages from you too")
    assert "an account was erased" in caplog.text
    assert "Zebrafish" not in caplog.text
    assert str(ann.id) not in caplog.text
