"""P(words | C) of every unique figure of a corpus at one set of parameters, and the adjoint, in compiled loops.

The formulas are those of ``accounting`` and ``forms``; ``corpus`` lays out the arrays of ``fused_arrays``. A name that
begins with ``d_`` is the derivative of the log evidence by what follows.
"""

from __future__ import annotations

import math

from estimates.models.compiled import loop
from estimates.models.fused_arrays import (
    AT_LEAST,
    AT_LEAST_SHIFT,
    BELOW,
    HEAPING,
    OUTLIER,
    PHANTOM,
    SHIFTS,
    SLOPE,
    UP_TO,
)
from estimates.models.grid import LARGEST_EXPONENT

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.

_SMALLEST_SCALE = 1.0 / LARGEST_EXPONENT
#: Sums of weights that are nothing but rounding errors count as zero.
_NOTHING = 1e-12


@loop
def accounting_tables(values, grids, figures, accounts, scratch, up_to_shift, power_law):
    """Fill the tables of sources, then those of figures."""
    _source_tables(values, grids, figures, accounts, scratch, up_to_shift, power_law)
    _figure_tables(values, grids, figures, accounts, scratch, up_to_shift, power_law)


@loop
def accounting_gradient(values, grids, figures, accounts, d_accounts, d_values, scratch, up_to_shift, power_law):
    """Add the adjoints of the tables of figures to those of the parameters."""
    _figure_gradient(values, grids, figures, accounts, d_accounts, d_values, scratch, up_to_shift, power_law)
    _source_gradient(values, grids, figures, accounts, d_accounts, d_values, scratch, up_to_shift, power_law)


# Sources -------------------------------------------------------------------------------------------------------------


@loop
def _location(values, s, kind, up_to_shift):
    return values.bias[s] + (
        values.shared[AT_LEAST_SHIFT] if kind == AT_LEAST else up_to_shift if kind == UP_TO else 0.0
    )


@loop
def _source_tables(values, grids, figures, accounts, scratch, up_to_shift, power_law):
    total = figures.pair_offset[-1]
    slope, below, outlier = values.shared[SLOPE], values.shared[BELOW], values.shared[OUTLIER]
    # The part of the odds of an error that depends on the count is the same for all sources.
    odds_of_count = scratch.odds
    for k in range(len(odds_of_count)):
        odds_of_count[k] = math.exp(slope * grids.log_count[k])
    for pair in range(len(figures.pair_source)):
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        base, end = figures.pair_offset[pair], figures.pair_offset[pair + 1]
        size = end - base
        relative, curvature, count = grids.relative[cells], grids.curvature[cells], grids.count[cells]
        odds = odds_of_count[cells]
        rho, down, up = accounts.rho[base:end], accounts.down[base:end], accounts.up[base:end]
        low, high = min(values.lower[s], LARGEST_EXPONENT), min(values.upper[s], LARGEST_EXPONENT)
        sigma = max(values.scale[s], _SMALLEST_SCALE)
        odds_of_source, numbers = math.exp(-values.exactness[s]), 1.0 - values.none_share[s]
        for c in range(size):
            rho[c] = 1.0 / (1.0 + odds[c] * odds_of_source)
        for c in range(size):
            if power_law:
                down[c] = math.exp(-low * relative[c]) * (1.0 + low * (low + 1.0) * curvature[c])
                up[c] = math.exp(high * relative[c]) * (1.0 + high * (high - 1.0) * curvature[c])
            else:
                up[c] = math.exp(relative[c] / sigma)
        for kind in range(SHIFTS):
            if not figures.pair_kinds[pair, kind]:
                continue
            half = math.log(0.5 / grids.reference[g]) - _location(values, s, kind, up_to_shift)
            lower_half, upper_half = below * math.exp(low * half), (1.0 - below) * math.exp(-high * half)
            logistic_half = 0.0 if power_law else math.exp(-half / sigma)
            here = slice(kind * total + base, kind * total + end)
            inverse = accounts.given_inverse[here]
            exact, ordinary, gross = accounts.exact[here], accounts.ordinary[here], accounts.gross[here]
            for c in range(size):
                if not power_law:
                    zero = 1.0 / (1.0 + logistic_half * up[c])
                elif relative[c] > half:
                    zero = lower_half * down[c]
                else:
                    zero = 1.0 - upper_half * up[c]
                error = 1.0 - rho[c]
                given = 1.0 - error * (outlier * (0.5 / (0.5 + count[c])) + (1.0 - outlier) * zero)
                inverse[c] = 1.0 / given
                exact[c] = numbers * rho[c] * inverse[c]
                ordinary[c] = numbers * error * (1.0 - outlier) * inverse[c]
                gross[c] = numbers * error * outlier * inverse[c]


