"""The joint model: its density is that of its priors and of the evidence, and its gradient that of differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from helpers.fits import FEW
from measures.calibration import Fitter
from scipy import stats

from estimates import SourceProfile, fit, read_reports
from estimates.fitting.model import Hierarchy, build
from estimates.fitting.training import training_data
from estimates.models.corpus.likelihood import Corpus
from estimates.profile.effects import layout_of
from estimates.profile.priors import PRIORS, Prior, changed_priors


def natural(prior: Prior, value: float) -> float:
    """A parameter from the model's variable: normal families are sampled as standard scores."""
    match prior.family:
        case "normal":
            return prior.first + prior.second * value
        case "lognormal":
            return prior.first * np.exp(prior.second * value)
        case "logit_normal":
            return 1.0 / (1.0 + (1.0 / prior.first - 1.0) * np.exp(-prior.second * value))
    return value


def log_prior(family: str, priors: list[Prior], values: np.ndarray) -> float:
    """Log density of unconstrained variables: the prior of their values and the logarithm of the change of scale."""
    first, second = (np.array([getattr(prior, end) for prior in priors]) for end in ("first", "second"))
    match family:
        case "positive":
            logs = stats.truncnorm.logpdf(values, -first / second, np.inf, loc=first, scale=second)
            logs += np.log(second) + np.log(-np.expm1(-values / (0.5 * second)))
        case "half":
            change = np.log(second) + np.log(-np.expm1(-values / (0.5 * second)))
            logs = stats.halfnorm.logpdf(values, scale=second) + change
        case "share":
            logs = stats.beta.logpdf(values, first, second) + np.log(values) + np.log1p(-values)
        case "end":
            to_the_other_end = np.where(first > second, np.log(values), np.log1p(-values))
            rate = np.maximum(first, second)
            change = to_the_other_end - np.log(rate) + np.log(-np.expm1(to_the_other_end * rate / 0.5))
            logs = stats.beta.logpdf(values, first, second) + change
        case _:
            logs = stats.norm.logpdf(values)
    return float(logs.sum())


def independent_log_density(
    hierarchy: Hierarchy, training: Any, position: np.ndarray, priors: Mapping[str, Prior] = PRIORS
) -> float:
    """The model's log density by scipy's priors and the corpus's evidence at the parameters a profile would give."""
    variables = {name: values[0] for name, values in hierarchy.variables(position[None, :]).items()}
    total = sum(
        log_prior(family, [priors[name] for name in names], variables[family])
        for family, names in hierarchy.families.items()
    )
    # A score is sampled times a power of its spread: its density on that scale is so much smaller.
    total += log_prior("effects", [], variables["effects"])
    total -= float(np.log(hierarchy.centring.factor(variables["half"])).sum())
    parameters = {name: np.array([natural(prior, 0.5)]) for name, prior in priors.items()}
    for family, names in hierarchy.families.items():
        parameters |= {
            name: np.array([natural(priors[name], value)]) for name, value in zip(names, variables[family], strict=True)
        }
    effects = {effect: np.array([score]) for effect, score in zip(hierarchy.effects, variables["effects"], strict=True)}
    profile = SourceProfile("one draw", 0, parameters, effects)
    (vector,) = profile.vectors(training.sources, training.size_laws, training.growth_laws)
    layout = layout_of(training.sources, training.size_laws, training.growth_laws)
    return total + Corpus(training.events, layout).evaluate(vector)[0]


def positions(hierarchy: Hierarchy, count: int) -> np.ndarray:
    start = hierarchy.start()
    return start + np.random.default_rng(1).uniform(-1.0, 1.0, (count, len(start)))


def test_the_model_is_its_priors_and_the_evidence_of_the_table(fitter: Fitter) -> None:
    """The compiled log density is scipy's log priors plus the fused evidence, to 1e-8 at any place."""
    training = training_data(FEW.reports)
    hierarchy, density = fitter._model(training)
    for position in positions(hierarchy, 5):
        expected = independent_log_density(hierarchy, training, position)
        assert density(position)[0] == pytest.approx(expected, abs=1e-8)


