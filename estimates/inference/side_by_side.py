"""Tasks worked on by several threads at a time, for work in loops that leave the others running."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice


def available_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side[Task, Result](
    work: Callable[[Task], Result], tasks: Iterable[Task], cores: int | None = None
) -> Iterator[Result]:
    """What some work gives for one task after another, in their order.

    Tasks are asked for only as they are taken up, a few ahead, so that not all of them are in memory together.

    Parameters
    ----------
    work : callable
        Of one task; several run at a time.
    tasks : iterable
    cores : int, optional
        By default all.
    """
    cores = cores or available_cores()
    waiting = iter(tasks)
    # The first task prepares the compiled loops, which several threads must not do at once.
    yield from map(work, islice(waiting, 1))
    if cores == 1:
        yield from map(work, waiting)
        return

    with ThreadPoolExecutor(cores) as threads:
        running: deque[Future[Result]] = deque()
        for task in waiting:
            running.append(threads.submit(work, task))
            if len(running) > 2 * cores:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
