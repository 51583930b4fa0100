"""How many items of GATHER and of the recorders' standards the report of the Idlib article meets.

    python tests/measures/disclosure.py

Counted with what the author says in docs/about.example.toml and without, on the page and in Markdown.
"""

from __future__ import annotations

from _common import ROOT, Figure, record

from estimates import load_example
from estimates.document.about import SILENT, about_of
from estimates.document.disclosed import Answered
from estimates.document.document import MARKDOWN_ELEMENTS
from estimates.document.guidelines import ELEMENTS
from estimates.document.view import document_view
from estimates.results.estimates import estimate


def main() -> None:
    article = estimate(load_example("idlib_2020"))
    figures = []
    for medium, elements in (("page", ELEMENTS), ("Markdown", MARKDOWN_ELEMENTS)):
        for author, about in (("with an author", about_of(ROOT / "docs" / "about.example.toml")), ("without", SILENT)):
            for answered in document_view(article, about, elements).disclosed.answered:
                figures.append(_figure(answered, f"{medium}, {author}"))
    record("disclosure", figures, __file__)


def _figure(answered: Answered, where: str) -> Figure:
    met = sum(item.is_met for item in answered.items)
    name = answered.guideline.name
    must = ">= 14" if (name, where) == ("GATHER", "page, with an author") else ""
    return Figure(f"{name}: items met ({where})", f"{met} of {len(answered.items)}", must=must)


if __name__ == "__main__":
    main()
