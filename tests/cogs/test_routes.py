"""Buttons without state: they work after a restart and a year later, and what is not ours to obey is refused."""

import pytest
from discord import app_commands

from bot.coaching.cohort import Audience
from cogs.routes import parsed
from storage.database import Database, DatabaseUnavailable
from tests.cogs.cards.screens import forms, views
from tests.cogs.classroom import Classroom, Person, Screen, parts
from tests.cogs.conftest import kept_by_discord_py

OLD = "That card is from before an update, so nothing was changed. Run the command again for a fresh one."


async def every_card(room: Classroom, ann: Person) -> dict[str, Screen]:
    """Return one of every card that stays on somebody's screen."""
    return {
        "invitation": await room.manager.run("cohort invite"),
        "setup": await room.manager.run("cohort setup"),
        "welcome": await ann.run("start"),
        "me": await ann.run("me"),
        "footprint": await ann.run("footprint"),
        "item": await ann.run("footprint", item="see.intent"),
        "goal": await ann.run("goal show"),
        "running": await ann.run("goal new"),
        "choices": await ann.run("log"),
        "logged": await ann.run("log", kind="reply"),
        "settings": await ann.run("nudge settings"),
        "help": await ann.run("help"),
    }


async def press_first_and_last(room: Classroom, ann: Person, cards: dict[str, Screen]) -> None:
    """Use a button or menu of each card; whatever goes wrong is in the answer or in the log."""
    for name, shown in cards.items():
        if name == "setup":
            answers = [await room.manager.pick(shown, "2")]
        elif name == "invitation":
            answers = [await ann.press(shown, "Join")]
        else:
            answers = [await ann.press(shown, shown.labels[0])]
        for answer in answers:
            assert answer.text, name
            assert "went wrong" not in answer.text, name
            assert "before an update" not in answer.text, name


async def test_every_component_of_every_card_and_form_leads_to_a_route(server: Classroom) -> None:
    made = [part["custom_id"] for _, view in views() for part in parts(view.to_components()) if "custom_id" in part]
    made += [form.custom_id for _, form in forms()]
    assert {parsed(one)[0] for one in made} - server.app.bot.routes.keys() == set()


async def test_every_card_works_after_a_restart(course: Classroom) -> None:
    ann = await course.member(goal=True)
    cards = await every_card(course, ann)
    await course.restart()
    await press_first_and_last(course, ann, cards)


async def test_cards_work_after_a_long_time_because_discord_py_keeps_nothing(course: Classroom) -> None:
    # discord.py 2.7.1 times views out, ephemeral ones after 900 s, and takes others' handlers with them.
    ann = await course.member(goal=True)
    cards = await every_card(course, ann)
    form = await ann.run("focus")
    assert kept_by_discord_py(course) == []
    await course.env.advance_time(1000)
    await press_first_and_last(course, ann, cards)
    assert "Your focus is saved" in (await ann.send(form, fields="nursing")).text
    assert kept_by_discord_py(course) == []


BROKEN = (
    "pln0:me.show:{}", "pln2:me.show:{}", "pln1:me.dance:{}", "pln1:me.show", "pln1:me.show:ann", "pln1:me.show:²",
    "pln1:me.show:-1", "pln1", ":::", "somebody else's bot",
    "pln1:goal.new:{}", "pln1:goal.new:{}:-", "pln1:start.join:{}",
    "pln1:focus.accounts:{}:x", "pln1:focus.accounts:{}:1",
    "pln1:footprint.answer:{}:see.intent:found_something", "pln1:footprint.answer:{}:see.intent",
    "pln1:footprint.item:{}", "pln1:log.kind:{}", "pln1:log.undo:{}:first", "pln1:log.contact:{}:1",
    "pln1:network.add:{}:dragon", "pln1:network.list:{}", "pln1:network.list:{}:first", "pln1:network.person:{}:0",
    "pln1:network.forget:{}", "pln1:network.forgotten:{}:person:x",
    "pln1:opportunity.move:{}:1:win", "pln1:opportunity.move:{}:first:sent", "pln1:opportunity.forget_now:{}:0",
    "pln1:feedback.send:{}", "pln1:bios.again:{}:myspace", "pln1:bios.again:{}", "pln1:bios.send:{}:x",
    "pln1:nudge.pause_set:{}:soon", "pln1:nudge.pause_set:{}", "pln1:nudge.done:{}", "pln1:nudge.done:{}:1",
    "pln1:nudge.done:{}:x:weekly:2026-09-14", "pln1:nudge.why:{}:1:monthly:2026-09-14", "pln1:nudge.remind:{}:1",
)  # fmt: skip


async def test_what_this_version_cannot_read_is_refused_and_changes_nothing(course: Classroom) -> None:
    ann = await course.member()
    before = course.stored()
    for made in BROKEN:
        shown = await ann.press(await course.crafted(made.format(ann.id)), "Press")
        assert (shown.text, shown.private) == (OLD, True), made
    assert course.stored() == before


async def test_what_a_course_took_out_of_its_content_is_refused_by_name(course: Classroom) -> None:
    ann = await course.member()
    before = course.stored()
    for made, sentence in {
        "footprint.answer:{}:see.gone:fine": "There is no checklist item “see.gone”.",
        "log.kind:{}:daydreamed": "I do not know the kind “daydreamed”.",
        "goal.begin:{}:astrology:keep": "There is no goal template “astrology”.",
    }.items():
        shown = await ann.press(await course.crafted("pln1:" + made.format(ann.id)), "Press")
        assert shown.text.startswith(sentence)
    assert course.stored() == before


