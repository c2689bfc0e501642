"""The portfolio against a database: what may be chosen, the answer asked once, the copy, and the first map."""

from datetime import timedelta

import pytest

from bot.coaching.cohort import Access, Caller
from bot.coaching.course_plan import DoneBy, DueDay, PlanWeek, StepState
from bot.coaching.errors import CourseOver, EntryGone, NoCourse, NothingToShare, PortfolioNotShared, TextTooLong
from bot.coaching.goals import Benefit, GoalEnding
from bot.coaching.ids import UserId
from bot.coaching.log import ActionDraft
from bot.coaching.network import Category, ContactDraft
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind
from bot.coaching.portfolio import NetworkStart, Portfolio, PortfolioKind
from storage import course_plan, goals
from storage.database import Tx
from tests.services.course import START, TERM_START, WEEK, Course, at, manager, member, teacher

ME = member(10)
LINE = "I asked Kim for a talk."


async def hand_in(course: Course, text: str = LINE, user_id: int = 10) -> str:
    """Let a member hand in the line of the course's one week; return how the portfolio calls it."""
    enrolment = await course.enrolment(user_id)

    def work(tx: Tx) -> str:
        week = PlanWeek("Intent", "Write a line", 10, DueDay.FRIDAY, DoneBy.LINE)
        if not course_plan.weeks(tx, enrolment.cohort_id):
            course_plan.put_week(tx, enrolment.cohort_id, None, TERM_START, week, cohort.term)
        [made] = course_plan.weeks(tx, enrolment.cohort_id)
        course_plan.put_step(tx, enrolment.id, made.id, StepState.DONE, TERM_START, text)
        return f"week:{made.id}"

    cohort = await course.cohorts.course(teacher(), teacher().audience)
    return await course.database.transact(work)


async def choose(course: Course, kind: PortfolioKind, *sources: str, who: Caller = ME) -> Portfolio:
    return await course.portfolios.choose(who, kind, sources, course.clock())


async def with_a_line(course: Course) -> Portfolio:
    """Let a member have a line in the portfolio that names nobody."""
    await course.join(10)
    value = await choose(course, PortfolioKind.LINE, await hand_in(course))
    return await course.portfolios.names_nobody(ME, value.entries[0].id, course.clock())


async def test_all_that_came_of_a_term_is_offered(either_course: Course) -> None:
    course = either_course
    await course.join(10)
    await course.set_goal(10)
    source = await hand_in(course)
    await course.log.log(ME, ActionDraft("reply"), START + timedelta(hours=1))
    kim = ContactDraft("Kim", Category.ALUM)
    await course.network.add_person(ME, kim, START)
    job = (await course.opportunities.add(ME, OpportunityDraft("Ward 7", OpportunityKind.JOB), START)).opportunity.id
    await course.opportunities.tell(ME, job, Move.SENT, START)
    await course.opportunities.tell(ME, job, Move.YES, START)
    enrolment = await course.enrolment(10)

    def look_back(tx: Tx) -> int:
        goal = goals.running(tx, enrolment.id)[0]
        goals.set_reflection(tx, goal.id, "Strange twice, then not.", Benefit.LEARNING)
        goals.end(tx, goal.id, GoalEnding.KEPT, START + 2 * WEEK)
        return goal.id

    goal = await course.database.transact(look_back)
    await course.log.log(ME, ActionDraft("reply"), START + 3 * WEEK)  # after the goal, and so not for it
    value = await course.portfolios.show(ME, START + 3 * WEEK)
    assert [(one.source, one.text, one.asks) for one in value.offers] == [
        (source, LINE, True),
        (f"goal:{goal}", "Strange twice, then not.", True),
        (
            f"goal:{goal}",
            "Goal: One real exchange a week. 1 done, 12 planned. It brought something learned most of all.",
            True,
        ),
        (f"opening:{job}", "A job came to a yes.", False),
        (f"title:{job}", "A job came to a yes: Ward 7.", True),
    ]
    assert (value.now, value.nicknames) == ({Category.ALUM}, ("Kim",))
    assert value.headings[source] == "Week 1: Intent"


async def test_what_is_ticked_waits_for_its_one_answer(course: Course) -> None:
    await course.join(10)
    source = await hand_in(course)
    value = await choose(course, PortfolioKind.LINE, source, "week:999")
    [entry] = value.entries
    assert [one.id for one in value.waiting] == [entry.id]
    with pytest.raises(NothingToShare):
        await course.portfolios.share(ME, course.clock())
    value = await course.portfolios.names_nobody(ME, entry.id, course.clock())
    assert value.waiting == []
    # Ticked again, it keeps its answer, and its words when the line changes.
    await hand_in(course, "Another line")
    value = await choose(course, PortfolioKind.LINE, source)
    assert [(one.text, one.names_nobody) for one in value.entries] == [(LINE, True)]
    assert (await choose(course, PortfolioKind.LINE)).entries == ()


async def test_reworded_text_takes_the_place_and_needs_no_further_answer(course: Course) -> None:
    await course.join(10)
    value = await choose(course, PortfolioKind.LINE, await hand_in(course))
    entry = value.entries[0].id
    with pytest.raises(TextTooLong):
        await course.portfolios.reword(ME, entry, "x" * 401, course.clock())
    value = await course.portfolios.reword(ME, entry, "I asked for a talk.", course.clock())
    assert [(one.text, one.names_nobody) for one in value.entries] == [("I asked for a talk.", True)]
    assert (await course.portfolios.remove(ME, entry, course.clock())).entries == ()
    for change in (
        course.portfolios.names_nobody(ME, entry, course.clock()),
        course.portfolios.reword(ME, entry, "x", course.clock()),
    ):
        with pytest.raises(EntryGone):
            await change


