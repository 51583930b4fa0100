"""What a report is called: what its author says, or its event and those counted."""

from __future__ import annotations

from collections.abc import Sequence

from estimates.document.about import About
from estimates.results.estimates import Estimates
from estimates.text import clean, plural
from estimates.vocabulary import ESTIMATED_OUTCOMES, OUTCOME_NAMES

#: What every name of those counted begins with.
_PEOPLE = "people "


def title_of(estimates: Estimates, about: About) -> str:
    """The title of a report, clean and not escaped.

    Parameters
    ----------
    estimates : Estimates
    about : About

    Returns
    -------
    str
        That of the author; else the event with those counted, or how many events and those counted.
    """
    if about.title:
        return about.title

    events = list(dict.fromkeys(report.event for report in estimates.reports.reports))
    people = people_of({case.outcome for case in estimates.cases})
    if len(events) == 1:
        return clean(events[0]) + (f": {people}" if people else "")
    return f"{(people or 'people hit').capitalize()} in {plural(len(events), 'event')}"


def people_of(outcomes: set[str]) -> str:
    """Those counted by some outcomes, "people killed, injured and displaced"; nothing where there is none."""
    names = [OUTCOME_NAMES[each].removeprefix(_PEOPLE) for each in ESTIMATED_OUTCOMES if each in outcomes]
    return _PEOPLE + _listed(names) if names else ""


def _listed(names: Sequence[str]) -> str:
    return names[-1] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
