"""Totals over events share what the events share."""

from __future__ import annotations

import numpy as np
import oracles.brute_force as oracle
import pandas as pd
import pytest
from helpers.tables import exactly

from estimates import SourceProfile, estimate
from estimates.profile.priors import PRIORS
from estimates.profile.profile import published_profile


def simple_profile(draws: int) -> SourceProfile:
    """All parameters at the middle of their priors but the bias of monitors: brute force can then integrate it."""
    base = published_profile(0, draws=draws).parameters
    values = {name: np.full(draws, float(np.median(array))) for name, array in base.items()}
    values |= {"bias.spread": np.zeros(draws), "bias.monitor": base["bias.monitor"]}
    values |= {"size.killed.attack.shape": np.full(draws, 3.0), "size.killed.attack.scale": np.full(draws, 20.0)}
    return SourceProfile("one bias", 0, values)


def cumulative_by_brute_force(numbers: list[int], profile: SourceProfile, cap: int = 260) -> np.ndarray:
    """P(total <= n) for n = 0, 1 ..., given exact numbers by one monitor: a sum over its bias and over every toll."""
    prior = PRIORS["bias.monitor"]
    biases = np.linspace(prior.first - 3.2 * prior.second, prior.first + 3.2 * prior.second, 33)

    log_weights, laws = [], []
    for bias in biases:
        parameters = with_bias(profile, float(bias))
        size = oracle.size_prior(parameters, cap)
        log_weight, law = -0.5 * ((bias - prior.first) / prior.second) ** 2, np.ones(1)

        for number in sorted(set(numbers)):
            figure = oracle.Figure("m", "exactly", number, number)
            joint = size * [oracle.statement_likelihood(figure, parameters, c) for c in range(cap + 1)]
            repeats = numbers.count(number)
            log_weight += repeats * np.log(joint.sum())
            for _ in range(repeats):
                law = np.convolve(law, joint / joint.sum())

        log_weights.append(log_weight)
        laws.append(law)

    weights = np.exp(np.array(log_weights) - max(log_weights))
    return np.cumsum(weights @ np.array(laws) / weights.sum())


def with_bias(profile: SourceProfile, bias: float) -> oracle.Parameters:
    """The parameters that a simple profile has in every draw, with one bias."""
    middle = {name: float(values[0]) for name, values in profile.parameters.items()}
    return oracle.Parameters(
        positive=middle["size.killed.attack.positive"],
        size_shape=3.0,
        size_scale=20.0,
        bias=bias,
        **{name: middle[name] for name in ("exactness", "exactness_slope", "scale", "outlier")},
        heaping=middle["heaping"],
        phantom=middle["phantom"],
    )


def test_totals_share_the_bias_of_a_source() -> None:
    """The total of 50 events of one biased source equals the joint posterior by brute force.

    Weighting each event by itself, or treating their errors as independent, gives a visibly narrower total.
    """
    numbers = [3, 5, 8, 10, 12, 15, 20, 7, 4, 9] * 5
    day = {"reported_at": "2020-06-01"}
    rows = [exactly("monitor", number, event=f"event {index:02d}", **day) for index, number in enumerate(numbers)]
    profile = simple_profile(4_000)
    found = estimate(pd.DataFrame(rows), profile=profile)
    assert found.provenance["profile_updated"]

    total = found.total("killed").query("layer == 'documented'").iloc[0]
    expected = cumulative_by_brute_force(numbers, profile)
    ends = {"low_95": 0.025, "low_80": 0.1, "median": 0.5, "high_80": 0.9, "high_95": 0.975}
    quantiles = {name: int(np.searchsorted(expected, probability)) for name, probability in ends.items()}
    for name, quantile in quantiles.items():
        assert total[name] == pytest.approx(quantile, rel=0.03)

    rng = np.random.default_rng(0)
    apart = sum(rng.permutation(found.draws(f"event {index:02d}")) for index in range(50))
    spread = np.quantile(apart, 0.975) - np.quantile(apart, 0.025)
    assert spread < 0.75 * (quantiles["high_95"] - quantiles["low_95"])


def test_totals_by_place_and_their_two_remainders() -> None:
    """Groups add up draw by draw; the common remainder is at least as spread as the independent one."""
    rows = [exactly("a", 5 + index, event=f"e{index}", place="north" if index % 2 else "south") for index in range(12)]
    found = estimate(pd.DataFrame(rows))
    by_place = found.total("killed", by="place")
    assert set(by_place["place"]) == {"north", "south"}
    assert (by_place["events"] == 6).all()

    whole = found.total("killed").set_index("remainder")
    independent, common = whole.loc["independent"], whole.loc["common"]
    assert common["high_95"] - common["low_95"] >= 0.95 * (independent["high_95"] - independent["low_95"])