async def test_another_members_button_is_refused_on_every_card(course: Classroom) -> None:
    ann, ben = await course.member(goal=True), await course.member("ben")
    cards = await every_card(course, ann)
    before = course.stored()
    for name, shown in cards.items():
        if name not in {"invitation", "setup"}:
            for _, custom_id in shown.buttons:
                refused = await ben.press(await course.crafted(custom_id), "Press")
                assert refused.text == "That card belongs to someone else. Run `/me` to see your own."
                assert refused.private
    assert course.stored() == before


async def test_a_private_card_changes_in_place_and_a_public_one_stays(course: Classroom) -> None:
    ann = await course.member()
    first = await ann.run("me")
    second = await ann.press(first, "Note settings")
    assert first.message is not None
    assert second.message is not None
    assert second.message.id == first.message.id
    invitation = await course.manager.run("cohort invite")
    answer = await ann.press(invitation, "Join")
    assert invitation.message is not None
    assert answer.message is not None
    assert answer.message.id != invitation.message.id


OPTIONS = {
    "bio check": {"place": "x"},
    "network contacted": {"who": "Kim"},
    "network edit": {"who": "Kim"},
    "network forget": {"what": "Kim"},
    "opportunity update": {"what": "1"},
}
"""The options without which a member's command does not run."""


def member_commands(room: Classroom) -> list[str]:
    found = [one for one in room.app.bot.tree.walk_commands() if isinstance(one, app_commands.Command)]
    return [one.qualified_name for one in found if one.extras["audience"] is Audience.MEMBER]


async def test_every_command_of_a_member_says_first_how_to_join(course: Classroom) -> None:
    ann = course.person("ann")
    before = course.stored()
    for command in member_commands(course):
        shown = await ann.run(command, **OPTIONS.get(command, {}))
        assert shown.text == "You have not joined the course yet. Run `/start`; it takes one tap.", command
        assert shown.private
        shown = await ann.in_dm.run(command, **OPTIONS.get(command, {}))
        assert shown.text.startswith("I do not know you from a course yet."), command
    assert course.stored() == before


async def test_before_there_is_a_course_every_command_says_so(server: Classroom) -> None:
    ann = server.person("ann")
    for command in ("start", *member_commands(server)):
        assert (await ann.run(command, **OPTIONS.get(command, {}))).text == (
            "There is no open course in this server. Someone with Manage Server starts one with `/cohort setup`."
        ), command


async def test_every_command_of_a_member_works_the_same_in_direct_messages(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await ann.send(await ann.run("network add"), nickname="Kim", category=["peer"])
    await ann.send(await ann.run("opportunity add"), title="Ward nine", kind=["job"])
    for command in member_commands(course):
        there = await ann.run(command, **OPTIONS.get(command, {}))
        here = await ann.in_dm.run(command, **OPTIONS.get(command, {}))
        assert (here.text, here.labels, here.private) == (there.text, there.labels, there.private), command


@pytest.mark.parametrize("command", ["start", "cohort setup", "cohort overview"])
async def test_command_of_the_server_is_refused_in_direct_messages(course: Classroom, command: str) -> None:
    ann = await course.member()
    course.offer_everywhere(command.split(maxsplit=1)[0])
    shown = await ann.in_dm.run(command)
    assert shown.text == "This one works in your course's server. Open the server and run it there."


async def test_buttons_of_a_note_open_the_forms_of_other_features(course: Classroom) -> None:
    ann = await course.member()
    ((cohort,),) = course.rows("SELECT id FROM cohort")
    for button, begins in {
        "new_goal": "## A goal, in four",
        "review_goal": "You have no goal",
        "add_contact": "Somebody in your network",
        "set_focus": "Your focus",
        "add_line": "One line for your log",
        "see_week": "## Tuesday 8 September",
        "nudge_settings": "## Your weekly note",
    }.items():
        note = await course.crafted(f"pln1:nudge.{button}:{ann.id}:{cohort}:weekly:2026-09-14")
        assert (await ann.press(note, "Press")).text.startswith(begins), button
    await ann.set_goal()
    for button, begins in {"new_goal": "You have a goal already:", "review_goal": "## Looking back"}.items():
        note = await course.crafted(f"pln1:nudge.{button}:{ann.id}:{cohort}:weekly:2026-09-14")
        assert (await ann.press(note, "Press")).text.startswith(begins), button


async def test_suggestions_stay_away_quietly_when_the_database_does(
    course: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await course.member()

    async def away(*_: object) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(Database, "read", away)
    for command, option in (("network contacted", "who"), ("opportunity update", "what"), ("log", "person")):
        assert await ann.suggestions(command, option, "") == {}


async def test_suggestions_match_what_was_typed_in_every_feature(course: Classroom) -> None:
    ann = await course.member()
    for command, option, typed, value in (
        ("log", "kind", "thank", "thank"),
        ("network contacted", "kind", "thank", "thank"),
        ("footprint", "item", "stranger would", "see.search-name"),
        ("goal new", "template", "teach", "education"),
        ("nudge settings", "zone", "auckl", "Pacific/Auckland"),
    ):
        assert list(await ann.suggestions(command, option, typed)) == [value]
    assert len(await ann.suggestions("footprint", "item", "")) == 25
