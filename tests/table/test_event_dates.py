"""The date of an event: sources that differ, events that last several days, and what is declared of a table's dates."""

from __future__ import annotations

import io
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from helpers.written import HEAD, faults, read
from hypothesis import given
from hypothesis import strategies as st

from estimates.table.coverage import read_coverage
from estimates.table.dates import ages, parse_time
from estimates.table.marks import event_marks
from estimates.table.reports import read_reports

DATED = f"{HEAD},event_date,reported_at"


def test_sources_that_differ_on_the_date_are_noted_and_the_earliest_counts() -> None:
    """All rows are dated alike and aged from the earliest date; the note names each date with its lines."""
    reports = read(f"{DATED}\nA,x,18,2020-01-17,2020-01-18\nA,y,19,15 Jan 2020,2020-01-18\nA,z,20,2020-01-17,\n")
    assert reports.table["event_date"].tolist() == ["2020-01-15"] * 3
    assert reports.table["age_low"].tolist()[:2] == [3, 3]
    assert reports.notes == (
        "event 'A' is dated 2020-01-15 (line 3) and 2020-01-17 (lines 2, 4): the earliest counts, 2020-01-15",
    )


def test_dates_far_apart_are_said_to_be_those_of_two_events() -> None:
    """Sources differ by days: a year between them is told as what it may be, thirty days are not."""
    (note,) = read(f"{DATED}\nA,x,18,2020-01-15,\nA,y,19,2021-01-14,\n").notes
    assert note.endswith("the earliest counts, 2020-01-15; they lie 365 days apart, and two events need two names")
    (note,) = read(f"{DATED}\nA,x,18,2020-01-15,\nA,y,19,2020-02-14,\n").notes
    assert note.endswith("the earliest counts, 2020-01-15")


@pytest.mark.parametrize(
    ("dates", "used"),
    [
        (["2020-01", "2020-01-15", "2020-02-03"], "2020-01-15"),
        (["2020-02-03", "2020-01"], "2020-01"),
        (["2019", "2020-01-15"], "2019"),
        (["2020-01-15/2020-01-17", "2020-01-20"], "2020-01-15/2020-01-17"),
        (["2020-01-15/2020-01-17", "2020-01-16"], "2020-01-16"),
        (["2020-01-15/2020-01-17", "2020-01-16", "2020-02-01"], "2020-01-16"),
        (["2020-01", "2020"], "2020-01"),
    ],
)
def test_the_earliest_date_is_as_precise_as_the_others_allow(dates: list[str], used: str) -> None:
    """Of dates that can all be true the most precise counts; else of those that can be true with the earliest."""
    for order in (dates, dates[::-1]):
        rows = "".join(f"A,s{i},18,{date},\n" for i, date in enumerate(order))
        table = read(f"{DATED}\n{rows}")
        assert set(table.table["event_date"]) == {used}
        assert len(table.notes) == 1


def test_many_events_of_several_dates_are_told_in_six_notes() -> None:
    """Five of them in full, the others by their lines."""
    rows = "".join(f"E{i},x,18,2020-01-15,\nE{i},y,18,2020-01-16,\n" for i in range(200))
    notes = read(f"{DATED}\n{rows}").notes
    assert len(notes) == 6
    assert notes[-1].startswith("lines 13, 15, 17, 19, 21, 23, 25, 27, 29, 31 and 185 more: 195 more events")


def test_the_date_of_a_period_is_no_date_of_an_event() -> None:
    """A row over a period neither gives its date to the event of its name nor is told to differ."""
    rows = "A,x,18,2020-01-15,event,,\nA,y,900,2020-02-15,period,2020-01,2020-02\n"
    reports = read(f"{HEAD},event_date,scope,period_start,period_end\n{rows}")
    assert reports.table["event_date"].tolist() == ["2020-01-15", "2020-02-15"]
    assert not any("is dated" in note for note in reports.notes)


# ----------------------------------------------------------------------------------------------- events of several days

days = st.integers(0, 20).map(lambda number: date(2020, 1, 10) + timedelta(days=number))


@given(days, st.integers(1, 9), days)
def test_the_ages_of_a_report_on_an_event_of_several_days_are_those_on_each_of_its_days(
    first: date, more: int, reported: date
) -> None:
    """The interval of ages runs from the least to the largest age over the days that were not after the report."""
    happened = [first + timedelta(days=i) for i in range(more + 1)]
    span = parse_time(f"{first}/{happened[-1]}")
    of_each = [ages(parse_time(f"{reported}"), parse_time(f"{day}")) or (0.0, 0.0) for day in happened]
    true = [low for low, _ in of_each if low] or [0.0]
    assert ages(parse_time(f"{reported}"), span) == (min(true), max(true))


