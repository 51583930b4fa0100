r"""The adjudicated toll: what an inquiry finds, given what all accounts of an event together hold.

``C`` is the count that the accounts hold, ``V`` the toll an inquiry settles on. ``V = C`` with probability ``1 - w``.
Otherwise all accounts share an error ``E``, Laplace of scale ``b`` and cut at a factor of four either way, and ``V``
is ``C exp(E)`` rounded, drawn again until it lies in ``f .. at_risk``: between the dead known by name (at least one)
and the people at risk. With ``F`` the distribution function of the Laplace law before the cut, its arguments clipped to
``+-log 4``, rounding gives every integer the errors between ``log((k - .5) / n)`` and ``log((k + .5) / n)``; the sum
over ``k`` telescopes, and

.. math:: P(V = k \mid C = n) = (1 - w)\,[k = n] +
   w\,\frac{F(\log\frac{k + .5}{n}) - F(\log\frac{k - .5}{n})}{F(\log\frac{A + .5}{n}) - F(\log\frac{f - .5}{n})},
   \quad f \le k \le A

where ``A`` may stand for ``at_risk`` or for the smaller of it and ``4 n``: clipping makes them the same. ``V = 0`` if
and only if ``C = 0``. The scale is that of a standard deviation ``sqrt(a^2 + (c d)^2)`` before the cut, ``d`` the
distance between the sources.

Floor and people at risk are known before: ``C`` itself lies between them. The functions here take any other count for
the nearest that does.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estimates.models.compiled import Compiled
from estimates.models.elementary import exp, log, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.types import Floats, Integers

#: The largest factor between the toll and the count, either way, and its logarithm.
LARGEST_FACTOR = 4.0
LARGEST_ERROR = math.log(LARGEST_FACTOR)
_PER_ROOT_2 = math.sqrt(0.5)

# Formulas -------------------------------------------------------------------------------------------------------------


@formula
def spread(base: float, factor: float, distance: float) -> float:
    """Standard deviation of a shared error before it is cut, from the distance between the sources; above zero."""
    return math.sqrt(base * base + factor * factor * distance * distance)


@formula
def spread_slopes(base: float, factor: float, distance: float) -> tuple[float, float]:
    """Derivatives of :func:`spread` by ``base`` and by ``factor``."""
    here = spread(base, factor, distance)
    return base / here, factor * distance * distance / here


@formula
def scale_of(standard_deviation: float) -> float:
    """Scale of the Laplace law of that standard deviation; it is proportional to it."""
    return standard_deviation * _PER_ROOT_2


@formula
def cut(log_ratio: float) -> float:
    """An error within the largest one either way."""
    return min(max(log_ratio, -LARGEST_ERROR), LARGEST_ERROR)


@formula
def between(low: float, high: float, scale: float) -> float:
    """Probability of an error from ``low`` to ``high`` before the cut, exact in both tails."""
    from_low, from_high = 0.5 * exp(-abs(low) / scale), 0.5 * exp(-abs(high) / scale)
    across = 1.0 - from_low - from_high
    above = from_low - from_high
    return above if low >= 0.0 else (-above if high <= 0.0 else across)


@formula
def between_slope(low: float, high: float, scale: float) -> float:
    """Derivative of :func:`between` by the scale."""
    from_low, from_high = 0.5 * exp(-abs(low) / scale), 0.5 * exp(-abs(high) / scale)
    return (low * from_low - high * from_high) / (scale * scale)


@formula
def with_errors(right: float, among_wrong: float, wrong: float) -> float:
    """A probability where the accounts are right, and one where they share an error, which has probability ``wrong``.

    Its derivative by ``wrong`` is ``among_wrong - right``.
    """
    return right + wrong * (among_wrong - right)


@formula
def share_slope(part: float, d_part: float, whole: float, d_whole: float) -> float:
    """Derivative of ``part / whole``."""
    return (d_part * whole - part * d_whole) / (whole * whole)


# On arrays ------------------------------------------------------------------------------------------------------------


def distribution(
    values: Floats | Integers,
    counts: Floats | Integers,
    wrong: float | Floats,
    scale: float | Floats,
    floor: int | Integers = 1,
    at_risk: float | Floats = np.inf,
) -> Floats:
    """P(V <= value | C = count); arguments broadcast, the answer has the shape that they broadcast to."""
    n, least, most = _known(counts, floor, at_risk)
    value = np.asarray(values, dtype=float)

    low, high = _error(least - 0.5, n), _error(most + 0.5, n)
    here = _error(np.clip(value, least - 1.0, most) + 0.5, n)
    errors = np.clip(_between(low, here, scale) / _between(low, high, scale), 0.0, 1.0)
    result = (1.0 - wrong) * (value >= n) + wrong * errors
    return np.asarray(np.where(np.asarray(counts) == 0, value >= 0, np.where(value >= most, 1.0, result)), dtype=float)


def matrix(largest: int, wrong: float, scale: float, floor: int = 1, at_risk: float = np.inf) -> Floats:
    """P(V = k | C = n) for every integer.

    Returns
    -------
    array, shape (largest + 1, 4 * max(largest, floor) + 1)
        A row for each count; each sums to one.
    """
    counts = np.arange(largest + 1)[:, None]
    values = np.arange(int(LARGEST_FACTOR) * max(largest, floor) + 1)
    n, least, most = _known(counts, floor, at_risk)

    errors = _between(_error(np.maximum(values - 0.5, 0.5), n), _error(values + 0.5, n), scale)
    whole = _between(_error(least - 0.5, n), _error(most + 0.5, n), scale)
    errors = np.where((values >= least) & (values <= most), errors / whole, 0.0)
    result = (1.0 - wrong) * (values == n) + wrong * errors
    return np.asarray(np.where(counts == 0, values == 0, result), dtype=float)


def quantile(
    uniforms: Floats,
    counts: Integers,
    wrong: float | Floats,
    scale: float | Floats,
    floor: int | Integers = 1,
    at_risk: float | Floats = np.inf,
) -> Integers:
    r"""The smallest toll whose distribution function reaches each of ``uniforms``, for given counts.

    With ``G`` the distribution function where the accounts are wrong, the toll is below ``n`` where
    ``u <= w G(n - 1)``, and then ``G``'s quantile of ``u / w``; above it where ``1 - u < w (1 - G(n))``, and then that
    of ``1 - (1 - u) / w``; else it is ``n``. Either end is counted from its own side: no tail is lost in rounding.

    Returns
    -------
    integer array, of the shape that all arguments broadcast to
        Nowhere decreasing in the uniforms.
    """
    n, least, most = _known(counts, floor, at_risk)
    low, high = _error(least - 0.5, n), _error(most + 0.5, n)
    whole, some = _between(low, high, scale), np.maximum(wrong, 1e-300)
    below, above = (np.minimum(tail / some, 1.0) for tail in (uniforms, 1.0 - np.asarray(uniforms)))

    # Laplace probabilities below an error that is negative, and above one that is positive.
    from_below = np.minimum(_between(-np.inf, low, scale) + whole * below, 0.5)
    from_above = np.minimum(_between(high, np.inf, scale) + whole * above, 0.5)
    with np.errstate(divide="ignore"):
        smaller = np.ceil(n * np.exp(scale * np.log(2.0 * from_below)) - 0.5)
        larger = np.ceil(n * np.exp(-scale * np.log(2.0 * from_above)) - 0.5)

    inside = np.clip(np.where(smaller < n, smaller, np.maximum(larger, n)), least, np.minimum(most, LARGEST_FACTOR * n))
    return np.asarray(np.where(np.asarray(counts) == 0, 0.0, inside), dtype=np.int64)


@formula
def toll_at(uniform: float, count: float, wrong: float, scale: float, least: float, most: float) -> float:
    """:func:`quantile` of one count of one or more, with ``1 <= least <= count <= most``."""
    low, high = cut(log((least - 0.5) / count)), cut(log((most + 0.5) / count))
    below_low, above_high = 0.5 * exp(low / scale), 0.5 * exp(-high / scale)
    whole, some = 1.0 - below_low - above_high, max(wrong, 1e-300)

    from_below = min(below_low + whole * min(uniform / some, 1.0), 0.5)
    from_above = min(above_high + whole * min((1.0 - uniform) / some, 1.0), 0.5)
    smaller = count * exp(scale * log(2.0 * max(from_below, 1e-300))) - 0.5
    larger = count * exp(-scale * log(2.0 * max(from_above, 1e-300))) - 0.5

    found = round_up(smaller)
    found = found if found < count else max(round_up(larger), count)
    return min(max(found, least), most, LARGEST_FACTOR * count)


@formula
def round_up(value: float) -> float:
    """The smallest integer that is not below a value above minus one."""
    whole = float(int(value))
    return whole + 1.0 if value > whole else whole


def fill_tolls(
    uniforms: Floats, counts: Floats, wrong: Floats, scale: Floats, least: float, most: float, result: Integers
) -> None:
    """Fill ``result`` with the tolls of :func:`tolls`; all arrays of shape (tolls,)."""
    prefer_wide_registers()
    for k in range(len(result)):
        count = min(max(counts[k], least), most)
        found = toll_at(uniforms[k], count, wrong[k], scale[k], least, most)
        result[k] = int(found) if counts[k] > 0.0 else 0


_fill_tolls = Compiled(fill_tolls)


def tolls(
    uniforms: Floats, counts: Integers, wrong: Floats, scale: Floats, floor: int = 1, at_risk: float = np.inf
) -> Integers:
    """What :func:`quantile` gives, by compiled code; all arrays of shape (tolls,)."""
    least = max(float(floor), 1.0)
    most = min(max(float(at_risk), least), 1e18)
    result = np.empty(len(counts), dtype=np.int64)
    _fill_tolls(
        *(np.ascontiguousarray(each, dtype=float) for each in (uniforms, counts, wrong, scale)), least, most, result
    )
    return result


def simulate(
    rng: np.random.Generator, counts: Integers, *, wrong: float, scale: float, floor: int = 1, at_risk: float = np.inf
) -> Integers:
    """Adjudicated tolls for counts of accounts, both (events,), by the mechanism: errors drawn until they fit."""
    count, least, most = _known(counts, floor, at_risk)
    result = np.where(np.asarray(counts) == 0, 0, count).astype(np.int64)
    waiting = np.flatnonzero((np.asarray(counts) > 0) & (rng.random(len(counts)) < wrong))

    while len(waiting):
        error = rng.laplace(0.0, scale, len(waiting))
        found = np.floor(count[waiting] * np.exp(np.clip(error, -LARGEST_ERROR, LARGEST_ERROR)) + 0.5)
        fits = (np.abs(error) <= LARGEST_ERROR) & (found >= least) & (found <= most)
        result[waiting[fits]] = found[fits]
        waiting = waiting[~fits]
    return result


def _known(counts: Floats | Integers, floor: int | Integers, at_risk: float | Floats) -> tuple[Floats, Floats, Floats]:
    """Counts, floors and numbers at risk as real numbers: the floor at least one, the count between the two ends."""
    least = np.maximum(np.asarray(floor, dtype=float), 1.0)
    most = np.maximum(np.asarray(at_risk, dtype=float), least)
    return np.asarray(np.clip(np.asarray(counts, dtype=float), least, most)), least, most


def _error(value: NDArray[np.floating], count: Floats) -> Floats:
    """The error that turns a count into a value, cut; both broadcast."""
    return np.clip(np.log(value / count), -LARGEST_ERROR, LARGEST_ERROR)


def _between(low: float | Floats, high: float | Floats, scale: float | Floats) -> Floats:
    """:func:`between` on arrays that broadcast."""
    from_low, from_high = 0.5 * np.exp(-np.abs(low) / scale), 0.5 * np.exp(-np.abs(high) / scale)
    above = from_low - from_high
    return np.asarray(
        np.where(np.less(high, 0.0), -above, np.where(np.less(low, 0.0), 1.0 - from_low - from_high, above))
    )
