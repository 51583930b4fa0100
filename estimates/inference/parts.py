"""Figures of a group of those hit: which of them make up a figure of everybody, and which stand as parts.

A group may be everybody who was hit or not, so a figure of it is evidence of its own kind (`models.event.Part`). Where
one source gives all the groups that divide everybody, it has said how many they are. A source that gives a figure of
everybody says with it all that its parts would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from estimates.inference.claims import numbers_given
from estimates.inference.figures import EVERYBODY, CountedFigure, Placed, canonical
from estimates.models.event import Part, Statement
from estimates.models.floor import DISJOINT_GROUPS
from estimates.models.parts import exclude_each_other
from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.table.dates import moments

#: Whom a source can leave out where it divides everybody into a family of groups: men and women may be all.
_MAY_LACK = {frozenset({"men", "women", "children"}): frozenset({"children"})}


# From parts to a figure of everybody ----------------------------------------------------------------------------------


def parts_resolved(figures: Sequence[CountedFigure]) -> list[CountedFigure]:
    """The same figures with sums of parts that divide everybody, and without the parts that say nothing beside others.

    Left out are parts of a source that gives a number for everybody, and those of nobody, which may be any group.

    Parameters
    ----------
    figures : sequence of CountedFigure
        One a source, group and age bin.
    """
    complete = [*figures, *_sums(figures)]
    speaking = {figure.key.source for figure in complete if figure.is_whole and figure.gives_number}

    def stays(figure: CountedFigure) -> bool:
        return not figure.is_part or not (figure.says_none or figure.key.source in speaking)

    return sorted(filter(stays, complete), key=canonical)


def _sums(figures: Iterable[CountedFigure]) -> list[CountedFigure]:
    """What the parts of each source and age bin add up to, where they divide everybody and it gave no other number."""
    grouped: dict[tuple[SourceKey, tuple[int, int]], dict[str, CountedFigure]] = defaultdict(dict)
    for figure in figures:
        if not (figure.is_named or figure.says_missing or figure.withdrawn):
            grouped[figure.key, figure.slot][figure.group] = figure
    found = map(_sum, grouped.values())
    return [figure for figure in found if figure is not None]


def _sum(of_group: Mapping[str, CountedFigure]) -> CountedFigure | None:
    """The sum of one source's figures of one age bin; the largest where they divide everybody in several ways."""
    whole = of_group.get(EVERYBODY)
    if whole is not None and not whole.says_none:
        return None

    sums = []
    for family in DISJOINT_GROUPS:
        members = [of_group[group] for group in sorted(family & of_group.keys())]
        divided = family - _MAY_LACK.get(family, frozenset()) <= of_group.keys()
        if divided and all(figure.words.wording != "vague" for figure in members):
            sums.append(_added(members))
    return max(sums, key=lambda figure: (figure.words.high, canonical(figure)), default=None)


def sums_of_outcomes(
    of_outcome: Sequence[Iterable[CountedFigure]], given: Iterable[CountedFigure]
) -> list[CountedFigure]:
    """What a source's figures of several outcomes, such as killed and injured, add up to in each age bin.

    Parameters
    ----------
    of_outcome : sequence of iterables of CountedFigure
        Of each outcome, one figure a source, group and age bin.
    given : iterable of CountedFigure
        Figures of all outcomes together; where a source gives a number itself, that stands.
    """
    own = {(figure.key, figure.slot) for figure in given if figure.is_whole and figure.gives_number}
    found = [
        {(figure.key, figure.slot): figure for figure in figures if figure.is_whole and not figure.withdrawn}
        for figures in of_outcome
    ]
    shared = set.intersection(*({*each} for each in found)) - own
    members = [[each[place] for each in found] for place in sorted(shared)]
    return [_added(each) for each in members if all(figure.words.wording != "vague" for figure in each)]


def _added(members: Sequence[CountedFigure]) -> CountedFigure:
    """The sum of some figures of one source, of everybody and as new as the newest of them."""
    when = moments([figure.reported for figure in members])
    _, latest = max(enumerate(members), key=lambda item: (when[item[0]], canonical(item[1])))
    return latest._replace(
        words=_added_words([figure.words for figure in members]),
        group=EVERYBODY,
        provisional=any(figure.provisional for figure in members),
        is_bare=all(figure.is_bare for figure in members),
        is_certain_part=False,
        sum_of=tuple(figure.group for figure in members),
    )


def _added_words(words: Sequence[Words]) -> Words:
    """A sum, in the wording that all of its terms share: else exact, a range where one of them is a range."""
    low, high = sum(each.low for each in words), sum(each.high for each in words)
    if not high:
        return Words("none")
    if low < high:
        return Words("range", low, high)
    wordings = {each.wording for each in words if each.wording != "none"}
    return Words(wordings.pop() if len(wordings) == 1 else "exactly", low, high)


# From figures in their bins to parts ----------------------------------------------------------------------------------


def parts_of(placed: Sequence[Placed], number: Mapping[SourceKey, int]) -> tuple[Part, ...]:
    """One part a group, or one for two groups that exclude each other.

    A group that excludes one heard of elsewhere cannot be everybody; where it finds no partner it is a part for
    certain.

    Parameters
    ----------
    placed : sequence of Placed
        Figures of groups in their bins.
    number : mapping of SourceKey to int
        Index of each source.
    """
    if not placed:
        return ()
    of_group: dict[str, list[Placed]] = defaultdict(list)
    for each in placed:
        of_group[each.figure.group].append(each)
    heard = {name: each for name, each in sorted(of_group.items()) if any(not one.figure.withdrawn for one in each)}

    said = {group: _one_a_source(each, number) for group, each in heard.items()}
    latest = {group: max(one.bin for one in each if not one.figure.withdrawn) for group, each in heard.items()}
    pairs = _pairs(said)
    paired = {group for pair in pairs for group in pair}

    given = {group: numbers_given(each) for group, each in heard.items()}
    parts = [
        Part(max(latest[one], latest[two]), said[one], given[one], others=said[two], others_given=given[two])
        for one, two in pairs
    ]
    for group in sorted(said.keys() - paired):
        certain = all(one.figure.is_certain_part for one in heard[group] if not one.figure.withdrawn)
        excluded = any(exclude_each_other(group, other) for other in said)
        parts.append(Part(latest[group], said[group], given[group], is_certain=certain or excluded))
    return tuple(parts)


def _one_a_source(placed: Iterable[Placed], number: Mapping[SourceKey, int]) -> tuple[Statement, ...]:
    """The newest figure of each source; one that was withdrawn only where the source gives no other."""
    newest: dict[SourceKey, Placed] = {}
    for each in sorted(placed, key=lambda each: (not each.figure.withdrawn, each.bin, each.figure.dated, each.place)):
        newest[each.figure.key] = each
    return tuple(
        sorted(
            Statement(each.bin, each.place, number[key], each.figure.words, each.figure.withdrawn)
            for key, each in newest.items()
        )
    )


def _pairs(said: Mapping[str, Sequence[Statement]]) -> list[tuple[str, str]]:
    """Pairs of groups that exclude each other, each group in one of them; the most spoken of first."""
    found = [pair for pair in combinations(sorted(said), 2) if exclude_each_other(*pair)]
    taken: set[str] = set()
    pairs = []
    for one, two in sorted(found, key=lambda pair: (-len(said[pair[0]]) - len(said[pair[1]]), pair)):
        if not taken & {one, two}:
            pairs.append((one, two))
            taken |= {one, two}
    return pairs
