"""Proper scores and calibration of predicted counts: pure functions of a prediction and of what came true.

A prediction is a probability for each cell of a grid of counts, spread evenly over the integers of the cell. A toll
is a range ``low .. high`` of counts, most often of one count. Errors are measured on the scale of ``log(1 + count)``,
so that 50 instead of 100 weighs about as much as 500 instead of 1,000 (Bosse et al. 2023, doi
10.1371/journal.pcbi.1011393).

Where the toll is a range, the probability integral transform and the log score take the range for what was observed
(interval censoring), and the scores that measure a distance are averaged over counts that lie evenly in the range on
that scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, lgamma, log, log1p, nan

import numpy as np

from estimates.models.grid import Grid, quantiles
from estimates.models.types import Floats, Integers

#: Central intervals that are scored, in per cent.
SCORED_LEVELS = (50, 80, 90, 95)
#: A range of tolls is averaged over at most so many counts.
RANGE_POINTS = 25


@dataclass(frozen=True, eq=False)
class Prediction:
    """A probability for each cell of a grid of counts.

    Attributes
    ----------
    grid : Grid
    mass : array, shape (cells,)
        Sums to one.
    is_point : bool
        Whether it is a single count that claims no uncertainty: it has an error, but no range and no probability.
    """

    grid: Grid
    mass: Floats
    is_point: bool = False


def probability(prediction: Prediction, low: int, high: int) -> float:
    """P(low <= count <= high)."""
    edges = prediction.grid.edges
    inside = np.minimum(edges[1:], high + 1) - np.maximum(edges[:-1], low)
    return float(prediction.mass @ (np.maximum(inside, 0) / prediction.grid.width))


def pit(prediction: Prediction, low: int, high: int, uniform: float) -> float:
    """Randomised probability integral transform of a toll.

    ``F(low - 1) + uniform * P(low .. high)``: uniform on (0, 1) where ``uniform`` is so and the prediction is right
    (Czado, Gneiting and Held 2009, doi 10.1111/j.1541-0420.2009.01191.x).
    """
    below = probability(prediction, 0, low - 1) if low > 0 else 0.0
    return below + uniform * probability(prediction, low, high)


def log_score(prediction: Prediction, low: int, high: int) -> float:
    """Logarithm of the probability of the toll; minus infinity where the prediction ruled it out."""
    share = probability(prediction, low, high)
    return log(share) if share > 0 else -inf


def crps(prediction: Prediction, count: int) -> float:
    r"""Continuous ranked probability score of one count on the scale of ``log(1 + count)``; smaller is better.

    .. math:: \int (F(x) - 1\{x \ge y\})^2\,dx = \sum_k (F(k) - 1\{k \ge y\})^2 \log\frac{k + 2}{k + 1}

    Exact where cells hold one count. Within a wider cell ``F`` is the line through its values in the middle of the
    steps and integrated in closed form; above a count of 128 that moves the score by less than a thousandth of the
    square of the cell's probability. The score of a point is the distance to it.
    """
    cells, mass = _cut(prediction, count)
    reached = np.cumsum(mass)
    wide = cells.width > 1
    slope = np.where(wide, mass / cells.width, 0.0)
    before = np.concatenate([[0.0], reached[:-1]])

    # As a function of u = 1 + x, which runs from 1 + start to 1 + start + width: F - 1 = constant + slope * u.
    lower, upper = cells.start + 1.0, cells.edges[1:] + 1.0
    constant = np.where(wide, before + slope * (0.5 - lower), reached) - (cells.start >= count)
    squares = (
        constant**2 * np.log(upper / lower)
        + 2.0 * constant * slope * (upper - lower)
        + slope**2 * (upper**2 - lower**2) / 2.0
    )
    return float(squares.sum())


def _cut(prediction: Prediction, count: int) -> tuple[Grid, Floats]:
    """The same prediction with a cell for ``count`` alone; the grid and its probabilities, shape (cells,)."""
    old = prediction.grid.edges
    edges = np.union1d(old, [count, count + 1])
    density = np.append(prediction.mass / prediction.grid.width, 0.0)  # beyond the grid there is nothing
    cell = np.searchsorted(old, edges[:-1], side="right") - 1
    return Grid(edges), density[cell] * np.diff(edges)


def central_ranges(prediction: Prediction, levels: Sequence[float]) -> tuple[int, Integers]:
    """Median and central intervals of a prediction.

    Parameters
    ----------
    prediction : Prediction
    levels : sequence of float
        In per cent.

    Returns
    -------
    median : int
    ends : array, shape (levels, 2)
        Lowest and highest count of each interval.
    """
    tails = np.array([(1.0 - level / 100.0) / 2.0 for level in levels])
    ends = quantiles(prediction.grid, prediction.mass, np.concatenate([[0.5], tails, 1.0 - tails]))
    return int(ends[0]), np.stack([ends[1 : 1 + len(tails)], ends[1 + len(tails) :]], axis=1)


def interval_score(low: float, high: float, level: float, value: float) -> float:
    """Width of a central interval plus the distance by which it missed, times ``2 / (1 - level / 100)``.

    Gneiting and Raftery 2007, doi 10.1198/016214506000001437.
    """
    missed = max(low - value, value - high, 0.0)
    return (high - low) + 2.0 / (1.0 - level / 100.0) * missed


def weighted_interval_score(
    median: float, intervals: Sequence[tuple[float, float]], levels: Sequence[float], value: float
) -> float:
    """Weighted interval score of a median and central intervals; smaller is better.

    ``(|value - median| / 2 + sum (1 - level) / 2 * interval score) / (intervals + 1/2)``, which approaches the
    continuous ranked probability score as intervals are added (Bracher et al. 2021, doi 10.1371/journal.pcbi.1008618).
    """
    total = 0.5 * abs(value - median)
    for (low, high), level in zip(intervals, levels, strict=True):
        total += (1.0 - level / 100.0) / 2.0 * interval_score(low, high, level, value)
    return total / (len(levels) + 0.5)


def toll_points(low: int, high: int) -> Integers:
    """Counts that stand for a range of tolls, evenly spaced in ``log(1 + count)``: shape (1,) or (RANGE_POINTS,)."""
    if low == high:
        return np.array([low])
    start, stop = np.log(low + 0.5), np.log(high + 1.5)
    places = start + (stop - start) * (np.arange(RANGE_POINTS) + 0.5) / RANGE_POINTS
    return np.asarray(np.clip(np.rint(np.expm1(places)), low, high), dtype=np.int64)


def log_width(low: int, high: int) -> float:
    """Natural logarithm of the ratio of an interval's ends, each plus one."""
    return log((high + 1) / (low + 1))


