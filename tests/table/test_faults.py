"""Faults of cells, rows and events: what is refused, where, and how the message helps."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.malformed import MALFORMED, Malformed
from helpers.written import HEAD, faults, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimates.errors import EstimatesError, ReportsError
from estimates.table.reports import read_reports
from estimates.vocabulary import COLUMNS


@pytest.mark.parametrize("bad", MALFORMED, ids=lambda bad: bad.id)
def test_a_malformed_table_is_refused_where_it_is_wrong_and_told_how_to_mend_it(bad: Malformed) -> None:
    """Each malformed table raises one ReportsError that names the line, the column, the value and the mend."""
    source = io.BytesIO(bad.content) if isinstance(bad.content, bytes) else io.StringIO(bad.content)
    with pytest.raises(ReportsError) as caught:
        read_reports(source)
    fitting = [fault for fault in caught.value.faults if bad.what in fault.what]
    assert fitting, str(caught.value)
    fault = fitting[0]
    assert (fault.line, fault.column) == (bad.line, bad.column)
    assert bad.mend in f"{fault.what}; {fault.mend}"
    assert str(fault) in str(caught.value)


def test_all_faults_of_a_table_are_told_at_once_in_the_order_of_its_lines() -> None:
    """A table with five faults in three rows raises one error that lists the five by line and column."""
    text = f"{HEAD},outcome,event_date\nA,,many,killed,2020-99\nB,x,18,killed,2020\nC,y,-1,klled,2020\n"
    assert [(fault.line, fault.column) for fault in faults(io.StringIO(text))] == [
        (2, "source"), (2, "figure"), (2, "event_date"), (4, "outcome"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "last"), [(50, "line 51, figure"), (51, "... and 1 more fault"), (1250, "... and 1,200 more faults")]
)
def test_a_message_shows_fifty_faults_and_counts_the_rest(count: int, last: str) -> None:
    """A table with many faults keeps all of them in ``faults`` and prints the first fifty."""
    with pytest.raises(ReportsError) as caught:
        read(f"{HEAD}\n" + "A,x,-5\n" * count)
    message = str(caught.value).splitlines()
    assert len(caught.value.faults) == count
    assert [line for line in message if "is negative" in line] == [f"  {fault}" for fault in caught.value.faults[:50]]
    assert message[-1].strip().startswith(last)


def test_faults_of_what_belongs_to_the_event_are_told_with_all_others() -> None:
    """Wrong cells, conflicts within an event, a list longer than those at risk and a name that is taken: all at once."""
    text = (
        "event,source,figure,wording,definition,event_date,at_risk,chosen,copies_removed,verified,withdrawn\n"
        "A,x,18,,,2020-01-01,10,yes,yes,12,no\n"
        "A,y,50,,excess,,,,yes,,\n"
        "A,n,14,named,,,,no,,,perhaps\n"
        "A (excess),y,50,,,2020-01-32,9,,,,\n"
        "B,x,18,,bodies,,0,,,,\n"
        "B,y,many,,excess,,1.5,,,,\n"
    )
    assert [(fault.line, fault.column) for fault in faults(io.StringIO(text))] == [
        (2, "verified"), (3, "definition"), (4, "withdrawn"), (4, "at_risk"), (4, "chosen"), (4, "copies_removed"),
        (5, "event_date"), (5, "at_risk"), (5, "copies_removed"), (6, "definition"), (6, "at_risk"), (7, "figure"),
        (7, "at_risk"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("A,x,18,,20\nA,n,21,named,\n", "21 are listed by name and at_risk of killed of event 'A' is 20"),
        ("A,n,1200,named,1199\n", "1,200 are listed by name"),
        ("A,n,1200,named,\nA,x,3,,1199\n", "1,200 are listed by name"),
    ],
)
def test_no_more_are_listed_by_name_than_were_there(rows: str, what: str) -> None:
    """A list longer than those at risk is a fault, in the list's row, whichever row tells how many were there."""
    (fault,) = faults(io.StringIO(f"{HEAD},wording,at_risk\n{rows}"))
    assert fault.column == "at_risk"
    assert what in fault.what


