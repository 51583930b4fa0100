"""What rows of one event share, and which rows are estimated."""

from __future__ import annotations

import io

import pytest
from helpers.written import HEAD, faults, read

from estimates.table.example import load_example
from estimates.table.reports import read_reports
from estimates.vocabulary import CONTEXT_OUTCOMES


@pytest.mark.parametrize(
    ("cell", "kept", "low", "high"),
    [
        ("202", 202, 202, 202),
        ('"1,200"', 1200, 1200, 1200),
        ("0", 0, 0, 0),
        ("51-103", "51-103", 51, 103),
        ("51 to 103", "51-103", 51, 103),
        ('"5,951 – 8,476"', "5951-8476", 5951, 8476),
        ("43-43", 43, 43, 43),
        ("at least 16000", "at least 16000", 16000, None),
        ('"At least 16,000"', "at least 16000", 16000, None),
        ("", None, None, None),
    ],
)
def test_a_verified_toll_is_a_number_a_range_or_a_lower_bound(
    cell: str, kept: int | str | None, low: int | None, high: int | None
) -> None:
    """A toll is kept in one spelling with its lowest and highest count, and reads the same when read again."""
    reports = read(f"{HEAD},verified\nA,x,18,{cell}\nA,y,19,\n")
    for table in (reports.table, read_reports(reports.table).table):
        for column, value in (("verified", kept), ("verified_low", low), ("verified_high", high)):
            assert table[column].tolist() == [value, value]


def test_a_toll_that_is_spelt_differently_is_the_same_data() -> None:
    """Spellings of one toll agree within an event and give one hash; a lower bound is not the number itself."""
    head = f"{HEAD},verified\n"
    spelt = [read(f"{head}A,x,18,{one}\nA,y,19,{two}\n") for one, two in (("51-103", "51 to 103"), ("51 – 103", ""))]
    assert spelt[0].data_hash == spelt[1].data_hash
    assert read(f"{head}A,x,18,51\n").data_hash != read(f"{head}A,x,18,at least 51\n").data_hash
    (fault,) = faults(io.StringIO(f"{head}A,x,18,51\nA,y,18,at least 51\n"))
    assert (fault.line, fault.column) == (3, "verified")


def test_some_rows_of_a_table_are_a_table() -> None:
    """Rows left out take nothing with them: the toll and the date they alone stated still hold for the event."""
    reports = read(f"{HEAD},event_date,verified\nA,x,18,2020-01-15,21\nA,y,19,,\nB,y,5,,\n")
    fewer = reports.rows([False, True, True])
    assert len(fewer) == 2
    assert fewer.table["line"].tolist() == [3, 4]
    assert fewer.table["event_date"].tolist() == ["2020-01-15", None]
    assert fewer.table["verified"].tolist() == [21, None]
    assert len(reports) == 3


def test_what_belongs_to_the_event_is_shared_by_its_rows() -> None:
    """Date and type given in one row hold for the event, a verified toll for its outcome; a period takes none."""
    text = (
        f"{HEAD},outcome,event_date,event_type,verified,scope,period_start,period_end\n"
        "A,x,18,killed,2020-01,airstrike,21,,,\n"
        "A,y,19,killed,2020-01-15,,,,,\n"
        "A,y,80,injured,,unknown,,,,\n"
        "A,z,900,killed,,,,period,2020-01,2020-01\n"
        "B,z,5,killed,,,,,,\n"
    )
    reports = read(text)
    assert reports.table["event_date"].tolist() == ["2020-01-15"] * 3 + [None] * 2
    assert reports.table["event_type"].tolist() == ["airstrike"] * 3 + ["unknown"] * 2
    assert reports.table["verified"].tolist() == [21, 21, None, None, None]
    assert "event 'A' is dated 2020-01 and 2020-01-15; 2020-01-15 is used" in reports.notes


def test_each_row_is_estimated_context_or_of_a_period() -> None:
    """Every row is in exactly one of the three frames."""
    reports = load_example()
    parts = [reports.estimated, reports.context, reports.periods]
    assert sorted(line for part in parts for line in part["line"]) == reports.table["line"].tolist()
    assert set(reports.context["outcome"]) == set(CONTEXT_OUTCOMES)
    assert reports.periods["source"].tolist() == ["United Nations officials"]
    assert set(reports.estimated["scope"]) == {"event"}
