"""Steps of growth and laws of sizes for one block of draws; the formulas are those of ``growth`` and ``size``."""

from __future__ import annotations

from estimates.models.corpus.arrays import (
    FALLEN,
    FALLING,
    GROWTH_SLOPE,
    LOW_SHAPE,
    LOW_SHARE,
    OVER_SHAPE,
    OVER_SHARE,
    RISING,
)
from estimates.models.elementary import exp, no_overlap, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.grid import LARGEST_EXPONENT
from estimates.models.growth import (
    complete,
    mean_shrinkage_above,
    mean_shrinkage_below,
    raised_share,
    running_mean,
    shrinkage,
    step,
)
from estimates.models.lanes.powers import powers_of_counts
from estimates.models.lanes.rows import clear_row
from estimates.models.size import survival

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.


@formula
def growth_tables(b, values, grids, steps, tables, scratch):
    """Fill the tables of the steps in use for block ``b``."""
    prefer_wide_registers()
    power, exponents = scratch.factor, scratch.rows[0]
    for g in range(len(tables.kept_low)):
        _cut(values.growth[b, LOW_SHAPE, g], exponents)
        _smaller(exponents, grids, tables.kept_low[g], tables.inside_low[g])
        _cut(values.growth[b, OVER_SHAPE, g], exponents)
        _larger(exponents, grids, tables.kept_over[g], tables.inside_over[g])

        slope = values.growth[b, GROWTH_SLOPE, g]
        powers_of_counts(slope, grids.log_count, 0.0, grids.smallest_factor, exponents, power)
        for t in range(len(steps.growth)):
            if steps.group[t] == g:
                _staying(b, t, values, steps, power, tables.staying[t], exponents)
                _over_share(b, t, values, steps, tables.over_share[t])

    for t in range(len(steps.growth)):
        d, j = steps.growth[t], steps.bin[t]
        if t > 0 and steps.growth[t - 1] == d and steps.bin[t - 1] == j:
            continue
        _cut(values.documented_shape[b, d, j], exponents)
        _smaller(exponents, grids, tables.kept[d, j], tables.inside[d, j])


@formula
def _over_share(b, t, values, steps, result):
    """The share of over-counts among what is revised in step ``t``."""
    prefer_wide_registers()
    share, falling = values.growth[b, OVER_SHARE, steps.group[t]], values.growth[b, FALLING, steps.group[t]]
    raised = 1.0 if steps.falling[t] else 0.0
    for i in range(len(result)):
        result[i] = raised_share(share[i], raised * falling[i])


@formula
def _staying(b, t, values, steps, power, staying, odds):
    """Probability that the toll is complete in step ``t``; that of zero always is."""
    prefer_wide_registers()
    logit, group = values.complete_logit[b, steps.growth[t], steps.bin[t]], steps.group[t]
    rising, fallen = values.growth[b, RISING, group], values.growth[b, FALLEN, group]
    slowed, lowered = 1.0 if steps.rising[t] else 0.0, 1.0 if steps.falling[t] else 0.0
    for i in range(len(odds)):
        odds[i] = exp(slowed * rising[i] + lowered * fallen[i] - logit[i])

    for c in range(len(staying)):
        row, of_count = staying[c], power[c]
        for i in range(len(odds)):
            row[i] = complete(of_count[i], odds[i])
    first = staying[0]
    for i in range(len(odds)):
        first[i] = 1.0


@formula
def _cut(exponents, result):
    prefer_wide_registers()
    for i in range(len(result)):
        result[i] = min(exponents[i], LARGEST_EXPONENT)


@formula
def _from_cell_to_cell(exponents, grids, kept):
    """Share kept of a mean over smaller or larger counts, from each cell to the next."""
    prefer_wide_registers()
    for c in range(len(kept)):
        row = kept[c]
        for i in range(len(row)):
            row[i] = shrinkage(exponents[i], grids.log_shrinkage[c])


@formula
def _smaller(exponents, grids, kept, inside):
    """Shares kept of a mean over smaller counts, from cell to cell and within wide cells."""
    prefer_wide_registers()
    _from_cell_to_cell(exponents, grids, kept)

    first = grids.first_wide[0]
    for k in range(len(inside)):
        row, log_ratio, curvature = inside[k], grids.log_below[first + k], grids.curvature_below[first + k]
        for i in range(len(row)):
            row[i] = mean_shrinkage_below(exponents[i], log_ratio, curvature)


