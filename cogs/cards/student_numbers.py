"""Cards about the student number: the question, the form and the answers."""

import discord

from bot.coaching.ids import UserId
from bot.coaching.student_numbers import NUMBER_LIMIT
from bot.coaching.texts import plain
from bot.services.student_numbers import StudentNumber
from cogs.cards import shapes
from cogs.cards.shapes import GREEN, Field, button, card, cut

LATER = "Under `/privacy seen` you can change it at any time."


def question(owner: UserId) -> discord.ui.LayoutView:
    """Ask for the number; shown once to each member of a course that wants it."""
    return card(
        "## Your student number or login?\nYour course asks for it, so that instructors can match your work here to "
        "their own list. They see it beside your name, other members never. You may leave it out.",
        [button("Give it", "number.write", owner, style=GREEN), button("Not now", "number.not_now", owner)],
    )


def form(value: StudentNumber, owner: UserId) -> discord.ui.Modal:
    """Return the form for the number, filled with the stored one."""
    hint = f"For instructors of {cut(value.cohort.name, 40)}. Empty takes it out."
    number = Field("number", "Student number or login", NUMBER_LIMIT, optional=True, hint=hint)
    filled = {"number": value.number}
    return shapes.form("Your student number", "number.save", owner, [number], value.cohort.id, filled=filled)


def given(value: StudentNumber, owner: UserId) -> discord.ui.LayoutView:
    """Say whether a number was stored, taken out, or belongs to somebody else."""
    again = button("Write it again", "number.write", owner, value.cohort.id)
    if value.taken:
        kept = "" if value.number is None else f" Yours stays {plain(value.number)}."
        return card(
            f"Somebody in this course has given that number already, so it was not taken.{kept} If it was a slip, "
            "write it again. If it is yours, there is nothing to do: your instructors see both claims and will ask.",
            [again],
        )
    if value.number is None:
        return card(f"No student number of yours is kept. {LATER}")
    return card(f"Noted: **{plain(value.number)}**. Your instructors see it beside your name. {LATER}", [again])


def not_now() -> discord.ui.LayoutView:
    """Answer *Not now*."""
    return card("All right, and I will not ask again. Under `/privacy seen` you can still give it.")
