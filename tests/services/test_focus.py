"""The member's focus."""

import pytest

from bot.coaching.errors import NotJoined, Refusal, TextMissing, TextTooLong, TooManyFields
from bot.coaching.focus import Connection
from tests.services.course import START, WEEK, Course, member


async def test_a_focus_is_kept_and_a_new_one_takes_its_place(course: Course) -> None:
    await course.join(10, channel=False)
    assert await course.focus.get(member(10), START) is None
    await course.focus.save(member(10), "Nursing; public health", "to find a mentor", "advice", START)
    kept = await course.focus.get(member(10), START)
    assert kept is not None
    assert (kept.fields, kept.purpose, kept.connection) == (
        ("Nursing", "public health"),
        "to find a mentor",
        Connection.ADVICE,
    )
    saved = await course.focus.save(member(10), "Law", None, None, START + WEEK)
    assert await course.focus.get(member(10), START) == saved
    assert (saved.fields, saved.purpose, saved.connection) == (("Law",), None, None)
    assert (await course.me.me(member(10), START + WEEK)).seen.facts.idle_weeks == 0


@pytest.mark.parametrize(
    ("refusal", "fields", "purpose"),
    [
        (TooManyFields, "a, b, c", None),
        (TextMissing, " , ", None),
        (TextTooLong, "x" * 41, None),
        (TextTooLong, "law", "x" * 141),
    ],
)
async def test_a_refused_focus_leaves_the_earlier_one(
    sqlite_course: Course, refusal: type[Refusal], fields: str, purpose: str | None
) -> None:
    await sqlite_course.join(10, channel=False)
    await sqlite_course.focus.save(member(10), "Nursing", None, None, START)
    before = await sqlite_course.everything()
    with pytest.raises(refusal):
        await sqlite_course.focus.save(member(10), fields, purpose, None, START + WEEK)
    assert await sqlite_course.everything() == before


async def test_a_focus_belongs_to_a_member(sqlite_course: Course) -> None:
    with pytest.raises(NotJoined):
        await sqlite_course.focus.save(member(10), "Nursing", None, None, START)
