"""Which rows of a table of reports stay where some are left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.models.types import Booleans
from estimates.table.faults import did_you_mean

__all__ = ["rows_that_stay"]


def rows_that_stay(table: pd.DataFrame, sources: str | Iterable[str], rows: int | Iterable[int]) -> Booleans:
    """Which rows of ``Reports.table`` stay, shape (rows,).

    Parameters
    ----------
    table : DataFrame
    sources : str or iterable of str
        Whose rows are left out.
    rows : int or iterable of int
        Rows that are left out, by the index of the table.

    Raises
    ------
    EstimatesError
        If there is no such source or row.
    """
    names = {sources} if isinstance(sources, str) else set(sources)
    known = table["source"].unique().tolist()
    for stranger in sorted(map(str, names.difference(known))):
        meant = did_you_mean(stranger, known)
        raise EstimatesError("; ".join(filter(None, [f"sources: no report is by {stranger!r}", meant])))

    numbers = [rows] if isinstance(rows, int | np.integer) else list(rows)
    strangers = [number for number in numbers if isinstance(number, bool) or number not in table.index]
    if strangers:
        last = len(table) - 1
        raise EstimatesError(f"rows: there is no row {strangers[0]!r}; rows are numbered from 0 to {last}, as in table")
    return ~(table["source"].isin(names) | table.index.isin(numbers)).to_numpy(dtype=bool)
