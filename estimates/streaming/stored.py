"""Ranges that stand in a file, and the questions that can be asked of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from estimates.errors import EstimatesError
from estimates.progress import Progress
from estimates.text import line_of, plural
from estimates.vocabulary import INTERVAL_LEVELS

if TYPE_CHECKING:
    from distributed import Client


def open_ranges(path: str | os.PathLike[str]) -> StoredRanges:
    """Open ranges that :func:`estimate_to` has written.

    Parameters
    ----------
    path : path

    Raises
    ------
    EstimatesError
        If there is no such file, or it is none of these.

    Examples
    --------
    >>> from estimates import open_ranges
    >>> open_ranges("ranges.parquet").total(by="place")  # doctest: +SKIP
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = Path(path)
    try:
        metadata = pq.read_schema(file).metadata or {}
        about = json.loads(metadata.get(b"pandas", b"{}"))["attributes"]["estimates"]
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EstimatesError(f"{file}: cannot be opened ({why}); name a file that estimate_to has written") from None
    except (pa.ArrowException, ValueError, KeyError, TypeError):
        raise EstimatesError(f"{file}: no ranges that estimate_to has written; estimate the reports again") from None
    return StoredRanges(file, about)


@dataclass(frozen=True, eq=False, repr=False)
class StoredRanges:
    """Ranges in a Parquet file, as :func:`estimate_to` writes them and :func:`open_ranges` opens them.

    Attributes
    ----------
    path : Path
    about : dict
        What they were made with: table, seed, profile, versions, how many events and outcomes, and notes.
    """

    path: Path
    about: dict[str, Any]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What was noted on the reports; at most 500 notes are kept."""
        more = self.about["more_notes"]
        return (*self.about["notes"], *([f"and {more:,} more notes, which are not kept"] if more else []))

    def ranges(self, *events: str) -> pd.DataFrame:
        """The ranges of some events, or of all.

        Parameters
        ----------
        *events : str

        Returns
        -------
        DataFrame
            One row per event, outcome and layer: the columns of `Estimates.ranges`, and ``draws``,
            ``effective_draws`` and ``power``, how the draws of the profile were weighted for the event.

        Raises
        ------
        EstimatesError
            If there is no such event.

        Examples
        --------
        >>> open_ranges("ranges.parquet").ranges("Idlib airstrikes")  # doctest: +SKIP
        """
        import pyarrow.parquet as pq

        wanted = [("event", "in", set(events))] if events else None
        frame: pd.DataFrame = pq.read_table(self.path, filters=wanted).to_pandas(
            types_mapper=_nullable, ignore_metadata=True
        )
        frame["missing"] = frame["missing"].astype(object).where(frame["missing"].notna(), None)
        if events and (missing := sorted(set(events) - set(frame["event"]))):
            raise EstimatesError(f"{self.path}: there is no event {missing[0]!r}")
        return frame

    def total(
        self,
        outcome: str = "killed",
        by: str | None = None,
        levels: float | Sequence[float] = INTERVAL_LEVELS,
        *,
        client: Client | None = None,
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Totals over events from what was stored, as `Estimates.total` gives them.

        Parameters
        ----------
        outcome : str
        by : str, optional
            "month", "place", "event_type" or a column of the table that the package does not know, such as "country";
            by default all events are one group.
        levels : float or sequence of float
            In per cent.
        client : dask.distributed.Client, optional
            A cluster to work on; the totals are the same.
        progress : callable, optional
            Told how many parts are done and how many there are.

        Raises
        ------
        EstimatesError
            If what totals are made of was not kept, or there is no such outcome or column, or an event has several
            values of it.

        Notes
        -----
        Groups of up to 400 events rest on draws that were kept and are not worked out anew, as `Estimates.total` does:
        their ends differ by the noise of a thousand draws.

        Examples
        --------
        >>> open_ranges("ranges.parquet").total(by="month")  # doctest: +SKIP
        """
        from estimates.streaming.totals import stored_total

        return stored_total(self.path, outcome, by, levels, client, progress)

    def __len__(self) -> int:
        return int(self.about["outcomes"])

    def __repr__(self) -> str:
        counts = f"{plural(len(self), 'outcome')} of {plural(self.about['events'], 'event')}"
        return line_of("StoredRanges", f"{counts}, seed {self.about['seed']}", self.path.name)


def _nullable(kind: Any) -> Any:
    """Whole numbers with a place for none."""
    import pyarrow as pa

    return pd.Int64Dtype() if pa.types.is_int64(kind) else None
