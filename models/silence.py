r"""Silence, where it is declared who was watching.

A source ``s`` that watches an event reports it with probability ``p_s(C)``, ``logit p_s = intercept + slope log(1 +
C)``. Every declared source contributes ``p_s(C)`` if it reports and ``1 - p_s(C)`` if it does not. Without a
declaration there is neither factor, and the law of sizes is that of *reported* events: never one without the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimates.models.grid import Grid
from estimates.models.types import Floats, Integers


@dataclass(frozen=True, eq=False)
class Watching:
    """How likely a watching source reports, arrays of shape (draws,)."""

    intercept: Floats
    slope: Floats

    def __getitem__(self, draws: slice) -> Watching:
        return Watching(self.intercept[draws], self.slope[draws])


def reporting(watching: Watching, grid: Grid) -> Floats:
    """P(the source reports | C), shape (cells, draws)."""
    logit = watching.intercept + watching.slope * np.log1p(grid.middle)[:, None]
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def likelihood(watching: Sequence[Watching], reported: Sequence[bool], grid: Grid) -> Floats:
    """Product over the declared sources of reporting or silence, shape (cells, draws)."""
    result = np.ones((len(grid), len(watching[0].intercept)))
    for source, spoke in zip(watching, reported, strict=True):
        share = reporting(source, grid)
        result *= share if spoke else 1.0 - share
    return result


def probability_of_any_report(watching: Sequence[Watching], mass: Floats, grid: Grid) -> Floats:
    """P(an event is reported at all), shape (draws,): the divisor of every event in a fit.

    Parameters
    ----------
    watching : sequence of Watching
    mass : array, shape (cells, draws)
        Law of all events.
    grid : Grid
    """
    silent = likelihood(watching, [False] * len(watching), grid)
    return np.asarray((mass * (1.0 - silent)).sum(axis=0))


def simulate(rng: np.random.Generator, tolls: Integers, intercept: float, slope: float) -> Integers:
    """1 where a watching source reports an event of the given toll, else 0; both (events,)."""
    odds = np.exp(intercept) * (1.0 + tolls) ** slope
    return np.asarray(rng.binomial(1, odds / (1.0 + odds)))
