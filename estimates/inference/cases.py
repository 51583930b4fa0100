"""From reports to what the models need: which figures count, whose they are, and in which age bin.

A *case* is one outcome of one event. Its reports become statements (figures that enter the likelihood), lists of names,
figures of parts, provenance (quotes of a source that speaks for itself) and silence (no comment, denials), by fixed
rules:

- a quote counts for the quoted source (the last of a chain), and for nothing where that source gives a figure itself;
- within one age bin the newest figure of a source replaces its older ones; of rows of one day the order of that
  source's own rows decides (`inference.newest`), "none" beside a number is left out, and a warning that the number will
  rise stays. Of running totals (campaigns) the newest alone counts. Quotes of one time that differ, and figures without
  any date, become the range they span;
- parts of one source that divide everybody add up, other parts stand as such (`inference.parts`), and so do figures of
  a population where others count everybody; casualties of one source are its killed and injured;
- figures of unknown or coarse age share one unknown rank of it: each assignment of bins is an alternative (`observed`);
- of outcomes without layers the newest figure of each source, whatever its age, is about what stands in the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from estimates.collecting import without_collecting
from estimates.errors import EstimatesError
from estimates.inference.about import About
from estimates.inference.credited import credited_figures, source_types
from estimates.inference.figures import CountedFigure
from estimates.inference.missing import KILLED, at_risk_of, move_missing
from estimates.inference.newest import newest_figures, turns_of_rows
from estimates.inference.observed import alternatives_of, names_known, observations_of
from estimates.inference.parts import parts_resolved, sums_of_outcomes
from estimates.inference.zeros import note_on_zeros, unasked_zeros
from estimates.models.bearing import Bearing, soft_cap
from estimates.models.event import Observations
from estimates.models.grid import Grid, grid_of_case
from estimates.models.growth import FINAL, age_bin
from estimates.profile.effects import SourceKey
from estimates.table.dates import Time, ages
from estimates.table.marks import event_marks
from estimates.table.report import Report, numbers_said
from estimates.vocabulary import OUTCOMES

#: The outcomes that casualties are made of.
_CASUALTIES = (KILLED, "injured")


@dataclass(frozen=True)
class Case:
    """One outcome of one event, with everything said about it.

    Attributes
    ----------
    about : About
    figures : tuple of CountedFigure
        The newest of each source, group and age bin, sums of parts in place of these, every list of names; and the
        figures that were withdrawn, which are no evidence.
    alternatives : tuple of (share, Observations)
        One where every age is known; the numbers of sources in the observations index ``keys``.
    keys : tuple of SourceKey
    floor : int or None
        The number of names or bodies known.
    reported_low, reported_high : int or None
        Smallest and largest number said about the whole event; vague words say none.
    passed_over : tuple of CountedFigure
        Figures of a group by sources that give a number of everybody, which say nothing beside it; no part
        of what the case says.
    """

    about: About
    figures: tuple[CountedFigure, ...]
    alternatives: tuple[tuple[float, Observations], ...]
    keys: tuple[SourceKey, ...]
    floor: int | None
    reported_low: int | None
    reported_high: int | None
    passed_over: tuple[CountedFigure, ...] = field(default=(), compare=False)

    # What it is -------------------------------------------------------------------------------------------------------

    @property
    def event(self) -> str:
        """The name of its event."""
        return self.about.event

    @property
    def outcome(self) -> str:
        """What is counted."""
        return self.about.outcome

    @property
    def event_type(self) -> str:
        """The type of its event."""
        return self.about.event_type

    @property
    def chosen(self) -> bool:
        """Whether its event is in the table because it was revised or famous."""
        return self.about.chosen

    @property
    def at_risk(self) -> int | None:
        """How many people could have been hit at most."""
        return self.about.at_risk

    @property
    def growth_key(self) -> tuple[str, bool]:
        """What its growth depends on: the type of event, and whether it was chosen."""
        return self.event_type, self.chosen

    @cached_property
    def grid(self) -> Grid:
        """Its grid of counts: every count at which the likelihood of one of its figures jumps is an edge."""
        return grid_of_case({jump for _, observations in self.alternatives for jump in observations.jumps()})

    # What was said ----------------------------------------------------------------------------------------------------

    @property
    def standing_figures(self) -> tuple[CountedFigure, ...]:
        """The figures that are evidence: all but those withdrawn."""
        return tuple(figure for figure in self.figures if not figure.withdrawn)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources whose figures count."""
        return tuple(sorted({figure.key.source for figure in self.standing_figures}))

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names of the sources that give a figure of everybody: as many are meant wherever it is said how many do."""
        return tuple(sorted({figure.key.source for figure in self.whole_figures}))

    @property
    def whole_figures(self) -> tuple[CountedFigure, ...]:
        """The figures of everybody hit, without the lists of names."""
        return tuple(figure for figure in self.standing_figures if figure.is_whole)

    @property
    def part_figures(self) -> tuple[CountedFigure, ...]:
        """The figures of a group, which may be everybody or not."""
        return tuple(figure for figure in self.standing_figures if figure.is_part)

    @property
    def missing_figures(self) -> tuple[CountedFigure, ...]:
        """The figures of people missing."""
        return tuple(figure for figure in self.standing_figures if figure.says_missing)

    @property
    def undated(self) -> int:
        """How many of the figures have no known age bin; none where ages say nothing."""
        return sum(not figure.dated for figure in self.standing_figures) if self.about.has_layers else 0

    @property
    def has_figure(self) -> bool:
        """Whether anything but the prior bears on the answer."""
        return bool(self.standing_figures)

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
        return _vague_words(self.whole_figures)

    @property
    def reported(self) -> str:
        """What was said of the whole event: its numbers and its vague words."""
        return _reported(self.whole_figures) or "no figure"

    @property
    def reported_parts(self) -> str:
        """What was said of groups, one after another: "9 (civilians), 21 (soldiers)"."""
        groups = sorted({figure.group for figure in self.part_figures})
        said = {group: [figure for figure in self.part_figures if figure.group == group] for group in groups}
        return ", ".join(f"{_reported(figures)} ({group})" for group, figures in said.items())

    def without(self, source: str, bin_shares: Sequence[float], as_of_bin: int | None) -> Case:
        """The same case with one source's figures left out, as if it had not been declared to watch either."""
        kept = [figure for figure in self.figures if figure.key.source != source]
        watch = self.about.watch.without(source) if self.about.watch else None
        return case_of(replace(self.about, watch=watch), kept, bin_shares, as_of_bin)


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


