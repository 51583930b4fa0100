"""The fused sums of a corpus: log evidence of all events at one set of parameters, and its gradient, in compiled loops.

The formulas are those of ``size``, ``documentation``, ``accounting``, ``forms``, ``copying`` and ``event``; here they
run for one draw with their adjoints, figure by figure and event by event, without temporary tables. ``corpus`` lays out
the arrays. A name that begins with ``d_`` is the derivative of the log evidence by what follows.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from estimates.models.grid import LARGEST_EXPONENT

_compiled = njit(cache=True, fastmath=True, error_model="numpy")

#: Kinds of factors of an event.
SINGLE, GROUP, UPDATE, VECTOR = 0, 1, 2, 3
#: Steps of documentation.
STEPS = 5
_SMALLEST_SCALE = 1.0 / LARGEST_EXPONENT


# Sources -------------------------------------------------------------------------------------------------------------


@_compiled
def source_tables(
    pair_source, pair_grid, pair_kinds, pair_offset, grid_offset, count, log_count, relative, curvature, reference,
    bias, exactness, lower, upper, scale, slope, below, outlier, at_least_shift, up_to_shift, power_law,
    rho, down, up, given_inverse,
):  # fmt: skip
    """For every source and grid: P(exact), the powers of the count, and 1 / P(a number is given) for each shift.

    ``down`` and ``up`` are the count to the powers -lower and upper (power law); with a logistic kernel ``up`` is the
    count to the power 1 / scale.
    """
    total = pair_offset[-1]
    for pair in range(len(pair_source)):
        s, g = pair_source[pair], pair_grid[pair]
        first, size = grid_offset[g], grid_offset[g + 1] - grid_offset[g]
        base = pair_offset[pair]
        low, high = min(lower[s], LARGEST_EXPONENT), min(upper[s], LARGEST_EXPONENT)
        sigma = max(scale[s], _SMALLEST_SCALE)
        for c in range(size):
            i, k = base + c, first + c
            rho[i] = 1.0 / (1.0 + math.exp(slope * log_count[k] - exactness[s]))
            if power_law:
                down[i] = math.exp(-low * relative[k]) * (1.0 + low * (low + 1.0) * curvature[k])
                up[i] = math.exp(high * relative[k]) * (1.0 + high * (high - 1.0) * curvature[k])
            else:
                up[i] = math.exp(relative[k] / sigma)
        for kind in range(3):
            if not pair_kinds[pair, kind]:
                continue
            location = bias[s] + (at_least_shift if kind == 1 else up_to_shift if kind == 2 else 0.0)
            half = math.log(0.5 / reference[g]) - location
            lower_half, upper_half = below * math.exp(low * half), (1.0 - below) * math.exp(-high * half)
            logistic_half = 0.0 if power_law else math.exp(-half / sigma)
            for c in range(size):
                i, k = base + c, first + c
                error = 1.0 - rho[i]
                if not power_law:
                    zero = 1.0 / (1.0 + logistic_half * up[i])
                elif relative[k] > half:
                    zero = lower_half * down[i]
                else:
                    zero = 1.0 - upper_half * up[i]
                gross = error * outlier
                given = 1.0 - gross * (0.5 / (0.5 + count[k])) - (error - gross) * zero
                given_inverse[kind * total + i] = 1.0 / given


@_compiled
def source_gradient(
    pair_source, pair_grid, pair_kinds, pair_offset, grid_offset, count, log_count, relative, curvature, reference,
    bias, lower, upper, scale, below, outlier, at_least_shift, up_to_shift, power_law,
    rho, down, up, given_inverse, d_rho, d_ordinary, d_gross, d_down, d_up, d_given_inverse,
    d_bias, d_exactness, d_lower, d_upper, d_scale, d_shared,
):  # fmt: skip
    """Add the adjoints of the tables of :func:`source_tables` to those of the parameters.

    ``d_shared`` holds slope, below, outlier, heaping, at-least shift, phantom and repeating.
    """
    total = pair_offset[-1]
    for pair in range(len(pair_source)):
        s, g = pair_source[pair], pair_grid[pair]
        first, size = grid_offset[g], grid_offset[g + 1] - grid_offset[g]
        base = pair_offset[pair]
        low, high = min(lower[s], LARGEST_EXPONENT), min(upper[s], LARGEST_EXPONENT)
        sigma = max(scale[s], _SMALLEST_SCALE)
        d_low, d_high, d_sigma = 0.0, 0.0, 0.0
        for kind in range(3):
            if not pair_kinds[pair, kind]:
                continue
            location = bias[s] + (at_least_shift if kind == 1 else up_to_shift if kind == 2 else 0.0)
            half = math.log(0.5 / reference[g]) - location
            lower_half, upper_half = below * math.exp(low * half), (1.0 - below) * math.exp(-high * half)
            logistic_half = 0.0 if power_law else math.exp(-half / sigma)
            d_lower_half, d_upper_half, d_location = 0.0, 0.0, 0.0
            for c in range(1, size):
                i, k = base + c, first + c
                inverse = given_inverse[kind * total + i]
                d_given = -d_given_inverse[kind * total + i] * inverse * inverse
                error = 1.0 - rho[i]
                ordinary = error * (1.0 - outlier)
                d_zero = -ordinary * d_given
                if not power_law:
                    odds = logistic_half * up[i]
                    zero = 1.0 / (1.0 + odds)
                    slope_of_zero = -zero * (1.0 - zero) * d_zero
                    d_location += slope_of_zero / sigma
                    d_sigma -= slope_of_zero * (relative[k] - half) / (sigma * sigma)
                elif relative[k] > half:
                    zero = lower_half * down[i]
                    d_lower_half += d_zero * down[i]
                    d_down[i] += d_zero * lower_half
                else:
                    zero = 1.0 - upper_half * up[i]
                    d_upper_half -= d_zero * up[i]
                    d_up[i] -= d_zero * upper_half
                d_ordinary[i] -= zero * d_given
                d_gross[i] -= (0.5 / (0.5 + count[k])) * d_given
            if power_law:
                d_low += d_lower_half * lower_half * half
                d_high -= d_upper_half * upper_half * half
                d_location += -d_lower_half * lower_half * low + d_upper_half * upper_half * high
                d_shared[1] += d_lower_half * lower_half / below - d_upper_half * upper_half / (1.0 - below)
            d_bias[s] += d_location
            if kind == 1:
                d_shared[4] += d_location
        d_e, d_s, d_o = 0.0, 0.0, 0.0
        for c in range(1, size):
            i, k = base + c, first + c
            error = 1.0 - rho[i]
            d_total = d_rho[i] - (1.0 - outlier) * d_ordinary[i] - outlier * d_gross[i]
            d_o += error * (d_gross[i] - d_ordinary[i])
            d_logit = d_total * rho[i] * error
            d_e += d_logit
            d_s -= d_logit * log_count[k]
            if power_law:
                bend_low, bend_high = 1.0 + low * (low + 1.0) * curvature[k], 1.0 + high * (high - 1.0) * curvature[k]
                d_low += d_down[i] * down[i] * (-relative[k] + (2.0 * low + 1.0) * curvature[k] / bend_low)
                d_high += d_up[i] * up[i] * (relative[k] + (2.0 * high - 1.0) * curvature[k] / bend_high)
        d_exactness[s] += d_e
        d_shared[0] += d_s
        d_shared[2] += d_o
        if lower[s] < LARGEST_EXPONENT:
            d_lower[s] += d_low
        if upper[s] < LARGEST_EXPONENT:
            d_upper[s] += d_high
        if scale[s] > _SMALLEST_SCALE:
            d_scale[s] += d_sigma


# Figures -------------------------------------------------------------------------------------------------------------


@_compiled
def _segments(x, first_x, last_x, location, edges, edge, count, cell, size, begin):
    """First cell whose counts all have m at or above x, for every x in increasing order.

    Where a wide cell is parted by x it is the cell before.
    """
    previous = 0
    for j in range(first_x, last_x):
        crossing = x[j] * math.exp(-location)
        low, high = previous, size
        while low < high:
            middle = (low + high) // 2
            wide = edges[edge + middle + 1] - edges[edge + middle] > 1
            reached = edges[edge + middle] - 0.5 >= crossing if wide else count[cell + middle] >= crossing
            if reached:
                high = middle
            else:
                low = middle + 1
        begin[j - first_x] = low
        previous = low


@_compiled
def _logistic_sums(points, first_x, n, weights, odds, up, count, size, sums):
    """Sum of weight * F over the points, for every cell; of the complements below the points, where F is nearly one."""
    middle, whole = math.sqrt(points[first_x] * points[first_x + n - 1]), 0.0
    for j in range(n):
        whole += weights[j]
    if abs(whole) < 1e-12:
        whole = 0.0
    turn = 0
    while turn < size and count[turn] < middle:
        turn += 1
    for c in range(size):
        sums[c] = whole if c < turn else 0.0
    for j in range(n):
        weight, ratio = weights[j], odds[j]
        if weight != 0.0:
            for c in range(turn):
                sums[c] -= weight * ratio * up[c] / (1.0 + ratio * up[c])
            for c in range(turn, size):
                sums[c] += weight / (1.0 + ratio * up[c])


@_compiled
def figure_tables(
    figure_pair, figure_words, figure_offset, none_weight, group_offset, group_kind, group_vector,
    point_offset, points, point_plain, point_rounded, phantom_offset, phantom_points, phantom_weights,
    gross_plain, gross_rounded, atoms,
    pair_source, pair_grid, pair_offset, grid_offset, edge_offset, edges, count, reference,
    bias, lower, upper, scale, none_share, below, outlier, heaping, at_least_shift, phantom, up_to_shift, power_law,
    rho, down, up, given_inverse, tables, most_points,
):  # fmt: skip
    """P(words | C) of every figure on its grid.

    Words fall into groups of terms with one shift. What depends on the data alone is given for each: the atoms, and the
    sums of gross errors without rounding and what rounding changes in them.
    """
    total = pair_offset[-1]
    weights, lower_parts, upper_parts = np.empty(most_points), np.empty(most_points), np.empty(most_points)
    longest = 0
    for g in range(len(grid_offset) - 1):
        longest = max(longest, grid_offset[g + 1] - grid_offset[g])
    sums = np.empty(longest)
    begin = np.empty(most_points, np.int64)
    for f in range(len(figure_pair)):
        pair, w = figure_pair[f], figure_words[f]
        s, g = pair_source[pair], pair_grid[pair]
        cell, size, edge = grid_offset[g], grid_offset[g + 1] - grid_offset[g], edge_offset[g]
        base, out = pair_offset[pair], figure_offset[f]
        low, high = min(lower[s], LARGEST_EXPONENT), min(upper[s], LARGEST_EXPONENT)
        sigma = max(scale[s], _SMALLEST_SCALE)
        numbers = 1.0 - none_share[s]
        for c in range(size):
            tables[out + c] = none_weight[w] * none_share[s]
        for group in range(group_offset[w], group_offset[w + 1]):
            kind, data = group_kind[group], group_vector[group]
            location = bias[s] + (at_least_shift if kind == 1 else up_to_shift if kind == 2 else 0.0)
            first_x, last_x = point_offset[group], point_offset[group + 1]
            n = last_x - first_x
            for j in range(n):
                weights[j] = point_plain[first_x + j] + heaping * point_rounded[first_x + j]
            if power_law:
                _segments(points, first_x, last_x, location, edges, edge, count, cell, size, begin)
                for j in range(n):
                    log_x = math.log(points[first_x + j] / reference[g]) - location
                    lower_parts[j] = weights[j] * below * math.exp(low * log_x)
                    upper_parts[j] = weights[j] * (1.0 - below) * math.exp(-high * log_x)
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
                        if abs(constant) < 1e-12:
                            constant = 0.0
                        for c in range(left, right):
                            i = base + c
                            error = 1.0 - rho[i]
                            ordinary = of_down * down[i] + constant - of_up * up[i]
                            gross = gross_plain[data + c] + heaping * gross_rounded[data + c]
                            held = atoms[data + c] * rho[i] + error * ((1.0 - outlier) * ordinary + outlier * gross)
                            tables[out + c] += numbers * held * given_inverse[kind * total + i]
                        left = right
                for j in range(n):
                    c = begin[j] - 1
                    crossing = points[first_x + j] * math.exp(-location)
                    if c < 0 or edges[edge + c + 1] - edges[edge + c] == 1 or edges[edge + c + 1] - 0.5 <= crossing:
                        continue
                    i = base + c
                    start, end, middle = edges[edge + c] - 0.5, edges[edge + c + 1] - 0.5, count[cell + c]
                    share = (end - crossing) / (end - start)
                    low_side = lower_parts[j] * down[i] * ((crossing + end) / 2.0 / middle) ** -low
                    high_side = weights[j] - upper_parts[j] * up[i] * ((crossing + start) / 2.0 / middle) ** high
                    change = share * low_side + (1.0 - share) * high_side - (weights[j] - upper_parts[j] * up[i])
                    tables[out + c] += (
                        numbers * (1.0 - rho[i]) * (1.0 - outlier) * change * given_inverse[kind * total + i]
                    )
            else:
                for j in range(n):
                    lower_parts[j] = math.exp((location - math.log(points[first_x + j] / reference[g])) / sigma)
                _logistic_sums(
                    points,
                    first_x,
                    n,
                    weights,
                    lower_parts,
                    up[base : base + size],
                    count[cell : cell + size],
                    size,
                    sums,
                )
                for c in range(size):
                    i = base + c
                    error = 1.0 - rho[i]
                    ordinary = sums[c]
                    gross = gross_plain[data + c] + heaping * gross_rounded[data + c]
                    held = atoms[data + c] * rho[i] + error * ((1.0 - outlier) * ordinary + outlier * gross)
                    tables[out + c] += numbers * held * given_inverse[kind * total + i]
        zero = none_weight[w] * (1.0 - phantom)
        exponent = high if power_law else 1.0 / sigma
        for j in range(phantom_offset[w], phantom_offset[w + 1]):
            zero += phantom * phantom_weights[j] * math.exp(-exponent * math.log(phantom_points[j]))
        tables[out] = zero


@_compiled
def figure_gradient(
    figure_pair, figure_words, figure_offset, none_weight, group_offset, group_kind, group_vector,
    point_offset, points, point_plain, point_rounded, phantom_offset, phantom_points, phantom_weights,
    gross_plain, gross_rounded, atoms,
    pair_source, pair_grid, pair_offset, grid_offset, edge_offset, edges, count, relative, reference,
    bias, lower, upper, scale, none_share, below, outlier, heaping, at_least_shift, phantom, up_to_shift, power_law,
    rho, down, up, given_inverse, d_tables, most_points,
    d_rho, d_ordinary, d_gross, d_down, d_up, d_given_inverse,
    d_bias, d_lower, d_upper, d_scale, d_none_share, d_shared,
):  # fmt: skip
    """Add the adjoints of the tables of :func:`figure_tables` to those of the source tables and the parameters."""
    total = pair_offset[-1]
    weights, lower_parts, upper_parts = np.empty(most_points), np.empty(most_points), np.empty(most_points)
    by_down, by_up, by_one = np.empty(most_points + 1), np.empty(most_points + 1), np.empty(most_points + 1)
    longest = 0
    for g in range(len(grid_offset) - 1):
        longest = max(longest, grid_offset[g + 1] - grid_offset[g])
    sums, d_sums = np.empty(longest), np.empty(longest)
    begin = np.empty(most_points, np.int64)
    for f in range(len(figure_pair)):
        pair, w = figure_pair[f], figure_words[f]
        s, g = pair_source[pair], pair_grid[pair]
        cell, size, edge = grid_offset[g], grid_offset[g + 1] - grid_offset[g], edge_offset[g]
        base, out = pair_offset[pair], figure_offset[f]
        low, high = min(lower[s], LARGEST_EXPONENT), min(upper[s], LARGEST_EXPONENT)
        sigma = max(scale[s], _SMALLEST_SCALE)
        numbers = 1.0 - none_share[s]
        d_numbers, d_heaping, d_low, d_high, d_sigma = 0.0, 0.0, 0.0, 0.0, 0.0
        if none_weight[w] > 0.0:
            for c in range(1, size):
                d_none_share[s] += none_weight[w] * d_tables[out + c]
        for group in range(group_offset[w], group_offset[w + 1]):
            kind, data = group_kind[group], group_vector[group]
            location = bias[s] + (at_least_shift if kind == 1 else up_to_shift if kind == 2 else 0.0)
            first_x, last_x = point_offset[group], point_offset[group + 1]
            n = last_x - first_x
            d_location = 0.0
            for j in range(n):
                weights[j] = point_plain[first_x + j] + heaping * point_rounded[first_x + j]
            if power_law:
                _segments(points, first_x, last_x, location, edges, edge, count, cell, size, begin)
                for j in range(n):
                    log_x = math.log(points[first_x + j] / reference[g]) - location
                    lower_parts[j] = below * math.exp(low * log_x)
                    upper_parts[j] = (1.0 - below) * math.exp(-high * log_x)
                left = 1
                for segment in range(n + 1):
                    by_down[segment], by_up[segment], by_one[segment] = 0.0, 0.0, 0.0
                    right = begin[segment] if segment < n else size
                    if right > left:
                        of_down, constant, of_up = 0.0, 0.0, 0.0
                        for j in range(segment):
                            of_down += weights[j] * lower_parts[j]
                        for j in range(segment, n):
                            constant += weights[j]
                            of_up += weights[j] * upper_parts[j]
                        sum_down, sum_up, sum_one = 0.0, 0.0, 0.0
                        for c in range(left, right):
                            i = base + c
                            error = 1.0 - rho[i]
                            inverse = given_inverse[kind * total + i]
                            ordinary = of_down * down[i] + constant - of_up * up[i]
                            gross = gross_plain[data + c] + heaping * gross_rounded[data + c]
                            held = atoms[data + c] * rho[i] + error * ((1.0 - outlier) * ordinary + outlier * gross)
                            d_table = d_tables[out + c]
                            d_numbers += d_table * held * inverse
                            d_given_inverse[kind * total + i] += d_table * numbers * held
                            d_held = d_table * numbers * inverse
                            d_rho[i] += d_held * atoms[data + c]
                            d_ordinary[i] += d_held * ordinary
                            d_gross[i] += d_held * gross
                            d_heaping += d_held * error * outlier * gross_rounded[data + c]
                            d_sum = d_held * error * (1.0 - outlier)
                            d_down[i] += d_sum * of_down
                            d_up[i] -= d_sum * of_up
                            sum_down += d_sum * down[i]
                            sum_up += d_sum * up[i]
                            sum_one += d_sum
                        by_down[segment], by_up[segment], by_one[segment] = sum_down, sum_up, sum_one
                        left = right
                # Sums over the segments after each point; taken from the end, for the first ones are huge.
                for segment in range(n - 1, -1, -1):
                    by_down[segment] += by_down[segment + 1]
                up_to, one_to = 0.0, 0.0
                for j in range(n):
                    after = by_down[j + 1]
                    up_to += by_up[j]
                    one_to += by_one[j]
                    log_x = math.log(points[first_x + j] / reference[g]) - location
                    d_lower_part, d_upper_part = weights[j] * after, -weights[j] * up_to
                    d_weight = lower_parts[j] * after + one_to - upper_parts[j] * up_to
                    c = begin[j] - 1
                    crossing = points[first_x + j] * math.exp(-location)
                    if c >= 0 and edges[edge + c + 1] - edges[edge + c] > 1 and edges[edge + c + 1] - 0.5 > crossing:
                        i = base + c
                        start, end, middle = edges[edge + c] - 0.5, edges[edge + c + 1] - 0.5, count[cell + c]
                        share = (end - crossing) / (end - start)
                        below_middle, above_middle = (crossing + end) / 2.0 / middle, (crossing + start) / 2.0 / middle
                        low_power, high_power = below_middle**-low, above_middle**high
                        low_side = lower_parts[j] * down[i] * low_power
                        high_side = 1.0 - upper_parts[j] * up[i] * high_power
                        whole = 1.0 - upper_parts[j] * up[i]
                        change = weights[j] * (share * low_side + (1.0 - share) * high_side - whole)
                        inverse, error = given_inverse[kind * total + i], 1.0 - rho[i]
                        d_table = d_tables[out + c]
                        d_numbers += d_table * error * (1.0 - outlier) * change * inverse
                        d_given_inverse[kind * total + i] += d_table * numbers * error * (1.0 - outlier) * change
                        d_ordinary[i] += d_table * numbers * inverse * change
                        d_change = d_table * numbers * inverse * error * (1.0 - outlier)
                        d_weight += d_change * (share * low_side + (1.0 - share) * high_side - whole)
                        d_change *= weights[j]
                        d_low_side, d_high_side = d_change * share, d_change * (1.0 - share)
                        d_lower_part += d_low_side * down[i] * low_power
                        d_down[i] += d_low_side * lower_parts[j] * low_power
                        d_upper_part += -d_high_side * up[i] * high_power + d_change * up[i]
                        d_up[i] += -d_high_side * upper_parts[j] * high_power + d_change * upper_parts[j]
                        d_low -= d_low_side * low_side * math.log(below_middle)
                        d_high -= d_high_side * (1.0 - high_side) * math.log(above_middle)
                        d_crossing = d_change * (high_side - low_side) / (end - start)
                        d_crossing -= d_low_side * low_side * low / (crossing + end)
                        d_crossing -= d_high_side * (1.0 - high_side) * high / (crossing + start)
                        d_location -= d_crossing * crossing
                    lower_slope, upper_slope = d_lower_part * lower_parts[j], d_upper_part * upper_parts[j]
                    d_shared[1] += lower_slope / below - upper_slope / (1.0 - below)
                    d_low += lower_slope * log_x
                    d_high -= upper_slope * log_x
                    d_location += upper_slope * high - lower_slope * low
                    d_heaping += d_weight * point_rounded[first_x + j]
            else:
                for j in range(n):
                    lower_parts[j] = math.exp((location - math.log(points[first_x + j] / reference[g])) / sigma)
                _logistic_sums(
                    points,
                    first_x,
                    n,
                    weights,
                    lower_parts,
                    up[base : base + size],
                    count[cell : cell + size],
                    size,
                    sums,
                )
                d_sums[0] = 0.0
                for c in range(1, size):
                    i = base + c
                    error = 1.0 - rho[i]
                    inverse = given_inverse[kind * total + i]
                    ordinary = sums[c]
                    gross = gross_plain[data + c] + heaping * gross_rounded[data + c]
                    held = atoms[data + c] * rho[i] + error * ((1.0 - outlier) * ordinary + outlier * gross)
                    d_table = d_tables[out + c]
                    d_numbers += d_table * held * inverse
                    d_given_inverse[kind * total + i] += d_table * numbers * held
                    d_held = d_table * numbers * inverse
                    d_rho[i] += d_held * atoms[data + c]
                    d_ordinary[i] += d_held * ordinary
                    d_gross[i] += d_held * gross
                    d_heaping += d_held * error * outlier * gross_rounded[data + c]
                    d_sum = d_held * error * (1.0 - outlier)
                    d_sums[c] = d_sum
                for j in range(n):
                    ratio, log_x = lower_parts[j], math.log(points[first_x + j] / reference[g]) - location
                    plain, bent, tilted = 0.0, 0.0, 0.0
                    for c in range(1, size):
                        share = 1.0 / (1.0 + ratio * up[base + c])
                        by_share = d_sums[c] * share
                        by_log_odds = by_share * (1.0 - share)
                        plain += by_share
                        bent += by_log_odds
                        tilted += by_log_odds * relative[cell + c]
                    d_heaping += plain * point_rounded[first_x + j]
                    d_location -= weights[j] * bent / sigma
                    d_sigma += weights[j] * (tilted - log_x * bent) / (sigma * sigma)
            d_bias[s] += d_location
            if kind == 1:
                d_shared[4] += d_location
        d_none_share[s] -= d_numbers
        d_shared[3] += d_heaping
        d_zero = d_tables[out]
        d_shared[5] -= d_zero * none_weight[w]
        exponent = high if power_law else 1.0 / sigma
        for j in range(phantom_offset[w], phantom_offset[w + 1]):
            log_x = math.log(phantom_points[j])
            value = phantom_weights[j] * math.exp(-exponent * log_x)
            d_shared[5] += d_zero * value
            d_exponent = -d_zero * phantom * value * log_x
            if power_law:
                d_high += d_exponent
            else:
                d_sigma -= d_exponent / (sigma * sigma)
        if lower[s] < LARGEST_EXPONENT:
            d_lower[s] += d_low
        if upper[s] < LARGEST_EXPONENT:
            d_upper[s] += d_high
        if scale[s] > _SMALLEST_SCALE:
            d_scale[s] += d_sigma


# Steps of documentation ----------------------------------------------------------------------------------------------


@_compiled
def _component(alpha, over, size, edges, relative_edges, middle, relative, reference, child, parent, stay):
    """The two separated parts of one way of being revised, and the probability to stay within each cell."""
    power = min(alpha, LARGEST_EXPONENT)
    sign = -1.0 if over else 1.0
    previous = 0.0 if not over else math.exp(-power * relative_edges[0])
    for c in range(size):
        following = math.exp(sign * power * relative_edges[c + 1])
        width = edges[c + 1] - edges[c]
        last = c == size - 1
        if over:
            child[c] = previous - (0.0 if last else following)
            if width == 1 and not last:
                parent[c] = 1.0 / following
                stay[c] = 0.0
            else:
                after = middle[c] + 1.0
                curvature = (width * width - 1.0) / (24.0 * after * after)
                parent[c] = math.exp(power * math.log(after / reference)) * (1.0 + power * (power - 1.0) * curvature)
                stay[c] = 1.0 - (0.0 if last else following) * parent[c]
        else:
            child[c] = following - previous
            if c == 0:
                parent[c], stay[c] = 0.0, 0.0
            elif width == 1 and not last:
                parent[c], stay[c] = 1.0 / previous, 0.0
            else:
                curvature = (width * width - 1.0) / (24.0 * middle[c] * middle[c])
                parent[c] = math.exp(-power * relative[c]) * (1.0 + power * (power + 1.0) * curvature)
                stay[c] = 1.0 - previous * parent[c]
        previous = following


@_compiled
def _component_gradient(
    alpha, over, size, edges, relative_edges, middle, relative, reference, parent, d_child, d_parent, d_stay
):
    """Derivative by the exponent, from the adjoints of the parts."""
    if alpha >= LARGEST_EXPONENT:
        return 0.0
    sign = -1.0 if over else 1.0
    result = 0.0
    previous = 0.0 if not over else math.exp(-alpha * relative_edges[0])
    for c in range(size):
        log_next, log_previous = relative_edges[c + 1], relative_edges[c]
        following = math.exp(sign * alpha * log_next)
        width = edges[c + 1] - edges[c]
        last = c == size - 1
        d_p = d_parent[c]
        if over:
            result += d_child[c] * (-log_previous * previous + (0.0 if last else log_next * following))
            if width == 1 and not last:
                result += d_p * log_next * parent[c]
            else:
                after = middle[c] + 1.0
                if not last:
                    d_p -= d_stay[c] * following
                    result += d_stay[c] * parent[c] * log_next * following
                curvature = (width * width - 1.0) / (24.0 * after * after)
                bend = 1.0 + alpha * (alpha - 1.0) * curvature
                log_after = math.log(after / reference)
                result += d_p * parent[c] * (log_after + (2.0 * alpha - 1.0) * curvature / bend)
        else:
            result += d_child[c] * (log_next * following - (log_previous * previous if c > 0 else 0.0))
            if c == 0:
                pass
            elif width == 1 and not last:
                result -= d_p * log_previous * parent[c]
            else:
                d_p -= d_stay[c] * previous
                result -= d_stay[c] * parent[c] * log_previous * previous
                curvature = (width * width - 1.0) / (24.0 * middle[c] * middle[c])
                bend = 1.0 + alpha * (alpha + 1.0) * curvature
                result += d_p * parent[c] * (-relative[c] + (2.0 * alpha + 1.0) * curvature / bend)
        previous = following
    return result


@_compiled
def step_tables(
    step_grid, step_growth, step_index, step_rising, step_offset,
    grid_offset, edge_offset, edges, relative_edges, middle, log_count, relative, reference,
    complete_logit, slope, shape, low_share, low_shape, over_share, over_shape, rising,
    own, child, parent, raw, stay, complete,
):  # fmt: skip
    """Tables of every step needed: ``own`` (steps' cells), ``child`` and ``parent`` (3, cells) with their shares.

    ``raw``, ``stay`` and ``complete`` keep the parts for the gradient.
    """
    # Two of the three ways to be revised are the same in every step on one grid.
    first_on_grid = np.full(len(grid_offset) - 1, -1)
    for t in range(len(step_grid)):
        g, d, j = step_grid[t], step_growth[t], step_index[t]
        cell, size, edge, out = grid_offset[g], grid_offset[g + 1] - grid_offset[g], edge_offset[g], step_offset[t]
        the_edges, the_logs = edges[edge : edge + size + 1], relative_edges[edge : edge + size + 1]
        for kind in range(3):
            if kind > 0 and first_on_grid[g] >= 0:
                same = first_on_grid[g]
                child[kind, out : out + size] = child[kind, same : same + size]
                raw[kind, out : out + size] = raw[kind, same : same + size]
                stay[kind, out : out + size] = stay[kind, same : same + size]
                continue
            alpha = shape[d, j] if kind == 0 else low_shape if kind == 1 else over_shape
            _component(
                alpha, kind == 2, size, the_edges, the_logs, middle[cell : cell + size], relative[cell : cell + size],
                reference[g], child[kind, out : out + size], raw[kind, out : out + size], stay[kind, out : out + size],
            )  # fmt: skip
        logit = complete_logit[d, j] - (rising if step_rising[t] else 0.0)
        share_0 = (1.0 - over_share) * (1.0 - low_share)
        share_1 = (1.0 - over_share) * low_share
        for c in range(size):
            i = out + c
            probability = 1.0 if c == 0 else 1.0 / (1.0 + math.exp(slope * log_count[cell + c] - logit))
            revised = 1.0 - probability
            complete[i] = probability
            parent[0, i] = revised * share_0 * raw[0, i]
            parent[1, i] = revised * share_1 * raw[1, i]
            parent[2, i] = revised * over_share * raw[2, i]
            own[i] = probability + revised * (share_0 * stay[0, i] + share_1 * stay[1, i] + over_share * stay[2, i])
        first_on_grid[g] = out


@_compiled
def step_gradient(
    step_grid, step_growth, step_index, step_rising, step_offset,
    grid_offset, edge_offset, edges, relative_edges, middle, log_count, relative, reference,
    shape, low_share, low_shape, over_share, over_shape,
    raw, stay, complete, d_own, d_child, d_parent,
    d_complete_logit, d_shape, d_growth_shared,
):  # fmt: skip
    """Add the adjoints of the step tables to those of the parameters.

    ``d_growth_shared`` holds slope, low share, low shape, over share, over shape and rising.
    """
    cells = grid_offset[-1]
    d_raw, d_stay = np.empty(cells), np.empty(cells)
    # Sums over the steps of one grid for the two ways to be revised that they share.
    d_child_of_grid, d_raw_of_grid, d_stay_of_grid = np.zeros((3, cells)), np.zeros((3, cells)), np.zeros((3, cells))
    step_on_grid = np.full(len(grid_offset) - 1, -1)
    for t in range(len(step_grid)):
        g, d, j = step_grid[t], step_growth[t], step_index[t]
        cell, size, edge, out = grid_offset[g], grid_offset[g + 1] - grid_offset[g], edge_offset[g], step_offset[t]
        the_edges, the_logs = edges[edge : edge + size + 1], relative_edges[edge : edge + size + 1]
        share_0 = (1.0 - over_share) * (1.0 - low_share)
        share_1 = (1.0 - over_share) * low_share
        d_share_0, d_share_1, d_share_2 = 0.0, 0.0, 0.0
        d_logit, d_slope = 0.0, 0.0
        for c in range(size):
            i = out + c
            revised = 1.0 - complete[i]
            by_0 = stay[0, i] * d_own[i] + raw[0, i] * d_parent[0, i]
            by_1 = stay[1, i] * d_own[i] + raw[1, i] * d_parent[1, i]
            by_2 = stay[2, i] * d_own[i] + raw[2, i] * d_parent[2, i]
            d_share_0 += revised * by_0
            d_share_1 += revised * by_1
            d_share_2 += revised * by_2
            d_raw[c], d_stay[c] = revised * share_0 * d_parent[0, i], revised * share_0 * d_own[i]
            d_raw_of_grid[1, cell + c] += revised * share_1 * d_parent[1, i]
            d_stay_of_grid[1, cell + c] += revised * share_1 * d_own[i]
            d_child_of_grid[1, cell + c] += d_child[1, i]
            d_raw_of_grid[2, cell + c] += revised * over_share * d_parent[2, i]
            d_stay_of_grid[2, cell + c] += revised * over_share * d_own[i]
            d_child_of_grid[2, cell + c] += d_child[2, i]
            if c > 0:
                d_complete = d_own[i] - share_0 * by_0 - share_1 * by_1 - over_share * by_2
                by_logit = d_complete * complete[i] * revised
                d_logit += by_logit
                d_slope -= by_logit * log_count[cell + c]
        d_complete_logit[d, j] += d_logit
        d_growth_shared[0] += d_slope
        d_growth_shared[1] += (1.0 - over_share) * (d_share_1 - d_share_0)
        d_growth_shared[3] += d_share_2 - (1.0 - low_share) * d_share_0 - low_share * d_share_1
        if step_rising[t]:
            d_growth_shared[5] -= d_logit
        d_shape[d, j] += _component_gradient(
            shape[d, j], False, size, the_edges, the_logs, middle[cell : cell + size], relative[cell : cell + size],
            reference[g], raw[0, out : out + size], d_child[0, out : out + size], d_raw, d_stay,
        )  # fmt: skip
        step_on_grid[g] = t
    for g in range(len(step_on_grid)):
        t = step_on_grid[g]
        if t < 0:
            continue
        cell, size, edge, out = grid_offset[g], grid_offset[g + 1] - grid_offset[g], edge_offset[g], step_offset[t]
        here = slice(cell, cell + size)
        for kind in range(1, 3):
            alpha = low_shape if kind == 1 else over_shape
            d_growth_shared[2 * kind] += _component_gradient(
                alpha, kind == 2, size, edges[edge : edge + size + 1], relative_edges[edge : edge + size + 1],
                middle[here], relative[here], reference[g], raw[kind, out : out + size],
                d_child_of_grid[kind, here], d_raw_of_grid[kind, here], d_stay_of_grid[kind, here],
            )  # fmt: skip


@_compiled
def _up(out, size, own, child, parent, likelihood, result):
    before_0, before_1 = 0.0, 0.0
    for c in range(size):
        i, value = out + c, likelihood[c]
        result[c] = own[i] * value + parent[0, i] * before_0 + parent[1, i] * before_1
        before_0 += child[0, i] * value
        before_1 += child[1, i] * value
    after = 0.0
    for c in range(size - 1, -1, -1):
        i = out + c
        result[c] += parent[2, i] * after
        after += child[2, i] * likelihood[c]


@_compiled
def _down(out, size, own, child, parent, mass, result):
    """Adjoint of :func:`_up`."""
    after_0, after_1 = 0.0, 0.0
    for c in range(size - 1, -1, -1):
        i, value = out + c, mass[c]
        result[c] = own[i] * value + child[0, i] * after_0 + child[1, i] * after_1
        after_0 += parent[0, i] * value
        after_1 += parent[1, i] * value
    before = 0.0
    for c in range(size):
        i = out + c
        result[c] += child[2, i] * before
        before += parent[2, i] * mass[c]


@_compiled
def _step_adjoint(out, size, child, parent, likelihood, mass, weight, d_own, d_child, d_parent):
    """Add the derivative of ``mass . up(likelihood)`` by the step's tables, times ``weight``."""
    before_0, before_1, after_2 = 0.0, 0.0, 0.0
    for c in range(size):
        i = out + c
        value, passed = likelihood[c], weight * mass[c]
        d_own[i] += passed * value
        d_parent[0, i] += passed * before_0
        d_parent[1, i] += passed * before_1
        d_child[2, i] += value * after_2
        before_0 += child[0, i] * value
        before_1 += child[1, i] * value
        after_2 += parent[2, i] * passed
    after_0, after_1, before_2 = 0.0, 0.0, 0.0
    for c in range(size - 1, -1, -1):
        i = out + c
        value, passed = likelihood[c], weight * mass[c]
        d_child[0, i] += value * after_0
        d_child[1, i] += value * after_1
        d_parent[2, i] += passed * before_2
        after_0 += parent[0, i] * passed
        after_1 += parent[1, i] * passed
        before_2 += child[2, i] * value


# What is expected of events ------------------------------------------------------------------------------------------


@_compiled
def expected_tables(
    law_grid, law_size, law_offset, grid_offset, edge_offset, edges, positive, shape, scale,
    chain_from, chain_offset, own, child, parent, masses,
):  # fmt: skip
    """Laws of the toll pushed down to the bins where figures end, one after another along each chain.

    A law is that of sizes (``chain_from`` -1), or the law ``chain_from`` pushed through the step whose tables begin at
    ``chain_offset``.
    """
    for r in range(len(law_grid)):
        g, k = law_grid[r], law_size[r]
        size, edge, out = grid_offset[g + 1] - grid_offset[g], edge_offset[g], law_offset[r]
        if chain_from[r] >= 0:
            source = law_offset[chain_from[r]]
            _down(
                chain_offset[r], size, own, child, parent,
                masses[source : source + size], masses[out : out + size],
            )  # fmt: skip
            continue
        masses[out] = 1.0 - positive[k]
        end = math.exp(-shape[k] * math.log1p((edges[edge + size] - 1) / scale[k]))
        previous = 1.0
        for c in range(1, size):
            following = math.exp(-shape[k] * math.log1p((edges[edge + c + 1] - 1) / scale[k]))
            masses[out + c] = (previous - following) * positive[k] / (1.0 - end)
            previous = following


@_compiled
def expected_gradient(
    law_grid, law_size, law_offset, grid_offset, edge_offset, edges, positive, shape, scale,
    chain_from, chain_offset, own, child, parent, masses, d_masses,
    d_own, d_child, d_parent, d_positive, d_shape, d_scale,
):  # fmt: skip
    """Add the adjoints of the expected laws to those of the steps and the laws of sizes, last first."""
    longest = 0
    for r in range(len(law_grid)):
        longest = max(longest, grid_offset[law_grid[r] + 1] - grid_offset[law_grid[r]])
    passed = np.empty(longest)
    for r in range(len(law_grid) - 1, -1, -1):
        g, k = law_grid[r], law_size[r]
        size, edge, out = grid_offset[g + 1] - grid_offset[g], edge_offset[g], law_offset[r]
        if chain_from[r] >= 0:
            source = law_offset[chain_from[r]]
            d_here = d_masses[out : out + size]
            _step_adjoint(
                chain_offset[r], size, child, parent, d_here, masses[source : source + size], 1.0,
                d_own, d_child, d_parent,
            )  # fmt: skip
            _up(chain_offset[r], size, own, child, parent, d_here, passed)
            for c in range(size):
                d_masses[source + c] += passed[c]
            continue
        end = math.exp(-shape[k] * math.log1p((edges[edge + size] - 1) / scale[k]))
        inside = 1.0 - end
        d_end = 0.0
        log_previous, previous = 0.0, 1.0
        start = 0.0
        for c in range(1, size):
            stop = float(edges[edge + c + 1] - 1)
            log_next = math.log1p(stop / scale[k])
            following = math.exp(-shape[k] * log_next)
            d_mass = d_masses[out + c] * positive[k] / inside
            d_positive[k] += d_masses[out + c] * (previous - following) / inside
            d_end += d_masses[out + c] * (previous - following) * positive[k] / (inside * inside)
            d_shape[k] += d_mass * (following * log_next - previous * log_previous)
            # survival by scale: shape * survival * n / (scale * (scale + n))
            d_scale[k] += (
                d_mass
                * shape[k]
                / scale[k]
                * (previous * start / (scale[k] + start) - following * stop / (scale[k] + stop))
            )
            log_previous, previous, start = log_next, following, stop
        d_positive[k] -= d_masses[out]
        stop = float(edges[edge + size] - 1)
        d_shape[k] -= d_end * end * math.log1p(stop / scale[k])
        d_scale[k] += d_end * shape[k] * end * stop / (scale[k] * (scale[k] + stop))


# Events --------------------------------------------------------------------------------------------------------------


@_compiled
def _own_share(c, others):
    return (1.0 - c) / (1.0 - c + c * others)


@_compiled
def _factor(f, size, kind, members, figure, rate_of, before, others, repeats, said, tables, vectors, rates, repeating,
            result, sums):  # fmt: skip
    """One factor of an event over the cells."""
    first, last = members[f], members[f + 1]
    rate = rates[rate_of[f]]
    ratio = rate / (1.0 - rate)
    if kind[f] == VECTOR:
        start = figure[first]
        for c in range(size):
            result[c] = vectors[start + c]
    elif kind[f] == SINGLE:
        start, copied = figure[first], ratio * before[f]
        for c in range(size):
            result[c] = tables[start + c] + copied
    elif kind[f] == UPDATE:
        start = figure[first]
        own = (1.0 - repeating) * _own_share(rate, others[f])
        copied = own * ratio * before[f] + repeating * repeats[f]
        for c in range(size):
            result[c] = own * tables[start + c] + copied
    else:
        count = last - first
        for c in range(size):
            sums[0] = 1.0
            for m in range(count):
                own = tables[figure[first + m] + c]
                sums[m + 1] = own * sums[m]
                for order in range(m, 0, -1):
                    sums[order] += own * sums[order - 1]
            total, power = 0.0, 1.0
            for order in range(count, -1, -1):
                total += sums[order] * power * said[first + f + order]
                power *= ratio
            result[c] = total


@_compiled
def _factor_adjoint(f, size, kind, members, figure, rate_of, before, others, repeats, said, tables, rates, repeating,
                    d_factor, d_tables, d_rates, d_shared, sums):  # fmt: skip
    """Add the adjoint of one factor to those of its tables and of the readiness to copy."""
    first, last = members[f], members[f + 1]
    if kind[f] == VECTOR:
        return
    rate = rates[rate_of[f]]
    ratio, d_ratio = rate / (1.0 - rate), 0.0
    if kind[f] == SINGLE:
        start, total = figure[first], 0.0
        for c in range(size):
            d_tables[start + c] += d_factor[c]
            total += d_factor[c]
        d_ratio = total * before[f]
    elif kind[f] == UPDATE:
        start = figure[first]
        share = _own_share(rate, others[f])
        own = (1.0 - repeating) * share
        total, weighted = 0.0, 0.0
        for c in range(size):
            d_tables[start + c] += own * d_factor[c]
            total += d_factor[c]
            weighted += d_factor[c] * tables[start + c]
        d_own = weighted + total * ratio * before[f]
        denominator = 1.0 - rate + rate * others[f]
        d_rates[rate_of[f]] -= d_own * (1.0 - repeating) * others[f] / (denominator * denominator)
        d_ratio = total * own * before[f]
        d_shared[6] += total * repeats[f] - d_own * share
    else:
        count = last - first
        for c in range(size):
            for left_out in range(count):
                sums[0] = 1.0
                done = 0
                for m in range(count):
                    if m == left_out:
                        continue
                    own = tables[figure[first + m] + c]
                    sums[done + 1] = own * sums[done]
                    for order in range(done, 0, -1):
                        sums[order] += own * sums[order - 1]
                    done += 1
                d_own, power = 0.0, 1.0
                for order in range(count - 1, -1, -1):
                    d_own += sums[order] * power * said[first + f + order + 1]
                    power *= ratio
                d_tables[figure[first + left_out] + c] += d_factor[c] * d_own
                if left_out == count - 1:
                    # All members: add the one left out.
                    own = tables[figure[first + left_out] + c]
                    sums[count] = own * sums[count - 1]
                    for order in range(count - 1, 0, -1):
                        sums[order] += own * sums[order - 1]
                    power, slope = 1.0, 0.0
                    for order in range(count - 1, -1, -1):
                        slope += sums[order] * (count - order) * power * said[first + f + order]
                        power *= ratio
                    d_ratio += d_factor[c] * slope
    d_rates[rate_of[f]] += d_ratio / ((1.0 - rate) * (1.0 - rate))


@_compiled
def events(
    pattern_offset, pattern_weight, part_grid, part_law, part_log_share, part_first, part_last, part_step,
    part_factor, factor_bin, factor_kind, members, member_figure, factor_rate, factor_before, factor_others,
    factor_repeats, factor_said, constant_offset, constant_rate, constant_others,
    grid_offset, step_offset, law_offset, tables, vectors, rates, repeating,
    own, child, parent, masses, longest, most_members, log_evidence,
    with_gradient, d_tables, d_masses, d_own, d_child, d_parent, d_rates, d_shared,
):  # fmt: skip
    """Log evidence of every pattern of events, and the adjoints of all tables weighted by how often it occurs.

    A pattern is a mixture of parts, one for each assignment of ages. Within a part the likelihood of the first bin is
    multiplied by its factors and passed up bin by bin; the last is summed against what is expected in that bin.
    """
    most_parts = 1
    for p in range(len(pattern_weight)):
        most_parts = max(most_parts, pattern_offset[p + 1] - pattern_offset[p])
    # Likelihoods after each bin's factors, and before them (passed up), for every part of a pattern.
    after = np.empty((most_parts, STEPS + 1, longest))
    passed = np.empty((most_parts, STEPS + 1, longest))
    factor = np.empty(longest)
    mass, adjoint, lower_mass = np.empty(longest), np.empty(longest), np.empty(longest)
    sums_of_products = np.empty(most_members + 2)
    logs, sums = np.empty(most_parts), np.empty(most_parts)
    for p in range(len(pattern_weight)):
        begin, stop = pattern_offset[p], pattern_offset[p + 1]
        for part in range(begin, stop):
            a = part - begin
            size = grid_offset[part_grid[part] + 1] - grid_offset[part_grid[part]]
            log_scale = part_log_share[part]
            for k in range(constant_offset[part], constant_offset[part + 1]):
                log_scale += math.log(_own_share(rates[constant_rate[k]], constant_others[k]))
            f = part_factor[part]
            for b in range(part_first[part], part_last[part] + 1):
                here = after[a, b]
                if b == part_first[part]:
                    for c in range(size):
                        here[c] = 1.0
                else:
                    t = part_step[part, b - 1]
                    _up(step_offset[t], size, own, child, parent, after[a, b - 1], passed[a, b])
                    for c in range(size):
                        here[c] = passed[a, b, c]
                multiplied = 0
                while f < part_factor[part + 1] and factor_bin[f] == b:
                    _factor(
                        f, size, factor_kind, members, member_figure, factor_rate, factor_before, factor_others,
                        factor_repeats, factor_said, tables, vectors, rates, repeating, factor, sums_of_products,
                    )  # fmt: skip
                    for c in range(size):
                        here[c] *= factor[c]
                    f += 1
                    multiplied += 1
                    if multiplied % 8 == 0:
                        log_scale += _rescale(here, size)
                log_scale += _rescale(here, size)
            law = law_offset[part_law[part]]
            here = after[a, part_last[part]]
            total = 0.0
            for c in range(size):
                total += masses[law + c] * here[c]
            sums[a] = total
            logs[a] = log_scale + math.log(total)
        largest = logs[0]
        for a in range(1, stop - begin):
            largest = max(largest, logs[a])
        together = 0.0
        for a in range(stop - begin):
            together += math.exp(logs[a] - largest)
        log_evidence[p] = largest + math.log(together)
        if not with_gradient:
            continue
        for part in range(begin, stop):
            a = part - begin
            weight = pattern_weight[p] * math.exp(logs[a] - log_evidence[p])
            if weight == 0.0:
                continue
            size = grid_offset[part_grid[part] + 1] - grid_offset[part_grid[part]]
            for k in range(constant_offset[part], constant_offset[part + 1]):
                others, rate = constant_others[k], rates[constant_rate[k]]
                d_rates[constant_rate[k]] -= weight * (
                    1.0 / (1.0 - rate) + (others - 1.0) / (1.0 - rate + rate * others)
                )
            law = law_offset[part_law[part]]
            here = after[a, part_last[part]]
            for c in range(size):
                share = weight * here[c] / sums[a]
                d_masses[law + c] += share
                mass[c] = share * masses[law + c]
            f = part_factor[part + 1] - 1
            for b in range(part_last[part], part_first[part] - 1, -1):
                # mass: posterior of what is documentable in this bin, times the weight.
                while f >= part_factor[part] and factor_bin[f] == b:
                    if factor_kind[f] != VECTOR:
                        _factor(
                            f, size, factor_kind, members, member_figure, factor_rate, factor_before, factor_others,
                            factor_repeats, factor_said, tables, vectors, rates, repeating, factor, sums_of_products,
                        )  # fmt: skip
                        for c in range(size):
                            factor[c] = mass[c] / factor[c]
                        _factor_adjoint(
                            f, size, factor_kind, members, member_figure, factor_rate, factor_before, factor_others,
                            factor_repeats, factor_said, tables, rates, repeating, factor, d_tables, d_rates,
                            d_shared, sums_of_products,
                        )  # fmt: skip
                    f -= 1
                if b > part_first[part]:
                    t = part_step[part, b - 1]
                    for c in range(size):
                        adjoint[c] = mass[c] / passed[a, b, c]
                    _step_adjoint(
                        step_offset[t], size, child, parent, after[a, b - 1], adjoint, 1.0, d_own, d_child, d_parent
                    )
                    _down(step_offset[t], size, own, child, parent, adjoint, lower_mass)
                    for c in range(size):
                        mass[c] = lower_mass[c] * after[a, b - 1, c]


@_compiled
def _rescale(values, size):
    largest = 0.0
    for c in range(size):
        largest = max(largest, values[c])
    for c in range(size):
        values[c] /= largest
    return math.log(largest)
