"""Where the width of a range comes from: the variance of the logarithm of one plus a toll, in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.inference.posterior import SolvedEvent
from estimates.inference.solved import Solved
from estimates.models import importance
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.profile.profile import DRAWS

#: The layers whose variance is split. What is documentable by now has no draws of its own.
DECOMPOSED = ("documented", "total")
_COLUMNS = ("event", "outcome", "layer", "variance", "share_parameters", "share_event", "share_undocumented")


@dataclass(frozen=True)
class VarianceShares:
    """Parts of the variance of the logarithm of one plus a toll; the shares sum to one.

    Attributes
    ----------
    variance : float
    share_parameters : float
        From what is shared between events: sources, sizes, growth.
    share_event : float
        What would stay if all of these were known.
    share_undocumented : float
        From those never documented, given how many are documented.
    """

    variance: float
    share_parameters: float
    share_event: float
    share_undocumented: float


def variance_shares(table: NDArray[np.floating], weights: Floats, mean: Floats, variance: Floats) -> VarianceShares:
    r"""Law of total variance, first over the draws and then over the documentable toll.

    .. math:: V(Y) = V_\theta E(m \mid \theta) + E_\theta V(m \mid \theta) + E V(Y \mid C), \quad m = E(Y \mid C)

    Parameters
    ----------
    table : array, shape (cells, draws)
        Probability of each cell for ``C``, for every draw of the shared parameters.
    weights : array, shape (draws,)
        Sum to one.
    mean, variance : arrays, shape (cells,)
        Of ``Y`` in each cell.
    """
    total = table.sum(axis=0, dtype=float)
    first = (mean @ table) / total
    # The second moment is taken about the overall mean and not about zero: it keeps more digits of a small variance.
    centre = float(weights @ first)
    second = ((mean - centre) ** 2 @ table) / total

    parameters = float(weights @ (first - centre) ** 2)
    event = max(0.0, float(weights @ second) - parameters)
    undocumented = float(weights @ ((variance @ table) / total))

    whole = parameters + event + undocumented
    if whole <= 0:
        return VarianceShares(0.0, 0.0, 0.0, 0.0)
    return VarianceShares(whole, parameters / whole, event / whole, undocumented / whole)


def variance_of_case(solved: Solved, event: SolvedEvent, place: int, layer: str) -> VarianceShares:
    """Parts of the variance of one toll, of those documented in the end or of the full toll.

    Parameters
    ----------
    solved : Solved
    event : SolvedEvent
    place : int
        Of the case in the event.
    layer : {"documented", "total"}
    """
    table, weights, grid = event.tables[place].mass, event.weights.values, event.cases[place].grid
    about = event.cases[place].about
    counts = grid.start + (grid.width - 1) // 2
    if layer == "documented" or not about.has_layers:
        mean = np.log1p(counts)
        return variance_shares(table, weights, mean, np.zeros(len(mean)))

    # For every cell, full tolls at evenly spaced quantiles, which meet the strengths of the remainder in random order.
    parents = importance.resample(weights, DRAWS, 0.5)
    kappa = event.engine.profile.kappa[parents]
    uniforms = (np.arange(len(kappa)) + 0.5) / len(kappa)
    uniforms = generator(solved.seed, "decompose").permutation(uniforms)
    tolls = [
        solved.undocumented.quantile(uniforms, np.full(len(kappa), count), kappa, solved.seed, about.at_risk)
        for count in counts.tolist()
    ]

    logs = np.log1p(np.array(tolls))
    return variance_shares(table, weights, logs.mean(axis=1), logs.var(axis=1))


def decomposition_table(solved: Solved, events: Sequence[str] | None) -> pd.DataFrame:
    """Parts of the variance of each toll, as `Estimates.decompose` gives them.

    Parameters
    ----------
    solved : Solved
    events : sequence of str, optional
        Only these events; by default all.
    """
    rows = []
    for _, event, place in solved.with_tables(events):
        case = event.cases[place]
        for layer in DECOMPOSED:
            shares = variance_of_case(solved, event, place, layer)
            rows.append({"event": case.event, "outcome": case.outcome, "layer": layer, **vars(shares)})
    return pd.DataFrame(rows, columns=list(_COLUMNS))
