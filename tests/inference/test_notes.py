"""The reader is told where a range is mostly prior, or where few draws agree with an event."""

from __future__ import annotations

import pandas as pd
import pytest
from helpers.tables import exactly, report

from estimates import estimate


def test_an_event_without_any_figure_is_prior_only_and_says_so() -> None:
    """No comment is neither zero nor an observation: the range is the prior's, with a note."""
    found = estimate(pd.DataFrame([report("ministry", "no_comment")]))
    assert any("prior only" in note for note in found.notes)
    row = found.ranges().iloc[0]
    assert pd.isna(row["reported_low"])
    denial = estimate(pd.DataFrame([report("ministry", "denial")])).ranges().iloc[0]
    assert (denial["median"], denial["high_95"]) == (row["median"], row["high_95"])


def test_an_event_that_few_draws_agree_with_carries_a_note_and_no_other_does() -> None:
    """Where the draws do not bear an event's figures, the notes say to which power they were raised, and advise a fit."""
    apart = [exactly(f"source {index}", 100 + 7 * index, event="hard") for index in range(40)]
    found = estimate(pd.DataFrame([exactly("a", 12, event="easy"), *apart]), profile="published")
    (note,) = [note for note in found.notes if "power" in note]
    row = found.weighting().set_index("event").loc["hard"]
    assert note.startswith("hard: few of the profile's draws agree with its figures")
    assert f"of {row['draws']:,}" in note
    assert f"raised to the power {row['power']:.2f} to keep {row['effective_draws']:.0f}" in note
    assert "fit a profile to them, with the shipped anchors (anchors='default')" in note


@pytest.mark.parametrize("name", ["published", "default"])
def test_totals_of_a_war_are_no_gross_errors_where_the_type_says_so(name: str) -> None:
    """One party's 15,000 of its own losses is believed of a campaign; without a type it looks like an error."""
    given = {"event": "war", "source": "here", "source_type": "government", "affiliation": "own", "figure": "15,000"}
    low, notes = {}, {}
    for kind in ("campaign", "unknown"):
        found = estimate([{**given, "event_type": kind}], profile=name)
        row = found.ranges(levels=(80,), layers=("documented",)).iloc[0]
        low[kind], notes[kind] = row["low_80"], [note for note in found.notes if "half of every figure" in note]
        if kind == "campaign":
            assert row["low_80"] < 15_000 < row["high_80"]
    assert low["campaign"] > 10 * low["unknown"]
    assert not notes["campaign"]
    assert notes["unknown"]


def test_ranges_far_below_all_figures_carry_a_note() -> None:
    """Where the law of sizes outweighs the reports the notes say so, for vague words as for numbers."""
    for rows in (
        [exactly("a", 1_000)],
        [report("a", "vague", figure="thousands")],
    ):
        assert any("lies below half" in note for note in estimate(pd.DataFrame(rows), profile="published").notes)
    assert not any(
        "lies below half" in note for note in estimate(pd.DataFrame([exactly("a", 10), exactly("b", 12)])).notes
    )
