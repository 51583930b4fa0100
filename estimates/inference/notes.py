"""What the reader of a range must know besides the range itself."""

from __future__ import annotations

from collections.abc import Iterator

from estimates.inference.case_notes import case_notes, listed
from estimates.inference.coverage import EVENTS_TOLD, CoverageAnswers
from estimates.inference.periods import periods_table
from estimates.inference.solved import Solved
from estimates.profile.priors import CAMPAIGN, DISASTROUS, growth_groups
from estimates.profile.profile import KNOWN_BY_NAME, SourceProfile
from estimates.table.between.wholes import PARTS_ALONE
from estimates.table.dates import Time
from estimates.table.reports import Reports
from estimates.text import clean


def reader_notes(solved: Solved, reports: Reports, as_of: Time | None = None) -> tuple[str, ...]:
    """Notes on the table, on the weighting of the draws, on the undocumented layer, and on single cases.

    Parameters
    ----------
    solved : Solved
    reports : Reports
        The table that the cases were taken from.
    as_of : Time, optional
        The time asked for.
    """
    # Of figures of a part alone the notes on cases say more.
    notes = [note for note in reports.notes if PARTS_ALONE not in note] + list(solved.cases.notes)
    if reports.table["verified"].notna().any():
        notes.append("verified tolls serve to fit and to evaluate; they do not enter the ranges")

    notes += _profile_notes(solved.profile)
    layer = solved.undocumented
    if layer.name != "elicited":
        notes.append(f"undocumented layer {layer.name!r}: {layer.description}")
    notes += _weighting_notes(solved)
    notes += _growth_notes(solved)
    notes += _coverage_notes(solved, reports, as_of)
    if any(report.scope == "period" for report in reports.reports):
        notes += periods_table(solved, reports.reports, as_of)["sentence"].tolist()
    return tuple(clean(note) for note in (*notes, *case_notes(solved)))


def _coverage_notes(solved: Solved, reports: Reports, as_of: Time | None) -> Iterator[str]:
    """What declared coverage does, what the silence of parties does, and what an unreported event would be."""
    answers = CoverageAnswers(solved, reports.reports, as_of)
    if solved.coverage is not None and as_of is None:
        yield "coverage is declared and no as_of: sources are taken to be silent up to the last dated row of each event"
    yield from answers.sentences(most=EVENTS_TOLD)
    yield from answers.scenario_sentences()


def _weighting_notes(solved: Solved) -> Iterator[str]:
    """For which events too few draws of the profile agree with the figures to take these at their full weight."""
    for event in solved.solution.events.values():
        if event.power < 1.0 and not event.known:
            yield (
                f"{event.name}: few of the profile's draws agree with its figures (effective draws "
                f"{event.whole_effective_draws:.0f} of {event.draws:,}); their likelihood was raised to the power "
                f"{event.power:.2f} to keep {event.effective_draws:.0f}. To learn from such "
                "events, fit a profile to them, with the shipped anchors (anchors='default')"
            )


def _profile_notes(profile: SourceProfile) -> Iterator[str]:
    """What a profile of an older version lacks."""
    if younger := str(profile.facts.get("drawn_from_priors", "")):
        yield (
            f"profile {profile.name!r} is older than the parameters {', '.join(younger.split())}: these are "
            "drawn from their priors; fit the profile again to learn them"
        )
    if KNOWN_BY_NAME in profile.facts:
        yield (
            f"profile {profile.name!r} knows the events it was learned from by their names alone, and takes any other "
            "event of such a name for one of them; fit the profile again"
        )


def _growth_notes(solved: Solved) -> Iterator[str]:
    """Which events grow by a law that fits them less: those without a type, and disasters."""
    growing = {name: event for name, event in solved.events.items() if any(c.about.has_layers for c in event.cases)}
    types = {name: event.cases[0].event_type for name, event in growing.items()}
    if open_ones := [name for name, kind in types.items() if len(growth_groups(kind)) > 1]:
        yield (
            f"{listed(open_ones)}: no type of event says how tolls of such events rise, so half of the draws let them "
            "rise like those of attacks and half like those of disasters; give the type of event (event_type)"
        )

    disasters = [name for name, kind in types.items() if growth_groups(kind) == (DISASTROUS,) and kind != CAMPAIGN]
    if disasters and solved.profile.learned_from:
        yield (
            f"{listed(disasters)}: how tolls of disasters rise is learned from events that were told of because their "
            "tolls were revised; it is used as measured there, and tolls of other disasters may rise less"
        )
