"""P(words | C) of every unique figure of a corpus at one set of parameters, and the adjoint, in compiled loops.

The formulas are those of ``reporting`` and ``wording``; ``layout`` makes the arrays. A name that begins with ``d_`` is
the derivative of the log marginal likelihood by what follows.
"""

from __future__ import annotations

import math

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
from estimates.models.formula import formula
from estimates.models.grid import LARGEST_EXPONENT

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.

_SMALLEST_SCALE = 1.0 / LARGEST_EXPONENT
#: Sums of weights that are nothing but rounding errors count as zero.
_NOTHING = 1e-12


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
    """Probabilities of each source to hold the count, an ordinary error or a gross one, on each grid it is heard on."""
    # The part of the odds of an error that depends on the count is the same for all sources.
    odds_of_error = scratch.odds_of_error
    for k in range(len(odds_of_error)):
        odds_of_error[k] = math.exp(values.shared[SLOPE] * grids.log_count[k])

    for pair in range(len(figures.pair_source)):
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        here = slice(figures.pair_offset[pair], figures.pair_offset[pair + 1])

        rho, odds = held.rho[here], held.odds[here]
        of_error, of_source = odds_of_error[cells], math.exp(-values.exactness[s])
        for c in range(len(rho)):
            rho[c] = 1.0 / (1.0 + of_error[c] * of_source)

        relative, scale = grids.relative[cells], _scale(values, s)
        for c in range(len(odds)):
            odds[c] = math.exp(relative[c] / scale)

        for kind in range(SHIFTS):
            if figures.pair_kinds[pair, kind]:
                half = math.log(0.5 / grids.reference[g]) - _location(values, s, kind, up_to_shift)
                _given_a_number(
                    values, figures, held, pair, kind, math.exp(-half / scale), grids.counts[cells], rho, odds
                )


@formula
def _given_a_number(values, figures, held, pair, kind, odds_at_half, count, rho, odds):
    """Divide what a source holds by the probability that it gives a number at all, for one shift."""
    outlier = values.shared[OUTLIER]
    numbers = 1.0 - values.none_share[figures.pair_source[pair]]
    first = kind * figures.pair_offset[-1] + figures.pair_offset[pair]
    here = slice(first, first + len(rho))
    inverse = held.given_inverse[here]
    exact, ordinary, gross = held.exact[here], held.ordinary[here], held.gross[here]

    for c in range(len(rho)):
        error = 1.0 - rho[c]
        zero = 1.0 / (1.0 + odds_at_half * odds[c])
        given = 1.0 - error * (outlier * (0.5 / (0.5 + count[c])) + (1.0 - outlier) * zero)

        inverse[c] = 1.0 / given
        exact[c] = numbers * rho[c] * inverse[c]
        ordinary[c] = numbers * error * (1.0 - outlier) * inverse[c]
        gross[c] = numbers * error * outlier * inverse[c]


@formula
def _source_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift):
    """Add the adjoints of the tables of sources to those of the parameters."""
    for pair in range(len(figures.pair_source)):
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        here = slice(figures.pair_offset[pair], figures.pair_offset[pair + 1])
        rho, odds = held.rho[here], held.odds[here]
        d_rho = scratch.d_rho[: len(rho)]
        for c in range(len(rho)):
            d_rho[c] = 0.0

        scale, d_scale = _scale(values, s), 0.0
        for kind in range(SHIFTS):
            if not figures.pair_kinds[pair, kind]:
                continue
            half = math.log(0.5 / grids.reference[g]) - _location(values, s, kind, up_to_shift)
            bent, tilted = _given_a_number_gradient(
                values, figures, held, d_held, d_values, pair, kind, half, math.exp(-half / scale),
                grids.counts[cells], grids.relative[cells], rho, odds, d_rho,
            )  # fmt: skip
            d_scale += tilted / (scale * scale)
            _add_location(d_values, s, kind, -bent / scale)
        _add_scale(values, d_values, s, d_scale)

        log_count = grids.log_count[cells]
        d_exactness, d_slope = 0.0, 0.0
        for c in range(1, len(rho)):
            d_logit = d_rho[c] * rho[c] * (1.0 - rho[c])
            d_exactness += d_logit
            d_slope -= d_logit * log_count[c]
        d_values.exactness[s] += d_exactness
        d_values.shared[SLOPE] += d_slope


