"""The tolls for which a claim holds: from its words to a share of every cell of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from estimates.errors import EstimatesError, FigureError
from estimates.models.grid import Grid
from estimates.models.types import Floats
from estimates.models.wording import SILENT_WORDINGS, Words, vague_windows, window
from estimates.wording.figure import Figure, parse_figure

#: What can be put, for error messages.
ADVICE = (
    "write a number, a range or a word about everybody hit, such as '500 killed', 'at least 20', 'fewer than 20', "
    "'18 to 21', 'dozens' or 'none'"
)


@dataclass(frozen=True)
class ClaimedTolls:
    """The tolls for which a claim holds.

    Attributes
    ----------
    words, wording : str
        As given, and which of the forms of figures they are.
    windows : tuple of (int, int or None)
        First and last toll of each window, None where it has no last one. There is one, but for vague words: these have
        eight nested ones, and hold to the degree of the share of windows that a toll lies in.
    """

    words: str
    wording: str
    windows: tuple[tuple[int, int | None], ...]

    @property
    def low(self) -> int:
        """The smallest toll for which it may hold."""
        return min(first for first, _ in self.windows)

    @property
    def high(self) -> int | None:
        """The largest toll for which it may hold; None where there is none."""
        ends = [last for _, last in self.windows if last is not None]
        return max(ends) if len(ends) == len(self.windows) else None

    @property
    def reading(self) -> str:
        """The tolls in words: "500", "500 or more", "19 or fewer", "18 to 21"."""
        low, high = self.low, self.high
        if high is None:
            return f"{low:,} or more"
        if low == high:
            return f"{low:,}"
        if low == 0:
            return f"{high:,} or fewer"

        full = max(first for first, _ in self.windows), min(last for _, last in self.windows if last is not None)
        said = f"{low:,} to {high:,}"
        return said if len(self.windows) == 1 else f"{said}, in full from {full[0]:,} to {full[1]:,}"

    def named_number(self, median: int) -> int:
        """The number that it names: an open claim's only end, else of its tolls the one nearest to the median."""
        if self.high is None:
            return self.low
        return self.high if self.low == 0 else self.nearest(median)

    def nearest(self, toll: int) -> int:
        """Of the tolls for which it may hold the one nearest to another toll."""
        return max(self.low, toll if self.high is None else min(toll, self.high))

    def shares(self, grid: Grid) -> Floats:
        """How much of each cell it holds for, shape (cells,)."""
        found = [at_least(grid, first) - _beyond(grid, last) for first, last in self.windows]
        return np.asarray(np.mean(found, axis=0))


def at_least(grid: Grid, count: int) -> Floats:
    """How much of each cell is ``count`` or more, shape (cells,)."""
    return np.asarray(np.clip((grid.edges[1:] - count) / grid.width, 0.0, 1.0))


def _beyond(grid: Grid, last: int | None) -> Floats:
    """How much of each cell lies beyond the last toll of a window, shape (cells,)."""
    return np.zeros(len(grid)) if last is None else at_least(grid, last + 1)


def claimed_tolls(words: str | int | float, outcome: str) -> ClaimedTolls:
    """Read a claim as `parse_figure` reads a figure, and say for which tolls it holds.

    "At least" and "more than", "at most", "fewer than" and "up to", ranges and plain numbers are taken by the letter.
    "About" and "nearly" hold for the numbers that they can mean where a source says them, a vague word by degrees. A
    number that is said to rise is a lowest one.

    Raises
    ------
    EstimatesError
        If the words cannot be read, tell no number or are about a part of those hit.
    """
    try:
        figure = parse_figure(words, outcome)
    except FigureError as error:
        raise EstimatesError(f"the claim: {_advised(str(error))}") from None

    if figure.wording in SILENT_WORDINGS:
        said = figure.wording.replace("_", " ")
        raise EstimatesError(f"the claim {figure.words!r} says {said} and no number; {ADVICE}")
    if figure.subset:
        raise EstimatesError(
            f"the claim {figure.words!r} is about a part ({figure.group}), and estimates are of everybody; {ADVICE}"
        )
    return ClaimedTolls(figure.words, figure.wording, _windows(figure))


def _advised(message: str) -> str:
    """What the reader of figures says, with advice for a claim where it gives one for the rows of a table."""
    clauses = message.split("; ")
    of_claims = list(takewhile(lambda clause: " row" not in clause, clauses))
    return message if of_claims == clauses else "; ".join([*of_claims, ADVICE])


def _windows(figure: Figure) -> tuple[tuple[int, int | None], ...]:
    low, high = figure.low or 0, figure.high
    match figure.wording:
        case "vague":
            found: list[tuple[int, int | None]] = [*vague_windows(figure.word or "")]
        case "about" | "nearly":
            found = [window(Words(figure.wording, low, high or 0))]
        case "more_than":
            found = [(low + 1, None)]
        case _:
            found = [(low, high)]
    return tuple((first, None if figure.provisional else last) for first, last in found)
