"""Posterior predictive checks: tables that a profile's own sources make lie inside, others are found out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from estimates import EstimatesError, SourceProfile, load_example, simulate
from estimates.evaluation.checking import Check
from estimates.evaluation.replicates import heard_in, number_of, replicate
from estimates.inference.cases import gather
from estimates.inference.posterior import solve
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.wording import Words
from estimates.profile.profile import published_profile
from estimates.table.reports import read_reports

#: Of so many tables of a profile's own sources, more than so many lie outside the central 90% once in a thousand times.
TABLES, MOST_OUTSIDE = 12, 6


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return published_profile(draws=200)


def with_draws(profile: SourceProfile, **values: float) -> SourceProfile:
    """A profile that is certain of some parameters."""
    certain = {name.replace("__", "."): np.full(profile.draws, value) for name, value in values.items()}
    return replace(profile, parameters={**profile.parameters, **certain})


def rows(figures: list[list[Any]], **more: Any) -> list[dict[str, Any]]:
    """An event for each list of figures, all made on its day by different sources."""
    return [
        {
            "event": f"event {event}", "source": f"source {place}", "figure": figure, "event_type": "shelling",
            "event_date": "2020-01-15", "reported_at": f"2020-01-15T{10 + place}:00", **more,
        }
        for event, of_event in enumerate(figures)
        for place, figure in enumerate(of_event)
    ]  # fmt: skip


def feature(check: Check, name: str) -> Any:
    return next(each for each in check.features if each.name == name)


# What is observed -----------------------------------------------------------------------------------------------------


def test_features_are_those_counted_by_hand(profile: SourceProfile) -> None:
    """Ties, distances, hedges, revisions and growth of a small table, each worked out with pencil and paper."""
    table = rows([[10, 10, 20], ["at least 8", 16]])
    table += [
        {**table[0], "figure": 15, "reported_at": "2020-01-17"},
        {**table[1], "figure": 10, "reported_at": "2020-01-17"},
    ]
    check = profile.check(table, replicates=20)
    # Pairs on the first day: 10-10, 10-20, 10-20, 8-16; on the third day 15-10.
    assert feature(check, "ties").pairs == 5
    assert feature(check, "ties").observed == pytest.approx(1 / 5)
    assert feature(check, "spread").observed == pytest.approx((3 * np.log(2) + np.log(1.5)) / 4)
    assert (feature(check, "hedges").pairs, feature(check, "hedges").observed) == (1, pytest.approx(-np.log(2)))
    assert (feature(check, "revisions").pairs, feature(check, "revisions").observed) == (2, 0.5)
    assert feature(check, "growth").observed == pytest.approx(np.log(1.5) / 2)
    assert (check.events, check.figures) == (2, 7)


def test_one_number_stands_for_what_was_said() -> None:
    """Ranges and vague words are taken for the geometric middle of their ends."""
    assert number_of(Words("exactly", 18, 18)) == 18
    assert number_of(Words("none")) == 0
    assert number_of(Words("range", 4, 9)) == pytest.approx(6)
    assert number_of(Words("vague", word="dozens")) == pytest.approx(np.sqrt(24 * 80))


# Replicates -----------------------------------------------------------------------------------------------------------


def test_replicates_keep_the_layout(profile: SourceProfile) -> None:
    """Who says that nobody was hit does so every time; sources that hold the toll of the end exactly say it, in their form."""
    exact = with_draws(profile, exactness=40.0, exactness_slope=0.0, heaping=0.0, copying=0.0, repeating=0.0)
    late = [{**row, "event_date": "2019-06-01"} for row in rows([[18, 18, "none"], ["at least 5", 5, 5]])]
    reports = read_reports(late)
    gathered = gather(reports.estimated_reports, exact.bin_shares, None)
    heard = heard_in(gathered.cases, exact.bin_shares, gathered.as_of_bins)
    answers = solve(gathered, exact, 0, UndocumentedLayer.none()).answers
    draws = np.repeat(np.arange(100, dtype=np.intp)[:, None], len(gathered.cases), axis=1)
    made = replicate(gathered.cases, answers, heard, exact, draws, 0)

    assert [each.figure.words for each in made.heard] == [each.figure.words for each in heard]
    numbers = made.numbers
    assert numbers.shape == (100, 6)
    assert (numbers[:, 2] == 0).all()
    assert (numbers[:, 0] == numbers[:, 1]).all()
    assert (numbers[:, 4] == numbers[:, 5]).all()
    assert (numbers[:, 3] <= numbers[:, 4]).all(), "at least a number is never more than is held"
    assert np.median(numbers[:, 0]) == 18


def test_the_same_seed_gives_the_same_check(profile: SourceProfile) -> None:
    """Replicates follow from the seed and the event alone, whatever the order of the rows."""
    table = rows([[10, 12, 20], [3, 3, 4]])
    first = profile.check(table, replicates=30)
    assert profile.check(table[::-1], replicates=30).features == first.features
    assert profile.check(table, replicates=30, seed=1).features != first.features


# What is found --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_tables_of_the_profiles_own_sources_lie_inside() -> None:
    """Of tables simulated from a profile, few lie outside the central 90% of their replicates, in any feature."""
    profile = published_profile(draws=400)
    outside: dict[str, int] = {}
    for seed in range(TABLES):
        made = simulate(40, 5, seed=seed, profile=profile, draw=17 * seed, reports_per_event=4.0)
        for name in profile.check(made.reports, replicates=60, seed=seed).outside:
            outside[name] = outside.get(name, 0) + 1
    assert max(outside.values(), default=0) <= MOST_OUTSIDE


def test_sources_that_copy_are_found_out(profile: SourceProfile) -> None:
    """Where every source says the number of the first, a profile whose sources hardly copy and seldom agree sees too many ties."""
    rng = np.random.default_rng(3)
    table = rows([[int(number)] * 3 for number in rng.integers(100, 900, 20)])
    loners = with_draws(profile, copying=0.01, exactness=-3.0, heaping=0.0)
    ties = feature(loners.check(table, replicates=40), "ties")
    assert (ties.observed, ties.tail, ties.inside) == (1.0, 0.0, False)
    assert ties.high_90 < 0.9


def test_sources_that_lie_apart_are_found_out(profile: SourceProfile) -> None:
    """Figures a factor of ten apart are more than sources with small errors would say."""
    table = rows([[20 + event, 200 + event] for event in range(15)])
    sure = with_draws(profile, scale=0.05, outlier=0.001, copying=0.05)
    assert "spread" in sure.check(table, replicates=40).outside


# What users see -------------------------------------------------------------------------------------------------------


def test_a_check_tells_itself(profile: SourceProfile) -> None:
    """The frame has a row a feature, the text a line for each, JSON all of it; it cannot be changed."""
    check = profile.check(load_example(), replicates=20)
    frame = check.frame()
    assert list(frame.columns) == ["feature", "pairs", "observed", "median", "low_90", "high_90", "tail", "inside"]
    assert frame["feature"].tolist() == ["ties", "spread", "hedges"]
    assert len(str(check).splitlines()) == 2 + len(frame)
    assert len(repr(check)) <= 120
    assert json.loads(json.dumps(check.to_dict()))["features"][0]["name"] == "ties"
    assert check._repr_html_().count("<tr") == len(frame) + 1
    with pytest.raises(AttributeError):
        check.seed = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ([[18]], {}, "no two figures can be compared"),
        ([["no comment", "denied"]], {}, "no two figures can be compared"),
        ([[18, 21]], {"replicates": 5}, "whole number of 20 or more"),
        ([[18, 21]], {"replicates": 20.5}, "whole number of 20 or more"),
        ([[18, 21]], {"seed": -1}, "whole number of 0 or more"),
    ],
)
def test_what_cannot_be_checked_is_refused(
    profile: SourceProfile, table: list[list[Any]], options: dict[str, Any], message: str
) -> None:
    """Tables without pairs and numbers that are none are refused with what to do."""
    with pytest.raises(EstimatesError, match=message):
        profile.check(pd.DataFrame(rows(table)), **options)
