"""Decomposable graphs: their number is the published one, their margins are integrals, their sum is a sum."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import beta, gammaln, logsumexp

from estimates.models.lists.graphs import decomposable_graphs, graph_posterior, log_margins
from estimates.models.lists.likelihood import people

TWO = np.array([[0, 1], [1, 0], [1, 1]]), np.array([12, 9, 5])


@pytest.mark.parametrize(
    ("lists", "graphs"), [(2, 2), (3, 8), (4, 61), (5, 822), pytest.param(6, 18154, marks=pytest.mark.extended)]
)
def test_their_number_is_the_published_one(lists: int, graphs: int) -> None:
    """Labelled chordal graphs are 2, 8, 61, 822 and 18,154 (OEIS A058862); the complete one is left out."""
    found = decomposable_graphs(lists)
    assert len(found) == graphs - 1
    assert len(set(found)) == len(found) or lists > 3
    assert all((1 << lists) - 1 not in dict(graph) for graph in found)


def test_cliques_count_once_more_than_separators() -> None:
    """The factors of a connected graph sum to one; of any graph, to the number of its parts."""
    chain = next(graph for graph in decomposable_graphs(3) if dict(graph) == {0b011: 1, 0b110: 1, 0b010: -1})
    assert sum(often for _, often in chain) == 1
    empty = next(graph for graph in decomposable_graphs(3) if dict(graph) == {1: 1, 2: 1, 4: 1})
    assert sum(often for _, often in empty) == 3


@pytest.mark.parametrize("prior_cell", [1.0, 0.25])
def test_the_margin_of_a_list_is_an_integral(prior_cell: float) -> None:
    """The margin over one list is its binomial likelihood integrated over a beta law, numerically."""
    patterns, counts = TWO
    rows = log_margins(patterns, counts, prior_cell, np.array([0.0, 7.0]))
    for column, (place, unlisted) in itertools.product((0, 1), enumerate((0, 7))):
        on = int(counts @ patterns[:, column])
        off = int(counts.sum()) - on + unlisted
        cell = 2 * prior_cell

        def density(q: float, on: int = on, off: int = off, cell: float = cell) -> float:
            return q ** (cell - 1 + on) * (1 - q) ** (cell - 1 + off) / float(beta(cell, cell))

        assert rows[1 << column, place] == pytest.approx(
            np.log(quad(density, 0, 1, epsabs=0, epsrel=1e-10)[0]), rel=1e-7
        )


def test_the_likelihood_of_a_graph_is_the_mean_over_its_prior() -> None:
    """For the graph A - B - C the product of margins is the average likelihood of tables drawn from the prior."""
    rng, cell = np.random.default_rng(0), 1.0
    patterns = np.array([row for row in itertools.product((0, 1), repeat=3) if any(row)])
    counts, unlisted = np.array([2, 1, 1, 0, 1, 1, 1]), 2
    rows = log_margins(patterns, counts, cell, np.array([float(unlisted)]))[:, 0]
    closed = rows[0b011] + rows[0b110] - rows[0b010]

    # Under the graph: B beta, and given B the lists A and C beta each, with the cells of the margins.
    draws = 400_000
    b = rng.beta(4 * cell, 4 * cell, draws)
    a, c = rng.beta(2 * cell, 2 * cell, (2, draws)), rng.beta(2 * cell, 2 * cell, (2, draws))
    total = np.zeros(draws)
    for pattern, people_of in zip([*patterns.tolist(), [0, 0, 0]], [*counts, unlisted], strict=True):
        for on, chance in ((pattern[0], a[pattern[1]]), (pattern[1], b), (pattern[2], c[pattern[1]])):
            total += people_of * np.log(chance if on else 1 - chance)
    assert closed == pytest.approx(logsumexp(total) - np.log(draws), abs=0.05)


def brute_force(patterns: np.ndarray, counts: np.ndarray, prior_cell: float, most: int) -> list[int]:
    """Quantiles by every number singly, for two lists that do not depend on each other."""
    n, off = int(counts.sum()), np.arange(most)
    total = n + off
    value = gammaln(total + 1) - gammaln(off + 1) - np.log(total)
    for column in (0, 1):
        on, cell = counts @ patterns[:, column], 2 * prior_cell
        value = value + gammaln(cell + on) + gammaln(cell + total - on) - gammaln(2 * cell + total)
    chances = np.exp(value - value.max())
    below = np.cumsum(chances) / chances.sum()
    return [int(total[np.searchsorted(below, share)]) for share in (0.025, 0.5, 0.975)]


@pytest.mark.parametrize("prior_cell", [1.0, 0.25])
@pytest.mark.parametrize("scale", [1, 400])
def test_bins_give_what_single_numbers_give(prior_cell: float, scale: int) -> None:
    """The sum over bins has the quantiles of the sum over every number, to one person or one in a thousand."""
    patterns, counts = TWO[0], TWO[1] * scale
    found = graph_posterior(patterns, counts, prior_cell)
    expected = brute_force(patterns, counts, prior_cell, 1000 * int(counts.sum()) if scale == 1 else 400_000)
    np.testing.assert_allclose([found.low, found.median, found.high], expected, rtol=1e-3, atol=1)


def test_lists_that_err_alone_are_found() -> None:
    """Where lists do not depend on each other 95% ranges with d = 1/16 hold the number in 16 of 20 tables or more."""
    held = 0
    for seed in range(20):
        patterns, counts = people(np.random.default_rng(seed), 5000, np.ones(1), np.array([[0.2, 0.3, 0.25, 0.15]]))
        found = graph_posterior(patterns, counts, 1 / 16)
        held += found.low <= 5000 <= found.high
        assert found.graphs == 60
        assert found.beyond < 1e-9
    assert held >= 16


def test_too_few_and_too_many_lists_are_refused() -> None:
    """One list and seven lists have no sum over graphs."""
    for lists in (1, 7):
        with pytest.raises(ValueError, match=f"graphs of {lists} lists"):
            graph_posterior(np.eye(lists, dtype=np.int64), np.ones(lists, dtype=np.int64), 1.0)
