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


def test_the_table_on_the_screen_is_the_readmes() -> None:
    """The first event's first outcome is shown as the command prints it."""
    from estimates import estimate, load_example
    from estimates.cli.screen import estimates_table

    shown = block(r"## What it prints\n\n```text\n(.*?)```")
    printed = estimates_table(estimate(load_example())).split("\n")[: len(shown.strip().split("\n"))]
    same_but_for_rounding(shown, "\n".join(printed))
