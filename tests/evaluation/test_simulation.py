"""Simulated tables: the mechanism agrees with the likelihood that is to be tested with it, and each world is as said.

Oracles: the likelihood itself, which shares no code with the mechanism, by the ranks of the truth in the posteriors
and by how often each form of words is said; and limits in which a parameter decides everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from estimates import EstimatesError, Reports, SourceProfile, estimate, read_reports, simulate
from estimates.evaluation.simulation import REMEDIES, SEEN_SHARE, WORLDS, Simulation
from estimates.inference.cases import gather
from estimates.models import wording as forms
from estimates.models.grid import make_grid
from estimates.models.growth import BINS, age_bin
from estimates.models.reporting import HeldNumber
from estimates.models.wording import NUMERIC_WORDINGS
from estimates.profile.profile import published_profile
from estimates.vocabulary import LAYERS

#: Parameters that make every part of the mechanism common.
COMMON = {"phantom": 0.1, "none_share.other": 0.1, "none_share.party": 0.4, "copying": 0.35, "rising": 1.5}
MIXED = {
    **dict.fromkeys(("more_than", "nearly", "up_to", "at_most"), 0.05),
    **dict.fromkeys(("about", "vague", "range"), 0.1),
    **dict.fromkeys(("exactly", "at_least"), 0.25),
}


def known(changes: Mapping[str, float] = {}) -> SourceProfile:
    """A profile of one draw, the medians of the published priors, some of them changed."""
    published = published_profile(0)
    medians = {name: np.array([np.median(draws)]) for name, draws in published.parameters.items()}
    return replace(published, parameters={**medians, **{name: np.array([value]) for name, value in changes.items()}})


def words_said(simulation: Simulation) -> pd.DataFrame:
    """The table as read, with the words that enter the likelihood and the age bin of each report."""
    table = simulation.reports.table
    table["said"] = [report.said for report in simulation.reports.reports]
    table["bin"] = [age_bin(age) for age in table["age_low"]]
    return table


def predicted(simulation: Simulation, profile: SourceProfile, layers: Sequence[str]) -> pd.DataFrame:
    """For each layer and event, the posterior probability below the true toll (``below``) and at it (``at``)."""
    estimates = estimate(simulation.reports, profile=profile)
    rows = []
    for layer in layers:
        for event, toll in zip(simulation.truth["event"], simulation.truth[layer], strict=True):
            mass = estimates.mass(event, simulation.truth["outcome"][0], layer)
            start, width, probability = (mass[name].to_numpy() for name in ("count", "width", "probability"))
            probability = probability / probability.sum()
            cell = int(np.searchsorted(start, toll, side="right")) - 1
            at = probability[cell] / width[cell]
            rows.append({"layer": layer, "below": probability[:cell].sum() + at * (toll - start[cell]), "at": at})
    return pd.DataFrame(rows)


def ranks(predictions: pd.DataFrame, layer: str, rng: np.random.Generator) -> np.ndarray:
    """Randomised probability integral transform of the truth in each event's posterior."""
    chosen = predictions[predictions["layer"] == layer]
    return np.asarray(chosen["below"] + rng.random(len(chosen)) * chosen["at"])


def p_of_uniform(values: np.ndarray) -> float:
    return float(stats.chisquare(np.histogram(values, 10, (0, 1))[0]).pvalue)


# The mechanism and the likelihood


@pytest.mark.parametrize(
    "options",
    [
        {"event_type": "airstrike"},
        {"event_type": ("flood", "unknown"), "times": (0.5, 0.2, 0.1, 0.1, 0.05, 0.05)},
        {"event_type": "shelling", "outcome": "injured", "wording_of": "report"},
    ],
)
def test_tolls_are_ranked_uniformly_in_their_posteriors(options: dict[str, object]) -> None:
    """To someone who knows all parameters every rank of the true toll is as likely, whatever is said and copied."""
    simulation = simulate(200, 5, seed=4, profile=known(COMMON), wordings=MIXED, **options)  # type: ignore[arg-type]
    predictions = predicted(simulation, simulation.known_profile(), LAYERS)
    rng = np.random.default_rng(1)
    for layer in LAYERS:
        assert p_of_uniform(ranks(predictions, layer, rng)) > 1e-3, layer


