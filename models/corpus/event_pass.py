"""Log marginal likelihood of all events of a corpus from the tables of figures and steps, and the adjoint; compiled.

The formulas are those of ``copying`` and ``event``; ``layout`` makes the arrays. A name that begins with ``d_`` is the
derivative of the log marginal likelihood by what follows.
"""

from __future__ import annotations

import math

from estimates.models.corpus.arrays import GROUP, LINEAR, REPEATING
from estimates.models.corpus.size_pass import expected_gradient, expected_masses
from estimates.models.corpus.step_pass import pass_down, pass_up, step_adjoint
from estimates.models.corpus.ties_pass import TINY, tied_factor, tied_factor_adjoint
from estimates.models.formula import formula

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.

#: Likelihoods are rescaled after so many factors, long before a product could vanish.
_FACTORS_BETWEEN_RESCALING = 6


@formula
def event_log_likelihood(
    values, grids, laws, parts, tables, steps, rates, masses, log_marginal_likelihood,
    with_gradient, d_values, d_tables, d_steps, d_masses, d_rates, scratch,
):  # fmt: skip
    """Fill ``log_marginal_likelihood`` (patterns,), and add to the adjoints of all tables.

    ``tables`` (cells of all figures,) are those of figures, ``steps`` those of steps, ``rates`` (rates,) the readiness
    to copy; ``masses`` (cells of all laws,) is filled. A pattern's adjoints are weighted by how often it occurs.
    """
    expected_masses(values, grids, laws, steps, masses)
    repeating, d_repeating = values.shared[REPEATING], 0.0

    for p in range(len(parts.pattern_weight)):
        first, end = parts.pattern_offset[p], parts.pattern_offset[p + 1]
        logs = scratch.logs[: end - first]
        for part in range(first, end):
            logs[part - first] = _forward(
                part, part - first, grids, laws, parts, tables, steps, rates, repeating, masses, scratch
            )

        log_marginal_likelihood[p] = _log_sum(logs)
        if not with_gradient:
            continue
        for part in range(first, end):
            weight = parts.pattern_weight[p] * math.exp(logs[part - first] - log_marginal_likelihood[p])
            if weight != 0.0:
                d_repeating += _backward(
                    part, part - first, weight, grids, laws, parts, tables, steps, rates, repeating, masses,
                    d_tables, d_steps, d_rates, d_masses, scratch,
                )  # fmt: skip

    if with_gradient:
        d_values.shared[REPEATING] += d_repeating
        expected_gradient(values, grids, laws, steps, masses, d_masses, d_steps, d_values, scratch.factor)


@formula
def _forward(part, place, grids, laws, parts, tables, steps, rates, repeating, masses, scratch):
    """Multiply the factors of each bin and pass up to the next; sum the last against what is expected there.

    Returns the logarithm of that sum, the prior share of the part included. The likelihoods after each bin's factors
    and before them stay in ``scratch`` at the part's ``place`` in its pattern.
    """
    size = grids.offset[parts.grid[part] + 1] - grids.offset[parts.grid[part]]
    first, last = parts.first[part], parts.last[part]
    log_scale = parts.log_share[part] + _log_constant(part, parts, rates)

    for b in range(first, last + 1):
        here, passed = scratch.after[place, b, :size], scratch.passed[place, b, :size]
        if b == first:
            for c in range(size):
                here[c] = 1.0
        else:
            pass_up(parts.step[part, b - 1], steps, scratch.after[place, b - 1, :size], passed)
            for c in range(size):
                here[c] = passed[c]

        for f in range(parts.factor[part, b], parts.factor[part, b + 1]):
            _multiply_factor(f, parts, tables, rates, repeating, scratch.products, scratch.factor[:size], here)
            if (f + 1 - parts.factor[part, 0]) % _FACTORS_BETWEEN_RESCALING == 0:
                log_scale += _rescale(here)

    law = laws.offset[parts.law[part]]
    expected, likelihood = masses[law : law + size], scratch.after[place, last, :size]
    total = 0.0
    for c in range(size):
        total += expected[c] * likelihood[c]
    scratch.totals[place] = total
    return log_scale + math.log(total)


