"""Measure: how far a fast fit in which a quadratic stands for common events lies from the ordinary fast fit.

Both are fits of one table of small events. For every parameter and every trait of a source or type of event: the
difference of the means over the ordinary fit's standard deviation, and the ratio of the standard deviations. Each fit has
480 positions of 160 walkers, so two such fits of one law differ by a tenth of a standard deviation or more as well: how far
ordinary fits with two seeds lie apart stands beside, if asked for. An ordinary fit of 12,000 events takes some twenty
minutes of one core; with ``--keep FOLDER`` its draws are kept there, and serve again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from _common import Figure, record, small_events
from agreement import named

from estimates import read_reports
from estimates.fitting import corpora
from estimates.fitting.many_events import approximate_many
from estimates.fitting.model import Hierarchy, build
from estimates.fitting.training import TrainingData, training_data
from estimates.fitting.variational import approximate
from estimates.models.types import Floats
from estimates.profile.blocks import generator

DRAWS = 480
#: Where the processor time of a fit stands beside its draws.
SPENT = "seconds of processor time"


def ordinary(training: TrainingData, cores: int, seed: int, folder: Path | None) -> tuple[dict[str, Floats], float]:
    """Draws of the ordinary fast fit by parameter, and its processor time; from a folder where it was kept."""
    kept = None if folder is None else folder / f"ordinary_{len(training.events)}_{seed}.npz"
    if kept is not None and kept.exists():
        with np.load(kept) as found:
            return {name: found[name] for name in found if name != SPENT}, float(found[SPENT])

    corpora.VERY_MANY = len(training.events) + 1
    hierarchy = build(training, fast_on=cores)
    density, began = hierarchy.density(), time.process_time()
    approximation = approximate(density, hierarchy.start(), generator(seed, "fast fit"), DRAWS)
    draws, spent = of_parameters(hierarchy, approximation.draws), time.process_time() - began
    if kept is not None:
        np.savez_compressed(kept, **draws, **{SPENT: spent})
    return draws, spent


def stood_for(training: TrainingData, cores: int, seed: int) -> tuple[dict[str, Floats], float, dict[str, float]]:
    """Draws of the fast fit of very many events by parameter, its processor time, and how it went."""
    corpora.VERY_MANY = 1
    hierarchy = build(training, fast_on=cores)
    hierarchy.density()  # compiled before the time is taken
    began = time.process_time()
    found = approximate_many(hierarchy, seed, DRAWS, lambda done, of: None)
    how = {"accepted": found.accepted, "effective draws of 320": found.effective_draws, "power": found.power}
    return of_parameters(hierarchy, found.draws), time.process_time() - began, how | {"rounds": found.rounds}


def of_parameters(hierarchy: Hierarchy, draws: Floats) -> dict[str, Floats]:
    """Draws of each parameter and trait, shape (draws,), from positions (draws, dimensions)."""
    return named(hierarchy, hierarchy.variables(draws))


def distances(found: dict[str, Floats], beside: dict[str, Floats]) -> pd.DataFrame:
    """One line a parameter: difference of means, and ratio of standard deviations."""
    rows = [
        {"parameter": name, "difference": (found[name].mean() - draws.mean()) / draws.std(), "ratio": found[name].std() / draws.std()}
        for name, draws in beside.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def show(label: str, found: pd.DataFrame) -> list[Figure]:
    """Print the distances, all together and the largest, and give what is kept of them."""
    far = found["difference"].abs()
    print(found.assign(far=far).sort_values("far", ascending=False).head(12).to_string(index=False))
    return [
        Figure(f"{label}: difference of means, mean", far.mean(), "sd"),
        Figure(f"{label}: difference of means, 95% below", far.quantile(0.95), "sd"),
        Figure(f"{label}: difference of means, largest", far.max(), "sd"),
        Figure(f"{label}: ratio of sd, middle", found["ratio"].median()),
        Figure(f"{label}: ratio of sd, 2.5%", found["ratio"].quantile(0.025)),
        Figure(f"{label}: ratio of sd, 97.5%", found["ratio"].quantile(0.975)),
    ]


def main() -> None:
    """Print the measure and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--events", type=int, default=12_000)
    arguments_of.add_argument("--cores", type=int, default=1)
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments_of.add_argument("--twice", action="store_true", help="two ordinary fits beside, with two seeds")
    arguments_of.add_argument("--keep", type=Path, help="folder in which draws of ordinary fits are kept")
    arguments = arguments_of.parse_args()
    events = f"{arguments.events:,} events"
    training = training_data(read_reports(small_events(arguments.events)))

    found, spent, how = stood_for(training, arguments.cores, arguments.seed)
    print(how, f"{spent:.0f} s of processor time", flush=True)
    beside, usual = ordinary(training, arguments.cores, arguments.seed, arguments.keep)
    figures = show(events, distances(found, beside))
    if arguments.twice:
        again, _ = ordinary(training, arguments.cores, arguments.seed + 1, arguments.keep)
        figures += show(f"{events}, two ordinary fits", distances(again, beside))

    figures += [Figure(f"{events}: {name}", float(np.round(value, 3))) for name, value in how.items()]
    figures.append(Figure(f"{events}: processor time, share of the ordinary fit's", spent / usual))
    record("fast fit of very many events beside the ordinary one", figures, __file__)


if __name__ == "__main__":
    main()
