"""Log evidence of all events of a corpus from the tables of figures and steps, and the adjoints, in compiled loops.

The formulas are those of ``size``, ``documentation``, ``copying`` and ``event``; ``corpus`` lays out the arrays of
``fused_arrays``. A name that begins with ``d_`` is the derivative of the log evidence by what follows.
"""

from __future__ import annotations

import math

from estimates.models.compiled import loop
from estimates.models.corpus.arrays import GROUP, LINEAR, REPEATING, VECTOR

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.

#: Likelihoods are rescaled after so many factors, long before a product could vanish.
_FACTORS_BETWEEN_RESCALING = 6
#: Added to what is divided by, so that cells without probability stay without.
_TINY = 1e-300


# Steps ---------------------------------------------------------------------------------------------------------------


@loop
def _up(begin, steps, likelihood, result):
    """The likelihood of the later count from that of the earlier one."""
    size = len(likelihood)
    own, child_0, child_1 = steps.own[begin:], steps.child[0, begin:], steps.child[1, begin:]
    parent_0, parent_1 = steps.parent[0, begin:], steps.parent[1, begin:]
    before_0, before_1 = 0.0, 0.0
    for c in range(size):
        value = likelihood[c]
        result[c] = own[c] * value + parent_0[c] * before_0 + parent_1[c] * before_1
        before_0 += child_0[c] * value
        before_1 += child_1[c] * value
    parent_2, child_2 = steps.parent[2, begin:], steps.child[2, begin:]
    after = 0.0
    for c in range(size - 1, -1, -1):
        result[c] += parent_2[c] * after
        after += child_2[c] * likelihood[c]


@loop
def _down(begin, steps, mass, result):
    """The mass of the earlier count from that of the later one: the adjoint of :func:`_up`."""
    size = len(mass)
    own, child_0, child_1 = steps.own[begin:], steps.child[0, begin:], steps.child[1, begin:]
    parent_0, parent_1 = steps.parent[0, begin:], steps.parent[1, begin:]
    after_0, after_1 = 0.0, 0.0
    for c in range(size - 1, -1, -1):
        value = mass[c]
        result[c] = own[c] * value + child_0[c] * after_0 + child_1[c] * after_1
        after_0 += parent_0[c] * value
        after_1 += parent_1[c] * value
    parent_2, child_2 = steps.parent[2, begin:], steps.child[2, begin:]
    before = 0.0
    for c in range(size):
        result[c] += child_2[c] * before
        before += parent_2[c] * mass[c]


@loop
def _step_adjoint(begin, steps, likelihood, mass, d_steps):
    """Add the derivative of ``mass . up(likelihood)`` by the step's tables."""
    size = len(mass)
    d_own, d_child_2 = d_steps.own[begin:], d_steps.child[2, begin:]
    d_parent_0, d_parent_1 = d_steps.parent[0, begin:], d_steps.parent[1, begin:]
    child_0, child_1, parent_2 = steps.child[0, begin:], steps.child[1, begin:], steps.parent[2, begin:]
    before_0, before_1, after_2 = 0.0, 0.0, 0.0
    for c in range(size):
        value, passed = likelihood[c], mass[c]
        d_own[c] += passed * value
        d_parent_0[c] += passed * before_0
        d_parent_1[c] += passed * before_1
        d_child_2[c] += value * after_2
        before_0 += child_0[c] * value
        before_1 += child_1[c] * value
        after_2 += parent_2[c] * passed
    d_child_0, d_child_1, d_parent_2 = d_steps.child[0, begin:], d_steps.child[1, begin:], d_steps.parent[2, begin:]
    parent_0, parent_1, child_2 = steps.parent[0, begin:], steps.parent[1, begin:], steps.child[2, begin:]
    after_0, after_1, before_2 = 0.0, 0.0, 0.0
    for c in range(size - 1, -1, -1):
        value, passed = likelihood[c], mass[c]
        d_child_0[c] += value * after_0
        d_child_1[c] += value * after_1
        d_parent_2[c] += passed * before_2
        after_0 += parent_0[c] * passed
        after_1 += parent_1[c] * passed
        before_2 += child_2[c] * value


# What is expected of events ------------------------------------------------------------------------------------------


