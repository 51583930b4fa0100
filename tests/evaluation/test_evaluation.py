"""Evaluation: what is shown, what is kept apart, how scores are summed up, and what the command prints."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from estimates import evaluate, read_reports
from estimates.cli.application import main
from estimates.errors import EstimatesError
from estimates.evaluation import evaluation as module
from estimates.evaluation.baselines import BASELINES
from estimates.evaluation.evaluation import MODEL, Evaluation, evaluated
from estimates.evaluation.scores import SCORED_LEVELS
from estimates.profile.profile import SourceProfile, published_profile
from estimates.profile.storage import save_profile
from estimates.results.estimates import estimate
from estimates.table.reports import Reports

HEAD = "event,event_date,event_type,source,source_type,figure,outcome,reported_at,verified"
#: Five events: a toll that is a range, one that is a lower bound, two of the same day, and what must not be shown.
ROWS = [
    "Quake,2020-01-01,earthquake,Wire,international_media,at least 40,,2020-01-01,310",
    "Quake,,,Ministry,government,60,,2020-01-02,",
    "Quake,,,Ministry,government,150,,2020-01-03,",
    "Quake,,,Ministry,government,290,,2020-01-20,",
    "Quake,,,Blog,,900,,,",
    "Quake,,,Wire,international_media,500,injured,2020-01-01,",
    "Blast,2021-03-05,bombing,Hospital,health,18,,2021-03-05,22",
    "Blast,,,Police,security,25,,2021-03-06,",
    "Blast,,,Police,security,3 children,,2021-03-06,",
    "Fire,2021-03-05,fire,Rescue,rescue,dozens,,2021-03-05,51-103",
    "Raid,2019-07-01,airstrike,Monitor,monitor,at least 16,,2019-07-02,at least 20",
    "Raid,,,Army,armed_group,no comment,,2019-07-02,",
    "Old,2018-01-01,flood,Agency,,120,,2018-02-01,130",
    "Open,2022-01-01,fire,Wire,international_media,12,,2022-01-01,",
]
SCORED = ["Blast", "Fire", "Quake", "Raid"]


def table(rows: list[str] = ROWS) -> Reports:
    return read_reports(io.StringIO("\n".join([HEAD, *rows]) + "\n"))


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return published_profile(0, draws=100)


@pytest.fixture(scope="module")
def evaluation(profile: SourceProfile) -> Evaluation:
    return evaluate(table(), profile=profile)


def of(evaluation: Evaluation, method: str = MODEL) -> pd.DataFrame:
    events = evaluation.events
    return events[events["method"] == method].set_index("event").drop(columns="method")


# What is shown --------------------------------------------------------------------------------------------------------


def test_verified_events_with_an_early_figure_are_scored(evaluation: Evaluation) -> None:
    """One row per event and method; events without a toll or without an early figure are left out, the notes say which."""
    assert of(evaluation).index.tolist() == SCORED
    assert set(evaluation.events["method"]) == {MODEL, *BASELINES}
    found = of(evaluation)
    assert found["figures"].to_dict() == {"Blast": 2, "Fire": 1, "Quake": 2, "Raid": 1}
    assert found["sources"].to_dict() == {"Blast": 2, "Fire": 1, "Quake": 2, "Raid": 1}
    assert found["largest"].to_dict() == {"Blast": 25, "Fire": 80, "Quake": 60, "Raid": 16}
    assert found["toll_low"].to_dict() == {"Blast": 22, "Fire": 51, "Quake": 310, "Raid": 20}
    assert found["toll_high"].dropna().to_dict() == {"Blast": 22, "Fire": 103, "Quake": 310}
    assert "1 event without a figure younger than 2 days, not scored: Old" in evaluation.notes
    assert "1 event toll a lower bound, scored as that number: Raid" in evaluation.notes
    assert "1 event toll a range, scored against the whole of it: Fire" in evaluation.notes
    assert "2 events of the same day as another, not used for one another: Blast, Fire" in evaluation.notes


def test_the_model_is_the_estimate_of_the_early_reports_of_one_event(
    evaluation: Evaluation, profile: SourceProfile
) -> None:
    """The model's ranges and score are those of `estimate` on the event's own early figures."""
    early = table([ROWS[0], ROWS[1]])
    estimates = estimate(early, profile=profile)
    expected = estimates.ranges(levels=SCORED_LEVELS, layers=("documented",)).iloc[0]
    found = of(evaluation).loc["Quake"]
    assert [found[name] for name in ("median", "low_50", "high_95")] == [
        expected[name] for name in ("median", "low_50", "high_95")
    ]
    mass = estimates.mass("Quake")
    cell = mass[(mass["count"] <= 310) & (mass["count"] + mass["width"] > 310)].iloc[0]
    assert found["log_score"] == pytest.approx(math.log(cell["probability"] / cell["width"]), abs=1e-6)


def test_what_is_said_later_changes_nothing(evaluation: Evaluation, profile: SourceProfile) -> None:
    """Later figures, figures of unknown age, of a part of the dead and of other outcomes reach neither model nor rival."""
    kept = [
        row
        for row in ROWS
        if "2020-01-20" not in row and "2020-01-03" not in row and "Blog" not in row and "injured" not in row
    ]
    assert len(kept) == len(ROWS) - 4
    pd.testing.assert_frame_equal(evaluate(table(kept), profile=profile).events, evaluation.events)


def test_a_coarse_date_that_may_be_late_is_not_shown(profile: SourceProfile) -> None:
    """A figure of "January" may be a month old and is left out; within 40 days it is shown."""
    rows = [*ROWS[6:9], "Blast,,,Review,ngo,40,,2021-03,"]
    early, later = (of(evaluate(table(rows), profile=profile, within_days=days)) for days in (2.0, 40.0))
    assert (early.loc["Blast", "figures"], later.loc["Blast", "figures"]) == (2, 3)


def test_the_latest_figure_is_the_latest_by_the_clock(profile: SourceProfile) -> None:
    """With clock times the last hour counts; where one report of the day has none, all of the day are equally late."""
    head = "Blast,2021-03-05,bombing"
    rows = [f"{head},A,,30,,2021-03-05T10:00,22", f"{head},B,,20,,2021-03-05T09:00,22", f"{head},C,,5,,2021-03-04,"]
    assert of(evaluate(table(rows), profile=profile), "latest").loc["Blast", "median"] == 30
    tied = [*rows[1:], f"{head},D,,40,,2021-03-05,"]
    middle = round(math.expm1((math.log1p(20) + math.log1p(40)) / 2))
    assert of(evaluate(table(tied), profile=profile), "latest").loc["Blast", "median"] == middle


# What is kept apart ---------------------------------------------------------------------------------------------------


def test_an_event_s_own_toll_reaches_no_prediction(evaluation: Evaluation, profile: SourceProfile) -> None:
    """Another toll of one event moves its scores and, through the ratios, other events; never what is predicted of it."""
    predicted = ["median", *(f"{end}_{level}" for level in SCORED_LEVELS for end in ("low", "high")), "log_width"]
    changed = evaluate(table([ROWS[0].replace(",310", ",9000"), *ROWS[1:]]), profile=profile)
    for method in (MODEL, *BASELINES):
        before, after = of(evaluation, method), of(changed, method)
        pd.testing.assert_series_equal(before.loc["Quake", predicted], after.loc["Quake", predicted])
        assert before.loc["Quake", "crps"] != after.loc["Quake", "crps"]
    ratio = "maximum x ratio"
    assert of(evaluation, ratio).loc["Raid", "high_90"] < of(changed, ratio).loc["Raid", "high_90"]


def test_events_of_one_day_do_not_teach_one_another(evaluation: Evaluation, profile: SourceProfile) -> None:
    """Blast and Fire happened on one day: the ratio of one says nothing about the other, which may be a part of it."""
    changed = evaluate(table([row.replace(",22", ",9000") for row in ROWS]), profile=profile)
    for method in BASELINES:
        pd.testing.assert_series_equal(of(evaluation, method).loc["Fire"], of(changed, method).loc["Fire"])
    assert not of(evaluation, "median x ratio").loc["Raid"].equals(of(changed, "median x ratio").loc["Raid"])


def test_events_are_estimated_one_at_a_time(evaluation: Evaluation, profile: SourceProfile) -> None:
    """The model's answer for an event is the same whatever other events the table has."""
    alone = evaluate(table(ROWS[6:9]), profile=profile)
    pd.testing.assert_frame_equal(of(alone), of(evaluation).loc[["Blast"]])


