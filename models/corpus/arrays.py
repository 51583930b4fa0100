"""What the compiled loops read and write: named groups of arrays, and where each parameter stands among them.

Tables of different lengths lie in one array, one after another; ``offset`` arrays say where each begins, with the whole
length last. The same groups hold adjoints: the derivatives of the log marginal likelihood by what stands in the same
place. The comments state the shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from estimates.models.parameters import GROWTH_PARAMETERS, REPORTING_PARAMETERS
from estimates.models.types import Booleans, Floats, Integers

#: Places in ``Values.shared``.
SLOPE, OUTLIER, HEAPING, AT_LEAST_SHIFT, PHANTOM, REPEATING, NONE_FALL, WHOLE_GROUP = (
    REPORTING_PARAMETERS.index(name)
    for name in (
        "exactness_slope", "outlier", "heaping", "at_least_shift", "phantom", "repeating", "none_fall", "whole_group",
    )
)  # fmt: skip
#: The first of the shares of "none", which stand in the order of ``wording.NONE_KINDS``.
NONE_SHARES = REPORTING_PARAMETERS.index("none_party")
SHARED_ERROR, SHARED_ERROR_FACTOR, SHARED_ERROR_BASE = (
    REPORTING_PARAMETERS.index(name) for name in ("shared_error", "shared_error_factor", "shared_error_base")
)
#: Places in ``Values.growth``.
GROWTH_SLOPE, LOW_SHARE, LOW_SHAPE, OVER_SHARE, OVER_SHAPE, RISING, FALLING, FALLEN = (
    GROWTH_PARAMETERS.index(name)
    for name in (
        "complete_slope", "low_share", "low_shape", "over_share", "over_shape", "rising", "falling", "fallen",
    )
)  # fmt: skip
#: Shifts of the location: none, that of "at least", that of "up to".
NO_SHIFT, AT_LEAST, UP_TO = 0, 1, 2
SHIFTS = 3
#: Ways to be revised: up by the step's own law, up from little, and down.
OWN_WAY, LOW_WAY, OVER_WAY = 0, 1, 2
WAYS = 3
#: Kinds of factors of an event.
LINEAR, GROUP, VECTOR, NUMBERS, PART, TOLL = 0, 1, 2, 3, 4, 5


class Values(NamedTuple):
    """One set of parameters, or the gradient by them."""

    # (sources,)
    bias: Floats
    exactness: Floats
    scale: Floats
    copying: Floats
    # (parameters,): those of the reporting model that all sources share, at the places named above.
    shared: Floats
    # (laws of sizes,)
    positive: Floats
    shape: Floats
    scale_of_size: Floats
    # (laws of growth, steps)
    complete_logit: Floats
    documented_shape: Floats
    # (parameters, groups of laws of growth): those that the laws of a group share, at the places named above.
    growth: Floats


class Grids(NamedTuple):
    """The cells of all grids.

    ``last`` is the last count of a cell, ``relative`` the logarithm of the count relative to a count of
    the logarithm ``log_reference``, ``gross_zero`` the probability that a gross error of it is a zero.
    """

    # (grids + 1,)
    offset: Integers
    # (cells of all grids,)
    last: Floats
    log_count: Floats
    relative: Floats
    gross_zero: Floats
    # (cells of all grids,): what the steps of growth take powers of, as ``grid`` has it.
    log_shrinkage: Floats
    log_below: Floats
    log_above: Floats
    curvature_below: Floats
    curvature_above: Floats
    # (cells of all grids,): a factor of the count where a power of it is a product of those of smaller ones, else zero.
    smallest_factor: Integers
    # (grids,)
    first_wide: Integers
    log_reference: Floats


class Figures(NamedTuple):
    """Unique figures.

    A pair is a source on a grid. Words fall into groups of terms with one shift of the location. A term is a sum of the
    errors' distribution function at ``points``; the weights of what is rounded come on top, times the share of
    rounding. What depends on the data alone is given: the atoms, from ``atom_first`` to before ``atom_last``, and the
    sums of gross errors, plain and what rounding changes in them.
    """

    # (pairs,), (pairs, shifts) and (pairs + 1,)
    pair_source: Integers
    pair_grid: Integers
    pair_kinds: Booleans
    pair_offset: Integers
    # (figures,)
    figure_pair: Integers
    figure_words: Integers
    # (figures + 1,): where the table of a figure begins, and where those of its groups do.
    figure_offset: Integers
    sums_offset: Integers
    # (words,): of what is said the part that is "none", its kind, and whether it grows rarer with the toll.
    none_weight: Floats
    none_kind: Integers
    none_falls: Booleans
    # (words + 1,)
    group_offset: Integers
    # (groups,): the shift of a group, and where its vectors over the cells begin.
    group_kind: Integers
    group_vector: Integers
    atom_first: Integers
    atom_last: Integers
    rounded: Booleans
    # (groups + 1,)
    point_offset: Integers
    # (points of all groups,)
    points: Floats
    log_points: Floats
    point_plain: Floats
    point_rounded: Floats
    # (words + 1,)
    phantom_offset: Integers
    # (points of all words,): the law of numbers said although nobody was killed.
    log_phantom: Floats
    phantom_weights: Floats
    # (cells of all groups,)
    gross_plain: Floats
    gross_rounded: Floats
    atoms: Floats


class HeldTables(NamedTuple):
    """Tables of sources and figures.

    For each shift and pair ``exact`` and ``error`` are the probabilities of saying a number and holding the count, or
    an error. ``odds`` is the count's part of the odds that an error lies above a point. ``sums`` are those of the
    errors' distribution function at the points of each group of a figure, ``figures`` P(words | C).
    """

    # (cells of all pairs,)
    odds: Floats
    # (shifts * cells of all pairs,)
    exact: Floats
    error: Floats
    # (cells of all groups of all figures,)
    sums: Floats
    # (cells of all figures,)
    figures: Floats


class Steps(NamedTuple):
    """Steps of growth that events of the corpus take, each on one grid."""

    # (steps,): the grid, the law of growth and its group, the bin it leads down to, whether "will rise" slows it down,
    # and whether a source lowers its figure over it.
    grid: Integers
    growth: Integers
    group: Integers
    bin: Integers
    rising: Booleans
    falling: Booleans
    # (steps,): which of the ways that steps share, those of one grid and group, are its own.
    shared: Integers
    # (steps + 1,)
    offset: Integers
    # (ways shared,): grid and group, and where their tables begin.
    shared_grid: Integers
    shared_group: Integers
    # (ways shared + 1,)
    shared_offset: Integers


class StepTables(NamedTuple):
    """Tables of the steps.

    ``complete`` is the probability to stay as it is. A way to be revised is a running mean over the cells: ``kept`` is
    what remains of it from one cell to the next, ``within`` what the mean over the counts of a cell has of it. Those of
    a step's own way differ by step, the other two by grid and group. ``staying`` and ``weight`` are the weights of a cell's own
    value and of the three running means: what ``growth.step`` does, gathered once for all events.
    """

    # (cells of all steps,)
    complete: Floats
    kept: Floats
    within: Floats
    staying: Floats
    # (ways, cells of all steps)
    weight: Floats
    # (cells of all ways shared,)
    low_kept: Floats
    low_within: Floats
    over_kept: Floats
    over_within: Floats


class Laws(NamedTuple):
    """Laws of the toll: of sizes (``chain_from`` -1), or another law pushed down a step.

    ``chain_offset`` is where the tables of that step begin, ``chain_shared`` where those begin that it shares.
    """

    # (laws,), (laws,) and (laws + 1,)
    grid: Integers
    size: Integers
    offset: Integers
    # (laws,)
    chain_from: Integers
    chain_offset: Integers
    chain_shared: Integers


class Parts(NamedTuple):
    """Events: patterns with a weight, mixtures of parts (one for each assignment of ages) with factors bin by bin.

    ``by_now`` is the bin of what is documentable by now, which only the loops over draws ask for.

    A linear factor is ``own * table + copied``; for the first figure of a source ``own`` is one, for an update it is
    ``(1 - repeating)`` times the share of own figures. A group holds tied figures that say the same, ``said`` what each
    number of own figures among them is worth. A vector is given by the data. ``NUMBERS`` is the factor of sources that
    give a number and do not say "none", ``PART`` that of figures of a part, whose own factors lie outside the bins,
    and ``TOLL`` that of a verified toll.
    """

    # (patterns + 1,) and (patterns,)
    pattern_offset: Integers
    pattern_weight: Floats
    # (parts,): first and last are bins.
    grid: Integers
    law: Integers
    log_share: Floats
    first: Integers
    last: Integers
    by_now: Integers
    # (parts,): what the law of the adjudicated toll takes: how far figures lie apart, names known, people at risk.
    distance: Floats
    floor: Floats
    at_risk: Floats
    # (parts, steps): the step down to each bin, where its tables begin, and where those that it shares do.
    step_number: Integers
    step: Integers
    step_shared: Integers
    # (parts, bins + 1): the factors of a bin lie from its place to before the next.
    factor: Integers
    # (factors,)
    factor_kind: Integers
    # (factors + 1,)
    members: Integers
    # (members of all factors,): where the table of a figure begins, or the vector.
    member_figure: Integers
    # (factors,): the readiness to copy, and how many had said the same before, and how many others had spoken.
    factor_rate: Integers
    factor_before: Floats
    factor_others: Floats
    factor_update: Booleans
    factor_repeats: Floats
    # (factors,): a row of ``extra`` for the kinds with further numbers.
    factor_extra: Integers
    # (rows, 4): of NUMBERS the sources of each kind; of PART where the factors of the group and of the group that
    # excludes it begin and end, in turn; of TOLL its ends, the higher -1 where open.
    extra: Integers
    # (members + factors,): one number more than a factor has members.
    factor_said: Floats
    # (parts + 1,)
    constant_offset: Integers
    # (constants of all parts,): the number of the own share that each is.
    constant: Integers
    # (own shares,): the readiness to copy, and how many others had spoken.
    share_rate: Integers
    share_others: Floats
    # (cells of all vectors,)
    vectors: Floats


@dataclass(frozen=True, eq=False)
class Arrays:
    """What the compiled loops read of the data.

    Attributes
    ----------
    grids, figures, steps, laws, parts : named groups of arrays
    rate_source : integer array, shape (members of all rates,)
        Sources that share a readiness to copy, one such group after another.
    rate_offset, rate_size : integer arrays, shape (rates,)
        Where each group begins, and how many sources it has.
    """

    grids: Grids
    figures: Figures
    steps: Steps
    laws: Laws
    parts: Parts
    rate_source: Integers
    rate_offset: Integers
    rate_size: Integers


# Working memory. Compiled loops allocate none themselves: counting the references to it would cost more than they do.


class ReportingScratch(NamedTuple):
    """For the points of one figure, and the cells of the longest grid."""

    # (most points of a group + 1,)
    weights: Floats
    distance: Floats
    odds_at: Floats
    # (cells of the longest grid,)
    d_sums: Floats
    d_odds: Floats
    odds_of_error: Floats


class StepScratch(NamedTuple):
    """The running means of one step, and what its adjoint carries the other way."""

    # (ways, cells of the longest grid)
    means: Floats
    carried: Floats


class EventScratch(NamedTuple):
    """For each part of a pattern and bin the cells after its factors and before them, and for one factor its parts."""

    # (most parts of a pattern, bins, cells of the longest grid)
    after: Floats
    passed: Floats
    # (most parts of a pattern, bins, ways, cells of the longest grid)
    means: Floats
    # (cells of the longest grid,)
    mass: Floats
    factor: Floats
    # (cells of all figures,): adjoints of the logarithms of tables that are factors as they stand.
    d_logs: Floats
    # (most members of a factor + 1, cells of the longest grid)
    products: Floats
    # (8, cells of the longest grid): of figures of a part, and of a verified toll.
    extra: Floats
    # (most parts of a pattern,)
    logs: Floats
    totals: Floats
    # (own shares,): their logarithms, and the adjoints of these.
    log_shares: Floats
    d_log_shares: Floats


# Making the arrays ---------------------------------------------------------------------------------------------------


def integers(values: Iterable[int]) -> Integers:
    """Array of counts or places, shape (values,)."""
    return np.array(list(values), dtype=np.int64)


def columns(rows: Iterable[Sequence[int]], width: int) -> Integers:
    """Rows of so many places each, column by column, shape (width, rows)."""
    return np.array(list(rows), dtype=np.int64).reshape(-1, width).T.copy()


def numbers(values: Iterable[float]) -> Floats:
    """Array of real numbers, shape (values,)."""
    return np.array(list(values), dtype=float)


def joined(tables: Iterable[Floats]) -> Floats:
    """Tables one after another, shape (cells of all tables,)."""
    return np.concatenate([np.zeros(0), *tables])


def offsets(sizes: Iterable[int]) -> Integers:
    """Where each of several tables begins, and the whole length last, shape (tables + 1,)."""
    return np.cumsum([0, *sizes]).astype(np.int64)
