"""From rows to cells: known columns as text, unknown ones as they came, blank rows left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from estimates.errors import Fault, ReportsError
from estimates.table.column import Column, column_of, constant
from estimates.table.counts import fraction
from estimates.table.faults import Wrong, did_you_mean, quoted, refusal, shown
from estimates.table.header import (
    FIGURE_COLUMNS,
    column_names,
    header_below,
    missing_columns,
    repeated_columns,
    title_above,
)
from estimates.table.layout import PLAIN, Layout, map_option
from estimates.table.naming import Named, named, wanted_by
from estimates.table.source import Rows, Source, read_rows
from estimates.table.suggest import suggested
from estimates.table.synonyms import field_of
from estimates.text import LONE_SURROGATE
from estimates.vocabulary import COLUMNS, COVERAGE_COLUMNS, COVERAGE_PREFIX, LARGEST_COUNT

__all__ = [
    "COLUMNS_TOLD",
    "COUNT_COLUMNS",
    "FREE_TEXT",
    "TABLE_COLUMNS",
    "Cells",
    "Given",
    "cells_of",
    "read_cells",
    "texts",
]

#: Columns of ``Reports.table``, in order; those not in ``COLUMNS`` are left out where such a table is read again.
TABLE_COLUMNS = (
    "line", "event", "source", "words", "wording", "low", "high", "word", "outcome", "source_type", "reported_at",
    "event_date", "age_low", "age_high", "event_type", "place", "scope", "period_start", "period_end", "affiliation",
    "quotes", "group", "subset", "verified", "verified_low", "verified_high", "provisional",
    "withdrawn", "population", "definition", "at_risk", "missing_basis", "chosen", "copies_removed", "url", "note",
)  # fmt: skip
#: Columns of whole numbers, alone or in words.
COUNT_COLUMNS = ("figure", "low", "high", "verified", "at_risk")
#: Columns of which hardly two cells are alike: their different values are not looked for.
FREE_TEXT = ("url", "note")
_COVERAGE = tuple(COVERAGE_PREFIX + name for name in COVERAGE_COLUMNS)
#: The cells of a column that is not known.
type Given = pd.Series[Any] | list[Any]
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
        The cells of each column, one per row; an unknown column of a frame is a Series as it was.
    notes : list of str
        What the reader should know about the columns.
    coverage : Rows or None
        The columns that declare who watched, without their prefix, where the table has any.
    layout : Layout
        How the cells are to be read.
    named : Named or None
        What the layout made of the header.
    spread : dict
        The cells of columns with one figure a cell, by their names in the file.
    figure_columns : list of str
        For each row the column its figure stands in, where each row has one of its own.
    """

    name: str
    lines: list[int]
    known: dict[str, Column | list[str | Wrong]]
    unknown: dict[str, Given]
    notes: list[str]
    coverage: Rows | None = None
    layout: Layout = PLAIN
    named: Named | None = None
    spread: dict[str, list[str | Wrong]] = field(default_factory=dict)
    figure_columns: list[str] = field(default_factory=list)

    def column(self, name: str) -> Column | list[str | Wrong]:
        """Give the cells of a known column, empty ones where the table is without it."""
        return self.known.get(name) or constant("", len(self.lines))

    def of_rows(self, rows: Sequence[int]) -> Cells:
        """The same cells with these rows, in this order; a row may stand several times."""
        return replace(
            self,
            lines=[self.lines[row] for row in rows],
            known={name: column_of(column).of(rows) for name, column in self.known.items()},
            unknown={name: _of_rows(column, rows) for name, column in self.unknown.items()},
            spread={name: [column[row] for row in rows] for name, column in self.spread.items()},
            figure_columns=[self.figure_columns[row] for row in rows] if self.figure_columns else [],
        )

    def shown(self, row: int, column: str) -> str:
        """The name that the file has for a column of ours, in one row."""
        if column == "figure" and self.figure_columns:
            return self.figure_columns[row]
        return self.named.theirs.get(column, column) if self.named else column


def _of_rows(column: Given, rows: Sequence[int]) -> Given:
    if isinstance(column, pd.Series):
        return column.iloc[list(rows)].reset_index(drop=True)
    return [column[row] for row in rows]


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
    return cells_of(read_rows(source, wanted_by(layout)), layout)


