"""Hostile files through the command line: a message and an exit status, never a fault of the package."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers.commands import Command
from helpers.hostile_input import Hostile
from helpers.hostile_tables import FILES, IMPORTED
from helpers.limits import time_limit
from helpers.messages import assert_readable, unprintable

#: Every so many of them: other tests read all.
SAMPLE, SAMPLE_IMPORTED = FILES[::9], IMPORTED[::6]
LIMIT = 10.0


def name_of(hostile: Hostile) -> str:
    return hostile.id


@pytest.mark.parametrize("hostile", SAMPLE, ids=name_of)
def test_a_hostile_file_is_checked_and_copied(hostile: Hostile, command: Command, tmp_path: Path) -> None:
    """`check` and `check --fix` end with 0 or 1 and a message, leave the file alone, and a copy is whole or not there."""
    table, content = tmp_path / ("table" + hostile.ending), hostile.make()
    table.write_bytes(content)
    with time_limit(LIMIT):
        status, out, err = command("check", table.name)
        fixed, out_fixed, err_fixed = command("check", table.name, "--fix", "copy.csv")

    assert status == fixed
    assert status in ({0, 1} if hostile.must == "be either" else {int(hostile.must == "be refused")})
    _assert_told(status, out, err)
    _assert_told(fixed, out_fixed, err_fixed)
    assert table.read_bytes() == content
    assert set(os.listdir(tmp_path)) <= {table.name, "copy.csv"}
    assert (tmp_path / "copy.csv").exists() == out_fixed.startswith("Wrote copy.csv: ")

    if status == 0:
        again, _, err = command("check", "copy.csv")
        assert again == 0, err


@pytest.mark.parametrize("hostile", SAMPLE_IMPORTED, ids=name_of)
def test_a_hostile_file_of_a_database_is_imported(hostile: Hostile, command: Command, tmp_path: Path) -> None:
    """`import` ends with 0 or 1 and a message, and the reports are written whole or not at all."""
    table, content = tmp_path / ("table" + hostile.ending), hostile.make()
    table.write_bytes(content)
    with time_limit(LIMIT):
        status, out, err = command("import", hostile.database, table.name, "-o", "reports.csv", "--leave-out-faulty")

    assert status in (0, 1)
    _assert_told(status, out, err)
    assert table.read_bytes() == content
    assert set(os.listdir(tmp_path)) == {table.name, *(["reports.csv"] if status == 0 else [])}
    if status == 0:
        assert command("check", "reports.csv").status == 0


def _assert_told(status: int, out: str, err: str) -> None:
    """What is printed can be read; what could not be used is said on standard error alone."""
    assert not unprintable(out + err)
    assert "fault of the package" not in err
    assert "Traceback" not in err
    if status:
        assert_readable(err)
        assert "no faults" not in out
