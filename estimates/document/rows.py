"""Every report as the reader of a document sees it: its words, how they were read and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from estimates.inference.cases import Case
from estimates.inference.figures import group_of
from estimates.inference.missing import KILLED
from estimates.inference.missing_share import counted_lists
from estimates.models.wording import Words
from estimates.results.estimates import Estimates
from estimates.table.dates import Time, moments, parse_time
from estimates.table.report import Report, numbers_said
from estimates.text import clean, count, interval, plural, safe_url, shortened
from estimates.vocabulary import OUTCOME_NAMES

_KINDS = {"un": "United Nations", "ngo": "NGO", "party": "party to the conflict"}
_LOSSES = {"own": "on its own losses", "enemy": "on its enemy's losses", "own_strike": "on those hit by its own strike"}
_SILENCES = {"denial": "denied", "no_comment": "did not comment", "not_confirmed": "did not confirm"}
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
    def of(cls, estimates: Estimates, cases: Sequence[Case], reports: Sequence[Report]) -> Background:
        """Background of the reports of one event, given its cases."""
        cut = None if estimates.as_of is None else parse_time(estimates.as_of)
        own = (report for report in reports if report.is_estimated and not report.quotes)
        speaking = frozenset((report.outcome, report.source) for report in own if not report.is_late(cut))
        return cls(cut, {case.outcome: case for case in cases}, speaking)


@dataclass(frozen=True)
class ReportView:
    """One report as the reader sees it; texts are clean but not escaped."""

    line: int
    source: str
    kind: str
    outcome: str
    words: str
    reading: str
    time: str
    use: str
    counts: bool
    note: str
    url: str
    link: tuple[str, str] | None

    @classmethod
    def of(cls, background: Background, report: Report) -> ReportView:
        """View of one report."""
        use, counts = use_of(background, report)
        kind = "" if report.source_type == "unknown" else report.source_type.replace("_", " ")
        losses = _LOSSES.get(report.affiliation, "")
        url = clean(report.url or "")

        return cls(
            line=report.line,
            source=clean(report.source),
            kind=", ".join(part for part in (_KINDS.get(kind, kind), losses) if part),
            outcome=OUTCOME_NAMES[report.outcome],
            words=clean(report.words),
            reading=_reading(report),
            time=_time(report),
            use=use,
            counts=counts,
            note=clean(report.note or ""),
            url=url,
            link=safe_url(url),
        )


# Words and times ------------------------------------------------------------------------------------------------------


def silence(report: Report) -> str:
    """Who gave no figure, and how."""
    return f"{shortened(clean(report.source))} {_SILENCES[report.wording]}"


def short_reading(report: Report) -> str:
    """A figure in a few words; "part of them" for a subset."""
    if report.is_silent:
        return _SILENCES[report.wording]
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


def _reading(report: Report) -> str:
    """How a figure was read, in plain words."""
    text = short_reading(report)
    if report.is_silent:
        return f"{text}: no figure, kept apart from zero"
    if report.wording == "vague":
        low, high = numbers_said(report.said)
        text += f", usually {count(low)} to {count(high)}"
    if report.subset and report.group != "all":
        text += f": {clean(report.group)}"
    if report.provisional:
        text += "; said to rise"
    return text


def _time(report: Report) -> str:
    when = clean(report.reported_at or "no date")
    if report.scope == "period":
        return f"{when}; for {clean(report.period_start)} to {clean(report.period_end)}"
    age = _age(report.age_low, report.age_high)
    return f"{when} ({age})" if age else when


def _age(low: float, high: float) -> str:
    if not (isfinite(low) and isfinite(high)):
        return ""
    if high < 1:
        return "same day"
    if round(low) == round(high):
        return f"{plural(round(low), 'day')} after"
    return f"{int(low)} to {plural(round(high), 'day')} after"


# What became of it ----------------------------------------------------------------------------------------------------


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
