"""Cases of plain events, made from the columns of a table and not row by row.

An event is plain where every source speaks once, of everybody hit, of one outcome and in one known age bin, or where
one source alone speaks, whenever that was: most events of a monitor's archive. Of the rules by which figures count
(`estimates.inference.cases`) only the order in time and what figures say together then bear on anything, and these are
found for all events at once. What a row means is worked out once for all rows that mean the same. The cases are those
that ``cases.gather`` makes of the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from estimates.inference.about import About
from estimates.inference.cases import Case, ends_said
from estimates.inference.claims import AUTHORITIES, distance_of, kind_of
from estimates.inference.figures import EVERYBODY, CountedFigure
from estimates.inference.observed import alternatives_of, observations_of
from estimates.models import wording as forms
from estimates.models.event import Observations, Statement
from estimates.models.grid import grid_of_case
from estimates.models.growth import AGE_EDGES, FINAL, STEPS
from estimates.models.types import Booleans, Integers
from estimates.models.wording import NONE_KINDS, none
from estimates.table.dates import Time, parse_time
from estimates.table.marks import mark_of, written_figure, written_time
from estimates.table.report import Report, reports_of

#: Outcomes of which an event can be plain.
OUTCOMES = ("killed", "injured")
#: Columns that must be empty, since each of them brings a rule with it.
_EMPTY = ("quotes", "population", "definition", "at_risk", "missing_basis")
#: Columns on which it depends what a row means, whenever it was written.
_MEANT = ("source", "source_type", "affiliation", "outcome", "words", "wording", "low", "high", "word", "provisional")


@dataclass(frozen=True, eq=False)
class PlainEvents:
    """The plain events of a table, in the order of their names.

    Attributes
    ----------
    table : DataFrame
        Their rows, those of an event one after another by the name of the source.
    starts : integer array, shape (events + 1,)
        Where the rows of each event begin, and where the last ones end.
    meanings : tuple of Report
        One row for all that mean the same.
    meaning : integer array, shape (rows,)
        Which of these each row means.
    first_bins, last_bins : integer arrays, shape (rows,)
        The first and the last age bin that each row may belong to; they differ only where an event has one row.
    """

    table: pd.DataFrame
    starts: Integers
    meanings: tuple[Report, ...]
    meaning: Integers
    first_bins: Integers
    last_bins: Integers

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def events(self) -> Integers:
        """The number of each row's event, shape (rows,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    @cached_property
    def names(self) -> list[str]:
        """The name of each event."""
        return self.of_each("event")

    def of_each(self, column: str) -> list[Any]:
        """Cells of a column that is the same in all rows of an event, one for each event."""
        return self.table[column].iloc[self.starts[:-1]].tolist()

    def any_of_each(self, flags: Booleans) -> Booleans:
        """Whether any row of each event has a flag, shape (events,), from those of all rows."""
        return np.logical_or.reduceat(flags, self.starts[:-1])


# Which events are plain -----------------------------------------------------------------------------------------------


def split_off(table: pd.DataFrame) -> tuple[PlainEvents, Booleans]:
    """The plain events of a table, and which rows are left to all rules, shape (rows,).

    Parameters
    ----------
    table : DataFrame
        ``Reports.table`` or some rows of it.
    """
    events, sources = _codes(table["event"], in_order=True), _codes(table["source"], in_order=True)
    first_bins, last_bins = _age_bins(table)
    plain = _without_rules(table) & ((first_bins == last_bins) | (np.bincount(events)[events] == 1))
    plain &= _first_of_each(_together([events, sources]))
    plain &= _codes(table["outcome"])[_place_of_first(events)] == _codes(table["outcome"])
    plain = _whole_events(plain, events)

    meaning, which = np.full(len(table), -1), np.flatnonzero(plain)
    meaning[which] = _together([_codes(table[column].iloc[which]) for column in _MEANT])
    meanings = reports_of(table.iloc[which[_first_of_each(meaning[which])]])
    is_figure = np.array([report.counts and not report.is_named for report in meanings], dtype=bool)
    plain[which] = is_figure[meaning[which]]
    plain = _whole_events(plain, events)

    rows = np.flatnonzero(plain)
    rows = rows[np.lexsort((sources[rows], events[rows]))]
    starts = np.flatnonzero(np.diff(events[rows], prepend=-1, append=-2))
    used, theirs = np.unique(meaning[rows], return_inverse=True)
    found = PlainEvents(
        table.iloc[rows], starts, tuple(meanings[i] for i in used), theirs, first_bins[rows], last_bins[rows]
    )
    return found, ~plain


def _without_rules(table: pd.DataFrame) -> Booleans:
    """Rows that no rule but the order in time bears on, by themselves, shape (rows,)."""
    of_everybody = ~(table["subset"] | table["withdrawn"]).to_numpy() & (table["scope"] != "period").to_numpy()
    result: Booleans = of_everybody & table["outcome"].isin(OUTCOMES).to_numpy()
    result &= (table["group"] == EVERYBODY).to_numpy()
    for column in _EMPTY:
        result &= (table[column].isna() | (table[column] == "")).to_numpy()
    return result


