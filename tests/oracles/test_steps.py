"""The brute-force oracle itself, against what is simpler still: growth in time, and the law of sizes."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from oracles.brute_force import (
    FINAL,
    Parameters,
    Step,
    size_prior,
)

PLAIN = Parameters()


def test_every_step_hands_on_exactly_one() -> None:
    """Each parent's children have total probability one, and a likelihood of one stays one on the way up."""
    step = Step(PLAIN, 2, 60, rising=True)
    assert [step.row(n).sum() for n in range(61)] == pytest.approx([1] * 61, abs=1e-13)
    assert np.abs(step.up(np.ones(61)) - 1).max() < 1e-12
    assert step.down(size_prior(PLAIN, 60)).sum() == pytest.approx(1, abs=1e-13)


def test_children_are_whole_parts_of_their_parents() -> None:
    """Keeping the whole parts of a random share of a parent, or adding an excess, drawn at length, gives its row."""
    random, draws, n = np.random.default_rng(2), 400_000, 7
    shape = np.where(random.uniform(size=draws) < 0.18, 0.3, 3.0)
    child = np.floor(n * random.beta(shape, 1))
    child = np.maximum(np.minimum(child, n - 1), 1)
    child[random.uniform(size=draws) < 1 / (1 + np.exp(-(1 - 0.4 * np.log(n))))] = n
    over = random.uniform(size=draws) < 0.15
    revised = child != n
    child[over & revised] = np.minimum(np.floor((n + 1) / random.uniform(size=draws) ** 0.25), 40)[over & revised]
    counted = Counter(child.astype(int).tolist())
    row = Step(PLAIN, 0, 40).row(n)
    for k in range(41):
        assert counted[k] / draws == pytest.approx(row[k], abs=5 * math.sqrt(row[k] / draws))


def test_a_step_up_is_the_prefix_sum_of_the_closed_form() -> None:
    """Listing the children gives pi L(n) + (1 - pi) n^-alpha sum_{k<n} ((k+1)^alpha - k^alpha) L(max(k, 1)).

    That is for each component.
    """
    step, likelihood = Step(replace(PLAIN, over_share=0.0), 0, 50), np.random.default_rng(3).uniform(size=51)
    n, k = np.arange(1, 51), np.arange(51)
    complete = 1 / (1 + np.exp(-(1 - 0.4 * np.log(n))))
    expected = complete * likelihood[1:]
    for share, alpha in ((0.82, 3.0), (0.18, 0.3)):
        # A child of none, of a parent with dead, is one of one.
        children = np.append(likelihood[1], likelihood[1:])
        prefix = np.cumsum(((k + 1) ** alpha - k**alpha) * children)[:-1]
        expected += (1 - complete) * share * n**-alpha * prefix
    assert step.up(likelihood)[1:] == pytest.approx(expected, rel=1e-12)
    assert step.up(likelihood)[0] == likelihood[0]


def test_a_step_has_a_shape_and_a_completeness_of_its_own() -> None:
    """Step j uses the j-th values and no others."""
    own = replace(PLAIN, complete_logit=(1.0, 1.0, 0.0, 1.0, 1.0), shape=(3.0, 3.0, 1.5, 3.0, 3.0))
    everywhere = replace(PLAIN, complete_logit=(0.0,) * FINAL, shape=(1.5,) * FINAL)
    assert Step(own, 2, 20).row(15).tolist() == Step(everywhere, 2, 20).row(15).tolist()
    assert Step(own, 3, 20).row(15).tolist() == Step(PLAIN, 3, 20).row(15).tolist()


def test_an_event_with_dead_has_one_in_every_bin() -> None:
    """No child of a parent with dead is zero; a parent of one is complete or over-counted."""
    rows = Step(PLAIN, 2, 30).matrix
    assert not rows[1:, 0].any()
    assert rows[0, 0] == 1
    assert rows[1, 1] == pytest.approx(1 - 0.15 * (1 - 1 / (1 + math.exp(-1))))


def test_a_falling_step_has_odds_of_its_own() -> None:
    """Where a source lowers its figure over-counts are likelier by a factor of odds, and fewer tolls are complete."""
    falling = Step(PLAIN, 2, 30, falling=True, rising=True)
    odds = 0.15 / 0.85 * math.exp(3)
    same = replace(PLAIN, over_share=odds / (1 + odds), complete_logit=(1 - 0.7 - 1,) * FINAL)
    assert falling.matrix == pytest.approx(Step(same, 2, 30).matrix, rel=1e-12)


def test_up_and_down_are_one_matrix() -> None:
    """Passing a likelihood up or a prior down gives the same evidence."""
    step, prior, likelihood = Step(PLAIN, 1, 80), size_prior(PLAIN, 80), np.linspace(0, 1, 81) ** 2
    assert step.down(prior) @ likelihood == pytest.approx(prior @ step.up(likelihood), rel=1e-13)


def test_the_size_prior_is_a_cut_lomax() -> None:
    """The prior adds to one, keeps its mass at zero, and falls as the survival function of the Lomax says."""
    prior = size_prior(PLAIN, 500)
    assert prior.sum() == pytest.approx(1)
    assert prior[0] == pytest.approx(0.1)
    at_least = [(1 + (n - 1) / 2.5) ** -1.5 for n in (2, 10, 501)]
    assert prior[2:].sum() / 0.9 == pytest.approx((at_least[0] - at_least[2]) / (1 - at_least[2]))
    steep = replace(PLAIN, size_shape=3.0)
    assert size_prior(steep, 500).tolist() == size_prior(replace(PLAIN, size_shape=2.0), 500).tolist()
    assert prior[10:].sum() / 0.9 == pytest.approx((at_least[1] - at_least[2]) / (1 - at_least[2]))
