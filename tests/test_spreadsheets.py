"""Cells of CSV files and workbooks: nothing in them runs, numbers stay numbers, and the package reads what was said."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from helpers.formulas import ALL, SPELLINGS, cells_of_csv, is_active
from hypothesis import given
from hypothesis import strategies as st

from estimates.spreadsheets import csv_of_frame, csv_text, safe_cell, said_by_cell
from estimates.table.reports import read_reports

#: What formulas and their disguises are made of, so that drawn texts hold many.
LETTERS = "=+-@＝−;'\"\u200b\u200d\u202e\x1b\t\n {1,.x"


def test_the_oracle_sees_formulas() -> None:
    """Every spelling is active as it is, so that the tests below can fail."""
    assert len(SPELLINGS) >= 80
    assert [name for name, text in SPELLINGS.items() if not is_active(text)] == [
        "behind apostrophe",
        "behind two apostrophes",
    ]


def test_nothing_runs() -> None:
    """No spelling of a formula is active in a cell, nor anything else that tries to become more than text."""
    assert [name for name, text in ALL.items() if is_active(str(safe_cell(text)))] == []


@given(st.text(LETTERS, max_size=8) | st.text(max_size=8))
def test_nothing_drawn_runs_and_all_is_read_as_it_was_cleaned(text: str) -> None:
    """Whatever a text holds: no cell of it is active, and reading gives back one cleaned text, the same ever after."""
    cell = str(safe_cell(text))
    assert not is_active(cell)
    said = said_by_cell(cell)
    assert safe_cell(said) == cell
    assert said_by_cell(str(safe_cell(said))) == said
    assert said.replace("'", "") == cell.replace("'", "")


@pytest.mark.parametrize(
    "text",
    ["-5", "+5", "-1,200", "-5.25", "-1e-3", "+.5", "-5%", " -5 ", "18", "1,200", "0", "2020-01-15", "at least 18", "18-21",
     "a;b", "it's", "'Ayn al-Arab", "'abc'; 'def'", "حلب", "می\u200cخواهم", "👩\u200d👩\u200d👧", "x = y", "5; 6", "a -b", "", "nan", "007"],
)  # fmt: skip
def test_numbers_and_plain_text_stay(text: str) -> None:
    """Numbers with a sign, and text that no spreadsheet runs, stay as they are; so do joiners that a script needs."""
    assert safe_cell(text) == text
    assert said_by_cell(text) == text


def test_values_that_are_no_text() -> None:
    """Numbers and marks stay themselves, and what is missing is an empty cell."""
    assert [safe_cell(value) for value in (5, -5, -5.5, True)] == [5, -5, -5.5, True]
    assert [safe_cell(value) for value in (None, float("nan"), pd.NA, pd.NaT)] == [""] * 4
    assert [safe_cell(value) for value in (np.int64(-5), np.float64(-5.5), np.bool_(True))] == [-5, -5.5, "True"]
    assert safe_cell({"=1": 2}) == "'{'=1': 2}"


def test_the_apostrophe_is_what_the_reader_takes_off() -> None:
    """Formulas get one apostrophe; a text that begins with apostrophes gets one more, so that none is lost."""
    assert [safe_cell(text) for text in ("=1", "'=1", "''=1", "x;=1", "-5;-6")] == [
        "'=1", "''=1", "'''=1", "x;'=1", "'-5;'-6",
    ]  # fmt: skip
    assert [said_by_cell(cell) for cell in ("'=1", "''=1", "'-5", "'5", "x;'=1")] == ["=1", "'=1", "-5", "'5", "x;=1"]


def test_frames_and_rows_as_csv() -> None:
    """Names of columns are cleaned as cells are; numbers that are missing are empty, and names that look missing stay."""
    frame = pd.DataFrame({"=x": ["@a", "nan"], "n": pd.array([-5, None], dtype="Int64"), "f": [0.1 + 0.2, None]})
    text = csv_of_frame(frame)
    assert text == "'=x,n,f\n'@a,-5,0.30000000000000004\nnan,,\n"
    assert text == csv_text(["=x", "n", "f"], [["@a", -5, 0.1 + 0.2], ["nan", None, float("nan")]])


def test_a_table_written_here_is_read_as_the_same() -> None:
    """Names, figures and columns that were made safe are read as what they were, in a text and beyond its quotes."""
    rows = [["=1+1", "@desk", "-", "x;=1"], ["'-", "-B", "18; 19 hurt", "it's"]]
    given = pd.DataFrame(rows, columns=["event", "source", "quotes", "+note"]).assign(figure=["18", "19"])
    text = csv_of_frame(given)
    assert [cell for cell in cells_of_csv(text) if is_active(cell)] == []

    columns = ["event", "source", "+note"]
    read = read_reports(io.StringIO(text)).table
    assert read[columns].values.tolist() == given[columns].values.tolist()
    with pytest.raises(AssertionError):  # the file itself does not hold them so
        assert [row["event"] for row in csv.DictReader(io.StringIO(text))] == [row[0] for row in rows]
