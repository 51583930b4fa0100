"""Sums of tolls over several events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from estimates.inference.totals import joint_draws_table, total_table
from estimates.results.keeping import Keeping
from estimates.vocabulary import INTERVAL_LEVELS


@dataclass(frozen=True, eq=False, repr=False)
class Summing(Keeping):
    """The part of :class:`estimates.Estimates` that sums over events.

    Attributes
    ----------
    reports : Reports
        The table the estimates are made from.
    as_of : str or None
        The date or time asked for.
    """

    def total(
        self, outcome: str = "killed", by: str | None = None, levels: float | Sequence[float] = INTERVAL_LEVELS
    ) -> pd.DataFrame:
        """Totals over events, summed within each draw so that shared error does not average out.

        A total answers another question than ranges do: in it the events teach one another about their sources. The
        draws are weighted by all events of the group together, to the largest power ``t`` that leaves 100 effective
        draws and a Pareto shape of at most .7. Below one half ``attrs["advice"]`` says to fit a profile.

        Parameters
        ----------
        outcome : str
        by : str, optional
            A column of the table that is constant within events, such as ``place`` or ``event_type``, or "event".
        levels : float or sequence of float

        Returns
        -------
        DataFrame
            One row a group and layer: its column, ``outcome, events, layer, accounts, remainder, t, effective_draws,
            median``, the ends such as ``low_80, high_80``, and those that would be claimed if all events were
            independent, such as ``independent_low_80``. Each layer has two rows by ``accounts``: errors that all
            accounts of an event share are ``independent`` between events, or there is one ``common`` quantile for all.
            The full toll has so two rows by ``remainder`` for each of them. How much events share is not known, the
            truth lies between. The total of one event is its range.

        Examples
        --------
        >>> found.total("killed", levels=80)["accounts"].unique().tolist()
        ['independent', 'common']
        """
        return total_table(self._solved, self.reports.table, outcome, by, levels)

    def joint_draws(
        self, events: Sequence[str] | None = None, outcome: str = "killed", layer: str = "documented"
    ) -> pd.DataFrame:
        """Tolls of several events that belong together, one column an event and one row a draw.

        In every row the sources, sizes and growth are the same for all events, and rows are as probable as all these
        events together make them: what :meth:`total` sums.

        Parameters
        ----------
        events : sequence of str, optional
            By default all with this outcome.
        outcome : str
        layer : str
            "documented", or "total"; errors of accounts and remainders are independent between events.

        Examples
        --------
        >>> found.joint_draws().columns.tolist()
        ['Idlib airstrikes', 'T4 air base']
        """
        return joint_draws_table(self._solved, events, outcome, layer)
