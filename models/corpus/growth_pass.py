"""The steps of documentation of a corpus at one set of parameters, and the adjoint, in compiled loops.

The formulas are those of ``documentation``; ``corpus`` lays out the arrays of ``fused_arrays``. A name that begins with
``d_`` is the derivative of the log evidence by what follows.
"""

from __future__ import annotations

import math

from estimates.models.compiled import loop
from estimates.models.corpus.arrays import (
    DOWNWARDS,
    GROWTH_SLOPE,
    LOW_SHAPE,
    LOW_SHARE,
    OVER_SHAPE,
    OVER_SHARE,
    RISING,
    WAYS,
)
from estimates.models.grid import LARGEST_EXPONENT


@loop
def _component(alpha, over, edges, relative_edges, middle, relative, reference, child, parent, stay):
    """The two separated parts of one way of being revised, and the probability to stay within each cell."""
    size = len(middle)
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


@loop
def _component_gradient(
    alpha, over, edges, relative_edges, middle, relative, reference, parent, d_child, d_parent, d_stay
):
    """Derivative by the exponent, from the adjoints of the parts."""
    if alpha >= LARGEST_EXPONENT:
        return 0.0
    size = len(middle)
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


@loop
def growth_tables(values, grids, steps, tables, scratch):
    """Tables of every step needed."""
    slope, rising = values.growth[GROWTH_SLOPE], values.growth[RISING]
    low_share, over_share = values.growth[LOW_SHARE], values.growth[OVER_SHARE]
    share_0, share_1 = (1.0 - over_share) * (1.0 - low_share), (1.0 - over_share) * low_share
    # Two of the three ways to be revised are the same in every step on one grid, and so is the power of the count.
    first_on_grid, power = scratch.step_on_grid, scratch.power
    for g in range(len(first_on_grid)):
        first_on_grid[g] = -1
    for k in range(len(power)):
        power[k] = math.exp(slope * grids.log_count[k])
    for t in range(len(steps.grid)):
        g, d, j = steps.grid[t], steps.growth[t], steps.index[t]
        cells = slice(grids.offset[g], grids.offset[g + 1])
        begin, end = steps.offset[t], steps.offset[t + 1]
        size = end - begin
        edges = slice(grids.edge_offset[g], grids.edge_offset[g + 1])
        for way in range(WAYS):
            child, raw, stay = tables.child[way, begin:end], tables.raw[way, begin:end], tables.stay[way, begin:end]
            same = first_on_grid[g]
            if way > 0 and same >= 0:
                for c in range(size):
                    child[c] = tables.child[way, same + c]
                    raw[c] = tables.raw[way, same + c]
                    stay[c] = tables.stay[way, same + c]
                continue
            alpha = (
                values.documented_shape[d, j] if way == 0
                else values.growth[OVER_SHAPE] if way == DOWNWARDS else values.growth[LOW_SHAPE]
            )  # fmt: skip
            _component(
                alpha, way == DOWNWARDS, grids.edges[edges], grids.relative_edges[edges], grids.middle[cells],
                grids.relative[cells], grids.reference[g], child, raw, stay,
            )  # fmt: skip
        odds = math.exp(-(values.complete_logit[d, j] - (rising if steps.rising[t] else 0.0)))
        powers, complete, own = power[cells], tables.complete[begin:end], tables.own[begin:end]
        raw_0, raw_1, raw_2 = tables.raw[0, begin:end], tables.raw[1, begin:end], tables.raw[2, begin:end]
        stay_0, stay_1, stay_2 = tables.stay[0, begin:end], tables.stay[1, begin:end], tables.stay[2, begin:end]
        parent_0, parent_1 = tables.parent[0, begin:end], tables.parent[1, begin:end]
        parent_2 = tables.parent[2, begin:end]
        for c in range(size):
            complete[c] = 1.0 / (1.0 + powers[c] * odds)
        complete[0] = 1.0
        for c in range(size):
            revised = 1.0 - complete[c]
            parent_0[c] = revised * share_0 * raw_0[c]
            parent_1[c] = revised * share_1 * raw_1[c]
            parent_2[c] = revised * over_share * raw_2[c]
            own[c] = complete[c] + revised * (share_0 * stay_0[c] + share_1 * stay_1[c] + over_share * stay_2[c])
        first_on_grid[g] = begin


