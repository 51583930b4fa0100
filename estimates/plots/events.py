"""Pictures of the ranges of events: against what was reported, over time, and as probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from estimates.errors import EstimatesError
from estimates.inference.cases import Case
from estimates.inference.solved import check_known
from estimates.inference.uses import Background
from estimates.plots.draw_event import draw_event
from estimates.plots.draw_rows import draw_rows
from estimates.plots.draw_time import draw_history, draw_posterior
from estimates.plots.estimated import Estimated, case_of, events_of, outcome_of
from estimates.plots.event_layout import (
    BAR_LINES,
    CURVE_LINES,
    FLOOR_LINES,
    MARK_LINES,
    EventLayout,
    event_layout,
    unit_of,
)
from estimates.plots.history_layout import HISTORY_LINES, Step, history_layout
from estimates.plots.posterior_layout import posterior_layout
from estimates.plots.reported import MARKS_SHOWN, marks_by_moment, marks_of
from estimates.plots.room import Room
from estimates.plots.rows_layout import Row, rows_layout
from estimates.plots.scale import Form, choose_scale
from estimates.plots.style import canvas, fits_labels, put_names, room_of
from estimates.plots.things import Bar, Curve, Mark
from estimates.table.report import Report, numbers_said
from estimates.text import clean, count, interval
from estimates.vocabulary import INTERVAL_LEVELS, LAYERS, OUTCOME_NAMES, layer_name, shown_layers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SCALES: dict[str, Form | None] = {"auto": None, "linear": "linear", "log": "logarithmic"}


def ranges(
    estimates: Estimated,
    event: str | None = None,
    outcome: str | None = None,
    layer: str = "documented",
    axes: Axes | None = None,
) -> Axes:
    """Ranges against what was reported, of one event or of all.

    Of one event every figure is drawn by what its words say, paler where it does not count, above the probability and
    the 50%, 80% and 95% ranges of each layer. Of several events each has a row with its 80% and 95% range, the numbers
    reported above it, and the largest first.

    Parameters
    ----------
    estimates : Estimates
    event : str, optional
        By default all events, each as a row; the only one in full.
    outcome : str, optional
        By default killed, or the first there is.
    layer : {"documented", "total", "by_now"}
        The ranges of several events; of one event all are drawn.
    axes : matplotlib.axes.Axes, optional
        By default those of a new figure, which is ``axes.figure``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If there is no such event, outcome or layer.

    Examples
    --------
    >>> axes = ranges(found)
    """
    if event is None and len(events_of(estimates)) != 1:
        return _ranges_of_many(estimates, outcome_of(estimates, outcome), layer, axes)

    case = case_of(estimates, event, outcome)
    layout = _event_layout(estimates, case, room_of(axes))
    below = f"{layout.unit}\nin words: median (80% range); bars: 50%, 80%, 95%"
    with canvas(axes, layout.lines) as (drawn, palette):
        draw_event(drawn, layout, palette)
        put_names(drawn, palette, title=clean(case.event), below=below)
    return drawn


def _event_layout(estimates: Estimated, case: Case, room: Room) -> EventLayout:
    """The layout of one event, with as many figures by name as there is room for."""
    reports = [report for report in estimates.reports.reports if report.event == case.event]
    said = [report for report in reports if report.outcome == case.outcome and report.is_estimated]
    of_event = [each for each in estimates.cases if each.event == case.event]
    background = Background.of(estimates.as_of, of_event, reports)
    marks, others = marks_of(background, said, _most_marks(case, said, room))

    found = _rows_of(estimates, INTERVAL_LEVELS, LAYERS, case.outcome)
    shown = shown_layers(case.outcome)
    bars = [_bar(found[case.event, layer], layer, INTERVAL_LEVELS) for layer in shown]
    drawn = [layer for layer in ("total", "documented") if layer in shown]
    curves = [Curve.of(layer, estimates.mass(case.event, case.outcome, layer)) for layer in drawn]
    return event_layout(marks, bars, curves, case.floor, others, unit=OUTCOME_NAMES[case.outcome], room=room)


def _most_marks(case: Case, said: Sequence[Report], room: Room) -> int:
    """How many figures have room one by one, beside the ranges and a line for those that have none."""
    lines = room.lines - CURVE_LINES - len(LAYERS) * BAR_LINES - (0.0 if case.floor is None else FLOOR_LINES)
    figures = sum(report.said is not None for report in said)
    if min(figures, MARKS_SHOWN) * MARK_LINES <= lines:
        return MARKS_SHOWN
    return max(1, int(lines / MARK_LINES) - 1)


def _rows_of(
    estimates: Estimated, levels: Sequence[int], layers: Sequence[str], outcome: str
) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows of the table of ranges by event and layer."""
    table = estimates.ranges(levels, layers)
    rows = table[table["outcome"] == outcome].to_dict("records")
    return {(str(row["event"]), str(row["layer"])): {str(name): cell for name, cell in row.items()} for row in rows}


