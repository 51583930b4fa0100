"""The errors that all accounts of a case share: what they carry over the borders between cells, for one block of draws.

This depends on the draws, on the grid, on how far the sources lie apart, and on the two ends that a toll keeps to. Most
cases have these in common with the one before them, so that what was filled in for that one serves again; what it is
used for stands in ``adjudicated``.

A cell of one integer counts as what it is, also where a border over four lies inside it. Over the counts of a wide
cell, which are taken as equally probable, powers are averaged by their integral, corrected for the distance of the
integers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimates.models.adjudicated import LARGEST_ERROR, LARGEST_FACTOR
from estimates.models.elementary import exp, prefer_wide_registers
from estimates.models.formula import apart, formula
from estimates.models.grid import Grid
from estimates.models.lanes.arrays import LANES, new_rows
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


class ErrorShares(NamedTuple):
    """Shares of one block of draws.

    ``kept`` is what of the sums over smaller and larger counts is kept from border to border; ``up`` and ``down`` are
    what a cell adds to those above and below it, and ``left`` what it adds to the sum of all, each times the share of
    errors. ``quarter`` and ``fourfold`` are powers of the places of a quarter and of four times a border.
    """

    # (cells, lanes)
    kept: Floats
    up: Floats
    down: Floats
    left: Floats
    # (cells + 1, lanes)
    quarter: Floats
    fourfold: Floats
    # (lanes,): one over the scale of the errors, and what a cut at the largest factor leaves out.
    rate: Floats
    outside: Floats
    reach: Floats
    # (4,): whether they are filled, and for which first and last cell and distance between the sources.
    filled_for: Floats


def new_shares(cells: int) -> ErrorShares:
    """Memory for the shares of one block, not filled yet."""
    return ErrorShares(
        kept=new_rows(cells, LANES),
        up=new_rows(cells, LANES),
        down=new_rows(cells, LANES),
        left=new_rows(cells, LANES),
        quarter=new_rows(cells + 1, LANES),
        fourfold=new_rows(cells + 1, LANES),
        rate=new_rows(LANES),
        outside=new_rows(LANES),
        reach=new_rows(LANES),
        filled_for=np.zeros(4),
    )


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


# Filling the shares -------------------------------------------------------------------------------------------------


@formula
def are_filled_for(first, last, distance, shares):
    """Whether the shares are those for these ends and this distance; from now on they are said to be."""
    filled = shares.filled_for
    same = filled[0] == 1.0 and filled[1] == first and filled[2] == last and filled[3] == distance
    filled[0], filled[1], filled[2], filled[3] = 1.0, first, last, distance
    return same


@apart
def fill_shares(wrong, scale, first, last, borders, shares):
    """Fill the shares for rows (lanes,) of the probability and the scale of errors.

    The floor is the first integer of cell ``first``, one or a later one, and ``last`` is the cell whose last integer is
    the number at risk, or the last of all.
    """
    prefer_wide_registers()
    rate, outside, reach = shares.rate, shares.outside, shares.reach
    for i in range(len(rate)):
        # What is divided by the rate less one has a limit at one, which a rate beside it comes near enough to.
        exact = 1.0 / scale[i]
        rate[i] = 1.0 + 1e-6 if abs(exact - 1.0) < 1e-6 else exact
        outside[i] = exp(-LARGEST_ERROR * rate[i])
        reach[i] = 1.0

    for c in range(first, last + 1):
        if c < borders.first_wide[0]:
            _shares_of_one(c, borders, shares)
        else:
            _shares_of_many(c, borders, shares)
        _leave(c, first, last, borders, shares)
        _times_share_of_errors(wrong, shares.up[c], shares.down[c], shares.left[c])

    for c in range(first, last + 2):
        if borders.quarter_share[c] < 0.0:
            _power(rate, -borders.quarter_aside[c], shares.quarter[c])
        if borders.fourfold_share[c] < 0.0:
            _power(rate, borders.fourfold_aside[c], shares.fourfold[c])


@formula
def _times_share_of_errors(wrong, up, down, left):
    prefer_wide_registers()
    for i in range(len(wrong)):
        up[i] *= 0.5 * wrong[i]
        down[i] *= 0.5 * wrong[i]
        left[i] *= wrong[i]


@formula
def _power(rate, logarithm, result):
    prefer_wide_registers()
    for i in range(len(rate)):
        result[i] = exp(rate[i] * logarithm)


@formula
def _shares_of_one(c, borders, shares):
    """Share kept over a cell of one integer, and shares that its own count carries over the border above and below."""
    prefer_wide_registers()
    kept, rate, up, down = shares.kept[c], shares.rate, shares.up[c], shares.down[c]
    log_ratio, log_inside = borders.log_border[c] - borders.log_border[c + 1], borders.log_inside[c]
    for i in range(len(rate)):
        kept[i] = exp(rate[i] * log_ratio)
        up[i] = exp(rate[i] * log_inside)
        # Where the exponential was cut nothing is carried.
        down[i] = kept[i] / up[i] if kept[i] > 1e-290 else 0.0


@formula
def _shares_of_many(c, borders, shares):
    """The same over a cell of several integers, or one as large: integrals of powers, and what integers have of them.

    The integral over an integer is :func:`of_integers` of it, with ``z`` half the rate over the count.
    """
    prefer_wide_registers()
    kept, rate, up, down = shares.kept[c], shares.rate, shares.up[c], shares.down[c]
    low, high, bend = borders.border[c], borders.border[c + 1], borders.bend[c]
    log_ratio, width = borders.log_border[c] - borders.log_border[c + 1], high - low
    for i in range(len(rate)):
        kept[i] = exp(rate[i] * log_ratio)
        integers = width * of_integers(rate[i] * rate[i] * bend)
        up[i] = (high - low * kept[i]) / ((rate[i] + 1.0) * integers)
        down[i] = (low - high * kept[i]) / ((rate[i] - 1.0) * integers)


@formula
def _leave(c, first, last, borders, shares):
    """Divide shares by what the floor, the number at risk and the cut leave of the errors at the counts of a cell."""
    prefer_wide_registers()
    outside, up, down, left = shares.outside, shares.up[c], shares.down[c], shares.left[c]
    near_floor = borders.border[c] < LARGEST_FACTOR * borders.border[first]
    near_end = LARGEST_FACTOR * borders.border[c + 1] > borders.border[last + 1]
    if near_floor or near_end:
        _leave_near_an_end(c, last, near_floor, near_end, borders, shares)
        return

    for i in range(len(left)):
        left[i] = 1.0 / (1.0 - outside[i])
        up[i] *= left[i]
        down[i] *= left[i]


@formula
def _leave_near_an_end(c, last, near_floor, near_end, borders, shares):
    """The same within a factor of four of an end; ``reach`` is what is kept from the floor on."""
    prefer_wide_registers()
    kept, rate, outside, reach = shares.kept[c], shares.rate, shares.outside, shares.reach
    up, down, left = shares.up[c], shares.down[c], shares.left[c]
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
