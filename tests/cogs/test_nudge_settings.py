"""The settings card: rhythm, quiet hours, skipping one, discreet messages, and the end of the term."""

from datetime import UTC, datetime

from tests.cogs.classroom import Classroom, Person, Screen


async def set_when(ann: Person, **chosen: str) -> Screen:
    form = await ann.press(await ann.run("nudge settings"), "Day and hour")
    return await ann.send(form, **{name: [value] for name, value in chosen.items()})


async def test_rhythm_spaces_the_notes_and_says_when_the_next_one_comes(course: Classroom) -> None:
    ann = await course.member()
    await course.weekly_note(ann)
    form = await ann.press(await ann.run("nudge settings"), "Day and hour")
    assert form.form == {"day": "0", "hour": "16", "rhythm": "1", "quiet": "21-8"}
    for weeks, words, day in (("2", "every two weeks", "28 September"), ("4", "every four weeks", "12 October")):
        shown = await set_when(ann, rhythm=weeks)
        assert f"The next one comes Monday {day}, 16:00." in shown.text
        assert f"**Mondays at 16:00, {words}**" in shown.text
    await course.restart()
    await set_when(ann, rhythm="2")
    before = len(ann.inbox)
    await course.until(datetime(2026, 9, 21, 14, 0, tzinfo=UTC))
    assert len(ann.inbox) == before
    await course.until(datetime(2026, 9, 28, 14, 0, tzinfo=UTC))
    assert len(ann.inbox) == before + 1


async def test_the_note_may_come_at_night_for_those_without_quiet_hours(course: Classroom) -> None:
    ann = await course.member()
    assert "Quiet from 21:00 to 08:00." in (await ann.run("nudge settings")).text
    shown = await set_when(ann, quiet="24-0", hour="2")
    assert "No quiet hours." in shown.text
    assert "The next one comes Monday 14 September, 02:00." in shown.text
    await course.rounds.round()
    await course.until(datetime(2026, 9, 14, 0, 0, tzinfo=UTC))
    assert len(ann.inbox) == 2


async def test_an_hour_in_the_quiet_hours_is_refused(course: Classroom) -> None:
    ann = await course.member()
    before = course.stored()
    assert (await set_when(ann, hour="7")).text == "07:00 is in quiet hours. Choose an hour from 08:00 to 20:00."
    refused = await set_when(ann, hour="20", quiet="20-9")
    assert refused.text == "20:00 is in quiet hours. Choose an hour from 09:00 to 19:00."
    assert course.stored() == before


async def test_the_next_one_can_be_skipped_and_the_one_after_it_comes(course: Classroom) -> None:
    ann = await course.member()
    await course.rounds.round()
    shown = await ann.press(await ann.run("nudge settings"), "Skip the next one")
    assert "The next one comes Monday 21 September, 16:00." in shown.text
    await course.until(datetime(2026, 9, 14, 15, 0, tzinfo=UTC))
    assert len(ann.inbox) == 1
    await course.until(datetime(2026, 9, 21, 14, 0, tzinfo=UTC))
    assert len(ann.inbox) == 2
    assert course.rows("SELECT count(*) FROM nudge WHERE kind = 'weekly'") == [(1,)]


async def test_after_the_term_the_card_says_so_and_offers_nothing(course: Classroom) -> None:
    ann = await course.member()
    me = await ann.run("me")
    course.clock.now = datetime(2026, 12, 20, 9, tzinfo=UTC)
    for shown in (await ann.run("nudge settings"), await ann.press(me, "Note settings")):
        assert shown.text == (
            "## Your weekly note\nThe term is over, so there are no more notes to set. Your goal and your log stay "
            "readable."
        )
        assert not shown.labels
        assert not shown.menus
    shown = await ann.run("nudge preview")
    assert shown.text.startswith("## No note is planned")
