"""Silence of watching sources, and its simulating twin."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.engine import size_law
from oracles.scalar_model import one

from estimates.models import silence
from estimates.models.grid import make_grid
from estimates.models.size import Size

RNG = np.random.default_rng(20200115)


def test_silence_twin() -> None:
    """A watching source reports as often as its law says, and silence is the complement."""
    watching = silence.Watching(one(-1.0), one(0.45))
    grid = make_grid()
    share = silence.reporting(watching, grid)[:, 0]
    for toll in (0, 3, 50):
        assert silence.simulate(RNG, np.full(20_000, toll), -1.0, 0.45).mean() == pytest.approx(share[toll], abs=0.015)
    both = silence.likelihood([watching, watching], [True, False], grid)[:, 0]
    np.testing.assert_allclose(both, share * (1 - share))
    mass = size_law(Size(one(0.9), one(1.5), one(2.5)), grid)
    assert silence.probability_of_any_report([watching], mass, grid)[0] == pytest.approx(float(mass[:, 0] @ share))
