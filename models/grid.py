"""The grid of counts: every integer where counts are small, cells of a few per cent above.

All sums over the true count run over the cells of one grid. A cell holds the integers ``start .. start + width - 1``;
functions of the count are evaluated at the cell's middle, masses are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from estimates.models.types import Booleans, Floats, Integers

#: Below and at this count every integer is a cell of its own.
LARGEST_SINGLE = 128
#: Exponents of counts above this one count as this: the laws are steps by then, and powers of any count stay finite.
LARGEST_EXPONENT = 40.0
#: The largest width of a cell relative to its first integer.
RELATIVE_WIDTH = 0.04
#: Factors on that width: within 1.3 times a number said above the single integers, where likelihoods have their kinks;
#: within 8 times, where most of the probability lies; up to 64 times the power of two above the largest number said
#: (all numbers count as 64 at least); and beyond, where hardly any is left.
NEAR, AROUND, FAR = 1.3, 8.0, 64.0
NEAR_FACTOR, AROUND_FACTOR, FAR_FACTOR, BEYOND_FACTOR = 0.25, 0.5, 2.5, 6.0
#: Where no figure is larger than a few, cells widen sooner: every integer is a cell up to so many times the power of
#: two above the largest number said (which counts as the smallest scale at least), and from a thousand of these on
#: hardly anything is left.
LARGEST_FEW, SMALLEST_SCALE, SINGLES = 16, 4, 8
REMOTE, REMOTE_FACTOR = 1_024.0, 25.0
#: The largest toll considered where no figure is larger: a stated cap, ten million.
SMALLEST_CAP = 10_000_000


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells of consecutive integers from 0 to ``cap``.

    Attributes
    ----------
    edges : integer array, shape (cells + 1,)
        First integer of each cell, and ``cap + 1`` last.
    """

    edges: Integers

    @cached_property
    def start(self) -> Integers:
        """First integer of each cell, shape (cells,)."""
        return self.edges[:-1]

    @cached_property
    def width(self) -> Integers:
        """Number of integers in each cell, shape (cells,)."""
        return np.diff(self.edges)

    @cached_property
    def middle(self) -> Floats:
        """Mean of the integers of each cell, shape (cells,)."""
        return self.start + (self.width - 1) / 2.0

    @cached_property
    def log_middle(self) -> Floats:
        """Logarithm of the middle relative to ``reference``, shape (cells,); the cell of zero counts as one."""
        return np.log(np.maximum(self.middle, 1.0) / self.reference)

    @cached_property
    def reference(self) -> float:
        """The count powers are taken relative to, so that neither end of the grid overflows."""
        return float(np.sqrt(self.cap))

    # What the steps of growth take powers of. The cell of zero has no logarithm: nothing is kept of what lies below it.

    @cached_property
    def log_shrinkage(self) -> Floats:
        """Logarithm of each cell's first integer over that of the next cell, shape (cells,)."""
        with np.errstate(divide="ignore"):
            return np.log(self.start / self.edges[1:])

    @cached_property
    def log_below(self) -> Floats:
        """Logarithm of each cell's first integer over its middle, shape (cells,); zero for the cell of zero."""
        return np.log(np.maximum(self.start, 1) / np.maximum(self.middle, 1.0))

    @cached_property
    def log_above(self) -> Floats:
        """Logarithm of one plus each cell's middle over the first integer of the next cell, shape (cells,)."""
        return np.log((self.middle + 1.0) / self.edges[1:])

    @cached_property
    def curvature_below(self) -> Floats:
        """Second-order correction of the midpoint rule for powers of the count, shape (cells,)."""
        return (self.width**2.0 - 1.0) / (24.0 * np.maximum(self.middle, 1.0) ** 2)

    @cached_property
    def curvature_above(self) -> Floats:
        """The same for powers of the count plus one, shape (cells,)."""
        return (self.width**2.0 - 1.0) / (24.0 * (self.middle + 1.0) ** 2)

    @cached_property
    def smallest_factor(self) -> Integers:
        """Smallest prime factor of the counts that are no primes and have a cell of their own, shape (cells,), else 0.

        Powers of such a count are products of powers of smaller ones.
        """
        result = np.zeros(len(self), dtype=np.int64)
        singles = int(np.argmax(self.start != np.arange(len(self)))) or len(self)
        for factor in range(2, int(np.sqrt(singles)) + 1):
            multiples = np.arange(factor * factor, min(singles, self.first_wide), factor)
            result[multiples[result[multiples] == 0]] = factor
        return result

    @cached_property
    def first_wide(self) -> int:
        """First cell of more than one integer; the last cell where there is none."""
        return int(np.argmax(self.width > 1)) if (self.width > 1).any() else len(self) - 1

    @property
    def cap(self) -> int:
        """Largest count of the grid."""
        return int(self.edges[-1]) - 1

    def __len__(self) -> int:
        return len(self.edges) - 1

    def within(self, low: int, high: int) -> Booleans:
        """Which cells lie in ``low .. high``, shape (cells,); their edges are edges of the grid by construction."""
        return (self.middle >= low) & (self.middle <= high)