async def test_an_opening_with_its_title_replaces_the_kind_alone(course: Course) -> None:
    await course.join(10)
    job = (await course.opportunities.add(ME, OpportunityDraft("Ward 7", OpportunityKind.JOB), START)).opportunity.id
    await course.opportunities.tell(ME, job, Move.SENT, START)
    await course.opportunities.tell(ME, job, Move.YES, START)
    value = await choose(course, PortfolioKind.RESULT, f"opening:{job}")
    assert (value.waiting, value.entries[0].text) == ([], "A job came to a yes.")
    value = await choose(course, PortfolioKind.RESULT, f"opening:{job}", f"title:{job}")
    assert [one.source for one in value.entries] == [f"title:{job}"]
    assert len(value.waiting) == 1


async def test_a_bio_is_kept_once_before_and_once_now(course: Course) -> None:
    await course.join(10)
    for kind, text in (
        (PortfolioKind.BIO_BEFORE, "Student."),
        (PortfolioKind.BIO_AFTER, "I build\ntools."),
        (PortfolioKind.BIO_BEFORE, "A student."),
    ):
        value = await course.portfolios.keep_bio(ME, kind, text, course.clock())
    assert {one.kind: one.text for one in value.entries} == {
        PortfolioKind.BIO_BEFORE: "A student.",
        PortfolioKind.BIO_AFTER: "I build\ntools.",
    }
    files = await course.portfolios.files(ME, course.clock())
    assert "A student." in files.html
    assert "tools." in files.markdown


async def test_nobody_can_touch_the_portfolio_of_somebody_else(course: Course) -> None:
    value = await with_a_line(course)
    await course.join(11)
    other, entry = member(11), value.entries[0].id
    await course.portfolios.remove(other, entry, course.clock())
    with pytest.raises(EntryGone):
        await course.portfolios.reword(other, entry, "Mine now", course.clock())
    assert (await course.portfolios.show(ME, course.clock())).entries == value.entries


async def test_instructors_read_a_copy_until_it_is_taken_back(either_course: Course) -> None:
    course = either_course
    value = await with_a_line(course)
    with pytest.raises(PortfolioNotShared):
        await course.portfolios.read(teacher(), UserId(10), course.clock())
    shared = await course.portfolios.share(ME, course.clock())
    assert shared.shared_at == course.clock()
    await course.portfolios.reword(ME, value.entries[0].id, "Changed since", course.clock())
    _, page = await course.portfolios.read(teacher(), UserId(10), course.clock())
    assert LINE in page.page
    assert "Changed since" not in page.page
    assert [one.what for one in await course.accesses_to(10)] == [Access.PORTFOLIO]
    seen = await course.checkins.member(teacher(), UserId(10), course.clock())
    assert seen.portfolio_on == TERM_START
    course.clock.advance(WEEK)
    again = await course.portfolios.share(ME, course.clock())
    assert again.shared_at == course.clock()
    assert "Changed since" in (await course.portfolios.read(teacher(), UserId(10), course.clock()))[1].page
    assert (await course.portfolios.take_back(ME, course.clock())).shared_at is None
    with pytest.raises(PortfolioNotShared):
        await course.portfolios.read(teacher(), UserId(10), course.clock())
    with pytest.raises(PortfolioNotShared):
        await course.portfolios.read(teacher(), UserId(99), course.clock())


async def test_portfolio_of_a_closed_course_can_still_be_taken_along(course: Course) -> None:
    value = await with_a_line(course)
    await course.portfolios.share(ME, course.clock())
    cohort = (await course.enrolment(10)).cohort_id
    await course.closing.close(manager(), cohort, course.clock())
    assert (await course.portfolios.show(ME, course.clock())).closed
    assert LINE in (await course.portfolios.files(ME, course.clock())).html
    with pytest.raises(CourseOver):
        await course.portfolios.remove(ME, value.entries[0].id, course.clock())
    with pytest.raises(NoCourse):
        await course.portfolios.read(teacher(), UserId(10), course.clock())


async def test_first_map_is_kept_once_on_the_monday_after_two_full_weeks(either_course: Course) -> None:
    course = either_course
    await course.join(10)
    await course.network.add_person(ME, ContactDraft("Kim", Category.ALUM), START)
    await course.network.add_person(ME, ContactDraft("Lou", Category.ALUM), START)
    course.clock.advance(timedelta(days=1))
    await course.join(11)  # on Tuesday: their first full week is the next one
    monday = TERM_START + 2 * WEEK
    maps: dict[int, list[NetworkStart | None]] = {}
    for week in range(1, 5):
        course.clock.set(at(TERM_START + week * WEEK, 9))
        await course.rounds().round()
        if week == 2:
            await course.network.add_person(ME, ContactDraft("Max", Category.PEER), course.clock())
        maps[week] = [(await course.portfolios.show(member(who), course.clock())).start for who in (10, 11)]
    assert maps[1] == [None, None]
    first = NetworkStart(monday, frozenset({Category.ALUM}))
    assert maps[2] == [first, None]
    assert maps[3] == maps[4] == [first, NetworkStart(monday + WEEK, frozenset())]
    value = await course.portfolios.show(ME, course.clock())
    assert (value.start_comes, value.now) == (None, {Category.ALUM, Category.PEER})
