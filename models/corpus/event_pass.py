"""Log marginal likelihood of all events of a corpus from the tables of figures and steps, and the adjoint; compiled.

The formulas are those of ``copying`` and ``event``; ``layout`` makes the arrays. A name that begins with ``d_`` is the
derivative of the log marginal likelihood by what follows.
"""

from __future__ import annotations

import math

from estimates.models.copying import own_share, own_share_slope
from estimates.models.corpus.factors_pass import divide_by_tables, factor_adjoint, multiply_factor
from estimates.models.corpus.size_pass import expected_gradient, expected_masses
from estimates.models.corpus.step_pass import pass_down, pass_up, step_adjoint
from estimates.models.corpus.ties_pass import TINY
from estimates.models.elementary import exp, log
from estimates.models.formula import formula

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.

#: Likelihoods are rescaled after so many factors, long before a product could vanish.
_FACTORS_BETWEEN_RESCALING = 6


@formula
def event_log_likelihood(
    values, grids, laws, parts, tables, steps, rates, masses, log_marginal_likelihood,
    with_gradient, d_values, d_tables, d_steps, d_masses, d_rates, scratch, of_steps,
):  # fmt: skip
    """Fill ``log_marginal_likelihood`` (patterns,), and add to the adjoints of all tables.

    ``tables`` (cells of all figures,) are those of figures, ``steps`` those of steps, ``rates`` (rates,) the readiness
    to copy; ``masses`` (cells of all laws,) is filled. A pattern's adjoints are weighted by how often it occurs.
    """
    expected_masses(values, grids, laws, steps, masses, of_steps)
    _set_log_shares(parts, rates, scratch.log_shares)
    shared, d_shared = values.shared, d_values.shared

    for p in range(len(parts.pattern_weight)):
        first, end = parts.pattern_offset[p], parts.pattern_offset[p + 1]
        logs = scratch.logs[: end - first]
        for part in range(first, end):
            logs[part - first] = _forward(
                part, part - first, grids, laws, parts, tables, steps, rates, shared, masses, scratch
            )

        log_marginal_likelihood[p] = _log_sum(logs)
        if not with_gradient:
            continue
        for part in range(first, end):
            weight = parts.pattern_weight[p]
            if len(logs) > 1:
                weight *= exp(logs[part - first] - log_marginal_likelihood[p])
            if weight != 0.0:
                _backward(
                    part, part - first, weight, grids, laws, parts, tables, steps, rates, shared, masses,
                    d_tables, d_steps, d_rates, d_shared, d_masses, scratch, of_steps,
                )  # fmt: skip

    if with_gradient:
        _log_shares_adjoint(parts, rates, scratch.d_log_shares, d_rates)
        divide_by_tables(tables, scratch.d_logs, d_tables)
        expected_gradient(values, grids, laws, steps, masses, d_masses, d_steps, d_values, scratch.factor, of_steps)


@formula
def _forward(part, place, grids, laws, parts, tables, steps, rates, shared, masses, scratch):
    """Multiply the factors of each bin and pass up to the next; sum the last against what is expected there.

    Returns the logarithm of that sum, the prior share of the part included. The likelihoods after each bin's factors
    and before them stay in ``scratch`` at the part's ``place`` in its pattern.
    """
    cells = grids.offset[parts.grid[part]]
    size = grids.offset[parts.grid[part] + 1] - cells
    first, last = parts.first[part], parts.last[part]
    log_scale, unscaled = parts.log_share[part], 0
    for k in range(parts.constant_offset[part], parts.constant_offset[part + 1]):
        log_scale += scratch.log_shares[parts.constant[k]]

    for b in range(first, last + 1):
        here, passed = scratch.after[place, b, :size], scratch.passed[place, b, :size]
        if b == first:
            for c in range(size):
                here[c] = 1.0
        else:
            before = scratch.after[place, b - 1, :size]
            step, of_step = parts.step[part, b - 1], parts.step_shared[part, b - 1]
            pass_up(step, of_step, steps, before, scratch.means[place, b], passed)
            for c in range(size):
                here[c] = passed[c]

        for f in range(parts.factor[part, b], parts.factor[part, b + 1]):
            multiply_factor(f, part, grids, parts, tables, rates, shared, scratch, here)
            unscaled += 1
            if unscaled == _FACTORS_BETWEEN_RESCALING:
                log_scale, unscaled = log_scale + _rescale(here), 0

    law = laws.offset[parts.law[part]]
    expected, likelihood = masses[law : law + size], scratch.after[place, last, :size]
    total = 0.0
    for c in range(size):
        total += expected[c] * likelihood[c]
    scratch.totals[place] = total
    return log_scale + log(total)