@formula
def _backward(
    part, place, weight, grids, laws, parts, tables, steps, rates, repeating, masses,
    d_tables, d_steps, d_rates, d_masses, scratch,
):  # fmt: skip
    """Adjoint of :func:`_forward`, from the last bin to the first; that of repeating is returned."""
    size = grids.offset[parts.grid[part] + 1] - grids.offset[parts.grid[part]]
    first, last = parts.first[part], parts.last[part]
    _add_log_constant(part, weight, parts, rates, d_rates)

    # The posterior of what is documentable in a bin, times the weight.
    mass, adjoint = scratch.mass[:size], scratch.factor[:size]
    law = laws.offset[parts.law[part]]
    expected, d_expected = masses[law : law + size], d_masses[law : law + size]
    likelihood, scale = scratch.after[place, last, :size], weight / scratch.totals[place]
    for c in range(size):
        share = scale * likelihood[c]
        d_expected[c] += share
        mass[c] = share * expected[c]

    d_repeating = 0.0
    for b in range(last, first - 1, -1):
        for f in range(parts.factor[part, b + 1] - 1, parts.factor[part, b] - 1, -1):
            d_repeating += _factor_adjoint(
                f, parts, tables, rates, repeating, mass, scratch.products, adjoint, d_tables, d_rates
            )
        if b == first:
            continue

        step, passed = parts.step[part, b - 1], scratch.passed[place, b, :size]
        lower = scratch.after[place, b - 1, :size]
        for c in range(size):
            adjoint[c] = mass[c] / (passed[c] + TINY)
        step_adjoint(step, steps, lower, adjoint, d_steps)
        pass_down(step, steps, adjoint, mass)
        for c in range(size):
            mass[c] *= lower[c]
    return d_repeating


# Factors -------------------------------------------------------------------------------------------------------------


@formula
def _multiply_factor(f, parts, tables, rates, repeating, products, factor, likelihood):
    """Multiply a likelihood (cells,) by factor ``f``."""
    kind, rate, size = parts.factor_kind[f], rates[parts.factor_rate[f]], len(likelihood)
    member, end = parts.members[f], parts.members[f + 1]
    begin = parts.member_figure[member]

    if kind == LINEAR:
        own, copied = _own_and_copied(
            parts.factor_update[f], rate, parts.factor_before[f], parts.factor_others[f], parts.factor_repeats[f],
            repeating,
        )  # fmt: skip
        _multiply(own, copied, tables[begin : begin + size], likelihood)
    elif kind == GROUP:
        # Each factor before this one has one number more than it has members.
        said = parts.factor_said[member + f : end + f + 1]
        tied_factor(parts.member_figure[member:end], said, rate / (1.0 - rate), tables, products, factor)
        _multiply(1.0, 0.0, factor, likelihood)
    else:
        _multiply(1.0, 0.0, parts.vectors[begin : begin + size], likelihood)


@formula
def _factor_adjoint(f, parts, tables, rates, repeating, mass, products, adjoint, d_tables, d_rates):
    """Adjoint of :func:`_multiply_factor`; that of repeating is returned."""
    kind, rate, size = parts.factor_kind[f], rates[parts.factor_rate[f]], len(mass)
    member, end = parts.members[f], parts.members[f + 1]
    begin, d_repeating = parts.member_figure[member], 0.0

    if kind == LINEAR:
        update, before, others = parts.factor_update[f], parts.factor_before[f], parts.factor_others[f]
        repeats = parts.factor_repeats[f]
        own, copied = _own_and_copied(update, rate, before, others, repeats, repeating)
        total, weighted = _multiply_adjoint(
            own, copied, tables[begin : begin + size], mass, d_tables[begin : begin + size]
        )
        d_rate, d_repeating = _own_and_copied_adjoint(update, rate, before, others, repeats, repeating, total, weighted)
        d_rates[parts.factor_rate[f]] += d_rate
    elif kind == GROUP:
        begins, said = parts.member_figure[member:end], parts.factor_said[member + f : end + f + 1]
        d_ratio = tied_factor_adjoint(begins, said, rate / (1.0 - rate), tables, mass, products, adjoint, d_tables)
        d_rates[parts.factor_rate[f]] += d_ratio / ((1.0 - rate) * (1.0 - rate))
    return d_repeating


