"""Posteriors of cases for one block of draws; the formulas are those of ``event`` and ``copying``."""

from __future__ import annotations

from estimates.models.adjudicated import scale_of, spread
from estimates.models.copying import own_and_copied, own_share
from estimates.models.corpus.arrays import (
    GROUP,
    LINEAR,
    NONE_SHARES,
    NUMBERS,
    PHANTOM,
    REPEATING,
    SHARED_ERROR,
    SHARED_ERROR_BASE,
    SHARED_ERROR_FACTOR,
    VECTOR,
    WHOLE_GROUP,
)
from estimates.models.elementary import exp, log, prefer_wide_registers
from estimates.models.formula import formula
from estimates.models.growth import FINAL
from estimates.models.lanes.adjudicated import pass_to_adjudicated
from estimates.models.lanes.growth import growth_tables, pass_down, pass_up, size_laws
from estimates.models.lanes.parts import joint_factor, part_factor
from estimates.models.lanes.reporting import reporting_tables
from estimates.models.reporting import said_number
from estimates.models.wording import CODED, PARTY, STATED

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.

#: Likelihoods are rescaled after so many factors, long before a product could vanish.
_FACTORS_BETWEEN_RESCALING = 6
#: So many equal factors are multiplied one by one; more of them by a power.
_MOST_PRODUCTS = 16


def posteriors(
    first, last, block, grids, borders, figures, steps, parts, places, tables, scratch, of_borders, by_now, up_to_shift,
    answers,
):  # fmt: skip
    """Answers to all cases, for the blocks of draws from ``first`` to before ``last``.

    With ``by_now`` the mass is that of what is documented by now, else of what is documented in the end.
    """
    prefer_wide_registers()
    for b in range(first, last):
        reporting_tables(b, block.values, grids, figures, tables, scratch, up_to_shift)
        growth_tables(b, block.values, grids, steps, tables, scratch)
        size_laws(b, block.values, grids, tables, scratch)
        for case in range(len(parts.pattern_weight)):
            _case(
                b, case, block, grids, borders, steps, parts, places, tables, scratch, of_borders, by_now, answers
            )


@formula
def _case(b, case, block, grids, borders, steps, parts, places, tables, scratch, of_borders, by_now, answers):
    """The mixture of a case's alternatives: the log marginal likelihood, the mass and the tolls drawn from it."""
    prefer_wide_registers()
    logs, part_logs = scratch.rows[4], scratch.rows[5]
    first, end = parts.pattern_offset[case], parts.pattern_offset[case + 1]
    for part in range(first, end):
        _part(b, part, block, grids, steps, parts, places, tables, scratch, by_now, part_logs)
        _adjudicate(b, part, block, grids, borders, parts, scratch, of_borders)
        if part == first:
            _begin_mixture(part_logs, logs, scratch.factor, scratch.mass)
        else:
            _add_to_mixture(part_logs, logs, scratch.rows[6], scratch.rows[7], scratch.factor, scratch.mass)

    lanes = len(logs)
    at = b * lanes
    for i in range(lanes):
        answers.log_marginal_likelihood[case, at + i] = logs[i]
    for c in range(len(scratch.mass)):
        row, kept = scratch.mass[c], answers.mass[case, c]
        for i in range(lanes):
            kept[at + i] = row[i]
    for r in range(answers.uniforms.shape[1]):
        _draw(scratch.mass, answers.uniforms[case, r], answers.cells[case, r], at, scratch.rows[6], scratch.rows[7])


@formula
def _begin_mixture(part_logs, logs, part, mass):
    prefer_wide_registers()
    for i in range(len(logs)):
        logs[i] = part_logs[i]
    for c in range(len(mass)):
        row, here = mass[c], part[c]
        for i in range(len(row)):
            row[i] = here[i]


@formula
def _add_to_mixture(part_logs, logs, old, new, part, mass):
    """Add a part, whose share in ``part_logs`` is included, to the mixture so far."""
    prefer_wide_registers()
    for i in range(len(logs)):
        largest = max(logs[i], part_logs[i])
        before, after = exp(logs[i] - largest), exp(part_logs[i] - largest)
        old[i] = before / (before + after)
        new[i] = after / (before + after)
        logs[i] = largest + log(before + after)
    for c in range(len(mass)):
        row, here = mass[c], part[c]
        for i in range(len(row)):
            row[i] = old[i] * row[i] + new[i] * here[i]


