"""What the reader of the ranges of single cases must know: what they rest on, and where their parts disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from estimates.inference.assumed import left_above_lists, share_of_ages, shared_error
from estimates.inference.cases import Case
from estimates.inference.humps import cases_with_humps, note_of_many_humps, notes_of_humps
from estimates.inference.missing_notes import notes_on_missing
from estimates.inference.posterior import Answer
from estimates.inference.ranges import range_of_mass
from estimates.inference.solved import Solved
from estimates.models.grid import probability_at_least
from estimates.models.growth import FINAL
from estimates.models.parts import exclude_each_other
from estimates.profile.profile import SourceProfile
from estimates.text import interval, percent, plural

#: Share of a range below half of every figure from which a note warns of it.
DISBELIEF = 0.2
#: What figures must leave at least above a list of names, not to disagree with it.
AGREEMENT = 0.01
#: Of more cases than these only the number is told, and not each by itself.
CASES_TOLD, CASES_WITHOUT_AGES, NAMES_LISTED = 10, 20, 5


def listed(names: Sequence[str]) -> str:
    """Names one after another, at most a few of them."""
    shown = ", ".join(names[:NAMES_LISTED])
    return shown if len(names) <= NAMES_LISTED else f"{shown} and {len(names) - NAMES_LISTED:,} others"


def case_notes(solved: Solved) -> Iterator[str]:
    """Notes on single cases, all those of a case one after another."""
    notes: dict[int, list[str]] = defaultdict(list)
    for position, answer in enumerate(solved.solution.answers):
        notes[position] += [*_figure_notes(answer), *_part_notes(answer.case, solved.profile)]

    together = [
        *_told(solved, notes, _far_apart(solved), CASES_TOLD, _notes_of_errors, _note_of_many_errors),
        *_told(solved, notes, cases_with_humps(solved), CASES_TOLD, notes_of_humps, note_of_many_humps),
        *_told(solved, notes, _without_ages(solved), CASES_WITHOUT_AGES, _notes_of_ages, _note_of_many_ages),
    ]
    _add(notes, notes_on_missing(solved))
    _add(notes, _lists_against_figures(solved))
    _add(notes, _higher_by_now(solved))

    yield from together
    for position, answer in enumerate(solved.solution.answers):
        yield from (f"{answer.case.event}, {answer.case.outcome}: {note}" for note in notes[position])


def _add(notes: dict[int, list[str]], found: Iterable[tuple[int, str]]) -> None:
    for position, note in found:
        notes[position].append(note)


def _told(
    solved: Solved,
    notes: dict[int, list[str]],
    positions: Sequence[int],
    most: int,
    of_each: Callable[[Solved, Sequence[int]], Iterable[tuple[int, str]]],
    of_many: Callable[[Solved, Sequence[int]], str],
) -> list[str]:
    """Add a note to each of a few cases; of many give one for all of them."""
    if len(positions) > most:
        return [of_many(solved, positions)]
    _add(notes, of_each(solved, positions))
    return []


# Figures --------------------------------------------------------------------------------------------------------------


def _figure_notes(answer: Answer) -> Iterator[str]:
    """Whether a range is mostly prior, rests on parts or a floor alone, or lies mostly far below every figure."""
    case, low = answer.case, answer.case.lowest_said
    if not case.has_figure:
        watch = case.about.watch
        of_silence = "no figure: a scenario, the prior and the silence of those declared to watch"
        yield of_silence if watch else "no figure, the range is prior only"
        return
    if not case.has_statement:
        yield _without_statement(case)
    if low is None:
        return

    below = 1.0 - probability_at_least(case.grid, answer.documented.astype(float), max(1, low // 2))
    if below >= DISBELIEF:
        yield (
            f"{below:.0%} of the range lies below half of every figure reported. Under this profile events of that "
            "size are about as rare as gross errors; name the type of event, or fit a profile to events of such size"
        )


def _without_statement(case: Case) -> str:
    if case.part_figures:
        return f"only figures of a part, {case.reported_parts}, which may be everybody or not"
    return "only numbers of people missing" if case.missing_figures else "only a floor, prior-dominated"


def _part_notes(case: Case, profile: SourceProfile) -> Iterator[str]:
    """How figures of groups were read."""
    for source in sorted({figure.key.source for figure in case.passed_over}):
        groups = sorted({figure.group for figure in case.passed_over if figure.key.source == source})
        yield f"{source} counts {listed(groups)} as well, which says nothing beside its figure of everybody"

    groups = sorted({figure.group for figure in case.part_figures})
    everybody = percent(float(np.median(profile.parameters["whole_group"])))
    for group in groups:
        figures = [figure for figure in case.part_figures if figure.group == group]
        if others := [other for other in groups if exclude_each_other(group, other)]:
            yield f"the figures of {group} are read as those of a part, since {listed(others)} are none of them"
        elif all(figure.is_certain_part for figure in figures):
            yield f"the figures of {group} are read as those of a part, by their words"
        else:
            yield (
                f"the figures of {group} are read as those of everybody with a probability of {everybody} before "
                "others are heard, else as those of a part, which may be of any size up to all"
            )


# Errors that all sources share ----------------------------------------------------------------------------------------


def _far_apart(solved: Solved) -> list[int]:
    return [
        position
        for position, case in enumerate(solved.cases.cases)
        if any(observations.distance > 0.0 for _, observations in case.alternatives)
    ]


def _notes_of_errors(solved: Solved, positions: Sequence[int]) -> Iterator[tuple[int, str]]:
    wrong = percent(float(np.median(solved.profile.parameters["shared_error"])))
    for position in positions:
        found = shared_error(solved.cases.cases[position], solved.profile)
        yield position, f"{found}, if they share one, which has a probability of {wrong}"


def _note_of_many_errors(solved: Solved, positions: Sequence[int]) -> str:
    found = [shared_error(solved.cases.cases[position], solved.profile) for position in positions]
    wrong = percent(float(np.median(solved.profile.parameters["shared_error"])))
    low, high = min(each.spread[0] for each in found), max(each.spread[1] for each in found)
    return (
        f"the sources of {plural(len(found), 'outcome')} lie apart, so an error that all sources of one share is put "
        f"at a standard deviation of {low:.2f} to {high:.2f} of its logarithm, with a probability of {wrong}; the "
        "document tells them one by one"
    )


# Ages that are not known ----------------------------------------------------------------------------------------------


def _without_ages(solved: Solved) -> list[int]:
    return [position for position, case in enumerate(solved.cases.cases) if case.undated]


def _notes_of_ages(solved: Solved, positions: Sequence[int]) -> Iterator[tuple[int, str]]:
    for position, share in zip(positions, share_of_ages(solved, positions), strict=True):
        case = solved.cases.cases[position]
        yield (
            position,
            f"{case.undated:,} of {plural(len(case.standing_figures), 'figure')} could be of several ages, for which "
            f"shares of the profile stand in; that is {percent(share)} of the width of the 80% range (of its "
            "logarithm); say when figures were given (reported_at)",
        )


def _note_of_many_ages(solved: Solved, positions: Sequence[int]) -> str:
    figures = sum(solved.cases.cases[position].undated for position in positions)
    return (
        f"{plural(figures, 'figure')} of {plural(len(positions), 'outcome')} could be of several ages, for which "
        "shares of the profile stand in and widen the ranges; say when figures were given (reported_at)"
    )


# Where things disagree ------------------------------------------------------------------------------------------------


def _lists_against_figures(solved: Solved) -> Iterator[tuple[int, str]]:
    """Cases whose figures leave next to nothing at or above the list of names."""
    asked = [i for i, case in enumerate(solved.cases.cases) if case.floor is not None and case.has_statement]
    for position, left in zip(asked, left_above_lists(solved, asked), strict=True):
        case = solved.cases.cases[position]
        if left < AGREEMENT:
            yield (
                position,
                f"figures and list disagree: with {case.reported} reported, {case.floor:,} or more would have had a "
                f"probability of {percent(left)}; the list binds, so look whether both are of this event",
            )


def _higher_by_now(solved: Solved) -> Iterator[tuple[int, str]]:
    """Cases in which the range by now reaches higher than that of the end."""
    for position, case in enumerate(solved.cases.cases):
        if all(observations.by_now == FINAL for _, observations in case.alternatives):
            continue
        now, end = (
            range_of_mass(case.grid, solved.mass(position, layer), (80, 95)) for layer in ("by_now", "documented")
        )
        if any(now.intervals[level][1] > end.intervals[level][1] for level in end.intervals):
            yield (
                position,
                f"what is documented by now reaches higher ({_in_words(now.intervals)}) than what is documented in the "
                f"end ({_in_words(end.intervals)}), since counts can be corrected downwards",
            )


def _in_words(intervals: Mapping[float, tuple[int, int]]) -> str:
    return ", ".join(f"{level:g}%: {interval(ends, ' to ')}" for level, ends in intervals.items())
