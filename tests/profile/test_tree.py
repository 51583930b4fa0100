"""Source profiles as trees that ArviZ reads: what is in them is what the profile holds, and ArviZ's functions take them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import arviz
import matplotlib as mpl
import numpy as np
import pytest
import xarray
from xarray import DataTree

from estimates import SourceProfile, load_profile
from estimates.profile import checks, storage
from estimates.profile import profile as profiles
from estimates.profile.effects import Effect
from estimates.profile.groups import side_by_side
from estimates.profile.priors import PRIORS
from estimates.profile.profile import named_profile, published_profile
from estimates.profile.tree import trace_tree

mpl.use("agg")


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return named_profile().first(200)


@pytest.fixture(scope="module")
def tree(profile: SourceProfile) -> DataTree:
    return profile.to_datatree()


def test_every_parameter_is_in_the_tree_once(tree: DataTree, profile: SourceProfile) -> None:
    """Posterior and prior hold as many numbers a draw as there are parameters, and each where its labels say."""
    for group in ("posterior", "prior"):
        shared = [name for name in tree[group].data_vars if name != "effects" and not str(name).startswith("source_")]
        assert sum(tree[group][name][0, 0].size for name in shared) == len(PRIORS)

    posterior = tree["posterior"]
    places = {
        "kappa": posterior["kappa"],
        "bias.un": posterior["bias"].sel(source_type="un"),
        "bias.other.ngo": posterior["bias"].sel(source_type="other.ngo"),
        "bias.own_strike": posterior["bias_by_affiliation"].sel(affiliation="own_strike"),
        "error.monitor": posterior["error_by_type"].sel(source_type="monitor"),
        "exactness": posterior["exactness"],
        "size.any.campaign.scale": posterior["size_scale"].sel(size_law="any.campaign"),
        "documented_shape.ordinary.3": posterior["documented_shape"].sel(growth_group="ordinary", step="3"),
        "complete_logit.spread.disasters": posterior["complete_logit_spread"].sel(growth_group="disasters"),
        "missing_gross.part": posterior["missing_gross"].sel(list_law="part"),
    }
    for name, found in places.items():
        np.testing.assert_array_equal(found[0], profile.parameters[name], err_msg=name)
    prior = tree["prior"]["bias"].sel(source_type="un")[0]
    np.testing.assert_array_equal(prior, PRIORS["bias.un"].sample(profile.draws, profile.seed))


def test_sources_have_the_parameters_that_the_formulas_take(tree: DataTree, profile: SourceProfile) -> None:
    """Of each source it was learned from: its own draws, what they were before, and what they were learned from."""
    kind = profile.sources["AP"].source_type
    model = profile.reporting("AP", kind, "neutral")
    posterior, known = tree["posterior"].sel(source="AP"), tree["constant_data"].sel(source="AP")
    for name in ("bias", "exactness", "scale", "copying"):
        np.testing.assert_array_equal(posterior[f"source_{name}"][0], getattr(model, name))
    assert (known["events"], known["reports"], known["source_type"]) == (6, 6, kind)

    newcomer = published_profile(profile.seed, draws=200).reporting("AP", kind, "neutral")
    np.testing.assert_array_equal(tree["prior"].sel(source="AP")["source_bias"][0], newcomer.bias)


def test_the_tree_says_where_it_is_from(tree: DataTree, profile: SourceProfile) -> None:
    """Name, seed and hash of the profile are attributes; events it was learned from stand by their marks."""
    assert (tree.attrs["name"], tree.attrs["seed"]) == (profile.name, profile.seed)
    assert tree.attrs["profile_hash"] == profile.fingerprint
    assert set(tree["constant_data"]["event_mark"].values) == profile.learned_from


def test_arviz_takes_the_tree(tree: DataTree) -> None:
    """The summary has a row for every number a draw, and plots of draws and of priors beside them are drawn."""
    numbers = sum(variable[0, 0].size for variable in tree["posterior"].data_vars.values())
    assert len(arviz.summary(tree, kind="stats")) == numbers
    table = arviz.summary(tree, var_names=["bias", "source_bias"])
    assert "source_bias[AP]" in table.index
    arviz.plot_forest(tree, var_names=["source_bias"])
    arviz.plot_dist(tree, var_names=["kappa"])
    arviz.plot_prior_posterior(tree, var_names=["bias"], coords={"source_type": ["un", "monitor"]})


def test_arviz_reads_what_is_saved(tmp_path: Path, profile: SourceProfile, tree: DataTree) -> None:
    """A saved profile opens with ArviZ and with xarray, and its posterior is that of the tree."""
    path = profile.save(tmp_path / "profile.nc")
    opened = arviz.from_netcdf(path)
    for name, values in opened["posterior"].data_vars.items():
        np.testing.assert_array_equal(values, tree["posterior"][name])
    assert len(arviz.summary(opened, var_names=["kappa"])) == 1
    assert set(opened.children) == {"posterior", "constant_data"}


@pytest.mark.extended
def test_a_profile_of_priors_and_one_of_somebodys_own_have_trees_too(tmp_path: Path) -> None:
    """Without sources there are none in it, and a parameter of another name stands by that name; both can be written."""
    published = published_profile(draws=100)
    own = replace(published, parameters={**published.parameters, "bias": np.arange(100.0), "zeal": np.zeros(100)})
    for profile in (published, own):
        tree = profile.to_datatree()
        assert "effects" not in tree["posterior"]
        assert len(arviz.summary(tree, var_names=["kappa"])) == 1
    tree.to_netcdf(tmp_path / "tree.nc", engine="h5netcdf")
    np.testing.assert_array_equal(own.to_datatree()["posterior"]["bias"][0], np.arange(100.0))
    assert "bias.un" in own.to_datatree()["posterior"]


def test_incomplete_families_stay_by_their_names() -> None:
    """A parameter of some things of a kind only is not filled up with anything."""
    names = ["bias.un", "bias.monitor", "kappa"]
    found = side_by_side({name: PRIORS[name].sample(100, 0)[None] for name in names})
    assert [(variable.name, variable.template, variable.labels) for variable in found] == [(n, n, {}) for n in names]


# The chains of a fit --------------------------------------------------------------------------------------------------


def with_trace(profile: SourceProfile) -> SourceProfile:
    rng = np.random.default_rng(0)
    parameters = {name: rng.normal(size=(4, 50)) for name in ("bias.un", "kappa")}
    effects = {Effect("a\\u0041\0 – ñ", "exactness"): rng.normal(size=(4, 50))}
    statistics = {"diverging": rng.random((4, 50)) < 0.1, "n_steps": np.full((4, 50), 7.0)}
    return replace(profile, trace=trace_tree(parameters, effects, statistics))


def test_the_chains_come_back_with_the_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved as netCDF they are read to the last bit, with the names they had, and ArviZ finds them in the file."""
    for module in (profiles, checks, storage):  # three parameters are written in no time
        monkeypatch.setattr(module, "PRIORS", {name: PRIORS[name] for name in ("kappa", "bias.un", "exactness")})
    few = {name: PRIORS[name].sample(100, 0) for name in profiles.PRIORS}
    profile = with_trace(SourceProfile("few", 0, few))
    path = profile.save(tmp_path / "a.nc")
    read = load_profile(path)
    assert read.trace is not None
    assert profile.trace is not None
    xarray.testing.assert_identical(read.trace, profile.trace)
    assert read.fingerprint == profile.fingerprint
    assert profile.save(tmp_path / "b.nc").read_bytes() == read.save(tmp_path / "c.nc").read_bytes()

    trace = arviz.from_netcdf(path)["trace"]
    assert trace["posterior"].sizes["chain"] == 4
    assert float(arviz.rhat(DataTree.from_dict({"posterior": trace["posterior"].to_dataset()}))["kappa"]) < 1.2


def test_an_npz_has_no_chains(tmp_path: Path) -> None:
    """The small format leaves them out, and first draws keep them."""
    profile = with_trace(published_profile(draws=200))
    assert load_profile(profile.save(tmp_path / "a.npz")).trace is None
    assert profile.first(100).trace is profile.trace
