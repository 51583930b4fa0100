"""A hook of the documentation's build: the command line's reference is made from the commands themselves."""

from __future__ import annotations

from typing import Any

#: Where docs/reference/commands.md takes the commands.
PLACE = "<!-- commands -->"


def commands() -> str:
    """Return every command with its arguments and options, as Markdown."""
    from typer.cli import get_docs_for_click
    from typer.main import get_command
    from typer.models import Context

    from estimates.cli.application import app

    command = get_command(app)
    return get_docs_for_click(obj=command, ctx=Context(command, info_name="estimates"), name="estimates", title=" ")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the commands where a page has the place for them."""
    return markdown.replace(PLACE, commands()) if PLACE in markdown else markdown
