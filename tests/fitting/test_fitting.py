"""Fitting: profiles and their files, samplers that fail, checkpoints, tables that teach little, and the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.fits import FEW, FakeChain, FakeSampler, quick, report
from measures.calibration import Fitter, simulated

from estimates import SourceProfile, estimate, fit, load_profile, read_reports
from estimates.cli.application import main
from estimates.errors import EstimatesError, FitError
from estimates.fitting import model as hierarchies
from estimates.fitting import variational
from estimates.fitting.model import Hierarchy, build
from estimates.fitting.training import training_data
from estimates.models.corpus.likelihood import Corpus
from estimates.profile.effects import layout_of
from estimates.profile.priors import PRIORS, changed_priors
from estimates.profile.profile import published_profile
from estimates.table.marks import event_marks


@pytest.fixture
def compiled(fitter: Fitter, monkeypatch: pytest.MonkeyPatch) -> Callable[..., SourceProfile]:
    """``fit`` on tables of those sources, without compiling again."""

    def shared(training: Any, priors: Any, fast_on: int) -> Hierarchy:
        assert priors == PRIORS
        with monkeypatch.context() as unchanged:
            unchanged.setattr(hierarchies, "build", build)
            hierarchy, density = fitter._model(training)
        monkeypatch.setattr(Hierarchy, "density", lambda self: density)
        return hierarchy

    monkeypatch.setattr(hierarchies, "build", shared)
    monkeypatch.setattr(variational, "WALKERS", 20)
    return fit


# Profiles ------------------------------------------------------------------------------------------------------------


@pytest.mark.extended
def test_a_fitted_profile_estimates_and_survives_a_file(compiled: Callable[..., SourceProfile], tmp_path: Path) -> None:
    """A profile learned from a table gives ranges, of its own events without new weights, and reads back as written."""
    profile = compiled(FEW.reports, method="fast", draws=200, name="a few")
    assert profile.trace is None, "the fast fit has no chains"
    assert (profile.name, profile.draws) == ("a few", 200)
    assert set(profile.sources) == set(FEW.table["source"])
    assert profile.learned_from == set(event_marks(FEW.reports.reports).values())
    assert (profile.facts["method"], profile.facts["events"]) == ("fast", 12)
    assert profile.facts["notes"] == ""  # some of its tolls are verified, and sources share events
    estimates = estimate(FEW.reports, profile=profile)
    assert (estimates.ranges()["high_95"] >= estimates.ranges()["low_95"]).all()
    assert estimates.weighting()["learned_from"].all()
    assert (estimates.weighting()["power"] == 0.0).all()
    other = estimate([{"event": "new", "source": "source 1", "figure": 18}], profile=profile)
    assert not other.weighting()["learned_from"].any()
    assert (other.weighting()["power"] > 0.0).all()
    again = load_profile(profile.save(tmp_path / "profile.nc"))
    assert again.fingerprint == profile.fingerprint
    assert again.facts == profile.facts


@pytest.mark.extended
def test_the_same_seed_gives_the_same_profile_in_any_order(compiled: Callable[..., SourceProfile]) -> None:
    """Two fits of one table agree to the last bit, whatever the order of its rows; another seed gives others."""
    options: dict[str, Any] = {"method": "fast", "draws": 100, "name": "x"}
    few = simulated(902, events=4).table
    profiles = [
        compiled(few, seed=1, **options),
        compiled(few.sample(frac=1, random_state=3), seed=1, **options),
        compiled(few, seed=2, **options),
    ]
    one, same, other = ({**profile.parameters} for profile in profiles)
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["scale"], other["scale"])


# Samplers that fail --------------------------------------------------------------------------------------------------


@pytest.mark.extended
def test_draws_that_agree_are_not_flagged(sampler: FakeSampler) -> None:
    """Independent draws of four chains pass every check, and the profile holds as many as asked for."""
    profile = quick(draws=500)
    assert profile.facts["flags"] == ""
    assert profile.facts["r_hat"] < 1.01
    assert (profile.facts["chains"], profile.facts["divergences"]) == (4, 0)
    assert profile.draws == 500
    assert len(np.unique(profile.parameters["scale"])) == 500


def test_the_chains_are_the_profiles_trace(sampler: FakeSampler, tmp_path: Path) -> None:
    """Every chain and draw is in it, on the scale of the profile's parameters; its draws are among them."""
    profile = quick(checkpoint=tmp_path)
    trace = profile.trace
    assert trace is not None
    assert dict(trace["posterior"].sizes)["chain"] == 4
    assert trace["posterior"].sizes["draw"] == trace["sample_stats"].sizes["draw"] == 300
    assert trace["sample_stats"]["diverging"].dtype == bool
    assert not trace["sample_stats"]["diverging"].any()

    learned = str(profile.facts["learned_parameters"]).split()
    alone = [name for name in learned if name in trace["posterior"]]
    assert alone
    for name in alone:
        np.testing.assert_array_equal(np.isin(profile.parameters[name], trace["posterior"][name]), True)
    resumed = quick(checkpoint=tmp_path).trace
    assert resumed is not None
    np.testing.assert_array_equal(resumed["posterior"]["effects"], trace["posterior"]["effects"])


