"""Measure: how exact log marginal likelihoods and ranges are: against figures kept, and against a grid of single integers.

First, every log marginal likelihood of ``tests/oracles/reference.csv`` is made anew: the largest difference of each kind.

Then events of four sizes are solved on the package's own grid and on one in which every integer to 20,000 is a cell, both
under the default profile: the largest difference of the log marginal likelihood over all draws, and how far the median and
the ends of the 80 and 95% ranges of the documented toll move. The full toll is left out: on so many cells its tables, cells
x cells, take more memory than a machine has.
"""

from __future__ import annotations

import argparse
from functools import partial

import numpy as np
import pandas as pd
from _common import ROOT, verdict
from oracles import reference

from estimates import Reports, read_reports

IN_DOUBLE, IN_SINGLE, OF_GRID = 1e-6, 1e-5, 1e-3
EVERY_INTEGER_TO = 20_000
EVENTS = {
    "two figures near 3": ["3", "at least 4"],
    "ten figures near 20": ["18", "21", "25", "19", "20", "30", "22", "17", "24", "40"],
    "three near 300": ["about 300", "287", "at least 340"],
    "three near 3,000": ["about 3,000", "2,871", "at least 3,400"],
}
PROBABILITIES = (0.025, 0.1, 0.5, 0.9, 0.975)
TYPES = ("monitor", "rescue", "local_media", "health", "un")


def event(figures: list[str]) -> Reports:
    """One event, a figure of a source of its own each."""
    same = {"event": "one", "event_date": "2020-01-15", "reported_at": "2020-01-15", "event_type": "airstrike"}
    return read_reports(
        [
            same | {"source": f"source {number}", "source_type": TYPES[number % len(TYPES)], "figure": figure}
            for number, figure in enumerate(figures)
        ]
    )


def solved(reports: Reports, every_integer_to: int | None = None) -> tuple[np.ndarray, list[int], int]:
    """Log marginal likelihood of one event for every draw, the ends of its ranges, and the number of cells.

    On the package's grid, or on one of single integers if asked. All that this script knows of the package's inside.
    """
    from estimates.inference import cases as module
    from estimates.inference.engine import engine_of
    from estimates.models import importance
    from estimates.models.grid import quantiles
    from estimates.profile.profile import named_profile

    profile, usual = named_profile("default"), module.make_grid
    (case,) = module.gather(reports.estimated_reports, profile.bin_shares, None).cases
    try:
        if every_integer_to:
            module.make_grid = partial(usual, largest_single=every_integer_to)
        (table,) = engine_of(profile).tables([case])
    finally:
        module.make_grid = usual

    weights = importance.from_log_marginal_likelihood(table.log_marginal_likelihood).values
    ends = quantiles(case.grid, importance.average(table.mass, weights), np.array(PROBABILITIES))
    return table.log_marginal_likelihood, ends.tolist(), len(case.grid)


def against_kept() -> None:
    """Print the differences from the figures kept."""
    kept = pd.read_csv(ROOT / "tests" / "oracles" / "reference.csv")
    found = reference.table()
    same = ["what", "name", "draw"]
    assert found[same].astype(str).to_numpy().tolist() == kept[same].astype(str).to_numpy().tolist()
    difference = (found["log_evidence"] - kept["log_evidence"]).abs()
    print("log marginal likelihoods against those kept: the largest difference")
    for what, values in difference.groupby(kept["what"], sort=False):
        print(f"  {what:26s} {len(values):4d} values   {values.max():.1e}")
    print(f"  all {len(difference)}: {difference.max():.1e}   limit {IN_DOUBLE:g} in float64: ", end="")
    print(f"{verdict(difference.max(), IN_DOUBLE)}; {IN_SINGLE:g} in float32: {verdict(difference.max(), IN_SINGLE)}")


def against_integers() -> None:
    """Print the differences from a grid of single integers."""
    print(f"own grid against every integer to {EVERY_INTEGER_TO:,}")
    for name, figures in EVENTS.items():
        reports = event(figures)
        own, own_ends, cells = solved(reports)
        fine, fine_ends, fine_cells = solved(reports, EVERY_INTEGER_TO)
        difference = np.abs(own - fine)
        print(f"  {name} ({cells} and {fine_cells:,} cells, {len(own):,} draws): log marginal likelihood", end=" ")
        print(f"{difference.max():.1e} at most, {np.median(difference):.1e} in the middle", end="")
        print(f"   limit {OF_GRID:g}: {verdict(difference.max(), OF_GRID)}")
        shown = [f"{a:,}" + (f" (not {b:,})" if a != b else "") for a, b in zip(own_ends, fine_ends, strict=True)]
        moves = [abs(a - b) / max(1, b) for a, b in zip(own_ends, fine_ends, strict=True)]
        print(f"    95, 80%, median: {', '.join(shown)}; the largest move {max(moves):.2%}", flush=True)


def main() -> None:
    """Print the measures."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--kept", action="store_true", help="only against the figures kept")
    arguments_of.add_argument("--integers", action="store_true", help="only against single integers")
    arguments = arguments_of.parse_args()
    if arguments.kept or not arguments.integers:
        against_kept()
    if arguments.integers or not arguments.kept:
        against_integers()


if __name__ == "__main__":
    main()
