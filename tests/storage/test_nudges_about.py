"""What a nudge speaks of, as the ledger keeps it and as the choice of the next one looks back at it."""

from datetime import date, datetime, timedelta

from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, MessageId, UserId
from bot.coaching.nudges import NudgeKey, NudgeKind, NudgeState, Recipient
from storage import members, nudges
from storage.database import Tx
from storage.nudges import About, Nudge
from tests.storage.course import DAY, ME, NOW, open_course

WEEK = timedelta(weeks=1)
MONDAY = date(2027, 3, 1)
WHOLE = About("A17", "no_reply", "person:7", "no_reply.2", '{"cold": 1}')


def key(cohort_id: CohortId, weeks: int = 0, kind: NudgeKind = NudgeKind.WEEKLY, user_id: UserId = ME) -> NudgeKey:
    return NudgeKey(Recipient(cohort_id, user_id), kind, (MONDAY + weeks * WEEK).isoformat())


def owe(tx: Tx, owed: NudgeKey, about: About | None = None) -> Nudge:
    nudges.owe(tx, owed, NOW)
    nudge = got(tx, owed)
    if about is not None:
        nudges.set_about(tx, nudge.id, about)
    return got(tx, owed)


def got(tx: Tx, owed: NudgeKey) -> Nudge:
    nudge = nudges.get(tx, owed)
    assert nudge is not None
    return nudge


def send(tx: Tx, owed: NudgeKey, about: About | None = None, sent_at: datetime = NOW) -> None:
    nudge = owe(tx, owed, about)
    members.set_dm_channel(tx, owed.to.user_id, ChannelId(5), NOW)
    nudges.claim(tx, NOW, "runner", NOW + DAY, 10)
    nudges.settle_sent(tx, nudge.id, "runner", MessageId(nudge.id), sent_at)


def about_of(nudge: Nudge) -> About:
    return About(nudge.rule, nudge.occasion, nudge.subject, nudge.text, nudge.facts)


def test_a_nudge_that_is_owed_speaks_of_nothing_yet(tx: Tx, me: EnrolmentId) -> None:
    nudge = owe(tx, key(open_course(tx)))
    assert about_of(nudge) == About()
    assert about_of(nudges.imagined(nudge.key, NOW)) == About()


def test_what_a_nudge_speaks_of_is_kept_and_replaced_as_a_whole(tx: Tx, me: EnrolmentId) -> None:
    owed = key(open_course(tx))
    nudge = owe(tx, owed, WHOLE)
    assert about_of(nudge) == WHOLE
    assert nudges.history(tx, owed.to, 5) == [nudge]
    nudges.set_about(tx, nudge.id, About("A23"))
    assert about_of(got(tx, owed)) == About("A23")


def test_what_is_claimed_says_what_it_spoke_of_before(tx: Tx, me: EnrolmentId) -> None:
    nudge = owe(tx, key(open_course(tx)), WHOLE)
    members.set_dm_channel(tx, ME, ChannelId(5), NOW)
    nudges.claim(tx, NOW, "runner", NOW + DAY, 10)
    claimed = nudges.claimed(tx, nudge.id, "runner", NOW)
    assert claimed is not None
    assert about_of(claimed) == WHOLE


def test_a_reminder_is_owed_for_a_day_and_moves_with_what_it_is_about(tx: Tx, me: EnrolmentId) -> None:
    owed = key(open_course(tx), kind=NudgeKind.REMINDER)
    assert nudges.move_reminder(tx, owed, NOW + DAY, WHOLE)
    assert nudges.move_reminder(tx, owed, NOW + 3 * DAY, About("A23"))
    (reminder,) = nudges.history(tx, owed.to, 5)
    assert (reminder.state, reminder.due_at, about_of(reminder)) == (NudgeState.OWED, NOW + 3 * DAY, About("A23"))


def test_a_reminder_that_went_out_stays_as_it_was(tx: Tx, me: EnrolmentId) -> None:
    owed = key(open_course(tx), kind=NudgeKind.REMINDER)
    send(tx, owed, WHOLE)
    before = got(tx, owed)
    assert not nudges.move_reminder(tx, owed, NOW + DAY, About("A23"))
    assert got(tx, owed) == before
