"""Ranges as files: the same numbers from every form of file, joined to one's own table, and as UCDP has them."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.formulas import ALL, SPELLINGS, cells_of_csv, is_active
from helpers.workbooks import xlsx
from python_calamine import load_workbook

from estimates import Estimates, EstimatesError, estimate, read_reports
from estimates.results import exports
from estimates.results.exports import write_table
from estimates.vocabulary import LAYERS

TABLE = (
    "Nr,event,source,figure,outcome,event_date,place,remark\n"
    "1,Idlib,Helmets,at least 18,killed,2020-01-15,Idlib,-5\n"
    "2,Idlib,Observatory,21,killed,2020-01-15,Idlib,'Ayn\n"
    "3,Idlib,Observatory,30,strikes,2020-01-15,Idlib,\n"
    "\n"
    "4,Idlib,Helmets,82,injured,2020-01-15,Idlib,=1+1\n"
    "5,Homs,Office,7,killed,2020-02-01,Homs,x;=1\n"
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "mine.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def estimates(table: Path) -> Estimates:
    return estimate(table)


def sheet(path: Path, name: str = "ranges") -> list[list[Any]]:
    """The cells of a sheet as another program reads them."""
    return load_workbook(path).get_sheet_by_name(name).to_python()


def read_back(path: Path) -> pd.DataFrame:
    """A table that was written, by readers of others."""
    match path.suffix:
        case ".csv":
            return pd.read_csv(path)
        case ".json":
            return pd.DataFrame(json.loads(path.read_text())["rows"])
        case ".parquet":
            return pd.read_parquet(path)
        case _:
            header, *rows = sheet(path)
            return pd.DataFrame(rows, columns=header).replace("", None)


# Ranges ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", exports.ENDINGS)
def test_ranges_are_read_back_as_the_same_numbers(estimates: Estimates, tmp_path: Path, ending: str) -> None:
    """Every layer and end is the same integer in each form of file, and names are the same text."""
    ranges = estimates.ranges(layers=LAYERS)
    assert estimates.export(tmp_path / f"out{ending}", layers=LAYERS) == tmp_path / f"out{ending}"
    found = read_back(tmp_path / f"out{ending}")

    assert list(found.columns) == list(ranges.columns)
    for column in ranges.columns[[name.startswith(("low_", "high_", "median")) for name in ranges.columns]]:
        assert found[column].tolist() == ranges[column].tolist()
    assert found[["event", "outcome", "layer"]].values.tolist() == ranges[["event", "outcome", "layer"]].values.tolist()
    assert found["floor"].isna().all()


@pytest.mark.parametrize("ending", [".parquet", ".xlsx", ".csv", ".json"])
def test_every_bit_of_a_number_is_read_back(tmp_path: Path, ending: str) -> None:
    """Floats that need seventeen digits, tiny and huge ones, and whole numbers of fifteen digits and more."""
    numbers = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -2.5, 1e22, 123456.7890123456789, -0.0]
    whole = [0, -5, 10**9, 2**53 - 1, 10**15 + 1, 2**53, 7, -(10**15) - 3]
    path = write_table(pd.DataFrame({"real": numbers, "whole": whole}), tmp_path / f"x{ending}", {})
    found = read_back(path)
    assert np.array(found["real"], dtype=float).tobytes() == np.array(numbers).tobytes()
    assert [int(value) for value in found["whole"]] == whole


def test_what_a_table_was_made_with_goes_with_it(estimates: Estimates, tmp_path: Path) -> None:
    """Parquet, JSON and workbooks keep the provenance; the table can be made again from it."""
    for ending in (".parquet", ".json", ".xlsx"):
        estimates.export(tmp_path / f"out{ending}")
    known = {"form": "ranges", **estimates.provenance}
    assert pd.read_parquet(tmp_path / "out.parquet").attrs == known
    assert json.loads((tmp_path / "out.json").read_text())["about"] == known
    about = dict(map(tuple, sheet(tmp_path / "out.xlsx", "about")[1:]))
    assert about["data_hash"] == estimates.reports.data_hash
    assert about["draws"] == 4000


# One's own table ------------------------------------------------------------------------------------------------------


def test_ranges_are_joined_to_ones_own_table(estimates: Estimates, table: Path) -> None:
    """Every row keeps its columns to the letter, and behind them stands the range of its event and outcome."""
    joined = estimates.exported("joined", table=table)
    own = pd.read_csv(table, dtype=str, keep_default_na=False)
    assert joined[list(own.columns)].values.tolist() == own.values.tolist()

    ranges = estimates.ranges(layers=["documented"]).set_index(["event", "outcome"])
    for _, row in joined.iterrows():
        if row["outcome"] == "strikes":
            assert row[["estimated_event", "estimated_median", "estimated_low_80"]].isna().all()
            continue
        known = ranges.loc[(row["event"], row["outcome"])]
        assert (row["estimated_event"], row["estimated_layer"]) == (row["event"], "documented")
        for name in ("median", "low_80", "high_80"):
            assert row[f"estimated_{name}"] == known[name]


def test_without_the_table_its_columns_are_those_that_were_read(estimates: Estimates) -> None:
    """By default the columns are those of ``reports.table``, in the same rows."""
    joined = estimates.exported("joined", layers="total", level=95)
    assert joined["Nr"].tolist() == ["1", "2", "3", "4", "5"]
    assert joined["words"].tolist() == ["at least 18", "21", "30", "82", "7"]
    known = estimates.ranges(layers=["total"]).query("event == 'Homs'")
    assert joined["estimated_high_95"].iloc[4] == known["high_95"].iloc[0]
    assert joined["estimated_high_95"].dtype == "Int64"


def test_a_row_of_several_outcomes_stands_once_for_each() -> None:
    """Under a layout a row has a range for each outcome it counts; rows that were left out have none."""
    rows = [
        {"incident": "A", "office": "Police", "killed": 5, "injured": 8, "use": "y"},
        {"incident": "B", "office": "Police", "killed": 9, "injured": None, "use": "n"},
    ]
    layout: Any = {
        "columns": {"incident": "event", "office": "source", "killed": "killed", "injured": "injured"},
        "values": {"use": {"n": None}},
    }
    estimates = estimate(read_reports(rows, **layout))
    joined = estimates.exported("joined", table=rows, layout=layout)
    assert joined["incident"].tolist() == ["A", "A", "B"]
    assert joined["estimated_outcome"].tolist()[:2] == ["killed", "injured"]
    assert joined["estimated_outcome"].isna().tolist() == [False, False, True]


def test_joined_tables_that_cannot_be(estimates: Estimates, table: Path, tmp_path: Path) -> None:
    """Another table, one that is joined already, several layers and unknown forms are refused."""
    other = tmp_path / "other.csv"
    other.write_text(TABLE.replace("21", "22"), encoding="utf-8")
    with pytest.raises(EstimatesError, match="from other reports"):
        estimates.export(tmp_path / "out.csv", "joined", table=other)
    estimates.export(tmp_path / "once.csv", "joined", table=table)
    with pytest.raises(EstimatesError, match="has a range joined to it"):
        estimate(tmp_path / "once.csv").export(tmp_path / "out.csv", "joined", table=tmp_path / "once.csv")
    with pytest.raises(EstimatesError, match="holds one layer"):
        estimates.export(tmp_path / "out.csv", "ucdp", layers=LAYERS)
    with pytest.raises(EstimatesError, match="form 'ucpd' is not known"):
        estimates.export(tmp_path / "out.csv", "ucpd")
    with pytest.raises(EstimatesError, match="layer 'whole' is not known"):
        estimates.export(tmp_path / "out.csv", layers="whole")
    assert sorted(os.listdir(tmp_path)) == ["once.csv", "other.csv"]


# As UCDP has them -----------------------------------------------------------------------------------------------------


def test_low_best_and_high(estimates: Estimates) -> None:
    """Each event has its killed as low, best and high, and the rule says of which layer and interval they are."""
    found = estimates.exported("ucdp", layers="total", level=95)
    ranges = estimates.ranges(layers=["total"]).query("outcome == 'killed'")
    assert found["event"].tolist() == ["Homs", "Idlib"] == ranges["event"].tolist()
    assert found[["low", "best", "high"]].values.tolist() == ranges[["low_95", "median", "high_95"]].values.tolist()
    assert (found["low"] <= found["best"]).all()
    assert (found["best"] <= found["high"]).all()
    assert found["place"].tolist() == ["Homs", "Idlib"]
    assert found["event_date"].tolist() == ["2020-02-01", "2020-01-15"]
    assert set(found["rule"]) == {
        "killed, full toll: best is the median, low and high are the ends of the central 95% credible interval"
    }
    assert "documented in the end" in estimates.exported("ucdp")["rule"].iloc[0]


def test_only_the_killed_have_low_best_and_high() -> None:
    """Where nobody counted killed there is nothing of this form, which is said."""
    estimates = estimate([{"event": "A", "source": "x", "figure": "8 injured", "outcome": "injured"}])
    with pytest.raises(EstimatesError, match="no event has an estimate of the killed"):
        estimates.exported("ucdp")


# Cells and files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payloads", [SPELLINGS, pytest.param(ALL, marks=pytest.mark.extended)], ids=["formulas", "all"]
)
def test_nothing_in_a_workbook_or_csv_runs(tmp_path: Path, payloads: dict[str, str]) -> None:
    """No cell of any payload, as a cell or as the name of a column, is active; all text of a sheet is typed as text."""
    texts = list(payloads.values())
    frame = pd.DataFrame({"event": texts, **{f"{text}{number}": "x" for number, text in enumerate(texts)}})
    for ending in (".csv", ".xlsx"):
        write_table(frame, tmp_path / f"x{ending}", {"table": "=1+1"})

    assert [cell for cell in cells_of_csv((tmp_path / "x.csv").read_text()) if is_active(cell)] == []
    cells = [cell for name in ("ranges", "about") for row in sheet(tmp_path / "x.xlsx", name) for cell in row]
    assert len(cells) > len(texts) ** 2
    assert [cell for cell in cells if is_active(cell)] == []
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert b"<f>" not in inside["xl/worksheets/sheet1.xml"] + inside["xl/worksheets/sheet2.xml"]
    assert not any("externalLink" in name or "_rels/sheet" in name for name in inside)


def test_a_joined_workbook_is_read_as_the_same_table(estimates: Estimates, table: Path, tmp_path: Path) -> None:
    """One's own table with its ranges is still a table of reports, with the same figures, names and remarks."""
    path = estimates.export(tmp_path / "joined.xlsx", "joined", table=table)
    again = read_reports(path)
    assert again.data_hash == estimates.reports.data_hash
    assert again.table["remark"].tolist()[:2] + again.table["remark"].tolist()[3:] == ["-5", "'Ayn", "=1+1", "x;=1"]


