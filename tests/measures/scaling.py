"""Measure: how the cost of totals and of the history grows with the number of events, and the totals of 100,000 events.

For each number of small events one table is estimated, and then `total(by="place")` and `history()` are called once each:
processor time of all threads. The exponent is the slope of the logarithm of that time over the logarithm of the number of
events, 1 where the cost is linear. The smallest table is made several times with other seeds, and the median counts.

Then `total(by="place")` of 100,000 events, with the estimates at hand: wall and processor time. ``--quick`` estimates 2,000
events instead and prints what their total would be at 100,000 if its cost grew in line, or with the exponent found: an
indication, not the measure.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from _common import Seconds, seconds, small_events, verdict

from estimates import Estimates, estimate, read_reports

SIZES = (1_000, 3_000, 10_000)
LARGEST_EXPONENT = 1.05
MANY, QUICK, MOST_SECONDS = 100_000, 2_000, 20.0
#: How many tables of the smallest number of events are made, with other seeds.
REPEATS = 3


def say(text: str) -> None:
    """A line of progress, on standard error."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def estimated(count: int, seed: int = 0) -> tuple[Estimates, Seconds]:
    """The estimates of so many events, and what they took."""
    table = read_reports(small_events(count, seed))
    found: list[Estimates] = []
    spent = seconds(lambda: found.append(estimate(table)))
    return found[0], spent


def costs(count: int, repeats: int, *, with_history: bool) -> dict[str, float]:
    """Processor seconds of every call for one number of events, the median of several tables."""
    spent: dict[str, list[float]] = {}
    for seed in range(repeats):
        found, estimating = estimated(count, seed)
        calls: dict[str, Callable[[], object]] = {"total(by=)": lambda found=found: found.total(by="place")}
        if with_history:
            calls["history()"] = lambda found=found: found.history()
        spent.setdefault("estimate", []).append(estimating.processor)
        for name, call in calls.items():
            spent.setdefault(name, []).append(seconds(call).processor)
    middle = {name: statistics.median(times) for name, times in spent.items()}
    say(f"{count:,} events: " + ", ".join(f"{name} {value:.3g} s" for name, value in middle.items()))
    return middle


def exponents(sizes: list[int], *, with_history: bool) -> tuple[dict[str, float], float]:
    """Print and give the exponent of every call, and the seconds that one event takes to be estimated."""
    by_size = [costs(size, REPEATS if size == sizes[0] else 1, with_history=with_history) for size in sizes]
    found = {}
    print("processor seconds     " + "".join(f"{size:>12,}" for size in sizes) + "    exponent")
    for name in by_size[0]:
        times = [cost[name] for cost in by_size]
        found[name] = float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
        judged = f"   limit {LARGEST_EXPONENT}: {verdict(found[name], LARGEST_EXPONENT)}" if name != "estimate" else ""
        print(f"{name:22s}" + "".join(f"{value:12.3f}" for value in times) + f"{found[name]:12.2f}{judged}")
    return found, by_size[-1]["estimate"] / sizes[-1]


def total_of_many(count: int, pace: float) -> None:
    """Print what the total of so many events takes."""
    say(f"estimating {count:,} events, about {count * pace / 60:,.0f} minutes of processor time")
    found, spent = estimated(count)
    say(f"estimated in {spent.wall / 60:.1f} minutes")
    total = seconds(lambda: found.total(by="place"))
    print(f"total(by=) of {count:,} events: {total.wall:.1f} s, processor {total.processor:.1f} s", end="")
    print(f"   limit {MOST_SECONDS:g} s: {verdict(total.wall, MOST_SECONDS)}" if count >= MANY else "")


def quick_total(count: int, exponent: float) -> None:
    """Print what the total of a few thousand events lets expect."""
    found, _ = estimated(count)
    total = seconds(lambda: found.total(by="place")).processor
    in_line = total * MANY / count
    print(
        f"total(by=) of {count:,} events: processor {total:.2f} s. Not measured: at {MANY:,} it would be {in_line:.1f} s in line, "
        f"{total * (MANY / count) ** exponent:.1f} s with the exponent {exponent:.2f}   (limit {MOST_SECONDS:g} s)"
    )


def main() -> None:
    """Print the measure."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of events for the exponents")
    arguments_of.add_argument("--no-history", action="store_true", help="leave out history()")
    arguments_of.add_argument(
        "--events", type=int, default=MANY, help="events of the total that is timed; 0 leaves it out"
    )
    arguments_of.add_argument(
        "--quick", type=int, nargs="?", const=QUICK, help="an indication from so many events instead"
    )
    arguments = arguments_of.parse_args()

    warm, _ = estimated(30, seed=9)
    warm.total(by="place"), warm.history()
    found, pace = exponents(sorted(arguments.sizes), with_history=not arguments.no_history)
    if arguments.quick:
        quick_total(arguments.quick, found["total(by=)"])
    elif arguments.events:
        total_of_many(arguments.events, pace)


if __name__ == "__main__":
    main()
