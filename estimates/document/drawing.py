"""Each thing that stands in a picture as SVG text.

Horizontal places are per cent of the picture's width and vertical ones are pixels from its top. Every text from outside
is escaped here. A function of a count named ``height`` gives its place on a vertical scale, in pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from estimates.models.types import Floats
from estimates.plots.room import Label, Rule
from estimates.plots.scale import Scale, Tick
from estimates.plots.things import COLUMNS, Bar, Curve, Mark

#: Room left and right of the scale, in per cent of the picture's width.
MARGIN = 3.0
#: Pixels of a line of text.
LINE = 16
#: Height of the numbers below a scale, and of what is counted below these.
SCALE_HEIGHT = 40


def place(scale: Scale, value: float) -> float:
    """Where a value stands, in per cent of the picture's width; what lies outside is put at the scale's end."""
    return across(scale.share(value))


def across(share: float) -> float:
    """Where a share of the scale stands, in per cent of the picture's width."""
    return MARGIN + (100.0 - 2.0 * MARGIN) * share


# The scale ------------------------------------------------------------------------------------------------------------


def draw_scale(scale: Scale, ticks: Sequence[Tick], lines: float, unit: str) -> str:
    """The scale itself: its line, its numbers, and what is counted."""
    y = LINE * lines
    parts = [f'<line class="axis" x1="{MARGIN:g}%" x2="{100 - MARGIN:g}%" y1="{_text(y)}" y2="{_text(y)}"/>']
    for tick in ticks:
        x = place(scale, tick.value)
        parts.append(draw_line("axis", x, y, y + 4))
        parts.append(f'<text x="{_text(x)}%" y="{_text(y + 17)}" text-anchor="middle">{tick.label}</text>')
    parts.append(f'<text class="unit" x="50%" y="{_text(y + 34)}" text-anchor="middle">{escape(unit)}</text>')
    return "".join(parts)


def draw_rule(scale: Scale, rule: Rule) -> str:
    """A part of a line down the picture."""
    return draw_line(rule.kind, place(scale, rule.value), LINE * rule.top, LINE * rule.bottom)


def draw_label(label: Label) -> str:
    """A text in the picture."""
    kind = {"floor": ' class="floor-text"', "muted": ' class="unit"'}.get(label.kind, "")
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    y = _text(LINE * label.line + 4)
    return f'<text{kind} x="{_text(across(label.share))}%" y="{y}"{anchor}>{escape(label.text)}</text>'


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
#: What lies beyond an end of the scale points there.
_BEYOND = {
    -1: '<path class="beyond" d="M1 -5L-8 0L1 5Z"/>',
    1: '<path class="beyond" d="M-1 -5L8 0L-1 5Z"/>',
}


def draw_mark(scale: Scale, mark: Mark, lines: float) -> str:
    """A reported figure; one beyond the scale is an arrow at its end."""
    y = LINE * lines
    if mark.shape == "vague":
        drawn = _rectangle(scale, mark.low, mark.high, y - 6, 12, "band")
        drawn += _rectangle(scale, *mark.core, y - 6, 12, "band") if mark.core else ""
    elif mark.is_span:
        drawn = _segment(scale, mark, y)
        ends = (
            {mark.place: _ABOUT}
            if mark.shape == "about"
            else dict.fromkeys((mark.low, mark.high), "<path d='M0 -6V6'/>")
        )
        drawn += "".join(_glyph(scale, count, y, sign) for count, sign in ends.items() if not scale.beyond(count))
    else:
        drawn = "" if scale.beyond(mark.low) else _glyph(scale, mark.low, y, _ENDS[mark.shape])
    return _titled(mark, drawn + draw_beyond(scale, (mark.low, mark.high), y))


def draw_beyond(scale: Scale, ends: tuple[float, float], y: float) -> str:
    """Arrows at the ends of a scale beyond which a mark or a range goes on."""
    sides = {scale.beyond(end) for end in ends} - {0}
    return "".join(_glyph(scale, ends[0] if side < 0 else ends[1], y, _BEYOND[side]) for side in sorted(sides))


def draw_others(scale: Scale, others: Sequence[int], lines: float) -> str:
    """Figures that get no mark of their own, as ticks in one line."""
    y = LINE * lines
    places = sorted({_text(place(scale, count)) for count in others}, key=float)
    ticks = "".join(f'<line x1="{x}%" x2="{x}%" y1="{_text(y - 6)}" y2="{_text(y + 6)}"/>' for x in places)
    return f'<g class="mark muted">{ticks}</g>'


def _titled(mark: Mark, drawn: str) -> str:
    """What is drawn for a mark, with what the pointer shows."""
    state = "mark muted" if mark.muted else "mark"
    return f'<g class="{state}"><title>{escape(mark.title)}</title>{drawn}</g>'


def _segment(scale: Scale, mark: Mark, y: float) -> str:
    low, high = (_text(place(scale, count)) for count in (mark.low, mark.high))
    return f'<line x1="{low}%" x2="{high}%" y1="{_text(y)}" y2="{_text(y)}"/>'


def _glyph(scale: Scale, count: float, y: float, drawing: str) -> str:
    return f'<svg class="glyph" x="{_text(place(scale, count))}%" y="{_text(y)}">{drawing}</svg>'


# Estimates ------------------------------------------------------------------------------------------------------------


