"""From cells to meaning: a check for each column, a figure for each row, rules for rows and for events.

Nothing stops at the first fault: a wrong cell is set down in `_Faults`, counts as empty from then on, and the checking
goes on, so that a table's faults are all told at once.
"""

from __future__ import annotations

import contextlib
import functools
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from estimates import vocabulary
from estimates.errors import Fault, FigureError, ReportsError
from estimates.models.wording import SILENT_WORDINGS
from estimates.table.dates import Time, overlap, parse_time, precedes
from estimates.table.source import Cells, Wrong, did_you_mean, normal, quoted
from estimates.vocabulary import COLUMNS, DEFAULTS, LARGEST_COUNT, VAGUE_WORDS
from estimates.wording.figure import Figure, parse_figure

__all__ = ["Checked", "Reading", "Values", "check_cells", "count_or_none", "parsed_time", "toll_ends"]

#: Checked values by column; None where there is nothing.
type Values = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One row's figure; whether it was coded, and whether the words beside the codes say something else."""

    figure: Figure
    coded: bool = False
    disagrees: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A table without faults: its values by column, a figure per row, and notes on events of several dates."""

    values: Values
    readings: list[Reading]
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
    faults = _Faults(cells.lines)
    values = {column: _check_column(cells, column, faults) for column in _CHECKS}
    readings = _read_figures(values, faults)
    _check_rows(values, faults)
    notes = _share_within_events(values, faults)
    if faults.found:
        raise ReportsError(cells.name, faults.in_order())
    return Checked(values, readings, notes)


@dataclass(slots=True)
class _Faults:
    """Faults found so far, and the cells they are in by row and column."""

    lines: list[int]
    found: list[Fault] = field(default_factory=list)
    cells: set[tuple[int, str]] = field(default_factory=set)

    def add(self, row: int, column: str, wrong: Wrong) -> None:
        column = wrong.column or column
        self.found.append(Fault(wrong.what, wrong.mend, self.lines[row], column))
        self.cells.add((row, column))

    def any_at(self, row: int, columns: Iterable[str]) -> bool:
        return any((row, column) in self.cells for column in columns)

    def in_order(self) -> list[Fault]:
        return sorted(self.found, key=lambda fault: (fault.line or 0, COLUMNS.index(fault.column or COLUMNS[0])))


# -------------------------------------------------------------------------------------------- one check per column

_SEPARATED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")


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


def _count(text: str) -> int | None:
    """Read a whole number as written or as a spreadsheet writes it: 18, 18.0, 1,200."""
    if not text:
        return None
    if re.search(r"\.0{3}\Z", text):
        raise Wrong(
            f"{quoted(text)} may mean thousands or a fraction", "write 1,000 for thousands, or leave the point out"
        )
    digits = re.sub(r"\.0+\Z", "", text)
    if _SEPARATED.fullmatch(digits):
        bare = digits.replace(",", "").lstrip("0") or "0"
        if len(bare) > 10 or int(bare) > LARGEST_COUNT:
            raise Wrong(f"{quoted(text)} is too large", f"counts go up to {LARGEST_COUNT:,}")
        return int(bare)
    raise _not_a_count(text)


def _not_a_count(text: str) -> Wrong:
    mend = "write a whole number such as 18 or 1,200, or leave the cell empty"
    try:
        value = float(text)
    except ValueError:
        return Wrong(f"{quoted(text)} is not a whole number", mend)
    if math.isnan(value):
        return Wrong(f"{quoted(text)} is not a number (NaN)", mend)
    if math.isinf(value):
        return Wrong(f"{quoted(text)} is infinite", mend)
    if value < 0:
        return Wrong(f"{quoted(text)} is negative", "people are counted from 0 up")
    if value > LARGEST_COUNT:
        return Wrong(f"{quoted(text)} is too large", f"counts go up to {LARGEST_COUNT:,}")
    if not value.is_integer():
        return Wrong(f"{quoted(text)} is a fraction", "people are counted whole; write 1,200 for twelve hundred")
    return Wrong(f"{quoted(text)} is not written in plain digits", mend)


#: How a verified toll that is no single number is written; dashes of any kind and words between the ends of a range.
_TOLL_RANGE = re.compile(r"([0-9][0-9.,]*)\s*(?:[-\u2010-\u2015]|to)\s*([0-9][0-9.,]*)", re.IGNORECASE)
_OPEN_TOLL = re.compile(r"at[ _]least\s+(.+)", re.IGNORECASE)


def _toll(text: str) -> int | str | None:
    """Read a verified toll: 202, a range ("51-103"), or a toll that is itself a lower bound ("at least 16000")."""
    try:
        if match := _TOLL_RANGE.fullmatch(text):
            low, high = _count(match[1]) or 0, _count(match[2]) or 0
            if low > high:
                raise Wrong(f"the range {quoted(text)} ends below its beginning", f"write {high}-{low}")
            return low if low == high else f"{low}-{high}"
        if match := _OPEN_TOLL.fullmatch(text):
            if not (low := _count(match[1]) or 0):
                raise Wrong(f"{quoted(text)} says nothing", "write the number verified, or leave the cell empty")
            return f"at least {low}"
        return _count(text)
    except Wrong as wrong:
        raise Wrong(wrong.what, f"{wrong.mend}; a toll may be a range such as 51-103, or at least 16000") from None


def toll_ends(verified: int | str | None) -> tuple[int | None, int | None]:
    """Give the lowest and the highest count that a verified toll allows, as ``Reports.table`` keeps it.

    Parameters
    ----------
    verified : int, str or None
        202, "51-103" or "at least 16000"; None where nothing was verified.

    Returns
    -------
    tuple
        Both None where nothing was verified; the second None where the toll is a lower bound.
    """
    if not isinstance(verified, str):
        return verified, verified
    if verified.startswith("at least "):
        return int(verified.removeprefix("at least ")), None
    low, _, high = verified.partition("-")
    return int(low), int(high)


def _flag(text: str) -> bool:
    if text.lower() in {"", "false", "no", "n", "f", "0", "0.0"}:
        return False
    if text.lower() in {"true", "yes", "y", "t", "1", "1.0"}:
        return True
    raise Wrong(f"{quoted(text)} is neither true nor false", "write true or false")


def _time(text: str) -> str | None:
    if not text:
        return None
    try:
        parse_time(text)
    except ValueError as error:
        raise Wrong(str(error)) from None
    return text


#: The check of each column; an empty cell with a default never reaches its check.
_CHECKS: dict[str, Callable[[str], Any]] = {
    "event": _required_name,
    "source": _required_name,
    "figure": str,  # read once its codes are checked
    "low": _count,
    "high": _count,
    "wording": _choice("a wording", vocabulary.WORDINGS),
    "outcome": _choice("an outcome", vocabulary.OUTCOMES),
    "source_type": _choice("a type of source", vocabulary.SOURCE_TYPES),
    "reported_at": _time,
    "event_date": _time,
    "event_type": _choice("a type of event", vocabulary.EVENT_TYPES),
    "place": _name_or_none,
    "scope": _choice("a scope", vocabulary.SCOPES),
    "period_start": _time,
    "period_end": _time,
    "affiliation": _choice("an affiliation", vocabulary.AFFILIATIONS),
    "quotes": _name_or_none,
    "group": _name,
    "verified": _toll,
    "provisional": _flag,
    "url": lambda text: text or None,
    "note": lambda text: text or None,
}
#: Empty cells of these are told from cells that state the default: the words of the figure may fill them.
_EMPTY = {**DEFAULTS, "wording": None, "group": ""}


def _check_column(cells: Cells, column: str, faults: _Faults) -> list[Any]:
    """Check each different cell of a column once; a wrong one is None."""
    results = {cell: _result(column, cell) for cell in set(cells.column(column))}
    values = [results[cell] for cell in cells.column(column)]
    if any(isinstance(result, Wrong) for result in results.values()):
        for row, value in enumerate(values):
            if isinstance(value, Wrong):
                faults.add(row, column, value)
                values[row] = None
    return values


def _result(column: str, cell: str | Wrong) -> Any:
    if isinstance(cell, Wrong):
        return cell
    if not cell and column in _EMPTY:
        return _EMPTY[column]
    try:
        return _CHECKS[column](cell)
    except Wrong as wrong:
        return wrong


# --------------------------------------------------------------------------------- from words and codes to figures

_COMPOSED = {
    "exactly": "{0}", "at_least": "at least {0}", "more_than": "more than {0}", "nearly": "nearly {0}",
    "up_to": "up to {0}", "at_most": "at most {0}", "about": "about {0}", "named": "{0} named", "range": "{0}-{1}",
    "none": "none", "denial": "denied", "no_comment": "no comment", "not_confirmed": "did not confirm",
}  # fmt: skip
_FIGURE_COLUMNS = ("figure", "wording", "low", "high", "outcome")


def _read_figures(values: Values, faults: _Faults) -> list[Reading]:
    """Read each different figure once; rows that have a fault in it already are passed over."""
    seen: dict[tuple[Any, ...], Reading | Wrong] = {}
    readings = []
    for row, key in enumerate(zip(*(values[column] for column in _FIGURE_COLUMNS), strict=True)):
        if faults.any_at(row, _FIGURE_COLUMNS):
            continue
        if key not in seen:
            try:
                seen[key] = _reading(*key)
            except Wrong as wrong:
                seen[key] = wrong
        result = seen[key]
        if isinstance(result, Wrong):
            faults.add(row, "figure", result)
        else:
            readings.append(result)
    return readings


def _reading(words: str, wording: str | None, low: int | None, high: int | None, outcome: str) -> Reading:
    """Read a row's figure from its codes where it has any, from its words otherwise."""
    if wording is not None or low is not None or high is not None:
        return _reading_of_codes(words, wording, low, high, outcome)
    if not words:
        mend = "write the source's words or number, and 'no comment' if the source gave no figure"
        raise Wrong("there is no figure", mend, "figure")
    try:
        return Reading(_parsed(words, outcome))
    except FigureError as error:
        raise Wrong(str(error), column="figure") from None


