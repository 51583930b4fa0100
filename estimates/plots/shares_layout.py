"""Layout of calibration: how often ranges held what they promised, and where tolls fell in their predictions."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np

from estimates.models.types import Floats, Integers
from estimates.plots.scale import Tick

#: Of forecasts that are right the share lies in the band this often, in per cent, at each level for itself.
BAND = 95
#: Levels at which the band is worked out, and columns of the histogram.
_PLACES, BINS = 101, 10
SHARE_TICKS = tuple(Tick(share, f"{100 * share:.0f}%") for share in (0.0, 0.25, 0.5, 0.75, 1.0))


@dataclass(frozen=True, eq=False)
class CoverageLayout:
    """Shares of tolls in central ranges of every level.

    Attributes
    ----------
    levels, shares : arrays, shape (events + 2,)
        A curve in steps: from each level on the share of tolls in the central range.
    places, low, high : arrays, shape (places,)
        Where the shares lie if ranges are right, for so many events.
    events : int
    """

    levels: Floats
    shares: Floats
    places: Floats
    low: Floats
    high: Floats
    events: int


@dataclass(frozen=True, eq=False)
class TransformLayout:
    """How many tolls fell in each tenth of their predicted distributions.

    Attributes
    ----------
    edges : array, shape (BINS + 1,)
    counts : array of int, shape (BINS,)
    expected : float
        In each, if the predictions are right; between ``low`` and ``high`` then in 95 of 100 cases.
    low, high : int
    events : int
    """

    edges: Floats
    counts: Integers
    expected: float
    low: int
    high: int
    events: int


def coverage_layout(transforms: Floats) -> CoverageLayout:
    """Shares of tolls in central ranges.

    Parameters
    ----------
    transforms : array, shape (events,)
        Place of each toll in its predicted distribution, from 0 to 1.
    """
    levels = np.sort(np.abs(2.0 * transforms - 1.0))
    events = len(levels)
    shares = np.arange(events + 1) / max(events, 1)
    places = np.linspace(0.0, 1.0, _PLACES)
    bounds = np.array([likely_counts(events, place) for place in places.tolist()]) / max(events, 1)

    return CoverageLayout(
        np.concatenate([[0.0], levels, [1.0]]),
        np.append(shares, shares[-1]),
        places,
        bounds[:, 0],
        bounds[:, 1],
        events,
    )


def transform_layout(transforms: Floats) -> TransformLayout:
    """Tolls by tenths of their predicted distributions.

    Parameters
    ----------
    transforms : array, shape (events,)
    """
    edges = np.linspace(0.0, 1.0, BINS + 1)
    counts, _ = np.histogram(transforms, bins=edges)
    events = len(transforms)
    low, high = likely_counts(events, 1.0 / BINS)
    return TransformLayout(edges, counts.astype(np.int64), events / BINS, low, high, events)


def likely_counts(trials: int, chance: float) -> tuple[int, int]:
    """Ends of the central 95% of how often something of a given chance happens in so many trials."""
    if chance <= 0.0 or chance >= 1.0:
        return (0, 0) if chance <= 0.0 else (trials, trials)

    tail = (1.0 - BAND / 100.0) / 2.0
    below, low, high = 0.0, None, trials
    for count in range(trials + 1):
        ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
        below += exp(ways + count * log(chance) + (trials - count) * log(1.0 - chance))
        if low is None and below > tail:
            low = count
        if below >= 1.0 - tail:
            high = count
            break
    return low or 0, high
