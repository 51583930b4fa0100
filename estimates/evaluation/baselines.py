"""Simple predictions of a toll from early figures: what the model is compared with.

Every baseline sees the figures that the model sees, and of other events their early figures and their tolls. Figures
count on the scale of ``log(1 + count)``; a range and a vague word count as the middle of their ends on that scale,
"at least 18" as 18.

- ``minimum``, ``median``, ``maximum`` and ``latest`` of the figures are points, rounded to a whole number; where
  several are equally late it is their median.
- ``min to max`` spreads its probability evenly over the counts from the smallest to the largest figure, on the log
  scale. Figures that all say the same leave that one count.
- ``lognormal`` has the mean and the standard deviation of the figures, as if these were known; where there is one
  figure or all are equal, the standard deviation within other events.
- ``inverse variance`` takes figures for independent errors around the toll. The variance of one is the mean squared
  error of its type of source in other events, drawn towards that of all types with the weight of two figures.
- ``median x ratio``, ``maximum x ratio`` and ``latest x ratio`` are that figure times the ratio of toll to figure in
  other events: quantiles of the sorted ratios at ``i / (n + 1)``, straight lines between them, and at both ends the
  ``1 / (n + 1)`` that is left as an exponential tail whose mean is the standard deviation of the log ratios.
- ``latest + undocumented`` is the latest figure with the undocumented remainder of `estimates.models.undocumented`
  and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from estimates.evaluation.scores import Prediction
from estimates.models import undocumented
from estimates.models.grid import Grid, make_grid
from estimates.models.types import Floats
from estimates.profile.priors import PRIORS

#: The mean squared error of all types of source counts as much as that of so many figures of a type's own.
POOLED_FIGURES = 2.0
#: Draws of the strength of the undocumented remainder.
KAPPA_DRAWS = 200
#: Width of the cells that continuous predictions are put on, relative to their first count.
RELATIVE_WIDTH = 0.02

STATISTICS = ("minimum", "median", "maximum", "latest")
RATIO_STATISTICS = ("median", "maximum", "latest")
BASELINES = (
    *STATISTICS,
    "min to max",
    "lognormal",
    "inverse variance",
    *(f"{name} x ratio" for name in RATIO_STATISTICS),
    "latest + undocumented",
)


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one event.

    Attributes
    ----------
    low, high : arrays, shape (figures,)
        Ends of what each figure says.
    moment : array, shape (figures,)
        Order in time; equal where two figures are equally late.
    source_types : tuple of str
    ages : array, shape (figures,)
        Middle of what the age of each figure may be, in days, and .1 at least.
    """

    low: Floats
    high: Floats
    moment: Floats
    source_types: tuple[str, ...]
    ages: Floats

    @cached_property
    def values(self) -> Floats:
        """The figures on the log scale, shape (figures,)."""
        return (np.log1p(self.low) + np.log1p(self.high)) / 2.0

    @cached_property
    def statistics(self) -> dict[str, float]:
        """Smallest, middle, largest and latest figure on the log scale."""
        return {
            "minimum": float(np.log1p(self.low).min()),
            "median": float(np.median(self.values)),
            "maximum": float(np.log1p(self.high).max()),
            "latest": float(np.median(self.values[self._is_latest])),
        }

    @cached_property
    def ages_of(self) -> dict[str, float]:
        """Ages in days of the latest figure, and of the largest when it was last said; medians of those that tie."""
        largest = self.high == self.high.max()
        last_said = largest & (self.moment == self.moment[largest].max())
        return {
            "latest": float(np.median(self.ages[self._is_latest])),
            "maximum": float(np.median(self.ages[last_said])),
        }

    @cached_property
    def _is_latest(self) -> NDArray[np.bool_]:
        return np.asarray(self.moment == self.moment.max())


@dataclass(frozen=True, eq=False)
class Known:
    """Another event whose toll is known.

    Attributes
    ----------
    figures : Figures
        Its early figures.
    toll : float
        On the log scale.
    """

    figures: Figures
    toll: float


def predictions(figures: Figures, others: Sequence[Known], seed: int = 0) -> dict[str, Prediction]:
    """What every baseline predicts for one event.

    Parameters
    ----------
    figures : Figures
    others : sequence of Known
        Other events; a baseline that needs more of them is left out.
    seed : int
        Seed of the draws of the strength of the undocumented remainder.

    Returns
    -------
    dict of str to Prediction
        By the names in ``BASELINES``, in their order.
    """
    numbers = sorted({int(number) for number in np.concatenate([figures.low, figures.high])})
    grid = make_grid(numbers, relative_width=RELATIVE_WIDTH)

    found = {name: point(value) for name, value in figures.statistics.items()}
    found["min to max"] = min_to_max(figures, grid)
    if (spread := spread_of_figures(figures, others)) is not None:
        found["lognormal"] = normal_on_log(float(figures.values.mean()), spread, grid)

    if others:
        found["inverse variance"] = inverse_variance(figures, others, grid)
    if len(others) > 1:
        for name in RATIO_STATISTICS:
            ratios = np.array([known.toll - known.figures.statistics[name] for known in others])
            found[f"{name} x ratio"] = ratio(figures.statistics[name], ratios, grid)

    kappa = PRIORS["kappa"].sample(KAPPA_DRAWS, seed)
    found["latest + undocumented"] = with_undocumented(figures.statistics["latest"], kappa)
    return found


