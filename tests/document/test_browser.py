"""The page in a browser: silent, open to all, its answer on the first screen, nothing in its pictures on anything else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

from estimates.text import count

if TYPE_CHECKING:
    from helpers.browser import Shown

pytestmark = pytest.mark.extended

PAGES = ("idlib", "simple", "several", "many")
#: A desk and a phone, in pixels.
WIDTHS = (1280, 380)
SCHEMES = ("light", "dark")
#: Height of the window.
SCREEN = 800

type Opening = Callable[..., AbstractContextManager[Shown]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opening]:
    """Opens the page of a name in the one browser of this module; where there is none the tests are passed over."""
    from helpers.browser import chromium, estimated, shown  # only these tests wait for what drives a browser
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        pytest.skip("no chromium, chromium-browser or google-chrome starts here; install one: apt install chromium")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if is_root else [])
        folder = tmp_path_factory.mktemp("pages")

        def open_page(
            name: str, width: int = WIDTHS[0], scheme: str = "light", *, scripts: bool = True
        ) -> AbstractContextManager[Shown]:
            file = folder / f"{name}.html"
            return shown(browser, file if file.exists() else estimated(name).document(file), width, scheme, scripts)

        yield open_page
        browser.close()


# What a reader meets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_silent_and_as_wide_as_the_window(opened: Opening, name: str, width: int, scheme: str) -> None:
    """Folded and unfolded it logs nothing, asks for nothing but itself, and never scrolls sideways."""
    with opened(name, width, scheme) as shown:
        for state in shown.folding():
            assert shown.beyond_the_side() <= 0, state
        assert shown.said == []


@pytest.mark.parametrize("name", PAGES)
def test_no_column_is_out_of_sight_on_a_desk(opened: Opening, name: str) -> None:
    """However long a name is, every column of every table can be seen at once; on a phone wide ones scroll in themselves."""
    with opened(name) as shown:
        for state in shown.folding():
            assert shown.hidden_columns() == [], state


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_barrier(opened: Opening, name: str, width: int, scheme: str) -> None:
    """Folded and unfolded, readers with a screen reader, a keyboard or weak sight meet nothing moderate or worse."""
    with opened(name, width, scheme) as shown:
        for state in shown.folding():
            assert shown.barriers() == [], state


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["idlib", "simple"])
def test_the_answer_and_its_picture_are_on_the_first_screen(opened: Opening, name: str, width: int) -> None:
    """Before anybody scrolls the sentence with the range, its chance and the whole picture with its caption are there."""
    from helpers.browser import estimated

    row = estimated(name).ranges(layers=("documented",)).iloc[0]
    with opened(name, width) as shown:
        lead = shown.page.locator("#answer .lead")
        assert lead.inner_text().endswith(f"lies between {count(row.low_80)} and {count(row.high_80)}.")
        parts = ("#answer .lead", "#answer .lead + p", "#picture svg", "#picture")
        assert {part: end for part in parts if (end := shown.bottom(part)) > SCREEN} == {}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_lies_on_a_text_of_a_picture(opened: Opening, name: str, width: int) -> None:
    """As it is set here, every text of every picture is whole, and touches no other text, line, range or mark."""
    with opened(name, width) as shown:
        assert shown.page.locator("svg.plot text").count() > 5
        assert shown.collisions() == []


# The index ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_the_index_is_searched_filtered_and_ordered(opened: Opening, width: int) -> None:
    """The one script of the page runs under its content policy: rows are found, left out, and put in another order."""
    from helpers.browser import estimated

    table = estimated("many").reports.table.drop_duplicates("event")
    documented = estimated("many").ranges(layers=("documented",)).sort_values("median", ascending=False)
    with opened("many", width) as shown:
        page = shown.page
        rows = page.locator("#index-table tbody tr:visible")
        everything = len(table)
        assert rows.count() == everything
        assert page.locator("#index-count").inner_text() == f"{everything} of {everything} rows"

        place = table["place"].iloc[0]
        page.select_option("#index-place", place)
        assert rows.count() == (table["place"] == place).sum()
        page.select_option("#index-place", index=0)
        page.fill("#index-search", "EVENT 000007")
        assert rows.count() == 1
        page.fill("#index-search", "")

        page.select_option("#index-order", "documented")
        assert documented["event"].iloc[0] in rows.first.inner_text()
        if width > 640:
            page.get_by_role("button", name="Event").click()
            assert "event 000000" in rows.first.inner_text()
            assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Event")
        assert shown.said == []


def test_the_index_is_whole_where_scripts_are_off(opened: Opening) -> None:
    """Without scripts every row is there, and nothing is offered that does not work."""
    with opened("many", scripts=False) as shown:
        assert shown.page.locator("#index-table tbody tr:visible").count() == 60
        assert shown.page.locator("#index-tools:visible").count() == 0


def test_a_row_leads_to_the_page_of_its_event(opened: Opening) -> None:
    """The link of a row opens the event's page, which leads back, and is as quiet."""
    with opened("many") as shown:
        page = shown.page
        page.locator("#index-table tbody a").nth(7).click()
        assert page.locator("h1").inner_text() == "event 000007"
        assert page.locator("#answer .lead").is_visible()
        assert shown.beyond_the_side() <= 0
        assert shown.barriers() == []
        page.get_by_role("link", name="All events of this report").click()
        assert page.locator("#index-table").is_visible()
        assert not [text for text in shown.said if not text.startswith("request: file://")]


# Paper ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_no_figure_is_split_between_sheets(opened: Opening, name: str) -> None:
    """On A4 each picture lies on one sheet with its caption, also where the end of a sheet would go through one of them."""
    from helpers.browser import figures_on_paper

    picture = "figure" if name == "many" else "#picture"  # the index of many events has a timeline alone
    for part in (f"{picture} svg", f"{picture} figcaption"):
        with opened(name) as shown:
            shown.end_sheet_in(part)
            figures = figures_on_paper(shown.page)
            assert len(figures) == shown.page.locator("figure").count()
            assert {number: sheets for number, sheets in figures.items() if len(sheets) > 1} == {}, part


# What the tests see ---------------------------------------------------------------------------------------------------


def test_a_fault_of_each_kind_is_seen(opened: Opening) -> None:
    """A wide box, a wide table, a message, an error, a request, a grey text and a label on another are each told."""
    with opened("simple", 380) as shown:
        page = shown.page
        assert (shown.said, shown.beyond_the_side(), shown.barriers(), shown.collisions()) == ([], 0, [], [])

        page.add_style_tag(
            content="figcaption { width: 500px } #chances table { width: 500px } .facts { color: #ddd } .plot text { translate: 0 9px }"
        )
        page.evaluate("console.log('said'); setTimeout(() => { throw new Error('broken') })")
        page.evaluate("fetch('file:///elsewhere').catch(() => null)")
        page.wait_for_timeout(100)

        assert shown.beyond_the_side() > 0
        assert any("Probabilities" in table for table in shown.hidden_columns())
        assert any("color-contrast" in barrier for barrier in shown.barriers())
        assert any("crosses" in collision for collision in shown.collisions())
        told = " ".join(shown.said)
        assert all(fault in told for fault in ("console: said", "error: broken", "elsewhere"))


def test_a_split_figure_is_seen(opened: Opening) -> None:
    """Without the rule of the style sheet the end of a sheet does part a picture from its caption."""
    from helpers.browser import figures_on_paper

    with opened("simple") as shown:
        shown.page.add_style_tag(content="figure { break-inside: auto !important }")
        shown.end_sheet_in("#picture figcaption")
        assert figures_on_paper(shown.page) == {0: {0, 1}}
