"""The brute-force oracle itself, against what is simpler still: copies and updates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from oracles.brute_force import (
    Array,
    Figure,
    Parameters,
    scenarios,
)

PLAIN = Parameters()

TOY_OUTCOMES = (5, 6, 7)

TOY_LAW = {5: 0.2, 6: 0.3, 7: 0.5}


def toy_likelihood(figure: Figure) -> Array:
    """Return the chance of each toy figure in a world of three numbers and one toll; later bins lean to 7."""
    lean = 0.05 * figure.bin
    return np.array([TOY_LAW[figure.number] + {5: -lean, 6: 0.0, 7: lean}[figure.number]])


def toy_probability(statements: Sequence[Figure], parameters: Parameters = PLAIN) -> float:
    """Return the probability of all statements in the toy world."""
    found = scenarios(statements, parameters, toy_likelihood)
    return sum(scenario.weight * float(scenario.likelihood.prod()) for scenario in found)


def toy(source: str, y: int, place: int = 0, bin_: int = 0) -> Figure:
    """Return an exact figure of the toy world."""
    return Figure(source, "exactly", low=y, bin=bin_, place=place)


@pytest.mark.parametrize(
    "layout",
    [
        [("A", 0, 0), ("B", 1, 0), ("C", 2, 0)],
        [("A", 0, 0), ("B", 0, 0), ("C", 0, 0), ("D", 0, 0)],
        [("A", 0, 0), ("B", 1, 0), ("C", 1, 0), ("A", 1, 1), ("B", 2, 1)],
        [("A", 0, 0), ("A", 1, 1), ("B", 1, 1), ("A", 2, 2), ("B", 2, 2), ("C", 2, 2)],
        [("A", 0, 0), ("B", 0, 2), ("C", 0, 3), ("B", 1, 1)],
    ],
    ids=["in_turn", "all_tied", "again", "again_and_tied", "tied_across_bins"],
)
def test_copying_shares_out_exactly_one(layout: list[tuple[str, int, int]]) -> None:
    """Over everything that the sources could have said, copies, repeats and ties included, the chances add to one."""
    totals = math.fsum(
        toy_probability([toy(source, y, place, bin_) for (source, place, bin_), y in zip(layout, numbers, strict=True)])
        for numbers in product(TOY_OUTCOMES, repeat=len(layout))
    )
    assert totals == pytest.approx(1, abs=1e-12)


def test_two_tied_figures_each_may_copy_the_other() -> None:
    """The average over two orders is what the two orders give by hand."""
    c, p, q = PLAIN.copying, TOY_LAW[6], TOY_LAW[7]
    assert toy_probability([toy("A", 6), toy("B", 7)]) == pytest.approx(p * q * (1 - c))
    assert toy_probability([toy("A", 6), toy("B", 6)]) == pytest.approx(p * ((1 - c) * p + c))


def test_the_average_over_orders_is_over_all_of_them() -> None:
    """Tied figures have the average probability of the same figures told one after the other in every order."""
    statements = [toy("A", 7), toy("B", 7, bin_=1), toy("C", 5), toy("D", 7)]
    in_turn = [
        toy_probability([replace(statement, place=place) for place, statement in enumerate(order)])
        for order in permutations(statements)
    ]
    assert len(set(np.round(in_turn, 12))) > 1
    assert toy_probability(statements) == pytest.approx(np.mean(in_turn), rel=1e-12)


def test_the_average_over_orders_has_a_closed_form() -> None:
    """One cluster per words said, elementary symmetric polynomials within: all m! orders in m * m operations.

    With a of the n sources before saying the same, a factor is ((1 - c) P + c a) / (1 - c + c n). The denominators
    do not depend on the order, and the numerators only on the order among figures that say the same, where the mean of
    prod_i (x_order(i) + y_i) is sum_k e_k(x) e_(m-k)(y) / binomial(m, k).
    """

    def symmetric(values: Sequence[float]) -> Array:
        return np.abs(np.poly(values)) if len(values) else np.ones(1)

    def cluster(chances: Sequence[float], before: int) -> float:
        m = len(chances)
        own = symmetric([(1 - c) * chance for chance in chances])
        copies = symmetric([c * (before + i) for i in range(m)])
        return math.fsum(own[k] * copies[m - k] / math.comb(m, k) for k in range(m + 1))

    c = PLAIN.copying
    earlier = [toy("X", 7, 0), toy("Y", 6, 0)]
    tied = [toy("A", 7, 1), toy("B", 7, 1, 1), toy("C", 7, 1, 2), toy("D", 5, 1), toy("E", 5, 1, 1), toy("F", 6, 1, 1)]
    chances = {y: [float(toy_likelihood(figure)[0]) for figure in tied if figure.number == y] for y in TOY_OUTCOMES}
    expected = math.prod(cluster(chances[y], before) for y, before in ((5, 0), (6, 1), (7, 1)))
    expected /= math.prod(1 - c + c * n for n in range(2, 8))
    assert toy_probability([*earlier, *tied]) == pytest.approx(toy_probability(earlier) * expected, rel=1e-12)


def test_the_chance_of_a_copy_grows_with_the_sources_before() -> None:
    """A third figure like one of two before it is a copy with chance 2c / (1 + c), and then like it half the time."""
    c, (first, second) = PLAIN.copying, (TOY_LAW[5], TOY_LAW[7])
    copied = 2 * c / (1 + c)
    expected = first * (1 - c) * second * ((1 - copied) * second + copied / 2)
    assert toy_probability([toy("A", 5, 0), toy("B", 7, 1), toy("C", 7, 2)]) == pytest.approx(expected)


def test_a_source_repeats_itself_or_speaks_anew() -> None:
    """A source's second figure is a repeat with chance nu; only other sources' figures of before its tie count."""
    nu, c = PLAIN.repeating, PLAIN.copying
    alone = toy_probability([toy("A", 6, 0), toy("A", 6, 1, 1)])
    assert alone == pytest.approx(TOY_LAW[6] * (nu + (1 - nu) * TOY_LAW[6]))
    # B, tied with A's second figure, may copy A's first figure; neither of the two tied figures can copy the other.
    tied = toy_probability([toy("A", 6, 0), toy("A", 7, 1), toy("B", 7, 1)])
    assert tied == pytest.approx(TOY_LAW[6] * (1 - nu) * TOY_LAW[7] * (1 - c) * TOY_LAW[7])
    # Of a source that has spoken twice only the later figure can be copied.
    updated = toy_probability([toy("A", 6, 0), toy("A", 7, 1), toy("B", 6, 2)])
    assert updated == pytest.approx(TOY_LAW[6] * (1 - nu) * TOY_LAW[7] * (1 - c) * TOY_LAW[6])


def test_every_part_of_the_words_makes_them_the_same_or_not() -> None:
    """A figure is a copy only of the same wording with the same numbers and the same word."""
    figure = Figure("A", "vague", word="dozens")
    assert figure.says_the_same_as(replace(figure, source="B", bin=0, place=9))
    for other in (replace(figure, word="scores"), replace(figure, low=1), replace(figure, wording="about")):
        assert not figure.says_the_same_as(other)
