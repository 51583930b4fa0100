"""P(words | C) of every figure for one block of draws; the formulas are those of ``reporting`` and ``wording``."""

from __future__ import annotations

from estimates.models.corpus.arrays import (
    AT_LEAST,
    AT_LEAST_SHIFT,
    HEAPING,
    NONE_FALL,
    NONE_SHARES,
    OUTLIER,
    PHANTOM,
    SLOPE,
    UP_TO,
)
from estimates.models.elementary import exp, log, no_overlap, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.grid import LARGEST_EXPONENT
from estimates.models.lanes.powers import powers_of_counts
from estimates.models.lanes.rows import clear_row
from estimates.models.reporting import held_exactly_parts, odds_above, said_none, said_number, with_interval
from estimates.models.wording import CODED, STATED

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.

#: So many intervals are added up as one fraction, whose parts stay finite.
_INTERVALS_IN_ONE = 5


@formula
def reporting_tables(b, values, grids, figures, tables, scratch, up_to_shift):
    """Fill the tables of pairs and of figures for block ``b``."""
    prefer_wide_registers()
    powers_of_counts(
        values.shared[b, SLOPE], grids.log_count, 0.0, grids.smallest_factor, scratch.rows[1], tables.power_of_error
    )
    powers_of_counts(
        values.shared[b, NONE_FALL], grids.log_count, 0.0, grids.smallest_factor, scratch.rows[1], tables.power_of_none
    )
    for c in range(1, len(tables.power_of_none)):
        _said_numbers(values.shared[b, NONE_SHARES + STATED], tables.power_of_none[c], tables.numbers[0, c])
        _said_numbers(values.shared[b, NONE_SHARES + CODED], tables.power_of_none[c], tables.numbers[1, c])
    for pair in range(len(figures.pair_source)):
        _powers_of_count(b, pair, values, grids, figures, tables, scratch)
    for f in range(len(figures.figure_pair)):
        _figure_table(b, f, values, grids, figures, tables, scratch, up_to_shift)


@formula
def _said_numbers(share, power, number):
    no_overlap()
    for i in range(len(number)):
        number[i] = said_number(share[i], power[i])


@formula
def _location(b, s, kind, values, up_to_shift, location):
    """Where the errors of a source lie, relative to the count and on the log scale, for one shift."""
    prefer_wide_registers()
    bias, shift = values.bias[b, s], values.shared[b, AT_LEAST_SHIFT]
    for i in range(len(location)):
        location[i] = bias[i]
    if kind == AT_LEAST:
        for i in range(len(location)):
            location[i] += shift[i]
    if kind == UP_TO:
        for i in range(len(location)):
            location[i] += up_to_shift


@formula
def _rates(b, s, values, rates):
    """One over the scale of a source's errors."""
    prefer_wide_registers()
    scale = values.scale[b, s]
    for i in range(len(rates)):
        rates[i] = min(1.0 / scale[i], LARGEST_EXPONENT)


@formula
def _powers_of_count(b, pair, values, grids, figures, tables, scratch):
    """The count to the power of one over the scale of a source's errors."""
    prefer_wide_registers()
    rates = scratch.rows[0]
    _rates(b, figures.pair_source[pair], values, rates)
    powers_of_counts(
        rates,
        grids.relative,
        grids.log_reference[0],
        grids.smallest_factor,
        scratch.rows[1],
        tables.odds_of_count[pair],
    )


@formula
def _figure_table(b, f, values, grids, figures, tables, scratch, up_to_shift):
    """P(words | C) of one figure: what is said of none, and the terms of numbers held, group by group."""
    prefer_wide_registers()
    pair, w = figures.figure_pair[f], figures.figure_words[f]
    s = figures.pair_source[pair]
    table, none, kind = tables.figures[f], figures.none_weight[w], figures.none_kind[w]
    share, falls = values.shared[b, NONE_SHARES + kind], 1.0 if figures.none_falls[w] else 0.0
    for c in range(len(table)):
        if none > 0.0:
            _said_none(none, share, falls, tables.power_of_none[c], table[c])
        else:
            clear_row(table[c])

    for group in range(figures.group_offset[w], figures.group_offset[w + 1]):
        _points_of_group(b, group, pair, values, grids, figures, scratch, up_to_shift)
        _add_group(b, group, pair, values, grids, figures, tables, scratch, table)
    _at_zero(b, s, w, values, figures, scratch, table[0])


@formula
def _said_none(none, share, falls, power, row):
    no_overlap()
    for i in range(len(row)):
        row[i] = none * said_none(share[i], 1.0 + falls * (power[i] - 1.0))


@formula
def _points_of_group(b, group, pair, values, grids, figures, scratch, up_to_shift):
    """The part of each point in the odds to lie above it, and the weight of the interval from it to the next.

    The part of one half, where numbers begin, is left in the fifth of the single rows.
    """
    prefer_wide_registers()
    first, end = figures.point_offset[group], figures.point_offset[group + 1]
    rates, location, heaping = scratch.rows[0], scratch.rows[1], values.shared[b, HEAPING]
    s = figures.pair_source[pair]
    _rates(b, s, values, rates)
    _location(b, s, figures.group_kind[group], values, up_to_shift, location)

    log_reference, plain, rounded = grids.log_reference[0], 0.0, 0.0
    for j in range(end - first):
        odds_at, weights = scratch.odds_at[j], scratch.weights[j]
        distance = figures.log_points[first + j] - log_reference
        plain -= figures.point_plain[first + j]
        rounded -= figures.point_rounded[first + j]
        for i in range(len(rates)):
            odds_at[i] = exp((location[i] - distance) * rates[i])
            weights[i] = plain + heaping[i] * rounded

    at_half, log_half = scratch.rows[5], log(0.5) - log_reference
    for i in range(len(rates)):
        at_half[i] = exp((location[i] - log_half) * rates[i])


