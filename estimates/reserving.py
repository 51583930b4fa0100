"""One run at a time in a folder: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from estimates.errors import EstimatesError

#: The file that is locked; it stays, empty, and means nothing by itself.
LOCK = ".lock"

#: Locks that this process holds. A copy of the process must not keep one beyond its end.
_held: set[int] = set()


@contextmanager
def reserved(
    folder: str | Path | None, what: str = "fit", error: type[EstimatesError] = EstimatesError
) -> Iterator[None]:
    """Make a folder and keep other runs out of it meanwhile; nothing where there is none.

    Where the file system knows no locks, none is held.

    Parameters
    ----------
    folder : path, optional
    what : str
        What runs there, for the message.
    error : class
        Of what is raised.

    Raises
    ------
    EstimatesError
        If there can be no such folder, or another run is using it.
    """
    if folder is None:
        yield
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        descriptor = os.open(Path(folder) / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as failure:
        raise error(f"{folder}: {failure.strerror or failure}; name a folder that can be written") from None

    _held.add(descriptor)
    try:
        if not _locks(descriptor):
            raise error(f"{folder}: another {what} is using this folder; wait until it has ended, or name another one")
        yield
    finally:
        if descriptor in _held:
            _held.remove(descriptor)
            os.close(descriptor)


def _locks(descriptor: int) -> bool:
    """Lock the file, unless another process has; the system unlocks it when it is closed, and so when one is killed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def _forget() -> None:
    """In a copy of the process: close what it holds of the locks, which the first one still has."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
