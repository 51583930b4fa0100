r"""Copies and updates: how much a further statement adds when sources repeat one another.

The first statement of a source copies with probability ``c_r = c n / (1 - c + c n)``, ``c`` its readiness to copy and
``n`` the number of other sources that had spoken before, and then says what one of these, picked at random, says now:
``L_r = (1 - c_r) P(y_r | C) + c_r q_r``. With ``s_r`` of the ``n`` saying the same this is

.. math:: L_r = (1 - c_r) (P_r + \lambda_r s_r), \qquad \lambda = c / (1 - c),

so that the order of statements made at the same time matters only among those that say the same, and the mean over
all orders of ``k`` of them, ``s`` others having said it before, is

.. math:: \sum_j e_j(P_1..P_k)\, e_{k-j}(\lambda s, .., \lambda (s+k-1)) / \binom{k}{j}

with elementary symmetric polynomials ``e``. More than eight that are tied and say the same are taken in eights. Who of
the tied copies whom is not known, so they share one readiness, the mean of theirs.

A source that speaks again says the same number with probability ``repeating``, else ``(1 - c_r) P + c_r q_r`` with the
others' statements before that time. Each source counts as one place, with its latest statement.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimates.models.formula import formula

#: So many tied statements of the same words are averaged over all orders at once; by then copying explains the rest.
LARGEST_TIE = 8


@formula
def own_share(readiness: float, others: float) -> float:
    """``1 - c_r``: the probability that a statement is the source's own when ``others`` have spoken."""
    return (1.0 - readiness) / (1.0 - readiness + readiness * others)


@formula
def own_and_copied(
    is_update: bool, readiness: float, before: float, others: float, repeats: float, repeating: float
) -> tuple[float, float]:
    """The two numbers of the factor of a statement, which is ``own * P + copied``.

    ``before`` other sources had said the same, of ``others``; ``repeats`` is one where the source itself had. The
    constant of a first statement, its own share, stands apart.
    """
    copied = odds_of_copy(readiness) * before
    if not is_update:
        return 1.0, copied
    own = (1.0 - repeating) * own_share(readiness, others)
    return own, own * copied + repeating * repeats


@formula
def own_share_slope(readiness: float, others: float) -> float:
    """Derivative of :func:`own_share` by the readiness to copy."""
    denominator = 1.0 - readiness + readiness * others
    return -others / (denominator * denominator)


@formula
def odds_of_copy(readiness: float) -> float:
    """``c / (1 - c)``, by which a copy of one statement is likelier than one of one's own."""
    return readiness / (1.0 - readiness)


@formula
def odds_of_copy_slope(readiness: float) -> float:
    """Derivative of :func:`odds_of_copy`."""
    return 1.0 / ((1.0 - readiness) * (1.0 - readiness))


@formula
def own_and_copied_slopes(
    is_update: bool, readiness: float, before: float, others: float, repeats: float, repeating: float
) -> tuple[float, float, float, float]:
    """Derivatives of :func:`own_and_copied`: of ``own`` and of ``copied`` by readiness, then of both by repeating."""
    copied, copied_slope = odds_of_copy(readiness) * before, odds_of_copy_slope(readiness) * before
    if not is_update:
        return 0.0, copied_slope, 0.0, 0.0
    share, slope = own_share(readiness, others), (1.0 - repeating) * own_share_slope(readiness, others)
    return slope, slope * copied + (1.0 - repeating) * share * copied_slope, -share, repeats - share * copied


@dataclass(frozen=True)
class Group:
    """Statements made at one time that say the same: indices, and what had been said before.

    Attributes
    ----------
    members : tuple of int
        Positions of the statements in the list of the case.
    before : int
        Number of other sources that had said the same (``s``).
    """

    members: tuple[int, ...]
    before: int


