"""Files written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

from estimates.errors import EstimatesError
from estimates.reserving import reserved

__all__ = [
    "check_folder",
    "check_target",
    "hidden_beside",
    "not_written",
    "put_with_folder",
    "work_beside",
    "write_whole",
]

#: Where in the hidden folder the new folder is made, and where the former one waits until that has taken its place.
FRESH, FORMER = "new", "old"


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Put content in a file's place in one step: a reader finds the old file or the new one, never a part.

    A new file has the permissions the umask leaves it; one that is replaced keeps its own, and a link keeps pointing
    at the file it points at.

    Parameters
    ----------
    path : path
    content : bytes

    Raises
    ------
    EstimatesError
        If the file cannot be written there; nothing is left behind then, nor when the writing is interrupted.
    """
    check_target(path)
    try:
        _replace(Path(os.path.realpath(path)), content)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise EstimatesError(
            f"{path}: cannot be written ({reason}); check the name, the folder's permissions and the room left"
        ) from None


def check_target(path: str | os.PathLike[str]) -> None:
    """Refuse a path where no file can be put, before work is spent on its content.

    Parameters
    ----------
    path : path

    Raises
    ------
    EstimatesError
        If the path is a folder or a device, lies in a folder that does not exist, or is a link that leads nowhere.
    """
    target = Path(path)
    # os.path answers "no" where a pathlib question raises: a name too long, a folder closed to the asker.
    if os.path.isdir(target):
        raise EstimatesError(f"{target} is a folder; name a file in it")
    if os.path.exists(target) and not os.path.isfile(target):
        raise EstimatesError(f"{target} is not an ordinary file; name another")
    if not os.path.isdir(target.parent):
        raise EstimatesError(f"{target}: there is no folder {target.parent}; make it first or choose another")
    _check_link(target)


def _check_link(target: Path) -> None:
    """Refuse a link that leads round in a circle or into a folder that does not exist."""
    if not os.path.islink(target) or os.path.exists(target):
        return
    end = Path(os.path.realpath(target))
    if os.path.islink(end):
        raise EstimatesError(f"{target} is a link that leads back to itself; name another file")
    if not os.path.isdir(end.parent):
        raise EstimatesError(f"{target} is a link into a folder that does not exist, {end.parent}; name another file")


def check_folder(path: str | os.PathLike[str], is_ours: Callable[[str], bool]) -> None:
    """Refuse a folder that cannot be made, or replaced without losing files of others.

    Parameters
    ----------
    path : path
    is_ours : callable
        Whether a file of this name may be replaced.

    Raises
    ------
    EstimatesError
        If the path is anything but a folder that holds such files alone, or nothing.
    """
    folder = Path(path)
    if not os.path.lexists(folder):
        return
    if os.path.islink(folder) or not os.path.isdir(folder):
        raise EstimatesError(f"{folder} is not a folder, and the report needs one of this name; write it elsewhere")
    others = sorted(name for name in os.listdir(folder) if not is_ours(name))
    if others:
        raise EstimatesError(
            f"{folder} holds other files ({', '.join(others[:3])}) and would be replaced; move them or write elsewhere"
        )


@contextmanager
def work_beside(folder: Path) -> Iterator[Path]:
    """A hidden folder beside a folder that is to be made, in which nobody else works meanwhile.

    It is gone afterwards, however the work ends; only a killed process leaves it, with all that is in it, to the next
    one that makes the same folder. Then the former folder is put back where nothing took its place.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    EstimatesError
        If there can be no such folder, or another process works in it.
    """
    work = hidden_beside(folder)
    with reserved(work, "report of this name"):
        _put_right(work, folder)
        try:
            yield work
        finally:
            _put_right(work, folder)
            if not (work / FORMER).exists():
                shutil.rmtree(work, ignore_errors=True)


def hidden_beside(folder: Path) -> Path:
    """The hidden folder in which a folder is made."""
    return folder.parent / f".{hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:16]}.tmp"


def put_with_folder(path: str | os.PathLike[str], content: bytes, folder: Path, work: Path) -> None:
    """Put a file and a folder of files in their places: both of them, or none where anything fails on the way.

    Parameters
    ----------
    path : path
        Of the file, which comes last.
    content : bytes
    folder : Path
        Beside it; what was in it is gone afterwards (see :func:`check_folder`).
    work : Path
        What :func:`work_beside` gives for the folder, where the new one is made under the name :data:`FRESH`.

    Raises
    ------
    EstimatesError
        If something cannot be written there; what stood there before stands there again.
    """
    check_target(path)
    try:
        _exchange(work / FRESH, folder, work / FORMER, lambda: write_whole(path, content))
    except OSError as error:
        raise not_written(folder, error) from None


def not_written(path: str | os.PathLike[str], error: OSError) -> EstimatesError:
    """What is raised where something cannot be written."""
    reason = (error.strerror or str(error)).lower()
    return EstimatesError(
        f"{path}: cannot be written ({reason}); check the name, the folder's permissions and the room left"
    )


def _put_right(work: Path, folder: Path) -> None:
    """Put the former folder back where nothing took its place, and delete it where something did."""
    former = work / FORMER
    try:
        if former.exists() and not folder.exists():
            former.rename(folder)
    except OSError as error:
        raise not_written(folder, error) from None
    shutil.rmtree(former, ignore_errors=True)


def _exchange(fresh: Path, folder: Path, old: Path, then: Callable[[], None]) -> None:
    """Put a folder in the place of another and do the next step; where that fails, put the former one back."""
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
        then()
    except BaseException:
        if folder.exists():
            folder.rename(fresh)
        if old.exists():
            old.rename(folder)
        raise


def _replace(target: Path, content: bytes) -> None:
    # A short name beside the target: on the same disk, and never too long where the target's own name is not.
    temporary = target.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            if target.exists():
                temporary.chmod(S_IMODE(target.stat().st_mode))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
