"""Small tables of reports, row by row, and the range of one."""

from __future__ import annotations

import pandas as pd

from estimates import Estimates, estimate
from estimates.spreadsheets import csv_of_frame


def report(
    source: str, wording: str, low: int | None = None, high: int | None = None, **more: object
) -> dict[str, object]:
    """One row, of one event unless told otherwise."""
    row: dict[str, object] = {
        "event": "one",
        "event_date": "2020-01-15",
        "reported_at": "2020-01-15",
        "event_type": "airstrike",
        "source": source,
        "source_type": "monitor",
        "wording": wording,
        "low": low,
        "high": high,
    }
    return row | more


def exactly(source: str, number: int, **more: object) -> dict[str, object]:
    """One row with an exact number."""
    return {**report(source, "exactly", number, number), **more}


def answer(rows: list[dict[str, object]], layer: str = "documented", **more: object) -> dict[str, object]:
    """The range of the first event under one layer, by column."""
    frame = estimate(pd.DataFrame(rows), **more).ranges(layers=(layer,))  # type: ignore[arg-type]
    return frame.iloc[0].to_dict()


#: Rows of every kind: wordings, ages known, coarse and unknown, floors, silence, and two outcomes.
MIXED = [
    report("a", "at_least", 18),
    report("b", "about", 21, 21, provisional=True, source_type="rescue"),
    exactly("c", 21, reported_at="2020-01-15T09:00"),
    exactly("d", 25, reported_at="2020-01-17"),
    exactly("e", 21, reported_at=None),
    exactly("f", 30, reported_at="2020-01"),
    exactly("a", 26, reported_at="2020-01-18"),
    exactly("a", 24, reported_at="2020-01-17"),
    report("g", "none", event="two", source_type="party"),
    exactly("a", 3, event="two", group="members"),
    exactly("n", 2, event="two", wording="named"),
    report("b", "no_comment", event="three"),
    exactly("a", 82, outcome="injured"),
]


def ranges_csv(estimates: Estimates) -> str:
    """What `estimates estimate --format csv` prints of estimates."""
    return csv_of_frame(estimates.ranges())
