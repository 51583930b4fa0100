"""The undocumented remainder: its twin, its quantiles, and the total on the grid."""

from __future__ import annotations

import numpy as np
import pytest

from estimates.models import remainder, undocumented
from estimates.models.grid import make_grid

RNG = np.random.default_rng(20200115)


@pytest.mark.parametrize("kappa", [0.0, 0.5, 0.9, 2.0])
@pytest.mark.parametrize("toll", [0, 1, 18, 2_000])
def test_remainder_twin(toll: int, kappa: float) -> None:
    """Gumbel draws follow the survival function; zero stays zero and kappa of zero adds nothing."""
    drawn = undocumented.simulate(RNG, np.full(20_000, toll), kappa)
    if toll == 0 or kappa == 0.0:
        assert (drawn == toll).all()
        return
    for factor in (1.0, 1.1, 1.5, 2.0):
        count = int(toll * factor) + 1
        expected = float(undocumented.survival(np.array(float(count)), np.array(float(toll)), kappa))
        assert (drawn >= count).mean() == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize("toll", [0, 1, 18, 2_000])
def test_remainder_quantiles_invert_the_survival_function(toll: int) -> None:
    """Quantiles at uniform ranks are draws of the same law, never below the documented toll."""
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    drawn = undocumented.quantile(uniforms, np.full(20_000, toll), np.full(20_000, 0.9))
    assert (drawn >= toll).all()
    assert (np.diff(drawn) >= 0).all()
    if toll:
        for count in (toll + 1, int(1.5 * toll) + 1):
            expected = float(undocumented.survival(np.array(float(count)), np.array(float(toll)), 0.9))
            assert (drawn >= count).mean() == pytest.approx(expected, abs=2e-4)


@pytest.mark.extended
def test_the_total_on_the_grid_is_the_sum_over_every_count() -> None:
    """Spreading a law of C over N on the grid agrees with the oracle's dense sum, for a spread of kappa."""
    from oracles.brute_force import total_law

    documented = np.exp(-0.5 * ((np.arange(121) - 30) / 12.0) ** 2)
    documented /= documented.sum()
    kappa = np.linspace(0.0, 2.0, 300)
    grid = make_grid(relative_width=0, cap=1_200)
    tables = np.zeros((len(grid), 300))
    tables[:121] = documented[:, None]
    found = remainder.Remainder(kappa, grid).layers(tables, np.full(300, 1 / 300))[1]
    expected = np.mean([total_law(documented, value, 1_200) for value in kappa[::3]], axis=0)
    assert found.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(np.cumsum(found), np.cumsum(expected), atol=2e-3)
