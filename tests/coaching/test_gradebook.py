"""Grade exports: read in every form that is in use, matched exactly, and given back with one column more."""

import csv
from io import StringIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.coaching.errors import NotAGradebook
from bot.coaching.gradebook import (
    COMPLETE,
    HEADER,
    INCOMPLETE,
    mark_of,
    match,
    number_key,
    read_gradebook,
    with_column,
)
from bot.coaching.register import StepWeek

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essay (4711),Final Score\r\n"
    ",,,,,Manual Posting,\r\n"
    "    Points Possible,,,,,10.00,(read only)\r\n"
    '"Zhou, Ann",101,s001,ann@uni.example,"PLN 1, Tuesday",9.5,95\r\n'
    '"O""Neil, Ben",102,s002,ben@uni.example,PLN 1,,0\r\n'
    '"Student, Test",103,,0a1b2c,PLN 1,,0\r\n'
)
"""After the documented export: header, posting row, points row, then a row a student."""
MOODLE = (
    '"First name",Surname,"ID number",Institution,Department,"Email address","Quiz: Start (Real)",'
    '"Last downloaded from this course"\n'
    "Ann,Zhou,s001,Uni,,ann@uni.example,8.00,1790000000\n"
    "Ben,Müller,s002,Uni,,ben@uni.example,-,1790000000\n"
)
ANN, BEN = "ann", "ben"
MEMBERS = {"s001": ANN, "ben@uni.example": BEN}


def column(content: bytes, codec: str = "utf-8-sig", separator: str = ",") -> list[str]:
    """Return the last column as a spreadsheet reads it."""
    rows = csv.reader(StringIO(content.decode(codec), newline=""), delimiter=separator)
    return [row[-1] for row in rows]


def test_canvas_gets_points_and_marks_and_keeps_every_other_cell() -> None:
    book = read_gradebook(CANVAS.encode())
    assert book.canvas
    found = match(book, MEMBERS)
    assert (found.by_row, found.unmatched) == ({3: ANN, 4: BEN}, 1)
    made = with_column(book, {3: COMPLETE, 4: INCOMPLETE})
    assert column(made) == [HEADER, "", "1", COMPLETE, INCOMPLETE, ""]
    lines = CANVAS.splitlines(keepends=True)
    assert made.decode().splitlines(keepends=True)[4] == lines[4].replace("\r\n", ",incomplete\r\n")


def test_moodle_is_matched_by_id_number_or_email() -> None:
    book = read_gradebook(MOODLE.encode())
    assert not book.canvas
    found = match(book, MEMBERS)
    assert (found.by_row, found.unmatched) == ({1: ANN, 2: BEN}, 0)
    assert column(with_column(book, {2: COMPLETE})) == [HEADER, "", COMPLETE]


