r"""What a number of people said to be missing says of the toll of the end.

Of a toll ``n`` of which ``D`` were counted as dead when the list was told,

.. math:: \text{due} = \max(n - D, 0) + k D + 1

are still to be found; ``k`` is the share of the counted that a list has not struck off yet. The list has ``M`` names.
The logarithm of the ratio ``(M + 1) / due`` has an asymmetric Laplace distribution ``F``, with the mean excess ``a``
above zero (people who are alive and have not been heard of) and the mean deficit ``b`` below it (dead whom nobody
misses); both branches meet at zero, so that a share ``a / (a + b)`` lies above. ``M`` is what the ratio is rounded to,
and with probability ``w`` it is any number at all, evenly by its logarithm:

.. math:: P(M \mid n) = (1 - w) \frac{F(\log\frac{M + 3/2}{\text{due}}) - F(\log\frac{M + 1/2}{\text{due}})}
   {1 - F(\log\frac{1/2}{\text{due}})} + w \frac{\log\frac{M + 3/2}{M + 1/2}}{\log 2 \cdot 10^7}

The first fractions sum to one over ``M`` of zero or more, the second ones over ``M`` below ten million. A number given
in words is the same over the numbers that the words may stand for.

People dead or missing in one figure are the case ``D = 0``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log as logarithm

import numpy as np

from estimates.models import wording as forms
from estimates.models.compiled import Compiled
from estimates.models.elementary import exp, log
from estimates.models.formula import formula
from estimates.models.types import Floats, Integers
from estimates.models.wording import Words

#: Where the number of a list comes from, each with a law of its own: a closed place whose people are known; calls,
#: appeals and lists of relatives or the police; one camp or unit of several; and the same of people dead or missing.
LIST_LAWS = MANIFEST, REPORTS, PART, BOTH_ON_MANIFEST, BOTH_BY_REPORTS = (
    "manifest", "reports", "part", "dead_or_missing_manifest", "dead_or_missing_reports",
)  # fmt: skip
#: Lists of these laws count the dead as well.
WITH_THE_DEAD = frozenset({BOTH_ON_MANIFEST, BOTH_BY_REPORTS})

#: No list is longer.
LARGEST_LIST = 10_000_000
_LOG_SPAN = logarithm(2.0 * LARGEST_LIST)
_LOG_HALF = logarithm(0.5)


@dataclass(frozen=True, order=True)
class PeopleMissing:
    """How many people one source says are missing.

    Attributes
    ----------
    law : str
        One of :data:`LIST_LAWS`.
    words : Words
    counted : int
        The dead counted by then.
    is_violence : bool
        Whether the counted may still be on the list, as after attacks.
    """

    law: str
    words: Words
    counted: int = 0
    is_violence: bool = False

    @property
    def intervals(self) -> list[tuple[float, int, int]]:
        """The numbers that the words may stand for, each interval with its weight."""
        if self.words.wording == "none":
            return [(1.0, 0, 0)]
        if self.words.wording == "named":
            return [(1.0, self.words.low, self.words.high)]
        _, terms = forms.terms(self.words)
        return [(term.weight, term.low, term.high) for term in terms]

    def jumps(self) -> Iterable[int]:
        """Tolls at which its probability has a kink: those counted, and they and the missing."""
        for number in {self.counted, *(self.counted + n for _, *ends in self.intervals for n in ends)}:
            yield from (max(number - 1, 0), number)


# Formulas -------------------------------------------------------------------------------------------------------------


@formula
def log_due(toll: float, counted: float, not_struck_off: float) -> float:
    """Logarithm of those still to be found, and one more."""
    return log(max(toll - counted, 0.0) + not_struck_off * counted + 1.0)


@formula
def share_below(log_ratio: float, excess: float, deficit: float) -> float:
    """The distribution function ``F``."""
    is_below = log_ratio < 0.0
    tail = exp(-abs(log_ratio) / (deficit if is_below else excess)) / (excess + deficit)
    return deficit * tail if is_below else 1.0 - excess * tail


@formula
def share_of_lists(log_due: float, excess: float, deficit: float) -> float:
    """What of ``F`` belongs to lists of zero or more: the denominator of the law."""
    return 1.0 - share_below(_LOG_HALF - log_due, excess, deficit)


@formula
def probability_between(
    log_low: float, log_high: float, log_due: float, share: float, excess: float, deficit: float, gross: float
) -> float:
    """Probability that the number lies between two ends, given as logarithms of ``low + 1/2`` and ``high + 3/2``.

    ``share`` is :func:`share_of_lists`, ``gross`` the probability of any number at all.
    """
    inside = share_below(log_high - log_due, excess, deficit) - share_below(log_low - log_due, excess, deficit)
    return (1.0 - gross) * inside / share + gross * (log_high - log_low) / _LOG_SPAN


# Twin and tables ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ListLaw:
    """The parameters of one law, each of shape (draws,): excess, deficit, gross error, share not struck off."""

    excess: Floats
    deficit: Floats
    gross: Floats
    not_struck_off: Floats


def likelihood(said: PeopleMissing, tolls: Sequence[int], law: ListLaw) -> Floats:
    """P(what is said | toll), shape (tolls, draws), number by number: what the compiled loops are held to.

    Parameters
    ----------
    said : PeopleMissing
    tolls : sequence of int
    law : ListLaw
    """
    intervals = [(weight, logarithm(low + 0.5), logarithm(high + 1.5)) for weight, low, high in said.intervals]
    result, rows = np.zeros((len(tolls), len(law.excess))), np.array(tolls, dtype=float)
    columns = (np.asarray(each) for each in (law.excess, law.deficit, law.gross, law.not_struck_off))
    _fill(rows, float(said.counted), np.array(intervals, dtype=float), *columns, result)
    return result


def _fill_likelihood(tolls, counted, intervals, excess, deficit, gross, not_struck_off, result):  # type: ignore[no-untyped-def]
    """Fill ``result`` (tolls, draws); ``intervals`` (intervals, 3) are weights and logarithms of ends."""
    for row in range(len(tolls)):
        for draw in range(len(excess)):
            due = log_due(tolls[row], counted, not_struck_off[draw])
            share = share_of_lists(due, excess[draw], deficit[draw])
            for t in range(len(intervals)):
                result[row, draw] += intervals[t, 0] * probability_between(
                    intervals[t, 1], intervals[t, 2], due, share, excess[draw], deficit[draw], gross[draw]
                )


_fill = Compiled(_fill_likelihood)


def simulate(rng: np.random.Generator, tolls: Integers, counted: Integers, law: ListLaw) -> Integers:
    """Numbers of people missing, shape (events,): the law's ratio, cut where no list is left, and rounded.

    Parameters
    ----------
    rng : numpy.random.Generator
    tolls, counted : integer arrays, shape (events,)
        Tolls of the end, and how many were counted when the list was told.
    law : ListLaw
        Of shape (events,).
    """
    due = np.maximum(tolls - counted, 0) + law.not_struck_off * counted + 1.0
    both = law.excess + law.deficit
    lowest = law.deficit / both * (0.5 / due) ** (1.0 / law.deficit)  # due is one or more, so the cut is below zero
    share = lowest + (1.0 - lowest) * rng.random(len(tolls))
    is_below = share < law.deficit / both
    with np.errstate(over="ignore"):
        below = law.deficit * np.log(share * both / law.deficit)
        above = -law.excess * np.log((1.0 - share) * both / law.excess)
    ratio = np.where(is_below, below, above)
    listed = np.floor(due * np.exp(np.minimum(ratio, 40.0)) - 0.5)

    anything = np.floor(0.5 * np.exp(_LOG_SPAN * rng.random(len(tolls))) - 0.5)
    found = np.where(rng.random(len(tolls)) < law.gross, anything, listed)
    return np.clip(found, 0, None).astype(np.int64)
