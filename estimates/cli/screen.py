"""Estimates, and what is asked of them, as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from textwrap import fill
from typing import Any

import pandas as pd

from estimates.inference.cases import Case
from estimates.inference.missing_share import numbers_missing
from estimates.results.estimates import Estimates
from estimates.text import clean, shortened
from estimates.vocabulary import INTERVAL_LEVELS, LAYERS, WHY_ONE_LAYER, shown_layers

#: The names of columns that hold the ends of ranges.
_END = re.compile(r"(?P<start>|\w+_)(?P<side>low|high)_(?P<level>[0-9.]+)")
#: Sentences are broken into lines of at most so many characters.
_WIDTH = 100


def estimates_table(estimates: Estimates, layers: Sequence[str] | None = None) -> str:
    """Ranges of every event and outcome, one block each, of all layers or of those asked for."""
    asked = layers or LAYERS
    rows = estimates.ranges(layers=asked).to_dict("records")

    blocks: list[str] = []
    event = None
    for number, case in enumerate(estimates.cases):
        if case.event != event:
            event = case.event
            blocks.append(f"\n{clean(event)}")
        blocks.append(_block(case, rows[number * len(asked) : (number + 1) * len(asked)]))

    return "\n".join(blocks).lstrip("\n") or "There is nothing to estimate: no row counts people of one event."


def _block(case: Case, layers: Sequence[Mapping[Hashable, Any]]) -> str:
    """What was reported of a case, and below it the ranges of its layers in columns."""
    names = shown_layers(case.outcome)
    cells = [["", "median", *(f"{level}%" for level in INTERVAL_LEVELS)]]
    # Where an outcome has one range, it stands for every layer.
    for row in [row for row in layers if row["layer"] in names] or [{**layers[0], "layer": next(iter(names))}]:
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


# Any table ------------------------------------------------------------------------------------------------------------


def frame_table(frame: pd.DataFrame) -> str:
    """A table in columns, each median with its 80% range; other levels are left to the forms for programs."""
    if frame.empty:
        return "There is nothing to show."

    columns = {name: cells for name in frame.columns if (cells := _cells(frame, str(name))) is not None}
    names = [_heading(str(name)) for name in columns]
    lines = [names, *zip(*columns.values(), strict=True)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    is_text = [bool(pd.api.types.is_string_dtype(frame[name])) for name in columns]

    padded = (
        "  ".join(
            cell.ljust(width) if text else cell.rjust(width)
            for cell, width, text in zip(line, widths, is_text, strict=True)
        )
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)


def _heading(name: str) -> str:
    """The name of a column as it is shown."""
    plain = clean(name).replace("_", " ")
    if plain.endswith("median"):
        return f"{plain} (80%)"
    return plain.replace("low 80", "80%")


def _cells(frame: pd.DataFrame, name: str) -> list[str] | None:
    """The cells of a column as text; None for one that is shown in another or not at all."""
    if end := _END.fullmatch(name):
        if end["side"] == "high" or end["level"] != "80" or f"{end['start']}median" in frame.columns:
            return None
        return [_span(*ends) for ends in _ends(frame, end["start"])]

    if name.endswith("median"):
        ends = _ends(frame, name.removesuffix("median"))
        return [
            f"{median:,} ({_span(*both)})" if pd.notna(median) else ""
            for median, both in zip(frame[name], ends, strict=True)
        ]
    return [_cell(cell) for cell in frame[name]]


def _ends(frame: pd.DataFrame, start: str) -> list[tuple[Any, Any]]:
    """The ends of the 80% ranges of one kind."""
    return list(zip(frame[f"{start}low_80"], frame[f"{start}high_80"], strict=True))


def _span(low: int, high: int) -> str:
    return f"{low:,} to {high:,}"


def _cell(cell: Any) -> str:
    """A cell as text: whole numbers with their thousands parted, others with three digits, names shortened."""
    if cell is None or pd.isna(cell):
        return ""
    if isinstance(cell, bool | str):
        return shortened(clean(cell))
    return f"{cell:.3g}" if isinstance(cell, float) else f"{cell:,}"
