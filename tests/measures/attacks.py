"""Measure: attacks of a single day in MAVERICK from the reports of days 0 and 1, each half by a profile of its own.

The last report, made 3 to 399 days after the event, stands for the toll (`_maverick_tolls`): mean of the randomised
transforms, coverage and log width of the 90% range, rises expected and seen over the largest early figure, and errors
beside those of the hardest rivals. ``profile_for`` says which profile a half is estimated with.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from _common import Figure, record
from _data import find, parser
from _halves import in_halves, ordinary_profile, poisson_range
from _maverick import FILE
from _maverick_tolls import read

from estimates.evaluation.comparisons import against_rivals
from estimates.evaluation.scores import coverage_p_value, covered
from estimates.profile.profile import SourceProfile

#: Reports of day 0 and day 1 are shown.
DAYS = 2
RIVALS_KEPT = 3


def profile_for(half: int, others: pd.DataFrame) -> SourceProfile:
    """The profile that one half is estimated with: learned from the reports of the other half beside the anchors.

    Counts of ordinary events that were made from this file are left out; those of the other file stay.
    """
    return ordinary_profile(others, without="maverick")


def main() -> None:
    """Print the measure and keep it."""
    arguments = parser(__doc__ or "").parse_args()
    path = find(arguments.data, FILE)
    if path is None:
        return

    found = in_halves(read(path, days=DAYS, only_single_days=True), profile_for, float(DAYS))
    model = found.of()
    pits = model["pit"].to_numpy()
    held = covered(pits, 90)
    p, (low, high) = coverage_p_value(held, len(pits), 90), poisson_range(found.seen)

    figures = [
        Figure("attacks of a single day", len(pits)),
        Figure("mean PIT", float(pits.mean()), must=".43 to .57"),
        Figure("coverage of the 90% range", held / len(pits), must="p of the binomial test >= .02"),
        Figure("p of that coverage", p, must=">= .02"),
        Figure("log width of the 90% range, mean", float(model["log_width"].mean()), must="<= 1.1"),
        Figure("log width of the 90% range, median", float(np.median(model["log_width"]))),
        Figure("rises seen", found.seen),
        Figure("rises expected", found.expected, must=f"{low:.1f} to {high:.1f}, the 95% Poisson range of those seen"),
        Figure("CRPS", float(model["crps"].mean())),
    ]
    rivals = against_rivals(found.events).query("`class` == 'all'").head(RIVALS_KEPT)
    figures += [Figure(f"CRPS of {row.rival}", float(row.crps)) for row in rivals.itertuples()]
    record("attacks", figures, __file__)


if __name__ == "__main__":
    main()
