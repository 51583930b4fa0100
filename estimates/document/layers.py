"""The layers of one outcome, as numbers and as a picture below the figures reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from estimates.document import pictures
from estimates.inference.cases import Case
from estimates.inference.uses import Background
from estimates.plots.event_layout import event_layout
from estimates.plots.history_layout import Step, history_layout
from estimates.plots.reported import MARKS_SHOWN, marks_by_moment, marks_of
from estimates.plots.things import Bar, Curve, Mark
from estimates.results.estimates import Estimates
from estimates.table.report import Report
from estimates.text import clean, count, interval, plural, shortened
from estimates.vocabulary import INTERVAL_LEVELS, OUTCOME_NAMES, shown_layers

#: Ranges over time are drawn of so many dated figures or more, and of up to so many moments, each of which takes an
#: estimate of its own.
FEWEST_DATED, MOMENTS_SHOWN = 3, 8


@dataclass(frozen=True)
class LayerView:
    """One layer of an estimate: documented by now or in the end, or the full toll."""

    layer: str
    name: str
    median: int
    intervals: tuple[tuple[int, int], ...]

    @property
    def likely(self) -> tuple[int, int]:
        """The 80% range."""
        return self.intervals[1]

    @classmethod
    def of(cls, row: dict[str, Any]) -> LayerView:
        """View of one row of `Estimates.ranges`."""
        intervals = tuple((int(row[f"low_{level}"]), int(row[f"high_{level}"])) for level in INTERVAL_LEVELS)
        name = shown_layers(row["outcome"])[row["layer"]]
        return cls(row["layer"], name, int(row["median"]), intervals)


def end_of(layers: Sequence[LayerView]) -> LayerView:
    """What is documented in the end, among the layers that are shown."""
    return next(layer for layer in layers if layer.layer == "documented")


def curve(estimates: Estimates, case: Case, layer: str) -> Curve:
    """Posterior of one layer, with a cell of the curve for each cell of the estimate's grid."""
    return Curve.of(layer, estimates.mass(case.event, case.outcome, layer))


def outcome_picture(
    background: Background,
    case: Case,
    anchor: str,
    said: Sequence[Report],
    layers: Sequence[LayerView],
    curves: Sequence[Curve],
) -> tuple[str, str]:
    """Picture of an outcome, and what to say where it joins or leaves unnamed some of the figures.

    Parameters
    ----------
    background : Background
    case : Case
    anchor : str
        Unique within the page.
    said : sequence of Report
        Those that speak of this outcome.
    layers : sequence of LayerView
    curves : sequence of Curve
        Drawn in this order, the last one on top.

    Returns
    -------
    tuple of str
        An ``<svg>`` element and a sentence, empty where every figure is drawn by itself.
    """
    marks, others = marks_of(background, said)
    bars = [
        Bar(f"{layer.name} · median {count(layer.median)}", layer.layer, layer.median, layer.intervals)
        for layer in layers
    ]

    people = OUTCOME_NAMES[case.outcome]
    layout = event_layout(marks, bars, curves, case.floor, others, unit=people)
    title = f"Reported figures and estimated ranges: {people}, {shortened(clean(case.event))}"
    svg = pictures.event_picture(anchor, title, _in_words(marks, others, layers), layout)

    figures = sum(report.said is not None for report in said)
    if figures <= MARKS_SHOWN:
        return svg, ""
    named = f", and only the {MARKS_SHOWN} commonest are named; the table of reports has all." if others else "."
    return svg, f"{plural(figures, 'figure')}: the same figures are drawn once{named}"


def _in_words(marks: Sequence[Mark], others: Sequence[Mark], layers: Sequence[LayerView]) -> str:
    """What the picture of an outcome shows, for those who cannot see it."""
    figures = "; ".join(mark.title for mark in marks) or "no figure with a number"
    more = f"; and {plural(len(others), 'other reading')}" if others else ""
    ranges = "; ".join(_layer_in_words(layer) for layer in layers)
    return f"Reported: {figures}{more}. Estimated: {ranges}."


def _layer_in_words(layer: LayerView) -> str:
    levels = zip(INTERVAL_LEVELS, layer.intervals, strict=True)
    ranges = ", ".join(f"{level}% {interval(ends, ' to ')}" for level, ends in levels)
    return f"{layer.name}: median {count(layer.median)}, {ranges}"


def history_picture(case: Case, anchor: str, said: Sequence[Report], history: Sequence[dict[str, Any]]) -> str:
    """Picture of an outcome's ranges over time; empty where the reports leave little to see.

    Parameters
    ----------
    case : Case
    anchor : str
        Unique within the page.
    said : sequence of Report
        Those that speak of this outcome.
    history : sequence of dict
        Rows of `Estimates.history` of this outcome.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    moments = {str(row["as_of"]): row for row in history if isinstance(row["as_of"], str)}
    if len(moments) < 2:
        return ""
    marks = marks_by_moment(said, history)
    steps = []
    for moment, row in moments.items():
        names = shown_layers(case.outcome)
        bars = tuple(_bar_then(row, layer, names[layer]) for layer in ("documented", "by_now") if layer in names)
        told = f"{clean(moment)}: " + "; ".join(_bar_in_words(bar) for bar in bars)
        steps.append(Step(clean(moment), told, tuple(marks[moment]), bars))

    people = OUTCOME_NAMES[case.outcome]
    title = f"Ranges over time: {people}, {shortened(clean(case.event))}"
    description = ". ".join(step.title for step in steps) + "."
    return pictures.history_picture(f"{anchor}-history", title, description, history_layout(steps, unit=people))


def _bar_in_words(bar: Bar) -> str:
    return f"{bar.label}: median {count(bar.median)}, 80% {interval(bar.intervals[0], ' to ')}"


def has_history(said: Sequence[Report]) -> bool:
    """Whether the reports of an outcome came in over time: at least three of them, at two or more times."""
    times = [report.reported_at for report in said if report.reported_at and report.said is not None]
    return len(times) >= FEWEST_DATED and 1 < len(set(times)) <= MOMENTS_SHOWN


def _bar_then(row: dict[str, Any], layer: str, name: str) -> Bar:
    ends = tuple((int(row[f"{layer}_low_{level}"]), int(row[f"{layer}_high_{level}"])) for level in (80, 95))
    return Bar(name, layer, int(row[f"{layer}_median"]), ends)
