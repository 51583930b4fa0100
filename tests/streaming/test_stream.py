"""Work in parts: the same ranges as at once, to the last digit, however often it is interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from estimates import EstimatesError, estimate, estimate_to, open_ranges, read_reports
from estimates.errors import ReportsError
from estimates.reserving import reserved
from estimates.streaming import processes, stream
from estimates.streaming.folder import PLAN, Folder
from estimates.streaming.part import work_out

pytestmark = pytest.mark.usefixtures("small_parts")
WEIGHTS = ["draws", "effective_draws", "power"]


def same(stored: Any, frame: pd.DataFrame) -> None:
    """Assert that what was stored are these ranges."""
    found = stored.ranges().drop(columns=WEIGHTS)
    pd.testing.assert_frame_equal(found, frame, check_dtype=False)


def test_ranges_in_parts_are_those_of_the_whole_table(parquet: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    """Both layers, all levels and the order of rows are those of `estimate`."""
    stored = estimate_to(parquet, tmp_path / "ranges.parquet", cores=1)
    same(stored, estimate(table).ranges())
    assert not (tmp_path / "ranges.parquet.parts").exists()
    assert stored.about["rows"] == len(table)
    assert len(stored) == stored.about["events"] == 40


@pytest.mark.extended
def test_processes_and_options_change_nothing_else(parquet: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    """Three processes, another seed and time, by-now, other levels and layers: as `estimate` has them."""
    asked: dict[str, Any] = {"seed": 5, "as_of": "2020-06-01", "undocumented": "none"}
    layers = ("by_now", "documented")
    stored = estimate_to(parquet, tmp_path / "r.parquet", cores=3, levels=(10, 90), layers=layers, **asked)
    same(stored, estimate(table, **asked).ranges((10, 90), layers))


def test_the_file_says_what_it_was_made_with(parquet: Path, tmp_path: Path) -> None:
    """pandas gives it as ``attrs``; no path of the machine is in it."""
    estimate_to(parquet, tmp_path / "ranges.parquet", cores=1, seed=3)
    frame = pd.read_parquet(tmp_path / "ranges.parquet")
    about = frame.attrs["estimates"]
    assert (about["seed"], about["table"], about["draws"]) == (3, "reports.parquet", 1000)
    assert str(tmp_path) not in json.dumps(about)
    assert len(frame) == 80


def test_fewer_draws_are_doubled_where_they_are_too_few(parquet: Path, tmp_path: Path) -> None:
    """Ranges of a few draws lie near those of a thousand, and events that need it say that they took more."""
    usual = estimate_to(parquet, tmp_path / "a.parquet", cores=1).ranges()
    fewer = estimate_to(parquet, tmp_path / "b.parquet", cores=1, draws=200).ranges()
    assert set(fewer["draws"]) <= {200, 400, 800, 1000, 4000}
    assert (fewer["effective_draws"] >= 99.9).all()
    ratio = (fewer["median"] + 1.0) / (usual["median"] + 1.0)
    assert ratio.between(0.6, 1.7).all()


def test_events_take_more_draws_until_so_many_are_effective(parquet: Path, tmp_path: Path) -> None:
    """An event stops at the first doubling that leaves it with them; known ones and others alike."""
    found = estimate_to(parquet, tmp_path / "a.parquet", cores=1, draws=250, effective=256).ranges()
    enough = found["effective_draws"] >= 255.9
    assert (enough | (found["draws"] == 4000)).all()
    assert set(found["draws"]) <= {500, 1000, 2000, 4000}

    # Those who begin with 500 have other draws, so much the same ends, and seldom another number of draws.
    other = estimate_to(parquet, tmp_path / "b.parquet", cores=1, draws=500, effective=256).ranges()
    assert (other["draws"] == found["draws"]).mean() > 0.8
    apart = np.log((other["high_95"] + 1.0) / (found["high_95"] + 1.0))
    assert 0.0 < apart.abs().mean() < 0.1


# Interrupted ----------------------------------------------------------------------------------------------------------


def interrupted_after(monkeypatch: pytest.MonkeyPatch, count: int) -> list[int]:
    """Make the work stop after so many parts; gives a list to which each part that is worked out adds one."""
    done: list[int] = []

    def until_then(*arguments: Any, **named: Any) -> Any:
        if len(done) == count:
            raise KeyboardInterrupt
        done.append(1)
        return work_out(*arguments, **named)

    monkeypatch.setattr(processes, "work_out", until_then)
    return done


def test_an_interrupted_run_goes_on_where_it_was(
    parquet: Path, table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts that are done are not worked out again, no file is there before the end, and the ranges are the same."""
    target = tmp_path / "ranges.parquet"
    interrupted_after(monkeypatch, 2)
    with pytest.raises(KeyboardInterrupt):
        estimate_to(parquet, target, cores=1)
    assert not target.exists()

    done = interrupted_after(monkeypatch, 99)
    told: list[tuple[int, int]] = []
    stored = estimate_to(parquet, target, cores=1, progress=lambda *so_far: told.append(so_far))
    assert len(done) == 3
    assert told[1] == (16, 40)
    same(stored, estimate(table).ranges())


