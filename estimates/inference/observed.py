"""What the figures of a case say once each of them has its age bin, for each way in which the bins can lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise, starmap

from estimates.inference.about import About
from estimates.inference.claims import distance, falling_steps, numbers_given, words_of
from estimates.inference.figures import CountedFigure, Placed
from estimates.inference.missing import lists_of
from estimates.inference.parts import parts_of
from estimates.models import floor as floors
from estimates.models.event import Floor, Observations, Statement
from estimates.models.growth import BINS, FINAL, STEPS
from estimates.profile.effects import SourceKey
from estimates.table.dates import moments


def alternatives_of(
    figures: Sequence[CountedFigure], bin_shares: Sequence[float], as_of_bin: int | None
) -> list[tuple[float, tuple[int, ...]]]:
    """Assignments of bins with their shares: one unknown rank of age, shared by all figures of unknown age.

    Parameters
    ----------
    figures : sequence of CountedFigure
    bin_shares : sequence of float, shape (BINS,)
    as_of_bin : int or None
        No figure of unknown age is later than this bin.
    """
    slots = tuple(figure.slot for figure in figures)
    return list(_alternatives(slots, tuple(bin_shares), FINAL if as_of_bin is None else as_of_bin))


@lru_cache(4096)
def _alternatives(
    slots: tuple[tuple[int, int], ...], bin_shares: tuple[float, ...], last_allowed: int
) -> tuple[tuple[float, tuple[int, ...]], ...]:
    """The same for figures of some first and last bins; kept, since most events are heard of in one of few ways."""
    laws = [_cumulative_shares(*slot, bin_shares, last_allowed) for slot in slots]
    steps = {round(value, 12) for law in laws for value in law if value < 1.0}
    result = []
    for low, high in pairwise(sorted({0.0, 1.0, *steps})):
        middle = (low + high) / 2
        bins = tuple(next(b for b, value in enumerate(law) if value >= middle) for law in laws)
        result.append((high - low, bins))
    return tuple(result)


def _cumulative_shares(first_bin: int, last_bin: int, bin_shares: Sequence[float], last_allowed: int) -> list[float]:
    """Probability that a figure's age is in each bin or an earlier one, shape (BINS,)."""
    last = max(first_bin, min(last_bin, last_allowed))
    shares = [bin_shares[b] if first_bin <= b <= last else 0.0 for b in range(BINS)]
    total = sum(shares)
    cumulative = list(accumulate(share / total for share in shares))
    cumulative[last] = 1.0
    return cumulative


# One assignment of bins -----------------------------------------------------------------------------------------------


def observations_of(
    figures: Sequence[CountedFigure],
    bins: Sequence[int],
    keys: Sequence[SourceKey],
    as_of_bin: int | None,
    about: About,
) -> Observations:
    """What figures say of a case once each of them has its bin.

    Parameters
    ----------
    figures : sequence of CountedFigure
        One a source, group and age bin, beside those withdrawn; and lists of names.
    bins : sequence of int
        The bin of each figure.
    keys : sequence of SourceKey
        The sources; their places are their numbers.
    as_of_bin : int or None
    about : About
    """
    number = {key: index for index, key in enumerate(keys)}
    heard = list(zip(figures, bins, strict=True))
    whole = _one_a_bin(_placed([(figure, b) for figure, b in heard if figure.is_whole]))
    parts = _parts_placed(heard)
    named = [Placed(figure, b, 0) for figure, b in heard if figure.is_named]

    everything = [*whole, *parts, *named]
    said = sorted(  # as tuples, which are compared far faster
        (each.bin, each.place, number[each.figure.key], words_of(each, everything), each.figure.withdrawn)
        for each in whole
    )

    standing = [(figure, b) for figure, b in heard if not figure.withdrawn and not figure.says_missing]
    latest = max((b for _, b in standing), default=-1)
    rising = any(figure.provisional for figure, b in standing if b == latest)
    last_heard = max(bins, default=-1)

    return Observations(
        tuple(starmap(Statement, said)),
        floors=_floors(named),
        parts=parts_of(parts, number),
        numbers_given=numbers_given(whole),
        rising_from=latest if rising else STEPS,
        falling=falling_steps(whole),
        by_now=as_of_bin if as_of_bin is not None and as_of_bin >= last_heard else max(last_heard, 0),
        distance=distance(whole),
        at_risk=about.at_risk,
        independent=about.independent,
        missing=lists_of(heard, about.event_type),
        watch=about.watch,
        bearings=tuple(sorted(about.bearings)),
    )


def _placed(figures: Sequence[tuple[CountedFigure, int]]) -> list[Placed]:
    """Figures with their rank in time; in each bin those of unknown age come last, tied.

    A figure that its source withdrew for another one of the same moment comes before all others of that moment.
    """
    when = moments([figure.reported for figure, _ in figures])
    keys = [
        (b, not figure.dated, moment if figure.dated else (0, 0), True)
        for (figure, b), moment in zip(figures, when, strict=True)
    ]
    if any(figure.withdrawn for figure, _ in figures):
        standing = {(figure.key, key) for (figure, _), key in zip(figures, keys, strict=True) if not figure.withdrawn}
        keys = [
            (*key[:3], not (figure.withdrawn and (figure.key, key) in standing))
            for (figure, _), key in zip(figures, keys, strict=True)
        ]

    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return [Placed(figure, b, ranks[key]) for (figure, b), key in zip(figures, keys, strict=True)]


def _one_a_bin(placed: list[Placed]) -> list[Placed]:
    """Of a source heard in one bin with a known and an unknown age the dated figure, beside one that was withdrawn."""
    if all(each.figure.dated for each in placed):
        return placed
    chosen: dict[tuple[SourceKey, int, bool], Placed] = {}
    for each in sorted(placed, key=lambda each: (not each.figure.dated, each.place)):
        chosen.setdefault((each.figure.key, each.bin, each.figure.withdrawn), each)
    return list(chosen.values())


def _parts_placed(heard: Iterable[tuple[CountedFigure, int]]) -> list[Placed]:
    """Figures of parts with their rank in time among those of the same group."""
    of_group: Mapping[str, list[tuple[CountedFigure, int]]] = defaultdict(list)
    for figure, b in heard:
        if figure.is_part:
            of_group[figure.group].append((figure, b))
    return [each for group in of_group.values() for each in _placed(group)]


def _floors(named: Sequence[Placed]) -> tuple[Floor, ...]:
    """The names known by each bin, where their number rises."""
    result: list[Floor] = []
    for latest in sorted({each.bin for each in named}):
        number = names_known(each.figure for each in named if each.bin <= latest)
        if number > max((floor.number for floor in result), default=0):
            result.append(Floor(latest, number))
    return tuple(result)


def names_known(figures: Iterable[CountedFigure]) -> int:
    """How many names or bodies lists hold together; those of groups that exclude each other add up.

    Parameters
    ----------
    figures : iterable of CountedFigure
        Lists of names, and others, which are passed over.
    """
    named = [(figure.group, figure.words.low) for figure in figures if figure.is_named]
    return floors.combine(named) if named else 0
