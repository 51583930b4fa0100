"""The latent class model: its density is the one written out by hand, and its posterior that of a fine grid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln

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
def test_with_one_class_the_posterior_is_that_of_every_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """With two classes of which one is certain, quantiles agree with the closed form for lists that err alone.

    One class and uniform chances leave P(N) proportional to N! / (n0! N) times the product over lists of
    Beta(1 + on, 1 + N - on). The breaking of the stick is held at one class by a prior of alpha near zero.
    """
    monkeypatch.setattr(latent, "ALPHA", (1e-4, 1e4))
    monkeypatch.setattr(latent, "CLASSES", 2)
    found = latent.sample_classes(OVERLAPS, 0)
    assert found.refused == ""

    n, total = int(COUNTS.sum()), np.arange(COUNTS.sum(), 5000)
    value = gammaln(total + 1) - gammaln(total - n + 1) - np.log(total)
    for on in COUNTS @ PATTERNS:
        value = value + gammaln(1 + on) + gammaln(1 + total - on) - gammaln(2 + total)
    below = np.cumsum(np.exp(value - value.max()))
    exact = [int(total[np.searchsorted(below / below[-1], share)]) for share in (0.1, 0.5, 0.9)]
    np.testing.assert_allclose([found.quantile(share) for share in (0.1, 0.5, 0.9)], exact, rtol=0.04)
