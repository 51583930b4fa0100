"""One step of growth taken by a likelihood or a probability over the cells of a grid, and the adjoint, to be compiled.

The formulas are those of ``growth``. ``begin`` is where the tables of the step begin in the arrays of all steps, and
``cells`` where its grid begins in those of all grids. A name that begins with ``d_`` is the derivative of the log
marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.corpus.arrays import LOW_WAY, OVER_WAY, OWN_WAY
from estimates.models.formula import formula
from estimates.models.growth import running_mean, step, step_slopes, step_weights

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers. Running
# means cannot; the three are taken in one loop, so that one does not wait for the other.


@formula
def pass_up(begin, cells, steps, likelihood, result, scratch):
    """The likelihood of the later count from that of the earlier one, both (cells,); the running means are kept."""
    size = len(likelihood)
    _running_means(begin, cells, steps, likelihood, scratch.means)
    own, low, over = scratch.means[OWN_WAY, :size], scratch.means[LOW_WAY, :size], scratch.means[OVER_WAY, :size]
    complete, within = steps.complete[begin : begin + size], steps.within[begin : begin + size]
    low_within, over_within = steps.low_within[cells : cells + size], steps.over_within[cells : cells + size]

    low_share, over_share = steps.shares[0], steps.shares[1]
    for c in range(size):
        value = likelihood[c]
        result[c] = step(
            value, complete[c], running_mean(own[c], within[c], value), running_mean(low[c], low_within[c], value),
            running_mean(over[c], over_within[c], value), low_share, over_share,
        )  # fmt: skip


@formula
def _running_means(begin, cells, steps, likelihood, means):
    """For each cell the means over the counts below it, by two ways, and over those above it; (ways, cells)."""
    size = len(likelihood)
    own, low, over = means[OWN_WAY, :size], means[LOW_WAY, :size], means[OVER_WAY, :size]
    kept = steps.kept[begin : begin + size]
    low_kept, over_kept = steps.low_kept[cells : cells + size], steps.over_kept[cells : cells + size]

    own_mean, low_mean, over_mean = 0.0, 0.0, 0.0
    for c in range(size):
        own[c], low[c] = own_mean, low_mean
        own_mean = running_mean(own_mean, kept[c], likelihood[c])
        low_mean = running_mean(low_mean, low_kept[c], likelihood[c])

        d = size - 1 - c
        over[d] = over_mean
        over_mean = running_mean(over_mean, over_kept[d], likelihood[d])


@formula
def pass_down(begin, cells, steps, mass, result, scratch):
    """The mass of the earlier count from that of the later one, both (cells,): the adjoint of :func:`pass_up`."""
    size = len(mass)
    _carry(begin, cells, steps, mass, scratch.carried)
    own, low, over = scratch.carried[OWN_WAY, :size], scratch.carried[LOW_WAY, :size], scratch.carried[OVER_WAY, :size]
    complete = steps.complete[begin : begin + size]
    _, by_own, by_low, by_over = step_weights(0.0, steps.shares[0], steps.shares[1])

    kept, within = steps.kept[begin : begin + size], steps.within[begin : begin + size]
    for c in range(size):
        revised = 1.0 - complete[c]
        result[c] = mass[c] * (complete[c] + revised * by_own * (1.0 - within[c])) + own[c] * (1.0 - kept[c])

    kept, within = steps.low_kept[cells : cells + size], steps.low_within[cells : cells + size]
    for c in range(size):
        revised = 1.0 - complete[c]
        result[c] += mass[c] * revised * by_low * (1.0 - within[c]) + low[c] * (1.0 - kept[c])

    kept, within = steps.over_kept[cells : cells + size], steps.over_within[cells : cells + size]
    for c in range(size):
        revised = 1.0 - complete[c]
        result[c] += mass[c] * revised * by_over * (1.0 - within[c]) + over[c] * (1.0 - kept[c])


@formula
def _carry(begin, cells, steps, mass, carried):
    """For each cell the adjoints of the running means that it hands on to the next one; (ways, cells)."""
    size = len(mass)
    own, low, over = carried[OWN_WAY, :size], carried[LOW_WAY, :size], carried[OVER_WAY, :size]
    complete, within = steps.complete[begin : begin + size], steps.within[begin : begin + size]
    low_within, over_within = steps.low_within[cells : cells + size], steps.over_within[cells : cells + size]
    kept = steps.kept[begin : begin + size]
    low_kept, over_kept = steps.low_kept[cells : cells + size], steps.over_kept[cells : cells + size]

    _, by_own, by_low, by_over = step_weights(0.0, steps.shares[0], steps.shares[1])
    d_own, d_low, d_over = 0.0, 0.0, 0.0
    for c in range(size):
        over[c] = d_over
        d_over = over_kept[c] * d_over + over_within[c] * (by_over * (1.0 - complete[c]) * mass[c])

        d = size - 1 - c
        own[d], low[d] = d_own, d_low
        revised = (1.0 - complete[d]) * mass[d]
        d_own = kept[d] * d_own + within[d] * (by_own * revised)
        d_low = low_kept[d] * d_low + low_within[d] * (by_low * revised)


@formula
def step_adjoint(begin, cells, steps, likelihood, mass, d_steps, scratch):
    """Add the derivative of ``mass . pass_up(likelihood)``, both (cells,), by the tables of the step.

    The running means of ``likelihood`` are made anew; :func:`pass_down` has been called with ``mass`` just before.
    """
    _running_means(begin, cells, steps, likelihood, scratch.means)
    _mix_adjoint(begin, cells, steps, likelihood, mass, d_steps, scratch.means)

    size, means, carried = len(mass), scratch.means, scratch.carried
    here, cells_here = slice(begin, begin + size), slice(cells, cells + size)
    complete = steps.complete[here]
    _, by_own, by_low, by_over = step_weights(0.0, steps.shares[0], steps.shares[1])
    _way_adjoint(
        by_own, complete, likelihood, mass, means[OWN_WAY], carried[OWN_WAY], d_steps.kept[here], d_steps.within[here]
    )
    _way_adjoint(
        by_low, complete, likelihood, mass, means[LOW_WAY], carried[LOW_WAY],
        d_steps.low_kept[cells_here], d_steps.low_within[cells_here],
    )  # fmt: skip
    _way_adjoint(
        by_over, complete, likelihood, mass, means[OVER_WAY], carried[OVER_WAY],
        d_steps.over_kept[cells_here], d_steps.over_within[cells_here],
    )  # fmt: skip


@formula
def _mix_adjoint(begin, cells, steps, likelihood, mass, d_steps, means):
    """Add the adjoints of the probability of being complete and of the shares of the ways to be revised."""
    size = len(mass)
    own, low, over = means[OWN_WAY, :size], means[LOW_WAY, :size], means[OVER_WAY, :size]
    complete, within = steps.complete[begin : begin + size], steps.within[begin : begin + size]
    low_within, over_within = steps.low_within[cells : cells + size], steps.over_within[cells : cells + size]
    d_complete = d_steps.complete[begin : begin + size]

    low_share, over_share = steps.shares[0], steps.shares[1]
    d_low_share, d_over_share = 0.0, 0.0
    for c in range(size):
        value = likelihood[c]
        by_complete, by_low_share, by_over_share = step_slopes(
            value, complete[c], running_mean(own[c], within[c], value), running_mean(low[c], low_within[c], value),
            running_mean(over[c], over_within[c], value), low_share, over_share,
        )  # fmt: skip
        d_complete[c] += mass[c] * by_complete
        d_low_share += mass[c] * by_low_share
        d_over_share += mass[c] * by_over_share

    d_steps.shares[0] += d_low_share
    d_steps.shares[1] += d_over_share


@formula
def _way_adjoint(share, complete, likelihood, mass, mean, carried, d_kept, d_within):
    """Add the adjoints of what one way keeps from cell to cell and within a cell; all but its share (cells,)."""
    for c in range(len(mass)):
        d_kept[c] += carried[c] * (mean[c] - likelihood[c])
    for c in range(len(mass)):
        d_within[c] += share * (1.0 - complete[c]) * mass[c] * (mean[c] - likelihood[c])