def make_grid(
    counts: Iterable[int] = (),
    *,
    relative_width: float = RELATIVE_WIDTH,
    largest_single: int = LARGEST_SINGLE,
    cap: int | None = None,
) -> Grid:
    """Grid on which every one of ``counts`` starts a cell and so does its successor.

    Parameters
    ----------
    counts : iterable of int
        Numbers at which the likelihood jumps: figures said and the ends of their windows.
    relative_width : float
        Largest width of a cell, relative to its first integer, near the numbers said; farther above, where little
        probability is left, cells widen.
    largest_single : int
        Up to this count every integer is a cell.
    cap : int, optional
        Largest count; by default ten million, or the power of ten that leaves ten times the largest of ``counts``.
    """
    said = sorted({int(count) for count in counts if count > largest_single})
    return _grid(tuple(said), relative_width, largest_single, cap, None)


def grid_of_case(counts: Iterable[int]) -> Grid:
    """The grid on which a case is worked out: where no number is larger than a few, one of fewer cells.

    Parameters
    ----------
    counts : iterable of int
        Numbers at which the likelihood of the case jumps.
    """
    numbers = [int(count) for count in counts]
    largest = max(numbers, default=0)
    if largest > LARGEST_FEW:
        return make_grid(numbers)
    scale = max(SMALLEST_SCALE, _power_above(largest))
    return _grid((), RELATIVE_WIDTH, SINGLES * scale, None, scale)


def _power_above(number: int) -> int:
    """The next power of two, so that events of similar size share a grid."""
    return 1 << max(number - 1, 0).bit_length()


@lru_cache(maxsize=256)
def _grid(
    said: tuple[int, ...], relative_width: float, largest_single: int, cap: int | None, scale: int | None
) -> Grid:
    """The grid for numbers above the single integers; events that have none of them share one grid of their scale."""
    largest = said[-1] if said else 0
    if cap is None:
        cap = max(SMALLEST_CAP, 10 ** len(str(10 * largest - 1))) if largest else SMALLEST_CAP
    edges = _regular_edges(relative_width, said, cap, largest_single, scale)
    extra = [edge for count in said for edge in (count, count + 1) if edge <= cap]
    return Grid(np.union1d(edges, np.array([*extra, cap + 1], dtype=np.int64)))


def _regular_edges(
    relative_width: float, said: Sequence[int], cap: int, largest_single: int, few: int | None
) -> Integers:
    edges = list(range(min(largest_single, cap) + 1))
    edge = largest_single + 1
    scale = few or _power_above(max(said[-1] if said else 0, largest_single // 2))

    while edge <= cap:
        edges.append(edge)
        factor = REMOTE_FACTOR if few and edge > REMOTE * few else _width_factor(edge, said, scale)
        edge += max(1, int(relative_width * factor * edge))
    return np.array(edges, dtype=np.int64)


def _width_factor(edge: int, said: Sequence[int], scale: int) -> float:
    """Factor on the width of a cell that begins at ``edge``, given the numbers said."""
    distance = min((max(number / edge, edge / number) for number in said), default=np.inf)
    if distance < NEAR:
        return NEAR_FACTOR
    if distance < AROUND:
        return AROUND_FACTOR
    if edge <= AROUND * scale:
        return 1.0
    return FAR_FACTOR if edge <= FAR * scale else BEYOND_FACTOR


def quantiles(grid: Grid, mass: Floats, probabilities: Floats) -> Integers:
    """Smallest integers whose cumulative probability reaches each of ``probabilities``.

    Parameters
    ----------
    grid : Grid
    mass : array, shape (cells,)
        Probability of each cell, taken as spread evenly over its integers.
    probabilities : array, shape (probabilities,)

    Returns
    -------
    integer array, shape (probabilities,)
    """
    cumulative = np.cumsum(mass)
    cumulative /= cumulative[-1]
    # A hair of slack, so that rounding never pushes a quantile past the integer that reaches it exactly.
    wanted = np.asarray(probabilities) - 1e-12
    cell = np.minimum(np.searchsorted(cumulative, wanted, side="left"), len(grid) - 1)
    before = np.where(cell > 0, cumulative[cell - 1], 0.0)
    share = (wanted - before) / np.maximum(cumulative[cell] - before, 1e-300)
    inside = np.ceil(np.clip(share, 0.0, 1.0) * grid.width[cell]).astype(np.int64)
    return grid.start[cell] + np.clip(inside, 1, grid.width[cell]) - 1


def quantiles_of_many(grid: Grid, masses: Floats, probabilities: Floats) -> Integers:
    """What :func:`quantiles` gives for several laws on one grid.

    Parameters
    ----------
    grid : Grid
    masses : array, shape (laws, cells)
    probabilities : array, shape (probabilities,)
        A few: the time it takes grows with their number.

    Returns
    -------
    integer array, shape (laws, probabilities)
    """
    cumulative = np.cumsum(masses, axis=1)
    cumulative /= cumulative[:, -1:]
    wanted = np.asarray(probabilities) - 1e-12
    cell = np.minimum((cumulative[:, None, :] < wanted[:, None]).sum(axis=2), len(grid) - 1)

    laws = np.arange(len(masses))[:, None]
    before = np.where(cell > 0, cumulative[laws, cell - 1], 0.0)
    share = (wanted - before) / np.maximum(cumulative[laws, cell] - before, 1e-300)
    inside = np.ceil(np.clip(share, 0.0, 1.0) * grid.width[cell]).astype(np.int64)
    return grid.start[cell] + np.clip(inside, 1, grid.width[cell]) - 1


def probability_at_least(grid: Grid, mass: Floats, count: int) -> float:
    """P(count or more) under ``mass``, shape (cells,); a cell's probability is spread evenly over its integers."""
    share = np.clip((grid.edges[1:] - count) / grid.width, 0.0, 1.0)
    return float(mass @ share / mass.sum())
