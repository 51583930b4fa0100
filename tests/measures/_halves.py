"""Events in two halves, each estimated with a profile that has not seen it, and how often tolls rise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from estimates import estimate, evaluate, read_reports
from estimates.evaluation.summaries import MODEL
from estimates.fitting.anchors import shipped_anchors
from estimates.fitting.counts import shipped_counts
from estimates.fitting.fitting import fit
from estimates.profile.blocks import generator
from estimates.profile.profile import SourceProfile
from estimates.table.report import numbers_said

#: Gives the profile for one half from the rows of the other.
type ProfileFor = Callable[[int, pd.DataFrame], SourceProfile]


@dataclass(frozen=True, eq=False)
class Halves:
    """Both halves together.

    Attributes
    ----------
    events : DataFrame
        As in ``Evaluation.events``.
    expected : float
        Sum over events of the probability that the toll exceeds the largest early figure.
    seen : int
        How often it did.
    """

    events: pd.DataFrame
    expected: float
    seen: int

    def of(self, method: str = MODEL) -> pd.DataFrame:
        """The scores of one method, one row an event."""
        return self.events[self.events["method"] == method]


def halves(events: list[str], seed: int = 0) -> tuple[set[str], set[str]]:
    """Two halves of the events, by a hash of their names."""
    order = sorted(events, key=lambda event: generator(seed, "half", event).random())
    return set(order[::2]), set(order[1::2])


def ordinary_profile(others: pd.DataFrame, without: str) -> SourceProfile:
    """A fast fit of some reports, the shipped anchors, and the shipped counts but for those of one data set."""
    counts = [asdict(each) for each in shipped_counts() if each.dataset != without]
    return fit(read_reports(others), method="fast", anchors=shipped_anchors(), counts=counts, draws=1_000)


def in_halves(table: pd.DataFrame, profile_for: ProfileFor, within_days: float) -> Halves:
    """Score the events of a table with ``verified``, each half with the profile for it.

    Parameters
    ----------
    table : DataFrame
        In the package's columns, early reports alone.
    profile_for : callable
    within_days : float
        Age in days below which reports are shown.
    """
    parts = halves(sorted(set(table["event"])))
    scored, chances, rose = [], [], []
    for half, events in enumerate(parts):
        inside = table["event"].isin(events)
        profile = profile_for(half, table[~inside])
        scored.append(evaluate(read_reports(table[inside]), profile=profile, within_days=within_days).events)
        for chance, rises in _rises(table[inside], profile):
            chances.append(chance)
            rose.append(rises)
    return Halves(pd.concat(scored, ignore_index=True), float(np.sum(chances)), int(np.sum(rose)))


def _rises(table: pd.DataFrame, profile: SourceProfile) -> Iterator[tuple[float, bool]]:
    """Of each event the probability that its toll exceeds the largest figure shown, and whether it does."""
    reports = read_reports(table)
    estimates = estimate(reports, profile=profile)
    tolls = reports.table.groupby("event")["verified_low"].first()

    largest: dict[str, int] = {}
    for report in reports.reports:
        if report.speaks_of_all:
            largest[report.event] = max(largest.get(report.event, 0), numbers_said(report.said)[1])
    for event, figure in largest.items():
        mass = estimates.mass(event)
        edges = np.append(mass["count"], mass["count"].iloc[-1] + mass["width"].iloc[-1])
        above = np.clip((edges[1:] - figure - 1) / np.diff(edges), 0.0, 1.0)
        yield float(mass["probability"] @ above), bool(tolls[event] > figure)


def poisson_range(seen: int, level: float = 95.0) -> tuple[float, float]:
    """The exact range of a Poisson mean for one number seen (Garwood 1936)."""
    from scipy.stats import chi2

    tail = (1.0 - level / 100.0) / 2.0
    low = float(chi2.ppf(tail, 2 * seen)) / 2.0 if seen else 0.0
    return low, float(chi2.ppf(1.0 - tail, 2 * seen + 2)) / 2.0
