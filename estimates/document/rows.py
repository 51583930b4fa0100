"""Every report as the reader of a document sees it: its words, how they were read and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from estimates.inference.uses import SILENCES, Background, short_reading, use_of
from estimates.table.report import Report, numbers_said
from estimates.text import clean, count, plural, safe_url, shortened
from estimates.vocabulary import OUTCOME_NAMES

_KINDS = {"un": "United Nations", "ngo": "NGO", "party": "party to the conflict"}
_LOSSES = {"own": "on its own losses", "enemy": "on its enemy's losses", "own_strike": "on those hit by its own strike"}


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
        url = clean(report.url or "")

        return cls(
            line=report.line,
            source=clean(report.source),
            kind=kind_in_words(report.source_type, report.affiliation),
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


def kind_in_words(source_type: str, affiliation: str) -> str:
    """The type of a source, and whose losses it speaks of; nothing where neither is known."""
    kind = "" if source_type == "unknown" else source_type.replace("_", " ")
    return ", ".join(part for part in (_KINDS.get(kind, kind), _LOSSES.get(affiliation, "")) if part)


# Words and times ------------------------------------------------------------------------------------------------------


def silence(report: Report) -> str:
    """Who gave no figure, and how."""
    return f"{shortened(clean(report.source))} {SILENCES[report.wording]}"


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
