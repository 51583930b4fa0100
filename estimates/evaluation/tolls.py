"""The counts and tolls of simulated events: what is documentable at each age, what is found, and the full toll."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimates.evaluation.known import Draws
from estimates.evaluation.plans import Plan
from estimates.models import adjudicated, growth, size, undocumented
from estimates.models.grid import LARGEST_EXPONENT, SMALLEST_CAP
from estimates.models.growth import BINS, FINAL, STEPS, raised_share
from estimates.models.types import Integers
from estimates.profile.priors import growth_groups
from estimates.vocabulary import WITHOUT_LAYERS


class Tolls(NamedTuple):
    """Tolls of one event: documented in the end and by the last report, and the full one."""

    documented: int
    by_now: int
    total: int


class Laws:
    """The laws of sizes and growth of one draw of a profile.

    Parameters
    ----------
    draws : Draws
    draw : int
    outcome : str
    """

    def __init__(self, draws: Draws, draw: int, outcome: str) -> None:
        self._draws, self._draw, self._outcome = draws, draw, outcome

    def parameter(self, name: str) -> float:
        """One of the shared parameters."""
        return self._draws.parameter(name, self._draw)

    def counts(self, rng: np.random.Generator, plan: Plan, final: int | None = None) -> Integers:
        """What is documentable of an event in each age bin, shape (BINS,), drawn from the last bin down.

        Of outcomes without layers it is one count in all of them.

        Parameters
        ----------
        rng : Generator
        plan : Plan
        final : int, optional
            What is documentable in the end; by default it is drawn from the law of sizes.
        """
        # Where the type does not tell the group, each is as likely.
        group = int(rng.integers(len(growth_groups(plan.event_type))))
        steps, at = self._draws.growth(plan.event_type, plan.chosen, self._draw, group)
        result = np.zeros(BINS, dtype=np.int64)
        if final is None:
            law = self._draws.size(self._outcome, plan.event_type, self._draw)
            final = size.simulate(rng, *law, SMALLEST_CAP, 1)[0]
        result[FINAL] = final

        if self._outcome in WITHOUT_LAYERS:
            return np.full_like(result, result[FINAL])

        for step in reversed(range(STEPS)):
            falls = step in plan.falls
            lowered = (step >= plan.rising_from) * steps.rising[at] + falls * steps.fallen[at]
            result[step] = growth.simulate(
                rng,
                result[step + 1 : step + 2],
                complete_logit=float(steps.complete_logit[at, step] - lowered),
                slope=float(steps.slope[at]),
                shape=float(min(steps.shape[at, step], LARGEST_EXPONENT)),
                low_share=float(steps.low_share[at]),
                low_shape=float(min(steps.low_shape[at], LARGEST_EXPONENT)),
                over_share=float(raised_share(steps.over_share[at], falls * steps.falling[at])),
                over_shape=float(min(steps.over_shape[at], LARGEST_EXPONENT)),
            )[0]
        return result

    def tolls(self, rng: np.random.Generator, plan: Plan, counts: Integers, distance: float) -> Tolls:
        """What an inquiry makes of the counts of accounts, shape (BINS,), that lie so far apart, and the full toll.

        The error is that of the final count. At the last report's age an inquiry has the same place among those that
        could be made of the count of that age.
        """
        wrong = self.parameter("shared_error")
        base, factor = self.parameter("shared_error_base"), self.parameter("shared_error_factor")
        scale = float(adjudicated.scale_of(adjudicated.spread(base, factor, distance)))
        floor, at_risk = plan.names or 1, np.inf if plan.at_risk is None else float(plan.at_risk)

        final, now = counts[FINAL : FINAL + 1], counts[plan.last_bin]
        found = adjudicated.simulate(rng, final, wrong=wrong, scale=scale, floor=floor, at_risk=at_risk)
        below, through = (
            adjudicated.distribution(found - less, final, wrong, scale, floor, at_risk) for less in (1, 0)
        )
        place = below + rng.random() * (through - below)
        by_now = adjudicated.quantile(place, now, wrong, scale, floor, at_risk)

        documented = int(found[0])
        return Tolls(documented, int(by_now[0]), self._full_toll(rng, documented, at_risk))

    def _full_toll(self, rng: np.random.Generator, documented: int, at_risk: float) -> int:
        """The full toll, drawn again until it is one of the people at risk."""
        if documented >= at_risk or self._outcome in WITHOUT_LAYERS:
            return documented
        while True:
            total = int(undocumented.simulate(rng, np.array([documented]), self.parameter("kappa"))[0])
            if total <= at_risk:
                return total
