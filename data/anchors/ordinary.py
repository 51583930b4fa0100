"""Build ``ordinary.csv``: early and later counts of events that nobody chose for being revised.

    python data/anchors/ordinary.py FOLDER

The folder holds ``early_shootings_open.csv`` (Gun Violence Archive: the count of a dated export, and that of years
later) and ``maverick_reports.csv`` (MAVERICK, van Baalen and Höglund 2026, doi 10.1093/jopres/xjaf012, CC BY 4.0).
Neither ships; the counts made here are all that the law of growth takes of them.

Of MAVERICK's events of a single day those are taken with two sources or more whose last report was made 3 to 399 days
after, and with a report of day 0 or 1. They are read as a recorder would who keeps the largest number told so far: the
early count is the largest figure of the first two days, the final one that of the last report, or the early one where
this is larger. So figures that fall are errors of sources and no growth. A zero there can mean "not mentioned"; in the
archive it is a count.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from estimates.models.growth import age_bin

TARGET = Path(__file__).parent / "ordinary.csv"
COLUMNS = ("dataset", "event_type", "age_bin", "early", "final", "zeros_counted", "events")
#: Days of the early reports of MAVERICK, and of the last one.
EARLY, LATE = (0, 1), (3, 399)


def shootings(path: Path) -> pd.DataFrame:
    """One row a shooting: bin, early and final count."""
    rows = pd.read_csv(path)
    return pd.DataFrame(
        {
            "dataset": "gun_violence_archive",
            "event_type": "shooting",
            "age_bin": [age_bin(age) for age in rows["age_days"]],
            "early": rows["early_killed"],
            "final": rows["final_killed"],
            "zeros_counted": "yes",
            "event": rows["event"],
        }
    )


def attacks(path: Path) -> pd.DataFrame:
    """One row an event of MAVERICK: bin, early and final count."""
    rows = pd.read_csv(path).query("quantity == 'killed'")
    by_event = rows.groupby("event_id")
    several = by_event["source"].nunique() >= 2
    one_day = by_event["date"].agg(_most_frequent) == by_event["date_end"].agg(_most_frequent)
    rows = rows[rows["event_id"].isin(several.index[several & one_day]) & (rows["value"] >= 1)]

    happened = rows.groupby("event_id")["date"].agg(_most_frequent)
    rows = rows.assign(
        day=(pd.to_datetime(rows["reported_at"]) - pd.to_datetime(rows["event_id"].map(happened))).dt.days
    )
    found = [_of_event(str(event), own) for event, own in rows.dropna(subset=["day"]).groupby("event_id")]
    return pd.DataFrame([row for row in found if row is not None])


def _of_event(event: str, rows: pd.DataFrame) -> dict[str, object] | None:
    """The counts of one event; None where it has none that can be compared."""
    last = rows.sort_values("day", kind="stable").iloc[-1]
    early = rows[rows["day"].between(*EARLY)]
    if not LATE[0] <= last["day"] <= LATE[1] or early.empty:
        return None

    largest = int(early["value"].max())
    return {
        "dataset": "maverick",
        "event_type": "attack",
        "age_bin": age_bin(float(early["day"].max()) + 0.5),
        "early": largest,
        "final": max(largest, int(last["value"])),
        "zeros_counted": "no",
        "event": event,
    }


def _most_frequent(values: pd.Series) -> object:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], str(value)))


def counted(table: pd.DataFrame) -> list[list[object]]:
    """Rows of the file: equal counts once, with their number."""
    keys = table[list(COLUMNS[:-1])].itertuples(index=False, name=None)
    return [[*key, number] for key, number in sorted(Counter(keys).items())]


def main() -> None:
    """Write the file and say how many events it holds."""
    folder = Path(sys.argv[1])
    table = pd.concat([shootings(folder / "early_shootings_open.csv"), attacks(folder / "maverick_reports.csv")])
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(counted(table))

    for dataset, own in table.groupby("dataset"):
        rose = int((own["final"] > own["early"]).sum())
        print(f"{dataset}: {len(own)} events, {rose} rose")


if __name__ == "__main__":
    main()
