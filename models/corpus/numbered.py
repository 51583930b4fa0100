"""What the rows of parts, steps and factors are, and the numbers that equal things share."""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import Any, NamedTuple

from estimates.models.copying import elementary_symmetric


class PartRow(NamedTuple):
    """One assignment of ages; ``constant`` is how many constants there were before it."""

    grid: int
    law: int
    first: int
    last: int
    by_now: int
    constant: int


class StepRow(NamedTuple):
    """What a step of growth is: its grid, law and group, the bin it leads down to, and what was said of it."""

    grid: int
    law: int
    group: int
    bin: int
    rising: bool
    falling: bool


class FactorRow(NamedTuple):
    """One factor, of the kinds of ``arrays``."""

    kind: int
    rate: int = 0
    before: int = 0
    others: int = 0
    update: bool = False
    repeats: bool = False
    extra: int = 0


class Numbers(dict[Any, int]):
    """Numbers in order of first use."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


@lru_cache(1024)
def worth_of_copies(before: int, size: int) -> tuple[float, ...]:
    """What copies among some tied statements of the same words are worth, by how many of them are the sources' own."""
    copied = elementary_symmetric(range(before, before + size))
    return tuple(copied[size - own] / comb(size, own) for own in range(size + 1))