@pytest.mark.slow
@pytest.mark.parametrize("form", [*NUMERIC_WORDINGS, "all"])
def test_many_tolls_are_ranked_uniformly_in_their_posteriors(form: str) -> None:
    """The same with ten times the events, every form of words by itself and all in turn."""
    predictions = []
    for seed in range(6):
        simulation = simulate(
            500, 6, seed=seed, profile=known(COMMON), wordings=MIXED if form == "all" else {form: 1.0},
            event_type=("airstrike", "earthquake", "unknown"),
        )  # fmt: skip
        predictions.append(predicted(simulation, simulation.known_profile(), LAYERS))
    rng = np.random.default_rng(1)
    for layer in LAYERS:
        assert p_of_uniform(ranks(pd.concat(predictions), layer, rng)) > 1e-3, layer


WRONG = {
    "growth": {f"complete_logit.{step}": 5.0 for step in range(5)},
    "bias": {"bias.international_media": 0.6},
    "remainder": {"kappa": 3.0},
    "none": {"none_share.other": 0.9},
}


def test_truth_tells_when_the_parameters_are_others() -> None:
    """True tolls are less probable to someone who is wrong about one parameter, and of gross faults ranks tell too."""
    simulation = simulate(600, 1, seed=6, profile=known(COMMON), times=(0.8, 0, 0, 0, 0, 0.2))
    truth = simulation.known_profile()
    right = predicted(simulation, truth, ("total",))
    p_values = {}
    for name, changes in WRONG.items():
        parameters = {**truth.parameters, **{changed: np.array([value]) for changed, value in changes.items()}}
        wrong = predicted(simulation, replace(truth, parameters=parameters), ("total",))
        gain = np.log(right["at"]) - np.log(wrong["at"])
        assert gain.mean() > 2 * gain.std() / np.sqrt(len(gain)), name
        p_values[name] = p_of_uniform(ranks(wrong, "total", np.random.default_rng(1)))
    assert p_values["growth"] < 1e-3
    assert p_values["remainder"] < 1e-3


@pytest.mark.parametrize("form", NUMERIC_WORDINGS)
def test_words_are_said_as_often_as_the_likelihood_says(form: str) -> None:
    """Every word of a form is said with the likelihood's probability, or the same share of it for every number held."""
    profile = known({"phantom": 0.3, "none_share.other": 0.15, "exactness": -1.0, "heaping": 0.7})
    # One source that speaks once of each event, a month later.
    simulation = simulate(
        800, 1, seed=8, profile=profile, reports_per_event=1.0, times=(0, 0, 0, 0, 0, 1), wordings={form: 1.0}
    )
    assert_said_as_expected(simulation, form)


@pytest.mark.slow
@pytest.mark.parametrize("form", NUMERIC_WORDINGS)
def test_words_of_many_events_are_said_as_often_as_the_likelihood_says(form: str) -> None:
    """The same with twenty times the events."""
    profile = known({"phantom": 0.3, "none_share.other": 0.15, "exactness": -1.0, "scale": 0.6})
    simulation = simulate(
        30_000, 1, seed=9, profile=profile, reports_per_event=1.0, times=(0, 0, 0, 0, 0, 1), wordings={form: 1.0}
    )
    assert_said_as_expected(simulation, form)


