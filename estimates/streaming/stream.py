"""Estimate a table of very many events into a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimates.errors import EstimatesError, Fault, ReportsError
from estimates.files import check_target
from estimates.inference.ranges import known_layers, known_levels
from estimates.inference.side_by_side import available_cores
from estimates.inference.undocumented import UndocumentedLayer, known_layer
from estimates.profile.profile import DRAWS, SourceProfile
from estimates.progress import Progress, steps
from estimates.reserving import reserved
from estimates.results.asked import check_seed, known_profile, time_of
from estimates.streaming.assembled import assemble
from estimates.streaming.folder import Folder
from estimates.streaming.part import faults_of
from estimates.streaming.processes import in_this_process, on_processes
from estimates.streaming.settings import Settings, known_draws, known_effective
from estimates.streaming.split import Part, split
from estimates.streaming.stored import StoredRanges, open_ranges
from estimates.table.coverage import Coverage, read_coverage
from estimates.table.reports import Reports
from estimates.table.source import Source
from estimates.vocabulary import INTERVAL_LEVELS

if TYPE_CHECKING:
    from distributed import Client

#: Of more faults only so many are kept; the message shows fewer.
_MOST_FAULTS = 10_000


def estimate_to(
    reports: Reports | Source,
    path: str | os.PathLike[str],
    *,
    profile: SourceProfile | str | Path | None = None,
    seed: int = 0,
    as_of: str | None = None,
    undocumented: UndocumentedLayer | str = "elicited",
    coverage: Coverage | Source | None = None,
    levels: float | Sequence[float] = INTERVAL_LEVELS,
    layers: str | Sequence[str] = ("documented", "total"),
    draws: int = DRAWS,
    effective: int | None = None,
    totals: bool = False,
    layout: Mapping[str, Any] | None = None,
    cores: int | None = None,
    client: Client | None = None,
    progress: Progress | None = None,
) -> StoredRanges:
    """Estimate a table of very many events into a Parquet file, in parts.

    The ranges are those of :func:`estimates.estimate`, to the last digit, in the same order. Memory is bounded: a
    Parquet file, a folder of such files or a Dask frame is never read whole. Parts are worked out by several processes,
    or on a cluster, and kept in the folder ``PATH.parts`` until all are there. An interrupted run is taken up where it
    stopped when it is called again with the same arguments; after a table was mended, the parts whose rows are the same
    are not worked out again.

    Parameters
    ----------
    reports : path, folder of Parquet files, Dask DataFrame, Reports, or anything ``read_reports`` accepts
    path : path
        Ending in .parquet; the file is written whole when all is done.
    profile, seed, as_of, undocumented, coverage
        As for :func:`estimates.estimate`.
    levels : float or sequence of float
        In per cent.
    layers : str or sequence of str
        Out of "by_now", "documented" and "total".
    draws : int
        Of the profile, that every event begins with; one whose weights would rest on too few takes twice as many up
        to 1,000, then all. Fewer than the usual 1,000 are faster, and the ends of ranges less exact
        (docs/howto/database.md).
    effective : int, optional
        Effective draws that every event should be left with: it takes twice as many draws until it is, or the profile
        has no more.
    totals : bool
        Whether to keep beside the file what totals are made of, in the folder ``PATH.totals`` (some 5 kB an event).
    layout : mapping, optional
        The arguments with which ``read_reports`` reads this table, such as ``{"columns": {"incident": "event"}}``.
    cores : int, optional
        Processes at a time, by default as many as there are cores; one is the process that calls.
    client : dask.distributed.Client, optional
        A cluster to work on instead; see docs/howto/cluster.md.
    progress : callable, optional
        Told how many events are done and how many there are.

    Returns
    -------
    StoredRanges

    Raises
    ------
    ReportsError
        If the table has faults; all of them are listed, and the parts without any are kept.
    EstimatesError
        If an argument cannot be used, the file cannot be written there, another run is writing it, or the parts of an
        interrupted run were made with other settings.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from estimates import estimate_to, load_example
    >>> with TemporaryDirectory() as folder:
    ...     stored = estimate_to(load_example(), Path(folder) / "ranges.parquet", cores=1)  # doctest: +SKIP
    >>> stored  # doctest: +SKIP
    <StoredRanges ranges.parquet: 4 outcomes of 2 events, seed 0>
    """
    target = _target(path)
    settings = _settings(
        reports, profile, seed, as_of, undocumented, coverage, levels, layers, draws, effective, totals=totals,
        layout=layout,
    )  # fmt: skip
    if cores is not None and (isinstance(cores, bool) or not isinstance(cores, int) or cores < 1):
        raise EstimatesError(f"cores {cores!r}: write a whole number of one or more")

    folder = Folder.beside(target)
    with reserved(folder.path, "estimates"):
        folder.begin(settings)
        parts = split(reports, settings.read_as, folder.path)
        facts = _all_facts(parts, folder, settings, cores or available_cores(), client, progress)
        assemble(target, folder, settings, parts, facts)
    folder.remove()
    return open_ranges(target)


def _target(path: str | os.PathLike[str]) -> Path:
    target = Path(path)
    if target.suffix.lower() != ".parquet":
        raise EstimatesError(f"{target}: ranges of very many events are written as .parquet; name the file so")
    check_target(target)
    return target


def _settings(
    reports: Reports | Source,
    profile: SourceProfile | str | Path | None,
    seed: int,
    as_of: str | None,
    undocumented: UndocumentedLayer | str,
    coverage: Coverage | Source | None,
    levels: float | Sequence[float],
    layers: str | Sequence[str],
    draws: int,
    effective: int | None,
    *,
    totals: bool,
    layout: Mapping[str, Any] | None,
) -> Settings:
    check_seed(seed)
    time_of(as_of)
    known = known_profile(profile, seed)
    declared = None if coverage is None else read_coverage(coverage)
    if isinstance(reports, Reports) and reports.coverage is not None:
        declared = reports.coverage if declared is None else reports.coverage.joined(declared)

    return Settings(
        name=reports.name if isinstance(reports, Reports) else _name_of(reports),
        profile=known,
        undocumented=known_layer(undocumented),
        coverage=declared,
        seed=seed,
        as_of=None if as_of is None else str(as_of),
        levels=known_levels(levels),
        layers=tuple(known_layers(layers)),
        draws=known_draws(min(draws, known.draws) if draws == DRAWS else draws, known),
        effective=known_effective(effective, known),
        totals=bool(totals),
        layout=json.loads(json.dumps(dict(layout or {}))),
    )


def _name_of(source: Any) -> str:
    return str(source) if isinstance(source, str | os.PathLike) else "table"


def _all_facts(
    parts: list[Part], folder: Folder, settings: Settings, cores: int, client: Client | None, progress: Progress | None
) -> list[dict[str, Any]]:
    """The facts of all parts, in their order: those that are kept, and those worked out now.

    Raises
    ------
    ReportsError
        If any part has faults.
    """
    found = {part.mark: known for part in parts if (known := folder.facts(part.mark)) is not None}
    step = steps(sum(part.events for part in parts), progress)
    step(sum(part.events for part in parts if part.mark in found))
    waiting = [part for part in parts if part.mark not in found]

    faults: list[Fault] = []
    for part, facts in _worked_out(waiting, folder, settings, cores, client):
        found[part.mark] = facts
        faults += faults_of(facts)[: _MOST_FAULTS - len(faults)]
        step(part.events)
    if faults:
        raise ReportsError(settings.name, sorted(faults, key=lambda fault: fault.line or 0))
    return [found[part.mark] for part in parts]


def _worked_out(
    parts: list[Part], folder: Folder, settings: Settings, cores: int, client: Client | None
) -> Iterator[tuple[Part, dict[str, Any]]]:
    if client is None and (cores == 1 or len(parts) <= 1):
        return in_this_process(parts, folder, settings)
    if client is None:
        return on_processes(parts, folder.path, cores)
    from estimates.streaming.cluster import on_cluster

    return on_cluster(parts, folder, settings, client)
