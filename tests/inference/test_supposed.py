"""What follows if a claim holds: counts on the way to a toll by sums over every history, and averages that add up."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from helpers.claims import CAP, LARGEST, estimated, sums_of
from helpers.tables import exactly, report
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates import Estimates, UndocumentedLayer, estimate
from estimates.inference.claimed import ClaimedTolls, claimed_tolls
from estimates.inference.supposed import SUPPOSED, Supposed, chance_of_remainder, suppose
from estimates.models import undocumented
from estimates.profile.profile import published_profile

HOLDS = {
    "at least 30": lambda n: n >= 30,
    "20 killed": lambda n: n == 20,
    "at most 12": lambda n: n <= 12,
    "15 to 60": lambda n: (n >= 15) & (n <= 60),
}


def supposed(found: Estimates, event: str, tolls: ClaimedTolls) -> Supposed:
    """The posterior of one event if a claim held."""
    return suppose(found._solved, found._solved.position(event, "killed"), tolls)


def by_brute_force(event: str, layer: str, words: str) -> list[float]:
    """Typical counts by now, in the end, documented and in full, given a claim: sums over all four of them."""
    sums = sums_of(event)
    full = np.arange(LARGEST + 1)
    held = HOLDS[words](full)
    of_full = sums.remainders * (held if layer == "total" else 1.0)
    of_documented = sums.errors * of_full.sum(axis=1) * (held[: CAP + 1] if layer == "documented" else 1.0)
    pairs = sums.pairs * of_documented.sum(axis=1)

    documented = pairs.sum(axis=0) / np.maximum(of_documented.sum(axis=1), 1e-300) @ of_documented
    total = documented / np.maximum(of_full.sum(axis=1), 1e-300) @ of_full
    laws = pairs.sum(axis=1), pairs.sum(axis=0), documented, total
    return [float(np.expm1(law @ np.log1p(np.arange(len(law))) / law.sum())) for law in laws]


@pytest.mark.parametrize("event", ["they grew", "two sources", "named"])
@pytest.mark.parametrize("layer", SUPPOSED)
@pytest.mark.parametrize("words", sorted(HOLDS))
def test_typical_counts_are_sums_over_every_history(event: str, layer: str, words: str) -> None:
    """Counts by now, of the accounts in the end, documented and in full are those of brute force, given the claim."""
    found = supposed(estimated(), event, claimed_tolls(words, "killed"))
    (supposition,) = (each for each in found.suppositions if each.layer == layer)
    assert list(vars(supposition.stages).values()) == pytest.approx(by_brute_force(event, layer, words), rel=4e-3)


def several() -> Estimates:
    """An event under published priors, with sources that differ, and one without dates."""
    rows = [
        report("a", "at_least", 18),
        report("b", "about", 21, 21, source_type="rescue"),
        exactly("c", 26, source_type="government", reported_at="2020-01-18"),
        exactly("a", 20, event="undated", reported_at=None),
        exactly("b", 34, event="undated", reported_at="2020-01-20"),
    ]
    return estimate(rows, profile=published_profile(0, draws=300))


FOUND = several()


@pytest.mark.extended
@settings(max_examples=8)
@given(
    event=st.sampled_from(["one", "undated"]),
    cuts=st.lists(st.integers(1, 90), min_size=1, max_size=3, unique=True).map(sorted),
)
def test_suppositions_that_exclude_one_another_average_to_the_estimate(event: str, cuts: list[int]) -> None:
    """Over claims that part all tolls, biases and logarithms of counts weighted by probability are those estimated."""
    ends = [0, *cuts, None]
    parts = [ClaimedTolls("", "range", ((low, None if high is None else high - 1),)) for low, high in pairwise(ends)]
    position = FOUND._solved.position(event, "killed")
    mass, grid = FOUND._solved.mass(position, "documented"), FOUND.cases[position].grid
    found = [supposed(FOUND, event, part) for part in parts]
    chances = np.array([mass @ part.shares(grid) for part in parts])
    assert chances.sum() == pytest.approx(1.0, abs=1e-6)

    for place, bias in enumerate(found[0].biases):
        given_each = [each.biases[place].supposed["documented"] for each in found]
        assert chances @ given_each == pytest.approx(bias.as_estimated, abs=1e-4)
    for stage in ("by_now", "in_the_end", "documented", "total"):
        logs = [np.log1p(getattr(each.suppositions[0].stages, stage)) for each in found]
        assert chances @ logs == pytest.approx(np.log1p(getattr(found[0].as_estimated, stage)), abs=2e-3)


def test_what_is_documented_is_the_claim_itself() -> None:
    """Given "20 killed" of a layer that layer's count is 20; the full toll is never below the documented one."""
    found = supposed(FOUND, "one", claimed_tolls("20 killed", "killed"))
    documented, total = found.suppositions
    assert documented.stages.documented == pytest.approx(20.0, rel=1e-5)
    assert total.stages.total == pytest.approx(20.0, rel=1e-5)
    assert documented.stages.total >= 20.0
    assert total.stages.documented <= 20.0


@pytest.mark.parametrize("at_risk", [None, 60])
@pytest.mark.parametrize(
    "layer",
    [UndocumentedLayer.elicited(), UndocumentedLayer.none(), UndocumentedLayer.analyst({0.2: 1.0, 0.5: 1.3, 0.9: 3.0})],
    ids=lambda layer: layer.name,
)
def test_the_chance_of_a_remainder_is_that_of_its_quantiles(layer: UndocumentedLayer, at_risk: int | None) -> None:
    """P(full toll >= n) of so many documented is the share of evenly spaced quantiles that reach n, for every layer."""
    uniforms = (np.arange(4_000) + 0.5) / 4_000
    documented, kappa = np.full(4_000, 20), np.full(4_000, 0.9)
    tolls = layer.quantile(uniforms, documented, kappa, 0, at_risk)
    for n in (15, 20, 21, 25, 40, 61):
        found = float(layer.at_least(n, np.array(20.0), np.array(0.9), at_risk))
        assert found == pytest.approx(np.mean(tolls >= n), abs=1e-3)


def test_the_chance_of_a_remainder_is_averaged_over_its_strengths() -> None:
    """Of an estimate it is the mean over the draws by their weights; of nobody documented nobody is missing."""
    found = FOUND._solved
    position = found.position("one", "killed")
    evidence = found.solution.events["one"]
    weights = np.exp(evidence.power * evidence.log_marginal_likelihood.astype(float))
    kappa = found.profile.kappa[: len(weights)]
    chances = [float(undocumented.survival(np.array([40.0]), np.array([20.0]), k)[0]) for k in kappa.tolist()]
    expected = float(weights @ chances / weights.sum())
    assert chance_of_remainder(found, position, 40, 20) == pytest.approx(expected, rel=1e-9)
    assert chance_of_remainder(found, position, 1, 0) == 0.0