def _age_bins(table: pd.DataFrame) -> tuple[Integers, Integers]:
    """First and last age bin that each row may belong to, (rows,) each: see ``Report.age_bins``."""
    ages = table[["age_low", "age_high"]].to_numpy()
    bins = np.searchsorted(AGE_EDGES, ages, side="right")
    bins[np.isnan(ages).any(axis=1)] = 0, FINAL
    return bins[:, 0], bins[:, 1]


def _whole_events(rows: Booleans, events: Integers) -> Booleans:
    """Rows of the events all of whose rows are among some."""
    others = np.bincount(events, weights=~rows, minlength=1)
    return np.asarray(others[events] == 0.0)


def _codes(column: pd.Series[Any], *, in_order: bool = False) -> Integers:
    """A number for each different cell, shape (rows,)."""
    return pd.factorize(column, sort=in_order, use_na_sentinel=False)[0]


def _together(columns: Sequence[Integers]) -> Integers:
    """A number for each different row of several columns, shape (rows,); in the order in which they are first met."""
    result = np.zeros_like(columns[0])
    for column in columns:
        result = pd.factorize(result * (column.max(initial=0) + 1) + column)[0]
    return result


def _place_of_first(codes: Integers) -> Integers:
    """Where each row's number is first met, shape (rows,)."""
    _, first, which = np.unique(codes, return_index=True, return_inverse=True)
    return first[which]


def _first_of_each(codes: Integers) -> Booleans:
    """Whether each row's number is met there for the first time, shape (rows,)."""
    return np.asarray(_place_of_first(codes) == np.arange(len(codes)))


# Their cases ----------------------------------------------------------------------------------------------------------


def cases_of_plain(plain: PlainEvents, bin_shares: Sequence[float]) -> list[Case]:
    """The case of each of some plain events; ``bin_shares`` are the shares of ages, shape (BINS,)."""
    if not len(plain):
        return []
    templates = [CountedFigure.of(report, report.source, report.source_type) for report in plain.meanings]
    times = [parse_time(text) if text else None for text in plain.table["reported_at"]]
    figures, abouts = _figures(plain, templates, times), list(_abouts(plain))
    observed = _observations(plain, templates, times, abouts)
    of_one = _AlternativesOfOne(bin_shares)
    jumps = {figure.words: forms.jumps(figure.words) for figure in templates}

    cases = []
    for (first, end), about, observations in zip(pairwise(plain.starts.tolist()), abouts, observed, strict=True):
        own = tuple(figures[first:end])
        keys = tuple([figure.key for figure in own])
        alternatives = ((1.0, observations),) if own[0].dated else of_one(own[0], about)
        case = Case(about, own, alternatives, keys, None, *ends_said(own))
        vars(case)["grid"] = grid_of_case({jump for figure in own for jump in jumps[figure.words]})
        cases.append(case)
    return cases


def marks_of_plain(plain: PlainEvents) -> dict[str, str]:
    """The mark of each of some plain events, by its name: those of ``event_marks``."""
    said, times = list(map(written_figure, plain.meanings)), plain.table["reported_at"].tolist()
    written = [
        f"[{said[meaning]}, {written_time(time)}]" for meaning, time in zip(plain.meaning.tolist(), times, strict=True)
    ]
    dates = plain.of_each("event_date")
    return {
        name: mark_of(name, date, written[first:end])
        for name, date, (first, end) in zip(plain.names, dates, pairwise(plain.starts.tolist()), strict=True)
    }


def _figures(
    plain: PlainEvents, templates: Sequence[CountedFigure], times: Sequence[Time | None]
) -> list[CountedFigure]:
    """The figure of each row: what it means, with its own age and time."""
    columns = plain.meaning.tolist(), plain.first_bins.tolist(), plain.last_bins.tolist(), times
    return [
        CountedFigure._make((*templates[meaning][:2], first, last, time, *templates[meaning][5:]))
        for meaning, first, last, time in zip(*columns, strict=True)
    ]


class _AlternativesOfOne:
    """The ages that the only figure of an event may have, once for all figures that say the same in one way.

    Parameters
    ----------
    bin_shares : sequence of float, shape (BINS,)
    """

    def __init__(self, bin_shares: Sequence[float]) -> None:
        self._bin_shares = bin_shares
        self._known: dict[Hashable, tuple[tuple[float, Observations], ...]] = {}

    def __call__(self, figure: CountedFigure, about: About) -> tuple[tuple[float, Observations], ...]:
        """Assignments of a bin with their shares, and what is said under each of them."""
        said = figure.words, figure.slot, figure.provisional, figure.key.source_type, figure.is_bare, about.independent
        if said not in self._known:
            ways = alternatives_of([figure], self._bin_shares, None)
            self._known[said] = tuple(
                (share, observations_of([figure], bins, [figure.key], None, about)) for share, bins in ways
            )
        return self._known[said]


