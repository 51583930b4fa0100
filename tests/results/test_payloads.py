"""Payloads in every field at once stay text in a notebook: what shows itself is clean; tables users hold are the data.

Data frames (`ranges()`, `summary()`, `Reports.table` ...) hold names as they were read, since they are for computing;
pandas escapes markup where it shows them. What the package shows by itself has no character that steers either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from helpers.markup import Elements, rendered, stray_brackets
from helpers.payload_tables import HARMLESS, STEERS, TOGETHER, Case, as_shown, hostile, twin
from helpers.payloads import PAYLOADS

from estimates import plots
from estimates.lists.captured import Captured, capture
from estimates.lists.page import html_page, markdown_page

#: The name of the event as tables hold it: all payloads, with single spaces.
EVENT = " ".join(TOGETHER.split())
#: Each thing that shows itself in a notebook.
SHOWN: dict[str, Callable[[Case, str], Any]] = {
    "estimates": lambda it, _: it.estimates,
    "reports": lambda it, _: it.estimates.reports,
    "claim": lambda it, event: it.estimates.claim(event, "500 killed"),
}
PICTURES: dict[str, Callable[[Any, str], Any]] = {
    "ranges": plots.ranges,
    "ranges of many": lambda it, _: plots.ranges(it),
    "history": plots.history,
    "posterior": plots.posterior,
    "sensitivity": plots.sensitivity,
    "totals": lambda it, _: plots.totals(it, by="place"),
    "sources": lambda it, _: plots.sources(it.profile),
}


class Formulas(HTMLParser):
    """The text in which a notebook looks for formulas: all but that of elements that ask it not to."""

    IGNORED = frozenset({"tex2jax_ignore", "mathjax_ignore"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._ignored: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "br":
            self._ignored.append(set((dict(attrs).get("class") or "").split()) >= self.IGNORED)

    def handle_endtag(self, tag: str) -> None:
        self._ignored.pop()

    def handle_data(self, data: str) -> None:
        self.text += "" if any(self._ignored) else data


@pytest.mark.parametrize("name", SHOWN)
def test_what_shows_itself_is_clean(name: str) -> None:
    """In HTML no element beyond those of the twin, nothing that steers, no formula; as text nothing that steers."""
    shown, harmless = SHOWN[name](hostile(), EVENT), SHOWN[name](twin(), HARMLESS)
    html = shown._repr_html_()
    found = Elements(html)
    assert found.shapes <= Elements(harmless._repr_html_()).shapes
    assert found.addresses == stray_brackets(html) == STEERS.findall(html) == STEERS.findall(found.text) == []
    assert Formulas(html).text == Formulas(harmless._repr_html_()).text == ""

    assert STEERS.findall(repr(shown)) == STEERS.findall(str(shown)) == []
    text = " ".join(found.text.split())
    assert [each for each in PAYLOADS.values() if as_shown(each) not in text] == []


def test_notes_and_sentences_are_clean() -> None:
    """Whatever is told in sentences is made to be printed."""
    estimates = hostile().estimates
    told = [
        *estimates.notes,
        *estimates.reports.notes,
        *estimates.coverage.sentences(),
        *estimates.periods()["sentence"],
    ]
    told += [*estimates.coverage.scenario_sentences(), *estimates.claim(EVENT, "500 killed").sentences]
    assert len(told) > 10
    assert [text for text in told if STEERS.search(text) or "\n" in text] == []


def test_data_frames_hold_the_data_as_read() -> None:
    """Names in tables that users hold are those of their data to the last character; pandas shows them as text."""
    estimates = hostile().estimates
    frames = [
        estimates.ranges(),
        estimates.summary(),
        estimates.reports.table,
        estimates.influence(events=[EVENT]),
    ]
    for frame in frames:
        assert EVENT in set(frame["event"])
        html = frame._repr_html_()
        assert not {"script", "img", "svg", "a", "b", "iframe"} & {shape.tag for shape in Elements(html).shapes}
    totals = estimates.total(by="place")
    assert EVENT in set(totals["place"])


@pytest.mark.parametrize(
    "name", [name if name == "ranges" else pytest.param(name, marks=pytest.mark.extended) for name in PICTURES]
)
def test_texts_of_pictures_are_plain(name: str) -> None:
    """No text of a picture holds what steers, is read as a formula, or leads anywhere."""
    from matplotlib.text import Text

    axes = PICTURES[name](hostile().estimates, EVENT)
    axes.figure.canvas.draw()
    texts = axes.figure.findobj(Text)
    assert any(text.get_text() for text in texts)
    for text in texts:
        assert STEERS.search(text.get_text()) is None
        assert text.get_url() is None
        assert not text.get_usetex()
        assert not (text.get_parse_math() and re.search(r"[$\\]", text.get_text())), text.get_text()


def test_lists_are_shown_clean() -> None:
    """Names of overlapping lists stay text on the screen and on their pages, which are those of harmless names."""
    hostile_lists, harmless_lists = (_captured(name) for name in (EVENT, HARMLESS))
    assert STEERS.findall(str(hostile_lists)) == STEERS.findall(repr(hostile_lists)) == []

    for page in (html_page, lambda found: rendered(markdown_page(found))):
        html = page(hostile_lists)
        found, harmless = Elements(html), Elements(page(harmless_lists))
        assert found.shapes <= harmless.shapes
        assert found.counts == harmless.counts
        assert found.addresses == stray_brackets(html) == STEERS.findall(html) == []
        assert as_shown(PAYLOADS["image"]) in found.text


def _captured(name: str) -> Captured:
    """What two lists say, one of them with this name."""
    return capture([{name: a, "B": b, "count": n} for a, b, n in ((1, 0, 30), (0, 1, 20), (1, 1, 10))])
