"""Measure: one event with ten figures, in a warm process, against one pass of numpy.exp over as many numbers.

The yardstick is ``numpy.exp`` over draws x grid cells x unique figures, written into a fresh array, both with the cells
of the package's own grid and with a fixed 3.5 million numbers. Ratios are of medians within this run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from estimates import estimate, read_reports
from estimates.inference.posterior import case_grid

FIGURES = [18, 21, 25, 19, 20, 30, 22, 17, 24, 40]


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


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    """Median wall time of a call."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the measure."""
    table = read_reports(ten_figures())
    found = estimate(table)
    cells = len(case_grid(found.cases[0]))
    draws = found.profile.draws
    own = -np.random.default_rng(0).random((draws, cells, len(FIGURES)))
    fixed = -np.random.default_rng(0).random(3_500_000)
    start = time.perf_counter()
    np.exp(fixed)
    first = time.perf_counter() - start
    whole = median_seconds(lambda: estimate(table).records(), 15)
    exp_own = median_seconds(lambda: np.exp(own), 15)
    exp_fixed = median_seconds(lambda: np.exp(fixed), 15)
    print(f"draws {draws}, grid cells {cells}, unique figures {len(FIGURES)}")
    print(f"estimate, both layers and intervals   {1e3 * whole:7.1f} ms")
    print(f"numpy.exp, own grid   {own.size:>10,}     {1e3 * exp_own:7.1f} ms   ratio {whole / exp_own:5.1f}")
    print(f"numpy.exp, fixed      {fixed.size:>10,}     {1e3 * exp_fixed:7.1f} ms   ratio {whole / exp_fixed:5.1f}")
    print(f"the first such pass, memory not yet mapped {1e3 * first:7.1f} ms   ratio {whole / first:5.1f}")
    fifty = pd.concat([ten_figures().assign(event=f"event {index}").iloc[: 2 + index % 3] for index in range(50)])
    batch = read_reports(fifty)
    print(f"fifty small events (2 to 4 figures)   {1e3 * median_seconds(lambda: estimate(batch).records(), 5):7.1f} ms")


if __name__ == "__main__":
    main()
