"""The tolls of simulated events: what is documentable at each age, and what lists of names hold of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimates.evaluation.schedule import Slot
from estimates.models import floor as floors
from estimates.models import growth, size
from estimates.models.grid import LARGEST_EXPONENT, SMALLEST_CAP
from estimates.models.growth import BINS, FINAL, STEPS, Growth
from estimates.models.types import Integers
from estimates.profile.profile import SourceProfile

#: Share of the dead whose names a verified list holds.
NAMED_SHARE = 0.6


def documentable_tolls(
    rng: np.random.Generator,
    profile: SourceProfile,
    draw: int,
    outcome: str,
    event_types: Sequence[str],
    schedules: Sequence[Sequence[Slot]],
) -> Integers:
    """What is documentable of each event in each age bin, drawn from the last bin down.

    Parameters
    ----------
    rng : Generator
    profile : SourceProfile
    draw : int
        Which of the profile's draws the parameters are taken from.
    outcome : str
    event_types : sequence of str, one per event
    schedules : sequence of sequence of Slot, one per event
        Where the latest figures are said to rise, more growth follows them.

    Returns
    -------
    array, shape (events, bins)
    """
    result = np.zeros((len(event_types), BINS), dtype=np.int64)
    rising_from = np.array([_rising_from(schedule) for schedule in schedules])
    for kind in dict.fromkeys(event_types):
        members = np.flatnonzero(np.array(event_types) == kind)
        law, steps = profile.size(outcome, kind), profile.growth(kind)
        positive, shape, scale = (float(part[draw]) for part in (law.positive, law.shape, law.scale))
        result[members, FINAL] = size.simulate(rng, positive, shape, scale, SMALLEST_CAP, len(members))

        for step in reversed(range(STEPS)):
            for rises in (False, True):
                chosen = members[(rising_from[members] <= step) == rises]
                result[chosen, step] = _one_bin_earlier(rng, result[chosen, step + 1], steps, draw, step, rises)
    return result


def _rising_from(schedule: Sequence[Slot]) -> int:
    """The first step of growth after a warning that the number will rise; ``STEPS`` where the last bin has none."""
    latest = schedule[-1].bin
    return latest if any(slot.provisional for slot in schedule if slot.bin == latest) else STEPS


def _one_bin_earlier(
    rng: np.random.Generator, tolls: Integers, steps: Growth, draw: int, step: int, rises: bool
) -> Integers:
    """What was documentable in the bin before, for tolls of shape (events,)."""
    return growth.simulate(
        rng,
        tolls,
        complete_logit=float(steps.complete_logit[draw, step] - rises * steps.rising[draw]),
        slope=float(steps.slope[draw]),
        shape=float(min(steps.shape[draw, step], LARGEST_EXPONENT)),
        low_share=float(steps.low_share[draw]),
        low_shape=float(min(steps.low_shape[draw], LARGEST_EXPONENT)),
        over_share=float(steps.over_share[draw]),
        over_shape=float(min(steps.over_shape[draw], LARGEST_EXPONENT)),
    )


def names_listed(rng: np.random.Generator, toll: int) -> int:
    """How many names a verified list holds of what is documentable."""
    return int(floors.simulate(rng, np.array([toll]), floors.NAMED_ERROR, NAMED_SHARE)[0])
