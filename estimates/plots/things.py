"""What stands in a picture: figures that were reported, ranges that were estimated, and curves of their probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from estimates.models.types import Floats, Integers
from estimates.plots.scale import Scale
from estimates.plots.widths import ems, fitted

type Shape = Literal["exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"]

#: The density is summed in so many columns.
COLUMNS = 240


@dataclass(frozen=True)
class Mark:
    """One reported figure.

    Attributes
    ----------
    name, reading : str
        Who gave it, which is cut where there is no room, and how it was read, which is not.
    title : str
        The same in full, which the pointer shows.
    shape : str
        What the words say about the number.
    low, high : int
        Ends of the mark; equal for a single number.
    core : tuple of int, optional
        The inner part of a vague word's band.
    at : int, optional
        The number an "about" is about.
    muted : bool
        Whether the figure is shown only and does not count.
    when : str
        When it was given, where that tells figures apart.
    """

    name: str
    reading: str
    title: str
    shape: Shape
    low: int
    high: int
    core: tuple[int, int] | None = None
    at: int | None = None
    muted: bool = False
    when: str = ""

    @property
    def place(self) -> int:
        """Where its sign stands."""
        return self.low if self.at is None else self.at

    @property
    def is_span(self) -> bool:
        """Whether it is drawn from one number to another."""
        return self.shape in ("range", "about", "vague")

    def label(self, room: float) -> str:
        """What stands above it, in so many ems."""
        if not self.name:
            return fitted(self.reading, room)
        rest = f", {self.when}: {self.reading}" if self.when else f": {self.reading}"
        return fitted(fitted(self.name, max(room - ems(rest), 3.0)) + rest, room)


@dataclass(frozen=True)
class Bar:
    """One range: its median and its intervals, from the narrowest to the widest.

    Attributes
    ----------
    label : str
        What stands above or beside it.
    layer : str
        What it is a range of; its colour follows from this.
    median : float
    intervals : tuple of (low, high)
    """

    label: str
    layer: str
    median: float
    intervals: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Curve:
    """A posterior on its grid: ``edges``, shape (cells + 1,), and the cells' ``probability``, shape (cells,)."""

    layer: str
    edges: Integers
    probability: Floats

    @classmethod
    def of(cls, layer: str, mass: pd.DataFrame) -> Curve:
        """The curve of a table as `Estimates.mass` gives it."""
        start, width = mass["count"].to_numpy(), mass["width"].to_numpy()
        return cls(layer, np.append(start, start[-1] + width[-1]), mass["probability"].to_numpy())


def column_edges(scale: Scale) -> Floats:
    """Edges of columns of equal width on a scale, shape (COLUMNS + 1,)."""
    return np.array([scale.value(share) for share in np.linspace(0.0, 1.0, COLUMNS + 1).tolist()])


def density(scale: Scale, curve: Curve) -> Floats:
    """Probability of a posterior in columns of equal width on the scale.

    Parameters
    ----------
    scale : Scale
    curve : Curve

    Returns
    -------
    array of float, shape (COLUMNS,)
        Probability, from the low end of the scale to the high one; what lies outside is left out.
    """
    cumulative = np.concatenate([[0.0], np.cumsum(curve.probability)])

    # A count is drawn from half a unit below it to half a unit above; zero begins at the scale's edge. Within a cell
    # the curve is level on this scale.
    edges = curve.edges - 0.5
    edges[0] = min(scale.low, 0.0)
    places = np.array([scale.forward(edge) for edge in edges.tolist()])
    columns = np.linspace(scale.forward(scale.low), scale.forward(scale.high), COLUMNS + 1)
    return np.asarray(np.diff(np.interp(columns, places, cumulative)))


def ends_shown(marks: Sequence[Mark], *, counted: bool) -> list[int]:
    """Ends of the figures that count as numbers of everybody, or of the others and of lists of names."""
    chosen = [mark for mark in marks if counted is not (mark.muted or mark.shape == "floor")]
    return [count for mark in chosen for count in (mark.low, mark.high)]
