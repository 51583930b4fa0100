"""Many ranges below one another drawn with Matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from estimates.plots.draw_event import bar_size, draw_beyond, draw_labels, draw_median, draw_rules
from estimates.plots.rows_layout import PlacedRow, RowsLayout
from estimates.plots.scale import Scale
from estimates.plots.style import TEXT, Palette, dress, put_key, put_names, put_scale
from estimates.plots.things import Bar
from estimates.text import plural

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

#: Height of a bar in lines.
_THICK = 0.42
#: Layers that are drawn as an outline, since what they say is not claimed.
_HATCHED = ("independent",)


def draw_rows(
    axes: Axes, layout: RowsLayout, palette: Palette, *, title: str, what: str, key: Sequence[tuple[str, str]]
) -> None:
    """Everything in a picture of many ranges; values along the axis are those of the ranges.

    Parameters
    ----------
    axes : Axes
    layout : RowsLayout
    palette : Palette
    title : str
    what : str
        What a row is, where some have no room.
    key : sequence of (str, str)
        Layers, or "figure", "floor" and "reference", and what they mean.
    """
    dress(axes, palette)
    put_scale(axes.xaxis, layout.scale, layout.ticks)
    axes.set_ylim(layout.lines, 0.0)
    _put_labels(axes, layout, palette)

    draw_rules(axes, layout.rules, palette)
    size = bar_size(axes, layout.lines)
    for placed in layout.rows:
        for bar, line in zip(placed.row.bars, placed.bar_lines, strict=True):
            _draw_bar(axes, layout.scale, bar, line, palette, size)
        _draw_figures(axes, layout.scale, placed, palette)
    more = f"\nnot shown for lack of room: {plural(layout.omitted, what)}" if layout.omitted else ""
    put_names(axes, palette, title=title, below=layout.unit + more, beside=layout.beside)
    put_key(axes, palette, [(_handle(name, palette), meaning) for name, meaning in key])


def _put_labels(axes: Axes, layout: RowsLayout, palette: Palette) -> None:
    if not layout.beside:
        axes.set_yticks([])
        draw_labels(axes, layout.labels, palette)
        return
    axes.set_yticks(
        [label.line for label in layout.labels], labels=[label.text for label in layout.labels], fontsize=TEXT,
        parse_math=False,
    )  # fmt: skip
    axes.tick_params(axis="y", length=0.0, pad=4.0)


def _draw_bar(axes: Axes, scale: Scale, bar: Bar, line: float, palette: Palette, size: float) -> None:
    """A range: a line for its widest interval, a bar for the narrower one, and its median."""
    colour, hatched = palette.layer(bar.layer), bar.layer in _HATCHED
    *inner, widest = bar.intervals
    axes.plot(widest, [line, line], color=colour, linewidth=1.5 if inner else 2.4, zorder=1.8, gid=f"{bar.layer} line")
    for low, high in inner:
        axes.barh(
            line, high - low, left=low, height=size * _THICK, facecolor=palette.page if hatched else colour,
            edgecolor=colour, linewidth=0.6, zorder=2, hatch="////" if hatched else None, gid=bar.layer,
        )  # fmt: skip

    if inner:
        draw_median(axes, bar.median, line, size * (_THICK / 2 + 0.04), palette)
    else:
        face = palette.page if bar.layer == "prior" else colour
        look: dict[str, Any] = {
            "color": colour,
            "markerfacecolor": face,
            "clip_on": False,
            "zorder": 3,
            "gid": "median",
        }
        axes.plot([bar.median], [line], "o", markersize=5.0, **look)
    draw_beyond(axes, scale, widest, line, colour)


def _draw_figures(axes: Axes, scale: Scale, placed: PlacedRow, palette: Palette) -> None:
    """Numbers reported as dots above a row, and the floor as a stroke."""
    line = placed.figures_line
    shown = [figure for figure in placed.row.figures if not scale.beyond(figure)]
    if shown:
        axes.plot(
            shown, [line] * len(shown), "o", color=palette.ink, markersize=3.2, clip_on=False, zorder=3, gid="figure"
        )
    for side in sorted({scale.beyond(figure) for figure in placed.row.figures} - {0}):
        draw_beyond(axes, scale, (scale.low - 1 if side < 0 else scale.high + 1,) * 2, line, palette.ink)

    floor = placed.row.floor
    if floor is not None and not scale.beyond(floor):
        ends = [line - 0.25, max(placed.bar_lines) + 0.25]
        axes.plot([floor] * 2, ends, color=palette.floor, linewidth=1.3, linestyle=(0, (3, 1.5)), zorder=3, gid="floor")


def _handle(name: str, palette: Palette) -> Artist:
    """What stands in the key for a layer or a sign."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    match name:
        case "figure":
            return Line2D([], [], color=palette.ink, linestyle="none", marker="o", markersize=3.2)
        case "floor":
            return Line2D([], [], color=palette.floor, linewidth=1.3, linestyle=(0, (3, 1.5)))
        case "reference":
            return Line2D([], [], color=palette.ink, linewidth=0.9, linestyle=(0, (1, 2)))
        case "source" | "prior":
            face = palette.page if name == "prior" else palette.layer(name)
            return Line2D([], [], color=palette.layer(name), marker="o", markersize=5.0, markerfacecolor=face)
        case "independent":
            return Patch(facecolor=palette.page, edgecolor=palette.layer(name), hatch="////", linewidth=0.6)
        case _:
            return Patch(facecolor=palette.layer(name), linewidth=0.0)
