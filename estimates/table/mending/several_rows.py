"""Mends that several rows show together: reports given twice, and increments that stand as totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np

from estimates.models.types import Integers
from estimates.table.between.duplicates import under_two_names
from estimates.table.between.names import may_be_one
from estimates.table.between.series import Series, falls_of, series_of, steps_of, up_and_down
from estimates.table.between.statements import Statements, statements_of
from estimates.table.faults import quoted
from estimates.table.mending.proposal import Proposal
from estimates.table.notes import IDENTITY
from estimates.table.reports import Reports

__all__ = ["row_proposals"]

#: The day from which days are counted.
FIRST_DAY = date(1970, 1, 1)
_INCREMENTS = "the figures of this source go up and down; if each counts what was new, it is of a period"


def row_proposals(reports: Reports, places: Mapping[int, int]) -> Iterator[Proposal]:
    """Mends of rows that are without faults.

    Parameters
    ----------
    reports : Reports
    places : mapping of int to int
        Place of each row among the cells, by its line.
    """
    found = statements_of(reports.table)
    yield from _repeats(reports, places)
    yield from _duplicates(found, places)
    yield from _increments(found, places)


def _repeats(reports: Reports, places: Mapping[int, int]) -> Iterator[Proposal]:
    """Rows that repeat an earlier one word for word: told, since a copy can only be left out."""
    table = reports.table
    first: dict[tuple[object, ...], int] = {}
    for line, *values in zip(table["line"], *(table[name] for name in IDENTITY), strict=True):
        earlier = first.setdefault(tuple(values), line)
        if earlier != line:
            yield Proposal(places[line], "event", None, f"the same report as on line {earlier}: leave one out")


def _duplicates(found: Statements, places: Mapping[int, int]) -> Iterator[Proposal]:
    """Reports that may stand under two names of their event or source: the name of the first."""
    for column in ("event", "source"):
        named = found.event if column == "event" else found.source
        for one, other in under_two_names(found, column):
            name, line = str(named[one]), found.line[one]
            is_alike = may_be_one(name, named[other], of_sources=column == "source")
            why = f"perhaps the same report as on line {line} ({quoted(name)}): the same figure and day"
            yield Proposal(places[int(found.line[other])], column, name if is_alike else None, why)


def _increments(found: Statements, places: Mapping[int, int]) -> Iterator[Proposal]:
    """Figures that go up and down: each that of the days since the one before."""
    series = series_of(found)
    steps = steps_of(series)
    wavering = up_and_down(series, steps, falls_of(series, steps))
    for key in np.flatnonzero(wavering).tolist():
        entries = np.arange(*np.searchsorted(series.key, [key, key + 1]))
        yield from _periods(series, entries[~np.isnan(series.found.day[series.first[entries]])], places)


def _periods(series: Series, entries: Integers, places: Mapping[int, int]) -> Iterator[Proposal]:
    """The days of each entry of a series, of shape (entries,): from the day after the one before on."""
    found = series.found
    days = found.day[series.first[entries]].astype(int)
    starts = np.concatenate(([days[0] - (days[1] - days[0]) + 1], days[:-1] + 1))
    for entry, start, end in zip(entries.tolist(), starts.tolist(), days.tolist(), strict=True):
        for position in range(int(series.first[entry]), int(series.last[entry]) + 1):
            row = places[int(found.line[position])]
            yield Proposal(row, "scope", "period", _INCREMENTS)
            for column, day in (("period_start", start), ("period_end", end)):
                yield Proposal(
                    row, column, (FIRST_DAY + timedelta(days=day)).isoformat(), "the days since the figure before"
                )
