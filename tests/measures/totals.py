"""Measure: totals of random disjoint sets of MAVERICK events beside the sums of their late figures.

Reports of days 0 to 2 are shown, of all events whose last report, made 3 to 399 days after, stands for the toll
(`_maverick_tolls`): how many summed tolls lie in the ranges of the totals, and the level, median over summed toll, with
a 90% bootstrap interval over events.
"""

from __future__ import annotations

import time
from dataclasses import asdict

from _common import Figure, record
from _data import find, parser
from _maverick import FILE
from _maverick_tolls import read

from estimates import read_reports
from estimates.evaluation.sets import totals_of_sets
from estimates.fitting.anchors import shipped_anchors
from estimates.fitting.counts import shipped_counts
from estimates.fitting.fitting import fit
from estimates.profile.profile import SourceProfile

#: Reports of days 0, 1 and 2 are shown.
DAYS = 3


def profile_used() -> SourceProfile:
    """A fast fit of the shipped anchors and counts, without those that were made from MAVERICK."""
    counts = [asdict(each) for each in shipped_counts() if each.dataset != "maverick"]
    anchors = shipped_anchors()
    return fit(anchors, method="fast", chosen_for_size=True, counts=counts, draws=1_000)


def main() -> None:
    """Print the measure and keep it."""
    arguments_of = parser(__doc__ or "")
    arguments_of.add_argument("--size", type=int, default=20, help="events in a set")
    arguments_of.add_argument("--shuffles", type=int, default=100)
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments = arguments_of.parse_args()
    path = find(arguments.data, FILE)
    if path is None:
        return

    start = time.perf_counter()
    reports = read_reports(read(path, days=DAYS, only_single_days=False))
    found = totals_of_sets(
        reports,
        profile_used(),
        size=arguments.size,
        shuffles=arguments.shuffles,
        seed=arguments.seed,
        within_days=float(DAYS),
    )
    print(found)
    print(f"{time.perf_counter() - start:.0f} s")

    told = f"{len(found.sets)} sets of {found.size} out of {len(found.events)} events, seed {found.seed}"
    figures = [
        Figure("sets", told),
        *(Figure(f"held by the {level}% range", found.held(level)) for level in (50, 95)),
        Figure("held by the 80% range", found.held(80), must=">= .70"),
        Figure("median over summed toll", found.ratio),
        Figure("its 90% bootstrap interval", f"{found.ratio_low:.2f} to {found.ratio_high:.2f}", must="holds 1"),
    ]
    if arguments.size == 20:
        record("totals", figures, __file__)


if __name__ == "__main__":
    main()
