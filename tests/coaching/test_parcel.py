"""What is kept is said in full: every table and every column that holds something of a member has its words."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.parcel import (
    ACCOUNT_KINDS,
    KINDS,
    LOOKS_OF_STAFF,
    CourseParcel,
    Rows,
    Seen,
    as_json,
    as_markdown,
    in_files,
)
from storage import tables

KIND = next(kind for kind in KINDS if kind.table == "share")
AT = datetime(2027, 3, 3, 23, 30, tzinfo=UTC)


def parcel(*rows: tuple[object, ...], closed: bool = False) -> str:
    kept = Rows(KIND, ("enrolment_id", "item", "shared_at"), rows)  # pyright: ignore[reportArgumentType]
    course = CourseParcel("PLN *1*\n## x", "a to b", "Europe/Berlin", closed, Seen("Nothing."), (kept,))
    return as_markdown(AT, [], [course], {("share", "item"): {"goal": "Your goal"}})


def test_every_table_that_names_a_member_or_an_account_is_a_kind() -> None:
    columns = {"user_id", "enrolment_id", "by_user_id"}
    naming = {table.name for table in tables.metadata.sorted_tables if columns & set(table.c.keys())}
    assert {kind.table for kind in (*KINDS, *ACCOUNT_KINDS)} == naming | {"ai_budget"}
    assert len({kind.table for kind in KINDS}) == len(KINDS)


def test_every_column_has_its_words_or_only_holds_rows_together() -> None:
    for kind in (*KINDS, *ACCOUNT_KINDS):
        columns = set(tables.metadata.tables[kind.table].c.keys())
        if kind in ACCOUNT_KINDS and kind.table in LOOKS_OF_STAFF:
            columns = set(kind.words)  # whom an instructor looked at is not theirs to take along
        assert columns - set(kind.keys) <= set(kind.words), kind.table
        assert set(kind.words) <= columns, kind.table


def test_moments_are_in_the_members_zone_and_ids_in_words() -> None:
    text = parcel((1, "goal", AT))
    assert "- what: Your goal; since: 2027-03-04 00:30" in text
    assert "enrolment" not in text


def test_what_was_chosen_reads_as_words_and_what_was_written_stays_as_it_is() -> None:
    assert "- what: not for me; since" in parcel((1, "not_for_me", AT))
    goal = next(kind for kind in KINDS if kind.table == "goal")
    rows = Rows(goal, ("title", "ending", "weeks"), (("my_goal", "stopped_early", 8),))
    course = CourseParcel("A", "a to b", "Europe/Berlin", closed=False, seen=Seen("Nothing."), kept=(rows,))
    assert "- goal: my_goal; weeks: 8; how it ended: stopped early" in as_markdown(AT, [], [course], {})


def test_several_values_are_listed_without_those_that_are_none() -> None:
    note = next(kind for kind in KINDS if kind.table == "nudge")
    facts = '{"term_week": 6, "has_goal": true, "goal_over": false, "recent_rules": ["A11", "A14"], "did": 0}'
    rows = Rows(note, ("facts",), ((facts,), ("{}",)))
    course = CourseParcel("A", "a to b", "Europe/Berlin", closed=False, seen=Seen("Nothing."), kept=(rows,))
    text = as_markdown(AT, [], [course], {})
    assert "- what the rule looked at: term week 6, has goal, recent rules A11, A14\n" in text
    assert "- what the rule looked at: nothing\n" in text


def test_every_time_is_in_a_zone_that_is_named() -> None:
    text = parcel((1, "goal", AT))
    assert "Made on 2027-03-04 at 00:30, Europe/Berlin time." in text
    assert text.count("Times are Europe/Berlin time.") == 2
    assert "Made on 2027-03-03 at 23:30, UTC time." in as_markdown(AT, [], [], {})


def test_what_is_missing_is_left_out_and_so_is_a_kind_without_rows() -> None:
    assert "- what: x\n" in parcel((1, "x", None))
    assert KIND.title not in parcel()


def test_a_name_cannot_pass_for_a_heading() -> None:
    assert "\n## PLN *1* ## x\n" in parcel()


def test_json_has_every_column_and_days_as_they_were() -> None:
    kept = Rows(KIND, ("enrolment_id", "item", "shared_at"), ((1, "ö", AT), (1, None, None)))
    text = as_json(AT, [kept], [])
    assert '"shared_at": "2027-03-03T23:30:00+00:00"' in text
    assert '"item": "ö"' in text
    day = Rows(KIND, ("item",), ((date(2027, 3, 3).isoformat(),),))
    assert '"2027-03-03"' in as_json(AT, [day], [])


@given(st.text(), st.integers(1, 60))
def test_a_text_cut_into_files_is_the_text_and_none_is_too_large(text: str, most: int) -> None:
    encoded = text.encode(errors="ignore")
    files = in_files("my-data", "md", encoded.decode(), most)
    assert b"".join(piece for _, piece in files) == encoded
    assert all(len(piece) <= most for _, piece in files)
    assert len({name for name, _ in files}) == len(files)


def test_files_are_numbered_only_when_there_are_several() -> None:
    assert in_files("a", "md", "x\n", 5) == [("a.md", b"x\n")]
    assert in_files("a", "md", "xxx\nyyy\n", 5) == [("a-1-of-2.md", b"xxx\n"), ("a-2-of-2.md", b"yyy\n")]
    assert in_files("a", "md", "", 5) == [("a.md", b"")]
