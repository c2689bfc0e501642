"""The member's network."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.coaching.errors import (
    NetworkFull,
    NicknameOnly,
    NicknameTaken,
    OldCard,
    Refusal,
    TextMissing,
    TextTooLong,
    UnknownContact,
)
from bot.coaching.goals import Direction
from bot.coaching.ids import AlertId, ContactId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import (
    MOST_ALERTS,
    MOST_CONTACTS,
    MOST_SPACES,
    AlertKind,
    Category,
    Contact,
    ContactDraft,
    SpaceKind,
    Stage,
    Touch,
    Where,
)
from bot.services.cohort import DefaultsChange
from bot.services.network import (
    AlertDraft,
    Need,
    NetworkService,
    Part,
    Person,
    SpaceDraft,
    person_of,
)
from bot.services.nudges import SettingsChange
from prompts import load_content
from storage import tables
from tests.services.course import START, WEEK, Course, at, manager, member

DAY = timedelta(days=1)
ANN, BEN = member(10), member(11)
ANA = ContactDraft("night-shift Ana", Category.PRACTITIONER)
Wrong: TypeAlias = tuple[type[Refusal], Awaitable[object]]


@pytest.fixture
async def course(sqlite_course: Course) -> Course:
    """A course with two members; what differs between the databases is tested with the store, and with races."""
    await sqlite_course.join(10, 11, channel=False)
    return sqlite_course


@pytest.fixture
async def network(course: Course) -> NetworkService:
    return course.network


async def did(course: Course, who: Person, kind: str, on: datetime, outcome: Outcome | None = None) -> None:
    await course.log.log(ANN, ActionDraft(kind, outcome=outcome, contact=who.contact.id), on)


async def known(network: NetworkService, *nicknames: str, category: Category = Category.PEER) -> list[Person]:
    return [await network.add_person(ANN, ContactDraft(one, category), START) for one in nicknames]


async def active_at(course: Course) -> datetime:
    e = tables.enrolment.c
    return await course.database.read(lambda tx: tx.execute(select(e.active_at).where(e.user_id == 10)).scalar_one())


# People


async def test_person_is_stored_as_described_from_the_members_own_day(course: Course, network: NetworkService) -> None:
    await course.nudges.change(ANN, SettingsChange(zone="Pacific/Kiritimati"), START)
    draft = ContactDraft("  night-shift   Ana ", Category.MENTOR, Stage.MET, Where.LOCAL, "Both began late")
    person = await network.add_person(ANN, draft, at(START.date(), 23))
    contact = person.contact
    assert (contact.nickname, contact.category, contact.where) == ("night-shift Ana", Category.MENTOR, Where.LOCAL)
    assert (contact.shares, contact.based_on) == ("Both began late", START.date() + DAY)
    assert (person.relation.stage, person.category) == (Stage.MET, "Someone who gives you advice")
    assert person.touch_on == contact.based_on + timedelta(days=90)
    assert (await network.show(ANN, at(START.date(), 23))).people == (person,)


async def test_nickname_is_taken_in_any_spelling(course: Course, network: NetworkService) -> None:
    ana, kim = await network.add_person(ANN, ANA, START), (await known(network, "Kim"))[0]
    before = await course.everything()
    again = ContactDraft(" night-Shift  ana", Category.PEER)
    for attempt in (
        network.add_person(ANN, again, START + WEEK),
        network.change(ANN, kim.contact.id, again, Stage.SPOTTED, START),
    ):
        with pytest.raises(NicknameTaken):
            await attempt
    assert await course.everything() == before
    assert (
        await network.change(ANN, ana.contact.id, again, Stage.SPOTTED, START)
    ).contact.nickname == "night-Shift ana"


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (ContactDraft("ana@example.org", Category.PEER), NicknameOnly),
        (ContactDraft("Ana", Category.PEER, shares="her page www.example.org"), NicknameOnly),
        (ContactDraft("x" * 25, Category.PEER), TextTooLong),
    ],
)
async def test_identifying_details_are_refused_and_change_nothing(
    course: Course, network: NetworkService, draft: ContactDraft, refusal: type[Refusal]
) -> None:
    (kept,) = await known(network, "Kim")
    before = await course.everything()
    for attempt in (
        network.add_person(ANN, draft, START + WEEK),
        network.change(ANN, kept.contact.id, draft, Stage.SPOTTED, START + WEEK),
    ):
        with pytest.raises(refusal):
            await attempt
    assert await course.everything() == before


async def test_full_network_refuses_before_typing_and_at_saving(network: NetworkService) -> None:
    for number in range(MOST_CONTACTS):
        await network.add_person(ANN, ContactDraft(f"Peer {number}", Category.PEER), START)
    for number in range(MOST_SPACES):
        await network.add_space(ANN, SpaceDraft(f"Club {number}", SpaceKind.CHAT), START)
    for number in range(MOST_ALERTS):
        await network.add_alert(ANN, AlertDraft(AlertKind.JOB, f"field {number}"), START)
    for part in Part:
        with pytest.raises(NetworkFull):
            await network.start(ANN, part, START)
    for attempt in (
        network.add_person(ANN, ANA, START),
        network.add_space(ANN, SpaceDraft("One more", SpaceKind.CHAT), START),
        network.add_alert(ANN, AlertDraft(AlertKind.JOB, "one more"), START),
    ):
        with pytest.raises(NetworkFull):
            await attempt
    await network.add_space(ANN, SpaceDraft("Club 0", SpaceKind.EVENT), START)
    assert (await network.start(BEN, Part.PERSON, START)) is None


async def test_nobody_reaches_another_members_network(course: Course, network: NetworkService) -> None:
    (kim,) = await known(network, "Kim")
    mine = kim.contact.id
    space = await network.add_space(ANN, SpaceDraft("Club", SpaceKind.CHAT), START)
    alert = await network.add_alert(ANN, AlertDraft(AlertKind.JOB, "nursing"), START)
    before = await course.everything()
    for attempt in (
        network.person(BEN, mine, START),
        network.find(BEN, "Kim", START),
        network.choices(BEN, mine, START),
        network.change(BEN, mine, ANA, Stage.SPOTTED, START),
        network.rest(BEN, mine, START, rested=True),
        network.starter(BEN, "reply", mine, START),
        network.thing(BEN, "Kim", START),
        network.thing(BEN, f"person:{mine}", START),
        network.forget(BEN, f"person:{mine}", START),
        network.forget(BEN, f"space:{space.id}", START),
        network.forget(BEN, f"alert:{alert.id}", START),
        network.person(ANN, ContactId(999), START),
    ):
        with pytest.raises(UnknownContact):
            await attempt
    for attempt in (network.alert(BEN, alert.id, START), network.alert(ANN, AlertId(999), START)):
        with pytest.raises(OldCard):
            await attempt
    shown, places = await network.show(BEN, START), await network.breadth(BEN, START)
    assert (shown.empty, places.empty, await network.follow_ups(BEN, START)) == (True, True, [])
    assert await network.things(BEN, "") == []
    assert await course.everything() == before


# Stages


async def test_changed_person_keeps_the_stage_that_was_logged(course: Course, network: NetworkService) -> None:
    (kim,) = await known(network, "Kim")
    await did(course, kim, "talk", START)
    draft = ContactDraft("KIM", Category.MENTOR, Stage.SPOTTED, Where.REMOTE, "Tea")
    changed = await network.change(ANN, kim.contact.id, draft, Stage.SPOTTED, START + DAY)
    assert (changed.contact.nickname, changed.contact.category) == ("KIM", Category.MENTOR)
    assert (changed.contact.where, changed.contact.shares) == (Where.REMOTE, "Tea")
    assert changed.relation.stage is Stage.CONVERSED
    assert changed.relation.last_on == START.date()


async def test_stage_set_by_hand_counts_against_earlier_actions(course: Course, network: NetworkService) -> None:
    (kim,) = await known(network, "Kim")
    await did(course, kim, "interview", START, Outcome.ADVICE)
    draft = ContactDraft("Kim", Category.PEER, Stage.NOTICED)
    lowered = await network.change(ANN, kim.contact.id, draft, Stage.MET, START)
    assert (lowered.relation.stage, lowered.need) == (Stage.NOTICED, None)
    await did(course, kim, "talk", START + DAY)
    assert (await network.person(ANN, kim.contact.id, START + DAY)).relation.stage is Stage.CONVERSED


# Rest


async def test_resting_person_wakes_as_before(course: Course, network: NetworkService) -> None:
    (kim,) = await known(network, "Kim")
    await did(course, kim, "talk", START)
    talked = await network.person(ANN, kim.contact.id, START + 8 * WEEK)
    assert talked.need is Need.QUIET
    resting = await network.rest(ANN, kim.contact.id, START + 8 * WEEK, rested=True)
    assert (resting.resting, resting.need) == (True, None)
    assert await network.follow_ups(ANN, START + 8 * WEEK) == []
    assert await network.rest(ANN, kim.contact.id, START + 8 * WEEK, rested=False) == talked


async def test_two_unanswered_tries_rest_a_person_until_woken(course: Course, network: NetworkService) -> None:
    (kim,) = await known(network, "Kim")
    await did(course, kim, "reply", START)
    assert (await network.person(ANN, kim.contact.id, START + WEEK)).need is Need.SECOND_TRY
    await did(course, kim, "reply", START + WEEK)
    assert not (await network.person(ANN, kim.contact.id, START + 2 * WEEK - DAY)).resting
    tried = await network.person(ANN, kim.contact.id, START + 2 * WEEK)
    assert (tried.resting, tried.contact.rested, tried.need) == (True, False, None)
    awake = await network.rest(ANN, kim.contact.id, START + 2 * WEEK, rested=False)
    assert (awake.resting, awake.relation.stage, awake.relation.tries) == (False, Stage.NOTICED, 0)


# What is next


async def test_thank_you_is_due_until_logged_or_four_weeks_passed(course: Course, network: NetworkService) -> None:
    (kim,) = await known(network, "Kim")
    await did(course, kim, "interview", START)
    met = await network.person(ANN, kim.contact.id, START)
    assert (met.need, met.since, met.starters[0].id) == (Need.THANK, START.date(), "thank")
    assert (await network.person(ANN, kim.contact.id, START + 4 * WEEK)).need is Need.THANK
    assert (await network.person(ANN, kim.contact.id, START + 4 * WEEK + DAY)).need is None
    await did(course, kim, "thank", START + DAY)
    assert (await network.person(ANN, kim.contact.id, START + DAY)).need is None


async def test_follow_ups_name_each_person_once_most_pressing_first(course: Course, network: NetworkService) -> None:
    quiet, tried, advised, met, fresh = await known(network, "Quiet", "Tried", "Advised", "Met", "Fresh")
    now = START + 5 * WEEK
    await did(course, quiet, "talk", START)
    await did(course, advised, "ask", START, Outcome.ADVICE)
    await did(course, tried, "reply", START + 3 * WEEK)
    await did(course, met, "interview", START + 3 * WEEK, Outcome.ADVICE)
    await did(course, fresh, "talk", now)
    waiting = await network.follow_ups(ANN, now)
    assert [(one.contact.nickname, one.need) for one in waiting] == [
        ("Met", Need.THANK),
        ("Advised", Need.REPORT),
        ("Tried", Need.SECOND_TRY),
        ("Quiet", Need.QUIET),
    ]
    shown = await network.show(ANN, now)
    assert {one.contact.nickname for one in shown.people[:4]} == {"Met", "Advised", "Tried", "Quiet"}
    assert shown.people[4].contact.nickname == "Fresh"


async def test_referral_is_offered_from_mutual_help_on(network: NetworkService) -> None:
    for stage in Stage:
        person = await network.add_person(ANN, ContactDraft(f"Kim {stage}", Category.PEER, stage), START)
        offered = stage in {Stage.MUTUAL, Stage.ADVOCATE}
        assert ("referral" in {one.id for one in person.starters}) == offered
        for one in person.starters:
            assert await network.starter(ANN, one.id, person.contact.id, START) == one
        for refused in ("love_letter", *(() if offered else ("referral",))):
            with pytest.raises(OldCard):
                await network.starter(ANN, refused, person.contact.id, START)


WORDS = load_content().network
DAYS = st.integers(0, 120).map(lambda days: START.date() + days * DAY)
TOUCHES = st.lists(
    st.builds(
        Touch,
        st.sampled_from(["note", "reply", "talk", "interview", "thank", "invite", "follow_up"]),
        st.sampled_from(Direction),
        st.none() | st.sampled_from(Outcome),
        DAYS,
    ),
    max_size=8,
).map(lambda touches: tuple(sorted(touches, key=lambda touch: touch.on)))
CONTACTS = st.builds(
    Contact,
    id=st.just(ContactId(1)),
    nickname=st.just("Kim"),
    category=st.sampled_from(Category),
    base=st.sampled_from(Stage),
    based_on=st.just(START.date()),
    where=st.none(),
    shares=st.none(),
    rested=st.booleans(),
    touches=TOUCHES,
)


@given(contact=CONTACTS, days=st.integers(0, 200))
def test_resting_people_need_nothing_and_needs_lie_in_the_past(contact: Contact, days: int) -> None:
    today = max([START.date(), *(touch.on for touch in contact.touches)]) + days * DAY
    person = person_of(contact, WORDS, today)
    assert (person.need is None) == (person.since is None)
    if person.resting:
        assert person.need is None
    if person.since is not None:
        assert person.since <= today
    assert ("referral" in {one.id for one in person.starters}) == (
        person.relation.stage in {Stage.MUTUAL, Stage.ADVOCATE}
    )
    assert 2 <= len({one.id for one in person.starters}) == len(person.starters) <= 3
    assert person == person_of(contact, WORDS, today)


# Spaces and alerts


async def test_alert_knows_its_day_and_is_stored_once(network: NetworkService) -> None:
    draft = AlertDraft(AlertKind.INTERNSHIP, "community nursing", "student", "Leipzig")
    alert = await network.add_alert(ANN, draft, START)
    assert (alert.query, alert.on_since) == ('student "community nursing" Leipzig', START.date())
    again = AlertDraft(AlertKind.INTERNSHIP, "Community  nursing", "Student", "LEIPZIG")
    assert await network.add_alert(ANN, again, START + WEEK) == alert
    assert await network.alert(ANN, alert.id, START) == alert
    other = await network.add_alert(ANN, AlertDraft(AlertKind.JOB, "community nursing"), START)
    assert set((await network.show(ANN, START)).alerts) == {alert, other}


async def test_refused_space_or_alert_changes_nothing(course: Course, network: NetworkService) -> None:
    await network.add_space(ANN, SpaceDraft("Club", SpaceKind.CHAT), START)
    before = await course.everything()
    wrong: list[Wrong] = [
        (TextMissing, network.add_space(ANN, SpaceDraft(" ", SpaceKind.CHAT), START)),
        (TextTooLong, network.add_space(ANN, SpaceDraft("Club", SpaceKind.CHAT, "x" * 41), START)),
        (TextMissing, network.add_alert(ANN, AlertDraft(AlertKind.JOB, " "), START)),
        (TextTooLong, network.add_alert(ANN, AlertDraft(AlertKind.JOB, "nursing", None, "x" * 41), START)),
    ]
    for refusal, attempt in wrong:
        with pytest.raises(refusal):
            await attempt
    assert await course.everything() == before


# The map


async def test_map_does_not_depend_on_how_many_fill_a_category(network: NetworkService) -> None:
    await known(network, "Kim")
    one = await network.breadth(ANN, START)
    await known(network, "Lou", "Mo")
    assert await network.breadth(ANN, START) == one
    assert one.filled == {Category.PEER}
    assert set(one.categories) == set(Category)


async def test_map_suggests_by_own_track_then_course_then_default(course: Course, network: NetworkService) -> None:
    templates = course.content.vocabulary.templates
    await known(network, "Kim", category=Category.NEAR_PEER)
    assert (await network.breadth(ANN, START)).suggested is Category.PRACTITIONER
    await course.cohorts.adjust(manager(), DefaultsChange(track="creative"), START)
    assert (await network.breadth(ANN, START)).suggested == templates["creative"].who[0]
    await course.set_focus(10, "bridges", track="engineering")
    assert (await network.breadth(ANN, START)).suggested == templates["engineering"].who[0]
    for who in templates["engineering"].who:
        await known(network, f"Some {who}", category=Category(who))
    assert (await network.breadth(ANN, START)).suggested is None


async def test_map_names_near_or_far_when_all_are_the_other(network: NetworkService) -> None:
    lacking: list[Where | None] = []
    for number, where in enumerate((None, Where.LOCAL, Where.REMOTE)):
        await network.add_person(ANN, ContactDraft(f"Peer {number}", Category.PEER, where=where), START)
        lacking.append((await network.breadth(ANN, START)).lacking)
    assert lacking == [None, Where.REMOTE, None]


# Forgetting


async def test_forgotten_person_leaves_the_log_without_the_name(course: Course, network: NetworkService) -> None:
    kim, lou = await known(network, "Kim", "Lou")
    await did(course, kim, "talk", START)
    asked = await network.thing(ANN, "kim", START)
    assert (asked.part, asked.name, asked.reference) == (Part.PERSON, "Kim", f"person:{kim.contact.id}")
    assert await network.forget(ANN, asked.reference, START) == asked
    rows = await course.everything()
    assert len(rows["action"]) == 1
    assert "Kim" not in str(rows)
    assert (await network.show(ANN, START)).people == (lou,)
    with pytest.raises(UnknownContact):
        await network.forget(ANN, asked.reference, START)


async def test_space_and_alert_are_forgotten_by_name_or_reference(network: NetworkService) -> None:
    await network.add_space(ANN, SpaceDraft("Journal club", SpaceKind.CHAT), START)
    alert = await network.add_alert(ANN, AlertDraft(AlertKind.JOB, "nursing", None, "Leipzig"), START)
    space = await network.thing(ANN, "journal club", START)
    assert space.part is Part.SPACE
    await network.forget(ANN, space.reference, START)
    assert (await network.thing(ANN, "nursing leipzig", START)).reference == f"alert:{alert.id}"
    await network.forget(ANN, f"alert:{alert.id}", START)
    assert (await network.show(ANN, START)).empty


# Suggestions


async def test_suggestions_are_own_match_the_text_and_change_nothing(course: Course, network: NetworkService) -> None:
    await known(network, "Kim", "Akim", "Lou")
    await network.add_person(BEN, ContactDraft("Kim of Ben", Category.PEER), START)
    await network.add_space(ANN, SpaceDraft("Kimono club", SpaceKind.EVENT), START)
    await network.add_alert(ANN, AlertDraft(AlertKind.JOB, "kimchi"), START)
    # A notice that waits to be mentioned waits for an answer, and a suggestion is none.
    account = tables.account
    closed = account.update().where(account.c.user_id == 10).values(dm_closed_at=START, dm_closed_told=False)
    await course.database.transact(lambda tx: tx.execute(closed).close())
    before = await course.everything()
    found = await network.things(ANN, " KIM")
    assert [one.name for one in found] == ["Akim", "Kim", "Kimono club", "kimchi"]
    assert [one.name for one in await network.things(ANN, "kim", Part.PERSON)] == ["Akim", "Kim"]
    assert await course.everything() == before
