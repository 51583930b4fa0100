"""Many times at once: the same stretches and ages as those of `dates`, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from estimates.models.types import Booleans, Floats, Integers
from estimates.table.dates import FIRST_YEAR, LAST_YEAR, SAME_DAY, parse_time

__all__ = ["Times", "ages_of", "are_plain", "preceding", "times_of"]

_MINUTES_OF_A_DAY = 1440
_EPOCH = datetime(1970, 1, 1)
_DAY, _CLOCK = len("2020-01-15"), len("2020-01-15T14:30")
_ZERO, _HYPHEN, _COLON = ord("0"), ord("-"), ord(":")
_BEFORE_CLOCK = tuple(map(ord, "Tt "))


@dataclass(frozen=True, eq=False)
class Times:
    """Several times, in minutes since 1970, each array of shape (times,).

    Attributes
    ----------
    is_known : boolean array
        False where there is no time; the other arrays mean nothing there.
    start, end : integer arrays
        First minute and first minute after, in UTC where an offset was written.
    has_clock : boolean array
        Whether an hour was written.
    offset : integer array
        The offset from UTC that was written.
    """

    is_known: Booleans
    start: Integers
    end: Integers
    has_clock: Booleans
    offset: Integers

    @property
    def last(self) -> Integers:
        """The last minute, shape (times,)."""
        return self.end - 1

    @property
    def first_day(self) -> Integers:
        """The first calendar day as written, shape (times,)."""
        return (self.start + self.offset) // _MINUTES_OF_A_DAY

    @property
    def last_day(self) -> Integers:
        """The last calendar day as written, shape (times,)."""
        return (self.last + self.offset) // _MINUTES_OF_A_DAY

    def of(self, places: Integers) -> Times:
        """The times at these places, of shape (places,)."""
        return Times(
            self.is_known[places], self.start[places], self.end[places], self.has_clock[places], self.offset[places]
        )


def times_of(texts: Sequence[str | None]) -> Times:
    """Read times that are known to be such; None is no time.

    Raises
    ------
    ValueError
        If a text is no time; see `estimates.table.dates.parse_time`.
    """
    is_known = np.array([bool(text) for text in texts], dtype=bool)
    is_plain, start, has_clock = _plain(texts)
    end = start + np.where(has_clock, 1, _MINUTES_OF_A_DAY)
    offset = np.zeros(len(texts), dtype=np.int64)

    for place in np.flatnonzero(is_known & ~is_plain).tolist():
        time = parse_time(str(texts[place]))
        start[place], end[place], has_clock[place] = _minutes(time.start), _minutes(time.end), time.has_clock
        offset[place] = time.offset // timedelta(minutes=1)
    return Times(is_known, start, end, has_clock, offset)


def _minutes(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(minutes=1)


def are_plain(texts: Sequence[str]) -> list[bool]:
    """Which texts are days that exist, as 2020-01-15 or 2020-01-15T14:30; other texts may be times as well."""
    return list(map(bool, _plain(texts)[0]))


def preceding(reported: Times, event: Times) -> Booleans:
    """Say which reports are dated before their events, whatever coarse times leave open.

    Parameters
    ----------
    reported, event : Times, shape (rows,)

    Returns
    -------
    boolean array, shape (rows,)
        As `estimates.table.dates.precedes` says it; False where one of them is not known.
    """
    by_clock = reported.has_clock & event.has_clock
    before = np.where(by_clock, reported.end <= event.start, reported.last_day < event.first_day)
    return before & reported.is_known & event.is_known


def ages_of(reported: Times, event: Times) -> tuple[Floats, Floats]:
    """Give the intervals of ages in days that reports can have.

    Parameters
    ----------
    reported, event : Times, shape (rows,)

    Returns
    -------
    two float arrays, shape (rows,)
        The lowest and the highest age as `estimates.table.dates.ages` gives them; not a number where unknown.
    """
    by_clock = reported.has_clock & event.has_clock
    lowest = np.where(
        by_clock,
        np.maximum(0.0, (reported.start - event.last) / _MINUTES_OF_A_DAY),
        _calendar_ages(reported.first_day - event.last_day),
    )
    highest = np.where(
        by_clock,
        (reported.last - event.start) / _MINUTES_OF_A_DAY,
        _calendar_ages(reported.last_day - event.first_day),
    )

    before = preceding(reported, event)
    is_unknown = ~(reported.is_known & event.is_known)
    low, high = (np.where(is_unknown, np.nan, np.where(before, 0.0, age)) for age in (lowest, highest))
    return low, high


def _calendar_ages(days: Integers) -> Floats:
    return np.where(days > 0, days.astype(np.float64), SAME_DAY)


# -------------------------------------------------------------------------------------------------- the usual spelling


def _plain(texts: Iterable[str | None]) -> tuple[Booleans, Integers, Booleans]:
    """Which texts are days or minutes that exist in the usual spelling, their first minutes, and which have a clock.

    Three arrays of shape (texts,).
    """
    given = [text or "" for text in texts]
    length = np.fromiter(map(len, given), dtype=np.int64, count=len(given))
    letters = np.array(given, dtype=f"U{_CLOCK}").view(np.uint32).reshape(len(given), _CLOCK).astype(np.int64)

    digits = letters - _ZERO
    is_digit = (digits >= 0) & (digits <= 9)
    has_clock = length == _CLOCK
    is_day = _all(is_digit, (0, 1, 2, 3, 5, 6, 8, 9)) & (letters[:, 4] == _HYPHEN) & (letters[:, 7] == _HYPHEN)
    is_clock = _all(is_digit, (11, 12, 14, 15)) & (letters[:, 13] == _COLON) & np.isin(letters[:, 10], _BEFORE_CLOCK)

    year, month, day, hour, minute = (
        _number(digits, at, size) for at, size in ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2))
    )
    in_range = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    first_of_month = _days(year, month)
    exists = in_range & (day <= _days(year, month + 1) - first_of_month)
    is_plain = is_day & exists & ((length == _DAY) | (has_clock & is_clock & (hour <= 23) & (minute <= 59)))

    start = (first_of_month + day - 1) * _MINUTES_OF_A_DAY + np.where(has_clock, hour * 60 + minute, 0)
    return is_plain, start, has_clock & is_plain


def _all(marks: Booleans, places: Sequence[int]) -> Booleans:
    """Whether all of some marks of each text hold, shape (texts,), from marks of shape (texts, letters)."""
    return marks[:, places].all(axis=1)


def _number(digits: NDArray[np.int64], first: int, size: int) -> Integers:
    """The number that some digits of each text make, shape (texts,), from digits of shape (texts, letters)."""
    number: Integers = digits[:, first : first + size] @ 10 ** np.arange(size - 1, -1, -1)
    return number


def _days(year: Integers, month: Integers) -> Integers:
    """The first day of months since 1970, shape (texts,); the thirteenth month is the first of the next year."""
    months = (np.clip(year, FIRST_YEAR, LAST_YEAR) - 1970) * 12 + np.clip(month, 1, 13) - 1
    days: Integers = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days
