"""Every report as the reader of a document sees it: its words, how they were read and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, isnan
from typing import Any

from estimates.inference.cases import Case, Row, to_words
from estimates.models.growth import FINAL, age_bin
from estimates.models.wording import VAGUE_WORDS, Words
from estimates.results.estimates import Estimates
from estimates.table.dates import Time, parse_time
from estimates.text import OUTCOME_NAMES, clean, count, interval, plural, safe_url, shortened
from estimates.vocabulary import CONTEXT_OUTCOMES

_KINDS = {"un": "United Nations", "ngo": "NGO", "party": "party to the conflict"}
_LOSSES = {"own": "on its own losses", "enemy": "on its enemy's losses", "own_strike": "on those hit by its own strike"}
_SILENCES = {"denial": "denied", "no_comment": "did not comment", "not_confirmed": "did not confirm"}
_REPLACED = "replaced by the source's newer figure"


def is_estimated(record: dict[str, Any]) -> bool:
    """Whether a report speaks of one event and of people, so that its figure may bear on an estimate."""
    return record["outcome"] not in CONTEXT_OUTCOMES and record["scope"] != "period"


@dataclass(frozen=True)
class Background:
    """What one needs to tell the fate of an event's reports."""

    cut: Time | None
    cases: Mapping[str, Case]
    speaking: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, estimates: Estimates, cases: Sequence[Case], records: Sequence[dict[str, Any]]) -> Background:
        """Background of an event's reports; ``speaking`` holds who gave a figure of their own for each outcome."""
        cut = None if estimates.as_of is None else parse_time(estimates.as_of)
        alone = cls(cut, {case.outcome: case for case in cases}, frozenset())
        own = (record for record in records if is_estimated(record) and not record["quotes"])
        speaking = {(str(record["outcome"]), str(record["source"])) for record in own if not alone.is_late(record)}
        return replace(alone, speaking=frozenset(speaking))

    def is_late(self, record: dict[str, Any]) -> bool:
        """Whether a report is later than the cut-off."""
        return bool(self.cut and record["reported_at"]) and parse_time(record["reported_at"]).start >= self.cut.end  # type: ignore[union-attr]


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
    def of(cls, background: Background, record: dict[str, Any]) -> ReportView:
        """View of one row of the table."""
        use, counts = use_of(background, record)
        kind = "" if record["source_type"] == "unknown" else str(record["source_type"]).replace("_", " ")
        losses = _LOSSES.get(str(record["affiliation"]), "")
        url = clean(record["url"] or "")
        return cls(
            line=int(record["line"]),
            source=clean(record["source"]),
            kind=", ".join(part for part in (_KINDS.get(kind, kind), losses) if part),
            outcome=OUTCOME_NAMES[str(record["outcome"])],
            words=clean(record["words"]),
            reading=_reading(record),
            time=_time(record),
            use=use,
            counts=counts,
            note=clean(record["note"] or ""),
            url=url,
            link=safe_url(url),
        )


# Words and times ------------------------------------------------------------------------------------------------------


def silence(record: dict[str, Any]) -> str:
    """Who gave no figure, and how."""
    return f"{shortened(clean(record['source']))} {_SILENCES[str(record['wording'])]}"


def short_reading(record: dict[str, Any]) -> str:
    """A figure in a few words; "part of them" for a subset."""
    wording, low, high = str(record["wording"]), record["low"], record["high"]
    number = high if low is None else low
    if wording in _SILENCES:
        return _SILENCES[wording]
    if wording == "range":
        text = interval((low, high), " to ")
    elif wording in ("none", "exactly", "named", "vague"):
        text = "none" if wording == "none" else str(record["word"]) if wording == "vague" else count(number)
    else:
        text = f"{wording.replace('_', ' ')} {count(number)}"
    if wording == "named":
        return f"{text} by name"
    return f"{text} (part of them)" if record["subset"] else text


def _reading(record: dict[str, Any]) -> str:
    """How a figure was read, in plain words."""
    wording = str(record["wording"])
    if wording in _SILENCES:
        return f"{_SILENCES[wording]}: no figure, kept apart from zero"
    text = short_reading(record)
    if wording == "vague":
        _, low, high, _ = VAGUE_WORDS[str(record["word"])]
        text += f", usually {count(low)} to {count(high)}"
    if record["subset"] and record["group"] != "all":
        text += f": {clean(record['group'])}"
    if record["provisional"]:
        text += "; said to rise"
    return text


def _time(record: dict[str, Any]) -> str:
    when = clean(record["reported_at"] or "no date")
    if record["scope"] == "period":
        return f"{when}; for {clean(record['period_start'])} to {clean(record['period_end'])}"
    age = _age(float(record["age_low"]), float(record["age_high"]))
    return f"{when} ({age})" if age else when


def _age(low: float, high: float) -> str:
    if isnan(low) or isnan(high) or not isfinite(high):
        return ""
    if high < 1:
        return "same day"
    if round(low) == round(high):
        return f"{plural(round(low), 'day')} after"
    return f"{int(low)} to {plural(round(high), 'day')} after"


# What became of it ----------------------------------------------------------------------------------------------------


def use_of(background: Background, record: dict[str, Any]) -> tuple[str, bool]:
    """What became of a report, by the rules of `estimates.inference.cases`, and whether its number counts."""
    outcome, quoted = str(record["outcome"]), record["quotes"]
    if outcome in CONTEXT_OUTCOMES:
        return "context, not estimated", False
    case = background.cases.get(outcome)
    if record["scope"] == "period" or case is None:
        return "covers a period, not estimated", False
    if background.is_late(record):
        return "left out: later than the cut-off", False
    source = str(quoted or record["source"])
    name = shortened(clean(source))
    if quoted and (outcome, source) in background.speaking:
        return f"passes on {name}; not counted again", False
    words = to_words(record)
    is_floor = record["wording"] == "named" or bool(record["subset"])
    if words is None or (is_floor and not words.low):
        return "shown; bears on no number", False
    fate = "counted as a floor" if is_floor else _fate(record, source, words, case)
    return (f"{fate}, as {name}’s figure" if quoted else fate), fate != _REPLACED


def _fate(record: dict[str, Any], source: str, words: Words, case: Case) -> str:
    low, high = float(record["age_low"]), float(record["age_high"])
    bins = (0, FINAL) if isnan(low) or isnan(high) else (age_bin(low), age_bin(high))
    baselines = [
        row
        for row in case.rows
        if not row.floor_group and row.key.source == source and (row.first_bin, row.last_bin) == bins
    ]
    if any(row.words == words and _same_time(row, record) for row in baselines):
        return "counted"
    if any(_same_time(row, record) for row in baselines):
        return "counted, joined with the source's other figure of that time into a range"
    return _REPLACED


def _same_time(row: Row, record: dict[str, Any]) -> bool:
    when = parse_time(record["reported_at"]) if record["reported_at"] else None
    if when is None or row.reported is None:
        return when is row.reported
    return row.reported.first_day == when.first_day and (
        not (row.reported.has_clock and when.has_clock) or row.reported.start == when.start
    )
