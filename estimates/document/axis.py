"""Scales of counts: where a count stands in a picture, and which round numbers are written beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, expm1, floor, log1p, log10

#: Room left and right of the scale, in per cent.
MARGIN = 3.0
#: The smallest distance between two numbers on the scale, in per cent; about 40 pixels on a phone.
TICK_DISTANCE = 11.0
#: Largest counts, and ratios of largest to smallest, that a linear scale shows well.
LINEAR_UP_TO = 40
LINEAR_RATIO = 6.0


@dataclass(frozen=True)
class Axis:
    """A scale of counts, linear or in the logarithm of one plus the count."""

    low: float
    high: float
    logarithmic: bool

    def position(self, count: float) -> float:
        """Place of a count in per cent of the picture's width; what lies outside is put at the edge."""
        ends = [self._scaled(value) for value in (self.low, self.high, count)]
        share = (ends[2] - ends[0]) / (ends[1] - ends[0])
        return MARGIN + (100 - 2 * MARGIN) * min(1.0, max(0.0, share))

    def count(self, position: float) -> float:
        """The count at a place, the inverse of :meth:`position`."""
        share = (position - MARGIN) / (100 - 2 * MARGIN)
        scaled = self._scaled(self.low) + share * (self._scaled(self.high) - self._scaled(self.low))
        return expm1(scaled) if self.logarithmic else scaled

    def ticks(self) -> list[int]:
        """Round integers far enough apart to be read."""
        return _logarithmic_ticks(self) if self.logarithmic else _linear_ticks(self)

    def _scaled(self, count: float) -> float:
        return log1p(max(count, 0.0)) if self.logarithmic else count


def choose_axis(counts: Iterable[int]) -> Axis:
    """Scale that holds all counts: linear where their span allows, else logarithmic."""
    found = list(counts) or [0]
    low, high = min(found), max(*found, 4)
    if high <= LINEAR_UP_TO or (high + 1) / (low + 1) <= LINEAR_RATIO:
        reach = max(high - low, high / 20)  # counts all but equal still get a scale of round numbers
        return Axis(0.0 if low < 0.4 * high else low - 0.06 * reach - 1, high + 0.04 * reach + 0.5, False)
    return Axis(0.0 if low <= 2 else 0.85 * low, 1.08 * high, True)


def short_number(count: int) -> str:
    """A count as short as a scale needs: 300, 20,000, 5 million."""
    for size, name in ((10**9, "billion"), (10**6, "million")):
        if count >= size and count % (size // 10) == 0:
            return f"{count / size:,.10g} {name}"
    return f"{count:,}"


def _linear_ticks(axis: Axis) -> list[int]:
    reach = axis.high - axis.low
    size = 10 ** floor(log10(max(reach, 1.0)))
    for step in (size / 10, size / 5, size / 2, size, 2 * size, 5 * size):
        if step >= 1 and 100 * step / reach >= TICK_DISTANCE:
            break
    whole = int(step)
    return list(range(ceil(axis.low / whole) * whole, floor(axis.high) + 1, whole))


def _logarithmic_ticks(axis: Axis) -> list[int]:
    """The finest of a few series of which every number has room; of decades alone, those that have."""
    decades = range(floor(log10(axis.high)) + 1)
    for leads in ((1, 2, 5), (1, 3), (1,)):
        series = [0, *(lead * 10**decade for decade in decades for lead in leads)]
        wanted = [count for count in series if axis.low <= count <= axis.high]
        chosen: list[int] = []
        for count in wanted:
            if not chosen or axis.position(count) - axis.position(chosen[-1]) >= TICK_DISTANCE:
                chosen.append(count)
        if chosen == wanted:
            break
    return chosen
