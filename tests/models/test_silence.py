"""Silence of watching sources: its law, how a source is learned, and its simulating twin."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.scalar_model import one

from estimates.models import silence
from estimates.models.grid import make_grid
from estimates.models.growth import FINAL
from estimates.models.silence import Attention, Watch, Watcher

GRID = make_grid([40])
NAMES = ("a", "b", "c")


def watch(pattern: tuple[bool, ...], told_otherwise: bool = False, **attention: float) -> Watch:
    watchers = tuple(Watcher(name, spoke, Attention(**attention)) for name, spoke in zip(NAMES, pattern, strict=False))
    return Watch(FINAL, watchers, told_otherwise)


def hermite(attention: Attention, counts: np.ndarray, nodes: int = 40) -> np.ndarray:
    """P(one source reports | C) by a product of Gauss-Hermite rules, with the formula written out again."""
    at, weight = np.polynomial.hermite_e.hermegauss(nodes)
    weight = weight / weight.sum()
    total = np.zeros(len(counts))
    for (x, w), (y, v) in product(zip(at, weight, strict=True), repeat=2):
        slope = attention.slope + attention.slope_sd * (
            attention.correlation * x + np.sqrt(1 - attention.correlation**2) * y
        )
        odds = np.exp(attention.intercept + attention.intercept_sd * x) * (1 + counts) ** slope
        total += w * v * odds / (1 + odds)
    return total


def test_silence_twin() -> None:
    """A watching source reports as often as its law says, and silence is the complement."""
    rng = np.random.default_rng(20200115)
    watching = silence.Watching(one(-1.0), one(0.45))
    share = silence.reporting(watching, GRID)[:, 0]
    for toll in (0, 3, 50):
        assert silence.simulate(rng, np.full(20_000, toll), -1.0, 0.45).mean() == pytest.approx(share[toll], abs=0.015)
    both = silence.likelihood([watching, watching], [True, False], GRID)[:, 0]
    np.testing.assert_allclose(both, share * (1 - share))


@pytest.mark.extended
@settings(max_examples=25, deadline=None)
@given(intercept=st.floats(-6, 1), slope=st.floats(-0.5, 2), spread=st.floats(0, 1.5), correlation=st.floats(-0.9, 0.9))
def test_what_sources_can_do_has_probability_one(
    intercept: float, slope: float, spread: float, correlation: float
) -> None:
    """For every count: of an event that is reported over all patterns but silence, of one that is known over all."""
    law = {"intercept": intercept, "slope": slope, "intercept_sd": spread, "correlation": correlation}
    patterns = list(product((True, False), repeat=len(NAMES)))
    reported = sum(silence.factor(watch(pattern, **law), GRID) for pattern in patterns if any(pattern))
    np.testing.assert_allclose(reported, 1.0, rtol=1e-12)
    known = sum(silence.factor(watch(pattern, True, **law), GRID) for pattern in patterns)
    np.testing.assert_allclose(known, 1.0, rtol=1e-12)


def test_one_watcher_who_spoke_says_nothing_of_a_reported_event() -> None:
    """A law of sizes of reported events has that already."""
    np.testing.assert_allclose(silence.factor(watch((True,)), GRID), 1.0, rtol=1e-12)
    assert silence.factor(watch((True,), True), GRID)[0] < 0.1


@pytest.mark.parametrize("law", [Attention(), Attention(-2.0, 0.6, 0.4, 0.2, -0.8)], ids=["prior", "learned"])
def test_parameters_are_averaged_over(law: Attention) -> None:
    """The factor of one source is the integral over its intercept and slope, to .003 of it."""
    own = Watch(FINAL, (Watcher("a", False, law),), True)
    expected = 1.0 - hermite(law, GRID.middle)
    np.testing.assert_allclose(silence.factor(own, GRID), expected, atol=0.003)
    counts = np.array([1.0, 10.0, 100.0])
    np.testing.assert_allclose(silence.probability_of_silence(own, counts), 1.0 - hermite(law, counts), atol=0.003)


def test_the_sweep_takes_the_intercept_as_known() -> None:
    """One standard deviation above its mean, with what that says of the slope."""
    found = Attention(-3.0, 0.8, 1.0, 0.3, -0.5).at(1.0)
    assert (found.intercept, found.intercept_sd) == (-2.0, 0.0)
    assert found.slope == pytest.approx(0.65)
    assert found.slope_sd == pytest.approx(0.3 * np.sqrt(0.75))


def test_leaving_a_watcher_out_leaves_no_event_that_nobody_knows() -> None:
    """Without the only one who spoke the event is known all the same; without a silent one it is as it was."""
    both = watch((True, False))
    assert both.without("a") == Watch(FINAL, both.watchers[1:], True)
    assert both.without("b") == Watch(FINAL, both.watchers[:1], False)
    assert watch((True,)).without("a") is None


# Learning -------------------------------------------------------------------------------------------------------------


def test_a_source_is_learned_as_a_sum_over_a_fine_grid_says() -> None:
    """Moments of the posterior equal those of a sum over 301 by 301 nodes, each event's counts averaged over."""
    rng = np.random.default_rng(3)
    tolls = rng.integers(0, 60, size=(40, 5))
    spoke = silence.simulate(rng, tolls[:, 2], -2.0, 0.9).astype(bool)

    intercept, slope = np.meshgrid(np.linspace(-8, 2, 301), np.linspace(-1, 3, 301), indexing="ij")
    logs = -0.5 * (intercept + 3.3) ** 2 - 0.5 * ((slope - 0.8) / 0.3) ** 2
    for counts, did in zip(tolls, spoke, strict=True):
        mean = np.mean([1 / (1 + np.exp(-intercept) * (1 + count) ** -slope) for count in counts], axis=0)
        logs += np.log(mean if did else 1 - mean)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    means = [(weight * axis).sum() for axis in (intercept, slope)]
    spreads = [
        np.sqrt((weight * (axis - mean) ** 2).sum()) for axis, mean in zip((intercept, slope), means, strict=True)
    ]

    found = silence.learned(Attention(), tolls.astype(float), spoke)
    assert (found.intercept, found.slope) == pytest.approx(means, abs=0.005)
    assert (found.intercept_sd, found.slope_sd) == pytest.approx(spreads, rel=0.02)
    assert -1 < found.correlation < 0


@pytest.mark.extended
def test_intervals_of_learned_sources_hold_what_they_were_drawn_from() -> None:
    """Of 300 sources drawn from the prior, each with 60 events, the 90% intervals of both parameters hold it as often."""
    rng = np.random.default_rng(5)
    prior, held = Attention(), []
    for _ in range(300):
        intercept, slope = rng.normal(prior.intercept, prior.intercept_sd), rng.normal(prior.slope, prior.slope_sd)
        tolls = np.floor(rng.pareto(1.2, size=60) * 3).clip(0, 500)
        spoke = silence.simulate(rng, tolls.astype(int), intercept, slope).astype(bool)
        found = silence.learned(prior, tolls[:, None], spoke)
        scores = (intercept - found.intercept) / found.intercept_sd, (slope - found.slope) / found.slope_sd
        held.append([abs(score) < 1.645 for score in scores])
    assert np.mean(held, axis=0) == pytest.approx([0.9, 0.9], abs=0.04)
