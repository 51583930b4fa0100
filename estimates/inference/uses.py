"""What became of each report, and what it says in a few words: for readers of a page or a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from estimates.inference.cases import Case
from estimates.inference.figures import group_of
from estimates.inference.missing import KILLED
from estimates.inference.missing_share import counted_lists
from estimates.models.wording import Words
from estimates.table.dates import Time, moments, parse_time
from estimates.table.report import Report
from estimates.text import clean, count, interval, shortened

#: What is said of who gave no figure.
SILENCES = {"denial": "denied", "no_comment": "did not comment", "not_confirmed": "did not confirm"}
_REPLACED = "replaced by the source's newer figure"


@dataclass(frozen=True)
class Background:
    """What one needs to tell what became of an event's reports.

    Attributes
    ----------
    cut : Time or None
        Reports made later are left out of the estimate.
    cases : mapping of str to Case
        By outcome.
    speaking : frozenset of (outcome, source)
        Who reported on each outcome without quoting anybody.
    """

    cut: Time | None
    cases: Mapping[str, Case]
    speaking: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, as_of: str | None, cases: Sequence[Case], reports: Sequence[Report]) -> Background:
        """Background of the reports of one event, given the time asked for and its cases."""
        cut = None if as_of is None else parse_time(as_of)
        own = (report for report in reports if report.is_estimated and not report.quotes)
        speaking = frozenset((report.outcome, report.source) for report in own if not report.is_late(cut))
        return cls(cut, {case.outcome: case for case in cases}, speaking)


def short_reading(report: Report) -> str:
    """A figure in a few words; "part of them" for a subset."""
    if report.is_silent:
        return SILENCES[report.wording]
    number = (report.high if report.low is None else report.low) or 0

    match report.wording:
        case "none":
            text = "none"
        case "vague":
            text = str(report.word)
        case "range":
            text = interval((report.low or 0, report.high or 0), " to ")
        case "named":
            return f"{count(number)} by name"
        case "exactly":
            text = count(number)
        case wording:
            text = f"{wording.replace('_', ' ')} {count(number)}"

    return f"{text} (part of them)" if report.subset else text


def use_of(background: Background, report: Report) -> tuple[str, bool]:
    """What became of a report, by the rules of `estimates.inference.cases`, and whether its number counts."""
    if report.is_context:
        return "context, not estimated", False
    if report.is_of_missing and report.scope != "period":
        return _use_of_missing(background, report)
    case = background.cases.get(report.outcome)
    if report.scope == "period" or case is None:
        return "covers a period, not estimated", False
    if report.is_late(background.cut):
        return "left out: later than the cut-off", False

    source = report.quotes or report.source
    name = shortened(clean(source))
    if report.quotes and (report.outcome, source) in background.speaking:
        return f"passes on {name}; not counted again", False
    if not report.counts:
        return "shown; bears on no number", False

    if report.withdrawn:
        return "withdrawn by the source; no evidence, though others may have copied it", False

    use, counts = ("counted as a floor", True) if report.is_floor else _use_of_figure(report, source, case)
    return (f"{use}, as {name}’s figure" if report.quotes and counts else use), counts


def _use_of_missing(background: Background, report: Report) -> tuple[str, bool]:
    """Whether a number of people missing bears on the killed of the end."""
    case = background.cases.get(KILLED)
    if report.is_late(background.cut):
        return "left out: later than the cut-off", False
    if case is None or not report.counts:
        return "shown; bears on no number", False
    source = report.quotes or report.source
    is_used = any(figure.key.source == source and figure.slot == report.age_bins for figure in counted_lists(case))
    if is_used:
        return "counted: says how many of the dead are still to be found", True
    return "left out: overtaken by a later list, or of a kind that says nothing of the dead", False


def _use_of_figure(report: Report, source: str, case: Case) -> tuple[str, bool]:
    """Whether a figure is the one that counts for its source and age bin, a part or a term of it, or left out."""
    groups = {group_of(report), group_of(report, report.population)}
    own = [figure for figure in case.standing_figures if figure.key.source == source and not figure.is_named]
    of_the_time = [
        figure
        for figure in own
        if figure.slot == report.age_bins and figure.group in groups and _are_tied(figure.reported, report.reported)
    ]

    for figure in of_the_time:
        if figure.is_part and any(each.group == figure.group and each.first_bin > figure.last_bin for each in own):
            return _REPLACED, False
        if report.said == figure.words and not figure.sum_of:
            return ("counted as a part, which may be everybody" if figure.is_part else "counted"), True
    if any(groups & {*figure.sum_of} and figure.slot == report.age_bins for figure in own):
        return "counted, added to the source's figures of the other groups", True
    if any(figure.words.wording == "range" and not figure.sum_of for figure in of_the_time):
        return "counted, joined with the source's other figure of that time into a range", True

    if report.is_part and any(figure.is_whole and figure.gives_number for figure in own):
        return "left out: the source counts everybody", False
    if report.is_part and report.said == Words("none"):
        return "left out: a group without any says nothing of the others", False
    return _REPLACED, False


def _are_tied(one: Time | None, other: Time | None) -> bool:
    """Whether neither of two figures is the newer one."""
    first, second = moments([one, other])
    return first == second
