"""Figure strings of the field, marked by two readers before the parser ran on them, and how a reading compares.

``tests/wording/strings`` holds 420 excerpts of real headlines and notes, a figure with at most eight words around it: from
the column ``note`` of MAVERICK (van Baalen and Höglund 2026), ``source_headline`` of UCDP GED 23.1 and the notes of the
tables of disasters. ``plain`` says whether a careful coder reads one toll without doubt (yes, no; doubt where the two
readers differ, and ``also`` has both readings). A third of the phrases was kept aside until the parser was done: its hash
was committed before.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from estimates.errors import FigureError
from estimates.wording.figure import Figure, parse_figure

FOLDER = Path(__file__).resolve().parents[1] / "wording" / "strings"
OPEN, SEALED = FOLDER / "figure_strings.csv", FOLDER / "figure_strings_sealed.csv"
SEAL = FOLDER / "figure_strings_sealed.sha256"


@dataclass(frozen=True)
class Score:
    """How many strings with one plain toll were read right, refused or read wrong, and how many others were read."""

    right: int
    missed: int
    wrong: tuple[str, ...]
    read_though_not_plain: tuple[str, ...]
    refused_rightly: int

    @property
    def share_right(self) -> float:
        """Right readings among the strings with one plain toll."""
        return self.right / (self.right + self.missed + len(self.wrong))


def strings(path: Path) -> list[dict[str, str]]:
    """The rows of a file of strings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def score(rows: list[dict[str, str]]) -> Score:
    """Read every string and compare."""
    counts: Counter[str] = Counter()
    wrong, others = [], []
    for row in rows:
        reading = _read(row["phrase"], row["outcome"])
        said = f"{row['phrase']} ({row['outcome']}): {reading}"
        if row["plain"] == "yes":
            counts["missed" if reading is None else "right" if reading == _marked(row) else "wrong"] += 1
            wrong += [said] * (reading is not None and reading != _marked(row))
        elif row["plain"] == "no":
            counts["refused"] += reading is None
            others += [said] * (reading is not None)
    return Score(counts["right"], counts["missed"], tuple(wrong), tuple(others), counts["refused"])


def _read(phrase: str, outcome: str) -> tuple[str, str, str, str] | None:
    try:
        figure: Figure = parse_figure(phrase, outcome)
    except FigureError:
        return None
    ends = ("" if end is None else str(end) for end in (figure.low, figure.high))
    return (figure.wording, *ends, figure.word or "")  # type: ignore[return-value]


def _marked(row: dict[str, str]) -> tuple[str, str, str, str]:
    """What the readers marked; open sides of a wording have no number."""
    high = "" if row["wording"] in ("at_least", "more_than") else row["high"]
    return row["wording"], row["low"], high, row["word"]


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
