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


def total_mass(tables: NDArray[np.floating], weights: Floats, kappa: Floats, grid: Grid) -> Floats:
    """Probability of each cell for the true toll N, summed over the documentable toll and all draws.

    Parameters
    ----------
    tables : array, shape (cells, draws)
        Probability of the documentable toll for each draw.
    weights : array, shape (draws,)
    kappa : array, shape (draws,)
        Draws are sorted into classes of similar kappa, each represented by its weighted mean.
    grid : Grid

    Returns
    -------
    array, shape (cells,)
        Tolls above the grid's cap are counted in its last cell.
    """
    order = np.argsort(kappa, kind="stable")
    result = np.zeros(len(grid))
    for members in np.array_split(order, min(KAPPA_CLASSES, len(order))):
        share = weights[members].sum()
        if share <= 0:
            continue
        toll = tables[:, members] @ weights[members].astype(tables.dtype)
        value = float(weights[members] @ kappa[members] / share)
        result += _spread(toll, value, grid)
    return result


def _spread(toll: Floats, kappa: float, grid: Grid) -> Floats:
    """Probability of N from that of C, for one kappa."""
    positive = toll.copy()
    positive[0] = 0.0
    kept = np.flatnonzero(positive > _NEGLIGIBLE * positive.sum())
    result = toll.copy()
    if kept.size == 0:
        return result
    middle = grid.middle[kept]
    # The farthest edge each toll can reach with more than a negligible probability.
    reach = middle * (1.0 + 16.0 * (SCALE_SHARE + SCALE_CONSTANT / middle)) ** max(kappa, SMALLEST_KAPPA)
    last = np.minimum(np.searchsorted(grid.edges, reach, side="right"), len(grid))
    span = int((last - kept).max())
    # above[i, s]: P(N >= edge kept[i] + 1 + s | C in the cell kept[i]), edges that lie strictly above the cell.
    edge = np.minimum(kept[:, None] + 1 + np.arange(span), len(grid))
    above = survival(grid.edges[edge].astype(float), middle[:, None], kappa)
    above[edge == len(grid)] = 0.0
    above *= positive[kept][:, None]
    result[kept] -= above[:, 0]
    inside = above.copy()
    inside[:, :-1] -= above[:, 1:]
    arriving = np.bincount(edge.ravel(), weights=inside.ravel(), minlength=len(grid) + 1)
    return np.asarray(result + arriving[: len(grid)])


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