@pytest.mark.extended
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_incomplete_draws_are_refused(sampler: FakeSampler, value: float) -> None:
    """A single draw that is no number ends the fit, with the name of what it is in."""

    def damage(number: int, chain: FakeChain) -> None:
        if number == 0:
            chain["share"][17, 0] = value

    sampler.change = damage
    with pytest.raises(FitError, match="incomplete draws in share"):
        quick()


@pytest.mark.extended
def test_chains_that_disagree_are_refused(sampler: FakeSampler) -> None:
    """One chain somewhere else: R-hat says so, and the message what to do."""

    def part(number: int, chain: FakeChain) -> None:
        if number == 0:
            chain["effects"] += 5.0

    sampler.change = part
    with pytest.raises(FitError, match=r"did not converge .* fit again with a larger tune"):
        quick()


@pytest.mark.extended
def test_divergent_draws_are_flagged_and_then_refused(sampler: FakeSampler) -> None:
    """A few divergences are told with the profile; more than a tenth are too many."""

    def diverge(count: int) -> Callable[[int, FakeChain], None]:
        def change(number: int, chain: FakeChain) -> None:
            if number in (0, 2):
                chain["stat:diverging"][:count] = 1.0

        return change

    sampler.change = diverge(3)
    assert quick().facts["flags"] == "6 of 1200 draws diverged"
    sampler.change = diverge(200)
    with pytest.raises(FitError, match="400 of 1200 draws diverged"):
        quick()


@pytest.mark.extended
def test_few_effective_draws_are_flagged(sampler: FakeSampler) -> None:
    """Chains that stay where they are for long are told with the profile."""

    def slow(_: int, chain: FakeChain) -> None:
        chain["effects"] = np.repeat(chain["effects"][:60], 5, axis=0)

    sampler.change = slow
    flags = str(quick().facts["flags"])
    assert "smallest effective sample size" in flags


# Priors that are set -------------------------------------------------------------------------------------------------


@pytest.mark.extended
def test_a_fitted_profile_remembers_the_priors_that_were_set(tmp_path: Path, sampler: FakeSampler) -> None:
    """They are among its facts and in its file; what the table does not touch is drawn from them."""
    profile = quick(priors={"bias.own": (0, 0.01), "kappa": [0.5, 0.01], "copying": (2, 9)})
    assert json.loads(str(profile.facts["priors"])) == {"bias.own": [0, 0.01], "copying": [2, 9], "kappa": [0.5, 0.01]}
    assert abs(profile.parameters["bias.own"]).max() < 0.1
    assert profile.kappa == pytest.approx(0.5, abs=0.1)
    again = load_profile(profile.save(tmp_path / "profile.npz"))
    assert (
        again.priors
        == profile.priors
        == changed_priors({"bias.own": (0, 0.01), "kappa": (0.5, 0.01), "copying": (2, 9)})
    )
    estimates = estimate([{"event": "e", "source": "s", "figure": 9}], profile=again)
    assert "set by the analyst" in estimates.document(tmp_path / "page.md").read_text(encoding="utf-8")
    assert "priors" not in quick().facts


def test_priors_that_cannot_be_set_are_refused_before_anything_is_done(sampler: FakeSampler) -> None:
    """A name or numbers that do not exist end the fit; nothing was sampled."""
    with pytest.raises(EstimatesError, match=r"no prior is called bias\.us"):
        quick(priors={"bias.us": (0, 1)})
    with pytest.raises(EstimatesError, match=r"prior bias\.own: 0 are not the two numbers of a normal law"):
        quick(priors={"bias.own": 0})
    assert not sampler.sampled


# Checkpoints ---------------------------------------------------------------------------------------------------------


@pytest.mark.extended
def test_an_interrupted_fit_goes_on_where_it_stopped(sampler: FakeSampler, tmp_path: Path) -> None:
    """Chains that were finished are not sampled again, and the profile is that of a fit without interruption."""
    whole = quick(seed=5)
    everything, sampler.sampled = sampler.sampled, []
    sampler.stop_at = 2
    with pytest.raises(KeyboardInterrupt):
        quick(seed=5, checkpoint=tmp_path / "kept")
    sampler.stop_at = None
    resumed = quick(seed=5, checkpoint=tmp_path / "kept")
    assert sampler.sampled == everything
    assert resumed.facts["resumed_chains"] == 2
    assert resumed.fingerprint == whole.fingerprint


