"""Errors nobody expected: each ends in one sentence and a status, and `--traceback` shows where it arose."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import numpy as np
import pandas as pd
import pytest
import typer
from helpers.commands import IDLIB, ONE, START, Command, process

from estimates.table import reports as table
from estimates.version import __version__

HOSTILE = "bad \x1b[31mred\u202e\nsecond\tline"
SENTENCE = "this is a fault of the package, not of what it was given: "


def break_check(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the command `check` raise an error."""

    def broken(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr(table, "read_reports", broken)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError(HOSTILE), "ValueError: bad [31mred second line"),
        (KeyError("event"), "KeyError: 'event'"),
        (AssertionError(), "AssertionError"),
        (MemoryError(), "MemoryError"),
        (np.linalg.LinAlgError("singular"), "numpy.linalg.LinAlgError: singular"),
        (ExceptionGroup("two", [ValueError(), TypeError()]), "ExceptionGroup: two (2 sub-exceptions)"),
        (StopIteration(), "StopIteration"),
        (EOFError("no data left"), "EOFError: no data left"),
        (BrokenPipeError(32, "Broken pipe"), "BrokenPipeError: [Errno 32] Broken pipe"),
        (PermissionError(13, "Permission denied", "cache"), "PermissionError: [Errno 13] Permission denied: 'cache'"),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_unexpected_error_is_one_sentence(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    """Whatever a command raises ends with status 1 and one clean line: whose fault, which error, which versions."""
    break_check(monkeypatch, error)
    status, out, err = command("check", IDLIB)
    assert (status, out) == (1, "")
    versions = (
        f"estimates {__version__}, Python {sys.version.split()[0]}, numpy {np.__version__}, pandas {pd.__version__}"
    )
    assert err.startswith(f"{SENTENCE}{told} ({versions}")
    assert err.endswith("); --traceback shows where it arose\n")
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()


def test_recursion_without_end(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recursion without end is told as any other error, and its traceback is short enough to print."""

    def deeper(reports: str, **_: object) -> object:
        return deeper(reports)

    monkeypatch.setattr(table, "read_reports", deeper)
    status, _, err = command("--traceback", "check", IDLIB)
    assert status == 1
    assert err.startswith(f"{SENTENCE}RecursionError: ")
    assert "more times]" in err


@pytest.mark.parametrize("name", ["numba", "pymc"])
def test_versions_of_what_was_imported(command: Command, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Versions of Numba and PyMC are told where they were imported, and not where they were not."""
    break_check(monkeypatch, ValueError())
    monkeypatch.setitem(sys.modules, name, SimpleNamespace(__version__="1.2.3"))
    assert f"{name} 1.2.3" in command("check", IDLIB).err
    monkeypatch.delitem(sys.modules, name)
    assert name not in command("check", IDLIB).err


# --traceback ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("--traceback", "check", IDLIB), ("check", IDLIB, "--traceback")])
def test_traceback_of_an_unexpected_error(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...]
) -> None:
    """Before or behind the command, --traceback adds Python's own traceback, without control characters."""
    error = ValueError(HOSTILE)
    error.__cause__ = KeyError("inner")
    break_check(monkeypatch, error)
    plain = command("check", IDLIB).err
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert err.startswith(f"{plain}KeyError: 'inner'\n\nThe above exception was the direct cause")
    assert "\nTraceback (most recent call last):\n  File " in err
    assert ", in broken\n    raise error\n" in err
    assert err.endswith("\nValueError: bad [31mred\nsecond line\n")
    assert "\x1b" not in err


def test_traceback_is_as_python_prints_it(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The traceback is, to the letter, that of the error, also where Typer would have kept the error to itself."""
    error = EOFError("no data left")
    break_check(monkeypatch, error)
    err = command("check", IDLIB, "--traceback").err
    assert err.partition("\n")[2] == "".join(traceback.format_exception(error))


@pytest.mark.parametrize("arguments", [("--traceback", "parse", "many"), ("parse", "many", "--traceback")])
def test_traceback_of_input_that_cannot_be_used(command: Command, arguments: tuple[object, ...]) -> None:
    """With --traceback also a message about input is followed by where it was raised."""
    plain = command("parse", "many").err
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert err.startswith(f"{plain}Traceback (most recent call last):\n")
    assert err.splitlines()[-1].startswith("estimates.errors.FigureError: ")
    assert "fault of the package" not in err


def test_traceback_changes_nothing_else(command: Command) -> None:
    """Where nothing goes wrong --traceback shows nothing, and bad usage keeps its status."""
    assert command("--traceback", "parse", "18", "--traceback") == command("parse", "18")
    status, _, err = command("--traceback", "parse")
    assert status == 2
    assert "Traceback" not in err


# What is no fault -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "status"), [(SystemExit(7), 7), (typer.Exit(3), 3), (typer.Exit(), 0), (KeyboardInterrupt(), 130)]
)
def test_endings_keep_their_status(
    command: Command, monkeypatch: pytest.MonkeyPatch, ending: BaseException, status: int
) -> None:
    """An exit keeps its status and an interrupt is 130; neither is told as a fault, also not with --traceback."""
    break_check(monkeypatch, ending)
    ended = command("--traceback", "check", IDLIB)
    assert (ended.status, ended.out) == (status, "")
    assert "fault" not in ended.err
    assert "Traceback" not in ended.err


def test_standard_output_is_given_back(command: Command) -> None:
    """A run leaves `sys.stdout` as it found it."""
    before = sys.stdout
    command("parse", "18")
    command("parse", "many")
    assert sys.stdout is before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_fault_is_told_beside_lost_output() -> None:
    """Where a command breaks after its output was lost, the fault is told as well as the loss."""
    start = f"""
from estimates.table import reports
def broken(*_, **__):
    print("half a result")
    raise ValueError("bad")
reports.read_reports = broken
{START}
"""
    with Path("/dev/full").open("w") as full:
        ended = process("check", "-", start=start, stdout=full, without=["PYTHONUNBUFFERED"], input=ONE)
    assert ended.returncode == 1
    fault, loss = ended.stderr.splitlines()
    assert fault.startswith(f"{SENTENCE}ValueError: bad (")
    assert loss == "the output cannot be written: no space left on device"
