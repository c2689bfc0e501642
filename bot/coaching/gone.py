"""What a course uses in its server and that is no longer there: a sentence each, with what to pick instead.

Roles and channels are compared by id, so that a card and the command line say the same.
"""

from collections.abc import Collection

from bot.coaching.cohort import Cohort

INSTRUCTORS = (
    "**The instructor role is gone**, so nobody sees the class. Somebody with Manage Server picks another: "
    "`/cohort setup` with `instructor_role`."
)
STUDENTS = (
    "**The student role is gone**, so I cannot tell how many have not joined. Somebody with Manage Server picks "
    "another: `/cohort setup` with `student_role`."
)
SECTIONS = (
    "**The role of a section is gone**, so new members are in no section. Somebody with Manage Server picks the "
    "sections again: `/cohort setup`, *Sections*."
)
CHANNEL = "**The course's channel is gone.** Somebody with Manage Server picks another: `/cohort setup` with `channel`."


def what_is_gone(
    cohort: Cohort, sections: Collection[int], roles: Collection[int], channels: Collection[int] | None = None
) -> list[str]:
    """Return a sentence for each thing of an open course that is gone from its server.

    Args:
        cohort: The course.
        sections: The roles of its sections.
        roles: The ids of all roles that the server has.
        channels: The ids of all its channels; None: not known, and nothing is said of the channel.
    """
    said = [
        (INSTRUCTORS, cohort.instructor_role_id not in roles),
        (STUDENTS, cohort.student_role_id is not None and cohort.student_role_id not in roles),
        (SECTIONS, not set(sections) <= set(roles)),
        (CHANNEL, channels is not None and cohort.channel_id is not None and cohort.channel_id not in channels),
    ]
    return [sentence for sentence, is_gone in said if is_gone]
