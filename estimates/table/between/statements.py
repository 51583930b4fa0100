"""The rows of a table as arrays, so that a million of them can be compared with one another in a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from estimates.models.types import Booleans, Floats, Integers
from estimates.models.wording import ABOUT_ROUND, NEARLY_REACH, SILENT_WORDINGS, VAGUE_WORDS
from estimates.table.column import Column, column_of
from estimates.table.times import times_of
from estimates.vocabulary import CONTEXT_OUTCOMES

__all__ = ["SPREADING", "Statements", "combined", "is_thousandfold", "joined", "statements_of"]

#: Types of event that can last long or be in many places, and whose tolls may rise tenfold in their first days.
SPREADING = frozenset({"campaign", "earthquake", "epidemic", "flood", "heat", "storm"})
#: Numbers that stand for values of several columns together stay below this.
LARGEST_KEY = 2**62
#: Factors on the number said that give the smallest and the largest number that words can mean, where it is not one.
_BELOW = {"about": 1.0 - ABOUT_ROUND, "nearly": NEARLY_REACH}
_ABOVE = {"about": 1.0 + ABOUT_ROUND}


def joined(*columns: Integers) -> Integers:
    """One number a row for the values of several columns together, shape (rows,)."""
    together, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for codes in columns:
        lowest = int(codes.min(initial=0))
        width = int(codes.max(initial=0)) - lowest + 1
        if size * width > LARGEST_KEY:
            together, names = pd.factorize(together)
            size = len(names)
        together, size = together * width + (codes - lowest), size * width
    return together


def combined(*columns: Integers) -> Integers:
    """The same as :func:`joined`, numbered from 0 on without gaps, shape (rows,)."""
    return pd.factorize(joined(*columns))[0].astype(np.int64, copy=False)


@dataclass(frozen=True, eq=False)
class Statements:
    """Rows that give a number of people hit in a single event and were not taken back, each array of shape (rows,).

    Attributes
    ----------
    table : DataFrame
        All rows of the table.
    columns : mapping of str to Column
        Columns of all rows of the table.
    row : integer array
        Where each statement stands in the table.
    event, source, outcome, quotes : Column
    group : Column
        Whom they count; "all" for everybody.
    case : integer array
        Which statements are of one event, affiliation and population.
    day : float array
        The day on which they were made, counted from 1970; not a number where it is not known.
    number : float array
        The number said, the lower end of a range; not a number for vague words.
    least, most : float arrays
        The smallest and the largest number that the words can mean; infinite where they leave it open.
    is_part, is_list : boolean arrays
        Whether they count a part of those hit, and whether they are lists of names or bodies.
    """

    table: pd.DataFrame
    columns: Mapping[str, Column]
    row: Integers
    event: Column
    source: Column
    outcome: Column
    quotes: Column
    group: Column
    case: Integers
    day: Floats
    number: Floats
    least: Floats
    most: Floats
    is_part: Booleans
    is_list: Booleans

    @cached_property
    def is_whole(self) -> Booleans:
        """Which are figures of everybody hit, shape (rows,)."""
        return ~self.is_part & ~self.is_list

    @cached_property
    def line(self) -> Integers:
        """The line of each statement, shape (rows,)."""
        return self.table["line"].to_numpy()[self.row]

    def column(self, name: str) -> Column:
        """The cells of another column of the table."""
        return self.columns[name].of(self.row)

    def of(self, rows: Booleans | Integers) -> Statements:
        """Some of the statements, chosen by position or by a mark, of shape (rows,)."""
        kept = (field.name for field in fields(self) if field.name not in ("table", "columns"))
        chosen: dict[str, Any] = {}
        for name in kept:
            each = getattr(self, name)
            chosen[name] = each.of(rows) if isinstance(each, Column) else each[rows]
        return replace(self, **chosen)

    def __len__(self) -> int:
        return len(self.row)


def statements_of(table: pd.DataFrame, columns: Mapping[str, Column] | None = None) -> Statements:
    """The rows of a validated table that give a number of people hit in a single event.

    Parameters
    ----------
    table : DataFrame
        ``Reports.table``.
    columns : mapping of str to Column, optional
        The same columns by their different values, where these are known.
    """
    given = _Columns(table) if columns is None else columns
    outcome, wording = given["outcome"], given["wording"]
    speaks = ~outcome.where(CONTEXT_OUTCOMES.__contains__) & ~wording.where(SILENT_WORDINGS.__contains__)
    row = np.flatnonzero(speaks & given["scope"].equal("event") & ~given["withdrawn"].where(bool))

    names = ("event", "source", "outcome", "quotes", "group", "affiliation", "population")
    event, source, outcome, quotes, group, affiliation, population = (given[name].merged().of(row) for name in names)
    case = combined(event.codes, affiliation.codes, population.codes)
    is_list = wording.equal("named")[row]
    is_part = given["subset"].where(bool)[row] & ~is_list

    number, least, most = (each[row] for each in _numbers(given))
    day = _days(given["reported_at"])[row]
    return Statements(
        table, given, row, event, source, outcome, quotes, group, case, day, number, least, most, is_part, is_list
    )


class _Columns(dict[str, Column]):
    """The columns of a table by their different values, each worked out when it is first asked for."""

    def __init__(self, table: pd.DataFrame) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, name: str) -> Column:
        column = self[name] = column_of(self._table[name].tolist())
        return column


def _numbers(columns: Mapping[str, Column]) -> tuple[Floats, Floats, Floats]:
    """The number said, and the smallest and the largest that each row's words can mean, each of shape (rows,)."""
    low, high = (_floats(columns[name]) for name in ("low", "high"))
    below, above = (_floats(columns["wording"].changed(partial(_factor, factors))) for factors in (_BELOW, _ABOVE))
    least = np.where(np.isnan(low), 0.0, low * below)
    most = np.where(np.isnan(high), np.inf, high * above)

    vague = np.flatnonzero(columns["wording"].equal("vague"))
    usual = columns["word"].of(vague).compact().changed(VAGUE_WORDS.__getitem__)
    least[vague], most[vague] = (_floats(usual.changed(itemgetter(end))) for end in (0, 3))
    return np.where(np.isnan(low), high, low), least, most


def _factor(factors: Mapping[str, float], wording: str) -> float:
    return factors.get(wording, 1.0)


def _floats(column: Column) -> Floats:
    """The numbers of a column, shape (rows,); not a number where there is none."""
    numbers = [np.nan if number is None else float(number) for number in column.different]
    return np.array(numbers, dtype=float)[column.codes]


def _days(column: Column) -> Floats:
    """The day of each time, counted from 1970, shape (rows,); not a number where it is unknown or not one day."""
    times = times_of(column.different)
    is_one = times.is_known & (times.first_day == times.last_day)
    return np.where(is_one, times.first_day, np.nan)[column.codes]


def is_thousandfold(small: Floats, large: Floats) -> Booleans:
    """Whether one number is another, of two or more, in thousands; all of shape (pairs,)."""
    same: Booleans = (small >= 2) & (np.round(large / 1000.0) == small)
    return same
