"""What the reader of a range must know besides the range itself."""

from __future__ import annotations

from collections.abc import Iterator

from estimates.inference.posterior import Answer
from estimates.inference.solved import Solved
from estimates.models.grid import probability_at_least
from estimates.profile.profile import KNOWN_BY_NAME, SourceProfile
from estimates.table.reports import Reports

#: Share of a range below half of every figure from which a note warns of it.
DISBELIEF = 0.2


def reader_notes(solved: Solved, reports: Reports) -> tuple[str, ...]:
    """Notes on the table, on the weighting of the draws, on the undocumented layer, and on single cases.

    Parameters
    ----------
    solved : Solved
    reports : Reports
        The table that the cases were taken from.
    """
    answers = solved.solution.answers
    notes = [*reports.notes, *solved.cases.notes]
    if reports.table["verified"].notna().any():
        notes.append("verified tolls serve to fit and to evaluate; they do not enter the ranges")

    notes += _profile_notes(solved.profile)
    layer = solved.undocumented
    if layer.name != "elicited":
        notes.append(f"undocumented layer {layer.name!r}: {layer.description}")
    notes += _weighting_notes(solved)
    return (*notes, *(note for answer in answers for note in _case_notes(answer)))


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


def _case_notes(answer: Answer) -> Iterator[str]:
    """Whether a range is mostly prior, rests on parts or a floor alone, or lies mostly far below every figure."""
    case, low = answer.case, answer.case.lowest_said
    if not case.has_figure:
        yield f"{case.event}, {case.outcome}: no figure, the range is prior only"
        return
    if not case.has_statement:
        of_parts = f"only figures of a part, {case.reported_parts}, which may be everybody or not"
        known = of_parts if case.part_figures else "only a floor, prior-dominated"
        yield f"{case.event}, {case.outcome}: {known}"
    if low is None:
        return

    below = 1.0 - probability_at_least(case.grid, answer.documented.astype(float), max(1, low // 2))
    if below >= DISBELIEF:
        yield (
            f"{case.event}, {case.outcome}: {below:.0%} of the range lies below half of every figure reported. "
            "Under this profile events of that size are about as rare as gross errors; name the type of event, or fit "
            "a profile to events of such size"
        )
