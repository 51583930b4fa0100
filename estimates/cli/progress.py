"""How far a command is, on standard error: for work that takes longer than two seconds, with the time that is left.

On a terminal there is a bar, which is gone when the work is done; elsewhere a plain line every ten seconds.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from estimates.progress import Progress

__all__ = ["shown"]

#: Seconds before a bar appears, between its changes, and between plain lines.
WAIT, CHANGE, LINES = 2.0, 0.25, 10.0


@contextmanager
def shown(what: str) -> Iterator[Progress]:
    """Show how far a piece of work is while the block runs.

    Parameters
    ----------
    what : str
        What is being done, such as "estimating".

    Yields
    ------
    callable
        To be told how many parts are done and how many there are, from time to time: what functions of the library
        take as ``progress``. It costs next to nothing, and may be told from any thread.
    """
    if sys.stderr is None:
        yield lambda done, total: None
        return

    work = _Work(what)
    watcher = Thread(target=work.watch, args=(sys.stderr,), daemon=True)
    watcher.start()
    try:
        yield work.tell
    finally:
        work.ended.set()
        watcher.join()


class _Work:
    """A piece of work, how far it is, and whether it has ended."""

    def __init__(self, what: str) -> None:
        self.what, self.ended = what, Event()
        self._done, self._total, self._began = 0, 0, time.monotonic()

    def tell(self, done: int, total: int) -> None:
        """Keep how far the work is; what is shown follows in its own time."""
        self._done, self._total = done, total

    def watch(self, stream: TextIO) -> None:
        """Show the work until it has ended; a stream that takes nothing is left alone."""
        try:
            if _is_terminal(stream):
                self._with_a_bar()
            else:
                self._in_lines(stream)
        except (OSError, ValueError):
            return

    def _with_a_bar(self) -> None:
        if self.ended.wait(WAIT):
            return
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        said = TextColumn("{task.fields[said]}", markup=False)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), said)
        # Notes that are printed meanwhile stand above the bar; standard output is not touched.
        console = Console(stderr=True)
        with Bar(*columns, console=console, transient=True, auto_refresh=False, redirect_stdout=False) as bar:
            task = bar.add_task(self.what, total=None, said="")
            while True:
                bar.update(task, completed=self._done, total=self._total or None, said=self._said(), refresh=True)
                if self.ended.wait(CHANGE):
                    return

    def _in_lines(self, stream: TextIO) -> None:
        while not self.ended.wait(LINES):
            print(f"{self.what}: {self._said()}", file=stream, flush=True)

    def _said(self) -> str:
        """The share that is done and the time that is left, as if all parts took as long as those that are done."""
        done, total = self._done, self._total
        spent = time.monotonic() - self._began
        if 0 < done == total:
            return "nearly done"
        if not 0 < done <= total:
            return f"{_duration(spent)} so far"
        return f"{100 * done // total}%, about {_duration(spent * (total - done) / done)} left"


def _is_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal on which a line can be written over."""
    return stream.isatty() and os.environ.get("TERM", "") != "dumb"


def _duration(seconds: float) -> str:
    """A time in words that are as exact as it needs to be."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