@pytest.mark.extended
def test_a_damaged_checkpoint_is_sampled_again(sampler: FakeSampler, tmp_path: Path) -> None:
    """A file that was cut off, emptied or overwritten is as good as none."""
    whole = quick(checkpoint=tmp_path)
    files = sorted(tmp_path.glob("*.npz"))
    assert len(files) == 4
    for path, content in zip(files, (b"", b"no archive at all", files[2].read_bytes()[:-200]), strict=False):
        path.write_bytes(content)
    sampler.sampled = []
    again = quick(checkpoint=tmp_path)
    assert len(sampler.sampled) == 3
    assert again.facts["resumed_chains"] == 1
    assert again.fingerprint == whole.fingerprint


@pytest.mark.extended
@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 1},
        {"tune": 7},
        {"table": simulated(903, 5).reports},
        {"priors": {"bias.own": (0, 1)}},
    ],
)
def test_a_checkpoint_of_another_fit_is_left_alone(
    sampler: FakeSampler, tmp_path: Path, changed: dict[str, Any]
) -> None:
    """Chains of another seed, setting or table are neither used nor lost."""
    quick(checkpoint=tmp_path)
    sampler.sampled = []
    assert quick(checkpoint=tmp_path, **changed).facts["resumed_chains"] == 0
    assert len(sampler.sampled) == 4
    assert len(list(tmp_path.glob("*.npz"))) == 8


def test_a_checkpoint_that_is_a_file_is_refused(sampler: FakeSampler, tmp_path: Path) -> None:
    """The message says to name a folder."""
    path = tmp_path / "taken"
    path.write_text("mine")
    with pytest.raises(FitError, match="name a folder"):
        quick(checkpoint=path)
    assert path.read_text() == "mine"


@pytest.mark.slow
def test_a_resumed_fit_of_the_real_sampler_is_the_uninterrupted_one(tmp_path: Path) -> None:
    """The same to the last bit, when two of four chains were there already."""
    options: dict[str, Any] = {"tune": 150, "kept": 150, "cores": 2, "seed": 3}
    table = simulated(904, events=6).reports
    whole = quick(table, checkpoint=tmp_path, **options)
    for path in sorted(tmp_path.glob("*.npz"))[2:]:
        path.unlink()
    resumed = quick(table, checkpoint=tmp_path, **options)
    assert resumed.facts["resumed_chains"] == 2
    assert resumed.fingerprint == whole.fingerprint


# Input that teaches nothing or little --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": -1}, "seed -1: write a whole number of zero or more"),
        ({"seed": True}, "seed True"),
        ({"seed": 1.5}, "seed 1.5"),
        ({"method": "vb"}, "method 'vb' is not known; it is 'nuts' or 'fast'"),
        ({"draws": 0}, "draws 0: write a whole number of 100 or more"),
        ({"draws": 99}, "draws 99: write a whole number of 100 or more"),
        ({"chains": 2.0}, "chains 2.0"),
        ({"tune": -5}, "tune -5"),
        ({"kept": "many"}, "kept 'many'"),
        ({"cores": 0}, "cores 0"),
    ],
)
def test_arguments_that_cannot_be_used_are_refused(arguments: dict[str, Any], message: str) -> None:
    """The message quotes the value and says what to write instead."""
    with pytest.raises(FitError, match=message.replace(".", r"\.")):
        fit(FEW.reports, **arguments)


def test_a_table_without_a_figure_has_nothing_to_teach() -> None:
    """Denials alone end in a message, not in a profile of priors."""
    with pytest.raises(FitError, match="nothing to learn"):
        fit([{"event": "one", "source": "a", "figure": "no comment"}])


POOR: dict[str, tuple[list[dict[str, object]], str]] = {
    "one source": ([report(f"event {i}", "a", 3 + i) for i in range(8)], "one source only"),
    "no overlap": ([report(f"event {i}", f"source {i}", 3 + i) for i in range(6)], "no event is reported by two sources"),
    "one event": ([report("one", "a", 5), report("one", "b", 9)], "one event only"),
    "all equal": ([report(f"event {i}", s, 9) for i in range(8) for s in "abc"], "explain this equally well"),
    "contradictory": (
        [report("one", "a", 900, verified=7), report("one", "b", 850, verified=7), report("two", "a", 5, verified=900)],
        "more than five times the verified toll 7",
    ),
    "large and small": ([report("one", "a", 1), report("one", "b", 90_000_000)], "one event only"),
    "none at all": ([report(f"event {i}", s, "none") for i in range(5) for s in "ab"], "explain this equally well"),
}  # fmt: skip


