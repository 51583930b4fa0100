"""Pieces of a long work, kept on disk as they are done, so that what was killed goes on where it was.

A piece is a file that is whole once its digest stands in the ledger of the folder: it is written under another name and
renamed, and its digest is written last. Whatever does not agree with its digest is as good as not there, and made
again. The first line of the ledger says what the work is; pieces of any other work are thrown away. Nothing in a piece
can run when it is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimates.files import not_written

__all__ = ["ARRAYS", "JSON", "LEDGER", "NOTHING_KEPT", "TEXT", "Packing", "Pieces", "digest_of"]

#: The file with the digest of every piece, and the name under which a piece is written.
LEDGER, _WRITING = "pieces.txt", ".writing"


class Packing[Content](NamedTuple):
    """How a kind of content becomes bytes, and the inverse."""

    pack: Callable[[Content], bytes]
    unpack: Callable[[bytes], Content]


class Pieces:
    """Pieces that are kept in a folder, or nowhere, each under its name.

    Parameters
    ----------
    folder : Path or None
        Where there is none, nothing is kept and nothing found.
    digests : dict of str to str
        Of the pieces that were found, by their names.
    """

    def __init__(self, folder: Path | None, digests: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._digests = digests or {}

    @classmethod
    def taken_up(cls, folder: Path, work: str, spared: Collection[str] = ()) -> Pieces:
        """The pieces of a work in a folder; what lies there of any other work is thrown away.

        Parameters
        ----------
        folder : Path
        work : str
            What the work is, in one word: a hash of all that it rests on.
        spared : collection of str
            Names in the folder that are left alone.

        Raises
        ------
        EstimatesError
            If nothing can be written there.
        """
        digests = _digests(folder / LEDGER, work)
        try:
            if digests is None:
                _empty(folder, spared)
                (folder / LEDGER).write_text(f"{work}\n", encoding="utf-8")
        except OSError as error:
            raise not_written(folder, error) from None
        return cls(folder, digests)

    @property
    def names(self) -> list[str]:
        """Of all pieces that there are."""
        return list(self._digests)

    @property
    def are_kept(self) -> bool:
        """Whether there is a folder for them."""
        return self._folder is not None

    def has(self, name: str) -> bool:
        """Whether there is such a piece, whole."""
        return self.found(name) is not None

    def found(self, name: str) -> bytes | None:
        """What a piece holds; None where there is none, or it is not what was kept."""
        digest = self._digests.get(name)
        if self._folder is None or digest is None:
            return None
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def keep(self, name: str, content: bytes) -> None:
        """Keep a piece; where pieces are kept nowhere, nothing is done.

        Raises
        ------
        EstimatesError
            If it cannot be written.
        """
        if self._folder is None:
            return
        digest = hashlib.sha256(content).hexdigest()
        try:
            (self._folder / _WRITING).write_bytes(content)
            os.replace(self._folder / _WRITING, self._folder / name)
            # A line begins with its break: it is whole whatever a kill left of the one before.
            with (self._folder / LEDGER).open("a", encoding="utf-8") as ledger:
                ledger.write(f"\n{digest} {name}\n")
        except OSError as error:
            raise not_written(self._folder, error) from None
        self._digests[name] = digest

    def once[Content](self, name: str, packing: Packing[Content], work: Callable[[], Content]) -> Content:
        """What a piece holds, or what some work gives, which is kept under this name.

        Parameters
        ----------
        name : str
        packing : Packing
        work : callable
        """
        if (content := self.found(name)) is not None:
            return packing.unpack(content)
        result = work()
        if self._folder is not None:
            self.keep(name, packing.pack(result))
        return result


#: For whoever keeps nothing.
NOTHING_KEPT = Pieces(None)


def digest_of(told: Any) -> str:
    """A hash of plain objects, for names."""
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:24]


def _digests(ledger: Path, work: str) -> dict[str, str] | None:
    """Digests by name that a ledger of this work holds; None where it is that of another, or none."""
    try:
        first, *lines = ledger.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return None
    if first != work:
        return None
    told = [line.split(" ") for line in lines]
    return {words[1]: words[0] for words in told if len(words) == 2}


def _empty(folder: Path, spared: Collection[str]) -> None:
    for each in sorted(folder.iterdir()):
        if each.name in spared:
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


# Kinds of content -----------------------------------------------------------------------------------------------------


def _arrays_packed(arrays: dict[str, NDArray[Any]]) -> bytes:
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def _arrays_unpacked(content: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return dict(stored.items())


#: Plain objects, whose numbers are the same to the last bit, and arrays by their names, shape (any,).
JSON: Packing[Any] = Packing(lambda told: json.dumps(told).encode("ascii"), json.loads)
ARRAYS: Packing[dict[str, NDArray[Any]]] = Packing(_arrays_packed, _arrays_unpacked)
#: Text.
TEXT: Packing[str] = Packing(lambda text: text.encode("utf-8"), lambda content: content.decode("utf-8"))
