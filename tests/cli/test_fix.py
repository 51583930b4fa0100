"""`check --fix` writes a copy with proposals and leaves the table alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.commands import IDLIB, Command, write

TABLE = "event,source,figure,outcome\nA,x,18,kiled\nA,y,n/a,killed\n"


def test_a_copy_is_written_and_the_faults_are_told(command: Command, tmp_path: Path) -> None:
    """The command says how much it proposes; the table has faults all the same, and so the status is 1."""
    table = write(tmp_path / "bad.csv", TABLE)
    status, out, err = command("check", "bad.csv", "--fix", "copy.csv")
    assert status == 1
    assert (
        out == "Wrote copy.csv: 1 proposal in 1 row (outcome 1); 1 row to decide without one; why_proposed says why\n"
    )
    assert err.startswith("bad.csv: 2 faults")
    assert table.read_text(encoding="utf-8") == TABLE
    lines = (tmp_path / "copy.csv").read_text(encoding="utf-8").split("\n")
    assert lines[0] == "event,source,figure,outcome,outcome_proposed,why_proposed"
    assert lines[1].startswith("A,x,18,kiled,killed,")


def test_a_table_without_faults_is_copied_too(command: Command, tmp_path: Path) -> None:
    """Nothing is proposed for the Idlib table, and the check goes on as ever."""
    status, out, _ = command("check", IDLIB, "--fix", "copy.csv")
    assert status == 0
    assert out.startswith("Wrote copy.csv: 0 proposals in 0 rows; why_proposed says why\n")
    assert out.endswith("no faults\n")
    assert (tmp_path / "copy.csv").read_text(encoding="utf-8").split("\n")[0].endswith(",note,why_proposed")


def test_standard_input_is_copied_and_checked(command: Command, tmp_path: Path) -> None:
    """What is piped in is read once and serves both."""
    status, out, err = command("check", "-", "--fix", "copy.csv", stdin=TABLE.encode())
    assert (status, out.split(":")[0]) == (1, "Wrote copy.csv")
    assert err.startswith("standard input: 2 faults")
    assert (tmp_path / "copy.csv").exists()


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("bad.csv", "is the table itself"),
        ("link.csv", "is the table itself"),
        ("other.csv", "exists already"),
        ("folder/copy.csv", "there is no folder"),
    ],
)
def test_nothing_is_overwritten(command: Command, tmp_path: Path, target: str, why: str) -> None:
    """Neither the table, by whatever name, nor a copy that somebody may have worked in."""
    table, other = write(tmp_path / "bad.csv", TABLE), write(tmp_path / "other.csv", "mine")
    (tmp_path / "link.csv").symlink_to(table)
    status, out, err = command("check", "bad.csv", "--fix", target)
    assert (status, out) == (1, "")
    assert why in err
    assert table.read_text(encoding="utf-8") == TABLE
    assert other.read_text(encoding="utf-8") == "mine"


def test_a_table_that_cannot_be_read_leaves_no_copy(command: Command, tmp_path: Path) -> None:
    """It is said why, as without the option."""
    write(tmp_path / "bad.csv", "incident,agency\nA,x\n")
    status, out, err = command("check", "bad.csv", "--fix", "copy.csv")
    assert (status, out) == (1, "")
    assert "there is no column 'event'" in err
    assert not (tmp_path / "copy.csv").exists()
