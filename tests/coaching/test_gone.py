"""What is gone from a server is named, with what to pick instead."""

from dataclasses import replace

import pytest

from bot.coaching.gone import CHANNEL, INSTRUCTORS, SECTIONS, STUDENTS, what_is_gone
from bot.coaching.ids import ChannelId
from tests.coaching.test_cohort import COURSE

ALL = replace(COURSE, instructor_role_id=1, student_role_id=2, channel_id=ChannelId(9))


@pytest.mark.parametrize(
    ("roles", "channels", "expected"),
    [
        ({1, 2, 3, 4}, {9}, []),
        ({1, 2, 3, 4}, {8}, [CHANNEL]),
        ({1, 2, 3, 4}, None, []),
        ({2, 3, 4}, {9}, [INSTRUCTORS]),
        ({1, 3, 4}, {9}, [STUDENTS]),
        ({1, 2, 3}, {9}, [SECTIONS]),
        ((), (), [INSTRUCTORS, STUDENTS, SECTIONS, CHANNEL]),
    ],
)
def test_each_thing_that_is_gone_has_its_sentence(
    roles: set[int], channels: set[int] | None, expected: list[str]
) -> None:
    assert what_is_gone(ALL, [3, 4], roles, channels) == expected


def test_what_a_course_does_not_use_is_not_missed() -> None:
    assert what_is_gone(replace(ALL, student_role_id=None, channel_id=None), [], {1}, ()) == []
