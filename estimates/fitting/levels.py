"""Whether the level of all sources moved although no verified toll says where it lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from estimates.fitting.training import TrainingData
from estimates.models.types import Floats
from estimates.profile.effects import SourceKey
from estimates.profile.priors import Prior
from estimates.profile.profile import SourceProfile

#: A level that moved by more prior standard deviations than this, without a verified toll, is told.
PULLED = 1.5
#: Draws of the priors that a level is compared with.
PRIOR_DRAWS = 1_000


def pulled_levels(profile: SourceProfile, training: TrainingData, priors: Mapping[str, Prior]) -> list[str]:
    """Laws of sizes under which the mean bias of neutral sources moved, although no verified toll tells it.

    Tolls without an upper end do not tell it; sources heard in events whose toll is known have a level of their own.
    """
    parameters = {name: prior.sample(PRIOR_DRAWS, profile.seed) for name, prior in priors.items()}
    before = SourceProfile("priors", profile.seed, parameters)
    checked = _checked(training)

    notes = []
    for law, reports in sorted(_neutral_reports(training).items()):
        if not reports or any(key.source in checked for key in reports):
            continue
        prior, learned = _level(before, reports), _level(profile, reports)
        if abs(learned.mean() - prior.mean()) > PULLED * prior.std():
            notes.append(_told(training.size_laws[law], prior, learned))
    return notes


def _checked(training: TrainingData) -> set[str]:
    """Sources heard in an event whose toll is known from above."""
    known = (event for event in training.events if event.toll is not None and event.toll[1] >= 0)
    return {key.source for event in known for key in training.speakers(event)}


def _neutral_reports(training: TrainingData) -> dict[int, Counter[SourceKey]]:
    """Numbers of reports by neutral sources, by law of sizes."""
    heard: dict[int, Counter[SourceKey]] = {}
    for event in training.events:
        neutral = [key for key in training.speakers(event) if key.affiliation == "neutral"]
        heard.setdefault(event.size_law, Counter()).update(neutral)
    return heard


def _level(profile: SourceProfile, reports: Counter[SourceKey]) -> Floats:
    """Mean bias over reports, shape (draws,)."""
    biases = [profile.reporting(*key).bias for key in reports]
    return np.asarray(np.average(biases, axis=0, weights=[*reports.values()]))


def _told(law: str, prior: Floats, learned: Floats) -> str:
    return (
        f"under {law} no toll is verified, and yet its neutral sources are learned to hold "
        f"{np.exp(np.median(learned)):.2g} times the toll where they err; their priors say "
        f"{np.exp(np.median(prior)):.2g}. Where the sizes of a table do not fit the priors of their law, "
        "sources are taken to err instead. Do not use this level: add events with a verified toll, or set "
        "priors of that law that fit such events"
    )
