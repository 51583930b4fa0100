"""Importance weights of the profile's draws, and whether they can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimates.models.types import Floats

#: Weights are borne with a Pareto shape up to this and at least so many effective draws.
LARGEST_PARETO_SHAPE = 0.7
FEWEST_EFFECTIVE_DRAWS = 100


#: How closely the power is found to which a marginal likelihood is raised.
POWER_STEPS = 20
#: Events whose tails are fitted at once: what that takes stays in the processor's cache.
_EVENTS_AT_ONCE = 32


@dataclass(frozen=True, eq=False)
class ImportanceWeights:
    """One weight for each draw of a profile.

    Attributes
    ----------
    values : array, shape (draws,)
        Sum to one.
    power : float
        To which the marginal likelihoods are raised: one where the draws bear them as they are, zero where all draws
        weigh the same.
    effective_draws : float
        Of these weights, ``1 / sum(w ** 2)``.
    pareto_shape : float
        Of the largest of these weights (Zhang and Stephens 2009); above .7 reweighting is unreliable.
    whole_effective_draws : float
        Of the weights that a power of one would give.
    """

    values: Floats
    power: float
    effective_draws: float
    pareto_shape: float
    whole_effective_draws: float


def from_log_marginal_likelihood(log_marginal_likelihood: Floats) -> ImportanceWeights:
    """Weights by the largest power, up to one, of the marginal likelihood of each draw that the draws can bear.

    They bear weights with at least 100 effective draws and a Pareto shape of at most .7. Fewer effective draws than
    that are left by any larger power; the Pareto shape grows with the power as good as always.

    Parameters
    ----------
    log_marginal_likelihood : array, shape (draws,)
    """
    whole_effective = _effective_draws(powered(log_marginal_likelihood, 1.0))
    power = 1.0
    if whole_effective < FEWEST_EFFECTIVE_DRAWS:
        power = _largest_power(
            lambda t: _effective_draws(powered(log_marginal_likelihood, t)) >= FEWEST_EFFECTIVE_DRAWS, 1.0
        )
    values = powered(log_marginal_likelihood, power)
    shape = pareto_shape(values)
    if shape > LARGEST_PARETO_SHAPE:
        power = _largest_power(lambda t: _has_fair_tail(log_marginal_likelihood, t), power)
        values = powered(log_marginal_likelihood, power)
        shape = pareto_shape(values)
    return ImportanceWeights(values, power, _effective_draws(values), shape, whole_effective)


def of_many(log_marginal_likelihoods: Floats) -> list[ImportanceWeights]:
    """What :func:`from_log_marginal_likelihood` gives for each of several events, shape (events, draws)."""
    values = np.exp(log_marginal_likelihoods - log_marginal_likelihoods.max(axis=1, keepdims=True))
    values /= values.sum(axis=1, keepdims=True)
    effective, shapes = 1.0 / np.sum(values**2, axis=1), pareto_shapes(values)
    borne = (effective >= FEWEST_EFFECTIVE_DRAWS) & (shapes <= LARGEST_PARETO_SHAPE)
    return [
        ImportanceWeights(row, 1.0, float(draws), float(shape), float(draws))
        if is_borne
        else from_log_marginal_likelihood(logs)
        for row, draws, shape, is_borne, logs in zip(
            values, effective, shapes, borne, log_marginal_likelihoods, strict=True
        )
    ]


def equal_weights(draws: int) -> ImportanceWeights:
    """Weights that are all the same."""
    return ImportanceWeights(np.full(draws, 1.0 / draws), 0.0, float(draws), float("-inf"), float(draws))


def powered(log_marginal_likelihood: Floats, power: float) -> Floats:
    """Weights proportional to a power of the marginal likelihoods, shape (draws,); they sum to one."""
    raw = np.exp(power * (log_marginal_likelihood - log_marginal_likelihood.max()))
    return np.asarray(raw / raw.sum())


def _effective_draws(weights: Floats) -> float:
    return float(1.0 / np.sum(weights**2))


def _has_fair_tail(log_marginal_likelihood: Floats, power: float) -> bool:
    return pareto_shape(powered(log_marginal_likelihood, power)) <= LARGEST_PARETO_SHAPE


def _largest_power(holds: Callable[[float], bool], beyond: float) -> float:
    """The largest power that holds, given that zero does and ``beyond`` does not, by halving."""
    largest = 0.0
    for _ in range(POWER_STEPS):
        middle = (largest + beyond) / 2
        if holds(middle):
            largest = middle
        else:
            beyond = middle
    return largest


def average(table: NDArray[np.float32], weights: Floats) -> Floats:
    """Mean over weighted draws of the probability of each cell, shape (cells,).

    Parameters
    ----------
    table : float32 array, shape (cells, draws)
    weights : array, shape (draws,)
        Sum to one.
    """
    # Not by a matrix product: its threads add in another order on other machines.
    return np.asarray(np.einsum("cd,d->c", table, weights))


def pareto_shape(weights: Floats) -> float:
    """Shape of a generalised Pareto law fitted to the largest fifth of the weights, an array of shape (draws,).

    The profile posterior mean of Zhang and Stephens (Technometrics 2009) with the tail length and the weak prior
    towards one half of Vehtari, Simpson, Gelman, Yao and Gabry (JMLR 2024). Minus infinity where the tail is flat.
    """
    return float(pareto_shapes(weights[None, :])[0])


def pareto_shapes(weights: Floats) -> Floats:
    """The same for the weights of several events, (events, draws); the result has shape (events,)."""
    count = weights.shape[1]
    tail = int(np.ceil(min(0.2 * count, 3.0 * np.sqrt(count))))
    result = np.full(len(weights), -np.inf)
    if tail < 5:
        return result

    for first in range(0, len(weights), _EVENTS_AT_ONCE):
        ordered = np.sort(weights[first : first + _EVENTS_AT_ONCE], axis=1)
        exceedances = ordered[:, -tail:] - ordered[:, -tail - 1, None] if tail < count else ordered
        has_tail = np.flatnonzero(exceedances[:, -1] > 1e-12 * ordered[:, -1])
        result[first + has_tail] = _shapes_of_tails(exceedances[has_tail])
    return result


def _shapes_of_tails(exceedances: Floats) -> Floats:
    """Shapes, (events,), from what the largest weights exceed the next smaller one by, (events, tail), ascending."""
    tail = exceedances.shape[1]
    exceedances = np.maximum(exceedances, exceedances[:, -1:] * 1e-15)
    candidates = 30 + int(np.sqrt(tail))
    quartile = exceedances[:, int(np.floor(tail / 4 + 0.5)) - 1, None]
    grid = 1.0 - np.sqrt(candidates / (np.arange(1, candidates + 1) - 0.5))
    theta = grid / (3.0 * quartile) + 1.0 / exceedances[:, -1:]

    shape = np.mean(np.log1p(-theta[:, :, None] * exceedances[:, None, :]), axis=2)
    profile = tail * (np.log(-theta / shape) - shape - 1.0)
    posterior = np.exp(profile - profile.max(axis=1, keepdims=True))
    mean_theta = np.sum(theta * posterior, axis=1) / posterior.sum(axis=1)
    fitted = np.mean(np.log1p(-mean_theta[:, None] * exceedances), axis=1)
    return np.asarray((fitted * tail + 5.0) / (tail + 10.0))


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
