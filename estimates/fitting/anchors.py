"""The anchors that ship with the package: events with a verified toll, which teach how sources err and tolls grow."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files

from estimates.table.marks import event_marks
from estimates.table.reports import Reports, read_reports

__all__ = ["shipped_anchors", "shipped_marks"]

TABLES = ("modern", "historical")
#: What anchors teach the growth of; other outcomes have no toll.
OUTCOME = "killed"
#: A toll whose ends are farther apart than this factor teaches nothing of growth.
WIDEST = 3.0


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


def shipped_marks() -> frozenset[str]:
    """Marks of the shipped anchors: as they are learned from, and as their tables have them, with every outcome."""
    learned = event_marks(shipped_anchors().reports)
    whole = event_marks(_tables().reports)
    return frozenset(learned.values()) | {whole[event] for event in learned}


@cache
def _tables() -> Reports:
    rows = [row for name in TABLES for row in _rows(name)]
    # Who passed a figure on stands beside the package's own columns.
    return read_reports([{column: cell for column, cell in row.items() if column != "via"} for row in rows])


def _rows(name: str) -> list[dict[str, str]]:
    text = files("estimates.data").joinpath(f"anchors/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))
