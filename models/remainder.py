"""The law of the true toll on a grid: what the undocumented remainder makes of the probabilities of the cells.

The laws themselves are those of ``undocumented``. Where the number of people at risk is known, the full toll of each
documentable one is taken given that it is no larger: what would lie above is shared out over the tolls up to it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimates.models.compiled import Compiled
from estimates.models.elementary import log, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.grid import Grid
from estimates.models.types import Booleans, Floats, Integers
from estimates.models.undocumented import (
    COMPLETE_SHARE,
    SMALLEST_KAPPA,
    GumbelMixture,
    Law,
    incomplete_survival,
)

#: Number of classes of kappa between the strengths at which the exact sum over N is made.
KAPPA_CLASSES = 8
#: On grids of so many cells what is found is kept: most events of a database are on one of them.
FEW_CELLS = 256
#: Probabilities of a cell below this stay in it.
_NEGLIGIBLE = 1e-6
#: A loop of so many passes runs in vector registers without a rest.
_TOGETHER = 32


class Beyond(NamedTuple):
    """Probabilities of full tolls beyond the ends of cells, which are kept on grids of few cells."""

    # (strengths, cells, cells + a few) or (0, 0, 0): from a cell, by how many ends lie between.
    kept: Floats
    # (strengths, cells) or (0, 0)
    known: Booleans


@formula
def spread_over_cells(
    by_strength: Floats,
    kappa: Floats,
    complete_share: Floats,
    log_ends: Floats,
    middle: Floats,
    last: Integers,
    last_at_risk: int,
    beyond: Beyond,
    above: Floats,
    result: Floats,
) -> None:
    """Add to each cell of ``result`` (cells,) the probability of a full toll in it.

    Parameters
    ----------
    by_strength : array, shape (strengths, cells)
        Probability of each cell for the documentable toll, by the strength of the remainder.
    kappa, complete_share : arrays, shape (strengths,)
    log_ends : array, shape (cells + 1 + a few,)
        Logarithms of the cells' first integers less one half, and of the grid's end, which is repeated: loops take
        several at a time.
    middle : array, shape (cells,)
    last : integer array, shape (strengths, cells)
        The last cell into which tolls of a cell may spread.
    last_at_risk : int
        The last cell of all that a full toll can be in; documentable ones lie in no later one.
    beyond : Beyond
        What is found is kept there.
    above : array, shape (cells + a few,)
        Working memory.
    """
    prefer_wide_registers()
    is_kept = len(beyond.known) > 0
    for k in range(len(kappa)):
        strength, some = kappa[k], 1.0 - complete_share[k]
        for c in range(len(middle)):
            mass, reached = by_strength[k, c], last[k, c]
            end = min(reached, last_at_risk)
            if c == 0 or mass <= _NEGLIGIBLE or strength < SMALLEST_KAPPA or end <= c:
                result[c] += mass
                continue

            # The probability to lie beyond each end of a cell, from that of this one to that of the last reached.
            shares = beyond.kept[k, c] if is_kept else above
            if not is_kept or not beyond.known[k, c]:
                whole = (reached - c + _TOGETHER) // _TOGETHER * _TOGETHER
                _shares_beyond(log_ends[c + 1 : c + 1 + whole], middle[c], strength, some, shares[:whole])
                if is_kept:
                    beyond.known[k, c] = True

            if end < reached:
                mass /= 1.0 - shares[end - c]
            result[c] += mass * (1.0 - shares[0])
            _add_between(mass, shares[: end - c], shares[1 : end - c + 1], result[c + 1 : end])
            result[end] += mass * shares[end - c - 1]
            if end < reached:
                result[end] -= mass * shares[end - c]


@formula
def _shares_beyond(log_ends: Floats, toll: float, strength: float, some: float, result: Floats) -> None:
    log_toll = log(toll)
    for e in range(len(log_ends)):
        result[e] = some * incomplete_survival(log_ends[e] - log_toll, strength, toll)


@formula
def _add_between(mass: float, shares: Floats, following: Floats, result: Floats) -> None:
    for e in range(len(result)):
        result[e] += mass * (shares[e] - following[e])


@formula
def sum_by_strength(
    table: NDArray[np.float32],
    shares: Floats,
    result: Floats,
) -> None:
    """Fill ``result`` (strengths, cells) with the probabilities of the cells, ``table`` (cells, draws).

    ``shares`` (strengths, draws) are the weights of the draws, shared out to the strengths that they lie between.
    """
    prefer_wide_registers()
    for c in range(len(table)):
        row = table[c]
        for k in range(len(shares)):
            of_strength, total = shares[k], 0.0
            for i in range(len(row)):
                total += of_strength[i] * row[i]
            result[k, c] = total


def fill_layers(
    table: NDArray[np.float32],
    shares: Floats,
    kappa: Floats,
    complete_share: Floats,
    log_ends: Floats,
    middle: Floats,
    last: Integers,
    last_at_risk: int,
    by_strength: Floats,
    beyond: Beyond,
    above: Floats,
    result: Floats,
) -> None:
    """Fill ``by_strength`` (strengths, cells), and ``result`` (cells,) from zeros; the rest as in these two."""
    sum_by_strength(table, shares, by_strength)
    spread_over_cells(by_strength, kappa, complete_share, log_ends, middle, last, last_at_risk, beyond, above, result)


_fill_layers = Compiled(fill_layers)


class Spread:
    """One law of the true toll on one grid: rows of cells by cells, made when first needed.

    Parameters
    ----------
    law : Law
    grid : Grid
    """

    def __init__(self, law: Law, grid: Grid) -> None:
        self._law = law
        self._grid = grid
        self._table = np.zeros((len(grid), len(grid)), np.float32)
        self._made = np.zeros(len(grid), dtype=bool)

    def total(self, toll: NDArray[np.floating], at_risk: int | None = None) -> Floats:
        """Probability of each cell for the true toll, from that of the documentable one, both (cells,).

        Tolls above the grid's cap are counted in its last cell; none lie above ``at_risk`` where it is given.
        """
        spread = toll > _NEGLIGIBLE * toll.sum()
        if not spread.any():
            return np.asarray(toll, dtype=float)
        spread[0] = False
        missing = np.flatnonzero(spread & ~self._made)
        if missing.size:
            self._table[missing] = _rows(missing, self._law, self._grid)
            self._made[missing] = True
        rows = np.flatnonzero(spread)
        table = self._table[rows]
        if at_risk is not None:
            table[:, _last_at_risk(self._grid, at_risk) + 1 :] = 0.0
            # A law may leave next to nothing below the next integer: then nobody is missing.
            table[np.arange(len(rows)), rows] += np.float32(1e-30)
            table /= table.sum(axis=1, keepdims=True)

        result = np.zeros(len(self._grid))
        result += toll[rows] @ table
        result += np.where(spread, 0.0, toll)
        return result


class Remainder:
    """The elicited law of the true toll on one grid, for the draws of one profile and any weighting of them.

    It is worked out at a few strengths between the smallest and the largest kappa of the draws; between two of them the
    law of a draw is the mixture of theirs.

    Parameters
    ----------
    kappa : array, shape (draws,)
    grid : Grid
    """

    def __init__(self, kappa: Floats, grid: Grid) -> None:
        self._grid = grid
        self._strengths = np.unique(np.linspace(kappa.min(), kappa.max(), KAPPA_CLASSES + 1))
        self._complete = np.full(len(self._strengths), COMPLETE_SHARE)
        self._log_ends = np.pad(np.log(np.maximum(grid.edges - 0.5, 0.5)), (0, _TOGETHER), mode="edge")
        self._middle = np.maximum(grid.middle, 1.0)
        self._last = np.stack([self._last_cells(strength) for strength in self._strengths])
        strengths, cells = self._last.shape if len(grid) <= FEW_CELLS else (0, 0)
        self._beyond = Beyond(np.zeros((strengths, cells, cells + _TOGETHER)), np.zeros((strengths, cells), dtype=bool))

        # How much of each strength there is in each draw: all of it in the two that it lies between.
        places = np.interp(kappa, self._strengths, np.arange(len(self._strengths)))
        self._shares = np.maximum(1.0 - np.abs(places - np.arange(len(self._strengths))[:, None]), 0.0)

    def layers(self, table: NDArray[np.float32], weights: Floats, at_risk: int | None = None) -> tuple[Floats, Floats]:
        """Probability of each cell for the documentable and for the true toll, both of shape (cells,).

        True tolls above the grid's cap are counted in its last cell.

        Parameters
        ----------
        table : float32 array, shape (cells, draws)
            Probability of each cell for the documentable toll.
        weights : array, shape (draws,)
        at_risk : int, optional
            No true toll is larger; nor are the documentable ones, which the grid has an edge behind.
        """
        by_strength = np.empty((len(self._strengths), len(self._grid)))
        result = np.zeros(len(self._grid))
        _fill_layers(
            np.ascontiguousarray(table), self._shares * weights, self._strengths, self._complete, self._log_ends,
            self._middle, self._last, _last_at_risk(self._grid, at_risk), by_strength, self._beyond,
            np.empty(len(self._grid) + _TOGETHER), result,
        )  # fmt: skip
        return by_strength.sum(axis=0), result

    def _last_cells(self, strength: float) -> Integers:
        """The last cell that each toll can reach with more than a negligible probability, shape (cells,)."""
        law = GumbelMixture(np.array([strength]), np.full(1, COMPLETE_SHARE), np.ones(1))
        reached = np.searchsorted(self._grid.edges, law.reach(self._middle), side="right")
        return np.minimum(reached, len(self._grid) - 1).astype(np.int64)


def _last_at_risk(grid: Grid, at_risk: int | None) -> int:
    """The cell that ends with the number at risk; the last one where that is not known or beyond the grid."""
    if at_risk is None:
        return len(grid) - 1
    return int(np.clip(np.searchsorted(grid.edges, at_risk, side="right") - 1, 0, len(grid) - 1))


def _rows(cells: NDArray[np.intp], law: Law, grid: Grid) -> Floats:
    """P(N in each cell | C in a cell), shape (rows, cells of the grid), one row for each of ``cells``."""
    middle = grid.middle[cells]
    # The farthest edge each toll can reach with more than a negligible probability.
    last = np.minimum(np.searchsorted(grid.edges, law.reach(middle), side="right"), len(grid))
    span = max(1, int((last - cells).max()))
    # above[i, s]: P(N >= edge cells[i] + 1 + s), edges that lie strictly above the cell.
    edge = np.minimum(cells[:, None] + 1 + np.arange(span), len(grid))
    above = law.survival(grid.edges[edge].astype(float), middle[:, None])
    above[edge == len(grid)] = 0.0
    table = np.zeros((len(cells), len(grid) + 1))
    rows = np.arange(len(cells))
    inside = above.copy()
    inside[:, :-1] -= above[:, 1:]
    # Edges beyond the grid all stand at its end, where nothing is left: only the first of them is written.
    table[rows[:, None], edge] = np.where(edge < len(grid), inside, 0.0)
    table[rows, cells] = 1.0 - above[:, 0]
    return table[:, :-1]
