"""The student number or login of a member, where the course asks for it: the question, the form, the correction."""

from bot.coaching.cohort import Audience
from bot.coaching.ids import CohortId
from bot.services.student_numbers import StudentNumberService
from cogs.base import RoutedCog
from cogs.cards import student_numbers as cards
from cogs.routes import Card, Click, Form, Route


class StudentNumbers(RoutedCog):
    """A member's student number. It has no command: members are asked once, and `/privacy seen` shows it."""

    def __init__(self, numbers: StudentNumberService) -> None:
        self._numbers = numbers
        self.routes = {
            "number.write": Route(Audience.ANYONE, self._write),
            "number.save": Route(Audience.ANYONE, self._save),
            "again.number.save": Route(Audience.ANYONE, self._write),
            "number.not_now": Route(Audience.ANYONE, self._not_now),
        }

    async def _write(self, click: Click) -> Form:
        course = CohortId(click.number()) if click.args else None
        return cards.form(await self._numbers.mine(click.caller, course), click.owner)

    async def _save(self, click: Click) -> Card:
        value = await self._numbers.give(click.caller, CohortId(click.number()), click.field("number"))
        return cards.given(value, click.owner)

    async def _not_now(self, click: Click) -> Card:
        return cards.not_now()
