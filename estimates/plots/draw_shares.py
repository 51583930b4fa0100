"""Calibration drawn with Matplotlib: coverage of ranges, and where tolls fell in their predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimates.plots.scale import Scale
from estimates.plots.shares_layout import BAND, SHARE_TICKS, CoverageLayout, TransformLayout
from estimates.plots.style import SMALL, Palette, dress, put_names, put_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHARES = Scale(0.0, 1.0)


def draw_coverage(axes: Axes, layout: CoverageLayout, palette: Palette) -> None:
    """The share of tolls in central ranges by level; on the line, and mostly in the band, where ranges are right."""
    dress(axes, palette, left=True)
    put_scale(axes.xaxis, _SHARES, SHARE_TICKS)
    put_scale(axes.yaxis, _SHARES, SHARE_TICKS)

    axes.fill_between(layout.places, layout.low, layout.high, color=palette.rule, alpha=0.7, linewidth=0.0, gid="band")
    axes.plot([0.0, 1.0], [0.0, 1.0], color=palette.soft, linewidth=0.9, linestyle=(0, (4, 2)), gid="right")
    axes.step(
        layout.levels, layout.shares, where="post", color=palette.layer("documented"), linewidth=1.8, gid="coverage"
    )

    axes.set_ylabel("tolls in it", fontsize=SMALL, color=palette.soft)
    below = f"central range\ngrey: {BAND} of 100 times, if the ranges are right"
    put_names(axes, palette, title=f"Coverage of {layout.events:,} tolls", below=below)


def draw_transforms(axes: Axes, layout: TransformLayout, palette: Palette) -> None:
    """Tolls by tenths of their predicted distributions; flat, and mostly in the band, where predictions are right."""
    dress(axes, palette, left=True)
    put_scale(axes.xaxis, _SHARES, SHARE_TICKS)
    top = 1.1 * max(int(layout.counts.max()), layout.high, 1)

    axes.axhspan(layout.low, layout.high, color=palette.rule, alpha=0.7, linewidth=0.0, gid="band")
    axes.bar(
        layout.edges[:-1], layout.counts, width=0.1, align="edge", facecolor=palette.pale("documented", 0.6),
        edgecolor=palette.page, linewidth=1.0, gid="transforms",
    )  # fmt: skip
    axes.axhline(layout.expected, color=palette.ink, linewidth=0.9, linestyle=(0, (4, 2)), gid="right")

    step = max(1, round(top / 5))
    numbers = range(0, int(top) + 1, step)
    axes.set_yticks(list(numbers), labels=[f"{number:,}" for number in numbers])
    axes.set_ylim(0.0, top)
    axes.set_ylabel("tolls", fontsize=SMALL, color=palette.soft)
    below = f"place in the predicted distribution\ngrey: {BAND} of 100 times, if it is right"
    put_names(axes, palette, title=f"Places of {layout.events:,} tolls", below=below)
