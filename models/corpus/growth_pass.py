"""The tables of the steps of growth of a corpus at one set of parameters, and the adjoint, in loops to be compiled.

The formulas are those of ``growth``; ``layout`` makes the arrays. A name that begins with ``d_`` is the derivative of
the log marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.corpus.arrays import (
    FALLEN,
    FALLING,
    GROWTH_SLOPE,
    LOW_SHAPE,
    LOW_SHARE,
    LOW_WAY,
    OVER_SHAPE,
    OVER_SHARE,
    OVER_WAY,
    OWN_WAY,
    RISING,
)
from estimates.models.elementary import exp
from estimates.models.formula import formula
from estimates.models.grid import LARGEST_EXPONENT
from estimates.models.growth import (
    complete,
    complete_slope,
    mean_shrinkage_above,
    mean_shrinkage_above_slope,
    mean_shrinkage_below,
    mean_shrinkage_below_slope,
    raised_share,
    raised_share_slopes,
    revision_shares,
    revision_shares_slopes,
    shrinkage,
)

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.


@formula
def growth_tables(values, grids, steps, tables):
    """Fill the tables of every step."""
    # Two of the three ways to be revised are the same in every step of one grid and group.
    for r in range(len(steps.shared_grid)):
        g, growth = steps.shared_grid[r], values.growth[:, steps.shared_group[r]]
        cells = slice(steps.shared_offset[r], steps.shared_offset[r + 1])
        _below(growth[LOW_SHAPE], grids, g, tables.low_kept[cells], tables.low_within[cells])
        _above(growth[OVER_SHAPE], grids, g, tables.over_kept[cells], tables.over_within[cells])

    for t in range(len(steps.grid)):
        g, d, j, growth = steps.grid[t], steps.growth[t], steps.bin[t], values.growth[:, steps.group[t]]
        here, cells = slice(steps.offset[t], steps.offset[t + 1]), slice(grids.offset[g], grids.offset[g + 1])
        shared = slice(steps.shared_offset[steps.shared[t]], steps.shared_offset[steps.shared[t] + 1])
        _below(values.documented_shape[d, j], grids, g, tables.kept[here], tables.within[here])

        logit = values.complete_logit[d, j] - _lowered(t, growth, steps)
        odds, slope = exp(-logit), growth[GROWTH_SLOPE]
        table, log_count = tables.complete[here], grids.log_count[cells]
        for c in range(len(table)):
            table[c] = complete(exp(slope * log_count[c]), odds)
        table[0] = 1.0

        _copy(table, tables.staying[here])
        own_share, low_share, over_share = revision_shares(growth[LOW_SHARE], _over_share(t, growth, steps))
        _weigh(own_share, table, tables.within[here], tables.weight[OWN_WAY, here], tables.staying[here])
        _weigh(low_share, table, tables.low_within[shared], tables.weight[LOW_WAY, here], tables.staying[here])
        _weigh(over_share, table, tables.over_within[shared], tables.weight[OVER_WAY, here], tables.staying[here])


@formula
def _lowered(t, growth, steps):
    """By how much the log-odds of being complete are lower in step ``t`` for what was said."""
    rising = growth[RISING] if steps.rising[t] else 0.0
    return rising + (growth[FALLEN] if steps.falling[t] else 0.0)


@formula
def _over_share(t, growth, steps):
    """The share of over-counts among what is revised in step ``t``."""
    return raised_share(growth[OVER_SHARE], growth[FALLING] if steps.falling[t] else 0.0)


@formula
def _copy(table, result):
    """Copy a table (cells,)."""
    for c in range(len(table)):
        result[c] = table[c]


@formula
def _weigh(share, table, within, weight, staying):
    """Part one way's share of what is revised between its running mean and a cell's own value, all (cells,)."""
    for c in range(len(table)):
        revised = share * (1.0 - table[c])
        weight[c] = revised * within[c]
        staying[c] += revised * (1.0 - within[c])


@formula
def growth_gradient(values, grids, steps, tables, d_tables, d_values):
    """Add the adjoints of the step tables to those of the parameters."""
    for t in range(len(steps.grid)):
        g, d, j = steps.grid[t], steps.growth[t], steps.bin[t]
        growth, d_growth = values.growth[:, steps.group[t]], d_values.growth[:, steps.group[t]]
        here = slice(steps.offset[t], steps.offset[t + 1])
        _weights_adjoint(t, growth, steps, tables, d_tables, d_growth, here)
        d_values.documented_shape[d, j] += _below_gradient(
            values.documented_shape[d, j], grids, g, tables.kept[here], d_tables.kept[here], d_tables.within[here]
        )

        d_logit, d_slope = _complete_gradient(grids, g, tables.complete[here], d_tables.complete[here])
        d_growth[GROWTH_SLOPE] += d_slope
        d_values.complete_logit[d, j] += d_logit
        if steps.rising[t]:
            d_growth[RISING] -= d_logit
        if steps.falling[t]:
            d_growth[FALLEN] -= d_logit

    for r in range(len(steps.shared_grid)):
        g, group = steps.shared_grid[r], steps.shared_group[r]
        growth, d_growth = values.growth[:, group], d_values.growth[:, group]
        cells = slice(steps.shared_offset[r], steps.shared_offset[r + 1])
        d_growth[LOW_SHAPE] += _below_gradient(
            growth[LOW_SHAPE], grids, g, tables.low_kept[cells], d_tables.low_kept[cells], d_tables.low_within[cells]
        )
        d_growth[OVER_SHAPE] += _above_gradient(
            growth[OVER_SHAPE], grids, g, tables.over_kept[cells], d_tables.over_kept[cells],
            d_tables.over_within[cells],
        )  # fmt: skip


@formula
def _weights_adjoint(t, growth, steps, tables, d_tables, d_growth, here):
    """Adjoint of a step's weights: those of its tables, of the tables it shares and of the shares of the ways."""
    cells = slice(steps.shared_offset[steps.shared[t]], steps.shared_offset[steps.shared[t] + 1])
    table, d_table = tables.complete[here], d_tables.complete[here]
    d_staying, d_weight = d_tables.staying[here], d_tables.weight
    over_shared = _over_share(t, growth, steps)
    own_share, low_share, over_share = revision_shares(growth[LOW_SHARE], over_shared)

    _copy(d_staying, d_table)
    d_own = _weigh_adjoint(
        own_share, table, tables.within[here], d_weight[OWN_WAY, here], d_staying, d_table, d_tables.within[here]
    )
    d_low = _weigh_adjoint(
        low_share, table, tables.low_within[cells], d_weight[LOW_WAY, here], d_staying, d_table,
        d_tables.low_within[cells],
    )  # fmt: skip
    d_over = _weigh_adjoint(
        over_share, table, tables.over_within[cells], d_weight[OVER_WAY, here], d_staying, d_table,
        d_tables.over_within[cells],
    )  # fmt: skip

    by_low, by_over = revision_shares_slopes(growth[LOW_SHARE], over_shared)
    d_growth[LOW_SHARE] += by_low[0] * d_own + by_low[1] * d_low + by_low[2] * d_over
    d_over_shared = by_over[0] * d_own + by_over[1] * d_low + by_over[2] * d_over
    by_share, by_added = raised_share_slopes(growth[OVER_SHARE], growth[FALLING] if steps.falling[t] else 0.0)
    d_growth[OVER_SHARE] += d_over_shared * by_share
    if steps.falling[t]:
        d_growth[FALLING] += d_over_shared * by_added


