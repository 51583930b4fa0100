"""Anchors to learn from beside a table: events with a verified toll, which teach how sources err and how tolls grow."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from estimates.fitting.counts import OrdinaryCounts, shipped_counts
from estimates.table.marks import event_marks
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source

__all__ = ["SHIPPED", "Anchors", "anchors_beside", "shipped_anchors", "shipped_marks"]

#: How the anchors that ship with the package are asked for.
SHIPPED = "default"
TABLES = ("modern", "historical")
#: What the tolls of the shipped anchors count.
OUTCOME = "killed"
#: A toll whose ends are farther apart than this factor teaches nothing of growth.
WIDEST = 3.0
#: A note names at most so many events.
EVENTS_NAMED = 10


@dataclass(frozen=True, eq=False)
class Anchors:
    """Anchors that are learned from together with a table.

    Attributes
    ----------
    reports : Reports
        None of them is about an event of the table.
    marks : frozenset of str
        By which a profile that was learned from them knows them.
    left_out : tuple of str
        Events of the table that are anchors as well: the table's own reports of them count.
    counts : tuple of OrdinaryCounts
        Counts of ordinary events that are learned from beside them.
    """

    reports: Reports
    marks: frozenset[str]
    left_out: tuple[str, ...]
    counts: tuple[OrdinaryCounts, ...] = ()

    @property
    def facts(self) -> dict[str, str | int]:
        """How many there are, and the hash of what is said of them."""
        return {"anchors": self._count, "anchors_hash": self.reports.data_hash}

    @property
    def notes(self) -> tuple[str, ...]:
        """How many there are, what they are taken for, and which were left out."""
        joined = f"learned together with {self._count:,} anchors, which are taken to be chosen for their size"
        if not self.left_out:
            return (joined,)
        names, more = ", ".join(self.left_out[:EVENTS_NAMED]), len(self.left_out) - EVENTS_NAMED
        others = f" and {more:,} more" if more > 0 else ""
        return joined, f"anchors left out, since the table has reports of its own about them: {names}{others}"

    @property
    def _count(self) -> int:
        return len(event_marks(self.reports.reports))


def anchors_beside(table: Reports, anchors: Source | Reports) -> Anchors:
    """The anchors that can be learned from together with a table.

    Parameters
    ----------
    table : Reports
    anchors : "default", or anything ``read_reports`` accepts
        Those that ship with the package, or a table of others.

    Raises
    ------
    ReportsError
        If the table of anchors has faults.
    """
    counts: tuple[OrdinaryCounts, ...] = ()
    if isinstance(anchors, str) and anchors == SHIPPED:
        found, marks, counts = shipped_anchors(), shipped_marks(), shipped_counts()
    else:
        found = read_reports(anchors)
        marks = {event: frozenset({mark}) for event, mark in event_marks(found.reports).items()}

    own, rows = set(table.table["event"]), found.table["event"]
    return Anchors(
        found.rows(~rows.isin(own)),
        frozenset(mark for event, known in marks.items() if event not in own for mark in known),
        tuple(sorted(set(rows) & own)),
        counts,
    )


@cache
def shipped_anchors() -> Reports:
    """The reports of killed that the default profile is learned from.

    Events that are part of another (``tolls.csv``, ``part_of``) are learned in their parts, the whole is left out; so
    are tolls that nobody could settle to within a factor of three.
    """
    read = _tables()
    rows = read.table
    wholes = {toll["part_of"] for toll in _rows("tolls")} - {""}
    low, high = rows["verified_low"].astype(float), rows["verified_high"].astype(float)
    return read.rows((rows["outcome"] == OUTCOME) & ~rows["event"].isin(wholes) & ~(high > WIDEST * low))


def shipped_marks() -> dict[str, frozenset[str]]:
    """Marks of each shipped anchor: as it is learned from, and as its table has it, with every outcome."""
    whole = event_marks(_tables().reports)
    return {event: frozenset({mark, whole[event]}) for event, mark in event_marks(shipped_anchors().reports).items()}


@cache
def _tables() -> Reports:
    rows = [row for name in TABLES for row in _rows(name)]
    # Who passed a figure on stands beside the package's own columns.
    return read_reports([{column: cell for column, cell in row.items() if column != "via"} for row in rows])


def _rows(name: str) -> list[dict[str, str]]:
    text = files("estimates.data").joinpath(f"anchors/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))
