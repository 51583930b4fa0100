"""Measure: ``estimates report`` as a whole process: of one event against ``import pandas``, of 200 and of 1,000 small events.

For one event of three figures and for the Idlib example it is the median ratio of pairs run in turn, in processor time,
which other work on the machine changes less than the wall time. For many events it is the least of the runs, and the size
of the index and of all pages beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from _common import ROOT, Figure, record, small_events, verdict
from startup import BASELINE, SILENT, environment

PAIRS, RUNS = 5, 2
MOST_RATIO = 4.0
#: Of so many small events: seconds, and megabytes of the index.
MANY = {200: (15.0, 3.0), 1_000: (60.0, None)}
ONE = """event,source,figure,source_type,event_date,reported_at,event_type
Bridge,Monitor,18,monitor,2020-01-15,2020-01-15,airstrike
Bridge,Rescue service,at least 21,rescue,2020-01-15,2020-01-16,airstrike
Bridge,Ministry,dozens,government,2020-01-15,2020-01-17,airstrike
"""
START = "from estimates.cli.application import main; main()"


class Took(NamedTuple):
    """Seconds on the wall and of processor time that a process took."""

    wall: float
    processor: float


def run(arguments: list[str]) -> Took:
    """Run one process to its end."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment(), **SILENT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with status {process.returncode}")
    return Took(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime)


def report(table: Path, page: Path) -> list[str]:
    """The command that makes a page of a table."""
    return ["-c", START, "report", str(table), "-o", str(page)]


def of_one(name: str, table: Path, folder: Path) -> Figure:
    """The ratio of a document of one table to importing pandas."""
    command = report(table, folder / "one.html")
    run(command), run(BASELINE)
    pairs = [(run(command), run(BASELINE)) for _ in range(PAIRS)]
    ratio = statistics.median(ours.processor / theirs.processor for ours, theirs in pairs)
    return Figure(
        f"document of {name} over import pandas", ratio, "times", f"<= {MOST_RATIO:g}: {verdict(ratio, MOST_RATIO)}"
    )


def of_many(count: int, folder: Path, runs: int) -> list[Figure]:
    """Time and size of the document of many events."""
    table, page = folder / f"{count}.csv", folder / f"{count}.html"
    small_events(count).to_csv(table, index=False)
    took = [run(report(table, page)) for _ in range(runs)]
    wall, processor = min(each.wall for each in took), min(each.processor for each in took)

    pages = sum(path.stat().st_size for path in folder.joinpath(f"{count}_files").iterdir()) / 1e6
    index = page.stat().st_size / 1e6
    most, largest = MANY[count]
    called = f"{count:,} small events"
    return [
        Figure(f"document of {called}, wall", wall, "s", f"<= {most:g}: {verdict(wall, most)}"),
        Figure(f"document of {called}, processor", processor, "s"),
        Figure(
            f"index of {called}", index, "MB", "" if largest is None else f"<= {largest:g}: {verdict(index, largest)}"
        ),
        Figure(f"all pages of {called}", pages, "MB"),
    ]


def main() -> None:
    """Print the measures and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = folder / "one.csv"
        one.write_text(ONE, encoding="utf-8")
        figures = [of_one("one event", one, folder), of_one("Idlib", ROOT / "data" / "idlib_2020.csv", folder)]
        for count in MANY:
            figures += of_many(count, folder, runs)
    record("documents", figures, __file__)


if __name__ == "__main__":
    main()
