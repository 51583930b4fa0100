"""Ranges over time and posteriors drawn with Matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from estimates.plots.draw_event import TOWARDS, draw_arrow, draw_labels, draw_rules
from estimates.plots.history_layout import HistoryLayout, PlacedStep
from estimates.plots.posterior_layout import CURVE_LINES, PosteriorLayout
from estimates.plots.scale import Scale
from estimates.plots.style import SMALL, Palette, dress, put_key, put_names, put_scale
from estimates.plots.things import Mark
from estimates.plots.timeline_layout import TimelineLayout
from estimates.vocabulary import ONLY_LAYER

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

#: Shares of a layer's colour in its 95% and its 80% range.
_WIDE, _LIKELY = 0.16, 0.4


# Over time ------------------------------------------------------------------------------------------------------------


def draw_history(axes: Axes, layout: HistoryLayout, palette: Palette, title: str) -> None:
    """Bands that step at every moment; values up the axis are counts, those along it shares of the moments."""
    dress(axes, palette, left=True)
    put_scale(axes.yaxis, layout.scale, layout.ticks)
    axes.set_xlim(0.0, 1.0)
    for tick in layout.ticks:
        axes.axhline(tick.value, color=palette.rule, linewidth=0.7, zorder=0.5, gid="grid")

    for placed in layout.steps:
        _draw_step(axes, layout.scale, placed, palette)
        for mark, share in placed.marks:
            _draw_point(axes, layout.scale, mark, share, palette)
    axes.set_xticks(
        [label.share for label in layout.dates], labels=[label.text for label in layout.dates], ha="left",
        parse_math=False,
    )  # fmt: skip
    axes.set_ylabel(layout.unit, fontsize=SMALL, color=palette.soft, parse_math=False)
    put_names(axes, palette, title=title)
    _put_history_key(axes, palette, has_layers=any(placed.step.bars[1:] for placed in layout.steps))


def _draw_step(axes: Axes, scale: Scale, placed: PlacedStep, palette: Palette) -> None:
    whole, *others = placed.step.bars
    shades = [palette.pale(whole.layer, _LIKELY), palette.pale(whole.layer, _WIDE)]
    for (low, high), shade in reversed(list(zip(whole.intervals, shades, strict=False))):
        _draw_box(axes, placed, low, high, facecolor=shade, linewidth=0.0, gid=whole.layer)
    for bar in others:
        look: dict[str, Any] = {"facecolor": "none", "edgecolor": palette.layer(bar.layer), "linestyle": (0, (3, 2))}
        _draw_box(axes, placed, *bar.intervals[0], linewidth=1.1, zorder=2.2, gid=bar.layer, **look)

    for bar in placed.step.bars:
        style = "-" if bar is whole else (0, (3, 2))
        axes.plot(
            [placed.left, placed.right], [bar.median] * 2, color=palette.layer(bar.layer), linewidth=1.6,
            linestyle=style, zorder=2.4, gid=f"median {bar.layer}",
        )  # fmt: skip
    if scale.beyond(whole.intervals[-1][1]):
        middle = (placed.left + placed.right) / 2
        axes.plot([middle], [scale.high], "^", color=palette.layer(whole.layer), clip_on=False, gid="beyond")


def _draw_box(axes: Axes, placed: PlacedStep, low: float, high: float, **look: Any) -> None:
    axes.bar(placed.left, high - low, bottom=low, width=placed.right - placed.left, align="edge", **look)


def _draw_point(axes: Axes, scale: Scale, mark: Mark, share: float, palette: Palette) -> None:
    """A figure as it came in; open-ended ones point to where the number may lie."""
    colour = palette.soft if mark.muted else palette.ink
    look: dict[str, Any] = {"color": colour, "clip_on": False, "zorder": 3}
    beyond = scale.beyond(mark.place)
    if beyond:
        end, sign = (scale.low, "v") if beyond < 0 else (scale.high, "^")
        axes.plot([share], [end], sign, gid="beyond", **look)
        return
    if mark.is_span:
        axes.plot([share] * 2, [mark.low, mark.high], linewidth=1.6, gid="span", **look)
        return

    sign, face = ("D", palette.page) if mark.shape == "none" else ("o", colour)
    axes.plot([share], [mark.low], sign, markersize=5.0, markerfacecolor=face, gid="figure", **look)
    if towards := TOWARDS.get(mark.shape, 0):
        draw_arrow(axes, (share, mark.low), (0.0, towards * 15.0), colour)


def _put_history_key(axes: Axes, palette: Palette, *, has_layers: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    end, now = palette.layer("documented"), palette.layer("by_now")
    handles: list[tuple[Artist, str]] = [
        (Line2D([], [], color=end, linewidth=1.6), "documented in the end" if has_layers else ONLY_LAYER),
        (Patch(facecolor=palette.pale("documented", _LIKELY), linewidth=0.0), "80%"),
        (Patch(facecolor=palette.pale("documented", _WIDE), linewidth=0.0), "95%"),
        (Line2D([], [], color=palette.ink, linestyle="none", marker="o", markersize=5.0), "reported"),
    ]
    if has_layers:
        by_then = Line2D([], [], color=now, linewidth=1.4, linestyle=(0, (3, 2)))
        handles.insert(3, (by_then, "by then, 80%"))
    put_key(axes, palette, handles)


def draw_timeline(axes: Axes, layout: TimelineLayout, palette: Palette, title: str) -> None:
    """An upright range for each event; values up the axis are counts, those along it shares of the time."""
    dress(axes, palette, left=True)
    put_scale(axes.yaxis, layout.scale, layout.ticks)
    axes.set_xlim(0.0, 1.0)
    for tick in layout.ticks:
        axes.axhline(tick.value, color=palette.rule, linewidth=0.7, zorder=0.5, gid="grid")

    for event, share in layout.events:
        colour = palette.layer(event.bar.layer)
        axes.plot([share] * 2, event.bar.intervals[-1], color=colour, linewidth=1.2, alpha=0.6, gid="range")
        axes.plot([share], [event.bar.median], "_", color=palette.ink, markersize=4.0, gid="median")

    axes.set_xticks(
        [label.share for label in layout.dates], labels=[label.text for label in layout.dates], ha="left",
        parse_math=False,
    )  # fmt: skip
    axes.set_ylabel(layout.unit, fontsize=SMALL, color=palette.soft, parse_math=False)
    put_names(axes, palette, title=f"{title}: median and 80% range of each event")


# A posterior ----------------------------------------------------------------------------------------------------------


def draw_posterior(axes: Axes, layout: PosteriorLayout, layer: str, palette: Palette, title: str) -> None:
    """Probability along a scale of counts; down the axis are lines of text."""
    dress(axes, palette)
    put_scale(axes.xaxis, layout.scale, layout.ticks)
    axes.set_ylim(layout.lines + (1.0 if layout.figures else 0.0), 0.0)
    axes.set_yticks([])

    tops = layout.lines - CURVE_LINES * layout.heights
    for band, share in zip(layout.bands, (_WIDE, _LIKELY), strict=True):
        inside = (layout.edges[1:] > band.low - 0.5) & (layout.edges[:-1] < band.high + 0.5)
        shaded = np.where(inside, tops, layout.lines)
        colour = palette.pale(layer, share)
        axes.stairs(shaded, layout.edges, baseline=layout.lines, fill=True, color=colour, gid=f"{band.level}%")
    axes.stairs(tops, layout.edges, baseline=None, color=palette.layer(layer), linewidth=1.1, gid="curve")

    draw_rules(axes, layout.rules, palette)
    at_median = layout.lines - CURVE_LINES * float(np.interp(layout.median, layout.edges[1:], layout.heights))
    axes.plot([layout.median] * 2, [layout.lines, at_median], color=palette.ink, linewidth=1.5, gid="median")
    for mode in layout.modes:
        top = layout.lines - CURVE_LINES * mode.height
        axes.plot([mode.count], [top], "v", color=palette.ink, markersize=3.5, gid="mode")
    if layout.figures:
        lines = [layout.lines + 0.5] * len(layout.figures)
        axes.plot(layout.figures, lines, "|", color=palette.ink, markersize=8.0, markeredgewidth=1.4, gid="figure")
    draw_labels(axes, layout.labels, palette)
    put_names(axes, palette, title=title, below=layout.unit)
    _put_posterior_key(axes, layout, layer, palette)


def _put_posterior_key(axes: Axes, layout: PosteriorLayout, layer: str, palette: Palette) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    wide, likely = layout.bands
    handles: list[tuple[Artist, str]] = [
        (Line2D([], [], color=palette.ink, linewidth=1.5), f"median {layout.median:,}"),
        (Patch(facecolor=palette.pale(layer, _LIKELY), linewidth=0.0), f"80%: {likely.low:,} to {likely.high:,}"),
        (Patch(facecolor=palette.pale(layer, _WIDE), linewidth=0.0), f"95%: {wide.low:,} to {wide.high:,}"),
        (Line2D([], [], color=palette.ink, linestyle="none", marker="v", markersize=3.5), "mode"),
    ]
    if layout.figures:
        sign = Line2D([], [], color=palette.ink, linestyle="none", marker="|", markersize=8.0, markeredgewidth=1.4)
        handles.append((sign, "reported"))
    put_key(axes, palette, handles)
