"""From a table of overlapping lists to patterns and counts; everything wrong with it is told at once."""

from __future__ import annotations

import hashlib
import json
import math
import numbers
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from estimates.errors import Fault, ReportsError
from estimates.models.types import Integers
from estimates.table.faults import Wrong, did_you_mean, quoted, refusal
from estimates.table.header import normal
from estimates.table.source import Rows, read_rows

__all__ = ["COUNT_COLUMNS", "MOST_LISTS", "Overlaps", "read_overlaps"]

#: Names of the column that says how many people have the pattern of a row.
COUNT_COLUMNS = ("count", "counts", "n", "people", "number", "freq", "frequency")
#: More lists have more patterns than people who could have them.
MOST_LISTS = 20
_LARGEST_COUNT = 10**9
_EXAMPLE = "A,B,C,count"
_MOST_OF_A_KIND = 5


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
    if len(rows.lines) == 0:
        raise refusal(rows.name, "there are no rows below the header", "write one row per pattern, or one per person")

    cells = [_cells(rows, at, header[at], _on_list, faults) for at in chosen]
    counts = [1] * len(rows.lines) if place is None else _cells(rows, place, header[place], _count, faults)
    if lists is None:
        _check_rows(rows, zip(*cells, strict=True), place is not None, faults)
    patterns, people = np.array(cells, dtype=np.int64).T, np.array(counts, dtype=np.int64)
    if not faults and not people[patterns.any(axis=1)].any():
        faults.append(Fault("nobody is on any list", "write how many people have each pattern in 'count'"))
    if faults:
        raise ReportsError(rows.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.column or "")))
    return _overlaps(rows.name, [header[at] for at in chosen], patterns, people, place is not None)


def _rows(source: object) -> Rows:
    """The rows of a table, with advice that fits lists where the file is empty."""
    try:
        rows = read_rows(source)
    except ReportsError as error:
        if any(fault.what == "the file is empty" for fault in error.faults):
            raise refusal(
                error.name, "the file is empty", f"write a header and one row per pattern: {_EXAMPLE}"
            ) from None
        raise
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


def _cells(rows: Rows, place: int, name: str, read: Callable[[object], int], faults: list[Fault]) -> list[int]:
    """Read a column; where many cells are wrong the first few are told, and how many more there are."""
    found, wrong = [], []
    for line, cell in zip(rows.lines, rows.columns[place], strict=True):
        try:
            found.append(read(cell))
        except Wrong as error:
            found.append(0)
            wrong.append(Fault(error.what, error.mend, line, name))

    faults += wrong[:_MOST_OF_A_KIND]
    if len(wrong) > _MOST_OF_A_KIND:
        more = f"{len(wrong) - _MOST_OF_A_KIND:,} more cells of the column are wrong"
        mend = "if it is no list, leave the column out, or name the lists (lists=, --list)"
        faults.append(Fault(more, mend, None, name))
    return found


def _on_list(cell: object) -> int:
    """0 or 1."""
    mend = "write 1 for those on the list, 0 for the others"
    if _is_empty(cell):
        raise Wrong("the cell is empty", mend)
    number = _number(cell)
    if number not in (0.0, 1.0):
        raise Wrong(f"{quoted(cell)} is neither 0 nor 1", mend)
    return int(number)


def _count(cell: object) -> int:
    """How many people have a pattern."""
    if _is_empty(cell):
        raise Wrong("the cell is empty", "write how many people have the pattern, 0 for nobody")
    number = _number(cell)
    mend = f"write a whole number from 0 to {_LARGEST_COUNT:,}"
    if number is None or not number.is_integer() or number > _LARGEST_COUNT:
        raise Wrong(f"{quoted(cell)} is no count of people", mend)
    if number < 0:
        raise Wrong(f"{quoted(cell)} is less than nobody", mend)
    return int(number)


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
    return (
        cell is None or (isinstance(cell, float) and math.isnan(cell)) or not str(cell).strip() or str(cell) == "<NA>"
    )


def _check_rows(rows: Rows, patterns: Iterable[tuple[int, ...]], grouped: bool, faults: list[Fault]) -> None:
    """Rows of people on no list, and patterns given twice."""
    wrong = {fault.line for fault in faults}
    first: dict[tuple[int, ...], int] = {}
    nobody = []
    for line, pattern in zip(rows.lines, patterns, strict=True):
        if line in wrong:
            continue
        if not any(pattern):
            nobody.append(Fault("the row is of people on no list", "leave it out: they are what is estimated", line))
        elif grouped and pattern in first:
            faults.append(Fault(f"the pattern stands on line {first[pattern]} already", "add the two counts", line))
        first.setdefault(pattern, line)

    faults += nobody[:_MOST_OF_A_KIND]
    if len(nobody) > _MOST_OF_A_KIND:
        more = f"{len(nobody) - _MOST_OF_A_KIND:,} more rows are of people on no list"
        faults.append(Fault(more, "leave them out"))


def _overlaps(name: str, lists: Sequence[str], rows: Integers, people: Integers, grouped: bool) -> Overlaps:
    """Patterns in ascending order, with what was assumed; lists that nobody is on are left out."""
    notes = [] if grouped else ["there is no column 'count': every row is one person"]
    if left := int(people[~rows.any(axis=1)].sum()):
        notes.append(f"{'1 person' if left == 1 else f'{left:,} people'} on none of these lists left out")
    kept = (people > 0) & rows.any(axis=1)
    patterns, where = np.unique(rows[kept], axis=0, return_inverse=True)
    counts = np.bincount(where.ravel(), weights=people[kept]).astype(np.int64)

    empty = ~patterns.any(axis=0)
    if empty.any():
        names = ", ".join(repr(one) for one, none in zip(lists, empty, strict=True) if none)
        notes.append(f"nobody is on {names}: left out")
    used = tuple(one for one, none in zip(lists, empty, strict=True) if not none)
    return Overlaps(name, used, patterns[:, ~empty], counts, tuple(notes))
