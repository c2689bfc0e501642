"""Print what an instructor sees of a class: `python bench/class_cards.py [size …]`, with a register and without.

For classes of 5, 8, 12, 28, 60 and 300 unless sizes are given: the overview, the register with a filter, class
statistics, and check-in, in the fifth week of a term in which every third member grew quiet.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord

from bot.coaching.cohort import Audience, Caller
from bot.coaching.goals import Beginning, Obstacle, UnfinishedGoal
from bot.coaching.ids import GuildId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.register import Listing, RegisterFilter
from bot.demo.plain_text import message_lines
from bot.services.checkin import CheckinService
from bot.services.class_statistics import WeeklySnapshot
from bot.services.cohort import CohortService, SetupRequest
from bot.services.goals import GoalService
from bot.services.log import LogService
from bot.services.members import MemberService
from bot.services.overview import OverviewService
from bot.services.planning import Planning
from bot.services.register import RegisterService
from cogs.cards import checkin, overview, register
from cogs.pictures import in_words
from cogs.pictures.cohort import class_chart
from prompts import Content, load_content
from storage.database import Database, open_database
from storage.schema import migrate

SIZES = (5, 8, 12, 28, 60, 300)
START = datetime(2027, 2, 15, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
WEEKS = 4
OWNER = UserId(1)
NAMES = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kai", "Lia")


class SampleClass:
    """A class in a server of its own, and what its members do in four weeks."""

    def __init__(self, database: Database, content: Content, guild: int, size: int, *, register: bool) -> None:
        planning = Planning(0, content.backoff_days)
        self.database, self.content, self.guild, self.size = database, content, GuildId(guild), size
        self.with_register = register
        self.cohorts = CohortService(database, content, planning)
        self.members = MemberService(database, planning)
        self.goals, self.log = GoalService(database, content), LogService(database, content)
        self.now = START + WEEKS * WEEK + timedelta(days=2)

    def caller(self, user_id: int, audience: Audience) -> Caller:
        """Return somebody of the server; the first account manages it and teaches."""
        roles = frozenset({7}) if user_id == OWNER else frozenset[int]()
        return Caller(UserId(user_id), audience, self.guild, roles, user_id == OWNER, None)

    async def live(self) -> None:
        """Let the class join, set goals and log, and count it on each Monday."""
        request = SetupRequest("Sample", "2027-02-15", "2027-06-04", "UTC", 7, self.with_register)
        course = await self.cohorts.set_up(self.caller(OWNER, Audience.MANAGER), request, START)
        snapshots = WeeklySnapshot(self.content)
        people = range(100, 100 + self.size)
        for number, user_id in enumerate(people):
            await self.members.join(self.caller(user_id, Audience.ANYONE), None, START)
            if number % 4:
                await self._set_goal(user_id, list(Obstacle)[number % 3])
        for week in range(WEEKS + 1):
            at = START + week * WEEK + timedelta(hours=1)
            for number, user_id in enumerate(people):
                if number % 3 or week < 2:
                    kind = "reply" if number % 5 == 1 else "note"
                    await self.log.log(self.caller(user_id, Audience.MEMBER), ActionDraft(kind), at)
            monday = START + (week + 1) * WEEK
            if monday < self.now:
                await self.database.transact(lambda tx, monday=monday: snapshots.take(tx, course.id, monday))

    async def _set_goal(self, user_id: int, obstacle: Obstacle) -> None:
        caller = self.caller(user_id, Audience.MEMBER)
        wish = UnfinishedGoal(Beginning.ALONE, type="connect", title="Two exchanges", target=2, weeks=6)
        plan = UnfinishedGoal(
            Beginning.ALONE, obstacle=obstacle, if_then="If it is Friday, then I will reply to one person"
        )
        await self.goals.wish(caller, wish, START)
        await self.goals.plan(caller, plan, START)
        await self.goals.confirm(caller, START)

    async def cards(self) -> None:
        """Print the cards."""
        teacher = self.caller(OWNER, Audience.INSTRUCTOR)
        views = OverviewService(self.database, self.content)
        value = await views.overview(teacher, self.now)
        chart = class_chart(value)
        show("/cohort overview", overview.overview(value, OWNER, chart and in_words(chart)))
        if self.with_register:
            for which in (RegisterFilter.EVERYBODY, RegisterFilter.NOTHING_YET):
                await self._register(teacher, which)
        show("Class statistics", overview.statistics(await views.statistics(teacher, self.now)))
        found = await CheckinService(self.database, self.content.checklist).checkin(teacher, 0, self.now)
        show("/cohort checkin", checkin.checkin(found, OWNER))

    async def _register(self, teacher: Caller, which: RegisterFilter) -> None:
        service = RegisterService(self.database, self.content.checklist)
        listing = Listing(which)
        value = await service.find(teacher, listing, None, self.now)
        names: register.Names = {
            UserId(100 + n): f"{NAMES[n % len(NAMES)]} {n // len(NAMES) or ''}".strip() for n in range(self.size)
        }
        view, people = register.of_page(register.in_order(value, register.View(listing), names), register.View(listing))
        rows = await service.rows(teacher, [one.enrolment_id for one in people], self.now)
        show(f"/cohort register, {which.name.lower()}", register.page(value, view, rows, names, {}, OWNER))


def show(title: str, card: discord.ui.LayoutView) -> None:
    """Print a card as plain text."""
    print(f"\n[{title}]")
    for line in _lines(card):
        print(f"  {line}")


def _lines(card: discord.ui.LayoutView) -> Iterator[str]:
    for paragraph in message_lines("", card.to_components(), {}):
        yield from paragraph.splitlines()


async def main() -> None:
    """Print the cards of every class."""
    content = load_content()
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'cards.db'}")
        migrate(database.engine)
        for number, size in enumerate(sizes):
            for with_register in (True, False):
                print(f"\n=== A class of {size}, {'with' if with_register else 'without'} a register ===")
                sample = SampleClass(database, content, 2 * number + with_register + 1, size, register=with_register)
                await sample.live()
                await sample.cards()
        database.close()


if __name__ == "__main__":
    asyncio.run(main())
