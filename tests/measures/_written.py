"""docs/measured.md, made from data/measured.csv: ``python tests/measures/_written.py`` writes it anew."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIGURES, DOCUMENT = ROOT / "data" / "measured.csv", ROOT / "docs" / "measured.md"
COLUMNS = ("measure", "what", "first", "value", "unit", "must", "commit", "date", "script")

HEAD = """# Measured

Made from `data/measured.csv` by `tests/measures/_written.py`; do not edit. Each measure is printed again by its script,
which replaces its rows. *First* is what a figure was when it was first kept, *must* what it is held to, and a plus
behind a commit says that the code was changed after it.

Modern and historical anchors are famous, and some were chosen because their tolls were revised a lot: growth is larger
among them than in an average event. Reports and later tolls share a chain of information. Later figures of MAVERICK
are reports and no tolls.
"""


def read_figures() -> list[dict[str, str]]:
    """The rows of data/measured.csv; none where there is no such file."""
    if not FIGURES.exists():
        return []
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


#: What must be known of a measure beside its figures.
REMARKS = {
    "missing": (
        "The priors of lists were set after these pages had been seen, so the figures with lists are in sample. Three "
        "manifests, four attacks and two parts stand behind them, famous events all, and no air strike."
    ),
    "speed beside rivals": (
        "Other work was done on the machine at the same time: a pass of exp took .9 to 1.5 ns a double. Ratios, with "
        "the least and the most of three turns, bear that better than times, and processor time better than the wall's."
    ),
}


def document_of(rows: Sequence[dict[str, str]]) -> str:
    """The text of docs/measured.md: a table a measure, in the order of the rows."""
    parts = [HEAD]
    for measure, group in groupby(rows, key=lambda row: row["measure"]):
        members = list(group)
        made = ", ".join(
            sorted({f"`tests/measures/{row['script']}` at {row['commit']}, {row['date']}" for row in members})
        )
        remark = f"\n{REMARKS[measure]}\n" if measure in REMARKS else ""
        parts += [
            f"\n## {measure}\n",
            f"\n{made}.\n",
            remark,
            "\n| what | first | now | must |\n| --- | --- | --- | --- |\n",
        ]
        parts += [_line(row) for row in members]
    return "".join(parts)


def _line(row: dict[str, str]) -> str:
    unit = f" {row['unit']}" if row["unit"] else ""
    cells = (row["what"], row["first"] + unit, row["value"] + unit, row["must"])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document_of(read_figures()), encoding="utf-8")