@formula
def _draw(mass, uniforms, cells, at, below, found):
    """The cell that each draw's toll falls into, by inversion."""
    prefer_wide_registers()
    for i in range(len(below)):
        below[i] = 0.0
        found[i] = 0.0
    for c in range(len(mass) - 1):
        row = mass[c]
        for i in range(len(below)):
            below[i] += row[i]
            found[i] += 1.0 if below[i] < uniforms[at + i] else 0.0
    for i in range(len(below)):
        cells[at + i] = int(found[i])


# One alternative ------------------------------------------------------------------------------------------------------


@formula
def _part(b, part, block, grids, steps, parts, places, tables, scratch, by_now, logs):
    """Posterior of one assignment of ages: its mass in ``scratch.factor``, its log marginal likelihood in ``logs``."""
    prefer_wide_registers()
    likelihood, values = scratch.likelihood, block.values
    _begin_likelihood(b, part, block, parts, likelihood, logs)
    first, by = parts.first[part], parts.by_now[part]
    for bin_index in range(first, FINAL + 1):
        if bin_index > first:
            pass_up(b, parts.step_number[part, bin_index - 1], values, grids, steps, tables, scratch, likelihood)
        _multiply_bin(b, part, bin_index, block, grids, parts, places, tables, scratch, likelihood, logs)
        if by_now and bin_index == by:
            _copy(likelihood, scratch.now)

    prior, mass, total = tables.laws[places.law[part]], scratch.factor, scratch.rows[6]
    _product(prior, likelihood, mass, total)
    for i in range(len(total)):
        logs[i] += log(total[i])
    if not by_now or by == FINAL:
        _divide(mass, total)
        return

    # What is expected by now, given what bears on later counts: names, people at risk, and "none" on that of the end.
    _copy(prior, likelihood)
    _multiply_bin(b, part, FINAL, block, grids, parts, places, tables, scratch, likelihood, scratch.rows[8])
    for bin_index in range(FINAL - 1, by - 1, -1):
        pass_down(b, parts.step_number[part, bin_index], values, grids, steps, tables, scratch, likelihood)
        if bin_index > by:
            _multiply_bin(b, part, bin_index, block, grids, parts, places, tables, scratch, likelihood, scratch.rows[8])
    if by >= first:
        _product(likelihood, scratch.now, mass, total)
    else:
        _sums(likelihood, mass, total)
    _divide(mass, total)


@formula
def _adjudicate(b, part, block, grids, borders, parts, scratch, of_borders):
    """Turn the probability of the count in ``scratch.factor`` into that of the adjudicated toll."""
    prefer_wide_registers()
    shared, scale, distance = block.values.shared, scratch.rows[6], parts.distance[part]
    base, factor = shared[b, SHARED_ERROR_BASE], shared[b, SHARED_ERROR_FACTOR]
    for i in range(len(scale)):
        scale[i] = scale_of(spread(base[i], factor[i], distance))

    first, last = 1, len(grids.last) - 1
    while grids.last[first] < parts.floor[part] and first < last:
        first += 1
    while grids.last[last] > parts.at_risk[part] and last > first:
        last -= 1
    pass_to_adjudicated(
        scratch.factor, shared[b, SHARED_ERROR], scale, first, last, borders, of_borders, scratch.factor
    )


@formula
def _begin_likelihood(b, part, block, parts, likelihood, logs):
    """A likelihood of one everywhere; the constants of the part, its share and the own shares of its statements."""
    prefer_wide_registers()
    for c in range(len(likelihood)):
        row = likelihood[c]
        for i in range(len(row)):
            row[i] = 1.0

    for i in range(len(logs)):
        logs[i] = parts.log_share[part]
    for k in range(parts.constant_offset[part], parts.constant_offset[part + 1]):
        share = parts.constant[k]
        rate, others = block.rates[b, parts.share_rate[share]], parts.share_others[share]
        for i in range(len(logs)):
            logs[i] += log(own_share(rate[i], others))


@formula
def _copy(values, result):
    prefer_wide_registers()
    for c in range(len(values)):
        row, here = values[c], result[c]
        for i in range(len(row)):
            here[i] = row[i]


