"""What was measured of ranges like those of a report, good or bad: how many held, errors beside those of simple rules.

Everything comes from the figures kept by the measures (`estimates.document.kept_figures`), picked by the class of the
events, famous and ordinary ones apart, and by what else the report does: lists of people missing, totals, declared
coverage. A figure that is no longer kept under its name is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from estimates.document.kept_figures import LEAST_P, MET, MISSED, KeptFigure, kept_figures, numbers_of, p_values
from estimates.document.measures_shown import (
    DECLARED_COVERAGE,
    FAMOUS,
    LISTS,
    MEASURED_TYPES,
    ORDINARY,
    TOTALS,
    Group,
    Wanted,
)
from estimates.profile.priors import CAMPAIGN, VIOLENCE, growth_groups
from estimates.profile.profile import SourceProfile, named_profile
from estimates.results.estimates import Estimates
from estimates.vocabulary import OUTCOME_NAMES

VIOLENT, DISASTROUS = "violence", "disasters"

HOW_CHOSEN = (
    "How the model was chosen: it was compared with the one before it, event by event, and with simple rules, by the "
    "error (CRPS) on events whose toll is known, each left out of what it was learned from; each change was also taken "
    "away alone and the profile learned anew (tests/measures/refits.py, docs/decisions/ordinary.md)."
)
_OF_THE_END = (
    "All of it was measured of the number documented in the end. The full toll cannot be checked in this way: nobody "
    "knows how many are never documented."
)
_FEW = "With so few events a gross failure would show, a small one would not."
_OTHER_PROFILE = (
    "It was measured with profiles learned as the default profile is; this report uses another one, of which nothing "
    "was measured here."
)
_NO_CAMPAIGN = "No total of a war, siege or season is among the events it was measured on."
_NO_ORDINARY_DISASTER = "No ordinary disaster is among the events it was measured on."


@dataclass(frozen=True)
class MeasuredRow:
    """One figure as readers see it: what it is, what was measured, what it is held to, and whether it keeps that.

    ``verdict`` is "met", "missed", or empty where a figure is told only; ``script`` prints the figure again, and
    ``commit`` is the state of the code at which it did.
    """

    what: str
    measured: str
    must: str
    verdict: str
    script: str
    commit: str


@dataclass(frozen=True)
class MeasuredGroup:
    """The figures of one set of events, with the plain sentence that comes first and what to beware of."""

    name: str
    sentence: str
    rows: tuple[MeasuredRow, ...]
    remark: str


@dataclass(frozen=True)
class MeasuredCoverage:
    """Everything measured of ranges like those of a report; ``notes`` are to be told with it."""

    groups: tuple[MeasuredGroup, ...]
    notes: tuple[str, ...]
    how_chosen: str = HOW_CHOSEN


def measured_coverage(estimates: Estimates) -> MeasuredCoverage:
    """What was measured of ranges like these.

    Parameters
    ----------
    estimates : Estimates

    Returns
    -------
    MeasuredCoverage
        One group for each set of events that bears on the report; none for classes of which nothing was measured, of
        which a note tells.
    """
    classes = classes_of(case.event_type for case in estimates.cases)
    wanted = [group for name in classes for group in (*ORDINARY.get(name, ()), *FAMOUS[name])]
    if any(case.missing_figures for case in estimates.cases):
        wanted.append(LISTS)
    if len({case.event for case in estimates.cases}) > 1:
        wanted.append(TOTALS)
    if estimates.reports.coverage is not None:
        wanted.append(DECLARED_COVERAGE)

    groups = tuple(shown for group in wanted if (shown := _group(group)).rows)
    return MeasuredCoverage(groups, _notes(estimates, classes))


def classes_of(event_types: Iterable[str]) -> tuple[str, ...]:
    """The classes that types of event belong to: both where a type does not tell, none for totals of a campaign."""
    kinds = set(event_types) - {CAMPAIGN}
    violent = any(kind in VIOLENCE or len(growth_groups(kind)) > 1 for kind in kinds)
    disastrous = any(kind not in VIOLENCE for kind in kinds)
    return (*([VIOLENT] if violent else []), *([DISASTROUS] if disastrous else []))


def is_shipped(profile: SourceProfile) -> bool:
    """Whether a profile comes with the package: the default one, or draws of priors, which every report prints."""
    return not profile.learned_from or profile.facts == named_profile().facts


# What to know with it -------------------------------------------------------------------------------------------------


def _notes(estimates: Estimates, classes: Sequence[str]) -> tuple[str, ...]:
    kinds = {case.event_type for case in estimates.cases}
    notes = [_OF_THE_END] if classes else []
    if CAMPAIGN in kinds:
        notes.append(_NO_CAMPAIGN)
    if DISASTROUS in classes:
        notes.append(_NO_ORDINARY_DISASTER)

    named = {kind for kind in kinds if len(growth_groups(kind)) == 1} - {CAMPAIGN, *MEASURED_TYPES}
    if named:
        notes.append(f"No event of type {_listed(named)} is among those it was measured on.")
    if len(classes) > 1 and any(len(growth_groups(kind)) > 1 for kind in kinds):
        notes.append("Where the table does not tell attacks from disasters, both are shown.")

    others = {OUTCOME_NAMES[case.outcome] for case in estimates.cases} - {OUTCOME_NAMES["killed"]}
    if others:
        notes.append(f"It was measured on numbers of people killed. Nothing was measured of {_listed(others)}.")
    if not is_shipped(estimates.profile) or not estimates.profile.learned_from:
        notes.append(_OTHER_PROFILE)
    return (*notes, _FEW) if classes else tuple(notes)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in sorted(names))


# From figures kept to rows --------------------------------------------------------------------------------------------


def _group(group: Group) -> MeasuredGroup:
    rows = [row for wanted in group.rows if (row := _row(wanted)) is not None]
    return MeasuredGroup(group.name, _sentence(group), tuple(rows), group.remark)


def _sentence(group: Group) -> str:
    """How many of the ranges held, in a sentence: "Of the 80% ranges of 10 famous attacks, 8 held the toll"."""
    wanted = group.headline
    figure, row = kept_figures().get((wanted.measure, wanted.what)), _row(wanted)
    if figure is None or row is None:
        return ""
    fewer = ": fewer than promised" if row.verdict == MISSED else ""
    held, events = _held(wanted, figure)
    of_what = f"Of the {wanted.promised}% ranges of"
    if events is None:
        return f"{of_what} {group.events}, a share of {held:g} held {group.truth}{fewer}."
    return f"{of_what} {events:.0f} {group.events}, {held:.0f} held {group.truth}{fewer}."


def _row(wanted: Wanted) -> MeasuredRow | None:
    """A figure as readers see it; None where it is not kept, or something that it is read with."""
    figure = kept_figures().get((wanted.measure, wanted.what))
    if figure is None:
        return None
    if wanted.rivals:
        return _beside_rivals(wanted, figure)
    if not wanted.promised and not wanted.of:
        return _as_row(wanted.says, figure.said, figure.must, figure.verdict, figure)

    held, events = _held(wanted, figure)
    p = _p_of(wanted, figure)
    measured = f"{held:g}" if events is None else f"{held:.0f} of {events:.0f}"
    told = f" (p {p})" if p else ""
    return _as_row(wanted.says, measured + told, *_promise(wanted, figure, p), figure)


def _held(wanted: Wanted, figure: KeptFigure) -> tuple[float, float | None]:
    """How many ranges held of how many events; a share, and None, where the events are not counted."""
    value = numbers_of(_part(wanted, figure.value))[0]
    if not wanted.of:
        return value, None
    events = numbers_of(kept_figures()[wanted.measure, wanted.of].value)[0]
    is_share = "." in figure.value or value == 0.0
    return (round(value * events) if is_share else value), events


def _part(wanted: Wanted, value: str) -> str:
    """One of several shares that a value gives, each with its p: "0.53 (1.00), 0.79 (1.00)"."""
    return value.split(", ")[wanted.place]


def _p_of(wanted: Wanted, figure: KeptFigure) -> str:
    """The p of a share as it was kept; empty where there is none."""
    if wanted.p:
        return kept_figures()[wanted.measure, wanted.p].value
    found = p_values(_part(wanted, figure.value))
    return found[0] if found else ""


def _promise(wanted: Wanted, figure: KeptFigure, p: str) -> tuple[str, str]:
    """What a share is held to, and whether it keeps that: its own limit, else its p, else what is promised."""
    if not wanted.promised:
        return figure.must, figure.verdict
    promised = f"{wanted.promised}% promised"
    if p:
        return f"{promised}, p ≥ {LEAST_P:g}", MET if float(p) >= LEAST_P else MISSED
    if figure.must and figure.verdict:
        return f"{promised}, {figure.must}", figure.verdict
    share = numbers_of(_part(wanted, figure.value))[0]
    return promised, MET if 100.0 * share >= wanted.promised else MISSED


def _beside_rivals(wanted: Wanted, figure: KeptFigure) -> MeasuredRow | None:
    """The error of the model beside that of the best of the simple rules that were measured with it."""
    rivals = []
    for (measure, what), other in kept_figures().items():
        found = re.fullmatch(wanted.rivals, what) if measure == wanted.measure else None
        if found is not None and found[1] not in wanted.no_rivals:
            rivals.append((numbers_of(other.value)[-1], found[1]))
    if not rivals:
        return None

    (error, name), own = min(rivals), numbers_of(figure.value)[0]
    measured = f"{figure.value}; {error:g} by {name}"
    return _as_row(wanted.says, measured, "no larger than the rule's", MET if own <= error else MISSED, figure)


def _as_row(what: str, measured: str, must: str, verdict: str, figure: KeptFigure) -> MeasuredRow:
    return MeasuredRow(what, measured, must, verdict, f"tests/measures/{figure.script}", figure.commit)
