"""The reports of one event in the order of time, and the questions one could ask at each moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from estimates.inference.cases import Case, gather, to_words
from estimates.table.dates import Time, parse_time


@dataclass(frozen=True, eq=False)
class Moment:
    """A time at which reports came in.

    Attributes
    ----------
    time : Time or None
        None where the time of the reports is not known.
    as_of : str or None
        The time as it was written.
    records : tuple of dict
        The reports that are new.
    """

    time: Time | None
    as_of: str | None
    records: tuple[dict[str, Any], ...]


def moments(records: Sequence[dict[str, Any]], cut: Time | None = None) -> tuple[Moment, ...]:
    """Moments in the order of time, those of unknown time last.

    A report is new at the first moment at which an estimate as of then would count it. Reports without a number, a
    vague word or a "none" are left out.

    Parameters
    ----------
    records : sequence of dict
        Rows of the table, of one event and outcome.
    cut : Time, optional
        Reports made later are left out.
    """
    said = [record for record in records if to_words(record) is not None]
    dated = [(parse_time(str(record["reported_at"])), record) for record in said if record["reported_at"]]
    if cut is not None:
        dated = [(time, record) for time, record in dated if time.start < cut.end]
    dated.sort(key=lambda item: (item[0].end, item[0].start, str(item[1]["source"]), str(item[1]["words"])))
    result: list[Moment] = []
    waiting = dated
    for time, written in [(time, str(record["reported_at"])) for time, record in dated]:
        new = tuple(record for known, record in waiting if known.start < time.end)
        if new:
            waiting = [(known, record) for known, record in waiting if known.start >= time.end]
            result.append(Moment(time, written, new))
    if undated := tuple(record for record in said if not record["reported_at"]):
        result.append(Moment(None, None, undated))
    return tuple(result)


def case_then(estimated: pd.DataFrame, case: Case, bin_shares: Sequence[float], time: Time) -> Case:
    """The question as it stood at a time; reports of unknown time are left out of it.

    Parameters
    ----------
    estimated : DataFrame
        ``Reports.estimated``.
    case : Case
        As it stands now.
    bin_shares : sequence of float
        Shares of ages for figures of unknown age.
    time : Time
    """
    mine = (estimated["event"] == case.event) & (estimated["outcome"] == case.outcome)
    dated = estimated["reported_at"].notna() & (estimated["reported_at"] != "")
    # The type of a source that is only quoted here may stand in the rows of other events.
    quoted = estimated["source"].isin(estimated.loc[mine, "quotes"].dropna())
    asked = gather(estimated[(mine & dated) | (quoted & (estimated["event"] != case.event))], bin_shares, time)
    return next(found for found in asked.cases if (found.event, found.outcome) == (case.event, case.outcome))