def test_leave_one_out_learns_from_all_reports_of_other_days(profile: SourceProfile) -> None:
    """For each event a profile is learned from every report of the outcome, late ones too, of verified events of other days."""
    seen: list[tuple[set[str], int]] = []

    def fitter(others: Reports, seed: int) -> SourceProfile:
        events = set(others.table["event"])
        seen.append((events, seed))
        assert len(others) == sum(row.split(",")[0] in events and row.split(",")[6] != "injured" for row in ROWS)
        return dataclasses.replace(profile, name=f"fit {len(seen)}", learned_from=frozenset(events))

    arguments: dict[str, Any] = {"within_days": 2.0, "seed": 7, "layer": "documented", "outcome": "killed"}
    evaluation = evaluated(table(), profile=None, fitter=fitter, **arguments)
    assert seen == [
        ({"Old", "Quake", "Raid"}, 7),
        ({"Old", "Quake", "Raid"}, 7),
        ({"Blast", "Fire", "Old", "Raid"}, 7),
        ({"Blast", "Fire", "Old", "Quake"}, 7),
    ]
    assert not evaluation.events["in_sample"].any()
    assert evaluation.provenance["leave_one_out"] is True
    assert "learned for each event from the others" in evaluation.provenance["profile"]
    with pytest.raises(EstimatesError, match="no event of another day has a verified toll to learn from"):
        evaluated(table(ROWS[6:10]), profile=None, fitter=fitter, **arguments)


