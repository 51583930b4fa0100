"""Factors of cases for one block of draws; the formulas are those of ``copying``, ``reporting`` and ``parts``."""

from __future__ import annotations

from estimates.models.copying import own_and_copied
from estimates.models.corpus.arrays import GROUP, LINEAR, NONE_SHARES, NUMBERS, PHANTOM, REPEATING, VECTOR, WHOLE_GROUP
from estimates.models.elementary import exp, log, no_overlap, prefer_wide_registers
from estimates.models.formula import apart, formula
from estimates.models.lanes.parts import joint_factor, part_factor
from estimates.models.lanes.rows import multiply_row
from estimates.models.wording import CODED, PARTY, STATED

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.

#: Likelihoods are rescaled after so many factors, long before a product could vanish.
_FACTORS_BETWEEN_RESCALING = 8
#: So many equal factors are multiplied one by one; more of them by a power.
_MOST_PRODUCTS = 16


@apart
def multiply_bin(b, part, bin_index, block, grids, parts, places, tables, scratch, likelihood, logs, since):
    """Multiply a likelihood by the factors of one bin.

    After every few factors the likelihood is rescaled, and the logarithms of the scales are added to ``logs``. As many
    as ``since`` were multiplied in since that was last done; what is returned is their number after this bin.
    """
    prefer_wide_registers()
    for f in range(parts.factor[part, bin_index], parts.factor[part, bin_index + 1]):
        _multiply_factor(b, f, block, grids, parts, places, tables, scratch, likelihood, logs)
        since += _products_in(f, parts)
        if since >= _FACTORS_BETWEEN_RESCALING:
            _rescale(likelihood, logs, scratch.rows[6])
            since = 0
    return since


@formula
def _products_in(f, parts):
    """Of how many probabilities factor ``f`` is a product; those of vectors are not told, so they count as too many."""
    if parts.factor_kind[f] == VECTOR:
        return _FACTORS_BETWEEN_RESCALING
    if parts.factor_kind[f] == NUMBERS:
        given = parts.extra[parts.factor_extra[f]]
        return given[STATED] + given[CODED] + given[PARTY]
    return parts.members[f + 1] - parts.members[f] if parts.factor_kind[f] == GROUP else 1


@formula
def _multiply_factor(b, f, block, grids, parts, places, tables, scratch, likelihood, logs):
    """Multiply a likelihood by factor ``f``."""
    prefer_wide_registers()
    kind = parts.factor_kind[f]
    if kind in (LINEAR, GROUP):
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


@apart
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
        _multiply_own_and_copied(likelihood[c], figure[c], own, copied)


@formula
def _multiply_own_and_copied(row, table, own, copied):
    no_overlap()
    for i in range(len(row)):
        row[i] *= own[i] * table[i] + copied[i]


@formula
def _multiply_numbers(b, given, block, tables, scratch, likelihood):
    """Multiply a likelihood by the factor of sources that give a number, ``given`` (kinds,) of them of each kind."""
    prefer_wide_registers()
    shared, of_parties, phantom = block.values.shared, scratch.rows[7], scratch.rows[9]
    party, nobody = shared[b, NONE_SHARES + PARTY], shared[b, PHANTOM]
    for i in range(len(party)):
        of_parties[i] = exp(given[PARTY] * log(1.0 - party[i]))
        phantom[i] = exp((given[PARTY] + given[STATED] + given[CODED]) * log(nobody[i]))

    multiply_row(likelihood[0], phantom)
    for c in range(1, len(likelihood)):
        if given[PARTY] > 0:
            multiply_row(likelihood[c], of_parties)
        _multiply_power(given[STATED], tables.numbers[0, c], likelihood[c])
        _multiply_power(given[CODED], tables.numbers[1, c], likelihood[c])


@formula
def _multiply_power(count, number, row):
    """Multiply a row by the probability of so many numbers of one kind."""
    prefer_wide_registers()
    if count > _MOST_PRODUCTS:
        for i in range(len(row)):
            row[i] *= exp(count * log(number[i]))
    else:
        for _ in range(count):
            multiply_row(row, number)


@apart
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
        joint_factor(grids.last, other, scratch.over[0], scratch.rows[11], one)

    for c in range(len(likelihood)):
        multiply_row(likelihood[c], one[c])


@formula
def _said_of_group(b, begin, end, block, parts, places, tables, scratch, likelihood, logs):
    """Fill the likelihood of a group's size, rescaled: the factors from ``begin`` to before ``end``."""
    prefer_wide_registers()
    for c in range(len(likelihood)):
        row = likelihood[c]
        for i in range(len(row)):
            row[i] = 1.0
    for f in range(begin, end):
        if parts.factor_kind[f] == NUMBERS:
            _multiply_numbers(b, parts.extra[parts.factor_extra[f]], block, tables, scratch, likelihood)
        else:
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
                _add_product(products[order], table, products[order - 1])

        # A sum over how many of the figures are the sources' own: a polynomial in the odds of a copy.
        for i in range(len(row)):
            worth[i] = 0.0
        for own in range(count + 1):
            _add_to_polynomial(worth, ratio, parts.factor_said[begin + f + own], products[own])
        multiply_row(row, worth)


@formula
def _add_product(result, one, other):
    no_overlap()
    for i in range(len(result)):
        result[i] += one[i] * other[i]


@formula
def _add_to_polynomial(result, argument, factor, term):
    """One more term of a polynomial, from the highest power down."""
    no_overlap()
    for i in range(len(result)):
        result[i] = result[i] * argument[i] + factor * term[i]


@formula
def _rescale(likelihood, logs, largest):
    """Divide each draw's likelihood by its largest value; the logarithm of the divisor is added to ``logs``."""
    prefer_wide_registers()
    for i in range(len(largest)):
        largest[i] = 0.0
    for c in range(len(likelihood)):
        _keep_largest(largest, likelihood[c])

    for i in range(len(largest)):
        logs[i] += log(largest[i])
        largest[i] = 1.0 / largest[i]
    for c in range(len(likelihood)):
        multiply_row(likelihood[c], largest)


@formula
def _keep_largest(largest, row):
    no_overlap()
    for i in range(len(largest)):
        largest[i] = max(largest[i], row[i])
