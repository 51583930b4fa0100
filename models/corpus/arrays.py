"""What the fused sums read and write: named groups of arrays, and where each parameter stands among them.

Ragged tables lie in one array after another; ``offset`` arrays say where each begins, with the whole length last. The
same groups hold adjoints: the derivatives of the log evidence by what stands in the same place.
"""

from __future__ import annotations

from typing import Any, NamedTuple

#: Places in ``Values.shared``.
SLOPE, OUTLIER, HEAPING, AT_LEAST_SHIFT, PHANTOM, REPEATING = range(6)
#: Places in ``Values.growth``.
GROWTH_SLOPE, LOW_SHARE, LOW_SHAPE, OVER_SHARE, OVER_SHAPE, RISING = range(6)
#: Shifts of the location: none, that of "at least", that of "up to".
NO_SHIFT, AT_LEAST, UP_TO = 0, 1, 2
SHIFTS = 3
#: Ways to be revised: up by the step's own law, up from little, and down.
WAYS = 3
DOWNWARDS = 2
#: Kinds of factors of an event.
LINEAR, GROUP, VECTOR = 0, 1, 2


class Values(NamedTuple):
    """One set of parameters, or the gradient by them."""

    # One value for each source.
    bias: Any
    exactness: Any
    scale: Any
    none_share: Any
    copying: Any
    # Parameters of accounting that all sources share.
    shared: Any
    # One value for each law of sizes.
    positive: Any
    shape: Any
    scale_of_size: Any
    # One row for each kind of event, one column for each step.
    complete_logit: Any
    documented_shape: Any
    # Parameters of documentation that all kinds of event share.
    growth: Any


class Grids(NamedTuple):
    """The cells of all grids. ``relative`` logs are taken relative to ``reference``, one number a grid."""

    offset: Any
    edge_offset: Any
    edges: Any
    relative_edges: Any
    middle: Any
    count: Any
    log_count: Any
    relative: Any
    curvature: Any
    reference: Any


class Figures(NamedTuple):
    """Unique figures.

    A pair is a source on a grid. Words fall into groups of terms with one shift of the location. A term is a sum of the
    errors' distribution function at ``points``; the weights of what is rounded come on top, times the share of
    rounding. What depends on the data alone is given: the atoms, from ``atom_first`` to before ``atom_last``, and the
    sums of gross errors, plain and what rounding changes in them.
    """

    pair_source: Any
    pair_grid: Any
    pair_kinds: Any
    pair_offset: Any
    figure_pair: Any
    figure_words: Any
    figure_offset: Any
    sums_offset: Any
    none_weight: Any
    group_offset: Any
    group_kind: Any
    group_vector: Any
    atom_first: Any
    atom_last: Any
    rounded: Any
    point_offset: Any
    points: Any
    log_points: Any
    point_plain: Any
    point_rounded: Any
    phantom_offset: Any
    log_phantom: Any
    phantom_weights: Any
    gross_plain: Any
    gross_rounded: Any
    atoms: Any


class HeldTables(NamedTuple):
    """Tables of sources and figures.

    For each shift and pair ``exact``, ``ordinary`` and ``gross`` are the probabilities of holding the count, an
    ordinary error or a gross one, given that a number is said; ``given_inverse`` is one over the probability of that.
    ``odds`` is the count to the power 1 / scale. ``sums`` are those of the errors' distribution function at the points
    of each group of a figure, ``figures`` P(words | C).
    """

    rho: Any
    odds: Any
    given_inverse: Any
    exact: Any
    ordinary: Any
    gross: Any
    sums: Any
    figures: Any


class Steps(NamedTuple):
    """Steps of documentation that events of the corpus take, each on one grid."""

    grid: Any
    growth: Any
    index: Any
    rising: Any
    offset: Any


class StepTables(NamedTuple):
    """Tables of the steps.

    ``own`` is the probability to stay within a cell; ``child`` and ``parent`` (3, cells) are the separated parts of the
    three ways to be revised, with their shares in ``parent``. ``raw``, ``stay`` and ``complete`` are what these are
    made of.
    """

    own: Any
    child: Any
    parent: Any
    raw: Any
    stay: Any
    complete: Any


class Laws(NamedTuple):
    """Laws of the toll: of sizes (``chain_from`` -1), or another law pushed down the step at ``chain_offset``."""

    grid: Any
    size: Any
    offset: Any
    chain_from: Any
    chain_offset: Any


class Parts(NamedTuple):
    """Events: patterns with a weight, mixtures of parts (one for each assignment of ages) with factors bin by bin.

    A linear factor is ``own * table + copied``; for the first figure of a source ``own`` is one, for an update it is
    ``(1 - repeating)`` times the share of own figures. A group holds tied figures that say the same, ``said`` what each
    number of own figures among them is worth. A vector is given by the data.
    """

    pattern_offset: Any
    pattern_weight: Any
    grid: Any
    law: Any
    log_share: Any
    first: Any
    last: Any
    step: Any
    factor: Any
    factor_bin: Any
    factor_kind: Any
    members: Any
    member_figure: Any
    factor_rate: Any
    factor_before: Any
    factor_others: Any
    factor_update: Any
    factor_repeats: Any
    factor_said: Any
    constant_offset: Any
    constant_rate: Any
    constant_others: Any
    vectors: Any


# Working memory, so that the compiled loops take none themselves: counting who refers to it would cost more than they.


class ReportingScratch(NamedTuple):
    """For the points of one figure, the cells of the longest grid, and those of all grids."""

    weights: Any
    odds_at: Any
    d_sums: Any
    d_rho: Any
    odds_of_error: Any


class StepScratch(NamedTuple):
    """For each grid a step taken on it or where that begins, and for the cells of all grids sums over their steps."""

    step_on_grid: Any
    power: Any
    d_raw: Any
    d_stay: Any
    child_of_grid: Any
    raw_of_grid: Any
    stay_of_grid: Any


class EventScratch(NamedTuple):
    """For each part of a pattern and bin the cells after its factors and before them, and for one factor its parts."""

    after: Any
    passed: Any
    mass: Any
    factor: Any
    products: Any
    logs: Any
    totals: Any
