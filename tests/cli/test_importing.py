"""The command import."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers.commands import Command
from helpers.databases import UCDP, file_of

from estimates.cli.importing import Importer
from estimates.importers.importer import IMPORTERS

ROW = {
    "id": 1, "date_start": "2021-03-01", "date_end": "2021-03-01", "best": 3, "high": 4, "low": 3,
    "where_coordinates": "Town A", "country": "Country A",
}  # fmt: skip


@pytest.fixture
def ged(tmp_path: Path) -> Path:
    """A file of UCDP GED with one row."""
    path = tmp_path / "ged.csv"
    path.write_text(file_of(UCDP, ROW).getvalue(), encoding="utf-8")
    return path


def test_import_writes_a_table_that_can_be_checked(command: Command, ged: Path, tmp_path: Path) -> None:
    """The reports are written to a file, what was done with the columns is on standard error, and `check` reads it."""
    status, out, err = command("import", "ucdp", ged, "-o", "reports.csv")
    assert (status, out) == (0, "Wrote 1 report to reports.csv; now try: estimates check reports.csv\n")
    assert err.startswith("note: 1 row of UCDP GED became 1 report of 1 event; 0 rows gave none\n")
    assert "note: columns used: id, date_start" in err
    status, out, _ = command("check", "reports.csv")
    assert (status, out) == (0, "reports.csv: 1 report of 1 event, no faults\n")


def test_without_a_file_the_table_is_printed(command: Command, ged: Path) -> None:
    """Standard output holds the table alone, so that another command can read it; - reads standard input."""
    status, out, _ = command("import", "ucdp", "-", "--place", "adm_1", "--reported-at", "2022", stdin=ged.read_bytes())
    assert status == 0
    assert out.startswith("event,source,figure,source_type,reported_at,")
    assert command("check", "-", stdin=out.encode()).status == 0


def test_nothing_is_written_where_something_is_wrong(command: Command, ged: Path, tmp_path: Path) -> None:
    """A fault is told with line and column and leaves no file; sound rows can be asked for."""
    ged.write_text(file_of(UCDP, ROW, {**ROW, "id": 2, "best": "many"}).getvalue(), encoding="utf-8")
    status, out, err = command("import", "ucdp", ged, "-o", "reports.csv")
    assert (status, out) == (1, "")
    assert "line 3, best: 'many' is not a whole number" in err
    assert os.listdir(tmp_path) == ["ged.csv"]
    assert command("import", "ucdp", ged, "-o", "reports.csv", "--leave-out-faulty").status == 0


def test_targets_that_cannot_be(command: Command, ged: Path, tmp_path: Path) -> None:
    """The file itself, a folder, and a folder that is not there are refused before anything is read."""
    before = ged.read_bytes()
    for target, words in ((ged, "is the file itself"), (tmp_path, "is a folder"), ("none/r.csv", "there is no folder")):
        status, out, err = command("import", "ucdp", ged, "-o", target)
        assert (status, out) == (1, "")
        assert words in err
    assert ged.read_bytes() == before


def test_the_command_knows_every_importer(command: Command, ged: Path) -> None:
    """Its choices are the importers there are; another name is bad usage."""
    assert [importer.value for importer in Importer] == list(IMPORTERS)
    assert command("import", "gtd", ged).status == 2
