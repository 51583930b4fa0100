"""What users hold tells what it is in a line, and takes what they are likely to write."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from estimates import Estimates, EstimatesError, Reports, capture, estimate, load_example, parse_figure, simulate
from estimates.inference.undocumented import UndocumentedLayer
from estimates.profile.profile import SourceProfile, named_profile
from estimates.table.reports import read_reports
from estimates.text import LINE_LENGTH

LISTS = [{"A": 1, "B": 0, "count": 30}, {"A": 0, "B": 1, "count": 20}, {"A": 1, "B": 1, "count": 10}]
LONG = "a name that goes on and on " * 20


@pytest.fixture(scope="module")
def example() -> Estimates:
    return estimate(load_example())


# In a line ------------------------------------------------------------------------------------------------------------


def things() -> dict[str, Any]:
    """One of everything that the public functions give, called by names far too long where they have one."""
    rows = [{"event": LONG, "source": LONG, "figure": "at least 18"}]
    reports = read_reports(rows).read_as(LONG, [1], ())
    estimates = estimate(reports)
    return {
        "reports": reports,
        "estimates": estimates,
        "claim": estimates.claim(read_reports(rows).table["event"][0], "between 400 and 500 killed"),
        "coverage": estimates.coverage,
        "figure": parse_figure("at least 18 people were killed in " + "the village of Some Such Place, " * 20),
        "profile": SourceProfile(LONG, 0, named_profile().parameters),
        "layer": UndocumentedLayer.analyst({0.1: 1.0, 0.2: 1.1, 0.5: 1.2, 0.9: 2.0, 1.0: 10.0}),
        "simulation": simulate(2),
        "lists": capture(LISTS),
    }


def test_a_repr_fits_a_line() -> None:
    """The repr of each public object is one line of at most 120 characters that names its kind, whatever it is called."""
    for name, thing in things().items():
        told = repr(thing)
        assert len(told) <= LINE_LENGTH, name
        assert len(told.splitlines()) == 1, name
        assert told.startswith(f"<{type(thing).__name__}"), name
        assert told.endswith(">"), name


def test_estimates_are_printed_as_a_table(example: Estimates) -> None:
    """The text has the line of the repr, the heading and a line for each outcome of each event."""
    head, *table = str(example).splitlines()
    assert head == repr(example)
    assert len(table) == 1 + len(example)


def test_a_profile_shows_itself_in_a_notebook() -> None:
    """The page has a row for every source it was learned from, and escapes their names."""
    profile = named_profile()
    shown = profile._repr_html_()
    assert shown.count("<tr") == len(profile.summary()) + 1
    sources = {name.replace("AP", "<b>AP"): learned for name, learned in profile.sources.items()}
    strange = SourceProfile("<i>", profile.seed, profile.parameters, {}, sources)._repr_html_()
    assert "&lt;b&gt;AP" in strange
    assert "<b>AP" not in strange
    assert "<i>" not in strange


# Levels and layers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "advice"),
    [
        ((0.9,), "write 90"),
        (0.95, "write 95"),
        ((50, 0.125), "write 12.5"),
        ((0,), "per cent"),
        ((100,), "per cent"),
        ((-5,), "per cent"),
        ((True,), "per cent"),
        ("90", "per cent"),
        ((float("nan"),), "per cent"),
    ],
)
def test_levels_that_are_no_per_cent_are_refused(example: Estimates, levels: Any, advice: str) -> None:
    """Ranges, records and totals refuse them alike; of a share it is said which per cent to write."""
    for asked in (example.ranges, example.records, lambda levels: example.total(levels=levels)):
        with pytest.raises(EstimatesError, match=advice):
            asked(levels)


def test_one_level_and_one_layer_may_stand_alone(example: Estimates) -> None:
    """A single level or layer gives what a tuple of it does."""
    alone = example.ranges(levels=90, layers="documented")
    pd.testing.assert_frame_equal(alone, example.ranges(levels=(90,), layers=("documented",)))
    assert example.records(90) == example.records((90,))
    with pytest.raises(EstimatesError, match="layer 'documente' is not known"):
        example.ranges(layers="documente")


# Leaving out ----------------------------------------------------------------------------------------------------------


def test_reports_without_some_are_those_read_without_them() -> None:
    """Leaving a source, rows or both out gives the rest of the rows, as they are, and their identity."""
    reports = load_example()
    table = reports.table
    kept = ~table["source"].isin(["White Helmets", "State media"]) & (table.index != 0)
    without = reports.without(sources=["White Helmets", "State media"], rows=0)
    pd.testing.assert_frame_equal(without.table, table[kept].reset_index(drop=True))
    assert without.data_hash == read_reports(table[kept]).data_hash
    assert len(reports) == len(table), "the reports themselves stay"

    uncommented = reports.without(rows=table.query("wording == 'no_comment'").index)
    assert len(uncommented) == len(table) - (table["wording"] == "no_comment").sum() < len(table)
    assert reports.without().data_hash == reports.data_hash


def test_reports_without_the_warning_are_those_whose_flag_is_down() -> None:
    """Warnings that the number will rise go, the reports stay, and the range is that of a table coded so by hand."""
    reports = load_example()
    calm = reports.without(provisional=True)
    assert reports.table["provisional"].any()
    by_hand = reports.table.assign(provisional=False)
    pd.testing.assert_frame_equal(calm.table, by_hand)
    ranges, warned = estimate(calm).ranges(), estimate(reports).ranges()
    assert ranges["high_95"].to_numpy()[0] < warned["high_95"].to_numpy()[0]
    pd.testing.assert_frame_equal(ranges, estimate(Reports("by hand", by_hand)).ranges())


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ({"sources": "White Helmet"}, "no report is by 'White Helmet'; .*White Helmets"),
        ({"sources": ["State media", "nobody at all"]}, "no report is by 'nobody at all'"),
        ({"rows": 15}, "there is no row 15; rows are numbered from 0 to 14"),
        ({"rows": [0, -1]}, "there is no row -1"),
        ({"rows": True}, "there is no row True"),
    ],
)
def test_what_is_not_there_cannot_be_left_out(left_out: dict[str, Any], message: str) -> None:
    """A source or row that the table does not have is named, with what may be meant."""
    with pytest.raises(EstimatesError, match=message):
        load_example().without(**left_out)


def test_rows_may_be_numbers_of_numpy() -> None:
    """Positions found with NumPy are rows like others."""
    assert len(load_example().without(rows=np.flatnonzero([True, False, True]))) == 13
    assert len(load_example().without(rows=np.int64(3))) == 14
