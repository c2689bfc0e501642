from tests.cogs.classroom import Classroom, Person, Screen

CLINIC = {"title": "Placement at the clinic", "kind": ["internship"]}


async def keep(person: Person, **values: object) -> Screen:
    return await person.send(await person.run("opportunity add"), **{**CLINIC, **values})


async def test_opportunity_is_kept_and_the_card_says_what_is_next(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("opportunity add")
    assert form.form == {"title": "", "kind": "", "source": "", "due": ""}
    shown = await ann.send(form, **CLINIC, source=["word_of_mouth"], due="in 10 days")
    assert shown.text == (
        "**Kept.** It stays in sight until you say what became of it.\n"
        "## Placement at the clinic\n"
        "-# Internship or placement · Somebody mentioned it\n"
        "**Where it stands**: spotted on Tuesday 8 September.\n"
        "**Last day**: Friday 18 September, in 10 days.\n"
        "Next: read what they ask for, and think of one person who may know more about it."
    )
    assert shown.labels == [
        "I am preparing it",
        "Sent",
        "Passed it on",
        "Let it go",
        "Edit",
        "Forget",
        "All opportunities",
    ]
    assert shown.private


async def test_unreadable_date_is_refused_and_the_words_come_back(course: Classroom) -> None:
    ann = await course.member()
    before = course.stored()
    shown = await keep(ann, due="5/12")
    assert shown.text.startswith("“5/12” can be Saturday 5 December 2026 or Wednesday 12 May 2027. Write the one")
    assert course.stored() == before
    again = await ann.press(shown, "Open it again")
    assert again.form == {"title": "Placement at the clinic", "kind": "internship", "source": "", "due": "5/12"}
    assert "**Last day**: Saturday 5 December, in 88 days." in (await ann.send(again, due="5 Dec")).text


async def test_the_list_opens_one_and_leads_back(course: Classroom) -> None:
    ann = await course.member()
    await keep(ann)
    await keep(ann, title="Open evening", kind=["event"], due="2026-09-10")
    shown = await ann.run("opportunity list")
    assert shown.text == (
        "## Your opportunities\n"
        "**Open evening** · Event\n"
        "-# spotted on Tuesday 8 September · last day Thursday 10 September, in 2 days\n"
        "**Placement at the clinic** · Internship or placement\n"
        "-# spotted on Tuesday 8 September"
    )
    assert list(shown.menus[0].options.values()) == ["Open evening", "Placement at the clinic"]
    opened = await ann.pick(shown, next(iter(shown.menus[0].options)))
    assert opened.text.startswith("## Open evening\n-# Event\n")
    assert (await ann.press(opened, "All opportunities")).text == shown.text


async def test_sent_is_logged_and_the_card_says_so_and_how_long_to_wait(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await keep(ann), "Sent")
    applied = course.content.vocabulary.kinds["apply"].label
    assert shown.text.startswith(
        f"Sent. Asking is the part you control, and you did it.\n**In your log**: {applied}.\n## Placement"
    )
    assert "Without an answer by Friday 18 September, one short friendly line is polite." in shown.text
    assert course.rows("SELECT kind FROM action") == [("apply",)]
    shown = await ann.press(shown, "Take out of my log")
    assert course.rows("SELECT kind FROM action") == []
    assert course.rows("SELECT state FROM opportunity") == [("sent",)]


async def test_after_a_no_there_are_words_to_ask_for_advice_beside_the_card(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await ann.press(await keep(ann), "Sent"), "They said no")
    assert "thank them and ask for one line of advice" in shown.text
    words = await ann.press(shown, "Words for it")
    starter = course.content.network.starters["advice"]
    assert starter.when in words.text
    assert starter.text in words.text
    assert words.private
    assert "**In your log**" in (await ann.press(shown, "Thanked them")).text  # the card is still there to press


async def test_the_form_to_edit_is_filled_with_what_is_kept(course: Classroom) -> None:
    ann = await course.member()
    shown = await keep(ann, source=["alert"], due="2026-09-18")
    form = await ann.press(shown, "Edit")
    assert form.form == {
        "title": "Placement at the clinic",
        "kind": "internship",
        "source": "alert",
        "due": "Friday 18 September 2026",
    }
    shown = await ann.send(form, title="Placement by the river", due="")
    assert shown.text.startswith(
        "**Changed.**\n## Placement by the river\n-# Internship or placement · One of my alerts\n"
    )
    assert "**Last day**" not in shown.text


async def test_forgetting_asks_once(course: Classroom) -> None:
    ann = await course.member()
    card = await ann.press(await keep(ann), "Sent")
    asked = await ann.press(card, "Forget")
    assert asked.text.startswith("Forget **Placement at the clinic**? It is then gone for good.")
    assert (await ann.press(asked, "Keep it")).text.startswith("## Placement at the clinic")
    asked = await ann.press(await ann.run("opportunity update", what="1"), "Forget")
    gone = await ann.press(asked, "Forget it")
    assert gone.text == "Forgotten."
    assert not [line for line in course.stored() if "Placement" in line]
    assert course.rows("SELECT kind FROM action") == [("apply",)]
    assert "Nothing is kept here yet." in (await ann.press(gone, "All opportunities")).text


async def test_update_finds_what_was_picked_or_typed(course: Classroom) -> None:
    ann, ben = await course.member(), await course.member("ben")
    await keep(ann)
    await keep(ann, title="Open evening")
    await keep(ben, title="Open day")
    assert await ann.suggestions("opportunity update", "what", "OPEN") == {"2": "Open evening"}
    assert await ann.suggestions("opportunity update", "what", "") == {
        "1": "Placement at the clinic",
        "2": "Open evening",
    }
    assert (await ann.run("opportunity update", what="2")).text.startswith("## Open evening")
    assert (await ann.run("opportunity update", what="open EVENING")).text.startswith("## Open evening")
    shown = await ann.run("opportunity update", what="Open day")
    assert shown.text == "I cannot find that opportunity. `/opportunity list` shows what is open."


async def test_nobody_reaches_somebody_elses_opportunity(course: Classroom) -> None:
    ann, ben = await course.member(), await course.member("ben")
    await keep(ann)
    before = course.stored()
    for route in ("open:{}:1", "move:{}:1:sent", "edit:{}:1", "words:{}:1", "forget:{}:1", "forget_now:{}:1"):
        forged = await course.crafted("pln1:opportunity." + route.format(ben.id))
        assert (await ben.press(forged, "Press")).text.startswith("I cannot find that opportunity.")
    hers = await course.crafted(f"pln1:opportunity.move:{ann.id}:1:sent")
    assert (await ben.press(hers, "Press")).text.startswith("That card belongs to someone else.")
    assert course.stored() == before
