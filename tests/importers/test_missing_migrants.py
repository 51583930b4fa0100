"""IOM Missing Migrants: the dead, the missing and the survivors of an incident."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.databases import MISSING_MIGRANTS, imported, notes_with, read_back, reports_of

from estimates.errors import ReportsError
from estimates.models.wording import Words

DEAD, MISSING = "Number of Dead", "Minimum Estimated Number of Missing"
BOTH, SAVED = "Total Number of Dead and Missing", "Number of Survivors"


def incident(more: dict[str, object] | None = None) -> dict[str, object]:
    """A row as the IOM has them: a boat."""
    return {
        "Main ID": "2024.MMP0001",
        "Incident ID": "2024.MMP0001",
        "Incident Type": "Incident",
        "Region of Incident": "Mediterranean",
        "Incident Date": "2024-02-03",
        "Incident Year": 2024,
        "Month": "February",
        DEAD: 5,
        MISSING: 40,
        BOTH: 45,
        SAVED: 20,
        "Cause of Death": "Drowning",
        "Country of Incident": "Country A",
        "Location of Incident": "Off Town A",
        "Information Source": "Coast guard A, IOM A",
        "URL": "https://example.org/a, https://example.org/b",
        "Source Quality": 4,
        **(more or {}),
    }


def said(more: dict[str, object] | None = None) -> dict[str, Any]:
    return {report.outcome: report.said for report in reports_of("missing-migrants", MISSING_MIGRANTS, incident(more))}


def test_the_dead_the_missing_and_the_survivors() -> None:
    """Bodies are killed, the minimum of the missing is at least so many missing, survivors are survivors."""
    assert said() == {
        "killed": Words("exactly", 5, 5),
        "missing": Words("at_least", 40, 40),
        "survivors": Words("exactly", 20, 20),
    }
    report = reports_of("missing-migrants", MISSING_MIGRANTS, incident())[0]
    assert (report.source, report.source_type, report.event_type) == ("IOM Missing Migrants", "un", "ship")
    assert (report.event, report.event_date) == ("Off Town A 2024-02-03 (IOM 2024.MMP0001)", "2024-02-03")
    assert (report.place, report.url) == ("Country A", "https://example.org/a")
    for told in ("Coast guard A, IOM A", "source quality: 4", "https://example.org/b"):
        assert told in report.note


def test_their_sum_is_told_where_it_says_more() -> None:
    """Dead and missing together are a figure of their own only where they are not the sum of the two."""
    assert "dead_or_missing" not in said({MISSING: "", BOTH: 5})
    assert said({BOTH: 50})["dead_or_missing"] == Words("exactly", 50, 50)
    assert said({DEAD: "", MISSING: "", BOTH: 45, SAVED: ""}) == {"dead_or_missing": Words("exactly", 45, 45)}


def test_zeros_are_no_figures() -> None:
    """A 0 of the dead stands where no body was found: it is not said that nobody died."""
    assert set(said({DEAD: 0, BOTH: 40, SAVED: 0})) == {"missing"}
    with pytest.raises(ReportsError, match="none of its 1 row gives a report"):
        said({DEAD: 0, MISSING: 0, BOTH: 0, SAVED: ""})


def test_cumulative_incidents_are_left_out() -> None:
    """A total over a time whose first day the file lacks is no event, and no period either; split incidents stay."""
    rows = [
        incident({"Incident Type": "Split Incident"}),
        incident({"Incident ID": "2024.MMP0002", "Incident Type": "Cumulative Incident"}),
    ]
    found = imported("missing-migrants", MISSING_MIGRANTS, *rows)
    assert {report.event for report in read_back(found)} == {"Off Town A 2024-02-03 (IOM 2024.MMP0001)"}
    assert notes_with(found, "line 3: left out: cumulative")


@pytest.mark.parametrize(
    ("cells", "event_type"),
    [
        ({}, "ship"),
        ({MISSING: "", BOTH: 5}, "other"),
        ({"Cause of Death": "Violence"}, "attack"),
        ({"Cause of Death": "Vehicle accident / death linked to hazardous transport"}, "other"),
        ({"Cause of Death": "Mixed or unknown"}, "other"),
    ],
)
def test_types_of_event(cells: dict[str, object], event_type: str) -> None:
    """Those who drowned with others missing were on a boat; violence is an attack; all else is other."""
    assert reports_of("missing-migrants", MISSING_MIGRANTS, incident(cells))[0].event_type == event_type


def test_incidents_without_a_day() -> None:
    """A month and year stand for the day that is not known; "at a minimum" the file has these."""
    undated = {"Incident Date": ""}
    dates = [
        reports_of("missing-migrants", MISSING_MIGRANTS, incident(undated | more))[0].event_date
        for more in ({}, {"Month": ""}, {"Month": "", "Incident Year": ""})
    ]
    assert dates == ["2024-02", "2024", None]


def test_older_names_of_columns() -> None:
    """Files of 2019 and of 2022 call some columns otherwise; they are the same."""
    older = {
        "Incident ID": "Web ID", "Incident Date": "Reported Date", "Incident Year": "Reported Year",
        "Month": "Reported Month", DEAD: "Number Dead", BOTH: "Total Dead and Missing",
        "Location of Incident": "Location Description", "Coordinates": "Location Coordinates",
    }  # fmt: skip
    header = [older.get(name, name) for name in MISSING_MIGRANTS if name != "Main ID"]
    row = {older.get(name, name): cell for name, cell in incident().items() if name != "Main ID"}
    found = imported("missing-migrants", header, row)
    assert {report.outcome for report in read_back(found)} == {"killed", "missing", "survivors"}
    assert not notes_with(found, "not in the codebook")


def test_negative_numbers_are_faults() -> None:
    """Published files have a few negative numbers: they are told with line and column, as the file writes it."""
    with pytest.raises(ReportsError, match=f"line 2, {MISSING}: '-1' is negative"):
        said({MISSING: -1})


def test_a_year_that_is_none_is_told() -> None:
    """Where a row has no day, a number that can be no year is a fault of the file and reaches no table."""
    with pytest.raises(ReportsError, match="line 2, Incident Year: 1 is no year; years run from 1000 to 2999"):
        imported("missing-migrants", MISSING_MIGRANTS, incident({"Incident Date": "", "Incident Year": 1}))
