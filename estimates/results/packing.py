"""What estimates rest on as plain objects, and back: table, coverage, layer, overlapping lists and profile."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference.cases import Case
from estimates.inference.overlaps import LISTS, OVERLAPPING
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.types import Floats
from estimates.models.undocumented import GumbelMixture, RatioLaw
from estimates.profile.profile import SourceProfile
from estimates.profile.storage import profile_from_bytes, profile_to_bytes
from estimates.table.coverage import Coverage, Declaration
from estimates.table.reports import DTYPES, Reports

_LAWS = {"GumbelMixture": GumbelMixture, "RatioLaw": RatioLaw}


def as_bytes(told: Any) -> NDArray[np.uint8]:
    """Plain objects as the bytes of JSON, shape (bytes,)."""
    return np.frombuffer(json.dumps(told).encode("ascii"), dtype=np.uint8)


def from_bytes(stored: NDArray[np.uint8]) -> Any:
    """Plain objects of the bytes of JSON, shape (bytes,)."""
    return json.loads(stored.astype(np.uint8).tobytes())


# The table ------------------------------------------------------------------------------------------------------------


def told_reports(reports: Reports) -> dict[str, Any]:
    """A table of reports, with cells as JSON has them."""
    table = reports.table
    columns = {str(name): _cells(table[name]) for name in table.columns}
    about = {"name": reports.name, "notes": list(reports.notes), "unknown_columns": list(reports.unknown_columns)}
    return {**about, "columns": columns, "rows": len(table)}


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Cells of a column; what JSON does not know, in columns that are never used, as text."""
    cells = [None if _is_nothing(cell) else cell for cell in column.tolist()]
    return [cell if isinstance(cell, str | int | float | bool | None) else str(cell) for cell in cells]


def _is_nothing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell))


def reports_of(told: dict[str, Any], coverage: Coverage | None) -> Reports:
    """The table of reports again."""
    index, columns = pd.RangeIndex(told["rows"]), told["columns"]
    series = {name: pd.Series(cells, index, dtype=DTYPES.get(name, "object")) for name, cells in columns.items()}
    table = pd.DataFrame(series, index)
    return Reports(told["name"], table, tuple(told["notes"]), tuple(told["unknown_columns"]), coverage)


def told_coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    """Who was declared to watch."""
    return None if coverage is None else asdict(coverage)


def coverage_of(told: dict[str, Any] | None) -> Coverage | None:
    """The declarations again."""
    if told is None:
        return None
    rows = tuple(Declaration(**row) for row in told["declarations"])
    return Coverage(told["name"], rows, tuple(told["notes"]), told["sizes"])


# The layer of those never documented ----------------------------------------------------------------------------------


def told_layer(layer: UndocumentedLayer) -> dict[str, Any]:
    """A layer: its name, what it assumes, and the numbers of its law."""
    law = layer._law
    numbers = {} if law is None else {name: values.tolist() for name, values in vars(law).items()}
    return {
        "name": layer.name,
        "description": layer.description,
        "law": type(law).__name__ if law else "",
        "numbers": numbers,
    }


def layer_of(told: dict[str, Any]) -> UndocumentedLayer:
    """The layer again."""
    law = (
        _LAWS[told["law"]](**{name: np.array(values) for name, values in told["numbers"].items()})
        if told["law"]
        else None
    )
    return UndocumentedLayer(told["name"], told["description"], law)


# Overlapping lists ----------------------------------------------------------------------------------------------------


class KeptLists(NamedTuple):
    """What overlapping lists said of an event: how many they name, and a factor on numbers of people."""

    names: int
    numbers: list[float]
    logs: list[float]

    def log_factor(self, totals: Floats) -> Floats:
        """Log likelihood of numbers of people, both of shape (numbers,): of those that it was kept of."""
        if not np.array_equal(totals, self.numbers):
            raise EstimatesError("this version asks overlapping lists of other numbers of people; estimate again")
        return np.array(self.logs)


def lists_in(cases: Sequence[Case]) -> dict[str, KeptLists]:
    """What overlapping lists said of each event that has some."""
    found = {}
    for case in cases:
        for bearing in case.about.bearings:
            if bearing.what == OVERLAPPING:
                names = sum(figure.words.low for figure in case.figures if figure.key == LISTS)
                found[case.event] = KeptLists(names, list(bearing.counts), list(bearing.logs))
    return found


# The profile ----------------------------------------------------------------------------------------------------------


def profile_in(profile: SourceProfile) -> NDArray[np.uint8]:
    """A profile as the bytes of its file, shape (bytes,)."""
    return np.frombuffer(profile_to_bytes(profile), dtype=np.uint8)


def profile_of(stored: NDArray[np.uint8]) -> SourceProfile:
    """The profile of the bytes of its file, shape (bytes,)."""
    return profile_from_bytes(stored.astype(np.uint8).tobytes())
