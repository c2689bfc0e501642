"""/cohort checkin, member and export, and the switches that decide what they show."""

import csv
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO

import discord
import pytest

from bot.coaching.ids import UserId
from cogs.cards.course import ROW
from cogs.names import display_names
from tests.cogs.classroom import Classroom, Person, Screen

WEEK = timedelta(weeks=1)


async def use_row(course: Classroom) -> Screen:
    return await course.manager.press(await course.manager.run("cohort setup"), "Switch the participation row on")


async def ask_contact(person: Person) -> Screen:
    return await person.send(await person.run("feedback"), how=["contact"])


async def files(shown: Screen) -> Mapping[str, list[dict[str, str]]]:
    """Return the rows of each file that came with a card."""
    assert shown.message is not None
    return {
        one.filename: list(csv.DictReader(StringIO((await one.read()).decode("utf-8-sig"), newline="")))
        for one in shown.message.attachments
    }


# The set-up card


async def test_the_participation_row_is_off_until_a_manager_switches_it_on(course: Classroom) -> None:
    shown = await course.manager.run("cohort setup")
    assert "**Participation row**: off. Instructors see counts of the class alone." in shown.text
    shown = await course.manager.press(shown, "Switch the participation row on")
    assert "**Participation row**: on." in shown.text
    shown = await course.manager.press(shown, "Switch the participation row off")
    assert "**Participation row**: off." in shown.text


async def test_the_days_until_what_members_gave_is_erased_are_chosen_from_a_list(course: Classroom) -> None:
    shown = await course.manager.run("cohort setup")
    assert list(shown.menus[3].options) == ["30", "60", "90", "180"]
    shown = await course.manager.pick(shown, "180", menu=3)
    assert shown.menus[3].chosen == ["180"]


@pytest.mark.parametrize("days", ["0", "7", "-60", "many", "3650"])
async def test_other_days_are_refused(course: Classroom, days: str) -> None:
    before = course.stored()
    forged = await course.crafted(f"pln1:cohort.retention:{course.manager.id}", [days])
    assert "nothing was changed" in (await course.manager.pick(forged, days)).text
    assert course.stored() == before


async def test_the_participation_row_is_described_in_the_same_words_wherever_it_is_spoken_of(course: Classroom) -> None:
    await course.member("ann")
    shown = await course.manager.run("cohort setup")
    texts = [shown.text]
    texts.append((await course.manager.press(shown, "Switch the participation row on")).text)
    texts.append((await course.person("ben").run("start")).text)
    for text in texts:
        own = f"of you by name, {ROW}, and, after quiet weeks, that you may like a hello; never what you wrote"
        assert f"{ROW}. Never what they wrote" in text or own in text


async def test_roles_of_instructors_and_of_bots_do_not_become_sections(course: Classroom) -> None:
    group = course.guild.create_role("Tuesday group")
    bot = course.guild.create_role("A bot", managed=True)
    picked = [str(one.id) for one in (group, bot, course.instructor_role)]
    card = await course.crafted(f"pln1:cohort.sections:{course.manager.id}", picked)
    for value, kept in zip(picked, ([(group.id,)], [], []), strict=True):
        await course.manager.pick(card, value)
        assert course.rows("SELECT role_id FROM cohort_section") == kept


async def test_what_comes_after_setting_up_reads_right_before_and_after_the_invitation(course: Classroom) -> None:
    shown = await course.manager.run("cohort setup")
    assert "`/cohort invite` posts the *Join* button in the channel where your class reads, and may be run again" in (
        shown.text
    )
    assert "Next:" not in shown.text


async def test_without_an_ai_reviewer_there_is_none_to_switch(course: Classroom) -> None:
    assert not [label for label in (await course.manager.run("cohort setup")).labels if "AI" in label]


async def test_whoever_joins_reads_before_it_what_staff_see(course: Classroom) -> None:
    ann, ben = course.person("ann"), course.person("ben")
    assert "Instructors see rounded shares of the class, of nobody by name," in (await ann.run("start")).text
    await use_row(course)
    assert "of you by name, the week of joining" in (await ben.run("start")).text
    shown = await ben.join()
    assert shown.beside == []
    assert (await ben.run("goal show")).beside == []


