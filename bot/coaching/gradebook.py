"""A grade export of Canvas or Moodle: read as text, and written back as it was with one column more.

Cells are kept as they stand in the file, with their quotes, so that what is not ours comes back byte for byte. The
formats are those of Canvas' gradebook export (a row "Points Possible" under the header) and of Moodle's export as plain
text (identity columns first, "Last downloaded from this course" at the end).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bot.coaching.errors import NotAGradebook, TextMissing, TextTooLong
from bot.coaching.register import StepWeek
from bot.coaching.student_numbers import checked_number

T = TypeVar("T")
SIZE_LIMIT = 2 * 1024 * 1024
"""Most bytes of a file."""
MOST_CELLS = 2_000_000
"""Most cells of a file once every row is as wide as its widest: one long row makes no file of gigabytes."""
HEADER = "PLN Coach steps (as members marked it; not verified)"
COMPLETE, INCOMPLETE = "complete", "incomplete"
POINTS = "1"
"""Points possible in Canvas: with it "complete" is worth one point, and "incomplete" none."""
_BOMS = (("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"))
_CODECS = ("utf-8", "cp1252", "latin-1")
_SEPARATORS = ",;\t"
_HEADER_ROWS = 3
"""In how many rows at the top the header is looked for."""
_IDENTITY = frozenset(
    {
        "sis user id", "sis login id", "integration id", "id number", "email address", "email", "username",
        "id-nummer", "e-mail-adresse", "anmeldename",
        "numéro d’identification", "numéro d'identification", "adresse de courriel", "nom d’utilisateur",
        "nom d'utilisateur", "número de id", "dirección de correo", "nombre de usuario", "e-mailadres",
        "gebruikersnaam",
    }
)  # fmt: skip
"""Columns that may hold a student number or login, in Canvas and in Moodle's most used languages."""
_CANVAS_ID = "id"
"""Canvas' own number of an account; it is looked at only where a file has nothing better."""
_OURS = re.compile(rf"(?:[^:]+: )?{re.escape(HEADER)}(?: \([^()]+\))?")
"""With what comes back beside it: Canvas' number of an assignment, Moodle's kind of item and form of grade (Real)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its cells as they stand there, and what ends it."""

    cells: Sequence[str]
    ending: str

    @property
    def blank(self) -> bool:
        """Return whether nothing is in it."""
        return not any(map(value_of, self.cells))


@dataclass(frozen=True, slots=True)
class Gradebook:
    """A grade export.

    Attributes:
        header: The number of the row with the names of the columns.
        identity: The columns that say who somebody is.
        canvas: It is Canvas' export, else Moodle's.
    """

    rows: Sequence[Row]
    separator: str
    codec: str
    bom: bytes
    header: int
    identity: Sequence[int]
    canvas: bool

    @property
    def students(self) -> list[int]:
        """Return the numbers of the rows that are about somebody."""
        after = range(self.header + 1, len(self.rows))
        return [number for number in after if not self.rows[number].blank and not self._is_about_columns(number)]

    def has_points(self, number: int) -> bool:
        """Return whether a row says how many points a column is worth."""
        return self.canvas and "Points Possible" in value_of(self.rows[number].cells[0])

    def _is_about_columns(self, number: int) -> bool:
        values = [value_of(cell).strip() for cell in self.rows[number].cells]
        posting = all(not one or re.fullmatch(r"Muted|Manual Posting.*", one, re.IGNORECASE) for one in values)
        return self.has_points(number) or (self.canvas and posting)


@dataclass(frozen=True, slots=True)
class Matches(Generic[T]):
    """Which row is whose.

    Attributes:
        unmatched: How many rows are nobody's, or not surely one member's.
        shared: The members of each row that is more than one's: each gave something that stands in it.
    """

    by_row: Mapping[int, T]
    unmatched: int
    shared: Sequence[Collection[T]] = ()


def read_gradebook(content: bytes) -> Gradebook:
    """Read a grade export in any of the encodings and separators that are in use; raises NotAGradebook."""
    text, codec, bom = _decoded(content)
    found: list[Gradebook] = []
    for separator in _SEPARATORS:
        rows = _rows(text, separator)
        for number, row in enumerate(rows[:_HEADER_ROWS]):
            names = [value_of(cell).strip().casefold() for cell in row.cells]
            sure = [at for at, name in enumerate(names) if name in _IDENTITY]
            identity = sure or [at for at, name in enumerate(names) if name == _CANVAS_ID]
            canvas = names[0] in {"student", "lastname"} and _CANVAS_ID in names
            if identity and len(names) > 1:
                found.append(Gradebook(rows, separator, codec, bom, number, identity, canvas))
                break
    found = [one for one in found if len(one.rows) * max(len(row.cells) for row in one.rows) <= MOST_CELLS]
    if not found:
        raise NotAGradebook
    return max(found, key=lambda one: len(one.rows[one.header].cells))