@pytest.mark.parametrize(
    ("change", "told"),
    [({"seed": 2}, "seed 0 and now 2"), ({"levels": 90}, "levels"), ({"draws": 300}, "draws 1000 and now 300")],
)
def test_other_settings_are_told(
    change: dict[str, Any], told: str, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run is not gone on with under other settings, and the message says which differ and what to do."""
    interrupted_after(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        estimate_to(parquet, tmp_path / "ranges.parquet", cores=1)
    with pytest.raises(EstimatesError, match=told) as raised:
        estimate_to(parquet, tmp_path / "ranges.parquet", cores=1, **change)
    assert "delete the folder" in str(raised.value)


def test_half_a_part_is_worked_out_again(parquet: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    """Facts that are not whole, or ranges that are gone, are no answer."""
    target = tmp_path / "ranges.parquet"
    estimate_to(parquet, target, cores=1)
    folder = Folder.beside(target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folder, "remove", lambda self: None)
        estimate_to(parquet, target, cores=1)

    facts = sorted(folder.path.glob("facts-*"))
    facts[0].write_text(facts[0].read_text()[:-9])
    next(folder.path.glob(f"ranges-{facts[1].stem.removeprefix('facts-')}*")).unlink()
    with pytest.MonkeyPatch.context() as patch:
        done = interrupted_after(patch, 99)
        same(estimate_to(parquet, target, cores=1), estimate(table).ranges())
    assert len(done) == 2


# Faults ---------------------------------------------------------------------------------------------------------------


def test_all_faults_of_a_table_are_told_and_what_is_right_is_kept(table: pd.DataFrame, tmp_path: Path) -> None:
    """Faults in the first and in the last part come together, with their lines; mended, only their parts are left."""
    target = tmp_path / "ranges.parquet"
    faulty = table.copy()
    first, last = (int(table.index[table["event"] == f"event 0000{number}"][0]) for number in ("31", "39"))
    faulty.loc[first, "figure"], faulty.loc[last, "reported_at"] = "perhaps a lot", "the other day"
    with pytest.raises(ReportsError) as raised:
        estimate_to(faulty, target, cores=1)
    assert sorted(fault.line for fault in raised.value.faults) == sorted([first + 1, last + 1])
    assert not target.exists()

    with pytest.MonkeyPatch.context() as patch:
        done = interrupted_after(patch, 99)
        stored = estimate_to(table, target, cores=1)
    assert len(done) == 2
    same(stored, estimate(table).ranges())


def test_reports_that_are_read_give_the_same(table: pd.DataFrame, tmp_path: Path) -> None:
    """A table with everything that rows share, read before: ranges as at once."""
    rows = [
        {"event": "a", "source": "s", "figure": 18, "at_risk": 30, "event_date": "2020-01-05"},
        {"event": "a", "source": "t", "figure": "at least 9", "outcome": "injured"},
        {"event": "a", "source": "u", "figure": 25, "definition": "excess", "verified": "at least 12"},
        {"event": "b", "source": "s", "figure": "dozens", "quotes": "t", "event_type": "flood"},
        {"event": "b", "source": "v", "figure": 4, "outcome": "strikes"},
        {"event": "c", "source": "v", "figure": "no comment"},
    ]
    reports = read_reports(rows)
    same(estimate_to(reports, tmp_path / "ranges.parquet", cores=1), estimate(reports).ranges())


# What cannot be done --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"path": "ranges.csv"}, "name the file so"),
        ({"cores": 0}, "cores 0"),
        ({"draws": 10}, "draws 10"),
        ({"draws": 10**9}, "which the profile"),
        ({"effective": 10}, "effective 10"),
        ({"effective": 10**9}, "the draws that the profile"),
        ({"layers": "all"}, "layer"),
        ({"levels": 0.9}, "write 90"),
        ({"seed": -1}, "seed -1"),
        ({"as_of": "yesterday"}, "as_of"),
    ],
)
def test_what_cannot_be_used_is_told_before_the_work(
    asked: dict[str, Any], told: str, parquet: Path, tmp_path: Path
) -> None:
    """Each message says what and how to mend it, and nothing is left behind."""
    path = tmp_path / asked.pop("path", "ranges.parquet")
    with pytest.raises(EstimatesError, match=told):
        estimate_to(parquet, path, **{"cores": 1, **asked})
    assert sorted(each.name for each in tmp_path.iterdir()) == ["reports.parquet"]


def test_a_folder_of_others_is_left_alone(parquet: Path, tmp_path: Path) -> None:
    """A folder of the name that parts need, with other files in it, is refused and stays."""
    other = tmp_path / "ranges.parquet.parts"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    with pytest.raises(EstimatesError, match=r"thesis\.txt"):
        estimate_to(parquet, tmp_path / "ranges.parquet", cores=1)
    assert (other / "thesis.txt").read_text() == "mine"


def test_two_runs_do_not_write_one_file(parquet: Path, tmp_path: Path) -> None:
    """The second is told at once."""
    target = tmp_path / "ranges.parquet"
    with reserved(Folder.beside(target).path), pytest.raises(EstimatesError, match="another"):
        estimate_to(parquet, target, cores=1)


def test_a_file_of_something_else_is_no_stored_ranges(parquet: Path, tmp_path: Path) -> None:
    """A table of reports, text and nothing are each told for what they are."""
    (tmp_path / "words.parquet").write_text("no Parquet")
    for path in (parquet, tmp_path / "words.parquet", tmp_path / "nothing.parquet", tmp_path):
        with pytest.raises(EstimatesError, match="estimate_to has written"):
            open_ranges(path)


def test_a_plan_half_written_is_begun_anew(parquet: Path, tmp_path: Path) -> None:
    """A run that was killed while it wrote down its settings has done nothing yet."""
    folder = tmp_path / "ranges.parquet.parts"
    folder.mkdir()
    (folder / PLAN).write_text('{"seed": 3, "lev')
    assert len(estimate_to(parquet, tmp_path / "ranges.parquet", cores=1)) == 40


# Killed ---------------------------------------------------------------------------------------------------------------

SCRIPT = """
import sys
from estimates import estimate_to
from estimates.streaming import split
split.EVENTS = 8
estimate_to(sys.argv[1], sys.argv[2], cores=2)
"""


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


@pytest.mark.extended
@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes as Linux has them")
def test_a_killed_run_leaves_no_process_and_goes_on(parquet: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    """SIGKILL in the middle: its processes end, and run again it ends with the same ranges."""
    target = tmp_path / "ranges.parquet"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen([sys.executable, "-c", SCRIPT, str(parquet), str(target)], env=environment)
    folder, end = Folder.beside(target).path, time.monotonic() + 200
    while not list(folder.glob("facts-*")) and time.monotonic() < end:
        time.sleep(0.02)

    started = children(run.pid)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert started
    assert not target.exists()
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in started) and time.monotonic() < end:
        time.sleep(0.05)
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []

    assert stream.available_cores() >= 1
    same(estimate_to(parquet, target, cores=2), estimate(table).ranges())


KILLED_AT_THE_END = """
import os, signal, sys
from pathlib import Path
from estimates import estimate_to
from estimates.streaming import assembled, split
split.EVENTS = 8
def end(*_):
    (Path(sys.argv[2] + ".parts") / "totals").mkdir()
    (Path(sys.argv[2] + ".parts") / "totals" / "part-00009.parquet").write_bytes(b"of a longer table")
    os.kill(os.getpid(), signal.SIGKILL)
assembled._keep_totals = end
estimate_to(sys.argv[1], sys.argv[2], cores=1, totals=True)
"""


@pytest.mark.extended
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_run_killed_while_it_writes_the_file_leaves_nothing(parquet: Path, tmp_path: Path) -> None:
    """Killed between the last part and the file: run again, only the file and its totals are there, none of others."""
    target = tmp_path / "ranges.parquet"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", KILLED_AT_THE_END, str(parquet), str(target)], env=environment, check=False
    )
    assert run.returncode == -signal.SIGKILL
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ranges.parquet.parts", "reports.parquet"]

    stored = estimate_to(parquet, target, cores=1, totals=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "ranges.parquet", "ranges.parquet.totals", "reports.parquet",
    ]  # fmt: skip
    assert len(list((tmp_path / "ranges.parquet.totals").glob("part-*"))) == 5
    assert int(stored.total()["events"].iloc[0]) == 40
