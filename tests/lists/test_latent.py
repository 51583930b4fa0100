"""The latent class model: its density is the one written out by hand, and its posterior that of weighted draws of the prior."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from estimates.lists import latent
from estimates.lists.overlaps import Overlaps
from estimates.models.lists.likelihood import log_listed, log_patterns

PATTERNS = np.array([[0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])
COUNTS = np.array([30, 25, 12, 28, 10, 9, 6])
OVERLAPS = Overlaps("table", ("A", "B", "C"), PATTERNS, COUNTS, ())


def by_hand(sticks: np.ndarray, logits: np.ndarray) -> float:
    """Log density up to a constant: Beta(1, alpha) breaks with alpha integrated numerically, uniform chances."""
    on, share = 1 / (1 + np.exp(-logits)), 1 / (1 + np.exp(-sticks))
    shape, rate = latent.ALPHA

    def breaks(log_alpha: float) -> float:
        alpha = np.exp(log_alpha)
        return float(alpha ** (len(share) + shape) * np.exp(-rate * alpha) * np.prod((1 - share) ** (alpha - 1)))

    prior = np.log(quad(breaks, -60, 8, limit=400)[0]) + np.log(share * (1 - share)).sum() + np.log(on * (1 - on)).sum()
    weights = np.append(share, 1.0) * np.concatenate([[1.0], np.cumprod(1 - share)])
    cells = np.vstack([PATTERNS, np.zeros(3)])
    chances = np.logaddexp.reduce(log_patterns(np.log(weights), logits, cells), axis=0)
    return float(prior + log_listed(COUNTS, chances[:-1], chances[-1]))


@pytest.mark.extended
def test_the_density_is_the_one_written_out() -> None:
    """Differences between points of PyMC's density are those of a density with alpha integrated numerically."""
    model, rng = latent.latent_class_model(OVERLAPS), np.random.default_rng(0)
    density = model.compile_logp()
    points = [(rng.normal(0, 1, latent.CLASSES - 1), rng.normal(-1, 1, (latent.CLASSES, 3))) for _ in range(4)]
    found = [float(density({"sticks": sticks, "logits": logits})) for sticks, logits in points]
    expected = [by_hand(sticks, logits) for sticks, logits in points]
    np.testing.assert_allclose(np.diff(found), np.diff(expected), rtol=1e-6, atol=1e-6)


@pytest.mark.slow
def test_the_posterior_is_that_of_weighted_draws_of_the_prior() -> None:
    """For a small table quantiles agree with draws of the prior, alpha among them, weighted by the likelihood."""
    counts = np.array([6, 5, 4, 6, 4, 3, 5])
    found = latent.sample_classes(Overlaps("table", ("A", "B", "C"), PATTERNS, counts, ()), 0)
    assert found.refused == ""

    rng, draws, n = np.random.default_rng(1), 400_000, int(counts.sum())
    alpha = rng.gamma(0.25, 4.0, draws)
    share = np.ones((draws, latent.CLASSES))
    share[:, :-1] = -np.expm1(np.log(rng.random((draws, latent.CLASSES - 1))) / np.maximum(alpha, 1e-12)[:, None])
    left = np.cumprod(1 - share, axis=1)
    weights = share * np.concatenate([np.ones((draws, 1)), left[:, :-1]], axis=1)

    on = rng.random((draws, latent.CLASSES, 3))
    cells = [*PATTERNS.tolist(), [0, 0, 0]]
    chances = np.array(
        [(weights * np.where(np.array(cell) > 0, on, 1 - on).prod(axis=2)).sum(axis=1) for cell in cells]
    )
    log_weight = counts @ np.log(chances[:-1]) - n * np.log1p(-chances[-1])
    likely = np.exp(log_weight - log_weight.max())
    assert likely.sum() ** 2 / (likely**2).sum() > 1000

    totals = n + rng.negative_binomial(n, 1 - chances[-1])
    order = np.argsort(totals)
    below = np.cumsum(likely[order]) / likely.sum()
    for level in (0.1, 0.5, 0.9):
        exact = totals[order][np.searchsorted(below, level)]
        assert found.quantile(level) == pytest.approx(exact, rel=0.06, abs=1)
