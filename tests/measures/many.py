"""Measure: tables of 1 to 350,000 events into a file: time, memory, and how both grow.

For each number of small events a Parquet table of their reports (2.8 an event) is made, and `estimate_to` is run on it in
a process of its own: time on the wall, processor time and memory of that process and of those it starts (the largest sum
of their proportional sizes, looked at every second), and bytes written. The exponent is the slope of the logarithm
of processor time over the logarithm of the number of events. Both layers, 50, 80 and 95%, as the issue of a whole
database asks for. ``--draws`` says how many draws of the profile events begin with; the ranges of 1,000 are those of
`estimate`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _common import ROOT, Figure, record, small_events

SIZES = (1, 100, 1_000, 10_000, 100_000, 350_000)
#: What the largest table may take: seconds on two cores, and gibibytes. The exponent is taken from this size on.
MOST_SECONDS, MOST_GIBIBYTES, LARGEST_EXPONENT, FROM = 300.0, 2.0, 1.05, 10_000
LOOK_EVERY = 1.0

RUN = """
import json, sys
from estimates import estimate_to
asked = json.loads(sys.argv[3])
estimate_to(sys.argv[1], sys.argv[2], **asked)
"""


class Cost(NamedTuple):
    """What one run took."""

    events: int
    rows: int
    wall: float
    processor: float
    gibibytes: float
    bytes_written: int
    bytes_kept: int


def say(text: str) -> None:
    """A line of progress, on standard error."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def table_of(events: int, folder: Path) -> tuple[Path, int]:
    """A Parquet table of so many events, in disorder, and its number of rows."""
    path = folder / f"{events}.parquet"
    frame = small_events(events).sample(frac=1.0, random_state=0)
    frame.to_parquet(path, index=False, row_group_size=100_000)
    return path, len(frame)


def memory_of(pid: int) -> float:
    """Proportional size, in gibibytes, of a process and all that it has started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    total = 0
    for each in (pid, *map(int, listed.stdout.split())):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 2**20


def run(events: int, folder: Path, draws: int, *, totals: bool) -> Cost:
    """Estimate a table in a process of its own."""
    path, rows = table_of(events, folder)
    target = folder / f"ranges_{events}.parquet"
    asked = json.dumps({"draws": draws, "totals": totals})
    before, began, largest = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0.0

    process = subprocess.Popen([sys.executable, "-c", RUN, str(path), str(target), asked], cwd=ROOT)
    while process.poll() is None:
        largest = max(largest, memory_of(process.pid))
        time.sleep(LOOK_EVERY)
    if process.returncode:
        sys.exit(f"the run of {events:,} events failed")

    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    kept = sum(each.stat().st_size for each in folder.glob(f"{target.name}.totals/*"))
    return Cost(events, rows, wall, processor, largest, target.stat().st_size, kept)


def main() -> None:
    """Print the measure, and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of events")
    arguments_of.add_argument("--draws", type=int, default=1_000, help="draws that events begin with")
    arguments_of.add_argument("--totals", action="store_true", help="keep what totals are made of as well")
    arguments_of.add_argument("--no-record", action="store_true", help="print only")
    arguments = arguments_of.parse_args()

    costs = []
    with tempfile.TemporaryDirectory() as folder:
        run(10, Path(folder), arguments.draws, totals=False)  # the formulas are compiled
        for size in sorted(arguments.sizes):
            costs.append(run(size, Path(folder), arguments.draws, totals=arguments.totals))
            cost = costs[-1]
            say(
                f"{size:,} events, {cost.rows:,} rows: {cost.wall:.1f} s, processor {cost.processor:.1f} s, {cost.gibibytes:.2f} GiB"
            )

    figures = figures_of(costs, arguments.draws)
    if arguments.no_record:
        for figure in figures:
            print(figure.what, figure.value, figure.unit, figure.must)
    else:
        record(f"many events, {arguments.draws} draws", figures, __file__)


def figures_of(costs: list[Cost], draws: int) -> list[Figure]:
    """What is kept of the runs."""
    figures = []
    for cost in costs:
        largest = cost.events == max(SIZES)
        figures += [
            Figure(f"{cost.events:,} events: time", cost.wall, "s", f"<= {MOST_SECONDS:g}" if largest else ""),
            Figure(f"{cost.events:,} events: processor", cost.processor, "s"),
            Figure(
                f"{cost.events:,} events: memory", cost.gibibytes, "GiB", f"<= {MOST_GIBIBYTES:g}" if largest else ""
            ),
        ]
        if cost.bytes_kept:
            figures.append(
                Figure(f"{cost.events:,} events: kept for totals", cost.bytes_kept / cost.events, "bytes an event")
            )

    large = [cost for cost in costs if cost.events >= FROM]
    if len(large) > 1:
        logs = np.log([[cost.events, cost.processor] for cost in large]).T
        figures.append(Figure("exponent from 10,000 on", float(np.polyfit(*logs, 1)[0]), "", f"<= {LARGEST_EXPONENT}"))
    return figures


if __name__ == "__main__":
    main()
