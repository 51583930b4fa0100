"""The table of declared coverage: what it means, and all its faults at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from estimates import EstimatesError, read_reports
from estimates.errors import ReportsError
from estimates.table.coverage import Coverage, read_coverage
from estimates.table.dates import parse_time

ROW = {"event": "one", "source": "a", "figure": "5", "event_date": "2020-01-15", "reported_at": "2020-01-15"}


def covers(row: dict[str, object], **event: str) -> bool:
    (declared,) = read_coverage([{"source": "a", **row}]).declarations
    when = event.get("date")
    places = [event["place"]] if "place" in event else []
    return declared.covers(places, event.get("event_type", "unknown"), parse_time(when) if when else None)


def test_an_empty_cell_is_everything() -> None:
    """A source alone watched everything, also what has neither date, place nor type."""
    assert covers({})
    assert covers({"place": "", "event_type": None, "from": float("nan")}, place="Idlib", date="2020-01-15")


def test_events_are_watched_where_the_row_holds_for_certain() -> None:
    """Place and type must be the same, and the day lie between the days whatever its precision leaves open."""
    assert covers({"place": "idlib"}, place="Idlib")
    assert not covers({"place": "Homs"}, place="Idlib")
    assert not covers({"place": "Homs"})
    assert covers({"event_type": "airstrike"}, event_type="airstrike")
    assert not covers({"event_type": "airstrike"}, event_type="shelling")

    month = {"from": "2020-01", "to": "2020-01"}
    assert covers(month, date="2020-01-31T23:00")
    assert covers(month, date="2020-01")
    assert not covers(month, date="2020")
    assert not covers(month, date="2020-02-01")
    assert not covers(month)
    assert covers({"from": "2020-01-15"}, date="2020-01-15")
    assert not covers({"to": "2020-01-14"}, date="2020-01-15")


def test_all_faults_are_told_at_once() -> None:
    """With line, column, the value, and how to mend it."""
    rows = [
        {"source": "", "place": "Idlib"},
        {"source": "a", "from": "2020-02-01", "to": "2020-01-01"},
        {"source": "a", "from": "soon", "to": "2020-13-01"},
        {"source": "a", "event_type": "airstrikes"},
        {"source": "a"},
    ]
    with pytest.raises(ReportsError) as caught:
        read_coverage(rows)
    found = [(fault.line, fault.column) for fault in caught.value.faults]
    assert found == [(1, "source"), (2, "to"), (3, "from"), (3, "to"), (4, "event_type")]
    text = str(caught.value)
    assert "'2020-01-01' is before from '2020-02-01'; swap them" in text
    assert "did you mean 'airstrike'?" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("place,from\nIdlib,2020\n", "there is no column 'source'"),
        ("sources,place\na,Idlib\n", "is 'sources' meant?"),
        ("place;from\nIdlib;2020\n", "there is no column 'source'"),
        ("source,place,place\na,b,c\n", "the header names 'place' twice"),
        ("source,place\n,\n", "no row says who watched"),
        ("source,place\na\n", "the row has 1 cell"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_such_table_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """Whatever is wrong with the file, it is said in a sentence."""
    path = tmp_path / "coverage.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportsError, match=message):
        read_coverage(path)


def test_sizes_are_those_of_reported_or_of_all_events() -> None:
    """Anything else is refused."""
    with pytest.raises(EstimatesError, match="'reported' or 'all'"):
        read_coverage([{"source": "a"}], sizes="some")  # type: ignore[arg-type]


def test_unknown_columns_are_noted() -> None:
    """With what was probably meant."""
    (note,) = read_coverage([{"source": "a", "plase": "Idlib"}]).notes
    assert "'plase' is not known and not used; did you mean 'place'?" in note


def test_the_same_rows_in_another_order_have_the_same_hash() -> None:
    """On any lines; another row or another meaning of sizes makes another."""
    rows = [{"source": "a"}, {"source": "b", "place": "Idlib"}]
    one, other = read_coverage(rows), read_coverage(pd.DataFrame(rows[::-1]))
    assert one.data_hash == other.data_hash != read_coverage(rows[:1]).data_hash
    assert one.data_hash != read_coverage(rows, sizes="all").data_hash


# Beside the reports ---------------------------------------------------------------------------------------------------


def test_coverage_may_stand_beside_the_reports() -> None:
    """On any lines, also where there is no report; columns of coverage are neither unknown nor part of the reports."""
    rows = [
        {**ROW, "coverage_source": "a", "coverage_place": "Idlib"},
        {"coverage_source": "b", "coverage_from": "2020-01-01"},
    ]
    found = read_reports(rows)
    assert len(found) == 1
    assert found.unknown_columns == ()
    assert isinstance(found.coverage, Coverage)
    assert [(row.source, row.place, row.start) for row in found.coverage.declarations] == [
        ("a", "Idlib", None),
        ("b", None, "2020-01-01"),
    ]
    assert found.data_hash == read_reports([ROW]).data_hash
    assert found.notes == read_reports([ROW]).notes


def test_coverage_of_both_kinds_is_joined() -> None:
    """What stands beside the reports and what is given with them."""
    found = read_reports([{**ROW, "coverage_source": "a"}], coverage=[{"source": "b"}])
    assert found.coverage is not None
    assert found.coverage.sources == ("a", "b")
    again = read_reports(found, coverage=[{"source": "c"}])
    assert again.coverage is not None
    assert again.coverage.sources == ("a", "b", "c")


def test_faults_of_reports_and_coverage_are_told_together() -> None:
    """In the order of the lines, by the names of the columns as they stand there."""
    rows = [{**ROW, "coverage_source": "a", "coverage_from": "soon"}, {**ROW, "figure": "x y z"}]
    with pytest.raises(ReportsError) as caught:
        read_reports(rows)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(1, "coverage_from"), (2, "figure")]
