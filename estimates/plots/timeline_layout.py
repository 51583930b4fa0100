"""Layout of many events over time: a range for each, where it began."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from estimates.plots.event_layout import unit_of
from estimates.plots.room import NARROW, Label, Room, without_overlap
from estimates.plots.scale import Scale, Tick, choose_scale, ticks_up
from estimates.plots.things import Bar

#: Height of the ranges in lines of text.
TIMELINE_LINES = 10.5
#: Dates below a timeline stand at the beginnings of years, or of every so many months.
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_MOST_DATES = 12


@dataclass(frozen=True)
class Dated:
    """An event with the day it began.

    Attributes
    ----------
    day : date
    title : str
        What the pointer shows.
    bar : Bar
        Its range, the widest interval last.
    """

    day: date
    title: str
    bar: Bar


@dataclass(frozen=True)
class TimelineLayout:
    """Everything in a picture of events over time.

    Attributes
    ----------
    scale : Scale
        Of counts, from the bottom to the top.
    ticks : tuple of Tick
    unit : str
    events : tuple of (Dated, float)
        Each with the share of the picture's length where it stands.
    dates : tuple of Label
        Below the ranges, each at the first day of a month.
    lines : float
        Height of the ranges.
    """

    scale: Scale
    ticks: tuple[Tick, ...]
    unit: str
    events: tuple[tuple[Dated, float], ...]
    dates: tuple[Label, ...]
    lines: float


def timeline_layout(events: Sequence[Dated], *, unit: str, room: Room = NARROW) -> TimelineLayout:
    """Place events over time.

    Parameters
    ----------
    events : sequence of Dated
        At least one.
    unit : str
    room : Room
        Without a number of lines the ranges are :data:`TIMELINE_LINES` high.
    """
    days = [event.day for event in events]
    first, last = min(days), max(days)
    margin = timedelta(days=max(1, round(0.02 * (last - first).days)))
    first, last = _moved(first, -margin), _moved(last, margin)

    def share(day: date) -> float:
        return (day - first).days / (last - first).days

    scale = choose_scale([round(end) for event in events for end in event.bar.intervals[-1]])
    lines = min(room.lines, TIMELINE_LINES)
    return TimelineLayout(
        scale=scale,
        ticks=ticks_up(scale, lines),
        unit=unit_of(unit, scale),
        events=tuple((event, share(event.day)) for event in sorted(events, key=lambda event: event.day)),
        dates=tuple(_dates(first, last, share, lines + 0.8, room)),
        lines=lines,
    )


def _moved(day: date, by: timedelta) -> date:
    """A day moved within what dates can be."""
    try:
        return day + by
    except OverflowError:
        return day


def _dates(first: date, last: date, share: Callable[[date], float], line: float, room: Room) -> tuple[Label, ...]:
    """The first days of months as close as they have room for; where none lies between, the first day itself."""
    for months in _MONTHS:
        days = _first_days(first, last, months)
        labels = [Label(_written(day, months), "date", share(day), line) for day in days]
        shown = without_overlap(labels, room.width)
        if len(shown) >= 0.8 * len(labels) and len(labels) <= _MOST_DATES:
            break
    return shown or (Label(first.isoformat(), "date", 0.0, line),)


def _first_days(first: date, last: date, months: int) -> list[date]:
    """The first day of every so many months, between two days."""
    begin, end = 12 * first.year + first.month - 1, 12 * last.year + last.month - 1
    numbers = range(begin + -begin % months, end + 1, months)
    return [day for day in (date(number // 12, number % 12 + 1, 1) for number in numbers) if day >= first]


def _written(day: date, months: int) -> str:
    return str(day.year) if months >= 12 else f"{day:%Y-%m}"
