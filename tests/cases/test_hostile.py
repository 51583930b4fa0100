"""Tables that contradict themselves or that were made to do harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from helpers.tables import ranges_csv

from estimates import EstimatesError, estimate
from estimates.cli.screen import estimates_table
from estimates.table.reports import read_reports
from estimates.vocabulary import LAYERS

HOSTILE = Path(__file__).parent / "hostile"


def test_a_list_above_all_figures_binds_and_the_disagreement_is_noted() -> None:
    """Forty names against figures of 18 and 19: no end of a range of any layer is below 40, and a note tells of it."""
    found = estimate(read_reports(HOSTILE / "floor_above_reports.csv"))
    ranges = found.ranges(levels=(50, 80, 95, 99), layers=LAYERS)
    assert (ranges.filter(regex="^(median|low|high)") >= 40).all(axis=None)
    assert any("figures and list disagree" in note for note in found.notes)


def test_escapes_in_a_name_reach_neither_a_terminal_nor_a_csv() -> None:
    """Escape sequences and bells of a name are gone from what is printed."""
    found = estimate(read_reports(HOSTILE / "csv_escape_in_name.csv"))
    for text in (estimates_table(found), ranges_csv(found)):
        assert not {"\x1b", "\x07"} & set(text)


def test_thousands_of_unknown_columns_are_told_once_and_soon() -> None:
    """Eight thousand columns that mean nothing give a table or its faults within seconds, in a text one can read."""
    start = time.process_time()
    try:
        text = "\n".join(read_reports(HOSTILE / "wide_8000_columns.csv").notes)
    except EstimatesError as error:
        text = str(error)
    assert time.process_time() - start < 10.0
    assert len(text) < 5_000


@pytest.mark.parametrize("file", ["floor_above_reports.csv", "csv_escape_in_name.csv"])
def test_hostile_tables_are_read(file: str) -> None:
    """What is odd in them is no fault of their layout."""
    assert len(read_reports(HOSTILE / file)) > 0
