"""Tables of reports: what loads and what it means, what is refused and how the message helps."""

from __future__ import annotations

import contextlib
import io
import sys
import time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.malformed import MALFORMED, Malformed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimates.errors import EstimatesError, Fault, ReportsError
from estimates.table.example import load_example
from estimates.table.reports import TABLE_COLUMNS, Reports, read_reports
from estimates.vocabulary import COLUMNS, CONTEXT_OUTCOMES

HEAD = "event,source,figure"


def read(text: str) -> Reports:
    return read_reports(io.StringIO(text))


def one(columns: str, cells: str) -> dict[str, object]:
    """Read a table of one report and return its row."""
    return read(f"event,source,{columns}\nIdlib,Monitor,{cells}\n").table.iloc[0].to_dict()


def faults(source: object) -> tuple[Fault, ...]:
    with pytest.raises(ReportsError) as caught:
        read_reports(source)  # type: ignore[arg-type]
    return caught.value.faults


# What is refused


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


def test_an_unknown_column_may_hold_anything() -> None:
    """What is kept and not used is not checked: a list in an unknown column comes through as it was."""
    shape = [[36.2, 37.1], [35.9, 36.6]]
    reports = read_reports([{"event": "A", "source": "x", "figure": "18", "shape": shape}])
    assert reports.table["shape"].tolist() == [shape]


def test_decimals_and_pandas_periods_are_read_as_what_they_say() -> None:
    """A decimal number is a number and a period of pandas a date, not strange objects."""
    (row,) = read_reports(
        [{"event": "A", "source": "x", "figure": Decimal("18.00"), "event_date": pd.Period("2020-01", "M")}]
    ).table.to_dict("records")
    assert (row["low"], row["event_date"]) == (18, "2020-01")


def test_a_title_above_the_header_of_a_frame_is_told_with_the_row_of_the_header() -> None:
    """A sheet read with its title for a header is refused, and the row that holds the header is named."""
    frame = pd.DataFrame(
        {"Dead in Idlib": [None, "event", "Idlib"], "Unnamed: 1": [None, "source", "A"], 2: [1, "figure", 18]}
    )
    (fault,) = faults(frame)
    assert fault.what == "'Dead in Idlib' stands where the header should"
    assert "the header stands on line 2" in fault.mend


def test_a_header_further_down_is_no_title_matter_where_the_first_row_is_a_header() -> None:
    """The header repeated among the rows is not taken for the one that counts."""
    assert "stands where the header should" not in str(faults(io.StringIO(f"{HEAD}\nA,x,18\n{HEAD}\n")))


@pytest.mark.parametrize(
    "source", [[{}, {}], pd.DataFrame(index=range(2)), pd.DataFrame()], ids=["dicts", "rows", "nothing"]
)
def test_a_table_without_columns_is_told_which_it_needs(source: object) -> None:
    """Empty dicts and frames without columns are answered with the columns that are missing."""
    assert [fault.what.split(" (")[0] for fault in faults(source)] == [
        f"there is no column '{column}'" for column in ("event", "source", "figure")
    ]


def test_the_line_of_a_fault_is_the_one_an_editor_shows() -> None:
    """Blank lines, quoted line breaks and every kind of line ending are counted as an editor counts them."""
    text = f'{HEAD},note\r\n\r\nA,x,18,"two\r\nlines"\r\nB,y,oops,\r\n'
    assert [fault.line for fault in faults(io.StringIO(text, newline=""))] == [5]
    assert [fault.line for fault in faults(io.BytesIO(text.replace("\r\n", "\r").encode()))] == [5]


def test_ragged_rows_are_all_listed() -> None:
    """Every row with too few or too many cells is a fault of its own."""
    assert [fault.line for fault in faults(io.StringIO(f"{HEAD}\nA,x\nB,y,18\nC,z,1,2\n"))] == [2, 4]


def test_a_missing_file_is_told_with_the_name_that_is_close(tmp_path: Path) -> None:
    """A path with a slip of the pen is answered with the file that is there."""
    (tmp_path / "idlib.csv").write_text(HEAD)
    (fault,) = faults(tmp_path / "idlb.csv")
    assert fault.what == "there is no such file"
    assert "'idlib.csv'" in fault.mend


@pytest.mark.parametrize(
    ("source", "what"),
    [(".", "this is a folder"), (f"{HEAD}\nA,x,18", "the text of a table"), ("a\0b", "cannot be read"), ("", "folder")],
)
def test_what_is_no_path_to_a_file_is_refused(source: str, what: str) -> None:
    """Folders, the text of a table and impossible names are told apart."""
    assert what in faults(source)[0].what


