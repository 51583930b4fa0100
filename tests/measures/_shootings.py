"""Ordinary shootings in the United States: a count of a dated export of the Gun Violence Archive, and its later count.

Age is that of the export, so that the early count was made by then and perhaps long before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

FILE = "early_shootings_open.csv"
SOURCE = "Gun Violence Archive"


def read(path: Path) -> pd.DataFrame:
    """One row a shooting, in the package's columns: the early count as its only report, the later one verified."""
    rows = pd.read_csv(path)
    days = zip(rows["date"], rows["age_days"], strict=True)
    return pd.DataFrame(
        {
            "event": rows["event"],
            "source": SOURCE,
            "source_type": "monitor",
            "figure": rows["early_killed"].astype(str),
            "event_type": "shooting",
            "event_date": rows["date"],
            "reported_at": [_after(day, age) for day, age in days],
            "verified": rows["final_killed"].astype(str),
        }
    )


def _after(day: str, age: float) -> str:
    """The minute so many days after the start of a day."""
    return (datetime.fromisoformat(day) + timedelta(days=age)).isoformat(timespec="minutes")
