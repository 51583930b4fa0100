r"""Growth: how an event's toll becomes documented in time.

Ages of figures fall into bins; ``C_j`` is what was documentable in bin ``j`` and the last bin holds the final toll. A
step goes from the parent ``n`` in bin ``j + 1`` to the child ``k`` in bin ``j``: ``k = n`` with probability
``pi(n)``, ``logit pi(n) = complete_logit - slope * log max(n, 1)``. Otherwise the toll is revised later: with
probability ``over_share`` it was over-counted, ``P(k >= x) = ((n + 1) / x) ** over_shape`` for ``x > n``, else it was
incomplete, ``k = max(1, floor(n u))`` with ``u`` from a mixture of ``Beta(alpha, 1)`` and, with probability
``low_share``, ``Beta(low_shape, 1)``. So an event with dead has one dead in every bin at least, and one without none.

Where a source says that the number will rise, ``rising`` lowers the log-odds of being complete in all later steps.
Where a source lowers its own figure, the steps between are *falling*: ``fallen`` lowers these log-odds, and ``falling``
is added to those of ``over_share``.

Because ``P(k <= x | n, incomplete) = ((x + 1) / n) ** alpha`` for ``1 <= x < n`` separates in ``x`` and ``n``, and the
law of over-counts does so too, a likelihood passes up by prefix and suffix sums, each one pass over the grid, and a
probability passes down by their adjoints:

.. math:: \mathrm{step}(L)(n) = \pi(n) L(n) + (1 - \pi(n)) \Big[(1 - o)\, n^{-\alpha} \sum_{k<n} ((k+1)^\alpha -
   k^\alpha) L(k) + o\, (n+1)^\beta \sum_{k>n} (k^{-\beta} - (k+1)^{-\beta}) L(k)\Big]

where the first weight, of ``k = 1``, is ``2 ** alpha``, and ``step(L)(1)`` has ``L(1)`` in the place of the first sum.
On a cell of several integers powers of ``n`` are averaged by the midpoint rule with its second-order correction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.models.elementary import exp
from estimates.models.formula import formula
from estimates.models.types import Floats, Integers

#: First age, in days, of each bin after the first; a figure of 30 days or more is about the final toll.
AGE_EDGES = (1.0, 2.0, 3.0, 7.0, 30.0)
#: Number of bins, the final one included, and of the steps between them.
BINS = len(AGE_EDGES) + 1
STEPS = BINS - 1
FINAL = BINS - 1


def age_bin(days: float) -> int:
    """Bin of a figure of that age."""
    return int(np.searchsorted(AGE_EDGES, days, side="right"))


@dataclass(frozen=True, eq=False)
class Growth:
    """Parameters of the steps, one value per draw.

    Attributes
    ----------
    complete_logit : array, shape (draws, steps)
        Log-odds that a toll of one is complete already, for the step below each bin.
    slope : array, shape (draws,)
        Fall of these log-odds with the logarithm of the toll.
    shape : array, shape (draws, steps)
        ``alpha`` of the documented share, for the step below each bin.
    low_share, low_shape : arrays, shape (draws,)
        Probability and ``alpha`` of the component of tolls first vastly under-documented.
    over_share, over_shape : arrays, shape (draws,)
        Probability that a toll revised later was over-counted, and the exponent of the excess.
    rising : array, shape (draws,)
        How much a statement that the number will rise lowers the log-odds in all later steps; not negative.
    falling, fallen : arrays, shape (draws,)
        What a figure that its source lowers adds to the log-odds of an over-count in the steps between, and takes from
        those of being complete.
    """

    complete_logit: Floats
    slope: Floats
    shape: Floats
    low_share: Floats
    low_shape: Floats
    over_share: Floats
    over_shape: Floats
    rising: Floats
    falling: Floats
    fallen: Floats


# Formulas -------------------------------------------------------------------------------------------------------------
#
# What is revised later passes up as a running mean over the counts below, or above for over-counts: with edges ``e`` of
# the cells and ``A`` the mean of ``L`` under the law of a count of ``e``,
#
#     A(next) = r A + (1 - r) L,   r = (e / next) ** alpha,
#
# and the mean over the counts of a cell is ``q A + (1 - q) L`` with ``q`` the mean of ``(e / n) ** alpha`` over it.


@formula
def complete(power_of_count: float, odds_of_revision: float) -> float:
    """Probability that the toll is complete, from ``n ** slope`` and the odds of a revision of a toll of one."""
    return 1.0 / (1.0 + power_of_count * odds_of_revision)


@formula
def complete_slope(probability: float) -> float:
    """Derivative of :func:`complete` by its log-odds."""
    return probability * (1.0 - probability)


@formula
def raised_share(share: float, added: float) -> float:
    """A share after something is added to its log-odds."""
    odds = share * exp(added)
    return odds / (1.0 - share + odds)


@formula
def raised_share_slopes(share: float, added: float) -> tuple[float, float]:
    """Derivatives of :func:`raised_share` by the share and by what is added."""
    factor = exp(added)
    below = 1.0 - share + share * factor
    return factor / (below * below), share * factor * (1.0 - share) / (below * below)


@formula
def shrinkage(exponent: float, log_ratio: float) -> float:
    """A ratio of at most one to the power of an exponent; its derivative by the exponent is ``log_ratio`` times it."""
    return exp(exponent * log_ratio)


@formula
def mean_shrinkage_below(alpha: float, log_ratio: float, curvature: float) -> float:
    """Mean of ``(e / n) ** alpha`` over a cell that begins at ``e``, by the corrected midpoint rule."""
    return exp(alpha * log_ratio) * (1.0 + alpha * (alpha + 1.0) * curvature)


@formula
def mean_shrinkage_below_slope(alpha: float, log_ratio: float, curvature: float) -> float:
    """Derivative of :func:`mean_shrinkage_below` by ``alpha``."""
    bend = 1.0 + alpha * (alpha + 1.0) * curvature
    return exp(alpha * log_ratio) * (bend * log_ratio + (2.0 * alpha + 1.0) * curvature)


@formula
def mean_shrinkage_above(beta: float, log_ratio: float, curvature: float) -> float:
    """Mean of ``((n + 1) / e) ** beta`` over the cell that ends before ``e``, by the corrected midpoint rule."""
    return exp(beta * log_ratio) * (1.0 + beta * (beta - 1.0) * curvature)


@formula
def mean_shrinkage_above_slope(beta: float, log_ratio: float, curvature: float) -> float:
    """Derivative of :func:`mean_shrinkage_above` by ``beta``."""
    bend = 1.0 + beta * (beta - 1.0) * curvature
    return exp(beta * log_ratio) * (bend * log_ratio + (2.0 * beta - 1.0) * curvature)


@formula
def running_mean(before: float, kept: float, value: float) -> float:
    """The next value of a running mean that keeps a share of what it was."""
    return kept * before + (1.0 - kept) * value


@formula
def step(
    value: float, staying: float, incomplete: float, low: float, over: float, low_share: float, over_share: float
) -> float:
    """What a step makes of a likelihood: its ``value`` where the toll is complete, else a mean over what it was before.

    ``staying`` is the probability of being complete. ``incomplete`` and ``low`` are means over smaller counts, by the
    step's own law and by that of tolls first vastly under-documented; ``over`` is the mean over larger ones.
    """
    smaller = incomplete + low_share * (low - incomplete)
    return staying * value + (1.0 - staying) * (smaller + over_share * (over - smaller))


@formula
def revision_shares(low_share: float, over_share: float) -> tuple[float, float, float]:
    """Weights of ``incomplete``, ``low`` and ``over`` in a :func:`step` that is not complete; they sum to one."""
    return (1.0 - over_share) * (1.0 - low_share), (1.0 - over_share) * low_share, over_share


@formula
def revision_shares_slopes(
    low_share: float, over_share: float
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Derivatives of :func:`revision_shares` by ``low_share`` and by ``over_share``."""
    return (over_share - 1.0, 1.0 - over_share, 0.0), (low_share - 1.0, -low_share, 1.0)


def simulate(
    rng: np.random.Generator,
    tolls: Integers,
    *,
    complete_logit: float,
    slope: float,
    shape: float,
    low_share: float,
    low_shape: float,
    over_share: float,
    over_shape: float,
) -> Integers:
    """What was documentable one bin earlier for each final count, both (events,), by the mechanism itself."""
    count = len(tolls)
    complete = rng.random(count) < 1.0 / (1.0 + np.exp(-complete_logit) * np.maximum(tolls, 1) ** slope)

    alpha = np.where(rng.random(count) < low_share, low_shape, shape)
    share = rng.beta(alpha, 1.0)
    earlier = np.maximum(np.minimum(np.floor(tolls * share), tolls - 1), 1)

    # A continuous Pareto variable from n + 1 on, rounded down.
    excess = np.floor((tolls + 1) * (1.0 + rng.pareto(over_shape, count)))
    earlier = np.where(rng.random(count) < over_share, excess, earlier)
    return np.where(complete | (tolls == 0), tolls, earlier).astype(np.int64)