def _parsed(words: str, outcome: str) -> Figure:
    if not _SEPARATED.fullmatch(words):
        with contextlib.suppress(ValueError):
            float(words)
            words = str(_count(words))  # 18.0 is a count; -5, 1e308 and NaN are refused here
    return parse_figure(words, outcome)


def _parsed_or_none(words: str, outcome: str) -> Figure | None:
    try:
        return _parsed(words, outcome) if words else None
    except (FigureError, Wrong):
        return None


def _reading_of_codes(words: str, wording: str | None, low: int | None, high: int | None, outcome: str) -> Reading:
    said = _parsed_or_none(words, outcome)
    if low is not None and high is not None and low > high:
        raise Wrong(f"low {low:,} is above high {high:,}", "swap them", "low")
    if wording is None:
        wording = _implied_wording(said, low, high)
    low, high = _numbers(wording, words, said, low, high)
    word = _vague_word(words, said) if wording == "vague" else None
    if 0 in (low, high):
        wording, low, high = _with_zero(wording, low, high)
    coded = (wording, low, high, word)
    disagrees = said is not None and coded != (said.wording, said.low, said.high, said.word)
    if said is not None and said.wording == "exactly" and said.low in (low, high) and count_or_none(words) is not None:
        disagrees = False  # the bare number and, beside it, how it was said
    numbers = (f"{number:,}" for number in (low, high) if number is not None)
    words = words or _COMPOSED[wording].format(*numbers)
    besides = said or Figure(wording)  # what the words say besides the number
    figure = replace(besides, wording=wording, low=low, high=high, word=word, words=words)
    return Reading(figure, coded=True, disagrees=disagrees)


