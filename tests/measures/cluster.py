"""Measure: a Dask cluster of two workers on this machine against one, and whether their bytes are those of one process.

Small events are estimated by `estimate_to` on a LocalCluster of one worker and on one of two, one thread each, both warm:
time on the wall, and their ratio. Then the files are compared with that of this process alone.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from _common import Figure, record, small_events
from distributed import Client, LocalCluster

from estimates import estimate_to

EVENTS, DRAWS, LEAST_GAIN = 24_000, 250, 1.6


def warm() -> None:
    """What a worker does only once: modules, profile and compiled formulas are loaded."""
    from estimates import estimate, load_example

    estimate(load_example())


def timed(workers: int, table: Path, target: Path) -> float:
    """Seconds that a cluster of so many workers takes, all of them warm."""
    options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        client.wait_for_workers(workers)
        client.run(warm)
        began = time.perf_counter()
        estimate_to(table, target, client=client, draws=DRAWS)
        return time.perf_counter() - began


def main() -> None:
    """Print the measure, and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--events", type=int, default=EVENTS, help="number of events")
    arguments = arguments_of.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "table.parquet"
        small_events(arguments.events).to_parquet(table)
        one, two = (timed(workers, table, folder / f"{workers}.parquet") for workers in (1, 2))
        estimate_to(table, folder / "here.parquet", cores=1, draws=DRAWS)
        contents = {(folder / f"{which}.parquet").read_bytes() for which in (1, 2, "here")}

    figures = [
        Figure(f"one worker, {arguments.events:,} events", one, "s"),
        Figure(f"two workers, {arguments.events:,} events", two, "s"),
        Figure("two workers against one", one / two, "times", f">= {LEAST_GAIN}"),
        Figure("files that differ from that of one process", len(contents) - 1, "", "0"),
    ]
    record("cluster", figures, __file__)


if __name__ == "__main__":
    main()
