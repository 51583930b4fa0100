"""The table of reports: read from any source, every fault told at once, every cell given its meaning.

The way through: a source becomes rows (`source`), rows become cells (`cells`), the cells are checked and given their
meaning (`checks`, `figures`), and the whole becomes `Reports`, with notes on what is odd and no fault (`notes`).
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import Fault, ReportsError
from estimates.table.arrange import arranged, strange_values
from estimates.table.between.notes import between_notes
from estimates.table.cells import TABLE_COLUMNS, Cells, Given, cells_of, read_cells
from estimates.table.checks import Checked, check_cells
from estimates.table.column import Column
from estimates.table.counts import count_or_none
from estimates.table.coverage import Coverage, coverage_of_rows, read_coverage
from estimates.table.dates import parse_time
from estimates.table.declared import TIME_COLUMNS, as_declared
from estimates.table.figures import Values
from estimates.table.layout import Layout, layout_of
from estimates.table.leaving import rows_that_stay
from estimates.table.merging import add_toll_ends, merge_figures
from estimates.table.notes import name_notes, row_notes
from estimates.table.report import Report, reports_of
from estimates.table.rows import Rows
from estimates.table.shown import reports_as_html
from estimates.table.source import Source
from estimates.table.times import Times, ages_of, preceding, times_of
from estimates.text import line_of
from estimates.vocabulary import CONTEXT_OUTCOMES, COVERAGE_PREFIX

__all__ = ["DTYPES", "TABLE_COLUMNS", "Reports", "read_reports", "reports_of_cells", "reports_of_rows"]

_FLAGS = ("subset", "provisional", "withdrawn", "chosen", "copies_removed")
#: Types of the columns of ``Reports.table`` that hold no objects.
DTYPES = {"line": "int64", "age_low": "float64", "age_high": "float64", **dict.fromkeys(_FLAGS, "bool")}

#: Columns that follow from the others or from where a row stands: no part of the data's identity.
_DERIVED = ("line", "age_low", "age_high", "verified_low", "verified_high")
#: Columns that count for the identity only where a row fills them: tables without them keep the hash they had before.
_LATER = ("withdrawn", "population", "definition", "at_risk", "chosen", "copies_removed", "missing_basis")


@dataclass(frozen=True, repr=False, eq=False)
class Reports:
    """A validated table of reports, as `read_reports` makes it.

    Attributes
    ----------
    name : str
        Where the table came from.
    notes : tuple of str
        What the reader should know and is no fault: unknown columns, rows kept apart, reports dated before their
        event, words and codes that disagree, and what is odd between rows (`estimates.table.between`).
    unknown_columns : tuple of str
        Columns that are kept and never used.
    coverage : Coverage or None
        Which sources watched where and when, where that is declared.
    """

    name: str
    _table: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    coverage: Coverage | None = None

    @property
    def table(self) -> pd.DataFrame:
        """One row per report in the order given; a fresh copy at each access.

        ``line`` is int64; ``age_low`` and ``age_high`` are float64 days, NaN where unknown; ``subset``,
        ``provisional``, ``withdrawn``, ``chosen`` and ``copies_removed`` are bool; all other columns are of dtype
        object and hold str, or int in ``low``, ``high``, ``at_risk``, ``verified_low`` and ``verified_high``, and None
        where there is nothing. ``verified`` is an int, or text where the toll is a range ("51-103") or a lower bound
        itself ("at least 16000", ``verified_high`` None). ``event_date``, ``event_type``, ``chosen``, ``verified`` and
        ``at_risk`` belong to the event (the last two: to the event's outcome): given in one row of it, they stand in
        all. Figures of another definition than the event's main one have an event of their own, "NAME (excess)".
        """
        return self._table.copy(deep=False)  # pandas copies on write

    @property
    def estimated(self) -> pd.DataFrame:
        """The rows that are estimated: single events and outcomes that count people."""
        return self._table[~self._is_context & ~self._is_period]

    @property
    def context(self) -> pd.DataFrame:
        """The rows shown as context only: strikes, munitions, incidents."""
        return self._table[self._is_context]

    @property
    def periods(self) -> pd.DataFrame:
        """The rows that count people over many events of a period."""
        return self._table[~self._is_context & self._is_period]

    @functools.cached_property
    def reports(self) -> tuple[Report, ...]:
        """The rows as reports, in the order given."""
        return reports_of(self._table)

    @property
    def estimated_reports(self) -> tuple[Report, ...]:
        """The reports that are estimated, in the order given: single events and outcomes that count people."""
        return tuple(report for report in self.reports if report.is_estimated)

    def rows(self, keep: Sequence[bool] | pd.Series[bool]) -> Reports:
        """Give the same table with only some of its rows; what was shared within events stays shared.

        Parameters
        ----------
        keep : sequence of bool, one per row

        Examples
        --------
        >>> from estimates import load_example
        >>> reports = load_example()
        >>> reports.rows(reports.table["outcome"] == "killed")
        <Reports idlib_2020: 6 reports, 2 events, 4 sources, 2 notes>
        """
        return replace(self, _table=self._table[list(keep)].reset_index(drop=True))

    def without(
        self, *, sources: str | Iterable[str] = (), rows: int | Iterable[int] = (), provisional: bool = False
    ) -> Reports:
        """Give the same table without some of what was reported; what was shared within events stays shared.

        Parameters
        ----------
        sources : str or iterable of str
            Whose reports are left out.
        rows : int or iterable of int
            Reports that are left out, by the index of :attr:`table`.
        provisional : bool
            Whether warnings that a number will rise are left out. The reports that gave them stay.

        Raises
        ------
        EstimatesError
            If there is no such source or row.

        Examples
        --------
        >>> from estimates import load_example
        >>> reports = load_example()
        >>> len(reports), len(reports.without(sources="White Helmets"))
        (15, 10)
        >>> int(reports.without(provisional=True).table["provisional"].sum())
        0
        """
        table = self._table[rows_that_stay(self._table, sources, rows)].reset_index(drop=True)
        return replace(self, _table=table.assign(provisional=False) if provisional else table)

    def read_as(self, name: str, lines: Sequence[int], notes: Sequence[str]) -> Reports:
        """Give the same rows as they were read from another table: its name, the line of each row, and its notes.

        Examples
        --------
        >>> from estimates import load_example
        >>> load_example().read_as("my table", range(15), [])
        <Reports my table: 15 reports, 2 events, 5 sources, 0 notes>
        """
        return replace(self, name=name, notes=tuple(notes), _table=self._table.assign(line=list(lines)))

    @functools.cached_property
    def data_hash(self) -> str:
        """SHA-256 of what the reports say: the same for rows in any order, on any lines, from any file format."""
        always = [self._canonical(column) for column in TABLE_COLUMNS if column not in (*_DERIVED, *_LATER)]
        later = [[[column, cell] if cell else None for cell in self._table[column].tolist()] for column in _LATER]
        given = ([cell for cell in row if cell] for row in zip(*later, strict=True))

        rows = sorted(json.dumps([*row, *cells]) for row, cells in zip(zip(*always, strict=True), given, strict=True))
        return hashlib.sha256("\n".join(rows).encode("ascii")).hexdigest()

    def _canonical(self, column: str) -> list[Any]:
        values = self._table[column].tolist()
        form = {"words": _canonical_words, **dict.fromkeys(TIME_COLUMNS, _canonical_time)}.get(column)
        if form is None:
            return values
        forms = {text: form(text) for text in set(values)}
        return [forms[text] for text in values]

    @property
    def _is_context(self) -> pd.Series[bool]:
        return self._table["outcome"].isin(CONTEXT_OUTCOMES)

    @property
    def _is_period(self) -> pd.Series[bool]:
        return self._table["scope"] == "period"

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        counts = [self._table[column].nunique() for column in ("event", "source")]
        told = f"{len(self)} reports, {counts[0]} events, {counts[1]} sources, {len(self.notes)} notes"
        return line_of("Reports", told, self.name)

    def _repr_html_(self) -> str:
        return reports_as_html(self.name, self._table, self.notes)


def read_reports(
    source: Source | Reports,
    *,
    coverage: Source | Coverage | None = None,
    columns: Mapping[str, str | None] | None = None,
    values: Mapping[str, Mapping[Any, str | None]] | None = None,
    wide: bool | Sequence[str] = False,
    day_first: bool = False,
    thousands: str = ",",
) -> Reports:
    """Read a table of reports and check every cell of it.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or iterable of dicts
        A file of text (UTF-8; commas, semicolons, tabs or bars), a workbook (.xlsx, .ods), JSON, JSON lines or Parquet,
        packed with gzip or not; a folder of Parquet files; standard input, an open file, a frame of pandas or Dask, or
        one dict per report (docs/tables.md).
        Columns are those of ``vocabulary.COLUMNS``; ``event``, ``source`` and a figure (``figure``, or ``wording``,
        ``low`` and ``high``) are required. Where words and codes are both given, the codes count and the words are
        shown. ``Reports.table`` itself can be read again.

        About the figure: ``withdrawn`` = yes where the source itself took it back; ``population``, whom it counts
        where that is not everybody ("residents"); ``definition``, where sources count differently: direct, excess,
        confirmed, hospital or identified. Figures of one event and outcome with several definitions are kept apart:
        those of another than the main one (without a definition, else the most frequent) stand in an event of their
        own, "NAME (excess)", and a note says so.

        About people missing, dead or missing, or saved (outcome ``missing``, ``dead_or_missing``, ``survivors``), which
        say something of the people killed: ``missing_basis``, where the number comes from: manifest (a closed place
        whose people are known), reports (calls, appeals, lists of relatives or the police) or part (of one camp or
        unit; ``group`` says of which). Empty, it is manifest for a ship, aircraft, train or mine, else reports.

        Dates are read from a closed list of formats (`estimates.table.field_dates`) and kept in ISO 8601;
        ``event_date`` may be a range of days ("15-17 Jan 2020"). Where sources differ on it, the most precise date that
        all leave open counts, else the earliest, and a note says so.

        About the event: ``at_risk``, how many people were there, so that no more can have been hit (of the event's
        outcome); ``chosen`` = yes where it is in the table because its toll was revised or it is famous;
        ``copies_removed`` = yes, in all of its rows, where rows that only repeat another origin were taken out.

        Who watched: the columns of the table of coverage may stand beside the reports, as ``coverage_source``,
        ``coverage_place``, ``coverage_event_type``, ``coverage_from`` and ``coverage_to``, on any lines.
    coverage : path, DataFrame, list of dict or Coverage, optional
        Which sources watched where and when; see `estimates.table.coverage.read_coverage`.
    columns : dict, optional
        By the name of a column in the file, our name for it: ``{"incident": "event"}``; None leaves the column out.
        Several columns read as outcomes (killed, injured) hold a figure each; ``best`` is the figure beside low, high.
    values : dict of dict, optional
        By a column, our value for each value of the file: ``{"bound": {"approx": "about"}}``; None leaves out the rows
        with that value, and ``{"source": {"": "Ministry"}}`` fills empty cells, also of a column the file lacks; "*" is
        every value that is neither named nor ours.
    wide : bool or list of str, optional
        Which columns are sources, with one figure a cell; True means all that are not ours.
    day_first : bool, optional
        Whether 01/02/2020 is the first of February; without it such dates are refused.
    thousands : {",", ".", " "}, optional
        The mark that parts thousands: with "." 1.200 is twelve hundred and a comma in a number is refused; otherwise
        1.200 is refused. 1,200 (unless with ".") and 1 200 need no saying.

    Returns
    -------
    Reports
        One row per report, in the order given; blank rows are left out.

    Raises
    ------
    ReportsError
        If the source cannot be read or anything in it is wrong; ``faults`` lists all of it.
    EstimatesError
        If ``columns`` names a column that does not exist, or another argument cannot be used.
    TypeError
        If the source is none of the above, or a layout is given for reports that are read already.

    Examples
    --------
    >>> read_reports([{"event": "a raid", "source": "a paper", "figure": "at least 18"}])
    <Reports table: 1 reports, 1 events, 1 sources, 0 notes>
    """
    layout = layout_of(columns, values, wide, day_first, thousands)
    declared = None if coverage is None else read_coverage(coverage)
    if isinstance(source, Reports):
        if not layout.is_plain:
            raise TypeError("these reports are read already: give columns, values and the like where the table is read")
        return source if declared is None else _with_coverage(source, declared)

    reports = reports_of_cells(arranged(as_declared(read_cells(source, layout))))
    return reports if declared is None else _with_coverage(reports, declared)


def reports_of_rows(rows: Rows, layout: Layout) -> Reports:
    """The table of reports of rows that are at hand, as `read_reports` gives it.

    Raises
    ------
    ReportsError
        If anything in the rows is wrong; ``faults`` lists all of it.
    """
    return reports_of_cells(arranged(as_declared(cells_of(rows, layout))))


def reports_of_cells(cells: Cells) -> Reports:
    """The table of reports, with the coverage that stands beside it.

    Raises
    ------
    ReportsError
        If anything in the cells is wrong; ``faults`` lists all of both.
    """
    faults: list[Fault] = []
    coverage, reports = None, None
    try:
        if cells.coverage is not None:
            coverage = coverage_of_rows(cells.coverage, prefix=COVERAGE_PREFIX)
    except ReportsError as error:
        faults += error.faults
    try:
        reports = _reports(cells, check_cells(cells))
    except ReportsError as error:
        faults += [*strange_values(cells), *error.faults]

    if faults or reports is None:
        raise ReportsError(cells.name, sorted(faults, key=lambda fault: fault.line or 0))
    return reports if coverage is None else _with_coverage(reports, coverage)


def _with_coverage(reports: Reports, coverage: Coverage) -> Reports:
    joined = coverage if reports.coverage is None else reports.coverage.joined(coverage)
    return replace(reports, coverage=joined)


# ----------------------------------------------------------------------------------------------- putting it together


def _reports(cells: Cells, checked: Checked) -> Reports:
    values = dict(checked.values)
    forced = merge_figures(values, checked.readings)
    add_toll_ends(values)
    reported, event = (_times(values[column]) for column in ("reported_at", "event_date"))
    age_low, age_high = ages_of(reported, event)

    arrays = {"line": np.array(cells.lines), "age_low": age_low, "age_high": age_high}
    table = pd.DataFrame({column: _series(column, values, arrays) for column in TABLE_COLUMNS}, copy=False)
    if cells.unknown:  # together: one by one, thousands of them would take long
        table = pd.concat([table, _frame(cells.unknown)], axis=1)

    about_rows = row_notes(values, cells.lines, checked.readings, forced, preceding(reported, event))
    notes = (*cells.notes, *about_rows, *checked.notes, *name_notes(values), *between_notes(table, values))
    return Reports(cells.name, table, notes, tuple(cells.unknown))


def _times(column: Column) -> Times:
    return times_of(column.different).of(column.codes)


def _series(column: str, values: Values, arrays: Mapping[str, NDArray[Any]]) -> pd.Series[Any]:
    dtype = DTYPES.get(column, "object")
    return pd.Series(arrays[column] if column in arrays else values[column].cells(), dtype=dtype)


def _frame(columns: Mapping[str, Given]) -> pd.DataFrame:
    """Columns that are not known as a frame, those of a frame with the type they had."""
    if not any(isinstance(column, pd.Series) for column in columns.values()):
        return pd.DataFrame(dict(columns), dtype=object)
    return pd.DataFrame({name: pd.Series(column, dtype=_dtype_of(column)) for name, column in columns.items()})


def _dtype_of(column: Given) -> Any:
    return column.dtype if isinstance(column, pd.Series) else object


def _canonical_time(text: str | None) -> str | None:
    if text is None:
        return None
    time = parse_time(text)
    return f"{time.start.isoformat()}/{time.end.isoformat()}/{time.has_clock}/{time.offset}"


def _canonical_words(words: str) -> str:
    number = count_or_none(words)
    return str(number) if number is not None else " ".join(words.lower().split())
