"""Of somebody who was erased no number is left in any table."""

from typing import Any

import pytest
from sqlalchemy import BigInteger, func, insert, select, update

from bot.coaching.cohort import Access
from bot.coaching.ids import ChannelId, EnrolmentId, UserId
from storage import access_log, erasure, feedback, members, nudges, tables
from storage.database import Tx
from storage.erasure import Erased, erase_account, erase_again, erase_enrolments
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, enrol, open_course
from tests.storage.test_members_apart import Member, owned, seat

CHANNEL = ChannelId(8_888_888_888)
BIG_ME = UserId(7_777_777_777)
"""An account's number that no row has by chance."""
MANY_BEFORE = 5000
"""So that a number of an enrolment is no other row's."""


def traces(tx: Tx, user_id: int, enrolment_ids: list[int]) -> list[str]:
    """Return where in all tables a number of an account or of an enrolment of it stands, or a text that names it."""
    found: list[str] = []
    for table in tables.metadata.sorted_tables:
        for row in tx.execute(select(table)).mappings():
            for name, value in row.items():
                if value in [user_id, CHANNEL, *enrolment_ids] or _says(value, [user_id, *enrolment_ids]):
                    found.append(f"{table.name}.{name}: {value}")
    return found


def _says(value: Any, ids: list[int]) -> bool:
    text = str(value) if type(value) in {str, list} else ""
    return any(str(one) in text for one in ids)


def everybodys(tx: Tx) -> dict[str, int]:
    return {
        table.name: tx.scalar(select(func.count()).select_from(table)) or 0 for table in tables.metadata.sorted_tables
    }


@pytest.fixture
def someone(tx: Tx) -> Member:
    """A member with numbers of their own and one of everything, who teaches elsewhere."""
    first = enrol(tx, UserId(1))
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == first).values(id=MANY_BEFORE))
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql(f"SELECT setval('enrolment_id_seq', {MANY_BEFORE})")
    made = seat(tx, BIG_ME)
    members.set_dm_channel(tx, BIG_ME, CHANNEL, NOW)
    return made


def test_no_trace_is_left_in_any_table_and_what_went_is_counted(tx: Tx, someone: Member) -> None:
    there = seat(tx, BIG_ME, 2)
    other = seat(tx, OTHER)
    theirs, before = owned(tx, other), everybodys(tx)
    assert len(traces(tx, BIG_ME, [someone.id, there.id])) > 20
    erased = erase_account(tx, BIG_ME)
    assert traces(tx, BIG_ME, [someone.id, there.id]) == []
    assert owned(tx, other) == theirs
    after = everybodys(tx)
    assert erased.rows == {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert erased.count == sum(before.values()) - sum(after.values())
    assert set(erased.enrolments) == {someone.id, there.id}
    assert erased.dm_channel_id == CHANNEL


def test_every_table_that_names_somebody_is_filled_before_it_is_emptied(tx: Tx, someone: Member) -> None:
    """Otherwise the walk would prove nothing about a table that is added later."""
    filled = {trace.partition(".")[0] for trace in traces(tx, BIG_ME, [someone.id])}
    columns = {"user_id", "enrolment_id", "by_user_id"}
    naming = {table.name for table in tables.metadata.sorted_tables if columns & set(table.c.keys())}
    assert naming | {"ai_budget"} <= filled


def test_a_column_that_could_hold_a_number_of_somebody_is_a_known_one() -> None:
    """A new column that names a member under another name has to be thought of here and in the erasure."""
    known = {
        "id", "user_id", "enrolment_id", "cohort_id", "guild_id", "nudge_id", "contact_id", "message_id", "role_id",
        "section_role_id", "instructor_role_id", "channel_id", "week_id", "dm_channel_id", "chosen_cohort_id",
        "by_user_id", "student_role_id", "based_after", "ends", "spent", "reserved",
    }  # fmt: skip
    big = {
        column.name
        for table in tables.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, BigInteger)
    }
    assert big <= known


def test_the_scope_of_a_budget_that_names_the_member_goes_and_those_of_all_stay(tx: Tx, someone: Member) -> None:
    erase_account(tx, BIG_ME)
    assert set(tx.scalars(select(tables.ai_budget.c.scope))) == {"bot", "guild:1"}


def test_what_nobody_signed_stays_and_what_was_signed_goes(tx: Tx, someone: Member) -> None:
    feedback.add(tx, someone.cohort_id, None, "not signed", TODAY)
    erase_account(tx, BIG_ME)
    assert [one.text for one in feedback.read(tx, someone.cohort_id, 9)] == ["not signed"]


def test_looks_of_an_instructor_who_goes_stay_with_the_member_without_a_name(tx: Tx, me: EnrolmentId) -> None:
    look = tables.access_log
    for by in (BIG_ME, OTHER):
        tx.execute(insert(look).values(enrolment_id=me, by_user_id=by, what=Access.MEMBER, accessed_at=NOW))
        access_log.add_at_register(tx, open_course(tx), by, Access.REGISTER, NOW)
    # Without an account row: an instructor need not be anybody's member.
    erased = erase_account(tx, BIG_ME)
    assert (erased.count, erased.unnamed) == (0, 2)
    for table in (look, tables.register_access):
        assert list(tx.scalars(select(table.c.by_user_id).order_by(table.c.id))) == [None, OTHER]


