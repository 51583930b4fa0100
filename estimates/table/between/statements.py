"""The rows of a table as arrays, so that a million of them can be compared with one another in a second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from estimates.models.types import Booleans, Floats, Integers
from estimates.models.wording import ABOUT_ROUND, NEARLY_REACH, SILENT_WORDINGS, VAGUE_WORDS
from estimates.table.dates import parse_time
from estimates.vocabulary import CONTEXT_OUTCOMES

__all__ = [
    "SPREADING", "Coded", "Statements", "coded", "combined", "days_of", "is_empty", "is_thousandfold", "joined",
    "statements_of",
]  # fmt: skip

#: Types of event that can last long or be in many places, and whose tolls may rise tenfold in their first days.
SPREADING = frozenset({"campaign", "earthquake", "epidemic", "flood", "heat", "storm"})
#: Numbers that stand for values of several columns together stay below this.
LARGEST_KEY = 2**62
#: Factors on the number said that give the smallest and the largest number that words can mean, where it is not one.
_BELOW = {"about": 1.0 - ABOUT_ROUND, "nearly": NEARLY_REACH}
_ABOVE = {"about": 1.0 + ABOUT_ROUND}


@dataclass(frozen=True, eq=False)
class Coded:
    """A column as numbers that stand for its different values.

    Attributes
    ----------
    codes : integer array, shape (rows,)
        Place of each row's value among ``names``; -1 where the cell is empty.
    names : list
        The different values.
    """

    codes: Integers
    names: list[Any]

    def is_any(self, names: Iterable[object]) -> Booleans:
        """Which rows have one of these values, shape (rows,)."""
        wanted = set(names)
        marks: Booleans = self.looked_up([name in wanted for name in self.names], empty=False)
        return marks

    def looked_up(self, values: Sequence[Any], empty: Any) -> Any:
        """What stands for each row's value, shape (rows,); the last value is that of empty cells."""
        return np.array([*values, empty])[self.codes]

    def name(self, row: int) -> str:
        """The value of one row."""
        return str(self.names[self.codes[row]])

    def of(self, rows: Booleans | Integers) -> Coded:
        """The same for some rows, of shape (rows,), chosen by position or by a mark."""
        return Coded(self.codes[rows], self.names)


def coded(column: pd.Series[Any]) -> Coded:
    """A column as codes."""
    cells = column.to_numpy(dtype=object)
    if len(cells) and (cells[:100] == cells[0]).all() and (cells == cells[0]).all():  # as most columns are
        return Coded(
            np.full(len(cells), -1 if cells[0] is None else 0), [name for name in cells[:1] if name is not None]
        )
    codes, names = pd.factorize(cells)
    return Coded(codes.astype(np.int64, copy=False), list(names))


def is_empty(column: pd.Series[Any]) -> Booleans:
    """Which cells of a column hold nothing, shape (rows,)."""
    return np.array(column.to_numpy(dtype=object) == np.array(None), dtype=bool)


def joined(*columns: Integers) -> Integers:
    """One number a row for the values of several columns together, shape (rows,); -1 is a value like any other."""
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
    row : integer array
        Where each statement stands in the table.
    event, source, outcome, quotes : Coded
    case : integer array
        Which statements are of one event, affiliation and population.
    group : Coded
        Whom they count; "all" for everybody.
    day : float array
        The day on which they were made, counted from year 1; not a number where it is not known.
    number : float array
        The number said, the lower end of a range; not a number for vague words.
    least, most : float arrays
        The smallest and the largest number that the words can mean; infinite where they leave it open.
    is_part, is_list : boolean arrays
        Whether they count a part of those hit, and whether they are lists of names or bodies.
    """

    table: pd.DataFrame
    row: Integers
    event: Coded
    source: Coded
    outcome: Coded
    quotes: Coded
    group: Coded
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

    def of(self, rows: Booleans | Integers) -> Statements:
        """Some of the statements, chosen by position or by a mark, of shape (rows,)."""
        kept = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "table"}
        chosen: dict[str, Any] = {
            name: each.of(rows) if isinstance(each, Coded) else each[rows] for name, each in kept.items()
        }
        return replace(self, **chosen)

    def __len__(self) -> int:
        return len(self.row)


def statements_of(table: pd.DataFrame) -> Statements:
    """The rows of a validated table that give a number of people hit in a single event.

    Parameters
    ----------
    table : DataFrame
        ``Reports.table``.
    """
    outcome, wording, scope = (coded(table[name]) for name in ("outcome", "wording", "scope"))
    counts = ~outcome.is_any(CONTEXT_OUTCOMES) & ~wording.is_any(SILENT_WORDINGS) & scope.is_any(["event"])
    row = np.flatnonzero(counts & ~table["withdrawn"].to_numpy())

    event, source, quotes, group, affiliation, population = (
        coded(table[name]).of(row) for name in ("event", "source", "quotes", "group", "affiliation", "population")
    )
    case = combined(event.codes, affiliation.codes, population.codes)
    is_list = wording.is_any(["named"])[row]
    is_part = table["subset"].to_numpy()[row] & ~is_list
    number, least, most = (each[row] for each in _numbers(table, wording))
    return Statements(
        table, row, event, source, outcome.of(row), quotes, group, case, days_of(table["reported_at"])[row],
        number, least, most, is_part, is_list,
    )  # fmt: skip


def _numbers(table: pd.DataFrame, wording: Coded) -> tuple[Floats, Floats, Floats]:
    """The number said, and the smallest and the largest that each row's words can mean, each of shape (rows,)."""
    low, high = (table[name].to_numpy(dtype=object).astype(float) for name in ("low", "high"))
    below, above = ([factors.get(name, 1.0) for name in wording.names] for factors in (_BELOW, _ABOVE))
    least = np.where(np.isnan(low), 0.0, low * wording.looked_up(below, 1.0))
    most = np.where(np.isnan(high), np.inf, high * wording.looked_up(above, 1.0))

    vague = np.flatnonzero(wording.is_any(["vague"]))
    if len(vague):
        usual = [VAGUE_WORDS[word] for word in table["word"].iloc[vague]]
        least[vague], most[vague] = [low for low, *_ in usual], [high for *_, high in usual]
    return np.where(np.isnan(low), high, low), least, most


def is_thousandfold(small: Floats, large: Floats) -> Booleans:
    """Whether one number is another, of two or more, in thousands; all of shape (pairs,)."""
    same: Booleans = (small >= 2) & (np.round(large / 1000.0) == small)
    return same


def days_of(column: pd.Series[Any]) -> Floats:
    """The day of each time, counted from year 1, shape (rows,); not a number where it is unknown or not one day."""
    times = coded(column)
    found: dict[str, float] = {}
    days = []
    for text in times.names:
        date = text[:10] if text[4:5] == text[7:8] == "-" else text
        if date not in found:
            found[date] = _day(date)
        days.append(found[date])
    return np.array(times.looked_up(days, np.nan), dtype=float)


def _day(text: str) -> float:
    time = parse_time(text)
    return float(time.first_day.toordinal()) if time.first_day == time.last_day else np.nan