def draw_bar(scale: Scale, bar: Bar, lines: float) -> str:
    """A layer of the estimate: its intervals, the narrowest the thickest, and its median."""
    thickness = (8, 5, 2) if bar.layer == "by_now" else (14, 8, 2)
    middle = LINE * lines
    parts = [f'<g class="bar {escape(bar.layer)}">']
    steps = zip(bar.intervals, thickness, ("inner", "middle", "outer"), strict=True)
    for (low, high), thick, kind in reversed(list(steps)):
        parts.append(_rectangle(scale, low, high, middle - thick / 2, thick, kind))
    parts.append(draw_beyond(scale, bar.intervals[-1], middle))

    tall = thickness[0] / 2 + 2
    x = place(scale, bar.median)
    parts += [draw_line(kind, x, middle - tall, middle + tall) for kind in ("halo", "median")]
    return "".join(parts) + "</g>"


def draw_curves(curves: Sequence[tuple[Curve, Floats]], foot: float, lines: float) -> str:
    """Posterior densities, of shape (COLUMNS,) each, that stand on ``foot`` and are so many lines high."""
    tall = round(LINE * lines)
    paths = []
    for curve, heights in curves:
        points = np.round(tall * (1.0 - heights), 1)
        steps = "".join(f"V{_text(point)}h1" for point in points.tolist())
        paths.append(f'<path class="curve {escape(curve.layer)}" d="M0 {tall}{steps}V{tall}Z"/>')
    return (
        f'<svg class="density" x="{MARGIN:g}%" y="{_text(LINE * foot - tall)}" width="{100 - 2 * MARGIN:g}%" '
        f'height="{tall}" viewBox="0 0 {COLUMNS} {tall}" preserveAspectRatio="none">{"".join(paths)}</svg>'
    )


# Ranges and figures over time -----------------------------------------------------------------------------------------

_UP = '<path d="M0 0V-17M-4 -12L0 -18L4 -12"/>'
_DOWN = '<path d="M0 0V17M-4 12L0 18L4 12"/>'
#: Figures on a vertical scale, where they differ from a dot.
_POINTS = {"at_least": _UP + _DOT, "floor": _UP + _DOT, "up_to": _DOWN + _DOT, "none": _ENDS["none"]}
_BEYOND_UPRIGHT = {
    -1: '<path class="beyond" d="M-5 -1L0 8L5 -1Z"/>',
    1: '<path class="beyond" d="M-5 1L0 -8L5 1Z"/>',
}


def draw_band(
    scale: Scale, bar: Bar, left: float, right: float, height: Callable[[float], float], *, whole: bool
) -> str:
    """One step of a band: all intervals where it is drawn whole, else the edge of the narrowest, and the median."""
    x, width = f"{_text(100 * left)}%", f"{_text(100 * (right - left))}%"
    parts = [f'<g class="{escape(bar.layer)}">']
    kinds = ("likely", "wide") if whole else ("edge",)
    for (low, high), kind in reversed(list(zip(bar.intervals, kinds, strict=False))):
        y, tall = height(high), max(1.0, height(low) - height(high))
        parts.append(f'<rect class="{kind}" x="{x}" width="{width}" y="{_text(y)}" height="{_text(tall)}"/>')

    y = height(bar.median)
    parts.append(f'<line class="then" x1="{x}" x2="{_text(100 * right)}%" y1="{_text(y)}" y2="{_text(y)}"/>')
    if whole and scale.beyond(bar.intervals[-1][1]) > 0:
        parts.append(_upright((left + right) / 2, height(scale.high), _BEYOND_UPRIGHT[1]))
    return "".join(parts) + "</g>"


def draw_point(scale: Scale, mark: Mark, share: float, height: Callable[[float], float]) -> str:
    """A figure as it came in; open-ended ones point to where the number may lie."""
    low, high = height(mark.low), height(mark.high)
    beyond = scale.beyond(mark.place)
    if beyond:
        return _titled(mark, _upright(share, low, _BEYOND_UPRIGHT[beyond]))
    if low - high > 1:
        x = _text(100 * share)
        return _titled(mark, f'<line x1="{x}%" x2="{x}%" y1="{_text(high)}" y2="{_text(low)}"/>')
    return _titled(mark, _upright(share, (low + high) / 2, _POINTS.get(mark.shape, _DOT)))


def draw_upright_range(bar: Bar, share: float, height: Callable[[float], float], title: str) -> str:
    """A range upright on a vertical scale, with its median and what the pointer shows."""
    x, middle = _text(100 * share), height(bar.median)
    low, high = (height(end) for end in bar.intervals[-1])
    return (
        f'<g class="upright {escape(bar.layer)}"><title>{escape(title)}</title>'
        f'<line x1="{x}%" x2="{x}%" y1="{_text(high)}" y2="{_text(low)}"/>'
        f'<circle cx="{x}%" cy="{_text(middle)}" r="1.8"/></g>'
    )


def _upright(share: float, y: float, drawing: str) -> str:
    return f'<svg class="glyph" x="{_text(100 * share)}%" y="{_text(y)}">{drawing}</svg>'


# Lines and rectangles -------------------------------------------------------------------------------------------------


def _rectangle(scale: Scale, low: float, high: float, y: float, height: float, kind: str) -> str:
    left, right = place(scale, low), place(scale, high)
    return (
        f'<rect class="{kind}" x="{_text(left)}%" y="{_text(y)}" width="{_text(right - left)}%" '
        f'height="{_text(height)}"/>'
    )


def draw_line(kind: str, x: float, top: float, bottom: float) -> str:
    """A vertical line."""
    return f'<line class="{kind}" x1="{_text(x)}%" x2="{_text(x)}%" y1="{_text(top)}" y2="{_text(bottom)}"/>'


def _text(value: float) -> str:
    """A place or length with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
