"""Rules for events: what their rows share, and which figures are cases of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from estimates.models.wording import SILENT_WORDINGS
from estimates.table.column import Column, column_of, constant
from estimates.table.faults import Faults, Wrong, quoted
from estimates.table.figures import Reading, Values
from estimates.table.sharing import check_at_risk, check_copies_removed, groups_of, share, share_dates
from estimates.vocabulary import CONTEXT_OUTCOMES

__all__ = ["keep_definitions_apart", "share_within_events"]


def share_within_events(values: Values, readings: Column, faults: Faults) -> list[str]:
    """Give an event's rows what belongs to the event where one of them has it; refuse those that conflict.

    Rows over a period neither give nor take: they speak of many events. A row whose event or outcome is itself at
    fault is not compared: two empty names are not one event.

    Parameters
    ----------
    values : dict of Column
        The checked columns; replaced where they change.
    readings : Column
        The reading of each row's figure; None where it has a fault.
    faults : Faults
        Conflicts are added.

    Returns
    -------
    list of str
        Notes on events of several dates.
    """
    moved = _of_other_definitions(values, readings, faults)
    events, outcomes, definitions = values["event"], values["outcome"], _kept_apart(len(readings), moved)
    of_events = ~values["scope"].equal("period") & events.where(_is_given)
    of_outcomes = of_events & outcomes.where(_is_given)
    of_cases = of_outcomes & ~faults.marks("definition")

    def event(row: int) -> str:
        return f"event {quoted(events[row])}"

    def outcome(row: int) -> str:
        return f"{outcomes[row]} of {event(row)}"

    by_event = groups_of(of_events, events)
    notes = share_dates(by_event, values, faults.lines)
    for column in ("event_type", "chosen"):
        share(by_event, event, column, values, faults)
    check_copies_removed(by_event, event, values, faults)

    share(groups_of(of_outcomes, events, outcomes), outcome, "at_risk", values, faults)
    by_case = groups_of(of_cases, events, outcomes, definitions)
    share(by_case, outcome, "verified", values, faults)
    check_at_risk(by_case, outcome, values, readings, faults)
    return notes


def _kept_apart(rows: int, moved: Mapping[int, str]) -> Column:
    """The definition of each row whose figure is not of the main one, and "" for all others."""
    definitions = [""] * rows if moved else []
    for row, definition in moved.items():
        definitions[row] = definition
    return column_of(definitions) if moved else constant("", rows)


def _is_given(value: object) -> bool:
    return value is not None


# --------------------------------------------------------------------------------------------- unlike counts kept apart


def keep_definitions_apart(values: Values, readings: Column, faults: Faults) -> list[str]:
    """Give figures of another definition than the main one of their event and outcome an event of their own.

    The main definition is that of the figures without one, else the most frequent, else the first by the alphabet.
    A verified toll stays with the main one; the others keep only a toll that is theirs alone. Date, type and all
    else that belongs to the event hold for each. Lists of names stay too: the dead they name are dead by any
    definition.

    Parameters
    ----------
    values : dict of Column
        The columns as `share_within_events` left them; replaced where they change.
    readings : Column
        The reading of each row's figure; None where it has a fault.
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
    before, events, verified = (list(values[column]) for column in ("event", "event", "verified"))
    for row, definition in moved.items():
        events[row] = f"{before[row]} ({definition})"
        if verified[row] == tolls.get((before[row], values["outcome"][row])):
            verified[row] = None
    values["event"], values["verified"] = column_of(events), column_of(verified)

    if not set(before).isdisjoint(events[row] for row in moved):
        _join_those_there(values, moved, readings, faults)
    return _notes_on_definitions(before, moved)


def _of_other_definitions(values: Values, readings: Column, faults: Faults) -> dict[int, str]:
    """Rows whose figure is of another definition than the main one of their event and outcome, with theirs."""
    definitions = values["definition"]
    is_defined = definitions.where(_is_given)
    if not is_defined.any():
        return {}

    of_people = ~values["outcome"].where(CONTEXT_OUTCOMES.__contains__) & values["scope"].equal("event")
    is_sound = values["event"].where(_is_given) & ~faults.marks("definition")
    cases = groups_of(of_people & is_sound & readings.where(_is_figure), values["event"], values["outcome"])
    moved = {}
    for rows in cases.members(np.unique(cases.codes[is_defined[cases.rows]])):
        main = _main(definitions[row] for row in rows)
        moved.update({row: definitions[row] for row in rows if definitions[row] != main})
    return dict(sorted(moved.items()))


def _is_figure(reading: Reading | None) -> bool:
    return reading is not None and reading.figure.wording not in (*SILENT_WORDINGS, "named")


def _main(definitions: Iterable[str | None]) -> str | None:
    counts = Counter(definitions)
    if None in counts:
        return None
    return min(counts, key=lambda definition: (-counts[definition], str(definition)))


def _tolls_that_stay(values: Values, moved: Mapping[int, str]) -> dict[tuple[str, str], Any]:
    """Verified tolls of the main definitions, by event and outcome."""
    columns = (values[column] for column in ("event", "outcome", "scope", "verified"))
    return {
        (event, outcome): verified
        for row, (event, outcome, scope, verified) in enumerate(zip(*columns, strict=True))
        if row not in moved and scope == "event"
    }


def _join_those_there(values: Values, moved: Mapping[int, str], readings: Column, faults: Faults) -> None:
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
