"""One part of a table: from the rows of some events to their ranges, in one function that any process can run."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from estimates.collecting import without_collecting
from estimates.errors import EstimatesError, Fault, ReportsError
from estimates.inference.gathering import gather_table
from estimates.inference.posterior import Effort, solve
from estimates.inference.ranges import range_table
from estimates.inference.solved import Solved
from estimates.inference.watched import watched
from estimates.results.asked import time_of
from estimates.streaming.settings import Settings
from estimates.table.reports import Reports, reports_of_rows
from estimates.table.source import read_rows

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: The column of a part that holds the lines of its rows.
LINE = "__line_in_the_table__"


class PartAnswer(NamedTuple):
    """What is found for one part.

    Attributes
    ----------
    ranges : bytes
        The ranges as Parquet; empty where the part has faults.
    kept : bytes
        What totals are made of; empty where that is not asked for.
    facts : dict
        Numbers of ``rows``, ``events`` and ``outcomes``, ``notes``, and ``faults``: what is wrong with the rows.
    """

    ranges: bytes
    kept: bytes
    facts: dict[str, Any]


@without_collecting()
def work_out(content: bytes, settings: Settings, *, only_read: bool = False) -> PartAnswer:
    """Read the rows of some events and estimate them; the answer for an event is the same in whatever part it is.

    Parameters
    ----------
    content : bytes
        Rows as `estimates.streaming.split` writes them.
    settings : Settings
    only_read : bool
        Whether the rows are only looked at for faults.
    """
    try:
        reports = _reports(content, settings)
        if only_read:
            return PartAnswer(b"", b"", {"rows": len(reports), "events": 0, "outcomes": 0, "notes": [], "faults": []})
        return _estimated(reports, settings)

    except ReportsError as error:
        faults = [[fault.what, fault.mend, fault.line, fault.column] for fault in error.faults]
    except EstimatesError as error:
        faults = [[str(error), "", None, None]]
    return PartAnswer(b"", b"", {"rows": 0, "events": 0, "outcomes": 0, "notes": [], "faults": faults})


def faults_of(facts: dict[str, Any]) -> list[Fault]:
    """The faults that were told with an answer."""
    return [Fault(*fault) for fault in facts["faults"]]


def rows_in(content: bytes) -> pa.Table:
    """The rows of a part: streams of Arrow one after another, whose columns may be of different types."""
    import pyarrow as pa

    tables, source = [], io.BytesIO(content)
    while source.tell() < len(content):
        with pa.ipc.open_stream(source) as stream:
            tables.append(stream.read_all())
    return pa.concat_tables(tables, promote_options="permissive")


def _reports(content: bytes, settings: Settings) -> Reports:
    """The table of reports of a part, with the lines that its rows have in the whole."""
    table = rows_in(content)
    lines = table.column(LINE).to_pylist()
    frame = table.drop_columns([LINE]).to_pandas(ignore_metadata=True)
    rows = dataclasses.replace(read_rows(frame), name=settings.name, lines=lines)
    return reports_of_rows(rows, settings.read_as)


def _estimated(reports: Reports, settings: Settings) -> PartAnswer:
    profile, layer, cut = settings.profile, settings.undocumented, time_of(settings.as_of)
    coverage = settings.coverage
    if reports.coverage is not None:
        coverage = reports.coverage if coverage is None else coverage.joined(reports.coverage)

    cases = gather_table(reports, profile.bin_shares, cut)
    if coverage is not None:
        cases = watched(cases, reports.reports, coverage, profile, cut)
    effort = Effort(settings.draws, settings.effective, cores=1, for_totals=settings.totals)
    solution = solve(cases, profile, settings.seed, layer, effort=effort)
    solved = Solved(cases, profile, settings.seed, layer, solution, coverage, effort)

    frame = range_table(solved, settings.levels, settings.layers)
    facts = {
        "rows": len(reports),
        "events": len(solved.events),
        "outcomes": len(cases.cases),
        "notes": [*reports.notes, *cases.notes],
        "faults": [],
    }
    return PartAnswer(_parquet(_weighted(frame, solved)), _kept(solved, reports, settings), facts)


def _weighted(frame: pd.DataFrame, solved: Solved) -> pd.DataFrame:
    """The ranges with how the draws were weighted for the event of each."""
    evidence = [solved.solution.events[event] for event in frame["event"]]
    return frame.assign(
        draws=[each.draws for each in evidence],
        effective_draws=[round(each.effective_draws, 1) for each in evidence],
        power=[round(each.power, 3) for each in evidence],
    )


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(as_arrow(frame), content, compression="zstd")
    return content.getvalue()


def as_arrow(frame: pd.DataFrame) -> pa.Table:
    """Ranges with the same type in every part, also where a column of it holds nothing."""
    import pyarrow as pa

    texts = ("event", "outcome", "layer", "missing")
    kinds = {name: pa.string() if name in texts else pa.int64() for name in frame.columns}
    kinds |= {"effective_draws": pa.float64(), "power": pa.float64()}
    schema = pa.schema([(name, kinds[name]) for name in frame.columns])
    return pa.Table.from_pandas(frame, schema, preserve_index=False).replace_schema_metadata(None)


def _kept(solved: Solved, reports: Reports, settings: Settings) -> bytes:
    if not settings.totals:
        return b""
    from estimates.streaming.keeping import kept_of

    return kept_of(solved, reports)


def as_json(facts: dict[str, Any]) -> str:
    """Facts in one line."""
    return json.dumps(facts)
