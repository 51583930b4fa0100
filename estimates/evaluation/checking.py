"""Posterior predictive checks of a profile: whether a table looks like tables that its sources would make.

Four features are compared, each a mean over pairs of figures that a table has in the same places as its replicates
(`estimates.evaluation.replicates`): how often two sources give one number, how far they lie apart where they do not,
how far "at least" lies from plain numbers, and what sources do to their own numbers later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation.replicates import Heard, Replicates, heard_in, number_of, replicate
from estimates.inference.cases import gather
from estimates.inference.posterior import solve
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.types import Floats
from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.profile.profile import DRAWS, SourceProfile
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source
from estimates.text import in_notebook, line_of, plural

__all__ = ["Check", "Feature", "check_profile"]

#: The wordings that bound a number from below, and those that are taken for it.
_HEDGED, _PLAIN = ("at_least", "more_than"), ("exactly", "range", "about", "nearly")
#: The ends of the central 90% of the replicates.
_ENDS = (0.05, 0.95)

#: Two figures: their places.
type Pairs = list[tuple[int, int]]


@dataclass(frozen=True)
class Feature:
    """One feature of a table beside that of its replicates.

    Attributes
    ----------
    name, meaning : str
    pairs : int
        How many pairs of figures of the table it is about.
    observed : float
    median, low_90, high_90 : float
        Of the replicates: the middle, and the ends of the central 90%.
    tail : float
        Share of the replicates above what was observed, those that are equal counted by half: near 0 or 1 the table is
        unlike them.
    """

    name: str
    meaning: str
    pairs: int
    observed: float
    median: float
    low_90: float
    high_90: float
    tail: float

    @property
    def inside(self) -> bool:
        """Whether the table lies in the central 90% of the replicates."""
        return self.low_90 <= self.observed <= self.high_90


@dataclass(frozen=True, repr=False)
class Check:
    """What is found where a table is held against its replicates; made by ``SourceProfile.check``.

    Attributes
    ----------
    profile, table : str
        Their names.
    features : tuple of Feature
        Those that the table has pairs of.
    events, figures, replicates, seed : int
    """

    profile: str
    table: str
    features: tuple[Feature, ...]
    events: int
    figures: int
    replicates: int
    seed: int

    @property
    def outside(self) -> tuple[str, ...]:
        """Names of the features in which the table lies outside the central 90% of the replicates."""
        return tuple(feature.name for feature in self.features if not feature.inside)

    def frame(self) -> pd.DataFrame:
        """One row a feature: ``feature, pairs, observed, median, low_90, high_90, tail, inside``.

        Examples
        --------
        >>> profile.check(reports, replicates=20).frame()["pairs"].tolist()
        [1, 1, 1]
        """
        columns = ["feature", "pairs", "observed", "median", "low_90", "high_90", "tail", "inside"]
        rows = [{"feature": each.name, **vars(each), "inside": each.inside} for each in self.features]
        return pd.DataFrame(rows, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """All of this as plain objects for JSON.

        Examples
        --------
        >>> profile.check(reports, replicates=20).to_dict()["replicates"]
        20
        """
        own = {name: getattr(self, name) for name in ("profile", "table", "events", "figures", "replicates", "seed")}
        return {**own, "features": [{**vars(each), "inside": each.inside} for each in self.features]}

    def _repr_html_(self) -> str:
        from html import escape

        return in_notebook(f"<p>{escape(repr(self))}</p>" + self.frame().round(3).to_html(index=False, border=0))

    def __repr__(self) -> str:
        outside = f"outside 90%: {', '.join(self.outside)}" if self.outside else "all inside 90%"
        told = f"{plural(self.replicates, 'replicate')} of {self.figures:,} figures, {outside}"
        return line_of("Check", told, self.table)

    def __str__(self) -> str:
        return f"{self!r}\n{self.frame().round(3).to_string(index=False)}"


def check_profile(profile: SourceProfile, reports: Reports | Source, *, replicates: int = 200, seed: int = 0) -> Check:
    """A table beside its replicates, as `SourceProfile.check` gives it.

    Raises
    ------
    ReportsError
        If the table has faults.
    EstimatesError
        If no two of its figures can be compared, or the number of replicates or the seed cannot be used.
    """
    for name, value, least in (("replicates", replicates, 20), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise EstimatesError(f"{name} {value!r}: write a whole number of {least} or more")

    table = read_reports(reports)
    gathered = gather(table.estimated_reports, profile.bin_shares, None)
    heard = heard_in(gathered.cases, profile.bin_shares, gathered.as_of_bins)
    pairs = {name: find(heard) for name, (find, _, _) in _FEATURES.items()}
    if not any(pairs.values()):
        raise EstimatesError(
            f"{table.name}: no two figures can be compared; a check needs events with two figures or more, by sources "
            "that speak at one age, or by one that speaks again"
        )

    answers = solve(gathered, profile, seed, UndocumentedLayer.none()).answers
    first = min(DRAWS, profile.draws)
    draws = ((np.arange(replicates) + 0.5) * first / replicates).astype(np.intp)
    of_cases = np.repeat(draws[:, None], len(gathered.cases), axis=1)
    made = replicate(gathered.cases, answers, heard, profile.first(DRAWS), of_cases, seed)
    features = tuple(_feature(name, pairs[name], made) for name in _FEATURES if pairs[name])
    events = len({gathered.cases[each.case].event for each in heard})
    return Check(profile.name, table.name, features, events, len(heard), replicates, seed)


def _feature(name: str, pairs: Pairs, made: Replicates) -> Feature:
    _, measure, meaning = _FEATURES[name]
    first, second = (list(places) for places in zip(*pairs, strict=True))

    def of(numbers: Floats) -> float:
        return measure(numbers[first], numbers[second])

    observed = of(np.array([number_of(each.figure.words) for each in made.heard]))
    found = np.array([of(numbers) for numbers in made.numbers])
    found = found[np.isfinite(found)]
    if not found.size or not np.isfinite(observed):
        return Feature(name, meaning, len(pairs), observed, *(float("nan"),) * 4)
    low, high = np.quantile(found, _ENDS).tolist()
    tail = float((found > observed).mean() + 0.5 * (found == observed).mean())
    return Feature(name, meaning, len(pairs), observed, float(np.median(found)), low, high, tail)


# Pairs of figures -----------------------------------------------------------------------------------------------------


def _between_sources(heard: tuple[Heard, ...]) -> Pairs:
    """Numbers of different sources of one case and age bin."""
    return [(a, b) for a, b in _together(heard) if "vague" not in (_wording(heard[a]), _wording(heard[b]))]


def _hedged(heard: tuple[Heard, ...]) -> Pairs:
    """Bounds from below, and plain numbers of other sources of the case and age bin."""
    pairs = [pair for a, b in _together(heard) for pair in ((a, b), (b, a))]
    return [(a, b) for a, b in pairs if _wording(heard[a]) in _HEDGED and _wording(heard[b]) in _PLAIN]


def _later(heard: tuple[Heard, ...]) -> Pairs:
    """Numbers of one source of a case in one age bin, and its next in a later one."""
    pairs: Pairs = []
    last: dict[tuple[int, SourceKey], int] = {}
    for place, each in enumerate(heard):
        if each.gives_number and _wording(each) != "vague":
            key = each.case, each.figure.key
            if key in last:
                pairs.append((last[key], place))
            last[key] = place
    return pairs


def _together(heard: tuple[Heard, ...]) -> Pairs:
    places: dict[tuple[int, int], list[int]] = {}
    for place, each in enumerate(heard):
        if each.gives_number:
            places.setdefault((each.case, each.bin), []).append(place)
    return [
        (a, b)
        for some in places.values()
        for a, b in combinations(some, 2)
        if heard[a].figure.key.source != heard[b].figure.key.source
    ]


def _wording(each: Heard) -> str:
    words: Words = each.figure.words
    return words.wording


# What is measured of them ---------------------------------------------------------------------------------------------


def _share_equal(first: Floats, second: Floats) -> float:
    """Share of the pairs, shape (pairs,) each, that are one number."""
    return float((first == second).mean())


def _share_different(first: Floats, second: Floats) -> float:
    """Share of the pairs, shape (pairs,) each, that are two numbers."""
    return float((first != second).mean())


def _distance(first: Floats, second: Floats) -> float:
    """Mean distance of the logarithms of those pairs that differ, shape (pairs,) each; not a number if none does."""
    differ = first != second
    return float(np.abs(np.log(first[differ] / second[differ])).mean()) if differ.any() else float("nan")


def _log_ratio(first: Floats, second: Floats) -> float:
    """Mean logarithm of the first over the second, shape (pairs,) each."""
    return float(np.log(first / second).mean())


def _log_growth(first: Floats, second: Floats) -> float:
    """Mean logarithm of the second over the first, shape (pairs,) each."""
    return _log_ratio(second, first)


_FEATURES: dict[str, tuple[Callable[[tuple[Heard, ...]], Pairs], Callable[[Floats, Floats], float], str]] = {
    "ties": (_between_sources, _share_equal, "share of pairs of sources at one age that give one number"),
    "spread": (_between_sources, _distance, "mean |log ratio| of such pairs where they differ"),
    "hedges": (_hedged, _log_ratio, 'mean log ratio of "at least" to the plain numbers of others at that age'),
    "revisions": (_later, _share_different, "share of a source's later numbers that differ from its earlier one"),
    "growth": (_later, _log_growth, "mean log ratio of a source's later number to its earlier one"),
}