def test_scores_are_centred_as_far_as_reports_tell_them() -> None:
    """Scores without reports are sampled as they are; the more reports there are, the more of the spread is taken out.

    A score is sampled times its spread, in units of the prior's, to a power below one; spreads near zero count as .4 of it.
    """
    training = training_data(FEW.reports)
    hierarchy = build(training)
    centring, halves = hierarchy.centring, hierarchy.families["half"]
    for effect, column in zip(hierarchy.effects, centring.spread, strict=True):
        spread = {"bias.neutral": "bias.spread"}
        spread |= {f"growth.{group}": f"complete_logit.spread.{group}" for group in ("ordinary", "disasters")}
        assert halves[column] == spread.get(effect.what, f"{effect.what}.spread")
    assert ((centring.power > 0) & (centring.power < 1)).all()
    prior = np.array([PRIORS[name].second for name in halves])
    np.testing.assert_allclose(centring.factor(prior), 1.16 ** (0.5 * centring.power))
    np.testing.assert_allclose(centring.factor(0.0 * prior), 0.4**centring.power)
    told = Counter(key.source for event in training.events for key in training.speakers(event))
    for effect, power in zip(hierarchy.effects, centring.power, strict=True):
        if effect.what == "bias.neutral":
            assert power == pytest.approx(told[effect.of] / (told[effect.of] + 50.0))


MIXED = [
    {"event": f"event {i}", "source": source, "figure": figure, "source_type": kind, "affiliation": whose,
     "event_type": ("earthquake", "unknown", "airstrike")[i % 3], "event_date": "2020-01-01",
     "reported_at": f"2020-01-{1 + 3 * (i % 5):02d}", "verified": 30 if i == 4 else None}
    for i in range(6)
    for source, kind, whose, figure in (
        ("army", "government", ("own", "enemy")[i % 2], 5 + i), ("wire", "international_media", "neutral", "at least 12"),
        ("crew", "rescue", "neutral", 11 + i),
    )
]  # fmt: skip


@pytest.mark.slow
def test_the_model_of_a_mixed_table_is_its_priors_and_its_evidence() -> None:
    """The same with parties' own and enemy losses, entrapment, an anchor, and several laws of sizes."""
    training = training_data(read_reports(MIXED))
    hierarchy = build(training)
    density = hierarchy.density()
    for position in positions(hierarchy, 5):
        expected = independent_log_density(hierarchy, training, position)
        assert density(position)[0] == pytest.approx(expected, abs=1e-8)
    assert_gradient(density, positions(hierarchy, 1)[0])


#: One prior of each family, with numbers that no other has.
SET = {
    "bias.own": (0.3, 1.7), "bias.spread.affiliated": (0, 1.1), "scale": (0.2, 0.6), "over_share.disasters": (3, 20.5),
    "exactness_slope": (0.6, 0.05), "low_share.disasters": (0.4, 0.3), "size.any.campaign.shape": (0.9, 0.2),
}  # fmt: skip
PARTIES_AT_WAR = [
    {"event": f"war {i}", "source": source, "figure": figure, "source_type": "government", "affiliation": whose,
     "event_type": "campaign"}
    for i in range(2) for source, whose, figure in (("here", "own", 900 + i), ("there", "enemy", 4_000))
]  # fmt: skip


@pytest.mark.extended
def test_priors_that_are_set_are_those_of_the_model() -> None:
    """The compiled log density is scipy's log priors with the numbers given plus the evidence, for every family."""
    training, priors = training_data(read_reports(PARTIES_AT_WAR)), changed_priors(SET)
    hierarchy = build(training, priors)
    assert {name for names in hierarchy.families.values() for name in names} >= set(SET)
    density = hierarchy.density()
    for position in positions(hierarchy, 3):
        expected = independent_log_density(hierarchy, training, position, priors)
        assert density(position)[0] == pytest.approx(expected, abs=1e-8)
        assert abs(expected - independent_log_density(hierarchy, training, position)) > 0.1


