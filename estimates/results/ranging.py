"""The ranges themselves: tables of them, draws, probabilities and exact posteriors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from estimates.inference.ranges import (
    draws_of,
    known_layers,
    mass_table,
    probabilities,
    range_records,
    range_table,
    summary_table,
)
from estimates.models.types import Integers
from estimates.progress import Progress
from estimates.results.questions import Questions
from estimates.vocabulary import INTERVAL_LEVELS


@dataclass(frozen=True, eq=False, repr=False)
class Ranging(Questions):
    """The part of :class:`estimates.Estimates` that gives the ranges.

    Attributes
    ----------
    reports : Reports
        The table the estimates are made from.
    as_of : str or None
        The date or time asked for.
    """

    def ranges(
        self,
        levels: float | Sequence[float] = INTERVAL_LEVELS,
        layers: str | Sequence[str] = ("documented", "total"),
        *,
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Median and central credible intervals.

        There is no mean: tails are so long that it would say more of these than of the event.

        Parameters
        ----------
        levels : float or sequence of float
            In per cent: 90 and not .9.
        layers : str or sequence of str
            Out of "by_now", "documented" and "total".
        progress : callable, optional
            Told how far it is, where "by_now" is asked for: that is worked out when it first is.

        Returns
        -------
        DataFrame
            One row per event, outcome and layer: ``event, outcome, layer, floor, reported_low, reported_high, sources,
            median``, and ``low_50, high_50`` and so on for each level. ``sources`` are those that give a figure of
            everybody, as everywhere where it is said how many reported.

        Examples
        --------
        >>> found.ranges(90, layers="documented")[["event", "outcome", "median", "low_90", "high_90"]].head(1)
                      event outcome  median  low_90  high_90
        0  Idlib airstrikes  killed      21      13       63
        """
        if "by_now" in known_layers(layers):
            self._solved.look_at_now(progress)
        return range_table(self._solved, levels, layers)

    def records(
        self, levels: float | Sequence[float] = INTERVAL_LEVELS, layers: str | Sequence[str] = ("documented", "total")
    ) -> list[dict[str, Any]]:
        """Rows of :meth:`ranges` as plain objects for JSON, the intervals as ``{"50": [low, high], ...}``.

        Examples
        --------
        >>> found.records(levels=80)[0]["intervals"]
        {'80': [15, 41]}
        """
        return range_records(self._solved, levels, layers)

    def summary(self) -> pd.DataFrame:
        """One row an event and outcome: floor, figures reported, and each layer's median with its 80% range.

        ``attrs["undocumented"]`` names the layer that leads to the full toll.

        Examples
        --------
        >>> found.summary().loc[0, "documented in the end"]
        '21 (15 to 41)'
        """
        return summary_table(self._solved)

    def draws(self, event: str, outcome: str = "killed", layer: str = "documented") -> Integers:
        """Posterior draws of one toll, 1,000 numbers of shape (draws,).

        They are those of this event, at evenly spaced quantiles in an order by chance; the layers of one event are
        coupled. Draws of different events have nothing in common: sums over events go through :meth:`total`, or
        through :meth:`joint_draws`.

        Examples
        --------
        >>> found.draws("Idlib airstrikes", "killed")[:4].tolist()
        [22, 19, 20, 23]
        """
        return draws_of(self._solved, event, outcome, layer)

    def probability(self, outcome: str = "killed", *, at_least: int, layer: str = "documented") -> pd.Series:
        """P(toll of ``at_least`` or more) for every event with this outcome, a series indexed by event.

        Examples
        --------
        >>> found.probability("killed", at_least=20).round(2).to_dict()
        {'Idlib airstrikes': 0.6, 'T4 air base': 0.02}
        """
        return probabilities(self._solved, outcome, at_least, layer)

    def mass(self, event: str, outcome: str = "killed", layer: str = "documented") -> pd.DataFrame:
        """The exact posterior on its grid: ``count`` (first integer of each cell), ``width`` and ``probability``.

        Examples
        --------
        >>> float(found.mass("Idlib airstrikes")["probability"].sum().round(6))
        1.0
        """
        return mass_table(self._solved, event, outcome, layer)
