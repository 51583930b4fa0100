"""The uncertainty report: what was said, how it was read, what ranges follow and what they rest on.

`_view` turns estimates into plain dataclasses of text and numbers; the templates lay them out as HTML or Markdown.
Nothing in the output depends on the clock or on where it is written.
"""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import numpy as np
import pandas as pd

from estimates import plots
from estimates.errors import EstimatesError
from estimates.evidence import Question, Row, to_words
from estimates.models import forms
from estimates.models.documentation import FINAL, age_bin
from estimates.models.forms import Words
from estimates.models.grid import Grid, probability_at_least
from estimates.models.wordings import VAGUE_WORDS, WORDLESS_WORDINGS
from estimates.plots import Bar, Curve, Mark
from estimates.priors import PRIORS
from estimates.results import Estimates
from estimates.times import Time, parse_time
from estimates.vocabulary import CONTEXT_OUTCOMES, ESTIMATED_OUTCOMES, INTERVAL_LEVELS, LAYERS

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_html", "render_markdown", "write_document"]

#: The three lines of every estimate, as readers see them.
LINE_NAMES = {"by_now": "documented by now", "documented": "documented in the end", "total": "full toll"}
#: Outcomes after "number of".
OUTCOME_NAMES = {
    "killed": "people killed",
    "injured": "people injured",
    "missing": "people missing",
    "dead_or_missing": "people dead or missing",
    "displaced": "people displaced",
    "casualties": "people killed or injured",
    "strikes": "strikes",
    "munitions": "munitions",
    "incidents": "incidents",
}
#: So many figures, or groups of equal figures, are drawn one by one.
MARKS_SHOWN = 12
#: So many of the numbers said get a probability of their own.
CHANCES_SHOWN = 8
#: Longest name in a picture, and in a heading or a small table.
LABEL_LENGTH, NAME_LENGTH, TITLE_LENGTH = 30, 60, 300

MEANING = (
    "If the assumptions below hold, the number that a line speaks of lies within its 50% range with even chances, "
    "within its 80% range in four cases of five and within its 95% range in nineteen of twenty (somewhat more often "
    "where tolls are small, since they are whole numbers). The median is the middle of the range, not the "
    "answer; the mean may lie far above it where very large tolls cannot be excluded. Never quote a single number "
    "without its range."
)
LIMITS = (
    (
        "A shared origin",
        "Two outlets that quote one hospital look like two sources; if the table does not say so, the range is too "
        "narrow, and if the hospital is wrong, so are both.",
    ),
    (
        "Events merged or split wrongly",
        "Reports of two events under one name, or of one event under two, give a wrong range without any warning.",
    ),
    (
        "Different people counted",
        "Civilians and combatants, killed and casualties, must not stand for one another in the table.",
    ),
    ("Events nobody reported", "They are not in this report and are not added."),
)
USE = (
    "A range may be quoted with its line, its probability, the date of the data and this report. It may not be used as "
    "a count of named victims, as proof that a given number of people were hit, to judge a source by one event, or "
    "added to other ranges end to end."
)

#: Joiners that scripts such as Persian and Hindi need; other invisible characters go.
_JOINERS = "\u200c\u200d"


# Writing --------------------------------------------------------------------------------------------------------------


def write_document(estimates: Estimates, path: str | os.PathLike[str]) -> Path:
    """Write the uncertainty report to a file, whole or not at all.

    Parameters
    ----------
    estimates : Estimates
    path : path
        Ending in .html or .htm for a self-contained page, in .md or .markdown for Markdown.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    EstimatesError
        If the ending is another one, or the file cannot be written there.
    """
    target = Path(path)
    renderers = {".html": render_html, ".htm": render_html, ".md": render_markdown, ".markdown": render_markdown}
    render = renderers.get(target.suffix.lower())
    if render is None:
        raise EstimatesError(f"{target}: a report ends in .html, .htm, .md or .markdown; write it to such a file")
    if target.is_dir():
        raise EstimatesError(f"{target} is a folder; name a file in it, such as {target / 'report.html'}")
    if not target.parent.is_dir():
        raise EstimatesError(f"{target}: there is no folder {target.parent}; make it first or choose another")
    _replace(target, render(estimates).encode("utf-8"))
    return target


