"""How far each effect is sampled centred: as a standard score, or as its product with the spread of its kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.fitting.training import TrainingData
from estimates.models.types import Floats
from estimates.profile.effects import Effect
from estimates.profile.priors import Prior

#: Number of reports (of growth: of events) at which an effect is sampled times the square root of its spread.
HALFWAY = {"bias": 50.0, "exactness": 200.0, "error": 200.0, "copying": 600.0, "growth": 200.0}
#: Spreads below this share of their prior's scale count as this share.
LEAST_SPREAD = 0.4


@dataclass(frozen=True, eq=False)
class Centring:
    """The power of its spread by which each effect is multiplied before it is sampled.

    Where many reports inform an effect they inform its product with the spread, so that score and spread are strongly
    dependent and the product is the better thing to sample. Where nothing informs it, the product narrows with the
    spread and the score is the better one. So a power of the spread is taken that grows with the reports, see
    docs/decisions/learning.md (Papaspiliopoulos, Roberts and Sköld, Statistical Science 2007).

    Attributes
    ----------
    spread : array of int, shape (effects,)
        Position of the spread of each effect among the half-normal parameters.
    scale : array, shape (effects,)
        The prior's scale of that spread.
    power : array, shape (effects,)
        Zero for a standard score, one for its product with the spread.
    """

    spread: NDArray[np.int64]
    scale: Floats
    power: Floats

    def factor(self, half: Any) -> Any:
        """What each score is multiplied by.

        Parameters
        ----------
        half : array, shape (..., parameters)
            The half-normal parameters.

        Returns
        -------
        array, shape (..., effects)
        """
        relative = half[..., self.spread] / self.scale
        return (relative**2 + LEAST_SPREAD**2) ** (0.5 * self.power)


def centring_of(
    training: TrainingData, effects: Sequence[Effect], halves: Sequence[str], priors: Mapping[str, Prior]
) -> Centring:
    """Centring of the effects of a table by how many reports inform each.

    Parameters
    ----------
    training : TrainingData
    effects : sequence of Effect
    halves : sequence of str
        Names of the half-normal parameters, in the order of the model.
    priors : mapping of str to Prior
    """
    informed: dict[Effect, float] = defaultdict(float)
    for event in training.events:
        for law, _ in event.growth:
            followed = training.growth_laws[law]
            informed[Effect(followed.event_type, f"growth.{followed.group}")] += 1.0 / len(event.growth)
        for key in training.speakers(event):
            for effect in key.effects:
                informed[effect] += 1.0

    reports = np.array([informed[effect] for effect in effects], dtype=float)
    halfway = np.array([HALFWAY[effect.kind] for effect in effects])
    return Centring(
        np.array([halves.index(effect.spread) for effect in effects], dtype=np.int64),
        np.array([priors[effect.spread].second for effect in effects]),
        reports / (reports + halfway),
    )
