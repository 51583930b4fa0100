r"""The undocumented remainder: from the documentable toll to the true one.

``N = 0`` if ``C = 0``. Else ``N = C`` with probability .35, and otherwise ``N = floor(C R^kappa + 1/2)`` with ``R =
max(1, G / C)``, ``G`` Gumbel with location ``C`` and scale ``.2 C + 1.8``:

.. math:: P(N \ge n \mid C) = .65\,(1 - \exp(-\exp(-(r - 1)/(.2 + 1.8/C)))), \quad r = ((n - 1/2)/C)^{1/\kappa}, n > C

Fitted to the pooled coder judgements behind the reported-value-inflated Gumbel of Vesco, Randahl, Hegre et al. (arXiv
2409.08779), without its artefact levels. Too narrow above a thousand deaths. ``kappa`` scales the logarithm of the
remainder and is one value for all events.

Two laws can stand in its place. :class:`GumbelMixture` is the same law with its strength and the share of complete
tolls learned from independent enumerations. :class:`RatioLaw` states the ratio ``N / C`` by its quantiles. Under every
law ``N = 0`` if and only if ``C = 0``, and ``N >= C``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from estimates.models.compiled import Compiled
from estimates.models.elementary import exp, log, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.grid import Grid
from estimates.models.types import Floats, Integers

#: Probability that nothing is missing, and the scale of the Gumbel law: a share of the toll and a constant.
COMPLETE_SHARE = 0.35
SCALE_SHARE = 0.2
SCALE_CONSTANT = 1.8
#: Below this kappa nothing is added.
SMALLEST_KAPPA = 1e-3
#: Number of classes of kappa between the strengths at which the exact sum over N is made.
KAPPA_CLASSES = 8
#: The largest ratio of the true to the documentable toll that a law of the ratio can give.
LARGEST_RATIO = 1e6
_NEGLIGIBLE = 1e-6
#: A loop of so many passes runs in vector registers without a rest.
_TOGETHER = 32
_REACH = 16.0
_FAR_QUANTILE = 1.0 - 1e-9
_LARGEST_TOLL = 2.0**62


class Law(Protocol):
    """What a law of the true toll given the documentable one must answer."""

    def survival(self, count: Floats, toll: Floats) -> Floats:
        """P(N >= count | C = toll) for ``count > toll >= 1``; arguments broadcast."""
        ...

    def reach(self, toll: Floats) -> Floats:
        """Counts above which hardly any probability is left, of the shape of ``toll``."""
        ...


# Formulas -------------------------------------------------------------------------------------------------------------


@formula
def incomplete_survival(log_ratio: float, kappa: float, toll: float) -> float:
    """P(N >= n | C = toll, N may be incomplete) for ``n > C >= 1``, from ``log((n - 1/2) / C)``."""
    excess = (exp(log_ratio / max(kappa, SMALLEST_KAPPA)) - 1.0) / (SCALE_SHARE + SCALE_CONSTANT / toll)
    return 1.0 - exp(-exp(-excess))


@formula
def full_toll(uniform: float, toll: float, kappa: float, complete_share: float) -> float:
    """The true toll at a quantile, for a documentable toll of one or more."""
    if uniform < complete_share or kappa < SMALLEST_KAPPA:
        return toll
    share = min(max((uniform - complete_share) / (1.0 - complete_share), 1e-300), 1.0 - 1e-16)
    gumbel = -log(-log(share))
    ratio = max(1.0, 1.0 + gumbel * (SCALE_SHARE + SCALE_CONSTANT / toll))
    return float(int(toll * exp(kappa * log(ratio)) + 0.5))


def fill_survival(log_ratio: Floats, kappa: Floats, toll: Floats, complete_share: Floats, result: Floats) -> None:
    """Fill ``result`` with the probabilities of :func:`survival`; all of shape (values,)."""
    prefer_wide_registers()
    for k in range(len(result)):
        some = 1.0 - complete_share[k] if kappa[k] >= SMALLEST_KAPPA else 0.0
        result[k] = some * incomplete_survival(log_ratio[k], kappa[k], toll[k])


def fill_full_tolls(uniforms: Floats, tolls: Floats, kappa: Floats, complete_share: Floats, result: Integers) -> None:
    """Fill ``result`` with the tolls of :func:`quantile`; all of shape (values,)."""
    prefer_wide_registers()
    for k in range(len(result)):
        result[k] = 0
        if tolls[k] > 0.0:
            result[k] = int(full_toll(uniforms[k], tolls[k], kappa[k], complete_share[k]))


def spread_over_cells(
    by_strength: Floats,
    kappa: Floats,
    complete_share: Floats,
    log_ends: Floats,
    middle: Floats,
    last: Integers,
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
    above : array, shape (cells + a few,)
        Working memory.
    """
    prefer_wide_registers()
    for k in range(len(kappa)):
        strength, some = kappa[k], 1.0 - complete_share[k]
        for c in range(len(middle)):
            mass, end = by_strength[k, c], last[k, c]
            if c == 0 or mass <= _NEGLIGIBLE or strength < SMALLEST_KAPPA or end == c:
                result[c] += mass
                continue

            # The probability to lie beyond each end of a cell, from that of this one to that of the last reached.
            toll, log_toll = middle[c], log(middle[c])
            whole = (end - c + _TOGETHER - 1) // _TOGETHER * _TOGETHER
            logs, beyond = log_ends[c + 1 : c + 1 + whole], above[:whole]
            for e in range(len(logs)):
                beyond[e] = mass * some * incomplete_survival(logs[e] - log_toll, strength, toll)

            result[c] += mass - beyond[0]
            inside = result[c + 1 : end]
            for e in range(len(inside)):
                inside[e] += beyond[e] - beyond[e + 1]
            result[end] += beyond[end - c - 1]