@without_collecting()
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
    for _, own in sorted(of_event.items()):
        first = own[0]  # its type and date are the same in all reports of an event
        if first.is_of_later_event(as_of):
            continue

        types, turns, age = source_types(own), turns_of_rows(own), _age_bin_of(as_of, first.happened)
        zeros = unasked_zeros(own)
        notes += note_on_zeros(first.event, zeros)
        spoken = [report for report in own if report.place_in_table not in zeros]

        figures: dict[str, list[CountedFigure]] = {}
        for outcome in sorted({report.outcome for report in spoken}, key=OUTCOMES.index):
            heard = [report for report in spoken if report.outcome == outcome and not report.is_late(as_of)]
            if only_dated:
                heard = [report for report in heard if report.reported_at]
            figures[outcome], quotes = credited_figures(heard, types, turns)
            notes += quotes

        notes += move_missing(figures, own)
        caps = _caps(figures)
        _add_casualties(figures, first.event_type)
        abouts = {outcome: _about(own, outcome, caps if outcome == KILLED else ()) for outcome in figures}
        cases += [case_of(abouts[outcome], counted, bin_shares, age) for outcome, counted in figures.items()]
        as_of_bins += [age] * len(figures)
    return Cases(tuple(cases), tuple(as_of_bins), tuple(notes), event_marks(reports))


def _about(reports: Sequence[Report], outcome: str, bearings: tuple[Bearing, ...]) -> About:
    """What the reports of an event say of a case, those that are later than the date asked for among them."""
    return About(
        reports[0].event,
        outcome,
        reports[0].event_type,
        chosen=any(report.chosen for report in reports),
        at_risk=at_risk_of(reports, outcome),
        independent=all(report.copies_removed for report in reports),
        bearings=bearings,
    )


