"""Measure: calibration of the likelihood of a fit on small tables, without a fit: by prior draws weighted by it.

As ``calibration`` does, parameters are drawn from the published priors and a table is simulated with them, drawn again as
a whole until all of its events fit (``estimates.evaluation.acting``). The table has so few events that its posterior can
be had from other draws of the priors, weighted by the likelihood that a fit uses. Where the mechanism and the likelihood
agree, the weighted share of draws below what was simulated is uniform for every parameter. A table costs a second or
two and not a minute, so that many more are looked at than by fits; each says less, and the sampler is not tested.

One row a table is appended to the file that is named, and all rows of it are looked at together.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from calibration import append, envelope, read

from estimates import simulate
from estimates.errors import EstimatesError
from estimates.evaluation.simulation import Simulation
from estimates.fitting.training import training_data
from estimates.models.corpus.likelihood import Corpus
from estimates.models.parameters import REPORTING_PARAMETERS
from estimates.models.types import Floats
from estimates.profile.effects import (
    SIZE_PARTS,
    SourceKey,
    growth_laws,
    layout_of,
    names_behind_groups,
    names_behind_sources,
    names_behind_steps,
)
from estimates.profile.priors import PRIORS, size_law
from estimates.profile.profile import SourceProfile, published_profile

EVENTS, SOURCES = 6, 3
EVENT_TYPES = ("airstrike", "flood")
#: Draws of the priors that are weighted, and the ranks that shares are cut into.
DRAWS, RANKS = 1_000, 99
#: The draws that are weighted have seeds of their own.
OTHER_SEEDS = 1_000_000
#: Tables whose weights rest on fewer draws are left out of the summary by how many there are.
FEW = 30
LEVEL = 0.95


def simulated(seed: int) -> Simulation:
    """A small table from one draw of the published priors, with all that can be told."""
    return simulate(
        EVENTS, SOURCES, seed=seed, profile=published_profile(seed), again="table", event_type=EVENT_TYPES,
        source_types=("government", "monitor", "local_media"), reports_per_event=2.5, anchors=0.5, named_lists=0.2,
        at_risk=0.2, chosen=0.5, copies_removed=0.2, coded=0.6, parts=0.35, withdrawn=0.2, undated=0.2, falling=0.25,
    )  # fmt: skip


def weights(simulation: Simulation, profile: SourceProfile) -> Floats:
    """How probable each draw of a profile makes the table, shape (draws,), summing to one."""
    training = training_data(simulation.reports)
    laws = training.sources, training.size_laws, training.growth_laws
    corpus = Corpus(training.events, layout_of(*laws))
    logs = np.array([corpus.total(vector) for vector in profile.vectors(*laws)])
    found = np.exp(logs - logs.max())
    return np.asarray(found / found.sum())


def bearing(keys: Sequence[SourceKey]) -> list[str]:
    """The parameters that bear on such tables, whatever is in them, in the order of the priors."""
    laws = [law for kind in EVENT_TYPES for chosen in (False, True) for law in growth_laws(kind, chosen=chosen)]
    sizes = {f"{size_law('killed', kind)}.{part}" for kind in EVENT_TYPES for part in SIZE_PARTS.values()}
    names = names_behind_sources(keys) | names_behind_steps(laws) | names_behind_groups(laws) | sizes
    return [name for name in PRIORS if name in names | set(REPORTING_PARAMETERS)]


def row(seed: int) -> dict[str, Any]:
    """Ranks of everything that was simulated; none where no table fitted."""
    started = time.perf_counter()
    try:
        simulation = simulated(seed)
    except EstimatesError as error:
        return {"seed": seed, "draws": RANKS, "seconds": 0.0, "note": str(error)}

    profile = published_profile(OTHER_SEEDS + seed, draws=DRAWS)
    weight = weights(simulation, profile)
    truth, found = simulation.known_profile(), {}
    keys = [SourceKey(*key) for key in simulation.sources[list(SourceKey._fields)].itertuples(index=False)]
    values = {name: (profile.parameters[name], simulation.parameters[name]) for name in bearing(keys)}
    for key in keys:
        drawn, known = profile.reporting(*key), truth.reporting(*key)
        for what in ("bias", "exactness", "scale", "copying"):
            values[f"{key.source}: {what}"] = (getattr(drawn, what), float(getattr(known, what)[0]))
    for name, (draws, value) in values.items():
        found[name] = min(int(float(weight[draws < value].sum()) * (RANKS + 1)), RANKS)

    seconds = round(time.perf_counter() - started, 1)
    return {"seed": seed, "draws": RANKS, "seconds": seconds, "note": "", "effective": 1.0 / np.sum(weight**2), **found}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One line a parameter: mean and spread of its ranks beside those of uniform ones, and the p-value."""
    usable = rows[rows["note"].isna() & (rows["effective"] >= FEW)]
    band = envelope(len(usable), RANKS, np.random.default_rng(1))
    lines = []
    for name in usable.columns.difference(["seed", "draws", "seconds", "note", "effective"], sort=False):
        ranks = usable[name].to_numpy(dtype=np.int64)
        places = (ranks + 0.5) / (RANKS + 1)
        spread = places.std() * np.sqrt(12)
        lines.append({"quantity": name, "mean": places.mean(), "spread": spread, "p": band.p_value(ranks)})
    return pd.DataFrame(lines)


def main() -> None:
    """Look at further tables if asked to, and print what lies outside the envelope."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("file", type=Path)
    arguments_of.add_argument("--tables", type=int, default=0, metavar="N", help="look at tables until there are N")
    arguments_of.add_argument("--minutes", type=float, default=np.inf, help="stop after so long")
    arguments = arguments_of.parse_args()

    started = time.perf_counter()
    done = set(read(arguments.file)["seed"]) if arguments.file.exists() else set()
    for seed in sorted(set(range(1, arguments.tables + 1)) - done):
        if time.perf_counter() - started > 60 * arguments.minutes:
            break
        append(arguments.file, row(seed))

    rows = read(arguments.file)
    usable = rows[rows["note"].isna()]
    table = summary(rows)
    outside = table[table["p"] < 1 - LEVEL]
    few = int((usable["effective"] < FEW).sum())
    print(
        f"{len(usable) - few} tables ({few} more with fewer than {FEW} effective draws, {len(rows) - len(usable)} not drawn)"
    )
    print(f"median of effective draws {usable['effective'].median():.0f}; {usable['seconds'].median()} s a table")
    print(f"{len(outside)} of {len(table)} outside the 95% envelope ({0.05 * len(table):.0f} expected):")
    print(outside.round(3).to_string(index=False))
    print(f"smallest p {table['p'].min():.4f}; one in twenty by chance of all together: {0.05 / len(table):.5f}")


if __name__ == "__main__":
    main()
