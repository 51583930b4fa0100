r"""How many people there are under every decomposable graph of dependence between lists, in closed form.

A graph joins lists that depend on each other given all others; a decomposable one has cliques ``C`` and separators
``S`` such that the probability of a pattern is the product of the margins of its cliques over that of its separators.
Under a hyper-Dirichlet prior with ``d`` people in each of the ``2^k`` cells of the whole table the margin over lists
``A`` is Dirichlet with ``d_A = d 2^(k - |A|)`` in each cell, and the whole table has the likelihood

.. math:: P(n_x, n_0 \mid N, G) = \frac{N!}{n_0! \prod n_x!} \frac{\prod_C m(C)}{\prod_S m(S)}, \quad
   m(A) = \frac{\Gamma(2^k d)}{\Gamma(2^k d + N)} \prod_{a} \frac{\Gamma(d_A + n_a)}{\Gamma(d_A)},

``n_a`` the people in cell ``a`` of the margin over ``A``; the cell of no list holds ``n_0`` more. With the prior
``1/N`` and all graphs alike, the sum over graphs and over ``n_0`` gives the posterior (Madigan & York 1997, Biometrika
84; hyper-Dirichlet laws: Dawid & Lauritzen 1993, Annals of Statistics 21).

The complete graph is left out: it is the saturated model, under which the lists say nothing of those on none of them,
and all that comes out is the prior (Aleshin-Guendel, Sadinle & Wakefield 2024, The central role of the identifying
assumption in population size estimation, Biometrics 80).

Only ``n_0`` varies, and only the cell of no list of each margin feels it: a margin is one row over ``n_0``, and a graph
is a sum of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from scipy.special import gammaln, logsumexp

from estimates.models.types import Floats, Integers

__all__ = ["MOST_LISTS", "GraphPosterior", "decomposable_graphs", "graph_posterior", "log_margins"]

#: More lists have too many graphs: 18,154 of six are decomposable, 617,675 of seven.
MOST_LISTS = 6
#: The largest number of people on no list, in those on some list.
REACH = 1000.0
#: Numbers on no list are counted singly up to here; beyond they are summed in bins this small a part of them wide.
_SINGLY = 1024
#: Graphs this many log units below the best weigh nothing.
_NEGLIGIBLE = 30.0
_CHUNK = 256


@dataclass(frozen=True)
class GraphPosterior:
    """The posterior of the number of people, averaged over graphs.

    Attributes
    ----------
    prior_cell : float
        d, the prior people in each cell.
    median : int
    low, high : int
        The central 95% range.
    graphs : int
        How many graphs were summed over.
    beyond : float
        Probability in the last tenth of the numbers tried: where it is not small, the sum was cut short.
    """

    prior_cell: float
    median: int
    low: int
    high: int
    graphs: int
    beyond: float


@cache
def decomposable_graphs(lists: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Every decomposable graph of so many lists but the complete one.

    Parameters
    ----------
    lists : int

    Returns
    -------
    tuple of graphs
        Each a tuple of (set of lists as bits, how often the margin over it is a factor): cliques 1, separators -1 or
        less.
    """
    pairs = list(combinations(range(lists), 2))
    found = []
    for chosen in range(2 ** len(pairs) - 1):
        neighbours = [0] * lists
        for place, (one, other) in enumerate(pairs):
            if chosen >> place & 1:
                neighbours[one] |= 1 << other
                neighbours[other] |= 1 << one

        margins = _margins_of(neighbours)
        if margins is not None:
            found.append(margins)
    return tuple(found)


def _margins_of(neighbours: list[int]) -> tuple[tuple[int, int], ...] | None:
    """Cliques less separators, by taking away lists whose neighbours are all joined; None where there is none left.

    Each list taken away gives the margin over itself and its neighbours, over that of its neighbours; what is taken
    twice cancels (a graph is decomposable if and only if all lists can be taken away so).
    """
    left, times = (1 << len(neighbours)) - 1, dict[int, int]()
    while left:
        for one in range(len(neighbours)):
            around = neighbours[one] & left
            if left >> one & 1 and _joined(neighbours, around):
                whole = around | 1 << one
                times[whole] = times.get(whole, 0) + 1
                times[around] = times.get(around, 0) - 1
                left &= ~(1 << one)
                break
        else:
            return None

    return tuple((margin, often) for margin, often in times.items() if often and margin)


def _joined(neighbours: list[int], around: int) -> bool:
    """Whether each of a set of lists has all others of it as neighbours."""
    return all(
        (neighbours[one] | 1 << one) & around == around for one in range(len(neighbours)) if around >> one & 1
    )  # fmt: skip