def point(value: float) -> Prediction:
    """A single count, given on the log scale."""
    count = round(float(np.expm1(value)))
    grid = make_grid([count])
    return Prediction(grid, (grid.start == count).astype(float), is_point=True)


def min_to_max(figures: Figures, grid: Grid) -> Prediction:
    """Even on the log scale from half a count below the smallest figure to half a count above the largest."""
    low, high = np.log(figures.low.min() + 0.5), np.log(figures.high.max() + 1.5)
    return on_grid(np.clip((_boundaries(grid) - low) / (high - low), 0.0, 1.0), grid)


def spread_of_figures(figures: Figures, others: Sequence[Known]) -> float | None:
    """Standard deviation of the figures on the log scale.

    Where the figures do not differ it is the pooled one within other events, and None where those do not differ either.
    """
    own = _squares(figures)
    if own > 0:
        return float(np.sqrt(own / (len(figures.values) - 1)))
    freedom = sum(len(known.figures.values) - 1 for known in others)
    pooled = sum(_squares(known.figures) for known in others)
    return float(np.sqrt(pooled / freedom)) if pooled > 0 else None


def _squares(figures: Figures) -> float:
    return float(((figures.values - figures.values.mean()) ** 2).sum()) if np.ptp(figures.values) > 0 else 0.0


def normal_on_log(mean: float, deviation: float, grid: Grid) -> Prediction:
    """Normal law on the log scale, with mean and standard deviation on that scale."""
    from scipy.special import ndtr

    return on_grid(ndtr((_boundaries(grid) - mean) / deviation), grid)


def inverse_variance(figures: Figures, others: Sequence[Known], grid: Grid) -> Prediction:
    """Normal law around the mean of the figures, weighted by the precision of their types of source.

    The precision of that mean is the sum of the figures' precisions. There is one other event or more.
    """
    errors: dict[str, list[float]] = {}
    for known in others:
        for source_type, value in zip(known.figures.source_types, known.figures.values, strict=True):
            errors.setdefault(source_type, []).append((value - known.toll) ** 2)

    everyone = float(np.mean([square for squares in errors.values() for square in squares]))
    everyone = max(everyone, 1e-6)  # where no figure ever erred, the law is almost a point
    precision = np.empty(len(figures.values))
    for place, source_type in enumerate(figures.source_types):
        squares = errors.get(source_type, [])
        precision[place] = (len(squares) + POOLED_FIGURES) / (sum(squares) + POOLED_FIGURES * everyone)

    mean = float(precision @ figures.values / precision.sum())
    return normal_on_log(mean, float(precision.sum() ** -0.5), grid)


def ratio(value: float, ratios: Floats, grid: Grid) -> Prediction:
    """A figure times the ratios of toll to figure in other events.

    Parameters
    ----------
    value : float
        The figure on the log scale.
    ratios : array, shape (others,)
        Logarithms of toll over figure in the other events, two at least.
    grid : Grid
    """
    return on_grid(distribution_of_ratios(_boundaries(grid) - value, ratios), grid)


def distribution_of_ratios(places: Floats, ratios: Floats) -> Floats:
    """Distribution function of the logarithm of a ratio, from those seen, shape (places,).

    Quantiles at ``i / (n + 1)`` with straight lines between them, and exponential tails.

    Parameters
    ----------
    places : array, shape (places,)
        In increasing order; the first may be minus infinity.
    ratios : array, shape (others,)
        Logarithms of the ratios seen, two at least.
    """
    knots = np.sort(ratios)
    count = len(knots)
    step = 1.0 / (count + 1)
    tail = max(float(np.std(knots, ddof=1)), 1e-6)

    reached = np.interp(places, knots, np.arange(1, count + 1) * step)
    below = step * np.exp(np.minimum(places - knots[0], 0.0) / tail)
    above = step * np.exp(np.minimum(knots[-1] - places, 0.0) / tail)
    inside = np.where(places > knots[-1], 1.0 - above, reached)
    return np.asarray(np.where(places < knots[0], below, inside))


def with_undocumented(value: float, kappa: Floats) -> Prediction:
    """A figure taken for the documented toll, with those who are never documented.

    Parameters
    ----------
    value : float
        The figure on the log scale.
    kappa : array, shape (draws,)
        Strengths of the undocumented remainder.
    """
    count = round(float(np.expm1(value)))
    grid = make_grid([count], relative_width=RELATIVE_WIDTH)
    mass = (grid.start == count).astype(float)
    if count == 0:
        return Prediction(grid, mass)

    edges = grid.edges[grid.edges > count].astype(float)
    above = undocumented.survival(edges[:, None], np.array([[float(count)]]), kappa[None, :]).mean(axis=1)
    first = len(grid) + 1 - len(edges)
    mass[:first] = (grid.edges[:first] == count) * (1.0 - above[0])
    mass[first:] = above[:-1] - above[1:]
    return Prediction(grid, mass / mass.sum())


def _boundaries(grid: Grid) -> Floats:
    """Ends of the cells on the log scale, shape (cells + 1,): half a count below the first count of each.

    The first cell begins at minus infinity.
    """
    places = np.log(grid.edges + 0.5)
    places[0] = -np.inf
    return places


def on_grid(reached: Floats, grid: Grid) -> Prediction:
    """A prediction from the distribution function at the ends of the cells, shape (cells + 1,).

    The last cell takes all that lies above it.
    """
    reached = np.concatenate([[0.0], reached[1:-1], [1.0]])
    return Prediction(grid, np.diff(reached))
