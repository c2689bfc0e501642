"""Files for a spreadsheet: pseudonyms, and cells that no spreadsheet reads as a formula."""

import csv
import hmac
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from io import StringIO
from typing import TypeAlias
from unicodedata import category, normalize

from bot.coaching.ids import EnrolmentId, UserId

Cell: TypeAlias = "str | int"

_REFERENCE_DIGITS = 12
_FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
# Where one spreadsheet or another splits a line, whatever separator the file was written with.
_SEPARATORS = frozenset(",;|\t\r\n")
_BLANKS = frozenset("\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}\N{BRAILLE PATTERN BLANK}\N{HANGUL CHOSEONG FILLER}")


def reference(key: str, enrolment_id: EnrolmentId, user_id: UserId) -> str:
    """Return a member's pseudonym, the same in all exports of a course made with one key.

    The account is part of it because the enrolment number of an erased member may be given to somebody else. It begins
    with letters so that no spreadsheet reads it as a number.
    """
    digest = hmac.new(key.encode(), f"{enrolment_id}:{user_id}".encode(), sha256)
    return f"ref-{digest.hexdigest()[:_REFERENCE_DIGITS]}"


def csv_file(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ",", texts: Collection[str] = ()
) -> bytes:
    """Write a CSV file in UTF-8 with a byte-order mark and CRLF, in which no cell is a formula.

    Args:
        separator: spreadsheets in languages with decimal commas expect `;`.
        texts: columns whose cells stay text, even if they look like numbers or dates.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(header)
    for row in rows:
        cells = zip(header, row, strict=True)
        writer.writerow(
            [
                cell if isinstance(cell, int) else text_cell(cell) if column in texts else safe_cell(cell)
                for column, cell in cells
            ]
        )
    return text.getvalue().encode("utf-8-sig", errors="replace")


def text_cell(text: str) -> str:
    """Return a cell that stays text: a student number such as 00123, or a name such as 3E5 or MARCH1.

    Spreadsheets turn those into numbers or dates and lose the original.
    """
    safe = safe_cell(text)
    if not any(letter.isdigit() for letter in text):
        return safe
    return '="' + safe.replace('"', '""') + '"'


def safe_cell(text: str) -> str:
    """Put an apostrophe wherever a spreadsheet could see the beginning of a formula (OWASP, CSV injection).

    That is at the start of the cell and after anything that some spreadsheet splits at, also behind spaces, quotes and
    invisible characters. A tab or line break at the start of the cell counts too.
    """
    written: list[str] = []
    begins = True
    for at, letter in enumerate(text):
        if begins and (_is_formula(text[at:]) or (at == 0 and letter in "\t\r\n")):
            written.append("'")
        written.append(letter)
        begins = letter in _SEPARATORS
    return "".join(written)


def _is_formula(text: str) -> bool:
    """Return whether a text begins like a formula once everything that could be trimmed is skipped."""
    for letter in text:
        if letter in _SEPARATORS:
            return False
        trimmed = letter in {'"', "'"} or letter in _BLANKS or letter.isspace() or category(letter)[0] in "CMZ"
        if not trimmed:
            return normalize("NFKC", letter)[:1] in _FORMULA_STARTS
    return False
