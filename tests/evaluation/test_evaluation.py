"""Evaluation: how scores are summed up, and what users see of them."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.anchors import ROWS, of, table
from scipy import stats

from estimates import evaluate
from estimates.errors import EstimatesError
from estimates.evaluation.baselines import BASELINES
from estimates.evaluation.evaluation import Evaluation
from estimates.evaluation.scores import SCORED_LEVELS
from estimates.evaluation.summaries import MODEL
from estimates.profile.profile import SourceProfile

# How scores are summed up ---------------------------------------------------------------------------------------------


def test_the_table_sums_up_the_events(evaluation: Evaluation) -> None:
    """Coverage comes from the transforms, errors are means and widths medians; points have errors only."""
    rows = evaluation.table().set_index("method")
    assert rows.index.tolist() == [MODEL, *BASELINES]
    for method in rows.index:
        own, row = of(evaluation, method), rows.loc[method]
        assert row["events"] == 4
        assert row["crps"] == pytest.approx(own["crps"].mean())
        if method in ("minimum", "median", "maximum", "latest"):
            assert row.drop(["events", "crps", "crps_difference", "crps_difference_se"]).isna().all()
            continue

        assert row["log_width"] == own["log_width"].median()
        assert row["ruled_out"] == (own["log_score"] == -np.inf).sum()
        for level in SCORED_LEVELS:
            hits = int((abs(own["pit"] - 0.5) <= level / 200).sum())
            assert row[f"coverage_{level}"] == hits / 4
            assert row[f"p_{level}"] == pytest.approx(stats.binomtest(hits, 4, level / 100).pvalue)


def test_differences_from_the_model_are_paired(evaluation: Evaluation) -> None:
    """A baseline's difference and its standard error are those of a paired t-test on the same events."""
    rows = evaluation.table().set_index("method")
    model = of(evaluation)["crps"]
    for method in BASELINES:
        row, own = rows.loc[method], of(evaluation, method)["crps"]
        assert row["crps_difference"] == pytest.approx(own.mean() - model.mean())
        paired = stats.ttest_rel(own, model)
        assert row["crps_difference"] / row["crps_difference_se"] == pytest.approx(paired.statistic)
    assert rows.loc[MODEL, ["crps_difference", "crps_difference_se"]].isna().all()


@pytest.mark.extended
@pytest.mark.parametrize(
    ("what", "groups"),
    [
        ("class", {"violence": 2, "disasters": 2}),
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


def test_a_baseline_that_the_others_do_not_suffice_for_is_left_out(profile: SourceProfile) -> None:
    """With one event there are no ratios of others; the table has the model and the baselines that need none."""
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
    lines = str(evaluation).splitlines()[2:]
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


@pytest.mark.extended
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
