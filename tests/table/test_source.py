"""Sources that are no table: what is refused, and what its message says."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.written import HEAD, faults
from hypothesis import given
from hypothesis import strategies as st

from estimates.errors import EstimatesError, ReportsError
from estimates.table.reports import read_reports


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


def test_days_beyond_what_python_can_hold_are_faults() -> None:
    """A frame of dates after the year 9999 is told by its rows, like any date that cannot be."""
    days = np.array(["9999-12-31", "20000-01-01"], "datetime64[s]")
    frame = pd.DataFrame({"event": "a", "source": ["b", "c"], "figure": ["18", "21"], "reported_at": days})
    with pytest.raises(ReportsError) as caught:
        read_reports(frame)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(1, "reported_at"), (2, "reported_at")]


def test_thousands_of_unknown_columns_are_kept_without_a_warning() -> None:
    """A wide table is read in one piece: pandas does not complain of a fragmented frame."""
    wide = pd.DataFrame({"event": ["a"], "source": ["b"], "figure": ["18"], **{f"c{i}": [i] for i in range(500)}})
    assert len(read_reports(wide).unknown_columns) == 500
