"""What a fit learns of sources whose ways are known: copying, bounds, levels, and the parameters of a simulated table."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from helpers.fits import report

from estimates import SourceProfile, estimate, fit, read_reports, simulate
from estimates.fitting.levels import pulled_levels
from estimates.fitting.training import training_data
from estimates.models.size import simulate as simulate_tolls
from estimates.profile.priors import PRIORS
from estimates.profile.profile import published_profile


def late(event: str, source: str, figure: int, day: int, **more: object) -> dict[str, object]:
    """A figure of the last age bin, where tolls stand."""
    return report(event, source, figure, event_date="2020-01-01", reported_at=f"2020-03-{day:02d}", **more)


def tolls(count: int, rng: np.random.Generator, at_least: int = 1) -> np.ndarray:
    found = simulate_tolls(rng, positive=1.0, shape=1.2, scale=12.0, cap=20_000, count=20 * count)
    return found[found >= at_least][:count]


@pytest.mark.slow
def test_a_source_that_always_copies_has_no_weight_of_its_own() -> None:
    """A source that only repeats earlier figures is learned to copy, and leaving it out moves no range.

    It agrees with others wherever it comes, and never errs by itself.
    """
    rng = np.random.default_rng(7)
    rows = []
    for i, toll in enumerate(tolls(150, rng, at_least=8)):
        own = [max(1, round(toll * np.exp(0.35 * rng.standard_normal()))) for _ in range(3)]
        rows += [
            late(f"event {i}", source, figure, day)
            for day, (source, figure) in enumerate(zip("abc", own, strict=True), 1)
        ]
        rows.append(late(f"event {i}", "d", own[int(rng.integers(3))], 9))
    profile = fit(rows, method="nuts", chains=2, tune=300, kept=300, draws=500)
    copying = {source: profile.reporting(source, "unknown", "neutral").copying for source in "abcd"}
    assert np.quantile(copying["d"], 0.05) > 0.6
    assert np.median(copying["d"]) > 0.8
    assert all(np.median(copying[source]) < 0.4 for source in "abc")
    estimates = estimate([row for row in rows if row["event"] in {f"event {i}" for i in range(12)}], profile=profile)
    shifts = estimates.influence().query("layer == 'documented'").groupby("without")["shift"]
    moved = shifts.apply(lambda shift: np.abs(np.log(shift)).mean())
    assert moved["d"] < 0.03
    assert moved[["a", "b", "c"]].min() > moved["d"]


@cache
def fitted_to_bounds() -> tuple[SourceProfile, float]:
    """A profile learned from 3,000 bounds said of tolls with a scale of 2.5, and the share of tolls of ten or more."""
    rng = np.random.default_rng(1)
    counts = simulate_tolls(rng, positive=1.0, shape=1.5, scale=2.5, cap=100_000, count=3_000)
    bounds = np.maximum(1, np.floor(counts * rng.beta(6, 1, len(counts)))).astype(int)
    rows = [report(f"event {i}", f"source {i % 5}", f"at least {bound}", event_date="2020-01-01", reported_at="2020-03-01")
            for i, bound in enumerate(bounds)]  # fmt: skip
    return fit(rows, method="fast"), float((counts >= 10).mean())


@pytest.mark.slow
@pytest.mark.xfail(
    strict=True, reason="learned jointly the scale is 1.8: bounds cut down to whole numbers halve most tolls of two"
)
def test_at_least_is_no_flat_bound() -> None:
    """Bounds give the scale of 2.5 back; as flat bounds they would raise it to 50."""
    profile, _ = fitted_to_bounds()
    assert 2.0 < np.median(profile.parameters["size.killed.attack.scale"]) < 4.0


@pytest.mark.slow
def test_bounds_do_not_raise_the_tolls() -> None:
    """Whatever scale is learned, tolls of ten or more are as frequent as they were, to a half."""
    profile, ten_or_more = fitted_to_bounds()
    scale, shape = (profile.parameters[f"size.killed.attack.{name}"] for name in ("scale", "shape"))
    assert np.quantile(scale, 0.95) < 4.0
    assert np.median((1.0 + 9.0 / scale) ** -shape) == pytest.approx(ten_or_more, rel=0.5)


def source_that_doubles(
    *, verified: bool, smallest: int = 5, method: Literal["nuts", "fast"] = "nuts"
) -> SourceProfile:
    """Learned from eighty events on which one source says twice the toll, verified or not."""
    rng = np.random.default_rng(2)
    rows = [
        late(f"event {i}", "double", 2 * int(toll), 1, verified=int(toll))
        for i, toll in enumerate(tolls(80, rng, smallest))
    ]
    table = pd.DataFrame(rows).drop(columns=[] if verified else ["verified"])
    return fit(table, method=method, chains=2, tune=300, kept=200)


def bias_of_a_source_that_doubles(*, verified: bool) -> np.ndarray:
    """Its learned bias."""
    return source_that_doubles(verified=verified).reporting("double", "unknown", "neutral").bias


@pytest.mark.extended
@pytest.mark.parametrize(("verified", "smallest", "told"), [(False, 20, True), (True, 20, False), (False, 1, False)])
def test_a_level_that_the_law_of_sizes_pulls_is_told(verified: bool, smallest: int, told: bool) -> None:
    """Large events without verified tolls move what is learned of an only source, and the fit says not to use it.

    With verified tolls the level is known, and events of all sizes leave it near its prior.
    """
    profile = source_that_doubles(verified=verified, smallest=smallest, method="fast")
    assert ("Do not use this level" in str(profile.facts["notes"])) is told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, True),
        ({"verified": "at least 1"}, True),
        ({"verified": 20}, False),
        ({"affiliation": "enemy"}, False),
    ],
)
def test_only_tolls_that_say_a_level_silence_the_note(changed: dict[str, object], told: bool) -> None:
    """A bias learned far from its prior is told of neutral sources that were heard in no event of a known toll.

    A toll of "at least one" has no upper end, and an earthquake that others counted tells nothing of an air strike.
    """
    rows = [late("strike", "a", 40, 1) | changed, late("quake", "b", 5, 1, verified=5) | {"event_type": "earthquake"}]
    profile = published_profile(0)
    moved = {name: profile.parameters[name] + 2.0 for name in ("bias.other", "bias.enemy")}
    profile = replace(profile, parameters={**profile.parameters, **moved})
    notes = pulled_levels(profile, training_data(read_reports(rows)), PRIORS)
    assert ["size.killed.attack" in note for note in notes] == [True] * told


@pytest.mark.extended
def test_a_party_that_exaggerates_is_no_level() -> None:
    """A claim 25 times a neutral source's is learned as the party's bias, and nothing is told of a level."""
    counts = tolls(40, np.random.default_rng(3))
    rows = [
        late(f"event {i}", "wire", int(toll), 1, source_type="international_media") for i, toll in enumerate(counts)
    ]
    rows += [late(f"event {i}", "army", 25 * int(toll), 2, source_type="armed_group", affiliation="enemy")
             for i, toll in enumerate(counts)]  # fmt: skip
    profile = fit(rows, method="fast")
    assert "Do not use this level" not in str(profile.facts["notes"])
    assert np.median(profile.reporting("army", "armed_group", "enemy").bias) > 2.0


@pytest.mark.slow
def test_verified_tolls_teach_the_level() -> None:
    """A source that always says twice the verified toll is biased by log 2."""
    bias = bias_of_a_source_that_doubles(verified=True)
    assert np.median(bias) == pytest.approx(np.log(2.0), abs=0.05)
    assert bias.std() < 0.1


@pytest.mark.slow
@pytest.mark.xfail(
    strict=True, reason="events that are all large pull the level: the law of sizes outweighs the prior of the bias"
)
def test_without_verified_tolls_nobody_knows_the_level() -> None:
    """Without anchors the bias of an only source stays near its prior."""
    bias = bias_of_a_source_that_doubles(verified=False)
    assert abs(np.median(bias)) < 0.2
    assert bias.std() > 0.25


@pytest.mark.slow
def test_parameters_of_a_simulated_table_are_recovered() -> None:
    """Of a table of 600 events the true biases, exactness and errors of all sources lie in their 98% intervals."""
    simulation = simulate(600, 6, seed=11, profile=published_profile(11), anchors=0.3)
    profile = fit(simulation.reports, method="nuts", chains=2, tune=300, kept=300)
    inside, narrower = [], []
    for line in simulation.sources.itertuples():
        learned = profile.reporting(line.source, line.source_type, line.affiliation)
        prior = published_profile(0).reporting(line.source, line.source_type, line.affiliation)
        for what in ("bias", "exactness", "scale", "copying"):
            low, high = np.quantile(getattr(learned, what), [0.01, 0.99])
            inside.append(low <= getattr(line, what) <= high)
            narrower.append(getattr(learned, what).std() / getattr(prior, what).std())
    for name in ("outlier", "heaping", "size.killed.attack.shape", "repeating"):
        low, high = np.quantile(profile.parameters[name], [0.01, 0.99])
        inside.append(low <= simulation.parameters[name] <= high)
    # 28 intervals: more than three misses have a probability below 1 in 300.
    assert sum(not hit for hit in inside) <= 3
    assert np.median(narrower) < 0.7
