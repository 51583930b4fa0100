"""Measure: how the code is built; with ``--before FOLDER`` the same figures of another checkout beside them.

Modules, paragraphs, complexity, imports and docstrings are counted as ``tests/test_house.py`` checks them; syntax nodes
are those of Python's own parser, with and without the import statements that parting modules multiplies.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.house import (
    LONGEST_MODULE,
    LONGEST_PARAGRAPH,
    LONGEST_WITHOUT_BLANK,
    NAMED_EXCEPTIONS,
    ROOT,
    Module,
    functions,
    imports,
    modules,
    paragraphs,
    public_functions,
    takes_arrays,
    tells_shapes,
)


def counts(root: Path) -> dict[str, str]:
    """Every figure of one checkout."""
    found = modules(root)
    spans = [paragraphs(node, module.lines) for module in found for node in functions(module)]
    faults = sum(
        (count >= LONGEST_WITHOUT_BLANK and not parted) or run > LONGEST_PARAGRAPH for count, run, parted in spans
    )
    arrays = [node for module in found for _, node in public_functions(module) if takes_arrays(node)]
    told = sum(map(tells_shapes, arrays))
    nodes, without = syntax_nodes(found)
    return {
        "modules; over 400 lines": f"{len(found)}; {sum(len(module.lines) > LONGEST_MODULE for module in found)}",
        "files flat in estimates/": str(len(list((root / "estimates").glob("*.py")))),
        "functions; without paragraphs": f"{len(spans)}; {faults}",
        "cyclomatic complexity above 15 (ruff C901)": str(complex_functions(root)),
        "import circles of two or more modules": str(circles(found)),
        "public functions of arrays; that tell shapes": f"{len(arrays)}; {told}",
        "syntax nodes; without imports": f"{nodes:,}; {without:,}",
        "lines": f"{sum(len(module.lines) for module in found):,}",
    }


def syntax_nodes(found: list[Module]) -> tuple[int, int]:
    """Nodes of all syntax trees, and those outside of import statements."""
    everything = [node for module in found for node in ast.walk(module.tree)]
    inside = [inner for node in everything if isinstance(node, ast.Import | ast.ImportFrom) for inner in ast.walk(node)]
    return len(everything), len(everything) - len(inside)


def complex_functions(root: Path) -> int:
    """Functions that the linter finds too complex."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "C901", "--output-format", "json",
         "--config", "lint.mccabe.max-complexity=15", "estimates", "models"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return len({(fault["filename"].split("/")[-1], fault["location"]["row"]) for fault in json.loads(done.stdout)})


def circles(found: list[Module]) -> int:
    """Groups of modules that import one another, wherever the import stands, but for the named exceptions."""
    known = {module.name for module in found}
    graph = {
        module.name: {
            other for other in imports(module, known) - {"estimates"} if (module.name, other) not in NAMED_EXCEPTIONS
        }
        for module in found
    }
    reached = {name: _reached(graph, name) for name in graph}
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in graph}
    return sum(len(group) > 1 for group in groups)


def _reached(graph: dict[str, set[str]], name: str) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for other in graph.get(waiting.pop(), set()) - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def main() -> None:
    """Print the measure."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--before", type=Path, metavar="FOLDER", help="another checkout to compare with")
    arguments = arguments_of.parse_args()
    now = counts(ROOT)
    before = counts(arguments.before) if arguments.before else {}
    for name, value in now.items():
        print(f"{name:45s} {before.get(name, ''):>20s} {value:>20s}")


if __name__ == "__main__":
    main()
