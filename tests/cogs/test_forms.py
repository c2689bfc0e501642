"""A form that failed: its sentence, and a button that opens it as it was sent."""

from datetime import timedelta

import pytest

from bot.coaching.goals import Obstacle
from cogs.routes import AGAIN
from tests.cogs.classroom import Classroom, Person, Screen

CLINIC = {"title": "Placement at the clinic", "kind": "internship", "source": "alert", "due": "5/12"}
LOST = (
    "I no longer have what you wrote, so the form opened without it. I keep that for fifteen minutes at most, and lose "
    "it when I restart."
)


async def refused(person: Person) -> Screen:
    chosen = {"kind": ["internship"], "source": ["alert"]}
    return await person.send(await person.run("opportunity add"), **{**CLINIC, **chosen})


async def test_form_opens_again_as_it_was_sent_until_it_arrives(course: Classroom) -> None:
    ann = await course.member()
    shown = await refused(ann)
    assert shown.labels == ["Open it again"]
    assert "Placement" not in shown.text
    again = await ann.press(shown, "Open it again")
    assert (again.form, again.beside) == (CLINIC, [])
    once_more = await ann.send(again, due="soon")
    again = await ann.press(once_more, "Open it again")
    assert again.form == {**CLINIC, "due": "soon"}
    assert (await ann.send(again, due="5 Dec")).text.startswith("**Kept.**")
    late = await ann.press(shown, "Open it again")
    assert (late.form["title"], late.beside) == ("", [LOST])


@pytest.mark.parametrize("restarted", [True, False])
async def test_after_a_restart_or_a_quarter_of_an_hour_it_opens_empty_and_says_so(
    course: Classroom, restarted: bool
) -> None:
    ann = await course.member()
    shown = await refused(ann)
    if restarted:
        await course.restart()
    else:
        course.clock.now += timedelta(minutes=15)
    again = await ann.press(shown, "Open it again")
    assert again.form == {"title": "", "kind": "", "source": "", "due": ""}
    assert again.beside == [LOST]
    assert (await ann.send(again, title="Ward nine", kind=["job"])).text.startswith("**Kept.**")


async def test_nobody_gets_what_somebody_else_typed(course: Classroom) -> None:
    ann, ben = await course.member("ann"), await course.member("ben")
    shown = await refused(ann)
    forged = await course.crafted(shown.id_of("Open it again").replace(str(ann.id), str(ben.id)))
    again = await ben.press(forged, "Press")
    assert (again.form["title"], again.beside) == ("", [LOST])


async def test_every_form_of_a_member_opens_again_from_its_own_custom_id(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    await ann.send(await ann.run("network add"), nickname="Kim", category=["peer"])
    opportunity = await ann.send(await ann.run("opportunity add"), title="Ward nine", kind=["job"])
    logged = await ann.run("log", kind="reply")
    running = await ann.run("goal new")
    begun = await ann.press(await ann.press(running, "A second one beside it"), "From scratch")
    obstacles = await ann.send(begun, title="Reply to two nurses", type=["connect"])
    forms = {
        "focus": await ann.run("focus"),
        "bio": await ann.run("bio check", place="linkedin_headline"),
        "feedback": await ann.run("feedback"),
        "person": await ann.run("network add"),
        "space": await ann.run("network add", what="space"),
        "alert": await ann.run("network add", what="alert"),
        "edit a person": await ann.run("network edit", who="Kim"),
        "did": await ann.run("network contacted", who="Kim", note="x"),
        "edit an opportunity": await ann.press(opportunity, "Edit"),
        "edit an entry": await ann.press(logged, "Change"),
        "wish": begun,
        "changed wish": await ann.press(obstacles, "Change the goal"),
        "plan": await ann.press(obstacles, course.content.vocabulary.obstacles[Obstacle.TIME].label),
        "look back": await ann.press(await ann.run("goal review"), "Say what it brought"),
        "deeper": await ann.press(await ann.run("goal review"), "Go deeper"),
    }
    for name, form in forms.items():
        assert form.result is not None, name
        assert form.result.modal is not None, name
        form_id = form.result.modal["custom_id"]
        again = await ann.press(await course.crafted(f"pln1:{AGAIN}{form_id.removeprefix('pln1:')}"), "Press")
        assert again.result is not None, name
        assert again.result.modal is not None, (name, again.text)
        assert again.result.modal["custom_id"] == form_id, name
        assert again.form.keys() == form.form.keys(), name
