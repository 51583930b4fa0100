"""Where commands write: nothing is replaced or left behind that should not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers.commands import IDLIB, ONE, Command, write


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing/report.html", "there is no folder"),
        ("folder.html", "is a folder"),
        (".", ".html"),
        ("", ".html"),
        ("report.pdf", ".html"),
        ("report", ".html"),
        ("report.csv", ".html"),
        ("table.csv/report.html", "there is no folder"),
        ("a" * 300 + ".html", "too long"),
    ],
)
def test_documents_that_cannot_be_written(command: Command, tmp_path: Path, name: str, says: str) -> None:
    """A document that cannot be written ends with status 1, says why, and leaves every file as it was."""
    write(tmp_path / "table.csv", ONE)
    (tmp_path / "folder.html").mkdir()
    status, _, err = command("report", "table.csv", "-o", name)
    assert status == 1
    assert says in err
    assert sorted(os.listdir(tmp_path)) == ["folder.html", "table.csv"]
    assert os.listdir(tmp_path / "folder.html") == []
    assert (tmp_path / "table.csv").read_text() == ONE


def test_a_document_never_replaces_its_table(command: Command, tmp_path: Path) -> None:
    """Where the document would take the place of the table, also through a link, the table is kept."""
    write(tmp_path / "table.md", ONE)
    (tmp_path / "link.md").symlink_to("table.md")
    for target in ("table.md", "./table.md", "link.md"):
        status, out, err = command("report", "table.md", "-o", target)
        assert (status, out) == (1, "")
        assert "is the table itself; name another file with -o" in err
        assert (tmp_path / "table.md").read_text() == ONE


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing/table.csv", "missing"),
        ("folder", "exists already"),
        ("table.csv", "exists already"),
        ("link.csv", "exists already"),
        ("table.csv/new.csv", "table.csv"),
        ("", "exists already"),
        ("a" * 300, "too long"),
    ],
)
def test_examples_that_cannot_be_written(command: Command, tmp_path: Path, name: str, says: str) -> None:
    """`example` replaces nothing, not even a link that leads nowhere, and leaves nothing behind."""
    write(tmp_path / "table.csv", ONE)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.csv").symlink_to("nowhere.csv")
    status, out, err = command("example", "-o", name)
    assert (status, out) == (1, "")
    assert says in err
    assert sorted(os.listdir(tmp_path)) == ["folder", "link.csv", "table.csv"]
    assert (tmp_path / "table.csv").read_text() == ONE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder(command: Command, tmp_path: Path) -> None:
    """A folder one may not write to is named, and stays empty."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    for arguments in (("example", "-o", folder / "a.csv"), ("report", IDLIB, "-o", folder / "a.html")):
        status, _, err = command(*arguments)
        assert status == 1
        assert "permission" in err.lower()
        assert os.listdir(folder) == []


def test_written_files_can_be_read_by_others(command: Command, tmp_path: Path) -> None:
    """Files get the permissions that the umask leaves, as files of any other program do."""
    before = os.umask(0o022)
    try:
        command("example")
        command("report", "idlib_2020.csv", "-o", "report.md")
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("idlib_2020.csv", "report.md")] == [0o644, 0o644]
