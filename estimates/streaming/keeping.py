"""What totals of stored ranges are made of: for each outcome of an event a few thousand numbers.

Beside the log marginal likelihood of the event under each of the first draws of the profile stand, for each outcome,
the count that its accounts hold under each draw, and its documented toll at evenly spaced quantiles. Everything else
follows from these, the seed and the profile.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.inference.accounts import Accounts, kept_accounts, spreads_of
from estimates.inference.ranges import spread_tolls
from estimates.inference.solved import Solved
from estimates.inference.totals import FEWEST_SUMS, months_of
from estimates.models import adjudicated
from estimates.models.types import Floats, Integers
from estimates.profile.profile import SourceProfile
from estimates.table.cells import TABLE_COLUMNS
from estimates.table.reports import Reports

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns of the reports by which totals can be grouped beside those that the package does not know.
GROUPING = ("place", "event_type")


@dataclass(frozen=True, eq=False)
class KeptCase:
    """One outcome of an event, as totals need it.

    Attributes
    ----------
    event, outcome : str
    groups : mapping of str to str or None
        What the event belongs to, by column; None where its rows say several things.
    log_marginal_likelihood : float32 array, shape (first draws,) or (0,)
        Of the event below that of the best draw; empty where the profile was learned from it.
    counts : integer array, shape (first draws,)
        What the accounts hold.
    distance : array, shape (first draws,)
        How far the sources lie apart.
    floor : int
    at_risk : int or None
    tolls : integer array, shape (sums,)
        Documented tolls at evenly spaced quantiles.
    """

    event: str
    outcome: str
    groups: dict[str, str | None]
    log_marginal_likelihood: NDArray[np.float32]
    counts: Integers
    distance: Floats
    floor: int
    at_risk: int | None
    tolls: Integers

    def accounts(self, profile: SourceProfile) -> Accounts:
        """What the accounts hold under each of the first draws of a profile."""
        return Accounts(
            counts=self.counts,
            wrong=profile.parameters["shared_error"],
            scale=adjudicated.scale_of(1.0) * spreads_of(profile, self.distance, slice(None)),
            floor=self.floor,
            at_risk=np.inf if self.at_risk is None else self.at_risk,
        )


def kept_of(solved: Solved, reports: Reports) -> bytes:
    """What totals are made of, for all cases, as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    cases, answers = solved.cases.cases, solved.solution.answers
    profile = solved.profile.first(len(answers[0].held))
    counts = [held.counts for held in kept_accounts(answers, profile, solved.seed)]
    evenly = np.arange(FEWEST_SUMS)
    tolls = [spread_tolls(case.grid, solved.mass(at, "documented"), evenly) for at, case in enumerate(cases)]
    pairs = list(zip(cases, answers, strict=True))

    groups = groups_of(reports.table)
    names = [str(name) for name in groups.columns]
    of_events = groups.reindex([case.event for case in cases]).itertuples(index=False, name=None)

    columns = {
        "event": pa.array([case.event for case in cases]),
        "outcome": pa.array([case.outcome for case in cases]),
        "floor": pa.array([case.floor or 1 for case in cases]),
        "at_risk": pa.array([case.at_risk for case in cases], pa.int64()),
        "groups": pa.array([json.dumps(dict(zip(names, row, strict=True))) for row in of_events]),
        "log_marginal_likelihood": _lists([_evidence(solved, case.event) for case in cases]),
        "counts": _lists(counts),
        "distance": _lists([_distances(case, answer.alternative) for case, answer in pairs]),
        "tolls": _lists(tolls),
    }
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content, compression="zstd")
    return content.getvalue()


def _evidence(solved: Solved, event: str) -> NDArray[np.float32]:
    evidence = solved.solution.events[event]
    return evidence.log_marginal_likelihood[:0] if evidence.known else evidence.log_marginal_likelihood


def _distances(case: Any, alternative: NDArray[np.int8]) -> NDArray[np.float64]:
    distances = np.array([observations.distance for _, observations in case.alternatives])
    return distances[alternative]


def _lists(rows: list[NDArray[Any]]) -> pa.Array:
    import pyarrow as pa

    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.concatenate(rows)))


def groups_of(table: pd.DataFrame) -> pd.DataFrame:
    """What each event belongs to: one row an event, one column for all that its rows can be grouped by."""
    names = [name for name in table.columns if name in GROUPING or name not in TABLE_COLUMNS]
    events = table["event"].astype(str)
    found = {str(name): _one_value(table[name].map(str, na_action="ignore"), events) for name in names}
    frame = pd.DataFrame(found, index=sorted(set(events)), dtype=object)
    if "month" not in frame.columns:
        frame["month"] = pd.Series(months_of(table), dtype=object)
    return frame


def _one_value(cells: pd.Series[Any], events: pd.Series[str]) -> pd.Series[str]:
    """The value that an event has in a column, empty where it has none; None where it has several."""
    told = cells.astype(object)
    grouped = told.where(told.notna() & ~told.isin(["", "None", "nan", "<NA>"]), None).groupby(events)
    first = grouped.first().astype(object)
    return first.where(first.notna(), "").where(grouped.nunique() <= 1, None)


def cases_in(content: pa.Table) -> list[KeptCase]:
    """The cases of a part."""
    cases = []
    arrays = {name: content.column(name) for name in ("log_marginal_likelihood", "counts", "distance", "tolls")}
    plain = content.select(["event", "outcome", "floor", "at_risk", "groups"]).to_pylist()
    for place, row in enumerate(plain):
        numbers = {name: column[place].values.to_numpy(zero_copy_only=False) for name, column in arrays.items()}
        cases.append(KeptCase(**{**row, "groups": json.loads(row["groups"])}, **numbers))
    return cases
