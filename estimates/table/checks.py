"""From cells to meaning: a check for each column, rules for rows and for events.

Nothing stops at the first fault: a wrong cell is set down in `Faults`, counts as empty from then on, and the checking
goes on, so that a table's faults are all told at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from estimates import vocabulary
from estimates.errors import ReportsError
from estimates.models.types import Booleans, Integers
from estimates.table.cells import FREE_TEXT, Cells
from estimates.table.column import Column, column_of, together
from estimates.table.counts import count, count_from_one, toll
from estimates.table.dates import parse_time, precedes
from estimates.table.events import keep_definitions_apart, share_within_events
from estimates.table.faults import Faults, Wrong, did_you_mean, quoted
from estimates.table.field_dates import field_span, field_time
from estimates.table.figures import Values, read_figures
from estimates.table.header import normal
from estimates.table.notes import lines_named
from estimates.table.times import are_plain
from estimates.vocabulary import DEFAULTS, MISSING_OUTCOMES, OLD_EVENT_TYPES

__all__ = ["Checked", "check_cells"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A table without faults: its values by column, a figure per row, and notes on its events."""

    values: Values
    readings: Column
    notes: list[str]


def check_cells(cells: Cells) -> Checked:
    """Check every cell, row and event of a table.

    Parameters
    ----------
    cells : Cells
        The table's cells.

    Returns
    -------
    Checked
        One value per row in each column, one figure per row.

    Raises
    ------
    ReportsError
        If anything is wrong; ``faults`` lists all of it by line and column.
    """
    faults = Faults(cells.lines, cells.shown)
    values = {column: _check_column(cells, column, faults) for column in _CHECKS}
    readings = read_figures(values, faults)
    _check_rows(values, faults)

    notes = [*_old_event_types(cells, faults.lines), *share_within_events(values, readings, faults)]
    notes += keep_definitions_apart(values, readings, faults)
    values["chosen"] = values["chosen"].changed(bool)

    if faults.found:
        raise ReportsError(cells.name, faults.in_order())
    return Checked(values, readings.compact(), notes)


# ----------------------------------------------------------------------------------------------- one check per column


def _name(text: str) -> str:
    # Composed letters and single spaces, so that names that look alike are alike.
    return " ".join(unicodedata.normalize("NFC", text).split())


def _required_name(text: str) -> str:
    if not text:
        raise Wrong("the cell is empty", "every report needs it")
    return _name(text)


def _name_or_none(text: str) -> str | None:
    return _name(text) or None


