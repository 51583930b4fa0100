"""The page of one event of a report that has an index: what is known of the event, and its data."""

from __future__ import annotations

from dataclasses import dataclass

from estimates.document.about import About
from estimates.document.assumptions import by_now_meaning
from estimates.document.data import data_of, written
from estimates.document.events import EventView, events_view
from estimates.document.layout import Layout
from estimates.document.title import cut_off_of, table_name
from estimates.results.estimates import Estimates
from estimates.text import clean
from estimates.vocabulary import WHY_ONE_LAYER


@dataclass(frozen=True)
class PageView:
    """An event's page; what all events have in common stands in the index.

    Attributes
    ----------
    title, table, cut_off : str
    index_file : str
        The file of the index, in the folder above.
    index : None
        A page has none of its own.
    events : tuple of EventView
        The one event.
    event_count, report_count : int
    by_now : str
        What "documented by now" means.
    notes : tuple of str
    data : str
        As JSON.
    """

    title: str
    table: str
    cut_off: str
    index_file: str
    index: None
    events: tuple[EventView, ...]
    event_count: int
    report_count: int
    by_now: str
    notes: tuple[str, ...]
    data: str

    @property
    def why_one_layer(self) -> str:
        """Why an outcome has one range; empty where all have layers."""
        return "" if all(outcome.has_layers for event in self.events for outcome in event.outcomes) else WHY_ONE_LAYER


def page_view(estimates: Estimates, about: About, layout: Layout) -> PageView:
    """The page of one event.

    Parameters
    ----------
    estimates : Estimates
        Of this event alone.
    about : About
        What the author says of the whole report.
    layout : Layout
    """
    events = events_view(estimates, layout)
    return PageView(
        title=events[0].name,
        table=table_name(estimates),
        cut_off=cut_off_of(estimates),
        index_file=layout.index,
        index=None,
        events=events,
        event_count=1,
        report_count=len(estimates.reports),
        by_now=by_now_meaning(estimates),
        notes=tuple(clean(note) for note in estimates.notes),
        data=written(data_of(estimates, about, layout)),
    )
