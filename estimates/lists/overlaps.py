"""From a table of overlapping lists to patterns and counts; everything wrong with it is told at once."""

from __future__ import annotations

import hashlib
import json
import math
import numbers
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from estimates.errors import Fault, ReportsError
from estimates.models.types import Integers
from estimates.table.faults import did_you_mean, quoted, refusal
from estimates.table.header import normal
from estimates.table.source import Rows, read_rows

__all__ = ["COUNT_COLUMNS", "MOST_LISTS", "Overlaps", "read_overlaps"]

#: Names of the column that says how many people have the pattern of a row.
COUNT_COLUMNS = ("count", "counts", "n", "people", "number", "freq", "frequency")
#: More lists have more patterns than people who could have them.
MOST_LISTS = 20
_LARGEST_COUNT = 10**9
_EXAMPLE = "A,B,C,count"
_MOST_OF_A_COLUMN = 5


@dataclass(frozen=True)
class Overlaps:
    """How many people are on which lists.

    Attributes
    ----------
    name : str
        Where the table came from.
    lists : tuple of str
        Names of the lists.
    patterns : array of int, shape (patterns, lists)
        The patterns that somebody has, each with some list, in ascending order.
    counts : array of int, shape (patterns,)
        How many people have each.
    notes : tuple of str
        What was assumed in reading.
    """

    name: str
    lists: tuple[str, ...]
    patterns: Integers
    counts: Integers
    notes: tuple[str, ...]

    @property
    def people(self) -> int:
        """People on any list."""
        return int(self.counts.sum())

    @property
    def sizes(self) -> tuple[int, ...]:
        """People on each list."""
        return tuple(int(size) for size in self.counts @ self.patterns)

    @property
    def shared(self) -> int:
        """People on two lists or more."""
        return int(self.counts[self.patterns.sum(axis=1) > 1].sum())

    @property
    def data_hash(self) -> str:
        """SHA-256 of what the table says: the same for rows in any order and for one row a person."""
        said = [list(self.lists), self.patterns.tolist(), self.counts.tolist()]
        return hashlib.sha256(json.dumps(said).encode("ascii")).hexdigest()


def read_overlaps(source: object, lists: Sequence[str] | None = None) -> Overlaps:
    """Read a table of overlapping lists.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or list of dict
        One row per pattern with a column ``count`` (or n, people, number, freq, frequency), or one row per person
        without it. Every other column is a list, and holds 1 for those on it, 0 for the others.
    lists : sequence of str, optional
        The columns that are lists; all others but the count are left out then.

    Returns
    -------
    Overlaps

    Raises
    ------
    ReportsError
        With everything that is wrong with the table.
    TypeError
        If the source is none of the above.
    """
    rows = _rows(source)
    header = [name.strip() for name in rows.header]
    faults = _faults_of_header(header, lists)
    if faults:
        raise ReportsError(rows.name, faults)

    place = next((place for place, name in enumerate(header) if normal(name) in COUNT_COLUMNS), None)
    if lists is not None and place is not None and header[place] in lists:
        place = None
    chosen = [at for at, name in enumerate(header) if at != place and (lists is None or name in lists)]
    if not 1 <= len(chosen) <= MOST_LISTS:
        what = "no column is a list" if not chosen else f"{len(chosen)} columns would be lists, more than {MOST_LISTS}"
        raise refusal(rows.name, what, f"the header looks like this: {_EXAMPLE}")
    if not rows.lines:
        raise refusal(rows.name, "there are no rows below the header", "write one row per pattern, or one per person")

    cells = [_cells(rows, at, header[at], _on_list, faults) for at in chosen]
    counts = _cells(rows, place, header[place], _count, faults) if place is not None else [1] * len(rows.lines)
    _check_rows(rows, cells, counts, place is not None, faults)
    if faults:
        raise ReportsError(rows.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.column or "")))
    return _overlaps(rows.name, [header[at] for at in chosen], np.array(cells).T, np.array(counts), place is not None)


def _rows(source: object) -> Rows:
    """The rows of a table, with advice that fits lists where the file is empty or cut at other marks."""
    try:
        rows = read_rows(source)
    except ReportsError as error:
        if any(fault.what == "the file is empty" for fault in error.faults):
            raise refusal(error.name, "the file is empty", f"write a header and one row per pattern: {_EXAMPLE}") from None
        raise

    if len(rows.header) == 1:
        for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if separator in rows.header[0]:
                raise refusal(rows.name, f"cells are separated by {called}", "save the table with commas (CSV)", 1)
    return rows


