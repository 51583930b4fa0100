"""Rules for events: what their rows share, and which figures are cases of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from estimates.models.wording import SILENT_WORDINGS
from estimates.table.counts import toll_ends
from estimates.table.dates import Time, overlap, parse_time
from estimates.table.faults import Faults, Wrong, quoted
from estimates.table.figures import Reading, Values
from estimates.table.notes import lines_named
from estimates.text import plural
from estimates.vocabulary import CONTEXT_OUTCOMES, DEFAULTS

__all__ = ["keep_definitions_apart", "share_within_events"]

#: Of more events with several dates than these the lines alone are told.
EVENTS_TOLD = 5
#: Sources hardly differ by more days than these on the date of one event.
DAYS_APART = 30
_ONE_VALUE = "give one value, or the events different names"


def share_within_events(values: Values, readings: Mapping[int, Reading], faults: Faults) -> list[str]:
    """Give an event's rows what belongs to the event where one of them has it; refuse those that conflict.

    Rows over a period neither give nor take: they speak of many events. A row whose event or outcome is itself at
    fault is not compared: two empty names are not one event.

    Parameters
    ----------
    values : dict of list
        The checked columns; changed in place.
    readings : mapping of int to Reading
        Figures by row.
    faults : Faults
        Conflicts are added.

    Returns
    -------
    list of str
        Notes on events of several dates.
    """
    moved = _of_other_definitions(values, readings, faults)
    by_event: dict[str, list[int]] = defaultdict(list)
    by_outcome: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_case: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row, event in enumerate(values["event"]):
        if values["scope"][row] == "period" or event is None:
            continue
        by_event[event].append(row)
        if (outcome := values["outcome"][row]) is not None:
            by_outcome[event, outcome].append(row)
            if not faults.any_at(row, ("definition",)):
                by_case[event, outcome, moved.get(row, "")].append(row)

    dated = []
    for event, rows in by_event.items():
        dated += _share_date(event, rows, values["event_date"], faults.lines)
        for column in ("event_type", "chosen"):
            _share(f"event {quoted(event)}", column, rows, values[column], faults)
        _check_copies_removed(event, rows, values["copies_removed"], faults)
    for (event, outcome), rows in by_outcome.items():
        _share(f"{outcome} of event {quoted(event)}", "at_risk", rows, values["at_risk"], faults)
    for (event, outcome, _), rows in by_case.items():
        _share(f"{outcome} of event {quoted(event)}", "verified", rows, values["verified"], faults)
        _check_at_risk(f"{outcome} of event {quoted(event)}", rows, values, readings, faults)

    return _notes_on_dates(dated)


def _check_copies_removed(event: str, rows: list[int], removed: list[bool | None], faults: Faults) -> None:
    """Refuse an event whose rows differ: a row without the word may have been added by who did not look for copies."""
    stated = [row for row in rows if removed[row] is not None]
    differing = (row for row in stated if removed[row] != removed[stated[0]])
    row = next(differing, None)
    if row is not None and not faults.any_at(row, ("copies_removed",)):
        mend = "it tells of all rows of the event: write the same in each (an empty cell is a no)"
        _conflict(f"event {quoted(event)}", "copies_removed", row, stated[0], removed, faults, mend)


def _check_at_risk(
    whose: str, rows: list[int], values: Values, readings: Mapping[int, Reading], faults: Faults
) -> None:
    """Refuse lists of names, and verified tolls, of more people than were there."""
    limit = values["at_risk"][rows[0]]
    if limit is None:
        return

    mend = "correct one of them, or leave at_risk empty"
    figures = {row: readings[row].figure for row in rows if row in readings}
    lists = {row: figure.low or 0 for row, figure in figures.items() if figure.wording == "named"}
    for row, names in lists.items():
        if names > limit and not faults.any_at(row, ("at_risk",)):
            what = f"{names:,} are listed by name and at_risk of {whose} is {limit:,}"
            faults.add(row, "at_risk", Wrong(what, mend))

    verified = values["verified"][rows[0]]
    if (toll_ends(verified)[0] or 0) > limit and not faults.any_at(rows[0], ("verified",)):
        what = f"{quoted(verified)} is verified and at_risk of {whose} is {limit:,}"
        faults.add(rows[0], "verified", Wrong(what, mend))


# --------------------------------------------------------------------------------------------- unlike counts kept apart


def keep_definitions_apart(values: Values, readings: Mapping[int, Reading], faults: Faults) -> list[str]:
    """Give figures of another definition than the main one of their event and outcome an event of their own.

    The main definition is that of the figures without one, else the most frequent, else the first by the alphabet.
    A verified toll stays with the main one; the others keep only a toll that is theirs alone. Date, type and all
    else that belongs to the event hold for each. Lists of names stay too: the dead they name are dead by any
    definition.

    Parameters
    ----------
    values : dict of list
        The columns as `share_within_events` left them; changed in place.
    readings : mapping of int to Reading
        Figures by row.
    faults : Faults
        Names that are taken are added.

    Returns
    -------
    list of str
        One note for each event of which figures went elsewhere.
    """
    moved = _of_other_definitions(values, readings, faults)
    if not moved:
        return []

    tolls = _tolls_that_stay(values, moved)
    before = list(values["event"])
    for row, definition in moved.items():
        event, outcome = before[row], values["outcome"][row]
        values["event"][row] = f"{event} ({definition})"
        if values["verified"][row] == tolls.get((event, outcome)):
            values["verified"][row] = None

    if not set(before).isdisjoint(values["event"][row] for row in moved):
        _join_those_there(values, moved, readings, faults)
    return _notes_on_definitions(before, moved)


def _of_other_definitions(values: Values, readings: Mapping[int, Reading], faults: Faults) -> dict[int, str]:
    """Rows whose figure is of another definition than the main one of their event and outcome, with theirs."""
    cases: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, reading in readings.items():
        event, outcome = values["event"][row], values["outcome"][row]
        of_people = outcome not in CONTEXT_OUTCOMES and values["scope"][row] == "event"
        is_at_fault = event is None or faults.any_at(row, ("definition",))
        if of_people and not is_at_fault and reading.figure.wording not in (*SILENT_WORDINGS, "named"):
            cases[event, outcome].append(row)

    definitions, moved = values["definition"], {}
    for rows in cases.values():
        main = _main(definitions[row] for row in rows)
        moved.update({row: definitions[row] for row in rows if definitions[row] != main})
    return dict(sorted(moved.items()))


def _main(definitions: Iterable[str | None]) -> str | None:
    counts = Counter(definitions)
    if None in counts:
        return None
    return min(counts, key=lambda definition: (-counts[definition], str(definition)))


def _tolls_that_stay(values: Values, moved: Mapping[int, str]) -> dict[tuple[str, str], Any]:
    """Verified tolls of the main definitions, by event and outcome."""
    return {
        (event, values["outcome"][row]): values["verified"][row]
        for row, event in enumerate(values["event"])
        if row not in moved and values["scope"][row] == "event"
    }


def _join_those_there(
    values: Values, moved: Mapping[int, str], readings: Mapping[int, Reading], faults: Faults
) -> None:
    """Where the table has events of the new names, hold them to the rules of one event."""
    for row in _of_other_definitions(values, readings, faults):
        event = values["event"][row]
        what = f"event {quoted(event)} has figures of other definitions, and figures of this one would join it"
        faults.add(row, "definition", Wrong(what, "write the definition in all of its rows, or rename it"))
    share_within_events(values, readings, faults)


def _notes_on_definitions(events: list[str], moved: Mapping[int, str]) -> list[str]:
    apart: dict[str, set[str]] = defaultdict(set)
    for row, definition in moved.items():
        apart[events[row]].add(definition)

    return [
        f"event {quoted(event)} has figures of several definitions, which are not mixed: "
        f"{' and '.join(quoted(f'{event} ({definition})') for definition in sorted(definitions))} "
        f"{'is a case of its own' if len(definitions) == 1 else 'are cases of their own'}; a verified toll stays with "
        f"{quoted(event)}; a total of them counts people twice"
        for event, definitions in apart.items()
    ]


# ---------------------------------------------------------------------------------------------- one value for all rows


def _share(whose: str, column: str, rows: list[int], values: list[Any], faults: Faults) -> None:
    """Give all rows the one value that some of them state."""
    stated = [row for row in rows if values[row] not in (None, DEFAULTS.get(column))]
    if not stated:
        return

    first = stated[0]
    for row in stated:
        if values[row] != values[first]:
            _conflict(whose, column, row, first, values, faults)
    for row in rows:
        values[row] = values[first]


def _share_date(event: str, rows: list[int], dates: list[Any], lines: list[int]) -> list[tuple[str, list[int]]]:
    """Date all rows alike: as the most precise of them, or as the earliest where they cannot all be true.

    Returns
    -------
    list
        A note with the lines that are dated otherwise, where there are several dates.
    """
    given: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if dates[row] is not None:
            given[dates[row]].append(lines[row])
    if not given:
        return []

    times = {date: parse_time(date) for date in sorted(given)}
    used = _finest(times)
    apart = not all(overlap(time, times[used]) for time in times.values())
    if apart:
        earliest = min(times.values(), key=lambda time: (time.last_day, time.end))
        used = _finest({date: time for date, time in times.items() if overlap(time, earliest)})
    for row in rows:
        dates[row] = used

    if len(given) == 1:
        return []
    said, why = " and ".join(times), f"; {used} is used"
    if apart:
        said = " and ".join(f"{date} ({lines_named(given[date])})" for date in times)
        why = f": the earliest counts, {used}{_how_far(list(times.values()))}"
    others = [line for date in times if date != used for line in given[date]]
    return [(f"event {quoted(event)} is dated {said}{why}", others)]


def _how_far(times: Sequence[Time]) -> str:
    """How far dates lie apart, where that is too far for one event told of by several sources."""
    days = (max(time.first_day for time in times) - min(time.last_day for time in times)).days
    return f"; they lie {days:,} days apart, and two events need two names" if days > DAYS_APART else ""


def _notes_on_dates(dated: Sequence[tuple[str, list[int]]]) -> list[str]:
    """The notes on events of several dates, the first of them in full."""
    notes = [note for note, _ in dated[:EVENTS_TOLD]]
    if more := dated[EVENTS_TOLD:]:
        lines = lines_named(sorted(line for _, others in more for line in others))
        what = "the most precise date counts, and the earliest where not all can be true"
        notes.append(f"{lines}: {plural(len(more), 'more event')} with several dates; {what}")
    return notes


def _finest(times: Mapping[str, Time]) -> str:
    """The most precise of several dates, the first of those that are as precise."""
    return min(times, key=lambda date: (times[date].end - times[date].start, date))


def _conflict(
    whose: str, column: str, here: int, there: int, values: list[Any], faults: Faults, mend: str = _ONE_VALUE
) -> None:
    one, other = (_shown(values[row]) for row in (here, there))
    what = f"{whose} has {column} {one} here and {other} on line {faults.lines[there]}"
    faults.add(here, column, Wrong(what, mend))


def _shown(value: object) -> str:
    return quoted(("no", "yes")[value] if isinstance(value, bool) else value)
