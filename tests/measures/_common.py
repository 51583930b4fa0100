"""What the measures of the engine share: this checkout ahead of an installed package, clocks, and small events."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from helpers.small_events import small_events

__all__ = ["ROOT", "Seconds", "seconds", "small_events", "verdict"]

ROOT = Path(__file__).resolve().parents[2]


class Seconds(NamedTuple):
    """What one call took: processor time of all threads, and time on the wall."""

    processor: float
    wall: float


def seconds(call: Callable[[], object]) -> Seconds:
    """Time one call."""
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return Seconds(time.process_time() - processor, time.perf_counter() - wall)


def verdict(value: float, limit: float, *, at_least: bool = False) -> str:
    """Whether a figure keeps its limit, in a word."""
    return "kept" if (value >= limit if at_least else value <= limit) else "MISSED"
