"""What a page discloses of itself: how good such ranges are, what guidelines ask for, what its author says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from estimates.document.about import About, Entry
from estimates.document.disclosure import Item, disclosure, recorders_disclosure, summary_of
from estimates.document.guidelines import GATHER, RECORDERS, Guideline
from estimates.document.measured import MeasuredCoverage, measured_coverage
from estimates.results.estimates import Estimates


@dataclass(frozen=True)
class Answered:
    """A guideline with the page's answers, and how many of them are given."""

    guideline: Guideline
    summary: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Disclosed:
    """The author's words, what was measured of such ranges, and both guidelines."""

    entries: tuple[Entry, ...]
    measured: MeasuredCoverage
    answered: tuple[Answered, ...]


def disclosed(estimates: Estimates, about: About, shown: Collection[str]) -> Disclosed:
    """Everything a page discloses of itself.

    Parameters
    ----------
    estimates : Estimates
    about : About
    shown : collection of str
        Ids of the elements that the page has.
    """
    gather, recorders = (answers(estimates, about, shown) for answers in (disclosure, recorders_disclosure))
    return Disclosed(
        about.entries,
        measured_coverage(estimates),
        (
            Answered(GATHER, summary_of(gather, GATHER), gather),
            Answered(RECORDERS, summary_of(recorders, RECORDERS), recorders),
        ),
    )
