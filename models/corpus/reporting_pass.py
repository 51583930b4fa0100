"""P(words | C) of every unique figure of a corpus at one set of parameters, and the adjoint, in loops to be compiled.

The formulas are those of ``reporting``; ``layout`` makes the arrays. A name that begins with ``d_`` is the derivative
of the log marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.corpus.arrays import (
    AT_LEAST,
    AT_LEAST_SHIFT,
    HEAPING,
    NONE_FALL,
    NONE_SHARES,
    OUTLIER,
    PHANTOM,
    SHIFTS,
    SLOPE,
    UP_TO,
)
from estimates.models.elementary import exp, log
from estimates.models.formula import formula
from estimates.models.grid import LARGEST_EXPONENT
from estimates.models.reporting import (
    below_slope,
    between,
    held_exactly,
    held_exactly_slopes,
    odds_above,
    odds_of_error,
    part_of_odds,
    phantom_above,
    phantom_above_slope,
    said_none,
    two_below,
)

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers. For the same
# reason a loop writes to few of them: the compiler cannot prove that they do not overlap.

_SMALLEST_SCALE = 1.0 / LARGEST_EXPONENT


@formula
def reporting_tables(values, grids, figures, held, scratch, up_to_shift):
    """Fill the tables of sources, then those of figures."""
    _source_tables(values, grids, figures, held, scratch, up_to_shift)
    _figure_tables(values, grids, figures, held, scratch, up_to_shift)


@formula
def reporting_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift):
    """Add the adjoints of the tables of figures to those of the parameters."""
    _figure_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift)
    _source_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift)


@formula
def _location(values, s, kind, up_to_shift):
    """Where the errors of a source lie, relative to the count and on the log scale, for one shift."""
    if kind == AT_LEAST:
        return values.bias[s] + values.shared[AT_LEAST_SHIFT]
    return values.bias[s] + (up_to_shift if kind == UP_TO else 0.0)


@formula
def _add_location(values, s, kind, d_location):
    """Add the adjoint of a location to those of what it is the sum of."""
    values.bias[s] += d_location
    if kind == AT_LEAST:
        values.shared[AT_LEAST_SHIFT] += d_location


@formula
def _scale(values, s):
    return max(values.scale[s], _SMALLEST_SCALE)


@formula
def _add_scale(values, d_values, s, d_scale):
    """Add the adjoint of a scale, where this is not at its bound."""
    if values.scale[s] > _SMALLEST_SCALE:
        d_values.scale[s] += d_scale


# Sources -------------------------------------------------------------------------------------------------------------


@formula
def _source_tables(values, grids, figures, held, scratch, up_to_shift):
    """Probabilities of each source to say a number and hold the count or an error, on each grid it is heard on."""
    for pair in range(len(figures.pair_source)):
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        odds = held.odds[figures.pair_offset[pair] : figures.pair_offset[pair + 1]]
        relative, log_count, gross_zero = grids.relative[cells], grids.log_count[cells], grids.gross_zero[cells]
        scale, outlier = _scale(values, s), values.shared[OUTLIER]
        exactness, slope = values.exactness[s], values.shared[SLOPE]

        of_error = scratch.odds_of_error[: len(odds)]
        for c in range(len(odds)):
            odds[c] = part_of_odds(relative[c], scale)
        for c in range(len(odds)):
            of_error[c] = odds_of_error(log_count[c], exactness, slope)

        for kind in range(SHIFTS):
            if not figures.pair_kinds[pair, kind]:
                continue
            half = log(0.5) - grids.log_reference[g] - _location(values, s, kind, up_to_shift)
            at_half = part_of_odds(-half, scale)
            here = _of_shift(figures, pair, kind)
            exact, error = held.exact[here], held.error[here]
            for c in range(len(odds)):
                above = odds_above(odds[c], at_half)
                exact[c] = held_exactly(of_error[c], above, outlier, gross_zero[c])
            for c in range(len(odds)):
                error[c] = exact[c] * of_error[c]


@formula
def _of_shift(figures, pair, kind):
    """Where the tables of a pair lie among those of all shifts."""
    first = kind * figures.pair_offset[-1]
    return slice(first + figures.pair_offset[pair], first + figures.pair_offset[pair + 1])


@formula
def _source_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift):
    """Add the adjoints of the tables of sources to those of the parameters."""
    for pair in range(len(figures.pair_source)):
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        log_count, exactness, slope = grids.log_count[cells], values.exactness[s], values.shared[SLOPE]
        of_error, d_of_error = scratch.odds_of_error[: len(log_count)], scratch.d_odds[: len(log_count)]
        for c in range(len(log_count)):
            of_error[c] = odds_of_error(log_count[c], exactness, slope)
        for c in range(len(log_count)):
            d_of_error[c] = 0.0

        for kind in range(SHIFTS):
            if figures.pair_kinds[pair, kind]:
                _held_gradient(
                    values, grids, figures, held, d_held, d_values, pair, kind, up_to_shift, of_error, d_of_error
                )

        # The odds of an error are an exponential: their derivatives are multiples of themselves.
        d_exactness, d_slope = 0.0, 0.0
        for c in range(len(log_count)):
            by_log_odds = of_error[c] * d_of_error[c]
            d_exactness -= by_log_odds
            d_slope += by_log_odds * log_count[c]
        d_values.exactness[s] += d_exactness
        d_values.shared[SLOPE] += d_slope


@formula
def _held_gradient(values, grids, figures, held, d_held, d_values, pair, kind, up_to_shift, of_error, d_of_error):
    """Adjoint of a source's tables for one shift; that of the odds of an error is added to ``d_of_error`` (cells,)."""
    s, g, here = figures.pair_source[pair], figures.pair_grid[pair], _of_shift(figures, pair, kind)
    cells = slice(grids.offset[g], grids.offset[g + 1])
    relative, gross_zero = grids.relative[cells], grids.gross_zero[cells]
    odds = held.odds[figures.pair_offset[pair] : figures.pair_offset[pair + 1]]
    exact, d_exact, d_error = held.exact[here], d_held.exact[here], d_held.error[here]

    scale, outlier = _scale(values, s), values.shared[OUTLIER]
    half = log(0.5) - grids.log_reference[g] - _location(values, s, kind, up_to_shift)
    at_half = part_of_odds(-half, scale)

    d_outlier, bent, tilted = 0.0, 0.0, 0.0
    for c in range(len(odds)):
        above = odds_above(odds[c], at_half)
        by_odds, by_above, by_outlier = held_exactly_slopes(of_error[c], above, outlier, gross_zero[c])
        d_held_exactly = d_exact[c] + of_error[c] * d_error[c]
        d_of_error[c] += d_error[c] * exact[c] + d_held_exactly * by_odds

        d_outlier += d_held_exactly * by_outlier
        by_log_odds = d_held_exactly * by_above * above
        bent += by_log_odds
        tilted += by_log_odds * (relative[c] - half)

    d_values.shared[OUTLIER] += d_outlier
    _add_location(d_values, s, kind, bent / scale)
    _add_scale(values, d_values, s, -tilted / (scale * scale))


