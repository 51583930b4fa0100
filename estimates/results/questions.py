"""What one asks of estimates beside the ranges themselves: what moves them, what they rest on, what silence does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from estimates.inference.coverage import CoverageAnswers
from estimates.inference.further import help_table
from estimates.inference.history import history_table
from estimates.inference.influence import influence_table
from estimates.inference.periods import periods_table
from estimates.inference.ranges import weighting_table
from estimates.inference.sensitivity import sensitivity_table
from estimates.inference.solved import Solved
from estimates.inference.totals import joint_draws_table, total_tables
from estimates.inference.variance import decomposition_table
from estimates.progress import Progress
from estimates.results.asked import time_of
from estimates.results.claims import Claim
from estimates.results.putting import put_claim
from estimates.table.reports import Reports
from estimates.vocabulary import INTERVAL_LEVELS


@dataclass(frozen=True, eq=False, repr=False)
class Questions:
    """The half of :class:`estimates.Estimates` that answers questions about its ranges.

    Attributes
    ----------
    reports : Reports
        The table the estimates are made from.
    as_of : str or None
        The date or time asked for.
    """

    reports: Reports
    as_of: str | None
    _solved: Solved

    # Totals ---------------------------------------------------------------------------------------------------------

    def total(
        self,
        outcome: str = "killed",
        by: str | None = None,
        levels: float | Sequence[float] = INTERVAL_LEVELS,
        *,
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Totals over events, summed within each draw so that shared error does not average out.

        A total answers another question than ranges do: in it the events teach one another about their sources. The
        draws are weighted by all events of the group together, to the largest power ``t`` that leaves 100 effective
        draws and a Pareto shape of at most .7. Below one half ``attrs["advice"]`` says to fit a profile.

        Parameters
        ----------
        outcome : str
        by : str, optional
            A column of the table that is constant within events, such as ``place`` or ``event_type``, or "event"; or
            "month", when events began (unless the table has a column of this name).
        levels : float or sequence of float
        progress : callable, optional
            Told from time to time how many parts of the work are done and how many there are.

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
        (found,) = total_tables(self._solved, self.reports.table, outcome, (by,), levels, progress)
        return found

    def totals(self, groupings: Sequence[str | None], outcome: str = "killed") -> list[pd.DataFrame]:
        """Several tables of :meth:`total`, by each of some groupings, in less time than one after the other.

        Parameters
        ----------
        groupings : sequence of str or None
        outcome : str

        Examples
        --------
        >>> [len(table) for table in found.totals([None, "event"])]
        [6, 12]
        """
        return total_tables(self._solved, self.reports.table, outcome, groupings)

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

    # Claims ----------------------------------------------------------------------------------------------------------

    def claim(self, event: str, words: str | int | float, outcome: str = "killed") -> Claim:
        """Put a claim to the estimate of one event: how probable it is, and what would have to be true for it to hold.

        The words are read as `parse_figure` reads them, and the claim holds

        - of a plain number ("500 killed") for that number alone. That is improbable of any large number, so look at
          ``at_least``, ``at_most`` and where it ``lies``;
        - "at least 500", "more than 500", "at most 500", "fewer than 500", "up to 500" and "18 to 21": by the letter;
          ``probability`` of "at least" is that of :meth:`Estimates.probability`;
        - "about 500" and "nearly 500" for the numbers that these can mean where a source says them;
        - of a vague word ("dozens") by degrees: ``probability`` is the expected share of its eight nested windows;
        - "nobody" for none; of a number said to rise for that or more.

        Parameters
        ----------
        event : str
        words : str, int or float
        outcome : str

        Returns
        -------
        Claim
            With ``layers`` (probability and place beside each layer), ``needs`` and ``sources`` (each way in which it
            could be true, alone), ``suppositions`` (what the model makes of all of them together), ``to_dict()``.

        Raises
        ------
        EstimatesError
            If there is no such estimate, or the words cannot be read, tell no number or are about a part of those hit.

        Examples
        --------
        >>> found.claim("Idlib airstrikes", "500 killed")
        <Claim 500 killed: killed of Idlib airstrikes, 500; <0.1% as documented>
        """
        return put_claim(self._solved, event, words, outcome)

    def what_would_help(self, event: str, outcome: str = "killed") -> pd.DataFrame:
        """Which further report would narrow the range of one event most, in expectation.

        Each report is made 48 times by the model's own mechanism (16 times for large events whose figures may be of
        many ages), by a source of which its type alone is known, from counts and draws of the posterior, and the event
        is estimated with it each time. Figures that disagree with the others widen a range, so that a report may be
        expected to narrow nothing.

        Parameters
        ----------
        event : str
        outcome : str

        Returns
        -------
        DataFrame
            One row a type of source and wording ("exactly" or "at_least"), and one for a verified list with the names
            of all who are documentable by now; the most helpful first. ``log_width`` is that of the 80% range
            ``low_80, high_80`` of what is documented in the end, ``log((1 + high_80) / (1 + low_80))``, by a part of
            the profile's draws; ``expected_log_width`` what is expected with the report, ``narrows`` the share that
            would be gone, and ``standard_error`` that of this share. ``attrs["sentence"]`` says which is best.

        Raises
        ------
        EstimatesError
            If there is no such estimate.

        Examples
        --------
        >>> found.what_would_help("T4 air base").loc[0, ["source_type", "wording"]].tolist()
        ['a verified list of names', 'named']
        """
        return help_table(self._solved, event, outcome)

    # What moves a range ---------------------------------------------------------------------------------------------

    def weighting(self) -> pd.DataFrame:
        """How the draws of the profile were weighted, one row an event.

        Returns
        -------
        DataFrame
            ``event``; ``learned_from``, whether the profile was learned from it, so that its figures are not used
            again; ``draws`` of the profile; ``effective_draws`` among them; the ``power`` to which its likelihood was
            raised, below one where less than 100 draws would have counted otherwise; ``pareto_shape``; and
            ``effective_draws_whole``, what a power of one would have left.

        Examples
        --------
        >>> found.weighting()["draws"].tolist()
        [1000, 1000]
        """
        return weighting_table(self._solved)

    def influence(self, events: Sequence[str] | None = None, *, progress: Progress | None = None) -> pd.DataFrame:
        """Each event again without each of its sources in turn.

        How far the sources lie apart is measured anew among those that are left, and so the error that all of them
        may share: without the one that disagrees a range is narrower for this reason, too.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        progress : callable, optional
            Told from time to time how many parts of the work are done and how many there are.

        Returns
        -------
        DataFrame
            One row per event, outcome, source left out and layer, with the range then: ``event, outcome, without,
            layer, median, low_80, high_80``, and ``shift``, the median then divided by the median with all sources.
            ``attrs["note"]`` says what is measured anew.

        Examples
        --------
        >>> found.influence(["T4 air base"])["without"].unique().tolist()
        ['State media']
        """
        return influence_table(self._solved, events, progress)

    def history(
        self, events: Sequence[str] | None = None, outcome: str = "killed", *, progress: Progress | None = None
    ) -> pd.DataFrame:
        """The range after each new report, in the order of time.

        Each range is that of :func:`estimate` with ``as_of``, but for reports of unknown time, which are left out of
        it. Reports made at one time share one range.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        outcome : str
        progress : callable, optional
            Told from time to time how many parts of the work are done and how many there are.

        Returns
        -------
        DataFrame
            One row a report with a figure: ``event, outcome, time, as_of, source, words``, and for each of the layers
            ``by_now``, ``documented`` and ``total`` its ``median, low_80, high_80, low_95, high_95``, such as
            ``documented_low_80``. ``time`` is that of the report and ``as_of`` the moment of the range. Reports of
            unknown time come last, with ``time`` and ``as_of`` missing and the range of today.

        Examples
        --------
        >>> found.history(["Idlib airstrikes"])["source"].tolist()
        ['Syrian Observatory for Human Rights', 'White Helmets', 'White Helmets']
        """
        return history_table(self._solved, self.reports.reports, time_of(self.as_of), events, outcome, progress)

    def decompose(self, events: Sequence[str] | None = None) -> pd.DataFrame:
        """Where the width of each range comes from: the variance of the logarithm of one plus the toll, in parts.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.

        Returns
        -------
        DataFrame
            One row per event, outcome and layer: ``event, outcome, layer, variance``, and shares that sum to one:
            ``share_parameters`` from what is shared between events (sources, sizes, growth), ``share_event`` that
            would stay if these were known, and ``share_undocumented`` from those never documented, with the strength
            of that remainder. Figures of the event can only lessen the first two.

        Examples
        --------
        >>> shares = found.decompose(["T4 air base"]).filter(like="share")
        >>> shares.sum(axis=1).round(6).unique().tolist()
        [1.0]
        """
        return decomposition_table(self._solved, events)

    def sensitivity(
        self,
        events: Sequence[str] | None = None,
        scales: Sequence[float] = (0.5, 2.0),
        *,
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """How much of each range is prior, and which prior.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        scales : sequence of float
            Where the profile is made of published priors, everything is estimated anew with the standard deviations of
            each group of priors multiplied by each of these; empty to leave that out, which takes long for many events.
        progress : callable, optional
            Told from time to time how many parts of the work are done and how many there are.

        Returns
        -------
        DataFrame
            Tidy: ``event, outcome, layer, how, what``, the range ``median, low_80, high_80``, its ``log_width``
            ``log((1 + high_80) / (1 + low_80))``, ``share_of_width``, ``pull`` and ``prior_share``. By ``how``:

            - "as estimated": the range itself; ``prior_share`` is the share of its variance from shared parameters and
              from those never documented (see :meth:`decompose`).
            - "strength": the full toll under one strength of the elicited remainder; zero adds nobody.
            - "scale": estimated anew with the standard deviations of a group of priors multiplied.
            - "power": no range, but the ``pull`` of a group of priors: the cumulative Jensen-Shannon distance by which
              the range moves when the priors are raised to a power, for each doubling of the power; above .05 a range
              counts as sensitive (Kallioinen et al. 2024).

            ``share_of_width`` is the part of the range's own log width that is gone then, negative where it is wider.

        Examples
        --------
        >>> found.sensitivity(["T4 air base"], scales=())["how"].unique().tolist()
        ['as estimated', 'power', 'strength']
        """
        return sensitivity_table(self._solved, events, scales, progress)

    # Silence, and figures of periods --------------------------------------------------------------------------------

    @property
    def coverage(self) -> CoverageAnswers:
        """What declared coverage does: ``effects()`` against nobody declared, ``unreported()`` events as scenarios."""
        return CoverageAnswers(self._solved, self.reports.reports, time_of(self.as_of))

    def periods(self) -> pd.DataFrame:
        """Each figure of a period beside the sum of the events of the table, one row a figure; it bears on no range.

        Returns
        -------
        DataFrame
            ``source, outcome, place, period_start, period_end, words``, the ``figure`` (the lowest number said), how
            many ``events`` of the table lie in the period and place, ``median, low_80, high_80`` of their sum as
            documented in the end, the ``probability`` that the sum is the figure or more, and all in a ``sentence``.

        Examples
        --------
        >>> found.periods()["figure"].tolist()
        [300000]
        """
        return periods_table(self._solved, self.reports.reports, time_of(self.as_of))
