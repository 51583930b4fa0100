"""Ranges of tolls: medians and central intervals from exact probabilities or from draws, and tables of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.cases import Case
from estimates.inference.missing_share import share_of_missing
from estimates.inference.solved import Solved, check_known
from estimates.models import importance
from estimates.models.grid import Grid, probability_at_least, quantiles, quantiles_of_many
from estimates.models.types import Floats, Integers
from estimates.profile.blocks import generator
from estimates.profile.profile import DRAWS
from estimates.vocabulary import ESTIMATED_OUTCOMES, LAYER_NAMES, LAYERS


@dataclass(frozen=True)
class Range:
    """Median and central credible intervals of a toll.

    There is no mean: tolls have tails so long that it would say more of these than of the event.

    Attributes
    ----------
    median : int
    intervals : mapping of float to (int, int)
        Lower and upper end for each level in per cent.
    """

    median: int
    intervals: Mapping[float, tuple[int, int]]

    @property
    def cells(self) -> dict[str, Any]:
        """Cells of a table by column: ``median``, and ``low_80, high_80`` for a level of 80."""
        cells: dict[str, Any] = {"median": self.median}
        for level, (low, high) in self.intervals.items():
            cells |= {f"low_{level:g}": low, f"high_{level:g}": high}
        return cells


# One range ------------------------------------------------------------------------------------------------------------


def range_of_mass(grid: Grid, mass: Floats, levels: Sequence[float]) -> Range:
    """Range of a toll from its exact posterior.

    Parameters
    ----------
    grid : Grid
    mass : array, shape (cells,)
        Probability of each cell.
    levels : sequence of float
        In per cent.
    """
    median, *ends = quantiles(grid, mass, _probabilities(levels)).tolist()
    return Range(median, _intervals(levels, ends))


def range_of_draws(draws: Integers, levels: Sequence[float], weights: Floats | None = None) -> Range:
    """Range of a toll from draws of it.

    Parameters
    ----------
    draws : array, shape (draws,)
    levels : sequence of float
        In per cent.
    weights : array, shape (draws,), optional
        By default all draws weigh the same.
    """
    shares = np.ones(len(draws)) if weights is None else weights
    if (shares == shares[0]).all():  # in any order their sums are the same, and numbers alone are sorted much faster
        ordered, cumulative = np.sort(draws), np.cumsum(shares)
    else:
        order = np.argsort(draws, kind="stable")
        ordered, cumulative = draws[order], np.cumsum(shares[order])

    wanted = (_probabilities(levels) - 1e-12) * cumulative[-1]
    places = np.minimum(np.searchsorted(cumulative, wanted, side="left"), len(draws) - 1)
    median, *ends = ordered[places].tolist()
    return Range(median, _intervals(levels, ends))


def spread_tolls(grid: Grid, mass: Floats, order: Integers) -> Integers:
    """Tolls at evenly spaced quantiles of ``mass``, shape (cells,), one for each of the ranks in ``order``."""
    return quantiles(grid, mass, (order + 0.5) / len(order))


def _probabilities(levels: Sequence[float]) -> Floats:
    """One half, and for each level the probabilities of its lower and its upper end."""
    tails = [(1.0 - level / 100.0) / 2.0 for level in levels]
    return np.array([0.5, *(end for tail in tails for end in (tail, 1.0 - tail))])


def _intervals(levels: Sequence[float], ends: Sequence[int]) -> dict[float, tuple[int, int]]:
    return dict(zip(levels, zip(ends[::2], ends[1::2], strict=True), strict=True))


def known_levels(levels: float | Sequence[float]) -> tuple[float, ...]:
    """Interval levels in per cent, of which one alone may be given as it is.

    Raises
    ------
    EstimatesError
        If a level is no number of one or more and below 100; of a share such as .9 it is said what to write.
    """
    given = tuple(levels) if isinstance(levels, Iterable) and not isinstance(levels, str) else (levels,)
    for level in given:
        is_number = isinstance(level, Real) and not isinstance(level, bool)
        if is_number and 0 < level < 1:
            raise EstimatesError(f"interval level {level!r}: levels are in per cent; write {round(100 * level, 8):g}")
        if not is_number or not 1 <= level < 100:
            raise EstimatesError(f"interval level {level!r}: write per cent, from 1 to below 100, such as 80")
    return given


def known_layers(layers: str | Sequence[str]) -> tuple[str, ...]:
    """Names of layers, of which one alone may be given as it is.

    Raises
    ------
    EstimatesError
        If there is no such layer.
    """
    given = (layers,) if isinstance(layers, str) else tuple(layers)
    for layer in given:
        check_known(layer, LAYERS, "layer")
    return given


# Tables of ranges -----------------------------------------------------------------------------------------------------


def range_table(solved: Solved, levels: float | Sequence[float], layers: str | Sequence[str]) -> pd.DataFrame:
    """Ranges of all cases, as `Estimates.ranges` gives them.

    Raises
    ------
    EstimatesError
        If a level is no per cent, or a layer is not known.
    """
    levels, layers = known_levels(levels), known_layers(layers)

    rows = []
    found = {layer: _ranges_of_all(solved, layer, levels) for layer in layers}
    for position, answer in enumerate(solved.solution.answers):
        of_missing = _share_of_missing(solved, position)
        rows += [
            {**_heading(answer.case, layer), **found[layer][position].cells, "missing": of_missing} for layer in layers
        ]

    columns = ["event", "outcome", "layer", "floor", "reported_low", "reported_high", "sources", "median"]
    columns += [f"{end}_{level:g}" for level in levels for end in ("low", "high")]
    columns.append("missing")
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({name: "Int64" for name in ("floor", "reported_low", "reported_high", "median")})


def _ranges_of_all(solved: Solved, layer: str, levels: Sequence[float]) -> list[Range]:
    """The ranges of all cases, those on one grid worked out together."""
    on_grid: dict[Grid, list[int]] = {}
    for position, case in enumerate(solved.cases.cases):
        on_grid.setdefault(case.grid, []).append(position)

    probabilities, result = _probabilities(levels), dict[int, Range]()
    for grid, positions in on_grid.items():
        masses = np.stack([solved.mass(position, layer) for position in positions])
        for position, (median, *ends) in zip(
            positions, quantiles_of_many(grid, masses, probabilities).tolist(), strict=True
        ):
            result[position] = Range(median, _intervals(levels, ends))
    return [result[position] for position in range(len(result))]


def _share_of_missing(solved: Solved, position: int) -> str | None:
    case = solved.cases.cases[position]
    if not case.missing_figures:
        return None
    end = range_of_mass(case.grid, solved.mass(position, "documented"), (80,))
    return share_of_missing(case, end.intervals[80])


def range_records(solved: Solved, levels: float | Sequence[float], layers: str | Sequence[str]) -> list[dict[str, Any]]:
    """Ranges of all cases as plain objects, as `Estimates.records` gives them."""
    levels, layers, records = known_levels(levels), known_layers(layers), []
    for position, answer in enumerate(solved.solution.answers):
        for layer in layers:
            found = range_of_mass(answer.case.grid, solved.mass(position, layer), levels)
            intervals = {f"{level:g}": list(ends) for level, ends in found.intervals.items()}
            numbers = {"median": found.median, "intervals": intervals}
            records.append({**_heading(answer.case, layer), **numbers})
    return records


def summary_table(solved: Solved) -> pd.DataFrame:
    """One row a case with every layer's median and 80% range in words, as `Estimates.summary` gives it."""
    rows = []
    for position, answer in enumerate(solved.solution.answers):
        case = answer.case
        heading = {
            "event": case.event,
            "outcome": case.outcome,
            "floor": "" if case.floor is None else f"{case.floor:,}",
            "reported": case.reported,
            "sources": len(case.speakers),
        }
        found = {layer: range_of_mass(case.grid, solved.mass(position, layer), (80,)) for layer in LAYERS}
        rows.append({**heading, **{LAYER_NAMES[layer]: _in_words(found[layer]) for layer in LAYERS}})

    frame = pd.DataFrame(rows, columns=["event", "outcome", "floor", "reported", "sources", *LAYER_NAMES.values()])
    frame.attrs["undocumented"] = solved.undocumented.name
    return frame


