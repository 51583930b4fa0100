"""Events as a fit sees them, and the part of their law that is theirs by choice and says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from estimates.models.event import Observations
from estimates.models.growth import FINAL


@dataclass(frozen=True)
class CorpusEvent:
    """One outcome of one event as a fit sees it; equal ones are collapsed.

    Attributes
    ----------
    alternatives : tuple of (share, Observations)
        Assignments of ages.
    sources : tuple of int
        The corpus's number for each source of the observations; sources that share one number still count as different
        speakers.
    size_law : int
    growth : tuple of (law, group)
        Laws of growth that it may follow, equally likely, each with its group.
    toll : tuple of int, or None
        Lowest and highest adjudicated toll where it was verified.
    selected_from : int
        The event is in the corpus because its toll is at least this; 0 where it was not chosen for its size.
    given : bool
        Whether the count of the end is given, so that it teaches nothing of how large events are.
    """

    alternatives: tuple[tuple[float, Observations], ...]
    sources: tuple[int, ...] = ()
    size_law: int = 0
    growth: tuple[tuple[int, int], ...] = ((0, 0),)
    toll: tuple[int, int] | None = None
    selected_from: int = 0
    given: bool = False

    @property
    def assignments(self) -> Iterator[tuple[float, Observations, int, int]]:
        """Assignments of ages and laws of growth: share, observations, law and group."""
        for share, observations in self.alternatives:
            for law, group in self.growth:
                yield share / len(self.growth), observations, law, group

    @property
    def count_of_assignments(self) -> int:
        """How many there are of these."""
        return len(self.alternatives) * len(self.growth)


def conditions(events: Mapping[CorpusEvent, int]) -> Iterator[tuple[CorpusEvent, float]]:
    """What is known before of events that are in the corpus for their counts or have bounded ones, to be taken away.

    That is the probability of a count as large as that of the smallest event of a selection, of a count of the end that
    is given, and of counts that are at most the number of people at risk.
    """
    taken: Counter[CorpusEvent] = Counter()
    for event, weight in events.items():
        bounded = any(observations.at_risk is not None for _, observations in event.alternatives)
        if event.given or event.selected_from > 0 or bounded:
            taken[_condition(event, bounded=bounded)] += weight
    for event, weight in sorted(taken.items(), key=lambda item: repr(item[0])):
        yield event, -float(weight)


def _condition(event: CorpusEvent, *, bounded: bool) -> CorpusEvent:
    """All that is left of an event before anything is said of it; how it grows matters where its counts are bounded."""
    shares: dict[Observations, float] = {}
    for share, said in event.alternatives:
        counted = tuple(each for each in said.counted if each.bin == FINAL and event.given)
        known = Observations((), counted=counted)
        if bounded:
            known = replace(known, rising_from=said.rising_from, falling=said.falling, at_risk=said.at_risk)
        shares[known] = shares.get(known, 0.0) + share

    alternatives = tuple((share, known) for known, share in shares.items())
    if not bounded:
        alternatives = tuple((1.0, known) for _, known in alternatives[:1])
    growth, smallest = event.growth if bounded else ((0, 0),), 0 if event.given else event.selected_from
    return CorpusEvent(alternatives, (), event.size_law, growth, selected_from=smallest)
