"""Reports as a notebook shows them."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from estimates.text import clean, in_notebook

_COLUMNS = ("line", "event", "source", "words", "wording", "low", "high", "outcome", "reported_at", "group")
_ROWS_SHOWN = 50


def reports_as_html(name: str, table: pd.DataFrame, notes: Sequence[str]) -> str:
    """The first rows of ``Reports.table``, its most telling columns, and the notes."""
    # <bdi> keeps a right-to-left name from turning its neighbours round.
    rows = (
        "<tr>" + "".join(f"<td><bdi>{_escaped(value)}</bdi></td>" for value in row) + "</tr>"
        for row in table[list(_COLUMNS)].head(_ROWS_SHOWN).itertuples(index=False)
    )
    more = f"<p>… and {len(table) - _ROWS_SHOWN:,} more</p>" if len(table) > _ROWS_SHOWN else ""
    told = "".join(f"<li>{_escaped(note)}</li>" for note in notes)
    return in_notebook(
        f"<table><caption>{_escaped(name)}: {len(table):,} reports</caption>"
        f"<thead><tr>{''.join(f'<th>{column}</th>' for column in _COLUMNS)}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>{more}" + (f"<ul>{told}</ul>" if told else "")
    )


def _escaped(value: object) -> str:
    return "" if value is None else html.escape(clean(value))
