"""Tables in the columns of others: what is mapped is read as meant, and what is not is told with the exact mapping."""

from __future__ import annotations

import io
import re
import shlex
from itertools import pairwise

import pandas as pd
import pytest
from helpers.workbooks import xlsx
from helpers.written import HEAD, read
from hypothesis import given
from hypothesis import strategies as st

from estimates import estimate
from estimates.errors import EstimatesError
from estimates.table.layout import map_option, mapped
from estimates.table.reports import Reports, read_reports


def layout(text: str, **asked: object) -> Reports:
    """Read a table in another layout."""
    return read_reports(io.StringIO(text), **asked)  # type: ignore[arg-type]


def wrong(text: str, **asked: object) -> list[tuple[int | None, str | None, str]]:
    """Line, column and message of each fault of a table in another layout."""
    with pytest.raises(EstimatesError) as caught:
        layout(text, **asked)
    return [(fault.line, fault.column, f"{fault.what}; {fault.mend}") for fault in caught.value.faults]  # type: ignore[attr-defined]


def options_told(text: str, **asked: object) -> str:
    """The options that the faults of a table tell to read it with."""
    told = [re.search(r"read it with (.*) \(in Python", message) for _, _, message in wrong(text, **asked)]
    return next(found[1] for found in told if found)


def as_told(text: str) -> Reports:
    """The table, read with the options that its faults tell."""
    words = shlex.split(options_told(text))
    columns, values = mapped([word for before, word in pairwise(words) if before == "--map"])
    return layout(text, columns=columns, values=values, wide="--wide" in words)


# ------------------------------------------------------------------------------------------------------------- columns

NAMED = {"incident": "event", "Reported by": "source", "dead": "figure"}
TEXT = "incident,Reported by,dead\nIdlib,A,18\nIdlib,B,oops\n"


def test_columns_are_read_as_what_they_are_mapped_to() -> None:
    """A mapped table says what the same table says in our columns; names are compared without capitals and spaces."""
    good = TEXT.replace("oops", "at least 21")
    expected = read(f"{HEAD}\nIdlib,A,18\nIdlib,B,at least 21\n").data_hash
    assert layout(good, columns=NAMED).data_hash == expected
    assert layout(good, columns={"Incident": "event", "reported_by": "source", "DEAD ": "figure"}).data_hash == expected
    assert read_reports(pd.read_csv(io.StringIO(good)), columns=NAMED).data_hash == expected


def test_faults_bear_the_names_of_the_file() -> None:
    """Whoever looks for a fault finds the column where the file has it."""
    ((line, column, _),) = wrong(TEXT, columns=NAMED)
    assert (line, column) == (3, "dead")


def test_a_column_that_is_left_out_is_gone() -> None:
    """None leaves out a column whose name would mean something here."""
    text = "event,source,figure,low\nIdlib,A,18,of note\n"
    assert wrong(text)[0][:2] == (2, "low")
    assert "low" not in layout(text, columns={"low": None}).unknown_columns


def test_columns_can_change_places() -> None:
    """A column with one of our names may be given another one of them."""
    text = "event,code,source,figure\nstrike on a market,E1,A,18\n"
    table = layout(text, columns={"event": "note", "code": "event"}).table
    assert table[["event", "note"]].values.tolist() == [["E1", "strike on a market"]]


def test_what_is_wrong_with_a_mapping_is_told() -> None:
    """A column that is not there, two for one meaning, and a meaning that does not exist."""
    ((_, _, missing),) = wrong(TEXT, columns={**NAMED, "reporter": "source_type"})
    assert "there is no column 'reporter' that could be read as 'source_type'; did you mean 'Reported by'?" in missing
    (twice,) = wrong("event,name,source,figure\nx,Idlib,A,18\n", columns={"name": "event"})
    assert "--map event=" in twice[2]
    with pytest.raises(EstimatesError, match="is to be read as 'evnt', which is no column; did you mean 'event'"):
        layout(TEXT, columns={"incident": "evnt"})
    with pytest.raises(TypeError, match="read already"):
        read_reports(read(f"{HEAD}\nIdlib,A,18\n"), columns=NAMED)