@formula
def _own_and_copied(update, rate, before, others, repeats, repeating):
    """The two numbers of a linear factor, which is ``own * table + copied``."""
    copied = rate / (1.0 - rate) * before
    if not update:
        return 1.0, copied
    own = (1.0 - repeating) * _own_share(rate, others)
    return own, own * copied + repeating * repeats


@formula
def _own_and_copied_adjoint(update, rate, before, others, repeats, repeating, total, weighted):
    """Adjoints of the readiness to copy and of repeating, from those of ``copied`` and ``own``."""
    d_ratio = total * before
    if not update:
        return d_ratio / ((1.0 - rate) * (1.0 - rate)), 0.0

    share = _own_share(rate, others)
    own = (1.0 - repeating) * share
    d_own = weighted + total * rate / (1.0 - rate) * before
    denominator = 1.0 - rate + rate * others
    d_rate = own * d_ratio / ((1.0 - rate) * (1.0 - rate))
    d_rate -= d_own * (1.0 - repeating) * others / (denominator * denominator)
    return d_rate, total * repeats - d_own * share


@formula
def _multiply(own, copied, table, likelihood):
    """Multiply a likelihood by ``own * table + copied``."""
    for c in range(len(likelihood)):
        likelihood[c] *= own * table[c] + copied


@formula
def _multiply_adjoint(own, copied, table, mass, d_table):
    """Add the adjoint of a linear factor's table; those of ``copied`` and ``own`` are returned."""
    total, weighted = 0.0, 0.0
    for c in range(len(mass)):
        d_factor = mass[c] / (own * table[c] + copied + TINY)
        d_table[c] += own * d_factor
        total += d_factor
        weighted += d_factor * table[c]
    return total, weighted


# Numbers -------------------------------------------------------------------------------------------------------------


@formula
def _own_share(rate, others):
    """Probability that a statement is the source's own when so many others have spoken."""
    return (1.0 - rate) / (1.0 - rate + rate * others)


@formula
def _log_constant(part, parts, rates):
    """Logarithm of the product of the own shares of all first statements of a part."""
    result = 0.0
    for k in range(parts.constant_offset[part], parts.constant_offset[part + 1]):
        result += math.log(_own_share(rates[parts.constant_rate[k]], parts.constant_others[k]))
    return result


@formula
def _add_log_constant(part, weight, parts, rates, d_rates):
    """Adjoint of :func:`_log_constant`."""
    for k in range(parts.constant_offset[part], parts.constant_offset[part + 1]):
        others, rate = parts.constant_others[k], rates[parts.constant_rate[k]]
        d_log = 1.0 / (1.0 - rate) + (others - 1.0) / (1.0 - rate + rate * others)
        d_rates[parts.constant_rate[k]] -= weight * d_log


@formula
def _rescale(likelihood):
    """Divide a likelihood by its largest value in place; the logarithm of the divisor."""
    largest = 0.0
    for c in range(len(likelihood)):
        largest = max(largest, likelihood[c])
    for c in range(len(likelihood)):
        likelihood[c] /= largest
    return math.log(largest)


@formula
def _log_sum(logs):
    """Logarithm of the sum of exponentials."""
    largest, total = -math.inf, 0.0
    for a in range(len(logs)):
        largest = max(largest, logs[a])
    for a in range(len(logs)):
        total += math.exp(logs[a] - largest)
    return largest + math.log(total)