def sum_by_strength(
    table: NDArray[np.float32],
    weights: Floats,
    order: Integers,
    begins: Integers,
    upper_share: Floats,
    result: Floats,
) -> None:
    """Add to ``result`` (strengths, cells) the weighted probabilities of the cells, ``table`` (cells, draws).

    ``order`` (draws,) sorts draws by the two strengths that they lie between, ``begins`` (strengths,) says where those
    from each strength on begin, and ``upper_share`` (draws,) how much of the upper strength there is in them.
    """
    prefer_wide_registers()
    for k in range(len(begins)):
        end = begins[k + 1] if k + 1 < len(begins) else len(order)
        for c in range(len(table)):
            row, lower, upper = table[c], 0.0, 0.0
            for i in range(begins[k], end):
                mass = weights[order[i]] * row[order[i]]
                lower += mass
                upper += mass * upper_share[i]
            result[k, c] += lower - upper
            if k + 1 < len(begins):
                result[k + 1, c] += upper


_fill_survival, _fill_full_tolls = Compiled(fill_survival), Compiled(fill_full_tolls)
_spread_over_cells, _sum_by_strength = Compiled(spread_over_cells), Compiled(sum_by_strength)


def survival(
    count: Floats, toll: Floats, kappa: float | Floats, complete_share: float | Floats = COMPLETE_SHARE
) -> Floats:
    """P(N >= count | C = toll) for ``count > toll >= 1``; arguments broadcast."""
    log_ratio = np.log((np.asarray(count) - 0.5) / toll)
    arrays = np.broadcast_arrays(log_ratio, *(np.asarray(a, dtype=float) for a in (kappa, toll, complete_share)))
    result = np.empty(arrays[0].size)
    _fill_survival(*(np.ascontiguousarray(array).ravel() for array in arrays), result)
    return result.reshape(arrays[0].shape)