async def test_whoever_had_joined_is_told_once_at_their_next_command(course: Classroom) -> None:
    ann = await course.member()
    await use_row(course)
    assert "joined before it was switched on" in (await course.instructor.run("cohort member", member=ann.member)).text
    (told,) = (await ann.run("me")).beside
    assert told.startswith("## What your instructors see has changed")
    assert (await ann.run("me")).beside == []
    assert "**Participation**" in (await course.instructor.run("cohort member", member=ann.member)).text


# Who may like a hello


async def test_the_list_names_who_asked_with_words_to_begin_and_greeted_takes_them_off(course: Classroom) -> None:
    ann = await course.member()
    shown = await course.instructor.run("cohort checkin")
    assert "Nobody is on the list at the moment." in shown.text
    await ask_contact(ann)
    shown = await course.instructor.run("cohort checkin")
    assert f"<@{ann.id}> · asked you to get in touch, Tuesday 8 September" in shown.text
    assert "```\nYou asked me to get in touch" in shown.text
    assert "Not for grading." in shown.text
    assert shown.private
    shown = await course.instructor.press(shown, "Greeted")
    assert f"**<@{ann.id}> is greeted.** Nobody is left on the list." in shown.text
    assert "Nobody is on the list at the moment." not in shown.text
    assert ann.inbox == []


async def test_after_greeted_the_card_says_who_is_and_that_the_others_moved_up(course: Classroom) -> None:
    ann, ben = await course.member("ann"), await course.member("ben")
    await ask_contact(ann)
    course.clock.now += timedelta(minutes=1)
    await ask_contact(ben)
    card = await course.instructor.run("cohort checkin")
    before = await course.crafted(card.id_of("Greeted"))
    shown = await course.instructor.press(card, "Greeted")
    assert f"**<@{ann.id}> is greeted.** The others have moved up.\n<@{ben.id}> · asked you" in shown.text
    course.clock.now += timedelta(minutes=1)
    await ask_contact(ann)
    again = await course.instructor.press(before, "Press")
    assert f"You greeted <@{ann.id}>, who has asked again since and so is still on the list." in again.text
    assert f"<@{ann.id}> · asked you" in again.text


async def test_greeted_on_a_card_from_before_an_update_takes_them_off_too(course: Classroom) -> None:
    ann = await course.member()
    await ask_contact(ann)
    card = await course.instructor.run("cohort checkin")
    made = card.id_of("Greeted").removesuffix(f":{ann.id}")
    old = await course.crafted(made)
    assert "Nobody is on the list at the moment." in (await course.instructor.press(old, "Press")).text


async def test_without_the_row_nobody_else_is_listed_and_the_card_says_how(course: Classroom) -> None:
    ann = await course.member()
    course.clock.now += 5 * WEEK
    shown = await course.instructor.run("cohort checkin")
    assert f"<@{ann.id}>" not in shown.text
    assert "Somebody with Manage Server may switch it on with `/cohort setup`" in shown.text


async def test_with_the_row_the_reason_stands_in_words(course: Classroom) -> None:
    await use_row(course)
    ann = await course.member()
    course.clock.now += 5 * WEEK
    shown = await course.instructor.run("cohort checkin")
    assert f"<@{ann.id}> · no goal yet after three weeks; nothing logged or answered for 5 weeks" in shown.text
    assert "Would a smaller one help? No effect on marks." in shown.text
    shown = await course.instructor.press(shown, "Greeted")
    assert f"<@{ann.id}> ·" not in shown.text
    assert f"<@{ann.id}> is greeted." in shown.text


# One member


async def test_without_the_row_one_sentence_says_how_to_switch_it_on(course: Classroom) -> None:
    ann, stranger = await course.member(), course.person("cem")
    for person in (ann, stranger):
        shown = await course.instructor.run("cohort member", member=person.member)
        assert shown.text.startswith(f"There is nothing to see of <@{person.id}>: they share nothing of their own.")
        assert shown.text.endswith("Not for grading.")
        assert shown.private


