"""Floors: nobody whose name or body is known can be counted away.

From the bin of a list on, no count lies below the number of its names: a factor of one or zero on what is documentable
in each bin. Only verified lists of names or bodies are floors; they teach nothing of bias.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from estimates.models.grid import Grid
from estimates.models.types import Floats, Integers

#: Groups that share no member; floors of groups of one such family add up, all others may overlap.
DISJOINT_GROUPS = (
    frozenset({"men", "women", "children"}),
    frozenset({"adults", "children"}),
    frozenset({"civilians", "combatants"}),
    frozenset({"civilians", "soldiers"}),
    frozenset({"male", "female"}),
)


def likelihood(floor: int, grid: Grid) -> Floats:
    """Factor of a floor for each cell, shape (cells,): one from the floor on, else zero."""
    return np.where(grid.start >= floor, 1.0, 0.0)


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


def simulate(rng: np.random.Generator, tolls: Integers) -> Integers:
    """How many names lists of events hold for given tolls, both (events,): any number up to all, equally likely."""
    return rng.integers(0, tolls + 1)
