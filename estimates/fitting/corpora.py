"""Large corpora in parts: halves that are summed side by side, and the events that are like few others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus, Layout
from estimates.models.types import Floats

#: From so many events on a corpus is cut in two, and from so many on its common events stand apart from the rare ones.
MANY, VERY_MANY = 2_000, 10_000
#: A source that speaks of fewer events is heard rarely; at most so many different events are kept for that.
RARELY, MOST_RARE = 100, 3_000


class Sums(Protocol):
    """What the model of a fit takes for a corpus."""

    @property
    def patterns(self) -> int:
        """Different events."""
        ...

    @property
    def idle(self) -> frozenset[str]:
        """Parameters on which no event depends."""
        ...

    def evaluate(self, vector: Floats) -> tuple[float, Floats]:
        """Log marginal likelihood and its gradient; vector and gradient of shape (layout.size,)."""
        ...


class Halves:
    """A corpus in two parts of as many patterns each, which are summed side by side.

    Parameters
    ----------
    events : iterable of CorpusEvent
    layout : Layout
    cores : int
        On one the parts take turns; the sums are the same to the last bit.
    """

    def __init__(self, events: Iterable[CorpusEvent], layout: Layout, cores: int) -> None:
        counted = list(Counter(events).items())
        self._parts = [
            Corpus([event for event, count in counted[part::2] for _ in range(count)], layout) for part in range(2)
        ]
        self._cores, self._compiled = cores, False

    @property
    def patterns(self) -> int:
        """Different events."""
        return sum(part.patterns for part in self._parts)

    @property
    def idle(self) -> frozenset[str]:
        """Parameters on which no event depends."""
        one, other = self._parts
        return one.idle & other.idle

    def evaluate(self, vector: Floats) -> tuple[float, Floats]:
        """Log marginal likelihood and its gradient; vector and gradient of shape (layout.size,)."""
        first, second = self._parts
        # The loops are compiled at the first call, which two threads must not do at once.
        if self._cores == 1 or not self._compiled:
            (one, d_one), (other, d_other) = first.evaluate(vector), second.evaluate(vector)
            self._compiled = True
            return one + other, d_one + d_other

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(second.evaluate, vector)
            one, d_one = first.evaluate(vector)
            other, d_other = waiting.result()
        return one + other, d_one + d_other

    def total(self, vector: Floats) -> float:
        """Log marginal likelihood alone, at a vector of shape (layout.size,)."""
        first, second = self._parts
        if self._cores == 1 or not self._compiled:
            totals = first.total(vector), second.total(vector)
            self._compiled = True
            return sum(totals)

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(second.total, vector)
            return first.total(vector) + waiting.result()


class Parted:
    """A corpus of very many events: the common ones, and beside them those that are like few others.

    Parameters
    ----------
    rare_events, common_events : list of CorpusEvent
        See :func:`parted`.
    layout : Layout
    cores : int

    Attributes
    ----------
    rare : Corpus or Halves, or None where there are none
    common : Corpus or Halves
    """

    def __init__(
        self, rare_events: list[CorpusEvent], common_events: list[CorpusEvent], layout: Layout, cores: int
    ) -> None:
        self.rare_events, self.common_events, self.layout, self.cores = rare_events, common_events, layout, cores
        self.rare = summed(rare_events, layout, cores) if rare_events else None
        self.common = summed(common_events, layout, cores)

    @property
    def patterns(self) -> int:
        """Different events."""
        return self.common.patterns + (self.rare.patterns if self.rare else 0)

    @property
    def idle(self) -> frozenset[str]:
        """Parameters on which no event depends."""
        return self.common.idle & self.rare.idle if self.rare else self.common.idle

    def evaluate(self, vector: Floats) -> tuple[float, Floats]:
        """Log marginal likelihood and its gradient; vector and gradient of shape (layout.size,)."""
        value, gradient = self.common.evaluate(vector)
        if self.rare is None:
            return value, gradient
        of_rare, by_rare = self.rare.evaluate(vector)
        return value + of_rare, gradient + by_rare


def parted(events: Sequence[CorpusEvent]) -> tuple[list[CorpusEvent], list[CorpusEvent]]:
    """Events that are like few others, and all others.

    Few are like those whose toll is verified or given, or in which a source speaks that is heard rarely: what so few
    tell of a parameter is no quadratic. The rarest come first, and where there are too many the others count as common.
    """
    heard = Counter(source for event in events for source in set(event.sources))
    different = Counter(events)
    ranks = {event: _rank(event, heard) for event in different}
    rare = set(sorted((event for event in different if ranks[event] < RARELY), key=ranks.__getitem__)[:MOST_RARE])
    return [event for event in events if event in rare], [event for event in events if event not in rare]


def _rank(event: CorpusEvent, heard: Counter[int]) -> int:
    """In how many events the source is heard that is heard least in it; none where the event stands by itself."""
    if event.toll is not None or event.selected_from > 0 or event.given:
        return 0
    return min((heard[source] for source in event.sources), default=0)


def corpus_of(events: Sequence[CorpusEvent], layout: Layout, cores: int) -> Corpus | Halves | Parted:
    """The corpus of a fast fit: whole, in two halves where there are many events, and parted where there are very many.

    It is parted only if enough of the events are common.
    """
    if len(events) >= VERY_MANY:
        rare, common = parted(events)
        if len(common) >= MANY:
            return Parted(rare, common, layout, cores)
    return summed(events, layout, cores)


def summed(events: Sequence[CorpusEvent], layout: Layout, cores: int) -> Corpus | Halves:
    """Whole where there are few events, or equal ones only; in halves otherwise."""
    return Corpus(events, layout) if len(events) < MANY or len(set(events)) == 1 else Halves(events, layout, cores)
