"""One event drawn with Matplotlib: the figures reported, above the ranges estimated from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from estimates.plots.event_layout import CURVE_HEIGHT, EventLayout
from estimates.plots.room import Label, Rule
from estimates.plots.scale import Scale
from estimates.plots.style import LEAST_LINE, LINE, SMALL, TEXT, Palette, dress, put_scale, room_of
from estimates.plots.things import Bar, Mark, column_edges

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Heights of the 50% and the 80% interval, in lines; the widest is a line.
_THICK = (0.78, 0.44)
#: In axes that are higher than needed bars grow by no more than this.
_MOST_SWOLLEN = 1.3
#: Where the number may lie of a figure that leaves one end open.
TOWARDS = {"at_least": 1, "floor": 1, "up_to": -1}
#: Length of an arrow, in points.
_ARROW = 20.0


def draw_event(axes: Axes, layout: EventLayout, palette: Palette) -> None:
    """Everything in a picture of one event; values along the axis are counts, those down it lines of text."""
    scale = layout.scale
    dress(axes, palette)
    put_scale(axes.xaxis, scale, layout.ticks)
    axes.set_ylim(layout.lines, 0.0)
    axes.set_yticks([])

    draw_rules(axes, layout.rules, palette)
    for placed in layout.marks:
        draw_mark(axes, scale, placed.thing, placed.line, palette)
    if layout.others:
        lines = [layout.others_line] * len(layout.others)
        axes.plot(layout.others, lines, "|", color=palette.soft, markersize=9.0, label="other readings")
    _draw_curves(axes, layout, palette)
    size = bar_size(axes, layout.lines)
    for placed_bar in layout.bars:
        draw_bar(axes, scale, placed_bar.thing, placed_bar.line, palette, size)
    draw_labels(axes, layout.labels, palette)


def draw_rules(axes: Axes, rules: Iterable[Rule], palette: Palette) -> None:
    """The grid, and what the picture is to be held against."""
    looks: dict[str, dict[str, Any]] = {
        "grid": {"color": palette.rule, "linewidth": 0.7, "linestyle": "-", "zorder": 0.5},
        "floor": {"color": palette.floor, "linewidth": 1.3, "linestyle": (0, (4, 2)), "zorder": 1.5},
        "reference": {"color": palette.ink, "linewidth": 0.9, "linestyle": (0, (1, 2)), "zorder": 1.2},
    }
    for rule in rules:
        axes.plot([rule.value] * 2, [rule.top, rule.bottom], gid=rule.kind, **looks[rule.kind])


def draw_labels(axes: Axes, labels: Iterable[Label], palette: Palette) -> None:
    """Texts in the picture, as plain text whatever stands in them."""
    colours = {"floor": palette.floor, "muted": palette.soft}
    places = {"start": "left", "middle": "center", "end": "right"}
    for label in labels:
        axes.text(
            label.share, label.line, label.text, transform=axes.get_yaxis_transform(), ha=places[label.anchor],
            va="center", fontsize=TEXT if label.kind != "muted" else SMALL, color=colours.get(label.kind, palette.ink),
            parse_math=False, gid=label.kind, zorder=5,
        )  # fmt: skip


# Reported figures -----------------------------------------------------------------------------------------------------


def draw_mark(axes: Axes, scale: Scale, mark: Mark, line: float, palette: Palette) -> None:
    """A reported figure by what its words say; one beyond the scale is an arrow at its end."""
    colour = palette.soft if mark.muted else palette.ink
    alpha = 0.7 if mark.muted else 1.0
    if mark.shape == "vague":
        for low, high in [(mark.low, mark.high), *([mark.core] if mark.core else [])]:
            axes.barh(line, high - low, left=low, height=0.6, color=colour, alpha=0.22 * alpha, linewidth=0.0)
    elif mark.is_span:
        axes.plot([mark.low, mark.high], [line, line], color=colour, alpha=alpha, linewidth=1.4, gid="span")

    if scale.beyond(mark.place) == 0:
        _draw_sign(axes, mark, line, colour, palette)
    draw_beyond(axes, scale, (mark.low, mark.high), line, colour)


def _draw_sign(axes: Axes, mark: Mark, line: float, colour: str, palette: Palette) -> None:
    """The sign of a wording at its number."""
    look: dict[str, Any] = {"color": colour, "clip_on": False, "linestyle": "none", "zorder": 3, "gid": "figure"}
    match mark.shape:
        case "vague":
            return
        case "range":
            axes.plot([mark.low, mark.high], [line, line], "|", markersize=8.0, markeredgewidth=1.4, **look)
        case "about" | "none":
            sign = "o" if mark.shape == "about" else "D"
            axes.plot([mark.place], [line], sign, markersize=6.0, markerfacecolor=palette.page, **look)
        case _:
            sign = "|" if mark.shape == "floor" else "o"
            axes.plot([mark.low], [line], sign, markersize=7.0 if sign == "o" else 10.0, **look)

    if towards := TOWARDS.get(mark.shape, 0):
        draw_arrow(axes, (mark.low, line), (towards * _ARROW, 0.0), colour, filled=mark.shape == "floor")


def draw_arrow(
    axes: Axes, begin: tuple[float, float], way: tuple[float, float], colour: str, *, filled: bool = False
) -> None:
    """An arrow from a place in the picture, so many points right and up."""
    axes.annotate(
        "", begin, way, textcoords="offset points", annotation_clip=False,
        arrowprops={
            "arrowstyle": "<|-" if filled else "<-", "color": colour, "linewidth": 1.3, "shrinkA": 0.0, "shrinkB": 0.0,
        },
    )  # fmt: skip


def draw_beyond(axes: Axes, scale: Scale, ends: tuple[float, float], line: float, colour: str) -> None:
    """Arrows at the ends of a scale beyond which a mark or a range goes on."""
    for side in sorted({scale.beyond(end) for end in ends} - {0}):
        end, sign = (scale.low, "<") if side < 0 else (scale.high, ">")
        axes.plot([end], [line], sign, color=colour, markersize=6.0, clip_on=False, zorder=4, gid="beyond")


# Estimates ------------------------------------------------------------------------------------------------------------


def draw_bar(axes: Axes, scale: Scale, bar: Bar, line: float, palette: Palette, size: float) -> None:
    """A range: its intervals, the narrowest the thickest and the widest a line, and its median."""
    colour, size = palette.layer(bar.layer), size * (0.65 if bar.layer == "by_now" else 1.0)
    *inner, widest = bar.intervals
    axes.plot(widest, [line, line], color=colour, linewidth=1.7, zorder=1.8, gid=f"{bar.layer} line")
    for (low, high), height, share in zip(inner[::-1], _THICK[::-1], (0.45, 1.0), strict=True):
        shade = palette.pale(bar.layer, share)
        axes.barh(
            line, high - low, left=low, height=size * height, color=shade, edgecolor=shade, linewidth=0.5,
            zorder=2, gid=bar.layer,
        )  # fmt: skip

    draw_median(axes, bar.median, line, size * (_THICK[0] / 2 + 0.1), palette)
    draw_beyond(axes, scale, widest, line, colour)


def draw_median(axes: Axes, median: float, line: float, tall: float, palette: Palette) -> None:
    """A stroke across a bar, set off from it."""
    for shade, width in ((palette.page, 3.6), (palette.ink, 1.5)):
        axes.plot([median] * 2, [line - tall, line + tall], color=shade, linewidth=width, zorder=3, clip_on=False,
                  gid="median")  # fmt: skip


def bar_size(axes: Axes, lines: float) -> float:
    """What bars are to be multiplied with, so that they do not swell in axes that are much higher than needed."""
    return min(1.0, _MOST_SWOLLEN * lines * LEAST_LINE / LINE / room_of(axes).lines)


def _draw_curves(axes: Axes, layout: EventLayout, palette: Palette) -> None:
    """Densities on their foot; the full toll is an outline, so that the documented one shows below it."""
    edges, foot = column_edges(layout.scale), layout.curves_line
    for curve, heights in layout.curves:
        colour, filled = palette.layer(curve.layer), curve.layer != "total"
        tops = foot - CURVE_HEIGHT * heights
        if filled:
            axes.stairs(tops, edges, baseline=foot, fill=True, facecolor=palette.pale(curve.layer, 0.2), linewidth=0.0)
        axes.stairs(
            tops, edges, baseline=None, color=colour, linewidth=0.9, linestyle="-" if filled else (0, (3, 2)),
            gid=f"curve {curve.layer}",
        )  # fmt: skip
