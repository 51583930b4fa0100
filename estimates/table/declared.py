"""What is declared of how a table is written: that days come before months, and that points part thousands.

Only what is ambiguous without it changes, before any cell is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from estimates.table.cells import COUNT_COLUMNS, Cells
from estimates.table.counts import with_commas
from estimates.table.faults import Wrong
from estimates.table.field_dates import day_first_dates, is_month_first
from estimates.table.notes import lines_named

__all__ = ["TIME_COLUMNS", "as_declared"]

TIME_COLUMNS = ("reported_at", "event_date", "period_start", "period_end")


def as_declared(cells: Cells) -> Cells:
    """Give the cells as the checks read them, by what the layout says of the table.

    Parameters
    ----------
    cells : Cells
        With ``day_first`` in their layout, 01/02/2020 is the first of February, in the dates of coverage too; with "."
        for ``thousands``, 1.200 is twelve hundred, and a number with a comma is wrong. Commas and spaces part thousands
        in any layout.

    Returns
    -------
    Cells
        With ambiguous dates in ISO 8601 and commas for thousands; a note where a date has its month first all the same.
    """
    known, spread, notes, coverage = dict(cells.known), dict(cells.spread), list(cells.notes), cells.coverage
    if cells.layout.day_first:
        for column in known.keys() & set(TIME_COLUMNS):
            notes += _note_on_months_first(column, known[column], cells.lines)
            known[column] = _each(day_first_dates, known[column])
        if coverage is not None:
            coverage = replace(coverage, columns=[_each(day_first_dates, values) for values in coverage.columns])

    if cells.layout.thousands == ".":
        known |= {column: _each(with_commas, known[column]) for column in known.keys() & set(COUNT_COLUMNS)}
        spread = {name: _each(with_commas, column) for name, column in spread.items()}
    return replace(cells, known=known, spread=spread, notes=notes, coverage=coverage)


def _each(change: Callable[[str], str], values: Iterable[Any]) -> list[Any]:
    """Change each different text of a column; what is no text stays."""
    column = list(values)
    changed = {text: _changed(change, text) for text in {value for value in column if isinstance(value, str)}}
    return [changed[value] if isinstance(value, str) else value for value in column]


def _changed(change: Callable[[str], str], text: str) -> str | Wrong:
    try:
        return change(text)
    except Wrong as wrong:
        return wrong


def _note_on_months_first(column: str, values: Iterable[Any], lines: Iterable[int]) -> list[str]:
    found = [line for line, cell in zip(lines, values, strict=True) if isinstance(cell, str) and is_month_first(cell)]
    if not found:
        return []
    return [f"{lines_named(found)}: {column} has the month first although days were said to come first: check them all"]
