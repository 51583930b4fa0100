"""The mark of an event: a short hash by which a profile knows what it was learned from, whatever bears its name."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable

from estimates.table.dates import Time
from estimates.table.report import Report

__all__ = ["event_marks"]

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
    dates: dict[str, list[object]] = {}
    figures: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        if report.is_estimated:
            dates[report.event] = _time(report.happened)
            if report.said is not None:
                figures[report.event].add(_figure(report))
    return {event: _hashed([event, date, sorted(figures[event])]) for event, date in dates.items()}


def _figure(report: Report) -> str:
    """What a report says, as text."""
    said = [report.wording, report.low, report.high, report.word, report.provisional]
    about = [report.outcome, report.affiliation, report.group]
    # Only where they are given: marks of tables without them stand in files.
    besides = {"withdrawn": report.withdrawn, "population": report.population, "definition": report.definition}
    besides |= {"missing_basis": report.missing_basis}
    given = [[name, value] for name, value in besides.items() if value]
    return json.dumps([report.source, report.quotes, *about, *said, _time(report.reported), *given])


def _time(time: Time | None) -> list[object]:
    """A time as what it leaves open, however it was written."""
    return [] if time is None else [time.start.isoformat(), time.end.isoformat(), time.has_clock]


def _hashed(content: list[object]) -> str:
    # JSON of ASCII alone: halves of surrogate pairs and NUL are escaped, and no two lists are written alike.
    return hashlib.sha256(json.dumps(content).encode("ascii")).hexdigest()[:DIGITS]
