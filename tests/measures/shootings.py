"""Measure: ordinary shootings, each half by a profile that has not seen it: rises expected and seen, and errors.

Of the shootings with early dead: how many later counts the model expects to exceed the early one, the sum of its
probabilities, beside how many did, with the exact 95% range of a Poisson mean for that number; and the mean CRPS beside
that of the early count as it stands. ``profile_for`` says which profile a half is estimated with.
"""

from __future__ import annotations

import pandas as pd
from _common import Figure, record
from _data import find, parser
from _halves import in_halves, ordinary_profile, poisson_range
from _shootings import FILE, read

from estimates.profile.profile import SourceProfile

MOST_CRPS = 0.012
#: Every export is shown, whatever its age.
ANY_AGE = 1_000.0


def profile_for(half: int, others: pd.DataFrame) -> SourceProfile:
    """The profile that one half is estimated with: learned from the reports of the other half beside the anchors.

    Counts of ordinary events that were made from this file are left out; those of the other file stay.
    """
    return ordinary_profile(others, without="gun_violence_archive")


def main() -> None:
    """Print the measure and keep it."""
    arguments = parser(__doc__ or "").parse_args()
    path = find(arguments.data, FILE)
    if path is None:
        return

    every = read(path)
    table = every[every["figure"] != "0"].reset_index(drop=True)
    found = in_halves(table, profile_for, ANY_AGE)
    low, high = poisson_range(found.seen)

    model = found.of()
    figures = [
        Figure("shootings with early dead", len(model)),
        Figure("rises seen", found.seen),
        Figure("rises expected", found.expected, must=f"{low:.2f} to {high:.2f}, the 95% Poisson range of those seen"),
        Figure("CRPS", float(model["crps"].mean()), must=f"<= {MOST_CRPS:g}"),
        Figure("CRPS of the early count as it stands", float(found.of("latest")["crps"].mean())),
        Figure("mean PIT", float(model["pit"].mean())),
    ]
    record("shootings", figures, __file__)


if __name__ == "__main__":
    main()
