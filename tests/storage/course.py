"""Members of a course, put there by the stores themselves: what the tests of the stores start from."""

from datetime import UTC, date, datetime, timedelta

from bot.coaching.goals import Direction, Kind, Vocabulary
from bot.coaching.ids import CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.weeks import Wish
from storage import cohort as cohorts
from storage import members
from storage.cohort import CohortDefaults, CohortFacts
from storage.database import Tx

TERM = CohortFacts("PLN 1", "Europe/Berlin", date(2027, 2, 15), date(2027, 6, 4), 55)
DEFAULTS = CohortDefaults(0, 16, None, None, None)
WISH = Wish(0, 16, "Europe/Berlin")

TODAY = date(2027, 3, 3)
NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ME, OTHER = UserId(10), UserId(11)

VOCABULARY = Vocabulary(
    types={},
    kinds={
        kind: Kind(kind, kind, direction, 10)
        for kind, direction in (
            ("note", Direction.LISTEN),
            ("reply", Direction.WITH),
            ("share", Direction.GIVE),
            ("ask", Direction.ASK),
            ("interview", Direction.WITH),
        )
    },
    templates={},
    obstacles={},
    verbs=frozenset(),
)
"""The kinds that these tests log; what the content files say is not the stores' business."""


def open_course(tx: Tx, guild_id: int = 1) -> CohortId:
    """Return the open course of a server."""
    guild = GuildId(guild_id)
    cohorts.add(tx, guild, TERM, DEFAULTS, NOW)
    course = cohorts.open_in(tx, guild)
    assert course is not None
    return course.id


def enrol(tx: Tx, user_id: UserId, guild_id: int = 1) -> EnrolmentId:
    """Return a member's enrolment in the course of a server."""
    cohort_id = open_course(tx, guild_id)
    members.add_account(tx, user_id)
    members.add(tx, cohort_id, user_id, WISH, NOW)
    enrolment = members.find(tx, cohort_id, user_id)
    assert enrolment is not None
    return enrolment.id