@formula
def _backward(
    part, place, weight, grids, laws, parts, tables, steps, rates, shared, masses,
    d_tables, d_steps, d_rates, d_shared, d_masses, scratch, of_steps,
):  # fmt: skip
    """Adjoint of :func:`_forward`, from the last bin to the first."""
    cells = grids.offset[parts.grid[part]]
    size = grids.offset[parts.grid[part] + 1] - cells
    first, last = parts.first[part], parts.last[part]
    for k in range(parts.constant_offset[part], parts.constant_offset[part + 1]):
        scratch.d_log_shares[parts.constant[k]] += weight

    # The posterior of what is documentable in a bin, times the weight.
    mass, adjoint = scratch.mass[:size], scratch.factor[:size]
    law = laws.offset[parts.law[part]]
    expected, d_expected = masses[law : law + size], d_masses[law : law + size]
    likelihood, scale = scratch.after[place, last, :size], weight / scratch.totals[place]
    for c in range(size):
        share = scale * likelihood[c]
        d_expected[c] += share
        mass[c] = share * expected[c]

    for b in range(last, first - 1, -1):
        for f in range(parts.factor[part, b + 1] - 1, parts.factor[part, b] - 1, -1):
            factor_adjoint(f, part, grids, parts, tables, rates, shared, mass, scratch, d_tables, d_rates, d_shared)
        if b == first:
            continue

        step, of_step = parts.step[part, b - 1], parts.step_shared[part, b - 1]
        passed = scratch.passed[place, b, :size]
        lower = scratch.after[place, b - 1, :size]
        for c in range(size):
            adjoint[c] = mass[c] / (passed[c] + TINY)
        pass_down(step, of_step, steps, adjoint, of_steps.carried, mass)
        step_adjoint(step, of_step, lower, adjoint, scratch.means[place, b], of_steps.carried, d_steps)
        for c in range(size):
            mass[c] *= lower[c]


# Numbers -------------------------------------------------------------------------------------------------------------


@formula
def _set_log_shares(parts, rates, log_shares):
    """Logarithms of the own shares of first statements, (own shares,)."""
    for k in range(len(log_shares)):
        log_shares[k] = log(own_share(rates[parts.share_rate[k]], parts.share_others[k]))


@formula
def _log_shares_adjoint(parts, rates, d_log_shares, d_rates):
    """Adjoint of :func:`_set_log_shares`."""
    for k in range(len(d_log_shares)):
        rate, others = rates[parts.share_rate[k]], parts.share_others[k]
        d_rates[parts.share_rate[k]] += d_log_shares[k] * own_share_slope(rate, others) / own_share(rate, others)


@formula
def _rescale(likelihood):
    """Divide a likelihood by its largest value in place; the logarithm of the divisor."""
    largest = 0.0
    for c in range(len(likelihood)):
        largest = max(largest, likelihood[c])
    for c in range(len(likelihood)):
        likelihood[c] /= largest
    return log(largest)


@formula
def _log_sum(logs):
    """Logarithm of the sum of exponentials."""
    if len(logs) == 1:
        return logs[0]
    largest, total = -math.inf, 0.0
    for a in range(len(logs)):
        largest = max(largest, logs[a])
    for a in range(len(logs)):
        total += exp(logs[a] - largest)
    return largest + log(total)
