"""From the answers to parts to one file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from estimates.errors import EstimatesError
from estimates.inference.provenance import file_name, package_versions
from estimates.streaming.folder import Folder
from estimates.streaming.settings import Settings
from estimates.streaming.split import Part
from estimates.text import clean

#: Notes that are kept with the ranges.
MOST_NOTES = 500
#: The file of the ranges of all parts before it takes the place of the target.
WHOLE = ".whole.tmp"


def assemble(
    target: Path, folder: Folder, settings: Settings, parts: Sequence[Part], facts: Sequence[dict[str, Any]]
) -> None:
    """Write the ranges of all parts to one Parquet file, whole or not at all, and what totals are made of beside it.

    Raises
    ------
    EstimatesError
        If it cannot be written there.
    """
    import pyarrow.parquet as pq

    about = about_of(settings, parts, facts)
    # Among the parts, where the run that goes on after a kill writes over it, and not beside the target for ever.
    temporary = folder.path / WHOLE
    try:
        schema = _with_about(pq.read_schema(folder.ranges(parts[0].mark)), about)
        with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            for part in parts:
                writer.write_table(pq.read_table(folder.ranges(part.mark)).cast(schema))
        with temporary.open("rb") as file:
            os.fsync(file.fileno())

        if settings.totals:
            _keep_totals(target, folder, parts)
        temporary.replace(os.path.realpath(target))
    except OSError as error:
        raise EstimatesError(f"{target}: cannot be written ({error.strerror or error}); check the room left") from None
    finally:
        temporary.unlink(missing_ok=True)


def totals_beside(target: Path) -> Path:
    """The folder of what totals are made of."""
    return target.with_name(target.name + ".totals")


def _keep_totals(target: Path, folder: Folder, parts: Sequence[Part]) -> None:
    """Put what totals are made of beside the file, in the place of what was there."""
    fresh, place = folder.path / "totals", totals_beside(target)
    shutil.rmtree(fresh, ignore_errors=True)  # a killed run may have left more parts than there are now
    fresh.mkdir()
    for number, part in enumerate(parts):
        shutil.copyfile(folder.kept(part.mark), fresh / f"part-{number:05d}.parquet")
    (fresh / "settings.npz").write_bytes(settings_bytes(folder))
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)


def settings_bytes(folder: Folder) -> bytes:
    """The settings that a folder was begun with."""
    from estimates.streaming.folder import SETTINGS

    return (folder.path / SETTINGS).read_bytes()


def data_hash(parts: Sequence[Part]) -> str:
    """Hash of all rows, in the order of their events."""
    return hashlib.sha256("".join(part.mark for part in parts).encode()).hexdigest()


def about_of(settings: Settings, parts: Sequence[Part], facts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the ranges were made with, and what is to be noted."""
    counted = Counter(clean(note) for each in facts for note in each["notes"])
    notes = list(counted)
    return {
        "table": file_name(settings.name),
        "rows_hash": data_hash(parts),
        **settings.told,
        **{name: sum(each[name] for each in facts) for name in ("rows", "events", "outcomes")},
        "notes": notes[:MOST_NOTES],
        "more_notes": max(0, len(notes) - MOST_NOTES),
        "versions": package_versions(),
    }


def _with_about(schema: Any, about: dict[str, Any]) -> Any:
    """A schema from which pandas gives what the ranges were made with as ``attrs``."""
    nothing = {"index_columns": [], "columns": [], "column_indexes": [], "attributes": {"estimates": about}}
    return schema.with_metadata({"pandas": json.dumps(nothing, default=str)})
