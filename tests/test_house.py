"""How the code is built: it is read from above to below, in paragraphs, and every folder is shipped."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest
from helpers.house import (
    LONGEST_MODULE,
    LONGEST_PARAGRAPH,
    LONGEST_WITHOUT_BLANK,
    NAMED_EXCEPTIONS,
    ROOT,
    functions,
    imports,
    level,
    modules,
    paragraphs,
    public_functions,
    takes_arrays,
    tells_shapes,
)

MODULES = modules()
KNOWN = {module.name for module in MODULES}
IMPORTS = {module.name: imports(module, KNOWN) for module in MODULES}


def test_every_part_has_its_level() -> None:
    """A new folder, or a new file beside the folders, has to be given a place on the way that data takes."""
    for module in MODULES:
        if module.part:
            level(module.part)


def test_imports_run_one_way() -> None:
    """No folder imports one above itself nor one beside it, not even for type checkers, but for the named exceptions."""
    upward = [
        (name, other)
        for name, others in IMPORTS.items()
        for other in others
        if (name, other) not in NAMED_EXCEPTIONS
        and name != "estimates"
        and other != "estimates"
        and (mine := name.split(".")[1]) != (theirs := other.split(".")[1])
        and level(theirs) <= level(mine)
        and not {mine, theirs}
        <= {"collecting", "errors", "files", "pieces", "progress", "reserving", "spreadsheets", "text", "version"}
    ]
    assert upward == []
    assert [name for name, others in IMPORTS.items() if "estimates" in others and name != "estimates"] == []


def test_the_named_exceptions_are_still_needed() -> None:
    """Each of them exists; the list only shrinks."""
    assert [pair for pair in NAMED_EXCEPTIONS if pair[1] not in IMPORTS.get(pair[0], set())] == []


def test_no_module_imports_itself_through_others() -> None:
    """There are no circles, whichever module is imported first."""
    graph = {
        name: {other for other in others if (name, other) not in NAMED_EXCEPTIONS and other != "estimates"}
        for name, others in IMPORTS.items()
        if name != "estimates"
    }
    # A package's __init__ gives names of its own modules: what imports the package is not what these import.
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " imports ".join([*way[way.index(name) :], name])
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_few_files_stand_beside_the_folders() -> None:
    """Whoever opens estimates/ sees the way data takes, not a heap of files."""
    assert len(list((ROOT / "estimates").glob("*.py"))) <= 12


def test_every_folder_is_shipped() -> None:
    """The list of packages names every folder with modules, and package data every folder with other files."""
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    there = {module.name for module in MODULES if module.path.name == "__init__.py"} | {"estimates.data"}
    assert set(setuptools["packages"]) == there

    others = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "estimates").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".nbi", ".nbc")
        and not {"models", "data", "__pycache__"} & set(path.relative_to(ROOT).parts)
    }  # fmt: skip
    shipped = set(setuptools["package-data"])
    assert [folder for folder in others if not any(folder.startswith(name) for name in shipped)] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_can_be_held_in_mind(module: object) -> None:
    """No module is longer than four hundred lines."""
    assert len(module.lines) <= LONGEST_MODULE  # type: ignore[attr-defined]


def faults_of_paragraphs() -> list[str]:
    found = []
    for module in MODULES:
        lines = module.lines
        for node in functions(module):
            count, longest, parted = paragraphs(node, lines)
            if (count >= LONGEST_WITHOUT_BLANK and not parted) or longest > LONGEST_PARAGRAPH:
                found.append(f"{module.name}.{node.name}: {count} lines, {longest} in a row")
    return found


def test_functions_have_paragraphs() -> None:
    """No function of twenty lines is without a blank line, and none has more than fifteen code lines in a row."""
    assert faults_of_paragraphs() == []


def test_the_fences_see_what_they_are_for() -> None:
    """A long function without a blank line and a long paragraph are told; blank lines part a function."""
    lines = ["def f(x):", *["    x += 1"] * 22, "    return x"]
    (node,) = ast.parse("\n".join(lines)).body
    assert isinstance(node, ast.FunctionDef)
    assert paragraphs(node, lines) == (24, 23, False)
    parted = [*lines[:12], "", *lines[12:]]
    (node,) = ast.parse("\n".join(parted)).body
    assert isinstance(node, ast.FunctionDef)
    assert paragraphs(node, parted) == (24, 12, True)


def test_what_takes_arrays_tells_their_shapes() -> None:
    """The docstring of every public function of arrays states shapes."""
    silent = [
        f"{module.name}.{name}"
        for module in MODULES
        if not module.name.startswith("estimates.models.corpus.") or "pass" not in module.name
        for name, node in public_functions(module)
        if takes_arrays(node) and not tells_shapes(node)
    ]
    assert silent == []


def test_no_line_asks_the_linter_to_look_away() -> None:
    """There is no noqa in the package."""
    marked = [
        f"{module.name}:{number}"
        for module in MODULES
        for number, line in enumerate(module.lines, start=1)
        if "noqa" in line
    ]
    assert marked == []


def test_links_to_the_mathematics_and_the_data_are_links() -> None:
    """estimates/models and estimates/data lead to the folders beside estimates/, in a checkout."""
    for name in ("models", "data"):
        link = ROOT / "estimates" / name
        assert link.resolve() == Path(ROOT / name).resolve()
