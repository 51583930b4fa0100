"""Measure: the way from a table to what the engine takes, in processor time an event, and reading a million reports.

Small events pass through one stage after another: they are read, their columns become cases (and all of them once more
row by row, as reports), and these become arrays on grids. Each stage is run several times, and the quickest counts. Then
a million reports are read, from a frame and from a Parquet file, each in a process of its own: processor time, and how
much memory the process held at most.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
from _common import Figure, record, seconds, small_events

from estimates import read_reports
from estimates.inference.cases import Case, gather
from estimates.inference.gathering import gather_table
from estimates.models.corpus.layout import CorpusEvent, lay_out_on
from estimates.models.grid import Grid
from estimates.profile.priors import BIN_SHARES, size_law
from estimates.table.report import reports_of

#: Cases that are worked out together, and of those whose grid is the same so many.
TOGETHER = 500
#: Milliseconds an event.
LIMITS = {"gather_table": 0.10, "gather": 0.20, "lay_out_on": 0.08}
MANY, SHORT = 1_000_000, 20_000


def quickest(call: Callable[[], object], times: int) -> float:
    """Processor seconds of a call, the least of several."""
    return min(seconds(call).processor for _ in range(times))


def by_grid(cases: Sequence[Case]) -> Iterator[tuple[Grid, list[CorpusEvent]]]:
    """Cases as the engine takes them: some hundreds at a time, those on one grid together."""
    for first in range(0, len(cases), TOGETHER):
        of_grid: dict[Grid, list[Case]] = {}
        for case in cases[first : first + TOGETHER]:
            of_grid.setdefault(case.grid, []).append(case)
        yield from ((grid, list(events_of(own))) for grid, own in of_grid.items())


def events_of(cases: Sequence[Case]) -> Iterator[CorpusEvent]:
    """Cases with the numbers of their sources and laws."""
    keys = {key: number for number, key in enumerate(sorted({key for case in cases for key in case.keys}))}
    sizes = sorted({size_law(case.outcome, case.event_type) for case in cases})
    growths = sorted({case.growth_key for case in cases})
    for case in cases:
        size, growth = sizes.index(size_law(case.outcome, case.event_type)), growths.index(case.growth_key)
        yield CorpusEvent(case.alternatives, tuple(keys[key] for key in case.keys), size, ((growth, growth),))


def stages(count: int, times: int) -> list[Figure]:
    """Processor milliseconds an event of each stage."""
    frame = small_events(count)
    reports = read_reports(frame)
    own = reports.estimated_reports
    spent = {
        "read_reports": quickest(lambda: read_reports(frame), times),
        "reports_of": quickest(lambda: reports_of(reports.table), times),
        "gather_table": quickest(lambda: gather_table(reports, BIN_SHARES), times),
        "gather": quickest(lambda: gather(own, BIN_SHARES, None), times),
    }

    def laid_out() -> float:
        batches = list(by_grid(gather(own, BIN_SHARES, None).cases))  # anew: what they work out once they keep
        return seconds(lambda: [lay_out_on(grid, events) for grid, events in batches]).processor

    spent["lay_out_on"] = min(laid_out() for _ in range(times))
    return [
        Figure(f"{stage}, {count:,} events", 1e3 * value / count, "ms an event", _must(stage))
        for stage, value in spent.items()
    ]


def _must(stage: str) -> str:
    return f"<= {LIMITS[stage]}" if stage in LIMITS else ""


# ---------------------------------------------------------------------------------------------------- a million reports


def many(reports: int) -> pd.DataFrame:
    """A long table: small events again and again under other names."""
    once = small_events(min(SHORT, reports))
    copies = -(-reports // len(once))
    parts = [once.assign(event=once["event"] + f" of {copy}") for copy in range(copies)]
    return pd.concat(parts, ignore_index=True).iloc[:reports]


def read_alone(file: Path, form: str) -> tuple[float, float, float]:
    """Seconds, and megabytes before and at most, of reading a table in a process of its own."""
    command = [sys.executable, __file__, "--read", str(file), form]
    before, after, spent = map(float, subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.split())
    return spent, before, after


def read_here(file: str, form: str) -> None:
    """Read a table in this process, and print the memory that it held before and at most, and the seconds it took."""
    source = pd.read_parquet(file) if form == "frame" else file
    before = held()
    spent = seconds(lambda: read_reports(source)).processor
    print(before, held(), spent)


def held() -> float:
    """The most memory that this process has held so far, in megabytes."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def reading(reports: int) -> Iterator[Figure]:
    """What it takes to read so many reports."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.parquet"
        many(reports).to_parquet(file)
        for form in ("frame", "Parquet file"):
            spent, before, after = read_alone(file, form)
            yield Figure(f"read_reports, {reports:,} reports from a {form}", spent, "s")
            yield Figure(f"most memory held, {reports:,} reports from a {form}", round(after), "MB")
            yield Figure(f"of it before, {reports:,} reports from a {form}", round(before), "MB")


def main() -> None:
    """Print the measure, and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--events", type=int, default=10_000)
    arguments_of.add_argument("--reports", type=int, default=MANY)
    arguments_of.add_argument("--times", type=int, default=5)
    arguments_of.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    arguments = arguments_of.parse_args()

    if arguments.read:
        read_here(*arguments.read)
    else:
        record("gathering", [*stages(arguments.events, arguments.times), *reading(arguments.reports)], __file__)


if __name__ == "__main__":
    main()