def _bar(row: dict[str, Any], layer: str, levels: Sequence[int], *, label: str | None = None) -> Bar:
    ends = tuple((int(row[f"low_{level}"]), int(row[f"high_{level}"])) for level in levels)
    if label is None:
        name = layer_name(str(row["outcome"]), layer)
        label = f"{name}: {count(int(row['median']))} ({interval(ends[levels.index(80)])})"
    return Bar(label, layer, int(row["median"]), ends)


def _figures(case: Case) -> list[int]:
    """The numbers said of everybody."""
    return sorted({number for figure in case.whole_figures for number in numbers_said(figure.words)})


def history(
    estimates: Estimated, event: str | None = None, outcome: str | None = None, axes: Axes | None = None
) -> Axes:
    """What the range of an event was after each report; see `Estimates.history`.

    Moments have equal room whatever time lies between them.

    Parameters
    ----------
    estimates : Estimates
    event : str, optional
        Needed where there are several.
    outcome : str, optional
    axes : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If there is no such event or outcome, or if none of its reports is dated.

    Examples
    --------
    >>> axes = history(found, "Idlib airstrikes")
    """
    case = case_of(estimates, event, outcome)
    rows = estimates.history([case.event], case.outcome).to_dict("records")
    dated = [{str(name): cell for name, cell in row.items()} for row in rows if isinstance(row["as_of"], str)]
    if not dated:
        raise EstimatesError(f"{clean(case.event)}: no report is dated, so there is no history; fill reported_at")
    said = [
        report
        for report in estimates.reports.reports
        if (report.event, report.outcome) == (case.event, case.outcome) and report.is_estimated
    ]

    drawn_layers = [layer for layer in ("documented", "by_now") if layer in shown_layers(case.outcome)]
    steps = _steps(marks_by_moment(said, dated), dated, drawn_layers)
    layout = history_layout(steps, unit=OUTCOME_NAMES[case.outcome], room=room_of(axes))
    with canvas(axes, HISTORY_LINES + 4.0) as (drawn, palette):
        draw_history(drawn, layout, palette, clean(case.event))
    return drawn


def _steps(
    marks: Mapping[str | None, Sequence[Mark]], rows: Sequence[dict[str, Any]], layers: Sequence[str]
) -> list[Step]:
    """What was known of some layers from each moment on, from the rows of a history."""
    moments = {str(row["as_of"]): row for row in rows}
    steps = []
    for moment, row in moments.items():
        then = {layer: {name.removeprefix(f"{layer}_"): cell for name, cell in row.items()} for layer in LAYERS}
        bars = tuple(_bar(then[layer], layer, (80, 95), label="") for layer in layers)
        steps.append(Step(clean(moment), clean(moment), tuple(marks[moment]), bars))
    return steps


def posterior(
    estimates: Estimated,
    event: str | None = None,
    outcome: str | None = None,
    layer: str = "documented",
    scale: str = "auto",
    axes: Axes | None = None,
) -> Axes:
    """The probability of each number of an event, with its 80% and 95% range, its modes and the figures reported.

    Parameters
    ----------
    estimates : Estimates
    event : str, optional
        Needed where there are several.
    outcome : str, optional
    layer : {"documented", "total", "by_now"}
    scale : {"auto", "linear", "log"}
        Along a logarithmic scale the height is the probability of a constant ratio of counts. By default as wide as the
        range asks for.
    axes : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If there is no such event, outcome, layer or scale.

    Examples
    --------
    >>> axes = posterior(found, "Idlib airstrikes")
    """
    check_known(scale, tuple(_SCALES), "scale")
    case = case_of(estimates, event, outcome)
    curve = Curve.of(layer, estimates.mass(case.event, case.outcome, layer))
    unit = f"{OUTCOME_NAMES[case.outcome]}, {layer_name(case.outcome, layer)}"

    layout = posterior_layout(curve, _figures(case), case.floor, unit=unit, form=_SCALES[scale], room=room_of(axes))
    with canvas(axes, layout.lines + 4.0) as (drawn, palette):
        draw_posterior(drawn, layout, layer, palette, clean(case.event))
    return drawn


# Many events ----------------------------------------------------------------------------------------------------------


def _ranges_of_many(estimates: Estimated, outcome: str, layer: str, axes: Axes | None) -> Axes:
    found = _rows_of(estimates, (80, 95), (layer,), outcome)
    rows = [
        Row(
            clean(case.event),
            (_bar(found[case.event, layer], layer, (80, 95), label=""),),
            tuple(_figures(case)),
            case.floor,
        )
        for case in estimates.cases
        if case.outcome == outcome
    ]
    rows.sort(key=lambda row: (-row.bars[0].median, row.label))
    ends = [round(end) for row in rows for end in row.bars[0].intervals[-1]]
    scale = choose_scale(ends, [figure for row in rows for figure in row.figures])

    people = OUTCOME_NAMES[outcome]
    layout = rows_layout(rows, scale, unit=unit_of(people, scale), beside=fits_labels(axes), room=room_of(axes))
    key = [(layer, "80% (thick) and 95% range"), ("figure", "reported")]
    key += [("floor", "floor")] if any(row.floor is not None for row in rows) else []
    with canvas(axes, layout.lines) as (drawn, palette):
        draw_rows(drawn, layout, palette, title=layer_name(outcome, layer).capitalize(), what="event", key=key)
    return drawn