@loop
def _source_gradient(values, grids, figures, accounts, d_accounts, d_values, scratch, up_to_shift, power_law):
    total = figures.pair_offset[-1]
    below, outlier = values.shared[BELOW], values.shared[OUTLIER]
    for pair in range(len(figures.pair_source)):
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        base, end = figures.pair_offset[pair], figures.pair_offset[pair + 1]
        size = end - base
        relative, curvature, count = grids.relative[cells], grids.curvature[cells], grids.count[cells]
        log_count = grids.log_count[cells]
        rho, down, up = accounts.rho[base:end], accounts.down[base:end], accounts.up[base:end]
        d_down, d_up = d_accounts.down[base:end], d_accounts.up[base:end]
        d_rho = scratch.d_rho[:size]
        for c in range(size):
            d_rho[c] = 0.0
        low, high = min(values.lower[s], LARGEST_EXPONENT), min(values.upper[s], LARGEST_EXPONENT)
        sigma = max(values.scale[s], _SMALLEST_SCALE)
        numbers = 1.0 - values.none_share[s]
        d_low, d_high, d_sigma, d_numbers, d_outlier = 0.0, 0.0, 0.0, 0.0, 0.0
        for kind in range(SHIFTS):
            if not figures.pair_kinds[pair, kind]:
                continue
            half = math.log(0.5 / grids.reference[g]) - _location(values, s, kind, up_to_shift)
            lower_half, upper_half = below * math.exp(low * half), (1.0 - below) * math.exp(-high * half)
            logistic_half = 0.0 if power_law else math.exp(-half / sigma)
            here = slice(kind * total + base, kind * total + end)
            inverses = accounts.given_inverse[here]
            d_exact, d_ordinary, d_gross = d_accounts.exact[here], d_accounts.ordinary[here], d_accounts.gross[here]
            d_lower_half, d_upper_half, d_location = 0.0, 0.0, 0.0
            bent, tilted = 0.0, 0.0
            for c in range(1, size):
                error, inverse = 1.0 - rho[c], inverses[c]
                gross_zero = 0.5 / (0.5 + count[c])
                if not power_law:
                    zero = 1.0 / (1.0 + logistic_half * up[c])
                elif relative[c] > half:
                    zero = lower_half * down[c]
                else:
                    zero = 1.0 - upper_half * up[c]
                by_inverse = rho[c] * d_exact[c] + error * ((1.0 - outlier) * d_ordinary[c] + outlier * d_gross[c])
                d_numbers += by_inverse * inverse
                d_given = -numbers * by_inverse * inverse * inverse
                no_number = outlier * gross_zero + (1.0 - outlier) * zero
                d_rho[c] += numbers * inverse * (d_exact[c] - (1.0 - outlier) * d_ordinary[c] - outlier * d_gross[c])
                d_rho[c] += d_given * no_number
                d_outlier += error * (numbers * inverse * (d_gross[c] - d_ordinary[c]) - d_given * (gross_zero - zero))
                d_zero = -d_given * error * (1.0 - outlier)
                if not power_law:
                    by_log_odds = zero * (1.0 - zero) * d_zero
                    bent += by_log_odds
                    tilted += by_log_odds * (relative[c] - half)
                elif relative[c] > half:
                    d_lower_half += d_zero * down[c]
                    d_down[c] += d_zero * lower_half
                else:
                    d_upper_half -= d_zero * up[c]
                    d_up[c] -= d_zero * upper_half
            if power_law:
                d_low += d_lower_half * lower_half * half
                d_high -= d_upper_half * upper_half * half
                d_location += -d_lower_half * lower_half * low + d_upper_half * upper_half * high
                d_values.shared[BELOW] += d_lower_half * lower_half / below - d_upper_half * upper_half / (1.0 - below)
            else:
                d_location -= bent / sigma
                d_sigma += tilted / (sigma * sigma)
            d_values.bias[s] += d_location
            if kind == AT_LEAST:
                d_values.shared[AT_LEAST_SHIFT] += d_location
        d_exactness, d_slope = 0.0, 0.0
        for c in range(1, size):
            d_logit = d_rho[c] * rho[c] * (1.0 - rho[c])
            d_exactness += d_logit
            d_slope -= d_logit * log_count[c]
        if power_law:
            for c in range(1, size):
                bend_low = 1.0 + low * (low + 1.0) * curvature[c]
                bend_high = 1.0 + high * (high - 1.0) * curvature[c]
                d_low += d_down[c] * down[c] * (-relative[c] + (2.0 * low + 1.0) * curvature[c] / bend_low)
                d_high += d_up[c] * up[c] * (relative[c] + (2.0 * high - 1.0) * curvature[c] / bend_high)
        d_values.exactness[s] += d_exactness
        d_values.none_share[s] -= d_numbers
        d_values.shared[SLOPE] += d_slope
        d_values.shared[OUTLIER] += d_outlier
        _add_shape(values, d_values, s, d_low, d_high, d_sigma)