@formula
def _weigh_adjoint(share, table, within, d_weight, d_staying, d_table, d_within):
    """Adjoint of :func:`_weigh`; that of the share is returned."""
    d_share = 0.0
    for c in range(len(table)):
        d_revised = d_staying[c] + within[c] * (d_weight[c] - d_staying[c])
        d_share += (1.0 - table[c]) * d_revised
        d_table[c] -= share * d_revised
    for c in range(len(table)):
        d_within[c] += share * (1.0 - table[c]) * (d_weight[c] - d_staying[c])
    return d_share


@formula
def _complete_gradient(grids, g, table, d_table):
    """Adjoints of the log-odds of being complete at a count of one, and of their fall with the count."""
    log_count = grids.log_count[grids.offset[g] : grids.offset[g + 1]]
    d_logit, d_slope = 0.0, 0.0
    for c in range(1, len(table)):
        by_logit = d_table[c] * complete_slope(table[c])
        d_logit += by_logit
        d_slope -= by_logit * log_count[c]
    return d_logit, d_slope


# Ways to be revised --------------------------------------------------------------------------------------------------
#
# ``kept`` and ``within`` (cells,) are what is kept of a running mean from cell to cell, and within a cell. Nothing lies
# below the cell of one, since an event with dead has one in every bin, and nothing above the last: what they would keep
# is no function of an exponent.