@pytest.mark.parametrize(
    "rows",
    [
        "A,n,20,named,20,\n",
        "A,n,21,,20,\n",
        "A,n,21,named,,injured\nA,x,3,,20,killed\n",
        "A,n,21,named,,\nB,x,3,,20,\n",
    ],
)
def test_claims_other_outcomes_and_other_events_do_not_contradict_those_at_risk(rows: str) -> None:
    """A list as long, a claim that is too high, the injured and another event are no faults."""
    assert len(read(f"{HEAD},wording,at_risk,outcome\n{rows}"))


def test_rows_whose_event_is_missing_are_not_taken_for_one_event() -> None:
    """Two rows without an event's name, or with outcomes that cannot be read, do not contradict each other."""
    text = f"{HEAD},outcome,event_type,verified\n,x,18,,fire,\n,y,18,,flood,\nA,x,18,kiled,,1\nA,y,18,hurt,,2\n"
    assert [(fault.line, fault.column) for fault in faults(io.StringIO(text))] == [
        (2, "event"), (3, "event"), (4, "outcome"), (5, "outcome"),
    ]  # fmt: skip


class Unshowable:
    """A value that fails when it is shown."""

    def __repr__(self) -> str:
        raise RuntimeError


NO_TEXT = {
    "list": ["18"], "dict": {"low": 18}, "set": {18}, "tuple": (18,), "bytes": b"18", "array": np.array([18, 19]),
    "object": object(), "unshowable": Unshowable(), "huge": [["x" * 10_000] * 10_000],
}  # fmt: skip


@pytest.mark.parametrize("value", NO_TEXT.values(), ids=NO_TEXT.keys())
@pytest.mark.parametrize("column", ["event", "figure", "low", "outcome", "event_date", "note"])
def test_a_cell_that_holds_no_single_value_is_a_fault(column: str, value: object) -> None:
    """Lists, dicts, bytes and other objects are refused by row, column and type, in dicts and frames alike."""
    rows = [{"event": "A", "source": "x", "figure": "18"}, {"event": "A", "source": "y", "figure": "18", column: value}]
    for source in (rows, pd.DataFrame(rows)):
        (fault,) = faults(source)
        assert (fault.line, fault.column) == (2, column)
        assert f"is of type {type(value).__name__}" in fault.what
        assert fault.mend == "write text, a number or a date"
        assert len(str(fault)) < 160


def test_lists_of_a_parquet_file_are_faults_beside_all_others(tmp_path: Path) -> None:
    """A list in a Parquet file is told together with what else is wrong."""
    frame = pd.DataFrame({"event": ["A", None], "source": ["x", "y"], "figure": [["18"], ["21", "22"]]})
    frame.to_parquet(tmp_path / "lists.parquet")
    found = faults(tmp_path / "lists.parquet")
    assert [(fault.line, fault.column) for fault in found] == [(1, "figure"), (2, "event"), (2, "figure")]


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "18", "18.0", "1,200", "at least 18", "dozens", "-5", "nan", "1e308", "period", "strikes", "named",
         "vague", "none", "range", "2020-01-15", "2020-01", "all", "children", "true",
         "no", "excess", "identified", "mine", "killed", "A (excess)", '"', "\r", "\ufeff", "\ud800"]
    ),
)  # fmt: skip


OBJECT = st.one_of(
    st.none(), st.floats(), st.integers(), st.binary(max_size=3), st.lists(st.integers(), max_size=2), st.dates(),
    st.datetimes(), st.decimals(), st.dictionaries(st.text(max_size=2), st.none(), max_size=2), st.complex_numbers(),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELL | OBJECT), max_size=4))
def test_random_cells_never_raise_anything_but_the_packages_errors(rows: list[dict[str, object]]) -> None:
    """Whatever the cells of known columns hold, the answer is a table or a ReportsError, and a table can be used."""
    try:
        reports = read_reports([{"event": "A", "source": "x", "figure": "18", **row} for row in rows])
    except EstimatesError:
        return
    assert len(reports.data_hash) == 64
    assert len(reports.estimated) + len(reports.context) + len(reports.periods) == len(reports)
    assert reports._repr_html_().count("<tr>") == len(reports) + 1


@pytest.mark.parametrize("row", [{"figure": "1.000"}, {"wording": "exactly", "low": "3.000", "high": "3.000"}])
def test_three_zeros_after_a_point_may_be_thousands(row: dict[str, str]) -> None:
    """In half of the world 1.000 is a thousand: it is refused, never read as one."""
    with pytest.raises(ReportsError, match="may mean thousands"):
        read_reports([{"event": "a", "source": "b", **row}])