def quantile(
    uniforms: Floats, tolls: Integers, kappa: Floats, complete_share: float | Floats = COMPLETE_SHARE
) -> Integers:
    """The true toll at given quantiles, for given documentable tolls; of the shape that all arguments broadcast to."""
    given = (uniforms, tolls, kappa, complete_share)
    arrays = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in given))
    result = np.empty(arrays[0].size, dtype=np.int64)
    _fill_full_tolls(*(np.ascontiguousarray(array).ravel() for array in arrays), result)
    return result.reshape(arrays[0].shape)


@dataclass(frozen=True, eq=False)
class GumbelMixture:
    """The Gumbel law with several strengths, of which one holds for all events.

    Attributes
    ----------
    kappa, complete_share : arrays, shape (components,)
    shares : array, shape (components,)
        Probability of each component; they sum to one.
    """

    kappa: Floats
    complete_share: Floats
    shares: Floats

    def survival(self, count: Floats, toll: Floats) -> Floats:
        """P(N >= count | C = toll) for ``count > toll >= 1``, whichever component holds; arguments broadcast."""
        parts = zip(self.shares, self.kappa, self.complete_share, strict=True)
        return np.asarray(sum(share * survival(count, toll, kappa, complete) for share, kappa, complete in parts))

    def reach(self, toll: Floats) -> Floats:
        """Counts above which hardly any probability is left, of the shape of ``toll``."""
        strongest = max(float(self.kappa.max()), SMALLEST_KAPPA)
        return np.asarray(toll * (1.0 + _REACH * (SCALE_SHARE + SCALE_CONSTANT / toll)) ** strongest)

    def quantile(self, uniforms: Floats, tolls: Integers, component: NDArray[np.intp]) -> Integers:
        """The true toll at given quantiles where given components hold; arguments broadcast."""
        return quantile(uniforms, tolls, self.kappa[component], self.complete_share[component])

    def simulate(self, rng: np.random.Generator, tolls: Integers) -> Integers:
        """True tolls for documentable ones, shape (events,), each under its own component, by the mechanism itself."""
        component = rng.choice(len(self.shares), size=len(tolls), p=self.shares)
        result = np.zeros(len(tolls), dtype=np.int64)
        for number in np.unique(component).tolist():
            mine = component == number
            kappa, complete = float(self.kappa[number]), float(self.complete_share[number])
            result[mine] = simulate(rng, np.asarray(tolls)[mine], kappa, complete)
        return result


