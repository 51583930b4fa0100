"""What measures share: this checkout ahead of an installed package, clocks, small events, and the figures kept."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from helpers.small_events import small_events
from measures._written import COLUMNS, DOCUMENT, FIGURES, document_of, read_figures

__all__ = ["ROOT", "Figure", "Seconds", "record", "seconds", "small_events", "verdict"]

ROOT = Path(__file__).resolve().parents[2]


class Seconds(NamedTuple):
    """What one call took: processor time of all threads, and time on the wall."""

    processor: float
    wall: float


class Figure(NamedTuple):
    """One figure of a measure.

    Attributes
    ----------
    what : str
        What it is a figure of; within a measure no two are alike.
    value : float, int or str
        Floats are kept to four digits.
    unit : str
    must : str
        What it is held to, in words; empty where it is told only.
    """

    what: str
    value: float | int | str
    unit: str = ""
    must: str = ""


def seconds(call: Callable[[], object]) -> Seconds:
    """Time one call."""
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return Seconds(time.process_time() - processor, time.perf_counter() - wall)


def verdict(value: float, limit: float, *, at_least: bool = False) -> str:
    """Whether a figure keeps its limit, in a word."""
    return "kept" if (value >= limit if at_least else value <= limit) else "MISSED"


def record(measure: str, figures: Sequence[Figure], script: str) -> None:
    """Keep the figures of a measure in data/measured.csv, print them, and write docs/measured.md anew.

    The rows that the measure had are replaced. What a figure was when it was first kept stays beside it as ``first``.

    Parameters
    ----------
    measure : str
    figures : sequence of Figure
    script : str
        ``__file__`` of the script that made them.
    """
    kept = read_figures()
    first = {row["what"]: row["first"] for row in kept if row["measure"] == measure}
    others = [row for row in kept if row["measure"] != measure]
    made = {"commit": _commit(), "date": datetime.now(UTC).strftime("%Y-%m-%d"), "script": Path(script).name}

    rows = []
    for figure in figures:
        value = f"{figure.value:.4g}" if isinstance(figure.value, float) else str(figure.value)
        row = {**figure._asdict(), "value": value, "first": first.get(figure.what, value), "measure": measure}
        rows.append({column: (row | made)[column] for column in COLUMNS})
        print(f"{measure}: {figure.what}: {value}{' ' if figure.unit else ''}{figure.unit}  {figure.must}".rstrip())

    every = sorted([*others, *rows], key=lambda row: row["measure"])
    FIGURES.write_text(_as_csv(every), encoding="utf-8")
    DOCUMENT.write_text(document_of(every), encoding="utf-8")


def _as_csv(rows: Sequence[dict[str, str]]) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _commit() -> str:
    """The commit checked out, with a plus where the code that is measured differs from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "estimates", "models", "tests/measures", "data/default_profile.npz")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")