NARROW_AND_WIDE = {
    "phantom": (1, 1_999), "size.killed.unknown.positive": (3_000, 1), "exactness_slope": (0.35, 0.001),
    "copying.spread": (0, 1e-4), "error.spread": (0, 3), "heaping": (0.5, 0.5),
}  # fmt: skip


@pytest.mark.extended
def test_narrow_and_wide_priors_are_fitted_as_well() -> None:
    """Where reports say next to nothing of a parameter its draws are those of its prior, however narrow or wide it is."""
    table = [
        {"event": f"event {i}", "source": source, "figure": 5 + 7 * i, "event_date": "2020-01-01", "reported_at": "2020-03-01"}
        for i in range(3) for source in ("a", "b", "c")
    ]  # fmt: skip
    options: dict[str, Any] = {"method": "fast", "draws": 480}
    profile = fit(table, priors=NARROW_AND_WIDE, **options)
    assert profile.facts["accepted"] > 0.6
    draws = profile.parameters
    assert draws["phantom"].mean() == pytest.approx(1 / 2_000, rel=0.25)
    assert 1.0 - draws["size.killed.unknown.positive"].mean() == pytest.approx(1 / 3_001, rel=0.25)
    assert draws["exactness_slope"].std() == pytest.approx(0.001, rel=0.25)
    assert draws["copying.spread"].mean() == pytest.approx(1e-4 * np.sqrt(2 / np.pi), rel=0.25)
    with_default = fit(table, **options).parameters["exactness"].std()
    assert draws["exactness"].std() == pytest.approx(with_default, rel=0.3)


@pytest.mark.slow
def test_a_prior_that_is_set_moves_the_posterior_as_weights_say() -> None:
    """The draws of one fit, weighted by the ratio of two priors, have the mean and spread of a fit under the other."""
    options: dict[str, Any] = {"chains": 2, "tune": 300, "kept": 1_000, "draws": 2_000}
    before, after = fit(PARTIES_AT_WAR, **options), fit(PARTIES_AT_WAR, priors={"bias.own": (0.3, 0.6)}, **options)
    draws, found = before.parameters["bias.own"], after.parameters["bias.own"]
    weight = np.exp(stats.norm.logpdf(draws, 0.3, 0.6) - stats.norm.logpdf(draws, -0.7, 0.8))
    mean = np.average(draws, weights=weight)
    assert abs(draws.mean() - mean) > 0.3
    assert found.mean() == pytest.approx(mean, abs=0.08)
    assert found.std() == pytest.approx(np.sqrt(np.average((draws - mean) ** 2, weights=weight)), rel=0.1)


@pytest.mark.extended
def test_the_gradient_of_the_whole_model_is_that_of_finite_differences(fitter: Fitter) -> None:
    """Every unconstrained dimension, priors and changes of scale included."""
    hierarchy, density = fitter._model(training_data(FEW.reports))
    assert_gradient(density, positions(hierarchy, 1)[0])


def assert_gradient(density: Callable[[np.ndarray], tuple[float, np.ndarray]], position: np.ndarray) -> None:
    gradient = density(position)[1]
    for index in range(len(position)):
        slopes = []
        for step in (2e-4, 4e-4):
            moved = np.tile(position, (2, 1))
            moved[:, index] += (step, -step)
            slopes.append((density(moved[0])[0] - density(moved[1])[0]) / (2.0 * step))
        numeric = (4.0 * slopes[0] - slopes[1]) / 3.0
        assert gradient[index] == pytest.approx(numeric, rel=1e-5, abs=2e-4), index


@pytest.mark.extended
def test_parameters_far_out_are_no_failure(fitter: Fitter) -> None:
    """Wherever a sampler may stray the density is a number or minus infinity; its gradient is finite but far out."""
    hierarchy, density = fitter._model(training_data(FEW.reports))
    rng = np.random.default_rng(2)
    for scale in (3.0, 10.0, 30.0, 100.0):
        for _ in range(5):
            value, gradient = density(hierarchy.start() + scale * rng.standard_normal(len(hierarchy.start())))
            assert not np.isnan(value)
            assert value < np.inf
            assert np.isfinite(gradient).all() or scale > 3.0
