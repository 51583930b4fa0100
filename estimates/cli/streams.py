"""Standard output and standard error: results go to the one, notes to the other, and neither can break the program."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast


class OutputError(Exception):
    """Standard output takes nothing more; the cause is the OSError that says why.

    It is no OSError itself, so that nobody takes it for a fault of a file.
    """


class _Output:
    """Standard output whose OSErrors become OutputErrors; in all else the stream it stands for."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError as error:
            raise OutputError from error

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            raise OutputError from error


class _Closed(io.StringIO):
    """What stands for a standard output that was closed before Python began: it takes nothing."""

    def write(self, text: str) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@contextmanager
def guarded_output() -> Iterator[None]:
    """Watch over standard output: what it does not take raises OutputError, at the latest when the block ends."""
    stream = sys.stdout
    guard = _Output(_Closed() if stream is None else stream)
    sys.stdout = cast(TextIO, guard)
    try:
        yield
    finally:
        sys.stdout = stream
        guard.flush()  # a reader that has gone or a full disk must show here, not when Python closes the stream


def complain(text: str) -> None:
    """Print to standard error, cleaned line by line.

    Where there is no standard error the text goes nowhere, as `print` would take standard output; nor does a standard
    error that takes nothing end the program.
    """
    from estimates.text import clean

    if sys.stderr is None:
        return

    try:
        print("\n".join(clean(line) for line in text.split("\n")), file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)


def note(text: str) -> None:
    """Print a note to standard error."""
    complain(f"note: {text}")


def show_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print what a library warns of as a note, without the lines of code it comes from."""
    note(str(message))


def discard(stream: TextIO) -> None:
    """Send what is left in a stream's buffer to the null device, so that Python does not complain as it closes it."""
    with suppress(OSError):  # a stream without a file beneath it has nothing to send elsewhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
