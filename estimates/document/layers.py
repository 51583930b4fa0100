"""The layers of one outcome, as numbers and as a picture below the figures reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from estimates.document import pictures
from estimates.document.drawing import Bar, Curve, Mark
from estimates.inference.cases import Case
from estimates.inference.uses import Background, short_reading, use_of
from estimates.models import wording as forms
from estimates.models.wording import VAGUE_WORDS, Words
from estimates.results.estimates import Estimates
from estimates.table.report import Report
from estimates.text import clean, count, interval, plural, shortened
from estimates.vocabulary import INTERVAL_LEVELS, LAYER_NAMES, OUTCOME_NAMES

#: So many figures, or groups of equal figures, are drawn one by one.
MARKS_SHOWN = 12
#: Longest name in a picture, and in what the pointer shows.
LABEL_LENGTH, TITLE_LENGTH = 30, 300
#: Ranges over time are drawn of so many dated figures or more, and of up to so many moments, each of which takes an
#: estimate of its own.
FEWEST_DATED, MOMENTS_SHOWN = 3, 8
LABELS_SHOWN = 5


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
        return cls(row["layer"], LAYER_NAMES[row["layer"]], int(row["median"]), intervals)


def curve(estimates: Estimates, case: Case, layer: str) -> Curve:
    """Posterior of one layer, with a cell of the curve for each cell of the estimate's grid."""
    mass = estimates.mass(case.event, case.outcome, layer)
    start, width = mass["count"].to_numpy(), mass["width"].to_numpy()
    return Curve(layer, np.append(start, start[-1] + width[-1]), mass["probability"].to_numpy())


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
    drawn = [(use_of(background, report)[1], report) for report in said if report.said is not None]
    marks, others = _marks(drawn)
    bars = [
        Bar(f"{layer.name} · median {count(layer.median)}", layer.layer, layer.median, layer.intervals)
        for layer in layers
    ]

    people = OUTCOME_NAMES[case.outcome]
    svg = pictures.picture(
        anchor,
        f"Reported figures and estimated ranges: {people}, {shortened(clean(case.event))}",
        _in_words(marks, others, layers),
        people,
        marks,
        bars,
        curves,
        case.floor,
        others,
    )

    if len(drawn) <= MARKS_SHOWN:
        return svg, ""
    named = f", and only the {MARKS_SHOWN} commonest are named; the table of reports has all." if others else "."
    return svg, f"{plural(len(drawn), 'figure')}: the same figures are drawn once{named}"


def _in_words(marks: Sequence[Mark], others: Sequence[int], layers: Sequence[LayerView]) -> str:
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
    marks = _marks_by_moment(said, history)
    steps: list[pictures.Step] = []
    days: set[str] = set()
    for moment, row in moments.items():
        bars = tuple(_bar_then(row, layer) for layer in ("documented", "by_now"))
        title = f"{clean(moment)}: " + "; ".join(_bar_in_words(bar) for bar in bars)
        day = clean(moment)[:10]
        # Many moments leave room for every other date only.
        label = "" if day in days or (len(moments) > LABELS_SHOWN and len(steps) % 2) else day
        steps.append(pictures.Step(label, title, tuple(marks[moment]), bars))
        days.add(day)

    people = OUTCOME_NAMES[case.outcome]
    title = f"Ranges over time: {people}, {shortened(clean(case.event))}"
    description = ". ".join(step.title for step in steps) + "."
    return pictures.history_picture(f"{anchor}-history", title, description, people, steps)


def _marks_by_moment(said: Sequence[Report], history: Sequence[dict[str, Any]]) -> Mapping[str | None, Sequence[Mark]]:
    """Marks of the figures that are new at each moment of the history, in the order of the table."""
    new_at = {(row["source"], row["words"], row["time"]): row["as_of"] for row in history}
    marks: dict[str | None, list[Mark]] = defaultdict(list)
    for report in said:
        key = (report.source, report.words, report.reported_at)
        if key in new_at and report.said is not None:
            name = shortened(clean(report.source), TITLE_LENGTH)
            marks[new_at[key]].append(_mark(report, True, "", f"{name}, {clean(report.reported_at)}"))
    return marks