# -------------------------------------------------------------------------------------------------------------- values

CLAIMS = (
    "event,source,quantity,bound,value_low,value,value_high\n"
    "Idlib,A,killed,exact,18,18,18\nIdlib,B,killed,at_least,21,,\nIdlib,C,killed,approx,,20,\n"
    "Idlib,D,Injured,range,80,,90\nIdlib,E,killed,at_most,,,30\nIdlib,F,tanks,exact,3,3,3\nIdlib,G,jets,exact,1,1,1\n"
    "Idlib,H,killed,exact,,0,\n"
)
FIELDS = {"quantity": "outcome", "bound": "wording", "value_low": "low", "value": "figure", "value_high": "high"}
BOUNDS = {"exact": "exactly", "approx": "about"}


def test_values_are_read_as_what_they_are_mapped_to_and_rows_left_out_are_counted() -> None:
    """Bounds become wordings; tanks and jets leave their rows out, which a note says; nothing else is touched."""
    found = layout(CLAIMS, columns=FIELDS, values={"bound": BOUNDS, "outcome": {"tanks": None, "jets": None}})
    table = found.table
    assert table["line"].tolist() == [2, 3, 4, 5, 6, 9]
    assert table["wording"].tolist() == ["exactly", "at_least", "about", "range", "at_most", "none"]
    assert table[["low", "high"]].astype(object).where(table[["low", "high"]].notna(), None).values.tolist() == [
        [18, 18], [21, None], [20, 20], [80, 90], [None, 30], [0, 0],
    ]  # fmt: skip
    assert "2 rows are left out, as asked: outcome 'tanks' (1), outcome 'jets' (1)" in found.notes


def test_a_star_stands_for_all_values_that_are_neither_named_nor_ours() -> None:
    """What means something here stays, whatever else is left out."""
    found = layout(CLAIMS, columns=FIELDS, values={"bound": BOUNDS, "quantity": {"*": None}})
    assert found.table["outcome"].value_counts().to_dict() == {"killed": 5, "injured": 1}


def test_values_without_a_meaning_are_told_together() -> None:
    """One fault names them all, with how often each stands and how to map it or leave it out."""
    first = wrong(CLAIMS, columns=FIELDS, values={"bound": BOUNDS})[0]
    assert first[:2] == (None, "quantity")
    assert "'tanks' (1), 'jets' (1)" in first[2]
    assert "--map quantity:tanks=" in first[2]
    assert "--map 'quantity:*='" in first[2]


def test_empty_cells_are_filled_also_of_a_column_that_is_not_there() -> None:
    """One source for all rows, or the usual outcome where none is written."""
    text = "event,figure,outcome\nIdlib,18,\nIdlib,82,injured\n"
    table = layout(text, values={"source": {"": "Ministry"}, "outcome": {"": "casualties"}}).table
    assert table["source"].tolist() == ["Ministry", "Ministry"]
    assert table["outcome"].tolist() == ["casualties", "injured"]


def test_rows_can_be_left_out_by_a_column_that_is_not_ours() -> None:
    """A column that says what a row is, such as a daily or a running figure, may part the table."""
    text = f"{HEAD},kind\nIdlib,A,18,running\nIdlib,A,3,daily\n"
    assert layout(text, values={"kind": {"daily": None}}).table["low"].tolist() == [18]


def test_values_that_occur_nowhere_or_of_no_column_are_told() -> None:
    """A slip of the pen in a mapping does not pass in silence; nor does a mapping that leaves nothing."""
    text = f"{HEAD},kind\nIdlib,A,18,running\n"
    assert "values of 'kind' that occur nowhere: 'dayly'" in layout(text, values={"kind": {"dayly": None}}).notes
    assert "did you mean 'kind'?" in wrong(text, values={"kin": {"x": None}})[0][2]
    assert "no row is left" in wrong(text, values={"kind": {"running": None}})[0][2]


