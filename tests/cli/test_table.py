"""The commands check, parse and example, and tables that every command refuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers.commands import IDLIB, Command, process
from helpers.malformed import MALFORMED, Malformed


def test_check(command: Command) -> None:
    """`check` counts reports and events of a table without faults."""
    status, out, err = command("check", IDLIB)
    assert (status, out) == (0, f"{IDLIB}: 15 reports of 2 events, no faults\n")
    assert "note: " in err


def test_check_reads_coverage(command: Command, tmp_path: Path) -> None:
    """`check` counts its rows and sources; the faults of both tables are told at once, without a traceback."""
    (tmp_path / "coverage.csv").write_text("source,from,to\nWhite Helmets,2020-01-01,2020-01-31\nOthers,,\n")
    status, out, _ = command("check", IDLIB, "--coverage", "coverage.csv")
    assert status == 0
    assert out.endswith("coverage, coverage.csv: 2 rows of 2 sources, no faults\n")

    (tmp_path / "wrong.csv").write_text("source,from,to\nWhite Helmets,2020-02-01,2020-01-31\n")
    (tmp_path / "reports.csv").write_text("event,source,figure\none,a,x y z\n")
    status, out, err = command("check", "reports.csv", "--coverage", "wrong.csv")
    assert (status, out) == (1, "")
    assert "'2020-01-31' is before from '2020-02-01'; swap them" in err
    assert "'x y z'" in err


def test_estimates_take_coverage(command: Command, tmp_path: Path) -> None:
    """`estimate` and `report` read it, say what it does, and refuse a wrong one before anything is written."""
    (tmp_path / "coverage.csv").write_text("source\nState media\n")
    status, _, err = command("estimate", IDLIB, "--coverage", "coverage.csv")
    assert status == 0
    assert "State media did not confirm its own strike; its silence moves the 80% range" in err
    status, _, _ = command("report", IDLIB, "--coverage", "coverage.csv", "-o", "found.html")
    assert status == 0
    assert "Who watched is declared" in (tmp_path / "found.html").read_text(encoding="utf-8")

    (tmp_path / "wrong.csv").write_text("place\nIdlib\n")
    status, out, err = command("report", IDLIB, "--coverage", "wrong.csv", "-o", "none.html")
    assert (status, out) == (1, "")
    assert "there is no column 'source'" in err
    assert not (tmp_path / "none.html").exists()


def test_empty_standard_input(command: Command) -> None:
    """Nothing on standard input is a fault that says what to write."""
    status, out, err = command("check", "-")
    assert (status, out) == (1, "")
    assert "standard input" in err
    assert "event,source,figure" in err


@pytest.mark.parametrize(
    ("words", "outcome", "reading"),
    [
        ("at least 18", "killed", "at least 18"),
        ("up to 1,200", "killed", "up to 1,200"),
        ("18-21", "injured", "range 18 to 21"),
        ("18", "killed", "exactly 18"),
        ("some 21", "killed", "about 21, approximate"),
        ("dozens", "displaced", "vague dozens"),
        ("none", "killed", "none"),
        ("no comment", "killed", "no comment"),
        ("3 children", "killed", "exactly 3, subset, of the group children"),
    ],
)
def test_parse(command: Command, words: str, outcome: str, reading: str) -> None:
    """`parse` says in plain words how a figure is read."""
    assert command("parse", words, "--outcome", outcome) == (0, f"{outcome}: {reading}\n", "")


def test_example_is_a_table_one_can_start_from(command: Command, tmp_path: Path) -> None:
    """`example` writes the Idlib table, which `estimate` then reads as the package's own."""
    status, out, _ = command("example")
    assert status == 0
    assert "estimates estimate idlib_2020.csv" in out
    assert (tmp_path / "idlib_2020.csv").read_bytes() == IDLIB.read_bytes()
    assert command("estimate", "idlib_2020.csv").out == command("estimate", IDLIB).out


# Malformed tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", MALFORMED, ids=lambda bad: bad.id)
def test_malformed_tables_are_refused(command: Command, tmp_path: Path, bad: Malformed) -> None:
    """A bad table ends with status 1 and its place, fault and mend on standard error; no document is left."""
    content = bad.content if isinstance(bad.content, bytes) else bad.content.encode("utf-8")
    (tmp_path / "bad.csv").write_bytes(content)
    status, out, err = command("report", "bad.csv", "-o", "report.html")
    assert (status, out) == (1, "")
    place = ", ".join(part for part in (bad.line and f"line {bad.line}", bad.column) if part)
    faults = [line for line in err.splitlines() if line.startswith("  " + place)]
    assert any(bad.what in fault and bad.mend in fault for fault in faults), err
    assert err.startswith("bad.csv: ")
    assert "Traceback" not in err
    assert os.listdir(tmp_path) == ["bad.csv"]


def test_every_fault_at_once(command: Command) -> None:
    """All faults of a table are told at once, in the order of its lines."""
    table = "event,source,figure,outcome\n,A,18,killed\nE,,18,kiled\nE,B,many,killed\n"
    _, _, err = command("check", "-", stdin=table.encode())
    assert err.splitlines()[0] == "standard input: 4 faults"
    assert [line.split(":")[0].strip() for line in err.splitlines()[1:]] == [
        "line 2, event", "line 3, source", "line 3, outcome", "line 4, figure",
    ]  # fmt: skip


def test_a_device_without_end_is_refused() -> None:
    """Reading /dev/zero would never end; it is refused at once."""
    ended = process("check", "/dev/zero")
    assert ended.returncode == 1
    assert "device" in ended.stderr