def test_a_parquet_name_without_parquet_inside_is_refused(tmp_path: Path) -> None:
    """A file called .parquet that is CSV is said to be no whole Parquet file."""
    path = tmp_path / "reports.parquet"
    path.write_text(f"{HEAD}\nA,x,18\n")
    assert "not a whole Parquet file" in faults(path)[0].what


@pytest.mark.parametrize("source", [None, 18, {"event": ["A"]}, b"event"])
def test_a_source_of_another_kind_is_a_type_error(source: object) -> None:
    """What is neither path, file, frame nor list of dicts is a mistake in the program, said so."""
    with pytest.raises(TypeError, match="a pandas DataFrame or a list of dicts"):
        read_reports(source)  # type: ignore[arg-type]


def test_rows_that_are_no_dicts_and_empty_lists_are_refused() -> None:
    """A list must hold one dict per report."""
    assert "this is a list, not a dict" in faults([{"event": "A"}, ["B"]])[0].what
    assert "there are no reports" in faults([])[0].what


@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_but_the_packages_errors(content: bytes) -> None:
    """Whatever bytes a file holds, the answer is a table or a ReportsError."""
    with contextlib.suppress(EstimatesError):
        read_reports(io.BytesIO(content))


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "18", "18.0", "1,200", "at least 18", "dozens", "-5", "nan", "1e308", "period", "strikes", "named",
         "vague", "none", "range", "2020-01-15", "2020-01", "all", "children", "true", '"', "\r", "\ufeff", "\ud800"]
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


# What loads


