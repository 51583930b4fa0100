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

The powers stand in ``error_shares``. Within a wide cell the brackets, whose slopes are ``a U / x`` and
``-a L / x``, are a cubic.
"""

from __future__ import annotations

from typing import NamedTuple

from estimates.models.adjudicated import LARGEST_FACTOR
from estimates.models.elementary import no_overlap, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.lanes.arrays import LANES, new_rows
from estimates.models.lanes.rows import clear_row, multiply_row
from estimates.models.types import Floats

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.


class AdjudicatedScratch(NamedTuple):
    """Working memory of one block."""

    # (cells + 1, lanes): at each border U, Q and L.
    below: Floats
    before: Floats
    above: Floats
    # (4, lanes): single rows.
    rows: Floats


def new_scratch(cells: int) -> AdjudicatedScratch:
    """Working memory for one block: tables (cells + 1, lanes), and (4, lanes)."""
    return AdjudicatedScratch(
        below=new_rows(cells + 1, LANES),
        before=new_rows(cells + 1, LANES),
        above=new_rows(cells + 1, LANES),
        rows=new_rows(4, LANES),
    )


@formula
def pass_to_adjudicated(mass, wrong, first, last, borders, shares, scratch):
    """Turn the probability of the count, (cells, lanes), into that of the adjudicated toll, in place.

    ``wrong`` is a row (lanes,). The floor is the first integer of cell ``first``, and the number at risk the last of
    cell ``last``, as they were when the ``shares`` were filled. Nothing must lie between zero and the floor, nor above
    the last cell: what does is dropped. The sum is that of the rest of ``mass``.
    """
    prefer_wide_registers()
    total = scratch.rows[0]
    for i in range(len(total)):
        total[i] = 0.0
        scratch.below[first, i] = 0.0
        scratch.before[first, i] = 0.0

    for c in range(first, last + 1):
        _sum_below(
            mass[c], shares.kept[c], shares.up[c], shares.down[c], shares.left[c], scratch.below[c], scratch.before[c],
            scratch.below[c + 1], scratch.before[c + 1], scratch.above[c], total,
        )  # fmt: skip
    _tolls(mass, wrong, first, last, borders, shares, scratch)
    _keep_the_sum(mass, first, last, scratch)


@formula
def _sum_below(mass, kept, up, down, left, below, before, next_below, next_before, added, total):
    """Sums at the next border, and what a cell adds to those above it; all are rows (lanes,)."""
    no_overlap()
    for i in range(len(mass)):
        added[i] = mass[i] * down[i]
        next_below[i] = kept[i] * below[i] + mass[i] * up[i]
        next_before[i] = before[i] + mass[i] * left[i]
        total[i] += mass[i]


@formula
def _tolls(mass, wrong, first, last, borders, shares, scratch):
    """Fill ``mass`` from the last cell to the first, and with it ``above``."""
    prefer_wide_registers()
    here, following, found = scratch.rows[1], scratch.rows[2], scratch.rows[3]
    above = scratch.above[last + 1]
    for i in range(len(above)):
        above[i] = 0.0
        found[i] = 0.0
    _below_border(last + 1, first, last, borders, shares, scratch, following)

    for c in range(len(mass) - 1, last, -1):
        clear_row(mass[c])
    for c in range(last, first - 1, -1):
        _sum_above(shares.kept[c], scratch.above[c], scratch.above[c + 1])
        _below_border(c, first, last, borders, shares, scratch, here)
        _toll(mass[c], wrong, following, here, found)
    for c in range(1, first):
        clear_row(mass[c])


@formula
def _sum_above(kept, above, next_above):
    no_overlap()
    for i in range(len(above)):
        above[i] += kept[i] * next_above[i]


@formula
def _toll(mass, wrong, following, here, found):
    """What stays in a cell, and what the errors put between its two borders; ``found`` is the sum of it so far."""
    no_overlap()
    for i in range(len(mass)):
        mass[i] = (1.0 - wrong[i]) * mass[i] + max(following[i] - here[i], 0.0)
        following[i] = here[i]
        found[i] += mass[i]


@formula
def _below_border(c, first, last, borders, shares, scratch, result):
    """Fill a row with what the errors put below border ``c``."""
    prefer_wide_registers()
    _below_without_cut(scratch.before[c], scratch.below[c], scratch.above[c], result)

    place, share = borders.quarter[c], borders.quarter_share[c]
    if borders.border[c] > LARGEST_FACTOR * borders.border[first]:
        if share < 0.0:
            _less_of_quarter(shares.outside, scratch.before[place], scratch.below[place], shares.quarter[c], result)
        else:
            length, next_length = relative_lengths(place, borders)
            _less_of_quarter_within(
                shares.outside, shares.rate, scratch.before[place], scratch.below[place], scratch.before[place + 1],
                scratch.below[place + 1], length, next_length, share, result,
            )  # fmt: skip

    place, share = borders.fourfold[c], borders.fourfold_share[c]
    if place <= last:
        every = scratch.before[last + 1]
        if share < 0.0:
            _more_of_fourfold(
                shares.outside, every, scratch.before[place], scratch.above[place], shares.fourfold[c], result
            )
        else:
            length, next_length = relative_lengths(place, borders)
            _more_of_fourfold_within(
                shares.outside, shares.rate, every, scratch.before[place], scratch.above[place],
                scratch.before[place + 1], scratch.above[place + 1], length, next_length, share, result,
            )  # fmt: skip


@formula
def _below_without_cut(before, below, above, result):
    no_overlap()
    for i in range(len(result)):
        result[i] = before[i] - below[i] + above[i]


@formula
def _less_of_quarter(outside, before, below, power, result):
    no_overlap()
    for i in range(len(result)):
        result[i] -= outside[i] * (0.5 * before[i] - below[i] * power[i])


@formula
def _less_of_quarter_within(
    outside, rate, before, below, next_before, next_below, length, next_length, share, result
):  # fmt: skip
    no_overlap()
    for i in range(len(result)):
        start, end = 0.5 * before[i] - below[i], 0.5 * next_before[i] - next_below[i]
        rise, next_rise = rate[i] * length * below[i], rate[i] * next_length * next_below[i]
        result[i] -= outside[i] * curve(start, end, rise, next_rise, share)


@formula
def _more_of_fourfold(outside, every, before, above, power, result):
    """Reads only, but for ``result``: the sum over every count may be that at the place itself."""
    prefer_wide_registers()
    for i in range(len(result)):
        result[i] += outside[i] * (0.5 * (every[i] - before[i]) - above[i] * power[i])


@formula
def _more_of_fourfold_within(
    outside, rate, every, before, above, next_before, next_above, length, next_length, share, result
):  # fmt: skip
    prefer_wide_registers()
    for i in range(len(result)):
        start = 0.5 * (every[i] - before[i]) - above[i]
        end = 0.5 * (every[i] - next_before[i]) - next_above[i]
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
def _keep_the_sum(mass, first, last, scratch):
    """Make up for what rounding, and curves within cells, have lost or added."""
    prefer_wide_registers()
    total, factor = scratch.rows[0], scratch.rows[3]
    for i in range(len(total)):
        factor[i] = total[i] / max(factor[i], 1e-300)
    for c in range(first, last + 1):
        multiply_row(mass[c], factor)
