"""The command `estimates evaluate`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.anchors import HEAD, ROWS, table

from estimates import evaluate
from estimates.cli.application import main
from estimates.evaluation import evaluation as module
from estimates.evaluation.baselines import BASELINES
from estimates.evaluation.evaluation import Evaluation
from estimates.profile.profile import SourceProfile
from estimates.profile.storage import save_profile

type Command = Callable[..., tuple[object, str, str]]


@pytest.fixture(scope="module")
def saved(profile: SourceProfile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of few draws in a file."""
    return save_profile(profile, tmp_path_factory.mktemp("profile") / "few.npz")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run `estimates evaluate` from a folder with nothing but the table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anchors.csv").write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")

    def run(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["estimates", "evaluate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


def test_the_command_prints_the_table_and_notes_apart(command: Command, saved: Path) -> None:
    """The table stands on standard output, notes on standard error, and the picture is written."""
    status, out, err = command("anchors.csv", "--profile", saved, "--plot", "a.svg")
    assert status == 0
    summary, calibration, compared = (part.splitlines() for part in out.strip("\n").split("\n\n"))
    assert len(summary) == 2 + len(BASELINES)
    assert [line.split()[0] for line in calibration[1:]] == ["all", "violence", "disasters"]
    assert [line.split()[0] for line in compared[1:]] == ["all"] * 3 + ["violence"] * 3 + ["disasters"] * 3 + ["all"]
    assert all(line.startswith(("note: ", "Picture written to a.svg")) for line in err.splitlines())
    assert Path("a.svg").exists()


def test_the_command_s_csv_and_json_say_the_same(command: Command, saved: Path, profile: SourceProfile) -> None:
    """CSV is the table, JSON has its rows, the events and the provenance, and both use the profile of the file."""
    _, out, _ = command("anchors.csv", "--profile", saved, "--format", "csv", "--seed", 3)
    rows = list(csv.DictReader(io.StringIO(out)))
    _, out, _ = command("anchors.csv", "--profile", saved, "--format", "json", "--seed", 3)
    told = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert [row["method"] for row in rows] == [row["method"] for row in told["methods"]]
    assert float(rows[0]["crps"]) == pytest.approx(told["methods"][0]["crps"])
    assert told["provenance"]["seed"] == 3
    assert told["methods"][0]["crps"] == pytest.approx(evaluate(table(), profile=profile, seed=3).table()["crps"][0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.csv"], "none.csv"),
        (["anchors.csv", "--plot", "a.gif"], "name the file so"),
        (["anchors.csv", "--within-days", "-1"], "days above zero"),
        (["anchors.csv", "--outcome", "injured"], "no event has a verified toll of injured"),
        (["anchors.csv", "--profile", "none.nc"], "none.nc"),
    ],
)
def test_the_command_refuses_with_a_message(command: Command, arguments: list[str], message: str) -> None:
    """What cannot be used ends in status 1 and one message, with nothing on standard output and no file left."""
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert message in err
    assert "Traceback" not in err
    assert os.listdir() == ["anchors.csv"]


def test_the_command_learns_anew_for_every_event(
    command: Command, profile: SourceProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--leave-one-out gives `evaluate` the wish and no profile."""
    asked: dict[str, Any] = {}
    run = module.evaluate

    def fake(reports: str, **arguments: Any) -> Evaluation:
        asked.update(arguments)
        return run(reports, **{**arguments, "leave_one_out": False, "profile": profile})

    monkeypatch.setattr(module, "evaluate", fake)
    assert command("anchors.csv", "--leave-one-out", "--within-days", "3")[0] == 0
    assert (asked["leave_one_out"], asked["profile"], asked["within_days"]) == (True, None, 3.0)