def assert_said_as_expected(simulation: Simulation, form: str) -> None:
    """Compare how often each word is said with the likelihood summed over the events' tolls."""
    said = words_said(simulation)["said"].value_counts()
    grid = make_grid([edge for words in said.index for edge in forms.jumps(words)])
    source = simulation.sources.iloc[0]
    law = simulation.drawn_from.reporting(source["source"], source["source_type"], source["affiliation"])
    held = HeldNumber(law, grid)
    tolls = np.bincount(np.searchsorted(grid.start, simulation.truth["documented"], side="right") - 1)
    # One over the greatest sum of the likelihood over all words; ranges choose their width first.
    share = {"about": 3 / 5, "nearly": 2 / 3, "range": 1 / 5}.get(form, 1.0)
    own = [words for words in said.index if words.wording in (form, "none")]
    expected = np.array([tolls @ forms.likelihood(words, held)[: len(tolls), 0] for words in own])
    expected *= [1.0 if words.wording == "none" else share for words in own]
    observed = said[own].to_numpy()[expected >= 10]
    expected = expected[expected >= 10]
    # All other words together.
    observed, expected = (np.append(counts, said.sum() - counts.sum()) for counts in (observed, expected))
    assert len(expected) > 4
    assert stats.chi2(len(expected) - 1).sf(((observed - expected) ** 2 / expected).sum()) > 1e-4


# What is simulated


def test_the_same_seed_gives_the_same_tables() -> None:
    """All of a simulation follows from its seed, and another seed gives another."""
    first, again, other = (simulate(20, seed=seed, anchors=0.5, named_lists=0.5) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first.table, again.table)
    pd.testing.assert_frame_equal(first.truth, again.truth)
    assert first.parameters == again.parameters
    assert first.effects == again.effects
    assert not first.table.equals(other.table)
    assert first.parameters != other.parameters


def test_times_and_tolls_do_not_depend_on_words_and_worlds() -> None:
    """Worlds of one seed are about the same events, so that they can be compared pair by pair."""
    plain = simulate(30, seed=5)
    for other in (simulate(30, seed=5, wordings={"at_least": 1}), simulate(30, seed=5, world="copying")):
        pd.testing.assert_frame_equal(plain.truth, other.truth)
        pd.testing.assert_series_equal(plain.table["reported_at"], other.table["reported_at"])


@pytest.mark.parametrize("world", WORLDS)
def test_tables_are_read_without_a_fault_or_a_note(world: str) -> None:
    """Every world's table is what `read_reports` expects, with the ages that were meant and no truth in it."""
    simulation = simulate(60, seed=2, world=world, wordings=MIXED, event_type=("airstrike", "flood"))
    reports = simulation.reports
    assert isinstance(reports, Reports)
    assert reports.notes == ()
    assert reports.table["verified"].isna().all()
    assert len(read_reports(reports.table)) == len(simulation.table)
    table = words_said(simulation)
    assert (table["bin"] == [age_bin(age) for age in table["age_high"]]).all()
    assert not table.duplicated(["event", "reported_at"]).any()
    assert not table.duplicated(["event", "source", "bin"]).any()
    assert simulation.truth["event"].tolist() == list(dict.fromkeys(table["event"]))


def test_figures_are_read_as_they_were_meant() -> None:
    """Each report becomes one statement in its own place of time: none is merged, dropped or tied."""
    simulation = simulate(80, seed=6, wordings=MIXED, wording_of="report")
    cases = gather(simulation.reports.estimated_reports, simulation.drawn_from.bin_shares, None).cases
    statements = [observations.statements for case in cases for _, observations in case.alternatives]
    assert len(statements) == 80
    assert sum(map(len, statements)) == len(simulation.table)
    assert all(len({statement.place for statement in event}) == len(event) for event in statements)


def test_reports_and_times_come_in_the_shares_asked_for() -> None:
    """The mean number of reports and the shares of their ages are those asked for."""
    simulation = simulate(600, 6, seed=1, reports_per_event=2.5, times=(0.5, 0.0, 0.3, 0.0, 0.0, 0.2))
    assert len(simulation.table) / 600 == pytest.approx(2.5, abs=4 * np.sqrt(1.5 / 600))
    shares = words_said(simulation)["bin"].value_counts(normalize=True).reindex(range(BINS), fill_value=0.0)
    # A source speaks once in a bin, which takes little from the largest share.
    assert shares.to_numpy() == pytest.approx([0.5, 0, 0.3, 0, 0, 0.2], abs=0.06)


