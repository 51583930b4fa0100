"""Limits of time: what takes too long is ended and fails, wherever it stands."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

#: A call that waits uses no processor: on the wall it may take so many times as long, on a machine that is busy.
_ON_THE_WALL = 20


class TookTooLongError(BaseException):
    """A call took too long; no error, so that nobody takes it for one of theirs."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what stands in the block after so many seconds of processor time, or twenty times as many on the wall.

    Raises
    ------
    TookTooLongError
        Also where the block had caught it.
    """
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True
        raise TookTooLongError

    timers = (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, _ON_THE_WALL * seconds),
    )
    before = [signal.signal(sent, end) for _, sent, _ in timers]
    for timer, _, after in timers:
        signal.setitimer(timer, after)
    try:
        yield
    finally:
        for (timer, sent, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(sent, handler)
    if ended:
        raise TookTooLongError
