"""Files for a spreadsheet: every cell of text stays text, whatever somebody calls themselves."""

import csv
from io import StringIO
from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.exports import csv_file, reference, safe_cell, text_cell
from bot.coaching.ids import EnrolmentId, UserId

BOM = b"\xef\xbb\xbf"
SPREADSHEETS = ",;\t|"
"""Where spreadsheets split lines, by the country they are set to."""
NASTY = st.text(st.sampled_from("=+-@\t\r\n ,;|\"'＝＋－＠﹦−\u200b\ufeff\u00a0\u2060\u3164\u0301aZ1(")) | st.text()
ANN = UserId(10)


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), delimiter=separator))


def is_formula(cell: str) -> bool:
    """Return whether some spreadsheet could evaluate a cell: one that trims as much as it can, and reads full width."""
    left = cell
    while left and (left[0].isspace() or left[0] == '"' or category(left[0])[0] in "CMZ" or left[0] in "\u3164\u2800"):
        left = left[1:]
    return bool(left) and normalize("NFKC", left[0])[:1] in set("=+-@\u2212")


def test_checker_knows_a_formula() -> None:
    assert all(is_formula(cell) for cell in ("=1+1", " \u200b=1", "＝1", "\t@SUM(A1)", "-2", "\u2212x", '"=1'))
    assert not any(is_formula(cell) for cell in ("'=1+1", "a=1", "", "12", "Ann (=^.^=)"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-Ann-", "'-Ann-"),
        ("@ann", "'@ann"),
        ("\tann", "'\tann"),
        ("\n=ann", "'\n'=ann"),
        ("  =1", "'  =1"),
        ("\u200b=1", "'\u200b=1"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "''=1"),
        ("a@b-c+d = e", "a@b-c+d = e"),
        ("Ann, -1", "Ann,' -1"),
        ('Ann|"=1"', 'Ann|\'"=1"'),
        ("Łucja 🦊", "Łucja 🦊"),
    ],
)
def test_cell_that_begins_like_a_formula_gets_an_apostrophe(text: str, written: str) -> None:
    assert safe_cell(text) == written


@given(st.lists(NASTY, min_size=1, max_size=4))
def test_no_cell_is_a_formula_wherever_a_spreadsheet_splits_lines(texts: list[str]) -> None:
    file = csv_file(["name"] * len(texts), [texts]).decode("utf-8-sig")
    for separator in SPREADSHEETS:
        assert not [cell for row in rows_of(file, separator) for cell in row if is_formula(cell)]


@given(NASTY)
def test_only_apostrophes_are_added_to_a_cell(text: str) -> None:
    at = 0
    for letter in safe_cell(text):
        if at < len(text) and letter == text[at]:
            at += 1
        else:
            assert letter == "'"
    assert at == len(text)


@given(st.lists(st.lists(NASTY.filter(lambda text: "\0" not in text), min_size=2, max_size=2), max_size=4))
def test_reader_gets_the_rows_that_were_written(rows: list[list[str]]) -> None:
    file = csv_file(("one", "two"), rows).decode("utf-8-sig")
    assert rows_of(file) == [["one", "two"], *([safe_cell(cell) for cell in row] for row in rows)]


def test_file_is_utf8_with_a_mark_and_windows_line_ends() -> None:
    assert csv_file(("name", "weeks"), [("Łucja", 3)]) == BOM + "name,weeks\r\nŁucja,3\r\n".encode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("00123", '="00123"'),
        ("3E5", '="3E5"'),
        ('Al "2" Roe', '="Al ""2"" Roe"'),
        ("2;=1+1", '="2;\'=1+1"'),
        ("Ann", "Ann"),
        ("=Ann", "'=Ann"),
    ],
)
def test_text_that_looks_like_a_number_or_date_stays_text(text: str, written: str) -> None:
    assert text_cell(text) == written
    file = csv_file(("name", "note"), [(text, "00123")], ";", {"name"}).decode("utf-8-sig")
    assert rows_of(file, ";")[1] == [written, "00123"]


@given(NASTY)
def test_text_cell_is_one_string_for_any_text(text: str) -> None:
    written = text_cell(text)
    if written.startswith('="'):
        assert written.endswith('"')
        assert '"' not in written[2:-1].replace('""', "")
    else:
        assert written == safe_cell(text)


def test_pseudonym_depends_on_key_enrolment_and_account_and_is_no_number() -> None:
    here, again, there = (
        [reference(key, EnrolmentId(number), ANN) for number in range(300)] for key in ("one", "one", "two")
    )
    assert here == again
    assert len({*here, *there}) == 600
    # The enrolment number of somebody who was erased may be given again.
    assert reference("one", EnrolmentId(7), UserId(11)) not in here
    assert all(made.startswith("ref-") and safe_cell(made) == made for made in here)
