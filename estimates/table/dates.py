"""Times at the precision they were written with, and the age of a report as the interval that leaves open.

"2020-01" is the whole of January 2020: a report dated so has an interval of ages, never a made-up day.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Time", "ages", "is_iso", "moments", "overlap", "parse_time", "precedes"]

#: The age in days of a report of the event's own day, where the hour is not known of both.
SAME_DAY = 1 / 3
#: Years outside these are taken for slips of the pen.
FIRST_YEAR, LAST_YEAR = 1000, 2999

_MINUTE = timedelta(minutes=1)
_NO_OFFSET = timedelta(0)
_ISO_8601 = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?)?"
    r"(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of time as long as the precision it was written with.

    Attributes
    ----------
    start, end : datetime
        First moment and first moment after, without zone, in UTC where an offset was written. Seconds are dropped.
    has_clock : bool
        Whether an hour was written.
    offset : timedelta
        The offset from UTC that was written; calendar days are counted as written, that is, with it added again.
    """

    start: datetime
    end: datetime
    has_clock: bool = False
    offset: timedelta = _NO_OFFSET

    @property
    def last(self) -> datetime:
        """The last minute of the stretch."""
        return self.end - _MINUTE

    @property
    def first_day(self) -> date:
        """The first calendar day, as written."""
        return (self.start + self.offset).date()

    @property
    def last_day(self) -> date:
        """The last calendar day, as written."""
        return (self.last + self.offset).date()


@functools.lru_cache(maxsize=4096)
def parse_time(text: str) -> Time:
    """Read an ISO 8601 time of any precision from year to minute, or an interval from one such time to another.

    Parameters
    ----------
    text : str
        Such as "2020", "2020-01", "2020-01-15", "2020-01-15T14", "2020-01-15 14:30" or "2020-01-15T14:30:00+03:00".
        Seconds are read and dropped; a time with an offset is converted to UTC, one without is taken to be in UTC.
        "2020-01-15/2020-01-17" runs from the beginning of its first to the end of its last part.

    Returns
    -------
    Time
        The stretch of time the text leaves open.

    Raises
    ------
    ValueError
        If the text is not such a time or there is no such day or hour; the message is one plain sentence.
    """
    written = text.strip()
    first, slash, last = written.partition("/")
    if slash and is_iso(first) and is_iso(last):
        return _from_to(parse_time(first), parse_time(last), written)

    match = _ISO_8601.fullmatch(written)
    if match is None:
        raise ValueError(f"{_shown(written)} is not a date; write it as 2020-01-15, 2020-01 or 2020-01-15T14:30")

    year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{_shown(written)} is in the year {year}; years run from {FIRST_YEAR} to {LAST_YEAR}")

    numbers = {name: int(match[name]) for name in ("month", "day", "hour", "minute") if match[name]}
    try:
        if match["second"] and int(match["second"]) > 60:  # 60 is a leap second
            raise ValueError("second must be in 0..60")
        hour, minute = numbers.get("hour", 0), numbers.get("minute", 0)
        local = datetime(year, numbers.get("month", 1), numbers.get("day", 1), hour, minute)
        offset = _offset(match["offset"])
    except ValueError as error:
        mend = "correct it, or leave out what is not known"
        raise ValueError(f"{_shown(written)} does not exist: {error}; {mend}") from None

    return Time(local - offset, _end(local, numbers) - offset, "hour" in numbers, offset)


def is_iso(text: str) -> bool:
    """Whether a text is written as one ISO 8601 time, be there such a day or not.

    Parameters
    ----------
    text : str
    """
    return _ISO_8601.fullmatch(text) is not None


def _from_to(first: Time, last: Time, written: str) -> Time:
    """The time from the beginning of one to the end of another."""
    if first.has_clock != last.has_clock or first.offset != last.offset:
        raise ValueError(
            f"{_shown(written)} has unlike ends; write a clock time and a zone at both of them, or at neither"
        )
    if last.end <= first.start:
        raise ValueError(f"{_shown(written)} ends before it begins; begin with the earlier day")
    return Time(first.start, max(first.end, last.end), first.has_clock, first.offset)


def precedes(reported: Time, event: Time) -> bool:
    """Say whether a report is dated before its event, whatever a coarse time leaves open.

    Parameters
    ----------
    reported, event : Time
        When the report was made and when the event happened.

    Returns
    -------
    bool
        True only where every reading of the two times puts the report first.
    """
    if reported.has_clock and event.has_clock:
        return reported.end <= event.start
    return reported.last_day < event.first_day


def overlap(one: Time, other: Time) -> bool:
    """Say whether two times can be the same moment.

    Parameters
    ----------
    one, other : Time
        Two datings of one event.

    Returns
    -------
    bool
        True where the stretches share a moment (clock times) or a calendar day as written.
    """
    return not precedes(one, other) and not precedes(other, one)


def ages(reported: Time | None, event: Time | None) -> tuple[float, float] | None:
    """Give the interval of ages in days that a report can have.

    An age is the difference in calendar days, and a third of a day on the event's own day; with a clock time on both
    sides it is the hours between them / 24. A report before its event has age 0.

    Parameters
    ----------
    reported, event : Time or None
        When the report was made and when the event happened.

    Returns
    -------
    tuple of float, or None
        The lowest and the highest age in days, equal where both times are exact; None where either time is missing.
    """
    if reported is None or event is None:
        return None
    if precedes(reported, event):
        return 0.0, 0.0
    if reported.has_clock and event.has_clock:
        lowest = _days(reported.start - event.last)
        highest = _days(reported.last - event.start)
        return max(0.0, lowest), highest

    lowest_days = (reported.first_day - event.last_day).days
    highest_days = (reported.last_day - event.first_day).days
    return _calendar_age(lowest_days), _calendar_age(highest_days)


def _calendar_age(days: int) -> float:
    return float(days) if days > 0 else SAME_DAY


def _days(difference: timedelta) -> float:
    return difference / timedelta(days=1)


def _offset(written: str | None) -> timedelta:
    if written is None or written in "Zz":
        return _NO_OFFSET
    hours, minutes = int(written[1:3]), int(written[3:].lstrip(":") or 0)
    if hours > 14 or minutes > 59:
        raise ValueError(f"no place is {written} from UTC")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if written[0] == "-" else offset


def _end(start: datetime, numbers: dict[str, int]) -> datetime:
    if "minute" in numbers:
        return start + _MINUTE
    if "hour" in numbers:
        return start + timedelta(hours=1)
    if "day" in numbers:
        return start + timedelta(days=1)
    if "month" in numbers:
        return (start + timedelta(days=31)).replace(day=1)
    return start.replace(year=start.year + 1)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def moments(times: Sequence[Time | None]) -> list[tuple[int, int]]:
    """Give the order of several times; on a day on which one of them lacks a clock time, all of the day are tied.

    Parameters
    ----------
    times : sequence of Time or None

    Returns
    -------
    list of tuple
        Each time as its day (in UTC) and the minute of the day, 0 where the day is tied; unknown times come first.
    """
    unclocked = {time.start.toordinal() for time in times if time is not None and not time.has_clock}

    def moment(time: Time | None) -> tuple[int, int]:
        if time is None:
            return (0, 0)
        day = time.start.toordinal()
        return (day, 0 if day in unclocked else time.start.hour * 60 + time.start.minute)

    return [moment(time) for time in times]
