"""Measure: what overlapping lists of names exclude, on published tables and where the number is known.

The tables are read from ``--data FOLDER`` or the environment variable ``ESTIMATES_DATA``; without them the script says
so, and measures the simulation alone. They may not be shipped.

The simulation. Two classes of people, four lists, 5,000 people, 60 tables. In each table the share of the class that is
often listed is uniform on (.2, .5), and each list holds one of the other class with a probability uniform on (.03, .15),
one of it with a probability uniform on (.3, .7). A range holds the number where the number is no smaller than its lower
end, and no larger than its upper end if it has one.

Time is processor time of this process.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from _common import Figure, record, seconds
from _data import find, parser

from estimates import capture
from estimates.lists.captured import Captured
from estimates.models.lists.graphs import graph_posterior
from estimates.models.lists.likelihood import people
from estimates.models.lists.profile import Profile, profile_of

KOSOVO, SLAVERY = "lists_kosovo_1999.csv", "lists_uk_slavery.csv"
TABLES, TOTAL, LISTS = 60, 5000, 4


def simulated(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Patterns and counts of one table."""
    rng = np.random.default_rng(seed)
    often = rng.uniform(0.2, 0.5)
    on = np.vstack([rng.uniform(0.03, 0.15, LISTS), rng.uniform(0.3, 0.7, LISTS)])
    return people(rng, TOTAL, np.array([1.0 - often, often]), on)


def holds(profile: Profile) -> bool:
    """Whether a range holds the number."""
    return profile.low <= TOTAL and (profile.high is None or profile.high >= TOTAL)


def simulation() -> list[Figure]:
    """How often ranges hold the number."""
    tables = [simulated(seed) for seed in range(TABLES)]
    figures = []
    for classes in (2, 3):
        profiles = [profile_of(patterns, counts, classes, 0) for patterns, counts in tables]
        held, ended = sum(map(holds, profiles)), [profile for profile in profiles if profile.high is not None]
        told = f"{held / TABLES:.3f} ({TABLES - len(ended)} of {TABLES} open above)"
        figures.append(
            Figure(f"simulated, {classes} classes: profile ranges that hold N or are open", told, "", ">= .9")
        )
        among = f"{sum(map(holds, ended))} of {len(ended)}"
        figures.append(Figure(f"simulated, {classes} classes: of those with an upper end", among))
        low = sum(profile.low > TOTAL for profile in profiles)
        figures.append(Figure(f"simulated, {classes} classes: lower end above N", low, "tables"))
    for prior_cell in (1.0, 2.0**-LISTS):
        found = [graph_posterior(patterns, counts, prior_cell) for patterns, counts in tables]
        held = sum(graph.low <= TOTAL <= graph.high for graph in found)
        figures.append(
            Figure(f"simulated: 95% ranges of graphs, d = {prior_cell:g}, that hold N", held, f"of {TABLES}")
        )
    return figures


def ranges_of(name: str, found: Captured) -> list[Figure]:
    """Profiles, graphs and what is headlined of a table."""
    figures = []
    for profile in found.profiles:
        high = "no upper end" if profile.high is None else f"{profile.high:,}"
        figures.append(Figure(f"{name}: profile, {profile.classes} classes", f"{profile.low:,} to {high}"))
    for graph in found.graphs:
        figures.append(Figure(f"{name}: graphs, d = {graph.prior_cell:g}", graph.median))
    said = "no" if "the upper end is a prior" not in str(found) else "yes"
    figures.append(Figure(f"{name}: 'the upper end is a prior' is on the page", said, "", "yes"))
    figures.append(Figure(f"{name}: headline", "none" if found.headline is None else str(found.headline), "", "none"))
    return figures


def latent_of(name: str, found: Captured, must: str) -> list[Figure]:
    """The latent class posterior of a table, or why it is refused."""
    latent = found.latent
    assert latent is not None
    middle = latent.refused or f"{latent.quantile(0.5)} ({latent.quantile(0.025)} to {latent.quantile(0.975)})"
    return [
        Figure(f"{name}: latent class median (95%)", middle, "", must),
        Figure(f"{name}: effective sample size", round(latent.sample_size), "", ">= 400 or refused"),
        Figure(f"{name}: R-hat", latent.r_hat, "", "<= 1.01 or refused"),
        Figure(f"{name}: divergent draws", latent.divergences, "of 3000"),
    ]


def main() -> None:
    """Print the measure."""
    arguments = parser(__doc__).parse_args()
    figures = simulation()
    musts = {"Kosovo": "10,000 to 10,900", "UK slavery": ""}
    for name, file in (("Kosovo", KOSOVO), ("UK slavery", SLAVERY)):
        path = find(arguments.data, file)
        if path is None:
            continue

        found: list[Captured] = []
        taken = seconds(partial(lambda where, into: into.append(capture(where)), path, found))
        figures += ranges_of(name, found[0]) + latent_of(name, found[0], musts[name])
        figures.append(Figure(f"{name}: everything, compilation included", taken.processor, "s", "<= 90"))
    record("lists", figures, __file__)


if __name__ == "__main__":
    main()
