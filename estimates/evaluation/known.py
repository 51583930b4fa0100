"""Profiles of somebody who knows the parameters: one draw of a profile, as often as is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from estimates.models.types import Floats
from estimates.profile.effects import Effect
from estimates.profile.profile import SourceProfile


class Draws:
    """The draws of a profile, one by one; the standard scores of its effects are drawn once and kept.

    Parameters
    ----------
    profile : SourceProfile
    effects : iterable of Effect
        Those that will be asked for.
    """

    def __init__(self, profile: SourceProfile, effects: Iterable[Effect]) -> None:
        self._profile = profile
        self._scores: Mapping[Effect, Floats] = {effect: profile.scores(effect) for effect in effects}

    def effects(self, draw: int) -> dict[Effect, float]:
        """Standard scores of the effects in one draw."""
        return {effect: float(scores[draw]) for effect, scores in self._scores.items()}

    def profile(self, draw: int, draws: int) -> SourceProfile:
        """The profile of one draw, given so many times.

        Of two draws the first holds the growth of ordinary events and the second that of disasters, where the type of
        an event does not say which it is.
        """
        return SourceProfile(
            f"the truth of draw {draw} of {self._profile.name}",
            self._profile.seed,
            {name: np.full(draws, float(values[draw])) for name, values in self._profile.parameters.items()},
            {effect: np.full(draws, score) for effect, score in self.effects(draw).items()},
            self._profile.sources,
            bin_shares=self._profile.bin_shares,
        )