@formula
def _larger(exponents, grids, kept, inside):
    """Shares kept of a mean over larger counts, from cell to cell and within wide cells; nothing is above the last."""
    prefer_wide_registers()
    _from_cell_to_cell(exponents, grids, kept)

    first = grids.first_wide[0]
    for k in range(len(inside)):
        row, log_ratio, curvature = inside[k], grids.log_above[first + k], grids.curvature_above[first + k]
        for i in range(len(row)):
            row[i] = mean_shrinkage_above(exponents[i], log_ratio, curvature)

    above_last, in_last = kept[len(kept) - 1], inside[len(inside) - 1]
    for i in range(len(in_last)):
        above_last[i] = 0.0
        in_last[i] = 0.0


@formula
def size_laws(b, values, grids, tables, scratch):
    """Fill the laws of sizes: the probability of each cell for the final toll."""
    prefer_wide_registers()
    before, end = scratch.rows[0], scratch.rows[1]
    for k in range(len(tables.laws)):
        positive, shape, scale = values.positive[b, k], values.shape[b, k], values.scale_of_size[b, k]
        law = tables.laws[k]
        last = grids.last[len(law) - 1]
        for i in range(len(end)):
            end[i] = positive[i] / (1.0 - survival(last, shape[i], scale[i]))
            before[i] = 1.0
            law[0, i] = 1.0 - positive[i]

        for c in range(1, len(law)):
            row, above_one = law[c], grids.last[c]
            for i in range(len(end)):
                following = survival(above_one, shape[i], scale[i])
                row[i] = (before[i] - following) * end[i]
                before[i] = following


# One step -------------------------------------------------------------------------------------------------------------


@formula
def pass_up(b, t, values, grids, steps, tables, scratch, likelihoods):
    """Turn likelihoods of the earlier count into those of the later one, (likelihoods, cells, lanes), in place.

    Each row of a table is used for all of them while it is at hand.
    """
    prefer_wide_registers()
    count, cells, first_wide, g = len(likelihoods), likelihoods.shape[1], grids.first_wide[0], steps.group[t]
    low, own, over = scratch.means[0], scratch.means[1], scratch.over
    low_share, over_share = values.growth[b, LOW_SHARE, g], tables.over_share[t]
    _means_above(first_wide, tables.kept_over[g], tables.inside_over[g], scratch.means[2], likelihoods, over)

    # No count but zero lies below one: an event with dead has one in every bin.
    kept, inside = tables.kept[steps.growth[t], steps.bin[t]], tables.inside[steps.growth[t], steps.bin[t]]
    kept_low, inside_low, staying = tables.kept_low[g], tables.inside_low[g], tables.staying[t]
    for k in range(count):
        _begin_means(likelihoods[k, 1], own[k], low[k])

    for c in range(1, first_wide):
        for k in range(count):
            _step_of_one(
                likelihoods[k, c], staying[c], own[k], low[k], over[k, c], low_share, over_share, kept[c], kept_low[c]
            )
    for c in range(first_wide, cells):
        within, within_low = inside[c - first_wide], inside_low[c - first_wide]
        for k in range(count):
            _step_of_many(
                likelihoods[k, c], staying[c], own[k], low[k], over[k, c], low_share, over_share, kept[c], kept_low[c],
                within, within_low,
            )  # fmt: skip


@formula
def _begin_means(of_one, own, low):
    no_overlap()
    for i in range(len(of_one)):
        own[i] = of_one[i]
        low[i] = of_one[i]


@formula
def _step_of_one(value, staying, own, low, over, low_share, over_share, kept, kept_low):
    """What a step makes of a cell of one integer, and of the means over smaller counts; all are rows (lanes,)."""
    no_overlap()
    for i in range(len(value)):
        before = value[i]
        value[i] = step(before, staying[i], own[i], low[i], over[i], low_share[i], over_share[i])
        own[i] = running_mean(own[i], kept[i], before)
        low[i] = running_mean(low[i], kept_low[i], before)