def log_margins(patterns: Integers, counts: Integers, prior_cell: float, unlisted: Floats) -> Floats:
    """Logarithm of m(A) for every set of lists A.

    Parameters
    ----------
    patterns : array of int, shape (patterns, lists)
    counts : array of int, shape (patterns,)
    prior_cell : float
        d, the prior people in each cell of the whole table.
    unlisted : array, shape (numbers,)
        People on no list.

    Returns
    -------
    array, shape (2**lists, numbers)
        By the lists of A as bits; that of no list is zero.
    """
    lists = patterns.shape[1]
    whole = prior_cell * 2**lists
    constant = gammaln(whole) - gammaln(whole + counts.sum() + unlisted)

    rows = np.zeros((2**lists, len(unlisted)))
    for margin in range(1, 2**lists):
        columns = [one for one in range(lists) if margin >> one & 1]
        cell = prior_cell * 2 ** (lists - len(columns))
        places = patterns[:, columns] @ (1 << np.arange(len(columns)))
        people = np.bincount(places, weights=counts, minlength=1 << len(columns))

        listed = (gammaln(cell + people[1:]) - gammaln(cell)).sum()
        rows[margin] = constant + listed + gammaln(cell + people[0] + unlisted) - gammaln(cell)
    return rows


def graph_posterior(patterns: Integers, counts: Integers, prior_cell: float) -> GraphPosterior:
    """The posterior of the number of people under all decomposable graphs but the complete one.

    Parameters
    ----------
    patterns : array of int, shape (patterns, lists)
        Different patterns of lists, each with some list; patterns that nobody has may be left out.
    counts : array of int, shape (patterns,)
    prior_cell : float
        d, the prior people in each cell of the whole table.

    Returns
    -------
    GraphPosterior

    Raises
    ------
    ValueError
        If there are fewer than two lists or more than six.
    """
    lists, listed = patterns.shape[1], int(counts.sum())
    if not 2 <= lists <= MOST_LISTS:
        raise ValueError(f"graphs of {lists} lists are not summed over; give 2 to {MOST_LISTS} lists")

    edges = _edges(REACH * listed)
    widths, middles = np.diff(edges), (edges[:-1] + edges[1:] - 1.0) / 2.0
    rows = log_margins(patterns, counts, prior_cell, middles)
    total = listed + middles
    rows[0] = gammaln(total + 1.0) - gammaln(middles + 1.0) - np.log(total)

    factors = _factors(lists)
    heights = _chances(factors, rows, np.log(widths))
    below = np.concatenate([[0.0], np.cumsum(heights)])
    # Half a person: the number n0 stands for all between itself and the next.
    low, median, high = (int(listed + np.interp(share, below, edges)) for share in (0.025, 0.5, 0.975))
    beyond = float(1.0 - np.interp(edges[-1] * 0.9, edges, below))
    return GraphPosterior(prior_cell, median, low, high, len(factors), beyond)


def _edges(reach: float) -> Floats:
    """Edges of bins of n0: 0, 1, 2 ..., then further and further apart; a bin holds its lower edge."""
    last = max(reach, 4.0 * _SINGLY)
    steps = int(np.ceil(_SINGLY * np.log(last / _SINGLY)))
    return np.concatenate([np.arange(_SINGLY), np.unique(np.geomspace(_SINGLY, last, steps + 1).round())])


@cache
def _factors(lists: int) -> Floats:
    """How often each margin is a factor of each graph, shape (graphs, 2**lists); the first is the table's constant."""
    graphs = decomposable_graphs(lists)
    factors = np.zeros((len(graphs), 2**lists))
    factors[:, 0] = 1.0
    for place, graph in enumerate(graphs):
        for margin, often in graph:
            factors[place, margin] = often
    return factors


def _chances(factors: Floats, rows: Floats, log_widths: Floats) -> Floats:
    """Posterior probability of each bin, shape (bins,); graphs that weigh nothing are left out by a coarse look."""
    coarse = np.max(factors @ rows[:, ::16], axis=1)
    factors = factors[coarse >= coarse.max() - _NEGLIGIBLE]

    total = np.full(rows.shape[1], -np.inf)
    for start in range(0, len(factors), _CHUNK):
        total = np.logaddexp(total, logsumexp(factors[start : start + _CHUNK] @ rows, axis=0))
    heights = np.exp(total + log_widths - np.max(total + log_widths))
    return np.asarray(heights / heights.sum())
