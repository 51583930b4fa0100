r"""The number a source holds: exactly the documentable count, or an error around it.

Given ``C >= 1`` a source holds ``K = C`` with probability ``rho(C)``, ``logit rho = exactness - exactness_slope *
log C``; otherwise ``K`` is an error around ``m = C exp(bias)`` from one of two kernels,

power law
    ``F(x) = below (x/m)^lower`` for ``x < m``, ``1 - (1 - below) (m/x)^upper`` for ``x >= m``;
logistic
    ``F(x) = 1 / (1 + (m/x)^(1/scale))``;

or, with probability ``outlier``, a logistic of location ``log C`` and scale 1. ``P(k) = F(k + 1/2) - F(k - 1/2)``. With
probability ``heaping`` the number is rounded: below 10 never, from 10 to 99 to multiples of 5 or 10, above to multiples of 10,
50 or 100. A source gives a number only when ``K >= 1``.

At ``C = 0`` a source gives a number with probability ``phantom`` only, and then ``P(K >= k) = k ** -upper``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from estimates.models.grid import Grid
from estimates.models.types import Floats, Integers

type Kernel = Literal["power_law", "logistic"]

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
        Probability of saying "none" although somebody was.
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
    kernel: Kernel = "power_law"

    def __getitem__(self, draws: slice) -> Accounting:
        arrays = {field.name: getattr(self, field.name)[draws] for field in fields(self) if field.name != "kernel"}
        return Accounting(**arrays, kernel=self.kernel)

    @property
    def mean_log_error(self) -> Floats:
        """Mean of log(K / C) over the error part: the bias a table of sources should show."""
        if self.kernel == "logistic":
            return self.bias
        return self.bias - self.below / self.lower + (1.0 - self.below) / self.upper


class CountTables:
    """Functions of the true count that sources with the same parameters share; shape (cells, draws)."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._powers: dict[bytes, Floats] = {}
        self._exactness: dict[bytes, tuple[Floats, Floats]] = {}
        self._zeros: dict[bytes, tuple[Floats, Floats]] = {}

    def power(self, exponent: Floats) -> Floats:
        """``(C / reference) ** exponent``."""
        key = exponent.tobytes()
        if key not in self._powers:
            table = exponent * self.grid.log_middle[:, None]
            self._powers[key] = np.exp(table, out=table)
        return self._powers[key]

    def exactness(self, accounting: Accounting) -> tuple[Floats, Floats]:
        """``rho(C)``, the probability of holding the count exactly, and ``1 - rho(C)``."""
        key = accounting.exactness.tobytes() + accounting.exactness_slope.tobytes()
        if key not in self._exactness:
            log_count = (self.grid.log_middle + np.log(self.grid.reference))[:, None]
            odds = accounting.exactness_slope * log_count
            odds -= accounting.exactness
            np.exp(odds, out=odds)
            exact = 1.0 / (1.0 + odds)
            self._exactness[key] = exact, 1.0 - exact
        return self._exactness[key]

    def zero(self, accounting: Accounting) -> tuple[Floats, Floats]:
        """Two parts of P(K = 0): by a gross error, and by the power law for a source of no bias, above its location."""
        parts = (accounting.exactness, accounting.exactness_slope, accounting.outlier, accounting.below, accounting.lower)
        key = b"".join(part.tobytes() for part in parts)
        if key not in self._zeros:
            inexact = self.exactness(accounting)[1]
            count = np.maximum(self.grid.middle, 1.0)[:, None]
            gross = inexact * (0.5 / (0.5 + count))
            gross *= accounting.outlier
            share = (1.0 - accounting.outlier) * accounting.below * (0.5 / self.grid.reference) ** accounting.lower
            ordinary = self.power(-accounting.lower) * inexact
            ordinary *= share
            self._zeros[key] = 1.0 - gross, ordinary
        return self._zeros[key]


