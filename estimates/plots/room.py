"""Where there is room in a picture: labels that touch nothing, and rules that are broken where a label stands.

Along the picture places are shares of the scale's length, from its low to its high end; from the top down they are in
lines of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from estimates.plots.scale import Scale, Tick
from estimates.plots.widths import ems

type Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Room:
    """How much a picture holds.

    Attributes
    ----------
    width : float
        Length of the scale in ems; a picture may turn out wider.
    lines : float
        Height in lines of text; by default as many as needed.
    """

    width: float
    lines: float = float("inf")


#: No part of a broken rule is shorter, in lines.
_SHORTEST = 0.3
#: A page on a phone, 380 pixels wide.
NARROW = Room(24.5)


@dataclass(frozen=True)
class Label:
    """A text in a picture.

    Attributes
    ----------
    text : str
    kind : str
        What it is a label of.
    share : float
        Where it begins, ends, or has its middle.
    line : float
        Its middle from the top, in lines.
    anchor : {"start", "middle", "end"}
    """

    text: str
    kind: str
    share: float
    line: float
    anchor: Anchor = "start"

    def extent(self, width: float) -> tuple[float, float]:
        """Its left and right end as shares of a scale of so many ems."""
        long = ems(self.text) / width
        left = self.share - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * long
        return left, left + long


@dataclass(frozen=True)
class Rule:
    """A line down the picture at one value, from ``top`` to ``bottom`` in lines."""

    kind: str
    value: float
    top: float
    bottom: float


def rules(kind: str, value: float, top: float, bottom: float, labels: Iterable[Label]) -> list[Rule]:
    """The parts of a line down the picture between the lines of text, whether it would cross their labels or not.

    All lines of a picture are broken alike, however wide the picture and its letters turn out.

    Parameters
    ----------
    kind : str
    value : float
        Where it stands.
    top, bottom : float
    labels : iterable of Label
    """
    parts, start = [], top
    for line in sorted({label.line for label in labels}):
        if line - 0.5 > start + _SHORTEST:
            parts.append(Rule(kind, value, start, min(line - 0.5, bottom)))
        start = max(start, line + 0.5)
    return [*parts, Rule(kind, value, start, bottom)] if start < bottom else parts


def floor_label(floor: int, scale: Scale, room: Room) -> Label:
    """The number verified, in the first line, beside where it stands or with an arrow to where it would."""
    share, beyond = scale.share(floor), scale.beyond(floor)
    text = {-1: f"← floor {floor:,}", 0: f"floor {floor:,}", 1: f"floor {floor:,} →"}[beyond]
    gap = 0.4 / room.width if not beyond else 0.0
    is_left = share < 0.65
    return Label(text, "floor", share + (gap if is_left else -gap), 0.5, "start" if is_left else "end")


def floor_rules(floor: int | None, scale: Scale, bottom: float, labels: Iterable[Label]) -> list[Rule]:
    """The line at the number verified, down from beside its label; none where that is not on the scale."""
    if floor is None or scale.beyond(floor):
        return []
    return rules("floor", floor, 0.1, bottom, (label for label in labels if label.kind != "floor"))


def grid(ticks: Iterable[Tick], bottom: float, labels: Sequence[Label]) -> list[Rule]:
    """Rules up from the numbers of a scale, broken where a label stands."""
    return [part for tick in ticks for part in rules("grid", tick.value, 0.0, bottom, labels)]


def without_overlap(labels: Sequence[Label], width: float, apart: float = 0.6) -> tuple[Label, ...]:
    """Those labels, the first ones first, that touch neither one another nor the ends of a scale of ``width`` ems."""
    shown: list[Label] = []
    for label in labels:
        left, right = label.extent(width)
        gap = apart / width
        free = all(
            abs(label.line - other.line) >= 1.0 or right + gap <= ends[0] or left >= ends[1] + gap
            for other in shown
            for ends in [other.extent(width)]
        )
        if free and left >= -gap and right <= 1.0 + gap:
            shown.append(label)
    return tuple(shown)
