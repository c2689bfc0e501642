"""Cards of /privacy with the most they can hold, and their words where counts are few."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord

from bot.coaching.cohort import Access, Cohort, Enrolment, SharedItem
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.weeks import Wish
from bot.services.erasure import Cleared, Erasable, Receipt
from bot.services.rights import ENTRIES_SHOWN, Mine, SeenByStaff, Sharing, Stored
from cogs.cards import privacy as cards
from storage.access_log import AccessLogEntry
from storage.inventory import ACCOUNT_KINDS, MEMBER_KINDS, Place
from tests.coaching.test_register import ROW
from tests.cogs.classroom import TEXT, parts

BIG = 10**18
OWNER = UserId(10**19 + 7)
NOW = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
NAME = "*_" * 30
COHORT = Cohort(
    CohortId(BIG), GuildId(BIG), NAME, "America/Argentina/ComodRivadavia", NOW.date(), NOW.date(), BIG, 0, 16,
    None, None, None, register=True, retention_days=999,
)  # fmt: skip
ENROLMENT = Enrolment(
    EnrolmentId(BIG), COHORT.id, OWNER, NOW, NOW, Wish(0, 16, "America/Argentina/ComodRivadavia"), True, None, None
)
PLACE = Place(COHORT, ENROLMENT)
CLOSED = Place(replace(COHORT, closed_at=NOW), ENROLMENT)
MANY = tuple(replace(PLACE, enrolment=replace(ENROLMENT, id=EnrolmentId(BIG - number))) for number in range(30))
MINE = Mine(PLACE, MANY)
SHARING = Sharing(MINE, dict.fromkeys(SharedItem, NOW), NOW, has_goal=True, has_reflection=True)
ENTRY = AccessLogEntry(UserId(BIG), Access.NAMED_EXPORT, NOW)
EVERYTHING = Stored(MINE, tuple((one, 99_999) for one in MEMBER_KINDS), tuple((one, 99_999) for one in ACCOUNT_KINDS))
RECEIPT = Receipt(
    "0123ABCD", NOW, tuple((one.title, 99_999) for one in (*MEMBER_KINDS, *ACCOUNT_KINDS)), ChannelId(BIG)
)
ERASABLE = Erasable((NAME,) * 60, 99_999, teaches=True, seal="0" * 12)


def text_of(view: discord.ui.LayoutView) -> str:
    return "\n".join(str(one["content"]) for one in parts(view.to_components()) if one["type"] == TEXT)


def views() -> list[discord.ui.LayoutView]:
    """Return the cards with the most they can hold."""
    return [
        cards.stored(EVERYTHING, OWNER),
        cards.stored(replace(EVERYTHING, mine=None, here=()), OWNER),
        cards.stored(replace(EVERYTHING, here=tuple((one, 0) for one in MEMBER_KINDS)), OWNER),
        cards.seen(SeenByStaff(SHARING, ROW, True, ((ENTRY, 500),) * ENTRIES_SHOWN, more_accesses=True), OWNER),
        cards.seen(SeenByStaff(replace(SHARING, mine=Mine(CLOSED, MANY)), None, False, (), more_accesses=False), OWNER),
        cards.share(SHARING, OWNER),
        cards.share(replace(SHARING, shared={}, greeting_since=None, has_goal=False, has_reflection=False), OWNER),
        cards.share(replace(SHARING, mine=Mine(CLOSED, MANY)), OWNER),
        cards.exported(99_999, OWNER),
        cards.delete(ERASABLE, OWNER),
        cards.receipt(RECEIPT, OWNER, "America/Argentina/ComodRivadavia", messages=True),
        cards.receipt(RECEIPT, OWNER, "America/Argentina/ComodRivadavia", messages=False),
        cards.cleared(Cleared(99_999, all=False)),
        cards.clearing(),
        cards.unknown(OWNER),
        cards.not_a_member(OWNER),
    ]


def test_what_you_alone_see_needs_no_words_and_what_others_see_has_them() -> None:
    text = text_of(cards.stored(EVERYTHING, OWNER))
    assert "**Your focus** 99999: to fit examples and the checklist to you\n" in text
    assert "**Words you signed** 99999: to reach your instructors" in text
    assert "Seen by you and your instructors" in text


def test_of_many_courses_some_are_named_and_the_rest_counted() -> None:
    assert "and 52 more: 99999 entries in all" in text_of(cards.delete(ERASABLE, OWNER))
    two = text_of(cards.delete(replace(ERASABLE, courses=("A", "B"), rows=1, teaches=False), OWNER))
    assert "from **A** and **B**: 1 entry in all" in two
    assert "instructor stays" not in two
    assert "though you are in no course" in text_of(cards.delete(replace(ERASABLE, courses=()), OWNER))


def test_what_is_kept_says_when_it_ends_also_after_the_course_has_closed() -> None:
    assert "999 days after the course has closed" in text_of(cards.stored(EVERYTHING, OWNER))
    closed = replace(CLOSED, cohort=replace(CLOSED.cohort, closed_at=NOW, retention_days=60))
    ended = text_of(cards.stored(replace(EVERYTHING, mine=Mine(closed, (closed,))), OWNER))
    assert "and until Sunday 29 November 2026 at the longest" in ended


def test_an_instructor_who_has_gone_is_not_named() -> None:
    gone = SeenByStaff(
        SHARING, ROW, True, ((replace(ENTRY, by=None, at=NOW - timedelta(days=1)), 1),), more_accesses=False
    )
    assert "Tuesday 29 September, 20:30: An instructor who has gone since took" in text_of(cards.seen(gone, OWNER))


def test_a_receipt_without_rows_is_one_all_the_same() -> None:
    text = text_of(cards.receipt(replace(RECEIPT, rows=()), OWNER, "UTC", messages=False))
    assert "What went: nothing but your number beside what you saw as an instructor." in text
