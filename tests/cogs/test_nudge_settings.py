"""The settings card: rhythm, quiet hours, skipping one, discreet messages, and the end of the term."""

from datetime import UTC, datetime

from tests.cogs.classroom import Classroom

DAY, HOUR, RHYTHM, QUIET = range(4)


async def test_rhythm_spaces_the_notes_and_says_when_the_next_one_comes(course: Classroom) -> None:
    ann = await course.member()
    await course.weekly_note(ann)
    shown = await ann.run("nudge settings")
    assert shown.menus[RHYTHM].chosen == ["1"]
    for weeks, words, day in (("2", "every two weeks", "28 September"), ("4", "every four weeks", "12 October")):
        shown = await ann.pick(shown, weeks, RHYTHM)
        assert f"The next one comes Monday {day}, 16:00." in shown.text, words
        assert shown.menus[RHYTHM].chosen == [weeks]
        assert shown.menus[RHYTHM].options[weeks].casefold() == words
    await course.restart()
    shown = await ann.pick(shown, "2", RHYTHM)
    before = len(ann.inbox)
    await course.until(datetime(2026, 9, 21, 14, 0, tzinfo=UTC))
    assert len(ann.inbox) == before
    await course.until(datetime(2026, 9, 28, 14, 0, tzinfo=UTC))
    assert len(ann.inbox) == before + 1


async def test_quiet_hours_of_ones_own_set_the_hours_on_offer(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("nudge settings")
    assert shown.menus[QUIET].options[shown.menus[QUIET].chosen[0]] == "Quiet from 21:00 to 08:00"
    for chosen, first, last in (("20-9", 9, 19), ("23-6", 6, 22), ("24-0", 0, 23)):
        shown = await ann.pick(shown, chosen, QUIET)
        assert shown.menus[QUIET].chosen == [chosen]
        assert list(shown.menus[HOUR].options.values()) == [f"{hour:02d}:00" for hour in range(first, last + 1)]
    shown = await ann.pick(shown, "2", HOUR)
    assert "The next one comes Monday 14 September, 02:00." in shown.text
    await course.rounds.round()
    await course.until(datetime(2026, 9, 14, 0, 0, tzinfo=UTC))
    assert len(ann.inbox) == 2


async def test_quiet_hours_that_exclude_the_wished_hour_are_refused(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.pick(await ann.run("nudge settings"), "20", HOUR)
    before = course.stored()
    refused = await ann.pick(shown, "20-9", QUIET)
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