@loop
def growth_gradient(values, grids, steps, tables, d_tables, d_values, scratch):
    """Add the adjoints of the step tables to those of the parameters."""
    low_share, over_share = values.growth[LOW_SHARE], values.growth[OVER_SHARE]
    share_0, share_1 = (1.0 - over_share) * (1.0 - low_share), (1.0 - over_share) * low_share
    d_raw, d_stay, step_on_grid = scratch.d_raw, scratch.d_stay, scratch.step_on_grid
    # Sums over the steps of one grid for the two ways to be revised that they share.
    child_of_grid, raw_of_grid, stay_of_grid = scratch.child_of_grid, scratch.raw_of_grid, scratch.stay_of_grid
    for g in range(len(step_on_grid)):
        step_on_grid[g] = -1
    for way in range(1, WAYS):
        for k in range(grids.offset[-1]):
            child_of_grid[way, k], raw_of_grid[way, k], stay_of_grid[way, k] = 0.0, 0.0, 0.0
    for t in range(len(steps.grid)):
        g, d, j = steps.grid[t], steps.growth[t], steps.index[t]
        cell, size = grids.offset[g], grids.offset[g + 1] - grids.offset[g]
        here, begin = slice(cell, cell + size), steps.offset[t]
        d_share_0, d_share_1, d_share_2 = 0.0, 0.0, 0.0
        d_logit, d_slope = 0.0, 0.0
        for c in range(size):
            i = begin + c
            revised = 1.0 - tables.complete[i]
            d_own = d_tables.own[i]
            by_0 = tables.stay[0, i] * d_own + tables.raw[0, i] * d_tables.parent[0, i]
            by_1 = tables.stay[1, i] * d_own + tables.raw[1, i] * d_tables.parent[1, i]
            by_2 = tables.stay[2, i] * d_own + tables.raw[2, i] * d_tables.parent[2, i]
            d_share_0 += revised * by_0
            d_share_1 += revised * by_1
            d_share_2 += revised * by_2
            d_raw[c], d_stay[c] = revised * share_0 * d_tables.parent[0, i], revised * share_0 * d_own
            raw_of_grid[1, cell + c] += revised * share_1 * d_tables.parent[1, i]
            stay_of_grid[1, cell + c] += revised * share_1 * d_own
            child_of_grid[1, cell + c] += d_tables.child[1, i]
            raw_of_grid[2, cell + c] += revised * over_share * d_tables.parent[2, i]
            stay_of_grid[2, cell + c] += revised * over_share * d_own
            child_of_grid[2, cell + c] += d_tables.child[2, i]
            if c > 0:
                d_complete = d_own - share_0 * by_0 - share_1 * by_1 - over_share * by_2
                by_logit = d_complete * tables.complete[i] * revised
                d_logit += by_logit
                d_slope -= by_logit * grids.log_count[cell + c]
        d_values.complete_logit[d, j] += d_logit
        d_values.growth[GROWTH_SLOPE] += d_slope
        d_values.growth[LOW_SHARE] += (1.0 - over_share) * (d_share_1 - d_share_0)
        d_values.growth[OVER_SHARE] += d_share_2 - (1.0 - low_share) * d_share_0 - low_share * d_share_1
        if steps.rising[t]:
            d_values.growth[RISING] -= d_logit
        edges = slice(grids.edge_offset[g], grids.edge_offset[g + 1])
        d_values.documented_shape[d, j] += _component_gradient(
            values.documented_shape[d, j], False, grids.edges[edges], grids.relative_edges[edges], grids.middle[here],
            grids.relative[here], grids.reference[g], tables.raw[0, begin : begin + size],
            d_tables.child[0, begin : begin + size], d_raw, d_stay,
        )  # fmt: skip
        step_on_grid[g] = t
    for g in range(len(step_on_grid)):
        t = step_on_grid[g]
        if t < 0:
            continue
        here, edges = slice(grids.offset[g], grids.offset[g + 1]), slice(grids.edge_offset[g], grids.edge_offset[g + 1])
        of_step = slice(steps.offset[t], steps.offset[t + 1])
        for way in range(1, WAYS):
            place = OVER_SHAPE if way == DOWNWARDS else LOW_SHAPE
            d_values.growth[place] += _component_gradient(
                values.growth[place], way == DOWNWARDS, grids.edges[edges], grids.relative_edges[edges],
                grids.middle[here], grids.relative[here], grids.reference[g], tables.raw[way, of_step],
                child_of_grid[way, here], raw_of_grid[way, here], stay_of_grid[way, here],
            )  # fmt: skip