# ---------------------------------------------------------------------------------------------------------------- wide

WIDE = "event,date,Agency A,Agency B,Monitor\nMarket,2020-01-15,18,at least 15,\nBridge,2020-01-16,-,,3\n"


def test_a_column_per_source_becomes_a_row_per_figure() -> None:
    """Empty cells are no reports; what stands beside holds for all figures of the row; lines stay."""
    found = layout(WIDE, columns={"date": "event_date"}, wide=True)
    table = found.table
    assert table[["line", "event", "source", "words", "event_date"]].values.tolist() == [
        [2, "Market", "Agency A", "18", "2020-01-15"], [2, "Market", "Agency B", "at least 15", "2020-01-15"],
        [3, "Bridge", "Monitor", "3", "2020-01-16"],
    ]  # fmt: skip
    assert found.notes == ()


def test_sources_may_be_named_and_others_are_kept() -> None:
    """With a list of columns, the rest is no source."""
    found = layout(WIDE, wide=["Agency A", "Monitor"])
    assert found.table["source"].tolist() == ["Agency A", "Monitor"]
    assert set(found.unknown_columns) == {"date", "Agency B"}


def test_a_fault_of_a_wide_table_is_told_by_the_column_of_its_source() -> None:
    """Two figures of one line are told apart by their columns."""
    text = WIDE.replace("18", "many").replace(",3\n", ",-3\n")
    found = wrong(text, columns={"date": "event_date"}, wide=True)
    assert [(line, column) for line, column, _ in found] == [(2, "Agency A"), (3, "Monitor")]


def test_a_column_that_is_hardly_a_source_is_asked_about() -> None:
    """A date among the sources is no agency: the exact mapping is told, and so is how to leave the column out."""
    ((_, column, message),) = wrong(WIDE, wide=True)
    assert column == "date"
    assert "--map date=event_date" in message
    assert "--map date=" in message
    assert "a column 'source' besides" in wrong("event,source,A\nIdlib,x,18\n", wide=True)[0][2]


def test_a_day_is_no_source() -> None:
    """In a table with a column per day no figure is given to a source called 2020-01-16."""
    text = "event,2020-01-15,16 Jan 2020\nIdlib,18,21\n"
    assert [column for _, column, _ in wrong(text, wide=True)] == ["2020-01-15", "16 Jan 2020"]


def test_names_of_sources_can_be_mapped_in_a_wide_table() -> None:
    """A column's heading is a value of the source."""
    asked = {"columns": {"date": "event_date"}, "wide": True, "values": {"source": {"Agency A": "AFP"}}}
    assert layout(WIDE, **asked).table["source"].tolist() == ["AFP", "Agency B", "Monitor"]


def test_figures_of_one_line_count_apart() -> None:
    """A wide table is estimated as the same reports one a line: rows of one line are never taken for one another."""
    wide = "event,event_date,reported_at,A,B\nX,2020-01-01,2020-01-01,10,\nX,2020-01-01,2020-01-02,30,12\n"
    long = (
        "event,event_date,reported_at,source,figure\nX,2020-01-01,2020-01-01,A,10\n"
        "X,2020-01-01,2020-01-02,A,30\nX,2020-01-01,2020-01-02,B,12\n"
    )
    one, other = estimate(layout(wide, wide=True), profile="published"), estimate(layout(long), profile="published")
    pd.testing.assert_frame_equal(one.ranges(), other.ranges())


# ------------------------------------------------------------------------------------------- outcomes side by side, best


def test_columns_of_outcomes_become_a_row_each() -> None:
    """Killed and injured side by side are two figures of one source; a zero of the one does not hide the other."""
    text = "event,source,dead,wounded\nIdlib,A,18,82\nIdlib,B,21,\nIdlib,C,3,0\n"
    found = layout(text, columns={"dead": "killed", "wounded": "injured"})
    assert found.table[["line", "source", "outcome", "low"]].values.tolist() == [
        [2, "A", "killed", 18], [2, "A", "injured", 82], [3, "B", "killed", 21], [4, "C", "killed", 3],
        [4, "C", "injured", 0],
    ]  # fmt: skip
    assert wrong(text.replace("82", "x"), columns={"dead": "killed", "wounded": "injured"})[0][:2] == (2, "wounded")
    killed = estimate(found, profile="published").ranges().query("outcome == 'killed'")
    assert killed[["reported_low", "reported_high"]].iloc[0].tolist() == [3, 21]


