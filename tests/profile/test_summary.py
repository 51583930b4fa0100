"""The summary of a source profile: its figures are those of the law of the number a source holds."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from helpers.engine import number_up_to

from estimates import SourceProfile
from estimates.models.grid import make_grid
from estimates.models.reporting import ReportingModel, simulate
from estimates.profile.blocks import normal_scores
from estimates.profile.effects import Effect
from estimates.profile.priors import SOURCE_CLASSES
from estimates.profile.profile import Learned, published_profile
from estimates.profile.summary import (
    absolute_log_error,
    mean_log_error,
    probability_exact,
    probability_over,
    summary,
)

#: Ways of counting: what differs from an unbiased source of ordinary errors.
WAYS = {
    "ordinary": {},
    "under-reports": {"bias": -1.5},
    "over-reports": {"bias": 1.2, "exactness": -1.0},
    "errs grossly": {"outlier": 0.4},
    "nearly always exact": {"exactness": 4.0},
    "far off": {"scale": 1.5},
}
SIMULATED = 200_000


def way_of_counting(**different: float) -> dict[str, float]:
    numbers = {"bias": -0.2, "exactness": 0.2, "exactness_slope": 0.35, "scale": 0.3, "outlier": 0.1, "heaping": 0.0}
    return numbers | different


def reporting_of(numbers: dict[str, float]) -> ReportingModel:
    rest = {each.name: 0.2 for each in fields(ReportingModel) if each.name not in numbers}  # bears on no number held
    return ReportingModel(**{name: np.array([value]) for name, value in {**numbers, **rest}.items()})


def held(numbers: dict[str, float], toll: int) -> np.ndarray:
    """Numbers held, by the mechanism."""
    return simulate(np.random.default_rng(5), np.full(SIMULATED, toll), **numbers)


@pytest.mark.parametrize("way", WAYS)
def test_over_reporting_is_how_often_simulated_numbers_exceed_the_toll(way: str) -> None:
    """Of simulated sources the stated share holds more than ten for a toll of ten, within four standard errors."""
    numbers = way_of_counting(**WAYS[way])
    stated = probability_over(reporting_of(numbers))[0]
    often = (held(numbers, 10) > 10).mean()
    assert often == pytest.approx(stated, abs=4 * np.sqrt(stated * (1 - stated) / SIMULATED))


def test_over_reporting_is_the_mass_the_likelihood_has_above_the_toll() -> None:
    """What the likelihood gives to numbers above ten is the stated share, in every draw of the published priors."""
    reporting = published_profile(0).reporting("somebody", "monitor", "neutral")
    grid = make_grid([10])
    row = int(np.flatnonzero(grid.within(10, 10))[0])
    to_ten = number_up_to(10, reporting, grid)[row]
    np.testing.assert_allclose(probability_over(reporting), 1.0 - to_ten, atol=1e-12)


@pytest.mark.parametrize("way", ["ordinary", "over-reports", "far off"])
def test_bias_and_error_are_means_of_simulated_log_errors(way: str) -> None:
    """Log errors of simulated numbers, where whole numbers are fine, have the stated mean and mean distance from their location."""
    numbers = way_of_counting(**WAYS[way]) | {"exactness": -300.0, "outlier": 0.0}
    log_error = np.log(held(numbers, 10**9) / 1e9)
    reporting = reporting_of(numbers)
    for stated, simulated in (
        (mean_log_error(reporting), log_error),
        (absolute_log_error(reporting), np.abs(log_error - numbers["bias"])),
    ):
        assert simulated.mean() == pytest.approx(stated[0], abs=4 * simulated.std() / np.sqrt(SIMULATED))


def test_exactness_is_how_often_simulated_numbers_are_the_toll() -> None:
    """At a toll so large that no error hits it by luck, the stated share of numbers is exact, and it falls with the toll."""
    numbers = way_of_counting(exactness=3.0)
    reporting = reporting_of(numbers)
    stated = probability_exact(reporting, 10**6)[0]
    often = (held(numbers, 10**6) == 10**6).mean()
    assert often == pytest.approx(stated, abs=4 * np.sqrt(stated * (1 - stated) / SIMULATED))
    assert probability_exact(reporting, 1)[0] > probability_exact(reporting)[0] > stated


def learned_profile() -> SourceProfile:
    """A profile in which one source is known well on two kinds of losses, one badly and one not at all."""
    base = published_profile(0)
    scores = normal_scores(base.draws, 2)
    effects = {
        Effect("army", "bias.enemy"): 2.0 + 0.3 * scores,
        Effect("army", "bias.own"): -1.0 + 0.5 * scores,
        Effect("army", "exactness"): scores - 2.0,
        Effect("paper", "bias.neutral"): 1.4 * scores,
        Effect("paper", "copying"): 3.0 + 0.1 * scores,
    }
    sources = {
        "army": Learned("armed_group", 30, 70),
        "paper": Learned("local_media", 4, 5),
        "clinic": Learned("health", 1, 1),
        "hospital": Learned("health", 2, 6),
    }
    return replace(base, name="learned", effects=effects, sources=sources)


def test_each_source_has_a_row_for_all_whose_losses_it_was_learned_from() -> None:
    """After the types come the sources by type and name, with what they were learned from and by how much."""
    table = summary(learned_profile())
    known = table[~table["source"].str.startswith("all ")]
    counted = ["source", "source_type", "affiliation", "events", "reports"]
    assert known[counted].values.tolist() == [
        ["army", "armed_group", "own", 30, 70],
        ["army", "armed_group", "enemy", 30, 70],
        ["clinic", "health", "neutral", 1, 1],
        ["hospital", "health", "neutral", 2, 6],
        ["paper", "local_media", "neutral", 4, 5],
    ]
    # Variances of the scores; more than the prior's is all prior, and so is what was never learned.
    assert known["prior_share"].tolist() == pytest.approx([0.25, 0.09, 1.0, 1.0, 1.0], abs=2e-3)


def test_new_sources_of_each_type_come_first() -> None:
    """One row a class of source, one more for each affiliation of parties and states; reports are those of the class."""
    table = summary(learned_profile())
    types = table[table["source"].str.startswith("all ")]
    assert types["source_type"].tolist() == [*SOURCE_CLASSES, "other", "other", "other"]
    assert types["affiliation"].tolist() == [*["neutral"] * len(SOURCE_CLASSES), "own", "enemy", "own_strike"]
    assert types["events"].isna().all()
    reports = dict(zip(types["source_type"], types["reports"], strict=True))
    assert (reports["other"], reports["health"], reports["local_media"], reports["un"]) == (70, 7, 5, 0)


def test_figures_of_a_source_are_those_of_its_accounting() -> None:
    """Medians, ranges and means are of the very draws with which the source's figures are read."""
    profile = learned_profile()
    row = summary(profile).query("source == 'army' and affiliation == 'enemy'").iloc[0]
    reporting = profile.reporting("army", "armed_group", "enemy")
    factor = np.sort(np.exp(mean_log_error(reporting)))
    at = {"bias_low_90": 0.05, "bias": 0.5, "bias_high_90": 0.95}
    for name, share in at.items():
        assert factor[int(share * 999)] <= row[name] <= factor[int(share * 999) + 1]
    assert row["exactness"] == pytest.approx(np.mean(probability_exact(reporting)))
    assert row["over_reporting"] == pytest.approx(np.mean(probability_over(reporting)))
    assert row["copying"] == pytest.approx(np.mean(reporting.copying))
    assert row["error"] == pytest.approx(np.median(absolute_log_error(reporting)))


