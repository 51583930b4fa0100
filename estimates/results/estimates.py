"""What users hold: ranges of tolls per event and outcome, and the questions one asks of them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.cases import Case, Cases
from estimates.inference.gathering import gather_table
from estimates.inference.notes import reader_notes
from estimates.inference.overlaps import Overlaps, with_overlaps
from estimates.inference.part import part_of
from estimates.inference.posterior import solve
from estimates.inference.solved import Solved
from estimates.inference.undocumented import UndocumentedLayer, known_layer
from estimates.inference.watched import watched
from estimates.profile.profile import SourceProfile
from estimates.progress import Progress
from estimates.results.asked import check_seed, known_profile, time_of
from estimates.results.keeping import Keeping
from estimates.table.between.notes import between_notes
from estimates.table.coverage import Coverage
from estimates.table.dates import Time
from estimates.table.faults import did_you_mean
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source
from estimates.text import clean, cleaned, in_notebook, line_of, plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def estimate(
    reports: Reports | Source,
    *,
    profile: SourceProfile | str | Path | None = None,
    seed: int = 0,
    as_of: str | None = None,
    undocumented: UndocumentedLayer | str = "elicited",
    coverage: Coverage | Source | None = None,
    lists: Mapping[str, Overlaps] | None = None,
    progress: Progress | None = None,
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
    progress : callable, optional
        Told from time to time how many events are done and how many there are.

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

    Examples
    --------
    >>> from estimates import estimate, load_example
    >>> estimate(load_example(), seed=1)
    <Estimates idlib_2020: 4 outcomes of 2 events, seed 1, undocumented layer elicited>
    """
    check_seed(seed)
    table = read_reports(reports, coverage=coverage)
    cut, profile = time_of(as_of), known_profile(profile, seed)
    layer = known_layer(undocumented)
    cases = cases_of(table, profile, cut, lists)

    solved = Solved(cases, profile, seed, layer, solve(cases, profile, seed, layer, progress), table.coverage)
    return Estimates(table, None if as_of is None else str(as_of), solved)


def cases_of(
    table: Reports, profile: SourceProfile, as_of: Time | None, lists: Mapping[str, Overlaps] | None = None
) -> Cases:
    """What is asked of a table: a case for each event and outcome, with what was watched and what lists say."""
    cases = gather_table(table, profile.bin_shares, as_of)
    cases = with_overlaps(cases, lists, profile)
    if table.coverage is None:
        return cases
    return watched(cases, table.reports, table.coverage, profile, as_of)


