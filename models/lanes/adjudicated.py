r"""From the probability of the count to that of the adjudicated toll, for one block of draws.

The law is that of ``adjudicated``. With ``q(n) = w P(C = n) / D(n)``, ``D`` the denominator of the law, ``a = 1 / b``
and borders ``x`` half-way between integers the errors put below a border

.. math:: H(x) = \sum_n q(n) F(\log(x / n)) =
   Q(x) - U(x) + L(x) - 4^{-a} [Q(x/4)/2 - U(x/4)] + 4^{-a} [Q'(4x)/2 - L(4x)]

with the running sums

.. math:: U(x) = \tfrac12 \sum_{n<x} q(n) (n/x)^a, \quad L(x) = \tfrac12 \sum_{n \ge x} q(n) (x/n)^a, \quad
   Q(x) = \sum_{n<x} q(n), \quad Q'(x) = \sum_{n \ge x} q(n)

``U`` and ``L`` are what the errors carry over a border, upwards and downwards; the brackets, continuous in ``x``, give
back what a cut at a factor of four forbids. From border to border ``U`` and ``L`` keep ``(x / next) ** a``, so that no
power of a large number is taken. A cell's toll is the difference of ``H`` at its two borders.

A cell of one integer counts as what it is, also where a border over four lies inside it. Over the counts of a wide
cell, which are taken as equally probable, powers are averaged by their integral, corrected for the distance of the
integers; the brackets, whose slopes are ``a U / x`` and ``-a L / x``, are a cubic there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimates.models.adjudicated import LARGEST_ERROR, LARGEST_FACTOR
from estimates.models.elementary import exp, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.grid import Grid
from estimates.models.lanes.arrays import LANES
from estimates.models.types import Floats, Integers

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.

#: The share that says that a border lies in a cell of one integer.
ONE_INTEGER = -1.0
#: Where the ends leave less of the errors than this, the spread of it within a cell is not told.
SECOND_ORDER_FROM = 0.3


class Borders(NamedTuple):
    """Borders between the cells of one grid, half-way between integers, and where a quarter and four times one lie.

    A border over four, or times four, lies beside the border ``place`` at the logarithm ``aside`` of a ratio of at most
    three, in a cell of one integer; in others it lies at ``share`` of the way to the next border.
    """

    # (cells + 1,): a border and its logarithm.
    border: Floats
    log_border: Floats
    # (cells,): logarithm of a cell's middle, and of its middle over its upper border.
    log_inside: Floats
    # (cells,): one over four times the middle squared.
    bend: Floats
    # (cells + 1,)
    quarter: Integers
    quarter_aside: Floats
    quarter_share: Floats
    fourfold: Integers
    fourfold_aside: Floats
    fourfold_share: Floats
    # (1,): the first cell of several integers.
    first_wide: Integers


class AdjudicatedScratch(NamedTuple):
    """Working memory of one block."""

    # (cells, lanes): shares kept from border to border.
    kept: Floats
    # (cells + 1, lanes): at each border U, Q and L.
    below: Floats
    before: Floats
    above: Floats
    # (7, lanes): single rows.
    rows: Floats


def borders(grid: Grid) -> Borders:
    """What :func:`pass_to_adjudicated` takes of a grid: arrays of shapes (cells,) and (cells + 1,)."""
    border, first_wide = np.maximum(grid.edges - 0.5, 0.5), _first_wide(grid)
    middle = np.maximum(grid.middle, 1.0)
    quarter, quarter_aside, quarter_share = _beside(grid, border, border / LARGEST_FACTOR)
    fourfold, fourfold_aside, fourfold_share = _beside(grid, border, border * LARGEST_FACTOR)

    return Borders(
        border=border,
        log_border=np.log(border),
        log_inside=np.log(middle / border[1:]),
        bend=0.25 / middle**2,
        quarter=quarter,
        quarter_aside=quarter_aside,
        quarter_share=quarter_share,
        fourfold=fourfold,
        fourfold_aside=fourfold_aside,
        fourfold_share=fourfold_share,
        first_wide=np.array([first_wide]),
    )


def _first_wide(grid: Grid) -> int:
    """First cell of several integers; the number of cells where there is none."""
    return grid.first_wide if (grid.width > 1).any() else len(grid)


def _beside(grid: Grid, border: Floats, wanted: Floats) -> tuple[Integers, Floats, Floats]:
    """For places on the line the border to start from, the logarithm of the ratio to it, and the share of the way."""
    cell = np.clip(np.searchsorted(border, wanted, side="right") - 1, 1, len(grid) - 1)
    single = cell < _first_wide(grid)
    place = np.where(single & (wanted > grid.middle[cell]), cell + 1, cell)
    outside = (wanted < border[1]) | (wanted > border[-1])
    place = np.where(outside, np.where(wanted < border[1], 1, len(grid)), place)

    share = (wanted - border[cell]) / (border[cell + 1] - border[cell])
    aside = np.where(outside, 0.0, np.log(wanted / border[place]))
    return place.astype(np.int64), aside, np.where(single | outside, ONE_INTEGER, share)


def new_scratch(cells: int) -> AdjudicatedScratch:
    """Working memory for one block: tables (cells, lanes), or (cells + 1, lanes), and (7, lanes)."""
    return AdjudicatedScratch(
        kept=np.empty((cells, LANES)),
        below=np.empty((cells + 1, LANES)),
        before=np.empty((cells + 1, LANES)),
        above=np.empty((cells + 1, LANES)),
        rows=np.empty((7, LANES)),
    )


# The pass -------------------------------------------------------------------------------------------------------------


@formula
def pass_to_adjudicated(mass, wrong, scale, first, last, borders, scratch, result):
    """Turn the probability of the count into that of the adjudicated toll, both (cells, lanes); may be the same table.

    ``wrong`` and ``scale`` are rows (lanes,). The floor is the first integer of cell ``first``, one or a later one, and
    ``last`` is the cell whose last integer is the number at risk, or the last of all. Nothing must lie between zero and
    the floor, nor above the last cell: what does is dropped. The sum is that of the rest of ``mass``.
    """
    prefer_wide_registers()
    rate, outside, reach, total = scratch.rows[0], scratch.rows[1], scratch.rows[2], scratch.rows[3]
    for i in range(len(rate)):
        # What is divided by the rate less one has a limit at one, which a rate beside it comes near enough to.
        exact = 1.0 / scale[i]
        rate[i] = 1.0 + 1e-6 if abs(exact - 1.0) < 1e-6 else exact
        outside[i] = exp(-LARGEST_ERROR * rate[i])
        reach[i] = 1.0
        total[i] = 0.0

    _sums_below(mass, wrong, first, last, borders, scratch)
    _tolls(mass, wrong, first, last, borders, scratch, result)
    _keep_the_sum(first, last, scratch, result)


@formula
def _sums_below(mass, wrong, first, last, borders, scratch):
    """Fill ``kept``, ``below`` and ``before``; ``above`` with what each cell adds to it; and sum up ``mass``."""
    prefer_wide_registers()
    rate, total = scratch.rows[0], scratch.rows[3]
    up, down, left = scratch.rows[4], scratch.rows[5], scratch.rows[6]
    below, before = scratch.below[first], scratch.before[first]
    for i in range(len(rate)):
        below[i] = 0.0
        before[i] = 0.0

    for c in range(first, last + 1):
        if c < borders.first_wide[0]:
            _shares_of_one(c, borders, scratch)
        else:
            _shares_of_many(c, borders, scratch)
        _leave(c, first, last, borders, scratch)

        row, kept, added = mass[c], scratch.kept[c], scratch.above[c]
        below, before = scratch.below[c], scratch.before[c]
        next_below, next_before = scratch.below[c + 1], scratch.before[c + 1]
        for i in range(len(rate)):
            share = wrong[i] * row[i]
            added[i] = 0.5 * share * down[i]
            next_below[i] = kept[i] * below[i] + 0.5 * share * up[i]
            next_before[i] = before[i] + share * left[i]
            total[i] += row[i]


@formula
def _shares_of_one(c, borders, scratch):
    """Share kept over a cell of one integer, and shares that its own count carries over the border above and below."""
    prefer_wide_registers()
    kept, rate, up, down = scratch.kept[c], scratch.rows[0], scratch.rows[4], scratch.rows[5]
    log_ratio, log_inside = borders.log_border[c] - borders.log_border[c + 1], borders.log_inside[c]
    for i in range(len(rate)):
        kept[i] = exp(rate[i] * log_ratio)
        up[i] = exp(rate[i] * log_inside)
        # Where the exponential was cut nothing is carried.
        down[i] = kept[i] / up[i] if kept[i] > 1e-290 else 0.0


@formula
def _shares_of_many(c, borders, scratch):
    """The same over a cell of several integers, or one as large: integrals of powers, and what integers have of them.

    The integral over an integer is :func:`of_integers` of it, with ``z`` half the rate over the count.
    """
    prefer_wide_registers()
    kept, rate, up, down = scratch.kept[c], scratch.rows[0], scratch.rows[4], scratch.rows[5]
    low, high, bend = borders.border[c], borders.border[c + 1], borders.bend[c]
    log_ratio, width = borders.log_border[c] - borders.log_border[c + 1], high - low
    for i in range(len(rate)):
        kept[i] = exp(rate[i] * log_ratio)
        integers = width * of_integers(rate[i] * rate[i] * bend)
        up[i] = (high - low * kept[i]) / ((rate[i] + 1.0) * integers)
        down[i] = (low - high * kept[i]) / ((rate[i] - 1.0) * integers)


@formula
def _leave(c, first, last, borders, scratch):
    """Divide shares by what the floor, the number at risk and the cut leave of the errors at the counts of a cell."""
    prefer_wide_registers()
    outside, up, down, left = scratch.rows[1], scratch.rows[4], scratch.rows[5], scratch.rows[6]
    near_floor = borders.border[c] < LARGEST_FACTOR * borders.border[first]
    near_end = LARGEST_FACTOR * borders.border[c + 1] > borders.border[last + 1]
    if near_floor or near_end:
        _leave_near_an_end(c, last, near_floor, near_end, borders, scratch)
        return

    for i in range(len(left)):
        left[i] = 1.0 / (1.0 - outside[i])
        up[i] *= left[i]
        down[i] *= left[i]


@formula
def _leave_near_an_end(c, last, near_floor, near_end, borders, scratch):
    """The same within a factor of four of an end; ``reach`` is what is kept from the floor on."""
    prefer_wide_registers()
    kept, rate, outside, reach = scratch.kept[c], scratch.rows[0], scratch.rows[1], scratch.rows[2]
    up, down, left = scratch.rows[4], scratch.rows[5], scratch.rows[6]
    low, high, bend = borders.border[c], borders.border[c + 1], borders.bend[c]
    of_floor, of_end, of_many = 1.0 if near_floor else 0.0, 1.0 if near_end else 0.0, 1.0 if high - low > 1.5 else 0.0
    log_ratio = borders.log_border[c + 1] - borders.log_border[last + 1]

    for i in range(len(rate)):
        # Means of the squares: the integrals at twice the rate.
        square, twice = kept[i] * kept[i], 2.0 * rate[i]
        integers = (high - low) * of_integers(4.0 * rate[i] * rate[i] * bend)
        up_square = (high - low * square) / ((twice + 1.0) * integers)
        down_square = (low - high * square) / ((twice - 1.0 if abs(twice - 1.0) > 1e-6 else 1e-6) * integers)
        left[i], up[i], down[i] = shares_left(
            up[i], down[i], of_many * (up_square - up[i] * up[i]), of_many * (down_square - down[i] * down[i]),
            of_many * (kept[i] - up[i] * down[i]), of_floor * reach[i], of_end * exp(rate[i] * log_ratio), outside[i],
        )  # fmt: skip
        reach[i] *= kept[i]


@formula
def of_integers(square):
    """``sinh(z) / z`` from ``z`` squared: the integral of a power over an integer, relative to the power of it."""
    return 1.0 + square / 6.0 * (1.0 + square / 20.0 * (1.0 + square / 42.0))


@formula
def shares_left(up, down, up_variance, down_variance, covariance, to_floor, to_end, outside):
    """Means over a cell of ``1 / D``, and of what is carried upwards and downwards over ``D``, from means of these two.

    They are expanded to the second order; near both ends at once, where little is left, to the first.
    """
    floor_part = 0.5 * to_floor if to_floor * down > outside else 0.0
    end_part = 0.5 * to_end if to_end * up > outside else 0.0
    mean = 1.0 - 0.5 * max(to_floor * down, outside) - 0.5 * max(to_end * up, outside)

    second = 1.0 if mean > SECOND_ORDER_FROM else 0.0
    with_up = -second * (floor_part * covariance + end_part * up_variance)
    with_down = -second * (floor_part * down_variance + end_part * covariance)
    more = 1.0 - (floor_part * with_down + end_part * with_up) / (mean * mean)
    return more / mean, (up * more - with_up / mean) / mean, (down * more - with_down / mean) / mean


@formula
def _tolls(mass, wrong, first, last, borders, scratch, result):
    """Fill ``result`` from the last cell to the first, and with it ``above``."""
    prefer_wide_registers()
    here, following = scratch.rows[4], scratch.rows[5]
    above = scratch.above[last + 1]
    for i in range(len(above)):
        above[i] = 0.0
    _below_border(last + 1, first, last, borders, scratch, following)

    for c in range(len(result) - 1, last, -1):
        _nothing(result[c])
    for c in range(last, first - 1, -1):
        above, next_above, kept = scratch.above[c], scratch.above[c + 1], scratch.kept[c]
        for i in range(len(above)):
            above[i] += kept[i] * next_above[i]

        _below_border(c, first, last, borders, scratch, here)
        row, value = mass[c], result[c]
        for i in range(len(above)):
            value[i] = (1.0 - wrong[i]) * row[i] + max(following[i] - here[i], 0.0)
            following[i] = here[i]

    for c in range(1, first):
        _nothing(result[c])
    row, value = mass[0], result[0]
    for i in range(len(above)):
        value[i] = row[i]


@formula
def _nothing(row):
    for i in range(len(row)):
        row[i] = 0.0


@formula
def _below_border(c, first, last, borders, scratch, result):
    """Fill a row with what the errors put below border ``c``."""
    prefer_wide_registers()
    rate, outside = scratch.rows[0], scratch.rows[1]
    below, before, above = scratch.below[c], scratch.before[c], scratch.above[c]
    for i in range(len(rate)):
        result[i] = before[i] - below[i] + above[i]

    place, aside, share = borders.quarter[c], borders.quarter_aside[c], borders.quarter_share[c]
    if borders.border[c] > LARGEST_FACTOR * borders.border[first]:
        below, before = scratch.below[place], scratch.before[place]
        if share < 0.0:
            for i in range(len(rate)):
                result[i] -= outside[i] * (0.5 * before[i] - below[i] * exp(rate[i] * -aside))
        else:
            length, next_length = relative_lengths(place, borders)
            next_below, next_before = scratch.below[place + 1], scratch.before[place + 1]
            for i in range(len(rate)):
                start, end = 0.5 * before[i] - below[i], 0.5 * next_before[i] - next_below[i]
                rise, next_rise = rate[i] * length * below[i], rate[i] * next_length * next_below[i]
                result[i] -= outside[i] * curve(start, end, rise, next_rise, share)

    place, aside, share = borders.fourfold[c], borders.fourfold_aside[c], borders.fourfold_share[c]
    if place <= last:
        all_counts = scratch.before[last + 1]
        before, above = scratch.before[place], scratch.above[place]
        if share < 0.0:
            for i in range(len(rate)):
                result[i] += outside[i] * (0.5 * (all_counts[i] - before[i]) - above[i] * exp(rate[i] * aside))
        else:
            length, next_length = relative_lengths(place, borders)
            next_before, next_above = scratch.before[place + 1], scratch.above[place + 1]
            for i in range(len(rate)):
                start = 0.5 * (all_counts[i] - before[i]) - above[i]
                end = 0.5 * (all_counts[i] - next_before[i]) - next_above[i]
                rise, next_rise = -rate[i] * length * above[i], -rate[i] * next_length * next_above[i]
                result[i] += outside[i] * curve(start, end, rise, next_rise, share)


@formula
def relative_lengths(place, borders):
    """Length of a cell over its lower border, and over its upper one."""
    low, high = borders.border[place], borders.border[place + 1]
    return (high - low) / low, (high - low) / high


@formula
def curve(start, end, rise, next_rise, share):
    """The cubic through two ends with what each would rise by along the whole way, at a share of it."""
    straight, rest = end - start, 1.0 - share
    return start + share * straight + share * rest * (rest * (rise - straight) - share * (next_rise - straight))


@formula
def _keep_the_sum(first, last, scratch, result):
    """Make up for what rounding, and curves within cells, have lost or added."""
    prefer_wide_registers()
    total, factor = scratch.rows[3], scratch.rows[4]
    for i in range(len(total)):
        factor[i] = 0.0
    for c in range(first, last + 1):
        row = result[c]
        for i in range(len(total)):
            factor[i] += row[i]

    for i in range(len(total)):
        factor[i] = total[i] / max(factor[i], 1e-300)
    for c in range(first, last + 1):
        row = result[c]
        for i in range(len(total)):
            row[i] *= factor[i]