@loop
def _add_shape(values, d_values, s, d_low, d_high, d_sigma):
    """Add adjoints of the kernel's exponents, where these are not at their bounds."""
    if values.lower[s] < LARGEST_EXPONENT:
        d_values.lower[s] += d_low
    if values.upper[s] < LARGEST_EXPONENT:
        d_values.upper[s] += d_high
    if values.scale[s] > _SMALLEST_SCALE:
        d_values.scale[s] += d_sigma


# Figures -------------------------------------------------------------------------------------------------------------


@loop
def _figure_tables(values, grids, figures, accounts, scratch, up_to_shift, power_law):
    total = figures.pair_offset[-1]
    weights, begin = scratch.weights, scratch.begin
    lower_parts, upper_parts = scratch.lower_parts, scratch.upper_parts
    below, heaping, phantom = values.shared[BELOW], values.shared[HEAPING], values.shared[PHANTOM]
    for f in range(len(figures.figure_pair)):
        pair, w = figures.figure_pair[f], figures.figure_words[f]
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        base, end = figures.pair_offset[pair], figures.pair_offset[pair + 1]
        size = end - base
        count, down, up = grids.count[cells], accounts.down[base:end], accounts.up[base:end]
        table = accounts.figures[figures.figure_offset[f] : figures.figure_offset[f] + size]
        low, high = min(values.lower[s], LARGEST_EXPONENT), min(values.upper[s], LARGEST_EXPONENT)
        sigma = max(values.scale[s], _SMALLEST_SCALE)
        none = figures.none_weight[w] * values.none_share[s]
        for c in range(size):
            table[c] = none
        first_group = figures.group_offset[w]
        for group in range(first_group, figures.group_offset[w + 1]):
            kind, data = figures.group_kind[group], figures.group_vector[group]
            location = _location(values, s, kind, up_to_shift)
            first_x, last_x = figures.point_offset[group], figures.point_offset[group + 1]
            n = last_x - first_x
            for j in range(n):
                weights[j] = figures.point_plain[first_x + j] + heaping * figures.point_rounded[first_x + j]
            sums_at = figures.sums_offset[f] + (group - first_group) * size
            sums = accounts.sums[sums_at : sums_at + size]
            if power_law:
                for j in range(n):
                    log_x = figures.log_points[first_x + j] - math.log(grids.reference[g]) - location
                    lower_parts[j] = weights[j] * below * math.exp(low * log_x)
                    upper_parts[j] = weights[j] * (1.0 - below) * math.exp(-high * log_x)
                edges = grids.edges[grids.edge_offset[g] : grids.edge_offset[g] + size + 1]
                points = figures.points[first_x:last_x]
                _segments(points, location, edges, count, begin)
                _power_law_sums(
                    points, location, edges, count, begin, weights, lower_parts, upper_parts, low, high, down, up, sums
                )
            else:
                for j in range(n):
                    log_x = figures.log_points[first_x + j] - math.log(grids.reference[g])
                    lower_parts[j] = math.exp((location - log_x) / sigma)
                _logistic_sums(figures.points[first_x:last_x], weights, lower_parts, count, up, sums)
            here = slice(kind * total + base, kind * total + end)
            exact, ordinary, gross = accounts.exact[here], accounts.ordinary[here], accounts.gross[here]
            gross_plain = figures.gross_plain[data : data + size]
            for c in range(size):
                table[c] += ordinary[c] * sums[c] + gross[c] * gross_plain[c]
            if figures.rounded[group]:
                gross_rounded = figures.gross_rounded[data : data + size]
                for c in range(size):
                    table[c] += heaping * gross[c] * gross_rounded[c]
            for c in range(figures.atom_first[group], figures.atom_last[group]):
                table[c] += exact[c] * figures.atoms[data + c]
        zero = figures.none_weight[w] * (1.0 - phantom)
        exponent = high if power_law else 1.0 / sigma
        for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
            zero += phantom * figures.phantom_weights[j] * math.exp(-exponent * figures.log_phantom[j])
        table[0] = zero


