"""/cohort checkin, member and export, and the switches that decide what they show."""

import csv
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO

import discord
import pytest

from bot.coaching.ids import UserId
from cogs.names import Names
from tests.cogs.classroom import Classroom, Clock, Person, Screen

WEEK = timedelta(weeks=1)


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


@pytest.mark.parametrize("days", ["7", "many"])
async def test_retention_that_is_not_on_offer_is_refused(course: Classroom, days: str) -> None:
    before = course.stored()
    forged = await course.crafted(f"pln1:cohort.retention:{course.manager.id}", [days])
    assert "nothing was changed" in (await course.manager.pick(forged, days)).text
    assert course.stored() == before


async def test_roles_of_instructors_and_of_bots_do_not_become_sections(course: Classroom) -> None:
    group = course.guild.create_role("Tuesday group")
    bot = course.guild.create_role("A bot", managed=True)
    picked = [str(one.id) for one in (group, bot, course.instructor_role)]
    card = await course.crafted(f"pln1:cohort.sections:{course.manager.id}", picked)
    for value, kept in zip(picked, ([(group.id,)], [], []), strict=True):
        await course.manager.pick(card, value)
        assert course.rows("SELECT role_id FROM cohort_section") == kept


# Who might welcome a hello


async def test_list_names_who_asked_and_greeted_takes_them_off(course: Classroom) -> None:
    ann = await course.member()
    shown = await course.instructor.run("cohort checkin")
    assert "**Nobody at the moment**" in shown.text
    await ask_contact(ann)
    shown = await course.instructor.run("cohort checkin")
    assert f"<@{ann.id}> · asked you to get in touch, Tuesday 8 September" in shown.text
    assert "```\nYou asked me to get in touch" in shown.text
    assert "Not for grading." in shown.text
    assert shown.private
    shown = await course.instructor.press(shown, "Greeted")
    assert f"**<@{ann.id}> is greeted.**" in shown.text
    assert "**Nobody at the moment**" in shown.text
    assert ann.inbox == []


async def test_everybody_is_listed_over_pages_with_the_true_total(server: Classroom) -> None:
    await server.open_course(register="yes")
    people = [await server.member(f"member{number}") for number in range(8)]
    server.clock.now += 5 * WEEK
    shown = await server.instructor.run("cohort checkin")
    assert shown.text.startswith("## Might welcome a hello\n**8 people** · Digital careers")
    assert (
        f"<@{people[0].id}> · no goal yet after three weeks; nothing logged, answered or done for 5 weeks" in shown.text
    )
    assert "Would a smaller one help? No effect on marks." in shown.text
    following = await server.instructor.press(shown, "Next")
    assert "Page 2 of 2." in following.text
    both = shown.text + following.text
    assert all(f"<@{one.id}> ·" in both for one in people)
    after = await server.instructor.press(following, "Greeted")
    assert "**7 people**" in after.text
    assert f"<@{people[6].id}> is greeted." in after.text
    assert "Page 2 of 2." in after.text


# One member


async def test_the_row_says_how_much_and_never_what(server: Classroom) -> None:
    await server.open_course(register="yes")
    ann = await server.member(focus=True, goal=True)
    await ann.run("log", kind="reply")
    shown = await server.instructor.run("cohort member", member=ann.member)
    assert shown.text.startswith(f"## What you may see of <@{ann.id}>\nJoined in the week of: **7 September 2026**")
    assert "Active this week: **yes**\nFocus, goal, plan: **yes, yes, yes**" in shown.text
    assert "They share nothing of their own." in shown.text
    assert "nurs" not in shown.text


# Files


async def test_without_a_register_one_file_comes_and_it_is_personal_data_of_nobody(course: Classroom) -> None:
    await course.member()
    shown = await course.instructor.run("cohort export")
    assert list(await files(shown)) == ["class_by_week.csv"]
    assert shown.labels == ["Semicolons instead"]
    assert "of nobody by name" in shown.text
    assert shown.private


async def test_names_come_by_default_and_pseudonyms_or_semicolons_at_a_press(server: Classroom) -> None:
    await server.open_course(register="yes")
    ann, ben = await server.member("annegret"), await server.member("ben")
    shown = await server.instructor.run("cohort export")
    assert "**Personal data of Digital careers, 8 September 2026: delete when grades are final.**" in shown.text
    found = (await files(shown))["register.csv"]
    assert [(row["name"], row["account"]) for row in found] == [("annegret", f"id {ann.id}"), ("ben", f"id {ben.id}")]
    assert "annegret" not in "\n".join(server.stored())
    shown = await server.instructor.press(shown, "Pseudonyms instead")
    assert "annegret" not in str(await files(shown))
    assert "ref-" in str(await files(shown))
    shown = await server.instructor.press(shown, "Semicolons instead")
    assert shown.labels == ["Names instead", "Commas instead"]
    assert "member_ref;joined_week;" in str(await files(shown))
    shown = await server.instructor.run("cohort export", names="refs", separator="semicolon")
    assert shown.labels == ["Names instead", "Commas instead"]


async def test_somebody_who_left_is_marked_and_not_named(server: Classroom) -> None:
    await server.open_course(register="yes")
    ann, _ = await server.member("ann"), await server.member("ben")
    server.guild.remove_member(ann.member)
    await server.env.settle()
    found = (await files(await server.instructor.run("cohort export")))["register.csv"]
    assert {row["account"]: (row["name"], row["left"]) for row in found}[f"id {ann.id}"] == ("(left the server)", "yes")
    assert sorted((row["name"], row["left"]) for row in found) == [("(left the server)", "yes"), ("ben", "no")]


async def no_answer(_guild: discord.Guild, **_: object) -> list[discord.Member]:
    raise TimeoutError


async def test_without_an_answer_from_discord_nothing_is_exported(
    server: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.open_course(register="yes")
    await server.member("ann")
    monkeypatch.setattr(discord.Guild, "query_members", no_answer)
    shown = await server.instructor.run("cohort export")
    assert shown.text.startswith("Discord did not give me the names just now")
    assert server.rows("SELECT count(*) FROM register_access") == [(0,)]


async def test_names_are_asked_for_a_hundred_at_a_time_and_kept_for_ten_minutes() -> None:
    asked: list[int] = []

    class Asked:
        id = 7

        async def query_members(self, *, user_ids: list[int], limit: int, cache: bool) -> list[discord.Member]:
            asked.append(len(user_ids))
            assert limit == 100
            assert not cache
            return []

    clock, people = Clock(), [UserId(number) for number in range(1, 251)]
    names = Names(clock)
    for _ in range(2):
        assert len(await names.of(Asked(), people)) == 250  # pyright: ignore[reportArgumentType]
    assert asked == [100, 100, 50]
    names.forget(people[0])
    await names.of(Asked(), people)  # pyright: ignore[reportArgumentType]
    assert asked[3:] == [1]
    clock.now += timedelta(minutes=11)
    await names.of(Asked(), people)  # pyright: ignore[reportArgumentType]
    assert asked[4:] == [100, 100, 50]
