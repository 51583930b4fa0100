"""What rows of one event share, and which rows are estimated."""

from __future__ import annotations

import io

import pytest
from helpers.written import HEAD, faults, read

from estimates.table.example import load_example
from estimates.table.marks import event_marks
from estimates.table.reports import Reports, read_reports
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


def test_how_an_event_was_chosen_and_who_was_at_risk_is_shared_by_its_rows() -> None:
    """Said in one row, `chosen` holds for the event and `at_risk` for its outcome; a withdrawn figure is one row's own."""
    text = (
        f"{HEAD},outcome,chosen,at_risk,withdrawn,scope,period_start,period_end\n"
        "A,x,18,killed,yes,189,yes,,,\nA,y,19,killed,,,,,,\nA,y,20,injured,,,,,,\n"
        "A,z,900,killed,,,,period,2020,2020\nB,x,5,killed,,,,,,\n"
    )
    table = read(text).table
    assert table["chosen"].tolist() == [True, True, True, False, False]
    assert table["at_risk"].tolist() == [189, 189, None, None, None]
    assert table["withdrawn"].tolist() == [True, False, False, False, False]
    rows = read(text).reports
    assert [(row.chosen, row.at_risk, row.withdrawn) for row in rows[:2]] == [(True, 189, True), (True, 189, False)]


# Definitions that are kept apart


def defined(*rows: str, columns: str = "definition") -> Reports:
    return read(f"{HEAD},{columns}\n" + "\n".join(rows) + "\n")


@pytest.mark.parametrize(
    ("definitions", "events"),
    [
        (["", "excess", "excess"], ["A", "A (excess)", "A (excess)"]),
        (["direct", "excess", "excess"], ["A (direct)", "A", "A"]),
        (["excess", "direct"], ["A (excess)", "A"]),
        (["hospital", "", "excess"], ["A (hospital)", "A", "A (excess)"]),
        (["excess", "excess"], ["A", "A"]),
        (["", ""], ["A", "A"]),
    ],
)
def test_figures_of_another_definition_are_a_case_of_their_own(definitions: list[str], events: list[str]) -> None:
    """The figures without a definition keep the name, else the most frequent, else the first by the alphabet."""
    reports = defined(*(f"A,x{i},18,{definition}" for i, definition in enumerate(definitions)))
    assert reports.table["event"].tolist() == events
    assert reports.table["definition"].tolist() == [definition or None for definition in definitions]
    assert len(reports.notes) == (len(set(events)) > 1)
    for event in set(events) - {"A"}:
        assert repr(event) in reports.notes[0]


def test_definitions_of_different_outcomes_are_apart_already() -> None:
    """Outcomes are cases of their own: killed as confirmed and injured in hospitals stay one event, with no note."""
    reports = defined("A,x,18,confirmed,killed", "A,y,80,hospital,injured", columns="definition,outcome")
    assert set(reports.table["event"]) == {"A"}
    assert reports.notes == ()


def test_rows_without_a_figure_lists_of_names_strikes_and_periods_stay_with_their_event() -> None:
    """They neither make a definition the main one nor leave: the dead that a list names are dead by any definition."""
    reports = read(
        f"{HEAD},definition,wording,outcome,scope,period_start,period_end\n"
        "A,x,no comment,,,,,,\nA,n,14,identified,named,,,,\nA,y,5,confirmed,,strikes,,,\n"
        "A,p,900,direct,,,period,2020,2020\nA,x,30,excess,,,,,\nA,y,31,excess,,,,,\nA,z,20,direct,,,,,\n"
    )
    assert reports.table["event"].tolist() == ["A"] * 6 + ["A (direct)"]


@pytest.mark.parametrize(
    ("tolls", "kept"),
    [
        (("300", "300"), [300, None]),
        (("300", ""), [300, None]),
        (("", "500"), [None, 500]),
        (("300", "500"), [300, 500]),
    ],
)
def test_a_verified_toll_stays_with_the_main_definition(tolls: tuple[str, str], kept: list[int | None]) -> None:
    """A toll that the event has is that of its main figures; only one that others alone state is theirs."""
    rows = (f"A,x,18,,{tolls[0]}", f"A,y,60,excess,{tolls[1]}")
    reports = defined(*rows, columns="definition,verified")
    assert reports.table["verified"].tolist() == kept
    assert read_reports(reports.table).table["verified"].tolist() == kept


def test_what_belongs_to_the_event_holds_for_all_its_definitions() -> None:
    """Date, type, those at risk and how it was chosen are those of the event, wherever they are said."""
    reports = defined(
        "A,x,18,,2020-01-15,,yes,,yes", "A,y,60,excess,,heat,,900,yes",
        columns="definition,event_date,event_type,chosen,at_risk,copies_removed",
    )  # fmt: skip
    columns = ["event_date", "event_type", "chosen", "at_risk", "copies_removed"]
    assert reports.table[columns].values.tolist() == [["2020-01-15", "heat", True, 900, True]] * 2
    assert set(event_marks(reports.reports)) == {"A", "A (excess)"}


def test_figures_join_an_event_of_the_name_where_it_counts_alike() -> None:
    """Rows added to a table that was read before join the case of their definition; to one without it they may not."""
    reports = defined("A,x,18,", "A (excess),z,70,excess", "A,y,60,excess")
    assert reports.table["event"].tolist() == ["A", "A (excess)", "A (excess)"]
    (fault,) = faults(io.StringIO(f"{HEAD},definition\nA,x,18,\nA (excess),z,70,\nA,y,60,excess\n"))
    assert (fault.line, fault.column) == (4, "definition")
    assert "'A (excess)' has figures of other definitions" in fault.what
