"""The draws of a profile one by one: laws as numbers, and profiles of somebody who knows one of the draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cached_property

import numpy as np

from estimates.models.growth import Growth
from estimates.models.reporting import ReportingModel
from estimates.models.size import Size
from estimates.models.types import Floats
from estimates.profile.effects import Effect, SourceKey
from estimates.profile.profile import SourceProfile


class Draws:
    """The draws of a profile, one by one; what is asked for is worked out for all of them and kept.

    Parameters
    ----------
    profile : SourceProfile
    effects : iterable of Effect
        Those that will be asked for.
    """

    def __init__(self, profile: SourceProfile, effects: Iterable[Effect]) -> None:
        self._profile = profile
        self._scores = {effect: profile.scores(effect) for effect in effects}
        self._reporting: dict[SourceKey, ReportingModel] = {}
        self._growth: dict[tuple[str, bool], Growth] = {}
        self._size: dict[tuple[str, str], Size] = {}

    def parameter(self, name: str, draw: int) -> float:
        """One of the shared parameters."""
        return float(self._profile.parameters[name][draw])

    def reporting(self, key: SourceKey, draw: int) -> dict[str, float]:
        """How a source counts, by the fields of ``ReportingModel``."""
        if key not in self._reporting:
            self._reporting[key] = self._doubled.reporting(*key)
        law = self._reporting[key]
        return {part.name: float(getattr(law, part.name)[2 * draw]) for part in fields(ReportingModel)}

    def size(self, outcome: str, event_type: str, draw: int) -> tuple[float, float, float]:
        """The law of sizes: its share of some, shape and scale."""
        if (outcome, event_type) not in self._size:
            self._size[outcome, event_type] = self._doubled.size(outcome, event_type)
        law = self._size[outcome, event_type]
        return float(law.positive[2 * draw]), float(law.shape[2 * draw]), float(law.scale[2 * draw])

    def growth(self, event_type: str, chosen: bool, draw: int, group: int) -> tuple[Growth, int]:
        """Steps of growth, and which of their draws it is; ``group`` counts the groups that the type may belong to."""
        if (event_type, chosen) not in self._growth:
            self._growth[event_type, chosen] = self._doubled.growth(event_type, chosen=chosen)
        return self._growth[event_type, chosen], 2 * draw + group

    def profile(self, draw: int, draws: int) -> SourceProfile:
        """The profile of one draw, given so many times.

        Of two draws the first holds the growth of ordinary events and the second that of disasters, where the type of
        an event does not say which it is.
        """
        return self._of(
            f"the truth of draw {draw} of {self._profile.name}",
            lambda values: np.full(draws, float(values[draw])),
        )

    @cached_property
    def _doubled(self) -> SourceProfile:
        """Every draw twice in turn, once for each group of growth."""
        return self._of(self._profile.name, lambda values: np.repeat(values, 2))

    def _of(self, name: str, change: Callable[[Floats], Floats]) -> SourceProfile:
        return SourceProfile(
            name,
            self._profile.seed,
            {parameter: change(values) for parameter, values in self._profile.parameters.items()},
            {effect: change(values) for effect, values in self._scores.items()},
            self._profile.sources,
            bin_shares=self._profile.bin_shares,
        )