@dataclass(frozen=True, eq=False)
class RatioLaw:
    """``N = floor(C R + 1/2)`` with one law of ``R >= 1`` whatever the toll, stated by quantiles of its logarithm.

    The logarithm of ``R`` is linear in the probability between the quantiles, from zero at probability zero. Above the
    last quantile it has an exponential tail (``R`` that of a Pareto law) that continues the density of the last piece;
    where that piece is flat there is no tail.

    Attributes
    ----------
    probabilities : array, shape (knots,)
        Increasing from zero.
    log_ratios : array, shape (knots,)
        From zero, nowhere decreasing.
    """

    probabilities: Floats
    log_ratios: Floats

    @property
    def tail_rate(self) -> float:
        """Rate of the exponential tail of ``log R``; infinite where there is none."""
        (before, last), (low, high) = self.probabilities[-2:], self.log_ratios[-2:]
        return float((last - before) / ((high - low) * (1.0 - last))) if high > low and last < 1.0 else np.inf

    def survival(self, count: Floats, toll: Floats) -> Floats:
        """P(N >= count | C = toll) for ``count > toll >= 1``; arguments broadcast."""
        wanted = np.log((count - 0.5) / toll)
        knots = self.log_ratios
        # The piece whose end is the first knot at or above what is wanted: knots of equal ratio are jumps.
        end = np.clip(np.searchsorted(knots, wanted, side="left"), 1, len(knots) - 1)
        rise = knots[end] - knots[end - 1]
        inside = np.clip((wanted - knots[end - 1]) / np.where(rise > 0, rise, 1.0), 0.0, 1.0)
        below = self.probabilities[end - 1] + inside * (self.probabilities[end] - self.probabilities[end - 1])
        beyond = np.maximum(wanted - knots[-1], 0.0)
        with np.errstate(invalid="ignore"):
            tail = (1.0 - self.probabilities[-1]) * np.exp(-np.where(beyond > 0, self.tail_rate * beyond, 0.0))
        result = np.where(wanted > knots[-1], tail, np.where(wanted <= 0.0, 1.0, 1.0 - below))
        return np.where(wanted > np.log(LARGEST_RATIO), 0.0, result)

    def ratio(self, uniforms: Floats) -> Floats:
        """``R`` at given quantiles, of their shape."""
        last = self.probabilities[-1]
        logarithm = np.interp(uniforms, self.probabilities, self.log_ratios)
        if last < 1.0 and np.isfinite(self.tail_rate):
            above = np.log((1.0 - last) / np.maximum(1.0 - np.maximum(uniforms, last), 1e-300)) / self.tail_rate
            logarithm = logarithm + above
        return np.asarray(np.exp(np.minimum(logarithm, np.log(LARGEST_RATIO))))

    def reach(self, toll: Floats) -> Floats:
        """Counts above which hardly any probability is left, of the shape of ``toll``."""
        return np.asarray(toll * self.ratio(np.array(_FAR_QUANTILE)) + 1.0)

    def quantile(self, uniforms: Floats, tolls: Integers) -> Integers:
        """The true toll at given quantiles, for given documentable tolls; arguments broadcast."""
        true = np.floor(tolls * self.ratio(uniforms) + 0.5)
        return np.asarray(np.minimum(true, _LARGEST_TOLL), dtype=np.int64)

    def simulate(self, rng: np.random.Generator, tolls: Integers) -> Integers:
        """True tolls for documentable ones, both (events,), by choosing a piece and a place within it."""
        widths = np.append(np.diff(self.probabilities), 1.0 - self.probabilities[-1])
        piece = rng.choice(len(widths), size=len(tolls), p=widths / widths.sum())
        inner = np.minimum(piece, len(self.log_ratios) - 2)
        low, high = self.log_ratios[inner], self.log_ratios[inner + 1]
        tail = rng.exponential(1.0, len(tolls)) / self.tail_rate
        logarithm = np.where(piece > inner, high + tail, rng.uniform(low, high))
        ratio = np.minimum(np.exp(logarithm), LARGEST_RATIO)
        return np.asarray(np.floor(np.asarray(tolls) * ratio + 0.5), dtype=np.int64)


