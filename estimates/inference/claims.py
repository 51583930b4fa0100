"""What the figures of a case say together: nobody or somebody, a number that fell, how far they lie apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import pairwise

import numpy as np

from estimates.inference.figures import CountedFigure, Placed
from estimates.models.wording import CODED, NONE_KINDS, PARTY, STATED, Words, none
from estimates.profile.effects import SourceKey
from estimates.profile.priors import PARTIES

#: Types of source whose figure may stand alone: others come to agree with it because it is the one who counts.
AUTHORITIES = frozenset({"government", "health", "rescue", "security", "un"})
#: No distance between the figures of an event is taken for larger than this.
LARGEST_DISTANCE = 0.5

_FROM_ABOVE = ("up_to", "at_most")
_FROM_BELOW = ("at_least", "more_than")


# Nobody or somebody ---------------------------------------------------------------------------------------------------


def kind_of(figure: CountedFigure) -> int:
    """By whom and how a figure was given, one of ``models.wording.NONE_KINDS``."""
    if figure.key.source_type in PARTIES:
        return PARTY
    return CODED if figure.is_bare else STATED


def words_of(each: Placed, placed: Iterable[Placed]) -> Words:
    """The words of a figure among all those of its case; of "none" by whom and how, and whether it was too early.

    It was too early where the same source gives a number in a later age bin, be it of a part.
    """
    figure = each.figure
    if not figure.says_none:
        return figure.words
    early = any(
        other.bin > each.bin and other.figure.gives_number and other.figure.key.source == figure.key.source
        for other in placed
    )
    return none(NONE_KINDS[kind_of(figure)], too_early=early)


def numbers_given(figures: Iterable[Placed]) -> tuple[int, int, int]:
    """How many sources give a number that stands, of everybody hit or of one group, by the kind of their latest one."""
    given = (each for each in figures if each.figure.gives_number and not each.figure.allows_none)
    kinds = [kind_of(each.figure) for each in _latest(given, lambda each: each.figure.key.source)]
    return kinds.count(PARTY), kinds.count(STATED), kinds.count(CODED)


# A number that fell ---------------------------------------------------------------------------------------------------


def falling_steps(whole: Iterable[Placed]) -> tuple[int, ...]:
    """Steps between age bins over which a source lowered its own number for everybody hit, sorted.

    Parameters
    ----------
    whole : iterable of Placed
        At most one a source and bin that was not withdrawn.
    """
    of_source: dict[SourceKey, list[Placed]] = defaultdict(list)
    for each in whole:
        if not each.figure.withdrawn and each.figure.middle is not None:
            of_source[each.figure.key].append(each)
    several = (sorted(numbers, key=_in_time) for numbers in of_source.values() if len(numbers) > 1)
    return tuple(sorted({step for numbers in several for step in _falls(numbers)}))


def _falls(numbers: Sequence[Placed]) -> Iterator[int]:
    for earlier, later in pairwise(numbers):
        if _is_lowered(earlier.figure, later.figure):
            yield from range(earlier.bin, later.bin)


def _is_lowered(earlier: CountedFigure, later: CountedFigure) -> bool:
    """Whether a number is lower than the one before and not just bounded from another side: "up to 50", then 40."""
    before, after = earlier.words.wording, later.words.wording
    comparable = before == after or not (before in _FROM_ABOVE or after in _FROM_BELOW)
    return comparable and (later.middle or 0.0) < (earlier.middle or 0.0)


# How far figures lie apart --------------------------------------------------------------------------------------------


def distance(whole: Iterable[Placed]) -> float:
    """Mean distance of the logarithms of the sources' latest numbers from their median, at most LARGEST_DISTANCE.

    The numbers are those of the latest age bin that has any. Where one source alone speaks in it, and no authority,
    they are those of the latest bin with two sources or more; zero where fewer than two are left.

    Parameters
    ----------
    whole : iterable of Placed
        Figures of everybody hit.
    """
    standing = [each for each in whole if not each.figure.withdrawn and each.figure.middle is not None]
    numbers: dict[int, dict[str, float]] = defaultdict(dict)
    for each in _latest(standing, lambda each: (each.bin, each.figure.key.source)):
        numbers[each.bin][each.figure.key.source] = each.figure.middle or 0.0
    authorities = {each.figure.key.source for each in standing if each.figure.key.source_type in AUTHORITIES}
    return distance_of(numbers, authorities)


def distance_of(numbers: Mapping[int, Mapping[str, float]], authorities: Set[str]) -> float:
    """The distance, from the latest number of each source in each age bin, and which sources are authorities."""
    shared = [heard for heard, of_source in numbers.items() if len(of_source) > 1]
    if not shared:
        return 0.0
    latest = numbers[max(numbers)].keys()
    if len(latest) == 1 and latest <= authorities:
        return 0.0
    return _mean_distance(tuple(sorted(numbers[max(shared)].values())))


@lru_cache(2**15)
def _mean_distance(numbers: tuple[float, ...]) -> float:
    """Mean distance of logarithms from their median; kept, since most events have one of few small sets of numbers."""
    logs = np.log(numbers)
    return min(LARGEST_DISTANCE, float(np.mean(np.abs(logs - np.median(logs)))))


def _latest(placed: Iterable[Placed], of: Callable[[Placed], Hashable]) -> Iterable[Placed]:
    """The latest figure of each."""
    latest: dict[Hashable, Placed] = {}
    for each in placed:
        other = latest.setdefault(of(each), each)
        if other is not each and _in_time(other) <= _in_time(each):
            latest[of(each)] = each
    return latest.values()


def _in_time(each: Placed) -> tuple[object, ...]:
    return each.bin, each.place, each.figure.key
