r"""Copies and updates: how much a further statement adds when sources repeat one another.

The first statement of a source copies with probability ``c_r = c n / (1 - c + c n)``, ``n`` the number of other
sources that had spoken before, and then says what one of these, picked at random, says now:
``L_r = (1 - c_r) P(y_r | C) + c_r q_r``. With ``s_r`` of the ``n`` saying the same this is

.. math:: L_r = (1 - c_r) (P_r + \lambda s_r), \qquad \lambda = c / (1 - c),

so that the order of statements made at the same time matters only among those that say the same, and the mean over
all orders of ``k`` of them, ``s`` others having said it before, is

.. math:: \sum_j e_j(P_1..P_k)\, e_{k-j}(\lambda s, .., \lambda (s+k-1)) / \binom{k}{j}

with elementary symmetric polynomials ``e``. More than eight that are tied and say the same are taken in eights.

A source that speaks again says the same number with probability ``repeating``, else ``(1 - c_r) P + c_r q_r`` with the
others' statements before that time. Each source counts as one place, with its latest statement.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from estimates.models.types import Floats

#: So many tied statements of the same words are averaged over all orders at once; by then copying explains the rest.
LARGEST_TIE = 8


@dataclass(frozen=True, eq=False)
class Copying:
    """Probabilities of copying others and of repeating oneself, one value per draw."""

    copying: Floats
    repeating: Floats

    def __getitem__(self, draws: slice) -> Copying:
        return Copying(self.copying[draws], self.repeating[draws])


@dataclass(frozen=True)
class Group:
    """Statements made at one time that say the same: indices, and what had been said before.

    Attributes
    ----------
    members : tuple of int
        Positions of the statements in the event's list.
    before : int
        Number of other sources that had said the same (``s``).
    """

    members: tuple[int, ...]
    before: int


@dataclass(frozen=True)
class Update:
    """A further statement of a source that has spoken before."""

    member: int
    before: int
    others: int
    repeats: bool


@dataclass(frozen=True)
class Plan:
    """How the statements of one event enter, bin by bin; depends on the data only.

    Attributes
    ----------
    groups, updates : tuple of tuples, one per bin
    positions : tuple of tuples of int, one per bin
        Number of sources that had spoken (``n``) for each first statement.
    """

    groups: tuple[tuple[Group, ...], ...]
    updates: tuple[tuple[Update, ...], ...]
    positions: tuple[tuple[int, ...], ...]


def plan(sources: Sequence[Hashable], said: Sequence[Hashable], places: Sequence[int], bins: Sequence[int]) -> Plan:
    """Order statements into a plan.

    Parameters
    ----------
    sources, said : sequences
        Who speaks and what is said.
    places : sequence of int
        Position in time; equal for tied statements. Statements at one place lie in one bin.
    bins : sequence of int
    """
    count = max(bins, default=-1) + 1
    groups: list[list[Group]] = [[] for _ in range(count)]
    updates: list[list[Update]] = [[] for _ in range(count)]
    positions: list[list[int]] = [[] for _ in range(count)]
    current: dict[Hashable, Hashable] = {}
    for place in sorted(set(places)):
        tied = [index for index, other in enumerate(places) if other == place]
        first: dict[Hashable, list[int]] = {}
        speaking: dict[Hashable, Hashable] = {}
        for index in tied:
            source, words = sources[index], said[index]
            if source in current:
                others = [statement for other, statement in current.items() if other != source]
                update = Update(index, others.count(words), len(others), current[source] == words)
                updates[bins[index]].append(update)
            else:
                first.setdefault(words, []).append(index)
            speaking[source] = words
        before = list(current.values())
        bin_of_place = bins[tied[0]]
        for words, members in first.items():
            groups[bin_of_place] += _split(members, before.count(words))
        newcomers = sum(len(members) for members in first.values())
        positions[bin_of_place] += range(len(current), len(current) + newcomers)
        current.update(speaking)
    return Plan(
        tuple(tuple(part) for part in groups),
        tuple(tuple(part) for part in updates),
        tuple(tuple(part) for part in positions),
    )


def _split(members: list[int], before: int) -> Iterator[Group]:
    """Groups of at most ``LARGEST_TIE`` members; larger ones are taken in an arbitrary but fixed order."""
    if len(members) > LARGEST_TIE:
        members = np.random.default_rng(len(members)).permutation(members).tolist()
    for first in range(0, len(members), LARGEST_TIE):
        yield Group(tuple(members[first : first + LARGEST_TIE]), before + first)


def factors(plan: Plan, bin_index: int, table: Callable[[int], Floats], copying: Copying) -> Iterator[Floats]:
    """Factors of one bin's statements, each of shape (cells, draws), all but the constant of :func:`log_constant`.

    Parameters
    ----------
    plan : Plan
    bin_index : int
    table : callable
        P(words | C), shape (cells, draws), of the statement of that index.
    copying : Copying
    """
    if bin_index >= len(plan.groups):
        return
    c = copying.copying
    ratio = c / (1.0 - c)
    for group in plan.groups[bin_index]:
        yield _group(group, table, ratio)
    for update in plan.updates[bin_index]:
        own = (1.0 - copying.repeating) * _own_share(c, update.others)
        said_before = own * ratio * update.before + copying.repeating * update.repeats
        yield own * table(update.member) + said_before


def log_constant(plan: Plan, bin_index: int, copying: Copying) -> Floats:
    """Logarithm of the product of ``1 - c_r`` over the first statements of a bin, shape (draws,)."""
    positions = plan.positions[bin_index] if bin_index < len(plan.positions) else ()
    return np.asarray(sum((np.log(_own_share(copying.copying, n)) for n in positions), np.zeros_like(copying.copying)))


def _own_share(c: Floats, others: int) -> Floats:
    """1 - c_r: the probability that a statement is the source's own when ``others`` have spoken."""
    return (1.0 - c) / (1.0 - c + c * others)


def _group(group: Group, table: Callable[[int], Floats], ratio: Floats) -> Floats:
    tables, size = [table(member) for member in group.members], len(group.members)
    if size == 1:
        return tables[0] + ratio * group.before if group.before else tables[0]
    own = _elementary_symmetric(tables)
    copied = _elementary_symmetric([ratio * (group.before + position) for position in range(size)])
    return np.asarray(sum(own[j] * copied[size - j] / comb(size, j) for j in range(size + 1)))


def _elementary_symmetric(values: Sequence[Floats]) -> list[Floats]:
    """Elementary symmetric polynomials of order 0 to n."""
    result = [np.ones_like(values[0])] + [np.zeros_like(values[0]) for _ in values]
    for position, value in enumerate(values):
        for order in range(position + 1, 0, -1):
            result[order] = result[order] + value * result[order - 1]
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