def weighting_table(solved: Solved) -> pd.DataFrame:
    """How the draws were weighted for each event, as `Estimates.weighting` gives it."""
    rows = [
        {
            "event": event.name,
            "learned_from": event.known,
            "draws": event.draws,
            "effective_draws": round(event.effective_draws, 1),
            "power": round(event.power, 3),
            "pareto_shape": round(event.pareto_shape, 3) if np.isfinite(event.pareto_shape) else None,
            "effective_draws_whole": round(event.whole_effective_draws, 1),
        }
        for event in solved.solution.events.values()
    ]

    names = (
        "event", "learned_from", "draws", "effective_draws", "power", "pareto_shape", "effective_draws_whole",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(names))


def _heading(case: Case, layer: str) -> dict[str, Any]:
    return {
        "event": case.event,
        "outcome": case.outcome,
        "layer": layer,
        "floor": case.floor,
        "reported_low": case.reported_low,
        "reported_high": case.reported_high,
        "sources": len(case.speakers),
    }


def _in_words(found: Range) -> str:
    low, high = found.intervals[80]
    return f"{found.median:,} ({low:,} to {high:,})"


# Draws and probabilities of one case ----------------------------------------------------------------------------------


def draws_of(solved: Solved, event: str, outcome: str, layer: str) -> Integers:
    """Posterior draws of one toll, shape (draws,), as `Estimates.draws` gives them.

    Raises
    ------
    EstimatesError
        If there is no such case or layer.
    """
    position = solved.position(event, outcome)
    layer = solved.layer_of(position, layer)
    if layer != "total":
        return _tolls(solved, position, layer)

    # The remainder is what draws of the profile, by the weights they have for the event, add to the documented toll.
    evidence = solved.solution.events[event]
    weights = importance.powered(evidence.log_marginal_likelihood.astype(float), evidence.power)
    parents = importance.resample(weights, DRAWS, 0.5)
    rng = generator(solved.seed, "remainder", event, outcome)
    kappa = rng.permutation(solved.profile.kappa[parents])
    documented, at_risk = _tolls(solved, position, "documented"), solved.cases.cases[position].at_risk
    return solved.undocumented.quantile(rng.random(DRAWS), documented, kappa, solved.seed, at_risk)


