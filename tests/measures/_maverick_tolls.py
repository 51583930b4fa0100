"""Early reports of MAVERICK events with a late one that stands for the toll.

MAVERICK has no tolls. Of the events of the reduction (`_maverick.reduce`: two sources or more, figures of one or more)
those are taken whose last report was made 3 to 399 days after the event; of several reports of that day the last in the
file counts. What it says stands for the toll, and only reports of the first days are shown. It is a report all the
same: it may repeat an early one, and a few are of one place of many.

Many MAVERICK events last for days. Single-day events are those whose most frequent first day and most frequent last
day, over all the rows about the killed, are the same.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from _maverick import most_frequent, reduce

#: The last report is made so many days after the event, first and last day.
LATE = (3, 399)


def single_day(path: Path) -> set[str]:
    """Events that begin and end on one day."""
    rows = pd.read_csv(path).query("quantity == 'killed'")
    ends = rows.groupby("event_id")[["date", "date_end"]].agg(most_frequent)
    return set(ends.index[ends["date"] == ends["date_end"]])


def read(path: Path, *, days: int, only_single_days: bool) -> pd.DataFrame:
    """One row an early report, in the package's columns, with the late figure of its event as ``verified``.

    Parameters
    ----------
    path : path
        Of the file of MAVERICK.
    days : int
        Reports of the days 0 to ``days - 1`` are early; events without any are left out.
    only_single_days : bool
    """
    table = reduce(path)
    if only_single_days:
        table = table[table["event"].isin(single_day(path))]
    day = (pd.to_datetime(table["reported_at"]) - pd.to_datetime(table["event_date"])).dt.days

    last = table.assign(day=day).groupby("event").tail(1)
    late = last[last["day"].between(*LATE)].set_index("event")["value"].astype(int)
    early = table[day.between(0, days - 1) & table["event"].isin(late.index)]
    return early.assign(verified=early["event"].map(late)).drop(columns="value").reset_index(drop=True)
