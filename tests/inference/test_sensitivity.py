"""How much of a range is prior, and what other priors would do, on cases with known answers."""

from __future__ import annotations

from dataclasses import replace
from math import log1p, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from estimates import SourceProfile, estimate
from estimates.inference.sensitivity import (
    GROUPS,
    KAPPAS,
    _bearing,
    distance,
    group_members,
    log_density,
    power_scaled,
)
from estimates.profile.blocks import generator
from estimates.profile.priors import PRIORS, Prior
from estimates.profile.profile import published_profile


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return published_profile(0, draws=300)


def table(*numbers: int) -> pd.DataFrame:
    rows = [{"event": f"e{i}", "source": "a", "wording": "exactly", "low": number} for i, number in enumerate(numbers)]
    return pd.DataFrame(rows).assign(event_date="2020-01-15", reported_at="2020-01-16", event_type="airstrike")


# Mathematics ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["normal", "positive_normal", "half_normal", "lognormal", "logit_normal", "beta"])
def test_densities_of_priors(family: str) -> None:
    """Differences of log densities agree with SciPy's on the scale on which draws are spread."""
    prior = next(prior for prior in PRIORS.values() if prior.family == family)
    values = np.sort(prior.sample(6, 1))
    logit = np.log(values / (1 - values)) if family in ("logit_normal", "beta") else values
    expected = {
        "normal": lambda: stats.norm.logpdf(values, prior.first, prior.second),
        "positive_normal": lambda: stats.norm.logpdf(values, prior.first, prior.second),
        "half_normal": lambda: stats.halfnorm.logpdf(values, scale=prior.second),
        "lognormal": lambda: stats.norm.logpdf(np.log(values), np.log(prior.first), prior.second),
        "logit_normal": lambda: stats.norm.logpdf(logit, np.log(prior.first / (1 - prior.first)), prior.second),
        # On the logit scale the density gains the factor x (1 - x).
        "beta": lambda: stats.beta.logpdf(values, prior.first, prior.second) + np.log(values * (1 - values)),
    }[family]()
    np.testing.assert_allclose(np.diff(log_density(prior, values)), np.diff(expected), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "prior",
    [Prior("a", "normal", 0.2, 0.4, ""), Prior("b", "lognormal", 3.0, 0.5, ""), Prior("c", "beta", 8.0, 16.0, "")],
    ids=lambda prior: prior.family,
)
@pytest.mark.parametrize("power", [0.7, 1.5])
def test_a_power_of_a_prior_is_the_same_family_with_another_spread(prior: Prior, power: float) -> None:
    """Reweighted draws have the moments of draws whose standard deviation was divided by the root of the power."""
    # In one block: each block ends before the far tail, of which 40,000 draws together see more.
    draws, other = (
        prior._block(generator(seed, "prior", prior.name), 40_000, scale)
        for seed, scale in ((1, 1.0), (2, 1 / sqrt(power)))
    )
    weight = power_scaled(np.full(len(draws), 1 / len(draws)), log_density(prior, draws), power)
    mean = float(weight @ draws)
    assert mean == pytest.approx(other.mean(), abs=0.02 * other.std())
    assert float(weight @ (draws - mean) ** 2) == pytest.approx(other.var(), rel=0.04)


def test_the_distance_of_two_laws() -> None:
    """Zero for the same law, one for laws as far apart as can be, the same both ways, and the formula otherwise."""
    rng = np.random.default_rng(2)
    one, other = (np.sort(rng.random(50)) for _ in range(2))
    width = rng.random(50)
    assert distance(one, one, width) == 0.0
    assert distance(np.zeros(5), np.ones(5), np.ones(5)) == pytest.approx(1.0)
    assert distance(one, other, width) == pytest.approx(distance(other, one, width))

    def divergence(p: np.ndarray, q: np.ndarray) -> float:
        return float(np.sum(width * p * np.log2(2 * p / (p + q))) + np.sum(width * (q - p)) / (2 * np.log(2)))

    def both(p: np.ndarray, q: np.ndarray) -> float:
        return sqrt((divergence(p, q) + divergence(q, p)) / float(np.sum(width * (p + q))))

    assert distance(one, other, width) == pytest.approx(max(both(one, other), both(1 - one, 1 - other)))


def test_every_prior_is_in_one_group() -> None:
    """The groups share out all priors, each once."""
    assert sorted(name for group in GROUPS for name in group_members(group)) == sorted(PRIORS)