GOOD = {
    "a byte order mark": f"\ufeff{HEAD}\nA,x,18\n".encode(),
    "CRLF": f"{HEAD}\r\nA,x,18\r\n".encode(),
    "CR": f"{HEAD}\rA,x,18\r".encode(),
    "no last line end": f"{HEAD}\nA,x,18".encode(),
    "blank lines": f"\n\n{HEAD}\n\n\nA,x,18\n,,\n\n".encode(),
    "spaces": b" Event , SOURCE,figure \n A , x , 18 \n",
    "18.0": f"{HEAD}\nA,x,18.0\n".encode(),
    "quoted cells": b'"event","source","figure"\n"A","x","18"\n',
    "columns without a name": f"{HEAD},,\nA,x,18,,\n".encode(),
    "empty cells past the header": f"{HEAD}\nA,x,18,,\n".encode(),
    "coded": b"event,source,low,high\nA,x,18,18\n",
    "coded with its form": b"event,source,wording,low\nA,x,Exactly,18\n",
    "the number in the words": f"{HEAD},wording\nA,x,18,exactly\n".encode(),
    "defaults written out": f"{HEAD},outcome,scope,group,provisional\nA,x,18,Killed,EVENT,all,no\n".encode(),
    "columns in another order": b"figure,source,event\n18,x,A\n",
    "an unknown column": f"{HEAD},weather\nA,x,18,rain\n".encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_ways_of_writing_one_report_all_load_and_say_the_same(content: bytes) -> None:
    """The same report written in any of the ways that spreadsheets and people write it has the same hash."""
    reports = read_reports(io.BytesIO(content))
    row = reports.table.iloc[0]
    assert (len(reports), row["event"], row["source"], row["words"]) == (1, "A", "x", "18")
    assert (row["wording"], row["low"], row["high"]) == ("exactly", 18, 18)
    assert reports.data_hash == read(f"{HEAD}\nA,x,18\n").data_hash


SAME = [
    {"event": "A", "source": "x", "figure": 1200, "verified": 1300, "event_date": "2020-01-15", "provisional": True}
]


def test_csv_parquet_frames_dicts_paths_and_standard_input_give_one_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hash depends on what is said, not on the file format, the type of a cell or where the table came from."""
    csv = 'event,source,figure,verified,event_date,provisional\nA,x,"1,200",1300,2020-01-15,yes\n'
    path = tmp_path / "reports.csv"
    path.write_text(csv)
    frame = pd.DataFrame(SAME)
    typed = frame.assign(event_date=pd.to_datetime(frame["event_date"]), verified=[1300.0], figure=np.array([1200.0]))
    frame.to_parquet(tmp_path / "plain.parquet")
    typed.to_parquet(tmp_path / "typed.parquet")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(csv.encode())))
    sources = [path, str(path), "-", SAME, frame, typed, frame.set_index("event"), tmp_path / "plain.parquet",
               tmp_path / "typed.parquet", io.StringIO(csv), path.open("rb")]  # fmt: skip
    assert {read_reports(source).data_hash for source in sources} == {read_reports(SAME).data_hash}
    sources[-1].close()  # type: ignore[union-attr]


def test_a_number_of_a_frame_is_a_count_where_the_same_text_could_be_a_year() -> None:
    """The number 2020 in a frame is a count; the text "2020" is refused with the way to write the count."""
    row = {"event": "A", "source": "x"}
    assert read_reports([{**row, "figure": 2020}]).table["low"].tolist() == [2020]
    assert "2,020" in str(faults([{**row, "figure": "2020"}])[0])


def test_a_hash_differs_where_what_is_said_differs() -> None:
    """Another number, wording, source or group is another hash; so is one report given twice."""
    texts = ["A,x,18,", "A,x,19,", "A,x,at least 18,", "A,y,18,", "A,x,18,women", "A,x,18,\nA,x,18,"]
    assert len({read(f"{HEAD},group\n{text}\n").data_hash for text in texts}) == len(texts)


EXAMPLE_ROWS = load_example().table[[column for column in TABLE_COLUMNS if column in COLUMNS or column == "words"]]


@given(st.permutations(range(len(EXAMPLE_ROWS))))
def test_rows_in_any_order_have_one_hash(order: list[int]) -> None:
    """Every order of the rows gives the same hash, and the rows keep the order they are given in."""
    reports = read_reports(EXAMPLE_ROWS.iloc[order])
    assert reports.data_hash == load_example().data_hash
    assert reports.table["words"].tolist() == EXAMPLE_ROWS["words"].iloc[order].tolist()


def test_a_table_of_reports_can_be_read_again() -> None:
    """What read_reports made, filtered or not, is itself a source: nothing is lost on the second reading."""
    first = load_example()
    again = read_reports(first.table)
    assert again.data_hash == first.data_hash
    assert again.table.drop(columns="line").equals(first.table.drop(columns="line"))
    assert read_reports(first) is first


def test_a_hundred_thousand_rows_are_read_within_seconds() -> None:
    """A large table is read in a few seconds: every different cell is understood once."""
    rows = [f"event {i // 3},source {i % 99},at least {i % 400 + 1},2020-01-{i % 28 + 1:02}" for i in range(100_000)]
    began = time.process_time()
    reports = read("event,source,figure,reported_at\n" + "\n".join(rows))
    assert time.process_time() - began < 10  # about 2 on a laptop
    assert len(reports) == 100_000
    assert reports.table["low"].tolist() == [i % 400 + 1 for i in range(100_000)]


NASTY = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "مستشفى إدلب", 'O\'Brien & "Sons"', "\u202eabc", "🏥"]


@pytest.mark.parametrize("name", NASTY)
def test_any_text_may_be_a_name_and_is_escaped_where_it_is_shown(name: str) -> None:
    """Scripts, formulas and right-to-left names load unchanged and reach a notebook as text."""
    reports = read_reports([{"event": name, "source": name, "figure": "18", "note": name}])
    row = reports.table.iloc[0]
    assert (row["event"], row["source"], row["note"]) == (name, name, name)
    assert "<script" not in reports._repr_html_()


# What the columns mean


def test_the_table_has_its_columns_types_and_defaults() -> None:
    """Each column is there, in order, of its type; an empty optional cell takes the default or is None."""
    reports = read(f"{HEAD},weather\nA,x,dozens,rain\nA,y,18,\n")
    table = reports.table
    assert tuple(table.columns) == (*TABLE_COLUMNS, "weather")
    assert {str(table[column].dtype) for column in ("age_low", "age_high")} == {"float64"}
    assert {str(table[column].dtype) for column in ("subset", "provisional")} == {"bool"}
    assert str(table["line"].dtype) == "int64"
    row = table.iloc[0].to_dict()
    assert (row["line"], row["low"], row["high"], row["word"]) == (2, None, None, "dozens")
    assert (row["outcome"], row["source_type"], row["event_type"]) == ("killed", "unknown", "unknown")
    assert (row["scope"], row["affiliation"], row["group"], row["subset"]) == ("event", "neutral", "all", False)
    for column in ("reported_at", "event_date", "place", "quotes", "verified", "url", "note", "period_start"):
        assert row[column] is None
    assert np.isnan(row["age_low"])
    assert type(table["low"].iloc[1]) is int
    assert table["weather"].tolist() == ["rain", None]
    assert reports.unknown_columns == ("weather",)


def test_the_table_is_a_copy() -> None:
    """Changing the table one was handed leaves the reports as they were."""
    reports = read(f"{HEAD}\nA,x,18\n")
    table = reports.table
    table.loc[0, "event"] = "B"
    table["low"] = 99
    assert (reports.table.loc[0, "event"], reports.table.loc[0, "low"]) == ("A", 18)


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("wording,low,high", "at_least,18,", ("at_least", 18, None, "at least 18")),
        ("wording,low,high", "at_least,,18", ("at_least", 18, None, "at least 18")),
        ("wording,low,high", "more than,1200,", ("more_than", 1200, None, "more than 1,200")),
        ("wording,low,high", "up_to,20,", ("up_to", None, 20, "up to 20")),
        ("wording,low,high", "at_most,,20", ("at_most", None, 20, "at most 20")),
        ("wording,low,high", "about,20,20", ("about", 20, 20, "about 20")),
        ("wording,low,high", "nearly,20,", ("nearly", 20, 20, "nearly 20")),
        ("wording,low,high", "range,18,21", ("range", 18, 21, "18-21")),
        ("wording,low,high", ",18,21", ("range", 18, 21, "18-21")),
        ("wording,low,high", "none,,", ("none", 0, 0, "none")),
        ("wording,low,high", ",0,0", ("none", 0, 0, "none")),
        ("wording,low,high", "denial,,", ("denial", None, None, "denied")),
        ("wording,low,high", "no_comment,,", ("no_comment", None, None, "no comment")),
        ("wording,low,high", "not_confirmed,,", ("not_confirmed", None, None, "did not confirm")),
        ("wording,low,high", "named,15,", ("named", 15, None, "15 named")),
        ("figure,wording", "15,named", ("named", 15, None, "15")),
        ("figure,wording", "dozens,vague", ("vague", None, None, "dozens")),
        ("figure,wording", "these are lies,denial", ("denial", None, None, "these are lies")),
        ("figure,low", "at least 18,18", ("at_least", 18, None, "at least 18")),
        ("figure,wording,low", "a full ward,about,20", ("about", 20, 20, "a full ward")),
    ],
)
def test_codes_stand_for_words(columns: str, cells: str, expected: tuple[object, ...]) -> None:
    """A coded figure is the figure it codes, in the one form the models read; its words are composed or kept."""
    row = one(columns, cells)
    assert (row["wording"], row["low"], row["high"], row["words"]) == expected


def test_codes_count_over_words_and_the_disagreement_is_noted() -> None:
    """Where words and codes differ the codes count, the words are shown, and a note says which line."""
    reports = read(f"{HEAD},wording,low\nA,x,some 21,exactly,22\nA,y,18,at_least,18\n")
    assert reports.table[["words", "wording", "low"]].values.tolist() == [
        ["some 21", "exactly", 22],
        ["18", "at_least", 18],
    ]
    assert [note for note in reports.notes if "disagree" in note] == [
        "line 2: words and coded columns disagree: the coded columns count"
    ]


@pytest.mark.parametrize(
    ("columns", "cells", "group", "subset"),
    [
        ("figure", "18 civilians", "civilians", True),
        ("figure,group", "18,women", "women", True),
        ("figure,group", "18,ALL", "all", False),
        ("figure,group", "18 civilians,all", "civilians", True),
        ("figure,group,wording,low", "18 civilians,all,exactly,18", "all", False),
        ("figure,wording,low", "18 civilians,exactly,18", "civilians", True),
        ("figure,outcome", "dozens of civilians,displaced", "all", False),
    ],
)
def test_a_figure_for_a_part_never_stands_for_the_whole_unless_coded_so(
    columns: str, cells: str, group: str, subset: bool
) -> None:
    """A part said in the words or in group makes a subset; only wording, low and group=all together undo it."""
    row = one(columns, cells)
    assert (row["group"], row["subset"]) == (group, subset)


@pytest.mark.parametrize(
    ("figure", "cell", "expected"),
    [
        ("18", "", False),
        ("18", "yes", True),
        ("18", "0", False),
        ("18 and rising", "", True),
        ("18 and rising", "no", True),
    ],
)
def test_a_figure_is_provisional_by_its_column_or_its_words(figure: str, cell: str, expected: bool) -> None:
    """Either the column or the words make a figure provisional."""
    assert one("figure,provisional", f"{figure},{cell}")["provisional"] is expected


def test_names_are_folded_and_vocabulary_is_read_in_any_case() -> None:
    """Spaces in names and capitals or spaces in vocabulary make no difference."""
    row = read(
        f"{HEAD},event_type,outcome\n The  town\u00a0 hall ,cafe\u0301,18,Building Collapse,Dead or missing\n"
    ).table.iloc[0]
    assert (row["event"], row["source"]) == ("The town hall", "caf\u00e9")
    assert (row["event_type"], row["outcome"]) == ("building_collapse", "dead_or_missing")


def test_ages_follow_from_the_dates_of_the_report_and_its_event() -> None:
    """Ages are in days, open where a date is coarse and unknown where one is missing."""
    text = f"{HEAD},reported_at,event_date\nA,x,18,2020-01-17,2020-01-15\nA,y,18,2020-01,\nA,z,18,,\n"
    table = read(text).table
    assert table["age_low"].tolist() == pytest.approx([2, 1 / 3, np.nan], nan_ok=True)
    assert table["age_high"].tolist() == pytest.approx([2, 16, np.nan], nan_ok=True)


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


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (f"{HEAD},reported_at,event_date\nA,x,18,2020-01-14,2020-01-15\n", "line 2: dated before their event"),
        (f"{HEAD},outcom\nA,x,18,injured\n", "column 'outcom' is not known: kept, not used; did you mean 'outcome'?"),
        (f"{HEAD},quotes\nA,x,18,Ministry\nB,Ministry,18,\n", "line 2: quotes names a source without a report"),
        (f"{HEAD},outcome\nA,x,5,strikes\n", "line 2: strikes, munitions and incidents are shown as context"),
        (f"{HEAD},scope,period_start,period_end\nA,x,5,period,2020,2020\n", "line 2: figures over a period are kept"),
        (f"{HEAD},group\nA,x,3 children,all\n", "line 2: the words are about a part"),
        (f"{HEAD}\nA,x,18\nA,x,18\n", "line 3: the same report as an earlier line"),
        (f"{HEAD}\nA,Reuters,18\nA,reuters,19\n", "'Reuters' and 'reuters' are spelt alike but for capitals"),
        (f"{HEAD},source_type\nA,x,18,un\nA,x,19,ngo\n", "source 'x' has several types: ngo, un"),
        (f"{HEAD},line\nA,x,18,7\n", "column 'line' is worked out anew"),
    ],
)
def test_what_is_odd_and_no_fault_is_noted(text: str, note: str) -> None:
    """Odd but usable tables load, with a note on the line it is about; an ordinary table has none."""
    assert any(note in one_note for one_note in read(text).notes)
    assert read(f"{HEAD}\nA,x,18\nA,y,19\n").notes == ()


def test_a_long_note_counts_the_lines_it_does_not_list() -> None:
    """A note about many rows lists the first ten lines and counts the rest."""
    reports = read(f"{HEAD},outcome\n" + "".join(f"A,s{i},5,strikes\n" for i in range(1200)))
    assert reports.notes[0].startswith("lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 1,190 more:")


# The example


def test_the_example_holds_every_statement_of_the_article() -> None:
    """The Idlib example codes the article's fifteen statements in the forms the article uses."""
    table = load_example().table
    forms = list(zip(table["event"].str.split().str[0], table["outcome"], table["wording"], table["low"], strict=True))
    assert forms == [
        ("Idlib", "killed", "at_least", 18), ("Idlib", "strikes", "exactly", 51), ("Idlib", "strikes", "at_least", 73),
        ("Idlib", "munitions", "exactly", 530), ("Idlib", "killed", "about", 21), ("Idlib", "injured", "exactly", 82),
        ("Idlib", "killed", "exactly", 1), ("Idlib", "strikes", "exactly", 10), ("Idlib", "incidents", "exactly", 26),
        ("Idlib", "killed", "not_confirmed", None), ("Idlib", "displaced", "vague", None),
        ("Idlib", "killed", "no_comment", None), ("Idlib", "displaced", "at_least", 300_000),
        ("T4", "munitions", "exactly", 4), ("T4", "killed", "none", 0),
    ]  # fmt: skip
    assert table.loc[table["provisional"], "low"].tolist() == [21]
    assert table.loc[table["subset"], "group"].tolist() == ["members"]
    assert table.loc[table["event"] == "T4 air base", "age_low"].tolist() == [1.0, 1.0]


def test_an_example_that_is_not_there_is_refused_with_those_that_are() -> None:
    """An unknown example, and a path in its place, names the examples there are."""
    with pytest.raises(EstimatesError, match=r"no example '\.\./idlib'; choose from .*idlib_2020"):
        load_example("../idlib")


@pytest.mark.parametrize("row", [{"figure": "1.000"}, {"wording": "exactly", "low": "3.000", "high": "3.000"}])
def test_three_zeros_after_a_point_may_be_thousands(row: dict[str, str]) -> None:
    """In half of the world 1.000 is a thousand: it is refused, never read as one."""
    with pytest.raises(ReportsError, match="may mean thousands"):
        read_reports([{"event": "a", "source": "b", **row}])
