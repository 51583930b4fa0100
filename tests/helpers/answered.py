"""The items of a guideline as a reader of the page finds them: their status, and the elements they point to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from helpers.markup import Parts, folded


class Read(NamedTuple):
    """One item on a page: met, open or not met, the answer, and the elements it names."""

    status: str
    text: str
    elements: tuple[str, ...]


class Page(NamedTuple):
    """The text of each element of a page by its id, and the items of GATHER by their number."""

    parts: Mapping[str, str]
    summary: str
    items: Mapping[int, Read]


def read_page(html: str) -> Page:
    """Read the disclosure of a page from its HTML alone."""
    disclosed = html[html.index('id="disclosure"') :]
    first = re.search(
        r"<summary>(?P<summary>[^<]*GATHER[^<]*)</summary>.*?<ol>(?P<items>.*?)</ol>", disclosed, re.DOTALL
    )
    assert first is not None
    items = (_item(text) for text in re.findall(r"<li>(.*?)</li>", first["items"], re.DOTALL))
    parts = {name: folded(text) for name, text in Parts(html).parts.items()}
    return Page(parts, first["summary"], dict(enumerate(items, start=1)))


def _item(html: str) -> Read:
    found = re.search(r'<span class="small">([^<]*)</span><br><bdi>(.*?)</bdi>', html, re.DOTALL)
    assert found is not None
    return Read(found[1], found[2], tuple(re.findall(r'<a href="#([^"]*)">', html)))
