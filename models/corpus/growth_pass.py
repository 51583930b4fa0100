"""The steps of growth of a corpus at one set of parameters, and the adjoint, in compiled loops.

The formulas are those of ``growth``; ``layout`` makes the arrays. A name that begins with ``d_`` is the derivative of
the log marginal likelihood by what follows.
"""

from __future__ import annotations

import math

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
from estimates.models.formula import formula
from estimates.models.grid import LARGEST_EXPONENT

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.


@formula
def growth_tables(values, grids, steps, tables, scratch):
    """Fill the tables of every step."""
    slope, power, first_on_grid = values.growth[GROWTH_SLOPE], scratch.power, scratch.step_on_grid
    for k in range(len(power)):
        power[k] = math.exp(slope * grids.log_count[k])
    for g in range(len(first_on_grid)):
        first_on_grid[g] = -1

    for t in range(len(steps.grid)):
        g, d, j = steps.grid[t], steps.growth[t], steps.bin[t]
        begin, end = steps.offset[t], steps.offset[t + 1]
        _component(0, values.documented_shape[d, j], grids, g, tables, begin, end)

        # Two of the three ways to be revised are the same in every step on one grid.
        if first_on_grid[g] < 0:
            _component(1, values.growth[LOW_SHAPE], grids, g, tables, begin, end)
            _component(DOWNWARDS, values.growth[OVER_SHAPE], grids, g, tables, begin, end)
            first_on_grid[g] = begin
        else:
            _copy_components(tables, first_on_grid[g], begin, end)

        logit = values.complete_logit[d, j] - (values.growth[RISING] if steps.rising[t] else 0.0)
        _mix(values, math.exp(-logit), power[grids.offset[g] : grids.offset[g + 1]], tables, begin, end)


@formula
def growth_gradient(values, grids, steps, tables, d_tables, d_values, scratch):
    """Add the adjoints of the step tables to those of the parameters."""
    step_on_grid = scratch.step_on_grid
    for g in range(len(step_on_grid)):
        step_on_grid[g] = -1
    _clear_sums(scratch)

    for t in range(len(steps.grid)):
        g, d, j = steps.grid[t], steps.growth[t], steps.bin[t]
        begin, end = steps.offset[t], steps.offset[t + 1]
        _mix_gradient(values, grids, steps, tables, d_tables, d_values, scratch, t)
        size = end - begin
        d_values.documented_shape[d, j] += _component_gradient(
            0, values.documented_shape[d, j], grids, g, tables, begin, end,
            d_tables.child[0, begin:end], scratch.d_raw[:size], scratch.d_stay[:size],
        )  # fmt: skip
        step_on_grid[g] = t

    for g in range(len(step_on_grid)):
        t = step_on_grid[g]
        if t < 0:
            continue
        here = slice(grids.offset[g], grids.offset[g + 1])
        for way in range(1, WAYS):
            place = OVER_SHAPE if way == DOWNWARDS else LOW_SHAPE
            d_values.growth[place] += _component_gradient(
                way, values.growth[place], grids, g, tables, steps.offset[t], steps.offset[t + 1],
                scratch.child_of_grid[way, here], scratch.raw_of_grid[way, here], scratch.stay_of_grid[way, here],
            )  # fmt: skip


@formula
def _clear_sums(scratch):
    """Set the sums over the steps of each grid to zero."""
    for way in range(1, WAYS):
        child, raw, stay = scratch.child_of_grid[way], scratch.raw_of_grid[way], scratch.stay_of_grid[way]
        for k in range(len(child)):
            child[k], raw[k], stay[k] = 0.0, 0.0, 0.0


# Shares of the ways to be revised ------------------------------------------------------------------------------------


@formula
def _shares(values):
    """Of what is revised: the probabilities of growth by the step's own law, of growth from little, and of a fall."""
    low_share, over_share = values.growth[LOW_SHARE], values.growth[OVER_SHARE]
    return (1.0 - over_share) * (1.0 - low_share), (1.0 - over_share) * low_share, over_share


@formula
def _mix(values, odds, power, tables, begin, end):
    """Mix the three ways to be revised with the probability of being complete; ``power`` (cells,) is of the count."""
    share_0, share_1, share_2 = _shares(values)
    complete, own = tables.complete[begin:end], tables.own[begin:end]
    for c in range(len(power)):
        complete[c] = 1.0 / (1.0 + power[c] * odds)
    complete[0] = 1.0

    raw_0, raw_1, raw_2 = tables.raw[0, begin:end], tables.raw[1, begin:end], tables.raw[2, begin:end]
    stay_0, stay_1, stay_2 = tables.stay[0, begin:end], tables.stay[1, begin:end], tables.stay[2, begin:end]
    parent_0, parent_1 = tables.parent[0, begin:end], tables.parent[1, begin:end]
    parent_2 = tables.parent[2, begin:end]
    for c in range(len(power)):
        revised = 1.0 - complete[c]
        parent_0[c] = revised * share_0 * raw_0[c]
        parent_1[c] = revised * share_1 * raw_1[c]
        parent_2[c] = revised * share_2 * raw_2[c]
        own[c] = complete[c] + revised * (share_0 * stay_0[c] + share_1 * stay_1[c] + share_2 * stay_2[c])