def count_or_none(words: str) -> int | None:
    """Give the count that words state in digits alone, if they do."""
    try:
        return _count(words)
    except Wrong:
        return None


def _implied_wording(said: Figure | None, low: int | None, high: int | None) -> str:
    if said is not None and {said.low, said.high} - {None} == {low, high} - {None}:
        return said.wording  # the words say the same numbers, and how they are meant
    if low is not None and high is not None:
        return "exactly" if low == high else "range"
    given, fitting = (
        ("low", "at_least, more_than, about or exactly") if high is None else ("high", "up_to, at_most or exactly")
    )
    raise Wrong(f"only {given} is given, which can mean several things", f"write {fitting} in wording", "wording")


def _numbers(
    wording: str, words: str, said: Figure | None, low: int | None, high: int | None
) -> tuple[int | None, int | None]:
    """Give low and high as the wording keeps them; the number may stand in the words."""
    if low is None and high is None and said is not None and said.wording in (wording, "exactly"):
        low, high = said.low, said.high
    numbers = sorted({number for number in (low, high) if number is not None})
    if wording == "none":
        if any(numbers):
            raise Wrong(f"wording none and the number {numbers[-1]:,} contradict each other", "clear one", "wording")
        return 0, 0
    if wording == "vague" or wording in SILENT_WORDINGS:
        if numbers:
            raise Wrong(f"wording {wording} takes no number, and {numbers[0]:,} is given", "clear one", "wording")
        return None, None
    if wording == "range":
        if low is None or high is None:
            raise Wrong("wording range needs both low and high", "give both, or another wording", "wording")
        return low, high
    if len(numbers) != 1:
        what = f"wording {wording} needs a number" if not numbers else f"wording {wording} takes one number, not two"
        raise Wrong(what, "write it in low" if not numbers else "clear one, or write range", "wording")
    number = numbers[0]
    if wording in ("at_least", "more_than", "named"):
        return number, None
    return (None, number) if wording in ("up_to", "at_most") else (number, number)