@pytest.mark.extended
@pytest.mark.parametrize("case", POOR)
def test_poor_tables_say_what_they_cannot_teach(sampler: FakeSampler, case: str) -> None:
    """The profile's facts name the limit, and the model has a finite density and gradient where a fit begins."""
    rows, limit = POOR[case]
    profile = quick(rows)
    assert limit in str(profile.facts["notes"])
    training = training_data(read_reports(rows))
    layout = layout_of(training.sources, training.size_laws, training.growth_laws)
    corpus = Corpus(training.events, layout)
    for name in range(3):
        middle = published_profile(name, draws=1)
        (vector,) = middle.vectors(training.sources, training.size_laws, training.growth_laws)
        value, gradient = corpus.evaluate(vector)
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fast", "nuts"])
@pytest.mark.parametrize("case", POOR)
def test_no_sampler_fails_on_poor_tables(case: str, method: str) -> None:
    """Either method ends with a profile that keeps its priors where nothing is learned."""
    rows, _ = POOR[case]
    profile = fit(rows, method=method, draws=400, tune=300, kept=200)  # type: ignore[arg-type]
    for name in ("over_shape.ordinary", "documented_shape.ordinary.0", "low_share.ordinary"):
        prior = published_profile(0).parameters[name]
        assert profile.parameters[name].std() == pytest.approx(prior.std(), rel=0.4), name


@pytest.mark.slow
def test_ten_thousand_sources_heard_once_are_learned_by_their_types() -> None:
    """The fit ends in time, says that sources share stand-ins, and stays close to the priors."""
    rng = np.random.default_rng(1)
    rows = [
        report(f"event {i}", f"source {i}", int(rng.integers(1, 40)), source_type=("rescue", "un", "other")[i % 3])
        for i in range(10_000)
    ]
    profile = fit(rows, method="fast", draws=200)
    notes = str(profile.facts["notes"])
    assert "10,000 sources: the 400 heard most" in notes
    assert "no event is reported by two sources" in notes
    assert len(profile.sources) == 400
    assert profile.parameters["bias.rescue"].std() > 0.15


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Run ``estimates fit`` on a table of a few simulated events, from an empty folder."""
    monkeypatch.chdir(tmp_path)
    FEW.table.to_csv("corpus.csv", index=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["estimates", "fit", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.mark.extended
def test_the_command_writes_a_profile_and_prints_what_it_holds(
    command: Callable[..., tuple[int, str, str]], sampler: FakeSampler, tmp_path: Path
) -> None:
    """The summary on standard output, what cannot be learned on standard error, and a profile that can be read."""
    FEW.table.drop(columns="verified").to_csv("corpus.csv", index=False)
    status, out, err = command("corpus.csv", "-o", "profile.nc", "--seed", 3, "--checkpoint", "kept")
    assert status == 0
    assert all(name in out for name in ("source 1", "source 4", "all rescue", "prior_share"))
    assert out.endswith("Profile written to profile.nc\n")
    assert "note: no toll is verified" in err
    assert "note: " not in out
    profile = load_profile(tmp_path / "profile.nc")
    assert (profile.seed, profile.facts["method"]) == (3, "nuts")
    assert len(list((tmp_path / "kept").glob("*.npz"))) == 4


@pytest.mark.extended
def test_the_command_fits_fast(
    command: Callable[..., tuple[int, str, str]], compiled: Callable[..., SourceProfile], tmp_path: Path
) -> None:
    """``--method fast`` writes the small format as well."""
    assert command("corpus.csv", "-o", "profile.npz", "--method", "fast")[0] == 0
    assert load_profile(tmp_path / "profile.npz").facts["method"] == "fast"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("corpus.csv", "-o", "corpus.csv"), "corpus.csv is the table itself; name another file"),
        (("corpus.csv", "-o", "profile.csv"), "ending in .nc or .npz"),
        (("corpus.csv", "-o", "nowhere/profile.nc"), "there is no folder nowhere"),
        (("corpus.csv", "-o", "profile.nc", "--method", "guess"), "method 'guess' is not known"),
        (("missing.csv", "-o", "profile.nc"), "missing.csv"),
    ],
)
def test_a_refused_command_writes_nothing(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    """One message on standard error, status 1, and the folder as it was."""
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert message in err
    assert "Traceback" not in err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.extended
def test_a_fit_that_fails_leaves_the_old_profile(
    command: Callable[..., tuple[int, str, str]], sampler: FakeSampler, tmp_path: Path
) -> None:
    """Draws that are refused do not touch the file that would have been replaced."""

    def part(number: int, chain: FakeChain) -> None:
        if number == 0:
            chain["effects"] += 5.0

    sampler.change = part
    (tmp_path / "profile.nc").write_bytes(b"the old one")
    status, out, err = command("corpus.csv", "-o", "profile.nc")
    assert (status, out) == (1, "")
    assert "did not converge" in err
    assert (tmp_path / "profile.nc").read_bytes() == b"the old one"
