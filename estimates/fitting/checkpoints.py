"""Finished chains of a fit on disk, from which an interrupted fit goes on."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from estimates.errors import FitError
from estimates.files import write_whole
from estimates.models.types import Floats


class Checkpoint:
    """Finished chains in a folder, one NumPy file each, with the settings they were made with."""

    def __init__(self, folder: str | Path | None, settings: dict[str, Any]) -> None:
        self._folder = None if folder is None else Path(folder)
        self._mark = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise FitError(f"checkpoint {self._folder}: {error.strerror or error}; name a folder") from None

    def _path(self, chain: int) -> Path | None:
        return None if self._folder is None else self._folder / f"chain_{chain}_{self._mark[:12]}.npz"

    def load(self, chain: int) -> dict[str, Floats] | None:
        """Variables of a finished chain, shape (draws, length) each; None where there is none that can be read."""
        path = self._path(chain)
        if path is None or not path.exists():
            return None
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            return None  # half written or damaged: the chain is sampled again

    def save(self, chain: int, variables: dict[str, Floats]) -> None:
        """Keep the variables of a finished chain, shape (draws, length) each."""
        path = self._path(chain)
        if path is not None:
            buffer = io.BytesIO()
            np.savez_compressed(buffer, allow_pickle=False, **variables)
            write_whole(path, buffer.getvalue())
