"""Are totals right? Events whose tolls are known, shuffled into disjoint sets, and the total of each set.

A range of one event can be right while a total of many is not: errors that events share do not average out in it. Sets
of one shuffle have no event in common; those of different shuffles do, so that the shares they give are steadier than
those of one shuffle and no more certain than the number of events allows. How uncertain the level is comes from the
events: drawn with replacement, each counted as often as it was drawn, in every set it is in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation.cases import ScoredCase, scored_cases
from estimates.evaluation.evaluation import knowing
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.profile.profile import DEFAULT_PROFILE, SourceProfile, named_profile
from estimates.results.estimates import Estimates, estimate
from estimates.table.marks import event_marks
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source
from estimates.vocabulary import INTERVAL_LEVELS

#: Samples of events for the interval of the level, and what it holds in per cent.
BOOTSTRAP_SAMPLES, BOOTSTRAP_LEVEL = 1_000, 90.0


@dataclass(frozen=True, eq=False, repr=False)
class TotalsOfSets:
    """Totals of random disjoint sets of events beside the sums of their tolls.

    Attributes
    ----------
    events : tuple of str
        All events that were shuffled.
    size, shuffles, seed : int
        Events in a set, how often they were shuffled, and what the shuffles follow from.
    ratio : float
        Over the sets, the middle one of median over summed toll: above 1 totals are too high.
    ratio_low, ratio_high : float
        Ends of its 90% bootstrap interval over events.
    """

    _sets: pd.DataFrame = field(repr=False)
    events: tuple[str, ...]
    size: int
    shuffles: int
    seed: int
    ratio: float
    ratio_low: float
    ratio_high: float

    @property
    def sets(self) -> pd.DataFrame:
        """One row a set: ``shuffle, set, events, toll, median``, and ``low_50, high_50`` and so on."""
        return self._sets.copy(deep=False)  # pandas copies on write

    def held(self, level: float = 80) -> float:
        """The share of sets whose summed toll lies in the central range of a level in per cent."""
        return float(self._sets["toll"].between(self._sets[f"low_{level:g}"], self._sets[f"high_{level:g}"]).mean())

    def __repr__(self) -> str:
        sets = f"{len(self._sets)} sets of {self.size} out of {len(self.events)} events"
        return f"<Totals of {sets}, {self.shuffles} shuffles, seed {self.seed}>"

    def __str__(self) -> str:
        shares = ", ".join(f"{level}% {self.held(level):.2f}" for level in INTERVAL_LEVELS)
        return (
            f"{self!r}\nsummed tolls in the ranges: {shares}\nmedian over summed toll: "
            f"{self.ratio:.2f}, over events {self.ratio_low:.2f} to {self.ratio_high:.2f} ({BOOTSTRAP_LEVEL:g}%)"
        )


def totals_of_sets(
    reports: Reports | Source,
    profile: SourceProfile | None = None,
    *,
    size: int = 20,
    shuffles: int = 100,
    seed: int = 0,
    within_days: float = 2.0,
    outcome: str = "killed",
) -> TotalsOfSets:
    """Estimate every event once, shuffle the events into disjoint sets, and set each total against the summed toll.

    Totals are those of the documented layer, ``Estimates.joint_draws`` summed: in each set its events weigh the draws
    of the profile together. Events that are left over when a shuffle is cut into sets are left out of that shuffle.

    Parameters
    ----------
    reports : Reports, DataFrame, list of dicts or path
        Anything `read_reports` accepts. Events with ``verified`` and a figure young enough are used.
    profile : SourceProfile, optional
        What is known of the sources; by default what `estimate` uses.
    size : int
        Events in a set, at least one and at most as many as there are.
    shuffles, seed : int
        How often the events are shuffled, and what every random number follows from.
    within_days : float
        Age in days below which reports are shown.
    outcome : str

    Raises
    ------
    ReportsError
        If the table has faults.
    EstimatesError
        If there are too few events, or an argument cannot be used.
    """
    table = read_reports(reports)
    cases = {case.event: case for case in scored_cases(table, outcome, within_days)}
    if not 1 <= size <= len(cases):
        raise EstimatesError(f"size {size!r}: write a number from 1 to {len(cases)}, the events with a known toll")
    if shuffles < 1:
        raise EstimatesError(f"shuffles {shuffles!r}: write a whole number of one or more")

    estimates = _estimated(table, cases, profile, seed)
    names = tuple(cases)
    tolls = np.array([np.expm1(case.log_toll) for case in cases.values()])
    often = generator(seed, "bootstrap").multinomial(len(names), np.full(len(names), 1 / len(names)), BOOTSTRAP_SAMPLES)

    rows: list[dict[str, Any]] = []
    resampled: list[Floats] = []
    for shuffle in range(shuffles):
        order = generator(seed, "shuffle", str(shuffle)).permutation(len(names))
        for number, start in enumerate(range(0, len(names) - size + 1, size)):
            members = np.sort(order[start : start + size])
            drawn = _draws(estimates, [names[place] for place in members], outcome)
            rows.append({"shuffle": shuffle, "set": number, **_row(drawn, tolls[members])})
            resampled.append(_ratios(drawn, tolls[members], often[:, members]))

    sets = pd.DataFrame(rows)
    # Samples of nothing but events in which nobody died have no ratio.
    ratios = np.array(resampled)
    told = ~np.isnan(ratios).all(axis=0)
    tails = 0.5 + np.array([-0.5, 0.5]) * BOOTSTRAP_LEVEL / 100.0
    ends = np.quantile(np.nanmedian(ratios[:, told], axis=0), tails) if told.any() else np.full(2, np.nan)
    ratio = float((sets["median"] / sets["toll"]).median())
    return TotalsOfSets(sets, names, size, shuffles, seed, ratio, float(ends[0]), float(ends[1]))


def _estimated(
    reports: Reports, cases: Mapping[str, ScoredCase], profile: SourceProfile | None, seed: int
) -> Estimates:
    """All events from their early reports, those that the profile was learned from marked as such."""
    places = {report.place_in_table for case in cases.values() for report in case.shown.reports}
    shown = reports.rows([report.place_in_table in places for report in reports.reports])
    given = profile or named_profile(DEFAULT_PROFILE, seed)

    marks = event_marks(reports.reports)
    known = {event for event in cases if given.knows(event, marks[event])}
    return estimate(shown, profile=knowing(given, shown.rows(shown.table["event"].isin(known))), seed=seed)


def _draws(estimates: Estimates, events: Sequence[str], outcome: str) -> Floats:
    """Tolls of a set's events that belong together, shape (draws, events)."""
    return estimates.joint_draws(events, outcome).to_numpy(dtype=float)


def _row(drawn: Floats, tolls: Floats) -> dict[str, Any]:
    """One set: its summed toll, and median and ranges of its total, from draws of shape (draws, events)."""
    sums = drawn.sum(axis=1)
    row: dict[str, Any] = {"events": len(tolls), "toll": float(tolls.sum()), "median": float(np.median(sums))}
    for level in INTERVAL_LEVELS:
        tail = (1.0 - level / 100.0) / 2.0
        row[f"low_{level}"], row[f"high_{level}"] = np.quantile(sums, [tail, 1.0 - tail], method="inverted_cdf")
    return row


def _ratios(drawn: Floats, tolls: Floats, often: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
    """Median over summed toll of a set in each sample of events, shape (samples,); missing where none was drawn.

    Parameters
    ----------
    drawn : array, shape (draws, events)
    tolls : array, shape (events,)
    often : integer array, shape (samples, events)
        How often each event was drawn.
    """
    medians = np.median(drawn @ often.T, axis=0)
    summed = often @ tolls
    return np.asarray(np.divide(medians, summed, out=np.full(len(summed), np.nan), where=summed > 0))
