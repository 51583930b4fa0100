"""Notes on what is odd in a table and no fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from estimates.models.types import Booleans
from estimates.table.column import Column, first_places, numbered, together
from estimates.table.dates import parse_time
from estimates.table.faults import quoted
from estimates.table.figures import Values
from estimates.vocabulary import CONTEXT_OUTCOMES

__all__ = ["IDENTITY", "lines_named", "name_notes", "row_notes"]

#: Rows that agree in all of these are the same report given twice.
IDENTITY = ("event", "source", "words", "low", "high", "outcome", "reported_at", "scope", "period_start", "group",
             "population", "definition")  # fmt: skip


def row_notes(values: Values, lines: Sequence[int], readings: Column, forced: Booleans, early: Booleans) -> list[str]:
    """Write one note per kind of oddity, with the lines it is about.

    Parameters
    ----------
    values : dict of Column
        The table's columns.
    lines : sequence of int
        The line of each row.
    readings : Column
        The reading of each row's figure.
    forced : boolean array, shape (rows,)
        Where the words are about a part and the group says all.
    early : boolean array, shape (rows,)
        Where the report is dated before its event.
    """
    is_context = values["outcome"].where(CONTEXT_OUTCOMES.__contains__)
    is_period = values["scope"].equal("period")
    about = {
        "dated before their event: their age counts as 0": early,
        "made while their event went on: they count the days so far": _while_it_went_on(values),
        "words and coded columns disagree: the coded columns count": readings.where(lambda reading: reading.disagrees),
        "the words are about a part of the people and group says 'all': taken as a floor; "
        "to count them for all, write wording and low": forced,
        "quotes names a source without a report of its own on the event": _quotes_a_stranger(values),
        "strikes, munitions and incidents are shown as context, not estimated": is_context,
        "figures over a period are kept apart from those of single events": is_period & ~is_context,
        "the same report as an earlier line": _repeats(values),
    }

    return [
        f"{lines_named(lines[row] for row in np.flatnonzero(marks).tolist())}: {what}"
        for what, marks in about.items()
        if marks.any()
    ]


def _while_it_went_on(values: Values) -> Booleans:
    """Reports made after the first and before the last day of an event of several days; shape (rows,)."""
    reported, event = values["reported_at"], values["event_date"]
    marks = reported.where(_is_given) & event.where(lambda date: date is not None and "/" in date)
    rows = np.flatnonzero(marks)
    marks[rows] = together(reported.of(rows), event.of(rows)).where(_is_within)
    return marks


def _is_within(times: tuple[str, str]) -> bool:
    reported, event = map(parse_time, times)
    return event.first_day <= reported.last_day < event.last_day


def _quotes_a_stranger(values: Values) -> Booleans:
    """Reports that quote a source without one on their event; shape (rows,)."""
    event, source, quotes = (values[column] for column in ("event", "source", "quotes"))
    marks = quotes.where(_is_given)
    if not marks.any():
        return marks

    codes = {name: code for code, name in enumerate(source.different)}
    quoted_codes = np.array([codes.get(name, -1) for name in quotes.different])[quotes.codes]
    named = event.codes * len(codes) + source.codes
    return marks & ~((quoted_codes >= 0) & np.isin(event.codes * len(codes) + quoted_codes, named))


def _is_given(value: object) -> bool:
    return value is not None


def _repeats(values: Values) -> Booleans:
    """Rows that say what an earlier one says; shape (rows,)."""
    codes = numbered(*(values[column].merged() for column in IDENTITY))
    marks = np.ones(len(codes), dtype=bool)
    marks[first_places(codes, int(codes.max(initial=-1)) + 1)] = False
    return marks


def lines_named(numbers: Iterable[int]) -> str:
    """Lines as a note names them: the first ten, and how many more there are."""
    listed = list(dict.fromkeys(numbers))  # several reports may stand on one line
    shown = ", ".join(str(number) for number in listed[:10])
    more = f" and {len(listed) - 10:,} more" if len(listed) > 10 else ""
    return ("line " if len(listed) == 1 else "lines ") + shown + more


def name_notes(values: Values) -> list[str]:
    """Note names that differ only in capitals, and sources that have several types.

    Parameters
    ----------
    values : dict of Column
        The table's columns.
    """
    return [*_spellings("event", values), *_spellings("source", values), *_several_types(values)]


def _spellings(column: str, values: Values) -> list[str]:
    named = values[column].compact().different
    all_differ = len(set(map(str.casefold, named))) == len(named)
    spellings: dict[str, set[str]] = defaultdict(set)
    for name in () if all_differ else named:
        spellings[name.casefold()].add(name)

    several = sorted(sorted(names) for names in spellings.values() if len(names) > 1)
    return [
        f"{' and '.join(map(quoted, names))} are spelt alike but for capitals: they count as different {column}s"
        for names in several
    ]


def _several_types(values: Values) -> list[str]:
    types: dict[str, set[str]] = defaultdict(set)
    for source, kind in together(values["source"], values["source_type"]).different:
        if kind != "unknown":
            types[source].add(kind)

    return [
        f"source {quoted(source)} has several types: {', '.join(sorted(kinds))}"
        for source, kinds in sorted(types.items())
        if len(kinds) > 1
    ]