# Figures -------------------------------------------------------------------------------------------------------------


@formula
def _figure_tables(values, grids, figures, held, scratch, up_to_shift):
    """P(words | C) of every figure: what is said of none, and the terms of numbers held, group by group."""
    for f in range(len(figures.figure_pair)):
        pair, w = figures.figure_pair[f], figures.figure_words[f]
        s = figures.pair_source[pair]
        table = held.figures[figures.figure_offset[f] : figures.figure_offset[f + 1]]
        _none_table(values, grids, figures, pair, w, table)

        sums_at = figures.sums_offset[f]
        for group in range(figures.group_offset[w], figures.group_offset[w + 1]):
            sums = held.sums[sums_at : sums_at + len(table)]
            _add_group(values, grids, figures, held, scratch, up_to_shift, pair, group, sums, table)
            sums_at += len(table)
        table[0] = _at_zero(values, figures, w, _scale(values, s))


@formula
def _none_table(values, grids, figures, pair, w, table):
    """What words say of none although some were killed."""
    none = figures.none_weight[w]
    if none == 0.0:
        for c in range(len(table)):
            table[c] = 0.0
        return

    share, log_count = none * values.shared[NONE_SHARES + figures.none_kind[w]], grids.log_count[_of_pair(grids, figures, pair)]
    fall = values.shared[NONE_FALL] if figures.none_falls[w] else 0.0
    for c in range(len(table)):
        table[c] = said_none(share, exp(fall * log_count[c]))


