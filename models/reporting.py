r"""The number a source holds: exactly the documentable count, or an error around it.

Given ``C >= 1`` a source holds ``K = C`` with probability ``rho(C)``, ``logit rho = exactness - exactness_slope *
log C``; otherwise ``K`` is an error around ``m = C exp(bias)``, logistic on the log scale: ``F(x) = 1 / (1 +
(m/x)^(1/scale))``; or, with probability ``outlier``, a gross error around ``C``, logistic of scale 1 below it and of
scale ``1/GROSS_FALL`` above. ``P(k) = F(k + 1/2) - F(k - 1/2)``. With probability ``heaping`` the number is rounded:
below 10 never, from 10 to 99 to multiples of 5 or 10, above to multiples of 10, 50 or 100. A source gives a number only
when ``K >= 1``.

At ``C = 0`` a number follows ``P(K >= k) = k ** (-1/scale)``. Whether a source says "none" or gives a number depends on
the toll ``n`` of the end: "none" has probability ``none_share n ** -none_fall``, or ``1 - phantom`` where nobody died.
``none_share`` is ``none_stated`` or ``none_coded`` by the form, or ``none_party``, which does not fall with the toll.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from estimates.models.elementary import exp
from estimates.models.formula import formula
from estimates.models.types import Booleans, Floats, Integers

#: Odds are cut here, so that products of several of them stay finite.
LARGEST_ODDS = 1e40
#: Gross errors above the count fall off with this power of the number. The laws of sizes must fall more slowly: else a
#: number that several sources agree on would be taken for a gross error of all of them, the larger the more.
GROSS_FALL = 2.5
#: Grains a number is rounded to, by the smallest number they apply to.
GRAINS = {10: (5, 10), 100: (10, 50, 100)}


@dataclass(frozen=True, eq=False)
class ReportingModel:
    """The reporting model of one source: how it counts, arrays of shape (draws,).

    Attributes
    ----------
    bias : array
        Mean log error of the location ``m``; negative for a source that under-reports.
    exactness, exactness_slope : arrays
        Log-odds of holding a toll of one exactly, and their fall with the log toll.
    scale : array
        Of the errors of the logarithm.
    outlier, heaping : arrays
        Probabilities of a gross error and of rounding.
    at_least_shift : array
        Shift of the location when the words are "at least".
    phantom : array
        Probability of a number although nobody was killed.
    none_party, none_stated, none_coded : arrays
        Probability of saying "none" although one was killed: of a party or state, in words, and by a zero in a table.
    none_fall : array
        Power of the toll with which the last two fall.
    copying, repeating : arrays
        Readiness to copy others, and probability of repeating itself (see ``copying``).
    """

    bias: Floats
    exactness: Floats
    exactness_slope: Floats
    scale: Floats
    outlier: Floats
    heaping: Floats
    at_least_shift: Floats
    phantom: Floats
    none_party: Floats
    none_stated: Floats
    none_coded: Floats
    none_fall: Floats
    copying: Floats
    repeating: Floats
    whole_group: Floats
    shared_error: Floats
    shared_error_factor: Floats
    shared_error_base: Floats


# Formulas -------------------------------------------------------------------------------------------------------------


@formula
def odds_of_error(log_count: float, exactness: float, slope: float) -> float:
    """``1 / rho - 1``, the odds of not holding a count exactly; its derivative by the exponent is itself."""
    return exp(slope * log_count - exactness)


@formula
def part_of_odds(log_distance: float, scale: float) -> float:
    """Part that a count, or a point of the distribution of its errors, has in the odds of lying above that point."""
    return exp(log_distance / scale)


@formula
def phantom_above(log_number: float, scale: float) -> float:
    """``P(K >= k)`` of a number although nobody was killed, ``k ** (-1 / scale)``."""
    return exp(-log_number / scale)


@formula
def phantom_above_slope(log_number: float, scale: float) -> float:
    """Derivative of :func:`phantom_above` by the scale."""
    return phantom_above(log_number, scale) * log_number / (scale * scale)


@formula
def odds_above(odds_of_count: float, odds_at: float) -> float:
    """Odds that an error lies above ``x``: ``(m / x) ** (1 / scale)``, from the parts of the count and of ``x``."""
    return min(odds_of_count * odds_at, LARGEST_ODDS)


@formula
def between(odds_above_low: float, odds_above_high: float) -> float:
    """``F(high) - F(low)`` of an error, from the odds to lie above each; without cancellation."""
    return (odds_above_low - odds_above_high) / ((1.0 + odds_above_low) * (1.0 + odds_above_high))


@formula
def with_interval(
    numerator: float, denominator: float, weight: float, odds_above_low: float, odds_above_high: float
) -> tuple[float, float]:
    """Add ``weight`` times :func:`between` to a sum that is kept as one fraction: its next numerator and denominator.

    The sum so far is ``numerator / (denominator * (1 + odds_above_low))``: intervals follow one another. One division
    in the end takes the place of one for every interval.
    """
    added = weight * (odds_above_low - odds_above_high) * denominator
    return numerator * (1.0 + odds_above_high) + added, denominator * (1.0 + odds_above_low)


@formula
def held_exactly_parts(
    odds_of_error: float, odds_above_half: float, outlier: float, gross_zero: float
) -> tuple[float, float]:
    """Numerator and denominator of :func:`held_exactly`."""
    more = 1.0 + odds_above_half
    rest = outlier * gross_zero * more + 1.0 - outlier
    return more, (1.0 + odds_of_error) * more - odds_of_error * rest


@formula
def two_below(odds_above_one: float, odds_above_other: float) -> tuple[float, float]:
    """``F`` at two points, from the odds to lie above each, by one division."""
    one, other = 1.0 + odds_above_one, 1.0 + odds_above_other
    inverse = 1.0 / (one * other)
    return other * inverse, one * inverse


@formula
def below_slope(share_below: float) -> float:
    """Derivative of ``F``, here ``share_below``, by the logarithm of the odds to lie above."""
    return -share_below * (1.0 - share_below)


@formula
def held_exactly(odds_of_error: float, odds_above_half: float, outlier: float, gross_zero: float) -> float:
    """Probability of holding the count exactly, given that a number of one or more is held.

    That is ``rho / (1 - (1 - rho) (outlier * gross_zero + (1 - outlier) F(1/2)))`` with ``rho = 1 / (1 +
    odds_of_error)``. The probability of an error, given a number, is this times ``odds_of_error``.
    """
    numerator, denominator = held_exactly_parts(odds_of_error, odds_above_half, outlier, gross_zero)
    return numerator / denominator


@formula
def held_exactly_slopes(
    odds_of_error: float, odds_above_half: float, outlier: float, gross_zero: float
) -> tuple[float, float, float]:
    """Derivatives of :func:`held_exactly` by the odds of an error, by the odds above one half and by ``outlier``."""
    more = 1.0 + odds_above_half
    rest = outlier * gross_zero * more + 1.0 - outlier
    denominator = (1.0 + odds_of_error) * more - odds_of_error * rest
    value = more / denominator
    by_denominator = -value / denominator
    by_half = 1.0 / denominator + by_denominator * (1.0 + odds_of_error - odds_of_error * outlier * gross_zero)
    by_outlier = -by_denominator * odds_of_error * (gross_zero * more - 1.0)
    return by_denominator * (more - rest), by_half, by_outlier


@formula
def said_none(share: float, power_of_count: float) -> float:
    """Probability of "none" although ``n`` were killed, from ``n ** none_fall``."""
    return share / power_of_count


@formula
def said_number(share: float, power_of_count: float) -> float:
    """Probability that a source gives a number where ``n`` were killed, from ``n ** none_fall``."""
    return 1.0 - share / power_of_count


def _turning_cell(count: Floats, points: Iterable[float]) -> int:
    """First cell from which a sum of F is taken of F itself and not of its complement, for counts of shape (cells,)."""
    ordered = sorted(points)
    return int(np.searchsorted(count, np.sqrt(ordered[0] * ordered[-1])))


def gross_above(x: float, count: Floats) -> Floats:
    """``P(K > x)`` of a gross error around counts of shape (cells,)."""
    fall = np.where(x > count, GROSS_FALL, 1.0)
    return np.asarray(1.0 / (1.0 + (x / count) ** fall))


def gross_below(x: float, count: Floats) -> Floats:
    """``P(K <= x)`` of a gross error around counts of shape (cells,)."""
    fall = np.where(x > count, GROSS_FALL, 1.0)
    return np.asarray(1.0 / (1.0 + (count / x) ** fall))


def gross_sum(count: Floats, weights: Mapping[float, float]) -> Floats:
    """Sum of weight * F(x) for counts of shape (cells,), by the law of gross errors; without cancellation."""
    if not weights:
        return np.zeros_like(count)
    turn = _turning_cell(count, weights)
    result = np.zeros_like(count)
    whole = sum(weights.values())
    if abs(whole) > 1e-12:
        result[:turn] += whole
    for x, weight in weights.items():
        result[:turn] -= weight * gross_above(x, count[:turn])
        result[turn:] += weight * gross_below(x, count[turn:])
    return result


def arguments(low: int, high: int, *, heaped: bool) -> tuple[dict[int, float], dict[int, float] | None]:
    """Where F is taken, and with which weights, for the probability of ``low .. high``.

    Returns
    -------
    plain, rounded : dict of int to float
        Weight of F(k) without rounding and with it; ``rounded`` is None where rounding does not apply or changes
        nothing.
    """
    plain = {low - 1: -1.0, high: 1.0}
    rounded: dict[int, float] = {}
    for count, sign in ((low - 1, -1.0), (high, 1.0)):
        largest = _rounded_to_at_most(count)
        for argument in largest:
            rounded[argument] = rounded.get(argument, 0.0) + sign / len(largest)
    rounded = {count: weight for count, weight in rounded.items() if abs(weight) > 1e-12}
    return plain, None if not heaped or rounded == plain else rounded


def _rounded_to_at_most(count: int) -> list[int]:
    """For each grain in turn, the largest held number that is rounded to ``count`` or less."""
    smallest = max((first for first in GRAINS if first <= count), default=None)
    if smallest is None:
        return [count]
    return [grain * (count // grain) + (grain + 1) // 2 - 1 for grain in GRAINS[smallest]]


def simulate(
    rng: np.random.Generator,
    tolls: Integers,
    *,
    bias: float,
    exactness: float,
    exactness_slope: float,
    scale: float,
    outlier: float,
    heaping: float,
) -> Integers:
    """Numbers held (one or more) for the given true counts of one or more, both (events,), by the mechanism itself."""
    held = np.zeros(len(tolls), dtype=np.int64)
    waiting = np.arange(len(tolls))
    while waiting.size:
        toll = tolls[waiting].astype(float)
        size = waiting.size
        exact = rng.random(size) < 1.0 / (1.0 + np.exp(exactness_slope * np.log(toll) - exactness))

        factor = np.exp(bias) * np.exp(rng.logistic(0.0, scale, size))
        gross = rng.random(size) < outlier
        score = rng.logistic(0.0, 1.0, int(gross.sum()))
        factor[gross] = np.exp(np.where(score > 0.0, score / GROSS_FALL, score))
        error = np.floor(np.minimum(toll * factor, 1e15) + 0.5).astype(np.int64)
        error = _heaped(rng, error, rng.random(size) < heaping)

        drawn = np.where(exact, tolls[waiting], error)
        held[waiting] = drawn
        waiting = waiting[drawn < 1]
    return held


def _heaped(rng: np.random.Generator, held: Integers, heaped: Booleans) -> Integers:
    """Numbers held, rounded where they are heaped, to grains that each draws at random; all of shape (events,)."""
    result = held
    for first, last, grains in ((10, 99, (5, 10)), (100, None, (10, 50, 100))):
        chosen = heaped & (held >= first) & (held <= last if last else True)
        grain = rng.choice(grains, len(held))
        result = np.where(chosen, (held + grain // 2) // grain * grain, result)
    return result