@formula
def _given_a_number_gradient(
    values, figures, held, d_held, d_values, pair, kind, half, odds_at_half, count, relative, rho, odds, d_rho
):
    """Adjoint of :func:`_given_a_number`; returns those of the log-odds of zero, plain and times their distance."""
    outlier = values.shared[OUTLIER]
    numbers = 1.0 - values.none_share[figures.pair_source[pair]]
    first = kind * figures.pair_offset[-1] + figures.pair_offset[pair]
    here = slice(first, first + len(rho))
    inverses = held.given_inverse[here]
    d_exact, d_ordinary, d_gross = d_held.exact[here], d_held.ordinary[here], d_held.gross[here]

    bent, tilted, d_numbers, d_outlier = 0.0, 0.0, 0.0, 0.0
    for c in range(1, len(rho)):
        error, inverse = 1.0 - rho[c], inverses[c]
        zero, gross_zero = 1.0 / (1.0 + odds_at_half * odds[c]), 0.5 / (0.5 + count[c])

        by_inverse = rho[c] * d_exact[c] + error * ((1.0 - outlier) * d_ordinary[c] + outlier * d_gross[c])
        d_numbers += by_inverse * inverse
        d_given = -numbers * by_inverse * inverse * inverse

        no_number = outlier * gross_zero + (1.0 - outlier) * zero
        d_rho[c] += numbers * inverse * (d_exact[c] - (1.0 - outlier) * d_ordinary[c] - outlier * d_gross[c])
        d_rho[c] += d_given * no_number
        d_outlier += error * (numbers * inverse * (d_gross[c] - d_ordinary[c]) - d_given * (gross_zero - zero))

        by_log_odds = -zero * (1.0 - zero) * d_given * error * (1.0 - outlier)
        bent += by_log_odds
        tilted += by_log_odds * (relative[c] - half)

    d_values.shared[OUTLIER] += d_outlier
    d_values.none_share[figures.pair_source[pair]] -= d_numbers
    return bent, tilted


# Figures -------------------------------------------------------------------------------------------------------------


@formula
def _figure_tables(values, grids, figures, held, scratch, up_to_shift):
    """P(words | C) of every figure: what is said of none, and the terms of numbers held, group by group."""
    for f in range(len(figures.figure_pair)):
        pair, w = figures.figure_pair[f], figures.figure_words[f]
        s = figures.pair_source[pair]
        table = held.figures[figures.figure_offset[f] : figures.figure_offset[f + 1]]
        none = figures.none_weight[w] * values.none_share[s]
        for c in range(len(table)):
            table[c] = none

        sums_at = figures.sums_offset[f]
        for group in range(figures.group_offset[w], figures.group_offset[w + 1]):
            sums = held.sums[sums_at : sums_at + len(table)]
            _add_group(values, grids, figures, held, scratch, up_to_shift, pair, group, sums, table)
            sums_at += len(table)
        table[0] = _at_zero(values, figures, w, _scale(values, s))


@formula
def _at_zero(values, figures, w, scale):
    """Probability of the words where nobody was killed: none, or a number all the same."""
    phantom = values.shared[PHANTOM]
    zero = figures.none_weight[w] * (1.0 - phantom)
    for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
        zero += phantom * figures.phantom_weights[j] * math.exp(-figures.log_phantom[j] / scale)
    return zero


