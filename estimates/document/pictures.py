"""Pictures of ranges as SVG text: pure functions from numbers to markup, no drawing library and no script.

Horizontal places are per cent of the picture's width and text is in pixels, so that one picture serves a screen, a
phone and paper. Colours come from the page's style sheet by class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from estimates.document import drawing
from estimates.document.axis import MARGIN, Axis, choose_axis, short_number
from estimates.document.drawing import Bar, Curve, Mark, place_text

_MARK_HEIGHT, _BAR_HEIGHT, _AXIS_HEIGHT = 36, 40, 44
_HISTORY_TOP, _HISTORY_HEIGHT = 26, 190
_HISTORY_BOTTOM = _HISTORY_TOP + _HISTORY_HEIGHT


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
        parts.append(drawing.draw_floor_label(axis, floor_count))
        y = 20
    for mark in marks:
        parts.append(drawing.draw_mark(axis, mark, y))
        y += _MARK_HEIGHT
    if others:
        parts.append(drawing.draw_others(axis, others, y))
        y += _MARK_HEIGHT

    if curves:
        parts.append(drawing.draw_curves(axis, curves, y + 6))
        y += drawing.CURVE_HEIGHT + 8
    for bar in bars:
        parts.append(drawing.draw_bar(axis, bar, y))
        y += _BAR_HEIGHT

    behind = [drawing.draw_scale(axis, y, unit)]
    if floor_count is not None:
        behind.append(drawing.draw_line("floor", axis.position(floor_count), 18, y))
    return _image("plot", name, title, description, y + _AXIS_HEIGHT, [*behind, *parts])


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

    def height(count: float) -> float:
        return _HISTORY_BOTTOM - _HISTORY_HEIGHT * (axis.position(count) - MARGIN) / (100 - 2 * MARGIN)

    bands, dates, points = [], [], []
    for number, step in enumerate(steps):
        left, right = MARGIN + number * width, MARGIN + (number + 1) * width
        drawn = [drawing.draw_band(bar, left, right, height, whole=bar is step.bars[0]) for bar in step.bars]
        bands.append(f"<g><title>{escape(step.title)}</title>{''.join(drawn)}</g>")
        if step.label:
            dates.append(_date(step.label, left))
        for place, mark in enumerate(step.marks, start=1):
            points.append(drawing.draw_point(mark, MARGIN + width * (number + place / (len(step.marks) + 1)), height))

    what = f'<text class="unit" x="0" y="12">{escape(unit)}{drawing.kind_of_scale(axis)}</text>'
    rules, numbers = _vertical_scale(axis, height)
    parts = [what, *rules, *dates, *bands, *points, *numbers]
    return _image("plot history", name, title, description, _HISTORY_BOTTOM + 26, parts)


def _image(kind: str, name: str, title: str, description: str, height: int, parts: Sequence[str]) -> str:
    """The parts of a picture, the first at the back, in an element with a text alternative."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" width="100%" height="{height}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-text">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-text">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _vertical_scale(axis: Axis, height: Callable[[float], float]) -> tuple[list[str], list[str]]:
    """Rules at the round numbers of a vertical scale, and these numbers."""
    rules, numbers = [], []
    for count in axis.ticks():
        y = place_text(height(count))
        rules.append(f'<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}"/>')
        above = place_text(height(count) - 3)
        numbers.append(f'<text class="unit" x="0" y="{above}">{short_number(count)}</text>')
    return rules, numbers


def _date(label: str, place: float) -> str:
    x = place_text(place)
    rule = f'<line class="grid" x1="{x}%" x2="{x}%" y1="{_HISTORY_TOP}" y2="{_HISTORY_BOTTOM + 4}"/>'
    return f'{rule}<text x="{x}%" y="{_HISTORY_BOTTOM + 18}">{escape(label)}</text>'


def _step_counts(step: Step) -> list[int]:
    """Counts that must find room: the figures and the 80% ranges; wider ranges may be cut at the picture's edge."""
    counts = [count for mark in step.marks for count in (mark.low, mark.high)]
    return counts + [count for bar in step.bars for count in bar.intervals[0]]


def _counts(marks: Sequence[Mark], bars: Sequence[Bar], floor_count: int | None, others: Sequence[int]) -> list[int]:
    counts = [count for mark in marks for count in (mark.low, mark.high)]
    counts += [count for bar in bars for interval in bar.intervals for count in interval]
    return [*counts, *others, *([] if floor_count is None else [floor_count])]
