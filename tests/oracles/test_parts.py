"""The oracle's factors of parts of the dead, against lists of every size and pair."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from oracles.brute_force import joint_factor, part_factor

RNG = np.random.default_rng(5)


def test_the_factor_of_a_group_lists_every_size() -> None:
    """Everybody with the given probability, else each size from one on alike; nobody of nobody."""
    likelihood = RNG.random(13)
    found = part_factor(likelihood, 0.7)
    assert found[0] == likelihood[0]
    for toll in range(1, 13):
        weights = {m: 0.3 / toll + 0.7 * (m == toll) for m in range(1, toll + 1)}
        assert sum(weights.values()) == pytest.approx(1)
        assert found[toll] == pytest.approx(sum(weight * likelihood[m] for m, weight in weights.items()))


def test_the_joint_factor_lists_every_pair() -> None:
    """The mean over all pairs of sizes whose sum is no larger than the toll."""
    one, other = RNG.random((2, 13))
    found = joint_factor(one, other)
    for toll in range(13):
        pairs = [one[i] * other[j] for i, j in product(range(toll + 1), repeat=2) if i + j <= toll]
        assert found[toll] == pytest.approx(np.mean(pairs))