@formula
def _add_group(values, grids, figures, held, scratch, up_to_shift, pair, group, sums, table):
    """Add a group of terms with one shift to a figure's table."""
    g, kind, data, size = figures.pair_grid[pair], figures.group_kind[group], figures.group_vector[group], len(table)
    weights, odds_at = scratch.weights, scratch.odds_at
    _weights_and_odds(values, grids, figures, up_to_shift, pair, group, weights, odds_at)
    points = figures.points[figures.point_offset[group] : figures.point_offset[group + 1]]
    odds = held.odds[figures.pair_offset[pair] : figures.pair_offset[pair + 1]]
    count = grids.counts[grids.offset[g] : grids.offset[g + 1]]
    _logistic_sums(points, weights, odds_at, count, odds, sums)

    first = kind * figures.pair_offset[-1] + figures.pair_offset[pair]
    here = slice(first, first + size)
    exact, ordinary, gross = held.exact[here], held.ordinary[here], held.gross[here]
    gross_plain = figures.gross_plain[data : data + size]
    for c in range(size):
        table[c] += ordinary[c] * sums[c] + gross[c] * gross_plain[c]
    if figures.rounded[group]:
        heaping, gross_rounded = values.shared[HEAPING], figures.gross_rounded[data : data + size]
        for c in range(size):
            table[c] += heaping * gross[c] * gross_rounded[c]
    for c in range(figures.atom_first[group], figures.atom_last[group]):
        table[c] += exact[c] * figures.atoms[data + c]


@formula
def _weights_and_odds(values, grids, figures, up_to_shift, pair, group, weights, odds_at):
    """The weight of each point of a group and its part of the odds, written to the beginning of two arrays."""
    s, g = figures.pair_source[pair], figures.pair_grid[pair]
    first, last = figures.point_offset[group], figures.point_offset[group + 1]
    location = _location(values, s, figures.group_kind[group], up_to_shift)
    scale, heaping = _scale(values, s), values.shared[HEAPING]

    for j in range(last - first):
        weights[j] = figures.point_plain[first + j] + heaping * figures.point_rounded[first + j]
        log_point = figures.log_points[first + j] - math.log(grids.reference[g]) - location
        odds_at[j] = math.exp(-log_point / scale)


@formula
def _logistic_sums(points, weights, odds_at, count, odds, sums):
    """Sum of weight * F over the points, for every cell; of the complements below the points, where F is nearly one."""
    n, size = len(points), len(sums)
    middle, whole = math.sqrt(points[0] * points[n - 1]), 0.0
    for j in range(n):
        whole += weights[j]
    if abs(whole) < _NOTHING:
        whole = 0.0
    turn = 0
    while turn < size and count[turn] < middle:
        turn += 1

    lower, lower_odds, upper, upper_odds = sums[:turn], odds[:turn], sums[turn:], odds[turn:]
    for c in range(len(lower)):
        lower[c] = whole
    for c in range(len(upper)):
        upper[c] = 0.0

    for j in range(n):
        weight, at = weights[j], odds_at[j]
        if weight != 0.0:
            for c in range(len(lower)):
                lower[c] -= weight * at * lower_odds[c] / (1.0 + at * lower_odds[c])
            for c in range(len(upper)):
                upper[c] += weight / (1.0 + at * upper_odds[c])


@formula
def _figure_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift):
    """Add the adjoints of the figures' tables to those of the tables of sources and of the parameters."""
    for f in range(len(figures.figure_pair)):
        pair, w = figures.figure_pair[f], figures.figure_words[f]
        s = figures.pair_source[pair]
        d_table = d_held.figures[figures.figure_offset[f] : figures.figure_offset[f + 1]]
        if figures.none_weight[w] > 0.0:
            d_values.none_share[s] += figures.none_weight[w] * d_table[1:].sum()

        sums_at = figures.sums_offset[f]
        for group in range(figures.group_offset[w], figures.group_offset[w + 1]):
            sums = held.sums[sums_at : sums_at + len(d_table)]
            _group_gradient(
                values, grids, figures, held, d_held, d_values, scratch, up_to_shift, pair, group, sums, d_table
            )
            sums_at += len(d_table)
        _at_zero_gradient(values, figures, d_values, w, s, d_table[0])


