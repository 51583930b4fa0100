"""What is said of the people missing in each case: how the number was read, what follows, and the other reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from estimates.inference.cases import Case, case_of
from estimates.inference.figures import CountedFigure
from estimates.inference.missing import CLOSED_PLACES, WITHOUT_LISTS, other_reading
from estimates.inference.missing_share import counted_lists, share_of_missing
from estimates.inference.posterior import EventCases, solved_events
from estimates.inference.ranges import Range, range_of_mass
from estimates.inference.solved import Solved
from estimates.models.missing import BOTH_ON_MANIFEST, MANIFEST, PART
from estimates.text import interval

#: Both readings of a list are shown where an end or the middle of the range differs by more than this factor.
TOLD_FROM = 1.5
_LEVEL = 80


def notes_on_missing(solved: Solved) -> Iterator[tuple[int, str]]:
    """Notes on the people missing, each with the position of its case."""
    positions = [i for i, case in enumerate(solved.cases.cases) if case.missing_figures]
    asked = [position for position in positions if counted_lists(solved.cases.cases[position])]
    for position in positions:
        if position not in asked:
            yield position, _why_not(solved.cases.cases[position])

    for position, other in zip(asked, _under_other_readings(solved, asked), strict=True):
        case = solved.cases.cases[position]
        found = range_of_mass(case.grid, solved.mass(position, "documented"), (_LEVEL,))
        figures = counted_lists(case)
        yield position, f"{share_of_missing(case, found.intervals[_LEVEL])}; {_how_read(case, figures)}"
        if _differ(found, other):
            yield (
                position,
                (
                    f"the other reading of the missing, as {_in_words(other_reading(figures[0]))}, gives "
                    f"{other.median:,} ({interval(other.intervals[_LEVEL], ' to ')}) instead of {found.median:,} "
                    f"({interval(found.intervals[_LEVEL], ' to ')}); say in missing_basis which it is"
                ),
            )


def _how_read(case: Case, figures: Sequence[CountedFigure]) -> str:
    read = _in_words(figures[0])
    if all(figure.missing_basis for figure in figures):
        return f"the list is read as {read}, as the table says"
    why = f"the event is a {case.event_type}" if case.event_type in CLOSED_PLACES else "it is no closed place"
    return f"the list is read as {read}, since {why} and missing_basis is empty"


def _in_words(figure: CountedFigure) -> str:
    if figure.of_missing in (MANIFEST, BOTH_ON_MANIFEST):
        return "a manifest, of people known to be there"
    if figure.of_missing == PART:
        return "that of a part"
    return "reports of people not heard of, many of whom are alive"


def _why_not(case: Case) -> str:
    if case.event_type in WITHOUT_LISTS:
        return f"people missing say nothing of the dead of a {case.event_type}"
    return "lists of the missing of thirty days after the event and later say nothing of the dead"


def _differ(one: Range, other: Range) -> bool:
    ends = zip((one.median, *one.intervals[_LEVEL]), (other.median, *other.intervals[_LEVEL]), strict=True)
    return any(max(a, b) + 1 > TOLD_FROM * (min(a, b) + 1) for a, b in ends)


def _under_other_readings(solved: Solved, positions: Sequence[int]) -> list[Range]:
    """Ranges of what is documented in the end if each list came from elsewhere."""
    events: list[EventCases] = []
    places: list[int] = []
    for position in positions:
        case = solved.cases.cases[position]
        event = solved.events[case.event]
        place = position - solved.solution.events[case.event].positions[0]
        figures = [other_reading(figure) if figure.says_missing else figure for figure in case.figures]
        other = case_of(case.about, figures, solved.profile.bin_shares, solved.cases.as_of_bins[position])
        events.append(replace(event, cases=(*event.cases[:place], other, *event.cases[place + 1 :])))
        places.append(place)
    found = solved_events(events, solved.profile)
    return [
        range_of_mass(then.cases[place].grid, then.documented(place), (_LEVEL,))
        for place, then in zip(places, found, strict=True)
    ]
