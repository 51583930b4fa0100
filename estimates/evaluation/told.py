"""The table of a simulation: one row for each statement and list of names, in the columns of ``read_reports``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from estimates.evaluation.acting import Event, Said
from estimates.evaluation.phrasing import figure_of
from estimates.evaluation.schedule import written_time
from estimates.evaluation.statements import NAMES, Speaker

_COLUMNS = (
    "event", "source", "figure", "wording", "low", "high", "outcome", "source_type", "reported_at", "event_date",
    "event_type", "affiliation", "group", "quotes", "provisional", "withdrawn", "at_risk", "chosen", "copies_removed",
    "verified",
)  # fmt: skip
_FLAGS = ("provisional", "withdrawn", "chosen", "copies_removed")


def rows_of(
    index: int, event: Event, outcome: str, speakers: Sequence[Speaker], *, attributes: bool
) -> list[dict[str, Any]]:
    """The rows of one event, all with their times; copies name their origin if the table ``attributes`` them."""
    plan = event.plan
    about = {
        "event": f"event {index + 1}",
        "event_type": plan.event_type,
        "outcome": outcome,
        "event_date": written_time(index, 0),
        "at_risk": plan.at_risk,
        "chosen": plan.chosen,
        "copies_removed": plan.copies_removed,
    }

    rows = [row for said in event.said for row in _statements(about, index, event, said, speakers, attributes)]
    if plan.names:
        time = written_time(index, plan.slots[-1].minute)
        of_list = {"wording": "named", "low": plan.names, "high": plan.names, "reported_at": time}
        rows.append({**about, **NAMES._asdict(), **of_list})
    return rows


def _statements(
    about: Mapping[str, Any], index: int, event: Event, said: Said, speakers: Sequence[Speaker], attributes: bool
) -> Iterator[dict[str, Any]]:
    groups = event.plan.groups
    is_certain = bool(said.group and groups and groups.kind == "certain")
    for slot, (words, origin) in zip(said.slots, said.statements, strict=True):
        figure: dict[str, Any] = {"figure": figure_of(words, is_bare=event.plan.is_bare and not said.group)}
        if is_certain:
            figure = {"figure": f"{words.low:,} of them", "wording": "exactly", "low": words.low, "high": words.high}

        yield {
            **about,
            **speakers[slot.source].key._asdict(),
            **figure,
            "group": said.group or None,
            "reported_at": written_time(index, slot.minute),
            "provisional": slot.provisional,
            "withdrawn": slot.withdrawn,
            "quotes": origin if attributes else None,
            "undated": slot.undated,
        }


def table_of(rows: Sequence[Mapping[str, Any]], *, dated: bool = False) -> pd.DataFrame:
    """The rows in the columns that any of them uses.

    Parameters
    ----------
    rows : sequence of mapping
    dated : bool
        Whether all have their times, those as well that the table of the simulation does not say.
    """
    frame = pd.DataFrame(rows, columns=[*_COLUMNS, "undated"])
    undated = frame.pop("undated").fillna(False).astype(bool)
    if not dated:
        frame.loc[undated, "reported_at"] = None
    for column in _FLAGS:
        frame[column] = frame[column].astype("boolean").fillna(False).astype(bool)
    for column in ("low", "high", "at_risk", "verified"):
        frame[column] = frame[column].astype("Int64")

    unused = [column for column in _FLAGS[1:] if not frame[column].any()]
    return frame.drop(columns=unused).dropna(axis="columns", how="all")