def test_scores_of_a_profile_that_knows_the_event_are_marked(profile: SourceProfile) -> None:
    """Events that the profile was learned from are marked, and the notes say that their scores flatter it."""
    knowing = dataclasses.replace(profile, learned_from=frozenset({"Quake", "Elsewhere"}))
    evaluation = evaluate(table(), profile=knowing)
    assert of(evaluation)["in_sample"].to_dict() == {name: name == "Quake" for name in SCORED}
    assert "1 event among those the profile was learned from, which flatters their scores: Quake" in evaluation.notes


def test_the_same_call_gives_the_same_scores(evaluation: Evaluation, profile: SourceProfile) -> None:
    """Rows in any order give the same scores to the last bit; another seed gives other randomised transforms."""
    again = evaluate(table(ROWS[::-1]), profile=profile)
    pd.testing.assert_frame_equal(again.events, evaluation.events, check_exact=True)
    other = evaluate(table(), profile=profile, seed=1)
    assert (of(other)["pit"] != of(evaluation)["pit"]).all()
    assert other.provenance["data_hash"] == evaluation.provenance["data_hash"]


# How scores are summed up ---------------------------------------------------------------------------------------------


def test_the_table_sums_up_the_events(evaluation: Evaluation) -> None:
    """Coverage comes from the transforms, errors are means, widths medians, and differences are paired."""
    rows = evaluation.table().set_index("method")
    assert rows.index.tolist() == [MODEL, *BASELINES]
    model = of(evaluation)
    for method in rows.index:
        own, row = of(evaluation, method), rows.loc[method]
        assert row["events"] == 4
        assert row["crps"] == pytest.approx(own["crps"].mean())
        if method in ("minimum", "median", "maximum", "latest"):
            assert row.drop(["events", "crps", "crps_difference", "crps_difference_se"]).isna().all()
            continue
        for level in SCORED_LEVELS:
            hits = int((abs(own["pit"] - 0.5) <= level / 200).sum())
            assert row[f"coverage_{level}"] == hits / 4
            assert row[f"p_{level}"] == pytest.approx(stats.binomtest(hits, 4, level / 100).pvalue)
        assert row["log_width"] == own["log_width"].median()
        assert row["ruled_out"] == (own["log_score"] == -np.inf).sum()
        if method != MODEL:
            paired = stats.ttest_rel(own["crps"], model["crps"])
            assert row["crps_difference"] == pytest.approx(row["crps"] - model["crps"].mean())
            assert row["crps_difference"] / row["crps_difference_se"] == pytest.approx(paired.statistic)
    assert rows.loc[MODEL, ["crps_difference", "crps_difference_se"]].isna().all()