async def test_the_row_says_how_much_and_never_what(course: Classroom) -> None:
    await use_row(course)
    ann = await course.member(focus=True, goal=True)
    await ann.run("log", kind="reply")
    shown = await course.instructor.run("cohort member", member=ann.member)
    assert shown.text.startswith(f"## What you may see of <@{ann.id}>\n**Participation**\nJoined in the week of")
    assert "Goal with a plan: **yes**" in shown.text
    assert "They share nothing of their own." in shown.text
    assert "nurs" not in shown.text


async def test_a_bot_and_oneself_get_a_sentence(course: Classroom) -> None:
    shown = await course.instructor.run("cohort member", member=course.instructor.member)
    assert shown.text == "That is you. `/privacy seen` shows what instructors see of you."
    bot = course.env.create_user("helper", bot=True)
    shown = await course.instructor.run("cohort member", member=course.guild.add_member(bot))
    assert shown.text.startswith("That is a bot")


# Files


async def test_without_the_row_one_file_comes_and_no_button_for_names(course: Classroom) -> None:
    await course.member()
    shown = await course.instructor.run("cohort export")
    assert list(await files(shown)) == ["cohort_weekly.csv"]
    assert shown.labels == []
    assert "Not for grading." in shown.text
    assert shown.private


async def test_names_come_after_a_second_question_as_discord_has_them_now(course: Classroom) -> None:
    await use_row(course)
    ann, ben = await course.member("annegret"), await course.member("ben")
    shown = await course.instructor.run("cohort export")
    assert len((await files(shown))["participation.csv"]) == 2
    assert "annegret" not in str(await files(shown))
    question = await course.instructor.press(shown, "With names …")
    assert "A file with names?" in question.text
    assert await files(question) == {}
    shown = await course.instructor.press(question, "Export with names")
    found = await files(shown)
    assert list(found) == ["participation.csv"]
    assert {(row["display_name"], row["account"]) for row in found["participation.csv"]} == {
        ("annegret", f"account {ann.id}"),
        ("ben", f"account {ben.id}"),
    }
    assert "annegret" not in "\n".join(course.stored())


async def test_somebody_who_left_is_marked_and_not_named(course: Classroom) -> None:
    await use_row(course)
    ann, _ = await course.member("ann"), await course.member("ben")
    course.guild.remove_member(ann.member)
    await course.env.settle()
    shown = await course.instructor.press(await course.instructor.run("cohort export"), "With names …")
    shown = await course.instructor.press(shown, "Export with names")
    found = {row["account"]: (row["display_name"], row["left"]) for row in (await files(shown))["participation.csv"]}
    assert found[f"account {ann.id}"] == ("(left the server)", "yes")
    assert sorted(found.values()) == [("(left the server)", "yes"), ("ben", "no")]


async def test_without_an_answer_from_discord_nothing_is_exported(
    course: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await use_row(course)
    await course.member("ann")
    question = await course.instructor.press(await course.instructor.run("cohort export"), "With names …")

    async def no_answer(_guild: discord.Guild, **_: object) -> list[discord.Member]:
        raise TimeoutError

    monkeypatch.setattr(discord.Guild, "query_members", no_answer)
    before = course.rows("SELECT count(*) FROM staff_look")
    shown = await course.instructor.press(question, "Export with names")
    assert shown.text.startswith("Discord did not give me the names just now")
    assert course.rows("SELECT count(*) FROM staff_look") == before


async def test_more_members_than_one_request_takes_are_asked_for_in_several() -> None:
    asked: list[int] = []

    class Asked:
        async def query_members(self, *, user_ids: list[int], limit: int, cache: bool) -> list[discord.Member]:
            asked.append(len(user_ids))
            assert limit == 100
            assert not cache
            return []

    found = await display_names(Asked(), [UserId(number) for number in range(1, 251)])  # pyright: ignore[reportArgumentType]
    assert asked == [100, 100, 50]
    assert len(found) == 250
