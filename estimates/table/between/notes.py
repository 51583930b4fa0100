"""All checks between the rows of a table, as notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from estimates.table.between.apart import far_apart_in_place, far_apart_in_time, thousands
from estimates.table.between.duplicates import names_and_duplicates
from estimates.table.between.oddities import Oddity
from estimates.table.between.periods import rising_periods
from estimates.table.between.series import oddities_of_series
from estimates.table.between.statements import statements_of
from estimates.table.between.wholes import (
    lists_above_figures,
    outcomes_above_their_sum,
    parts_above_the_whole,
    parts_alone,
    sums_above_the_whole,
)
from estimates.table.column import Column

__all__ = ["between_notes", "oddities"]

_CHECKS = (
    outcomes_above_their_sum,
    parts_above_the_whole,
    sums_above_the_whole,
    lists_above_figures,
    parts_alone,
    oddities_of_series,
    thousands,
    far_apart_in_time,
    far_apart_in_place,
    names_and_duplicates,
)


def oddities(table: pd.DataFrame, columns: Mapping[str, Column] | None = None) -> Iterator[Oddity]:
    """What is odd between the rows of a table, one a kind.

    Parameters
    ----------
    table : DataFrame
        ``Reports.table``.
    columns : mapping of str to Column, optional
        The same columns by their different values, where these are known.
    """
    found = statements_of(table, columns)
    if len(found):
        for check in _CHECKS:
            yield from check(found)
    yield from rising_periods(table)


def between_notes(table: pd.DataFrame, columns: Mapping[str, Column] | None = None) -> list[str]:
    """One note for each kind of oddity between the rows of a table: which lines, what is odd, and what to do.

    The time it takes grows with the number of rows, and the notes do not.

    Parameters
    ----------
    table : DataFrame
        ``Reports.table``.
    columns : mapping of str to Column, optional
        The same columns by their different values, where these are known.
    """
    return list(map(str, oddities(table, columns)))
