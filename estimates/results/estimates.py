"""What users hold: ranges of tolls per event and outcome, and the questions one asks of them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from estimates.inference.cases import Case, gather
from estimates.inference.coverage import CoverageAnswers
from estimates.inference.history import history_table
from estimates.inference.influence import influence_table
from estimates.inference.notes import reader_notes
from estimates.inference.overlaps import Overlaps, with_overlaps
from estimates.inference.periods import periods_table
from estimates.inference.posterior import solve
from estimates.inference.provenance import provenance_of
from estimates.inference.ranges import (
    draws_of,
    mass_table,
    probabilities,
    range_records,
    range_table,
    summary_table,
    weighting_table,
)
from estimates.inference.sensitivity import sensitivity_table
from estimates.inference.solved import Solved
from estimates.inference.totals import joint_draws_table, total_table
from estimates.inference.undocumented import UndocumentedLayer, known_layer
from estimates.inference.variance import decomposition_table
from estimates.inference.watched import watched
from estimates.models.types import Integers
from estimates.profile.profile import SourceProfile
from estimates.results.asked import check_seed, known_profile, time_of
from estimates.table.coverage import Coverage
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source
from estimates.vocabulary import INTERVAL_LEVELS


def estimate(
    reports: Reports | pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path,
    *,
    profile: SourceProfile | str | Path | None = None,
    seed: int = 0,
    as_of: str | None = None,
    undocumented: UndocumentedLayer | str = "elicited",
    coverage: Coverage | Source | None = None,
    lists: Mapping[str, Overlaps] | None = None,
) -> Estimates:
    """Posterior ranges of every event and outcome in a table of reports.

    Parameters
    ----------
    reports : Reports, DataFrame, list of dicts or path
        Anything :func:`read_reports` accepts. Rows in any order give the same answer to the last bit.
    profile : SourceProfile, path or str, optional
        What is known of the sources, the file it is kept in ("my_sources.nc"), or the name of a profile that comes
        with the package, "default" or "published" (see :func:`estimates.profile.profile.named_profile`).
    seed : int
        Keys every random number; the same seed and table give the same answer.
    as_of : str, optional
        A date or time; reports made later are left out, and "by now" means then.
    undocumented : UndocumentedLayer or str
        How the full toll follows from the documented one: "elicited" from judgements of coders, "none" (nobody is
        missing), or a layer made with :class:`estimates.inference.undocumented.UndocumentedLayer`.
    coverage : path, DataFrame, list of dicts or Coverage, optional
        Which sources watched where and when: columns ``source, place, event_type, from, to``. Whoever watched an event
        and gave no figure makes a large toll less likely; see ``Estimates.coverage``.
    lists : mapping of str to what :func:`capture` gives, optional
        Overlapping lists of the dead of some events, by their names: a floor, and what they exclude above it.

    Returns
    -------
    Estimates

    Raises
    ------
    ReportsError
        If the table has faults; all of them are listed.
    ProfileError
        If no profile has that name.
    EstimatesError
        If the seed, the date or the layer cannot be used.
    """
    check_seed(seed)
    table = read_reports(reports, coverage=coverage)
    cut, profile = time_of(as_of), known_profile(profile, seed)
    layer = known_layer(undocumented)
    cases = gather(table.estimated_reports, profile.bin_shares, cut)
    cases = with_overlaps(cases, lists, profile)
    cases = watched(cases, table.reports, table.coverage, profile, cut)

    solved = Solved(cases, profile, seed, layer, solve(cases, profile, seed, layer), table.coverage)
    return Estimates(table, None if as_of is None else str(as_of), solved)


@dataclass(frozen=True, eq=False, repr=False)
class Estimates:
    """Posterior of the documented and the true toll for every event and outcome.

    Three layers are kept apart and never blended: what is documentable by now, what will be documented in the end
    (``documented``), and the full toll with what is never documented (``total``). The floor stands beside them.

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

    @property
    def profile(self) -> SourceProfile:
        """What was known of the sources."""
        return self._solved.profile

    @property
    def seed(self) -> int:
        """The number that keys every random number."""
        return self._solved.seed

    @property
    def undocumented(self) -> UndocumentedLayer:
        """What leads from the documented to the full toll."""
        return self._solved.undocumented

    @property
    def cases(self) -> tuple[Case, ...]:
        """What was asked: one per event and outcome, with the rows that count."""
        return self._solved.cases.cases

    # Ranges ---------------------------------------------------------------------------------------------------------

    def ranges(
        self, levels: Sequence[float] = INTERVAL_LEVELS, layers: Sequence[str] = ("documented", "total")
    ) -> pd.DataFrame:
        """Median and central credible intervals.

        There is no mean: tails are so long that it would say more of these than of the event.

        Parameters
        ----------
        levels : sequence of float
            In per cent.
        layers : sequence of str
            Out of "by_now", "documented" and "total".

        Returns
        -------
        DataFrame
            One row per event, outcome and layer: ``event, outcome, layer, floor, reported_low, reported_high, sources,
            median``, and ``low_50, high_50`` and so on for each level.
        """
        return range_table(self._solved, levels, layers)

    def records(self, levels: Sequence[float] = INTERVAL_LEVELS) -> list[dict[str, Any]]:
        """Rows of :meth:`ranges` as plain objects for JSON, the intervals as ``{"50": [low, high], ...}``."""
        return range_records(self._solved, levels)

    def summary(self) -> pd.DataFrame:
        """One row an event and outcome: floor, figures reported, and each layer's median with its 80% range.

        ``attrs["undocumented"]`` names the layer that leads to the full toll.
        """
        return summary_table(self._solved)

    def draws(self, event: str, outcome: str = "killed", layer: str = "documented") -> Integers:
        """Posterior draws of one toll, 1,000 numbers of shape (draws,).

        They are those of this event, at evenly spaced quantiles in an order by chance; the layers of one event are
        coupled. Draws of different events have nothing in common: sums over events go through :meth:`total`, or
        through :meth:`joint_draws`.
        """
        return draws_of(self._solved, event, outcome, layer)

    def probability(self, outcome: str = "killed", *, at_least: int, layer: str = "documented") -> pd.Series:
        """P(toll of ``at_least`` or more) for every event with this outcome, a series indexed by event."""
        return probabilities(self._solved, outcome, at_least, layer)

    def mass(self, event: str, outcome: str = "killed", layer: str = "documented") -> pd.DataFrame:
        """The exact posterior on its grid: ``count`` (first integer of each cell), ``width`` and ``probability``."""
        return mass_table(self._solved, event, outcome, layer)

    # Totals, and what moves a range ---------------------------------------------------------------------------------

    def total(
        self, outcome: str = "killed", by: str | None = None, levels: Sequence[float] = INTERVAL_LEVELS
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
        levels : sequence of float

        Returns
        -------
        DataFrame
            One row a group and layer: its column, ``outcome, events, layer, accounts, remainder, t, effective_draws,
            median``, the ends such as ``low_80, high_80``, and those that would be claimed if all events were
            independent, such as ``independent_low_80``. Each layer has two rows by ``accounts``: errors that all
            accounts of an event share are ``independent`` between events, or there is one ``common`` quantile for all.
            The full toll has so two rows by ``remainder`` for each of them. How much events share is not known, the
            truth lies between. The total of one event is its range.
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
        """
        return joint_draws_table(self._solved, events, outcome, layer)

    def weighting(self) -> pd.DataFrame:
        """How the draws of the profile were weighted, one row an event.

        Returns
        -------
        DataFrame
            ``event``; ``learned_from``, whether the profile was learned from it, so that its figures are not used
            again; ``draws`` of the profile; ``effective_draws`` among them; the ``power`` to which its likelihood was
            raised, below one where less than 100 draws would have counted otherwise; ``pareto_shape``; and
            ``effective_draws_whole``, what a power of one would have left.
        """
        return weighting_table(self._solved)

    def influence(self, events: Sequence[str] | None = None) -> pd.DataFrame:
        """Each event again without each of its sources in turn.

        How far the sources lie apart is measured anew among those that are left, and so the error that all of them
        may share: without the one that disagrees a range is narrower for this reason, too.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.

        Returns
        -------
        DataFrame
            One row per event, outcome, source left out and layer, with the range then: ``event, outcome, without,
            layer, median, low_80, high_80``, and ``shift``, the median then divided by the median with all sources.
            ``attrs["note"]`` says what is measured anew.
        """
        return influence_table(self._solved, events)

    def history(self, events: Sequence[str] | None = None, outcome: str = "killed") -> pd.DataFrame:
        """The range after each new report, in the order of time.

        Each range is that of :func:`estimate` with ``as_of``, but for reports of unknown time, which are left out of
        it. Reports made at one time share one range.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        outcome : str

        Returns
        -------
        DataFrame
            One row a report with a figure: ``event, outcome, time, as_of, source, words``, and for each of the layers
            ``by_now``, ``documented`` and ``total`` its ``median, low_80, high_80, low_95, high_95``, such as
            ``documented_low_80``. ``time`` is that of the report and ``as_of`` the moment of the range. Reports of
            unknown time come last, with ``time`` and ``as_of`` missing and the range of today.
        """
        return history_table(self._solved, self.reports.reports, time_of(self.as_of), events, outcome)

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
        """
        return decomposition_table(self._solved, events)

    def sensitivity(self, events: Sequence[str] | None = None, scales: Sequence[float] = (0.5, 2.0)) -> pd.DataFrame:
        """How much of each range is prior, and which prior.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        scales : sequence of float
            Where the profile is made of published priors, everything is estimated anew with the standard deviations of
            each group of priors multiplied by each of these; empty to leave that out, which takes long for many events.

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
        """
        return sensitivity_table(self._solved, events, scales)

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
        """
        return periods_table(self._solved, self.reports.reports, time_of(self.as_of))

    # Provenance and output ------------------------------------------------------------------------------------------

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the reader of a range must know: of the table, of the weighting, and of events without figures."""
        return reader_notes(self._solved, self.reports, time_of(self.as_of))

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Versions, seed, hashes and how the draws were weighted."""
        return provenance_of(self._solved, self.reports, self.as_of)

    def document(self, path: str | Path) -> Path:
        """Write the uncertainty report; HTML or Markdown by the ending of the path."""
        from estimates.document.document import write_document

        return write_document(self, path)

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{html.escape(note, quote=False)}</li>" for note in self.notes)
        return self.summary().to_html(index=False, escape=True, border=0) + (f"<ul>{notes}</ul>" if notes else "")

    def __repr__(self) -> str:
        head = f"<Estimates of {len(self)} outcomes, seed {self.seed}, undocumented layer {self.undocumented.name}>"
        return f"{head}\n{self.summary().to_string(index=False)}"

    def __len__(self) -> int:
        return len(self.cases)
