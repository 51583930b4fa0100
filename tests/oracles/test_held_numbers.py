"""The brute-force oracle itself, against what is simpler still: the number a source holds."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from oracles.brute_force import (
    Figure,
    Parameters,
    error_tails,
    none_likelihood,
    number_given,
    number_probability,
    statement_likelihood,
)

PLAIN = Parameters()

LOW = Parameters(bias=-0.2, scale=0.5)

NEVER_EXACT = Parameters(exactness=-1000.0)


@pytest.mark.parametrize("parameters", [PLAIN, LOW], ids=["unbiased", "too low"])
@pytest.mark.parametrize("how", [{}, {"heaped": True}, {"shift": -0.3}], ids=["plain", "heaped", "shifted"])
@pytest.mark.parametrize("c", [1, 2, 9, 30, 700])
def test_the_number_given_has_total_probability_one(parameters: Parameters, how: dict[str, float], c: int) -> None:
    """Given that a number is said at a toll c >= 1, the chances of 1, 2, 3, ... add up to one."""
    single = [number_probability(k, k, c, "A", parameters, **how) for k in range(1, 5_000)]  # type: ignore[arg-type]
    beyond = number_probability(5_000, 10**15, c, "A", parameters, **how)  # type: ignore[arg-type]
    assert min(single) >= 0
    assert math.fsum(single) + beyond == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("parameters", [PLAIN, LOW], ids=["unbiased", "too low"])
def test_at_zero_a_number_that_is_given_is_any_number(parameters: Parameters) -> None:
    """Where nobody died and a number is given all the same, the chances of 1, 2, 3, ... add up to one."""
    total = math.fsum(number_probability(k, k, 0, "A", parameters) for k in range(1, 200))
    total += number_probability(200, 10**15, 0, "A", parameters)
    assert total == pytest.approx(1.0, rel=1e-6)
    assert number_probability(2, 10**15, 0, "A", PLAIN) == pytest.approx(2 ** (-1 / 0.3), rel=1e-6)
    assert number_probability(2, 10**15, 0, "A", LOW) == pytest.approx(2**-2, rel=1e-6)


@pytest.mark.parametrize("kind", ["party", "stated", "coded"])
def test_a_source_says_none_or_gives_a_number(kind: str) -> None:
    """Both together are certain at every toll; "none" grows rarer with the toll, but of parties and where it was early."""
    for c in (0, 1, 2, 50):
        assert none_likelihood(kind, False, PLAIN, c) + number_given(kind, PLAIN, c) == pytest.approx(1.0)
    assert none_likelihood(kind, False, PLAIN, 0) == 1 - PLAIN.phantom
    share = none_likelihood(kind, False, PLAIN, 1)
    assert none_likelihood(kind, False, PLAIN, 8) == pytest.approx(share if kind == "party" else share / 8)
    assert none_likelihood(kind, True, PLAIN, 8) == pytest.approx(share)


@pytest.mark.parametrize("parameters", [PLAIN, LOW], ids=["unbiased", "too low"])
def test_the_number_given_follows_its_own_simulation(parameters: Parameters) -> None:
    """Drawing held numbers by inverting the law of errors, and dropping those below 1, gives the law's frequencies."""
    random, draws, c = np.random.default_rng(1), 400_000, 4
    parameters = replace(parameters, bias=-0.5, outlier=0.2)
    u = random.uniform(size=draws)
    error = c * math.exp(parameters.bias) * (u / (1 - u)) ** parameters.scale
    score = random.logistic(size=draws)
    gross = c * np.exp(np.where(score > 0, score / 2.5, score))
    error = np.where(random.uniform(size=draws) < 0.2, gross, error)
    exact = random.uniform(size=draws) < 1 / (1 + np.exp(-(0.2 - 0.35 * np.log(c))))
    held = np.where(exact, c, np.rint(error))
    held = held[held >= 1]
    for k in range(1, 9):
        expected = number_probability(k, k, c, "A", parameters)
        assert np.mean(held == k) == pytest.approx(expected, abs=5 * math.sqrt(expected / len(held)))


def test_heaped_numbers_are_the_nearest_multiples() -> None:
    """A heaped 20 collects 18-22 in fives and 15-24 in tens; numbers between multiples collect nothing."""
    heaped = replace(NEVER_EXACT, heaping=1.0)

    def mass(first: int, last: int) -> float:
        return error_tails(last, 30, "A", heaped)[0] - error_tails(first - 1, 30, "A", heaped)[0]

    given = 1 - error_tails(0, 30, "A", heaped)[0]

    def exactly(y: int) -> float:
        return statement_likelihood(Figure("A", "exactly", low=y), heaped, 30) * given

    assert exactly(20) == pytest.approx((mass(18, 22) + mass(15, 24)) / 2)
    assert exactly(25) == pytest.approx(mass(23, 27) / 2)
    assert exactly(10) == pytest.approx((mass(10, 12) + mass(10, 14)) / 2)
    assert exactly(150) == pytest.approx((mass(145, 154) + mass(125, 174)) / 3)
    assert exactly(200) == pytest.approx((mass(195, 204) + mass(175, 224) + mass(150, 249)) / 3)
    assert exactly(100) == pytest.approx((mass(98, 104) + mass(98, 124) + mass(98, 149)) / 6 * 1
                                         + (mass(95, 104) + mass(95, 124) + mass(95, 149)) / 6)  # fmt: skip
    assert exactly(9) == pytest.approx(mass(9, 9))
    assert [exactly(y) for y in (11, 23, 99, 101, 119)] == pytest.approx([0] * 5, abs=1e-15)


def test_far_numbers_keep_their_digits() -> None:
    """A number thousands of times the toll has the probability that the outlier's odds give in closed form."""
    outliers = replace(NEVER_EXACT, outlier=1.0)
    x, c = 199_999.5, 3
    given = c / (c + 0.5)
    odds, next_odds = (c / x) ** 2.5, (c / (x + 1)) ** 2.5
    difference = -odds * math.expm1(-2.5 * math.log1p(1 / x))
    expected = difference / ((1 + odds) * (1 + next_odds)) / given
    assert number_probability(200_000, 200_000, c, "A", outliers) == pytest.approx(expected, rel=1e-9, abs=0)


def test_a_source_may_differ_from_the_others() -> None:
    """A source's own bias acts on its figures and on nobody else's."""
    parameters = Parameters(sources={"army": {"bias": -1.0}})
    army, press = Figure("army", "at_least", low=10), Figure("press", "at_least", low=10)
    alone = replace(PLAIN, bias=-1.0)
    assert statement_likelihood(army, parameters, 10) == statement_likelihood(army, alone, 10)
    assert statement_likelihood(press, parameters, 10) == statement_likelihood(press, PLAIN, 10)
