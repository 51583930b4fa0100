"""The uncertainty report as a page or as Markdown: what was said, what ranges follow and what they rest on.

`estimates.document.view` turns estimates into text and numbers; the templates lay them out. Nothing in the output
depends on the clock or on where it is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimates import text
from estimates.document.about import SILENT, About, about_of
from estimates.document.guidelines import ELEMENTS
from estimates.document.view import document_view
from estimates.errors import EstimatesError
from estimates.files import check_target, write_whole
from estimates.results.estimates import Estimates

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_html", "render_markdown", "write_document"]

#: The elements that Markdown can have: it holds no pictures, and no data that readers do not see.
MARKDOWN_ELEMENTS = ELEMENTS.keys() - {"picture", "history", "data"}


def write_document(
    estimates: Estimates,
    path: str | os.PathLike[str],
    about: About | Mapping[str, Any] | str | os.PathLike[str] | None = None,
) -> Path:
    """Write the uncertainty report to a file, whole or not at all.

    Parameters
    ----------
    estimates : Estimates
    path : path
        Ending in .html or .htm for a self-contained page, in .md or .markdown for Markdown.
    about : About, mapping or path, optional
        What its author says of the report, such as a TOML file (:func:`estimates.document.about.about_of`).

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    EstimatesError
        If the ending is another one, the file cannot be written there, or what the author says cannot be used.
    """
    target = Path(path)
    renderers: dict[str, Callable[[Estimates, About], str]]
    renderers = {".html": render_html, ".htm": render_html, ".md": render_markdown, ".markdown": render_markdown}
    render = renderers.get(target.suffix.lower())
    if render is None:
        raise EstimatesError(f"{target}: a report ends in .html, .htm, .md or .markdown; write it to such a file")
    check_target(target)
    write_whole(target, render(estimates, about_of(about)).encode("utf-8"))
    return target


def render_html(estimates: Estimates, about: About = SILENT) -> str:
    """The report as one self-contained HTML page without scripts.

    Parameters
    ----------
    estimates : Estimates
    about : About
        What its author says of it.

    Returns
    -------
    str
    """
    return str(_templates(True).get_template("report.html.j2").render(report=document_view(estimates, about)))


def render_markdown(estimates: Estimates, about: About = SILENT) -> str:
    """The report as Markdown (tables in GitHub's flavour): all of the page but its pictures and its data.

    Parameters
    ----------
    estimates : Estimates
    about : About
        What its author says of it.

    Returns
    -------
    str
    """
    view = document_view(estimates, about, MARKDOWN_ELEMENTS)
    return str(_templates(False).get_template("report.md.j2").render(report=view))


@cache
def _templates(html: bool) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only writers of reports wait for it
    from markupsafe import Markup

    templates = Environment(
        loader=PackageLoader("estimates.document"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"count": text.count, "percent": text.percent, "interval": text.interval}
    templates.filters |= {"short": text.shortened, "markup": Markup}
    templates.filters |= {"md": text.escape_markdown, "md_url": text.markdown_address}
    templates.filters |= {"element": ELEMENTS.__getitem__}
    return templates
