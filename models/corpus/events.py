"""Events as a fit sees them, and the part of their law that is theirs by choice and says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from estimates.models.event import Counted, Observations
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


def conditions(events: Mapping[CorpusEvent, int]) -> Iterator[tuple[CorpusEvent, float]]:
    """What the laws of sizes say of events that are in the corpus for their counts, to be taken away.

    That is the probability of a count as large as that of the smallest event of a selection, and the probability of a
    count of the end that is given.
    """
    taken: Counter[tuple[int, int, bool]] = Counter()
    for event, weight in events.items():
        if event.given:
            taken[event.size_law, _count_of_the_end(event), True] += weight
        elif event.selected_from > 0:
            taken[event.size_law, event.selected_from, False] += weight

    for (law, number, is_given), weight in sorted(taken.items()):
        counted = (Counted(FINAL, number),) if is_given else ()
        smallest = 0 if is_given else number
        yield CorpusEvent(((1.0, Observations((), counted=counted)),), (), law, selected_from=smallest), -float(weight)


def _count_of_the_end(event: CorpusEvent) -> int:
    (_, observations), *_ = event.alternatives
    return next(counted.number for counted in observations.counted if counted.bin == FINAL)
