"""Tables of text whose cells are parted by commas, semicolons, tabs or bars.

Which mark parts the cells is told by the header: under one of them it names what a table needs. Lines are those that an
editor shows: line breaks within quotes count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from estimates.errors import Fault, ReportsError
from estimates.table.header import EXAMPLE_HEADER, Wanted, header_below, title_above
from estimates.table.plain import columns_of_plain_text
from estimates.table.rows import Rows

__all__ = ["rows_of_text"]

#: Marks between cells, the most frequent first: what they are called, and what to add where cells are missing.
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
#: Rows from which the mark is told, and characters in which they are looked for.
_ROWS_TRIED, _BEGINNING = 25, 1 << 20
#: A line that spreadsheets write above the header to name the mark.
_NAMED = re.compile(r"[ \t]*sep=(?P<mark>[,;|\t])[ \t]*(\r\n|\r|\n)", re.IGNORECASE)


def rows_of_text(text: str, name: str, wanted: Wanted) -> Rows:
    """Split text into rows.

    Parameters
    ----------
    text : str
    name : str
        Where it came from.
    wanted : Wanted
        What the header must name.

    Returns
    -------
    Rows
        All rows that are not blank.

    Raises
    ------
    ReportsError
        If the quoting is broken, rows have too many or too few cells, or a title stands above the header.
    """
    first_line = 1
    if named := _NAMED.match(text):
        first_line, text = 2, text[named.end() :]
    separator = named["mark"] if named else _separator(text, wanted)

    if plain := _plain_rows(text, name, separator, first_line, wanted):
        return plain

    rows, faults = _split(text, separator, first_line)
    if not rows:
        raise ReportsError(name, faults or [Fault("the file is empty", f"write a header: {EXAMPLE_HEADER}")])

    (header_line, header), *below = rows
    if title := title_above(header, below, header_line, wanted):
        raise ReportsError(name, title + faults)

    width = len(header)
    for line, row in below:
        while len(row) > width and not row[-1].strip():
            row.pop()  # empty cells past the header hold nothing; spreadsheets write them
        if len(row) != width:
            faults.append(_ragged(line, row, width, separator))
    if faults:
        faults = header_below(header, below) or faults
        raise ReportsError(name, sorted(faults, key=lambda fault: fault.line or 0))

    columns: list[Iterable[Any]] = [*zip(*(row for _, row in below), strict=True)] if below else [()] * width
    return Rows(name, [line for line, _ in below], header, columns)


def _plain_rows(text: str, name: str, separator: str, first_line: int, wanted: Wanted) -> Rows | None:
    """The rows of a large text that is plain and without faults; None where it has to be gone through row by row."""
    header = next(_filled(text[: text.find("\n") + 1], separator), None)
    if header is None or not wanted.is_met(header):
        return None
    found = columns_of_plain_text(text, separator, header)
    if found is None:
        return None
    columns, places = found
    return Rows(name, [first_line + place for place in places], header, list(columns))


# ------------------------------------------------------------------------------------------------------- the separator


def _separator(text: str, wanted: Wanted) -> str:
    """The mark under which the header names most of what is wanted; the comma where none is better."""
    beginning = text[:_BEGINNING]
    return max(_SEPARATORS, key=lambda mark: _fit(beginning, mark, wanted))


def _fit(text: str, mark: str, wanted: Wanted) -> tuple[bool, int, int]:
    """Whether a row has all names that are needed, how many the first row has, and how many cells it parts."""
    rows = list(islice(_filled(text, mark), _ROWS_TRIED))
    if not rows:
        return False, 0, 0

    width = len(rows[0])
    as_wide = sum(len(row) == width for row in rows)
    return any(map(wanted.is_met, rows)), wanted.known(rows[0]), width if 2 * as_wide > len(rows) else 1


def _filled(text: str, mark: str) -> Iterator[list[str]]:
    """Rows that are not blank, up to where the quoting breaks."""
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            if any(map(str.strip, row)):
                yield row
    except csv.Error:
        return


# ------------------------------------------------------------------------------------------------------------ the rows


def _split(text: str, separator: str, first_line: int) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Split into rows that are not blank, each with the line it starts on; a quoting fault ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = first_line
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append((line, row))
            line = reader.line_num + first_line
    except csv.Error as error:
        return rows, [_quoting_fault(str(error), line)]
    return rows, []


def _quoting_fault(error: str, line: int) -> Fault:
    if "unexpected end of data" in error:
        return Fault("a quote opened in this row is never closed", 'close it, or write a quote in a cell as ""', line)
    if "field larger" in error:
        limit = csv.field_size_limit()
        mend = "look for a quote that is never closed, or shorten the cell"
        return Fault(f"a cell is too large (over {limit:,} characters)", mend, line)

    mend = 'put the whole cell in quotes and double those inside it: ""'
    return Fault(f"the quoting is broken ({error})", mend, line)


def _ragged(line: int, row: list[str], width: int, separator: str) -> Fault:
    called = _SEPARATORS[separator]
    example = ': "1,200"' if separator == "," else ""
    mend = f"put cells that hold a {called} in quotes{example}" if len(row) > width else f"add the missing {called}s"
    return Fault(f"the row has {len(row)} cell{'s' if len(row) != 1 else ''}, the header has {width}", mend, line)
