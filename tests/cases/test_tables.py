"""Small tables made after real events: the numbers printed are such as a careful recorder would print.

``tables_expected.csv`` says for each table what that is, with wide tolerances, and why.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest

from estimates import Estimates, EstimatesError, estimate
from estimates.table.reports import read_reports
from estimates.vocabulary import LAYERS

HERE = Path(__file__).parent
#: Tables of which more is expected than the package can do, line by line (all lines for None), and why.
NOT_YET = {
    ("soldiers_only.csv", "high_95"): "tolls of bombings rise more often, in what was learned, than the line allows",
    ("civilians_and_combatants.csv", None): "a lone figure of 115 is not held to be right within a fifth",
    ("boat_dead_and_missing.csv", "low_80"): "the dead or missing have no toll of their own; the killed reach lower",
    ("quake_revised_down.csv", "median"): "a figure cut by almost half is shared between an over-count and an error",
}


@lru_cache(maxsize=32)
def found(file: str) -> Estimates | EstimatesError:
    """The estimates of a table under the default profile, or why there are none."""
    try:
        return estimate(read_reports(HERE / "tables" / file))
    except EstimatesError as error:
        return error


def expectations() -> list[object]:
    """One parameter a line of the file; lines on tables that are beyond the package may fail."""
    with (HERE / "tables_expected.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    return [
        pytest.param(
            line,
            id="-".join((line["file"].removesuffix(".csv"), line["layer"], line["quantity"])).replace(" ", "_"),
            marks=_marks(line),
        )
        for line in lines
    ]


def _marks(line: dict[str, str]) -> list[pytest.MarkDecorator]:
    """An expected failure where more is expected than the package can do."""
    reason = NOT_YET.get((line["file"], line["quantity"]), NOT_YET.get((line["file"], None)))
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


def row_of(estimates: Estimates, line: dict[str, str]) -> pd.Series:
    """The row of a total, or of the ranges, that a line of the file speaks of."""
    if line["event"] == "(sum)":
        return estimates.total(line["outcome"]).query("layer == @line['layer']").iloc[0]
    outcome = line["outcome"].replace(" ", "_")
    ranges = estimates.ranges(layers=LAYERS).set_index(["event", "outcome", "layer"])
    return ranges.loc[(line["event"], outcome, line["layer"])]


@pytest.mark.parametrize("line", expectations())
def test_ranges_are_such_as_a_recorder_would_print(line: dict[str, str]) -> None:
    """Each number lies between the two that a recorder expects, or the table is refused or noted."""
    estimates = found(line["file"])
    if line["quantity"] == "refused or noted":
        notes = "" if isinstance(estimates, EstimatesError) else " ".join(estimates.notes).lower()
        assert not notes or any(word in notes for word in ("increment", "period", "24 hours", "a day"))
        assert notes or isinstance(estimates, EstimatesError)
        return

    assert isinstance(estimates, Estimates), estimates
    row = row_of(estimates, line)
    if line["quantity"] == "80% holds":
        assert row["low_80"] <= float(line["at_least"]) <= float(line["at_most"]) <= row["high_80"], line["why"]
        return
    assert float(line["at_least"] or 0) <= row[line["quantity"]] <= float(line["at_most"] or "inf"), line["why"]
