"""What a fit learns from: the events of a table as the compiled sums know them, and whose figures they hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from estimates.fitting.counts import OrdinaryCounts
from estimates.inference.cases import Case
from estimates.inference.gathering import gather_table
from estimates.models.corpus.layout import CorpusEvent
from estimates.profile.effects import GrowthLaw, SourceKey, groups_of, growth_laws
from estimates.profile.priors import BIN_SHARES, size_law, source_class
from estimates.profile.profile import Learned
from estimates.table.reports import Reports
from estimates.vocabulary import OUTCOMES

#: Lowest and highest verified toll by event and outcome, -1 where there is no highest.
type _Tolls = Mapping[tuple[str, str], tuple[int, int]]

#: So many sources get effects of their own.
MOST_SOURCES = 400
#: What events are called of which counts alone are known.
ORDINARY_EVENT = "(an ordinary event)"
#: Beginning of the name under which all further sources of one type are learned.
STAND_IN = "any other"


@dataclass(frozen=True)
class TrainingData:
    """Events of a table, numbered sources and kinds.

    Attributes
    ----------
    events : tuple of CorpusEvent
        Equal ones are still apart.
    called : tuple of str
        The event each belongs to.
    sources : tuple of SourceKey
        With the type each source is pooled with; statements hold their positions.
    size_laws : tuple of str
        Beginnings of the names of the laws of sizes, such as ``size.killed.attack``.
    growth_laws : tuple of GrowthLaw
    learned : mapping of str to Learned
        What there is of each source.
    marks : mapping of str to str
        The mark of each event by its name.
    anchors : frozenset of str
        The events that were joined as anchors.
    notes : tuple of str
    """

    events: tuple[CorpusEvent, ...]
    called: tuple[str, ...]
    sources: tuple[SourceKey, ...]
    size_laws: tuple[str, ...]
    growth_laws: tuple[GrowthLaw, ...]
    learned: Mapping[str, Learned]
    marks: Mapping[str, str]
    anchors: frozenset[str]
    notes: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The events."""
        return frozenset(self.marks)

    def speakers(self, event: CorpusEvent) -> list[SourceKey]:
        """Who holds each figure of an event; one source once for each of its figures."""
        if event.given:
            return []
        (_, observations), *_ = event.alternatives  # all alternatives hold the same figures
        return [self.sources[event.sources[statement.source]] for statement in observations.statements]


def training_data(
    reports: Reports,
    *,
    chosen_for_size: bool = False,
    anchors: Reports | None = None,
    counts: Sequence[OrdinaryCounts] = (),
) -> TrainingData:
    """Number the sources, kinds and events of a table, and of anchors that are learned from together with it.

    Parameters
    ----------
    reports : Reports
    chosen_for_size : bool
        Whether events with a verified toll are in the table because they are large; then their tolls teach how fast
        large ones grow rarer, and not how large events are.
    anchors : Reports, optional
        Further events, none of them in the table. They are taken to be chosen for their size, whatever is said of the
        table; what is odd about them is not noted.
    counts : sequence of OrdinaryCounts
        Early and later counts of further events, which teach how tolls grow.
    """
    own = _part(reports, chosen_for_size)
    joined = None if anchors is None else _part(anchors, True)
    parts = [own] if joined is None else [joined, own]

    cases = sorted((case for part in parts for case in part.cases), key=_place)
    tolls = {place: toll for part in parts for place, toll in part.tolls.items()}
    selected_from = {place: smallest for part in parts for place, smallest in part.selected_from.items()}
    marks = {event: mark for part in parts for event, mark in part.marks.items()}

    types = _types(cases)
    learned = _learned(cases, types)
    kept = _worth_learning(learned)
    keys = sorted({_pooled(key, types, kept) for case in cases for key in case.keys})
    size_laws = sorted({size_law(case.outcome, case.event_type) for case in cases})

    followed = {case.growth_key for case in cases} | {(each.event_type, False) for each in counts}
    laws = sorted({law for event_type, chosen in followed for law in growth_laws(event_type, chosen=chosen)})
    groups = groups_of(laws)
    number = {key: index for index, key in enumerate(keys)}

    def growth(event_type: str, chosen: bool) -> tuple[tuple[int, int], ...]:
        return tuple((laws.index(law), groups.index(law.group)) for law in growth_laws(event_type, chosen=chosen))

    def as_event(case: Case) -> CorpusEvent:
        return CorpusEvent(
            case.alternatives,
            tuple(number[_pooled(key, types, kept)] for key in case.keys),
            size_laws.index(size_law(case.outcome, case.event_type)),
            growth(*case.growth_key),
            tolls.get((case.event, case.outcome)),
            selected_from.get((case.event, case.outcome), 0),
        )

    # What the recorder of a count is like bears on nothing: any source may stand in its place.
    ordinary = [
        CorpusEvent(((1.0, each.observations),), (0,), 0, growth(each.event_type, False), given=True)
        for each in counts
        for _ in range(each.events)
    ]

    return TrainingData(
        (*(as_event(case) for case in cases), *ordinary),
        (*(case.event for case in cases), *[ORDINARY_EVENT] * len(ordinary)),
        tuple(keys),
        tuple(size_laws),
        tuple(laws),
        {source: learned[source] for source in sorted(kept)},
        {case.event: marks[case.event] for case in cases},
        frozenset(case.event for case in joined.cases) if joined else frozenset(),
        (*own.notes, *_limits(cases, tolls, learned, kept), *_contradictions(own)),
    )


