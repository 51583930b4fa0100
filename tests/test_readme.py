"""What the README shows is what the package prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(pattern: str) -> str:
    found = re.search(pattern, README, re.DOTALL)
    assert found is not None
    return found[1]


def same_but_for_rounding(shown: str, printed: str) -> None:
    """Equal words, and numbers within 3%, which leaves room for the arithmetic of another processor."""
    number = r"\d[\d,]*(?:\.\d+)?"
    assert re.sub(number, "#", shown).split() == re.sub(number, "#", printed).split()
    for one, other in zip(re.findall(number, shown), re.findall(number, printed), strict=True):
        assert float(one.replace(",", "")) == pytest.approx(float(other.replace(",", "")), rel=0.03, abs=1.0)


def test_the_python_example_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """The ten lines run as they stand, in an empty folder."""
    code = block(r"```python\n(.*?)```")
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    same_but_for_rounding(block(r"```python\n.*?```\n\n```text\n(.*?)```"), ended.stdout)
    assert (tmp_path / "idlib.html").exists()
    assert (tmp_path / "idlib.png").stat().st_size > 10_000  # as docs/idlib.png, which the README shows


@pytest.mark.extended
@pytest.mark.parametrize("page", ["tutorial.md", "howto/totals.md", "howto/python.md"])
def test_python_of_the_first_pages_runs(page: str, tmp_path: Path) -> None:
    """Each block of Python on the pages that a newcomer reads first runs as it stands, in an empty folder."""
    text = (Path(__file__).parents[1] / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    for code in blocks:
        ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr


@pytest.mark.extended
def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    """Its table of three columns is checked, estimated, published, verified and added up as the console shows it."""
    (tmp_path / "market.csv").write_text(block(r"```text\n(event,source.*?)```"), encoding="utf-8")
    consoles = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    commands = [line.split("#")[0].removeprefix("$ ") for console in consoles for line in console.splitlines()]
    shown = [command.split()[1:] for command in commands if command.startswith("estimates ")]
    assert len(shown) == 5
    for words in shown:
        call = [sys.executable, "-c", "from estimates.cli import main; main()", *words]
        ended = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "market.html").exists()


def test_the_table_on_the_screen_is_the_readmes() -> None:
    """The first event's first outcome is shown as the command prints it."""
    from estimates import estimate, load_example
    from estimates.cli.screen import estimates_table

    shown = block(r"## What it prints\n\n```text\n(.*?)```")
    printed = estimates_table(estimate(load_example())).split("\n")[: len(shown.strip().split("\n"))]
    same_but_for_rounding(shown, "\n".join(printed))
