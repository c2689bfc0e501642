from datetime import timedelta

from tests.cogs.classroom import Classroom, Person, Screen

TEXT = "Could we look at one first message together?"


async def tell(person: Person, how: str = "unsigned", text: str = TEXT) -> Screen:
    return await person.send(await person.run("feedback"), text=text, how=[how])


async def test_unsigned_feedback_reads_as_the_instructors_will_see_it(course: Classroom) -> None:
    ann = await course.member()
    assert (await ann.run("feedback")).form == {"text": "", "how": "unsigned"}
    shown = await tell(ann)
    assert shown.text == (
        "## It is with your instructors\nThose of Digital careers see these words:\n"
        f"> {TEXT}\n"
        "Beside them they see the week of Monday 7 September, never the day or the hour, and no name: none is kept. "
        "That also means that no answer can find you in private; if you want one, sign the next one."
    )
    assert shown.private
    assert shown.buttons == []
    read = await course.instructor.run("cohort feedback")
    assert read.text == (
        "## What your class tells you\n-# Digital careers\n"
        f"**New** · week of Monday 7 September · not signed\n> {TEXT}\n"
        "-# Unsigned words have no author anywhere; please do not try to guess one. Not for grading."
    )
    assert read.private
    assert str(ann.id) not in read.text


async def test_a_signed_text_is_read_with_its_name(course: Classroom) -> None:
    ann = await course.member()
    shown = await tell(ann, "signed", "Too *fast* @everyone")
    quote = "> Too \\*fast\\* @\u200beveryone"
    assert (
        f"Those of Digital careers see these words, signed by you:\n{quote}\nBeside them they see the week of"
        in shown.text
    )
    read = await course.instructor.run("cohort feedback")
    assert f"week of Monday 7 September · signed by <@{ann.id}>\n{quote}\n" in read.text


async def test_asking_to_be_contacted_needs_no_words_and_can_be_taken_back(course: Classroom) -> None:
    ann = await course.member()
    shown = await tell(ann, "contact", "")
    assert shown.text.startswith(
        "## Your instructors know\nThose of Digital careers see your name, and Tuesday 8 September as the day you "
        "asked, so that one of them can get in touch when they next look.\nIt is not for grading"
    )
    read = await course.instructor.run("cohort feedback")
    assert f"<@{ann.id}> · since Tuesday 8 September" in read.text
    assert "Nobody has written yet." in read.text
    assert (await ann.press(shown, "Take it back")).text == (
        "Taken back: your name is off their list. You may ask again at any time with `/feedback`."
    )
    assert str(ann.id) not in (await course.instructor.run("cohort feedback")).text


async def test_who_was_greeted_leaves_the_list_and_sees_nothing_of_it(course: Classroom) -> None:
    ann, ben = await course.member(), await course.member("ben")
    card = await tell(ann, "contact", "")
    await tell(ben, "contact", "")
    hello = len(ann.inbox)
    read = await course.instructor.run("cohort feedback")
    assert read.labels == ["Greeted", "Greeted"]
    left = await course.instructor.press(read, "Greeted")
    assert (str(ann.id) in left.text, str(ben.id) in left.text) == (False, True)
    assert len(ann.inbox) == hello
    shown = await ann.press(card, "Take it back")
    assert shown.text.startswith("No request of yours is open")


async def test_what_was_read_is_new_once_and_older_texts_are_a_page_away(course: Classroom) -> None:
    ann = await course.member()
    for number in range(7):
        await tell(ann, text=f"text {number}")
        course.clock.now += timedelta(minutes=20)
    first = await course.instructor.run("cohort feedback")
    assert [line for line in first.text.splitlines() if line.startswith("> ")] == [
        f"> text {number}" for number in range(6, 1, -1)
    ]
    assert first.text.count("**New**") == 5
    assert first.labels == ["Older"]
    older = await course.instructor.press(first, "Older")
    assert "**New** · week of Monday 7 September · not signed\n> text 1\n" in older.text
    assert older.labels == ["Newest"]
    newest = await course.instructor.press(older, "Newest")
    assert "New" not in newest.text
    assert newest.labels == ["Older"]
