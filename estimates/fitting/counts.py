"""Early and later counts of ordinary events, from which a fit learns how often tolls rise and by how much.

One recorder's count soon after an event, and the count of the end: they are taken as what was documentable, without an
error of the source, and say nothing of how large events are.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from estimates.errors import FitError
from estimates.models.event import Counted, Observations, Statement
from estimates.models.growth import FINAL
from estimates.models.wording import CODED, NONE_KINDS, none
from estimates.vocabulary import EVENT_TYPES

__all__ = ["OrdinaryCounts", "counts_of", "shipped_counts"]

#: Of the counts of ordinary events that ship with the package.
_SHIPPED = "anchors/ordinary.csv"
_NEEDED = ("event_type", "age_bin", "early", "final")


@dataclass(frozen=True, order=True)
class OrdinaryCounts:
    """Events of one type with the same counts.

    Attributes
    ----------
    event_type : str
    age_bin : int
        Of the early count, before the final bin.
    early, final : int
    zeros_counted : bool
        Whether the recorder wrote zeros for "nobody died", so that a zero says so and any other count does not.
    events : int
        How many there are.
    dataset : str
        Where they are from.
    """

    event_type: str
    age_bin: int
    early: int
    final: int
    zeros_counted: bool
    events: int
    dataset: str = field(default="", repr=False)

    @property
    def observations(self) -> Observations:
        """What is known of one of these events; the recorder is its only source."""
        end = Counted(FINAL, self.final)
        if self.early == 0:
            return Observations((Statement(self.age_bin, 0, 0, none(NONE_KINDS[CODED])),), counted=(end,))
        given = (0, 0, int(self.zeros_counted))
        return Observations((), counted=(Counted(self.age_bin, self.early), end), numbers_given=given)


def counts_of(table: str | Path | pd.DataFrame | Sequence[Mapping[str, Any]]) -> tuple[OrdinaryCounts, ...]:
    """Read counts of ordinary events.

    Parameters
    ----------
    table : path, DataFrame or list of dicts
        Columns ``event_type``, ``age_bin`` (0 for the first day to 4 for days 7 to 29), ``early`` and ``final``; by
        choice ``events``, how many such events there are, ``zeros_counted``, "yes" where a zero is a count, and
        ``dataset``.

    Raises
    ------
    FitError
        With all that is wrong, row by row.
    """
    rows = _rows(table)
    faults: list[str] = []
    found = [_counts(number, row, faults) for number, row in enumerate(rows, start=1)]
    if faults:
        raise FitError("counts of ordinary events: " + "; ".join(faults))
    return tuple(counts for counts in found if counts is not None)


@cache
def shipped_counts() -> tuple[OrdinaryCounts, ...]:
    """The counts that ship with the package: ordinary shootings, and attacks of MAVERICK."""
    text = files("estimates.data").joinpath(_SHIPPED).read_text(encoding="utf-8")
    return counts_of(list(csv.DictReader(io.StringIO(text))))


def fingerprint(counts: Iterable[OrdinaryCounts]) -> str:
    """Hash of counts, for the facts of a profile; where they are from teaches nothing and is left out."""
    return hashlib.sha256(repr(sorted(counts)).encode()).hexdigest()[:16]


def _rows(table: str | Path | pd.DataFrame | Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if isinstance(table, str | Path):
        try:
            table = pd.read_csv(table, dtype=str)
        except (OSError, ValueError) as error:
            raise FitError(f"{table}: the counts of ordinary events cannot be read: {error}") from None
    if isinstance(table, pd.DataFrame):
        return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]
    return [dict(row) for row in table]


def _counts(number: int, row: Mapping[str, Any], faults: list[str]) -> OrdinaryCounts | None:
    """The counts of one row; what is wrong with it is added to the faults."""
    if missing := [name for name in _NEEDED if name not in row]:
        faults.append(f"row {number} has no {' and no '.join(missing)}")
        return None
    event_type = str(row["event_type"])
    if event_type not in EVENT_TYPES:
        faults.append(f"row {number}: event_type {event_type!r} is not known; write one of {', '.join(EVENT_TYPES)}")

    numbers = {}
    for name, least in (("age_bin", 0), ("early", 0), ("final", 0), ("events", 1)):
        value = _whole(row.get(name, 1))
        if value is None or value < least:
            faults.append(f"row {number}: {name} {row[name]!r} is no whole number of {least} or more")
        numbers[name] = value or 0
    if numbers["age_bin"] >= FINAL:
        faults.append(f"row {number}: age_bin {numbers['age_bin']} is no early one; write 0 to {FINAL - 1}")

    zeros_counted = str(row.get("zeros_counted", "no")).strip().lower() in ("yes", "true")
    if not numbers["early"] and not zeros_counted:
        faults.append(f"row {number}: an early count of 0 may mean that nothing was known; leave it out")
    if numbers["early"] and not numbers["final"]:
        faults.append(f"row {number}: {numbers['early']} dead of whom none is left in the end; leave it out")
    counted = (numbers["age_bin"], numbers["early"], numbers["final"], zeros_counted, numbers["events"])
    return OrdinaryCounts(event_type, *counted, str(row.get("dataset", "")))


def _whole(cell: Any) -> int | None:
    try:
        value = float(str(cell))
    except ValueError:
        return None
    return int(value) if value == int(value) else None