@formula
def _none_gradient(values, grids, figures, pair, w, d_table, d_values):
    """Adjoint of :func:`_none_table`, whose first cell stands for none killed."""
    none, kind = figures.none_weight[w], NONE_SHARES + figures.none_kind[w]
    if none == 0.0:
        return

    share, log_count = none * values.shared[kind], grids.log_count[_of_pair(grids, figures, pair)]
    fall = values.shared[NONE_FALL] if figures.none_falls[w] else 0.0
    d_share, d_fall = 0.0, 0.0
    for c in range(len(d_table)):
        by_share = d_table[c] * said_none(none, exp(fall * log_count[c]))
        d_share += by_share
        d_fall -= by_share * log_count[c]
    d_values.shared[kind] += d_share
    if figures.none_falls[w]:
        d_values.shared[NONE_FALL] += d_fall * share / none


@formula
def _of_pair(grids, figures, pair):
    """Where the cells of the grid lie on which a source is heard."""
    g = figures.pair_grid[pair]
    return slice(grids.offset[g], grids.offset[g + 1])


@formula
def _at_zero(values, figures, w, scale):
    """Probability of the words where nobody was killed: none, or a number all the same.

    That a source gives a number at all is a factor of the event where the words are a number for certain.
    """
    none = figures.none_weight[w]
    phantom = values.shared[PHANTOM] if none > 0.0 else 1.0
    zero = none * (1.0 - phantom)
    for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
        zero += phantom * figures.phantom_weights[j] * phantom_above(figures.log_phantom[j], scale)
    return zero


@formula
def _add_group(values, grids, figures, held, scratch, up_to_shift, pair, group, sums, table):
    """Add a group of terms with one shift to a figure's table."""
    data, size, outlier = figures.group_vector[group], len(table), values.shared[OUTLIER]
    odds = held.odds[figures.pair_offset[pair] : figures.pair_offset[pair + 1]]
    count = _set_points(values, grids, figures, scratch, up_to_shift, pair, group)
    _sum_over_points(count, scratch.weights, scratch.odds_at, odds, sums)

    here = _of_shift(figures, pair, figures.group_kind[group])
    exact, error = held.exact[here], held.error[here]
    gross_plain, gross_rounded = figures.gross_plain[data : data + size], figures.gross_rounded[data : data + size]
    heaping = values.shared[HEAPING]
    for c in range(size):
        gross = gross_plain[c] + heaping * gross_rounded[c]
        table[c] += error[c] * (sums[c] + outlier * (gross - sums[c]))
    for c in range(figures.atom_first[group], figures.atom_last[group]):
        table[c] += exact[c] * figures.atoms[data + c]


@formula
def _set_points(values, grids, figures, scratch, up_to_shift, pair, group):
    """Write the weight, the distance and the part of the odds of each point of a group; their number is returned."""
    s, g = figures.pair_source[pair], figures.pair_grid[pair]
    first, last = figures.point_offset[group], figures.point_offset[group + 1]
    shift = grids.log_reference[g] + _location(values, s, figures.group_kind[group], up_to_shift)
    scale, heaping = _scale(values, s), values.shared[HEAPING]

    for j in range(last - first):
        scratch.weights[j] = figures.point_plain[first + j] + heaping * figures.point_rounded[first + j]
        scratch.distance[j] = figures.log_points[first + j] - shift
        scratch.odds_at[j] = part_of_odds(-scratch.distance[j], scale)
    return last - first


@formula
def _sum_over_points(count, weights, odds_at, odds, sums):
    """Sum of weight * F over the points, for every cell, by intervals: the weights of the points sum to zero."""
    above, low, high = -weights[0], odds_at[0], odds_at[1]
    for c in range(len(sums)):
        sums[c] = above * between(odds_above(odds[c], low), odds_above(odds[c], high))

    for j in range(1, count - 1):
        above -= weights[j]
        low, high = odds_at[j], odds_at[j + 1]
        if above != 0.0:
            for c in range(len(sums)):
                sums[c] += above * between(odds_above(odds[c], low), odds_above(odds[c], high))


@formula
def _figure_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift):
    """Add the adjoints of the figures' tables to those of the tables of sources and of the parameters."""
    for f in range(len(figures.figure_pair)):
        pair, w = figures.figure_pair[f], figures.figure_words[f]
        s = figures.pair_source[pair]
        d_table = d_held.figures[figures.figure_offset[f] : figures.figure_offset[f + 1]]

        # The rest is of counts above zero.
        _at_zero_gradient(values, figures, d_values, w, s, d_table[0])
        d_table[0] = 0.0
        _none_gradient(values, grids, figures, pair, w, d_table, d_values)

        sums_at = figures.sums_offset[f]
        for group in range(figures.group_offset[w], figures.group_offset[w + 1]):
            sums = held.sums[sums_at : sums_at + len(d_table)]
            _group_gradient(
                values, grids, figures, held, d_held, d_values, scratch, up_to_shift, pair, group, sums, d_table
            )
            sums_at += len(d_table)


