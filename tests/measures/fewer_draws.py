"""Measure: what the ends of ranges lose where events begin with fewer draws of the profile than it has.

Small events are estimated with all draws of the default profile, 4,000, and then beginning with 1,000 (as `estimate`
does), 500 and 250, and with as many draws as leave each event with 500 or 256 effective ones. For each end the mean of
the absolute difference of logarithms (of one and the end) is told, and the mean with its sign: events share the draws, so
that their ends move together. Three stretches of the profile's draws stand for three choices by chance, and the mean over
them is kept.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
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

EVENTS, STRETCHES = 300, 3
EFFORTS = {
    "1000 draws": Effort(1_000),
    "500 draws": Effort(500),
    "250 draws": Effort(250),
    "500 effective draws": Effort(500, effective=500),
    "256 effective draws": Effort(250, effective=256),
}
ENDS = ("median", "high_50", "high_80", "low_95", "high_95")


def beginning_at(profile: SourceProfile, first: int) -> SourceProfile:
    """The same profile, whose draws begin elsewhere; those before stand at its end."""
    order = np.roll(np.arange(profile.draws), -first)
    parameters = {name: values[order] for name, values in profile.parameters.items()}
    effects = {effect: values[order] for effect, values in profile.effects.items()}
    return replace(profile, parameters=parameters, effects=effects)


def ends_of(events: pd.DataFrame, profile: SourceProfile, effort: Effort) -> pd.DataFrame:
    """Ends of both layers, with so much work for each event."""
    cases = gather(read_reports(events).estimated_reports, profile.bin_shares, None)
    layer = known_layer("elicited")
    solution = solve(cases, profile, 0, layer, effort=effort)
    return range_table(Solved(cases, profile, 0, layer, solution, None, effort), (50, 80, 95), ("documented", "total"))


def differences(found: pd.DataFrame, whole: pd.DataFrame, end: str, layer: str) -> np.ndarray:
    """Differences of logarithms of one end of one layer, shape (events,)."""
    ends = (frame.loc[frame["layer"] == layer, end].to_numpy(dtype=float) for frame in (found, whole))
    one, other = (np.log(each + 1.0) for each in ends)
    return one - other


def main(efforts: Mapping[str, Effort] = EFFORTS) -> None:
    """Print the measure, and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--events", type=int, default=EVENTS, help="number of events")
    arguments = arguments_of.parse_args()

    events, profile = small_events(arguments.events, seed=5), known_profile(None, 0)
    whole = ends_of(events, profile, Effort(profile.draws))
    figures = []
    for name, effort in efforts.items():
        firsts = [stretch * effort.draws for stretch in range(STRETCHES)]
        found = [ends_of(events, beginning_at(profile, first), effort) for first in firsts]
        for layer in ("documented", "total"):
            for end in ENDS:
                moved = [differences(each, whole, end, layer) for each in found]
                mean, together = np.mean(np.abs(moved)), np.mean([abs(each.mean()) for each in moved])
                figures.append(Figure(f"{name}, {layer}, {end}: off by", float(mean)))
                figures.append(Figure(f"{name}, {layer}, {end}: all events together by", float(together)))
    record("fewer draws", figures, __file__)


if __name__ == "__main__":
    main()
