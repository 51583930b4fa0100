"""Cases: what of an event is shown to the model and the baselines, and what is kept apart."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pandas as pd
import pytest
from helpers.anchors import ROWS, SCORED, of, table

from estimates import evaluate
from estimates.errors import EstimatesError
from estimates.evaluation.baselines import BASELINES
from estimates.evaluation.evaluation import Evaluation, evaluated
from estimates.evaluation.scores import SCORED_LEVELS
from estimates.evaluation.summaries import MODEL
from estimates.profile.profile import SourceProfile
from estimates.results.estimates import estimate
from estimates.table.marks import event_marks
from estimates.table.reports import Reports

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
    """Later figures, figures of unknown age, of a part of the dead and of other outcomes reach neither model nor baseline."""
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

    def marks(others: Reports) -> frozenset[str]:
        return frozenset(event_marks(others.reports).values())

    def fitter(others: Reports, seed: int) -> SourceProfile:
        events = set(others.table["event"])
        seen.append((events, seed))
        assert len(others) == sum(row.split(",")[0] in events and row.split(",")[6] != "injured" for row in ROWS)
        return dataclasses.replace(profile, name=f"fit {len(seen)}", learned_from=marks(others))

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
    marks = event_marks(table().reports)
    knowing = dataclasses.replace(profile, learned_from=frozenset({marks["Quake"], "Fire", "0123456789abcdef"}))
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
