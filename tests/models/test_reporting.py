"""The number a source holds: what it gives adds up to one, stays finite, and is what its twin draws."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.engine import figure_tables, number_up_to
from helpers.laws import agrees
from oracles.brute_force import Figure, Parameters, none_likelihood, number_given
from oracles.scalar_model import reporting, solve

from estimates.models import reporting as held_numbers
from estimates.models.grid import make_grid
from estimates.models.wording import NONE_KINDS, Words, none

RNG = np.random.default_rng(20200115)


@pytest.mark.extended
@pytest.mark.parametrize("toll", [1, 4, 40, 300])
def test_reporting_twin(toll: int) -> None:
    """Numbers drawn by the mechanism, rounding included, follow the tabulated law."""
    parameters = Parameters(bias=-0.2, heaping=0.5, exactness=0.0)
    grid = make_grid(relative_width=0, cap=400)
    said = figure_tables([Words("exactly", k, k) for k in range(1, 700)], reporting(parameters), grid)
    law = np.append(0.0, said[:, toll, 0])
    names = ("bias", "exactness", "exactness_slope", "scale", "outlier", "heaping")
    drawn = held_numbers.simulate(RNG, np.full(40_000, toll), **{name: getattr(parameters, name) for name in names})
    agrees(drawn, law)


@pytest.mark.parametrize("value", [0, 1, 1_000_000, 1_000_000_000])
def test_extremes_give_finite_tables(value: int) -> None:
    """Sharp test f: at C = 0, 1 and a million no form gives NaN, nor do extreme parameters."""
    figures = [Figure("a", "exactly", value or 1, value or 1, bin=0), Figure("b", "none", bin=0)]
    for parameters in (
        Parameters(kappa=0.0),
        Parameters(scale=0.003, shape=(400.0,) * 5, low_shape=1e-4),
        Parameters(bias=4.0, scale=1.0 / 39.0, size_shape=0.05, size_scale=1e5, none_fall=0.0),
        Parameters(outlier=0.0, copying=1e-9, exactness=-30.0, low_share=0.0, none_stated=1e-9, none_fall=9.0),
    ):
        _, found = solve(parameters, figures, cap=10_000_000_000, relative_width=0.04)
        assert np.isfinite(found.log_marginal_likelihood).all()
        assert np.isfinite(found.mass).all()
        _, early = solve(parameters, figures, cap=10_000_000_000, relative_width=0.04, by_now=True)
        assert np.isfinite(early.mass).all()
        assert found.mass.sum() == pytest.approx(1.0)


@pytest.mark.extended
@pytest.mark.parametrize("toll", [0, 1, 20])
@pytest.mark.parametrize("kind", NONE_KINDS)
def test_a_source_says_none_or_a_number(kind: str, toll: int) -> None:
    """All numbers of a source that gives one sum to one, and "none" is the rest of the probability that it gives one."""
    parameters = Parameters(phantom=0.02)
    grid = make_grid(relative_width=0, cap=30_000)
    source = reporting(parameters)
    assert number_up_to(10**9, source, grid)[toll, 0] == pytest.approx(1.0, abs=1e-6)

    said = figure_tables([none(kind), none(kind, too_early=True)], source, grid)[:, toll, 0]
    assert 1.0 - said[0] == pytest.approx(number_given(kind, parameters, toll), rel=1e-12)
    assert said[1] == pytest.approx(none_likelihood(kind, True, parameters, toll), rel=1e-12)