def test_only_priors_that_bear_on_a_case_are_scaled() -> None:
    """The spread of parties' biases where a party speaks of its own, the law of campaigns for one, and no other laws."""
    given = {"event": "e", "figure": 9, "source_type": "government"}
    bearing = []
    for affiliation, kind in (("own", "campaign"), ("neutral", "airstrike")):
        row = {**given, "source": "s", "affiliation": affiliation, "event_type": kind}
        case = estimate([row], profile=published_profile(0, draws=60)).cases[0]
        bearing.append({name for group in ("bias", "size") for name in _bearing(group, case)})
    parts = ("positive", "shape", "scale")
    assert bearing[0] == {"bias.own", "bias.spread.affiliated", *(f"size.any.campaign.{p}" for p in parts)}
    neutral = {"bias.other", "bias.other.government", "bias.spread"}
    assert bearing[1] == neutral | {f"size.killed.attack.{p}" for p in parts}


# Sensitivity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("updated", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_same_priors_give_the_same_ranges(updated: bool) -> None:
    """Estimated anew with standard deviations times one, no range moves, whether or not the draws are weighted."""
    # Fewer draws than a hundred are never weighted.
    estimates = estimate(table(40), profile=published_profile(0, draws=1_000 if updated else 60))
    assert bool(estimates.weighting()["power"].iloc[0] > 0.1) is updated
    found = estimates.sensitivity(events=["e0"], scales=(1.0,))
    again, base = found[found["how"] == "scale"], found[found["how"] == "as estimated"]
    assert len(again) == 2 * len(GROUPS) - 1  # kappa has no bearing on those documented
    assert again["share_of_width"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    for layer, part in again.groupby("layer"):
        for name in ("median", "low_80", "high_80"):
            assert set(part[name]) == set(base.loc[base["layer"] == layer, name])


def test_rows_of_sensitivity(profile: SourceProfile) -> None:
    """Each row is of its kind: strength raises the full toll, and an unsure strength widens it; pulls are distances."""
    estimates = estimate(table(40), profile=profile)
    found = estimates.sensitivity()
    ranges = estimates.ranges((80,)).set_index("layer")
    base = found[found["how"] == "as estimated"].set_index("layer")
    for layer in ("documented", "total"):
        row = base.loc[layer]
        assert (row["low_80"], row["high_80"]) == (ranges.loc[layer, "low_80"], ranges.loc[layer, "high_80"])
        assert row["log_width"] == pytest.approx(log1p(row["high_80"]) - log1p(row["low_80"]))

    strength = found[found["how"] == "strength"]
    assert strength["what"].tolist() == [f"kappa {kappa:g}" for kappa in KAPPAS]
    assert strength["high_80"].is_monotonic_increasing
    assert strength["high_80"].iloc[0] == base.loc["documented", "high_80"]

    widths = found[found["how"] == "scale"].set_index(["layer", "what"])["log_width"]
    assert widths["total", "undocumented x 2"] > widths["total", "undocumented x 0.5"]

    pulls = found[found["how"] == "power"].set_index(["layer", "what"])["pull"]
    assert pulls.between(0, 1).all()
    assert ("documented", "undocumented") not in pulls
    assert pulls["documented", "growth"] > 2 * pulls["documented", "outlier"]

    parts = estimates.decompose().set_index("layer")
    expected = 1 - parts["share_event"]
    assert base["prior_share"].to_dict() == pytest.approx(expected.to_dict())


def test_a_prior_without_spread_does_not_pull(profile: SourceProfile) -> None:
    """Where all draws of a group are alike, raising its prior to a power changes nothing."""
    alike = {name: np.full(300, np.median(profile.parameters[name])) for name in group_members("growth")}
    fixed = replace(profile, name="own", parameters={**profile.parameters, **alike})
    found = estimate(table(40), profile=fixed).sensitivity()
    pulls = found[found["how"] == "power"].set_index(["layer", "what"])["pull"]
    assert pulls["documented", "growth"] == pytest.approx(0.0, abs=1e-6)
    assert pulls["documented", "bias"] > 1e-3


def test_priors_that_bear_on_nothing_do_not_pull(profile: SourceProfile) -> None:
    """Where no source gave a figure, no bias of a source bears on the range, and its pull is zero."""
    silent = {"event": "e", "source": "s", "figure": "no comment", "event_type": "earthquake"}
    found = estimate([silent], profile=replace(profile, name="own")).sensitivity()
    pulls = found[found["how"] == "power"].set_index(["layer", "what"])["pull"]
    assert pulls["documented", "bias"] == 0.0
    assert pulls["documented", "size"] > 1e-3


def test_what_cannot_be_varied_is_left_out(profile: SourceProfile) -> None:
    """A learned profile has no priors to estimate anew with, and another layer has no kappa of the profile's to pull."""
    own = replace(profile, name="own")
    found = estimate(table(40), profile=own, undocumented="none").sensitivity()
    assert set(found["how"]) == {"as estimated", "strength", "power"}
    assert "undocumented" not in set(found["what"])
    assert found[found["how"] == "power"].groupby("layer")["what"].count().tolist() == [len(GROUPS) - 1] * 2
    empty = estimate(table(40), profile=own).sensitivity(events=[])
    assert empty.empty
    assert list(empty.columns) == list(found.columns)
