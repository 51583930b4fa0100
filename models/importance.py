"""Importance weights of the profile's draws, and whether they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimates.models.types import Floats

#: Weights are used only with a Pareto shape up to this and at least so many effective draws.
LARGEST_PARETO_SHAPE = 0.7
FEWEST_EFFECTIVE_DRAWS = 100


@dataclass(frozen=True, eq=False)
class ImportanceWeights:
    """One weight for each draw of a profile.

    Attributes
    ----------
    values : array, shape (draws,)
        Sum to one; all equal where the draws could not be reweighted.
    pareto_shape : float
        Of the largest raw weights (Zhang and Stephens 2009); above .7 reweighting is unreliable.
    effective_draws : float
        Of the raw weights, ``1 / sum(w ** 2)``.
    updated : bool
        Whether the raw weights are used.
    """

    values: Floats
    pareto_shape: float
    effective_draws: float
    updated: bool


def from_log_marginal_likelihood(log_marginal_likelihood: Floats) -> ImportanceWeights:
    """Weights proportional to the marginal likelihood of each draw, (draws,); equal where these would be unreliable."""
    count = len(log_marginal_likelihood)
    raw = np.exp(log_marginal_likelihood - log_marginal_likelihood.max())
    raw /= raw.sum()
    effective = float(1.0 / np.sum(raw**2))
    shape = pareto_shape(raw)
    updated = bool(shape <= LARGEST_PARETO_SHAPE and effective >= FEWEST_EFFECTIVE_DRAWS)
    return ImportanceWeights(raw if updated else np.full(count, 1.0 / count), shape, effective, updated)


def pareto_shape(weights: Floats) -> float:
    """Shape of a generalised Pareto law fitted to the largest fifth of the weights, an array of shape (draws,).

    The profile posterior mean of Zhang and Stephens (Technometrics 2009) with the tail length and the weak prior
    towards one half of Vehtari, Simpson, Gelman, Yao and Gabry (JMLR 2024). Minus infinity where the tail is flat.
    """
    count = len(weights)
    tail = int(np.ceil(min(0.2 * count, 3.0 * np.sqrt(count))))
    ordered = np.sort(weights)
    exceedances = ordered[-tail:] - ordered[-tail - 1] if tail < count else ordered
    if tail < 5 or exceedances[-1] <= 1e-12 * ordered[-1]:
        return float("-inf")

    exceedances = np.maximum(exceedances, exceedances[-1] * 1e-15)
    candidates = 30 + int(np.sqrt(tail))
    quartile = exceedances[int(np.floor(tail / 4 + 0.5)) - 1]
    grid = 1.0 - np.sqrt(candidates / (np.arange(1, candidates + 1) - 0.5))
    theta = grid / (3.0 * quartile) + 1.0 / exceedances[-1]

    shape = np.mean(np.log1p(-theta[:, None] * exceedances), axis=1)
    profile = tail * (np.log(-theta / shape) - shape - 1.0)
    posterior = np.exp(profile - profile.max())
    mean_theta = float(np.sum(theta * posterior) / posterior.sum())
    fitted = float(np.mean(np.log1p(-mean_theta * exceedances)))
    return (fitted * tail + 5.0) / (tail + 10.0)


def resample(weights: Floats, count: int, offset: float) -> NDArray[np.intp]:
    """Indices of ``count`` draws by systematic resampling, in increasing order.

    Parameters
    ----------
    weights : array, shape (draws,)
    count : int
    offset : float
        In [0, 1): where between two points the first one lies.

    Returns
    -------
    integer array, shape (count,)
    """
    cumulative = np.cumsum(weights)
    points = (np.arange(count) + offset) / count * cumulative[-1]
    return np.asarray(np.minimum(np.searchsorted(cumulative, points, side="right"), len(weights) - 1))
