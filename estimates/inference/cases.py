"""From reports to what the models need: which figures count, whose they are, and in which age bin.

A *case* is one outcome of one event. Its reports become statements (figures that enter the likelihood), floors,
provenance (quotes of a source that speaks for itself) and silence (no comment, denials), by fixed rules:

- a quote counts for the quoted source (the last of a chain), and for nothing where that source gives a figure itself;
- within one age bin the newest figure of a source replaces its older ones; figures at the same time become the range
  they span ("none" beside a number is left out of it), and a warning that the number will rise stays;
- figures whose age is unknown or coarse share one unknown rank of age, so each assignment of bins is one alternative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from estimates.inference.figures import CountedFigure, alternatives_of, observations_of
from estimates.models import floor as floors
from estimates.models.event import Observations
from estimates.models.grid import Grid, make_grid
from estimates.models.growth import age_bin
from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.table.dates import Time, ages, moments
from estimates.table.marks import event_marks
from estimates.table.report import Report, numbers_said
from estimates.vocabulary import OUTCOMES


@dataclass(frozen=True)
class Case:
    """One outcome of one event, with everything said about it.

    Attributes
    ----------
    event, outcome, event_type : str
    figures : tuple of CountedFigure
        The newest of each source and age bin, and every floor.
    alternatives : tuple of (share, Observations)
        One where every age is known; the numbers of sources in the observations index ``keys``.
    keys : tuple of SourceKey
    floor : int or None
        The number verified.
    reported_low, reported_high : int or None
        Smallest and largest number said about the whole event; vague words say none.
    """

    event: str
    outcome: str
    event_type: str
    figures: tuple[CountedFigure, ...]
    alternatives: tuple[tuple[float, Observations], ...]
    keys: tuple[SourceKey, ...]
    floor: int | None
    reported_low: int | None
    reported_high: int | None

    @cached_property
    def grid(self) -> Grid:
        """Its grid of counts: every count at which the likelihood of one of its figures jumps is an edge."""
        return make_grid({jump for _, observations in self.alternatives for jump in observations.jumps()})

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources whose figures or floors count."""
        return tuple(sorted({figure.key.source for figure in self.figures}))

    @property
    def whole_figures(self) -> tuple[CountedFigure, ...]:
        """The figures of everybody hit, without the floors."""
        return tuple(figure for figure in self.figures if not figure.is_floor)

    @property
    def has_figure(self) -> bool:
        """Whether anything but the prior bears on the answer."""
        return bool(self.figures)

    @property
    def has_statement(self) -> bool:
        """Whether any source spoke of the whole event, and not of a part of it only."""
        return bool(self.whole_figures)

    @property
    def numbers_said(self) -> list[int]:
        """The numbers above zero that are said of the whole event or meant by a vague word, from the smallest on."""
        return sorted({n for figure in self.whole_figures for n in numbers_said(figure.words) if n > 0})

    @property
    def lowest_said(self) -> int | None:
        """The smallest of the numbers said, or the floor."""
        return min(self.numbers_said, default=self.floor)

    @property
    def vague_words(self) -> tuple[str, ...]:
        """Words such as "dozens" said of the whole event."""
        return tuple(sorted({figure.words.word for figure in self.whole_figures} - {""}))

    @property
    def reported(self) -> str:
        """What was said of the whole event: its numbers and its vague words."""
        low, high = self.reported_low, self.reported_high
        parts = [] if low is None or high is None else [f"{low:,}" if low == high else f"{low:,} to {high:,}"]
        parts += [f"“{word}”" for word in self.vague_words]
        return " and ".join(parts) or "no figure"

    def without(self, source: str, bin_shares: Sequence[float], as_of_bin: int | None) -> Case:
        """The same case with one source's figures left out."""
        kept = [figure for figure in self.figures if figure.key.source != source]
        return case_of(self.event, self.outcome, self.event_type, kept, bin_shares, as_of_bin)


@dataclass(frozen=True)
class Cases:
    """All cases of a call, in a fixed order, and what was noted on the way.

    Attributes
    ----------
    marks : mapping of str to str
        The mark of each event by its name, from all its reports, so that a profile knows it as of any date.
    """

    cases: tuple[Case, ...]
    as_of_bins: tuple[int | None, ...]
    notes: tuple[str, ...]
    marks: Mapping[str, str]


# From reports to figures that count -----------------------------------------------------------------------------------


def gather(
    reports: Sequence[Report], bin_shares: Sequence[float], as_of: Time | None, *, only_dated: bool = False
) -> Cases:
    """Cases of a table, by event, and outcomes in the order of the vocabulary; each rests on its event's reports alone.

    Parameters
    ----------
    reports : sequence of Report
        ``Reports.estimated_reports`` or a part of them.
    bin_shares : sequence of float, shape (BINS,)
        Shares of ages for figures of unknown age.
    as_of : Time, optional
        Reports made later are left out, and so are events that happened later.
    only_dated : bool
        Whether figures of unknown time are left out as well.
    """
    of_event: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        of_event[report.event].append(report)
    later = sum(report.is_late(as_of) for report in reports)
    notes = [f"{later} report{'s' if later > 1 else ''} later than the date asked for left out"] if later else []

    cases, as_of_bins = [], []
    for event, own in sorted(of_event.items()):
        about = own[0]  # its type and date are the same in all reports of an event
        if about.is_of_later_event(as_of):
            continue

        types, age = _source_types(own), _age_bin_of(as_of, about.happened)
        for outcome in sorted({report.outcome for report in own}, key=OUTCOMES.index):
            heard = [report for report in own if report.outcome == outcome and not report.is_late(as_of)]
            if only_dated:
                heard = [report for report in heard if report.reported_at]
            figures, quotes = _counted(heard, types)
            notes += quotes
            cases.append(case_of(event, outcome, about.event_type, figures, bin_shares, age))
            as_of_bins.append(age)
    return Cases(tuple(cases), tuple(as_of_bins), tuple(notes), event_marks(reports))


