"""Estimates as trees that ArviZ reads: what is in them is what the estimates say, and ArviZ's functions take them."""

from __future__ import annotations

from pathlib import Path

import arviz
import matplotlib as mpl
import numpy as np
import pytest
from xarray import DataTree

from estimates import Estimates, EstimatesError, estimate, load_example
from estimates.profile.profile import published_profile
from estimates.vocabulary import LAYERS

mpl.use("agg")

SHOUTED = [
    {"event": "b", "source": "x", "figure": "at least 18", "event_type": "shelling", "verified": 40},
    {"event": "b", "source": "y", "figure": "dozens", "event_type": "shelling"},
    {"event": "a", "source": "x", "figure": "between 3 and 5", "event_type": "flood"},
    {"event": "a", "source": "z", "figure": "2 killed", "wording": "named", "low": 2, "high": 2, "event_type": "flood"},
]


@pytest.fixture(scope="module")
def estimates() -> Estimates:
    return estimate(load_example())


@pytest.fixture(scope="module")
def tree(estimates: Estimates) -> DataTree:
    return estimates.to_datatree(replicates=60)


def test_the_posterior_has_the_draws_of_every_toll(estimates: Estimates, tree: DataTree) -> None:
    """Each case and layer holds the draws that the estimates give of it, by its event and outcome too."""
    toll = tree["posterior"]["toll"]
    assert toll.dims == ("chain", "draw", "case", "layer")
    for place, case in enumerate(estimates.cases):
        for layer in LAYERS:
            drawn = toll.sel(case=f"{case.event}, {case.outcome}", layer=layer)
            np.testing.assert_array_equal(drawn[0], estimates.draws(case.event, case.outcome, layer))
        assert (toll["event"][place], toll["outcome"][place]) == (case.event, case.outcome)


def test_the_prior_is_that_of_an_event_without_figures(tree: DataTree) -> None:
    """It is the same for events of one type and outcome, far wider than the posterior, and grows from layer to layer."""
    prior = tree["prior"]["toll"].isel(chain=0)
    killed = prior.sel(case=["Idlib airstrikes, killed", "T4 air base, killed"], layer="documented")
    np.testing.assert_array_equal(*(np.sort(killed[:, place]) for place in (0, 1)))
    for case in prior["case"].values:
        if case.endswith("displaced"):
            continue  # they are one count
        means = [float(np.log1p(prior.sel(case=case, layer=layer)).mean()) for layer in LAYERS]
        assert means[0] < means[1] < means[2]
    widths = np.log1p(prior.sel(layer="documented")).std("draw")
    found = np.log1p(tree["posterior"]["toll"].sel(layer="documented").isel(chain=0)).std("draw")
    assert (found < widths).all()


def test_the_prior_is_the_law_of_sizes() -> None:
    """Of what is documented in the end, an attack has no dead as often as the profile's law of sizes says."""
    profile = published_profile(draws=1_000)
    rows = [{"event": "a", "source": "x", "figure": 18, "event_type": "shelling"}]
    toll = estimate(rows, profile=profile).to_datatree(replicates=0)["prior"]["toll"].sel(layer="documented")
    positive = profile.size("killed", "shelling").positive
    assert float((toll > 0).mean()) == pytest.approx(float(positive.mean()), abs=0.03)


def test_reports_stand_beside_what_would_be_said_in_their_places(estimates: Estimates, tree: DataTree) -> None:
    """Observed numbers are those of the table; replicates have the same places, and lie around what was said."""
    observed, said = tree["observed_data"]["number"], tree["posterior_predictive"]["number"]
    known = tree["constant_data"]
    assert observed.values.round().tolist() == [18, 21, 82, 44, 0]
    assert known["report_wording"].values.tolist() == ["at_least", "about", "exactly", "vague", "none"]
    assert known["report_source"].values[1] == "White Helmets"
    assert said.sizes == {"chain": 1, "draw": 60, "report": 5}
    assert (said.isel(report=4) == 0).all(), "who says that nobody was hit does so in every replicate"
    for place in range(4):
        low, high = np.quantile(said.isel(report=place), (0.02, 0.98))
        assert low <= observed[place] <= high


def test_weights_are_those_of_the_weighting(estimates: Estimates, tree: DataTree) -> None:
    """Weights of the profile's draws sum to one for each event, and leave as many effective draws as are told."""
    stats = tree["sample_stats"]
    np.testing.assert_allclose(stats["weight"].sum("profile_draw"), 1.0)
    told = estimates.weighting().set_index("event")["effective_draws"]
    for event in stats["event"].values:
        effective = 1.0 / float((stats["weight"].sel(event=event) ** 2).sum())
        assert effective == pytest.approx(told[event], rel=0.01)


def test_the_tree_says_where_it_is_from(estimates: Estimates, tree: DataTree) -> None:
    """Its attributes are the provenance, without what is not told."""
    told = {name: value for name, value in estimates.provenance.items() if value is not None}
    assert tree.attrs == told
    assert {"data_hash", "profile_hash", "seed", "estimates"} <= set(tree.attrs)


def test_arviz_takes_the_tree(tree: DataTree, tmp_path: Path) -> None:
    """Summaries, densities, priors beside posteriors and predictive checks are made without a warning."""
    assert len(arviz.summary(tree)) == 12
    assert arviz.summary(tree, coords={"layer": "documented"}).index[0] == "toll[Idlib airstrikes, killed]"
    one = {"case": "Idlib airstrikes, killed"}
    arviz.plot_dist(tree, coords=one, aes={"color": ["layer"]})
    arviz.plot_prior_posterior(tree, coords={**one, "layer": "documented"})
    arviz.plot_ppc_dist(tree)
    path = tmp_path / "tree.nc"
    tree.to_netcdf(path, engine="h5netcdf")
    opened = arviz.from_netcdf(path)
    assert opened["posterior"]["toll"].identical(tree["posterior"]["toll"])
    opened.close()


def test_tables_of_other_shapes_have_trees() -> None:
    """Floors, parts, vague words and nothing but silence: the groups are there, and replicates can be left out."""
    profile = published_profile(draws=200)
    tree = estimate(SHOUTED, profile=profile).to_datatree(replicates=5)
    assert tree["constant_data"]["floor"].sel(case="a, killed") == 2
    assert "posterior_predictive" not in estimate(SHOUTED, profile=profile).to_datatree(replicates=0)
    silent = [{"event": "a", "source": "x", "figure": "no comment"}]
    assert estimate(silent, profile=profile).to_datatree()["observed_data"].sizes["report"] == 0
    assert (
        dict(estimate([{**silent[0], "outcome": "strikes"}], profile=profile).to_datatree()["posterior"].sizes)["case"]
        == 0
    )


@pytest.mark.parametrize("replicates", [-1, 1.5, True, "many"])
def test_replicates_are_a_whole_number(estimates: Estimates, replicates: object) -> None:
    """Anything else is refused with what to write."""
    with pytest.raises(EstimatesError, match="whole number of zero or more"):
        estimates.to_datatree(replicates=replicates)  # type: ignore[arg-type]
