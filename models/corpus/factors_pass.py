"""The factors of events at one set of parameters, and their adjoints, in loops to be compiled.

The formulas are those of ``copying``, ``reporting``, ``parts`` and ``adjudicated``. A name that begins with ``d_`` is
the derivative of the log marginal likelihood by what follows; ``mass`` (cells,) is that by the logarithm of a factor.
"""

from __future__ import annotations

from estimates.models.adjudicated import scale_of, spread, spread_slopes
from estimates.models.copying import (
    odds_of_copy,
    odds_of_copy_slope,
    own_and_copied,
    own_and_copied_slopes,
)
from estimates.models.corpus.adjudicated_pass import fill_verified, verified_gradient
from estimates.models.corpus.arrays import (
    GROUP,
    LINEAR,
    NUMBERS,
    PART,
    REPEATING,
    SHARED_ERROR,
    SHARED_ERROR_BASE,
    SHARED_ERROR_FACTOR,
    TOLL,
    VECTOR,
    WHOLE_GROUP,
)
from estimates.models.corpus.numbers_pass import numbers_adjoint, numbers_factor
from estimates.models.corpus.parts_pass import joint_factor, joint_factor_adjoint, part_factor, part_factor_adjoint
from estimates.models.corpus.ties_pass import TINY, tied_factor, tied_factor_adjoint
from estimates.models.formula import apart, formula

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.


@formula
def multiply_factor(f, part, grids, parts, tables, rates, shared, scratch, likelihood):
    """Multiply a likelihood (cells,) by factor ``f`` of a part."""
    kind, size = parts.factor_kind[f], len(likelihood)
    if kind in (LINEAR, GROUP):
        _multiply_said(f, parts, tables, rates, shared, scratch.products, scratch.factor[:size], likelihood)
    elif kind == VECTOR:
        begin = parts.member_figure[parts.members[f]]
        _multiply(parts.vectors[begin : begin + size], likelihood)
    else:
        factor, log_count = scratch.extra[0, :size], grids.log_count[_of_grid(part, grids, parts)]
        if kind == NUMBERS:
            numbers_factor(parts.extra[parts.factor_extra[f]], shared, log_count, factor)
        elif kind == TOLL:
            _toll_factor(f, part, grids, parts, shared, factor)
        else:
            _part_factor(f, part, grids, parts, tables, rates, shared, scratch, factor)
        _multiply(factor, likelihood)


@formula
def factor_adjoint(f, part, grids, parts, tables, rates, shared, mass, scratch, d_tables, d_rates, d_shared):
    """Adjoint of :func:`multiply_factor`; ``mass`` (cells,) is that of the logarithm of the factor."""
    kind, size = parts.factor_kind[f], len(mass)
    if kind in (LINEAR, GROUP):
        _said_adjoint(
            f, parts, tables, rates, shared, mass, scratch.products, scratch.factor[:size], d_tables, scratch.d_logs,
            d_rates, d_shared,
        )  # fmt: skip
    elif kind == NUMBERS:
        numbers_adjoint(
            parts.extra[parts.factor_extra[f]], shared, grids.log_count[_of_grid(part, grids, parts)], mass, d_shared
        )
    elif kind == TOLL:
        _toll_adjoint(f, part, grids, parts, shared, mass, scratch.extra, d_shared)
    elif kind == PART:
        _part_adjoint(f, part, grids, parts, tables, rates, shared, mass, scratch, d_tables, d_rates, d_shared)


# What is said --------------------------------------------------------------------------------------------------------


@apart
def _multiply_said(f, parts, tables, rates, shared, products, factor, likelihood):
    """Multiply a likelihood (cells,) by a factor of figures."""
    rate, size = rates[parts.factor_rate[f]], len(likelihood)
    member, end = parts.members[f], parts.members[f + 1]
    begin = parts.member_figure[member]

    if parts.factor_kind[f] == GROUP:
        # Each factor before this one has one number more than it has members.
        said = parts.factor_said[member + f : end + f + 1]
        tied_factor(parts.member_figure[member:end], said, odds_of_copy(rate), tables, products, factor)
        _multiply(factor, likelihood)
    elif _is_table(f, parts):
        _multiply(tables[begin : begin + size], likelihood)
    else:
        own, copied = own_and_copied(
            parts.factor_update[f], rate, parts.factor_before[f], parts.factor_others[f], parts.factor_repeats[f],
            shared[REPEATING],
        )  # fmt: skip
        _multiply_linear(own, copied, tables[begin : begin + size], likelihood)


