r"""The undocumented remainder: from the documentable toll to the true one.

``N = 0`` if ``C = 0``. Else ``N = C`` with probability .35, and otherwise ``N = floor(C R^kappa + 1/2)`` with ``R =
max(1, G / C)``, ``G`` Gumbel with location ``C`` and scale ``.2 C + 1.8``:

.. math:: P(N \ge n \mid C) = .65\,(1 - \exp(-\exp(-(r - 1)/(.2 + 1.8/C)))), \quad r = ((n - 1/2)/C)^{1/\kappa}, n > C

Where the number ``A`` of people at risk is known, the law is that of ``N`` given ``N <= A``.

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
from estimates.models.types import Floats, Integers

#: Probability that nothing is missing, and the scale of the Gumbel law: a share of the toll and a constant.
COMPLETE_SHARE = 0.35
SCALE_SHARE = 0.2
SCALE_CONSTANT = 1.8
#: Below this kappa nothing is added.
SMALLEST_KAPPA = 1e-3
#: The largest ratio of the true to the documentable toll that a law of the ratio can give.
LARGEST_RATIO = 1e6
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
    beyond = exp(-excess)
    return 1.0 - exp(-beyond) if beyond > 1e-5 else beyond * (1.0 - beyond / 2.0)


@formula
def full_toll(uniform: float, toll: float, kappa: float, complete_share: float) -> float:
    """The true toll at a quantile, for a documentable toll of one or more."""
    share = min(max((uniform - complete_share) / (1.0 - complete_share), 1e-300), 1.0 - 1e-16)
    gumbel = -log(-log(share))
    ratio = max(1.0, 1.0 + gumbel * (SCALE_SHARE + SCALE_CONSTANT / toll))
    with_missing = float(int(toll * exp(kappa * log(ratio)) + 0.5))
    return toll if uniform < complete_share or kappa < SMALLEST_KAPPA else with_missing


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
        found = full_toll(uniforms[k], max(tolls[k], 1.0), kappa[k], complete_share[k])
        result[k] = int(found) if tolls[k] > 0.0 else 0


_fill_survival, _fill_full_tolls = Compiled(fill_survival), Compiled(fill_full_tolls)


def survival(
    count: Floats, toll: Floats, kappa: float | Floats, complete_share: float | Floats = COMPLETE_SHARE
) -> Floats:
    """P(N >= count | C = toll) for ``count > toll >= 1``; arguments broadcast."""
    log_ratio = np.log((np.asarray(count) - 0.5) / toll)
    shape, given = _alike(log_ratio, kappa, toll, complete_share)
    result = np.empty(given[0].size)
    _fill_survival(*given, result)
    return result.reshape(shape)


def quantile(
    uniforms: Floats, tolls: Integers, kappa: Floats, complete_share: float | Floats = COMPLETE_SHARE
) -> Integers:
    """The true toll at given quantiles, for given documentable tolls; of the shape that all arguments broadcast to."""
    shape, given = _alike(uniforms, tolls, kappa, complete_share)
    result = np.empty(given[0].size, dtype=np.int64)
    _fill_full_tolls(*given, result)
    return result.reshape(shape)


def _alike(*given: float | Floats | Integers) -> tuple[tuple[int, ...], list[Floats]]:
    """The shape that some numbers broadcast to, and all of them in that shape, one after another."""
    arrays = [np.asarray(each, dtype=float) for each in given]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    filled = [array if array.shape == shape else np.full(shape, array) for array in arrays]
    return shape, [np.ascontiguousarray(array).ravel() for array in filled]


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