def _bar_in_words(bar: Bar) -> str:
    return f"{bar.label}: median {count(bar.median)}, 80% {interval(bar.intervals[0], ' to ')}"


def has_history(said: Sequence[Report]) -> bool:
    """Whether the reports of an outcome came in over time: at least three of them, at two or more times."""
    times = [report.reported_at for report in said if report.reported_at and report.said is not None]
    return len(times) >= FEWEST_DATED and 1 < len(set(times)) <= MOMENTS_SHOWN


def _bar_then(row: dict[str, Any], layer: str) -> Bar:
    ends = tuple((int(row[f"{layer}_low_{level}"]), int(row[f"{layer}_high_{level}"])) for level in (80, 95))
    return Bar(LAYER_NAMES[layer], layer, int(row[f"{layer}_median"]), ends)


def _marks(drawn: Sequence[tuple[bool, Report]]) -> tuple[list[Mark], list[int]]:
    """Marks of the figures, those that say the same together where there are many, and the numbers left over."""
    if len(drawn) <= MARKS_SHOWN:
        days = {report.reported_at for _, report in drawn}
        marks = [_mark(report, counts, *_speaker(report, len(days) > 1)) for counts, report in drawn]
        return sorted(marks, key=_mark_order), []

    groups: dict[tuple[object, ...], list[tuple[bool, Report]]] = {}
    for counts, report in drawn:
        key = (not counts, report.wording, report.subset, report.low, report.high, report.word)
        groups.setdefault(key, []).append((counts, report))
    ordered = sorted(groups.values(), key=_commonest_first)

    marks = []
    for group in ordered[:MARKS_SHOWN]:
        counts, report = group[0]
        reports = plural(len(group), "report")
        marks.append(_mark(report, counts, reports, reports))
    rest = [_mark(group[0][1], True) for group in ordered[MARKS_SHOWN:]]
    return sorted(marks, key=_mark_order), [mark.low for mark in rest]


def _commonest_first(group: Sequence[tuple[bool, Report]]) -> tuple[object, ...]:
    counts, report = group[0]
    return (-len(group), not counts, *_mark_order(_mark(report, counts)))


def _mark_order(mark: Mark) -> tuple[object, ...]:
    return (mark.low + mark.high, mark.low, mark.label, mark.title)


def _speaker(report: Report, dated: bool) -> tuple[str, str]:
    """Who gave a figure, and when where that tells figures apart: as short as a picture needs, and in full."""
    name = clean(report.source)
    when = f", {clean(report.reported_at)[:10]}" if dated and report.reported_at else ""
    return shortened(name, LABEL_LENGTH) + when, shortened(name, TITLE_LENGTH) + when


def _mark(report: Report, counts: bool, speaker: str = "", full_name: str = "") -> Mark:
    """A report that says something of a number as a mark; muted where that does not count."""
    words, reading = report.said or Words("none"), short_reading(report)
    label, title = f"{speaker}: {reading}", f"{full_name}: {reading}"
    mark = Mark(label, title, "exact", words.low, words.high, muted=not counts)
    if report.is_floor:
        return replace(mark, shape="floor", high=words.low)

    match words.wording:
        case "vague":
            outer_low, inner_low, inner_high, outer_high = VAGUE_WORDS[words.word]
            return replace(mark, shape="vague", low=outer_low, high=outer_high, core=(inner_low, inner_high))
        case "about":
            low, high = forms.window(words)
            return replace(mark, shape="about", low=low, high=high, at=words.number)
        case "at_least" | "more_than":
            return replace(mark, shape="at_least")
        case "up_to" | "at_most" | "nearly":
            return replace(mark, shape="up_to")
        case "range" | "none" as shape:
            return replace(mark, shape=shape)
        case _:
            return mark
