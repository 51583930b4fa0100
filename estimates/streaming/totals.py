"""Totals of stored ranges: the parts are gone through one by one, and their sums added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.ranges import known_levels, range_of_draws
from estimates.inference.solved import check_known
from estimates.inference.summing import UNIT, advised, total_row
from estimates.models import importance
from estimates.progress import Progress, told
from estimates.streaming.adding import Addition, GroupSums
from estimates.streaming.assembled import totals_beside
from estimates.streaming.folder import SETTINGS
from estimates.streaming.settings import settings_of
from estimates.vocabulary import ESTIMATED_OUTCOMES

if TYPE_CHECKING:
    from distributed import Client


def stored_total(
    path: Path,
    outcome: str,
    by: str | None,
    levels: float | Sequence[float],
    client: Client | None,
    progress: Progress | None,
) -> pd.DataFrame:
    """Totals of stored ranges, as `StoredRanges.total` gives them."""
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    levels = known_levels(levels)
    folder = totals_beside(path)
    if not (folder / SETTINGS).exists():
        raise EstimatesError(
            f"{path}: what totals are made of was not kept, or {folder} has been moved; estimate again with totals=True"
        )

    addition = Addition(settings_of((folder / SETTINGS).read_bytes()), outcome, by)
    files = sorted(folder.glob("part-*.parquet"))
    groups: dict[str, GroupSums] = {}
    for found in told(_of_parts(files, addition, client), len(files), progress):
        for name, sums in found.items():
            if name in groups:
                groups[name].add(sums)
            else:
                groups[name] = sums

    rows = [
        {by or "group": name, "outcome": outcome, "events": groups[name].events, **row}
        for name in sorted(groups)
        for row in _rows(groups[name], levels, addition)
    ]
    return advised(pd.DataFrame(rows), by or "group")


def _of_parts(files: Sequence[Path], addition: Addition, client: Client | None) -> Iterator[dict[str, GroupSums]]:
    import pyarrow.parquet as pq

    if client is not None:
        from estimates.streaming.cluster import added_on_cluster

        yield from added_on_cluster(files, addition, client)
        return
    for file in files:
        yield addition.of_part(pq.read_table(file))


def _rows(sums: GroupSums, levels: Sequence[float], addition: Addition) -> Iterator[dict[str, Any]]:
    """Rows of one total: sums under each draw, weighted by what all events together say of the draws."""
    draws = addition.settings.draws
    weights = importance.equal_weights(draws)
    if sums.informed:
        weights = importance.from_log_marginal_likelihood(sums.units.astype(float) * UNIT)

    for row, together in sums.together.items():
        found = range_of_draws(together, levels, weights.values)
        claimed = range_of_draws(sums.apart[row.layer, row.remainder], levels)
        yield total_row(row, weights.power, weights.effective_draws, found.cells, claimed.cells)
