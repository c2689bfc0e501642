"""The cards of the end of a course and of the digest fit into Discord's messages at their longest."""

from dataclasses import replace
from datetime import date

import discord
import pytest

from bot.coaching.cohort import NAME_LIMIT
from bot.coaching.digest import LIMIT
from bot.coaching.ids import CohortId, UserId
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from bot.services.closing import Ending
from bot.services.digest import DigestWish
from bot.services.texts import OPEN_PARCEL, STOP_DIGEST
from cogs.cards import closing, course
from cogs.routes import CUSTOM_ID_LIMIT, custom_id
from tests.cogs.cards.test_limits import COHORT, LATE, STATUS
from tests.cogs.limits import view_breaches

OWNER = UserId(10**19)
LONG = replace(COHORT, name="*" * NAME_LIMIT, closed_at=LATE, retention_days=365)
ENDING = Ending(LONG, 10_000, date(2027, 9, 29))
WISH = DigestWish(LONG, wanted=True, next_at=LATE, sample="x" * LIMIT)
NAMES = (
    "digest",
    "digest not wanted",
    "digest stopped",
    "ending",
    "closed",
    "status of an open course",
    "status of an erased course",
)


def views() -> dict[str, discord.ui.LayoutView]:
    return {
        "digest": closing.digest(WISH, OWNER),
        "digest not wanted": closing.digest(replace(WISH, wanted=False, next_at=None), OWNER),
        "digest stopped": closing.digest_stopped(),
        "ending": closing.ending(ENDING, OWNER),
        "closed": closing.closed(ENDING),
        "status of an open course": course.status(replace(STATUS, digests=99, next_snapshot=LATE, last=LONG)),
        "status of an erased course": course.status(
            replace(STATUS, cohort=LONG, last=replace(LONG, erased_at=LATE, erased_members=10_000))
        ),
    }


@pytest.mark.parametrize("name", NAMES)
async def test_a_card_with_the_most_it_can_hold_fits_into_a_message(name: str) -> None:
    view = views()[name]
    assert view_breaches(view) == []
    assert view.is_finished(), "discord.py would keep it"


@pytest.mark.parametrize("button", [OPEN_PARCEL.id, STOP_DIGEST.id])
def test_a_button_under_a_message_has_room_for_the_longest_ids(button: str) -> None:
    key = NudgeKey(Recipient(CohortId(2**63 - 1), OWNER), NudgeKind.PARCEL, "2026-09-30")
    assert len(custom_id(f"nudge.{button}", OWNER, *key.parts)) <= CUSTOM_ID_LIMIT