def cells_of(given: Rows, layout: Layout = PLAIN) -> Cells:
    """Give the cells of rows, as :func:`read_cells` does of a table.

    Raises
    ------
    ReportsError
        If the rows are without the columns that every table has.
    """
    found = named(given, layout)
    rows, names = found.rows, column_names(found.rows.header)
    if faults := _header_faults(found, names):
        raise ReportsError(rows.name, _of_a_database(given, layout) or faults)
    if not rows.lines:
        raise refusal(rows.name, "there is a header and no reports below it", "write one line per report")
    return _without_blank_rows(_cells(found, names, layout))


def _of_a_database(rows: Rows, layout: Layout) -> list[Fault]:
    """That a file is one of a database which has an importer; none where it is not, or says how it is to be read."""
    from estimates.importers.recognise import database_of

    database = database_of(rows.header) if layout.is_plain else None
    if database is None:
        return []
    mend = f"make one of it: estimates import {database.name} FILE -o reports.csv"
    return [Fault(f"this is a file of {database.title}, and no table of reports", mend)]


def _header_faults(found: Named, names: list[str]) -> list[Fault]:
    rows = found.rows
    below = zip(rows.lines, zip(*rows.columns, strict=True), strict=False)  # no rows where there are no columns
    return (
        title_above(rows.header, below) or _missing(found, names) or [*_unnamed_columns(rows), *repeated_columns(names)]
    )


def _missing(found: Named, names: list[str]) -> list[Fault]:
    """The columns that are lacking, and the mapping that may give them."""
    there = {*names, *found.given}
    if {"event", "source"} <= there and there & {*FIGURE_COLUMNS}:
        return []
    suggestion = suggested(found, names)
    told = suggestion.fault()
    below = zip(found.rows.lines, zip(*found.rows.columns, strict=True), strict=False)
    return [
        *missing_columns(there, suggestion.meant),
        *([told] if told else header_below(found.rows.header, below)),
    ]


def _unnamed_columns(rows: Rows) -> list[Fault]:
    faults = []
    for position, (name, values) in enumerate(zip(rows.header, rows.columns, strict=True), start=1):
        filled = (line for line, value in zip(rows.lines, values, strict=True) if _text(value))
        if not name.strip() and (line := next(filled, None)) is not None:
            faults.append(Fault(f"column {position} has cells and no name", "name it in the header or clear it", line))
    return faults


def _cells(found: Named, names: list[str], layout: Layout) -> Cells:
    """Tell known columns from unknown ones; a column without a name has no cells and goes."""
    rows = found.rows
    cells, strange = Cells(rows.name, rows.lines, {}, {}, [*rows.notes], _coverage(rows, names), layout, found), []
    lacking = [column for column in COLUMNS if column not in set(names)]
    for given, name, values in zip(map(str.strip, rows.header), names, rows.columns, strict=True):
        if name in _COVERAGE:
            continue

        if given in found.spread:
            cells.spread[given] = texts(values, "figure")
        elif name in COLUMNS:
            cells.known[name] = _column(values, name)
        elif name in TABLE_COLUMNS:
            cells.notes.append(f"column {name!r} is worked out anew from the others; the one given is left out")
        elif given:
            cells.unknown[given] = _as_given(values)
            if advice := _advice(given, name, lacking):
                cells.notes.append(f"column {quoted(given)} is not known: kept, not used; {advice}")
            else:
                strange.append(given)

    if len(strange) <= COLUMNS_TOLD:
        cells.notes.extend(f"column {quoted(given)} is not known: kept, not used" for given in strange)
    else:
        some = ", ".join(map(quoted, strange[:COLUMNS_TOLD]))
        cells.notes.append(f"{len(strange):,} columns are not known, such as {some}: kept, not used")
    return cells


def _advice(given: str, name: str, lacking: list[str]) -> str:
    """Which of our columns may be meant by one that is not known, of those that the table lacks."""
    meant = field_of(name)
    if meant is not None:
        return f"{map_option(given, meant)} reads it" if meant in lacking else ""
    return did_you_mean(name, lacking)


