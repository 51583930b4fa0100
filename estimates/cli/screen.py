"""Estimates as text for a terminal and as CSV: the same numbers, safe to print and to open."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd

from estimates.inference.cases import Case
from estimates.results.estimates import Estimates
from estimates.text import clean
from estimates.vocabulary import INTERVAL_LEVELS, LAYER_NAMES, LAYERS

#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def estimates_table(estimates: Estimates) -> str:
    """Ranges of every event and outcome, one block each."""
    blocks: list[str] = []
    event = None
    frame = estimates.ranges(layers=LAYERS)
    rows = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
    for number, case in enumerate(estimates.cases):
        if case.event != event:
            event = case.event
            blocks.append(f"\n{clean(event)}")
        blocks.append(_block(case, rows[number * len(LAYERS) : (number + 1) * len(LAYERS)]))
    return "\n".join(blocks).lstrip("\n") or "There is nothing to estimate: no row counts people of one event."


def _block(case: Case, lines: list[dict[str, Any]]) -> str:
    head = f"  {case.outcome.replace('_', ' ')}: {_said(case)}"
    cells = [["", "median", *(f"{level}%" for level in INTERVAL_LEVELS)]]
    for line in lines:
        intervals = [_interval(line[f"low_{level}"], line[f"high_{level}"]) for level in INTERVAL_LEVELS]
        cells.append([LAYER_NAMES[line["layer"]], f"{line['median']:,}", *intervals])
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for name, *numbers in cells:
        padded = [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        head += "\n    " + "  ".join([name.ljust(widths[0]), *padded])
    return head


def _said(case: Case) -> str:
    count = len(case.sources)
    said = case.reported
    if case.has_statement:
        said = f"reported {said} by {count} source{'s' if count != 1 else ''}"
    return said + ("" if case.floor is None else f"; floor {case.floor:,}")


def _interval(low: int, high: int) -> str:
    return f"{low:,} to {high:,}"


def _missing(value: Any) -> bool:
    return bool(pd.isna(value))  # never of text: an event may be called "nan"


def estimates_csv(estimates: Estimates) -> str:
    """Ranges as CSV, one row per event, outcome and layer; cells a spreadsheet would run are made text."""
    frame = estimates.ranges()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        writer.writerow(["" if _missing(cell) else _safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return "'" + cell
    return cell
