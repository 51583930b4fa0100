"""Files written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from stat import S_IMODE

from estimates.errors import EstimatesError

__all__ = ["check_target", "write_whole"]


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