class HeldNumber:
    """The law of the number one source holds, tabulated over the true count of a grid; tables (cells, draws)."""

    def __init__(self, accounting: Accounting, grid: Grid, tables: CountTables | None = None) -> None:
        self.accounting = accounting
        self.grid = grid
        self._tables = tables or CountTables(grid)
        self._exact, self._inexact = self._tables.exactness(accounting)
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
        result *= self._inexact
        inside = _slice(self.grid.within(low, high))
        result[inside] += self._exact[inside]
        result *= self._per_given(shift)
        upper = accounting.upper if accounting.kernel == "power_law" else 1.0 / accounting.scale
        result[0] = accounting.phantom * (float(low) ** -upper - (high + 1.0) ** -upper)
        return result

    def _error(self, low: int, high: int, shift: Floats, *, heaped: bool) -> Floats:
        """F(high) - F(low - 1) of the error part, or (1 - heaping) F + heaping F_rounded of it."""
        plain = {low - 1: -1.0, high: 1.0}
        rounded: dict[int, float] = {}
        for count, sign in ((low - 1, -1.0), (high, 1.0)):
            largest = _rounded_to_at_most(count)
            for argument in largest:
                rounded[argument] = rounded.get(argument, 0.0) + sign / len(largest)
        rounded = {count: weight for count, weight in rounded.items() if abs(weight) > 1e-12}
        if not heaped or rounded == plain:
            return self._error_sum([(plain, np.ones_like(shift))], shift)
        heaping = self.accounting.heaping
        return self._error_sum([(plain, 1.0 - heaping), (rounded, heaping)], shift)

    def _error_sum(self, parts: list[tuple[dict[int, float], Floats]], shift: Floats) -> Floats:
        """Sum over parts of a draw's weight times the sum of weight(k) F(k + 1/2), gross errors included.

        The weights of every part sum to zero.
        """
        outlier = self.accounting.outlier
        result = np.zeros_like(self._exact)
        for arguments, share in parts:
            if arguments:
                gross = sum(weight * ((k + 0.5) / (k + 0.5 + self._count)) for k, weight in arguments.items())
                result += np.asarray(gross)[:, None] * (outlier * share)
        kernel: dict[float, Floats] = {}
        for arguments, share in parts:
            for k, weight in arguments.items():
                kernel[k + 0.5] = kernel.get(k + 0.5, 0.0) + weight * (1.0 - outlier) * share
        if self.accounting.kernel == "power_law":
            self._add_power_law(result, kernel, shift)
        else:
            self._add_logistic(result, kernel, shift)
        return result

    def _add_logistic(self, result: Floats, weights: dict[float, Floats], shift: Floats) -> None:
        accounting = self.accounting
        table = self._tables.power(1.0 / accounting.scale)
        for x, weight in weights.items():
            log_ratio = np.log(x / self.grid.reference) - accounting.bias - shift
            odds = table * np.exp(-log_ratio / accounting.scale)
            odds += 1.0
            np.divide(weight, odds, out=odds)
            result += odds

    def _add_power_law(self, result: Floats, weights: dict[float, Floats], shift: Floats) -> None:
        """Add the sum of weight(x) F(x); where m lies beyond every x it is one product of a count and a draw part."""
        accounting, count = self.accounting, self._count
        location = accounting.bias + shift
        down, up = self._tables.power(-accounting.lower), self._tables.power(accounting.upper)
        log_ratio = {x: np.log(x / self.grid.reference) - location for x in weights}
        below = {x: w * accounting.below * np.exp(accounting.lower * log_ratio[x]) for x, w in weights.items()}
        above = {x: w * (accounting.below - 1.0) * np.exp(-accounting.upper * log_ratio[x]) for x, w in weights.items()}
        # Cells before `first` have m below every x of their draw, those from `last` on have m at or above.
        scaled = np.exp(-location)
        first = np.searchsorted(count, min(weights) * scaled, side="left")
        last = np.searchsorted(count, max(weights) * scaled, side="left")
        never, always = int(first.min()), int(last.max())
        all_below, all_above = sum(below.values()), sum(above.values())
        result[:never] += up[:never] * all_above
        result[always:] += down[always:] * all_below
        mixed = slice(never, always)
        cells = np.arange(never, always)[:, None]
        result[mixed] += np.where(cells < first, up[mixed] * all_above, down[mixed] * all_below)
        # The few cells between the smallest and the largest x, one by one: take back what was added, add what is right.
        lengths = last - first
        draw = np.repeat(np.arange(len(lengths)), lengths)
        cell = np.arange(len(draw)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + first[draw]
        relative, down_here, up_here = count[cell], down[cell, draw], up[cell, draw]
        right = -down_here * all_below[draw]
        for x, weight in weights.items():
            lower_side = down_here * below[x][draw]
            upper_side = up_here * above[x][draw] + weight[draw]
            right += np.where(relative >= x * scaled[draw], lower_side, upper_side)
        result[cell, draw] += right

    def _per_given(self, shift: Floats) -> Floats:
        """1 / P(K >= 1 | C)."""
        key = shift.tobytes()
        if key not in self._given:
            given = self._probability_given(shift)
            self._given[key] = np.reciprocal(given, out=given)
        return self._given[key]

    def _probability_given(self, shift: Floats) -> Floats:
        """P(K >= 1 | C)."""
        accounting = self.accounting
        if accounting.kernel == "logistic":
            zero = np.zeros_like(self._exact)
            self._add_logistic(zero, {0.5: 1.0 - accounting.outlier}, shift)
            zero += accounting.outlier * (0.5 / (0.5 + self._count[:, None]))
            zero *= self._inexact
            return np.asarray(1.0 - zero)
        location = accounting.bias + shift
        not_gross, ordinary = self._tables.zero(accounting)
        given = ordinary * -np.exp(-accounting.lower * location)
        given += not_gross
        # The few cells where the location may fall below one half.
        low = slice(0, int(np.searchsorted(self._count, 0.5 * np.exp(-location.min()), side="right")))
        relative = self._count[low, None] * np.exp(location)
        with np.errstate(over="ignore"):
            kernel = np.where(
                relative > 0.5,
                accounting.below * (0.5 / relative) ** accounting.lower,
                1.0 - (1.0 - accounting.below) * (relative / 0.5) ** accounting.upper,
            )
        given[low] = not_gross[low] - self._inexact[low] * (1.0 - accounting.outlier) * kernel
        return given


def _slice(inside: NDArray[np.bool_]) -> slice:
    """The block of cells that a mask of neighbouring cells selects."""
    cells = np.flatnonzero(inside)
    return slice(int(cells[0]), int(cells[-1]) + 1) if cells.size else slice(0, 0)


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
