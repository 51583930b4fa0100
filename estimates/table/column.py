"""Columns that keep each of their different values once, so that it is read, checked and written once.

A million rows of a table hold a few thousand different dates, names and figures: what is asked of a value is asked of
each different one, and rows are compared by numbers that stand for their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.models.types import Booleans, Integers

__all__ = ["Column", "column_of", "constant", "first_places", "numbered", "together"]

#: Numbers that stand for values of several columns together stay below this.
_LARGEST_KEY = 2**62
#: Rows that are gone through at a time, so that whoever wants the first ones need not wait for all.
_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """A column of a table by its different values.

    Attributes
    ----------
    codes : integer array, shape (rows,)
        Place of each row's value among the different ones.
    different : list
        The different values; none needs to stand in a row.
    """

    codes: Integers
    different: list[Any]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Any:
        return self.different[self.codes[row]]

    def __iter__(self) -> Iterator[Any]:
        for first in range(0, len(self.codes), _ROWS_AT_ONCE):
            yield from map(self.different.__getitem__, self.codes[first : first + _ROWS_AT_ONCE].tolist())

    def cells(self) -> NDArray[np.object_]:
        """The value of each row, shape (rows,)."""
        return np.fromiter(self.different, dtype=object, count=len(self.different))[self.codes]

    def of(self, rows: Sequence[int] | Integers | Booleans) -> Column:
        """The same column with these rows only, by their places or by marks of shape (rows,)."""
        places = rows if isinstance(rows, np.ndarray) else np.array(rows, dtype=np.int64)
        return Column(self.codes[places], self.different)

    def where(self, test: Callable[[Any], bool]) -> Booleans:
        """Which rows have a value that passes a test, shape (rows,)."""
        return np.array([test(value) for value in self.different], dtype=bool)[self.codes]

    def equal(self, value: object) -> Booleans:
        """Which rows have this value, shape (rows,)."""
        return self.where(lambda other: other == value)

    def changed(self, change: Callable[[Any], Any]) -> Column:
        """The same rows with another value for each of the different ones."""
        return Column(self.codes, [change(value) for value in self.different])

    def merged(self) -> Column:
        """The same values, equal ones with one code."""
        if len(set(self.different)) == len(self.different):
            return self
        codes = _Codes()
        places = [codes[value] for value in self.different]
        return Column(np.array(places)[self.codes], list(codes))

    def with_codes(self, rows: Integers, codes: Integers) -> Column:
        """The same column with other codes in some rows; both of shape (rows that change,)."""
        changed = self.codes.copy()
        changed[rows] = codes
        return Column(changed, self.different)

    def compact(self) -> Column:
        """The same values, without those that stand in no row."""
        stands = np.bincount(self.codes, minlength=len(self.different)) > 0
        places = np.cumsum(stands) - 1
        return Column(places[self.codes], [self.different[code] for code in np.flatnonzero(stands).tolist()])


class _Codes(dict[Any, int]):
    """A number for each value, in the order in which values are met."""

    def __missing__(self, value: Any) -> int:
        code = self[value] = len(self)
        return code


def column_of(values: Iterable[Any]) -> Column:
    """Find the different values of a column; one that is known by them already stays as it is."""
    if isinstance(values, Column):
        return values
    cells = values if isinstance(values, Sequence) else list(values)
    codes = _Codes()
    return Column(np.fromiter(map(codes.__getitem__, cells), dtype=np.int64, count=len(cells)), list(codes))


def constant(value: Any, rows: int) -> Column:
    """A column of one value."""
    return Column(np.zeros(rows, dtype=np.int64), [value])


def numbered(*columns: Column) -> Integers:
    """A number for each row's values in several columns, in the order in which these are met, shape (rows,)."""
    key, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        width = len(column.different)
        if size * width > _LARGEST_KEY:
            key, met = pd.factorize(key)
            size = len(met)
        key, size = key * width + column.codes, size * width
    return pd.factorize(key)[0].astype(np.int64, copy=False)


def first_places(codes: Integers, count: int) -> Integers:
    """The first place of each of the numbers 0 to count - 1 in an array of shape (rows,), -1 where there is none."""
    first = np.full(count, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # of places that are written several times the last stays
    return first


def together(*columns: Column) -> Column:
    """One column of tuples, of the values of several columns."""
    codes = numbered(*columns)
    first = first_places(codes, int(codes.max(initial=-1)) + 1)
    values = ([column.different[code] for code in column.codes[first].tolist()] for column in columns)
    return Column(codes, list(zip(*values, strict=True)))