BEST = "event,source,low,best,high,wording\nA,coders,10,12,15,\nB,coders,8,8,8,\nC,coders,0,0,4,\nD,coders,5,,9,\nE,coders,3,4,,at_least\n"


def test_best_is_the_figure_and_its_ends_are_kept_beside_it() -> None:
    """The best figure is never dropped in silence; without one the ends are a range; a wording is obeyed."""
    found = layout(BEST.replace("E,coders,3,4,,at_least\n", "E,coders,3,,,at_least\n"))
    assert found.table["wording"].tolist() == ["exactly", "exactly", "none", "range", "at_least"]
    assert found.table["low"].tolist() == [12, 8, 0, 5, 3]
    assert found.table["best_low"].tolist() == ["10", "8", "0", None, None]
    assert found.table["best_high"].tolist() == ["15", "8", "4", None, None]
    assert "lines 2, 4: 'best' is the figure; 'low' and 'high' of the same coder are kept" in " ".join(found.notes)


def test_a_best_figure_outside_its_ends_is_a_fault() -> None:
    """Three numbers that contradict one another are not read."""
    ((line, column, message),) = wrong("event,source,low,best,high\nA,coders,10,20,15\n")
    assert (line, column) == (2, "best")
    assert "best 20 does not lie between low '10' and high '15'" in message


def test_best_by_another_name() -> None:
    """What coders call their best figure is mapped, and keeps its name in notes and faults."""
    text = "event,source,deaths_low,deaths_best,deaths_high\nA,coders,10,12,15\n"
    found = layout(text, columns={"deaths_low": "low", "deaths_best": "best", "deaths_high": "high"})
    assert found.table["words"].tolist() == ["12"]
    assert "'deaths_best' is the figure; 'deaths_low' and 'deaths_high'" in " ".join(found.notes)


# ------------------------------------------------------------------------------------------------------- what is told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT.replace("oops", "21"), ["18", "21"]),
        (WIDE, ["18", "at least 15", "3"]),
        ("incident_id;date;agency;deaths\n7;15/01/2020;A;18\n", ["18"]),
        ("event_name,source,killed,injured\nIdlib,A,18,82\n", ["18", "82"]),
        ("incident_name,source_name,value_low,value_high\nIdlib,A,18,21\n", ["18-21"]),
        (CLAIMS.replace("tanks", "deaths").replace("jets", "fatalities").replace("event,", "id,"), None),
        ("id,low,best,high\n101,10,12,15\n", ["12"]),
        ("evnt,sorce,figur\nIdlib,A,18\n", ["18"]),
        ("Event: name,agency,dead\nIdlib,A,18\n", ["18"]),
        ("Event,Reuters,AFP\nIdlib,dozens,at least twenty\n", ["dozens", "at least twenty"]),
        ("incident,org,no_dead\nIdlib,A,18\n", ["18"]),
    ],
)
def test_the_options_that_are_told_read_the_table(text: str, words: list[str] | None) -> None:
    """What the message says to type is enough."""
    try:
        found = as_told(text)
    except StopIteration:
        pytest.fail(str(wrong(text)))
    assert words is None or found.table["words"].tolist() == words


@pytest.mark.parametrize("title", ["Dead in Idlib", "Dead in Idlib,,"])
def test_a_title_above_a_header_of_others_is_told(title: str) -> None:
    """Advice speaks of the line on which the names of the field stand, and not of cells that are too many."""
    told = [message for _, _, message in wrong(f"{title}\n\nincident,agency,dead\nIdlib,A,18\n")]
    assert "the header seems to stand on line 3; leave out what is above it" in told
    book = xlsx({"Data": [["Dead in Idlib"], [], ["incident", "agency", "dead"], ["Idlib", "A", 18]]})
    with pytest.raises(EstimatesError, match="--map incident=event --map dead=figure --map agency=source"):
        read_reports(io.BytesIO(book))


