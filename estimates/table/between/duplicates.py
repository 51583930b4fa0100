"""One report under two names of its event or of its source, and names spelt almost alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, islice
from typing import NamedTuple

import numpy as np
import pandas as pd

from estimates.models.types import Integers
from estimates.table.between.names import NAMES_SPELT, almost_alike, may_be_one
from estimates.table.between.oddities import Oddity, oddity, said
from estimates.table.between.statements import Statements, joined
from estimates.table.column import Column, first_places
from estimates.table.faults import quoted

__all__ = ["names_and_duplicates", "under_two_names"]

#: Of more names that share all else than these none are compared, and no more than so many pairs in all.
NAMES_COMPARED, PAIRS_COMPARED = 20, 10_000
#: A number that two events of one day and place hardly share by chance.
TELLING = 20

_MENDS = {
    "event": "if so, give both rows one name, or leave one row out",
    "source": "if so, give both rows one name; where one repeats the other, name that one in quotes",
}


def names_and_duplicates(found: Statements) -> Iterator[Oddity]:
    """Reports that may stand under two names, and other names that are spelt almost alike.

    Parameters
    ----------
    found : Statements
    """
    for column, mend in _MENDS.items():
        named: Column = getattr(found, column)
        twice = under_two_names(found, column)
        if twice:
            what = f"one report may stand under two names of its {column}"
            yield oddity(found, what, mend, twice, (_reports(found, named, *pair) for pair in twice))

        told = {frozenset(map(named.__getitem__, pair)) for pair in twice}
        alike = [pair for pair in _alike(found, column) if frozenset(map(named.__getitem__, pair)) not in told]
        if alike:
            what = f"names of {column}s are spelt almost alike and count as different"
            told_names = (_names(found, named, *pair) for pair in alike)
            yield oddity(found, what, "write one of them where one is meant", alike, told_names)


def _reports(found: Statements, named: Column, one: int, other: int) -> str:
    return " and ".join(said(found, at, quoted(named[at])) for at in (one, other))


def _names(found: Statements, named: Column, one: int, other: int) -> str:
    return " and ".join(f"{quoted(named[at])} (line {found.line[at]})" for at in (one, other))


# One report twice -----------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """What tells whether two rows of one figure and day are one report."""

    event: str
    source: str
    quotes: str | None
    event_date: str | None
    place: str | None
    definition: str | None
    number: float


def under_two_names(found: Statements, column: str) -> list[tuple[int, int]]:
    """Pairs of positions of the same figure on the same day under two names that may be of one thing.

    Parameters
    ----------
    found : Statements
    column : str
        What has two names: "event", of one source, or "source", on one event.
    """
    named, same = (found.event, found.source) if column == "event" else (found.source, found.event)
    kept = np.flatnonzero((found.number >= 1) & ~np.isnan(found.day))
    highest = np.where(np.isinf(found.most), -1.0, found.most)
    numbers = (values[kept].astype(np.int64) for values in (found.day, found.number, highest))
    key = joined(same.codes[kept], found.outcome.codes[kept], found.group.codes[kept], *numbers)

    shared = np.flatnonzero(pd.Series(key).duplicated(keep=False).to_numpy())
    groups = _groups(found, kept[shared], key[shared], named.codes[kept[shared]])
    pairs = list(islice(chain.from_iterable(combinations(group, 2) for group in groups), PAIRS_COMPARED))
    rows = _rows(found, sorted({position for pair in pairs for position in pair}))
    is_one = _is_one_event if column == "event" else _is_one_source
    return sorted(pair for pair in pairs if is_one(*(rows[position] for position in pair)))


def _groups(found: Statements, positions: Integers, key: Integers, name: Integers) -> Iterator[list[int]]:
    """Positions of each key, one a name, of keys with several names; those of the largest numbers first.

    All arrays have shape (positions,).
    """
    order = np.lexsort((positions, name, key))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (key[order[1:]] != key[order[:-1]]) | (name[order[1:]] != name[order[:-1]])
    order = order[is_first]

    starts = np.flatnonzero(np.diff(key[order], prepend=key[order[:1]] - 1))
    sizes = np.diff(np.append(starts, len(order)))
    several = (sizes > 1) & (sizes <= NAMES_COMPARED)
    by_number = np.argsort(-found.number[positions[order[starts[several]]]], kind="stable")
    chosen = zip(starts[several][by_number], sizes[several][by_number], strict=True)
    return (sorted(positions[order[start : start + size]].tolist()) for start, size in chosen)


def _rows(found: Statements, positions: list[int]) -> dict[int, _Row]:
    columns = (found.columns[name].of(found.row[positions]).cells().tolist() for name in _Row._fields[:-1])
    return dict(zip(positions, map(_Row, *columns, found.number[positions].tolist()), strict=True))


def _is_one_event(one: _Row, other: _Row) -> bool:
    """Whether two events may be one: names that may be, or a telling number at one place on one day."""
    if _differ(one.event_date, other.event_date) or one.definition != other.definition:
        return False
    if one.event.casefold() == other.event.casefold():
        return False  # told of names that differ in capitals
    is_telling = one.number >= TELLING and None not in (one.place, one.event_date) and one.place == other.place
    return (is_telling and one.event_date == other.event_date) or may_be_one(one.event, other.event)


def _is_one_source(one: _Row, other: _Row) -> bool:
    """Whether two sources may be one; a source that quotes the other is told apart already."""
    if {one.quotes, other.quotes} & {one.source, other.source} or one.source.casefold() == other.source.casefold():
        return False
    return may_be_one(one.source, other.source, of_sources=True)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


# Names ----------------------------------------------------------------------------------------------------------------


def _alike(found: Statements, column: str) -> list[tuple[int, int]]:
    """Positions of the first statements of two names that are spelt almost alike; events must not differ in date."""
    named: Column = getattr(found, column)
    if len(named.different) > NAMES_SPELT:
        return []
    places = first_places(named.codes, len(named.different)).tolist()
    first = {name: place for name, place in zip(named.different, places, strict=True) if place >= 0}

    pairs = [(first[one], first[other]) for one, other in almost_alike(first)]
    if column == "event":
        rows = _rows(found, sorted({position for pair in pairs for position in pair}))
        pairs = [pair for pair in pairs if not _differ(*(rows[position].event_date for position in pair))]
    return sorted(pairs)
