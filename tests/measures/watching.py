"""Declared coverage: totals of worlds in which most events are reported by nobody, and silence in the Idlib table.

    python tests/measures/watching.py [--worlds 100] [--keep]

In each world 200 events happen, whatever their size, and four sources that watch all of them speak of each the likelier
the more were killed. Everything but the tolls is known in two ways: how readily each source reports too, or that only as
learned from the table (and from the prior where fewer than 30 events teach it). The total is asked for of all events,
those that nobody reported among them, and of the reported ones alone; beside it stands what is claimed without a
declaration. The last rows read the sizes of all events as those of reported ones, which is wrong here on purpose.

Not called coverage.py: a script of that name would hide the package that Numba looks for.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
import pandas as pd
from _common import Figure, record, verdict

from estimates import estimate, load_example, simulate
from estimates.evaluation.simulation import Simulation
from estimates.fitting.attention import with_attention
from estimates.profile.profile import SourceProfile
from estimates.table.coverage import Coverage, read_coverage
from estimates.table.reports import Reports, read_reports

EVENTS, WATCHERS, DRAWS = 200, 4, 64
#: Long after the last event, so that whoever is silent stays so.
LATER = "2030-01-01"
ALL, REPORTED = "all events", "reported events"
WAYS = ("declared", "declared, learned", "undeclared", "declared, sizes of reported")


def total(reports: Reports, profile: SourceProfile, coverage: Coverage | None) -> tuple[float, float, float]:
    """Median and 90% interval of the total documented in the end, of the thousand joint draws that a total is made of."""
    found = estimate(reports, profile=profile, coverage=coverage, as_of=LATER, undocumented="none")
    low, median, high = np.quantile(found.joint_draws().sum(axis=1), (0.05, 0.5, 0.95), method="inverted_cdf").tolist()
    return median, low, high


def learned(world: Simulation, known: SourceProfile, coverage: Coverage) -> SourceProfile:
    """The profile that knows all but how readily sources report, which it learns from the table."""
    forgot = replace(known, facts={name: fact for name, fact in known.facts.items() if name != "attention"})
    return with_attention(forgot, read_reports(world.reports, coverage=coverage))


def world_rows(seed: int) -> list[dict[str, object]]:
    """The totals of one world."""
    world = simulate(EVENTS, WATCHERS, seed=seed, watchers=WATCHERS, reports_per_event=1.0, copies_removed=1.0)
    known, of_all = world.known_profile(DRAWS), read_coverage(world.coverage, sizes="all")
    taught = learned(world, known, of_all)
    ways = dict(
        zip(
            WAYS,
            ((known, of_all), (taught, of_all), (known, None), (known, read_coverage(world.coverage))),
            strict=True,
        )
    )

    spoken = set(world.truth.loc[world.truth["reported"], "event"])
    tables = {ALL: world.reports, REPORTED: world.reports.rows(world.reports.table["event"].isin(spoken))}
    truths = {ALL: world.truth["documented"].sum()}
    truths[REPORTED] = world.truth.loc[world.truth["reported"], "documented"].sum()

    rows = []
    for which, table in tables.items():
        for way, (profile, coverage) in ways.items():
            if len(table) == 0 or (which == ALL and way == WAYS[-1]) or (which == REPORTED and way == WAYS[1]):
                continue
            median, low, high = total(table, profile, coverage)
            truth = truths[which]
            rows.append(
                {"seed": seed, "which": which, "way": way, "truth": truth, "median": median, "low": low, "high": high}
                | {"held": low <= truth <= high, "reported": len(spoken)}
            )
    return rows


def idlib() -> list[Figure]:
    """By which share the ends of Idlib's 80% range move where parties silent on their own strike are declared."""
    table = load_example()
    parties = ("Russian Ministry of Defence", "State media")
    others = ("Syrian Observatory for Human Rights", "White Helmets")
    figures = []
    for party in parties:
        for beside in ((), others):
            coverage = [{"source": source} for source in (party, *beside)]
            found = estimate(table, coverage=coverage).coverage
            effects = found.effects(["Idlib airstrikes"]).query("layer == 'documented'").set_index("how")
            here, without = effects.loc["as declared"], effects.loc[f"without {party}"]
            moves = max(abs((1 + here[end]) / (1 + without[end]) - 1) for end in ("low_moves", "high_moves"))
            what = f"Idlib, {party} silent on its own strike, {'with those who spoke' if beside else 'alone'} declared"
            figures.append(Figure(what, float(moves), "share", f"under .05: {verdict(float(moves), 0.05)}"))
            print(*found.sentences(["Idlib airstrikes"]), sep="\n")
    return figures


def main() -> None:
    """Print the figures, and keep them if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--keep", action="store_true", help="write them to data/measured.csv")
    asked = parser.parse_args()

    figures, rows = idlib(), []
    for seed in range(asked.worlds):
        rows += world_rows(seed)
        if seed % 5 == 4:
            held = pd.DataFrame(rows).groupby(["which", "way"])["held"].mean()
            print(f"after {seed + 1} worlds", held.to_dict(), flush=True)

    frame = pd.DataFrame(rows)
    frame["ratio"] = (frame["median"] + 0.5) / (frame["truth"] + 0.5)
    frame["width"] = np.log((frame["high"] + 1) / (frame["low"] + 1))
    figures.append(Figure("worlds", asked.worlds))
    figures.append(Figure("reported of 200 events, median", float(frame.groupby("seed")["reported"].first().median())))
    for (which, way), own in frame.groupby(["which", "way"]):
        held = float(own["held"].mean())
        asks = way in WAYS[:2]
        must = f"at least .86: {verdict(held, 0.86, at_least=True)}" if asks else "told beside"
        figures.append(Figure(f"{which}, {way}: 90% intervals of the total that hold it", held, "share", must))
        figures.append(Figure(f"{which}, {way}: median of total / truth", float(own["ratio"].median())))
        figures.append(Figure(f"{which}, {way}: log width of the 90% interval", float(own["width"].median())))

    if asked.keep:
        record("coverage", figures, __file__)
    else:
        print(*figures, sep="\n")


if __name__ == "__main__":
    main()