def _age_bin_of(as_of: Time | None, happened: Time | None) -> int | None:
    """The age bin of an event at a time; None where either is unknown."""
    span = ages(as_of, happened)
    return None if span is None else age_bin(span[1])


def _add_casualties(figures: dict[str, list[CountedFigure]], event_type: str) -> None:
    """Add to figures of casualties, where there are any, the killed and injured of each source that gives both."""
    if not {"casualties", *_CASUALTIES} <= figures.keys():
        return
    of_outcome = [newest_figures(figures[outcome], outcome, event_type) for outcome in _CASUALTIES]
    figures["casualties"] += sums_of_outcomes(of_outcome, figures["casualties"])


def _caps(figures: Mapping[str, Sequence[CountedFigure]]) -> tuple[Bearing, ...]:
    """What numbers of killed or injured say of the killed: in each age bin the largest is a soft cap."""
    largest: dict[int, int] = {}
    for figure in figures.get("casualties", ()):
        if figure.is_whole and figure.dated and not figure.withdrawn and figure.middle is not None:
            largest[figure.first_bin] = max(largest.get(figure.first_bin, 0), figure.words.high)
    return tuple(soft_cap(bin_index, number) for bin_index, number in sorted(largest.items()))


# From figures to a case -----------------------------------------------------------------------------------------------


def case_of(about: About, figures: Iterable[CountedFigure], bin_shares: Sequence[float], as_of_bin: int | None) -> Case:
    """Case made of figures that count; their order does not matter.

    Parameters
    ----------
    about : About
    figures : iterable of CountedFigure
    bin_shares : sequence of float, shape (BINS,)
        Shares of ages for figures of unknown age.
    as_of_bin : int or None
        The event's age bin at the time asked for; None where no time is asked for or the event has no date.

    Raises
    ------
    EstimatesError
        If lists name more people than were at risk.
    """
    newest = newest_figures(figures, about.outcome, about.event_type)
    kept = newest
    if not all(figure.is_whole for figure in newest):
        # Sums can meet an older "none" of their source and bin, so the newest are found again.
        kept = newest_figures(parts_resolved(newest), about.outcome, about.event_type)
    passed_over = tuple(figure for figure in newest if figure.is_part and figure.gives_number and figure not in kept)
    floor = names_known(kept)
    if about.at_risk is not None and floor > about.at_risk:
        what = f"lists name {floor:,} people, and {about.at_risk:,} were at risk"
        raise EstimatesError(f"{about.event}, {about.outcome}: {what}; correct one of them")

    ways = alternatives_of(kept, bin_shares, as_of_bin)
    if not about.has_layers:  # all figures, whenever they were made, are about what stands in the end
        ways, as_of_bin = [(1.0, (FINAL,) * len(kept))], FINAL
    keys = tuple(sorted({figure.key for figure in kept if not figure.says_missing}))
    alternatives = tuple((share, observations_of(kept, bins, keys, as_of_bin, about)) for share, bins in ways)

    low, high = ends_said([figure for figure in kept if figure.is_whole and not figure.withdrawn])
    return Case(about, tuple(kept), alternatives, keys, floor or None, low, high, passed_over)


def ends_said(figures: Iterable[CountedFigure]) -> tuple[int | None, int | None]:
    """Smallest and largest number said; vague words say none."""
    said = [figure.words for figure in figures if figure.words.wording != "vague"]
    return min((words.low for words in said), default=None), max((words.high for words in said), default=None)


def _vague_words(figures: Iterable[CountedFigure]) -> tuple[str, ...]:
    return tuple(sorted({figure.words.word for figure in figures if figure.words.wording == "vague"}))


def _reported(figures: Sequence[CountedFigure]) -> str:
    """Numbers and vague words as readers see them; empty where there are none."""
    low, high = ends_said(figures)
    said = [] if low is None or high is None else [f"{low:,}" if low == high else f"{low:,} to {high:,}"]
    said += [f"“{word}”" for word in _vague_words(figures)]
    return " and ".join(said)