@formula
def _step_of_many(value, staying, own, low, over, low_share, over_share, kept, kept_low, within, within_low):
    """The same for a cell of several integers, some of which are smaller than others."""
    no_overlap()
    for i in range(len(value)):
        before = value[i]
        own_mean = running_mean(own[i], within[i], before)
        low_mean = running_mean(low[i], within_low[i], before)
        value[i] = step(before, staying[i], own_mean, low_mean, over[i], low_share[i], over_share[i])
        own[i] = running_mean(own[i], kept[i], before)
        low[i] = running_mean(low[i], kept_low[i], before)


@formula
def _means_above(first_wide, kept_over, inside_over, above, likelihoods, result):
    """Means of likelihoods over larger counts, (likelihoods, cells, lanes)."""
    prefer_wide_registers()
    count = len(likelihoods)
    for k in range(count):
        clear_row(above[k])

    for c in range(likelihoods.shape[1] - 1, first_wide - 1, -1):
        for k in range(count):
            _mean_of_many(likelihoods[k, c], kept_over[c], inside_over[c - first_wide], above[k], result[k, c])
    for c in range(first_wide - 1, -1, -1):
        for k in range(count):
            _mean_of_one(likelihoods[k, c], kept_over[c], above[k], result[k, c])


@formula
def _mean_of_one(value, kept, above, mean):
    """The mean over counts above a cell of one integer, and that over the ones from it on; rows (lanes,)."""
    no_overlap()
    for i in range(len(above)):
        mean[i] = above[i]
        above[i] = running_mean(above[i], kept[i], value[i])


@formula
def _mean_of_many(value, kept, inside, above, mean):
    """The same for a cell of several integers."""
    no_overlap()
    for i in range(len(above)):
        mean[i] = running_mean(above[i], inside[i], value[i])
        above[i] = running_mean(above[i], kept[i], value[i])


@formula
def pass_down(b, t, values, grids, steps, tables, scratch, mass):
    """Turn the probability of the later count into that of the earlier one, (cells, lanes), in place.

    It is the transpose of :func:`pass_up`: each running mean hands back what it took, from the last cell to the first.
    """
    prefer_wide_registers()
    cells, first_wide, g = len(mass), grids.first_wide[0], steps.group[t]
    low, own, above, over = scratch.rows[1], scratch.rows[2], scratch.rows[3], scratch.over[0]
    low_share, over_share = values.growth[b, LOW_SHARE, g], tables.over_share[t]
    for i in range(len(own)):
        own[i], low[i], above[i] = 0.0, 0.0, 0.0

    for c in range(cells):
        value, staying, handed, kept = mass[c], tables.staying[t, c], over[c], tables.kept_over[g, c]
        within = tables.inside_over[g, max(0, c - first_wide)]
        wide = 1.0 if c >= first_wide else 0.0
        for i in range(len(own)):
            revised = (1.0 - staying[i]) * value[i] * over_share[i]
            inside = 1.0 - wide * (1.0 - within[i])
            handed[i] = (1.0 - kept[i]) * above[i] + (1.0 - inside) * revised
            above[i] = kept[i] * above[i] + inside * revised

    d, j = steps.growth[t], steps.bin[t]
    for c in range(cells - 1, 1, -1):
        value, staying, handed = mass[c], tables.staying[t, c], over[c]
        kept, kept_low, place = tables.kept[d, j, c], tables.kept_low[g, c], max(0, c - first_wide)
        within, within_low = tables.inside[d, j, place], tables.inside_low[g, place]
        wide = 1.0 if c >= first_wide else 0.0
        for i in range(len(own)):
            smaller = (1.0 - staying[i]) * (1.0 - over_share[i]) * value[i]
            to_own, to_low = smaller * (1.0 - low_share[i]), smaller * low_share[i]
            inside, inside_low = 1.0 - wide * (1.0 - within[i]), 1.0 - wide * (1.0 - within_low[i])
            value[i] = staying[i] * value[i] + handed[i]
            value[i] += (1.0 - kept[i]) * own[i] + (1.0 - inside) * to_own
            value[i] += (1.0 - kept_low[i]) * low[i] + (1.0 - inside_low) * to_low
            own[i] = kept[i] * own[i] + inside * to_own
            low[i] = kept_low[i] * low[i] + inside_low * to_low

    # What falls short of all larger counts is one at least; what falls short of one is one as well.
    value, staying, handed = mass[1], tables.staying[t, 1], over[1]
    for i in range(len(own)):
        value[i] = (1.0 - over_share[i] * (1.0 - staying[i])) * value[i] + handed[i] + own[i] + low[i]
