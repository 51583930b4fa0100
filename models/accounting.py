r"""The number a source holds: exactly the documentable count, or an error around it.

Given ``C >= 1`` a source holds ``K = C`` with probability ``rho(C)``, ``logit rho = exactness - exactness_slope *
log C``; otherwise ``K`` is an error around ``m = C exp(bias)`` from one of two kernels,

power law
    ``F(x) = below (x/m)^lower`` for ``x < m``, ``1 - (1 - below) (m/x)^upper`` for ``x >= m``;
logistic
    ``F(x) = 1 / (1 + (m/x)^(1/scale))``;

or, with probability ``outlier``, a logistic of location ``log C`` and scale 1. ``P(k) = F(k + 1/2) - F(k - 1/2)``. With
probability ``heaping`` the number is rounded: below 10 never, from 10 to 99 to multiples of 5 or 10, above to multiples
of 10, 50 or 100. A source gives a number only when ``K >= 1``.

At ``C = 0`` a source gives a number with probability ``phantom`` only, and then ``P(K >= k) = k ** -upper``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from estimates.models.grid import LARGEST_EXPONENT, Grid
from estimates.models.types import Floats, Integers

type Kernel = Literal["power_law", "logistic"]

#: Bound on the part of the log-odds that varies with the draw: the product with the part of the count stays finite.
_LARGEST_LOG_ODDS = 240.0
#: Arguments of a kernel at most so many cells apart are handled together.
_NEIGHBOURING = 20
#: Grains a number is rounded to, by the smallest number they apply to.
GRAINS = {10: (5, 10), 100: (10, 50, 100)}


@dataclass(frozen=True, eq=False)
class Accounting:
    """How one source counts, one value per draw (arrays of shape (draws,)).

    Attributes
    ----------
    bias : array
        Mean log error of the location ``m``; negative for a source that under-reports.
    exactness, exactness_slope : arrays
        Log-odds of holding a toll of one exactly, and their fall with the log toll.
    below, lower, upper : arrays
        Power-law kernel: share below ``m`` and the two exponents.
    scale : array
        Logistic kernel: its scale.
    outlier, heaping : arrays
        Probabilities of a gross error and of rounding.
    at_least_shift : array
        Shift of the location when the words are "at least".
    phantom : array
        Probability of a number although nobody was killed.
    none_share : array
        Probability of saying "none" although somebody was; numbers share the rest.
    copying, repeating : arrays
        Readiness to copy others, and probability of repeating itself (see ``copying``).
    kernel : {"power_law", "logistic"}
    """

    bias: Floats
    exactness: Floats
    exactness_slope: Floats
    below: Floats
    lower: Floats
    upper: Floats
    scale: Floats
    outlier: Floats
    heaping: Floats
    at_least_shift: Floats
    phantom: Floats
    none_share: Floats
    copying: Floats
    repeating: Floats
    kernel: Kernel = "power_law"

    def __getitem__(self, draws: slice) -> Accounting:
        arrays = {field.name: getattr(self, field.name)[draws] for field in fields(self) if field.name != "kernel"}
        return Accounting(**arrays, kernel=self.kernel)


@dataclass(frozen=True, eq=False)
class Shared:
    """Tables over the count that sources with the same parameters but for their bias share; shape (cells, draws).

    Attributes
    ----------
    exact : array
        ``rho(C)``, the probability of holding the count exactly.
    gross : array
        Probability of a gross error.
    something : array
        Probability of a number of one or more, ordinary errors apart.
    down, up : arrays
        Probability of an ordinary error times ``(C / reference) ** -lower`` and ``** upper``, for the power law alone.
    ordinary : array
        Probability of an ordinary error.
    """

    exact: Floats
    gross: Floats
    something: Floats
    down: Floats
    up: Floats
    ordinary: Floats


class CountTables:
    """Shared tables, made once for each set of parameters other than the bias."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._shared: dict[bytes, Shared] = {}

    def shared(self, accounting: Accounting) -> Shared:
        """Tables for one way of counting."""
        parts = (
            accounting.exactness,
            accounting.exactness_slope,
            accounting.outlier,
            accounting.lower,
            accounting.upper,
        )
        key = b"".join(part.tobytes() for part in parts)
        if key not in self._shared:
            relative = self.grid.log_middle[:, None]
            wide = self.grid.width > 1
            curvature = ((self.grid.width**2.0 - 1.0) / (24.0 * np.maximum(self.grid.middle, 1.0) ** 2))[wide, None]
            odds = accounting.exactness_slope * (relative + np.log(self.grid.reference))
            odds -= accounting.exactness
            np.exp(odds, out=odds)
            exact = 1.0 / (1.0 + odds)
            inexact = np.subtract(1.0, exact, out=odds)
            gross = inexact * accounting.outlier
            ordinary = np.subtract(inexact, gross, out=inexact)
            something = gross * (-0.5 / (0.5 + np.maximum(self.grid.middle, 1.0)))[:, None]
            something += 1.0
            if accounting.kernel == "logistic":
                self._shared[key] = Shared(exact, gross, something, ordinary, ordinary, ordinary)
                return self._shared[key]
            down, up = -accounting.lower * relative, accounting.upper * relative
            for table, exponent in ((down, -accounting.lower), (up, accounting.upper)):
                np.exp(table, out=table)
                np.multiply(table, ordinary, out=table)
                # The mean of a power over a wide cell, to second order.
                table[wide] *= 1.0 + exponent * (exponent - 1.0) * curvature
            self._shared[key] = Shared(exact, gross, something, down, up, ordinary)
        return self._shared[key]


