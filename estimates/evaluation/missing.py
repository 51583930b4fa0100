"""Numbers of people missing in a simulation: drawn by their law, given the toll of the end and who was counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from estimates.evaluation.acting import Event
from estimates.evaluation.schedule import Slot, written_time
from estimates.evaluation.stage import Acted
from estimates.evaluation.told import table_of
from estimates.inference.cases import gather
from estimates.inference.missing import KILLED, WITHOUT_LISTS
from estimates.models import missing
from estimates.models.growth import FINAL
from estimates.models.missing import ListLaw, PeopleMissing
from estimates.profile.profile import SourceProfile
from estimates.table.reports import read_reports


def add_missing(
    rows: Sequence[list[dict[str, Any]]],
    acted: Acted,
    profile: SourceProfile,
    numbers: Callable[..., np.random.Generator],
) -> None:
    """Add a row of people missing to the events that are to have one.

    Which law it has, and how many were counted by then, are found by the package's own rules: they are known to whoever
    reads the table, and the number is drawn given them.

    Parameters
    ----------
    rows : sequence of list of dict
        Of each event; changed in place.
    acted : Acted
    profile : SourceProfile
        Where the parameters come from.
    numbers : callable
        Random numbers for each purpose.
    """
    told: dict[str, int] = {}
    for index, event in enumerate(acted.events):
        slot = _slot(event)
        if slot is not None and rows[index][0]["outcome"] == KILLED:
            told[rows[index][0]["event"]] = index
            rows[index].append(_row(rows[index][0], index, slot, acted))
    if not told:
        return

    said = _as_read([row for index in told.values() for row in rows[index]], profile)
    for name, index in told.items():
        law = _at(profile.list_law(said[name].law, said[name].is_violence), acted.draw)
        toll, counted = acted.events[index].counts[[FINAL]], np.array([said[name].counted])
        number = int(missing.simulate(numbers("missing", str(index)), toll, counted, law)[0])
        rows[index][-1] |= {"wording": "exactly", "low": number, "high": number}


def _slot(event: Event) -> Slot | None:
    """The last time at which anybody speaks whose figure has a date, and stands; None where no list is told then."""
    plan = event.plan
    standing = [slot for slot in plan.slots if not (slot.undated or slot.withdrawn)]
    if not plan.lists_missing or plan.event_type in WITHOUT_LISTS or not standing:
        return None
    return standing[-1] if standing[-1].bin < FINAL else None


def _row(first: dict[str, Any], index: int, slot: Slot, acted: Acted) -> dict[str, Any]:
    """The row of a list, its number yet to be drawn."""
    about = ("event", "event_type", "event_date", "at_risk", "chosen", "copies_removed")
    who = acted.speakers[slot.source].key._asdict()
    said = {"outcome": "missing", "wording": "exactly", "low": 1, "high": 1}
    return {**{name: first[name] for name in about}, **who, **said, "reported_at": written_time(index, slot.minute)}


def _as_read(rows: Sequence[dict[str, Any]], profile: SourceProfile) -> dict[str, PeopleMissing]:
    """What the package makes of the lists of some events, all figures in the bins that they were made in."""
    reports = read_reports(table_of(rows, dated=True)).estimated_reports
    cases = gather(reports, profile.bin_shares, None).cases
    return {
        case.event: observations.missing[0]
        for case in cases
        if case.outcome == KILLED
        for _, observations in case.alternatives
    }


def _at(law: ListLaw, draw: int) -> ListLaw:
    """One draw of the parameters, each of shape (1,)."""
    parts = (law.excess, law.deficit, law.gross, law.not_struck_off)
    return ListLaw(*(values[[draw]] for values in parts))
