"""How readily a source gives a figure of an event that it watches, learned from events that others reported.

This is learned apart from all else, after a fit. What the others said of an event gives the law of its count, without
the source's own figures; that the source spoke or not is then a logistic regression on it, and the count of an event
is not selected by what the source did. So nothing is divided by the probability of any report, and the joint
likelihood of the fit stays that of the figures: its law of sizes is that of reported events, which ``models.silence``
asks for. What is lost is what silence says of the tolls that the fit learns from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from typing import NamedTuple

import numpy as np

from estimates.inference.cases import Case
from estimates.inference.engine import engine_of
from estimates.inference.gathering import gather_table
from estimates.inference.watched import SPEAKING, by_event, heard_of, telling_positions, watch_of
from estimates.models import importance
from estimates.models.grid import quantiles
from estimates.models.silence import Attention, learned
from estimates.models.types import Integers
from estimates.profile.profile import DRAWS, SourceProfile
from estimates.table.reports import Reports

#: A source is learned from so many events that it watched and others reported.
FEWEST_EVENTS = 30
#: Counts that stand for the law of an event's count, equally probable.
_POINTS = 24


class _Watched(NamedTuple):
    """An event that a source watched and others reported: the case without it, and whether it spoke."""

    source: str
    case: Case
    known: bool
    spoke: bool


def with_attention(profile: SourceProfile, reports: Reports) -> SourceProfile:
    """The same profile, with how readily each declared source reports where enough events teach it.

    Parameters
    ----------
    profile : SourceProfile
    reports : Reports
        With declared coverage; without it the profile stays as it is.

    Returns
    -------
    SourceProfile
        ``facts["attention"]`` holds the parameters by source, and ``facts["notes"]`` says what each was learned from.
    """
    if reports.coverage is None:
        return profile
    of_source: dict[str, list[_Watched]] = {source: [] for source in reports.coverage.sources}
    for each in _watched(profile, reports):
        of_source[each.source].append(each)
    enough = {source: events for source, events in of_source.items() if len(events) >= FEWEST_EVENTS}
    tolls = _tolls(profile, reports, [each for events in enough.values() for each in events])

    attention, at = json.loads(str(profile.facts.get("attention", "{}"))), 0
    for source, events in enough.items():
        spoke = np.array([each.spoke for each in events])
        found = learned(Attention(), tolls[at : at + len(events)].astype(float), spoke)
        attention[source] = [round(value, 6) for value in _values(found)]
        at += len(events)

    notes = [str(profile.facts.get("notes", "")), *_notes(of_source, attention)]
    told = {"attention": json.dumps(attention), "notes": "\n".join(note for note in notes if note)}
    return replace(profile, facts={**profile.facts, **told})


def _values(attention: Attention) -> tuple[float, ...]:
    return astuple(attention)


def _notes(of_source: dict[str, list[_Watched]], attention: dict[str, Sequence[float]]) -> Iterator[str]:
    for source, events in of_source.items():
        what = f"{len(events):,} events that it watched and others reported"
        if source in attention and len(events) >= FEWEST_EVENTS:
            yield f"{source}: how readily it reports is learned from {what}, of which it spoke of {_spoken(events):,}"
        else:
            yield f"{source}: {what}, fewer than {FEWEST_EVENTS}; how readily it reports is taken from the prior"


def _spoken(events: Sequence[_Watched]) -> int:
    return sum(each.spoke for each in events)


# What others said -----------------------------------------------------------------------------------------------------


def _watched(profile: SourceProfile, reports: Reports) -> Iterator[_Watched]:
    """Every event with every source that was declared to watch it, where others give a figure of it."""
    coverage = reports.coverage
    assert coverage is not None
    cases = gather_table(reports, profile.bin_shares)
    of_event = by_event(reports.reports, None)

    for position in telling_positions(cases.cases):
        case, as_of_bin = cases.cases[position], cases.as_of_bins[position]
        watch = watch_of(case, of_event[case.event], coverage, profile, as_of_bin)
        answers = heard_of(of_event[case.event], case.outcome, as_of_bin).answers
        for watcher in () if watch is None else watch.watchers:
            others = any(answer in SPEAKING for source, answer in answers.items() if source != watcher.source)
            left = case.without(watcher.source, profile.bin_shares, as_of_bin) if watcher.spoke else case
            if others and left.has_figure:
                known = profile.knows(case.event, cases.marks[case.event])
                yield _Watched(watcher.source, left, known, watcher.spoke)


def _tolls(profile: SourceProfile, reports: Reports, events: Sequence[_Watched]) -> Integers:
    """Equally probable counts of what the accounts of the others hold by now, shape (events, points).

    A verified toll that is one number stands for itself.
    """
    table = reports.table
    exact = table[table["verified_low"].notna() & (table["verified_low"] == table["verified_high"])]
    verified = dict(zip(zip(exact["event"], exact["outcome"], strict=True), exact["verified_low"], strict=True))
    places = (np.arange(_POINTS) + 0.5) / _POINTS

    once = {id(each.case): each for each in events}  # that of an event of which several were silent is the same
    tables = engine_of(profile.first(DRAWS)).tables(
        [each.case for each in once.values()], by_now=True, of_accounts=True
    )
    found = {}
    for (key, each), table_of in zip(once.items(), tables, strict=True):
        logs = table_of.log_marginal_likelihood
        weights = importance.equal_weights(len(logs)) if each.known else importance.from_log_marginal_likelihood(logs)
        found[key] = quantiles(each.case.grid, importance.average(table_of.mass, weights.values), places)

    result = np.empty((len(events), _POINTS), dtype=np.int64)
    for place, each in enumerate(events):
        toll = verified.get((each.case.event, each.case.outcome))
        result[place] = found[id(each.case)] if toll is None else int(toll)
    return result
