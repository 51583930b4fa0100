"""The sources of an event: how each is taken to count, and on how many events that knowledge rests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from estimates.document.rows import kind_in_words
from estimates.fitting.anchors import shipped_anchors, shipped_marks
from estimates.inference.cases import Case, gather
from estimates.profile.effects import SourceKey
from estimates.profile.priors import BIN_SHARES, source_class
from estimates.profile.profile import SourceProfile
from estimates.text import clean, factor, plural, shortened

__all__ = ["SourceView", "sources_in_play"]

#: Of the events behind what is known of a source so many are named.
EVENTS_NAMED = 3
#: Marks what is known of all types of source that differ little from one another.
CLASS = "any"


@dataclass(frozen=True)
class SourceView:
    """One source whose figures count, as the reader sees it; texts are clean but not escaped.

    Attributes
    ----------
    name, kind : str
        Its name, and its type with whose losses it speaks of.
    median, likely : str
        The factor by which it is taken to count, and the 80% range of that; empty of who gives a list of names alone.
    basis : str
        What that is known from.
    """

    name: str
    kind: str
    median: str
    likely: str
    basis: str


def sources_in_play(profile: SourceProfile, cases: Iterable[Case]) -> tuple[SourceView, ...]:
    """Every source whose figures count in some outcome of an event, in the order of names.

    Parameters
    ----------
    profile : SourceProfile
    cases : iterable of Case
        Of one event.
    """
    figures = [figure for case in cases for figure in case.standing_figures]
    counting = {figure.key for figure in figures if figure.is_whole or figure.is_part}
    listing = {figure.key for figure in figures} - counting
    return tuple(_view(profile, key, counts=key in counting) for key in sorted(counting | listing))


def _view(profile: SourceProfile, key: SourceKey, *, counts: bool) -> SourceView:
    name, kind = shortened(clean(key.source)), kind_in_words(key.source_type, key.affiliation)
    if not counts:
        return SourceView(name, kind, "", "", "a list of names or of people missing, to which no factor is applied")
    low, middle, high = _factors(profile, key)
    return SourceView(name, kind, factor(middle), f"{factor(low)} to {factor(high)}", basis_of(profile, key))


@lru_cache(maxsize=1024)
def _factors(profile: SourceProfile, key: SourceKey) -> tuple[float, float, float]:
    """Ends of the 80% range and median of a source's factor; the same sources speak of many events."""
    low, middle, high = np.exp(np.quantile(profile.reporting(*key).bias, [0.1, 0.5, 0.9])).tolist()
    return low, middle, high


# What is known of a source --------------------------------------------------------------------------------------------


def basis_of(profile: SourceProfile, key: SourceKey) -> str:
    """What a profile knows a source from: its own figures, those of its type, or neither.

    Parameters
    ----------
    profile : SourceProfile
    key : SourceKey
    """
    behind = _anchors_behind(profile.learned_from)
    if key.source in profile.sources:
        learned = profile.sources[key.source].events
        return f"its own figures of {plural(learned, 'event')}{_named(behind.get(key.source, ()))}"
    if events := behind.get(_kind(key), ()):
        return f"its type only, by {plural(len(events), 'event')} with known tolls{_named(events)}"

    of_class = behind.get((source_class(key.source_type), CLASS), ()) if key.affiliation == "neutral" else ()
    if of_class:
        where = f"{plural(len(of_class), 'event')} with known tolls{_named(of_class)}"
        return f"its type was never checked; others of its class were, in {where}"

    alike = [name for name, other in profile.sources.items() if other.source_type == key.source_type]
    if alike and key.affiliation == "neutral":
        return f"its type only, by {plural(len(alike), 'other source')} that the profile was learned from"
    return "its type only, never checked: the prior"


def _named(events: Sequence[str]) -> str:
    if not events:
        return ""
    shown, more = ", ".join(map(clean, events[:EVENTS_NAMED])), len(events) - EVENTS_NAMED
    return f": {shown}" + (f" and {plural(more, 'other')}" if more > 0 else "")


def _kind(key: SourceKey) -> tuple[str, str]:
    """What of a source says how it is taken to count: its type, or whose losses it speaks of."""
    return (key.source_type if key.affiliation == "neutral" else "", key.affiliation)


@lru_cache(maxsize=8)
def _anchors_behind(learned_from: frozenset[str]) -> dict[str | tuple[str, str], tuple[str, ...]]:
    """Shipped events that a profile was learned from, by the sources that told of them and by their kinds."""
    if not learned_from:
        return {}
    known = {event for event, marks in shipped_marks().items() if marks & learned_from}

    found: dict[str | tuple[str, str], set[str]] = defaultdict(set)
    for case in gather(shipped_anchors().estimated_reports, BIN_SHARES, None).cases:
        for key in case.keys if case.event in known else ():
            found[key.source].add(case.event)
            found[_kind(key)].add(case.event)
            found[source_class(key.source_type), CLASS].add(case.event)
    return {of: tuple(sorted(events)) for of, events in found.items()}
