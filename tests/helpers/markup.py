"""What markup is made of, read apart from the package: elements, what no element explains, and headings with numbers."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from typing import NamedTuple

from markdown_it import MarkdownIt

VOID = frozenset({"meta", "link", "br", "img", "hr", "input", "base", "embed"})
#: Attributes whose value can do something; of all others it is text, and the name alone counts.
ACTING = frozenset("class role type style href src xlink:href http-equiv content target action rel srcdoc".split())
#: A tag as a careful writer writes it: names in small letters, each value in quotes, no bracket within.
TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s+[a-zA-Z][a-zA-Z0-9:-]*(?:=\"[^\"<>]*\")?)*\s*/?>|<!DOCTYPE html>")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "summary"})
#: Of these a harmless twin has as many.
COUNTED = frozenset(
    "h1 h2 h3 h4 table thead tbody tr th td section dl dt details ol hr pre code blockquote script".split()
)
#: What readers do not read, and what the page alone has: pictures, and the form that searches an index.
UNREAD = frozenset({"style", "script", "figure", "title", "form"})


class Shape(NamedTuple):
    """An element without its text: what it stands in, what it is, and what it can do."""

    parent: str
    tag: str
    attributes: tuple[tuple[str, str], ...]


class Section(NamedTuple):
    """A heading, and the text below it up to the next."""

    heading: str
    text: str

    @property
    def numbers(self) -> list[str]:
        """Every number in it, in order of size as text: the columns of a table may stand in another order."""
        return sorted(re.findall(r"\d[\d,.]*(?<=\d)", self.text))


class Elements(HTMLParser):
    """The elements of a page, the addresses it leads to, and its sections."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shapes: set[Shape] = set()
        self.counts: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.text = ""
        self.headings: list[tuple[str, int]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    @property
    def sections(self) -> list[Section]:
        """All of them, in the order of the page."""
        ends = [*(at for _, at in self.headings[1:]), len(self.text)]
        named = zip(self.headings, ends, strict=True)
        return [Section(folded(name), folded(self.text[at:end].removeprefix(name))) for (name, at), end in named]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag in HEADINGS and not HEADINGS & set(self._open):  # a heading in a summary is one heading
            self.headings.append(("", len(self.text)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        self.text += " " if tag in HEADINGS | {"td", "th", "p", "li", "dt", "dd"} else ""

    def handle_data(self, data: str) -> None:
        if UNREAD & set(self._open):
            return
        self.text += data
        if HEADINGS & set(self._open):
            heading, at = self.headings[-1]
            self.headings[-1] = (heading + data, at)

    def handle_comment(self, data: str) -> None:
        self._note("a comment", [])

    def handle_pi(self, data: str) -> None:
        self._note("an instruction", [])

    def unknown_decl(self, data: str) -> None:
        self._note("a declaration", [])

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] += tag in COUNTED
        told = []
        for name, value in attrs:
            if "href" in name or name == "src":
                self.addresses.append(value or "")
                told.append((name, re.sub(r"(?<=:)//.*|(?<=^#).*", "", value or "")))
            else:
                told.append((name, value or "" if name in ACTING else ""))
        self.shapes.add(Shape(self._open[-1] if self._open else "", tag, tuple(sorted(told))))


class Parts(HTMLParser):
    """The text of every element with an id: of a heading all below it, up to the next that weighs as much; of data all.

    Of pictures the text that stands for them counts.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: dict[str, str] = {}
        self._depth = 0
        self._within: list[tuple[str, int]] = []
        self._below: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._below = [(name, heading) for name, heading in self._below if heading < tag]
        name = dict(attrs).get("id")
        if name:
            assert name not in self.parts, name
            self.parts[name] = ""
            if re.fullmatch("h[1-6]", tag):
                self._below.append((name, tag))
            else:
                self._within.append((name, self._depth))
        self._depth += tag not in VOID

    def handle_endtag(self, tag: str) -> None:
        self._depth -= 1
        self._within = [(name, depth) for name, depth in self._within if depth < self._depth]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Such an element has no text, and nobody looks for it."""

    def handle_data(self, data: str) -> None:
        for name, _ in (*self._within, *self._below):
            self.parts[name] += data


def rendered(markdown: str) -> str:
    """Markdown as HTML by CommonMark, with tables, text struck out, whatever HTML it holds, and links to any address."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.validateLink = lambda _: True  # by itself it passes over links to scripts, as not every reader does
    return str(reader.render(markdown))


def bars(markdown: str) -> list[int]:
    """How many bars part the cells of each row of a table; GitHub drops cells that are too many."""
    return [re.sub(r"\\.", "", line).count("|") for line in markdown.splitlines() if line.startswith("|")]


def stray_brackets(page: str) -> list[str]:
    """Angle brackets that belong to no tag as a careful writer writes it, each with its neighbours; scripts are counted elsewhere."""
    quiet = re.sub(r"<style>[^<]*</style>", "", without_allowed_script(page))
    left = TAG.sub("\N{OBJECT REPLACEMENT CHARACTER}", quiet)
    return [left[max(0, found.start() - 20) : found.end() + 20] for found in re.finditer("[<>]", left)]


def without_allowed_script(page: str) -> str:
    """A page without the one script that its content policy allows, by the hash that a browser would compare."""
    allowed = re.findall(r"script-src '(sha256-[^']+)'", page[: page.index("<title>")] if "<title>" in page else "")
    for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
        digest = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
        if f"sha256-{digest}" in allowed:
            page = page.replace(f"<script>{script}</script>", "", 1)
    return page


def folded(text: str) -> str:
    """Text with single spaces."""
    return " ".join(text.split())
