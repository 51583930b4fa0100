"""Pictures of ranges as SVG text: pure functions from numbers to markup, no drawing library and no script.

Horizontal places are per cent of the picture's width and text is in pixels, so that one picture serves a screen, a
phone and paper. Colours come from the page's style sheet by class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, expm1, floor, log1p, log10
from typing import Literal

import numpy as np

from estimates.models.types import Floats, Integers

type Shape = Literal["exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"]

#: Room left and right of the scale, in per cent.
MARGIN = 3.0
#: The smallest distance between two numbers on the scale, in per cent; about 40 pixels on a phone.
TICK_DISTANCE = 11.0
#: Largest counts, and ratios of largest to smallest, that a linear scale shows well.
LINEAR_UP_TO = 40
LINEAR_RATIO = 6.0
#: The density is summed in so many columns.
COLUMNS = 240

_MARK_HEIGHT, _BAR_HEIGHT, _CURVE_HEIGHT, _AXIS_HEIGHT = 36, 40, 54, 44
_HISTORY_HEIGHT = 190


@dataclass(frozen=True)
class Mark:
    """One reported figure.

    Attributes
    ----------
    label, title : str
        What stands above the mark, and what the pointer shows.
    shape : str
        What the words say about the number.
    low, high : int
        Ends of the mark; equal for a single number.
    core : tuple of int, optional
        The inner part of a vague word's band.
    at : int, optional
        The number an "about" is about.
    muted : bool
        Whether the figure is shown only and does not count.
    """

    label: str
    title: str
    shape: Shape
    low: int
    high: int
    core: tuple[int, int] | None = None
    at: int | None = None
    muted: bool = False


@dataclass(frozen=True)
class Bar:
    """One line of the estimate: its median and its intervals, from the narrowest to the widest."""

    label: str
    layer: str
    median: int
    intervals: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Curve:
    """A posterior on its grid: ``edges``, shape (cells + 1,), and the cells' ``probability``, shape (cells,)."""

    layer: str
    edges: Integers
    probability: Floats


@dataclass(frozen=True)
class Step:
    """What was known from one moment to the next.

    Attributes
    ----------
    label : str
        The moment, as short as a scale needs; may be empty.
    title : str
        What the pointer shows.
    marks : tuple of Mark
        The figures that came in.
    bars : tuple of Bar
        Ranges from then on; 80% and 95% are drawn of the first bar, 80% of every further one.
    """

    label: str
    title: str
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]


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


def picture(
    name: str,
    title: str,
    description: str,
    unit: str,
    marks: Sequence[Mark],
    bars: Sequence[Bar],
    curves: Sequence[Curve] = (),
    floor_count: int | None = None,
    others: Sequence[int] = (),
) -> str:
    """Reported figures above the ranges estimated from them.

    Parameters
    ----------
    name : str
        Unique within the page; ids are made from it.
    title, description : str
        The text alternative.
    unit : str
        What is counted, written below the scale.
    marks : sequence of Mark
    bars : sequence of Bar
    curves : sequence of Curve
        Posterior densities, so that a second mode is never hidden.
    floor_count : int, optional
        The number verified.
    others : sequence of int
        Numbers of further figures, drawn as ticks in one line.

    Returns
    -------
    str
        An ``<svg>`` element, escaped and well formed.
    """
    axis = choose_axis(_counts(marks, bars, floor_count, others))
    parts: list[str] = []
    y = 0
    if floor_count is not None:
        parts.append(_floor_label(axis, floor_count))
        y = 20
    for mark in marks:
        parts.append(_mark(axis, mark, y))
        y += _MARK_HEIGHT
    if others:
        parts.append(_others(axis, others, y))
        y += _MARK_HEIGHT
    if curves:
        parts.append(_curves(axis, curves, y + 6))
        y += _CURVE_HEIGHT + 8
    for bar in bars:
        parts.append(_bar(axis, bar, y))
        y += _BAR_HEIGHT
    height = y + _AXIS_HEIGHT
    floor_line = "" if floor_count is None else _line("floor", axis.position(floor_count), 18, y)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" width="100%" height="{height}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-text">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-text">{escape(description)}</desc>'
        f"{_scale(axis, y, unit)}{floor_line}{''.join(parts)}</svg>"
    )