def _source_types(reports: Iterable[Report]) -> dict[str, str]:
    """The type given to each source, first in the alphabet of several; "unknown" where none is given."""
    types: dict[str, str] = {}
    for report in sorted(reports, key=lambda report: (report.source_type == "unknown", report.source_type)):
        types.setdefault(report.source, report.source_type)
    return types


def _age_bin_of(as_of: Time | None, happened: Time | None) -> int | None:
    """The age bin of an event at a time; None where either is unknown."""
    span = ages(as_of, happened)
    return None if span is None else age_bin(span[1])


def _counted(reports: Sequence[Report], types: Mapping[str, str]) -> tuple[list[CountedFigure], list[str]]:
    """Figures of one case that count, and notes on quotes of sources that give no figure themselves.

    ``types`` are those of the sources of the event; a source that is only quoted there is "unknown".
    """
    speaking = {report.source for report in reports if not report.quotes and report.speaks_of_all}
    quotes = {report.source: report.quotes for report in reports if report.quotes}

    figures, notes = [], []
    for report in reports:
        source = report.source
        if report.quotes:
            source = _end_of_chain(report.quotes, quotes, speaking)
            if source in speaking:
                continue
            what = f"{report.source} quotes {source}, who gives no figure; counted as {source}'s"
            notes.append(f"{report.event}, {report.outcome}: {what}")
        if report.counts:
            figures.append(CountedFigure.of(report, source, types.get(source, "unknown")))
    return figures, notes


def _end_of_chain(source: str, quotes: Mapping[str, str], speaking: set[str]) -> str:
    """Whom a quote goes back to: A quotes B, who quotes C."""
    seen = {source}
    while source not in speaking and source in quotes and quotes[source] not in seen:
        source = quotes[source]
        seen.add(source)
    return source


# From figures to a case -----------------------------------------------------------------------------------------------


def case_of(
    event: str,
    outcome: str,
    event_type: str,
    figures: Iterable[CountedFigure],
    bin_shares: Sequence[float],
    as_of_bin: int | None,
) -> Case:
    """Case made of figures that count; their order does not matter.

    Parameters
    ----------
    event, outcome, event_type : str
    figures : iterable of CountedFigure
    bin_shares : sequence of float, shape (BINS,)
        Shares of ages for figures of unknown age.
    as_of_bin : int or None
        The event's age bin at the time asked for; None where no time is asked for or the event has no date.
    """
    figures = _newest(list(figures))
    keys = tuple(sorted({figure.key for figure in figures}))
    alternatives = tuple(
        (share, observations_of(figures, bins, keys, as_of_bin))
        for share, bins in alternatives_of(figures, bin_shares, as_of_bin)
    )

    floor = floors.combine((figure.floor_group, figure.words.low) for figure in figures if figure.is_floor)
    spoken = [figure.words for figure in figures if not figure.is_floor and figure.words.wording != "vague"]
    low = min((words.low for words in spoken), default=None)
    high = max((words.high for words in spoken), default=None)
    return Case(event, outcome, event_type, tuple(figures), alternatives, keys, floor or None, low, high)


def _newest(figures: Sequence[CountedFigure]) -> list[CountedFigure]:
    """One figure a source and bin: the newest, or the range of those at the same time. Floors all stay."""
    grouped: dict[tuple[SourceKey, int, int], list[CountedFigure]] = defaultdict(list)
    for figure in figures:
        if not figure.is_floor:
            grouped[figure.key, figure.first_bin, figure.last_bin].append(figure)

    floored = {figure for figure in figures if figure.is_floor}
    return sorted([*(_merged(group) for group in grouped.values()), *floored], key=_canonical)


def _merged(figures: Sequence[CountedFigure]) -> CountedFigure:
    """The newest of a source's figures in one bin, or the range of those at the same time."""
    when = moments([figure.reported for figure in figures])
    last = max(when)
    newest = [figure for figure, moment in zip(figures, when, strict=True) if moment == last]
    newest = [figure for figure in newest if figure.words.wording != "none"] or newest
    first = min(newest, key=_canonical)

    words = first.words
    if len({figure.words for figure in newest}) > 1:
        said = [number for figure in newest for number in numbers_said(figure.words)]
        low, high = max(1, min(said)), max(said)
        words = Words("range" if low < high else "exactly", low, high)
    return replace(first, words=words, provisional=any(figure.provisional for figure in figures))


def _canonical(figure: CountedFigure) -> tuple[object, ...]:
    """Key of an order of figures that does not depend on the order of the table."""
    time = figure.reported
    when = (time.start.isoformat(), time.end.isoformat()) if time else ("", "")
    return (figure.key, figure.first_bin, figure.last_bin, when, figure.words, figure.floor_group, figure.provisional)