def test_reports_from_the_midst_of_an_event_are_noted() -> None:
    """Whoever reports before its last day counts the days so far; on that day and later, and before all, no note."""
    days = ("2020-01-14", "2020-01-15", "2020-01-16T10:00", "2020-01-17", "2020-01-18")
    rows = "".join(f"A,s{i},18,15-17 Jan 2020,{day}\n" for i, day in enumerate(days))
    reports = read(f"{DATED}\n{rows}")
    assert "lines 3, 4: made while their event went on: they count the days so far" in reports.notes
    assert "line 2: dated before their event: their age counts as 0" in reports.notes
    assert reports.table["age_low"].tolist() == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3, 1])
    assert reports.table["age_high"].tolist() == pytest.approx([0, 1 / 3, 1, 2, 3])


def test_a_range_reads_the_same_again_and_however_it_is_written() -> None:
    """The table keeps ISO 8601: it can be read again, and hash and marks are those of any other spelling."""
    spelt = [read(f"{DATED}\nA,x,18,{text},\n") for text in ("15-17 Jan 2020", "2020-01-15/2020-01-17")]
    again = read_reports(spelt[0].table)
    assert {reports.data_hash for reports in (*spelt, again)} == {spelt[1].data_hash}
    assert event_marks(spelt[0].reports) == event_marks(spelt[1].reports)
    assert spelt[0].table["event_date"].tolist() == ["2020-01-15/2020-01-17"]
    assert spelt[0].data_hash != read(f"{DATED}\nA,x,18,2020-01-15,\n").data_hash


def test_a_date_of_the_field_is_the_same_data_as_its_iso() -> None:
    """Spellings are no part of what is said: a table's dates are kept in ISO 8601 and give one hash."""
    field = read(f'{DATED}\nA,x,18,15/01/2020,"Wed, 15 Jan 2020 14:30 GMT"\n')
    assert field.table[["event_date", "reported_at"]].values.tolist() == [["2020-01-15", "2020-01-15T14:30Z"]]
    assert field.data_hash == read(f"{DATED}\nA,x,18,2020-01-15,2020-01-15T14:30Z\n").data_hash


# ----------------------------------------------------------------------------------------------- declared, frames, who watched


def test_days_first_are_declared_for_all_dates_of_a_table() -> None:
    """Every column of dates is read so, the period's and those of who watched too; without it each is a fault."""
    head = f"{DATED},scope,period_start,period_end,coverage_source,coverage_from"
    text = f"{head}\nA,x,18,01/02/2020,03/02/2020 2:30 pm,,,,x,03/02/2020\nB,x,90,,,period,01/02/2020,05/06/2020,,\n"
    reports = read_reports(io.StringIO(text), day_first=True)
    assert reports.table["event_date"].tolist() == ["2020-02-01", None]
    assert reports.table["reported_at"].tolist() == ["2020-02-03T14:30", None]
    assert reports.table[["period_start", "period_end"]].values.tolist()[1] == ["2020-02-01", "2020-06-05"]
    assert reports.coverage is not None
    assert reports.coverage.declarations[0].start == "2020-02-03"
    assert [(fault.line, fault.column) for fault in faults(io.StringIO(text))] == [
        (2, "coverage_from"), (2, "reported_at"), (2, "event_date"), (3, "period_start"), (3, "period_end"),
    ]  # fmt: skip


def test_a_month_that_comes_first_all_the_same_is_noted() -> None:
    """Where days were said to come first, a date with its month first makes the declaration doubtful."""
    reports = read_reports(io.StringIO(f"{DATED}\nA,x,18,01/02/2020,02/15/2020\n"), day_first=True)
    assert "line 2: reported_at has the month first although days were said to come first: check them all" in (
        reports.notes
    )


@pytest.mark.parametrize("column", ["reported_at", "event_date", "period_start", "period_end"])
@pytest.mark.parametrize("unit", ["D", "s"])
def test_a_frame_of_far_dates_is_told_by_row_and_year(column: str, unit: str) -> None:
    """Days that pandas can hold and nobody can mean are faults with their row, in every column of dates."""
    far = np.array(["9999-12-31", "20000-01-01", "-0500-01-01"], "datetime64[D]").astype(f"datetime64[{unit}]")
    frame = pd.DataFrame({"event": "A", "source": ["x", "y", "z"], "figure": "18", "scope": "event"})
    found = [fault for fault in faults(frame.assign(**{column: far})) if "in the year" in fault.what]
    assert [(fault.line, fault.column) for fault in found] == [(1, column), (2, column), (3, column)]
    assert ["9999" in found[0].what, "20000" in found[1].what, "-500" in found[2].what] == [True] * 3


def test_who_watched_is_dated_as_the_field_writes_and_not_by_ranges() -> None:
    """The first and the last day watched are single dates."""
    coverage = read_coverage([{"source": "x", "from": "1 January 2020", "to": "31/12/2020"}])
    assert [(row.start, row.end) for row in coverage.declarations] == [("2020-01-01", "2020-12-31")]