def _choice(kind: str, allowed: Sequence[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        value = normal(text)
        if value in allowed:
            return value

        advice = did_you_mean(value, allowed)
        mend = f"{advice}; allowed: " if advice else "allowed: "
        raise Wrong(f"{quoted(text)} is not {kind}", mend + ", ".join(sorted(allowed)))

    return check


_known_event_type = _choice("a type of event", vocabulary.EVENT_TYPES)


def _event_type(text: str) -> str:
    now, _ = OLD_EVENT_TYPES.get(normal(text), (text, ""))
    return _known_event_type(now)


def _old_event_types(cells: Cells, lines: list[int]) -> list[str]:
    """One note for each type of event that a table still calls by its old name."""
    given = column_of(cells.column("event_type"))
    called = given.changed(lambda cell: normal(cell) if isinstance(cell, str) else "")
    found = [
        (np.flatnonzero(called.equal(old)).tolist(), old) for old in set(called.different) & OLD_EVENT_TYPES.keys()
    ]
    return [
        f"{lines_named(lines[row] for row in rows)}: event_type {old!r} is read as {OLD_EVENT_TYPES[old][0]!r}; "
        f"{OLD_EVENT_TYPES[old][1]}"
        for rows, old in sorted(found)
        if rows
    ]


def _population(text: str) -> str | None:
    return None if text.lower() == "all" else _name_or_none(text)


def _flag(text: str) -> bool:
    if text.lower() in {"", "false", "no", "n", "f", "0", "0.0"}:
        return False
    if text.lower() in {"true", "yes", "y", "t", "1", "1.0"}:
        return True
    raise Wrong(f"{quoted(text)} is neither true nor false", "write true or false")


def _time(text: str) -> str | None:
    return field_time(text) if text else None


def _time_of_event(text: str) -> str | None:
    return field_span(text) if text else None


#: The check of each column; an empty cell with a default never reaches its check.
_CHECKS: dict[str, Callable[[str], Any]] = {
    "event": _required_name,
    "source": _required_name,
    "figure": str,  # read once its codes are checked
    "low": count,
    "high": count,
    "wording": _choice("a wording", vocabulary.WORDINGS),
    "outcome": _choice("an outcome", vocabulary.OUTCOMES),
    "source_type": _choice("a type of source", vocabulary.SOURCE_TYPES),
    "reported_at": _time,
    "event_date": _time_of_event,
    "event_type": _event_type,
    "place": _name_or_none,
    "scope": _choice("a scope", vocabulary.SCOPES),
    "period_start": _time,
    "period_end": _time,
    "affiliation": _choice("an affiliation", vocabulary.AFFILIATIONS),
    "quotes": _name_or_none,
    "group": _name,
    "verified": toll,
    "provisional": _flag,
    "withdrawn": _flag,
    "population": _population,
    "definition": _choice("a definition", vocabulary.DEFINITIONS),
    "at_risk": count_from_one,
    "missing_basis": _choice("a basis of people missing", vocabulary.MISSING_BASES),
    "chosen": _flag,
    "copies_removed": _flag,
    **dict.fromkeys(FREE_TEXT, lambda text: text or None),
}
#: Empty cells of these are told from cells that state the default: the words of the figure or the event may fill them.
_EMPTY = {**DEFAULTS, "wording": None, "group": "", "definition": None, "chosen": None, "missing_basis": None}


_TIMES = frozenset({"reported_at", "event_date", "period_start", "period_end"})


def _check_column(cells: Cells, column: str, faults: Faults) -> Column:
    """Check each different cell of a column once; a wrong one is None."""
    given = column_of(cells.column(column))
    results = _results(column, given.different)
    if any(issubclass(kind, Wrong) for kind in set(map(type, results))):
        wrong = np.array([isinstance(result, Wrong) for result in results])
        for row in np.flatnonzero(wrong[given.codes]).tolist():
            faults.add(row, column, results[given.codes[row]])
        results = [None if isinstance(result, Wrong) else result for result in results]

    checked = Column(given.codes, results)
    return checked if column in FREE_TEXT else checked.merged()


def _results(column: str, different: list[str | Wrong]) -> list[Any]:
    """What each of the different cells of a column means, or what is wrong with it."""
    if column in FREE_TEXT:
        return [cell or None for cell in different]
    if column not in _TIMES:
        return [result_of(column, cell) for cell in different]
    texts = [cell if isinstance(cell, str) else "" for cell in different]
    return [
        cell if is_plain else result_of(column, cell)
        for cell, is_plain in zip(different, are_plain(texts), strict=True)
    ]


def result_of(column: str, cell: str | Wrong) -> Any:
    if isinstance(cell, Wrong):
        return cell
    if not cell and column in _EMPTY:
        return _EMPTY[column]
    try:
        return _CHECKS[column](cell)
    except Wrong as wrong:
        return wrong


# ------------------------------------------------------------------------------------------------------ rules for rows


def _check_rows(values: Values, faults: Faults) -> None:
    outcomes, bases = values["outcome"], values["missing_basis"]
    counts_others = outcomes.where(lambda outcome: outcome is not None and outcome not in MISSING_OUTCOMES)
    for row in np.flatnonzero(counts_others & bases.where(_is_given)).tolist():
        what = f"{quoted(bases[row])} is given and the row counts people {outcomes[row]}"
        faults.add(row, "missing_basis", Wrong(what, "clear the cell, or write missing in outcome"))

    sources = values["source"]
    for row in np.flatnonzero(_are_alike(sources, values["quotes"])).tolist():
        faults.add(row, "quotes", Wrong(f"{quoted(sources[row])} quotes itself", "clear the cell or name the other"))
    _check_periods(values, faults)


def _is_given(value: object) -> bool:
    return value is not None


def _are_alike(one: Column, other: Column) -> Booleans:
    """Which rows have the same name in both columns, however its capitals are written; shape (rows,)."""
    places: dict[str, int] = {}

    def codes(column: Column, missing: int) -> Integers:
        folded = (None if name is None else name.casefold() for name in column.different)
        found = [missing if name is None else places.setdefault(name, len(places)) for name in folded]
        return np.array(found, dtype=np.int64)[column.codes]

    alike: Booleans = codes(one, -1) == codes(other, -2)
    return alike


def _check_periods(values: Values, faults: Faults) -> None:
    scopes, both = values["scope"], together(values["period_start"], values["period_end"])
    for row in np.flatnonzero(scopes.equal("period") & ~both.where(_is_period)).tolist():
        start, end = both[row]
        _check_period(row, start, end, faults)

    for row in np.flatnonzero(scopes.equal("event") & both.where(any)).tolist():
        start, end = both[row]
        what = f"{quoted(start or end)} is given and the scope is event"
        faults.add(
            row, "period_start" if start else "period_end", Wrong(what, "write period in scope, or clear the cell")
        )


def _is_period(ends: tuple[str | None, str | None]) -> bool:
    start, end = ends
    return start is not None and end is not None and not precedes(parse_time(end), parse_time(start))


def _check_period(row: int, start: str | None, end: str | None, faults: Faults) -> None:
    for column, value in (("period_start", start), ("period_end", end)):
        if value is None and not faults.any_at(row, (column,)):
            faults.add(row, column, Wrong("scope period needs it", "write the date, or event in scope"))
    if start and end and precedes(parse_time(end), parse_time(start)):
        faults.add(row, "period_end", Wrong(f"{quoted(end)} is before period_start {quoted(start)}", "swap them"))
