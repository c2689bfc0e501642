"""The question for a student number, and where it is corrected."""

from tests.cogs.classroom import Classroom, Person, Screen


async def question(person: Person, answer: Screen) -> Screen:
    """Return the question that came beside an answer."""
    assert answer.result is not None
    (found,) = [one for one in answer.result.followups if "student number or login?" in str(one.components)]
    labels = ["Give it", "Not now"]
    return Screen(
        buttons=[
            (one, f"pln1:number.{route}:{person.id}") for one, route in zip(labels, ("write", "not_now"), strict=True)
        ],
        message=found,
    )


async def test_it_is_asked_once_after_joining_and_may_be_left_out(course: Classroom) -> None:
    shown = await course.manager.run("cohort setup", student_number=True)
    assert "**Student number or login**: asked for, and members may leave it out" in shown.text
    ann = course.person("ann")
    assert "If you give a student number or login, they see it too." in (await ann.run("start")).text
    asked = await question(ann, await ann.join())
    shown = await ann.press(asked, "Not now")
    assert "I will not ask again" in shown.text
    assert (await ann.run("me")).beside == []
    seen = await ann.run("privacy seen")
    assert "Student number or login: none given" in seen.text


async def test_switched_on_later_it_is_asked_at_the_next_command(course: Classroom) -> None:
    ann, ben = await course.member("ann"), await course.member("ben")
    await course.manager.run("cohort setup", student_number=True)
    form = await ann.press(await question(ann, await ann.run("me")), "Give it")
    shown = await ann.send(form, number=" *S00123* ")
    assert "Noted: **\\*S00123\\***." in shown.text
    form = await ben.press(await question(ben, await ben.run("me")), "Give it")
    refused = await ben.send(form, number="*s00123*")
    assert "Somebody in this course has given that number already" in refused.text
    member = await course.instructor.run("cohort member", member=ann.member)
    assert "Student number or login: **\\*S00123\\*** · two claims" in member.text
    card = await course.instructor.run("cohort checkin")
    assert f"**Two claims**: <@{ann.id}> and <@{ben.id}> both gave the student number \\*S00123\\*." in card.text
    form = await ann.press(await ann.run("privacy seen"), "Correct it")
    assert form.form["number"] == "*S00123*"
    assert "No student number of yours is kept." in (await ann.send(form, number="")).text
    assert "Two claims" not in (await course.instructor.run("cohort checkin")).text


async def test_a_course_that_does_not_ask_shows_none_of_it(course: Classroom) -> None:
    ann = course.person("ann")
    assert "student number" not in (await ann.run("start")).text
    assert (await ann.join()).beside == []
    assert "tudent number" not in (await ann.run("privacy seen")).text
