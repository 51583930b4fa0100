"""The page and the Markdown are well formed and safe, whatever stands in the table."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from helpers.documents import HOSTILE, Page, hostile, idlib
from helpers.markup import without_allowed_script
from hypothesis import given
from hypothesis import strategies as st

from estimates.document.document import render_html, render_markdown
from estimates.text import clean, escape_markdown, safe_url


@pytest.mark.parametrize("estimates", [idlib, hostile], ids=["plain", "hostile"])
def test_page_is_balanced_and_ids_are_unique(estimates: Any) -> None:
    """Every element closes, ids occur once, and every reference within the page has its target."""
    page = Page(render_html(estimates()))
    assert page.open == []
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    wanted = [name for value in page.attributes("aria-labelledby") for name in value.split()]
    wanted += [value[1:] for value in page.attributes("href") if value.startswith("#")]
    assert set(wanted) <= set(ids)


@pytest.mark.parametrize("estimates", [idlib, hostile], ids=["plain", "hostile"])
def test_pictures_are_well_formed_and_have_a_text_alternative(estimates: Any) -> None:
    """Each picture parses as XML, is an image with a title and a description, and has no number that is not finite."""
    found = re.findall(r"<svg xmlns=.*?</svg>\n<figcaption>", render_html(estimates()), re.DOTALL)
    pictures = [text for text in found if "Events over time" not in text]
    assert len(pictures) == len(estimates())
    for text in pictures:
        assert "nan" not in re.sub(r"<(title|desc|text).*?</\1>", "", text).lower()
        root = ElementTree.fromstring(text.removesuffix("\n<figcaption>"))
        name = "{http://www.w3.org/2000/svg}"
        assert root.get("role") == "img"
        assert root.find(f"{name}title").text  # type: ignore[union-attr]
        assert "full toll: median" in root.find(f"{name}desc").text  # type: ignore[union-attr, operator]


@pytest.mark.parametrize("estimates", [idlib, hostile], ids=["plain", "hostile"])
def test_page_needs_nothing_from_elsewhere(estimates: Any) -> None:
    """No style sheet, font, image or frame is loaded, and no script beside the one that the policy names by its hash."""
    text = without_allowed_script(render_html(estimates()))
    page = Page(text)
    assert [dict(attributes) for tag, attributes in page.tags if tag == "script"] == [
        {"type": "application/json", "id": "data"}  # a block of data, which no browser runs
    ]
    loading = {"link", "img", "iframe", "object", "embed", "image", "base"}
    assert {tag for tag, _ in page.tags} & loading == set()
    assert page.attributes("src") == []
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)

    style = text[text.index("<style>") : text.index("</style>")]
    assert "@import" not in style
    assert "url(" not in style


@pytest.mark.parametrize("estimates", [idlib, hostile], ids=["plain", "hostile"])
def test_links_go_to_http_addresses_only_and_tell_no_referrer(estimates: Any) -> None:
    """Whatever leads out of the page is an anchor to an http address that hides where the reader comes from."""
    for tag, attributes in Page(render_html(estimates())).tags:
        target = attributes.get("href")
        if target is not None and not target.startswith("#"):
            assert tag == "a"
            assert re.match(r"https?://", target)
            assert attributes["rel"] == "noopener noreferrer nofollow"


def test_tables_name_their_headers() -> None:
    """Every header cell has a scope."""
    assert all(
        attributes.get("scope") in ("col", "row") for tag, attributes in Page(render_html(idlib())).tags if tag == "th"
    )


def test_no_table_makes_a_narrow_page_scroll() -> None:
    """A table scrolls in a region of its own, or its cells break or stack where the page is narrow."""
    text = render_html(idlib())
    tables = list(re.finditer(r"(?:<div class=\"scroll\"[^>]*>\s*)?<table[^>]*>", text))

    assert len(tables) > 5
    for table in tables:
        assert re.search(r"^<div class=\"scroll\"|class=\"plain\"|class=\"reports stacked\"", table[0]), table[0]


def test_hostile_text_is_shown_as_text() -> None:
    """What looks like markup or a template arrives as the characters it is made of."""
    page = Page(render_html(hostile()))
    for text in HOSTILE[:5]:
        assert text in page.text
    assert "<b>" not in render_html(hostile())
    assert "\u202e" not in page.text


def test_hostile_text_stays_inside_markdown() -> None:
    """In Markdown no angle bracket, link or code survives from the table."""
    text = render_markdown(hostile())
    assert "<script" not in text
    assert "<img" not in text
    assert re.search(r"(?<!\\)\]\((?!<http)", text) is None
    assert re.search(r"(?<!\\)`", text) is None
    assert "\u202e" not in text


# Text from outside ----------------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_markdown_escaping_leaves_no_live_character(text: str) -> None:
    """Any text becomes one line in which every active character is escaped."""
    escaped = escape_markdown(text)
    assert len(escaped.splitlines()) <= 1
    assert re.search(r"(?<!\\)(\\\\)*[`*_\[\]|~$]", escaped) is None
    assert "<" not in escaped
    escaped.encode("utf-8")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "//e.org",
        "file:///etc",
        "https://",
        "http://[",
        "ftp://e.org",
    ],
)
def test_only_http_addresses_become_links(address: str) -> None:
    """An address that is not http or https with a host is shown as text."""
    assert safe_url(address) is None


def test_link_shows_the_host_it_leads_to() -> None:
    """A link's text is its real host, and characters that could end an attribute or a link are encoded."""
    found = safe_url('https://bank.example@evil.example/a b"><x>')
    assert found is not None
    assert found[1] == "evil.example"
    assert re.search(r'[\s"<>]', found[0]) is None


def test_clean_keeps_the_indent_of_a_line() -> None:
    """Spaces stay, so that the lines of a message keep their indent; a tab becomes one space."""
    assert clean("  line 3:\tx\x1b[31m") == "  line 3: x[31m"


def test_clean_keeps_joiners_and_drops_direction_marks() -> None:
    """Joiners that Persian needs stay; overrides, controls and lone surrogates go; line breaks become spaces."""
    assert clean("می\u200cخواهم\u202e\x00\ud800\na\u2028b") == "می\u200cخواهم a b"