@loop
def _figure_gradient(values, grids, figures, accounts, d_accounts, d_values, scratch, up_to_shift, power_law):
    total = figures.pair_offset[-1]
    weights, begin = scratch.weights, scratch.begin
    lower_parts, upper_parts = scratch.lower_parts, scratch.upper_parts
    below, heaping, phantom = values.shared[BELOW], values.shared[HEAPING], values.shared[PHANTOM]
    for f in range(len(figures.figure_pair)):
        pair, w = figures.figure_pair[f], figures.figure_words[f]
        s, g = figures.pair_source[pair], figures.pair_grid[pair]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        base, end = figures.pair_offset[pair], figures.pair_offset[pair + 1]
        size = end - base
        count, relative = grids.count[cells], grids.relative[cells]
        down, up = accounts.down[base:end], accounts.up[base:end]
        d_down, d_up = d_accounts.down[base:end], d_accounts.up[base:end]
        d_table = d_accounts.figures[figures.figure_offset[f] : figures.figure_offset[f] + size]
        low, high = min(values.lower[s], LARGEST_EXPONENT), min(values.upper[s], LARGEST_EXPONENT)
        sigma = max(values.scale[s], _SMALLEST_SCALE)
        d_heaping, d_low, d_high, d_sigma = 0.0, 0.0, 0.0, 0.0
        if figures.none_weight[w] > 0.0:
            d_values.none_share[s] += figures.none_weight[w] * d_table[1:].sum()
        first_group = figures.group_offset[w]
        for group in range(first_group, figures.group_offset[w + 1]):
            kind, data = figures.group_kind[group], figures.group_vector[group]
            location = _location(values, s, kind, up_to_shift)
            first_x, last_x = figures.point_offset[group], figures.point_offset[group + 1]
            n = last_x - first_x
            for j in range(n):
                weights[j] = figures.point_plain[first_x + j] + heaping * figures.point_rounded[first_x + j]
            here = slice(kind * total + base, kind * total + end)
            ordinary, gross = accounts.ordinary[here], accounts.gross[here]
            d_exact, d_ordinary, d_gross = d_accounts.exact[here], d_accounts.ordinary[here], d_accounts.gross[here]
            sums_at = figures.sums_offset[f] + (group - first_group) * size
            sums, d_sums = accounts.sums[sums_at : sums_at + size], scratch.d_sums[:size]
            gross_plain = figures.gross_plain[data : data + size]
            for c in range(size):
                d_ordinary[c] += d_table[c] * sums[c]
                d_gross[c] += d_table[c] * gross_plain[c]
                d_sums[c] = d_table[c] * ordinary[c]
            d_sums[0] = 0.0  # nothing of this is said at zero
            if figures.rounded[group]:
                gross_rounded = figures.gross_rounded[data : data + size]
                for c in range(1, size):
                    d_gross[c] += heaping * d_table[c] * gross_rounded[c]
                    d_heaping += d_table[c] * gross[c] * gross_rounded[c]
            for c in range(figures.atom_first[group], figures.atom_last[group]):
                d_exact[c] += d_table[c] * figures.atoms[data + c]
            d_location = 0.0
            if power_law:
                for j in range(n):
                    log_x = figures.log_points[first_x + j] - math.log(grids.reference[g]) - location
                    lower_parts[j] = below * math.exp(low * log_x)
                    upper_parts[j] = (1.0 - below) * math.exp(-high * log_x)
                edges = grids.edges[grids.edge_offset[g] : grids.edge_offset[g] + size + 1]
                points = figures.points[first_x:last_x]
                _segments(points, location, edges, count, begin)
                by_below, by_low, by_high, by_location, by_heaping = _power_law_adjoint(
                    points, location, edges, count, begin, weights, lower_parts, upper_parts, low, high, below,
                    grids.reference[g], figures.point_rounded[first_x:last_x], down, up, d_sums, d_down, d_up, scratch,
                )  # fmt: skip
                d_values.shared[BELOW] += by_below
                d_low, d_high = d_low + by_low, d_high + by_high
                d_location, d_heaping = by_location, d_heaping + by_heaping
            else:
                for j in range(n):
                    log_x = figures.log_points[first_x + j] - math.log(grids.reference[g]) - location
                    ratio = math.exp(-log_x / sigma)
                    plain, bent, tilted = 0.0, 0.0, 0.0
                    for c in range(size):
                        share = 1.0 / (1.0 + ratio * up[c])
                        by_share = d_sums[c] * share
                        by_log_odds = by_share * (1.0 - share)
                        plain += by_share
                        bent += by_log_odds
                        tilted += by_log_odds * relative[c]
                    d_heaping += plain * figures.point_rounded[first_x + j]
                    d_location -= weights[j] * bent / sigma
                    d_sigma += weights[j] * (tilted - log_x * bent) / (sigma * sigma)
            d_values.bias[s] += d_location
            if kind == AT_LEAST:
                d_values.shared[AT_LEAST_SHIFT] += d_location
        d_values.shared[HEAPING] += d_heaping
        d_zero = d_table[0]
        d_values.shared[PHANTOM] -= d_zero * figures.none_weight[w]
        exponent = high if power_law else 1.0 / sigma
        for j in range(figures.phantom_offset[w], figures.phantom_offset[w + 1]):
            log_x = figures.log_phantom[j]
            value = figures.phantom_weights[j] * math.exp(-exponent * log_x)
            d_values.shared[PHANTOM] += d_zero * value
            d_exponent = -d_zero * phantom * value * log_x
            if power_law:
                d_high += d_exponent
            else:
                d_sigma -= d_exponent / (sigma * sigma)
        _add_shape(values, d_values, s, d_low, d_high, d_sigma)


