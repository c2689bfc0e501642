"""The conversation that sets a goal, looking back on it, resting and ending."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.cogs.classroom import Classroom, Person, Screen, parts

WISH: dict[str, Any] = {
    "type": ["connect"],
    "title": "Talk with two nurses",
    "outcome": "I know what a first year is like",
    "target": ["2"],
    "weeks": "6",
}
PLAN: dict[str, Any] = {
    "if_then": "If it is Monday, then I will ask one question.",
    "obstacle_plan": "If I feel nervous, then I will send it to a friend first.",
    "tiny": "Read one post",
    "box": "30",
}
PROPOSED = "If I leave class on Tuesday or Thursday, then I will reply to someone in my field with one question."
NERVOUS = "It makes me nervous"
CHIPS = [
    "I do not find the time",
    NERVOUS,
    "I do not know what to say",
    "I do not feel ready",
    "My phone takes over",
    "Something else",
]
WAYS = ["Confirm", "Change the plan", "Change the goal", "Leave it"]
GO_ON = "Go on with it"
SAVED = "## Your goal runs until"


async def wish(person: Person, begun: Screen | None = None, **changes: Any) -> Screen:
    """Send the wish from scratch, and return the question about the obstacle."""
    form = await person.press(begun or await person.run("goal new"), "From scratch")
    return await person.send(form, **{**WISH, **changes})


async def plan(person: Person, asked: Screen, **changes: Any) -> Screen:
    """Tap an obstacle and send the plan, and return the goal read back."""
    return await person.send(await person.press(asked, NERVOUS), **{**PLAN, **changes})


async def set_goal(person: Person, begun: Screen | None = None, **changes: Any) -> Screen:
    """Have the whole conversation."""
    return await person.press(await plan(person, await wish(person, begun, **changes)), "Confirm")


async def second_goal(person: Person, **changes: Any) -> Screen:
    return await set_goal(person, await person.press(await person.run("goal new"), "A second one beside it"), **changes)


def goals_of(course: Classroom) -> list[tuple[Any, ...]]:
    """Return titles and endings, in the order in which the goals began."""
    return course.rows("SELECT title, ending FROM goal ORDER BY id")


# The conversation


async def test_goal_grows_from_wish_obstacle_and_plan_and_is_read_back(course: Classroom) -> None:
    ann = await course.member()
    begun = await ann.run("goal new")
    assert begun.text.startswith("## A goal, in four short questions\n")
    assert begun.labels == ["From scratch"]
    asked = await wish(ann, begun)
    assert asked.text.startswith(
        "You wish: **Talk with two nurses**\nResult: I know what a first year is like\n## What might get in your way?"
    )
    assert asked.labels == [*CHIPS, "Change the goal"]
    read = await plan(ann, asked)
    assert read.text == (
        "## Read it once, aloud\n"
        "**Talk with two nurses**\n"
        "Talk with people · 2 a week for 6 weeks, until Monday 19 October\n"
        "**Result**: I know what a first year is like\n"
        "**May get in the way**: It makes me nervous\n"
        "**Your plan**\n"
        "> If it is Monday, then I will ask one question.\n"
        "> If I feel nervous, then I will send it to a friend first.\n"
        "-# busy weeks: Read one post · time box: 30 min a week"
    )
    assert read.labels == WAYS
    saved = await ann.press(read, "Confirm")
    assert saved.text.startswith(
        f"{SAVED} Monday 19 October\n**Talk with two nurses**\n> If it is Monday, then I will ask one question."
    )
    assert saved.labels == ["Log something", "Add somebody", "My overview"]
    assert all(one.private for one in (begun, asked, read, saved))


def words_of(shown: Screen, *opened: str) -> int:
    """Count what somebody reads on a screen: texts and buttons, what a form holds already, and the menus they open."""
    assert shown.result is not None
    modal = shown.result.modal
    read = [shown.text, *shown.labels]
    for part in parts(modal["components"]) if modal else ():
        read += [part.get("description") or "", part.get("value") or part.get("placeholder") or ""]
        whole = part.get("custom_id") in opened
        read += [one["label"] for one in part.get("options", ()) if whole or one.get("default")]
    return len(re.findall(r"\w[\w’'-]*", " ".join(read)))


async def test_joining_to_a_running_goal_takes_8_interactions_and_600_words(course: Classroom) -> None:
    ann = course.person("ann")
    welcome = await ann.run("start")
    words: list[int] = []

    def seen(shown: Screen, *opened: str) -> Screen:
        words.append(words_of(shown, *opened))
        return shown

    joined = seen(await ann.press(welcome, "Join the course"))
    form = seen(await ann.press(joined, "Set my focus"), "season", "track")
    focus = seen(await ann.send(form, fields="nursing", season=["building"], track=["health"]))
    form = seen(await ann.press(focus, "Set a goal"))
    asked = seen(await ann.send(form))
    form = seen(await ann.press(asked, NERVOUS))
    read = seen(await ann.send(form))
    saved = seen(await ann.press(read, "Confirm"))
    assert saved.text.startswith(SAVED)
    assert len(words) <= 8
    assert sum(words) <= 600, words
    assert goals_of(course) == [(course.content.vocabulary.templates["health"].goal, None)]
    assert "> If I leave class on Tuesday, then I will reply to someone in nursing with one question." in saved.text


async def test_vague_wish_is_asked_back_about_once_and_may_stay(course: Classroom) -> None:
    ann = await course.member()
    asked = await wish(ann, title="Get better at LinkedIn")
    assert asked.text.startswith("You wish: **Get better at LinkedIn**\n## Who is it with, or what will be there")
    assert asked.labels == ["Say it more clearly", "Keep it as it is"]
    assert (await ann.press(asked, "Keep it as it is")).labels == [*CHIPS, "Change the goal"]
    again = await ann.send(await ann.press(asked, "Say it more clearly"), title="Get good at LinkedIn")
    assert again.labels == [*CHIPS, "Change the goal"]


async def test_proposed_plan_follows_the_kind_until_it_is_made_ones_own(course: Classroom) -> None:
    ann = await course.member(focus=True)
    read = await ann.send(await ann.press(await wish(ann), NERVOUS))
    assert "> If I leave class on Tuesday or Thursday, then I will reply to someone in nursing" in read.text
    form = await ann.press(read, "Change the goal")
    read = await ann.send(form, type=["opportunity"], target=["0"])
    assert "Turn talk into opportunity · 1 every two weeks for 6 weeks" in read.text
    assert "> If I leave class on every second Tuesday, then I will ask someone in nursing for a 15-minute" in read.text
    read = await ann.send(await ann.press(read, "Change the plan"), if_then="If it is noon, then I will ask a tutor.")
    form = await ann.press(read, "Change the goal")
    assert form.form["target"] == "0"
    read = await ann.send(form, type=["learn"])
    assert "> If it is noon, then I will ask a tutor." in read.text
    assert "Learn from good people · 1 every two weeks for 6 weeks" in read.text
    await ann.press(read, "Confirm")
    await ann.run("log", kind="note")
    course.clock.now += timedelta(days=10)
    assert "Last two weeks: 1 of 1" in (await ann.run("goal show")).text


@pytest.mark.parametrize("chip", [NERVOUS, "Something else"])
async def test_every_obstacle_brings_a_line_that_answers_it(course: Classroom, chip: str) -> None:
    ann = await course.member()
    words = {one.label: one.plan for one in course.content.vocabulary.obstacles.values()}
    form = await ann.press(await wish(ann), chip)
    suggested = "" if chip == "Something else" else words[chip]
    assert form.form == {"if_then": PROPOSED, "obstacle_plan": suggested, "tiny": "", "box": "30"}
    read = await ann.send(form, if_then="If it is Monday, then I will read one post.")
    assert (f"**May get in the way**: {chip}" in read.text) == (chip != "Something else")
    assert not suggested or f"> {suggested}" in read.text
    assert "easier to keep" not in read.text


async def test_the_wish_may_be_changed_after_it_was_read_back_and_the_plan_stays(course: Classroom) -> None:
    ann = await course.member()
    read = await plan(ann, await wish(ann))
    form = await ann.press(read, "Change the goal")
    assert form.form == {**WISH, "type": "connect", "target": "2"}
    changed = await ann.send(form, title="Talk with one nurse", target=["1"])
    assert "**Talk with one nurse**\nTalk with people · 1 a week for 6 weeks" in changed.text
    assert "> If it is Monday, then I will ask one question." in changed.text
    assert changed.labels == WAYS


async def test_a_goal_that_is_left_is_gone_and_its_card_confirms_nothing(course: Classroom) -> None:
    ann = await course.member()
    read = await plan(ann, await wish(ann))
    confirm = await course.crafted(read.id_of("Confirm"))
    left = await ann.press(read, "Leave it")
    assert "`/goal new`" in left.text
    before = course.stored()
    assert (await ann.press(confirm, "Press")).text == (
        "That goal is not waiting to be confirmed any more. `/goal show` says what is running now."
    )
    assert course.stored() == before
    assert GO_ON not in (await ann.run("goal new")).labels


# Breaking off, twice, at once


async def test_a_conversation_that_broke_off_after_the_plan_is_read_back_again(course: Classroom) -> None:
    ann = await course.member()
    read = await plan(ann, await wish(ann))
    await course.restart()
    again = await ann.press(await ann.run("goal new"), GO_ON)
    assert (again.text, again.labels) == (read.text, read.labels)
    assert (await ann.press(again, "Confirm")).text.startswith(SAVED)
    assert GO_ON not in (await ann.press(await ann.run("goal new"), "Replace it")).labels


async def test_forms_and_cards_of_a_goal_work_after_a_restart_in_the_middle(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.press(await ann.run("goal new"), "From scratch")
    await course.restart()
    asked = await ann.send(form, **WISH)
    await course.restart()
    form = await ann.press(asked, NERVOUS)
    await course.restart()
    read = await ann.send(form, **PLAN)
    await course.restart()
    assert (await ann.press(read, "Confirm")).text.startswith(SAVED)


async def test_a_plan_that_is_sent_after_its_goal_began_is_given_back(course: Classroom) -> None:
    ann = await course.member()
    asked = await wish(ann)
    forms = [await ann.press(asked, NERVOUS) for _ in range(2)]
    await ann.press(await ann.send(forms[0], **PLAN), "Confirm")
    before = course.stored()
    shown = await ann.send(forms[1], **{**PLAN, "if_then": "If it is noon, then I will read this later."})
    assert shown.text.startswith("That goal is not waiting to be confirmed any more.")
    assert course.stored() == before
    given_back = await ann.press(shown, "Open it again")  # there is no form for it any more
    assert given_back.text.startswith("That goal is not waiting to be confirmed any more.")
    assert "If it is noon, then I will read this later." in given_back.text


async def test_a_goal_that_began_meanwhile_is_neither_ended_nor_joined_unasked(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.press(await ann.run("goal new"), "From scratch")
    await set_goal(ann)
    read = await plan(ann, await ann.send(form, **{**WISH, "title": "Talk with a second"}))
    shown = await ann.press(read, "Confirm")
    assert shown.text == (
        "“Talk with two nurses” is running already. Run `/goal new` to replace it or to run both; "
        "what you wrote is kept."
    )
    assert goals_of(course) == [("Talk with two nurses", None)]


# Starters


async def test_starter_named_with_the_command_fills_both_forms(course: Classroom) -> None:
    ann = await course.member()
    template = course.content.vocabulary.templates["education"]
    assert (await ann.suggestions("goal new", "template", "teach")) == {"education": template.label}
    form = await ann.run("goal new", template="education")
    assert form.form == {
        "type": template.type,
        "title": template.goal,
        "outcome": "",
        "target": str(template.target),
        "weeks": str(template.weeks),
    }
    asked = await ann.send(form)
    form = await ann.press(asked, NERVOUS)
    assert template.goal in (await ann.send(form)).text


async def test_every_starter_can_be_sent_as_it_is(course: Classroom) -> None:
    for template in course.content.vocabulary.templates.values():
        ann = await course.member(f"with {template.id}")
        asked = await ann.send(await ann.run("goal new", template=template.id))
        read = await ann.send(await ann.press(asked, NERVOUS))
        assert "easier to keep" not in read.text, template.id
        assert (await ann.press(read, "Confirm")).text.startswith(SAVED), template.id


# What is refused


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"target": ["5"], "type": ["opportunity"]},
            "For “Turn talk into opportunity”, choose 1 to 3 a week. A small number you reach beats",
        ),
        ({"weeks": "9"}, "The number of weeks is a whole number from 4 to 8."),
        ({"title": "   "}, "The goal is empty. A few words are enough."),
    ],
)
async def test_wish_that_breaks_a_rule_is_refused_and_given_back(
    course: Classroom, changes: dict[str, Any], sentence: str
) -> None:
    ann = await course.member()
    begun = await ann.run("goal new")
    before = course.stored()
    shown = await wish(ann, begun, **changes)
    assert shown.text.startswith(sentence)
    assert course.stored() == before
    typed: dict[str, Any] = {**WISH, **changes}
    typed = {name: value[0] if isinstance(value, list) else value for name, value in typed.items()}
    assert (await ann.press(shown, "Open it again")).form == typed


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"if_then": " \n "}, "The plan is empty. A few words are enough."),
        ({"box": "91"}, "The time box, in minutes a week, is a whole number from 15 to 90."),
    ],
)
async def test_plan_that_breaks_a_rule_is_refused_and_given_back(
    course: Classroom, changes: dict[str, Any], sentence: str
) -> None:
    ann = await course.member()
    asked = await wish(ann)
    form = await ann.press(asked, NERVOUS)
    before = course.stored()
    shown = await ann.send(form, **{**PLAN, **changes})
    assert shown.text.startswith(sentence)
    assert course.stored() == before
    assert (await ann.press(shown, "Open it again")).form == {**PLAN, **changes}
    assert (await plan(ann, asked)).labels == WAYS


# A goal that runs, and another


async def test_a_running_goal_is_kept_replaced_or_joined_by_choice(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    asked = await ann.run("goal new")
    assert asked.text.startswith("You have a goal already:\n**Talk with two nurses**")
    assert asked.labels == ["Keep it", "Replace it", "A second one beside it"]
    assert (await ann.press(asked, "Keep it")).text.startswith("## Your goal\n**Talk with two nurses**")
    begun = await ann.press(await ann.run("goal new"), "Replace it")
    await set_goal(ann, begun, title="Talk with another")
    assert goals_of(course) == [("Talk with two nurses", "replaced"), ("Talk with another", None)]


async def test_two_goals_are_shown_each_with_its_own_count_and_buttons(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    await second_goal(ann, type=["learn"], title="Read two papers")
    for kind in ("reply", "note", "note"):
        await ann.run("log", kind=kind)
    shown = await ann.run("goal show")
    assert shown.text.startswith("## Your goals\n**Talk with two nurses**")
    talk, read = shown.text.split("**Read two papers**")
    assert "Last seven days: 1 of 2" in talk
    assert "Last seven days: 2 of 2" in read
    assert shown.labels == [*["Look back", "Pause", "Stop"] * 2, "Log something", "New goal"]
    assert "**Read two papers**" in (await ann.press(shown, "Look back", nth=1)).text


# Looking back


async def test_a_goal_whose_weeks_are_over_leads_to_its_review(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    await ann.run("log", kind="reply")
    course.clock.now += timedelta(weeks=6)
    shown = await ann.run("goal new")
    assert shown.text.startswith(
        "## Looking back\n**Talk with two nurses**\n**Result you wished for**: I know what a first year is like\n"
        "Its weeks are over. You logged 1 step; the plan for all its weeks was 12"
    )
    assert shown.labels == ["Say what it brought", "Keep going", "Go deeper", "Something else", "Stop"]


async def test_what_a_goal_brought_is_kept_and_shown_with_it_when_it_is_over(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    form = await ann.press(await ann.run("goal review"), "Say what it brought")
    assert form.form == {"reflection": "", "benefit": ""}
    noted = await ann.send(form, reflection="Two people know my name", benefit=["networking"])
    assert "Noted, thank you. It stays with the goal." in noted.text
    await ann.press(await ann.press(noted, "Stop"), "Stop it")
    assert (
        "• Talk with two nurses (stopped Tuesday 8 September · I got to know somebody)\n> Two people know my name"
    ) in (await ann.run("goal show")).text


async def test_a_goal_is_kept_for_as_many_weeks_from_today(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    course.clock.now += timedelta(weeks=6)
    review = await ann.run("goal new")
    second = await course.crafted(review.id_of("Keep going"))
    kept = await ann.press(review, "Keep going")
    assert kept.text.startswith("It goes on: **Talk with two nurses**")
    assert "for 6 weeks, about 30 minutes a week, until Monday 30 November" in kept.text
    assert (await ann.press(second, "Press")).text.startswith("That goal has ended already.")
    assert goals_of(course) == [("Talk with two nurses", "kept"), ("Talk with two nurses", None)]


async def test_going_deeper_begins_with_the_goal_and_its_plan(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    form = await ann.press(await ann.run("goal review"), "Go deeper")
    assert form.form == {**WISH, "type": "connect", "target": "2"}
    read = await ann.send(form, title="Ask two nurses what they would do again")
    assert read.labels == WAYS
    assert "> If it is Monday, then I will ask one question." in read.text
    assert "busy weeks: Read one post · time box: 30 min a week" in read.text
    assert goals_of(course) == [("Talk with two nurses", None)]
    assert (await ann.press(read, "Confirm")).text.startswith(SAVED)
    assert goals_of(course) == [
        ("Talk with two nurses", "deepened"),
        ("Ask two nurses what they would do again", None),
    ]


async def test_stopping_is_asked_once_and_may_be_thought_better_of(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    asked = await ann.run("goal stop")
    assert asked.text == (
        "Stop **Talk with two nurses**? What you logged stays. Stopping what does not fit is a good decision."
    )
    assert asked.labels == ["Stop it", "Keep it"]
    assert goals_of(course) == [("Talk with two nurses", None)]
    assert (await ann.press(asked, "Keep it")).text.startswith("## Your goal")
    asked = await ann.press(await ann.run("goal show"), "Stop")
    second = await course.crafted(asked.id_of("Stop it"))
    stopped = await ann.press(asked, "Stop it")
    assert stopped.text == "Stopped: Talk with two nurses. Your log stays."
    assert stopped.labels == ["New goal", "My overview"]
    assert (await ann.press(second, "Press")).text.startswith("That goal has ended already.")
    assert (await ann.press(stopped, "New goal")).text.startswith("## A goal, in four short questions")


# Resting


async def test_a_goal_ends_with_the_course_and_says_so_before_it_is_confirmed(course: Classroom) -> None:
    ann = await course.member()
    course.clock.now += timedelta(weeks=12)
    read = await plan(ann, await wish(ann, weeks="6"))
    until = "until Friday 18 December, when the course ends"
    assert f"Talk with people · 2 a week for 3 weeks, {until}\n" in read.text
    assert until in (await ann.press(read, "Confirm")).text
    assert "(week 1 of 3)" in (await ann.run("me")).text
    deeper = await ann.press(await ann.run("goal review"), "Go deeper")
    assert deeper.form["weeks"] == "4"


async def test_a_goal_rests_and_goes_on_with_the_weeks_it_had_left(course: Classroom) -> None:
    ann = await course.member()
    await set_goal(ann)
    course.clock.now += timedelta(weeks=2)
    paused = await ann.run("goal pause")
    assert paused.text.startswith("It rests: **Talk with two nurses**\nIts weeks stand still until you go on.")
    course.clock.now += timedelta(weeks=9)
    shown = await ann.run("goal show")
    assert "It rests since Tuesday 22 September; its weeks stand still." in shown.text
    assert shown.labels[:3] == ["Look back", "Go on", "Stop"]
    assert (await ann.run("goal new")).text.startswith("You have a goal already:\n**Talk with two nurses** (it rests)")
    resumed = await ann.press(shown, "Go on")
    assert resumed.text == (
        "It runs again: **Talk with two nurses**\nWeek 3 of 6, until Friday 18 December, when the course ends."
    )
    assert "Week 3 of 6, until Friday 18 December, when" in (await ann.press(resumed, "My goal")).text


# Whose goal, and from where


async def test_forged_numbers_and_old_cards_change_nothing(course: Classroom) -> None:
    ann, bob = await course.member(), await course.member("bob")
    await set_goal(ann)
    await wish(bob)
    ((number,),) = course.rows("SELECT id FROM goal")
    before = course.stored()
    routes = ("review", "reflect", "keep", "deepen", "change", "pause", "go_on", "stop_ask", "stop")
    ended, old = "That goal has ended already.", "That card is from before an update"
    forged = [(f"goal.{route}:{bob.id}:{number}", ended) for route in routes]
    forged += [
        (f"goal.{made}", old)
        for made in (
            f"new:{bob.id}:-:forever",
            f"begin:{bob.id}:-:forever",
            f"begin:{bob.id}",
            f"obstacle:{bob.id}:boredom",
            f"obstacle:{bob.id}",
            f"keep:{bob.id}:x",
            f"keep:{bob.id}:0",
            f"save:{bob.id}:keep",
        )
    ]
    forged += [
        (f"goal.{route}:{bob.id}:astrology:keep", "There is no goal template “ast") for route in ("new", "begin")
    ]
    for made, answer in forged:
        card = await course.crafted(f"pln1:{made}")
        assert (await bob.press(card, "Press")).text.startswith(answer), made
    assert course.stored() == before


async def test_commands_need_a_goal_and_a_member(course: Classroom) -> None:
    ann, stranger = await course.member(), course.person("bob")
    for command in ("show", "review", "pause", "stop"):
        shown = await ann.run(f"goal {command}")
        assert shown.text == "You have no goal yet. `/goal new` sets one in about four minutes."
    for command in ("new", "show", "review", "pause", "stop"):
        assert (await stranger.run(f"goal {command}")).text.startswith("You have not joined the course yet.")


async def test_first_note_leads_with_the_goal_and_the_obstacle_is_asked_about_once(course: Classroom) -> None:
    ann = await course.member(focus=True)
    await set_goal(ann)
    note = await course.weekly_note(ann)
    assert "your goal runs: Talk with two nurses." in note.text
    assert "**Next:** Ask one question (15 min)" in note.text
    asked: list[Screen] = []
    for _ in range(5):
        await ann.run("log", kind="ask")
        note = await course.weekly_note(ann)
        asked += [note] if "Keep it" in note.labels else []
    (question,) = asked
    assert PLAN["obstacle_plan"] in question.text
    assert question.labels[:2] == ["Keep it", "Something else"]
    kept = await ann.in_dm.press(question, "Keep it")
    assert kept.text.startswith("It stays:\n> If it is Monday")
    now = await ann.in_dm.press(question, "Something else")
    form = await ann.in_dm.press(now, "My phone takes over")
    assert form.form["obstacle_plan"].startswith("If I open the app")
    changed = await ann.in_dm.send(form, obstacle_plan="If I open the app, then I will close it.")
    assert "> If I open the app, then I will close it." in changed.text
    assert course.rows("SELECT obstacle, obstacle_plan FROM goal") == [
        ("phone", "If I open the app, then I will close it.")
    ]
