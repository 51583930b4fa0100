"""MAVERICK (van Baalen and Höglund, doi 10.1093/jopres/xjaf012) as tables of reports, and its held-out last reports.

The reduction: rows about the killed, of events on which at least two sources reported and at least one of them gave a
figure of one or more; of these the rows whose best value is one or more, since zero can mean "not mentioned".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from estimates.importers.maverick import SOURCE_TYPES
from estimates.models.growth import age_bin
from estimates.profile.blocks import generator
from estimates.table.dates import ages, parse_time

FILE = "maverick_reports.csv"


def most_frequent(values: Iterable[str]) -> str:
    """The value that occurs most often; the first in order of those that tie."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))


def reduce(path: Path) -> pd.DataFrame:
    """One row per report, in the package's columns and in order of time, with the best ``value`` kept beside them.

    A source has the type, and an event the date, that occurs most often among its rows. Reports of one source on one
    day stay in the order of the file.
    """
    rows = pd.read_csv(path).query("quantity == 'killed'")
    events = rows.groupby("event_id").agg(sources=("source", "nunique"), largest=("value", "max"))
    chosen = events.index[(events["sources"] >= 2) & (events["largest"] >= 1)]
    types = rows.groupby("source")["source_type"].agg(most_frequent)
    rows = rows[rows["event_id"].isin(chosen) & (rows["value"] >= 1)]
    dates = rows.groupby("event_id")["date"].agg(most_frequent)
    is_range = rows["value_low"] < rows["value_high"]
    table = pd.DataFrame(
        {
            "event": rows["event_id"],
            "source": rows["source"],
            "wording": np.where(is_range, "range", "exactly"),
            "low": np.where(is_range, rows["value_low"], rows["value"]),
            "high": np.where(is_range, rows["value_high"], rows["value"]),
            "source_type": rows["source"].map(types).map(SOURCE_TYPES),
            "event_type": "attack",
            "event_date": rows["event_id"].map(dates),
            "reported_at": rows["reported_at"],
            "place": rows["country"],
            "value": rows["value"],
        }
    )
    return table.sort_values(["event", "reported_at"], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class LastReport:
    """The last report of an event, and what was said before.

    Attributes
    ----------
    event, source : str
    value : int
        What the last report says.
    earlier : tuple of int
        Best values of the earlier reports, in order of time.
    rows : DataFrame
        The earlier reports and the last one, as a table of reports in which the last is the latest.
    """

    event: str
    source: str
    value: int
    earlier: tuple[int, ...]
    rows: pd.DataFrame


def cases(table: pd.DataFrame, *, every: bool = False) -> list[LastReport]:
    """The last report of every event with an earlier one; with ``every`` also the second, the third and so on.

    Reports of one day are ordered by a hash of event and source. An earlier figure of the same source and age bin is
    left out, since the package keeps a source's newest figure of a bin only.
    """
    result = []
    for event, group in table.groupby("event", sort=True):
        ranks = [generator(0, "order", str(event), source).random() for source in group["source"]]
        ordered = group.assign(rank=ranks).sort_values(["reported_at", "rank"], kind="stable").drop(columns="rank")
        for position in range(1, len(ordered)):
            if every or position == len(ordered) - 1:
                result += _case(str(event), ordered.iloc[: position + 1])
    return result


def _case(event: str, rows: pd.DataFrame) -> list[LastReport]:
    bins = [_bin(*times) for times in zip(rows["reported_at"], rows["event_date"], strict=True)]
    last = rows.iloc[-1]
    superseded = (rows["source"] == last["source"]) & (np.array(bins) == bins[-1])
    superseded.iloc[-1] = False
    rows = rows[~superseded].copy()
    if len(rows) < 2:
        return []
    # Clock times make the last report the latest of its day; an event date without one keeps the ages in whole days.
    rows["reported_at"] = [f"{day}T12:00" for day in rows["reported_at"][:-1]] + [f"{last['reported_at']}T18:00"]
    rows.loc[rows.index[-1], ["wording", "low", "high"]] = ["exactly", last["value"], last["value"]]
    values = [int(value) for value in rows["value"]]
    return [LastReport(event, str(last["source"]), values[-1], tuple(values[:-1]), rows)]


def _bin(reported: str, happened: str) -> int:
    age = ages(parse_time(reported), parse_time(happened))
    assert age is not None
    return age_bin(age[0])


def folds(table: pd.DataFrame, count: int, seed: int) -> list[set[str]]:
    """Events parted into folds of nearly equal size, by a hash of the seed and the event."""
    order = sorted(set(table["event"]), key=lambda event: generator(seed, "fold", event).random())
    return [set(order[start::count]) for start in range(count)]
