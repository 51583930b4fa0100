"""Parts worked out on a Dask cluster.

The rows of a part are sent with the task, and its answer comes back with the result, so that workers need no disk in
common. The settings, the profile among them, are sent once to each worker. A task whose worker has died is given to
another one by Dask; an answer depends on its rows and the settings alone, so it does not matter who worked it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimates.errors import EstimatesError
from estimates.streaming.adding import Addition, GroupSums
from estimates.streaming.folder import Folder
from estimates.streaming.part import PartAnswer, work_out
from estimates.streaming.settings import Settings, settings_of
from estimates.streaming.split import Part

if TYPE_CHECKING:
    from distributed import Client


#: Tasks that each worker has at a time: one it works on, and one that is there when it is done.
TASKS_EACH = 2
#: How often a task may lose its worker.
RETRIES = 10


def on_cluster(
    parts: Sequence[Part], folder: Folder, settings: Settings, client: Client
) -> Iterator[tuple[Part, dict[str, Any]]]:
    """Work out parts on a cluster, keep their answers here, and give the facts of each as it is done.

    From the first part that has faults on all others are only read, so that every fault is told.

    Parameters
    ----------
    parts : sequence of Part
    folder : Folder
        Takes the answers.
    settings : Settings
    client : distributed.Client

    Raises
    ------
    EstimatesError
        If a part has lost its worker too often.
    """
    only_read = False

    def task(part: Part, sent: Any) -> tuple[Callable[..., PartAnswer], tuple[Any, ...]]:
        return _part, (part.path.read_bytes(), sent, only_read)

    for part, answer in _results(parts, task, settings.to_bytes(), client):
        if answer.ranges:
            folder.keep(part.mark, answer)
        only_read = only_read or bool(answer.facts["faults"])
        yield part, answer.facts


def added_on_cluster(files: Sequence[Path], addition: Addition, client: Client) -> Iterator[dict[str, GroupSums]]:
    """The sums of parts of stored ranges, worked out on a cluster.

    Parameters
    ----------
    files : sequence of Path
    addition : Addition
    client : distributed.Client
    """

    def task(file: Path, sent: Any) -> tuple[Callable[..., dict[str, GroupSums]], tuple[Any, ...]]:
        return _sums, (file.read_bytes(), sent, addition.outcome, addition.by)

    for _, sums in _results(files, task, addition.settings.to_bytes(), client):
        yield sums


def _results[Item, Result](
    items: Sequence[Item],
    task: Callable[[Item, Any], tuple[Callable[..., Result], tuple[Any, ...]]],
    settings: bytes,
    client: Client,
) -> Iterator[tuple[Item, Result]]:
    """Results of tasks as they are done; no more are handed in than the workers need, so that memory is bounded."""
    from distributed import CancelledError, KilledWorker, as_completed

    # A result, and not data that is scattered: it can be had again where all workers that hold it have died.
    sent = client.submit(_given, settings, pure=False, retries=RETRIES)
    waiting, items_of = iter(items), dict[Any, Item]()
    done = as_completed([])

    def hand_in() -> None:
        item = next(waiting, None)
        if item is not None:
            function, arguments = task(item, sent)
            future = client.submit(function, *arguments, pure=False, retries=RETRIES)
            items_of[future.key] = item
            done.add(future)

    for _ in range(TASKS_EACH * max(1, sum(client.nthreads().values()))):
        hand_in()
    for future in done:
        try:
            result = future.result()
        except (KilledWorker, CancelledError) as error:
            raise EstimatesError(
                "a part has lost its worker again and again, which may have run out of memory; give workers more of "
                "it, and run again to go on from here"
            ) from error
        hand_in()
        yield items_of.pop(future.key), result


def _given(settings: bytes) -> bytes:
    return settings


def _part(content: bytes, settings: bytes, only_read: bool) -> PartAnswer:
    return work_out(content, _settings(settings), only_read=only_read)


def _sums(content: bytes, settings: bytes, outcome: str, by: str | None) -> dict[str, GroupSums]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    return _addition(settings, outcome, by).of_part(pq.read_table(pa.BufferReader(content)))


@lru_cache(maxsize=2)
def _settings(content: bytes) -> Settings:
    """The settings, made once in each process: the profile is prepared once as well."""
    return settings_of(content)


@lru_cache(maxsize=4)
def _addition(settings: bytes, outcome: str, by: str | None) -> Addition:
    return Addition(_settings(settings), outcome, by)