@formula
def _at_zero_gradient(values, figures, d_values, w, s, d_zero):
    """Adjoint of :func:`_at_zero`."""
    scale, none = _scale(values, s), figures.none_weight[w]
    phantom = values.shared[PHANTOM] if none > 0.0 else 1.0
    d_phantom, d_scale = -d_zero * none, 0.0
    for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
        d_above = d_zero * figures.phantom_weights[j]
        d_phantom += d_above * phantom_above(figures.log_phantom[j], scale)
        d_scale += d_above * phantom * phantom_above_slope(figures.log_phantom[j], scale)

    if none > 0.0:
        d_values.shared[PHANTOM] += d_phantom
    _add_scale(values, d_values, s, d_scale)


@formula
def _group_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift, pair, group, sums, d_table):
    """Adjoint of :func:`_add_group`."""
    data, size, here = figures.group_vector[group], len(d_table), _of_shift(figures, pair, figures.group_kind[group])
    error, d_exact, d_error = held.error[here], d_held.exact[here], d_held.error[here]
    gross_plain, gross_rounded = figures.gross_plain[data : data + size], figures.gross_rounded[data : data + size]
    outlier, heaping, d_sums = values.shared[OUTLIER], values.shared[HEAPING], scratch.d_sums[:size]

    d_outlier, d_heaping = 0.0, 0.0
    for c in range(size):
        from_gross = gross_plain[c] + heaping * gross_rounded[c] - sums[c]
        d_error[c] += d_table[c] * (sums[c] + outlier * from_gross)
        d_outlier += d_table[c] * error[c] * from_gross
    for c in range(size):
        d_mixture = d_table[c] * error[c]
        d_sums[c] = d_mixture * (1.0 - outlier)
        d_heaping += d_mixture * outlier * gross_rounded[c]
    for c in range(figures.atom_first[group], figures.atom_last[group]):
        d_exact[c] += d_table[c] * figures.atoms[data + c]

    d_values.shared[OUTLIER] += d_outlier
    d_values.shared[HEAPING] += d_heaping
    _sum_over_points_gradient(values, grids, figures, held, d_values, scratch, up_to_shift, pair, group, d_sums)


@formula
def _sum_over_points_gradient(values, grids, figures, held, d_values, scratch, up_to_shift, pair, group, d_sums):
    """Adjoint of the sum over a group's points: those of the location, the scale and the share of rounding."""
    s, g, first = figures.pair_source[pair], figures.pair_grid[pair], figures.point_offset[group]
    odds = held.odds[figures.pair_offset[pair] : figures.pair_offset[pair + 1]]
    relative = grids.relative[grids.offset[g] : grids.offset[g + 1]]
    count = _set_points(values, grids, figures, scratch, up_to_shift, pair, group)
    weights, distance, odds_at, rounded = scratch.weights, scratch.distance, scratch.odds_at, figures.point_rounded

    bent, tilted, d_heaping = 0.0, 0.0, 0.0
    for j in range(0, count, 2):
        # Two points at a time; the last of an odd number goes with itself, without weight.
        k = min(j + 1, count - 1)
        is_two = 1.0 if k > j else 0.0
        weight, other_weight = weights[j], is_two * weights[k]
        change, other_change = rounded[first + j], is_two * rounded[first + k]
        for c in range(len(odds)):
            share, other = two_below(odds_above(odds[c], odds_at[j]), odds_above(odds[c], odds_at[k]))
            slope, other_slope = weight * below_slope(share), other_weight * below_slope(other)
            bent += d_sums[c] * (slope + other_slope)
            tilted += d_sums[c] * (slope * (relative[c] - distance[j]) + other_slope * (relative[c] - distance[k]))
            d_heaping += d_sums[c] * (change * share + other_change * other)

    scale = _scale(values, s)
    d_values.shared[HEAPING] += d_heaping
    _add_location(d_values, s, figures.group_kind[group], bent / scale)
    _add_scale(values, d_values, s, -tilted / (scale * scale))