def _faults_of_header(header: Sequence[str], lists: Sequence[str] | None) -> list[Fault]:
    """Columns without a name, named twice, or asked for and not there; two columns of counts."""
    faults = [
        Fault(f"column {place} has no name", "name the list, or leave the column out", 1)
        for place, name in enumerate(header, start=1)
        if not name
    ]
    often = Counter(name for name in header if name)
    faults += [Fault("the header names it twice", "keep one of them", 1, name) for name in often if often[name] > 1]

    counts = [name for name in header if normal(name) in COUNT_COLUMNS and name not in (lists or ())]
    if len(set(counts)) > 1:
        faults.append(Fault(f"{' and '.join(map(repr, counts))} may both be the count", "keep one, name it 'count'", 1))
    for name in lists or ():
        if name not in header:
            mend = did_you_mean(name, header) or "name columns as the header does"
            faults.append(Fault(f"there is no column {quoted(name)}", mend))
    return faults


def _cells(rows: Rows, place: int, name: str, read: Any, faults: list[Fault]) -> list[int]:
    """Read a column; where many cells are wrong the first few are told, and how many more there are."""
    found, wrong = [], []
    for line, cell in zip(rows.lines, rows.columns[place], strict=True):
        value, fault = read(cell)
        found.append(value)
        if fault is not None:
            wrong.append(Fault(*fault, line, name))

    faults += wrong[:_MOST_OF_A_COLUMN]
    if len(wrong) > _MOST_OF_A_COLUMN:
        more = f"{len(wrong) - _MOST_OF_A_COLUMN:,} more cells of the column are wrong"
        faults.append(Fault(more, "if it is no list, leave the column out, or name the lists (lists=, --list)", None, name))
    return found


def _on_list(cell: object) -> tuple[int, tuple[str, str] | None]:
    """0 or 1, and what is wrong otherwise."""
    number = _number(cell)
    if number in (0.0, 1.0):
        return int(number), None
    empty = _is_empty(cell)
    what = "the cell is empty" if empty else f"{quoted(cell)} is neither 0 nor 1"
    return 0, (what, "write 1 for those on the list, 0 for the others")


def _count(cell: object) -> tuple[int, tuple[str, str] | None]:
    """A count, and what is wrong otherwise."""
    number = _number(cell)
    if number is None or not number.is_integer() or not 0 <= number <= _LARGEST_COUNT:
        if _is_empty(cell):
            return 0, ("the cell is empty", "write how many people have the pattern, 0 for nobody")
        negative = number is not None and number < 0
        what = f"{quoted(cell)} is {'less than nobody' if negative else 'no count of people'}"
        return 0, (what, f"write a whole number from 0 to {_LARGEST_COUNT:,}")
    return int(number), None


def _number(cell: object) -> float | None:
    """The number in a cell of text, or of a frame; None where there is none."""
    if isinstance(cell, numbers.Real | np.bool_):
        return float(cell) if math.isfinite(float(cell)) else None
    text = str(cell).strip()
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell)) or not str(cell).strip() or str(cell) == "<NA>"


def _check_rows(rows: Rows, cells: Iterable[Sequence[int]], counts: Sequence[int], grouped: bool, faults: list[Fault]) -> None:
    """Rows on no list, patterns given twice, and tables of nobody."""
    wrong = {fault.line for fault in faults}
    first: dict[tuple[int, ...], int] = {}
    nobody = []
    for line, pattern in zip(rows.lines, zip(*cells, strict=True), strict=True):
        if line in wrong:
            continue
        if not any(pattern):
            nobody.append(Fault("the row is of people on no list", "leave it out: they are what is estimated", line))
        elif grouped and pattern in first:
            faults.append(Fault(f"the pattern stands on line {first[pattern]} already", "add the two counts", line))
        first.setdefault(pattern, line)

    faults += nobody[:_MOST_OF_A_COLUMN]
    if len(nobody) > _MOST_OF_A_COLUMN:
        faults.append(Fault(f"{len(nobody) - _MOST_OF_A_COLUMN:,} more rows are of people on no list", "leave them out"))
    if not faults and sum(counts) == 0:
        faults.append(Fault("nobody is on any list", "write how many people have each pattern in 'count'"))


def _overlaps(name: str, lists: Sequence[str], rows: Integers, counts: Integers, grouped: bool) -> Overlaps:
    """Patterns in ascending order, with what was assumed; lists that nobody is on are left out."""
    notes = [] if grouped else ["there is no column 'count': every row is one person"]
    kept = counts > 0
    patterns, where = np.unique(rows[kept].astype(np.int64), axis=0, return_inverse=True)
    people = np.bincount(where.ravel(), weights=counts[kept]).astype(np.int64)

    empty = ~patterns.any(axis=0)
    if empty.any():
        names = ", ".join(repr(one) for one, none in zip(lists, empty, strict=True) if none)
        notes.append(f"nobody is on {names}: left out")
    used = tuple(one for one, none in zip(lists, empty, strict=True) if not none)
    return Overlaps(name, used, patterns[:, ~empty], people, tuple(notes))
