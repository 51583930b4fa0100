"""What tests of the command line share."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from helpers.commands import Command, Result

from estimates.cli import main

#: Said once on a fresh machine, by whichever test happens to compile the formulas.
COMPILING = "compiling the formulas: once after an installation, a minute or two\n"
#: Said every ten seconds, on a machine that is busy or compiles the formulas.
PROGRESS = re.compile(r"^[a-z ]+: (\d[^:]* (so far|left)|nearly done)\n", re.MULTILINE)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run a command in this process, from an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr("sys.argv", ["estimates", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main()

        status = ended.value.code
        assert isinstance(status, int)
        out, err = capsys.readouterr()
        return Result(status, out, PROGRESS.sub("", err.replace(COMPILING, "")))

    return run