# Kernels -------------------------------------------------------------------------------------------------------------


@loop
def _logistic_sums(points, weights, odds, count, up, sums):
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
    lower, lower_up, upper, upper_up = sums[:turn], up[:turn], sums[turn:], up[turn:]
    for c in range(len(lower)):
        lower[c] = whole
    for c in range(len(upper)):
        upper[c] = 0.0
    for j in range(n):
        weight, ratio = weights[j], odds[j]
        if weight != 0.0:
            for c in range(len(lower)):
                lower[c] -= weight * ratio * lower_up[c] / (1.0 + ratio * lower_up[c])
            for c in range(len(upper)):
                upper[c] += weight / (1.0 + ratio * upper_up[c])


@loop
def _segments(points, location, edges, count, begin):
    """First cell whose counts all have m at or above x, for every x in increasing order.

    Where a wide cell is parted by x it is the cell before.
    """
    previous, size = 0, len(count)
    for j in range(len(points)):
        crossing = points[j] * math.exp(-location)
        low, high = previous, size
        while low < high:
            middle = (low + high) // 2
            wide = edges[middle + 1] - edges[middle] > 1
            reached = edges[middle] - 0.5 >= crossing if wide else count[middle] >= crossing
            if reached:
                high = middle
            else:
                low = middle + 1
        begin[j] = low
        previous = low


@loop
def _power_law_sums(
    points, location, edges, count, begin, weights, lower_parts, upper_parts, low, high, down, up, sums
):
    """Sum of weight * F over the points, for every cell: between two points a sum of two powers of the count."""
    n, size = len(points), len(sums)
    left = 0
    for segment in range(n + 1):
        right = begin[segment] if segment < n else size
        if right > left:
            of_down, constant, of_up = 0.0, 0.0, 0.0
            for j in range(segment):
                of_down += lower_parts[j]
            for j in range(segment, n):
                constant += weights[j]
                of_up += upper_parts[j]
            if abs(constant) < _NOTHING:
                constant = 0.0
            for c in range(left, right):
                sums[c] = of_down * down[c] + constant - of_up * up[c]
            left = right
    for j in range(n):
        c = begin[j] - 1
        crossing = points[j] * math.exp(-location)
        if c < 0 or edges[c + 1] - edges[c] == 1 or edges[c + 1] - 0.5 <= crossing:
            continue
        start, end, middle = edges[c] - 0.5, edges[c + 1] - 0.5, count[c]
        share = (end - crossing) / (end - start)
        low_side = lower_parts[j] * down[c] * ((crossing + end) / 2.0 / middle) ** -low
        high_side = weights[j] - upper_parts[j] * up[c] * ((crossing + start) / 2.0 / middle) ** high
        sums[c] += share * low_side + (1.0 - share) * high_side - (weights[j] - upper_parts[j] * up[c])