def _decoded(content: bytes) -> tuple[str, str, bytes]:
    for codec, bom in _BOMS:
        if content.startswith(bom):
            try:
                return content.removeprefix(bom).decode(codec), codec, bom
            except UnicodeDecodeError as error:
                raise NotAGradebook from error
    if b"\0" in content:  # a workbook or a picture: no text of one byte a letter has it
        raise NotAGradebook
    for codec in _CODECS:
        try:
            return content.decode(codec), codec, b""
        except UnicodeDecodeError:
            continue
    raise NotAGradebook  # pragma: no cover - latin-1 reads everything


def _rows(text: str, separator: str) -> list[Row]:
    other = rf"[^{separator}\r\n]*"
    cell = re.compile(rf'("[^"]*(?:""[^"]*)*"{other}|{other})({separator}|\r\n|\r|\n|\Z)')
    rows: list[Row] = []
    cells: list[str] = []
    at = 0
    while found := cell.match(text, at):
        cells.append(found[1])
        at = found.end()
        if found[2] != separator:
            rows.append(Row(cells, found[2]))
            cells = []
            if at == len(text):
                break
    return rows


def value_of(cell: str) -> str:
    """Return what a cell says, without its quotes."""
    quoted = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"') if quoted else cell


def number_key(written: str) -> str | None:
    """Return a student number or login as it is compared; None for what cannot be one."""
    try:
        return checked_number(written)[1]
    except (TextMissing, TextTooLong):
        return None


def match(book: Gradebook, members: Mapping[str, T]) -> Matches[T]:
    """Find whose each row is: exactly one member's, by exactly what they entered, and no other row theirs.

    Args:
        members: By their number or login as it is compared.
    """
    found: dict[int, T] = {}
    shared: list[Collection[T]] = []
    for number in book.students:
        keys = {number_key(cell) for cell in _identity_of(book, number)}
        whose = {members[key] for key in keys if key is not None and key in members}
        if len(whose) == 1:
            found[number] = whose.pop()
        elif whose:
            shared.append(whose)
    rows_of = Counter(found.values())
    sure = {number: one for number, one in found.items() if rows_of[one] == 1}
    return Matches(sure, len(book.students) - len(sure), shared)


def _identity_of(book: Gradebook, number: int) -> Iterator[str]:
    cells = book.rows[number].cells
    yield from (value_of(cells[at]) for at in book.identity if at < len(cells))


def with_column(book: Gradebook, marks: Mapping[int, str]) -> bytes:
    """Return the file with one column more; one that it has from an earlier time gets the new marks instead.

    Args:
        marks: What the column says, by the row's number; other rows get an empty cell, or keep what they have.
    """
    names = [value_of(cell) for cell in book.rows[book.header].cells]
    ours = next((at for at, name in enumerate(names) if _OURS.fullmatch(name)), None)
    width = max(len(row.cells) for row in book.rows if not row.blank)
    written: list[Row] = []
    for number, row in enumerate(book.rows):
        if row.blank:
            written.append(row)
            continue
        cells = [*row.cells, *[""] * (width - len(row.cells))]
        mark = marks.get(number)
        if ours is None:
            first = HEADER if number == book.header else POINTS if book.has_points(number) else ""
            written.append(replace(row, cells=[*cells, _as_cell(book, mark or first)]))
        elif mark is not None:
            cells[ours] = _as_cell(book, mark)
            written.append(replace(row, cells=cells))
        else:
            written.append(row)
    text = "".join(book.separator.join(row.cells) + row.ending for row in written)
    return book.bom + text.encode(book.codec)


def _as_cell(book: Gradebook, text: str) -> str:
    everything_quoted = all(cell.startswith('"') for cell in book.rows[book.header].cells)
    return f'"{text}"' if everything_quoted or set(text) & set(_SEPARATORS) else text


def mark_of(steps: Sequence[StepWeek], needed: int) -> tuple[int, int, str | None]:
    """Return how many of the chosen weeks are done, how many count for a member, and the mark.

    Whoever has fewer counted weeks than are needed is complete with all of theirs; without any there is no mark.
    """
    counted = sum(step is not StepWeek.FREE for step in steps)
    done = sum(step is StepWeek.DONE for step in steps)
    if not counted:
        return done, counted, None
    return done, counted, COMPLETE if done >= min(needed, counted) else INCOMPLETE