@pytest.mark.parametrize(
    ("what", "groups"),
    [
        ("event_type", {"airstrike": 1, "bombing": 1, "earthquake": 1, "fire": 1}),
        ("size", {"10 to 99": 4}),
        ("age", {"day 0 to 1": 1, "day 1 to 2": 3}),
        ("sources", {"1": 2, "2": 2}),
    ],
)
def test_scores_by_kind_of_event(evaluation: Evaluation, what: str, groups: dict[str, int]) -> None:
    """Groups have the rows of the table, in their own order, and together all the events."""
    table = evaluation.by(what)
    model = table[table["method"] == MODEL]
    assert dict(zip(model[what], model["events"], strict=True)) == groups
    assert list(model[what]) == list(groups)
    whole = evaluation.table().set_index("method").loc[MODEL, "crps"]
    assert np.average(model["crps"], weights=model["events"]) == pytest.approx(whole)


def test_a_rival_that_the_others_do_not_suffice_for_is_left_out(profile: SourceProfile) -> None:
    """With one event there are no ratios of others; the table has the model and the rivals that need none."""
    evaluation = evaluate(table(ROWS[:2]), profile=profile)
    methods = evaluation.table()["method"].tolist()
    assert methods[0] == MODEL
    assert not [name for name in methods if name.endswith("ratio")]
    assert "min to max" in methods


def test_of_the_full_toll_more_is_expected(evaluation: Evaluation, profile: SourceProfile) -> None:
    """Layer "total" scores the line with the undocumented, which lies higher."""
    total = evaluate(table(), profile=profile, layer="total")
    assert (of(total)["median"] >= of(evaluation)["median"]).all()
    assert (of(total)["median"] > of(evaluation)["median"]).any()
    assert total.provenance["layer"] == "total"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"within_days": 0.0}, "days above zero"),
        ({"within_days": math.nan}, "days above zero"),
        ({"within_days": 0.1}, "no verified event has a figure younger than 0.1 days"),
        ({"layer": "by_now"}, "one of documented, total"),
        ({"outcome": "strikes"}, "one of killed"),
        ({"outcome": "displaced"}, "no event has a verified toll of displaced"),
        ({"seed": -1}, "whole number of zero or more"),
        ({"leave_one_out": True}, "choose one of the two"),
    ],
)
def test_what_cannot_be_scored_is_refused(profile: SourceProfile, arguments: dict[str, Any], message: str) -> None:
    """Arguments that cannot be used, and tables without anything to score, are refused with the mend."""
    with pytest.raises(EstimatesError, match=message):
        evaluate(table(), profile=profile, **arguments)


# What users see -------------------------------------------------------------------------------------------------------


def test_an_evaluation_is_frozen_and_its_frames_are_copies(evaluation: Evaluation) -> None:
    """What a user changes in a frame does not change the evaluation."""
    events = evaluation.events
    events["crps"] = 0.0
    assert (evaluation.events["crps"] > 0).any()
    with pytest.raises(dataclasses.FrozenInstanceError):
        evaluation.notes = ()  # type: ignore[misc]


def test_it_shows_itself(profile: SourceProfile) -> None:
    """The text has a line for every method; the page escapes names from the table."""
    evaluation = evaluate(table([row.replace("Old", "<b>Old</b>") for row in ROWS]), profile=profile)
    lines = repr(evaluation).splitlines()[2:]
    assert [line.strip().startswith(name) for line, name in zip(lines, (MODEL, *BASELINES), strict=True)] == [True] * 12
    html = evaluation._repr_html_()
    assert "&lt;b&gt;Old" in html
    assert "<b>Old" not in html


def test_provenance_says_what_was_scored_with_what(evaluation: Evaluation, profile: SourceProfile) -> None:
    """Seed, profile, data, versions and the question are told."""
    told = evaluation.provenance
    assert (told["seed"], told["within_days"], told["layer"], told["outcome"]) == (0, 2.0, "documented", "killed")
    assert (told["profile"], told["profile_hash"]) == (profile.name, profile.fingerprint)
    assert told["data_hash"] == table().data_hash
    assert told["events"] == 4


