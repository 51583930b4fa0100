"""Overlapping lists of names as evidence on an event: a floor of all names, and a factor on the killed of the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from estimates.errors import EstimatesError
from estimates.inference.cases import Case, Cases, case_of
from estimates.inference.figures import CountedFigure
from estimates.inference.missing import KILLED
from estimates.models.bearing import Bearing
from estimates.models.growth import FINAL
from estimates.models.types import Floats
from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.profile.profile import SourceProfile
from estimates.text import clean

#: Who names the people of all lists together.
LISTS = SourceKey("overlapping lists", "unknown", "neutral")
#: What their factor is called.
OVERLAPPING = "overlapping lists"
#: How far above the number of names the factor is followed, and at how many numbers.
REACH, POINTS = 30.0, 160
#: A factor that falls lower counts as this much, in log units: nothing is quite impossible.
LOWEST = -300.0


class Overlaps(Protocol):
    """What `capture` gives, as far as an event takes it."""

    @property
    def names(self) -> int:
        """How many people are named."""

    def log_factor(self, totals: Floats) -> Floats:
        """Log likelihood of numbers of people relative to the best, both of shape (numbers,)."""


def with_overlaps(cases: Cases, lists: Mapping[str, Overlaps] | None, profile: SourceProfile) -> Cases:
    """The same cases, with the lists of some events bearing on their killed.

    Parameters
    ----------
    cases : Cases
    lists : mapping of str to what `capture` gives, optional
        By the name of the event.
    profile : SourceProfile

    Raises
    ------
    EstimatesError
        If there is no such event, or it has no report of killed.
    """
    if not lists:
        return cases
    positions = {case.event: place for place, case in enumerate(cases.cases) if case.outcome == KILLED}
    if strangers := sorted(set(lists) - positions.keys()):
        named = ", ".join(map(clean, strangers))
        raise EstimatesError(f"lists are given for {named}, of which the table has no report of killed")

    found = list(cases.cases)
    for event, given in lists.items():
        place = positions[event]
        found[place] = _joined(found[place], given, profile, cases.as_of_bins[place])
    told = tuple(
        f"{event}, killed: overlapping lists name {given.names:,} people, which is a floor, and what they exclude "
        "above (profile likelihood under three classes of people) bears on the toll of the end"
        for event, given in lists.items()
    )
    return replace(cases, cases=tuple(found), notes=(*cases.notes, *told))


def _joined(case: Case, given: Overlaps, profile: SourceProfile, as_of_bin: int | None) -> Case:
    """One case with its lists, told in the age bin of its last figure."""
    unlisted = np.concatenate([[0.0], np.geomspace(1.0, REACH * max(given.names, 1), POINTS)])
    numbers = given.names + unlisted
    logs = np.maximum(given.log_factor(numbers), LOWEST)
    bearing = Bearing(FINAL, OVERLAPPING, tuple(numbers.tolist()), tuple(logs.tolist()))

    last = max((figure.last_bin for figure in case.standing_figures), default=FINAL)
    names = CountedFigure(LISTS, Words("named", given.names, given.names), last, last, None)
    about = replace(case.about, bearings=(*case.about.bearings, bearing))
    figures = [*case.figures, *case.passed_over, *([names] if given.names else [])]
    return case_of(about, figures, profile.bin_shares, as_of_bin)
