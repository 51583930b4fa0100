"""How the time of a function grows with the size of its task, whatever the speed of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable


def growth_of_time(run: Callable[[int], object], size: int, times: int = 4) -> float:
    """How often as long ``run(times * size)`` takes as ``run(size)``: about ``times`` where the time is linear.

    Processor time, the best of three alternating turns; what is over within a millisecond counts as one.
    """
    turns = [(_time(run, size), _time(run, times * size)) for _ in range(3)]
    short, long = (min(seconds) for seconds in zip(*turns, strict=True))
    return long / max(short, 0.001)


def _time(run: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    run(size)
    return time.process_time() - began
