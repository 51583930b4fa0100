"""The head of a report: what it is called, of which table, and up to when there are data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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


def table_name(estimates: Estimates) -> str:
    """The file of the table, without its folder."""
    return clean(Path(estimates.reports.name).name or estimates.reports.name)


def cut_off_of(estimates: Estimates) -> str:
    """Up to when there are reports."""
    if estimates.as_of is not None:
        return f"data up to {clean(estimates.as_of)} (reports made later are left out)"
    reports = estimates.reports.reports
    times = [(time.end, report.reported_at) for report in reports if (time := report.reported) is not None]
    return f"data up to {clean(max(times)[1])} (the latest report)" if times else "no report is dated"


def people_of(outcomes: set[str]) -> str:
    """Those counted by some outcomes, "people killed, injured and displaced"; nothing where there is none."""
    names = [OUTCOME_NAMES[each].removeprefix(_PEOPLE) for each in ESTIMATED_OUTCOMES if each in outcomes]
    return _PEOPLE + _listed(names) if names else ""


def _listed(names: Sequence[str]) -> str:
    return names[-1] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
