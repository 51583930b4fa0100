"""The command line as a process: what it loads, its streams, and interrupts."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers.commands import HEAD, IDLIB, START, process, write

import estimates.cli

LIGHT_LIBRARIES = {"typer", *sys.stdlib_module_names}


def test_start_up_is_light() -> None:
    """`estimate` runs without most of SciPy, PyMC, ArviZ, xarray, matplotlib and jinja2.

    Numba looks for the linear algebra of SciPy, and takes no more of it.
    """
    heavy = "scipy.special scipy.stats scipy.optimize pymc pytensor arviz xarray matplotlib jinja2"
    start = f"""
import sys
from estimates.cli import main
try:
    main()
finally:
    print("LOADED", *sorted(set({heavy.split()!r}) & set(sys.modules)), file=sys.stderr)
"""
    ended = process("estimate", IDLIB, start=start)
    assert ended.returncode == 0
    assert ended.stderr.splitlines()[-1] == "LOADED"


def test_commands_load_little_before_they_run() -> None:
    """The modules of commands import the standard library, Typer and light modules of ours at their top, and no others.

    What prints estimates, `screen`, is imported only by commands that run.
    """
    modules = (
        "application",
        "claims",
        "estimating",
        "importing",
        "learning",
        "many",
        "options",
        "overlaps",
        "progress",
        "questions",
        "ranges",
        "streams",
        "table",
        "verifying",
        "versions",
    )
    light = {"estimates.errors", "estimates.version", *(f"estimates.cli.{name}" for name in modules)}

    for module in ("__init__", *modules):
        source = (Path(estimates.cli.__file__).parent / f"{module}.py").read_bytes()
        for node in ast.parse(source).body:
            assert not isinstance(node, ast.Import) or all(name.name in LIGHT_LIBRARIES for name in node.names)
            if isinstance(node, ast.ImportFrom):
                name = str(node.module)
                assert name in light or name.partition(".")[0] in LIGHT_LIBRARIES, f"{module} imports {name}"


# Streams --------------------------------------------------------------------------------------------------------------


@pytest.mark.extended
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_terminals_that_cannot_show_a_name(tmp_path: Path, encoding: str) -> None:
    """On a terminal of any encoding JSON gives back the names of the table, and the table is printed."""
    table = write(tmp_path / "table.csv", f"{HEAD}Alépo حلب 🕊,A,5\n")
    environment = {"PYTHONIOENCODING": encoding}
    written = process("estimate", table, "--format", "json", env=environment, encoding=encoding)
    assert json.loads(written.stdout)[0]["event"] == "Alépo حلب 🕊"
    shown = process("report", table, "-o", tmp_path / "report.html", env=environment, encoding=encoding)
    assert (written.returncode, shown.returncode) == (0, 0)
    assert "Al" in shown.stdout
    assert "Alépo حلب 🕊" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("buffered", [True, False])
def test_broken_pipe(buffered: bool) -> None:
    """A reader who leaves early ends the command quietly with status 1, whether output is buffered or not."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        options: dict[str, Any] = {"without": ["PYTHONUNBUFFERED"]} if buffered else {"env": {"PYTHONUNBUFFERED": "1"}}
        ended = process("parse", "at least 18", stdout=writing, **options)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("buffered", [True, False])
def test_full_disk(buffered: bool) -> None:
    """Output that finds no room ends with status 1 and one line that says so."""
    options: dict[str, Any] = {"without": ["PYTHONUNBUFFERED"]} if buffered else {"env": {"PYTHONUNBUFFERED": "1"}}
    with Path("/dev/full").open("w") as full:
        ended = process("parse", "at least 18", stdout=full, **options)
    assert (ended.returncode, ended.stderr) == (1, "the output cannot be written: no space left on device\n")


def test_closed_standard_output(tmp_path: Path) -> None:
    """With standard output closed what a command prints is lost, which is told; its files and errors are as ever."""
    closed: dict[str, Any] = {"stdout": None, "preexec_fn": lambda: os.close(1), "cwd": tmp_path}
    lost = process("parse", "at least 18", **closed)
    assert (lost.returncode, lost.stderr) == (1, "the output cannot be written: bad file descriptor\n")
    written = process("example", **closed)
    assert (written.returncode, written.stderr) == (1, "the output cannot be written: bad file descriptor\n")
    assert (tmp_path / "idlib_2020.csv").read_bytes() == IDLIB.read_bytes()
    again = process("example", **closed)
    assert again.returncode == 1
    assert again.stderr == "idlib_2020.csv exists already; name another file with -o\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_help_that_cannot_be_written() -> None:
    """Help that finds no room ends as any other output does."""
    with Path("/dev/full").open("w") as full:
        ended = process("--help", stdout=full)
    assert (ended.returncode, ended.stderr) == (1, "the output cannot be written: no space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_standard_error() -> None:
    """Notes and messages that find no room are lost, but change neither the results nor the status."""
    with Path("/dev/full").open("w") as full:
        noted = process("check", IDLIB, stderr=full)
        refused = process("parse", "many", stderr=full)
    assert (noted.returncode, noted.stdout) == (0, f"{IDLIB}: 15 reports of 2 events, no faults\n")
    assert (refused.returncode, refused.stdout) == (1, "")


def test_notes_never_go_to_standard_output() -> None:
    """With standard error closed, notes go nowhere: JSON stays alone on standard output."""
    start = "import sys; sys.stderr = None; " + START
    ended = process("estimate", IDLIB, "--format", "json", start=start)
    assert ended.returncode == 0
    assert len(json.loads(ended.stdout)) == 8
    assert process("parse", "many", start=start).stdout == ""


def test_no_standard_input() -> None:
    """With standard input closed, `-` is a fault with a message, not a traceback."""
    ended = process("check", "-", start="import sys; sys.stdin = None; " + START)
    assert ended.returncode == 1
    assert "standard input" in ended.stderr
    assert "Traceback" not in ended.stderr


# Interrupts -----------------------------------------------------------------------------------------------------------


def test_interrupt_while_the_document_is_written(tmp_path: Path) -> None:
    """Ctrl-C in the middle of writing keeps the old document whole, leaves no part of a new one and no traceback."""
    old = write(tmp_path / "report.md", "the old report")

    # The signal comes between the writing of the new file and its taking the old one's place.
    start = f"""
import os, signal
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in the background inherit that it is ignored
replace = Path.replace
def interrupted(self, target):
    assert self.stat().st_size > 1000
    os.kill(os.getpid(), signal.SIGINT)
    return replace(self, target)
Path.replace = interrupted
{START}
"""

    ended = process("report", IDLIB, "-o", old, start=start)
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr
    assert os.listdir(tmp_path) == ["report.md"]
    assert old.read_text() == "the old report"


def test_interrupt_while_estimating(tmp_path: Path) -> None:
    """Ctrl-C while a long table is worked on ends the command at once with status 130 and without traceback."""
    table = write(tmp_path / "table.csv", "event,source,figure,colour\n" + "".join(
        f"E{event},S{source},{event * 3 + source},red\n" for event in range(300) for source in range(4)
    ))  # fmt: skip

    start = f"""
import os, signal, threading
from estimates.results import in_pieces as results
signal.signal(signal.SIGINT, signal.default_int_handler)
run = results.estimate_in_pieces
def interrupted(*arguments, **options):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    return run(*arguments, **options)
results.estimate_in_pieces = interrupted
{START}
"""

    ended = process("report", table, "-o", tmp_path / "report.html", start=start, timeout=30)
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr
    assert os.listdir(tmp_path) == ["table.csv"]