def test_records_are_plain(evaluation: Evaluation) -> None:
    """Records are strict JSON: what is missing or infinite is null, counts are whole numbers."""
    told = json.loads(json.dumps(evaluation.records(), allow_nan=False))
    assert len(told["events"]) == len(evaluation.events)
    model = told["methods"][0]
    assert model["method"] == MODEL
    assert model["crps_difference"] is None
    assert next(row for row in told["events"] if row["event"] == "Raid")["toll_high"] is None
    assert all(type(row["median"]) is int for row in told["events"])


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.PDF", b"%PDF")])
def test_the_picture_is_written_whole_and_the_same_each_time(
    evaluation: Evaluation, tmp_path: Path, name: str, start: bytes
) -> None:
    """A picture is written in the format of its ending, twice the same, and nothing else is left."""
    target = evaluation.plot(tmp_path / name)
    content = target.read_bytes()
    assert content.startswith(start)
    evaluation.plot(target)
    assert target.read_bytes() == content
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize(("name", "message"), [("a.gif", "name the file so"), ("nowhere/a.png", "there is no folder")])
def test_a_picture_that_cannot_be_written_is_refused(
    evaluation: Evaluation, tmp_path: Path, name: str, message: str
) -> None:
    """Endings that are not drawn and folders that do not exist are refused, and nothing is left."""
    with pytest.raises(EstimatesError, match=message):
        evaluation.plot(tmp_path / name)
    assert os.listdir(tmp_path) == []


# The command ----------------------------------------------------------------------------------------------------------

type Command = Callable[..., tuple[object, str, str]]


@pytest.fixture(scope="module")
def saved(profile: SourceProfile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of few draws in a file."""
    return save_profile(profile, tmp_path_factory.mktemp("profile") / "few.npz")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run `estimates evaluate` from a folder with nothing but the table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anchors.csv").write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")

    def run(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["estimates", "evaluate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


def test_the_command_prints_the_table_and_notes_apart(command: Command, saved: Path) -> None:
    """The table stands on standard output, notes on standard error, and the picture is written."""
    status, out, err = command("anchors.csv", "--profile", saved, "--plot", "a.svg")
    assert status == 0
    assert len(out.splitlines()) == 2 + len(BASELINES)
    assert all(line.startswith(("note: ", "Picture written to a.svg")) for line in err.splitlines())
    assert Path("a.svg").exists()


def test_the_command_s_csv_and_json_say_the_same(command: Command, saved: Path, profile: SourceProfile) -> None:
    """CSV is the table, JSON has its rows, the events and the provenance, and both use the profile of the file."""
    _, out, _ = command("anchors.csv", "--profile", saved, "--format", "csv", "--seed", 3)
    rows = list(csv.DictReader(io.StringIO(out)))
    _, out, _ = command("anchors.csv", "--profile", saved, "--format", "json", "--seed", 3)
    told = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert [row["method"] for row in rows] == [row["method"] for row in told["methods"]]
    assert float(rows[0]["crps"]) == pytest.approx(told["methods"][0]["crps"])
    assert told["provenance"]["seed"] == 3
    assert told["methods"][0]["crps"] == pytest.approx(evaluate(table(), profile=profile, seed=3).table()["crps"][0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.csv"], "none.csv"),
        (["anchors.csv", "--plot", "a.gif"], "name the file so"),
        (["anchors.csv", "--within-days", "-1"], "days above zero"),
        (["anchors.csv", "--outcome", "injured"], "no event has a verified toll of injured"),
        (["anchors.csv", "--profile", "none.nc"], "none.nc"),
    ],
)
def test_the_command_refuses_with_a_message(command: Command, arguments: list[str], message: str) -> None:
    """What cannot be used ends in status 1 and one message, with nothing on standard output and no file left."""
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert message in err
    assert "Traceback" not in err
    assert os.listdir() == ["anchors.csv"]


def test_the_command_learns_anew_for_every_event(
    command: Command, profile: SourceProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--leave-one-out gives `evaluate` the wish and no profile."""
    asked: dict[str, Any] = {}
    run = module.evaluate

    def fake(reports: str, **arguments: Any) -> Evaluation:
        asked.update(arguments)
        return run(reports, **{**arguments, "leave_one_out": False, "profile": profile})

    monkeypatch.setattr(module, "evaluate", fake)
    assert command("anchors.csv", "--leave-one-out", "--within-days", "3")[0] == 0
    assert (asked["leave_one_out"], asked["profile"], asked["within_days"]) == (True, None, 3.0)
