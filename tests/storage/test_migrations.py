"""The later revisions, on a database that the first one made and that people have used."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from storage import tables
from storage.database import Database, DatabaseError, open_database
from storage.schema import migrate, migration_config
from tests.storage.schemas import schema_of

Rows = Mapping[str, list[dict[str, Any]]]

AT = datetime(2027, 3, 3, 12, tzinfo=UTC)
ON = date(2027, 3, 3)
OCCASIONS = ("pause_end", "exam_weeks", "backoff_ask", "backoff_stop")


def enrolment(number: int, cohort_id: int, user_id: int) -> dict[str, Any]:
    return {
        "id": number,
        "cohort_id": cohort_id,
        "user_id": user_id,
        "joined_at": AT,
        "active_at": AT,
        "zone": "Asia/Tokyo",
        "nudge_day": 3,
        "nudge_hour": 9,
        "nudges_on": True,
        "pause_until": ON,
        "next_nudge_at": AT,
        "next_nudge_week": ON,
        "every_weeks": 2,
        "quiet_start": 22,
        "quiet_end": 7,
        "discreet": True,
        "touched_at": AT,
        "backed_off": True,
        "seen_at": AT,
        "set_aside_at": AT,
    }


def nudge(number: int, period: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "cohort_id": 1,
        "user_id": 10,
        "kind": "weekly",
        "period": period,
        "due_at": AT,
        "not_before": AT,
        "state": state,
        "runner": None,
        "lease_until": None,
        "attempts": 1,
        "first_attempt_at": AT,
        "rule": None,
        "subject": None,
        "facts": None,
        "message_id": None,
        "settled_at": None,
        "reason": None,
        **more,
    }


def goal(number: int, enrolment_id: int, ended_at: datetime | None) -> dict[str, Any]:
    return {
        "id": number,
        "enrolment_id": enrolment_id,
        "type": "connect",
        "title": f"Goal {number}",
        "target": 2,
        "if_then": "If it is Friday 9:00, then I will reply to one person",
        "weeks": 6,
        "starts_on": ON,
        "created_at": AT,
        "ended_at": ended_at,
    }


def action(number: int, enrolment_id: int, nudge_id: int | None) -> dict[str, Any]:
    return {
        "id": number,
        "enrolment_id": enrolment_id,
        "nudge_id": nudge_id,
        "kind": "reply",
        "happened_on": ON,
        "note": "Ähnlich 'quoted' – 語",
        "minutes": 10,
        "outcome": "advice",
        "logged_at": AT,
    }


COHORT: dict[str, Any] = {
    "guild_id": 700,
    "name": "PLN 1",
    "zone": "Europe/Berlin",
    "starts_on": ON,
    "ends_on": ON,
    "instructor_role_id": 55,
    "nudge_day": 0,
    "nudge_hour": 16,
    "track": "nursing",
    "expected_size": 30,
    "support_contact": "Room 7",
    "created_at": AT,
    "breaks": [["exams", "2027-03-08", "2027-03-12"]],
    "away_since": AT,
}
FOCUS: dict[str, Any] = {
    "field_one": "nursing",
    "field_two": "public health",
    "purpose": "To be asked",
    "connection": "advice",
    "updated_at": AT,
}
ACCOUNT: dict[str, Any] = {"dm_channel_id": 5, "dm_opened_at": AT, "dm_closed_at": AT, "dm_closed_told": True}
# In an order in which what is referred to is there already.
USED: Rows = {
    "cohort": [{"id": 1, "closed_at": None, **COHORT}, {"id": 2, "closed_at": AT, **COHORT}],
    "setting": [{"key": "commands", "value": "a hash"}],
    "account": [{"user_id": user_id, "chosen_cohort_id": 1, **ACCOUNT} for user_id in (10, 11)],
    "enrolment": [enrolment(1, 1, 10), enrolment(2, 1, 11), enrolment(3, 2, 10)],
    "nudge": [
        nudge(1, "2027-02-15", "sent", rule="A04", subject="present.bio", facts="{}", message_id=9, settled_at=AT),
        nudge(2, "joined", "sent", kind="hello", message_id=8, settled_at=AT),
        nudge(3, "2027-03-29", "owed"),
        nudge(4, "2027-02-15", "owed", kind="reminder", rule="A04", subject="present.bio"),
        nudge(5, "2027-04-05", "skipped", rule="A23", facts="{}", settled_at=AT, reason="too_late"),
        nudge(11, "2027-02-22", "sent", rule="pause_end", message_id=7, settled_at=AT),
        nudge(12, "2027-03-01", "held", rule="exam_weeks", settled_at=AT, reason="dms_closed"),
        nudge(13, "2027-03-08", "claimed", rule="backoff_ask", runner="a", lease_until=AT),
        nudge(14, "2027-03-15", "sent", rule="backoff_stop", message_id=6, settled_at=AT),
    ],
    "action": [action(1, 1, 1), action(2, 1, None), action(3, 2, None), action(9, 3, 11)],
    "checklist_answer": [
        {"enrolment_id": member, "item_id": item, "answer": answer, "answered_on": ON}
        for member, item, answer in (
            (1, "present.bio", "fixed"),
            (1, "see.intent", "later"),
            (2, "present.bio", "fine"),
        )
    ],
    "focus": [{"enrolment_id": member, **FOCUS} for member in (1, 2)],
    "goal": [goal(1, 1, AT), goal(2, 1, AT), goal(3, 1, None), goal(4, 2, None), goal(5, 3, AT)],
}
WITH_OCCASION = {row["id"]: row["rule"] for row in USED["nudge"] if row["rule"] in OCCASIONS}


def reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def rows_of(connection: Connection, like: Rows) -> Rows:
    """Return what the same columns of the same tables hold now."""
    found = reflected(connection)
    kept: dict[str, list[dict[str, Any]]] = {}
    for name, rows in like.items():
        table = found.tables[name]
        statement = select(*(table.c[column] for column in rows[0])).order_by(*table.primary_key.columns)
        kept[name] = [
            {key: _with_zone(value) for key, value in row.items()} for row in connection.execute(statement).mappings()
        ]
    return kept


def _with_zone(value: Any) -> Any:
    # SQLite keeps times without one; what it keeps is UTC.
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


@pytest.fixture
def used(empty_url: str) -> Iterator[Database]:
    """A database of the first revision with rows in every table."""
    opened = open_database(empty_url)
    with opened.engine.begin() as connection:
        command.upgrade(migration_config(connection), "0001")
        found = reflected(connection)
        assert set(found.tables) == {*USED, "alembic_version"}
        for name, rows in USED.items():
            # Every column has a value in some row, so that none is lost unnoticed.
            assert {key for row in rows for key, value in row.items() if value is not None} == set(
                found.tables[name].columns.keys()
            )
            connection.execute(found.tables[name].insert(), rows)
    yield opened
    opened.close()


def test_no_row_and_no_value_is_lost(used: Database) -> None:
    migrate(used.engine)
    expected = {
        **USED,
        "nudge": [{**row, "rule": None if row["id"] in WITH_OCCASION else row["rule"]} for row in USED["nudge"]],
    }
    with used.engine.begin() as connection:
        assert rows_of(connection, USED) == expected


def test_the_tables_are_exactly_those_of_a_new_database(used: Database) -> None:
    migrate(used.engine)
    with used.engine.begin() as connection:
        migrated = schema_of(connection)
        tables.metadata.drop_all(connection)
        tables.metadata.create_all(connection)
        assert migrated == schema_of(connection)


def test_an_occasion_has_a_place_of_its_own(used: Database) -> None:
    migrate(used.engine)
    n = tables.nudge.c
    with used.engine.begin() as connection:
        found = connection.execute(select(n.id, n.occasion).where(n.occasion.is_not(None))).all()
    assert {row.id: row.occasion for row in found} == WITH_OCCASION


def test_what_was_answered_begins_the_history(used: Database) -> None:
    migrate(used.engine)
    h = tables.checklist_history.c
    with used.engine.begin() as connection:
        found = connection.execute(select(h.enrolment_id, h.item_id, h.answer, h.answered_on)).mappings()
        history = sorted(tuple(row.values()) for row in found)
    assert history == sorted(
        tuple(row[name] for name in ("enrolment_id", "item_id", "answer", "answered_on"))
        for row in USED["checklist_answer"]
    )


def test_a_goal_that_runs_has_the_first_place_and_one_that_ended_was_replaced(used: Database) -> None:
    migrate(used.engine)
    g = tables.goal.c
    with used.engine.begin() as connection:
        found = connection.execute(select(g.ended_at.is_(None).label("runs"), g.slot, g.ending).distinct()).all()
    assert {(bool(row.runs), row.slot, row.ending) for row in found} == {(True, 1, None), (False, 1, "replaced")}


def test_nothing_new_is_made_up(used: Database) -> None:
    migrate(used.engine)
    with used.engine.begin() as connection:
        found = reflected(connection)
        filled = {
            name for name, table in found.tables.items() if connection.scalar(select(func.count()).select_from(table))
        }
        assert filled == {*USED, "checklist_history", "pause", "alembic_version"}
        a, f = tables.action.c, tables.focus.c
        assert connection.scalars(select(a.contact_id).distinct()).all() == [None]
        assert connection.execute(select(f.track, f.season, f.new_accounts).distinct()).all() == [(None, None, False)]
        assert connection.scalars(select(tables.enrolment.c.asked_contact_at).distinct()).all() == [None]


def test_the_ai_reviewer_is_off_in_every_course_there_is_and_nobody_has_agreed_to_it(used: Database) -> None:
    migrate(used.engine)
    with used.engine.begin() as connection:
        assert connection.scalars(select(tables.cohort.c.ai_reviewer).distinct()).all() == [False]
        assert connection.scalars(select(tables.ai_consent.c.enrolment_id)).all() == []


def test_every_reference_holds_and_is_watched_over_again(used: Database) -> None:
    migrate(used.engine)
    with used.engine.begin() as connection:
        for key in (key for table in tables.metadata.sorted_tables for key in table.foreign_keys):
            there = select(key.column).where(key.column.is_not(None))
            lost = select(func.count()).where(key.parent.is_not(None), key.parent.not_in(there))
            assert connection.scalar(lost) == 0, key.parent
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(update(tables.action).values(contact_id=99))


def test_what_was_logged_outlives_its_note_and_its_contact_and_goes_with_its_member(used: Database) -> None:
    migrate(used.engine)
    a, c = tables.action.c, tables.contact.c
    with used.engine.begin() as connection:
        known = {"enrolment_id": 1, "nickname": "Owl", "category": "peer", "base_stage": "spotted", "based_on": ON}
        contact = connection.execute(tables.contact.insert().values(known).returning(c.id)).scalar_one()
        connection.execute(update(tables.action).where(a.id == 1).values(contact_id=contact))
        connection.execute(delete(tables.contact).where(c.id == contact))
        connection.execute(delete(tables.nudge).where(tables.nudge.c.id == 1))
        kept = connection.execute(select(a.nudge_id, a.contact_id).where(a.id == 1)).one()
        assert tuple(kept) == (None, None)
        connection.execute(delete(tables.account).where(tables.account.c.user_id == 10))
        assert connection.scalars(select(a.id)).all() == [3]


def test_one_that_fails_halfway_has_changed_nothing(used: Database) -> None:
    with used.engine.begin() as connection:
        # Stands in the way after the tables before it were made.
        connection.execute(text("CREATE TABLE space (theirs INTEGER)"))
        before = schema_of(connection)
    with pytest.raises(DatabaseError, match="already exists"):
        migrate(used.engine)
    with used.engine.begin() as connection:
        assert schema_of(connection) == before
        assert rows_of(connection, USED) == USED
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
        connection.execute(text("DROP TABLE space"))
    migrate(used.engine)


def test_rows_that_belong_to_nothing_stop_it_before_anything_is_changed(empty_sqlite_url: str) -> None:
    opened = open_database(empty_sqlite_url)
    with opened.engine.begin() as connection:
        command.upgrade(migration_config(connection), "0001")
        before = schema_of(connection)
    with opened.engine.connect() as connection:
        connection.detach()
        # As when somebody edited the file with another program.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection.connection.cursor().execute(
            "INSERT INTO goal VALUES (1, 99, 't', 't', 'p', '2027-03-03', '', 1, 4, NULL)"
        )
    with pytest.raises(DatabaseError, match="would leave rows without what they belong to; nothing was changed"):
        migrate(opened.engine)
    with opened.engine.begin() as connection:
        assert schema_of(connection) == before
    opened.close()


def test_there_is_no_way_back(used: Database) -> None:
    migrate(used.engine)
    with used.engine.begin() as connection:
        before = schema_of(connection)
        with pytest.raises(AttributeError, match="downgrade"), connection.begin_nested():
            command.downgrade(migration_config(connection), "0001")
        assert schema_of(connection) == before
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0006"
