"""The reader is told where a range is mostly prior, or where few draws agree with an event."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from helpers.tables import exactly, report

from estimates import Estimates, SourceProfile, estimate
from estimates.inference import case_notes
from estimates.inference.engine import engine_of
from estimates.profile.profile import published_profile


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
    assert low["campaign"] > 2 * low["unknown"]
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


def notes_of(rows: list[dict[str, object]], **more: object) -> list[str]:
    return list(estimate(pd.DataFrame(rows), **more).notes)  # type: ignore[arg-type]


def spread(found: Estimates, distance: float) -> float:
    """Middle of the profile's standard deviations of a shared error."""
    base, factor = (found.profile.parameters[f"shared_error_{name}"] for name in ("base", "factor"))
    return float(np.median(np.sqrt(base**2 + (factor * distance) ** 2)))


def test_sources_that_lie_apart_carry_the_error_they_share() -> None:
    """The note tells d, the mean distance of the logarithms from their median, the s it leads to, and w."""
    rows = [
        exactly("a", 10),
        exactly("b", 10),
        exactly("c", 20),
        exactly("a", 7, event="agreed"),
        exactly("b", 7, event="agreed"),
    ]
    found = estimate(pd.DataFrame(rows), profile="published")
    (note,) = [note for note in found.notes if "lie" in note and "share" in note]
    distance = np.log(2) / 3
    assert note.startswith("one, killed: ")
    assert f"d = {distance:.2f}" in note
    assert f"s = {spread(found, distance):.2f}" in note
    wrong = np.median(found.profile.parameters["shared_error"])
    assert f"a probability of {100 * wrong:.0f}%" in note


def test_many_sources_that_lie_apart_are_told_in_one_note() -> None:
    """A table of many events has one note on their errors, and one on ages that are not told."""
    rows = [
        exactly(source, number + index, event=f"e{index:02d}", reported_at=None)
        for index in range(case_notes.CASES_WITHOUT_AGES + 1)
        for source, number in (("a", 10), ("b", 13))
    ]
    notes = notes_of(rows, profile="published")
    assert len([note for note in notes if "lie apart" in note]) == 1
    assert [note for note in notes if "several ages" in note] == [
        "42 figures of 21 outcomes could be of several ages, for which shares of the profile stand in and widen the "
        "ranges; say when figures were given (reported_at)"
    ]


def test_events_without_a_type_share_one_note_and_those_with_one_have_none() -> None:
    """Half of the draws take either growth where the type does not tell; one note names all such events."""
    rows = [exactly("a", 5, event=event, event_type=kind) for event, kind in (
        ("x", "unknown"), ("y", "other"), ("z", "bombing"), ("w", "campaign"))]  # fmt: skip
    (note,) = [note for note in notes_of(rows) if "half of the draws" in note]
    assert note.startswith("x, y: ")
    assert "event_type" in note


def test_growth_of_disasters_is_said_to_be_that_of_chosen_events() -> None:
    """A learned profile knows disasters from events told of because they were revised; published priors are not learned."""
    rows = [exactly("a", 5, event="x", event_type="flood"), exactly("a", 5, event="z", event_type="bombing")]
    (note,) = [note for note in notes_of(rows, profile="default") if "were told of because" in note]
    assert note.startswith("x: ")
    assert not [note for note in notes_of(rows, profile="published") if "were told of because" in note]


def test_figures_without_a_time_carry_how_much_of_the_range_that_is() -> None:
    """One less the mean width over the ages that are possible, by how probable they are, over the width of the range."""
    base = published_profile(0)
    profile = SourceProfile("one", 0, {name: np.full(1_000, np.median(each)) for name, each in base.parameters.items()})
    early, late = exactly("a", 40, reported_at="2020-01-15"), exactly("b", 90)
    found = estimate(pd.DataFrame([early, late | {"reported_at": None}]), profile=profile)
    (note,) = [note for note in found.notes if "several ages" in note]
    assert note.startswith("one, killed: 1 of 2 figures could be of several ages")

    widths, logs = [], []
    for day, share in zip(("15", "16", "17", "19", "25"), profile.bin_shares[:5], strict=True):
        told = estimate(pd.DataFrame([early, late | {"reported_at": f"2020-01-{day}"}]), profile=profile)
        widths.append(width(told))
        (table,) = engine_of(profile).tables(told.cases)
        logs.append(np.log(share) + table.log_marginal_likelihood[0])
    final = estimate(pd.DataFrame([early, late | {"reported_at": "2020-03-25"}]), profile=profile)
    (table,) = engine_of(profile).tables(final.cases)
    weights = np.exp([*logs, np.log(profile.bin_shares[5]) + table.log_marginal_likelihood[0]])
    expected = 1.0 - weights @ [*widths, width(final)] / weights.sum() / width(found)
    told_share = int(re.search(r"that is <?(\d+)% of the width", note)[1])  # type: ignore[index]
    assert told_share == pytest.approx(100 * max(0.0, expected), abs=1.0)


def width(found: Estimates) -> float:
    """Logarithmic width of the 80% range of what is documented in the end."""
    row = found.ranges(levels=(80,), layers=("documented",)).iloc[0]
    return float(np.log(row["high_80"] + 0.5) - np.log(row["low_80"] + 0.5))


def test_ages_that_do_not_matter_cost_nothing() -> None:
    """Totals of a war do not grow: when they were told is no part of the range's width."""
    notes = notes_of([exactly("a", 40, event_type="campaign", reported_at=None)], profile="published")
    assert any("that is 0% of the width" in note for note in notes)


def test_a_list_that_figures_nearly_rule_out_is_noted_and_one_they_allow_is_not() -> None:
    """Forty names against 18 and 19 disagree; twenty do not."""
    figures = [exactly("a", 18), exactly("b", 19)]
    for names, disagree in ((40, True), (20, False)):
        notes = notes_of([*figures, exactly("list", names, wording="named")])
        assert any("figures and list disagree" in note for note in notes) == disagree


def test_parts_carry_how_they_were_read() -> None:
    """A group may be everybody with the probability of the profile, is none beside another one, or by its words."""
    soldiers = exactly("a", 21, group="soldiers")
    base = estimate(pd.DataFrame([soldiers]), profile="published")
    everybody = f"{100 * np.median(base.profile.parameters['whole_group']):.0f}%"
    assert any(f"everybody with a probability of {everybody}" in note for note in base.notes)

    notes = notes_of([soldiers, exactly("b", 9, group="civilians")])
    assert any("the figures of soldiers are read as those of a part, since civilians" in note for note in notes)


def test_a_range_by_now_that_reaches_above_that_of_the_end_is_noted() -> None:
    """A source that lowers its own figure leaves more by now than in the end."""
    rows = [exactly("a", 80, reported_at="2020-01-16"), exactly("a", 40, reported_at="2020-01-18")]
    found = estimate(pd.DataFrame(rows), profile="published")
    now, end = (found.ranges(layers=(layer,)).iloc[0] for layer in ("by_now", "documented"))
    higher = any(now[f"high_{level}"] > end[f"high_{level}"] for level in (80, 95))
    assert any("by now reaches higher" in note for note in found.notes) == higher
