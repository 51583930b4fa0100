r"""The undocumented remainder: from the documentable toll to the true one.

``N = 0`` if ``C = 0``. Else ``N = C`` with probability .35, and otherwise ``N = floor(C R^kappa + 1/2)`` with ``R =
max(1, G / C)``, ``G`` Gumbel with location ``C`` and scale ``.2 C + 1.8``:

.. math:: P(N \ge n \mid C) = .65\,(1 - \exp(-\exp(-(r - 1)/(.2 + 1.8/C)))), \quad r = ((n - 1/2)/C)^{1/\kappa}, n > C

Fitted to the pooled coder judgements behind the reported-value-inflated Gumbel of Vesco, Randahl, Hegre et al. (arXiv
2409.08779), without its artefact levels. Too narrow above a thousand deaths. ``kappa`` scales the logarithm of the
remainder and is one value for all events.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimates.models.grid import Grid
from estimates.models.types import Floats, Integers

#: Probability that nothing is missing, and the scale of the Gumbel law: a share of the toll and a constant.
COMPLETE_SHARE = 0.35
SCALE_SHARE = 0.2
SCALE_CONSTANT = 1.8
#: Below this kappa nothing is added.
SMALLEST_KAPPA = 1e-3
#: Number of classes of kappa over which the exact sum over N is made.
KAPPA_CLASSES = 16
_NEGLIGIBLE = 1e-6
_REACH = 16.0


def survival(count: Floats, toll: Floats, kappa: float | Floats) -> Floats:
    """P(N >= count | C = toll) for ``count > toll >= 1``; arguments broadcast."""
    power = 1.0 / np.maximum(kappa, SMALLEST_KAPPA)
    with np.errstate(over="ignore"):
        ratio = np.exp(power * np.log((count - 0.5) / toll))
        tail = -np.expm1(-np.exp(-(ratio - 1.0) / (SCALE_SHARE + SCALE_CONSTANT / toll)))
    return np.where(np.asarray(kappa) < SMALLEST_KAPPA, 0.0, (1.0 - COMPLETE_SHARE) * tail)


def quantile(uniforms: Floats, tolls: Integers, kappa: Floats) -> Integers:
    """The true toll at given quantiles, for given documentable tolls; arguments broadcast."""
    tolls = np.asarray(tolls)
    share = np.clip((uniforms - COMPLETE_SHARE) / (1.0 - COMPLETE_SHARE), 1e-300, 1.0 - 1e-16)
    safe = np.maximum(tolls, 1)
    gumbel = -np.log(-np.log(share))
    ratio = np.maximum(1.0, 1.0 + gumbel * (SCALE_SHARE + SCALE_CONSTANT / safe))
    true = np.floor(safe * ratio ** np.asarray(kappa) + 0.5)
    result = np.where((uniforms < COMPLETE_SHARE) | (kappa < SMALLEST_KAPPA), safe, true)
    return np.where(tolls == 0, 0, result).astype(np.int64)


class Remainder:
    """The law of the true toll on one grid, for many events under one weighting of the draws.

    Draws are sorted into classes of similar kappa, each represented by its weighted mean. For every class the law of N
    given C is a table of cells by cells, whose rows are made when first needed.

    Parameters
    ----------
    weights, kappa : arrays, shape (draws,)
    grid : Grid
    """

    def __init__(self, weights: Floats, kappa: Floats, grid: Grid) -> None:
        self.grid = grid
        self._weights = weights
        order = np.argsort(kappa, kind="stable")
        classes = np.array_split(order, min(KAPPA_CLASSES, len(order)))
        self._classes = [members for members in classes if weights[members].sum() > 0]
        self._kappa = [float(np.average(kappa[members], weights=weights[members])) for members in self._classes]
        cells = len(grid)
        self._tables = [np.zeros((cells, cells), np.float32) for _ in self._classes]
        self._made = np.zeros((len(self._classes), cells), dtype=bool)

    def total(self, tables: NDArray[np.floating]) -> Floats:
        """Probability of each cell for the true toll, from tables of the documentable one, shape (cells, draws).

        Tolls above the grid's cap are counted in its last cell.
        """
        result = np.zeros(len(self.grid))
        for number, members in enumerate(self._classes):
            toll = tables[:, members] @ self._weights[members].astype(tables.dtype)
            spread = toll > _NEGLIGIBLE * toll.sum()
            spread[0] = False
            missing = np.flatnonzero(spread & ~self._made[number])
            if missing.size:
                self._tables[number][missing] = _law(missing, self._kappa[number], self.grid)
                self._made[number, missing] = True
            rows = np.flatnonzero(spread)
            result += toll[rows] @ self._tables[number][rows]
            result += np.where(spread, 0.0, toll)
        return result


def _law(cells: NDArray[np.intp], kappa: float, grid: Grid) -> Floats:
    """P(N in each cell | C in a cell), one row for each of ``cells``."""
    middle = grid.middle[cells]
    # The farthest edge each toll can reach with more than a negligible probability.
    reach = middle * (1.0 + _REACH * (SCALE_SHARE + SCALE_CONSTANT / middle)) ** max(kappa, SMALLEST_KAPPA)
    last = np.minimum(np.searchsorted(grid.edges, reach, side="right"), len(grid))
    span = max(1, int((last - cells).max()))
    # above[i, s]: P(N >= edge cells[i] + 1 + s), edges that lie strictly above the cell.
    edge = np.minimum(cells[:, None] + 1 + np.arange(span), len(grid))
    above = survival(grid.edges[edge].astype(float), middle[:, None], kappa)
    above[edge == len(grid)] = 0.0
    law = np.zeros((len(cells), len(grid) + 1))
    rows = np.arange(len(cells))
    inside = above.copy()
    inside[:, :-1] -= above[:, 1:]
    # Edges beyond the grid all stand at its end, where nothing is left: only the first of them is written.
    law[rows[:, None], edge] = np.where(edge < len(grid), inside, 0.0)
    law[rows, cells] = 1.0 - above[:, 0]
    return law[:, :-1]


def simulate(rng: np.random.Generator, tolls: Integers, kappa: float) -> Integers:
    """True tolls for documentable tolls, by the mechanism itself."""
    tolls = np.asarray(tolls)
    if kappa < SMALLEST_KAPPA:
        return tolls.copy()
    gumbel = rng.gumbel(tolls, SCALE_SHARE * tolls + SCALE_CONSTANT)
    ratio = np.maximum(1.0, gumbel / np.maximum(tolls, 1))
    missing = rng.random(len(tolls)) >= COMPLETE_SHARE
    true = np.where(missing, np.floor(tolls * ratio**kappa + 0.5), tolls)
    return np.where(tolls == 0, 0, true).astype(np.int64)