@formula
def _mix_gradient(values, grids, steps, tables, d_tables, d_values, scratch, t):
    """Adjoint of :func:`_mix`: those of the parameters, of the step's own law, and sums over steps of the other two."""
    g, begin, end = steps.grid[t], steps.offset[t], steps.offset[t + 1]
    here, log_count = slice(grids.offset[g], grids.offset[g + 1]), grids.log_count[grids.offset[g] :]
    raw_1, stay_1, child_1 = scratch.raw_of_grid[1, here], scratch.stay_of_grid[1, here], scratch.child_of_grid[1, here]
    raw_2, stay_2, child_2 = scratch.raw_of_grid[2, here], scratch.stay_of_grid[2, here], scratch.child_of_grid[2, here]
    d_raw, d_stay = scratch.d_raw, scratch.d_stay

    share_0, share_1, share_2 = _shares(values)
    d_share_0, d_share_1, d_share_2 = 0.0, 0.0, 0.0
    d_logit, d_slope = 0.0, 0.0
    for c in range(end - begin):
        i = begin + c
        complete, d_own = tables.complete[i], d_tables.own[i]
        revised = 1.0 - complete  # nothing at a count of zero
        by_0 = tables.stay[0, i] * d_own + tables.raw[0, i] * d_tables.parent[0, i]
        by_1 = tables.stay[1, i] * d_own + tables.raw[1, i] * d_tables.parent[1, i]
        by_2 = tables.stay[2, i] * d_own + tables.raw[2, i] * d_tables.parent[2, i]
        d_share_0 += revised * by_0
        d_share_1 += revised * by_1
        d_share_2 += revised * by_2

        d_raw[c], d_stay[c] = revised * share_0 * d_tables.parent[0, i], revised * share_0 * d_own
        raw_1[c] += revised * share_1 * d_tables.parent[1, i]
        stay_1[c] += revised * share_1 * d_own
        child_1[c] += d_tables.child[1, i]
        raw_2[c] += revised * share_2 * d_tables.parent[2, i]
        stay_2[c] += revised * share_2 * d_own
        child_2[c] += d_tables.child[2, i]

        by_logit = (d_own - share_0 * by_0 - share_1 * by_1 - share_2 * by_2) * complete * revised
        d_logit += by_logit
        d_slope -= by_logit * log_count[c]

    low_share, over_share = values.growth[LOW_SHARE], values.growth[OVER_SHARE]
    d_values.growth[LOW_SHARE] += (1.0 - over_share) * (d_share_1 - d_share_0)
    d_values.growth[OVER_SHARE] += d_share_2 - (1.0 - low_share) * d_share_0 - low_share * d_share_1
    d_values.growth[GROWTH_SLOPE] += d_slope
    d_values.complete_logit[steps.growth[t], steps.bin[t]] += d_logit
    if steps.rising[t]:
        d_values.growth[RISING] -= d_logit


# Ways to be revised --------------------------------------------------------------------------------------------------
#
# One way is separated into a part of the earlier count and one of the later, ``child`` and ``raw`` (cells,); ``stay``
# (cells,) is the probability to stay within a cell of several integers.


@formula
def _copy_components(tables, source, begin, end):
    """Take the two ways that all steps on one grid share from the step whose tables begin at ``source``."""
    for way in range(1, WAYS):
        for c in range(end - begin):
            tables.child[way, begin + c] = tables.child[way, source + c]
            tables.raw[way, begin + c] = tables.raw[way, source + c]
            tables.stay[way, begin + c] = tables.stay[way, source + c]


@formula
def _component(way, alpha, grids, g, tables, begin, end):
    """Fill the tables of one way on grid ``g``."""
    child, raw, stay = tables.child[way, begin:end], tables.raw[way, begin:end], tables.stay[way, begin:end]
    cells = slice(grids.offset[g], grids.offset[g + 1])
    edge = slice(grids.edge_offset[g], grids.edge_offset[g + 1])
    edges, logs, middle = grids.edges[edge], grids.relative_edges[edge], grids.middle[cells]
    power = min(alpha, LARGEST_EXPONENT)
    if way == DOWNWARDS:
        _over_counted(power, edges, logs, middle, grids.reference[g], child, raw, stay)
    else:
        _incomplete(power, edges, logs, middle, grids.relative[cells], child, raw, stay)


