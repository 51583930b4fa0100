"""From reports to the marks of a picture: what each figure says, who gave it, and whether it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from estimates.inference.uses import Background, short_reading, use_of
from estimates.models import wording as forms
from estimates.models.wording import VAGUE_WORDS, Words
from estimates.plots.things import Mark
from estimates.table.report import Report
from estimates.text import clean, plural, shortened

#: So many figures, or groups of equal figures, are drawn one by one.
MARKS_SHOWN = 12
#: Longest name that the pointer shows.
_TITLE_LENGTH = 300


def marks_of(background: Background, said: Sequence[Report], most: int = MARKS_SHOWN) -> tuple[list[Mark], list[Mark]]:
    """Marks of the figures of one outcome, from the smallest to the largest.

    Parameters
    ----------
    background : Background
    said : sequence of Report
        Those that speak of this outcome; those without a number are passed over.
    most : int
        Of more figures than this those that say the same are joined, and only the commonest get a mark; of equally
        common ones those that count before the others, and the newest first.

    Returns
    -------
    marks : list of Mark
    others : list of Mark
        Those that are not to be drawn one by one.
    """
    drawn = [(use_of(background, report)[1], report) for report in said if report.said is not None]
    dated = len({report.reported_at for _, report in drawn}) > 1
    if len(drawn) > most:
        return _grouped(drawn, most, dated)
    return sorted((_of_one(report, counts, dated) for counts, report in drawn), key=_order), []


def marks_by_moment(said: Sequence[Report], history: Sequence[dict[str, Any]]) -> Mapping[str | None, Sequence[Mark]]:
    """Marks of the figures that are new at each moment of a history, in the order of the table.

    Parameters
    ----------
    said : sequence of Report
        Those that speak of this outcome.
    history : sequence of dict
        Rows of `Estimates.history` of this outcome.
    """
    new_at = {(row["source"], row["words"], row["time"]): row["as_of"] for row in history}
    marks: dict[str | None, list[Mark]] = defaultdict(list)
    for report in said:
        key = (report.source, report.words, report.reported_at)
        if key in new_at and report.said is not None:
            name = f"{shortened(clean(report.source), _TITLE_LENGTH)}, {clean(report.reported_at)}"
            mark = _mark(report, name, name)
            marks[new_at[key]].append(replace(mark, muted=report.is_part))
    return marks


def _grouped(drawn: Sequence[tuple[bool, Report]], most: int, dated: bool) -> tuple[list[Mark], list[Mark]]:
    """Marks of the commonest figures, with who or how many say so, and those of the others."""
    groups: dict[tuple[object, ...], list[tuple[bool, Report]]] = {}
    for counts, report in drawn:
        key = (not counts, report.wording, report.subset, report.low, report.high, report.word)
        groups.setdefault(key, []).append((counts, report))
    ordered = sorted(groups.values(), key=lambda group: _order(_mark(group[0][1])))
    ordered.sort(key=lambda group: max(report.reported_at or "" for _, report in group), reverse=True)
    ordered.sort(key=lambda group: (-len(group), not group[0][0]))

    marks = [_of_group(group, dated) for group in ordered]
    return sorted(marks[:most], key=_order), marks[most:]


def _of_group(group: Sequence[tuple[bool, Report]], dated: bool) -> Mark:
    """The mark of figures that say the same."""
    counts, report = group[0]
    if len(group) == 1:
        return _of_one(report, counts, dated)
    reports = plural(len(group), "report")
    return replace(_mark(report, reports, reports), muted=not counts)


def _order(mark: Mark) -> tuple[object, ...]:
    return (mark.low + mark.high, mark.low, mark.name, mark.title)


def _of_one(report: Report, counts: bool, dated: bool) -> Mark:
    """The mark of one report: who gave the figure, and when where that tells figures apart."""
    name = clean(report.source)
    when = clean(report.reported_at)[:10] if dated and report.reported_at else ""
    full_name = shortened(name, _TITLE_LENGTH) + (f", {when}" if when else "")
    return replace(_mark(report, name, full_name), muted=not counts, when=when)


def _mark(report: Report, name: str = "", full_name: str = "") -> Mark:
    """A report that says something of a number as a mark."""
    words, reading = report.said or Words("none"), short_reading(report)
    mark = Mark(name, reading, f"{full_name}: {reading}", "exact", words.low, words.high)
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
