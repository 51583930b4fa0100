"""The published priors: one table, drawn as it says, and printed in the decision record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from estimates import EstimatesError
from estimates.profile.priors import ANALYST, PRIORS, Prior, changed_priors, size_law
from estimates.profile.profile import SourceProfile, published_profile
from estimates.vocabulary import AFFILIATIONS, ESTIMATED_OUTCOMES, EVENT_TYPES, SOURCE_TYPES

PAGE = (Path(__file__).parents[2] / "docs" / "decisions" / "priors.md").read_text(encoding="utf-8")

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
    drawn = PRIORS["low_share.ordinary"].sample(1_000, seed=1)
    logit = np.log(drawn / (1 - drawn))
    assert np.median(drawn) == pytest.approx(0.1824, abs=0.002)
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
        assert profile.growth(event_type).complete_logit.shape == (20, 5)
        for outcome in ESTIMATED_OUTCOMES:
            assert (profile.size(outcome, event_type).shape > 0).all()
    for source_type in SOURCE_TYPES:
        for affiliation in AFFILIATIONS:
            assert profile.reporting("s", source_type, affiliation).bias.shape == (20,)


def test_parties_differ_more_from_one_another_than_neutral_sources() -> None:
    """A source's bias on its own or the enemy's losses has a spread of its own; that on others' is untouched by it."""
    base = published_profile(0)
    scores = {key: values.copy() for key, values in base.parameters.items()}
    wide = scores | {"bias.spread.affiliated": scores["bias.spread.affiliated"] + 2.0}
    other = SourceProfile("wide", 0, wide)
    for affiliation in AFFILIATIONS:
        before, after = (p.reporting("army", "government", affiliation).bias for p in (base, other))
        assert np.array_equal(before, after) == (affiliation == "neutral")
    own = base.reporting("army", "government", "own").bias - base.parameters["bias.own"]
    of_type = base.parameters["bias.other"] + base.parameters["bias.other.government"]
    neutral = base.reporting("army", "government", "neutral").bias - of_type
    assert own.std() == pytest.approx(0.75, rel=0.1)
    assert neutral.std() == pytest.approx(0.25, rel=0.1)


def test_totals_of_campaigns_have_one_wide_law_of_sizes() -> None:
    """Every outcome of a campaign has the same law: half of the totals lie between some hundreds and tens of thousands."""
    assert {size_law(outcome, "campaign") for outcome in ESTIMATED_OUTCOMES} == {"size.any.campaign"}
    assert {size_law("killed", kind) for kind in ("airstrike", "flood", "other")} == {
        "size.killed.attack", "size.killed.disaster", "size.killed.unknown",
    }  # fmt: skip
    size = published_profile(0).size("killed", "campaign")
    uniforms = np.random.default_rng(1).random(1_000)
    tolls = 1.0 + size.scale * (uniforms ** (-1.0 / size.shape) - 1.0)
    low, middle, high = np.quantile(tolls, [0.25, 0.5, 0.75])
    assert 100 < low < 1_000 < middle < 10_000 < high < 100_000


# Priors that the analyst sets ----------------------------------------------------------------------------------------


def test_an_analyst_sets_the_numbers_of_a_prior_and_not_its_family() -> None:
    """The one that is named has the numbers given, whole ones and lists too, and says whose it is; all others stay."""
    changed = changed_priors({"bias.own": (0, 1), "copying": [1, 1.5], "bias.spread": (0, 2.0)})
    assert changed["bias.own"] == Prior("bias.own", "normal", 0.0, 1.0, ANALYST)
    assert (changed["copying"].family, changed["copying"].describe()) == ("beta", "beta(1, 1.5)")
    assert {name for name in PRIORS if changed[name] != PRIORS[name]} == {"bias.own", "copying", "bias.spread"}
    assert changed_priors({}) == PRIORS


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("bias.own", (0, 0)), ("bias.own", (0, -1)), ("bias.own", (0, float("inf"))), ("bias.own", (float("nan"), 1)),
        ("bias.own", (float("inf"), 1)), ("bias.own", 1.0), ("bias.own", (1,)), ("bias.own", (0, 1, 2)), ("bias.own", "01"),
        ("bias.own", (True, 1)), ("bias.own", (0, True)), ("bias.own", ("0", "1")), ("bias.own", None), ("bias.spread", (0.1, 1)),
        ("scale", (0, 1)), ("low_share.ordinary", (1, 1)), ("low_share.ordinary", (0, 1)), ("copying", (0, 1)), ("kappa", (-1, 1)),
    ],
)  # fmt: skip
def test_numbers_that_a_family_cannot_have_are_refused(name: str, numbers: object) -> None:
    """The message names the prior, quotes the numbers, and shows the published ones."""
    with pytest.raises(EstimatesError) as told:
        changed_priors({name: numbers})  # type: ignore[dict-item]
    assert str(told.value).startswith(f"prior {name}: {numbers!r} are not the two numbers of a ")
    assert str((PRIORS[name].first, PRIORS[name].second)) in str(told.value)


def test_a_published_profile_with_set_priors_is_drawn_from_them() -> None:
    """Draws of the prior that is named follow it, all others are the same as before, and the profile remembers."""
    base, profile = published_profile(0), published_profile(0, priors={"bias.own": (0, 0.1)})
    assert stats.kstest(profile.parameters["bias.own"], stats.norm(0, 0.1).cdf).pvalue > 1e-3
    same = [name for name in PRIORS if np.array_equal(base.parameters[name], profile.parameters[name])]
    assert set(PRIORS) - set(same) == {"bias.own"}
    assert profile.priors["bias.own"].describe() == "normal(0, 0.1)"
    assert profile.name != base.name
    assert base.priors == PRIORS


def test_a_prior_that_does_not_exist_is_told() -> None:
    """A misspelt name among the scales is refused, with the names there are."""
    with pytest.raises(EstimatesError, match="copying"):
        published_profile(0, scales={"copyng": 2.0})
    with pytest.raises(EstimatesError, match=r"no prior is called 7, copyng; known are .*copying"):
        changed_priors({"copyng": (1, 2), 7: (1, 2)})  # type: ignore[dict-item]
