"""From rows to cells: known columns as text, unknown ones as they came, blank rows left out."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import Fault, ReportsError
from estimates.table.counts import fraction
from estimates.table.faults import Wrong, did_you_mean, quoted, refusal
from estimates.table.header import column_names, missing_columns, repeated_columns, title_above
from estimates.table.layout import PLAIN, Layout
from estimates.table.source import Rows, Source, read_rows
from estimates.vocabulary import COLUMNS, COVERAGE_COLUMNS, COVERAGE_PREFIX, LARGEST_COUNT

__all__ = ["COUNT_COLUMNS", "TABLE_COLUMNS", "Cells", "read_cells"]

#: Columns of ``Reports.table``, in order; those not in ``COLUMNS`` are left out where such a table is read again.
TABLE_COLUMNS = (
    "line", "event", "source", "words", "wording", "low", "high", "word", "outcome", "source_type", "reported_at",
    "event_date", "age_low", "age_high", "event_type", "place", "scope", "period_start", "period_end", "affiliation",
    "quotes", "group", "subset", "verified", "verified_low", "verified_high", "provisional",
    "withdrawn", "population", "definition", "at_risk", "missing_basis", "chosen", "copies_removed", "url", "note",
)  # fmt: skip
#: Columns of whole numbers, alone or in words.
COUNT_COLUMNS = ("figure", "low", "high", "verified", "at_risk")
_COVERAGE = tuple(COVERAGE_PREFIX + name for name in COVERAGE_COLUMNS)
#: Of more columns that are not known than these only so many are named.
COLUMNS_TOLD = 8


@dataclass(frozen=True, slots=True)
class Cells:
    """The known columns as stripped text ("" where empty), and the unknown columns as they came.

    A cell that can be no text, such as a list, is a `Wrong` that says so.

    Attributes
    ----------
    name : str
        Where the table came from.
    lines : list of int
        The line of each row.
    known, unknown : dict
        The cells of each column, one per row.
    notes : list of str
        What the reader should know about the columns.
    coverage : Rows or None
        The columns that declare who watched, without their prefix, where the table has any.
    layout : Layout
        How the cells are to be read.
    """

    name: str
    lines: list[int]
    known: dict[str, list[str | Wrong]]
    unknown: dict[str, pd.Series[Any]]
    notes: list[str]
    coverage: Rows | None = None
    layout: Layout = PLAIN

    def column(self, name: str) -> list[str | Wrong]:
        """Give the cells of a known column, empty ones where the table is without it."""
        return self.known.get(name) or [""] * len(self.lines)


def read_cells(source: Source, layout: Layout = PLAIN) -> Cells:
    """Read the cells of a table.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or list of dict
        What to read; see `estimates.table.reports.read_reports`.
    layout : Layout
        How it is to be read.

    Returns
    -------
    Cells
        One row per row of the table that is not blank.

    Raises
    ------
    ReportsError
        If the source cannot be read, is no table, or is without the columns that every table has.
    TypeError
        If the source is none of the above.
    """
    rows = read_rows(source)
    names = column_names(rows.header)
    if faults := _header_faults(rows, names):
        raise ReportsError(rows.name, faults)
    if not rows.lines:
        raise refusal(rows.name, "there is a header and no reports below it", "write one line per report")
    return _without_blank_rows(_cells(rows, names, layout))


def _header_faults(rows: Rows, names: list[str]) -> list[Fault]:
    below = zip(rows.lines, zip(*rows.columns, strict=True), strict=False)  # no rows where there are no columns
    return (
        title_above(rows.header, below) or missing_columns(names) or [*_unnamed_columns(rows), *repeated_columns(names)]
    )


def _unnamed_columns(rows: Rows) -> list[Fault]:
    faults = []
    for position, (name, values) in enumerate(zip(rows.header, rows.columns, strict=True), start=1):
        filled = (line for line, value in zip(rows.lines, values, strict=True) if _text(value))
        if not name.strip() and (line := next(filled, None)) is not None:
            faults.append(Fault(f"column {position} has cells and no name", "name it in the header or clear it", line))
    return faults


def _cells(rows: Rows, names: list[str], layout: Layout) -> Cells:
    """Tell known columns from unknown ones; a column without a name has no cells and goes."""
    cells, strange = Cells(rows.name, rows.lines, {}, {}, [], _coverage(rows, names), layout), []
    for given, name, values in zip(map(str.strip, rows.header), names, rows.columns, strict=True):
        if name in _COVERAGE:
            continue
        if name in COLUMNS:
            cells.known[name] = texts(values, name)
        elif name in TABLE_COLUMNS:
            cells.notes.append(f"column {name!r} is worked out anew from the others; the one given is left out")
        elif given:
            cells.unknown[given] = _as_given(values)
            if advice := did_you_mean(name, COLUMNS):
                cells.notes.append(f"column {given!r} is not known: kept, not used; {advice}")
            else:
                strange.append(given)

    if len(strange) <= COLUMNS_TOLD:
        cells.notes.extend(f"column {given!r} is not known: kept, not used" for given in strange)
    else:
        shown = ", ".join(map(repr, strange[:COLUMNS_TOLD]))
        cells.notes.append(f"{len(strange):,} columns are not known, such as {shown}: kept, not used")
    return cells


def _coverage(rows: Rows, names: list[str]) -> Rows | None:
    """The columns that declare who watched, by the names of that table."""
    found = [(name, values) for name, values in zip(names, rows.columns, strict=True) if name in _COVERAGE]
    if not found:
        return None
    header = [name.removeprefix(COVERAGE_PREFIX) for name, _ in found]
    return Rows(rows.name, rows.lines, header, [values for _, values in found])


def _without_blank_rows(cells: Cells) -> Cells:
    columns = (*cells.known.values(), *map(texts, cells.unknown.values()))
    filled = [i for i, row in enumerate(zip(*columns, strict=True)) if any(row)]
    if not filled:
        raise refusal(cells.name, "all rows are empty", "write one line per report")
    if len(filled) == len(cells.lines):
        return cells

    return replace(
        cells,
        lines=[cells.lines[i] for i in filled],
        known={name: [column[i] for i in filled] for name, column in cells.known.items()},
        unknown={name: column.iloc[filled].reset_index(drop=True) for name, column in cells.unknown.items()},
    )


def _as_given(values: Iterable[Any]) -> pd.Series[Any]:
    if isinstance(values, pd.Series):
        return values
    return pd.Series([value if value != "" else None for value in values], dtype=object)


# ------------------------------------------------------------------------------------------------ from objects to text


def texts(values: Iterable[Any], column: str = "") -> list[str | Wrong]:
    return [_text(value, column) for value in values]


def _text(value: Any, column: str = "") -> str | Wrong:
    """Give a cell as text; missing values of every kind are empty, and what is no single value is wrong."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return ""

    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating | int | np.integer):
        return _number_text(value, column)
    if isinstance(value, date):
        return _date_text(value)
    if isinstance(value, Decimal) and column in COUNT_COLUMNS and value.is_finite() and value % 1:
        return fraction(str(value))
    if isinstance(value, Decimal | pd.Period):
        return str(value)

    shown = quoted(reprlib.repr(value))  # an object may be of any size, and fail when it is shown
    return Wrong(f"{shown} is of type {type(value).__name__}", "write text, a number or a date")


def _number_text(value: float | np.floating[Any] | np.integer[Any], column: str) -> str | Wrong:
    """A number as text: whole ones without a fraction, and no text where it is not a number."""
    if isinstance(value, float | np.floating):
        real = float(value)
        if math.isnan(real):
            return ""
        if column in COUNT_COLUMNS and math.isfinite(real) and not real.is_integer():
            return fraction(repr(real))  # in no spelling 1.234 people, even where points part thousands
        if not real.is_integer() or abs(real) > LARGEST_COUNT:
            return repr(real)

    return str(max(-(10**18), min(int(value), 10**18)))  # larger ones are refused all the same


def _date_text(value: date) -> str:
    """A date as text; a time at midnight without a zone is the day, since frames keep days so."""
    if isinstance(value, datetime) and value.tzinfo is None and value.time() == time.min:
        return value.isoformat().partition("T")[0]  # frames hold days that Python's own dates cannot
    return value.isoformat()
