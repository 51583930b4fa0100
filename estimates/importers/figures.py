"""Figures and times as the table of reports writes them."""

from __future__ import annotations

from datetime import timedelta

from estimates.table.dates import parse_time

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
    """The days from the first to the last; one of them where they are equal or the other is unknown."""
    return f"{start}/{end}" if start and end and start != end else start or end


def around(day: str, days: int) -> str:
    """So many days before and after a day."""
    middle = parse_time(day).first_day
    before, after = (middle + timedelta(days=shift) for shift in (-days, days))
    return f"{before.isoformat()}/{after.isoformat()}"
