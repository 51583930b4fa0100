"""How large events are: a share of zeros, and a discrete Lomax law above.

``P(C = 0) = 1 - positive`` and ``P(C >= n | C >= 1) = (1 + (n - 1) / scale) ** -shape``, capped at the grid's last
count and renormalised (with a shape below one there is no mean without the cap). A shape above ``LARGEST_SHAPE`` counts
as this: tolls must not grow rarer as fast as gross errors do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.models.elementary import exp, log
from estimates.models.formula import formula
from estimates.models.reporting import GROSS_FALL
from estimates.models.types import Floats, Integers

#: Laws of sizes fall more slowly than gross errors, by half a power at least.
LARGEST_SHAPE = GROSS_FALL - 0.5


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


@formula
def survival(above_one: float, shape: float, scale: float) -> float:
    """``P(C >= n | C >= 1)`` before the cap, for ``above_one = n - 1``."""
    return exp(-min(shape, LARGEST_SHAPE) * log(1.0 + above_one / scale))


@formula
def survival_slopes(above_one: float, shape: float, scale: float) -> tuple[float, float]:
    """Derivatives of :func:`survival` by the shape and by the scale."""
    logarithm, used = log(1.0 + above_one / scale), min(shape, LARGEST_SHAPE)
    value = exp(-used * logarithm)
    by_shape = -logarithm * value if shape < LARGEST_SHAPE else 0.0
    return by_shape, used * value * above_one / (scale * (scale + above_one))


def simulate(rng: np.random.Generator, positive: float, shape: float, scale: float, cap: int, count: int) -> Integers:
    """Tolls of events, shape (count,), drawn as a gamma mixture of geometric laws and redrawn while above ``cap``.

    A geometric law whose rate is gamma distributed with the given shape and scale is the discrete Lomax law.
    """
    tolls = np.zeros(count, dtype=np.int64)
    waiting = np.flatnonzero(rng.random(count) < positive)
    while waiting.size:
        rate = rng.gamma(min(shape, LARGEST_SHAPE), 1.0 / scale, waiting.size)
        drawn = 1.0 + np.floor(rng.exponential(1.0, waiting.size) / rate)
        accepted = drawn <= cap
        tolls[waiting[accepted]] = drawn[accepted].astype(np.int64)
        waiting = waiting[~accepted]
    return tolls