@formula
def _product(one, other, result, total):
    """Product of two tables, and its sum over cells."""
    prefer_wide_registers()
    for i in range(len(total)):
        total[i] = 0.0
    for c in range(len(result)):
        a, d, row = one[c], other[c], result[c]
        for i in range(len(total)):
            row[i] = a[i] * d[i]
            total[i] += row[i]


@formula
def _sums(values, result, total):
    """A copy of a table, and its sum over cells."""
    for i in range(len(total)):
        total[i] = 0.0
    for c in range(len(result)):
        a, row = values[c], result[c]
        for i in range(len(total)):
            row[i] = a[i]
            total[i] += a[i]


@formula
def _divide(table, total):
    prefer_wide_registers()
    for i in range(len(total)):
        total[i] = 1.0 / total[i]
    for c in range(len(table)):
        row = table[c]
        for i in range(len(total)):
            row[i] *= total[i]


# Factors --------------------------------------------------------------------------------------------------------------


@formula
def _multiply_bin(b, part, bin_index, block, grids, parts, places, tables, scratch, likelihood, logs):
    """Multiply a likelihood by the factors of one bin, rescaled; the logarithms of the scales are added to ``logs``."""
    prefer_wide_registers()
    begin, end = parts.factor[part, bin_index], parts.factor[part, bin_index + 1]
    for f in range(begin, end):
        _multiply_factor(b, f, block, grids, parts, places, tables, scratch, likelihood, logs)
        if f + 1 == end or (f + 1 - begin) % _FACTORS_BETWEEN_RESCALING == 0:
            _rescale(likelihood, logs, scratch.rows[6])


@formula
def _multiply_factor(b, f, block, grids, parts, places, tables, scratch, likelihood, logs):
    """Multiply a likelihood by factor ``f``."""
    prefer_wide_registers()
    kind = parts.factor_kind[f]
    if kind == LINEAR or kind == GROUP:
        _multiply_said(b, f, block, parts, places, tables, scratch, likelihood)
    elif kind == VECTOR:
        values = places.vectors[places.member[parts.members[f]]]
        for c in range(len(likelihood)):
            row, value = likelihood[c], values[c]
            for i in range(len(row)):
                row[i] *= value
    elif kind == NUMBERS:
        _multiply_numbers(b, parts.extra[parts.factor_extra[f]], block, tables, scratch, likelihood)
    else:
        _multiply_part(b, f, block, grids, parts, places, tables, scratch, likelihood, logs)


@formula
def _multiply_said(b, f, block, parts, places, tables, scratch, likelihood):
    """Multiply a likelihood by a factor of figures."""
    prefer_wide_registers()
    rate = block.rates[b, parts.factor_rate[f]]
    if parts.factor_kind[f] == GROUP:
        _multiply_tied(f, rate, parts, places, tables, scratch, likelihood)
        return

    repeating, own, copied = block.values.shared[b, REPEATING], scratch.rows[7], scratch.rows[9]
    for i in range(len(own)):
        own[i], copied[i] = own_and_copied(
            parts.factor_update[f], rate[i], parts.factor_before[f], parts.factor_others[f],
            parts.factor_repeats[f], repeating[i],
        )  # fmt: skip
    figure = tables.figures[places.member[parts.members[f]]]
    for c in range(len(likelihood)):
        row, table = likelihood[c], figure[c]
        for i in range(len(row)):
            row[i] *= own[i] * table[i] + copied[i]


@formula
def _multiply_numbers(b, given, block, tables, scratch, likelihood):
    """Multiply a likelihood by the factor of sources that give a number, ``given`` (kinds,) of them of each kind."""
    prefer_wide_registers()
    shared, of_parties, phantom = block.values.shared, scratch.rows[7], scratch.rows[9]
    party, stated = shared[b, NONE_SHARES + PARTY], shared[b, NONE_SHARES + STATED]
    coded, nobody = shared[b, NONE_SHARES + CODED], shared[b, PHANTOM]
    for i in range(len(party)):
        of_parties[i] = exp(given[PARTY] * log(1.0 - party[i]))
        phantom[i] = exp((given[PARTY] + given[STATED] + given[CODED]) * log(nobody[i]))

    row = likelihood[0]
    for i in range(len(row)):
        row[i] *= phantom[i]
    for c in range(1, len(likelihood)):
        row, power = likelihood[c], tables.power_of_none[c]
        for i in range(len(row)):
            row[i] *= of_parties[i]
        _multiply_power(given[STATED], stated, power, row)
        _multiply_power(given[CODED], coded, power, row)