def test_own_columns_of_any_kind(tmp_path: Path) -> None:
    """Numbers, dates and mixed cells of a workbook, two columns of one name, and marks of truth are written."""
    content = xlsx({"S": [["event", "source", "figure", "x", "n"], ["A", "B", 18, "text", 1.5], ["A", "C", 21, 3, 2]]})
    source = io.BytesIO(content)
    estimates = estimate(read_reports(source))
    for ending in exports.ENDINGS:
        source.seek(0)
        path = estimates.export(tmp_path / f"out{ending}", "joined", table=source)
        assert [float(value) for value in read_back(path)["n"]] == [1.5, 2.0]
    frame = pd.DataFrame([[True, pd.Timestamp("2020-01-15"), ["a"], np.inf]], columns=["a", "a", "b", "c"])
    for ending in exports.ENDINGS:
        assert write_table(frame, tmp_path / f"odd{ending}", {}).exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("out.txt", "tables are written as .csv, .parquet, .json, .xlsx"),
        ("out", "tables are written as"),
        ("none/out.csv", "there is no folder"),
        ("folder.csv", "is a folder"),
        ("loop.csv", "a link that leads back to itself"),
        ("astray.csv", "a link into a folder that does not exist"),
    ],
)
def test_targets_that_cannot_be(estimates: Estimates, tmp_path: Path, name: str, says: str) -> None:
    """A wrong ending, a folder, a missing one and links that lead nowhere are refused, and nothing is left behind."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to("other.csv")
    (tmp_path / "other.csv").symlink_to("loop.csv")
    (tmp_path / "astray.csv").symlink_to("none/out.csv")
    with pytest.raises(EstimatesError, match=says):
        estimates.export(tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["astray.csv", "folder.csv", "loop.csv", "other.csv"]


def test_what_a_workbook_cannot_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many rows or columns and too long a text are refused with what to write instead; no file is left."""
    with pytest.raises(EstimatesError, match=r"32,768 characters is longer than a cell.* write \.csv or \.parquet"):
        write_table(pd.DataFrame({"x": ["a" * 32_768]}), tmp_path / "x.xlsx", {})
    monkeypatch.setattr(exports, "MOST_ROWS", 3)
    with pytest.raises(EstimatesError, match="3 rows and 1 columns are more than a sheet holds"):
        write_table(pd.DataFrame({"x": [1, 2, 3]}), tmp_path / "x.xlsx", {})
    assert os.listdir(tmp_path) == []