def test_a_number_names_no_event_unless_it_is_mapped() -> None:
    """A column id is not taken for the event's name; the exact mapping is told, in Python as well."""
    ((_, _, event), (_, _, told)) = wrong("id,source,figure\n7,A,18\n")
    assert "is 'id' meant? call it 'event'" in event
    assert "--map id=event (in Python: columns={'id': 'event'})" in told


def test_a_name_that_stands_for_several_events_is_not_suggested() -> None:
    """Where one name goes with two numbers the number tells events apart; else the name, which people can read."""
    head = "event_id,event_name,source,figure\n"
    assert "event_id=event" in options_told(f"{head}1,Clash,A,18\n2,Clash,A,3\n")
    assert "event_name=event" in options_told(f"{head}1,Clash,A,18\n1,Clash,B,3\n2,Fire,A,9\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("event,source,civilians_killed,soldiers_killed\nIdlib,A,3,4\n", "seem to be figures of groups"),
        ("event,2020-01-15,16 Jan 2020\nIdlib,3,4\n", "are headed by days: write one row per report"),
        ("date,location,killed,source\n2020-01-15,X,3,A\n", "--map COLUMN=event"),
        ("event,date,killed\nIdlib,2020-01-15,3\n", "one source for all rows is named so: --map source:=NAME"),
    ],
)
def test_what_cannot_be_mapped_is_told(text: str, message: str) -> None:
    """Groups or days side by side, and tables without an event or a source, are told for what they are."""
    assert any(message in told for _, _, told in wrong(text))


def test_a_known_name_of_the_field_is_told_for_a_column_that_is_not_used() -> None:
    """A table that can be read says what else it could be read for."""
    notes = read(f"{HEAD},date_start,weather\nIdlib,A,18,2020-01-15,x\n").notes
    assert "column 'date_start' is not known: kept, not used; --map date_start=event_date reads it" in notes
    assert "column 'weather' is not known: kept, not used" in notes


# ------------------------------------------------------------------------------------------------ on the command line


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8),
    st.sampled_from(["event", "figure", "note"]),
    st.none() | st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8),
)
def test_a_mapping_that_is_written_is_read(column: str, ours: str, value: str | None) -> None:
    """Colons, equals signs, backslashes and quotes of names come back from the shell as they were."""
    option, written = shlex.split(map_option(column, ours, value))
    assert option == "--map"
    columns, values = mapped([written])
    assert (columns, values) == (({column: ours}, {}) if value is None else ({}, {column: {value: ours}}))


def test_mappings_are_read_as_they_are_documented() -> None:
    """Each kind of mapping of the documentation."""
    columns, values = mapped(
        ["incident=event", "remarks=", "bound:approx=about", "quantity:tanks=", "source:=Ministry", r"a\:b=note"]
    )
    assert columns == {"incident": "event", "remarks": None, "a:b": "note"}
    assert values == {"bound": {"approx": "about"}, "quantity": {"tanks": None}, "source": {"": "Ministry"}}


@pytest.mark.parametrize("written", [["incident"], ["=event"], [":=x"], ["a=event", "a=source"], ["b:x=1", "b:x="]])
def test_what_is_no_mapping_is_told(written: list[str]) -> None:
    """So are two mappings that contradict each other."""
    with pytest.raises(EstimatesError, match="--map"):
        mapped(written)


def test_a_layout_works_in_every_form_of_file() -> None:
    """A mapped workbook and a mapped text say the same."""
    rows = [["incident", "Reported by", "dead"], ["Idlib", "A", 18]]
    book = read_reports(io.BytesIO(xlsx({"Data": rows})), columns=NAMED)
    assert book.data_hash == layout("incident\tReported by\tdead\nIdlib\tA\t18\n", columns=NAMED).data_hash
