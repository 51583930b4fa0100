"""Notebooks run from top to bottom and print again what was committed; their outputs are complete and small."""

from __future__ import annotations

import asyncio
import re
import sys
import warnings
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
#: In kB; pictures among the outputs are the most of it.
LARGEST = 400
#: How far numbers may lie apart on another machine, where chains of a fit go other ways.
APART = {"02_learning_and_checking_sources": 0.5}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")

#: What the first call after an installation says, on standard error.
COMPILING = "compiling the formulas"

#: The first notebook is run by the fast tests.
RUN = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.extended] if number else [])
    for number, path in enumerate(NOTEBOOKS)
]


def run(path: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs anew, from a kernel of this very Python in a folder of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if sys.platform == "win32":
            asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
        from nbclient import NotebookClient

        notebook = nbformat.read(path, as_version=4)
        where = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()
    return notebook


def printed(notebook: nbformat.NotebookNode) -> str:
    """All text of the outputs, cell by cell."""
    found = []
    for number, cell in enumerate(notebook.cells):
        outputs = cell.outputs if cell.cell_type == "code" else []
        texts = [each.text if each.output_type == "stream" else each.data.get("text/plain", "") for each in outputs]
        found += [f"[{number}] {text}" for text in texts if not text.startswith(COMPILING)]
    return "\n".join(found)


@pytest.mark.parametrize("path", RUN)
@pytest.mark.filterwarnings("default")
def test_a_notebook_prints_again_what_was_committed(path: Path, tmp_path: Path) -> None:
    """Every cell runs in an empty folder; words are the same, and numbers within 3% or one of the last place."""
    committed, again = printed(nbformat.read(path, as_version=4)), printed(run(path, tmp_path))
    assert NUMBER.sub("#", again).split() == NUMBER.sub("#", committed).split()

    apart = APART.get(path.stem, 0.03)
    for before, after in zip(NUMBER.findall(committed), NUMBER.findall(again), strict=True):
        last = 10.0 ** -len(before.partition(".")[2])
        assert float(after.replace(",", "")) == pytest.approx(
            float(before.replace(",", "")), rel=apart, abs=1.01 * last
        )


def test_there_are_five_notebooks() -> None:
    """The folder is found and holds the five, in the order in which they are read."""
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_outputs_are_complete_and_without_errors(path: Path) -> None:
    """Each code cell was run in order before it was committed, and none failed or warned; there are two pictures."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]

    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not any(output.output_type == "error" or output.get("name") == "stderr" for output in outputs)
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    assert path.stat().st_size < 1000 * LARGEST


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_have_no_logic_of_their_own(path: Path) -> None:
    """They call the package: no cell defines a function or a class, nor is one long."""
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell for cell in cells if re.search(r"^\s*(?:def|class|while)\b", cell, re.MULTILINE)] == []
    assert [cell for cell in cells if len(cell.splitlines()) > 14] == []
