"""Figures and times as the table of reports writes them."""

from __future__ import annotations

from datetime import timedelta

from estimates.table.dates import Time, parse_time

__all__ = ["around", "at_least", "between", "exactly", "span"]


def exactly(number: int) -> str:
    """A number that is given as such."""
    return f"{number:,}"


def at_least(number: int) -> str:
    """A number that is given as a lower bound."""
    return f"at least {number:,}"


def between(low: int, high: int) -> str:
    """A range; one number where its ends are equal."""
    return exactly(low) if low == high else f"{low:,}-{high:,}"


def span(start: str, end: str) -> str:
    """The days from the first to the last; one of them where they are equal or the other is unknown.

    Clock times are kept where both have one, in one zone.
    """
    if not (start and end) or start == end:
        return start or end

    first, last = parse_time(start), parse_time(end)
    if (first.has_clock, first.offset) != (last.has_clock, last.offset):
        days = [_day(first, start), _day(last, end)]
        return span(*(sorted(days) if first.has_clock and last.has_clock else days))
    return f"{start}/{end}"


def _day(time: Time, written: str) -> str:
    return time.first_day.isoformat() if time.has_clock else written


def around(day: str, days: int) -> str:
    """So many days before and after a day."""
    middle = parse_time(day).first_day
    before, after = (middle + timedelta(days=shift) for shift in (-days, days))
    return f"{before.isoformat()}/{after.isoformat()}"
