"""What rows of one event share, gone through row by row: the rules of `estimates.table.sharing` without any arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from estimates.table.dates import overlap, parse_time

type Rows = dict[str, list[Any]]

#: Columns that an event has in common, with the value that says nothing.
OF_EVENTS = {"event_type": "unknown", "chosen": None}
#: Columns that an outcome of an event has in common.
OF_OUTCOMES = ("at_risk", "verified")


def groups(rows: Rows, *names: str) -> Iterator[list[int]]:
    """Rows of single events that agree in some columns, all of which they fill."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row, scope in enumerate(rows["scope"]):
        key = tuple(rows[name][row] for name in names)
        if scope != "period" and None not in key:
            found.setdefault(key, []).append(row)
    yield from found.values()


def shared(rows: Rows) -> Rows:
    """The columns with what rows of one event share, where none of them contradict one another."""
    after = {name: list(column) for name, column in rows.items()}
    for members in groups(rows, "event"):
        for name, nothing in OF_EVENTS.items():
            _fill(after[name], members, (None, nothing))
        _date(after["event_date"], members)
    for members in groups(rows, "event", "outcome"):
        for name in OF_OUTCOMES:
            _fill(after[name], members, (None,))
    return after


def conflicts(rows: Rows) -> set[tuple[int, str]]:
    """The cells that contradict an earlier row of their event."""
    found = set()
    for members in groups(rows, "event"):
        for name, nothing in OF_EVENTS.items():
            found |= {(row, name) for row in _others(rows[name], members, (None, nothing))}
        found |= {(row, "copies_removed") for row in _others(rows["copies_removed"], members, (None,))[:1]}
    for members in groups(rows, "event", "outcome"):
        for name in OF_OUTCOMES:
            found |= {(row, name) for row in _others(rows[name], members, (None,))}
    return found


def _others(column: list[Any], members: list[int], nothing: tuple[Any, ...]) -> list[int]:
    stated = [row for row in members if column[row] not in nothing]
    return [row for row in stated if column[row] != column[stated[0]]]


def _fill(column: list[Any], members: list[int], nothing: tuple[Any, ...]) -> None:
    stated = [column[row] for row in members if column[row] not in nothing]
    for row in members if stated else ():
        column[row] = stated[0]


def _date(column: list[Any], members: list[int]) -> None:
    """The most precise of the dates that can be that of the earliest, or of all where all can be true."""
    times = {text: parse_time(text) for text in (column[row] for row in members) if text is not None}
    if not times:
        return

    used = _finest(list(times))
    if not all(overlap(time, times[used]) for time in times.values()):
        earliest = min(times.values(), key=lambda time: (time.last_day, time.end))
        used = _finest([text for text in times if overlap(times[text], earliest)])
    for row in members:
        column[row] = used


def _finest(texts: list[str]) -> str:
    lengths = {text: parse_time(text).end - parse_time(text).start for text in texts}
    return min(sorted(texts), key=lengths.__getitem__)
