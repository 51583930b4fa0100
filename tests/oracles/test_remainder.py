"""The brute-force oracle itself, against what is simpler still: the undocumented remainder."""

from __future__ import annotations

import math

import numpy as np
import pytest
from oracles.brute_force import (
    Figure,
    Parameters,
    posterior,
    remainder,
    total_law,
)

PLAIN = Parameters()

SMALL = (
    Figure("A", "at_least", low=2, bin=0, place=0),
    Figure("B", "none", bin=0, place=0),
    Figure("C", "about", low=3, bin=1, place=1),
    Figure("A", "exactly", low=3, bin=1, place=1),
    Figure("D", "no_comment", bin=1, place=1),
    Figure("list", "named", low=2, bin=2, place=2),
    Figure("B", "vague", word="few", bin=3, place=3),
)


@pytest.mark.parametrize("c", [1, 5, 300])
@pytest.mark.parametrize("kappa", [0.0, 0.4, 0.9, 1.8])
def test_the_remainder_has_total_probability_one_and_only_adds(c: int, kappa: float) -> None:
    """The full toll is never below the documented one, equals it at least 35 times in 100, and at kappa 0 always."""
    law = remainder(c, kappa, 400_000)
    assert law.sum() == pytest.approx(1, abs=1e-6)
    assert law.min() >= 0
    assert not law[:c].any()
    assert law[c] >= 0.35
    assert kappa > 0 or law[c] == pytest.approx(1, abs=1e-8)


def test_the_least_kappa_moves_large_tolls_by_a_thousandth() -> None:
    """At kappa 0, taken as 0.001, a toll of 3,000 may still gain a few units, and never one in a hundred."""
    law = remainder(3_000, 0.0, 3_100)
    assert law[3_000] == pytest.approx(0.783, abs=0.001)
    assert law[:3_030].sum() == pytest.approx(1, abs=1e-12)


def test_the_remainder_follows_its_own_simulation() -> None:
    """Drawing Gumbel ratios, raising them to kappa and rounding gives the law of the full toll."""
    random, draws, c, kappa = np.random.default_rng(4), 400_000, 6, 0.9
    ratio = np.maximum(1, random.gumbel(c, 0.2 * c + 1.8, size=draws) / c)
    total = np.where(random.uniform(size=draws) < 0.35, c, np.floor(c * ratio**kappa + 0.5))
    law = remainder(c, kappa, 60)
    for n in range(c, 20):
        assert np.mean(total == n) == pytest.approx(law[n], abs=5 * math.sqrt(law[n] / draws))


def test_no_deaths_documented_means_none_at_all() -> None:
    """At C = 0 the full toll is 0, so that the full toll's law starts with the documented toll's chance of 0."""
    assert remainder(0, 0.9, 5).tolist() == [1, 0, 0, 0, 0, 0]
    laws = posterior(PLAIN, SMALL, 30, largest_total=3_000)
    assert laws["total"][0] == pytest.approx(laws["documented"][0])
    assert laws["total"].sum() == pytest.approx(1, abs=1e-9)
    mean = [float(np.arange(len(laws[layer])) @ laws[layer]) for layer in ("by_now", "documented", "total")]
    assert mean == sorted(mean)
    assert total_law(np.array([0.5, 0.5]), 0.0, 2).tolist() == [0.5, 0.5, 0]