@formula
def _at_zero_gradient(values, figures, d_values, w, s, d_zero):
    """Adjoint of :func:`_at_zero`."""
    scale, phantom = _scale(values, s), values.shared[PHANTOM]
    d_phantom, d_scale = -d_zero * figures.none_weight[w], 0.0
    for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
        log_point = figures.log_phantom[j]
        value = figures.phantom_weights[j] * math.exp(-log_point / scale)
        d_phantom += d_zero * value
        d_scale += d_zero * phantom * value * log_point / (scale * scale)

    d_values.shared[PHANTOM] += d_phantom
    _add_scale(values, d_values, s, d_scale)


@formula
def _group_gradient(values, grids, figures, held, d_held, d_values, scratch, up_to_shift, pair, group, sums, d_table):
    """Adjoint of :func:`_add_group`."""
    kind, data, size = figures.group_kind[group], figures.group_vector[group], len(d_table)
    first = kind * figures.pair_offset[-1] + figures.pair_offset[pair]
    here = slice(first, first + size)
    ordinary, gross = held.ordinary[here], held.gross[here]
    d_exact, d_ordinary, d_gross = d_held.exact[here], d_held.ordinary[here], d_held.gross[here]

    gross_plain, d_sums = figures.gross_plain[data : data + size], scratch.d_sums[:size]
    for c in range(size):
        d_ordinary[c] += d_table[c] * sums[c]
        d_gross[c] += d_table[c] * gross_plain[c]
        d_sums[c] = d_table[c] * ordinary[c]
    d_sums[0] = 0.0  # nothing of this is said at zero

    if figures.rounded[group]:
        heaping, gross_rounded = values.shared[HEAPING], figures.gross_rounded[data : data + size]
        d_heaping = 0.0
        for c in range(1, size):
            d_gross[c] += heaping * d_table[c] * gross_rounded[c]
            d_heaping += d_table[c] * gross[c] * gross_rounded[c]
        d_values.shared[HEAPING] += d_heaping

    for c in range(figures.atom_first[group], figures.atom_last[group]):
        d_exact[c] += d_table[c] * figures.atoms[data + c]
    _logistic_sums_gradient(values, grids, figures, held, d_values, scratch, up_to_shift, pair, group, d_sums)


@formula
def _logistic_sums_gradient(values, grids, figures, held, d_values, scratch, up_to_shift, pair, group, d_sums):
    """Adjoint of :func:`_logistic_sums`: those of the location, the scale and the share of rounding."""
    s, g = figures.pair_source[pair], figures.pair_grid[pair]
    weights, odds_at = scratch.weights, scratch.odds_at
    _weights_and_odds(values, grids, figures, up_to_shift, pair, group, weights, odds_at)
    points = figures.points[figures.point_offset[group] : figures.point_offset[group + 1]]
    odds = held.odds[figures.pair_offset[pair] : figures.pair_offset[pair + 1]]
    relative = grids.relative[grids.offset[g] : grids.offset[g + 1]]
    kind, first, scale = figures.group_kind[group], figures.point_offset[group], _scale(values, s)
    shift = math.log(grids.reference[g]) + _location(values, s, kind, up_to_shift)

    d_location, d_scale, d_heaping = 0.0, 0.0, 0.0
    for j in range(len(points)):
        at, plain, bent, tilted = odds_at[j], 0.0, 0.0, 0.0
        for c in range(len(odds)):
            share = 1.0 / (1.0 + at * odds[c])
            by_share = d_sums[c] * share
            by_log_odds = by_share * (1.0 - share)
            plain += by_share
            bent += by_log_odds
            tilted += by_log_odds * relative[c]

        d_heaping += plain * figures.point_rounded[first + j]
        d_location -= weights[j] * bent / scale
        d_scale += weights[j] * (tilted - (figures.log_points[first + j] - shift) * bent) / (scale * scale)

    d_values.shared[HEAPING] += d_heaping
    _add_location(d_values, s, kind, d_location)
    _add_scale(values, d_values, s, d_scale)