def test_anchors_hold_the_truth_and_others_do_not() -> None:
    """About the share of events asked for has its documented toll in the table."""
    simulation = simulate(200, seed=1, anchors=0.25)
    verified = simulation.reports.table.groupby("event")["verified"].first().dropna()
    truth = simulation.truth.set_index("event")["documented"]
    assert 0 < len(verified) < 100
    assert (truth[verified.index] == verified.astype(int)).all()
    assert simulate(20, seed=1, anchors=1.0).reports.table["verified"].notna().all()


def test_lists_of_names_are_floors() -> None:
    """A verified list of names stands below the toll, but for the rare wrong one."""
    simulation = simulate(300, seed=1, named_lists=1.0)
    names = simulation.reports.table.query("wording == 'named'").set_index("event")["low"]
    truth = simulation.truth.set_index("event")["by_now"]
    assert len(names) > 100
    assert (names.astype(int) <= truth[names.index]).mean() > 0.98


def test_known_parameters_are_those_drawn_from() -> None:
    """What is told of the parameters is one draw of the profile, and a profile of it counts sources as they counted."""
    profile = published_profile(7)
    simulation = simulate(5, 3, seed=1, profile=profile, draw=12)
    assert simulation.parameters["kappa"] == profile.kappa[12]
    truth = simulation.known_profile(4)
    assert truth.draws == 4
    for row in simulation.sources.itertuples():
        law = truth.reporting(row.source, row.source_type, row.affiliation)
        drawn = profile.reporting(row.source, row.source_type, row.affiliation)
        for name in ("bias", "exactness", "scale", "copying", "none_share"):
            assert np.ptp(getattr(law, name)) == 0
            assert getattr(law, name)[0] == pytest.approx(getattr(drawn, name)[12])
            assert getattr(law, name)[0] == pytest.approx(getattr(row, name))


# Limits


EXACT = {"exactness": 60.0, "exactness_slope": 0.0, "none_share.other": 0.0, "none_share.party": 0.0, "phantom": 0.0}


def test_exact_sources_say_what_is_documentable_at_the_time() -> None:
    """Sources that never err say the toll documentable in their own age bin, and none where it is zero."""
    simulation = simulate(
        100, 5, seed=3, profile=known({**EXACT, "copying": 1e-12, "repeating": 1e-12}), wordings={"exactly": 1}
    )
    table = words_said(simulation)
    truth = simulation.truth.set_index("event")
    columns = ["by_day_1", "by_day_2", "by_day_3", "by_day_7", "by_day_30", "documented"]
    expected = [truth.loc[event, columns[b]] for event, b in zip(table["event"], table["bin"], strict=True)]
    assert table["low"].fillna(0).astype(int).tolist() == expected
    assert len(set(expected)) > 10


def test_sources_that_always_repeat_or_copy_never_say_another_thing() -> None:
    """With certain repeats a source says one thing of an event; with certain copies all sources do."""
    certain = 1.0 - 1e-12
    repeated = words_said(simulate(60, 3, seed=3, profile=known({"copying": 0.1, "repeating": certain})))
    assert repeated.groupby(["event", "source"])["said"].nunique().max() == 1
    assert repeated.groupby("event")["said"].nunique().max() > 1
    copied = words_said(simulate(60, 9, seed=3, profile=known({"copying": certain, "repeating": certain})))
    assert copied.groupby("event")["said"].nunique().max() == 1


def test_warnings_that_the_number_will_rise_come_with_later_growth() -> None:
    """Where the latest figures are said to rise the final toll exceeds what was documentable by then more often."""
    steps = {f"complete_logit.{step}": 4.0 for step in range(5)}
    profile = known({**steps, "rising": 12.0, "over_share": 1e-9})
    simulation = simulate(500, 4, seed=2, profile=profile, times=(1, 0, 0, 0, 0, 0))
    warned = simulation.table.groupby("event")["provisional"].any()
    truth = simulation.truth.set_index("event").query("documented > 0")
    grew = truth["documented"] > truth["by_now"]
    assert grew[warned[truth.index]].mean() > 0.98
    assert grew[~warned[truth.index]].mean() < 0.4


