"""What a report discloses: each thing that a guideline asks for, with the answer, or with what is lacking for one.

Items are honest about the table: one that hangs on a column is not met where the column is empty, one that hangs on the
author is not met until `about` says it (`estimates.document.about`), and one that hangs on a part of the page is not
met by a page without that part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from estimates.document.about import LABELS, About
from estimates.document.guidelines import ELEMENTS, GATHER, RECORDERS, Asked, Guideline
from estimates.document.kept_figures import MISSED
from estimates.document.measured import HOW_CHOSEN, is_shipped, measured_coverage
from estimates.document.title import people_of
from estimates.inference.overlaps import LISTS
from estimates.results.estimates import Estimates
from estimates.table.report import Report
from estimates.text import clean, plural, shortened
from estimates.version import __version__

#: Whether an item is met: by the page; not until its author says more, or the table does; not at all.
MET, OPEN, NOT_MET = "met", "open", "not met"
#: How what the table lacks begins.
_COLUMN = "column "
#: More events are counted and not named.
EVENTS_NAMED = 3


@dataclass(frozen=True)
class Item:
    """One thing asked for, and how a report stands to it; texts are clean and not escaped.

    Attributes
    ----------
    number : int
    area, asks : str
        Where it stands in the guideline, and what it asks for.
    status : str
        "met", "open" (something is lacking that could be given) or "not met".
    text : str
        The answer, or why there is none.
    elements : tuple of str
        Ids of the elements of the page that hold the answer.
    lacking : tuple of str
        What is to be given: keys of the author's file ("funding"), or columns of the table ("column event_date").
    """

    number: int
    area: str
    asks: str
    status: str
    text: str
    elements: tuple[str, ...]
    lacking: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether the report answers it."""
        return self.status == MET


def disclosure(estimates: Estimates, about: About, shown: Collection[str] = ELEMENTS) -> tuple[Item, ...]:
    """The 18 items of GATHER, in their order.

    Parameters
    ----------
    estimates : Estimates
    about : About
        What the author says of the report.
    shown : collection of str
        Ids of the elements that the page has; by default all.

    Returns
    -------
    tuple of Item
    """
    return _items(GATHER, _GATHER_ANSWERS, estimates, about, shown)


def recorders_disclosure(estimates: Estimates, about: About, shown: Collection[str] = ELEMENTS) -> tuple[Item, ...]:
    """The same for what the standards of casualty recorders ask for.

    Parameters
    ----------
    estimates : Estimates
    about : About
    shown : collection of str

    Returns
    -------
    tuple of Item
    """
    return _items(RECORDERS, _RECORDERS_ANSWERS, estimates, about, shown)


def summary_of(items: Sequence[Item], guideline: Guideline) -> str:
    """How many items are met, and what the author can give for others, in a sentence or two."""
    met = sum(item.is_met for item in items)
    lacking = [each for item in items for each in item.lacking if each in LABELS or each.startswith(_COLUMN)]
    said = f"This page meets {met} of the {len(items)} items of {guideline.name}."
    return f"{said} The author must fill in: {', '.join(dict.fromkeys(lacking))}." if lacking else said


# Items ----------------------------------------------------------------------------------------------------------------

type _Answer = tuple[str, tuple[str, ...]]
type _Answers = dict[int, Callable[[Estimates], _Answer]]


def _items(
    guideline: Guideline, answers: _Answers, estimates: Estimates, about: About, shown: Collection[str]
) -> tuple[Item, ...]:
    return tuple(_item(asked, answers.get(asked.number), estimates, about, shown) for asked in guideline.asked)


def _item(
    asked: Asked,
    answer: Callable[[Estimates], _Answer] | None,
    estimates: Estimates,
    about: About,
    shown: Collection[str],
) -> Item:
    head = asked.number, asked.area, asked.asks
    if asked.unmet:
        return Item(*head, NOT_MET, asked.unmet, ())
    if absent := [ELEMENTS[each] for each in asked.elements if each not in shown]:
        return Item(*head, NOT_MET, f"Not on this page: {', '.join(absent)}.", ())

    text, lacking = answer(estimates) if answer else (asked.how, ())
    keys = (*asked.keys, *(each for each in lacking if each in LABELS))
    silent = [key for key in keys if not getattr(about, key)]
    lacking = (*(each for each in lacking if each not in keys), *silent)

    said = "; ".join(f"{LABELS[key]}: {getattr(about, key)}" for key in keys if key not in silent)
    unsaid = f"Not said by the author: {', '.join(LABELS[key].lower() for key in silent)}." if silent else ""
    parts = " ".join(part for part in (text, said, unsaid) if part)
    return Item(*head, OPEN if lacking else MET, parts, asked.elements, lacking)


# Answers that depend on the table -------------------------------------------------------------------------------------


def _what_of_whom(estimates: Estimates) -> _Answer:
    of_events = _by_event(estimates)
    dates = sorted(report.event_date for reports in of_events for report in reports[:1] if report.event_date)
    named = "; ".join(_event_in_words(reports) for reports in of_events[:EVENTS_NAMED])
    if len(of_events) > EVENTS_NAMED:
        span = f", {clean(dates[0])} to {clean(dates[-1])}" if dates else ""
        named = plural(len(of_events), "event") + span

    people = people_of({case.outcome for case in estimates.cases}) or "nobody"
    text = (
        f"{people.capitalize()}, not split by age or sex, in {named}. Figures of one group are read as a part of these."
    )
    return text, _columns_lacking(of_events)