def score(prediction: Prediction, low: int, high: int, uniform: float) -> dict[str, float]:
    """All scores of one prediction of one toll.

    Parameters
    ----------
    prediction : Prediction
    low, high : int
        What came true, equal where it is one count.
    uniform : float
        Between 0 and 1, for the randomised transform.

    Returns
    -------
    dict
        ``pit``, ``crps``, ``wis`` (on the log scale), ``wis_count``, ``log_score``, and ``log_width`` of the 90%
        interval. A point has only a ``crps``; the others are NaN.
    """
    points = [int(point) for point in toll_points(low, high)]
    error = _mean(points, lambda point: crps(prediction, point))
    if prediction.is_point:
        return {"pit": nan, "crps": error, "wis": nan, "wis_count": nan, "log_score": nan, "log_width": nan}

    median, ends = central_ranges(prediction, SCORED_LEVELS)
    intervals = [(float(lower), float(upper)) for lower, upper in ends]
    on_log = [(float(np.log1p(lower)), float(np.log1p(upper))) for lower, upper in intervals]

    def wis(point: int) -> float:
        return weighted_interval_score(float(np.log1p(median)), on_log, SCORED_LEVELS, float(np.log1p(point)))

    def wis_count(point: int) -> float:
        return weighted_interval_score(median, intervals, SCORED_LEVELS, point)

    ninety = ends[SCORED_LEVELS.index(90)]
    return {
        "pit": pit(prediction, low, high, uniform),
        "crps": error,
        "wis": _mean(points, wis),
        "wis_count": _mean(points, wis_count),
        "log_score": log_score(prediction, low, high),
        "log_width": log_width(int(ninety[0]), int(ninety[1])),
    }


def _mean(points: Sequence[int], of: Callable[[int], float]) -> float:
    return sum(of(point) for point in points) / len(points)


def covered(pits: Floats, level: float) -> int:
    """How many transforms, shape (events,), lie in the central interval of a level in per cent."""
    return int(np.count_nonzero(np.abs(pits - 0.5) <= level / 200.0))


def coverage_p_value(hits: int, trials: int, level: float) -> float:
    """Exact two-sided p-value of ``hits`` out of ``trials`` where each has the probability ``level`` per cent.

    The probability of all numbers of hits that are no likelier than the one seen (the binomial test).
    """
    share = level / 100.0
    ways = [lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) for k in range(trials + 1)]
    law = [exp(way + k * log(share) + (trials - k) * log1p(-share)) for k, way in enumerate(ways)]
    # A little slack, so that rounding does not part two equally likely numbers.
    return min(1.0, sum(chance for chance in law if chance <= law[hits] * (1.0 + 1e-7)))