# Worlds


def test_raw_feeds_say_the_same_more_often() -> None:
    """In the world of copying, sources of one event agree more often than in the model's."""
    worlds = (simulate(100, 6, seed=1, profile=known(), world=w, reports_per_event=6) for w in ("model", "copying"))
    plain, raw = (words_said(world).groupby("event")["said"].nunique().mean() for world in worlds)
    assert raw - 1 < 0.5 * (plain - 1)


def test_a_common_undercount_is_a_share_of_every_toll() -> None:
    """In the world of a common under-count exact sources say seven tenths of the toll, one more or less."""
    profile = known({**EXACT, "copying": 1e-12, "repeating": 1e-12})
    simulation = simulate(
        100, 3, seed=1, profile=profile, world="common_undercount", wordings={"exactly": 1}, times=(0, 0, 0, 0, 0, 1)
    )
    table = words_said(simulation)
    toll = simulation.truth.set_index("event")["documented"][table["event"]].to_numpy()
    said = table["low"].fillna(0).to_numpy(dtype=float)
    assert (np.abs(said - SEEN_SHARE * toll) <= 1).all()
    assert said.sum() / toll.sum() == pytest.approx(SEEN_SHARE, abs=0.05)


def test_one_hospital_speaks_through_all_sources() -> None:
    """In the world of one hospital all figures of an age bin are the same; with the remedy they name it."""
    table = words_said(simulate(100, 6, seed=1, profile=known(), world="shared_hospital", reports_per_event=6))
    assert table.groupby(["event", "bin"])["said"].nunique().max() == 1
    assert table.groupby("event")["said"].nunique().max() > 1
    told = simulate(20, 6, seed=1, world="shared_hospital", remedy=True).reports.table
    assert set(told["quotes"]) == {"the hospital"}


def test_an_attributed_hospital_is_one_source_of_the_model() -> None:
    """Where all figures name the hospital the world is the model's own, with the hospital for its only source."""
    simulation = simulate(
        200, 5, seed=2, profile=known(COMMON), world="shared_hospital", remedy=True, reports_per_event=4
    )
    predictions = predicted(simulation, simulation.known_profile(), ("documented",))
    assert p_of_uniform(ranks(predictions, "documented", np.random.default_rng(1))) > 1e-3


def test_copies_name_where_they_come_from() -> None:
    """With the remedy a figure that was copied, or repeated after it was copied, names a source that said it before."""
    table = words_said(simulate(100, 6, seed=1, profile=known(), world="copying", remedy=True))
    quoting = table[table["quotes"].notna()]
    assert len(quoting) > 50
    said = dict(table.groupby(["event", "source", "said"])["reported_at"].min().items())
    for row in quoting.itertuples():
        assert said[row.event, row.quotes, row.said] < row.reported_at


def test_the_inflating_source_triples_its_numbers() -> None:
    """In the world of one inflating source its numbers are three times the toll and the others' are not."""
    profile = known({**EXACT, "copying": 1e-12, "repeating": 1e-12})
    options = {"profile": profile, "world": "inflating", "wordings": {"exactly": 1}, "times": (0, 0, 0, 0, 0, 1)}
    simulation = simulate(100, 3, seed=1, **options)  # type: ignore[arg-type]
    table = words_said(simulation)
    toll = simulation.truth.set_index("event")["documented"][table["event"]].to_numpy()
    factor = np.where(table["source"] == "source 1", 3, 1)
    assert (table["low"].fillna(0).astype(int).to_numpy() == factor * toll).all()
    told = simulate(20, 3, seed=1, world="inflating", remedy=True).reports.table
    assert set(told.loc[told["source"] == "source 1", "affiliation"]) == {"enemy"}
    assert set(told.loc[told["source"] != "source 1", "affiliation"]) == {"neutral"}


def test_sparse_sources_speak_once_or_twice() -> None:
    """In the sparse world every source is heard once or twice, about half of them each."""
    heard = simulate(100, seed=1, world="sparse").table["source"].value_counts()
    assert set(heard) == {1, 2}
    assert 0.4 < (heard == 1).mean() < 0.6


