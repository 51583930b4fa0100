"""Events over time, drawn with Matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from estimates.errors import EstimatesError
from estimates.inference.solved import check_known
from estimates.plots.draw_time import draw_timeline
from estimates.plots.estimated import Estimated, outcome_of
from estimates.plots.style import canvas, room_of
from estimates.plots.things import Bar
from estimates.plots.timeline_layout import Dated, timeline_layout
from estimates.table.report import Report
from estimates.text import clean, count, interval
from estimates.vocabulary import LAYER_NAMES, LAYERS, OUTCOME_NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def timeline(
    estimates: Estimated, outcome: str | None = None, layer: str = "documented", axes: Axes | None = None
) -> Axes:
    """Ranges of many events over time, each where it began; events whose date is not known are left out.

    Parameters
    ----------
    estimates : Estimates
    outcome : str, optional
    layer : str
    axes : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If there is no such outcome or layer, or no event is dated.
    """
    check_known(layer, LAYERS, "layer")
    outcome = outcome_of(estimates, outcome)
    table = estimates.ranges(layers=(layer,))
    rows = table[table["outcome"] == outcome].to_dict("records")
    events = dated_events(estimates.reports.reports, rows)
    if not events:
        raise EstimatesError("no event has a date (event_date), so that there is no time to draw them over")

    layout = timeline_layout(events, unit=OUTCOME_NAMES[outcome], room=room_of(axes))
    with canvas(axes, layout.lines + 3.0) as (drawn, palette):
        draw_timeline(drawn, layout, palette, LAYER_NAMES[layer].capitalize())
    return drawn


def dated_events(reports: Sequence[Report], rows: Sequence[dict[Any, Any]]) -> list[Dated]:
    """Events with the day they began, by rows of `Estimates.ranges` of one outcome and layer; without a date none.

    Parameters
    ----------
    reports : sequence of Report
    rows : sequence of dict
    """
    days = {report.event: report.happened.first_day for report in reports if report.happened is not None}
    return [_dated(days[row["event"]], row) for row in rows if row["event"] in days]


def _dated(day: date, row: dict[Any, Any]) -> Dated:
    median, likely = int(row["median"]), (int(row["low_80"]), int(row["high_80"]))
    title = f"{clean(row['event'])}, {day.isoformat()}: {count(median)} ({interval(likely)})"
    return Dated(day, title, Bar("", row["layer"], median, (likely,)))
