"""Pages of the uncertainty report in a browser: tables for them, the browser of this machine, and what is looked for."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from helpers.pictured import ROWS
from helpers.small_events import small_events
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request
from pypdf import PdfReader

from estimates.results.estimates import Estimates, estimate
from estimates.table.reports import read_reports

IDLIB = Path(__file__).parents[2] / "data" / "idlib_2020.csv"

# Tables ---------------------------------------------------------------------------------------------------------------

_SHELLING = {"event": "Market shelling", "event_date": "2021-03-04", "event_type": "shelling", "place": "Hilltown"}
SIMPLE: list[dict[str, Any]] = [
    _SHELLING | {"source": "Hospital", "source_type": "health", "figure": "at least 9", "reported_at": "2021-03-04"},
    _SHELLING | {"source": "Council", "source_type": "government", "figure": "12", "reported_at": "2021-03-05"},
]

_LONG = "Coordination of the united relief committees of the northern and the eastern countryside"
_FLOOD = {"event": f"Flood of the {_LONG}", "event_date": "2021-05-02", "event_type": "flood"}
_ARABIC = {"event": "قصف سوق مدينة إدلب", "event_date": "2021-06-02", "event_type": "airstrike", "place": "إدلب"}
_CROWD = {"event": "Crowd crush", "event_date": "2021-07-01", "event_type": "crowd"}
_BARE = {"event": "x" * 90, "event_date": "2021-08-01"}
#: Events that strain a page: names long, unbroken and from right to left, many sources, floors, words without a number,
#: figures of very different sizes, addresses, notes, silence, and one of which nothing is known.
SEVERAL: list[dict[str, Any]] = [
    *ROWS,
    _FLOOD | {"source": _LONG, "figure": "between 1,200 and 14,000", "url": f"https://example.org/{'a' * 200}"},
    _FLOOD | {"source": f"{_LONG} again", "figure": "hundreds", "note": "counted in the villages " * 12},
    _FLOOD | {"source": "Registry", "wording": "named", "low": 2},
    _FLOOD | {"source": "Police", "source_type": "security", "figure": "250,000", "outcome": "displaced"},
    _ARABIC | {"source": "المرصد", "source_type": "monitor", "figure": "at least 5", "reported_at": "2021-06-02"},
    _ARABIC | {"source": "State media", "source_type": "party", "wording": "not_confirmed"},
    *(_CROWD | {"source": f"Newspaper number {n}", "figure": str(20 + 7 * n)} for n in range(14)),
    _BARE | {"source": "y" * 90, "figure": "1", "source_type": "local_media"},
]


@cache
def estimated(name: str) -> Estimates:
    """The estimates that a page is made of: of the example, of one simple event, of several events, or of many."""
    tables: dict[str, Any] = {"idlib": IDLIB, "simple": SIMPLE, "several": SEVERAL, "many": small_events(60)}
    return estimate(read_reports(tables[name]))


#: A4 in the pixels of a browser.
SHEET = (794, 1123)

# The browser ----------------------------------------------------------------------------------------------------------


@cache
def chromium() -> str | None:
    """A Chromium of this machine that starts; some systems have a script of this name that only says how to get one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0:
            return path
    return None


