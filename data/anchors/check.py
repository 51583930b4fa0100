"""Check the curated events: every figure and toll with its source, all readable, all counted in data/README.md.

Run as a script it prints the faults, or, where there are none, the counts that stand in data/README.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from estimates.errors import ReportsError
from estimates.table.reports import read_reports

FOLDER = Path(__file__).parent
TABLES = ("modern", "historical")

#: Notes that are no faults here: a column of the tables' own, and tolls that their sources lowered, as they did.
_EXPECTED = ("column 'via' is not known", "a source lowers its own figure")


def faults(folder: Path = FOLDER) -> list[str]:
    """Everything that is wrong with the tables of a folder.

    Parameters
    ----------
    folder : Path
        Holds the tables and ``tolls.csv``; the README with their counts stands one folder up.

    Returns
    -------
    list of str
        One sentence per fault; empty where all is well. Where a table cannot be read, its faults alone.
    """
    unreadable, tables = [], []
    for name in TABLES:
        try:
            reports = read_reports(folder / f"{name}.csv")
        except ReportsError as error:
            unreadable.append(str(error))
            continue
        tables.append(reports.table)
        unreadable += [f"{name}: {note}" for note in reports.notes if not _is_expected(note)]
    if unreadable:
        return unreadable
    tolls = read_tolls(folder)
    table = pd.concat(tables)
    found = [*_faults_of_reports(table, tolls), *_faults_of_tolls(tolls, set(table["event"]))]
    if counts(folder) not in (folder.parent / "README.md").read_text(encoding="utf-8"):
        found.append("README.md: its counts are not those of the tables; put in what data/anchors/check.py prints")
    return found


def _is_expected(note: str) -> bool:
    return any(expected in note for expected in _EXPECTED)


def read_tolls(folder: Path = FOLDER) -> list[dict[str, str]]:
    """Rows of ``tolls.csv``, one per event and outcome, as they are written."""
    with (folder / "tolls.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts(folder: Path = FOLDER) -> str:
    """Markdown tables of events and reports by type of event and by event.

    A report is of the first 48 hours where its day is at most two days after the event's, as both are written.
    """
    verified = {toll["event"]: toll["verified"] for toll in read_tolls(folder)}
    by_type, by_event = [], []
    for name in TABLES:
        table = read_reports(folder / f"{name}.csv").table
        by_type += [_row([name, "all", table["event"].nunique(), *_numbers(table)])]
        for event_type, rows in table.groupby("event_type"):
            by_type.append(_row([name, event_type, rows["event"].nunique(), *_numbers(rows)]))
            by_event += [_row([event_type, event, *_numbers(part), verified.get(str(event), "")])
                         for event, part in rows.groupby("event")]  # fmt: skip
    last = ["reports", "of day 0 or 1", "of the first 48 h"]
    return "\n".join([
        _row(["table", "event type", "events", *last]), _row(["---"] * 6), *by_type, "",
        _row(["event type", "event", *last, "toll"]), _row(["---"] * 6), *by_event,
    ])  # fmt: skip


def _faults_of_reports(table: pd.DataFrame, tolls: list[dict[str, str]]) -> Iterable[str]:
    expected = {(toll["event"], toll["outcome"]): toll["verified"] for toll in tolls}
    for row in table.to_dict("records"):
        where = f"{row['event']}, {row['source']}"
        if not str(row["url"]).startswith("http"):
            yield f"{where}: the address {row['url']!r} is none"
        for column in ("chosen", "copies_removed"):
            if not row[column]:
                yield f"{where}: {column} is not yes"
        if row["source_type"] == "unknown" and not row["note"]:
            yield f"{where}: the type of source is unknown and no note says why"
        if row["age_low"] != row["age_low"] and "dated" not in str(row["note"]):
            yield f"{where}: the report is undated and no note says so"
        toll, stated = expected.get((row["event"], row["outcome"])), row["verified"]
        if toll != (None if stated is None else str(stated)):
            yield f"{where}: the toll of the {row['outcome']} is {stated} here and {toll} in tolls.csv"


def _faults_of_tolls(tolls: list[dict[str, str]], events: set[str]) -> Iterable[str]:
    for missing in sorted(events - {toll["event"] for toll in tolls}):
        yield f"{missing}: it has no toll in tolls.csv"
    for toll in tolls:
        yield from (f"tolls.csv, {toll['event']}: {what}" for what in _faults_of_toll(toll, events))


def _faults_of_toll(toll: Mapping[str, str], events: set[str]) -> Iterable[str]:
    if toll["event"] not in events:
        yield "no report is about this event"
    if not toll["verified"] or not toll["source"]:
        yield "the toll or its source is missing"
    addresses = toll["url"].split()
    if not addresses or not all(address.startswith("http") for address in addresses):
        yield "the toll has no address, or one that is none"
    if toll["contested"] not in ("yes", "no"):
        yield "contested is neither yes nor no"
    if toll["contested"] == "yes" and not toll["note"]:
        yield "the toll is contested and no note says why"
    if toll["verified"].startswith("at least") and toll["contested"] == "no":
        yield "a toll that is a lower bound counts as contested"
    if toll["part_of"] and toll["part_of"] not in events - {toll["event"]}:
        yield f"it is part of {toll['part_of']!r}, which is no other event"


def _numbers(rows: pd.DataFrame) -> list[int]:
    return [len(rows), int((rows["age_high"] <= 1).sum()), int((rows["age_high"] <= 2).sum())]


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    print(counts())
    sys.exit("\n".join(faults()) or None)
