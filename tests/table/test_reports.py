"""Tables of reports: what loads, from where, and when two tables are the same."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.timing import growth_of_time
from helpers.written import HEAD, read
from hypothesis import given
from hypothesis import strategies as st

from estimates.table import figures
from estimates.table.example import load_example
from estimates.table.reports import TABLE_COLUMNS, Reports, read_reports
from estimates.vocabulary import COLUMNS
from estimates.wording.figure import Figure, parse_figure

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


@pytest.mark.parametrize("figure", [2014, 2014.0, "2014", "2,014", "2014.0", "2 014", "2\u202f014"], ids=repr)
def test_a_cell_that_is_a_number_is_a_count_and_never_a_year(figure: object) -> None:
    """Whether a frame or a text holds it, and however its thousands are parted: 2014 alone is a count, and the same."""
    row = {"event": "A", "source": "x"}
    reports = read_reports([{**row, "figure": figure}])
    assert reports.table[["wording", "low", "high"]].values.tolist() == [["exactly", 2014, 2014]]
    assert reports.data_hash == read_reports([{**row, "figure": 2014}]).data_hash
    assert reports.reports[0].is_bare_number


def test_a_hash_differs_where_what_is_said_differs() -> None:
    """Another number, wording, source or group is another hash; so is one report given twice."""
    texts = ["A,x,18,", "A,x,19,", "A,x,at least 18,", "A,y,18,", "A,x,18,women", "A,x,18,\nA,x,18,"]
    assert len({read(f"{HEAD},group\n{text}\n").data_hash for text in texts}) == len(texts)


def test_tables_keep_the_hash_they_had() -> None:
    """Columns that were added later change no hash where they are empty or say the default: this one was written down."""
    assert load_example().data_hash == "b66f2b86ee00a01926aa7440cbaca23bd8542b749f38e7119bd22329b361a21b"
    plain = read(f"{HEAD}\nA,x,18\n").data_hash
    later = "withdrawn,chosen,copies_removed,population,definition,at_risk"
    assert read(f"{HEAD},{later}\nA,x,18,no,n,false,all,,\n").data_hash == plain


def test_what_the_later_columns_say_is_part_of_the_hash() -> None:
    """Each of them, and in which of them a word stands, makes another hash."""
    cells = {"withdrawn": "yes", "chosen": "yes", "copies_removed": "yes", "definition": "excess", "at_risk": "300"}
    said = [*cells.items(), ("population", "excess"), ("population", "300"), ("at_risk", "301")]
    hashes = {read(f"{HEAD},{column}\nA,x,18,{cell}\n").data_hash for column, cell in said}
    assert len(hashes | {read(f"{HEAD}\nA,x,18\n").data_hash}) == len(said) + 1


LATER = {
    "withdrawn": ["yes", "no", ""], "population": ["residents", ""], "definition": ["", "excess", "direct"],
    "wording": ["", "named"], "outcome": ["killed", "injured"], "chosen": ["", "yes"], "at_risk": ["", "5000"],
    "verified": ["", "300"], "figure": ["18", "60"],
}  # fmt: skip


@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in LATER.items()}), min_size=1))
def test_what_was_read_reads_the_same_again(rows: list[dict[str, str]]) -> None:
    """Whatever the later columns say, table and hash are the same on a second reading, and no case mixes definitions."""
    reports = read_reports([{"event": "A", "source": "x", "copies_removed": "yes", **row} for row in rows])
    again = read_reports(reports.table)
    assert again.data_hash == reports.data_hash
    assert again.table.drop(columns="line").equals(reports.table.drop(columns="line"))

    figures = reports.table[reports.table["wording"] != "named"].fillna({"definition": "none given"})
    assert set(figures.groupby(["event", "outcome"])["definition"].nunique()) <= {1}


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


def large_table(count: int) -> Reports:
    """Read a table of so many rows, with four hundred different figures in it."""
    rows = [f"event {i // 3},source {i % 99},at least {i % 400 + 1},2020-01-{i % 28 + 1:02}" for i in range(count)]
    return read("event,source,figure,reported_at\n" + "\n".join(rows))


def test_a_hundred_thousand_rows_are_read_by_understanding_every_different_figure_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A large table is read whole, and its figures are parsed once for each way they are worded."""
    parsed: list[str] = []

    def counting(words: str, outcome: str, *, scope: str) -> Figure:
        parsed.append(words)
        return parse_figure(words, outcome, scope=scope)

    monkeypatch.setattr(figures, "parse_figure", counting)
    reports = large_table(100_000)
    assert sorted(parsed) == sorted(f"at least {number}" for number in range(1, 401))
    assert reports.table["low"].tolist() == [i % 400 + 1 for i in range(100_000)]


def test_the_time_to_read_a_table_is_linear_in_its_rows() -> None:
    """Four times as many rows take about four times as long, and not sixteen times."""
    assert growth_of_time(large_table, 5_000) < 8


NASTY = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "مستشفى إدلب", 'O\'Brien & "Sons"', "\u202eabc", "🏥"]


@pytest.mark.parametrize("name", NASTY)
def test_any_text_may_be_a_name_and_is_escaped_where_it_is_shown(name: str) -> None:
    """Scripts, formulas and right-to-left names load unchanged and reach a notebook as text."""
    reports = read_reports([{"event": name, "source": name, "figure": "18", "note": name}])
    row = reports.table.iloc[0]
    assert (row["event"], row["source"], row["note"]) == (name, name, name)
    assert "<script" not in reports._repr_html_()


def test_the_table_is_a_copy() -> None:
    """Changing the table one was handed leaves the reports as they were."""
    reports = read(f"{HEAD}\nA,x,18\n")
    table = reports.table
    table.loc[0, "event"] = "B"
    table["low"] = 99
    assert (reports.table.loc[0, "event"], reports.table.loc[0, "low"]) == ("A", 18)