def _event_in_words(reports: Sequence[Report]) -> str:
    first = reports[0]
    place = next((each for report in reports if (each := _place(report))), None)
    known = [clean(fact).replace("/", " to ") for fact in (first.event_date, place) if fact]
    return shortened(clean(first.event)) + (f" ({', '.join(map(shortened, known))})" if known else "")


def _place_and_date(estimates: Estimates) -> _Answer:
    of_events = _by_event(estimates)
    text = "Every row is shown with its source, its words and its number, and every event with its date and place."
    return text, _columns_lacking(of_events)


def _columns_lacking(of_events: Sequence[Sequence[Report]]) -> tuple[str, ...]:
    """Columns that say when and where an event was, and that no row of some event fills."""
    dated = all(any(report.event_date for report in reports) for reports in of_events)
    placed = all(any(_place(report) for report in reports) for reports in of_events)
    return (*(() if dated else (f"{_COLUMN}event_date",)), *(() if placed else (f"{_COLUMN}place",)))


def _place(report: Report) -> str | None:
    return None if report.place in (None, "unknown") else report.place


def _sources_of_data(estimates: Estimates) -> _Answer:
    reports = [report for report in estimates.reports.reports if report.is_estimated]
    sources = {report.source for report in reports}
    typed = {report.source for report in reports if report.source_type != "unknown"}
    linked, dated = sum(bool(report.url) for report in reports), sum(bool(report.reported_at) for report in reports)
    lost = any(not report.url and not report.reported_at for report in reports)

    given = f"{plural(len(reports), 'report')} by {plural(len(sources), 'source')}, those without a figure among them"
    text = (
        f"{given}, each with the source's name, its words and what was read from them; {dated:,} with a date, "
        f"{linked:,} with a link; {len(typed):,} of the sources with their type. How a source itself counts no table "
        "of reports can tell."
    )
    return text, (f"{_COLUMN}url or reported_at",) if lost else ()


def _biased_kinds(estimates: Estimates) -> _Answer:
    reports = [report for report in estimates.reports.reports if report.is_estimated]
    sided = sum(report.affiliation != "neutral" for report in reports)
    told = sum(bool(report.quotes) for report in reports)
    text = (
        "Each type of source is taken to count too many or too few by a factor that is listed with its basis, parties "
        f"that speak of their own or their enemy's losses by one of their own. Here {sided:,} of "
        f"{plural(len(reports), 'report')} speak so, and {told:,} pass on what another source said."
    )
    return text, ()


def _other_inputs(estimates: Estimates) -> _Answer:
    profile, declared = estimates.profile, estimates.reports.coverage
    own = []
    if not is_shipped(profile):
        own.append(f"the source profile “{shortened(clean(profile.name))}”")
    if declared is not None:
        own.append(f"the declared coverage “{shortened(clean(declared.name))}”")
    if any(LISTS.source in case.sources for case in estimates.cases):
        own.append("overlapping lists of names")

    text = "The priors, each with its basis."
    if profile.learned_from and is_shipped(profile):
        text += (
            f" The default source profile, learned from {profile.facts['events']} events with a verified toll; their "
            "reports and tolls ship with the package, each with its address (data/README.md)."
        )
    return text + (f" From the author: {', '.join(own)}." if own else ""), ("inputs",) if own else ()


def _how_chosen(estimates: Estimates) -> _Answer:
    return HOW_CHOSEN, ()


def _how_good(estimates: Estimates) -> _Answer:
    prior = "How much of each range is prior, and which prior, is told."
    verdicts = [row.verdict for group in measured_coverage(estimates).groups for row in group.rows if row.verdict]
    if not verdicts:
        return f"Nothing was measured of ranges like these. {prior}", ("measures of such events",)
    missed = verdicts.count(MISSED)
    kept = f"{len(verdicts) - missed} keep what they are held to and {missed} miss it"
    return f"Of {len(verdicts)} figures measured of ranges like these {kept}. {prior}", ()


def _where_code(estimates: Estimates) -> _Answer:
    return f"Made with the Python package casualty-estimates, version {__version__}, BSD-3-Clause.", ()


def _by_event(estimates: Estimates) -> list[list[Report]]:
    """The reports of each event of which something is estimated, in the order of the table."""
    estimated = {case.event for case in estimates.cases}
    found: dict[str, list[Report]] = {}
    for report in estimates.reports.reports:
        if report.event in estimated:
            found.setdefault(report.event, []).append(report)
    return list(found.values())


_GATHER_ANSWERS: _Answers = {
    1: _what_of_whom,
    5: _sources_of_data,
    6: _biased_kinds,
    7: _other_inputs,
    11: _how_chosen,
    12: _how_good,
    14: _where_code,
}
_RECORDERS_ANSWERS: _Answers = {10: _place_and_date}
