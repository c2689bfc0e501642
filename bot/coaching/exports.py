"""Files for a spreadsheet: pseudonyms, and cells that no spreadsheet takes for a formula."""

import csv
import hmac
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from io import StringIO
from typing import TypeAlias
from unicodedata import category, normalize

from bot.coaching.ids import EnrolmentId, UserId

Cell: TypeAlias = "str | int"

REFERENCE_DIGITS = 12
_TRIGGERS = frozenset("=+-@\N{MINUS SIGN}")
_SEPARATORS = frozenset(",;|\t\r\n")
"""What one spreadsheet or another splits a line at, whatever it was written with."""
_BLANK = frozenset("\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}\N{BRAILLE PATTERN BLANK}\N{HANGUL CHOSEONG FILLER}")


def reference(key: str, enrolment_id: EnrolmentId, user_id: UserId) -> str:
    """Return a member's pseudonym in a course's exports: the same in each of them, another with another key.

    Of the account too: the number of somebody who was erased may be given to somebody else. It begins with letters, so
    that no spreadsheet reads it as a number.
    """
    made = hmac.new(key.encode(), f"{enrolment_id}:{user_id}".encode(), sha256)
    return f"ref-{made.hexdigest()[:REFERENCE_DIGITS]}"


def csv_file(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ",", texts: Collection[str] = ()
) -> bytes:
    """Return a CSV file in UTF-8 with a byte-order mark and CRLF, in which no cell is a formula.

    Args:
        separator: What stands between cells; a spreadsheet set to a language with decimal commas expects `;`.
        texts: The columns whose cells stay text, whatever they look like.
    """
    text = StringIO(newline="")
    written = csv.writer(text, delimiter=separator)
    written.writerow(header)
    for row in rows:
        cells = zip(header, row, strict=True)
        written.writerow(
            [
                cell if isinstance(cell, int) else (text_cell if name in texts else safe_cell)(cell)
                for name, cell in cells
            ]
        )
    return text.getvalue().encode("utf-8-sig", errors="replace")


def text_cell(text: str) -> str:
    """Return a cell that stays text: a student number such as 00123, or a name such as 3E5 or MARCH1.

    Spreadsheets read those as numbers or dates and keep nothing of what was there.
    """
    safe = safe_cell(text)
    if not any(sign.isdigit() for sign in text):
        return safe
    return '="' + safe.replace('"', '""') + '"'


def safe_cell(text: str) -> str:
    """Return the text with an apostrophe wherever a spreadsheet could take it for the beginning of a formula.

    That is at its start, also behind spaces, quotes and what nobody sees, and after anything that a spreadsheet set to
    another separator would split it at. Tabs and returns at its start count as well (OWASP, CSV injection).
    """
    made: list[str] = []
    begins = True
    for at, sign in enumerate(text):
        if begins and (_formula(text[at:]) or (at == 0 and sign in "\t\r\n")):
            made.append("'")
        made.append(sign)
        begins = sign in _SEPARATORS
    return "".join(made)


def _formula(rest: str) -> bool:
    """Return whether what follows begins like a formula once all that could be trimmed is gone."""
    for sign in rest:
        if sign in _SEPARATORS:
            return False
        if not _trimmed(sign):
            return normalize("NFKC", sign)[:1] in _TRIGGERS
    return False


def _trimmed(sign: str) -> bool:
    return sign in {'"', "'"} or sign in _BLANK or sign.isspace() or category(sign)[0] in "CMZ"
