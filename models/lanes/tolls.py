"""Tolls under every draw at evenly spaced quantiles of its posterior: many tolls that hardly differ by chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimates.models.compiled import Compiled
from estimates.models.types import Floats

#: Draws whose columns are read together, so that every piece of memory that is fetched is used.
_COLUMNS = 16


def fill_spread_cells(
    mass: NDArray[np.float32], offsets: Floats, below: Floats, taken: NDArray[np.int64], cells: NDArray[np.int16]
) -> None:
    """Fill ``cells`` (tolls, draws) with the cells at evenly spaced quantiles of ``mass`` (cells, draws).

    ``offsets`` (draws,) say where between two quantiles the first one lies; ``below`` and ``taken`` (columns,) are
    working memory.
    """
    count, draws, last = len(cells), mass.shape[1], len(mass) - 1
    for first in range(0, draws, len(below)):
        columns = min(len(below), draws - first)
        for k in range(columns):
            below[k] = 0.0
            taken[k] = 0

        for c in range(last + 1):
            for k in range(columns):
                below[k] += mass[c, first + k]
                while taken[k] < count and (c == last or (taken[k] + offsets[first + k]) < below[k] * count):
                    cells[taken[k], first + k] = c
                    taken[k] += 1


_fill_spread_cells = Compiled(fill_spread_cells)


def spread_cells(mass: NDArray[np.float32], rng: np.random.Generator, count: int) -> NDArray[np.int16]:
    """Cells of ``count`` tolls under each draw at evenly spaced quantiles, in an order by chance, shape (count, draws).

    Parameters
    ----------
    mass : float32 array, shape (cells, draws)
        Probability of each cell under each draw.
    rng : Generator
    count : int
    """
    draws = mass.shape[1]
    cells = np.empty((count, draws), dtype=np.int16)
    columns = np.empty(_COLUMNS), np.empty(_COLUMNS, dtype=np.int64)
    _fill_spread_cells(mass, rng.random(draws), *columns, cells)
    return rng.permuted(cells, axis=0)
