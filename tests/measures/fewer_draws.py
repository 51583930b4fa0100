"""Measure: what the ends of ranges lose where events begin with fewer draws of the profile than it has.

Small events are estimated with all draws of the default profile, 4,000, and then beginning with 1,000 (as `estimate`
does), 500 and 250. For each end the mean of the absolute difference of logarithms (of one and the end) is told, and the
mean with its sign: events share the draws, so that their ends move together. Three stretches of the profile's draws stand
for three choices by chance, and the mean over them is kept.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from _common import Figure, record, small_events

from estimates import SourceProfile, read_reports
from estimates.inference.cases import gather
from estimates.inference.posterior import Effort, solve
from estimates.inference.ranges import range_table
from estimates.inference.solved import Solved
from estimates.inference.undocumented import known_layer
from estimates.results.asked import known_profile

EVENTS, DRAWS, STRETCHES = 300, (1_000, 500, 250), 3
ENDS = ("median", "high_50", "high_80", "low_95", "high_95")


def beginning_at(profile: SourceProfile, first: int) -> SourceProfile:
    """The same profile, whose draws begin elsewhere; those before stand at its end."""
    order = np.roll(np.arange(profile.draws), -first)
    parameters = {name: values[order] for name, values in profile.parameters.items()}
    effects = {effect: values[order] for effect, values in profile.effects.items()}
    return replace(profile, parameters=parameters, effects=effects)


def ends_of(events: pd.DataFrame, profile: SourceProfile, draws: int) -> pd.DataFrame:
    """Ends of both layers, with so many draws to begin with."""
    cases, layer, effort = (
        gather(read_reports(events).estimated_reports, profile.bin_shares, None),
        known_layer("elicited"),
        Effort(draws),
    )
    solution = solve(cases, profile, 0, layer, effort=effort)
    return range_table(Solved(cases, profile, 0, layer, solution, None, effort), (50, 80, 95), ("documented", "total"))


def differences(found: pd.DataFrame, whole: pd.DataFrame, end: str, layer: str) -> np.ndarray:
    """Differences of logarithms of one end of one layer, shape (events,)."""
    ends = (frame.loc[frame["layer"] == layer, end].to_numpy(dtype=float) for frame in (found, whole))
    one, other = (np.log(each + 1.0) for each in ends)
    return one - other


def main(sizes: Sequence[int] = DRAWS) -> None:
    """Print the measure, and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--events", type=int, default=EVENTS, help="number of events")
    arguments = arguments_of.parse_args()

    events, profile = small_events(arguments.events, seed=5), known_profile(None, 0)
    whole = ends_of(events, profile, profile.draws)
    figures = []
    for draws in sizes:
        found = [ends_of(events, beginning_at(profile, stretch * draws), draws) for stretch in range(STRETCHES)]
        for layer in ("documented", "total"):
            for end in ENDS:
                moved = [differences(each, whole, end, layer) for each in found]
                mean, together = np.mean(np.abs(moved)), np.mean([abs(each.mean()) for each in moved])
                figures.append(Figure(f"{draws} draws, {layer}, {end}: off by", float(mean)))
                figures.append(Figure(f"{draws} draws, {layer}, {end}: all events together by", float(together)))
    record("fewer draws", figures, __file__)


if __name__ == "__main__":
    main()