def enumeration_log_likelihood(
    documented: Integers, low: Integers, high: Integers, kappa: Floats, complete_share: Floats
) -> Floats:
    r"""Log probability of enumerations under every pair of a strength and a share of complete tolls.

    With ``t(n) = P(N >= n | C, N may be incomplete)`` an enumeration of ``low`` to ``high`` has the probability

    .. math:: [low \le C] + (1 - s)\,([low > C]\,t(low) - t(high + 1))

    Parameters
    ----------
    documented, low, high : integer arrays, shape (pairs,)
        Documented tolls of one or more, and the ends of what was enumerated, ``high >= documented``.
    kappa : array, shape (kappas,)
    complete_share : array, shape (shares,)

    Returns
    -------
    array, shape (kappas, shares)
        Minus infinity where the law rules an enumeration out.
    """
    toll = np.asarray(documented, dtype=float)
    whole = (np.asarray(low) <= documented).astype(float)
    lowest, beyond = np.maximum(low, toll + 1.0).astype(np.float64), np.add(high, 1).astype(np.float64)
    result = np.zeros((len(kappa), len(complete_share)))
    for row, strength in enumerate(kappa.tolist()):
        from_low = np.where(whole > 0, 0.0, survival(lowest, toll, strength, 0.0))
        missing = from_low - survival(beyond, toll, strength, 0.0)
        with np.errstate(divide="ignore"):
            result[row] = np.log(whole + (1.0 - complete_share[:, None]) * missing).sum(axis=1)
    return result


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

    def total(self, toll: NDArray[np.floating]) -> Floats:
        """Probability of each cell for the true toll, from that of the documentable one, both (cells,).

        Tolls above the grid's cap are counted in its last cell.
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
        result = np.zeros(len(self._grid))
        result += toll[rows] @ self._table[rows]
        result += np.where(spread, 0.0, toll)
        return result


class Remainder:
    """The elicited law of the true toll on one grid, for the draws of one profile and any weighting of them.

    It is worked out at a few strengths, the quantiles of kappa over the draws; between two of them the law of a draw is
    the mixture of theirs.

    Parameters
    ----------
    kappa : array, shape (draws,)
    grid : Grid
    """

    def __init__(self, kappa: Floats, grid: Grid) -> None:
        self._grid = grid
        self._strengths = np.unique(np.quantile(kappa, np.linspace(0.0, 1.0, KAPPA_CLASSES + 1)))
        self._complete = np.full(len(self._strengths), COMPLETE_SHARE)
        self._log_ends = np.pad(np.log(np.maximum(grid.edges - 0.5, 0.5)), (0, _TOGETHER), mode="edge")
        self._middle = np.maximum(grid.middle, 1.0)
        self._last = np.stack([self._last_cells(strength) for strength in self._strengths])

        # Draws by their strength, and where those between two strengths begin.
        places = np.interp(kappa, self._strengths, np.arange(len(self._strengths)))
        between = np.minimum(places.astype(np.int64), max(0, len(self._strengths) - 2))
        self._order = np.argsort(between, kind="stable")
        self._begins = np.searchsorted(between[self._order], np.arange(len(self._strengths)))
        self._upper_share = (places - between)[self._order]

    def total(self, table: NDArray[np.float32], weights: Floats) -> Floats:
        """Probability of each cell for the true toll, shape (cells,).

        Tolls above the grid's cap are counted in its last cell.

        Parameters
        ----------
        table : float32 array, shape (cells, draws)
            Probability of each cell for the documentable toll.
        weights : array, shape (draws,)
        """
        by_strength = np.zeros((len(self._strengths), len(self._grid)))
        _sum_by_strength(table, weights, self._order, self._begins, self._upper_share, by_strength)
        result = np.zeros(len(self._grid))
        _spread_over_cells(
            by_strength, self._strengths, self._complete, self._log_ends, self._middle, self._last,
            np.empty(len(self._grid) + _TOGETHER), result,
        )  # fmt: skip
        return result

    def _last_cells(self, strength: float) -> Integers:
        """The last cell that each toll can reach with more than a negligible probability, shape (cells,)."""
        law = GumbelMixture(np.array([strength]), np.full(1, COMPLETE_SHARE), np.ones(1))
        reached = np.searchsorted(self._grid.edges, law.reach(self._middle), side="right")
        return np.minimum(reached, len(self._grid) - 1).astype(np.int64)


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


def simulate(
    rng: np.random.Generator, tolls: Integers, kappa: float, complete_share: float = COMPLETE_SHARE
) -> Integers:
    """True tolls for documentable tolls, both (events,), by the mechanism itself."""
    tolls = np.asarray(tolls)
    if kappa < SMALLEST_KAPPA:
        return tolls.copy()
    gumbel = rng.gumbel(tolls, SCALE_SHARE * tolls + SCALE_CONSTANT)
    ratio = np.maximum(1.0, gumbel / np.maximum(tolls, 1))
    missing = rng.random(len(tolls)) >= complete_share
    true = np.where(missing, np.floor(tolls * ratio**kappa + 0.5), tolls)
    return np.where(tolls == 0, 0, true).astype(np.int64)
