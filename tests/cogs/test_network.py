from typing import Any

import pytest

from bot.coaching.network import MOST_CONTACTS
from bot.services.network import Part
from tests.cogs.classroom import Classroom, Person, Screen

KIM = {"nickname": "Kim", "category": ["practitioner"]}
CLUB = {"name": "Journal club", "kind": ["in_person"], "rhythm": "First Monday"}
SEARCH = {"kind": ["internship"], "field": "community nursing", "role": "student", "place": "Leipzig"}


async def keep(person: Person, **values: Any) -> Screen:
    return await person.send(await person.run("network add"), **{**KIM, **values})


async def keep_space(person: Person, **values: Any) -> Screen:
    return await person.send(await person.run("network add", what="space"), **{**CLUB, **values})


async def keep_alert(person: Person, **values: Any) -> Screen:
    return await person.send(await person.run("network add", what="alert"), **{**SEARCH, **values})


# People


async def test_a_person_is_kept_from_a_form_and_their_card_says_where_they_stand(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("network add")
    assert form.form == {"nickname": "", "category": "", "stage": "spotted", "where": "", "shares": ""}
    shown = await ann.send(form, **KIM, where=["local"], shares="Night shifts")
    assert shown.text == (
        "Kept, and seen by you alone.\n"
        "-# People doing the work now · near enough to meet\n"
        "## Kim\n"
        "**Spotted.** You follow or read them.\n"
        "**You share**: Night shifts\n"
        "**Next**: Note one line on what you learn from them."
    )
    assert shown.private
    assert shown.labels[-5:] == ["Contacted", "Edit", "Let rest", "Forget", "All people"]


@pytest.mark.parametrize("nickname", ["kim@example.org", "+49 341 1234567"])
async def test_what_would_give_somebody_away_is_refused_and_the_words_come_back(
    course: Classroom, nickname: str
) -> None:
    ann = await course.member()
    before = course.stored()
    shown = await keep(ann, nickname=nickname)
    assert shown.text.startswith("That looks like an address, a number, a handle or a link.")
    assert course.stored() == before
    assert (await ann.press(shown, "Open it again")).form["nickname"] == nickname


async def test_a_full_network_is_said_before_the_form_opens(course: Classroom) -> None:
    ann = await course.member()
    for number in range(MOST_CONTACTS):
        await keep(ann, nickname=f"Peer {number}")
    assert (await ann.run("network add")).text.startswith("Your network holds 60 people at most")
    shown = await ann.run("network list")
    assert shown.text.startswith("## Your network (page 1 of 6)\n")
    assert len(shown.menus[0].options) == 10
    seen = set(shown.menus[0].options)
    while "Next page" in shown.labels:
        shown = await ann.press(shown, "Next page")
        seen |= set(shown.menus[0].options)
    assert len(seen) == MOST_CONTACTS
    shown = await ann.press(shown, "Previous page")
    assert shown.text.startswith("## Your network (page 5 of 6)\n")
    chosen, nickname = list(shown.menus[0].options.items())[-1]
    assert f"## {nickname}\n" in (await ann.pick(shown, chosen)).text


async def test_the_list_has_people_spaces_and_alerts(course: Classroom) -> None:
    ann = await course.member()
    await keep(ann)
    await keep_space(ann)
    await keep_alert(ann)
    shown = await ann.run("network list")
    assert shown.text == (
        "## Your network\n"
        "**Kim** · People doing the work now\n-# Spotted. You follow or read them.\n"
        '**Spaces**: Journal club\n**Alerts**: student "community nursing" Leipzig'
    )
    spaces = await ann.press(shown, "Spaces")
    assert spaces.text == "## Spaces\n**Journal club** · Meeting in person · First Monday"
    alerts = await ann.press(await ann.press(spaces, "People"), "Alerts")
    assert "**Internships**: student " in alerts.text
    opened = await ann.pick(alerts, next(iter(alerts.menus[0].options)))
    assert '```\nstudent "community nursing" Leipzig\n```' in opened.text
    assert (await ann.press(opened, "All alerts")).text == alerts.text


# What was done with them


async def test_contacted_logs_with_the_person_and_says_where_they_stand_now(course: Classroom) -> None:
    ann = await course.member()
    await keep(ann)
    shown = await ann.run("network contacted", who="kim", kind="reply", outcome="reply", note="Of *nights*", minutes=10)
    assert "with Kim (10 min · A reply).\n> Of \\*nights\\*" in shown.text
    assert "Kim: you talk." in shown.text
    (beside,) = shown.beside
    assert beside == (
        "A step further with Kim.\n**You talk.** They answered: at least one back-and-forth.\n"
        "**Next**: Share something useful, or ask for 20 minutes. Say hello again from Thursday 8 October."
    )
    assert course.rows("SELECT kind, outcome, minutes, contact_id FROM action") == [("reply", "reply", 10, 1)]
    again = await ann.run("network contacted", who="Kim", kind="talk")
    assert again.beside == []


async def test_contacted_without_a_kind_asks_for_it_and_keeps_the_note(course: Classroom) -> None:
    ann = await course.member()
    await keep(ann)
    form = await ann.run("network contacted", who="Kim", note="She wrote at length", outcome="advice", minutes=5)
    assert form.form == {"kind": "", "outcome": "advice", "note": "She wrote at length", "minutes": "5"}
    shown = await ann.send(form, kind=["ask"])
    assert "> She wrote at length" in shown.text
    assert course.rows("SELECT kind, outcome, minutes, note FROM action") == [
        ("ask", "advice", 5, "She wrote at length")
    ]


async def test_the_card_leads_to_contacted_and_the_words_to_begin_with(course: Classroom) -> None:
    ann = await course.member()
    asked = await ann.press(await keep(ann), "Contacted")
    assert "## What did you do with Kim?" in asked.text
    words = await ann.press(await ann.press(asked, "Back"), "Words to reply")
    assert course.content.network.starters["reply"].text in words.text
    assert (await ann.press(words, "Back")).text.startswith("-# People doing the work now\n## Kim")


async def test_words_for_a_referral_are_for_those_who_help_each_other(course: Classroom) -> None:
    ann = await course.member()
    assert "Words to ask for a referral" not in (await keep(ann, stage=["met"])).labels
    shown = await keep(ann, nickname="Lou", stage=["mutual"])
    assert "Would you be comfortable" in (await ann.press(shown, "Words to ask for a referral")).text
    forged = await course.crafted(f"pln1:network.words:{ann.id}:1:referral")
    assert (await ann.press(forged, "Press")).text.startswith("That card is from before an update")


async def test_follow_ups_name_who_waits_with_the_step_that_suits(course: Classroom) -> None:
    ann = await course.member()
    assert "Nobody waits for a word from you right now." in (await ann.run("network followups")).text
    await keep(ann)
    await ann.run("network contacted", who="Kim", kind="interview")
    shown = await ann.run("network followups")
    assert "**Kim**\n**Next**: You met on Tuesday 8 September. Thank them in three lines." in shown.text
    opened = await ann.press(shown, "Open")
    assert "Words to thank" in opened.labels
    await ann.run("network contacted", who="Kim", kind="thank")
    assert "Nobody waits" in (await ann.run("network followups")).text


# The map


async def test_the_map_shows_what_is_filled_and_open_and_one_suggestion(course: Classroom) -> None:
    await course.manager.pick(await course.manager.run("cohort setup"), "health", menu=2)
    ann = await course.member()
    await keep(ann, where=["local"])
    await keep(ann, nickname="Lou", where=["local"])
    await keep_space(ann)
    shown = await ann.run("network map")
    assert "**✓ You know**: People doing the work now\n**○ Open**: Peers on your course · " in shown.text
    assert "**Spaces**: Journal club\n-# **Alerts**: none yet" in shown.text
    assert "Somebody far away hears other news." in shown.text
    assert "A good next one: **People 1–3 years ahead of you**." in shown.text
    assert shown.labels == ["Add a person", "Add a space", "Add an alert", "All people"]
    for label in shown.labels[:3]:
        assert (await ann.press(shown, label)).form
    assert "by week 5" in shown.text
    await course.later(weeks=4)
    assert "three kinds make a broad map" in (await ann.run("network map")).text


# Changing and forgetting


async def test_edit_opens_filled_and_may_move_a_stage_down(course: Classroom) -> None:
    ann = await course.member()
    await keep(ann, where=["remote"], shares="Tea")
    await ann.run("network contacted", who="Kim", kind="interview")
    form = await ann.run("network edit", who="KIM")
    assert form.form == {
        "nickname": "Kim",
        "category": "practitioner",
        "stage": "met",
        "where": "remote",
        "shares": "Tea",
    }
    shown = await ann.send(form, nickname="Kim K", stage=["noticed"])
    assert shown.text.startswith("Changed.\n")
    assert "## Kim K\n**They may know your name.**" in shown.text
    shown = await ann.press(shown, "Edit")
    assert shown.form["stage"] == "noticed"


async def test_forgetting_is_asked_once_and_says_what_stays(course: Classroom) -> None:
    ann = await course.member()
    opened = await keep(ann)
    await ann.run("network contacted", who="Kim", kind="talk")
    asked = await ann.press(opened, "Forget")
    assert asked.text == (
        "Forget **Kim**? The nickname and what you noted go. What you logged with them stays, without the nickname."
    )
    assert "**Kim**" in (await ann.press(asked, "Keep")).text
    asked = await ann.run("network forget", what="kim")
    assert (await ann.press(asked, "Forget")).text == "**Kim** is forgotten."
    assert course.rows("SELECT kind, contact_id FROM action") == [("talk", None)]
    forged = await course.crafted(f"pln1:network.forgotten:{ann.id}:person:1")
    assert (await ann.press(forged, "Press")).text.startswith("I cannot find that")


async def test_spaces_and_alerts_are_forgotten_by_command_and_by_menu(course: Classroom) -> None:
    ann = await course.member()
    await keep_space(ann)
    await keep_alert(ann)
    asked = await ann.run("network forget", what="journal club")
    assert asked.text == "Forget **Journal club**? What you logged stays as it is."
    shown = await ann.press(await ann.run("network list"), "Spaces")
    asked = await ann.pick(shown, next(iter(shown.menus[0].options)))
    assert (await ann.press(asked, "Forget")).text == "**Journal club** is forgotten."
    offered = await ann.suggestions("network forget", "what", "nursing")
    asked = await ann.run("network forget", what=next(iter(offered)))
    assert "the search itself is switched off where you set it up" in asked.text
    await ann.press(asked, "Forget")
    assert course.rows("SELECT (SELECT count(*) FROM space) + (SELECT count(*) FROM alert)") == [(0,)]


# Suggestions


async def test_suggestions_are_ones_own_and_never_fail(course: Classroom) -> None:
    ann, ben = await course.member(), await course.member("ben")
    await keep(ann)
    await keep_space(ann, name="Kimono club")
    await keep(ben, nickname="Kim of Ben")
    assert await ann.suggestions("network contacted", "who", "ki") == {"Kim": "Kim"}
    assert await ann.suggestions("network edit", "who", "") == {"Kim": "Kim"}
    assert await ann.suggestions("network forget", "what", "kim") == {
        "person:1": "Person: Kim",
        "space:1": "Space: Kimono club",
    }
    assert set(await ann.suggestions("network contacted", "kind", "thank")) == {"thank"}
    stranger = course.person("zoe")
    assert await stranger.suggestions("network contacted", "who", "") == {}


# Where and by whom


async def test_nobody_reaches_what_is_somebody_elses(course: Classroom) -> None:
    ann, ben = await course.member(), await course.member("ben")
    await keep(ann)
    await keep_space(ann)
    await keep_alert(ann)
    await ben.run("network list")
    before = course.stored()
    routes = ["person:{}:1", "contacted:{}:1", "words:{}:1:reply", "edit:{}:1", "rest:{}:1", "wake:{}:1", "alert:{}:1"]
    routes += [f"{route}:{{}}:{part}:1" for part in Part for route in ("forget", "forgotten")]
    for route in routes:
        forged = await course.crafted(f"pln1:network.{route.format(ben.id)}")
        shown = await ben.press(forged, "Press")
        assert shown.text.startswith(("I cannot find that", "That card is from before an update")), route
    assert (await ben.run("network contacted", who="Kim", kind="talk")).text.startswith("I cannot find that")
    assert course.stored() == before
