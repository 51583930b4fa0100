"""Scales of counts: where a count stands in a picture, and which round numbers are written beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, exp, expm1, floor, log, log1p, log10
from typing import Literal

from estimates.plots.widths import ems

type Form = Literal["linear", "logarithmic", "factor"]

#: A range that spans more than this factor is drawn on a logarithmic scale, unless its counts are few.
LINEAR_RATIO = 8.0
LINEAR_UP_TO = 20
#: A figure outside the range stretches the scale while the range keeps this share of it; a floor, or a figure that does
#: not count, only while it keeps the larger share.
COUNTED_KEEPS, ASIDE_KEEPS = 0.4, 0.8
#: A range is taken to span no less than this factor, in logarithms.
_LEAST_SPAN = 1.0
#: Room between two numbers on a scale, and how far one may stick out beyond its ends, in ems.
TICK_GAP, OVERHANG = 0.9, 0.8
#: There are never more numbers than this.
_MOST_TICKS = 8
#: Scales of counts reach at least so far.
_LEAST_COUNTS = 4


@dataclass(frozen=True)
class Scale:
    """A scale between two ends.

    Attributes
    ----------
    low, high : float
    form : {"linear", "logarithmic", "factor"}
        Linear in the value, in the logarithm of one plus a count, or in the logarithm of a factor.
    """

    low: float
    high: float
    form: Form = "linear"

    @property
    def is_logarithmic(self) -> bool:
        """Whether equal distances are equal ratios."""
        return self.form != "linear"

    def share(self, value: float) -> float:
        """Place of a value as a share of the way from the low to the high end; what lies outside is put at an end."""
        low, high, place = (self.forward(number) for number in (self.low, self.high, value))
        return min(1.0, max(0.0, (place - low) / (high - low)))

    def value(self, share: float) -> float:
        """The value at a place, the inverse of :meth:`share`."""
        low, high = self.forward(self.low), self.forward(self.high)
        return self.backward(low + share * (high - low))

    def beyond(self, value: float) -> int:
        """On which side a value lies outside: -1 below the low end, 1 above the high one, 0 on the scale."""
        return (value > self.high) - (value < self.low)

    def forward(self, value: float) -> float:
        """What the scale is linear in."""
        match self.form:
            case "linear":
                return value
            case "logarithmic":
                return log1p(max(value, 0.0))
            case _:
                return log(max(value, 1e-9))

    def backward(self, place: float) -> float:
        """The inverse of :meth:`forward`."""
        match self.form:
            case "linear":
                return place
            case "logarithmic":
                return expm1(place)
            case _:
                return exp(place)


@dataclass(frozen=True)
class Tick:
    """A round number on a scale, as it is written."""

    value: float
    label: str


# Choosing a scale -----------------------------------------------------------------------------------------------------


def choose_scale(core: Iterable[int], counted: Iterable[int] = (), aside: Iterable[int] = ()) -> Scale:
    """The scale of a picture: it holds the ranges, and of the figures what does not squeeze them.

    Parameters
    ----------
    core : iterable of int
        Ends of the ranges; all are on the scale.
    counted : iterable of int
        Figures that count; they stretch the scale, the nearest first, while the core keeps :data:`COUNTED_KEEPS` of it.
    aside : iterable of int
        A floor and figures that do not count; the same with :data:`ASIDE_KEEPS`.

    Returns
    -------
    Scale
        Linear where the largest count is small or at most :data:`LINEAR_RATIO` times the smallest, else logarithmic.
    """
    counted, aside = list(counted), list(aside)
    inside = list(core) or counted or aside or [0]
    low, high = min(inside), max(inside)
    low, high = _stretched(low, high, counted, COUNTED_KEEPS)
    low, high = _stretched(low, high, aside, ASIDE_KEEPS)

    high = max(high, _LEAST_COUNTS)
    if high <= LINEAR_UP_TO or (high + 1) / (low + 1) <= LINEAR_RATIO:
        # Counts all but equal still get a scale of round numbers.
        more = max(0.05 * (high - low), 0.03 * high - 0.5 * (high - low))
        return Scale(0.0 if low < 0.4 * high else low - more - 1, high + more + 0.5)
    return Scale(0.0 if low <= 2 else 0.88 * low, 1.08 * high, "logarithmic")


def _stretched(low: int, high: int, figures: Sequence[int], keeps: float) -> tuple[int, int]:
    """Ends that also hold those figures beside which the old ends keep a share of the scale, in logarithms."""
    span = max(log((high + 1) / (low + 1)), _LEAST_SPAN)
    start, end = low, high
    for figure in sorted(
        figures, key=lambda count: abs(log((count + 1) / (start + 1))) + abs(log((count + 1) / (end + 1)))
    ):
        first, last = min(low, figure), max(high, figure)
        if span >= keeps * log((last + 1) / (first + 1)):
            low, high = first, last
    return low, high


def factor_scale(factors: Sequence[float], most: float = 8.0) -> Scale:
    """A scale of factors around one that holds those given, but for what is more than ``most`` times off."""
    reach = max([1.5, *(max(factor, 1.0 / max(factor, 1e-9)) for factor in factors)])
    reach = 1.1 * min(reach, most)
    return Scale(1.0 / reach, reach, "factor")


# Numbers on a scale ---------------------------------------------------------------------------------------------------


def ticks_along(scale: Scale, width: float) -> tuple[Tick, ...]:
    """Round numbers that can stand side by side below a scale of so many ems: none touches another."""
    return _ticks(scale, width, lambda label: ems(label) + TICK_GAP)


def ticks_up(scale: Scale, lines: float) -> tuple[Tick, ...]:
    """Round numbers that can stand one above the other beside a scale of so many lines of text."""
    return _ticks(scale, lines, lambda _: 1.4)


def short_number(count: float) -> str:
    """A count as short as a scale needs: 300, 20,000, 5 million."""
    for size, name in ((10**9, "billion"), (10**6, "million")):
        if count >= size and count % (size // 10) == 0:
            return f"{count / size:,.10g} {name}"
    return f"{count:,.10g}"


def _ticks(scale: Scale, length: float, room_of: Callable[[str], float]) -> tuple[Tick, ...]:
    """The finest series of round numbers of which every one has its room; failing that, two of the finest that have."""
    inside_of = []
    for series in _series(scale):
        ticks = [Tick(value, _written(scale, value)) for value in series if not scale.beyond(value)]
        inside = [tick for tick in ticks if _sticks_out(scale, tick, length, room_of) <= OVERHANG]
        if 1 < len(inside) <= _MOST_TICKS and _have_room(scale, inside, length, room_of):
            return tuple(inside)
        inside_of.append(inside)

    pairs = ((inside[0], inside[-1]) for inside in inside_of if len(inside) > 1)
    found = next((pair for pair in pairs if _have_room(scale, pair, length, room_of)), None)
    return found or tuple(inside_of[0][:1])


def _have_room(scale: Scale, ticks: Sequence[Tick], length: float, room_of: Callable[[str], float]) -> bool:
    return all(
        length * (scale.share(right.value) - scale.share(left.value))
        >= (room_of(left.label) + room_of(right.label)) / 2
        for left, right in pairwise(ticks)
    )


def _sticks_out(scale: Scale, tick: Tick, length: float, room_of: Callable[[str], float]) -> float:
    """How far a number reaches beyond the nearer end of the scale."""
    place = scale.share(tick.value)
    return (room_of(tick.label) - TICK_GAP) / 2 - length * min(place, 1.0 - place)


def _series(scale: Scale) -> Iterable[Sequence[float]]:
    """Series of round numbers, from the finest to the coarsest."""
    if scale.form == "factor":
        for step in (1, 2, 3, 4):
            yield [2.0**power for power in range(-12, 13) if power % step == 0]
    elif scale.is_logarithmic and (scale.high + 1) / (scale.low + 1) > LINEAR_RATIO:
        yield from _decades(scale)
    else:
        yield from _steps(scale)


def _decades(scale: Scale) -> Iterable[Sequence[float]]:
    decades = range(floor(log10(max(scale.high, 1.0))) + 1)
    for leads in ((1, 2, 5), (1, 3), (1,)):
        yield [0, *(lead * 10**decade for decade in decades for lead in leads)]
    for apart in (2, 3, 4, 6, 8):
        yield [0, *(10**decade for decade in decades if decade and decade % apart == 0)]


def _steps(scale: Scale) -> Iterable[Sequence[float]]:
    reach = scale.high - scale.low
    power = floor(log10(reach)) - 1
    if reach >= _LEAST_COUNTS:
        power = max(0, power)  # between counts there is nothing
    for factor in (1, 2, 5, 10, 20, 50, 100):
        step = factor * 10.0**power
        yield [round(number * step, 9) for number in range(ceil(scale.low / step), floor(scale.high / step + 1e-9) + 1)]


def _written(scale: Scale, value: float) -> str:
    if scale.form != "factor":
        return short_number(value)
    return f"×{value:g}" if value >= 1 else f"×1/{1 / value:g}"