class HeldNumber:
    """The law of the number one source holds, tabulated over the true count of a grid; tables (cells, draws)."""

    def __init__(self, accounting: Accounting, grid: Grid, tables: CountTables | None = None) -> None:
        accounting = replace(
            accounting,
            lower=np.minimum(accounting.lower, LARGEST_EXPONENT),
            upper=np.minimum(accounting.upper, LARGEST_EXPONENT),
            scale=np.maximum(accounting.scale, 1.0 / LARGEST_EXPONENT),
        )
        self.accounting = accounting
        self.grid = grid
        self._shared = (tables or CountTables(grid)).shared(accounting)
        self._given: dict[bytes, Floats] = {}
        self._count = np.maximum(grid.middle, 1.0)

    def mass(self, low: int, high: int, *, shift: Floats | None = None, heaped: bool = False) -> Floats:
        """P(low <= K <= high | C, a number is given), shape (cells, draws), with the row of C = 0 as said above.

        Parameters
        ----------
        low, high : int
            One or more.
        shift : array, shape (draws,), optional
            Added to the location of the error; the exact part stays at C.
        heaped : bool
            Whether rounding applies to these words.
        """
        accounting = self.accounting
        shift = np.zeros_like(accounting.bias) if shift is None else shift
        result = self._error(low, high, shift, heaped=heaped)
        inside = _slice(self.grid.within(low, high))
        result[inside] += self._shared.exact[inside]
        result *= 1.0 - accounting.none_share
        result /= self._probability_given(shift)
        upper = accounting.upper if accounting.kernel == "power_law" else 1.0 / accounting.scale
        # low ** -upper - (high + 1) ** -upper, without cancellation.
        result[0] = accounting.phantom * float(low) ** -upper * -np.expm1(-upper * np.log1p((high + 1.0 - low) / low))
        return result

    def _error(self, low: int, high: int, shift: Floats, *, heaped: bool) -> Floats:
        """F(high) - F(low - 1) of the error part, or (1 - heaping) F + heaping F_rounded of it."""
        plain, rounded = arguments(low, high, heaped=heaped)
        if rounded is None:
            return self._error_sum([(plain, np.ones_like(shift))], shift)
        heaping = self.accounting.heaping
        return self._error_sum([(plain, 1.0 - heaping), (rounded, heaping)], shift)

    def _error_sum(self, parts: list[tuple[dict[int, float], Floats]], shift: Floats) -> Floats:
        """Sum over parts of share times the sum of weight(k) F(k + 1/2), times the probability of an error."""
        result: Floats | None = None
        for arguments, share in parts:
            far = gross_sum(self._count, {k + 0.5: weight for k, weight in arguments.items()})
            table = self._shared.gross * far[:, None]
            if len(parts) > 1:
                table *= share
            result = table if result is None else np.add(result, table, out=result)
        assert result is not None
        kernel: dict[float, Floats] = {}
        for arguments, share in parts:
            for k, weight in arguments.items():
                kernel[k + 0.5] = kernel.get(k + 0.5, 0.0) + weight * share
        if self.accounting.kernel == "power_law":
            self._add_power_law(result, kernel, shift)
        else:
            self._add_logistic(result, kernel, shift)
        return result

    def _add_logistic(self, result: Floats, weights: dict[float, Floats], shift: Floats) -> None:
        """Add the sum of weight(x) F(x): the odds of each F are those of the count times those of one draw.

        Below the numbers asked for, where every F is nearly one, the sum is taken of the complements.
        """
        accounting, ordinary = self.accounting, self._shared.ordinary
        below = slice(0, turning_cell(self._count, weights))
        whole = np.asarray(sum(weights.values()), dtype=float)
        whole = np.where(np.abs(whole) < 1e-12, 0.0, whole)
        if whole.any():
            result[below] += whole * ordinary[below]
        for x, weight in weights.items():
            exponent = (accounting.bias + shift - np.log(x / self.grid.reference)) / accounting.scale
            odds = np.exp(np.minimum(exponent, _LARGEST_LOG_ODDS))
            table = self._odds_of_count * odds
            complement = -table[below]
            table += 1.0
            np.divide(ordinary, table, out=table)
            table[below] *= complement
            table *= weight
            result += table

    @cached_property
    def _odds_of_count(self) -> Floats:
        """``(C / reference) ** (1 / scale)``, shape (cells, draws); finite, for the scale is bounded."""
        return np.exp(self.grid.log_middle[:, None] * (1.0 / self.accounting.scale))

    def _add_power_law(self, result: Floats, weights: dict[float, Floats], shift: Floats) -> None:
        """Add the sum of weight(x) F(x), one x after another where they lie many cells apart."""
        location = self.accounting.bias + shift
        cells = np.searchsorted(self._count, [min(weights), max(weights)])
        if cells[1] - cells[0] <= _NEIGHBOURING:
            self._add_power_law_at(result, weights, location, constant=None)
            return
        for x, weight in weights.items():
            self._add_power_law_at(result, {x: weight}, location, constant=weight)

    def _add_power_law_at(
        self, result: Floats, weights: dict[float, Floats], location: Floats, constant: Floats | None
    ) -> None:
        """Add the sum of weight(x) F(x); where m lies beyond every x it is one product of a count and a draw part.

        Where m lies below every x, F is one less such a product: the ones sum to ``constant``, None for zero.
        """
        accounting, count, shared = self.accounting, self._count, self._shared
        log_ratio = {x: np.log(x / self.grid.reference) - location for x in weights}
        below = {x: w * accounting.below * np.exp(accounting.lower * log_ratio[x]) for x, w in weights.items()}
        above = {x: w * (accounting.below - 1.0) * np.exp(-accounting.upper * log_ratio[x]) for x, w in weights.items()}
        # Cells before `first` have m below every x of their draw, those from `last` on have m at or above.
        scaled, ends = np.exp(-location), self.grid.edges - 0.5
        first = np.clip(np.searchsorted(ends, min(weights) * scaled, side="right") - 1, 0, len(self.grid) - 1)
        last = np.clip(np.searchsorted(ends, max(weights) * scaled, side="right"), 1, len(self.grid))
        never, always = int(first.min()), int(last.max())
        mixed = slice(never, always)
        left = shared.up[:always] * sum(above.values())
        if constant is not None:
            left += shared.ordinary[:always] * constant
        right = shared.down[never:] * sum(below.values())
        result[:never] += left[:never]
        result[always:] += right[always - never :]
        cells = np.arange(never, always)[:, None]
        table = np.where(cells < first, left[mixed], right[: always - never])
        # The few cells from the smallest to the largest x, one by one. In a wide cell m lies above x for a share of its
        # counts, or the kink would cost a few per cent of the evidence.
        lengths = last - first
        draw = np.repeat(np.arange(len(lengths)), lengths)
        cell = np.arange(len(draw)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + first[draw]
        width, down, up = self.grid.width[cell], shared.down[cell, draw], shared.up[cell, draw]
        ordinary = shared.ordinary[cell, draw]
        between = np.zeros(len(cell))
        for x, weight in weights.items():
            lower_side, upper_side = down * below[x][draw], up * above[x][draw]
            crossing = x * scaled[draw]
            share = np.where(width > 1, np.clip((ends[cell + 1] - crossing) / width, 0.0, 1.0), count[cell] >= crossing)
            parted = np.flatnonzero((share > 0.0) & (share < 1.0))
            middle, part = count[cell[parted]], draw[parted]
            lower_side[parted] *= ((crossing[parted] + ends[cell[parted] + 1]) / 2 / middle) ** -accounting.lower[part]
            upper_side[parted] *= ((crossing[parted] + ends[cell[parted]]) / 2 / middle) ** accounting.upper[part]
            upper_side += weight[draw] * ordinary
            # Not upper + share * (lower - upper): far beyond x the upper side is huge and its share zero.
            between += share * lower_side + (1.0 - share) * upper_side
        table[cell - never, draw] = between
        result[mixed] += table

    def _probability_given(self, shift: Floats) -> Floats:
        """P(K >= 1 | C)."""
        key = shift.tobytes()
        if key not in self._given:
            accounting, shared = self.accounting, self._shared
            location = accounting.bias + shift
            if accounting.kernel == "logistic":
                zero = np.zeros_like(shared.gross)
                self._add_logistic(zero, {0.5: np.ones_like(shift)}, shift)
                self._given[key] = np.subtract(shared.something, zero, out=zero)
            else:
                at_half = np.exp(accounting.lower * (np.log(0.5 / self.grid.reference) - location))
                # The few cells where the location may fall below one half.
                low = int(np.searchsorted(self._count, 0.5 * np.exp(-location.min()), side="right"))
                given = shared.down * (-accounting.below * at_half)
                given += shared.something
                relative = 2.0 * self._count[:low, None] * np.exp(location)
                with np.errstate(over="ignore"):
                    above_half = accounting.below * relative**-accounting.lower
                    below_half = 1.0 - (1.0 - accounting.below) * relative**accounting.upper
                zero = shared.ordinary[:low] * np.where(relative > 1.0, above_half, below_half)
                given[:low] = shared.something[:low] - zero
                self._given[key] = given
        return self._given[key]


def turning_cell(count: Floats, points: Iterable[float]) -> int:
    """First cell from which a sum of F over the points is taken of F itself, and not of its complement."""
    ordered = sorted(points)
    return int(np.searchsorted(count, np.sqrt(ordered[0] * ordered[-1])))


def gross_sum(count: Floats, weights: Mapping[float, float]) -> Floats:
    """Sum of weight * x / (x + C) for every cell: the law of gross errors, without cancellation."""
    if not weights:
        return np.zeros_like(count)
    turn = turning_cell(count, weights)
    result = np.zeros_like(count)
    whole = sum(weights.values())
    if abs(whole) > 1e-12:
        result[:turn] += whole
    for x, weight in weights.items():
        result[:turn] -= weight * (count[:turn] / (x + count[:turn]))
        result[turn:] += weight * (x / (x + count[turn:]))
    return result


def _slice(inside: NDArray[np.bool_]) -> slice:
    """The block of cells that a mask of neighbouring cells selects."""
    cells = np.flatnonzero(inside)
    return slice(int(cells[0]), int(cells[-1]) + 1) if cells.size else slice(0, 0)


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
    below: float,
    lower: float,
    upper: float,
    scale: float,
    outlier: float,
    heaping: float,
    kernel: Kernel,
) -> Integers:
    """Numbers held (one or more) for the given true counts of one or more, by the mechanism itself."""
    held = np.zeros(len(tolls), dtype=np.int64)
    waiting = np.arange(len(tolls))
    while waiting.size:
        toll = tolls[waiting].astype(float)
        size = waiting.size
        exact = rng.random(size) < 1.0 / (1.0 + np.exp(exactness_slope * np.log(toll) - exactness))
        factor = np.exp(bias) * (
            _simulate_power_law(rng, size, below, lower, upper)
            if kernel == "power_law"
            else np.exp(rng.logistic(0.0, scale, size))
        )
        gross = rng.random(size) < outlier
        factor[gross] = np.exp(rng.logistic(0.0, 1.0, int(gross.sum())))
        error = np.floor(np.minimum(toll * factor, 1e15) + 0.5).astype(np.int64)
        round_off = rng.random(size) < heaping
        for first, last, grains in ((10, 99, (5, 10)), (100, None, (10, 50, 100))):
            chosen = round_off & (error >= first) & (error <= last if last else True)
            grain = rng.choice(grains, size)
            error = np.where(chosen, (error + grain // 2) // grain * grain, error)
            round_off &= ~chosen
        drawn = np.where(exact, tolls[waiting], error)
        held[waiting] = drawn
        waiting = waiting[drawn < 1]
    return held


def _simulate_power_law(rng: np.random.Generator, size: int, below: float, lower: float, upper: float) -> Floats:
    uniform = 1.0 - rng.random(size)
    return np.where(rng.random(size) < below, uniform ** (1.0 / lower), uniform ** (-1.0 / upper))