@formula
def _multiply_power(count, share, power, row):
    """Multiply a row by the probability of so many numbers of one kind."""
    prefer_wide_registers()
    if count > _MOST_PRODUCTS:
        for i in range(len(row)):
            row[i] *= exp(count * log(said_number(share[i], power[i])))
    else:
        for _ in range(count):
            for i in range(len(row)):
                row[i] *= said_number(share[i], power[i])


@formula
def _multiply_part(b, f, block, grids, parts, places, tables, scratch, likelihood, logs):
    """Multiply a likelihood by the factor of figures of a part, or of two that exclude each other."""
    prefer_wide_registers()
    ends, one, other = parts.extra[parts.factor_extra[f]], scratch.groups[0], scratch.groups[1]
    _said_of_group(b, ends[0], ends[1], block, parts, places, tables, scratch, one, logs)
    if ends[2] == ends[3]:
        share_all, is_certain = scratch.rows[10], parts.factor_update[f]
        for i in range(len(share_all)):
            share_all[i] = 0.0 if is_certain else block.values.shared[b, WHOLE_GROUP, i]
        part_factor(grids.last, share_all, scratch.rows[11], one)
    else:
        _said_of_group(b, ends[2], ends[3], block, parts, places, tables, scratch, other, logs)
        joint_factor(grids.last, other, scratch.over, scratch.rows[11], one)

    for c in range(len(likelihood)):
        row, factor = likelihood[c], one[c]
        for i in range(len(row)):
            row[i] *= factor[i]


@formula
def _said_of_group(b, begin, end, block, parts, places, tables, scratch, likelihood, logs):
    """Fill the likelihood of a group's size, rescaled: the factors from ``begin`` to before ``end``."""
    prefer_wide_registers()
    for c in range(len(likelihood)):
        row = likelihood[c]
        for i in range(len(row)):
            row[i] = 1.0
    for f in range(begin, end):
        _multiply_said(b, f, block, parts, places, tables, scratch, likelihood)
        _rescale(likelihood, logs, scratch.rows[6])


@formula
def _multiply_tied(f, rate, parts, places, tables, scratch, likelihood):
    """Multiply a likelihood by the factor of tied figures that say the same, averaged over their orders."""
    prefer_wide_registers()
    begin, end = parts.members[f], parts.members[f + 1]
    count, ratio, worth = end - begin, scratch.rows[7], scratch.rows[9]
    for i in range(len(ratio)):
        ratio[i] = rate[i] / (1.0 - rate[i])

    for c in range(len(likelihood)):
        products, row = scratch.products, likelihood[c]
        for i in range(len(row)):
            products[0, i] = 1.0
        for m in range(count):
            table, highest = tables.figures[places.member[begin + m], c], products[m + 1]
            for i in range(len(row)):
                highest[i] = 0.0
            for order in range(m + 1, 0, -1):
                here, lower = products[order], products[order - 1]
                for i in range(len(row)):
                    here[i] += table[i] * lower[i]

        # A sum over how many of the figures are the sources' own: a polynomial in the odds of a copy.
        for i in range(len(row)):
            worth[i] = 0.0
        for own in range(count + 1):
            said, sums = parts.factor_said[begin + f + own], products[own]
            for i in range(len(row)):
                worth[i] = worth[i] * ratio[i] + said * sums[i]
        for i in range(len(row)):
            row[i] *= worth[i]


@formula
def _rescale(likelihood, logs, largest):
    """Divide each draw's likelihood by its largest value; the logarithm of the divisor is added to ``logs``."""
    prefer_wide_registers()
    for i in range(len(largest)):
        largest[i] = 0.0
    for c in range(len(likelihood)):
        row = likelihood[c]
        for i in range(len(largest)):
            largest[i] = max(largest[i], row[i])

    for i in range(len(largest)):
        logs[i] += log(largest[i])
        largest[i] = 1.0 / largest[i]
    for c in range(len(likelihood)):
        row = likelihood[c]
        for i in range(len(largest)):
            row[i] *= largest[i]
