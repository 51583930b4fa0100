"""The uncertainty report as plain dataclasses of text and numbers, which the templates lay out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from estimates.document.about import SILENT, About
from estimates.document.assumptions import LIMITS, MEANING, USE, BiasView, assumptions, biases, by_now_meaning
from estimates.document.data import data_of, written
from estimates.document.disclosed import Disclosed, disclosed
from estimates.document.events import EventView, OutcomeView, events_view
from estimates.document.guidelines import ELEMENTS
from estimates.document.index import IndexView, index_view
from estimates.document.layout import ONE_FILE, Layout, page_name
from estimates.document.sensitive import SensitivityView, sensitivity_views
from estimates.document.title import cut_off_of, table_name, title_of
from estimates.pieces import NOTHING_KEPT, Pieces
from estimates.results.estimates import Estimates
from estimates.text import clean
from estimates.vocabulary import WHY_ONE_LAYER


@dataclass(frozen=True)
class BasisView:
    """What the layers mean, what the ranges rest on, and what would mislead."""

    by_now: str
    meaning: str
    assumptions: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    use: str
    biases: tuple[BiasView, ...]
    priors: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class DocumentView:
    """The whole report."""

    title: str
    table: str
    cut_off: str
    index: IndexView | None
    events: tuple[EventView, ...]
    event_count: int
    first_page: str
    report_count: int
    basis: BasisView
    swept: tuple[SensitivityView, ...]
    disclosed: Disclosed
    provenance: tuple[tuple[str, str], ...]
    data: str

    def address(self, element: str) -> str:
        """Where an element stands: in this page, or in the page of the first event."""
        return f"{self.first_page if element in OF_EVENTS else ''}#{element}"

    @property
    def why_one_layer(self) -> str:
        """Why some outcomes have one range and no layers; empty where all have layers."""
        return "" if all(outcome.has_layers for _, outcome in self.outcomes) else WHY_ONE_LAYER

    @property
    def outcomes(self) -> tuple[tuple[EventView, OutcomeView], ...]:
        """Every outcome with its event."""
        return tuple((event, outcome) for event in self.events for outcome in event.outcomes)

    @property
    def begins_with_overview(self) -> bool:
        """Whether the overview stands open: of many outcomes no single one is what the reader came for."""
        return len(self.outcomes) > ANSWERED_AT_ONCE


# The document ---------------------------------------------------------------------------------------------------------


#: With so many outcomes the page begins with the answer to the first, and its overview is folded.
ANSWERED_AT_ONCE = 6
#: Elements that belong to an event.
OF_EVENTS = frozenset({"answer", "picture", "layers", "chances", "influence", "history", "reports"})
#: Elements that every page has; influence, history and sensitivity are on some.
_ALWAYS = ELEMENTS.keys() - {"influence", "history", "sensitivity"}


def document_view(
    estimates: Estimates,
    about: About = SILENT,
    elements: Collection[str] = ELEMENTS,
    layout: Layout = ONE_FILE,
    pieces: Pieces = NOTHING_KEPT,
) -> DocumentView:
    """Everything a report shows, in the order it is shown.

    Parameters
    ----------
    estimates : Estimates
    about : About
        What its author says of it.
    elements : collection of str
        Ids of the elements that the medium can have; the disclosure points to no other.
    layout : Layout
    pieces : Pieces
        Where totals are kept and found.

    Returns
    -------
    DocumentView
        Of an index without events: these are on pages of their own.
    """
    names = sorted({report.event for report in estimates.reports.reports})
    events = () if layout.folder else events_view(estimates, layout)
    swept = sensitivity_views(estimates)
    shown = (_ALWAYS | _sometimes(events, swept)).intersection(elements)
    index = index_view(estimates, layout.link, pieces) if len(names) > 1 and estimates.cases else None

    return DocumentView(
        title=title_of(estimates, about),
        table=table_name(estimates),
        cut_off=cut_off_of(estimates),
        index=index,
        events=events,
        event_count=len(names),
        first_page=_first_page(names, estimates, layout),
        report_count=len(estimates.reports),
        basis=_basis(estimates),
        swept=swept,
        disclosed=disclosed(estimates, about, shown),
        provenance=_provenance(estimates),
        data=written(data_of(estimates, about, layout)),
    )


def _first_page(names: Sequence[str], estimates: Estimates, layout: Layout) -> str:
    """File of the first event of which something is estimated, where events have pages of their own."""
    first = min((case.event for case in estimates.cases), default="")
    return f"{layout.folder}/{page_name(names.index(first) + 1)}" if layout.folder and first else ""


def _basis(estimates: Estimates) -> BasisView:
    priors = tuple((prior.name, prior.describe(), prior.basis) for prior in estimates.profile.priors.values())
    return BasisView(
        by_now=by_now_meaning(estimates),
        meaning=MEANING,
        assumptions=assumptions(estimates),
        limits=LIMITS,
        use=USE,
        biases=biases(estimates),
        priors=priors,
        notes=estimates.notes,
    )


def _sometimes(events: Sequence[EventView], swept: Sequence[SensitivityView]) -> set[str]:
    """Elements that only some pages have."""
    outcomes = [outcome for event in events for outcome in event.outcomes]
    found = {"influence": any(each.influence for each in outcomes), "history": any(each.history for each in outcomes)}
    return {name for name, is_there in (found | {"sensitivity": bool(swept)}).items() if is_there}


def _provenance(estimates: Estimates) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", " "), _stated(value)) for name, value in estimates.provenance.items())


def _stated(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not given" if value is None else clean(value)
