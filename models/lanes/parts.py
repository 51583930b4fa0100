"""Factors of figures of a part of the dead for one block of draws; the formulas are those of ``parts``."""

from __future__ import annotations

from estimates.models.elementary import prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.growth import running_mean
from estimates.models.parts import end_of_piece, kept_of_mean, middle, pairs_inside, part, probability_of_pair

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.


@formula
def part_factor(last, share_all, mean, table):
    """Turn the likelihood of a group's size into the factor of the group, ``table`` (cells, lanes), in place.

    ``last`` (cells,) is the last count of each cell, ``share_all`` (lanes,) the probability that the group is
    everybody; ``mean`` (lanes,) is working memory.
    """
    prefer_wide_registers()
    for i in range(len(mean)):
        mean[i] = 0.0

    before = -1.0
    for c in range(len(table)):
        row, kept = table[c], kept_of_mean(before, last[c])
        inside = kept_of_mean(before, middle(before, last[c]))
        for i in range(len(mean)):
            value = row[i]
            row[i] = part(value, running_mean(mean[i], inside, value), share_all[i])
            mean[i] = running_mean(mean[i], kept, value)
        before = last[c]


@formula
def joint_factor(last, other, below, sums, one):
    """Turn the likelihood of one group's size into the joint factor with an ``other`` group that excludes it, in place.

    ``one``, ``other`` and ``below``, which is working memory, are (cells, lanes), ``sums``, which is too, (lanes,).
    The time it takes grows with the square of the cells.
    """
    prefer_wide_registers()
    _sums_below(last, other, sums, below)

    # From the last cell on: a factor needs the likelihoods of its own cell and of those below.
    for c in range(len(one) - 1, -1, -1):
        last_before = last[c - 1] if c > 0 else -1.0
        count = middle(last_before, last[c])
        _sum_over_pairs(last, c, count, one, other, below, sums)

        row, probability = one[c], probability_of_pair(count)
        for i in range(len(row)):
            row[i] = probability * sums[i]


@formula
def _sums_below(last, table, sums, below):
    """Sums of a table over all integers of the cells before each, (cells, lanes)."""
    prefer_wide_registers()
    for i in range(len(sums)):
        sums[i] = 0.0

    before = -1.0
    for c in range(len(table)):
        row, here, width = table[c], below[c], last[c] - before
        for i in range(len(sums)):
            here[i] = sums[i]
            sums[i] += width * row[i]
        before = last[c]


@formula
def _sum_over_pairs(last, cell, count, one, other, below, sums):
    """Fill ``sums`` (lanes,) with products over all pairs of sizes that add up to at most ``count``, in ``cell``."""
    prefer_wide_registers()
    for i in range(len(sums)):
        sums[i] = 0.0

    a, b, first = 0, cell, 0.0
    while b >= 0:
        last_before = last[b - 1] if b > 0 else -1.0
        end = end_of_piece(count, last[a], last_before)
        to_below, to_cell = end - first, pairs_inside(count, first, end, last_before)
        of_one, of_other, of_below = one[a], other[b], below[b]
        for i in range(len(sums)):
            sums[i] += of_one[i] * (to_below * of_below[i] + to_cell * of_other[i])

        first = end
        if end == last[a] + 1.0:
            a += 1
        if end == count - last_before:
            b -= 1
