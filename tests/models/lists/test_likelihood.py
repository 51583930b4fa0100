"""The likelihood of overlapping lists: two ways of writing it are one, and it is the law of what is acted out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from estimates.models.lists.likelihood import (
    draw_unlisted,
    log_full,
    log_listed,
    log_patterns,
    log_unlisted,
    people,
)

PATTERNS = np.array([pattern for pattern in itertools.product((0, 1), repeat=3) if any(pattern)])


def chances(seed: int, classes: int = 2) -> tuple[np.ndarray, float]:
    """Probabilities of the patterns of three lists, and of none, by products written out."""
    rng = np.random.default_rng(seed)
    weights, on = rng.dirichlet(np.ones(classes)), rng.uniform(0.05, 0.9, (classes, 3))
    every = np.array(
        [
            sum(w * np.prod([q if x else 1 - q for x, q in zip(pattern, row, strict=True)]) for w, row in zip(weights, on, strict=True))
            for pattern in [*PATTERNS.tolist(), [0, 0, 0]]
        ]
    )  # fmt: skip
    logits = np.log(on) - np.log1p(-on)
    cells = np.vstack([PATTERNS, np.zeros(3)])
    summed = np.logaddexp.reduce(log_patterns(np.log(weights), logits, cells), axis=0)
    np.testing.assert_allclose(np.exp(summed), every, rtol=1e-12)
    return every[:-1], float(every[-1])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), unlisted=st.integers(0, 5000), scale=st.integers(1, 300))
def test_the_two_ways_are_one(seed: int, unlisted: int, scale: int) -> None:
    """Multinomial given N, over N, is the conditional multinomial times the negative binomial, over n."""
    listed, missing = chances(seed)
    counts = np.random.default_rng(seed).poisson(scale * listed) + 1
    n = int(counts.sum())
    log_missing, total = np.array(np.log(missing)), np.array(float(n + unlisted))

    whole = log_full(counts, total, np.log(listed), log_missing) - np.log(total)
    parts = log_listed(counts, np.log(listed), log_missing) + log_unlisted(np.array(float(unlisted)), n, log_missing)
    np.testing.assert_allclose(whole, parts - np.log(n), rtol=1e-9, atol=1e-7)


def test_each_way_is_the_law_it_names() -> None:
    """The whole table is SciPy's multinomial, those on no list SciPy's negative binomial."""
    listed, missing = chances(3)
    counts, unlisted = np.array([5, 3, 8, 1, 0, 2, 4]), 11
    n, log_missing = int(counts.sum()), np.array(np.log(missing))

    table = stats.multinomial(n + unlisted, [*listed, missing]).logpmf([*counts, unlisted])
    assert log_full(counts, np.array(n + 11.0), np.log(listed), log_missing) == pytest.approx(table, rel=1e-10)
    given_listed = stats.multinomial(n, listed / listed.sum()).logpmf(counts)
    assert log_listed(counts, np.log(listed), log_missing) == pytest.approx(given_listed, rel=1e-10)
    below = stats.nbinom(n, 1.0 - missing).logpmf(unlisted)
    assert log_unlisted(np.array(11.0), n, log_missing) == pytest.approx(below, rel=1e-10)


def test_the_number_on_no_list_sums_out() -> None:
    """Summed over every N with the prior 1/N, the whole likelihood leaves the conditional one over n."""
    listed, missing = chances(5)
    counts = np.array([5, 3, 8, 1, 0, 2, 4])
    n, totals = int(counts.sum()), np.arange(counts.sum(), 20_000).astype(float)
    log_missing = np.full(totals.shape, np.log(missing))

    whole = log_full(counts, totals, np.tile(np.log(listed), (len(totals), 1)), log_missing) - np.log(totals)
    left = log_listed(counts, np.log(listed), log_missing[0]) - np.log(n)
    assert np.logaddexp.reduce(whole) == pytest.approx(float(left), rel=1e-10)


def test_those_on_no_list_are_drawn_from_their_law() -> None:
    """Draws have the mean and the spread of the negative binomial law."""
    missing, n = 0.6, 50
    drawn = draw_unlisted(np.random.default_rng(1), n, np.full(40_000, np.log(missing / (1 - missing))))
    law = stats.nbinom(n, 1.0 - missing)
    assert drawn.mean() == pytest.approx(law.mean(), rel=0.01)
    assert drawn.std() == pytest.approx(law.std(), rel=0.03)
    assert np.isfinite(draw_unlisted(np.random.default_rng(1), n, np.array([800.0]))).all()


def test_people_acted_out_have_these_probabilities() -> None:
    """The shares of patterns among many people are the probabilities, and only the listed are told."""
    weights, on = np.array([0.7, 0.3]), np.array([[0.1, 0.2, 0.3], [0.8, 0.5, 0.6]])
    patterns, counts = people(np.random.default_rng(0), 200_000, weights, on)
    expected = np.exp(np.logaddexp.reduce(log_patterns(np.log(weights), np.log(on / (1 - on)), patterns), axis=0))
    assert patterns.any(axis=1).all()
    np.testing.assert_allclose(counts / 200_000, expected, atol=5 * np.sqrt(0.25 / 200_000))
