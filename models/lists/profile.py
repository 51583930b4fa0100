"""The profile likelihood of how many people there are, under so many classes of people.

For each number of people the likelihood of the whole table is maximised over shares and chances of the classes
(`models/lists/classes.py`). Numbers within two log units of the best are those the lists do not exclude (a 95% range
where the law is regular; Cormack 1992, Biometrics 48, for profile ranges of population sizes). Where the profile stays
within two units up to the largest number tried it has no upper end: a class of people who are hardly ever listed can
then be as large as one likes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from estimates.models.lists.classes import climb, random_points
from estimates.models.types import Floats, Integers

__all__ = ["FALL", "Profile", "profile_of"]

#: Log units below the maximum that end a range.
FALL = 2.0
#: The largest number tried, in those listed.
REACH = 100.0
_POINTS, _ANCHORS, _STARTS, _KEPT, _REFINED = 44, 6, 12, 2, 7
_FIRST_ROUNDS, _ROUNDS = 60, 200


@dataclass(frozen=True)
class Profile:
    """The profile likelihood of the number of people, and what it excludes.

    Attributes
    ----------
    classes : int
        How many classes of people.
    totals : array of int, shape (points,)
        Numbers of people, ascending from those listed.
    fall : array, shape (points,)
        Log likelihood at each of them, less that of the best.
    best : int
        The most likely of them.
    low : int
        The lists exclude fewer.
    high : int or None
        The lists exclude more; None where no number up to the largest tried is excluded.
    """

    classes: int
    totals: Integers
    fall: Floats
    best: int
    low: int
    high: int | None

    def log_factor(self, totals: Floats) -> Floats:
        """Log likelihood of numbers of people relative to the best one.

        Parameters
        ----------
        totals : array, shape (numbers,)

        Returns
        -------
        array, shape (numbers,)
            Minus infinity below those listed; beyond the largest number tried as at that number.
        """
        unlisted = np.asarray(totals, float) - self.totals[0]
        place, places = np.log1p(np.maximum(unlisted, 0.0)), np.log1p(self.totals - self.totals[0])
        return np.asarray(np.where(unlisted < 0.0, -np.inf, np.interp(place, places, self.fall)))


@dataclass
class _Search:
    """Numbers of people with the best point found for each; all arrays have the numbers first."""

    patterns: Floats
    counts: Integers
    classes: int
    totals: Floats
    points: Floats
    likelihoods: Floats

    def tables(self, totals: Floats) -> Floats:
        """The complete table of each number of people, shape (numbers, patterns), no list last."""
        listed = np.tile(self.counts.astype(float), (len(totals), 1))
        return np.concatenate([listed, (totals - self.counts.sum())[:, None]], axis=1)

    def ways(self, totals: Floats) -> Floats:
        """Logarithm of how many ways there are to fill each table."""
        unlisted = totals - self.counts.sum()
        return np.asarray(gammaln(totals + 1.0) - gammaln(unlisted + 1.0) - gammaln(self.counts + 1.0).sum())

    def climb(self, points: Floats, totals: Floats, rounds: int) -> tuple[Floats, Floats]:
        """Climb from points at numbers of people; log likelihoods of the whole table."""
        moved, found = climb(points, self.patterns, self.tables(totals), self.classes, rounds)
        return moved, found + self.ways(totals)

    def improve(self, points: Floats) -> float:
        """Climb from one point for each number; keep what is better, and tell the largest gain."""
        moved, found = self.climb(points, self.totals, _ROUNDS)
        better = found > self.likelihoods
        gain = float(np.max(found - self.likelihoods))
        self.points[better], self.likelihoods[better] = moved[better], found[better]
        return gain

    def add(self, totals: Floats) -> None:
        """Add numbers of people, starting from the points of their neighbours."""
        new = np.setdiff1d(np.round(totals), self.totals)
        if len(new) == 0:
            return

        right = np.clip(np.searchsorted(self.totals, new), 1, len(self.totals) - 1)
        tries = [self.climb(self.points[place], new, _ROUNDS) for place in (right - 1, right)]
        best = np.argmax([found for _, found in tries], axis=0)
        points = np.where((best == 0)[:, None], tries[0][0], tries[1][0])
        found = np.maximum(tries[0][1], tries[1][1])

        order = np.argsort(np.concatenate([self.totals, new]))
        self.totals = np.concatenate([self.totals, new])[order]
        self.points = np.concatenate([self.points, points])[order]
        self.likelihoods = np.concatenate([self.likelihoods, found])[order]


def profile_of(patterns: Integers, counts: Integers, classes: int, seed: int) -> Profile:
    """Profile the number of people.

    Parameters
    ----------
    patterns : array of int, shape (patterns, lists)
        Different patterns of lists, each with some list; patterns that nobody has may be left out.
    counts : array of int, shape (patterns,)
        How many people have each.
    classes : int
        How many classes of people.
    seed : int
        Keys the points that are climbed from.

    Returns
    -------
    Profile
    """
    search = _started(patterns, counts, classes, np.random.default_rng(seed))
    for _ in range(3):
        gains = [search.improve(np.roll(search.points, shift, axis=0)) for shift in (1, -1)]
        if max(gains) < 0.01:
            break

    for _ in range(2):
        best = int(np.argmax(search.likelihoods))
        inside = np.flatnonzero(search.likelihoods >= search.likelihoods[best] - FALL)
        gaps = {int(inside[0]) - 1, int(inside[-1]), best - 1, best}
        between = [
            np.linspace(search.totals[gap], search.totals[gap + 1], _REFINED + 2)[1:-1]
            for gap in gaps
            if 0 <= gap < len(search.totals) - 1
        ]
        search.add(np.concatenate(between))
    return _read(search)


def _started(patterns: Integers, counts: Integers, classes: int, rng: np.random.Generator) -> _Search:
    """Climb from random points at a few numbers, and go on everywhere from the best of them."""
    listed, lists = int(counts.sum()), patterns.shape[1]
    unlisted = np.concatenate([[0.0], np.geomspace(max(1.0, 0.01 * listed), REACH * listed, _POINTS)])
    totals = np.unique(np.round(listed + unlisted))
    cells = np.concatenate([patterns, np.zeros((1, lists))]).astype(float)
    nothing = np.full(len(totals), -np.inf)
    search = _Search(cells, counts, classes, totals, np.zeros((len(totals), classes * (lists + 1))), nothing)

    at = np.geomspace(0.05 * listed, 10.0 * listed, _ANCHORS).round() + listed
    starts = random_points(rng, _STARTS, classes, lists)
    climbed, found = search.climb(np.tile(starts, (_ANCHORS, 1)), np.repeat(at, _STARTS), _FIRST_ROUNDS)

    order = np.argsort(-found.reshape(_ANCHORS, _STARTS), axis=1)[:, :_KEPT] + _STARTS * np.arange(_ANCHORS)[:, None]
    for place in order.ravel():
        search.improve(np.tile(climbed[place], (len(totals), 1)))
    return search


def _read(search: _Search) -> Profile:
    """What the profile excludes: its ends lie between points, and are interpolated."""
    totals, fall = search.totals, search.likelihoods - search.likelihoods.max()
    inside = np.flatnonzero(fall >= -FALL)
    first, last = int(inside[0]), int(inside[-1])

    low, high = totals[first], None
    if first > 0:
        low = np.interp(-FALL, fall[[first - 1, first]], totals[[first - 1, first]])
    if last < len(totals) - 1:
        high = int(np.ceil(np.interp(FALL, -fall[[last, last + 1]], totals[[last, last + 1]])))
    best = int(totals[np.argmax(fall)])
    return Profile(search.classes, totals.astype(np.int64), fall, best, int(np.floor(low)), high)
