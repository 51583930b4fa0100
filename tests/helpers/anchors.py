"""A small table of verified events that the tests of evaluation share."""

from __future__ import annotations

import io

import pandas as pd

from estimates import read_reports
from estimates.evaluation.evaluation import Evaluation
from estimates.evaluation.summaries import MODEL
from estimates.table.reports import Reports

HEAD = "event,event_date,event_type,source,source_type,figure,outcome,reported_at,verified"
#: Five events: a toll that is a range, one that is a lower bound, two of the same day, and what must not be shown.
ROWS = [
    "Quake,2020-01-01,earthquake,Wire,international_media,at least 40,,2020-01-01,310",
    "Quake,,,Ministry,government,60,,2020-01-02,",
    "Quake,,,Ministry,government,150,,2020-01-03,",
    "Quake,,,Ministry,government,290,,2020-01-20,",
    "Quake,,,Blog,,900,,,",
    "Quake,,,Wire,international_media,500,injured,2020-01-01,",
    "Blast,2021-03-05,bombing,Hospital,health,18,,2021-03-05,22",
    "Blast,,,Police,security,25,,2021-03-06,",
    "Blast,,,Police,security,3 children,,2021-03-06,",
    "Fire,2021-03-05,fire,Rescue,rescue,dozens,,2021-03-05,51-103",
    "Raid,2019-07-01,airstrike,Monitor,monitor,at least 16,,2019-07-02,at least 20",
    "Raid,,,Army,armed_group,no comment,,2019-07-02,",
    "Old,2018-01-01,flood,Agency,,120,,2018-02-01,130",
    "Open,2022-01-01,fire,Wire,international_media,12,,2022-01-01,",
]
SCORED = ["Blast", "Fire", "Quake", "Raid"]


def table(rows: list[str] = ROWS) -> Reports:
    return read_reports(io.StringIO("\n".join([HEAD, *rows]) + "\n"))


def of(evaluation: Evaluation, method: str = MODEL) -> pd.DataFrame:
    """The scores of one method, one row an event."""
    events = evaluation.events
    return events[events["method"] == method].set_index("event").drop(columns="method")
