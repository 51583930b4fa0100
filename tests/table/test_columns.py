"""What the columns of a table mean."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from helpers.written import HEAD, one, read

from estimates.errors import ReportsError
from estimates.table.reports import TABLE_COLUMNS, read_reports


def test_the_table_has_its_columns_and_their_types() -> None:
    """Each column is there, in order, of its type; an unknown one stands at the end as it was given."""
    reports = read(f"{HEAD},weather\nA,x,dozens,rain\nA,y,18,\n")
    table = reports.table
    assert tuple(table.columns) == (*TABLE_COLUMNS, "weather")
    assert table[["line", "age_low", "age_high", "subset", "provisional"]].dtypes.map(str).tolist() == [
        "int64", "float64", "float64", "bool", "bool",
    ]  # fmt: skip
    assert set(table[["withdrawn", "chosen", "copies_removed"]].dtypes.map(str)) == {"bool"}

    assert type(table["low"].iloc[1]) is int
    assert table["weather"].tolist() == ["rain", None]
    assert reports.unknown_columns == ("weather",)


def test_an_empty_optional_cell_takes_the_default_or_is_none() -> None:
    """A row of an event, a source and a word has the defaults of the vocabulary and nothing else."""
    row = read(f"{HEAD}\nA,x,dozens\n").table.iloc[0].to_dict()
    assert (row["line"], row["low"], row["high"], row["word"]) == (2, None, None, "dozens")
    assert (row["outcome"], row["source_type"], row["event_type"]) == ("killed", "unknown", "unknown")
    assert (row["scope"], row["affiliation"], row["group"], row["subset"]) == ("event", "neutral", "all", False)

    assert (row["withdrawn"], row["chosen"], row["copies_removed"]) == (False, False, False)

    empty = (
        "population",
        "definition",
        "at_risk",
        "reported_at",
        "event_date",
        "place",
        "quotes",
        "verified",
        "url",
        "note",
        "period_start",
    )
    assert [row[column] for column in empty] == [None] * len(empty)
    assert np.isnan(row["age_low"])


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
        ("wording,low,high", ",0,0", ("none", 0, 0, "0")),
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


def test_words_of_a_period_are_read_where_the_scope_is_a_period() -> None:
    """What the fault of such words asks for mends it, beside codes and without them."""
    words = "32 people killed in the past 24 hours"
    with pytest.raises(ReportsError, match="write 'period' in the column scope"):
        read(f"{HEAD}\nA,x,{words}\n")

    head = f"{HEAD},scope,period_start,period_end,low,high"
    reports = read(
        f"{head}\nA,x,{words},period,2020-01-14,2020-01-15,,\nA,x,{words},period,2020-01-14,2020-01-15,31,31\n"
    )
    assert list(reports.table["low"]) == [32, 31]
    assert any(note.startswith("line 3: words and coded columns disagree") for note in reports.notes)


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


@pytest.mark.parametrize("column", ["withdrawn", "chosen", "copies_removed"])
@pytest.mark.parametrize(
    ("cell", "expected"),
    [("yes", True), ("TRUE", True), ("1", True), ("1.0", True), ("", False), ("No", False), ("f", False)],
)
def test_what_holds_or_not_is_read_in_any_spelling(column: str, cell: str, expected: bool) -> None:
    """Yes and no are read as people and spreadsheets write them; an empty cell is a no."""
    assert one(f"figure,{column}", f"18,{cell}")[column] is expected


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("population", " the  residents ", "the residents"),
        ("population", "ALL", None),
        ("definition", "Excess", "excess"),
        ("definition", "IDENTIFIED", "identified"),
        ("at_risk", "1", 1),
        ("at risk", '"1,200"', 1200),
        ("At-Risk", "189.0", 189),
    ],
)
def test_whom_a_figure_counts_and_how_many_were_there(column: str, cell: str, expected: object) -> None:
    """A population is free text, a definition one of five words, and those at risk a whole number of at least one."""
    assert one(f"figure,{column}", f"18,{cell}")[column.lower().replace(" ", "_").replace("-", "_")] == expected


@pytest.mark.parametrize("cell", ["mine", " MINE "])
def test_a_mine_is_a_landmine_and_the_note_says_so_once(cell: str) -> None:
    """The old type of event is read as landmine, with one note for the table that names the type of mines that fall in."""
    reports = read(f"{HEAD},event_type\nA,x,18,{cell}\nA,y,18,\nB,x,5,mine\nC,x,5,mine_accident\nD,x,5,landmine\n")
    assert reports.table["event_type"].tolist() == ["landmine"] * 3 + ["mine_accident", "landmine"]
    (note,) = [note for note in reports.notes if "mine" in note]
    assert note.startswith("lines 2, 4: event_type 'mine' is read as 'landmine'")
    assert "mine_accident" in note
    assert read_reports(reports.table).table["event_type"].tolist() == reports.table["event_type"].tolist()


@pytest.mark.parametrize("kind", ["landmine", "mine_accident", "aircraft", "train", "epidemic", "heat"])
def test_the_types_of_event_that_were_added_are_read(kind: str) -> None:
    """Each of them is a type of event; none has a note."""
    reports = read(f"{HEAD},event_type\nA,x,18,{kind}\n")
    assert (reports.table["event_type"].tolist(), reports.notes) == ([kind], ())


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
