"""Rows of a table as they came, before any cell is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

import pandas as pd

from estimates.spreadsheets import said_by_cell
from estimates.table.column import Column

__all__ = ["Rows", "Source", "as_said"]

#: What a table is read from.
type Source = str | os.PathLike[str] | IO[str] | IO[bytes] | pd.DataFrame | Iterable[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns as they came: text from a file, any object from a frame, a sheet or from dicts.

    A cell that is known to hold nothing that can be read is a `Wrong` that says so.

    Attributes
    ----------
    name : str
        Where the table came from.
    lines : list of int
        The line of each row.
    header : list of str
        The name of each column as written.
    columns : list of iterables
        The cells of each column, one per row.
    notes : tuple of str
        What the reader should know about the way the table was found.
    """

    name: str
    lines: list[int]
    header: list[str]
    columns: list[Iterable[Any]]
    notes: tuple[str, ...] = field(default=())


def as_said(rows: Rows) -> Rows:
    """Rows of a file with what their cells were to say, without the apostrophes that keep formulas from running."""
    return replace(rows, header=[said_by_cell(name) for name in rows.header], columns=[*map(_said, rows.columns)])


def _said(column: Iterable[Any]) -> Iterable[Any]:
    if isinstance(column, Column):
        return column.changed(said_by_cell)
    return [said_by_cell(cell) if isinstance(cell, str) else cell for cell in column]