def _with_zero(wording: str, low: int | None, high: int | None) -> tuple[str, int | None, int | None]:
    if high == 0 and wording in ("exactly", "range", "at_most", "none"):
        return "none", 0, 0
    if wording in ("range", "more_than"):
        return wording, low, high
    raise Wrong(f"wording {wording} with the number 0 says nothing", "write none, or the number said", "wording")


def _vague_word(words: str, said: Figure | None) -> str:
    if said is not None and said.word is not None:
        return said.word
    allowed = ", ".join(VAGUE_WORDS)
    what = f"wording vague needs its word, and {quoted(words)} has none" if words else "wording vague needs its word"
    raise Wrong(what, f"write it in figure: {allowed}", "figure")


# ------------------------------------------------------------------------------------ rules over cells, rows and events


def _check_rows(values: Values, faults: _Faults) -> None:
    columns = (values[column] for column in ("source", "quotes", "scope", "period_start", "period_end"))
    for row, (source, quotes, scope, start, end) in enumerate(zip(*columns, strict=True)):
        if quotes is not None and source is not None and quotes.casefold() == source.casefold():
            faults.add(row, "quotes", Wrong(f"{quoted(source)} quotes itself", "clear the cell or name the other"))
        if scope == "period":
            _check_period(row, start, end, faults)
        elif scope == "event" and (start or end):
            what = f"{quoted(start or end)} is given and the scope is event"
            wrong = Wrong(what, "write period in scope, or clear the cell")
            faults.add(row, "period_start" if start else "period_end", wrong)


def _check_period(row: int, start: str | None, end: str | None, faults: _Faults) -> None:
    for column, value in (("period_start", start), ("period_end", end)):
        if value is None and not faults.any_at(row, (column,)):
            faults.add(row, column, Wrong("scope period needs it", "write the date, or event in scope"))
    if start and end and precedes(parsed_time(end), parsed_time(start)):
        faults.add(row, "period_end", Wrong(f"{quoted(end)} is before period_start {quoted(start)}", "swap them"))


def _share_within_events(values: Values, faults: _Faults) -> list[str]:
    """Give an event's rows its date, type and verified toll where one of them has it; refuse those that conflict.

    Rows over a period neither give nor take: they speak of many events. A row whose event or outcome is itself at
    fault is not compared: two empty names are not one event.
    """
    notes = []
    by_event: dict[str, list[int]] = defaultdict(list)
    by_outcome: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, event in enumerate(values["event"]):
        scope, outcome = values["scope"][row], values["outcome"][row]
        if scope != "period" and event is not None:
            by_event[event].append(row)
            if outcome is not None:
                by_outcome[event, outcome].append(row)
    for event, rows in by_event.items():
        notes += _share_date(event, rows, values["event_date"], faults)
        _share(f"event {quoted(event)}", "event_type", rows, values["event_type"], faults)
    for (event, outcome), rows in by_outcome.items():
        _share(f"{outcome} of event {quoted(event)}", "verified", rows, values["verified"], faults)
    return notes


def _share(whose: str, column: str, rows: list[int], values: list[Any], faults: _Faults) -> None:
    stated = [row for row in rows if values[row] not in (None, DEFAULTS.get(column))]
    if not stated:
        return
    first = stated[0]
    for row in stated:
        if values[row] != values[first]:
            _conflict(whose, column, row, first, values, faults)
    for row in rows:
        values[row] = values[first]


def _share_date(event: str, rows: list[int], dates: list[Any], faults: _Faults) -> list[str]:
    stated = [row for row in rows if dates[row] is not None]
    different = sorted({dates[row] for row in stated})
    if not different:
        return []
    times = {date: parsed_time(date) for date in different}
    finest = min(stated, key=lambda row: (times[dates[row]].end - times[dates[row]].start, dates[row]))
    for row in stated:
        if not overlap(times[dates[row]], times[dates[finest]]):
            _conflict(f"event {quoted(event)}", "event_date", max(row, finest), min(row, finest), dates, faults)
    for row in rows:
        dates[row] = dates[finest]
    if len(different) == 1:
        return []
    return [f"event {quoted(event)} is dated {' and '.join(different)}; {dates[finest]} is used"]


def _conflict(whose: str, column: str, here: int, there: int, values: list[Any], faults: _Faults) -> None:
    one, other = quoted(values[here]), quoted(values[there])
    what = f"{whose} has {column} {one} here and {other} on line {faults.lines[there]}"
    faults.add(here, column, Wrong(what, "give one value, or the events different names"))


@functools.lru_cache(maxsize=4096)
def parsed_time(text: str) -> Time:
    """Give the time a checked cell states."""
    return parse_time(text)
