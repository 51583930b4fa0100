"""Measure: what SIGKILLs at random moments cost `estimates estimate` in parts, and `estimates report` of many events.

Both commands run without disturbance. Then each is started in an empty folder, killed at a random moment of that time (it
alone: what it started has to end by itself), and run again to its end; that is done twenty times, for the report every
second time over an older report. A kill after the results were written is not counted. Looked at after each kill: whether
what stands at the target is whole (the ranges are those of the undisturbed run; of the report the page and all pages it
links to are complete, and those of one run), what else stands there, and which processes are alive five seconds later.
Looked at after the second run: whether the ranges are the same, whether the report differs in nothing but its times, and
what is left over.

Work of estimates is lost where a part was begun twice: the command that is measured writes a byte for each part it gives
to a process. Work of a report is what a run takes after its start, and the start is what the same command takes for a table
of one event: starting Python, imports, loading the profile, the machine code of the loops and the templates. What a kill
lost is the time of both runs, less that of an undisturbed run and one start; below zero it counts as none. An undisturbed
run and a start follow on each kill, and the means of those before and after it count, as the machine is now faster and
now slower. Seconds of processors are taken, as the clock also measures what others do on the machine; shares by the
clock, and with nothing but Python and imports as the start, are told beside it. So is the share that undisturbed runs,
which lose nothing, seem to lose beside their neighbours: that is how far a single kill can be off.

    python tests/measures/kills.py estimate report [--kills 20]
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from _common import Figure, record, small_events, verdict
from helpers.processes import alive, children_of

from estimates.files import hidden_beside

KILLS, MOST_LOST, GRACE = 20, 0.1, 5.0
#: Events of the table in parts and of a part, draws that an event begins with, and events of the report.
EVENTS, IN_A_PART, DRAWS, PAGES = 1_200, 30, 250, 51

#: Where a report keeps what is done of it.
HIDDEN = hidden_beside(Path("page_files")).name

#: The command line with small parts, and a byte in a file for each part that is begun.
COMMAND = """
import os, sys
from estimates.streaming import processes, split
split.EVENTS = int(sys.argv.pop(1))
counter = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
given = processes.Tasks.next
def counted(self):
    part = given(self)
    if part is not None:
        os.write(counter, b".")
    return part
processes.Tasks.next = counted
from estimates.cli import main
try:
    main()
finally:
    with open(os.environ["IMPORTED"], "w") as file:
        print(*sys.modules, sep=chr(10), file=file)
"""
#: Python and the imports of the command alone.
IMPORTS = """
import importlib, os
from contextlib import suppress
for name in open(os.environ["IMPORTED"]).read().split():
    with suppress(Exception):
        importlib.import_module(name)
