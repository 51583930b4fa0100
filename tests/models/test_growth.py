"""The steps of growth: they keep certainty, and draw what the formulas say."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.laws import agrees
from oracles.brute_force import Figure, Parameters
from oracles.scalar_model import growth, one, reporting, size, solve, words

from estimates.models import growth as steps
from estimates.models.event import DocumentedPrior, Floor, Observations, Statement, Workspace, posterior
from estimates.models.grid import make_grid
from estimates.models.growth import BINS, STEPS, Growth, StepTables

RNG = np.random.default_rng(20200115)


def many_growths(count: int) -> Growth:
    rng = np.random.default_rng(1)
    return Growth(
        rng.normal(0, 3, (count, STEPS)),
        rng.uniform(0, 1, count),
        np.exp(rng.normal(1, 1, (count, STEPS))),
        rng.uniform(0, 1, count),
        rng.uniform(0.05, 1, count),
        rng.uniform(0, 1, count),
        np.exp(rng.normal(1, 1, count)),
        rng.exponential(1, count),
    )


def test_a_step_keeps_certainty() -> None:
    """Sharp test a: step(1) = 1 to 1e-12 on every cell, for any parameters, rising or not."""
    grid = make_grid([150, 9_000])
    tables = StepTables(many_growths(40), grid)
    ones = np.ones((len(grid), 40))
    for index in range(STEPS):
        for rising in (False, True):
            np.testing.assert_allclose(tables.step(index, rising=rising).up(ones), 1.0, atol=1e-12)


def test_pushing_down_is_the_adjoint_of_passing_up() -> None:
    """Sum of prior times step(L) equals sum of the pushed-down prior times L, which keeps the mass as well."""
    grid = make_grid([150])
    tables = StepTables(many_growths(40), grid)
    likelihood, mass = RNG.random((2, len(grid), 40))
    mass /= mass.sum(axis=0)
    for index in range(STEPS):
        step = tables.step(index, rising=False)
        np.testing.assert_allclose(
            (step.up(likelihood) * mass).sum(0), (likelihood * step.down(mass)).sum(0), rtol=1e-9
        )
        np.testing.assert_allclose(step.down(mass).sum(axis=0), 1.0, rtol=1e-9)


@pytest.mark.parametrize("bin_index", range(BINS))
def test_a_figure_that_says_nothing_changes_nothing(bin_index: int) -> None:
    """Sharp test a: a likelihood of one in any bin, before, between or after the others, leaves the posterior as it was."""
    figures = [Figure("a", "exactly", 18, 18, bin=1), Figure("b", "exactly", 30, 30, bin=3, place=1)]
    parameters, names = Parameters(), ["a", "b"]
    grid, expected = solve(parameters, figures, cap=20_000, relative_width=0.04)
    said = tuple(Statement(f.bin, f.place, names.index(f.source), words(f)) for f in figures)
    observations = Observations(said, (Floor(bin_index, 0, 0.001),), by_now=3)
    prior = DocumentedPrior(grid, size(parameters), StepTables(growth(parameters), grid))
    found = posterior(observations, [reporting(parameters)] * 2, Workspace(grid), prior)
    assert found.log_marginal_likelihood[0] == pytest.approx(expected.log_marginal_likelihood[0], abs=1e-12)
    np.testing.assert_allclose(found.mass, expected.mass, atol=1e-12)


@pytest.mark.parametrize("toll", [0, 1, 2, 30])
def test_growth_twin(toll: int) -> None:
    """The mechanism of a step draws what the adjoint of the closed form says."""
    grid = make_grid(relative_width=0, cap=100)
    law = Growth(
        np.full((1, STEPS), 0.5), one(0.4), np.full((1, STEPS), 2.5), one(0.2), one(0.3), one(0.3), one(5.0), one(0.0)
    )
    parent = np.zeros((len(grid), 1))
    parent[toll] = 1.0
    child = StepTables(law, grid).step(0, rising=False).down(parent)[:, 0]

    drawn = steps.simulate(
        RNG,
        np.full(40_000, toll),
        complete_logit=0.5,
        slope=0.4,
        shape=2.5,
        low_share=0.2,
        low_shape=0.3,
        over_share=0.3,
        over_shape=5.0,
    )
    agrees(np.minimum(drawn, grid.cap), child)
