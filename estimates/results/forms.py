"""The forms in which ranges leave the package: tidy, joined to the table they are from, and as UCDP has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.solved import check_known
from estimates.table.arrange import arranged
from estimates.table.cells import cells_of
from estimates.table.declared import as_declared
from estimates.table.layout import layout_of
from estimates.table.naming import wanted_by
from estimates.table.reports import Reports, reports_of_cells
from estimates.table.rows import Rows, Source
from estimates.table.source import read_rows
from estimates.vocabulary import INTERVAL_LEVELS, LAYER_NAMES, LAYERS

__all__ = ["FORMS", "form_of", "joined_table", "ucdp_table"]

#: What can be asked for.
FORMS = ("ranges", "joined", "ucdp")
#: What stands before the names of columns that are joined to a table.
JOINED = "estimated_"


def form_of(
    ranges: Callable[[Sequence[float], Sequence[str]], pd.DataFrame],
    reports: Reports,
    form: str,
    layers: str | Sequence[str] | None,
    level: float,
    source: Source | None,
    layout: Mapping[str, Any] | None,
) -> pd.DataFrame:
    """Ranges in one of the forms, as `Estimates.exported` gives them.

    Parameters
    ----------
    ranges : callable
        Gives the ranges of some levels and layers, as `Estimates.ranges` does.
    reports : Reports
        That they are from.
    form, layers, level, source, layout
        As in `Estimates.export`.

    Raises
    ------
    EstimatesError
        If the form or a layer is not known, or the table is not the one that the ranges are from.
    """
    check_known(form, FORMS, "form")
    chosen = [layers] if isinstance(layers, str) else list(layers or ("documented", "total"))
    if form == "ranges":
        return ranges(INTERVAL_LEVELS, chosen)

    if layers is not None and len(chosen) != 1:
        raise EstimatesError(f"the form {form!r} holds one layer; choose one of {', '.join(LAYERS)}")
    found = ranges([level], chosen[:1])
    if form == "ucdp":
        return ucdp_table(found, reports.table, level)
    names = ["event", "outcome", "layer", "median", f"low_{level:g}", f"high_{level:g}"]
    return joined_table(found[names], reports, source, layout)


# Joined to the user's own table ---------------------------------------------------------------------------------------


def joined_table(
    ranges: pd.DataFrame, reports: Reports, source: Source | None, layout: Mapping[str, Any] | None
) -> pd.DataFrame:
    """The rows of a table with the range of the event and outcome of each.

    Parameters
    ----------
    ranges : DataFrame
        Of one layer: ``event, outcome, layer`` and the columns that are joined.
    reports : Reports
        That the ranges are from.
    source : path, "-", file object, DataFrame or iterable of dicts, optional
        The table as its author has it; by default the columns are those of ``Reports.table``.
    layout : mapping, optional
        The arguments with which `read_reports` reads this table.

    Returns
    -------
    DataFrame
        Every row of the table and its columns as they are, and behind them ``estimated_event``, ``estimated_outcome``
        and so on; missing where a row is not estimated. A row with figures of several outcomes stands once for each.

    Raises
    ------
    EstimatesError
        If the table is another one, or has ranges joined to it already.
    """
    given = reports.table.drop(columns="line") if source is None else None
    read = reports.read_as(reports.name, range(1, len(reports) + 1), reports.notes)
    if given is None:
        rows, read = _read_again(source, layout)
        if read.data_hash != reports.data_hash:
            raise EstimatesError(f"{read.name}: the ranges are from other reports; give the table they are from")
        given = _frame(rows)

    if taken := [str(name) for name in given.columns if str(name).startswith(JOINED)]:
        raise EstimatesError(f"{read.name}: column {taken[0]!r} has a range joined to it; leave such columns out")

    of_rows = read.estimated[["line", "event", "outcome"]].drop_duplicates()
    found = of_rows.merge(ranges, how="inner", on=["event", "outcome"]).set_index("line").add_prefix(JOINED)
    numbers = found.select_dtypes("integer").columns
    found = found.astype(dict.fromkeys(numbers, "Int64"))  # rows without a range leave the others whole numbers
    given.index = pd.RangeIndex(1, len(given) + 1)
    return given.join(found.sort_index(kind="stable")).reset_index(drop=True)


def _read_again(source: Any, layout: Mapping[str, Any] | None) -> tuple[Rows, Reports]:
    """The rows of a table as they are, and the reports that they make, whose lines are the places of the rows."""
    asked = {"columns": None, "values": None, "wide": False, "day_first": False, "thousands": ","} | dict(layout or {})
    how = layout_of(**asked)
    rows = read_rows(source, wanted_by(how))
    rows = replace(rows, lines=list(range(1, len(rows.lines) + 1)), columns=[list(column) for column in rows.columns])
    return rows, reports_of_cells(arranged(as_declared(cells_of(rows, how))))


def _frame(rows: Rows) -> pd.DataFrame:
    """Rows as a frame with their own names, of which some may be alike or empty."""
    columns = [pd.Series(list(column), dtype=object) for column in rows.columns]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame()
    frame.columns = pd.Index(rows.header, dtype=object)
    return frame.infer_objects()


# As UCDP has them -----------------------------------------------------------------------------------------------------


def ucdp_table(ranges: pd.DataFrame, table: pd.DataFrame, level: float) -> pd.DataFrame:
    """The killed of each event by the ``low``, ``best`` and ``high`` of the Uppsala Conflict Data Program.

    Parameters
    ----------
    ranges : DataFrame
        Of one layer: ``event, outcome, layer, sources, median`` and both ends of the level.
    table : DataFrame
        ``Reports.table``, for what is told of each event.
    level : float
        In per cent.

    Returns
    -------
    DataFrame
        One row an event: ``event, event_date, event_type, place, number_of_sources, low, best, high, rule``, the last
        of which says what the three numbers are.

    Raises
    ------
    EstimatesError
        If no event has an estimate of the killed.
    """
    killed = ranges[ranges["outcome"] == "killed"]
    if killed.empty:
        raise EstimatesError("no event has an estimate of the killed, which is what low, best and high of UCDP count")

    about = table[table["event"].isin(killed["event"])].groupby("event", sort=False)
    told = about[["event_date", "event_type", "place"]].first().reindex(killed["event"]).reset_index()
    layer = str(killed["layer"].iloc[0])
    rule = (
        f"killed, {LAYER_NAMES[layer]}: best is the median, low and high are the ends of the central {level:g}% "
        "credible interval"
    )

    numbers = {"number_of_sources": "sources", "low": f"low_{level:g}", "best": "median", "high": f"high_{level:g}"}
    values = {name: killed[column].to_numpy(dtype="int64") for name, column in numbers.items()}
    return told.assign(**values, rule=rule)
