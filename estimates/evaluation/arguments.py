"""What a simulation is asked for: refused, with what to write instead, where it cannot be simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from estimates.errors import EstimatesError
from estimates.evaluation.worlds import REMEDIES, WORLDS
from estimates.models.growth import BINS
from estimates.models.wording import NUMERIC_WORDINGS
from estimates.profile.profile import SourceProfile
from estimates.vocabulary import ESTIMATED_OUTCOMES, EVENT_TYPES, SOURCE_TYPES

__all__ = ["check", "check_again", "check_shares", "whole"]


def check(
    events: int,
    sources: int,
    seed: int,
    world: str,
    remedy: bool,
    profile: SourceProfile,
    draw: int | None,
    reports_per_event: float,
    event_types: Sequence[str],
    outcome: str,
) -> None:
    """Refuse numbers and names that cannot be simulated; see ``simulation.simulate``."""
    whole("events", events, 1)
    whole("sources", sources, 1)
    whole("seed", seed, 0)
    _one_of("world", world, tuple(WORLDS))
    _one_of("outcome", outcome, ESTIMATED_OUTCOMES)

    if not event_types:
        raise EstimatesError("event_type is empty; name a type of event, such as 'airstrike'")
    for event_type in event_types:
        _one_of("event_type", event_type, EVENT_TYPES)
    if remedy and world not in REMEDIES:
        raise EstimatesError(
            f"world {world!r} has no remedy that a table can hold; only {', '.join(REMEDIES)} have one. "
            "Learn its sources from anchors instead"
        )

    if draw is not None and whole("draw", draw, 0) >= profile.draws:
        raise EstimatesError(f"draw {draw}: the profile has {profile.draws:,} draws; the last is {profile.draws - 1}")
    if not 1 <= reports_per_event <= sources * BINS:
        raise EstimatesError(
            f"reports_per_event {reports_per_event!r}: write a number from 1 to {sources * BINS}, since each of "
            f"{sources} sources speaks at most once in each of {BINS} age bins"
        )


def check_again(again: str, falling: float, source_types: Sequence[str]) -> None:
    """Refuse what cannot be drawn again, and types of source that are not known."""
    _one_of("again", again, ("never", "event", "table"))
    if falling and again == "never":
        raise EstimatesError('falling: sources may not lower their figures; write again="event" as well')
    if not source_types:
        raise EstimatesError("source_types is empty; name a type of source, such as 'monitor'")
    for source_type in source_types:
        _one_of("source_type", source_type, SOURCE_TYPES)


def check_shares(wordings: Mapping[str, float], wording_of: str, ages: Sequence[float], anchors: float) -> None:
    """Refuse shares of forms, of ages or of verified tolls that are none."""
    for wording in wordings:
        _one_of("wording", wording, NUMERIC_WORDINGS)
    _one_of("wording_of", wording_of, ("event", "report"))

    if len(ages) != BINS:
        raise EstimatesError(f"times has {len(ages)} shares; write {BINS}, one for each age bin")
    for name, shares in (("wordings", list(wordings.values())), ("times", list(ages))):
        if not all(np.isfinite(share) and share >= 0 for share in shares) or sum(shares) <= 0:
            raise EstimatesError(f"{name}: write shares of zero or more, at least one of them above zero")

    if not 0 <= anchors <= 1:
        raise EstimatesError(f"anchors {anchors!r}: write a share of the events, from 0 to 1")


def whole(name: str, value: int, smallest: int) -> int:
    """A whole number that is no less than the smallest.

    Raises
    ------
    EstimatesError
        If it is less, or no whole number.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < smallest:
        raise EstimatesError(f"{name} {value!r}: write a whole number of {smallest} or more")
    return int(value)


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise EstimatesError(f"{name} {value!r} is not known; write one of {', '.join(known)}")