@loop
def _expected(values, grids, laws, steps, masses):
    """Laws of the toll pushed down to the bins where figures end, one after another along each chain."""
    for r in range(len(laws.grid)):
        g, k = laws.grid[r], laws.size[r]
        size, edge, out = grids.offset[g + 1] - grids.offset[g], grids.edge_offset[g], laws.offset[r]
        here = masses[out : out + size]
        if laws.chain_from[r] >= 0:
            source = laws.offset[laws.chain_from[r]]
            _down(laws.chain_offset[r], steps, masses[source : source + size], here)
            continue
        here[0] = 1.0 - values.positive[k]
        scale = values.scale_of_size[k]
        end = math.exp(-values.shape[k] * math.log1p((grids.edges[edge + size] - 1) / scale))
        previous = 1.0
        for c in range(1, size):
            following = math.exp(-values.shape[k] * math.log1p((grids.edges[edge + c + 1] - 1) / scale))
            here[c] = (previous - following) * values.positive[k] / (1.0 - end)
            previous = following


@loop
def _expected_gradient(values, grids, laws, steps, masses, d_masses, d_steps, d_values, passed):
    """Add the adjoints of the expected laws to those of the steps and the laws of sizes, last first."""
    for r in range(len(laws.grid) - 1, -1, -1):
        g, k = laws.grid[r], laws.size[r]
        size, edge, out = grids.offset[g + 1] - grids.offset[g], grids.edge_offset[g], laws.offset[r]
        d_here = d_masses[out : out + size]
        if laws.chain_from[r] >= 0:
            source = laws.offset[laws.chain_from[r]]
            _step_adjoint(laws.chain_offset[r], steps, d_here, masses[source : source + size], d_steps)
            _up(laws.chain_offset[r], steps, d_here, passed)
            d_source = d_masses[source : source + size]
            for c in range(size):
                d_source[c] += passed[c]
            continue
        positive, shape, scale = values.positive[k], values.shape[k], values.scale_of_size[k]
        end = math.exp(-shape * math.log1p((grids.edges[edge + size] - 1) / scale))
        inside = 1.0 - end
        d_positive, d_end, d_shape, d_scale = 0.0, 0.0, 0.0, 0.0
        log_previous, previous, start = 0.0, 1.0, 0.0
        for c in range(1, size):
            stop = float(grids.edges[edge + c + 1] - 1)
            log_next = math.log1p(stop / scale)
            following = math.exp(-shape * log_next)
            d_mass = d_here[c] * positive / inside
            d_positive += d_here[c] * (previous - following) / inside
            d_end += d_here[c] * (previous - following) * positive / (inside * inside)
            d_shape += d_mass * (following * log_next - previous * log_previous)
            # survival by scale: shape * survival * n / (scale * (scale + n))
            d_scale += d_mass * shape / scale * (previous * start / (scale + start) - following * stop / (scale + stop))
            log_previous, previous, start = log_next, following, stop
        d_values.positive[k] += d_positive - d_here[0]
        stop = float(grids.edges[edge + size] - 1)
        d_values.shape[k] += d_shape - d_end * end * math.log1p(stop / scale)
        d_values.scale_of_size[k] += d_scale + d_end * shape * end * stop / (scale * (scale + stop))


# Factors -------------------------------------------------------------------------------------------------------------
#
# These take single arrays: handing over whole groups of them costs more than the sums.


@loop
def _own_share(c, others):
    return (1.0 - c) / (1.0 - c + c * others)


@loop
def _linear(update, rate, before, others, repeats, repeating):
    """A linear factor's two numbers: it is ``own * table + copied``."""
    copied = rate / (1.0 - rate) * before
    if not update:
        return 1.0, copied
    own = (1.0 - repeating) * _own_share(rate, others)
    return own, own * copied + repeating * repeats


@loop
def _linear_adjoint(update, rate, before, others, repeats, repeating, total, weighted):
    """Adjoints of the readiness to copy and of repeating, from the sums of the factor's and of that times the table."""
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


@loop
def _products(begins, left_out, tables, size, sums):
    """Elementary symmetric polynomials of a group's tables but one, row by order."""
    count = 0
    for c in range(size):
        sums[0, c] = 1.0
    for m in range(len(begins)):
        if m == left_out:
            continue
        own = tables[begins[m] : begins[m] + size]
        count += 1
        for c in range(size):
            sums[count, c] = 0.0
        for order in range(count, 0, -1):
            here, lower = sums[order, :size], sums[order - 1, :size]
            for c in range(size):
                here[c] += own[c] * lower[c]


