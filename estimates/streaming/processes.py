"""Parts worked out on this machine, by a few processes that end with the one that started them."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from estimates.errors import EstimatesError
from estimates.streaming.folder import Folder
from estimates.streaming.part import work_out
from estimates.streaming.settings import Settings
from estimates.streaming.split import Part

#: The C library of Linux hands large arrays back at once and clears the next ones anew: here they are kept instead.
_KEEPING_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 29), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}


class WorkerEndedError(EstimatesError):
    """A process ended before its work was done."""


@dataclass
class Tasks:
    """Parts that wait for a process, shared by the threads that each lead one.

    Attributes
    ----------
    waiting : deque of Part
    only_read : bool
        Whether the parts that are left are only read, since one of them has faults.
    answered : Event
        That a part is done: by then the formulas are compiled, and no other process compiles them once more.
    """

    waiting: deque[Part]
    only_read: bool = False
    answered: threading.Event = field(default_factory=threading.Event)
    found: queue.SimpleQueue[tuple[Part, dict[str, Any] | Exception]] = field(default_factory=queue.SimpleQueue)

    def next(self) -> Part | None:
        """The next part, or None."""
        try:
            return self.waiting.popleft()
        except IndexError:
            return None


def in_this_process(parts: Sequence[Part], folder: Folder, settings: Settings) -> Iterator[tuple[Part, dict[str, Any]]]:
    """Work out parts one after another, and give the facts of each as it is done.

    From the first part that has faults on all others are only read, so that every fault is told.

    Parameters
    ----------
    parts : sequence of Part
    folder : Folder
        Takes the answers.
    settings : Settings
    """
    only_read = False
    for part in parts:
        answer = work_out(part.path.read_bytes(), settings, only_read=only_read)
        if answer.ranges:
            folder.keep(part.mark, answer)
        only_read = only_read or bool(answer.facts["faults"])
        yield part, answer.facts


def on_processes(parts: Sequence[Part], folder: Path, cores: int) -> Iterator[tuple[Part, dict[str, Any]]]:
    """Work out parts, and give the facts of each as it is done.

    From the first part that has faults on all others are only read, so that every fault is told.

    Parameters
    ----------
    parts : sequence of Part
    folder : Path
        Holds the settings, and takes the answers.
    cores : int
        Processes at a time.

    Raises
    ------
    EstimatesError
        If a process ends before its work is done; what is done is kept.
    """
    tasks = Tasks(deque(parts))
    workers: list[subprocess.Popen[str]] = []
    leads: list[threading.Thread] = []
    try:
        for number in range(min(cores, len(parts))):
            workers.append(_started(folder))
            leads.append(threading.Thread(target=_lead, args=(workers[-1], tasks, number == 0), daemon=True))
            leads[-1].start()

        for _ in parts:
            part, facts = tasks.found.get()
            tasks.answered.set()
            if isinstance(facts, Exception):
                raise facts
            tasks.only_read = tasks.only_read or bool(facts["faults"])
            yield part, facts
    finally:
        tasks.waiting.clear()
        tasks.answered.set()
        _end(workers, leads)


def _end(workers: Sequence[subprocess.Popen[str]], leads: Sequence[threading.Thread]) -> None:
    """End processes, then the threads that lead them, then the pipes between: nothing stays open."""
    for worker in workers:
        worker.kill()
        worker.wait()
    for lead in leads:
        lead.join()
    for worker in workers:
        with suppress(OSError), worker:  # what could not be sent any more is not needed
            pass


def _started(folder: Path) -> subprocess.Popen[str]:
    """A process that waits for parts; it finds the modules that this one has found."""
    environment = _KEEPING_MEMORY | os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-m", "estimates.streaming.worker", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        encoding="utf-8",
    )


def _lead(worker: subprocess.Popen[str], tasks: Tasks, is_first: bool) -> None:
    """Give parts to one process until none is left; only the first begins before any is done."""
    if not is_first:
        tasks.answered.wait()
    assert worker.stdin is not None
    assert worker.stdout is not None
    while part := tasks.next():
        try:
            task = {"rows": part.path.name, "mark": part.mark, "only_read": tasks.only_read}
            worker.stdin.write(json.dumps(task) + "\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
        except OSError:
            line = ""
        tasks.found.put((part, _told(line)))


def _told(line: str) -> dict[str, Any] | Exception:
    if not line:
        return WorkerEndedError(
            "a process that worked on a part has ended (it may have run out of memory); run again to go on from here"
        )
    told: dict[str, Any] = json.loads(line)
    if "error" in told:
        return RuntimeError(f"a part could not be worked out:\n{told['error']}")
    facts: dict[str, Any] = told["facts"]
    return facts
