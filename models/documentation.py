r"""How an event's toll becomes documented in time.

Ages of figures fall into bins; ``C_j`` is what was documentable in bin ``j`` and the last bin holds the final toll. A
step goes from the parent ``n`` in bin ``j + 1`` to the child ``k`` in bin ``j``: ``k = n`` with probability
``pi(n)``, ``logit pi(n) = complete_logit - slope * log max(n, 1)``, otherwise ``k = floor(n u)`` with ``u`` from a
mixture of ``Beta(alpha, 1)`` and, with probability ``low_share``, ``Beta(low_shape, 1)``.

Because ``P(k <= x | n, incomplete) = ((x + 1) / n) ** alpha`` separates in ``x`` and ``n``, a likelihood passes up by
prefix sums and a probability passes down by suffix sums, each one pass over the grid:

.. math:: \mathrm{step}(L)(n) = \pi(n) L(n) + (1 - \pi(n)) n^{-\alpha} \sum_{k<n} ((k+1)^\alpha - k^\alpha) L(k)

On a cell of several integers ``n ** -alpha`` is averaged by the midpoint rule with its second-order correction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.models.grid import LARGEST_EXPONENT, Grid
from estimates.models.types import Floats, Integers

#: First age, in days, of each bin after the first; a figure of 30 days or more is about the final toll.
AGE_EDGES = (1.0, 2.0, 3.0, 7.0, 30.0)
#: Number of bins, the final one included, and of the steps between them.
BINS = len(AGE_EDGES) + 1
STEPS = BINS - 1
FINAL = BINS - 1
#: Cells summed at a time in running sums.
_BLOCK = 16


def age_bin(days: float) -> int:
    """Bin of a figure of that age."""
    return int(np.searchsorted(AGE_EDGES, days, side="right"))


@dataclass(frozen=True, eq=False)
class Documentation:
    """Parameters of the steps, one value per draw.

    Attributes
    ----------
    complete_logit : array, shape (draws, steps)
        Log-odds that a toll of one is complete already, for the step below each bin.
    slope : array, shape (draws,)
        Fall of these log-odds with the logarithm of the toll.
    shape : array, shape (draws, steps)
        ``alpha`` of the documented share, for the step below each bin.
    low_share, low_shape : arrays, shape (draws,)
        Probability and ``alpha`` of the component of tolls first vastly under-documented.
    rising : array, shape (draws,)
        How much a statement that the number will rise lowers the log-odds in all later steps; not negative.
    """

    complete_logit: Floats
    slope: Floats
    shape: Floats
    low_share: Floats
    low_shape: Floats
    rising: Floats

    def __getitem__(self, draws: slice) -> Documentation:
        return Documentation(
            self.complete_logit[draws],
            self.slope[draws],
            self.shape[draws],
            self.low_share[draws],
            self.low_shape[draws],
            self.rising[draws],
        )


@dataclass(frozen=True, eq=False)
class Component:
    """One way of being incomplete on a grid, ``k = floor(n u)`` with ``u ~ Beta(alpha, 1)``; tables (cells, draws).

    Attributes
    ----------
    rises : array
        Growth of ``k ** alpha`` over each cell.
    falls : array
        Mean of ``n ** -alpha`` over each cell.
    own : array, shape (wide cells, draws)
        Probability to stay within the cell, for the cells of more than one integer.
    """

    rises: Floats
    falls: Floats
    own: Floats


@dataclass(frozen=True, eq=False)
class Step:
    """One step on a grid, as tables of shape (cells, draws).

    With ``own`` the probability to stay in the same cell, ``rises`` the growth of ``k ** alpha`` over a cell and
    ``falls`` the weight of ``n ** -alpha``, the step sends ``L`` to ``own L + sum over components of falls *
    (sum of rises L over earlier cells)``; its adjoint swaps the two tables and the direction of the sum.
    """

    own: Floats
    rises: tuple[Floats, Floats]
    falls: tuple[Floats, Floats]

    def up(self, likelihood: Floats) -> Floats:
        """Likelihood of the parent from that of the child."""
        result = self.own * likelihood
        for rises, falls in zip(self.rises, self.falls, strict=True):
            earlier = running_sum(rises[:-1], likelihood[:-1])
            earlier *= falls[1:]
            result[1:] += earlier
        return result

    def down(self, mass: Floats) -> Floats:
        """Probability of the child from that of the parent."""
        result = self.own * mass
        for rises, falls in zip(self.rises, self.falls, strict=True):
            later = running_sum(falls[:0:-1], mass[:0:-1])[::-1]
            later *= rises[:-1]
            result[:-1] += later
        return result


def running_sum(one: Floats, other: Floats) -> Floats:
    """Cumulative sum over cells of a product, shape (cells, draws); in blocks of cells, several times faster."""
    cells, draws = one.shape
    blocks = -(-cells // _BLOCK)
    sums = np.empty((blocks, _BLOCK, draws))
    flat = sums.reshape(blocks * _BLOCK, draws)
    np.multiply(one, other, out=flat[:cells])
    flat[cells:] = 0.0
    for row in range(1, _BLOCK):
        sums[:, row] += sums[:, row - 1]
    sums[1:] += np.cumsum(sums[:-1, -1], axis=0)[:, None]
    return flat[:cells]


class StepTables:
    """All steps for some draws on one grid; tables are made when first asked for, and kept where they are shared."""

    def __init__(self, documentation: Documentation, grid: Grid, *, keep: bool = True) -> None:
        self._keep = keep
        self.documentation = documentation
        self.grid = grid
        self._log_edges = np.log(np.maximum(grid.edges, 1) / grid.reference)[:, None]
        self._first_wide = int(np.argmax(grid.width > 1)) if (grid.width > 1).any() else len(grid)
        log_count = (grid.log_middle + np.log(grid.reference))[:, None]
        self._power_of_count = np.exp(documentation.slope * log_count)
        self._low = self._component(documentation.low_shape)
        self._main: dict[int, Component] = {}
        self._steps: dict[tuple[int, bool], Step] = {}

    def step(self, index: int, *, rising: bool) -> Step:
        """Step from bin ``index + 1`` down to bin ``index``."""
        if not self._keep:
            return self._make(index, rising)
        key = (index, rising)
        if key not in self._steps:
            self._steps[key] = self._make(index, rising)
        return self._steps[key]

    def _make(self, index: int, rising: bool) -> Step:
        documentation, wide = self.documentation, self._first_wide
        main = self._main.get(index) or self._component(documentation.shape[:, index])
        if self._keep:
            self._main[index] = main
        low, low_share = self._low, documentation.low_share
        logit = documentation.complete_logit[:, index] - (documentation.rising if rising else 0.0)
        # odds of being incomplete; turned in place into the probability of being complete.
        own = np.exp(-logit) * self._power_of_count
        own += 1.0
        np.reciprocal(own, out=own)
        own[0] = 1.0
        low_falls = 1.0 - own
        main_falls = low_falls * (1.0 - low_share)
        low_falls *= low_share
        own[wide:] += main_falls[wide:] * main.own
        own[wide:] += low_falls[wide:] * low.own
        main_falls *= main.falls
        low_falls *= low.falls
        return Step(own, (main.rises, low.rises), (main_falls, low_falls))

    def _component(self, alpha: Floats) -> Component:
        grid, wide = self.grid, self._first_wide
        alpha = np.minimum(alpha, LARGEST_EXPONENT)
        power = alpha * self._log_edges
        np.exp(power, out=power)
        power[0] = 0.0
        falls = np.empty((len(grid), len(alpha)))
        falls[0] = 0.0
        np.reciprocal(power[1:wide], out=falls[1:wide])
        middle, width = grid.middle[wide:, None], grid.width[wide:, None]
        np.exp(-alpha * grid.log_middle[wide:, None], out=falls[wide:])
        falls[wide:] *= 1.0 + (alpha * (alpha + 1.0)) * ((width**2.0 - 1.0) / (24.0 * middle**2))
        own = 1.0 - power[wide:-1] * falls[wide:]
        return Component(np.diff(power, axis=0), falls, own)


def simulate(
    rng: np.random.Generator,
    tolls: Integers,
    *,
    complete_logit: float,
    slope: float,
    shape: float,
    low_share: float,
    low_shape: float,
) -> Integers:
    """What was documentable one bin earlier for each final count, by the mechanism itself."""
    count = len(tolls)
    complete = rng.random(count) < 1.0 / (1.0 + np.exp(-complete_logit) * np.maximum(tolls, 1) ** slope)
    alpha = np.where(rng.random(count) < low_share, low_shape, shape)
    share = rng.beta(alpha, 1.0)
    return np.where(complete, tolls, np.minimum(np.floor(tolls * share), np.maximum(tolls - 1, 0))).astype(np.int64)