@dataclass(frozen=True)
class _Part:
    """What one table gives to the training data, by event and outcome."""

    cases: tuple[Case, ...]
    marks: Mapping[str, str]
    stated_tolls: _Tolls
    tolls: _Tolls
    selected_from: Mapping[tuple[str, str], int]
    notes: tuple[str, ...]


def _part(reports: Reports, chosen_for_size: bool) -> _Part:
    gathered = gather_table(reports, BIN_SHARES)
    cases = tuple(case for case in gathered.cases if case.has_figure)
    stated = _tolls(reports.estimated)
    # Names bind, so a toll below them can have no probability.
    named = {(case.event, case.outcome): case.floor or 0 for case in cases}
    tolls = {place: toll for place, toll in stated.items() if not 0 <= toll[1] < named.get(place, 0)}
    selected_from = _selected_from(cases, tolls) if chosen_for_size else {}
    return _Part(cases, gathered.marks, stated, tolls, selected_from, gathered.notes)


def _place(case: Case) -> tuple[str, int]:
    return case.event, OUTCOMES.index(case.outcome)


def _tolls(estimated: pd.DataFrame) -> _Tolls:
    """The verified tolls of a table."""
    known = estimated[estimated["verified"].notna()]
    rows = zip(known["event"], known["outcome"], known["verified_low"], known["verified_high"], strict=True)
    return {
        (str(event), str(outcome)): (int(low), -1 if high is None or pd.isna(high) else int(high))
        for event, outcome, low, high in rows
    }


def _selected_from(cases: Iterable[Case], tolls: _Tolls) -> dict[tuple[str, str], int]:
    """For each case with a verified toll the smallest one under its law of sizes: smaller ones were not chosen."""
    laws = {
        (case.event, case.outcome): size_law(case.outcome, case.event_type)
        for case in cases
        if (case.event, case.outcome) in tolls
    }
    smallest = {law: min(tolls[place][0] for place in laws if laws[place] == law) for law in set(laws.values())}
    return {place: smallest[law] for place, law in laws.items()}


def _types(cases: list[Case]) -> dict[str, str]:
    """The type most often given to each source; unknown only where nothing else is given."""
    given: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        for key in case.keys:
            given[key.source][key.source_type] += 1
    result = {}
    for source, counts in given.items():
        known = {kind: count for kind, count in counts.items() if kind != "unknown"}
        result[source] = min(known, key=lambda kind: (-known[kind], kind)) if known else "unknown"
    return result


def _worth_learning(learned: Mapping[str, Learned]) -> frozenset[str]:
    """The sources that get effects of their own: the ones heard most, where there are very many."""
    ordered = sorted(learned, key=lambda source: (-learned[source].reports, source))
    return frozenset(ordered[:MOST_SOURCES])


def _pooled(key: SourceKey, types: Mapping[str, str], kept: frozenset[str]) -> SourceKey:
    """Under which name and type a source is learned; those beyond the limit share the effects of one of their type."""
    kind = types[key.source]
    return SourceKey(key.source if key.source in kept else f"{STAND_IN} {source_class(kind)}", kind, key.affiliation)


def _limits(
    cases: list[Case],
    tolls: _Tolls,
    learned: Mapping[str, Learned],
    kept: frozenset[str],
) -> list[str]:
    """What these reports cannot teach, in plain words."""
    shared = [case for case in cases if len(case.sources) > 1]
    anchors = [case for case in cases if (case.event, case.outcome) in tolls]

    notes = []
    if not anchors:
        notes.append(
            "no toll is verified: how far all sources together under-count or over-count, and how tolls end, stay prior"
        )
    if len(learned) == 1:
        notes.append("there is one source only: its bias and error cannot be told from the size of the events")
    elif not shared and not anchors:
        notes.append("no event is reported by two sources: how they differ cannot be learned and stays prior")

    if len(cases) == 1:
        notes.append("there is one event only: what is learned of sources is little more than the prior")
    if _agree(shared):
        notes.append("all figures of each event agree: exactness and copying explain this equally well")
    if len(kept) < len(learned):
        notes.append(
            f"{len(learned):,} sources: the {len(kept):,} heard most are learned one by one, the others share the "
            "effects of one stand-in for each type"
        )
    return notes


def _agree(shared: list[Case]) -> bool:
    """Whether there are cases with several sources, and in each of them all say the same."""
    return bool(shared) and all(case.reported_low == case.reported_high for case in shared)


def _contradictions(part: _Part) -> list[str]:
    """Where a verified toll and what was said of a case can hardly both be right."""
    known = [
        (case, toll) for case in part.cases if (toll := part.stated_tolls.get((case.event, case.outcome))) is not None
    ]
    return [note for case, toll in known for note in _contradiction(case, *toll)]


def _contradiction(case: Case, low: int, high: int) -> list[str]:
    """What to say of one case and its toll; ``high`` is -1 where open."""
    notes = []
    if case.floor is not None and 0 <= high < case.floor:
        notes.append(
            f"{case.event}, {case.outcome}: the verified toll {high:,} lies below the {case.floor:,} "
            "known by name; one of them is wrong, and the event is learned without its toll"
        )

    said = case.lowest_said
    if said is not None and low > 0 and high >= 0 and said > 5 * max(high, 1):
        notes.append(
            f"{case.event}, {case.outcome}: every figure is more than five times the verified toll {high:,}; check both"
        )
    return notes


def _learned(cases: list[Case], types: Mapping[str, str]) -> dict[str, Learned]:
    events: dict[str, set[str]] = defaultdict(set)
    reports: Counter[str] = Counter()
    for case in cases:
        for figure in case.whole_figures:
            events[figure.key.source].add(case.event)
            reports[figure.key.source] += 1
    return {source: Learned(types[source], len(events[source]), reports[source]) for source in sorted(events)}
