"""A fast fit of very many events: what is common stands as a quadratic, and the exact sums judge the draws.

A fast fit computes the density some ten thousand times, and every time all events are summed over. Here

1. a normal approximation is fitted to a sample in which every source is heard;
2. about its centre the log likelihood of the common events is replaced by a quadratic (``quadratic``), from differences
   that span the approximation's widths, and the normal approximation fitted anew, in coordinates in which parameters
   that are told together are not correlated (``whitening``); so again until its centre stands. Value and slope are
   those of all events, the curvature that of a part of them, which costs less; where the centre stands, the curvature
   of all takes its place;
3. the draws of a fast fit to that, which costs next to nothing, are weighed by the exact sums and moved on: each move
   goes by the quadratic and is taken or refused by the exact sums, so that moves leave the posterior itself as it is.

The priors stand outside of the quadratic: spreads between sources have their own laws, which nothing here replaces.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from estimates.fitting.corpora import Parted, summed
from estimates.fitting.model import Hierarchy
from estimates.fitting.quadratic import Quadratic, Scales, quadratic_of
from estimates.fitting.variational import Approximation, Density, approximate, judged
from estimates.fitting.whitening import Whitening
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.progress import Progress

#: Common events in the first sample, and in how many of them each source is heard, if it speaks of so many.
SAMPLE, HEARD = 2_000, 100
#: Common events whose curvature leads to the place where that of all is taken.
PART = 10_000
#: Fits to a quadratic at most, and how far the centre may still move in the last of them: in standard deviations, the
#: root mean square over all parameters.
ROUNDS, STANDS = 8, 0.2
#: Draws of the stand-in that the exact sums weigh.
CANDIDATES = 320
#: Draws that tell the widths of a normal approximation on the scales.
WIDTH_DRAWS = 200
#: The first quadratic is held back by a normal law, so many widths of the sample's approximation wide: the posterior of
#: all events lies within that of some of them.
REACH = 3.0


@dataclass(frozen=True, eq=False)
class ManyEvents:
    """Draws of a fast fit of very many events, and how it went.

    Attributes
    ----------
    draws : array, shape (draws, dimensions)
    accepted : float
        Share of the last moves that left their place and were accepted by the exact sums.
    effective_draws, power : float
        Of the weights with which the moves began (see ``models.importance``).
    rounds : int
        Fits to a quadratic.
    settled : bool
        Whether the last one stood.
    sums : int
        How often all events were summed over to judge draws.
    """

    draws: Floats
    accepted: float
    effective_draws: float
    power: float
    rounds: int
    settled: bool
    sums: int


class StandIn:
    """The rare events as they are, and a quadratic for the common ones; it remembers the vector it was asked for last.

    Parameters
    ----------
    whole : Parted
    quadratic : Quadratic, optional
        Without, nothing is said of the common events.
    """

    def __init__(self, whole: Parted, quadratic: Quadratic | None = None) -> None:
        self.patterns, self.idle, self.layout = whole.patterns, whole.idle, whole.layout
        self._parts = [part for part in (whole.rare, quadratic) if part is not None]
        self.vector = np.zeros(whole.layout.size)

    def evaluate(self, vector: Floats) -> tuple[float, Floats]:
        """Log marginal likelihood and its gradient; vector and gradient of shape (layout.size,)."""
        self.vector = vector.copy()
        value, gradient = 0.0, np.zeros(len(vector))
        for part in self._parts:
            of_part, by_part = part.evaluate(vector)
            value, gradient = value + of_part, gradient + by_part
        return value, gradient


@dataclass(frozen=True, eq=False)
class _Settled:
    """The quadratic about the last centre, where that is, after how many fits, and whether it stood."""

    quadratic: Quadratic
    centre: Floats
    rounds: int
    stands: bool


def approximate_many(hierarchy: Hierarchy, seed: int, draws: int, tell: Progress) -> ManyEvents:
    """The fast fit of a hierarchy whose corpus is parted, in three steps: see the module.

    Parameters
    ----------
    hierarchy : Hierarchy
    seed : int
    draws : int
    tell : callable
        Told how many parts of the work are done and how many there are.
    """
    op, whole = hierarchy.corpus_op, hierarchy.corpus_op.corpus
    if not isinstance(whole, Parted):
        raise TypeError("the corpus of this hierarchy is not parted")
    density, rng = hierarchy.density(), generator(seed, "fast fit")
    try:
        op.corpus = Corpus(_sample(whole, rng), whole.layout)
        first = approximate(density, hierarchy.start(), rng, WIDTH_DRAWS, moves=0)
        settled = _settled(hierarchy, whole, density, first, seed, rng, tell)

        op.corpus = stand_in = StandIn(whole, settled.quadratic)
        whitening = Whitening.about(density, settled.centre)
        white = whitening.density(density)
        found = approximate(white, np.zeros(len(settled.centre)), rng, CANDIDATES)

        def log_ratio(coordinates: Floats) -> float:
            white(coordinates)
            return whole.common.total(stand_in.vector) - settled.quadratic.evaluate(stand_in.vector)[0]

        result = judged(
            white,
            log_ratio,
            found.draws,
            rng,
            draws,
            steps=found.steps,
            tell=lambda done, of: tell(of + done, 2 * of),
        )
    finally:
        op.corpus = whole
    weights, moved = result.weights, result.accepted * result.left
    effective = weights.whole_effective_draws
    positions = whitening.positions(result.draws)
    return ManyEvents(positions, moved, effective, weights.power, settled.rounds, settled.stands, result.sums)


def _settled(
    hierarchy: Hierarchy,
    whole: Parted,
    density: Density,
    found: Approximation,
    seed: int,
    rng: np.random.Generator,
    tell: Progress,
) -> _Settled:
    """Quadratics with the curvature of a part of the events until the centre stands, and then with that of all.

    From there on the centre stands or moves so little that the curvature is kept, and only the slope is taken anew.
    """
    op, reader = hierarchy.corpus_op, StandIn(whole)
    part, is_of_all = _Part(whole, rng), False
    drawn = rng.standard_normal((WIDTH_DRAWS, len(found.centre)))
    op.corpus = reader
    quadratic = part.quadratic(*_place(reader, density, found.centre, found.centre + found.width * drawn), True)

    centre = found.centre
    for number in range(1, ROUNDS + 1):
        tell(number, 2 * (ROUNDS + 1))
        op.corpus = StandIn(whole, quadratic)
        whitening = Whitening.about(density, centre)
        # The same random numbers each time, so that the centre does not move by chance.
        start, numbers = np.zeros(len(centre)), generator(seed, "quadratic")
        found = approximate(whitening.density(density), start, numbers, WIDTH_DRAWS, moves=0)
        stands = float(np.sqrt(np.mean((found.centre / found.width) ** 2))) < STANDS
        centre = whitening.positions(found.centre)
        if stands and is_of_all:
            return _Settled(quadratic, centre, number, True)

        op.corpus = reader
        vector, widths = _place(reader, density, centre, whitening.positions(found.centre + found.width * drawn))
        if is_of_all:
            quadratic = quadratic.through(vector, *whole.common.evaluate(vector))
        elif stands:
            quadratic = quadratic_of(whole.common, whole.common_events, whole.layout, vector, widths, whole.cores)
            is_of_all = True
        else:
            quadratic = part.quadratic(vector, widths)
    return _Settled(quadratic, centre, ROUNDS, False)


class _Part:
    """Some of the common events, whose curvature stands for that of all.

    Parameters
    ----------
    whole : Parted
    rng : Generator
    """

    def __init__(self, whole: Parted, rng: np.random.Generator) -> None:
        self._whole, self._events = whole, whole.common_events
        if len(self._events) > PART:
            chosen = sorted(rng.choice(len(self._events), PART, replace=False).tolist())
            self._events = [self._events[index] for index in chosen]
        self._corpus = summed(self._events, whole.layout, whole.cores)

    def quadratic(self, vector: Floats, widths: Floats, is_held_back: bool = False) -> Quadratic:
        """With value and slope of all common events, about a vector; vector and widths have shape (layout.size,)."""
        whole = self._whole
        found = quadratic_of(self._corpus, self._events, whole.layout, vector, widths, whole.cores)
        found = found.of_more(len(whole.common_events) / len(self._events))
        if is_held_back:
            found = found.held_back(REACH * widths)
        return found.through(vector, *whole.common.evaluate(vector))


def _place(reader: StandIn, density: Density, centre: Floats, positions: Floats) -> tuple[Floats, Floats]:
    """The vector at a centre, and how wide positions about it lie on the scales, shape (layout.size,) each.

    The centre has shape (dimensions,), and positions (draws, dimensions).
    """

    def vector_at(position: Floats) -> Floats:
        density(position)
        return reader.vector

    vector = vector_at(centre)
    scales = Scales.about(reader.layout, vector)
    return vector, np.std([scales.free(vector_at(position)) for position in positions], axis=0)


def _sample(whole: Parted, rng: np.random.Generator) -> list[CorpusEvent]:
    """The rare events, some of the common ones, and further ones until every source is heard often enough."""
    heard: Counter[int] = Counter()
    chosen = []
    for number, index in enumerate(rng.permutation(len(whole.common_events)).tolist()):
        sources = set(whole.common_events[index].sources)
        if number < SAMPLE or any(heard[source] < HEARD for source in sources):
            chosen.append(index)
            heard.update(sources)
    return [*whole.rare_events, *(whole.common_events[index] for index in sorted(chosen))]