@apart
def _said_adjoint(f, parts, tables, rates, shared, mass, products, adjoint, d_tables, d_logs, d_rates, d_shared):
    """Adjoint of :func:`_multiply_said`."""
    rate, size = rates[parts.factor_rate[f]], len(mass)
    member, end = parts.members[f], parts.members[f + 1]
    begin = parts.member_figure[member]

    if parts.factor_kind[f] == GROUP:
        begins, said = parts.member_figure[member:end], parts.factor_said[member + f : end + f + 1]
        d_odds = tied_factor_adjoint(begins, said, odds_of_copy(rate), tables, mass, products, adjoint, d_tables)
        d_rates[parts.factor_rate[f]] += d_odds * odds_of_copy_slope(rate)
    elif _is_table(f, parts):
        _add(mass, d_logs[begin : begin + size])
    else:
        update, before, others = parts.factor_update[f], parts.factor_before[f], parts.factor_others[f]
        repeats, repeating = parts.factor_repeats[f], shared[REPEATING]
        own, copied = own_and_copied(update, rate, before, others, repeats, repeating)

        d_own, d_copied = _multiply_linear_adjoint(
            own, copied, tables[begin : begin + size], mass, d_tables[begin : begin + size]
        )
        own_by_rate, copied_by_rate, own_by_repeating, copied_by_repeating = own_and_copied_slopes(
            update, rate, before, others, repeats, repeating
        )
        d_rates[parts.factor_rate[f]] += d_own * own_by_rate + d_copied * copied_by_rate
        d_shared[REPEATING] += d_own * own_by_repeating + d_copied * copied_by_repeating


# A verified toll -----------------------------------------------------------------------------------------------------


@formula
def _toll_factor(f, part, grids, parts, shared, factor):
    """Fill the factor (cells,) of a verified toll."""
    toll, cells = parts.extra[parts.factor_extra[f]], _of_grid(part, grids, parts)
    last, log_count = grids.last[cells], grids.log_count[cells]
    floor, at_risk = parts.floor[part], parts.at_risk[part]
    scale = scale_of(spread(shared[SHARED_ERROR_BASE], shared[SHARED_ERROR_FACTOR], parts.distance[part]))
    fill_verified(toll[0], toll[1], floor, at_risk, shared[SHARED_ERROR], scale, last, log_count, factor)


@formula
def _toll_adjoint(f, part, grids, parts, shared, mass, work, d_shared):
    """Adjoint of :func:`_toll_factor`; ``work`` (8, cells) is working memory."""
    toll, cells = parts.extra[parts.factor_extra[f]], _of_grid(part, grids, parts)
    last, log_count = grids.last[cells], grids.log_count[cells]
    floor, at_risk, distance = parts.floor[part], parts.at_risk[part], parts.distance[part]
    base, factor = shared[SHARED_ERROR_BASE], shared[SHARED_ERROR_FACTOR]
    scale = scale_of(spread(base, factor, distance))

    d_known = work[0, : len(mass)]
    _toll_factor(f, part, grids, parts, shared, d_known)
    for c in range(len(mass)):
        d_known[c] = mass[c] / (d_known[c] + TINY)
    d_wrong, d_scale = verified_gradient(
        toll[0], toll[1], floor, at_risk, shared[SHARED_ERROR], scale, last, log_count, d_known
    )

    by_base, by_factor = spread_slopes(base, factor, distance)
    d_shared[SHARED_ERROR] += d_wrong
    d_shared[SHARED_ERROR_BASE] += scale_of(d_scale * by_base)
    d_shared[SHARED_ERROR_FACTOR] += scale_of(d_scale * by_factor)


@formula
def _of_grid(part, grids, parts):
    """Where the cells of the grid of a part lie."""
    g = parts.grid[part]
    return slice(grids.offset[g], grids.offset[g + 1])


# Figures of a part ---------------------------------------------------------------------------------------------------


@apart
def _part_factor(f, part, grids, parts, tables, rates, shared, scratch, factor):
    """Fill the factor (cells,) of figures of a part, or of two that exclude each other."""
    size, ends = len(factor), parts.extra[parts.factor_extra[f]]
    last = grids.last[_of_grid(part, grids, parts)]
    one, other = scratch.extra[1, :size], scratch.extra[2, :size]
    log_count = grids.log_count[_of_grid(part, grids, parts)]
    _said_of_group(ends[0], ends[1], parts, tables, rates, shared, log_count, scratch, one)
    if ends[2] == ends[3]:
        part_factor(last, _share_all(f, parts, shared), one, factor)
    else:
        _said_of_group(ends[2], ends[3], parts, tables, rates, shared, log_count, scratch, other)
        joint_factor(last, one, other, scratch.extra[3, :size], factor)


