"""Which of a source's figures stands: the newest of each age bin, whoever passed it on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise

from estimates.inference.figures import CountedFigure, canonical
from estimates.models.wording import Words
from estimates.profile.priors import CAMPAIGN
from estimates.table.dates import moments
from estimates.table.report import Report, numbers_said
from estimates.vocabulary import WITHOUT_LAYERS

#: Types of event whose figures are running totals: an older one says nothing beside a newer one of the same source.
WITHOUT_GROWTH = frozenset({CAMPAIGN})


def turns_of_rows(reports: Sequence[Report]) -> Mapping[tuple[int, str, str], int]:
    """The turn of each row of an event among those of its source, the newest last, by its place in the table.

    Rows run as their dates do: down the table where dates rise from row to row, up where they fall. What the rows of
    each source show by themselves comes first, so that it does not matter how the sources' rows lie among one another;
    where no source has two dates, the event's rows all together say it; where nothing does, rows run down.

    Parameters
    ----------
    reports : sequence of Report
        All of one event.
    """
    if len({report.source for report in reports}) == len(reports):
        return {report.place_in_table: 0 for report in reports}
    rows = sorted(reports, key=lambda report: report.line)
    when = moments([report.reported for report in rows])
    dated = [(report.source, moment) for report, moment in zip(rows, when, strict=True) if report.reported_at]

    of_source: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for source, moment in dated:
        of_source[source].append(moment)
    rises = sum(map(_rises, of_source.values())) or _rises([moment for _, moment in dated])

    heard: dict[str, int] = defaultdict(int)
    turns = {}
    for report in rows if rises >= 0 else reversed(rows):
        turns[report.place_in_table] = heard[report.source]
        heard[report.source] += 1
    return turns


def _rises(when: Sequence[tuple[int, int]]) -> int:
    """How many more of the steps from one row to the next lead to a later moment than to an earlier one."""
    return sum((after > before) - (after < before) for before, after in pairwise(when))


def newest_figures(figures: Iterable[CountedFigure], outcome: str, event_type: str) -> list[CountedFigure]:
    """One figure a source, group and age bin, in an order that does not depend on the table's.

    A figure that was withdrawn stands beside those that were not. All lists of names stay, but for withdrawn ones.

    Parameters
    ----------
    figures : iterable of CountedFigure
    outcome, event_type : str
        Of outcomes without layers, and of the types in :data:`WITHOUT_GROWTH`, one figure a source and group stands
        over all bins.
    """
    is_one_count = outcome in WITHOUT_LAYERS or event_type in WITHOUT_GROWTH
    grouped: dict[Hashable, list[CountedFigure]] = defaultdict(list)
    named = set()
    for figure in figures:
        if not figure.is_named:
            slot = () if is_one_count else figure.slot
            grouped[figure.key, figure.group, figure.of_missing, figure.withdrawn, slot].append(figure)
        elif not figure.withdrawn:
            named.add(_as_counted(figure))
    return sorted([*map(_newest, grouped.values()), *named], key=canonical)


def _newest(figures: Sequence[CountedFigure]) -> CountedFigure:
    """The newest of a source's figures; where several people pass on different ones at one time, their range."""
    if len(figures) == 1:
        return _as_counted(figures[0])
    when = moments([figure.reported for figure in figures])
    last = max(when)
    tied = [figure for figure, moment in zip(figures, when, strict=True) if moment == last]
    tied = [figure for figure in tied if not figure.says_none] or tied
    if any(figure.reported for figure in tied):
        tied = _last_of_each(tied)

    first = min(tied, key=canonical)
    return _as_counted(first)._replace(
        words=_joined([figure.words for figure in tied]),
        provisional=any(figure.provisional for figure in figures),
        is_bare=all(figure.is_bare for figure in tied),
        is_certain_part=all(figure.is_certain_part for figure in tied),
    )


def _as_counted(figure: CountedFigure) -> CountedFigure:
    """A figure without who passed it on, which no longer matters once it stands."""
    return figure._replace(passed_on_by="", turn=0) if figure.passed_on_by or figure.turn else figure


def _last_of_each(figures: Iterable[CountedFigure]) -> list[CountedFigure]:
    """The last figure of whoever passed it on, by the order of their rows."""
    last: dict[str, CountedFigure] = {}
    for figure in sorted(figures, key=lambda figure: figure.turn):
        last[figure.passed_on_by] = figure
    return list(last.values())


def _joined(words: Sequence[Words]) -> Words:
    """Words said at one time as one: the range they span where they differ."""
    if len(set(words)) == 1:
        return words[0]
    said = [number for each in words for number in numbers_said(each)]
    low, high = max(1, min(said)), max(said)
    return Words("range" if low < high else "exactly", low, high)
