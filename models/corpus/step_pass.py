"""One step of growth taken by a likelihood or a probability over the cells of a grid, and the adjoint, to be compiled.

The formulas are those of ``growth``. A step is linear in the likelihood and in its running means, with the weights that
``growth_pass`` makes. ``begin`` is where the tables of the step begin in the arrays of all steps, and ``shared`` where
those begin that it shares with other steps of its grid and group. A name that begins with ``d_`` is the derivative of
the log marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.corpus.arrays import LOW_WAY, OVER_WAY, OWN_WAY
from estimates.models.formula import formula
from estimates.models.growth import running_mean

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers; of more than
# nine arrays the compiler does not test whether they overlap. Running means cannot run so; the three are taken in one
# loop, so that one does not wait for the other.


@formula
def pass_up(begin, shared, steps, likelihood, means, result):
    """The likelihood of the later count from that of the earlier one, both (cells,).

    ``means`` (ways, cells) is filled.
    """
    size = len(likelihood)
    here = slice(begin, begin + size)
    _running_means(begin, shared, steps, likelihood, means)
    own, low, over = means[OWN_WAY, :size], means[LOW_WAY, :size], means[OVER_WAY, :size]
    staying, by_own = steps.staying[here], steps.weight[OWN_WAY, here]
    by_low, by_over = steps.weight[LOW_WAY, here], steps.weight[OVER_WAY, here]
    for c in range(size):
        result[c] = staying[c] * likelihood[c] + by_own[c] * own[c]
    for c in range(size):
        result[c] += by_low[c] * low[c] + by_over[c] * over[c]


@formula
def _running_means(begin, shared, steps, likelihood, means):
    """For each cell the means over the counts below it, by two ways, and over those above it; (ways, cells)."""
    size = len(likelihood)
    own, low, kept = means[OWN_WAY, :size], means[LOW_WAY, :size], steps.kept[begin : begin + size]
    low_kept = steps.low_kept[shared : shared + size]
    # From the last cell on.
    over, over_kept = means[OVER_WAY, :size][::-1], steps.over_kept[shared : shared + size][::-1]
    reverse = likelihood[::-1]

    own_mean, low_mean, over_mean = 0.0, 0.0, 0.0
    for c in range(size):
        own[c], low[c] = own_mean, low_mean
        own_mean = running_mean(own_mean, kept[c], likelihood[c])
        low_mean = running_mean(low_mean, low_kept[c], likelihood[c])

        over[c] = over_mean
        over_mean = running_mean(over_mean, over_kept[c], reverse[c])


@formula
def pass_down(begin, shared, steps, mass, carried, result):
    """The mass of the earlier count from that of the later one, both (cells,): the adjoint of :func:`pass_up`.

    ``carried`` (ways, cells) is filled.
    """
    size = len(mass)
    carry(begin, shared, steps, mass, carried)
    own, low, over = carried[OWN_WAY, :size], carried[LOW_WAY, :size], carried[OVER_WAY, :size]
    staying, kept = steps.staying[begin : begin + size], steps.kept[begin : begin + size]
    low_kept, over_kept = steps.low_kept[shared : shared + size], steps.over_kept[shared : shared + size]
    for c in range(size):
        result[c] = staying[c] * mass[c] + own[c] * (1.0 - kept[c])
    for c in range(size):
        result[c] += low[c] * (1.0 - low_kept[c]) + over[c] * (1.0 - over_kept[c])


@formula
def carry(begin, shared, steps, mass, carried):
    """For each cell the adjoints of the running means that it hands on to the next one; (ways, cells)."""
    size = len(mass)
    here, of_shared = slice(begin, begin + size), slice(shared, shared + size)
    over, over_kept, by_over = carried[OVER_WAY, :size], steps.over_kept[of_shared], steps.weight[OVER_WAY, here]
    # From the last cell on.
    own, low, reverse = carried[OWN_WAY, :size][::-1], carried[LOW_WAY, :size][::-1], mass[::-1]
    kept, low_kept = steps.kept[here][::-1], steps.low_kept[of_shared][::-1]
    by_own, by_low = steps.weight[OWN_WAY, here][::-1], steps.weight[LOW_WAY, here][::-1]

    d_own, d_low, d_over = 0.0, 0.0, 0.0
    for c in range(size):
        over[c] = d_over
        d_over = over_kept[c] * d_over + by_over[c] * mass[c]

        own[c], low[c] = d_own, d_low
        d_own = kept[c] * d_own + by_own[c] * reverse[c]
        d_low = low_kept[c] * d_low + by_low[c] * reverse[c]


@formula
def step_adjoint(begin, shared, likelihood, mass, means, carried, d_steps):
    """Add the derivative of ``mass . pass_up(likelihood)``, both (cells,), by the tables of the step.

    ``means`` are those of :func:`pass_up` with this likelihood, ``carried`` what :func:`carry` makes of this mass.
    """
    size = len(mass)
    here, of_shared = slice(begin, begin + size), slice(shared, shared + size)
    _add_product(mass, likelihood, d_steps.staying[here])
    for way in range(len(means)):
        _add_product(mass, means[way, :size], d_steps.weight[way, here])

    _kept_adjoint(carried[OWN_WAY, :size], means[OWN_WAY, :size], likelihood, d_steps.kept[here])
    _kept_adjoint(carried[LOW_WAY, :size], means[LOW_WAY, :size], likelihood, d_steps.low_kept[of_shared])
    _kept_adjoint(carried[OVER_WAY, :size], means[OVER_WAY, :size], likelihood, d_steps.over_kept[of_shared])


@formula
def _add_product(one, other, result):
    """Add the product of two tables to a third, all (cells,)."""
    for c in range(len(result)):
        result[c] += one[c] * other[c]


@formula
def _kept_adjoint(carried, mean, likelihood, d_kept):
    """Add the adjoint of what one way keeps of its running mean from cell to cell, all (cells,)."""
    for c in range(len(d_kept)):
        d_kept[c] += carried[c] * (mean[c] - likelihood[c])
