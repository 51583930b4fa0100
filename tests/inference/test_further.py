"""Reports that are not made yet: made as the model expects them, weighed as any other, and ranked by what they narrow."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers.claims import figures_of, one_law, parameters_of
from helpers.laws import agrees
from helpers.tables import exactly, report
from oracles import brute_force
from oracles.brute_force import Figure, Known

from estimates import Estimates, EstimatesError, estimate
from estimates.inference import further
from estimates.inference.figures import CountedFigure
from estimates.inference.further import LISTED, NAMES, NEWCOMER, TYPES, USUAL, WORDINGS, Candidate, Effort
from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.profile.profile import published_profile

#: The largest count in the sums.
CAP = 160
ROWS = [report("a", "at_least", 18), exactly("b", 22, source_type="rescue")]


def asked_about(found: Estimates, event: str = "one") -> Any:
    """One event as further reports are weighed with it."""
    return further._asked(found._solved, found._solved.position(event, "killed"))


# As the model expects them --------------------------------------------------------------------------------------------


def said(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> list[Words]:
    """What a further source says of one event under a single set of parameters, many times."""
    monkeypatch.setattr(further, "USUAL", Effort(3_000, 250, 12))
    found = estimate(ROWS, profile=one_law())
    asked = asked_about(found)
    figures = further._figures(asked, candidate, further._chances(asked, 0), 0)
    assert {figure.key for figure in figures} == {SourceKey(NEWCOMER, candidate.source_type, "neutral")}
    return [figure.words for figure in figures]


def law_by_brute_force(wording: str, largest: int) -> np.ndarray:
    """P(further words | what is said), for "none" and each number, by sums over every integer."""
    (case,) = estimate(ROWS, profile=one_law()).cases
    ((_, observations),) = case.alternatives
    parameters, figures = parameters_of(one_law(), case), figures_of(case)
    known = Known(distance=observations.distance, by_now=observations.by_now)
    before = brute_force.log_marginal_likelihood(parameters, figures, CAP, known=known)

    def chance(*words: object) -> float:
        new = Figure("new", *words, bin=observations.by_now, place=max(figure.place for figure in figures) + 1)  # type: ignore[arg-type]
        return math.exp(brute_force.log_marginal_likelihood(parameters, [*figures, new], CAP, known=known) - before)

    return np.array([chance("none"), *(chance(wording, number, number) for number in range(1, largest + 1))])


@pytest.mark.extended
@pytest.mark.parametrize("wording", WORDINGS)
def test_figures_are_those_that_the_likelihood_expects(wording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """How often a further source says each number, none, or copies is what brute force makes of the evidence.

    A copy of words in another form is told apart by them; "at least" is not said of every number held, so that its
    probabilities are those among numbers in that form.
    """
    found = Counter((words.wording, words.low) for words in said(Candidate("monitor", wording), monkeypatch))
    law = law_by_brute_force(wording, 40)
    if wording == "exactly":
        # The other source's "at least 18" is copied as such.
        counts = [found["none", 0], *(found["exactly", number] for number in range(1, 400))]
        rest = found["at_least", 18] / sum(found.values())
        assert 0.05 < rest < 0.2
        agrees(np.repeat(np.arange(len(counts)), counts), law / (1.0 - rest))
        return

    counts = [found["at_least", number] for number in range(1, 400)]
    sample = np.repeat(np.arange(len(counts)), counts)
    inside = sample[sample < 40]
    agrees(inside, law[1:] / law[1:].sum())


def test_a_list_names_all_who_are_documentable_by_now() -> None:
    """Its names are the counts of the accounts by now, spread over their posterior, none above the people at risk."""
    found = estimate([{**row, "at_risk": 40} for row in ROWS], profile=published_profile(0, draws=250))
    asked = asked_about(found)
    chances = further._chances(asked, 0)
    figures = further._figures(asked, Candidate(LISTED, NAMES), chances, 0)
    assert [figure.words for figure in figures] == [Words("named", each.toll, each.toll) for each in chances]
    tolls = np.array([each.toll for each in chances])
    assert tolls.max() <= 40
    assert np.median(tolls) == pytest.approx(found.ranges(layers=("by_now",))["median"][0], abs=3)


# Weighed as any other -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [15, 30, 400])
def test_a_further_figure_does_what_a_row_of_the_table_does(number: int) -> None:
    """The 80% range with a figure supposed is that of the table with its row, made on the day of the last report."""
    profile = published_profile(0, draws=250)
    row = {**report(NEWCOMER, "", source_type="health"), "figure": f"{number} people", "wording": None}
    expected = estimate([*ROWS, row], profile=profile)
    (told,) = expected.ranges(layers=("documented",)).to_dict("records")

    # The power is that of the event without the figure: here it is set to what so few draws bear with it.
    evidence = expected._solved.solution.events["one"]
    asked = replace(asked_about(estimate(ROWS, profile=profile)), power=evidence.power)
    key = SourceKey(NEWCOMER, "health", "neutral")
    figure, other = (further._figure(asked, key, Words("exactly", each, each)) for each in (number, 500))
    low, high = further._ranges(asked, [figure, other])[figure].intervals[80]
    assert (low, high) == pytest.approx((told["low_80"], told["high_80"]), rel=0.01, abs=1)


def test_large_numbers_are_taken_for_few_but_not_those_that_were_said() -> None:
    """No more than a dozen numbers without a cell of their own are left, beside those of the table, none far off."""
    found = estimate([exactly("a", 1_800), exactly("b", 2_100)], profile=published_profile(0, draws=250))
    asked = asked_about(found)
    key = SourceKey(NEWCOMER, "un", "neutral")
    numbers = [5, 90, 1_800, *range(1_000, 4_000, 17)]
    figures = [further._figure(asked, key, Words("exactly", number, number)) for number in numbers]
    (taken,) = further._rounded(asked, {Candidate("un", "exactly"): figures}).values()
    kept: list[CountedFigure] = taken
    after = [figure.words.low for figure in kept]
    assert after[:3] == [5, 90, 1_800]
    assert len(set(after) - {5, 90, 1_800}) <= 12
    assert np.abs(np.log(np.array(after[3:]) / numbers[3:])).max() < 0.15


# Ranked ---------------------------------------------------------------------------------------------------------------


def test_what_would_help_is_a_table_by_benefit() -> None:
    """One row a type and wording and one for a list, the most helpful first, with a sentence; the seed decides."""
    found = estimate(ROWS, profile=published_profile(0, draws=250))
    table = found.what_would_help("one")
    assert len(table) == len(TYPES) * len(WORDINGS) + 1
    assert list(table["narrows"]) == sorted(table["narrows"], reverse=True)
    assert set(table["source_type"]) == {*TYPES, LISTED}
    np.testing.assert_allclose(table["narrows"], 1.0 - table["expected_log_width"] / table["log_width"])
    assert (table["standard_error"] < 0.2).all()

    row = found.ranges().iloc[0]
    assert (table["low_80"] == row["low_80"]).all()
    assert (table["high_80"] == row["high_80"]).all()
    sentence = table.attrs["sentence"]
    assert f"{row['low_80']:,} to {row['high_80']:,}" in sentence
    again = estimate(ROWS, profile=published_profile(0, draws=250)).what_would_help("one")
    assert again.equals(table)


def test_an_exact_figure_helps_more_than_a_lower_end() -> None:
    """Of most types "exactly" narrows more than "at least", and every kind of report is one that a lone source needs."""
    table = estimate([exactly("a", 18)], profile=published_profile(0, draws=250)).what_would_help("one")
    by_type = table.pivot_table(index="source_type", columns="wording", values="narrows").drop(index=LISTED)
    assert (by_type["exactly"] > by_type["at_least"]).sum() > len(TYPES) / 2
    assert table["narrows"].iloc[0] > 0.02


def test_where_the_toll_is_certain_nothing_helps() -> None:
    """As many known by name as were at risk leave one number, which no report narrows."""
    rows = [exactly("a", 10, at_risk=10), exactly("list", 10, wording="named", at_risk=10)]
    table = estimate(rows, profile=published_profile(0, draws=250)).what_would_help("one")
    assert (table["narrows"] == 0.0).all()
    assert table.attrs["sentence"].startswith("No further report")


def test_what_is_not_estimated_cannot_be_helped() -> None:
    """Events and outcomes without an estimate are told as everywhere."""
    found = estimate(ROWS, profile=published_profile(0, draws=250))
    with pytest.raises(EstimatesError, match="did you mean 'one'"):
        found.what_would_help("onee")
    with pytest.raises(EstimatesError, match="missing"):
        found.what_would_help("one", "missing")


def test_replicates_are_shared_by_all_types() -> None:
    """Every type speaks of the same counts under the same draws: what differs between rows is the type."""
    found = estimate(ROWS, profile=published_profile(0, draws=250))
    asked = asked_about(found)
    chances = further._chances(asked, 3)
    assert len(chances) == USUAL.replicates
    assert chances == further._chances(asked, 3)
    assert chances != further._chances(asked, 4)