"""


@dataclass(frozen=True)
class Command:
    """A command that is killed, and how its result is judged.

    Attributes
    ----------
    arguments : tuple of str
        Of the command line, run in the folder of the result.
    results : tuple of str
        Names of what it leaves when it is done.
    working : tuple of str
        Names that may be there until then.
    of_one : tuple of str
        Of the command line, for a table of one event; none where its start is not asked for.
    content : callable
        What stands in a folder, None where there is nothing, text that begins with "broken" where it is not whole.
    """

    arguments: tuple[str, ...]
    results: tuple[str, ...]
    working: tuple[str, ...]
    of_one: tuple[str, ...]
    content: Callable[[Path], str | None]

    def start(self, folder: Path) -> subprocess.Popen[bytes]:
        """The command in a folder."""
        return command_line(self.arguments, folder)

    def finish(self, folder: Path) -> Taken:
        """Run it to its end."""
        return ended(self.start(folder), time.monotonic())

    def is_done(self, folder: Path, since: float) -> bool:
        """Whether all results were written since a moment and nothing is kept for another run: it was about to end."""
        there = all((folder / name).exists() and (folder / name).stat().st_mtime > since for name in self.results)
        return there and not any((folder / name).exists() for name in self.working)

    def only_start(self, folder: Path) -> tuple[Taken, Taken]:
        """Run it for one event, in a folder of its own; and import what it imports."""
        of_one = folder.with_name(folder.name + " of one")
        of_one.mkdir()
        small = ended(command_line(self.of_one, of_one), time.monotonic())
        return small, ended(python([IMPORTS], of_one), time.monotonic())


def command_line(arguments: tuple[str, ...], folder: Path) -> subprocess.Popen[bytes]:
    """A command of the package in a folder."""
    return python([COMMAND, str(IN_A_PART), str(begun_in(folder)), *arguments], folder)


@dataclass(frozen=True)
class Taken:
    """What a process took: seconds by the clock, and of processors."""

    clock: float
    processor: float


def python(arguments: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Python with some code and its arguments, in a folder."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONWARNINGS": "ignore"}
    environment["IMPORTED"] = str(folder.with_name(folder.name + ".imported"))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-c", *arguments], cwd=folder, env=environment, **quiet)


def ended(process: subprocess.Popen[bytes], began: float, status: int = 0) -> Taken:
    """What a process took, once it has ended, with a status that is the one expected."""
    _, found, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(found)
    if process.returncode != status:
        sys.exit(f"{process.args} ended with status {process.returncode}")
    return Taken(time.monotonic() - began, usage.ru_utime + usage.ru_stime)


@dataclass
class Found:
    """What kills of one command did.

    Attributes
    ----------
    moments : list of float
        Seconds after which it was killed.
    before, again : list of Taken
        What it took until then, and what the run after it took.
    undisturbed, starts, imports : list of Taken
        What runs took that nobody killed, what their start takes, and of it Python and imports.
    broken, differing, left_alive : int
        Results that were not whole, results of the run after it that differ, processes.
    begun_twice : list of int
        Parts begun twice, a number a kill.
    after, for_ever : list of str
        Names beside the results after a kill and after the run that followed.
    """

    moments: list[float] = field(default_factory=list)
    before: list[Taken] = field(default_factory=list)
    again: list[Taken] = field(default_factory=list)
    undisturbed: list[Taken] = field(default_factory=list)
    starts: list[Taken] = field(default_factory=list)
    imports: list[Taken] = field(default_factory=list)
    broken: int = 0
    differing: int = 0
    left_alive: int = 0
    whole: int = 0
    started: int = 0
    begun_twice: list[int] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    for_ever: list[str] = field(default_factory=list)


def begun_in(folder: Path) -> Path:
    """The file with a byte for each part that was begun in a folder; beside it."""
    return folder.with_name(folder.name + ".begun")


def begun(folder: Path) -> int:
    """Parts that were begun in a folder."""
    return begun_in(folder).stat().st_size if begun_in(folder).exists() else 0


# What a command leaves ------------------------------------------------------------------------------------------------


def ranges_in(folder: Path) -> str | None:
    """The ranges that a folder holds, as text."""
    target = folder / "OUT.parquet"
    if not target.exists():
        return None
    try:
        return pd.read_parquet(target).to_csv()
    except (OSError, ValueError) as error:
        return f"broken: {error}"


def report_in(folder: Path) -> str | None:
    """The report that a folder holds without its times, pages after index; None where there is no page and no folder."""
    index, pages = folder / "page.html", folder / "page_files"
    if not index.exists() and not pages.exists():
        return None

    texts = {each.name: each.read_text(encoding="utf-8") for each in sorted(pages.glob("*"))} if pages.exists() else {}
    if index.exists():
        texts = {"": index.read_text(encoding="utf-8"), **texts}
        linked = set(re.findall(r'href="page_files/([^"#]+)', texts[""]))
        if missing := linked - texts.keys():
            return f"broken: {len(missing)} pages are missing"
    if cut := [name for name, text in texts.items() if not text.rstrip().endswith("</html>")]:
        return f"broken: cut off: {cut[0]}"
    if len(texts) < PAGES:
        return f"broken: {len(texts)} pages"
    return "\n".join(name + without_times(text) for name, text in texts.items())


def without_times(text: str) -> str:
    """A page without the moment at which it was made."""
    return re.sub(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})?", "", text)


# Kills ----------------------------------------------------------------------------------------------------------------


def kill_once(command: Command, folder: Path, moment: float, wanted: set[str], found: Found) -> bool:
    """Start a command, kill it after so many seconds, and run it again; whether it was not done before that."""
    before, stood = set(os.listdir(folder)), time.time()
    process, began = command.start(folder), time.monotonic()
    children: set[int] = set()
    while process.poll() is None and time.monotonic() < began + moment:
        time.sleep(min(0.1, max(0.0, began + moment - time.monotonic())))
    children |= set(children_of(process.pid))
    if process.poll() is not None:
        return False

    process.send_signal(signal.SIGKILL)
    taken = ended(process, began, -signal.SIGKILL)
    if command.is_done(folder, stood):
        return False
    found.before.append(taken)
    time.sleep(GRACE)
    found.moments.append(moment)
    found.started += len(children)
    found.left_alive += sum(alive(child) for child in children)
    judge(command, folder, before, wanted, found)

    found.again.append(command.finish(folder))
    found.begun_twice.append(begun(folder))
    found.differing += command.content(folder) not in wanted
    found.for_ever += sorted(set(os.listdir(folder)) - set(command.results))
    return True


def judge(command: Command, folder: Path, before: set[str], wanted: set[str], found: Found) -> None:
    """Look at what a kill left."""
    content = command.content(folder)
    found.broken += content is not None and content not in wanted
    found.whole += content in wanted
    found.after += sorted(set(os.listdir(folder)) - set(command.results) - set(command.working) - before)
    if content is not None and content not in wanted:
        print(content[:100], file=sys.stderr, flush=True)


def undisturbed(command: Command, base: Path, wanted: str | None, found: Found) -> tuple[Path, str]:
    """Run a command without disturbance, and its start alone; gives its folder and what it wrote there."""
    folder = base / f"undisturbed {len(found.undisturbed)}"
    folder.mkdir()
    found.undisturbed.append(command.finish(folder))
    if command.of_one:
        start, imports = command.only_start(folder)
        found.starts.append(start)
        found.imports.append(imports)

    content = command.content(folder)
    assert content is not None, "nothing was written"
    assert not content.startswith("broken"), content
    assert wanted in (None, content), "two undisturbed runs differ"
    return folder, content


def middle(taken: list[Taken]) -> Taken:
    """Medians of what some processes took, but the first: it reads files that later ones find in memory."""
    clock, processor = (statistics.median(getattr(each, name) for each in taken[1:]) for name in ("clock", "processor"))
    return Taken(clock, processor)


def killed(command: Command, base: Path, kills: int, seed: int, older: bool) -> tuple[int, Found]:
    """The parts of the undisturbed run, and what kills did."""
    found, rng, number = Found(), np.random.default_rng(seed), 0
    first, wanted = undisturbed(command, base, None, found)
    undisturbed(command, base, wanted, found)
    parts = begun(first)

    while len(found.moments) < kills:
        folder, number = base / f"killed {number}", number + 1
        folder.mkdir()
        if older and number % 2:
            subprocess.run(["cp", "-r", *(str(first / name) for name in command.results), str(folder)], check=True)
        moment = float(rng.uniform(0.0, middle(found.undisturbed).clock))
        done = not kill_once(command, folder, moment, {wanted}, found)
        if not done and not parts:
            undisturbed(command, base, wanted, found)
        told = "was done before" if done else f"run again {found.again[-1].clock:.1f} s, begun {found.begun_twice[-1]}"
        if not done and not parts:
            told += f", lost {share_lost(found, found.starts)[-1]:.3f} ({share_lost(found, found.imports)[-1]:.3f})"
        print(f"{command.arguments[0]} {moment:.1f} s: {told}", file=sys.stderr, flush=True)
    found.begun_twice = [count - parts for count in found.begun_twice]
    return parts, found


# Figures --------------------------------------------------------------------------------------------------------------


def share_lost(found: Found, start: list[Taken], by: str = "processor") -> list[float]:
    """The share of the work that each kill lost: what both runs took, less an undisturbed run and one start."""
    both = [getattr(before, by) + getattr(again, by) for before, again in zip(found.before, found.again, strict=True)]
    # The first of all is left out: it reads files that later ones find in memory.
    whole, begun_with = (
        [(one + other) / 2.0 for one, other in pairwise(getattr(each, by) for each in taken[1:])]
        for taken in (found.undisturbed, start)
    )
    return [max(0.0, (each - run - own) / (run - own)) for each, run, own in zip(both, whole, begun_with, strict=True)]


def seeming_loss(found: Found) -> list[float]:
    """The share that undisturbed runs seem to lose: each less the mean of the one before and the one after it."""
    taken = [each.processor for each in found.undisturbed[1:]]
    work = middle(found.undisturbed).processor - middle(found.starts).processor
    return [
        max(0.0, each - (before + after) / 2.0) / work
        for before, each, after in zip(taken, taken[1:], taken[2:], strict=False)
    ]


def figures_of(parts: int, found: Found) -> list[Figure]:
    """What is kept of the kills of one command; where there are no parts, what was lost is time."""
    whole = middle(found.undisturbed)
    figures = [
        Figure("SIGKILLs", len(found.moments)),
        Figure("undisturbed run", whole.clock, "s"),
        Figure("results after a kill that are not whole", found.broken, "", "0"),
        Figure("results after a kill that are whole", found.whole),
        Figure("results of the run after it that differ from the undisturbed one", found.differing, "", "0"),
        Figure("processes that were running at the kills, beside the one killed", found.started),
        Figure("of these alive five seconds later", found.left_alive, "", "0"),
        Figure("temporary files and folders beside the result after a kill", listed(found.after)),
        Figure("of these there after the run that followed", listed(found.for_ever), "", "0"),
    ]
    if parts:
        lost = [count / parts for count in found.begun_twice]
        figures += [
            Figure("parts", parts),
            Figure("share of the parts begun twice, mean of a kill", float(np.mean(lost)), "", must(float(np.mean(lost)))),
            Figure("share of the parts begun twice, largest of a kill", max(lost), "", must(max(lost))),
        ]  # fmt: skip
    else:
        lost, clock = share_lost(found, found.starts), share_lost(found, found.starts, "clock")
        strictly = share_lost(found, found.imports)
        figures += [
            Figure("undisturbed run, on processors", whole.processor, "s"),
            Figure("start, on processors", middle(found.starts).processor, "s"),
            Figure("of it Python and imports", middle(found.imports).processor, "s"),
            Figure("share of the work lost, mean of a kill", float(np.mean(lost)), "", must(float(np.mean(lost)))),
            Figure("share of the work lost, largest of a kill", max(lost), "", must(max(lost))),
            Figure("share that undisturbed runs seem to lose, mean", float(np.mean(seeming_loss(found)))),
            Figure("share that undisturbed runs seem to lose, largest", max(seeming_loss(found))),
            Figure("share lost by the clock, mean of a kill", float(np.mean(clock))),
            Figure("share lost where Python and imports alone are the start, mean of a kill", float(np.mean(strictly))),
            Figure("share lost where Python and imports alone are the start, largest of a kill", max(strictly)),
        ]  # fmt: skip
    return figures


def must(lost: float) -> str:
    """What the share of work lost is held to."""
    return f"<= {MOST_LOST} {verdict(lost, MOST_LOST)}"


def listed(names: list[str]) -> str:
    """How many there are, and what they are called, digits of hashes left out."""
    kinds = sorted({re.sub(r"[0-9a-f]{16}", "HASH", name) for name in names})
    return f"{len(names)} ({', '.join(kinds)})" if names else "0"


def commands(base: Path) -> dict[str, Command]:
    """The two commands, and their tables in a folder."""
    small_events(EVENTS).sample(frac=1.0, random_state=0).to_parquet(base / "BIG.parquet", index=False)
    small_events(PAGES, seed=1).to_csv(base / "TABLE.csv", index=False)
    small_events(1, seed=1).to_csv(base / "ONE.csv", index=False)
    asked = ("estimate", "../BIG.parquet", "-o", "OUT.parquet", "--draws", str(DRAWS))
    return {
        "estimate": Command(asked, ("OUT.parquet",), ("OUT.parquet.parts",), (), ranges_in),
        "report": Command(
            ("report", "../TABLE.csv", "-o", "page.html"), ("page.html", "page_files"), (HIDDEN,),
            ("report", "../ONE.csv", "-o", "page.html"), report_in
        ),
    }  # fmt: skip


def main() -> None:
    """Print the measure and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("commands", nargs="*", default=["estimate", "report"], help="estimate, report or both")
    arguments_of.add_argument("--kills", type=int, default=KILLS)
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments_of.add_argument("--no-record", action="store_true", help="print only")
    arguments = arguments_of.parse_args()

    for name in arguments.commands:
        with tempfile.TemporaryDirectory() as base:
            command = commands(Path(base))[name]
            found = killed(command, Path(base), arguments.kills, arguments.seed, older=name == "report")
        figures = figures_of(*found)
        if arguments.no_record:
            for figure in figures:
                print(name, figure.what, figure.value, figure.unit, figure.must)
        else:
            record(f"kills of {name}", figures, __file__)


if __name__ == "__main__":
    main()
