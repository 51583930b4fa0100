"""The model beside rivals of the class, by class and by age, on a table of events whose tolls are known."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from helpers.anchors import of, table
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from estimates import evaluate
from estimates.errors import EstimatesError
from estimates.evaluation.ages import evaluations_by_age, table_by_age
from estimates.evaluation.comparisons import BEST_OF_ITS_CLASS, best_rivals
from estimates.evaluation.result import Evaluation
from estimates.evaluation.rivals import RIVALS
from estimates.evaluation.scores import SCORED_LEVELS
from estimates.evaluation.summaries import MODEL
from estimates.profile.profile import SourceProfile, published_profile

#: Tolls of the events: four of violence, four disasters, the last of which reported none.
TOLLS = (21, 8, 30, 45, 300, 52, 700, 0)
PREDICTED = ["median", *(f"{end}_{level}" for level in SCORED_LEVELS for end in ("low", "high")), "log_width"]


def rows(tolls: tuple[int, ...] = TOLLS) -> list[str]:
    """Eight events of different days, one figure each."""
    heads = [
        ("Raid", "airstrike", 18), ("Street", "shooting", 8), ("Market", "bombing", 25), ("Hall", "attack", 40),
        ("Quake", "earthquake", 60), ("Fire", "fire", 50), ("Flood", "flood", 90), ("Storm", "storm", 0),
    ]  # fmt: skip
    return [
        f"{name},2020-01-{2 * place + 1:02d}T06:00,{kind},Wire,,{said},,2020-01-{2 * place + 2:02d}T06:00,{toll}"
        for place, ((name, kind, said), toll) in enumerate(zip(heads, tolls, strict=True))
    ]


@cache
def few_draws() -> SourceProfile:
    """A profile of very few draws: the rivals do not ask it."""
    return published_profile(0, draws=20)


@pytest.fixture(scope="module")
def compared() -> Evaluation:
    """The eight events scored."""
    return evaluate(table(rows()), profile=few_draws())


def test_rivals_learn_from_other_events_of_the_class(compared: Evaluation) -> None:
    """A disaster's toll moves what is predicted of other disasters and of no violence."""
    changed = evaluate(table(rows((*TOLLS[:4], 3_000, *TOLLS[5:]))), profile=few_draws())
    for rival in RIVALS:
        before, after = of(compared, rival)[PREDICTED], of(changed, rival)[PREDICTED]
        assert before.loc[["Raid", "Street", "Market", "Hall"]].equals(after.loc[["Raid", "Street", "Market", "Hall"]])
        assert not before.loc[["Fire", "Flood"]].equals(after.loc[["Fire", "Flood"]])


@pytest.mark.extended
@settings(max_examples=8, deadline=None)
@given(st.integers(0, 7), st.integers(1, 5_000))
def test_an_event_s_own_toll_reaches_no_rival(place: int, toll: int) -> None:
    """Leave one out leaves the event out: another toll of it changes nothing that any rival predicts of it."""
    tolls = [*TOLLS[:place], toll, *TOLLS[place + 1 :]]
    found = [evaluate(table(rows(tuple(given))), profile=few_draws()).events for given in (TOLLS, tolls)]
    name = rows()[place].split(",")[0]
    before, after = (
        events[(events["event"] == name) & events["method"].isin(RIVALS)].set_index("method")[PREDICTED]
        for events in found
    )
    assert before.loc[before.index.intersection(after.index)].equals(after.loc[before.index.intersection(after.index)])
    assert name == "Storm" or before.equals(after)


def test_what_is_left_out_for_a_zero_is_told(compared: Evaluation) -> None:
    """The event of no dead is scored by the model and by no rival that multiplies; a note says how many such there are."""
    assert "1 event with a figure or a toll of 0, left out by the rivals of a class: Storm" in compared.notes
    assert "Storm" in of(compared).index
    assert all("Storm" not in of(compared, rival).index for rival in RIVALS)


