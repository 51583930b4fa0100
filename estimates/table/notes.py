"""Notes on what is odd in a table and no fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from estimates.table.dates import parse_time
from estimates.table.faults import quoted
from estimates.table.figures import Reading, Values
from estimates.vocabulary import CONTEXT_OUTCOMES

__all__ = ["IDENTITY", "lines_named", "name_notes", "row_notes"]

#: Rows that agree in all of these are the same report given twice.
IDENTITY = ("event", "source", "words", "low", "high", "outcome", "reported_at", "scope", "period_start", "group",
             "population", "definition")  # fmt: skip


def row_notes(values: Values, readings: list[Reading], forced: list[bool], early: list[bool]) -> list[str]:
    """Write one note per kind of oddity, with the lines it is about.

    Parameters
    ----------
    values : dict of list
        The table's columns.
    readings : list of Reading, one per row
    forced : list of bool, one per row
        Where the words are about a part and the group says all.
    early : list of bool, one per row
        Where the report is dated before its event.
    """
    is_context = [outcome in CONTEXT_OUTCOMES for outcome in values["outcome"]]
    is_period = [scope == "period" for scope in values["scope"]]
    about = {
        "dated before their event: their age counts as 0": early,
        "made while their event went on: they count the days so far": _while_it_went_on(values),
        "words and coded columns disagree: the coded columns count": [reading.disagrees for reading in readings],
        "the words are about a part of the people and group says 'all': taken as a floor; "
        "to count them for all, write wording and low": forced,
        "quotes names a source without a report of its own on the event": _quotes_a_stranger(values),
        "strikes, munitions and incidents are shown as context, not estimated": is_context,
        "figures over a period are kept apart from those of single events": [
            period and not context for period, context in zip(is_period, is_context, strict=True)
        ],
        "the same report as an earlier line": _repeats(values),
    }

    return [
        f"{lines_named(line for line, yes in zip(values['line'], marks, strict=True) if yes)}: {what}"
        for what, marks in about.items()
        if any(marks)
    ]


def _while_it_went_on(values: Values) -> list[bool]:
    """Reports made after the first and before the last day of an event of several days."""
    dates = zip(values["reported_at"], values["event_date"], strict=True)
    return [
        reported is not None
        and event is not None
        and "/" in event
        and parse_time(event).first_day <= parse_time(reported).last_day < parse_time(event).last_day
        for reported, event in dates
    ]


def _quotes_a_stranger(values: Values) -> list[bool]:
    named = set(zip(values["event"], values["source"], strict=True))
    passed_on = zip(values["event"], values["quotes"], strict=True)
    return [quote is not None and (event, quote) not in named for event, quote in passed_on]


def _repeats(values: Values) -> list[bool]:
    seen: set[tuple[Any, ...]] = set()
    marks = []
    for row in zip(*(values[column] for column in IDENTITY), strict=True):
        marks.append(row in seen)
        seen.add(row)
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
    values : dict of list
        The table's columns.
    """
    return [*_spellings("event", values), *_spellings("source", values), *_several_types(values)]


def _spellings(column: str, values: Values) -> list[str]:
    spellings: dict[str, set[str]] = defaultdict(set)
    for name in set(values[column]):
        spellings[name.casefold()].add(name)

    several = sorted(sorted(names) for names in spellings.values() if len(names) > 1)
    return [
        f"{' and '.join(map(quoted, names))} are spelt alike but for capitals: they count as different {column}s"
        for names in several
    ]


def _several_types(values: Values) -> list[str]:
    types: dict[str, set[str]] = defaultdict(set)
    for source, kind in set(zip(values["source"], values["source_type"], strict=True)):
        if kind != "unknown":
            types[source].add(kind)

    return [
        f"source {quoted(source)} has several types: {', '.join(sorted(kinds))}"
        for source, kinds in sorted(types.items())
        if len(kinds) > 1
    ]
