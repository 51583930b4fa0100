"""What each source does to a range: every event estimated again without each of its sources in turn."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from estimates.inference.ranges import range_of_mass
from estimates.inference.solved import Solved

_COLUMNS = ("event", "outcome", "without", "layer", "median", "low_80", "high_80", "shift")


def influence_table(solved: Solved, events: Sequence[str] | None) -> pd.DataFrame:
    """Ranges without each source in turn, as `Estimates.influence` gives them.

    Parameters
    ----------
    solved : Solved
    events : sequence of str, optional
        Only these events; by default all.
    """
    bin_shares, as_of_bins = solved.profile.bin_shares, solved.cases.as_of_bins
    left_out = [(position, source) for position, case in solved.chosen(events) for source in case.sources]
    reduced = [
        (position, solved.cases.cases[position].without(source, bin_shares, as_of_bins[position]))
        for position, source in left_out
    ]

    rows = []
    for (position, source), then in zip(left_out, solved.replacing(reduced), strict=True):
        whole = solved.solution.answers[position]
        for layer, mass in (("documented", then.documented), ("total", then.total)):
            found = range_of_mass(then.grid, mass, (80,))
            before = range_of_mass(whole.grid, solved.mass(position, layer), ())
            heading = {"event": then.case.event, "outcome": then.case.outcome, "without": source, "layer": layer}
            rows.append({**heading, **found.cells, "shift": (found.median + 0.5) / (before.median + 0.5)})
    return pd.DataFrame(rows, columns=list(_COLUMNS))
