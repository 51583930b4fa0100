"""Layout of one event: the figures reported, above the ranges estimated from them, on one scale of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estimates.models.types import Floats
from estimates.plots.room import NARROW, Label, Room, Rule, floor_label, floor_rules, grid
from estimates.plots.scale import Scale, Tick, choose_scale, ticks_along
from estimates.plots.things import Bar, Curve, Mark, density, ends_shown
from estimates.plots.widths import fitted
from estimates.text import plural

#: Heights in lines of text: a figure, a range and the curves, each with what stands above it.
MARK_LINES, BAR_LINES, CURVE_LINES = 2.0, 2.2, 3.5
#: Height of the curves themselves, and of the line of the floor's number.
CURVE_HEIGHT, FLOOR_LINES = 3.0, 1.1


@dataclass(frozen=True)
class Placed[Thing]:
    """A thing in a picture, and the middle of what is drawn of it, in lines from the top."""

    thing: Thing
    line: float


@dataclass(frozen=True, eq=False)
class EventLayout:
    """Everything in a picture of one event; values are counts, ``line`` and ``lines`` are in lines of text.

    Attributes
    ----------
    scale : Scale
    ticks : tuple of Tick
    unit : str
        What is counted, and how the scale goes.
    labels : tuple of Label
    marks : tuple of Placed[Mark]
        What lies beyond the scale is drawn as an arrow at its end.
    others : tuple of int, others_line : float
        Numbers on the scale of the figures without a mark of their own.
    curves : tuple of (Curve, array of shape (COLUMNS,))
        With their heights as shares of the largest, in columns along the scale.
    curves_line : float
        Where the curves stand.
    bars : tuple of Placed[Bar]
    rules : tuple of Rule
        Of the grid and the floor, broken where a label stands.
    lines : float
        Where the scale stands, below everything.
    """

    scale: Scale
    ticks: tuple[Tick, ...]
    unit: str
    labels: tuple[Label, ...]
    marks: tuple[Placed[Mark], ...]
    others: tuple[int, ...]
    others_line: float
    curves: tuple[tuple[Curve, Floats], ...]
    curves_line: float
    bars: tuple[Placed[Bar], ...]
    rules: tuple[Rule, ...]
    lines: float


def event_layout(
    marks: Sequence[Mark],
    bars: Sequence[Bar],
    curves: Sequence[Curve] = (),
    floor: int | None = None,
    others: Sequence[Mark] = (),
    *,
    unit: str,
    room: Room = NARROW,
) -> EventLayout:
    """Place what was reported and estimated of one outcome of one event.

    Parameters
    ----------
    marks : sequence of Mark
        Drawn one below the other.
    bars : sequence of Bar
        Their widest intervals are on the scale.
    curves : sequence of Curve
        Posterior densities, so that a second mode is never hidden.
    floor : int, optional
        The number verified. It does not stretch the scale.
    others : sequence of Mark
        Further figures, of which the numbers alone are drawn, in one line.
    unit : str
        What is counted.
    room : Room

    Returns
    -------
    EventLayout
    """
    core = [round(end) for bar in bars for end in bar.intervals[-1]]
    figures = [*marks, *others]
    aside = [*ends_shown(figures, counted=False), *([] if floor is None else [floor])]
    scale = choose_scale(core, ends_shown(figures, counted=True), aside)
    rows = _Rows()

    if floor is not None:
        rows.labels.append(floor_label(floor, scale, room))
        rows.line += FLOOR_LINES
    placed = [Placed(mark, rows.add(mark.label(room.width), _kind(mark), MARK_LINES)) for mark in marks]
    others_line = 0.0
    if others:
        others_line = rows.add(plural(len(others), "other reading"), "muted", MARK_LINES)
    curves_line = rows.skip(CURVE_LINES) if curves else 0.0
    ranges = [Placed(bar, rows.add(fitted(bar.label, room.width), bar.layer, BAR_LINES)) for bar in bars]

    ticks = ticks_along(scale, room.width)
    return EventLayout(
        scale=scale,
        ticks=ticks,
        unit=unit_of(unit, scale),
        labels=tuple(rows.labels),
        marks=tuple(placed),
        others=tuple(sorted({mark.place for mark in others if not scale.beyond(mark.place)})),
        others_line=others_line,
        curves=_heights(scale, curves),
        curves_line=curves_line,
        bars=tuple(ranges),
        rules=(*grid(ticks, rows.line, rows.labels), *floor_rules(floor, scale, rows.line, rows.labels)),
        lines=rows.line,
    )


def unit_of(unit: str, scale: Scale) -> str:
    """What is counted, with a word on a scale that is not linear."""
    return f"{unit}, logarithmic scale" if scale.is_logarithmic else unit


class _Rows:
    """Rows below one another, with their labels, while a picture is laid out."""

    def __init__(self) -> None:
        self.line = 0.0
        self.labels: list[Label] = []

    def add(self, text: str, kind: str, lines: float) -> float:
        """A row below its label: the middle of what is drawn in it."""
        self.labels.append(Label(text, kind, 0.0, self.line + 0.5))
        self.line += lines
        return self.line - (lines - 1.0) / 2 - 0.08

    def skip(self, lines: float) -> float:
        """A row without a label: its foot, a little above the next row."""
        self.line += lines
        return self.line - 0.2


def _kind(mark: Mark) -> str:
    return "muted" if mark.muted else "mark"


def _heights(scale: Scale, curves: Sequence[Curve]) -> tuple[tuple[Curve, Floats], ...]:
    """Densities as shares of the largest."""
    heights = [density(scale, curve) for curve in curves]
    top = max((float(height.max()) for height in heights), default=0.0) or 1.0
    return tuple((curve, height / top) for curve, height in zip(curves, heights, strict=True))
