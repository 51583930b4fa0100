"""The Markdown document holds all of the page but its pictures and its data, and claims nothing that only the page has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from helpers.documents import idlib
from helpers.gather import GATHER, NEVER
from helpers.markup import Elements, Section, rendered

from estimates.document.about import SILENT, about_of
from estimates.document.document import render_html, render_markdown
from estimates.results.estimates import estimate

EXAMPLE = about_of(Path(__file__).parents[2] / "docs" / "about.example.toml")
#: How the page begins the heading of a guideline; it counts the items met, of which Markdown has fewer.
GUIDELINE = "This page meets"
#: What the page alone has, by its ids and by their names.
ABSENT = {"picture": "the picture", "history": "the history", "data": "the data"}


@cache
def html(medium: str) -> str:
    return render_html(idlib(), EXAMPLE) if medium == "page" else rendered(render_markdown(idlib(), EXAMPLE))


@cache
def sections(medium: str) -> list[Section]:
    return Elements(html(medium)).sections


def of_guidelines(medium: str) -> list[Section]:
    """The sections of the two guidelines, which stand below the disclosure."""
    found = sections(medium)
    first = next(place for place, each in enumerate(found) if each.heading == "Disclosure") + 1
    return found[first : first + 2]


def test_every_section_of_the_page_has_its_twin() -> None:
    """The same headings in the same order, those of the guidelines apart, which are named by other words."""
    page = [each.heading for each in sections("page") if not each.heading.startswith(GUIDELINE)]
    markdown = [each.heading for each in sections("markdown") if each not in of_guidelines("markdown")]
    assert len(page) > 25
    assert page == markdown


def test_numbers_are_those_of_the_page() -> None:
    """Below every heading stand the same numbers, as often; captions of pictures are the page's alone."""
    page = [each for each in sections("page") if each not in of_guidelines("page")]
    markdown = [each for each in sections("markdown") if each not in of_guidelines("markdown")]
    assert sum(len(each.numbers) for each in page) > 1000
    for ours, theirs in zip(page, markdown, strict=True):
        assert ours.numbers == theirs.numbers, ours.heading


def test_tables_are_those_of_the_page() -> None:
    """As many tables as on the page, and as many rows; that of provenance has a heading, as Markdown wants it."""
    page, markdown = html("page"), html("markdown")
    assert page.count("<table") == markdown.count("<table") > 15
    assert page.count("<tr") + 1 == markdown.count("<tr")


@pytest.mark.parametrize("place", [0, 1], ids=["GATHER", "recorders"])
def test_each_item_of_a_guideline_is_answered(place: int) -> None:
    """Item by item the answer of the page; but one that needs a picture or the data says that they are not there."""
    page, markdown = (of_guidelines(medium)[place].text for medium in ("page", "markdown"))
    for name in ABSENT.values():
        assert f"Not on this page: {name}." not in page
        assert f"See {name}" not in markdown
        assert f", {name}." not in markdown.replace(f"Not on this page: {name}.", "")
    assert markdown.count("Not on this page: ") == 2


def test_markdown_meets_the_items_it_can() -> None:
    """With an author it meets those of the page but those that ask for data or a picture: 15 of 18, and 12 of 14."""
    needs_data = {wanted.number for wanted in GATHER if "data" in wanted.elements}
    assert len(needs_data) == 2
    row = {"event": "a", "figure": "12", "event_date": "2020-01-01", "place": "Idlib", "reported_at": "2020-01-01"}
    article = estimate([{**row, "source": source} for source in ("s", "t")])
    met = len(GATHER) - len(needs_data | {NEVER})
    told = render_markdown(article, EXAMPLE)
    assert f"This page meets {met} of the {len(GATHER)} items of GATHER" in told
    assert "This page meets 12 of the 14 items of Standards for Casualty Recording" in told
    alone = render_markdown(article, SILENT)
    assert "The author must fill in: funding, search, inclusion, code, interpretation." in alone