@loop
def _pair(begins, said, ratio, tables, result):
    """The factor of two tied figures that say the same."""
    size = len(result)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    both, either, none = said[2], said[1] * ratio, said[0] * ratio * ratio
    for c in range(size):
        result[c] = both * one[c] * two[c] + either * (one[c] + two[c]) + none


@loop
def _pair_adjoint(begins, said, ratio, tables, mass, d_factor, d_tables):
    """As :func:`_group_adjoint`, of two."""
    size = len(mass)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    d_one, d_two = d_tables[begins[0] : begins[0] + size], d_tables[begins[1] : begins[1] + size]
    both, either, none = said[2], said[1] * ratio, said[0] * ratio * ratio
    by_either, by_none = 0.0, 0.0
    for c in range(size):
        x, y = one[c], two[c]
        d_here = mass[c] / (both * x * y + either * (x + y) + none + _TINY)
        d_factor[c] = d_here
        by_either += d_here * (x + y)
        by_none += d_here
    # One table written in each loop: more are more than the compiler can prove apart.
    for c in range(size):
        d_one[c] += d_factor[c] * (both * two[c] + either)
    for c in range(size):
        d_two[c] += d_factor[c] * (both * one[c] + either)
    return said[1] * by_either + 2.0 * said[0] * ratio * by_none


@loop
def _triple(begins, said, ratio, tables, result):
    """The factor of three tied figures that say the same."""
    size = len(result)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    three = tables[begins[2] : begins[2] + size]
    every, pairs, singles, none = said[3], said[2] * ratio, said[1] * ratio**2, said[0] * ratio**3
    for c in range(size):
        x, y, z = one[c], two[c], three[c]
        result[c] = every * x * y * z + pairs * (x * y + x * z + y * z) + singles * (x + y + z) + none


@loop
def _triple_adjoint(begins, said, ratio, tables, mass, d_factor, d_tables):
    """As :func:`_group_adjoint`, of three."""
    size = len(mass)
    one, two = tables[begins[0] : begins[0] + size], tables[begins[1] : begins[1] + size]
    three = tables[begins[2] : begins[2] + size]
    d_one, d_two = d_tables[begins[0] : begins[0] + size], d_tables[begins[1] : begins[1] + size]
    d_three = d_tables[begins[2] : begins[2] + size]
    every, pairs, singles, none = said[3], said[2] * ratio, said[1] * ratio**2, said[0] * ratio**3
    by_pairs, by_singles, by_none = 0.0, 0.0, 0.0
    for c in range(size):
        x, y, z = one[c], two[c], three[c]
        sum_of_pairs, total = x * y + x * z + y * z, x + y + z
        d_here = mass[c] / (every * x * y * z + pairs * sum_of_pairs + singles * total + none + _TINY)
        d_factor[c] = d_here
        by_pairs += d_here * sum_of_pairs
        by_singles += d_here * total
        by_none += d_here
    for c in range(size):
        d_one[c] += d_factor[c] * (every * two[c] * three[c] + pairs * (two[c] + three[c]) + singles)
    for c in range(size):
        d_two[c] += d_factor[c] * (every * one[c] * three[c] + pairs * (one[c] + three[c]) + singles)
    for c in range(size):
        d_three[c] += d_factor[c] * (every * one[c] * two[c] + pairs * (one[c] + two[c]) + singles)
    return said[2] * by_pairs + 2.0 * said[1] * ratio * by_singles + 3.0 * said[0] * ratio**2 * by_none


@loop
def _group(begins, said, ratio, tables, sums, result):
    """The factor of tied figures that say the same."""
    size, count = len(result), len(begins)
    if count == 2:
        _pair(begins, said, ratio, tables, result)
        return
    if count == 3:
        _triple(begins, said, ratio, tables, result)
        return
    _products(begins, -1, tables, size, sums)
    for c in range(size):
        result[c] = 0.0
    for own in range(count + 1):
        worth, here = said[own] * ratio ** (count - own), sums[own, :size]
        for c in range(size):
            result[c] += worth * here[c]


