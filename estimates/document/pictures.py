"""Pictures of ranges as SVG text: pure functions from layouts to markup, no drawing library and no script.

What stands where is decided in `estimates.plots`, for these pictures and for those of Matplotlib alike. Horizontal
places are per cent of the picture's width and text is in pixels, so that one picture serves a screen, a phone and
paper. Colours come from the page's style sheet by class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from estimates.document import drawing
from estimates.document.drawing import LINE, SCALE_HEIGHT
from estimates.plots.event_layout import CURVE_HEIGHT, EventLayout
from estimates.plots.history_layout import HistoryLayout
from estimates.plots.scale import Scale
from estimates.plots.things import Bar
from estimates.plots.timeline_layout import TimelineLayout
from estimates.plots.widths import ems

#: From a count to its place on an upright scale, in pixels from the top.
type Height = Callable[[float], float]

#: Room above the bands of a history, where it is said what is counted, and below them, where the dates stand.
_HISTORY_TOP, _HISTORY_BOTTOM = 26, 26
#: Height of a picture in a row of a table, in pixels, and where its range and its figures stand, in lines.
ROW_HEIGHT, ROW_LINE, FIGURES_LINE = 34, 0.6, 1.5
#: Size of text, in pixels.
_TEXT = 12.5


def event_picture(name: str, title: str, description: str, layout: EventLayout) -> str:
    """Reported figures above the ranges estimated from them.

    Parameters
    ----------
    name : str
        Unique within the page; ids are made from it.
    title, description : str
        The text alternative.
    layout : EventLayout

    Returns
    -------
    str
        An ``<svg>`` element, escaped and well formed.
    """
    scale = layout.scale
    parts = [drawing.draw_rule(scale, rule) for rule in layout.rules]
    parts.append(drawing.draw_scale(scale, layout.ticks, layout.lines, layout.unit))
    parts += [drawing.draw_mark(scale, placed.thing, placed.line) for placed in layout.marks]
    if layout.others:
        parts.append(drawing.draw_others(scale, layout.others, layout.others_line))

    if layout.curves:
        parts.append(drawing.draw_curves(layout.curves, layout.curves_line, CURVE_HEIGHT))
    parts += [drawing.draw_bar(scale, placed.thing, placed.line) for placed in layout.bars]
    parts += [drawing.draw_label(label) for label in layout.labels]
    return _image("plot", name, title, description, round(LINE * layout.lines) + SCALE_HEIGHT, parts)


def history_picture(name: str, title: str, description: str, layout: HistoryLayout) -> str:
    """Ranges over time as bands that step at every moment, with the figures as they came in.

    Parameters
    ----------
    name : str
        Unique within the page; ids are made from it.
    title, description : str
        The text alternative.
    layout : HistoryLayout

    Returns
    -------
    str
        An ``<svg>`` element, escaped and well formed.
    """

    def drawn(height: Height) -> list[str]:
        bands, points = [], []
        for placed in layout.steps:
            bars = placed.step.bars
            steps = [
                drawing.draw_band(layout.scale, bar, placed.left, placed.right, height, whole=bar is bars[0])
                for bar in bars
            ]
            bands.append(f"<g><title>{escape(placed.step.title)}</title>{''.join(steps)}</g>")
            points += [drawing.draw_point(layout.scale, mark, share, height) for mark, share in placed.marks]
        return [*bands, *points]

    return _over_time(name, title, description, layout, drawn)


def timeline_picture(name: str, title: str, description: str, layout: TimelineLayout) -> str:
    """Events over time, an upright range for each.

    Parameters
    ----------
    name : str
        Unique within the page; ids are made from it.
    title, description : str
        The text alternative.
    layout : TimelineLayout

    Returns
    -------
    str
        An ``<svg>`` element, escaped and well formed.
    """

    def drawn(height: Height) -> list[str]:
        return [drawing.draw_upright_range(event.bar, share, height, event.title) for event, share in layout.events]

    return _over_time(name, title, description, layout, drawn)


def _over_time(
    name: str,
    title: str,
    description: str,
    layout: HistoryLayout | TimelineLayout,
    drawn: Callable[[Height], Sequence[str]],
) -> str:
    """What is drawn on an upright scale of counts, with the scale left of it and dates below."""
    tall = LINE * layout.lines
    bottom = _HISTORY_TOP + tall

    def height(count: float) -> float:
        return bottom - tall * layout.scale.share(count)

    gutter = _TEXT * max(ems(tick.label) for tick in layout.ticks) + 10
    what = f'<text class="unit" x="{-gutter:.0f}" y="12">{escape(layout.unit)}</text>'
    parts = [what, *_vertical_scale(layout, height), *_dates(layout, bottom), *drawn(height)]
    return _image("plot history", name, title, description, round(bottom) + _HISTORY_BOTTOM, parts, round(gutter))


def row_picture(scale: Scale, bar: Bar, figures: Sequence[int]) -> str:
    """A range in a row of a table, with the numbers reported below it; the row says the same in numbers.

    Parameters
    ----------
    scale : Scale
        The same for all rows.
    bar : Bar
    figures : sequence of int
    """
    drawn = drawing.draw_bar(scale, bar, ROW_LINE) + drawing.draw_others(scale, figures, FIGURES_LINE)
    return f'<svg class="plot row" aria-hidden="true" width="100%" height="{ROW_HEIGHT}">{drawn}</svg>'


def _image(
    kind: str, name: str, title: str, description: str, height: int, parts: Sequence[str], gutter: int = 0
) -> str:
    """The parts of a picture, the first at the back, in an element with a text alternative."""
    # The numbers of a vertical scale have a width in pixels, the rest of the picture has what remains.
    style = f' style="box-sizing:border-box;padding-left:{gutter}px"' if gutter else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" width="100%" height="{height}"{style} '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-text">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-text">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _vertical_scale(layout: HistoryLayout | TimelineLayout, height: Height) -> list[str]:
    """Rules at the round numbers of a vertical scale, and these numbers left of it."""
    parts = []
    for tick in layout.ticks:
        y = height(tick.value)
        parts.append(f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="unit" x="-8" y="{y + 4:.1f}" text-anchor="end">{tick.label}</text>')
    return parts


def _dates(layout: HistoryLayout | TimelineLayout, bottom: float) -> list[str]:
    """Dates below the bands, each with a rule where its moment begins."""
    parts = []
    for label in layout.dates:
        x = 100 * label.share
        parts.append(drawing.draw_line("grid", x, _HISTORY_TOP, bottom + 4))
        parts.append(f'<text x="{x:.2f}%" y="{bottom + 18:.0f}">{escape(label.text)}</text>')
    return parts
