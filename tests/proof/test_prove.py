"""The command: its table, its exit codes, and that it leaves no trace in a database."""

from collections import Counter

import psycopg
import pytest

from bot.proof import prove
from bot.proof.harness import Plan, Tally
from bot.proof.worker import OURS

SCHEMAS = "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'proof%'"


def test_the_table_says_what_was_counted() -> None:
    ours = Tally(OURS, Counter({"at random": 7, "claim, after the commit": 3}), 1200, 1190, 10, reasons=Counter(a=10))
    worse = Tally("no nonce", Counter({"at random": 5}), 600, 600, doubled=4, untrue=1)
    text = prove.report([ours, worse], Plan(10, seed=42), "SQLite")
    rows = [line.split() for line in text.splitlines()]
    assert ["ours", "10", "1,200", "1,190", "10", "0", "0", "0"] in rows
    assert ["no", "nonce", "5", "600", "600", "0", "0", "0", "4"] in rows
    assert all(any(row[:1] == [column] for row in rows) for column in prove.COLUMNS)
    assert "seed 42" in text
    assert "The promise was kept." in text
    assert "BROKEN" in prove.report([worse], Plan(10, seed=42), "SQLite")


async def test_schemas_of_its_own_are_dropped_again(empty_postgresql_url: str) -> None:
    with psycopg.connect(empty_postgresql_url, autocommit=True) as connection:
        async with prove.databases(empty_postgresql_url, prove.Path()) as urls:
            assert connection.execute(SCHEMAS).fetchone() == (4,)
            with psycopg.connect(urls[OURS]) as inside:
                inside.execute("CREATE TABLE here (id int)")
            schema = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'here'").fetchone()
            assert schema is not None
            assert schema[0].endswith("_ours")
        assert connection.execute(SCHEMAS).fetchone() == (0,)


@pytest.mark.parametrize(
    ("address", "sentence"), [("sqlite:///coach.db", "leave --database out"), ("mysql://host/coach", "use sqlite or")]
)
def test_an_address_it_cannot_use_is_refused_with_a_sentence(
    address: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prove.prove(1, address, 1, 0) == prove.NOT_STARTED
    assert sentence in capsys.readouterr().err


def test_a_database_that_is_in_use_is_refused(empty_postgresql_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(empty_postgresql_url) as connection:
        connection.execute("CREATE TABLE somebodys (id int)")
    assert prove.prove(1, empty_postgresql_url, 1, 0) == prove.NOT_STARTED
    assert "not empty" in capsys.readouterr().err
    with psycopg.connect(empty_postgresql_url) as connection:
        assert connection.execute(SCHEMAS).fetchone() == (0,)