def test_a_source_known_to_inflate_looks_so() -> None:
    """A source learned to over-report, to be seldom exact and another to copy differ from new ones of their type as they should."""
    table = summary(learned_profile()).set_index(["source", "affiliation"])
    army, party = table.loc["army", "enemy"], table.loc["all other", "enemy"]
    assert army["bias"] > party["bias"]
    assert army["over_reporting"] > party["over_reporting"]
    assert army["exactness"] < party["exactness"]
    assert table.loc[("paper", "neutral"), "copying"] > table.loc[("all local_media", "neutral"), "copying"]


def test_a_source_that_is_called_like_a_type_changes_no_row_but_its_own() -> None:
    """A source named "all monitor" does not pass for the monitors."""
    base = published_profile(0)
    impostor = {Effect("all monitor", "bias.neutral"): np.full(base.draws, 9.0)}
    profile = replace(base, effects=impostor, sources={"all monitor": Learned("monitor", 1, 0)})
    table, before = summary(profile), summary(base)
    assert table.iloc[: len(before)].equals(before)
    assert table.iloc[-1]["bias"] > 2 * before.set_index("source").loc["all monitor", "bias"]


def test_the_published_profile_is_all_prior() -> None:
    """Before anything is learned every share is that of the prior, and losses of the enemy are told larger than one's own."""
    table = summary(published_profile(3))
    assert table["prior_share"].to_numpy() == pytest.approx(1.0, abs=0.01)
    assert table["prior_share"].max() <= 1.0
    assert table["reports"].tolist() == [0] * len(table)
    bias = table.query("source_type == 'other'").set_index("affiliation")["bias"]
    assert bias["own_strike"] < bias["own"] < bias["neutral"] < bias["enemy"]
    shares = table[["exactness", "over_reporting", "copying"]].to_numpy()
    assert ((shares > 0) & (shares < 1)).all()


def test_a_type_learned_from_many_reports_is_less_prior() -> None:
    """A bias of a type known to half its prior standard deviation is a quarter prior; other types stay as they were."""
    base = published_profile(0)
    parameters = {**base.parameters, "bias.un": -0.5 + 0.5 * (base.parameters["bias.un"] + 0.3)}
    share = summary(replace(base, parameters=parameters)).query("affiliation == 'neutral'").set_index("source_type")
    assert share.loc["un", "prior_share"] == pytest.approx(0.25, abs=2e-3)
    assert share.loc["monitor", "prior_share"] == pytest.approx(1.0, abs=0.01)


def test_sources_of_any_name_have_a_row() -> None:
    """Names in any script, empty ones and broken ones are shown as they are."""
    names = {"", "Źródło", "\ud800", "a\0b"}
    profile = replace(published_profile(0), sources={name: Learned("un", 1, 1) for name in names})
    assert names <= set(summary(profile)["source"])
