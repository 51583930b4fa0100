"""Tables of very many events on the command line: estimated in parts into a file, and totals of such a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimates.cli.estimating import TWO_LAYERS
from estimates.cli.options import Layer
from estimates.cli.progress import shown
from estimates.cli.streams import note

if TYPE_CHECKING:
    from estimates.streaming.stored import StoredRanges

#: Notes that are printed; all that are kept are in the file.
_NOTES_SHOWN = 20


def goes_in_parts(reports: str, output: Path | None) -> bool:
    """Whether a table is estimated in parts: from Parquet, or a folder of it, into Parquet."""
    if output is None or output.suffix.lower() != ".parquet":
        return False
    return os.path.isdir(reports) or is_parquet(reports)


def is_parquet(path: str) -> bool:
    """Whether a path is that of a Parquet file."""
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"PAR1"
    except (OSError, ValueError):
        return False


def in_parts(reports: str, output: Path, layers: Sequence[Layer] | None, **asked: Any) -> None:
    """Estimate a table in parts, show how far that is, and say what was written."""
    from estimates.streaming.stream import estimate_to
    from estimates.text import clean, plural

    with shown("estimating") as progress:
        chosen = [layer.value for layer in layers or TWO_LAYERS]
        stored = estimate_to(reports, output, layers=chosen, progress=progress, **asked)

    for text in stored.notes[:_NOTES_SHOWN]:
        note(text)
    if len(stored.notes) > _NOTES_SHOWN:
        note(f"{len(stored.notes) - _NOTES_SHOWN:,} more notes are kept in {output}")
    told = f"{plural(len(stored), 'outcome')} of {plural(stored.about['events'], 'event')}"
    print(clean(f"Ranges of {told} written to {output}"))


def stored_ranges(path: str) -> StoredRanges | None:
    """Ranges that were written in parts; None where a path is that of anything else."""
    if not is_parquet(path):
        return None
    from estimates.errors import EstimatesError
    from estimates.streaming.stored import open_ranges

    try:
        return open_ranges(path)
    except EstimatesError:
        return None