def _abouts(plain: PlainEvents) -> Iterator[About]:
    chosen = plain.any_of_each(plain.table["chosen"].to_numpy())
    copied = plain.any_of_each(~plain.table["copies_removed"].to_numpy())
    columns = plain.names, plain.of_each("outcome"), plain.of_each("event_type"), chosen.tolist(), copied.tolist()
    for event, outcome, event_type, is_chosen, may_copy in zip(*columns, strict=True):
        yield About(event, outcome, event_type, chosen=is_chosen, independent=not may_copy)


def _observations(
    plain: PlainEvents,
    templates: Sequence[CountedFigure],
    times: Sequence[Time | None],
    abouts: Sequence[About],
) -> Iterator[Observations]:
    """What is said in each event, if every age is known."""
    bins = plain.first_bins
    latest = np.maximum.reduceat(bins, plain.starts[:-1])
    warns = np.array([figure.provisional for figure in templates])[plain.meaning]
    rising = plain.any_of_each(warns & (bins == latest[plain.events]))
    slowed_from = np.where(rising, latest, STEPS)

    columns = (
        abouts, _statements(plain, templates, times), _numbers_given(plain, templates), slowed_from.tolist(),
        latest.tolist(), _distances(plain, templates),
    )  # fmt: skip
    for about, statements, given, rising_from, by_now, distance in zip(*columns, strict=True):
        yield Observations(
            statements,
            numbers_given=given,
            rising_from=rising_from,
            by_now=by_now,
            distance=distance,
            independent=about.independent,
        )


def _statements(
    plain: PlainEvents, templates: Sequence[CountedFigure], times: Sequence[Time | None]
) -> Iterator[tuple[Statement, ...]]:
    """What is said in each event, in the order of time; those of one moment are tied."""
    numbers = np.arange(len(plain.events)) - plain.starts[plain.events]
    days, minutes = _moments(plain.events, times)
    order = np.lexsort((numbers, minutes, days, plain.first_bins, plain.events))
    moments = np.stack([plain.events, plain.first_bins, days, minutes])[:, order]
    ranks = np.cumsum(np.any(np.diff(moments, axis=1, prepend=-1), axis=0))
    places = ranks - ranks[plain.starts[plain.events]]

    columns = np.stack([plain.first_bins[order], places, numbers[order], plain.meaning[order]])
    words = [none(NONE_KINDS[kind_of(figure)]) if figure.says_none else figure.words for figure in templates]
    made = [Statement(heard, place, number, words[meaning]) for heard, place, number, meaning in columns.T.tolist()]
    return (tuple(made[first:end]) for first, end in pairwise(plain.starts.tolist()))


def _moments(events: Integers, times: Sequence[Time | None]) -> tuple[Integers, Integers]:
    """Day and minute of each time, both of shape (rows,): see ``estimates.table.dates.moments``."""
    days = np.array([time.start.toordinal() if time else 0 for time in times])
    minutes = np.array([60 * time.start.hour + time.start.minute if time and time.has_clock else 0 for time in times])
    unclocked = np.array([time is not None and not time.has_clock for time in times])
    of_day = _together([events, days])
    minutes[np.bincount(of_day, weights=unclocked)[of_day] > 0] = 0
    return days, minutes


def _numbers_given(plain: PlainEvents, templates: Sequence[CountedFigure]) -> Iterator[tuple[int, int, int]]:
    """How many sources of each event give a number for certain, by their kind."""
    kinds, count = len(NONE_KINDS), len(plain)
    others = [figure.says_none or figure.allows_none for figure in templates]
    kind = np.where(others, kinds, [kind_of(figure) for figure in templates])[plain.meaning]
    given = np.bincount(plain.events * (kinds + 1) + kind, minlength=count * (kinds + 1)).reshape(count, -1)
    return map(tuple, given[:, :kinds].tolist())


def _distances(plain: PlainEvents, templates: Sequence[CountedFigure]) -> Iterator[float]:
    """How far the figures of each event lie apart."""
    middles = [figure.middle for figure in templates]
    meaning, bins = plain.meaning.tolist(), plain.first_bins.tolist()
    for first, end in pairwise(plain.starts.tolist()):
        if end - first == 1:
            yield 0.0
            continue
        numbers: dict[int, dict[str, float]] = defaultdict(dict)
        authorities = set()
        for row in range(first, end):
            middle, key = middles[meaning[row]], templates[meaning[row]].key
            if middle is not None:
                numbers[bins[row]][key.source] = middle
            if middle is not None and key.source_type in AUTHORITIES:
                authorities.add(key.source)
        yield distance_of(numbers, authorities)
