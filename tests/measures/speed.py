"""Measure: what an estimate costs: one event with ten figures against passes of numpy.exp, and small events by the second.

The event has ten different figures of ten sources, and 1,000 draws. `estimate` and `ranges()` are timed together, warm,
reading left out. The yardstick is one pass of ``numpy.exp`` in float64 over draws x grid cells x unique figures of that
event, written into an array that is given (the strict one) and into a fresh one. All are timed in turns, in processor time
of all threads and in wall time; the ratios are of medians, with those of the best turns beside them.

Small events (see ``helpers/small_events.py``) are estimated together at the default draws: events by the second of
processor time, read before and with reading.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable

import numpy as np
import pandas as pd
from _common import Seconds, seconds, small_events, verdict

from estimates import estimate, read_reports

FIGURES = [18, 21, 25, 19, 20, 30, 22, 17, 24, 40]
DRAWS = 1_000
LIMIT, AIMS = 8.0, "aim 4 in float32, 6 in float64"
LEAST, AIM = 120.0, 300.0


def ten_figures() -> pd.DataFrame:
    """Ten sources, ten different numbers, one event."""
    return pd.DataFrame(
        {
            "event": "one",
            "event_date": "2020-01-15",
            "reported_at": "2020-01-15",
            "event_type": "airstrike",
            "source": [f"source {index}" for index in range(len(FIGURES))],
            "source_type": ["monitor", "rescue", "local_media", "health", "un"] * 2,
            "wording": "exactly",
            "low": FIGURES,
            "high": FIGURES,
        }
    )


def in_turns(calls: dict[str, Callable[[], object]], turns: int) -> dict[str, list[Seconds]]:
    """Times of each call, after one that is not counted, one call after another in every turn."""
    for call in calls.values():
        call()
    found: dict[str, list[Seconds]] = {name: [] for name in calls}
    for _ in range(turns):
        for name, call in calls.items():
            found[name].append(seconds(call))
    return found


def one_event(turns: int) -> None:
    """Print the measure of the event with ten figures."""
    table = read_reports(ten_figures())
    found = estimate(table)
    cells = len(found.mass("one"))
    numbers = -np.random.default_rng(0).random((DRAWS, cells, len(FIGURES)))
    given = np.empty_like(numbers)
    calls: dict[str, Callable[[], object]] = {
        "estimate and ranges": lambda: estimate(table).ranges(),
        "numpy.exp, out= given": lambda: np.exp(numbers, out=given),
        "numpy.exp, fresh array": lambda: np.exp(numbers),
    }
    times = in_turns(calls, turns)

    print(
        f"one event: draws of the profile {found.profile.draws:,}, yardstick {DRAWS:,} draws x {cells} cells x", end=" "
    )
    print(f"{len(FIGURES)} unique figures = {numbers.size:,}; {turns} turns")
    for name, turn in times.items():
        middle, best = _over(turn, statistics.median), _over(turn, min)
        print(
            f"  {name:24s} processor {1e3 * middle.processor:6.1f} ms (best {1e3 * best.processor:6.1f})   "
            f"wall {1e3 * middle.wall:6.1f} ms (best {1e3 * best.wall:6.1f})"
        )
    ours, *yardsticks = times.items()
    for name, turn in yardsticks:
        middle = _ratios(ours[1], turn, statistics.median)
        best = _ratios(ours[1], turn, min)
        judged = f"   limit {LIMIT:g}: {verdict(middle.processor, LIMIT)}; {AIMS}" if "given" in name else ""
        print(
            f"  ratio to {name:24s} processor {middle.processor:5.1f} (best {best.processor:5.1f})   "
            f"wall {middle.wall:5.1f} (best {best.wall:5.1f}){judged}"
        )


def _over(times: list[Seconds], summary: Callable[[list[float]], float]) -> Seconds:
    return Seconds(*(summary(list(values)) for values in zip(*times, strict=True)))


def _ratios(ours: list[Seconds], theirs: list[Seconds], summary: Callable[[list[float]], float]) -> Seconds:
    return Seconds(*(a / b for a, b in zip(_over(ours, summary), _over(theirs, summary), strict=True)))


def many_events(count: int, turns: int) -> None:
    """Print the measure of small events."""
    estimate(small_events(10, seed=1)).ranges()
    rows = small_events(count)
    table = read_reports(rows)
    estimating, reading = [], []
    for _ in range(turns):
        reading.append(seconds(lambda: read_reports(rows)).processor)
        estimating.append(seconds(lambda: estimate(table).ranges()).processor)

    draws = estimate(small_events(1)).profile.draws
    print(f"{count} small events, {len(rows) / count:.1f} reports each, {draws:,} draws of the profile; {turns} turns")
    for name, spent in (
        ("read before", estimating),
        ("with reading", [a + b for a, b in zip(estimating, reading, strict=True)]),
    ):
        rate = count / statistics.median(spent)
        print(
            f"  events by the second of processor time, {name:12s} {rate:7.1f} (best {count / min(spent):7.1f})", end=""
        )
        judged = verdict(rate, LEAST, at_least=True)
        print(f"   at least {LEAST:g}: {judged}; aim {AIM:g}" if name == "read before" else "")


def main() -> None:
    """Print the measures."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--events", type=int, default=300, help="how many small events")
    arguments_of.add_argument("--turns", type=int, default=15, help="how often the one event is timed")
    arguments_of.add_argument("--event-turns", type=int, default=3, help="how often the small events are timed")
    arguments = arguments_of.parse_args()
    one_event(arguments.turns)
    many_events(arguments.events, arguments.event_turns)


if __name__ == "__main__":
    main()
