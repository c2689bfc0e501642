"""Bios are checked and never stored."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.bios import (
    BIO_LIMIT,
)
from bot.coaching.errors import (
    BadNumber,
    OldCard,
    TextMissing,
    TextTooLong,
)
from bot.coaching.focus import Season
from bot.services.bios import (
    HISTORY,
    LARGEST_LIMIT,
    SMALLEST_LIMIT,
    BioChange,
    BioDraft,
)
from prompts import Content
from storage import tables
from storage.bios import Checked
from tests.services.course import (
    START,
    TERM_START,
    Course,
    member,
)
from tests.services.test_ai_notes import BIO, DAY, DRAFT, HOUR, IN_DISTRESS, bios_of, rows, service

# The offline check


async def test_check_stores_day_place_and_rules_and_nothing_else(course: Course) -> None:
    await course.join(10, zone="Pacific/Kiritimati", channel=False)
    evening = START + 12 * HOUR
    checked = await service(course, None).check(member(10), DRAFT, evening)
    (row,) = await rows(course, tables.bio_check)
    rules = [finding.rule for finding in checked.review.findings]
    assert row | {"id": 0, "enrolment_id": 0} == {
        "id": 0,
        "enrolment_id": 0,
        "place": "x",
        "checked_on": TERM_START + DAY,
        "rules": ",".join(dict.fromkeys(rules)),
    }
    (enrolled,) = await rows(course, tables.enrolment)
    assert enrolled["active_at"] == evening


async def test_check_follows_the_members_track_before_the_courses(course: Course, content: Content) -> None:
    await course.join(10, 11, channel=False)
    strict = next(track.id for track in content.checklist.tracks.values() if track.stance == "strict")
    other = next(track.id for track in content.checklist.tracks.values() if track.stance != "strict")
    await course.database.transact(lambda tx: tx.execute(tables.cohort.update().values(track=strict)))
    await course.set_focus(11, "quokkalore", track=other)
    bios = service(course, None)
    assert [(await bios.check(member(one), DRAFT, START)).strict for one in (10, 11)] == [True, False]


async def test_check_knows_who_keeps_a_low_profile(course: Course) -> None:
    await course.join(10, 11, channel=False)
    await course.set_focus(10, "quokkalore", season=Season.LOW_PROFILE)
    bios = service(course, None)
    assert [(await bios.check(member(one), DRAFT, START)).low_profile for one in (10, 11)] == [True, False]


async def test_second_check_within_the_hour_says_what_changed(course: Course) -> None:
    made = await bios_of(course)
    better = BioDraft("x", "Quokkalore student who built a tide gauge in Zanzibartown.")
    assert (await made.check()).change is None
    assert (await made.check(better, after=timedelta(minutes=59))).change == BioChange(("an e-mail address",), len(BIO))
    assert (await made.check(replace(better, place_id="bluesky"), after=timedelta(minutes=59))).change is None
    assert (await made.check(user_id=11)).change is None
    assert (await made.check(better, after=timedelta(minutes=119))).change is None


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "\u3164"])
async def test_invisible_bio_is_refused(course: Course, text: str) -> None:
    made = await bios_of(course)
    before = await course.everything()
    for use in (made.check, made.critique):
        with pytest.raises(TextMissing):
            await use(BioDraft("x", text))
    assert (await course.everything(), made.asked()) == (before, 0)


async def test_bio_longer_than_any_place_is_refused(course: Course) -> None:
    made = await bios_of(course)
    for use in (made.check, made.critique):
        with pytest.raises(TextTooLong):
            await use(BioDraft("linkedin_about", "a" * (BIO_LIMIT + 1)))
    assert (await made.check(BioDraft("linkedin_about", f"  {'a ' * (BIO_LIMIT // 2)}\n"))).review.length <= BIO_LIMIT


@pytest.mark.parametrize("limit", [None, 0, -1, SMALLEST_LIMIT - 1, LARGEST_LIMIT + 1])
async def test_unknown_place_needs_a_sensible_limit(course: Course, limit: int | None) -> None:
    made = await bios_of(course)
    for use in (made.check, made.critique):
        with pytest.raises(BadNumber, match="20 to 5000"):
            await use(BioDraft("other", BIO, limit))


@pytest.mark.parametrize("limit", [SMALLEST_LIMIT, LARGEST_LIMIT])
async def test_members_limit_counts_for_an_unknown_place(course: Course, limit: int) -> None:
    made = await bios_of(course)
    assert (await made.check(BioDraft("other", BIO, limit))).review.limit == limit
    await made.critique(BioDraft("other", BIO, limit))
    assert made.critic.requests[0].limit == limit


async def test_place_no_longer_on_offer_is_an_old_card(course: Course) -> None:
    made = await bios_of(course)
    for use in (made.check, made.critique):
        with pytest.raises(OldCard):
            await use(BioDraft("myspace", BIO))


async def test_history_shows_own_last_twenty_newest_first(course: Course) -> None:
    made = await bios_of(course)
    for number in range(HISTORY + 2):
        await made.check(BioDraft("x" if number % 2 else "bluesky", BIO), after=number * DAY)
    await made.check(BioDraft("x", "Nursing student"), user_id=11)
    found = await made.service.history(member(10), START)
    assert [one.on for one in found] == [TERM_START + number * DAY for number in range(HISTORY + 1, 1, -1)]
    assert [one.place for one in found[:2]] == ["x", "bluesky"]
    assert "B09" in found[0].rules
    (theirs,) = await made.service.history(member(11), START)
    assert theirs == Checked(TERM_START, "x", theirs.rules)


# Words that say somebody is in distress


async def test_bio_in_crisis_language_is_neither_stored_nor_sent_nor_logged(
    course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    made = await bios_of(course)
    await course.database.transact(lambda tx: tx.execute(tables.cohort.update().values(support_contact="Room 7")))
    before = await course.everything()
    caplog.set_level(logging.DEBUG)
    checked = await made.check(IN_DISTRESS)
    assert checked.review.support_first
    assert (checked.sent, checked.support, checked.change) == (False, "Room 7", None)
    with pytest.raises(OldCard):
        await made.critique(IN_DISTRESS)
    assert (await course.everything(), made.asked(), caplog.records) == (before, 0, [])
    assert (await made.check(BioDraft("x", "Quokkalore student."))).change is None
