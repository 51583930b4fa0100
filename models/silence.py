r"""Silence, where it is declared who was watching.

A source ``s`` that watches an event of which ``C`` are counted gives a figure of it with probability ``p_s(C)``,
``logit p_s = a_s + gamma_s log(1 + C)``. A declared source contributes ``p_s(C)`` if it gave one and ``1 - p_s(C)`` if
not; one that is not declared contributes neither.

The law of sizes of a profile is that of *reported* events: it was learned from tables, and nobody is in a table of whom
nobody spoke. So the factor is the probability of who spoke, *given that somebody did*,

.. math:: P(\text{pattern} \mid C, \text{reported}) = \prod_s p_s^{r_s} (1 - p_s)^{1 - r_s} \Big/
          \Big[ 1 - \prod_s (1 - p_s) \Big]

which sums to one over all patterns but that of silence, for every ``C``. Law and divisor together are the law of all
events, ``p(C) / P(any report | C)``, and so an event that nobody reported has the same factor, with all silent. Where
a source that is not declared told of the event, it is in the table without them, and nothing is divided; nor where
the law is said to be that of all events.

``a_s`` and ``gamma_s`` bear on nothing else, so they are averaged over before the counts: a factor is one vector over
cells, the same for all draws of a profile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from estimates.models.grid import Grid
from estimates.models.types import Booleans, Floats, Integers

#: Points by which the average over the parameters of all sources of an event is taken.
POINTS = 512
#: Nodes on each axis of the quadrature that learns a source, and how many standard deviations it reaches.
_NODES, _REACH = 61, 5.0


# One source -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Attention:
    """What is believed of a source's intercept and slope: a normal law of two dimensions.

    Attributes
    ----------
    intercept, slope : float
        Means of ``a`` and ``gamma``.
    intercept_sd, slope_sd, correlation : float
    """

    intercept: float = -3.3
    slope: float = 0.8
    intercept_sd: float = 1.0
    slope_sd: float = 0.3
    correlation: float = 0.0

    def at(self, score: float) -> Attention:
        """The same where the intercept is known to lie so many standard deviations above its mean."""
        return Attention(
            self.intercept + score * self.intercept_sd,
            self.slope + score * self.correlation * self.slope_sd,
            0.0,
            self.slope_sd * float(np.sqrt(1.0 - self.correlation**2)),
        )

    def drawn(self, one: Floats, other: Floats) -> Watching:
        """Intercepts and slopes at two independent standard scores, each of shape (draws,)."""
        rest = np.sqrt(1.0 - self.correlation**2)
        return Watching(
            self.intercept + self.intercept_sd * one,
            self.slope + self.slope_sd * (self.correlation * one + rest * other),
        )


@dataclass(frozen=True, eq=False)
class Watching:
    """How likely a watching source reports, arrays of shape (draws,)."""

    intercept: Floats
    slope: Floats

    def __getitem__(self, draws: slice) -> Watching:
        return Watching(self.intercept[draws], self.slope[draws])


def reporting(watching: Watching, grid: Grid) -> Floats:
    """P(the source reports | C), shape (cells, draws)."""
    return share(watching.intercept, watching.slope, grid.middle[:, None])


def share(intercept: Floats | float, slope: Floats | float, counts: Floats) -> Floats:
    """P(the source reports | C) for intercepts, slopes and counts of shapes that fit together."""
    return np.asarray(1.0 / (1.0 + np.exp(-intercept - slope * np.log1p(counts))))


# Who spoke of an event ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Watcher:
    """A source that was declared to watch an event, and whether it gave a figure of it."""

    source: str
    spoke: bool
    attention: Attention = Attention()


@dataclass(frozen=True, order=True)
class Watch:
    """Who of those declared spoke of an event, and who did not.

    Attributes
    ----------
    bin : int
        The age bin up to which one has listened; the factor is on the count of that bin.
    watchers : tuple of Watcher, sorted
    told_otherwise : bool
        Whether the event is known without the watchers: by a source that is not declared, or because the law of sizes
        is that of all events.
    """

    bin: int
    watchers: tuple[Watcher, ...]
    told_otherwise: bool = False

    @property
    def spoke(self) -> tuple[str, ...]:
        """Who gave a figure."""
        return tuple(each.source for each in self.watchers if each.spoke)

    @property
    def silent(self) -> tuple[str, ...]:
        """Who gave none."""
        return tuple(each.source for each in self.watchers if not each.spoke)

    def without(self, source: str) -> Watch | None:
        """The same as if one source had not been declared; None where no other was.

        An event of which it alone spoke is known all the same.
        """
        left = tuple(each for each in self.watchers if each.source != source)
        return replace(self, watchers=left, told_otherwise=self._told_without(left)) if left else None

    def at(self, score: float) -> Watch:
        """The same where every intercept lies so many standard deviations above its mean."""
        return replace(
            self, watchers=tuple(replace(each, attention=each.attention.at(score)) for each in self.watchers)
        )

    def _told_without(self, left: Sequence[Watcher]) -> bool:
        removed_spoke = len(self.spoke) > sum(each.spoke for each in left)
        return self.told_otherwise or (removed_spoke and not any(each.spoke for each in left))


@lru_cache(maxsize=256)
def factor(watch: Watch, grid: Grid) -> Floats:
    """P(who spoke | C), averaged over the parameters of the sources, shape (cells,)."""
    watching = [each.attention.drawn(*_scores(each.source)) for each in watch.watchers]
    found = likelihood(watching, [each.spoke for each in watch.watchers], grid)
    if not watch.told_otherwise:
        found /= 1.0 - likelihood(watching, [False] * len(watching), grid)
    average = found.mean(axis=1)
    average.setflags(write=False)
    return average


def likelihood(watching: Sequence[Watching], reported: Sequence[bool], grid: Grid) -> Floats:
    """Product over the declared sources of reporting or silence, shape (cells, draws)."""
    result = np.ones((len(grid), len(watching[0].intercept)))
    for source, spoke in zip(watching, reported, strict=True):
        own = reporting(source, grid)
        result *= own if spoke else 1.0 - own
    return result


def probability_of_silence(watch: Watch, counts: Floats) -> Floats:
    """P(no watcher gives a figure | C), shape (counts,), for counts of that shape."""
    silent = np.ones((len(counts), POINTS))
    for each in watch.watchers:
        watching = each.attention.drawn(*_scores(each.source))
        silent *= 1.0 - share(watching.intercept, watching.slope, counts[:, None])
    return np.asarray(silent.mean(axis=1))


@lru_cache(maxsize=256)
def _scores(source: str) -> tuple[Floats, Floats]:
    """Independent standard scores of a source, shape (POINTS,) each: quantiles in two orders that its name decides."""
    key = hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()[:8]
    rng = np.random.default_rng(int.from_bytes(key))
    normal = NormalDist()
    quantiles = np.array([normal.inv_cdf((place + 0.5) / POINTS) for place in range(POINTS)])
    return rng.permutation(quantiles), rng.permutation(quantiles)


# Learning a source ----------------------------------------------------------------------------------------------------


def learned(prior: Attention, tolls: Floats, spoke: Booleans) -> Attention:
    """What is believed of a source that watched events of which others told, by its moments.

    The counts come from what the others said, so they do not depend on whether it spoke, and nothing is selected by it.
    The logistic regression is summed over a grid of both parameters, once to find where the posterior lies and once
    more finely there.

    Parameters
    ----------
    prior : Attention
        Without correlation.
    tolls : array, shape (events, points)
        Counts of each event, equally probable given what the others said.
    spoke : array of bool, shape (events,)
        Whether the source gave a figure of it.
    """
    found = prior
    for _ in range(3):
        around = np.linspace(-_REACH, _REACH, _NODES)
        intercept = found.intercept + found.intercept_sd * around[:, None]
        slope = found.slope + found.slope_sd * around[None, :]

        logs = -0.5 * ((intercept - prior.intercept) / prior.intercept_sd) ** 2
        logs = logs - 0.5 * ((slope - prior.slope) / prior.slope_sd) ** 2
        for counts, did in zip(tolls, spoke, strict=True):
            own = share(intercept[..., None], slope[..., None], counts)
            logs = logs + np.log((own if did else 1.0 - own).mean(axis=-1))
        found = _moments(intercept, slope, np.exp(logs - logs.max()))
    return found


def _moments(intercept: Floats, slope: Floats, weight: Floats) -> Attention:
    """The normal law with the moments of a weighted grid, shapes (nodes, 1), (1, nodes) and (nodes, nodes)."""
    weight = weight / weight.sum()
    middle, steep = float((weight * intercept).sum()), float((weight * slope).sum())
    one, other = intercept - middle, slope - steep
    first, second = float((weight * one**2).sum()), float((weight * other**2).sum())
    together = float((weight * one * other).sum()) / np.sqrt(first * second)
    return Attention(middle, steep, float(np.sqrt(first)), float(np.sqrt(second)), float(together))


# The simulating twin --------------------------------------------------------------------------------------------------


def simulate(rng: np.random.Generator, tolls: Integers, intercept: float, slope: float) -> Integers:
    """1 where a watching source reports an event of the given toll, else 0; both (events,)."""
    odds = np.exp(intercept) * (1.0 + tolls) ** slope
    return np.asarray(rng.binomial(1, odds / (1.0 + odds)))
