"""Tables of reports written as text, and what reading them gives."""

from __future__ import annotations

import io

import pytest

from estimates.errors import Fault, ReportsError
from estimates.table.reports import Reports, read_reports

#: The shortest header.
HEAD = "event,source,figure"


def read(text: str) -> Reports:
    """Read a table from its text."""
    return read_reports(io.StringIO(text))


def one(columns: str, cells: str) -> dict[str, object]:
    """Read a table of one report and return its row."""
    return read(f"event,source,{columns}\nIdlib,Monitor,{cells}\n").table.iloc[0].to_dict()


def faults(source: object) -> tuple[Fault, ...]:
    """Give the faults for which a table is refused."""
    with pytest.raises(ReportsError) as caught:
        read_reports(source)  # type: ignore[arg-type]
    return caught.value.faults
