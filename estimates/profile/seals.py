"""The seal of a file: its last bytes are the SHA-256 of all before them, so that damage is told before it is read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from estimates.errors import ProfileError

__all__ = ["SEAL_LENGTH", "bytes_of", "reason", "sealed", "unsealed"]

_SEAL = b"\nestimates source profile, SHA-256 "
SEAL_LENGTH = len(_SEAL) + 64


def bytes_of(path: Path, what: str = "a source profile was saved to") -> bytes:
    """All bytes of a file, which is ``what``; refused where there is none, or none that can be read."""
    # os.path answers "no" where a pathlib question raises; a pipe would be waited for without end.
    if not os.path.isfile(path):
        fault = "is a folder" if os.path.isdir(path) else "no such file" if not os.path.exists(path) else "not a file"
        raise ProfileError(f"{path}: {fault}; name the file that {what}")
    try:
        return path.read_bytes()
    except (OSError, MemoryError) as error:
        raise ProfileError(f"{path}: cannot be read ({reason(error)}); check its permissions") from None


def sealed(body: bytes, seal: bytes = _SEAL) -> bytes:
    """A file's content with its seal, which says what kind of file it is."""
    return body + seal + hashlib.sha256(body).hexdigest().encode("ascii")


def unsealed(path: Path, content: bytes, first_bytes: bytes, called: str) -> bytes:
    """What stands before the seal, once that is known to be what was written.

    Parameters
    ----------
    path : Path
    content : bytes
    first_bytes, called : bytes, str
        How a file of this format begins, and what the format is called.
    """
    body = content[:-SEAL_LENGTH]
    if sealed(body) == content:
        return body
    if not content.startswith(first_bytes):
        raise ProfileError(f"{path}: not a {called} file; name the file that a source profile was saved to")
    raise ProfileError(
        f"{path}: was changed or damaged since it was written, or is not a source profile; "
        "copy the original again or fit the profile again"
    )


def reason(error: BaseException) -> str:
    """Why something failed, in one line."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
