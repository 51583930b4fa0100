"""The data of a report, kept within its page: what was asked, of which rows, and the ranges that followed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from estimates.document.about import About
from estimates.document.layout import ONE_FILE, Layout
from estimates.errors import EstimatesError
from estimates.inference.missing_share import share_of_missing
from estimates.inference.overlaps import LISTS
from estimates.results.estimates import Estimates
from estimates.table.coverage import Declaration
from estimates.vocabulary import COVERAGE_COLUMNS, LAYERS

__all__ = ["data_in", "data_of", "written"]

#: Changed where older pages can no longer be read.
FORMAT = 1
_BLOCK = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def data_of(estimates: Estimates, about: About, layout: Layout = ONE_FILE) -> dict[str, Any]:
    """Everything that another needs in order to make the same report again.

    Parameters
    ----------
    estimates : Estimates
    about : About
    layout : Layout

    Returns
    -------
    dict
        Ready for JSON: ``asked`` with versions and hashes, ``reports`` with one record a row and nothing for empty
        cells, ``ranges`` with one record an event, outcome and layer, ``about`` with what the author says.
    """
    table = estimates.reports.table
    columns = [table[column].tolist() for column in table.columns]
    rows = [_filled(dict(zip(table.columns, cells, strict=True))) for cells in zip(*columns, strict=True)]
    ranges = [_filled(row) for row in range_rows(estimates)]
    coverage = estimates.reports.coverage

    return {
        "format": FORMAT,
        "lists": any(LISTS.source in case.sources for case in estimates.cases),
        "layout": layout.to_dict(),
        "asked": dict(estimates.provenance),
        "about": _filled(asdict(about)),
        "coverage": None if coverage is None else [_declared(row) for row in coverage.declarations],
        "notes": list(estimates.reports.notes),
        "reports": rows,
        "ranges": ranges,
    }


@lru_cache(maxsize=1)
def range_rows(estimates: Estimates) -> list[dict[str, Any]]:
    """Rows of `Estimates.ranges` with every layer, without a frame; a page asks for them, and then its data.

    Parameters
    ----------
    estimates : Estimates
    """
    records = iter(estimates.records(layers=LAYERS))
    rows = []
    for case in estimates.cases:
        of_layers = {layer: next(records) for layer in LAYERS}
        low, high = of_layers["documented"]["intervals"]["80"]
        of_missing = share_of_missing(case, (low, high))
        rows += [_row_of(record) | {"missing": of_missing} for record in of_layers.values()]
    return rows


def _row_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with the ends of its intervals as columns."""
    ends = {f"{end}_{level}": number for level, ends in record["intervals"].items() for end, number in _ends(ends)}
    return {name: value for name, value in record.items() if name != "intervals"} | ends


def _ends(interval: Sequence[int]) -> zip[tuple[str, int]]:
    return zip(("low", "high"), interval, strict=True)


def _declared(declaration: Declaration) -> dict[str, Any]:
    """A declaration of coverage by the columns of its table."""
    cells = (declaration.source, *declaration.scope)
    return {name: value for name, value in zip(COVERAGE_COLUMNS, cells, strict=True) if value}


def _filled(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A record without its empty cells, with plain numbers."""
    cells = ((str(name), _plain(value)) for name, value in row.items())
    return {name: value for name, value in cells if value not in (None, "", ())}


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if value is None or isinstance(value, str | bool | int | list | tuple):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return None if str(value) in ("<NA>", "NaT") else str(value)


def written(data: Mapping[str, Any]) -> str:
    """The data as JSON that may stand in a page: nothing in it can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def data_in(page: str, name: str) -> dict[str, Any]:
    """The data within a page.

    Parameters
    ----------
    page : str
        The text of the page.
    name : str
        What messages call it.

    Raises
    ------
    EstimatesError
        If the page holds no data that can be read.
    """
    found = _BLOCK.findall(page)
    if len(found) != 1:
        raise EstimatesError(f"{name}: this page holds no data of a report; verify takes pages of `estimates report`")
    try:
        data = json.loads(found[0])
    except ValueError:
        raise EstimatesError(f"{name}: the data in this page are damaged, so that nothing can be verified") from None

    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("reports"), list):
        raise EstimatesError(f"{name}: the data in this page are of another layout; verify it with its own version")
    return data
