"""The command `estimates simulate`: what it writes and refuses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from estimates import read_reports, simulate


def run(*arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Run the command line in this process: exit status, standard output and standard error."""
    from estimates.cli.application import main

    monkeypatch.setattr("sys.argv", ["estimates", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out, printed.err


def test_the_command_writes_reports_and_tolls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`estimates simulate` writes what `simulate` gives, as tables that are read back the same."""
    reports, truth = tmp_path / "reports.csv", tmp_path / "truth.csv"
    arguments = ["--events", "7", "--sources", "3", "--world", "copying", "--remedy", "--seed", "5"]
    files = ["-o", str(reports), "--truth", str(truth)]
    status, printed, complaints = run("simulate", *files, *arguments, capsys=capsys, monkeypatch=monkeypatch)
    simulation = simulate(7, 3, seed=5, world="copying", remedy=True)
    assert (status, complaints) == (0, "")
    assert str(reports) in printed
    assert read_reports(reports).data_hash == simulation.reports.data_hash
    pd.testing.assert_frame_equal(pd.read_csv(truth), simulation.truth, check_dtype=False)


@pytest.mark.parametrize(
    "arguments", [["--world", "moon"], ["--world", "sparse", "--remedy"], ["--truth", "taken.csv"]]
)
def test_a_command_that_is_refused_writes_nothing(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A world that does not exist, or a file that does, ends in one message and leaves all files as they were."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.csv").write_text("mine")
    command = ["simulate", "-o", "new.csv", *arguments]
    status, printed, complaint = run(*command, capsys=capsys, monkeypatch=monkeypatch)
    assert (status, printed) == (1, "")
    assert complaint.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]
    assert (tmp_path / "taken.csv").read_text() == "mine"


def test_the_reports_and_the_tolls_need_two_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same file for reports and tolls is refused, since one would overwrite the other."""
    target = str(tmp_path / "both.csv")
    status, _, complaint = run("simulate", "-o", target, "--truth", target, capsys=capsys, monkeypatch=monkeypatch)
    assert status == 1
    assert "cannot hold both" in complaint
    assert list(tmp_path.iterdir()) == []
