"""Measure: the whole process ``estimates estimate data/idlib_2020.csv``, against ``python -c "import pandas"`` and at first.

Wall time and peak memory of each, run in turn; medians of the ratios pair by pair. Before, the first run after
installation: in a copy of the package that has no compiled code, with an empty folder for it, in seconds and with what is
said on standard error by it alone; and the second run there, which finds what the first one compiled.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _common import ROOT, verdict

RUNS = 9
MOST_TIME, MOST_MEMORY, AIM = 3.3, 2.7, 2.5
MOST_SECONDS_AT_FIRST = 60.0
COMMAND = ["-c", "from estimates.cli.application import main; main()", "estimate", "data/idlib_2020.csv"]
BASELINE = ["-c", "import pandas"]
SILENT: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def environment(**changed: str) -> dict[str, str]:
    """This process's environment as a user has it: compiled code is kept."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
    return {**{key: value for key, value in os.environ.items() if key not in left_out}, **changed}


def run(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment(), **SILENT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with status {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def warm() -> None:
    """Print the time and the memory of a warm process against importing pandas."""
    run(COMMAND), run(BASELINE)
    pairs = [(run(COMMAND), run(BASELINE)) for _ in range(RUNS)]
    ours = [statistics.median(value) for value in zip(*(pair[0] for pair in pairs), strict=True)]
    theirs = [statistics.median(value) for value in zip(*(pair[1] for pair in pairs), strict=True)]
    of_time = statistics.median(a[0] / b[0] for a, b in pairs)
    of_memory = statistics.median(a[1] / b[1] for a, b in pairs)
    print(f"estimates estimate data/idlib_2020.csv   {ours[0]:.2f} s   {ours[1]:.0f} MB")
    print(f"python -c 'import pandas'                {theirs[0]:.2f} s   {theirs[1]:.0f} MB")
    print(
        f"ratio, median of {RUNS} pairs               {of_time:.2f}     {of_memory:.2f}   limits {MOST_TIME} and {MOST_MEMORY}: "
        f"{verdict(of_time, MOST_TIME)}, {verdict(of_memory, MOST_MEMORY)}; aim {AIM} of both"
    )


def installed_afresh(folder: Path) -> Path:
    """A copy of the package as it is installed, without anything compiled."""
    site = folder / "site"
    package = site / "estimates"
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "estimates", package, ignore=shutil.ignore_patterns("__pycache__", "models", "data"))
    shutil.copytree(ROOT / "models", package / "models", ignore=skipped)
    shutil.copytree(ROOT / "data", package / "data", ignore=skipped)
    (folder / "compiled").mkdir()
    return site


def first(folder: Path) -> None:
    """Print the seconds of the first and the second run of a new installation, and what the first one says."""
    site = installed_afresh(folder)
    where = environment(PYTHONPATH=str(site), NUMBA_CACHE_DIR=str(folder / "compiled"))
    found = subprocess.run(
        [sys.executable, "-c", "import estimates; print(estimates.__file__)"],
        cwd=folder, env=where, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.startswith(str(site)), f"{found.stdout.strip()} was measured instead of the copy"

    arguments = [sys.executable, *COMMAND[:-1], str(ROOT / COMMAND[-1])]
    took, said = [], []
    for _ in range(2):
        start = time.perf_counter()
        done = subprocess.run(arguments, cwd=folder, env=where, capture_output=True, text=True, check=True)
        took.append(time.perf_counter() - start)
        said.append(done.stderr.splitlines())

    files = sum(path.is_file() for path in (folder / "compiled").rglob("*"))
    print(f"first run after installation {took[0]:.1f} s   limit {MOST_SECONDS_AT_FIRST:g} s: ", end="")
    print(
        f"{verdict(took[0], MOST_SECONDS_AT_FIRST)}; the second {took[1]:.1f} s; {files} files of compiled code are kept"
    )
    only_at_first = [line for line in said[0] if line not in said[1]]
    print(f"said on standard error by the first run only: {' / '.join(only_at_first) or 'nothing'}", end="   ")
    print("said: kept" if only_at_first or not files else "must be said: MISSED")


def main() -> None:
    """Print the measures."""
    with tempfile.TemporaryDirectory() as folder:
        first(Path(folder))
    warm()


if __name__ == "__main__":
    main()
