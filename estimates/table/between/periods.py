"""Figures of one period after another that look like a running total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from estimates.table.between.oddities import EXAMPLES, Oddity
from estimates.table.dates import Time, parse_time
from estimates.table.faults import quoted

__all__ = ["rising_periods"]

#: So many periods, each with more than the one before, and the last with this many times the first.
PERIODS, RISE = 5, 2.0

_SERIES = ("event", "source", "outcome", "place", "group", "affiliation", "population")


class _Period(NamedTuple):
    """A figure of a period."""

    start: Time
    end: Time
    number: int
    line: int


def rising_periods(table: pd.DataFrame) -> Iterator[Oddity]:
    """Series of periods without overlap whose figures only rise.

    Parameters
    ----------
    table : DataFrame
        ``Reports.table``.
    """
    of_period = table[(table["scope"] == "period").to_numpy() & table["low"].notna().to_numpy()]
    if len(of_period) < PERIODS:
        return

    series: dict[tuple[object, ...], list[_Period]] = defaultdict(list)
    columns = [of_period[name].tolist() for name in (*_SERIES, "period_start", "period_end", "low", "line")]
    for *about, start, end, number, line in zip(*columns, strict=True):
        series[tuple(about)].append(_Period(parse_time(start), parse_time(end), number, line))

    in_order = {about: sorted(each, key=_begins) for about, each in series.items()}
    cases = [(about, each) for about, each in in_order.items() if _is_rising(each)]
    if cases:
        lines = sorted(period.line for _, each in cases for period in each)
        told = tuple(_told(about, each) for about, each in cases[:EXAMPLES])
        what = "figures of periods only rise, like a running total"
        yield Oddity(
            what, "if they are totals so far, write scope=event and clear the periods", lines, told, len(cases)
        )


def _begins(period: _Period) -> tuple[object, ...]:
    return period.start.start, period.line


def _is_rising(periods: list[_Period]) -> bool:
    """Whether periods without overlap have ever larger figures, and much larger ones in the end."""
    if len(periods) < PERIODS or periods[-1].number < RISE * periods[0].number:
        return False
    return all(one.number < other.number and one.end.start <= other.start.start for one, other in pairwise(periods))


def _told(about: tuple[object, ...], periods: list[_Period]) -> str:
    event, source, outcome, *_ = about
    numbers = ", ".join(f"{period.number:,}" for period in periods[:4])
    more = ", …" if len(periods) > 4 else ""
    return f"{numbers}{more} {str(outcome).replace('_', ' ')} by {source} on {quoted(event)}"
