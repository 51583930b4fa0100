"""A copy of a table proposes mends beside the cells and changes none of them."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from helpers.written import HEAD, read
from hypothesis import given
from hypothesis import strategies as st

from estimates.errors import EstimatesError, ReportsError
from estimates.spreadsheets import safe_cell
from estimates.table.layout import PLAIN, Layout
from estimates.table.mending.copies import Copy, copy_with_proposals


def copied(text: str, layout: Layout = PLAIN) -> Copy:
    """The copy of a table that is given as its text."""
    return copy_with_proposals(io.StringIO(text), layout)


def rows_of(copy: Copy) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(copy.content.decode("utf-8"), newline="")))


def proposed(text: str, layout: Layout = PLAIN) -> list[dict[str, str]]:
    """What is proposed in each row, by column, with why."""
    end = "_proposed"
    return [
        {column.removesuffix(end): cell for column, cell in row.items() if column.endswith(end) and cell}
        for row in rows_of(copied(text, layout))
    ]


def accepted(text: str) -> str:
    """The table with every proposal taken over."""
    lines = []
    for row in rows_of(copied(text)):
        mended = {column: cell for column, cell in row.items() if not column.endswith("_proposed")}
        new = {column.removesuffix("_proposed"): cell for column, cell in row.items() if column.endswith("_proposed")}
        new.pop("why")
        lines.append(mended | {column: cell or mended.get(column, "") for column, cell in new.items()})
    return pd.DataFrame(lines).to_csv(index=False)


# Single cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "text", "why"),
    [
        ("outcome", "kiled", "killed", "'kiled' is not an outcome, and 'killed' is spelt almost so"),
        ("source_type", "goverment", "government", "'goverment' is not a type of source"),
        ("event_type", "Air Strike", "airstrike", "'Air Strike' is not a type of event"),
        ("event_type", "mine", "landmine", "a mine that collapsed or burned is a mine_accident"),
        ("wording", "at leest", "at_least", "is not a wording"),
        ("reported_at", "15 Jan 2020", "2020-01-15", "'15 Jan 2020' in ISO 8601"),
        ("reported_at", "15/01/2020", "2020-01-15", "in ISO 8601"),
        ("event_date", "15-17 Jan 2020", "2020-01-15/2020-01-17", "in ISO 8601"),
        ("at_risk", "1.200", "1,200", "points or apostrophes for thousands"),
        ("verified", "1'200", "1,200", "points or apostrophes for thousands"),
    ],
)
def test_cells_that_are_misspelt_or_written_otherwise(column: str, cell: str, text: str, why: str) -> None:
    """Each has its proposal beside it, and why in the last column."""
    low = ",low\nA,x,," if column == "wording" else "\nA,x,18,"
    table = f"{HEAD},{column}{low}{cell}{',18' if column == 'wording' else ''}\n"
    (found,) = proposed(table)
    assert found.pop("why").startswith(f"{column}: ")
    assert found == {column: text}
    assert why in rows_of(copied(table))[0]["why_proposed"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("outcome", "Killed"),  # read as it stands
        ("source_type", "plumber"),
        ("reported_at", "2020-01-15T14:30"),
        ("reported_at", "yesterday"),
        ("event_date", "2020-01-15/2020-01-17"),
        ("at_risk", "1 200"),
        ("at_risk", "many"),
    ],
)
def test_cells_that_are_read_or_beyond_mending_have_no_proposal(column: str, cell: str) -> None:
    """Nothing is proposed for what is right, nor guessed for what is not."""
    (found,) = proposed(f"{HEAD},{column}\nA,x,18,{cell}\n")
    assert found.keys() <= {"why"}


def test_an_ambiguous_date_has_both_readings_and_no_proposal() -> None:
    """Who looks at the row is told what the date may be; with days first it is one of them."""
    table = f"{HEAD},reported_at\nA,x,18,01/02/2020\n"
    copy = copied(table)
    (row,) = rows_of(copy)
    assert "reported_at_proposed" not in row
    assert "may be 1 February or 2 January 2020" in row["why_proposed"]
    assert "2020-02-01 or 2020-01-02" in row["why_proposed"]
    assert (copy.rows, copy.undecided) == (0, 1)
    assert proposed(table, Layout(day_first=True))[0]["reported_at"] == "2020-02-01"


def test_ends_that_are_swapped() -> None:
    """Both ends are proposed in the order of their columns."""
    (found,) = proposed("event,source,low,high\nA,x,30,20\n")
    assert (found["low"], found["high"]) == ("20", "30")
    (found,) = proposed(f"{HEAD},scope,period_start,period_end\nA,x,5,period,2020-02-01,2020-01-01\n")
    assert (found["period_start"], found["period_end"]) == ("2020-01-01", "2020-02-01")
    assert proposed("event,source,low,high\nA,x,20,30\n") == [{}]


# Figures --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("1.200 killed", {"figure": "1,200 killed"}),
        ("about 1'200", {"figure": "about 1,200"}),
        ("1990-2000", {"figure": "1,990-2,000"}),
        ("21-18 dead", {"figure": "18-21 dead"}),
        ("82 injured", {"outcome": "injured"}),
        ("at least 18", {}),
        ("18 of the flock", {}),
        ("n/a", {}),
    ],
)
def test_figures_that_are_refused_with_a_plain_mend(cell: str, found: dict[str, str]) -> None:
    """What the advice says to write is proposed where it is one text; what is read, or cannot be, has no proposal."""
    (row,) = proposed(f"{HEAD},outcome\nA,x,{cell},killed\n")
    row.pop("why", None)
    assert row == found


def test_points_for_thousands_are_written_with_commas_where_they_are_declared() -> None:
    """With --thousands . the copy proposes what is read without it as well."""
    assert proposed(f"{HEAD}\nA,x,1.200\n", Layout(thousands="."))[0]["figure"] == "1,200"


def test_figures_of_a_period() -> None:
    """The scope is proposed, and the dates that the words and the day of the report give."""
    table = f"{HEAD},reported_at\nWar,x,{{}},2023-10-08\n"
    (found,) = proposed(table.format("232 killed in the past 24 hours"))
    assert (found["scope"], found["period_start"], found["period_end"]) == ("period", "2023-10-07", "2023-10-08")
    (found,) = proposed(table.format("900 killed so far this year"))
    assert (found["scope"], found["period_start"], found["period_end"]) == ("period", "2023-01-01", "2023-10-08")
    assert "period_start" not in proposed(f"{HEAD}\nWar,x,232 killed in the past 24 hours\n")[0]


# Names and several rows -----------------------------------------------------------------------------------------------


def test_names_spelt_in_several_ways() -> None:
    """The spelling of most rows is proposed for the others, and for quotes; names of other dates stay."""
    table = f"{HEAD},quotes\nIdlib,White Helmets,18,\nidlib,White Helmet,19,\nIdlib,Reuters,20,white helmets\n"
    found = proposed(table)
    assert found[0] == {}
    assert (found[1]["event"], found[1]["source"]) == ("Idlib", "White Helmets")
    assert found[2]["quotes"] == "White Helmets"
    assert (
        found[1]["why"]
        == "event: 2 rows have 'Idlib' for 'idlib'; source: 1 row has 'White Helmets' for 'White Helmet'"
    )

    dated = f"{HEAD},event_date\nMarket strike,x,18,2020-01-15\nMarket strikes,x,19,{{}}\n"
    assert proposed(dated.format("2020-01-15"))[1]["event"] == "Market strike"
    assert proposed(dated.format("2020-01-20"))[1] == {}


def test_reports_that_stand_twice() -> None:
    """A report under two names has that of the first proposed; one that repeats a line is only told of."""
    rows = "Idlib strike,A,18,2020-01-15\nIdlib market strike,A,18,2020-01-15\n"
    found = proposed(f"{HEAD},reported_at\n{rows}Idlib strike,A,18,2020-01-15\n")
    assert found[1]["event"] == "Idlib strike"
    assert "perhaps the same report as on line 2 ('Idlib strike')" in found[1]["why"]
    assert found[2] == {"why": "event: the same report as on line 2: leave one out"}


def test_increments_that_stand_as_totals() -> None:
    """Each is proposed as a figure of the days since the one before; rows at fault do not hinder it."""
    numbers = (232, 138, 190, 340, 200)
    rows = "".join(f"War,A,{number},2023-10-0{day},campaign\n" for day, number in enumerate(numbers, start=1))
    found = proposed(f"{HEAD},reported_at,event_type\n{rows}War,B,n/a,,campaign\n")
    assert [(row["scope"], row["period_start"], row["period_end"]) for row in found[:5]] == [
        ("period", f"2023-10-0{day}", f"2023-10-0{day}") for day in range(1, 6)
    ]
    assert found[5].keys() == {"why"}


def test_a_table_without_anything_to_mend() -> None:
    """It is copied with an empty column more."""
    copy = copied(f"{HEAD}\nA,x,18\nA,y,19\n")
    assert copy.content.decode() == f"{HEAD},why_proposed\nA,x,18,\nA,y,19,\n"
    assert (copy.proposals, copy.rows, copy.undecided) == ({}, 0, 0)


BAD = (
    f"{HEAD},outcome,source_type,event_type,reported_at,low,high\n"
    "Idlib,White Helmets,at least 18,kiled,rescue,air strike,15 Jan 2020,,\n"
    "idlib,Police,82 injured,killed,goverment,airstrike,2020-01-16,,\n"
    "Idlib,Office,21-18 dead,killed,health,airstrike,2020-01-16,,\n"
    "Idlib,UN,,killed,un,airstrike,2020-01-16,30,20\n"
    "War,Ministry,232 killed in the past 24 hours,killed,health,campaign,2023-10-08,,\n"
)


def test_a_table_of_which_all_proposals_are_accepted_is_read() -> None:
    """Five rows with a fault each are read once the proposals are taken over, and propose nothing more."""
    with pytest.raises(ReportsError) as refused:
        read(BAD)
    assert len(refused.value.faults) == 7
    mended = accepted(BAD)
    assert len(read(mended)) == 5
    assert all(row.keys() <= {"why"} for row in proposed(mended))


# What stays -----------------------------------------------------------------------------------------------------------

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_originals_stay_to_the_last_character(rows: list[list[str]]) -> None:
    """Whatever the cells hold, the columns of the table stand in the copy, made safe only, and the copy has its rows."""
    header = ["event", "source", "figure", "outcome", "my own notes"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    try:
        found = rows_of(copied(text.getvalue()))
    except ReportsError:
        assert not filled or all(not any(cell.strip() for cell in row) for row in filled)
        return
    assert [[row[name] for name in header] for row in found] == [[safe_cell(cell) for cell in row] for row in filled]


def test_columns_of_the_file_keep_their_names_and_their_place() -> None:
    """Under a layout the proposals bear the names of the file, each beside its column; new columns come last."""
    table = "wo,Vorfall,Quelle,Zahl,Datum\nx,A,White Helmets,232 killed in the past 24 hours,8 Oct 2023\n"
    layout = Layout(columns={"Vorfall": "event", "Quelle": "source", "Zahl": "figure", "Datum": "reported_at"})
    header = copied(table, layout).content.decode().split("\n")[0]
    assert header == (
        "wo,Vorfall,Quelle,Zahl,Datum,Datum_proposed,scope_proposed,period_start_proposed,period_end_proposed,"
        "why_proposed"
    )
    (row,) = rows_of(copied(table, layout))
    assert (row["Datum"], row["Datum_proposed"], row["wo"]) == ("8 Oct 2023", "2023-10-08", "x")


def test_frames_and_dicts_are_copied_as_text() -> None:
    """Numbers of a frame are written as they are read."""
    frame = pd.DataFrame({"event": ["A"], "source": ["x"], "figure": [18.0], "outcome": ["kiled"]})
    assert copy_with_proposals(frame, PLAIN).content.decode() == (
        "event,source,figure,outcome,outcome_proposed,why_proposed\n"
        "A,x,18,kiled,killed,\"outcome: 'kiled' is not an outcome, and 'killed' is spelt almost so\"\n"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the file is empty"),
        ("incident,agency\nA,x\n", "there is no column 'event'"),
        (f"{HEAD},figure_proposed\nA,x,18,19\n", "holds proposals of an earlier copy"),
        (f"{HEAD},why_proposed\nA,x,18,\n", "holds proposals of an earlier copy"),
    ],
)
def test_what_cannot_be_copied_says_why(text: str, why: str) -> None:
    """A table that cannot be read at all, or that holds proposals already, is refused."""
    with pytest.raises(EstimatesError, match=why):
        copied(text)


def test_wide_tables_are_not_copied() -> None:
    """Proposals stand beside one figure a row."""
    with pytest.raises(EstimatesError, match="one figure a row"):
        copied("event,A,B\nx,18,19\n", Layout(wide=True))


def test_a_copy_holds_no_nul() -> None:
    """A NUL that JSON or a frame had in a cell is left out, since a file with one is taken for a damaged one."""
    frame = pd.DataFrame({"event": ["A\0B"], "source": ["x"], "figure": [18], "remark": ["\0"]})
    content = copy_with_proposals(frame, PLAIN).content
    assert b"\0" not in content
    assert read(content.decode()).table["event"].tolist() == ["AB"]
