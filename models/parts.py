r"""Figures of a part of the dead: "21 soldiers killed".

``L(m)`` is the likelihood of all figures of one group, each with its source's error, if the group has ``m`` dead. Of
``C`` documented dead the group is everybody with probability ``q``; otherwise its size is uniform on ``1 .. C``. The
figures of the group are one factor on ``C``, whatever their number: how large a group is is a fact of the event.

.. math:: f(C) = q L(C) + (1 - q) \frac{1}{C} \sum_{m=1}^{C} L(m), \qquad f(0) = L(0)

Where the words say that the group is a part ("21 soldiers among them") ``q`` is zero. Two groups that exclude each
other, told by different sources, have one joint factor in place of their own, uniform over all pairs of sizes:

.. math:: f(C) = \frac{2}{(C + 1)(C + 2)} \sum_{i + j \le C} L_1(i) L_2(j)

Both priors of sizes are proper for every ``C``: ``q`` at ``m = C`` and ``(1 - q) / C`` at each of ``C`` sizes add up to
one, and so do the pairs, since for each ``i`` from 0 to ``C`` there are ``C + 1 - i`` values of ``j`` and ``(C + 1) +
C + ... + 1 = (C + 1)(C + 2) / 2``. So a likelihood of one everywhere gives a factor of one, and no factor is larger
than the largest ``L`` (or ``L_1 L_2``). In the joint factor either group may be empty, in the other only at ``C = 0``.

On a grid a cell's ``L`` holds for each of its integers and the factor is taken at the cell's middle: what is below it
in its own cell counts as well. A cell is told by its last count and that of the cell before it, which is -1 for the
first; the first cell is that of zero.
"""

from __future__ import annotations

import numpy as np

from estimates.models.floor import DISJOINT_GROUPS
from estimates.models.formula import formula
from estimates.models.types import Integers


def exclude_each_other(one: str, other: str) -> bool:
    """Whether two groups share no member.

    >>> exclude_each_other("soldiers", "civilians"), exclude_each_other("women", "civilians")
    (True, False)
    """
    return one != other and any({one, other} <= family for family in DISJOINT_GROUPS)


# One group ------------------------------------------------------------------------------------------------------------
#
# With ``A`` the mean of ``L`` over the sizes from 1 to the last count of a cell,
#
#     A(this) = r A(before) + (1 - r) L,   r = last before / last,
#
# and the mean over the sizes up to the middle is the same with the middle in the place of the last count.


@formula
def kept_of_mean(last_before: float, count: float) -> float:
    """Share of the sizes ``1 .. count`` that lies in earlier cells; none does in the first two cells, of 0 and of 1."""
    return max(last_before, 0.0) / max(count, 1.0)


@formula
def middle(last_before: float, last: float) -> float:
    """Mean of the integers of a cell."""
    return 0.5 * (last_before + 1.0 + last)


@formula
def part(value: float, mean: float, share_all: float) -> float:
    """Factor of a group that is everybody with probability ``share_all``; ``mean`` is that over all smaller sizes too.

    Its derivatives by ``value`` and ``mean`` are ``share_all`` and one less ``share_all``.
    """
    return share_all * value + (1.0 - share_all) * mean


@formula
def part_slope(value: float, mean: float) -> float:
    """Derivative of :func:`part` by ``share_all``."""
    return value - mean


# Two groups -----------------------------------------------------------------------------------------------------------
#
# For a count ``C`` the sizes of the first group, from 0 to ``C``, are cut where a cell of the first size ends and where
# the largest size left for the second, ``C - i``, enters a lower cell. Over one such piece, of sizes from ``first`` to
# before ``end``, both likelihoods are constants, and with ``S`` the sum of the second over all sizes below its cell
#
#     sum of L_1(i) sum_{j <= C - i} L_2(j) = L_1 (pairs_below S + pairs_inside L_2).
#
# The pieces of one count are about as many as the cells below it. At the middle of a cell that is no integer the same
# polynomials hold: the pairs add up to (C + 1)(C + 2) / 2 all the same.


@formula
def end_of_piece(count: float, last_of_first: float, last_before_second: float) -> float:
    """Where the piece ends that lies in a cell of the first size and leaves the second in a cell of its own."""
    return min(last_of_first + 1.0, count - last_before_second)


@formula
def pairs_inside(count: float, first: float, end: float, last_before_second: float) -> float:
    """Pairs of a first size of ``first`` to before ``end`` and of a second in the cell of the largest that is left.

    The largest is ``count - i``; of its cell ``count - i - last_before_second`` sizes are left.
    """
    return (end - first) * (count - 0.5 * (first + end - 1.0) - last_before_second)


@formula
def probability_of_pair(count: float) -> float:
    """Prior probability of each pair of sizes that add up to at most ``count``."""
    return 2.0 / ((count + 1.0) * (count + 2.0))


# Twins ----------------------------------------------------------------------------------------------------------------


def simulate(rng: np.random.Generator, tolls: Integers, share_all: float) -> Integers:
    """Sizes of a group of each event's dead, both (events,): everybody, else any size from one on."""
    everybody = rng.random(len(tolls)) < share_all
    some = rng.integers(1, np.maximum(tolls, 1) + 1)
    return np.where(everybody | (tolls == 0), tolls, some).astype(np.int64)


def simulate_pair(rng: np.random.Generator, tolls: Integers) -> tuple[Integers, Integers]:
    """Sizes of two groups that share no member, all (events,), uniform over all pairs that fit into the tolls.

    Two bars among ``C + 2`` places leave ``C`` places in three runs: the two groups and those in neither.
    """
    one = rng.integers(0, tolls + 2)
    other = rng.integers(0, tolls + 1)
    other = other + (other >= one)

    first, second = np.minimum(one, other), np.maximum(one, other)
    return first.astype(np.int64), (second - first - 1).astype(np.int64)