@loop
def _group_adjoint(begins, said, ratio, tables, mass, sums, scratch, d_tables):
    """Add the adjoint of a group's factor to those of its tables; that of the odds of a copy."""
    size, count = len(mass), len(begins)
    d_factor, d_ratio = scratch[:size], 0.0
    if count == 2:
        return _pair_adjoint(begins, said, ratio, tables, mass, d_factor, d_tables)
    if count == 3:
        return _triple_adjoint(begins, said, ratio, tables, mass, d_factor, d_tables)
    _group(begins, said, ratio, tables, sums, d_factor)
    for c in range(size):
        d_factor[c] = mass[c] / (d_factor[c] + _TINY)
    for own in range(count):
        here, total = sums[own, :size], 0.0
        for c in range(size):
            total += d_factor[c] * here[c]
        d_ratio += total * (count - own) * said[own] * ratio ** (count - own - 1)
    for m in range(count):
        _products(begins, m, tables, size, sums)
        d_table = d_tables[begins[m] : begins[m] + size]
        for own in range(count):
            worth, here = said[own + 1] * ratio ** (count - 1 - own), sums[own, :size]
            for c in range(size):
                d_table[c] += worth * here[c] * d_factor[c]
    return d_ratio


@loop
def _multiply(own, copied, table, here):
    """Multiply a likelihood by ``own * table + copied``."""
    for c in range(len(here)):
        here[c] *= own * table[c] + copied


@loop
def _multiply_adjoint(own, copied, table, mass, d_table):
    """Add the adjoint of a linear factor's table; the sums of the factor's adjoint and of that times the table."""
    total, weighted = 0.0, 0.0
    for c in range(len(mass)):
        d_factor = mass[c] / (own * table[c] + copied + _TINY)
        d_table[c] += own * d_factor
        total += d_factor
        weighted += d_factor * table[c]
    return total, weighted


# Events --------------------------------------------------------------------------------------------------------------