@loop
def _power_law_adjoint(
    points, location, edges, count, begin, weights, lower_parts, upper_parts, low, high, below, reference, rounded,
    down, up, d_sums, d_down, d_up, scratch,
):  # fmt: skip
    """Adjoint of the sums of :func:`_power_law_sums`: those of below, lower, upper, location and rounding.

    The parts come without weights here.
    """
    n, size = len(points), len(d_sums)
    by_down, by_up, by_one = scratch.by_down, scratch.by_up, scratch.by_one
    for segment in range(n + 1):
        by_down[segment], by_up[segment], by_one[segment] = 0.0, 0.0, 0.0
    d_below, d_low, d_high, d_location, d_rounding = 0.0, 0.0, 0.0, 0.0, 0.0
    left = 1
    for segment in range(n + 1):
        right = begin[segment] if segment < n else size
        if right > left:
            of_down, of_up = 0.0, 0.0
            for j in range(segment):
                of_down += weights[j] * lower_parts[j]
            for j in range(segment, n):
                of_up += weights[j] * upper_parts[j]
            for c in range(left, right):
                d_down[c] += d_sums[c] * of_down
                d_up[c] -= d_sums[c] * of_up
                by_down[segment] += d_sums[c] * down[c]
                by_up[segment] += d_sums[c] * up[c]
                by_one[segment] += d_sums[c]
            left = right
    # Sums over the segments after each point; taken from the end, for the first ones are huge.
    for segment in range(n - 1, -1, -1):
        by_down[segment] += by_down[segment + 1]
    up_to, one_to = 0.0, 0.0
    for j in range(n):
        after = by_down[j + 1]
        up_to += by_up[j]
        one_to += by_one[j]
        log_x = math.log(points[j] / reference) - location
        d_lower_part, d_upper_part = weights[j] * after, -weights[j] * up_to
        d_weight = lower_parts[j] * after + one_to - upper_parts[j] * up_to
        c = begin[j] - 1
        crossing = points[j] * math.exp(-location)
        if c >= 0 and edges[c + 1] - edges[c] > 1 and edges[c + 1] - 0.5 > crossing:
            start, end, middle = edges[c] - 0.5, edges[c + 1] - 0.5, count[c]
            share = (end - crossing) / (end - start)
            below_middle, above_middle = (crossing + end) / 2.0 / middle, (crossing + start) / 2.0 / middle
            low_power, high_power = below_middle**-low, above_middle**high
            low_side = lower_parts[j] * down[c] * low_power
            high_side = 1.0 - upper_parts[j] * up[c] * high_power
            whole = 1.0 - upper_parts[j] * up[c]
            d_weight += d_sums[c] * (share * low_side + (1.0 - share) * high_side - whole)
            d_change = d_sums[c] * weights[j]
            d_low_side, d_high_side = d_change * share, d_change * (1.0 - share)
            d_lower_part += d_low_side * down[c] * low_power
            d_down[c] += d_low_side * lower_parts[j] * low_power
            d_upper_part += -d_high_side * up[c] * high_power + d_change * up[c]
            d_up[c] += -d_high_side * upper_parts[j] * high_power + d_change * upper_parts[j]
            d_low -= d_low_side * low_side * math.log(below_middle)
            d_high -= d_high_side * (1.0 - high_side) * math.log(above_middle)
            d_crossing = d_change * (high_side - low_side) / (end - start)
            d_crossing -= d_low_side * low_side * low / (crossing + end)
            d_crossing -= d_high_side * (1.0 - high_side) * high / (crossing + start)
            d_location -= d_crossing * crossing
        lower_slope, upper_slope = d_lower_part * lower_parts[j], d_upper_part * upper_parts[j]
        d_below += lower_slope / below - upper_slope / (1.0 - below)
        d_low += lower_slope * log_x
        d_high -= upper_slope * log_x
        d_location += upper_slope * high - lower_slope * low
        d_rounding += d_weight * rounded[j]
    return d_below, d_low, d_high, d_location, d_rounding
