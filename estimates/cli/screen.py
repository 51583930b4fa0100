"""Estimates as text for a terminal."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from textwrap import fill
from typing import Any

from estimates.inference.cases import Case
from estimates.inference.missing_share import numbers_missing
from estimates.results.estimates import Estimates
from estimates.text import clean
from estimates.vocabulary import INTERVAL_LEVELS, LAYERS, WHY_ONE_LAYER, shown_layers

#: Sentences are broken into lines of at most so many characters.
_WIDTH = 100


def estimates_table(estimates: Estimates) -> str:
    """Ranges of every event and outcome, one block each."""
    rows = estimates.ranges(layers=LAYERS).to_dict("records")

    blocks: list[str] = []
    event = None
    for number, case in enumerate(estimates.cases):
        if case.event != event:
            event = case.event
            blocks.append(f"\n{clean(event)}")
        blocks.append(_block(case, rows[number * len(LAYERS) : (number + 1) * len(LAYERS)]))

    return "\n".join(blocks).lstrip("\n") or "There is nothing to estimate: no row counts people of one event."


def _block(case: Case, layers: Sequence[Mapping[Hashable, Any]]) -> str:
    """What was reported of a case, and below it the ranges of its layers in columns."""
    names = shown_layers(case.outcome)
    cells = [["", "median", *(f"{level}%" for level in INTERVAL_LEVELS)]]
    for row in (row for row in layers if row["layer"] in names):
        intervals = [f"{row[f'low_{level}']:,} to {row[f'high_{level}']:,}" for level in INTERVAL_LEVELS]
        cells.append([names[row["layer"]], f"{row['median']:,}", *intervals])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    lines = [f"  {case.outcome.replace('_', ' ')}: {_said(case)}"]
    for name, *numbers in cells:
        padded = [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        lines.append("    " + "  ".join([name.ljust(widths[0]), *padded]))
    if not case.about.has_layers:
        lines.append(fill(WHY_ONE_LAYER, _WIDTH, initial_indent="    ", subsequent_indent="    "))
    return "\n".join(lines)


def _said(case: Case) -> str:
    """What sources reported of a case, and its floor."""
    count = len(case.speakers)
    said = case.reported
    if case.has_statement:
        said = f"reported {said} by {count} source{'s' if count != 1 else ''}"
    elif case.part_figures:
        said = f"only figures of a part, {clean(case.reported_parts)}"
    if listed := numbers_missing(case):
        said += f"; {listed} missing"
    return said + ("" if case.floor is None else f"; floor {case.floor:,}")
