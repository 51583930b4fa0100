"""How large events are: a share of zeros, and a discrete Lomax law above.

``P(C = 0) = 1 - positive`` and ``P(C >= n | C >= 1) = (1 + (n - 1) / scale) ** -shape``, capped at the grid's last
count and renormalised (with a shape below one there is no mean without the cap).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.models.elementary import exp, log
from estimates.models.formula import formula
from estimates.models.grid import Grid
from estimates.models.types import Floats, Integers


@dataclass(frozen=True, eq=False)
class Size:
    """Parameters of the law of an event's documentable toll, one value per draw.

    Attributes
    ----------
    positive : array, shape (draws,)
        Probability that the toll is one or more.
    shape, scale : arrays, shape (draws,)
        Of the Lomax law; the tail falls as ``n ** -shape``.
    """

    positive: Floats
    shape: Floats
    scale: Floats

    def __getitem__(self, draws: slice) -> Size:
        return Size(self.positive[draws], self.shape[draws], self.scale[draws])


@formula
def survival(above_one: float, shape: float, scale: float) -> float:
    """``P(C >= n | C >= 1)`` before the cap, for ``above_one = n - 1``."""
    return exp(-shape * log(1.0 + above_one / scale))


@formula
def survival_slopes(above_one: float, shape: float, scale: float) -> tuple[float, float]:
    """Derivatives of :func:`survival` by the shape and by the scale."""
    logarithm = log(1.0 + above_one / scale)
    value = exp(-shape * logarithm)
    return -logarithm * value, shape * value * above_one / (scale * (scale + above_one))


def cell_mass(size: Size, grid: Grid) -> Floats:
    """Probability of each cell, shape (cells, draws); sums to one over the cells."""
    survival = (grid.edges[1:, None] - 1) * (1.0 / size.scale)
    np.log1p(survival, out=survival)
    survival *= -size.shape
    np.exp(survival, out=survival)
    mass = np.empty_like(survival)
    mass[0] = 1.0 - size.positive
    np.subtract(survival[:-1], survival[1:], out=mass[1:])
    mass[1:] *= size.positive / (1.0 - survival[-1])
    return mass


def draw_within_cells(size: Size, grid: Grid, cells: Integers, uniforms: Floats) -> Integers:
    """One count in each given cell, by inversion of the Lomax law restricted to the cell.

    Parameters
    ----------
    size : Size
        One row per element of ``cells``.
    grid : Grid
    cells : integer array, shape (draws,)
    uniforms : array, shape (draws,)

    Returns
    -------
    integer array, shape (draws,)
    """
    start, stop = grid.start[cells], grid.edges[cells + 1]
    upper = np.exp(-size.shape * np.log1p(np.maximum(start - 1, 0) / size.scale))
    lower = np.exp(-size.shape * np.log1p(np.maximum(stop - 1, 0) / size.scale))
    survival = np.maximum(upper - uniforms * (upper - lower), 1e-300)
    count = np.floor(1.0 + size.scale * np.expm1(-np.log(survival) / size.shape))
    return np.asarray(np.clip(count, start, stop - 1), dtype=np.int64)


def simulate(rng: np.random.Generator, positive: float, shape: float, scale: float, cap: int, count: int) -> Integers:
    """Tolls of events, shape (count,), drawn as a gamma mixture of geometric laws and redrawn while above ``cap``.

    A geometric law whose rate is gamma distributed with the given shape and scale is the discrete Lomax law.
    """
    tolls = np.zeros(count, dtype=np.int64)
    waiting = np.flatnonzero(rng.random(count) < positive)
    while waiting.size:
        rate = rng.gamma(shape, 1.0 / scale, waiting.size)
        drawn = 1.0 + np.floor(rng.exponential(1.0, waiting.size) / rate)
        accepted = drawn <= cap
        tolls[waiting[accepted]] = drawn[accepted].astype(np.int64)
        waiting = waiting[~accepted]
    return tolls
