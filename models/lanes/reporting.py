"""P(words | C) of every figure for one block of draws; the formulas are those of ``reporting`` and ``wording``."""

from __future__ import annotations

from estimates.models.corpus.arrays import (
    AT_LEAST,
    AT_LEAST_SHIFT,
    HEAPING,
    OUTLIER,
    PHANTOM,
    SHIFTS,
    SLOPE,
    UP_TO,
)
from estimates.models.elementary import exp, log, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.grid import LARGEST_EXPONENT
from estimates.models.reporting import between, held_exactly, odds_above

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.


@formula
def reporting_tables(b, values, grids, figures, tables, scratch, up_to_shift):
    """Fill the tables of pairs and of figures for block ``b``."""
    prefer_wide_registers()
    slope = values.shared[b, SLOPE]
    for c in range(len(grids.log_count)):
        power = tables.power_of_error[c]
        for i in range(len(power)):
            power[i] = exp(slope[i] * grids.log_count[c])

    for pair in range(len(figures.pair_source)):
        _pair_tables(b, pair, values, grids, figures, tables, scratch, up_to_shift)
    for f in range(len(figures.figure_pair)):
        _figure_table(b, f, values, grids, figures, tables, scratch, up_to_shift)


@formula
def _location(b, s, kind, values, up_to_shift, location):
    """Where the errors of a source lie, relative to the count and on the log scale, for one shift."""
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
    scale = values.scale[b, s]
    for i in range(len(rates)):
        rates[i] = min(1.0 / scale[i], LARGEST_EXPONENT)


@formula
def _pair_tables(b, pair, values, grids, figures, tables, scratch, up_to_shift):
    """The count to the power of one over the scale, and the probability of holding it exactly for each shift."""
    prefer_wide_registers()
    s, outlier = figures.pair_source[pair], values.shared[b, OUTLIER]
    rates, of_source, at_half, location = scratch.rows[0], scratch.rows[1], scratch.rows[2], scratch.rows[3]
    _rates(b, s, values, rates)
    exactness = values.exactness[b, s]
    for i in range(len(rates)):
        of_source[i] = exp(-exactness[i])

    for c in range(len(grids.relative)):
        odds = tables.odds_of_count[pair, c]
        for i in range(len(rates)):
            odds[i] = exp(grids.relative[c] * rates[i])

    for kind in range(SHIFTS):
        if not figures.pair_kinds[pair, kind]:
            continue
        _location(b, s, kind, values, up_to_shift, location)
        log_half = log(0.5 / grids.reference[0])
        for i in range(len(rates)):
            at_half[i] = exp((location[i] - log_half) * rates[i])

        for c in range(len(grids.counts)):
            odds, exact, power = tables.odds_of_count[pair, c], tables.exact[pair, kind, c], tables.power_of_error[c]
            gross_zero = 0.5 / (0.5 + grids.counts[c])
            for i in range(len(rates)):
                above_half = odds_above(odds[i], at_half[i])
                exact[i] = held_exactly(power[i] * of_source[i], above_half, outlier[i], gross_zero)


@formula
def _figure_table(b, f, values, grids, figures, tables, scratch, up_to_shift):
    """P(words | C) of one figure: what is said of none, and the terms of numbers held, group by group."""
    prefer_wide_registers()
    pair, w = figures.figure_pair[f], figures.figure_words[f]
    s = figures.pair_source[pair]
    none_share, table = values.none_share[b, s], tables.figures[f]
    none = figures.none_weight[w]
    for c in range(len(table)):
        row = table[c]
        for i in range(len(row)):
            row[i] = none * none_share[i]

    for group in range(figures.group_offset[w], figures.group_offset[w + 1]):
        _points_of_group(b, group, pair, values, grids, figures, scratch, up_to_shift)
        _add_group(b, group, pair, values, grids, figures, tables, scratch, table)
    _at_zero(b, s, w, values, figures, scratch, table[0])


@formula
def _points_of_group(b, group, pair, values, grids, figures, scratch, up_to_shift):
    """The part of each point in the odds to lie above it, and the weight of the interval from it to the next."""
    prefer_wide_registers()
    first, end = figures.point_offset[group], figures.point_offset[group + 1]
    rates, location, heaping = scratch.rows[0], scratch.rows[1], values.shared[b, HEAPING]
    s = figures.pair_source[pair]
    _rates(b, s, values, rates)
    _location(b, s, figures.group_kind[group], values, up_to_shift, location)

    log_reference, plain, rounded = log(grids.reference[0]), 0.0, 0.0
    for j in range(end - first):
        odds_at, weights = scratch.odds_at[j], scratch.weights[j]
        distance = figures.log_points[first + j] - log_reference
        plain -= figures.point_plain[first + j]
        rounded -= figures.point_rounded[first + j]
        for i in range(len(rates)):
            odds_at[i] = exp((location[i] - distance) * rates[i])
            weights[i] = plain + heaping[i] * rounded


@formula
def _add_group(b, group, pair, values, grids, figures, tables, scratch, table):
    """Add a group of terms with one shift to a figure's table."""
    prefer_wide_registers()
    kind, data = figures.group_kind[group], figures.group_vector[group]
    intervals = figures.point_offset[group + 1] - figures.point_offset[group] - 1
    s = figures.pair_source[pair]
    outlier, heaping, exactness = values.shared[b, OUTLIER], values.shared[b, HEAPING], values.exactness[b, s]
    sums, of_source, numbers = scratch.rows[2], scratch.rows[3], scratch.rows[4]
    for i in range(len(sums)):
        of_source[i] = exp(-exactness[i])
        numbers[i] = 1.0 - values.none_share[b, s, i]

    first_low, first_high, first_weight = scratch.odds_at[0], scratch.odds_at[1], scratch.weights[0]
    for c in range(len(table)):
        odds, exact, power = tables.odds_of_count[pair, c], tables.exact[pair, kind, c], tables.power_of_error[c]
        row, atom = table[c], figures.atoms[data + c]
        plain, rounded = figures.gross_plain[data + c], figures.gross_rounded[data + c]

        for i in range(len(sums)):
            low, high = odds_above(odds[i], first_low[i]), odds_above(odds[i], first_high[i])
            sums[i] = first_weight[i] * between(low, high)
        for j in range(1, intervals):
            at_low, at_high, weights = scratch.odds_at[j], scratch.odds_at[j + 1], scratch.weights[j]
            for i in range(len(sums)):
                sums[i] += weights[i] * between(odds_above(odds[i], at_low[i]), odds_above(odds[i], at_high[i]))

        for i in range(len(sums)):
            error = outlier[i] * (plain + heaping[i] * rounded) + (1.0 - outlier[i]) * sums[i]
            row[i] += numbers[i] * exact[i] * (atom + power[i] * of_source[i] * error)


@formula
def _at_zero(b, s, w, values, figures, scratch, row):
    """Probability of the words where nobody was killed: none, or a number all the same."""
    phantom, rates = values.shared[b, PHANTOM], scratch.rows[0]
    _rates(b, s, values, rates)
    for i in range(len(row)):
        row[i] = figures.none_weight[w] * (1.0 - phantom[i])

    for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
        weight, logarithm = figures.phantom_weights[j], figures.log_phantom[j]
        for i in range(len(row)):
            row[i] += phantom[i] * weight * exp(-logarithm * rates[i])
