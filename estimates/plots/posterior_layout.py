"""Layout of a posterior: its probability along a scale, its ranges, its modes, and the figures reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from estimates.inference.ranges import range_of_mass
from estimates.models.grid import Grid
from estimates.models.types import Floats
from estimates.plots.event_layout import unit_of
from estimates.plots.room import NARROW, Label, Room, Rule, floor_label, floor_rules, without_overlap
from estimates.plots.scale import Form, Scale, Tick, choose_scale, ticks_along
from estimates.plots.things import Curve, column_edges, density

#: Ranges that are shaded, in per cent, from the widest to the narrowest.
SHADED = (95, 80)
#: A peak is a mode where the curve falls by this share of the peak's height before it rises higher, and where the peak
#: is at least so high beside the highest.
PROMINENCE, LEAST_HEIGHT = 0.12, 0.04
#: Height of the curve in lines, and of what stands above it: modes, and the floor's number.
CURVE_LINES, TOP_LINES = 8.0, 2.2


@dataclass(frozen=True)
class Band:
    """A central range."""

    level: int
    low: int
    high: int


@dataclass(frozen=True)
class Mode:
    """A peak of the curve: its count, and its height as a share of the highest."""

    count: int
    height: float


@dataclass(frozen=True, eq=False)
class PosteriorLayout:
    """Everything in a picture of one posterior.

    Attributes
    ----------
    scale : Scale
    ticks : tuple of Tick
    unit : str
    edges : array of float, shape (COLUMNS + 1,)
        Counts at the edges of columns of equal width on the scale.
    heights : array of float, shape (COLUMNS,)
        Probability of the columns as a share of the largest.
    bands : tuple of Band
        The 95% and the 80% range.
    median : int
    modes : tuple of Mode
        From the smallest count to the largest.
    floor : int or None
    figures : tuple of int
        Numbers reported that lie on the scale.
    labels : tuple of Label
        Of the modes and the floor, as far as there is room.
    rules : tuple of Rule
    lines : float
        Where the scale stands; the curve rises ``CURVE_LINES`` above it.
    """

    scale: Scale
    ticks: tuple[Tick, ...]
    unit: str
    edges: Floats
    heights: Floats
    bands: tuple[Band, ...]
    median: int
    modes: tuple[Mode, ...]
    floor: int | None
    figures: tuple[int, ...]
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    lines: float


def posterior_layout(
    curve: Curve,
    figures: Iterable[int] = (),
    floor: int | None = None,
    *,
    unit: str,
    form: Form | None = None,
    room: Room = NARROW,
) -> PosteriorLayout:
    """Place a posterior with its 80% and 95% ranges.

    Parameters
    ----------
    curve : Curve
    figures : iterable of int
        Numbers reported.
    floor : int, optional
        The number verified.
    unit : str
    form : {"linear", "logarithmic"}, optional
        By default chosen from the 95% range and the figures.
    room : Room
    """
    found = range_of_mass(Grid(curve.edges), curve.probability, SHADED)
    bands = tuple(Band(level, *found.intervals[level]) for level in SHADED)
    figures = sorted(set(figures))
    chosen = choose_scale((bands[0].low, bands[0].high), figures, [] if floor is None else [floor])
    scale = chosen if form is None else Scale(chosen.low, chosen.high, form)

    heights = density(scale, curve)
    heights = heights / (float(heights.max()) or 1.0)
    edges = column_edges(scale)
    modes = modes_of(edges, heights)
    lines = TOP_LINES + CURVE_LINES
    labels = _labels(scale, modes, heights, floor, room)
    ticks = ticks_along(scale, room.width)

    return PosteriorLayout(
        scale=scale,
        ticks=ticks,
        unit=unit_of(unit, scale),
        edges=edges,
        heights=heights,
        bands=bands,
        median=found.median,
        modes=modes,
        floor=floor,
        figures=tuple(figure for figure in figures if not scale.beyond(figure)),
        labels=labels,
        rules=tuple(floor_rules(floor, scale, lines, _near(labels, floor, scale, room))),
        lines=lines,
    )


def modes_of(edges: Floats, heights: Floats) -> tuple[Mode, ...]:
    """Peaks that stand out, from the smallest count to the largest.

    Parameters
    ----------
    edges : array, shape (columns + 1,)
        Counts.
    heights : array, shape (columns,)
        As shares of the largest.
    """
    found = []
    for first, last in _plateaus(heights):
        height = float(heights[first])
        deepest = max(_deepest(heights[:first][::-1], height), _deepest(heights[last + 1 :], height))
        if height >= LEAST_HEIGHT and height - deepest >= PROMINENCE * height:
            found.append(Mode(max(0, round((edges[first] + edges[last + 1]) / 2)), height))
    return tuple(found)


def _plateaus(heights: Floats) -> Iterable[tuple[int, int]]:
    """First and last column of every stretch of equal heights that is higher than what lies beside it."""
    changes = np.flatnonzero(np.abs(np.diff(heights)) > 1e-9)
    firsts = np.concatenate([[0], changes + 1]).tolist()
    lasts = np.concatenate([changes, [len(heights) - 1]]).tolist()

    for first, last in zip(firsts, lasts, strict=True):
        left = heights[first - 1] if first else 0.0
        right = heights[last + 1] if last + 1 < len(heights) else 0.0
        if heights[first] > left and heights[first] > right:
            yield first, last


def _deepest(heights: Floats, height: float) -> float:
    """The lowest height, shape (columns,) in order of distance, before one that is higher; zero at the end."""
    higher = np.flatnonzero(heights > height)
    if len(higher) == 0:
        return 0.0
    return float(heights[: higher[0]].min(initial=height))


def _labels(scale: Scale, modes: Sequence[Mode], heights: Floats, floor: int | None, room: Room) -> tuple[Label, ...]:
    """The floor's number in the first line, and those of modes above the curve beside them, of shape (columns,)."""
    labels = [] if floor is None else [floor_label(floor, scale, room)]
    for mode in sorted(modes, key=lambda mode: -mode.height):
        label = Label(f"{mode.count:,}", "mode", scale.share(mode.count), 0.0, "middle")
        left, right = (round(len(heights) * end) for end in label.extent(room.width))
        top = max(mode.height, float(heights[max(0, left - 1) : right + 1].max(initial=0.0)))
        labels.append(replace(label, line=TOP_LINES + CURVE_LINES * (1.0 - top) - 0.7))
    return without_overlap(labels, room.width)


def _near(labels: Sequence[Label], floor: int | None, scale: Scale, room: Room) -> list[Label]:
    """The labels that a line at the floor would cross."""
    share = 0.0 if floor is None else scale.share(floor)
    extents = ((label, label.extent(room.width)) for label in labels)
    return [label for label, (left, right) in extents if left - 0.3 / room.width <= share <= right + 0.3 / room.width]
