"""The mark of an event: a short hash by which a profile knows what it was learned from, whatever bears its name."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from estimates.table.dates import parse_time
from estimates.table.report import LARGEST_KNOWN, Report

__all__ = ["event_marks", "mark_of", "written_figure", "written_time"]

#: Hexadecimal digits of a mark: two of a million events have the same by chance once in 37 million tables.
DIGITS = 16


def event_marks(reports: Iterable[Report]) -> dict[str, str]:
    """The mark of each event: a hash of its name, its date and its figures.

    An event with one more figure, or with one that was corrected, is another event: it says something that whoever
    learned from it before has not seen. The order of rows, a row written twice, other events, verified tolls, types,
    places, addresses, notes, how many were at risk and how the event was chosen do not matter, nor do rows without a
    figure and those that are not estimated.

    Parameters
    ----------
    reports : iterable of Report
        All that the table says of its events: where some reports of an event are left out, its mark is another.

    Returns
    -------
    dict of str to str
        By the name of the event. Events that are not estimated have no mark; one without any figure has.
    """
    dates: dict[str, str | None] = {}
    figures: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        if report.is_estimated:
            dates[report.event] = report.event_date
            if report.said is not None:
                figures[report.event].add(_figure(report))
    return {event: mark_of(event, date, figures[event]) for event, date in dates.items()}


def _figure(report: Report) -> str:
    """What a report says, as the JSON of a list; its pieces recur all over a table, so each is written once."""
    pieces = [written_figure(report), written_time(report.reported_at)]
    # Only where they are given: marks of tables without them stand in files.
    for name in ("withdrawn", "population", "definition", "missing_basis"):
        if value := getattr(report, name):
            pieces.append(json.dumps([name, value]))
    return f"[{', '.join(pieces)}]"


def written_figure(report: Report) -> str:
    """Who says what of whom, as JSON without the brackets of the list: what stands before the time of a report."""
    who = _written(report.source, report.quotes)
    about = _written(report.outcome, report.affiliation, report.group)
    said = _written(report.wording, report.low, report.high, report.word, report.provisional)
    return f"{who}, {about}, {said}"


@lru_cache(LARGEST_KNOWN, typed=True)  # the JSON of True and of 1 differ
def _written(*items: str | int | None) -> str:
    """The JSON of a list without its brackets."""
    return json.dumps(items)[1:-1]


@lru_cache(LARGEST_KNOWN)
def written_time(written: str | None) -> str:
    """A time as what it leaves open, however it was written, as JSON."""
    if not written:
        return "[]"
    time = parse_time(written)
    return json.dumps([time.start.isoformat(), time.end.isoformat(), time.has_clock])


def mark_of(event: str, date: str | None, figures: Iterable[str]) -> str:
    """The mark of an event of that name and date, from what its reports say, each as the JSON of a list."""
    # JSON of ASCII alone: halves of surrogate pairs and NUL are escaped, and no two lists are written alike.
    content = f"[{json.dumps(event)}, {written_time(date)}, {json.dumps(sorted(set(figures)))}]"
    return hashlib.sha256(content.encode("ascii")).hexdigest()[:DIGITS]
