"""Measure: how much the seed moves the ends of a total.

Totals of 2, 7, 20 and 100 small events, each a table of its own, estimated under ten seeds. For every end of the 50, 80 and
95% intervals of every layer: the largest minus the smallest over the seeds, relative to their median. Ends are whole
people: where they are small, a step of one is more than the limit, so the largest move of more than one stands beside.
"""

from __future__ import annotations

import argparse

import pandas as pd
from _common import small_events, verdict

from estimates import estimate, read_reports

SIZES, SEEDS = (2, 7, 20, 100), 10
LIMIT = 0.02


def moves(count: int, seeds: int) -> pd.DataFrame:
    """Every end of the total of so many events: its line and name, and its median, smallest and largest over the seeds."""
    table = read_reports(small_events(count))
    totals = [estimate(table, seed=seed).total().assign(seed=seed) for seed in range(seeds)]
    ends = [name for name in totals[0].columns if name.startswith(("low_", "high_"))]
    long = pd.concat(totals).melt(["layer", "accounts", "remainder", "seed"], ends, var_name="end")
    lines = long.groupby(["layer", "accounts", "remainder", "end"], dropna=False)["value"]
    found = lines.agg(["median", "min", "max"]).reset_index()
    steps = found["max"] - found["min"]
    return found.assign(steps=steps, relative=steps / found["median"].clip(lower=1.0))


def described(row: pd.Series) -> str:
    """One end in words."""
    line = f"{row['layer']} {row['accounts']} {row['remainder']}".strip()
    return f"{row['end']} of {line}, {row['min']:,.0f} to {row['max']:,.0f}"


def main() -> None:
    """Print the measure."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--seeds", type=int, default=SEEDS)
    arguments_of.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments = arguments_of.parse_args()
    for count in arguments.sizes:
        found = moves(count, arguments.seeds)
        far = found.loc[found["relative"].idxmax()]
        print(
            f"{count:4d} events, {arguments.seeds} seeds: ends move by {found['relative'].median():.1%} in the middle, ",
            end="",
        )
        print(f"at most {far['relative']:.1%} ({described(far)})")
        more = found[found["steps"] > 1]
        worst = float(more["relative"].max()) if len(more) else 0.0
        where = f" ({described(more.loc[more['relative'].idxmax()])})" if len(more) else ""
        print(f"     by more than one: {worst:.1%}{where}   limit {LIMIT:.0%}: {verdict(worst, LIMIT)}")


if __name__ == "__main__":
    main()
