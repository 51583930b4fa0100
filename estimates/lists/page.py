"""What overlapping lists say, as text for a terminal, as Markdown and as a self-contained page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from estimates.errors import EstimatesError
from estimates.files import check_target, write_whole
from estimates.lists.findings import Findings
from estimates.lists.said import headline_of, notes_of, sections_of
from estimates.text import clean, escape_markdown

__all__ = ["html_page", "markdown_page", "terminal_text", "write_page"]

_RANGES = ("model", "most likely or median", "low", "high", "ends")


@dataclass(frozen=True)
class _Part:
    """A heading with paragraphs, lines of a list and a table below it; each may be empty."""

    title: str
    paragraphs: Sequence[str] = ()
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def write_page(found: Findings, path: str | os.PathLike[str]) -> Path:
    """Write the page of what lists say to a file, whole or not at all.

    Parameters
    ----------
    found : Findings
    path : path
        Ending in .html or .htm, in .md or .markdown.

    Returns
    -------
    Path

    Raises
    ------
    EstimatesError
        If the ending is another one, or the file cannot be written there.
    """
    target = Path(path)
    forms = {".html": html_page, ".htm": html_page, ".md": markdown_page, ".markdown": markdown_page}
    form = forms.get(target.suffix.lower())
    if form is None:
        raise EstimatesError(f"{target}: a page ends in .html, .htm, .md or .markdown; write it to such a file")
    check_target(target)
    write_whole(target, form(found).encode("utf-8"))
    return target


def terminal_text(found: Findings) -> str:
    """What the lists say, in the order in which it counts, as plain lines.

    Parameters
    ----------
    found : Findings

    Returns
    -------
    str
    """
    lines = []
    for section in sections_of(found):
        lines += [section.title, *(f"  {sentence}" for sentence in section.sentences), ""]
    return clean_lines([*lines, headline_of(found)])


def clean_lines(lines: Sequence[str]) -> str:
    """Lines without characters that steer a terminal."""
    return "\n".join(clean(line) for line in lines)


def markdown_page(found: Findings) -> str:
    """The page as Markdown, tables in GitHub's flavour.

    Parameters
    ----------
    found : Findings

    Returns
    -------
    str
    """
    name = escape_markdown(found.overlaps.name)
    blocks = [f"# How many are on no list: {name}", escape_markdown(headline_of(found))]
    for part in _parts(found):
        blocks += [f"## {escape_markdown(part.title)}", *map(escape_markdown, part.paragraphs)]
        if part.lines:
            blocks.append("\n".join(f"- {escape_markdown(line)}" for line in part.lines))
        if part.rows:
            rule = ["---", *["---:"] * (len(part.header) - 1)]
            rows = [part.header, *part.rows]
            cells = [[escape_markdown(cell) for cell in row] for row in rows]
            cells.insert(1, rule)
            blocks.append("\n".join(f"| {' | '.join(row)} |" for row in cells))
    return "\n\n".join(blocks) + "\n"


def html_page(found: Findings) -> str:
    """The page as one self-contained HTML file without scripts.

    Parameters
    ----------
    found : Findings

    Returns
    -------
    str
    """
    from importlib.resources import files

    style = (files("estimates") / "document" / "templates" / "style.css").read_text(encoding="utf-8")
    name = _html(found.overlaps.name)
    parts = "\n".join(_html_part(part) for part in _parts(found))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>How many are on no list: {name}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<header>\n<h1>How many are on no list</h1>\n<p class="facts"><bdi>{name}</bdi></p>\n</header>\n'
        f"<main>\n<p><strong>{_html(headline_of(found))}</strong></p>\n{parts}\n</main>\n</body>\n</html>\n"
    )


def _html_part(part: _Part) -> str:
    said = [f"<h2>{_html(part.title)}</h2>", *(f"<p>{_html(text)}</p>" for text in part.paragraphs)]

    if part.lines:
        said.append("<ul>" + "".join(f"<li>{_html(line)}</li>" for line in part.lines) + "</ul>")

    if part.rows:
        head = "".join(f'<th scope="col">{_html(cell)}</th>' for cell in part.header)
        body = "".join(
            f'<tr><th scope="row">{_html(first)}</th>'
            + "".join(f'<td class="number">{_html(cell)}</td>' for cell in cells)
            + "</tr>\n"
            for first, *cells in part.rows
        )
        said.append(
            f'<div class="scroll"><table class="numbers"><thead><tr>{head}</tr></thead>\n'
            f"<tbody>\n{body}</tbody></table></div>"
        )
    return "<section>\n" + "\n".join(said) + "\n</section>"


def _html(text: object) -> str:
    return escape(clean(text))


def _parts(found: Findings) -> list[_Part]:
    """All parts of a page below its headline."""
    parts = [_Part(section.title, section.sentences) for section in sections_of(found)]
    rows = [[_cell(cell) for cell in row] for row in found.ranges().itertuples(index=False)]
    parts.append(_Part("The ranges side by side", header=_RANGES, rows=rows))
    if notes_of(found):
        parts.append(_Part("What was assumed", lines=notes_of(found)))

    table = found.table()
    patterns = [[_cell(cell) for cell in row] for row in table.itertuples(index=False)]
    parts.append(_Part("Who is on which lists", header=list(table.columns), rows=patterns))

    made = [[key.replace("_", " "), _said(value)] for key, value in found.provenance.items()]
    parts.append(_Part("Where this comes from", header=("what", "value"), rows=made))
    return parts


def _cell(value: object) -> str:
    """A number with thousands separated, text as it is, a dash where there is no end."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) or hasattr(value, "__index__") else "–"


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