def _replace(target: Path, content: bytes) -> None:
    """Put content in the target's place in one step, so that a half-written report never exists."""
    temporary = target.parent / f".report-{secrets.token_hex(8)}.tmp"
    try:
        try:
            temporary.write_bytes(content)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise EstimatesError(
            f"{target}: cannot be written ({reason}); check the folder's permissions and the room left"
        ) from None


def render_html(estimates: Estimates) -> str:
    """The report as one self-contained HTML page without scripts.

    Parameters
    ----------
    estimates : Estimates

    Returns
    -------
    str
    """
    return str(_templates(True).get_template("report.html.j2").render(report=_view(estimates)))


def render_markdown(estimates: Estimates) -> str:
    """The report as Markdown (tables in GitHub's flavour); pictures are in the HTML report only.

    Parameters
    ----------
    estimates : Estimates

    Returns
    -------
    str
    """
    return str(_templates(False).get_template("report.md.j2").render(report=_view(estimates)))


@cache
def _templates(html: bool) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only writers of reports wait for it
    from markupsafe import Markup

    templates = Environment(
        loader=PackageLoader("estimates"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"count": _count, "percent": _percent, "interval": _interval, "short": _shortened}
    templates.filters |= {"markup": Markup, "md": escape_markdown, "md_url": _markdown_address}
    return templates


# Text from outside ----------------------------------------------------------------------------------------------------


def clean(text: object) -> str:
    """Text on one line, without control characters and without marks that turn the direction of what follows."""
    folded = " ".join(str(text).split())
    return "".join(c for c in folded if c in _JOINERS or unicodedata.category(c)[0] != "C")


def escape_markdown(text: object) -> str:
    """Text that Markdown shows as it is, also in a cell of a table."""
    plain = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([\\`*_\[\]#|~$!])", r"\\\1", plain)
    # What only means something at the start of a line.
    return re.sub(r"^(\d*)([-+=.)])(?=\s|$|[-=])", r"\1\\\2", escaped)


def safe_url(text: object) -> tuple[str, str] | None:
    """Address and host of a link worth following: http and https only; None for anything else."""
    address = clean(text or "")
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~"), _shortened(host)


def _markdown_address(address: str) -> str:
    """An address that ends neither a link in angle brackets nor a cell of a table."""
    return quote(address, safe="%/:?#@!$&'+,;=-._~")


def _shortened(text: str, length: int = NAME_LENGTH) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# Numbers in words -----------------------------------------------------------------------------------------------------


def _count(value: float) -> str:
    """A count or a mean with thousands separated; means below a hundred keep one decimal."""
    if isinstance(value, float) and not value.is_integer() and abs(value) < 100:
        return f"{value:.1f}"
    return f"{value:,.0f}"


def _interval(ends: Sequence[int], joiner: str = "–") -> str:
    low, high = ends
    return _count(low) if low == high else f"{_count(low)}{joiner}{_count(high)}"


def _percent(probability: float) -> str:
    if 0.0 < probability < 0.01:
        return "<1%"
    if 0.99 < probability < 1.0:
        return ">99%"
    return f"{100 * probability:.0f}%"


def _between(ends: Sequence[int]) -> str:
    low, high = ends
    return f"is {_count(low)}" if low == high else f"lies between {_count(low)} and {_count(high)}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _factor(value: float) -> str:
    return f"×{value:.2f}"


# The view -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineView:
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


@dataclass(frozen=True)
class InfluenceView:
    """Medians and 80% ranges without one source, for the documented and the full toll."""

    without: str
    ranges: tuple[tuple[int, tuple[int, int]], ...]


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


@dataclass(frozen=True)
class OutcomeView:
    """Everything about one outcome of one event."""

    name: str
    people: str
    anchor: str
    sentences: tuple[str, ...]
    warning: str
    picture: str
    condensed: str
    silent: tuple[str, ...]
    floor: int | None
    reported: str
    lines: tuple[LineView, ...]
    chances: tuple[tuple[int, float, float], ...]
    chances_of: int
    influence: tuple[InfluenceView, ...]


@dataclass(frozen=True)
class EventView:
    """One event with its outcomes and every report of it."""

    name: str
    anchor: str
    facts: tuple[str, ...]
    outcomes: tuple[OutcomeView, ...]
    reports: tuple[ReportView, ...]
    context: tuple[ReportView, ...]


@dataclass(frozen=True)
class BiasView:
    """How a type of source is taken to count, as factors on the number documented."""

    name: str
    median: str
    likely: str
    prior: str
    basis: str


@dataclass(frozen=True)
class DocumentView:
    """The whole report."""

    table: str
    cut_off: str
    events: tuple[EventView, ...]
    report_count: int
    by_now: str
    meaning: str
    assumptions: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    use: str
    biases: tuple[BiasView, ...]
    priors: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]

    @property
    def outcomes(self) -> tuple[tuple[EventView, OutcomeView], ...]:
        """Every outcome with its event."""
        return tuple((event, outcome) for event in self.events for outcome in event.outcomes)


@dataclass(frozen=True)
class _Background:
    """What one needs to tell the fate of an event's reports."""

    cut: Time | None
    questions: Mapping[str, Question]
    speaking: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, estimates: Estimates, questions: Sequence[Question], records: Sequence[dict[str, Any]]) -> _Background:
        """Background of an event's reports; ``speaking`` holds who gave a figure of their own for each outcome."""
        cut = None if estimates.as_of is None else parse_time(estimates.as_of)
        alone = cls(cut, {question.outcome: question for question in questions}, frozenset())
        own = (record for record in records if _is_estimated(record) and not record["quotes"])
        speaking = {(str(record["outcome"]), str(record["source"])) for record in own if not alone.is_late(record)}
        return replace(alone, speaking=frozenset(speaking))

    def is_late(self, record: dict[str, Any]) -> bool:
        """Whether a report is later than the cut-off."""
        return bool(self.cut and record["reported_at"]) and parse_time(record["reported_at"]).start >= self.cut.end  # type: ignore[union-attr]


def _view(estimates: Estimates) -> DocumentView:
    table = estimates.reports.table
    ranges = _by_question(estimates.ranges(layers=LAYERS))
    influence = _by_question(estimates.influence())
    questions: dict[str, list[Question]] = {}
    for question in sorted(estimates.questions, key=lambda question: ESTIMATED_OUTCOMES.index(question.outcome)):
        questions.setdefault(question.event, []).append(question)
    records = _records(table)
    events = []
    for number, name in enumerate(sorted(records), start=1):
        background = _Background.of(estimates, questions.get(name, []), records[name])
        outcomes = tuple(
            _outcome(
                estimates,
                background,
                question,
                f"event-{number}-{question.outcome}",
                records[name],
                ranges[name, question.outcome],
                influence.get((name, question.outcome), []),
            )
            for question in questions.get(name, [])
        )
        events.append(_event(background, name, f"event-{number}", records[name], outcomes))
    return DocumentView(
        table=clean(Path(estimates.reports.name).name or estimates.reports.name),
        cut_off=_cut_off(estimates, table),
        events=tuple(events),
        report_count=len(table),
        by_now=_by_now_meaning(estimates),
        meaning=MEANING,
        assumptions=_assumptions(estimates),
        limits=LIMITS,
        use=USE,
        biases=_biases(estimates),
        priors=tuple((prior.name, prior.describe(), prior.basis) for prior in PRIORS.values()),
        notes=tuple(clean(note) for note in estimates.notes),
        provenance=tuple((name.replace("_", " "), _stated(value)) for name, value in estimates.provenance.items()),
    )


def _by_question(frame: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        grouped.setdefault((str(row["event"]), str(row["outcome"])), []).append({str(key): row[key] for key in row})
    return grouped


def _records(table: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Rows of each event, in the order of the table."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_dict("records"):
        record = {str(key): value for key, value in row.items()}
        grouped.setdefault(str(record["event"]), []).append(record)
    return grouped


def _stated(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not given" if value is None else clean(value)


def _cut_off(estimates: Estimates, table: pd.DataFrame) -> str:
    if estimates.as_of is not None:
        return f"{clean(estimates.as_of)} (reports made later are left out)"
    times = [text for text in table["reported_at"] if isinstance(text, str) and text]
    if not times:
        return "not known: no report is dated"
    return f"{clean(max(times, key=lambda text: (parse_time(text).end, text)))} (the latest report)"


def _by_now_meaning(estimates: Estimates) -> str:
    when = "when the latest figures were given" if estimates.as_of is None else f"by {clean(estimates.as_of)}"
    return f"what could be documented {when}"


def _assumptions(estimates: Estimates) -> tuple[tuple[str, str], ...]:
    parameters = estimates.profile.parameters
    copying, copying_range = _middle_and_range(100 * parameters["copying"], "{:.0f}%")
    kappa, kappa_range = _middle_and_range(estimates.profile.kappa, "{:.2f}")
    return (
        (
            "Sources",
            f"The source profile is “{clean(estimates.profile.name)}”. Each source may count too many or too few, by "
            "factors that depend on its type and are listed below. Counts alone show how sources differ from one "
            "another, never how far all of them are off together; that part comes from the priors.",
        ),
        (
            "Copying",
            "A figure that agrees with an earlier one may repeat it. The chance of a copy is put at "
            f"{copying} (80% range {copying_range}), so that many equal figures count for less than as many "
            "independent ones.",
        ),
        (
            "Growth",
            "Early figures are expected to rise as more becomes known, and more so where a source says that they will "
            "or where people are buried or drowned.",
        ),
        (
            "The undocumented",
            "The full toll adds a remainder that is never documented, from judgements of expert coders. Its strength, "
            f"kappa, is put at {kappa} (80% range {kappa_range}); nothing in this table can check it. It is too narrow "
            "above about a thousand deaths.",
        ),
        (
            "Silence",
            "A source that gives no figure, declines to comment, denies or does not confirm is never read as zero; "
            "these stay apart from one another and bear on no number.",
        ),
    )


def _middle_and_range(draws: Any, form: str) -> tuple[str, str]:
    low, middle, high = (form.format(value) for value in np.quantile(draws, [0.1, 0.5, 0.9]).tolist())
    return middle, f"{low} to {high}"


def _biases(estimates: Estimates) -> tuple[BiasView, ...]:
    views = []
    for name, prior in PRIORS.items():
        kind, _, which = name.partition(".")
        if kind == "bias" and which != "spread":
            low, middle, high = np.exp(np.quantile(estimates.profile.parameters[name], [0.1, 0.5, 0.9])).tolist()
            likely = f"{_factor(low)} to {_factor(high)}"
            label = _BIAS_NAMES.get(which, which)
            views.append(BiasView(label, _factor(middle), likely, prior.describe(), prior.basis))
    return tuple(views)


_BIAS_NAMES = {
    "international_media": "international media",
    "local_media": "local media",
    "rescue": "rescue services",
    "health": "hospitals and health authorities",
    "monitor": "monitoring groups",
    "un": "United Nations",
    "other": "all other types of source",
    "own": "a party speaking of its own losses",
    "enemy": "a party speaking of its enemy's losses",
    "own_strike": "a party speaking of those hit by its own strike",
}


# Events and outcomes --------------------------------------------------------------------------------------------------


def _event(
    background: _Background,
    name: str,
    anchor: str,
    records: Sequence[dict[str, Any]],
    outcomes: tuple[OutcomeView, ...],
) -> EventView:
    return EventView(
        name=clean(name),
        anchor=anchor,
        facts=_facts(records),
        outcomes=outcomes,
        reports=tuple(_report(background, record) for record in records if _is_estimated(record)),
        context=tuple(_report(background, record) for record in records if not _is_estimated(record)),
    )


def _facts(records: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    facts = []
    for column in ("event_date", "event_type", "place"):
        values = sorted({clean(record[column]) for record in records if record[column] not in (None, "", "unknown")})
        facts += [value.replace("_", " ") if column == "event_type" else value for value in values]
    return tuple(_shortened(fact) for fact in facts)


def _is_estimated(record: dict[str, Any]) -> bool:
    return record["outcome"] not in CONTEXT_OUTCOMES and record["scope"] != "period"


def _outcome(
    estimates: Estimates,
    background: _Background,
    question: Question,
    anchor: str,
    records: Sequence[dict[str, Any]],
    ranges: Sequence[dict[str, Any]],
    influence: Sequence[dict[str, Any]],
) -> OutcomeView:
    said = [record for record in records if record["outcome"] == question.outcome and _is_estimated(record)]
    lines = tuple(_line(row) for row in ranges)
    people = OUTCOME_NAMES[question.outcome]
    picture, condensed = _picture(estimates, background, question, anchor, said, lines)
    numbers = _numbers_said(question)
    return OutcomeView(
        name=people[0].upper() + people[1:],
        people=people,
        anchor=anchor,
        sentences=_sentences(question, people, lines),
        warning=_warning(question),
        picture=picture,
        condensed=condensed,
        silent=tuple(_silence(record) for record in said if record["wording"] in WORDLESS_WORDINGS[1:]),
        floor=question.floor,
        reported=_reported(question),
        lines=lines,
        chances=_chances(estimates, question, _thinned(numbers, CHANCES_SHOWN)),
        chances_of=len(numbers),
        influence=_influence(influence),
    )


def _line(row: dict[str, Any]) -> LineView:
    intervals = tuple((int(row[f"low_{level}"]), int(row[f"high_{level}"])) for level in INTERVAL_LEVELS)
    return LineView(row["layer"], LINE_NAMES[row["layer"]], int(row["median"]), float(row["mean"]), intervals)


def _reported(question: Question) -> str:
    low, high = question.reported_low, question.reported_high
    return "no figure" if low is None or high is None else _interval((low, high))


def _sentences(question: Question, people: str, lines: Sequence[LineView]) -> tuple[str, ...]:
    documented, total = lines[1], lines[2]
    return (
        _what_was_said(question, people),
        f"Under the assumptions of this report, the number of {people} that is documented in the end "
        f"{_between(documented.likely)} with a probability of 80% (median {_count(documented.median)}).",
        f"The full toll, with those never documented, {_between(total.likely)} with a probability of 80% "
        f"(median {_count(total.median)}).",
    )


def _what_was_said(question: Question, people: str) -> str:
    low, high = question.reported_low, question.reported_high
    speakers = len({row.key.source for row in question.rows if not row.floor_group})
    floor = ""
    if question.floor is not None:
        floor = f" The floor, people counted by name or as part of the whole, is {_count(question.floor)}."
    if low is None or high is None:
        return f"No source gave a figure for all {people}.{floor}"
    who = "One source puts" if speakers == 1 else f"{speakers:,} sources put"
    if high == 0:
        return f"{who.replace(' put', ' report')} no {people}.{floor}"
    vague = sorted({row.words.word for row in question.rows if row.words is not None and row.words.wording == "vague"})
    usual = f", taking “{'” and “'.join(vague)}” in the usual sense" if vague else ""
    return f"{who} the number of {people} at {_interval((low, high), ' to ')}{usual}.{floor}"


def _warning(question: Question) -> str:
    if not question.has_figure:
        return "No figure bears on this outcome: the ranges are prior only, and say nothing about this event."
    if question.reported_high is None:
        return "Only a floor is known: above it the ranges are dominated by the prior."
    if len(question.sources) == 1:
        return "One source only: nothing checks it, and the ranges rest on it and on the prior."
    return ""


def _numbers_said(question: Question) -> list[int]:
    said: set[int] = set()
    for row in question.rows:
        if row.words is not None and not row.floor_group:
            usual = VAGUE_WORDS[row.words.word][1:3] if row.words.wording == "vague" else None
            said |= set(usual or (row.words.low, row.words.high))
    return sorted(said - {0} or {1})


def _thinned(numbers: Sequence[int], most: int) -> list[int]:
    """At most so many of the numbers, the first and the last among them."""
    if len(numbers) <= most:
        return list(numbers)
    return [numbers[round(index * (len(numbers) - 1) / (most - 1))] for index in range(most)]


def _grid(estimates: Estimates, question: Question, layer: str) -> tuple[Grid, Any]:
    mass = estimates.mass(question.event, question.outcome, layer)
    start, width = mass["count"].to_numpy(), mass["width"].to_numpy()
    return Grid(np.append(start, start[-1] + width[-1])), mass["probability"].to_numpy()


def _chances(estimates: Estimates, question: Question, numbers: Sequence[int]) -> tuple[tuple[int, float, float], ...]:
    documented, total = (_grid(estimates, question, layer) for layer in ("documented", "total"))
    return tuple(
        (number, probability_at_least(*documented, number), probability_at_least(*total, number)) for number in numbers
    )


def _influence(rows: Sequence[dict[str, Any]]) -> tuple[InfluenceView, ...]:
    found: dict[str, list[tuple[int, tuple[int, int]]]] = {}
    for row in rows:
        likely = (int(row["low_80"]), int(row["high_80"]))
        found.setdefault(str(row["without"]), []).append((int(row["median"]), likely))
    return tuple(InfluenceView(_shortened(clean(name)), tuple(ranges)) for name, ranges in found.items())


# Pictures -------------------------------------------------------------------------------------------------------------


def _picture(
    estimates: Estimates,
    background: _Background,
    question: Question,
    anchor: str,
    said: Sequence[dict[str, Any]],
    lines: Sequence[LineView],
) -> tuple[str, str]:
    drawn = [(_use(background, record)[1], record) for record in said if to_words(record) is not None]
    marks, others = _marks(drawn)
    bars = [
        Bar(f"{line.name} · median {_count(line.median)}", line.layer, line.median, line.intervals) for line in lines
    ]
    curves = []
    for layer in ("total", "documented"):
        grid, probability = _grid(estimates, question, layer)
        curves.append(Curve(layer, grid.edges, probability))
    people = OUTCOME_NAMES[question.outcome]
    ranges = "; ".join(
        f"{line.name}: median {_count(line.median)}, " + ", ".join(
            f"{level}% {_interval(ends, ' to ')}" for level, ends in zip(INTERVAL_LEVELS, line.intervals, strict=True)
        )
        for line in lines
    )  # fmt: skip
    figures = "; ".join(mark.title for mark in marks) or "no figure with a number"
    more = f"; and {_plural(len(others), 'other reading')}" if others else ""
    svg = plots.picture(
        anchor,
        f"Reported figures and estimated ranges: {people}, {_shortened(clean(question.event))}",
        f"Reported: {figures}{more}. Estimated: {ranges}.",
        people,
        marks,
        bars,
        curves,
        question.floor,
        others,
    )
    condensed = ""
    if len(drawn) > MARKS_SHOWN:
        condensed = f"{_plural(len(drawn), 'figure')}: the same figures are drawn once" + (
            f", and only the {MARKS_SHOWN} commonest are named; the table of reports has all." if others else "."
        )
    return svg, condensed


def _marks(drawn: Sequence[tuple[bool, dict[str, Any]]]) -> tuple[list[Mark], list[int]]:
    """Marks of the figures, those that say the same together where there are many, and the numbers left over."""
    if len(drawn) <= MARKS_SHOWN:
        days = {record["reported_at"] for _, record in drawn}
        marks = [_mark(record, counts, _speaker(record, len(days) > 1)) for counts, record in drawn]
        return sorted(marks, key=_mark_order), []
    groups: dict[tuple[object, ...], list[tuple[bool, dict[str, Any]]]] = {}
    for counts, record in drawn:
        key = (not counts, record["wording"], bool(record["subset"]), record["low"], record["high"], record["word"])
        groups.setdefault(key, []).append((counts, record))
    ordered = sorted(groups.values(), key=_commonest_first)
    marks = [_mark(group[0][1], group[0][0], _plural(len(group), "report")) for group in ordered[:MARKS_SHOWN]]
    rest = [_mark(group[0][1], True, "") for group in ordered[MARKS_SHOWN:]]
    return sorted(marks, key=_mark_order), [mark.low for mark in rest]


def _commonest_first(group: Sequence[tuple[bool, dict[str, Any]]]) -> tuple[object, ...]:
    counts, record = group[0]
    return (-len(group), not counts, *_mark_order(_mark(record, counts, "")))


def _mark_order(mark: Mark) -> tuple[object, ...]:
    return (mark.low + mark.high, mark.low, mark.label, mark.title)


def _speaker(record: dict[str, Any], dated: bool) -> str:
    name = _shortened(clean(record["source"]), LABEL_LENGTH)
    return f"{name}, {clean(record['reported_at'])[:10]}" if dated and record["reported_at"] else name


def _mark(record: dict[str, Any], counts: bool, speaker: str) -> Mark:
    words = to_words(record) or Words("none")
    reading = _short_reading(record)
    label = f"{speaker}: {reading}" if speaker else reading
    full = label if "report" in speaker else f"{_shortened(clean(record['source']), TITLE_LENGTH)}: {reading}"
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


# Reports --------------------------------------------------------------------------------------------------------------


def _report(background: _Background, record: dict[str, Any]) -> ReportView:
    use, counts = _use(background, record)
    kind = "" if record["source_type"] == "unknown" else str(record["source_type"]).replace("_", " ")
    losses = _LOSSES.get(str(record["affiliation"]), "")
    url = clean(record["url"] or "")
    return ReportView(
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


_KINDS = {"un": "United Nations", "ngo": "NGO", "party": "party to the conflict"}
_LOSSES = {"own": "on its own losses", "enemy": "on its enemy's losses", "own_strike": "on those hit by its own strike"}
_SILENCES = {
    "denial": "denied",
    "no_comment": "did not comment",
    "not_confirmed": "did not confirm",
}


def _silence(record: dict[str, Any]) -> str:
    return f"{_shortened(clean(record['source']))} {_SILENCES[str(record['wording'])]}"


def _short_reading(record: dict[str, Any]) -> str:
    """A figure in a few words; "part of them" for a subset."""
    wording, low, high = str(record["wording"]), record["low"], record["high"]
    number = high if low is None else low
    if wording in _SILENCES:
        return _SILENCES[wording]
    if wording == "range":
        text = _interval((low, high), " to ")
    elif wording in ("none", "exactly", "named", "vague"):
        text = "none" if wording == "none" else str(record["word"]) if wording == "vague" else _count(number)
    else:
        text = f"{wording.replace('_', ' ')} {_count(number)}"
    if wording == "named":
        return f"{text} by name"
    return f"{text} (part of them)" if record["subset"] else text


def _reading(record: dict[str, Any]) -> str:
    """How a figure was read, in plain words."""
    wording = str(record["wording"])
    if wording in _SILENCES:
        return f"{_SILENCES[wording]}: no figure, kept apart from zero"
    text = _short_reading(record)
    if wording == "vague":
        _, low, high, _ = VAGUE_WORDS[str(record["word"])]
        text += f", usually {_count(low)} to {_count(high)}"
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
        return f"{_plural(round(low), 'day')} after"
    return f"{int(low)} to {_plural(round(high), 'day')} after"


def _use(background: _Background, record: dict[str, Any]) -> tuple[str, bool]:
    """What became of a report, by the rules of `estimates.evidence`, and whether its number counts."""
    outcome, quoted = str(record["outcome"]), record["quotes"]
    if outcome in CONTEXT_OUTCOMES:
        return "context, not estimated", False
    question = background.questions.get(outcome)
    if record["scope"] == "period" or question is None:
        return "covers a period, not estimated", False
    if background.is_late(record):
        return "left out: later than the cut-off", False
    source = str(quoted or record["source"])
    name = _shortened(clean(source))
    if quoted and (outcome, source) in background.speaking:
        return f"passes on {name}; not counted again", False
    words = to_words(record)
    is_floor = record["wording"] == "named" or bool(record["subset"])
    if words is None or (is_floor and not words.low):
        return "shown; bears on no number", False
    fate = "counted as a floor" if is_floor else _fate(record, source, words, question)
    return (f"{fate}, as {name}’s figure" if quoted else fate), fate != _REPLACED


_REPLACED = "replaced by the source's newer figure"


def _fate(record: dict[str, Any], source: str, words: Words, question: Question) -> str:
    low, high = float(record["age_low"]), float(record["age_high"])
    bins = (0, FINAL) if isnan(low) or isnan(high) else (age_bin(low), age_bin(high))
    rivals = [
        row
        for row in question.rows
        if not row.floor_group and row.key.source == source and (row.first_bin, row.last_bin) == bins
    ]
    if any(row.words == words and _same_time(row, record) for row in rivals):
        return "counted"
    if any(_same_time(row, record) for row in rivals):
        return "counted, joined with the source's other figure of that time into a range"
    return _REPLACED


def _same_time(row: Row, record: dict[str, Any]) -> bool:
    when = parse_time(record["reported_at"]) if record["reported_at"] else None
    if when is None or row.reported is None:
        return when is row.reported
    return row.reported.first_day == when.first_day and (
        not (row.reported.has_clock and when.has_clock) or row.reported.start == when.start
    )
