"""The range of an event after each new report: the rows of `Estimates.history`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from estimates.inference.cases import Case
from estimates.inference.posterior import by_now
from estimates.inference.ranges import range_of_mass
from estimates.inference.solved import Replaced, Solved, check_known
from estimates.inference.timeline import Arrival, arrivals, case_then
from estimates.models.types import Floats
from estimates.table.dates import Time
from estimates.table.report import Report
from estimates.vocabulary import ESTIMATED_OUTCOMES, LAYERS

_LEVELS = (80, 95)
_COLUMNS = (
    *("event", "outcome", "time", "as_of", "source", "words"),
    *(f"{layer}_{name}" for layer in LAYERS for name in ("median", "low_80", "high_80", "low_95", "high_95")),
)


class _Asked(NamedTuple):
    """Reports that came in on the case at a position, and the case as it stood then."""

    position: int
    arrival: Arrival
    case: Case


def history_table(
    solved: Solved, reports: Sequence[Report], cut: Time | None, events: Sequence[str] | None, outcome: str
) -> pd.DataFrame:
    """Ranges after each new report, as `Estimates.history` gives them.

    Parameters
    ----------
    solved : Solved
    reports : sequence of Report
        Those that are estimated.
    cut : Time, optional
        Reports made later are left out.
    events : sequence of str, optional
        Only these events; by default all.
    outcome : str

    Raises
    ------
    EstimatesError
        If there is no such outcome.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    chosen = [(position, case) for position, case in solved.chosen(events) if case.outcome == outcome]
    asked = [found for position, case in chosen for found in _asked(solved, reports, cut, position, case)]

    rows: list[dict[str, Any]] = []
    for (_, arrival, case), (then, now) in zip(asked, _ranges(solved, asked), strict=True):
        masses = {"by_now": now, "documented": then.documented, "total": then.total}
        ranges = {layer: range_of_mass(then.grid, mass, _LEVELS).cells for layer, mass in masses.items()}
        found = {f"{layer}_{name}": cell for layer, cells in ranges.items() for name, cell in cells.items()}

        for report in arrival.reports:
            heading = {"event": case.event, "outcome": outcome, "time": report.reported_at}
            said = {"as_of": arrival.as_of, "source": report.source, "words": report.words}
            rows.append({**heading, **said, **found})
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _asked(solved: Solved, reports: Sequence[Report], cut: Time | None, position: int, case: Case) -> Iterator[_Asked]:
    """The moments of one case; at a moment of unknown time it stands as it does today."""
    mine = [report for report in reports if (report.event, report.outcome) == (case.event, case.outcome)]
    for arrival in arrivals(mine, cut):
        then = case
        if arrival.time is not None:
            then = case_then(reports, case, solved.profile.bin_shares, arrival.time)
        yield _Asked(position, arrival, then)


def _ranges(solved: Solved, asked: Sequence[_Asked]) -> Iterator[tuple[Replaced, Floats]]:
    """What was found at each moment, and the mass of what is documentable by then, shape (cells,)."""
    weights, profile = solved.solution.weights, solved.profile
    cases = [case for _, _, case in asked]
    replaced = solved.replacing([(position, case) for position, _, case in asked])

    # Where the draws are not weighted, they weigh the same at all moments, and one pass serves them all.
    if not weights.updated:
        yield from zip(replaced, by_now(cases, profile, weights.values), strict=True)
        return
    for then in replaced:
        yield then, by_now([then.case], profile, then.weights)[0]
