"""Floors: a toll cannot well be below what has been counted by name or body.

``f`` verified at a date is a factor on the count documentable then, and again on the final one, which no revision may
take below what was verified: 1 for ``C >= f``, else ``(1 - error) r ** 20 + error r`` with ``r = (C + 1) / (f + 1)``. A
floor that is wrong is a gross error, and these grow rarer in proportion to
their size: a constant instead would let the law of sizes outweigh a long list of names. Floors teach nothing of bias.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from estimates.models.grid import Grid
from estimates.models.types import Floats, Integers

#: Probability that the floor itself is wrong: a verified list of names, and a subset mentioned in a report.
NAMED_ERROR = 0.001
SUBSET_ERROR = 0.02
#: How steeply the factor falls below the floor.
STEEPNESS = 20

#: Groups that share no member; floors of groups of one such family add up, all others may overlap.
DISJOINT_GROUPS = (
    frozenset({"men", "women", "children"}),
    frozenset({"adults", "children"}),
    frozenset({"civilians", "combatants"}),
    frozenset({"civilians", "soldiers"}),
    frozenset({"male", "female"}),
)


def likelihood(floor: int, error: float, grid: Grid) -> Floats:
    """Factor of a floor for each cell, shape (cells,)."""
    ratio = (grid.middle + 1.0) / (floor + 1.0)
    below = (1.0 - error) * np.minimum(ratio, 1.0) ** STEEPNESS + error * ratio
    return np.where(grid.start >= floor, 1.0, np.minimum(below, 1.0))


def combine(floors: Iterable[tuple[str, int]]) -> int:
    """The floor implied by several, each a group's name and number: the largest, disjoint groups added up.

    >>> combine([("all", 5), ("women", 4), ("children", 3), ("women", 2)])
    7
    """
    largest: dict[str, int] = {}
    for group, number in floors:
        largest[group] = max(number, largest.get(group, 0))
    sums = [sum(largest.get(group, 0) for group in family) for family in DISJOINT_GROUPS]
    return max([*largest.values(), *sums], default=0)


def simulate(rng: np.random.Generator, tolls: Integers, error: float, share: float) -> Integers:
    """Floors that would be established for given tolls, both (events,): a share of them, or now and then an error."""
    wrong = rng.random(len(tolls)) < error
    found = rng.binomial(tolls, share)
    return np.where(wrong, rng.poisson(1.0 + tolls), found).astype(np.int64)
