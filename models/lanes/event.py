"""Posteriors of cases for one block of draws; the formulas are those of ``event`` and ``copying``."""

from __future__ import annotations

from estimates.models.adjudicated import scale_of, spread
from estimates.models.copying import own_share
from estimates.models.corpus.arrays import SHARED_ERROR, SHARED_ERROR_BASE, SHARED_ERROR_FACTOR
from estimates.models.elementary import exp, log, no_overlap, prefer_wide_registers
from estimates.models.formula import apart, formula
from estimates.models.growth import FINAL
from estimates.models.lanes.adjudicated import pass_to_adjudicated
from estimates.models.lanes.error_shares import are_filled_for, fill_shares
from estimates.models.lanes.factors import multiply_bin
from estimates.models.lanes.growth import growth_tables, pass_down, pass_up, size_laws
from estimates.models.lanes.missing import multiply_lists
from estimates.models.lanes.reporting import reporting_tables
from estimates.models.lanes.rows import copy_row, multiply_row

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.


def posteriors(
    first, last, block, grids, borders, figures, steps, parts, places, lists, tables, scratch, of_borders, shares,
    by_now, of_accounts, up_to_shift, answers,
):  # fmt: skip
    """Answers to all cases, for the blocks of draws from ``first`` to before ``last``.

    With ``by_now`` the mass is that of what is documented by now, else of what is documented in the end; with
    ``of_accounts`` that of the count that the accounts hold, before the error they share.
    """
    prefer_wide_registers()
    for b in range(first, last):
        reporting_tables(b, block.values, grids, figures, tables, scratch, up_to_shift)
        growth_tables(b, block.values, grids, steps, tables, scratch)
        size_laws(b, block.values, grids, tables, scratch)
        shares.filled_for[0] = 0.0
        _cases(
            b, block, grids, borders, steps, parts, places, lists, tables, scratch, of_borders, shares, by_now,
            of_accounts, answers,
        )  # fmt: skip


@formula
def _cases(
    b, block, grids, borders, steps, parts, places, lists, tables, scratch, of_borders, shares, by_now, of_accounts,
    answers,
):  # fmt: skip
    """Answers to all cases for one block of draws; parts that take the same steps are passed to the end together."""
    case, part = 0, 0
    while part < len(parts.first):
        end = part + 1 if by_now else _end_of_alike(part, parts, len(scratch.likelihoods))
        _pass_to_the_end(b, part, end, block, grids, steps, parts, places, tables, scratch, by_now)

        for each in range(part, end):
            if each == parts.pattern_offset[case + 1]:
                case += 1
            _add_to_case(
                b, case, each, each - part, block, grids, borders, steps, parts, places, lists, tables, scratch,
                of_borders, shares, by_now, of_accounts, answers,
            )  # fmt: skip
        part = end


@formula
def _end_of_alike(part, parts, most):
    """The end of the parts from one on, ``most`` of them, that begin in the same bin and take the same steps."""
    end = part + 1
    while end < len(parts.first) and end - part < most and parts.first[end] == parts.first[part]:
        for step in range(parts.first[part], FINAL):
            if parts.step_number[end, step] != parts.step_number[part, step]:
                return end
        end += 1
    return end


@formula
def _add_to_case(
    b, case, part, place, block, grids, borders, steps, parts, places, lists, tables, scratch, of_borders, shares,
    by_now, of_accounts, answers,
):  # fmt: skip
    """Add a part to the mixture of a case: log marginal likelihood, mass, and tolls where it is the last one.

    Its likelihood is at ``place`` among those that were passed to the end together.
    """
    prefer_wide_registers()
    logs, part_logs = scratch.rows[4], scratch.logs[place]
    at, first, end = b * len(logs), parts.pattern_offset[case], parts.pattern_offset[case + 1]
    _posterior_of_part(
        b, part, scratch.likelihoods[place], block, grids, steps, parts, places, lists, tables, scratch, by_now,
        part_logs,
    )  # fmt: skip
    for r in range(answers.held.shape[1]):
        _draw(scratch.factor, answers.held_uniforms[case, r], at, scratch.rows[6], scratch.rows[8])
    if not of_accounts:
        _adjudicate(b, part, block, grids, borders, parts, scratch, of_borders, shares)

    if part > first:
        _add_to_mixture(part_logs, logs, scratch.rows[6], scratch.rows[7], scratch.factor, scratch.mass)
    else:
        copy_row(part_logs, logs)
        if end - first > 1:
            _copy(scratch.factor, scratch.mass)
    for r in range(answers.held.shape[1]):
        _choose(
            part - first, scratch.rows[7], scratch.rows[8], at, answers.choice[case, r], answers.held[case, r],
            answers.alternative[case, r],
        )  # fmt: skip
    if part + 1 == end:
        mass = scratch.mass if end - first > 1 else scratch.factor
        _answer(case, at, logs, mass, scratch.rows[6], scratch.rows[7], answers)


@formula
def _answer(case, at, logs, mass, below, found, answers):
    """Keep what was found of a case in one block of draws, and draw its tolls."""
    end = at + len(logs)
    copy_row(logs, answers.log_marginal_likelihood[case, at:end])
    for c in range(len(mass)):
        copy_row(mass[c], answers.mass[case, c, at:end])
    for r in range(answers.uniforms.shape[1]):
        cells = answers.cells[case, r]
        _draw(mass, answers.uniforms[case, r], at, below, found)
        for i in range(len(found)):
            cells[at + i] = int(found[i])


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


