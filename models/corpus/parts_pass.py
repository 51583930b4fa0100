"""Factors of figures of a part of the dead over the cells of one grid, and their adjoints, to be compiled.

The formulas are those of ``parts``. ``last`` (cells,) is the last count of each cell, from the cell of zero on. A name
that begins with ``d_`` is the derivative of the log marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.formula import formula
from estimates.models.growth import running_mean
from estimates.models.parts import (
    end_of_piece,
    kept_of_mean,
    middle,
    pairs_inside,
    part,
    part_slope,
    probability_of_pair,
)

# One group ------------------------------------------------------------------------------------------------------------


@formula
def part_factor(last, share_all, table, factor):
    """Fill the factor of a group from the likelihood of its size, ``table``, both (cells,).

    ``share_all`` is the probability that the group is everybody.
    """
    mean, before = 0.0, -1.0
    for c in range(len(table)):
        value = table[c]
        inside = kept_of_mean(before, middle(before, last[c]))
        factor[c] = part(value, running_mean(mean, inside, value), share_all)
        mean = running_mean(mean, kept_of_mean(before, last[c]), value)
        before = last[c]


@formula
def part_factor_adjoint(last, share_all, table, d_factor, d_table):
    """Add the adjoint of a group's likelihood, (cells,); that of ``share_all`` is returned."""
    d_share, mean, before = 0.0, 0.0, -1.0
    for c in range(len(table)):
        value = table[c]
        inside = kept_of_mean(before, middle(before, last[c]))
        d_share += d_factor[c] * part_slope(value, running_mean(mean, inside, value))
        mean = running_mean(mean, kept_of_mean(before, last[c]), value)
        before = last[c]

    # Each running mean hands back what it took, from the last cell to the first.
    d_mean = 0.0
    for c in range(len(table) - 1, -1, -1):
        before = last[c - 1] if c > 0 else -1.0
        kept, inside = kept_of_mean(before, last[c]), kept_of_mean(before, middle(before, last[c]))
        d_inside = (1.0 - share_all) * d_factor[c]
        d_table[c] += share_all * d_factor[c] + (1.0 - inside) * d_inside + (1.0 - kept) * d_mean
        d_mean = kept * d_mean + inside * d_inside
    return d_share


# Two groups -----------------------------------------------------------------------------------------------------------


@formula
def joint_factor(last, one, other, below, factor):
    """Fill the joint factor of two groups that exclude each other from the likelihoods of their sizes, all (cells,).

    ``below`` (cells,) is filled with the sums of ``other`` over all integers of the cells before each.
    """
    total, before = 0.0, -1.0
    for c in range(len(other)):
        below[c] = total
        total += (last[c] - before) * other[c]
        before = last[c]

    for c in range(len(one)):
        last_before = last[c - 1] if c > 0 else -1.0
        count = middle(last_before, last[c])
        factor[c] = probability_of_pair(count) * _sum_over_pairs(last, c, count, one, other, below)


@formula
def _sum_over_pairs(last, cell, count, one, other, below):
    """Sum of the products over all pairs of sizes that add up to at most ``count``, which lies in ``cell``."""
    a, b, first, total = 0, cell, 0.0, 0.0
    while b >= 0:
        last_before = last[b - 1] if b > 0 else -1.0
        end = end_of_piece(count, last[a], last_before)
        total += one[a] * ((end - first) * below[b] + pairs_inside(count, first, end, last_before) * other[b])

        first = end
        if end == last[a] + 1.0:
            a += 1
        if end == count - last_before:
            b -= 1
    return total


@formula
def joint_factor_adjoint(last, one, other, below, d_factor, d_below, d_one, d_other):
    """Add the adjoints of both groups' likelihoods, (cells,).

    ``below`` is that of :func:`joint_factor` with these likelihoods; ``d_below`` (cells,) is filled.
    """
    for c in range(len(d_below)):
        d_below[c] = 0.0
    for c in range(len(one)):
        last_before = last[c - 1] if c > 0 else -1.0
        count = middle(last_before, last[c])
        d_sum = d_factor[c] * probability_of_pair(count)
        if d_sum != 0.0:
            _sum_over_pairs_adjoint(last, c, count, d_sum, one, other, below, d_below, d_one, d_other)

    # A likelihood is in the sums of all cells above its own.
    d_total = 0.0
    for c in range(len(other) - 1, -1, -1):
        last_before = last[c - 1] if c > 0 else -1.0
        d_other[c] += (last[c] - last_before) * d_total
        d_total += d_below[c]


@formula
def _sum_over_pairs_adjoint(last, cell, count, d_sum, one, other, below, d_below, d_one, d_other):
    """Add the adjoints of what :func:`_sum_over_pairs` takes."""
    a, b, first = 0, cell, 0.0
    while b >= 0:
        last_before = last[b - 1] if b > 0 else -1.0
        end = end_of_piece(count, last[a], last_before)
        to_below, to_cell = end - first, pairs_inside(count, first, end, last_before)
        d_one[a] += d_sum * (to_below * below[b] + to_cell * other[b])
        d_below[b] += d_sum * to_below * one[a]
        d_other[b] += d_sum * to_cell * one[a]

        first = end
        if end == last[a] + 1.0:
            a += 1
        if end == count - last_before:
            b -= 1
