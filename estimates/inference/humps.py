"""Ranges with two humps: most of the probability lies about several tolls, and little between them.

Humps are those of the density of the logarithm of one plus the toll, since a range of tolls is one of factors; cells of
a grid have widths of their own and tolls that were said have spikes, so the density is smoothed first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from estimates.inference.solved import Solved
from estimates.models.grid import Grid
from estimates.models.types import Floats
from estimates.text import count, percent, plural

__all__ = ["Hump", "cases_with_humps", "humps_of", "note_of_many_humps", "notes_of_humps"]

#: Standard deviation of the smoothing, and the distance of the points at which the density is taken.
SMOOTHING, STEP = 0.1, 0.02
#: Between two humps the density falls to this share of the lower one; each holds so much of the range.
VALLEY, LEAST_SHARE = 0.85, 0.1
#: How far apart two humps are, as a factor.
FACTOR = 2.0


@dataclass(frozen=True)
class Hump:
    """A part of a range about one toll.

    Attributes
    ----------
    toll : int
        Where it is highest.
    share : float
        How much of the range it holds.
    """

    toll: int
    share: float


def humps_of(grid: Grid, mass: Floats) -> tuple[Hump, ...]:
    """The humps of a range, from the lowest on; none where it has one only.

    Parameters
    ----------
    grid : Grid
    mass : array, shape (cells,)
        Probability of each cell, spread evenly over the logarithms of its tolls.
    """
    points, density = _density(grid, mass)
    inside = density[1:-1]
    peaks = (1 + np.flatnonzero((inside > density[:-2]) & (inside >= density[2:]))).tolist()
    while len(peaks) > 1:
        valleys = [one + int(np.argmin(density[one:other])) for one, other in pairwise(peaks)]
        shares = [float(part.sum()) * STEP for part in np.split(density, valleys)]
        weakest = _weakest(points, density, peaks, valleys, shares)
        if weakest is None:
            tolls = np.expm1(points[peaks]).round().astype(int).tolist()
            return tuple(Hump(max(0, toll), share) for toll, share in zip(tolls, shares, strict=True))
        del peaks[weakest]
    return ()


def _density(grid: Grid, mass: Floats) -> tuple[Floats, Floats]:
    """Logarithms of one plus the toll, and the smoothed density at each of them; both of shape (points,)."""
    bounds = np.log(grid.edges + 0.5)  # from halfway below a cell's first toll to halfway above its last
    reach = 4.0 * SMOOTHING
    edges = np.arange(bounds[0] - reach, bounds[-1] + reach, STEP)
    cumulative = np.concatenate(([0.0], np.cumsum(mass, dtype=float)))
    density = np.diff(np.interp(edges, bounds, cumulative / cumulative[-1])) / STEP

    offsets = np.arange(-reach, reach + STEP / 2, STEP)
    kernel = np.exp(-0.5 * (offsets / SMOOTHING) ** 2)
    return edges[:-1] + STEP / 2, np.convolve(density, kernel / kernel.sum(), "same")


def _weakest(
    points: Floats, density: Floats, peaks: Sequence[int], valleys: Sequence[int], shares: Sequence[float]
) -> int | None:
    """Which of several peaks is no hump of its own; None where all of them are.

    ``points`` and ``density`` have shape (points,).
    """
    for place, valley in enumerate(valleys):
        one, other = peaks[place], peaks[place + 1]
        is_close = points[other] - points[one] < np.log(FACTOR)
        if is_close or density[valley] > VALLEY * min(density[one], density[other]):
            return place if density[one] < density[other] else place + 1
    least = int(np.argmin(shares))
    return least if shares[least] < LEAST_SHARE else None


# Notes ----------------------------------------------------------------------------------------------------------------


def cases_with_humps(solved: Solved) -> list[int]:
    """Positions of the cases whose range of what is documented in the end has several humps."""
    return [position for position in range(len(solved.cases.cases)) if _humps(solved, position)]


def notes_of_humps(solved: Solved, positions: Sequence[int]) -> Iterator[tuple[int, str]]:
    """A note for each of some cases: where the humps are, and how much of the range each holds."""
    for position in positions:
        humps = _humps(solved, position)
        told = " and ".join(f"{percent(hump.share)} of it about {_rounded(hump.toll)}" for hump in humps)
        yield (
            position,
            f"the range of what is documented in the end has {_number(humps)} humps, {told}, so its median may lie "
            "where few tolls do; see which figures are of this event and outcome, and what each source counts",
        )


def note_of_many_humps(solved: Solved, positions: Sequence[int]) -> str:
    """One note for many cases."""
    names = list(dict.fromkeys(solved.cases.cases[position].event for position in positions))
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return (
        f"{plural(len(positions), 'outcome')} ({shown}) have ranges with two humps or more, whose median "
        "may lie where few tolls do; see which figures are of one event and outcome"
    )


def _humps(solved: Solved, position: int) -> tuple[Hump, ...]:
    if len(solved.cases.cases[position].standing_figures) < 2:
        return ()  # one figure makes one hump
    return humps_of(solved.cases.cases[position].grid, solved.mass(position, "documented"))


def _number(humps: Sequence[Hump]) -> str:
    return {2: "two", 3: "three"}.get(len(humps), str(len(humps)))


def _rounded(toll: int) -> str:
    """A toll to two digits."""
    scale = 10 ** max(0, len(str(toll)) - 2)
    return count(scale * round(toll / scale))