@formula
def _component_gradient(way, alpha, grids, g, tables, begin, end, d_child, d_raw, d_stay):
    """Derivative by the exponent of one way on grid ``g``, from the adjoints of its tables (cells,)."""
    if alpha >= LARGEST_EXPONENT:
        return 0.0
    raw = tables.raw[way, begin:end]
    cells = slice(grids.offset[g], grids.offset[g + 1])
    edge = slice(grids.edge_offset[g], grids.edge_offset[g + 1])
    edges, logs, middle = grids.edges[edge], grids.relative_edges[edge], grids.middle[cells]
    if way == DOWNWARDS:
        return _over_counted_gradient(alpha, edges, logs, middle, grids.reference[g], raw, d_child, d_raw, d_stay)
    return _incomplete_gradient(alpha, edges, logs, middle, grids.relative[cells], raw, d_child, d_raw, d_stay)


@formula
def _incomplete(alpha, edges, log_edges, middle, log_middle, child, raw, stay):
    """Growth: ``child`` is the growth of ``k ** alpha`` over a cell, ``raw`` the mean of ``n ** -alpha`` in it."""
    last, previous = len(middle) - 1, 0.0
    for c in range(len(middle)):
        following = math.exp(alpha * log_edges[c + 1])
        width = edges[c + 1] - edges[c]
        child[c] = following - previous

        if c == 0:
            raw[c], stay[c] = 0.0, 0.0
        elif width == 1 and c != last:
            raw[c], stay[c] = 1.0 / previous, 0.0
        else:
            curvature = _curvature(width, middle[c])
            raw[c] = math.exp(-alpha * log_middle[c]) * (1.0 + alpha * (alpha + 1.0) * curvature)
            stay[c] = 1.0 - previous * raw[c]
        previous = following


@formula
def _incomplete_gradient(alpha, edges, log_edges, middle, log_middle, raw, d_child, d_raw, d_stay):
    """Derivative by the exponent of :func:`_incomplete`."""
    last, result = len(middle) - 1, d_child[0] * log_edges[1] * math.exp(alpha * log_edges[1])
    previous = math.exp(alpha * log_edges[1])
    for c in range(1, len(middle)):
        log_next, log_previous = log_edges[c + 1], log_edges[c]
        following = math.exp(alpha * log_next)
        width = edges[c + 1] - edges[c]
        result += d_child[c] * (log_next * following - log_previous * previous)

        if width == 1 and c != last:
            result -= d_raw[c] * log_previous * raw[c]
        else:
            curvature = _curvature(width, middle[c])
            bend = 1.0 + alpha * (alpha + 1.0) * curvature
            d_here = d_raw[c] - d_stay[c] * previous
            result -= d_stay[c] * raw[c] * log_previous * previous
            result += d_here * raw[c] * (-log_middle[c] + (2.0 * alpha + 1.0) * curvature / bend)
        previous = following
    return result


@formula
def _over_counted(alpha, edges, log_edges, middle, reference, child, raw, stay):
    """A fall: ``child`` is the fall of ``k ** -alpha`` over a cell, ``raw`` the mean of ``(n + 1) ** alpha`` in it.

    Nothing lies beyond the last cell.
    """
    last, previous = len(middle) - 1, math.exp(-alpha * log_edges[0])
    for c in range(len(middle)):
        following = math.exp(-alpha * log_edges[c + 1])
        width = edges[c + 1] - edges[c]
        beyond = 0.0 if c == last else following
        child[c] = previous - beyond

        if width == 1 and c != last:
            raw[c], stay[c] = 1.0 / following, 0.0
        else:
            after = middle[c] + 1.0
            bend = 1.0 + alpha * (alpha - 1.0) * _curvature(width, after)
            raw[c] = math.exp(alpha * math.log(after / reference)) * bend
            stay[c] = 1.0 - beyond * raw[c]
        previous = following


@formula
def _over_counted_gradient(alpha, edges, log_edges, middle, reference, raw, d_child, d_raw, d_stay):
    """Derivative by the exponent of :func:`_over_counted`."""
    last, result, previous = len(middle) - 1, 0.0, math.exp(-alpha * log_edges[0])
    for c in range(len(middle)):
        log_next, log_previous = log_edges[c + 1], log_edges[c]
        following = math.exp(-alpha * log_next)
        width = edges[c + 1] - edges[c]
        beyond = 0.0 if c == last else following
        result += d_child[c] * (log_next * beyond - log_previous * previous)

        if width == 1 and c != last:
            result += d_raw[c] * log_next * raw[c]
        else:
            after = middle[c] + 1.0
            curvature = _curvature(width, after)
            bend = 1.0 + alpha * (alpha - 1.0) * curvature
            d_here = d_raw[c] - d_stay[c] * beyond
            result += d_stay[c] * raw[c] * log_next * beyond
            result += d_here * raw[c] * (math.log(after / reference) + (2.0 * alpha - 1.0) * curvature / bend)
        previous = following
    return result


@formula
def _curvature(width, middle):
    """Second-order correction of the midpoint rule, but for the second derivative of the power."""
    return (width * width - 1.0) / (24.0 * middle * middle)
