"""A fast fit: a normal approximation, and Hamiltonian moves from its draws towards the posterior itself.

The approximation has independent coordinates and minimises the Kullback-Leibler divergence on a fixed set of standard
normal draws, a smooth problem for a quasi-Newton method (deterministic ADVI, Giordano, Ingram and Broderick, JMLR
2024). It is too narrow where parameters are correlated, and too wide where it overfits its few fixed draws. So some of
its draws, without those far outside of the posterior, each make a few Hamiltonian moves that leave the posterior as it
is: what the approximation gets wrong they wear away. Moves are scaled by the spread of all walkers. The last positions
of the walkers are the draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from estimates.errors import FitError
from estimates.models.importance import ImportanceWeights, from_log_marginal_likelihood, resample
from estimates.models.types import Floats
from estimates.progress import Progress

#: Log density and gradient at a point.
type Density = Callable[[Floats], tuple[float, Floats]]

#: Fixed standard normal draws, in pairs of opposite sign, and the largest number of quasi-Newton steps.
FIXED_DRAWS = 8
ITERATIONS = 80
#: Logarithm of the largest standard deviation: no prior is much wider on the scale that is sampled, and widths found
#: from few fixed draws can be far too large.
WIDEST = 0.25
#: For each walker so many draws of the approximation, of which those it overstates most are left out.
CANDIDATES = 3
#: Hamiltonian moves: how many, and how far each goes in units of the approximation's standard deviations.
MOVES = 6
#: Moves that the exact sums judge, and Hamiltonian moves along the stand-in that make up one.
JUDGED_MOVES, BETWEEN = 3, 2
LENGTH = 2.2
#: Walkers that move, and how many of their last positions are kept.
WALKERS, LAST = 160, 3
#: Up to so many dimensions chains begin with a full covariance; warm-up is too short for the entries of larger ones.
MOST_FULL = 120
#: Steps of the differences that tell the curvature, and its smallest value: that of a standard normal, somewhat less.
DIFFERENCE, LEAST_CURVATURE = 1e-3, 0.7
#: Where the density is bent more than this, its curvature at one place tells little of that at others.
MOST_CURVED = 1_000.0
#: A covariance whose variances are smaller than this share of the approximation's, which are too small themselves where
#: parameters are correlated, is that of one narrow place.
LEAST_VARIANCE = 0.1
#: Share of moves to be accepted, and the steps of one move at first and at most.
ACCEPTED = 0.8
FIRST_STEPS, MOST_STEPS = 8, 20


@dataclass(frozen=True, eq=False)
class Approximation:
    """Draws of the fast fit and how it went.

    Attributes
    ----------
    draws : array, shape (draws, dimensions)
    centre, width : arrays, shape (dimensions,)
        Of the normal approximation.
    accepted : float
        Share of the last moves that were accepted.
    evaluations : int
        How often the density was computed.
    steps : int
        Of one move at last.
    """

    draws: Floats
    centre: Floats
    width: Floats
    accepted: float
    evaluations: int
    steps: int = FIRST_STEPS


def approximate(
    density: Density,
    start: Floats,
    rng: np.random.Generator,
    draws: int,
    *,
    moves: int = MOVES,
    tell: Progress = lambda done, total: None,
) -> Approximation:
    """Fit the normal approximation and move its draws.

    Parameters
    ----------
    density : callable
        Unnormalised log density of unconstrained parameters, with its gradient.
    start : array, shape (dimensions,)
    rng : Generator
    draws : int
    moves : int
        Hamiltonian moves each draw makes; 0 leaves the approximation as it is.
    tell : callable
        Told how many parts of the work are done and how many there are.

    Raises
    ------
    FitError
        If the density is not finite where the fit begins.
    """
    counted = _Counted(density)
    centre, width = _normal(counted, start, rng)
    if moves == 0:
        drawn = centre + width * rng.standard_normal((draws, len(start)))
        return Approximation(drawn, centre, width, 1.0, counted.calls)

    tell(1, 10)  # the approximation takes about a tenth of the time
    states = _begin(counted, centre, width, rng)
    scale, steps, accepted = width, FIRST_STEPS, 0.0
    passed: list[Floats] = []
    for move in range(moves):
        probabilities = []
        for index, state in enumerate(states):
            states[index], probability = _move(counted, state, scale, steps, rng)
            probabilities.append(probability)
            tell(*_done(move * len(states) + index + 1, moves * len(states)))
        passed += [state.position for state in states]
        accepted = float(np.mean(probabilities))

        # The scale and the number of steps change for all walkers alike, and never in moves whose ends are kept.
        if move < moves - LAST:
            scale = _spread(states)
            steps = _adapted(steps, accepted)

    last = np.array(passed[: -LAST * len(states) - 1 : -1])  # the very last come first, if fewer draws are wanted
    chosen = rng.permutation(np.arange(draws) % len(last))
    return Approximation(last[chosen], centre, width, accepted, counted.calls, steps)


@dataclass(frozen=True, eq=False)
class Judged:
    """Draws of one density that were weighed and moved by another, shape (draws, dimensions), and how it went.

    Attributes
    ----------
    draws : array, shape (draws, dimensions)
    accepted : float
        Share of the last moves that were accepted, of those that left their place.
    left : float
        Share of the last moves that left their place, so that there was something to judge.
    weights : ImportanceWeights
        Of the draws that the walkers were chosen from.
    sums : int
        How often the ratio was computed at most.
    """

    draws: Floats
    accepted: float
    left: float
    weights: ImportanceWeights
    sums: int


def judged(
    density: Density,
    log_ratio: Callable[[Floats], float],
    positions: Floats,
    rng: np.random.Generator,
    draws: int,
    *,
    steps: int = FIRST_STEPS,
    moves: int = JUDGED_MOVES,
    tell: Progress = lambda done, total: None,
) -> Judged:
    """Draws of a posterior from those of a density that is much like it and costs little.

    Walkers begin at draws of that density that are chosen by their weights. A move of a walker is a few Hamiltonian
    moves along that density, which leave it as it is, and is accepted by the ratio: so the posterior is left as it is.

    Parameters
    ----------
    density : callable
        Unnormalised log density, with its gradient, of what costs little.
    log_ratio : callable
        Logarithm of the posterior over that density, at a position of shape (dimensions,); it costs much.
    positions : array, shape (candidates, dimensions)
        Draws of that density.
    rng : Generator
    draws : int
    steps : int
        Of a Hamiltonian move; too few, and hardly any walker leaves its place.
    moves : int
        Of each walker.
    tell : callable
        Told how many parts of the work are done and how many there are.
    """
    counted = _Counted(density)
    work, step = len(positions) + moves * WALKERS, 0
    ratios = []
    for position in positions:
        ratios.append(_finite(log_ratio(position)))
        tell(step := step + 1, work)
    weights = from_log_marginal_likelihood(np.array(ratios))

    chosen = resample(weights.values, WALKERS, rng.random())
    states = [_State(positions[index], *counted(positions[index])) for index in chosen]
    known = [ratios[index] for index in chosen]
    scale, passed = _half_range(positions), []

    for _ in range(moves):
        probabilities: list[float] = []
        for index, state in enumerate(states):
            moved = state
            for _ in range(BETWEEN):
                moved, _ = _move(counted, moved, scale, steps, rng)

            if moved is not state:
                ratio = _finite(log_ratio(moved.position))
                probabilities.append(math.exp(min(0.0, ratio - known[index])))
                if rng.random() < probabilities[-1]:
                    states[index], known[index] = moved, ratio
            tell(step := step + 1, work)
        passed += [state.position for state in states]

    last = np.array(passed[: -LAST * len(states) - 1 : -1])
    chosen = rng.permutation(np.arange(draws) % len(last))
    accepted, left = float(np.mean(probabilities or [0.0])), len(probabilities) / len(states)
    return Judged(last[chosen], accepted, left, weights, work)


def _finite(value: float) -> float:
    """The value itself, and far below all others where it is not finite."""
    return value if np.isfinite(value) else -1e12


def _done(moved: int, of: int) -> tuple[int, int]:
    """How far the work is after some of all moves, a tenth of it lying before them."""
    return of + 9 * moved, 10 * of


def _adapted(steps: int, accepted: float) -> int:
    """Number of steps for a move of the same length: more where too few moves were accepted, fewer where too many."""
    factor = 1.3 if accepted < ACCEPTED - 0.1 else 0.8 if accepted > ACCEPTED + 0.1 else 1.0
    return int(np.clip(round(steps * factor), 3, MOST_STEPS))


@dataclass(frozen=True, eq=False)
class Start:
    """Where the chains of a sampler begin.

    Attributes
    ----------
    centre, width : arrays, shape (dimensions,)
        Of the normal approximation.
    covariance : array, shape (dimensions, dimensions), or None
        The inverse of the curvature at the centre; None where there are too many dimensions for one, the density is
        bent too sharply, or it is far narrower than the approximation.
    """

    centre: Floats
    width: Floats
    covariance: Floats | None

    def draw(self, seed: int) -> Floats:
        """A place to begin, shape (dimensions,)."""
        return self.centre + self.width * np.random.default_rng(seed).standard_normal(len(self.centre))


def start_of_chains(density: Density, start: Floats, rng: np.random.Generator) -> Start:
    """Fit the normal approximation, and find the curvature at its centre by differences of gradients.

    Directions along which the density is less curved than a standard normal, which no prior allows for long, count as
    if they were curved like one.

    Parameters
    ----------
    density : callable
    start : array, shape (dimensions,)
    rng : Generator
    """
    counted = _Counted(density)
    centre, width = _normal(counted, start, rng)
    size = len(centre)
    if size > MOST_FULL:
        return Start(centre, width, None)
    steps = DIFFERENCE * np.eye(size)
    slopes = np.array([counted(centre + step)[1] - counted(centre - step)[1] for step in steps]) / (2.0 * DIFFERENCE)
    values, vectors = np.linalg.eigh(-0.5 * (slopes + slopes.T))
    if values[-1] > MOST_CURVED:
        return Start(centre, width, None)
    covariance = (vectors / np.maximum(np.abs(values), LEAST_CURVATURE)) @ vectors.T
    if (np.diag(covariance) < LEAST_VARIANCE * width**2).any():
        return Start(centre, width, None)
    return Start(centre, width, covariance)


class _Counted:
    """A density that counts its calls and is minus infinity wherever it is not finite."""

    def __init__(self, density: Density) -> None:
        self._density = density
        self.calls = 0

    def __call__(self, position: Floats) -> tuple[float, Floats]:
        self.calls += 1
        value, gradient = self._density(position)
        if not np.isfinite(value) or not np.isfinite(gradient).all():
            return -np.inf, np.zeros_like(position)
        return value, gradient


@dataclass(frozen=True, eq=False)
class _State:
    position: Floats
    value: float
    gradient: Floats


def _normal(density: _Counted, start: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Centre and standard deviations of the approximation."""
    from scipy.optimize import minimize

    size = len(start)
    if not np.isfinite(density(start)[0]):
        raise FitError("the model gives these reports no finite probability where the fit begins; check the table")
    fixed = rng.standard_normal((FIXED_DRAWS // 2, size))
    fixed = np.concatenate([fixed, -fixed])

    def loss(packed: Floats) -> tuple[float, Floats]:
        centre, log_width = packed[:size], packed[size:]
        width = np.exp(log_width)
        total, by_centre, by_width = 0.0, np.zeros(size), np.zeros(size)
        for scores in fixed:
            value, gradient = density(centre + width * scores)
            if not np.isfinite(value):
                return 1e12, np.zeros(2 * size)
            total -= value / len(fixed)
            by_centre -= gradient / len(fixed)
            by_width -= gradient * scores * width / len(fixed)
        return total - log_width.sum(), np.concatenate([by_centre, by_width - 1.0])

    packed = np.concatenate([start, np.full(size, np.log(0.3))])
    bounds = [(None, None)] * size + [(-5.0, WIDEST)] * size
    found = minimize(loss, packed, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": ITERATIONS})
    return found.x[:size], np.exp(found.x[size:])


def _begin(density: _Counted, centre: Floats, width: Floats, rng: np.random.Generator) -> list[_State]:
    """Draws of the approximation where it does not overstate the posterior: no few moves lead back from far outside.

    Each is kept with probability ``min(1, w / median w)``, where ``w`` is the density over the approximation's.
    """
    scores = rng.standard_normal((CANDIDATES * WALKERS, len(centre)))
    states = [_State(position, *density(position)) for position in centre + width * scores]
    log_ratio = np.array([state.value for state in states]) + 0.5 * np.sum(scores**2, axis=1)
    finite = np.isfinite(log_ratio)
    if finite.sum() < 2 * WALKERS:
        raise FitError("the fast fit found no place to begin; use method='nuts'")
    excess = log_ratio - np.median(log_ratio[finite])
    kept = np.flatnonzero(np.log1p(-rng.random(len(states))) <= excess)
    return [states[index] for index in kept[:WALKERS]]


def _spread(states: list[_State]) -> Floats:
    """Half the central 68% range of the walkers in each dimension."""
    return _half_range(np.array([state.position for state in states]))


def _half_range(positions: Floats) -> Floats:
    """Half the central 68% range in each dimension, shape (dimensions,), of positions (draws, dimensions)."""
    low, high = np.quantile(positions, (0.16, 0.84), axis=0)
    return np.asarray(np.maximum(0.5 * (high - low), 1e-3), dtype=float)


def _move(
    density: _Counted, state: _State, width: Floats, steps: int, rng: np.random.Generator
) -> tuple[_State, float]:
    """One Hamiltonian move of random length, and the probability with which it was accepted."""
    size = LENGTH / steps * rng.uniform(0.7, 1.3)
    momentum = rng.standard_normal(len(width))
    energy = state.value - 0.5 * momentum @ momentum

    position, value, gradient = state.position, state.value, state.gradient
    for _ in range(steps):
        momentum = momentum + 0.5 * size * width * gradient
        position = position + size * width * momentum
        value, gradient = density(position)
        if not np.isfinite(value):
            return state, 0.0
        momentum = momentum + 0.5 * size * width * gradient

    probability = math.exp(min(0.0, float(value - 0.5 * momentum @ momentum - energy)))
    return (_State(position, value, gradient), probability) if rng.random() < probability else (state, probability)
