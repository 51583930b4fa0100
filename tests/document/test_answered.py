"""What the page says that it meets of GATHER stands on the page, in the very elements that it points to.

The page is read as HTML; what must stand there comes from the table, from what the author says and from the profile.
"""

from __future__ import annotations

import csv
import json
import tomllib
from functools import cache
from pathlib import Path

from helpers.answered import Page, read_page
from helpers.gather import GATHER, MUST, NEVER

from estimates import load_example
from estimates.document.about import LABELS, SILENT, about_of
from estimates.document.document import render_html
from estimates.profile.priors import PRIORS
from estimates.results.estimates import Estimates, estimate

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "about.example.toml"
SAID = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
with (ROOT / "data" / "idlib_2020.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

LAYERS = ("documented by now", "documented in the end", "full toll")
#: By item and element, what must stand there.
EVIDENCE: dict[int, dict[str, tuple[str, ...]]] = {
    1: {"answer": ("The number of people killed", "Idlib airstrikes"), "layers": LAYERS},
    2: {"disclosure": (SAID["funding"],)},
    3: {"disclosure": (SAID["search"],)},
    4: {"disclosure": (SAID["inclusion"],), "reports": ("left out: the source counts everybody",)},
    5: {
        "reports": ("Syrian Observatory for Human Rights monitor", "White Helmets rescue", "State media party"),
        "sources": ("monitoring groups", "rescue services"),
    },
    6: {"sources": ("its own strike", "×1 is no bias"), "priors": ("bias.own_strike", "bias.monitor")},
    7: {"priors": tuple(PRIORS), "sources": ("judged: ",)},
    8: {"data": ()},
    9: {"assumptions": ("Growth.", "Copying.", "Silence.", "The undocumented."), "layers": LAYERS},
    11: {"coverage": ("How the model was chosen", "each left out of what it was learned from")},
    12: {
        "coverage": ("held", "met", "missed"),
        "sensitivity": ("comes from what is not known", "How fast a range moves"),
    },
    13: {"assumptions": ("Errors that all sources share.", "Ages."), "limits": ("A shared origin.",)},
    14: {"provenance": ("estimates0.", "data hash", "profile hash")},
    15: {"data": ()},
    16: {"answer": ("with a probability of 80%",), "layers": ("Median50%80%95%",)},
    17: {"disclosure": (SAID["interpretation"],), "chances": ("Probability of at least so many", "%")},
    18: {"limits": ("Events nobody reported.",), "assumptions": ("What the ranges rest on",)},
}


@cache
def article() -> Estimates:
    return estimate(load_example("idlib_2020"))


@cache
def html(author: str) -> str:
    return render_html(article(), about_of(EXAMPLE) if author == "said" else SILENT)


@cache
def page(author: str) -> Page:
    return read_page(html(author))


def test_each_item_that_is_met_is_met_by_the_elements_it_points_to() -> None:
    """Every element is there and holds what answers the item; all but the one on formulas are met, at least 14 of 18."""
    found = page("said")
    met = [number for number, item in found.items.items() if item.status == "met"]
    assert len(met) >= MUST
    assert met == [wanted.number for wanted in GATHER if wanted.number != NEVER] == sorted(EVIDENCE)
    assert found.summary == f"This page meets {len(met)} of the {len(GATHER)} items of GATHER."

    lacking = [
        (wanted.number, element, words)
        for wanted in GATHER
        for element in wanted.elements
        for words in EVIDENCE[wanted.number][element] or ("{",)
        if words.lower() not in found.parts.get(element, "").lower()
    ]
    assert lacking == []
    assert [(wanted.number, found.items[wanted.number].elements) for wanted in GATHER] == [
        (wanted.number, wanted.elements) for wanted in GATHER
    ]


def test_the_data_are_files_that_a_program_can_read() -> None:
    """Items 8 and 15: every row of the table and every range lie in the element of the data, with the same numbers."""
    data = json.loads(page("said").parts["data"])
    told = [(row["event"], row["source"], row["words"]) for row in data["reports"]]
    assert sorted(told) == sorted((row["event"], row["source"], row["figure"]) for row in ROWS)

    ranges = article().ranges(layers=("by_now", "documented", "total"))
    assert {
        (row["event"], row["outcome"], row["layer"], row["low_80"], row["high_80"]) for row in data["ranges"]
    } == set(ranges[["event", "outcome", "layer", "low_80", "high_80"]].itertuples(index=False, name=None))


def test_every_row_is_shown_with_what_became_of_it() -> None:
    """Item 4: the lines of the whole table stand among the reports, those of the context beside them."""
    assert [line for line in range(2, len(ROWS) + 2) if f"line {line}</span>" not in html("said")] == []


def test_without_an_author_the_page_names_what_the_author_must_fill_in() -> None:
    """Items that hang on the author are open and name the keys; what is met without is met in the same elements."""
    found = page("silent")
    needs = [key for wanted in GATHER for key in wanted.needs]
    assert f"The author must fill in: {', '.join(needs)}." in found.summary
    for wanted in GATHER:
        item = found.items[wanted.number]
        if wanted.needs:
            assert item.status == "open"
            assert f"Not said by the author: {', '.join(LABELS[key].lower() for key in wanted.needs)}." in item.text
        else:
            assert item == page("said").items[wanted.number]


def test_the_reading_of_the_page_can_fail() -> None:
    """Where the author says nothing, what an author would say is not found."""
    assert [
        (number, element)
        for number, elements in EVIDENCE.items()
        for element, words in elements.items()
        if not all(each.lower() in page("silent").parts[element].lower() for each in words)
    ] == [(2, "disclosure"), (3, "disclosure"), (4, "disclosure"), (17, "disclosure")]