@dataclass(frozen=True)
class Tie:
    """First statements made at one time.

    Attributes
    ----------
    members : tuple of int
    before : int
        Number of other sources that had spoken; the tied take the positions from there on.
    groups : tuple of Group
        The members by what they say.
    """

    members: tuple[int, ...]
    before: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Update:
    """A further statement of a source that has spoken before."""

    member: int
    before: int
    others: int
    repeats: bool


@dataclass(frozen=True)
class Plan:
    """How the statements of one case enter, bin by bin; depends on the data only.

    Attributes
    ----------
    ties, updates : tuple of tuples, one per bin
    """

    ties: tuple[tuple[Tie, ...], ...]
    updates: tuple[tuple[Update, ...], ...]


def plan(
    sources: Sequence[Hashable],
    said: Sequence[Hashable],
    times: Sequence[int],
    bins: Sequence[int],
    *,
    independent: bool = False,
) -> Plan:
    """Order statements into a plan.

    Parameters
    ----------
    sources, said : sequences
        Who speaks and what is said, one entry a statement.
    times : sequence of int
        Rank in time; equal for tied statements. Statements of one rank lie in one bin.
    bins : sequence of int
    independent : bool
        Whether nobody copies: then each statement stands as if nobody else had spoken.
    """
    count = max(bins, default=-1) + 1
    ties: list[list[Tie]] = [[] for _ in range(count)]
    updates: list[list[Update]] = [[] for _ in range(count)]
    current: dict[Hashable, Hashable] = {}  # what each source says by now

    for time in sorted(set(times)):
        tied = [index for index, other in enumerate(times) if other == time]
        bin_index = bins[tied[0]]

        again = [index for index in tied if sources[index] in current]
        newcomers = [index for index in tied if sources[index] not in current]
        if independent:
            updates[bin_index] += [Update(index, 0, 0, current[sources[index]] == said[index]) for index in again]
            ties[bin_index] += [_tie([index], said, ()) for index in newcomers]
        else:
            updates[bin_index] += [_update(index, sources[index], said[index], current) for index in again]
            if newcomers:
                ties[bin_index].append(_tie(newcomers, said, list(current.values())))
        current |= {sources[index]: said[index] for index in tied}

    return Plan(tuple(map(tuple, ties)), tuple(map(tuple, updates)))


def _update(index: int, source: Hashable, words: Hashable, current: Mapping[Hashable, Hashable]) -> Update:
    others = [statement for other, statement in current.items() if other != source]
    return Update(index, others.count(words), len(others), current[source] == words)


def _tie(members: Sequence[int], said: Sequence[Hashable], before: Sequence[Hashable]) -> Tie:
    by_words: dict[Hashable, list[int]] = {}
    for member in members:
        by_words.setdefault(said[member], []).append(member)
    groups = [group for words, same in by_words.items() for group in _split(same, before.count(words))]
    return Tie(tuple(sorted(members)), len(before), tuple(groups))


def _split(members: list[int], before: int) -> Iterator[Group]:
    """Groups of at most ``LARGEST_TIE`` members; larger ones are taken in an arbitrary but fixed order."""
    if len(members) > LARGEST_TIE:
        members = np.random.default_rng(len(members)).permutation(members).tolist()
    for first in range(0, len(members), LARGEST_TIE):
        yield Group(tuple(members[first : first + LARGEST_TIE]), before + first)


def elementary_symmetric(values: Iterable[int]) -> list[int]:
    """Elementary symmetric polynomials of order 0 to n of n numbers."""
    result = [1]
    for value in values:
        result = [a + value * b for a, b in zip([*result, 0], [0, *result], strict=True)]
    return result


def simulate(rng: np.random.Generator, own: Sequence[int], copying: float) -> list[int]:
    """What sources say one after another when each would say ``own`` but may copy an earlier one instead."""
    said: list[int] = []
    for number in own:
        others = len(said)
        if others and rng.random() < copying * others / (1.0 - copying + copying * others):
            said.append(said[rng.integers(others)])
        else:
            said.append(number)
    return said
