"""The brute-force oracle itself, against what is simpler still: the error that all accounts of an event share."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from oracles.brute_force import Parameters, adjudicated, adjudicated_law, size_prior

PLAIN = Parameters()


@pytest.mark.parametrize("distance", [0.0, 0.1, 0.5])
@pytest.mark.parametrize(("n", "floor", "most"), [(1, 1, math.inf), (9, 1, math.inf), (9, 7, 11), (40, 40, 300)])
def test_the_adjudicated_toll_has_total_probability_one(distance: float, n: int, floor: int, most: float) -> None:
    """It lies within a factor of four, between names and people at risk, and is what the accounts hold at times."""
    law = adjudicated(PLAIN, distance, n, floor, most)
    assert math.fsum(law.values()) == pytest.approx(1, abs=1e-12)
    assert law[n] >= 1 - PLAIN.shared_error
    assert all(floor <= k <= most and n / 4 - 0.5 < k < 4 * n + 0.5 for k, chance in law.items() if chance > 1e-15)


def test_it_follows_its_own_simulation() -> None:
    """Errors drawn until they fit give the law's frequencies."""
    random, draws, n, floor, most = np.random.default_rng(3), 400_000, 12, 8, 30
    sd = math.sqrt(0.03**2 + (1.3 * 0.4) ** 2)
    error = random.laplace(0.0, sd / math.sqrt(2), 4 * draws)
    toll = np.rint(n * np.exp(error))
    toll = toll[(np.abs(error) <= math.log(4)) & (toll >= floor) & (toll <= most)][:draws]
    assert len(toll) == draws
    toll = np.where(random.uniform(size=draws) < PLAIN.shared_error, toll, n)
    law = adjudicated(PLAIN, 0.4, n, floor, most)
    for k, chance in law.items():
        assert np.mean(toll == k) == pytest.approx(chance, abs=5 * math.sqrt(chance / draws))


def test_nobody_is_adjudicated_to_be_somebody() -> None:
    """Of no dead none are found, of some one at least; without shared errors nothing changes."""
    prior = size_prior(PLAIN, 50)
    law = adjudicated_law(prior, PLAIN, 0.5, 0, 50)
    assert law[0] == prior[0]
    assert law.sum() == pytest.approx(1, abs=1e-12)
    certain = replace(PLAIN, shared_error=0.0)
    assert adjudicated_law(prior, certain, 0.5, 0, 50) == pytest.approx(prior)


def test_larger_counts_have_larger_tolls() -> None:
    """Whatever floor and people at risk: the distribution function at any toll falls with the count."""
    for floor, most in ((1, math.inf), (6, 40)):
        laws = [adjudicated(PLAIN, 0.5, n, floor, most) for n in range(floor, 41)]
        below = np.cumsum([[law.get(k, 0.0) for k in range(170)] for law in laws], axis=1)
        assert (np.diff(below, axis=0) <= 1e-12).all()
