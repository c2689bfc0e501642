from datetime import timedelta

from tests.cogs.classroom import Classroom, Person


async def test_without_options_the_goals_own_actions_come_first_and_one_tap_logs(course: Classroom) -> None:
    ann = await course.member(goal=True)
    shown = await ann.run("log")
    kinds = course.content.vocabulary.kinds
    assert shown.labels == [kinds[one].label for one in ("ask", "reply", "chat", "talk", "interview")]
    assert "reply" not in shown.menus[0].options
    assert "share_link" in shown.menus[0].options
    shown = await ann.press(shown, "Asked a real question in public or in a group")
    assert shown.text == (
        "**Logged** for Tuesday 8 September: Asked a real question in public or in a group.\n"
        "Last seven days: 1 of 2 for your goal."
    )
    assert shown.private


async def test_without_a_goal_the_note_comes_first_and_the_card_points_to_a_goal(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("log")
    assert shown.labels == [course.content.vocabulary.kinds["note"].label]
    shown = await ann.press(shown, shown.labels[0])
    assert "It makes this an active week. A goal gives it a direction: `/goal new`." in shown.text


async def test_every_kind_can_be_logged_by_name(course: Classroom) -> None:
    ann = await course.member(goal=True)
    for kind in course.content.vocabulary.kinds.values():
        assert f": {kind.label}." in (await ann.run("log", kind=kind.id)).text


async def test_a_note_alone_is_logged_as_the_goals_first_kind(course: Classroom) -> None:
    ann = await course.member(goal=True)
    shown = await ann.run("log", note="Wrote to a ward sister")
    assert "Asked a real question in public or in a group.\n> Wrote to a ward sister" in shown.text


async def test_undo_reaches_nobody_elses_log(course: Classroom) -> None:
    ann, ben = await course.member(), await course.member("ben")
    await ann.run("log", kind="reply")
    before = course.stored()
    forged = await course.crafted(f"pln1:log.undo:{ben.id}:1")
    assert (await ben.press(forged, "Press")).text.startswith("That entry is already gone from your log.")
    assert course.stored() == before


async def test_what_came_of_it_is_one_more_tap(course: Classroom) -> None:
    ann = await course.member(goal=True)
    shown = await ann.press(await ann.run("log"), "Replied to someone with a thought or question")
    shown = await ann.pick(shown, "idea")
    assert "Replied to someone with a thought or question (An idea)." in shown.text
    assert course.rows("SELECT outcome FROM action") == [("idea",)]
    shown = await ann.pick(shown, "nothing_yet")
    assert "(Nothing yet)" in shown.text


async def test_an_entry_is_edited_in_a_form_filled_with_what_it_says(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await ann.run("network add")
    form = await ann.press(await ann.run("log", kind="reply", note="To Kim", minutes=10), "Change")
    assert form.form == {"kind": "reply", "note": "To Kim", "minutes": "10", "outcome": ""}
    shown = await ann.send(form, kind=["ask"], note="To Kim, about nights", minutes="15", outcome=["reply"])
    assert "Asked a real question in public or in a group (15 min · A reply).\n> To Kim, about nights" in shown.text
    assert course.rows("SELECT kind, note, minutes, outcome FROM action") == [
        ("ask", "To Kim, about nights", 15, "reply")
    ]


async def test_the_last_entry_is_edited_from_the_log_card(course: Classroom) -> None:
    ann = await course.member()
    assert "Change the last entry" not in (await ann.run("log")).labels
    await ann.run("log", kind="reply", note="first")
    course.clock.now += timedelta(minutes=5)
    await ann.run("log", kind="ask", note="second")
    form = await ann.press(await ann.run("log"), "Change the last entry")
    assert form.form["note"] == "second"
    await ann.send(form, note="")
    assert course.rows("SELECT kind, note FROM action ORDER BY id") == [("reply", "first"), ("ask", None)]


async def test_minutes_that_are_none_are_refused_and_nothing_is_lost(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.press(await ann.run("log", kind="reply"), "Change")
    shown = await ann.send(form, note="worth a lot", minutes="ten")
    assert "is a whole number from 1 to 600" in shown.text
    assert course.rows("SELECT note, minutes FROM action") == [(None, None)]
    again = await ann.press(shown, "Open it again")
    assert (again.form["note"], again.form["minutes"]) == ("worth a lot", "ten")


async def _with_kim(course: Classroom) -> Person:
    ann = await course.member(goal=True)
    form = await ann.run("network add")
    await ann.send(form, nickname="Night-shift Kim", category=["practitioner"], stage=["spotted"])
    return ann


async def test_after_an_exchange_its_person_is_one_more_tap(course: Classroom) -> None:
    ann = await _with_kim(course)
    shown = await ann.run("log", kind="talk")
    [(kim,)] = course.rows("SELECT id FROM contact")
    assert shown.menus[0].options == {str(kim): "Night-shift Kim"}
    assert shown.labels == ["Change", "Undo", "My overview"]
    shown = await ann.pick(shown, str(kim))
    assert "(they answered), with Night-shift Kim." in shown.text
    assert "reply" in shown.menus[0].options


async def test_a_step_beside_the_goal_is_not_scolded(course: Classroom) -> None:
    ann = await course.member(goal=True)
    shown = await ann.run("log", kind="profile")
    assert shown.text.endswith("Improved a profile or bio.\nIt makes this an active week.")


async def test_somebody_in_the_network_is_suggested_and_logged_with(course: Classroom) -> None:
    ann = await _with_kim(course)
    assert await ann.suggestions("log", "person", "kim") == {"Night-shift Kim": "Night-shift Kim"}
    shown = await ann.run("log", kind="talk", person="night-shift kim", outcome="reply")
    assert "Had a back-and-forth (they answered), with Night-shift Kim (A reply)." in shown.text
    assert "-# Night-shift Kim: you talk." in shown.text


async def test_the_form_offers_the_people_of_the_network_with_the_chosen_one(course: Classroom) -> None:
    ann = await _with_kim(course)
    form = await ann.press(await ann.run("log", kind="reply"), "Change")
    [(kim,)] = course.rows("SELECT id FROM contact")
    assert "With whom?" not in form.form
    shown = await ann.send(form, contact=[str(kim)])
    assert "with Night-shift Kim" in shown.text


async def test_what_was_done_yesterday_is_logged_for_yesterday(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("log", kind="reply", day=1)
    assert "**Logged** for Monday 7 September" in shown.text