@apart
def _part_adjoint(f, part, grids, parts, tables, rates, shared, mass, scratch, d_tables, d_rates, d_shared):
    """Adjoint of :func:`_part_factor`."""
    size, ends = len(mass), parts.extra[parts.factor_extra[f]]
    last, factor = grids.last[_of_grid(part, grids, parts)], scratch.extra[0, :size]
    log_count = grids.log_count[_of_grid(part, grids, parts)]
    _part_factor(f, part, grids, parts, tables, rates, shared, scratch, factor)

    one, other, below = scratch.extra[1, :size], scratch.extra[2, :size], scratch.extra[3, :size]
    d_one, d_other, d_below = scratch.extra[4, :size], scratch.extra[5, :size], scratch.extra[6, :size]
    for c in range(size):
        factor[c] = mass[c] / (factor[c] + TINY)
        d_one[c], d_other[c] = 0.0, 0.0

    if ends[2] == ends[3]:
        d_share = part_factor_adjoint(last, _share_all(f, parts, shared), one, factor, d_one)
        if not parts.factor_update[f]:
            d_shared[WHOLE_GROUP] += d_share
    else:
        joint_factor_adjoint(last, one, other, below, factor, d_below, d_one, d_other)
        _group_adjoint(
            ends[2], ends[3], parts, tables, rates, shared, log_count, other, d_other, scratch, d_tables, d_rates,
            d_shared,
        )  # fmt: skip
    _group_adjoint(
        ends[0], ends[1], parts, tables, rates, shared, log_count, one, d_one, scratch, d_tables, d_rates, d_shared
    )


@formula
def _share_all(f, parts, shared):
    """Probability that a group is everybody; zero where the words say that it is not."""
    return 0.0 if parts.factor_update[f] else shared[WHOLE_GROUP]


@formula
def _said_of_group(begin, end, parts, tables, rates, shared, log_count, scratch, likelihood):
    """Fill the likelihood (cells,) of a group's size: the factors from ``begin`` to before ``end``."""
    factor = scratch.factor[: len(likelihood)]
    for c in range(len(likelihood)):
        likelihood[c] = 1.0

    for f in range(begin, end):
        if parts.factor_kind[f] == NUMBERS:
            numbers_factor(parts.extra[parts.factor_extra[f]], shared, log_count, factor)
            _multiply(factor, likelihood)
        else:
            _multiply_said(f, parts, tables, rates, shared, scratch.products, factor, likelihood)


@formula
def _group_adjoint(
    begin, end, parts, tables, rates, shared, log_count, likelihood, d_likelihood, scratch, d_tables, d_rates, d_shared
):  # fmt: skip
    """Adjoint of :func:`_said_of_group`; ``d_likelihood`` (cells,) becomes that of its logarithm."""
    for c in range(len(likelihood)):
        d_likelihood[c] *= likelihood[c]
    for f in range(end - 1, begin - 1, -1):
        if parts.factor_kind[f] == NUMBERS:
            numbers_adjoint(parts.extra[parts.factor_extra[f]], shared, log_count, d_likelihood, d_shared)
        else:
            _said_adjoint(
                f, parts, tables, rates, shared, d_likelihood, scratch.products, scratch.extra[7, : len(likelihood)],
                d_tables, scratch.d_logs, d_rates, d_shared,
            )  # fmt: skip


@formula
def _is_table(f, parts):
    """Whether a linear factor is the table of its figure as it stands: nobody had said the same."""
    return parts.factor_before[f] == 0.0 and not parts.factor_update[f]


@formula
def _multiply(table, likelihood):
    """Multiply a likelihood by a table, both (cells,)."""
    for c in range(len(likelihood)):
        likelihood[c] *= table[c]


@formula
def _multiply_linear(own, copied, table, likelihood):
    """Multiply a likelihood by ``own * table + copied``."""
    for c in range(len(likelihood)):
        likelihood[c] *= own * table[c] + copied


@formula
def _multiply_linear_adjoint(own, copied, table, mass, d_table):
    """Add the adjoint of a linear factor's table; those of ``own`` and ``copied`` are returned."""
    d_own, d_copied = 0.0, 0.0
    for c in range(len(mass)):
        d_factor = mass[c] / (own * table[c] + copied + TINY)
        d_table[c] += own * d_factor
        d_own += d_factor * table[c]
        d_copied += d_factor
    return d_own, d_copied


@formula
def _add(mass, d_log):
    """Add the adjoint of the logarithm of a factor: the posterior."""
    for c in range(len(mass)):
        d_log[c] += mass[c]


@formula
def divide_by_tables(tables, d_logs, d_tables):
    """Add to the adjoints of tables what those of their logarithms make of them; all (cells of all figures,)."""
    for c in range(len(tables)):
        d_tables[c] += d_logs[c] / (tables[c] + TINY)