@pytest.mark.parametrize("text", [CANVAS, MOODLE], ids=["canvas", "moodle"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("bom", "codec"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"", "cp1252"),
        (b"", "latin-1"),
    ],
)
def test_encoding_separator_and_line_endings_come_back(text: str, separator: str, bom: bytes, codec: str) -> None:
    if separator != ",":
        rows = csv.reader(StringIO(text, newline=""))
        out = StringIO(newline="")
        csv.writer(out, delimiter=separator, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(rows)
        text = out.getvalue()
    content = bom + text.encode(codec)
    book = read_gradebook(content)
    made = with_column(book, dict.fromkeys(match(book, MEMBERS).by_row, COMPLETE))
    assert made.startswith(bom)
    back = made.removeprefix(bom).decode(codec)
    quoted = f'"{HEADER}"'
    for cell in (quoted, "1", COMPLETE, ""):
        for ending in ("\r\n", "\n"):
            back = back.replace(f"{separator}{cell}{ending}", ending, 1) if cell == quoted else back
    assert [line.rpartition(separator)[0] for line in back.splitlines()][1:] == text.splitlines()[1:]
    assert column(made.removeprefix(bom), codec, separator).count(COMPLETE) == 2


def test_a_column_from_an_earlier_time_gets_the_new_marks() -> None:
    once = with_column(read_gradebook(CANVAS.encode()), {3: INCOMPLETE, 4: COMPLETE})
    back = once.decode().replace(HEADER, f"{HEADER} (4712)").encode()
    again = with_column(read_gradebook(back), {3: COMPLETE})
    assert column(again) == [f"{HEADER} (4712)", "", "1", COMPLETE, COMPLETE, ""]
    assert again == back.replace(b"95,incomplete", b"95,complete")


@pytest.mark.parametrize("name", [f"{HEADER} (Real)", f"Manual item: {HEADER} (Réel)"])
def test_column_that_comes_back_from_moodle_gets_the_new_marks(name: str) -> None:
    back = MOODLE.replace("Quiz: Start (Real)", name)
    again = with_column(read_gradebook(back.encode()), {1: COMPLETE})
    assert again.decode() == back.replace("8.00", COMPLETE)


def test_a_row_that_could_be_two_and_a_member_with_two_rows_are_nobodys() -> None:
    two = "Username,ID number,Email address\na,s001,\nb,s002,ben@uni.example\nc,s001,\nd,,ann@uni.example\n"
    book = read_gradebook(two.encode())
    members = {"s001": "x", "s002": "y", "ben@uni.example": "z", "ann@uni.example": "w"}
    found = match(book, members)
    assert (found.by_row, found.unmatched) == ({4: "w"}, 3)
    assert found.shared == [{"y", "z"}]


def test_numbers_of_canvas_accounts_match_only_where_nothing_better_is() -> None:
    assert match(read_gradebook(CANVAS.encode()), {"101": ANN}).by_row == {}
    plain = "Student,ID,Section\nAnn,101,A\n"
    assert match(read_gradebook(plain.encode()), {"101": ANN}).by_row == {1: ANN}


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04\0\0", b"a,b\n1,2\n", b"\xff\xfea", b"ID number", b"Name;Grade\nAnn;1\n"]
)
def test_what_is_no_grade_export_is_refused(content: bytes) -> None:
    with pytest.raises(NotAGradebook):
        read_gradebook(content)


def test_numbers_are_compared_as_members_entered_them() -> None:
    assert number_key(" S001 ") == number_key("s001") == "s001"
    assert number_key("") is None
    assert number_key("x" * 99) is None


@pytest.mark.parametrize(
    ("steps", "needed", "expected"),
    [
        ("ddo", 2, (2, 3, COMPLETE)),
        ("doo", 2, (1, 3, INCOMPLETE)),
        ("fdf", 2, (1, 1, COMPLETE)),
        ("fof", 2, (0, 1, INCOMPLETE)),
        ("fff", 2, (0, 0, None)),
    ],
)
def test_whoever_has_fewer_weeks_is_complete_with_all_of_theirs(
    steps: str, needed: int, expected: tuple[int, int, str | None]
) -> None:
    kinds = {"d": StepWeek.DONE, "o": StepWeek.OPEN, "f": StepWeek.FREE}
    assert mark_of([kinds[one] for one in steps], needed) == expected


def test_one_long_row_makes_no_file_of_gigabytes() -> None:
    with pytest.raises(NotAGradebook):
        read_gradebook(b"ID number,x\n" + b"," * 60_000 + b"y\n" + b"a\n" * 60_000)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8)
ENDINGS = st.sampled_from(["\r\n", "\n"])


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6), ENDINGS, st.sampled_from(",;\t"), st.booleans())
def test_all_other_cells_are_unchanged(rows: list[list[str]], ending: str, separator: str, quoted: bool) -> None:
    # A file without quotes cannot have a line break in a cell; Python's own writer and reader disagree about "\r".
    assume(quoted or not any("\r" in cell for row in rows for cell in row))
    out = StringIO(newline="")
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=separator, lineterminator=ending, quoting=quoting)
    writer.writerows([["Username", "Email address", "Grade"], *rows])
    content = out.getvalue().encode()
    book = read_gradebook(content)
    marks = dict.fromkeys(book.students[::2], COMPLETE)
    made = with_column(book, marks)
    read = list(csv.reader(StringIO(made.decode(), newline=""), delimiter=separator))
    before = list(csv.reader(StringIO(content.decode(), newline=""), delimiter=separator))
    assert [row[:3] for row in read] == before
    written = [[marks.get(number, "")] if any(row) else [] for number, row in enumerate(before)][1:]
    assert [row[3:] for row in read[1:]] == written, "rows without anything stay as they are"
    once = with_column(read_gradebook(made), {})
    assert once == made, "without marks the file is the same, byte for byte"
