"""Factors of tied figures that say the same, averaged over all orders in which they may have been said; compiled.

The formula is that of ``copying``: a sum over how many of the figures are the sources' own, of an elementary symmetric
polynomial of their tables times ``said``, what that number is worth, and a power of ``ratio``, the odds of a copy.
Two and three figures, by far the most frequent, are written out.

``tables`` holds the tables of all figures, ``begins`` (figures of the group,) says where those of the group begin;
``said`` has shape (figures + 1,), and a factor shape (cells,). A name that begins with ``d_`` is the derivative of the
log marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.formula import formula

#: Added to what is divided by, so that cells without probability stay without.
TINY = 1e-300


@formula
def tied_factor(begins, said, ratio, tables, sums, result):
    """The factor of a group; ``sums`` is working memory of shape (figures + 1, cells)."""
    size, count = len(result), len(begins)
    if count == 2:
        _pair(begins, said, ratio, tables, result)
        return
    if count == 3:
        _triple(begins, said, ratio, tables, result)
        return

    _products(begins, -1, tables, size, sums)
    for c in range(size):
        result[c] = 0.0
    for own in range(count + 1):
        worth, here = said[own] * ratio ** (count - own), sums[own, :size]
        for c in range(size):
            result[c] += worth * here[c]


@formula
def tied_factor_adjoint(begins, said, ratio, tables, mass, sums, d_factor, d_tables):
    """Add the adjoint of a group's factor to those of its tables; that of the odds of a copy is returned.

    ``mass`` (cells,) is the posterior after the factor, times the weight of the event. ``d_factor`` (cells,) and
    ``sums`` are working memory.
    """
    size, count = len(mass), len(begins)
    if count == 2:
        return _pair_adjoint(begins, said, ratio, tables, mass, d_tables)
    if count == 3:
        return _triple_adjoint(begins, said, ratio, tables, mass, d_factor, d_tables)

    tied_factor(begins, said, ratio, tables, sums, d_factor)
    for c in range(size):
        d_factor[c] = mass[c] / (d_factor[c] + TINY)

    d_ratio = 0.0
    for own in range(count):
        here, total = sums[own, :size], 0.0
        for c in range(size):
            total += d_factor[c] * here[c]
        d_ratio += total * (count - own) * said[own] * ratio ** (count - own - 1)

    for m in range(count):
        _products(begins, m, tables, size, sums)
        d_table = d_tables[begins[m] : begins[m] + size]
        for own in range(count):
            worth, here = said[own + 1] * ratio ** (count - 1 - own), sums[own, :size]
            for c in range(size):
                d_table[c] += worth * here[c] * d_factor[c]
    return d_ratio


@formula
def _products(begins, left_out, tables, size, sums):
    """Elementary symmetric polynomials of a group's tables but one, row by order."""
    for c in range(size):
        sums[0, c] = 1.0

    count = 0
    for m in range(len(begins)):
        if m == left_out:
            continue
        count += 1
        own, highest = tables[begins[m] : begins[m] + size], sums[count, :size]
        for c in range(size):
            highest[c] = 0.0
        for order in range(count, 0, -1):
            here, lower = sums[order, :size], sums[order - 1, :size]
            for c in range(size):
                here[c] += own[c] * lower[c]


@formula
def _pair(begins, said, ratio, tables, result):
    """The factor of two figures."""
    size = len(result)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    both, either, none = said[2], said[1] * ratio, said[0] * ratio * ratio
    for c in range(size):
        result[c] = both * one[c] * two[c] + either * (one[c] + two[c]) + none


@formula
def _pair_adjoint(begins, said, ratio, tables, mass, d_tables):
    """As :func:`tied_factor_adjoint`, of two figures."""
    size = len(mass)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    d_one, d_two = d_tables[begins[0] : begins[0] + size], d_tables[begins[1] : begins[1] + size]
    both, either, none = said[2], said[1] * ratio, said[0] * ratio * ratio

    by_either, by_none = 0.0, 0.0
    for c in range(size):
        x, y = one[c], two[c]
        d_here = mass[c] / (both * x * y + either * (x + y) + none + TINY)
        by_either += d_here * (x + y)
        by_none += d_here
        d_one[c] += d_here * (both * y + either)
        d_two[c] += d_here * (both * x + either)
    return said[1] * by_either + 2.0 * said[0] * ratio * by_none


@formula
def _triple(begins, said, ratio, tables, result):
    """The factor of three figures."""
    size = len(result)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    three = tables[begins[2] : begins[2] + size]
    every, pairs, singles, none = said[3], said[2] * ratio, said[1] * ratio**2, said[0] * ratio**3
    for c in range(size):
        x, y, z = one[c], two[c], three[c]
        result[c] = every * x * y * z + pairs * (x * y + x * z + y * z) + singles * (x + y + z) + none


@formula
def _triple_adjoint(begins, said, ratio, tables, mass, d_factor, d_tables):
    """As :func:`tied_factor_adjoint`, of three figures."""
    size = len(mass)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    three = tables[begins[2] : begins[2] + size]
    d_one, d_two = d_tables[begins[0] : begins[0] + size], d_tables[begins[1] : begins[1] + size]
    d_three = d_tables[begins[2] : begins[2] + size]
    every, pairs, singles, none = said[3], said[2] * ratio, said[1] * ratio**2, said[0] * ratio**3

    by_pairs, by_singles, by_none = 0.0, 0.0, 0.0
    for c in range(size):
        x, y, z = one[c], two[c], three[c]
        sum_of_pairs, total = x * y + x * z + y * z, x + y + z
        d_here = mass[c] / (every * x * y * z + pairs * sum_of_pairs + singles * total + none + TINY)
        d_factor[c] = d_here
        by_pairs += d_here * sum_of_pairs
        by_singles += d_here * total
        by_none += d_here

    # Each loop writes one table: of so many the compiler does not test whether they overlap.
    for c in range(size):
        d_one[c] += d_factor[c] * (every * two[c] * three[c] + pairs * (two[c] + three[c]) + singles)
    for c in range(size):
        d_two[c] += d_factor[c] * (every * one[c] * three[c] + pairs * (one[c] + three[c]) + singles)
    for c in range(size):
        d_three[c] += d_factor[c] * (every * one[c] * two[c] + pairs * (one[c] + two[c]) + singles)
    return said[2] * by_pairs + 2.0 * said[1] * ratio * by_singles + 3.0 * said[0] * ratio**2 * by_none
