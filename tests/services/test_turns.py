"""The weekly turn: figures are taken once, on Monday morning, and never say anything about one person."""

from datetime import timedelta

from bot.coaching.figures import WHOLE_CLASS, Week
from bot.coaching.weeks import monday_of
from bot.services.turns import next_turn
from storage import figures
from tests.services.course import GUILD, START, TERM_START, WEEK, ZONE, Course, at, counted_statements

FIRST_TURN = at(TERM_START + timedelta(days=7), 8)
PEOPLE = range(100, 112)


async def kept(course: Course, section: int = WHOLE_CLASS) -> list[Week]:
    from storage import cohort as cohorts

    def work(tx):
        cohort = cohorts.open_in(tx, GUILD)
        return figures.weeks(tx, cohort.id, section)

    return await course.database.read(work)


async def turned(course: Course, when) -> None:
    course.clock.set(when)
    await course.rounds().round()


async def test_figures_are_taken_on_the_first_monday_morning_after_the_course_opened(course: Course) -> None:
    await course.join(*PEOPLE, channel=False)
    for number in PEOPLE[:8]:
        await course.set_goal(number)
    await turned(course, FIRST_TURN - timedelta(minutes=1))
    assert await kept(course) == []
    await turned(course, FIRST_TURN)
    (week,) = await kept(course)
    assert week.week == TERM_START + WEEK
    print(week)
    assert week.figures.counted == 12
    assert week.figures.shares["goal"].low == 6
