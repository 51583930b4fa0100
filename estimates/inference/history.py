"""The range of an event after each new report: the rows of `Estimates.history`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from estimates.inference.cases import Case
from estimates.inference.posterior import EventCases, solved_events
from estimates.inference.ranges import range_of_mass
from estimates.inference.solved import Solved, check_known
from estimates.inference.timeline import Arrival, arrivals, cases_then
from estimates.progress import Progress, told
from estimates.table.dates import Time
from estimates.table.report import Report
from estimates.vocabulary import ESTIMATED_OUTCOMES, LAYERS

_LEVELS = (80, 95)
_COLUMNS = (
    *("event", "outcome", "time", "as_of", "source", "words"),
    *(f"{layer}_{name}" for layer in LAYERS for name in ("median", "low_80", "high_80", "low_95", "high_95")),
)


class _Asked(NamedTuple):
    """Reports that came in on a case, the event as it stood then, and the place of the case in it."""

    arrival: Arrival
    event: EventCases
    place: int


def history_table(
    solved: Solved,
    reports: Sequence[Report],
    cut: Time | None,
    events: Sequence[str] | None,
    outcome: str,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Ranges after each new report, as `Estimates.history` gives them.

    Parameters
    ----------
    solved : Solved
    reports : sequence of Report
        All of the table.
    cut : Time, optional
        Reports made later are left out.
    events : sequence of str, optional
        Only these events; by default all.
    outcome : str
    progress : callable, optional
        Told how many moments are done and how many there are.

    Raises
    ------
    EstimatesError
        If there is no such outcome.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    of_event: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.scope == "period":
            continue
        of_event[report.event].append(report)
    chosen = [case for _, case in solved.chosen(events) if case.outcome == outcome]
    asked = [found for case in chosen for found in _asked(solved, of_event[case.event], cut, case)]

    then = [event for _, event, _ in asked]
    in_the_end = solved_events(then, solved.profile)
    by_then = solved_events(then, solved.profile, by_now=True)
    rows: list[dict[str, Any]] = []
    moments = told(zip(asked, in_the_end, by_then, strict=True), len(asked), progress)
    for (arrival, _, place), end, now in moments:
        case = end.cases[place]
        masses = {
            "by_now": now.documented(place),
            "documented": end.documented(place),
            "total": end.total(place, solved.undocumented),
        }
        ranges = {layer: range_of_mass(case.grid, mass, _LEVELS).cells for layer, mass in masses.items()}
        found = {f"{layer}_{name}": cell for layer, cells in ranges.items() for name, cell in cells.items()}

        for report in arrival.reports:
            heading = {"event": case.event, "outcome": outcome, "time": report.reported_at}
            said = {"as_of": arrival.as_of, "source": report.source, "words": report.words}
            rows.append({**heading, **said, **found})
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _asked(solved: Solved, reports: Sequence[Report], cut: Time | None, case: Case) -> Iterator[_Asked]:
    """The moments of one case, from the reports of its event; at a moment of unknown time it stands as today."""
    event = solved.events[case.event]
    for arrival in arrivals([report for report in reports if report.outcome == case.outcome], cut):
        then = event
        if arrival.time is not None:
            then = replace(event, cases=cases_then(reports, solved.profile, solved.coverage, arrival.time))
        outcomes = [each.outcome for each in then.cases]
        yield _Asked(arrival, then, outcomes.index(case.outcome))
