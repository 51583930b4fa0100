"""Measure: how often ranges hold the truth when sources copy, under-count, quote one hospital, inflate or are heard once.

Each world of ``estimates.evaluation.simulation`` is simulated as several tables of its own sources, whose parameters are drawn
from the published priors, and estimated with the published profile, which knows neither them nor the world. ``off`` is
the world as it comes, ``on`` its remedy where the table can hold one, ``ignored`` the model without copying. With
``--fit`` half of the events carry their documented toll, a profile is learned from the whole table, and only the other
half is scored. Coverage is that of central ranges of the randomised rank of the truth, which small counts do not inflate.
Tolls are those of crowd disasters by default: with the few dead of most air strikes hardly anything can go wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from estimates import Estimates, SourceProfile, estimate, simulate
from estimates.evaluation.simulation import Simulation
from estimates.evaluation.worlds import REMEDIES, WORLDS
from estimates.profile.blocks import generator
from estimates.profile.profile import named_profile, published_profile

LEVELS = (50, 80, 90, 95)
#: Tolls of the table's truth and the layers that estimate them.
LAYERS = ("documented", "total")
#: Shares of ages when every figure is a month old, so that growth hides nothing of the sources.
LATE = (0, 0, 0, 0, 0, 1)
#: Seed of the profile that worlds are drawn from; estimates use the one of seed zero.
TRUTH_SEED = 1_000


def without_copying(profile: SourceProfile) -> SourceProfile:
    """The same profile of somebody who takes every figure for the source's own."""
    nothing = np.full(profile.draws, 1e-9)
    return replace(profile, name="no copying", parameters={**profile.parameters, "copying": nothing})


def cases(
    worlds: Sequence[str], *, learn: bool
) -> list[tuple[str, str, bool, Callable[[SourceProfile], SourceProfile]]]:
    """World, name of the remedy, whether the table has it, and what is done to the profile."""
    result = []
    for world in worlds:
        if world in ("copying", "shared_hospital") and not learn:
            result.append((world, "ignored", False, without_copying))
        result.append((world, "off", False, same))
        if world in REMEDIES:
            result.append((world, "on", True, same))
    return result


def same(profile: SourceProfile) -> SourceProfile:
    """The profile as it is."""
    return profile


def scored(simulation: Simulation, estimates: Estimates, events: set[str], rng: np.random.Generator) -> pd.DataFrame:
    """For each event and layer: whether each central range holds the truth, how wide they are and how wrong."""
    ranges = estimates.ranges((90,), LAYERS).set_index(["event", "layer"])
    rows = []
    for layer in LAYERS:
        for event, toll in zip(simulation.truth["event"], simulation.truth[layer], strict=True):
            if event not in events:
                continue
            mass = estimates.mass(event, simulation.truth["outcome"][0], layer)
            first, last = mass["count"], mass["count"] + mass["width"]
            # Shares of each cell that lie below the truth, and below the next count.
            below, through = (
                mass["probability"] @ np.clip((count - first) / (last - first), 0, 1) for count in (toll, toll + 1)
            )
            rank = below + rng.random() * (through - below)
            line = ranges.loc[(event, layer)]
            rows.append(
                {
                    "layer": layer,
                    **{f"{level}%": abs(rank - 0.5) <= level / 200 for level in LEVELS},
                    "log width": np.log((line["high_90"] + 1) / (line["low_90"] + 1)),
                    "log error": np.log((line["median"] + 1) / (toll + 1)),
                }
            )
    return pd.DataFrame(rows)


def measure(
    worlds: Sequence[str],
    events: int,
    tables: int,
    sources: int,
    reports: float,
    event_type: str,
    *,
    late: bool,
    learn: bool,
) -> pd.DataFrame:
    """Coverage by world, remedy and layer."""
    rows = []
    nature = published_profile(TRUTH_SEED)
    for world, remedy, told, changed in cases(worlds, learn=learn):
        found = []
        for table in range(tables):
            simulation = simulate(
                events // tables,
                sources,
                seed=table,
                world=world,
                remedy=told,
                profile=nature,
                reports_per_event=reports,
                event_type=event_type,
                times=LATE if late else None,
                anchors=0.5 if learn else 0.0,
            )
            given = simulation.table.get("verified", pd.Series(pd.NA, index=simulation.table.index))
            anchors = set(simulation.table.loc[given.notna(), "event"])
            profile = fitted(simulation, table) if learn else named_profile("published")
            estimates = estimate(simulation.reports, profile=changed(profile))
            others = set(simulation.truth["event"]) - anchors
            found.append(scored(simulation, estimates, others, generator(table, "ranks")).assign(table=table))
        everything = pd.concat(found)
        for layer in LAYERS:
            chosen = everything[everything["layer"] == layer]
            # Events of a table share its sources: the standard error is that of tables.
            error = chosen.groupby("table")["90%"].mean().std() / np.sqrt(tables)
            rows.append(
                {
                    "world": world,
                    "remedy": remedy,
                    "layer": layer,
                    "events": len(chosen),
                    **{f"{level}%": chosen[f"{level}%"].mean() for level in LEVELS},
                    "se of 90%": error,
                    "median log width": chosen["log width"].median(),
                    "mean log error": chosen["log error"].mean(),
                }
            )
    return pd.DataFrame(rows)


def fitted(simulation: Simulation, seed: int) -> SourceProfile:
    """A profile learned from the table and its anchors."""
    from estimates.fitting.fitting import fit

    return fit(simulation.reports, seed=seed, method="fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="+", choices=tuple(WORLDS), default=tuple(WORLDS), metavar="WORLD")
    parser.add_argument("--events", type=int, default=200, help="events of each world")
    parser.add_argument("--tables", type=int, default=10, help="tables they are in, each with sources of its own")
    parser.add_argument("--sources", type=int, default=6)
    parser.add_argument("--reports", type=float, default=4.0, help="mean number of reports of an event")
    parser.add_argument("--event-type", default="crowd")
    parser.add_argument("--late", action="store_true", help="all figures a month after their event, when tolls stand")
    parser.add_argument("--fit", action="store_true", help="learn a profile from each table, half of it anchors")
    arguments = parser.parse_args()
    for world in arguments.worlds:
        print(f"{world}: {WORLDS[world]}" + (f"; remedy: {REMEDIES[world]}" if world in REMEDIES else ""))
    options = (
        arguments.worlds,
        arguments.events,
        arguments.tables,
        arguments.sources,
        arguments.reports,
        arguments.event_type,
    )
    table = measure(*options, late=arguments.late, learn=arguments.fit)
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
