"""Rows of a table as they came, before any cell is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import pandas as pd

__all__ = ["Rows", "Source"]

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
