"""The log marginal likelihood of very many events as a quadratic about one place, by differences of its gradients.

So many events tell their parameters closely, and where they do their log likelihood is a quadratic across all that the
posterior leaves open, if each parameter is taken on a scale on which it is not skewed. The differences span the width
of the posterior: what the quadratic then has right is the likelihood's mean curvature where the posterior lies, and not
the one at a point.

Only events in which a source speaks tell of it, and only those of a type of its growth. So differences along their
parameters are taken on these events alone: the curvature of 12,000 events of 48 sources costs 150 gradients of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from estimates.fitting.corpora import Halves
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus, Layout
from estimates.models.growth import STEPS
from estimates.models.parameters import PARAMETERS, SIZE_PARAMETERS, SOURCE_PARAMETERS, STEP_PARAMETERS
from estimates.models.types import Booleans, Floats

#: A width that counts as none: nothing is left open of the parameter.
NO_WIDTH = 1e-9
#: Distance from the ends of its support at which a number that reached them is taken to stand.
FROM_THE_ENDS = 1e-15
#: Logarithm of how much longer or shorter a unit of a scale may become.
FARTHEST = 100.0
#: To lay out an event anew takes as long as its gradient so many times.
LAYING_OUT = 16
#: Parameters that are log-odds already.
LOG_ODDS = frozenset({"exactness", "complete_logit"})
#: Powers of numbers of zero or more that may well be next to zero; others are taken by their logarithms.
POWERS = {"exactness_slope": 0.5}
#: The largest step down on a scale with an end, as a share of the way to it.
TOWARDS_THE_END = 0.8


@dataclass(frozen=True, eq=False)
class Scales:
    """On which scale each parameter of a vector is taken, beginning at a place: zero there, and of slope one.

    Numbers of zero or more are taken by their logarithms and shares by their log-odds ``t``, and these by
    ``(exp(k (t - place)) - 1) / k``. The log likelihood of a share ``p`` that is counted is not skewed with
    ``k = (1 - 2 p) / 3``: the cube root of a rare one.

    Attributes
    ----------
    positive, share : boolean arrays, shape (layout.size,)
        Which are taken by their logarithm, and which by their log-odds.
    power, place : arrays, shape (layout.size,)
        ``k``, zero where there is none, and where the scales begin.
    """

    positive: Booleans
    share: Booleans
    power: Floats
    place: Floats

    @classmethod
    def about(cls, layout: Layout, vector: Floats) -> Scales:
        """The scales about a vector of shape (layout.size,); what is at an end of its support is taken as it is."""
        supports = {parameter.name: parameter.support for parameter in PARAMETERS}
        names = np.repeat(list(layout.lengths), list(layout.lengths.values()))
        support = np.array([supports[name] for name in names])
        positive = (support == "positive") & (vector > 0.0)
        share = (support == "share") & (vector > 0.0) & (vector < 1.0)

        place = _plain(vector, positive, share)
        skewed = -np.tanh(0.5 * place) / 3.0
        power = np.where(share | np.isin(names, list(LOG_ODDS)), skewed, 0.0)
        power = np.where(positive, [POWERS.get(name, 0.0) for name in names], power)
        return cls(positive, share, np.where(np.abs(power) < 0.01, 0.0, power), place)

    def free(self, vector: Floats) -> Floats:
        """On the scales, from a vector; both of shape (layout.size,)."""
        away = _plain(vector, self.positive, self.share) - self.place
        return np.where(self.power == 0.0, away, np.expm1(self._exponent(away)) / self._divisor)

    def vector(self, free: Floats) -> Floats:
        """The vector of what :meth:`free` gives; both of shape (layout.size,)."""
        away = np.where(self.power == 0.0, free, np.log1p(self.power * free) / self._divisor)
        vector = self.place + away
        vector[self.positive] = np.exp(vector[self.positive])
        vector[self.share] = 1.0 / (1.0 + np.exp(-vector[self.share]))
        return vector

    def slope(self, vector: Floats) -> Floats:
        """How fast the vector moves with its place on the scales, shape (layout.size,), at a vector of that shape."""
        slope = np.exp(-self._exponent(_plain(vector, self.positive, self.share) - self.place))
        slope[self.positive] *= np.maximum(vector[self.positive], FROM_THE_ENDS)
        share = np.clip(vector[self.share], FROM_THE_ENDS, 1.0 - FROM_THE_ENDS)
        slope[self.share] *= share * (1.0 - share)
        return slope

    def steps(self, widths: Floats) -> Floats:
        """Steps as long as widths, shape (layout.size,), but for those that would lead past the end of a scale."""
        return np.asarray(np.minimum(widths, TOWARDS_THE_END / np.maximum(np.abs(self.power), FROM_THE_ENDS)))

    def _exponent(self, away: Floats) -> Floats:
        """So that nothing overflows wherever a fit strays."""
        return np.clip(self.power * away, -FARTHEST, FARTHEST)

    @property
    def _divisor(self) -> Floats:
        return np.where(self.power == 0.0, 1.0, self.power)


def _plain(vector: Floats, positive: Booleans, share: Booleans) -> Floats:
    """Logarithms and log-odds, shape (layout.size,)."""
    plain = vector.copy()
    plain[positive] = np.log(np.maximum(vector[positive], FROM_THE_ENDS))
    inside = np.clip(vector[share], FROM_THE_ENDS, 1.0 - FROM_THE_ENDS)
    plain[share] = np.log(inside) - np.log1p(-inside)
    return plain


@dataclass(frozen=True, eq=False)
class Quadratic:
    """A function of the vector that is quadratic on scales that begin at its centre, and nowhere bent upwards.

    Attributes
    ----------
    scales : Scales
    value : float
        At the centre.
    slope : array, shape (layout.size,)
        At the centre, along the scales.
    curvature : array, shape (layout.size, layout.size)
        Minus the second derivatives; no eigenvalue is below zero.
    """

    scales: Scales
    value: float
    slope: Floats
    curvature: Floats

    def evaluate(self, vector: Floats) -> tuple[float, Floats]:
        """Value and gradient by the vector; vector and gradient of shape (layout.size,).

        Where a fit has strayed so far that a number of the vector is not finite, the value is minus infinity.
        """
        if not np.isfinite(vector).all():
            return -np.inf, np.zeros(len(vector))
        away = self.scales.free(vector)
        bent = self.curvature @ away
        value = self.value + float((self.slope - 0.5 * bent) @ away)
        return value, (self.slope - bent) / self.scales.slope(vector)

    def through(self, vector: Floats, value: float, gradient: Floats) -> Quadratic:
        """The same curvature with another value and gradient at a vector; vector and gradient of shape (layout.size,).

        So does a step of a quasi-Newton method follow the likelihood: one gradient is enough where its curvature is
        much the same. What does not move still has no slope.
        """
        away, moving = self.scales.free(vector), self.curvature.any(axis=1)
        bent = self.curvature @ away
        slope = np.where(moving, gradient * self.scales.slope(vector), 0.0) + bent
        return replace(self, value=value - float((slope - 0.5 * bent) @ away), slope=slope)

    def of_more(self, times: float) -> Quadratic:
        """The quadratic of so many times as many events of the same kinds."""
        return replace(self, value=times * self.value, slope=times * self.slope, curvature=times * self.curvature)

    def held_back(self, widths: Floats) -> Quadratic:
        """The same with a normal law about the centre on top; its standard deviations have shape (layout.size,)."""
        wide = np.maximum(widths, NO_WIDTH)
        return replace(self, curvature=self.curvature + np.diag(np.where(widths > NO_WIDTH, wide**-2.0, 0.0)))


def quadratic_of(
    corpus: Corpus | Halves,
    events: Sequence[CorpusEvent],
    layout: Layout,
    vector: Floats,
    widths: Floats,
    cores: int,
) -> Quadratic:
    """The quadratic that stands for a corpus about a vector.

    Parameters
    ----------
    corpus : Corpus or Halves
        Of all the events.
    events : sequence of CorpusEvent
    layout : Layout
    vector : array, shape (layout.size,)
    widths : array, shape (layout.size,)
        How far the differences reach on the scales to either side: the standard deviations of the posterior. Where
        there is no width the parameter is taken not to move.
    cores : int
        Differences taken at a time.
    """
    scales = Scales.about(layout, vector)
    moving, steps = widths > NO_WIDTH, scales.steps(widths)
    value, gradient = corpus.evaluate(vector)

    def columns(coordinates: list[int], bearing: Sequence[CorpusEvent] | None) -> Floats:
        part = corpus if bearing is None else Corpus(bearing, layout)
        return np.array([_column(part, scales, at, float(steps[at])) for at in coordinates])

    # On the whole corpus one after another, since that uses the cores by itself; on its parts side by side.
    *parts, (shared, _) = list(_bearings(events, layout, moving))
    curvature = np.zeros((layout.size, layout.size))
    with ThreadPoolExecutor(cores) as pool:
        for (coordinates, _), found in zip(parts, pool.map(lambda part: columns(*part), parts), strict=True):
            curvature[coordinates] = found
    if shared:
        curvature[shared] = columns(shared, None)

    slope = np.where(moving, gradient * scales.slope(vector), 0.0)
    return Quadratic(scales, value, slope, _bounded(curvature, np.where(moving, widths, 0.0)))


def _column(corpus: Corpus | Halves, scales: Scales, at: int, width: float) -> Floats:
    """Minus the mean change of the slope along one parameter, within a width to either side, shape (layout.size,)."""
    slopes = []
    for step in (width, -width):
        place = np.zeros(len(scales.place))
        place[at] = step
        vector = scales.vector(place)
        slopes.append(corpus.evaluate(vector)[1] * scales.slope(vector))
    return (slopes[1] - slopes[0]) / (2.0 * width)


def _bounded(curvature: Floats, widths: Floats) -> Floats:
    """The nearest curvature without eigenvalues below zero, in units of the widths; zero where there is no width.

    Arrays of shapes (size, size) and (size,).
    """
    inverse = np.divide(1.0, widths, out=np.zeros(len(widths)), where=widths > 0.0)
    scaled = 0.5 * (curvature + curvature.T) * np.outer(widths, widths)
    values, vectors = np.linalg.eigh(scaled)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T * np.outer(inverse, inverse))


def _bearings(
    events: Sequence[CorpusEvent], layout: Layout, moving: Booleans
) -> Iterator[tuple[list[int], list[CorpusEvent] | None]]:
    """Places in the vector of parameters that move, and the events that tell of them; and last the places for all.

    Of what most events tell all are summed: to lay these out apart would take longer.
    """
    ends = np.cumsum([0, *layout.lengths.values()]).tolist()
    begin = dict(zip(layout.lengths, ends[:-1], strict=True))
    heard, sized, grown = (defaultdict[int, list[CorpusEvent]](list) for _ in range(3))
    for event in events:
        for source in set(event.sources):
            heard[source].append(event)
        sized[event.size_law].append(event)
        for law in {law for law, _ in event.growth}:
            grown[law].append(event)

    of_steps = [begin[name] + step for name in STEP_PARAMETERS for step in range(STEPS)]
    kinds = [
        *(([begin[name] + own for name in SOURCE_PARAMETERS], heard[own]) for own in range(layout.sources)),
        *(([begin[name] + own for name in SIZE_PARAMETERS], sized[own]) for own in range(layout.sizes)),
        *(([place + own * STEPS for place in of_steps], grown[own]) for own in range(layout.growths)),
    ]
    apart = set()
    for places, telling in kinds:
        found = [place for place in places if moving[place]]
        if found and len(telling) * (LAYING_OUT + 2 * len(found)) < len(events) * 2 * len(found):
            apart.update(found)
            if telling:
                yield found, telling

    yield [place for place in np.flatnonzero(moving).tolist() if place not in apart], None
