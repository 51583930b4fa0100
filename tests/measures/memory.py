"""Measure: memory that an `Estimates` object keeps for each event, in KB of 1,024 bytes.

For two numbers of small events, each in a process of its own: what is held after `estimate` and `ranges()` (whose table is
let go) beyond what was held before, the table of reports being read before and the code being warm. The slope between the
two is the memory for one event. Python's own count (tracemalloc) misses what compiled code allocates; the growth of the
process (resident memory, its free pages handed back, what tracemalloc itself needs taken off) misses nothing. The larger of
the two slopes counts.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import resource
import subprocess
import sys
import tracemalloc
from pathlib import Path

from _common import small_events, verdict

from estimates import estimate, read_reports

LIMIT, AIM = 16.0, 10.0


def held() -> tuple[int, int]:
    """Bytes that Python counts, and bytes of the process without what the counting needs."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return tracemalloc.get_traced_memory()[0], pages * resource.getpagesize() - tracemalloc.get_tracemalloc_memory()


def kept(count: int) -> tuple[int, int]:
    """What the estimates of so many events hold, by both counts."""
    estimate(small_events(20, seed=1)).ranges()
    table = read_reports(small_events(count))
    tracemalloc.start()
    before = held()
    found = estimate(table)
    found.ranges()
    after = held()
    assert len(found) == count
    return after[0] - before[0], after[1] - before[1]


def in_a_process(count: int) -> tuple[int, ...]:
    """The same, in a process of its own."""
    command = [sys.executable, __file__, "--only", str(count)]
    return tuple(map(int, subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.split()))


def main() -> None:
    """Print the measure."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--sizes", type=int, nargs=2, default=(500, 1_000), help="two numbers of small events")
    arguments_of.add_argument("--only", type=int, help=argparse.SUPPRESS)
    arguments = arguments_of.parse_args()
    if arguments.only:
        print(*kept(arguments.only))
        return

    few, many = arguments.sizes
    one, other = in_a_process(few), in_a_process(many)
    for count, (counted, grown) in ((few, one), (many, other)):
        print(
            f"{count:6,} events: counted by Python {counted / 2**20:7.2f} MB, growth of the process {grown / 2**20:7.2f} MB"
        )
    slopes = [(b - a) / (many - few) / 1024 for a, b in zip(one, other, strict=True)]
    print(
        f"kept for each event: counted by Python {slopes[0]:.1f} KB, growth of the process {slopes[1]:.1f} KB", end=""
    )
    print(f"   limit {LIMIT:g} KB: {verdict(max(slopes), LIMIT)}; aim {AIM:g} KB")


if __name__ == "__main__":
    main()