@dataclass(frozen=True, eq=False, repr=False)
class Estimates(Keeping):
    """Posterior of the documented and the true toll for every event and outcome.

    Three layers are kept apart and never blended: what is documentable by now, what will be documented in the end
    (``documented``), and the full toll with what is never documented (``total``). The floor stands beside them.
    ``print`` and ``str`` show them as a table, ``repr`` in a line.

    Attributes
    ----------
    reports : Reports
        The table the estimates are made from.
    as_of : str or None
        The date or time asked for.

    Examples
    --------
    In the examples of the methods ``found`` is made like this:

    >>> from estimates import estimate, load_example
    >>> found = estimate(load_example())
    >>> len(found)
    4
    """

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

    def only(self, *events: str) -> Estimates:
        """The estimates of some events alone, as if the table had no other rows; their ranges stay what they are.

        Parameters
        ----------
        *events : str

        Returns
        -------
        Estimates

        Raises
        ------
        EstimatesError
            If no event of the table has one of these names.

        Examples
        --------
        >>> found.only("T4 air base")
        <Estimates idlib_2020: 1 outcome of 1 event, seed 0, undocumented layer elicited>
        """
        table = self.reports.table
        for event in events:
            if not (table["event"] == event).any():
                known = list(dict.fromkeys(table["event"]))
                raise EstimatesError("; ".join(filter(None, [f"no event {event!r}", did_you_mean(event, known)])))

        rows = self.reports.rows(table["event"].isin(events))
        notes = between_notes(rows.table) if rows.notes else ()  # where nothing is odd in all, nothing is in a part
        reports = rows.read_as(rows.name, rows.table["line"].tolist(), notes)
        return Estimates(reports, self.as_of, part_of(self._solved, reports, set(events), time_of(self.as_of)))

    # Provenance and output ------------------------------------------------------------------------------------------

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the reader of a range must know: of the table, of the weighting, and of events without figures."""
        return reader_notes(self._solved, self.reports, time_of(self.as_of))

    def plot(self, event: str | None = None, outcome: str | None = None, axes: Axes | None = None) -> Axes:
        """Draw ranges against what was reported: one event in full, several as a row each.

        The same as :func:`estimates.plots.ranges`; `estimates.plots` has further pictures.

        Parameters
        ----------
        event : str, optional
            By default all events, the only one in full.
        outcome : str, optional
            By default killed, or the first there is.
        axes : matplotlib.axes.Axes, optional
            By default those of a new figure, which is ``axes.figure`` and is saved by ``axes.figure.savefig``.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        EstimatesError
            If there is no such event or outcome.

        Examples
        --------
        >>> axes = found.plot("Idlib airstrikes")
        >>> axes.figure.savefig("idlib.png")  # doctest: +SKIP
        """
        from estimates.plots import ranges

        return ranges(self, event, outcome, axes=axes)

    def document(
        self,
        path: str | Path,
        about: Mapping[str, Any] | str | Path | None = None,
        *,
        in_full: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Write the uncertainty report; HTML or Markdown by the ending of the path.

        Of more than 50 events a page becomes an index, with a page for each event in the folder "NAME_files" beside it.

        Parameters
        ----------
        path : path
        about : path or mapping, optional
            What its author says of it, a TOML file or the same keys: title, author, contact, corrections, search,
            inclusion, funding and others (``docs/about.example.toml``). What is left out is told as not said.
        in_full : bool
            Influence and history also of more than 20 events; each takes estimates of its own.
        progress : callable, optional
            Is told how many events are done, and how many there are.

        Examples
        --------
        >>> found.document("idlib.html")  # doctest: +SKIP
        PosixPath('idlib.html')
        """
        from estimates.document.document import write_document

        return write_document(self, path, about, in_full=in_full, progress=progress)

    def export(
        self,
        path: str | Path,
        form: str = "ranges",
        *,
        layers: str | Sequence[str] | None = None,
        level: float = 80,
        table: Source | None = None,
        layout: Mapping[str, Any] | None = None,
    ) -> Path:
        """Write the ranges as a table: CSV, Parquet, JSON or a workbook by the ending of the path (docs/exports.md).

        Parameters
        ----------
        path : path
            Ending in .csv, .parquet, .json or .xlsx; the file is written whole or not at all.
        form : str
            "ranges", one row per event, outcome and layer; "joined", your own table with the range of each row's event
            and outcome behind its columns; "ucdp", one row an event with low, best and high of the killed.
        layers : str or sequence of str, optional
            Out of "by_now", "documented" and "total"; by default the last two as ranges, and "documented" in the other
            forms, which hold one layer.
        level : float
            In per cent: the interval of the forms "joined" and "ucdp".
        table : path, file object, DataFrame or iterable of dicts, optional
            For the form "joined": the table as you have it, whose columns stay as they are; by default those of
            ``reports.table``.
        layout : mapping, optional
            The arguments with which `read_reports` reads this table, such as ``{"wide": True}``.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        EstimatesError
            If the form, a layer or the ending is not known, the table is not the one that the ranges are from, or the
            file cannot be written there.

        Examples
        --------
        >>> found.export("ranges.csv")  # doctest: +SKIP
        PosixPath('ranges.csv')
        """
        from estimates.results.exports import check_export, write_table

        check_export(path)
        frame = self.exported(form, layers=layers, level=level, table=table, layout=layout)
        return write_table(frame, path, {"form": form, **self.provenance})

    def exported(
        self,
        form: str = "ranges",
        *,
        layers: str | Sequence[str] | None = None,
        level: float = 80,
        table: Source | None = None,
        layout: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """The table that :meth:`export` writes, as a frame; it takes the same arguments.

        Examples
        --------
        >>> len(found.exported(layers="documented"))
        4
        """
        from estimates.results.forms import form_of

        return form_of(self.ranges, self.reports, form, layers, level, table, layout)

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{html.escape(clean(note), quote=False)}</li>" for note in self.notes)
        table = cleaned(self.summary()).to_html(index=False, escape=True, border=0)
        return in_notebook(table + (f"<ul>{notes}</ul>" if notes else ""))

    def __repr__(self) -> str:
        counts = f"{plural(len(self), 'outcome')} of {plural(len(self._solved.events), 'event')}"
        told = f"{counts}, seed {self.seed}, undocumented layer {self.undocumented.name}"
        return line_of("Estimates", told, self.reports.name)

    def __str__(self) -> str:
        return f"{self!r}\n{cleaned(self.summary()).to_string(index=False)}"

    def __len__(self) -> int:
        return len(self.cases)
