"""The uncertainty report as a page or as Markdown: what was said, what ranges follow and what they rest on.

`estimates.document.view` turns estimates into text and numbers; the templates lay them out. Nothing in the output
depends on the clock or on where it is written.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimates import text
from estimates.document.about import SILENT, About, about_of
from estimates.document.guidelines import ELEMENTS
from estimates.document.layout import EVENTS_IN_ONE_FILE, MOST_EVENTS, ONE_FILE, Layout, is_page_name, page_name
from estimates.document.page import page_view
from estimates.document.view import document_view
from estimates.errors import EstimatesError
from estimates.files import check_folder, check_target, write_whole, write_with_folder
from estimates.progress import Progress, told
from estimates.results.estimates import Estimates

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["check_document", "render_html", "render_markdown", "write_document"]

#: Endings of files that reports are written to.
PAGES, MARKDOWN = frozenset({".html", ".htm"}), frozenset({".md", ".markdown"})
#: The elements that Markdown can have: it holds no pictures, and no data that readers do not see.
MARKDOWN_ELEMENTS = ELEMENTS.keys() - {"picture", "history", "data"}


def write_document(
    estimates: Estimates,
    path: str | os.PathLike[str],
    about: About | Mapping[str, Any] | str | os.PathLike[str] | None = None,
    *,
    in_full: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the uncertainty report, whole or not at all.

    Of more than 50 events (`estimates.document.layout.EVENTS_IN_ONE_FILE`) a page becomes an index, and a folder beside
    it, "NAME_files", holds a page for each event.

    Parameters
    ----------
    estimates : Estimates
    path : path
        Ending in .html or .htm for pages, in .md or .markdown for Markdown.
    about : About, mapping or path, optional
        What its author says of the report, such as a TOML file (:func:`estimates.document.about.about_of`).
    in_full : bool
        Influence and history also of more than 20 events; each takes estimates of its own.
    progress : callable, optional
        Is told how many events are done, and how many there are.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    EstimatesError
        If the ending is another one, the file cannot be written there, the folder holds other files, there are more
        than ten thousand events, or what the author says cannot be used.
    """
    target, said = check_document(path), about_of(about)
    names = sorted(set(estimates.reports.table["event"]))
    check_events(len(names))
    if target.suffix.lower() in MARKDOWN:
        write_whole(target, render_markdown(estimates, said, Layout(in_full=in_full)).encode("utf-8"))
        return target

    if len(names) <= EVENTS_IN_ONE_FILE or not estimates.cases:
        write_whole(target, render_html(estimates, said, Layout(in_full=in_full)).encode("utf-8"))
        return target

    folder = target.with_name(f"{target.stem}_files")
    check_folder(folder, is_page_name)
    layout = Layout(folder.name, target.name, in_full)
    index = render_html(estimates, said, layout)
    pages = render_pages(estimates, names, said, layout.of_pages)
    encoded = ((name, page.encode("utf-8")) for name, page in told(pages, len(names), progress))
    write_with_folder(target, index.encode("utf-8"), folder, encoded)
    return target


def check_document(path: str | os.PathLike[str]) -> Path:
    """Refuse a path where no report can be put, before work is spent on it.

    Raises
    ------
    EstimatesError
        If the ending is another one, or no file can be put there.
    """
    target = Path(path)
    if target.suffix.lower() not in PAGES | MARKDOWN:
        raise EstimatesError(f"{target}: a report ends in .html, .htm, .md or .markdown; write it to such a file")
    check_target(target)
    return target


def check_events(count: int) -> None:
    """Refuse a report of more events than an index can hold.

    Raises
    ------
    EstimatesError
        If there are more than ten thousand.
    """
    if count > MOST_EVENTS:
        raise EstimatesError(
            f"{count:,} events are more than the index of a report holds ({MOST_EVENTS:,}); write their ranges with "
            "`estimates estimate REPORTS.parquet -o ranges.parquet --totals`, and report those of one place or month"
        )


def render_html(estimates: Estimates, about: About = SILENT, layout: Layout = ONE_FILE) -> str:
    """The report as one self-contained HTML page: of one file, the index, or the page of an event.

    Only a page with an index has a script, which searches and orders the index; the page's content policy names it by
    its hash, and allows no other.

    Parameters
    ----------
    estimates : Estimates
    about : About
        What its author says of it.
    layout : Layout

    Returns
    -------
    str
    """
    templates = _templates(True)
    if layout.is_page:
        return str(templates.get_template("event.html.j2").render(report=page_view(estimates, about, layout)))

    script = _script()
    digest = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    view = document_view(estimates, about, layout=layout)
    page = templates.get_template("report.html.j2")
    return str(page.render(report=view, script=script, script_hash=f"sha256-{digest}"))


def render_pages(estimates: Estimates, names: Sequence[str], about: About, layout: Layout) -> Iterator[tuple[str, str]]:
    """The pages of some events, one after the other, each with its file name.

    Parameters
    ----------
    estimates : Estimates
    names : sequence of str
        Of all events, in their order.
    about : About
    layout : Layout
        Of the pages.
    """
    for number, name in enumerate(names, start=1):
        yield page_name(number), render_html(estimates.only(name), about, layout)


def render_markdown(estimates: Estimates, about: About = SILENT, layout: Layout = ONE_FILE) -> str:
    """The report as Markdown (tables in GitHub's flavour): all of the page but its pictures and its data.

    Parameters
    ----------
    estimates : Estimates
    about : About
        What its author says of it.
    layout : Layout

    Returns
    -------
    str
    """
    view = document_view(estimates, about, MARKDOWN_ELEMENTS, layout)
    return str(_templates(False).get_template("report.md.j2").render(report=view))


@cache
def _script() -> str:
    """What searches and orders an index, as it stands in the page."""
    return (files("estimates.document") / "templates" / "index.js").read_text(encoding="utf-8")


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