@formula
def _below(alpha, grids, g, kept, within):
    """Fill the tables of one way over the counts below, on grid ``g``."""
    exponent, wide, cells = min(alpha, LARGEST_EXPONENT), grids.first_wide[g], grids.offset[g]
    log_ratio = grids.log_shrinkage[cells : cells + len(kept)]
    for c in range(len(kept)):
        kept[c] = shrinkage(exponent, log_ratio[c])
    kept[0], kept[1] = 0.0, 0.0

    for c in range(wide):
        within[c] = 1.0
    within[1] = 0.0
    of_wide, log_below = within[wide:], grids.log_below[cells + wide : cells + len(kept)]
    curvature = grids.curvature_below[cells + wide : cells + len(kept)]
    for c in range(len(of_wide)):
        of_wide[c] = mean_shrinkage_below(exponent, log_below[c], curvature[c])


@formula
def _below_gradient(alpha, grids, g, kept, d_kept, d_within):
    """Derivative by the exponent of :func:`_below`."""
    if alpha >= LARGEST_EXPONENT:
        return 0.0
    wide, cells, result = grids.first_wide[g], grids.offset[g], 0.0
    log_ratio = grids.log_shrinkage[cells : cells + len(kept)]
    for c in range(2, len(kept)):
        result += d_kept[c] * kept[c] * log_ratio[c]

    of_wide, log_below = d_within[wide:], grids.log_below[cells + wide : cells + len(kept)]
    curvature = grids.curvature_below[cells + wide : cells + len(kept)]
    for c in range(len(of_wide)):
        result += of_wide[c] * mean_shrinkage_below_slope(alpha, log_below[c], curvature[c])
    return result


@formula
def _above(beta, grids, g, kept, within):
    """Fill the tables of one way over the counts above, on grid ``g``."""
    exponent, wide, cells, last = min(beta, LARGEST_EXPONENT), grids.first_wide[g], grids.offset[g], len(kept) - 1
    log_ratio = grids.log_shrinkage[cells : cells + len(kept)]
    for c in range(len(kept)):
        kept[c] = shrinkage(exponent, log_ratio[c])
    kept[0], kept[last] = 0.0, 0.0

    for c in range(wide):
        within[c] = 1.0
    of_wide, log_above = within[wide:], grids.log_above[cells + wide : cells + len(kept)]
    curvature = grids.curvature_above[cells + wide : cells + len(kept)]
    for c in range(len(of_wide)):
        of_wide[c] = mean_shrinkage_above(exponent, log_above[c], curvature[c])
    within[last] = 0.0


@formula
def _above_gradient(beta, grids, g, kept, d_kept, d_within):
    """Derivative by the exponent of :func:`_above`."""
    if beta >= LARGEST_EXPONENT:
        return 0.0
    wide, cells, last, result = grids.first_wide[g], grids.offset[g], len(kept) - 1, 0.0
    log_ratio = grids.log_shrinkage[cells : cells + len(kept)]
    for c in range(1, last):
        result += d_kept[c] * kept[c] * log_ratio[c]

    of_wide, log_above = d_within[wide:last], grids.log_above[cells + wide : cells + last]
    curvature = grids.curvature_above[cells + wide : cells + last]
    for c in range(len(of_wide)):
        result += of_wide[c] * mean_shrinkage_above_slope(beta, log_above[c], curvature[c])
    return result
