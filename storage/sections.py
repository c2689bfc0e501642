"""The sections of a course: the roles that group its members."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.coaching.ids import CohortId, EnrolmentId
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER

_section = tables.cohort_section
_enrolment = tables.enrolment


def of_course(tx: Tx, cohort_id: CohortId) -> list[int]:
    """Return the roles of a course's sections, in their order."""
    s = _section.c
    return list(tx.scalars(select(s.role_id).where(s.cohort_id == cohort_id).order_by(s.role_id)))


def replace(tx: Tx, cohort_id: CohortId, roles: Collection[int]) -> None:
    """Keep the roles of a course's sections in place of the earlier ones."""
    tx.execute(delete(_section).where(_section.c.cohort_id == cohort_id))
    if roles:
        tx.execute(insert(_section), [{"cohort_id": cohort_id, "role_id": role} for role in sorted(roles)])


_s, _e = _section.c, _enrolment.c
FIRST_OF_ROLES = (
    select(func.min(_s.role_id))
    .where(_s.cohort_id == bindparam("cohort"), _s.role_id.in_(bindparam("roles", expanding=True)))
    .scalar_subquery()
)
"""The first section of `cohort` among the `roles` of a member."""
_NOTE = (
    update(_enrolment)
    .where(_e.id == MEMBER, _e.cohort_id == bindparam("cohort"), _e.section_role_id.is_distinct_from(FIRST_OF_ROLES))
    .values(section_role_id=FIRST_OF_ROLES)
)


def note_of_member(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, roles: Collection[int]) -> None:
    """Note the first of a course's sections that a member is in; one statement, and no change if it is known."""
    tx.execute(_NOTE, {"member": enrolment_id, "cohort": cohort_id, "roles": sorted(roles)})
