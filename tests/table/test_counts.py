"""Numbers in cells: which digits are a count, which are refused, and which say that there is none."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from helpers.written import HEAD, faults, read
from hypothesis import given
from hypothesis import strategies as st

from estimates.table.counts import bare_count, count, toll, with_commas
from estimates.table.faults import Wrong
from estimates.table.reports import read_reports
from estimates.wording.figure import says_nothing

counts = st.integers(0, 1_000_000_000)
SPACES = st.sampled_from([" ", "\u00a0", "\u2007", "\u2009", "\u202f"])


@given(counts, SPACES)
def test_every_way_to_part_thousands_but_one_point_is_without_doubt(number: int, space: str) -> None:
    """Digits alone, commas, spaces of any width and several points give the number that Python formats so."""
    written = {str(number), f"{number:,}", f"{number:,}".replace(",", space)}
    if number >= 1_000_000:
        written.add(f"{number:,}".replace(",", "."))
    for text in written:
        assert count(text) == number
        assert bare_count(text) is not None
        assert (bare_count(text) or ())[0] == number


@given(st.integers(1_000, 999_999))
def test_a_point_before_three_digits_is_ambiguous_unless_it_is_declared(number: int) -> None:
    """1.200 is refused with both ways out; where points part thousands it is 1,200, alone and in words."""
    pointed = f"{number:,}".replace(",", ".")
    for read_cell in (count, bare_count, toll):
        with pytest.raises(Wrong, match="may mean thousands or a fraction") as caught:
            read_cell(pointed)
        assert f"{number:,}" in caught.value.mend
        assert '--thousands . (thousands=".")' in caught.value.mend

    assert with_commas(f"at least {pointed} killed, {pointed}-{pointed}.") == (
        f"at least {number:,} killed, {number:,}-{number:,}."
    )


def test_noughts_after_a_point_are_ambiguous_in_threes_alone() -> None:
    """A spreadsheet's 1000.0 is a thousand; with three noughts it may have been written for a million."""
    assert [count(text) for text in ("1000.0", "1000.00", "1000.0000")] == [1000] * 3
    with pytest.raises(Wrong, match="may mean thousands or a fraction"):
        count("1000.000")


@given(st.floats(0.001, 1e6).filter(lambda value: not value.is_integer()))
def test_a_fraction_is_no_count_however_it_is_declared(value: float) -> None:
    """A number that is not whole is a fault in a frame and in text, never thousands."""
    row = {"event": "A", "source": "x", "figure": value}
    for thousands in (",", "."):
        with pytest.raises(Exception, match="is a fraction"):
            read_reports([row], thousands=thousands)


@pytest.mark.parametrize("text", ["6.4-magnitude", "on 15.01.2020", "18, 19", "killed 18.", "1.2 million", "v1.200a"])
def test_what_is_no_number_with_thousands_stays_where_points_part_them(text: str) -> None:
    """Measures, dates and numbers in a row are left to the reader of words."""
    assert with_commas(text) == text


@pytest.mark.parametrize("text", ["1,5", "1,200", "1.200,5", "killed 1,200", "18,19"])
def test_a_comma_in_a_number_is_refused_where_points_part_thousands(text: str) -> None:
    """Then a comma is a fraction, or the table is written in two ways."""
    with pytest.raises(Wrong, match="points part thousands"):
        with_commas(text)


@pytest.mark.parametrize("text", ["18 21", "1 20", "12345 678", "1 200,5", "1 200 killed", "018", "0,200", "x"])
def test_other_digits_and_words_are_left_to_the_reader_of_words(text: str) -> None:
    """Only whole numbers in plain digits, alone in their cell, are counts at once."""
    assert bare_count(text) is None


def test_figures_counts_and_tolls_take_the_declared_points() -> None:
    """All columns of numbers are read with them, words around the number or not; the hash is that of the commas."""
    head = "event,source,figure,low,high,wording,at_risk,verified\n"
    pointed = f"{head}A,x,1.200,,,,9.000,1.100-1.300\nA,y,at least 1.300 killed,,,,,\nA,z,,1.400,1.500,range,,\n"
    plain = f'{head}A,x,1200,,,,9000,1100-1300\nA,y,"at least 1,300 killed",,,,,\nA,z,,1400,1500,range,,\n'
    reports = read_reports(io.StringIO(pointed), thousands=".")
    assert reports.data_hash == read(plain).data_hash
    assert reports.table["low"].tolist() == [1200, 1300, 1400]
    assert [fault.column for fault in faults(io.StringIO(pointed))] == [
        "figure", "verified", "at_risk", "figure", "low", "high",
    ]  # fmt: skip


def test_numbers_of_a_frame_have_no_thousands_to_declare() -> None:
    """A frame's own numbers are read as they are beside text with points."""
    frame = pd.DataFrame({"event": "A", "source": ["x", "y", "z"], "figure": [1200, 2014.0, "1.200"]})
    assert read_reports(frame, thousands=".").table["low"].tolist() == [1200, 2014, 1200]


def test_declared_points_hold_in_columns_of_sources_and_beside_a_best_figure() -> None:
    """A table with a column a source reads them in each cell, and low, best and high are held to their order."""
    wide = "event,Agency,Monitor\nA,1.200,at least 1.300\n"
    table = read_reports(io.StringIO(wide), wide=True, thousands=".").table
    assert table[["source", "low"]].values.tolist() == [["Agency", 1200], ["Monitor", 1300]]

    with pytest.raises(Exception, match="best 1,200 does not lie between"):
        read_reports(io.StringIO("event,source,best,low,high\nA,x,1.200,1.300,1.400\n"), thousands=".")


# ----------------------------------------------------------------------------------------------- no figure was given

NOTHING = ["", "unknown", "Unknown", "n/a", "N/A", "NA", "-", "--", "\u2013", "?"]


def test_cells_that_give_no_figure_mean_one_thing_and_are_told_once_what_to_do() -> None:
    """Each is a fault of its own line, all of one kind; the advice stands with the first of them alone."""
    table = f"{HEAD}\n" + "".join(f"A,s{i},{cell}\n" for i, cell in enumerate(["18", *NOTHING]))
    found = faults(io.StringIO(table))
    assert [(fault.line, fault.column) for fault in found] == [(line, "figure") for line in range(3, 3 + len(NOTHING))]
    assert {fault.what.partition(" (")[0] for fault in found} == {"there is no figure"}
    assert "leave the row out" in found[0].mend
    assert "never zero" in found[0].mend
    assert {fault.mend for fault in found[1:]} == {"as on line 3"}


@pytest.mark.parametrize("cell", NOTHING)
def test_beside_a_code_a_cell_without_a_figure_says_nothing(cell: str) -> None:
    """The code counts: a range stays a range, and a denial stays one."""
    table = read(f"{HEAD},low,high,wording\nA,x,{cell},18,21,\nA,y,{cell},,,no_comment\n").table
    assert table["wording"].tolist() == ["range", "no_comment"]
    assert table["low"].tolist() == [18, None]


@pytest.mark.parametrize("cell", ["0", "none", "nobody", "no comment", "no", "denied", "nan", "."])
def test_a_statement_is_not_the_lack_of_one(cell: str) -> None:
    """Nobody, a refusal and a slip of the pen are each something else than no figure."""
    assert not says_nothing(cell)
