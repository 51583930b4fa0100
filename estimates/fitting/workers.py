"""Chains side by side, each in a process of its own that ends when the one that started it does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from estimates.errors import FitError
from estimates.fitting.chains import Block, Chain

#: Seconds between two looks whether the process that started a worker is still there.
LOOK_AFTER = 1.0
#: The number of ``prctl`` that says which signal a process gets when the one that started it ends.
_ON_PARENTS_DEATH = 1

type Walker = Callable[[Chain], Iterator[Block]]


def side_by_side(walk: Walker, chains: Sequence[Chain], cores: int) -> Iterator[tuple[int, Block]]:
    """Run chains, as many at a time as there are cores; blocks come with their chain's number as they are made.

    On one core they run in this process, and so they do in a process that may start none.

    Raises
    ------
    FitError
        If a worker was ended from outside. What a chain raises is raised here.
    """
    if cores == 1 or len(chains) == 1 or multiprocessing.current_process().daemon:
        return _one_after_the_other(walk, chains)
    return _in_processes(walk, chains, cores)


def _one_after_the_other(walk: Walker, chains: Sequence[Chain]) -> Iterator[tuple[int, Block]]:
    from threadpoolctl import threadpool_limits

    # As in workers: sums of many threads are others in their last bits.
    with threadpool_limits(limits=1):
        for chain in chains:
            for block in walk(chain):
                yield chain.number, block


@dataclass(frozen=True, eq=False)
class _Worker:
    number: int
    process: Any


def _in_processes(walk: Walker, chains: Sequence[Chain], cores: int) -> Iterator[tuple[int, Block]]:
    context = _context()
    sent: Any = walk
    if context.get_start_method() != "fork":
        import cloudpickle

        sent = cloudpickle.dumps(walk)

    waiting, running = list(chains), dict[Connection, _Worker]()
    try:
        while waiting or running:
            while waiting and len(running) < cores:
                connection, worker = _started(context, sent, waiting.pop(0))
                running[connection] = worker

            for ready in wait(list(running)):
                connection = cast("Connection", ready)
                found = _received(connection, running[connection])
                if found is None:
                    _end(connection, running.pop(connection))
                else:
                    yield running[connection].number, found
    finally:
        for connection, worker in running.items():
            worker.process.kill()
            _end(connection, worker)


def _context() -> Any:
    """Processes are copies of this one where PyMC makes them so as well; elsewhere they compile the model again."""
    copied = sys.platform == "linux" or (sys.platform == "darwin" and os.uname().machine == "arm64")
    return multiprocessing.get_context("fork" if copied else "spawn")


def _started(context: Any, sent: Any, chain: Chain) -> tuple[Connection, _Worker]:
    here, there = context.Pipe(duplex=False)
    known = replace(chain, blocks=chain.blocks[-1:])
    process = context.Process(target=_serve, args=(there, sent, known, os.getpid()), daemon=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        process.start()
    there.close()
    return here, _Worker(chain.number, process)


def _received(connection: Connection, worker: _Worker) -> Block | None:
    """The next block of a worker, or none when its chain is complete."""
    try:
        found = connection.recv()
    except (EOFError, OSError):
        worker.process.join()
        raise FitError(
            f"chain {worker.number + 1}: its process was ended from outside (exit status {worker.process.exitcode}), "
            "often for want of memory; fit again with fewer cores. With a checkpoint the fit goes on from what was kept"
        ) from None
    if isinstance(found, BaseException):
        raise found
    assert found is None or isinstance(found, Block)
    return found


def _end(connection: Connection, worker: _Worker) -> None:
    connection.close()
    worker.process.join()


# In a worker ---------------------------------------------------------------------------------------------------------


def _serve(connection: Connection, sent: Any, chain: Chain, parent: int) -> None:
    """Run one chain and send its blocks, then nothing; or what it raised."""
    end_with(parent)
    # An interrupt from the keyboard reaches all processes; the one that started the others ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from threadpoolctl import threadpool_limits

    try:
        if isinstance(sent, bytes):
            import cloudpickle

            sent = cloudpickle.loads(sent)
        with threadpool_limits(limits=1):
            for block in sent(chain):
                connection.send(block)
        connection.send(None)
    except Exception as error:
        _send_error(connection, error)


def _send_error(connection: Connection, error: Exception) -> None:
    told = "".join(traceback.format_exception(error))
    error.add_note(f"In the process of a chain:\n{told}")
    try:
        connection.send(error)
    except Exception:  # an error that cannot be sent, in words
        connection.send(RuntimeError(told))


def end_with(parent: int) -> None:
    """End this process as soon as the one that started it has ended, however that came about.

    Linux sends a signal. Elsewhere, and should that fail, a thread looks from time to time.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_ON_PARENTS_DEATH, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    known = multiprocessing.parent_process()
    while os.name == "nt" or os.getppid() == parent:
        if known is not None and wait([known.sentinel], timeout=LOOK_AFTER):
            break
    os._exit(1)