def _coverage(rows: Rows, names: list[str]) -> Rows | None:
    """The columns that declare who watched, by the names of that table."""
    found = [(name, values) for name, values in zip(names, rows.columns, strict=True) if name in _COVERAGE]
    if not found:
        return None
    header = [name.removeprefix(COVERAGE_PREFIX) for name, _ in found]
    return Rows(rows.name, rows.lines, header, [values for _, values in found])


def _without_blank_rows(cells: Cells) -> Cells:
    marks = np.ones(len(cells.lines), dtype=bool)
    for known in (*cells.known.values(), *cells.spread.values()):
        marks &= column_of(known).where(lambda cell: not cell)
        if not marks.any():
            return cells

    blank = np.flatnonzero(marks).tolist()
    for column in cells.unknown.values():
        blank = [row for row in blank if not _text(column[row])]
    if not blank:
        return cells
    if len(blank) == len(cells.lines):
        raise refusal(cells.name, "all rows are empty", "write one line per report")
    return cells.of_rows(np.setdiff1d(np.arange(len(marks)), blank).tolist())


def _as_given(values: Iterable[Any]) -> Given:
    if isinstance(values, pd.Series):
        return values
    return [None if isinstance(value, Wrong) or (isinstance(value, str) and not value) else value for value in values]


# ------------------------------------------------------------------------------------------------ from objects to text


def _column(values: Iterable[Any], name: str) -> Column:
    """The cells of a known column as text; those of files are compared before they are stripped."""
    if isinstance(values, Column):
        return values.changed(str.strip)  # of text that has been read as UTF-8
    if _holds_text(values):
        codes, different = pd.factorize(values, use_na_sentinel=False)
        return Column(codes.astype(np.int64, copy=False), texts(different, name))
    if name in FREE_TEXT:
        found = texts(values, name)
        return Column(np.arange(len(found)), found)
    if isinstance(values, tuple | list) and set(map(type, values)) <= {str}:
        return column_of(values).changed(lambda cell: _text(cell, name))
    return column_of(texts(values, name))


def texts(values: Iterable[Any], column: str = "") -> list[str | Wrong]:
    """Cells as stripped text, empty where they hold nothing; what can be no text is wrong."""
    cells = values.to_numpy(dtype=object) if _holds_text(values) else values  # one by one, Arrow gives them slowly
    return [_text(value, column) for value in cells]


def _holds_text(values: Iterable[Any]) -> TypeGuard[pd.Series[Any] | pd.Index[Any]]:
    """Whether these are text and nothing else, as Arrow keeps it: what is equal is the same text then."""
    dtype = getattr(values, "dtype", None)
    return isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"


def _text(value: Any, column: str = "") -> str | Wrong:
    """Give a cell as text; missing values of every kind are empty, and what is no single value is wrong."""
    if isinstance(value, str):
        value = value if type(value) is str else str.__str__(value)  # a subclass may do anything when asked
        return value.strip() if value.isascii() or not LONE_SURROGATE.search(value) else _half_character(value)
    if isinstance(value, Wrong):
        return value
    if isinstance(value, np.datetime64):
        value = _timestamp(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return ""

    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"

    if isinstance(value, float | np.floating | int | np.integer) and not isinstance(value, np.timedelta64):
        return _number_text(value, column)
    if isinstance(value, date):
        return _date_text(value) if column not in FIGURE_COLUMNS else _no_date(value)
    if isinstance(value, Decimal):
        is_whole = not value.is_finite() or value == value.to_integral_value()
        return str(value) if is_whole or column not in COUNT_COLUMNS else fraction(str(value))
    if isinstance(value, pd.Period):
        return str(value)
    return Wrong(f"{shown(value)} is of type {type(value).__name__}", "write text, a number or a date")


def _timestamp(value: np.datetime64) -> Any:
    """A time of numpy as one of pandas, or itself where that cannot hold it."""
    try:
        return pd.Timestamp(value)
    except ValueError:
        return value


def _half_character(value: str) -> Wrong:
    told = quoted(LONE_SURROGATE.sub("\ufffd", value.strip()))
    return Wrong(f"{told} holds half a character (a lone surrogate)", "write it anew")


def _no_date(value: date) -> Wrong:
    """Spreadsheets take 5-3 for a day in May: which figure was meant cannot be known."""
    what = f"a date, {_date_text(value)}, stands where a figure should"
    return Wrong(what, "a spreadsheet may have made it of a range such as 3-5: make the cell text and write the figure")


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
