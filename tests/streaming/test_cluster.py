"""Work on a Dask cluster: the same bytes as from one process, also where a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.small_events import small_events

from estimates import EstimatesError, estimate_to, read_reports
from estimates.errors import ReportsError
from estimates.streaming.assembled import totals_beside

pytestmark = [pytest.mark.extended, pytest.mark.usefixtures("small_parts")]
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, as processes of their own."""
    options: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
    with distributed.LocalCluster(**options) as found:
        yield found


@pytest.fixture
def client(cluster: Any) -> Iterator[Any]:
    """A client of the cluster, once both workers are there."""
    with distributed.Client(cluster) as found:
        found.wait_for_workers(2)
        yield found


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(cluster: Any, client: Any, tmp_path: Path) -> None:
    """The file of ranges, what totals are made of, and the totals, byte by byte."""
    table, asked = small_events(160, seed=6), {"totals": True, "draws": 200}
    one = estimate_to(table, tmp_path / "one.parquet", cores=1, **asked)

    killed: list[int] = []
    begun = threading.Event()

    def kill() -> None:
        begun.wait(120)
        pid = next(iter(cluster.workers.values())).pid
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    two = estimate_to(
        table, tmp_path / "two.parquet", client=client, **asked, progress=lambda done, _: begun.set() if done else None
    )
    thread.join()

    assert killed
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    kept = [
        {each.name: each.read_bytes() for each in totals_beside(stored.path).glob("part-*")} for stored in (one, two)
    ]
    assert kept[0] == kept[1]
    pd.testing.assert_frame_equal(one.total(by="place"), two.total(by="place", client=client))


def test_a_dask_frame_is_a_table(client: Any, tmp_path: Path) -> None:
    """Whatever its partitions, of which some cut through events and one is empty."""
    frames = pytest.importorskip("dask.dataframe")
    table = small_events(24, seed=6)
    one = estimate_to(table, tmp_path / "one.parquet", cores=1, draws=200)
    pieces = frames.from_pandas(table, npartitions=5)
    several = frames.concat([pieces, pieces[pieces["source"] == "nobody"]])
    for number, source in enumerate((pieces, several)):
        two = estimate_to(source, tmp_path / f"two{number}.parquet", client=client, draws=200)
        pd.testing.assert_frame_equal(two.ranges(), one.ranges())


def test_faults_come_back_from_a_cluster(client: Any, tmp_path: Path) -> None:
    """All of them, with their lines."""
    table = small_events(40, seed=6)
    table.loc[[0, 90], "figure"] = "perhaps a lot"
    with pytest.raises(ReportsError) as raised:
        estimate_to(table, tmp_path / "ranges.parquet", client=client)
    assert [fault.line for fault in raised.value.faults] == [1, 91]


def test_a_part_that_kills_every_worker_is_told(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not tried for ever; what is done stays."""
    from estimates.streaming import cluster

    monkeypatch.setattr(cluster, "RETRIES", 0)
    monkeypatch.setattr(cluster, "_part", _fatal)
    with _fewer_lives(), pytest.raises(EstimatesError, match="lost its worker"):
        estimate_to(small_events(8, seed=6), tmp_path / "ranges.parquet", client=client)


def _fewer_lives() -> Any:
    import dask

    return dask.config.set({"distributed.scheduler.allowed-failures": 0})


def _fatal(*_: Any) -> None:
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_dask_frame_can_be_read_and_learned_from(client: Any) -> None:
    """`read_reports` gives the table of all partitions, so that every function takes one."""
    frames = pytest.importorskip("dask.dataframe")
    table = small_events(24, seed=6)
    found = read_reports(frames.from_pandas(table, npartitions=3))
    assert found.data_hash == read_reports(table).data_hash
