"""Pictures of what ranges rest on and add up to: sources, assumptions, totals."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.solved import check_known
from estimates.plots.draw_rows import draw_rows
from estimates.plots.estimated import Estimated, Summarised, case_of, outcome_of
from estimates.plots.event_layout import unit_of
from estimates.plots.rows_layout import Row, rows_layout
from estimates.plots.scale import Scale, choose_scale, factor_scale
from estimates.plots.style import canvas, fits_labels, room_of
from estimates.plots.things import Bar
from estimates.text import clean, plural
from estimates.vocabulary import LAYERS, OUTCOME_NAMES, layer_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Biases farther from one are cut with an arrow.
_MOST_BIAS = 4.0
#: Above this pull a range counts as sensitive (see `Estimates.sensitivity`).
_SENSITIVE = 0.05
#: From this share on a bias is said to be still prior.
_STILL_PRIOR = 0.5


def sources(profile: Summarised, axes: Axes | None = None) -> Axes:
    """How each source and type of source is taken to count: its bias with the 90% range, from `SourceProfile.summary`.

    Parameters
    ----------
    profile : SourceProfile
    axes : matplotlib.axes.Axes, optional
        By default those of a new figure. Where rows have no room the last ones are left out, and it is said how many.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> axes = sources(profile)
    """
    records = profile.summary().to_dict("records")
    rows = [
        Row(_name_of_source(row), (Bar("", _origin(row), row["bias"], ((row["bias_low_90"], row["bias_high_90"]),)),))
        for row in records
    ]
    factors = [float(end) for row in rows for end in row.bars[0].intervals[0]]
    key = [
        ("source", "learned: median, 90% range"),
        ("prior", "still prior, by half or more"),
        ("reference", "no bias"),
    ]
    return _drawn(
        rows, factor_scale(factors, _MOST_BIAS), axes, unit="bias: factor on the number documented", what="source",
        title="How sources are taken to count", references=(1.0,), key=key,
    )  # fmt: skip


def _name_of_source(row: dict[Any, Any]) -> str:
    losses = "" if row["affiliation"] == "neutral" else f", {str(row['affiliation']).replace('_', ' ')} losses"
    reports = f" ({plural(int(row['reports']), 'report')})" if row["reports"] else ""
    return f"{clean(row['source']).replace('_', ' ')}{losses}{reports}"


def _origin(row: dict[Any, Any]) -> str:
    return "prior" if row["prior_share"] >= _STILL_PRIOR else "source"


# Assumptions ----------------------------------------------------------------------------------------------------------


def sensitivity(
    estimates: Estimated,
    event: str | None = None,
    outcome: str | None = None,
    layer: str = "total",
    measure: str = "range",
    axes: Axes | None = None,
) -> Axes:
    """What moves the range of an event, the strongest first; see `Estimates.sensitivity`.

    Parameters
    ----------
    estimates : Estimates
    event : str, optional
        Needed where there are several.
    outcome : str, optional
    layer : {"total", "documented"}
    measure : {"range", "pull"}
        The 80% range under each other assumption (the strength of the undocumented remainder; the spread of each group
        of priors, where the profile is made of published ones), or how much each group of priors pulls at it.
    axes : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If there is no such event or outcome, or if nothing is known by this measure.

    Examples
    --------
    >>> axes = sensitivity(found, "Idlib airstrikes")
    """
    check_known(layer, ("documented", "total"), "layer")
    check_known(measure, ("range", "pull"), "measure")
    case = case_of(estimates, event, outcome)
    table = estimates.sensitivity([case.event])
    table = table[(table["outcome"] == case.outcome) & (table["layer"] == layer)]

    title = f"{clean(case.event)}: {layer_name(case.outcome, layer)}"
    if measure == "pull":
        return _pulls(table, title, axes)
    return _changes(table, title, OUTCOME_NAMES[case.outcome], axes)


def _pulls(table: pd.DataFrame, title: str, axes: Axes | None) -> Axes:
    found = table[table["how"] == "power"].sort_values("pull", ascending=False, kind="stable")
    rows = [
        Row(str(row["what"]), (Bar("", "documented", float(row["pull"]), ((0.0, float(row["pull"])),)),))
        for row in found.to_dict("records")
    ]
    top = max([1.2 * _SENSITIVE, *(1.1 * row.bars[0].median for row in rows)])
    key = [("reference", f"above {_SENSITIVE:g} a range counts as sensitive")]
    return _drawn(
        rows, Scale(0.0, top), axes, unit="pull of a group of priors", what="group", title=title,
        references=(_SENSITIVE,), key=key,
    )  # fmt: skip


def _changes(table: pd.DataFrame, title: str, people: str, axes: Axes | None) -> Axes:
    anew = table[table["how"].isin(("scale", "strength"))].to_dict("records")
    if not anew:
        raise EstimatesError(
            f"{title}: no range was estimated under other assumptions; take layer='total', measure='pull', or a "
            "profile of published priors"
        )
    as_estimated = _likely(table[table["how"] == "as estimated"].to_dict("records")[0])
    changes = {row: max(_distance(bar, as_estimated) for bar in row.bars) for row in _rows_of_changes(anew)}
    rows = sorted((row for row, change in changes.items() if change > 0.0), key=lambda row: -changes[row])
    bars = [bar for row in rows for bar in row.bars]

    scale = choose_scale([round(end) for bar in [as_estimated, *bars] for end in bar.intervals[0]])
    unit = unit_of(f"{people}: median and 80% range", scale)
    if without := ", ".join(row.label for row, change in changes.items() if change == 0.0):
        unit += f"\nno change by {without}"
    layers = {bar.layer for bar in bars}
    meanings = (("half", "half the spread"), ("double", "twice the spread"), ("strength", "another strength"))
    key = [(layer, meaning) for layer, meaning in meanings if layer in layers]
    return _drawn(
        rows, scale, axes, unit=unit, what="assumption", title=title,
        references=(as_estimated.median, *as_estimated.intervals[0]), key=[*key, ("reference", "as estimated")],
    )  # fmt: skip


def _rows_of_changes(records: Sequence[dict[Any, Any]]) -> list[Row]:
    """One row an assumption: a strength, or a group of priors with half and twice its spread."""
    bars: dict[str, list[Bar]] = {}
    for row in records:
        what, _, scale = str(row["what"]).partition(" x ")
        name = what.replace("kappa", "undocumented ×") if row["how"] == "strength" else f"prior of {what}"
        layer = "strength" if not scale else "half" if float(scale) < 1 else "double"
        bars.setdefault(name, []).append(_likely(row, layer))
    return [Row(name, tuple(own)) for name, own in bars.items()]


def _likely(row: dict[Any, Any], layer: str = "") -> Bar:
    return Bar("", layer, int(row["median"]), ((int(row["low_80"]), int(row["high_80"])),))


def _distance(bar: Bar, other: Bar) -> float:
    """How far the ends of two ranges lie apart, as log ratios."""
    pairs = zip(bar.intervals[0], other.intervals[0], strict=True)
    return sum(abs(log((one + 1) / (two + 1))) for one, two in pairs)


# Totals ---------------------------------------------------------------------------------------------------------------


def totals(
    estimates: Estimated,
    outcome: str | None = None,
    by: str | None = None,
    layer: str = "documented",
    axes: Axes | None = None,
) -> Axes:
    """Totals over events by group, beside what would be claimed if all events were independent; see `Estimates.total`.

    How much the accounts of events share is not known: a total is drawn for errors independent between events and for
    common ones, and the truth lies between.

    Parameters
    ----------
    estimates : Estimates
    outcome : str, optional
    by : str, optional
        A column such as ``place``.
    layer : {"documented", "total"}
    axes : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If there is no such outcome, column or layer.

    Examples
    --------
    >>> axes = totals(found)
    """
    check_known(layer, tuple(name for name in LAYERS if name != "by_now"), "layer")
    outcome = outcome_of(estimates, outcome)
    table = estimates.total(outcome, by)
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in table[table["layer"] == layer].to_dict("records"):
        groups.setdefault(f"{clean(row[table.columns[0]])} ({plural(int(row['events']), 'event')})", []).append(row)
    rows = [Row(name, _bars_of_total(own, layer)) for name, own in groups.items()]
    rows.sort(key=lambda row: -row.bars[0].median)

    scale = choose_scale([round(end) for row in rows for bar in row.bars for end in bar.intervals[-1]])
    unit = unit_of(f"{OUTCOME_NAMES[outcome]}: 80% and 95% ranges", scale)
    key = [(layer, "errors independent"), ("common", "errors common"), ("independent", "as if events were independent")]
    return _drawn(rows, scale, axes, unit=unit, what="group", title=f"Totals, {layer_name(outcome, layer)}", key=key)


def _bars_of_total(records: Sequence[dict[Any, Any]], layer: str) -> tuple[Bar, ...]:
    """A group's total for independent and for common errors and remainders, and what independence would claim."""
    apart, common = (
        next(row for row in records if row["accounts"] == how and row["remainder"] in ("", how))
        for how in ("independent", "common")
    )
    return (
        _total(apart, layer, ""),
        _total(common, "common", ""),
        _total(apart, "independent", "independent_"),
    )


def _total(row: dict[Any, Any], layer: str, prefix: str) -> Bar:
    ends = tuple((int(row[f"{prefix}low_{level}"]), int(row[f"{prefix}high_{level}"])) for level in (80, 95))
    return Bar("", layer, int(row["median"]), ends)


def _drawn(
    rows: Sequence[Row],
    scale: Scale,
    axes: Axes | None,
    *,
    unit: str,
    what: str,
    title: str,
    key: Sequence[tuple[str, str]],
    references: Sequence[float] = (),
) -> Axes:
    """Rows of ranges on axes, with a title and a key."""
    layout = rows_layout(rows, scale, unit=unit, references=references, beside=fits_labels(axes), room=room_of(axes))
    with canvas(axes, layout.lines) as (drawn, palette):
        draw_rows(drawn, layout, palette, title=title, what=what, key=key)
    return drawn