class Shown:
    """A page as a browser shows it, with everything that it said or asked for since it was opened."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.said: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)
        self.address = path.as_uri()
        page.goto(self.address)

    def _console(self, message: ConsoleMessage) -> None:
        self.said.append(f"console: {message.text}")

    def _error(self, error: Error) -> None:
        self.said.append(f"error: {error.message}")

    def _request(self, request: Request) -> None:
        if request.url != self.address:
            self.said.append(f"request: {request.url}")

    def folding(self) -> Iterator[str]:
        """Look at the page with everything folded, then with everything unfolded."""
        for name, is_open in (("folded", "false"), ("unfolded", "true")):
            self.page.evaluate(f"document.querySelectorAll('details').forEach(each => each.open = {is_open})")
            yield name

    # What is looked for -------------------------------------------------------------------------------------------

    def beyond_the_side(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def hidden_columns(self) -> list[str]:
        """Tables of which some columns are out of sight until they are scrolled sideways."""
        return list(self.page.evaluate(_HIDDEN_COLUMNS))

    def barriers(self) -> list[str]:
        """What axe finds that keeps readers out, but for what it calls minor."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{each['impact']}: {each['id']}: {[node['html'][:120] for node in each['nodes']]}"
            for each in found
            if each["impact"] != "minor"
        ]

    def collisions(self) -> list[str]:
        """Texts of pictures that lie on one another or outside the window, and lines that cross them."""
        return list(self.page.evaluate(_COLLISIONS))

    def bottom(self, selector: str) -> float:
        """Where something ends, in pixels below the top of a page that nobody scrolled."""
        box = self.page.locator(selector).first.bounding_box()
        assert box is not None, f"{selector} is not to be seen"
        assert box["y"] >= 0
        return box["y"] + box["height"]

    def end_sheet_in(self, selector: str) -> None:
        """Move the page down, as it is printed, so far that the first sheet would end in the middle of something."""
        self.page.emulate_media(media="print")
        self.page.set_viewport_size({"width": SHEET[0], "height": SHEET[1]})
        box = self.page.locator(selector).first.bounding_box()
        assert box is not None, f"{selector} is not to be seen"
        down = (SHEET[1] - box["y"] - box["height"] / 2) % SHEET[1]
        self.page.add_style_tag(content=f"header {{ padding-top: {down:.0f}px }}")


@contextmanager
def shown(browser: Browser, path: Path, width: int, scheme: Any = "light", scripts: bool = True) -> Iterator[Shown]:
    """A page in a window that is 800 pixels high."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    try:
        yield Shown(context.new_page(), path)
    finally:
        context.close()


_HIDDEN_COLUMNS = """() => [...document.querySelectorAll(".scroll")]
  .filter(each => each.scrollWidth > each.clientWidth)
  .map(each => each.getAttribute("aria-label") ?? each.getAttribute("aria-labelledby"))"""
#: A letter does not fill its line: what stands above capitals and below a line is no part of a text.
_COLLISIONS = """() => {
  const found = []
  const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  for (const picture of document.querySelectorAll("svg.plot")) {
    const texts = [...picture.querySelectorAll("text")].map(text => {
      const {left, right, top, bottom} = text.getBoundingClientRect()
      return {name: text.textContent, left, right, top: top + 2, bottom: bottom - 1}
    })
    for (const text of texts) {
      if (text.left < 0 || text.right > document.documentElement.clientWidth) found.push(`${text.name} is cut`)
    }
    texts.forEach((text, place) => {
      for (const other of texts.slice(place + 1)) {
        if (touch(text, other)) found.push(`${text.name} lies on ${other.name}`)
      }
    })
    for (const shape of picture.querySelectorAll("line, rect, path, circle")) {
      const box = shape.getBoundingClientRect()
      for (const text of texts) {
        if (touch(box, text)) found.push(`${shape.tagName} ${shape.getAttribute("class")} crosses ${text.name}`)
      }
    }
  }
  return found
}"""


# Paper ----------------------------------------------------------------------------------------------------------------

#: Names for the first and the last text of every figure, which can be found again on paper.
_NAME_ENDS = """() => document.querySelectorAll("figure").forEach((figure, number) => {
  const texts = [...figure.querySelectorAll("svg text")]
  const height = text => text.getBoundingClientRect().top
  texts.sort((one, other) => height(one) - height(other))
  texts[0].textContent = `FIRST${number}X`
  texts.at(-1).textContent = `LAST${number}X`
  if (!figure.textContent.includes("CAPTION")) figure.querySelector("figcaption").append(` CAPTION${number}X`)
})"""


def figures_on_paper(page: Page) -> dict[int, set[int]]:
    """The sheets of A4 paper that each figure of a page lies on.

    The first and the last text of each picture and the end of its caption are given names, which are then looked for
    on the sheets.
    """
    page.evaluate(_NAME_ENDS)
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    places: dict[int, dict[str, int]] = {}
    for sheet, text in enumerate(sheets):
        for end, number in re.findall(r"(FIRST|LAST|CAPTION)(\d+)X", text):
            places.setdefault(int(number), {})[end] = sheet

    assert all(len(ends) == 3 for ends in places.values()), places
    return {number: set(ends.values()) for number, ends in places.items()}