@apart
def _draw(mass, uniforms, at, below, found):
    """Fill ``found`` with the cell that each draw's toll falls into, by inversion."""
    prefer_wide_registers()
    for i in range(len(below)):
        below[i] = 0.0
        found[i] = 0.0
    for c in range(len(mass) - 1):
        _draw_beyond(mass[c], uniforms[at : at + len(below)], below, found)


@formula
def _draw_beyond(mass, uniforms, below, found):
    """Go one cell further where the toll lies beyond this one; rows (lanes,)."""
    no_overlap()
    for i in range(len(below)):
        below[i] += mass[i]
        found[i] += 1.0 if below[i] < uniforms[i] else 0.0


@formula
def _choose(alternative, new, found, at, choice, cells, alternatives):
    """Keep the cells found in an alternative where chance chooses it, which is ``new`` of the mixture so far.

    The part of a chance that was not used up is as good as a new one.
    """
    prefer_wide_registers()
    for i in range(len(found)):
        share = 1.0 if alternative == 0 else new[i]
        is_chosen = choice[at + i] < share
        if is_chosen:
            cells[at + i] = int(found[i])
            alternatives[at + i] = alternative
            choice[at + i] = choice[at + i] / share
        else:
            choice[at + i] = (choice[at + i] - share) / max(1.0 - share, 1e-300)


# One alternative ------------------------------------------------------------------------------------------------------


@formula
def _pass_to_the_end(b, begin, end, block, grids, steps, parts, places, tables, scratch, by_now):
    """Likelihoods of the toll of the end for some parts that take the same steps; the tables of a step serve all.

    They are left in ``scratch.likelihoods``, and the logarithms of their scales in ``scratch.logs``.
    """
    prefer_wide_registers()
    likelihoods, first = scratch.likelihoods[: end - begin], parts.first[begin]
    for k in range(len(likelihoods)):
        _begin_likelihood(b, begin + k, block, parts, likelihoods[k], scratch.logs[k])
        scratch.since[k] = 0

    for bin_index in range(first, FINAL + 1):
        if bin_index > first:
            pass_up(
                b, parts.step_number[begin, bin_index - 1], block.values, grids, steps, tables, scratch, likelihoods
            )
        for k in range(len(likelihoods)):
            scratch.since[k] = multiply_bin(
                b, begin + k, bin_index, block, grids, parts, places, tables, scratch, likelihoods[k], scratch.logs[k],
                scratch.since[k],
            )  # fmt: skip
        if by_now and bin_index == parts.by_now[begin]:
            _copy(likelihoods[0], scratch.now)


@formula
def _posterior_of_part(
    b, part, likelihood, block, grids, steps, parts, places, lists, tables, scratch, by_now, logs
):  # fmt: skip
    """Posterior of one assignment of ages: its mass in ``scratch.factor``, its log marginal likelihood in ``logs``."""
    prefer_wide_registers()
    values, first, by = block.values, parts.first[part], parts.by_now[part]
    # A list is about those still to be found, so it does not bear on what is documented by now.
    if lists.offset[part] < lists.offset[part + 1] and (by == FINAL or not by_now):
        multiply_lists(b, part, lists, scratch, likelihood)

    prior, mass, total = tables.laws[places.law[part]], scratch.factor, scratch.rows[6]
    _product(prior, likelihood, mass, total)
    for i in range(len(total)):
        logs[i] += log(total[i])
    if not by_now or by == FINAL:
        _divide(mass, total)
        return

    # What is expected by now, given what bears on later counts: names, people at risk, and "none" on that of the end.
    _copy(prior, likelihood)
    since = multiply_bin(
        b, part, FINAL, block, grids, parts, places, tables, scratch, likelihood, scratch.rows[8], 0
    )  # fmt: skip
    for bin_index in range(FINAL - 1, by - 1, -1):
        pass_down(b, parts.step_number[part, bin_index], values, grids, steps, tables, scratch, likelihood)
        if bin_index > by:
            since = multiply_bin(
                b, part, bin_index, block, grids, parts, places, tables, scratch, likelihood, scratch.rows[8], since
            )  # fmt: skip
    if by >= first:
        _product(likelihood, scratch.now, mass, total)
    else:
        _sums(likelihood, mass, total)
    _divide(mass, total)


@formula
def _adjudicate(b, part, block, grids, borders, parts, scratch, of_borders, shares):
    """Turn the probability of the count in ``scratch.factor`` into that of the adjudicated toll."""
    prefer_wide_registers()
    shared, distance = block.values.shared, parts.distance[part]
    first, last = 1, len(grids.last) - 1
    while grids.last[first] < parts.floor[part] and first < last:
        first += 1
    while grids.last[last] > parts.at_risk[part] and last > first:
        last -= 1

    if not are_filled_for(first, last, distance, shares):
        base, factor, scale = shared[b, SHARED_ERROR_BASE], shared[b, SHARED_ERROR_FACTOR], scratch.rows[6]
        for i in range(len(scale)):
            scale[i] = scale_of(spread(base[i], factor[i], distance))
        fill_shares(shared[b, SHARED_ERROR], scale, first, last, borders, shares)
    pass_to_adjudicated(scratch.factor, shared[b, SHARED_ERROR], first, last, borders, shares, of_borders)


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
        _product_of_rows(one[c], other[c], result[c], total)


@formula
def _product_of_rows(one, other, result, total):
    no_overlap()
    for i in range(len(total)):
        result[i] = one[i] * other[i]
        total[i] += result[i]


@formula
def _sums(values, result, total):
    """A copy of a table, and its sum over cells."""
    prefer_wide_registers()
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
        multiply_row(table[c], total)
