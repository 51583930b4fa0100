"""Tables as they lie on recorders' disks: are they read, or told exactly how?

    python tests/measures/layouts.py [--data FOLDER] [--cases FOLDER]

The commands for the published sets are those of docs/tables.md; a file of a database is imported by the command that
its fault names. Of the small tables of a folder of cases (``layouts`` within it) each counts as read, as read with the
options that its faults tell, or as told: faults that name every line, with what to write. Prints what was told.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from _common import ROOT, Figure, record
from _data import find, parser

from estimates.errors import ReportsError
from estimates.importers.importer import import_reports
from estimates.table.layout import mapped
from estimates.table.reports import Reports, read_reports

DOCUMENT = ROOT / "docs" / "tables.md"
#: The sets that commands of the document read, and those that are imported.
SETS = ("disasters_open.csv", "blanchard_open.csv", "maverick_reports.csv", "radford_ukraine.csv")
IMPORTED = "ucdp_ged231_sample.csv"


def command_for(name: str) -> str:
    """The options of the document for a file."""
    text = DOCUMENT.read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(rf"^\$ estimates check {re.escape(name)} (.*)$", text, re.MULTILINE)
    assert found is not None, name
    return found[1]


def arguments(options: str) -> dict[str, Any]:
    """What options about the layout stand for."""
    words = shlex.split(options)
    columns, values = mapped([word for before, word in pairwise(words) if before == "--map"])
    return {"columns": columns, "values": values, "wide": "--wide" in words, "day_first": "--day-first" in words}


def figures_of(path: Path) -> list[Figure]:
    """How a published set is read by the command of the document."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    try:
        reports = read_reports(path, **arguments(command_for(path.name)))
    except ReportsError as error:
        return [Figure(f"{path.name}: faults", len(error.faults), must="0")]
    left_out = [note for note in reports.notes if "left out, as asked" in note]
    print(*left_out, sep="\n")
    return [
        Figure(f"{path.name}: faults", 0, must="0"),
        Figure(f"{path.name}: reports, of rows", f"{len(reports)} of {rows}"),
    ]


def imported(path: Path) -> list[Figure]:
    """How a file of a database is read: its fault names the importer, and what that makes is read."""
    name = _importer_told(path)
    found = import_reports(name, path)
    reports = read_reports(io.StringIO(found.csv()))
    return [
        Figure(f"{path.name}: faults once imported", 0, must="0"),
        Figure(f"{path.name}: reports, of rows", f"{len(reports)} of {found.rows_read}"),
    ]


def _importer_told(path: Path) -> str:
    """The importer that the only fault of a file names."""
    told = ""
    try:
        read_reports(path)
    except ReportsError as error:
        told = str(error)
    found = re.search(r"estimates import (\S+) ", told)
    assert found is not None, told
    return found[1]


def outcome_of(path: Path) -> str:
    """Whether a small table is read, read as it is told, or told line by line."""
    try:
        read_reports(path)
    except ReportsError as error:
        print(f"{error}\n")
        return _read_as_told(path, error)
    return "read"


def _read_as_told(path: Path, error: ReportsError) -> str:
    told = str(error)
    if options := re.search(r"read it with (.*) \(in Python", told):
        return "read with the options told" if _is_read(path, arguments(options[1])) else "not read as told"
    if importer := re.search(r"estimates import (\S+) ", told):
        made = import_reports(importer[1], path).csv()
        return "read by the importer told" if _is_read(io.StringIO(made), {}) else "not read as told"
    with_lines = all(fault.line and fault.mend for fault in error.faults)
    return "told, each line with what to write" if with_lines else "told"


def _is_read(source: Any, asked: dict[str, Any]) -> bool:
    try:
        return isinstance(read_reports(source, **asked), Reports)
    except ReportsError as error:
        print(f"{error}\n")
        return False


def of_cases(folder: Path) -> list[Figure]:
    """How the small tables of a folder are read."""
    found = {path.name: outcome_of(path) for path in sorted(folder.iterdir()) if path.is_file()}
    right = sum(what not in ("told", "not read as told") for what in found.values())
    counts = Counter(found.values())
    print(*(f"{name}: {what}" for name, what in found.items()), sep="\n")
    return [
        Figure("layouts of cases: read, or told exactly how", f"{right} of {len(found)}", must="all"),
        *(Figure(f"layouts of cases: {what}", count) for what, count in sorted(counts.items())),
    ]


def main() -> None:
    """Print the measure and keep its figures."""
    asked = parser(__doc__ or "")
    asked.add_argument("--cases", type=Path, metavar="FOLDER", help="folder with small tables in layouts/")
    given = asked.parse_args()

    figures: list[Figure] = []
    for name in SETS:
        if (path := find(given.data, name)) is not None:
            figures += figures_of(path)
    if (path := find(given.data, IMPORTED)) is not None:
        figures += imported(path)
    if given.cases is not None:
        figures += of_cases(given.cases / "layouts")
    if len(figures) > 10:
        record("layouts", figures, __file__)


if __name__ == "__main__":
    main()
