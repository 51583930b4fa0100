"""Readings of figures put into the columns of a table: the figures, their groups, and ends of verified tolls."""

from __future__ import annotations

from operator import attrgetter, itemgetter

import numpy as np

from estimates.models.types import Booleans
from estimates.table.column import Column, together
from estimates.table.counts import toll_ends
from estimates.table.figures import Reading, Values

__all__ = ["add_toll_ends", "merge_figures"]


def merge_figures(values: Values, readings: Column) -> Booleans:
    """Put the figures into the table's columns; say where the words speak of a part and the group says all.

    The marks have shape (rows,).
    """
    figures = readings.changed(attrgetter("figure"))
    for column in ("words", "wording", "low", "high", "word"):
        values[column] = figures.changed(attrgetter(column))
    provisional = values["provisional"].where(bool) | figures.where(attrgetter("provisional"))
    values["provisional"] = Column(provisional.astype(np.int64), [False, True])

    groups = together(values["group"], readings)
    values["group"] = groups.changed(lambda pair: _group(*pair)).merged()
    values["subset"] = values["group"].changed(lambda group: group != "all")
    return groups.where(lambda pair: _is_forced(*pair))


def _is_forced(given: str, reading: Reading) -> bool:
    # Codes count over words: beside them "all" is believed. Without them a part never stands for the whole.
    return reading.figure.subset and given.lower() == "all" and not reading.coded


def _group(given: str, reading: Reading) -> str:
    """The part of those hit that a row is about: the one given, the one its words speak of, or all."""
    figure = reading.figure
    if figure.subset and (_is_forced(given, reading) or not given):
        return figure.group if figure.group != "all" else "part"
    return given if given and given.lower() != "all" else "all"


def add_toll_ends(values: Values) -> None:
    """Put the ends of the verified tolls into the table's columns."""
    ends = values["verified"].changed(toll_ends)
    for place, column in enumerate(("verified_low", "verified_high")):
        values[column] = ends.changed(itemgetter(place))