def test_an_account_that_only_asked_for_a_digest_goes_too(tx: Tx, someone: Member) -> None:
    members.add_account(tx, OTHER)
    tx.execute(insert(tables.digest).values(cohort_id=someone.cohort_id, user_id=OTHER, asked_at=NOW))
    assert erase_account(tx, OTHER).rows == {"digest": 1, "account": 1}


def test_erasing_somebody_unknown_does_nothing(tx: Tx, me: EnrolmentId) -> None:
    before = everybodys(tx)
    assert erase_account(tx, BIG_ME) == Erased()
    assert everybodys(tx) == before


def test_a_place_in_one_course_goes_and_the_account_stays_for_the_other(tx: Tx, someone: Member) -> None:
    there = seat(tx, BIG_ME, 2)
    kept = owned(tx, there)
    erased = erase_enrolments(tx, [someone.id])
    assert erased.rows["enrolment"] == 1
    assert "account" not in erased.rows
    left = owned(tx, there)
    # The account's own rows name the account, and so do those of the course that went.
    assert left["goal"] == kept["goal"]
    assert members.account(tx, BIG_ME).dm_channel_id == CHANNEL
    assert not nudges.history(tx, someone.to, 9)
    assert nudges.history(tx, there.to, 9)


def test_with_the_last_place_the_account_goes_unless_a_digest_was_asked_for(tx: Tx, someone: Member) -> None:
    erase_enrolments(tx, [someone.id])
    assert tx.scalar(select(func.count()).where(tables.account.c.user_id == BIG_ME)) == 1
    plain = enrol(tx, OTHER)
    assert erase_enrolments(tx, [plain]).rows == {"enrolment": 1, "account": 1}


def test_a_whole_class_goes_at_once(tx: Tx) -> None:
    ids = [enrol(tx, UserId(number)) for number in range(1, 4)]
    assert erase_enrolments(tx, [*ids, EnrolmentId(999)] * 400).rows == {"enrolment": 3, "account": 3}
    assert erase_enrolments(tx, ids) == Erased(enrolments=tuple(ids))


def test_an_account_is_found_with_its_courses(tx: Tx, someone: Member) -> None:
    there = enrol(tx, BIG_ME, 2)
    assert erasure.enrolments_of(tx, BIG_ME) == [someone.id, there]
    assert erasure.enrolments_of(tx, OTHER) == []


# Again, after a backup was restored


def test_what_came_back_with_a_backup_goes_again(tx: Tx, someone: Member) -> None:
    there = seat(tx, BIG_ME, 2)
    other = seat(tx, OTHER)
    theirs = owned(tx, other)
    erased = erase_again(tx, BIG_ME, NOW)
    assert traces(tx, BIG_ME, [someone.id, there.id]) == []
    assert owned(tx, other) == theirs
    assert erased.rows["account"] == 1


def test_who_joined_anew_after_the_erasure_stays_with_all_they_gave_since(tx: Tx, someone: Member) -> None:
    kept = everybodys(tx)
    assert erase_again(tx, BIG_ME, NOW - DAY) == Erased()
    assert everybodys(tx) == kept
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == someone.id).values(joined_at=NOW + DAY))
    tx.execute(update(tables.digest).values(asked_at=NOW + DAY))
    tx.execute(update(tables.instructor_message).values(created_at=NOW + DAY))
    tx.execute(update(tables.register_access).values(accessed_at=NOW + DAY))
    assert erase_again(tx, BIG_ME, NOW) == Erased()
    assert everybodys(tx) == kept


def test_of_two_places_only_the_one_from_before_the_erasure_goes_again(tx: Tx, someone: Member) -> None:
    there = seat(tx, BIG_ME, 2)
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == there.id).values(joined_at=NOW + DAY))
    kept = owned(tx, there)
    assert erase_again(tx, BIG_ME, NOW).enrolments == (someone.id,)
    assert owned(tx, there)["goal"] == kept["goal"]
    assert nudges.history(tx, there.to, 9)
    assert not nudges.history(tx, someone.to, 9)


def test_looks_of_an_instructor_from_before_their_erasure_lose_their_name_again(tx: Tx, me: EnrolmentId) -> None:
    look = tables.access_log
    for at in (NOW, NOW + DAY):
        tx.execute(insert(look).values(enrolment_id=me, by_user_id=BIG_ME, what=Access.MEMBER, accessed_at=at))
    assert set(erasure.known_accounts(tx)) == {BIG_ME, ME}
    assert erase_again(tx, BIG_ME, NOW).unnamed == 1
    assert list(tx.scalars(select(look.c.by_user_id).order_by(look.c.id))) == [None, BIG_ME]