@formula
def _add_group(b, group, pair, values, grids, figures, tables, scratch, table):
    """Add a group of terms with one shift to a figure's table."""
    prefer_wide_registers()
    data, points = figures.group_vector[group], figures.point_offset[group + 1] - figures.point_offset[group]
    s = figures.pair_source[pair]
    outlier, heaping, exactness = values.shared[b, OUTLIER], values.shared[b, HEAPING], values.exactness[b, s]
    of_source, at_half = scratch.rows[3], scratch.rows[5]
    over, under, sums = scratch.rows[6], scratch.rows[7], scratch.rows[2]
    for i in range(len(of_source)):
        of_source[i] = exp(-exactness[i])
        sums[i] = 0.0

    odds_of_count = tables.odds_of_count[pair]
    if points == 2:
        first, second, weights = scratch.odds_at[0], scratch.odds_at[1], scratch.weights[0]
        for c in range(len(table)):
            _add_said_of_one(
                figures.atoms[data + c], grids.gross_zero[c], figures.gross_plain[data + c],
                figures.gross_rounded[data + c], tables.power_of_error[c], of_source, odds_of_count[c], at_half,
                first, second, weights, outlier, heaping, table[c],
            )  # fmt: skip
        return

    for c in range(len(table)):
        odds, power, row = odds_of_count[c], tables.power_of_error[c], table[c]
        _sum_of_intervals(points, odds, scratch.odds_at, scratch.weights, over, under, scratch.rows[8], sums)

        _add_said(
            figures.atoms[data + c], grids.gross_zero[c], figures.gross_plain[data + c],
            figures.gross_rounded[data + c], power, of_source, odds, at_half, outlier, heaping, sums, over, under, row,
        )  # fmt: skip


@formula
def _add_said(
    atom, gross_zero, plain, rounded, power, of_source, odds, at_half, outlier, heaping, sums, over, under, row
):  # fmt: skip
    """Add to a cell what the terms of a group say there, from the sum of its intervals; rows (lanes,)."""
    no_overlap()
    for i in range(len(row)):
        of_error = power[i] * of_source[i]
        numerator, denominator = held_exactly_parts(of_error, odds_above(odds[i], at_half[i]), outlier[i], gross_zero)
        error = outlier[i] * (plain + heaping[i] * rounded) + (1.0 - outlier[i]) * sums[i]
        said = (atom + of_error * error) * under[i] + of_error * (1.0 - outlier[i]) * over[i]
        row[i] += numerator * said / (denominator * under[i])


@formula
def _add_said_of_one(
    atom, gross_zero, plain, rounded, power, of_source, odds, at_half, first, second, weight, outlier, heaping, row
):  # fmt: skip
    """The same for a group of one interval, which most words are."""
    no_overlap()
    for i in range(len(row)):
        low, high = odds_above(odds[i], first[i]), odds_above(odds[i], second[i])
        over, under = weight[i] * (low - high), (1.0 + low) * (1.0 + high)
        of_error = power[i] * of_source[i]
        numerator, denominator = held_exactly_parts(of_error, odds_above(odds[i], at_half[i]), outlier[i], gross_zero)
        gross = outlier[i] * (plain + heaping[i] * rounded)
        said = (atom + of_error * gross) * under + of_error * (1.0 - outlier[i]) * over
        row[i] += numerator * said / (denominator * under)


@formula
def _sum_of_intervals(points, odds, odds_at, weights, over, under, last, sums):
    """Sum of weight * (F(next) - F(point)) over three points or more: ``sums + over / under`` (``with_interval``)."""
    prefer_wide_registers()
    _first_interval(odds, odds_at[0], odds_at[1], weights[0], over, under)

    for i in range(len(over)):
        last[i] = odds_above(odds[i], odds_at[1, i])
        under[i] = 1.0 + odds_above(odds[i], odds_at[0, i])
        sums[i] = 0.0

    for j in range(2, points):
        if j % _INTERVALS_IN_ONE == 0:
            for i in range(len(over)):
                sums[i] += over[i] / (under[i] * (1.0 + last[i]))
                over[i], under[i] = 0.0, 1.0
        _next_interval(odds, odds_at[j], weights[j - 1], last, over, under)

    for i in range(len(over)):
        under[i] *= 1.0 + last[i]


@formula
def _first_interval(odds, first, second, weight, over, under):
    no_overlap()
    for i in range(len(over)):
        low, high = odds_above(odds[i], first[i]), odds_above(odds[i], second[i])
        over[i] = weight[i] * (low - high)
        under[i] = (1.0 + low) * (1.0 + high)


@formula
def _next_interval(odds, at, weight, last, over, under):
    no_overlap()
    for i in range(len(over)):
        high = odds_above(odds[i], at[i])
        over[i], under[i] = with_interval(over[i], under[i], weight[i], last[i], high)
        last[i] = high


@formula
def _at_zero(b, s, w, values, figures, scratch, row):
    """Probability of the words where nobody was killed: none, or a number all the same.

    That a source gives a number at all is a factor of the event where the words are a number for certain.
    """
    prefer_wide_registers()
    none, phantom, rates = figures.none_weight[w], values.shared[b, PHANTOM], scratch.rows[0]
    _rates(b, s, values, rates)
    uncertain = 1.0 if none > 0.0 else 0.0
    for i in range(len(row)):
        row[i] = none * (1.0 - phantom[i])

    for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
        weight, logarithm = figures.phantom_weights[j], figures.log_phantom[j]
        for i in range(len(row)):
            row[i] += (1.0 - uncertain * (1.0 - phantom[i])) * weight * exp(-logarithm * rates[i])
