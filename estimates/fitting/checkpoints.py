"""What a fit has sampled so far, on disk: finished chains, and of others their blocks of draws.

Each file is written whole or not at all and ends with a digest of what it holds: a part of one, or one that was
changed, is as good as none. A folder serves one fit at a time.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.files import write_whole
from estimates.fitting.chains import Block
from estimates.models.types import Floats

#: What stands before the names of the parts of a block.
_STATISTIC, _STATE = "statistic:", "state:"


class Checkpoint:
    """The chains of a fit in a folder, under names that tell the settings they were made with; or nowhere."""

    def __init__(self, folder: str | Path | None, settings: dict[str, Any]) -> None:
        self._folder = None if folder is None else Path(folder)
        self._mark = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()

    def _path(self, chain: int) -> Path | None:
        return None if self._folder is None else self._folder / f"chain_{chain}_{self._mark[:12]}.npz"

    def load(self, chain: int) -> dict[str, Floats] | None:
        """Variables of a finished chain, shape (draws, length) each; None where there is none that is whole."""
        path = self._path(chain)
        return None if path is None else _read(path)

    def save(self, chain: int, variables: Mapping[str, Floats]) -> None:
        """Keep the variables of a finished chain, shape (draws, length) each; its blocks go."""
        path = self._path(chain)
        if path is not None:
            write_whole(path, _sealed(variables, np.savez_compressed))
            shutil.rmtree(_folder_of_blocks(path), ignore_errors=True)

    def blocks(self, chain: int) -> tuple[Block, ...]:
        """The blocks of a chain that is not finished, from its first draw on as far as they are whole; others go."""
        path = self._path(chain)
        if path is None:
            return ()
        folder = _folder_of_blocks(path)
        found: list[Block] = []
        while (block := _block(folder, found[-1].end if found else 0)) is not None:
            found.append(block)

        # What follows a gap, or was left half written, must not be taken for what comes after new draws.
        whole = {_name(block.first) for block in found}
        for other in folder.glob("*"):
            if other.name not in whole:
                other.unlink(missing_ok=True)
        return tuple(found)

    def save_block(self, chain: int, block: Block) -> None:
        """Keep the next block of a chain."""
        path = self._path(chain)
        if path is None:
            return
        folder = _folder_of_blocks(path)
        folder.mkdir(exist_ok=True)
        parts: dict[str, NDArray[Any]] = {
            "span": np.array([block.first, block.end]), "positions": block.positions, "place": block.place,
            **{_STATISTIC + name: values for name, values in block.statistics.items()},
            **{_STATE + name: values for name, values in block.state.items()},
        }  # fmt: skip
        write_whole(folder / _name(block.first), _sealed(parts, np.savez))


def _folder_of_blocks(path: Path) -> Path:
    return path.with_suffix("")


def _name(first: int) -> str:
    return f"block_{first:07d}.npz"


def _block(folder: Path, first: int) -> Block | None:
    """The block of a chain that begins after so many draws; None where there is none that is whole."""
    parts = _read(folder / _name(first))
    if parts is None or int(parts["span"][0]) != first:
        return None
    statistics, state = (
        {name.removeprefix(kind): values for name, values in parts.items() if name.startswith(kind)}
        for kind in (_STATISTIC, _STATE)
    )
    return Block(first, int(parts["span"][1]), parts["positions"], statistics, parts["place"], state)


def _sealed(arrays: Mapping[str, NDArray[Any]], save: Callable[..., None]) -> bytes:
    """Arrays as a NumPy archive, with its digest behind it."""
    buffer = io.BytesIO()
    save(buffer, allow_pickle=False, **arrays)
    content = buffer.getvalue()
    return content + hashlib.sha256(content).digest()


def _read(path: Path) -> dict[str, Any] | None:
    """The arrays of a file; None where it is missing, cut off or changed."""
    try:
        written = path.read_bytes()
    except OSError:
        return None
    content, digest = written[:-32], written[-32:]
    if hashlib.sha256(content).digest() != digest:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
