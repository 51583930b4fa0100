"""What a range assumes of its own event: the error all sources share, ages not told, and lists against figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from estimates.inference.accounts import spreads_of
from estimates.inference.cases import Case, case_of
from estimates.inference.engine import engine_of
from estimates.inference.posterior import EventCases, solved_events
from estimates.inference.solved import Solved
from estimates.models import importance
from estimates.models.grid import Grid, probability_at_least, quantiles
from estimates.models.types import Floats
from estimates.profile.profile import DRAWS, SourceProfile


@dataclass(frozen=True)
class SharedError:
    """How far the sources of a case lie apart, and so how far off all of them may be together.

    Both have two values, the smallest and the largest, where they depend on ages that are not known.

    Attributes
    ----------
    distance : (float, float)
        Mean distance of the logarithms of the sources' latest figures from their median.
    spread : (float, float)
        Standard deviation of the logarithm of an error they share, before its largest values are cut: the median of
        the profile's draws.
    """

    distance: tuple[float, float]
    spread: tuple[float, float]

    @property
    def apart(self) -> bool:
        """Whether the sources do not all give one number."""
        return self.distance[1] > 0.0

    def __str__(self) -> str:
        return (
            f"the sources' latest figures lie {_off(self.distance)} from their middle on average (d = "
            f"{_span(self.distance, '{:.2f}')}), so an error that all of them share is put at {_off(self.spread)} "
            f"(s = {_span(self.spread, '{:.2f}')})"
        )


def shared_error(case: Case, profile: SourceProfile) -> SharedError:
    """The error that all sources of a case may share."""
    distances = [observations.distance for _, observations in case.alternatives]
    low, high = min(distances), max(distances)
    return SharedError((low, high), (spread_of_shared_error(profile, low), spread_of_shared_error(profile, high)))


def spread_of_shared_error(profile: SourceProfile, distance: float) -> float:
    """Standard deviation of an error that all sources share, from their distance: the median of the draws."""
    return float(np.median(spreads_of(profile, distance, slice(None))))


def _off(logs: tuple[float, float]) -> str:
    low, high = logs
    return _span((100.0 * np.expm1(low), 100.0 * np.expm1(high)), "{:.0f}") + "%"


def _span(ends: tuple[float, float], form: str) -> str:
    low, high = (form.format(end) for end in ends)
    return low if low == high else f"{low} to {high}"


# Ages -----------------------------------------------------------------------------------------------------------------


def share_of_ages(solved: Solved, positions: Sequence[int]) -> list[float]:
    """How much of each range is that ages of figures are not known.

    That is the part of the logarithmic width of the 80% range of what is documented in the end that would be gone, on
    average, if the ages were told: one less the mean width of the ranges under each way in which the ages can lie,
    weighted by its probability, over the width of the range.

    Parameters
    ----------
    solved : Solved
    positions : sequence of int
        Of cases whose figures can lie in several age bins.
    """
    cases = [solved.cases.cases[position] for position in positions]
    parts = [[replace(case, alternatives=(each,)) for each in case.alternatives] for case in cases]
    tables = engine_of(solved.profile.first(DRAWS)).tables([part for each in parts for part in each])

    shares = []
    for position, case, each in zip(positions, cases, parts, strict=True):
        found = [next(tables) for _ in each]
        logs = np.stack([table.log_marginal_likelihood for table in found])
        of_part = np.exp(logs - logs.max(axis=0))
        of_part *= _weights(solved, case.event) / of_part.sum(axis=0)

        inner = 0.0
        for part, table, weights in zip(each, found, of_part, strict=True):
            inner += float(weights.sum()) * _width(part.grid, importance.average(table.mass, weights))
        whole = _width(case.grid, solved.mass(position, "documented"))
        shares.append(max(0.0, 1.0 - inner / whole) if whole > 0 else 0.0)
    return shares


def _weights(solved: Solved, event: str) -> Floats:
    """Weights of the profile's first draws for an event, shape (draws,)."""
    evidence = solved.solution.events[event]
    return importance.powered(evidence.log_marginal_likelihood.astype(float), evidence.power)


def _width(grid: Grid, mass: Floats) -> float:
    """Logarithmic width of the 80% range of probabilities of shape (cells,)."""
    low, high = np.log(quantiles(grid, mass, np.array([0.1, 0.9])) + 0.5).tolist()
    return float(high - low)


# Lists of names -------------------------------------------------------------------------------------------------------


def left_above_lists(solved: Solved, positions: Sequence[int]) -> list[float]:
    """Probability that the figures alone would leave for what is documented by now to reach each list of names.

    Parameters
    ----------
    solved : Solved
    positions : sequence of int
        Of cases that have lists of names and figures.
    """
    without: list[EventCases] = []
    places: list[int] = []
    for position in positions:
        case = solved.cases.cases[position]
        event = solved.events[case.event]
        place = position - solved.solution.events[case.event].positions[0]
        figures = [figure for figure in case.figures if not figure.is_named]
        others = case_of(case.about, figures, solved.profile.bin_shares, solved.cases.as_of_bins[position])
        without.append(replace(event, cases=(*event.cases[:place], others, *event.cases[place + 1 :])))
        places.append(place)

    found = solved_events(without, solved.profile, by_now=True)
    return [
        probability_at_least(then.cases[place].grid, then.documented(place), solved.cases.cases[position].floor or 0)
        for position, place, then in zip(positions, places, found, strict=True)
    ]
