"""Commands as tests run them: in the test's own process or in one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

IDLIB = Path(__file__).parents[2] / "data" / "idlib_2020.csv"
HEAD = "event,source,figure\n"
ONE = HEAD + "Idlib,Monitor,18\n"
START = "import sys; sys.argv[0] = 'estimates'; from estimates.cli import main; main()"


class Result(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


#: What the fixture `command` of tests/cli gives.
type Command = Callable[..., Result]


def process(*arguments: object, start: str = START, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    environment = {**os.environ, **options.pop("env", {})}
    for name in options.pop("without", ()):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-c", start, *map(str, arguments)],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", "timeout": 60, **options},
        env=environment,
        check=False,
    )


def write(path: Path, text: str) -> Path:
    """Write a file as UTF-8, with line ends as they are."""
    path.write_bytes(text.encode("utf-8"))
    return path
