"""The lines of one outcome, as numbers and as a picture below the figures reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from estimates.document import pictures
from estimates.document.pictures import Bar, Curve, Mark
from estimates.document.rows import Background, short_reading, use_of
from estimates.inference.cases import Case, to_words
from estimates.models import wording as forms
from estimates.models.wording import VAGUE_WORDS, Words
from estimates.results.estimates import Estimates
from estimates.text import OUTCOME_NAMES, clean, count, interval, plural, shortened
from estimates.vocabulary import INTERVAL_LEVELS, LAYER_NAMES

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
    """One line of an estimate: documented by now, documented in the end, or the full toll."""

    layer: str
    name: str
    median: int
    mean: float
    intervals: tuple[tuple[int, int], ...]

    @property
    def likely(self) -> tuple[int, int]:
        """The 80% range."""
        return self.intervals[1]

    @classmethod
    def of(cls, row: dict[str, Any]) -> LayerView:
        """View of one row of `Estimates.ranges`."""
        intervals = tuple((int(row[f"low_{level}"]), int(row[f"high_{level}"])) for level in INTERVAL_LEVELS)
        return cls(row["layer"], LAYER_NAMES[row["layer"]], int(row["median"]), float(row["mean"]), intervals)


def curve(estimates: Estimates, case: Case, layer: str) -> Curve:
    """Posterior of one layer, cell by cell."""
    mass = estimates.mass(case.event, case.outcome, layer)
    start, width = mass["count"].to_numpy(), mass["width"].to_numpy()
    return Curve(layer, np.append(start, start[-1] + width[-1]), mass["probability"].to_numpy())


def outcome_picture(
    background: Background,
    case: Case,
    anchor: str,
    said: Sequence[dict[str, Any]],
    lines: Sequence[LayerView],
    curves: Sequence[Curve],
) -> tuple[str, str]:
    """Picture of an outcome, and what to say where it joins or leaves unnamed some of the figures.

    Parameters
    ----------
    background : Background
    case : Case
    anchor : str
        Unique within the page.
    said : sequence of dict
        Rows of the table that speak of this outcome.
    lines : sequence of LayerView
    curves : sequence of Curve
        Drawn in this order, the last one on top.

    Returns
    -------
    tuple of str
        An ``<svg>`` element and a sentence, empty where every figure is drawn by itself.
    """
    drawn = [(use_of(background, record)[1], record) for record in said if to_words(record) is not None]
    marks, others = _marks(drawn)
    bars = [
        Bar(f"{line.name} · median {count(line.median)}", line.layer, line.median, line.intervals) for line in lines
    ]
    people = OUTCOME_NAMES[case.outcome]
    ranges = "; ".join(
        f"{line.name}: median {count(line.median)}, " + ", ".join(
            f"{level}% {interval(ends, ' to ')}" for level, ends in zip(INTERVAL_LEVELS, line.intervals, strict=True)
        )
        for line in lines
    )  # fmt: skip
    figures = "; ".join(mark.title for mark in marks) or "no figure with a number"
    more = f"; and {plural(len(others), 'other reading')}" if others else ""
    svg = pictures.picture(
        anchor,
        f"Reported figures and estimated ranges: {people}, {shortened(clean(case.event))}",
        f"Reported: {figures}{more}. Estimated: {ranges}.",
        people,
        marks,
        bars,
        curves,
        case.floor,
        others,
    )
    condensed = ""
    if len(drawn) > MARKS_SHOWN:
        condensed = f"{plural(len(drawn), 'figure')}: the same figures are drawn once" + (
            f", and only the {MARKS_SHOWN} commonest are named; the table of reports has all." if others else "."
        )
    return svg, condensed


def history_picture(case: Case, anchor: str, said: Sequence[dict[str, Any]], history: Sequence[dict[str, Any]]) -> str:
    """Picture of an outcome's ranges over time; empty where the reports leave little to see.

    Parameters
    ----------
    case : Case
    anchor : str
        Unique within the page.
    said : sequence of dict
        Rows of the table that speak of this outcome.
    history : sequence of dict
        Rows of `Estimates.history` of this outcome.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    moments: dict[str, dict[str, Any]] = {str(row["as_of"]): row for row in history if isinstance(row["as_of"], str)}
    if len(moments) < 2:
        return ""
    marks: dict[str, list[Mark]] = {moment: [] for moment in moments}
    for record, row in _reports_of(said, history):
        if row["as_of"] in marks:
            name = shortened(clean(record["source"]), TITLE_LENGTH)
            marks[str(row["as_of"])].append(_mark(record, True, "", f"{name}, {clean(record['reported_at'])}"))
    steps: list[pictures.Step] = []
    sentences: list[str] = []
    days: set[str] = set()
    for moment, row in moments.items():
        day = clean(moment)[:10]
        bars = tuple(_bar_then(row, layer) for layer in ("documented", "by_now"))
        ranges = "; ".join(
            f"{bar.label}: median {count(bar.median)}, 80% {interval(bar.intervals[0], ' to ')}" for bar in bars
        )
        sentences.append(f"{clean(moment)}: {ranges}")
        # Many moments leave room for every other date only.
        label = "" if day in days or (len(moments) > LABELS_SHOWN and len(steps) % 2) else day
        steps.append(pictures.Step(label, sentences[-1], tuple(marks[moment]), bars))
        days.add(day)
    people = OUTCOME_NAMES[case.outcome]
    title = f"Ranges over time: {people}, {shortened(clean(case.event))}"
    return pictures.history_picture(f"{anchor}-history", title, ". ".join(sentences) + ".", people, steps)


