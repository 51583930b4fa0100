"""Python's collector of cycles, paused while many objects are made that form none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_collecting"]


@contextmanager
def without_collecting() -> Iterator[None]:
    """Pause the collector: it would go through a million reports again and again while they are made, and find nothing.

    Memory is freed all the same once nothing refers to it. As a decorator, for the whole of a function.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
