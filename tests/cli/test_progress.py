"""How far a command is: nothing for short work, a bar on a terminal, plain lines elsewhere; never a broken command."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from estimates.cli import progress
from estimates.cli.progress import shown
from estimates.progress import part_of, steps, told


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work of less than two seconds prints nothing, on a terminal or elsewhere."""
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr("sys.stderr", stream)
        with shown("estimating") as tell:
            tell(1, 2)
        assert stream.getvalue() == ""
    assert (progress.WAIT, progress.LINES) == (2.0, 10.0)


def test_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no terminal, every line says the share that is done and the time left at the pace so far."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "LINES", 0.05)
    with shown("estimating") as tell:
        time.sleep(0.08)
        tell(1, 4)
        time.sleep(0.1)

    first, *lines = stream.getvalue().splitlines()
    assert first == "estimating: 0 s so far"
    assert lines
    assert set(lines) <= {"estimating: 25%, about 0 s left", "estimating: 25%, about 1 s left"}


@pytest.mark.parametrize(
    ("spent", "done", "said"),
    [
        (30, 0, "30 s so far"),
        (30, 30, "30%, about 70 s left"),
        (60, 1, "1%, about 99 min left"),
        (3600, 10, "10%, about 9.0 h left"),
        (5, 100, "nearly done"),
        (5, 101, "5 s so far"),
    ],
)
def test_time_left(monkeypatch: pytest.MonkeyPatch, spent: float, done: int, said: str) -> None:
    """What is left takes as long a part as what is done; nothing is promised before a part is."""
    clock = [1000.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    work = progress._Work("x")
    clock[0] += spent
    work.tell(done, 100)
    assert work._said() == said


SHOWN = """
import sys, time
from estimates.cli import progress
from estimates.cli.streams import note
progress.WAIT, progress.CHANGE = 0.1, 0.02
with progress.shown("estimating [red]") as tell:
    tell(1, 4)
    time.sleep(0.6)
    note("a note in between")
    tell(2, 4)
    time.sleep(0.2)
print("the result")
"""


def test_a_bar_on_a_terminal() -> None:
    """On a terminal a bar tells what is done, with share and time left; notes stay, and the bar is gone at the end."""
    master, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    try:
        ended = subprocess.run(
            [sys.executable, "-c", SHOWN],
            stdout=subprocess.PIPE,
            stderr=terminal,
            env=environment,
            check=False,
            timeout=30,
        )
        os.close(terminal)
        said = _all_of(master)
    finally:
        os.close(master)

    assert (ended.returncode, ended.stdout) == (0, b"the result\n")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    assert re.search(r"estimating \[red\] \S+ +25%, about \d s left", plain)
    assert re.search(r"[\r\n]note: a note in between\r?\n", plain)
    assert said.rstrip().endswith("\x1b[2K")  # the last line is cleared


def _all_of(master: int) -> str:
    """What was written to a terminal whose other end is closed."""
    found = b""
    while True:
        try:
            some = os.read(master, 65536)
        except OSError:
            return found.decode()
        found += some
        if not some:
            return found.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_standard_error_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard error that is full, closed or not there changes nothing in the work."""
    monkeypatch.setattr(progress, "LINES", 0.02)
    closed, worked = io.StringIO(), []
    closed.close()
    with suppress(OSError), Path("/dev/full").open("w") as full:  # closing it fails as well
        for stream in (full, closed, None):
            monkeypatch.setattr("sys.stderr", stream)
            with shown("estimating") as tell:
                tell(1, 2)
                time.sleep(0.06)
            worked.append(stream)
    assert len(worked) == 3


def test_an_error_ends_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error passes, and nothing is shown after it."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "LINES", 0.02)
    with pytest.raises(KeyboardInterrupt), shown("estimating"):
        raise KeyboardInterrupt
    before = stream.getvalue()
    time.sleep(0.06)
    assert stream.getvalue() == before


def test_parts_are_told() -> None:
    """Parts are told as done when the next one is asked for, so that what is told is never ahead of the work."""
    said: list[tuple[int, int]] = []
    assert [(part, said[-1]) for part in told("abc", 3, lambda done, total: said.append((done, total)))] == [
        ("a", (0, 3)), ("b", (1, 3)), ("c", (2, 3)),
    ]  # fmt: skip
    assert said[-1] == (3, 3)
    assert list(told("abc", 3, None)) == ["a", "b", "c"]


def test_parts_of_a_larger_work() -> None:
    """The second of two parts begins at a half and ends at the whole; steps add up."""
    said: list[float] = []
    second = part_of(lambda done, total: said.append(done / total), 1, 2)
    step = steps(4, second)
    step(1)
    step(3)
    assert said == [0.5, 0.625, 1.0]
    assert part_of(None, 1, 2) is None
    steps(4, None)(1)
