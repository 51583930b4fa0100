"""The uncertainty report as a page or as Markdown: what was said, what ranges follow and what they rest on.

`estimates.document.view` turns estimates into text and numbers; the templates lay them out. Nothing in the output
depends on the clock or on where it is written.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from estimates.document.work import ReportWork, RestsOn, fingerprint
from estimates.errors import EstimatesError
from estimates.files import (
    FORMER,
    FRESH,
    check_folder,
    check_target,
    not_written,
    put_with_folder,
    work_beside,
    write_whole,
)
from estimates.pieces import NOTHING_KEPT, TEXT, Pieces
from estimates.progress import Progress, told
from estimates.reserving import LOCK
from estimates.results.estimates import Estimates
from estimates.table.reports import Reports

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["begun", "check_document", "render_html", "render_markdown", "write_begun", "write_document"]

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
    it, "NAME_files", holds a page for each event. What is done of such a report is kept in a hidden folder beside it,
    and a run of the same report that was killed is taken up there.

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
        Is told how many events are done, and how many there are; those found of a killed run do not count.

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
    with begun(estimates.reports, RestsOn.of(estimates), path, about, in_full=in_full) as work:
        return write_begun(estimates, work, progress)


@contextmanager
def begun(
    reports: Reports,
    rests_on: RestsOn,
    path: str | os.PathLike[str],
    about: About | Mapping[str, Any] | str | os.PathLike[str] | None = None,
    *,
    in_full: bool = False,
) -> Iterator[ReportWork]:
    """A report that is to be written, before anything is estimated.

    Of one with pages each piece of work is kept as it is done, and those of the same report that a killed run left are
    found again. However the block ends, nothing of that is left; only a kill leaves it.

    Parameters
    ----------
    reports : Reports
    rests_on : RestsOn
    path, about, in_full
        As for :func:`write_document`.

    Raises
    ------
    EstimatesError
        As :func:`write_document` does; and if another process writes this report.
    """
    target, said = check_document(path), about_of(about)
    count = int(reports.table["event"].nunique())
    check_events(count)
    if target.suffix.lower() in MARKDOWN or count <= EVENTS_IN_ONE_FILE:
        yield ReportWork(target, said, Layout(in_full=in_full))
        return

    layout = Layout(f"{target.stem}_files", target.name, in_full)
    folder = target.with_name(layout.folder)
    check_folder(folder, is_page_name)
    with work_beside(folder) as hidden:
        pieces = Pieces.taken_up(hidden, fingerprint(reports, rests_on, said, layout), (LOCK, FORMER))
        yield ReportWork(target, said, layout, hidden, pieces)


def write_begun(estimates: Estimates, work: ReportWork, progress: Progress | None = None) -> Path:
    """Write a report that was begun, whole or not at all; gives the file written.

    Parameters
    ----------
    estimates : Estimates
        Of the reports that it was begun with.
    work : ReportWork
    progress : callable, optional
        Is told how many events are done, and how many there are.

    Raises
    ------
    EstimatesError
        If something cannot be written there.
    """
    target, in_full = work.target, work.layout.in_full
    if target.suffix.lower() in MARKDOWN:
        write_whole(target, render_markdown(estimates, work.about, Layout(in_full=in_full)).encode("utf-8"))
        return target
    if work.hidden is None or not estimates.cases:
        write_whole(target, render_html(estimates, work.about, Layout(in_full=in_full)).encode("utf-8"))
        return target

    index = work.pieces.once("index", TEXT, lambda: render_html(estimates, work.about, work.layout, work.pieces))
    _keep_pages(estimates, work, work.hidden / FRESH, progress)
    put_with_folder(target, index.encode("utf-8"), work.folder, work.hidden)
    return target


def _keep_pages(estimates: Estimates, work: ReportWork, fresh: Path, progress: Progress | None) -> None:
    """Have the page of every event, and nothing else, in a folder, be it from now or from before."""
    names = sorted(set(estimates.reports.table["event"]))
    pages = {page_name(number): event for number, event in enumerate(names, start=1)}
    _have_only(fresh, pages)

    missing = [name for name in pages if not work.pieces.has(f"{FRESH}/{name}")]
    for name in told(missing, len(missing), progress):
        page = render_html(estimates.only(pages[name]), work.about, work.layout.of_pages)
        work.pieces.keep(f"{FRESH}/{name}", page.encode("utf-8"))


def _have_only(folder: Path, names: Collection[str]) -> None:
    """Make a folder, or delete what is in it under other names."""
    try:
        folder.mkdir(exist_ok=True)
        for other in {each.name for each in folder.iterdir()}.difference(names):
            (folder / other).unlink()
    except OSError as error:
        raise not_written(folder, error) from None


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


def render_html(
    estimates: Estimates, about: About = SILENT, layout: Layout = ONE_FILE, pieces: Pieces = NOTHING_KEPT
) -> str:
    """The report as one self-contained HTML page: of one file, the index, or the page of an event.

    Only a page with an index has a script, which searches and orders the index; the page's content policy names it by
    its hash, and allows no other.

    Parameters
    ----------
    estimates : Estimates
    about : About
        What its author says of it.
    layout : Layout
    pieces : Pieces
        Where totals are kept and found; of these estimates alone.

    Returns
    -------
    str
    """
    templates = _templates(True)
    if layout.is_page:
        return str(templates.get_template("event.html.j2").render(report=page_view(estimates, about, layout)))

    script = _script()
    digest = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    view = document_view(estimates, about, layout=layout, pieces=pieces)
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
