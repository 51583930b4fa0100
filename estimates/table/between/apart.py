"""Rows of one event that can hardly be of one event: far apart in time or place, or a thousand times apart in size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from estimates.models.types import Booleans, Floats, Integers
from estimates.table.between.names import words_of
from estimates.table.between.oddities import Oddity, case_name, oddity, said
from estimates.table.between.statements import SPREADING, Statements, combined, is_thousandfold
from estimates.table.faults import quoted

__all__ = ["far_apart_in_place", "far_apart_in_time", "thousands"]

#: Days between reports of an event without a date, over which it is hardly one event.
DAYS = 60
#: Kilometres between rows of an event that was at one place.
KILOMETRES = 300.0
KILOMETRES_OF_A_DEGREE = 111.2
#: How many different places of an event are compared with one another.
PLACES_COMPARED = 20
#: Days between a figure in thousands and the same in units.
SLIP_DAYS = 3.0

_LATITUDES, _LONGITUDES = ("latitude", "lat"), ("longitude", "lon", "lng", "long")


# Time -----------------------------------------------------------------------------------------------------------------


def far_apart_in_time(found: Statements) -> Iterator[Oddity]:
    """Events without a date, at one time by their type, whose reports lie months apart."""
    undated = found.column("event_date").equal(None) & ~np.isnan(found.day)
    if not undated.any():
        return
    kept = np.flatnonzero(undated & ~_spreads(found))
    cases = _farthest(found.event.codes, found.day, kept, DAYS)
    if len(cases):
        what = "reports of one event without a date lie far apart in time"
        mend = "give its event_date; two events need two names, and one over months the type campaign"
        yield oddity(found, what, mend, cases, (_times(found, *case) for case in cases.tolist()))


def _farthest(key: Integers, values: Floats, kept: Integers, limit: float) -> Integers:
    """The first and the last position by value of each key, where they lie further apart than a limit.

    ``key`` and ``values`` have shape (statements,), ``kept`` shape (kept,) and the result shape (keys, 2).
    """
    order = kept[np.lexsort((values[kept], key[kept]))]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = key[order[1:]] != key[order[:-1]]
    ends = np.column_stack((order[is_first], order[np.roll(is_first, -1)]))
    return ends[values[ends[:, 1]] - values[ends[:, 0]] > limit]


def _times(found: Statements, first: int, last: int) -> str:
    dates = found.table["reported_at"]
    told = (f"{dates.iloc[found.row[at]]} (line {found.line[at]})" for at in (first, last))
    return f"{' and '.join(told)} of event {quoted(found.event[first])}"


def _spreads(found: Statements) -> Booleans:
    """Which statements are of events that may be in many places and over a long time, shape (statements,)."""
    return found.column("event_type").where(SPREADING.__contains__)


# Place ----------------------------------------------------------------------------------------------------------------


def far_apart_in_place(found: Statements) -> Iterator[Oddity]:
    """Events at one place by their type whose rows name places with no word in common, or lie far apart on the map."""
    if not found.column("place").where(_is_named).any() and _coordinates(found.table) is None:
        return
    at_one_place = np.flatnonzero(~_spreads(found))
    mend = "give all rows of an event one place; events at two places need two names"
    checks = {
        "rows of one event name different places": _named_apart(found, at_one_place),
        f"rows of one event lie more than {KILOMETRES:.0f} km apart": _mapped_apart(found, at_one_place).tolist(),
    }
    for what, cases in checks.items():
        if cases:
            yield oddity(found, what, mend, cases, (_places(found, *case) for case in cases))


def _is_named(place: str | None) -> bool:
    return place is not None


def _named_apart(found: Statements, kept: Integers) -> list[tuple[int, int]]:
    """Two rows of each event whose places have no word in common."""
    place = found.column("place").merged()
    named = kept[place.where(_is_named)[kept]]
    both = combined(found.event.codes[named], place.codes[named])
    first = named[np.unique(both, return_index=True)[1]]  # one row an event and place
    several = np.bincount(found.event.codes[first])[found.event.codes[first]] > 1
    places: dict[int, list[int]] = defaultdict(list)
    for position in np.sort(first[several]).tolist():
        places[int(found.event.codes[position])].append(position)

    pairs = (_two_apart(found, each[:PLACES_COMPARED]) for each in places.values())
    return [pair for pair in pairs if pair is not None]


def _two_apart(found: Statements, positions: list[int]) -> tuple[int, int] | None:
    """The first two rows of an event whose places have no word in common."""
    words = {position: words_of(_place(found, position)) for position in positions}
    return next((pair for pair in combinations(positions, 2) if words[pair[0]].isdisjoint(words[pair[1]])), None)


def _mapped_apart(found: Statements, kept: Integers) -> Integers:
    """Two rows of each event that lie far apart by their coordinates, where the table has any; shape (events, 2)."""
    columns = _coordinates(found.table)
    if columns is None:
        return np.zeros((0, 2), dtype=np.int64)

    latitude, longitude = (_degrees(column)[found.row] for column in columns)
    kept = kept[(np.abs(latitude[kept]) <= 90.0) & (np.abs(longitude[kept]) <= 180.0)]
    north = latitude * KILOMETRES_OF_A_DEGREE
    east = longitude * KILOMETRES_OF_A_DEGREE * np.cos(np.radians(latitude))
    apart = np.concatenate([_farthest(found.event.codes, axis, kept, KILOMETRES) for axis in (north, east)])
    return apart[np.unique(found.event.codes[apart[:, 0]], return_index=True)[1]]


def _degrees(column: pd.Series[Any]) -> Floats:
    """The cells of a column as numbers, NaN where they are none; shape (rows,)."""
    try:
        return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError, ArithmeticError):  # the column is not known, and may hold objects of any type
        return np.full(len(column), np.nan)


def _coordinates(table: pd.DataFrame) -> list[pd.Series[Any]] | None:
    """The columns of degrees north and east, where the table has both."""
    by_name = {str(column).strip().lower(): column for column in table.columns}
    named = [next((by_name[name] for name in names if name in by_name), None) for names in (_LATITUDES, _LONGITUDES)]
    return None if None in named else [table[column] for column in named]


def _places(found: Statements, *positions: int) -> str:
    told = (f"{quoted(_place(found, at))} (line {found.line[at]})" for at in positions)
    return f"{' and '.join(told)} of event {quoted(found.event[positions[0]])}"


def _place(found: Statements, position: int) -> str:
    return found.table["place"].iloc[found.row[position]] or "no place named"


# Size -----------------------------------------------------------------------------------------------------------------


def thousands(found: Statements) -> Iterator[Oddity]:
    """Two figures of one outcome within days, one of which is the other in thousands."""
    kept = np.flatnonzero(found.is_whole & (found.number >= 2))
    if not len(kept):
        return
    case = combined(found.case[kept], found.outcome.codes[kept])
    smallest, largest = _extremes(case, found.number[kept])
    wide = (is_thousandfold(smallest, largest) | (largest > 1500 * smallest))[case]

    small: dict[tuple[int, int], list[int]] = defaultdict(list)
    candidates = list(zip(case[wide].tolist(), kept[wide].tolist(), strict=True))
    for key, position in candidates:
        small[key, int(found.number[position])].append(position)

    cases = []
    for key, position in candidates:
        others = small.get((key, round(found.number[position] / 1000)), [])
        near = (other for other in others if not abs(found.day[other] - found.day[position]) > SLIP_DAYS)
        if (other := next(near, None)) is not None:
            cases.append((other, position))
    if cases:
        what = "one figure may be another in thousands"
        mend = "look which unit each is in, and write whole numbers such as 12,400"
        yield oddity(found, what, mend, cases, (_sizes(found, *case) for case in cases))


def _extremes(key: Integers, values: Floats) -> tuple[Floats, Floats]:
    """The smallest and the largest value of each key, from arrays of shape (rows,); each of shape (keys,)."""
    size = int(key.max()) + 1
    smallest, largest = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(smallest, key, values)
    np.maximum.at(largest, key, values)
    return smallest, largest


def _sizes(found: Statements, small: int, large: int) -> str:
    both = (said(found, at, found.source[at]) for at in (small, large))
    return f"{' and '.join(both)} on {case_name(found, small)}"
