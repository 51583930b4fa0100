"""The published priors: one table, drawn as it says, and printed in the decision record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from estimates import EstimatesError
from estimates.priors import PRIORS, Prior
from estimates.profile import published_profile
from estimates.vocabulary import AFFILIATIONS, ESTIMATED_OUTCOMES, EVENT_TYPES, SOURCE_TYPES

PAGE = (Path(__file__).parents[1] / "docs" / "decisions" / "priors.md").read_text(encoding="utf-8")

LAWS = {
    "normal": stats.norm,
    "positive_normal": lambda a, b: stats.truncnorm(-a / b, np.inf, a, b),
    "half_normal": lambda a, b: stats.halfnorm(scale=b),
    "lognormal": lambda a, b: stats.lognorm(b, scale=a),
    "beta": stats.beta,
}


@pytest.mark.parametrize("name", PRIORS)
def test_the_page_of_priors_tells_the_distribution_that_is_drawn(name: str) -> None:
    """Each prior stands on docs/decisions/priors.md with its distribution and its basis; `make measures` renews the page."""
    prior = PRIORS[name]
    assert f"| `{name}` | {prior.describe()} | {prior.basis} |" in PAGE


@pytest.mark.parametrize("prior", [prior for prior in PRIORS.values() if prior.family in LAWS], ids=lambda p: p.name)
def test_draws_follow_their_distribution(prior: Prior) -> None:
    """Draws pass a Kolmogorov-Smirnov test against the law by its name in SciPy."""
    drawn = prior.sample(1_000, seed=3)
    assert stats.kstest(drawn, LAWS[prior.family](prior.first, prior.second).cdf).pvalue > 1e-3


def test_a_logit_normal_is_normal_on_the_logit() -> None:
    """The median is the first number and the standard deviation of the logit the second."""
    drawn = PRIORS["below"].sample(1_000, seed=1)
    logit = np.log(drawn / (1 - drawn))
    assert np.median(drawn) == pytest.approx(0.69, abs=0.002)
    assert logit.std() == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize("prior", PRIORS.values(), ids=lambda p: p.name)
def test_doubling_the_scale_doubles_the_spread(prior: Prior) -> None:
    """A scale of two widens a prior, and a scale of one half narrows it."""
    narrow, plain, wide = (prior.sample(2_000, seed=2, scale=scale).std() for scale in (0.5, 1.0, 2.0))
    assert narrow < plain < wide


def test_every_outcome_type_and_affiliation_has_its_priors() -> None:
    """No value of the vocabulary is without a law of size, steps of documentation or an accounting."""
    profile = published_profile(0, draws=20)
    for event_type in EVENT_TYPES:
        assert profile.documentation(event_type).complete_logit.shape == (20, 5)
        for outcome in ESTIMATED_OUTCOMES:
            assert (profile.size(outcome, event_type).shape > 0).all()
    for source_type in SOURCE_TYPES:
        for affiliation in AFFILIATIONS:
            assert profile.accounting("s", source_type, affiliation).bias.shape == (20,)


def test_a_prior_that_does_not_exist_is_told() -> None:
    """A misspelt name among the scales is refused, with the names there are."""
    with pytest.raises(EstimatesError, match="copying"):
        published_profile(0, scales={"copyng": 2.0})