def has_history(said: Sequence[dict[str, Any]]) -> bool:
    """Whether the reports of an outcome came in over time: at least three of them, at two or more times."""
    times = [str(record["reported_at"]) for record in said if record["reported_at"] and to_words(record) is not None]
    return len(times) >= FEWEST_DATED and 1 < len(set(times)) <= MOMENTS_SHOWN


def _reports_of(
    said: Sequence[dict[str, Any]], history: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each report with its row of the history."""
    rows = {(row["source"], row["words"], row["time"]): row for row in history}
    keyed = ((record, (record["source"], record["words"], record["reported_at"])) for record in said)
    return [(record, rows[key]) for record, key in keyed if key in rows and to_words(record) is not None]


def _bar_then(row: dict[str, Any], layer: str) -> Bar:
    ends = tuple((int(row[f"{layer}_low_{level}"]), int(row[f"{layer}_high_{level}"])) for level in (80, 95))
    return Bar(LAYER_NAMES[layer], layer, int(row[f"{layer}_median"]), ends)


def _marks(drawn: Sequence[tuple[bool, dict[str, Any]]]) -> tuple[list[Mark], list[int]]:
    """Marks of the figures, those that say the same together where there are many, and the numbers left over."""
    if len(drawn) <= MARKS_SHOWN:
        days = {record["reported_at"] for _, record in drawn}
        marks = [_mark(record, counts, *_speaker(record, len(days) > 1)) for counts, record in drawn]
        return sorted(marks, key=_mark_order), []
    groups: dict[tuple[object, ...], list[tuple[bool, dict[str, Any]]]] = {}
    for counts, record in drawn:
        key = (not counts, record["wording"], bool(record["subset"]), record["low"], record["high"], record["word"])
        groups.setdefault(key, []).append((counts, record))
    ordered = sorted(groups.values(), key=_commonest_first)
    marks = []
    for group in ordered[:MARKS_SHOWN]:
        counts, record = group[0]
        reports = plural(len(group), "report")
        marks.append(_mark(record, counts, reports, reports))
    rest = [_mark(group[0][1], True) for group in ordered[MARKS_SHOWN:]]
    return sorted(marks, key=_mark_order), [mark.low for mark in rest]


def _commonest_first(group: Sequence[tuple[bool, dict[str, Any]]]) -> tuple[object, ...]:
    counts, record = group[0]
    return (-len(group), not counts, *_mark_order(_mark(record, counts)))


def _mark_order(mark: Mark) -> tuple[object, ...]:
    return (mark.low + mark.high, mark.low, mark.label, mark.title)


def _speaker(record: dict[str, Any], dated: bool) -> tuple[str, str]:
    """Who gave a figure, and when where that tells figures apart: as short as a picture needs, and in full."""
    name = clean(record["source"])
    when = f", {clean(record['reported_at'])[:10]}" if dated and record["reported_at"] else ""
    return shortened(name, LABEL_LENGTH) + when, shortened(name, TITLE_LENGTH) + when


def _mark(record: dict[str, Any], counts: bool, speaker: str = "", full_name: str = "") -> Mark:
    words = to_words(record) or Words("none")
    reading = short_reading(record)
    label, full = f"{speaker}: {reading}", f"{full_name}: {reading}"
    low, high = words.low, words.high
    if record["subset"] or record["wording"] == "named":
        return Mark(label, full, "floor", low, low, muted=not counts)
    match words.wording:
        case "vague":
            outer_low, inner_low, inner_high, outer_high = VAGUE_WORDS[words.word]
            return Mark(label, full, "vague", outer_low, outer_high, (inner_low, inner_high), muted=not counts)
        case "about":
            return Mark(label, full, "about", *forms.window(words), at=words.number, muted=not counts)
        case "at_least" | "more_than":
            return Mark(label, full, "at_least", high, high, muted=not counts)
        case "up_to" | "at_most" | "nearly":
            return Mark(label, full, "up_to", high, high, muted=not counts)
        case "range":
            return Mark(label, full, "range", low, high, muted=not counts)
        case "none":
            return Mark(label, full, "none", 0, 0, muted=not counts)
        case _:
            return Mark(label, full, "exact", low, low, muted=not counts)