def test_differences_are_the_model_s_minus_a_rival_s(compared: Evaluation) -> None:
    """Over all events and in each class: the paired t-test of the same events, with the sign that less is better."""
    found = compared.against_rivals().set_index(["class", "rival"])
    members = {"all": list(of(compared).index), "violence": ["Raid", "Street", "Market", "Hall"]}
    for name, events in members.items():
        for rival in (*RIVALS, "latest"):
            row, own = found.loc[(name, rival)], of(compared, rival)["crps"]
            own = own[own.index.isin(events)]
            model = of(compared).loc[own.index, "crps"]
            test = stats.ttest_rel(model, own)
            assert row["events"] == len(own)
            assert row["difference"] == pytest.approx((model - own).mean())
            assert row["difference"] / row["difference_se"] == pytest.approx(test.statistic)
            assert row["ratio"] == pytest.approx(model.mean() / own.mean())


def test_the_best_rival_of_each_class_stands_for_its_events(compared: Evaluation) -> None:
    """The last row averages over events the errors of the best rival of their class."""
    best = compared.best_rivals()
    assert best["class"].tolist() == ["all", "violence", "disasters", "all"]
    chosen = best.set_index("class")["rival"]
    errors = pd.concat(
        [
            of(compared, chosen["violence"]).loc[["Hall", "Market", "Raid", "Street"], "crps"],
            of(compared, chosen["disasters"])["crps"].drop(["Hall", "Market", "Raid", "Street"]),
        ]
    )
    assert best.iloc[-1]["rival"] == BEST_OF_ITS_CLASS
    assert best.iloc[-1]["crps"] == pytest.approx(errors.mean())
    assert best.iloc[-1]["model"] == pytest.approx(of(compared).loc[errors.index, "crps"].mean())


def test_calibration_is_told_by_class(compared: Evaluation) -> None:
    """Coverage, its binomial p-value and the mean transform are those of the class's own events."""
    row = compared.calibration().set_index("class").loc["violence"]
    own = of(compared).loc[["Raid", "Street", "Market", "Hall"]]
    assert row["pit_mean"] == pytest.approx(own["pit"].mean())
    for level in SCORED_LEVELS:
        hits = int((abs(own["pit"] - 0.5) <= level / 200).sum())
        assert row[f"coverage_{level}"] == hits / 4
        assert row[f"p_{level}"] == pytest.approx(stats.binomtest(hits, 4, level / 100).pvalue)


@pytest.mark.extended
def test_the_records_hold_classes_and_rivals(compared: Evaluation) -> None:
    """JSON has all three tables, and the text names each class."""
    told = json.loads(json.dumps(compared.records(), allow_nan=False))
    assert len(told["calibration"]) == 3
    assert len(told["against_rivals"]) == len(compared.against_rivals())
    assert told["best_rivals"][-1]["rival"] == BEST_OF_ITS_CLASS
    for word in ("violence", "disasters", BEST_OF_ITS_CLASS):
        assert word in compared.text()


def test_a_rival_without_any_error_is_told_as_one() -> None:
    """Where the best rival is never wrong the ratio is infinite, and nothing is divided by zero."""
    events = pd.DataFrame(
        [
            {"event": name, "event_type": "attack", "method": method, "crps": error}
            for name in ("a", "b")
            for method, error in ((MODEL, 0.2), ("latest", 0.0))
        ]
    )
    assert np.isinf(best_rivals(events)["ratio"]).all()


@pytest.mark.extended
def test_ages_show_what_was_known_by_then(compared: Evaluation) -> None:
    """Each age is the evaluation within its days; an age below which nothing was reported is left out."""
    found = evaluations_by_age(table(rows()), profile=few_draws(), ages=(0.25, 2.0, 7.0))
    assert list(found) == [2.0, 7.0]
    pd.testing.assert_frame_equal(found[2.0].events, compared.events)
    by_age = table_by_age(found)
    assert by_age["within_days"].tolist() == [2.0] * 3 + [7.0] * 3
    assert by_age["class"].tolist() == ["all", "violence", "disasters"] * 2
    assert by_age["model"].iloc[0] == compared.best_rivals()["model"].iloc[0]
    with pytest.raises(EstimatesError, match=r"younger than 0\.25 days"):
        evaluations_by_age(table(rows()), profile=few_draws(), ages=(0.25,))
