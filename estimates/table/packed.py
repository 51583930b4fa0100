"""Packed files, unpacked as far as a limit: a few kilobytes can hold more than any memory."""

from __future__ import annotations

import zipfile
import zlib

from estimates.table.faults import refusal

__all__ = ["LARGEST_UNPACKED", "check_archive", "unpacked"]

#: Bytes that a packed file may unpack to: several million reports.
LARGEST_UNPACKED = 1 << 29
_CHUNK = 1 << 20
_TOO_LARGE = f"it unpacks to more than {LARGEST_UNPACKED >> 20} MB"
_PART_IT = "part the table, or unpack it yourself if you know what it is"


def unpacked(content: bytes, name: str) -> bytes:
    """Unpack gzip, in one piece or in several that stand one behind the other.

    Parameters
    ----------
    content : bytes
    name : str
        Where it came from.

    Raises
    ------
    ReportsError
        If it is damaged, cut short, or unpacks to more than ``LARGEST_UNPACKED`` bytes.
    """
    pieces: list[bytes] = []
    size = 0
    try:
        while content.startswith(b"\x1f\x8b"):
            unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            pieces.append(unpacker.decompress(content, LARGEST_UNPACKED - size + 1))
            size += len(pieces[-1])
            if size > LARGEST_UNPACKED:
                raise refusal(name, _TOO_LARGE, _PART_IT)
            if not unpacker.eof:
                raise refusal(name, "the compressed file (gzip) is cut short", "copy or download it again")
            content = unpacker.unused_data
    except zlib.error:
        raise refusal(name, "the compressed file (gzip) is damaged", "copy or download it again") from None

    return b"".join(pieces)


def check_archive(archive: zipfile.ZipFile, name: str) -> None:
    """Unpack every part of an archive, keeping nothing: whoever reads it afterwards meets neither damage nor bombs.

    Parameters
    ----------
    archive : ZipFile
    name : str
        Where it came from.

    Raises
    ------
    ReportsError
        If all parts unpack to more than ``LARGEST_UNPACKED`` bytes.
    BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError
        If a part is damaged, locked, or packed in a way that is not known.
    """
    size = 0
    for part in archive.infolist():
        with archive.open(part) as file:
            while piece := file.read(_CHUNK):
                size += len(piece)
                if size > LARGEST_UNPACKED:
                    raise refusal(name, _TOO_LARGE, _PART_IT)
