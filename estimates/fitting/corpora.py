"""Large corpora in two parts, which are summed side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus, Layout
from estimates.models.types import Floats

#: From so many events on a corpus is cut in two.
MANY = 2_000


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


def corpus_of(events: Sequence[CorpusEvent], layout: Layout, cores: int) -> Corpus | Halves:
    """The corpus of a fast fit: whole, or in two parts where there are many events."""
    return Corpus(events, layout) if len(events) < MANY else Halves(events, layout, cores)
