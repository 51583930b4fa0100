"""What a source says one day after another: numbers that fall or jump tenfold, and increments among running totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from estimates.models.types import Booleans, Floats, Integers
from estimates.table.between.oddities import Oddity, case_name, oddity, said
from estimates.table.between.statements import SPREADING, Statements, combined, is_thousandfold

__all__ = ["Series", "falls_of", "oddities_of_series", "series_of", "steps_of", "up_and_down"]

#: A jump is to so many times the number before, within so many days, or at any time once the event is so old.
JUMP, JUMP_DAYS, SETTLED_DAYS = 10.0, 2.0, 3.0
#: A first report of one is no number to jump from.
SMALLEST = 2.0
#: A fall by fewer people, or by a smaller share, is a correction such as sources make every day.
SMALL_FALL, SMALL_SHARE = 2.0, 0.05
#: Numbers that go up and down: so many falls, this share of the steps, each by this much.
FALLS, SHARE_OF_FALLS, FALL = 2, 1.0 / 3.0, 0.9


@dataclass(frozen=True, eq=False)
class Series:
    """What each source says day by day: one entry a source, outcome, group and day, those of a series in order.

    Attributes
    ----------
    found : Statements
        In the order of the entries.
    key : integer array, shape (entries,)
        Which entries are of one series.
    first, last : integer arrays, shape (entries,)
        Positions of the first and the last statement of each entry.
    lowest, highest : float arrays, shape (entries,)
        The smallest number that its statements must mean, and the largest that they can mean, of each entry.
    lowest_most, highest_least : float arrays, shape (entries,)
        The smallest of the upper ends of its statements, and the largest of the lower ends.
    """

    found: Statements
    key: Integers
    first: Integers
    last: Integers
    lowest: Floats
    highest: Floats
    lowest_most: Floats
    highest_least: Floats

    def counted(self, entries: Integers) -> Integers:
        """How many of some entries, of shape (entries,), each series has, shape (series,)."""
        return np.bincount(self.key[entries], minlength=int(self.key.max(initial=-1)) + 1)


def series_of(found: Statements) -> Series:
    """The series of all sources that say something twice.

    Parameters
    ----------
    found : Statements
    """
    spoken = np.flatnonzero(~found.is_list)
    about = (found.outcome, found.source, found.quotes, found.group)
    key = combined(found.case[spoken], *(column.codes[spoken] for column in about))
    repeated = np.bincount(key)[key] > 1 if len(key) else np.zeros(0, dtype=bool)
    spoken, key = spoken[repeated], key[repeated]

    day = np.where(np.isnan(found.day[spoken]), -np.inf, found.day[spoken])  # all of unknown day are one entry
    order = np.lexsort((day, key))
    key, day, these = key[order], day[order], found.of(spoken[order])

    is_new = np.ones(len(key), dtype=bool)
    is_new[1:] = (key[1:] != key[:-1]) | (day[1:] != day[:-1])
    first = np.flatnonzero(is_new)
    last = np.append(first[1:], len(key))[: len(first)] - 1
    ends = [
        extreme.reduceat(values, first) if len(first) else np.zeros(0)
        for values in (these.least, these.most)
        for extreme in (np.minimum, np.maximum)
    ]
    lowest, highest_least, lowest_most, highest = ends
    return Series(these, key[first], first, last, lowest, highest, lowest_most, highest_least)


def oddities_of_series(found: Statements) -> Iterator[Oddity]:
    """Increments among running totals, numbers that fall, and numbers that jump.

    Parameters
    ----------
    found : Statements
    """
    series = series_of(found)
    steps = steps_of(series)
    falls = falls_of(series, steps)

    wavering = up_and_down(series, steps, falls)
    telling = falls[_is_worth_telling(series, falls) & ~wavering[series.key[falls]]]
    added = _added(series, telling)

    yield from _told_of_wavering(series, wavering)
    yield from _told_of_added(series, added)
    yield from _told_of_falls(series, telling[~np.isin(telling, added)])
    yield from _told_of_jumps(series, steps[~wavering[series.key[steps]]])


def steps_of(series: Series) -> Integers:
    """Entries with a known day that another one of their series follows, shape (steps,)."""
    followed = np.flatnonzero(series.key[1:] == series.key[:-1])
    return followed[~np.isnan(series.found.day[series.first[followed]])]


def falls_of(series: Series, steps: Integers) -> Integers:
    """Those steps, of shape (steps,), that lead to a lower number for certain, shape (falls,)."""
    return steps[series.highest[steps + 1] < series.lowest[steps]]


# Increments -----------------------------------------------------------------------------------------------------------


def up_and_down(series: Series, steps: Integers, falls: Integers) -> Booleans:
    """Which series go up and down like counts of single days, shape (series,).

    Parameters
    ----------
    series : Series
    steps, falls : integer arrays, shape (steps,) and (falls,)
        Entries with a known day that another follows, and those that a lower number follows.
    """
    deep = falls[series.highest[falls + 1] < FALL * series.lowest[falls]]
    rises = steps[series.lowest[steps + 1] > series.highest[steps]]
    fallen, risen, all_steps = (series.counted(entries) for entries in (deep, rises, steps))
    often = (fallen >= FALLS) & (fallen >= SHARE_OF_FALLS * all_steps)
    return often & ((risen > 0) | (fallen > FALLS))


def _told_of_wavering(series: Series, wavering: Booleans) -> Iterator[Oddity]:
    entries = np.flatnonzero(wavering[series.key])
    if not len(entries):
        return

    starts = entries[np.flatnonzero(np.diff(series.key[entries], prepend=-1))]
    ends = np.searchsorted(series.key, series.key[starts], side="right") - 1
    cases = [np.arange(*ends_of) for ends_of in zip(series.first[starts], series.last[ends] + 1, strict=True)]
    what = "figures of one source go up and down like increments, not like a running total"
    mend = "if each counts a day or another period, write scope=period with its dates; else add them up"
    yield oddity(series.found, what, mend, cases, (_wave(series.found, case) for case in cases))


def _wave(found: Statements, case: Integers) -> str:
    shown = ", ".join(found.table["words"].iloc[found.row[case[:4]]])
    more = ", …" if len(case) > 4 else ""
    return f"{shown}{more} by {found.source[case[0]]} on {case_name(found, case[0])}"


def _added(series: Series, falls: Integers) -> Integers:
    """Falls after which the next number is the sum of both: what seems to fall came on top; shape (falls,)."""
    before = falls[falls + 2 < len(series.key)]
    before = before[series.key[before] == series.key[before + 2]]
    exact = [series.lowest[before + i] == series.highest[before + i] for i in range(3)]
    total = series.lowest[before] + series.lowest[before + 1]
    is_sum = (series.lowest[before + 2] == total) & (series.lowest[before + 1] > 0)
    return np.asarray(before[is_sum & exact[0] & exact[1] & exact[2]])


def _told_of_added(series: Series, added: Integers) -> Iterator[Oddity]:
    if len(added):
        cases = np.column_stack((series.last[added], series.first[added + 1], series.first[added + 2]))
        what = "a figure looks like an increment, since it and the one before add up to the next"
        mend = "write the running total, or leave the row out"
        yield oddity(series.found, what, mend, cases, (_steps(series.found, case) for case in cases))


# Falls and jumps ------------------------------------------------------------------------------------------------------


def _is_worth_telling(series: Series, falls: Integers) -> Booleans:
    """Which falls are more than a small correction; a running total should not fall at all. All of shape (falls,)."""
    before, after = series.lowest[falls], series.highest[falls + 1]
    events = series.found.table["event_type"].iloc[series.found.row[series.first[falls]]]
    runs = (events == "campaign").to_numpy(dtype=bool)
    return np.asarray(runs | (before - after >= np.maximum(SMALL_FALL, SMALL_SHARE * before)))


def _told_of_falls(series: Series, falls: Integers) -> Iterator[Oddity]:
    if len(falls):
        cases = np.column_stack((series.last[falls], series.first[falls + 1]))
        what = "a source lowers its own figure"
        mend = "where it took the higher one back, write withdrawn=yes there; where it counts less, say what"
        yield oddity(series.found, what, mend, cases, (_steps(series.found, case) for case in cases))


def _told_of_jumps(series: Series, steps: Integers) -> Iterator[Oddity]:
    far = steps[(series.highest[steps] >= SMALLEST) & (series.lowest[steps + 1] >= JUMP * series.highest[steps])]
    wide = (series.lowest_most >= SMALLEST) & (series.highest_least >= JUMP * series.lowest_most)
    within = [_widest(series, entry) for entry in np.flatnonzero(wide).tolist()]

    from_day_to_day = np.column_stack((series.last[far], series.first[far + 1]))
    pairs = np.concatenate((from_day_to_day, np.array(within, dtype=np.int64).reshape(-1, 2)))
    small, large = series.found.number[pairs].T
    cases = pairs[_is_sudden(series.found, pairs) & ~is_thousandfold(small, large)]
    if len(cases):
        what = "a source's figure jumps tenfold"
        mend = "look for a slip of a digit, or for figures of two events or areas"
        yield oddity(series.found, what, mend, cases, (_steps(series.found, case) for case in cases))


def _widest(series: Series, entry: int) -> tuple[int, int]:
    """The smallest and the largest statement of one day."""
    inside = slice(series.first[entry], series.last[entry] + 1)
    found, first = series.found, int(series.first[entry])
    return first + int(np.argmin(found.most[inside])), first + int(np.argmax(found.least[inside]))


def _is_sudden(found: Statements, pairs: Integers) -> Booleans:
    """Which tenfold rises are odd: those soon after the figure before, or once the event is some days old.

    ``pairs`` are positions of shape (pairs, 2); the result has shape (pairs,).
    """
    before, after = pairs.T
    events = found.table.iloc[found.row[before]]
    spreads = events["event_type"].isin(SPREADING).to_numpy()
    is_settled = events["age_low"].to_numpy() >= SETTLED_DAYS
    days = found.day[after] - found.day[before]
    is_soon = np.isnan(days) | (days <= JUMP_DAYS)
    sudden: Booleans = np.where(spreads, is_settled & is_soon, is_settled | is_soon)
    return sudden


def _steps(found: Statements, case: Integers) -> str:
    told = ", then ".join(said(found, position) for position in case)
    return f"{told} by {found.source[case[0]]} on {case_name(found, case[0])}"
