"""What each source does to a range: every event estimated again without each of its sources in turn.

How far the sources lie apart is measured anew among those that are left, and with it the error that all of them may
share: leaving out the one that disagrees narrows a range for this reason, too. A source that was declared to watch is
left out with its declaration, also where it was silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from estimates.inference.posterior import solved_events
from estimates.inference.ranges import range_of_mass
from estimates.inference.solved import Solved
from estimates.progress import Progress, told

#: What one must know to read the table.
ABOUT = (
    "how far the sources lie apart (d), and with it the error that all of them may share, is measured anew among the "
    "sources that are left"
)
_COLUMNS = ("event", "outcome", "without", "layer", "median", "low_80", "high_80", "shift")


def influence_table(solved: Solved, events: Sequence[str] | None, progress: Progress | None = None) -> pd.DataFrame:
    """Ranges without each source in turn, as `Estimates.influence` gives them.

    Parameters
    ----------
    solved : Solved
    events : sequence of str, optional
        Only these events; by default all.
    progress : callable, optional
        Told how many sources have been left out and how many there are.
    """
    bin_shares, as_of_bins = solved.profile.bin_shares, solved.cases.as_of_bins
    left_out = [
        (position, source)
        for position, case in solved.chosen(events)
        for source in sorted({*case.sources, *(case.about.watch.silent if case.about.watch else ())})
    ]
    reduced, places = [], []
    for position, source in left_out:
        case = solved.cases.cases[position]
        event = solved.events[case.event]
        place = position - solved.solution.events[case.event].positions[0]
        others = case.without(source, bin_shares, as_of_bins[position])
        reduced.append(replace(event, cases=(*event.cases[:place], others, *event.cases[place + 1 :])))
        places.append(place)

    rows = []
    found_again = zip(left_out, places, solved_events(reduced, solved.profile), strict=True)
    for (position, source), place, then in told(found_again, len(left_out), progress):
        case = then.cases[place]
        for layer in ("documented", "total"):
            mass = then.documented(place) if layer == "documented" else then.total(place, solved.undocumented)
            found = range_of_mass(case.grid, mass, (80,))
            before = range_of_mass(solved.cases.cases[position].grid, solved.mass(position, layer), ())
            heading = {"event": case.event, "outcome": case.outcome, "without": source, "layer": layer}
            rows.append({**heading, **found.cells, "shift": (found.median + 0.5) / (before.median + 0.5)})
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame.attrs["note"] = ABOUT
    return frame
