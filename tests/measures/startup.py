"""Measure: the whole process ``estimates estimate data/idlib_2020.csv`` against ``python -c "import pandas"``.

Wall time and peak memory of each, run in turn; medians of the ratios pair by pair. Limits: 2.5 times the time, 1.5 times
the memory.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 9


def run(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of one process."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with status {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    """Print the measure."""
    command = ["-c", "from estimates.cli.application import main; main()", "estimate", "data/idlib_2020.csv"]
    baseline = ["-c", "import pandas"]
    run(command), run(baseline)
    pairs = [(run(command), run(baseline)) for _ in range(RUNS)]
    ours = [statistics.median(value) for value in zip(*(pair[0] for pair in pairs), strict=True)]
    theirs = [statistics.median(value) for value in zip(*(pair[1] for pair in pairs), strict=True)]
    ratio_time = statistics.median(a[0] / b[0] for a, b in pairs)
    ratio_memory = statistics.median(a[1] / b[1] for a, b in pairs)
    print(f"estimates estimate data/idlib_2020.csv   {ours[0]:.2f} s   {ours[1]:.0f} MB")
    print(f"python -c 'import pandas'                {theirs[0]:.2f} s   {theirs[1]:.0f} MB")
    print(
        f"ratio, median of {RUNS} pairs               {ratio_time:.2f}     {ratio_memory:.2f}      (limits 2.5 and 1.5)"
    )


if __name__ == "__main__":
    main()