def _tolls(solved: Solved, position: int, layer: str) -> Integers:
    """Tolls at evenly spaced quantiles of the exact posterior, in an order by chance, shape (draws,)."""
    case = solved.cases.cases[position]
    order = generator(solved.seed, "draws", case.event, case.outcome).permutation(DRAWS)
    return spread_tolls(case.grid, solved.mass(position, layer), order)


def probabilities(solved: Solved, outcome: str, at_least: int, layer: str) -> pd.Series:
    """P(toll of ``at_least`` or more) by event, as `Estimates.probability` gives it.

    Raises
    ------
    EstimatesError
        If there is no such outcome or layer.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    values = {
        answer.case.event: probability_at_least(answer.case.grid, solved.mass(position, layer), at_least)
        for position, answer in enumerate(solved.solution.answers)
        if answer.case.outcome == outcome
    }
    return pd.Series(values, name=f"P({outcome} >= {at_least}), {layer}", dtype=float)


def mass_table(solved: Solved, event: str, outcome: str, layer: str) -> pd.DataFrame:
    """The exact posterior of one toll on its grid, as `Estimates.mass` gives it.

    Raises
    ------
    EstimatesError
        If there is no such case or layer.
    """
    position = solved.position(event, outcome)
    grid = solved.cases.cases[position].grid
    return pd.DataFrame({"count": grid.start, "width": grid.width, "probability": solved.mass(position, layer)})