# What cannot be simulated


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"events": 0}, "events 0: write a whole number of 1 or more"),
        ({"sources": 2.5}, "sources 2.5"),
        ({"seed": -1}, "seed -1"),
        ({"world": "moon"}, "world 'moon' is not known; write one of model, copying"),
        ({"outcome": "strikes"}, "outcome 'strikes' is not known"),
        ({"event_type": "picnic"}, "event_type 'picnic' is not known"),
        ({"event_type": ()}, "event_type is empty"),
        ({"draw": 1_000}, "draw 1000: the profile has 1,000 draws; the last is 999"),
        ({"reports_per_event": 0.5}, "reports_per_event 0.5: write a number from 1 to 24"),
        ({"reports_per_event": float("nan")}, "reports_per_event nan"),
        ({"wordings": {"mumbled": 1}}, "wording 'mumbled' is not known"),
        ({"wordings": {"exactly": 0}}, "wordings: write shares of zero or more"),
        ({"wordings": {}}, "wordings: write shares"),
        ({"wording_of": "day"}, "wording_of 'day' is not known"),
        ({"times": (1, 2)}, "times has 2 shares; write 6"),
        ({"times": (1, 0, 0, 0, 0, -1)}, "times: write shares"),
        ({"anchors": 1.5}, "anchors 1.5: write a share"),
        ({"named_lists": -0.1}, "named_lists -0.1"),
        ({"world": "sparse", "remedy": True}, "only copying, shared_hospital, inflating have one"),
    ],
)
def test_arguments_that_cannot_be_used_are_refused_with_the_mend(arguments: dict[str, object], message: str) -> None:
    """What cannot be simulated is refused, with what to write instead."""
    with pytest.raises(EstimatesError) as caught:
        simulate(**arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_every_remedy_belongs_to_a_world() -> None:
    """Remedies are told for worlds that exist."""
    assert set(REMEDIES) < set(WORLDS)


# The command


def run(*arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Run the command line in this process: exit status, standard output and standard error."""
    from estimates.cli.application import main

    monkeypatch.setattr("sys.argv", ["estimates", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out, printed.err


def test_the_command_writes_reports_and_tolls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`estimates simulate` writes what `simulate` gives, as tables that are read back the same."""
    reports, truth = tmp_path / "reports.csv", tmp_path / "truth.csv"
    arguments = ["--events", "7", "--sources", "3", "--world", "copying", "--remedy", "--seed", "5"]
    files = ["-o", str(reports), "--truth", str(truth)]
    status, printed, complaints = run("simulate", *files, *arguments, capsys=capsys, monkeypatch=monkeypatch)
    simulation = simulate(7, 3, seed=5, world="copying", remedy=True)
    assert (status, complaints) == (0, "")
    assert str(reports) in printed
    assert read_reports(reports).data_hash == simulation.reports.data_hash
    pd.testing.assert_frame_equal(pd.read_csv(truth), simulation.truth, check_dtype=False)


@pytest.mark.parametrize(
    "arguments", [["--world", "moon"], ["--world", "sparse", "--remedy"], ["--truth", "taken.csv"]]
)
def test_a_command_that_is_refused_writes_nothing(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A world that does not exist, or a file that does, ends in one message and leaves all files as they were."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.csv").write_text("mine")
    command = ["simulate", "-o", "new.csv", *arguments]
    status, printed, complaint = run(*command, capsys=capsys, monkeypatch=monkeypatch)
    assert (status, printed) == (1, "")
    assert complaint.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]
    assert (tmp_path / "taken.csv").read_text() == "mine"


def test_the_reports_and_the_tolls_need_two_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same file for reports and tolls is refused, since one would overwrite the other."""
    target = str(tmp_path / "both.csv")
    status, _, complaint = run("simulate", "-o", target, "--truth", target, capsys=capsys, monkeypatch=monkeypatch)
    assert status == 1
    assert "cannot hold both" in complaint
    assert list(tmp_path.iterdir()) == []
