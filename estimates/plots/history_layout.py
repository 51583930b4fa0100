"""Layout of ranges over time: bands that step at every moment, with the figures as they came in.

Moments have equal room whatever time lies between them, so that the first hours of an event can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estimates.plots.event_layout import unit_of
from estimates.plots.room import NARROW, Label, Room, without_overlap
from estimates.plots.scale import Scale, Tick, choose_scale, ticks_up
from estimates.plots.things import Bar, Mark, ends_shown

#: Height of the bands in lines of text.
HISTORY_LINES = 10.5


@dataclass(frozen=True)
class Step:
    """What was known from one moment to the next.

    Attributes
    ----------
    moment : str
        As it was written: a year, a month, a day, or a day and an hour.
    title : str
        What the pointer shows.
    marks : tuple of Mark
        The figures that came in.
    bars : tuple of Bar
        Ranges from then on; all intervals are drawn of the first bar, the narrowest one of every further one.
    """

    moment: str
    title: str
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class PlacedStep:
    """A step between two shares of the picture's length, and its figures with theirs."""

    step: Step
    left: float
    right: float
    marks: tuple[tuple[Mark, float], ...]


@dataclass(frozen=True)
class HistoryLayout:
    """Everything in a picture of ranges over time.

    Attributes
    ----------
    scale : Scale
        Of counts, from the bottom to the top. What lies beyond it is drawn as an arrow at its end.
    ticks : tuple of Tick
    unit : str
    steps : tuple of PlacedStep
    dates : tuple of Label
        Below the bands, each where its moment begins; of dates that would touch one another the first.
    lines : float
        Height of the bands.
    """

    scale: Scale
    ticks: tuple[Tick, ...]
    unit: str
    steps: tuple[PlacedStep, ...]
    dates: tuple[Label, ...]
    lines: float


def history_layout(steps: Sequence[Step], *, unit: str, room: Room = NARROW) -> HistoryLayout:
    """Place ranges over time.

    Parameters
    ----------
    steps : sequence of Step
        In the order of time. The scale holds their narrowest intervals, and of wider ones and of figures what does not
        squeeze these.
    unit : str
    room : Room
        Without a number of lines the bands are :data:`HISTORY_LINES` high.
    """
    marks = [mark for step in steps for mark in step.marks]
    core = [round(end) for step in steps for bar in step.bars for end in bar.intervals[0]]
    wide = [round(end) for step in steps for end in step.bars[0].intervals[-1]]
    scale = choose_scale(core, ends_shown(marks, counted=True), [*ends_shown(marks, counted=False), *wide])
    lines = min(room.lines, HISTORY_LINES)

    return HistoryLayout(
        scale=scale,
        ticks=ticks_up(scale, lines),
        unit=unit_of(unit, scale),
        steps=tuple(_placed(step, number, len(steps)) for number, step in enumerate(steps)),
        dates=_dates([step.moment for step in steps], lines + 0.8, room),
        lines=lines,
    )


def _placed(step: Step, number: int, count: int) -> PlacedStep:
    places = [(number + place / (len(step.marks) + 1)) / count for place in range(1, len(step.marks) + 1)]
    return PlacedStep(step, number / count, (number + 1) / count, tuple(zip(step.marks, places, strict=True)))


def _dates(moments: Sequence[str], line: float, room: Room) -> tuple[Label, ...]:
    """Dates that have room; of moments of one day the first gives the day, the others their hour."""
    shown: tuple[Label, ...] = ()
    for number, moment in enumerate(moments):
        day, _, hour = moment.partition("T")
        is_new = all(label.text != day for label in shown)
        text = day if is_new else hour[:5]
        if text:
            shown = without_overlap([*shown, Label(text, "date", number / len(moments), line)], room.width)
    return shown
