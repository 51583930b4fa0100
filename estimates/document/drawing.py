"""What stands in a picture (marks, bars, curves), and each of these as SVG text.

Horizontal places are per cent of the picture's width and vertical ones are pixels from its top. Every text from outside
is escaped here. A function of a count named ``height`` gives its place on a vertical scale, in pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np

from estimates.document.axis import MARGIN, Axis, short_number
from estimates.models.types import Floats, Integers

type Shape = Literal["exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"]

#: The density is summed in so many columns.
COLUMNS = 240
#: Height of all curves together, in pixels.
CURVE_HEIGHT = 54


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
    """One layer of the estimate: its median and its intervals, from the narrowest to the widest."""

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


# The scale ------------------------------------------------------------------------------------------------------------


def draw_scale(axis: Axis, y: int, unit: str) -> str:
    """The scale itself: its line, its numbers with a rule up from each, and what is counted."""
    parts = [f'<line class="axis" x1="{MARGIN:g}%" x2="{100 - MARGIN:g}%" y1="{y}" y2="{y}"/>']
    for count in axis.ticks():
        place = axis.position(count)
        parts.append(draw_line("grid", place, 0, y + 4))
        parts.append(f'<text x="{place_text(place)}%" y="{y + 18}" text-anchor="middle">{short_number(count)}</text>')
    kind = kind_of_scale(axis)
    parts.append(f'<text class="unit" x="50%" y="{y + 37}" text-anchor="middle">{escape(unit)}{kind}</text>')
    return "".join(parts)


def kind_of_scale(axis: Axis) -> str:
    """What is said of a scale that is not linear."""
    return ", logarithmic scale" if axis.logarithmic else ""


def draw_floor_label(axis: Axis, count: int) -> str:
    """The number verified, beside the line that stands at it."""
    place = axis.position(count)
    side, gap = ("start", 5) if place < 65 else ("end", -5)
    return (
        f'<svg class="glyph" x="{place_text(place)}%" y="0"><text class="floor-text" x="{gap}" y="13" '
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


def draw_mark(axis: Axis, mark: Mark, y: int) -> str:
    """A reported figure below its label."""
    # A label right of the middle keeps to the left edge all the same: names stand in one column.
    return _group(mark, f'<text x="0" y="{y + 13}">{escape(mark.label)}</text>{_shape(axis, mark, y + 25)}')


def _group(mark: Mark, drawn: str) -> str:
    """What is drawn for a mark, with what the pointer shows."""
    state = "mark muted" if mark.muted else "mark"
    return f'<g class="{state}"><title>{escape(mark.title)}</title>{drawn}</g>'


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
    low, high = (place_text(axis.position(count)) for count in (mark.low, mark.high))
    return f'<line x1="{low}%" x2="{high}%" y1="{y}" y2="{y}"/>'


def _glyph(axis: Axis, count: float, y: int, drawing: str) -> str:
    return f'<svg class="glyph" x="{place_text(axis.position(count))}%" y="{y}">{drawing}</svg>'


def draw_others(axis: Axis, others: Sequence[int], y: int) -> str:
    """Figures that get no mark of their own, as ticks in one line."""
    places = sorted({place_text(axis.position(count)) for count in others}, key=float)
    ticks = "".join(f'<line x1="{x}%" x2="{x}%" y1="{y + 19}" y2="{y + 31}"/>' for x in places)
    count = f"{len(others):,} other reading{'s' if len(others) != 1 else ''}"
    return f'<g class="mark muted"><text x="0" y="{y + 13}">{count}</text>{ticks}</g>'


# Estimates ------------------------------------------------------------------------------------------------------------


def draw_bar(axis: Axis, bar: Bar, y: int) -> str:
    """A layer of the estimate: its intervals, the narrowest the thickest, and its median."""
    thickness = (8, 5, 2) if bar.layer == "by_now" else (14, 8, 2)
    middle = y + 27
    parts = [f'<g class="bar {escape(bar.layer)}"><text x="0" y="{y + 13}">{escape(bar.label)}</text>']
    steps = zip(bar.intervals, thickness, ("inner", "middle", "outer"), strict=True)
    for (low, high), thick, kind in reversed(list(steps)):
        parts.append(_rectangle(axis, low, high, middle - thick / 2, thick, kind))
    tall = thickness[0] / 2 + 2
    parts += [draw_line(kind, axis.position(bar.median), middle - tall, middle + tall) for kind in ("halo", "median")]
    return "".join(parts) + "</g>"


def draw_curves(axis: Axis, curves: Sequence[Curve], y: int) -> str:
    """Posterior densities, all to one scale of heights."""
    heights = [density(axis, curve) for curve in curves]
    top = max(float(height.max()) for height in heights) or 1.0
    paths = []
    for curve, height in zip(curves, heights, strict=True):
        points = np.round(CURVE_HEIGHT * (1.0 - height / top), 1)
        steps = "".join(f"V{place_text(point)}h1" for point in points.tolist())
        paths.append(f'<path class="curve {escape(curve.layer)}" d="M0 {CURVE_HEIGHT}{steps}V{CURVE_HEIGHT}Z"/>')
    return (
        f'<svg class="density" x="{MARGIN:g}%" y="{y}" width="{100 - 2 * MARGIN:g}%" height="{CURVE_HEIGHT}" '
        f'viewBox="0 0 {COLUMNS} {CURVE_HEIGHT}" preserveAspectRatio="none">{"".join(paths)}</svg>'
    )


def density(axis: Axis, curve: Curve) -> Floats:
    """Probability of a posterior in columns of equal width on the scale.

    Parameters
    ----------
    axis : Axis
    curve : Curve

    Returns
    -------
    array of float, shape (COLUMNS,)
        Probability, from the left edge of the scale to the right; what lies outside is left out.
    """
    places = np.linspace(MARGIN, 100 - MARGIN, COLUMNS + 1)
    counts = np.array([axis.count(place) for place in places.tolist()])
    cumulative = np.concatenate([[0.0], np.cumsum(curve.probability)])

    # A count is drawn from half a unit below it to half a unit above; zero begins at the scale's edge.
    edges = curve.edges - 0.5
    edges[0] = min(axis.low, 0.0)
    return np.asarray(np.diff(np.interp(counts, edges, cumulative)))


# Ranges and figures over time -----------------------------------------------------------------------------------------

_UP = '<path d="M0 0V-17M-4 -12L0 -18L4 -12"/>'
_DOWN = '<path d="M0 0V17M-4 12L0 18L4 12"/>'
#: Figures on a vertical scale, where they differ from a dot.
_POINTS = {"at_least": _UP + _DOT, "floor": _UP + _DOT, "up_to": _DOWN + _DOT, "none": _ENDS["none"]}


def draw_band(bar: Bar, left: float, right: float, height: Callable[[float], float], *, whole: bool) -> str:
    """One step of a band: all intervals where it is drawn whole, else the edge of the narrowest, and the median."""
    x, width = f"{place_text(left)}%", f"{place_text(right - left)}%"
    parts = [f'<g class="{escape(bar.layer)}">']
    kinds = ("likely", "wide") if whole else ("edge",)
    for (low, high), kind in reversed(list(zip(bar.intervals, kinds, strict=False))):
        y, tall = height(high), max(1.0, height(low) - height(high))
        parts.append(f'<rect class="{kind}" x="{x}" width="{width}" y="{place_text(y)}" height="{place_text(tall)}"/>')

    y = height(bar.median)
    parts.append(f'<line class="then" x1="{x}" x2="{place_text(right)}%" y1="{place_text(y)}" y2="{place_text(y)}"/>')
    return "".join(parts) + "</g>"


def draw_point(mark: Mark, place: float, height: Callable[[float], float]) -> str:
    """A figure as it came in; open-ended ones point to where the number may lie."""
    x = place_text(place)
    low, high = height(mark.low), height(mark.high)
    drawing = _POINTS.get(mark.shape, _DOT)
    drawn = f'<svg class="glyph" x="{x}%" y="{place_text((low + high) / 2)}">{drawing}</svg>'
    if low - high > 1:
        drawn = f'<line x1="{x}%" x2="{x}%" y1="{place_text(high)}" y2="{place_text(low)}"/>'
    return _group(mark, drawn)


# Lines and rectangles -------------------------------------------------------------------------------------------------


def _rectangle(axis: Axis, low: float, high: float, y: float, height: float, kind: str) -> str:
    left, right = axis.position(low), axis.position(high)
    return (
        f'<rect class="{kind}" x="{place_text(left)}%" y="{place_text(y)}" width="{place_text(right - left)}%" '
        f'height="{place_text(height)}"/>'
    )


def draw_line(kind: str, place: float, top: float, bottom: float) -> str:
    """A vertical line."""
    x = place_text(place)
    return f'<line class="{kind}" x1="{x}%" x2="{x}%" y1="{place_text(top)}" y2="{place_text(bottom)}"/>'


def place_text(value: float) -> str:
    """A place or length with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
