"""What bears on the count of one age bin without being a figure of it: given by points, straight lines between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.models.grid import Grid
from estimates.models.types import Floats

#: Above a number of people killed or injured, the probability of as many killed falls with this power of the ratio,
#: down to the share of such numbers that are far off.
CAP_POWER, FAR_OFF = 6.0, 0.1


@dataclass(frozen=True, order=True)
class Bearing:
    """A factor on the count of one bin.

    Attributes
    ----------
    bin : int
    what : str
        What it is, for readers.
    counts, logs : tuple of float
        Counts in rising order, and the logarithm of the factor at each; constant beyond the first and the last.
    """

    bin: int
    what: str
    counts: tuple[float, ...]
    logs: tuple[float, ...]

    def factor(self, grid: Grid) -> Floats:
        """The factor of every cell, shape (cells,): lines between the points on the scale of ``log(1 + count)``."""
        places = np.log1p(np.array(self.counts))
        return np.asarray(np.exp(np.interp(np.log1p(grid.middle), places, np.array(self.logs))))


def soft_cap(bin_index: int, number: int) -> Bearing:
    """What a number of people killed or injured says of the killed of its bin: hardly more than all of them.

    One up to the number, and the smaller the farther a count lies above; it says nothing else of the killed.
    """
    last = (number + 1.0) * FAR_OFF ** (-1.0 / CAP_POWER) - 1.0
    counts = np.expm1(np.linspace(np.log1p(number), np.log1p(last), 6))
    logs = -CAP_POWER * (np.log1p(counts) - np.log1p(number))
    return Bearing(bin_index, f"{number:,} killed or injured", tuple(counts.tolist()), tuple(logs.tolist()))
