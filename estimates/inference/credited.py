"""Whose a figure is: its own source's, or that of whom it quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from estimates.inference.figures import CountedFigure
from estimates.table.report import Report


def source_types(reports: Iterable[Report]) -> dict[str, str]:
    """The type given to each source, first in the alphabet of several; "unknown" where none is given.

    Parameters
    ----------
    reports : iterable of Report
        All of one event.
    """
    types: dict[str, str] = {}
    for report in sorted(reports, key=lambda report: (report.source_type == "unknown", report.source_type)):
        types.setdefault(report.source, report.source_type)
    return types


def credited_figures(
    reports: Sequence[Report], types: Mapping[str, str], turns: Mapping[tuple[int, str, str], int]
) -> tuple[list[CountedFigure], list[str]]:
    """Figures of one case that count, and notes on quotes of sources that give no figure themselves.

    Parameters
    ----------
    reports : sequence of Report
        Those of the case.
    types : mapping of str to str
        The types of the sources of the event; a source that is only quoted there is "unknown".
    turns : mapping of (int, str, str) to int
        The turn of each of its rows: `newest.turns_of_rows`.
    """
    speaking = {report.source for report in reports if not report.quotes and report.speaks_of_all}
    quotes = {report.source: report.quotes for report in reports if report.quotes}
    populations = {report.population for report in reports if report.counts}
    population = populations.pop() if len(populations) == 1 else None

    figures, notes = [], []
    for report in reports:
        source = report.source
        if report.quotes:
            source = _end_of_chain(report.quotes, quotes, speaking)
            if source in speaking:
                continue
            what = f"{report.source} quotes {source}, who gives no figure; counted as {source}'s"
            notes.append(f"{report.event}, {report.outcome}: {what}")
        if report.counts:
            source_type, turn = types.get(source, "unknown"), turns[report.place_in_table]
            figures.append(CountedFigure.of(report, source, source_type, turn=turn, population=population))
    return figures, notes


def _end_of_chain(source: str, quotes: Mapping[str, str], speaking: set[str]) -> str:
    """Whom a quote goes back to: A quotes B, who quotes C."""
    seen = {source}
    while source not in speaking and source in quotes and quotes[source] not in seen:
        source = quotes[source]
        seen.add(source)
    return source