def history_picture(name: str, title: str, description: str, unit: str, steps: Sequence[Step]) -> str:
    """Ranges over time as bands that step at every moment, with the figures as they came in.

    Moments have equal room whatever time lies between them, so that the first hours of an event can be read.

    Parameters
    ----------
    name : str
        Unique within the page; ids are made from it.
    title, description : str
        The text alternative.
    unit : str
        What is counted, written above the scale.
    steps : sequence of Step
        In the order of time.

    Returns
    -------
    str
        An ``<svg>`` element, escaped and well formed.
    """
    axis = choose_axis([count for step in steps for count in _step_counts(step)])
    width = (100 - 2 * MARGIN) / len(steps)
    top, bottom = 26, 26 + _HISTORY_HEIGHT

    def height(count: float) -> float:
        return bottom - _HISTORY_HEIGHT * (axis.position(count) - MARGIN) / (100 - 2 * MARGIN)

    scale = [f'<text class="unit" x="0" y="12">{escape(unit)}{_kind_of_scale(axis)}</text>']
    labels = []
    for count in axis.ticks():
        y = _number(height(count))
        scale.append(f'<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}"/>')
        labels.append(f'<text class="unit" x="0" y="{_number(height(count) - 3)}">{short_number(count)}</text>')
    parts = []
    for number, step in enumerate(steps):
        left, right = MARGIN + number * width, MARGIN + (number + 1) * width
        bands = "".join(_band(bar, left, right, height, whole=bar is step.bars[0]) for bar in step.bars)
        parts.append(f"<g><title>{escape(step.title)}</title>{bands}</g>")
        if step.label:
            x = _number(left)
            scale.append(f'<line class="grid" x1="{x}%" x2="{x}%" y1="{top}" y2="{bottom + 4}"/>')
            scale.append(f'<text x="{x}%" y="{bottom + 18}">{escape(step.label)}</text>')
    for number, step in enumerate(steps):
        for place, mark in enumerate(step.marks, start=1):
            parts.append(_point(mark, MARGIN + width * (number + place / (len(step.marks) + 1)), height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot history" role="img" width="100%" height="{bottom + 26}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-text">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-text">{escape(description)}</desc>'
        f"{''.join(scale)}{''.join(parts)}{''.join(labels)}</svg>"
    )


def _step_counts(step: Step) -> list[int]:
    """Counts that must find room: the figures and the 80% ranges; wider ranges may be cut at the picture's edge."""
    counts = [count for mark in step.marks for count in (mark.low, mark.high)]
    return counts + [count for bar in step.bars for count in bar.intervals[0]]


def _band(bar: Bar, left: float, right: float, height: Callable[[float], float], *, whole: bool) -> str:
    """One step of a band, from the widest interval to the median."""
    x, width = f"{_number(left)}%", f"{_number(right - left)}%"
    parts = [f'<g class="{escape(bar.layer)}">']
    kinds = ("likely", "wide") if whole else ("edge",)
    for (low, high), kind in reversed(list(zip(bar.intervals, kinds, strict=False))):
        y, tall = height(high), max(1.0, height(low) - height(high))
        parts.append(f'<rect class="{kind}" x="{x}" width="{width}" y="{_number(y)}" height="{_number(tall)}"/>')
    y = height(bar.median)
    parts.append(f'<line class="then" x1="{x}" x2="{_number(right)}%" y1="{_number(y)}" y2="{_number(y)}"/>')
    return "".join(parts) + "</g>"


def _point(mark: Mark, place: float, height: Callable[[float], float]) -> str:
    """A figure as it came in; open-ended ones point to where the number may lie."""
    x = _number(place)
    low, high = height(mark.low), height(mark.high)
    drawing = _POINTS.get(mark.shape, _DOT)
    parts = [f'<svg class="glyph" x="{x}%" y="{_number((low + high) / 2)}">{drawing}</svg>']
    if low - high > 1:
        parts = [f'<line x1="{x}%" x2="{x}%" y1="{_number(high)}" y2="{_number(low)}"/>']
    state = "mark muted" if mark.muted else "mark"
    return f'<g class="{state}"><title>{escape(mark.title)}</title>{"".join(parts)}</g>'


def _counts(marks: Sequence[Mark], bars: Sequence[Bar], floor_count: int | None, others: Sequence[int]) -> list[int]:
    counts = [count for mark in marks for count in (mark.low, mark.high)]
    counts += [count for bar in bars for interval in bar.intervals for count in interval]
    return [*counts, *others, *([] if floor_count is None else [floor_count])]


# The scale ------------------------------------------------------------------------------------------------------------


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


def _scale(axis: Axis, y: int, unit: str) -> str:
    parts = [f'<line class="axis" x1="{MARGIN:g}%" x2="{100 - MARGIN:g}%" y1="{y}" y2="{y}"/>']
    for count in axis.ticks():
        place = axis.position(count)
        parts.append(_line("grid", place, 0, y + 4))
        parts.append(f'<text x="{_number(place)}%" y="{y + 18}" text-anchor="middle">{short_number(count)}</text>')
    kind = _kind_of_scale(axis)
    parts.append(f'<text class="unit" x="50%" y="{y + 37}" text-anchor="middle">{escape(unit)}{kind}</text>')
    return "".join(parts)


def _kind_of_scale(axis: Axis) -> str:
    return ", logarithmic scale" if axis.logarithmic else ""


def _floor_label(axis: Axis, count: int) -> str:
    place = axis.position(count)
    side, gap = ("start", 5) if place < 65 else ("end", -5)
    return (
        f'<svg class="glyph" x="{_number(place)}%" y="0"><text class="floor-text" x="{gap}" y="13" '
        f'text-anchor="{side}">floor {count:,}</text></svg>'
    )


# Reported figures -----------------------------------------------------------------------------------------------------

_RIGHT = '<path d="M0 0H25M19 -5L26 0L19 5"/>'
_LEFT = '<path d="M0 0H-25M-19 -5L-26 0L-19 5"/>'
_DOT = '<circle r="5"/>'
_OPEN = '<circle class="open" r="5"/>'
_ABOUT = '<path d="M-13 0H13"/>' + _OPEN
_ENDS = {
    "exact": _DOT,
    "at_least": _RIGHT + _DOT,
    "up_to": _LEFT + _DOT,
    "none": '<path class="open" d="M0 -6L6 0L0 6L-6 0Z"/>',
    "floor": '<path d="M0 -7V7M0 0H12"/><path class="solid" d="M11 -5L19 0L11 5Z"/>',
}
_UP = '<path d="M0 0V-17M-4 -12L0 -18L4 -12"/>'
_DOWN = '<path d="M0 0V17M-4 12L0 18L4 12"/>'
#: Figures on a vertical scale, where they differ from a dot.
_POINTS = {"at_least": _UP + _DOT, "floor": _UP + _DOT, "up_to": _DOWN + _DOT, "none": _ENDS["none"]}


def _mark(axis: Axis, mark: Mark, y: int) -> str:
    state = "mark muted" if mark.muted else "mark"
    # A label right of the middle keeps to the left edge all the same: names stand in one column.
    return (
        f'<g class="{state}"><title>{escape(mark.title)}</title>'
        f'<text x="0" y="{y + 13}">{escape(mark.label)}</text>{_shape(axis, mark, y + 25)}</g>'
    )


def _shape(axis: Axis, mark: Mark, y: int) -> str:
    if mark.shape == "vague":
        outer = _rectangle(axis, mark.low, mark.high, y - 6, 12, "band")
        return outer + (_rectangle(axis, *mark.core, y - 6, 12, "band") if mark.core else "")
    if mark.shape == "range":
        ends = '<path d="M0 -6V6"/>'
        return _segment(axis, mark, y) + _glyph(axis, mark.low, y, ends) + _glyph(axis, mark.high, y, ends)
    if mark.shape == "about":
        return _segment(axis, mark, y) + _glyph(axis, mark.low if mark.at is None else mark.at, y, _ABOUT)
    return _glyph(axis, mark.low, y, _ENDS[mark.shape])


def _segment(axis: Axis, mark: Mark, y: int) -> str:
    low, high = (_number(axis.position(count)) for count in (mark.low, mark.high))
    return f'<line x1="{low}%" x2="{high}%" y1="{y}" y2="{y}"/>'


def _glyph(axis: Axis, count: float, y: int, drawing: str) -> str:
    return f'<svg class="glyph" x="{_number(axis.position(count))}%" y="{y}">{drawing}</svg>'


def _others(axis: Axis, others: Sequence[int], y: int) -> str:
    places = sorted({_number(axis.position(count)) for count in others}, key=float)
    ticks = "".join(f'<line x1="{x}%" x2="{x}%" y1="{y + 19}" y2="{y + 31}"/>' for x in places)
    count = f"{len(others):,} other reading{'s' if len(others) != 1 else ''}"
    return f'<g class="mark muted"><text x="0" y="{y + 13}">{count}</text>{ticks}</g>'


# Estimates ------------------------------------------------------------------------------------------------------------


def _bar(axis: Axis, bar: Bar, y: int) -> str:
    thickness = (8, 5, 2) if bar.layer == "by_now" else (14, 8, 2)
    middle = y + 27
    parts = [f'<g class="bar {escape(bar.layer)}"><text x="0" y="{y + 13}">{escape(bar.label)}</text>']
    steps = zip(bar.intervals, thickness, ("inner", "middle", "outer"), strict=True)
    for (low, high), thick, kind in reversed(list(steps)):
        parts.append(_rectangle(axis, low, high, middle - thick / 2, thick, kind))
    tall = thickness[0] / 2 + 2
    parts += [_line(kind, axis.position(bar.median), middle - tall, middle + tall) for kind in ("halo", "median")]
    return "".join(parts) + "</g>"


def _curves(axis: Axis, curves: Sequence[Curve], y: int) -> str:
    heights = [_density(axis, curve) for curve in curves]
    top = max(float(height.max()) for height in heights) or 1.0
    paths = []
    for curve, height in zip(curves, heights, strict=True):
        points = np.round(_CURVE_HEIGHT * (1.0 - height / top), 1)
        steps = "".join(f"V{_number(point)}h1" for point in points.tolist())
        paths.append(f'<path class="curve {escape(curve.layer)}" d="M0 {_CURVE_HEIGHT}{steps}V{_CURVE_HEIGHT}Z"/>')
    return (
        f'<svg class="density" x="{MARGIN:g}%" y="{y}" width="{100 - 2 * MARGIN:g}%" height="{_CURVE_HEIGHT}" '
        f'viewBox="0 0 {COLUMNS} {_CURVE_HEIGHT}" preserveAspectRatio="none">{"".join(paths)}</svg>'
    )


def _density(axis: Axis, curve: Curve) -> Floats:
    """Probability in columns of equal width on the scale, shape (COLUMNS,)."""
    places = np.linspace(MARGIN, 100 - MARGIN, COLUMNS + 1)
    counts = np.array([axis.count(place) for place in places.tolist()])
    cumulative = np.concatenate([[0.0], np.cumsum(curve.probability)])
    # A count is drawn from half a unit below it to half a unit above; zero begins at the scale's edge.
    edges = curve.edges - 0.5
    edges[0] = min(axis.low, 0.0)
    return np.asarray(np.diff(np.interp(counts, edges, cumulative)))


def _rectangle(axis: Axis, low: float, high: float, y: float, height: float, kind: str) -> str:
    left, right = axis.position(low), axis.position(high)
    return (
        f'<rect class="{kind}" x="{_number(left)}%" y="{_number(y)}" width="{_number(right - left)}%" '
        f'height="{_number(height)}"/>'
    )


def _line(kind: str, place: float, top: float, bottom: float) -> str:
    x = _number(place)
    return f'<line class="{kind}" x1="{x}%" x2="{x}%" y1="{_number(top)}" y2="{_number(bottom)}"/>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
