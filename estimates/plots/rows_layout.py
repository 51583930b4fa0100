"""Layout of many ranges below one another on one scale: of events, sources, assumptions or totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estimates.plots.room import NARROW, Label, Room, Rule, grid, rules
from estimates.plots.scale import Scale, Tick, ticks_along
from estimates.plots.things import Bar
from estimates.plots.widths import ems, fitted

#: Heights in lines: a label above its row, the reported figures, each bar, and the gap below a row.
LABEL_LINES, FIGURE_LINES, BAR_LINES, GAP_LINES = 1.0, 0.5, 0.55, 0.45
#: Labels beside the rows take no more than this share of a picture's width.
MOST_BESIDE = 0.42


@dataclass(frozen=True)
class Row:
    """One thing with its ranges.

    Attributes
    ----------
    label : str
        Cut where there is no room.
    bars : tuple of Bar
        One below the other.
    figures : tuple of int
        Numbers reported.
    floor : int or None
        The number verified.
    """

    label: str
    bars: tuple[Bar, ...]
    figures: tuple[int, ...] = ()
    floor: int | None = None


@dataclass(frozen=True)
class PlacedRow:
    """A row with the line of its figures, and that of each of its bars; ``middle`` is that of all of them."""

    row: Row
    figures_line: float
    bar_lines: tuple[float, ...]
    middle: float


@dataclass(frozen=True)
class RowsLayout:
    """Everything in a picture of many ranges.

    Attributes
    ----------
    scale : Scale
        What lies beyond it is drawn as an arrow at its end.
    ticks : tuple of Tick
    unit : str
    beside : bool
        Whether labels stand left of the scale, each in the middle of its row, or above the rows.
    labels : tuple of Label
        Those beside end at the share 0.
    label_width : float
        Of the labels beside the scale, in ems.
    rows : tuple of PlacedRow
    omitted : int
        How many rows had no room; the last ones of those given.
    rules : tuple of Rule
        The grid and the references, broken where a label stands.
    lines : float
        Where the scale stands.
    """

    scale: Scale
    ticks: tuple[Tick, ...]
    unit: str
    beside: bool
    labels: tuple[Label, ...]
    label_width: float
    rows: tuple[PlacedRow, ...]
    omitted: int
    rules: tuple[Rule, ...]
    lines: float


def rows_layout(
    rows: Sequence[Row],
    scale: Scale,
    *,
    unit: str,
    references: Sequence[float] = (),
    beside: bool = False,
    room: Room = NARROW,
) -> RowsLayout:
    """Place ranges below one another.

    Parameters
    ----------
    rows : sequence of Row
        As many of the first as the room has lines for are shown.
    scale : Scale
    unit : str
        What is written below the scale.
    references : sequence of float
        Values that all rows are to be held against.
    beside : bool
        Labels stand beside the rows, which makes a picture flat, or above them, which leaves the scale its width.
    room : Room
        Of the whole picture.
    """
    label_width = 0.0
    if beside:
        label_width = min(MOST_BESIDE * room.width, max((ems(row.label) for row in rows), default=0.0))
        room = Room(room.width - label_width, room.lines)
    shown = _that_fit(rows, beside, room.lines)

    line, placed, labels = 0.0, [], []
    for row in shown:
        place = _placed(row, line + (0.0 if beside else LABEL_LINES))
        placed.append(place)
        labels.append(_label(place, line, beside, label_width or room.width))
        line += _height(row, beside)

    ticks = ticks_along(scale, room.width)
    above = [] if beside else labels
    held_against = [part for value in references for part in rules("reference", value, 0.0, line, above)]
    return RowsLayout(
        scale=scale,
        ticks=ticks,
        unit=unit,
        beside=beside,
        labels=tuple(labels),
        label_width=label_width,
        rows=tuple(placed),
        omitted=len(rows) - len(shown),
        rules=(*grid(ticks, line, above), *held_against),
        lines=line,
    )


def _height(row: Row, beside: bool) -> float:
    own = BAR_LINES * len(row.bars) + (FIGURE_LINES if _has_figures(row) else 0.0) + GAP_LINES
    return max(own, 1.0) if beside else own + LABEL_LINES


def _has_figures(row: Row) -> bool:
    return bool(row.figures) or row.floor is not None


def _that_fit(rows: Sequence[Row], beside: bool, lines: float) -> Sequence[Row]:
    used, count = 0.0, 0
    for row in rows:
        used += _height(row, beside)
        if used > lines and count:
            break
        count += 1
    return rows[:count]


def _placed(row: Row, top: float) -> PlacedRow:
    first = top + (FIGURE_LINES if _has_figures(row) else 0.0) + GAP_LINES / 2
    bars = tuple(first + BAR_LINES * (number + 0.5) for number in range(len(row.bars)))
    begins = first - (FIGURE_LINES if _has_figures(row) else 0.0)
    return PlacedRow(row, first - FIGURE_LINES / 2, bars, (begins + first + BAR_LINES * len(row.bars)) / 2)


def _label(placed: PlacedRow, line: float, beside: bool, width: float) -> Label:
    text = fitted(placed.row.label, width)
    if beside:
        return Label(text, "row", 0.0, placed.middle, "end")
    return Label(text, "row", 0.0, line + 0.5)
