"""Payloads in every field at once stay text on the page, in its data and in Markdown.

The oracle is a harmless twin: the page may have no element, and no attribute that can do something, which its twin has
not, and as many headings, tables and cells; no angle bracket may stand outside a tag; no character may steer; and all
that can be seen of a payload is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

import pytest
from helpers.markup import Elements, bars, rendered, stray_brackets
from helpers.payload_tables import HARMLESS, STEERS, TOGETHER, Case, as_shown, case, hostile, twin
from helpers.payloads import HALVES, PAYLOADS

from estimates.document.about import LABELS, about_of
from estimates.document.document import render_html, render_markdown

#: What each medium is written as, and read as.
WRITTEN: dict[str, Callable[[Case], str]] = {
    "page": lambda it: render_html(*it),
    "Markdown": lambda it: render_markdown(*it),
}
READ: dict[str, Callable[[str], str]] = {"page": str, "Markdown": rendered}
#: So many payloads have an event each in one table: a page of so many leaves out influence and history, which take long.
AT_ONCE = 28
#: An address that may be followed: nothing in it can end an attribute or a link.
FOLLOWED = re.compile(r"(#[a-z0-9-]+|https://[a-z0-9.@%-]+(/[^\s\"'<>\\`|]*)?)\Z")


@cache
def safe(medium: str, events: int = 1) -> Elements:
    return Elements(READ[medium](written(medium, twin, events)))


@cache
def written(medium: str, case: Callable[..., Case], *events: int) -> str:
    return WRITTEN[medium](case(*events))


def is_as_safe(html: str, medium: str) -> bool:
    """Whether a page has no more elements than its twin, and no stray bracket."""
    found, harmless = Elements(html), safe(medium)
    return found.shapes <= harmless.shapes and found.counts == harmless.counts and not stray_brackets(html)


def assert_inactive(html: str, medium: str, events: int = 1) -> Elements:
    """A page of payloads has nothing that its twin has not."""
    found = Elements(html)
    assert found.counts == safe(medium, events).counts
    assert found.shapes - safe(medium, events).shapes == set()
    assert stray_brackets(html) == []
    assert STEERS.findall(html) == STEERS.findall(found.text) == []
    assert [address for address in found.addresses if not FOLLOWED.match(address)] == []
    return found


@pytest.mark.parametrize("medium", READ)
def test_payloads_stay_text(medium: str) -> None:
    """All payloads at once: nothing is active, no address is followed, and each is shown as the text it is."""
    html = READ[medium](written(medium, hostile))
    found = assert_inactive(html, medium)
    assert set(found.addresses) <= set(safe(medium).addresses)

    shown = " ".join(found.text.split())
    assert [name for name, text in PAYLOADS.items() if as_shown(text) not in shown] == []
    if medium == "page":
        assert_data_as_given(html, TOGETHER)


def assert_data_as_given(html: str, text: str) -> None:
    """The data within a page are strict JSON in ASCII that no markup can stand in, and hold the text as it was given."""
    (block,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert block.isascii()
    assert re.search("[<>&\x00-\x1f\x7f]", block) is None

    data = json.loads(block, parse_constant=pytest.fail)
    assert {row["note"] for row in data["reports"] if "note" in row} == {text.strip()}


def test_payloads_part_no_cells() -> None:
    """Every row of every table of Markdown has as many bars as that of the twin."""
    assert sorted(bars(written("Markdown", hostile))) == sorted(bars(written("Markdown", twin, 1)))


@pytest.mark.extended
@pytest.mark.parametrize("start", range(0, len(PAYLOADS), AT_ONCE))
def test_each_payload_alone_stays_text(start: int) -> None:
    """One payload in every field of an event, the address among them: only what is an address of a page is followed."""
    texts = list(PAYLOADS.values())[start : start + AT_ONCE]
    it = case(texts)
    for medium, read in READ.items():
        text = WRITTEN[medium](it)
        found = assert_inactive(read(text), medium, len(texts))
        assert {urlsplit(each).hostname for each in found.addresses} <= {None, "example.org", "evil.example"}
        if medium == "Markdown":
            assert sorted(bars(text)) == sorted(bars(written(medium, twin, len(texts))))

        shown = " ".join(found.text.split())
        assert [each for each in texts if as_shown(each) not in shown] == []


def test_halves_of_characters_are_refused_in_tables_and_dropped_from_what_an_author_says() -> None:
    """No encoding holds them: what the author says of a report is shown without them."""
    for text in HALVES.values():
        said = about_of({key: text for key in LABELS if key not in ("url", "date_published")})
        assert {entry.text for entry in said.entries} == {as_shown(text)}


def test_the_oracle_sees_what_is_active() -> None:
    """Each of these would be found, were it to stand on a page or in Markdown as it is."""
    page, markdown = written("page", twin, 1), written("Markdown", twin, 1)
    assert is_as_safe(page, "page")
    assert is_as_safe(rendered(markdown), "Markdown")

    for text in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<!-- x -->",
        "<svg/onload=alert(1)>",
        "<",
    ):
        changed = page.replace(f"<bdi>{HARMLESS}", f"<bdi>{text}", 1)
        assert changed != page
        assert not is_as_safe(changed, "page")
    for text in ('" onfocus="alert(1)', '" style="color:red', "' href=javascript:x a='"):
        changed = re.sub(r'aria-label="', lambda found, text=text: found[0] + text, page, count=1)
        assert is_as_safe(changed, "page") == text.startswith("'")  # an apostrophe ends no value in quotes

    for text in ("[x](javascript:y)", "![x](https://evil.example/p.png)", "<b>x</b>", "x\n\n# y\n", "`x`"):
        assert not is_as_safe(rendered(markdown.replace(HARMLESS, text)), "Markdown")
    assert bars(markdown.replace(HARMLESS, "x|y")) != bars(markdown)