@loop
def event_log_likelihood(
    values, grids, laws, parts, tables, steps, rates, masses, log_marginal_likelihood,
    with_gradient, d_values, d_tables, d_steps, d_masses, d_rates, scratch,
):  # fmt: skip
    """Log evidence of every pattern of events, and the adjoints of all tables weighted by how often it occurs.

    Within a part the likelihood of the first bin is multiplied by its factors and passed up bin by bin; the last is
    summed against what is expected in that bin.
    """
    _expected(values, grids, laws, steps, masses)
    repeating, d_repeating = values.shared[REPEATING], 0.0
    kinds, updates, begins, members = parts.factor_kind, parts.factor_update, parts.member_figure, parts.members
    befores, others_of, repeats, said = (
        parts.factor_before,
        parts.factor_others,
        parts.factor_repeats,
        parts.factor_said,
    )
    rate_of, bins, vectors, offset = parts.factor_rate, parts.factor_bin, parts.vectors, grids.offset
    # Likelihoods after each bin's factors, and before them (passed up), for every part of a pattern.
    after_all, passed_all, mass_all = scratch.after, scratch.passed, scratch.mass
    factor, products, logs, totals = scratch.factor, scratch.products, scratch.logs, scratch.totals
    for p in range(len(parts.pattern_weight)):
        first_part, end_part = parts.pattern_offset[p], parts.pattern_offset[p + 1]
        largest = -math.inf
        for part in range(first_part, end_part):
            a = part - first_part
            size = offset[parts.grid[part] + 1] - offset[parts.grid[part]]
            log_scale = parts.log_share[part]
            for k in range(parts.constant_offset[part], parts.constant_offset[part + 1]):
                log_scale += math.log(_own_share(rates[parts.constant_rate[k]], parts.constant_others[k]))
            f, multiplied = parts.factor[part], 0
            for b in range(parts.first[part], parts.last[part] + 1):
                here = after_all[a, b, :size]
                if b == parts.first[part]:
                    for c in range(size):
                        here[c] = 1.0
                else:
                    passed = passed_all[a, b, :size]
                    _up(parts.step[part, b - 1], steps, after_all[a, b - 1, :size], passed)
                    for c in range(size):
                        here[c] = passed[c]
                while f < parts.factor[part + 1] and bins[f] == b:
                    start, rate = begins[members[f]], rates[rate_of[f]]
                    if kinds[f] == LINEAR:
                        own, copied = _linear(updates[f], rate, befores[f], others_of[f], repeats[f], repeating)
                        _multiply(own, copied, tables[start : start + size], here)
                    elif kinds[f] == VECTOR:
                        _multiply(1.0, 0.0, vectors[start : start + size], here)
                    else:
                        group, worth = (
                            begins[members[f] : members[f + 1]],
                            said[members[f] + f : members[f + 1] + f + 1],
                        )
                        _group(group, worth, rate / (1.0 - rate), tables, products, factor[:size])
                        _multiply(1.0, 0.0, factor[:size], here)
                    f += 1
                    multiplied += 1
                    if multiplied % _FACTORS_BETWEEN_RESCALING == 0:
                        log_scale += _rescale(here)
            law = laws.offset[parts.law[part]]
            expected, here = masses[law : law + size], after_all[a, parts.last[part], :size]
            total = 0.0
            for c in range(size):
                total += expected[c] * here[c]
            totals[a] = total
            logs[a] = log_scale + math.log(total)
            largest = max(largest, logs[a])
        together = 0.0
        for a in range(end_part - first_part):
            together += math.exp(logs[a] - largest)
        log_marginal_likelihood[p] = largest + math.log(together)
        if not with_gradient:
            continue
        for part in range(first_part, end_part):
            a = part - first_part
            weight = parts.pattern_weight[p] * math.exp(logs[a] - log_marginal_likelihood[p])
            if weight == 0.0:
                continue
            size = offset[parts.grid[part] + 1] - offset[parts.grid[part]]
            for k in range(parts.constant_offset[part], parts.constant_offset[part + 1]):
                others, rate = parts.constant_others[k], rates[parts.constant_rate[k]]
                d_rates[parts.constant_rate[k]] -= weight * (
                    1.0 / (1.0 - rate) + (others - 1.0) / (1.0 - rate + rate * others)
                )
            law = laws.offset[parts.law[part]]
            expected, d_expected = masses[law : law + size], d_masses[law : law + size]
            here, mass = after_all[a, parts.last[part], :size], mass_all[:size]
            scale = weight / totals[a]
            for c in range(size):
                share = scale * here[c]
                d_expected[c] += share
                mass[c] = share * expected[c]
            f = parts.factor[part + 1] - 1
            for b in range(parts.last[part], parts.first[part] - 1, -1):
                # mass: posterior of what is documentable in this bin, times the weight.
                while f >= parts.factor[part] and bins[f] == b:
                    start, rate = begins[members[f]], rates[rate_of[f]]
                    if kinds[f] == LINEAR:
                        own, copied = _linear(updates[f], rate, befores[f], others_of[f], repeats[f], repeating)
                        total, weighted = _multiply_adjoint(
                            own, copied, tables[start : start + size], mass, d_tables[start : start + size]
                        )
                        by_rate, by_repeating = _linear_adjoint(
                            updates[f], rate, befores[f], others_of[f], repeats[f], repeating, total, weighted
                        )
                        d_rates[rate_of[f]] += by_rate
                        d_repeating += by_repeating
                    elif kinds[f] == GROUP:
                        group, worth = (
                            begins[members[f] : members[f + 1]],
                            said[members[f] + f : members[f + 1] + f + 1],
                        )
                        by_ratio = _group_adjoint(
                            group, worth, rate / (1.0 - rate), tables, mass, products, factor, d_tables
                        )
                        d_rates[rate_of[f]] += by_ratio / ((1.0 - rate) * (1.0 - rate))
                    f -= 1
                if b > parts.first[part]:
                    begin = parts.step[part, b - 1]
                    passed, adjoint, lower = passed_all[a, b, :size], factor[:size], after_all[a, b - 1, :size]
                    for c in range(size):
                        adjoint[c] = mass[c] / (passed[c] + _TINY)
                    _step_adjoint(begin, steps, lower, adjoint, d_steps)
                    _down(begin, steps, adjoint, mass)
                    for c in range(size):
                        mass[c] *= lower[c]
    if with_gradient:
        d_values.shared[REPEATING] += d_repeating
        _expected_gradient(values, grids, laws, steps, masses, d_masses, d_steps, d_values, factor)


@loop
def _rescale(values):
    """Divide a likelihood by its largest value in place; the logarithm of the divisor."""
    largest = 0.0
    for c in range(len(values)):
        largest = max(largest, values[c])
    for c in range(len(values)):
        values[c] /= largest
    return math.log(largest)
